/**
 * Code tables. A table file is data (resources/tables/*.json); whoever can read files hands its parsed JSON to
 * {@link buildTable}. Everything here is pure: no file access, no clock.
 */

/** Where a table comes from and how old it is; shown on screen wherever the table decides something. */
export interface TableHeader {
  readonly id: string;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly source: string;
  /** `yyyy`, `yyyy-MM` or a range: the state of the world the table shows. */
  readonly asOf: string;
  readonly note: string;
}

/** A table as generated: named columns, rows of cells. */
export interface TableFile {
  readonly header: TableHeader;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Only in the commodity table. */
  readonly elementSets?: readonly string[];
  readonly english?: readonly string[];
}

/** One code. `pinyin` are syllables separated by blanks; `more` holds the columns of this table only (alpha3, group, level …). */
export interface CodeEntry {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly pinyin: string;
  readonly more: Readonly<Record<string, string>>;
}

export interface CodeTable {
  readonly header: TableHeader;
  readonly entries: readonly CodeEntry[];
  /** The entry of an exact code, undefined when the table does not hold it. */
  lookup(code: string): CodeEntry | undefined;
  has(code: string): boolean;
}

/** Tables by id, as validators and rules take them. A `Map<string, CodeTable>` is one. A table that is not there is not checked against. */
export interface TableSet {
  get(id: string): CodeTable | undefined;
}

/** Ids of the generated tables that messages, papers and pages refer to. */
export type CodeTableId =
  | 'admin_division'
  | 'brand_type'
  | 'certificate_type'
  | 'ciq_org'
  | 'container_spec'
  | 'correlation_reason'
  | 'country'
  | 'country_alpha3'
  | 'currency'
  | 'currency_iso'
  | 'customs_district'
  | 'danger_package'
  | 'dec_channel'
  | 'dec_type'
  | 'decl_trn_rel'
  | 'district_domestic'
  | 'domain_id'
  | 'domestic_port'
  | 'edi_id'
  | 'edoc'
  | 'entry_type'
  | 'export_benefit'
  | 'fee_mark'
  | 'ftz_bill_type'
  | 'goods_attr'
  | 'hs'
  | 'hs_chapter'
  | 'hs_ciq'
  | 'hs_heading'
  | 'inspection_licence_export'
  | 'inspection_licence_import'
  | 'levy_mode'
  | 'levy_nature'
  | 'license_doc'
  | 'oper_type'
  | 'origin_mark'
  | 'origin_standard'
  | 'port'
  | 'port_alpha'
  | 'promise_material'
  | 'region'
  | 'return_status'
  | 'royalty_declaration'
  | 'royalty_payment'
  | 'trade_mode'
  | 'trans_mode'
  | 'transit_flag'
  | 'transport_mode'
  | 'unit'
  | 'use_to'
  | 'wrap_type'
  | 'wrap_type_old';

/** Thrown for a table file that is not in the generated form: a damaged installation, not a user's mistake. */
export class TableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TableError';
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string');

/** Checks the outer form of parsed JSON and returns it typed. Throws {@link TableError}. */
export function readTableFile(parsed: unknown): TableFile {
  if (
    !isRecord(parsed) ||
    !isRecord(parsed['header']) ||
    !isTextList(parsed['columns']) ||
    !Array.isArray(parsed['rows'])
  )
    throw new TableError('not a table file');
  const header = parsed['header'];
  const text = (key: string): string => {
    const value = header[key];
    if (typeof value !== 'string') throw new TableError(`table header without ${key}`);
    return value;
  };
  const width = parsed['columns'].length;
  for (const row of parsed['rows'] as unknown[]) {
    if (!Array.isArray(row) || row.length !== width) throw new TableError(`${text('id')}: a row of the wrong width`);
  }
  const { elementSets, english } = parsed;
  return {
    header: {
      id: text('id'),
      titleZh: text('titleZh'),
      titleEn: text('titleEn'),
      source: text('source'),
      asOf: text('asOf'),
      note: text('note'),
    },
    columns: parsed['columns'],
    rows: parsed['rows'] as (string | number)[][],
    ...(isTextList(elementSets) ? { elementSets } : {}),
    ...(isTextList(english) ? { english } : {}),
  };
}

/**
 * Builds a table for looking up and searching. Accepts parsed JSON of any generated table whose first column is `code`; columns
 * zh, en, pinyin are taken by name, all others go to `more`. In the commodity table `elements`, `optional` and `en` are resolved
 * from their dictionaries. Throws {@link TableError}.
 * @param nameOf gives the Chinese name of a row that leaves it empty (thirteen-digit codes named as their ten digits)
 */
export function buildTable(parsed: unknown, nameOf: (code: string) => string = () => ''): CodeTable {
  const file = readTableFile(parsed);
  if (file.columns[0] !== 'code') throw new TableError(`${file.header.id}: first column is not code`);
  const entries: CodeEntry[] = [];
  const byCode = new Map<string, CodeEntry>();
  for (const row of file.rows) {
    let code = '';
    let zh = '';
    let en = '';
    let pinyin = '';
    const more: Record<string, string> = {};
    for (const [index, column] of file.columns.entries()) {
      const cell = row[index] ?? '';
      if (column === 'code') code = String(cell);
      else if (column === 'zh') zh = String(cell);
      else if (column === 'pinyin') pinyin = String(cell);
      else if (column === 'en') en = typeof cell === 'number' ? (file.english?.[cell] ?? '') : cell;
      else if ((column === 'elements' || column === 'optional') && typeof cell === 'number')
        more[column] = file.elementSets?.[cell] ?? '';
      else more[column] = String(cell);
    }
    if (zh === '') zh = nameOf(code);
    const entry: CodeEntry = { code, zh, en, pinyin, more };
    entries.push(entry);
    if (!byCode.has(code)) byCode.set(code, entry);
  }
  return { header: file.header, entries, lookup: (code) => byCode.get(code), has: (code) => byCode.has(code) };
}

/** Tables by their id. */
export function tableSet(tables: Iterable<CodeTable>): ReadonlyMap<string, CodeTable> {
  return new Map([...tables].map((table) => [table.header.id, table]));
}

/** Initials of blank-separated pinyin: `chong qing` is `cq`. Tokens of Latin letters or digits keep their first character. */
export function initialsOf(pinyin: string): string {
  let out = '';
  for (const token of pinyin.split(' ')) out += token.slice(0, 1);
  return out;
}
