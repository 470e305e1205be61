/**
 * 核对分摊: which receipt of money pays for which orders, declarations and payouts, as suggestions with a score and its reasons
 * (pain P-35). Pure and deterministic: the order of what is given never matters, ties go by date, then by number.
 */
import { daysBetween, type IsoDate } from '../calendar/index.ts';
import { divideRounded, formatScaled, parseScaled, pow10 } from '../money/decimal.ts';
import { exponentOf, moneyText } from '../money/index.ts';
import { Num } from '../rules/figures.ts';
import type { AllocationParameters, allocationDoubts, allocationReasons } from './allocation-pack.ts';
import { beginsWithName, isNamed, type LegalForms, legalForms, nameKey, nameLikeness } from './party-names.ts';

/** A receipt with what of it is not allocated yet, in minor units of its currency; bank charges kept on the way count as received. */
export interface MatchReceipt {
  readonly no: string;
  readonly date: string;
  readonly currency: string;
  readonly openMinor: bigint;
  /** Who paid as the slip has it; empty: not known. */
  readonly payer: string;
  /** ISO 3166 alpha-2; empty: not known. */
  readonly country: string;
  /** Reference and text of the slip. */
  readonly text: string;
  readonly store?: string | undefined;
  readonly channel: 'bank' | 'payment-institution' | 'platform';
}

export const targetKinds = ['order', 'declaration', 'payout'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** What may be paid for, with what of it is open, in minor units of its own currency. */
export interface MatchTarget {
  /** Unique among all kinds. */
  readonly key: string;
  readonly kind: TargetKind;
  readonly no: string;
  /** Of the sale, the export or the deposit. */
  readonly date: string;
  readonly currency: string;
  readonly dueMinor: bigint;
  readonly openMinor: bigint;
  /** Empty: not known. */
  readonly buyer: string;
  readonly country: string;
  readonly store?: string | undefined;
  /** Whatever a slip may name it by. */
  readonly numbers: readonly string[];
}

export interface MatchFacts {
  readonly parameters: AllocationParameters;
  /** What banks keep unseen, by the matching rule: at most so much, and at most this share of what is owed. */
  readonly charges: { readonly upTo: Num; readonly share: Num };
  /** Units of the receipt's currency for one of the target's on the day of the receipt, decimal text; undefined: not known. */
  rateOf(currency: string): string | undefined;
  /** Buyers that this payer has paid for before. */
  readonly paidBefore: ReadonlySet<string>;
  /** Platforms and institutions beside those of the pack. */
  readonly institutions: readonly string[];
}

export type ReasonCode = (typeof allocationReasons)[number] | (typeof allocationDoubts)[number] | 'partial' | 'over';

/** One thing that speaks for or against a suggestion. `points` is nought for what is only worth knowing. */
export interface MatchReason {
  readonly code: ReasonCode;
  readonly points: number;
  /** Amounts as text in major units with the currency. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** A share of the receipt for one target. */
export interface MatchPart {
  readonly target: MatchTarget;
  /** Taken from the receipt, in its currency. */
  readonly amountMinor: bigint;
  /** Paid of the target, in its own currency, and what is missing besides as charges. */
  readonly targetMinor: bigint;
  readonly chargeMinor: bigint;
}

export interface Suggestion {
  readonly parts: readonly MatchPart[];
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly MatchReason[];
  /** The payer is neither the buyer nor anyone known to pay for others: why that is in order has to be said. */
  readonly isThirdParty: boolean;
}

// References ----------------------------------------------------------------------------------------------------------

/** A number as slips write it, for comparing: capitals without separators. The book indexes orders by the same. */
export function referenceKey(number: string): string {
  return number.replaceAll(/[-_/. ]/g, '').replaceAll(/[a-z]+/g, (text) => text.toUpperCase());
}

const mostReferences = 200;

/**
 * Whatever in the text of a slip may be a number: runs of letters and digits with a digit in them, whole and in parts of up to four
 * between separators, and digits that hang on letters (`PO536365`).
 */
export function referencesIn(text: string, least: number): string[] {
  const found = new Set<string>();
  const add = (key: string): void => {
    if (key.length >= least && /\d/.test(key) && found.size < mostReferences) found.add(key);
  };
  for (const run of text.match(/[\p{Script=Latin}\d][\p{Script=Latin}\d\-_/.]*/gu) ?? []) {
    const pieces = run.split(/[-_/.]+/).filter((piece) => piece !== '');
    add(referenceKey(run));
    for (let from = 0; from < pieces.length; from++) {
      for (let to = from + 1; to <= Math.min(pieces.length, from + 4); to++)
        add(referenceKey(pieces.slice(from, to).join('')));
      for (const digits of pieces[from]?.match(/\d+/g) ?? []) add(digits);
    }
  }
  return [...found];
}

// Payers --------------------------------------------------------------------------------------------------------------

const formsByPack = new WeakMap<AllocationParameters, LegalForms>();

/** The legal forms of a pack, read once. */
export function formsOf(parameters: AllocationParameters): LegalForms {
  const known = formsByPack.get(parameters);
  if (known !== undefined) return known;
  const made = legalForms(parameters.legalForms);
  formsByPack.set(parameters, made);
  return made;
}

/** Who a payer is beside a buyer; `unknown` where one of them has no name. */
export type PayerKind = 'same' | 'similar' | 'institution' | 'unlike' | 'unknown';

/**
 * Tells of one payer who he is beside each buyer: a third-party payer from the buyer and from whoever pays for everyone. What depends on
 * the payer alone is found once.
 */
export function payerTeller(
  receipt: Pick<MatchReceipt, 'payer' | 'channel'>,
  { parameters, institutions }: Pick<MatchFacts, 'parameters' | 'institutions'>,
): (buyer: string) => PayerKind {
  const { payer, channel } = receipt;
  const forms = formsOf(parameters);
  const isNamedPayer = isNamed(payer);
  const paysForAll =
    channel !== 'bank' || [...parameters.institutions, ...institutions].some((name) => beginsWithName(payer, name));
  const known = new Map<string, PayerKind>();
  const tell = (buyer: string): PayerKind => {
    const isKnown = isNamedPayer && isNamed(buyer);
    const likeness = isKnown ? nameLikeness(payer, buyer, forms) : 0;
    if (likeness >= parameters.likeness.same) return 'same';
    if (likeness >= parameters.likeness.similar) return 'similar';
    if (paysForAll) return 'institution';
    return isKnown ? 'unlike' : 'unknown';
  };
  return (buyer) => {
    const found = known.get(buyer) ?? tell(buyer);
    known.set(buyer, found);
    return found;
  };
}

// Scoring -------------------------------------------------------------------------------------------------------------

const text = (minor: bigint, currency: string): string => `${currency} ${moneyText({ minor, currency })}`;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byAge = (a: MatchTarget, b: MatchTarget): number =>
  byText(a.date, b.date) || byText(a.kind, b.kind) || byText(a.no, b.no) || byText(a.key, b.key);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What may be missing of a target as bank charges, in minor units of its currency. */
export function chargesAllowed(
  target: Pick<MatchTarget, 'dueMinor' | 'currency'>,
  charges: MatchFacts['charges'],
): bigint {
  const upTo = charges.upTo.times(10 ** exponentOf(target.currency));
  return BigInt(Num.min(upTo, charges.share.times(target.dueMinor.toString())).floor().toFixed(0));
}

/** Minor units of `to` for minor units of `from` at units of `from` for one of `to`; half-up. */
function across(minor: bigint, from: string, to: string, rate: string): bigint {
  const value = new Num(minor.toString()).div(10 ** exponentOf(from)).div(rate);
  return BigInt(
    value
      .times(10 ** exponentOf(to))
      .toDecimalPlaces(0, Num.ROUND_HALF_UP)
      .toFixed(0),
  );
}

/** Minor units of the target's currency that an amount pays at a stated rate (units of the target's for one of the source's); half-up. */
export function atStatedRate(minor: bigint, from: string, to: string, rate: string): bigint {
  const scale = 12;
  const product = minor * parseScaled(rate, scale, 'halfUp') * pow10(exponentOf(to));
  return divideRounded(product, pow10(scale + exponentOf(from)), 'halfUp');
}

interface Scored {
  readonly reasons: readonly MatchReason[];
  readonly isThirdParty: boolean;
}

function total(reasons: readonly MatchReason[]): number {
  return Math.max(
    0,
    Math.min(
      100,
      reasons.reduce((sum, { points }) => sum + points, 0),
    ),
  );
}

/** Reasons that do not depend on the amount. */
function kinship(
  receipt: MatchReceipt,
  target: MatchTarget,
  { named, tell }: { readonly named: ReadonlySet<string>; readonly tell: (buyer: string) => PayerKind },
  facts: MatchFacts,
): Scored {
  const { parameters } = facts;
  const { weights, deductions, days } = parameters;
  const reasons: MatchReason[] = [];
  const add = (code: keyof typeof weights, params: MatchReason['params'] = {}): void => {
    reasons.push({ code, points: weights[code], params });
  };
  const number = target.numbers.find((one) => named.has(referenceKey(one)));
  if (number !== undefined)
    add(referenceKey(number).length >= parameters.reference.full ? 'referenceFound' : 'referenceShort', { number });

  const kind = tell(target.buyer);
  if (kind === 'same') add('buyerSame');
  if (kind === 'similar') add('buyerSimilar');
  if (kind === 'institution' && target.kind === 'payout') add('payerIsPlatform');
  const hasPaid = target.buyer !== '' && facts.paidBefore.has(target.buyer);
  if (hasPaid && kind !== 'same') add('paidBefore');
  const isThirdParty = kind === 'unlike' && target.kind !== 'payout';

  const gap = daysBetween(target.date as IsoDate, receipt.date as IsoDate);
  if (target.kind === 'payout') {
    if (Math.abs(gap) <= days.payout) add('dateUsual', { days: Math.abs(gap) });
  } else if (gap >= 0) {
    if (gap <= days.usual) add('dateUsual', { days: gap });
    else if (gap <= days.late) add('dateLate', { days: gap });
  } else if (-gap <= days.advance) add('dateAdvance', { days: -gap });
  if (receipt.store !== undefined && receipt.store === target.store) add('storeSame', { store: receipt.store });
  if (receipt.country !== '' && receipt.country === target.country) add('countrySame', { country: receipt.country });
  if (isThirdParty) reasons.push({ code: 'thirdParty', points: -deductions.thirdParty, params: {} });
  return { reasons, isThirdParty };
}

/** How much of a receipt goes to one target, and what the amounts say. Undefined: across currencies without a rate. */
function amountsOf(
  receipt: MatchReceipt,
  target: MatchTarget,
  facts: MatchFacts,
): { readonly part: MatchPart; readonly reasons: readonly MatchReason[] } | undefined {
  const { weights, deductions, rateShare, depositShares } = facts.parameters;
  const { openMinor: has, currency } = receipt;
  const { openMinor: wants, dueMinor } = target;
  if (currency !== target.currency) {
    const rate = facts.rateOf(target.currency);
    if (rate === undefined) return undefined;
    const worth = across(has, currency, target.currency, rate);
    if (worth <= 0n) return undefined;
    const other: MatchReason = {
      code: 'currencyOther',
      points: -deductions.currencyOther,
      params: { from: currency, to: target.currency, rate },
    };
    const gap = worth > wants ? worth - wants : wants - worth;
    if (rateShare.times(wants.toString()).gte(gap.toString())) {
      const part = { target, amountMinor: has, targetMinor: wants, chargeMinor: 0n };
      return { part, reasons: [{ code: 'amountAtRate', points: weights.amountAtRate, params: { rate } }, other] };
    }
    if (worth < wants) {
      const part = { target, amountMinor: has, targetMinor: worth, chargeMinor: 0n };
      const left = text(wants - worth, target.currency);
      return { part, reasons: [other, { code: 'partial', points: 0, params: { left } }] };
    }
    const taken = least(
      has,
      BigInt(
        new Num(wants.toString())
          .div(10 ** exponentOf(target.currency))
          .times(rate)
          .times(10 ** exponentOf(currency))
          .toDecimalPlaces(0, Num.ROUND_HALF_UP)
          .toFixed(0),
      ),
    );
    if (taken <= 0n) return undefined;
    const part = { target, amountMinor: taken, targetMinor: wants, chargeMinor: 0n };
    return { part, reasons: [other, { code: 'over', points: 0, params: { left: text(has - taken, currency) } }] };
  }
  const taken = least(has, wants);
  const part = { target, amountMinor: taken, targetMinor: taken, chargeMinor: 0n };
  if (has === wants)
    return {
      part,
      reasons: [{ code: 'amountEqual', points: weights.amountEqual, params: { amount: text(has, currency) } }],
    };
  if (has > wants)
    return { part, reasons: [{ code: 'over', points: 0, params: { left: text(has - wants, currency) } }] };
  const missing = wants - has;
  if (missing <= chargesAllowed(target, facts.charges)) {
    return {
      part: { ...part, chargeMinor: missing },
      reasons: [
        {
          code: 'amountWithinCharges',
          points: weights.amountWithinCharges,
          params: { charges: text(missing, currency) },
        },
      ],
    };
  }
  const partial: MatchReason = { code: 'partial', points: 0, params: { left: text(missing, currency) } };
  const share = depositShares.find((one) =>
    one.times(dueMinor.toString()).toDecimalPlaces(0, Num.ROUND_HALF_UP).eq(has.toString()),
  );
  if (share === undefined) return { part, reasons: [partial] };
  return {
    part,
    reasons: [
      { code: 'depositShare', points: weights.depositShare, params: { percent: share.times(100).toString() } },
      partial,
    ],
  };
}

// Sums ----------------------------------------------------------------------------------------------------------------

/**
 * The fewest of the items, of those the earliest, whose sum is exactly `wanted`: two or more, at most `parts`. Found from two
 * halves, so that 24 items are 2 × 4,096 sums. @param items positive, in order of age
 */
function exactSum(items: readonly bigint[], wanted: bigint, parts: number): readonly number[] | undefined {
  const middle = Math.floor(items.length / 2);
  interface Half {
    readonly sum: bigint;
    readonly at: readonly number[];
  }
  const halves = ([from, to]: readonly [number, number]): Half[] => {
    let sums: Half[] = [{ sum: 0n, at: [] }];
    for (let item = from; item < to; item++) {
      const value = items[item] ?? 0n;
      sums = sums.flatMap((one) =>
        one.at.length < parts && one.sum + value <= wanted
          ? [one, { sum: one.sum + value, at: [...one.at, item] }]
          : [one],
      );
    }
    return sums;
  };
  const isBetter = (a: readonly number[], b: readonly number[] | undefined): boolean => {
    if (b === undefined || a.length !== b.length) return b === undefined || a.length < b.length;
    const at = a.findIndex((value, index) => value !== b[index]);
    return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
  };
  // Of halves with one sum the better: joined to the same other half it is the better sum.
  const left = new Map<bigint, readonly number[]>();
  for (const { sum, at } of halves([0, middle])) if (isBetter(at, left.get(sum))) left.set(sum, at);
  let best: readonly number[] | undefined;
  for (const { sum, at } of halves([middle, items.length])) {
    const other = left.get(wanted - sum);
    if (other === undefined) continue;
    const joined = [...other, ...at];
    if (joined.length >= 2 && joined.length <= parts && isBetter(joined, best)) best = joined;
  }
  return best;
}

interface Group {
  readonly targets: readonly MatchTarget[];
  readonly reasons: readonly MatchReason[];
  /** Charges go to the last. */
  readonly chargeMinor: bigint;
}

/** Ways in which several open items of one kind of kinship come to what was received; items in order of age. */
function groupOf(items: readonly MatchTarget[], receipt: MatchReceipt, facts: MatchFacts): Group | undefined {
  const { weights, sum: limits } = facts.parameters;
  const { openMinor: has, currency } = receipt;
  if (items.length < 2) return undefined;
  const all = items.reduce((sum, { openMinor }) => sum + openMinor, 0n);
  const because = (code: 'sumEqual' | 'sumWithinCharges' | 'sumOfSome', count: number, charges = 0n): MatchReason => ({
    code,
    points: weights[code],
    params: { count, amount: text(has, currency), ...(charges === 0n ? {} : { charges: text(charges, currency) }) },
  });
  if (all === has) return { targets: items, reasons: [because('sumEqual', items.length)], chargeMinor: 0n };
  const missing = all - has;
  const last = items.at(-1);
  if (
    last !== undefined &&
    missing > 0n &&
    missing <= chargesAllowed({ dueMinor: all, currency }, facts.charges) &&
    missing < last.openMinor
  )
    return { targets: items, reasons: [because('sumWithinCharges', items.length, missing)], chargeMinor: missing };
  if (all < has) return undefined;
  // The oldest in a row, as who pays old debts first does.
  let sum = 0n;
  for (const [at, item] of items.entries()) {
    sum += item.openMinor;
    if (sum === has && at > 0)
      return { targets: items.slice(0, at + 1), reasons: [because('sumOfSome', at + 1)], chargeMinor: 0n };
    if (sum > has) break;
  }
  const few = items.slice(0, limits.items);
  const found = exactSum(
    few.map(({ openMinor }) => openMinor),
    has,
    limits.parts,
  );
  if (found === undefined) return undefined;
  const targets = found.flatMap((at) => few[at] ?? []);
  return { targets, reasons: [because('sumOfSome', targets.length)], chargeMinor: 0n };
}

// Suggestions ---------------------------------------------------------------------------------------------------------

function partsOf({ targets, chargeMinor }: Group): MatchPart[] {
  return targets.map((target, at) => {
    const charge = at === targets.length - 1 ? chargeMinor : 0n;
    const paid = target.openMinor - charge;
    return { target, amountMinor: paid, targetMinor: paid, chargeMinor: charge };
  });
}

/** Reasons that all of several share, with the fewest points each has among them. */
function shared(each: readonly Scored[]): Scored {
  const [first, ...others] = each;
  if (first === undefined) return { reasons: [], isThirdParty: false };
  const reasons = first.reasons.flatMap((reason) => {
    const same = others.map((one) => one.reasons.find(({ code }) => code === reason.code));
    const isDoubt = reason.points < 0;
    if (!isDoubt && same.some((one) => one === undefined)) return [];
    return [
      {
        ...reason,
        params:
          reason.code === 'referenceFound' || reason.code === 'referenceShort'
            ? { number: each.length }
            : reason.params,
      },
    ];
  });
  const isThirdParty = each.some((one) => one.isThirdParty);
  const doubt = each.flatMap((one) => one.reasons).find(({ code }) => code === 'thirdParty');
  const lacks = doubt !== undefined && !reasons.some(({ code }) => code === 'thirdParty');
  return { reasons: lacks ? [...reasons, doubt] : reasons, isThirdParty };
}

const oldest = (suggestion: Suggestion): MatchTarget | undefined => suggestion.parts[0]?.target;

/** Better first: by score, then whole rather than in part, the fewest parts, the oldest, the lowest number. */
function byMerit(a: Suggestion, b: Suggestion): number {
  const first = oldest(a);
  const second = oldest(b);
  return (
    b.score - a.score ||
    a.parts.length - b.parts.length ||
    (first === undefined || second === undefined ? 0 : byAge(first, second))
  );
}

/**
 * What a receipt may have been paid for, best first: every candidate by itself, and sums of several that the slip names or that are
 * one buyer's. A suggestion never takes more than either side has open. Candidates that fit equally well doubt each other.
 * @param candidates with something open, each key once; which they are is the caller's choice
 */
export function suggestTargets(
  receipt: MatchReceipt,
  candidates: readonly MatchTarget[],
  facts: MatchFacts,
): Suggestion[] {
  if (receipt.openMinor <= 0n) return [];
  const { parameters } = facts;
  const forms = formsOf(parameters);
  const named = new Set(referencesIn(receipt.text, parameters.reference.least));
  const tell = payerTeller(receipt, facts);
  const targets = candidates.filter(({ openMinor }) => openMinor > 0n).sort(byAge);
  const kin = new Map(targets.map((target) => [target.key, kinship(receipt, target, { named, tell }, facts)]));
  const kinOf = ({ key }: MatchTarget): Scored => kin.get(key) ?? { reasons: [], isThirdParty: false };

  const singles = targets.flatMap((target): Suggestion[] => {
    const amounts = amountsOf(receipt, target, facts);
    if (amounts === undefined) return [];
    const { reasons, isThirdParty } = kinOf(target);
    const both = [...amounts.reasons, ...reasons];
    return [{ parts: [amounts.part], score: total(both), reasons: both, isThirdParty }];
  });

  const ours = targets.filter(({ currency, kind }) => currency === receipt.currency && kind !== 'payout');
  const lists: (readonly MatchTarget[])[] = [
    ours.filter((target) =>
      kinOf(target).reasons.some(({ code }) => code === 'referenceFound' || code === 'referenceShort'),
    ),
  ];
  const byBuyer = new Map<string, MatchTarget[]>();
  for (const target of ours) {
    if (target.buyer === '') continue;
    const key = isNamed(target.buyer) ? nameKey(target.buyer, forms) : target.buyer;
    byBuyer.set(key, [...(byBuyer.get(key) ?? []), target]);
  }
  lists.push(...[...byBuyer].sort(([a], [b]) => byText(a, b)).map(([, list]) => list));
  const seen = new Set<string>();
  const groups = lists.flatMap((list): Suggestion[] => {
    const group = groupOf(list, receipt, facts);
    if (group === undefined) return [];
    const key = group.targets.map((target) => target.key).join('\n');
    if (seen.has(key)) return [];
    seen.add(key);
    const { reasons, isThirdParty } = shared(group.targets.map(kinOf));
    const both = [...group.reasons, ...reasons];
    return [{ parts: partsOf(group), score: total(both), reasons: both, isThirdParty }];
  });

  return doubted([...singles, ...groups], parameters)
    .filter(({ score }) => score >= parameters.showFrom)
    .sort(byMerit);
}

/** Takes points off suggestions of one score that pay for one item each and settle it whole: a person has to tell them apart. */
function doubted(suggestions: readonly Suggestion[], parameters: AllocationParameters): Suggestion[] {
  const alike = new Map<string, number>();
  const keyOf = ({ score, parts }: Suggestion): string | undefined => {
    const [part] = parts;
    const isWhole = part !== undefined && part.targetMinor + part.chargeMinor === part.target.openMinor;
    return parts.length === 1 && isWhole ? `${score} ${part.amountMinor}` : undefined;
  };
  for (const one of suggestions) {
    const key = keyOf(one);
    if (key !== undefined) alike.set(key, (alike.get(key) ?? 0) + 1);
  }
  return suggestions.map((one) => {
    const others = (alike.get(keyOf(one) ?? '') ?? 1) - 1;
    if (others === 0) return one;
    const reasons: MatchReason[] = [
      ...one.reasons,
      { code: 'alsoFits', points: -parameters.deductions.alsoFits, params: { count: others } },
    ];
    return { ...one, reasons, score: total(reasons) };
  });
}

/** One receipt that may have paid for a target, from the target's side. */
export interface ReceiptSuggestion<R extends MatchReceipt> extends Suggestion {
  readonly receipt: R;
}

/** Which of the receipts may have paid for a target, best first; the same score and reasons as from the other side. */
export function suggestReceipts<R extends MatchReceipt>(
  target: MatchTarget,
  receipts: readonly R[],
  factsOf: (receipt: R) => MatchFacts,
): ReceiptSuggestion<R>[] {
  return receipts
    .flatMap((receipt) => suggestTargets(receipt, [target], factsOf(receipt)).map((one) => ({ ...one, receipt })))
    .sort((a, b) => b.score - a.score || byText(a.receipt.date, b.receipt.date) || byText(a.receipt.no, b.receipt.no));
}

// Many at once --------------------------------------------------------------------------------------------------------

/** Why a receipt is left to a person. */
export type Withheld = 'no-suggestion' | 'low-score' | 'third-party' | 'equal-rivals' | 'wanted-twice';

export interface AutoPlan<R> {
  readonly accepted: readonly { readonly receipt: R; readonly suggestion: Suggestion }[];
  readonly withheld: readonly { readonly receipt: R; readonly why: Withheld; readonly score: number }[];
}

/**
 * What may be confirmed without a person: of each receipt the best suggestion, if it has the score, no rival of the same score and no
 * third-party payer. Where two receipts together want more of a target than is open, the one with the higher score has it; of equal
 * ones neither. Independent of the order of the list.
 */
export function planAutomatic<R extends { readonly no: string; readonly date: string }>(
  list: readonly { readonly receipt: R; readonly suggestions: readonly Suggestion[] }[],
  minimum: number,
): AutoPlan<R> {
  const withheld: { receipt: R; why: Withheld; score: number }[] = [];
  const wanted: { receipt: R; suggestion: Suggestion }[] = [];
  const sorted = [...list].sort((a, b) => byText(a.receipt.date, b.receipt.date) || byText(a.receipt.no, b.receipt.no));
  for (const { receipt, suggestions } of sorted) {
    const [best, next] = suggestions;
    const hold = (why: Withheld): void => {
      withheld.push({ receipt, why, score: best?.score ?? 0 });
    };
    if (best === undefined) hold('no-suggestion');
    else if (best.isThirdParty) hold('third-party');
    else if (best.score < minimum) hold('low-score');
    else if (next !== undefined && next.score === best.score) hold('equal-rivals');
    else wanted.push({ receipt, suggestion: best });
  }
  const accepted: { receipt: R; suggestion: Suggestion }[] = [];
  const left = new Map<string, bigint>();
  const leftOf = (target: MatchTarget): bigint => left.get(target.key) ?? target.openMinor;
  const scores = [...new Set(wanted.map(({ suggestion }) => suggestion.score))].sort((a, b) => b - a);
  for (const score of scores) {
    const level = wanted.filter(({ suggestion }) => suggestion.score === score);
    const asked = new Map<string, bigint>();
    for (const { suggestion } of level)
      for (const { target, targetMinor, chargeMinor } of suggestion.parts)
        asked.set(target.key, (asked.get(target.key) ?? 0n) + targetMinor + chargeMinor);
    for (const one of level) {
      const isFree = one.suggestion.parts.every(({ target }) => (asked.get(target.key) ?? 0n) <= leftOf(target));
      if (isFree) accepted.push(one);
      else withheld.push({ receipt: one.receipt, why: 'wanted-twice', score });
    }
    for (const { suggestion } of accepted.filter(({ suggestion: one }) => one.score === score))
      for (const { target, targetMinor, chargeMinor } of suggestion.parts)
        left.set(target.key, leftOf(target) - targetMinor - chargeMinor);
  }
  const inOrder = <T extends { receipt: R }>(rows: T[]): T[] =>
    rows.sort((a, b) => byText(a.receipt.date, b.receipt.date) || byText(a.receipt.no, b.receipt.no));
  return { accepted: inOrder(accepted), withheld: inOrder(withheld) };
}

// Amounts of one allocation -------------------------------------------------------------------------------------------

/** What is asked to be allocated: minor units, of the source's currency and of the target's. */
export interface Ask {
  readonly amountMinor: bigint;
  readonly targetMinor: bigint;
  readonly chargeMinor: bigint;
}

/** Why an allocation would take more than there is; undefined: it does not. `left` is what there is, in minor units. */
export function excessOf(
  sourceOpen: bigint,
  targetOpen: bigint,
  { amountMinor, targetMinor, chargeMinor }: Ask,
): { readonly code: 'ALLOCATION_OVER_RECEIPT' | 'ALLOCATION_OVER_TARGET'; readonly leftMinor: bigint } | undefined {
  if (amountMinor > sourceOpen) return { code: 'ALLOCATION_OVER_RECEIPT', leftMinor: sourceOpen };
  if (targetMinor + chargeMinor > targetOpen) return { code: 'ALLOCATION_OVER_TARGET', leftMinor: targetOpen };
  return undefined;
}

/** The rate an allocation across currencies was made at, eight decimals: units of the target's currency for one of the source's. */
export function impliedRate(amountMinor: bigint, from: string, targetMinor: bigint, to: string): string {
  const scale = 8;
  const value = divideRounded(
    targetMinor * pow10(exponentOf(from) + scale),
    amountMinor * pow10(exponentOf(to)),
    'halfUp',
  );
  return formatScaled(value, scale);
}
