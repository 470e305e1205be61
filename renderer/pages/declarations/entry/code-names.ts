import { useEffect, useSyncExternalStore } from 'react';
import type { FieldSpec } from '../../../../shared/documents/spec.ts';
import { call } from '../../../core-client.ts';

/** Names of codes by table and code, read once and kept while the window lives; '' is a code without a name. */
const names = new Map<string, string>();
const asked = new Set<string>();
const listeners = new Set<() => void>();
let version = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells a name that came by another way, as with a choice from a list. */
export function learnName(table: string, code: string, name: string): void {
  names.set(`${table} ${code}`, name);
}

/** The name of a coded value, as far as it is known: of the field's own list, or of its table. */
export function nameOfCode(field: FieldSpec, value: string, language: string): string {
  if (field.kind !== 'text' || value === '') return '';
  const own = field.values?.[value];
  if (own !== undefined) return language === 'en' ? own.en : own.zh;
  return field.table === undefined ? '' : (names.get(`${field.table} ${value}`) ?? '');
}

/** Reads the names of codes that are not known yet, table by table; the number changes when some have come. */
export function useCodeNames(codes: Readonly<Record<string, readonly string[]>>): number {
  const missing = Object.entries(codes).flatMap(([table, values]) =>
    [...new Set(values)]
      .filter((code) => code !== '' && !asked.has(`${table} ${code}`))
      .map((code) => `${table} ${code}`),
  );
  const key = missing.slice(0, 500).join('\n');
  useEffect(() => {
    if (key === '') return;
    const tables: Record<string, string[]> = {};
    for (const one of key.split('\n')) {
      const [table = '', code = ''] = one.split(' ');
      asked.add(one);
      tables[table] = [...(tables[table] ?? []), code];
    }
    for (const [table, wanted] of Object.entries(tables)) {
      call('tables.names', { table, codes: wanted }).then(
        (answer) => {
          for (const code of wanted) names.set(`${table} ${code}`, answer.names[code] ?? '');
          version += 1;
          for (const listener of listeners) listener();
        },
        // Without names the codes still stand there; the next document asks again.
        () => {
          for (const code of wanted) asked.delete(`${table} ${code}`);
        },
      );
    }
  }, [key]);
  return useSyncExternalStore(subscribe, () => version);
}
