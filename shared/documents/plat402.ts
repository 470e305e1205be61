import { filingReceiptFields } from './plat-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 信用承诺回执: platform → firm, with the number it is filed under. */
export const plat402 = {
  message: 'PLAT402Message',
  family: 'plat',
  zh: '信用承诺回执',
  en: 'Receipt of a pledge',
  direction: 'export',
  kind: 'receipt',
  edition: 'portbook/1',
  source: 'portbook/1 PLAT402',
  node: 'PledgeReturn',
  maxNodes: 100,
  head: { name: '', zh: '信用承诺回执', en: 'Receipt of a pledge', fields: filingReceiptFields },
  businessKey: ['reporterCode', 'filingNo'],
  platformNo: ['acceptNo'],
  answers: { message: 'PLAT401Message', match: { reporterCode: 'reporterCode', filingNo: 'filingNo' } },
} as const satisfies MessageSpec;
