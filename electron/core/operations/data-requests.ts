import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { dataRequests } from '../../../shared/contract/data-requests.ts';
import { unfitFields } from '../../../shared/documents/payment-exchange.ts';
import type { Context, Handlers } from '../context.ts';
import {
  dataRequestSettingsOf,
  prepareAnswer,
  proposeAnswer,
  saveDataRequestSettings,
} from '../outbox/data-requests.ts';
import { engineOf } from '../outbox/engine.ts';
import {
  type DataRequest,
  declineDataRequest,
  listDataRequests,
  putPaymentOriginal,
  requireDataRequest,
  revokeRuleAnswers,
} from '../store/data-requests.ts';

/** What customs asks about orders (实时获取), seen and answered by a person. */
export const dataRequestHandlers: Handlers<keyof typeof dataRequests> = {
  'dataRequests.settings': (_input, { book }) => dataRequestSettingsOf(book),

  'dataRequests.configure': (input, context) => {
    const { book, now } = context;
    book.transaction(() => {
      saveDataRequestSettings(book, input);
      const revoked = input.mode === 'allow' ? 0 : revokeRuleAnswers(book, now());
      book.audit('data-request.mode', book.id, { mode: input.mode, revoked }, now());
    });
    context.emit({ name: 'sync.changed' });
    engineOf(context).nudge();
    return dataRequestSettingsOf(book);
  },

  'dataRequests.list': ({ state, after, limit }, { book }) => {
    const page = listDataRequests(book, state, { after, limit });
    return { ...page, rows: page.rows.map(rowOf) };
  },

  'dataRequests.get': ({ sessionId }, context) => detailOf(context, sessionId),

  'dataRequests.saveOriginal': ({ orderNo, original }, context) => {
    putPaymentOriginal(context.book, orderNo, original, context.now());
    context.emit({ name: 'sync.changed' });
    engineOf(context).nudge();
    return { orderNo };
  },

  'dataRequests.answer': async ({ sessionId, pin }, context) => {
    const { book, now, signal } = context;
    await prepareAnswer(book, sessionId, { now, signal, by: 'user', ...(pin === undefined ? {} : { pin }) });
    context.emit({ name: 'sync.changed' });
    engineOf(context).nudge();
    return detailOf(context, sessionId);
  },

  'dataRequests.decline': ({ sessionId, reason }, context) => {
    declineDataRequest(context.book, sessionId, reason, context.now());
    context.emit({ name: 'sync.changed' });
    return detailOf(context, sessionId);
  },
};

function rowOf(request: DataRequest): OutputOf<'dataRequests.list'>['rows'][number] {
  const { sessionId, orderNo, askedAt, receivedAt, state, problem, preparedBy, replyCode, replyMessage, answeredAt } =
    request;
  return {
    ...{ sessionId, orderNo, askedAt, receivedAt, state },
    ...(problem === undefined ? {} : { problem }),
    ...(preparedBy === undefined ? {} : { preparedBy }),
    ...(replyCode === undefined ? {} : { replyCode }),
    ...(replyMessage === undefined ? {} : { replyMessage }),
    ...(answeredAt === undefined ? {} : { answeredAt }),
  };
}

function detailOf({ book }: Context, sessionId: string): OutputOf<'dataRequests.get'> {
  const request = requireDataRequest(book, sessionId);
  const proposal = proposeAnswer(book, request.orderNo);
  const { goodsInfo, recpAccount, recpCode, recpName } = proposal.list;
  return {
    ...rowOf(request),
    head: proposal.head,
    goods: [...goodsInfo],
    receiver: { recpAccount, recpCode, recpName },
    unfit: unfitFields(proposal),
    ...(request.answer === undefined ? {} : { answer: request.answer }),
  };
}
