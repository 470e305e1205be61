/** The policy cards of the open book (政策卡片), at hand for every field: read once by the shell, and again when a pack changes. */
import { useMemo } from 'react';
import { create } from 'zustand';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { cardsOfField } from '../../shared/rules/policies/pack.ts';

type Policies = OutputOf<'policies.list'>;

export const usePolicies = create<Policies>(() => ({ today: '', rows: [] }));

/** The cards of a field, those in force first. */
export function useFieldCards(field: string): readonly Policies['rows'][number][] {
  const { today, rows } = usePolicies();
  return useMemo(() => cardsOfField(rows, field, today), [rows, field, today]);
}

/** The fields of a message that cards concern. */
export function usePolicyFields(message: string): ReadonlySet<string> {
  const rows = usePolicies((state) => state.rows);
  return useMemo(() => {
    const before = `${message}/`;
    return new Set(
      rows.flatMap(({ fields }) =>
        fields.filter((one) => one.startsWith(before)).map((one) => one.slice(before.length)),
      ),
    );
  }, [rows, message]);
}
