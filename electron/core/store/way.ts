/** The way of a shipment's goods (物流节点): milestones, containers, cut-offs, seals, check lists. */
import { PortbookError } from '../../../shared/errors.ts';
import {
  markOf,
  type TrackedShipment,
  type TrackingEntry,
  type TrackingNumber,
} from '../../../shared/import/tracking.ts';
import type { CutOffKind, MilestoneKind } from '../../../shared/logistics/pack.ts';
import type { CustomsStage, WayTime } from '../../../shared/logistics/way.ts';
import type { Book } from './book.ts';
import { requireShipment } from './shipments.ts';
import { isNewestVersion } from './versions.ts';
import { orderOfLogisticsNo, ownOrder } from './waybills.ts';

// Which shipment a number names -------------------------------------------------------------------------------------------

type Named = Omit<TrackedShipment, 'scope'>;

function byWaybill(book: Book, number: string): Named[] {
  const orderNo = orderOfLogisticsNo(book, number);
  const order = orderNo === undefined ? undefined : ownOrder(book, orderNo);
  if (order === undefined) return [];
  return book
    .prepare(
      `SELECT DISTINCT s.id, s.shipment_no AS shipmentNo FROM document d JOIN shipment s ON s.id = d.shipment_id
       WHERE d.order_id = ? AND d.state NOT IN ('superseded','withdrawn') ORDER BY s.id LIMIT 5`,
    )
    .all(order.id) as Named[];
}
function byBill(book: Book, number: string): Named[] {
  return book
    .prepare(
      `SELECT id, shipment_no AS shipmentNo FROM shipment WHERE upper(trim(json_extract(body, '$.billNo'))) = ? AND state <> 'void' ORDER BY id LIMIT 5`,
    )
    .all(number.toUpperCase()) as Named[];
}
function byContainer(book: Book, number: string): Named[] {
  return book
    .prepare(
      `SELECT s.id, s.shipment_no AS shipmentNo FROM shipment_container c JOIN shipment s ON s.id = c.shipment_id WHERE c.number = ? AND s.state <> 'void' ORDER BY s.id LIMIT 5`,
    )
    .all(number.toUpperCase()) as Named[];
}
function byNumber(book: Book, number: string): Named[] {
  return book
    .prepare('SELECT id, shipment_no AS shipmentNo FROM shipment WHERE shipment_no = ?')
    .all(number.toUpperCase()) as Named[];
}

/** Shipments that a number names. A column of parcel numbers is also looked for among bills, containers and shipments. */
export function shipmentsTracked(book: Book, by: TrackingNumber, number: string): TrackedShipment[] {
  const whole = (found: readonly Named[]): TrackedShipment[] => found.map((one) => ({ ...one, scope: '' }));
  const part = (found: readonly Named[]): TrackedShipment[] =>
    found.map((one) => ({ ...one, scope: number.toUpperCase() }));
  switch (by) {
    case 'shipmentNo':
      return whole(byNumber(book, number));
    case 'billNo':
      return whole(byBill(book, number));
    case 'containerNo':
      return part(byContainer(book, number));
    case 'number': {
      const waybills = part(byWaybill(book, number));
      if (waybills.length > 0) return waybills;
      const bills = whole(byBill(book, number));
      if (bills.length > 0) return bills;
      const containers = part(byContainer(book, number));
      return containers.length > 0 ? containers : whole(byNumber(book, number));
    }
  }
}

// Milestones --------------------------------------------------------------------------------------------------------------

export function hasMilestone(book: Book, entry: TrackingEntry): boolean {
  return (
    book
      .prepare(
        'SELECT 1 FROM shipment_milestone WHERE shipment_id = ? AND scope = ? AND kind = ? AND at = ? AND mark = ?',
      )
      .get(entry.shipmentId, entry.scope, entry.kind, entry.at, markOf(entry)) !== undefined
  );
}

/** Writes milestones that the book does not have, with the run of an import or the endpoint they are from. Call it in a transaction. @returns how many are new */
export function insertMilestones(
  book: Book,
  entries: readonly TrackingEntry[],
  from: { readonly runId?: number | undefined; readonly endpoint?: string | undefined } = {},
): number {
  const { runId, endpoint } = from;
  const insert = book.prepare(
    `INSERT INTO shipment_milestone (shipment_id, kind, at, is_day, scope, reference, place, text, mark, source, import_run_id, endpoint, recorded_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  let added = 0;
  for (const entry of entries) {
    const { shipmentId, kind, at, isDay, scope, reference, place, text, recordedAt } = entry;
    const source = runId === undefined && endpoint === undefined ? 'entry' : 'import';
    added += insert.run(
      ...[shipmentId, kind, at, isDay ? 1 : 0, scope, reference, place, text, markOf(entry), source],
      ...[runId ?? null, endpoint ?? null, recordedAt],
    ).changes;
  }
  return added;
}

/** Refusal: `MILESTONE_UNKNOWN` {id}. @returns the shipment it was of */
export function withdrawMilestone(book: Book, id: number, reason: string, now: string): number {
  const row = book
    .prepare(
      `UPDATE shipment_milestone SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ? AND withdrawn_at IS NULL RETURNING shipment_id AS shipmentId`,
    )
    .get(now, reason, id) as { shipmentId: number } | undefined;
  if (row === undefined) throw new PortbookError('MILESTONE_UNKNOWN', { id }, 'id');
  return row.shipmentId;
}

/** First times of each kind, by parcel and container, of those that stand. */
export function wayTimes(book: Book, shipmentId: number): { times: WayTime[]; begunAt: string } {
  const { begunAt } = book.prepare('SELECT created_at AS begunAt FROM shipment WHERE id = ?').get(shipmentId) as {
    begunAt: string;
  };
  const rows = book
    .prepare(
      `SELECT kind, scope, min(at) AS at, is_day AS isDay, recorded_at AS recordedAt FROM shipment_milestone
       WHERE shipment_id = ? AND withdrawn_at IS NULL GROUP BY scope, kind`,
    )
    .all(shipmentId) as { kind: MilestoneKind; scope: string; at: string; isDay: number; recordedAt: string }[];
  return { times: rows.map((row) => ({ ...row, isDay: row.isDay === 1 })), begunAt };
}

export interface MilestoneRow {
  readonly id: number;
  readonly kind: MilestoneKind;
  readonly at: string;
  readonly isDay: boolean;
  readonly scope: string;
  readonly reference: string;
  readonly place: string;
  readonly text: string;
  readonly source: 'entry' | 'import';
  /** Name of the endpoint that said so. */
  readonly endpoint: string | null;
  readonly recordedAt: string;
}

const milestoneColumns =
  'id, kind, at, is_day AS isDay, scope, reference, place, text, source, endpoint, recorded_at AS recordedAt';
const milestoneOfRow = (row: Omit<MilestoneRow, 'isDay'> & { isDay: number }): MilestoneRow => ({
  ...row,
  isDay: row.isDay === 1,
});

/** The newest events of a shipment that stand, and how many there are. */
export function listMilestones(book: Book, shipmentId: number, limit: number): { rows: MilestoneRow[]; total: number } {
  const rows = book
    .prepare(
      `SELECT ${milestoneColumns} FROM shipment_milestone WHERE shipment_id = ? AND withdrawn_at IS NULL ORDER BY at DESC, id DESC LIMIT ?`,
    )
    .all(shipmentId, limit) as (Omit<MilestoneRow, 'isDay'> & { isDay: number })[];
  const { n } = book
    .prepare('SELECT count(*) AS n FROM shipment_milestone WHERE shipment_id = ? AND withdrawn_at IS NULL')
    .get(shipmentId) as { n: number };
  return { rows: rows.map(milestoneOfRow), total: n };
}

/** Steps with their first and last time, and how many parcels and containers have taken them. */
export function wayOf(
  book: Book,
  shipmentId: number,
): { kind: MilestoneKind; first: string; last: string; scopes: number }[] {
  return book
    .prepare(
      `SELECT kind, min(at) AS first, max(at) AS last, count(DISTINCT nullif(scope, '')) AS scopes FROM shipment_milestone
       WHERE shipment_id = ? AND withdrawn_at IS NULL GROUP BY kind`,
    )
    .all(shipmentId) as { kind: MilestoneKind; first: string; last: string; scopes: number }[];
}

/** The first time of each step for the whole shipment (`scope` is empty), for each container and each parcel. */
export function stepsByScope(
  book: Book,
  shipmentId: number,
): { kind: MilestoneKind; scope: string; at: string; isDay: boolean }[] {
  const rows = book
    .prepare(
      `SELECT kind, scope, min(at) AS at, is_day AS isDay FROM shipment_milestone
       WHERE shipment_id = ? AND withdrawn_at IS NULL GROUP BY kind, scope`,
    )
    .all(shipmentId) as { kind: MilestoneKind; scope: string; at: string; isDay: number }[];
  return rows.map((row) => ({ ...row, isDay: row.isDay === 1 }));
}

/** What was last heard of a shipment. A time that is still to come is of a wrong clock and passed over. */
export function lastHeard(book: Book, shipmentId: number, now: string): MilestoneRow | undefined {
  const row = book
    .prepare(
      `SELECT ${milestoneColumns} FROM shipment_milestone WHERE shipment_id = ? AND withdrawn_at IS NULL AND at <= ? ORDER BY at DESC, id DESC LIMIT 1`,
    )
    .get(shipmentId, now) as (Omit<MilestoneRow, 'isDay'> & { isDay: number }) | undefined;
  return row === undefined ? undefined : milestoneOfRow(row);
}

/**
 * Parcels of a shipment: waybills of its orders. Those of a split order's parts (`<order>-<part>`) count with it, unless another order
 * has that very number.
 */
export function parcelsOf(book: Book, shipmentId: number): number {
  const { n } = book
    .prepare(
      `WITH own AS (SELECT DISTINCT o.order_no AS no FROM document d JOIN sales_order o ON o.id = d.order_id
         WHERE d.shipment_id = ? AND d.kind = 'CEB603Message' AND d.state NOT IN ('superseded','withdrawn'))
       SELECT (SELECT count(*) FROM own JOIN waybill w ON w.order_no = own.no)
         + (SELECT count(*) FROM own JOIN waybill w ON w.order_no > own.no || '-' AND w.order_no < own.no || '.'
            WHERE length(w.order_no) - length(own.no) BETWEEN 2 AND 4 AND substr(w.order_no, length(own.no) + 2) NOT GLOB '*[^0-9]*'
              AND NOT EXISTS (SELECT 1 FROM sales_order o WHERE o.order_no = w.order_no)) AS n`,
    )
    .get(shipmentId) as { n: number };
  return n;
}

// Containers, cut-offs, seals, checks -------------------------------------------------------------------------------------

export function containersOf(book: Book, shipmentId: number): string[] {
  return (
    book.prepare('SELECT number FROM shipment_container WHERE shipment_id = ? ORDER BY number').all(shipmentId) as {
      number: string;
    }[]
  ).map(({ number }) => number);
}
export function setContainers(book: Book, shipmentId: number, numbers: readonly string[]): void {
  requireShipment(book, shipmentId);
  book.prepare('DELETE FROM shipment_container WHERE shipment_id = ?').run(shipmentId);
  const insert = book.prepare(
    'INSERT INTO shipment_container (shipment_id, number) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  for (const number of numbers) insert.run(shipmentId, number.toUpperCase());
}

export interface CutOffRow {
  readonly id: number;
  readonly shipmentId: number;
  readonly kind: CutOffKind;
  readonly at: string;
  readonly note: string;
  readonly doneAt: string | null;
}
const cutOffColumns = 'c.id, c.shipment_id AS shipmentId, c.kind, c.at, c.note, c.done_at AS doneAt';

export function cutOffsOf(book: Book, shipmentId: number): CutOffRow[] {
  return book
    .prepare(`SELECT ${cutOffColumns} FROM shipment_cut_off c WHERE c.shipment_id = ? ORDER BY c.at, c.id`)
    .all(shipmentId) as CutOffRow[];
}

/** Cut-offs in [from, to) that nobody has marked as met, of shipments that stand. Instants. */
export function openCutOffs(book: Book, from: string, to: string): (CutOffRow & { readonly shipmentNo: string })[] {
  return book
    .prepare(
      `SELECT ${cutOffColumns}, s.shipment_no AS shipmentNo FROM shipment_cut_off c JOIN shipment s ON s.id = c.shipment_id
       WHERE c.done_at IS NULL AND c.at >= ? AND c.at < ? AND s.state <> 'void' ORDER BY c.at, c.id`,
    )
    .all(from, to) as (CutOffRow & { readonly shipmentNo: string })[];
}

/** Refusals: `SHIPMENT_UNKNOWN` {id}, `CUT_OFF_UNKNOWN` {id}. */
export function saveCutOff(
  book: Book,
  cutOff: {
    readonly id?: number | undefined;
    readonly shipmentId: number;
    readonly kind: CutOffKind;
    readonly at: string;
    readonly note: string;
    readonly isDone: boolean;
  },
  now: string,
): number {
  const { id, shipmentId, kind, at, note, isDone } = cutOff;
  requireShipment(book, shipmentId);
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO shipment_cut_off (shipment_id, kind, at, note, done_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(shipmentId, kind, at, note, isDone ? now : null, now, now);
    return Number(lastInsertRowid);
  }
  const { changes } = book
    .prepare(
      `UPDATE shipment_cut_off SET kind = ?, at = ?, note = ?, done_at = iif(?, coalesce(done_at, ?), NULL), updated_at = ? WHERE id = ? AND shipment_id = ?`,
    )
    .run(kind, at, note, isDone ? 1 : 0, now, now, id, shipmentId);
  if (changes === 0) throw new PortbookError('CUT_OFF_UNKNOWN', { id }, 'id');
  return id;
}
/** Refusal: `CUT_OFF_UNKNOWN` {id}. */
export function removeCutOff(book: Book, id: number): CutOffRow {
  const row = book
    .prepare(
      'DELETE FROM shipment_cut_off AS c WHERE c.id = ? RETURNING id, shipment_id AS shipmentId, kind, at, note, done_at AS doneAt',
    )
    .get(id) as CutOffRow | undefined;
  if (row === undefined) throw new PortbookError('CUT_OFF_UNKNOWN', { id }, 'id');
  return row;
}

export interface SealRow {
  readonly id: number;
  readonly number: string;
  readonly vehicle: string;
  readonly note: string;
  /** Another shipment with the same seal. */
  readonly alsoOn: string | null;
}
export function sealsOf(book: Book, shipmentId: number): SealRow[] {
  return book
    .prepare(
      `SELECT l.id, l.number, l.vehicle, l.note,
         (SELECT s.shipment_no FROM shipment_seal o JOIN shipment s ON s.id = o.shipment_id WHERE o.number = l.number AND o.shipment_id <> l.shipment_id ORDER BY o.id LIMIT 1) AS alsoOn
       FROM shipment_seal l WHERE l.shipment_id = ? ORDER BY l.id`,
    )
    .all(shipmentId) as SealRow[];
}
/** Refusals: `SHIPMENT_UNKNOWN` {id}, `SEAL_THERE` {number}. */
export function addSeal(
  book: Book,
  shipmentId: number,
  seal: { readonly number: string; readonly vehicle: string; readonly note: string },
  now: string,
): number {
  requireShipment(book, shipmentId);
  const row = book
    .prepare(
      `INSERT INTO shipment_seal (shipment_id, number, vehicle, note, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
    )
    .get(shipmentId, seal.number.toUpperCase(), seal.vehicle, seal.note, now) as { id: number } | undefined;
  if (row === undefined) throw new PortbookError('SEAL_THERE', { number: seal.number }, 'number');
  return row.id;
}
/** Refusal: `SEAL_UNKNOWN` {id}. */
export function removeSeal(book: Book, id: number): { shipmentId: number; number: string } {
  const row = book
    .prepare('DELETE FROM shipment_seal WHERE id = ? RETURNING shipment_id AS shipmentId, number')
    .get(id) as { shipmentId: number; number: string } | undefined;
  if (row === undefined) throw new PortbookError('SEAL_UNKNOWN', { id }, 'id');
  return row;
}

export function checksOf(book: Book, shipmentId: number): { list: string; item: string; checkedAt: string }[] {
  return book
    .prepare('SELECT list, item, checked_at AS checkedAt FROM shipment_check WHERE shipment_id = ?')
    .all(shipmentId) as { list: string; item: string; checkedAt: string }[];
}
export function setCheck(
  book: Book,
  check: { readonly shipmentId: number; readonly list: string; readonly item: string; readonly isDone: boolean },
  now: string,
): void {
  const { shipmentId, list, item, isDone } = check;
  requireShipment(book, shipmentId);
  if (isDone)
    book
      .prepare(
        `INSERT INTO shipment_check (shipment_id, list, item, checked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(shipmentId, list, item, now);
  else
    book
      .prepare('DELETE FROM shipment_check WHERE shipment_id = ? AND list = ? AND item = ?')
      .run(shipmentId, list, item);
}

// Stages of customs (全程通关无纸化) ---------------------------------------------------------------------------------------

/** 备案, 申报, 征税, 查验, 放行, 转关: how many there are of each and how many are over. */
export interface StageRow {
  readonly stage: CustomsStage;
  readonly total: number;
  readonly done: number;
  /** When one of them last got that far: an instant, or the day where no more is known. */
  readonly at?: string;
}

/** CEB returns: 500 says that customs inspects (查验). */
const inspectedCode = '500';

export function stagesOf(book: Book, shipmentId: number): StageRow[] {
  const documents = `SELECT d.* FROM document d WHERE d.shipment_id = :id AND d.kind IN ('CEB603Message','DecMessage') AND ${isNewestVersion('d')}`;
  const isOver = `state IN ('released','closed')`;
  const lastMove = (states: string, where = 'true'): string =>
    `(SELECT max(t.at) FROM doc JOIN transition t ON t.subject = 'document' AND t.subject_id = CAST(doc.id AS TEXT)
        AND t.to_state IN (${states}) WHERE ${where})`;
  const hasTransit = `kind = 'DecMessage' AND json_type(body, '$.TrnHead') IS NOT NULL`;
  const row = book
    .prepare(
      `WITH doc AS (${documents})
       SELECT (SELECT count(*) FROM registration WHERE state = 'open') AS registrations,
         (SELECT count(*) FROM registration WHERE state = 'open' AND accept_no IS NOT NULL) AS registered,
         (SELECT count(*) FROM doc) AS documents,
         (SELECT count(*) FROM doc WHERE state IN ('sent','accepted','released','closed')) AS declared,
         (SELECT count(*) FROM doc WHERE ${isOver}) AS released,
         (SELECT count(*) FROM tax_bill t WHERE t.declaration_no <> '' AND t.declaration_no IN (SELECT platform_no FROM doc)) AS bills,
         (SELECT count(*) FROM tax_bill t WHERE t.paid_on IS NOT NULL AND t.declaration_no <> '' AND t.declaration_no IN (SELECT platform_no FROM doc)) AS paid,
         (SELECT count(DISTINCT doc.id) FROM doc JOIN receipt_item i ON i.document_id = doc.id AND i.status_code = '${inspectedCode}') AS inspections,
         (SELECT count(DISTINCT doc.id) FROM doc JOIN receipt_item i ON i.document_id = doc.id AND i.status_code = '${inspectedCode}' WHERE ${isOver}) AS inspected,
         (SELECT count(*) FROM doc WHERE ${hasTransit}) AS transits,
         (SELECT count(*) FROM doc WHERE ${hasTransit} AND ${isOver}) AS transited,
         (SELECT max(accepted_on) FROM registration WHERE state = 'open' AND accept_no IS NOT NULL) AS registeredAt,
         ${lastMove(`'sent'`)} AS declaredAt,
         (SELECT max(t.paid_on) FROM tax_bill t WHERE t.declaration_no <> '' AND t.declaration_no IN (SELECT platform_no FROM doc)) AS paidAt,
         (SELECT max(r.received_at) FROM doc JOIN receipt_item i ON i.document_id = doc.id AND i.status_code = '${inspectedCode}'
            JOIN receipt r ON r.id = i.receipt_id) AS inspectedAt,
         ${lastMove(`'released'`)} AS releasedAt,
         ${lastMove(`'released'`, hasTransit)} AS transitedAt`,
    )
    .get({ id: shipmentId }) as Record<
    | 'registrations'
    | 'registered'
    | 'documents'
    | 'declared'
    | 'released'
    | 'bills'
    | 'paid'
    | 'inspections'
    | 'inspected'
    | 'transits'
    | 'transited',
    number
  > &
    Record<`${'registered' | 'declared' | 'paid' | 'inspected' | 'released' | 'transited'}At`, string | null>;
  const on = (at: string | null): Pick<StageRow, 'at'> => (at === null ? {} : { at });
  return [
    { stage: 'registration', total: row.registrations, done: row.registered, ...on(row.registeredAt) },
    { stage: 'declaration', total: row.documents, done: row.declared, ...on(row.declaredAt) },
    { stage: 'tax', total: row.bills, done: row.paid, ...on(row.paidAt) },
    { stage: 'inspection', total: row.inspections, done: row.inspected, ...on(row.inspectedAt) },
    { stage: 'release', total: row.documents, done: row.released, ...on(row.releasedAt) },
    { stage: 'transit', total: row.transits, done: row.transited, ...on(row.transitedAt) },
  ];
}
