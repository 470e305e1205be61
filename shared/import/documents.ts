import type { DuplicateDocument, OnDuplicate, RowReason } from '../contract/imports.ts';
import { catalogue, type RequestName } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type MessageSpec, rowsOf } from '../documents/spec.ts';
import { validateAny } from '../documents/validate.ts';
import { composeHead, type Frame } from '../drafting/document-life.ts';
import { lineNumberField } from '../drafting/edit.ts';
import type { TableSet } from '../tables/table.ts';
import { cellKinds, isExponentText, type SourceRow } from './cells.ts';
import { type DocumentColumn, documentColumns, documentRows } from './document-fields.ts';
import { keyNamed, recordOf } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readId, reason } from './values.ts';

/** What a file says of one document: only what its cells hold. */
export interface StatedDocument {
  readonly head: Readonly<Record<string, string>>;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Groups beside head and lines, by name. */
  readonly groups: Readonly<Record<string, unknown>>;
}

/** The document of a number as the book has it. */
export interface KnownDocument {
  readonly id: number;
  readonly number: string;
  readonly state: DuplicateDocument['state'];
  readonly body: AnyDocument;
  /** Why it cannot be written over. */
  readonly fixed?: 'frozen' | 'approved';
}

export interface DocumentLookups {
  readonly tables: TableSet;
  /** What the program fills in where the file has no column; stands in for that of each draft while rows are checked. */
  readonly frame: Frame;
  known(number: string): KnownDocument | undefined;
  /** Numbers of the documents that have a value in another field of their head, or from customs under its name. */
  numbersBy(field: string, value: string): readonly string[];
}

/** A draft to be made, or one to be written over. */
export interface DocumentEntry {
  readonly number: string;
  readonly stated: StatedDocument;
  readonly over?: KnownDocument;
  readonly rowNos: readonly number[];
}

/** What the whole of a document says of one of its rows. */
export interface SettledRow {
  readonly row: SourceRow;
  readonly outcome: 'already' | 'skipped' | readonly RowReason[];
}

interface OpenDocument {
  /** The value of the key: the document's own number, or another by which the user wants it found. */
  readonly key: string;
  /** Its own number, as far as a row says it. */
  own: string | undefined;
  readonly head: Record<string, string>;
  readonly groups: Record<string, unknown>;
  readonly lines: Record<string, unknown>[];
  readonly rows: SourceRow[];
  /** Row in which each head field was first filled. */
  readonly from: Map<string, number>;
  readonly lineNumbers: Map<string, number>;
  brokenAt: number | undefined;
}

interface RowValues {
  readonly head: Record<string, string>;
  readonly line: Record<string, unknown>;
  readonly groups: Record<string, unknown>;
}

/** Duplicates and rows of each that are shown side by side; the rest are counted. */
const shownDuplicates = 50;
const shownRows = 5;

const groupedNumber = /^-?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;

/** Deep equality of values as JSON has them, the order of fields aside. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(a[name], b[name]));
}

/**
 * A stated document as a body: over another one, whose fields stand where the file says nothing, or as a first filing with what the
 * program fills in. Lines are those of the file; of the other's line with the same number the rest stays.
 */
export function bodyOfStated(
  spec: MessageSpec,
  stated: StatedDocument,
  base: Frame | AnyDocument,
): Record<string, unknown> {
  const over = isFrame(base) ? undefined : base;
  const head = isFrame(base) ? composeHead(spec, base, stated.head) : { ...headOf(spec, base), ...stated.head };
  const groups: Record<string, unknown> = {};
  for (const { name } of spec.parts ?? []) {
    const [before, now] = [over?.[name], stated.groups[name]];
    const isOne = isRecord(before) && isRecord(now);
    const value = isOne ? { ...before, ...now } : (now ?? before);
    if (value !== undefined) groups[name] = value;
  }
  if (spec.lines === undefined)
    return spec.head.name === '' ? { ...head, ...groups } : { [spec.head.name]: head, ...groups };
  const number = lineNumberField(spec);
  const before = over === undefined ? [] : linesOf(spec, over);
  const lines = stated.lines.map((line, index) => {
    const no = number === undefined ? undefined : (line[number] ?? String(index + 1));
    const old = number === undefined ? before[index] : before.find((one) => one[number] === no);
    const numbered = number === undefined ? line : { [number]: no, ...line };
    return { ...old, ...numbered };
  });
  return { [spec.head.name]: head, [spec.lines.name]: lines, ...groups };
}

function isFrame(base: Frame | AnyDocument): base is Frame {
  return typeof (base as Partial<Frame>).firm === 'object' && typeof (base as Partial<Frame>).appTime === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `InventoryList[2]/gcode` as its column is named: `InventoryList/gcode`. */
const plainPath = (path: string): string => path.replace(/\[\d+\]/g, '');

/**
 * Reads documents of one message: a row a line, the head repeated, many documents in a file by their number or by another field of their
 * head. A document of which one row is refused is not taken at all. One instance a file.
 */
export class DocumentSorter {
  readonly #spec: MessageSpec;
  readonly #message: RequestName;
  readonly #lookups: DocumentLookups;
  readonly #onDuplicate: OnDuplicate;
  readonly #mapping: Mapping;
  readonly #columns: readonly (DocumentColumn & { readonly at: number })[];
  readonly #byId: ReadonlyMap<string, DocumentColumn>;
  /** The field of the document's own number, and the one that tells documents here. */
  readonly #number: string;
  readonly #key: string;
  readonly #lineNumber: string | undefined;
  readonly #dates = new DateReader();
  readonly #open = new Map<string, OpenDocument>();
  /** Documents of which a row was refused before any was taken. */
  readonly #broken = new Map<string, number>();
  #entries: DocumentEntry[] = [];
  #duplicates: DuplicateDocument[] = [];
  #duplicatesTotal = 0;
  #updated = 0;

  /** @param key field of the head by which documents are told and found; their own number where none is named */
  constructor(
    message: RequestName,
    mapping: Mapping,
    onDuplicate: OnDuplicate,
    lookups: DocumentLookups,
    key?: string,
  ) {
    this.#message = message;
    this.#spec = catalogue[message];
    this.#lookups = lookups;
    this.#onDuplicate = onDuplicate;
    this.#mapping = mapping;
    const all = documentColumns(message);
    this.#byId = new Map(all.map((column) => [column.field.id, column]));
    this.#columns = all.flatMap((column) => {
      const at = mapping[column.field.id];
      return at === undefined ? [] : [{ ...column, at }];
    });
    this.#number = all.find(({ field }) => field.required)?.field.id ?? '';
    this.#key = keyNamed(message, key)?.[0] ?? this.#number;
    const lineNumber = lineNumberField(this.#spec);
    this.#lineNumber = lineNumber === undefined ? undefined : `${this.#spec.lines?.name ?? ''}/${lineNumber}`;
  }

  /** Complete after {@link settle}. */
  get entries(): readonly DocumentEntry[] {
    return this.#entries;
  }
  get duplicates(): readonly DuplicateDocument[] {
    return this.#duplicates;
  }
  get duplicatesTotal(): number {
    return this.#duplicatesTotal;
  }
  /** Rows of drafts that are written over. */
  get updated(): number {
    return this.#updated;
  }

  /** What tells the document a row is of; empty where the cell is. */
  keyOf(row: SourceRow): string {
    return cellText(row, this.#mapping[this.#key] ?? -1);
  }

  /** A row is refused for good: its document is not taken. */
  break(key: string, rowNo: number): void {
    const open = this.#open.get(key);
    if (open === undefined) this.#broken.set(key, this.#broken.get(key) ?? rowNo);
    else open.brokenAt ??= rowNo;
  }

  take(row: SourceRow): 'taken' | 'already' | 'note' | RowReason[] {
    if (this.#isCodeRow(row)) return 'note';
    const reasons: RowReason[] = [];
    const values = this.#read(row, reasons);
    const key = this.keyOf(row);
    if (key === '') {
      if (!reasons.some(({ field }) => field === this.#key)) reasons.push(reason('REQUIRED_BLANK', this.#key));
      return reasons;
    }
    const open = this.#open.get(key);
    reasons.push(...this.#check(row, values, open, reasons));
    const own = this.#ownOf(row);
    if (open?.own !== undefined && own !== undefined && own !== open.own) {
      const [value, from] = [open.key, open.rows[0]?.no ?? 0];
      reasons.push(reason('KEY_TWICE_IN_FILE', this.#key, { value, first: open.own, from, here: own, row: row.no }));
    } else if (open !== undefined) reasons.push(...this.#differences(values, open, row.no));
    const lineNo = this.#lineNumber === undefined ? '' : cellText(row, this.#mapping[this.#lineNumber] ?? -1);
    const twin = lineNo === '' ? undefined : open?.lineNumbers.get(lineNo);
    if (twin !== undefined) reasons.push(reason('ROW_TWICE', this.#lineNumber ?? '', { value: lineNo, row: twin }));
    if (reasons.length > 0) {
      this.break(key, row.no);
      return reasons;
    }
    if (open !== undefined && this.#spec.lines === undefined) return 'already';
    const entry = open ?? this.#begin(key);
    entry.own ??= this.#ownOf(row);
    for (const [name, value] of Object.entries(values.head)) {
      if (entry.head[name] === undefined) entry.from.set(name, row.no);
      entry.head[name] = value;
    }
    Object.assign(entry.groups, values.groups);
    if (Object.keys(values.line).length > 0 || (this.#spec.lines?.min !== 0 && this.#spec.lines !== undefined))
      entry.lines.push(values.line);
    if (lineNo !== '') entry.lineNumbers.set(lineNo, row.no);
    entry.rows.push(row);
    return 'taken';
  }

  /** Looks at every document as a whole: call it once, when all rows were taken. @returns rows whose outcome it changes */
  settle(): SettledRow[] {
    const settled: SettledRow[] = [];
    const all = ({ rows }: OpenDocument, outcome: SettledRow['outcome']): void => {
      for (const row of rows) settled.push({ row, outcome });
    };
    const taken = new Map<string, OpenDocument>();
    for (const open of this.#open.values()) {
      const { key, rows, lines, head, groups } = open;
      if (open.brokenAt !== undefined) {
        all(open, [reason('DOCUMENT_ROW_REFUSED', this.#key, { number: key, row: open.brokenAt })]);
        continue;
      }
      const max = this.#spec.lines?.max ?? 1;
      if (lines.length > max) {
        all(open, [reason('DOCUMENT_LINES', this.#key, { number: key, count: lines.length, max })]);
        continue;
      }
      const number = this.#key === this.#number ? key : this.#numberOf(open);
      if (typeof number !== 'string') {
        all(open, number);
        continue;
      }
      const rowNos = rows.map(({ no }) => no);
      const before = taken.get(number);
      if (before !== undefined) {
        all(open, [reason('ROW_TWICE', this.#number, { value: number, row: before.rows[0]?.no ?? 0 })]);
        continue;
      }
      taken.set(number, open);
      const stated: StatedDocument = { head, lines, groups };
      const over = this.#lookups.known(number);
      if (over === undefined) {
        this.#entries.push({ number, stated, rowNos });
        continue;
      }
      const body = bodyOfStated(this.#spec, stated, over.body);
      if (same(body, over.body)) {
        all(open, 'already');
        continue;
      }
      this.#compare(open, over);
      const { state } = over;
      if (this.#onDuplicate === 'skip') all(open, 'skipped');
      else if (this.#onDuplicate === 'insert') all(open, [reason('DOCUMENT_THERE', this.#number, { number, state })]);
      else if (over.fixed !== undefined)
        all(open, [
          reason(over.fixed === 'approved' ? 'DOCUMENT_APPROVED' : 'DOCUMENT_FROZEN', this.#number, { number, state }),
        ]);
      else {
        this.#entries.push({ number, stated, over, rowNos });
        this.#updated += rows.length;
      }
    }
    return settled;
  }

  /** The number of the document that rows are of under another key. */
  #numberOf({ key, own }: OpenDocument): string | RowReason[] {
    return recordOf({
      field: this.#key,
      value: key,
      ownField: this.#number,
      own,
      found: this.#lookups.numbersBy(this.#key, key),
      isThere: (number) => this.#lookups.known(number) !== undefined,
    });
  }

  /** The document's own number as a row says it; undefined where the cell is blank. */
  #ownOf(row: SourceRow): string | undefined {
    const text = cellText(row, this.#mapping[this.#number] ?? -1);
    return text === '' ? undefined : text;
  }

  #begin(key: string): OpenDocument {
    const made: OpenDocument = {
      key,
      own: undefined,
      head: {},
      groups: {},
      lines: [],
      rows: [],
      from: new Map(),
      lineNumbers: new Map(),
      brokenAt: this.#broken.get(key),
    };
    this.#open.set(key, made);
    return made;
  }

  /** The second row of our templates: every cell names the field of its column. */
  #isCodeRow(row: SourceRow): boolean {
    let named = 0;
    for (const { field, at } of this.#columns) {
      const text = cellText(row, at);
      if (text === '') continue;
      if (text !== field.id) return false;
      named += 1;
    }
    return named > 1;
  }

  /** The rows that differ, side by side with the book's in the columns of the file. */
  #compare({ rows, lines, head, groups }: OpenDocument, over: KnownDocument): void {
    this.#duplicatesTotal += 1;
    if (this.#duplicates.length >= shownDuplicates) return;
    const width = Math.max(0, ...this.#columns.map(({ at }) => at + 1));
    const cells = (of: readonly string[]): string[] => {
      const texts = new Array<string>(width).fill('');
      for (const [index, { at }] of this.#columns.entries()) texts[at] = of[index] ?? '';
      return texts;
    };
    const merged = bodyOfStated(this.#spec, { head, lines, groups }, over.body);
    const now = documentRows(this.#message, merged, this.#columns);
    const before = documentRows(this.#message, over.body, this.#columns);
    const pairs = now.flatMap((texts, index) => {
      const old = before[index] ?? [];
      const isSame = texts.every((text, at) => text === (old[at] ?? ''));
      return isSame ? [] : [{ rowNo: rows[index]?.no ?? rows[0]?.no ?? 0, file: cells(texts), book: cells(old) }];
    });
    const fewer = before.slice(now.length).map((old) => ({ rowNo: 0, file: cells([]), book: cells(old) }));
    this.#duplicates.push({
      number: over.number,
      documentId: over.id,
      state: over.state,
      rows: [...pairs, ...fewer].slice(0, shownRows),
    });
  }

  #read(row: SourceRow, reasons: RowReason[]): RowValues {
    const values: RowValues = { head: {}, line: {}, groups: {} };
    for (const column of this.#columns) {
      const { placed, group } = column;
      if (group !== undefined) {
        const value = readJson(row, column.at, column.field.id, reasons);
        if (value !== undefined) (group.inLine ? values.line : values.groups)[group.part.name] = value;
        continue;
      }
      const value = this.#cell(row, column, reasons);
      if (placed === undefined || value === undefined) continue;
      const { name } = placed.spec;
      if (placed.group === 'head') values.head[name] = value;
      else if (placed.group === 'line') values.line[name] = value;
      else if (placed.part !== undefined) {
        const part = values.groups[placed.part.name];
        values.groups[placed.part.name] = { ...(isRecord(part) ? part : {}), [name]: value };
      }
    }
    return values;
  }

  /** The value of a cell as the message has it; damage that a spreadsheet program did is a reason. */
  #cell(
    row: SourceRow,
    { placed, field, at }: DocumentColumn & { at: number },
    reasons: RowReason[],
  ): string | undefined {
    const text = cellText(row, at);
    const spec = placed?.spec;
    if (text === '' || spec === undefined) return undefined;
    const { id } = field;
    const kind = row.kinds[at];
    if (spec.kind === 'text') {
      if (spec.format === 'date8' || spec.format === 'time14') {
        if (spec.format === 'time14' && kind === cellKinds.number && isExponentText(text))
          return readId(row, at, id, reasons);
        const wall = this.#dates.read(row, at, id, reasons);
        return wall?.replace(/\D/g, '').slice(0, spec.format === 'date8' ? 8 : 14);
      }
      const value = readId(row, at, id, reasons, { maxLength: Number.POSITIVE_INFINITY });
      const lost = value === undefined || kind !== cellKinds.number ? undefined : this.#withZeros(spec, value);
      if (lost === undefined) return value;
      reasons.push(reason('CODE_ZEROS_LOST', id, { value: text, whole: lost }));
      return undefined;
    }
    if (kind === cellKinds.error) {
      reasons.push(reason('CELL_ERROR', id, { value: text.slice(0, 40) }));
      return undefined;
    }
    if (kind === cellKinds.date) {
      reasons.push(reason('NUMBER_IS_DATE', id, { value: text }));
      return undefined;
    }
    if (isExponentText(text)) {
      reasons.push(reason('NUMBER_EXPONENT', id, { value: text }));
      return undefined;
    }
    const plain = text.normalize('NFKC');
    return groupedNumber.test(plain) ? plain.replaceAll(',', '') : plain;
  }

  /** What a code was before its number cell lost the noughts in front; undefined where it stands as it is. */
  #withZeros(
    spec: Extract<NonNullable<DocumentColumn['placed']>['spec'], { kind: 'text' }>,
    value: string,
  ): string | undefined {
    if (!/^\d+$/.test(value)) return undefined;
    const table = spec.table === undefined ? undefined : this.#lookups.tables.get(spec.table);
    const isCode = (code: string): boolean =>
      table !== undefined ? table.has(code) : spec.values !== undefined && Object.hasOwn(spec.values, code);
    if ((table === undefined || spec.open === true) && spec.values === undefined) {
      if (spec.length === undefined || value.length >= spec.length) return undefined;
      return value.padStart(spec.length, '0');
    }
    if (isCode(value)) return undefined;
    for (let length = value.length + 1; length <= (spec.length ?? spec.max ?? 0); length += 1)
      if (isCode(value.padStart(length, '0'))) return value.padStart(length, '0');
    return undefined;
  }

  /** What the field checks say of the cells of one row, with the head that rows before it have filled. */
  #check(row: SourceRow, values: RowValues, open: OpenDocument | undefined, before: readonly RowReason[]): RowReason[] {
    const spec = this.#spec;
    const stated: StatedDocument = {
      head: { ...open?.head, ...values.head },
      lines: spec.lines === undefined ? [] : [values.line],
      groups: { ...open?.groups, ...values.groups },
    };
    const body = bodyOfStated(spec, stated, this.#lookups.frame);
    // A line field that the user's own column leaves out may be filled in later; so may a line that is not there at all.
    const isLineless = spec.lines?.min === 0 && Object.keys(values.line).length === 0;
    const seen = new Set(before.map(({ field }) => field));
    const found: RowReason[] = [];
    for (const { rule, level, path, params } of validateAny(spec, body, this.#lookups.tables)) {
      const column = this.#columnOf(plainPath(path));
      if (level !== 'reject' || column === undefined || seen.has(column)) continue;
      if (isLineless && this.#byId.get(column)?.placed?.group === 'line') continue;
      // Its own number may be left to the document that is found by another.
      if (column === this.#number && column !== this.#key && this.#ownOf(row) === undefined) continue;
      found.push({ code: rule, field: column, params: { ...params } });
    }
    return found;
  }

  /** The column that a finding is about: its field's, or that of the group which a cell holds whole. */
  #columnOf(path: string): string | undefined {
    for (let id = path; id !== ''; id = id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : '') {
      const column = this.#byId.get(id);
      if (column !== undefined && (id === path || column.group !== undefined))
        return this.#mapping[id] === undefined ? undefined : id;
    }
    return undefined;
  }

  /** Head values that are not those of the document's earlier rows; a blank cell repeats them. */
  #differences(values: RowValues, open: OpenDocument, rowNo: number): RowReason[] {
    const number = open.key;
    const params = (first: unknown, here: unknown, from: number) => ({
      number,
      first: String(first),
      here: String(here),
      from,
      row: rowNo,
    });
    const found: RowReason[] = [];
    for (const { field, placed, group } of this.#columns) {
      if (placed?.group === 'head') {
        const { name } = placed.spec;
        const [first, here] = [open.head[name], values.head[name]];
        if (first === undefined || here === undefined || first === here) continue;
        found.push(reason('DOCUMENT_HEAD_DIFFERS', field.id, params(first, here, open.from.get(name) ?? 0)));
        continue;
      }
      const from = open.rows[0]?.no ?? 0;
      if (placed?.group === 'part' && placed.part !== undefined) {
        const { name } = placed.spec;
        const [first, here] = [
          rowsOf(placed.part, open.groups)[0]?.[name],
          rowsOf(placed.part, values.groups)[0]?.[name],
        ];
        if (first !== undefined && here !== undefined && first !== here)
          found.push(reason('DOCUMENT_HEAD_DIFFERS', field.id, params(first, here, from)));
      } else if (group !== undefined && !group.inLine) {
        const [first, here] = [open.groups[group.part.name], values.groups[group.part.name]];
        if (first !== undefined && here !== undefined && !same(first, here))
          found.push(reason('DOCUMENT_HEAD_DIFFERS', field.id, params(group.part.zh, group.part.zh, from)));
      }
    }
    return found;
  }
}

/** A group that a cell holds whole. */
function readJson(row: SourceRow, at: number, field: string, reasons: RowReason[]): unknown {
  const text = cellText(row, at);
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  reasons.push(reason('CELL_NOT_JSON', field, { value: text.slice(0, 40) }));
  return undefined;
}
