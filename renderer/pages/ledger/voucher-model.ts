/**
 * A voucher while it is typed (录入凭证): lines as the paper has them, and the gestures Kingdee and Yonyou users know. Pure:
 * every function gives a new state. Amounts are decimal text as typed, CNY in yuan; what is no number counts as nothing in
 * the sums and is refused by the core, so nothing typed is lost.
 */
import type { VoucherInput } from '../../../shared/contract/accounting.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { CURRENCY_EXPONENTS, divideRounded, formatScaled, pow10, tryParseScaled } from '../../../shared/money/index.ts';

export type Side = 'debit' | 'credit';

export interface EntryLine {
  /** Identity while the voucher is open: lines move. */
  readonly key: number;
  readonly text: string;
  readonly account: string;
  readonly currency: string;
  /** In the line's currency; only for a foreign one. Negative is red (红字). */
  readonly original: string;
  readonly rate: string;
  /** Typed by the user: a new date does not change it. */
  readonly isRateTyped: boolean;
  readonly side: Side;
  /** CNY on `side`; negative is red. */
  readonly cny: string;
  /** Typed by the user: the core takes it instead of the rate. */
  readonly isCnyTyped: boolean;
  /** Only where the account keeps quantities; positive, it goes with the side. */
  readonly quantity: string;
  readonly partyId: number | undefined;
  readonly party: string;
  readonly sku: string;
  readonly orderNo: string;
  readonly shipmentNo: string;
  readonly store: string;
}

export interface EntryVoucher {
  readonly date: string;
  readonly exchange: boolean;
  /** The last one is always blank. */
  readonly lines: readonly EntryLine[];
}

export type TextColumn = 'text' | 'account' | 'quantity' | 'currency' | 'original' | 'rate' | Side;

export function blankLine(key: number): EntryLine {
  return {
    key,
    text: '',
    account: '',
    currency: 'CNY',
    original: '',
    rate: '',
    isRateTyped: false,
    side: 'debit',
    cny: '',
    isCnyTyped: false,
    quantity: '',
    partyId: undefined,
    party: '',
    sku: '',
    orderNo: '',
    shipmentNo: '',
    store: '',
  };
}

export function blankVoucher(date: string): EntryVoucher {
  return { date, exchange: false, lines: [1, 2, 3, 4].map(blankLine) };
}

export function isBlank(line: EntryLine): boolean {
  return (
    line.text === '' &&
    line.account === '' &&
    line.original === '' &&
    line.cny === '' &&
    line.quantity === '' &&
    line.partyId === undefined &&
    line.sku === '' &&
    line.orderNo === '' &&
    line.shipmentNo === '' &&
    line.store === ''
  );
}

export function isEmpty(voucher: EntryVoucher): boolean {
  return voucher.lines.every(isBlank);
}

function nextKey(lines: readonly EntryLine[]): number {
  return lines.reduce((most, line) => Math.max(most, line.key), 0) + 1;
}

/** As many as the contract takes. */
const MOST_LINES = 500;

/** At least four lines, and a blank one at the end while there is room for it. */
function withBlankLast(lines: readonly EntryLine[]): readonly EntryLine[] {
  if (lines.length >= MOST_LINES) return lines.slice(0, MOST_LINES);
  const last = lines.at(-1);
  if (last !== undefined && isBlank(last) && lines.length >= 4) return lines;
  const grown = [...lines];
  while (grown.length < 4 || !isBlank(grown.at(-1) ?? blankLine(0))) grown.push(blankLine(nextKey(grown)));
  return grown;
}

function withLines(voucher: EntryVoucher, lines: readonly EntryLine[]): EntryVoucher {
  return { ...voucher, lines: withBlankLast(lines) };
}

const decimals = (currency: string): number => CURRENCY_EXPONENTS[currency] ?? 2;
const fen = (text: string): bigint => tryParseScaled(text, 2) ?? 0n;
const textOf = (value: bigint, scale: number): string => formatScaled(value, scale, scale);

/** CNY of an amount at a rate, half-up to the fen; undefined while one of them is no number. */
export function converted(original: string, currency: string, rate: string): string | undefined {
  const scale = decimals(currency);
  const amount = tryParseScaled(original, scale);
  const perUnit = tryParseScaled(rate, 8);
  if (amount === undefined || perUnit === undefined || perUnit <= 0n) return undefined;
  return textOf(divideRounded(amount * perUnit, pow10(scale + 6), 'halfUp'), 2);
}

function withCny(line: EntryLine): EntryLine {
  if (line.currency === 'CNY' || line.isCnyTyped) return line;
  return { ...line, cny: converted(line.original, line.currency, line.rate) ?? '' };
}

function changeLine(voucher: EntryVoucher, at: number, change: (line: EntryLine) => EntryLine): EntryVoucher {
  const line = voucher.lines[at];
  if (line === undefined) return voucher;
  const next = change(line);
  if (next === line) return voucher;
  return withLines(
    voucher,
    voucher.lines.map((one, index) => (index === at ? next : one)),
  );
}

/** What one line's dimensions may be set to. */
export type DimensionPatch = Partial<Pick<EntryLine, 'partyId' | 'party' | 'sku' | 'orderNo' | 'shipmentNo' | 'store'>>;

export function putDimension(voucher: EntryVoucher, at: number, patch: DimensionPatch): EntryVoucher {
  return changeLine(voucher, at, (line) => ({ ...line, ...patch }));
}

/**
 * Types into a cell. Debit and credit are one amount on one side, so a line can never have both: typing on the other side
 * moves it. In the summary `..` (or `。。` of a Chinese keyboard) takes the line above, `//` (or `、、`) the first line.
 */
export function putText(voucher: EntryVoucher, at: number, column: TextColumn, typed: string): EntryVoucher {
  switch (column) {
    case 'text': {
      const fold = typed.normalize('NFKC');
      const copied =
        fold === '..' || fold === '。。'
          ? voucher.lines[at - 1]?.text
          : fold === '//' || fold === '、、'
            ? voucher.lines[0]?.text
            : undefined;
      return changeLine(voucher, at, (line) => ({ ...line, text: copied ?? typed }));
    }
    case 'account':
    case 'quantity':
      return changeLine(voucher, at, (line) => ({ ...line, [column]: typed }));
    case 'currency':
      return changeLine(voucher, at, (line) => {
        if (line.currency === typed) return line;
        // The figure typed stays the figure, in the new currency.
        const figure = line.currency === 'CNY' ? line.cny : line.original;
        const fresh = { ...line, currency: typed, rate: '', isRateTyped: false, isCnyTyped: false };
        return typed === 'CNY' ? { ...fresh, original: '', cny: figure } : { ...fresh, original: figure, cny: '' };
      });
    case 'original':
      return changeLine(voucher, at, (line) => {
        const isNew = line.original === '' && line.cny === '';
        return withCny({
          ...line,
          original: typed,
          isCnyTyped: false,
          side: isNew ? missingSide(voucher, at) : line.side,
        });
      });
    case 'rate':
      return changeLine(voucher, at, (line) =>
        withCny({ ...line, rate: typed, isRateTyped: typed !== '', isCnyTyped: false }),
      );
    case 'debit':
    case 'credit':
      return changeLine(voucher, at, (line) => {
        // Emptying the side that holds nothing must not empty the other one.
        if (typed === '' && line.side !== column) return line;
        return { ...line, side: column, cny: typed, isCnyTyped: line.currency !== 'CNY' && typed !== '' };
      });
  }
}

/** Rates in force that arrived for currencies: lines whose rate was not typed take them. */
export function putRates(voucher: EntryVoucher, rates: ReadonlyMap<string, string>): EntryVoucher {
  let isChanged = false;
  const lines = voucher.lines.map((line) => {
    const rate = rates.get(line.currency);
    if (rate === undefined || line.currency === 'CNY' || line.isRateTyped || line.rate === rate) return line;
    isChanged = true;
    return withCny({ ...line, rate });
  });
  return isChanged ? { ...voucher, lines } : voucher;
}

export interface EntryTotals {
  readonly debit: string;
  readonly credit: string;
  /** Debit less credit, CNY. */
  readonly difference: string;
  /** Currencies whose own amounts do not balance, with debit less credit. */
  readonly unbalanced: readonly { readonly currency: string; readonly difference: string }[];
}

/** The sums of the lines, without `except`. */
export function totalsOf(voucher: EntryVoucher, except = -1): EntryTotals {
  let debit = 0n;
  let credit = 0n;
  const byCurrency = new Map<string, bigint>();
  voucher.lines.forEach((line, at) => {
    if (at === except) return;
    const value = fen(line.cny);
    if (line.side === 'debit') debit += value;
    else credit += value;
    const own = line.currency === 'CNY' ? value : (tryParseScaled(line.original, decimals(line.currency)) ?? 0n);
    byCurrency.set(line.currency, (byCurrency.get(line.currency) ?? 0n) + (line.side === 'debit' ? own : -own));
  });
  return {
    debit: textOf(debit, 2),
    credit: textOf(credit, 2),
    difference: textOf(debit - credit, 2),
    unbalanced: [...byCurrency]
      .filter(([, sum]) => sum !== 0n)
      .map(([currency, sum]) => ({ currency, difference: textOf(sum, decimals(currency)) })),
  };
}

function missingSide(voucher: EntryVoucher, except: number): Side {
  return fen(totalsOf(voucher, except).difference) > 0n ? 'credit' : 'debit';
}

/**
 * `=`: the amount that makes the voucher balance, on the side where it is positive. In the column of the original amount it
 * balances the line's own currency.
 */
export function balanceAt(voucher: EntryVoucher, at: number, column: 'original' | Side): EntryVoucher {
  const line = voucher.lines[at];
  if (line === undefined) return voucher;
  const others = totalsOf(voucher, at);
  if (column === 'original' && line.currency !== 'CNY') {
    const scale = decimals(line.currency);
    const found = others.unbalanced.find((one) => one.currency === line.currency)?.difference ?? '0';
    const missing = -(tryParseScaled(found, scale) ?? 0n);
    if (missing === 0n) return voucher;
    return changeLine(voucher, at, () =>
      withCny({
        ...line,
        side: missing > 0n ? 'debit' : 'credit',
        original: textOf(missing > 0n ? missing : -missing, scale),
        isCnyTyped: false,
      }),
    );
  }
  const missing = -fen(others.difference);
  if (missing === 0n) return changeLine(voucher, at, () => ({ ...line, cny: '', isCnyTyped: false }));
  return changeLine(voucher, at, () => ({
    ...line,
    side: missing > 0n ? 'debit' : 'credit',
    cny: textOf(missing > 0n ? missing : -missing, 2),
    isCnyTyped: line.currency !== 'CNY',
  }));
}

/** Space: the same amount on the other side. */
export function switchSide(voucher: EntryVoucher, at: number): EntryVoucher {
  return changeLine(voucher, at, (line) => ({ ...line, side: line.side === 'debit' ? 'credit' : 'debit' }));
}

function negated(text: string): string {
  if (text === '' || /^[0.]+$/.test(text)) return text;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

/** `-`: the same amount in red (红字), or back in black. */
export function switchRed(voucher: EntryVoucher, at: number): EntryVoucher {
  return changeLine(voucher, at, (line) => ({
    ...line,
    cny: negated(line.cny),
    original: negated(line.original),
    quantity: negated(line.quantity),
  }));
}

/** F6: everything of the line above, into this one. */
export function copyAbove(voucher: EntryVoucher, at: number): EntryVoucher {
  const above = voucher.lines[at - 1];
  return above === undefined ? voucher : changeLine(voucher, at, (line) => ({ ...above, key: line.key }));
}

/** Ctrl+D: one cell of the line above. */
export function fillDown(voucher: EntryVoucher, at: number, column: TextColumn | 'dimension'): EntryVoucher {
  const above = voucher.lines[at - 1];
  if (above === undefined) return voucher;
  switch (column) {
    case 'dimension':
      return putDimension(voucher, at, {
        partyId: above.partyId,
        party: above.party,
        sku: above.sku,
        orderNo: above.orderNo,
        shipmentNo: above.shipmentNo,
        store: above.store,
      });
    case 'debit':
    case 'credit':
      return above.cny === '' ? voucher : putText(voucher, at, above.side, above.cny);
    case 'currency':
      return changeLine(voucher, at, (line) => ({
        ...line,
        currency: above.currency,
        rate: above.rate,
        isRateTyped: above.isRateTyped,
      }));
    default:
      return putText(voucher, at, column, above[column]);
  }
}

export function insertLine(voucher: EntryVoucher, at: number): EntryVoucher {
  // A full voucher takes no more: its last line would fall out.
  if (voucher.lines.length >= MOST_LINES && !isBlank(voucher.lines.at(-1) ?? blankLine(0))) return voucher;
  const line = blankLine(nextKey(voucher.lines));
  return withLines(voucher, [...voucher.lines.slice(0, at), line, ...voucher.lines.slice(at)]);
}

export function deleteLine(voucher: EntryVoucher, at: number): EntryVoucher {
  return withLines(
    voucher,
    voucher.lines.filter((_, index) => index !== at),
  );
}

/** Moves a line up (-1) or down (1); the blank last line stays last. */
export function moveLine(voucher: EntryVoucher, at: number, by: 1 | -1): EntryVoucher {
  const line = voucher.lines[at];
  const other = voucher.lines[at + by];
  if (line === undefined || other === undefined) return voucher;
  return withLines(
    voucher,
    voucher.lines.map((one, index) => (index === at ? other : index === at + by ? line : one)),
  );
}

/** The voucher for the core, without blank lines, and for each of its lines the place it has on screen. */
export function inputOf(voucher: EntryVoucher): { readonly input: VoucherInput; readonly rows: readonly number[] } {
  const rows = voucher.lines.flatMap((line, at) => (isBlank(line) ? [] : [at]));
  const lines = rows.map((at): VoucherInput['lines'][number] => {
    const line = voucher.lines[at] ?? blankLine(0);
    const isForeign = line.currency !== 'CNY';
    // A difference in CNY alone (汇兑差额) has a zero in its own currency.
    const isCnyOnly = isForeign && line.original === '' && line.cny !== '';
    const amount = isCnyOnly ? '0' : isForeign ? line.original : line.cny;
    return {
      text: line.text,
      account: line.account,
      currency: line.currency,
      ...(amount === '' ? {} : { [line.side]: amount }),
      ...(isForeign && line.isCnyTyped && line.cny !== '' ? { cny: line.cny } : {}),
      // A rate in force is left to the core, which notes its date and source with the voucher.
      ...(isForeign && !line.isCnyTyped && line.isRateTyped ? { rate: line.rate } : {}),
      ...(line.quantity === '' ? {} : { quantity: line.quantity }),
      ...(line.partyId === undefined ? {} : { partyId: line.partyId }),
      ...(line.sku === '' ? {} : { sku: line.sku }),
      ...(line.orderNo === '' ? {} : { orderNo: line.orderNo }),
      ...(line.shipmentNo === '' ? {} : { shipmentNo: line.shipmentNo }),
      ...(line.store === '' ? {} : { store: line.store }),
    };
  });
  const text = voucher.lines.find((line) => line.text !== '')?.text ?? '';
  return { input: { date: voucher.date, text, exchange: voucher.exchange, lines }, rows };
}

/** Cells whose text has not the form the contract asks for, line by line. */
export function badCells(voucher: EntryVoucher): readonly { readonly at: number; readonly column: TextColumn }[] {
  const isAmount = (text: string): boolean => text === '' || /^-?\d{1,15}(\.\d{1,4})?$/.test(text);
  return voucher.lines.flatMap((line, at) => {
    const bad: TextColumn[] = [];
    if (line.quantity !== '' && !/^-?\d{1,12}(\.\d{1,5})?$/.test(line.quantity)) bad.push('quantity');
    if (line.currency !== 'CNY' && !isAmount(line.original)) bad.push('original');
    if (line.rate !== '' && !/^\d{1,8}(\.\d{1,8})?$/.test(line.rate)) bad.push('rate');
    if (!isAmount(line.cny)) bad.push(line.side);
    return bad.map((column) => ({ at, column }));
  });
}

/** A posted voucher as a new one of a date: its lines without those the program added, rates that were typed kept. */
export function copyOf(voucher: OutputOf<'vouchers.get'>, date: string): EntryVoucher {
  const own = voucher.postings.filter((line) => !line.clearing);
  const lines = own.map((line, at): EntryLine => {
    const side = line.debitCny !== '' ? ('debit' as const) : ('credit' as const);
    const isForeign = line.currency !== 'CNY';
    const isCnyOnly = /^-?[0.]*$/.test(line[side]);
    const cny = side === 'debit' ? line.debitCny : line.creditCny;
    const original = isForeign && !isCnyOnly ? line[side] : '';
    const isKept = isForeign && line.isRateInForce !== true;
    const rate = isKept && !isCnyOnly ? (line.rate ?? '') : '';
    return {
      ...blankLine(at + 1),
      text: line.text,
      account: line.account,
      currency: line.currency,
      side,
      original,
      rate,
      isRateTyped: rate !== '',
      cny,
      // No rate comes to this value again: it was typed itself.
      isCnyTyped: isKept && converted(original, line.currency, rate) !== cny,
      quantity: line.quantity ?? '',
      partyId: line.party?.id,
      party: line.party?.name ?? '',
      sku: line.sku ?? '',
      orderNo: line.order?.no ?? '',
      shipmentNo: line.shipment?.no ?? '',
      store: line.store ?? '',
    };
  });
  return { date, exchange: own.length < voucher.postings.length, lines: withBlankLast(lines) };
}

/** What a draft or template keeps. */
export function bodyOf(voucher: EntryVoucher): Record<string, unknown> {
  return {
    date: voucher.date,
    exchange: voucher.exchange,
    lines: voucher.lines.filter((line) => !isBlank(line)).map((line) => ({ ...line })),
  };
}

/** A voucher out of a draft or template of this or an earlier version: what is not understood is left blank. */
export function voucherOfBody(body: Readonly<Record<string, unknown>>, today: string): EntryVoucher {
  const text = (from: object, name: string): string => {
    const value: unknown = Reflect.get(from, name);
    return typeof value === 'string' ? value : '';
  };
  const stored = Array.isArray(body['lines']) ? body['lines'] : [];
  const lines = stored.flatMap((one: unknown, at): EntryLine[] => {
    if (typeof one !== 'object' || one === null) return [];
    const partyId: unknown = Reflect.get(one, 'partyId');
    return [
      {
        key: at + 1,
        text: text(one, 'text'),
        account: text(one, 'account'),
        currency: text(one, 'currency') || 'CNY',
        original: text(one, 'original'),
        rate: text(one, 'rate'),
        isRateTyped: Reflect.get(one, 'isRateTyped') === true,
        side: Reflect.get(one, 'side') === 'credit' ? 'credit' : 'debit',
        cny: text(one, 'cny'),
        isCnyTyped: Reflect.get(one, 'isCnyTyped') === true,
        quantity: text(one, 'quantity'),
        partyId: typeof partyId === 'number' ? partyId : undefined,
        party: text(one, 'party'),
        sku: text(one, 'sku'),
        orderNo: text(one, 'orderNo'),
        shipmentNo: text(one, 'shipmentNo'),
        store: text(one, 'store'),
      },
    ];
  });
  const date = body['date'];
  return {
    date: typeof date === 'string' && date !== '' ? date : today,
    exchange: body['exchange'] === true,
    lines: withBlankLast(lines),
  };
}
