import { randomUUID } from 'node:crypto';
import { chinaDate, chinaMessageTime } from '../../shared/calendar/china-time.ts';
import { catalogue, type RequestName, specOf } from '../../shared/documents/catalogue.ts';
import {
  type AnyDocument,
  headOf,
  knownBy,
  linesOf,
  type MessageSpec,
  type Values,
} from '../../shared/documents/spec.ts';
import {
  amendedBody,
  blankBody,
  type Consignment,
  type FiledList,
  type Frame,
  movementBody,
  type ReturnedLine,
  returnBody,
  summaryBody,
  tallyBody,
  waybillListBody,
  withdrawalBody,
} from '../../shared/drafting/document-life.ts';
import { documentNumber } from '../../shared/drafting/document-number.ts';
import { amountOf, type EditOperation, editBody } from '../../shared/drafting/edit.ts';
import { type DeclarationMode, MOST_ITEMS } from '../../shared/drafting/goods-declaration.ts';
import { PortbookError } from '../../shared/errors.ts';
import { bodyOfStated, type DocumentEntry } from '../../shared/import/documents.ts';
import { format5, sum5, tryParse5 } from '../../shared/money/decimal.ts';
import { storedValue } from '../../shared/money/stored.ts';
import { customsReturnsPackId, customsReturnsPackSchema } from '../../shared/rules/customs-modes/returns.ts';
import { type ModeRule, modesPackId, modesPackSchema } from '../../shared/rules/customs-modes/router.ts';
import { type DocumentLife, documentLifePackId, documentLifePackSchema } from '../../shared/rules/document-life.ts';
import { requirePackOn } from '../../shared/rules/pack.ts';
import { editableStates } from '../../shared/sync/document-states.ts';
import { awaitsConclusion } from '../../shared/sync/receipts.ts';
import type { Context } from './context.ts';
import { blankDeclarationOf, type DeclarationDraft } from './goods-declaration.ts';
import type { Book } from './store/book.ts';
import { keepDeclaredGoods } from './store/declared-goods.ts';
import {
  type AboutPurpose,
  documentsAboutIt,
  exportLinesOf,
  gatheredAs,
  type LinkedDocument,
  linkAbout,
  listsOfShipment,
  setShipment,
  standingReturns,
} from './store/document-life.ts';
import { type DocumentRecord, insertVersion, requireDocument, rewriteDraft } from './store/documents.ts';
import { insertLooseDraft } from './store/entry.ts';
import { requireShipment } from './store/shipments.ts';
import { answerTimes, silentMessages, takenApplications } from './store/today.ts';
import { packInForce } from './worksheets/rules.ts';

/** The figures in force on a business date. Throws `RULE_PACK_MISSING`. */
export function lifeOn({ resources }: Pick<Context, 'resources'>, date: string): DocumentLife {
  const pack = documentLifePackSchema.parse(resources.json('rules', `${documentLifePackId}.json`));
  return requirePackOn(pack, date).parameters;
}

/** The supervision modes in force on a business date. Throws `RULE_PACK_MISSING`. */
export function modesOn({ book, resources }: Pick<Context, 'book' | 'resources'>, date: string): readonly ModeRule[] {
  const pack = modesPackSchema.parse(packInForce(resources, book, modesPackId));
  return requirePackOn(pack, date).parameters.modes;
}

/** Supervision modes whose lists are summed up to no declaration (9710, 9810), on a business date. */
export const modesNotSummed = (context: Pick<Context, 'book' | 'resources'>, date: string): string[] =>
  modesOn(context, date).flatMap(({ mode, listsAreSummed }) => (listsAreSummed ? [] : [mode]));

/** Kinds that are lists of goods: what is withdrawn, returned and summed up. */
const listKinds: ReadonlySet<RequestName> = new Set(['CEB603Message', 'CEB621Message']);

/** The firm under the names the messages have for it; its own number, GUID and time of the document to be made. */
function frameOf(context: Context, now: string): Frame {
  return frameWith(context.book, randomUUID().toUpperCase(), context.book.nextNumber('document'), now);
}

/** A frame that no document gets: what the program would fill in, for checking rows before they are drafts. */
export function frameToCheckWith(book: Book): Frame {
  return frameWith(book, '00000000-0000-0000-0000-000000000000', 0, new Date(0).toISOString());
}

function frameWith(book: Book, guid: string, serial: number, now: string): Frame {
  const profile = book.profile();
  const appTime = chinaMessageTime(now);
  return {
    guid,
    appTime,
    // Firm, day and a series of its own; papers of an order are numbered by the order and never come in between.
    number: `${profile.customsCode}${appTime.slice(0, 8)}D${String(serial).padStart(9, '0')}`,
    firm: {
      ebcCode: profile.uscc,
      ebcName: profile.name,
      agentCode: profile.agentCode === '' ? profile.customsCode : profile.agentCode,
      agentName: profile.agentName === '' ? profile.name : profile.agentName,
      ebpCode: profile.ebpCode,
      ebpName: profile.ebpName,
    },
  };
}

/** Customs' numeric currency as ISO letters; CNY where the message has none. */
export function currencyOf({ resources }: Context, spec: MessageSpec, body: Record<string, unknown>): string {
  const [line] = linesOf(spec, body);
  const code = headOf(spec, body)['currency'] ?? line?.['currency'] ?? line?.['TradeCurr'] ?? '';
  return resources.table('currency').lookup(code)?.more['alpha3'] ?? (/^[A-Z]{3}$/.test(code) ? code : 'CNY');
}

function store(context: Context, kind: RequestName, body: Record<string, unknown>, guid: string, now: string): number {
  const spec: MessageSpec = catalogue[kind];
  const number = documentNumber(kind, knownBy(spec, body));
  return insertLooseDraft(
    context.book,
    {
      kind,
      // Until it has a number of its own a document is known by its GUID.
      businessKey: number === '' ? `#${guid.slice(0, 8)}` : number,
      guid,
      body,
      amountE5: storedValue(amountOf(spec, body)),
      currency: currencyOf(context, spec, body),
      tablesVersion: context.resources.tablesVersion,
    },
    now,
  );
}

/** Makes a blank draft. Run inside a transaction. @returns its id */
export function createDocument(context: Context, kind: RequestName, now: string): number {
  const frame = frameOf(context, now);
  const body = kind === 'DecMessage' ? blankDeclarationOf(context, now) : blankBody(catalogue[kind], frame);
  const id = store(context, kind, body, frame.guid, now);
  context.book.audit('documents.create', `${kind} ${frame.guid}`, {}, now);
  return id;
}

/**
 * Makes the drafts of a file, or writes over those that are named; the check has to be run for each. Run inside a transaction.
 * @returns their ids
 */
export function takeDocuments(
  context: Context,
  kind: RequestName,
  entries: readonly DocumentEntry[],
  now: string,
): number[] {
  const spec: MessageSpec = catalogue[kind];
  return entries.map(({ stated, over }) => {
    if (over === undefined) {
      const frame = frameOf(context, now);
      return store(context, kind, bodyOfStated(spec, stated, frame), frame.guid, now);
    }
    const { id, businessKey, stale } = requireDocument(context.book, over.id);
    const body = bodyOfStated(spec, stated, over.body);
    rewriteDraft(context.book, id, { body, businessKey, amountE5: storedValue(amountOf(spec, body)), stale }, now);
    return id;
  });
}

/** What a filing about a document does not let another one begin. */
const isOpen = ({ state }: LinkedDocument): boolean =>
  !['withdrawn', 'superseded', 'rejected', 'released', 'closed'].includes(state);

function refuseUnderway(context: Context, document: DocumentRecord, purposes: readonly AboutPurpose[]): void {
  const other = documentsAboutIt(context.book, document.id).find(
    (one) => purposes.includes(one.purpose) && isOpen(one),
  );
  if (other !== undefined)
    throw new PortbookError('DOCUMENT_LIFE_UNDERWAY', { number: document.businessKey, other: other.businessKey });
}

/** Whether it asks for a deletion: it stands for nothing that could be changed or withdrawn. */
const isDeletion = ({ kind, body }: DocumentRecord): boolean => headOf(catalogue[kind], body)['appType'] === '3';

function filedList(document: DocumentRecord): FiledList {
  const { kind, body, platformNo = '', platformNoField } = document;
  // A number of the e-port (preNo) is not the list's number (清单编号).
  return { spec: catalogue[kind], body, invtNo: platformNoField === 'preNo' ? '' : platformNo };
}

/** Whether the message knows changes and deletions at all. */
function allowsAppType(kind: RequestName, appType: '2' | '3'): boolean {
  const field = catalogue[kind].head.fields.find(({ name }) => name === 'appType');
  return field?.kind === 'text' && 'values' in field && Object.hasOwn(field.values, appType);
}

/** Whether a document has more items than a declaration may have, and may still be changed. */
export const isSplittable = ({ kind, state, body }: DocumentRecord): boolean =>
  kind === 'DecMessage' && editableStates.includes(state) && linesOf(catalogue.DecMessage, body).length > MOST_ITEMS;

/** What may be done with a document as it stands. */
export function mayOf(context: Context, document: DocumentRecord) {
  const life = lifeOn(context, chinaDate(context.now()));
  const by = documentsAboutIt(context.book, document.id);
  const busy = (...purposes: AboutPurpose[]): boolean =>
    by.some((one) => purposes.includes(one.purpose) && isOpen(one));
  const { kind, state } = document;
  const isForm = document.subject !== undefined;
  const canAmend = !isForm && !isDeletion(document) && life.amendable.includes(state) && !busy('amend', 'withdraw');
  return {
    change: canAmend && allowsAppType(kind, '2'),
    delete: canAmend && allowsAppType(kind, '3'),
    withdraw:
      listKinds.has(kind) && !isDeletion(document) && life.withdrawable.includes(state) && !busy('amend', 'withdraw'),
    return:
      listKinds.has(kind) &&
      life.returnable.includes(state) &&
      leftOf(context, document).some(({ left }) => left !== '0'),
    split: isSplittable(document),
    tally: kind === 'CEB213Message' && state === 'accepted' && !busy('tally'),
    discard: document.orderId === undefined && !isForm && editableStates.includes(state),
    refile:
      state === 'withdrawn' && document.platformNo !== undefined && (listKinds.has(kind) || kind === 'DecMessage'),
  };
}

/** The change or deletion of what customs has accepted. Run inside a transaction. Refusals as the contract names them. */
export function amendDocument(context: Context, id: number, as: 'change' | 'delete', now: string): number {
  const { book } = context;
  const document = requireDocument(book, id);
  const appType = as === 'change' ? '2' : '3';
  const life = lifeOn(context, chinaDate(now));
  if (
    document.subject !== undefined ||
    isDeletion(document) ||
    !life.amendable.includes(document.state) ||
    !allowsAppType(document.kind, appType)
  )
    throw new PortbookError('DOCUMENT_NOT_AMENDABLE', { number: document.businessKey, state: document.state });
  refuseUnderway(context, document, ['amend', 'withdraw']);
  const guid = randomUUID().toUpperCase();
  const spec: MessageSpec = catalogue[document.kind];
  // Under the name that it came with; where that was not kept, the best that the message has a field for.
  const named = specOf(spec.receipt ?? '')?.platformNo ?? [];
  const field = document.platformNoField ?? named.find((name) => spec.head.fields.some((one) => one.name === name));
  const numbers: Values = field === undefined ? {} : { [field]: document.platformNo };
  const body = amendedBody(spec, document.body, { appType, guid, appTime: chinaMessageTime(now), numbers });
  const { tablesVersion } = context.resources;
  const next = insertVersion(book, document, { guid, body, tablesVersion, now });
  linkAbout(book, next, [id], 'amend');
  book.audit('documents.amend', `${document.kind} ${document.businessKey}`, { as }, now);
  return next;
}

/** 撤销申请单 of a list. Run inside a transaction. Refusals as the contract names them. */
export function withdrawDocument(context: Context, id: number, reason: string, now: string): number {
  const { book } = context;
  const document = requireDocument(book, id);
  const life = lifeOn(context, chinaDate(now));
  if (!listKinds.has(document.kind) || isDeletion(document) || !life.withdrawable.includes(document.state))
    throw new PortbookError('DOCUMENT_NOT_WITHDRAWABLE', { number: document.businessKey, state: document.state });
  refuseUnderway(context, document, ['amend', 'withdraw']);
  const frame = frameOf(context, now);
  const { spec, body } = withdrawalBody(filedList(document), reason, frame);
  const made = store(context, spec.message as RequestName, body, frame.guid, now);
  linkAbout(book, made, [id], 'withdraw');
  book.audit('documents.withdraw', `${document.kind} ${document.businessKey}`, { by: frame.number }, now);
  return made;
}

/** Quantities of a list's lines and what of them may still come back. */
export function leftOf({ book }: Context, list: DocumentRecord) {
  const returned = new Map<string, string[]>();
  for (const { kind, body } of standingReturns(book, list.id))
    for (const line of linesOf(catalogue[kind], body))
      returned.set(line['gnum'] ?? '', [...(returned.get(line['gnum'] ?? '') ?? []), line['qty'] ?? '0']);
  const exportLines = exportLinesOf(book, list.id);
  return linesOf(catalogue[list.kind], list.body).map((line) => {
    const gnum = line['gnum'] ?? '';
    const qty = tryParse5(line['qty'] ?? '') ?? 0n;
    const back = sum5((returned.get(gnum) ?? []).map((text) => tryParse5(text) ?? 0n));
    const exportLineId = exportLines.get(gnum);
    return {
      gnum,
      gname: line['gname'] ?? '',
      unit: line['unit'] ?? '',
      qty: format5(qty),
      left: format5(qty - back),
      ...(exportLineId === undefined ? {} : { exportLineId }),
    };
  });
}

/** 退货申请单 of released goods. Run inside a transaction. Refusals as the contract names them. */
export function returnGoods(
  context: Context,
  id: number,
  back: { readonly lines: readonly ReturnedLine[]; readonly reason: string },
  now: string,
): number {
  const { book } = context;
  const document = requireDocument(book, id);
  const life = lifeOn(context, chinaDate(now));
  if (!listKinds.has(document.kind) || !life.returnable.includes(document.state))
    throw new PortbookError('DOCUMENT_NOT_RETURNABLE', { number: document.businessKey, state: document.state });
  const left = new Map(leftOf(context, document).map((line) => [line.gnum, line.left]));
  const seen = new Set<string>();
  for (const { gnum, qty } of back.lines) {
    const most = left.get(gnum);
    if (most === undefined || seen.has(gnum)) throw new PortbookError('RETURN_LINE_UNKNOWN', { gnum }, 'lines');
    seen.add(gnum);
    const wanted = tryParse5(qty) ?? 0n;
    if (wanted <= 0n || wanted > (tryParse5(most) ?? 0n))
      throw new PortbookError('RETURN_TOO_MUCH', { gnum, left: most }, 'lines');
  }
  const frame = frameOf(context, now);
  const tradeMode = life.returnModes[headOf(catalogue[document.kind], document.body)['tradeMode'] ?? ''] ?? '';
  const { spec, body } = returnBody(filedList(document), { ...back, tradeMode }, frame);
  const made = store(context, spec.message as RequestName, body, frame.guid, now);
  linkAbout(book, made, [id], 'return');
  book.audit('documents.returnGoods', `${document.kind} ${document.businessKey}`, { by: frame.number }, now);
  return made;
}

/**
 * 报关单 of goods that came back and go out again, an item a return. Its mode is that of repaired goods where all of them were repaired,
 * else that of goods sent back; values are for a person to state. Run inside a transaction. @returns its id
 */
export function reexportReturns(
  context: Context,
  goods: readonly {
    readonly number: string;
    readonly hsCode: string;
    readonly name: string;
    readonly qty: string;
    readonly unit: string;
    readonly currency: string;
    readonly isRepaired: boolean;
  }[],
  now: string,
): number {
  const { resources } = context;
  const blank = blankDeclarationOf(context, now);
  const [first] = linesOf(catalogue.DecMessage, blank);
  const pack = customsReturnsPackSchema.parse(resources.json('rules', `${customsReturnsPackId}.json`));
  const { reexportModes } = requirePackOn(pack, chinaDate(now)).parameters;
  const TradeMode = goods.every(({ isRepaired }) => isRepaired) ? reexportModes.repaired : reexportModes.sentBack;
  const body = {
    ...blank,
    DecHead: { ...headOf(catalogue.DecMessage, blank), TradeMode },
    DecList: goods.map(({ hsCode, name, qty, unit, currency }, at) => ({
      ...first,
      GNo: String(at + 1),
      CodeTS: hsCode,
      GName: name,
      GQty: qty,
      GUnit: unit,
      TradeCurr: currency,
    })),
  };
  const made = store(context, 'DecMessage', body, randomUUID().toUpperCase(), now);
  context.book.audit(
    'documents.reexport',
    requireDocument(context.book, made).businessKey,
    { returns: goods.map(({ number }) => number) },
    now,
  );
  return made;
}

/**
 * One 报关单 over what was released of a batch (集中申报), with the record number and the numbers of its releases. Run inside a transaction.
 * @returns its id
 */
export function declareReleased(
  context: Context,
  batch: {
    readonly recordNo: string;
    readonly numbers: readonly string[];
    readonly goods: readonly {
      readonly hsCode: string;
      readonly name: string;
      readonly qty: string;
      readonly unit: string;
      readonly currency: string;
      readonly price: string;
    }[];
    readonly mode: DeclarationMode;
  },
  now: string,
): number {
  const blank = blankDeclarationOf(context, now);
  const spec: MessageSpec = catalogue.DecMessage;
  const [first] = linesOf(spec, blank);
  const { recordNo, numbers, goods, mode } = batch;
  const body = {
    ...blank,
    DecHead: {
      ...headOf(spec, blank),
      TradeMode: mode,
      // Left whole where the field does not take it: the check says so, and a person decides what is to stand there.
      NoteS: `集中申报 ${recordNo} ${numbers.join(' ')}`,
    },
    DecList: goods.map(({ hsCode, name, qty, unit, currency, price }, at) => ({
      ...first,
      GNo: String(at + 1),
      CodeTS: hsCode,
      GName: name,
      GQty: qty,
      GUnit: unit,
      ...(currency === '' ? {} : { TradeCurr: currency }),
      ...(price === '' ? {} : { DeclPrice: price }),
    })),
  };
  // Quantity and price give the total as they do when they are typed.
  const priced = editBody(
    spec,
    body,
    goods.flatMap(({ price }, at): EditOperation[] =>
      price === '' ? [] : [{ op: 'set', path: `DecList[${at + 1}]/DeclPrice`, value: price }],
    ),
  );
  const made = store(context, 'DecMessage', priced, randomUUID().toUpperCase(), now);
  context.book.audit(
    'batch.declared',
    requireDocument(context.book, made).businessKey,
    { batch: recordNo, releases: numbers },
    now,
  );
  return made;
}

/** 退货理货明细单 of an accepted return application. Run inside a transaction. Refusal: `DOCUMENT_NOT_TALLIED`. */
export function tallyReturn(context: Context, id: number, now: string): number {
  const { book } = context;
  const document = requireDocument(book, id);
  if (document.kind !== 'CEB213Message' || document.state !== 'accepted')
    throw new PortbookError('DOCUMENT_NOT_TALLIED', { number: document.businessKey, state: document.state });
  refuseUnderway(context, document, ['tally']);
  const frame = frameOf(context, now);
  const { spec, body } = tallyBody(document.body, frame);
  const made = store(context, spec.message as RequestName, body, frame.guid, now);
  linkAbout(book, made, [id], 'tally');
  book.audit('documents.tally', `${document.kind} ${document.businessKey}`, { by: frame.number }, now);
  return made;
}

/**
 * Waybill list, arrival or departure of those lists of a shipment that none of its kind names yet. Run inside a transaction. Refusals:
 * `SHIPMENT_NO_LISTS`, `SHIPMENT_LISTS_NAMED`.
 */
export function gatherLists(
  context: Context,
  shipmentId: number,
  as: 'waybills' | 'arrival' | 'departure',
  now: string,
): number {
  const { book } = context;
  const shipment = requireShipment(book, shipmentId);
  const all = listsOfShipment(book, shipmentId);
  if (all.length === 0) throw new PortbookError('SHIPMENT_NO_LISTS', { shipment: shipment.shipmentNo });
  const others = all.map(({ body }) =>
    gatheredAs(book, as, headOf(catalogue.CEB603Message, body)['logisticsNo'] ?? ''),
  );
  const lists = all.filter((_, at) => others[at] === undefined);
  if (lists.length === 0)
    throw new PortbookError('SHIPMENT_LISTS_NAMED', { shipment: shipment.shipmentNo, other: others[0] ?? '' });
  const { filter: _filter, extra: _extra, ...facts } = shipment.body;
  const consignment: Consignment = {
    lists: lists.map((list) => ({ spec: catalogue[list.kind], body: list.body, invtNo: list.invtNo })),
    shipment: facts,
  };
  const frame = frameOf(context, now);
  const { spec, body } = as === 'waybills' ? waybillListBody(consignment, frame) : movementBody(as, consignment, frame);
  const made = store(context, spec.message as RequestName, body, frame.guid, now);
  setShipment(book, made, shipmentId);
  linkAbout(
    book,
    made,
    lists.map((list) => list.id),
    as,
  );
  book.audit('documents.gather', `shipment ${shipment.shipmentNo}`, { as, lists: lists.length }, now);
  return made;
}

/** Stores a drafted declaration and keeps whose goods it declares. Run inside a transaction. @returns its id */
export function storeDeclaration(
  context: Context,
  shipmentId: number | undefined,
  { body, goods }: DeclarationDraft,
  now: string,
): number {
  const id = store(context, 'DecMessage', body, randomUUID().toUpperCase(), now);
  if (shipmentId !== undefined) setShipment(context.book, id, shipmentId);
  keepDeclaredGoods(context.book, requireDocument(context.book, id).businessKey, goods);
  return id;
}

/** One summary application over lists that belong together. Run inside a transaction. */
export function applyForSummary(
  context: Context,
  lists: readonly {
    readonly id: number;
    readonly kind: RequestName;
    readonly body: Record<string, unknown>;
    readonly invtNo: string;
  }[],
  byProducer: boolean,
  now: string,
): number {
  const frame = frameOf(context, now);
  const filed = lists.map(({ kind, body, invtNo }) => ({ spec: catalogue[kind] as MessageSpec, body, invtNo }));
  const { spec, body } = summaryBody(filed, byProducer, frame);
  const made = store(context, spec.message as RequestName, body, frame.guid, now);
  linkAbout(
    context.book,
    made,
    lists.map(({ id }) => id),
    'summary',
  );
  return made;
}

const hourMs = 3_600_000;

/** A withdrawal or deletion that customs has and has not concluded: since when, and whether that is longer than answers usually take. */
export interface Unconcluded {
  readonly kind: RequestName;
  readonly since: string;
  /** What is usual, as the pack has it for what no message names. */
  readonly hours: number;
  readonly isLate: boolean;
}

/** Withdrawals and deletions that only lie at customs (120), or whether one document does, oldest first. */
export function unconcluded(context: Context, id?: number): Unconcluded[] {
  const now = context.now();
  const hours = lifeOn(context, chinaDate(now)).answerHours['default'] ?? 0;
  return takenApplications(context.book, id).flatMap(({ kind, body, statusCode, since }) => {
    const { appType } = headOf(catalogue[kind], JSON.parse(body) as AnyDocument);
    if (!awaitsConclusion(kind, appType, statusCode)) return [];
    return [{ kind, since, hours, isLate: Date.parse(now) - Date.parse(since) > hours * hourMs }];
  });
}

/**
 * Kinds of which messages have waited for an answer longer than is usual: by the book's own experience (a multiple of the median) once it
 * has enough of it, by the pack before. `hours` is rounded up to whole ones.
 */
export function overdueAnswers(context: Context): { kind: string; messages: number; hours: number; oldest: string }[] {
  const { book } = context;
  const waiting = silentMessages(book);
  if (waiting.length === 0) return [];
  const now = context.now();
  const { answerHours, experience } = lifeOn(context, chinaDate(now));
  return waiting.flatMap(({ kind, sentAt }) => {
    const known = answerTimes(book, kind, experience.answers).sort((a, b) => a - b);
    const median = known.length < experience.answers ? undefined : known[Math.floor(known.length / 2)];
    const usual =
      median === undefined
        ? (answerHours[kind] ?? answerHours['default'] ?? 0) * hourMs
        : Math.max(hourMs, median * experience.timesMedian);
    const late = sentAt.filter((at) => Date.parse(now) - Date.parse(at) > usual);
    const [oldest] = late;
    return oldest === undefined ? [] : [{ kind, messages: late.length, hours: Math.ceil(usual / hourMs), oldest }];
  });
}
