import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { ShipmentBody } from '../../shared/contract/trade.ts';
import { catalogue, type RequestName } from '../../shared/documents/catalogue.ts';
import { headOf, type MessageSpec } from '../../shared/documents/spec.ts';
import { validateAny } from '../../shared/documents/validate.ts';
import { editBody } from '../../shared/drafting/edit.ts';
import { type FormChangeRow, formChange } from '../../shared/drafting/form-change.ts';
import { type DeclarationMode, declarationModes } from '../../shared/drafting/goods-declaration.ts';
import { type ModeChangeRow, modeChange, modeOf, orderUnderMode } from '../../shared/drafting/mode-change.ts';
import type { DraftedDocument } from '../../shared/drafting/retail-export.ts';
import { restoreBetween } from '../../shared/drafting/undo.ts';
import { PortbookError } from '../../shared/errors.ts';
import type { CustomsParameters } from '../../shared/rules/customs/pack.ts';
import type { ModeRule } from '../../shared/rules/customs-modes/router.ts';
import { editableStates } from '../../shared/sync/document-states.ts';
import { documentCheck, parametersOn, recheck, recheckCasesOf } from './checking.ts';
import type { Context } from './context.ts';
import { modesOn, storeDeclaration } from './document-life.ts';
import { declarationsOf, draftedDeclarations, goodsOfPapers, listsToDeclare } from './goods-declaration.ts';
import { editDraft } from './operations/documents.ts';
import { drafter } from './operations/shipments.ts';
import { requireUnapproved } from './store/broker/review.ts';
import { declarationsOfOrder, ordersDeclared } from './store/declared-goods.ts';
import {
  abandonDrafts,
  caseOf,
  type DocumentRecord,
  documentsOfOrder,
  insertDocuments,
  requireDocument,
} from './store/documents.ts';
import { orderRow } from './store/drafting.ts';
import { recordDocument } from './store/messages.ts';
import { type ChangedDocument, draftListsLike, filedVersionOf, insertModeChange } from './store/mode-changes.ts';
import { markShipmentDrafted, requireShipment } from './store/shipments.ts';

/** Lists taken over into declarations and declarations into lists (不同贸易方式互换): what goes, what comes, and which field becomes which. */

/** Papers of an order beside its list; another form does without some of them. */
const besideList: ReadonlySet<RequestName> = new Set(['CEB303Message', 'CEB403Message', 'CEB505Message']);

export interface FormChangePlan {
  /** Given up: their goods are on the new papers. */
  readonly away: readonly DocumentRecord[];
  /** Stay and become what the mode asks of them. */
  readonly edited: readonly { readonly document: DocumentRecord; readonly body: Record<string, unknown> }[];
  /** Not asked for any more and gone already. */
  readonly left: readonly DocumentRecord[];
  readonly made: readonly { readonly kind: RequestName; readonly body: Record<string, unknown> }[];
  readonly rows: readonly FormChangeRow[];
  readonly carried: number;
  /** Draft lists of the same shipment and mode that could come along. */
  readonly others: number;
  /** Stores what comes. Run inside a transaction. @returns the ids */
  readonly store: (now: string) => number[];
}

/** Refusals: `DOCUMENT_FROZEN` {number, state}, also where customs has an earlier version of it, `DOCUMENT_APPROVED`. */
function requireDraft({ book }: Context, { id, businessKey: number, state }: DocumentRecord): void {
  if (!editableStates.includes(state)) throw new PortbookError('DOCUMENT_FROZEN', { number, state });
  const filed = filedVersionOf(book, id);
  if (filed !== undefined) throw new PortbookError('DOCUMENT_FROZEN', { number, state: filed });
  requireUnapproved(book, id);
}

/** A list that no shipment stands behind says itself how it travels. */
const noShipment: ShipmentBody = {
  ...{ customsCode: '', portCode: '', ieDate: '', trafMode: '', trafName: '', voyageNo: '', billNo: '' },
  ...{ totalPackageNo: '', loctNo: '', logisticsCode: '', logisticsName: '', pod: '', wrapType: '' },
  ...{ ownerCode: '', ownerName: '', payName: '', note: '' },
  filter: { from: '', to: '', country: '' },
};

/** Places without line numbers that a message wants filled and are not. */
function missingIn({ resources }: Context, kind: RequestName, bodies: readonly Record<string, unknown>[]): string[] {
  return bodies.flatMap((body) =>
    validateAny(catalogue[kind], body, resources.tables)
      .filter(({ rule }) => rule === 'DOC-REQUIRED' || rule === 'DOC-REQUIRED-WHEN')
      .map(({ path }) => path.replace(/\[\d+\]/g, '')),
  );
}

const nothing: FormChangeRow['old'] = { shown: [], count: 0 };
const checkRow = (reason: FormChangeRow['reason'], to: string, detail: string): FormChangeRow => ({
  kind: 'check',
  ...{ from: '', to, old: nothing, now: nothing, reason, detail },
});

/** Goods out of a zone, or not: a mode that excludes the other is for a person to think about. */
const zoneRow = (from: ModeRule | undefined, to: ModeRule, place: string): FormChangeRow[] =>
  from?.zoneGoods == null || to.zoneGoods === null || from.zoneGoods === to.zoneGoods
    ? []
    : [checkRow('zoneGoods', place, from.mode)];

/** Ids of the draft lists of the same shipment and mode as one; it is among them where it is of a shipment. */
export const listsAlong = ({ book }: Context, { id, body }: DocumentRecord): number[] =>
  draftListsLike(book, id, modeOf('CEB603Message', body));

/**
 * What becomes of lists, with the other lists of their orders. Refusals: `DOCUMENT_FROZEN`, `DOCUMENT_APPROVED` where one of them is
 * not free, `MODE_DECLARED` {number} where a declaration has the goods, `PAPERS_NO_GOODS`.
 */
export function planDeclarations(
  context: Context,
  list: DocumentRecord,
  of: { readonly from: ModeRule | undefined; readonly to: ModeRule; readonly along: readonly number[] },
): FormChangePlan {
  const { book } = context;
  const { to } = of;
  const mode = declarationModes.find((one): one is DeclarationMode => one === to.mode);
  if (mode === undefined) throw new PortbookError('MODE_OTHER_FORM', { mode: to.mode }, 'to');
  const lists = new Map<number, DocumentRecord>([[list.id, list]]);
  for (const id of of.along) lists.set(id, requireDocument(book, id));
  const beside: DocumentRecord[] = [];
  for (const orderId of new Set([...lists.values()].flatMap(({ orderId }) => orderId ?? []))) {
    const [declared] = declarationsOfOrder(book, orderId);
    if (declared !== undefined)
      throw new PortbookError('MODE_DECLARED', { number: requireDocument(book, declared.id).businessKey });
    for (const paper of documentsOfOrder(book, orderId))
      if (paper.kind === 'CEB603Message') lists.set(paper.id, paper);
      else if (besideList.has(paper.kind)) beside.push(paper);
  }
  const going = [...lists.values()];
  for (const one of going) requireDraft(context, one);

  const away = [...going];
  const edited: { document: DocumentRecord; body: Record<string, unknown> }[] = [];
  const left: DocumentRecord[] = [];
  const parameters = parametersOn(context, chinaDate(context.now()));
  for (const paper of beside) {
    if (to.messages.declaration.includes(paper.kind)) {
      const { operations } = orderUnderMode(paper.body, to.mode, parameters);
      if (operations.length === 0) continue;
      requireDraft(context, paper);
      edited.push({ document: paper, body: editBody(catalogue[paper.kind], paper.body, operations) });
    } else if (editableStates.includes(paper.state)) {
      requireDraft(context, paper);
      away.push(paper);
    } else left.push(paper);
  }

  // Papers of a declaration share vehicle and voyage; the shipment may have been drafted before these were known.
  const groups = new Map<string, DocumentRecord[]>();
  for (const one of going) {
    const { trafName, voyageNo } = headOf(catalogue.CEB603Message, one.body);
    const key = JSON.stringify([one.shipmentId, trafName, voyageNo]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const drafts = (now: string, newNumber?: () => string) =>
    [...groups.values()].flatMap((group) => {
      const [first] = group;
      const shipment = first?.shipmentId === undefined ? undefined : requireShipment(book, first.shipmentId);
      const { trafName = '', voyageNo = '' } = first === undefined ? {} : headOf(catalogue.CEB603Message, first.body);
      const documents = goodsOfPapers(
        context,
        group.map(({ id, kind, body, state, platformNo }) => ({ id, kind, body, state, platformNo: platformNo ?? '' })),
      );
      if (documents.length === 0) throw new PortbookError('PAPERS_NO_GOODS', { number: list.businessKey, blocked: 0 });
      return declarationsOf(
        context,
        {
          shipment: {
            ...{ id: shipment?.id ?? 0, shipmentNo: shipment?.shipmentNo ?? '' },
            body: { ...(shipment?.body ?? noShipment), trafName, voyageNo },
          },
          documents,
          mode,
        },
        now,
        newNumber,
      ).map((draft) => ({ draft, shipmentId: first?.shipmentId }));
    });
  // Looking takes no number of the series.
  const shown = drafts(context.now(), () => 'P'.padEnd(18, '0'));
  const bodies = shown.map(({ draft }) => draft.body);
  const { rows, carried } = formChange(
    'declaration',
    going.map(({ body }) => body),
    bodies,
    missingIn(context, 'DecMessage', bodies),
  );
  return {
    ...{ away, edited, left, carried },
    made: bodies.map((body) => ({ kind: 'DecMessage' as const, body })),
    rows: [...zoneRow(of.from, to, 'DecHead/TradeMode'), ...rows],
    others: listsAlong(context, list).filter((id) => !lists.has(id)).length,
    store: (now) => drafts(now).map(({ draft, shipmentId }) => storeDeclaration(context, shipmentId, draft, now)),
  };
}

/**
 * 报关单 of a shipment's goods, one for each fifty items: taken over from its draft lists, or drafted from its orders while it has none,
 * so that no order stands on two papers. Refusals: those of {@link listsToDeclare}, {@link planDeclarations} and
 * {@link draftedDeclarations}.
 * @returns what makes them, to be run inside a transaction: the declarations, and how many papers were given up for them
 */
export async function declareShipment(
  context: Context,
  shipmentId: number,
  mode: DeclarationMode,
): Promise<(now: string) => { readonly declarations: DocumentRecord[]; readonly away: number }> {
  const { book } = context;
  const shipment = requireShipment(book, shipmentId);
  const [first, ...along] = listsToDeclare(context, shipment);
  if (first === undefined) {
    const drafts = await draftedDeclarations(context, shipment, mode);
    return (now) => {
      // Drafting takes its time: what came of the shipment meanwhile has the goods.
      if (listsToDeclare(context, shipment).length > 0)
        throw new PortbookError('SHIPMENT_CHANGED', { shipment: shipment.shipmentNo });
      const ids = drafts(now).map((draft) => storeDeclaration(context, shipmentId, draft, now));
      book.audit('documents.declare', `shipment ${shipment.shipmentNo}`, { mode, declarations: ids.length }, now);
      const check = documentCheck(context);
      for (const id of ids) recheck(book, check, caseOf(requireDocument(book, id)), now);
      return { declarations: ids.map((id) => requireDocument(book, id)), away: 0 };
    };
  }
  const list = requireDocument(book, first);
  const fromMode = modeOf('CEB603Message', list.body);
  return (now) => {
    const modes = modesOn(context, chinaDate(now));
    const [from, to] = [fromMode, mode].map((code) => modes.find((one) => one.mode === code));
    if (to === undefined) throw new PortbookError('MODE_OTHER_FORM', { mode }, 'mode');
    const plan = planDeclarations(context, list, { from, to, along });
    const made = applyFormChange(context, list, { fromMode, toMode: mode, plan }, now);
    return { declarations: made.filter(({ kind }) => kind === 'DecMessage'), away: plan.away.length };
  };
}

/** All declarations that share orders with one, and those orders. */
function sharing({ book }: Context, declaration: DocumentRecord): { declarations: DocumentRecord[]; orders: number[] } {
  const declarations = new Map([[declaration.id, declaration]]);
  const orders = new Set<number>();
  for (const one of declarations.values())
    for (const orderId of ordersDeclared(book, one.businessKey)) {
      if (orders.has(orderId)) continue;
      orders.add(orderId);
      // A map that grows while it is walked is walked to its end.
      for (const { id } of declarationsOfOrder(book, orderId))
        if (!declarations.has(id)) declarations.set(id, requireDocument(book, id));
    }
  return { declarations: [...declarations.values()], orders: [...orders].sort((a, b) => a - b) };
}

/** What a drafted paper of an order becomes under a mode; `listRows`: what a list then asks of a person. */
function underMode(
  kind: RequestName,
  body: Record<string, unknown>,
  to: ModeRule,
  parameters: CustomsParameters,
): { body: Record<string, unknown>; rows: readonly ModeChangeRow[] } {
  const spec: MessageSpec = catalogue[kind];
  const change =
    kind === 'CEB603Message'
      ? modeChange(kind, body, to)
      : kind === 'CEB303Message'
        ? orderUnderMode(body, to.mode, parameters)
        : { rows: [], operations: [] };
  return { body: editBody(spec, body, change.operations), rows: change.rows };
}

const listPlaces: Readonly<Partial<Record<ModeChangeRow['reason'], FormChangeRow['reason']>>> = {
  cap: 'cap',
  booking: 'booking',
  zoneNeeded: 'zoneNeeded',
  noLicence: 'noLicence',
};

/**
 * What becomes of a declaration as lists of its orders, with the other declarations that share them. Lists are drawn from the orders as the
 * book has them; what the declaration says otherwise is told. Refusals: `MODE_NO_ORDERS` {number}, `ORDER_BLOCKED`, `DOCUMENT_FROZEN`,
 * `DOCUMENT_APPROVED`.
 */
export function planLists(
  context: Context,
  declaration: DocumentRecord,
  of: { readonly from: ModeRule | undefined; readonly to: ModeRule },
): FormChangePlan {
  const { book, resources } = context;
  const { to } = of;
  if (to.list === null) throw new PortbookError('MODE_OTHER_FORM', { mode: to.mode }, 'to');
  const { declarations, orders } = sharing(context, declaration);
  const { shipmentId } = declaration;
  if (orders.length === 0 || shipmentId === undefined)
    throw new PortbookError('MODE_NO_ORDERS', { number: declaration.businessKey });
  for (const one of declarations) requireDraft(context, one);

  const draft = drafter(context, requireShipment(book, shipmentId));
  const made: { readonly orderId: number; readonly paper: DraftedDocument }[] = [];
  const edited: { document: DocumentRecord; body: Record<string, unknown> }[] = [];
  const modeRows: ModeChangeRow[] = [];
  const lists: Record<string, unknown>[] = [];
  const parameters = parametersOn(context, chinaDate(context.now()));
  for (const orderId of orders) {
    const row = orderRow(book, orderId);
    if (row === undefined) continue;
    const outcome = draft(row);
    if (!outcome.ok) {
      const [first] = outcome.reasons;
      throw new PortbookError('ORDER_BLOCKED', { orderNo: row.order_no, reason: first?.code ?? '', ...first?.params });
    }
    const live = documentsOfOrder(book, orderId);
    for (const paper of live) {
      const { body, rows } = underMode(paper.kind, paper.body, to, parameters);
      if (paper.kind === 'CEB603Message') {
        requireDraft(context, paper);
        lists.push(body);
        modeRows.push(...rows);
      }
      if (JSON.stringify(body) === JSON.stringify(paper.body)) continue;
      requireDraft(context, paper);
      edited.push({ document: paper, body });
    }
    for (const paper of outcome.documents) {
      // What a part of the order has already is not made again beside it.
      if (live.some(({ kind }) => kind === paper.kind)) continue;
      const { body, rows } = underMode(paper.kind, paper.body, to, parameters);
      if (paper.kind === 'CEB603Message') {
        lists.push(body);
        modeRows.push(...rows);
      }
      made.push({ orderId, paper: { ...paper, body } });
    }
  }
  const { rows, carried } = formChange(
    'list',
    declarations.map(({ body }) => body),
    lists,
    missingIn(context, 'CEB603Message', lists),
  );
  const asked = new Map<string, FormChangeRow>();
  for (const { kind, reason, path, to: detail } of modeRows) {
    const known = listPlaces[reason];
    const place = path.replace(/\[\d+\]/g, '');
    if (known !== undefined && kind !== 'changed' && !rows.some((row) => row.kind === 'enter' && row.to === place))
      asked.set(`${reason} ${place}`, {
        ...checkRow(known, place, detail),
        kind: kind === 'enter' ? 'enter' : 'check',
      });
  }
  return {
    ...{ away: declarations, edited, left: [], carried, others: 0 },
    made: made.map(({ paper: { kind, body } }) => ({ kind, body })),
    rows: [...zoneRow(of.from, to, 'InventoryHead/tradeMode'), ...asked.values(), ...rows],
    store: (now) =>
      made.flatMap(({ orderId, paper }) =>
        insertDocuments(book, [paper], { orderId, shipmentId, tablesVersion: resources.tablesVersion, now }),
      ),
  };
}

/** Gives a draft up for papers of another form, or for those that are there again. */
export function putAway({ book }: Context, { id, state }: DocumentRecord, mode: string, now: string): void {
  abandonDrafts(book, [id], now);
  recordDocument(book, id, { from: state, to: 'withdrawn', event: 'discard', at: now, detail: { mode } });
}

/**
 * Papers of one form become those of another: what goes is given up, what comes is stored and checked, and the change is kept so that
 * it can be undone. Run inside a transaction.
 * @returns what came
 */
export function applyFormChange(
  context: Context,
  document: DocumentRecord,
  of: { readonly fromMode: string; readonly toMode: string; readonly plan: FormChangePlan },
  now: string,
): DocumentRecord[] {
  const { book } = context;
  const { fromMode, toMode, plan } = of;
  const documents: ChangedDocument[] = [];
  for (const one of plan.away) {
    putAway(context, one, toMode, now);
    documents.push({ id: one.id, what: 'away' });
  }
  for (const { document: one, body } of plan.edited) {
    const change = restoreBetween(catalogue[one.kind], one.body, body);
    if (change !== undefined) editDraft(context, one, [change], now);
    documents.push({ id: one.id, what: 'edited', before: one.body, after: requireDocument(book, one.id).body });
  }
  const made = plan.store(now).map((one) => requireDocument(book, one));
  for (const one of made) {
    recordDocument(book, one.id, { from: 'draft', to: 'draft', event: 'reform', at: now, detail: { mode: toMode } });
    documents.push({ id: one.id, what: 'made', after: one.body });
  }
  for (const shipmentId of new Set(made.flatMap((one) => one.shipmentId ?? [])))
    markShipmentDrafted(book, shipmentId, now);
  insertModeChange(book, { documentId: document.id, fromMode, toMode, documents }, now);
  book.audit(
    'modes.reform',
    `${document.kind} ${document.businessKey}`,
    { from: fromMode, to: toMode, away: plan.away.length, made: made.length },
    now,
  );
  recheckCasesOf(
    book,
    documentCheck(context),
    [...made, ...plan.edited.map(({ document: one }) => one)].map((one) => one.id),
    now,
  );
  return made;
}
