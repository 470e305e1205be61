import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import { nameKey, phoneKey } from '../matching/record-match.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown, recordOf } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { cellText, readDecimal, readId, readPositive, readText, reason } from './values.ts';

/** A waybill (运单) of an order, or of `<order number>-<part>` where an order is split. Scaled by 10^5. */
export interface WaybillEntry {
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly grossWeightE5: number;
  readonly netWeightE5: number | undefined;
  readonly packages: number;
  readonly freightE5: number;
  readonly insuredE5: number;
  readonly currency: string | undefined;
  /** What the carrier's list says besides, where it does: it is only compared, never declared. */
  readonly consignee: string | undefined;
  readonly consigneeKey: string | undefined;
  readonly consigneePhone: string | undefined;
  /** Customs' old numeric code. */
  readonly country: string | undefined;
  readonly goods: string | undefined;
  readonly quantityE5: number | undefined;
  readonly sourceRow: number;
}

/** A number that the list gives twice: to an order that has another, or to one while it is another's. */
export interface WaybillClaim {
  readonly orderNo: string;
  readonly logisticsNo: string;
}

export interface KnownWaybill extends Omit<WaybillEntry, 'sourceRow'> {
  /** A document drafted from it is queued or beyond. */
  readonly isSent: boolean;
}

export interface WaybillLookups {
  waybill(orderNo: string): KnownWaybill | undefined;
  /** The order a logistics number belongs to. */
  orderOf(logisticsNo: string): string | undefined;
  currency(text: string): string | undefined;
  country(text: string): string | undefined;
}

const mostPackages = 99_999;

/** Reads the rows of a carrier's list. One instance a file. */
export class WaybillSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #defaultCurrency: string | undefined;
  readonly #lookups: WaybillLookups;
  readonly #entries = new Map<string, WaybillEntry>();
  readonly #owners = new Map<string, string>();
  readonly #claims: WaybillClaim[] = [];
  readonly #byWaybill: boolean;
  #updated = 0;

  /** @param key the field that tells a waybill: its `orderNo`, or its own `logisticsNo` */
  constructor(
    mapping: Mapping,
    defaultCurrency: string | undefined,
    lookups: WaybillLookups,
    onDuplicate: OnDuplicate = 'update',
    key = 'orderNo',
  ) {
    this.#byWaybill = key === 'logisticsNo';
    this.#onDuplicate = onDuplicate;
    this.#at = (field) => mapping[field] ?? -1;
    this.#defaultCurrency = defaultCurrency;
    this.#lookups = lookups;
  }

  get entries(): readonly WaybillEntry[] {
    return [...this.#entries.values()];
  }

  /** Rows that were refused because a number stands twice. */
  get claims(): readonly WaybillClaim[] {
    return this.#claims;
  }

  /** How many of the entries replace what the book has. */
  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const named = readId(row, this.#at('orderNo'), 'orderNo', reasons, { required: !this.#byWaybill });
    const logisticsNo = readId(row, this.#at('logisticsNo'), 'logisticsNo', reasons, { required: true });
    const grossWeightE5 = readPositive(row, this.#at('grossWeight'), 'grossWeight', reasons, true);
    const netWeightE5 = readPositive(row, this.#at('netWeight'), 'netWeight', reasons, false);
    const packages = this.#packages(row, reasons);
    const freightE5 = this.#fee(row, 'freight', reasons);
    const insuredE5 = this.#fee(row, 'insured', reasons);
    const currency = this.#currency(row, reasons);
    const consignee = readText(row, this.#at('consignee'), 'consignee', reasons, { maxLength: 100 });
    const consigneePhone = phoneKey(readId(row, this.#at('consigneePhone'), 'consigneePhone', reasons));
    const country = this.#country(row, reasons);
    const goods = readText(row, this.#at('goods'), 'goods', reasons, { maxLength: 500 });
    const quantityE5 = readPositive(row, this.#at('quantity'), 'quantity', reasons, false);
    if (netWeightE5 !== undefined && grossWeightE5 !== undefined && netWeightE5 > grossWeightE5) {
      reasons.push(reason('GROSS_BELOW_NET', 'grossWeight'));
    }
    const orderNo =
      this.#byWaybill && logisticsNo !== undefined && reasons.length === 0
        ? this.#ofWaybill(logisticsNo, named)
        : named;
    if (typeof orderNo === 'object') return orderNo;
    if (
      reasons.length > 0 ||
      orderNo === undefined ||
      logisticsNo === undefined ||
      grossWeightE5 === undefined ||
      packages === undefined
    ) {
      return reasons;
    }
    const entry: WaybillEntry = {
      orderNo,
      logisticsNo,
      grossWeightE5,
      netWeightE5,
      packages,
      freightE5,
      insuredE5,
      currency,
      consignee,
      consigneeKey: nameKey(consignee),
      consigneePhone,
      country,
      goods,
      quantityE5,
      sourceRow: row.no,
    };
    return this.#add(entry);
  }

  /** The order whose waybill has a number. */
  #ofWaybill(logisticsNo: string, own: string | undefined): string | RowReason[] {
    const found = this.#owners.get(logisticsNo) ?? this.#lookups.orderOf(logisticsNo);
    return recordOf({
      field: 'logisticsNo',
      value: logisticsNo,
      ownField: 'orderNo',
      own,
      found: found === undefined ? [] : [found],
      isThere: (orderNo) => this.#entries.has(orderNo) || this.#lookups.waybill(orderNo) !== undefined,
    });
  }

  #add(entry: WaybillEntry): 'taken' | 'already' | 'skipped' | RowReason[] {
    const { orderNo, logisticsNo } = entry;
    const before = this.#entries.get(orderNo);
    if (before !== undefined) {
      if (before.logisticsNo !== logisticsNo) this.#claims.push({ orderNo, logisticsNo });
      return isSame(before, entry)
        ? 'already'
        : [reason('ROW_TWICE', 'orderNo', { value: orderNo, row: before.sourceRow })];
    }
    const known = this.#lookups.waybill(orderNo);
    if (known !== undefined && isSame(known, entry)) return 'already';
    const kept = known === undefined ? undefined : outcomeOfKnown(this.#onDuplicate, 'orderNo', orderNo);
    if (kept !== undefined) return kept;
    if (known?.isSent === true) return [reason('WAYBILL_ORDER_SENT', 'orderNo', { orderNo })];
    const owner = this.#ownerOf(logisticsNo);
    if (owner !== undefined && owner !== orderNo) {
      this.#claims.push({ orderNo, logisticsNo });
      return [reason('WAYBILL_NUMBER_TAKEN', 'logisticsNo', { value: logisticsNo, orderNo: owner })];
    }
    this.#entries.set(orderNo, entry);
    this.#owners.set(logisticsNo, orderNo);
    if (known !== undefined) this.#updated += 1;
    return 'taken';
  }

  /** Whose number it is once this file is in: an order that gets another number here has let go of its old one. */
  #ownerOf(logisticsNo: string): string | undefined {
    const here = this.#owners.get(logisticsNo);
    if (here !== undefined) return here;
    const owner = this.#lookups.orderOf(logisticsNo);
    return owner === undefined || this.#entries.has(owner) ? undefined : owner;
  }

  #packages(row: SourceRow, reasons: RowReason[]): number | undefined {
    const value = readPositive(row, this.#at('packages'), 'packages', reasons, false);
    if (value === undefined) return 1;
    const count = value / 100_000;
    if (Number.isInteger(count) && count <= mostPackages) return count;
    reasons.push(
      reason('PACKAGES_INVALID', 'packages', { value: cellText(row, this.#at('packages')), max: mostPackages }),
    );
    return undefined;
  }

  #fee(row: SourceRow, field: string, reasons: RowReason[]): number {
    const value = readDecimal(row, this.#at(field), field, reasons, false) ?? 0;
    if (value < 0) reasons.push(reason('NUMBER_NEGATIVE', field, { value: cellText(row, this.#at(field)) }));
    return value;
  }

  #country(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = readText(row, this.#at('country'), 'country', reasons, { maxLength: 100 });
    if (text === undefined) return undefined;
    const code = this.#lookups.country(text);
    if (code === undefined) reasons.push(reason('COUNTRY_UNKNOWN', 'country', { value: text.slice(0, 40) }));
    return code;
  }

  #currency(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('currency'));
    if (text === '') return this.#defaultCurrency;
    const code = this.#lookups.currency(text);
    if (code === undefined) reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    return code;
  }
}

type WaybillValues = Omit<WaybillEntry, 'sourceRow'>;

function isSame(one: WaybillValues, other: WaybillValues): boolean {
  return (
    one.logisticsNo === other.logisticsNo &&
    one.grossWeightE5 === other.grossWeightE5 &&
    one.netWeightE5 === other.netWeightE5 &&
    one.packages === other.packages &&
    one.freightE5 === other.freightE5 &&
    one.insuredE5 === other.insuredE5 &&
    one.currency === other.currency &&
    one.consignee === other.consignee &&
    one.consigneePhone === other.consigneePhone &&
    one.country === other.country &&
    one.goods === other.goods &&
    one.quantityE5 === other.quantityE5
  );
}
