import type { ShipmentBody } from '../contract/trade.ts';
import type { RequestName } from '../documents/catalogue.ts';
import { storedProduct, storedText } from '../money/stored.ts';

/**
 * Drafts the set of one order's export list (9610, 9710 or 9810, or 1210 out of a bonded ledger): 订单 CEB303, 收款单 CEB403, 运单 CEB505,
 * 出口清单 CEB603.
 *
 * Pure: the caller gives the order's lines, the products, the waybills, the shipment, the clock and the numbers. Where
 * an order cannot be drafted, nothing is: the answer names every reason, so that the user can mend all of them at once.
 */

/** One order line as the book has it; quantities, prices and totals are integers scaled by 10^5. */
export interface DraftLine {
  readonly sku: string;
  readonly description: string;
  readonly qtyE5: number;
  readonly cancelledQtyE5: number;
  readonly priceE5: number;
}

export interface DraftOrder {
  readonly id: number;
  readonly orderNo: string;
  readonly orderedAt: string;
  /** Old customs numeric country code, undefined when the source's country was not recognised. */
  readonly country: string | undefined;
  readonly countryText: string;
  readonly currency: string;
  readonly lines: readonly DraftLine[];
}

export interface DraftProduct {
  readonly sku: string;
  readonly lineKind: string;
  readonly state: string;
  readonly nameCn: string;
  readonly hsCode: string;
  readonly gmodel: string;
  readonly unit: string;
  readonly unit1: string;
  readonly qty1PerUnitE5: number;
  readonly unit2: string;
  readonly qty2PerUnitE5: number;
  readonly netWeightE5: number;
  readonly barcode: string;
  /** 1: an export licence is needed. */
  readonly needsLicence: number;
}

export interface DraftWaybill {
  readonly logisticsNo: string;
  readonly grossWeightE5: number;
  readonly netWeightE5: number | undefined;
  readonly packages: number;
  readonly freightE5: number;
  readonly insuredE5: number;
  readonly currency: string | undefined;
}

/** The firm's side of every document. Codes are the 18-character 统一社会信用代码 unless the user gave others. */
export interface DraftProfile {
  readonly uscc: string;
  readonly name: string;
  readonly agentCode: string;
  readonly agentName: string;
  readonly ebpCode: string;
  readonly ebpName: string;
  readonly sendsWaybills: boolean;
  readonly sendsReceipts: boolean;
  readonly simplified: boolean;
}

/** The bonded ledger (保税账册) that a list of 1210 draws on. */
export interface DraftLedger {
  readonly recordNo: string;
  readonly firmCode: string;
  readonly firmName: string;
  /** 备案料号 of an article; undefined: the ledger does not have it. */
  readonly itemNo: (sku: string) => string | undefined;
}

export interface DraftSource {
  readonly order: DraftOrder;
  readonly product: (sku: string) => DraftProduct | undefined;
  /** The waybill of an order number, or of `<order number>-<part>` where the order is split. */
  readonly waybill: (orderNo: string) => DraftWaybill | undefined;
  readonly shipment: ShipmentBody;
  /** Undefined: goods from the home market, 9610. */
  readonly ledger?: DraftLedger | undefined;
  readonly profile: DraftProfile;
  /** Customs' old numeric code of an ISO currency, undefined when customs has none. */
  readonly currencyCode: (iso: string) => string | undefined;
  /** Time of filing, `yyyyMMddHHmmss` in China. */
  readonly appTime: string;
  /** The most lines a document may carry: `maxLines` of the 9610 rule pack in force. */
  readonly maxLines: number;
  readonly newGuid: () => string;
  /** The 企业唯一编号 of a part's list (parts count from 1), at most 30 characters. */
  readonly copNo: (part: number) => string;
}

export interface BlockReason {
  readonly code: string;
  readonly params: Record<string, string | number>;
}

export interface DraftedDocument {
  readonly kind: RequestName;
  readonly businessKey: string;
  readonly guid: string;
  readonly body: Record<string, unknown>;
  readonly amountE5: number;
  /** ISO code of the amount. */
  readonly currency: string;
}

export type DraftOutcome =
  | { readonly ok: true; readonly documents: readonly DraftedDocument[] }
  | { readonly ok: false; readonly reasons: readonly BlockReason[] };

interface GoodsLine {
  readonly line: DraftLine;
  readonly product: DraftProduct;
  readonly qtyE5: number;
  readonly totalE5: number;
}

/** Drafts the documents of one order, or says everything that stands in the way. */
export function draftRetailExport(source: DraftSource): DraftOutcome {
  const { order } = source;
  const reasons: BlockReason[] = [];
  const goods: GoodsLine[] = [];
  let freightE5 = 0;
  const unclassified = new Set<string>();

  for (const line of order.lines) {
    const qtyE5 = line.qtyE5 - line.cancelledQtyE5;
    if (qtyE5 <= 0) continue;
    const product = source.product(line.sku);
    if (product === undefined || product.state === 'to-classify') {
      unclassified.add(line.sku);
      continue;
    }
    const totalE5 = storedProduct(qtyE5, line.priceE5);
    if (product.lineKind === 'goods') goods.push({ line, product, qtyE5, totalE5 });
    else if (product.lineKind === 'freight') freightE5 += totalE5;
  }

  for (const sku of unclassified) reasons.push({ code: 'NO_CLASSIFICATION', params: { sku } });
  const { ledger } = source;
  if (ledger !== undefined)
    for (const sku of new Set(goods.map(({ line }) => line.sku)))
      if (ledger.itemNo(sku) === undefined)
        reasons.push({ code: 'NO_BONDED_ITEM', params: { sku, recordNo: ledger.recordNo } });
  if (order.country === undefined) reasons.push({ code: 'NO_COUNTRY', params: { country: order.countryText } });
  const currency = source.currencyCode(order.currency);
  if (currency === undefined) reasons.push({ code: 'NO_CUSTOMS_CURRENCY', params: { currency: order.currency } });
  if (goods.length === 0 && unclassified.size === 0) reasons.push({ code: 'NO_GOODS', params: {} });

  const parts = chunk(goods, source.maxLines);
  const numbered = parts.map((lines, index) => ({
    lines,
    orderNo: parts.length === 1 ? order.orderNo : `${order.orderNo}-${index + 1}`,
  }));
  const waybills = numbered.map(({ orderNo }) => source.waybill(orderNo));
  for (const [index, waybill] of waybills.entries()) {
    const orderNo = numbered[index]?.orderNo ?? order.orderNo;
    if (waybill !== undefined) continue;
    reasons.push(
      parts.length === 1
        ? { code: 'NO_WAYBILL', params: { orderNo } }
        : { code: 'NO_PART_WAYBILL', params: { orderNo, lines: goods.length, parts: parts.length } },
    );
  }
  for (const waybill of waybills) {
    if (waybill !== undefined) reasons.push(...feeProblems(source, waybill));
  }
  if (reasons.length > 0 || order.country === undefined || currency === undefined) return { ok: false, reasons };

  const documents: DraftedDocument[] = [];
  for (const [index, part] of numbered.entries()) {
    const waybill = waybills[index];
    if (waybill === undefined) continue;
    // The buyer paid freight once: it stands on the first part only, so that the parts add up to the order.
    const partFreightE5 = index === 0 ? freightE5 : 0;
    documents.push(
      ...draftPart(source, {
        ...part,
        number: index + 1,
        waybill,
        freightE5: partFreightE5,
        country: order.country,
        currency,
      }),
    );
  }
  return { ok: true, documents };
}

/** A fee needs a currency that customs has a code for: nothing is declared in another currency than it was paid in. */
function feeProblems(source: DraftSource, waybill: DraftWaybill): BlockReason[] {
  if (waybill.freightE5 === 0 && waybill.insuredE5 === 0) return [];
  if (waybill.currency === undefined) {
    return [{ code: 'NO_FREIGHT_CURRENCY', params: { logisticsNo: waybill.logisticsNo } }];
  }
  const isKnown = source.currencyCode(waybill.currency) !== undefined;
  return isKnown ? [] : [{ code: 'NO_CUSTOMS_CURRENCY', params: { currency: waybill.currency } }];
}

interface Part {
  readonly number: number;
  readonly orderNo: string;
  readonly lines: readonly GoodsLine[];
  readonly waybill: DraftWaybill;
  readonly freightE5: number;
  readonly country: string;
  readonly currency: string;
}

/** 订单类型 by the supervision mode of the list. */
const orderTypes = { '9610': 'E', '9710': 'B', '9810': 'W' } as const;

function draftPart(source: DraftSource, part: Part): DraftedDocument[] {
  const { profile, shipment, order, ledger } = source;
  const goodsE5 = part.lines.reduce((sum, { totalE5 }) => sum + totalE5, 0);
  const platform = { ebpCode: profile.ebpCode, ebpName: profile.ebpName === '' ? profile.name : profile.ebpName };
  const firm = { ebcCode: profile.uscc, ebcName: profile.name };
  const filed = () => ({ guid: source.newGuid(), appType: '1', appTime: source.appTime, appStatus: '2' });
  const documents: DraftedDocument[] = [];
  const add = (kind: RequestName, businessKey: string, guid: string, body: Record<string, unknown>, amountE5: number) =>
    documents.push({ kind, businessKey, guid, body, amountE5, currency: order.currency });

  const orderHead = {
    ...filed(),
    orderType: orderTypes[ledger === undefined ? (shipment.listMode ?? '9610') : '9610'],
    orderNo: part.orderNo,
    ...platform,
    ...firm,
    goodsValue: storedText(goodsE5),
    freight: storedText(part.freightE5),
    currency: part.currency,
  };
  const orderLines = part.lines.map(({ line, product, qtyE5, totalE5 }, index) => ({
    gnum: String(index + 1),
    itemNo: line.sku,
    itemName: product.nameCn,
    itemDescribe: line.description,
    ...(product.barcode === '' ? {} : { barCode: product.barcode }),
    unit: product.unit,
    currency: part.currency,
    qty: storedText(qtyE5),
    price: storedText(line.priceE5),
    totalPrice: storedText(totalE5),
  }));
  add('CEB303Message', part.orderNo, orderHead.guid, { OrderHead: orderHead, OrderList: orderLines }, goodsE5);

  if (profile.sendsReceipts) {
    const charge = goodsE5 + part.freightE5;
    const receipt = {
      ...filed(),
      ...platform,
      ...firm,
      orderNo: part.orderNo,
      payName: shipment.payName === '' ? '现金支付' : shipment.payName,
      charge: storedText(charge),
      currency: part.currency,
      accountingDate: compactTime(order.orderedAt),
    };
    add('CEB403Message', part.orderNo, receipt.guid, receipt, charge);
  }

  const { waybill } = part;
  const feeCurrency =
    waybill.currency === undefined ? part.currency : (source.currencyCode(waybill.currency) ?? part.currency);
  const carrier = {
    logisticsCode: shipment.logisticsCode,
    logisticsName: shipment.logisticsName,
    logisticsNo: waybill.logisticsNo,
  };
  if (profile.sendsWaybills) {
    const first = part.lines[0]?.product.nameCn ?? '';
    const goodsInfo = part.lines.length === 1 ? first : `${first}等${part.lines.length}项`;
    const logistics = {
      ...filed(),
      ...carrier,
      freight: storedText(waybill.freightE5),
      insuredFee: storedText(waybill.insuredE5),
      currency: feeCurrency,
      grossWeight: storedText(waybill.grossWeightE5),
      packNo: String(waybill.packages),
      goodsInfo: goodsInfo.slice(0, 200),
      ...firm,
    };
    add('CEB505Message', waybill.logisticsNo, logistics.guid, logistics, waybill.freightE5);
  }

  const netE5 =
    waybill.netWeightE5 ??
    part.lines.reduce((sum, { product, qtyE5 }) => sum + storedProduct(qtyE5, product.netWeightE5), 0);
  const head = {
    ...filed(),
    customsCode: shipment.customsCode,
    ...platform,
    orderNo: part.orderNo,
    ...carrier,
    copNo: source.copNo(part.number),
    ieFlag: 'E',
    portCode: shipment.portCode,
    ieDate: shipment.ieDate.replaceAll('-', ''),
    statisticsFlag: profile.simplified ? 'A' : 'B',
    agentCode: profile.agentCode === '' ? profile.uscc : profile.agentCode,
    agentName: profile.agentName === '' ? profile.name : profile.agentName,
    ...firm,
    ownerCode: shipment.ownerCode === '' ? 'NO' : shipment.ownerCode,
    ownerName: shipment.ownerName === '' ? 'NO' : shipment.ownerName,
    ...(ledger === undefined
      ? { tradeMode: shipment.listMode ?? '9610' }
      : { iacCode: ledger.firmCode, iacName: ledger.firmName, emsNo: ledger.recordNo, tradeMode: '1210' }),
    trafMode: shipment.trafMode,
    ...given('trafName', shipment.trafName),
    ...given('voyageNo', shipment.voyageNo),
    ...given('billNo', shipment.billNo),
    ...given('totalPackageNo', shipment.totalPackageNo),
    ...given('loctNo', shipment.loctNo),
    country: part.country,
    POD: shipment.pod === '' ? part.country : shipment.pod,
    freight: storedText(waybill.freightE5),
    fCurrency: feeCurrency,
    fFlag: '3',
    insuredFee: storedText(waybill.insuredE5),
    iCurrency: feeCurrency,
    iFlag: '3',
    wrapType: shipment.wrapType,
    packNo: String(waybill.packages),
    grossWeight: storedText(waybill.grossWeightE5),
    netWeight: storedText(netE5),
    ...given('note', shipment.note),
  };
  const listLines = part.lines.map(({ line, product, qtyE5, totalE5 }, index) => ({
    gnum: String(index + 1),
    itemNo: line.sku,
    ...given('itemRecordNo', ledger?.itemNo(line.sku) ?? ''),
    itemName: product.nameCn,
    gcode: product.hsCode,
    gname: product.nameCn,
    gmodel: product.gmodel,
    barCode: product.barcode === '' ? '无' : product.barcode,
    country: part.country,
    currency: part.currency,
    qty: storedText(qtyE5),
    qty1: storedText(storedProduct(qtyE5, product.qty1PerUnitE5)),
    ...(product.unit2 === '' ? {} : { qty2: storedText(storedProduct(qtyE5, product.qty2PerUnitE5)) }),
    unit: product.unit,
    unit1: product.unit1,
    ...(product.unit2 === '' ? {} : { unit2: product.unit2 }),
    price: storedText(line.priceE5),
    totalPrice: storedText(totalE5),
  }));
  add('CEB603Message', head.copNo, head.guid, { InventoryHead: head, InventoryList: listLines }, goodsE5);
  return documents;
}

/** An optional element is left out rather than sent empty: some have a fixed length. */
function given(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}

/** `2010-12-01T08:26:00` -> `20101201082600`. */
function compactTime(instant: string): string {
  return instant
    .replaceAll(/[^0-9]/g, '')
    .padEnd(14, '0')
    .slice(0, 14);
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}
