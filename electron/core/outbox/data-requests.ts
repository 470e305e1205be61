import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type PaymentProposal,
  paymentExchangeText,
  paymentHead,
  paymentList,
  unfitFields,
} from '../../../shared/documents/payment-exchange.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { keptPin, signingWay, withSigner } from '../keys/signer.ts';
import { signChecked } from '../keys/xml-signature.ts';
import type { Book } from '../store/book.ts';
import {
  dataRequestCursor,
  dataRequestsIn,
  noteDataProblem,
  papersOfOrder,
  paymentOriginalOf,
  putDataAnswer,
  requireDataRequest,
  settleDataAnswer,
  storeDataRequests,
} from '../store/data-requests.ts';
import { endpointOf } from '../store/endpoints.ts';
import { Cursors, type LaneRun } from './lane-run.ts';

/** Whether customs' requests are fetched at all, and answered by a person or by the book itself. */
export const dataRequestModes = ['off', 'ask', 'allow'] as const;

/** What is the same for every order of this firm. `itemLink` may name `{itemNo}` and `{orderNo}`. */
export const dataRequestSettings = z.object({
  mode: z.enum(dataRequestModes).default('ask'),
  verDept: z.enum(['1', '2', '3', '']).default(''),
  payType: z.enum(['1', '2', '3', '4', '']).default(''),
  recpAccount: z.string().max(60).default(''),
  recpCode: z.string().max(18).default(''),
  recpName: z.string().max(100).default(''),
  itemLink: z.string().max(1000).default(''),
});
export type DataRequestSettings = z.infer<typeof dataRequestSettings>;

const settingKey = 'dataRequests.settings';

export function dataRequestSettingsOf(book: Book): DataRequestSettings {
  return dataRequestSettings.parse(JSON.parse(book.setting(settingKey) ?? '{}'));
}

export function saveDataRequestSettings(book: Book, settings: DataRequestSettings): void {
  book.setSetting(settingKey, JSON.stringify(settings));
}

const text = z.coerce.string().catch('');
const orderSchema = z.object({
  OrderHead: z.object({
    ebpCode: text,
    payCode: text,
    payTransactionId: text,
    acturalPaid: text,
    currency: text,
  }),
  OrderList: z.array(z.object({ itemNo: text, itemName: text })),
});
const paymentSchema = z.object({
  PaymentHead: z.object({
    payCode: text,
    payTransactionId: text,
    amountPaid: text,
    currency: text,
    payTime: text,
    ebpCode: text,
  }),
});

/** An answer as far as papers, originals and settings of the book have it; what is missing is empty. */
export function proposeAnswer(book: Book, orderNo: string): PaymentProposal {
  const settings = dataRequestSettingsOf(book);
  const papers = papersOfOrder(book, orderNo);
  const order = orderSchema.safeParse(papers.order).data;
  const payment = paymentSchema.safeParse(papers.payment).data?.PaymentHead;
  const original = paymentOriginalOf(book, orderNo);
  /** The first that says something. */
  const first = (...known: readonly (string | undefined)[]) =>
    known.find((one) => one !== undefined && one !== '') ?? '';
  const link = (itemNo: string) =>
    settings.itemLink
      .replaceAll('{itemNo}', encodeURIComponent(itemNo))
      .replaceAll('{orderNo}', encodeURIComponent(orderNo));
  return {
    head: {
      guid: randomUUID().toUpperCase(),
      initalRequest: first(original?.initalRequest),
      initalResponse: first(original?.initalResponse),
      ebpCode: first(payment?.ebpCode, order?.OrderHead.ebpCode),
      payCode: first(payment?.payCode, order?.OrderHead.payCode),
      payTransactionId: first(payment?.payTransactionId, order?.OrderHead.payTransactionId),
      totalAmount: first(payment?.amountPaid, order?.OrderHead.acturalPaid),
      currency: first(payment?.currency, order?.OrderHead.currency),
      verDept: first(original?.verDept, settings.verDept),
      payType: first(original?.payType, settings.payType),
      tradingTime: first(original?.tradingTime, payment?.payTime),
      note: '',
    },
    list: {
      orderNo,
      goodsInfo: (order?.OrderList ?? []).map(({ itemNo, itemName }, at) => ({
        gname: itemName,
        itemLink: first(original?.itemLinks[at], link(itemNo)),
      })),
      recpAccount: first(original?.recpAccount, settings.recpAccount),
      recpCode: first(original?.recpCode, settings.recpCode),
      recpName: first(original?.recpName, settings.recpName),
    },
  };
}

export interface AnswerOptions {
  readonly now: () => string;
  readonly signal: AbortSignal;
  readonly by: 'user' | 'rule';
  readonly pin?: string;
}

/**
 * Makes and signs the answer to an open request; it is uploaded with the next contact.
 * Refusals: `DATA_REQUEST_UNKNOWN`, `DATA_REQUEST_CLOSED`, `DATA_ANSWER_INCOMPLETE` {fields}, those of the signer.
 */
export async function prepareAnswer(book: Book, sessionId: string, options: AnswerOptions): Promise<void> {
  const { now, signal, by } = options;
  const { orderNo, state } = requireDataRequest(book, sessionId);
  if (state !== 'open') throw new PortbookError('DATA_REQUEST_CLOSED', { sessionId, state });
  const proposal = proposeAnswer(book, orderNo);
  const unfit = unfitFields(proposal);
  if (unfit.length > 0) throw new PortbookError('DATA_ANSWER_INCOMPLETE', { fields: unfit.join(', ') });
  const made = paymentExchangeText({
    sessionID: sessionId,
    head: paymentHead.parse(proposal.head),
    list: paymentList.parse(proposal.list),
    serviceTime: Date.parse(now()),
  });
  const { pin } = options;
  await withSigner(book, { now: now(), signal, ...(pin === undefined ? {} : { pin }) }, async (signer) => {
    const value = await signChecked(signer, new TextEncoder().encode(made.toSign));
    const { serial } = signer.certificate;
    const upload = made.upload(serial, Buffer.from(value).toString('base64'));
    putDataAnswer(book, sessionId, { text: upload, serial, by, at: now() });
  });
}

/** Answers what is open where the user allows it and nobody is needed; what stands in the way is written down. @returns how many */
export async function answerByRule(book: Book, now: () => string, signal: AbortSignal): Promise<number> {
  if (dataRequestSettingsOf(book).mode !== 'allow') return 0;
  const way = signingWay(book).way;
  let answered = 0;
  for (const { sessionId, problem } of dataRequestsIn(book, 'open')) {
    if (signal.aborted) break;
    // What customs did not take, and a card without its PIN, need a person.
    if (problem === 'DATA_ANSWER_REFUSED' || (way === 'card' && keptPin(book) === undefined)) continue;
    try {
      await prepareAnswer(book, sessionId, { now, signal, by: 'rule' });
      answered += 1;
    } catch (error) {
      if (!(error instanceof PortbookError)) throw error;
      noteDataProblem(book, sessionId, error.code);
      // The same card or certificate would fail for the others, and a wrong PIN must not be tried again.
      if (error.code !== 'DATA_ANSWER_INCOMPLETE') break;
    }
  }
  return answered;
}

/** What customs says to an answer that it took: 2018 年第 179 号. */
const dataTaken = '10000';

/** Fetches what customs asks about orders, where the user lets it, and uploads the answers that are ready. */
export async function answerRequests(run: LaneRun): Promise<void> {
  const { book, signal } = run;
  const line = run.transport.dataRequests;
  const endpoint = endpointOf(book, run.endpoint.id);
  if (line === undefined || endpoint?.capabilities?.dataRequests !== true) return;
  if (dataRequestSettingsOf(book).mode === 'off') return;
  const cursors = new Cursors();
  for (;;) {
    if (!run.goesOn()) return;
    const after = dataRequestCursor(book, endpoint.id);
    if (!cursors.advance(after)) break;
    const outcome = await line.list(after, signal);
    // Whatever is wrong with these is no reason to hold up the messages.
    if (outcome.kind !== 'accepted') return;
    run.observe(outcome);
    const page = outcome.value;
    if (storeDataRequests(book, endpoint.id, page, run.tools.now()) > 0) run.tools.changed();
    if (page.requests.length === 0) break;
  }
  await answerByRule(book, run.tools.now, signal);
  for (const { sessionId, answer = '' } of dataRequestsIn(book, 'ready', endpoint.id)) {
    if (!run.goesOn() || dataRequestSettingsOf(book).mode === 'off') return;
    // Taken back since: the user no longer lets the book answer by itself.
    if (requireDataRequest(book, sessionId).state !== 'ready') continue;
    const outcome = await line.answer(sessionId, answer, signal);
    const at = run.tools.now();
    if (outcome.kind === 'accepted')
      settleDataAnswer(book, sessionId, outcome.value, outcome.value.code === dataTaken, at);
    else if (outcome.kind === 'rejected')
      settleDataAnswer(book, sessionId, { code: outcome.code, message: outcome.detail }, false, at);
    // The same text goes again with the next run: the platform knows it by its session.
    else return;
    run.tools.changed();
  }
}
