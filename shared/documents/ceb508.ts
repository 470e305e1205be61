import { guid, returnInfo, returnStatus } from './common-fields.ts';
import { logisticsCode, msgSeqNo } from './shared-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 物流运抵单回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb508 = {
  message: 'CEB508Message',
  family: 'ceb',
  zh: '物流运抵单回执',
  en: 'Arrival receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB508',
  node: 'ArrivalReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '物流运抵单回执',
    en: 'Arrival receipt',
    fields: [
      guid,
      {
        name: 'operatorCode',
        zh: '监管场所经营人代码',
        en: 'Site operator code',
        kind: 'text',
        max: 18,
        occurs: [1, 1],
        required: true,
      },
      logisticsCode,
      {
        name: 'preNo',
        zh: '电子口岸编号',
        en: 'E-port no.',
        kind: 'text',
        length: 18,
        occurs: [1, 1],
        required: false,
      },
      {
        name: 'copNo',
        zh: '企业唯一编号',
        en: 'Own document no.',
        kind: 'text',
        max: 30,
        occurs: [1, 1],
        required: true,
      },
      { name: 'billNo', zh: '提运单号', en: 'Master bill no.', kind: 'text', max: 37, occurs: [1, 1], required: true },
      msgSeqNo,
      returnStatus,
      {
        name: 'returnTime',
        zh: '回执时间',
        en: 'Receipt time',
        kind: 'text',
        length: 17,
        occurs: [1, 1],
        required: true,
      },
      returnInfo,
    ],
  },
  businessKey: ['copNo'],
  platformNo: ['preNo'],
  answers: { message: 'CEB507Message', match: { copNo: 'copNo' } },
} as const satisfies MessageSpec;
