/** Expected export refunds by age (预计退税账龄): what has been claimed and not received, and what is matched and not claimed yet. */
import { daysBetween, type IsoDate } from '../../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../../shared/contract/contract.ts';
import { fenOf, fenText } from '../../../../shared/stock/index.ts';
import type { Book } from '../book.ts';

type View = OutputOf<'refundAgeing.get'>;
type Bucket = View['rows'][number]['bucket'];

const bounds: readonly (readonly [Bucket, number])[] = [
  ['0-30', 30],
  ['31-60', 60],
  ['61-90', 90],
  ['91-180', 180],
  ['181-365', 365],
];
const bucketOf = (days: number): Bucket => bounds.find(([, last]) => days <= last)?.[0] ?? 'over-365';

/**
 * Refunds of matched export lines from the day of export to `date`. What was received (refund-received) takes off the oldest claimed ones
 * first: money from the tax office names no lines.
 */
export function refundAgeing(book: Book, date: IsoDate): View {
  const rows = book
    .prepare(
      `SELECT e.export_date AS date, e.claimed_period IS NOT NULL AS isClaimed, sum(m.refund_fen) AS fen, count(DISTINCT e.id) AS lines
       FROM refund_match m JOIN export_line e ON e.id = m.export_line_id WHERE e.export_date <= ? GROUP BY 1, 2 ORDER BY 1, 2 DESC`,
    )
    .all(date) as { date: IsoDate; isClaimed: number; fen: number; lines: number }[];
  const received = (
    book
      .prepare(
        `SELECT json_extract(body, '$.refund') AS refund FROM source_document WHERE kind = 'refund-received' AND state = 'posted' AND date <= ?`,
      )
      .all(date) as { refund: string }[]
  ).reduce((sum, { refund }) => sum + fenOf(refund), 0);
  const sums = new Map<Bucket, { claimed: number; unclaimed: number; lines: number }>(
    [...bounds.map(([bucket]) => bucket), 'over-365' as const].map((bucket) => [
      bucket,
      { claimed: 0, unclaimed: 0, lines: 0 },
    ]),
  );
  let paid = received;
  for (const row of rows) {
    const sum = sums.get(bucketOf(daysBetween(row.date, date)));
    if (sum === undefined) continue;
    if (row.isClaimed === 0) sum.unclaimed += row.fen;
    else {
      const settled = Math.min(paid, row.fen);
      paid -= settled;
      if (settled === row.fen && row.fen > 0) continue;
      sum.claimed += row.fen - settled;
    }
    sum.lines += row.lines;
  }
  const total = (of: 'claimed' | 'unclaimed'): string =>
    fenText([...sums.values()].reduce((all, one) => all + one[of], 0));
  return {
    rows: [...sums].map(([bucket, { claimed, unclaimed, lines }]) => ({
      ...{ bucket, lines },
      claimed: fenText(claimed),
      unclaimed: fenText(unclaimed),
    })),
    claimed: total('claimed'),
    unclaimed: total('unclaimed'),
  };
}
