import { PortbookError } from '../../../shared/errors.ts';
import { type CellKind, cellKinds, numberText, type SourceRow } from '../../../shared/import/cells.ts';
import type { RowSource } from './source.ts';

const sheet = 'JSON';

type Record_ = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list of records: the document itself, or the first list of records in it. */
function recordsOf(value: unknown): readonly Record_[] | undefined {
  if (Array.isArray(value)) return value.length > 0 && value.every(isRecord) ? value : undefined;
  if (!isRecord(value)) return undefined;
  for (const inner of Object.values(value)) {
    const found = Array.isArray(inner) ? recordsOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function cellOf(value: unknown): { text: string; kind: CellKind } {
  if (value === null || value === undefined || value === '') return { text: '', kind: cellKinds.empty };
  if (typeof value === 'number') return { text: numberText(String(value)) ?? String(value), kind: cellKinds.number };
  return { text: typeof value === 'string' ? value : JSON.stringify(value), kind: cellKinds.text };
}

/**
 * A JSON file of records as rows: the names of their members are the header, in the order they first appear.
 * Undefined for text that is no JSON. Refusals: `FILE_NO_SHEET` where it has no list of records, `FILE_TOO_LARGE`.
 */
export function openJson(
  bytes: Buffer,
  limits: { readonly rows: number; readonly columns: number; readonly fileBytes: number },
): RowSource | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
  const records = recordsOf(value);
  if (records === undefined) throw new PortbookError('FILE_NO_SHEET');
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  if (records.length > limits.rows || names.length > limits.columns)
    throw new PortbookError('FILE_TOO_LARGE', { name: sheet, limitMb: limits.fileBytes / 1_048_576 });
  const rowOf = (record: Record_, no: number): SourceRow => {
    const cells = names.map((name) => cellOf(record[name]));
    return { no, texts: cells.map(({ text }) => text), kinds: cells.map(({ kind }) => kind) };
  };
  return {
    sheets: [sheet],
    rowsOf: () => records.length + 1,
    read: async (_sheet, onRow) => {
      if (!onRow({ no: 1, texts: names, kinds: names.map(() => cellKinds.text) })) return;
      for (const [index, record] of records.entries()) if (!onRow(rowOf(record, index + 2))) return;
    },
  };
}
