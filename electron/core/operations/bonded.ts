import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { BondedItem, bonded } from '../../../shared/contract/bonded.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { freeFrom } from '../../../shared/stock/bonded.ts';
import type { Context, Handlers } from '../context.ts';
import { bondedReport } from '../exporters/bonded-report.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import {
  addBondedMove,
  bondedBooks,
  bondedHistory,
  changesOf,
  type ItemRecord,
  listBondedItems,
  netOf,
  requireBondedBook,
  requireBondedItem,
  saveBondedBook,
  saveBondedItem,
  usesOfItem,
  voidBondedMove,
} from '../store/bonded.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['documents'] });

/** Figures of an item as the desk shows them. */
export function itemView(item: ItemRecord): BondedItem {
  const { inE5, outE5, bookedE5, leavingE5, draftE5, showE5, isOpen: _open, ...of } = item;
  const net = netOf(item);
  return {
    ...of,
    entered: storedText(inE5),
    left: storedText(outE5),
    listed: storedText(bookedE5),
    balance: storedText(Math.max(net, 0)),
    short: storedText(Math.max(-net, 0)),
    proposed: storedText(leavingE5 + draftE5),
    onShow: storedText(showE5),
    free: storedText(Math.max(net - leavingE5 - draftE5 - showE5, 0)),
  };
}

/** 保税账册: ledgers, their items, what came in and went out, and what lists draw. */
export const bondedHandlers: Handlers<keyof typeof bonded> = {
  'bonded.books': (_input, { book }) => ({ rows: bondedBooks(book) }),

  'bonded.saveBook': (input, context) => {
    const { book, resources } = context;
    const { customs, recordNo, placeKind, state } = input;
    if (customs !== '' && !resources.table('customs_district').has(customs))
      throw new PortbookError('BONDED_CUSTOMS', { customs }, 'customs');
    const now = context.now();
    const id = book.transaction(() => {
      const saved = saveBondedBook(book, input, now);
      book.audit('bonded.book', recordNo, { placeKind, state }, now);
      return saved;
    });
    changed(context);
    return { id };
  },

  'bonded.items': ({ bookId, ...filter }, { book }) => {
    const { rows, ...page } = listBondedItems(book, requireBondedBook(book, bookId).recordNo, filter);
    return { ...page, rows: rows.map(itemView) };
  },

  'bonded.item': ({ id }, { book }) => {
    const item = requireBondedItem(book, id);
    return {
      ...itemView(item),
      isOpen: item.isOpen === 1,
      draws: usesOfItem(book, item).flatMap(({ documentId, number, state, stage, qtyE5 }) =>
        stage === 'booked' || qtyE5 === 0 ? [] : [{ documentId, number, state, qty: storedText(qtyE5) }],
      ),
    };
  },

  'bonded.history': ({ id, ...page }, { book }) => {
    const { rows, ...rest } = bondedHistory(book, requireBondedItem(book, id), page);
    return {
      ...rest,
      rows: rows.map(
        ({ key, on, kind, paperKind, paperNo, paperLine, qtyE5, balanceE5, moveId, documentId, note, voidReason }) => ({
          ...{ key, on, kind, paperKind, paperNo, paperLine, moveId, documentId, note, voidReason },
          qty: storedText(qtyE5),
          balance: storedText(balanceE5),
        }),
      ),
    };
  },

  'bonded.saveItem': (input, context) => {
    const { book, resources } = context;
    const { unit, itemNo, seq } = input;
    if (!resources.table('unit').has(unit)) throw new PortbookError('BONDED_UNIT', { unit }, 'unit');
    const now = context.now();
    const id = book.transaction(() => {
      const saved = saveBondedItem(book, input, now);
      book.audit('bonded.item', itemNo, { seq, unit }, now);
      return saved;
    });
    changed(context);
    return { id };
  },

  'bonded.move': (input, context) => {
    const { book } = context;
    const { itemId, kind, on, paperNo, paperLine, qty } = input;
    const now = context.now();
    const result = book.transaction(() => {
      const id = addBondedMove(book, input, chinaDate(now), now);
      const item = requireBondedItem(book, itemId);
      book.audit('bonded.move', `${item.recordNo} ${item.itemNo}`, { kind, on, paperNo, paperLine, qty }, now);
      return { id, free: storedText(freeFrom(changesOf(book, item), on)) };
    });
    changed(context);
    return result;
  },

  'bonded.void': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => book.audit('bonded.void', voidBondedMove(book, id, reason), { reason }, now));
    changed(context);
    return {};
  },

  'bonded.export': async ({ bookId, to }, context) => {
    const { book, files, resources, signal, progress } = context;
    const ledger = requireBondedBook(book, bookId);
    const units = resources.table('unit');
    const rows = await writeReportWorkbook(
      files.pathOf(to, 'write'),
      bondedReport(book, ledger, { unit: (code) => units.lookup(code)?.zh ?? code, today: chinaDate(context.now()) }),
      { signal, progress: (done) => progress({ phase: 'write', done, total: 0 }) },
    );
    return { rows };
  },
};
