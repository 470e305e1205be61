import type { FieldDef } from './field.ts';

/** Notices of risk (风险通报) on countries, goods and counterparties. */
export const notices: readonly FieldDef[] = [
  {
    id: 'country',
    required: false,
    zh: '国家（地区）',
    en: 'Country',
    names: ['国别', '目的国', '国家', 'Market', 'Destination'],
  },
  {
    id: 'counterparty',
    required: false,
    zh: '交易对方',
    en: 'Counterparty',
    names: ['买方', '客户', '企业名称', '对象', 'Buyer', 'Company', 'Party'],
  },
  {
    id: 'hsPrefix',
    required: false,
    isId: true,
    zh: '商品编码（前几位）',
    en: 'HS prefix',
    names: ['税号', 'HS', 'HS编码', '商品编码', '品目', 'HS code', 'Tariff code'],
  },
  {
    id: 'level',
    required: false,
    zh: '风险等级',
    en: 'Level',
    names: ['等级', '级别', '预警级别', '风险级别', 'Severity', 'Risk level', 'Rating'],
  },
  {
    id: 'text',
    required: true,
    zh: '通报内容',
    en: 'Notice',
    names: ['内容', '提示', '预警内容', '风险提示', '摘要', '标题', 'Text', 'Summary', 'Title', 'Alert', 'Message'],
  },
  {
    id: 'source',
    required: false,
    zh: '来源',
    en: 'Source',
    names: ['发布机构', '发布单位', '出处', 'Authority', 'Publisher', 'Issued by'],
  },
  {
    id: 'validFrom',
    required: false,
    zh: '生效日期',
    en: 'Valid from',
    names: ['发布日期', '起始日期', '开始日期', '日期', 'From', 'Date', 'Start date', 'Published'],
  },
  {
    id: 'validTo',
    required: false,
    zh: '失效日期',
    en: 'Valid to',
    names: ['截止日期', '终止日期', '结束日期', 'To', 'End date', 'Expires', 'Until'],
  },
];
