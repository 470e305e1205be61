/**
 * Checks of one document of any message beyond its single fields: arithmetic, numbers, dates, parties, and what the book knows around
 * it, a file a family in `message-rules/`. A rule names the messages it concerns as data, so that it works as soon as the catalogue has
 * them; what is absent or unreadable in a document makes a rule silent, because the `DOC-…` checks speak about that.
 */
import { specOf } from '../../documents/catalogue.ts';
import type { Finding } from '../../documents/finding.ts';
import { headOf, linesOf, type MessageName, pathOf } from '../../documents/spec.ts';
import { type Decimal5, divideRounded } from '../../money/decimal.ts';
import { declarationRules } from './declaration-rules.ts';
import type { MessageRule, MessageSet, Opened } from './message-rule.ts';
import { exportListsRules } from './message-rules/export-lists.ts';
import { firmRules } from './message-rules/firm.ts';
import { goodsRules } from './message-rules/goods.ts';
import { historyRules } from './message-rules/history.ts';
import { numbersRules } from './message-rules/numbers.ts';
import { partiesRules } from './message-rules/parties.ts';
import { receiptsRules } from './message-rules/receipts.ts';
import { retailImportRules } from './message-rules/retail-import.ts';
import { summaryRules } from './message-rules/summary.ts';
import { transportRules } from './message-rules/transport.ts';
import { withdrawalsRules } from './message-rules/withdrawals.ts';

export type { MessageRule, MessageSet } from './message-rule.ts';

/** All rules of messages but the goods declaration's own, in the order their findings are listed. */
export const messageRules: readonly MessageRule[] = [
  ...numbersRules,
  ...partiesRules,
  ...firmRules,
  ...goodsRules,
  ...historyRules,
  ...exportListsRules,
  ...receiptsRules,
  ...transportRules,
  ...withdrawalsRules,
  ...summaryRules,
  ...retailImportRules,
];

// Rules of a message are asked for by every document of every check.
const byMessage = new Map<MessageName, readonly MessageRule[]>();
function rulesOf(message: MessageName): readonly MessageRule[] {
  let own = byMessage.get(message);
  if (own === undefined) {
    own = [...messageRules, ...declarationRules].filter(({ messages }) => messages.includes(message));
    byMessage.set(message, own);
  }
  return own;
}

/** Checks one document against every rule of its message, or those not switched off. */
export function checkMessage(set: MessageSet, options: { readonly off?: ReadonlySet<string> } = {}): Finding[] {
  const spec = specOf(set.message);
  if (spec === undefined) return [];
  const opened: Opened = { ...set, spec, head: headOf(spec, set.body), lines: linesOf(spec, set.body) };
  return rulesOf(set.message).flatMap(({ id, level, source, run }) => {
    if (options.off?.has(id) === true) return [];
    const found: Finding[] = [];
    run(opened, (field, params = {}, line) => {
      const path = field === '' ? (spec.lines?.name ?? '') : field.includes('/') ? field : pathOf(spec, field, line);
      found.push({ rule: id, level, path, params, source });
    });
    return found;
  });
}

/** Median of values (0n for none): the middle one, of two the mean, half-up. */
export function medianOf(values: readonly Decimal5[]): Decimal5 {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[at - 1], sorted[at]];
  if (high === undefined) return 0n;
  return sorted.length % 2 === 1 || low === undefined ? high : divideRounded(low + high, 2n, 'halfUp');
}
