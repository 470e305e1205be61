import type { FieldDef } from './field.ts';

/** 保税账册: a row a line of the paper by which an item came in or went out; without a quantity, a record item alone. */
export const bonded: readonly FieldDef[] = [
  {
    id: 'recordNo',
    required: true,
    isId: true,
    zh: '账册编号',
    en: 'Bonded ledger No.',
    names: ['保税账册编号', '物流账册编号', '底账编号', '账册号', 'EMS No'],
  },
  {
    id: 'itemNo',
    required: true,
    isId: true,
    zh: '备案料号',
    en: 'Record item No.',
    names: ['账册备案料号', '商品料号', '料号', 'Part No'],
  },
  { id: 'seq', required: false, zh: '备案序号', en: 'Record line', names: ['账册备案序号', '账册序号'] },
  { id: 'sku', required: false, isId: true, zh: '企业商品货号', en: 'Own SKU', names: ['货号', 'SKU'] },
  { id: 'name', required: false, zh: '商品名称', en: 'Goods', names: ['品名', '备案品名', 'Description'] },
  { id: 'hsCode', required: false, isId: true, zh: '商品编码', en: 'HS code', names: ['税号', 'HS编码', 'HS'] },
  {
    id: 'unit',
    required: false,
    zh: '备案计量单位',
    en: 'Record unit',
    names: ['申报计量单位', '计量单位', '单位', 'Unit'],
  },
  {
    id: 'kind',
    required: false,
    zh: '进出区类别',
    en: 'Entry or exit',
    names: ['进出区', '进出类别', '入区出区', '进出标志', 'Movement'],
  },
  { id: 'on', required: false, zh: '进出区日期', en: 'Moved on', names: ['入区日期', '出区日期', '日期', 'Date'] },
  { id: 'paperKind', required: false, zh: '单证类别', en: 'Paper', names: ['单据类别', 'Paper type'] },
  {
    id: 'paperNo',
    required: false,
    isId: true,
    zh: '来源单证编号',
    en: 'Paper No.',
    names: ['核注清单编号', '核注清单号', '报关单号', '单证编号', '单据编号'],
  },
  { id: 'paperLine', required: false, zh: '单证项号', en: 'Line of paper', names: ['项号', '表体序号', '单证序号'] },
  {
    id: 'qty',
    required: false,
    zh: '进出区数量',
    en: 'Quantity moved',
    names: ['数量', '申报数量', 'Quantity', 'Qty'],
  },
];
