/** What a sale needs besides its declaration: its buyer among the parties of the book, and the dispatch its lots leave on. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { Sale } from '../../../shared/drafting/plain-sale.ts';
import { call } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { ensureParty } from '../ledger/parties.ts';

/** ISO 3166 alpha-2 of three letters; an empty text where the table has none. */
export async function alpha2Of(country: string): Promise<string> {
  if (country === '') return '';
  const { rows } = await call('tables.search', { table: 'country_alpha3', text: country, limit: 9 });
  return rows.find(({ code }) => code === country)?.alpha2 ?? '';
}

export type Dispatch = OutputOf<'dispatches.list'>['rows'][number];

/** The dispatch (发运) of a sale has the number of its declaration. */
export async function dispatchOf(number: string): Promise<Dispatch | undefined> {
  const { rows } = await call('dispatches.list', { text: number, limit: 10 });
  return rows.find((row) => row.number === number);
}

export type LotFinding = OutputOf<'dispatches.save'>['findings'][number];
/** Nothing was written where the findings want a reason. */
type Settled =
  | { readonly isSaved: true; readonly id: number }
  | { readonly isSaved: false; readonly findings: readonly LotFinding[] };

/**
 * Writes what the sale says now onto its dispatch, which is made where it has none. Undefined while the sale names no country.
 * @param reason why lots stay on it though it goes elsewhere or at another time than they were put on it for
 */
export async function saveDispatch(sale: Sale, number: string, reason: string): Promise<Settled | undefined> {
  const country = await alpha2Of(sale.country);
  if (country === '') return undefined;
  const before = await dispatchOf(number);
  const partyId = await ensureParty('customer', sale.buyer, country);
  return call('dispatches.save', {
    ...before,
    reason,
    number,
    country,
    on: /^\d{4}-\d{2}-\d{2}$/.test(sale.leaveOn) ? sale.leaveOn : localDate(),
    ...(partyId === undefined ? {} : { partyId }),
  });
}

/**
 * Brings buyer and dispatch of a sale that is done to what it says; a sale without lots gets no dispatch.
 * @returns what wants a reason first; empty: it is done
 */
export async function settleSale(sale: Sale, number: string, reason: string): Promise<readonly LotFinding[]> {
  if ((await dispatchOf(number)) === undefined) {
    await ensureParty('customer', sale.buyer, await alpha2Of(sale.country));
    return [];
  }
  const settled = await saveDispatch(sale, number, reason);
  return settled === undefined || settled.isSaved ? [] : settled.findings;
}
