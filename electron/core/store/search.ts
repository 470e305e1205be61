import type { z } from 'zod';
import type { searchHit } from '../../../shared/contract/ledger.ts';
import type { Book } from './book.ts';
import { containing } from './like.ts';
import { foundVouchers } from './voucher-views.ts';

export type SearchHit = z.infer<typeof searchHit>;

/**
 * Whatever carries the text: order, list and waybill numbers, SKUs and product names, shipments; vouchers by number or
 * summary, source documents, input invoices, parties, customs declarations. Numbers that begin with the text come before those that contain it; at most `limit` in all, shared between the kinds.
 */
export function searchBook(book: Book, text: string, limit: number): SearchHit[] {
  const like = containing(text);
  const starts = `${like.slice(1)}`;
  const perKind = [
    orders(book, like, starts, limit),
    documents(book, text, like, limit),
    waybills(book, like, starts, limit),
    products(book, like, starts, limit),
    shipments(book, like, limit),
    foundVouchers(book, text, like, limit).map(({ id, label, date, text: summary }) => ({
      kind: 'voucher' as const,
      id: String(id),
      label,
      detail: `${date} ${summary}`.trim(),
      target: `voucher/${id}`,
    })),
    sourceDocuments(book, like, starts, limit),
    invoices(book, like, starts, limit),
    parties(book, like, starts, limit),
    exports(book, like, starts, limit),
  ];
  // One of each kind in turn, so that fifty orders do not hide the one product.
  const hits: SearchHit[] = [];
  for (let at = 0; hits.length < limit && perKind.some((kind) => kind.length > at); at++) {
    for (const kind of perKind) {
      const hit = kind[at];
      if (hit !== undefined && hits.length < limit) hits.push(hit);
    }
  }
  return hits;
}

function orders(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT id, order_no AS orderNo, order_date AS orderDate, country_text AS country, state FROM sales_order
       WHERE order_no LIKE ? ESCAPE '\\' ORDER BY order_no LIKE ? ESCAPE '\\' DESC, order_no LIMIT ?`,
    )
    .all(like, starts, limit) as { id: number; orderNo: string; orderDate: string; country: string; state: string }[];
  return rows.map((row) => ({
    kind: 'order',
    id: String(row.id),
    label: row.orderNo,
    detail: `${row.orderDate} ${row.country}`.trim(),
    target: `order/${row.id}`,
  }));
}

function documents(book: Book, text: string, like: string, limit: number): SearchHit[] {
  // By our number through the index of (kind, business_key, version), which holds all that is read; by the platform's number
  // through its own. Never through the rows: they carry whole documents.
  const rows = book
    .prepare(
      `SELECT id, kind, business_key AS key, platform_no AS platformNo, state FROM document WHERE id IN (
         SELECT id FROM document WHERE business_key LIKE ? ESCAPE '\\'
         UNION SELECT id FROM document WHERE platform_no >= ? AND platform_no < ? || char(1114111)
         LIMIT ?) AND state <> 'superseded' ORDER BY id DESC`,
    )
    .all(like, text, text, limit * 2) as {
    id: number;
    kind: string;
    key: string;
    platformNo: string | null;
    state: string;
  }[];
  return rows.slice(0, limit).map((row) => ({
    kind: 'document',
    id: String(row.id),
    label: row.key,
    detail: [row.kind.replace('Message', ''), row.platformNo ?? ''].filter((part) => part !== '').join(' '),
    target: `declaration/${row.id}`,
  }));
}

function waybills(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT w.logistics_no AS logisticsNo, w.order_no AS orderNo, o.id AS orderId FROM waybill w LEFT JOIN sales_order o ON o.order_no = w.order_no
       WHERE w.logistics_no LIKE ? ESCAPE '\\' ORDER BY w.logistics_no LIKE ? ESCAPE '\\' DESC, w.logistics_no LIMIT ?`,
    )
    .all(like, starts, limit) as { logisticsNo: string; orderNo: string; orderId: number | null }[];
  return rows.map((row) => ({
    kind: 'waybill',
    id: row.logisticsNo,
    label: row.logisticsNo,
    detail: row.orderNo,
    target: row.orderId === null ? `orders?${new URLSearchParams({ text: row.orderNo })}` : `order/${row.orderId}`,
  }));
}

function products(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT sku, coalesce(nullif(name_cn, ''), name_source) AS name, coalesce(hs_code, '') AS hsCode FROM product
       WHERE sku LIKE ? ESCAPE '\\' OR name_source LIKE ? ESCAPE '\\' OR name_cn LIKE ? ESCAPE '\\' OR hs_code LIKE ? ESCAPE '\\'
       ORDER BY sku LIKE ? ESCAPE '\\' DESC, order_lines DESC, sku LIMIT ?`,
    )
    .all(like, like, like, starts, starts, limit) as { sku: string; name: string; hsCode: string }[];
  return rows.map((row) => ({
    kind: 'product',
    id: row.sku,
    label: row.sku,
    detail: `${row.name} ${row.hsCode}`.trim(),
    target: `products?${new URLSearchParams({ text: row.sku })}`,
  }));
}

function shipments(book: Book, like: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT id, shipment_no AS shipmentNo, json_extract(body, '$.billNo') AS billNo, json_extract(body, '$.ieDate') AS ieDate FROM shipment
       WHERE shipment_no LIKE ? ESCAPE '\\' OR json_extract(body, '$.billNo') LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ?`,
    )
    .all(like, like, limit) as { id: number; shipmentNo: string; billNo: string | null; ieDate: string | null }[];
  return rows.map((row) => ({
    kind: 'shipment',
    id: String(row.id),
    label: row.shipmentNo,
    detail: [row.billNo ?? '', row.ieDate ?? ''].filter((part) => part !== '').join(' '),
    target: `shipment/${row.id}`,
  }));
}

function sourceDocuments(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT d.id, d.number, d.date, d.reference, coalesce(p.name, '') AS party FROM source_document d LEFT JOIN party p ON p.id = d.party_id
       WHERE d.number LIKE :like ESCAPE '\\' OR d.reference LIKE :like ESCAPE '\\'
       ORDER BY d.number LIKE :starts ESCAPE '\\' DESC, d.id DESC LIMIT :limit`,
    )
    .all({ like, starts, limit }) as { id: number; number: string; date: string; reference: string; party: string }[];
  return rows.map((row) => ({
    kind: 'source-document',
    id: String(row.id),
    label: row.number,
    detail: [row.date, row.reference, row.party].filter((part) => part !== '').join(' '),
    target: `source-document/${row.id}`,
  }));
}

function invoices(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT i.id, i.number, i.date, p.name AS supplier FROM input_invoice i JOIN party p ON p.id = i.supplier_id
       WHERE i.number LIKE :like ESCAPE '\\' OR p.name LIKE :like ESCAPE '\\'
       ORDER BY i.number LIKE :starts ESCAPE '\\' DESC, i.date DESC, i.id DESC LIMIT :limit`,
    )
    .all({ like, starts, limit }) as { id: number; number: string; date: string; supplier: string }[];
  return rows.map((row) => ({
    kind: 'invoice',
    id: String(row.id),
    label: row.number,
    detail: `${row.date} ${row.supplier}`,
    target: `invoice/${row.id}`,
  }));
}

function parties(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT id, name, coalesce(tax_no, '') AS taxNo FROM party WHERE name LIKE :like ESCAPE '\\' OR tax_no LIKE :like ESCAPE '\\'
       ORDER BY active DESC, name LIKE :starts ESCAPE '\\' DESC, name LIMIT :limit`,
    )
    .all({ like, starts, limit }) as { id: number; name: string; taxNo: string }[];
  return rows.map((row) => ({
    kind: 'party',
    id: String(row.id),
    label: row.name,
    detail: row.taxNo,
    target: `parties?${new URLSearchParams({ text: row.name })}`,
  }));
}

/** Customs declarations (报关单); what left by a list of this book is found as that document. */
function exports(book: Book, like: string, starts: string, limit: number): SearchHit[] {
  const rows = book
    .prepare(
      `SELECT declaration_no AS no, min(export_date) AS date, count(*) AS lines, min(name) AS name FROM export_line
       WHERE document_id IS NULL AND declaration_no LIKE :like ESCAPE '\\' GROUP BY declaration_no
       ORDER BY declaration_no LIKE :starts ESCAPE '\\' DESC, declaration_no LIMIT :limit`,
    )
    .all({ like, starts, limit }) as { no: string; date: string; lines: number; name: string }[];
  return rows.map((row) => ({
    kind: 'export',
    id: row.no,
    label: row.no,
    detail: `${row.date} ${row.name}${row.lines > 1 ? ` … ${row.lines}` : ''}`,
    target: `purchases?${new URLSearchParams({ tab: 'exports', text: row.no })}`,
  }));
}
