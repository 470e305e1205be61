/** What the lines of a payout count as (费用类别), and where each category stands in the explosion and in the ledger. */

export const payoutCategories = [
  'sale',
  'shipping',
  'gift',
  'promotion',
  'tax-collected',
  'tax-withheld',
  'commission',
  'fulfilment',
  'storage',
  'advertising',
  'payment-fee',
  'subscription',
  'other-fee',
  'refund',
  'refund-fee',
  'reimbursement',
  'chargeback',
  'adjustment',
  'reserve-held',
  'reserve-released',
  'transfer',
  'unknown',
] as const;
export type PayoutCategory = (typeof payoutCategories)[number];

/** The steps from what buyers paid to what arrives, in the order they are shown. */
export const explosionGroups = [
  'gross',
  'tax',
  'commission',
  'fulfilment',
  'storage',
  'advertising',
  'payment',
  'other',
  'refund',
  'reimbursement',
  'unknown',
  'reserve',
  'transfer',
] as const;
export type ExplosionGroup = (typeof explosionGroups)[number];

export const groupOf: Readonly<Record<PayoutCategory, ExplosionGroup>> = {
  sale: 'gross',
  shipping: 'gross',
  gift: 'gross',
  promotion: 'gross',
  'tax-collected': 'tax',
  'tax-withheld': 'tax',
  commission: 'commission',
  fulfilment: 'fulfilment',
  storage: 'storage',
  advertising: 'advertising',
  'payment-fee': 'payment',
  subscription: 'other',
  'other-fee': 'other',
  adjustment: 'other',
  refund: 'refund',
  chargeback: 'refund',
  // What of the commission comes back with a refund, or is kept for making it, is commission.
  'refund-fee': 'commission',
  reimbursement: 'reimbursement',
  unknown: 'unknown',
  'reserve-held': 'reserve',
  'reserve-released': 'reserve',
  transfer: 'transfer',
};

/** What a buyer paid for an order, before the platform takes anything. */
export const isGross = (category: PayoutCategory): boolean => groupOf[category] === 'gross';
