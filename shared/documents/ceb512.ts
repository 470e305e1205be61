import { guid, returnStatus, returnTime } from './common-fields.ts';
import { returnInfo } from './shared-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 物流运单回执（进口）: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb512 = {
  message: 'CEB512Message',
  family: 'ceb',
  zh: '物流运单回执（进口）',
  en: 'Import waybill receipt',
  direction: 'import',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB512',
  node: 'LogisticsReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '物流运单回执（进口）',
    en: 'Import waybill receipt',
    fields: [
      guid,
      {
        name: 'logisticsCode',
        zh: '物流企业代码',
        en: 'Carrier code',
        kind: 'text',
        min: 1,
        max: 18,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'logisticsNo',
        zh: '物流运单编号',
        en: 'Waybill no.',
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
  businessKey: ['logisticsCode', 'logisticsNo'],
  answers: { message: 'CEB511Message', match: { logisticsCode: 'logisticsCode', logisticsNo: 'logisticsNo' } },
} as const satisfies MessageSpec;
