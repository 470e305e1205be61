import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { fenOf, fenText } from '../../../shared/stock/index.ts';
import type { Context, Handlers } from '../context.ts';
import { issueShorts } from '../store/export-stock.ts';
import {
  adjustCount,
  keepsStock,
  linkInvoice,
  listMoves,
  listPlaces,
  listShorts,
  listStock,
  places,
  receiveGoods,
  receiveInvoice,
  requirePlace,
  reverseMove,
  savePlace,
  saveStockChoice,
  stockChoice,
  transfer,
} from '../store/stock.ts';
import { decideCount, listCounts, removeCount, reopenCount, uncounted } from '../store/stock-counts.ts';

/** Articles without a count that an answer names. */
const shownUncounted = 50;

/** Runs a change of the stock in one transaction with its entry in the log, and tells the desk. */
function change<T>(
  { book, now, emit }: Context,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>>,
  run: (at: string) => T,
): T {
  const at = now();
  const result = book.transaction(() => {
    const done = run(at);
    book.audit(action, subject, detail, at);
    return done;
  });
  emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
  return result;
}

/** Stock (库存) and its places. */
export const stockHandlers: Handlers<
  | 'stock.settings'
  | 'stock.saveSettings'
  | 'stock.places'
  | 'stock.savePlace'
  | 'stock.receive'
  | 'stock.receiveInvoice'
  | 'stock.linkInvoice'
  | 'stock.transfer'
  | 'stock.adjust'
  | 'stock.reverse'
  | 'stock.list'
  | 'stock.moves'
  | 'stock.shorts'
  | 'stockCounts.list'
  | 'stockCounts.decide'
  | 'stockCounts.remove'
> = {
  'stock.settings': (_input, { book }) => ({ choice: stockChoice(book), keepsStock: keepsStock(book) }),

  'stock.saveSettings': ({ choice }, context) =>
    change(context, 'stock.keeping', 'stock', { choice }, () => {
      saveStockChoice(context.book, choice);
      return { choice, keepsStock: keepsStock(context.book) };
    }),

  'stock.places': (_input, { book }) => ({ rows: listPlaces(book) }),

  'stock.savePlace': (input, context) =>
    change(context, 'stock.place', `place:${input.name}`, { kind: input.kind, active: input.active }, () =>
      requirePlace(context.book, savePlace(context.book, input)),
    ),

  'stock.receive': (input, context) => {
    const { book } = context;
    const { date, placeId, invoiceLineId, sku, cost, text } = input;
    const detail = { date, qty: input.qty, placeId, ...(invoiceLineId === undefined ? {} : { invoiceLineId }) };
    return change(context, 'stock.received', `product:${sku ?? ''}`, detail, (at) => {
      const draft = {
        date,
        placeId,
        qtyE5: storedValue(input.qty),
        invoiceLineId,
        sku,
        costFen: cost === undefined ? undefined : fenOf(cost),
        text,
      };
      const done = receiveGoods(book, draft, at);
      const issuedShort = placeId === places.home ? issueShorts(book, done.sku, date, at) : 0;
      return { moveIds: [done.moveId], cost: fenText(done.costFen), issuedShort };
    });
  },

  'stock.receiveInvoice': ({ invoiceId, date, placeId }, context) => {
    const { book } = context;
    return change(context, 'stock.received', `invoice:${invoiceId}`, { date, placeId }, (at) => {
      const { receipts, withoutSku } = receiveInvoice(book, { invoiceId, date, placeId }, at);
      const skus = placeId === places.home ? new Set(receipts.map(({ sku }) => sku)) : [];
      const issuedShort = [...skus].reduce((sum, sku) => sum + issueShorts(book, sku, date, at), 0);
      return {
        moveIds: receipts.map(({ moveId }) => moveId),
        cost: fenText(receipts.reduce((sum, { costFen }) => sum + costFen, 0)),
        issuedShort,
        withoutSku,
      };
    });
  },

  'stock.linkInvoice': (input, context) =>
    change(context, 'stock.invoiceLinked', `move:${input.moveId}`, { invoiceLineId: input.invoiceLineId }, (at) => ({
      difference: fenText(linkInvoice(context.book, input, at)),
    })),

  'stock.transfer': (input, context) => {
    const { qty, ...rest } = input;
    return change(context, 'stock.transferred', `product:${input.sku}`, { ...rest, qty }, (at) => {
      const { moveIds, costFen } = transfer(context.book, { ...rest, qtyE5: storedValue(qty) }, at);
      if (input.toId === places.home) issueShorts(context.book, input.sku, input.date, at);
      return { moveIds, cost: fenText(costFen) };
    });
  },

  'stock.adjust': (input, context) => {
    const { date, sku, placeId, counted, cost, reason } = input;
    return change(context, 'stock.counted', `product:${sku}`, { date, placeId, counted, reason }, (at) => {
      const count = {
        date,
        sku,
        placeId,
        countedE5: storedValue(counted),
        costFen: cost === undefined ? undefined : fenOf(cost),
        reason,
      };
      const { moveId, differenceE5, costFen } = adjustCount(context.book, count, at);
      return {
        moveIds: moveId === undefined ? [] : [moveId],
        difference: storedText(differenceE5),
        cost: fenText(costFen),
      };
    });
  },

  'stock.reverse': (input, context) =>
    change(context, 'stock.reversed', `move:${input.moveId}`, { date: input.date, reason: input.reason }, (at) => {
      const moveIds = reverseMove(context.book, input, at);
      reopenCount(context.book, input.moveId);
      return { moveIds };
    }),

  'stockCounts.list': (input, { book }) => ({
    ...listCounts(book, input),
    uncounted: uncounted(book, shownUncounted).map(({ qtyE5, ...row }) => ({ ...row, qty: storedText(qtyE5) })),
  }),

  'stockCounts.decide': ({ id, decision, reason, cost }, context) =>
    change(context, 'stock.countDecided', `count:${id}`, { decision, reason }, (at) => {
      const costFen = cost === undefined ? undefined : fenOf(cost);
      const done = decideCount(context.book, { id, decision, reason, costFen }, at);
      return {
        moveIds: done.moveId === undefined ? [] : [done.moveId],
        difference: storedText(done.differenceE5),
        cost: fenText(done.costFen),
      };
    }),

  'stockCounts.remove': ({ id }, context) =>
    change(context, 'stock.countRemoved', `count:${id}`, {}, () => {
      removeCount(context.book, id);
      return {};
    }),

  'stock.list': (input, { book }) => listStock(book, input),
  'stock.moves': (input, { book }) => listMoves(book, input),
  'stock.shorts': (input, { book }) => listShorts(book, input),
};
