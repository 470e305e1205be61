import type { z } from 'zod';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { declarationCopyRow, repairView, returnLine, returnRow } from '../../../shared/contract/returns.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { DeclarationCopy } from '../../../shared/import/declaration-copies.ts';
import { parseScaled } from '../../../shared/money/decimal.ts';
import { storedText } from '../../../shared/money/stored.ts';
import {
  isTakenBack,
  leftToReturn,
  nextStates,
  type ReturnState,
  returnStates,
  splitReturn,
} from '../../../shared/returns/states.ts';
import { fenText } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { unsoldE5 } from './overseas.ts';
import { bringReturnIn } from './return-stock.ts';
import type { ExportMode } from './worksheets/export-lines.ts';

type ReturnRow = z.infer<typeof returnRow>;
type ReturnLine = z.infer<typeof returnLine>;

/** The line whose goods come back: the firm's own export line, or a line of a copy. */
export type LineRef = { readonly exportLineId: number } | { readonly copyId: number };

interface StoredReturn {
  id: number;
  number: string;
  exportLineId: number | null;
  copyId: number | null;
  qtyE5: number;
  state: ReturnState;
  receivedOn: string;
  reason: ReturnRow['reason'];
  place: string;
  note: string;
  applicationId: number | null;
  applicationStands: 0 | 1;
  reexportId: number | null;
  reexportStands: 0 | 1;
  declarationNo: string;
  lineNo: number;
  exportDate: string;
  mode: ExportMode;
  hsCode: string;
  name: string;
  unit: string;
  outE5: number;
  currency: string;
  exporter: string | null;
  isInStock: 0 | 1;
}

/** SQL: of the versions of a return's paper the newest that was not given up. One that customs sent back is shown, and stands no more. */
const paperOf = (column: string, what: string): string =>
  `(SELECT ${what} FROM document d JOIN document n ON n.kind = d.kind AND n.business_key = d.business_key AND n.version >= d.version
    WHERE d.id = r.${column} AND n.state NOT IN ('withdrawn','superseded') ORDER BY n.version DESC LIMIT 1)`;
const paper = (name: string): string =>
  `${paperOf(`${name}_id`, 'n.id')} AS ${name}Id, coalesce(${paperOf(`${name}_id`, `n.state <> 'rejected'`)}, 0) AS ${name}Stands`;

const select = `SELECT r.id, r.number, r.export_line_id AS exportLineId, r.copy_id AS copyId, r.qty_e5 AS qtyE5, r.state,
  r.received_on AS receivedOn, r.reason, r.place, r.note, ${paper('application')}, ${paper('reexport')},
  coalesce(e.declaration_no, c.declaration_no) AS declarationNo, coalesce(e.line_no, c.line_no) AS lineNo,
  coalesce(e.export_date, c.export_date) AS exportDate, coalesce(e.mode, c.mode) AS mode, coalesce(e.hs_code, c.hs_code) AS hsCode,
  coalesce(e.name, c.name) AS name, coalesce(e.unit, c.unit) AS unit, coalesce(e.qty_e5, c.qty_e5) AS outE5,
  coalesce(e.currency, c.currency) AS currency, c.exporter,
  EXISTS (WITH RECURSIVE up (id, of_id) AS (SELECT r.id, r.of_id UNION SELECT p.id, p.of_id FROM goods_return p JOIN up ON p.id = up.of_id)
    SELECT 1 FROM up JOIN goods_return_move g ON g.return_id = up.id
    WHERE NOT EXISTS (SELECT 1 FROM stock_move m WHERE m.reverses = g.move_id)) AS isInStock
  FROM goods_return r LEFT JOIN export_line e ON e.id = r.export_line_id LEFT JOIN declaration_copy c ON c.id = r.copy_id`;

function rowOf({
  qtyE5,
  outE5,
  exportLineId,
  copyId,
  applicationId,
  applicationStands,
  reexportId,
  reexportStands,
  exporter,
  isInStock,
  ...row
}: StoredReturn): ReturnRow {
  return {
    ...row,
    isInStock: isInStock === 1,
    applicationStands: applicationStands === 1,
    reexportStands: reexportStands === 1,
    qty: storedText(qtyE5),
    out: storedText(outE5),
    ...(exportLineId === null ? {} : { exportLineId }),
    ...(copyId === null ? {} : { copyId }),
    ...(applicationId === null ? {} : { applicationId }),
    ...(reexportId === null ? {} : { reexportId }),
    ...(exporter === null ? {} : { exporter }),
  };
}

function stored(book: Book, id: number): StoredReturn {
  const row = book.prepare(`${select} WHERE r.id = ?`).get(id) as StoredReturn | undefined;
  if (row === undefined) throw new PortbookError('RETURN_UNKNOWN', { id });
  return row;
}

/** A return with the line it is of. Refusal: `RETURN_UNKNOWN` {id}. */
export function requireReturn(book: Book, id: number): ReturnRow {
  return rowOf(stored(book, id));
}

/** Newest first, with how many there are of each state. */
export function listReturns(
  book: Book,
  filter: { readonly state?: ReturnState | undefined; readonly text?: string | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
) {
  const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
  const bind = { state: filter.state ?? '', text: containing(filter.text?.trim() ?? '') };
  const of = `(:text = '%%' OR r.number LIKE :text ESCAPE '\\' OR coalesce(e.declaration_no, c.declaration_no) LIKE :text ESCAPE '\\'
    OR coalesce(e.name, c.name) LIKE :text ESCAPE '\\')`;
  const where = `${of} AND ((:state = '' AND r.state <> 'void') OR r.state = :state)`;
  const rows = book
    .prepare(`${select} WHERE ${where} AND r.id < :before ORDER BY r.id DESC LIMIT :limit`)
    .all({ ...bind, before, limit: page.limit }) as StoredReturn[];
  const counted = book.prepare('SELECT state, count(*) AS n FROM goods_return GROUP BY state').all() as {
    state: ReturnState;
    n: number;
  }[];
  const { n: total } = book
    .prepare(
      `SELECT count(*) AS n FROM goods_return r LEFT JOIN export_line e ON e.id = r.export_line_id
       LEFT JOIN declaration_copy c ON c.id = r.copy_id WHERE ${where}`,
    )
    .get(bind) as { n: number };
  const last = rows.at(-1);
  const by = new Map(counted.map(({ state, n }) => [state, n]));
  return {
    rows: rows.map(rowOf),
    total,
    counts: returnStates.map((state) => ({ state, returns: by.get(state) ?? 0 })),
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Returns that something is still to be done with: not yet sold again, sent out or scrapped. */
export function openReturns(book: Book): number {
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM goods_return WHERE state IN ('received','sorted','stored','repairing')`)
    .get() as { n: number };
  return n;
}

/** The standing returns of a line, but for one: day and quantity, scaled by 10^5. */
export function standingReturns(
  book: Book,
  ref: LineRef,
  but = 0,
): { readonly receivedOn: string; readonly qtyE5: number }[] {
  const [column, id] = 'copyId' in ref ? ['copy_id', ref.copyId] : ['export_line_id', ref.exportLineId];
  return book
    .prepare(
      `SELECT received_on AS receivedOn, qty_e5 AS qtyE5 FROM goods_return WHERE ${column} = ? AND state <> 'void' AND id <> ?`,
    )
    .all(id, but) as { receivedOn: string; qtyE5: number }[];
}

/** What has been received back of a line, scaled by 10^5. */
function standing(book: Book, ref: LineRef): number[] {
  return standingReturns(book, ref).map(({ qtyE5 }) => qtyE5);
}

/**
 * What other registers have of a line, scaled by 10^5: goods that warehouse reports brought back, and what cancellations of its order brought
 * into 退货仓, shared by the order's lines of the article oldest first.
 */
function backElsewhere(book: Book, ref: LineRef): number {
  if ('copyId' in ref) return 0;
  const { n } = book
    .prepare(
      `SELECT e.back_qty_e5 + max(0, min(e.qty_e5, iif(e.order_id IS NULL,
           (SELECT coalesce(sum(m.qty_e5), 0) FROM export_goods g JOIN stock_move m ON m.order_id = g.order_id AND m.sku = g.sku
            WHERE g.export_line_id = e.id AND m.kind = 'returned' AND m.export_line_id IS NULL),
           (SELECT coalesce(sum(m.qty_e5), 0) FROM stock_move m WHERE m.order_id = e.order_id AND m.sku = e.sku AND m.kind = 'returned'
              AND m.export_line_id IS NULL)
           - (SELECT coalesce(sum(o.qty_e5), 0) FROM export_line o WHERE o.order_id = e.order_id AND o.sku = e.sku
              AND (o.export_date, o.id) < (e.export_date, e.id))))) AS n
       FROM export_line e WHERE e.id = ?`,
    )
    .get(ref.exportLineId) as { n: number };
  return n;
}

/** What may still come back of a line, scaled by 10^5: never more than went out, over all registers of it. */
const leftOf = (book: Book, ref: LineRef, outE5: number): number =>
  leftToReturn(outE5, [...standing(book, ref), backElsewhere(book, ref)]);

/** What is left unsold abroad of a line of 9810, scaled by 10^5; undefined of another line. */
function unsoldAbroad(book: Book, ref: LineRef): number | undefined {
  if ('copyId' in ref) return undefined;
  const row = book
    .prepare(`SELECT ${unsoldE5} AS unsold FROM export_line e WHERE e.id = ? AND e.mode = '9810'`)
    .get(ref.exportLineId) as { unsold: number } | undefined;
  return row?.unsold;
}

/** Lines that goods may come back of, the firm's own and copies, newest first, with what is left. */
export function returnableLines(book: Book, text: string, limit: number): ReturnLine[] {
  const rows = book
    .prepare(
      `SELECT * FROM (
         SELECT id AS exportLineId, NULL AS copyId, declaration_no AS declarationNo, line_no AS lineNo, export_date AS exportDate, mode, name, unit,
           qty_e5 AS outE5, NULL AS exporter FROM export_line
         UNION ALL SELECT NULL, id, declaration_no, line_no, export_date, mode, name, unit, qty_e5, exporter FROM declaration_copy)
       WHERE declarationNo LIKE :text ESCAPE '\\' OR name LIKE :text ESCAPE '\\' OR exporter LIKE :text ESCAPE '\\'
       ORDER BY exportDate DESC, declarationNo, lineNo LIMIT :limit`,
    )
    .all({ text: containing(text.trim()), limit }) as {
    exportLineId: number | null;
    copyId: number | null;
    declarationNo: string;
    lineNo: number;
    exportDate: string;
    mode: ExportMode;
    name: string;
    unit: string;
    outE5: number;
    exporter: string | null;
  }[];
  return rows.map(({ exportLineId, copyId, outE5, exporter, ...row }) => {
    const ref = copyId === null ? { exportLineId: exportLineId ?? 0 } : { copyId };
    return {
      ...row,
      ...ref,
      out: storedText(outE5),
      left: storedText(leftOf(book, ref, outE5)),
      ...(exporter === null ? {} : { exporter }),
    };
  });
}

function step(
  book: Book,
  id: number,
  of: { from: ReturnState | null; to: ReturnState; qtyE5: number; note: string },
  now: string,
) {
  book
    .prepare(
      'INSERT INTO goods_return_step (return_id, from_state, to_state, qty_e5, note, at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(id, of.from, of.to, of.qtyE5, of.note, now);
}

function newNumber(book: Book, series: 'T' | 'W', now: string): string {
  const day = chinaDate(now).replaceAll('-', '');
  return `${series}${day}-${String(book.nextNumber(`${series}:${day}`)).padStart(3, '0')}`;
}

/**
 * Receives goods back, and into 退货仓 where stock is kept of them. Run inside a transaction. Refusal: `RETURN_TOO_MUCH_BACK` {left}.
 * @returns its id
 */
export function receiveReturn(
  book: Book,
  line: { readonly ref: LineRef; readonly outE5: number },
  of: { qtyE5: number; receivedOn: string; reason: ReturnRow['reason']; place: string; note: string },
  now: string,
): number {
  const unsold = of.reason === 'unsold' ? unsoldAbroad(book, line.ref) : undefined;
  const leftE5 = Math.max(0, Math.min(leftOf(book, line.ref, line.outE5), unsold ?? line.outE5));
  if (of.qtyE5 <= 0 || of.qtyE5 > leftE5)
    throw new PortbookError('RETURN_TOO_MUCH_BACK', { left: storedText(leftE5) }, 'qty');
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO goods_return (number, export_line_id, copy_id, qty_e5, state, received_on, reason, place, note, created_at, updated_at)
       VALUES (:number, :exportLineId, :copyId, :qtyE5, 'received', :receivedOn, :reason, :place, :note, :now, :now)`,
    )
    .run({ exportLineId: null, copyId: null, ...line.ref, ...of, number: newNumber(book, 'T', now), now });
  const id = Number(lastInsertRowid);
  step(book, id, { from: null, to: 'received', qtyE5: of.qtyE5, note: of.note }, now);
  bringReturnIn(book, id, of.receivedOn, now);
  return id;
}

/**
 * Takes a return, or a part of it, on to a state. A part becomes a return of its own, with its number. Run inside a transaction.
 * Refusals: `RETURN_UNKNOWN`, `RETURN_STEP` {from, to}, `RETURN_PART` {qty, whole}, `RETURN_FILED` {number} for taking back what papers name,
 * `RETURN_BACK_REASON` {number} for taking back an end without a reason, `STOCK_SHORT` for voiding goods that left 退货仓 since.
 * @returns the id of what went on
 */
export function moveReturn(
  book: Book,
  id: number,
  { to, qtyE5, place, note }: { to: ReturnState; qtyE5?: number | undefined; place?: string | undefined; note: string },
  now: string,
): number {
  const row = stored(book, id);
  if (!nextStates(row.state).includes(to)) throw new PortbookError('RETURN_STEP', { from: row.state, to }, 'to');
  const isBack = isTakenBack(row.state, to);
  if (isBack && note === '') throw new PortbookError('RETURN_BACK_REASON', { number: row.number }, 'note');
  const isFiled =
    (to === 'void' && row.applicationStands === 1) || ((to === 'void' || isBack) && row.reexportStands === 1);
  if (isFiled) throw new PortbookError('RETURN_FILED', { number: row.number });
  const split = splitReturn(row.qtyE5, qtyE5 ?? row.qtyE5);
  if (split === undefined || (row.state === 'repairing' && split.staysE5 > 0))
    throw new PortbookError('RETURN_PART', { qty: storedText(qtyE5 ?? 0), whole: storedText(row.qtyE5) }, 'qty');
  let moved = id;
  if (split.staysE5 > 0) {
    book.prepare('UPDATE goods_return SET qty_e5 = ?, updated_at = ? WHERE id = ?').run(split.staysE5, now, id);
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO goods_return (number, export_line_id, copy_id, qty_e5, state, received_on, reason, place, note, of_id, application_id, created_at, updated_at)
         SELECT ?, export_line_id, copy_id, ?, state, received_on, reason, place, note, id, application_id, ?, ? FROM goods_return WHERE id = ?`,
      )
      .run(newNumber(book, 'T', now), split.goesE5, now, now, id);
    moved = Number(lastInsertRowid);
  }
  book
    .prepare('UPDATE goods_return SET state = ?, place = coalesce(?, place), updated_at = ? WHERE id = ?')
    .run(to, place ?? null, now, moved);
  step(book, moved, { from: row.state, to, qtyE5: split.goesE5, note }, now);
  if (to === 'void') bringReturnIn(book, moved, chinaDate(now), now);
  if (to === 'repairing')
    book
      .prepare('INSERT INTO repair_order (return_id, number, fault, started_on) VALUES (?, ?, ?, ?)')
      .run(moved, newNumber(book, 'W', now), note, chinaDate(now));
  if (row.state === 'repairing')
    book
      .prepare('UPDATE repair_order SET finished_on = ? WHERE return_id = ? AND finished_on IS NULL')
      .run(chinaDate(now), moved);
  return moved;
}

/** Keeps which paper a return went into. */
export function linkReturn(
  book: Book,
  ids: readonly number[],
  as: 'application' | 'reexport',
  documentId: number,
  now: string,
): void {
  const change = book.prepare(`UPDATE goods_return SET ${as}_id = ?, updated_at = ? WHERE id = ?`);
  for (const id of ids) change.run(documentId, now, id);
}

export function stepsOf(book: Book, id: number) {
  const rows = book
    .prepare(
      'SELECT from_state AS "from", to_state AS "to", qty_e5 AS qtyE5, note, at FROM goods_return_step WHERE return_id = ? ORDER BY id',
    )
    .all(id) as { from: ReturnState | null; to: ReturnState; qtyE5: number; note: string; at: string }[];
  return rows.map(({ from, qtyE5, ...row }) => ({
    ...row,
    qty: storedText(qtyE5),
    ...(from === null ? {} : { from }),
  }));
}

/** Repair orders of a return, newest first. */
export function repairsOf(book: Book, returnId: number): z.infer<typeof repairView>[] {
  const rows = book
    .prepare(
      `SELECT id, number, fault, work, labour_fen AS labourFen, parts_fen AS partsFen, started_on AS startedOn, finished_on AS finishedOn
       FROM repair_order WHERE return_id = ? ORDER BY id DESC`,
    )
    .all(returnId) as {
    id: number;
    number: string;
    fault: string;
    work: string;
    labourFen: number;
    partsFen: number;
    startedOn: string;
    finishedOn: string | null;
  }[];
  const parts = book.prepare(
    'SELECT name, qty_e5 AS qtyE5, cost_fen AS costFen FROM repair_part WHERE repair_id = ? ORDER BY position',
  );
  return rows.map(({ labourFen, partsFen, finishedOn, ...row }) => ({
    ...row,
    labourCny: fenText(labourFen),
    costCny: fenText(labourFen + partsFen),
    ...(finishedOn === null ? {} : { finishedOn }),
    parts: (parts.all(row.id) as { name: string; qtyE5: number; costFen: number }[]).map(
      ({ name, qtyE5, costFen }) => ({
        name,
        qty: storedText(qtyE5),
        costCny: fenText(costFen),
      }),
    ),
  }));
}

/** Writes the open repair order of a return anew. Run inside a transaction. Refusal: `REPAIR_NOT_OPEN` {number}. */
export function saveRepair(
  book: Book,
  returnId: number,
  of: {
    fault: string;
    work: string;
    labourCny: string;
    parts: readonly { name: string; qty: string; costCny: string }[];
  },
): void {
  const { number } = stored(book, returnId);
  const open = book.prepare('SELECT id FROM repair_order WHERE return_id = ? AND finished_on IS NULL').get(returnId) as
    | { id: number }
    | undefined;
  if (open === undefined) throw new PortbookError('REPAIR_NOT_OPEN', { number });
  book
    .prepare('UPDATE repair_order SET fault = ?, work = ?, labour_fen = ? WHERE id = ?')
    .run(of.fault, of.work, Number(parseScaled(of.labourCny, 2)), open.id);
  book.prepare('DELETE FROM repair_part WHERE repair_id = ?').run(open.id);
  const insert = book.prepare(
    'INSERT INTO repair_part (repair_id, position, name, qty_e5, cost_fen) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [at, { name, qty, costCny }] of of.parts.entries())
    insert.run(open.id, at + 1, name, Number(parseScaled(qty, 5)), Number(parseScaled(costCny, 2)));
}

// Copies of declarations ----------------------------------------------------------------------------------------------------

interface StoredCopy {
  id: number;
  mode: ExportMode;
  declarationNo: string;
  lineNo: number;
  exportDate: string;
  exporter: string;
  exporterCode: string;
  customsCode: string;
  hsCode: string;
  name: string;
  unit: string;
  qtyE5: number;
  currency: string;
  fob: string;
  country: string | null;
}

const copySelect = `SELECT id, mode, declaration_no AS declarationNo, line_no AS lineNo, export_date AS exportDate, exporter,
  exporter_code AS exporterCode, customs_code AS customsCode, hs_code AS hsCode, name, unit, qty_e5 AS qtyE5, currency, fob, country FROM declaration_copy`;

function copyOf({ qtyE5, country, ...row }: StoredCopy): z.infer<typeof declarationCopyRow> {
  return { ...row, qty: storedText(qtyE5), ...(country === null ? {} : { country }) };
}

/** A line of a copy. Refusal: `COPY_UNKNOWN` {id}. */
export function requireCopy(book: Book, id: number): StoredCopy {
  const row = book.prepare(`${copySelect} WHERE id = ?`).get(id) as StoredCopy | undefined;
  if (row === undefined) throw new PortbookError('COPY_UNKNOWN', { id });
  return row;
}

/** Newest export first. */
export function listCopies(
  book: Book,
  text: string,
  page: { readonly after?: string | undefined; readonly limit: number },
) {
  const [date, id] = decodeCursor(page.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const where = `(declaration_no LIKE :text ESCAPE '\\' OR name LIKE :text ESCAPE '\\' OR exporter LIKE :text ESCAPE '\\')`;
  const bind = { text: containing(text.trim()) };
  const rows = book
    .prepare(
      `${copySelect} WHERE ${where} AND (export_date, id) < (:date, :id) ORDER BY export_date DESC, id DESC LIMIT :limit`,
    )
    .all({ ...bind, date, id, limit: page.limit }) as StoredCopy[];
  const { n: total } = book.prepare(`SELECT count(*) AS n FROM declaration_copy WHERE ${where}`).get(bind) as {
    n: number;
  };
  const last = rows.at(-1);
  return {
    rows: rows.map(copyOf),
    total,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.exportDate, last.id]) }
      : {}),
  };
}

/** What stands against keeping a copy. */
export function knownCopy(book: Book, copy: DeclarationCopy): 'new' | 'same' | 'differs' | 'own' | 'in-use' {
  if (
    book
      .prepare('SELECT 1 FROM export_line WHERE declaration_no = ? AND line_no = ?')
      .get(copy.declarationNo, copy.lineNo) !== undefined
  )
    return 'own';
  const row = book
    .prepare(`${copySelect} WHERE declaration_no = ? AND line_no = ?`)
    .get(copy.declarationNo, copy.lineNo) as StoredCopy | undefined;
  if (row === undefined) return 'new';
  const { id, ...before } = copyOf(row);
  const isSame = Object.entries(before).every(([key, value]) => copy[key as keyof DeclarationCopy] === value);
  if (isSame && before.country === copy.country) return 'same';
  return standing(book, { copyId: id }).length > 0 ? 'in-use' : 'differs';
}

/** Keeps copies; one of the same line is written over. Run inside a transaction. */
export function saveCopies(book: Book, copies: readonly DeclarationCopy[], runId: number, now: string): void {
  const save = book.prepare(
    `INSERT INTO declaration_copy (mode, declaration_no, line_no, export_date, exporter, exporter_code, customs_code, hs_code, name, unit, qty_e5, currency, fob, country, import_run_id, created_at, updated_at)
     VALUES (:mode, :declarationNo, :lineNo, :exportDate, :exporter, :exporterCode, :customsCode, :hsCode, :name, :unit, :qtyE5, :currency, :fob, :country, :runId, :now, :now)
     ON CONFLICT (declaration_no, line_no) DO UPDATE SET mode = excluded.mode, export_date = excluded.export_date, exporter = excluded.exporter,
       exporter_code = excluded.exporter_code, customs_code = excluded.customs_code, hs_code = excluded.hs_code, name = excluded.name, unit = excluded.unit,
       qty_e5 = excluded.qty_e5, currency = excluded.currency, fob = excluded.fob, country = excluded.country, import_run_id = excluded.import_run_id, updated_at = excluded.updated_at`,
  );
  for (const { qty, sku: _, country, ...copy } of copies)
    save.run({ ...copy, qtyE5: Number(parseScaled(qty, 5)), country: country ?? null, runId, now });
}
