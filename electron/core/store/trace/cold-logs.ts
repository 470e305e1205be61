import type { OutputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { Reading } from '../../../../shared/lots/cold-chain.ts';
import type { Book } from '../book.ts';

/** 温度记录: what loggers wrote on the way, as they wrote it. */

export type ColdLog = OutputOf<'dispatches.get'>['coldLogs'][number];

interface Row extends Omit<ColdLog, 'failed'> {
  failed: string;
}
const select = `SELECT c.id, c.dispatch_id AS dispatchId, d.number AS dispatch, c.product_id AS productId, f.name_zh AS product, c.logger,
    c.file_name AS fileName, c.low_c100 AS lowC100, c.high_c100 AS highC100, c.failed
  FROM cold_log c JOIN dispatch d ON d.id = c.dispatch_id JOIN farm_product f ON f.id = c.product_id`;
const viewOf = ({ failed, ...row }: Row): ColdLog => ({ ...row, failed: JSON.parse(failed) as ColdLog['failed'] });

/** All, the last first; or those of dispatches. */
export function listColdLogs(book: Book, dispatchIds?: readonly number[]): ColdLog[] {
  return (
    book
      .prepare(
        `${select} WHERE (:all = 1 OR c.dispatch_id IN (SELECT value FROM json_each(:dispatches))) ORDER BY c.id DESC LIMIT 500`,
      )
      .all({ all: dispatchIds === undefined ? 1 : 0, dispatches: JSON.stringify(dispatchIds ?? []) }) as Row[]
  ).map(viewOf);
}

/** Throws `COLD_LOG_UNKNOWN` {id}. */
export function requireColdLog(book: Book, id: number): ColdLog {
  const row = book.prepare(`${select} WHERE c.id = ?`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('COLD_LOG_UNKNOWN', { id }, 'id');
  return viewOf(row);
}

/** Readings in the order of the file. */
export function readingsOf(book: Book, id: number): Reading[] {
  return book.prepare('SELECT at, c100 FROM cold_reading WHERE log_id = ? ORDER BY position').all(id) as Reading[];
}

/** Refusal: `COLD_LOG_THERE` {dispatch} for the same bytes on the same dispatch. */
export function insertColdLog(
  book: Book,
  log: Omit<ColdLog, 'id' | 'dispatch' | 'product'> & {
    readonly dispatch: string;
    readonly sha256: string;
    readonly readings: readonly Reading[];
  },
  now: string,
): number {
  const { dispatchId, dispatch, productId, logger, fileName, lowC100, highC100, failed, sha256, readings } = log;
  if (book.prepare('SELECT 1 FROM cold_log WHERE dispatch_id = ? AND sha256 = ?').get(dispatchId, sha256) !== undefined)
    throw new PortbookError('COLD_LOG_THERE', { dispatch, name: fileName }, 'file');
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO cold_log (dispatch_id, product_id, logger, file_name, sha256, low_c100, high_c100, failed, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(dispatchId, productId, logger, fileName, sha256, lowC100, highC100, JSON.stringify(failed), now);
  const id = Number(lastInsertRowid);
  const insert = book.prepare('INSERT INTO cold_reading (log_id, position, at, c100) VALUES (?, ?, ?, ?)');
  for (const [position, { at, c100 }] of readings.entries()) insert.run(id, position, at, c100);
  return id;
}

/** Throws `COLD_LOG_UNKNOWN`. */
export function removeColdLog(book: Book, id: number): void {
  if (book.prepare('DELETE FROM cold_log WHERE id = ?').run(id).changes === 0)
    throw new PortbookError('COLD_LOG_UNKNOWN', { id }, 'id');
}
