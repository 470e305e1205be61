import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { chinaDate, chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import type { ShipmentBody } from '../../../shared/contract/trade.ts';
import {
  type BlockReason,
  type DraftedDocument,
  type DraftLedger,
  type DraftOutcome,
  draftRetailExport,
} from '../../../shared/drafting/retail-export.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { parametersOn } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { logisticsPack } from '../logistics.ts';
import { moduleFor, refuseWrongExtra, requireExtra } from '../regions.ts';
import { bondedBookOf, bondedItemReader } from '../store/bonded.ts';
import { insertDocuments } from '../store/documents.ts';
import {
  countDrafted,
  draftOrder,
  leaveOpen,
  type OrderRow,
  openOrders,
  orderRow,
  productReader,
  waybillReader,
} from '../store/drafting.ts';
import {
  insertShipment,
  listShipments,
  markShipmentDrafted,
  requireShipment,
  type ShipmentRecord,
  updateShipment,
} from '../store/shipments.ts';
import { lastHeard } from '../store/way.ts';

/** How many blocked orders an answer names; the rest is counted. */
const NAMED = 100;

/** Orders drafted between two turns of the event loop. */
const YIELD_EVERY = 100;

/** The head fields without which no list can be drafted; the rest is checked on the drafts. */
const required: readonly (keyof ShipmentBody)[] = [
  'customsCode',
  'portCode',
  'ieDate',
  'trafMode',
  'logisticsCode',
  'logisticsName',
  'wrapType',
];

type Blocked = { orderNo: string; reasons: BlockReason[] };

/** The ledger a shipment draws on; undefined: none. Refusals: `SHIPMENT_LEDGER` {recordNo} for one the book does not have, `BONDED_BOOK_CLOSED`. */
function ledgerOf({ book }: Context, { emsNo = '' }: ShipmentBody): DraftLedger | undefined {
  if (emsNo === '') return undefined;
  const found = bondedBookOf(book, emsNo);
  if (found === undefined) throw new PortbookError('SHIPMENT_LEDGER', { recordNo: emsNo }, 'body/emsNo');
  const { id, recordNo, firmCode, firmName, state } = found;
  if (state === 'closed') throw new PortbookError('BONDED_BOOK_CLOSED', { recordNo }, 'body/emsNo');
  return { recordNo, firmCode, firmName, itemNo: bondedItemReader(book, id) };
}

/** A drafting function for a shipment: it reads each product, waybill and ledger once. Refusals: those of the ledger. */
export function drafter(context: Context, shipment: ShipmentRecord): (row: OrderRow) => DraftOutcome {
  const { book, resources } = context;
  const profile = book.profile();
  const product = productReader(book);
  const waybill = waybillReader(book);
  const ledger = ledgerOf(context, shipment.body);
  const customsCurrencies = new Map(
    resources.table('currency').entries.map((entry) => [entry.more['alpha3'], entry.code]),
  );
  const appTime = chinaMessageTime(context.now());
  const { maxLines } = parametersOn(context, chinaDate(context.now()));
  const prefix = `${profile.customsCode}${appTime.slice(0, 8)}`;
  return (row) =>
    draftRetailExport({
      order: draftOrder(book, row),
      product,
      waybill,
      shipment: shipment.body,
      ledger,
      profile,
      currencyCode: (iso) => customsCurrencies.get(iso),
      appTime,
      maxLines,
      newGuid: () => randomUUID().toUpperCase(),
      // Firm, day, order and part make the number unique without a series of its own.
      copNo: (part) => `${prefix}${String(row.id).padStart(8, '0')}${String(part).padStart(2, '0')}`,
    });
}

function requireComplete(body: ShipmentBody): void {
  for (const field of required) {
    if (body[field] === '') throw new PortbookError('SHIPMENT_FIELD_MISSING', { field }, `body/${field}`);
  }
}

function summarise(blocked: readonly Blocked[]): { code: string; orders: number }[] {
  const orders = new Map<string, number>();
  for (const { reasons } of blocked) {
    for (const code of new Set(reasons.map((reason) => reason.code))) orders.set(code, (orders.get(code) ?? 0) + 1);
  }
  return [...orders].map(([code, n]) => ({ code, orders: n })).sort((a, b) => b.orders - a.orders);
}

/** Drafts every open order of the shipment in memory, letting other calls in between and honouring a cancel. Refusal: `CANCELLED`. */
export async function draftAll(
  context: Context,
  shipment: ShipmentRecord,
): Promise<{ ready: { row: OrderRow; drafted: readonly DraftedDocument[] }[]; blocked: Blocked[] }> {
  const { book, signal, progress } = context;
  const draft = drafter(context, shipment);
  const rows = openOrders(book, shipment.body.filter);
  const ready: { row: OrderRow; drafted: readonly DraftedDocument[] }[] = [];
  const blocked: Blocked[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % YIELD_EVERY === 0) {
      progress({ phase: 'draft', done: index, total: rows.length });
      await setImmediate();
      if (signal.aborted) throw new PortbookError('CANCELLED');
    }
    const outcome = draft(row);
    if (outcome.ok) ready.push({ row, drafted: outcome.documents });
    else blocked.push({ orderNo: row.order_no, reasons: [...outcome.reasons] });
  }
  return { ready, blocked };
}

export const shipmentHandlers: Handlers<
  'shipments.list' | 'shipments.get' | 'shipments.save' | 'shipments.candidates' | 'shipments.draft'
> = {
  'shipments.list': (input, context) => {
    const { book } = context;
    const now = context.now();
    const titles = new Map(logisticsPack(context, now).parameters.milestones.map(({ code, title }) => [code, title]));
    const page = listShipments(book, { after: input.after, limit: input.limit });
    return {
      ...page,
      rows: page.rows.map((row) => {
        const heard = lastHeard(book, row.id, now);
        if (heard === undefined) return row;
        const { kind, at, isDay, place, text } = heard;
        return { ...row, last: { kind, title: titles.get(kind) ?? { zh: kind, en: kind }, at, isDay, place, text } };
      }),
    };
  },

  'shipments.get': (input, { book }) => requireShipment(book, input.id),

  'shipments.save': (input, { book, now, emit }) => {
    const saved =
      input.id === undefined
        ? insertShipment(book, input.body, now())
        : updateShipment(book, input.id, input.body, now());
    emit({ name: 'book.changed', areas: ['shipments'] });
    return saved;
  },

  'shipments.candidates': async (input, context) => {
    const { book } = context;
    const shipment = requireShipment(book, input.id);
    const { ready, blocked } = await draftAll(context, shipment);
    return {
      ready: ready.length,
      blocked: blocked.length,
      alreadyDrafted: countDrafted(book, shipment.body.filter),
      sample: blocked.slice(0, NAMED),
      reasons: summarise(blocked),
    };
  },

  'shipments.draft': async (input, context) => {
    const { book, emit } = context;
    const shipment = requireShipment(book, input.id);
    requireComplete(shipment.body);
    const region = moduleFor(context, 'shipment');
    const { extra = {} } = shipment.body;
    refuseWrongExtra(region, extra);
    requireExtra(region, extra);
    const mark = book.changeMark();
    const { ready, blocked } = await draftAll(context, shipment);
    const now = context.now();
    const result = book.transaction(() => {
      // Drafting lets other calls in between: what was changed meanwhile is drawn again from what the book says now.
      const redraw = book.changeMark() === mark ? undefined : drafter(context, requireShipment(book, shipment.id));
      let orders = 0;
      let documents = 0;
      for (const { row, drafted } of ready) {
        const current = redraw === undefined ? row : orderRow(book, row.id);
        const outcome = current === undefined ? undefined : redraw?.(current);
        if (outcome?.ok === false) {
          blocked.push({ orderNo: row.order_no, reasons: [...outcome.reasons] });
          continue;
        }
        // Another process may have drafted the order since it was read: the state decides, inside the transaction.
        if (!leaveOpen(book, row.id)) continue;
        const papers = outcome?.documents ?? drafted;
        insertDocuments(book, papers, {
          orderId: row.id,
          shipmentId: shipment.id,
          tablesVersion: context.resources.tablesVersion,
          now,
        });
        orders += 1;
        documents += papers.length;
      }
      if (documents > 0) {
        markShipmentDrafted(book, shipment.id, now);
        book.audit('shipments.draft', shipment.shipmentNo, { orders, documents, blocked: blocked.length }, now);
      }
      return { orders, documents, blocked: blocked.slice(0, NAMED), blockedTotal: blocked.length };
    });
    emit({ name: 'book.changed', areas: ['orders', 'shipments', 'documents'] });
    return result;
  },
};
