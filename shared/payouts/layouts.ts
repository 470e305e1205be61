/**
 * Layouts of the reports in which marketplaces say what they paid (平台结算报表), as tables: which columns a report has, what they
 * count as, and by which headers it is known. The reports themselves are the source; none has an official list of its values.
 */
import { foldHeader } from '../import/headers.ts';
import type { PayoutCategory } from './categories.ts';

/** Headers of one column in the versions and languages of a report; the first one found is taken. */
export type Names = readonly string[];

export interface AmountColumn {
  readonly names: Names;
  /** Column that says what the amount is for; without one the header itself does. */
  readonly describedBy?: Names;
  /** Column whose text stands before the description: `ItemFees / Commission`. */
  readonly groupedBy?: Names;
  /** What the column counts as, whatever the description says. */
  readonly category?: PayoutCategory;
  /** An aggregate: not counted where the report has this column too. */
  readonly unless?: Names;
  /** The report shows a deduction as a positive figure. */
  readonly negate?: boolean;
}

export interface PayoutLayout {
  readonly id: string;
  readonly platform: string;
  readonly titleZh: string;
  readonly titleEn: string;
  /**
   * `settlement`: a file holds whole settlements, and its figures are all there is; `range`: what was posted between two days,
   * which a later file may continue or repeat.
   */
  readonly scope: 'settlement' | 'range';
  /** Headers that a report of this layout must have. */
  readonly signature: readonly Names[];
  readonly columns: {
    /** Number of the settlement; without one a file is one payout, named after its days. */
    readonly number?: Names;
    readonly postedAt: Names;
    readonly type?: Names;
    readonly orderNo?: Names;
    readonly sku?: Names;
    readonly qty?: Names;
    readonly currency?: Names;
    /** Day of the deposit. */
    readonly depositOn?: Names;
    /** What the row is about where a type alone does not say: the description of a fee. */
    readonly about?: readonly Names[];
    /** Site the row was sold on; what does not begin with `own` came from elsewhere. */
    readonly site?: { readonly names: Names; readonly own: string };
  };
  readonly amounts: readonly AmountColumn[];
  /** What a row comes to. What its parts leave of it is kept as a line of its own. */
  readonly total?: Names;
  /** The first row of a settlement holds its dates and the deposit and nothing else. */
  readonly head?: { readonly from: Names; readonly to: Names; readonly depositOn: Names; readonly deposit: Names };
  /** Rows that count: others repeat them in another view. */
  readonly keep?: { readonly names: Names; readonly value: string };
  /** Rows of any other state are not paid out yet. */
  readonly released?: { readonly names: Names; readonly values: readonly string[] };
  /** Types of rows that are the deposit itself. */
  readonly transfers?: readonly string[];
}

const settlementColumns = {
  number: ['settlement-id'],
  orderNo: ['order-id'],
  sku: ['sku'],
  qty: ['quantity-purchased'],
  type: ['transaction-type'],
  currency: ['currency'],
  site: { names: ['marketplace-name'], own: 'amazon' },
};
const settlementHead = {
  from: ['settlement-start-date'],
  to: ['settlement-end-date'],
  depositOn: ['deposit-date'],
  deposit: ['total-amount'],
};

const dateRangeAbout: Names = ['description', 'Beschreibung', 'descripción', 'descrizione'];

/** All layouts; a file is of the first one whose signature it has. */
export const payoutLayouts: readonly PayoutLayout[] = [
  {
    id: 'amazon-settlement-v2',
    platform: 'amazon',
    titleZh: '亚马逊 结算报告（Flat File V2）',
    titleEn: 'Amazon settlement report (flat file V2)',
    scope: 'settlement',
    signature: [['settlement-id'], ['amount-type'], ['amount-description'], ['amount'], ['total-amount']],
    columns: { ...settlementColumns, postedAt: ['posted-date-time', 'posted-date'] },
    amounts: [{ names: ['amount'], describedBy: ['amount-description'], groupedBy: ['amount-type'] }],
    head: settlementHead,
  },
  {
    id: 'amazon-settlement-v1',
    platform: 'amazon',
    titleZh: '亚马逊 结算报告（Flat File V1）',
    titleEn: 'Amazon settlement report (flat file V1)',
    scope: 'settlement',
    signature: [['settlement-id'], ['price-type'], ['price-amount'], ['other-amount'], ['total-amount']],
    columns: { ...settlementColumns, postedAt: ['posted-date'] },
    amounts: [
      { names: ['price-amount'], describedBy: ['price-type'] },
      { names: ['item-related-fee-amount'], describedBy: ['item-related-fee-type'] },
      { names: ['shipment-fee-amount'], describedBy: ['shipment-fee-type'], category: 'fulfilment' },
      { names: ['order-fee-amount'], describedBy: ['order-fee-type'] },
      { names: ['misc-fee-amount'] },
      { names: ['other-fee-amount'], describedBy: ['other-fee-reason-description'] },
      { names: ['promotion-amount'], describedBy: ['promotion-type'], category: 'promotion' },
      { names: ['direct-payment-amount'], describedBy: ['direct-payment-type'] },
      { names: ['other-amount'], describedBy: ['transaction-type'] },
    ],
    head: settlementHead,
  },
  {
    id: 'amazon-date-range',
    platform: 'amazon',
    titleZh: '亚马逊 日期范围报告',
    titleEn: 'Amazon date range report (transactions)',
    scope: 'range',
    signature: [
      ['date/time', 'Datum/Uhrzeit', 'date/heure', 'fecha y hora', 'Data/Ora:'],
      ['settlement id', 'Abrechnungsnummer', 'numéro de versement', 'identificador de pago', 'Numero pagamento'],
      ['total', 'Gesamt', 'totale'],
    ],
    columns: {
      number: [
        'settlement id',
        'Abrechnungsnummer',
        'numéro de versement',
        'identificador de pago',
        'Numero pagamento',
      ],
      postedAt: ['date/time', 'Datum/Uhrzeit', 'date/heure', 'fecha y hora', 'Data/Ora:'],
      type: ['type', 'Typ', 'tipo'],
      orderNo: ['order id', 'Bestellnummer', 'numéro de la commande', 'número de pedido', 'Numero ordine'],
      sku: ['sku'],
      qty: ['quantity', 'Menge', 'quantité', 'cantidad', 'quantità'],
      about: [dateRangeAbout],
    },
    amounts: [
      { names: ['product sales', 'Umsätze', 'ventes de produits', 'ventas de productos', 'Vendite'], category: 'sale' },
      {
        names: [
          'product sales tax',
          'Produktumsatzsteuer',
          'Taxes sur la vente des produits',
          'impuesto de ventas de productos',
          'imposta sulle vendite dei prodotti',
        ],
        category: 'tax-collected',
      },
      {
        names: [
          'shipping credits',
          'Gutschrift für Versandkosten',
          "crédits d'expédition",
          'abonos de envío',
          'Accrediti per le spedizioni',
        ],
        category: 'shipping',
      },
      {
        names: [
          'shipping credits tax',
          'Steuer auf Versandgutschrift',
          "taxe sur les crédits d'expédition",
          'impuestos por abonos de envío',
          'imposta accrediti per le spedizioni',
        ],
        category: 'tax-collected',
      },
      {
        names: [
          'gift wrap credits',
          'Gutschrift für Geschenkverpackung',
          "crédits sur l'emballage cadeau",
          'abonos de envoltorio para regalo',
          'Accrediti per confezioni regalo',
        ],
        category: 'gift',
      },
      {
        names: [
          'giftwrap credits tax',
          'Steuer auf Geschenkverpackungsgutschriften',
          'Taxes sur les crédits cadeaux',
          'impuestos por abonos de envoltorio para regalo',
          'imposta sui crediti confezione regalo',
        ],
        category: 'tax-collected',
      },
      { names: ['Regulatory Fee'], category: 'tax-collected' },
      { names: ['Tax On Regulatory Fee'], category: 'tax-collected' },
      {
        names: [
          'promotional rebates',
          'Rabatte aus Werbeaktionen',
          'Rabais promotionnels',
          'devoluciones promocionales',
          'Sconti promozionali',
        ],
        category: 'promotion',
      },
      {
        names: [
          'promotional rebates tax',
          'Steuer auf Aktionsrabatte',
          'Taxes sur les remises promotionnelles',
          'impuestos de descuentos por promociones',
          'imposta sugli sconti promozionali',
        ],
        category: 'tax-collected',
      },
      {
        names: [
          'marketplace withheld tax',
          'Einbehaltene Steuer auf Marketplace',
          'Taxes retenues sur le site de vente',
          'impuesto retenido en el sitio web',
          'trattenuta IVA del marketplace',
        ],
        category: 'tax-withheld',
      },
      {
        names: ['selling fees', 'Verkaufsgebühren', 'frais de vente', 'tarifas de venta', 'Commissioni di vendita'],
        category: 'commission',
      },
      {
        names: [
          'fba fees',
          'Gebühren zu Versand durch Amazon',
          'Frais Expédié par Amazon',
          'tarifas de Logística de Amazon',
          'Costi del servizio Logistica di Amazon',
        ],
        category: 'fulfilment',
      },
      {
        names: [
          'other transaction fees',
          'Andere Transaktionsgebühren',
          'autres frais de transaction',
          'tarifas de otras transacciones',
          'Altri costi relativi alle transazioni',
        ],
        category: 'other-fee',
      },
      { names: ['other', 'Andere', 'autre', 'otro', 'Altro'], describedBy: dateRangeAbout },
    ],
    total: ['total', 'Gesamt', 'totale'],
    transfers: ['Transfer', 'Übertrag', 'Transfert', 'Transferir', 'Trasferimento', 'Disbursement'],
  },
  {
    id: 'shopee-income-2024',
    platform: 'shopee',
    titleZh: 'Shopee 已入账收入（2024 年起）',
    titleEn: 'Shopee income released (2024 and later)',
    scope: 'range',
    signature: [['View By'], ['Order ID'], ['Payout Completed Date'], ['Total Released Amount']],
    columns: {
      postedAt: ['Payout Completed Date'],
      orderNo: ['Order ID'],
    },
    amounts: [
      { names: ['Product Price', 'Original product price'], category: 'sale' },
      { names: ['Refund Amount', 'Refund Amount to Buyer'], category: 'refund' },
      { names: ['Shipping Fee Paid by Buyer'], category: 'shipping' },
      { names: ['Shipping Fee Charged by Logistic Provider', 'Actual Shipping Fee'], category: 'fulfilment' },
      { names: ['Shipping Rebate From Shopee'], category: 'fulfilment' },
      { names: ['Reverse Shipping Fee'], category: 'fulfilment' },
      { names: ['Product Discount Rebate from Shopee'], category: 'promotion' },
      { names: ['Voucher Sponsored by Seller'], category: 'promotion' },
      { names: ['Cofund Voucher Sponsored by Seller'], category: 'promotion' },
      { names: ['Coin Cashback Sponsored by Seller'], category: 'promotion' },
      { names: ['Commission Fee'], category: 'commission' },
      { names: ['Service Fee'], category: 'commission' },
      { names: ['Transaction Fee'], category: 'payment-fee' },
      { names: ['AMS Commission Fee'], category: 'advertising' },
      { names: ['Saver Programme Fee'], category: 'other-fee' },
    ],
    total: ['Total Released Amount'],
    keep: { names: ['View By'], value: 'Order' },
  },
  {
    id: 'shopee-income-2022',
    platform: 'shopee',
    titleZh: 'Shopee 已入账收入（2022 年）',
    titleEn: 'Shopee income released (2022)',
    scope: 'range',
    signature: [['Order ID'], ['Payout Completed Date'], ['Original product price'], ['Total Released Amount']],
    columns: { postedAt: ['Payout Completed Date'], orderNo: ['Order ID'] },
    amounts: [
      { names: ['Original product price'], category: 'sale' },
      { names: ['Your Seller product promotion'], category: 'promotion' },
      { names: ['Refund Amount to Buyer'], category: 'refund' },
      { names: ['Product Discount Rebate from Shopee'], category: 'promotion' },
      { names: ['Voucher'], category: 'promotion' },
      { names: ['Seller Absorbed Coin Cashback'], category: 'promotion' },
      { names: ['Shipping Fee Paid by Buyer'], category: 'shipping' },
      { names: ['Shipping Rebate From Shopee'], category: 'fulfilment' },
      { names: ['Actual Shipping Fee'], category: 'fulfilment' },
      { names: ['Reverse Shipping Fee'], category: 'fulfilment' },
      { names: ['Commission Fee'], category: 'commission' },
      { names: ['Service Fee'], category: 'commission' },
      { names: ['Transaction Fee'], category: 'payment-fee' },
    ],
    total: ['Total Released Amount'],
  },
  {
    id: 'lazada-income',
    platform: 'lazada',
    titleZh: 'Lazada 收入明细',
    titleEn: 'Lazada income overview',
    scope: 'range',
    signature: [['Transaction Date'], ['Order Number'], ['Fee Name'], ['Amount(Include Tax)'], ['Release Status']],
    columns: {
      postedAt: ['Transaction Date'],
      orderNo: ['Order Number'],
      sku: ['Seller SKU'],
      currency: ['Currency'],
    },
    amounts: [{ names: ['Amount(Include Tax)'], describedBy: ['Fee Name'] }],
    released: { names: ['Release Status'], values: ['Released', 'Paid', '已放款', '已结算'] },
  },
  {
    id: 'tiktok-income',
    platform: 'tiktok-shop',
    titleZh: 'TikTok Shop 收入明细',
    titleEn: 'TikTok Shop income',
    scope: 'range',
    signature: [['Order/adjustment ID'], ['Order settled time'], ['Total settlement amount'], ['Total fees']],
    columns: {
      number: ['Statement ID'],
      postedAt: ['Order settled time', 'Statement Date'],
      depositOn: ['Statement Date'],
      type: ['Type'],
      orderNo: ['Order/adjustment ID'],
      sku: ['SKU ID'],
      qty: ['Quantity'],
      currency: ['Currency'],
    },
    amounts: [
      { names: ['Subtotal before discounts'], category: 'sale' },
      { names: ['Seller discounts'], category: 'promotion' },
      { names: ['Subtotal after seller discounts'], category: 'sale', unless: ['Subtotal before discounts'] },
      { names: ['Refund subtotal before seller discounts'], category: 'refund' },
      { names: ['Refund of seller discounts'], category: 'refund' },
      {
        names: ['Refund subtotal after seller discounts'],
        category: 'refund',
        unless: ['Refund subtotal before seller discounts'],
      },
      { names: ['Transaction fee'], category: 'payment-fee' },
      { names: ['TikTok Shop commission fee', 'Referral fee'], category: 'commission' },
      { names: ['Credit card installment - Handling fee'], category: 'payment-fee' },
      // Net of what the carrier took, the platform gave and the buyer paid, each of which has a column behind it.
      { names: ['Seller shipping fee'], category: 'fulfilment' },
      { names: ['Affiliate Commission'], category: 'advertising' },
      { names: ['Affiliate partner commission'], category: 'advertising' },
      { names: ['Affiliate Shop Ads commission'], category: 'advertising' },
      { names: ['Affiliate commission deposit'], category: 'advertising' },
      { names: ['Affiliate commission refund'], category: 'advertising' },
      { names: ['Affiliate Partner shop ads commission'], category: 'advertising' },
      { names: ['SFP service fee'], category: 'other-fee' },
      { names: ['Dynamic commission'], category: 'commission' },
      { names: ['Bonus cashback service fee'], category: 'other-fee' },
      { names: ['LIVE Specials service fee'], category: 'other-fee' },
      { names: ['SST'], category: 'other-fee' },
      { names: ['Voucher Xtra service fee'], category: 'other-fee' },
      { names: ['EAMS Program service fee'], category: 'other-fee' },
      { names: ['Brands Crazy Deals/Flash Sale service fee'], category: 'other-fee' },
      { names: ['TikTok PayLater program fee'], category: 'payment-fee' },
      { names: ['Campaign resource fee'], category: 'advertising' },
      { names: ['Platform support fee'], category: 'other-fee' },
      { names: ['Ajustment amount', 'Adjustment amount'], category: 'adjustment' },
    ],
    total: ['Total settlement amount'],
  },
  {
    id: 'ebay-transactions',
    platform: 'ebay',
    titleZh: 'eBay 交易报表',
    titleEn: 'eBay transaction report',
    scope: 'range',
    signature: [['Transaction creation date'], ['Net amount'], ['Payout ID'], ['Gross transaction amount']],
    columns: {
      postedAt: ['Transaction creation date'],
      type: ['Type'],
      orderNo: ['Order number'],
      sku: ['Custom label'],
      qty: ['Quantity'],
      currency: ['Payout currency'],
      about: [['Description'], ['Item title']],
    },
    amounts: [
      { names: ['Item subtotal'], category: 'sale' },
      { names: ['Shipping and handling'], category: 'shipping' },
      { names: ['Seller collected tax'], category: 'tax-collected' },
      { names: ['Final Value Fee - fixed'], category: 'commission' },
      { names: ['Final Value Fee - variable'], category: 'commission' },
      { names: ['Regulatory operating fee'], category: 'commission' },
      { names: ['Very high "item not as described" fee'], category: 'commission' },
      { names: ['Below standard performance fee'], category: 'commission' },
      { names: ['International fee'], category: 'payment-fee' },
    ],
    total: ['Net amount'],
    transfers: ['Payout'],
  },
  {
    id: 'shopify-payouts',
    platform: 'shopify',
    titleZh: 'Shopify Payments 结算明细',
    titleEn: 'Shopify Payments payouts',
    scope: 'range',
    signature: [['Transaction Date'], ['Payout ID'], ['Amount'], ['Fee'], ['Net']],
    columns: {
      number: ['Payout ID'],
      postedAt: ['Transaction Date'],
      depositOn: ['Payout Date'],
      type: ['Type'],
      orderNo: ['Order'],
      currency: ['Currency'],
    },
    amounts: [
      { names: ['Amount'], category: 'sale' },
      { names: ['Fee'], category: 'payment-fee', negate: true },
    ],
    total: ['Net'],
    transfers: ['payout', 'transfer'],
  },
];

/** Columns that a report of no known layout can be given (映射). */
export const mappableColumns = [
  'number',
  'postedAt',
  'type',
  'description',
  'orderNo',
  'sku',
  'qty',
  'currency',
  'amount',
  'fee',
  'total',
] as const;
export type MappableColumn = (typeof mappableColumns)[number];
export type PayoutMapping = Readonly<Partial<Record<MappableColumn, number>>>;

/** The layout of a file whose columns a person named: date and amount at least. */
export function mappedLayout(headers: readonly string[], mapping: PayoutMapping, platform: string): PayoutLayout {
  const at = (column: MappableColumn): Names | undefined => {
    const header = headers[mapping[column] ?? -1];
    return header === undefined ? undefined : [header];
  };
  const put = <K extends string>(key: K, names: Names | undefined) =>
    (names === undefined ? {} : { [key]: names }) as Partial<Record<K, Names>>;
  const description = at('description') ?? at('type');
  const fee = at('fee');
  return {
    id: 'mapped',
    platform,
    titleZh: '自定义列',
    titleEn: 'Columns as mapped',
    scope: 'range',
    signature: [],
    columns: {
      postedAt: at('postedAt') ?? [],
      ...put('number', at('number')),
      ...put('type', at('type')),
      ...put('orderNo', at('orderNo')),
      ...put('sku', at('sku')),
      ...put('qty', at('qty')),
      ...put('currency', at('currency')),
      ...(description === undefined ? {} : { about: [description] }),
    },
    amounts: [
      { names: at('amount') ?? [], ...put('describedBy', description) },
      ...(fee === undefined ? [] : [{ names: fee }]),
    ],
    ...put('total', at('total')),
    transfers: ['Payout', 'Transfer', 'Withdrawal', '提现', '打款', '结算打款'],
  };
}

/** Column of the first of the names that the headers have; -1 for none. */
export function columnOf(headers: readonly string[], names: Names | undefined): number {
  if (names === undefined) return -1;
  for (const name of names) {
    const at = headers.indexOf(foldHeader(name));
    if (at >= 0) return at;
  }
  return -1;
}

/** The layout that a row of headers shows, or none. */
export function layoutOf(headers: readonly string[]): PayoutLayout | undefined {
  const folded = headers.map(foldHeader);
  return payoutLayouts.find(({ signature }) => signature.every((names) => columnOf(folded, names) >= 0));
}
