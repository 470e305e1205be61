import { useCallback, useEffect, useState } from 'react';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { useCodeNames } from '../../components/LookupBox.tsx';
import { call, errorOf, useQuery } from '../../core-client.ts';

export type DocumentDetail = OutputOf<'documents.get'>;
type Changing = 'documents.edit' | 'documents.revise' | 'documents.refresh';

/** A document with the commands that change it; each answers the document as it then is. */
export function useDocument(id: number | undefined) {
  const query = useQuery('documents.get', id === undefined ? null : { id }, { areas: ['documents', 'money', 'sync'] });
  // The answer of a command is newer than what was read; the next read replaces it.
  const [answered, setAnswered] = useState<DocumentDetail>();
  const [running, setRunning] = useState<Changing>();
  const [error, setError] = useState<ContractError>();
  useEffect(() => {
    if (query.data !== undefined) setAnswered(undefined);
  }, [query.data]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another document begins without the trouble of the last
  useEffect(() => setError(undefined), [id]);

  const run = useCallback(async <N extends Changing>(op: N, input: InputOf<N>): Promise<DocumentDetail | undefined> => {
    setRunning(op);
    setError(undefined);
    try {
      const detail: DocumentDetail = await call(op, input);
      setAnswered(detail);
      return detail;
    } catch (thrown) {
      setError(errorOf(thrown));
      return undefined;
    } finally {
      setRunning(undefined);
    }
  }, []);

  const current = answered?.id === id ? answered : query.data?.id === id ? query.data : undefined;
  return {
    status: query.status,
    document: current,
    readError: query.error,
    reload: query.reload,
    running,
    error,
    clearError: () => setError(undefined),
    run,
  };
}

/** Names of coded values, by code table: every table that a document of this page has a field for. */
export function useNames(
  codes: Readonly<Record<string, readonly string[]>>,
): (table: string, code: string) => string | undefined {
  const none: readonly string[] = [];
  const names: Readonly<Record<string, (code: string) => string | undefined>> = {
    country: useCodeNames('country', codes['country'] ?? none),
    country_alpha3: useCodeNames('country_alpha3', codes['country_alpha3'] ?? none),
    currency: useCodeNames('currency', codes['currency'] ?? none),
    currency_iso: useCodeNames('currency_iso', codes['currency_iso'] ?? none),
    customs_district: useCodeNames('customs_district', codes['customs_district'] ?? none),
    port: useCodeNames('port', codes['port'] ?? none),
    trade_mode: useCodeNames('trade_mode', codes['trade_mode'] ?? none),
    transport_mode: useCodeNames('transport_mode', codes['transport_mode'] ?? none),
    unit: useCodeNames('unit', codes['unit'] ?? none),
    wrap_type_old: useCodeNames('wrap_type_old', codes['wrap_type_old'] ?? none),
  };
  return (table, code) => names[table]?.(code);
}
