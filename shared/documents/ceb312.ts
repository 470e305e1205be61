import { guid, returnStatus, returnTime } from './common-fields.ts';
import { ebcCode, returnInfo } from './shared-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 电子订单回执（进口）: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb312 = {
  message: 'CEB312Message',
  family: 'ceb',
  zh: '电子订单回执（进口）',
  en: 'Import order receipt',
  direction: 'import',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB312',
  node: 'OrderReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '电子订单回执（进口）',
    en: 'Import order receipt',
    fields: [
      guid,
      {
        name: 'ebpCode',
        zh: '电商平台代码',
        en: 'Platform code',
        kind: 'text',
        min: 1,
        max: 18,
        occurs: [1, 1],
        required: true,
      },
      ebcCode,
      {
        name: 'orderNo',
        zh: '订单编号',
        en: 'Order no.',
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
  businessKey: ['ebpCode', 'ebcCode', 'orderNo'],
  answers: { message: 'CEB311Message', match: { ebpCode: 'ebpCode', ebcCode: 'ebcCode', orderNo: 'orderNo' } },
} as const satisfies MessageSpec;
