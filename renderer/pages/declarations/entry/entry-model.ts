/** Which fields the editor shows, in which order, and which of them may be written. */

import type { EntryLayout } from '../../../../shared/contract/entry.ts';
import { fieldsOf, isOwnField } from '../../../../shared/documents/fields.ts';
import {
  type AnyDocument,
  type FieldSpec,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
  type Values,
} from '../../../../shared/documents/spec.ts';
import { isPlain } from '../../../../shared/drafting/copy.ts';
import { type EditOperation, lineNumberField, partAt } from '../../../../shared/drafting/edit.ts';
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

/** Head fields that somebody asks for: the book's own arrangement, or a finding. */
export function askedFields(
  spec: MessageSpec,
  layout: EntryLayout,
  findings: readonly { readonly path: string }[],
): ReadonlySet<string> {
  const paths = new Set(findings.map(({ path }) => path));
  return new Set([
    ...layout.head,
    ...spec.head.fields.map(({ name }) => name).filter((name) => paths.has(pathOf(spec, name))),
  ]);
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

/**
 * What a template puts in: only fields that are still blank, its lines where the document has none of its own, and groups that it has none
 * of. What in a group names a line comes with the template's lines only.
 */
export function templateOperations(
  spec: MessageSpec,
  body: Readonly<Record<string, unknown>>,
  template: Readonly<Record<string, unknown>>,
  isWritable: (field: FieldSpec) => boolean,
): EditOperation[] {
  const group = (of: Readonly<Record<string, unknown>>): Values =>
    (spec.head.name === '' ? of : (of[spec.head.name] ?? {})) as Values;
  const number = lineNumberField(spec);
  const blanks = (fields: readonly FieldSpec[], own: AnyDocument, wanted: AnyDocument, at: string): EditOperation[] =>
    fields.flatMap((field): EditOperation[] => {
      const value = wanted[field.name];
      return typeof value !== 'string' || value === '' || (own[field.name] ?? '') !== '' || !isWritable(field)
        ? []
        : [{ op: 'set', path: `${at}${field.name}`, value }];
    });
  const plain = (line: Values) => Object.fromEntries(Object.entries(present(line)).filter(([name]) => name !== number));
  const own = linesOf(spec, body);
  const wanted = linesOf(spec, template);
  const takesLines = wanted.length > 0 && own.every((line) => Object.keys(plain(line)).length === 0);
  const inGroup = (part: PartSpec, of: AnyDocument, from: AnyDocument, at: string): EditOperation[] => {
    const before = rowsOf(part, of);
    if (before.length > 0 && !isPlain(part)) return [];
    let rows = 0;
    return rowsOf(part, from).flatMap((row) => {
      const here = `${at}${part.name}${part.max === 1 ? '' : `[${rows + 1}]`}/`;
      const fields = part.fields.filter(({ lineOf }) => takesLines || lineOf !== 'this');
      const made = [
        ...blanks(fields, before[0] ?? {}, row, here),
        ...(part.parts ?? []).flatMap((inner) => inGroup(inner, {}, row, here)),
      ];
      if (made.length > 0) rows += 1;
      return made;
    });
  };
  const inLines = wanted.flatMap((line, index) =>
    (spec.lines?.parts ?? []).flatMap(({ name }) => {
      const rows = (line as AnyDocument)[name];
      return rows === undefined ? [] : [[`${spec.lines?.name ?? ''}[${index + 1}]/${name}`, rows] as const];
    }),
  );
  return [
    ...blanks(spec.head.fields, group(body), group(template), pathOf(spec, '')),
    ...(takesLines && own.length > 0 ? [{ op: 'delete' as const, at: 1, count: own.length }] : []),
    ...(takesLines
      ? [
          {
            ...{ op: 'insert' as const, at: 1, lines: wanted.map(plain) },
            ...(inLines.length === 0 ? {} : { parts: Object.fromEntries(inLines) }),
          },
        ]
      : []),
    ...(spec.parts ?? []).flatMap((part) => inGroup(part, body, template, '')),
  ];
}

/** A range of rows and columns from 0, both ends included. */
export interface CellRange {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * What filling a range to a cell writes: the rows of the range again and again downwards or upwards, or its columns to the right, whichever way
 * reaches further; undefined inside the range or where nothing can be written. The number of the line is not filled.
 */
export function fillOperation(
  lines: readonly Values[],
  columns: readonly FieldSpec[],
  { top, bottom, left, right }: CellRange,
  to: { readonly row: number; readonly column: number },
  numberField: string | undefined,
): (EditOperation & { readonly op: 'block' }) | undefined {
  const down = to.row - bottom;
  const up = top - to.row;
  const aside = to.column - right;
  const rowsOf = (from: number, until: number): readonly Values[] => lines.slice(from, until + 1);
  const valuesOf = (line: Values | undefined, fields: readonly string[]): string[] =>
    fields.map((name) => line?.[name] ?? '');
  const own = columns.slice(left, right + 1).flatMap(({ name }) => (name === numberField ? [] : [name]));
  if (own.length === 0) return undefined;
  const height = bottom - top + 1;
  if (down > 0 && down >= aside) {
    const rows = rowsOf(bottom + 1, to.row).map((_, index) => valuesOf(lines[top + (index % height)], own));
    return { op: 'block', at: bottom + 2, fields: own, rows };
  }
  if (up > 0 && up >= aside) {
    const count = top - to.row;
    const rows = rowsOf(to.row, top - 1).map((_, index) =>
      valuesOf(lines[bottom - ((count - 1 - index) % height)], own),
    );
    return { op: 'block', at: to.row + 1, fields: own, rows };
  }
  if (aside <= 0) return undefined;
  const targets = columns.slice(right + 1, to.column + 1).flatMap(({ name }) => (name === numberField ? [] : [name]));
  if (targets.length === 0) return undefined;
  const rows = rowsOf(top, bottom).map((line) => targets.map((_, index) => line[own[index % own.length] ?? ''] ?? ''));
  return { op: 'block', at: top + 1, fields: targets, rows };
}

/** Findings that say a text is no code: until it is replaced it stands as 未确认. */
const noCode = new Set(['DOC-CODE', 'DOC-VALUE', 'DOC-LENGTH', 'DOC-TOO-LONG', 'DOC-TOO-SHORT']);

/** Places where text stands that names no code. */
export function unknownTexts(
  spec: MessageSpec,
  findings: readonly { readonly rule: string; readonly path: string }[],
): ReadonlySet<string> {
  const coded = new Set(
    fieldsOf(spec)
      .filter(({ spec: field }) => field.kind === 'text' && (field.table !== undefined || field.values !== undefined))
      .map(({ path }) => plainPath(path)),
  );
  return new Set(
    findings.filter(({ rule, path }) => noCode.has(rule) && coded.has(plainPath(path))).map(({ path }) => path),
  );
}

/** A path without its lines and rows: which field it is, wherever it stands. */
export const plainPath = (path: string): string => path.replaceAll(/\[[^\]]*\]/g, '');

/** The parts of a document as the editor shows them, and how much is wrong in each. */
export type SectionName = 'main' | 'rest' | 'parts' | 'goods';
export interface SectionCount {
  readonly name: SectionName;
  readonly reject: number;
  readonly doubt: number;
  /** Where the first of them is. */
  readonly first: string | undefined;
}

/** Findings by section, for the badge of each (UX 4); sections the message does not have are left out. */
export function sectionCounts(
  spec: MessageSpec,
  sections: Sections,
  findings: readonly { readonly path: string; readonly level: 'reject' | 'doubt' | 'note' }[],
): SectionCount[] {
  const main = new Set(sections.main.map(({ name }) => pathOf(spec, name)));
  const sectionOf = (path: string): SectionName =>
    partAt(spec, path) !== undefined
      ? 'parts'
      : lineOf(spec, path) !== undefined || (spec.lines !== undefined && path === spec.lines.name)
        ? 'goods'
        : main.has(path) || path === '' || path === spec.head.name
          ? 'main'
          : 'rest';
  const names: SectionName[] = [
    'main',
    ...(sections.rest.length > 0 ? (['rest'] as const) : []),
    ...(spec.parts === undefined && spec.lines?.parts === undefined ? [] : (['parts'] as const)),
    ...(spec.lines === undefined ? [] : (['goods'] as const)),
  ];
  return names.map((name) => {
    const own = findings.filter(({ path, level }) => level !== 'note' && sectionOf(path) === name);
    const first = own.find(({ level }) => level === 'reject') ?? own[0];
    return {
      name,
      reject: own.filter(({ level }) => level === 'reject').length,
      doubt: own.filter(({ level }) => level === 'doubt').length,
      first: first?.path,
    };
  });
}
