import { z } from 'zod';
import { isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

/** 实时获取支付相关原始数据 (海关总署公告 2018 年第 165、179 号): what customs asks about an order, and the answer. */

const state = z.enum(['open', 'ready', 'answered', 'declined']);

export const dataRequestRow = z.object({
  sessionId: z.string(),
  orderNo: z.string(),
  askedAt: isoInstant,
  receivedAt: isoInstant,
  state,
  /** A code of the refusals, or the reason of who declined. */
  problem: z.string().optional(),
  preparedBy: z.enum(['user', 'rule']).optional(),
  replyCode: z.string().optional(),
  replyMessage: z.string().optional(),
  answeredAt: isoInstant.optional(),
});

const settings = z.object({
  /** `off`: not fetched; `ask`: a person answers each; `allow`: answered by the book when it has everything. */
  mode: z.enum(['off', 'ask', 'allow']),
  verDept: z.enum(['1', '2', '3', '']),
  payType: z.enum(['1', '2', '3', '4', '']),
  recpAccount: z.string().max(60),
  recpCode: z.string().max(18),
  recpName: z.string().max(100),
  /** Address of a product's page; `{itemNo}` and `{orderNo}` stand for what they name. */
  itemLink: z.string().max(1000),
});

/** The payment as it went through the payment firm. What is left out stays as it was. */
const original = z
  .object({
    initalRequest: z.string().max(8000),
    initalResponse: z.string().max(8000),
    verDept: z.string().max(1),
    payType: z.string().max(1),
    tradingTime: z.string().max(14),
    recpAccount: z.string().max(60),
    recpCode: z.string().max(18),
    recpName: z.string().max(100),
    itemLinks: z.array(z.string().max(3000)).max(99),
  })
  .partial();

const detail = dataRequestRow.extend({
  /** What would be sent, or exactly what was. */
  head: z.record(z.string(), z.string()),
  goods: z.array(z.object({ gname: z.string(), itemLink: z.string() })),
  receiver: z.object({ recpAccount: z.string(), recpCode: z.string(), recpName: z.string() }),
  /** Paths of the fields that are missing or do not fit. */
  unfit: z.array(z.string()),
  answer: z.string().optional(),
});

export const dataRequests = {
  'dataRequests.settings': query(z.object({}), settings),
  'dataRequests.configure': command(settings, settings),
  'dataRequests.list': query(z.object({ state: state.optional(), ...pageInput }), pageOf(dataRequestRow)),
  'dataRequests.get': query(z.object({ sessionId: z.string() }), detail),
  /** Keeps the original of an order's payment, for this answer and later ones. */
  'dataRequests.saveOriginal': command(
    z.object({ orderNo: z.string().min(1).max(60), original }),
    z.object({ orderNo: z.string() }),
  ),
  /** Makes and signs the answer; it is uploaded at once when the platform is there. */
  'dataRequests.answer': job(z.object({ sessionId: z.string(), pin: z.string().max(64).optional() }), detail),
  'dataRequests.decline': command(
    z.object({ sessionId: z.string(), reason: z.string().trim().min(1).max(200) }),
    detail,
  ),
} as const;
