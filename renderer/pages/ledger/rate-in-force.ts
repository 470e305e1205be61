/** The rate in force on a date, as the core would take it: shown while a voucher is typed. */
import { rateDate } from '../../../shared/ledger/postings.ts';
import { call } from '../../core-client.ts';

/** CNY for one unit of each currency that has a rate on or before its date; currencies without one are left out. */
export async function ratesInForce(date: string, currencies: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const { basis } = await call('rates.basis', { date });
  const wanted = rateDate(date, basis);
  for (const currency of currencies) {
    let after: string | undefined;
    do {
      const page = await call('rates.list', {
        kind: 'parity',
        currency,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      const best = page.rows
        .filter((row) => row.date <= wanted)
        .reduce<(typeof page.rows)[number] | undefined>(
          (newest, row) => (newest === undefined || row.date > newest.date ? row : newest),
          undefined,
        );
      if (best !== undefined) {
        found.set(currency, best.cnyPerUnit);
        break;
      }
      after = page.nextCursor;
    } while (after !== undefined);
  }
  return found;
}
