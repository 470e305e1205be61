/** Parties (往来单位) by the name somebody typed. */
import type { InputOf } from '../../../shared/contract/contract.ts';
import { call } from '../../core-client.ts';

export type PartyKind = InputOf<'parties.save'>['kind'];

/**
 * The party a name belongs to, made where the book has none of this kind.
 * @param country ISO 3166 alpha-2 of a new one; empty where it is not known
 * @returns its id; undefined for no name
 */
export async function ensureParty(kind: PartyKind, name: string, country: string): Promise<number | undefined> {
  const wanted = name.trim();
  if (wanted === '') return undefined;
  const { rows } = await call('parties.list', { kind, text: wanted, limit: 100 });
  const found = rows.find((row) => row.name === wanted);
  if (found !== undefined) return found.id;
  const made = await call('parties.save', {
    ...{ kind, name: wanted, taxNo: null, country: country === '' ? null : country, note: '', active: true },
  });
  return made.id;
}
