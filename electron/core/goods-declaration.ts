import { setImmediate } from 'node:timers/promises';
import { chinaMessageTime } from '../../shared/calendar/china-time.ts';
import { decMessage } from '../../shared/documents/catalogue.ts';
import { headOf, knownBy, rowsOf, type Values } from '../../shared/documents/spec.ts';
import {
  blankDeclaration,
  type DeclarationMode,
  type DeclarationSource,
  type DeclaredGoods,
  draftDeclarations,
} from '../../shared/drafting/goods-declaration.ts';
import { PortbookError } from '../../shared/errors.ts';
import type { SourceDocument, SourceGoods } from '../../shared/papers/paper-set.ts';
import { editableStates } from '../../shared/sync/document-states.ts';
import type { Context } from './context.ts';
import { drafter } from './operations/shipments.ts';
import { type RawDocument, sourceDocument } from './paper-source.ts';
import { latestBody } from './store/document-life.ts';
import { openOrders, productReader } from './store/drafting.ts';
import { firmDetailsOf, paperDetailsOf, paperProducts, shipmentDocuments } from './store/papers.ts';
import type { ShipmentRecord } from './store/shipments.ts';

/** 报关单 of a shipment: its goods gathered from the book, and what a declaration takes from the firm and from the one before. */

/** Orders drafted between two turns of the event loop. */
const YIELD_EVERY = 100;

/** The firm's own number of a declaration: eighteen characters, as the format wants. */
export function newDeclarationNumber({ book }: Context, time: string): string {
  return `P${time.slice(0, 8)}${String(book.nextNumber('document')).padStart(9, '0')}`;
}

type Basics = Pick<DeclarationSource, 'firm' | 'habits' | 'person' | 'time' | 'newNumber'>;

function basicsOf(context: Context, now: string): Basics {
  const { book } = context;
  const profile = book.profile();
  const firm = firmDetailsOf(book);
  const time = chinaMessageTime(now);
  const last = latestBody(book, 'DecMessage') ?? {};
  const group = (name: 'DecSign' | 'DecFreeTxt'): Values => {
    const part = decMessage.parts.find((one) => one.name === name);
    return part === undefined ? {} : ((rowsOf(part, last)[0] ?? {}) as Values);
  };
  return {
    firm: profile,
    habits: { head: headOf(decMessage, last), sign: group('DecSign'), freeText: group('DecFreeTxt') },
    person: { name: firm.declarantPerson, number: firm.declarantNo },
    time,
    newNumber: () => newDeclarationNumber(context, time),
  };
}

/** A blank declaration of the firm, with what its last one said of its operator. */
export function blankDeclarationOf(context: Context, now: string): Record<string, unknown> {
  return { ...blankDeclaration(basicsOf(context, now)) };
}

/** What a new filing of a declaration differs in: a new date of signature, and the 统一编号 under which the Single Window knows it. */
export function refiledDeclaration(
  body: Readonly<Record<string, unknown>>,
  platformNo: string | undefined,
  now: string,
): Record<string, unknown> {
  const sign = (body['DecSign'] ?? {}) as Values;
  // Once customs has taken it in the number in hand is customs' own, of eighteen digits.
  const SeqNo = platformNo === undefined || /^\d{18}$/.test(platformNo) ? {} : { SeqNo: platformNo };
  return {
    ...body,
    DecHead: { ...headOf(decMessage, body), ...SeqNo },
    DecSign: { ...sign, SignDate: `${chinaMessageTime(now)}00` },
  };
}

/** Ten digits and names of the product master where a list has only the beginning of the code. */
function completed(goods: SourceGoods, product: ReturnType<typeof productReader>): SourceGoods {
  const one = product(goods.sku);
  return one !== undefined && one.hsCode.length > goods.gcode.length && one.hsCode.startsWith(goods.gcode)
    ? { ...goods, gcode: one.hsCode }
    : goods;
}

/** The goods of lists as a declaration takes them; papers without goods are left out. */
export function goodsOfPapers({ book, resources }: Context, raw: readonly RawDocument[]): SourceDocument[] {
  const tables = { tables: resources.tables, product: paperProducts(book) };
  const product = productReader(book);
  return raw.flatMap((one) => {
    const source = sourceDocument(one, tables);
    if (source === undefined || source.goods.length === 0) return [];
    return [{ ...source, goods: source.goods.map((goods) => completed(goods, product)) }];
  });
}

/**
 * The draft lists of a shipment: their goods are taken over by a declaration of it. Refusals: `SHIPMENT_DECLARED` {shipment, number},
 * `SHIPMENT_FILED` {shipment, number} when customs has the goods already.
 */
export function listsToDeclare({ book }: Context, shipment: ShipmentRecord): number[] {
  const [declared] = shipmentDocuments(book, shipment.id, 'DecMessage');
  if (declared !== undefined)
    throw new PortbookError('SHIPMENT_DECLARED', {
      shipment: shipment.shipmentNo,
      number: String(knownBy(decMessage, declared.body)['ClientSeqNo'] ?? declared.id),
    });
  const lists = shipmentDocuments(book, shipment.id, 'CEB603Message');
  const filed = lists.find(({ state }) => !editableStates.includes(state));
  if (filed !== undefined)
    throw new PortbookError('SHIPMENT_FILED', {
      shipment: shipment.shipmentNo,
      number: String((filed.body['InventoryHead'] as Values | undefined)?.['copNo'] ?? filed.id),
    });
  return lists.flatMap(({ id }) => id ?? []);
}

/** The goods of a shipment's orders as they would be drafted. Refusals: `PAPERS_NO_GOODS` {number, blocked}, `CANCELLED`. */
async function goodsOf(context: Context, shipment: ShipmentRecord): Promise<SourceDocument[]> {
  const { book, signal, progress } = context;
  const raw: RawDocument[] = [];
  let blocked = 0;
  const draft = drafter(context, shipment);
  const rows = openOrders(book, shipment.body.filter);
  for (const [at, row] of rows.entries()) {
    if (at % YIELD_EVERY === 0) {
      progress({ phase: 'draft', done: at, total: rows.length });
      await setImmediate();
      if (signal.aborted) throw new PortbookError('CANCELLED');
    }
    const outcome = draft(row);
    if (!outcome.ok) blocked += 1;
    else
      for (const { kind, body } of outcome.documents)
        if (kind === 'CEB603Message') raw.push({ id: undefined, kind, body, state: 'draft', platformNo: '' });
  }
  const documents = goodsOfPapers(context, raw);
  if (documents.length === 0) throw new PortbookError('PAPERS_NO_GOODS', { number: shipment.shipmentNo, blocked });
  return documents;
}

/** Goods of an item with the order they are of. */
export interface DeclaredGoodsOf extends Omit<DeclaredGoods, 'key'> {
  readonly orderNo: string;
}

/** A declaration not stored yet, and whose goods it declares. */
export interface DeclarationDraft {
  readonly body: Record<string, unknown>;
  readonly goods: readonly DeclaredGoodsOf[];
}

/** The declarations of the goods of a shipment's orders, not stored yet. Refusals: as {@link goodsOf}. */
export async function draftedDeclarations(
  context: Context,
  shipment: ShipmentRecord,
  mode: DeclarationMode,
): Promise<(now: string) => DeclarationDraft[]> {
  const documents = await goodsOf(context, shipment);
  return (now) => declarationsOf(context, { shipment, documents, mode }, now);
}

/** Declarations of goods that travel together. @param newNumber in the place of the book's own series, where they are only looked at */
export function declarationsOf(
  context: Context,
  of: {
    readonly shipment: Pick<ShipmentRecord, 'id' | 'shipmentNo' | 'body'>;
    readonly documents: readonly SourceDocument[];
    readonly mode: DeclarationMode;
  },
  now: string,
  newNumber?: () => string,
): DeclarationDraft[] {
  const { book, resources } = context;
  const { shipment, documents, mode } = of;
  const orderOf = new Map(documents.flatMap(({ goods, orderNo }) => goods.map(({ key }) => [key, orderNo] as const)));
  const country = resources.table('country');
  const ports = resources.table('port');
  const known = resources.table('port_alpha');
  const letters = (code: string): string =>
    /^[A-Z]{3}$/.test(code) ? code : (country.lookup(code)?.more['alpha3'] ?? '');
  return draftDeclarations({
    ...basicsOf(context, now),
    ...(newNumber === undefined ? {} : { newNumber }),
    mode,
    documents,
    shipment: shipment.body,
    shipmentNo: shipment.shipmentNo,
    details: paperDetailsOf(book, { kind: 'shipment', id: shipment.id }),
    codes: {
      country: letters,
      wrap: (code) => {
        const fitting = resources.table('wrap_type').entries.filter(({ more }) => more['old'] === code);
        return fitting.length === 1 ? (fitting[0]?.code ?? '') : '';
      },
      port: (code) => {
        const own = known.has(code) ? code : (ports.lookup(code)?.more['alpha'] ?? '');
        // A country alone stands for all its ports.
        const general = `${letters(code)}000`;
        return own === '' && known.has(general) ? general : own;
      },
      hasDistrict: (code) => resources.table('district_domestic').has(code),
    },
  }).map(({ body, goods }) => ({
    body: { ...body },
    goods: goods.map(({ key, ...one }) => ({ ...one, orderNo: orderOf.get(key) ?? '' })),
  }));
}
