import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldSpec } from '../../shared/documents/spec.ts';
import { call } from '../core-client.ts';

interface Name {
  readonly zh: string;
  /** '' where the table has no English. */
  readonly en: string;
}

/** Names of codes by table and code, read once and kept while the window lives. A code without a name has empty ones. */
const names = new Map<string, Name>();
const asked = new Set<string>();
const listeners = new Set<() => void>();
let version = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells a name that came by another way, as with a choice from a list. */
export function learnName(
  table: string,
  { code, name, nameEn }: { readonly code: string; readonly name: string; readonly nameEn?: string | undefined },
): void {
  names.set(`${table} ${code}`, { zh: name, en: nameEn ?? '' });
}

function wordOf({ zh, en }: Name, language: string): string {
  return language === 'en' && en !== '' ? en : zh;
}

function known(table: string, code: string, language: string): string {
  const name = names.get(`${table} ${code}`);
  return name === undefined ? '' : wordOf(name, language);
}

/** The name of a coded value, as far as it is known: of the field's own list, or of its table. English falls back to Chinese. */
export function nameOfCode(field: FieldSpec, value: string, language: string): string {
  if (field.kind !== 'text' || value === '') return '';
  const own = field.values?.[value];
  if (own !== undefined) return wordOf(own, language);
  return field.table === undefined ? '' : known(field.table, value, language);
}

/** Reads the names of codes that are not known yet, table by table; the number changes when some have come. */
export function useNamesVersion(codes: Readonly<Record<string, readonly string[]>>): number {
  const missing = Object.entries(codes).flatMap(([table, values]) =>
    [...new Set(values)]
      .map((code) => `${table} ${code}`)
      .filter((one) => !one.endsWith(' ') && !asked.has(one) && !names.has(one)),
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
          for (const code of wanted)
            names.set(`${table} ${code}`, { zh: answer.names[code] ?? '', en: answer.namesEn[code] ?? '' });
          version += 1;
          for (const listener of listeners) listener();
        },
        // Without names the codes still stand there; the next page asks again.
        () => {
          for (const code of wanted) asked.delete(`${table} ${code}`);
        },
      );
    }
  }, [key]);
  return useSyncExternalStore(subscribe, () => version);
}

/** Names of codes of several tables, for cells and read-only fields, in the language of the desk. A code without a name has none. */
export function useNames(
  codes: Readonly<Record<string, readonly string[]>>,
): (table: string, code: string) => string | undefined {
  const { i18n } = useTranslation();
  const { language } = i18n;
  const turn = useNamesVersion(codes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another function once names have come, so that cells which show them are drawn anew
  return useCallback((table: string, code: string) => known(table, code, language) || undefined, [language, turn]);
}

/** As {@link useNames}, of one table. */
export function useCodeNames(table: string, codes: readonly string[]): (code: string) => string | undefined {
  const nameOf = useNames({ [table]: codes });
  return useCallback((code: string) => nameOf(table, code), [nameOf, table]);
}
