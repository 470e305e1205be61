import { isAscii } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import iconv from 'iconv-lite';
import { PortbookError } from '../../../shared/errors.ts';
import type { PayoutRow } from '../../../shared/payouts/index.ts';
import { limits } from './source.ts';

/**
 * Tab-separated text without quotes, as settlement reports come: a quote or a comma is a character like any other. Tabs are found in
 * the bytes, and only the cells that are asked for become text, which is what makes it quick: most of a settlement's columns nobody
 * needs.
 */

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const minus = 0x2d;
const period = 0x2e;
const zero = 0x30;
/** Characters of an amount that a number holds exactly. */
const longestAmount = 16;

/** Bytes that are turned into text at once, up to the end of a line. */
const pieceBytes = 128 * 1024;
/** Pieces between two moments in which other work of the process gets its turn. */
const piecesAtOnce = 24;

/** Characters of a piece by their place. */
interface Piece {
  readonly codes: Uint8Array | Uint16Array;
  slice(from: number, to: number): string;
}

/** One row, the same object for all: read it before the next. */
class FlatRow implements PayoutRow {
  #piece: Piece = { codes: new Uint8Array(), slice: () => '' };
  #codes = this.#piece.codes;
  /** Where the cells begin, and where those of the row before did. */
  #starts: Int32Array;
  #startsBefore: Int32Array;
  #cellsBefore = 0;
  /** The text last cut out of each column and where it stood: most cells repeat the one above. */
  readonly #known: string[];
  readonly #knownAt: Int32Array;
  no = 0;
  cells = 0;

  constructor(columns: number) {
    this.#starts = new Int32Array(columns + 1);
    this.#startsBefore = new Int32Array(columns + 1);
    this.#known = new Array<string>(columns).fill('');
    this.#knownAt = new Int32Array(columns);
  }

  use(piece: Piece): void {
    this.#piece = piece;
    this.#codes = piece.codes;
    this.#known.fill('');
    this.cells = 0;
    this.#cellsBefore = 0;
  }

  /** Moves to the line that begins here. @returns where the next begins */
  moveTo(from: number): number {
    if (this.cells > 0) {
      [this.#starts, this.#startsBefore] = [this.#startsBefore, this.#starts];
      this.#cellsBefore = this.cells;
    }
    const codes = this.#codes;
    const starts = this.#starts;
    const { length } = codes;
    const most = starts.length - 1;
    let cell = 0;
    let at = from;
    starts[0] = from;
    for (; at < length; at += 1) {
      const code = codes[at] ?? 0;
      if (code > newline) continue;
      if (code === tab) {
        if (cell < most) {
          cell += 1;
          starts[cell] = at + 1;
        }
      } else if (code === newline) break;
    }
    const end = at > from && codes[at - 1] === carriageReturn ? at - 1 : at;
    if (cell < most) {
      cell += 1;
      starts[cell] = end + 1;
    }
    this.cells = end === from ? 0 : cell;
    return at + 1;
  }

  text(column: number): string {
    if (column < 0 || column >= this.cells) return '';
    const codes = this.#codes;
    let from = this.#starts[column] ?? 0;
    let to = (this.#starts[column + 1] ?? 1) - 1;
    while (to > from && (codes[to - 1] ?? 0) <= blank) to -= 1;
    if (to === from) return '';
    while ((codes[from] ?? 0) <= blank) from += 1;
    const known = this.#known[column] ?? '';
    if (known.length === to - from) {
      const before = (this.#knownAt[column] ?? 0) - from;
      // From the end: what differs between two cells of a column mostly differs there.
      let at = to - 1;
      while (at >= from && codes[at] === codes[at + before]) at -= 1;
      if (at < from) return known;
    }
    const text = this.#piece.slice(from, to);
    this.#known[column] = text;
    this.#knownAt[column] = from;
    return text;
  }

  is(column: number, wanted: string): boolean {
    if (column < 0 || column >= this.cells) return wanted === '';
    const from = this.#starts[column] ?? 0;
    const { length } = wanted;
    const own = (this.#starts[column + 1] ?? 1) - 1 - from;
    // Blanks around the text take the longer way.
    if (own !== length) return own > length && this.text(column) === wanted;
    const codes = this.#codes;
    let at = length - 1;
    while (at >= 0 && codes[from + at] === wanted.charCodeAt(at)) at -= 1;
    return at < 0;
  }

  minor(column: number, exponent: number): number | undefined {
    if (column < 0 || column >= this.cells) return undefined;
    const codes = this.#codes;
    let at = this.#starts[column] ?? 0;
    const to = (this.#starts[column + 1] ?? 1) - 1;
    if (to === at || to - at > longestAmount) return undefined;
    const isNegative = codes[at] === minus;
    if (isNegative) at += 1;
    const point = exponent === 0 ? to : to - exponent - 1;
    if (point <= at) return undefined;
    let value = 0;
    for (; at < to; at += 1) {
      const digit = (codes[at] ?? 0) - zero;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (at !== point || codes[at] !== period) return undefined;
    }
    if (exponent > 0 && codes[point] !== period) return undefined;
    return isNegative && value !== 0 ? -value : value;
  }

  isNumber(): boolean {
    return false;
  }

  repeats(columns: readonly number[]): boolean {
    const codes = this.#codes;
    const least = Math.min(this.cells, this.#cellsBefore);
    for (const column of columns) {
      if (column >= least) return false;
      const from = this.#starts[column] ?? 0;
      const to = this.#starts[column + 1] ?? 0;
      const before = (this.#startsBefore[column] ?? 0) - from;
      if ((this.#startsBefore[column + 1] ?? 0) - before !== to) return false;
      // The tab after the cell is the same anyway.
      let at = to - 2;
      while (at >= from && codes[at] === codes[at + before]) at -= 1;
      if (at >= from) return false;
    }
    return true;
  }
}

/** The encodings of {@link FlatFile} in which a byte below 0x30 is always the character itself. */
const byteEncodings = ['utf8', 'gb18030', 'windows-1252'];

export class FlatFile {
  readonly #bytes: Buffer;
  readonly #encoding: string;
  readonly headers: readonly string[];

  /** @param encoding of the bytes: `utf8`, `gb18030`, `windows-1252`, `utf16le` or `utf16be` */
  constructor(bytes: Buffer, encoding: string) {
    const isBytewise = byteEncodings.includes(encoding);
    this.#bytes = isBytewise ? bytes : Buffer.from(iconv.decode(bytes, encoding), 'utf8');
    this.#encoding = isBytewise ? encoding : 'utf8';
    this.headers = this.#headersOf(this.#pieceAt(0));
  }

  #headersOf({ codes, slice }: Piece): string[] {
    const end = codes.indexOf(newline);
    return slice(0, end < 0 ? codes.length : end)
      .split('\t')
      .map((header) => header.trim());
  }

  /** The whole lines of some bytes from here, and at least one. */
  #pieceAt(from: number): Piece & { readonly next: number } {
    const bytes = this.#bytes;
    let to = bytes.lastIndexOf(newline, from + pieceBytes) + 1;
    if (to <= from) to = bytes.indexOf(newline, from) + 1;
    if (to <= from || from + pieceBytes >= bytes.length) to = bytes.length;
    const piece = bytes.subarray(from, to);
    if (isAscii(piece)) return { codes: piece, slice: (start, end) => piece.toString('latin1', start, end), next: to };
    const text = iconv.decode(piece, this.#encoding, { stripBOM: from === 0 });
    const wide = Buffer.from(text, 'utf16le');
    return {
      codes: new Uint16Array(wide.buffer, wide.byteOffset, text.length),
      slice: (start, end) => text.slice(start, end),
      next: to,
    };
  }

  /** Hands over the rows below the header; stops when `onRow` returns false. Refusals: `FILE_TOO_MANY_ROWS`, `CANCELLED`. */
  async read(onRow: (row: PayoutRow) => boolean, signal?: AbortSignal): Promise<void> {
    const row = new FlatRow(this.headers.length);
    let no = 0;
    let pieces = 0;
    for (let from = 0; from < this.#bytes.length; ) {
      const piece = this.#pieceAt(from);
      from = piece.next;
      row.use(piece);
      for (let at = 0; at < piece.codes.length; ) {
        at = row.moveTo(at);
        no += 1;
        if (no === 1 || row.cells === 0) continue;
        row.no = no;
        if (no > limits.rows) throw new PortbookError('FILE_TOO_MANY_ROWS', { limit: limits.rows });
        if (!onRow(row)) return;
      }
      pieces += 1;
      if (pieces % piecesAtOnce === 0) {
        await setImmediate();
        if (signal?.aborted === true) throw new PortbookError('CANCELLED');
      }
    }
  }
}
