/**
 * Codes of the chart (小企业会计准则 附录, 财会〔2011〕17 号; resources/accounts) that the program itself names. Everything else
 * is named by the posting rules alone.
 */
export const accounts = {
  receivable: '1122',
  revenue: '5001',
  /** Clearing account of conversions (货币兑换), our own: its fen balance is always zero. */
  clearing: '1998',
  /** Profit of the year (本年利润). */
  profit: '3103',
  /** Money: cash, bank, other monetary funds (货币资金). */
  money: ['1001', '1002', '1012'],
} as const;
