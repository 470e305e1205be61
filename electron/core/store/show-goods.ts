/** 保税展示: goods on show outside the zone, each of which takes a part of a guarantee. */
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';

type Input = ParsedInputOf<'shows.save'>;

export interface ShowRecord extends Omit<Input, 'id' | 'qty' | 'value' | 'duty'> {
  readonly id: number;
  readonly qtyE5: number;
  readonly valueFen: number;
  readonly dutyFen: number;
  readonly recordNo: string;
  readonly itemNo: string;
  readonly guarantee: string;
  readonly endedOn: string | null;
  readonly returnedE5: number;
  readonly soldE5: number;
  readonly endPaperNo: string;
  readonly endMoveId: number | null;
}

const select = `SELECT s.id, s.item_id AS itemId, s.name, s.unit, s.qty_e5 AS qtyE5, s.value_fen AS valueFen, s.duty_fen AS dutyFen,
    s.guarantee_id AS guaranteeId, g.number AS guarantee, s.paper_no AS paperNo, s.place, s.since_on AS sinceOn, s.due_on AS dueOn, s.note,
    s.ended_on AS endedOn, s.returned_e5 AS returnedE5, s.sold_e5 AS soldE5, s.end_paper_no AS endPaperNo, s.end_move_id AS endMoveId,
    coalesce(k.record_no, '') AS recordNo, coalesce(i.item_no, '') AS itemNo
  FROM show_goods s JOIN guarantee g ON g.id = s.guarantee_id
  LEFT JOIN bonded_item i ON i.id = s.item_id LEFT JOIN bonded_book k ON k.id = i.book_id`;

/** Those on show first, by the day they are due back; then those that ended, the newest first. */
export function listShows(book: Book): ShowRecord[] {
  return book
    .prepare(`${select} ORDER BY s.ended_on IS NOT NULL, s.ended_on DESC, s.due_on, s.id`)
    .all() as ShowRecord[];
}

/** Goods on show. */
export function openShows(book: Book): ShowRecord[] {
  return book.prepare(`${select} WHERE s.ended_on IS NULL ORDER BY s.due_on, s.id`).all() as ShowRecord[];
}

/** Refusal: `SHOW_UNKNOWN` {id}. */
export function requireShow(book: Book, id: number): ShowRecord {
  const row = book.prepare(`${select} WHERE s.id = ?`).get(id) as ShowRecord | undefined;
  if (row === undefined) throw new PortbookError('SHOW_UNKNOWN', { id });
  return row;
}

export type ShowDraft = Omit<Input, 'qty' | 'value' | 'duty'> & {
  readonly qtyE5: number;
  readonly valueFen: number;
  readonly dutyFen: number;
};

/** Stores goods on show. Refusal: `SHOW_PAPER_USED` {paperNo}. @returns their id */
export function putShow(book: Book, { id, ...of }: ShowDraft, now: string): number {
  const { paperNo } = of;
  const other = book.prepare('SELECT id FROM show_goods WHERE paper_no = ? AND id <> ?').get(paperNo, id ?? 0);
  if (other !== undefined) throw new PortbookError('SHOW_PAPER_USED', { paperNo }, 'paperNo');
  if (id === undefined)
    return Number(
      book
        .prepare(
          `INSERT INTO show_goods (item_id, name, unit, qty_e5, value_fen, duty_fen, guarantee_id, paper_no, place, since_on, due_on, note, created_at,
             updated_at)
           VALUES (:itemId, :name, :unit, :qtyE5, :valueFen, :dutyFen, :guaranteeId, :paperNo, :place, :sinceOn, :dueOn, :note, :now, :now)`,
        )
        .run({ ...of, now }).lastInsertRowid,
    );
  book
    .prepare(
      `UPDATE show_goods SET item_id = :itemId, name = :name, unit = :unit, qty_e5 = :qtyE5, value_fen = :valueFen, duty_fen = :dutyFen,
         guarantee_id = :guaranteeId, paper_no = :paperNo, place = :place, since_on = :sinceOn, due_on = :dueOn, note = :note, updated_at = :now
       WHERE id = :id`,
    )
    .run({ ...of, id, now });
  return id;
}

/** Writes down how it ended; `endedOn` null: it is on show again. */
export function endShow(
  book: Book,
  end: {
    readonly id: number;
    readonly endedOn: string | null;
    readonly returnedE5: number;
    readonly soldE5: number;
    readonly endPaperNo: string;
  },
  now: string,
): void {
  book
    .prepare(
      `UPDATE show_goods SET ended_on = :endedOn, returned_e5 = :returnedE5, sold_e5 = :soldE5, end_paper_no = :endPaperNo, end_move_id = NULL,
         updated_at = :now WHERE id = :id`,
    )
    .run({ ...end, now });
}

/** The move by which what was sold left its item. */
export function setEndMove(book: Book, id: number, moveId: number): void {
  book.prepare('UPDATE show_goods SET end_move_id = ? WHERE id = ?').run(moveId, id);
}
