import {
  type AnyDocument,
  type FieldSpec,
  headOf,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
  type Values,
} from '../documents/spec.ts';
import { divideRounded, format5, multiply5, sum5, tryParse5 } from '../money/decimal.ts';

/**
 * Editing a draft as a form and a grid do: single fields by path (`InventoryHead/billNo`, `InventoryList[2]/qty`, lines from 1,
 * `charge` in a flat message), lines inserted, deleted, moved, blocks of cells. Lines are numbered anew after each, and what names a line
 * by its number goes with it (see {@link followLines}). Figures that follow
 * from what was typed follow at once: quantity × price gives the line's total, the lines' totals give the order's goods value as long
 * as the two agreed before. Whatever else then disagrees is for the check to say.
 *
 * A body is never changed in place, and what an operation does not touch keeps its identity, so that a grid draws only what changed.
 */
export type EditOperation =
  | { readonly op: 'set'; readonly path: string; readonly value: string }
  | {
      readonly op: 'insert';
      readonly at: number;
      readonly lines: readonly LineValues[];
      /** Groups in the lines, by path as the lines stand afterwards (`DecList[3]/DecGoodsLimit`). */
      readonly parts?: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly op: 'delete'; readonly at: number; readonly count: number }
  | { readonly op: 'move'; readonly at: number; readonly count: number; readonly to: number }
  | {
      readonly op: 'block';
      readonly at: number;
      readonly fields: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly op: 'restore';
      readonly head: LineValues;
      /** Groups beside the head and in lines as they shall be, by path (`Container`, `DecList[2]/DecGoodsLimit`); null: none. */
      readonly parts?: Readonly<Record<string, unknown>> | undefined;
      readonly at: number;
      readonly count: number;
      readonly lines: readonly LineValues[];
    };

export type LineValues = Readonly<Record<string, string>>;

/** Far above what any message may carry (a finding says so long before): a slip of the hand must not fill the memory. */
export const MOST_LINES = 5000;

const pathForm = /^(?:(?<group>\w+)(?:\[(?<line>\d+)\])?\/)?(?<field>\w+)$/;

/** Thrown for a path, a line or a column the document does not have. */
export class PathError extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`no such place in the document: ${path}`);
    this.name = 'PathError';
    this.path = path;
  }
}

/** Thrown when a document would get more than {@link MOST_LINES} lines. */
export class TooManyLinesError extends Error {
  readonly lines: number;
  constructor(lines: number) {
    super(`${lines} lines are more than a document may have`);
    this.name = 'TooManyLinesError';
    this.lines = lines;
  }
}

/** Quantity, price and total of a line under the names the messages use. */
const products = [
  { qty: 'qty', price: 'price', total: 'totalPrice' },
  { qty: 'GQty', price: 'DeclPrice', total: 'DeclTotal' },
] as const;

interface State {
  head: Values;
  lines: readonly Values[];
  /** The body with the groups beside head and lines; those two are kept apart. */
  body: AnyDocument;
}

/** The line field that counts the lines; undefined where the message has none, or names the lines of another document. */
export function lineNumberField(spec: MessageSpec): string | undefined {
  return spec.lines?.fields.find(
    ({ name, from, lineOf }) => lineOf === undefined && (from === 'line.number' || name === 'gnum'),
  )?.name;
}

/** The body after the operations, in their order; an emptied field is left out. Throws {@link PathError}, {@link TooManyLinesError}. */
export function editBody(
  spec: MessageSpec,
  body: AnyDocument,
  operations: readonly EditOperation[],
): Record<string, unknown> {
  const state: State = { head: headOf(spec, body), lines: linesOf(spec, body), body };
  // A document from elsewhere may be numbered otherwise; its lines are numbered anew below.
  const number = lineNumberField(spec);
  if (number !== undefined) {
    const places = new Map(state.lines.map((line, index) => [Number(line[number] ?? index + 1), index + 1]));
    if ([...places].some(([was, is]) => was !== is)) followLines(spec, state, (line) => places.get(line) ?? line);
  }
  for (const operation of operations) {
    const agreed = headAgrees(spec, state);
    const isTotalled = apply(spec, state, operation);
    if (operation.op === 'insert' || operation.op === 'delete' || operation.op === 'move')
      followLines(spec, state, (line) => lineAfter(operation, line));
    if (isTotalled && agreed) addUp(spec, state);
  }
  const groups = spec.lines === undefined ? {} : { [spec.lines.name]: numbered(spec, state.lines) };
  return spec.head.name === ''
    ? { ...state.head, ...groups }
    : { ...state.body, [spec.head.name]: state.head, ...groups };
}

/** Where a line stands after lines were inserted, deleted or moved; undefined: it is gone. Lines count from 1. */
function lineAfter(
  operation: EditOperation & { readonly op: 'insert' | 'delete' | 'move' },
  line: number,
): number | undefined {
  const { at } = operation;
  if (operation.op === 'insert') return line >= at ? line + operation.lines.length : line;
  const { count } = operation;
  const isOf = line >= at && line < at + count;
  if (operation.op === 'delete') return line < at ? line : isOf ? undefined : line - count;
  if (isOf) return line - at + operation.to;
  const rest = line >= at + count ? line - count : line;
  return rest >= operation.to ? rest + count : rest;
}

/**
 * What names lines by their numbers names the same goods afterwards: a container, its goods in transit, a proof of origin, a supplement. A
 * line that is gone is left out of a list of them; a row that is about that line alone goes with it, as the groups in the line do. What
 * stands in a line names the line it is in.
 */
function followLines(spec: MessageSpec, state: State, to: (line: number) => number | undefined): void {
  state.body = partsFollowing(spec.parts ?? [], state.body, to);
  const parts = spec.lines?.parts ?? [];
  state.lines = state.lines.map((line, index) => partsFollowing(parts, line, () => index + 1) as Values);
}

/** The group around `parts` with their references followed; itself when nothing changes. */
function partsFollowing(
  parts: readonly PartSpec[],
  of: AnyDocument,
  to: (line: number) => number | undefined,
): AnyDocument {
  let next: Record<string, unknown> | undefined;
  for (const part of parts) {
    const before = rowsOf(part, of);
    if (before.length === 0) continue;
    const after = before.flatMap((row) => rowFollowing(part, row, to) ?? []);
    if (after.length === before.length && after.every((row, index) => row === before[index])) continue;
    next ??= { ...of };
    if (after.length === 0) delete next[part.name];
    else next[part.name] = part.max === 1 ? after[0] : after;
  }
  return next ?? of;
}

function rowFollowing(
  part: PartSpec,
  row: AnyDocument,
  to: (line: number) => number | undefined,
): AnyDocument | undefined {
  let next = partsFollowing(part.parts ?? [], row, to);
  for (const { name, lineOf, occurs } of part.fields) {
    const value = next[name];
    if (lineOf !== 'this' || typeof value !== 'string' || value === '') continue;
    // What is no number of a line stays, for the check to name.
    const named = value
      .split(/[,，]/)
      .map((one) => (/^\s*\d+\s*$/.test(one) ? to(Number(one))?.toString() : one))
      .filter((one) => one !== undefined);
    if (named.length === 0 && occurs[0] === 1) return undefined;
    const text = named.join(',');
    const isSame = text === value || (!/[,，]/.test(value) && Number(value) === Number(text) && text !== '');
    if (!isSame) {
      const { [name]: _, ...others } = next;
      next = text === '' ? others : { ...next, [name]: text };
    }
  }
  return next;
}

/** How many places beside the lines name one of `count` lines from `at` on: they go, or are shortened, with the lines. */
export function referencesTo(spec: MessageSpec, body: AnyDocument, at: number, count: number): number {
  const inPart = (part: PartSpec, of: AnyDocument): number =>
    rowsOf(part, of).reduce((sum, row) => {
      const own = part.fields.filter(
        ({ name, lineOf }) =>
          lineOf === 'this' &&
          String(row[name] ?? '')
            .split(/[,，]/)
            .some((one) => Number(one) >= at && Number(one) < at + count),
      );
      return (part.parts ?? []).reduce((inner, one) => inner + inPart(one, row), sum + own.length);
    }, 0);
  return (spec.parts ?? []).reduce((sum, part) => sum + inPart(part, body), 0);
}

/** A place in a group: which one, its row from 0, and what of it. */
interface Step {
  readonly name: string;
  readonly row: number | undefined;
}

/** `DecList[2]/DecGoodsLimit[1]/LicenceNo` as steps to the group and the field's name; undefined for no path of a group. */
function stepsOf(path: string): { readonly steps: readonly Step[]; readonly field: string } | undefined {
  const pieces = path.split('/').map((piece) => /^(\w+)(?:\[(\d+)\])?$/.exec(piece));
  const field = pieces.pop()?.[1];
  if (field === undefined || pieces.length === 0 || pieces.includes(null)) return undefined;
  return {
    field,
    steps: pieces.flatMap((piece) =>
      piece?.[1] === undefined
        ? []
        : [{ name: piece[1], row: piece[2] === undefined ? undefined : Number(piece[2]) - 1 }],
    ),
  };
}

/** The path of a group without the field in it, its steps and what it may hold; undefined when it leads into none. */
export function partAt(
  spec: MessageSpec,
  path: string,
): { readonly part: PartSpec; readonly steps: readonly Step[] } | undefined {
  const parsed = stepsOf(path);
  if (parsed === undefined) return undefined;
  let parts: readonly PartSpec[] | undefined = spec.parts;
  let part: PartSpec | undefined;
  for (const [at, { name }] of parsed.steps.entries()) {
    if (at === 0 && name === spec.lines?.name) {
      parts = spec.lines.parts;
      continue;
    }
    part = parts?.find((one) => one.name === name);
    if (part === undefined) return undefined;
    parts = part.parts;
  }
  return part === undefined ? undefined : { part, steps: parsed.steps };
}

/**
 * A group with one of its fields set. A row behind the last one is added, a row that has nothing left goes, and so does a group without
 * rows or values. Throws {@link PathError}.
 */
function setInPart(of: AnyDocument, steps: readonly Step[], field: string, value: string, path: string): AnyDocument {
  const [step, ...rest] = steps;
  if (step === undefined) {
    const next: Record<string, string | undefined> = { ...(of as Values) };
    put(next, field, value);
    return next;
  }
  const before = of[step.name];
  const { [step.name]: _, ...others } = of;
  if (step.row === undefined) {
    const inside = setInPart((before ?? {}) as AnyDocument, rest, field, value, path);
    return Object.keys(inside).length === 0 ? others : { ...of, [step.name]: inside };
  }
  const rows = Array.isArray(before) ? (before as readonly AnyDocument[]) : [];
  if (step.row > rows.length || step.row < 0) throw new PathError(path);
  const row = setInPart(rows[step.row] ?? {}, rest, field, value, path);
  const next = rows.toSpliced(step.row, 1, ...(Object.keys(row).length === 0 ? [] : [row]));
  return next.length === 0 ? others : { ...of, [step.name]: next };
}

function setPartField(spec: MessageSpec, state: State, path: string, value: string): boolean {
  const found = partAt(spec, path);
  const parsed = stepsOf(path);
  if (found === undefined || parsed === undefined) throw new PathError(path);
  requireField(found.part.fields, parsed.field, path);
  const [first, ...rest] = parsed.steps;
  if (first !== undefined && first.name === spec.lines?.name) {
    const line = first.row === undefined ? undefined : state.lines[first.row];
    if (line === undefined || first.row === undefined) throw new PathError(path);
    state.lines = state.lines.with(first.row, setInPart(line, rest, parsed.field, value, path) as Values);
  } else state.body = setInPart(state.body, parsed.steps, parsed.field, value, path);
  return false;
}

/** Puts whole groups back, as undo has them. */
function restoreParts(spec: MessageSpec, state: State, parts: Readonly<Record<string, unknown>>): void {
  for (const [path, value] of Object.entries(parts)) {
    const [place = '', inside] = path.split('/');
    const line = /^(\w+)\[(\d+)\]$/.exec(place);
    const name = inside ?? place;
    const of = line === null ? state.body : state.lines[Number(line[2]) - 1];
    const known = line === null ? spec.parts : spec.lines?.parts;
    if (of === undefined || known?.some((part) => part.name === name) !== true) throw new PathError(path);
    const { [name]: _, ...others } = of as AnyDocument;
    const next = value === null ? others : { ...others, [name]: value };
    if (line === null) state.body = next;
    else state.lines = state.lines.with(Number(line[2]) - 1, next as Values);
  }
}

/** Applies one operation; true when totals are to follow it. */
function apply(spec: MessageSpec, state: State, operation: EditOperation): boolean {
  switch (operation.op) {
    case 'set':
      return setField(spec, state, operation.path, operation.value);
    case 'insert': {
      requireLines(spec, operation.at, state.lines.length + 1);
      const isTotalled = splice(spec, state, operation.at, 0, operation.lines);
      restoreParts(spec, state, operation.parts ?? {});
      return isTotalled;
    }
    case 'delete':
      requireLines(spec, operation.at + operation.count - 1, state.lines.length);
      return splice(spec, state, operation.at, operation.count, []);
    case 'move': {
      const { at, count, to } = operation;
      requireLines(spec, at + count - 1, state.lines.length);
      requireLines(spec, to + count - 1, state.lines.length);
      const moved = state.lines.slice(at - 1, at - 1 + count);
      const rest = [...state.lines.slice(0, at - 1), ...state.lines.slice(at - 1 + count)];
      state.lines = [...rest.slice(0, to - 1), ...moved, ...rest.slice(to - 1)];
      return false;
    }
    case 'block':
      return setBlock(spec, state, operation);
    case 'restore': {
      const head: Record<string, string | undefined> = { ...state.head };
      for (const [field, value] of Object.entries(operation.head)) {
        requireField(spec.head.fields, field, pathOf(spec, field));
        put(head, field, value);
      }
      state.head = head;
      if (operation.count > 0 || operation.lines.length > 0) {
        requireLines(spec, operation.at, state.lines.length + 1);
        requireLines(spec, operation.at + operation.count - 1, state.lines.length);
        splice(spec, state, operation.at, operation.count, operation.lines);
      }
      restoreParts(spec, state, operation.parts ?? {});
      return false;
    }
  }
}

function setField(spec: MessageSpec, state: State, path: string, value: string): boolean {
  if (partAt(spec, path) !== undefined) return setPartField(spec, state, path, value);
  const { group, line, field } = pathForm.exec(path)?.groups ?? {};
  if (field === undefined) throw new PathError(path);
  if (line === undefined) {
    if ((group ?? '') !== spec.head.name) throw new PathError(path);
    requireField(spec.head.fields, field, path);
    const head = { ...state.head };
    put(head, field, value);
    state.head = head;
    return false;
  }
  const at = Number(line) - 1;
  const before = state.lines[at];
  if (spec.lines === undefined || group !== spec.lines.name || before === undefined) throw new PathError(path);
  requireField(spec.lines.fields, field, path);
  const after = { ...before };
  put(after, field, value);
  multiplyOut(spec.lines.fields, after, field);
  state.lines = state.lines.with(at, after);
  return true;
}

function setBlock(
  spec: MessageSpec,
  state: State,
  { at, fields, rows }: EditOperation & { readonly op: 'block' },
): boolean {
  requireLines(spec, at, state.lines.length + 1);
  for (const field of fields) requireField(spec.lines?.fields ?? [], field, pathOf(spec, field, at));
  const lines = [...state.lines];
  for (const [index, row] of rows.entries()) {
    const line: Record<string, string | undefined> = { ...lines[at - 1 + index] };
    for (const [column, value] of row.entries()) {
      const field = fields[column];
      if (field !== undefined) put(line, field, value);
    }
    // A total that is pasted with its line stands; one that is not follows.
    for (const field of fields)
      if (!products.some(({ total }) => fields.includes(total))) multiplyOut(spec.lines?.fields ?? [], line, field);
    lines[at - 1 + index] = line;
  }
  if (lines.length > MOST_LINES) throw new TooManyLinesError(lines.length);
  state.lines = lines;
  return true;
}

function splice(spec: MessageSpec, state: State, at: number, count: number, inserted: readonly LineValues[]): boolean {
  const fields = spec.lines?.fields ?? [];
  const clean = inserted.map((line) => {
    const values: Record<string, string | undefined> = {};
    for (const [field, value] of Object.entries(line)) {
      requireField(fields, field, pathOf(spec, field, at));
      put(values, field, value);
    }
    return values;
  });
  const lines = state.lines.toSpliced(at - 1, count, ...clean);
  if (lines.length > MOST_LINES) throw new TooManyLinesError(lines.length);
  state.lines = lines;
  return true;
}

function requireField(fields: readonly FieldSpec[], field: string, path: string): void {
  if (!fields.some(({ name }) => name === field)) throw new PathError(path);
}

function requireLines(spec: MessageSpec, line: number, most: number): void {
  if (spec.lines === undefined || line > most) throw new PathError(`${spec.lines?.name ?? ''}[${line}]`);
}

function put(values: Record<string, string | undefined>, field: string, value: string): void {
  if (value === '') delete values[field];
  else values[field] = value;
}

/** The total is rounded half-up to the decimals that its field has: four on a declaration of goods, five on a list. */
function multiplyOut(fields: readonly FieldSpec[], line: Record<string, string | undefined>, changed: string): void {
  for (const { qty, price, total } of products) {
    if (changed !== qty && changed !== price) continue;
    const pieces = tryParse5(line[qty] ?? '');
    const each = tryParse5(line[price] ?? '');
    if (pieces === undefined || each === undefined) continue;
    const spec = fields.find(({ name }) => name === total);
    const spare = 10n ** BigInt(5 - Math.min(5, spec?.kind === 'decimal' ? spec.fraction : 5));
    line[total] = format5(divideRounded(multiply5(pieces, each), spare, 'halfUp') * spare);
  }
}

/** Where the head repeats the sum of its lines. */
function headTotal(spec: MessageSpec): { readonly head: string; readonly line: string } | undefined {
  if (spec.amount === undefined || !('lines' in spec.amount)) return undefined;
  return spec.head.fields.some(({ name }) => name === 'goodsValue')
    ? { head: 'goodsValue', line: spec.amount.lines }
    : undefined;
}

/** A goods value that the user has typed apart from the lines is left alone: `=` and the check bring the two together. */
function headAgrees(spec: MessageSpec, state: State): boolean {
  const at = headTotal(spec);
  if (at === undefined) return false;
  const stated = state.head[at.head] ?? '';
  return stated === '' || tryParse5(stated) === totalOf(state.lines, at.line);
}

function addUp(spec: MessageSpec, state: State): void {
  const at = headTotal(spec);
  if (at === undefined) return;
  const total = format5(totalOf(state.lines, at.line));
  if (state.head[at.head] !== total) state.head = { ...state.head, [at.head]: total };
}

/** The lines with their numbers 1, 2, 3 …; those that have theirs already stay what they are. */
function numbered(spec: MessageSpec, lines: readonly Values[]): readonly Values[] {
  const field = lineNumberField(spec);
  if (field === undefined) return lines;
  return lines.map((line, index) =>
    line[field] === String(index + 1) ? line : { ...line, [field]: String(index + 1) },
  );
}

function totalOf(lines: readonly Values[], field: string): bigint {
  return sum5(lines.map((line) => tryParse5(line[field] ?? '') ?? 0n));
}

/**
 * The amount a list of documents shows for a body, from where its table says: the sum of the lines of orders and lists, the charge
 * of receipts, the freight of waybills. Decimal text; `0` while nothing readable is typed.
 */
export function amountOf(spec: MessageSpec, body: AnyDocument): string {
  const at = spec.amount;
  if (at === undefined) return '0';
  if ('lines' in at) return format5(totalOf(linesOf(spec, body), at.lines));
  const text = headOf(spec, body)[at.head];
  return text !== undefined && tryParse5(text) !== undefined ? text : '0';
}

/**
 * Where marks about places of a document (facts to confirm) stand after an operation: those of fields that were typed over are gone,
 * those of lines go with their lines.
 */
export function moveMarks(spec: MessageSpec, marks: readonly string[], operation: EditOperation): readonly string[] {
  if (marks.length === 0) return marks;
  const group = spec.lines?.name;
  const keep = (change: (line: number, field: string) => number | undefined): readonly string[] =>
    marks.flatMap((mark) => {
      // The field may stand in a group of the line: `DecList[2]/DecGoodsLimit[1]/LicenceNo`.
      const { group: of, line, field } = /^(?<group>\w+)\[(?<line>\d+)\]\/(?<field>.+)$/.exec(mark)?.groups ?? {};
      if (of !== group || line === undefined || field === undefined) return [mark];
      const next = change(Number(line), field);
      return next === undefined ? [] : [`${of}[${next}]/${field}`];
    });
  switch (operation.op) {
    case 'set':
      return marks.filter((mark) => mark !== operation.path);
    case 'insert':
    case 'delete':
    case 'move':
      return keep((line) => lineAfter(operation, line));
    case 'block': {
      const { at, rows, fields } = operation;
      return keep((line, field) =>
        line >= at && line < at + rows.length && fields.includes(field) ? undefined : line,
      );
    }
    case 'restore': {
      const { at, count, lines } = operation;
      return keep((line) => {
        if (line < at) return line;
        if (line < at + count) return line < at + lines.length ? line : undefined;
        return line - count + lines.length;
      });
    }
  }
}

/**
 * Marks about places of `body` after operations on it: as {@link moveMarks} has them, and those in a row of a group go with their row, which
 * leaves when it is emptied or its line goes, and is back when that is undone.
 */
export function marksAfter(
  spec: MessageSpec,
  marks: readonly string[],
  body: AnyDocument,
  operations: readonly EditOperation[],
): readonly string[] {
  let [left, before] = [marks, body];
  for (const operation of operations) {
    if (left.length === 0) break;
    left = moveMarks(spec, left, operation);
    if (spec.parts === undefined && spec.lines?.parts === undefined) continue;
    const after = editBody(spec, before, [operation]);
    left = marksInRows(spec.parts ?? [], '', { before, after }, left);
    const line = operation.op === 'set' ? /^\w+\[(\d+)\]\//.exec(operation.path) : null;
    const at = line === null ? -1 : Number(line[1]) - 1;
    const [was, is] = [linesOf(spec, before)[at], linesOf(spec, after)[at]];
    if (was !== undefined && is !== undefined)
      left = marksInRows(spec.lines?.parts ?? [], pathOf(spec, '', at + 1), { before: was, after: is }, left);
    before = after;
  }
  return left;
}

function marksInRows(
  parts: readonly PartSpec[],
  at: string,
  { before, after }: { readonly before: AnyDocument; readonly after: AnyDocument },
  marks: readonly string[],
): readonly string[] {
  return parts.reduce((left, part) => {
    const prefix = `${at}${part.name}[`;
    if (!left.some((mark) => mark.startsWith(prefix))) return left;
    const places = rowPlaces(part, rowsOf(part, before), rowsOf(part, after));
    if (places === undefined) return left;
    return left.flatMap((mark) => {
      const [, row, rest] = (mark.startsWith(prefix) && /^(\d+)\](.+)$/.exec(mark.slice(prefix.length))) || [];
      if (row === undefined || rest === undefined) return [mark];
      const place = places.get(Number(row));
      return place === undefined ? [] : [`${prefix}${place}]${rest}`];
    });
  }, marks);
}

/** Where each row stands when some have gone or come back, from 1; undefined: all stand where they stood, or it cannot be told. */
function rowPlaces(
  part: PartSpec,
  before: readonly AnyDocument[],
  after: readonly AnyDocument[],
): ReadonlyMap<number, number> | undefined {
  if (before.length === after.length) return undefined;
  // A row whose line has another number now is the same row.
  const renumbered = new Set(part.fields.filter(({ lineOf }) => lineOf === 'this').map(({ name }) => name));
  const textOf = (row: AnyDocument): string =>
    JSON.stringify(Object.entries(row).filter(([name]) => !renumbered.has(name)));
  const isFewer = after.length < before.length;
  const [fewer, more] = (isFewer ? [after, before] : [before, after]).map((rows) => rows.map(textOf));
  const places = new Map<number, number>();
  let from = 0;
  for (const [index, text] of (fewer ?? []).entries()) {
    const found = more?.indexOf(text, from) ?? -1;
    if (found === -1) return undefined;
    if (isFewer) places.set(found + 1, index + 1);
    else places.set(index + 1, found + 1);
    from = found + 1;
  }
  return places;
}
