import { exportLines } from './export-lines.ts';
import type { FieldDef } from './field.ts';

/** Copies of declarations that others made: the columns of our own lines but the article, and whose they are. */
export const declarationCopies: readonly FieldDef[] = [
  ...exportLines.filter(({ id }) => id !== 'sku'),
  {
    id: 'exporter',
    required: true,
    zh: '境内发货人',
    en: 'Exporter',
    names: ['出口企业', '企业名称', '发货人', '经营单位', '经营单位名称', '境内收发货人', 'Shipper', 'Consignor'],
  },
  {
    id: 'exporterCode',
    required: false,
    isId: true,
    zh: '境内发货人代码',
    en: 'Exporter code',
    names: ['统一社会信用代码', '信用代码', '经营单位代码', '海关注册编码'],
  },
  {
    id: 'customsCode',
    required: false,
    isId: true,
    zh: '出境关别',
    en: 'Customs of export',
    names: ['出口口岸', '关区代码', '出境口岸', '申报地海关'],
  },
];
