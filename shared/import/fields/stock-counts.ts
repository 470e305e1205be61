import type { FieldDef } from './field.ts';

/** Counts of stock (盘点) at overseas warehouses. */
export const stockCounts: readonly FieldDef[] = [
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
    zh: '盘点日期',
    en: 'Count date',
    names: ['库存日期', '快照日期', '日期', 'Date', 'Snapshot date', 'Report date'],
  },
  {
    id: 'place',
    required: true,
    zh: '海外仓',
    en: 'Warehouse',
    names: ['仓库', '仓库名称', '仓库编码', 'Warehouse name'],
  },
  {
    id: 'counted',
    required: true,
    zh: '库存数量',
    en: 'On hand',
    names: [
      '盘点数量',
      '实盘数量',
      '在库数量',
      '在仓数量',
      '库存',
      'Stock on hand',
      'Qty on hand',
      'Quantity on hand',
      'Stock',
    ],
  },
];
