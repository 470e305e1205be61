/** Trade-credit reports (贸易信贷报告, F06): what is to be reported is found from dates; what was reported is compared with the book. */
import { addDays, daysBetween, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { type CreditRow, reportBody } from '../../../shared/contract/supervision.ts';
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { readAmount } from '../../../shared/ledger/index.ts';
import {
  type TradeCreditKind,
  tradeCreditPackId,
  tradeCreditPackSchema,
} from '../../../shared/rules/forex/trade-credit-report.ts';
import type { Book } from '../store/book.ts';
import { decodeCursor, encodeCursor } from '../store/cursor.ts';
import { forexClassOn, storedForexProfile } from '../store/money/forex-profile.ts';
import { requireRecord } from '../store/money/records.ts';
import {
  advanceCredits,
  deferredReceipts,
  type FoundCredit,
  findReport,
  insertReport,
  keepCredit,
  reportsOf,
  type StoredCredit,
  type StoredReport,
  standingReports,
  storedCredits,
} from '../store/money/trade-credit.ts';
import { usdMinorOf } from '../store/money/usd.ts';
import type { Rules } from '../worksheets/rules.ts';
import { minorText, packOf, usdText } from './gauges.ts';

type ReportView = OutputOf<'tradeCreditReports.get'>;
type Body = ReportView['body'];
type Operation = ReportView['operation'];

/** An item with what a person and the reports say of it. */
interface Item {
  readonly found: FoundCredit;
  readonly stored: StoredCredit | undefined;
  /** False: the book does not show it any more (paid, released, or its record voided); only its reports keep it here. */
  readonly stands: boolean;
  readonly reports: readonly StoredReport[];
}

const keyOf = ({ ofKind, ofId, currency }: Pick<FoundCredit, 'ofKind' | 'ofId' | 'currency'>): string =>
  ofKind === 'declaration' ? `${ofKind}:${ofId}:${currency}` : `${ofKind}:${ofId}`;

/** Where the desk shows what an item is of. */
function targetOf({ ofKind, ofId }: FoundCredit): string {
  if (ofKind === 'record') return `money?${new URLSearchParams({ at: ofId })}`;
  if (ofKind === 'declaration') return `purchases?${new URLSearchParams({ tab: 'exports', text: ofId })}`;
  return `tradeCredit?${new URLSearchParams({ at: `manual:${ofId}` })}`;
}

/** The shortest deferral of the day's class that is reported, in days. */
function shortestDeferral(rules: Rules, book: Book, today: string): number {
  const row = packOf(rules, tradeCreditPackId, tradeCreditPackSchema, today).parameters.kinds.find(
    ({ kind }) => kind === 'deferIn',
  );
  const days = forexClassOn(book, today).class === 'A' ? row?.moreThanDaysA : row?.moreThanDaysBC;
  return days ?? 0;
}

/** The manual item as if the book had found it. */
function ofManual(stored: StoredCredit): FoundCredit {
  return {
    kind: stored.kind,
    ofKind: 'manual',
    ofId: String(stored.id),
    label: stored.reference === '' ? `#${stored.id}` : stored.reference,
    counterparty: stored.counterparty,
    country: stored.country,
    baseDate: stored.baseDate,
    expectedDate: stored.expectedDate,
    currency: stored.currency,
    minor: stored.minor,
    metMinor: 0,
  };
}

/**
 * Everything that is open or has been reported, with the day the other side is expected: by a person's word, by the paper, or for
 * exports by the usual days to payment of the profile.
 */
function itemsOf(rules: Rules, book: Book, today: string): Item[] {
  const date = parseIsoDate(today);
  if (date === undefined) throw new PortbookError('DATE_INVALID', { date: today }, 'asOf');
  const usual = storedForexProfile(book).profile.usualReceiptDays;
  const shortest = shortestDeferral(rules, book, today);
  // An export whose usual payment is late enough is due for a report from its first day.
  const exportedTo = usual !== undefined && usual > shortest ? '9999-12-31' : addDays(date, -shortest - 1);
  const credits = storedCredits(book);
  const byKey = new Map(credits.map((one) => [keyOf(one.ofKind === 'manual' ? ofManual(one) : one), one]));
  const reports = new Map<number, StoredReport[]>();
  for (const one of standingReports(book)) reports.set(one.creditId, [...(reports.get(one.creditId) ?? []), one]);
  const items = new Map<string, Item>();
  const put = (found: FoundCredit, stands: boolean): void => {
    const key = keyOf(found);
    if (items.has(key)) return;
    const stored = byKey.get(key);
    const own = stored === undefined ? [] : (reports.get(stored.id) ?? []);
    items.set(key, { found, stored, stands, reports: own });
  };
  for (const found of advanceCredits(book)) put(found, true);
  for (const found of deferredReceipts(book, exportedTo)) {
    const base = parseIsoDate(found.baseDate);
    const expected = found.expectedDate ?? (usual === undefined || base === undefined ? null : addDays(base, usual));
    put({ ...found, expectedDate: expected }, true);
  }
  for (const one of credits) {
    if (one.ofKind === 'manual') put(ofManual(one), true);
    // Reported and since paid or released: the balance came to nothing, which is to be reported too.
    else if (reports.has(one.id))
      put(
        {
          kind: one.kind,
          ofKind: one.ofKind,
          ofId: one.ofId,
          label: one.reference,
          counterparty: one.counterparty,
          country: one.country,
          baseDate: one.baseDate,
          expectedDate: one.expectedDate,
          currency: one.currency,
          minor: one.minor,
          metMinor: one.minor,
        },
        false,
      );
  }
  return [...items.values()];
}

/** The report that stands: the newest reported one, unless it takes the report away. */
function standing(
  reports: readonly StoredReport[],
): { readonly last: StoredReport; readonly first: StoredReport } | undefined {
  const reported = reports.filter(({ state }) => state === 'reported');
  const last = reported.at(-1);
  if (last === undefined || last.operation === 'delete') return undefined;
  const from = reported.findLastIndex(({ operation }) => operation === 'new');
  const first = reported[Math.max(0, from)];
  return first === undefined ? undefined : { last, first };
}

/** Rules are asked once for each pair of days, however many items share them. */
class Judge {
  readonly #rules: Rules;
  readonly #book: Book;
  readonly #today: string;
  readonly #known = new Map<string, CalculationView>();

  constructor(rules: Rules, book: Book, today: string) {
    this.#rules = rules;
    this.#book = book;
    this.#today = today;
  }

  run(
    kind: TradeCreditKind,
    baseDate: string,
    expectedDate: string,
    amountUsd: string | undefined,
    reportedOn: string | undefined,
  ): CalculationView {
    const usd = kind === 'offshore' ? amountUsd : undefined;
    const key = [kind, baseDate, expectedDate, usd ?? '', reportedOn ?? ''].join('|');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const calculation = this.#rules.run('F06', {
      class: forexClassOn(this.#book, baseDate).class,
      kind,
      baseDate,
      expectedDate,
      ...(usd === undefined ? {} : { amountUsd: usd }),
      ...(reportedOn === undefined ? { asOf: this.#today } : { reportedOn }),
    });
    this.#known.set(key, calculation);
    return calculation;
  }
}

/** An item with what the rule says of it; texts are made when it is shown. */
export interface Judged {
  readonly item: Item;
  readonly key: string;
  readonly balanceMinor: number;
  /** The day the other side is expected, as far as anybody has said. */
  readonly expected: string | undefined;
  readonly calculation: CalculationView | undefined;
  readonly reportBy: string | undefined;
  readonly mustReport: boolean;
  readonly state: CreditRow['state'];
  readonly chain: ReturnType<typeof standing>;
  readonly draft: StoredReport | undefined;
}

function judged(book: Book, judge: Judge, item: Item, today: string): Judged {
  const { found, stored, reports } = item;
  const { currency, minor, baseDate, kind } = found;
  const balanceMinor = Math.max(0, minor - found.metMinor - (stored?.settledMinor ?? 0));
  const said = stored?.expectedDate ?? found.expectedDate ?? undefined;
  const expected = said === undefined || said < baseDate ? undefined : said;
  // What is still open today is expected today at the earliest, whatever was said.
  const isLate = balanceMinor > 0 && (expected === undefined || expected < today) && today > baseDate;
  const effective = isLate ? today : (expected ?? baseDate);
  const chain = standing(reports);
  // Only of an offshore resale does the amount decide; without a rate nobody can say.
  const usd = kind === 'offshore' ? usdMinorOf(book, currency, minor, baseDate) : undefined;
  const calculation =
    kind === 'offshore' && usd === undefined
      ? undefined
      : judge.run(
          kind,
          baseDate,
          effective,
          usd === undefined ? undefined : usdText(usd),
          chain?.first.reportedOn ?? undefined,
        );
  const result = calculation?.result ?? {};
  const mustReport = result['mustReport'] === true;
  const state = ((): CreditRow['state'] => {
    if (stored?.state === 'dismissed') return 'dismissed';
    if (chain !== undefined) return result['state'] === 'REPORTED_LATE' ? 'late' : 'reported';
    if (mustReport) return result['state'] === 'OVERDUE' ? 'overdue' : 'due';
    return expected === undefined ? 'noDate' : 'notNeeded';
  })();
  return {
    item,
    key: keyOf(found),
    balanceMinor,
    expected,
    calculation,
    reportBy: typeof result['reportBy'] === 'string' ? result['reportBy'] : undefined,
    mustReport,
    state,
    chain,
    draft: reports.find((one) => one.state === 'draft'),
  };
}

/** An item as it is shown. */
export function creditRowOf(book: Book, one: Judged, today: string): CreditRow {
  const { item, balanceMinor, expected, calculation, reportBy, mustReport, state, chain, draft } = one;
  const { found, stored } = item;
  const { currency, minor, baseDate, kind } = found;
  const lastBody = chain === undefined ? undefined : reportBody.parse(JSON.parse(chain.last.body));
  const balance = minorText(balanceMinor, currency);
  const proposed = ((): Operation | undefined => {
    if (state === 'dismissed' || draft !== undefined) return undefined;
    if (lastBody === undefined) return mustReport && balanceMinor > 0 ? 'new' : undefined;
    if (lastBody.balance !== balance) return 'adjust';
    return expected !== undefined && lastBody.expectedDate !== expected ? 'modify' : undefined;
  })();
  const usd = (amount: number): string | undefined => {
    const value = usdMinorOf(book, currency, amount, baseDate);
    return value === undefined ? undefined : usdText(value);
  };
  const [amountUsd, balanceUsd] = [usd(minor), usd(balanceMinor)];
  const due = reportBy === undefined ? undefined : parseIsoDate(reportBy);
  const now = parseIsoDate(today);
  const gapDays = calculation?.result['gapDays'];
  return {
    key: one.key,
    kind,
    label: found.label,
    counterparty: found.counterparty,
    country: found.country,
    baseDate,
    ...(expected === undefined ? {} : { expectedDate: expected }),
    currency,
    amount: minorText(minor, currency),
    balance,
    ...(amountUsd === undefined ? {} : { amountUsd }),
    ...(balanceUsd === undefined ? {} : { balanceUsd }),
    ...(typeof gapDays === 'number' ? { gapDays } : {}),
    mustReport,
    ...(reportBy === undefined ? {} : { reportBy }),
    ...(due === undefined || now === undefined ? {} : { days: daysBetween(now, due) }),
    state,
    ...(proposed === undefined ? {} : { proposed }),
    ...(chain === undefined || lastBody === undefined
      ? {}
      : {
          reported: {
            reportId: chain.last.id,
            operation: chain.last.operation,
            balance: lastBody.balance,
            expectedDate: lastBody.expectedDate,
            reportedOn: chain.last.reportedOn ?? '',
          },
        }),
    ...(draft === undefined ? {} : { draftId: draft.id }),
    reason: stored?.reason ?? '',
    target: targetOf(found),
  };
}

/** Items that are worth a look: to be reported, reported, dismissed, or open without a day. */
function shown({ state, balanceMinor, item }: Judged): boolean {
  if (state !== 'notNeeded' && state !== 'noDate') return true;
  // Every export is deferred by a few days; only what a person has spoken of or a receipt in advance is shown before it must be reported.
  return balanceMinor > 0 && (item.found.ofKind !== 'declaration' || item.stored !== undefined);
}

const noDay = '9999-12-31';

/** Items worth a look, soonest report first. */
export function tradeCredits(rules: Rules, book: Book, today: string): Judged[] {
  const judge = new Judge(rules, book, today);
  return itemsOf(rules, book, today)
    .map((item) => judged(book, judge, item, today))
    .filter(shown)
    .sort((a, b) => {
      const [one, other] = [a.reportBy ?? noDay, b.reportBy ?? noDay];
      return one === other ? (a.key < b.key ? -1 : 1) : one < other ? -1 : 1;
    });
}

export function listTradeCredits(
  rules: Rules,
  book: Book,
  today: string,
  filter: ParsedInputOf<'tradeCredit.list'>,
): OutputOf<'tradeCredit.list'> {
  const text = filter.text?.trim().toLowerCase() ?? '';
  const matching = tradeCredits(rules, book, today).filter(
    ({ item: { found } }) =>
      (filter.kind === undefined || found.kind === filter.kind) &&
      (text === '' || `${found.label} ${found.counterparty}`.toLowerCase().includes(text)),
  );
  const counts: Record<string, number> = {};
  for (const { state } of matching) counts[state] = (counts[state] ?? 0) + 1;
  const wanted = matching.filter(({ state }) => filter.state === undefined || state === filter.state);
  const [by, after] = decodeCursor(filter.after, ['', '']);
  const rest = wanted.filter(({ reportBy = noDay, key }) => reportBy > by || (reportBy === by && key > after));
  const page = rest.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    rows: page.map((one) => creditRowOf(book, one, today)),
    total: wanted.length,
    counts,
    ...(rest.length > page.length && last !== undefined
      ? { nextCursor: encodeCursor([last.reportBy ?? noDay, last.key]) }
      : {}),
  };
}

/** An item by its key, shown or not. Refusal: `TRADE_CREDIT_UNKNOWN` {key}. */
export function requireTradeCredit(rules: Rules, book: Book, today: string, key: string): Judged {
  const item = itemsOf(rules, book, today).find(({ found }) => keyOf(found) === key);
  if (item === undefined) throw new PortbookError('TRADE_CREDIT_UNKNOWN', { key }, 'key');
  return judged(book, new Judge(rules, book, today), item, today);
}

/** The id under which a person's word on an item is kept. */
export function keptId(book: Book, { item }: Judged, now: string): number {
  return item.stored?.id ?? keepCredit(book, item.found, now);
}

// Reports --------------------------------------------------------------------------------------------------------------
function viewOf(rules: Rules, book: Book, report: StoredReport, credit: StoredCredit): ReportView {
  const body = reportBody.parse(JSON.parse(report.body));
  const before = reportsOf(book, report.creditId)
    .filter(({ state, version }) => state === 'reported' && version < report.version)
    .at(-1);
  const { result } = rules.run('F06', {
    class: body.class,
    kind: body.kind,
    baseDate: body.baseDate,
    expectedDate: body.expectedDate,
    ...(body.kind === 'offshore' ? { amountUsd: body.amountUsd ?? '0' } : {}),
  });
  return {
    id: report.id,
    number: report.number,
    key: keyOf(credit.ofKind === 'manual' ? ofManual(credit) : credit),
    version: report.version,
    operation: report.operation,
    draftedOn: report.draftedOn,
    body,
    ...(before === undefined
      ? {}
      : {
          before: {
            id: before.id,
            number: before.number,
            body: reportBody.parse(JSON.parse(before.body)),
            reportedOn: before.reportedOn ?? '',
          },
        }),
    ...(typeof result['reportBy'] === 'string' ? { reportBy: result['reportBy'] } : {}),
    state: report.state,
    ...(report.reportedOn === null ? {} : { reportedOn: report.reportedOn }),
    reference: report.reference,
    reason: report.reason,
  };
}

/** 申报号码 of the receipt or payment that an item is; empty: none, or not known yet. */
function bankNumberOf(book: Book, { found, stands }: Item): string {
  return found.ofKind === 'record' && stands ? requireRecord(book, Number(found.ofId)).detail.declarationNo : '';
}

/** Reports as they are shown. */
export function reportViews(rules: Rules, book: Book, reports: readonly StoredReport[]): ReportView[] {
  const credits = new Map(storedCredits(book).map((one) => [one.id, one]));
  return reports.flatMap((one) => {
    const credit = credits.get(one.creditId);
    return credit === undefined ? [] : [viewOf(rules, book, one, credit)];
  });
}

/** Refusal: `TRADE_CREDIT_REPORT_UNKNOWN` {id}. */
export function requireReport(rules: Rules, book: Book, id: number): ReportView {
  const report = findReport(book, id);
  const [view] = report === undefined ? [] : reportViews(rules, book, [report]);
  if (view === undefined) throw new PortbookError('TRADE_CREDIT_REPORT_UNKNOWN', { id }, 'id');
  return view;
}

/**
 * Drafts a report of an item as it stands, fields given before the book's own. Refusals: `TRADE_CREDIT_DRAFT` {number},
 * `TRADE_CREDIT_OPERATION` {operation}, `TRADE_CREDIT_NO_DATE`, `DATE_ORDER`, `TRADE_CREDIT_BALANCE` {amount}, `CURRENCY_UNKNOWN`,
 * `AMOUNT_DECIMALS`.
 */
export function draftReport(
  rules: Rules,
  book: Book,
  today: string,
  input: ParsedInputOf<'tradeCreditReports.draft'>,
  now: string,
): { id: number; number: string } {
  const found = requireTradeCredit(rules, book, today, input.key);
  const { item, draft, chain } = found;
  const row = creditRowOf(book, found, today);
  if (draft !== undefined) throw new PortbookError('TRADE_CREDIT_DRAFT', { number: draft.number }, 'key');
  if ((input.operation === 'new') === (chain !== undefined))
    throw new PortbookError('TRADE_CREDIT_OPERATION', { operation: input.operation }, 'operation');
  const before = chain === undefined ? undefined : reportBody.parse(JSON.parse(chain.last.body));
  const { fields } = input;
  const isClosing = input.operation === 'delete' || input.operation === 'adjust';
  const expectedDate =
    fields.expectedDate ?? (isClosing ? before?.expectedDate : undefined) ?? row.expectedDate ?? before?.expectedDate;
  if (expectedDate === undefined)
    throw new PortbookError('TRADE_CREDIT_NO_DATE', { key: row.label }, 'fields.expectedDate');
  if (expectedDate < row.baseDate)
    throw new PortbookError('DATE_ORDER', { from: row.baseDate, to: expectedDate }, 'fields.expectedDate');
  const { currency } = row;
  const minorOf = (text: string, path: string): number => Number(readAmount(text, currency, path));
  const amount = fields.amount ?? (input.operation === 'adjust' ? (before?.amount ?? row.amount) : row.amount);
  const balance = fields.balance ?? row.balance;
  const [amountMinor, balanceMinor] = [minorOf(amount, 'fields.amount'), minorOf(balance, 'fields.balance')];
  if (balanceMinor < 0 || balanceMinor > amountMinor)
    throw new PortbookError('TRADE_CREDIT_BALANCE', { amount }, 'fields.balance');
  const usd = (minor: number): string | undefined => {
    const value = usdMinorOf(book, currency, minor, row.baseDate);
    return value === undefined ? undefined : usdText(value);
  };
  const body: Body = reportBody.parse({
    ...before,
    class: forexClassOn(book, row.baseDate).class,
    kind: row.kind,
    ofKind: item.found.ofKind,
    ofLabel: row.label,
    declarationNo: fields.declarationNo ?? before?.declarationNo ?? bankNumberOf(book, item),
    counterparty: fields.counterparty ?? before?.counterparty ?? row.counterparty,
    country: fields.country ?? before?.country ?? (/^[A-Z]{2}$/.test(row.country) ? row.country : ''),
    baseDate: row.baseDate,
    expectedDate,
    currency,
    amount: minorText(amountMinor, currency),
    balance: minorText(balanceMinor, currency),
    amountUsd: usd(amountMinor),
    balanceUsd: usd(balanceMinor),
    related: fields.related ?? before?.related ?? false,
    remark: fields.remark ?? before?.remark ?? '',
  });
  return insertReport(
    book,
    {
      creditId: keptId(book, found, now),
      operation: input.operation,
      draftedOn: today,
      body: JSON.stringify(body),
      reason: input.reason,
    },
    now,
  );
}
