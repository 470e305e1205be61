/** Names of categories, steps and proofs, for screens, prints and workbooks. */
import type { ExplosionGroup, PayoutCategory } from './categories.ts';

export interface PayoutText {
  readonly zh: string;
  readonly en: string;
}

export const categoryTexts: Readonly<Record<PayoutCategory, PayoutText>> = {
  sale: { zh: '商品销售', en: 'Sale of goods' },
  shipping: { zh: '买家付运费', en: 'Shipping paid by buyer' },
  gift: { zh: '礼品包装', en: 'Gift wrap' },
  promotion: { zh: '促销折扣', en: 'Promotions' },
  'tax-collected': { zh: '代收税款', en: 'Tax collected' },
  'tax-withheld': { zh: '代扣税款', en: 'Tax withheld' },
  commission: { zh: '平台佣金', en: 'Commission' },
  fulfilment: { zh: '履约与物流费', en: 'Fulfilment and delivery' },
  storage: { zh: '仓储费', en: 'Storage' },
  advertising: { zh: '广告推广费', en: 'Advertising' },
  'payment-fee': { zh: '支付手续费', en: 'Payment fees' },
  subscription: { zh: '订阅费', en: 'Subscription' },
  'other-fee': { zh: '其他费用', en: 'Other fees' },
  refund: { zh: '退款', en: 'Refunds' },
  'refund-fee': { zh: '退款涉及的费用', en: 'Fees of refunds' },
  reimbursement: { zh: '平台赔偿', en: 'Reimbursements' },
  chargeback: { zh: '拒付', en: 'Chargebacks' },
  adjustment: { zh: '调整', en: 'Adjustments' },
  'reserve-held': { zh: '本期预留', en: 'Reserve held' },
  'reserve-released': { zh: '上期预留转回', en: 'Reserve released' },
  transfer: { zh: '划转', en: 'Transfers' },
  unknown: { zh: '未归类', en: 'Not classified' },
};

export const groupTexts: Readonly<Record<ExplosionGroup, PayoutText>> = {
  gross: { zh: '销售总额', en: 'Gross sale' },
  tax: { zh: '税款', en: 'Taxes' },
  commission: { zh: '佣金', en: 'Commission' },
  fulfilment: { zh: '履约物流', en: 'Fulfilment' },
  storage: { zh: '仓储', en: 'Storage' },
  advertising: { zh: '广告', en: 'Advertising' },
  payment: { zh: '支付手续费', en: 'Payment fees' },
  other: { zh: '其他费用', en: 'Other fees' },
  refund: { zh: '退款拒付', en: 'Refunds' },
  reimbursement: { zh: '平台赔偿', en: 'Reimbursed' },
  unknown: { zh: '未归类', en: 'Not classified' },
  reserve: { zh: '预留金', en: 'Reserve' },
  transfer: { zh: '划转', en: 'Transfers' },
};

export const proofTexts = {
  deposit: { zh: '逐行合计与到账额一致', en: 'Lines add up to the deposit' },
  transfer: { zh: '逐行合计与划转额一致', en: 'Lines add up to the transfers' },
  rows: { zh: '每行明细与行合计一致', en: 'Each row adds up to its total' },
  none: { zh: '无法核对到账额', en: 'No deposit to prove against' },
} as const satisfies Readonly<Record<string, PayoutText>>;

export const sheetTexts = {
  title: { zh: '平台结算单', en: 'Payout' },
  firm: { zh: '单位', en: 'Firm' },
  report: { zh: '报表', en: 'Report' },
  number: { zh: '结算编号', en: 'Settlement' },
  store: { zh: '店铺', en: 'Store' },
  days: { zh: '期间', en: 'Days' },
  zone: { zh: '文件时区', en: 'Time zone of the file' },
  depositOn: { zh: '到账日', en: 'Deposit date' },
  total: { zh: '净额', en: 'Net' },
  deposit: { zh: '到账额', en: 'Deposit' },
  proof: { zh: '核对', en: 'Proof' },
  reserves: { zh: '期初预留 / 期末预留', en: 'Reserve before / after' },
  lines: { zh: '行数 / 订单数', en: 'Lines / orders' },
  file: { zh: '来源文件', en: 'File' },
  madeOn: { zh: '制表日', en: 'Made on' },
  summary: { zh: '从销售总额到净额', en: 'From gross to net' },
  months: { zh: '按月', en: 'By month' },
  monthsChina: { zh: '按北京时间的日历月', en: 'Calendar months of China' },
  monthsOwn: { zh: '按文件时区的日历月', en: 'Calendar months of the file’s zone' },
  kinds: { zh: '按平台名目', en: 'By description' },
  lineSheet: { zh: '明细', en: 'Lines' },
  step: { zh: '步骤', en: 'Step' },
  category: { zh: '类别', en: 'Category' },
  month: { zh: '月份', en: 'Month' },
  type: { zh: '平台交易类型', en: 'Type' },
  detail: { zh: '平台名目', en: 'Description' },
  count: { zh: '行数', en: 'Lines' },
  amount: { zh: '金额', en: 'Amount' },
  running: { zh: '余额', en: 'Running' },
  row: { zh: '文件行', en: 'Row' },
  postedOn: { zh: '日期（北京）', en: 'Day (China)' },
  ownOn: { zh: '日期（文件）', en: 'Day (file)' },
  orderNo: { zh: '订单号', en: 'Order' },
  sku: { zh: 'SKU', en: 'SKU' },
  qty: { zh: '数量', en: 'Quantity' },
  document: { zh: '记账单据', en: 'Document' },
  prepared: { zh: '制表', en: 'Prepared by' },
  reviewed: { zh: '复核', en: 'Reviewed by' },
} as const satisfies Readonly<Record<string, PayoutText>>;
