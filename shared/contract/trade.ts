import { z } from 'zod';
import { longestExtra } from '../rules/regions/modules.ts';
import { currencyCode, decimalText, isoDate, isoInstant, pageInput, pageOf, totalSchema } from './common.ts';
import { command, job, query } from './operation.ts';
import { lastHeard } from './way.ts';

export const orderStates = [
  'open',
  'cancelled',
  'drafted',
  'queued',
  'sent',
  'accepted',
  'rejected',
  'released',
] as const;
export const orderFilter = z.object({
  from: isoDate.optional(),
  to: isoDate.optional(),
  /** Country as the source wrote it. */
  country: z.string().optional(),
  state: z.enum(orderStates).optional(),
  text: z.string().optional(),
  /** Those a live session may have brought, by its id: of its day and the next, with one of its goods, not cancelled. */
  liveSession: z.number().int().optional(),
});
export type OrderFilter = z.infer<typeof orderFilter>;

export const orderRow = z.object({
  id: z.number().int(),
  orderNo: z.string(),
  orderDate: isoDate,
  customer: z.string().optional(),
  countryText: z.string(),
  country: z.string().optional(),
  currency: currencyCode,
  lines: z.number().int(),
  goodsValue: decimalText,
  cancelledValue: decimalText,
  state: z.enum(orderStates),
  logisticsNo: z.string().optional(),
});

export const lineKinds = ['goods', 'freight', 'discount', 'fee', 'adjustment'] as const;
export const productStates = ['to-classify', 'classified', 'not-goods'] as const;

export const productFields = z.object({
  lineKind: z.enum(lineKinds),
  nameCn: z.string().max(250),
  hsCode: z.string().max(10),
  gmodel: z.string().max(250),
  /** Customs unit codes (计量单位): declared, first and second legal. */
  unit: z.string().max(3),
  unit1: z.string().max(3),
  qty1PerUnit: z.string(),
  unit2: z.string().max(3),
  qty2PerUnit: z.string(),
  /** Kilograms a piece. */
  netWeight: z.string(),
  grossWeight: z.string(),
  /** Old customs numeric country code of origin. */
  origin: z.string().max(3),
  barcode: z.string().max(50),
  needsLicence: z.boolean(),
});
export const productFieldNames = productFields.keyof().options;
export const productRow = productFields.extend({
  sku: z.string(),
  nameSource: z.string(),
  state: z.enum(productStates),
  orderLines: z.number().int(),
  /** Field ids still missing before the product counts as classified. */
  missing: z.array(z.string()),
  updatedAt: isoInstant,
});
export type ProductFieldName = (typeof productFieldNames)[number];
export type ProductRow = z.infer<typeof productRow>;

/** Supervision modes that lists are drafted in from the home market: retail, B2B, warehouse abroad. */
export const listModes = ['9610', '9710', '9810'] as const;

/** What is entered once for a shipment (货运) and reaches every document of it. Codes by the code tables. */
export const shipmentBody = z.object({
  /** 申报地海关, 出口口岸 (customs_district, 4 digits). */
  customsCode: z.string(),
  portCode: z.string(),
  /** 出口日期. */
  ieDate: z.string(),
  trafMode: z.string(),
  trafName: z.string(),
  voyageNo: z.string(),
  billNo: z.string(),
  totalPackageNo: z.string(),
  /** 监管场所代码. */
  loctNo: z.string(),
  logisticsCode: z.string(),
  logisticsName: z.string(),
  /** 指运港; left empty: the country's own code. */
  pod: z.string(),
  wrapType: z.string(),
  /** 生产销售单位: `NO` when it is not registered with customs. */
  ownerCode: z.string(),
  ownerName: z.string(),
  /** Payment (收款单): name of the payment firm, `现金支付` when not online. */
  payName: z.string(),
  note: z.string(),
  /** Supervision mode of its lists; left out: 9610. One that draws on a ledger is 1210. */
  listMode: z.enum(listModes).optional(),
  /** 账册编号 that its lists draw on as 1210; left out or empty: none. */
  emsNo: z.string().max(30).optional(),
  /** Which orders it takes. */
  filter: z.object({ from: z.string(), to: z.string(), country: z.string() }),
  /** Values of the extra fields of a region (市县附加栏目), by their ids; they stay in the book. */
  extra: z.record(z.string().max(40), z.string().trim().max(longestExtra)).optional(),
});
export type ShipmentBody = z.infer<typeof shipmentBody>;
export const shipmentRow = z.object({
  id: z.number().int(),
  shipmentNo: z.string(),
  state: z.enum(['draft', 'drafted', 'void']),
  body: shipmentBody,
  documents: z.number().int(),
  updatedAt: isoInstant,
});

/** Why an order cannot be drafted: `NO_CLASSIFICATION` (param sku), `NO_WAYBILL`, `NO_COUNTRY`, `NO_GOODS`, `TOO_MANY_LINES`… */
export const blockedOrder = z.object({
  orderNo: z.string(),
  reasons: z.array(z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })),
});

export const trade = {
  'orders.list': query(orderFilter.extend(pageInput), pageOf(orderRow).extend({ totals: z.array(totalSchema) })),
  'orders.get': query(
    z.object({ id: z.number().int() }),
    orderRow.extend({
      customerMasked: z.string().optional(),
      orderedAt: z.string(),
      lineRows: z.array(
        z.object({
          lineNo: z.number().int(),
          sku: z.string(),
          description: z.string(),
          lineKind: z.enum(lineKinds),
          productState: z.enum(productStates),
          qty: decimalText,
          cancelledQty: decimalText,
          price: decimalText,
          total: decimalText,
          sourceRow: z.number().int(),
        }),
      ),
      cancellations: z.array(z.object({ cancelNo: z.string(), cancelledAt: z.string(), value: decimalText })),
      documents: z.array(
        z.object({ id: z.number().int(), kind: z.string(), state: z.string(), statusCode: z.string().optional() }),
      ),
      vouchers: z.array(z.object({ id: z.number().int(), label: z.string() })),
      source: z.object({ fileName: z.string(), importedAt: z.string() }).optional(),
    }),
  ),
  'orders.facets': query(
    z.object({}),
    z.object({
      countries: z.array(
        z.object({ countryText: z.string(), country: z.string().optional(), orders: z.number().int() }),
      ),
      states: z.array(z.object({ state: z.enum(orderStates), orders: z.number().int() })),
      from: isoDate.optional(),
      to: isoDate.optional(),
      cancellations: z.number().int(),
      unknownCancellations: z.number().int(),
    }),
  ),
  /**
   * Says which country a source means by a word customs does not know (`European Community`, `Unspecified`): for every
   * open order with that word, and for later imports. `country` is customs' old numeric code.
   */
  'orders.setCountry': command(
    z.object({ countryText: z.string().min(1), country: z.string().regex(/^\d{3}$/) }),
    z.object({ orders: z.number().int() }),
  ),
  'products.list': query(
    z.object({ state: z.enum(productStates).optional(), text: z.string().optional(), ...pageInput }),
    pageOf(productRow),
  ),
  /** The same patch for every sku; the state follows from what is filled in. */
  'products.update': command(
    z.object({ skus: z.array(z.string()).min(1).max(5000), patch: productFields.partial() }),
    z.object({ updated: z.number().int(), rows: z.array(productRow) }),
  ),
  /** What a product said before, the newest first: one row per value that took the place of another (变更记录). Refusal: `PRODUCT_UNKNOWN`. */
  'products.history': query(
    z.object({ sku: z.string(), ...pageInput }),
    pageOf(
      z.object({
        id: z.number().int(),
        field: z.enum(productFieldNames),
        /** As shown in the form; blank: taken away. */
        before: z.string(),
        after: z.string(),
        changedAt: isoInstant,
      }),
    ),
  ),
  'shipments.list': query(z.object(pageInput), pageOf(shipmentRow.extend({ last: lastHeard.optional() }))),
  'shipments.get': query(z.object({ id: z.number().int() }), shipmentRow),
  /** Saves as typed (暂存): nothing is checked here but the shape; `id` left out creates. */
  'shipments.save': command(z.object({ id: z.number().int().optional(), body: shipmentBody }), shipmentRow),
  /** The orders the filter takes, split into what can be drafted and what is blocked by what. */
  'shipments.candidates': query(
    z.object({ id: z.number().int() }),
    z.object({
      ready: z.number().int(),
      blocked: z.number().int(),
      alreadyDrafted: z.number().int(),
      sample: z.array(blockedOrder),
      reasons: z.array(z.object({ code: z.string(), orders: z.number().int() })),
    }),
  ),
  /** Drafts CEB303 and CEB603 for each ready order, CEB505 and CEB403 where the firm sends them. One transaction. */
  'shipments.draft': job(
    z.object({ id: z.number().int() }),
    z.object({
      orders: z.number().int(),
      documents: z.number().int(),
      blocked: z.array(blockedOrder),
      blockedTotal: z.number().int(),
    }),
  ),
} as const;
