import { filingReceiptFields } from './plat-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 统计月报回执: platform → firm, with the number it is filed under. */
export const plat302 = {
  message: 'PLAT302Message',
  family: 'plat',
  zh: '统计月报回执',
  en: 'Receipt of monthly statistics',
  direction: 'export',
  kind: 'receipt',
  edition: 'portbook/1',
  source: 'portbook/1 PLAT302',
  node: 'StatisticsReturn',
  maxNodes: 100,
  head: { name: '', zh: '统计月报回执', en: 'Receipt of monthly statistics', fields: filingReceiptFields },
  businessKey: ['reporterCode', 'filingNo'],
  platformNo: ['acceptNo'],
  answers: { message: 'PLAT301Message', match: { reporterCode: 'reporterCode', filingNo: 'filingNo' } },
} as const satisfies MessageSpec;
