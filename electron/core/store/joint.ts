import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { type JointStatements, type jointPostings, jointStatements } from '../../../shared/contract/joint.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { LotOrigin } from '../../../shared/joint/owners.ts';
import type { ShareBasis } from '../../../shared/joint/shares.ts';
import { rangeText } from '../../../shared/lots/cartons.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { requireParty } from './parties.ts';
import { ancestors, cartonsOn } from './trace/lots.ts';

/** 联合出海: goods of members, amounts to share, statements as they were issued, payments. Amounts in whole fen. */

/** Lines a joint shipment may have. */
export const MOST_GOODS = 2000;
const MOST_AMOUNTS = 100;

type Kind = ParsedInputOf<'joint.saveAmount'>['kind'];
export interface JointRecord {
  readonly id: number;
  readonly number: string;
  readonly title: string;
  readonly on: string;
  readonly source: string;
  readonly dispatchId: number | null;
  readonly shipmentId: number | null;
  readonly note: string;
  readonly posting: (typeof jointPostings)[number];
  readonly members: number;
  readonly cartons: number;
  readonly massG: number;
  readonly version: number;
}
export interface GoodsRecord {
  readonly id: number;
  readonly jointId: number;
  readonly partyId: number | null;
  readonly party: string;
  readonly goods: string;
  readonly place: string;
  readonly massG: number;
  readonly cartons: number;
  readonly valueFen: number;
  readonly soldFen: number;
  readonly lotId: number | null;
  readonly lot: string;
  readonly taken: number;
}
export interface AmountRecord {
  readonly id: number;
  readonly jointId: number;
  readonly side: 'cost' | 'proceeds';
  readonly kind: Kind;
  readonly note: string;
  readonly amountFen: number;
  readonly by: ShareBasis;
  /** The one member whose it is alone. */
  readonly partyId: number | null;
  readonly party: string | null;
  /** The receipt that proceeds are. */
  readonly recordId: number | null;
  readonly record: string | null;
  /** What the receipt said when it was taken in, JSON of date, currency and minor units, and what it says now; null where they agree. */
  readonly recordWas: string | null;
  readonly recordNow: string | null;
}
export interface PaymentRecord {
  readonly id: number;
  readonly jointId: number;
  readonly partyId: number;
  readonly name: string;
  readonly on: string;
  readonly amountFen: number;
  readonly method: ParsedInputOf<'joint.pay'>['method'];
  readonly account: string;
  readonly note: string;
  readonly recordId: number | null;
  readonly record: string | null;
  readonly voidedAt: string | null;
  readonly voidReason: string;
}

const lastIssue = '(SELECT max(version) FROM joint_issue WHERE joint_id = j.id)';
const select = `SELECT j.id, j.number, j.title, j.on_date AS "on", coalesce(d.number, s.shipment_no, '') AS source,
    j.dispatch_id AS dispatchId, j.shipment_id AS shipmentId, j.note, j.posting,
    (SELECT count(DISTINCT party_id) FROM joint_goods WHERE joint_id = j.id) AS members,
    (SELECT coalesce(sum(cartons), 0) FROM joint_goods WHERE joint_id = j.id) AS cartons,
    (SELECT coalesce(sum(mass_g), 0) FROM joint_goods WHERE joint_id = j.id) AS massG,
    coalesce(${lastIssue}, 0) AS version
  FROM joint_shipment j LEFT JOIN dispatch d ON d.id = j.dispatch_id LEFT JOIN shipment s ON s.id = j.shipment_id`;

/** The last day first. */
export function listJoint(
  book: Book,
  filter: ParsedInputOf<'joint.list'>,
): { rows: JointRecord[]; total: number; nextCursor?: string } {
  const [day, before] = decodeCursor(filter.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const text = filter.text.trim();
  const where = `(:text = '' OR j.number LIKE :like ESCAPE '\\' OR j.title LIKE :like ESCAPE '\\' OR d.number LIKE :like ESCAPE '\\'
    OR s.shipment_no LIKE :like ESCAPE '\\' OR j.id IN (SELECT g.joint_id FROM joint_goods g JOIN party p ON p.id = g.party_id
      WHERE p.name LIKE :like ESCAPE '\\'))`;
  const only = { text, like: containing(text) };
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (j.on_date, j.id) < (:day, :before) ORDER BY j.on_date DESC, j.id DESC LIMIT :limit`,
    )
    .all({ ...only, day, before, limit: filter.limit }) as JointRecord[];
  const { n } = book
    .prepare(
      `SELECT count(*) AS n FROM joint_shipment j LEFT JOIN dispatch d ON d.id = j.dispatch_id
       LEFT JOIN shipment s ON s.id = j.shipment_id WHERE ${where}`,
    )
    .get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.on, last.id]) } : {}),
  };
}

/** Refusal: `JOINT_UNKNOWN` {id}. */
export function requireJoint(book: Book, id: number): JointRecord {
  const row = book.prepare(`${select} WHERE j.id = ?`).get(id) as JointRecord | undefined;
  if (row === undefined) throw new PortbookError('JOINT_UNKNOWN', { id }, 'id');
  return row;
}

/** Where goods come from: a dispatch by its number, or else a shipment. Refusals: `JOINT_SOURCE_UNKNOWN`, `JOINT_SOURCE_TAKEN`. */
function sourceOf(book: Book, number: string, jointId: number): { dispatch: number | null; shipment: number | null } {
  if (number === '') return { dispatch: null, shipment: null };
  const idOf = (sql: string): number | null =>
    (book.prepare(sql).get(number) as { id: number } | undefined)?.id ?? null;
  const dispatch = idOf('SELECT id FROM dispatch WHERE number = ?');
  const shipment = dispatch === null ? idOf('SELECT id FROM shipment WHERE shipment_no = ?') : null;
  if (dispatch === null && shipment === null) throw new PortbookError('JOINT_SOURCE_UNKNOWN', { number }, 'source');
  // A dispatch of a shipment that is shared as a whole is shared there, and the other way round.
  const other = book
    .prepare(
      `SELECT j.number FROM joint_shipment j LEFT JOIN dispatch d ON d.id = j.dispatch_id WHERE j.id <> :jointId AND (
         j.dispatch_id = :dispatch OR j.shipment_id = :shipment OR d.shipment_id = :shipment
         OR j.shipment_id = (SELECT shipment_id FROM dispatch WHERE id = :dispatch)) LIMIT 1`,
    )
    .get({ jointId, dispatch, shipment }) as { number: string } | undefined;
  if (other !== undefined) throw new PortbookError('JOINT_SOURCE_TAKEN', { number, joint: other.number }, 'source');
  return { dispatch, shipment };
}

/** A new one is numbered by its year: LH-2026-001. Refusals: those of {@link sourceOf}, `JOINT_UNKNOWN`. */
export function saveJoint(book: Book, input: ParsedInputOf<'joint.save'>, now: string): number {
  const { id, title, on, note } = input;
  const values = { title, on, note, now, posting: input.posting ?? null, ...sourceOf(book, input.source, id ?? 0) };
  if (id !== undefined) {
    requireJoint(book, id);
    book
      .prepare(
        `UPDATE joint_shipment SET title = :title, on_date = :on, dispatch_id = :dispatch, shipment_id = :shipment, note = :note,
           posting = coalesce(:posting, posting), updated_at = :now WHERE id = :id`,
      )
      .run({ ...values, id });
    return id;
  }
  const year = on.slice(0, 4);
  const number = `LH-${year}-${String(book.nextNumber(`joint:${year}`)).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO joint_shipment (number, title, on_date, dispatch_id, shipment_id, note, posting, created_at, updated_at)
       VALUES (:number, :title, :on, :dispatch, :shipment, :note, coalesce(:posting, ''), :now, :now)`,
    )
    .run({ ...values, number });
  return Number(lastInsertRowid);
}

/** Refusal: `JOINT_ISSUED` {number} where statements or payments are on record. */
export function removeJoint(book: Book, id: number): JointRecord {
  const joint = requireJoint(book, id);
  const paid = book.prepare('SELECT 1 FROM joint_payment WHERE joint_id = ? LIMIT 1').get(id);
  if (joint.version > 0 || paid !== undefined) throw new PortbookError('JOINT_ISSUED', { number: joint.number }, 'id');
  book.prepare('DELETE FROM joint_shipment WHERE id = ?').run(id);
  return joint;
}

const touch = (book: Book, id: number, now: string): void => {
  book.prepare('UPDATE joint_shipment SET updated_at = ? WHERE id = ?').run(now, id);
};

// Goods -----------------------------------------------------------------------------------------------------------------
const goodsSelect = `SELECT g.id, g.joint_id AS jointId, g.party_id AS partyId, coalesce(p.name, '') AS party, g.goods, g.place,
    g.mass_g AS massG, g.cartons, g.value_fen AS valueFen, g.sold_fen AS soldFen, g.lot_id AS lotId, coalesce(l.code, '') AS lot, g.taken
  FROM joint_goods g LEFT JOIN party p ON p.id = g.party_id LEFT JOIN lot l ON l.id = g.lot_id`;

export function goodsOf(book: Book, jointId: number): GoodsRecord[] {
  return book.prepare(`${goodsSelect} WHERE g.joint_id = ? ORDER BY g.id`).all(jointId) as GoodsRecord[];
}

/** Refusal: `JOINT_GOODS_UNKNOWN` {id}. */
function requireGoods(book: Book, id: number): GoodsRecord {
  const row = book.prepare(`${goodsSelect} WHERE g.id = ?`).get(id) as GoodsRecord | undefined;
  if (row === undefined) throw new PortbookError('JOINT_GOODS_UNKNOWN', { id }, 'id');
  return row;
}

export type NewGoods = Pick<GoodsRecord, 'partyId' | 'goods' | 'place' | 'massG' | 'cartons' | 'lotId' | 'taken'> & {
  readonly valueFen?: number;
  readonly soldFen?: number;
};

/** Refusal: `JOINT_FULL` {most}. */
export function insertGoods(book: Book, jointId: number, goods: NewGoods, now: string): number {
  const { n } = book.prepare('SELECT count(*) AS n FROM joint_goods WHERE joint_id = ?').get(jointId) as { n: number };
  if (n >= MOST_GOODS) throw new PortbookError('JOINT_FULL', { most: MOST_GOODS });
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO joint_goods (joint_id, party_id, lot_id, goods, place, mass_g, cartons, value_fen, sold_fen, taken)
       VALUES (:jointId, :partyId, :lotId, :goods, :place, :massG, :cartons, :valueFen, :soldFen, :taken)`,
    )
    .run({ valueFen: 0, soldFen: 0, ...goods, jointId });
  touch(book, jointId, now);
  return Number(lastInsertRowid);
}

/** Refusals: `JOINT_GOODS_UNKNOWN` also for a line of another joint shipment, `PARTY_UNKNOWN`. */
export function updateGoods(
  book: Book,
  id: number,
  jointId: number,
  change: Omit<NewGoods, 'lotId' | 'taken'>,
  now: string,
): void {
  if (requireGoods(book, id).jointId !== jointId) throw new PortbookError('JOINT_GOODS_UNKNOWN', { id }, 'id');
  if (change.partyId !== null) requireParty(book, change.partyId, 'partyId');
  book
    .prepare(
      `UPDATE joint_goods SET party_id = :partyId, goods = :goods, place = :place, mass_g = :massG, cartons = :cartons,
         value_fen = coalesce(:valueFen, value_fen), sold_fen = coalesce(:soldFen, sold_fen) WHERE id = :id`,
    )
    .run({ valueFen: null, soldFen: null, ...change, id });
  touch(book, jointId, now);
}

/** Refusal: `JOINT_GOODS_UNKNOWN`. */
export function removeGoods(book: Book, id: number, now: string): GoodsRecord {
  const row = requireGoods(book, id);
  book.prepare('DELETE FROM joint_goods WHERE id = ?').run(id);
  touch(book, row.jointId, now);
  return row;
}

// Amounts ---------------------------------------------------------------------------------------------------------------
const recordChanged =
  '(a.record_minor, a.record_currency, a.record_date) IS NOT (r.amount_minor + r.fee_minor, r.currency, r.date)';
const amountSelect = `SELECT a.id, a.joint_id AS jointId, a.side, a.kind, a.note, a.amount_fen AS amountFen, a.basis AS "by",
    a.party_id AS partyId, p.name AS party, a.record_id AS recordId, r.number AS record,
    CASE WHEN ${recordChanged} THEN json_object('date', a.record_date, 'currency', a.record_currency, 'minor', a.record_minor) END AS recordWas,
    CASE WHEN ${recordChanged} THEN json_object('date', r.date, 'currency', r.currency, 'minor', r.amount_minor + r.fee_minor) END AS recordNow
  FROM joint_amount a LEFT JOIN party p ON p.id = a.party_id LEFT JOIN money_record r ON r.id = a.record_id`;

/** What a receipt says when an amount is saved with it: who saves has looked at it. */
const recordSays = 'SELECT r.amount_minor + r.fee_minor, r.currency, r.date FROM money_record r WHERE r.id = :recordId';

/** Costs and proceeds in the order they were entered. */
export function amountsOf(book: Book, jointId: number): AmountRecord[] {
  return book.prepare(`${amountSelect} WHERE a.joint_id = ? ORDER BY a.id`).all(jointId) as AmountRecord[];
}

/** Refusal: `JOINT_AMOUNT_UNKNOWN` {id}. */
function requireAmount(book: Book, id: number): AmountRecord {
  const row = book.prepare(`${amountSelect} WHERE a.id = ?`).get(id) as AmountRecord | undefined;
  if (row === undefined) throw new PortbookError('JOINT_AMOUNT_UNKNOWN', { id }, 'id');
  return row;
}

/** Refusals: `JOINT_UNKNOWN`, `JOINT_AMOUNT_UNKNOWN` also for one of another joint shipment, `JOINT_FULL` {most}. */
export function saveAmount(
  book: Book,
  amount: Omit<AmountRecord, 'id' | 'party' | 'record' | 'recordWas' | 'recordNow'> & {
    readonly id?: number | undefined;
  },
  now: string,
): number {
  const { id, ...values } = amount;
  const { jointId } = values;
  requireJoint(book, jointId);
  touch(book, jointId, now);
  if (id !== undefined) {
    if (requireAmount(book, id).jointId !== jointId) throw new PortbookError('JOINT_AMOUNT_UNKNOWN', { id }, 'id');
    const { jointId: _of, ...change } = values;
    book
      .prepare(
        `UPDATE joint_amount SET side = :side, kind = :kind, note = :note, amount_fen = :amountFen, basis = :by, party_id = :partyId,
           record_id = :recordId, (record_minor, record_currency, record_date) = (${recordSays}) WHERE id = :id`,
      )
      .run({ ...change, id });
    return id;
  }
  if (amountsOf(book, jointId).length >= MOST_AMOUNTS) throw new PortbookError('JOINT_FULL', { most: MOST_AMOUNTS });
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO joint_amount (joint_id, side, kind, note, amount_fen, basis, party_id, record_id, record_minor, record_currency, record_date)
       SELECT :jointId, :side, :kind, :note, :amountFen, :by, :partyId, :recordId, s.* FROM (SELECT 1) LEFT JOIN (${recordSays}) s`,
    )
    .run(values);
  return Number(lastInsertRowid);
}

/** Refusal: `JOINT_AMOUNT_UNKNOWN`. */
export function removeAmount(book: Book, id: number, now: string): AmountRecord {
  const row = requireAmount(book, id);
  book.prepare('DELETE FROM joint_amount WHERE id = ?').run(id);
  touch(book, row.jointId, now);
  return row;
}

// Source ----------------------------------------------------------------------------------------------------------------
/** Dispatches that a joint shipment is made of. One that a joint shipment of its own shares is not shared again with its shipment. */
export function sourceDispatches(book: Book, { dispatchId, shipmentId }: JointRecord): number[] {
  if (dispatchId !== null) return [dispatchId];
  if (shipmentId === null) return [];
  return (
    book
      .prepare(
        `SELECT d.id FROM dispatch d WHERE d.shipment_id = ?
           AND NOT EXISTS (SELECT 1 FROM joint_shipment j WHERE j.dispatch_id = d.id) ORDER BY d.id`,
      )
      .all(shipmentId) as { id: number }[]
  ).map(({ id }) => id);
}

export interface LoadedLot {
  readonly lotId: number;
  readonly goods: string;
  readonly cartons: number;
  readonly massG: number;
}

/** What of each lot is on dispatches. */
export function loadedLots(book: Book, dispatches: readonly number[]): LoadedLot[] {
  return book
    .prepare(
      `SELECT c.lot_id AS lotId, trim(f.name_zh || ' ' || l.variety || ' ' || l.grade) AS goods,
         sum(c.last_no - c.first_no + 1) AS cartons, sum((c.last_no - c.first_no + 1) * c.net_g) AS massG
       FROM lot_carton c JOIN lot l ON l.id = c.lot_id JOIN farm_product f ON f.id = l.product_id
       WHERE c.dispatch_id IN (SELECT value FROM json_each(?)) GROUP BY c.lot_id ORDER BY c.lot_id`,
    )
    .all(JSON.stringify(dispatches)) as LoadedLot[];
}

/** Numbers of the cartons on a joint shipment's dispatches as ranges, by lot. */
export function sourceCartons(book: Book, joint: JointRecord): Map<number, string[]> {
  const byLot = new Map<number, string[]>();
  for (const id of sourceDispatches(book, joint))
    for (const carton of cartonsOn(book, id, Number.MAX_SAFE_INTEGER)) {
      const ranges = byLot.get(carton.lotId) ?? [];
      ranges.push(rangeText(carton));
      byLot.set(carton.lotId, ranges);
    }
  return byLot;
}

/** Lots with all they came from, those before others first, and where each harvest was. */
export function originsOf(book: Book, lotIds: readonly number[]): (LotOrigin & { readonly site: string })[] {
  const ids = JSON.stringify(ancestors(book, lotIds));
  const inputs = new Map<number, { lotId: number; grams: number }[]>();
  for (const { id, ...input } of book
    .prepare(
      `SELECT l.id, i.lot_id AS lotId, i.mass_g AS grams FROM lot l JOIN lot_input i ON i.step_id = l.step_id
       WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.id, i.lot_id`,
    )
    .all(ids) as { id: number; lotId: number; grams: number }[])
    inputs.set(id, [...(inputs.get(id) ?? []), input]);
  const rows = book
    .prepare(
      `SELECT l.id, s.party_id AS owner, coalesce(s.name, '') AS site FROM lot l LEFT JOIN farm_site s ON s.id = l.site_id
       WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.id`,
    )
    .all(ids) as { id: number; owner: number | null; site: string }[];
  return rows.map(({ id, owner, site }) => ({ id, site, owner: owner ?? undefined, inputs: inputs.get(id) ?? [] }));
}

// Statements ------------------------------------------------------------------------------------------------------------
export interface IssueRecord {
  readonly version: number;
  readonly reason: string;
  readonly who: string;
  readonly at: string;
}

/** The last version first. */
export function issuesOf(book: Book, jointId: number): IssueRecord[] {
  return book
    .prepare('SELECT version, reason, who, at FROM joint_issue WHERE joint_id = ? ORDER BY version DESC')
    .all(jointId) as IssueRecord[];
}

/** What a version says. Refusal: `JOINT_VERSION_UNKNOWN` {version}. */
export function issuedStatements(book: Book, jointId: number, version: number): JointStatements {
  const row = book.prepare('SELECT body FROM joint_issue WHERE joint_id = ? AND version = ?').get(jointId, version) as
    | { body: string }
    | undefined;
  if (row === undefined) throw new PortbookError('JOINT_VERSION_UNKNOWN', { version }, 'version');
  return jointStatements.parse(JSON.parse(row.body));
}

/** Writes a version with what is due to each member by it, in fen. */
export function insertIssue(
  book: Book,
  issue: IssueRecord & { readonly jointId: number; readonly body: JointStatements },
  dues: readonly { readonly partyId: number; readonly netFen: number }[],
): void {
  const { jointId, version, reason, body, who, at } = issue;
  const { lastInsertRowid } = book
    .prepare('INSERT INTO joint_issue (joint_id, version, reason, body, who, at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(jointId, version, reason, JSON.stringify(body), who, at);
  const insert = book.prepare('INSERT INTO joint_due (issue_id, party_id, net_fen) VALUES (?, ?, ?)');
  for (const { partyId, netFen } of dues) insert.run(lastInsertRowid, partyId, netFen);
}

export interface BalanceRecord {
  readonly partyId: number;
  readonly name: string;
  readonly dueFen: number;
  readonly paidFen: number;
}

/** By member: what is due by the last version and what was paid; members of goods, of the last version, and whoever was paid. */
export function balancesOf(book: Book, jointId: number): BalanceRecord[] {
  return book
    .prepare(
      `WITH due AS (SELECT party_id, net_fen FROM joint_due WHERE issue_id = (
           SELECT id FROM joint_issue WHERE joint_id = :jointId ORDER BY version DESC LIMIT 1)),
         paid AS (SELECT party_id, sum(amount_fen) AS fen FROM joint_payment WHERE joint_id = :jointId AND voided_at IS NULL GROUP BY party_id)
       SELECT p.id AS partyId, p.name, coalesce(due.net_fen, 0) AS dueFen, coalesce(paid.fen, 0) AS paidFen
       FROM party p LEFT JOIN due ON due.party_id = p.id LEFT JOIN paid ON paid.party_id = p.id
       WHERE p.id IN (SELECT party_id FROM due UNION SELECT party_id FROM paid
         UNION SELECT party_id FROM joint_goods WHERE joint_id = :jointId AND party_id IS NOT NULL)
       ORDER BY p.id`,
    )
    .all({ jointId }) as BalanceRecord[];
}

// Payments --------------------------------------------------------------------------------------------------------------
const paymentSelect = `SELECT y.id, y.joint_id AS jointId, y.party_id AS partyId, p.name, y.on_date AS "on", y.amount_fen AS amountFen, y.method,
    y.account, y.note, y.record_id AS recordId, r.number AS record, y.voided_at AS voidedAt, y.void_reason AS voidReason
  FROM joint_payment y JOIN party p ON p.id = y.party_id LEFT JOIN money_record r ON r.id = y.record_id`;

/** By date, void ones too. */
export function paymentsOf(book: Book, jointId: number): PaymentRecord[] {
  return book.prepare(`${paymentSelect} WHERE y.joint_id = ? ORDER BY y.on_date, y.id`).all(jointId) as PaymentRecord[];
}

/** Refusal: `JOINT_PAYMENT_UNKNOWN` {id}. */
export function requirePayment(book: Book, id: number): PaymentRecord {
  const row = book.prepare(`${paymentSelect} WHERE y.id = ?`).get(id) as PaymentRecord | undefined;
  if (row === undefined) throw new PortbookError('JOINT_PAYMENT_UNKNOWN', { id }, 'id');
  return row;
}

export function insertPayment(
  book: Book,
  payment: Pick<PaymentRecord, 'jointId' | 'partyId' | 'on' | 'amountFen' | 'method' | 'account' | 'note' | 'recordId'>,
  now: string,
): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO joint_payment (joint_id, party_id, on_date, amount_fen, method, account, note, record_id, created_at)
       VALUES (:jointId, :partyId, :on, :amountFen, :method, :account, :note, :recordId, :now)`,
    )
    .run({ ...payment, now });
  return Number(lastInsertRowid);
}

export function voidPayment(book: Book, id: number, reason: string, now: string): void {
  book.prepare('UPDATE joint_payment SET voided_at = ?, void_reason = ? WHERE id = ?').run(now, reason, id);
}

/** The joint shipment whose payment a record of money is, or, where asked for, whose proceeds it is. */
export function jointOfRecord(
  book: Book,
  recordId: number,
  orProceeds: boolean,
): { readonly number: string } | undefined {
  return book
    .prepare(
      `SELECT number FROM joint_shipment WHERE id IN (
         SELECT joint_id FROM joint_payment WHERE record_id = :recordId AND voided_at IS NULL
         UNION SELECT joint_id FROM joint_amount WHERE record_id = :recordId AND :orProceeds = 1)`,
    )
    .get({ recordId, orProceeds: orProceeds ? 1 : 0 }) as { number: string } | undefined;
}

export interface ReceiptRecord {
  readonly recordId: number;
  readonly number: string;
  readonly date: string;
  readonly payer: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** Taken in here, in fen. */
  readonly takenFen: number | null;
}

/** Receipts from buyers of dispatches, or allotted to their declarations or orders of their shipment; those taken in elsewhere are left out. */
export function receiptsOf(book: Book, joint: JointRecord): ReceiptRecord[] {
  return book
    .prepare(
      `WITH way AS (SELECT party_id, declaration_no, shipment_id FROM dispatch WHERE id IN (SELECT value FROM json_each(:dispatches))),
         paying AS (
           SELECT r.id FROM money_record r WHERE r.party_id IN (SELECT party_id FROM way)
           UNION SELECT a.record_id FROM allocation a WHERE a.declaration_no IN (SELECT declaration_no FROM way WHERE declaration_no <> '')
           UNION SELECT a.record_id FROM allocation a JOIN export_line e ON e.declaration_no = a.declaration_no
             WHERE e.shipment_id = :shipment OR e.shipment_id IN (SELECT shipment_id FROM way)
           UNION SELECT record_id FROM joint_amount WHERE joint_id = :id AND record_id IS NOT NULL)
       SELECT r.id AS recordId, r.number, r.date, CASE WHEN r.counterparty = '' THEN coalesce(p.name, '') ELSE r.counterparty END AS payer,
         r.currency, r.amount_minor + r.fee_minor AS amountMinor, a.amount_fen AS takenFen
       FROM money_record r LEFT JOIN party p ON p.id = r.party_id LEFT JOIN joint_amount a ON a.record_id = r.id
       WHERE r.id IN (SELECT id FROM paying) AND r.kind = 'receipt' AND r.state = 'entered' AND (a.id IS NULL OR a.joint_id = :id)
       ORDER BY r.date, r.id LIMIT 200`,
    )
    .all({
      id: joint.id,
      shipment: joint.shipmentId,
      dispatches: JSON.stringify(sourceDispatches(book, joint)),
    }) as ReceiptRecord[];
}
