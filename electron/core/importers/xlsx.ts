import { TextDecoder } from 'node:util';
import { PortbookError } from '../../../shared/errors.ts';
import { type CellKind, cellKinds, dateCellText, numberText, type SourceRow } from '../../../shared/import/cells.ts';
import type { limits, RowSource } from './source.ts';
import { type XmlAttributes, type XmlHandler, XmlScanner } from './xml-scan.ts';
import { Zip } from './zip.ts';

/**
 * Reads worksheets of .xlsx files row by row. Our own reader, since the streaming reader of exceljs (which writes our
 * files) decodes entities twice, keeps only the last run of an inline rich text, hands numbers over as floating point,
 * unpacks without a limit and puts an unsealed copy of the sheet into the temporary folder when the strings come last in
 * the container, as Excel writes them. It also takes half the time, which leaves room for the import itself.
 */

type Limits = typeof limits;

interface Sheet {
  readonly name: string;
  readonly path: string;
}

interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly is1904: boolean;
}

/** Reads an .xlsx from memory. Refusals: see `openSource`. */
export async function openXlsx(bytes: Buffer, limit: Limits): Promise<RowSource> {
  const zip = new Zip(bytes);
  const workbook = await readWorkbook(zip, limit);
  if (workbook.sheets.length === 0) throw new PortbookError('FILE_NO_SHEET');
  const isDate = await readDateStyles(zip, limit);
  let strings: Promise<readonly string[]> | undefined;
  const hints = new Map<string, number>();
  return {
    sheets: workbook.sheets.map(({ name }) => name),
    rowsOf: (sheet) => hints.get(sheet) ?? 0,
    read: async (name, onRow, signal) => {
      const sheet = workbook.sheets.find((one) => one.name === name);
      if (sheet === undefined) throw new PortbookError('SHEET_UNKNOWN', { sheet: name });
      strings ??= readStrings(zip, limit);
      const parser = new SheetParser({
        strings: await strings,
        isDate,
        is1904: workbook.is1904,
        limit,
        onRow,
        onSize: (rows) => hints.set(name, rows),
      });
      const scanner = new XmlScanner(sheet.path, parser);
      for await (const piece of xmlPieces(zip, sheet.path, limit)) {
        if (signal?.aborted === true) throw new PortbookError('CANCELLED');
        scanner.write(piece);
        if (parser.isDone) return;
      }
      scanner.close();
    },
  };
}

/** The text of an XML part in pieces; bytes that are no UTF-8 are damage. */
async function* xmlPieces(zip: Zip, path: string, limit: Limits): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of zip.open(path, limit.unpackedBytes)) yield decode(decoder, path, piece);
  yield decode(decoder, path);
}

function decode(decoder: TextDecoder, path: string, piece?: Buffer): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (error) {
    if (error instanceof TypeError) throw new PortbookError('FILE_DAMAGED', { detail: `${path}: not UTF-8` });
    throw error;
  }
}

const nothing = (): void => undefined;

/** Scans a small part whole. */
async function scan(
  zip: Zip,
  path: string,
  limit: Limits,
  on: {
    readonly open: (name: string, attributes: XmlAttributes) => void;
    readonly close?: (name: string) => void;
    readonly text?: (text: string) => void;
  },
): Promise<void> {
  const scanner = new XmlScanner(path, { open: on.open, close: on.close ?? nothing, text: on.text ?? nothing });
  for await (const piece of xmlPieces(zip, path, limit)) scanner.write(piece);
  scanner.close();
}

async function readWorkbook(zip: Zip, limit: Limits): Promise<Workbook> {
  const workbookPath = 'xl/workbook.xml';
  const relationsPath = 'xl/_rels/workbook.xml.rels';
  if (!zip.has(workbookPath) || !zip.has(relationsPath))
    throw new PortbookError('FILE_DAMAGED', { detail: workbookPath });
  const targets = new Map<string, string>();
  await scan(zip, relationsPath, limit, {
    open: (name, attributes) => {
      const id = attributes.get('Id');
      const target = attributes.get('Target');
      if (name === 'Relationship' && id !== undefined && target !== undefined) targets.set(id, resolve(target));
    },
  });
  const sheets: Sheet[] = [];
  let is1904 = false;
  await scan(zip, workbookPath, limit, {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') is1904 = ['1', 'true'].includes(attributes.get('date1904') ?? '');
      if (tag !== 'sheet') return;
      const name = attributes.get('name');
      const path = targets.get(attributes.get('id') ?? '');
      // Hidden sheets are lists behind drop-downs; chart sheets have no part of ours.
      const isVisible = (attributes.get('state') ?? 'visible') === 'visible';
      if (name !== undefined && path !== undefined && isVisible && path.includes('worksheets/') && zip.has(path))
        sheets.push({ name, path });
    },
  });
  return { sheets, is1904 };
}

function resolve(target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  return `xl/${target.replace(/^\.\//, '')}`;
}

/** Number formats of the file format itself that show a date (ECMA-376, 18.8.30, with the East Asian ones). */
const dateFormats = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56,
  57, 58,
]);

/** Whether a format shows a date: a day, month or year code outside quoted text, escapes and [conditions]. */
function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare);
}

async function readDateStyles(zip: Zip, limit: Limits): Promise<readonly boolean[]> {
  const path = 'xl/styles.xml';
  if (!zip.has(path)) return [];
  const own = new Map<number, boolean>();
  const styles: boolean[] = [];
  let isInCells = false;
  await scan(zip, path, limit, {
    open: (name, attributes) => {
      if (name === 'numFmt')
        own.set(Number(attributes.get('numFmtId')), isDateFormat(attributes.get('formatCode') ?? ''));
      else if (name === 'cellXfs') isInCells = true;
      else if (name === 'xf' && isInCells) {
        const id = Number(attributes.get('numFmtId') ?? '0');
        styles.push(own.get(id) ?? dateFormats.has(id));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

/** `_x000D_` stands for a character that XML cannot hold. */
function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

async function readStrings(zip: Zip, limit: Limits): Promise<readonly string[]> {
  const path = 'xl/sharedStrings.xml';
  if (!zip.has(path)) return [];
  const strings: string[] = [];
  let text = '';
  let isText = false;
  let phonetic = 0;
  await scan(zip, path, limit, {
    open: (name) => {
      if (name === 'si') text = '';
      // Readings above the characters (furigana, pinyin) are no part of the text.
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') isText = phonetic === 0;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
    close: (name) => {
      if (name === 't') isText = false;
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 'si') strings.push(unescapeText(text));
    },
  });
  return strings;
}

interface SheetOptions {
  readonly strings: readonly string[];
  readonly isDate: readonly boolean[];
  readonly is1904: boolean;
  readonly limit: Limits;
  readonly onRow: (row: SourceRow) => boolean;
  readonly onSize: (rows: number) => void;
}

/** Turns the events of a worksheet part into rows. */
class SheetParser implements XmlHandler {
  readonly #options: SheetOptions;
  /** Text of a date by its day count: the lines of an order share theirs. */
  readonly #dates = new Map<string, string | undefined>();
  #rowNo = 0;
  #rows = 0;
  #texts: string[] = [];
  #kinds: CellKind[] = [];
  #column = -1;
  #type: string | undefined;
  #style = 0;
  #value = '';
  #isValue = false;
  #hasFormula = false;
  #phonetic = 0;
  #isDone = false;

  constructor(options: SheetOptions) {
    this.#options = options;
  }

  /** Nobody wants more rows. */
  get isDone(): boolean {
    return this.#isDone;
  }

  text(piece: string): void {
    if (this.#isValue) this.#value = this.#value === '' ? piece : this.#value + piece;
  }

  open(name: string, attributes: XmlAttributes): void {
    switch (name) {
      case 'c': {
        const reference = attributes.get('r');
        this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
        this.#type = attributes.get('t');
        this.#style = Number(attributes.get('s') ?? '0');
        this.#value = '';
        this.#hasFormula = false;
        return;
      }
      case 'v':
        this.#isValue = true;
        return;
      case 't':
        this.#isValue = this.#phonetic === 0 && this.#type === 'inlineStr';
        return;
      case 'f':
        this.#hasFormula = true;
        return;
      case 'rPh':
        this.#phonetic += 1;
        return;
      case 'row': {
        const number = attributes.get('r');
        this.#rowNo = number === undefined ? this.#rowNo + 1 : Number(number);
        this.#texts = [];
        this.#kinds = [];
        this.#column = -1;
        return;
      }
      case 'dimension': {
        const last = /:[A-Z]+(\d+)$/.exec(attributes.get('ref') ?? '')?.[1];
        if (last !== undefined) this.#options.onSize(Number(last));
      }
    }
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 't':
        this.#isValue = false;
        return;
      case 'rPh':
        this.#phonetic -= 1;
        return;
      case 'c':
        this.#cell();
        return;
      case 'row':
        this.#row();
    }
  }

  #cell(): void {
    const column = this.#column;
    if (column < 0 || column >= this.#options.limit.columns) return;
    const raw = this.#value;
    switch (this.#type) {
      case 's': {
        const text = this.#options.strings[Number(raw)];
        if (raw !== '' && text === undefined)
          throw new PortbookError('FILE_DAMAGED', { detail: `shared string ${raw}` });
        this.#put(column, text ?? '', cellKinds.text);
        return;
      }
      case 'inlineStr':
      case 'str':
        this.#put(column, unescapeText(raw), cellKinds.text);
        return;
      case 'b':
        this.#put(column, raw === '1' ? 'TRUE' : raw === '' ? '' : 'FALSE', cellKinds.text);
        return;
      case 'e':
        this.#put(column, raw, cellKinds.error);
        return;
      case 'd':
        this.#put(column, raw.replace('T', ' '), cellKinds.date);
        return;
      default:
        this.#number(column, raw);
    }
  }

  #number(column: number, raw: string): void {
    if (raw === '') {
      // A formula that no program has calculated has no value to take.
      if (this.#hasFormula) this.#put(column, '#FORMULA', cellKinds.error);
      return;
    }
    if (this.#options.isDate[this.#style] === true) {
      const date = this.#date(raw);
      if (date !== undefined) {
        this.#put(column, date, cellKinds.date);
        return;
      }
    }
    const text = numberText(raw);
    if (text === undefined) this.#put(column, raw, cellKinds.error);
    else this.#put(column, text, cellKinds.number);
  }

  #date(raw: string): string | undefined {
    if (this.#dates.has(raw)) return this.#dates.get(raw);
    const text = dateCellText(Number(raw), this.#options.is1904);
    if (this.#dates.size > 10_000) this.#dates.clear();
    this.#dates.set(raw, text);
    return text;
  }

  #put(column: number, text: string, kind: CellKind): void {
    const texts = this.#texts;
    while (texts.length < column) {
      texts.push('');
      this.#kinds.push(cellKinds.empty);
    }
    texts[column] = text;
    this.#kinds[column] = text === '' ? cellKinds.empty : kind;
  }

  #row(): void {
    if (this.#isDone || this.#kinds.every((kind) => kind === cellKinds.empty)) return;
    this.#rows += 1;
    if (this.#rows > this.#options.limit.rows)
      throw new PortbookError('FILE_TOO_MANY_ROWS', { limit: this.#options.limit.rows });
    if (!this.#options.onRow({ no: this.#rowNo, texts: this.#texts, kinds: this.#kinds })) this.#isDone = true;
  }
}

/** `BC12` is column 54, counted from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}
