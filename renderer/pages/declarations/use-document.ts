import { useCallback, useEffect, useState } from 'react';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
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
