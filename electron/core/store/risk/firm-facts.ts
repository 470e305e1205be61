/** What the red flags of buyers, suppliers and papers look at. */
import { type IsoDate, parseIsoDate } from '../../../../shared/calendar/index.ts';
import type { BookRow } from '../../../../shared/contract/risk.ts';
import { convert, tryParseMoney } from '../../../../shared/money/index.ts';
import { fenText } from '../../../../shared/reports/amounts.ts';
import type { ClaimFact, ClaimPart, ContactFact, MonthFact, PaperFact } from '../../../../shared/risk/firm-flags.ts';
import type { Book } from '../book.ts';
import { rateInForce } from '../rates.ts';
import { keepsStock } from '../stock.ts';
import { foundedOf, staffOf } from './facts.ts';

/** What can be shown of a contact: its ends. */
function masked(contact: string): string {
  const shown = contact.length < 7 ? 1 : 3;
  return `${contact.slice(0, shown)}${'*'.repeat(Math.max(3, contact.length - 2 * shown))}${contact.slice(-shown)}`;
}

/** Phones and identity numbers of buyers, consignees and payers of orders; the buyer as far as the book tells buyers apart. */
const contacts = `SELECT 'phone' AS kind, o.buyer_phone AS contact, coalesce(o.buyer_key, o.buyer_id, o.customer) AS buyer, o.id, o.order_no AS orderNo, o.order_date AS date
    FROM sales_order o WHERE o.buyer_phone IS NOT NULL AND o.buyer_phone <> ''
  UNION ALL SELECT 'id', o.buyer_id, coalesce(o.buyer_key, o.customer), o.id, o.order_no, o.order_date FROM sales_order o WHERE o.buyer_id IS NOT NULL AND o.buyer_id <> ''
  UNION ALL SELECT 'phone', o.consignee_phone, coalesce(o.buyer_key, o.buyer_id, o.customer, o.consignee_key), o.id, o.order_no, o.order_date
    FROM sales_order o WHERE o.consignee_phone IS NOT NULL AND o.consignee_phone <> ''
  UNION ALL SELECT 'phone', p.payer_phone, coalesce(o.buyer_key, p.payer_key, o.customer), o.id, o.order_no, o.order_date
    FROM order_payment p JOIN sales_order o ON o.id = p.order_id WHERE p.payer_phone IS NOT NULL AND p.payer_phone <> '' AND p.void_reason IS NULL
  UNION ALL SELECT 'id', p.payer_id, coalesce(o.buyer_key, p.payer_key, o.customer), o.id, o.order_no, o.order_date
    FROM order_payment p JOIN sales_order o ON o.id = p.order_id WHERE p.payer_id IS NOT NULL AND p.payer_id <> '' AND p.void_reason IS NULL`;

/** Orders whose contact at least so many buyers share, and how many orders have a contact at all. */
export function sharedContactFacts(
  book: Book,
  buyers: number,
): { readonly facts: ContactFact[]; readonly checked: number; readonly orders: number } {
  const rows = book
    .prepare(
      `WITH c AS MATERIALIZED (SELECT DISTINCT kind, contact, buyer, id, orderNo, date FROM (${contacts}) WHERE buyer IS NOT NULL),
         many AS (SELECT kind, contact FROM c GROUP BY kind, contact HAVING count(DISTINCT buyer) >= ?)
       SELECT c.* FROM many m JOIN c ON c.kind = m.kind AND c.contact = m.contact ORDER BY c.date, c.id`,
    )
    .all(buyers) as {
    kind: 'phone' | 'id';
    contact: string;
    buyer: string;
    id: number;
    orderNo: string;
    date: IsoDate;
  }[];
  const { checked, orders } = book
    .prepare(
      `SELECT count(*) AS orders, coalesce(sum(coalesce(buyer_phone, '') <> '' OR coalesce(buyer_id, '') <> '' OR coalesce(consignee_phone, '') <> ''
         OR EXISTS (SELECT 1 FROM order_payment p WHERE p.order_no = o.order_no AND (p.payer_phone <> '' OR p.payer_id <> ''))), 0) AS checked
       FROM sales_order o WHERE state <> 'cancelled'`,
    )
    .get() as { checked: number; orders: number };
  return {
    facts: rows.map(({ kind, contact, buyer, id, orderNo, date }) => ({
      ...{ kind, contact, buyer, date, masked: masked(contact) },
      row: { kind: 'order', id: String(id), label: orderNo, date },
    })),
    checked,
    orders,
  };
}

/** A month after. */
function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

/** Exports by month without a gap, with staff, goods received and freight, as far as the book has them. */
export function growthMonths(book: Book): MonthFact[] {
  const byMonth = (sql: string): Map<string, number> =>
    new Map((book.prepare(sql).all() as { month: string; fen: number }[]).map(({ month, fen }) => [month, fen]));
  const exported = byMonth(
    `SELECT substr(export_date, 1, 7) AS month, sum(fob_fen) AS fen FROM export_line WHERE fob_fen IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  const received = byMonth(
    `SELECT substr(date, 1, 7) AS month, sum(cost_fen) AS fen FROM stock_move WHERE kind = 'received' GROUP BY 1`,
  );
  const isKept = keepsStock(book) && received.size > 0;
  const freight = freightByMonth(book);
  const staff = staffOf(book);
  const quarterly = new Map(
    (
      book.prepare(`SELECT period, value FROM tax_fact WHERE name = 'employees-closing'`).all() as {
        period: string;
        value: string;
      }[]
    ).map(({ period, value }) => [period, Number(value)]),
  );
  const months = [...exported.keys()];
  const [first, last] = [months[0], months.at(-1)];
  const found: MonthFact[] = [];
  if (first === undefined || last === undefined) return found;
  for (let month = first; month <= last; month = nextMonth(month)) {
    const exportsFen = exported.get(month) ?? 0;
    const quarter = `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;
    found.push({
      ...{ month, exportsFen, staff: staff.get(month)?.people ?? quarterly.get(quarter) },
      stockFen: isKept ? (received.get(month) ?? 0) : undefined,
      freightFen: freight.size === 0 ? undefined : freight.get(month),
      row: { kind: 'month', id: month, label: month, currency: 'CNY', amount: fenText(exportsFen) },
    });
  }
  return found;
}

/** Freight and insurance documents in fen by month, at the rate of their day; a month with one that has no rate is not known. */
function freightByMonth(book: Book): Map<string, number | undefined> {
  const rows = book
    .prepare(
      `SELECT date, json_extract(body, '$.currency') AS currency, json_extract(body, '$.amount') AS amount FROM source_document
       WHERE kind = 'freight' AND state <> 'void'`,
    )
    .all() as { date: string; currency: string; amount: string }[];
  const sums = new Map<string, number | undefined>();
  for (const { date, currency, amount } of rows) {
    const month = date.slice(0, 7);
    const value = tryParseMoney(amount, currency);
    const rate = rateInForce(book, currency, date);
    const fen = value === undefined || rate === undefined ? undefined : Number(convert(value, rate.cnyPerUnit).minor);
    const before = sums.has(month) ? sums.get(month) : 0;
    sums.set(month, fen === undefined || before === undefined ? undefined : before + fen);
  }
  return sums;
}

/** Refund claims with what the invoices of each supplier bear of them. */
export function claimFacts(book: Book): ClaimFact[] {
  const rows = book
    .prepare(
      `SELECT e.claimed_period || iif(coalesce(e.claim_batch, '') = '', '', ' ' || e.claim_batch) AS claim, p.id AS supplierId, p.name AS supplier,
         i.id AS invoiceId, i.number, i.date, sum(m.refund_fen) AS refundFen
       FROM refund_match m JOIN export_line e ON e.id = m.export_line_id JOIN input_invoice_line l ON l.id = m.invoice_line_id
         JOIN input_invoice i ON i.id = l.invoice_id JOIN party p ON p.id = i.supplier_id
       WHERE e.claimed_period IS NOT NULL GROUP BY 1, p.id, i.id ORDER BY 1, p.id, i.date, i.id`,
    )
    .all() as {
    claim: string;
    supplierId: number;
    supplier: string;
    invoiceId: number;
    number: string;
    date: IsoDate;
    refundFen: number;
  }[];
  const founded = foundedOf(book);
  const claims = new Map<string, Map<number, ClaimPart>>();
  for (const { claim, supplierId, supplier, invoiceId, number, date, refundFen } of rows) {
    const parts = claims.get(claim) ?? new Map<number, ClaimPart>();
    claims.set(claim, parts);
    const before = parts.get(supplierId);
    const on = founded.get(String(supplierId))?.on;
    const invoice: BookRow = {
      ...{ kind: 'invoice', id: String(invoiceId), label: number, date, currency: 'CNY' },
      amount: fenText(refundFen),
    };
    parts.set(supplierId, {
      supplierId,
      supplier: { kind: 'party', id: String(supplierId), label: supplier, ...(on === undefined ? {} : { date: on }) },
      foundedOn: on === undefined ? undefined : parseIsoDate(on),
      invoicedOn: date,
      refundFen: (before?.refundFen ?? 0) + refundFen,
      invoices: [...(before?.invoices ?? []), invoice],
    });
  }
  return [...claims].map(([claim, parts]) => ({ claim, parts: [...parts.values()] }));
}

/** Papers of shipments whose bytes are on file more than once; a list is its shipment's. */
export function reusedPaperFacts(book: Book): { readonly papers: PaperFact[]; readonly checked: number } {
  const live = `removed_at IS NULL AND subject_kind IN ('declaration','shipment','order')`;
  const rows = book
    .prepare(
      `SELECT a.id, a.subject_kind AS subjectKind, a.subject_id AS subjectId, a.paper, a.file_name AS fileName, a.sha256, substr(a.added_at, 1, 10) AS date,
         CASE a.subject_kind WHEN 'shipment' THEN a.subject_id
           WHEN 'declaration' THEN (SELECT e.shipment_id FROM export_line e WHERE e.declaration_no = a.subject_id AND e.shipment_id IS NOT NULL LIMIT 1)
           ELSE (SELECT d.shipment_id FROM document d WHERE d.order_id = CAST(a.subject_id AS INTEGER) AND d.shipment_id IS NOT NULL LIMIT 1) END AS shipmentId
       FROM archive_paper a WHERE ${live} AND a.sha256 IN (SELECT sha256 FROM archive_paper WHERE ${live} GROUP BY sha256 HAVING count(*) > 1)
       ORDER BY a.id`,
    )
    .all() as {
    id: number;
    subjectKind: string;
    subjectId: string;
    paper: string;
    fileName: string;
    sha256: string;
    date: string;
    shipmentId: number | string | null;
  }[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM archive_paper WHERE ${live}`).get() as { n: number };
  return {
    papers: rows.map(({ id, subjectKind, subjectId, paper, fileName, sha256, date, shipmentId }) => ({
      ...{ sha256, paper, shipment: shipmentId === null ? `${subjectKind}:${subjectId}` : `shipment:${shipmentId}` },
      row: { kind: 'paper', id: String(id), label: fileName, date, detail: subjectId },
    })),
    checked: n,
  };
}
