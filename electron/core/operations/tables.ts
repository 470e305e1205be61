import type { tables } from '../../../shared/contract/ledger.ts';
import { type CodeEntry, search } from '../../../shared/tables/index.ts';
import type { Handlers } from '../context.ts';

/** Code tables (参数表) for lookup boxes. Refusal: `TABLE_UNKNOWN`. */
export const tableHandlers: Handlers<keyof typeof tables> = {
  'tables.search': ({ table, text, limit }, { resources }) => ({
    rows: search(text, resources.table(table), limit).map(({ entry }) => rowOf(entry)),
  }),

  'tables.names': ({ table, codes }, { resources }) => {
    const entries = resources.table(table);
    const found = codes.flatMap((code) => {
      const entry = entries.lookup(code);
      return entry === undefined ? [] : [[code, entry.zh] as const];
    });
    return { names: Object.fromEntries(found) };
  },
};

function rowOf(entry: CodeEntry) {
  const alpha2 = entry.more['alpha2'] ?? '';
  return {
    code: entry.code,
    name: entry.zh,
    ...(entry.en === '' ? {} : { nameEn: entry.en }),
    ...(alpha2 === '' ? {} : { alpha2 }),
  };
}
