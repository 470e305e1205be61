import { guid, returnInfo, returnStatus, returnTime } from './common-fields.ts';
import { agentCode } from './shared-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 撤销申请单回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb606 = {
  message: 'CEB606Message',
  family: 'ceb',
  zh: '撤销申请单回执',
  en: 'Withdrawal receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB606',
  node: 'InvtCancelReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '撤销申请单回执',
    en: 'Withdrawal receipt',
    fields: [
      guid,
      agentCode,
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
      {
        name: 'invtNo',
        zh: '原清单编号',
        en: 'Customs no. of the list',
        kind: 'text',
        max: 20,
        occurs: [1, 1],
        required: true,
      },
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['copNo'],
  platformNo: ['preNo'],
  answers: { message: 'CEB605Message', match: { copNo: 'copNo' } },
} as const satisfies MessageSpec;
