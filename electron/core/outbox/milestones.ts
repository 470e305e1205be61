import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { type LogisticsFigures, logisticsPackId, logisticsPackSchema } from '../../../shared/logistics/pack.ts';
import { milestoneOf } from '../../../shared/logistics/way.ts';
import { requirePackOn } from '../../../shared/rules/pack.ts';
import type { Book } from '../store/book.ts';
import { endpointOf } from '../store/endpoints.ts';
import {
  keepMilestones,
  markApplied,
  milestoneCursor,
  milestonesAsked,
  noteMilestonesAsked,
  waitingMilestones,
} from '../store/heard-milestones.ts';
import { insertMilestones, shipmentsTracked } from '../store/way.ts';
import { firmPack } from '../store/worksheets/facts.ts';
import { Cursors, type LaneRun } from './lane-run.ts';

/** Between two questions of the timer's own; a person who asks for a sync is answered at once. */
const ASK_EVERY_MS = 600_000;
/** Of what waits for a shipment of its number, how much is looked at in one run. */
const WAITING = 1000;

function figuresOn(book: Book, now: string): LogisticsFigures {
  const body = firmPack(book, logisticsPackId)?.body ?? book.rateRules.rulePack(logisticsPackId);
  return requirePackOn(logisticsPackSchema.parse(body), chinaDate(now)).parameters;
}

/**
 * Notes what was heard of the shipments it names. What the book has already, whoever said it, stays as it is, and what a person took back
 * is not noted again: an event is looked at once. Which was last heard goes by the time of the event, not by the order in which they came.
 * All that goes under one bill or in one container goes together. @returns how many events are new
 */
function applyMilestones(book: Book, now: string): number {
  const waiting = waitingMilestones(book, WAITING);
  if (waiting.length === 0) return 0;
  const figures = figuresOn(book, now);
  return book.transaction(() => {
    let added = 0;
    for (const one of waiting) {
      const shipments = shipmentsTracked(book, 'number', one.number);
      if (shipments.length === 0) continue;
      const { number, status, at, place, text } = one;
      const kind = milestoneOf(figures, status) ?? 'other';
      const words = text === '' || text === status ? status : `${status} ${text}`;
      added += insertMilestones(
        book,
        shipments.map(({ id: shipmentId, scope }) => ({
          ...{ shipmentId, scope, kind, at, isDay: false, reference: number, place, text: words, recordedAt: now },
        })),
        { endpoint: endpointOf(book, one.endpoint)?.name ?? one.endpoint },
      );
      markApplied(book, one, now);
    }
    if (added > 0) book.audit('way.heard', 'milestones', { added }, now);
    return added;
  });
}

/** Whether an endpoint says that it knows where goods are. */
const tells = (book: Book, id: string): boolean => endpointOf(book, id)?.capabilities?.milestones === true;

/** An endpoint that could be asked was not reached. */
export function noteUnreached(book: Book, endpoint: string, problem: string, now: string): void {
  if (tells(book, endpoint)) noteMilestonesAsked(book, endpoint, { at: now, problem });
}

/**
 * Takes what an endpoint knows of goods under way. It is asked for all it has after a cursor: no number, name or address leaves the book.
 * One that does not say that it knows any is not asked.
 */
export async function fetchMilestones(run: LaneRun): Promise<void> {
  const { book, signal } = run;
  const { id } = run.endpoint;
  const { transport, tools } = run;
  if (transport.milestones === undefined || !tells(book, id)) return;
  const last = milestonesAsked(book, id);
  const isSoon = last?.problem === undefined && Date.parse(tools.now()) - Date.parse(last?.at ?? '') < ASK_EVERY_MS;
  if (isSoon && !run.options.forced) return;
  const cursors = new Cursors();
  let problem: string | undefined;
  while (problem === undefined) {
    if (!run.goesOn()) return;
    const after = milestoneCursor(book, id);
    if (!cursors.advance(after)) break;
    const outcome = await transport.milestones(after, signal);
    // The book is about to close, or the person gave up: that says nothing of the endpoint.
    if (signal.aborted) return;
    // Whatever is wrong with these is no reason to hold up the messages.
    if (outcome.kind !== 'accepted') {
      problem = outcome.code;
      continue;
    }
    run.observe(outcome);
    keepMilestones(book, id, outcome.value, tools.now());
    if (outcome.value.milestones.length === 0) break;
  }
  noteMilestonesAsked(book, id, { at: tools.now(), ...(problem === undefined ? {} : { problem }) });
  run.summary.milestones += applyMilestones(book, tools.now());
  tools.changed();
}
