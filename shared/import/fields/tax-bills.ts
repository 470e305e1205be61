import type { FieldDef } from './field.ts';

export const taxBills: readonly FieldDef[] = [
  {
    id: 'number',
    required: true,
    isId: true,
    zh: '税费单号',
    en: 'Bill No.',
    names: ['税单号', '缴款书号', '税单编号', '税费单编号'],
  },
  {
    id: 'declarationNo',
    required: false,
    isId: true,
    zh: '报关单号',
    en: 'Declaration No.',
    names: ['海关编号', '报关单编号'],
  },
  {
    id: 'kind',
    required: true,
    zh: '税费种类',
    en: 'Tax',
    names: ['税种', '税费类型', '征税类别'],
  },
  {
    id: 'authority',
    required: false,
    zh: '申报关区',
    en: 'Customs',
    names: ['申报海关', '征收机关', '关区'],
  },
  {
    id: 'amount',
    required: true,
    zh: '支付金额',
    en: 'Amount',
    names: ['税费金额', '应缴金额', '金额', '税款金额'],
  },
  {
    id: 'issuedOn',
    required: false,
    zh: '填发日期',
    en: 'Issued on',
    names: ['开征日期', '制单日期', '开具日期'],
  },
  {
    id: 'due',
    required: false,
    zh: '缴款期限',
    en: 'Due on',
    names: ['缴款截止日期', '限缴日期', '缴纳期限'],
  },
  {
    id: 'paidOn',
    required: false,
    zh: '银行扣税时间',
    en: 'Paid on',
    names: ['扣税时间', '支付时间', '缴款日期'],
  },
  {
    id: 'status',
    required: false,
    zh: '支付状态',
    en: 'State',
    names: ['缴款状态', '状态'],
  },
];
