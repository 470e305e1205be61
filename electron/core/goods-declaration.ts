import { chinaMessageTime } from '../../shared/calendar/china-time.ts';
import { decMessage, specOf } from '../../shared/documents/catalogue.ts';
import { readMessage } from '../../shared/documents/read.ts';
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
import { draftAll } from './operations/shipments.ts';
import { type RawDocument, sourceDocument } from './paper-source.ts';
import type { Book } from './store/book.ts';
import { currentClerk, handsOf } from './store/broker/review.ts';
import { latestBody } from './store/document-life.ts';
import type { DocumentRecord } from './store/documents.ts';
import { productReader } from './store/drafting.ts';
import { looseDrafts } from './store/entry.ts';
import { firmDetailsOf, paperDetailsOf, paperProducts, shipmentDocuments } from './store/papers.ts';
import { receiptTextsAbout } from './store/receipts.ts';
import type { ShipmentRecord } from './store/shipments.ts';

/** 报关单 of a shipment: its goods gathered from the book, and what a declaration takes from the firm and from the one before. */

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

/** What of a body was not given to it when it was made: its own number and day are left out. */
function beyondItsNumber({ DecSign, ...rest }: Record<string, unknown>): string {
  const { ClientSeqNo: _number, SignDate: _day, ...sign } = (DecSign ?? {}) as Values;
  return JSON.stringify([rest, sign]);
}

/** The newest blank declaration of the clerk at work into which nothing was typed, by its id; undefined where there is none. */
export function untouchedDeclaration(context: Context, now: string): number | undefined {
  const { book } = context;
  const blank = beyondItsNumber({ ...blankDeclaration({ ...basicsOf(context, now), newNumber: () => '' }) });
  const clerk = currentClerk(book)?.id;
  return looseDrafts(book, 'DecMessage').find(
    ({ id, body }) => beyondItsNumber(body) === blank && handsOf(book, id).every((hand) => hand.id === clerk),
  )?.id;
}

/**
 * The 统一编号 of a declaration, by what its receipts said. Customs' own number (报关单号) takes its place as the declaration's number and may
 * look the same: eighteen digits.
 */
function unifiedNumberOf(book: Book, { id, platformNo, platformNoField }: DocumentRecord): string | undefined {
  for (const { xml, position } of receiptTextsAbout(book, id)) {
    const { message, documents } = readMessage(xml);
    const spec = message === undefined ? undefined : specOf(message);
    const node = documents[position];
    if (spec === undefined || node === undefined) continue;
    const said = headOf(spec, node);
    const number = unifiedFields.map((field) => said[field] ?? '').find((value) => value !== '');
    if (number !== undefined) return number;
  }
  return platformNoField !== undefined && unifiedFields.includes(platformNoField) ? platformNo : undefined;
}
/** Under these names the receipts of a declaration bring it. */
const unifiedFields: readonly string[] = ['SeqNo', 'CUS_CIQ_NO', 'SEQ_NO'];

/**
 * What a new filing of a declaration differs in: a new date of signature, and the 统一编号 under which the Single Window knows it. After
 * customs has deleted it (删单) it is a first filing, without the numbers of the one that is gone.
 */
export function refiledDeclaration(book: Book, document: DocumentRecord, now: string): Record<string, unknown> {
  const { body, state } = document;
  const sign = (body['DecSign'] ?? {}) as Values;
  const { SeqNo, EntryId, PreEntryId, ...head } = headOf(decMessage, body);
  const unified = unifiedNumberOf(book, document) ?? SeqNo;
  const numbers = { SeqNo: unified, EntryId, PreEntryId };
  const known = state === 'withdrawn' ? [] : Object.entries(numbers).filter(([, value]) => value !== undefined);
  return {
    ...body,
    DecHead: { ...Object.fromEntries(known), ...head },
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
  const { ready, blocked } = await draftAll(context, shipment);
  const raw = ready.flatMap(({ drafted }) =>
    drafted.flatMap(({ kind, body }): RawDocument[] =>
      kind === 'CEB603Message' ? [{ id: undefined, kind, body, state: 'draft', platformNo: '' }] : [],
    ),
  );
  const documents = goodsOfPapers(context, raw);
  if (documents.length === 0)
    throw new PortbookError('PAPERS_NO_GOODS', { number: shipment.shipmentNo, blocked: blocked.length });
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
