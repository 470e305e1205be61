/** Codes of the chart (小企业会计准则 附录, 财会〔2011〕17 号) that posting rules name. */
export const accounts = {
  bank: '1002',
  receivable: '1122',
  revenue: '5001',
  exchange: '5603',
} as const;
