import type { LineColumns } from '../../../../shared/payouts/index.ts';

const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const open = 0x5b;
const close = 0x5d;
const none = Buffer.from('null');

/** Room for what one step writes: a text apart, some numbers. */
const room = 256;

/** JSON put together from bytes: a string for each of its hundred thousands of small numbers would take most of the time. */
class JsonBytes {
  #bytes = Buffer.alloc(64 * 1024);
  #length = 0;

  /** Makes place for `bytes` more. */
  #reserve(bytes: number): void {
    if (this.#length + bytes > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length + bytes);
  }

  mark(code: number): void {
    this.#reserve(room);
    this.#bytes[this.#length] = code;
    this.#length += 1;
  }

  integer(value: number): void {
    this.#reserve(room);
    const bytes = this.#bytes;
    let rest = value;
    if (rest < 0) {
      bytes[this.#length] = minus;
      this.#length += 1;
      rest = -rest;
    }
    let digits = 1;
    for (let power = 10; power <= rest; power *= 10) digits += 1;
    for (let at = this.#length + digits - 1; at >= this.#length; at -= 1) {
      const tens = Math.floor(rest / 10);
      bytes[at] = zero + rest - tens * 10;
      rest = tens;
    }
    this.#length += digits;
  }

  integerOrNull(value: number | null): void {
    if (value === null) this.#length += none.copy(this.#bytes, this.#length);
    else this.integer(value);
  }

  text(value: string | null): void {
    const json = JSON.stringify(value);
    this.#reserve(3 * json.length + room);
    this.#length += this.#bytes.write(json, this.#length);
  }

  /** What was written; it stands until the next is begun. */
  take(): Buffer {
    const made = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return made;
  }
}

/**
 * Lines as `payout_block.lines` has them, in UTF-8: runs of lines that follow each other and differ in day and amount alone.
 * @param linesOfBlock how many lines a block has at most
 * @param dayIds by place of the day
 * @param refs by place of the order
 * @param write takes a block: its first line and the one after its last, from 0; the bytes are written over by the next
 */
export function writeBlocks(
  { row, day, order, sku, qtyE5, minor }: LineColumns,
  linesOfBlock: number,
  dayIds: readonly number[],
  refs: readonly number[],
  write: (from: number, to: number, json: Buffer) => void,
): void {
  const json = new JsonBytes();
  for (let from = 0; from < row.length; from += linesOfBlock) {
    const to = Math.min(row.length, from + linesOfBlock);
    json.mark(open);
    for (let at = from; at < to; ) {
      const first = at;
      const [place, rowOfFirst] = [order[at] ?? -1, row[at] ?? 0];
      const [ofSku, qty] = [sku[at] ?? null, qtyE5[at] ?? null];
      if (at > from) json.mark(comma);
      json.mark(open);
      json.integer(at - from);
      json.mark(comma);
      json.integer(rowOfFirst);
      json.mark(comma);
      json.integerOrNull(place < 0 ? null : (refs[place] ?? null));
      json.mark(comma);
      json.text(ofSku);
      json.mark(comma);
      json.integerOrNull(qty);
      json.mark(comma);
      json.mark(open);
      do {
        if (at > first) json.mark(comma);
        json.mark(open);
        json.integer(dayIds[day[at] ?? 0] ?? 0);
        json.mark(comma);
        json.integer(minor[at] ?? 0);
        json.mark(close);
        at += 1;
      } while (
        at < to &&
        order[at] === place &&
        sku[at] === ofSku &&
        qtyE5[at] === qty &&
        row[at] === rowOfFirst + at - first
      );
      json.mark(close);
      json.mark(close);
    }
    json.mark(close);
    write(from, to, json.take());
  }
}
