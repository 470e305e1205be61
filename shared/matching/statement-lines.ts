/**
 * What an open line of a statement is taken for: a receipt, half of a settlement (结汇) or exchange, half of a transfer between own
 * accounts (also where no line of the other account shows it), a charge, a refund, a payment. A proposal with its reasons; a person confirms it.
 */
import { z } from 'zod';
import type { EntrySuggestion, MoneyRecordKind } from '../contract/money.ts';
import { convert, moneyText } from '../money/index.ts';
import { packSchema } from '../rules/pack.ts';

export const statementLinesPackId = 'statement-lines';
const percent = z.string().regex(/^\d{1,2}(\.\d{1,2})?$/);
const words = z.array(z.string().trim().min(1));
export const statementLinesPack = packSchema(
  z.object({
    /** Days that may lie between the two lines of one movement. */
    pairDays: z.number().int().min(0).max(31),
    /** How far the rate of two lines may be from the one in force. */
    rateWithinPercent: percent,
    /** What banks may have kept of a transfer. */
    transferFeePercent: percent,
    words: z.object({
      fee: words,
      interest: words,
      settlement: words,
      exchange: words,
      transfer: words,
      /** Say by themselves that money goes between own accounts. */
      ownTransfer: words,
      refund: words,
      crossBorder: words,
    }),
  }),
);
export type StatementLineRules = z.output<typeof statementLinesPack>['versions'][number]['parameters'];

/** A line as far as it says what it is; in positive, out negative, minor units. */
export interface StatementLine {
  readonly id: number;
  readonly accountName: string;
  readonly currency: string;
  readonly date: string;
  readonly amountMinor: number;
  /** Summary, remark and counterparty. */
  readonly text: string;
}

/** What a line says of an own account on its other side. */
export interface OwnAccount {
  /** It gives the firm or one of its accounts as counterparty. */
  readonly isNamed: boolean;
  /** The account that it must be; undefined: it may be several. */
  readonly account: { readonly id: number; readonly name: string; readonly currency: string } | undefined;
}

export interface LineFacts {
  /** Open lines of other accounts that move the other way within {@link StatementLineRules.pairDays}. */
  readonly opposites: readonly StatementLine[];
  /** A record that says this amount of this account already. */
  readonly saying: { readonly id: number; readonly number: string; readonly kind: MoneyRecordKind } | undefined;
  /** A receipt from, or payment to, the same counterparty that it may pay back. */
  readonly paidBack: { readonly id: number; readonly number: string } | undefined;
  readonly own: OwnAccount;
  /** CNY for one unit on the line's date. */
  rateOf(currency: string): string | undefined;
}

/** A name as it is held against others: whatever the case, width and spaces. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** Whether a text has one of the words, whatever the case. */
export function says(text: string, given: readonly string[]): boolean {
  const line = folded(text);
  return given.some((word) => line.includes(folded(word)));
}

/** The other side is an own account: in the same currency a transfer, into CNY a settlement, else an exchange. */
function ownMovement(
  { amountMinor, currency }: StatementLine,
  { account }: OwnAccount,
  score: number,
  reason: string,
): EntrySuggestion {
  const other = account?.currency ?? currency;
  const into = amountMinor > 0 ? currency : other;
  return {
    kind: other === currency ? 'transfer' : into === 'CNY' ? 'settlement' : 'exchange',
    ...(account === undefined ? {} : { otherAccountId: account.id, otherAccount: account.name }),
    score,
    reasons: [reason],
  };
}

/** Whether `a` is within a percentage of `b`; both above zero, in the same unit. */
function isWithin(a: bigint, b: bigint, percentage: string): boolean {
  const [whole = '0', fraction = ''] = percentage.split('.');
  const parts = BigInt(whole + fraction.padEnd(2, '0'));
  const off = a > b ? a - b : b - a;
  return off * 10_000n <= b * parts;
}

interface Pair {
  readonly kind: 'settlement' | 'exchange' | 'transfer';
  readonly other: StatementLine;
  readonly score: number;
  readonly reasons: readonly string[];
}

/** The two lines as one movement; undefined: they are none. */
function pairOf(
  line: StatementLine,
  other: StatementLine,
  rules: StatementLineRules,
  facts: LineFacts,
): Pair | undefined {
  const [out, into] = line.amountMinor < 0 ? [line, other] : [other, line];
  const sent = BigInt(-out.amountMinor);
  const arrived = BigInt(into.amountMinor);
  const sayings = `${out.text} ${into.text}`;
  const near = out.date === into.date ? ['sameDay'] : ['nearDay'];
  const dayScore = out.date === into.date ? 5 : 0;
  if (out.currency === into.currency) {
    if (arrived > sent || !isWithin(arrived, sent, rules.transferFeePercent)) return undefined;
    const isSame = arrived === sent;
    const told = says(sayings, rules.words.transfer);
    return {
      kind: 'transfer',
      other,
      score: (isSame ? 80 : 60) + dayScore + (told ? 10 : 0),
      reasons: [isSame ? 'sameAmount' : 'amountLessFee', ...near, ...(told ? ['words'] : [])],
    };
  }
  const [from, to] = [facts.rateOf(out.currency), facts.rateOf(into.currency)];
  if (from === undefined || to === undefined) return undefined;
  const worth = convert({ currency: out.currency, minor: sent }, from).minor;
  const got = convert({ currency: into.currency, minor: arrived }, to).minor;
  if (worth === 0n || got === 0n || !isWithin(got, worth, rules.rateWithinPercent)) return undefined;
  const kind = into.currency === 'CNY' ? 'settlement' : 'exchange';
  const told = says(sayings, rules.words[kind]);
  const off = got > worth ? got - worth : worth - got;
  // Of several that are near enough the one nearest to the rate in force goes first.
  const closeness = 10 - Number((off * 1000n) / worth < 10n ? (off * 1000n) / worth : 10n);
  return {
    kind,
    other,
    score: 70 + dayScore + closeness + (told ? 10 : 0),
    reasons: ['rate', ...near, ...(told ? ['words'] : [])],
  };
}

/** The proposal for a line; one for every line, the weakest being a plain receipt or payment. */
export function suggestionOf(line: StatementLine, rules: StatementLineRules, facts: LineFacts): EntrySuggestion {
  const { saying, paidBack } = facts;
  if (saying !== undefined)
    return { kind: saying.kind, recordId: saying.id, recordNumber: saying.number, score: 95, reasons: ['match'] };
  let best: Pair | undefined;
  for (const other of facts.opposites) {
    const pair = pairOf(line, other, rules, facts);
    if (pair !== undefined && (best === undefined || pair.score > best.score)) best = pair;
  }
  if (best !== undefined)
    return {
      kind: best.kind,
      pairId: best.other.id,
      pairAccount: best.other.accountName,
      pairAmount: moneyText({ minor: BigInt(best.other.amountMinor), currency: best.other.currency }),
      score: Math.min(best.score, 99),
      reasons: [...best.reasons],
    };
  const incoming = line.amountMinor > 0;
  if (says(line.text, rules.words.refund) && paidBack !== undefined)
    return {
      kind: incoming ? 'refund-in' : 'refund-out',
      refundsId: paidBack.id,
      refundsNumber: paidBack.number,
      score: 80,
      reasons: ['words', 'counterparty'],
    };
  if (incoming && says(line.text, rules.words.interest)) return { kind: 'interest', score: 80, reasons: ['words'] };
  const isFee = !incoming && says(line.text, rules.words.fee);
  const { own } = facts;
  if (own.isNamed && !isFee) return ownMovement(line, own, own.account === undefined ? 70 : 85, 'ownAccount');
  if (says(line.text, rules.words.ownTransfer) && !isFee)
    return ownMovement(line, own, own.account === undefined ? 65 : 75, 'words');
  if (incoming) return { kind: 'receipt', score: line.currency === 'CNY' ? 50 : 70, reasons: ['incoming'] };
  if (isFee) return { kind: 'fee', score: 75, reasons: ['words'] };
  return { kind: 'payment', score: 50, reasons: ['outgoing'] };
}
