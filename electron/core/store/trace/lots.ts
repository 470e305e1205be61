import type { IsoDate } from '../../../../shared/calendar/index.ts';
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { type CartonRange, cartonCount, cartonText } from '../../../../shared/lots/cartons.ts';
import type { LotFinding, LotFindingCode } from '../../../../shared/lots/findings.ts';
import { balanceOf, kilogramText, yieldPercent } from '../../../../shared/lots/mass.ts';
import { traceCode } from '../../../../shared/lots/trace-code.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { hasFailed } from './inspections.ts';
import { present, requireFarmProduct } from './sites.ts';

/** 批次: harvests, the steps that make lots of lots, cartons, what happened to them, and why somebody went on. */

export type LotView = OutputOf<'lots.list'>['rows'][number];
export type CartonView = OutputOf<'lots.get'>['cartons'][number];
export type ReasonView = OutputOf<'lots.get'>['reasons'][number];

export interface LotRow {
  id: number;
  code: string;
  productId: number;
  product: string;
  productEn: string;
  variety: string;
  grade: string;
  massG: number;
  freeG: number;
  madeOn: IsoDate;
  made: LotView['made'];
  site: string;
  siteId: number | null;
  stepId: number | null;
  cartons: number;
  dispatched: number;
  heldAt: string | null;
  holdReason: string;
  note: string;
}
const select = `SELECT l.id, l.code, l.product_id AS productId, f.name_zh AS product, f.name_en AS productEn, l.variety, l.grade,
    l.mass_g AS massG, l.free_g AS freeG, l.made_on AS madeOn, coalesce(t.kind, 'harvest') AS made,
    coalesce(s.name, h.name, '') AS site, l.site_id AS siteId, l.step_id AS stepId,
    (SELECT coalesce(sum(last_no - first_no + 1), 0) FROM lot_carton WHERE lot_id = l.id) AS cartons,
    (SELECT coalesce(sum(last_no - first_no + 1), 0) FROM lot_carton WHERE lot_id = l.id AND dispatch_id IS NOT NULL) AS dispatched,
    l.held_at AS heldAt, l.hold_reason AS holdReason, l.note
  FROM lot l JOIN farm_product f ON f.id = l.product_id LEFT JOIN farm_site s ON s.id = l.site_id
    LEFT JOIN lot_step t ON t.id = l.step_id LEFT JOIN farm_site h ON h.id = t.site_id`;

export function lotView({ siteId: _site, stepId: _step, heldAt, ...row }: LotRow): LotView {
  return { ...row, isHeld: heldAt !== null };
}

/** Ids as one parameter: SQLite reads them as a table. */
const listed = (ids: Iterable<number>): string => JSON.stringify([...ids]);

/** Some of its cartons are here. */
const hasPacked = 'EXISTS (SELECT 1 FROM lot_carton WHERE lot_id = l.id AND dispatch_id IS NULL)';

/** Newest first. */
export function listLots(book: Book, filter: ParsedInputOf<'lots.list'>): OutputOf<'lots.list'> {
  const [day, before] = decodeCursor(filter.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const text = filter.text.trim();
  const where = `(:text = '' OR l.code LIKE :like ESCAPE '\\' OR l.variety LIKE :like ESCAPE '\\' OR l.site_id IN (
      SELECT id FROM farm_site WHERE name LIKE :like ESCAPE '\\') OR l.product_id IN (SELECT id FROM farm_product WHERE name_zh LIKE :like ESCAPE '\\'))
    AND (:state = 'all' OR (:state = 'free' AND l.free_g > 0) OR (:state = 'held' AND l.held_at IS NOT NULL) OR (:state = 'failed' AND ${hasFailed})
      OR (:state = 'here' AND (l.free_g > 0 OR ${hasPacked})) OR (:state = 'packed' AND l.held_at IS NULL AND ${hasPacked})
      OR (:state = 'packed' AND l.id IN (SELECT c.lot_id FROM lot_carton c JOIN dispatch d ON d.id = c.dispatch_id WHERE d.number = :dispatch)))
    AND (:product = 0 OR l.product_id = :product)`;
  const { state, dispatch } = filter;
  const only = { text, like: containing(text), state, dispatch, product: filter.productId ?? 0 };
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (l.made_on, l.id) < (:day, :before) ORDER BY l.made_on DESC, l.id DESC LIMIT :limit`,
    )
    .all({ ...only, day, before, limit: filter.limit }) as LotRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM lot l WHERE ${where}`).get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(lotView),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.madeOn, last.id]) } : {}),
  };
}

/** Throws `LOT_UNKNOWN` {id}. */
export function requireLot(book: Book, id: number): LotRow {
  const row = book.prepare(`${select} WHERE l.id = ?`).get(id) as LotRow | undefined;
  if (row === undefined) throw new PortbookError('LOT_UNKNOWN', { id }, 'id');
  return row;
}

/** Lots by id, in the order they were made. */
export function lotsById(book: Book, ids: Iterable<number>): LotRow[] {
  return book
    .prepare(`${select} WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.made_on, l.id`)
    .all(listed(ids)) as LotRow[];
}

/** A trace code of the day; the number runs over the day's lots. */
const newCode = (book: Book, day: string): string => traceCode(day, book.nextNumber(`lot:${day}`));

interface NewLot {
  readonly productId: number;
  readonly variety: string;
  readonly grade: string;
  readonly massG: number;
}
function insertLot(
  book: Book,
  lot: NewLot & {
    readonly madeOn: string;
    readonly siteId: number | null;
    readonly stepId: number | null;
    readonly note: string;
  },
  now: string,
): { id: number; code: string } {
  const code = newCode(book, lot.madeOn);
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO lot (code, product_id, variety, grade, mass_g, free_g, made_on, site_id, step_id, note, created_at)
       VALUES (:code, :productId, :variety, :grade, :massG, :massG, :madeOn, :siteId, :stepId, :note, :now)`,
    )
    .run({ ...lot, code, now });
  return { id: Number(lastInsertRowid), code };
}

/** Writes down why somebody went on with what wanted a reason. */
export function keepReasons(
  book: Book,
  lotId: number,
  findings: readonly LotFinding[],
  given: { readonly reason: string; readonly dispatchId?: number; readonly at: string },
): void {
  const insert = book.prepare(
    'INSERT INTO lot_reason (lot_id, dispatch_id, code, params, reason, who, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { code, params, level } of findings)
    if (level === 'reason')
      insert.run(lotId, given.dispatchId ?? null, code, JSON.stringify(params), given.reason, book.who(), given.at);
}

interface ReasonRow {
  code: LotFindingCode;
  params: string;
  reason: string;
  who: string;
  at: string;
  lot: string;
  dispatch: string | null;
}
/** Reasons given for lots, oldest first. */
export function reasonsOf(book: Book, lots: Iterable<number>): (ReasonView & { lot: string })[] {
  const rows = book
    .prepare(
      `SELECT r.code, r.params, r.reason, r.who, r.at, l.code AS lot, d.number AS dispatch FROM lot_reason r JOIN lot l ON l.id = r.lot_id
         LEFT JOIN dispatch d ON d.id = r.dispatch_id WHERE r.lot_id IN (SELECT value FROM json_each(?)) ORDER BY r.id`,
    )
    .all(listed(lots)) as ReasonRow[];
  return rows.map(({ params, dispatch, ...row }) => ({
    ...row,
    params: JSON.parse(params) as ReasonView['params'],
    ...(dispatch === null ? {} : { dispatch }),
  }));
}

/** A harvest that has been judged. */
export function insertHarvest(
  book: Book,
  harvest: NewLot & { readonly siteId: number; readonly on: string; readonly note: string; readonly reason: string },
  findings: readonly LotFinding[],
  now: string,
): { id: number; code: string } {
  const { on: madeOn, siteId, productId, variety, grade, massG, note } = harvest;
  const made = insertLot(book, { productId, variety, grade, massG, madeOn, siteId, stepId: null, note }, now);
  keepReasons(book, made.id, findings, { reason: harvest.reason, at: now });
  return made;
}

/** A step that has been judged, and its lots. `reason` is why more came out than went in; empty where it did not. */
export function insertStep(
  book: Book,
  step: ParsedInputOf<'lots.step'>,
  findings: readonly LotFinding[],
  now: string,
): { id: number; code: string }[] {
  const isHeavier = findings.some(({ code }) => code === 'heavier');
  const { lastInsertRowid } = book
    .prepare('INSERT INTO lot_step (kind, on_date, site_id, reason, note, created_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(step.kind, step.on, step.siteId ?? null, isHeavier ? step.reason : '', step.note, now);
  const stepId = Number(lastInsertRowid);
  const input = book.prepare('INSERT INTO lot_input (step_id, lot_id, mass_g) VALUES (?, ?, ?)');
  for (const { lotId, massG } of step.inputs) input.run(stepId, lotId, massG);
  return step.outputs.map((output) => {
    const made = insertLot(book, { ...output, madeOn: step.on, siteId: null, stepId, note: step.note }, now);
    keepReasons(book, made.id, findings, { reason: step.reason, at: now });
    return made;
  });
}

/**
 * What stands in the way of a step, and what is to be said of it. Refusals: see `lots.step` of the contract.
 * @returns findings and the mass balance
 */
export function judgeStep(
  book: Book,
  step: ParsedInputOf<'lots.step'>,
): { findings: LotFinding[]; lossG: number; yield: string } {
  if ((step.kind === 'split' && step.inputs.length !== 1) || (step.kind === 'merge' && step.outputs.length !== 1))
    throw new PortbookError('LOT_STEP_SHAPE', {}, 'kind');
  const seen = new Set<number>();
  const inputs = step.inputs.map(({ lotId, massG }, at) => {
    const lot = requireLot(book, lotId);
    const path = `inputs.${at}.massG`;
    if (seen.has(lotId)) throw new PortbookError('LOT_TWICE', { lot: lot.code }, path);
    seen.add(lotId);
    if (lot.heldAt !== null) throw new PortbookError('LOT_HELD', { lot: lot.code, reason: lot.holdReason }, path);
    if (step.on < lot.madeOn) throw new PortbookError('LOT_STEP_DATE', { lot: lot.code, date: lot.madeOn }, 'on');
    return { lot, takenG: massG, freeG: lot.freeG };
  });
  for (const { productId } of step.outputs) requireFarmProduct(book, productId);
  const products = new Set(inputs.map(({ lot }) => lot.productId));
  if (step.kind === 'merge' && products.size > 1) throw new PortbookError('LOT_MIXED', {}, 'inputs');
  const { inputG, outputG, lossG, overdrawnAt, isHeavier } = balanceOf({
    inputs,
    outputs: step.outputs.map(({ massG }) => massG),
  });
  const over = overdrawnAt === undefined ? undefined : inputs[overdrawnAt];
  if (over !== undefined)
    throw new PortbookError(
      'LOT_OVERDRAWN',
      { lot: over.lot.code, taken: kilogramText(over.takenG), free: kilogramText(over.freeG) },
      `inputs.${overdrawnAt ?? 0}.massG`,
    );
  const findings: LotFinding[] = isHeavier
    ? [
        {
          code: 'heavier',
          level: 'reason',
          params: { input: kilogramText(inputG), output: kilogramText(outputG), gain: kilogramText(-lossG) },
        },
      ]
    : [];
  return { findings, lossG, yield: yieldPercent(inputG, outputG) };
}

const used = `(SELECT 1 FROM lot_input WHERE lot_id = l.id UNION ALL SELECT 1 FROM lot_carton WHERE lot_id = l.id
  UNION ALL SELECT 1 FROM lab_report WHERE lot_id = l.id UNION ALL SELECT 1 FROM lot_inspection WHERE lot_id = l.id UNION ALL SELECT 1 FROM lot_handover WHERE lot_id = l.id)`;

/** The lots that go with one when it is taken back: itself, or all of its step. */
function siblings(book: Book, lot: LotRow): { id: number; code: string; isUsed: number }[] {
  return book
    .prepare(
      `SELECT l.id, l.code, EXISTS ${used} AS isUsed FROM lot l WHERE ${lot.stepId === null ? 'l.id = ?' : 'l.step_id = ?'}`,
    )
    .all(lot.stepId ?? lot.id) as { id: number; code: string; isUsed: number }[];
}

/** Whether nothing came of a lot or of its step yet. */
export const isRemovable = (book: Book, lot: LotRow): boolean =>
  siblings(book, lot).every(({ isUsed }) => isUsed === 0);

/** Takes back a harvest, or a step with all its lots. Refusal: `LOT_USED` {lot}. @returns the codes */
export function removeLot(book: Book, id: number): string[] {
  const lot = requireLot(book, id);
  const all = siblings(book, lot);
  const taken = all.find(({ isUsed }) => isUsed === 1);
  if (taken !== undefined) throw new PortbookError('LOT_USED', { lot: taken.code }, 'id');
  const ids = listed(all.map((one) => one.id));
  for (const table of ['lot_reason', 'lot_event', 'lot_hold'])
    book.prepare(`DELETE FROM ${table} WHERE lot_id IN (SELECT value FROM json_each(?))`).run(ids);
  book.prepare('DELETE FROM lot WHERE id IN (SELECT value FROM json_each(?))').run(ids);
  if (lot.stepId !== null) {
    book.prepare('DELETE FROM lot_input WHERE step_id = ?').run(lot.stepId);
    book.prepare('DELETE FROM lot_step WHERE id = ?').run(lot.stepId);
  }
  return all.map(({ code }) => code);
}

/** One step away: what a lot was made of, and what was made of it. */
export function neighbours(book: Book, lot: LotRow): Pick<OutputOf<'lots.get'>, 'from' | 'into'> {
  type Row = { id: number; code: string; massG: number };
  const from = book
    .prepare(
      'SELECT p.id, p.code, i.mass_g AS massG FROM lot_input i JOIN lot p ON p.id = i.lot_id WHERE i.step_id = ? ORDER BY p.id',
    )
    .all(lot.stepId) as Row[];
  const into = book
    .prepare(
      'SELECT c.id, c.code, c.mass_g AS massG FROM lot_input i JOIN lot c ON c.step_id = i.step_id WHERE i.lot_id = ? ORDER BY c.id',
    )
    .all(lot.id) as Row[];
  return { from, into };
}

/** The step that made a lot, with its balance over all of its lots. */
export function stepOf(book: Book, lot: LotRow): OutputOf<'lots.get'>['step'] {
  if (lot.stepId === null) return undefined;
  const row = book
    .prepare(
      `SELECT t.kind, t.on_date AS "on", coalesce(s.name, '') AS site, t.reason,
         (SELECT sum(mass_g) FROM lot_input WHERE step_id = t.id) AS inputG, (SELECT sum(mass_g) FROM lot WHERE step_id = t.id) AS outputG
       FROM lot_step t LEFT JOIN farm_site s ON s.id = t.site_id WHERE t.id = ?`,
    )
    .get(lot.stepId) as Omit<NonNullable<OutputOf<'lots.get'>['step']>, 'yield'>;
  return { ...row, yield: yieldPercent(row.inputG, row.outputG) };
}

/** Harvests of a site from a day on and before another. */
export function harvestsOf(
  book: Book,
  siteId: number,
  from: string,
  before: string,
): { id: number; code: string; on: IsoDate }[] {
  return book
    .prepare(
      'SELECT id, code, made_on AS "on" FROM lot WHERE site_id = ? AND made_on >= ? AND made_on < ? ORDER BY made_on, id',
    )
    .all(siteId, from, before) as { id: number; code: string; on: IsoDate }[];
}

// What happened ---------------------------------------------------------------------------------------------------------
/** Refusals: `LOT_DESTROYED_MASS` {lot}, `LOT_DESTROYED_MORE` {lot, mass, free}. */
export function addLotEvent(book: Book, event: ParsedInputOf<'lots.addEvent'>, now: string): number {
  const { code, freeG } = requireLot(book, event.id);
  const massG = event.kind === 'destroyed' ? event.massG : undefined;
  if (event.kind === 'destroyed' && massG === undefined)
    throw new PortbookError('LOT_DESTROYED_MASS', { lot: code }, 'massG');
  if (massG !== undefined && massG > freeG)
    throw new PortbookError(
      'LOT_DESTROYED_MORE',
      { lot: code, mass: kilogramText(massG), free: kilogramText(freeG) },
      'massG',
    );
  const { lastInsertRowid } = book
    .prepare('INSERT INTO lot_event (lot_id, at, kind, place, text, mass_g, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(event.id, event.at, event.kind, event.place, event.text, massG ?? null, now);
  return Number(lastInsertRowid);
}

/** What happened to lots in the order of time, the first of them, and how much there is. */
export function eventsOf(
  book: Book,
  lots: Iterable<number>,
  most: number,
): { rows: (OutputOf<'lots.get'>['events'][number] & { lot: string })[]; total: number } {
  const ids = listed(lots);
  const rows = book
    .prepare(
      `SELECT e.id, e.at, e.kind, e.place, e.text, e.mass_g AS massG, l.code AS lot FROM lot_event e JOIN lot l ON l.id = e.lot_id
       WHERE e.lot_id IN (SELECT value FROM json_each(?)) ORDER BY e.at, e.id LIMIT ?`,
    )
    .all(ids, most) as (Omit<OutputOf<'lots.get'>['events'][number], 'massG'> & {
    lot: string;
    massG: number | null;
  })[];
  const total =
    rows.length < most
      ? rows.length
      : (
          book
            .prepare('SELECT count(*) AS n FROM lot_event WHERE lot_id IN (SELECT value FROM json_each(?))')
            .get(ids) as { n: number }
        ).n;
  return { rows: rows.map(present), total };
}

/** Whether lots are held follows from the holds that stand on them and on what they came from; the first of these gives its reason. */
function settleHolds(book: Book, lots: readonly number[]): void {
  book
    .prepare(
      `UPDATE lot SET held_at = NULL, hold_reason = '' WHERE held_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))`,
    )
    .run(listed(lots));
  const standing = book
    .prepare(
      'SELECT lot_id AS lotId, reason, held_at AS at FROM lot_hold WHERE released_at IS NULL ORDER BY held_at, id',
    )
    .all() as { lotId: number; reason: string; at: string }[];
  const hold = book.prepare(
    `UPDATE lot SET held_at = ?, hold_reason = ? WHERE held_at IS NULL AND id IN (SELECT value FROM json_each(?))
       AND id IN (SELECT value FROM json_each(?))`,
  );
  for (const { lotId, reason, at } of standing) hold.run(at, reason, listed(descendants(book, [lotId])), listed(lots));
}

const countHeld = (book: Book, lots: readonly number[]): number =>
  lotsById(book, lots).filter(({ heldAt }) => heldAt !== null).length;

/** Puts a hold on a lot and with it on all that became of it. @returns how many lots are held that were not */
export function holdLot(book: Book, id: number, reason: string, at: string): number {
  const lots = descendants(book, [id]);
  const before = countHeld(book, lots);
  book
    .prepare('INSERT INTO lot_hold (lot_id, reason, who, held_at) VALUES (?, ?, ?, ?)')
    .run(id, reason, book.who(), at);
  settleHolds(book, lots);
  return countHeld(book, lots) - before;
}

/**
 * Lifts the holds that were put on a lot itself. What another hold still reaches stays held: its own, or that of something else it was
 * made of. Refusals: `LOT_NOT_HELD` {lot}, `LOT_HELD_ABOVE` {lot, above, reason} where only what it came from is held.
 * @returns how many lots are free that were not
 */
export function releaseLot(book: Book, id: number, reason: string, at: string): number {
  const { code } = requireLot(book, id);
  const holds = holdsOn(book, id);
  if (!holds.some(({ lotId }) => lotId === id)) {
    const [above] = holds;
    if (above === undefined) throw new PortbookError('LOT_NOT_HELD', { lot: code }, 'id');
    throw new PortbookError('LOT_HELD_ABOVE', { lot: code, above: above.lot, reason: above.reason }, 'id');
  }
  const lots = descendants(book, [id]);
  const before = countHeld(book, lots);
  book
    .prepare('UPDATE lot_hold SET released_at = ?, released_reason = ? WHERE lot_id = ? AND released_at IS NULL')
    .run(at, reason, id);
  settleHolds(book, lots);
  return before - countHeld(book, lots);
}

/** The holds that stand on a lot or on what it came from, oldest first. */
export function holdsOn(book: Book, id: number): OutputOf<'lots.get'>['holds'] {
  return book
    .prepare(
      `SELECT h.lot_id AS lotId, l.code AS lot, h.reason, h.who, h.held_at AS at FROM lot_hold h JOIN lot l ON l.id = h.lot_id
       WHERE h.released_at IS NULL AND h.lot_id IN (SELECT value FROM json_each(?)) ORDER BY h.held_at, h.id`,
    )
    .all(listed(ancestors(book, [id]))) as OutputOf<'lots.get'>['holds'];
}

// Cartons ---------------------------------------------------------------------------------------------------------------
interface CartonRow {
  id: number;
  lotId: number;
  lot: string;
  prefix: string;
  digits: number;
  first: number;
  last: number;
  netG: number;
  dispatchId: number | null;
  dispatch: string | null;
}
const cartonSelect = `SELECT c.id, c.lot_id AS lotId, l.code AS lot, c.prefix, c.digits, c.first_no AS first, c.last_no AS last, c.net_g AS netG,
    c.dispatch_id AS dispatchId, d.number AS dispatch
  FROM lot_carton c JOIN lot l ON l.id = c.lot_id LEFT JOIN dispatch d ON d.id = c.dispatch_id`;

export function cartonView({ dispatchId, dispatch, ...row }: CartonRow): CartonView {
  return {
    ...row,
    count: row.last - row.first + 1,
    ...(dispatchId === null || dispatch === null ? {} : { dispatchId, dispatch }),
  };
}

/** Cartons of lots by their numbers. */
export function cartonsOf(book: Book, lots: Iterable<number>, most = 10_000): CartonView[] {
  const rows = book
    .prepare(`${cartonSelect} WHERE c.lot_id IN (SELECT value FROM json_each(?)) ORDER BY c.prefix, c.first_no LIMIT ?`)
    .all(listed(lots), most) as CartonRow[];
  return rows.map(cartonView);
}

/** Ranges and cartons of lots, counted. */
export function countCartons(book: Book, lots: Iterable<number>): { ranges: number; cartons: number } {
  return book
    .prepare(
      `SELECT count(*) AS ranges, coalesce(sum(last_no - first_no + 1), 0) AS cartons FROM lot_carton
       WHERE lot_id IN (SELECT value FROM json_each(?))`,
    )
    .get(listed(lots)) as { ranges: number; cartons: number };
}

/** Cartons of a dispatch by their numbers. */
export function cartonsOn(book: Book, dispatchId: number, most: number): CartonView[] {
  const rows = book
    .prepare(`${cartonSelect} WHERE c.dispatch_id = ? ORDER BY c.prefix, c.first_no LIMIT ?`)
    .all(dispatchId, most) as CartonRow[];
  return rows.map(cartonView);
}

/** Ranges that share a number with one, by their numbers. */
export function cartonsIn(
  book: Book,
  { prefix, first, last }: Pick<CartonRange, 'prefix' | 'first' | 'last'>,
): CartonView[] {
  const rows = book
    .prepare(
      `${cartonSelect} WHERE c.prefix = :prefix AND c.first_no <= :last AND c.first_no >= coalesce(
         (SELECT max(first_no) FROM lot_carton WHERE prefix = :prefix AND first_no <= :first), :first)
         AND c.last_no >= :first ORDER BY c.first_no`,
    )
    .all({ prefix, first, last }) as CartonRow[];
  return rows.map(cartonView);
}

/**
 * Within a transaction: all the ranges or none. Refusals: `CARTONS_RANGE`, `LOT_UNKNOWN`, `LOT_HELD`, `CARTONS_HEAVIER` {cartons, free},
 * `CARTONS_TAKEN` {carton}. @returns how many cartons
 */
export function addCartons(book: Book, { lotId, ranges, netG }: ParsedInputOf<'cartons.add'>, most: number): number {
  const count = ranges.reduce((sum, one) => sum + cartonCount(one), 0);
  for (const [at, one] of ranges.entries())
    if (cartonCount(one) < 1 || count > most) throw new PortbookError('CARTONS_RANGE', { most }, `ranges.${at}`);
  const lot = requireLot(book, lotId);
  if (lot.heldAt !== null) throw new PortbookError('LOT_HELD', { lot: lot.code, reason: lot.holdReason }, 'lotId');
  if (count * netG > lot.freeG)
    throw new PortbookError(
      'CARTONS_HEAVIER',
      { lot: lot.code, cartons: kilogramText(count * netG), free: kilogramText(lot.freeG) },
      'netG',
    );
  const insert = book.prepare(
    'INSERT INTO lot_carton (lot_id, prefix, digits, first_no, last_no, net_g) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const [at, { prefix, digits, first, last }] of ranges.entries()) {
    const [taken] = cartonsIn(book, { prefix, first, last });
    if (taken !== undefined)
      throw new PortbookError(
        'CARTONS_TAKEN',
        { carton: cartonText(taken, Math.max(taken.first, first)), lot: taken.lot },
        `ranges.${at}`,
      );
    insert.run(lotId, prefix, digits, first, last, netG);
  }
  return count;
}

/** Digits of the numbers that are given out here. */
const CARTON_DIGITS = 6;

/** The next so many numbers of a lot's own: its code and a running number after the highest there is. */
export function nextCartons(book: Book, lotId: number, count: number): CartonRange {
  const prefix = `${requireLot(book, lotId).code}-`;
  const { last } = book
    .prepare('SELECT coalesce(max(last_no), 0) AS last FROM lot_carton WHERE prefix = ?')
    .get(prefix) as { last: number };
  return { prefix, digits: CARTON_DIGITS, first: last + 1, last: last + count };
}

/** Refusals: `CARTONS_UNKNOWN`, `CARTONS_DISPATCHED` {dispatch}. */
export function removeCartons(book: Book, id: number): CartonView {
  const row = book.prepare(`${cartonSelect} WHERE c.id = ?`).get(id) as CartonRow | undefined;
  if (row === undefined) throw new PortbookError('CARTONS_UNKNOWN', { carton: id }, 'id');
  if (row.dispatch !== null)
    throw new PortbookError('CARTONS_DISPATCHED', { dispatch: row.dispatch, carton: cartonText(row, row.first) }, 'id');
  book.prepare('DELETE FROM lot_carton WHERE id = ?').run(id);
  return cartonView(row);
}

/**
 * Puts parts of a range that share no number on a dispatch (undefined: takes them off); what is left of it stays where it is.
 * @returns how many cartons were moved
 */
export function moveCartons(
  book: Book,
  carton: CartonView,
  parts: readonly Pick<CartonRange, 'first' | 'last'>[],
  dispatchId: number | undefined,
): number {
  const pieces: { first: number; last: number; dispatchId: number | null }[] = [];
  let next = carton.first;
  for (const { first, last } of [...parts].sort((a, b) => a.first - b.first)) {
    if (next < first) pieces.push({ first: next, last: first - 1, dispatchId: carton.dispatchId ?? null });
    pieces.push({ first, last, dispatchId: dispatchId ?? null });
    next = last + 1;
  }
  if (next <= carton.last) pieces.push({ first: next, last: carton.last, dispatchId: carton.dispatchId ?? null });
  // The range becomes its first piece, then the others find their numbers free.
  const [head, ...rest] = pieces;
  if (head === undefined) return 0;
  book
    .prepare('UPDATE lot_carton SET first_no = ?, last_no = ?, dispatch_id = ? WHERE id = ?')
    .run(head.first, head.last, head.dispatchId, carton.id);
  const insert = book.prepare(
    'INSERT INTO lot_carton (lot_id, prefix, digits, first_no, last_no, net_g, dispatch_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const one of rest)
    insert.run(carton.lotId, carton.prefix, carton.digits, one.first, one.last, carton.netG, one.dispatchId);
  return parts.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

// The tree --------------------------------------------------------------------------------------------------------------
const up = `WITH RECURSIVE tree (id) AS (SELECT value FROM json_each(?) UNION
  SELECT i.lot_id FROM tree JOIN lot l ON l.id = tree.id JOIN lot_input i ON i.step_id = l.step_id) SELECT id FROM tree`;
const down = `WITH RECURSIVE tree (id) AS (SELECT value FROM json_each(?) UNION
  SELECT l.id FROM tree JOIN lot_input i ON i.lot_id = tree.id JOIN lot l ON l.step_id = i.step_id) SELECT id FROM tree`;

const walk = (book: Book, sql: string, lots: Iterable<number>): number[] =>
  (book.prepare(sql).all(listed(lots)) as { id: number }[]).map(({ id }) => id);

/** Lots and all they came from. */
export const ancestors = (book: Book, lots: Iterable<number>): number[] => walk(book, up, lots);

/** Lots and all that became of them. */
export const descendants = (book: Book, lots: Iterable<number>): number[] => walk(book, down, lots);

/** The lot of a trace code. */
export function lotByCode(book: Book, code: string): number | undefined {
  return (book.prepare('SELECT id FROM lot WHERE code = ?').get(code) as { id: number } | undefined)?.id;
}

/** Pack houses where lots were made. */
export function stepSites(book: Book, lots: Iterable<number>): number[] {
  return (
    book
      .prepare(
        `SELECT DISTINCT t.site_id AS id FROM lot l JOIN lot_step t ON t.id = l.step_id
         WHERE l.id IN (SELECT value FROM json_each(?)) AND t.site_id IS NOT NULL`,
      )
      .all(listed(lots)) as { id: number }[]
  ).map(({ id }) => id);
}

/** Of the steps that made lots: what went into each, and grams in and out. */
export function edgesOf(
  book: Book,
  lots: Iterable<number>,
): { from: Map<number, number[]>; masses: Map<number, { inputG: number; outputG: number }> } {
  const ids = listed(lots);
  const inputs = book
    .prepare(
      `SELECT i.step_id AS stepId, i.lot_id AS lotId, i.mass_g AS massG FROM lot_input i
       WHERE i.step_id IN (SELECT step_id FROM lot WHERE id IN (SELECT value FROM json_each(?)) AND step_id IS NOT NULL) ORDER BY i.lot_id`,
    )
    .all(ids) as { stepId: number; lotId: number; massG: number }[];
  const outputs = book
    .prepare(
      `SELECT step_id AS stepId, sum(mass_g) AS outputG FROM lot
       WHERE step_id IN (SELECT step_id FROM lot WHERE id IN (SELECT value FROM json_each(?)) AND step_id IS NOT NULL) GROUP BY step_id`,
    )
    .all(ids) as { stepId: number; outputG: number }[];
  const from = new Map<number, number[]>();
  const masses = new Map(outputs.map(({ stepId, outputG }) => [stepId, { inputG: 0, outputG }]));
  for (const { stepId, lotId, massG } of inputs) {
    from.set(stepId, [...(from.get(stepId) ?? []), lotId]);
    const mass = masses.get(stepId);
    if (mass !== undefined) mass.inputG += massG;
  }
  return { from, masses };
}

/** Whether a site has a registration for a destination on a day. */
export function isCovered(book: Book, siteId: number, country: string, on: string): boolean {
  return (
    book
      .prepare(
        `SELECT 1 FROM site_registration WHERE site_id = ? AND country = ? AND kind <> 'certificate' AND from_on <= ?
           AND (until_on IS NULL OR ? <= until_on) LIMIT 1`,
      )
      .get(siteId, country, on, on) !== undefined
  );
}
