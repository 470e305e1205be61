import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';

type Row = OutputOf<'batches.list'>['rows'][number];
type Detail = OutputOf<'batches.get'>;

/** A release is taken in by a declaration until that is given up; from a version that was superseded it goes on to the next one. */
const isDeclared = `EXISTS (SELECT 1 FROM document d WHERE d.id = r.document_id AND d.state NOT IN ('withdrawn','superseded'))`;
const releasedOf = (where = ''): string =>
  `coalesce((SELECT sum(l.qty_e5) FROM batch_release_line l JOIN batch_release r ON r.id = l.release_id
     WHERE l.good_id = g.id AND r.void_reason = '' ${where}), 0)`;

const select = `SELECT b.id, b.record_no AS recordNo, b.starts_on AS startsOn, b.ends_on AS endsOn, b.due_on AS dueOn, b.note,
    (SELECT count(*) FROM release_batch_good g WHERE g.batch_id = b.id) AS goods,
    (SELECT count(*) FROM batch_release r WHERE r.batch_id = b.id AND r.void_reason = '') AS releases,
    (SELECT count(*) FROM batch_release r WHERE r.batch_id = b.id AND r.void_reason = '' AND NOT ${isDeclared}) AS undeclared,
    EXISTS (SELECT 1 FROM release_batch_good g WHERE g.batch_id = b.id AND ${releasedOf()} < g.qty_e5) AS isOpen
  FROM release_batch b`;
type Stored = Omit<Row, 'isOpen' | 'isLate'> & { readonly isOpen: 0 | 1 };
const rowOf = ({ isOpen, ...row }: Stored, today: string): Row => ({
  ...row,
  isOpen: isOpen === 1,
  isLate: row.undeclared > 0 && row.dueOn !== null && row.dueOn < today,
});

/** Newest first. @param today the day that tells what is late */
export function listBatches(book: Book, today: string): Row[] {
  return (book.prepare(`${select} ORDER BY b.id DESC`).all() as Stored[]).map((row) => rowOf(row, today));
}

/** Refusal: `BATCH_UNKNOWN` {id}. */
export function requireBatch(book: Book, id: number, today: string): Detail {
  const row = book.prepare(`${select} WHERE b.id = ?`).get(id) as Stored | undefined;
  if (row === undefined) throw new PortbookError('BATCH_UNKNOWN', { id }, 'id');
  const goods = book
    .prepare(
      `SELECT g.id, g.hs_code AS hsCode, g.name, g.unit, g.qty_e5 AS qtyE5, g.currency, g.price, ${releasedOf()} AS releasedE5,
         ${releasedOf(`AND ${isDeclared}`)} AS declaredE5 FROM release_batch_good g WHERE g.batch_id = ? ORDER BY g.position`,
    )
    .all(id) as (Omit<Detail['lines'][number], 'qty' | 'released' | 'declared' | 'left'> & {
    qtyE5: number;
    releasedE5: number;
    declaredE5: number;
  })[];
  const releases = book
    .prepare(
      `SELECT r.id, r.number, r.on_date AS "on", r.void_reason AS voidReason, d.id AS documentId, d.business_key AS businessKey, d.state,
         ${isDeclared} AS declared FROM batch_release r LEFT JOIN document d ON d.id = r.document_id WHERE r.batch_id = ? ORDER BY r.on_date, r.id`,
    )
    .all(id) as {
    id: number;
    number: string;
    on: string;
    voidReason: string;
    documentId: number | null;
    businessKey: string | null;
    state: string | null;
    declared: 0 | 1;
  }[];
  const lines = book
    .prepare(
      `SELECT l.release_id AS releaseId, l.good_id AS goodId, l.qty_e5 AS qtyE5 FROM batch_release_line l
       JOIN batch_release r ON r.id = l.release_id WHERE r.batch_id = ? ORDER BY l.release_id, l.good_id`,
    )
    .all(id) as { releaseId: number; goodId: number; qtyE5: number }[];
  return {
    ...rowOf(row, today),
    lines: goods.map(({ qtyE5, releasedE5, declaredE5, ...good }) => ({
      ...good,
      qty: storedText(qtyE5),
      released: storedText(releasedE5),
      declared: storedText(declaredE5),
      left: storedText(qtyE5 - releasedE5),
    })),
    steps: releases.map(({ documentId, businessKey, state, declared, ...release }) => ({
      ...release,
      lines: lines
        .filter(({ releaseId }) => releaseId === release.id)
        .map(({ goodId, qtyE5 }) => ({ goodId, qty: storedText(qtyE5) })),
      document:
        declared === 1 && documentId !== null
          ? { id: documentId, businessKey: businessKey ?? '', state: state ?? '' }
          : null,
    })),
  };
}

/** Stores a batch with its goods; run inside a transaction. Refusals as the contract has them. @returns its id */
export function saveBatch(book: Book, input: ParsedInputOf<'batches.save'>, now: string): number {
  const { id, goods, ...of } = input;
  const taken = book.prepare('SELECT 1 FROM release_batch WHERE record_no = ? AND id <> ?').get(of.recordNo, id ?? 0);
  if (taken !== undefined) throw new PortbookError('BATCH_NUMBER_USED', { number: of.recordNo }, 'recordNo');
  const known = id === undefined ? [] : requireBatch(book, id, of.startsOn).lines;
  const kept = new Map(goods.flatMap((good) => (good.id === undefined ? [] : [[good.id, good] as const])));
  const named = book.prepare('SELECT 1 FROM batch_release_line WHERE good_id = ?');
  for (const { id: goodId, name, released, ...was } of known) {
    const good = kept.get(goodId);
    if (storedValue(good?.qty ?? '0') < storedValue(released))
      throw new PortbookError('BATCH_GOOD_RELEASED', { name, released }, 'goods');
    const isSame = good?.hsCode === was.hsCode && good.unit === was.unit && good.currency === was.currency;
    if (!isSame && named.get(goodId) !== undefined) throw new PortbookError('BATCH_GOOD_NAMED', { name }, 'goods');
  }
  const batchId =
    id ??
    Number(
      book
        .prepare(
          `INSERT INTO release_batch (record_no, starts_on, ends_on, due_on, note, created_at, updated_at)
           VALUES (:recordNo, :startsOn, :endsOn, :dueOn, :note, :now, :now)`,
        )
        .run({ ...of, now }).lastInsertRowid,
    );
  if (id !== undefined)
    book
      .prepare(
        `UPDATE release_batch SET record_no = :recordNo, starts_on = :startsOn, ends_on = :endsOn, due_on = :dueOn, note = :note,
           updated_at = :now WHERE id = :id`,
      )
      .run({ ...of, now, id });
  for (const { id: goodId } of known)
    if (!kept.has(goodId)) book.prepare('DELETE FROM release_batch_good WHERE id = ?').run(goodId);
  // Places are unique while they change: those that stay step aside first.
  book.prepare('UPDATE release_batch_good SET position = position + 1000 WHERE batch_id = ?').run(batchId);
  const stays = new Set(known.map((good) => good.id));
  for (const [index, { id: goodId, qty, ...good }] of goods.entries()) {
    const values = { ...good, qtyE5: storedValue(qty), batchId, position: index + 1 };
    if (goodId !== undefined && stays.has(goodId))
      book
        .prepare(
          `UPDATE release_batch_good SET position = :position, hs_code = :hsCode, name = :name, unit = :unit, qty_e5 = :qtyE5,
             currency = :currency, price = :price WHERE id = :goodId AND batch_id = :batchId`,
        )
        .run({ ...values, goodId });
    else
      book
        .prepare(
          `INSERT INTO release_batch_good (batch_id, position, hs_code, name, unit, qty_e5, currency, price)
           VALUES (:batchId, :position, :hsCode, :name, :unit, :qtyE5, :currency, :price)`,
        )
        .run(values);
  }
  return batchId;
}

/** Stores a release; run inside a transaction. Refusal: `BATCH_RELEASE_USED` {number}. @returns its id */
export function insertRelease(book: Book, release: ParsedInputOf<'batches.release'>, now: string): number {
  const { batchId, number, on, lines } = release;
  if (book.prepare('SELECT 1 FROM batch_release WHERE number = ?').get(number) !== undefined)
    throw new PortbookError('BATCH_RELEASE_USED', { number }, 'number');
  const id = Number(
    book
      .prepare('INSERT INTO batch_release (batch_id, number, on_date, created_at) VALUES (?, ?, ?, ?)')
      .run(batchId, number, on, now).lastInsertRowid,
  );
  const insert = book.prepare('INSERT INTO batch_release_line (release_id, good_id, qty_e5) VALUES (?, ?, ?)');
  for (const { goodId, qty } of lines) insert.run(id, goodId, storedValue(qty));
  return id;
}

/** Makes a release void; run inside a transaction. Refusals: `BATCH_RELEASE_UNKNOWN` {id}, `BATCH_RELEASE_DECLARED` {number, declaration}. @returns its number */
export function voidRelease(book: Book, id: number, reason: string): string {
  const row = book
    .prepare(
      `SELECT r.number, iif(${isDeclared}, (SELECT business_key FROM document WHERE id = r.document_id), NULL) AS declaration
       FROM batch_release r WHERE r.id = ? AND r.void_reason = ''`,
    )
    .get(id) as { number: string; declaration: string | null } | undefined;
  if (row === undefined) throw new PortbookError('BATCH_RELEASE_UNKNOWN', { id }, 'releaseId');
  const { number, declaration } = row;
  if (declaration !== null) throw new PortbookError('BATCH_RELEASE_DECLARED', { number, declaration }, 'releaseId');
  book.prepare('UPDATE batch_release SET void_reason = ? WHERE id = ?').run(reason, id);
  return number;
}

/** Ties releases to the declaration that takes them in. Must run in the transaction that made it. */
export function declareReleases(book: Book, ids: readonly number[], documentId: number): void {
  const put = book.prepare('UPDATE batch_release SET document_id = ? WHERE id = ?');
  for (const id of ids) put.run(documentId, id);
}

/**
 * Takes releases on from a declaration to its next version. Must run in the transaction that supersedes it, after that.
 * Refusal: `BATCH_RELEASE_TAKEN` {number, declaration} where one was made void (`declaration` blank) or is in another since.
 */
export function carryReleases(book: Book, from: number, to: number): void {
  const taken = book
    .prepare(
      `SELECT r.number, iif(${isDeclared}, (SELECT business_key FROM document WHERE id = r.document_id), '') AS declaration
       FROM batch_release r JOIN release_declaration h ON h.release_id = r.id
       WHERE h.document_id = ? AND (r.void_reason <> '' OR ${isDeclared}) ORDER BY r.id`,
    )
    .get(from) as { number: string; declaration: string } | undefined;
  if (taken !== undefined)
    throw new PortbookError('BATCH_RELEASE_TAKEN', { number: taken.number, declaration: taken.declaration });
  book
    .prepare(
      'UPDATE batch_release SET document_id = ? WHERE id IN (SELECT release_id FROM release_declaration WHERE document_id = ?)',
    )
    .run(to, from);
}

/**
 * Gives a declaration that stands at customs after all its releases back, but for those made void since. Must run in the transaction that
 * changes its state, before that. Refusal: `BATCH_RELEASE_TAKEN` {number, declaration} where one is in another declaration since.
 */
export function reclaimReleases(book: Book, documentId: number): void {
  const of = `FROM batch_release r JOIN release_declaration h ON h.release_id = r.id LEFT JOIN document t ON t.id = r.document_id
    WHERE h.document_id = :documentId AND r.void_reason = ''`;
  const taken = book
    .prepare(
      `SELECT r.number, t.business_key AS declaration ${of} AND r.document_id <> :documentId AND ${isDeclared} ORDER BY r.id`,
    )
    .get({ documentId }) as { number: string; declaration: string } | undefined;
  if (taken !== undefined) throw new PortbookError('BATCH_RELEASE_TAKEN', taken);
  book
    .prepare(`UPDATE batch_release SET document_id = :documentId WHERE id IN (SELECT r.id ${of})`)
    .run({ documentId });
}

/** Batches with a due date of which releases are not declared. */
export function batchesDue(book: Book): { id: number; recordNo: string; dueOn: string; undeclared: number }[] {
  return book
    .prepare(
      `SELECT id, recordNo, dueOn, undeclared FROM (${select}) WHERE dueOn IS NOT NULL AND (undeclared > 0 OR isOpen = 1) ORDER BY dueOn, id`,
    )
    .all() as { id: number; recordNo: string; dueOn: string; undeclared: number }[];
}
