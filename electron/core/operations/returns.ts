import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { returns } from '../../../shared/contract/returns.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { parseScaled } from '../../../shared/money/decimal.ts';
import { isTakenBack, nextStates } from '../../../shared/returns/states.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { reexportReturns, returnGoods } from '../document-life.ts';
import type { Book } from '../store/book.ts';
import { caseOf, requireDocument } from '../store/documents.ts';
import { requireExportLine } from '../store/export-lines.ts';
import {
  type LineRef,
  linkReturn,
  listCopies,
  listReturns,
  moveReturn,
  receiveReturn,
  repairsOf,
  requireCopy,
  requireReturn,
  returnableLines,
  saveRepair,
  stepsOf,
} from '../store/returns.ts';

const LINES_SHOWN = 20;

const changed = ({ emit }: Context, isPaper = false): void =>
  emit({ name: 'book.changed', areas: isPaper ? ['returns', 'documents'] : ['returns', 'tax', 'purchases', 'ledger'] });

/** Day and quantity, scaled by 10^5, of the line that went out. */
function wentOut(book: Book, ref: LineRef): { exportDate: string; outE5: number } {
  if ('copyId' in ref) {
    const { exportDate, qtyE5 } = requireCopy(book, ref.copyId);
    return { exportDate, outE5: qtyE5 };
  }
  const { exportDate, qty } = requireExportLine(book, ref.exportLineId);
  return { exportDate, outE5: Number(parseScaled(qty, 5)) };
}

/** The list of the book that a return's line stands in, where it is one. */
function listOf(book: Book, exportLineId: number | undefined): number | undefined {
  if (exportLineId === undefined) return undefined;
  const { documentId } = requireExportLine(book, exportLineId);
  return documentId !== undefined && requireDocument(book, documentId).kind === 'CEB603Message'
    ? documentId
    : undefined;
}

/** Checks a draft as soon as it is made, as every other. */
function checked(context: Context, documentId: number, now: string): void {
  recheck(context.book, documentCheck(context), caseOf(requireDocument(context.book, documentId)), now);
}

/** Exports that come back: their states, repair and papers. */
export const returnHandlers: Handlers<keyof typeof returns> = {
  'returns.list': ({ state, text, after, limit }, { book }) => listReturns(book, { state, text }, { after, limit }),

  'returns.get': ({ id }, { book }) => {
    const row = requireReturn(book, id);
    return {
      ...row,
      steps: stepsOf(book, id),
      repairs: repairsOf(book, id),
      // What a declaration takes out again is not taken back here.
      next: nextStates(row.state).filter((to) => !row.reexportStands || !isTakenBack(row.state, to)),
      canApply: row.state !== 'void' && !row.applicationStands && listOf(book, row.exportLineId) !== undefined,
    };
  },

  'returns.lines': ({ text }, { book }) => ({ rows: returnableLines(book, text, LINES_SHOWN) }),

  'returns.receive': ({ line: ref, qty, receivedOn, ...of }, context) => {
    const { book } = context;
    const now = context.now();
    const { exportDate, outE5 } = wentOut(book, ref);
    if (receivedOn > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: receivedOn }, 'receivedOn');
    if (receivedOn < exportDate)
      throw new PortbookError('RETURN_BEFORE_EXPORT', { exported: exportDate, returned: receivedOn }, 'receivedOn');
    const row = book.transaction(() => {
      const id = receiveReturn(book, { ref, outE5 }, { ...of, receivedOn, qtyE5: Number(parseScaled(qty, 5)) }, now);
      const made = requireReturn(book, id);
      book.audit('return.received', made.number, { declarationNo: made.declarationNo, line: made.lineNo, qty }, now);
      return made;
    });
    changed(context);
    return { id: row.id, number: row.number };
  },

  'returns.move': ({ id, to, qty, place, note }, context) => {
    const { book } = context;
    const now = context.now();
    const row = book.transaction(() => {
      const before = requireReturn(book, id);
      const qtyE5 = qty === undefined ? undefined : Number(parseScaled(qty, 5));
      const moved = requireReturn(book, moveReturn(book, id, { to, qtyE5, place, note }, now));
      book.audit('return.moved', moved.number, { from: before.state, to, qty: moved.qty, of: before.number }, now);
      return moved;
    });
    changed(context);
    return { id: row.id, number: row.number };
  },

  'repairs.save': ({ returnId, ...of }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      saveRepair(book, returnId, of);
      book.audit('repair.saved', requireReturn(book, returnId).number, { parts: of.parts.length }, now);
    });
    changed(context);
    return {};
  },

  'returns.apply': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    const documentId = book.transaction(() => {
      const row = requireReturn(book, id);
      const list = listOf(book, row.exportLineId);
      if (list === undefined || row.state === 'void') throw new PortbookError('RETURN_NO_LIST', { number: row.number });
      if (row.applicationStands) throw new PortbookError('RETURN_FILED', { number: row.number });
      const back = {
        lines: [{ gnum: String(row.lineNo), qty: row.qty }],
        reason: row.note === '' ? row.reason : row.note,
      };
      const made = returnGoods(context, list, back, now);
      linkReturn(book, [id], 'application', made, now);
      checked(context, made, now);
      return made;
    });
    changed(context, true);
    return { documentId };
  },

  'returns.reexport': ({ ids: asked }, context) => {
    const { book } = context;
    const ids = [...new Set(asked)];
    const now = context.now();
    const documentId = book.transaction(() => {
      const rows = ids.map((id) => requireReturn(book, id));
      for (const { number, state, reexportStands } of rows) {
        if (state !== 'sentBack') throw new PortbookError('RETURN_NOT_SENT_BACK', { number });
        if (reexportStands) throw new PortbookError('RETURN_FILED', { number });
      }
      const goods = rows.map((row) => ({ ...row, isRepaired: repairsOf(book, row.id).length > 0 }));
      const made = reexportReturns(context, goods, now);
      linkReturn(book, ids, 'reexport', made, now);
      checked(context, made, now);
      return made;
    });
    changed(context, true);
    return { documentId };
  },

  'declarationCopies.list': ({ text, after, limit }, { book }) => listCopies(book, text, { after, limit }),
};
