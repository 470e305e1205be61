import { guid, returnInfo, returnStatus, returnTime } from './common-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 物流运单回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb506 = {
  message: 'CEB506Message',
  family: 'ceb',
  zh: '物流运单回执',
  en: 'Waybill receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB506',
  node: 'LogisticsReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '物流运单回执',
    en: 'Waybill receipt',
    fields: [
      guid,
      {
        name: 'logisticsCode',
        zh: '物流企业代码',
        en: 'Carrier code',
        kind: 'text',
        max: 18,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'logisticsNo',
        zh: '物流运单编号',
        en: 'Waybill no.',
        kind: 'text',
        max: 32,
        occurs: [1, 1],
        required: true,
        help: {
          zh: '包裹运单号，最长 32 位；同一物流企业 6 个月内不得重复。',
          en: 'Parcel waybill, at most 32 characters; not reused by a carrier within six months.',
        },
      },
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['logisticsCode', 'logisticsNo'],
  answers: { message: 'CEB505Message', match: { logisticsCode: 'logisticsCode', logisticsNo: 'logisticsNo' } },
} as const satisfies MessageSpec;
