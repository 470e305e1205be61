/** 进货查验 and 抽检 of lots. */
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { Book } from '../book.ts';

export type LotInspection = OutputOf<'lots.get'>['inspections'][number];

/** The last word of its kind on its lot is a failure: nothing passed since. */
const isStanding = `i.withdrawn_at IS NULL AND i.result = 'fail' AND NOT EXISTS (SELECT 1 FROM lot_inspection later
  WHERE later.lot_id = i.lot_id AND later.kind = i.kind AND later.withdrawn_at IS NULL AND later.result <> 'open'
    AND (later.on_date, later.id) > (i.on_date, i.id))`;

/** Whether a lot of the outer query, named `l`, has a failure that stands. */
export const hasFailed = `EXISTS (SELECT 1 FROM lot_inspection i WHERE i.lot_id = l.id AND ${isStanding})`;

/** Inspections of lots, last first; withdrawn ones too. */
export function inspectionsOf(book: Book, lots: Iterable<number>): LotInspection[] {
  const rows = book
    .prepare(
      `SELECT i.id, i.number, i.lot_id AS lotId, l.code AS lot, i.kind, i.on_date AS "on", i.result, i.who, i.basis, i.sampled, i.note,
         i.withdrawn_reason AS withdrawnReason, (${isStanding}) AS standing,
         (SELECT count(*) FROM archive_paper p WHERE p.subject_kind = 'lot-inspection' AND p.subject_id = i.number AND p.removed_at IS NULL) AS papers
       FROM lot_inspection i JOIN lot l ON l.id = i.lot_id WHERE i.lot_id IN (SELECT value FROM json_each(?)) ORDER BY i.on_date DESC, i.id DESC`,
    )
    .all(JSON.stringify([...lots])) as (Omit<LotInspection, 'isFailure'> & { standing: number })[];
  return rows.map(({ standing, ...row }) => ({ ...row, isFailure: standing === 1 }));
}

/** @returns its id and number */
export function insertInspection(
  book: Book,
  input: ParsedInputOf<'lotInspections.add'>,
  now: string,
): { id: number; number: string } {
  const year = input.on.slice(0, 4);
  const { n } = book
    .prepare(`SELECT count(*) + 1 AS n FROM lot_inspection WHERE number LIKE 'YH-' || ? || '-%'`)
    .get(year) as { n: number };
  const number = `YH-${year}-${String(n).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO lot_inspection (number, lot_id, kind, on_date, result, who, basis, sampled, note, created_at)
       VALUES (:number, :lotId, :kind, :on, :result, :who, :basis, :sampled, :note, :now)`,
    )
    .run({ ...input, number, now });
  return { id: Number(lastInsertRowid), number };
}

/** Refusals: `LOT_INSPECTION_UNKNOWN` {id}, `LOT_INSPECTION_WITHDRAWN` {number}. @returns its number */
export function withdrawInspection(book: Book, id: number, reason: string, now: string): string {
  const row = book.prepare('SELECT number, withdrawn_at AS withdrawnAt FROM lot_inspection WHERE id = ?').get(id) as
    | { number: string; withdrawnAt: string | null }
    | undefined;
  if (row === undefined) throw new PortbookError('LOT_INSPECTION_UNKNOWN', { id }, 'id');
  if (row.withdrawnAt !== null) throw new PortbookError('LOT_INSPECTION_WITHDRAWN', { number: row.number }, 'id');
  book.prepare('UPDATE lot_inspection SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ?').run(now, reason, id);
  return row.number;
}
