/** Which fields the editor shows, in which order, and which of them may be written. */

import type { EntryLayout } from '../../../../shared/contract/entry.ts';
import { isOwnField } from '../../../../shared/documents/fields.ts';
import {
  type AnyDocument,
  type FieldSpec,
  linesOf,
  type MessageSpec,
  pathOf,
  type Values,
} from '../../../../shared/documents/spec.ts';
import { type EditOperation, lineNumberField } from '../../../../shared/drafting/edit.ts';
import { present } from '../../../../shared/drafting/undo.ts';

/** Whether the user may write a field. What names a document that has an order or record behind it is theirs. */
export function isWritable(spec: MessageSpec, field: FieldSpec, isLoose: boolean): boolean {
  return !isOwnField(spec, field.name) && (isLoose || !spec.businessKey.includes(field.name));
}

export interface Sections {
  /** What is looked at first. */
  readonly main: readonly FieldSpec[];
  readonly rest: readonly FieldSpec[];
}

function ordered(fields: readonly FieldSpec[], first: readonly string[]): FieldSpec[] {
  const rank = new Map([...first.entries()].reverse().map(([at, name]) => [name, at]));
  return [...fields].sort((a, b) => (rank.get(a.name) ?? first.length) - (rank.get(b.name) ?? first.length));
}

/** Head fields by section, as the book has arranged them, without what is hidden and what nobody writes or reads. */
export function headSections(spec: MessageSpec, layout: EntryLayout): Sections {
  const wanted = spec.head.main ?? spec.head.fields.filter(({ required }) => required).map(({ name }) => name);
  const shown = spec.head.fields.filter(({ name }) => !layout.hidden.includes(`head/${name}`) && name !== 'guid');
  const main = ordered(
    shown.filter(({ name }) => wanted.includes(name)),
    [...layout.head, ...wanted],
  );
  const rest = shown.filter(
    (field) => !wanted.includes(field.name) && !(isOwnField(spec, field.name) && field.name !== 'copNo'),
  );
  return { main, rest: ordered(rest, layout.head) };
}

/**
 * Columns of the grid: what a clerk looks at first, whatever is required, optional ones that some line has or the book has asked for.
 * The number of the line is not among them, the grid shows it by itself.
 */
export function gridColumns(
  spec: MessageSpec,
  layout: EntryLayout,
  lines: readonly Values[],
  forced: ReadonlySet<string>,
): FieldSpec[] {
  if (spec.lines === undefined) return [];
  const main = spec.lines.main ?? [];
  const number = lineNumberField(spec);
  const used = new Set(lines.slice(0, 50).flatMap((line) => Object.keys(line)));
  return ordered(
    spec.lines.fields.filter(
      ({ name, required }) =>
        name !== number &&
        (forced.has(name) ||
          (!layout.hidden.includes(`lines/${name}`) &&
            (required || main.includes(name) || layout.lines.includes(name) || used.has(name)))),
    ),
    [...layout.lines, ...main],
  );
}

/** Required fields that the book's arrangement hides: they are counted where everybody sees it. */
export function hiddenRequired(spec: MessageSpec, layout: EntryLayout): string[] {
  const required = new Set([
    ...spec.head.fields.filter((field) => field.required).map(({ name }) => `head/${name}`),
    ...(spec.lines?.fields ?? []).filter((field) => field.required).map(({ name }) => `lines/${name}`),
  ]);
  return layout.hidden.filter((key) => required.has(key));
}

export interface Spot {
  readonly line: number | undefined;
  readonly field: string;
}

/** Takes a path apart; undefined for one that names no field. */
export function spotOf(path: string): Spot | undefined {
  const match = /^(?:[^/[\]]+(?:\[(\d+)\])?\/)?([^/[\]]+)$/.exec(path);
  const field = match?.[2];
  if (match === null || field === undefined) return undefined;
  return { line: match[1] === undefined ? undefined : Number(match[1]), field };
}

/** The line a path leads into; undefined for any other place. */
export function lineOf(spec: MessageSpec, path: string): number | undefined {
  const [first = ''] = path.split('/');
  const match = /^(\w+)\[(\d+)\]$/.exec(first);
  return match === null || match[1] !== spec.lines?.name ? undefined : Number(match[2]);
}

/** How a value stands in an input: days with dashes, everything else as the document has it. */
export function shownValue(field: FieldSpec, value: string): string {
  return field.kind === 'text' && field.format === 'date8'
    ? value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
    : value;
}

/** Gestures of a cell (KY habits): the line above, the first line, what is missing to the total. */
export const gestures = ['..', '//', '='] as const;
export type Gesture = (typeof gestures)[number];

/** The gesture that was typed; full-width signs count, as a Chinese keyboard writes them. */
export function gestureOf(text: string): Gesture | undefined {
  const plain = text.trim().replaceAll('。', '.').replaceAll('、', '/').normalize('NFKC');
  return gestures.find((one) => one === plain);
}

/** What of another line a cell takes over: the field, or the whole line where this one is still blank. */
export function takenFrom(
  spec: MessageSpec,
  body: AnyDocument,
  from: number,
  to: number,
  field: string,
): Readonly<Record<string, string>> | undefined {
  const lines = linesOf(spec, body);
  const source = lines[from - 1];
  const target = lines[to - 1];
  if (source === undefined || target === undefined || from === to) return undefined;
  const number = lineNumberField(spec);
  const isBlank = Object.entries(target).every(([name, value]) => name === number || (value ?? '') === '');
  if (!isBlank) return { [field]: source[field] ?? '' };
  return Object.fromEntries(Object.entries(present(source)).filter(([name]) => name !== number));
}

/** Whom a document is for, as the memory of codes knows them: the other side where the message names one, else the firm it is filed for. */
export function clientOf(spec: MessageSpec, head: Values): string {
  const names = [
    ...(spec.party === undefined ? [] : [spec.party]),
    'consigneeEname',
    'consignee',
    'buyerName',
    'TradeName',
    'ebcName',
    'ownerName',
  ];
  return names.map((name) => head[name] ?? '').find((value) => value !== '') ?? '';
}

/** Where a line names its product, and the fields of its elements (申报要素). */
export const skuOf = (line: Values): string =>
  line['itemNo'] ?? line['GoodsCode'] ?? line['ExgNo'] ?? line['gcode'] ?? '';
export const tariffCodeOf = (line: Values): string => line['gcode'] ?? line['CodeTS'] ?? '';
export const elementFields: readonly string[] = ['gmodel', 'GModel'];

/** What a template puts in: only fields that are still blank, and its lines where the document has none of its own. */
export function templateOperations(
  spec: MessageSpec,
  body: Readonly<Record<string, unknown>>,
  template: Readonly<Record<string, unknown>>,
  isWritable: (field: FieldSpec) => boolean,
): EditOperation[] {
  const group = (of: Readonly<Record<string, unknown>>): Values =>
    (spec.head.name === '' ? of : (of[spec.head.name] ?? {})) as Values;
  const head = group(body);
  const wanted = group(template);
  const number = lineNumberField(spec);
  const sets = spec.head.fields.flatMap((field): EditOperation[] => {
    const value = wanted[field.name] ?? '';
    return value === '' || (head[field.name] ?? '') !== '' || !isWritable(field)
      ? []
      : [{ op: 'set', path: pathOf(spec, field.name), value }];
  });
  const plain = (line: Values) => Object.fromEntries(Object.entries(present(line)).filter(([name]) => name !== number));
  const own = linesOf(spec, body);
  const lines = linesOf(spec, template).map(plain);
  const isBlank = own.every((line) => Object.keys(plain(line)).length === 0);
  if (!isBlank || lines.length === 0) return sets;
  return [
    ...sets,
    ...(own.length === 0 ? [] : [{ op: 'delete' as const, at: 1, count: own.length }]),
    { op: 'insert', at: 1, lines },
  ];
}
