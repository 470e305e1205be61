import { z } from 'zod';

/**
 * 支付相关原始数据 (payExchangeInfo): what customs may ask of a platform about an order of import retail, and the exact text of the
 * answer. 海关总署公告 2018 年第 165、179 号, 海关跨境电商进口统一版信息化系统平台数据实时获取接口（试行）.
 */

const text = (max: number) => z.string().trim().min(1).max(max);
const maybe = (max: number) => z.string().trim().max(max);
/** N19,5 without a sign. */
const amount = z.string().regex(/^\d{1,14}(\.\d{1,5})?$/);

/** Spelling as in the interface (`initalRequest`). */
export const paymentHead = z.object({
  guid: z.string().length(36),
  initalRequest: text(8000),
  initalResponse: text(8000),
  ebpCode: text(18),
  payCode: text(18),
  payTransactionId: text(60),
  totalAmount: amount,
  currency: text(4),
  /** 1 银联, 2 网联, 3 其他. */
  verDept: z.enum(['1', '2', '3']),
  /** 1 APP, 2 PC, 3 扫码, 4 其他; may be left out. */
  payType: z.enum(['1', '2', '3', '4', '']),
  /** yyyyMMddHHmmss. */
  tradingTime: z.string().regex(/^\d{14}$/),
  note: maybe(1000),
});
export type PaymentHead = z.infer<typeof paymentHead>;

export const paymentList = z.object({
  orderNo: text(60),
  goodsInfo: z.array(z.object({ gname: text(250), itemLink: text(3000) })).min(1),
  /** The account that was paid into. */
  recpAccount: text(60),
  recpCode: maybe(18),
  recpName: text(100),
});
export type PaymentList = z.infer<typeof paymentList>;

export interface PaymentExchange {
  readonly sessionID: string;
  readonly head: PaymentHead;
  readonly list: PaymentList;
  /** Milliseconds since 1970. */
  readonly serviceTime: number;
}

/** A proposal as far as the book has it: empty where it does not know. */
export interface PaymentProposal {
  readonly head: Readonly<Record<keyof PaymentHead, string>>;
  readonly list: Omit<PaymentList, 'goodsInfo'> & {
    readonly goodsInfo: readonly { gname: string; itemLink: string }[];
  };
}

/** Paths of the fields that are missing or do not fit (`head/initalRequest`, `list/goodsInfo/0/itemLink`). */
export function unfitFields(proposal: PaymentProposal): string[] {
  const of = (name: string, issues: readonly { path: readonly PropertyKey[] }[] | undefined) =>
    (issues ?? []).map(({ path }) => [name, ...path.map(String)].join('/'));
  return [
    ...of('head', paymentHead.safeParse(proposal.head).error?.issues),
    ...of('list', paymentList.safeParse(proposal.list).error?.issues),
  ];
}

/**
 * The parts of an answer: `toSign` is what the signature covers, each value as it will be uploaded, in quotes and joined by `||`;
 * `upload` the whole (`payExInfoStr`). Working programs quote the two objects as well; the example of the interface does not. An amount
 * is written as a number, so that it must be the decimal text it is.
 */
export function paymentExchangeText({ sessionID, head, list, serviceTime }: PaymentExchange): {
  readonly toSign: string;
  upload(certNo: string, signValue: string): string;
} {
  const { payType, note, ...needed } = head;
  // What may be left out is left out when it is empty.
  const fields = { ...needed, ...(payType === '' ? {} : { payType }), ...(note === '' ? {} : { note }) };
  const headText = `{${Object.entries(fields)
    .map(([name, value]) => `${JSON.stringify(name)}:${name === 'totalAmount' ? value : JSON.stringify(value)}`)
    .join(',')}}`;
  const { recpCode, ...rest } = list;
  const listText = JSON.stringify([{ ...rest, ...(recpCode === '' ? {} : { recpCode }) }]);
  const time = String(serviceTime);
  return {
    toSign: `"sessionID":"${sessionID}"||"payExchangeInfoHead":"${headText}"||"payExchangeInfoLists":"${listText}"||"serviceTime":"${time}"`,
    upload: (certNo, signValue) =>
      `{"sessionID":${JSON.stringify(sessionID)},"payExchangeInfoHead":${headText},"payExchangeInfoLists":${listText},` +
      `"serviceTime":${JSON.stringify(time)},"certNo":${JSON.stringify(certNo)},"signValue":${JSON.stringify(signValue)}}`,
  };
}
