/**
 * Trade credit (贸易信贷) as the book shows it: advances without their goods, exports without their money; what a person has said of
 * them, items typed in, and the reports made of each.
 */
import type { TradeCreditKind } from '../../../../shared/rules/forex/trade-credit-report.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';

export type CreditOf = 'record' | 'declaration' | 'manual';

/** An item as the book has it now. Amounts in minor units of `currency`. */
export interface FoundCredit {
  readonly kind: TradeCreditKind;
  readonly ofKind: CreditOf;
  /** Id of the record, number of the declaration; of an item typed in its own id. */
  readonly ofId: string;
  readonly label: string;
  readonly counterparty: string;
  readonly country: string;
  readonly baseDate: string;
  readonly expectedDate: string | null;
  readonly currency: string;
  readonly minor: number;
  /** Of it by goods or money that the book knows. */
  readonly metMinor: number;
}

/**
 * Advances in foreign currency (预收, 预付): their goods are what they are allocated to once it has left, and money given back. CNY is
 * reported through RCPMIS by the bank, not here.
 */
export function advanceCredits(book: Book): FoundCredit[] {
  return book
    .prepare(
      `SELECT iif(r.kind = 'receipt', 'prepay', 'payAdvance') AS kind, 'record' AS ofKind, CAST(r.id AS TEXT) AS ofId, r.number AS label,
         r.counterparty, r.counterparty_country AS country, r.date AS baseDate, r.expected_on AS expectedDate, r.currency,
         r.amount_minor + r.fee_minor AS minor,
         min(r.amount_minor + r.fee_minor, coalesce((SELECT sum(a.amount_minor) FROM allocation a LEFT JOIN sales_order o ON o.id = a.order_id
           WHERE a.record_id = r.id AND (a.target_kind = 'declaration' OR (a.target_kind = 'order' AND
             (o.state = 'released' OR EXISTS (SELECT 1 FROM export_share e WHERE e.order_id = o.id))))), 0)
         + coalesce((SELECT sum(b.amount_minor) FROM money_record b
           WHERE b.refunds_id = r.id AND b.state = 'entered' AND b.currency = r.currency), 0)) AS metMinor
       FROM money_record r WHERE r.nature = 'advance' AND r.kind IN ('receipt','payment') AND r.state = 'entered' AND r.currency <> 'CNY'
       ORDER BY r.date, r.id`,
    )
    .all() as FoundCredit[];
}

/**
 * Exports not paid for in full (延期收款), by declaration and currency: lines up to `exportedTo`, and later ones whose contract names the
 * day of receipt. What an order has received pays its lists in the order they left.
 */
export function deferredReceipts(book: Book, exportedTo: string): FoundCredit[] {
  return book
    .prepare(
      `WITH unpaid AS (
         SELECT declaration_no, currency, order_id, min(export_date) AS base, max(contract_receipt_date) AS expected, sum(fob_minor) AS fob,
           max(country) AS country
         FROM export_share WHERE received_on IS NULL AND deemed_received IS NULL AND currency <> 'CNY'
           AND (export_date <= :exportedTo OR contract_receipt_date IS NOT NULL)
         GROUP BY declaration_no, currency, order_id),
       paid AS (
         SELECT o.id, o.currency, o.settled_minor + o.charge_minor - coalesce((SELECT sum(x.fob_minor) FROM export_share x
             WHERE x.order_id = o.id AND (x.received_on IS NOT NULL OR x.deemed_received IS NOT NULL)), 0) AS left
         FROM sales_order o WHERE o.settled_minor > 0 AND o.id IN (SELECT order_id FROM unpaid)),
       covered AS (
         SELECT u.declaration_no, u.currency, max(0, min(u.fob, p.left
             - (sum(u.fob) OVER (PARTITION BY u.order_id, u.currency ORDER BY u.base, u.declaration_no) - u.fob))) AS met
         FROM paid p JOIN unpaid u ON u.order_id = p.id AND u.currency = p.currency),
       met AS (SELECT declaration_no, currency, sum(met) AS met FROM covered GROUP BY declaration_no, currency)
       SELECT 'deferIn' AS kind, 'declaration' AS ofKind, u.declaration_no AS ofId, u.declaration_no AS label, '' AS counterparty,
         coalesce(max(u.country), '') AS country, min(u.base) AS baseDate, max(u.expected) AS expectedDate, u.currency, sum(u.fob) AS minor,
         min(sum(u.fob), coalesce(max(m.met), 0) + coalesce(max(d.settled_minor + d.charge_minor), 0)) AS metMinor
       FROM unpaid u LEFT JOIN met m ON m.declaration_no = u.declaration_no AND m.currency = u.currency
         LEFT JOIN declaration_settled d ON d.declaration_no = u.declaration_no AND d.currency = u.currency
       GROUP BY u.declaration_no, u.currency HAVING minor > metMinor ORDER BY baseDate, ofId, u.currency`,
    )
    .all({ exportedTo }) as FoundCredit[];
}

/** What a person has said of an item, or an item typed in. */
export interface StoredCredit {
  readonly id: number;
  readonly kind: TradeCreditKind;
  readonly ofKind: CreditOf;
  readonly ofId: string;
  readonly baseDate: string;
  readonly expectedDate: string | null;
  readonly currency: string;
  readonly minor: number;
  readonly settledMinor: number;
  readonly counterparty: string;
  readonly country: string;
  readonly reference: string;
  readonly note: string;
  readonly state: 'open' | 'dismissed';
  readonly reason: string;
}

const creditColumns = `c.id, c.kind, c.of_kind AS ofKind, c.of_id AS ofId, c.base_date AS baseDate, c.expected_date AS expectedDate, c.currency,
  c.amount_minor AS minor, c.settled_minor AS settledMinor, c.counterparty, c.country, c.reference, c.note, c.state, c.reason`;

/** All that a person has said, by id. */
export function storedCredits(book: Book): StoredCredit[] {
  return book.prepare(`SELECT ${creditColumns} FROM trade_credit c ORDER BY c.id`).all() as StoredCredit[];
}

/** Keeps an item that is spoken of for the first time. @returns its id */
export function keepCredit(book: Book, found: FoundCredit, now: string): number {
  const { kind, ofKind, ofId, baseDate, expectedDate, currency, minor, counterparty, country, label } = found;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO trade_credit (kind, of_kind, of_id, base_date, expected_date, currency, amount_minor, counterparty, country, reference, state, created_at, updated_at)
       VALUES (:kind, :ofKind, :ofId, :baseDate, NULL, :currency, :minor, :counterparty, :country, :label, 'open', :now, :now)`,
    )
    .run({ kind, ofKind, ofId, baseDate, currency, minor, counterparty, country, label, now });
  const id = Number(lastInsertRowid);
  if (ofKind === 'manual') book.prepare('UPDATE trade_credit SET expected_date = ? WHERE id = ?').run(expectedDate, id);
  return id;
}

/** Changes an item typed in. */
export function changeCredit(
  book: Book,
  id: number,
  item: Pick<
    StoredCredit,
    'kind' | 'baseDate' | 'expectedDate' | 'currency' | 'minor' | 'counterparty' | 'country' | 'reference'
  >,
  now: string,
): boolean {
  const { changes } = book
    .prepare(
      `UPDATE trade_credit SET kind = :kind, base_date = :baseDate, expected_date = :expectedDate, currency = :currency, amount_minor = :minor,
         counterparty = :counterparty, country = :country, reference = :reference, updated_at = :now WHERE id = :id AND of_kind = 'manual'`,
    )
    .run({ ...item, id, now });
  return changes > 0;
}

/** A person's word on an item; what is left out stays. */
export function noteCredit(
  book: Book,
  id: number,
  word: {
    readonly expectedDate?: string | undefined;
    readonly settledMinor?: number | undefined;
    readonly dismissed?: boolean | undefined;
    readonly note?: string | undefined;
    readonly reason: string;
  },
  now: string,
): void {
  book
    .prepare(
      `UPDATE trade_credit SET expected_date = coalesce(:expectedDate, expected_date), settled_minor = coalesce(:settledMinor, settled_minor),
         state = coalesce(:state, state), note = coalesce(:note, note), reason = :reason, updated_at = :now WHERE id = :id`,
    )
    .run({
      id,
      now,
      expectedDate: word.expectedDate ?? null,
      settledMinor: word.settledMinor ?? null,
      state: word.dismissed === undefined ? null : word.dismissed ? 'dismissed' : 'open',
      note: word.note ?? null,
      reason: word.reason,
    });
}

// Reports ------------------------------------------------------------------------------------------------------------
export type ReportOperation = 'new' | 'modify' | 'delete' | 'adjust';

export interface StoredReport {
  readonly id: number;
  readonly number: string;
  readonly creditId: number;
  readonly version: number;
  readonly operation: ReportOperation;
  readonly draftedOn: string;
  /** JSON of the contract's `reportBody`. */
  readonly body: string;
  readonly state: 'draft' | 'reported' | 'withdrawn';
  readonly reportedOn: string | null;
  readonly reference: string;
  readonly reason: string;
}

const reportColumns = `r.id, r.number, r.credit_id AS creditId, r.version, r.operation, r.drafted_on AS draftedOn, r.body, r.state,
  r.reported_on AS reportedOn, r.reference, r.reason`;

/** Reports of one item, or of all that are not withdrawn, by version. */
export function reportsOf(book: Book, creditId: number): StoredReport[] {
  return book
    .prepare(`SELECT ${reportColumns} FROM trade_credit_report r WHERE r.credit_id = ? ORDER BY r.version`)
    .all(creditId) as StoredReport[];
}

/** Reports that stand (drafts and reported ones) of every item, by item and version. */
export function standingReports(book: Book, reportedTo = '9999-12-31'): StoredReport[] {
  return book
    .prepare(
      `SELECT ${reportColumns} FROM trade_credit_report r WHERE r.state = 'draft' OR (r.state = 'reported' AND r.reported_on <= ?)
       ORDER BY r.credit_id, r.version`,
    )
    .all(reportedTo) as StoredReport[];
}

export function findReport(book: Book, id: number): StoredReport | undefined {
  return book.prepare(`SELECT ${reportColumns} FROM trade_credit_report r WHERE r.id = ?`).get(id) as
    | StoredReport
    | undefined;
}

/** Reports of a filter, newest first. */
export function listReports(
  book: Book,
  filter: { readonly state?: string | undefined; readonly from?: string | undefined; readonly to?: string | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
): { rows: StoredReport[]; total: number; nextCursor?: string } {
  const [date, id] = decodeCursor(page.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const bind = { state: filter.state ?? '', from: filter.from ?? '', to: filter.to ?? '9999-12-31' };
  const where = `(:state = '' OR r.state = :state) AND r.drafted_on BETWEEN :from AND :to`;
  const rows = book
    .prepare(
      `SELECT ${reportColumns} FROM trade_credit_report r WHERE ${where} AND (r.drafted_on, r.id) < (:lastDate, :lastId)
       ORDER BY r.drafted_on DESC, r.id DESC LIMIT :limit`,
    )
    .all({ ...bind, lastDate: date, lastId: id, limit: page.limit }) as StoredReport[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM trade_credit_report r WHERE ${where}`).get(bind) as {
    n: number;
  };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.draftedOn, last.id]) }
      : {}),
  };
}

/** Numbers without gaps by year: `贸信-2026-0001`. */
export function insertReport(
  book: Book,
  report: Pick<StoredReport, 'creditId' | 'operation' | 'draftedOn' | 'body' | 'reason'>,
  now: string,
): { id: number; number: string } {
  const year = report.draftedOn.slice(0, 4);
  const number = `贸信-${year}-${String(book.nextNumber(`trade-credit:${year}`)).padStart(4, '0')}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO trade_credit_report (number, credit_id, version, operation, drafted_on, body, state, reason, created_at, updated_at)
       VALUES (:number, :creditId, (SELECT coalesce(max(version), 0) + 1 FROM trade_credit_report WHERE credit_id = :creditId), :operation,
         :draftedOn, :body, 'draft', :reason, :now, :now)`,
    )
    .run({ ...report, number, now });
  return { id: Number(lastInsertRowid), number };
}

export function markReported(book: Book, id: number, reportedOn: string, reference: string, now: string): void {
  book
    .prepare(
      `UPDATE trade_credit_report SET state = 'reported', reported_on = ?, reference = ?, updated_at = ? WHERE id = ?`,
    )
    .run(reportedOn, reference, now, id);
}

export function withdrawReport(book: Book, id: number, reason: string, now: string): void {
  book
    .prepare(`UPDATE trade_credit_report SET state = 'withdrawn', reason = ?, updated_at = ? WHERE id = ?`)
    .run(reason, now, id);
}
