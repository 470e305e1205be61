/** The class customs has the firm in (海关企业信用等级): what is on record, and what the dated pack says follows from it. */
import { type CreditClasses, creditClassesPack, creditClassesPackId } from '../../shared/credit/classes.ts';
import type { CustomsClass } from '../../shared/rules/customs/facts.ts';
import { packOn } from '../../shared/rules/pack.ts';
import type { Context } from './context.ts';
import { listCreditRecords } from './store/credit.ts';
import { packInForce } from './worksheets/rules.ts';

/**
 * The class in force on a day, by the last rating of customs on record. It is called as the pack of that day has it, or of the day it was
 * given where that edition no longer knows the code; undefined: none is on record.
 */
export function customsClassOn(
  { book, resources }: Pick<Context, 'book' | 'resources'>,
  day: string,
): CustomsClass | undefined {
  const held = listCreditRecords(book)
    .filter(({ removedAt }) => removedAt === null)
    .map(({ body }) => body)
    .find((body) => body.kind === 'rating' && body.authority === 'customs' && body.date <= day);
  if (held?.kind !== 'rating' || (held.validTo !== null && held.validTo < day)) return undefined;
  const pack = creditClassesPack.parse(packInForce(resources, book, creditClassesPackId));
  const customsOf = (on: string): CreditClasses['authorities'][number] | undefined =>
    packOn(pack, on)?.parameters.authorities.find(({ id }) => id === 'customs');
  const authority = customsOf(day);
  const level = [authority, customsOf(held.date)]
    .flatMap((one) => one?.classes ?? [])
    .find(({ code }) => code === held.level);
  return {
    name: level?.name ?? { zh: held.level, en: held.level },
    standing: level?.standing ?? 'unknown',
    effects: level?.effects ?? [],
    unknown: authority?.unknown ?? null,
    source: authority?.source ?? held.source,
  };
}
