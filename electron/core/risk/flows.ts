/** The three flows (三流) of a scope as the contract has them, and who declares, owns and is paid by store (P-22). */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { IsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { FlowLeg, FlowScope, FlowView } from '../../../shared/contract/risk.ts';
import { comparableName } from '../../../shared/matching/names.ts';
import { convert } from '../../../shared/money/index.ts';
import { fenText, majorText } from '../../../shared/reports/amounts.ts';
import {
  type FlowLegSum,
  type FlowSum,
  flowState,
  flowsPackId,
  flowsPackSchema,
  type RateOf,
  threeFlows,
} from '../../../shared/risk/flows.ts';
import type { Context } from '../context.ts';
import { packFigures } from '../obligations.ts';
import type { Book } from '../store/book.ts';
import { rateInForce } from '../store/rates.ts';
import {
  type FlowFacts,
  flowFacts,
  listScopes,
  payoutIncome,
  reportedIncome,
  statedReasons,
  storeEntities,
} from '../store/risk/flows.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** Rates in force, each looked up once; what was asked for in vain is remembered. */
class Rates {
  readonly missing = new Map<string, { readonly currency: string; readonly date: IsoDate }>();
  readonly #book: Book;
  readonly #known = new Map<string, string | undefined>();
  constructor(book: Book) {
    this.#book = book;
  }
  readonly of: RateOf = (currency, date) => {
    const key = `${currency} ${date}`;
    if (!this.#known.has(key)) this.#known.set(key, rateInForce(this.#book, currency, date)?.cnyPerUnit);
    const rate = this.#known.get(key);
    if (rate === undefined) this.missing.set(key, { currency, date });
    return rate;
  };
}

interface Compared {
  readonly facts: FlowFacts;
  readonly sums: FlowSum[];
  readonly rates: Rates;
}

function compared(source: Source, scope: FlowScope, rates = new Rates(source.book)): Compared {
  const { book, now } = source;
  const today = chinaDate(now());
  const figures = packFigures(source, flowsPackId, flowsPackSchema, today);
  const facts = flowFacts(book, scope);
  return { facts, rates, sums: threeFlows(facts.items, statedReasons(book, scope), figures, today, rates.of) };
}

const cny = <K extends string>(key: K, fen: bigint | undefined): { [name in K]?: string } =>
  (fen === undefined ? {} : { [key]: fenText(fen) }) as { [name in K]?: string };

function legView(
  { leg, differenceFen, reasons, rows, ...sum }: FlowLegSum,
  currency: string,
): FlowView['currencies'][number]['legs'][number] {
  const text = (minor: number): string => majorText(minor, currency);
  return {
    leg,
    difference: text(sum.difference),
    ...cny('differenceCny', differenceFen),
    reasons: reasons.map(({ code, minor, fen, by, text: stated, id, rows: of, rowCount }) => ({
      ...{ code, amount: text(minor), by, text: stated, rows: [...of], rowCount },
      ...cny('cny', fen),
      ...(id === undefined ? {} : { id }),
    })),
    short: text(sum.short),
    over: text(sum.over),
    ...cny('unexplainedCny', sum.unexplainedFen),
    rows: [...rows],
  };
}

function currencyView(sum: FlowSum): FlowView['currencies'][number] {
  const { currency } = sum;
  const text = (minor: number): string => majorText(minor, currency);
  return {
    currency,
    goods: { declared: text(sum.declared), ...cny('declaredCny', sum.declaredFen) },
    information: { orders: text(sum.ordered), ...cny('ordersCny', sum.orderedFen) },
    money: {
      received: text(sum.received),
      ...cny('receivedCny', sum.receivedFen),
      ...{ refunded: text(sum.refunded), commission: text(sum.commission) },
      ...{ netted: text(sum.netted), charges: text(sum.charges) },
    },
    legs: sum.legs.map((leg) => legView(leg, currency)),
  };
}

/** The three flows of a shipment, a declaration or a period. Refusals: those of `flowFacts`, `RULE_PACK_MISSING`. */
export function flowView(source: Source, scope: FlowScope): FlowView {
  const { facts, sums, rates } = compared(source, scope);
  const { label, quantities, purchases, counts } = facts;
  return {
    ...{ scope, label, quantities, purchases, counts },
    state: flowState(sums),
    currencies: sums.map(currencyView),
    ratesMissing: [...rates.missing.values()],
  };
}

/** What of a leg is unexplained in a currency, in its minor units: short (nought or more) and over (nought or less). Refusals: those of `flowView`. */
export function unexplained(
  source: Source,
  scope: FlowScope,
  of: { readonly leg: FlowLeg; readonly currency: string },
): { readonly short: number; readonly over: number } {
  const { sums } = compared(source, scope);
  const leg = sums.find(({ currency }) => currency === of.currency)?.legs.find((one) => one.leg === of.leg);
  return { short: Math.max(0, leg?.short ?? 0), over: Math.min(0, leg?.over ?? 0) };
}

/** Shipments or declarations with what of each is unexplained. */
export function flowList(
  source: Source,
  input: {
    readonly of: 'shipments' | 'declarations';
    readonly text: string;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): OutputOf<'flows.list'> {
  const { rows, ...page } = listScopes(source.book, input.of, input.text, input);
  const rates = new Rates(source.book);
  return {
    ...page,
    rows: rows.map(({ scope, date }) => {
      const { facts, sums } = compared(source, scope, rates);
      const amounts = (minorOf: (sum: FlowSum) => number) =>
        sums.map((sum) => ({ currency: sum.currency, amount: majorText(minorOf(sum), sum.currency) }));
      return {
        ...{ scope, label: facts.label, state: flowState(sums) },
        ...(date === undefined ? {} : { date }),
        declared: amounts(({ declared }) => declared),
        orders: amounts(({ ordered }) => ordered),
        received: amounts(({ received }) => received),
        unexplained: sums.flatMap(({ currency, legs }) => {
          const minor = legs.reduce((sum, { short, over }) => sum + short - over, 0);
          return minor === 0 ? [] : [{ currency, amount: majorText(minor, currency) }];
        }),
      };
    }),
  };
}

// Entities ----------------------------------------------------------------------------------------------------------------

/** The quarters a period consists of; empty where it is not whole quarters. */
function quartersOf(from: string, to: string): string[] {
  const isStart = /-(01|04|07|10)-01$/.test(from);
  const isEnd = /-(03-31|06-30|09-30|12-31)$/.test(to);
  if (!isStart || !isEnd) return [];
  const at = (date: string): number => Number(date.slice(0, 4)) * 4 + Math.ceil(Number(date.slice(5, 7)) / 3) - 1;
  return Array.from({ length: at(to) - at(from) + 1 }, (_, step) => {
    const quarter = at(from) + step;
    return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`;
  });
}

/** By store: who declares, owns and is paid, and what platform, customs and bank say came of it, in CNY. */
export function entityView(source: Source, from: string, to: string): OutputOf<'flows.entities'> {
  const { book } = source;
  const firm = book.profile().name;
  const rates = new Rates(book);
  const { facts } = compared(source, { kind: 'period', from, to }, rates);
  const sums = new Map<
    string,
    { declared: bigint; received: bigint; orders: bigint; income: bigint; hasIncome: boolean }
  >();
  const of = (store: string) => {
    const known = sums.get(store) ?? { declared: 0n, received: 0n, orders: 0n, income: 0n, hasIncome: false };
    sums.set(store, known);
    return known;
  };
  const fen = (currency: string, minor: number, date: IsoDate): bigint => {
    const rate = rates.of(currency, date);
    return rate === undefined ? 0n : convert({ minor: BigInt(minor), currency }, rate).minor;
  };
  for (const item of facts.items) {
    const sum = of(item.store);
    sum.declared += BigInt(item.declaredFen ?? 0);
    sum.orders += fen(item.currency, item.orderedMinor, item.date);
    for (const { minor, date, hasArrived } of item.receipts)
      if (hasArrived) sum.received += fen(item.currency, minor, date);
    sum.received -= fen(item.currency, item.commissionMinor + item.refundedMinor, item.date);
  }
  for (const { store, currency, date, minor } of payoutIncome(book, from, to)) {
    const sum = of(store);
    sum.income += fen(currency, minor, date);
    sum.hasIncome = true;
  }
  const entities = storeEntities(book, from, to, firm);
  const quarters = quartersOf(from, to);
  const reported = reportedIncome(book, quarters);
  for (const store of entities.keys()) of(store);
  const rows = [...sums].flatMap(([store, sum]): OutputOf<'flows.entities'>['rows'] => {
    const known = entities.get(store);
    const isBusy = sum.declared !== 0n || sum.received !== 0n || sum.orders !== 0n || sum.hasIncome;
    if (!isBusy && store !== '' && known === undefined) return [];
    if (!isBusy && known?.declarers.length === 0) return [];
    const declarers =
      known === undefined || known.declarers.length === 0 ? (sum.declared === 0n ? [] : [firm]) : known.declarers;
    const [owners, payees] = [known?.owners ?? [], known?.payees ?? []];
    const stated = reported.get(`${known?.platform ?? ''}/${store}`);
    const isReported = stated !== undefined && stated.quarters === quarters.length;
    const income = isReported ? BigInt(stated.fen) : sum.hasIncome ? sum.income : undefined;
    return [
      {
        ...{ store, declarers: [...declarers], owners: [...owners], payees: [...payees] },
        findings: findingsOf(declarers, owners, payees, sum.received !== 0n),
        ...(income === undefined ? {} : { platformIncome: fenText(income) }),
        platformFrom: isReported ? 'report' : sum.hasIncome ? 'payouts' : 'none',
        ...{ declared: fenText(sum.declared), received: fenText(sum.received), orders: fenText(sum.orders) },
      },
    ];
  });
  return { firm, rows: rows.sort((a, b) => (a.store < b.store ? -1 : 1)) };
}

type EntityFinding = OutputOf<'flows.entities'>['rows'][number]['findings'][number];

function findingsOf(
  declarers: readonly string[],
  owners: readonly string[],
  payees: readonly string[],
  hasMoney: boolean,
): EntityFinding[] {
  const within = (some: readonly string[], others: readonly string[]): boolean =>
    some.every((one) => others.some((other) => comparableName(one) === comparableName(other)));
  const findings: EntityFinding[] = [];
  if (owners.length === 0) findings.push('ownerUnknown');
  else {
    if (!within(declarers, owners)) findings.push('declarerIsNotOwner');
    if (payees.length > 0 && !within(payees, owners)) findings.push('ownerIsNotPayee');
  }
  if (payees.length === 0) {
    if (hasMoney) findings.push('payeeUnknown');
  } else if (!within(payees, declarers)) findings.push('declarerIsNotPayee');
  return findings;
}
