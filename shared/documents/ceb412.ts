import { guid, returnStatus, returnTime } from './common-fields.ts';
import { returnInfo } from './shared-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 支付凭证回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb412 = {
  message: 'CEB412Message',
  family: 'ceb',
  zh: '支付凭证回执',
  en: 'Payment receipt',
  direction: 'import',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB412',
  node: 'PaymentReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '支付凭证回执',
    en: 'Payment receipt',
    fields: [
      guid,
      {
        name: 'payCode',
        zh: '支付企业代码',
        en: 'Payment firm code',
        kind: 'text',
        min: 1,
        max: 18,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'payTransactionId',
        zh: '支付交易编号',
        en: 'Payment no.',
        kind: 'text',
        min: 1,
        max: 60,
        occurs: [1, 1],
        required: true,
      },
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['payCode', 'payTransactionId'],
  answers: { message: 'CEB411Message', match: { payCode: 'payCode', payTransactionId: 'payTransactionId' } },
} as const satisfies MessageSpec;
