import type { tables } from '../../../shared/contract/ledger.ts';
import { type CodeEntry, type CodeTable, search } from '../../../shared/tables/index.ts';
import type { Handlers } from '../context.ts';
import { recentCodes, settledCode } from '../store/code-tables.ts';

/** Code tables (参数表) for lookup boxes. Refusal: `TABLE_UNKNOWN`. */
export const tableHandlers: Handlers<keyof typeof tables> = {
  'tables.search': ({ table, text, limit, recentFor }, { resources, session }) => {
    const entries = resources.table(table);
    // Nobody needs an open book to look something up; only an open one knows what was used and settled.
    // An inspection class without a name of its own is named after its commodity.
    const named = (entry: CodeEntry): CodeEntry => {
      const of =
        table === 'hs_ciq' && entry.zh === '' ? resources.table('hs').lookup(entry.code.slice(0, 10)) : undefined;
      return of === undefined ? entry : { ...of, code: entry.code };
    };
    const recent = session.isOpen && recentFor !== undefined ? recentCodes(session.book, table, recentFor) : [];
    const settled = session.isOpen && text.trim() !== '' ? settledCode(session.book, table, text.trim()) : undefined;
    const meant = settled === undefined ? undefined : entries.lookup(settled);
    const found = search(text, entries, limit, recent).map(({ entry }) => entry);
    const rows = meant === undefined ? found : [meant, ...found.filter((entry) => entry !== meant)].slice(0, limit);
    return {
      rows: rows.map((entry) => ({
        ...rowOf(named(entry)),
        ...(table === 'admin_division' ? withinOf(entries, entry.code) : {}),
        ...(recent.includes(entry.code) ? { recent: true as const } : {}),
      })),
    };
  },

  'tables.names': ({ table, codes }, { resources }) => {
    const entries = resources.table(table);
    const found = codes.flatMap((code) => entries.lookup(code) ?? []);
    return {
      names: Object.fromEntries(found.map(({ code, zh, en }) => [code, zh === '' ? en : zh])),
      namesEn: Object.fromEntries(found.flatMap(({ code, en }) => (en === '' ? [] : [[code, en]]))),
    };
  },
};

/** City and province of a county, the province of a city: two and four digits of its code. */
function withinOf(divisions: Pick<CodeTable, 'lookup'>, code: string): { within?: string } {
  const above = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`].filter((one) => one !== code);
  const within = above.map((one) => divisions.lookup(one)?.zh ?? '').join('');
  return within === '' ? {} : { within };
}

function rowOf(entry: CodeEntry) {
  const alpha2 = entry.more['alpha2'] ?? '';
  return {
    code: entry.code,
    name: entry.zh === '' ? entry.en : entry.zh,
    ...(entry.en === '' ? {} : { nameEn: entry.en }),
    ...(alpha2 === '' ? {} : { alpha2 }),
  };
}
