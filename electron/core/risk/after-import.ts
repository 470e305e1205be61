/** What an import may have tripped, looked at right after it: the rules that read what it wrote, and the names it brought. */

import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { FlagRule } from '../../../shared/contract/risk.ts';
import { redFlagsPackId } from '../../../shared/risk/flags.ts';
import { screeningPackId } from '../../../shared/risk/names.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import type { Context } from '../context.ts';
import { packInForce } from '../worksheets/rules.ts';
import { runRedFlags } from './red-flags.ts';
import { screenNames } from './screening.ts';

/** Rules that read what an import of a kind writes. */
const rulesOf: Readonly<Record<string, readonly FlagRule[] | undefined>> = {
  orders: ['R08', 'R14', 'R18'],
  payments: ['R08'],
  exportLines: ['R03', 'R04', 'R05', 'R09', 'R12', 'R13', 'R14'],
  invoices: ['R03', 'R10'],
  warehouse: ['R03'],
  rates: ['R04', 'R05', 'R06', 'R12'],
  notices: ['R14'],
  products: ['R14'],
  statement: ['R01', 'R02', 'R06', 'R07', 'R12'],
};
/** Imports that bring names, or lists to hold them against. */
const withNames: readonly string[] = ['orders', 'waybills', 'invoices', 'payments', 'statement', 'watchlist'];

/**
 * Runs the rules and the screening that an import concerns. The import is in the book already: nothing here can fail it, and a cancel
 * comes too late. A pack of the firm's own that has no version for today is left to be refused where the rules are run by hand.
 */
export async function lookAfterImport(
  context: Pick<Context, 'book' | 'resources' | 'now' | 'progress' | 'emit'>,
  kind: string,
): Promise<void> {
  const today = chinaDate(context.now());
  const inForce = (id: string): boolean =>
    packOn(packInForce(context.resources, context.book, id), today) !== undefined;
  const rules = inForce(redFlagsPackId) && inForce(screeningPackId) ? (rulesOf[kind] ?? []) : [];
  const quiet = { ...context, book: context.book, signal: new AbortController().signal };
  if (rules.length > 0) await runRedFlags(quiet, rules);
  if (withNames.includes(kind) && inForce(screeningPackId)) {
    await screenNames(quiet);
    if (inForce(redFlagsPackId)) await runRedFlags(quiet, ['R15']);
  }
  context.emit({ name: 'book.changed', areas: ['risk'] });
}
