/** The rate in force on a date, as the core takes it: shown while a voucher is typed. */
import { call } from '../../core-client.ts';

/** CNY for one unit of each currency that has a rate for the date; currencies without one are left out. */
export async function ratesInForce(date: string, currencies: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await call('rates.inForce', { date });
  return new Map(
    rows
      .filter(({ currency }) => currencies.includes(currency))
      .map(({ currency, cnyPerUnit }) => [currency, cnyPerUnit]),
  );
}
