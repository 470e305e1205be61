import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { backoffMs } from '../../../shared/sync/backoff.ts';
import { minutesUntilHours } from '../../../shared/sync/hours.ts';
import type { Outcome } from '../../../shared/sync/protocol.ts';
import type { Book } from '../store/book.ts';
import { contentAsked, contentsToAsk, keepContent } from '../store/conflicts.ts';
import { endpointOf } from '../store/endpoints.ts';
import {
  dueEnquiries,
  getMessage,
  leasable,
  lease,
  type MessageRecord,
  mayHaveLeft,
  nextAttemptAt,
  outboxCounts,
  settle,
  wasHandedOver,
} from '../store/messages.ts';
import { storeReceipts } from '../store/receipts.ts';
import { isUnheard, noteHeard } from '../store/restoring.ts';
import { dispute } from './conflicts.ts';
import { refuseDamaged, soundBytes } from './damaged.ts';
import { hoursOf } from './holds.ts';
import { Cursors, type LaneRun, type SyncSummary } from './lane-run.ts';
import { applyBatch } from './receipts.ts';
import { dropIfLeftOtherwise, recoverSent } from './recover.ts';
import { regroup, splitMessage } from './regroup.ts';

/**
 * Messages out and receipts in on one lane: enquiries first, then what may leave, then what came back. Every step is durable before
 * the next begins.
 */

/** Messages under way at once. */
export const PARALLEL = 4;
/** Messages of one look into the queue: looking costs more than leasing. */
const CANDIDATES = 50;
const POLL_MS = 60;
/** Contents asked for in one turn; what was not told is asked for again after a while, and nothing else waits for it. */
const CONTENTS = 20;
const UNTOLD_MS = 30 * 60_000;

/** Asks, sends and fetches until nothing new comes for a short while. */
export async function exchange(run: LaneRun): Promise<void> {
  const { book, summary, signal, options } = run;
  const { settleMs } = run.tools;
  let quietSince = performance.now();
  for (;;) {
    const before = run.done;
    await run.tools.sign();
    await enquireAll(run);
    await askContents(run);
    const wasUnheard = isUnheard(book, endpointOf(book, run.endpoint.id) ?? run.endpoint);
    // Of a book brought back from a copy nothing leaves before it is known what lies there: the same documents may, in other messages. With
    // these in the book receipts that name no message find theirs.
    if (wasUnheard) await recoverSent(run);
    else await sendAll(run);
    const isHeard = await fetchReceipts(run);
    const { done } = run;
    const isTold = await recoverSent(run);
    // What was waiting for the messages that are back.
    if (run.done > done) await applyStored(book, summary, run.tools.now, signal);
    if (isHeard && isTold) noteHeard(book, run.endpoint);
    if (!signal.aborted) regroup(book, run.tools.now());
    const { queued, awaitingReceipt } = outboxCounts(book);
    options.progress?.({ phase: 'sync', done: summary.sent, total: summary.sent + queued });
    run.tools.changed();
    if (!run.goesOn()) return;
    if (run.done > before) quietSince = performance.now();
    else if (awaitingReceipt === 0 && queued === 0) return;
    else if (performance.now() - quietSince >= settleMs) return;
    else await pause(POLL_MS, signal);
  }
}

/** Asks about every message whose answer was lost, before anything is sent again. */
async function enquireAll(run: LaneRun): Promise<void> {
  const due = dueEnquiries(run.book, run.tools.now(), run.endpoint.id);
  const rest = due.values();
  await inHands(run, Math.min(PARALLEL, due.length), async () => {
    for (const message of rest) {
      if (!run.goesOn()) return;
      await enquire(run, message);
    }
  });
}

async function enquire(run: LaneRun, message: MessageRecord): Promise<void> {
  const { book, transport, signal } = run;
  const outcome = await transport.enquire(message.guid, signal);
  const at = run.tools.now();
  run.observe(outcome);
  switch (outcome.kind) {
    case 'accepted': {
      const answer = outcome.value;
      if (!answer.found && answer.refused !== undefined) {
        const { code, detail } = answer.refused;
        settle(book, message.guid, { event: 'refuse', at, error: code, info: detail });
        run.summary.refused += 1;
      } else if (!answer.found) {
        settle(book, message.guid, { event: 'miss', at, nextAttemptAt: at });
        dropIfLeftOtherwise(book, message.guid, at);
      } else if (answer.receipt.sha256 === message.sha256) {
        settle(book, message.guid, { event: 'find', at, transportReceipt: JSON.stringify(answer.receipt) });
        run.summary.sent += 1;
        run.done += 1;
      } else {
        dispute(book, message, answer.receipt.sha256, run.endpoint.id, at);
      }
      return;
    }
    case 'rejected':
    case 'fatal':
      return run.halt(outcome.code);
    case 'retryable':
      return backOff(run, message, undefined, outcome);
  }
}

/** Asks what the platform holds under the GUIDs in question, so that a person sees in what it differs. */
async function askContents(run: LaneRun): Promise<void> {
  const { book, transport, signal, endpoint, tools } = run;
  if (transport.content === undefined || endpointOf(book, endpoint.id)?.capabilities?.contents !== true) return;
  const { untold } = run.lane;
  // A person who asks for it has it tried again.
  const isDue = (guid: string): boolean =>
    !run.contentsAsked.has(guid) && (run.options.forced || (untold.get(guid) ?? '') <= tools.now());
  for (const guid of contentsToAsk(book, endpoint.id).filter(isDue).slice(0, CONTENTS)) {
    if (!run.goesOn()) return;
    run.contentsAsked.add(guid);
    const asked = contentAsked(book, guid);
    const outcome = await transport.content(guid, signal);
    const isTold = asked !== undefined && outcome.kind === 'accepted';
    const sha256 = isTold ? createHash('sha256').update(outcome.value).digest('hex') : '';
    if (!isTold || (asked.theirs !== '' && asked.theirs !== sha256)) {
      untold.set(guid, new Date(Date.parse(tools.now()) + UNTOLD_MS).toISOString());
      continue;
    }
    untold.delete(guid);
    keepContent(book, asked.id, outcome.value, tools.now());
    tools.changed();
  }
}

/** A circuit that is being tried lets one message through before the others follow. */
async function sendAll(run: LaneRun): Promise<void> {
  if (run.lane.circuit.state === 'half-open' && run.goesOn()) await sendNext(run);
  if (run.lane.circuit.state !== 'closed') return;
  await inHands(run, PARALLEL, () => sender(run));
}

/** One of four hands: takes a message, sends it, takes the next. */
async function sender(run: LaneRun): Promise<void> {
  while (run.goesOn()) {
    if (!(await sendNext(run))) return;
  }
}

/** Sends the next message that may leave, or shares one out that is too large. @returns false when there is none */
async function sendNext(run: LaneRun): Promise<boolean> {
  const { book, limits, options } = run;
  const at = run.tools.now();
  if (run.candidates.length === 0 || run.order !== run.tools.order()) {
    run.order = run.tools.order();
    const hours = hoursOf(book);
    const urgentOnly = !options.forced && hours !== undefined && minutesUntilHours(hours, at) > 0;
    run.candidates = leasable(book, run.scope, { now: at, urgentOnly, only: options.only }, CANDIDATES);
  }
  const guid = run.candidates.shift();
  if (guid === undefined) return false;
  const waiting = getMessage(book, guid);
  if (waiting === undefined || waiting.state !== 'queued') return true;
  if (!run.tools.mayLeave(waiting)) {
    run.tools.changed();
    // A hundred documents take their time; whoever works at the desk comes in between.
    await setImmediate();
    return true;
  }
  const isOver = waiting.bytes > limits.maxBytes || waiting.documents > limits.maxDocuments;
  // What may be there already keeps its GUID and bytes whatever the limits are.
  if (isOver && waiting.documents > 1 && !mayHaveLeft(book, guid) && soundBytes(book, guid) !== undefined) {
    splitMessage(book, guid, limits, at);
    run.tools.changed();
    return true;
  }
  const leased = lease(book, guid, run.scope, at);
  if (leased === undefined) return true;
  run.tools.changed();
  await send(run, leased);
  return true;
}

async function send(run: LaneRun, message: MessageRecord): Promise<void> {
  const { book, transport, signal, summary } = run;
  const bytes = soundBytes(book, message.guid);
  if (bytes === undefined) {
    // Its documents can be drafted anew, and nothing else waits for them.
    refuseDamaged(book, message.guid, run.tools.now());
    summary.refused += 1;
    run.done += 1;
    return;
  }
  const outcome = await transport.send(message.guid, bytes, signal);
  const at = run.tools.now();
  run.observe(outcome);
  switch (outcome.kind) {
    case 'accepted':
      settle(book, message.guid, { event: 'deliver', at, transportReceipt: JSON.stringify(outcome.value) });
      summary.sent += 1;
      run.done += 1;
      return;
    case 'rejected':
      if (outcome.code === 'GUID_REUSED') {
        const held = await transport.enquire(message.guid, signal);
        const theirs = held.kind === 'accepted' && held.value.found ? held.value.receipt.sha256 : '';
        dispute(book, message, theirs, run.endpoint.id, at);
        return;
      }
      run.done += 1;
      if (outcome.code === 'TOO_LARGE' && message.documents > 1 && !wasHandedOver(book, message.guid)) {
        // It stored nothing: the same documents leave in smaller messages, under new GUIDs and as the versions they are.
        const half = Math.ceil(message.documents / 2);
        splitMessage(book, message.guid, { ...run.limits, maxDocuments: Math.min(half, run.limits.maxDocuments) }, at);
        return;
      }
      settle(book, message.guid, { event: 'refuse', at, error: outcome.code, info: outcome.detail });
      summary.refused += 1;
      return;
    case 'fatal':
      settle(book, message.guid, { event: 'postpone', at, nextAttemptAt: at, error: outcome.code });
      return run.halt(outcome.code);
    case 'retryable':
      return backOff(run, message, outcome.delivered === 'no' ? 'postpone' : 'lose', outcome);
  }
}

/** Puts a message off and decides whether the others may go on. */
function backOff(
  run: LaneRun,
  message: MessageRecord,
  event: 'postpone' | 'lose' | undefined,
  outcome: Extract<Outcome<unknown>, { kind: 'retryable' }>,
): void {
  const at = run.tools.now();
  if (outcome.evidence === 'handed') {
    // It lies with somebody who takes it in his own time: looked after at a steady pace, and no sign of a failure.
    const next = new Date(Date.parse(at) + outcome.retryAfterMs).toISOString();
    settle(run.book, message.guid, { event: event ?? 'lose', at, nextAttemptAt: next, error: outcome.code });
    return;
  }
  const wait = backoffMs(message.attempts, run.tools.random(), outcome.retryAfterMs);
  const later = new Date(Date.parse(at) + wait).toISOString();
  // A first lost answer is asked about at once, unless somebody asked to wait: the connection may be fine again, and
  // asking does no harm.
  const atOnce = event === 'lose' && message.attempts === 1 && outcome.retryAfterMs === 0;
  const nextAttemptAt = atOnce ? at : later;
  settle(run.book, message.guid, { event: event ?? 'lose', at, nextAttemptAt, error: outcome.code });
  // One cut connection is no reason to stop; a closed door, a busy platform, a timeout and a row of failures open the circuit.
  if (run.lane.circuit.state === 'open' || outcome.code === 'ABORTED') run.ended = true;
  run.lane.lastError = outcome.code;
}

/** @returns whether there are no more */
async function fetchReceipts(run: LaneRun): Promise<boolean> {
  const { book, transport, signal, summary } = run;
  const cursors = new Cursors();
  while (run.goesOn()) {
    const after = endpointOf(book, run.endpoint.id)?.cursor ?? '';
    cursors.advance(after);
    const page = run.heed(await transport.receipts(after, signal));
    // A page that came after the endpoint was changed is left where it is: its cursor has not moved.
    if (page === undefined || !run.isWanted()) return false;
    if (page.receipts.length > 0 || page.next !== after) {
      const fresh = storeReceipts(book, run.endpoint.id, page.receipts, page.next, run.tools.now());
      run.done += fresh;
      // Folders know no cursor: what is read there is known by itself.
      if (page.receipts.length > 0 && !cursors.advance(page.next) && (fresh === 0 || run.endpoint.transport === 'http'))
        run.ended = true;
      await applyStored(book, summary, run.tools.now, signal);
      run.tools.changed();
    }
    if (page.receipts.length === 0) return true;
    // Between two pages what they have freed may already leave.
    if (nextAttemptAt(book, run.scope) !== undefined) return false;
  }
  return false;
}

/** Applies stored receipts, batch by batch; whoever works at the desk meanwhile comes in between. */
export async function applyStored(
  book: Book,
  summary: SyncSummary,
  now: () => string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const applied = applyBatch(book, now());
    if (applied === undefined) return;
    summary.receipts += applied.receipts;
    summary.accepted += applied.accepted;
    summary.released += applied.released;
    summary.rejected += applied.rejected;
    await setImmediate();
  }
}

/** Waits, or returns at once when it is to stop. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/**
 * Lets several hands work at once and waits for all of them, whatever becomes of one: nothing may leave once a drain is called ended. Where
 * one fails (a full disk), the others finish what is under way and begin nothing more.
 */
async function inHands(run: LaneRun, hands: number, work: () => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(
    Array.from({ length: hands }, async () => {
      try {
        await work();
      } catch (error) {
        run.ended = true;
        throw error;
      }
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
