/**
 * Three flows (三流合一): goods as declared, information as ordered, money as received, held against each other item by item. What the
 * book itself explains of a difference is computed; the rest is for a person to explain, and red until then.
 */
import { z } from 'zod';
import { addDays, type IsoDate } from '../calendar/index.ts';
import type { BookRow, FlowCode, FlowLeg } from '../contract/risk.ts';
import { exponentOf } from '../money/index.ts';
import { majorText } from '../reports/amounts.ts';
import { Num } from '../rules/figures.ts';
import { packSchema } from '../rules/pack.ts';

export const flowsPackId = 'risk-three-flows';
export const flowsPackSchema = packSchema(
  z.object({
    /** A sale may be declared so many days after the order, and paid so many days after the export, before it is late. */
    declareDays: z.number().int().min(0).max(3650),
    receiptDays: z.number().int().min(0).max(3650),
  }),
);
export type FlowFigures = z.output<typeof flowsPackSchema>['versions'][number]['parameters'];

/** Money that paid for an item, in minor units of the item's currency. */
export interface FlowReceipt {
  readonly row: BookRow;
  readonly date: IsoDate;
  readonly minor: number;
  /** False: a payout whose deposit has not come in yet. */
  readonly hasArrived: boolean;
}

/** An order with its lists, or a declaration without an order. Amounts in minor units of its currency. */
export interface FlowItem {
  readonly row: BookRow;
  readonly store: string;
  readonly currency: string;
  /** Day of export; of the order where nothing was exported. */
  readonly date: IsoDate;
  readonly orderDate: IsoDate;
  /** What the buyer owes: goods less cancelled, freight, fees, discounts; of a declaration its price by the terms of delivery. */
  readonly orderedMinor: number;
  /** Of it freight and insurance, and fees, discounts, adjustments. */
  readonly freightMinor: number;
  readonly otherMinor: number;
  readonly cancelledMinor: number;
  /** Declared FOB; in fen undefined while a rate is missing. `lines` of it were rounded one by one. */
  readonly declaredMinor: number;
  readonly declaredFen: number | undefined;
  readonly lines: number;
  /** Declared in another currency: brought to this one at the rates of the day. */
  readonly isConverted: boolean;
  readonly isReleased: boolean;
  readonly receipts: readonly FlowReceipt[];
  /** Positive: accepted as charges, kept by the platform, given back to the buyer, returned without being given back, netted. */
  readonly chargeMinor: number;
  readonly commissionMinor: number;
  readonly refundedMinor: number;
  readonly returnedMinor: number;
  readonly nettedMinor: number;
  /** Last day of receipt by the contract. */
  readonly dueOn: IsoDate | undefined;
}

/** A reason stated by a person, signed as the difference is. */
export interface StatedReason {
  readonly id: number;
  readonly leg: FlowLeg;
  readonly code: FlowCode;
  readonly currency: string;
  readonly minor: number;
  readonly text: string;
}

/** What of an item's difference has which reason. */
interface Part {
  readonly code: FlowCode;
  readonly minor: number;
}
interface Explained {
  readonly difference: number;
  readonly parts: readonly Part[];
  readonly rest: number;
}

/** As much of a rest as a reason can account for: between nought and the reason's own amount, with its sign. */
function within(rest: number, reason: number): number {
  return reason >= 0 ? Math.max(0, Math.min(rest, reason)) : Math.min(0, Math.max(rest, reason));
}

/** Takes reasons off a difference one after the other. */
class Taking {
  readonly parts: Part[] = [];
  rest: number;
  constructor(difference: number) {
    this.rest = difference;
  }
  /** A reason that counts whole, whether or not that leaves nothing. */
  whole(code: FlowCode, minor: number): void {
    if (minor === 0) return;
    this.parts.push({ code, minor });
    this.rest -= minor;
  }
  upTo(code: FlowCode, minor: number): void {
    this.whole(code, within(this.rest, minor));
  }
}

/** Orders less goods: freight and fees are in the price and not in FOB; cancelled goods are still declared. */
function goodsLeg(item: FlowItem, today: IsoDate, { declareDays }: FlowFigures): Explained {
  const difference = item.orderedMinor - item.declaredMinor;
  const taking = new Taking(difference);
  if (item.declaredMinor === 0) {
    if (!item.isReleased && addDays(item.orderDate, declareDays) >= today) taking.whole('TIMING', taking.rest);
    return { difference, parts: taking.parts, rest: taking.rest };
  }
  taking.whole('INCOTERM', item.freightMinor);
  taking.whole('CHARGES', item.otherMinor);
  taking.upTo('RETURN', -item.cancelledMinor);
  if (item.isConverted) taking.whole('RATE', taking.rest);
  // Half a minor unit a line, for each was rounded by itself.
  else if (Math.abs(taking.rest) * 2 <= item.lines) taking.whole('ROUNDING', taking.rest);
  return { difference, parts: taking.parts, rest: taking.rest };
}

/** What reached an account of the firm, less what went back. */
function moneyOf(item: FlowItem): { readonly arrived: number; readonly underWay: number; readonly net: number } {
  const sum = (isWanted: (receipt: FlowReceipt) => boolean): number =>
    item.receipts.reduce((all, one) => (isWanted(one) ? all + one.minor : all), 0);
  const arrived = sum(({ hasArrived }) => hasArrived);
  return {
    arrived,
    underWay: sum(({ hasArrived }) => !hasArrived),
    net: arrived - item.commissionMinor - item.refundedMinor,
  };
}

/** Orders less money. */
function moneyLeg(item: FlowItem, today: IsoDate, { receiptDays }: FlowFigures): Explained {
  const { underWay, net } = moneyOf(item);
  const difference = item.orderedMinor - net;
  const taking = new Taking(difference);
  taking.whole('COMMISSION', item.commissionMinor);
  taking.whole('CHARGES', item.chargeMinor);
  taking.upTo('NETTING', item.nettedMinor);
  // What was cancelled is off the order already: only what differs from it is still to be explained.
  taking.upTo('RETURN', item.refundedMinor + item.returnedMinor - item.cancelledMinor);
  taking.upTo('TIMING', underWay);
  const isDue = (item.dueOn ?? addDays(item.date, receiptDays)) < today;
  if (!isDue) taking.upTo('TIMING', Math.max(0, taking.rest));
  return { difference, parts: taking.parts, rest: taking.rest };
}

/** CNY for one unit of a currency on a day, decimal text; undefined: none is known. */
export type RateOf = (currency: string, date: IsoDate) => string | undefined;

/** Amounts of one reason, in minor units and in unrounded fen, with the rows they come from. */
interface Sum {
  minor: number;
  fen: Num;
  rows: { readonly row: BookRow; readonly minor: number }[];
}
export interface FlowReason {
  readonly code: FlowCode;
  readonly minor: number;
  readonly fen: bigint | undefined;
  readonly by: 'book' | 'person';
  readonly text: string;
  readonly id: number | undefined;
  readonly rows: readonly BookRow[];
  readonly rowCount: number;
}
export interface FlowLegSum {
  readonly leg: FlowLeg;
  readonly difference: number;
  readonly differenceFen: bigint | undefined;
  readonly reasons: readonly FlowReason[];
  /** Of items that have too little on the other side, and (negative) too much; stated reasons taken off. */
  readonly short: number;
  readonly over: number;
  readonly unexplainedFen: bigint | undefined;
  readonly rows: readonly BookRow[];
}
export interface FlowSum {
  readonly currency: string;
  readonly declared: number;
  readonly declaredFen: bigint | undefined;
  readonly ordered: number;
  readonly orderedFen: bigint | undefined;
  /** Arrived, payouts less what the platform kept of them; not less refunds. */
  readonly received: number;
  readonly receivedFen: bigint | undefined;
  readonly refunded: number;
  readonly commission: number;
  readonly netted: number;
  readonly charges: number;
  readonly legs: readonly FlowLegSum[];
}

/** Rows a reason shows; the rest is counted. */
const SHOWN = 200;

function shown(sum: Sum, currency: string): BookRow[] {
  return [...sum.rows]
    .sort((a, b) => Math.abs(b.minor) - Math.abs(a.minor))
    .slice(0, SHOWN)
    .map(({ row, minor }) => ({ ...row, currency, amount: majorText(minor, currency) }));
}
const whole = (fen: Num): bigint => BigInt(fen.toDecimalPlaces(0, Num.ROUND_HALF_UP).toFixed(0));

/** What no reason of the book accounts for: all of it with its rows, and the items short and over apart. */
interface Rest extends Sum {
  readonly short: { minor: number; fen: Num };
  readonly over: { minor: number; fen: Num };
}
function noRest(): Rest {
  const none = () => ({ minor: 0, fen: new Num(0) });
  return { ...none(), rows: [], short: none(), over: none() };
}

/** Items of one currency added up; CNY left out as soon as one rate is missing. */
class CurrencySum {
  readonly currency: string;
  readonly #scale: Num;
  readonly #rateOf: RateOf;
  readonly #sums: Readonly<Record<FlowLeg, Map<FlowCode, Sum>>> = {
    'orders-goods': new Map(),
    'orders-money': new Map(),
  };
  readonly #rests: Readonly<Record<FlowLeg, Rest>> = { 'orders-goods': noRest(), 'orders-money': noRest() };
  readonly #differences: Record<FlowLeg, number> = { 'orders-goods': 0, 'orders-money': 0 };
  #isRated = true;
  /** Lines declared, each rounded by itself. */
  #lines = 0;
  readonly #minor = { declared: 0, ordered: 0, arrived: 0, refunded: 0, commission: 0, netted: 0, charges: 0 };
  #declaredFen = new Num(0);
  #orderedFen = new Num(0);
  #receivedFen = new Num(0);
  /** What went back, in fen at the rate of the item. */
  #backFen = new Num(0);

  constructor(currency: string, rateOf: RateOf) {
    this.currency = currency;
    this.#rateOf = rateOf;
    // Minor units times CNY for a unit are yuan of minor units: 10^2 fen, 10^digits minor units a unit.
    this.#scale = new Num(10).pow(2 - exponentOf(currency));
  }

  add(item: FlowItem, today: IsoDate, figures: FlowFigures): void {
    const rate = this.#rateOf(this.currency, item.date);
    const fen = (minor: number, by = rate): Num =>
      by === undefined ? new Num(0) : new Num(minor).times(by).times(this.#scale);
    if (rate === undefined || (item.declaredFen === undefined && item.declaredMinor !== 0)) this.#isRated = false;
    const sum = this.#minor;
    sum.declared += item.declaredMinor;
    this.#lines += item.lines;
    sum.ordered += item.orderedMinor;
    sum.refunded += item.refundedMinor;
    sum.commission += item.commissionMinor;
    sum.netted += item.nettedMinor;
    sum.charges += item.chargeMinor;
    this.#declaredFen = this.#declaredFen.plus(item.declaredFen ?? 0);
    this.#orderedFen = this.#orderedFen.plus(fen(item.orderedMinor));
    for (const { minor, date, hasArrived } of item.receipts) {
      if (!hasArrived) continue;
      const own = this.#rateOf(this.currency, date);
      if (own === undefined) this.#isRated = false;
      sum.arrived += minor;
      this.#receivedFen = this.#receivedFen.plus(fen(minor, own));
    }
    this.#receivedFen = this.#receivedFen.minus(fen(item.commissionMinor));
    this.#backFen = this.#backFen.plus(fen(item.refundedMinor));
    const legs: readonly (readonly [FlowLeg, Explained])[] = [
      ['orders-goods', goodsLeg(item, today, figures)],
      ['orders-money', moneyLeg(item, today, figures)],
    ];
    for (const [leg, { difference, parts, rest }] of legs) {
      this.#differences[leg] += difference;
      for (const { code, minor } of parts) {
        const known = this.#sums[leg].get(code);
        const total = known ?? { minor: 0, fen: new Num(0), rows: [] };
        if (known === undefined) this.#sums[leg].set(code, total);
        put(total, item.row, minor, fen(minor));
      }
      if (rest === 0) continue;
      const rests = this.#rests[leg];
      put(rests, item.row, rest, fen(rest));
      const side = rest > 0 ? rests.short : rests.over;
      side.minor += rest;
      side.fen = side.fen.plus(fen(rest));
    }
  }

  total(stated: readonly StatedReason[]): FlowSum {
    const { declared, ordered, arrived, refunded, commission, netted, charges } = this.#minor;
    const rated = (fen: Num): bigint | undefined => (this.#isRated ? whole(fen) : undefined);
    const orderedFen = rated(this.#orderedFen);
    const other: Readonly<Record<FlowLeg, bigint | undefined>> = {
      'orders-goods': rated(this.#declaredFen),
      'orders-money': rated(this.#receivedFen.minus(this.#backFen)),
    };
    const leg = (name: FlowLeg): FlowLegSum => {
      const otherFen = other[name];
      const differenceFen = orderedFen === undefined || otherFen === undefined ? undefined : orderedFen - otherFen;
      return this.#leg(
        name,
        differenceFen,
        stated.filter((one) => one.leg === name && one.currency === this.currency),
      );
    };
    return {
      currency: this.currency,
      ...{ declared, declaredFen: rated(this.#declaredFen), ordered, orderedFen },
      ...{
        received: arrived - commission,
        receivedFen: rated(this.#receivedFen),
        refunded,
        commission,
        netted,
        charges,
      },
      legs: [leg('orders-goods'), leg('orders-money')],
    };
  }

  #leg(leg: FlowLeg, differenceFen: bigint | undefined, stated: readonly StatedReason[]): FlowLegSum {
    const rests = this.#rests[leg];
    const reasons: FlowReason[] = [];
    for (const [code, sum] of this.#sums[leg])
      if (sum.minor !== 0 || sum.rows.length > 0)
        reasons.push({
          ...{
            code,
            minor: sum.minor,
            fen: this.#isRated ? whole(sum.fen) : undefined,
            by: 'book',
            text: '',
            id: undefined,
          },
          ...{ rows: shown(sum, this.currency), rowCount: sum.rows.length },
        });
    let { short, over } = { short: rests.short.minor, over: rests.over.minor };
    // A stated reason is worth what the items on its side are worth on average; none of them: nothing in CNY.
    const worth = (minor: number): Num => {
      const side = minor > 0 ? rests.short : rests.over;
      return side.minor === 0 ? new Num(0) : side.fen.times(minor).div(side.minor);
    };
    let statedFen = 0n;
    for (const { id, code, minor, text } of stated) {
      const fen = whole(worth(minor));
      statedFen += fen;
      if (minor > 0) short -= minor;
      else over -= minor;
      reasons.push({
        code,
        minor,
        fen: this.#isRated ? fen : undefined,
        by: 'person',
        text,
        id,
        rows: [],
        rowCount: 0,
      });
    }
    const unexplainedFen = this.#isRated ? whole(rests.fen) - statedFen : undefined;
    // What is left in CNY though nothing is in the currency: another day's rate, or halves of fen of the lines declared.
    if (differenceFen !== undefined && unexplainedFen !== undefined) {
      const left = differenceFen - unexplainedFen - reasons.reduce((sum, { fen }) => sum + (fen ?? 0n), 0n);
      const isLarge = (left < 0n ? -left : left) > BigInt(this.#lines);
      const code: FlowCode = leg === 'orders-money' || isLarge ? 'RATE' : 'ROUNDING';
      const at = reasons.findIndex((one) => one.code === code && one.by === 'book');
      const known = reasons[at];
      if (known !== undefined) reasons[at] = { ...known, fen: (known.fen ?? 0n) + left };
      else if (left !== 0n)
        reasons.push({ code, minor: 0, fen: left, by: 'book', text: '', id: undefined, rows: [], rowCount: 0 });
    }
    return {
      ...{ leg, difference: this.#differences[leg], differenceFen, reasons, short, over, unexplainedFen },
      rows: shown(rests, this.currency),
    };
  }
}

function put(sum: Sum, row: BookRow, minor: number, fen: Num): void {
  sum.minor += minor;
  sum.fen = sum.fen.plus(fen);
  if (minor !== 0) sum.rows.push({ row, minor });
}

/** The three flows of some items by currency, with the reasons for their differences. */
export function threeFlows(
  items: readonly FlowItem[],
  stated: readonly StatedReason[],
  figures: FlowFigures,
  today: IsoDate,
  rateOf: RateOf,
): FlowSum[] {
  const sums = new Map<string, CurrencySum>();
  for (const item of items) {
    const sum = sums.get(item.currency) ?? new CurrencySum(item.currency, rateOf);
    sums.set(item.currency, sum);
    sum.add(item, today, figures);
  }
  for (const { currency } of stated) if (!sums.has(currency)) sums.set(currency, new CurrencySum(currency, rateOf));
  return [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1)).map((sum) => sum.total(stated));
}

/** Agreed: nothing is short, nothing over, in any currency. */
export function flowState(sums: readonly FlowSum[]): 'agreed' | 'open' | 'empty' {
  if (sums.length === 0) return 'empty';
  return sums.every(({ legs }) => legs.every(({ short, over }) => short === 0 && over === 0)) ? 'agreed' : 'open';
}
