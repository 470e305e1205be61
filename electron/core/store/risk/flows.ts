/** What the three flows (三流) of a shipment, a declaration or a period consist of: orders, lists, money, purchases. */
import { type IsoDate, parseIsoDate } from '../../../../shared/calendar/index.ts';
import type { BookRow, FlowLeg, FlowScope } from '../../../../shared/contract/risk.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import {
  allocate,
  convert,
  divideRounded,
  exponentOf,
  parseScaled,
  toMinor,
  tryParseMoney,
} from '../../../../shared/money/index.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import { fenText } from '../../../../shared/reports/amounts.ts';
import type { FlowItem, FlowReceipt, StatedReason } from '../../../../shared/risk/flows.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { rateInForce } from '../rates.ts';
import { requireShipment } from '../shipments.ts';
import { isNewestVersion } from '../versions.ts';
import { dealsOf } from './facts.ts';

/** Lists that count as declared: everything but what was withdrawn, rejected or replaced, a number once. */
const standingList = `d.kind = 'CEB603Message' AND ${isNewestVersion('d', 'rejected')}`;

/** Ids of orders, and numbers of declarations without an order, that a scope takes in. */
interface Members {
  readonly label: string;
  readonly orders: string;
  readonly declarations: string;
}

const json = (list: readonly unknown[]): string => JSON.stringify(list);

/** Orders that a shipment declared, in its lists or by export lines. */
const ordersOfShipment = `SELECT order_id FROM export_share WHERE shipment_id = ? AND order_id IS NOT NULL
         UNION SELECT d.order_id FROM document d WHERE d.shipment_id = ? AND d.order_id IS NOT NULL AND ${standingList}`;

/** Ids of the orders that a shipment declared, as JSON. */
export function shipmentOrders(book: Book, id: number): string {
  return json((book.prepare(ordersOfShipment).raw().all(id, id) as [number][]).map(([order]) => order));
}

/** Refusals: `SHIPMENT_UNKNOWN` {id}, `DECLARATION_UNKNOWN` {declarationNo}, `DATE_ORDER` {from, to}. */
function membersOf(book: Book, scope: FlowScope): Members {
  const ids = (sql: string, ...values: (string | number)[]): string =>
    json(
      (
        book
          .prepare(sql)
          .raw()
          .all(...values) as [number][]
      ).map(([id]) => id),
    );
  const numbers = (sql: string, ...values: (string | number)[]): string =>
    json(
      (
        book
          .prepare(sql)
          .raw()
          .all(...values) as [string][]
      ).map(([no]) => no),
    );
  if (scope.kind === 'shipment') {
    const { shipmentNo } = requireShipment(book, scope.id);
    return {
      label: shipmentNo,
      orders: shipmentOrders(book, scope.id),
      declarations: numbers(
        'SELECT DISTINCT declaration_no FROM export_share WHERE shipment_id = ? AND order_id IS NULL',
        scope.id,
      ),
    };
  }
  if (scope.kind === 'declaration') {
    const { declarationNo: no } = scope;
    const members = {
      label: no,
      orders: ids(
        `SELECT order_id FROM export_share WHERE declaration_no = ? AND order_id IS NOT NULL
         UNION SELECT d.order_id FROM document d WHERE d.business_key = ? AND d.order_id IS NOT NULL AND ${standingList}`,
        no,
        no,
      ),
      declarations: numbers(
        'SELECT DISTINCT declaration_no FROM export_share WHERE declaration_no = ? AND order_id IS NULL',
        no,
      ),
    };
    if (members.orders === '[]' && members.declarations === '[]')
      throw new PortbookError('DECLARATION_UNKNOWN', { declarationNo: no }, 'scope.declarationNo');
    return members;
  }
  const { from, to, store } = scope;
  if (to < from) throw new PortbookError('DATE_ORDER', { from, to }, 'scope.to');
  // Exported in the period; and ordered in it and not exported at all.
  const orders = `SELECT e.order_id FROM export_share e WHERE e.export_date BETWEEN :from AND :to AND e.order_id IS NOT NULL
     UNION SELECT o.id FROM sales_order o WHERE o.order_date BETWEEN :from AND :to AND o.state <> 'cancelled'
       AND NOT EXISTS (SELECT 1 FROM export_share e WHERE e.order_id = o.id)`;
  const ofStore =
    store === undefined ? '1' : `coalesce((SELECT store FROM sales_order o WHERE o.id = order_id), '') = :store`;
  const rows = book
    .prepare(`SELECT order_id FROM (${orders}) WHERE ${ofStore}`)
    .raw()
    .all({ from, to, ...(store === undefined ? {} : { store }) }) as [number][];
  return {
    label: store === undefined ? `${from} – ${to}` : `${store} ${from} – ${to}`,
    orders: json(rows.map(([id]) => id)),
    declarations:
      store === undefined
        ? numbers(
            'SELECT DISTINCT declaration_no FROM export_share WHERE export_date BETWEEN ? AND ? AND order_id IS NULL',
            from,
            to,
          )
        : '[]',
  };
}

interface OrderRow {
  id: number;
  no: string;
  date: IsoDate;
  currency: string;
  dueMinor: number;
  cancelledE5: number;
  chargeMinor: number;
  store: string | null;
  state: string;
}
interface DeclaredRow {
  key: number;
  currency: string;
  minor: number;
  fen: number | null;
  withoutFen: number;
  lines: number;
  date: IsoDate;
  dueOn: IsoDate | null;
}
interface PaidRow {
  id: number;
  key: string | number;
  recordId: number | null;
  payoutId: number | null;
  number: string;
  date: IsoDate;
  minor: number;
  chargeMinor: number;
  hasArrived: number;
  nettedMinor: number | null;
  nettedCurrency: string | null;
}

/** Groups rows under a key, in their order. */
function grouped<R, K>(rows: Iterable<R>, keyOf: (row: R) => K): Map<K, R[]> {
  const groups = new Map<K, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [row]);
    else list.push(row);
  }
  return groups;
}

/** Money allocated to orders or declarations, with what was netted off the receipt it comes from. */
const paid = (
  key: string,
  where: string,
): string => `SELECT a.id, ${key} AS key, a.record_id AS recordId, a.payout_id AS payoutId, coalesce(r.number, p.number) AS number,
    coalesce(r.date, p.deposit_on, p.to_on) AS date, a.target_minor AS minor, a.charge_minor AS chargeMinor,
    a.payout_id IS NULL OR p.total_minor <= 0 OR EXISTS (SELECT 1 FROM allocation t WHERE t.target_payout_id = a.payout_id) AS hasArrived,
    n.fees_minor AS nettedMinor, n.currency AS nettedCurrency
  FROM allocation a LEFT JOIN money_record r ON r.id = a.record_id LEFT JOIN payout p ON p.id = a.payout_id
    LEFT JOIN netting n ON n.record_id = a.record_id AND n.state = 'confirmed' WHERE ${where} ORDER BY a.id`;

/** What of a receipt's netted fees falls on each of its allocations, by their id: in proportion, to the minor unit. */
function nettedShares(book: Book, rows: readonly PaidRow[]): Map<number, number> {
  const shares = new Map<number, number>();
  const all = book.prepare('SELECT id, amount_minor AS minor FROM allocation WHERE record_id = ? ORDER BY id');
  for (const [recordId, own] of grouped(rows, (row) => row.recordId)) {
    const fees = own[0]?.nettedMinor ?? null;
    if (recordId === null || fees === null || fees <= 0) continue;
    const parts = all.all(recordId) as { id: number; minor: number }[];
    const amounts = allocate(
      BigInt(fees),
      parts.map(({ minor }) => BigInt(minor)),
    );
    for (const [at, { id }] of parts.entries()) shares.set(id, Number(amounts[at] ?? 0n));
  }
  return shares;
}

function receiptsOf(rows: readonly PaidRow[], currency: string): FlowReceipt[] {
  return rows.map(({ recordId, payoutId, number, date, minor, hasArrived }) => ({
    row: {
      ...(recordId === null
        ? { kind: 'payout' as const, id: String(payoutId) }
        : { kind: 'record' as const, id: String(recordId) }),
      ...{ label: number, date, currency },
    },
    date,
    minor,
    hasArrived: hasArrived === 1,
  }));
}

const e5ToMinor = (e5: number, currency: string): number => Number(toMinor(BigInt(e5), currency).minor);

/** Orders of the scope, each with its lists, its money, what was kept, given back and returned of it. */
function orderItems(book: Book, orders: string): FlowItem[] {
  const inScope = 'IN (SELECT value FROM json_each(?))';
  const rows = book
    .prepare(
      `SELECT o.id, o.order_no AS no, o.order_date AS date, o.currency, o.due_minor AS dueMinor, o.cancelled_value_e5 AS cancelledE5,
         o.charge_minor AS chargeMinor, o.store, o.state FROM sales_order o WHERE o.id ${inScope} ORDER BY o.order_date, o.id`,
    )
    .all(orders) as OrderRow[];
  const extras = grouped(
    book
      .prepare(
        `SELECT l.order_id AS key, p.line_kind = 'freight' AS isFreight, sum(l.total_e5) AS e5 FROM order_line l JOIN product p ON p.sku = l.sku
         WHERE l.order_id ${inScope} AND p.line_kind <> 'goods' GROUP BY 1, 2`,
      )
      .all(orders) as { key: number; isFreight: number; e5: number }[],
    ({ key }) => key,
  );
  const declared = grouped(
    book
      .prepare(
        `SELECT e.order_id AS key, e.currency, sum(e.fob_minor) AS minor, sum(e.fob_fen) AS fen, sum(e.fob_fen IS NULL) AS withoutFen, count(*) AS lines,
           max(e.export_date) AS date, max(e.contract_receipt_date) AS dueOn FROM export_share e WHERE e.order_id ${inScope} GROUP BY 1, 2`,
      )
      .all(orders) as DeclaredRow[],
    ({ key }) => key,
  );
  const drafted = grouped(
    book
      .prepare(
        `SELECT d.order_id AS key, d.currency, sum(d.amount_e5) AS e5, count(*) AS lists, max(json_extract(s.body, '$.ieDate')) AS date
         FROM document d LEFT JOIN shipment s ON s.id = d.shipment_id
         WHERE d.order_id ${inScope} AND ${standingList} AND NOT EXISTS (SELECT 1 FROM export_line e WHERE e.document_id = d.id)
           AND NOT EXISTS (SELECT 1 FROM export_share e WHERE e.order_id = d.order_id) GROUP BY 1, 2`,
      )
      .all(orders) as { key: number; currency: string; e5: number; lists: number; date: string | null }[],
    ({ key }) => key,
  );
  const money = book.prepare(paid('a.order_id', `a.order_id ${inScope}`)).all(orders) as PaidRow[];
  const netted = nettedShares(book, money);
  const paidBy = grouped(money, ({ key }) => key);
  const kept = grouped(
    book
      .prepare(
        `SELECT o.id AS key, p.currency, sum(x.kept_minor) AS kept, sum(x.refund_minor) AS refund FROM sales_order o JOIN payout_order x ON x.order_no = o.order_no
           JOIN payout p ON p.id = x.payout_id AND p.state = 'entered' WHERE o.id ${inScope} GROUP BY 1, 2`,
      )
      .all(orders) as { key: number; currency: string; kept: number; refund: number }[],
    ({ key }) => key,
  );
  const returns = grouped(
    book
      .prepare(
        `SELECT s.order_id AS key, json_extract(s.body, '$.currency') AS currency, json_extract(s.body, '$.amount') AS amount,
           s.kind = 'payment' OR coalesce(json_extract(s.body, '$.refunded'), 0) = 1 AS isRefunded
         FROM source_document s WHERE s.order_id ${inScope} AND s.state <> 'void' AND (s.kind = 'sales-return'
           OR EXISTS (SELECT 1 FROM money_record r WHERE r.source_document_id = s.id AND r.kind = 'refund-out'))`,
      )
      .all(orders) as { key: number; currency: string; amount: string; isRefunded: number }[],
    ({ key }) => key,
  );
  return rows.map((order): FlowItem => {
    const { id, no, date, currency, store, state } = order;
    const goods = declaredOf(book, order, declared.get(id) ?? [], drafted.get(id) ?? []);
    const own = paidBy.get(id) ?? [];
    const sum = (isFreight: number): number =>
      e5ToMinor(
        (extras.get(id) ?? []).reduce((all, one) => (one.isFreight === isFreight ? all + one.e5 : all), 0),
        currency,
      );
    const keptOf = (kept.get(id) ?? []).filter((one) => one.currency === currency);
    const back = (isRefunded: number): number =>
      (returns.get(id) ?? []).reduce((all, one) => {
        const minor = one.currency === currency ? tryParseMoney(one.amount, currency)?.minor : undefined;
        return one.isRefunded === isRefunded && minor !== undefined ? all + Number(minor) : all;
      }, 0);
    // A payout names orders that it may not have paid yet: only what it paid counts against what it kept.
    const isPaidOut = own.some(({ payoutId }) => payoutId !== null);
    return {
      row: { kind: 'order', id: String(id), label: no, date },
      ...{ store: store ?? '', currency, orderDate: date, ...goods },
      orderedMinor: order.dueMinor,
      freightMinor: sum(1),
      otherMinor: sum(0),
      cancelledMinor: e5ToMinor(order.cancelledE5, currency),
      isReleased: state === 'released',
      receipts: receiptsOf(own, currency),
      chargeMinor: order.chargeMinor,
      commissionMinor: isPaidOut ? -keptOf.reduce((all, one) => all + one.kept, 0) : 0,
      refundedMinor: (isPaidOut ? -keptOf.reduce((all, one) => all + one.refund, 0) : 0) + back(1),
      returnedMinor: back(0),
      nettedMinor: own.reduce(
        (all, row) => (row.nettedCurrency === currency ? all + (netted.get(row.id) ?? 0) : all),
        0,
      ),
    };
  });
}

type Declared = Pick<FlowItem, 'date' | 'declaredMinor' | 'declaredFen' | 'lines' | 'isConverted' | 'dueOn'>;

/** What was declared of an order, in the order's currency; lists not released yet at the rate of the day they are for. */
function declaredOf(
  book: Book,
  { date: orderDate, currency }: Pick<OrderRow, 'date' | 'currency'>,
  lines: readonly DeclaredRow[],
  drafts: readonly { currency: string; e5: number; lists: number; date: string | null }[],
): Declared {
  const date = lines.reduce<IsoDate>(
    (last, one) => (one.date > last ? one.date : last),
    draftDate(drafts) ?? orderDate,
  );
  let [declaredMinor, count, isConverted] = [0, 0, false];
  let declaredFen: number | undefined = 0;
  const add = (from: string, minor: number, fen: number | undefined, of: number): void => {
    const own = from === currency ? minor : converted(book, from, minor, currency, date);
    if (from !== currency) isConverted = true;
    declaredMinor += own ?? 0;
    declaredFen = fen === undefined || own === undefined || declaredFen === undefined ? undefined : declaredFen + fen;
    count += of;
  };
  for (const one of lines) add(one.currency, one.minor, one.withoutFen > 0 ? undefined : (one.fen ?? 0), one.lines);
  for (const one of drafts) {
    const minor = e5ToMinor(one.e5, one.currency);
    const rate = rateInForce(book, one.currency, date);
    add(
      one.currency,
      minor,
      rate === undefined
        ? undefined
        : Number(convert({ minor: BigInt(minor), currency: one.currency }, rate.cnyPerUnit).minor),
      one.lists,
    );
  }
  const due = lines.reduce<IsoDate | undefined>(
    (last, { dueOn }) => (dueOn !== null && (last === undefined || dueOn > last) ? dueOn : last),
    undefined,
  );
  return { date, declaredMinor, declaredFen, lines: count, isConverted, dueOn: due };
}

function draftDate(drafts: readonly { date: string | null }[]): IsoDate | undefined {
  return drafts.reduce<IsoDate | undefined>((last, { date }) => {
    const day = date === null ? undefined : parseIsoDate(date);
    return day !== undefined && (last === undefined || day > last) ? day : last;
  }, undefined);
}

const rateDigits = 8;
/** An amount in another currency at the parities of a day, half-up; undefined while a rate is missing. */
function converted(book: Book, from: string, minor: number, to: string, date: string): number | undefined {
  const [own, other] = [rateInForce(book, from, date), rateInForce(book, to, date)];
  if (own === undefined || other === undefined) return undefined;
  const numerator = BigInt(minor) * parseScaled(own.cnyPerUnit, rateDigits) * 10n ** BigInt(exponentOf(to));
  const denominator = parseScaled(other.cnyPerUnit, rateDigits) * 10n ** BigInt(exponentOf(from));
  return Number(divideRounded(numerator, denominator, 'halfUp'));
}

/** Declarations without an order: their price by the terms a person has stated stands for the order. */
function declarationItems(book: Book, declarations: string): FlowItem[] {
  const inScope = 'IN (SELECT value FROM json_each(?))';
  const rows = book
    .prepare(
      `SELECT declaration_no AS key, currency, sum(fob_minor) AS minor, sum(fob_fen) AS fen, sum(fob_fen IS NULL) AS withoutFen, count(*) AS lines,
         max(export_date) AS date, max(contract_receipt_date) AS dueOn FROM export_share WHERE declaration_no ${inScope} AND order_id IS NULL GROUP BY 1, 2 ORDER BY 1`,
    )
    .all(declarations) as (Omit<DeclaredRow, 'key'> & { key: string })[];
  const deals = dealsOf(book);
  const money = book
    .prepare(paid(`a.declaration_no || ' ' || a.target_currency`, `a.declaration_no ${inScope}`))
    .all(declarations) as PaidRow[];
  const netted = nettedShares(book, money);
  const paidBy = grouped(money, ({ key }) => key);
  return rows.map((one): FlowItem => {
    const { key: no, currency, date, minor } = one;
    const own = paidBy.get(`${no} ${currency}`) ?? [];
    const deal = deals.get(no);
    const freightMinor = [deal?.freight, deal?.insurance].reduce((all, text) => {
      const read = text === undefined || deal?.term === 'FOB' ? undefined : tryParseMoney(text, currency)?.minor;
      return all + Number(read ?? 0n);
    }, 0);
    return {
      row: { kind: 'declaration', id: no, label: no, date },
      ...{ store: '', currency, date, orderDate: date, dueOn: one.dueOn ?? undefined },
      ...{ orderedMinor: minor + freightMinor, freightMinor, otherMinor: 0, cancelledMinor: 0 },
      ...{ declaredMinor: minor, declaredFen: one.withoutFen > 0 ? undefined : (one.fen ?? 0), lines: one.lines },
      ...{ isConverted: false, isReleased: true, receipts: receiptsOf(own, currency) },
      chargeMinor: own.reduce((all, { chargeMinor }) => all + chargeMinor, 0),
      ...{ commissionMinor: 0, refundedMinor: 0, returnedMinor: 0 },
      nettedMinor: own.reduce(
        (all, row) => (row.nettedCurrency === currency ? all + (netted.get(row.id) ?? 0) : all),
        0,
      ),
    };
  });
}

export interface FlowFacts {
  readonly label: string;
  readonly items: readonly FlowItem[];
  readonly quantities: {
    readonly declared: string;
    readonly issued: string;
    readonly ordered: string;
    readonly invoiced: string;
  };
  readonly purchases: { readonly issuedCost: string; readonly invoicedCny: string; readonly invoicedVat: string };
  readonly counts: {
    readonly declarations: number;
    readonly orders: number;
    readonly receipts: number;
    readonly payouts: number;
  };
}

/** Everything the three flows of a scope consist of. Refusals: as {@link membersOf}. */
export function flowFacts(book: Book, scope: FlowScope): FlowFacts {
  const { label, orders, declarations } = membersOf(book, scope);
  const items = [...orderItems(book, orders), ...declarationItems(book, declarations)];
  const values = { orders, declarations };
  const lines = `SELECT e.id, e.declaration_no, e.qty_e5 FROM export_share e WHERE e.order_id IN (SELECT value FROM json_each(:orders))
    OR (e.order_id IS NULL AND e.declaration_no IN (SELECT value FROM json_each(:declarations)))`;
  const { declarationCount, declared } = book
    .prepare(
      `SELECT count(DISTINCT declaration_no) AS declarationCount, coalesce(sum(qty_e5), 0) AS declared FROM (${lines})`,
    )
    .get(values) as { declarationCount: number; declared: number };
  const { issued, cost } = book
    .prepare(
      `SELECT coalesce(-sum(m.qty_e5), 0) AS issued, coalesce(-sum(m.cost_fen), 0) AS cost FROM stock_move m
       WHERE m.export_line_id IN (SELECT id FROM (${lines})) AND (m.order_id IS NULL OR m.order_id IN (SELECT value FROM json_each(:orders)))
         AND (m.kind = 'sold' OR (m.kind = 'transfer-out' AND m.place_id = 1)) AND m.qty_e5 < 0
         AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id)`,
    )
    .get(values) as { issued: number; cost: number };
  const { ordered } = book
    .prepare(
      `SELECT coalesce(sum(l.qty_e5 - l.cancelled_qty_e5), 0) AS ordered FROM order_line l JOIN product p ON p.sku = l.sku
       WHERE p.line_kind = 'goods' AND l.order_id IN (SELECT value FROM json_each(?))`,
    )
    .get(orders) as { ordered: number };
  const invoiced = book
    .prepare(
      `SELECT coalesce(sum(m.qty_e5), 0) AS qty, coalesce(sum(m.amount_fen), 0) AS amount, coalesce(sum(m.vat_fen), 0) AS vat FROM refund_match m
       WHERE m.export_line_id IN (SELECT id FROM (${lines}))`,
    )
    .get(values) as { qty: number; amount: number; vat: number };
  const money = (kind: BookRow['kind']): number =>
    new Set(items.flatMap(({ receipts }) => receipts.filter(({ row }) => row.kind === kind).map(({ row }) => row.id)))
      .size;
  return {
    label,
    items,
    quantities: {
      ...{ declared: storedText(declared), issued: storedText(issued), ordered: storedText(ordered) },
      invoiced: storedText(invoiced.qty),
    },
    purchases: { issuedCost: fenText(cost), invoicedCny: fenText(invoiced.amount), invoicedVat: fenText(invoiced.vat) },
    counts: {
      declarations: declarationCount,
      orders: items.filter(({ row }) => row.kind === 'order').length,
      receipts: money('record'),
      payouts: money('payout'),
    },
  };
}

// Stated reasons ----------------------------------------------------------------------------------------------------------

/** The key of a scope under which reasons are stated. */
export function scopeKey(scope: FlowScope): { readonly kind: FlowScope['kind']; readonly id: string } {
  if (scope.kind === 'shipment') return { kind: scope.kind, id: String(scope.id) };
  if (scope.kind === 'declaration') return { kind: scope.kind, id: scope.declarationNo };
  return { kind: scope.kind, id: [scope.from, scope.to, scope.store ?? ''].join(' ').trim() };
}

export function statedReasons(book: Book, scope: FlowScope): StatedReason[] {
  const { kind, id } = scopeKey(scope);
  return book
    .prepare(
      `SELECT id, leg, code, currency, amount_minor AS minor, text FROM flow_reason WHERE scope_kind = ? AND scope_id = ? AND removed_at IS NULL ORDER BY id`,
    )
    .all(kind, id) as StatedReason[];
}

export function insertReason(book: Book, scope: FlowScope, reason: Omit<StatedReason, 'id'>, now: string): number {
  const { kind, id } = scopeKey(scope);
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO flow_reason (scope_kind, scope_id, leg, code, currency, amount_minor, text, created_at) VALUES (:kind, :id, :leg, :code, :currency, :minor, :text, :now)`,
    )
    .run({ kind, id, ...reason, now });
  return Number(lastInsertRowid);
}

/** Refusal: `FLOW_REASON_UNKNOWN` {id}. @returns what was stated, for the log */
export function removeReason(book: Book, id: number, now: string): { leg: FlowLeg; code: string; scope: string } {
  const row = book
    .prepare(
      `UPDATE flow_reason SET removed_at = ? WHERE id = ? AND removed_at IS NULL RETURNING leg, code, scope_kind || ':' || scope_id AS scope`,
    )
    .get(now, id) as { leg: FlowLeg; code: string; scope: string } | undefined;
  if (row === undefined) throw new PortbookError('FLOW_REASON_UNKNOWN', { id }, 'id');
  return row;
}

// Lists and entities ------------------------------------------------------------------------------------------------------

export interface ScopeRow {
  readonly scope: FlowScope;
  readonly date: string | undefined;
}

/** Shipments, or declarations and lists, newest first. */
export function listScopes(
  book: Book,
  of: 'shipments' | 'declarations',
  text: string,
  page: { readonly after?: string | undefined; readonly limit: number },
): { rows: ScopeRow[]; total: number; nextCursor?: string } {
  const like = containing(text);
  if (of === 'shipments') {
    const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
    const where = `state <> 'void' AND (:text = '' OR shipment_no LIKE :like ESCAPE '\\')`;
    const rows = book
      .prepare(
        `SELECT id, json_extract(body, '$.ieDate') AS date FROM shipment WHERE ${where} AND id < :before ORDER BY id DESC LIMIT :limit`,
      )
      .all({ text, like, before, limit: page.limit }) as { id: number; date: string | null }[];
    const { n } = book.prepare(`SELECT count(*) AS n FROM shipment WHERE ${where}`).get({ text, like }) as {
      n: number;
    };
    const last = rows.at(-1);
    return {
      rows: rows.map(({ id, date }) => ({ scope: { kind: 'shipment', id }, date: parseIsoDate(date ?? '') })),
      total: n,
      ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
    };
  }
  const [date, no] = decodeCursor(page.after, ['9999-99-99', '']);
  const from = `FROM export_line WHERE (:text = '' OR declaration_no LIKE :like ESCAPE '\\')`;
  const rows = book
    .prepare(
      `SELECT declaration_no AS no, max(export_date) AS date ${from} GROUP BY declaration_no
       HAVING max(export_date) < :date OR (max(export_date) = :date AND declaration_no > :no) ORDER BY 2 DESC, 1 LIMIT :limit`,
    )
    .all({ text, like, date, no, limit: page.limit }) as { no: string; date: string }[];
  const { n } = book.prepare(`SELECT count(DISTINCT declaration_no) AS n ${from}`).get({ text, like }) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({ scope: { kind: 'declaration', declarationNo: row.no }, date: row.date })),
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.no]) } : {}),
  };
}

/** Who declares for, owns and is paid for a store. */
export interface StoreEntities {
  readonly declarers: readonly string[];
  readonly owners: readonly string[];
  readonly payees: readonly string[];
  readonly platform: string;
}

/**
 * Declarers by the lists of the store's orders exported in a period, owners by the register of stores, payees by the accounts that their
 * money reached, straight or as the deposit of a payout. @param firm the book's own name, for accounts that are the firm's
 */
export function storeEntities(book: Book, from: string, to: string, firm: string): Map<string, StoreEntities> {
  const found = new Map<
    string,
    { declarers: Set<string>; owners: Set<string>; payees: Set<string>; platform: string }
  >();
  const of = (store: string) => {
    const known = found.get(store) ?? { declarers: new Set(), owners: new Set(), payees: new Set(), platform: '' };
    found.set(store, known);
    return known;
  };
  const orders = `SELECT DISTINCT o.id, coalesce(o.store, '') AS store FROM export_share e JOIN sales_order o ON o.id = e.order_id WHERE e.export_date BETWEEN :from AND :to`;
  const declarers = book
    .prepare(
      `SELECT DISTINCT s.store, json_extract(d.body, '$.InventoryHead.ebcName') AS name FROM (${orders}) s JOIN document d ON d.order_id = s.id AND ${standingList}`,
    )
    .all({ from, to }) as { store: string; name: string | null }[];
  for (const { store, name } of declarers) if (name !== null && name !== '') of(store).declarers.add(name);
  const payees = book
    .prepare(
      `SELECT DISTINCT s.store, m.owner_kind AS ownerKind, m.owner FROM (${orders}) s JOIN allocation a ON a.order_id = s.id
         JOIN money_record r ON r.id = a.record_id OR r.id IN (SELECT t.record_id FROM allocation t WHERE t.target_payout_id = a.payout_id)
         JOIN money_account m ON m.id = r.account_id`,
    )
    .all({ from, to }) as { store: string; ownerKind: string; owner: string }[];
  for (const { store, ownerKind, owner } of payees) of(store).payees.add(ownerKind === 'firm' ? firm : owner);
  const owners = book.prepare('SELECT name, entity, platform FROM store').all() as {
    name: string;
    entity: string;
    platform: string;
  }[];
  for (const { name, entity, platform } of owners) {
    const store = of(name);
    store.owners.add(entity);
    store.platform = platform;
  }
  return new Map(
    [...found].map(([store, { declarers: own, owners: by, payees: to_, platform }]) => [
      store,
      { declarers: [...own], owners: [...by], payees: [...to_], platform },
    ]),
  );
}

/** What payouts that end in a period say buyers paid, by store and currency, with the day of each. */
export function payoutIncome(
  book: Book,
  from: string,
  to: string,
): { store: string; currency: string; date: IsoDate; minor: number }[] {
  return book
    .prepare(
      `SELECT p.store, p.currency, p.to_on AS date, sum(x.gross_minor) AS minor FROM payout p JOIN payout_order x ON x.payout_id = p.id
       WHERE p.state = 'entered' AND p.to_on BETWEEN ? AND ? GROUP BY p.id`,
    )
    .all(from, to) as { store: string; currency: string; date: IsoDate; minor: number }[];
}

/** What platforms have reported (平台报送收入) of quarters, in fen, by `platform/store`. */
export function reportedIncome(
  book: Book,
  quarters: readonly string[],
): Map<string, { fen: number; quarters: number }> {
  const rows = book
    .prepare(
      `SELECT subject, value FROM tax_fact WHERE name = 'platform-income' AND period IN (SELECT value FROM json_each(?))`,
    )
    .all(json(quarters)) as { subject: string; value: string }[];
  const sums = new Map<string, { fen: number; quarters: number }>();
  for (const { subject, value } of rows) {
    const fen = tryParseMoney(value, 'CNY')?.minor;
    if (fen === undefined) continue;
    const before = sums.get(subject) ?? { fen: 0, quarters: 0 };
    sums.set(subject, { fen: before.fen + Number(fen), quarters: before.quarters + 1 });
  }
  return sums;
}
