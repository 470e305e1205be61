import { guid, mandatory, returnInfo, returnStatus, returnTime, usccText } from './common-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 涉外收入申报单回执: platform → firm, with the number the declaration is known by from then on. */
export const fx102 = {
  message: 'FX102Message',
  family: 'fx',
  zh: '涉外收入申报单回执',
  en: 'Receipt of an income declaration',
  direction: 'export',
  kind: 'receipt',
  edition: 'portbook/1',
  source: 'portbook/1 FX102',
  node: 'IncomeDeclarationReturn',
  maxNodes: 100,
  head: {
    name: '',
    zh: '涉外收入申报单回执',
    en: 'Receipt of an income declaration',
    fields: [
      guid,
      { name: 'payeeCode', zh: '收款人统一社会信用代码', en: 'Payee credit code', ...usccText, ...mandatory },
      {
        name: 'recordNo',
        zh: '收款记录编号',
        en: 'Record no.',
        kind: 'text',
        max: 30,
        occurs: [1, 1],
        required: true,
      },
      {
        name: 'declarationNo',
        zh: '申报号码',
        en: 'Declaration no.',
        kind: 'text',
        length: 22,
        occurs: [0, 1],
        required: false,
      },
      returnStatus,
      returnTime,
      returnInfo,
    ],
  },
  businessKey: ['payeeCode', 'recordNo'],
  platformNo: ['declarationNo'],
  answers: { message: 'FX101Message', match: { payeeCode: 'payeeCode', recordNo: 'recordNo' } },
} as const satisfies MessageSpec;
