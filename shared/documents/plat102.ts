import { filingReceiptFields } from './plat-fields.ts';
import type { MessageSpec } from './spec.ts';

/** 经营主体备案回执: platform → firm, with the number it is filed under. */
export const plat102 = {
  message: 'PLAT102Message',
  family: 'plat',
  zh: '经营主体备案回执',
  en: 'Receipt of a registration',
  direction: 'export',
  kind: 'receipt',
  edition: 'portbook/1',
  source: 'portbook/1 PLAT102',
  node: 'RegistrationReturn',
  maxNodes: 100,
  head: { name: '', zh: '经营主体备案回执', en: 'Receipt of a registration', fields: filingReceiptFields },
  businessKey: ['reporterCode', 'filingNo'],
  platformNo: ['acceptNo'],
  answers: { message: 'PLAT101Message', match: { reporterCode: 'reporterCode', filingNo: 'filingNo' } },
} as const satisfies MessageSpec;
