import { filingReceiptFields } from './plat-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 产品资源库产品回执: platform → firm, with the number it is filed under. */
export const plat202 = {
  message: 'PLAT202Message',
  family: 'plat',
  zh: '产品资源库产品回执',
  en: 'Receipt of a product',
  direction: 'export',
  kind: 'receipt',
  edition: 'portbook/1',
  source: 'portbook/1 PLAT202',
  node: 'ProductReturn',
  maxNodes: 100,
  head: { name: '', zh: '产品资源库产品回执', en: 'Receipt of a product', fields: filingReceiptFields },
  businessKey: ['reporterCode', 'filingNo'],
  platformNo: ['acceptNo'],
  answers: { message: 'PLAT201Message', match: { reporterCode: 'reporterCode', filingNo: 'filingNo' } },
} as const satisfies MessageSpec;
