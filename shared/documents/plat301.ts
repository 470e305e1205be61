import { mandatory, optional, remark } from './common-fields.ts';
import { cents, filingFields, lineNo } from './plat-fields.ts';
import type { FieldSpec, MessageSpec } from './spec.ts';

const counts = [
  { name: 'orders', zh: '订单数', en: 'Orders', kind: 'integer', digits: 12, ...mandatory },
  { name: 'amountCny', zh: '金额（人民币）', en: 'Amount in CNY', ...cents, ...mandatory },
  { name: 'amountUsd', zh: '金额（美元）', en: 'Amount in USD', ...cents, ...optional },
  { name: 'returns', zh: '退货单数', en: 'Returns', kind: 'integer', digits: 12, ...mandatory },
  { name: 'newBuyers', zh: '新增买家数', en: 'New buyers', kind: 'integer', digits: 12, ...mandatory },
] as const satisfies readonly FieldSpec[];

/**
 * 统计月报 (PLAT-STAT): a month's figures by mode, country, chapter, platform and zone. Amounts of the lines add up to the head to the cent;
 * an order that stands in several lines is counted once in the head, so counts of the lines come to no less than the head's.
 */
export const plat301 = {
  message: 'PLAT301Message',
  family: 'plat',
  zh: '统计月报',
  en: 'Monthly statistics',
  direction: 'export',
  kind: 'request',
  edition: 'portbook/1',
  source: 'portbook/1 PLAT301',
  node: 'Statistics',
  maxNodes: 10,
  head: {
    name: 'StatisticsHead',
    zh: '月报表头',
    en: 'Report head',
    fields: [
      ...filingFields,
      {
        name: 'period',
        zh: '统计月份',
        en: 'Month',
        kind: 'text',
        length: 6,
        ...mandatory,
        from: 'report.period',
        help: { zh: '六位数字，如 202611。', en: 'Six digits, e.g. 202611.' },
      },
      ...counts,
      remark,
    ],
  },
  lines: {
    name: 'StatisticsList',
    zh: '分项数字',
    en: 'Figures',
    min: 0,
    max: 10_000,
    fields: [
      lineNo,
      {
        name: 'flow',
        zh: '进出口',
        en: 'Flow',
        kind: 'text',
        length: 1,
        ...mandatory,
        values: { E: { zh: '出口', en: 'export' }, I: { zh: '进口', en: 'import' } },
        default: 'E',
        from: 'figure.flow',
      },
      {
        name: 'mode',
        zh: '监管方式',
        en: 'Supervision mode',
        kind: 'text',
        length: 4,
        table: 'trade_mode',
        ...mandatory,
        from: 'figure.mode',
      },
      {
        name: 'country',
        zh: '国家（地区）',
        en: 'Country',
        kind: 'text',
        length: 3,
        table: 'country',
        ...mandatory,
        from: 'figure.country',
      },
      { name: 'hs2', zh: '商品章', en: 'HS chapter', kind: 'text', length: 2, ...mandatory, from: 'figure.hs2' },
      {
        name: 'platform',
        zh: '电商平台',
        en: 'Marketplace',
        kind: 'text',
        max: 100,
        ...optional,
        from: 'figure.platform',
      },
      { name: 'zone', zh: '综合试验区', en: 'Pilot zone', kind: 'text', max: 100, ...optional, from: 'figure.zone' },
      ...counts,
    ],
  },
  businessKey: ['filingNo'],
  number: 'filingNo',
  amount: { head: 'amountCny' },
  rank: 1,
  receipt: 'PLAT302Message',
} as const satisfies MessageSpec;
