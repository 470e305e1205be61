import { type RequestName, specOf } from '../../../shared/documents/catalogue.ts';
import { isOwnField } from '../../../shared/documents/fields.ts';
import {
  type AnyDocument,
  type FieldSpec,
  type GroupSpec,
  headOf,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
  type Values,
} from '../../../shared/documents/spec.ts';
import { partAt } from '../../../shared/drafting/edit.ts';
import { format5, sum5, tryParse5 } from '../../../shared/money/decimal.ts';

/** The document kinds of the declarations page. */
export type DocumentKind = RequestName;

/** One field of a document as the page shows it. `path` is what `documents.edit` and findings name. */
export interface FieldView {
  readonly path: string;
  readonly spec: FieldSpec;
  readonly value: string;
}

/** What a clerk looks at first, as the table of the message says; a table without a word shows what is required. */
const mainOf = (group: GroupSpec | undefined): readonly string[] =>
  group?.main ?? group?.fields.filter(({ required }) => required).map(({ name }) => name) ?? [];

/** The message description of a kind. The page shows only kinds that the catalogue has. */
export function requireSpec(kind: DocumentKind): MessageSpec {
  const spec = specOf(kind);
  if (spec === undefined) throw new Error(`no message description for ${kind}`);
  return spec;
}

/** Whether the field may be typed over in a draft. */
export function isEditable(spec: MessageSpec, field: FieldSpec): boolean {
  return !isOwnField(spec, field.name) && !spec.businessKey.includes(field.name);
}

/** The head as fields with their values: the main ones in the order of the paper, or all of them in message order. */
export function headFields(kind: DocumentKind, body: AnyDocument, all: boolean): FieldView[] {
  const spec = requireSpec(kind);
  const values = headOf(spec, body);
  const view = (field: FieldSpec): FieldView => ({
    path: pathOf(spec, field.name),
    spec: field,
    value: values[field.name] ?? '',
  });
  if (all) return spec.head.fields.map(view);
  return mainOf(spec.head).flatMap((name) => {
    const field = spec.head.fields.find((candidate) => candidate.name === name);
    return field === undefined ? [] : [view(field)];
  });
}

/** Columns of the line table; none for flat messages. */
export function lineColumns(kind: DocumentKind, all: boolean): readonly FieldSpec[] {
  const { lines } = requireSpec(kind);
  const fields = lines?.fields ?? [];
  if (all) return fields;
  return mainOf(lines).flatMap((name) => fields.find((field) => field.name === name) ?? []);
}

/** The lines with their number from 1, as paths count them. */
export function numberedLines(
  kind: DocumentKind,
  body: AnyDocument,
): { readonly line: number; readonly values: Values }[] {
  return linesOf(requireSpec(kind), body).map((values, index) => ({ line: index + 1, values }));
}

/** Path of a line's field. */
export function linePath(kind: DocumentKind, field: string, line: number): string {
  return pathOf(requireSpec(kind), field, line);
}

export interface ParsedPath {
  readonly line: number | undefined;
  readonly field: string;
}

/** Takes `InventoryList[2]/qty` or `InventoryHead/billNo` apart; undefined for the document as a whole. */
export function parsePath(path: string): ParsedPath | undefined {
  const groups = path.split('/');
  const field = groups.pop();
  if (field === undefined || field === '' || /[[\]]/.test(field)) return undefined;
  // Of groups in groups the innermost row counts.
  const row = groups.map((group) => /\[(\d+)\]$/.exec(group)?.[1]).findLast((one) => one !== undefined);
  return { line: row === undefined ? undefined : Number(row), field };
}

/** A group beside head and lines as the page shows it: its name and a table of its rows. */
export interface PartView {
  readonly path: string;
  readonly part: PartSpec;
  /** Columns that some row has, at least the required ones. */
  readonly fields: readonly FieldSpec[];
  readonly rows: readonly Values[];
}

/** Groups with something in them, those of lines and inner ones included, in the order of the format. */
export function filledParts(kind: DocumentKind, body: AnyDocument): PartView[] {
  const spec = requireSpec(kind);
  const inside = (parts: readonly PartSpec[] | undefined, of: AnyDocument, at: string): PartView[] =>
    (parts ?? []).flatMap((part) => {
      const rows = rowsOf(part, of) as readonly Values[];
      if (rows.length === 0) return [];
      const path = at + part.name;
      const fields = part.fields.filter(
        ({ name, required }) => required || rows.some((row) => (row[name] ?? '') !== ''),
      );
      return [
        { path, part, fields, rows },
        ...rows.flatMap((row, index) =>
          inside(part.parts, row as AnyDocument, part.max === 1 ? `${path}/` : `${path}[${index + 1}]/`),
        ),
      ];
    });
  return [
    ...linesOf(spec, body).flatMap((line, index) =>
      inside(spec.lines?.parts, line as AnyDocument, `${spec.lines?.name ?? ''}[${index + 1}]/`),
    ),
    ...inside(spec.parts, body, ''),
  ];
}

/** The line in which a group stands; undefined for one of the document itself. */
export function lineAt(kind: DocumentKind, path: string): number | undefined {
  const match = /^(\w+)\[(\d+)\]\//.exec(path);
  return match === null || match[1] !== requireSpec(kind).lines?.name ? undefined : Number(match[2]);
}

/** Whether a path lies outside what is shown while only the main fields are. */
export function isHiddenField(kind: DocumentKind, path: string): boolean {
  if (partAt(requireSpec(kind), path) !== undefined) return false;
  const parsed = parsePath(path);
  if (parsed === undefined) return false;
  const { head, lines } = requireSpec(kind);
  const shown = mainOf(parsed.line === undefined ? head : lines);
  return !shown.includes(parsed.field);
}

/** The field description at a path. */
export function fieldAt(kind: DocumentKind, path: string): FieldSpec | undefined {
  const parsed = parsePath(path);
  if (parsed === undefined) return undefined;
  const spec = requireSpec(kind);
  const part = partAt(spec, path)?.part;
  const fields = part?.fields ?? (parsed.line === undefined ? spec.head.fields : (spec.lines?.fields ?? []));
  return fields.find(({ name }) => name === parsed.field);
}

export interface DocumentTotals {
  readonly lines: number;
  readonly packages: string;
  readonly gross: string;
  readonly net: string;
  /** Sum of the lines' totals where the document's amount is theirs; undefined when a line has none yet: a partial sum would pass for the whole. */
  readonly lineTotal: string | undefined;
  /** The amount of the document is the sum of its lines. */
  readonly isOfLines: boolean;
}

/** The totals that stay in view under the lines. */
export function documentTotals(kind: DocumentKind, body: AnyDocument): DocumentTotals {
  const spec = requireSpec(kind);
  const head = headOf(spec, body);
  const field = spec.amount !== undefined && 'lines' in spec.amount ? spec.amount.lines : undefined;
  const totals = linesOf(spec, body).map((line) => tryParse5(field === undefined ? '' : (line[field] ?? '')));
  const known = totals.filter((value) => value !== undefined);
  return {
    lines: totals.length,
    packages: head['packNo'] ?? head['PackNo'] ?? '',
    gross: head['grossWeight'] ?? head['GrossWet'] ?? '',
    net: head['netWeight'] ?? head['NetWt'] ?? '',
    lineTotal: field !== undefined && known.length === totals.length ? format5(sum5(known), 2) : undefined,
    isOfLines: field !== undefined,
  };
}

/** Codes of the shown values by code table, for one look-up each. */
export function codesByTable(fields: readonly FieldView[]): Record<string, string[]> {
  const codes: Record<string, Set<string>> = {};
  for (const { spec, value } of fields) {
    if (spec.kind !== 'text' || spec.table === undefined || value === '') continue;
    codes[spec.table] ??= new Set();
    codes[spec.table]?.add(value);
  }
  return Object.fromEntries(Object.entries(codes).map(([table, set]) => [table, [...set].sort()]));
}
