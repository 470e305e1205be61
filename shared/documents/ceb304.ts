import { guid, returnInfo, returnStatus, returnTime } from './common-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 电子订单回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb304 = {
  message: 'CEB304Message',
  family: 'ceb',
  zh: '电子订单回执',
  en: 'Order receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB304',
  node: 'OrderReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '电子订单回执',
    en: 'Order receipt',
    fields: [
      guid,
      {
        name: 'ebpCode',
        zh: '电商平台代码',
        en: 'Platform code',
        kind: 'text',
        max: 18,
        occurs: [1, 1],
        required: true,
        help: {
          zh: '境内平台填海关注册编码或信用代码；境外平台没有代码时填“无”。',
          en: 'Domestic platforms: their code; foreign platforms without one: 无.',
        },
      },
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
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['ebcCode', 'orderNo'],
  answers: { message: 'CEB303Message', match: { ebcCode: 'ebcCode', orderNo: 'orderNo' } },
} as const satisfies MessageSpec;
