import type { Book } from '../book.ts';

/** A voucher with its postings, as a plain-text journal needs it. */
export interface JournalVoucher {
  readonly id: number;
  readonly period: string;
  readonly number: number;
  readonly date: string;
  readonly text: string;
  readonly rule: string;
  readonly reverses: number | null;
  readonly postings: readonly JournalPosting[];
}

export interface JournalPosting {
  readonly account: string;
  readonly currency: string;
  readonly minor: number;
  readonly fen: number;
  readonly text: string | null;
  readonly qtyE5: number | null;
  readonly closing: number;
  readonly party: string | null;
  readonly orderNo: string | null;
  readonly shipmentNo: string | null;
  readonly sku: string | null;
  readonly store: string | null;
}

const CHUNK = 2000;

interface StoredLine extends JournalPosting {
  readonly id: number;
  readonly period: string;
  readonly number: number;
  readonly date: string;
  readonly voucherText: string;
  readonly rule: string;
  readonly reverses: number | null;
}

/**
 * Every voucher by date, in chunks that leave the connection free in between. Vouchers are never changed, so what was there at
 * the start is the same book however long it takes; later ones are not in it.
 */
export function* journalOf(book: Book): Generator<readonly JournalVoucher[]> {
  const { last } = book.prepare('SELECT coalesce(max(id), 0) AS last FROM voucher').get() as { last: number };
  const statement = book.prepare(
    `SELECT v.id, v.period, v.number, v.date, v.text AS voucherText, v.rule, v.reverses, p.account, p.currency,
       p.amount_minor AS minor, p.cny_fen AS fen, p.text, p.qty_e5 AS qtyE5, p.closing, y.name AS party, o.order_no AS orderNo,
       s.shipment_no AS shipmentNo, p.sku, p.store
     FROM (SELECT * FROM voucher WHERE (date, id) > (?, ?) AND id <= ? ORDER BY date, id LIMIT ${CHUNK}) v
       JOIN posting p ON p.voucher_id = v.id LEFT JOIN party y ON y.id = p.party_id
       LEFT JOIN sales_order o ON o.id = p.order_id LEFT JOIN shipment s ON s.id = p.shipment_id
     ORDER BY v.date, v.id, p.position`,
  );
  for (let from: [string, number] = ['', 0]; ; ) {
    const lines = statement.all(from[0], from[1], last) as StoredLine[];
    const vouchers: (Omit<JournalVoucher, 'postings'> & { postings: JournalPosting[] })[] = [];
    for (const line of lines) {
      const open = vouchers.at(-1);
      if (open?.id === line.id) open.postings.push(line);
      else {
        const { id, period, number, date, voucherText, rule, reverses } = line;
        vouchers.push({ id, period, number, date, text: voucherText, rule, reverses, postings: [line] });
      }
    }
    const end = vouchers.at(-1);
    if (end === undefined) return;
    yield vouchers;
    from = [end.date, end.id];
  }
}

/** How many vouchers there are. */
export function countVouchers(book: Book): number {
  return (book.prepare('SELECT count(*) AS n FROM voucher').get() as { n: number }).n;
}

/** The first day of the book, and the currencies that were posted in. */
export function journalFacts(book: Book): { firstDate: string | undefined; currencies: readonly string[] } {
  const { first } = book.prepare('SELECT min(date) AS first FROM voucher').get() as { first: string | null };
  const rows = book.prepare('SELECT DISTINCT currency FROM balance ORDER BY currency').all() as { currency: string }[];
  return { firstDate: first ?? undefined, currencies: rows.map(({ currency }) => currency) };
}
