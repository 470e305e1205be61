import { z } from 'zod';
import { type DataReply, dataRequestPage } from '../shared/sync/protocol.ts';

/**
 * What customs asks an enterprise about its orders (实时获取支付相关原始数据, 海关总署公告 2018 年第 179 号), and a look at the answers. The
 * certificate of an answer is only named in it, so that its signature is not verified here; what stands in it is.
 */

/** Requests that the practice platform is to ask, in the name of customs. */
export const askedRequests = z.object({ uscc: z.string(), requests: dataRequestPage.shape.requests });

const text = (max: number) => z.string().min(1).max(max);
const answer = z.object({
  sessionID: text(36),
  payExchangeInfoHead: z.object({
    guid: z.string().length(36),
    initalRequest: text(8000),
    initalResponse: text(8000),
    ebpCode: text(18),
    payCode: text(18),
    payTransactionId: text(60),
    totalAmount: z.number().nonnegative(),
    currency: text(4),
    verDept: z.enum(['1', '2', '3']),
    payType: z.enum(['1', '2', '3', '4']).optional(),
    tradingTime: z.string().regex(/^\d{14}$/),
    note: z.string().max(1000).optional(),
  }),
  payExchangeInfoLists: z
    .array(
      z.object({
        orderNo: text(60),
        goodsInfo: z.array(z.object({ gname: text(250), itemLink: text(3000) })).min(1),
        recpAccount: text(60),
        recpCode: z.string().max(18).optional(),
        recpName: text(100),
      }),
    )
    .min(1),
  serviceTime: z.string().regex(/^\d{13}$/),
  certNo: text(60),
  signValue: z.string().regex(/^[A-Za-z0-9+/]{16,}={0,2}$/),
});

export interface KnownRequest {
  readonly orderNo: string;
  /** The exact text that was taken; undefined while none was. */
  readonly answer: string | undefined;
}

/** What customs says to an answer: 10000 taken, 20000 not, with what is wrong. */
export function judgeAnswer(sessionID: string, { orderNo }: KnownRequest, said: unknown): DataReply {
  const parsed = answer.safeParse(said);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { code: '20000', message: `数据格式错误: ${issue?.path.join('/') ?? ''}` };
  }
  if (parsed.data.sessionID !== sessionID) return { code: '20000', message: 'sessionID 不符' };
  if (!parsed.data.payExchangeInfoLists.some((list) => list.orderNo === orderNo))
    return { code: '20000', message: 'orderNo 不符' };
  return { code: '10000', message: '上传成功' };
}
