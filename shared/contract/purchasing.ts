/** Purchases (采购): input invoices, stock, export lines, overseas warehouses, the tariff and products' tax facts. */
import { z } from 'zod';
import { currencyCode, decimalText, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

/** CNY with at most two decimals, e.g. `-12.50`. */
export const yuanText = z.string().regex(/^-?\d{1,13}(\.\d{1,2})?$/);
/** CNY, not negative. */
const costText = z.string().regex(/^\d{1,13}(\.\d{1,2})?$/);
/** A quantity above zero with at most five decimals. */
const positiveText = z.string().regex(/^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/);
/** A ratio as decimal text: `0.13` is 13 %. */
export const ratioText = z.string().regex(/^(0(\.\d{1,8})?|[1-9]\d{0,2}(\.\d{1,8})?)$/);
const id = z.number().int().positive();

// Input invoices (进项发票) ---------------------------------------------------------------------------------------------
/** 增值税专用发票, 普通发票, 海关进口增值税专用缴款书, other papers that carry a cost. */
export const invoiceKinds = ['special', 'ordinary', 'customs-payment', 'other-voucher'] as const;
/** Purpose confirmed (用途确认): deduction (抵扣), refund (出口退税), exempt (不抵扣). */
export const invoicePurposes = ['none', 'deduction', 'refund', 'exempt'] as const;
export const invoiceStates = ['entered', 'void', 'red'] as const;

export const invoiceLineInput = z.object({
  name: z.string().min(1).max(200),
  spec: z.string().max(100).default(''),
  unit: z.string().max(20).default(''),
  /** Negative only on a red invoice (红字). `0`: the paper states none. */
  qty: decimalText.default('0'),
  /** Without VAT. */
  amount: yuanText,
  vatRate: ratioText.default('0'),
  vat: yuanText,
  sku: z.string().optional(),
});
export const invoiceInput = z.object({
  id: id.optional(),
  number: z.string().trim().min(1).max(60),
  kind: z.enum(invoiceKinds),
  date: isoDate,
  supplierId: id,
  /** The paper's own totals; the lines must come to them to the fen. */
  amount: yuanText,
  vat: yuanText,
  total: yuanText,
  note: z.string().max(500).default(''),
  lines: z.array(invoiceLineInput).min(1).max(2000),
});
export type InvoiceInput = z.input<typeof invoiceInput>;

export const invoiceRow = z.object({
  id,
  number: z.string(),
  kind: z.enum(invoiceKinds),
  date: isoDate,
  supplier: z.object({ id, name: z.string(), taxNo: z.string().nullable() }),
  amount: z.string(),
  vat: z.string(),
  total: z.string(),
  purpose: z.enum(invoicePurposes),
  purposeDate: isoDate.optional(),
  state: z.enum(invoiceStates),
  lines: z.number().int(),
  /** Lines whose article is not known yet. */
  withoutSku: z.number().int(),
  /** Lines with goods still to be received; of a red invoice, still to go back. */
  toReceive: z.number().int(),
});
export const invoiceLineView = z.object({
  id,
  lineNo: z.number().int(),
  name: z.string(),
  spec: z.string(),
  unit: z.string(),
  qty: z.string(),
  amount: z.string(),
  vatRate: z.string(),
  vat: z.string(),
  sku: z.string().optional(),
  receivedQty: z.string(),
  /** What export lines were matched with (关联): quantity and amount, and what is left of the line. */
  usedQty: z.string(),
  usedAmount: z.string(),
  leftQty: z.string(),
});
export const invoiceView = invoiceRow.extend({
  note: z.string(),
  lineRows: z.array(invoiceLineView),
  vouchers: z.array(z.object({ id: z.number().int(), label: z.string() })),
});

/** What the firm has said of keeping stock; `auto`: nothing. */
export const stockChoices = ['auto', 'yes', 'no'] as const;
const stockSettings = z.object({
  choice: z.enum(stockChoices),
  /** What follows from it now. */
  keepsStock: z.boolean(),
});

// Stock (库存) ----------------------------------------------------------------------------------------------------------
export const placeKinds = ['home', 'bonded', 'overseas', 'transit', 'returned'] as const;
export const placeView = z.object({
  id,
  kind: z.enum(placeKinds),
  name: z.string(),
  country: z.string().nullable(),
  /** Overseas-warehouse register: who owns it, under which contract, filed under which number. */
  owner: z.string(),
  contract: z.string(),
  filingNo: z.string(),
  active: z.boolean(),
});
export const stockRow = z.object({
  sku: z.string(),
  name: z.string(),
  place: z.object({ id, kind: z.enum(placeKinds), name: z.string() }),
  qty: z.string(),
  /** CNY. */
  cost: z.string(),
  /** CNY for one unit, five decimals at most. */
  average: z.string(),
});
export const moveKinds = ['received', 'sold', 'transfer-in', 'transfer-out', 'returned', 'adjusted'] as const;
export const moveView = z.object({
  id,
  date: isoDate,
  sku: z.string(),
  place: z.object({ id, name: z.string() }),
  kind: z.enum(moveKinds),
  /** Signed: in positive, out negative. */
  qty: z.string(),
  cost: z.string(),
  /** What the article came to at the place after this move. */
  runningQty: z.string(),
  runningCost: z.string(),
  text: z.string(),
  invoice: z.object({ id, number: z.string() }).optional(),
  exportLine: z.object({ id, declarationNo: z.string(), lineNo: z.number().int() }).optional(),
  order: z.object({ id, no: z.string() }).optional(),
  reverses: id.optional(),
  reversedBy: id.optional(),
});
const moved = z.object({ moveIds: z.array(id) });

// Export lines (出口商品项) -----------------------------------------------------------------------------------------------
export const exportModes = ['0110', '9610', '9710', '9810', '1210'] as const;
export const exportLineFacts = z.object({
  /** Receipt (收汇) in full on; `null` takes it away. */
  receivedOn: isoDate.nullable(),
  /** Code of the reason why it is deemed received (视同收汇). */
  deemedReceived: z.string().max(40).nullable(),
  /** Last day of receipt by the contract. */
  contractReceiptDate: isoDate.nullable(),
  claimedPeriod: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .nullable(),
  claimBatch: z.string().max(40).nullable(),
});
export const exportLineInput = z.object({
  mode: z.enum(exportModes),
  /** 报关单号 or 清单编号. */
  declarationNo: z.string().trim().min(1).max(60),
  lineNo: z.number().int().min(1).max(99_999),
  exportDate: isoDate,
  sku: z.string().optional(),
  hsCode: z.string().regex(/^\d{8,10}$/),
  name: z.string().min(1).max(250),
  /** Customs unit code. */
  unit: z.string().min(1).max(10),
  qty: positiveText,
  currency: currencyCode,
  /** FOB in the currency, its own decimals at most. */
  fob: z.string().regex(/^\d{1,13}(\.\d{1,4})?$/),
  /** Customs' old numeric code of the destination. */
  country: z
    .string()
    .regex(/^\d{3}$/)
    .optional(),
});
export type ExportLineInput = z.infer<typeof exportLineInput>;
export const exportLineRow = z.object({
  id,
  mode: z.enum(exportModes),
  declarationNo: z.string(),
  lineNo: z.number().int(),
  exportDate: isoDate,
  sku: z.string().optional(),
  hsCode: z.string(),
  name: z.string(),
  unit: z.string(),
  qty: z.string(),
  currency: currencyCode,
  fob: z.string(),
  /** Left out while no rate is known. */
  fobCny: z.string().optional(),
  country: z.string().optional(),
  regime: z.enum(['refund', 'exempt', 'taxed']).optional(),
  receivedOn: isoDate.optional(),
  deemedReceived: z.string().optional(),
  contractReceiptDate: isoDate.optional(),
  claimedPeriod: z.string().optional(),
  claimBatch: z.string().optional(),
  matchedQty: z.string(),
  soldQty: z.string(),
  backQty: z.string(),
  /** Left before its receipt was entered: still to be issued from stock. */
  shortQty: z.string(),
  documentId: id.optional(),
  orderId: id.optional(),
  orderNo: z.string().optional(),
});
export type ExportLineRow = z.infer<typeof exportLineRow>;
const exportFilter = {
  mode: z.enum(exportModes).optional(),
  from: isoDate.optional(),
  to: isoDate.optional(),
  sku: z.string().optional(),
  text: z.string().optional(),
};
const coverItem = z.object({
  /** The other side: an invoice line for an export line, and back. */
  id,
  label: z.string(),
  date: isoDate,
  qty: z.string(),
  amount: z.string(),
  vat: z.string(),
  refund: z.string(),
});
export const coverageRow = z.object({
  id,
  label: z.string(),
  date: isoDate,
  sku: z.string().optional(),
  name: z.string(),
  unit: z.string(),
  qty: z.string(),
  matched: z.string(),
  remainder: z.string(),
  items: z.array(coverItem),
});

export const overseasRow = z.object({
  id,
  declarationNo: z.string(),
  lineNo: z.number().int(),
  exportDate: isoDate,
  sku: z.string().optional(),
  name: z.string(),
  unit: z.string(),
  country: z.string().optional(),
  in: z.string(),
  sold: z.string(),
  back: z.string(),
  /** Not found by a count (盘亏). */
  lost: z.string().optional(),
  left: z.string(),
  preRefundCny: z.string().optional(),
  preRefundDoneOn: isoDate.optional(),
});
/** `same`: the book agrees; `differs`: to be decided; `adjusted`, `kept`: decided. */
export const stockCountStates = ['same', 'differs', 'adjusted', 'kept'] as const;
export const stockCountRow = z.object({
  id,
  date: isoDate,
  sku: z.string(),
  name: z.string(),
  place: z.object({ id, name: z.string() }),
  counted: z.string(),
  /** What the book had there at the end of that day, and what the count is more; after an adjustment with it. */
  book: z.string(),
  difference: z.string(),
  state: z.enum(stockCountStates),
  reason: z.string(),
  moveId: id.optional(),
  decidedAt: isoInstant.optional(),
  /** Declaration lines it was taken from, or given back to below zero. */
  lines: z.array(z.object({ exportLineId: id, declarationNo: z.string(), lineNo: z.number().int(), qty: z.string() })),
  /** Day of the oldest declaration line with something left: what the age of the stock counts from. */
  oldest: isoDate.optional(),
});

const overseasInput = z.object({
  sku: z.string().min(1),
  date: isoDate,
  qty: positiveText,
  /** The warehouse whose stock it leaves; left out: only the declaration lines are counted, no stock and no cost. */
  placeId: id.optional(),
  /** This declaration line and no other; left out: the oldest first. */
  exportLineId: id.optional(),
  text: z.string().max(200).default(''),
});
const taken = z.object({ lines: z.array(z.object({ exportLineId: id, qty: z.string() })), cost: z.string() });

// Tariff (税则) and tax facts -------------------------------------------------------------------------------------------
const optionalRatio = ratioText.optional();
export const tariffRates = z.object({
  vatRate: optionalRatio,
  refundRate: optionalRatio,
  consumptionRate: optionalRatio,
  mfnRate: optionalRatio,
  generalRate: optionalRatio,
  provisionalRate: optionalRatio,
  exportDutyRate: optionalRatio,
  exportProvisionalRate: optionalRatio,
});
export type TariffRates = z.infer<typeof tariffRates>;
export const tariffRow = tariffRates.extend({
  hsCode: z.string().regex(/^\d{8,10}$/),
  inForceFrom: isoDate,
  unit1: z.string().max(20).optional(),
  unit2: z.string().max(20).optional(),
  /** 海关监管条件 and 检验检疫类别: letters as the tariff prints them. */
  conditions: z.string().max(60).default(''),
  inspection: z.string().max(60).default(''),
  source: z.string().max(200).default(''),
});
export type TariffRow = z.infer<typeof tariffRow>;

/** What the firm says of a product's taxes; what is left out is the tariff's matter, or unknown. */
export const productTax = z.object({
  vatRate: optionalRatio,
  refundRate: optionalRatio,
  consumptionRate: optionalRatio,
  exportDutyRate: optionalRatio,
  isFood: z.boolean().optional(),
  /** On the list of goods whose refund and exemption were ended (取消出口退（免）税). */
  isOnNoRefundList: z.boolean().optional(),
  /** Agricultural goods of one's own growing (自产农产品). */
  isOwnGrown: z.boolean().optional(),
  /** Made by the firm itself, or deemed so (自产、视同自产); a producer's bought goods are treated apart. */
  isSelfProduced: z.boolean().optional(),
  /** Used goods (旧货). */
  isUsed: z.boolean().optional(),
});
export type ProductTax = z.infer<typeof productTax>;
const factNames = [...Object.keys(productTax.shape)] as (keyof ProductTax)[];
/** Resolved facts, and for each where it comes from; unknown ones are left out. */
export const taxFacts = productTax.extend({
  from: z.partialRecord(
    z.enum(factNames as [keyof ProductTax, ...(keyof ProductTax)[]]),
    z.enum(['product', 'tariff']),
  ),
});
export type TaxFacts = z.infer<typeof taxFacts>;
/** Product filing (商品备案): never filed, filed as it is, changed since. */
export const filingStates = ['never', 'filed', 'changed'] as const;
export const filingView = z.object({
  sku: z.string(),
  state: z.enum(filingStates),
  filedAt: z.string().optional(),
});
const taxFactsView = z.object({
  sku: z.string(),
  own: productTax,
  facts: taxFacts,
  tariff: tariffRow.optional(),
  filing: filingView,
});

export const purchasing = {
  'invoices.list': query(
    z.object({
      kind: z.enum(invoiceKinds).optional(),
      state: z.enum(invoiceStates).optional(),
      purpose: z.enum(invoicePurposes).optional(),
      supplierId: id.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      /** `sku`: an article is still unknown; `receipt`: goods are still to be received. */
      open: z.enum(['sku', 'receipt']).optional(),
      text: z.string().optional(),
      ...pageInput,
    }),
    pageOf(invoiceRow).extend({ amount: z.string(), vat: z.string() }),
  ),
  'invoices.get': query(z.object({ id }), invoiceView),
  /**
   * Enters an invoice, or changes one: what it posted is reversed and posted anew where it says something else now. Refusals: `INVOICE_EXISTS` {number},
   * `INVOICE_TOTAL` {field, stated, lines, difference}, `INVOICE_SIGN` {line}, `INVOICE_LINE_IN_USE` {line, …},
   * `INVOICE_STATE`, `PARTY_UNKNOWN`, `PRODUCT_UNKNOWN`.
   */
  'invoices.save': command(invoiceInput, invoiceView),
  /** Takes one back: its voucher is reversed, it stays. Refusals: `INVOICE_LINE_IN_USE`, `INVOICE_STATE`. */
  'invoices.void': command(z.object({ id, reason: z.string().min(1).max(200) }), z.object({})),
  /** Confirms what invoices are for (用途确认) and posts where their VAT goes; what is not deducted becomes cost. Refusal: `INVOICE_STATE`, `INVOICE_PURPOSE` for a kind without deductible tax. */
  'invoices.setPurpose': command(
    z.object({ ids: z.array(id).min(1).max(5000), purpose: z.enum(invoicePurposes), date: isoDate }),
    z.object({ changed: z.number().int() }),
  ),

  /**
   * Whether the firm keeps stock. `auto`: as soon as the book has goods, that is an invoice line with an article or any
   * move; until then nothing is shown as short and no cost is posted, and what left before is short from then on, so that
   * exports entered ahead of their purchases lose nothing. `yes`: from the first export on. `no`: what leaves is not counted,
   * neither now nor later.
   */
  'stock.settings': query(z.object({}), stockSettings),
  /** Says so. `no` also gives up what is short now. */
  'stock.saveSettings': command(z.object({ choice: z.enum(stockChoices) }), stockSettings),
  'stock.places': query(z.object({}), z.object({ rows: z.array(placeView) })),
  /** Adds or changes a place. Refusals: `PLACE_EXISTS`, `PLACE_UNKNOWN`, `PLACE_IN_USE` (its kind, or closed with stock). */
  'stock.savePlace': command(placeView.partial({ id: true }), placeView),
  /**
   * Goods received (入库), of an invoice line at its cost, or before the invoice at an estimate (暂估): then `sku` and `cost`.
   * Of a line of a red invoice (红字) they go back to the supplier from the place; `qty` is above zero there too. What left before its receipt is issued from it at once. Refusals: `RECEIPT_OVER_INVOICE`, `INVOICE_LINE_UNKNOWN`,
   * `INVOICE_LINE_NO_SKU`, `RECEIPT_INCOMPLETE`, `PLACE_UNKNOWN`, `PRODUCT_UNKNOWN`, `INVOICE_STATE`, `STOCK_NOT_KEPT`.
   */
  'stock.receive': command(
    z.object({
      date: isoDate,
      placeId: id.default(1),
      qty: positiveText,
      invoiceLineId: id.optional(),
      sku: z.string().optional(),
      /** CNY without deductible VAT; only without an invoice line. */
      cost: costText.optional(),
      text: z.string().max(200).default(''),
    }),
    moved.extend({ cost: z.string(), issuedShort: z.number().int() }),
  ),
  /**
   * Receives all that is left of an invoice (全部入库; red: sends it back), every line or none. Lines whose article is not known stay open and are
   * counted. Refusals: those of `stock.receive`, `INVOICE_UNKNOWN`, `INVOICE_NOTHING_TO_RECEIVE` {number}.
   */
  'stock.receiveInvoice': command(
    z.object({ invoiceId: id, date: isoDate, placeId: id.default(1) }),
    moved.extend({ cost: z.string(), issuedShort: z.number().int(), withoutSku: z.number().int() }),
  ),
  /** The invoice of goods received before: the difference from the estimate goes to what is there and what is sold. */
  'stock.linkInvoice': command(
    z.object({ moveId: id, invoiceLineId: id, date: isoDate }),
    z.object({ difference: z.string() }),
  ),
  /** Refusal: `STOCK_SHORT` {sku, place, have, want}. */
  'stock.transfer': command(
    z.object({
      date: isoDate,
      sku: z.string().min(1),
      fromId: id,
      toId: id,
      qty: positiveText,
      exportLineId: id.optional(),
      text: z.string().max(200).default(''),
    }),
    moved.extend({ cost: z.string() }),
  ),
  /** A count (盘点): what is there; the difference is posted to 待处理财产损溢. `cost` values a surplus where there is no average. */
  'stock.adjust': command(
    z.object({
      date: isoDate,
      sku: z.string().min(1),
      placeId: id,
      counted: z.string().regex(/^\d{1,10}(\.\d{1,5})?$/),
      cost: costText.optional(),
      reason: z.string().min(1).max(200),
    }),
    moved.extend({ difference: z.string(), cost: z.string() }),
  ),
  /** Takes a move back by its opposite, with what it posted. Refusals: `MOVE_UNKNOWN`, `MOVE_REVERSED`, `MOVE_OF_EXPORT`, `MOVE_OF_INVOICE`, `STOCK_SHORT`, `STOCK_COUNT_LATER` {sku, date}. */
  'stock.reverse': command(z.object({ moveId: id, date: isoDate, reason: z.string().min(1).max(200) }), moved),
  'stock.list': query(
    z.object({
      placeId: id.optional(),
      text: z.string().optional(),
      /** Also articles of which nothing is left. */
      empty: z.boolean().default(false),
      ...pageInput,
    }),
    pageOf(stockRow).extend({ cost: z.string(), shorts: z.number().int() }),
  ),
  'stock.moves': query(
    z.object({
      sku: z.string().optional(),
      placeId: id.optional(),
      /** `estimate`: receipts at an estimate (暂估) that still stand and have no invoice. */
      open: z.enum(['estimate']).optional(),
      ...pageInput,
    }),
    pageOf(moveView),
  ),
  /** Goods that left before their receipt was entered. */
  'stock.shorts': query(
    z.object(pageInput),
    pageOf(
      z.object({
        exportLineId: id,
        declarationNo: z.string(),
        lineNo: z.number().int(),
        exportDate: isoDate,
        sku: z.string(),
        name: z.string(),
        qty: z.string(),
      }),
    ),
  ),

  'exportLines.list': query(
    z.object({
      ...exportFilter,
      regime: z.enum(['refund', 'exempt', 'taxed']).optional(),
      /** `claim`: not declared yet; `receipt`: not received yet; `rate`: no rate yet; `stock`: not issued yet. */
      open: z.enum(['claim', 'receipt', 'rate', 'stock']).optional(),
      ...pageInput,
    }),
    pageOf(exportLineRow).extend({ fobCny: z.string() }),
  ),
  'exportLines.get': query(z.object({ id }), exportLineRow),
  /**
   * Enters or changes lines of declarations made elsewhere, all or none; one that is there as it stands is left alone.
   * Home goods are issued from stock (9810: moved to 在途), short ones when they are received; never a refusal. Refusals, with the row in the
   * path: `EXPORT_LINE_OF_DOCUMENT`, `EXPORT_LINE_IN_USE`, `PRODUCT_UNKNOWN`, `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`.
   */
  'exportLines.saveMany': job(
    z.object({ lines: z.array(exportLineInput).min(1).max(10_000) }),
    z.object({ added: z.number().int(), changed: z.number().int(), unchanged: z.number().int(), ids: z.array(id) }),
  ),
  /** Receipt and claim facts of lines; only what is named changes. */
  'exportLines.setFacts': command(
    z.object({ ids: z.array(id).min(1).max(10_000), patch: exportLineFacts.partial() }),
    z.object({ changed: z.number().int() }),
  ),
  /** Which invoice covers which export line, with what is left; or seen from the invoice lines. */
  'exportLines.coverage': query(
    z.object({
      by: z.enum(['export', 'invoice']),
      ...exportFilter,
      /** Only what is not covered (used up) whole. */
      open: z.boolean().default(false),
      ...pageInput,
    }),
    pageOf(coverageRow),
  ),

  'overseas.list': query(
    z.object({
      sku: z.string().optional(),
      text: z.string().optional(),
      /** Only lines with something left. */
      open: z.boolean().default(false),
      from: isoDate.optional(),
      to: isoDate.optional(),
      ...pageInput,
    }),
    pageOf(overseasRow),
  ),
  /** Sold abroad: oldest declaration line first. Refusals: `OVERSEAS_SHORT` {sku, left, want}, `STOCK_SHORT`, `PLACE_UNKNOWN`. */
  'overseas.sell': command(overseasInput, taken),
  /** Come back unsold: into 退货仓 at its cost. Refusals as above. */
  'overseas.back': command(overseasInput, taken),

  /**
   * Counts of overseas warehouses (盘点) as imported, the newest first, each beside what the book had there on that day; articles that the
   * latest count of a warehouse leaves out. `open`: only differences nobody decided of.
   */
  'stockCounts.list': query(
    z.object({ text: z.string().optional(), open: z.boolean().default(false), ...pageInput }),
    pageOf(stockCountRow).extend({
      openTotal: z.number().int(),
      uncounted: z.array(
        z.object({ place: z.string(), date: isoDate, sku: z.string(), name: z.string(), qty: z.string() }),
      ),
    }),
  ),
  /**
   * Decides of a difference: `adjusted` brings the book to the count by a move (盘盈、盘亏) on the day of the count, and what is left by
   * declaration lines with it, oldest first; `kept` leaves the book as it is. Refusals: `STOCK_COUNT_UNKNOWN` {id},
   * `STOCK_COUNT_DECIDED` {sku, date}, `STOCK_COUNT_SAME` {sku, date}, `STOCK_COUNT_OVERTAKEN` {sku, date} to adjust where the
   * stock was adjusted on a later day, `STOCK_SHORT`, `RECEIPT_INCOMPLETE` for a surplus without `cost` that no average values.
   */
  'stockCounts.decide': command(
    z.object({
      id,
      decision: z.enum(['adjusted', 'kept']),
      reason: z.string().trim().min(2).max(200),
      cost: costText.optional(),
    }),
    moved.extend({ difference: z.string(), cost: z.string() }),
  ),
  /** Removes a count that nobody decided of. Refusals: `STOCK_COUNT_UNKNOWN`, `STOCK_COUNT_DECIDED`. */
  'stockCounts.remove': command(z.object({ id }), z.object({})),

  'tariff.list': query(
    z.object({ text: z.string().optional(), date: isoDate.optional(), ...pageInput }),
    pageOf(tariffRow),
  ),
  'tariff.save': command(
    z.object({ rows: z.array(tariffRow).min(1).max(1000) }),
    z.object({ changed: z.number().int() }),
  ),
  'products.taxFacts': query(z.object({ sku: z.string(), date: isoDate }), taxFactsView),
  /** Replaces what the firm says of each product's taxes. Refusal: `PRODUCT_UNKNOWN`. */
  'products.saveTax': command(
    z.object({ skus: z.array(z.string()).min(1).max(5000), tax: productTax }),
    z.object({ changed: z.number().int() }),
  ),
  'products.filings': query(
    z.object({ state: z.enum(filingStates).optional(), ...pageInput }),
    pageOf(filingView.extend({ name: z.string() })),
  ),
  /** Marks products as filed (备案) as they are now. Refusals: `PRODUCT_UNKNOWN`, `PRODUCT_INCOMPLETE` {sku, fields}. */
  'products.file': command(
    z.object({ skus: z.array(z.string()).min(1).max(5000), date: isoDate }),
    z.object({ filed: z.number().int() }),
  ),
} as const;
