import type { ImportFinding, OnDuplicate, RowReason } from '../contract/imports.ts';
import type { parcelDirections, parcelKinds } from '../contract/parcels.ts';
import { isCurrency, moneyText, tryParseMoney } from '../money/money.ts';
import { storedText } from '../money/stored.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
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
  /** What the book has of a parcel, by line. */
  lines(waybillNo: string): readonly ParcelEntry[];
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

/** What a row says of a line; undefined: its column is not there or its cell is blank. */
type Said = Omit<ParcelEntry, 'lineNo' | (typeof optional)[number]> & {
  readonly [F in (typeof optional)[number]]: ParcelEntry[F] | undefined;
};
const optional = ['direction', 'country', 'hsCode', 'carrier', 'weight', 'shipmentNo'] as const;

/** What the row says, over what the book has of the line; a line that nothing is known of went out. */
const entryOf = (said: Said, lineNo: number, known: ParcelEntry | undefined): ParcelEntry => ({
  ...said,
  lineNo,
  direction: said.direction ?? known?.direction ?? 'out',
  country: said.country ?? known?.country ?? '',
  hsCode: said.hsCode ?? known?.hsCode ?? '',
  carrier: said.carrier ?? known?.carrier ?? '',
  weight: said.weight ?? known?.weight ?? null,
  shipmentNo: said.shipmentNo ?? known?.shipmentNo ?? '',
});
const isSame = (a: ParcelEntry, b: ParcelEntry): boolean => compared.every((field) => a[field] === b[field]);

/** A parcel of the file: what the book has of it, and the numbers its rows stand for. */
interface Parcel {
  readonly lines: readonly ParcelEntry[];
  readonly numbers: Set<number>;
}
const lastLine = 999;
const keyOf = ({ waybillNo, lineNo }: ParcelEntry): string => `${waybillNo}\n${lineNo}`;

/**
 * Reads a list of parcels. A row without a number of its own is the line of the book that says the same, else a further line of its parcel: a number
 * that was made up here never corrects a line. A blank cell leaves what the book has of the line. One instance a file.
 */
export class ParcelSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #defaultCurrency: string | undefined;
  readonly #lookups: ParcelLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, { readonly entry: ParcelEntry; readonly row: number }>();
  readonly #parcels = new Map<string, Parcel>();
  readonly #used = new Set<string>();
  /** Parcels of the book that get further lines. */
  readonly #grown = new Set<string>();
  #updated = 0;

  constructor(
    mapping: Mapping,
    defaultCurrency: string | undefined,
    lookups: ParcelLookups,
    onDuplicate: OnDuplicate = 'update',
  ) {
    this.#onDuplicate = onDuplicate;
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

  /**
   * Parcels of the file whose number a live list or declaration has: they are kept, and counted there alone. Parcels of the book that get lines
   * beside those they have: a corrected row without a number looks the same.
   */
  findings(): ImportFinding[] {
    const of = (code: string, found: ReadonlySet<string>): ImportFinding[] => {
      const [example] = found;
      return example === undefined ? [] : [{ code, level: 'doubt', params: { count: found.size, example } }];
    };
    return [...of('PARCELS_USED', this.#used), ...of('PARCELS_GROWN', this.#grown)];
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const waybillNo = readId(row, this.#at('waybillNo'), 'waybillNo', reasons, { required: true });
    const lineNo = this.#lineNo(row, reasons);
    const kind = this.#word(row, 'kind', kindWords, 'PARCEL_KIND_UNKNOWN', true, reasons);
    const direction = this.#word(row, 'direction', directionWords, 'PARCEL_DIRECTION_UNKNOWN', false, reasons);
    const movedOn = this.#dates.read(row, this.#at('movedOn'), 'movedOn', reasons)?.slice(0, 10);
    const country = this.#country(row, reasons);
    const hsCode = this.#hsCode(row, reasons);
    const name = readText(row, this.#at('name'), 'name', reasons, { required: true, maxLength: 250 });
    const carrier = readText(row, this.#at('carrier'), 'carrier', reasons, { maxLength: 100 });
    const weightE5 = readPositive(row, this.#at('weight'), 'weight', reasons, false);
    const currency = this.#currency(row, reasons);
    const value = currency === undefined ? undefined : this.#value(row, currency, reasons);
    const shipmentNo = readId(row, this.#at('shipmentNo'), 'shipmentNo', reasons);
    if (shipmentNo !== undefined && !this.#lookups.hasShipment(shipmentNo))
      reasons.push(reason('SHIPMENT_NO_UNKNOWN', 'shipmentNo', { value: shipmentNo }));
    if (
      reasons.length > 0 ||
      waybillNo === undefined ||
      kind === undefined ||
      movedOn === undefined ||
      name === undefined ||
      currency === undefined ||
      value === undefined
    )
      return reasons;
    const weight = weightE5 === undefined ? undefined : storedText(weightE5);
    const said: Said = {
      ...{ waybillNo, kind, direction, movedOn, country, hsCode, name, carrier },
      ...{ weight, currency, value, shipmentNo },
    };
    return lineNo === undefined ? this.#addNext(said, row.no) : this.#add(said, lineNo, row.no);
  }

  #parcel(waybillNo: string): Parcel {
    const before = this.#parcels.get(waybillNo);
    if (before !== undefined) return before;
    const parcel: Parcel = { lines: this.#lookups.lines(waybillNo), numbers: new Set() };
    this.#parcels.set(waybillNo, parcel);
    return parcel;
  }

  /** A row that names its line. */
  #add(said: Said, lineNo: number, row: number): 'taken' | 'already' | 'skipped' | RowReason[] {
    const { waybillNo } = said;
    const { lines, numbers } = this.#parcel(waybillNo);
    const known = lines.find((line) => line.lineNo === lineNo);
    const entry = entryOf(said, lineNo, known);
    const before = this.#entries.get(keyOf(entry));
    if (before !== undefined)
      return isSame(before.entry, entry)
        ? 'already'
        : [reason('ROW_TWICE', 'waybillNo', { value: waybillNo, row: before.row })];
    if (this.#lookups.isUsed(waybillNo)) this.#used.add(waybillNo);
    numbers.add(lineNo);
    if (known !== undefined && isSame(known, entry)) return 'already';
    const kept =
      known === undefined ? undefined : outcomeOfKnown(this.#onDuplicate, 'waybillNo', `${waybillNo} ${lineNo}`);
    if (kept !== undefined) return kept;
    if (known !== undefined) this.#updated += 1;
    this.#entries.set(keyOf(entry), { entry, row });
    return 'taken';
  }

  /** A row that names none: a line of the book that no other row of the file stands for and that says the same, else the next free number. */
  #addNext(said: Said, row: number): 'taken' | 'already' | 'skipped' | RowReason[] {
    const { waybillNo } = said;
    const { lines, numbers } = this.#parcel(waybillNo);
    if (this.#lookups.isUsed(waybillNo)) this.#used.add(waybillNo);
    const same = lines.find((line) => !numbers.has(line.lineNo) && isSame(line, entryOf(said, line.lineNo, line)));
    if (same !== undefined) {
      numbers.add(same.lineNo);
      return 'already';
    }
    let lineNo = 1;
    while (numbers.has(lineNo) || lines.some((line) => line.lineNo === lineNo)) lineNo += 1;
    if (lineNo > lastLine) return [reason('LINE_NO_INVALID', 'lineNo', { value: String(lineNo) })];
    numbers.add(lineNo);
    if (lines.length > 0) this.#grown.add(waybillNo);
    const entry = entryOf(said, lineNo, undefined);
    this.#entries.set(keyOf(entry), { entry, row });
    return 'taken';
  }

  #lineNo(row: SourceRow, reasons: RowReason[]): number | undefined {
    const text = cellText(row, this.#at('lineNo'));
    if (text === '') return undefined;
    if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
    reasons.push(reason('LINE_NO_INVALID', 'lineNo', { value: text.slice(0, 40) }));
    return undefined;
  }

  #word<T extends string>(
    row: SourceRow,
    field: string,
    words: readonly (readonly [RegExp, T])[],
    code: string,
    isRequired: boolean,
    reasons: RowReason[],
  ): T | undefined {
    const text = cellText(row, this.#at(field));
    if (text === '' && !isRequired) return undefined;
    const found = text === '' ? undefined : words.find(([pattern]) => pattern.test(text))?.[1];
    if (found === undefined)
      reasons.push(reason(text === '' ? 'REQUIRED_BLANK' : code, field, { value: text.slice(0, 40) }));
    return found;
  }

  #country(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('country'));
    if (text === '') return undefined;
    const code = this.#lookups.country(text);
    if (code === undefined) reasons.push(reason('COUNTRY_UNKNOWN', 'country', { value: text.slice(0, 40) }));
    return code;
  }

  #hsCode(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('hsCode'));
    const digits = text.normalize('NFKC').replace(/[\s.]/g, '');
    if (digits === '') return undefined;
    if (/^\d{2,10}$/.test(digits)) return digits;
    reasons.push(reason('NOTICE_HS_INVALID', 'hsCode', { value: text.slice(0, 40) }));
    return undefined;
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
