import { PortbookError } from '../../../shared/errors.ts';
import { type ArchivePaper, type ArchiveSubject, papersOf } from './archive.ts';
import type { Book } from './book.ts';
import { isNewestVersion } from './versions.ts';

/** What belongs together as evidence of a receipt or a shipment: read by sets of ids, each set in one query however large it is. */

/** Ids of what a pack is about, closed over the ties of the book. */
export interface EvidenceScope {
  readonly recordIds: readonly number[];
  readonly payoutIds: readonly number[];
  readonly orderIds: readonly number[];
  readonly declarationNos: readonly string[];
  readonly shipmentIds: readonly number[];
}

const list = (values: readonly (number | string)[]): string => JSON.stringify(values);
const inside = (name: string): string => `(SELECT value FROM json_each(:${name}))`;

function column<T extends number | string>(book: Book, sql: string, values: Record<string, string | number>): T[] {
  const rows = book.prepare(sql).all(values) as { v: T }[];
  return rows.map(({ v }) => v);
}

/** The id of a record by its number. Refusal: `MONEY_RECORD_NUMBER_UNKNOWN` {number}. */
export function recordIdOf(book: Book, number: string): number {
  const row = book.prepare('SELECT id FROM money_record WHERE number = ?').get(number) as { id: number } | undefined;
  if (row === undefined) throw new PortbookError('MONEY_RECORD_NUMBER_UNKNOWN', { number }, 'number');
  return row.id;
}

/** The id of a shipment by its number. Refusal: `SHIPMENT_NUMBER_UNKNOWN` {number}. */
export function shipmentIdOf(book: Book, number: string): number {
  const row = book.prepare('SELECT id FROM shipment WHERE shipment_no = ?').get(number) as { id: number } | undefined;
  if (row === undefined) throw new PortbookError('SHIPMENT_NUMBER_UNKNOWN', { number }, 'number');
  return row.id;
}

/** Declarations and lists that orders left under. */
const numbersOf = (book: Book, orderIds: readonly number[]): string[] =>
  column(
    book,
    `SELECT DISTINCT declaration_no AS v FROM export_share WHERE order_id IN ${inside('orders')} ORDER BY 1`,
    {
      orders: list(orderIds),
    },
  );

const shipmentsOf = (book: Book, orderIds: readonly number[]): number[] =>
  column(
    book,
    `SELECT DISTINCT shipment_id AS v FROM document WHERE order_id IN ${inside('orders')} AND shipment_id IS NOT NULL ORDER BY 1`,
    { orders: list(orderIds) },
  );

/** What a record pays for: orders and declarations, by way of payouts too. */
export function scopeOfRecord(book: Book, id: number): EvidenceScope {
  const payoutIds = column<number>(
    book,
    'SELECT target_payout_id AS v FROM allocation WHERE record_id = :id AND target_payout_id IS NOT NULL ORDER BY 1',
    { id },
  );
  const named = column<string>(
    book,
    'SELECT declaration_no AS v FROM allocation WHERE record_id = :id AND declaration_no IS NOT NULL ORDER BY 1',
    { id },
  );
  const orderIds = column<number>(
    book,
    `SELECT order_id AS v FROM allocation WHERE record_id = :id AND order_id IS NOT NULL
     UNION SELECT order_id FROM allocation WHERE payout_id IN ${inside('payouts')} AND order_id IS NOT NULL
     UNION SELECT order_id FROM export_share WHERE declaration_no IN ${inside('named')} AND order_id IS NOT NULL ORDER BY 1`,
    { id, payouts: list(payoutIds), named: list(named) },
  );
  return {
    recordIds: [id],
    payoutIds,
    orderIds,
    declarationNos: [...new Set([...named, ...numbersOf(book, orderIds)])].sort(),
    shipmentIds: shipmentsOf(book, orderIds),
  };
}

/** What left with a shipment, and the receipts that paid for it. */
export function scopeOfShipment(book: Book, id: number): EvidenceScope {
  const orderIds = column<number>(
    book,
    `SELECT DISTINCT order_id AS v FROM document WHERE shipment_id = :id AND order_id IS NOT NULL
       AND state NOT IN ('withdrawn','superseded')
     UNION SELECT order_id FROM export_share WHERE shipment_id = :id AND order_id IS NOT NULL ORDER BY 1`,
    { id },
  );
  const declarationNos = [
    ...new Set([
      ...numbersOf(book, orderIds),
      ...column<string>(book, 'SELECT DISTINCT declaration_no AS v FROM export_line WHERE shipment_id = :id', { id }),
    ]),
  ].sort();
  const sets = { orders: list(orderIds), numbers: list(declarationNos) };
  const payoutIds = column<number>(
    book,
    `SELECT DISTINCT payout_id AS v FROM allocation WHERE order_id IN ${inside('orders')} AND payout_id IS NOT NULL ORDER BY 1`,
    { orders: sets.orders },
  );
  const recordIds = column<number>(
    book,
    `SELECT DISTINCT record_id AS v FROM allocation WHERE record_id IS NOT NULL AND (order_id IN ${inside('orders')}
       OR declaration_no IN ${inside('numbers')} OR target_payout_id IN ${inside('payouts')}) ORDER BY 1`,
    { ...sets, payouts: list(payoutIds) },
  );
  return { recordIds, payoutIds, orderIds, declarationNos, shipmentIds: [id] };
}

// Rows ------------------------------------------------------------------------------------------------------------------

export interface EvidenceRecord {
  readonly id: number;
  readonly number: string;
  readonly kind: string;
  readonly date: string;
  readonly account: string;
  readonly accountNumber: string;
  readonly currency: string;
  readonly minor: number;
  readonly feeMinor: number;
  readonly allocatedMinor: number;
  readonly counterparty: string;
  readonly country: string;
  readonly reference: string;
  readonly state: string;
  readonly documentId: number | null;
}

export function evidenceRecords(book: Book, { recordIds }: EvidenceScope): EvidenceRecord[] {
  return book
    .prepare(
      `SELECT r.id, r.number, r.kind, r.date, a.name AS account, a.number AS accountNumber, r.currency, r.amount_minor AS minor,
         r.fee_minor AS feeMinor, r.allocated_minor AS allocatedMinor, r.counterparty, r.counterparty_country AS country, r.reference,
         r.state, r.source_document_id AS documentId
       FROM money_record r JOIN money_account a ON a.id = r.account_id WHERE r.id IN ${inside('ids')} ORDER BY r.date, r.id`,
    )
    .all({ ids: list(recordIds) }) as EvidenceRecord[];
}

export interface EvidenceAllocation {
  readonly source: string;
  readonly target: string;
  readonly targetKind: 'order' | 'declaration' | 'payout';
  readonly orderId: number | null;
  readonly currency: string;
  readonly minor: number;
  readonly targetCurrency: string;
  readonly targetMinor: number;
  readonly chargeMinor: number;
  readonly thirdParty: string;
}

/** Allocations of the records and of their payouts; for a shipment those of its orders only. */
export function evidenceAllocations(book: Book, scope: EvidenceScope): EvidenceAllocation[] {
  return book
    .prepare(
      `SELECT coalesce(r.number, p.number) AS source, coalesce(o.order_no, l.declaration_no, t.number) AS target, l.target_kind AS targetKind,
         l.order_id AS orderId, coalesce(r.currency, p.currency) AS currency, l.amount_minor AS minor, l.target_currency AS targetCurrency,
         l.target_minor AS targetMinor, l.charge_minor AS chargeMinor, l.third_party AS thirdParty
       FROM allocation l LEFT JOIN money_record r ON r.id = l.record_id LEFT JOIN payout p ON p.id = l.payout_id
         LEFT JOIN sales_order o ON o.id = l.order_id LEFT JOIN payout t ON t.id = l.target_payout_id
       WHERE (l.record_id IN ${inside('records')} OR l.payout_id IN ${inside('payouts')})
         AND (l.order_id IS NULL OR l.order_id IN ${inside('orders')}) ORDER BY l.record_id IS NULL, l.id`,
    )
    .all({
      records: list(scope.recordIds),
      payouts: list(scope.payoutIds),
      orders: list(scope.orderIds),
    }) as EvidenceAllocation[];
}

export interface EvidenceOrder {
  readonly id: number;
  readonly orderNo: string;
  readonly date: string;
  readonly country: string;
  readonly currency: string;
  readonly valueE5: number;
  readonly settledMinor: number;
  readonly chargeMinor: number;
  readonly state: string;
  readonly buyer: string;
  readonly waybills: number;
  readonly lists: number;
  readonly releasedLists: number;
}

export function evidenceOrders(book: Book, { orderIds }: EvidenceScope): EvidenceOrder[] {
  return book
    .prepare(
      `SELECT o.id, o.order_no AS orderNo, o.order_date AS date, o.country_text AS country, o.currency,
         o.goods_value_e5 + o.other_value_e5 - o.cancelled_value_e5 AS valueE5, o.settled_minor AS settledMinor,
         o.charge_minor AS chargeMinor, o.state, coalesce(o.buyer_name, o.customer, '') AS buyer,
         (SELECT count(*) FROM waybill w WHERE w.order_id = o.id) AS waybills,
         (SELECT count(*) FROM document d WHERE d.order_id = o.id AND d.kind = 'CEB603Message' AND ${isNewestVersion('d')}) AS lists,
         (SELECT count(DISTINCT e.declaration_no) FROM export_share e WHERE e.order_id = o.id) AS releasedLists
       FROM sales_order o WHERE o.id IN ${inside('ids')} ORDER BY o.order_no`,
    )
    .all({ ids: list(orderIds) }) as EvidenceOrder[];
}

/** First and last day of orders; undefined: there is none. */
export function daysOfOrders(book: Book, orderIds: readonly number[]): { from: string; to: string } | undefined {
  const { from, to } = book
    .prepare(`SELECT min(order_date) AS "from", max(order_date) AS "to" FROM sales_order WHERE id IN ${inside('ids')}`)
    .get({ ids: list(orderIds) }) as { from: string | null; to: string | null };
  return from === null || to === null ? undefined : { from, to };
}

export interface EvidencePayment {
  readonly orderNo: string;
  readonly payNo: string;
  readonly payer: string;
  readonly institution: string;
  readonly currency: string;
  readonly amountE5: number;
  readonly paidOn: string;
}

/** Payments of the orders (支付单); those taken out of the match are no evidence. */
export function evidencePayments(book: Book, { orderIds }: EvidenceScope): EvidencePayment[] {
  return book
    .prepare(
      `SELECT p.order_no AS orderNo, p.pay_no AS payNo, coalesce(p.payer, '') AS payer, p.institution, p.currency, p.amount_e5 AS amountE5,
         coalesce(p.paid_on, '') AS paidOn
       FROM order_payment p WHERE p.order_id IN ${inside('ids')} AND p.void_reason IS NULL ORDER BY p.order_no, p.nth`,
    )
    .all({ ids: list(orderIds) }) as EvidencePayment[];
}

export interface EvidenceWaybill {
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly grossE5: number;
  readonly packages: number;
  readonly freightE5: number;
  readonly currency: string;
}

export function evidenceWaybills(book: Book, { orderIds }: EvidenceScope): EvidenceWaybill[] {
  return book
    .prepare(
      `SELECT w.order_no AS orderNo, w.logistics_no AS logisticsNo, w.gross_weight_e5 AS grossE5, w.packages, w.freight_e5 AS freightE5,
         coalesce(w.currency, '') AS currency
       FROM waybill w WHERE w.order_id IN ${inside('ids')} ORDER BY w.order_no`,
    )
    .all({ ids: list(orderIds) }) as EvidenceWaybill[];
}

export interface EvidenceDocument {
  readonly id: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly version: number;
  readonly state: string;
  readonly statusTime: string;
  readonly statusInfo: string;
  readonly platformNo: string;
  readonly messageGuid: string;
  readonly orderNo: string;
  readonly amountE5: number;
  readonly currency: string;
}

const documentColumns = `d.id, d.kind, d.business_key AS businessKey, d.version, d.state, coalesce(d.status_time, '') AS statusTime,
  coalesce(d.status_info, '') AS statusInfo, coalesce(d.platform_no, '') AS platformNo, coalesce(d.message_guid, '') AS messageGuid,
  coalesce(o.order_no, '') AS orderNo, d.amount_e5 AS amountE5, d.currency`;

/** Papers of the orders for customs, superseded versions too: they were sent. */
export function evidenceDocuments(book: Book, { orderIds }: EvidenceScope): EvidenceDocument[] {
  return book
    .prepare(
      `SELECT ${documentColumns} FROM document d JOIN sales_order o ON o.id = d.order_id
       WHERE d.order_id IN ${inside('ids')} AND d.state <> 'withdrawn' ORDER BY o.order_no, d.kind, d.id`,
    )
    .all({ ids: list(orderIds) }) as EvidenceDocument[];
}

/** Trade-credit reports of the records and declarations. */
export function evidenceReports(
  book: Book,
  { recordIds, declarationNos }: EvidenceScope,
): { readonly id: number; readonly number: string }[] {
  return book
    .prepare(
      `SELECT t.id, t.number FROM trade_credit_report t JOIN trade_credit c ON c.id = t.credit_id
       WHERE t.state <> 'withdrawn' AND ((c.of_kind = 'record' AND c.of_id IN ${inside('records')})
         OR (c.of_kind = 'declaration' AND c.of_id IN ${inside('numbers')})) ORDER BY t.id`,
    )
    .all({ records: list(recordIds.map(String)), numbers: list(declarationNos) }) as { id: number; number: string }[];
}

/** Forms of the records and of their reports, every version that was not withdrawn. */
export function evidenceForms(
  book: Book,
  { recordIds }: EvidenceScope,
  reportIds: readonly number[],
): EvidenceDocument[] {
  return book
    .prepare(
      `SELECT ${documentColumns} FROM document d LEFT JOIN sales_order o ON o.id = d.order_id
       WHERE d.state <> 'withdrawn' AND ((d.subject_kind = 'money-record' AND d.subject_id IN ${inside('records')})
         OR (d.subject_kind = 'trade-credit-report' AND d.subject_id IN ${inside('reports')})) ORDER BY d.id`,
    )
    .all({ records: list(recordIds), reports: list(reportIds) }) as EvidenceDocument[];
}

export interface EvidenceDeclaration {
  readonly declarationNo: string;
  readonly mode: string;
  readonly date: string;
  readonly orderNo: string;
  readonly lines: number;
  readonly goods: string;
  readonly currency: string;
  readonly fobMinor: number;
  readonly receivedOn: string;
}

export function evidenceDeclarations(book: Book, { declarationNos }: EvidenceScope): EvidenceDeclaration[] {
  return book
    .prepare(
      `SELECT e.declaration_no AS declarationNo, min(e.mode) AS mode, min(e.export_date) AS date, coalesce(min(o.order_no), '') AS orderNo,
         count(DISTINCT e.id) AS lines, min(e.name) || iif(count(DISTINCT e.id) > 1, ' 等', '') AS goods, e.currency, sum(e.fob_minor) AS fobMinor,
         coalesce(iif(count(e.received_on) = count(*), max(e.received_on), ''), '') AS receivedOn
       FROM export_share e LEFT JOIN sales_order o ON o.id = e.order_id WHERE e.declaration_no IN ${inside('numbers')}
       GROUP BY e.declaration_no, e.currency ORDER BY e.declaration_no`,
    )
    .all({ numbers: list(declarationNos) }) as EvidenceDeclaration[];
}

export interface EvidenceAnswer {
  readonly documentId: number;
  readonly businessKey: string;
  readonly kind: string;
  readonly statusCode: string;
  readonly statusTime: string;
  readonly info: string;
  readonly receiptId: number;
}

/** What the platform answered about documents, in the order of its times. */
export function evidenceAnswers(book: Book, documentIds: readonly number[]): EvidenceAnswer[] {
  return book
    .prepare(
      `SELECT i.document_id AS documentId, d.business_key AS businessKey, d.kind, i.status_code AS statusCode, i.status_time AS statusTime, i.info,
         i.receipt_id AS receiptId
       FROM receipt_item i JOIN document d ON d.id = i.document_id WHERE i.document_id IN ${inside('ids')}
       ORDER BY i.status_time, i.receipt_id, i.position`,
    )
    .all({ ids: list(documentIds) }) as EvidenceAnswer[];
}

export interface EvidenceInvoice {
  readonly id: number;
  readonly number: string;
  readonly date: string;
  readonly supplier: string;
  readonly totalFen: number;
  readonly declarationNos: string;
}

/** Input invoices that a refund match ties to the declarations. */
export function evidenceInvoices(book: Book, { declarationNos }: EvidenceScope): EvidenceInvoice[] {
  return book
    .prepare(
      `SELECT i.id, i.number, i.date, p.name AS supplier, i.total_fen AS totalFen, group_concat(DISTINCT e.declaration_no) AS declarationNos
       FROM refund_match m JOIN export_line e ON e.id = m.export_line_id JOIN input_invoice_line l ON l.id = m.invoice_line_id
         JOIN input_invoice i ON i.id = l.invoice_id JOIN party p ON p.id = i.supplier_id
       WHERE e.declaration_no IN ${inside('numbers')} GROUP BY i.id ORDER BY i.date, i.number`,
    )
    .all({ numbers: list(declarationNos) }) as EvidenceInvoice[];
}

/** Vouchers of the records, of the payouts, and of the orders. */
export function evidenceVouchers(book: Book, scope: EvidenceScope): number[] {
  return column<number>(
    book,
    `SELECT v.id AS v FROM voucher v WHERE v.source_kind = 'source-document' AND v.source_id IN (
         SELECT CAST(source_document_id AS TEXT) FROM money_record WHERE id IN ${inside('records')} AND source_document_id IS NOT NULL
         UNION SELECT CAST(source_document_id AS TEXT) FROM payout_month WHERE payout_id IN ${inside('payouts')})
     UNION SELECT p.voucher_id FROM posting p WHERE p.order_id IN ${inside('orders')} ORDER BY 1`,
    { records: list(scope.recordIds), payouts: list(scope.payoutIds), orders: list(scope.orderIds) },
  );
}

/** Netting sheets of the records and payouts. */
export function evidenceNettings(book: Book, { recordIds, payoutIds }: EvidenceScope): number[] {
  return column<number>(
    book,
    `SELECT id AS v FROM netting WHERE state <> 'void' AND (record_id IN ${inside('records')} OR payout_id IN ${inside('payouts')}) ORDER BY 1`,
    { records: list(recordIds), payouts: list(payoutIds) },
  );
}

export interface EvidenceVerdict {
  readonly orderId: number;
  readonly orderNo: string;
  /** Mask of codes; 0: it passes. */
  readonly codes: number;
  readonly state: 'passed' | 'open' | 'excepted' | 'unmatched';
  readonly reason: string;
}

/** What the match of the records says of orders: those whose records changed since count as unmatched. */
export function evidenceVerdicts(book: Book, orderIds: readonly number[]): EvidenceVerdict[] {
  return book
    .prepare(
      `SELECT o.id AS orderId, o.order_no AS orderNo, coalesce(iif(m.state = 'settled', 0, m.codes), 0) AS codes,
         CASE WHEN EXISTS (SELECT 1 FROM match_due x WHERE x.order_no = o.order_no) THEN 'unmatched'
           WHEN m.id IS NULL OR m.state = 'settled' THEN 'passed' ELSE m.state END AS state,
         iif(m.state = 'excepted', m.reason, '') AS reason
       FROM sales_order o LEFT JOIN match_item m ON m.kind = 'order' AND m.order_no = o.order_no
       WHERE o.id IN ${inside('ids')} ORDER BY o.order_no`,
    )
    .all({ ids: list(orderIds) }) as EvidenceVerdict[];
}

// Files -----------------------------------------------------------------------------------------------------------------

/** A message or receipt without its bytes. */
export interface EvidenceXml {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly at: string;
}

/** Messages that documents left in, as they were frozen; what never left is none. */
export function evidenceMessages(book: Book, guids: readonly string[]): EvidenceXml[] {
  return book
    .prepare(
      `SELECT m.guid AS id, m.kind, printf('%05d', m.seq) || '-' || m.kind AS name, length(b.bytes) AS size, coalesce(m.sent_at, '') AS at
       FROM message m JOIN message_bytes b ON b.seq = m.seq WHERE m.guid IN ${inside('guids')} AND m.state = 'sent' ORDER BY m.seq`,
    )
    .all({ guids: list(guids) }) as EvidenceXml[];
}

export function evidenceReceipts(book: Book, guids: readonly string[]): EvidenceXml[] {
  return book
    .prepare(
      `SELECT CAST(r.id AS TEXT) AS id, 'receipt' AS kind, printf('%06d', r.id) || '-' || r.platform_id AS name, length(r.raw) AS size,
         r.received_at AS at FROM receipt r WHERE r.message_guid IN ${inside('guids')} ORDER BY r.id`,
    )
    .all({ guids: list(guids) }) as EvidenceXml[];
}

/** The raw text of a receipt as it came. */
export function receiptBytes(book: Book, id: string): Uint8Array {
  const row = book.prepare('SELECT raw FROM receipt WHERE id = ?').get(Number(id)) as { raw: Uint8Array } | undefined;
  if (row === undefined) throw new Error(`no receipt ${id}`);
  return row.raw;
}

/** Live papers of subjects, in the order of the subjects. */
export function evidencePapers(
  book: Book,
  subjects: readonly { readonly kind: ArchiveSubject; readonly id: string }[],
): ArchivePaper[] {
  return subjects.flatMap(({ kind, id }) => papersOf(book, kind, id).filter(({ removedAt }) => removedAt === null));
}

// Electronic transaction data -------------------------------------------------------------------------------------------

export interface ElectronicOrder {
  readonly id: number;
  readonly orderNo: string;
  readonly date: string;
  /** Old customs numeric code; empty: not known. */
  readonly country: string;
  readonly currency: string;
  readonly valueE5: number;
  readonly buyer: string;
  readonly payers: string;
  readonly paidOn: string;
  readonly payNos: string;
  readonly goods: string;
  readonly goodsLines: number;
  readonly waybills: string;
  readonly lists: string;
  readonly receipts: string;
}

/** Which orders are meant: of a receipt, of a range of days, or both. */
export interface ElectronicScope {
  readonly recordId?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Orders that are not cancelled, with what their other records say, by number. Several of a kind are joined by a blank. */
export function electronicOrders(book: Book, scope: ElectronicScope): ElectronicOrder[] {
  const { recordId, from, to } = scope;
  const wanted =
    recordId === undefined
      ? ''
      : `AND o.id IN (SELECT order_id FROM allocation WHERE record_id = :record AND order_id IS NOT NULL
           UNION SELECT order_id FROM allocation WHERE order_id IS NOT NULL AND payout_id IN (
             SELECT target_payout_id FROM allocation WHERE record_id = :record AND target_payout_id IS NOT NULL)
           UNION SELECT order_id FROM export_share WHERE order_id IS NOT NULL AND declaration_no IN (
             SELECT declaration_no FROM allocation WHERE record_id = :record AND declaration_no IS NOT NULL))`;
  return book
    .prepare(
      `SELECT o.id, o.order_no AS orderNo, o.order_date AS date, coalesce(o.country, '') AS country, o.currency,
         o.goods_value_e5 + o.other_value_e5 - o.cancelled_value_e5 AS valueE5, coalesce(o.buyer_name, o.customer, '') AS buyer,
         coalesce((SELECT group_concat(DISTINCT p.payer) FROM order_payment p WHERE p.order_id = o.id AND p.void_reason IS NULL), '') AS payers,
         coalesce((SELECT max(p.paid_on) FROM order_payment p WHERE p.order_id = o.id AND p.void_reason IS NULL), '') AS paidOn,
         coalesce((SELECT group_concat(p.pay_no, ' ') FROM order_payment p WHERE p.order_id = o.id AND p.void_reason IS NULL), '') AS payNos,
         coalesce((SELECT coalesce(nullif(g.name_cn, ''), l.description) FROM order_line l JOIN product g ON g.sku = l.sku
           WHERE l.order_id = o.id AND g.line_kind = 'goods' AND l.qty_e5 > l.cancelled_qty_e5 ORDER BY l.line_no LIMIT 1), '') AS goods,
         (SELECT count(*) FROM order_line l JOIN product g ON g.sku = l.sku
           WHERE l.order_id = o.id AND g.line_kind = 'goods' AND l.qty_e5 > l.cancelled_qty_e5) AS goodsLines,
         coalesce((SELECT group_concat(w.logistics_no, ' ') FROM waybill w WHERE w.order_id = o.id), '') AS waybills,
         coalesce((SELECT group_concat(DISTINCT e.declaration_no) FROM export_share e WHERE e.order_id = o.id), '') AS lists,
         coalesce((SELECT group_concat(n, ' ') FROM (
           SELECT r.number AS n FROM allocation a JOIN money_record r ON r.id = a.record_id WHERE a.order_id = o.id
           UNION SELECT r.number FROM allocation a JOIN allocation d ON d.target_payout_id = a.payout_id
             JOIN money_record r ON r.id = d.record_id WHERE a.order_id = o.id)), '') AS receipts
       FROM sales_order o WHERE o.state <> 'cancelled' AND o.order_date BETWEEN :from AND :to ${wanted} ORDER BY o.order_no`,
    )
    .all({
      from: from ?? '',
      to: to ?? '9999-12-31',
      ...(recordId === undefined ? {} : { record: recordId }),
    }) as ElectronicOrder[];
}
