import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { PortbookError } from '../../../shared/errors.ts';
import { type CellKind, cellKinds, type SourceRow } from '../../../shared/import/cells.ts';
import type { limits, RowSource } from './source.ts';

type Limits = typeof limits;

/** The one sheet of a text file. */
export const csvSheet = 'CSV';

const delimiters = [',', '\t', ';', '|'] as const;

/** The longest piece of a character that a file broken off in its middle can end in. */
const brokenTail = 3;

/**
 * The encoding of a text file: by its mark, by the empty bytes of UTF-16, else UTF-8 when every byte fits but for a last
 * character that was cut off, else GB18030, which is what spreadsheet programs on Chinese Windows save.
 */
export function encodingOf(bytes: Buffer): 'utf8' | 'utf16le' | 'utf16be' | 'gb18030' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf16be';
  const bare = utf16Of(bytes);
  if (bare !== undefined) return bare;
  for (let cut = 0; cut <= Math.min(brokenTail, bytes.length - 1); cut += 1)
    if (isUtf8(bytes.subarray(0, bytes.length - cut))) return 'utf8';
  return 'gb18030';
}

/** UTF-16 without its mark: the high bytes of digits, commas and line ends are all zero, and always on the same side. */
export function utf16Of(bytes: Buffer): 'utf16le' | 'utf16be' | undefined {
  const head = bytes.subarray(0, 4096);
  let even = 0;
  let odd = 0;
  for (const [at, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  if (bytes.length % 2 !== 0 || even + odd < head.length / 8) return undefined;
  // A character such as 言 (U+8A00) has its own zero on the other side.
  return odd > even * 8 ? 'utf16le' : even > odd * 8 ? 'utf16be' : undefined;
}

/**
 * The delimiter that splits the first lines into the most even columns. Quoted text does not count: addresses are full
 * of commas.
 */
export function delimiterOf(sample: string): string {
  const lines = logicalLines(sample, 20);
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const filled = counts.filter((count) => count > 0);
    if (filled.length === 0) continue;
    const usual = [...filled].sort((a, b) => a - b)[Math.floor(filled.length / 2)] ?? 0;
    const even = filled.filter((count) => count === usual).length;
    const score = (even / lines.length) * 100 + Math.min(usual, 50);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** The first records, with everything between quotes taken out. */
function logicalLines(sample: string, most: number): string[] {
  const bare = sample.replace(/"(?:[^"]|"")*"/g, '""');
  const lines = bare.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  // The sample may end in the middle of a line.
  if (lines.length > 1) lines.pop();
  return lines.slice(0, most);
}

/** How many characters of the file are looked at to find the delimiter. */
const sampleLength = 64 * 1024;
const pieceBytes = 256 * 1024;

/** Reads delimited text from memory. Refusals: `CSV_BROKEN`, `FILE_TOO_MANY_ROWS`, `CANCELLED`. */
export function openCsv(bytes: Buffer, limit: Limits): RowSource {
  const encoding = encodingOf(bytes);
  const sample = iconv.decode(bytes.subarray(0, sampleLength), encoding);
  const delimiter = delimiterOf(sample);
  return {
    sheets: [csvSheet],
    rowsOf: () => 0,
    read: async (sheet, onRow, signal) => {
      if (sheet !== csvSheet) throw new PortbookError('SHEET_UNKNOWN', { sheet });
      const rows = rowMaker(limit, onRow);
      const source = Readable.from(decodedPieces(bytes, encoding));
      const parser = source.pipe(parse({ delimiter, relax_column_count: true, relax_quotes: true }));
      let count = 0;
      try {
        for await (const record of parser) {
          count += 1;
          if (count % 1000 === 0 && signal?.aborted === true) throw new PortbookError('CANCELLED');
          if (!rows(record as string[])) return;
        }
      } catch (error) {
        throw csvRefusal(error);
      } finally {
        source.destroy();
      }
    },
  };
}

async function* decodedPieces(bytes: Buffer, encoding: string): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    let text = decoder.write(bytes.subarray(at, at + pieceBytes));
    if (at + pieceBytes >= bytes.length) text += decoder.end() ?? '';
    text = at === 0 ? text.replace(/^\ufeff/, '') : text;
    if (text !== '') yield text;
    // Other work of the core gets its turn between the pieces.
    await setImmediate();
  }
}

function csvRefusal(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = 'lines' in error ? Number(error['lines']) : 0;
  return new PortbookError('CSV_BROKEN', { line, detail: error.code });
}

/** `"1,234.50"⇥`: banks pad cells behind their closing quote, which a parser then takes for a part of the text. */
function isPadded(text: string): boolean {
  return text.charCodeAt(0) === 0x22 && text.length > 2 && /"\s+$/.test(text);
}

function unquoted(text: string): string {
  return text.trimEnd().slice(1, -1).replaceAll('""', '"');
}

/** Numbers records as a spreadsheet program would and passes those with any content on. */
function rowMaker(limit: Limits, onRow: (row: SourceRow) => boolean): (record: readonly string[]) => boolean {
  let no = 0;
  let rows = 0;
  return (record) => {
    no += 1;
    const cells = record.length > limit.columns ? record.slice(0, limit.columns) : record;
    const texts = cells.some(isPadded) ? cells.map((cell) => (isPadded(cell) ? unquoted(cell) : cell)) : cells;
    const kinds: CellKind[] = texts.map((text) => (text === '' ? cellKinds.empty : cellKinds.text));
    if (texts.every((text) => text === '' || text.trim() === '')) return true;
    rows += 1;
    if (rows > limit.rows) throw new PortbookError('FILE_TOO_MANY_ROWS', { limit: limit.rows });
    return onRow({ no, texts, kinds });
  };
}
