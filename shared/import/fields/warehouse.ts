import type { FieldDef } from './field.ts';

export const warehouse: readonly FieldDef[] = [
  {
    id: 'sku',
    required: true,
    isId: true,
    zh: '商品货号',
    en: 'SKU',
    names: ['货号', 'SKU编码', '商家SKU', 'Seller SKU', 'MSKU', 'Item Code'],
  },
  {
    id: 'date',
    required: true,
    zh: '日期',
    en: 'Date',
    names: ['销售日期', '业务日期', 'Report date', 'Sale date'],
  },
  {
    id: 'place',
    required: true,
    zh: '海外仓',
    en: 'Warehouse',
    names: ['仓库', '仓库名称', '仓库编码', 'Warehouse name'],
  },
  {
    id: 'sold',
    required: false,
    zh: '销售数量',
    en: 'Sold',
    names: ['售出数量', '出库数量', '销量', 'Qty sold', 'Units sold', 'Shipped'],
  },
  {
    id: 'returned',
    required: false,
    zh: '退运数量',
    en: 'Returned',
    names: ['退回数量', '退货数量', 'Qty returned', 'Units returned'],
  },
];
