/** The pages of the money area (收付) by their names, in the order of the work. */
export const moneyTabs = [
  'money',
  'moneyEntries',
  'moneyAccounts',
  'stores',
  'payouts',
  'allocations',
  'netting',
  'monitor',
  'tradeCredit',
  'creditInsurance',
  'financing',
  'recordMatch',
  'flows',
  'risk',
  'credit',
] as const;
export type MoneyTab = (typeof moneyTabs)[number];
