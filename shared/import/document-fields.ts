import type { ImportKind, TableKind } from '../contract/imports.ts';
import { catalogue, type RequestName } from '../documents/catalogue.ts';
import { fieldsOf, headersOf, type PlacedField } from '../documents/fields.ts';
import { type AnyDocument, headOf, linesOf, type MessageSpec, type PartSpec, rowsOf } from '../documents/spec.ts';
import { type FieldDef, importFields } from './fields.ts';

/** Whose columns they are: a kind's, or for documents those of a message. */
export type ColumnSet = TableKind | RequestName;

/** The set of a kind; undefined for documents of a message that is not known yet. */
export function columnSetOf(kind: ImportKind, message: RequestName | undefined): ColumnSet | undefined {
  return kind === 'documents' ? message : kind;
}

/** Whether a set is the columns of a message. */
export function isMessage(set: ColumnSet): set is RequestName {
  return Object.hasOwn(catalogue, set);
}

/** The columns of a set, in the order of our templates. */
export function columnsOf(set: ColumnSet): readonly FieldDef[] {
  return isMessage(set) ? documentColumns(set).map(({ field }) => field) : importFields[set];
}

/** A column of a document's table: a field of head, lines or a group that stands once, or a whole group that has no place in a row. */
export interface DocumentColumn {
  readonly field: FieldDef;
  readonly placed?: PlacedField;
  /** The group that a cell holds whole, as JSON. */
  readonly group?: { readonly part: PartSpec; readonly inLine: boolean };
}

/** Of the document in the book alone, never taken from a file: its own name, when it was made, who signed it. */
const ownFields: ReadonlySet<string> = new Set(['guid', 'appTime', 'Sign', 'SignDate']);

const known = new Map<RequestName, readonly DocumentColumn[]>();

/**
 * The columns of a message's documents: those of its template by their Chinese headers and field codes, then what only a message file
 * has: numbers that customs gave, the kind of filing, and groups that a row has no place for.
 */
export function documentColumns(message: RequestName): readonly DocumentColumn[] {
  const before = known.get(message);
  if (before !== undefined) return before;
  const spec: MessageSpec = catalogue[message];
  const headers = new Map(headersOf(spec).map((header) => [header.path, header]));
  const onceNames = new Set((spec.parts ?? []).filter(({ max, parts }) => max === 1 && parts === undefined));
  const columns: DocumentColumn[] = [];
  const extras: DocumentColumn[] = [];
  for (const placed of fieldsOf(spec)) {
    const { path, group, spec: field, part } = placed;
    const header = headers.get(path);
    if (ownFields.has(field.name) || (group === 'part' && (part === undefined || !onceNames.has(part)))) continue;
    const isText = field.kind === 'text' && field.values === undefined && field.format === undefined;
    const def: FieldDef = {
      id: path,
      required: group !== 'line' && field.name === spec.number,
      zh: header?.zh ?? field.zh,
      en: header?.en ?? field.en,
      names: [],
      ...(isText && (field.table === undefined || field.open === true) ? { isId: true } : {}),
      ...(header === undefined ? { isExtra: true } : {}),
    };
    (header === undefined ? extras : columns).push({ field: def, placed });
  }
  const whole = (part: PartSpec, at: string, inLine: boolean): DocumentColumn => ({
    field: {
      id: at + part.name,
      required: false,
      zh: `${part.zh}（JSON）`,
      en: `${part.en} (JSON)`,
      names: [],
      isExtra: true,
    },
    group: { part, inLine },
  });
  for (const part of spec.parts ?? []) if (!onceNames.has(part)) extras.push(whole(part, '', false));
  for (const part of spec.lines?.parts ?? []) extras.push(whole(part, `${spec.lines?.name ?? ''}/`, true));
  const made = [...columns, ...extras];
  known.set(message, made);
  return made;
}

/** A document as rows of its table, one a line with the head repeated; cells in the order of the columns. */
export function documentRows(
  message: RequestName,
  body: AnyDocument,
  columns: readonly DocumentColumn[] = documentColumns(message),
): string[][] {
  const spec: MessageSpec = catalogue[message];
  const head = headOf(spec, body);
  const lines = linesOf(spec, body);
  const cell = (column: DocumentColumn, line: AnyDocument): string => {
    const { placed, group } = column;
    if (group !== undefined) {
      const value = (group.inLine ? line : body)[group.part.name];
      return value === undefined || rowsOf(group.part, group.inLine ? line : body).length === 0
        ? ''
        : JSON.stringify(value);
    }
    if (placed === undefined) return '';
    const { name } = placed.spec;
    const value =
      placed.group === 'head'
        ? head[name]
        : placed.group === 'line'
          ? line[name]
          : placed.part === undefined
            ? undefined
            : rowsOf(placed.part, body)[0]?.[name];
    return typeof value === 'string' ? value : '';
  };
  return (lines.length === 0 ? [{}] : lines).map((line) => columns.map((column) => cell(column, line)));
}
