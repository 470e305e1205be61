import { guid, returnStatus, returnTime } from './common-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 报文格式校验回执: customs → firm, edition 2022-05 of the unified cross-border message specification. */
export const ceb900 = {
  message: 'CEB900Message',
  family: 'ceb',
  zh: '报文格式校验回执',
  en: 'Format receipt',
  direction: 'export',
  kind: 'receipt',
  edition: '2022-05',
  source: '跨境统一版报文规范 2022-05 CEB900',
  node: 'MessageReturn',
  maxNodes: 1,
  head: {
    name: '',
    zh: '报文格式校验回执',
    en: 'Format receipt',
    fields: [
      guid,
      returnStatus,
      {
        name: 'returnInfo',
        zh: '回执详细信息',
        en: 'Receipt text',
        kind: 'text',
        max: 5000,
        occurs: [1, 1],
        required: true,
      },
      returnTime,
      {
        name: 'oriCopMsgId',
        zh: '原始传输报文的copMsgId',
        en: 'Transport id (copMsgId) of the original',
        kind: 'text',
        max: 255,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'oriMessageType',
        zh: '原始报文类型',
        en: 'Type of the original',
        kind: 'text',
        max: 15,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'oriBizMessage',
        zh: '原始报文内容',
        en: 'Original message',
        kind: 'text',
        occurs: [1, 1],
        required: true,
      },
    ],
  },
  businessKey: ['oriCopMsgId'],
} as const satisfies MessageSpec;
