/** Receipts and payments across the border (收付汇): what of the money records counts, by day and currency, and row by row. */
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';

export type FlowDirection = 'receipts' | 'payments';

/**
 * A record counts when money crosses the border: in or out of an account at home, or from an own account abroad to one at home and
 * back (what a marketplace paid into a wallet abroad is a receipt when it comes home, and only then). Money given back is declared on its own
 * side, but is neither proceeds nor a purchase: `isRefund` tells it. A receipt that was netted (轧差) counts with its gross proceeds, as its restored leg is declared. Money of a person,
 * from within the country, or under a transaction code that is not one of goods (货物贸易, `12`…) is left out.
 */
const flows = `SELECT 'record' AS ofKind, r.id, r.number, r.date, r.currency, coalesce(n.gross_minor, r.amount_minor) AS minor,
    CASE WHEN n.id IS NULL THEN r.usd_minor WHEN n.currency = 'USD' THEN n.gross_minor END AS usdMinor, r.counterparty, r.reference,
    r.kind IN ('refund-in','refund-out') AS isRefund,
    CASE
      WHEN n.id IS NOT NULL THEN 'receipts'
      WHEN r.kind IN ('receipt','refund-in') AND a.place = 'home' THEN 'receipts'
      WHEN r.kind IN ('payment','refund-out') AND a.place = 'home' THEN 'payments'
      WHEN r.kind IN ('transfer','settlement','exchange') AND a.place = 'abroad' AND t.place = 'home' THEN 'receipts'
      WHEN r.kind IN ('transfer','exchange') AND a.place = 'home' AND t.place = 'abroad' THEN 'payments'
    END AS direction
  FROM money_record r JOIN money_account a ON a.id = r.account_id LEFT JOIN money_account t ON t.id = r.to_account_id
    LEFT JOIN netting n ON n.record_id = r.id AND n.state = 'confirmed'
  WHERE r.state = 'entered' AND r.date BETWEEN :from AND :to AND a.owner_kind <> 'person'
    AND coalesce(json_extract(r.detail, '$.crossBorder'), 1) = 1
    AND (n.id IS NOT NULL OR coalesce(json_extract(r.detail, '$.codes[0].code'), '12') LIKE '12%')
  UNION ALL
  SELECT 'netting', n.id, n.number, n.date, n.currency, n.gross_minor, iif(n.currency = 'USD', n.gross_minor, NULL), n.counterparty,
    n.goods_evidence, 0, 'receipts' FROM netting n
  WHERE n.state = 'confirmed' AND n.record_id IS NULL AND n.date BETWEEN :from AND :to`;

/** Records of one direction, day and currency. */
export interface FlowGroup {
  readonly direction: FlowDirection;
  readonly date: string;
  readonly currency: string;
  readonly count: number;
  readonly minor: number;
  /** Of those that carry their value in cents of USD, and what the others come to in the currency. */
  readonly usdMinor: number;
  readonly unratedMinor: number;
  readonly unratedCount: number;
}

/**
 * Flows of a range, by day: few rows however many records there are. Total-amount indicators (F05) take refunds in, the yearly limit of the
 * list (F03) leaves them out.
 */
export function flowGroups(
  book: Book,
  from: string,
  to: string,
  { refunds }: { readonly refunds: boolean },
): FlowGroup[] {
  return book
    .prepare(
      `SELECT direction, date, currency, count(*) AS count, sum(minor) AS minor, coalesce(sum(usdMinor), 0) AS usdMinor,
         coalesce(sum(CASE WHEN usdMinor IS NULL THEN minor END), 0) AS unratedMinor, sum(usdMinor IS NULL) AS unratedCount
       FROM (${flows}) WHERE direction IS NOT NULL ${refunds ? '' : 'AND NOT isRefund'} GROUP BY date, direction, currency ORDER BY date, direction, currency`,
    )
    .all({ from, to }) as FlowGroup[];
}

export interface FlowRow {
  /** A record, or a netting sheet that left nothing over. */
  readonly ofKind: 'record' | 'netting';
  readonly id: number;
  readonly number: string;
  readonly date: string;
  readonly currency: string;
  readonly minor: number;
  readonly usdMinor: number | null;
  readonly counterparty: string;
  readonly reference: string;
}

/** Records of one direction in a range that count towards the yearly limit, newest first. */
export function listFlows(
  book: Book,
  filter: { readonly direction: FlowDirection; readonly from: string; readonly to: string; readonly withCny: boolean },
  page: { readonly after?: string | undefined; readonly limit: number },
): { rows: FlowRow[]; total: number; nextCursor?: string } {
  const [date, ofKind, id] = decodeCursor(page.after, ['9999-99-99', '~', Number.MAX_SAFE_INTEGER]);
  const { direction, from, to } = filter;
  const where = `direction = :direction AND NOT isRefund ${filter.withCny ? '' : `AND currency <> 'CNY'`}`;
  const rows = book
    .prepare(
      `SELECT * FROM (${flows}) WHERE ${where} AND (date, ofKind, id) < (:lastDate, :lastKind, :lastId)
       ORDER BY date DESC, ofKind DESC, id DESC LIMIT :limit`,
    )
    .all({ direction, from, to, lastDate: date, lastKind: ofKind, lastId: id, limit: page.limit }) as FlowRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM (${flows}) WHERE ${where}`).get({ direction, from, to }) as {
    n: number;
  };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.date, last.ofKind, last.id]) }
      : {}),
  };
}
