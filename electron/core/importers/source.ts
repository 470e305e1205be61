import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportFinding } from '../../../shared/contract/imports.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { SourceRow } from '../../../shared/import/cells.ts';
import { openCsv, utf16Of } from './csv.ts';
import { openJson } from './json.ts';
import { isMarkup, openMessage } from './message-file.ts';
import { openXlsx } from './xlsx.ts';

/** The most rows, bytes and unpacked bytes of a file: above them it is not an order report but a mistake or an attack. */
export const limits = {
  rows: 500_000,
  fileBytes: 128 * 1_048_576,
  unpackedBytes: 1024 * 1_048_576,
  columns: 512,
} as const;

/** A file's rows, sheet by sheet. A text or JSON file is one sheet. */
export interface RowSource {
  readonly sheets: readonly string[];
  /** How many rows the file says it has; 0 when it does not say. */
  rowsOf(sheet: string): number;
  /**
   * Hands over the rows from the top, blank ones left out; stops when `onRow` returns false. Between the pieces of the
   * file other work of the process gets its turn, and `signal` is honoured (`CANCELLED`).
   */
  read(sheet: string, onRow: (row: SourceRow) => boolean, signal?: AbortSignal): Promise<void>;
  /** What was odd about the file as such. */
  readonly findings?: readonly ImportFinding[];
}

export interface SourceFile {
  readonly name: string;
  readonly sha256: string;
  readonly rows: RowSource;
}

/**
 * Opens a spreadsheet or text file. The format is told by the first bytes, never by the name. The whole file is read at
 * once, so that what is hashed is what is imported even when another program saves over it.
 *
 * Refusals: `FILE_MISSING`, `FILE_UNREADABLE`, `FILE_EMPTY`, `FILE_TOO_LARGE`, `FILE_OLD_EXCEL` (.xls, or an .xlsx with a
 * password), `FILE_IS_HTML`, `FILE_XML_UNKNOWN` {root}, `FILE_NOT_TABLE`, `FILE_DAMAGED`, `FILE_ENCRYPTED`, `FILE_TOO_LARGE_UNPACKED`, `FILE_NO_SHEET`,
 * `FILE_IS_RECEIPT` {message} for a receipt of customs, which is no table.
 */
export async function openSource(path: string): Promise<SourceFile> {
  const bytes = await readBytes(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name: basename(path), sha256, rows: await openRows(bytes) };
}

/** The bytes of a file within the limits. Refusals: `FILE_MISSING`, `FILE_UNREADABLE`, `FILE_EMPTY`, `FILE_TOO_LARGE`. */
export async function readBytes(path: string): Promise<Buffer> {
  const name = basename(path);
  try {
    const { size } = await stat(path);
    if (size === 0) throw new PortbookError('FILE_EMPTY', { name });
    if (size > limits.fileBytes)
      throw new PortbookError('FILE_TOO_LARGE', { name, limitMb: limits.fileBytes / 1_048_576 });
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && !(error instanceof PortbookError)) {
      throw new PortbookError(error.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE', {
        name,
        detail: String(error.code),
      });
    }
    throw error;
  }
}

/** The rows of a file's bytes; the format is told by the first of them. Refusals: see {@link openSource}. */
export function openRows(bytes: Buffer): RowSource | Promise<RowSource> {
  const head = bytes.subarray(0, 8).toString('latin1');
  if (head.startsWith('PK\x03\x04')) return openXlsx(bytes, limits);
  if (head.startsWith('\xd0\xcf\x11\xe0')) throw new PortbookError('FILE_OLD_EXCEL');
  // Many back offices save a web page under the name of a spreadsheet.
  if (isMarkup(bytes)) {
    const rows = openMessage(bytes);
    if (rows !== undefined) return rows;
    const start = bytes.subarray(0, 4096).toString('utf8');
    if (/^\s*(?:\ufeff)?\s*<(?:!doctype|html|table|meta)/i.test(start)) throw new PortbookError('FILE_IS_HTML');
    if (/^\s*(?:\ufeff)?\s*<\?xml/i.test(start)) {
      const root = /<([A-Za-z_][^\s/>]{0,60})/.exec(start)?.[1] ?? '';
      throw root.toLowerCase() === 'html'
        ? new PortbookError('FILE_IS_HTML')
        : new PortbookError('FILE_XML_UNKNOWN', { root });
    }
  }
  if (bytes.subarray(0, 4096).includes(0) && !hasUtf16Mark(bytes) && utf16Of(bytes) === undefined)
    throw new PortbookError('FILE_NOT_TABLE');
  const mayBeJson = /^(?:\ufeff)?\s*[[{]/.test(bytes.subarray(0, 64).toString('utf8'));
  return (mayBeJson ? openJson(bytes, limits) : undefined) ?? openCsv(bytes, limits);
}

function hasUtf16Mark(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
