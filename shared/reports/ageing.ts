/** Ageing (账龄): what of each item is still open when payments settle the oldest first (FIFO). */
import { daysBetween } from './periods.ts';

/** A posting on what is owed: positive makes it more, negative pays it. */
export interface AgedPosting {
  readonly date: string;
  readonly voucherId: number;
  /** The voucher that this one takes back. */
  readonly reverses: number | null;
  readonly minor: bigint;
  readonly fen: bigint;
}

export interface Aged {
  /** Open amounts from the youngest bucket to the oldest, in minor units; zero or more. */
  readonly buckets: readonly bigint[];
  /** Paid beyond what was owed, zero or less. */
  readonly advance: bigint;
  /** Sum of buckets and advance: the balance. */
  readonly total: bigint;
  readonly totalFen: bigint;
  /** Day of the oldest item that is open. */
  readonly oldest: string | undefined;
}

/** Which bucket an age of so many days falls into; `bounds` are upper bounds, both included, ascending. */
export function bucketOf(days: number, bounds: readonly number[]): number {
  const at = bounds.findIndex((bound) => days <= bound);
  return at < 0 ? bounds.length : at;
}

/**
 * Ages the postings of one party or order in one currency, oldest first, up to a day. A reversed voucher and its reversal
 * take each other away before anything is settled; a payment made ahead settles what comes after it.
 */
export function age(postings: readonly AgedPosting[], asOf: string, bounds: readonly number[]): Aged {
  const byVoucher = new Map<number, bigint>();
  for (const { voucherId, minor } of postings) byVoucher.set(voucherId, (byVoucher.get(voucherId) ?? 0n) + minor);
  const gone = new Set<number>();
  for (const { voucherId, reverses } of postings) {
    if (reverses === null || gone.has(reverses)) continue;
    const reversed = byVoucher.get(reverses);
    if (reversed !== undefined && reversed === -(byVoucher.get(voucherId) ?? 0n)) gone.add(voucherId).add(reverses);
  }

  const items: { date: string; left: bigint }[] = [];
  let first = 0;
  let ahead = 0n;
  let total = 0n;
  let totalFen = 0n;
  for (const { date, voucherId, minor, fen } of postings) {
    total += minor;
    totalFen += fen;
    if (gone.has(voucherId) || minor === 0n) continue;
    if (minor > 0n) {
      const settled = ahead < minor ? ahead : minor;
      ahead -= settled;
      if (minor > settled) items.push({ date, left: minor - settled });
      continue;
    }
    let paid = -minor;
    for (let item = items[first]; paid > 0n && item !== undefined; item = items[first]) {
      const settled = item.left < paid ? item.left : paid;
      item.left -= settled;
      paid -= settled;
      if (item.left === 0n) first += 1;
    }
    ahead += paid;
  }
  const buckets = [...bounds, 0].map(() => 0n);
  for (const item of items.slice(first)) {
    const at = bucketOf(daysBetween(item.date, asOf), bounds);
    buckets[at] = (buckets[at] ?? 0n) + item.left;
  }
  return { buckets, advance: -ahead, total, totalFen, oldest: items[first]?.date };
}
