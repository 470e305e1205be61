import type { OutputOf } from '../../../shared/contract/contract.ts';
import {
  type EventPart,
  type PostingPack,
  postingPackSchema,
  postingsByRule,
  type RateFound,
  requirePostingRule,
} from '../../../shared/ledger/index.ts';
import { requirePackOn } from '../../../shared/rules/pack.ts';
import { chartOf } from './accounts.ts';
import type { Book } from './book.ts';
import type { VoucherDraft } from './vouchers.ts';

/** The posting rules of the firm: its own version of the pack where it has changed it, else the shipped one. */
function packOf(book: Book): PostingPack {
  const own = book.prepare(`SELECT body FROM rule_pack WHERE id = 'posting'`).get() as { body: string } | undefined;
  return own === undefined ? book.postingRules : postingPackSchema.parse(JSON.parse(own.body));
}

/** A business event for the posting rules. */
export interface PostingEvent {
  /** Name of the rule's event, e.g. `purchase-invoice`. */
  readonly event: string;
  readonly date: string;
  readonly text: string;
  readonly rate?: RateFound | undefined;
  readonly parts: readonly EventPart[];
}

/**
 * The voucher of an event by the rule in force on its date, ready for `repostDocument`; undefined when every amount is
 * zero. Refusals: `RULE_PACK_MISSING`, `POSTING_RULE_MISSING`, `POSTING_ACCOUNT_MISSING`.
 */
export function draftByRule(book: Book, event: PostingEvent): Omit<VoucherDraft, 'source'> | undefined {
  const rule = requirePostingRule(packOf(book), event.event, event.date);
  const postings = postingsByRule(rule, event.parts);
  if (postings.length === 0) return undefined;
  return { date: event.date, text: event.text, rule: rule.id, rate: event.rate, postings };
}

/** The accounts that the rules name, of every version: sub-accounts would make groups of them, which nothing is posted to. */
export function ruleAccounts(book: Book): Set<string> {
  const lines = packOf(book).versions.flatMap(({ parameters }) => parameters.rules.flatMap((rule) => rule.lines));
  return new Set(lines.map(({ account }) => account).filter((account) => !account.startsWith('$')));
}

/** The rules in force on a date, with the names of their accounts; `$name` stands for the account that the event names. */
export function listPostingRules(book: Book, date: string): OutputOf<'postingRules.list'> {
  const { inForceFrom, inForceTo, parameters } = requirePackOn(packOf(book), date);
  const chart = chartOf(book);
  return {
    rows: parameters.rules.map((rule) => ({
      id: rule.id,
      titleZh: rule.titleZh,
      titleEn: rule.titleEn,
      event: rule.event,
      inForceFrom,
      inForceTo,
      source: rule.source,
      lines: rule.lines.map(({ side, account, amount, when }) => ({
        side,
        account,
        nameZh: chart.get(account)?.nameZh ?? '',
        nameEn: chart.get(account)?.nameEn ?? '',
        amount,
        ...(when === undefined ? {} : { when }),
      })),
    })),
  };
}
