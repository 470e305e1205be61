import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { kilogramText } from '../../../../shared/lots/mass.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { addLotEvent, requireLot } from './lots.ts';
import { present } from './sites.ts';

/** 代收点: where villagers hand lots over, and the notes of it. */

type Point = OutputOf<'pickupPoints.list'>['rows'][number];
type Handover = OutputOf<'lotHandovers.list'>['rows'][number];

const pointSelect = `SELECT p.id, p.name, p.place, p.keeper, p.phone, p.hours, p.note, p.active,
    (SELECT count(*) FROM lot_handover WHERE point_id = p.id AND voided_at IS NULL) AS notes,
    (SELECT coalesce(sum(mass_g), 0) FROM lot_handover WHERE point_id = p.id AND voided_at IS NULL) AS massG FROM pickup_point p`;
type PointRow = Omit<Point, 'isActive'> & { active: number };
const pointView = ({ active, ...row }: PointRow): Point => ({ ...row, isActive: active === 1 });

/** By name. */
export function listPoints(book: Book, filter: ParsedInputOf<'pickupPoints.list'>): OutputOf<'pickupPoints.list'> {
  const [name] = decodeCursor(filter.after, ['']);
  const text = filter.text.trim();
  const where = `(:text = '' OR p.name LIKE :like ESCAPE '\\' OR p.place LIKE :like ESCAPE '\\' OR p.keeper LIKE :like ESCAPE '\\')`;
  const only = { text, like: containing(text) };
  const rows = book
    .prepare(`${pointSelect} WHERE ${where} AND p.name > :name ORDER BY p.name LIMIT :limit`)
    .all({ ...only, name, limit: filter.limit }) as PointRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM pickup_point p WHERE ${where}`).get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(pointView),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.name]) } : {}),
  };
}

/** Refusal: `PICKUP_POINT_UNKNOWN` {id}. */
export function requirePoint(book: Book, id: number, path = 'id'): Point {
  const row = book.prepare(`${pointSelect} WHERE p.id = ?`).get(id) as PointRow | undefined;
  if (row === undefined) throw new PortbookError('PICKUP_POINT_UNKNOWN', { id }, path);
  return pointView(row);
}

/** Refusals: `PICKUP_POINT_UNKNOWN`, `PICKUP_POINT_TAKEN` {name}. */
export function savePoint(book: Book, input: ParsedInputOf<'pickupPoints.save'>, now: string): number {
  const { id, name, place, keeper, phone, hours, note, isActive } = input;
  if (book.prepare('SELECT 1 FROM pickup_point WHERE name = ? AND id <> ?').get(name, id ?? 0) !== undefined)
    throw new PortbookError('PICKUP_POINT_TAKEN', { name }, 'name');
  const values = [name, place, keeper, phone, hours, note, isActive ? 1 : 0, now];
  if (id !== undefined) {
    requirePoint(book, id);
    book
      .prepare(
        'UPDATE pickup_point SET name = ?, place = ?, keeper = ?, phone = ?, hours = ?, note = ?, active = ?, updated_at = ? WHERE id = ?',
      )
      .run(...values, id);
    return id;
  }
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO pickup_point (name, place, keeper, phone, hours, note, active, updated_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(...values, now);
  return Number(lastInsertRowid);
}

const handoverSelect = `SELECT h.id, h.number, h.point_id AS pointId, h.lot_id AS lotId, l.code AS lot,
    trim(f.name_zh || ' ' || l.variety || ' ' || l.grade) AS goods, h.on_date AS "on", h.cartons, h.mass_g AS massG, h.giver, h.receiver, h.note,
    h.voided_at AS voidedAt, h.void_reason AS voidReason
  FROM lot_handover h JOIN lot l ON l.id = h.lot_id JOIN farm_product f ON f.id = l.product_id`;

/** The last first. */
export function listHandovers(book: Book, filter: ParsedInputOf<'lotHandovers.list'>): OutputOf<'lotHandovers.list'> {
  const [day, before] = decodeCursor(filter.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const { pointId, limit } = filter;
  const rows = book
    .prepare(
      `${handoverSelect} WHERE h.point_id = :pointId AND (h.on_date, h.id) < (:day, :before) ORDER BY h.on_date DESC, h.id DESC LIMIT :limit`,
    )
    .all({ pointId, day, before, limit }) as Handover[];
  const { n } = book.prepare('SELECT count(*) AS n FROM lot_handover WHERE point_id = ?').get(pointId) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(present),
    total: n,
    ...(rows.length === limit && last !== undefined ? { nextCursor: encodeCursor([last.on, last.id]) } : {}),
  };
}

/** A note that counts. Refusals: `HANDOVER_UNKNOWN` {id}, `HANDOVER_VOID` {number}. */
export function requireHandover(book: Book, id: number): Handover {
  const row = book.prepare(`${handoverSelect} WHERE h.id = ?`).get(id) as
    | (Handover & { voidedAt: string | null })
    | undefined;
  if (row === undefined) throw new PortbookError('HANDOVER_UNKNOWN', { id }, 'id');
  if (row.voidedAt !== null) throw new PortbookError('HANDOVER_VOID', { number: row.number }, 'id');
  return present(row);
}

/**
 * Writes a note, numbered by its year (JJ-2026-0001), and what happened to the lot. Refusals: see `lotHandovers.add` of the contract.
 */
export function addHandover(
  book: Book,
  input: ParsedInputOf<'lotHandovers.add'>,
  now: string,
): { id: number; number: string } {
  const { pointId, lotId, on, massG } = input;
  const point = requirePoint(book, pointId, 'pointId');
  const lot = requireLot(book, lotId);
  if (lot.heldAt !== null) throw new PortbookError('LOT_HELD', { lot: lot.code, reason: lot.holdReason }, 'lotId');
  if (on < lot.madeOn) throw new PortbookError('HANDOVER_DATE', { lot: lot.code, date: lot.madeOn }, 'on');
  const { given } = book
    .prepare('SELECT coalesce(sum(mass_g), 0) AS given FROM lot_handover WHERE lot_id = ? AND voided_at IS NULL')
    .get(lotId) as { given: number };
  // Only what was destroyed has a mass of its own among the events.
  const { destroyed } = book
    .prepare('SELECT coalesce(sum(mass_g), 0) AS destroyed FROM lot_event WHERE lot_id = ?')
    .get(lotId) as { destroyed: number };
  const left = Math.max(0, lot.massG - destroyed - given);
  if (massG > left) throw new PortbookError('HANDOVER_TOO_MUCH', { lot: lot.code, left: kilogramText(left) }, 'massG');
  const year = on.slice(0, 4);
  const number = `JJ-${year}-${String(book.nextNumber(`handover:${year}`)).padStart(4, '0')}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO lot_handover (number, point_id, lot_id, on_date, cartons, mass_g, giver, receiver, note, created_at)
       VALUES (:number, :pointId, :lotId, :on, :cartons, :massG, :giver, :receiver, :note, :now)`,
    )
    .run({ ...input, number, now });
  // Numbers alone: the kind of the event says in either language what it was.
  const text = `${number} ${kilogramText(massG)} kg`;
  addLotEvent(book, { id: lotId, at: `${on}T04:00:00.000Z`, kind: 'handed', place: point.name, text }, now);
  return { id: Number(lastInsertRowid), number };
}

/** The note stays with why it does not count; the lot's story says so too. */
export function voidHandover(book: Book, handover: Handover, reason: string, now: string): void {
  book.prepare('UPDATE lot_handover SET voided_at = ?, void_reason = ? WHERE id = ?').run(now, reason, handover.id);
  const text = `交接单 ${handover.number} 作废：${reason}`;
  addLotEvent(book, { id: handover.lotId, at: now, kind: 'other', place: '', text }, now);
}
