import type { IsoDate } from '../calendar/dates.ts';
import { makeDate } from '../calendar/dates.ts';
import type { ImportFinding, RowReason } from '../contract/imports.ts';
import { exponentOf, formatScaled, tryParseScaled } from '../money/index.ts';
import { cellKinds, isExponentText, type SourceRow } from './cells.ts';
import { type Mapping, mapHeaders } from './headers.ts';
import { cellText, DateReader, readId, readText, reason } from './values.ts';

/**
 * Statements of banks and payment institutions (对账单, 流水) of any layout: signed amounts, columns for income and expense, or an amount
 * with a flag (借贷标志); European and Chinese ways of writing numbers; day before month or after it. What a single cell leaves open is
 * decided by the whole column, so a file is looked through once before its rows are read.
 */

/** How a file writes numbers and days; undefined: no cell has told. `mixed`: cells contradict each other. */
export interface StatementStyle {
  readonly decimal: '.' | ',' | 'mixed' | undefined;
  readonly dates: 'dmy' | 'mdy' | 'mixed' | undefined;
}

const numberColumns = ['amount', 'income', 'expense', 'balance', 'fee'] as const;

/** Marks around a number: currency signs and codes, blanks, the sign in whatever place; parentheses and Dr are negative. */
function bareNumber(text: string): { readonly digits: string; readonly negative: boolean } | undefined {
  let rest = text
    .normalize('NFKC')
    .replace(/[\s\u00a0\u202f'’]/g, '')
    .replace(/[\u2212\u2013\u2014\ufe63]/g, '-');
  if (rest === '' || /^[-/*.]+$/.test(rest)) return undefined;
  rest = rest.replace(/^[A-Za-z]{3}(?=[-+(\d¥$€£])|(?<=[\d)])[A-Z]{3}$/, '').replace(/[¥$€£]|元$/g, '');
  const debit = /(?<=[\d)])(dr|d)$/i.test(rest);
  rest = rest.replace(/(?<=[\d)])(cr|dr|c|d)$/i, '');
  const inBrackets = /^\(.*\)$/.test(rest);
  rest = inBrackets ? rest.slice(1, -1) : rest;
  const sign = /^([+-]?)([^+-]*)([+-]?)$/.exec(rest);
  if (sign === null) return { digits: rest, negative: false };
  const minus = sign[1] === '-' || sign[3] === '-';
  return { digits: sign[2] ?? '', negative: (minus !== inBrackets) !== debit };
}

/** What one cell says of the decimal mark: `1.234,56` a comma, `1,234.5` a point, `1.234` nothing. */
function decimalIn(text: string): '.' | ',' | undefined {
  const digits = bareNumber(text)?.digits ?? '';
  const point = digits.lastIndexOf('.');
  const comma = digits.lastIndexOf(',');
  if (point >= 0 && comma >= 0) return point > comma ? '.' : ',';
  const mark = point >= 0 ? '.' : comma >= 0 ? ',' : undefined;
  if (mark === undefined) return undefined;
  const groups = digits.split(mark);
  if (groups.length > 2) return mark === '.' ? ',' : '.';
  return groups[1]?.length === 3 && (groups[0]?.length ?? 0) <= 3 ? undefined : mark;
}

const numericDay = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})(?=\D|$)/;

/** Looks a file through for how it writes numbers and days. One a file. */
export class StyleWatch {
  readonly #numbers: readonly number[];
  readonly #dates: readonly number[];
  #decimals = new Set<'.' | ','>();
  #orders = new Set<'dmy' | 'mdy'>();

  constructor(mapping: Mapping) {
    this.#numbers = numberColumns.flatMap((field) => mapping[field] ?? []);
    this.#dates = ['date', 'time'].flatMap((field) => mapping[field] ?? []);
  }

  look(row: SourceRow): void {
    for (const column of this.#numbers) {
      // A number cell of a workbook is written in our own way.
      if (row.kinds[column] !== cellKinds.text) continue;
      const mark = decimalIn(row.texts[column] ?? '');
      if (mark !== undefined) this.#decimals.add(mark);
    }
    for (const column of this.#dates) {
      const match = numericDay.exec(cellText(row, column));
      if (match === null) continue;
      if (Number(match[1]) > 12) this.#orders.add('dmy');
      else if (Number(match[3]) > 12) this.#orders.add('mdy');
    }
  }

  get style(): StatementStyle {
    const one = <T>(found: ReadonlySet<T>): T | 'mixed' | undefined => (found.size > 1 ? 'mixed' : [...found][0]);
    return { decimal: one(this.#decimals), dates: one(this.#orders) };
  }
}

/** An amount in minor units; the reason's code for one that cannot be read; undefined: the cell is blank. */
export function statementAmount(text: string, currency: string, style: StatementStyle): bigint | string | undefined {
  const bare = bareNumber(text);
  if (bare === undefined) return undefined;
  if (isExponentText(bare.digits)) return 'NUMBER_EXPONENT';
  const own = decimalIn(text);
  if (style.decimal === 'mixed' && own === undefined && /[.,]/.test(bare.digits)) return 'NUMBER_AMBIGUOUS';
  const digits = exponentOf(currency);
  const marked = style.decimal === 'mixed' || style.decimal === undefined ? own : style.decimal;
  // Nothing in the file tells: a lone group of three is decimals of a currency with three, thousands of one without.
  const lone = /^\d{1,3}([.,])\d{3}$/.exec(bare.digits)?.[1];
  const decimal = marked ?? (lone === undefined ? '.' : digits === 3 ? lone : lone === '.' ? ',' : '.');
  const thousands = decimal === '.' ? ',' : '.';
  if (!/^(\d*|\d{1,3}([.,]\d{2,3})+)([.,]\d*)?$/.test(bare.digits)) return 'NUMBER_INVALID';
  const plain = bare.digits.replaceAll(thousands, '').replace(decimal, '.');
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(plain)) return 'NUMBER_INVALID';
  const minor = tryParseScaled(plain, digits);
  if (minor === undefined) return 'STATEMENT_DECIMALS';
  if (!Number.isSafeInteger(Number(minor))) return 'NUMBER_TOO_LARGE';
  return bare.negative ? -minor : minor;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const namedMonth =
  /^(?:(\d{1,2})[-/. ]+([A-Za-z]{3})[a-z]*[-/. ,]+(\d{2,4})|([A-Za-z]{3})[a-z]*[-/. ]+(\d{1,2}),?[-/. ]+(\d{2,4}))(?=\D|$)/;
const fullYear = (year: string): number => (year.length === 2 ? 2000 + Number(year) : Number(year));

/** A day written with a month's name, or in the order the file has shown; undefined: another way, or not known. */
function dayIn(text: string, style: StatementStyle): IsoDate | 'ambiguous' | undefined {
  const spelt = namedMonth.exec(text);
  if (spelt !== null) {
    const [, d1, m1, y1, m2, d2, y2] = spelt;
    const month = months.indexOf((m1 ?? m2 ?? '').toLowerCase()) + 1;
    return month === 0 ? undefined : makeDate(fullYear(y1 ?? y2 ?? ''), month, Number(d1 ?? d2));
  }
  const match = numericDay.exec(text);
  if (match === null) return undefined;
  const [, first = '', , second = '', year = ''] = match;
  if (style.dates === undefined || style.dates === 'mixed')
    return first === second || Number(first) > 12 || Number(second) > 12 ? undefined : 'ambiguous';
  const [day, month] = style.dates === 'dmy' ? [first, second] : [second, first];
  return makeDate(fullYear(year), Number(month), Number(day));
}

const clock = /(\d{1,2}):(\d{2})(?::(\d{2}))?/;
function timeIn(text: string): string {
  const compact = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  const match = compact ?? clock.exec(text);
  if (match === null) return '';
  const [, hour = '', minute = '', second = '00'] = match;
  return Number(hour) > 23 || Number(minute) > 59 ? '' : `${hour.padStart(2, '0')}:${minute}:${second}`;
}

/** Flags of direction: 贷 of a bank's statement is money in, 借 money out. */
const inFlags = /^(贷|cr|c\b|c$|credit|收|入|in$|in\b|转入|存入|来账|贷方|\+)/i;
const outFlags = /^(借|dr|d\b|d$|debit|支|付|出|out|转出|取|往账|借方|-)/i;
/** Rows that moved no money. */
const closedStates = /关闭|失败|撤销|已取消|待付款|等待付款|failed|cancel|pending|declined|denied/i;
/** Rows that add up or head a page. */
const totalWords =
  /合计|总计|小计|总额|本页|累计|total|sum of|期初|期末|承前|过次|上期结|opening|closing|brought forward|carried forward/i;

/** A line as a statement has it; amounts in minor units of the account's currency. */
export interface StatementEntry {
  readonly date: string;
  readonly time: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly balanceMinor: number | undefined;
  readonly counterparty: string;
  readonly counterpartyAccount: string;
  readonly reference: string;
  readonly text: string;
  readonly fingerprint: string;
  readonly occurrence: number;
  readonly row: number;
}

/** What the balances of a file prove; amounts in minor units. */
export interface StatementProof {
  readonly from: string;
  readonly to: string;
  readonly entries: number;
  readonly inMinor: number;
  readonly outMinor: number;
  readonly openingMinor: number | undefined;
  readonly closingMinor: number | undefined;
  readonly breaks: number;
}

export interface StatementLookups {
  /** ISO 4217 of a code, a customs number or a Chinese name. */
  currency(text: string): string | undefined;
  /** How many lines of a fingerprint the account has. */
  count(fingerprint: string): number;
}

interface TakenRow extends StatementEntry {
  readonly isNew: boolean;
}

/** How many breaks are named one by one. */
const namedBreaks = 20;
const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Sorts the rows of a statement. One instance a file. */
export class StatementSorter {
  readonly #at: (field: string) => number;
  readonly #currency: string;
  readonly #style: StatementStyle;
  readonly #lookups: StatementLookups;
  readonly #hasDirection: boolean;
  readonly #dates = new DateReader();
  readonly #seen = new Map<string, number>();
  readonly #rows: (TakenRow | { readonly refused: number })[] = [];
  readonly #stated: {
    readonly row: number;
    readonly inMinor: bigint | undefined;
    readonly outMinor: bigint | undefined;
  }[] = [];
  #closed = 0;
  #unreadBalances = 0;

  constructor(
    mapping: Mapping,
    account: { readonly currency: string; readonly style: StatementStyle },
    lookups: StatementLookups,
  ) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#currency = account.currency;
    this.#style = account.style;
    this.#lookups = lookups;
    this.#hasDirection = mapping['direction'] !== undefined;
  }

  /** `note`: the row is none of the statement's lines – a sum, a heading, a transaction that came to nothing. */
  take(row: SourceRow): 'taken' | 'already' | 'note' | RowReason[] {
    if (this.#isNote(row)) return 'note';
    const reasons: RowReason[] = [];
    const day = this.#day(row, reasons);
    this.#checkCurrency(row, reasons);
    const amount = this.#amount(row, reasons);
    const balance = this.#balance(row);
    const fee = this.#number(row, 'fee', reasons) ?? 0n;
    const reference = fold(readId(row, this.#at('reference'), 'reference', reasons, { maxLength: 100 }) ?? '');
    const counterparty = fold(
      readText(row, this.#at('counterparty'), 'counterparty', reasons, { maxLength: 200 }) ?? '',
    );
    const parts = ['text', 'note'].map((field) => fold(cellText(row, this.#at(field))));
    if (reasons.length > 0 || day === undefined || amount === undefined) {
      // What is in another currency moved no balance of this account.
      if (reasons.some(({ code }) => code !== 'STATEMENT_CURRENCY')) this.#rows.push({ refused: row.no });
      return reasons;
    }
    const text = [...new Set(parts.filter((part) => part !== '' && !/^-+$/.test(part)))].join(' ').slice(0, 300);
    const other = fold(cellText(row, this.#at('counterpartyAccount')));
    const counterpartyAccount = /^[-/]*$/.test(other) || isExponentText(other) ? '' : other.slice(0, 60);
    const fingerprint = [
      day.date,
      day.time,
      amount,
      balance ?? '',
      blank(counterparty),
      counterpartyAccount,
      reference,
      text,
    ].join('|');
    const occurrence = (this.#seen.get(fingerprint) ?? 0) + 1;
    this.#seen.set(fingerprint, occurrence);
    const isNew = occurrence > this.#lookups.count(fingerprint);
    this.#rows.push({
      ...day,
      amountMinor: Number(amount),
      feeMinor: Number(fee < 0n ? -fee : fee),
      balanceMinor: balance === undefined ? undefined : Number(balance),
      counterparty: blank(counterparty),
      counterpartyAccount,
      reference: blank(reference),
      text,
      fingerprint,
      occurrence,
      row: row.no,
      isNew,
    });
    return isNew ? 'taken' : 'already';
  }

  /** The new lines, in the order of the file. Where balances say that the fee was taken besides, amounts are what moved in all. */
  get entries(): readonly StatementEntry[] {
    const besides = this.#feesBesides();
    return this.#taken()
      .filter(({ isNew }) => isNew)
      .map(({ isNew: _, ...entry }) =>
        besides ? { ...entry, amountMinor: entry.amountMinor - entry.feeMinor } : entry,
      );
  }

  #taken(): TakenRow[] {
    return this.#rows.filter((row): row is TakenRow => !('refused' in row));
  }

  #isNote(row: SourceRow): boolean {
    const filled = row.texts.map((text) => text.trim()).filter((text) => text !== '');
    if (Object.keys(mapHeaders('statement', row.texts)).length >= 3) return true;
    const hasDay = cellText(row, this.#dateColumn) !== '' && /\d/.test(cellText(row, this.#dateColumn));
    if (closedStates.test(cellText(row, this.#at('status')))) {
      this.#closed += 1;
      return true;
    }
    if (hasDay && !totalWords.test(cellText(row, this.#dateColumn))) return false;
    if (filled.some((text) => totalWords.test(text))) {
      const read = (field: string): bigint | undefined => {
        const value = statementAmount(cellText(row, this.#at(field)), this.#currency, this.#style);
        return typeof value === 'bigint' ? (value < 0n ? -value : value) : undefined;
      };
      const [inMinor, outMinor] = [read('income'), read('expense')];
      if (/合计|总计|total/i.test(filled[0] ?? '') && (inMinor !== undefined || outMinor !== undefined))
        this.#stated.push({ row: row.no, inMinor, outMinor });
      return true;
    }
    // Remarks below the table: nothing in them is an amount.
    return numberColumns.every((field) => !/\d/.test(cellText(row, this.#at(field)))) && !hasDay;
  }

  get #dateColumn(): number {
    return this.#at('date') < 0 ? this.#at('time') : this.#at('date');
  }

  #day(row: SourceRow, reasons: RowReason[]): { readonly date: string; readonly time: string } | undefined {
    const column = this.#dateColumn;
    const field = this.#at('date') < 0 ? 'time' : 'date';
    const text = cellText(row, column);
    const clockText = this.#at('date') < 0 ? text : cellText(row, this.#at('time'));
    const day = dayIn(text, this.#style);
    if (day === 'ambiguous') {
      reasons.push(reason('DATE_AMBIGUOUS', field, { value: text.slice(0, 40) }));
      return undefined;
    }
    if (day !== undefined) return { date: day, time: timeIn(clockText) || timeIn(text) };
    const read = this.#dates.read(row, column, field, reasons);
    if (read === undefined) return undefined;
    const own = read.slice(11);
    return { date: read.slice(0, 10), time: timeIn(clockText) || (own === '00:00:00' ? '' : own) };
  }

  #checkCurrency(row: SourceRow, reasons: RowReason[]): void {
    const text = cellText(row, this.#at('currency'));
    if (text === '' || /^[-/]+$/.test(text)) return;
    const code =
      this.#lookups.currency(text) ?? this.#lookups.currency(/[A-Za-z]{3}/.exec(text)?.[0]?.toUpperCase() ?? '');
    if (code === undefined) reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    else if (code !== this.#currency)
      reasons.push(reason('STATEMENT_CURRENCY', 'currency', { value: code, account: this.#currency }));
  }

  #number(row: SourceRow, field: string, reasons: RowReason[]): bigint | undefined {
    const text = cellText(row, this.#at(field));
    if (text === '') return undefined;
    const value = statementAmount(text, this.#currency, this.#style);
    if (typeof value !== 'string') return value;
    const digits = exponentOf(this.#currency);
    reasons.push(
      reason(value, field, {
        value: text.slice(0, 40),
        currency: this.#currency,
        digits,
        max: '9,007,199,254,740,991',
      }),
    );
    return undefined;
  }

  /** Balances only prove: one that cannot be read (masked, say) proves nothing and refuses nothing. */
  #balance(row: SourceRow): bigint | undefined {
    const text = cellText(row, this.#at('balance'));
    if (text === '') return undefined;
    const value = statementAmount(text, this.#currency, this.#style);
    if (typeof value === 'bigint') return value;
    if (value !== undefined) this.#unreadBalances += 1;
    return undefined;
  }

  #amount(row: SourceRow, reasons: RowReason[]): bigint | undefined {
    const before = reasons.length;
    const income = this.#number(row, 'income', reasons) ?? 0n;
    const expense = this.#number(row, 'expense', reasons) ?? 0n;
    const amount = this.#number(row, 'amount', reasons);
    if (reasons.length > before) return undefined;
    if (amount === undefined) {
      const [came, went] = [cellText(row, this.#at('income')), cellText(row, this.#at('expense'))];
      if (income !== 0n && expense !== 0n) {
        reasons.push(reason('STATEMENT_BOTH_SIDES', 'income', { value: came, expense: went }));
        return undefined;
      }
      if (came === '' && went === '') {
        reasons.push(reason('REQUIRED_BLANK', this.#at('amount') >= 0 ? 'amount' : 'income'));
        return undefined;
      }
      return income - (expense < 0n ? -expense : expense);
    }
    if (!this.#hasDirection) return amount;
    const flag = cellText(row, this.#at('direction'));
    if (inFlags.test(flag)) return amount;
    if (outFlags.test(flag)) return -amount;
    reasons.push(reason('STATEMENT_DIRECTION', 'direction', { value: flag.slice(0, 40) }));
    return undefined;
  }

  // Proof -----------------------------------------------------------------------------------------------------------------

  /** Where a balance is not the one before it and the amount, read in one order of time. */
  #breaks(descending: boolean, besides: boolean): { row: number; expected: number; stated: number }[] {
    const rows = descending ? [...this.#rows].reverse() : this.#rows;
    const found: { row: number; expected: number; stated: number }[] = [];
    let balance: number | undefined;
    for (const row of rows) {
      // What a refused row moved is not known: what follows is held against what follows.
      if ('refused' in row) {
        balance = undefined;
        continue;
      }
      if (balance !== undefined) balance += row.amountMinor - (besides ? row.feeMinor : 0);
      if (row.balanceMinor === undefined) continue;
      if (balance !== undefined && balance !== row.balanceMinor)
        found.push({ row: row.row, expected: balance, stated: row.balanceMinor });
      balance = row.balanceMinor;
    }
    return found;
  }

  #isDescending(): boolean {
    const down = this.#breaks(true, false).length;
    const up = this.#breaks(false, false).length;
    if (down !== up) return down < up;
    const rows = this.#taken();
    return (rows[0]?.date ?? '') > (rows.at(-1)?.date ?? '');
  }

  #feesBesides(): boolean {
    if (this.#at('fee') < 0 || this.#at('balance') < 0) return false;
    const descending = this.#isDescending();
    return this.#breaks(descending, true).length < this.#breaks(descending, false).length;
  }

  /** What the file proves, and whatever in it does not agree; asked for once all rows are in. */
  prove(): { readonly proof: StatementProof | undefined; readonly findings: readonly ImportFinding[] } {
    const rows = this.#taken();
    if (rows.length === 0) return { proof: undefined, findings: [] };
    const text = (minor: number): string => {
      const digits = exponentOf(this.#currency);
      return `${this.#currency} ${formatScaled(BigInt(minor), digits, digits)}`;
    };
    const findings: ImportFinding[] = [];
    const descending = this.#isDescending();
    const besides = this.#feesBesides();
    const ordered = descending ? [...rows].reverse() : rows;
    const moved = ordered.map(({ amountMinor, feeMinor }) => amountMinor - (besides ? feeMinor : 0));
    const inMinor = moved.reduce((sum, one) => sum + Math.max(one, 0), 0);
    const outMinor = moved.reduce((sum, one) => sum - Math.min(one, 0), 0);
    const breaks = this.#breaks(descending, besides);
    for (const { row, expected, stated } of breaks.slice(0, namedBreaks))
      findings.push({
        code: 'STATEMENT_BALANCE',
        level: 'doubt',
        rowNo: row,
        params: { row, expected: text(expected), stated: text(stated), difference: text(stated - expected) },
      });
    if (breaks.length > namedBreaks)
      findings.push({
        code: 'STATEMENT_BALANCES_MORE',
        level: 'doubt',
        params: { breaks: breaks.length - namedBreaks },
      });
    const balances = ordered.flatMap(({ balanceMinor }, at) =>
      balanceMinor === undefined ? [] : [{ at, balanceMinor }],
    );
    const [first, last] = [balances[0], balances.at(-1)];
    const upTo = (at: number): number => moved.slice(0, at + 1).reduce((sum, one) => sum + one, 0);
    const opening = first === undefined ? undefined : first.balanceMinor - upTo(first.at);
    const closing =
      last === undefined ? undefined : last.balanceMinor + moved.slice(last.at + 1).reduce((sum, one) => sum + one, 0);
    if (opening !== undefined && closing !== undefined) {
      const sum = inMinor - outMinor;
      const params = {
        opening: text(opening),
        in: text(inMinor),
        out: text(outMinor),
        closing: text(closing),
        rows: rows.length,
      };
      if (opening + sum !== closing)
        findings.push({
          code: 'STATEMENT_TOTAL',
          level: 'doubt',
          params: { ...params, difference: text(closing - opening - sum) },
        });
      else if (breaks.length === 0) findings.push({ code: 'STATEMENT_PROVED', level: 'note', params });
    }
    for (const { row, ...stated } of this.#stated)
      for (const [side, counted] of [
        ['inMinor', inMinor],
        ['outMinor', outMinor],
      ] as const) {
        const said = stated[side];
        if (said !== undefined && Number(said) !== counted)
          findings.push({
            code: side === 'inMinor' ? 'STATEMENT_SUM_IN' : 'STATEMENT_SUM_OUT',
            level: 'doubt',
            rowNo: row,
            params: { row, stated: text(Number(said)), counted: text(counted) },
          });
      }
    if (this.#unreadBalances > 0)
      findings.push({ code: 'STATEMENT_BALANCE_UNREAD', level: 'note', params: { rows: this.#unreadBalances } });
    if (this.#closed > 0) findings.push({ code: 'STATEMENT_CLOSED', level: 'note', params: { rows: this.#closed } });
    const dates = rows.map(({ date }) => date).sort();
    return {
      proof: {
        from: dates[0] ?? '',
        to: dates.at(-1) ?? '',
        entries: rows.length,
        inMinor,
        outMinor,
        openingMinor: opening,
        closingMinor: closing,
        breaks: breaks.length,
      },
      findings,
    };
  }
}

/** `/`, `-` and `--` stand for nothing. */
function blank(text: string): string {
  return /^[-/]+$/.test(text) ? '' : text;
}

/**
 * The accounts whose number a text shows, masked or whole: `1234****9876`, `6222 0212 3456 9876`. `isColumn`: the text is a cell of the
 * account's own number, of which the last four digits are enough.
 */
export function accountsShown<A extends { readonly number: string }>(
  text: string,
  accounts: readonly A[],
  isColumn: boolean,
): A[] {
  const tokens = text.normalize('NFKC').match(/[\d*•xX]+(?:[ -][\d*•xX]+)*/g) ?? [];
  const found = new Set<A>();
  for (const token of tokens) {
    const bare = token.replaceAll(/[ -]/g, '');
    const [head = '', ...rest] = bare.split(/[*•xX]+/);
    const tail = rest.at(-1);
    for (const account of accounts) {
      const number = account.number.replaceAll(/\D/g, '');
      if (number.length < 5) continue;
      const isShown =
        tail === undefined
          ? head === number || (isColumn && head.length >= 4 && number.endsWith(head))
          : tail.length >= 4 && number.endsWith(tail) && number.startsWith(head);
      if (isShown) found.add(account);
    }
  }
  return [...found];
}
