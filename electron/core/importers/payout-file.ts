import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import iconv from 'iconv-lite';
import { PortbookError } from '../../../shared/errors.ts';
import { cellKinds, type SourceRow } from '../../../shared/import/cells.ts';
import { HEADER_SEARCH_ROWS, headerKey } from '../../../shared/import/headers.ts';
import { cellText } from '../../../shared/import/values.ts';
import {
  currencyOf,
  type DayOrder,
  type DecimalMark,
  layoutOf,
  mappedLayout,
  marksOf,
  type ParsedFile,
  type PayoutCategory,
  type PayoutFinding,
  type PayoutLayout,
  type PayoutMapping,
  PayoutReader,
  type PayoutRow,
  statedCurrency,
} from '../../../shared/payouts/index.ts';
import { FlatFile } from './flat-file.ts';
import { openRows, type RowSource, readBytes } from './source.ts';

/** What a person says about a file that it does not say itself. */
export interface PayoutFileOptions {
  readonly sheet?: string | undefined;
  /** Columns of a report of no known layout, and the platform it is from. */
  readonly mapping?: PayoutMapping | undefined;
  readonly platform?: string | undefined;
  readonly currency?: string | undefined;
  readonly decimalMark?: DecimalMark | undefined;
  readonly dayOrder?: DayOrder | undefined;
}

/** A report of payouts, recognised but not read through. */
export interface PayoutFile {
  readonly name: string;
  readonly sha256: string;
  readonly sheets: readonly string[];
  readonly sheet: string;
  /** From 1. */
  readonly headerRow: number;
  readonly headers: readonly string[];
  /** Under which a mapping of these columns is remembered. */
  readonly headerKey: string;
  readonly preview: readonly (readonly string[])[];
  /** Undefined: nobody knows these headers. */
  readonly layout: PayoutLayout | undefined;
  /** Reads the file through. Refusals: those of reading it, `PAYOUT_LAYOUT_UNKNOWN`, `CANCELLED`. */
  read(options: PayoutFileOptions, taught: TaughtCategories, signal?: AbortSignal): Promise<ParsedFile>;
}

/** The category a person gave a kind of line of a platform; undefined for none. */
export type TaughtCategories = (platform: string, type: string, detail: string) => PayoutCategory | undefined;

/** Rows that are looked at before a file is read: for its header, and for the decimal mark of its amounts. */
const peekRows = 400;
const previewRows = 8;

/**
 * The encoding of a text: by its mark, by the zeros of UTF-16 without one, UTF-8 where every byte fits. Of the rest, Chinese text has its
 * bytes above ASCII in pairs (GB18030), Western text one here and one there (Windows-1252).
 */
export function textEncodingOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf16be';
  const head = bytes.subarray(0, 4096);
  if (head.includes(0)) {
    const zeros = [0, 0];
    for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
    const many = head.length / 4;
    const [even = 0, odd = 0] = zeros;
    return odd > many ? 'utf16le' : even > many ? 'utf16be' : undefined;
  }
  if (isUtf8(bytes)) return 'utf8';
  let run = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) run += 1;
    else {
      if (run % 2 === 1) return 'windows-1252';
      run = 0;
    }
  }
  return 'gb18030';
}

/** A row of a sheet. Rows of workbooks end where their last cell is; those of text where the text was cut off. */
class TableRow implements PayoutRow {
  readonly #row: SourceRow;
  readonly cells: number;
  constructor(row: SourceRow, isText: boolean) {
    this.#row = row;
    this.cells = isText ? row.texts.length : Number.MAX_SAFE_INTEGER;
  }
  get no(): number {
    return this.#row.no;
  }
  text(column: number): string {
    return cellText(this.#row, column);
  }
  is(column: number, text: string): boolean {
    return this.text(column) === text;
  }
  minor(): undefined {
    return undefined;
  }
  isNumber(column: number): boolean {
    return this.#row.kinds[column] === cellKinds.number;
  }
  repeats(): boolean {
    return false;
  }
}

interface Peeked {
  readonly headers: readonly string[];
  readonly headerRow: number;
  readonly above: readonly string[];
  readonly rows: readonly PayoutRow[];
  readonly preview: readonly (readonly string[])[];
  readonly layout: PayoutLayout | undefined;
}

type Rows = (onRow: (row: PayoutRow) => boolean, signal?: AbortSignal) => Promise<void>;

/** A copy of a row that others of the same file may not overwrite. */
function copyOf(row: PayoutRow, columns: number): PayoutRow {
  const texts = Array.from({ length: columns }, (_, at) => row.text(at));
  const numbers = texts.map((_, at) => row.isNumber(at));
  return {
    no: row.no,
    cells: row.cells,
    text: (column) => texts[column] ?? '',
    is: (column, text) => (texts[column] ?? '') === text,
    minor: () => undefined,
    isNumber: (column) => numbers[column] ?? false,
    repeats: () => false,
  };
}

/** The header of a sheet: the first row that a layout knows, else the first with three cells or more. */
async function peekSheet(rows: RowSource, sheet: string, isText: boolean): Promise<Peeked> {
  const first: SourceRow[] = [];
  await rows.read(sheet, (row) => {
    first.push({ no: row.no, texts: [...row.texts], kinds: [...row.kinds] });
    return first.length < peekRows;
  });
  const texts = (row: SourceRow): string[] => row.texts.map((_, column) => cellText(row, column));
  const search = first.slice(0, HEADER_SEARCH_ROWS);
  const known = search.findIndex((row) => layoutOf(texts(row)) !== undefined);
  const at =
    known >= 0
      ? known
      : Math.max(
          0,
          search.findIndex((row) => texts(row).filter((text) => text !== '').length >= 3),
        );
  const header = first[at];
  const headers = header === undefined ? [] : texts(header);
  return {
    headers,
    headerRow: header?.no ?? 1,
    above: first.slice(0, at).flatMap(texts),
    rows: first.slice(at + 1).map((row) => new TableRow(row, isText)),
    preview: first.slice(at + 1, at + 1 + previewRows).map(texts),
    layout: layoutOf(headers),
  };
}

async function peekFlat(file: FlatFile): Promise<Peeked> {
  const rows: PayoutRow[] = [];
  await file.read((row) => rows.push(copyOf(row, file.headers.length)) < peekRows);
  return {
    headers: file.headers,
    headerRow: 1,
    above: [],
    rows,
    preview: rows.slice(0, previewRows).map((row) => file.headers.map((_, at) => row.text(at))),
    layout: layoutOf(file.headers),
  };
}

/** The mark of decimals, and the finding where the file has both. */
function markFound(
  layout: PayoutLayout,
  peeked: Peeked,
  wanted: DecimalMark | undefined,
): { mark: DecimalMark; finding?: PayoutFinding } {
  if (wanted !== undefined) return { mark: wanted };
  const marks = marksOf(layout, peeked.headers, peeked.rows);
  const [point, comma] = [marks.get('.'), marks.get(',')];
  if (point === undefined || comma === undefined) return { mark: comma === undefined ? '.' : ',' };
  return {
    mark: '.',
    finding: { code: 'PAYOUT_DECIMALS_MIXED', level: 'reject', field: '', params: { point, comma, count: 1 } },
  };
}

/**
 * Opens a report of payouts. Its format is told by its bytes, its layout by its headers. Refusals: those of `openSource`,
 * `SHEET_UNKNOWN`.
 */
export async function openPayoutFile(path: string, options: PayoutFileOptions): Promise<PayoutFile> {
  const bytes = await readBytes(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const isArchive = bytes.subarray(0, 2).toString('latin1') === 'PK' || bytes[0] === 0xd0;
  const encoding = isArchive ? undefined : textEncodingOf(bytes);
  const opened = await openText(bytes, encoding, options.sheet);
  const { peeked, sheets, sheet, rows } = opened;
  const layoutFor = ({ mapping, platform }: PayoutFileOptions): PayoutLayout | undefined =>
    mapping === undefined ? peeked.layout : mappedLayout(peeked.headers, mapping, platform?.trim() || 'other');
  return {
    name: basename(path),
    sha256,
    sheets,
    sheet,
    headerRow: peeked.headerRow,
    headers: peeked.headers,
    headerKey: headerKey(peeked.headers),
    preview: peeked.preview,
    layout: layoutFor(options),
    read: async (wanted, taught, signal) => {
      const layout = layoutFor(wanted);
      if (layout === undefined) throw layoutUnknown(peeked.headers);
      const { mark, finding } = markFound(layout, peeked, wanted.decimalMark);
      const stated = statedCurrency([
        ...peeked.above,
        ...peeked.headers
          .filter((header) => /^total/i.test(header))
          .map((header) => /\((.*)\)\s*$/.exec(header)?.[1] ?? ''),
      ]);
      const given = wanted.currency === undefined ? undefined : currencyOf(wanted.currency);
      if (wanted.currency !== undefined && given === undefined)
        throw new PortbookError('CURRENCY_UNKNOWN', { currency: wanted.currency }, 'currency');
      const reader = new PayoutReader(layout, peeked.headers, {
        currency: given ?? stated,
        mark,
        dayOrder: wanted.dayOrder,
        taught: (type, detail) => taught(layout.platform, type, detail),
      });
      await rows((row) => {
        if (row.no > peeked.headerRow) reader.take(row);
        return true;
      }, signal);
      const parsed = reader.finish();
      return finding === undefined ? parsed : { ...parsed, findings: [finding, ...parsed.findings] };
    },
  };
}

/** Nobody knows these headers, and no mapping was given. */
export function layoutUnknown(headers: readonly string[]): PortbookError {
  const named = headers.filter((header) => header !== '');
  return new PortbookError('PAYOUT_LAYOUT_UNKNOWN', { headers: named.slice(0, 6).join(', '), columns: named.length });
}

async function openText(
  bytes: Buffer,
  encoding: string | undefined,
  wanted: string | undefined,
): Promise<{ peeked: Peeked; sheets: readonly string[]; sheet: string; rows: Rows }> {
  if (encoding !== undefined) {
    if (isFlat(iconv.decode(bytes.subarray(0, 4096), encoding))) {
      const file = new FlatFile(bytes, encoding);
      return {
        peeked: await peekFlat(file),
        sheets: ['TXT'],
        sheet: 'TXT',
        rows: (onRow, signal) => file.read(onRow, signal),
      };
    }
    if (encoding !== 'utf8')
      return openTable(await openRows(Buffer.from(iconv.decode(bytes, encoding), 'utf8')), wanted, true);
  }
  return openTable(await openRows(bytes), wanted, encoding !== undefined);
}

/** Whether the first line is that of a settlement report: names of columns with tabs between them. */
function isFlat(text: string): boolean {
  return text.startsWith('settlement-id\t');
}

async function openTable(
  source: RowSource,
  wanted: string | undefined,
  isText: boolean,
): Promise<{ peeked: Peeked; sheets: readonly string[]; sheet: string; rows: Rows }> {
  const { sheets } = source;
  if (wanted !== undefined && !sheets.includes(wanted))
    throw new PortbookError('SHEET_UNKNOWN', { sheet: wanted }, 'sheet');
  let chosen: { sheet: string; peeked: Peeked } | undefined;
  for (const sheet of wanted === undefined ? sheets : [wanted]) {
    const peeked = await peekSheet(source, sheet, isText);
    // A workbook may begin with a summary: the first sheet with a layout is it, or else the first.
    if (chosen === undefined || (chosen.peeked.layout === undefined && peeked.layout !== undefined))
      chosen = { sheet, peeked };
  }
  if (chosen === undefined) throw new PortbookError('FILE_NO_SHEET');
  const { sheet, peeked } = chosen;
  return {
    peeked,
    sheets,
    sheet,
    rows: (onRow, signal) => source.read(sheet, (row) => onRow(new TableRow(row, isText)), signal),
  };
}
