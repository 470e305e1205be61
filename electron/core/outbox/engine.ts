import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { CoreEvent, OutputOf } from '../../../shared/contract/contract.ts';
import type { SyncStatus } from '../../../shared/contract/filing.ts';
import type { Progress } from '../../../shared/contract/operation.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { backoffMs } from '../../../shared/sync/backoff.ts';
import { CLOCK_TOLERANCE_MS, type Outcome } from '../../../shared/sync/protocol.ts';
import type { Host } from '../context.ts';
import { deviceKey } from '../keys/device-key.ts';
import type { Book } from '../store/book.ts';
import { dataRequestCursor, dataRequestsIn, settleDataAnswer, storeDataRequests } from '../store/data-requests.ts';
import {
  currentEndpoint,
  type Endpoint,
  endpointOf,
  isPractice,
  markContact,
  markEnrolled,
  renewPractice,
  selectEndpoint,
} from '../store/endpoints.ts';
import {
  bringForward,
  dueEnquiries,
  leaseNext,
  type MessageRecord,
  messageBytes,
  nextAttemptAt,
  outboxCounts,
  recoverLeases,
  settle,
} from '../store/messages.ts';
import { storeReceipts, unparkReceipts } from '../store/receipts.ts';
import { answerByRule, dataRequestSettingsOf } from './data-requests.ts';
import { rateCursor, takeRates } from './rates.ts';
import { applyBatch } from './receipts.ts';
import { regroup } from './regroup.ts';
import { sideProblem } from './sides.ts';
import { signWaiting } from './sign.ts';
import type { RequestSigner, Transport } from './transport.ts';
import { transportFor } from './transport-for.ts';

export type SyncSummary = OutputOf<'sync.now'>;
type Connection = SyncStatus['connection'];

/** The part of a session that the engine needs. */
export interface EngineSession {
  readonly home: string;
  readonly isOpen: boolean;
  readonly book: Book;
  onBeforeClose(closer: () => void | Promise<void>): () => void;
  onOpened(listener: () => void): () => void;
}

export interface EngineOptions {
  readonly session: EngineSession;
  readonly host: Host;
  readonly emit: (event: CoreEvent) => void;
  readonly now: () => string;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
  readonly transport?: (endpoint: Endpoint, signer: RequestSigner) => Transport;
  /** How long a drain listens for further receipts after the last one. */
  readonly settleMs?: number;
  /** Where a failure of the timer's own run is told; a drain that a user asked for throws instead. */
  readonly onError?: (error: unknown) => void;
}

export interface DrainOptions {
  /** A person asked for it: back-offs are cut short and a pause by error is tried again. */
  readonly forced: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

export const syncKeys = {
  /** `1` while the user holds the queue. */
  paused: 'sync.paused',
  /** The one reason for which the engine holds the queue; a person has to look at it. */
  halted: 'sync.halted',
} as const;

/** What customs says to an answer that it took: 2018 年第 179 号. */
const dataTaken = '10000';
/** Messages under way at once. */
const PARALLEL = 4;
const LEASE_MS = 90_000;
/** Lost answers in a row after which a run ends. */
const MAX_FAILURES = 5;
const POLL_MS = 60;
const SETTLE_MS = 800;
/** Between runs of the timer: while receipts are awaited, and otherwise. */
const AWAITING_MS = 10_000;
const IDLE_MS = 120_000;
/** The least between two knocks at a platform that does not open; a nudge knocks at once. */
const UNREACHED_MS = 5_000;
/** The desk is told of changes at most so often. */
const EMIT_MS = 120;

function emptySummary(): SyncSummary {
  return {
    sent: 0,
    refused: 0,
    receipts: 0,
    accepted: 0,
    released: 0,
    rejected: 0,
    rates: 0,
    queued: 0,
    awaitingReceipt: 0,
    connection: 'none',
  };
}

/** What one drain carries along. */
interface Run {
  readonly book: Book;
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly summary: SyncSummary;
  /** Exchanges in a row that came to nothing. */
  failures: number;
  /** Set when going on makes no sense: offline, silent, halted. */
  ended: boolean;
}

/**
 * Sends what is queued and fetches what comes back. One engine a session; one drain at a time. Every step is durable
 * before the next begins, so that an engine can end anywhere.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #random: () => number;
  /** What is known of the book that is open; forgotten when it closes. */
  #book: Book | undefined;
  #connection: Connection = 'offline';
  #lastError: string | undefined;
  /** Whether the practice platform was started from here; `elsewhere` when only somebody else can. */
  #practice: 'not-started' | 'started' | 'elsewhere' = 'not-started';
  #recovered = false;
  #running: Promise<unknown> = Promise.resolve();
  #isRunning = false;
  #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #timed = false;
  #nextRunAt: number | undefined;
  #lastEmit = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#random = options.random ?? (() => randomInt(2 ** 32) / 2 ** 32);
    options.session.onBeforeClose(() => this.#letGo());
    // What the book has queued need not wait for the next look at whether one is open.
    options.session.onOpened(() => this.nudge());
  }

  /** Lets the engine run by itself from now on. */
  start(): void {
    this.#timed = true;
    this.#schedule(0);
  }

  /** Ends the timer and whatever is under way. */
  async stop(): Promise<void> {
    this.#timed = false;
    clearTimeout(this.#timer);
    this.#nextRunAt = undefined;
    await this.#letGo();
  }

  /** Something new is queued, or a sign that the network is back: runs soon. It never sends before its time. */
  nudge(): void {
    if (this.#timed) this.#schedule(0);
  }

  /**
   * Sends all that is due and applies all receipts that come, until nothing new comes for a short while.
   * A drain that is under way is waited for.
   */
  drain(options: DrainOptions): Promise<SyncSummary> {
    const stop = this.#stop.signal;
    const signal = options.signal === undefined ? stop : AbortSignal.any([stop, options.signal]);
    const run = this.#running.then(async () => {
      this.#isRunning = true;
      try {
        return await this.#drain({ ...options, signal });
      } finally {
        this.#isRunning = false;
        this.#changed(true);
      }
    });
    // The next drain begins after this one however it ended; its error is this caller's.
    this.#running = run.catch(() => undefined);
    return run;
  }

  /** What the desk shows. */
  status(): SyncStatus {
    const { book } = this.#options.session;
    this.#attach(book);
    const endpoint = currentEndpoint(book);
    const halted = book.setting(syncKeys.halted);
    const lastError = halted ?? this.#lastError;
    const nextTryAt = this.#nextTryAt(book);
    return {
      connection: endpoint === undefined ? 'none' : this.#connection,
      ...(endpoint === undefined
        ? {}
        : { endpoint: { url: endpoint.url, name: endpoint.name, enrolled: endpoint.enrolled } }),
      paused: book.setting(syncKeys.paused) === '1' || halted !== undefined,
      practice: endpoint !== undefined && isPractice(endpoint),
      ...outboxCounts(book),
      running: this.#isRunning,
      ...(endpoint?.lastContactAt === undefined ? {} : { lastContactAt: endpoint.lastContactAt }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Evidence about another endpoint says nothing about the new one. */
  forgetConnection(practice: 'not-started' | 'started' = 'not-started'): void {
    this.#connection = 'offline';
    this.#lastError = undefined;
    this.#practice = practice;
  }

  #nextTryAt(book: Book): string | undefined {
    const attempt = nextAttemptAt(book);
    if (attempt === undefined || this.#nextRunAt === undefined) return attempt;
    const run = new Date(this.#nextRunAt).toISOString();
    return run > attempt ? run : attempt;
  }

  #attach(book: Book): void {
    if (this.#book === book) return;
    this.#book = book;
    this.#recovered = false;
    this.forgetConnection();
  }

  async #letGo(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#stop = new AbortController();
    this.#book = undefined;
    // Each book practises with data of its own.
    if (this.#practice === 'started') await this.#options.host.stopPractice();
    this.#practice = 'not-started';
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#nextRunAt = Date.parse(this.#options.now()) + ms;
    this.#timer = setTimeout(() => void this.#tick(), ms);
    // A waiting outbox must not keep a finished command line alive.
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    const { session, onError } = this.#options;
    try {
      if (session.isOpen) await this.drain({ forced: false });
    } catch (error) {
      onError?.(error);
    }
    if (!this.#timed) return;
    this.#schedule(session.isOpen ? this.#pause(session.book) : IDLE_MS);
  }

  /** Until the next run: to the next attempt, but never without a look for receipts. */
  #pause(book: Book): number {
    const { queued, awaitingReceipt } = outboxCounts(book);
    const longest = queued > 0 || awaitingReceipt > 0 ? AWAITING_MS : IDLE_MS;
    const next = nextAttemptAt(book);
    if (next === undefined) return longest;
    const least = this.#connection === 'online' ? 1000 : UNREACHED_MS;
    return Math.min(Math.max(Date.parse(next) - Date.parse(this.#options.now()), least), longest);
  }

  #changed(always = false): void {
    const at = performance.now();
    if (!always && at - this.#lastEmit < EMIT_MS) return;
    this.#lastEmit = at;
    this.#options.emit({ name: 'sync.changed' });
  }

  async #drain(options: DrainOptions & { readonly signal: AbortSignal }): Promise<SyncSummary> {
    const { signal, forced } = options;
    const { session, now } = this.#options;
    const summary = emptySummary();
    if (signal.aborted) return summary;
    const { book } = session;
    this.#attach(book);
    const firstRun = !this.#recovered;
    recoverLeases(book, now(), firstRun);
    this.#recovered = true;
    let ledger = false;
    // Signing needs no network: what is signed now can leave the moment there is one, or be carried by hand.
    await this.#sign(book, signal);
    const run = await this.#connect(book, summary, forced, signal);
    if (run !== undefined) {
      if (forced) bringForward(book, now());
      // An update may understand them, a restored book may have their message; a timer need not ask every ten seconds.
      if (forced || firstRun) unparkReceipts(book);
      this.#apply(book, summary);
      await this.#exchange(run, options);
      await this.#fetchRates(run);
      await this.#answerRequests(run);
      ledger = summary.released + summary.rates > 0;
    } else {
      // What was stored before a crash is applied without a network as well.
      this.#apply(book, summary);
    }
    const areas: Extract<CoreEvent, { name: 'book.changed' }>['areas'] = ['documents', 'orders'];
    if (summary.sent + summary.receipts + summary.refused + summary.rates > 0) {
      this.#options.emit({ name: 'book.changed', areas: ledger ? [...areas, 'ledger'] : areas });
    }
    return {
      ...summary,
      ...pick(outboxCounts(book)),
      connection: currentEndpoint(book) === undefined ? 'none' : this.#connection,
    };
  }

  /** Reaches the platform and makes sure that it knows this device. Undefined: not now. */
  async #connect(book: Book, summary: SyncSummary, forced: boolean, signal: AbortSignal): Promise<Run | undefined> {
    const { host, now } = this.#options;
    if (book.setting(syncKeys.paused) === '1') return undefined;
    if (book.setting(syncKeys.halted) !== undefined && !forced) return undefined;
    await this.#ensurePractice(book);
    const endpoint = currentEndpoint(book);
    // What is carried by hand is driven by a person.
    if (endpoint === undefined || endpoint.transport === 'carry') return undefined;
    const signer = await deviceKey(book, host);
    const make = this.#options.transport ?? ((to, by) => transportFor(to, { signer: by, now, book, host }));
    const transport = make(endpoint, signer);
    const run: Run = { book, endpoint, transport, signal, summary, failures: 0, ended: false };
    const health = this.#heed(run, await transport.health(signal));
    if (health === undefined) {
      // A practice platform of ours that is gone is started again the next time.
      if (this.#connection === 'offline' && this.#practice === 'started') this.#practice = 'not-started';
      return undefined;
    }
    markContact(book, endpoint.id, health, now());
    if (Math.abs(Date.parse(health.time) - Date.parse(now())) > CLOCK_TOLERANCE_MS) {
      this.#halt(run, 'CLOCK_SKEW');
      return undefined;
    }
    if (!this.#goesOn(run)) return undefined;
    const problem = sideProblem(book, endpoint, health.practice === true);
    if (problem !== undefined) {
      this.#halt(run, problem);
      return undefined;
    }
    if (!endpoint.enrolled || endpoint.deviceId !== signer.id) {
      const { uscc, customsCode, name } = book.profile();
      const enrolled = this.#heed(run, await transport.enrol({ uscc, customsCode, name }, signal));
      if (enrolled === undefined) return undefined;
      markEnrolled(book, endpoint.id, signer.id, now());
    }
    if (!this.#goesOn(run)) return undefined;
    book.setSetting(syncKeys.halted, undefined);
    this.#lastError = undefined;
    return run;
  }

  /** The practice platform lives as long as the desk: after a restart it is started again when it is next needed. */
  async #ensurePractice(book: Book): Promise<void> {
    const endpoint = currentEndpoint(book);
    if (endpoint === undefined || !isPractice(endpoint) || this.#practice !== 'not-started') return;
    try {
      const url = await this.#options.host.startPractice(practiceFolder(this.#options.session, book));
      this.#practice = 'started';
      // The user may have chosen another platform while this one started.
      if (currentEndpoint(book)?.id !== endpoint.id) return;
      selectEndpoint(book, { id: endpoint.id, url, name: endpoint.name });
    } catch (error) {
      if (!(error instanceof PortbookError)) throw error;
      // Without a window there is nobody to start it; somebody else may have. The health check tells.
      if (error.code === 'NOT_AVAILABLE') this.#practice = 'elsewhere';
      this.#lastError = error.code;
    }
  }

  async #exchange(run: Run, { signal, progress }: DrainOptions & { readonly signal: AbortSignal }): Promise<void> {
    const { book, summary } = run;
    const settleMs = this.#options.settleMs ?? SETTLE_MS;
    let quietSince = performance.now();
    for (;;) {
      const before = summary.sent + summary.refused + summary.receipts;
      await this.#sign(book, signal);
      await this.#enquireAll(run);
      await this.#sendAll(run);
      await this.#fetchReceipts(run);
      if (!signal.aborted) regroup(book, this.#options.now());
      const done = summary.sent + summary.refused + summary.receipts;
      const { queued, awaitingReceipt } = outboxCounts(book);
      progress?.({ phase: 'sync', done: summary.sent, total: summary.sent + queued });
      this.#changed();
      if (!this.#goesOn(run)) return;
      if (done > before) quietSince = performance.now();
      else if (awaitingReceipt === 0 && queued === 0) return;
      else if (performance.now() - quietSince >= settleMs) return;
      else await pause(POLL_MS, signal);
    }
  }

  /** Signs what can be signed without a person. Why something cannot stands with its message. */
  async #sign(book: Book, signal: AbortSignal): Promise<void> {
    const { signed } = await signWaiting({ book, now: this.#options.now, signal, automatic: true });
    if (signed > 0) this.#changed();
  }

  /** Takes what rates the platform has that this book has not seen. A platform without any is not asked. */
  async #fetchRates(run: Run): Promise<void> {
    const { book, transport, signal } = run;
    const endpoint = currentEndpoint(book);
    if (endpoint?.id !== run.endpoint.id || endpoint.capabilities?.rates !== true) return;
    for (;;) {
      if (!this.#goesOn(run)) return;
      const page = this.#heed(run, await transport.rates(rateCursor(book, endpoint.id), signal));
      if (page === undefined || page.rates.length === 0) return;
      run.summary.rates += takeRates(book, endpoint.id, page, this.#options.now());
    }
  }

  /** Fetches what customs asks about orders, where the user lets it, and uploads the answers that are ready. */
  async #answerRequests(run: Run): Promise<void> {
    const { book, signal } = run;
    const line = run.transport.dataRequests;
    const endpoint = currentEndpoint(book);
    if (line === undefined || endpoint?.id !== run.endpoint.id || endpoint.capabilities?.dataRequests !== true) return;
    if (dataRequestSettingsOf(book).mode === 'off') return;
    for (;;) {
      if (!this.#goesOn(run)) return;
      const after = dataRequestCursor(book, endpoint.id);
      const outcome = await line.list(after, signal);
      this.#observe(run, outcome);
      // Whatever is wrong with these is no reason to hold up the messages.
      if (outcome.kind !== 'accepted') return;
      const page = outcome.value;
      if (storeDataRequests(book, endpoint.id, page, this.#options.now()) > 0) this.#changed();
      if (page.requests.length === 0 || page.next === after) break;
    }
    await answerByRule(book, this.#options.now, signal);
    for (const { sessionId, answer = '' } of dataRequestsIn(book, 'ready', endpoint.id)) {
      if (!this.#goesOn(run)) return;
      const outcome = await line.answer(sessionId, answer, signal);
      this.#observe(run, outcome);
      const at = this.#options.now();
      if (outcome.kind === 'accepted')
        settleDataAnswer(book, sessionId, outcome.value, outcome.value.code === dataTaken, at);
      else if (outcome.kind === 'rejected')
        settleDataAnswer(book, sessionId, { code: outcome.code, message: outcome.detail }, false, at);
      // The same text goes again with the next run: the platform knows it by its session.
      else return;
      this.#changed();
    }
  }

  /** Asks about every message whose answer was lost, before anything is sent again. */
  async #enquireAll(run: Run): Promise<void> {
    const { book, transport, signal } = run;
    const due = dueEnquiries(book, this.#options.now(), run.endpoint.id);
    await inParallel(due, PARALLEL, async (message) => {
      if (!this.#goesOn(run)) return;
      const outcome = await transport.enquire(message.guid, signal);
      const at = this.#options.now();
      this.#observe(run, outcome);
      switch (outcome.kind) {
        case 'accepted': {
          const answer = outcome.value;
          if (!answer.found && answer.refused !== undefined) {
            const { code, detail } = answer.refused;
            settle(book, message.guid, { event: 'refuse', at, error: code, info: detail });
            run.summary.refused += 1;
          } else if (!answer.found) {
            settle(book, message.guid, { event: 'miss', at, nextAttemptAt: at });
          } else if (answer.receipt.sha256 === message.sha256) {
            settle(book, message.guid, { event: 'find', at, transportReceipt: JSON.stringify(answer.receipt) });
            run.summary.sent += 1;
          } else {
            settle(book, message.guid, { event: 'refuse', at, error: 'GUID_REUSED' });
            run.summary.refused += 1;
          }
          return;
        }
        case 'rejected':
        case 'fatal':
          return this.#halt(run, outcome.code);
        case 'retryable':
          return this.#backOff(run, message, undefined, outcome);
      }
    });
  }

  async #sendAll(run: Run): Promise<void> {
    await Promise.all(Array.from({ length: PARALLEL }, () => this.#sender(run)));
  }

  /** One of four hands: takes a message, sends it, takes the next. */
  async #sender(run: Run): Promise<void> {
    const { book } = run;
    while (this.#goesOn(run)) {
      const at = this.#options.now();
      const until = new Date(Date.parse(at) + LEASE_MS).toISOString();
      const leased = leaseNext(book, at, until, run.endpoint.id);
      if (leased === undefined) return;
      this.#changed();
      await this.#send(run, leased);
    }
  }

  async #send(run: Run, message: MessageRecord): Promise<void> {
    const { book, transport, signal, summary } = run;
    const outcome = await transport.send(message.guid, messageBytes(book, message.guid), signal);
    const at = this.#options.now();
    this.#observe(run, outcome);
    switch (outcome.kind) {
      case 'accepted':
        settle(book, message.guid, { event: 'deliver', at, transportReceipt: JSON.stringify(outcome.value) });
        summary.sent += 1;
        run.failures = 0;
        return;
      case 'rejected':
        settle(book, message.guid, { event: 'refuse', at, error: outcome.code, info: outcome.detail });
        summary.refused += 1;
        return;
      case 'fatal':
        settle(book, message.guid, { event: 'postpone', at, nextAttemptAt: at, error: outcome.code });
        return this.#halt(run, outcome.code);
      case 'retryable':
        return this.#backOff(run, message, outcome.delivered === 'no' ? 'postpone' : 'lose', outcome);
    }
  }

  /** Puts a message off and decides whether the others may go on. */
  #backOff(
    run: Run,
    message: MessageRecord,
    event: 'postpone' | 'lose' | undefined,
    outcome: Extract<Outcome<unknown>, { kind: 'retryable' }>,
  ): void {
    const at = this.#options.now();
    if (outcome.evidence === 'handed') {
      // It lies with somebody who takes it in his own time: looked after at a steady pace, and no sign of a failure.
      const next = new Date(Date.parse(at) + outcome.retryAfterMs).toISOString();
      settle(run.book, message.guid, { event: event ?? 'lose', at, nextAttemptAt: next, error: outcome.code });
      return;
    }
    const wait = backoffMs(message.attempts, this.#random(), outcome.retryAfterMs);
    const later = new Date(Date.parse(at) + wait).toISOString();
    // A first lost answer is asked about at once, unless somebody asked to wait: the connection may be fine again, and
    // asking does no harm.
    const atOnce = event === 'lose' && message.attempts === 1 && outcome.retryAfterMs === 0;
    const nextAttemptAt = atOnce ? at : later;
    settle(run.book, message.guid, { event: event ?? 'lose', at, nextAttemptAt, error: outcome.code });
    run.failures += 1;
    // One cut connection is no reason to stop; a closed door, a busy platform, a timeout and a row of failures are.
    if (outcome.evidence !== 'silent' || outcome.code === 'TIMEOUT' || run.failures >= MAX_FAILURES) run.ended = true;
    if (this.#isCurrent(run)) this.#lastError = outcome.code;
  }

  async #fetchReceipts(run: Run): Promise<void> {
    const { book, transport, signal, summary } = run;
    while (this.#goesOn(run)) {
      const after = endpointOf(book, run.endpoint.id)?.cursor ?? '';
      const page = this.#heed(run, await transport.receipts(after, signal));
      // A page that came after the endpoint was changed is left where it is: its cursor has not moved.
      if (page === undefined || !this.#isCurrent(run)) return;
      if (page.receipts.length > 0 || page.next !== after) {
        storeReceipts(book, run.endpoint.id, page.receipts, page.next, this.#options.now());
        this.#apply(book, summary);
        this.#changed();
      }
      if (page.receipts.length === 0) return;
      // Between two pages what they have freed may already leave.
      if (nextAttemptAt(book) !== undefined) return;
    }
  }

  /** Whether the run's endpoint is still the one in use: the user can choose another at any moment. */
  #isCurrent(run: Run): boolean {
    return currentEndpoint(run.book)?.id === run.endpoint.id;
  }

  /** Whether the next step may begin. A run never goes on when another endpoint was chosen: it would mix two platforms. */
  #goesOn(run: Run): boolean {
    if (run.signal.aborted) return false;
    if (!this.#isCurrent(run)) run.ended = true;
    return !run.ended;
  }

  /** Applies stored receipts, batch by batch. */
  #apply(book: Book, summary: SyncSummary): void {
    for (;;) {
      const applied = applyBatch(book, this.#options.now());
      if (applied === undefined) return;
      summary.receipts += applied.receipts;
      summary.accepted += applied.accepted;
      summary.released += applied.released;
      summary.rejected += applied.rejected;
    }
  }

  /** The value of an exchange that concerns no single message; else the run is over and the reason is kept. */
  #heed<T>(run: Run, outcome: Outcome<T>): T | undefined {
    this.#observe(run, outcome);
    if (outcome.kind === 'accepted') return outcome.value;
    if (outcome.kind === 'retryable') {
      run.ended = true;
      if (this.#isCurrent(run)) this.#lastError = outcome.code;
    } else this.#halt(run, outcome.code);
    return undefined;
  }

  /** What an exchange shows about the connection. */
  #observe(run: Run, outcome: Outcome<unknown>): void {
    if (!this.#isCurrent(run)) return;
    if (outcome.kind !== 'retryable') this.#connection = 'online';
    else if (outcome.evidence === 'busy' || outcome.evidence === 'handed') this.#connection = 'online';
    else if (outcome.code !== 'ABORTED') this.#connection = outcome.evidence;
  }

  /** Holds the whole queue with one reason, until a person has looked at it. */
  #halt(run: Run, code: string): void {
    run.ended = true;
    // What one platform says does not hold up the queue for another.
    if (!this.#isCurrent(run)) return;
    this.#lastError = code;
    if (code === 'DEVICE_UNKNOWN' && isPractice(run.endpoint)) {
      // The practice platform's data is gone. Nothing of it had any effect: it is met again as a new one.
      renewPractice(run.book, run.endpoint);
      return;
    }
    run.book.setSetting(syncKeys.halted, code);
  }
}

function pick({ queued, awaitingReceipt }: ReturnType<typeof outboxCounts>) {
  return { queued, awaitingReceipt };
}

/** Where a book's practice platform keeps its data. */
export function practiceFolder(session: Pick<EngineSession, 'home'>, book: Pick<Book, 'id'>): string {
  return join(session.home, 'practice', book.id);
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

/** Works through items with at most `hands` at once. */
async function inParallel<T>(items: readonly T[], hands: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: Math.min(hands, items.length) }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

const engines = new WeakMap<EngineSession, Engine>();

/** The engine of a session; made at first use, it only runs when it is asked to. */
export function engineOf(options: EngineOptions): Engine {
  const known = engines.get(options.session);
  if (known !== undefined) return known;
  const engine = new Engine(options);
  engines.set(options.session, engine);
  return engine;
}

/** Starts the timer of the desk's outbox: from now on it sends and fetches by itself whenever a book is open. */
export function startEngine(options: EngineOptions): Engine {
  const engine = engineOf(options);
  engine.start();
  return engine;
}
