import type { FieldSpec } from './spec.ts';

/** Fields that several messages share word for word. */
export const guid = {
  name: 'guid',
  zh: '系统唯一序号',
  en: 'Document id',
  kind: 'text',
  length: 36,
  format: 'guid',
  occurs: [1, 1],
  required: true,
  from: 'app.newGuid',
  help: {
    zh: '36 位大写 GUID，单证的唯一标识；回执原样带回，重发时沿用不变。',
    en: '36 upper-case characters; receipts come back under it; a resend keeps it.',
  },
} as const satisfies FieldSpec;
export const appType = {
  name: 'appType',
  zh: '报送类型',
  en: 'Kind of filing',
  kind: 'text',
  length: 1,
  occurs: [1, 1],
  required: true,
  values: { 1: { zh: '新增', en: 'new' }, 2: { zh: '变更', en: 'change' }, 3: { zh: '删除', en: 'delete' } },
  default: '1',
  help: { zh: '1 新增，2 变更，3 删除。首次申报填 1。', en: '1 new, 2 change, 3 delete. First filing: 1.' },
} as const satisfies FieldSpec;
export const appTime = {
  name: 'appTime',
  zh: '报送时间',
  en: 'Time of filing',
  kind: 'text',
  length: 14,
  format: 'time14',
  occurs: [1, 1],
  required: true,
  from: 'app.now',
  help: { zh: '申报时间，年月日时分秒 14 位，如 20260701093000。', en: 'Time of filing, 14 digits yyyyMMddHHmmss.' },
} as const satisfies FieldSpec;
export const remark = {
  name: 'note',
  zh: '备注',
  en: 'Remark',
  kind: 'text',
  max: 1000,
  occurs: [0, 1],
  required: false,
} as const satisfies FieldSpec;
export const returnStatus = {
  name: 'returnStatus',
  zh: '回执状态',
  en: 'Receipt state',
  kind: 'text',
  min: 1,
  max: 10,
  occurs: [1, 1],
  required: true,
  table: 'return_status',
  open: true,
  help: {
    zh: '1 暂存 2 申报中 3 已发海关 4 发送失败 100 退单 120 入库 300 人审 399 审结 500 查验 800 放行 899 结关；负数为处理异常。',
    en: 'Digits are states; a negative number is an error.',
  },
} as const satisfies FieldSpec;
export const returnTime = {
  name: 'returnTime',
  zh: '回执时间',
  en: 'Receipt time',
  kind: 'text',
  length: 17,
  format: 'time17',
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const returnInfo = {
  name: 'returnInfo',
  zh: '回执信息',
  en: 'Receipt text',
  kind: 'text',
  max: 1000,
  occurs: [1, 1],
  required: true,
  help: { zh: '自由文本，常含 [Code:…;Desc:…]。', en: 'Free text, often with [Code:…;Desc:…].' },
} as const satisfies FieldSpec;

/** Parts of a field that many fields of a message share: whether it must be there, and what it may hold. */
export const mandatory = { occurs: [1, 1], required: true } as const;
export const optional = { occurs: [0, 1], required: false } as const;
/** A 统一社会信用代码. */
export const usccText = { kind: 'text', length: 18 } as const;
/** A currency by its letters, as banks write it. */
export const isoCurrency = { kind: 'text', length: 3, table: 'currency_iso' } as const;
/** A country or region by its three letters, as banks write it. */
export const alpha3 = { kind: 'text', length: 3, table: 'country_alpha3' } as const;
/** An amount of money in a currency of up to three decimals. */
export const foreignAmount = { kind: 'decimal', digits: 19, fraction: 3 } as const;
/** A bank account, whole: masking is the matter of screens and prints. */
export const accountText = { kind: 'text', max: 40, secret: true } as const;
