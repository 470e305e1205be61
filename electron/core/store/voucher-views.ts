import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { accounts, amountAt, impliedRate, voucherLabel } from '../../../shared/ledger/index.ts';
import { exponentOf, formatScaled } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { rateInForce } from './rates.ts';
import type { VoucherSource } from './vouchers.ts';

/** Minor units to decimal text in major units, with all decimals of the currency: `67.95`. */
export function majorText(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  return formatScaled(BigInt(minor), digits, digits);
}

type VoucherRow = OutputOf<'vouchers.list'>['rows'][number];
type VoucherView = OutputOf<'vouchers.get'>;

interface StoredRow {
  id: number;
  period: string;
  number: number;
  date: string;
  text: string;
  rule: string;
  debit: number;
  lines: number;
  reverses_id: number | null;
  reverses_period: string;
  reverses_number: number;
  reversed_id: number | null;
  reversed_period: string;
  reversed_number: number;
}

const select = `SELECT v.id, v.period, v.number, v.date, v.text, v.rule,
    (SELECT coalesce(sum(max(p.cny_fen, 0)), 0) FROM posting p WHERE p.voucher_id = v.id) AS debit,
    (SELECT count(*) FROM posting p WHERE p.voucher_id = v.id) AS lines,
    o.id AS reverses_id, o.period AS reverses_period, o.number AS reverses_number,
    r.id AS reversed_id, r.period AS reversed_period, r.number AS reversed_number
  FROM voucher v LEFT JOIN voucher o ON o.id = v.reverses LEFT JOIN voucher r ON r.reverses = v.id`;

function rowOf(row: StoredRow): VoucherRow {
  return {
    id: row.id,
    label: voucherLabel(row.period, row.number),
    period: row.period,
    number: row.number,
    date: row.date,
    text: row.text,
    rule: row.rule,
    debitCny: majorText(row.debit, 'CNY'),
    lines: row.lines,
    ...(row.reverses_id === null
      ? {}
      : { reverses: { id: row.reverses_id, label: voucherLabel(row.reverses_period, row.reverses_number) } }),
    ...(row.reversed_id === null
      ? {}
      : { reversedBy: { id: row.reversed_id, label: voucherLabel(row.reversed_period, row.reversed_number) } }),
  };
}

/** The number that a text names: `12`, `2026-11-0012`, `记 2026-11-0012`; -1 for none, the month where it is named. */
function numberIn(text: string): { readonly number: number; readonly period: string } {
  const match = /^(?:记\s*)?(?:(\d{4}-\d{2})-)?0*(\d{1,9})$/.exec(text);
  return { number: Number(match?.[2] ?? -1), period: match?.[1] ?? '' };
}

const ofText = `(v.text LIKE :like ESCAPE '\\' OR (v.number = :number AND (:period_of = '' OR v.period = :period_of)))`;

/** Vouchers whose summary holds the text or that it names by number, newest first. @param like the text as a pattern */
export function foundVouchers(
  book: Book,
  text: string,
  like: string,
  limit: number,
): { readonly id: number; readonly label: string; readonly date: string; readonly text: string }[] {
  const { number, period } = numberIn(text);
  const rows = book
    .prepare(
      `SELECT v.id, v.period, v.number, v.date, v.text FROM voucher v WHERE ${ofText} ORDER BY v.date DESC, v.id DESC LIMIT :limit`,
    )
    .all({ like, number, period_of: period, limit }) as {
    id: number;
    period: string;
    number: number;
    date: string;
    text: string;
  }[];
  return rows.map((row) => ({
    id: row.id,
    label: voucherLabel(row.period, row.number),
    date: row.date,
    text: row.text,
  }));
}

/** Vouchers of a filter, newest first. `text` is looked for in the summary, or is a voucher's number in its month. */
export function listVouchers(book: Book, filter: ParsedInputOf<'vouchers.list'>): OutputOf<'vouchers.list'> {
  const [date, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const text = filter.text?.trim() ?? '';
  const terms: string[] = [];
  const values: Record<string, string | number> = {};
  const add = (term: string, bound: Record<string, string | number>): void => {
    terms.push(term);
    Object.assign(values, bound);
  };
  if (filter.period !== undefined) add('v.period = :period', { period: filter.period });
  if (filter.from !== undefined) add('v.date >= :from', { from: filter.from });
  if (filter.to !== undefined) add('v.date <= :to', { to: filter.to });
  if (filter.rule !== undefined) add('v.rule = :rule', { rule: filter.rule });
  if (text !== '') {
    const { number, period } = numberIn(text);
    add(ofText, { like: containing(text), number, period_of: period });
  }
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (v.date, v.id) < (:lastDate, :lastId) ORDER BY v.date DESC, v.id DESC LIMIT :limit`,
    )
    .all({ ...values, lastDate: date, lastId: id, limit: filter.limit }) as StoredRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM voucher v WHERE ${where}`).get(values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(rowOf),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** Every voucher of a source, reversals too, oldest first. */
export function vouchersOfSource(book: Book, source: VoucherSource): VoucherRow[] {
  const rows = book
    .prepare(`${select} WHERE v.source_kind = ? AND v.source_id = ? ORDER BY v.id`)
    .all(source.kind, source.id) as StoredRow[];
  return rows.map(rowOf);
}

/** How many vouchers of a month have a number from `first` to `last`. */
export function countNumbered(book: Book, period: string, first: number, last: number): number {
  const { n } = book
    .prepare('SELECT count(*) AS n FROM voucher WHERE period = ? AND number BETWEEN ? AND ?')
    .get(period, first, last) as { n: number };
  return n;
}

/** Those vouchers whole, in the order of their numbers, read one at a time. */
export function* numberedVouchers(book: Book, period: string, first: number, last: number): Generator<VoucherView> {
  const ids = book
    .prepare('SELECT id FROM voucher WHERE period = ? AND number BETWEEN ? AND ? ORDER BY number')
    .all(period, first, last) as { id: number }[];
  for (const { id } of ids) yield voucherView(book, id);
}

interface StoredLine {
  position: number;
  text: string | null;
  account: string;
  nameZh: string;
  nameEn: string;
  currency: string;
  amount: number;
  fen: number;
  qty: number | null;
  partyId: number | null;
  partyName: string | null;
  sku: string | null;
  orderId: number | null;
  orderNo: string | null;
  shipmentId: number | null;
  shipmentNo: string | null;
  store: string | null;
}

/** The rate of a line: the one in force where it comes to the same fen, else what the two amounts show. */
function lineRate(line: StoredLine, inForce: string | undefined): { rate?: string; isRateInForce?: boolean } {
  const { currency, amount, fen } = line;
  if (currency === 'CNY' || amount === 0) return {};
  const minor = BigInt(amount);
  if (inForce !== undefined && amountAt({ currency, minor }, inForce).fen === BigInt(fen))
    return { rate: inForce, isRateInForce: true };
  const rate = impliedRate({ currency, amountMinor: minor, cnyFen: BigInt(fen) });
  return rate === undefined ? {} : { rate, isRateInForce: false };
}

function lineView(line: StoredLine, voucherText: string, inForce: string | undefined): VoucherView['postings'][number] {
  const isDebit = line.amount === 0 ? line.fen > 0 : line.amount > 0;
  const sign = isDebit ? 1 : -1;
  const amount = majorText(sign * line.amount, line.currency);
  const cny = majorText(sign * line.fen, 'CNY');
  return {
    position: line.position,
    text: line.text ?? voucherText,
    account: line.account,
    nameZh: line.nameZh,
    nameEn: line.nameEn,
    currency: line.currency,
    debit: isDebit ? amount : '',
    credit: isDebit ? '' : amount,
    debitCny: isDebit ? cny : '',
    creditCny: isDebit ? '' : cny,
    clearing: line.account === accounts.clearing,
    ...lineRate(line, inForce),
    ...(line.qty === null ? {} : { quantity: storedText(sign * line.qty) }),
    ...(line.partyId === null ? {} : { party: { id: line.partyId, name: line.partyName ?? '' } }),
    ...(line.sku === null ? {} : { sku: line.sku }),
    ...(line.orderId === null ? {} : { order: { id: line.orderId, no: line.orderNo ?? '' } }),
    ...(line.shipmentId === null ? {} : { shipment: { id: line.shipmentId, no: line.shipmentNo ?? '' } }),
    ...(line.store === null ? {} : { store: line.store }),
  };
}

/** A voucher with its lines and the papers behind it. Refusal: `VOUCHER_UNKNOWN`. */
export function voucherView(book: Book, id: number): VoucherView {
  const row = book.prepare(`${select} WHERE v.id = ?`).get(id) as StoredRow | undefined;
  if (row === undefined) throw new PortbookError('VOUCHER_UNKNOWN', { id });
  const { source_kind, source_id, rate, rate_date, posted_at } = book
    .prepare('SELECT source_kind, source_id, rate, rate_date, posted_at FROM voucher WHERE id = ?')
    .get(id) as {
    source_kind: string;
    source_id: string;
    rate: string | null;
    rate_date: string | null;
    posted_at: string;
  };
  const lines = book
    .prepare(
      `SELECT p.position, p.text, p.account, a.name_zh AS nameZh, a.name_en AS nameEn, p.currency, p.amount_minor AS amount, p.cny_fen AS fen,
         p.qty_e5 AS qty, p.party_id AS partyId, y.name AS partyName, p.sku, p.order_id AS orderId, o.order_no AS orderNo,
         p.shipment_id AS shipmentId, s.shipment_no AS shipmentNo, p.store
       FROM posting p JOIN account a ON a.code = p.account LEFT JOIN party y ON y.id = p.party_id
         LEFT JOIN sales_order o ON o.id = p.order_id LEFT JOIN shipment s ON s.id = p.shipment_id
       WHERE p.voucher_id = ? ORDER BY p.position`,
    )
    .all(id) as StoredLine[];
  const foreign = lines.find(({ currency }) => currency !== 'CNY')?.currency;
  const rateSource =
    rate_date === null || foreign === undefined
      ? undefined
      : (book
          .prepare(`SELECT source FROM rate WHERE kind = 'parity' AND currency = ? AND date = ? AND cny_per_unit = ?`)
          .get(foreign, rate_date, rate) as { source: string } | undefined);
  const known = new Map<string, string | undefined>();
  const inForce = (currency: string): string | undefined => {
    if (rate !== null && rateSource !== undefined) return rate;
    if (!known.has(currency))
      known.set(currency, currency === 'CNY' ? undefined : rateInForce(book, currency, row.date)?.cnyPerUnit);
    return known.get(currency);
  };
  return {
    ...rowOf(row),
    ...(rate === null ? {} : { rate }),
    ...(rate_date === null ? {} : { rateDate: rate_date }),
    ...(rateSource === undefined ? {} : { rateSource: rateSource.source }),
    postedAt: posted_at,
    ...(row.reverses_id !== null || row.reversed_id !== null
      ? { fixed: 'reversed' as const }
      : source_kind === 'manual'
        ? {}
        : { fixed: 'source' as const }),
    postings: lines.map((line) => lineView(line, row.text, inForce(line.currency))),
    sources: sourcesOf(book, { kind: source_kind, id: source_id }),
  };
}

type Source = VoucherView['sources'][number];

/** The record of money behind a source document. */
function recordSources(book: Book, documentId: number): Source[] {
  const record = book.prepare('SELECT id, number FROM money_record WHERE source_document_id = ?').get(documentId) as
    | { id: number; number: string }
    | undefined;
  return record === undefined
    ? []
    : [{ kind: 'money-record', id: String(record.id), label: record.number, target: `money?at=${record.id}` }];
}

/** The payout behind a source document: a month of it. */
function payoutSources(book: Book, documentId: number): Source[] {
  const payout = book
    .prepare(
      'SELECT p.id, p.number FROM payout_month m JOIN payout p ON p.id = m.payout_id WHERE m.source_document_id = ?',
    )
    .get(documentId) as { id: number; number: string } | undefined;
  return payout === undefined
    ? []
    : [{ kind: 'payout', id: String(payout.id), label: payout.number, target: `payouts?id=${payout.id}` }];
}

/** The papers behind a voucher: what it was made from, and the way back from there. */
function sourcesOf(book: Book, source: VoucherSource): Source[] {
  const { kind, id } = source;
  const label = (sql: string, value: string | number): string | undefined =>
    (book.prepare(sql).get(value) as { label: string } | undefined)?.label;
  switch (kind) {
    case 'manual':
      return [];
    case 'period':
      // `2026-11:closing`: the month and which of its vouchers.
      return [{ kind, id, label: id.slice(0, 7), target: `periods?period=${id.slice(0, 7)}` }];
    case 'order-release':
      return orderSources(book, Number(id));
    case 'cancellation': {
      const [cancellation = '', order = ''] = id.split(':');
      const number = label('SELECT cancel_no AS label FROM cancellation WHERE id = ?', Number(cancellation));
      return [{ kind, id: cancellation, label: number ?? cancellation }, ...orderSources(book, Number(order))];
    }
    case 'source-document':
      return [
        {
          kind,
          id,
          label: label('SELECT number AS label FROM source_document WHERE id = ?', Number(id)) ?? id,
          target: `source-document/${id}`,
        },
        ...recordSources(book, Number(id)),
        ...payoutSources(book, Number(id)),
      ];
    case 'input-invoice':
    case 'invoice-purpose':
    case 'invoice-cost':
      return [
        {
          kind,
          id,
          label: label('SELECT number AS label FROM input_invoice WHERE id = ?', Number(id)) ?? id,
          target: `invoice/${id}`,
        },
      ];
    case 'return-certificate':
      return [
        {
          kind,
          id,
          label: label('SELECT number AS label FROM return_certificate WHERE id = ?', Number(id)) ?? id,
          target: `returns?tab=certificates&at=${id}`,
        },
      ];
    case 'joint-shipment':
      return [
        {
          kind,
          id,
          label: label('SELECT number AS label FROM joint_shipment WHERE id = ?', Number(id)) ?? id,
          target: `jointShipment?id=${id}`,
        },
      ];
    case 'stock-move':
      return stockSources(book, Number(id));
    case 'export-list':
    case 'declaration-release': {
      const receipt = book
        .prepare(
          `SELECT receipt_id AS id FROM receipt_item WHERE document_id = ? AND status_code IN ('800','899','SW-P','SW-R')
           ORDER BY status_code, receipt_id LIMIT 1`,
        )
        .get(Number(id)) as { id: number } | undefined;
      return [
        {
          kind,
          id,
          label:
            label('SELECT coalesce(platform_no, business_key) AS label FROM document WHERE id = ?', Number(id)) ?? id,
          target: `declaration/${id}`,
        },
        ...(receipt === undefined ? [] : [{ kind: 'receipt', id: String(receipt.id), label: String(receipt.id) }]),
      ];
    }
    default:
      return [{ kind, id, label: id }];
  }
}

/** A move of stock, named by its article and day, and the invoice it came with. */
function stockSources(book: Book, moveId: number): Source[] {
  const move = book
    .prepare(
      `SELECT m.sku, m.date, i.id AS invoiceId, i.number FROM stock_move m LEFT JOIN input_invoice_line l ON l.id = m.invoice_line_id
         LEFT JOIN input_invoice i ON i.id = l.invoice_id WHERE m.id = ?`,
    )
    .get(moveId) as { sku: string; date: string; invoiceId: number | null; number: string | null } | undefined;
  if (move === undefined) return [{ kind: 'stock-move', id: String(moveId), label: String(moveId) }];
  const { sku, date, invoiceId, number } = move;
  return [
    {
      kind: 'stock-move',
      id: String(moveId),
      label: `${sku} ${date}`,
      target: `purchases?tab=stock&text=${encodeURIComponent(sku)}`,
    },
    ...(invoiceId === null
      ? []
      : [{ kind: 'input-invoice', id: String(invoiceId), label: number ?? '', target: `invoice/${invoiceId}` }]),
  ];
}

function orderSources(book: Book, orderId: number): Source[] {
  const order = book.prepare('SELECT order_no AS label FROM sales_order WHERE id = ?').get(orderId) as
    | { label: string }
    | undefined;
  const release = releaseOf(book, orderId);
  return [
    { kind: 'order', id: String(orderId), label: order?.label ?? String(orderId), target: `order/${orderId}` },
    ...(release === undefined
      ? []
      : [
          {
            kind: 'document',
            id: String(release.documentId),
            label: release.label,
            target: `declaration/${release.documentId}`,
          },
        ]),
    ...(release?.receiptId == null
      ? []
      : [{ kind: 'receipt', id: String(release.receiptId), label: String(release.receiptId) }]),
  ];
}

/** The last released list of an order, or declaration of its goods, and the receipt that released it. */
export function releaseOf(
  book: Book,
  orderId: number,
): { documentId: number; label: string; receiptId: number | null } | undefined {
  return book
    .prepare(
      `SELECT d.id AS documentId, coalesce(d.platform_no, d.business_key) AS label,
         (SELECT i.receipt_id FROM receipt_item i WHERE i.document_id = d.id AND i.status_code IN ('800','899','SW-P','SW-R') ORDER BY i.status_code, i.receipt_id LIMIT 1) AS receiptId
       FROM document d WHERE d.state IN ('released','closed') AND (d.order_id = :orderId AND d.kind = 'CEB603Message' OR d.id IN (
         SELECT e.document_id FROM export_goods g JOIN export_line e ON e.id = g.export_line_id WHERE g.order_id = :orderId))
       ORDER BY d.kind, d.status_time DESC, d.id DESC LIMIT 1`,
    )
    .get({ orderId }) as { documentId: number; label: string; receiptId: number | null } | undefined;
}
