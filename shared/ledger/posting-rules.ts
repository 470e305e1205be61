/**
 * The posting rules (记账规则): which accounts an event moves is data, `resources/rules/posting.json`, dated like every
 * pack; this is the engine. An amount of a line is a sum of the event's named amounts (`goods + charged - discount`), so
 * that a rule whose sides are the same sum balances to the last fen whatever the amounts are.
 */
import { z } from 'zod';
import { PortbookError } from '../errors.ts';
import { type Pack, packSchema, requirePackOn } from '../rules/pack.ts';
import { type Amount, cleared, type Dimensions, type Posting } from './postings.ts';

const sides = ['debit', 'credit'] as const;
/** A code of the chart, or `$name`: the account that the event names. */
const accountTerm = z.string().regex(/^(\d{4}(\d{2}){0,3}|\$[a-zA-Z]+)$/);
/** Names of amounts joined by ` + ` and ` - `. */
const amountTerm = z.string().regex(/^[a-zA-Z]+( [+-] [a-zA-Z]+)*$/);
/** Facts joined by ` & `: `paid`, `!paid`, `fee=commission`. */
const whenTerm = z.string().regex(/^!?[a-zA-Z]+(=[a-z-]+)?( & !?[a-zA-Z]+(=[a-z-]+)?)*$/);

export const postingRuleSchema = z.object({
  id: z.string(),
  event: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  source: z.string(),
  lines: z
    .array(
      z.object({
        side: z.enum(sides),
        account: accountTerm,
        amount: amountTerm,
        when: whenTerm.optional(),
        quantity: z.string().optional(),
      }),
    )
    .min(2),
});
export type PostingRule = z.infer<typeof postingRuleSchema>;
export const postingPackSchema = packSchema(
  z.object({
    rules: z
      .array(postingRuleSchema)
      .refine((rules) => new Set(rules.map((rule) => rule.event)).size === rules.length, 'an event with two rules'),
  }),
);
export type PostingPack = Pack<{ rules: PostingRule[] }>;

/** The part of an event that shares dimensions: most events have one, an invoice of five articles five. */
export interface EventPart extends Dimensions {
  /** By the names that the rule's lines use; a name that is missing is zero. */
  readonly amounts: Readonly<Record<string, Amount>>;
  /** What `when` asks for: `{ paid: true, fee: 'commission' }`. */
  readonly facts?: Readonly<Record<string, string | boolean>>;
  /** Accounts of `$name`. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** Unsigned, scaled by 10^5; the line's side gives the sign. */
  readonly quantities?: Readonly<Record<string, bigint>>;
  readonly text?: string | undefined;
}

/** The rule of an event in force on its date. Refusals: `RULE_PACK_MISSING`, `POSTING_RULE_MISSING` {event, date}. */
export function requirePostingRule(pack: PostingPack, event: string, date: string): PostingRule {
  const rule = requirePackOn(pack, date).parameters.rules.find((one) => one.event === event);
  if (rule === undefined) throw new PortbookError('POSTING_RULE_MISSING', { event, date });
  return rule;
}

/** Whether the facts are as a rule's `when` asks. */
export function holds(when: string | undefined, facts: Readonly<Record<string, string | boolean>>): boolean {
  if (when === undefined) return true;
  return when.split(' & ').every((term) => {
    const [name = '', value] = term.replace('!', '').split('=');
    const fact = facts[name];
    const isSo = value === undefined ? fact === true : fact === value;
    return isSo !== term.startsWith('!');
  });
}

/** A sum of named amounts by currency, in the order of the names. */
function evaluate(
  term: string,
  amounts: Readonly<Record<string, Amount>>,
): Map<string, { minor: bigint; fen: bigint }> {
  const sums = new Map<string, { minor: bigint; fen: bigint }>();
  const words = term.split(' ');
  for (let at = 0; at < words.length; at += 2) {
    const amount = amounts[words[at] ?? ''];
    if (amount === undefined) continue;
    const sign = words[at - 1] === '-' ? -1n : 1n;
    const sum = sums.get(amount.currency) ?? { minor: 0n, fen: 0n };
    sums.set(amount.currency, { minor: sum.minor + sign * amount.minor, fen: sum.fen + sign * amount.fen });
  }
  return sums;
}

/**
 * The postings of an event by its rule: nothing for lines that come to zero, several for a line whose amounts are in
 * several currencies, clearing lines where money changes its currency. Refusal: `POSTING_ACCOUNT_MISSING` {event, name}
 * where the event does not name an account that the rule asks for.
 */
export function postingsByRule(rule: PostingRule, parts: readonly EventPart[]): readonly Posting[] {
  const postings: Posting[] = [];
  for (const { amounts, facts = {}, accounts = {}, quantities = {}, ...dimensions } of parts) {
    for (const line of rule.lines) {
      if (!holds(line.when, facts)) continue;
      const sign = line.side === 'debit' ? 1n : -1n;
      const quantity = line.quantity === undefined ? undefined : quantities[line.quantity];
      for (const [currency, { minor, fen }] of evaluate(line.amount, amounts)) {
        if (minor === 0n && fen === 0n) continue;
        const account = line.account.startsWith('$') ? accounts[line.account.slice(1)] : line.account;
        if (account === undefined)
          throw new PortbookError('POSTING_ACCOUNT_MISSING', { event: rule.event, name: line.account });
        postings.push({
          ...dimensions,
          account,
          currency,
          amountMinor: sign * minor,
          cnyFen: sign * fen,
          ...(quantity === undefined ? {} : { qtyE5: sign * quantity }),
        });
      }
    }
  }
  return cleared(postings);
}
