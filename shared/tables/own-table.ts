/** A code table from a user's workbook: columns by their headers, rows checked, an edition made of what is in force and what was read. */
import { type CodeChange, codeChanges } from './changes.ts';
import type { CodeTable, TableFile, TableHeader } from './table.ts';

/** Columns every own table may have, and those of commodity codes. */
export type OwnColumn = 'code' | 'zh' | 'en' | 'elements' | 'optional';

const headers: Readonly<Record<OwnColumn, { readonly zh: string; readonly names: readonly string[] }>> = {
  code: {
    zh: '代码',
    names: ['code', '商品编码', '税号', '税则号列', 'hs编码', 'hscode', 'hs', '编码', '商品编号', '参数代码', '编号'],
  },
  zh: {
    zh: '名称',
    names: ['name', '中文名称', '商品名称', '货品名称', '品名', '参数名称', '描述', '说明', 'zh', 'namecn', '中文'],
  },
  en: { zh: '英文名称', names: ['english', '英文', 'en', 'nameen', 'englishname', 'description'] },
  elements: { zh: '申报要素', names: ['要素', '规范申报要素', 'elements', '申报要素必填'] },
  optional: { zh: '选填要素', names: ['可选要素', 'optionalelements', 'optional'] },
};

/** The columns of a table's template, in their order. */
export function ownColumns(tableId: string): readonly OwnColumn[] {
  return tableId === 'hs' ? ['code', 'zh', 'en', 'elements', 'optional'] : ['code', 'zh', 'en'];
}

/** The header our template writes. */
export function ownHeader(column: OwnColumn): string {
  return headers[column].zh;
}

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-./\\:*#()[\]【】（）'"]+/g, '');

/** Columns by the names of their headers; a column named twice keeps its first place. */
export function mapOwnHeaders(tableId: string, cells: readonly string[]): Partial<Record<OwnColumn, number>> {
  const mapping: Partial<Record<OwnColumn, number>> = {};
  const wanted = ownColumns(tableId);
  for (const [at, cell] of cells.entries()) {
    const name = bare(cell);
    const column = wanted.find((one) => bare(headers[one].zh) === name || headers[one].names.includes(name));
    if (column !== undefined && mapping[column] === undefined) mapping[column] = at;
  }
  return mapping;
}

export interface OwnRow {
  readonly row: number;
  readonly cells: Readonly<Partial<Record<OwnColumn, string>>>;
}

/** Why a row was left out. */
export interface OwnRowFailure {
  readonly row: number;
  readonly code: 'CODE_BLANK' | 'NAME_BLANK' | 'CODE_TWICE' | 'CODE_FORM';
  readonly value: string;
}

/** How codes of a table look: commodity codes are ten digits, others keep the lengths the shipped table has. */
function codeCheck(table: CodeTable): (code: string) => boolean {
  if (table.header.id === 'hs') return (code) => /^\d{10}$/.test(code);
  const lengths = new Set(table.entries.map(({ code }) => code.length));
  return (code) => lengths.size === 0 || lengths.has(code.length);
}

/** A code as written: HS codes lose dots and blanks, a number cell that lost its zeros is filled up where all codes have one length. */
function codeOf(text: string, table: CodeTable): string {
  const code = text.normalize('NFKC').trim();
  if (table.header.id === 'hs') return code.replace(/[.\s-]/g, '');
  const lengths = [...new Set(table.entries.map((entry) => entry.code.length))];
  const [length] = lengths;
  const isDigits = table.entries.every((entry) => /^\d+$/.test(entry.code));
  return lengths.length === 1 && length !== undefined && isDigits && /^\d+$/.test(code)
    ? code.padStart(length, '0')
    : code;
}

/**
 * The elements of a cell: between `;`, `|` or line breaks, numbered or not (`1:品名;2:…`). A full-width `；` separates only where none of
 * these does and it stands outside of brackets: it is part of names such as 外观（颜色；形状）.
 */
function elementList(text: string): string {
  const parts = /[;|\n]/.test(text) ? text.split(/[;|\n]+/) : text.split(/；(?![^（]*）)/);
  return parts
    .map((part) => part.replace(/^\s*\d+\s*[:：.、]\s*/, '').trim())
    .filter((part) => part !== '')
    .join(';');
}

export interface OwnTableDraft {
  readonly file: TableFile;
  readonly changes: readonly CodeChange[];
  /** Codes whose elements differ though their names do not. */
  readonly elementsChanged: readonly string[];
  readonly same: number;
  readonly failures: readonly OwnRowFailure[];
}

/**
 * Makes an edition out of what a file says.
 * @param current what is in force; columns the file does not have are taken over from it, code by code
 * @param mode `replace`: the file is the whole table; `add`: codes it does not name stay
 * @param spell pinyin of a name that is new
 */
export function draftOwnTable(
  rows: readonly OwnRow[],
  current: CodeTable,
  mode: 'replace' | 'add',
  header: TableHeader,
  spell: (name: string) => string,
): OwnTableDraft {
  const isGood = codeCheck(current);
  const failures: OwnRowFailure[] = [];
  const read = new Map<string, OwnRow['cells']>();
  for (const { row, cells } of rows) {
    const text = (cells.code ?? '').trim();
    const code = codeOf(text, current);
    const zh = (cells.zh ?? '').trim();
    const fail = (reason: OwnRowFailure['code'], value: string): void => {
      failures.push({ row, code: reason, value: value.slice(0, 40) });
    };
    if (code === '') fail('CODE_BLANK', zh);
    else if (!isGood(code)) fail('CODE_FORM', text);
    else if (zh === '' && !current.has(code)) fail('NAME_BLANK', code);
    else if (read.has(code)) fail('CODE_TWICE', code);
    else read.set(code, { ...cells, code, zh });
  }
  const extra = [...new Set(current.entries.flatMap(({ more }) => Object.keys(more)))];
  const columns = ['code', 'zh', 'en', 'pinyin', ...extra];
  const isHs = current.header.id === 'hs';
  const elementsChanged: string[] = [];
  const kept = mode === 'add' ? current.entries.filter(({ code }) => !read.has(code)).map(({ code }) => code) : [];
  const codes = [...read.keys(), ...kept].sort();
  const made = codes.map((code): string[] => {
    const before = current.lookup(code);
    const cells = read.get(code);
    const zh = cells?.zh || (before?.zh ?? '');
    const more = extra.map((name): string => {
      const old = before?.more[name] ?? '';
      if (!isHs || cells === undefined || (name !== 'elements' && name !== 'optional')) return old;
      const given = cells[name];
      return given === undefined ? old : elementList(given);
    });
    const at = extra.indexOf('elements');
    if (before !== undefined && at >= 0 && more[at] !== before.more['elements']) elementsChanged.push(code);
    const pinyin = before !== undefined && before.zh === zh ? before.pinyin : spell(zh);
    return [code, zh, cells?.en || (before?.en ?? ''), pinyin, ...more];
  });
  const names = (entries: Iterable<readonly [string, string]>): ReadonlyMap<string, string> => new Map(entries);
  const changes = codeChanges(
    names(current.entries.map(({ code, zh }) => [code, zh] as const)),
    names(made.map(([code = '', zh = '']) => [code, zh] as const)),
  );
  const touched = new Set([...changes.map(({ code }) => code), ...elementsChanged]);
  return {
    file: { header, columns, rows: made },
    changes,
    elementsChanged,
    same: codes.filter((code) => !touched.has(code)).length,
    failures,
  };
}
