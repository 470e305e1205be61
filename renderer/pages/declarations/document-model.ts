import { type RequestName, specOf } from '../../../shared/documents/catalogue.ts';
import {
  type AnyDocument,
  type FieldSpec,
  type GroupSpec,
  headOf,
  linesOf,
  type MessageSpec,
  pathOf,
  type Values,
} from '../../../shared/documents/spec.ts';
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

// Names of the document itself and what the program stamps: changing them would make another document.
const fixedFields: readonly string[] = [
  'guid',
  'appType',
  'appTime',
  'appStatus',
  'ieFlag',
  'gnum',
  'preNo',
  'invtNo',
  'creditNo',
];

/** The message description of a kind. The page shows only kinds that the catalogue has. */
export function requireSpec(kind: DocumentKind): MessageSpec {
  const spec = specOf(kind);
  if (spec === undefined) throw new Error(`no message description for ${kind}`);
  return spec;
}

/** Whether the field may be typed over in a draft. */
export function isEditable(spec: MessageSpec, field: FieldSpec): boolean {
  return !fixedFields.includes(field.name) && !spec.businessKey.includes(field.name);
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
  const match = /^(?:[^/[\]]+(?:\[(\d+)\])?\/)?([^/[\]]+)$/.exec(path);
  const field = match?.[2];
  if (match === null || field === undefined) return undefined;
  return { line: match[1] === undefined ? undefined : Number(match[1]), field };
}

/** Whether a path lies outside what is shown while only the main fields are. */
export function isHiddenField(kind: DocumentKind, path: string): boolean {
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
  const fields = parsed.line === undefined ? spec.head.fields : (spec.lines?.fields ?? []);
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
    packages: head['packNo'] ?? '',
    gross: head['grossWeight'] ?? '',
    net: head['netWeight'] ?? '',
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
