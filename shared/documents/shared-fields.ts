/** Fields that messages of the unified cross-border specification share word for word; those with help stand in common-fields. */
import type { FieldSpec } from './spec.ts';

export const agentCode = {
  name: 'agentCode',
  zh: '申报企业代码',
  en: 'Declarant code',
  kind: 'text',
  max: 18,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const appStatus = {
  name: 'appStatus',
  zh: '业务状态',
  en: 'Filing state',
  kind: 'text',
  min: 1,
  max: 3,
  values: { 1: { zh: '暂存', en: 'draft' }, 2: { zh: '申报', en: 'declare' } },
  occurs: [1, 1],
  required: true,
  help: { zh: '1 暂存，2 申报；申报时须加签名。', en: '1 stored only, 2 declared; a declaration must be signed.' },
} as const satisfies FieldSpec;
export const buyerIdNumber = {
  name: 'buyerIdNumber',
  zh: '订购人证件号码',
  en: "Buyer's ID no.",
  kind: 'text',
  min: 1,
  max: 60,
  secret: true,
  occurs: [1, 1],
  required: true,
  help: { zh: '订购人身份证号，境内居民 18 位。', en: 'The buyer’s identity number, 18 characters for residents.' },
} as const satisfies FieldSpec;
export const buyerIdType = {
  name: 'buyerIdType',
  zh: '订购人证件类型',
  en: "Buyer's ID type",
  kind: 'text',
  length: 1,
  values: { 1: { zh: '身份证', en: 'identity card' }, 2: { zh: '其它', en: 'other' } },
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const buyerName = {
  name: 'buyerName',
  zh: '订购人姓名',
  en: "Buyer's name",
  kind: 'text',
  min: 1,
  max: 60,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const buyerTelephone = {
  name: 'buyerTelephone',
  zh: '订购人电话',
  en: "Buyer's telephone",
  kind: 'text',
  min: 1,
  max: 30,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const copNo = {
  name: 'copNo',
  zh: '企业唯一编号',
  en: 'Own document no.',
  kind: 'text',
  max: 30,
  occurs: [1, 1],
  required: true,
  help: { zh: '企业自编、不重复的单证编号，回执按它对回。', en: 'Own unique number; the receipt comes back under it.' },
} as const satisfies FieldSpec;
export const customsCode = {
  name: 'customsCode',
  zh: '申报地海关代码',
  en: 'Customs office',
  kind: 'text',
  length: 4,
  table: 'customs_district',
  occurs: [1, 1],
  required: true,
  help: { zh: '四位申报地海关关区代码。', en: 'Four-digit district where it is declared.' },
} as const satisfies FieldSpec;
export const ebcCode = {
  name: 'ebcCode',
  zh: '电商企业代码',
  en: 'E-commerce firm code',
  kind: 'text',
  min: 1,
  max: 18,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const ebcName = {
  name: 'ebcName',
  zh: '电商企业名称',
  en: 'E-commerce firm name',
  kind: 'text',
  min: 1,
  max: 100,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const ebpCode = {
  name: 'ebpCode',
  zh: '电商平台代码',
  en: 'Platform code',
  kind: 'text',
  min: 1,
  max: 18,
  occurs: [1, 1],
  required: true,
  help: {
    zh: '平台的 10 位海关注册编码或 18 位统一社会信用代码。',
    en: 'The platform’s 10-digit customs number or 18-character credit code.',
  },
} as const satisfies FieldSpec;
export const ebpName = {
  name: 'ebpName',
  zh: '电商平台名称',
  en: 'Platform name',
  kind: 'text',
  min: 1,
  max: 100,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const gnum = {
  name: 'gnum',
  zh: '序号',
  en: 'Line no.',
  kind: 'integer',
  digits: 5,
  occurs: [1, 1],
  required: true,
  help: { zh: '从 1 起连续编号。', en: 'From 1 without gaps.' },
} as const satisfies FieldSpec;
export const loctNo = {
  name: 'loctNo',
  zh: '监管场所代码',
  en: 'Supervised site code',
  kind: 'text',
  max: 10,
  occurs: [0, 1],
  required: false,
  help: { zh: '一个海关有多个跨境电商场所时必填。', en: 'Needed where a customs office has several e-commerce sites.' },
} as const satisfies FieldSpec;
export const logisticsCode = {
  name: 'logisticsCode',
  zh: '物流企业代码',
  en: 'Carrier code',
  kind: 'text',
  max: 18,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const logisticsName = {
  name: 'logisticsName',
  zh: '物流企业名称',
  en: 'Carrier name',
  kind: 'text',
  min: 1,
  max: 100,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const logisticsNo = {
  name: 'logisticsNo',
  zh: '物流运单编号',
  en: 'Waybill no.',
  kind: 'text',
  min: 1,
  max: 60,
  occurs: [1, 1],
  required: true,
  help: { zh: '同一物流企业六个月内不得重复使用。', en: 'Not used again by the same carrier within six months.' },
} as const satisfies FieldSpec;
export const msgCount = {
  name: 'msgCount',
  zh: '报文总数',
  en: 'Parts in all',
  kind: 'integer',
  digits: 9,
  occurs: [1, 1],
  required: true,
  help: { zh: '拆分报文的总份数；不拆分填 1。', en: 'How many messages it was split into; 1 when it was not.' },
} as const satisfies FieldSpec;
export const msgSeqNo = {
  name: 'msgSeqNo',
  zh: '报文序号',
  en: 'Part no.',
  kind: 'integer',
  digits: 9,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const orderNo = {
  name: 'orderNo',
  zh: '订单编号',
  en: 'Order no.',
  kind: 'text',
  min: 1,
  max: 60,
  occurs: [1, 1],
  required: true,
  help: { zh: '在同一平台内不得重复。', en: 'Unique on its platform.' },
} as const satisfies FieldSpec;
export const preNo = {
  name: 'preNo',
  zh: '预录入编号',
  en: 'E-port no.',
  kind: 'text',
  max: 18,
  occurs: [0, 1],
  required: false,
  help: {
    zh: '电子口岸生成的编号；首次申报不填，变更时照填。',
    en: 'Given by the e-port; left out on the first filing, repeated on a change.',
  },
} as const satisfies FieldSpec;
export const returnInfo = {
  name: 'returnInfo',
  zh: '回执信息',
  en: 'Receipt text',
  kind: 'text',
  min: 1,
  max: 1000,
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
export const trafMode = {
  name: 'trafMode',
  zh: '运输方式',
  en: 'Mode of transport',
  kind: 'text',
  length: 1,
  table: 'transport_mode',
  occurs: [1, 1],
  required: true,
} as const satisfies FieldSpec;
