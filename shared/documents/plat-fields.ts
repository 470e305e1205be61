import {
  appTime,
  appType,
  guid,
  mandatory,
  optional,
  returnInfo,
  returnStatus,
  returnTime,
  usccText,
} from './common-fields.ts';
import type { FieldSpec } from './spec.ts';

/** Fields of the payloads of the provincial platform: what every request starts with, and what every receipt is. */
const filingNo = {
  name: 'filingNo',
  zh: '报送编号',
  en: 'Filing no.',
  kind: 'text',
  max: 30,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
const reporterCode = {
  name: 'reporterCode',
  zh: '报送企业统一社会信用代码',
  en: 'Reporter credit code',
  ...usccText,
  ...mandatory,
} as const satisfies FieldSpec;
const acceptNo = {
  name: 'acceptNo',
  zh: '平台受理编号',
  en: 'Acceptance no.',
  kind: 'text',
  max: 30,
  ...optional,
} as const satisfies FieldSpec;

export const filingFields = [
  guid,
  appType,
  appTime,
  {
    ...filingNo,
    from: 'subject.number',
    help: {
      zh: '企业自编，同一事项的新增、变更、删除用同一编号，回执按它匹配。',
      en: 'Own number; the first filing, changes and deletion of one thing carry the same one; receipts are matched by it.',
    },
  },
  {
    ...acceptNo,
    requiredWhen: { field: 'appType', in: ['2', '3'] },
    from: 'subject.acceptNo',
    help: {
      zh: '新增时为空，由回执带回；变更、删除时必须有。',
      en: 'Blank at first, the receipt brings it; changes and deletions need it.',
    },
  },
  { ...reporterCode, from: 'profile.uscc' },
  {
    name: 'reporterName',
    zh: '报送企业名称',
    en: 'Reporter',
    kind: 'text',
    max: 100,
    ...mandatory,
    from: 'profile.name',
  },
] as const satisfies readonly FieldSpec[];

export const filingReceiptFields = [
  guid,
  reporterCode,
  filingNo,
  acceptNo,
  returnStatus,
  returnTime,
  returnInfo,
] as const satisfies readonly FieldSpec[];

/** A county or other administrative division (行政区划) by its six digits. */
export const divisionText = { kind: 'text', length: 6, table: 'admin_division' } as const;
/** SHA-256 of a file, lower-case hexadecimal. */
export const sha256Text = { kind: 'text', length: 64 } as const;
export const date8 = { kind: 'text', length: 8, format: 'date8' } as const;
export const yesNo = { N: { zh: '否', en: 'no' }, Y: { zh: '是', en: 'yes' } } as const;
/** Yuan with fen, or dollars with cents. */
export const cents = { kind: 'decimal', digits: 19, fraction: 2 } as const;
export const lineNo = {
  name: 'gnum',
  zh: '序号',
  en: 'Line no.',
  kind: 'integer',
  digits: 5,
  ...mandatory,
  from: 'line.number',
} as const satisfies FieldSpec;
