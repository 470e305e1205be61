import { setImmediate } from 'node:timers/promises';
import { PortbookError } from '../../../shared/errors.ts';
import {
  bitOf,
  codesOf,
  type GoodsFacts,
  type ListFacts,
  type MatchCode,
  type MatchRecords,
  type MatchTolerances,
  namesGoods,
} from '../../../shared/matching/record-match.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/currency-exponents.ts';
import type { Book } from './book.ts';
import { looseList, orderOfList, waybillOfList } from './documents.ts';
import { isNewestVersion } from './versions.ts';

/**
 * The match of the records (三单比对) for many orders at once: the rule of shared/matching/record-match.ts in SQL.
 *
 * What an import, an edit or a draft may have changed is in `match_due` and is judged in the transaction that changed it. The whole
 * book is sifted first: one pass over the orders with their first payment and their waybill leaves out what passes at a glance, and
 * only the rest is judged. Temporary tables hold the numbers wanted (`match_wanted`) and their orders with what says which questions
 * need asking of them (`match_order`), their lists (`match_list`), codes found by topic
 * (`match_part`) and by order (`match_found`).
 */
export interface MatchRules {
  readonly by: MatchTolerances;
  /** The day whose rules these are, and since when they have been in force. */
  readonly rulesOn: string;
  readonly rulesFrom: string;
  /** Customs' currency codes by ISO code. */
  readonly currencyCodes: ReadonlyMap<string, string>;
  /** The limit of a single transaction in whole USD; undefined: there is none. */
  readonly limitUsd: number | undefined;
  /** Cents of USD of an amount in minor units on a day; undefined while a rate is missing. */
  usdMinor(currency: string, minor: number, date: string): number | undefined;
}

export type MatchScope = 'all' | 'changed' | 'queue';

export interface MatchResult {
  readonly runId: number;
  readonly orders: number;
  /** Items newly found or found with other codes, and items that pass now. */
  readonly found: number;
  readonly settled: number;
}

// SQL -----------------------------------------------------------------------------------------------------------------

const bit = (code: MatchCode): number => bitOf(code);
const gross = '(o.goods_value_e5 + o.other_value_e5)';
/**
 * Waybills of an order: its own and those of its parts, in a range of their key. The plus keeps SQLite from making an index of all
 * waybills by order for a few of them.
 */
const ownWaybills = `w.order_no >= o.order_no AND w.order_no < o.order_no || '.' AND +w.order_id = o.id`;
const goodsLines = (order: string): string =>
  `order_line l JOIN product g ON g.sku = l.sku WHERE l.order_id = ${order} AND g.line_kind = 'goods' AND l.qty_e5 > l.cancelled_qty_e5`;
const strange = `(p.payer_key <> o.buyer_key OR p.payer_id <> o.buyer_id OR p.payer_phone <> o.buyer_phone OR p.payer_account <> o.customer)`;
const otherConsignee = '(w.consignee_key <> o.consignee_key OR w.consignee_phone <> o.consignee_phone)';
/** The comparison of days is the dear half: most are paid on the day of the order. */
const farOff = `(p.paid_on <> o.order_date AND (julianday(p.paid_on) - julianday(o.order_date)) NOT BETWEEN -:before AND :after)`;
const silent = `((:payer AND p.payer_key IS NULL) OR (:payerId AND p.payer_id IS NULL) OR (:payerPhone AND p.payer_phone IS NULL))`;
/** Whether a number is an order's or that of a part of it. */
const isNumberOf = (number: string, order: string): string => {
  const part = `substr(${number}, length(${order}) + 2)`;
  return `(${number} = ${order} OR (substr(${number}, 1, length(${order}) + 1) = ${order} || '-' AND length(${part}) BETWEEN 1 AND 3
    AND ltrim(${part}, '0123456789') = ''))`;
};

/**
 * Lists of an order `o`, each query one way to them: drafted from it; of no order of the book but naming its number or that of a part, or
 * its waybill, as papers find each other before the queue (`documentsOfCase`).
 */
const draftedLists = `SELECT d.id FROM document d WHERE d.order_id = o.id AND d.kind = 'CEB603Message' AND ${isNewestVersion('d')}`;
const looseLists = [
  `SELECT l.id FROM document l WHERE ${looseList} AND ${orderOfList} >= o.order_no AND ${orderOfList} < o.order_no || '.'
     AND ${isNumberOf(orderOfList, 'o.order_no')} AND ${isNewestVersion('l')}`,
  `SELECT l.id FROM waybill w CROSS JOIN document l ON ${waybillOfList} = w.logistics_no
   WHERE ${ownWaybills} AND ${looseList} AND ${isNewestVersion('l')}`,
];
const listsOfOrder = [draftedLists, ...looseLists].join(' UNION ');

/** An amount in minor units of `o.currency` scaled by 10^5. */
const scaledMinor = (minor: string): string => {
  const by = (digits: number) => 10 ** (5 - digits);
  const others = Object.entries(CURRENCY_EXPONENTS).filter(([, digits]) => digits !== 2 && digits <= 5);
  const cases = others.map(([code, digits]) => `WHEN '${code}' THEN ${by(digits)}`).join(' ');
  return `(${minor}) * (CASE o.currency ${cases} ELSE ${by(2)} END)`;
};

/** What of the first payment, and of the waybill, does not pass at a glance. */
const oddPayment = `p.nth IS NULL OR p.void_reason IS NOT NULL OR p.currency <> o.currency OR abs(p.amount_e5 - ${gross}) > :amount
  OR ${strange} OR ${farOff} OR ${silent}`;
const oddWaybill = `w.order_no IS NULL OR w.goods IS NOT NULL OR w.quantity_e5 IS NOT NULL OR ${otherConsignee} OR w.country <> o.country`;
/** Orders that pass at a glance are left out; anything unusual is judged. */
const suspect = (limits: string): string =>
  `o.state = 'cancelled' OR ${oddPayment} OR ${oddWaybill} OR ${gross} > (${limits}) OR :list`;

const cancelledPart = `
INSERT INTO temp.match_part SELECT id, ${bit('ORDER_CANCELLED')} FROM (
  SELECT o.id, EXISTS (SELECT 1 FROM waybill w WHERE ${ownWaybills}) AS sent,
    (SELECT coalesce(sum(p.amount_e5), 0) FROM order_payment p WHERE p.order_no = o.order_no AND p.void_reason IS NULL) AS paid
  FROM temp.match_order t CROSS JOIN sales_order o ON o.id = t.id WHERE t.is_cancelled)
WHERE sent OR abs(paid) > :amount`;

const amountPart = `CASE WHEN abs(money - gross) <= :amount OR abs(money - net) <= :amount THEN 0
  WHEN money < net / 10000 * :share THEN ${bit('PAYMENT_PARTIAL')} ELSE ${bit('PAYMENT_AMOUNT')} END`;

const paymentPart = `
INSERT INTO temp.match_part SELECT id, codes FROM (
  SELECT id, CASE WHEN n = 0 THEN CASE WHEN money > 0 THEN ${amountPart}
      WHEN :payment AND net > :amount THEN ${bit('PAYMENT_MISSING')} ELSE 0 END
    ELSE CASE WHEN other THEN ${bit('PAYMENT_CURRENCY')} ELSE dup * ${bit('PAYMENT_DUPLICATE')} + ${amountPart} END
      + stranger * ${bit('PAYMENT_PAYER')} + far * ${bit('PAYMENT_DATE')} + blank * ${bit('FIELD_MISSING')} END AS codes
  FROM (SELECT *, CASE WHEN n = 0 THEN settled WHEN dup THEN paid - twice ELSE paid END AS money FROM (
    SELECT *, twice > 0 AND paid > max(gross, net) + :amount AS dup FROM (
      SELECT o.id, ${gross} AS gross, ${gross} - o.cancelled_value_e5 AS net,
        ${scaledMinor('o.settled_minor + o.charge_minor')} AS settled,
        count(p.nth) AS n, coalesce(sum(p.amount_e5), 0) AS paid,
        coalesce(sum(CASE WHEN p.amount_e5 > 0 THEN p.amount_e5 END), 0)
          - coalesce(sum(DISTINCT CASE WHEN p.amount_e5 > 0 THEN p.amount_e5 END), 0) AS twice,
        coalesce(max(p.currency <> o.currency), 0) AS other, coalesce(max(${strange}), 0) AS stranger,
        coalesce(max(${farOff}), 0) AS far, coalesce(max(${silent}), 0) AS blank
      FROM temp.match_order t CROSS JOIN sales_order o ON o.id = t.id
      LEFT JOIN order_payment p ON p.order_no = o.order_no AND p.void_reason IS NULL
      WHERE NOT t.is_cancelled AND t.ask_payment GROUP BY t.id))))
WHERE codes > 0`;

const claimed = `(EXISTS (SELECT 1 FROM waybill_claim c WHERE c.order_no >= o.order_no AND c.order_no < o.order_no || '.'
    AND ${isNumberOf('c.order_no', 'o.order_no')})
  OR EXISTS (SELECT 1 FROM waybill w JOIN waybill_claim c ON c.logistics_no = w.logistics_no AND c.order_no <> w.order_no WHERE ${ownWaybills}))`;

/** @param claim whether a number of the order is claimed twice; `0` while nothing is */
const waybillPart = (claim: string): string => `
INSERT INTO temp.match_part SELECT id, codes FROM (
  SELECT id, CASE WHEN claimed THEN ${bit('WAYBILL_DUPLICATE')}
      WHEN n = 0 AND :waybill AND left_e5 > 0 THEN ${bit('WAYBILL_MISSING')} ELSE 0 END
    + consignee * ${bit('CONSIGNEE')} + country * ${bit('COUNTRY')}
    + CASE WHEN n > 0 AND counted = n THEN coalesce(quantity <> (SELECT sum(l.qty_e5 - l.cancelled_qty_e5) FROM ${goodsLines('x.id')}), 0) ELSE 0 END
      * ${bit('QUANTITY')} AS codes
  FROM (SELECT o.id, o.goods_value_e5 - o.cancelled_value_e5 AS left_e5, ${claim} AS claimed, count(w.order_no) AS n,
      count(w.quantity_e5) AS counted, sum(w.quantity_e5) AS quantity, coalesce(max(${otherConsignee}), 0) AS consignee,
      coalesce(max(w.country <> o.country), 0) AS country
    FROM temp.match_order t CROSS JOIN sales_order o ON o.id = t.id LEFT JOIN waybill w ON ${ownWaybills}
    WHERE NOT t.is_cancelled AND t.ask_waybill GROUP BY t.id) x)
WHERE codes > 0`;

const lines = `json_each(d.body, '$.InventoryList') j`;
const scaledText = (value: string): string => `CAST(round(coalesce(${value}, 0) * 100000) AS INTEGER)`;
const head = (field: string): string => `nullif(json_extract(d.body, '$.InventoryHead.${field}'), '')`;
const listedGoods = `SELECT coalesce(json_extract(j.value, '$.itemNo'), '')
  FROM temp.match_list m CROSS JOIN document d ON d.id = m.id, ${lines} WHERE m.order_id = x.id`;
const orderedGoods = `SELECT l.sku FROM ${goodsLines('x.id')}`;

const listPart = `
INSERT INTO temp.match_part SELECT id, codes FROM (
  SELECT id, heavy * ${bit('WEIGHT')} + astray * ${bit('LIST_ORDER')} + parcel * ${bit('LIST_WAYBILL')}
    + (abs(amount - left_e5) > :amount) * ${bit('LIST_AMOUNT')} + other * ${bit('LIST_CURRENCY')} + country * ${bit('LIST_COUNTRY')}
    + (EXISTS (${listedGoods} EXCEPT ${orderedGoods}) OR EXISTS (${orderedGoods} EXCEPT ${listedGoods})) * ${bit('LIST_GOODS')}
    + (quantity <> (SELECT coalesce(sum(l.qty_e5 - l.cancelled_qty_e5), 0) FROM ${goodsLines('x.id')})) * ${bit('LIST_QUANTITY')} AS codes
  FROM (SELECT o.id, o.goods_value_e5 - o.cancelled_value_e5 AS left_e5, sum(d.amount_e5) AS amount,
      max(NOT ${isNumberOf(`coalesce(${head('orderNo')}, '')`, 'o.order_no')}) AS astray,
      coalesce(max(${head('logisticsNo')} <> w.logistics_no), 0) AS parcel,
      coalesce(max(abs(${scaledText(head('grossWeight'))} - w.gross_weight_e5) > :weight
        OR ${scaledText(head('netWeight'))} > w.gross_weight_e5 + :weight), 0) AS heavy,
      coalesce(max(${head('country')} <> o.country), 0) AS country,
      max(EXISTS (SELECT 1 FROM ${lines} WHERE nullif(json_extract(j.value, '$.currency'), '') <> m.code)) AS other,
      sum((SELECT coalesce(sum(${scaledText(`json_extract(j.value, '$.qty')`)}), 0) FROM ${lines})) AS quantity
    FROM temp.match_order t CROSS JOIN sales_order o ON o.id = t.id CROSS JOIN temp.match_list k ON k.order_id = o.id
    CROSS JOIN document d ON d.id = k.id
    LEFT JOIN waybill w ON w.order_no = ${head('orderNo')} AND w.order_id = o.id
    LEFT JOIN temp.match_currency m ON m.iso = o.currency
    WHERE NOT t.is_cancelled GROUP BY t.id) x)
WHERE codes > 0`;

const noListPart = `
INSERT INTO temp.match_part SELECT t.id, ${bit('LIST_MISSING')} FROM temp.match_order t
WHERE :list AND NOT t.is_cancelled AND NOT EXISTS (SELECT 1 FROM temp.match_list m WHERE m.order_id = t.id)`;

const collect = `
INSERT OR REPLACE INTO temp.match_found SELECT 'order', t.order_no, t.id, t.date, sum(p.codes)
FROM temp.match_part p JOIN temp.match_order t ON t.id = p.id GROUP BY p.id`;

/** Payments and waybills whose order the book does not have; of all numbers, or of those wanted. */
const orphans = (only: string): string[] => [
  `INSERT OR REPLACE INTO temp.match_found SELECT 'payment', p.order_no, NULL, coalesce(max(p.paid_on), :today), ${bit('PAYMENT_ORPHAN')}
   FROM order_payment p WHERE p.order_id IS NULL AND p.void_reason IS NULL ${only.replace('?', 'p.order_no')} GROUP BY p.order_no`,
  `INSERT OR REPLACE INTO temp.match_found SELECT 'waybill', w.order_no, NULL, :today, ${bit('WAYBILL_ORPHAN')}
   FROM waybill w WHERE w.order_id IS NULL ${only.replace('?', 'w.order_no')}`,
];

const upsert = `
INSERT INTO match_item (kind, order_no, order_id, date, codes, state, run_id, updated_at)
SELECT kind, order_no, order_id, date, codes, 'open', :run, :now FROM temp.match_found WHERE true
ON CONFLICT (kind, order_no) DO UPDATE SET order_id = excluded.order_id, date = excluded.date, codes = excluded.codes, state = 'open',
  reason = '', decided_by = '', decided_at = NULL, run_id = :run, updated_at = :now
WHERE codes <> excluded.codes OR state = 'settled'`;

const settle = (only: string): string => `
UPDATE match_item SET state = 'settled', run_id = :run, updated_at = :now
WHERE state <> 'settled' ${only}
  AND NOT EXISTS (SELECT 1 FROM temp.match_found f WHERE f.kind = match_item.kind AND f.order_no = match_item.order_no)`;

/** A number and, where it is that of a part, the number of the whole. */
const wholeOf = (number: string): string => `rtrim(rtrim(${number}, '0123456789'), '-')`;

// Judging -------------------------------------------------------------------------------------------------------------

function prepareTables(book: Book, rules: MatchRules): void {
  const { db } = book;
  db.exec(`
    CREATE TEMP TABLE IF NOT EXISTS match_wanted (order_no TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS match_order (id INTEGER PRIMARY KEY, order_no TEXT NOT NULL, date TEXT NOT NULL,
      is_cancelled INTEGER NOT NULL, is_large INTEGER NOT NULL, may_name INTEGER NOT NULL, ask_payment INTEGER NOT NULL,
      ask_waybill INTEGER NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS match_list (order_id INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (order_id, id)) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS match_part (id INTEGER NOT NULL, codes INTEGER NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS match_found (kind TEXT NOT NULL, order_no TEXT NOT NULL, order_id INTEGER, date TEXT NOT NULL,
      codes INTEGER NOT NULL, PRIMARY KEY (kind, order_no)) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS match_currency (iso TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;
    DELETE FROM temp.match_wanted; DELETE FROM temp.match_order; DELETE FROM temp.match_found; DELETE FROM temp.match_currency;`);
  const insert = book.prepare('INSERT INTO temp.match_currency VALUES (?, ?)');
  for (const [iso, code] of rules.currencyCodes) insert.run(iso, code);
}

function parametersOf({ by }: MatchRules) {
  const { required } = by;
  const flag = (yes: boolean): number => (yes ? 1 : 0);
  return {
    amount: by.amountE5,
    share: by.partialShareE4,
    weight: by.weightE5,
    before: by.paidBeforeDays,
    after: by.paidAfterDays,
    payment: flag(required.has('payment')),
    waybill: flag(required.has('waybill')),
    list: flag(required.has('list')),
    payer: flag(required.has('payer')),
    payerId: flag(required.has('payerId')),
    payerPhone: flag(required.has('payerPhone')),
  };
}
type Parameters = ReturnType<typeof parametersOf>;

/** Runs a statement with those of the named parameters that it has. */
function run(book: Book, sql: string, values: Readonly<Record<string, number | string>>): number {
  const own = Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`:${name}\\b`).test(sql)));
  return book.prepare(sql).run(own).changes;
}

/** The least amount of each currency that can be above the limit, as a CASE over `o.currency`; others never are. */
function limitCases(book: Book, rules: MatchRules): string {
  const never = '9007199254740991';
  if (rules.limitUsd === undefined) return never;
  const usd = book
    .prepare(`SELECT min(CAST(cny_per_unit AS REAL)) AS least FROM rate WHERE currency = 'USD'`)
    .get() as {
    least: number | null;
  };
  const others = book
    .prepare(
      `SELECT currency, max(CAST(cny_per_unit AS REAL)) AS most FROM rate WHERE currency <> 'USD' GROUP BY currency`,
    )
    .all() as { currency: string; most: number }[];
  const limit = rules.limitUsd;
  const least = (perUsd: number): number => Math.floor(limit * perUsd * 0.99 * 100_000);
  const cases = [`WHEN 'USD' THEN ${limit * 100_000}`];
  if (usd.least !== null) {
    cases.push(`WHEN 'CNY' THEN ${least(usd.least)}`);
    for (const { currency, most } of others)
      if (/^[A-Z]{3}$/.test(currency) && currency !== 'CNY')
        cases.push(`WHEN '${currency}' THEN ${least(usd.least / most)}`);
  }
  return `CASE o.currency ${cases.join(' ')} ELSE ${never} END`;
}

/** Whether an amount (scaled by 10^5) is above the limit of a single transaction on a day. */
function isOverLimit(rules: MatchRules, currency: string, amountE5: number, date: string): boolean {
  if (rules.limitUsd === undefined) return false;
  const digits = Math.min(CURRENCY_EXPONENTS[currency] ?? 2, 5);
  const usd = rules.usdMinor(currency, Math.round(amountE5 / 10 ** (5 - digits)), date);
  return usd !== undefined && usd > rules.limitUsd * 100;
}

/** What is decided outside SQL: the limit in USD at dated rates, and whether a carrier's words name the goods. */
function judgeByHand(book: Book, rules: MatchRules): void {
  const add = book.prepare('INSERT INTO temp.match_part VALUES (?, ?)');
  const large = book
    .prepare(
      `SELECT o.id, o.currency, ${gross} AS amountE5, o.order_date AS date
       FROM temp.match_order t CROSS JOIN sales_order o ON o.id = t.id WHERE t.is_large AND NOT t.is_cancelled`,
    )
    .all() as { id: number; currency: string; amountE5: number; date: string }[];
  for (const { id, currency, amountE5, date } of large)
    if (isOverLimit(rules, currency, amountE5, date)) add.run(id, bit('AMOUNT_LIMIT'));
  const named = book
    .prepare(
      `SELECT o.id, json_group_array(w.goods) AS texts FROM temp.match_order o CROSS JOIN waybill w ON ${ownWaybills}
       WHERE o.may_name AND NOT o.is_cancelled AND w.goods IS NOT NULL GROUP BY o.id`,
    )
    .all() as { id: number; texts: string }[];
  for (const { id, texts } of named) {
    const goods = goodsOf(book, id);
    const isNamed = (JSON.parse(texts) as string[]).every((text) => namesGoods(text, goods));
    if (goods.length > 0 && !isNamed) add.run(id, bit('GOODS'));
  }
}

/** Judges the orders of `match_order`; what does not pass is added to `match_found`. */
function judge(book: Book, rules: MatchRules, parameters: Parameters): void {
  book.db.exec('DELETE FROM temp.match_part; DELETE FROM temp.match_list');
  const listsBy = (ids: string): string =>
    `INSERT OR IGNORE INTO temp.match_list SELECT o.id, x.id FROM temp.match_order t CROSS JOIN sales_order o ON o.id = t.id
     CROSS JOIN document x ON x.id IN (${ids})`;
  const isLoose = book
    .prepare(`SELECT 1 FROM document WHERE kind = 'CEB603Message' AND order_id IS NULL LIMIT 1`)
    .get();
  for (const ids of [draftedLists, ...(isLoose === undefined ? [] : looseLists)]) book.prepare(listsBy(ids)).run();
  const hasClaims = book.prepare('SELECT 1 FROM waybill_claim LIMIT 1').get() !== undefined;
  for (const part of [cancelledPart, paymentPart, waybillPart(hasClaims ? claimed : '0'), listPart])
    run(book, part, parameters);
  if (parameters.list === 1) run(book, noListPart, parameters);
  judgeByHand(book, rules);
  book.prepare(collect).run();
}

const onlyWanted = 'AND ? IN (SELECT order_no FROM temp.match_wanted)';

function finish(book: Book, rules: MatchRules, scope: MatchScope, orders: number, now: string): MatchResult {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO match_run (scope, rules_on, rules_from, orders, found, settled, at, actor) VALUES (?, ?, ?, ?, 0, 0, ?, ?)`,
    )
    .run(scope, rules.rulesOn, rules.rulesFrom, orders, now, book.actor);
  const runId = Number(lastInsertRowid);
  const only = scope === 'all' ? '' : onlyWanted.replace('?', 'match_item.order_no');
  const found = run(book, upsert, { run: runId, now });
  const settled = run(book, settle(only), { run: runId, now });
  book.prepare('UPDATE match_run SET found = ?, settled = ? WHERE id = ?').run(found, settled, runId);
  return { runId, orders, found, settled };
}

/** Judges what is in `match_wanted` and writes the verdicts. Inside a transaction. */
function judgeWanted(book: Book, rules: MatchRules, scope: MatchScope, now: string): MatchResult {
  const n = book
    .prepare(
      `INSERT INTO temp.match_order SELECT o.id, o.order_no, o.order_date, o.state = 'cancelled', ${gross} > (${limitCases(book, rules)}), 1, 1, 1
       FROM temp.match_wanted t CROSS JOIN sales_order o ON o.order_no = t.order_no`,
    )
    .run().changes;
  judge(book, rules, parametersOf(rules));
  for (const sql of orphans(onlyWanted)) run(book, sql, { today: rules.rulesOn });
  const result = finish(book, rules, scope, n, now);
  book.db.exec('DELETE FROM match_due WHERE order_no IN (SELECT order_no FROM temp.match_wanted)');
  return result;
}

/** How many order numbers wait to be judged. */
export function dueOrders(book: Book): number {
  return (book.prepare('SELECT count(*) AS n FROM match_due').get() as { n: number }).n;
}

/**
 * Judges what changed since the last time: the orders, payments, waybills and lists of an import or an edit. Call it in the
 * transaction of the change.
 */
export function matchChanged(book: Book, rules: MatchRules, now: string): MatchResult {
  return book.transaction(() => {
    prepareTables(book, rules);
    book.db.exec(`INSERT OR IGNORE INTO temp.match_wanted SELECT order_no FROM match_due;
      INSERT OR IGNORE INTO temp.match_wanted SELECT ${wholeOf('order_no')} FROM match_due WHERE order_no GLOB '*-[0-9]*'`);
    return judgeWanted(book, rules, 'changed', now);
  });
}

/** Judges orders by id, whatever changed: those about to be queued. */
export function matchOrders(book: Book, rules: MatchRules, orderIds: readonly number[], now: string): MatchResult {
  return book.transaction(() => {
    prepareTables(book, rules);
    const insert = book.prepare(
      'INSERT OR IGNORE INTO temp.match_wanted SELECT order_no FROM sales_order WHERE id = ?',
    );
    for (const id of orderIds) insert.run(id);
    return judgeWanted(book, rules, 'queue', now);
  });
}

/** Orders sifted between two turns of the event loop. */
const CHUNK = 50_000;
const running = new WeakSet<Book>();

/**
 * Judges the whole book. Nothing is written before the end, so that a cancel leaves everything as it was; what changes meanwhile
 * is judged once more. Refusals: `MATCH_RUNNING`, `CANCELLED`.
 */
export async function matchAll(
  book: Book,
  rules: MatchRules,
  now: string,
  options: { readonly signal: AbortSignal; readonly progress: (done: number, total: number) => void },
): Promise<MatchResult> {
  if (running.has(book)) throw new PortbookError('MATCH_RUNNING');
  running.add(book);
  try {
    const parameters = parametersOf(rules);
    const limits = limitCases(book, rules);
    const facts = `o.id, o.order_no, o.order_date, o.state = 'cancelled', ${gross} > (${limits})`;
    const sift = `INSERT INTO temp.match_order SELECT ${facts}, w.goods IS NOT NULL,
      coalesce(${oddPayment}, 0), coalesce(${oddWaybill}, 0) FROM sales_order o
      LEFT JOIN order_payment p ON p.order_no = o.order_no AND p.nth = 1 LEFT JOIN waybill w ON w.order_no = o.order_no
      WHERE o.id > :from AND o.id <= :until AND (${suspect(limits)})`;
    // What one payment and one waybill do not show: several payments, waybills of parts, numbers claimed twice, lists.
    const rest = `INSERT INTO temp.match_order SELECT ${facts}, 1, 1, 1 FROM sales_order o WHERE o.order_no IN (
      SELECT order_no FROM order_payment WHERE nth = 2
      UNION SELECT o.order_no FROM waybill w JOIN sales_order o ON o.id = w.order_id WHERE w.is_part = 1
      UNION SELECT order_no FROM waybill_claim UNION SELECT ${wholeOf('order_no')} FROM waybill_claim
      UNION SELECT o.order_no FROM waybill_claim c JOIN waybill w ON w.logistics_no = c.logistics_no JOIN sales_order o ON o.id = w.order_id
      UNION SELECT o.order_no FROM document d JOIN sales_order o ON o.id = d.order_id
        WHERE d.kind = 'CEB603Message' AND d.state NOT IN ('superseded','withdrawn')
      UNION SELECT ${orderOfList} FROM document l WHERE ${looseList}
      UNION SELECT ${wholeOf(orderOfList)} FROM document l WHERE ${looseList}
      UNION SELECT o.order_no FROM document l JOIN waybill w ON w.logistics_no = ${waybillOfList} JOIN sales_order o ON o.id = w.order_id
        WHERE ${looseList})`;
    const { top, n } = book.prepare('SELECT coalesce(max(id), 0) AS top, count(*) AS n FROM sales_order').get() as {
      top: number;
      n: number;
    };
    book.db.exec(`DROP TABLE IF EXISTS temp.match_kept;
      CREATE TEMP TABLE match_kept (kind TEXT NOT NULL, order_no TEXT NOT NULL, order_id INTEGER, date TEXT NOT NULL, codes INTEGER NOT NULL)`);
    // Whether only the match itself has written: what else came in between is judged once more at the end.
    let isAlone = true;
    let mark = book.changeMark();
    const judgeInto = (fill: () => void): void => {
      isAlone &&= book.changeMark() === mark;
      prepareTables(book, rules);
      fill();
      judge(book, rules, parameters);
      book.db.exec('INSERT INTO temp.match_kept SELECT * FROM temp.match_found');
      mark = book.changeMark();
    };
    for (let from = 0; from < top; from += CHUNK) {
      if (options.signal.aborted) throw new PortbookError('CANCELLED');
      options.progress(Math.min(from, n), n);
      judgeInto(() => run(book, sift, { ...parameters, from, until: from + CHUNK }));
      await setImmediate();
    }
    if (options.signal.aborted) throw new PortbookError('CANCELLED');
    options.progress(n, n);
    return book.transaction(() => {
      judgeInto(() => run(book, rest, parameters));
      prepareTables(book, rules);
      book.db.exec('INSERT OR REPLACE INTO temp.match_found SELECT * FROM temp.match_kept');
      for (const sql of orphans('')) run(book, sql, { today: rules.rulesOn });
      const result = finish(book, rules, 'all', n, now);
      if (isAlone) book.db.exec('DELETE FROM match_due');
      else matchChanged(book, rules, now);
      return result;
    });
  } finally {
    if (book.db.open) book.db.exec('DROP TABLE IF EXISTS temp.match_kept');
    running.delete(book);
  }
}

// One order -----------------------------------------------------------------------------------------------------------

/** Goods of an order that were not cancelled, with every name the book has of them. */
function goodsOf(book: Book, orderId: number): GoodsFacts[] {
  const rows = book
    .prepare(
      `SELECT l.sku, l.description, g.name_source AS source, coalesce(g.name_cn, '') AS cn, l.qty_e5 - l.cancelled_qty_e5 AS qtyE5
       FROM ${goodsLines('?')} ORDER BY l.line_no`,
    )
    .all(orderId) as { sku: string; description: string; source: string; cn: string; qtyE5: number }[];
  return rows.map(({ sku, description, source, cn, qtyE5 }) => ({ sku, names: [description, source, cn], qtyE5 }));
}

interface OrderRow {
  id: number;
  orderNo: string;
  date: string;
  state: string;
  currency: string;
  goodsE5: number;
  otherE5: number;
  cancelledE5: number;
  settledE5: number;
  buyerKey: string | null;
  buyerId: string | null;
  buyerPhone: string | null;
  account: string | null;
  consigneeKey: string | null;
  consigneePhone: string | null;
  country: string | null;
}

/** A row without its nulls: what a record does not say is undefined. */
function present<T extends object>(row: T): { [K in keyof T]: Exclude<T[K], null> | undefined } {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as {
    [K in keyof T]: Exclude<T[K], null> | undefined;
  };
}

const e5 = (text: unknown): number => Math.round((Number(text) || 0) * 100_000);
const said = (text: unknown): string | undefined => (typeof text === 'string' && text !== '' ? text : undefined);

function listFacts(body: string, amountE5: number): ListFacts {
  const { InventoryHead: top, InventoryList: rows } = JSON.parse(body) as {
    InventoryHead?: Record<string, unknown>;
    InventoryList?: Record<string, unknown>[];
  };
  return {
    orderNo: said(top?.['orderNo']) ?? '',
    logisticsNo: said(top?.['logisticsNo']),
    amountE5,
    country: said(top?.['country']),
    grossE5: e5(top?.['grossWeight']),
    netE5: e5(top?.['netWeight']),
    lines: (rows ?? []).map((one) => ({
      sku: said(one['itemNo']) ?? '',
      qtyE5: e5(one['qty']),
      currencyCode: said(one['currency']),
    })),
  };
}

/** The four records of an order as the rule takes them; undefined for a number without an order. */
export function recordsOf(book: Book, rules: MatchRules, orderNo: string): MatchRecords | undefined {
  const row = book
    .prepare(
      `SELECT o.id, o.order_no AS orderNo, o.order_date AS date, o.state, o.currency, o.goods_value_e5 AS goodsE5, o.other_value_e5 AS otherE5,
         o.cancelled_value_e5 AS cancelledE5, ${scaledMinor('o.settled_minor + o.charge_minor')} AS settledE5, o.buyer_key AS buyerKey,
         o.buyer_id AS buyerId, o.buyer_phone AS buyerPhone, o.customer AS account, o.consignee_key AS consigneeKey,
         o.consignee_phone AS consigneePhone, o.country FROM sales_order o WHERE o.order_no = ?`,
    )
    .get(orderNo) as OrderRow | undefined;
  if (row === undefined) return undefined;
  const payments = book
    .prepare(
      `SELECT currency, amount_e5 AS amountE5, paid_on AS paidOn, payer_key AS payerKey, payer_id AS payerId, payer_phone AS payerPhone,
         payer_account AS payerAccount FROM order_payment WHERE order_no = ? AND void_reason IS NULL ORDER BY nth`,
    )
    .all(orderNo) as object[];
  const waybills = book
    .prepare(
      `SELECT w.order_no AS orderNo, w.logistics_no AS logisticsNo, w.gross_weight_e5 AS grossE5, w.consignee_key AS consigneeKey,
         w.consignee_phone AS consigneePhone, w.country, w.goods, w.quantity_e5 AS quantityE5
       FROM sales_order o JOIN waybill w ON ${ownWaybills} WHERE o.id = ? ORDER BY w.order_no`,
    )
    .all(row.id) as object[];
  const lists = book
    .prepare(
      `SELECT d.body, d.amount_e5 AS amountE5 FROM sales_order o CROSS JOIN document d ON d.id IN (${listsOfOrder}) WHERE o.id = ? ORDER BY d.id`,
    )
    .all(row.id) as { body: string; amountE5: number }[];
  const { yes } = book.prepare(`SELECT ${claimed} AS yes FROM sales_order o WHERE o.id = ?`).get(row.id) as {
    yes: number;
  };
  const { state, id, ...facts } = row;
  return {
    order: {
      ...present(facts),
      isCancelled: state === 'cancelled',
      currencyCode: rules.currencyCodes.get(row.currency),
      isOverLimit: isOverLimit(rules, row.currency, row.goodsE5 + row.otherE5, row.date),
      goods: goodsOf(book, id),
    } as MatchRecords['order'],
    payments: payments.map(present) as unknown as MatchRecords['payments'],
    waybills: waybills.map(present) as unknown as MatchRecords['waybills'],
    isWaybillClaimed: yes === 1,
    lists: lists.map(({ body, amountE5 }) => listFacts(body, amountE5)),
  };
}

/** An order as the side-by-side view has it; personal facts whole, to be masked by who shows them. */
export interface OrderRecord {
  readonly id: number;
  readonly orderNo: string;
  readonly state: string;
  readonly date: string;
  readonly currency: string;
  readonly goodsE5: number;
  readonly otherE5: number;
  readonly cancelledE5: number;
  readonly customer: string | null;
  readonly country: string | null;
  readonly buyerName: string | null;
  readonly buyerId: string | null;
  readonly buyerPhone: string | null;
  readonly consignee: string | null;
  readonly consigneePhone: string | null;
  readonly lists: { readonly id: number; readonly businessKey: string; readonly state: string }[];
}

export function orderRecord(book: Book, orderNo: string): OrderRecord | undefined {
  const row = book
    .prepare(
      `SELECT id, order_no AS orderNo, state, order_date AS date, currency, goods_value_e5 AS goodsE5, other_value_e5 AS otherE5,
         cancelled_value_e5 AS cancelledE5, customer, country, buyer_name AS buyerName, buyer_id AS buyerId, buyer_phone AS buyerPhone,
         consignee, consignee_phone AS consigneePhone FROM sales_order WHERE order_no = ?`,
    )
    .get(orderNo) as Omit<OrderRecord, 'lists'> | undefined;
  if (row === undefined) return undefined;
  const lists = book
    .prepare(
      `SELECT d.id, d.business_key AS businessKey, d.state FROM sales_order o CROSS JOIN document d ON d.id IN (${listsOfOrder})
       WHERE o.id = ? ORDER BY d.id`,
    )
    .all(row.id) as { id: number; businessKey: string; state: string }[];
  return { ...row, lists };
}

/** The waybills of an order number and of its parts; for a number without an order, those under the number itself. */
export function waybillsUnder(
  book: Book,
  orderNo: string,
): {
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly grossE5: number;
  readonly consignee: string | null;
  readonly consigneePhone: string | null;
  readonly country: string | null;
  readonly goods: string | null;
  readonly quantityE5: number | null;
}[] {
  return book
    .prepare(
      `SELECT order_no AS orderNo, logistics_no AS logisticsNo, gross_weight_e5 AS grossE5, consignee, consignee_phone AS consigneePhone,
         country, goods, quantity_e5 AS quantityE5 FROM waybill
       WHERE order_no >= :no AND order_no < :no || '.' AND order_id IS (SELECT id FROM sales_order WHERE order_no = :no)
         AND (order_no = :no OR order_id IS NOT NULL) ORDER BY order_no`,
    )
    .all({ no: orderNo }) as ReturnType<typeof waybillsUnder>;
}

/** The open verdicts of orders, by order id: codes that no exception covers. */
export function openCodes(book: Book, orderIds: readonly number[]): Map<number, MatchCode[]> {
  const get = book.prepare(
    `SELECT i.codes FROM sales_order o JOIN match_item i ON i.kind = 'order' AND i.order_no = o.order_no AND i.state = 'open' WHERE o.id = ?`,
  );
  const found = new Map<number, MatchCode[]>();
  for (const id of orderIds) {
    const row = get.get(id) as { codes: number } | undefined;
    if (row !== undefined) found.set(id, codesOf(row.codes));
  }
  return found;
}
