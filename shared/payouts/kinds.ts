/**
 * What the descriptions of each platform count as. There is no official list of any of them: these are values seen in reports; what
 * is not here is `unknown` until a person says what it is.
 */
import type { PayoutCategory } from './categories.ts';

const fold = (text: string): string => text.toLowerCase().replaceAll(/[\s_\-–—.,:'’/()]+/g, '');

interface KindTable {
  /** Types under which money goes back to the buyer, and those under which a bank took it back. */
  readonly refunds: readonly string[];
  readonly chargebacks: readonly string[];
  /** By description; `group / *` stands for every description of a group. */
  readonly details: Partial<Record<PayoutCategory, readonly string[]>>;
  /** By type of transaction, where the description says nothing. */
  readonly types: Partial<Record<PayoutCategory, readonly string[]>>;
}

const amazon: KindTable = {
  refunds: [
    'Refund',
    'Order_Retrocharge',
    'Refund_Retrocharge',
    'Erstattung',
    'Remboursement',
    'Reembolso',
    'Rimborso',
  ],
  chargebacks: ['Chargeback Refund', 'A-to-z Guarantee Refund', 'A-to-z Guarantee Claim', 'Chargeback'],
  details: {
    sale: ['Principal', 'Quantity'],
    shipping: ['ItemPrice / Shipping', 'Shipping'],
    gift: ['GiftWrap', 'Gift wrap'],
    promotion: ['Promotion / *', 'PromotionMetaDataDefinitionValue', 'TaxDiscount', 'Shipping discount'],
    'tax-collected': ['Tax', 'ItemPrice / Tax', 'ShippingTax', 'GiftWrapTax', 'RegulatoryFee', 'ExportCharge'],
    'tax-withheld': [
      'ItemWithheldTax / *',
      'MarketplaceFacilitatorVAT-Principal',
      'MarketplaceFacilitatorVAT-Shipping',
      'MarketplaceFacilitatorVAT-Giftwrap',
      'MarketplaceFacilitatorVAT-RestockingFee',
      'MarketplaceFacilitatorTax-Principal',
      'MarketplaceFacilitatorTax-Shipping',
      'MarketplaceFacilitatorTax-Giftwrap',
      'MarketplaceFacilitatorTax-RestockingFee',
      'MarketplaceFacilitatorTax-Other',
      'LowValueGoodsTax-Principal',
      'LowValueGoodsTax-Shipping',
    ],
    commission: [
      'Commission',
      'VariableClosingFee',
      'FixedClosingFee',
      'DigitalServicesFee',
      'SalesTaxServiceFee',
      'ShippingHB',
    ],
    fulfilment: [
      'Shipment-Fees / *',
      'ShippingChargeback',
      'GiftwrapChargeback',
      'FBAPerOrderFulfillmentFee',
      'FBAPerUnitFulfillmentFee',
      'FBAWeightBasedFee',
      'FBATransportationFee',
      'FBA transportation fee',
      'FBAInboundTransportationFee',
      'FBA Inbound Placement Service Fee',
      'FBACustomerReturnPerOrderFee',
      'FBACustomerReturnPerUnitFee',
      'FBACustomerReturnWeightBasedFee',
      'Multi-Channel Fulfillment Brand-Neutral Box Fee',
      'Shipping label purchase',
      'ShippingServices',
      'ShippingServicesRefund',
      'DisposalComplete',
      'RemovalComplete',
      'FBA Removal Order: Disposal Fee',
      'FBA Removal Order: Return Fee',
      'Manual Processing Fee',
    ],
    storage: [
      'Storage Fee',
      'StorageRenewalBilling',
      'FBA storage fee',
      'FBA Inventory Storage Fee',
      'FBA Long-Term Storage Fee',
      'FBA Aged Inventory Surcharge',
      'Capacity Reservation Fee',
    ],
    advertising: [
      'Cost of Advertising',
      'Cost of Advertising / *',
      'TransactionTotalAmount',
      'Sponsored Products Charge',
      'LightningDealFee Special',
      'LightningDealFee',
      'Lightning Deal Fee',
      'Deal Participation Fee',
      'Deal Performance Fee',
      'Coupon Participation Fee',
      'Coupon Performance Fee',
      'Coupon Redemption Fee',
      'CouponRedemptionFee / *',
      'Vine Enrollment Fee',
    ],
    subscription: ['Subscription', 'Subscription Fee'],
    'other-fee': ['TaxAmount', 'other-transaction / Tax', 'Additional Other Expenses', 'misc-fee-amount'],
    'refund-fee': ['RefundCommission', 'RestockingFee', 'ReturnShipping'],
    refund: ['ItemPrice / Goodwill', 'Goodwill'],
    reimbursement: [
      'Refund Reimbursal',
      'REVERSAL_REIMBURSEMENT',
      'WAREHOUSE_DAMAGE',
      'WAREHOUSE_DAMAGE_EXCEPTION',
      'WAREHOUSE_LOST',
      'WAREHOUSE_LOST_MANUAL',
      'MISSING_FROM_INBOUND',
      'MULTICHANNEL_ORDER_DAMAGED',
      'MULTICHANNEL_ORDER_LATE',
      'MULTICHANNEL_ORDER_LOST',
      'REMOVAL_ORDER_DAMAGED',
      'REMOVAL_ORDER_LOST',
      'CS_ERROR_ITEMS',
      'INCORRECT_FEES_ITEMS',
      'INCORRECT_FEES_NON_ITEMIZED',
      'COMPENSATED_CLAWBACK',
      'FREE_REPLACEMENT_REFUND_ITEMS',
      'Manual Processing Fee Reimbursement',
      'FBA Inventory Reimbursement - Customer Return',
      'FBA Inventory Reimbursement - Customer Service Issue',
      'FBA Inventory Reimbursement - Damaged:Warehouse',
      'FBA Inventory Reimbursement - Lost:Warehouse',
      'FBA Inventory Reimbursement - Lost:Inbound',
      'FBA Inventory Reimbursement - General Adjustment',
      'FBA Inventory Reimbursement - Fee Correction',
      'SAFE-T Reimbursement',
      'SAFE-T reimbursement',
    ],
    adjustment: [
      'Adjustment',
      'Balance Adjustment',
      'BalanceAdjustment',
      'NonSubscriptionFeeAdj',
      'Merchant Bad Debt',
      'Amazon Capital Services',
    ],
    'reserve-held': ['Current Reserve Amount'],
    'reserve-released': ['Previous Reserve Amount Balance', 'Payable to Amazon'],
    transfer: ['Failed Disbursement', 'Successful charge', 'Micro Deposit', 'Debt Payment'],
  },
  types: {
    transfer: ['Transfer', 'Übertrag', 'Transfert', 'Transferir', 'Trasferimento', 'Disbursement', 'Debt Recovery'],
    storage: [
      'FBA Inventory Fee',
      'Lagergebühr',
      'Versand durch Amazon Lagergebühr',
      'Frais de stock Expédié par Amazon',
    ],
    fulfilment: ['Delivery Services', 'Shipping Services', 'FBA Transaction fees'],
    advertising: ['Lightning Deal Fee', 'Blitzangebotsgebühr', 'Deal Fee'],
    reimbursement: ['SAFE-T Reimbursement'],
  },
};

const shopee: KindTable = { refunds: [], chargebacks: [], details: {}, types: {} };

const lazada: KindTable = {
  refunds: ['Refund'],
  chargebacks: [],
  details: {
    sale: ['Item Price Credit', 'Product Price Paid by Buyer', 'Product Price'],
    refund: ['Reversal Item Price', 'Refund Item Price', 'Reversal Product Price', 'Product Price Refund'],
    shipping: ['Shipping Fee (Paid By Customer)', 'Shipping Fee Paid by Buyer', 'Shipping Fee Paid by Customer'],
    fulfilment: [
      'Shipping Fee Paid by Seller',
      'Shipping Fee Voucher (by Lazada)',
      'Shipping Fee Subsidy (By Lazada)',
      'Auto. Shipping fee subsidy (by Lazada)',
      'Adjustments Shipping Fee',
      'Fulfilment by Lazada Handling Fee',
      'Lazada Bonus - LZD co-fund',
    ],
    commission: ['Commission', 'Commission Fee', 'Marketplace Commission', 'Campaign Fee', 'Free Shipping Max Fee'],
    'payment-fee': ['Payment Fee', 'Payment fee - correction for undercharge'],
    promotion: [
      'Promotional Charges Vouchers',
      'Promotional Charges Flexi-Combo',
      'Promotional Charges Bundles',
      'Lazada Coins Discount',
      'LazCoins Discount',
      'LazCoins Discount Promotion Fee',
      'Seller Sponsored Voucher',
    ],
    'refund-fee': ['Reversal Commission', 'Reversal Payment Fee', 'Reversal shipping Fee (Paid by Customer)'],
    advertising: [
      'Sponsored Discovery - Top up',
      'Sponsored Discovery',
      'Sponsored Affiliates',
      'Sponsored Affiliate Fee',
    ],
    reimbursement: ['Lost Claim', 'Damaged Claim', 'Other Credit - Non Taxable'],
    'tax-withheld': ['Withholding Tax', 'WHT'],
  },
  types: {},
};

const tiktok: KindTable = {
  refunds: ['Refund'],
  chargebacks: ['Chargeback'],
  details: {},
  types: { adjustment: ['Adjustment', 'Logistics reimbursement', 'GMV payment for TikTok Ads'] },
};

const ebay: KindTable = {
  refunds: ['Refund', 'Claim'],
  chargebacks: ['Payment dispute', 'Chargeback'],
  details: {
    advertising: [
      'Promoted Listings - General fee',
      'Promoted Listings - Advanced fee',
      'Promoted Offsite fee',
      'Ad Fee Standard',
      'Ad Fee Advanced',
    ],
    subscription: ['Store subscription fee', 'Basic Store subscription'],
  },
  types: {
    fulfilment: ['Shipping label'],
    transfer: ['Payout'],
    'reserve-held': ['Hold'],
    adjustment: ['Adjustment', 'Transfer', 'Charge'],
    'other-fee': ['Other fee'],
  },
};

const shopify: KindTable = {
  refunds: ['refund'],
  chargebacks: ['chargeback', 'dispute'],
  details: {},
  types: { transfer: ['payout', 'transfer'], adjustment: ['adjustment'], 'reserve-held': ['reserved_funds'] },
};

const tables: Readonly<Record<string, KindTable>> = {
  amazon,
  shopee,
  lazada,
  'tiktok-shop': tiktok,
  ebay,
  shopify,
};

/** What common words of reports without a table say, in Chinese and English; whole descriptions, not parts of them. */
const common: KindTable = {
  refunds: ['Refund', '退款'],
  chargebacks: ['Chargeback', '拒付'],
  details: {
    sale: ['Sale', 'Sales', 'Order', 'Payment', '订单收入', '货款', '销售额', '订单'],
    commission: ['Commission', '佣金', '平台佣金', '技术服务费'],
    'payment-fee': ['Fee', 'Payment fee', 'Transaction fee', '手续费', '交易手续费'],
    advertising: ['Advertising', 'Ads', '广告费', '推广费'],
    shipping: ['Shipping', '运费'],
    refund: ['Refund', '退款'],
    transfer: ['Payout', 'Transfer', 'Withdrawal', '提现', '打款', '结算打款'],
    'reserve-held': ['Reserve', '预留金'],
  },
  types: {},
};

interface Lookup {
  readonly details: ReadonlyMap<string, PayoutCategory>;
  readonly types: ReadonlyMap<string, PayoutCategory>;
  readonly refunds: ReadonlySet<string>;
  readonly chargebacks: ReadonlySet<string>;
}

const lookups = new Map<string, Lookup>();

function inverted(table: Partial<Record<PayoutCategory, readonly string[]>>): Map<string, PayoutCategory> {
  const map = new Map<string, PayoutCategory>();
  for (const [category, names] of Object.entries(table))
    for (const name of names)
      map.set(name.endsWith('/ *') ? `${fold(name.slice(0, -3))}/*` : fold(name), category as PayoutCategory);
  return map;
}

function lookupOf(platform: string): Lookup {
  const known = lookups.get(platform);
  if (known !== undefined) return known;
  const table = tables[platform] ?? common;
  const made: Lookup = {
    details: inverted(table.details),
    types: inverted(table.types),
    refunds: new Set(table.refunds.map(fold)),
    chargebacks: new Set(table.chargebacks.map(fold)),
  };
  lookups.set(platform, made);
  return made;
}

const givenBack: Partial<Record<PayoutCategory, PayoutCategory>> = {
  sale: 'refund',
  shipping: 'refund',
  gift: 'refund',
  promotion: 'refund',
  commission: 'refund-fee',
  fulfilment: 'refund-fee',
  'payment-fee': 'refund-fee',
  'other-fee': 'refund-fee',
};

/** What separates the group of a description from the description. */
export const groupMark = ' / ';

/**
 * The category of what a platform calls `type` and `detail` (`ItemFees / Commission`). `column` is what the column of the layout is
 * for, where it has a meaning of its own. Under a refund what was sold goes back and what was charged comes back in part.
 */
export function categoryOf(platform: string, type: string, detail: string, column?: PayoutCategory): PayoutCategory {
  const { details, types, refunds, chargebacks } = lookupOf(platform);
  const [group = '', ...rest] = detail.split(groupMark);
  const bare = rest.length === 0 ? detail : rest.join(groupMark);
  const plain =
    column ??
    details.get(fold(detail)) ??
    details.get(`${fold(group)}/*`) ??
    details.get(fold(bare)) ??
    types.get(fold(type)) ??
    'unknown';
  const folded = fold(type);
  if (chargebacks.has(folded)) return givenBack[plain] === 'refund' ? 'chargeback' : (givenBack[plain] ?? plain);
  if (refunds.has(folded)) return givenBack[plain] ?? plain;
  return plain;
}

/**
 * What a row that describes itself in free words is called: the words where they are known or nothing else is, else its type alone,
 * so that the title of an article or the end of an account number makes no kind of its own.
 */
export function detailOf(platform: string, type: string, words: string): string {
  const { details, types } = lookupOf(platform);
  return details.has(fold(words)) || !types.has(fold(type)) ? words : '';
}
