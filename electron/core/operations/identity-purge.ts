import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addDays, addMonths, type IsoDate } from '../../../shared/calendar/index.ts';
import type { identityPurge } from '../../../shared/contract/identity-purge.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { identityRetentionPack, identityRetentionPackId } from '../../../shared/rules/identity-retention.ts';
import type { Context, Handlers } from '../context.ts';
import { dateOf, packVersion } from '../obligations.ts';
import {
  identityCounts,
  purgeDays,
  purgeIdentityNumbers,
  purgePreview,
  setPurgeDays,
} from '../store/identity-purge.ts';

const ruleOf = (context: Context) =>
  packVersion(context, identityRetentionPackId, identityRetentionPack, chinaDate(context.now()));

/** The instant a day begins in China, as the book keeps instants. */
const startOfDay = (date: IsoDate): string => new Date(`${date}T00:00:00+08:00`).toISOString();

/** Papers that were over before this day may lose their numbers: by the book's days, and never within the years of the law. */
function dayBefore(context: Context, days: number): IsoDate {
  const today = dateOf(chinaDate(context.now()), 'today');
  const own = addDays(today, -days);
  const lawful = addMonths(today, -12 * ruleOf(context).parameters.leastYears);
  return own < lawful ? own : lawful;
}

/** 购买人身份证号的清除规则: off unless the firm sets it, never by itself. */
export const identityPurgeHandlers: Handlers<keyof typeof identityPurge> = {
  'identityNumbers.get': (_input, context) => {
    const { book } = context;
    const days = purgeDays(book);
    const { parameters, source } = ruleOf(context);
    const before = days === undefined ? undefined : dayBefore(context, days);
    return {
      days: days ?? null,
      leastYears: parameters.leastYears,
      source,
      ...identityCounts(book),
      preview: before === undefined ? null : { before, ...purgePreview(book, startOfDay(before)) },
    };
  },

  'identityNumbers.configure': ({ days }, context) => {
    const { book } = context;
    const { leastYears } = ruleOf(context).parameters;
    const today = dateOf(chinaDate(context.now()), 'today');
    if (days !== null && addDays(today, -days) > addMonths(today, -12 * leastYears))
      throw new PortbookError('IDENTITY_DAYS_TOO_FEW', { days, years: leastYears }, 'days');
    const now = context.now();
    book.transaction(() => {
      setPurgeDays(book, days);
      book.audit('identity-numbers.rule', '', { days }, now);
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'identityNumbers.purge': ({ reason, expected }, context) => {
    const { book } = context;
    const days = purgeDays(book);
    if (days === undefined) throw new PortbookError('IDENTITY_PURGE_OFF');
    const before = dayBefore(context, days);
    const now = context.now();
    const documents = book.transaction(() => {
      const found = purgePreview(book, startOfDay(before));
      if (found.documents !== expected)
        throw new PortbookError('IDENTITY_PURGE_CHANGED', { expected, found: found.documents }, 'expected');
      const purged = purgeIdentityNumbers(book, startOfDay(before));
      // The trail says how many and why, never whose.
      book.audit('identity-numbers.purged', before, { reason, ...found, days }, now);
      return purged;
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    return { documents };
  },
};
