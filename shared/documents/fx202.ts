import { guid, mandatory, returnInfo, returnStatus, returnTime, usccText } from './common-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 贸易信贷报告回执: platform → firm, with the number the report is filed under. */
export const fx202 = {
  message: 'FX202Message',
  family: 'fx',
  zh: '贸易信贷报告回执',
  en: 'Receipt of a trade-credit report',
  direction: 'export',
  kind: 'receipt',
  edition: 'portbook/1',
  source: 'portbook/1 FX202',
  node: 'TradeCreditReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '贸易信贷报告回执',
    en: 'Receipt of a trade-credit report',
    fields: [
      guid,
      { name: 'reporterCode', zh: '报告企业统一社会信用代码', en: 'Reporter credit code', ...usccText, ...mandatory },
      { name: 'reportNo', zh: '报告编号', en: 'Report no.', kind: 'text', max: 30, occurs: [1, 1], required: true },
      {
        name: 'filingNo',
        zh: '受理编号',
        en: 'Filing no.',
        kind: 'text',
        max: 30,
        occurs: [0, 1],
        required: false,
      },
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['reporterCode', 'reportNo'],
  platformNo: ['filingNo'],
  answers: { message: 'FX201Message', match: { reporterCode: 'reporterCode', reportNo: 'reportNo' } },
} as const satisfies MessageSpec;
