/** Steps, cut-offs and check lists of shipments as the open book has them. */
import { chinaDate } from '../../shared/calendar/china-time.ts';
import {
  type LogisticsFigures,
  logisticsPackId,
  logisticsPackSchema,
  type MilestoneKind,
} from '../../shared/logistics/pack.ts';
import { cutOffState } from '../../shared/logistics/way.ts';
import type { PackVersion } from '../../shared/rules/pack.ts';
import type { Context } from './context.ts';
import { packVersion } from './obligations.ts';
import { type CutOffRow, containersOf, stepsByScope } from './store/way.ts';

type Source = Pick<Context, 'book' | 'resources'>;
const DAY_MS = 86_400_000;

/** The pack in force on the day of an instant. Refusal: `RULE_PACK_MISSING`. */
export function logisticsPack(source: Source, now: string): PackVersion<LogisticsFigures> {
  return packVersion(source, logisticsPackId, logisticsPackSchema, chinaDate(now));
}

/**
 * When each step was taken by all of a shipment: as it was noted of the whole of it, or else by the last of its containers and parcels. A
 * step that a container has not taken is not there. A day without a time of day counts as its end.
 */
export function takenTimes(book: Source['book'], shipmentId: number): Map<MilestoneKind, string> {
  const containers = containersOf(book, shipmentId);
  const byKind = new Map<MilestoneKind, Map<string, string>>();
  for (const { kind, scope, at, isDay } of stepsByScope(book, shipmentId)) {
    const scopes = byKind.get(kind) ?? new Map<string, string>();
    byKind.set(kind, scopes);
    scopes.set(scope, isDay ? new Date(Date.parse(at) + DAY_MS - 1).toISOString() : at);
  }
  const taken = new Map<MilestoneKind, string>();
  for (const [kind, scopes] of byKind) {
    const whole = scopes.get('');
    const isPartial = whole === undefined && containers.some((number) => !scopes.has(number));
    const last = whole ?? [...scopes.values()].sort().at(-1);
    if (!isPartial && last !== undefined) taken.set(kind, last);
  }
  return taken;
}

/** What became of a stored cut-off. */
export function stateOfCutOff(
  figures: LogisticsFigures,
  { kind, at, doneAt }: Pick<CutOffRow, 'kind' | 'at' | 'doneAt'>,
  firsts: ReadonlyMap<MilestoneKind, string>,
  now: string,
): ReturnType<typeof cutOffState> {
  return cutOffState(figures, { kind, at, ...(doneAt === null ? {} : { doneAt }) }, firsts, now);
}
