import { guid, returnInfo, returnStatus, returnTime } from './common-fields.ts';
import { agentCode, logisticsCode, msgSeqNo } from './shared-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 清单总分单回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb608 = {
  message: 'CEB608Message',
  family: 'ceb',
  zh: '清单总分单回执',
  en: 'Waybill list receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB608',
  node: 'WayBillReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '清单总分单回执',
    en: 'Waybill list receipt',
    fields: [
      guid,
      agentCode,
      logisticsCode,
      {
        name: 'copNo',
        zh: '企业唯一编号',
        en: 'Own document no.',
        kind: 'text',
        max: 30,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'preNo',
        zh: '电子口岸编号',
        en: 'E-port no.',
        kind: 'text',
        length: 18,
        occurs: [1, 1],
        required: false,
      },
      { name: 'billNo', zh: '提运单号', en: 'Master bill no.', kind: 'text', max: 37, occurs: [1, 1], required: true },
      msgSeqNo,
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['copNo'],
  platformNo: ['preNo'],
  answers: { message: 'CEB607Message', match: { copNo: 'copNo' } },
} as const satisfies MessageSpec;
