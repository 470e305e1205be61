import type { ImportFinding, RowReason } from '../contract/imports.ts';
import type { parcelDirections, parcelKinds } from '../contract/parcels.ts';
import { isCurrency, moneyText, tryParseMoney } from '../money/money.ts';
import { storedText } from '../money/stored.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readDecimal, readId, readPositive, readText, reason } from './values.ts';

/** A line of a courier or mail parcel (快件、邮件、个人物品), as the register has it. */
export interface ParcelEntry {
  readonly waybillNo: string;
  /** Of the kinds of goods in one parcel, from 1. */
  readonly lineNo: number;
  readonly kind: (typeof parcelKinds)[number];
  readonly direction: (typeof parcelDirections)[number];
  readonly movedOn: string;
  /** Customs' old numeric code; empty: not known. */
  readonly country: string;
  /** Two to ten digits; empty: not known. */
  readonly hsCode: string;
  readonly name: string;
  readonly carrier: string;
  /** Kilograms as decimal text; null: not weighed. */
  readonly weight: string | null;
  readonly currency: string;
  readonly value: string;
  readonly shipmentNo: string;
}

export interface ParcelLookups {
  known(waybillNo: string, lineNo: number): ParcelEntry | undefined;
  /** Whether a live list or declaration has the number. */
  isUsed(waybillNo: string): boolean;
  hasShipment(shipmentNo: string): boolean;
  currency(text: string): string | undefined;
  country(text: string): string | undefined;
}

const kindWords: readonly (readonly [RegExp, ParcelEntry['kind']])[] = [
  // Customs' own classes of courier shipments: A documents, B personal, C goods of small value.
  [/个人|自用|物品|personal|^b类?$/i, 'personal'],
  [/邮件|邮包|邮政|mail|post|ems/i, 'mail'],
  [/快件|快递|courier|express|^[ac]类?$/i, 'courier'],
];
const directionWords: readonly (readonly [RegExp, ParcelEntry['direction']])[] = [
  [/^(出|e$|out|export)/i, 'out'],
  [/^(进|入|i$|in|import)/i, 'in'],
];

const compared = [
  ...(['kind', 'direction', 'movedOn', 'country', 'hsCode', 'name', 'carrier'] as const),
  ...(['weight', 'currency', 'value', 'shipmentNo'] as const),
] as const;

/**
 * Reads a list of parcels. Where the file numbers no lines, those of one parcel are numbered as they come. A row without a direction went out. One
 * instance a file.
 */
export class ParcelSorter {
  readonly #at: (field: string) => number;
  readonly #defaultCurrency: string | undefined;
  readonly #lookups: ParcelLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, { readonly entry: ParcelEntry; readonly row: number }>();
  /** Rows of each parcel so far, for lines without a number of their own. */
  readonly #seen = new Map<string, number>();
  readonly #used = new Set<string>();
  #updated = 0;

  constructor(mapping: Mapping, defaultCurrency: string | undefined, lookups: ParcelLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#defaultCurrency = defaultCurrency;
    this.#lookups = lookups;
  }

  get entries(): readonly ParcelEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  get updated(): number {
    return this.#updated;
  }

  /** Parcels of the file whose number a live list or declaration has: they are kept, and counted there alone. */
  findings(): ImportFinding[] {
    const [first] = this.#used;
    if (first === undefined) return [];
    return [{ code: 'PARCELS_USED', level: 'doubt', params: { count: this.#used.size, example: first } }];
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const waybillNo = readId(row, this.#at('waybillNo'), 'waybillNo', reasons, { required: true });
    const lineNo = this.#lineNo(row, waybillNo ?? '', reasons);
    const kind = this.#word(row, 'kind', kindWords, 'PARCEL_KIND_UNKNOWN', undefined, reasons);
    const direction = this.#word(row, 'direction', directionWords, 'PARCEL_DIRECTION_UNKNOWN', 'out', reasons);
    const movedOn = this.#dates.read(row, this.#at('movedOn'), 'movedOn', reasons)?.slice(0, 10);
    const country = this.#country(row, reasons);
    const hsCode = this.#hsCode(row, reasons);
    const name = readText(row, this.#at('name'), 'name', reasons, { required: true, maxLength: 250 });
    const carrier = readText(row, this.#at('carrier'), 'carrier', reasons, { maxLength: 100 }) ?? '';
    const weightE5 = readPositive(row, this.#at('weight'), 'weight', reasons, false);
    const currency = this.#currency(row, reasons);
    const value = currency === undefined ? undefined : this.#value(row, currency, reasons);
    const shipmentNo = readId(row, this.#at('shipmentNo'), 'shipmentNo', reasons) ?? '';
    if (shipmentNo !== '' && !this.#lookups.hasShipment(shipmentNo))
      reasons.push(reason('SHIPMENT_NO_UNKNOWN', 'shipmentNo', { value: shipmentNo }));
    if (
      reasons.length > 0 ||
      waybillNo === undefined ||
      lineNo === undefined ||
      kind === undefined ||
      direction === undefined ||
      movedOn === undefined ||
      name === undefined ||
      currency === undefined ||
      value === undefined
    )
      return reasons;
    const weight = weightE5 === undefined ? null : storedText(weightE5);
    return this.#add(
      {
        ...{ waybillNo, lineNo, kind, direction, movedOn, country, hsCode, name, carrier },
        ...{ weight, currency, value, shipmentNo },
      },
      row.no,
    );
  }

  #add(entry: ParcelEntry, row: number): 'taken' | 'already' | RowReason[] {
    const { waybillNo, lineNo } = entry;
    const key = `${waybillNo}\n${lineNo}`;
    const before = this.#entries.get(key);
    const isSame = (of: ParcelEntry): boolean => compared.every((field) => of[field] === entry[field]);
    if (before !== undefined)
      return isSame(before.entry)
        ? 'already'
        : [reason('ROW_TWICE', 'waybillNo', { value: waybillNo, row: before.row })];
    if (this.#lookups.isUsed(waybillNo)) this.#used.add(waybillNo);
    const known = this.#lookups.known(waybillNo, lineNo);
    if (known !== undefined && isSame(known)) return 'already';
    if (known !== undefined) this.#updated += 1;
    this.#entries.set(key, { entry, row });
    return 'taken';
  }

  #lineNo(row: SourceRow, waybillNo: string, reasons: RowReason[]): number | undefined {
    const text = cellText(row, this.#at('lineNo'));
    if (text === '') {
      const next = (this.#seen.get(waybillNo) ?? 0) + 1;
      this.#seen.set(waybillNo, next);
      return next;
    }
    if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
    reasons.push(reason('LINE_NO_INVALID', 'lineNo', { value: text.slice(0, 40) }));
    return undefined;
  }

  #word<T extends string>(
    row: SourceRow,
    field: string,
    words: readonly (readonly [RegExp, T])[],
    code: string,
    blank: T | undefined,
    reasons: RowReason[],
  ): T | undefined {
    const text = cellText(row, this.#at(field));
    const found = text === '' ? blank : words.find(([pattern]) => pattern.test(text))?.[1];
    if (found === undefined)
      reasons.push(reason(text === '' ? 'REQUIRED_BLANK' : code, field, { value: text.slice(0, 40) }));
    return found;
  }

  #country(row: SourceRow, reasons: RowReason[]): string {
    const text = cellText(row, this.#at('country'));
    if (text === '') return '';
    const code = this.#lookups.country(text);
    if (code === undefined) reasons.push(reason('COUNTRY_UNKNOWN', 'country', { value: text.slice(0, 40) }));
    return code ?? '';
  }

  #hsCode(row: SourceRow, reasons: RowReason[]): string {
    const text = cellText(row, this.#at('hsCode'));
    const digits = text.normalize('NFKC').replace(/[\s.]/g, '');
    if (digits === '' || /^\d{2,10}$/.test(digits)) return digits;
    reasons.push(reason('NOTICE_HS_INVALID', 'hsCode', { value: text.slice(0, 40) }));
    return '';
  }

  #currency(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('currency'));
    if (text === '') {
      if (this.#defaultCurrency === undefined) reasons.push(reason('REQUIRED_BLANK', 'currency'));
      return this.#defaultCurrency;
    }
    const code = this.#lookups.currency(text);
    if (code !== undefined && isCurrency(code)) return code;
    reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    return undefined;
  }

  /** A parcel may be worth nothing, but it has to say so. */
  #value(row: SourceRow, currency: string, reasons: RowReason[]): string | undefined {
    const valueE5 = readDecimal(row, this.#at('value'), 'value', reasons, true);
    if (valueE5 === undefined) return undefined;
    const text = storedText(valueE5);
    const exact = tryParseMoney(text, currency);
    if (exact !== undefined && valueE5 >= 0) return moneyText(exact);
    reasons.push(reason(valueE5 < 0 ? 'NUMBER_NEGATIVE' : 'FEN_TOO_FINE', 'value', { value: text }));
    return undefined;
  }
}
