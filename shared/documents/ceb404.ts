import { guid, returnInfo, returnStatus, returnTime } from './common-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 收款单回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb404 = {
  message: 'CEB404Message',
  family: 'ceb',
  zh: '收款单回执',
  en: 'Payment receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB404',
  node: 'ReceiptsReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '收款单回执',
    en: 'Payment receipt',
    fields: [
      guid,
      {
        name: 'ebcCode',
        zh: '电商企业代码',
        en: 'E-commerce firm code',
        kind: 'text',
        max: 18,
        occurs: [1, 1],
        required: true,
        help: {
          zh: '10 位海关注册编码或 18 位统一社会信用代码，即清单的收发货人。',
          en: '10-digit customs code or 18-character credit code; the consignor of the list.',
        },
      },
      {
        name: 'orderNo',
        zh: '电商订单/海外仓订仓单编号',
        en: 'Order no.',
        kind: 'text',
        max: 60,
        occurs: [1, 1],
        required: true,
        help: {
          zh: '平台订单号，同一平台内唯一；清单上的订单号必须与订单一致。',
          en: 'Order number of the platform; the list must carry the same one.',
        },
      },
      { name: 'payNo', zh: '支付交易编号', en: 'Payment no.', kind: 'text', max: 60, occurs: [0, 1], required: false },
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['ebcCode', 'orderNo'],
  answers: { message: 'CEB403Message', match: { ebcCode: 'ebcCode', orderNo: 'orderNo' } },
} as const satisfies MessageSpec;
