import { parseIsoDate } from '../../../shared/calendar/index.ts';
import { isRate } from '../../../shared/ledger/index.ts';
import type { RatePage } from '../../../shared/sync/protocol.ts';
import type { Book } from '../store/book.ts';
import { endpointOf } from '../store/endpoints.ts';
import { fillExportRates } from '../store/export-lines.ts';
import { retryPendingPostings } from '../store/ledger.ts';
import { valueRecords } from '../store/money/records.ts';
import { putRate, rateAt } from '../store/rates.ts';
import { Cursors, type LaneRun } from './lane-run.ts';

const cursorKey = (endpoint: string): string => `sync.rates:${endpoint}`;

/** Where this book has got to in a platform's rates. */
export function rateCursor(book: Book, endpoint: string): string {
  return book.setting(cursorKey(endpoint)) ?? '';
}

/**
 * Stores a page of a platform's rates with its cursor in one transaction and posts what waited for them. A rate that the
 * book has already is left as it is: what a person entered, and vouchers stand on, is not changed from outside. One that
 * is none (an unknown currency, zero) is left out and noted.
 * @returns how many were new
 */
export function takeRates(book: Book, endpoint: string, page: RatePage, now: string): number {
  return book.transaction(() => {
    let taken = 0;
    const differing: string[] = [];
    for (const rate of page.rates) {
      const known = rateAt(book, rate.kind, rate.currency, rate.date);
      if (known === undefined && isStorable(rate)) {
        putRate(book, rate, now);
        taken += 1;
      } else if (known?.cnyPerUnit !== rate.cnyPerUnit) differing.push(`${rate.kind} ${rate.currency} ${rate.date}`);
    }
    book.setSetting(cursorKey(endpoint), page.next);
    if (taken > 0 || differing.length > 0) book.audit('rate.synced', endpoint, { taken, differing }, now);
    if (taken > 0) {
      retryPendingPostings(book, now);
      fillExportRates(book);
      valueRecords(book);
    }
    return taken;
  });
}

/** Takes what rates the platform has that this book has not seen. A platform without any is not asked. */
export async function fetchRates(run: LaneRun): Promise<void> {
  const { book, transport, signal } = run;
  const endpoint = endpointOf(book, run.endpoint.id);
  if (endpoint?.capabilities?.rates !== true) return;
  const cursors = new Cursors();
  while (run.goesOn()) {
    const after = rateCursor(book, endpoint.id);
    if (!cursors.advance(after)) return;
    const outcome = await transport.rates(after, signal);
    // Whatever is wrong with these is no reason to hold up the messages.
    if (outcome.kind !== 'accepted') return;
    run.observe(outcome);
    const page = outcome.value;
    if (page.rates.length === 0) return;
    run.summary.rates += takeRates(book, endpoint.id, page, run.tools.now());
  }
}

function isStorable(rate: RatePage['rates'][number]): boolean {
  return parseIsoDate(rate.date) !== undefined && isRate(rate.currency, rate.cnyPerUnit);
}
