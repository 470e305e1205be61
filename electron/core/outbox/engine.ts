import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { CoreEvent, OutputOf } from '../../../shared/contract/contract.ts';
import type { SyncStatus } from '../../../shared/contract/filing.ts';
import type { Progress } from '../../../shared/contract/operation.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { backoffMs } from '../../../shared/sync/backoff.ts';
import { afterFailure, afterSuccess, type Circuit, toTry } from '../../../shared/sync/circuit.ts';
import { minutesUntilHours, type SendingHours } from '../../../shared/sync/hours.ts';
import { CLOCK_TOLERANCE_MS, type Outcome } from '../../../shared/sync/protocol.ts';
import type { Host } from '../context.ts';
import { deviceKey } from '../keys/device-key.ts';
import type { Book } from '../store/book.ts';
import { circuitOf, forgetCircuit, saveCircuit } from '../store/circuits.ts';
import { addConflict, openConflicts } from '../store/conflicts.ts';
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
  workingEndpoints,
} from '../store/endpoints.ts';
import {
  bringForward,
  dueEnquiries,
  getMessage,
  type LaneScope,
  leasable,
  lease,
  type MessageRecord,
  mayHaveLeft,
  messageBytes,
  nextAttemptAt,
  outboxCounts,
  queuedByEndpoint,
  recoverLeases,
  settle,
  wasHandedOver,
} from '../store/messages.ts';
import { storeReceipts, unparkReceipts } from '../store/receipts.ts';
import { answerByRule, dataRequestSettingsOf } from './data-requests.ts';
import { rateCursor, takeRates } from './rates.ts';
import { applyBatch } from './receipts.ts';
import { regroup, splitMessage } from './regroup.ts';
import { sideProblem } from './sides.ts';
import { type SignOutcome, signWaiting } from './sign.ts';
import type { RequestSigner, Transport } from './transport.ts';
import { type Limits, limitsOf, transportFor } from './transport-for.ts';

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
  /** Only these messages are sent, by GUID. */
  readonly only?: readonly string[];
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

export const syncKeys = {
  /** `1` while the user holds the queue. */
  paused: 'sync.paused',
  /** Reasons for which the engine holds endpoints, JSON of code by id; a person has to look at them. */
  halted: 'sync.halted',
  /** JSON of the hours in which the queue sends by itself; none: all day. */
  hours: 'sync.hours',
} as const;

/** What customs says to an answer that it took: 2018 年第 179 号. */
const dataTaken = '10000';
/** Messages under way at once. */
const PARALLEL = 4;
const LEASE_MS = 90_000;
/** Messages of one look into the queue: looking costs more than leasing. */
const CANDIDATES = 50;
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

/** What the engine knows of an endpoint beside the book. */
interface Lane {
  connection: Exclude<Connection, 'none'>;
  lastError: string | undefined;
  circuit: Circuit;
}

/** What one drain carries along on one endpoint. */
interface Run {
  readonly book: Book;
  readonly endpoint: Endpoint;
  readonly scope: LaneScope;
  readonly limits: Limits;
  readonly lane: Lane;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly summary: SyncSummary;
  readonly options: DrainOptions;
  /** Messages found to be due and not yet leased. */
  candidates: string[];
  /** The order of the queue they were found in. */
  order: number;
  /** Messages and receipts that went through on this endpoint. */
  done: number;
  /** Set when going on makes no sense: offline, silent, halted. */
  ended: boolean;
}

/**
 * Sends what is queued and fetches what comes back. One engine a session, one drain at a time, in it one lane an endpoint,
 * each with a circuit of its own: a platform that is down holds up nobody else's messages. Every step is durable before
 * the next begins, so that an engine can end anywhere.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #random: () => number;
  /** What is known of the book that is open; forgotten when it closes. */
  #book: Book | undefined;
  #lanes = new Map<string, Lane>();
  /** Whether the practice platform was started from here; `elsewhere` when only somebody else can. */
  #practice: 'not-started' | 'started' | 'elsewhere' = 'not-started';
  #recovered = false;
  #signing: Promise<SignOutcome> | undefined;
  /** Counts what changed the order of the queue from outside. */
  #order = 0;
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

  /** The user steered the queue: what was found to be due is looked for anew. */
  reorder(): void {
    this.#order += 1;
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
    const lane = endpoint === undefined ? undefined : this.#laneOf(book, endpoint.id);
    const halts = haltsOf(book);
    const halted = endpoint === undefined ? undefined : halts[endpoint.id];
    const lastError = halted ?? lane?.lastError;
    const nextTryAt = this.#nextTryAt(book);
    const hours = hoursOf(book);
    return {
      connection: lane?.connection ?? 'none',
      ...(endpoint === undefined
        ? {}
        : { endpoint: { url: endpoint.url, name: endpoint.name, enrolled: endpoint.enrolled } }),
      paused: book.setting(syncKeys.paused) === '1' || halted !== undefined,
      practice: endpoint !== undefined && isPractice(endpoint),
      ...outboxCounts(book),
      conflicts: openConflicts(book),
      lanes: this.#laneViews(book, endpoint?.id, halts),
      ...(hours === undefined ? {} : { hours }),
      running: this.#isRunning,
      ...(endpoint?.lastContactAt === undefined ? {} : { lastContactAt: endpoint.lastContactAt }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  /** Evidence about another address says nothing about the new one. */
  forgetConnection(practice: 'not-started' | 'started' = 'not-started'): void {
    this.#practice = practice;
    const { session } = this.#options;
    if (!session.isOpen) return;
    const current = currentEndpoint(session.book);
    if (current === undefined) return;
    this.#lanes.delete(current.id);
    forgetCircuit(session.book, current.id);
  }

  #laneOf(book: Book, endpoint: string): Lane {
    let lane = this.#lanes.get(endpoint);
    if (lane === undefined) {
      lane = { connection: 'offline', lastError: undefined, circuit: circuitOf(book, endpoint, this.#options.now()) };
      this.#lanes.set(endpoint, lane);
    }
    return lane;
  }

  #laneViews(book: Book, current: string | undefined, halts: Readonly<Record<string, string>>): SyncStatus['lanes'] {
    const queued = queuedByEndpoint(book);
    return endpointsToDrain(book).map(({ id, name }) => {
      const { connection, circuit } = this.#laneOf(book, id);
      const { state, failures, code, since, until, lastSuccessAt } = circuit;
      const halted = halts[id];
      return {
        id,
        name,
        isCurrent: id === current,
        connection,
        circuit: { state, failures, code, since, until, ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }) },
        ...(halted === undefined ? {} : { halted }),
        queued: (queued.get(id) ?? 0) + (id === current ? (queued.get('') ?? 0) : 0),
      };
    });
  }

  /** When some lane has something to try: not before its circuit lets it. */
  #nextAttemptAt(book: Book): string | undefined {
    const current = currentEndpoint(book)?.id;
    let soonest: string | undefined;
    for (const endpoint of endpointsToDrain(book)) {
      const attempt = nextAttemptAt(book, scopeOf(endpoint, current));
      if (attempt === undefined) continue;
      const { circuit } = this.#laneOf(book, endpoint.id);
      const at = circuit.state === 'open' && circuit.until > attempt ? circuit.until : attempt;
      if (soonest === undefined || at < soonest) soonest = at;
    }
    return soonest;
  }

  #nextTryAt(book: Book): string | undefined {
    const attempt = this.#nextAttemptAt(book);
    if (attempt === undefined || this.#nextRunAt === undefined) return attempt;
    const run = new Date(this.#nextRunAt).toISOString();
    return run > attempt ? run : attempt;
  }

  #attach(book: Book): void {
    if (this.#book === book) return;
    this.#book = book;
    this.#recovered = false;
    this.#lanes.clear();
    this.#practice = 'not-started';
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
    const next = this.#nextAttemptAt(book);
    if (next === undefined) return longest;
    const isReached = [...this.#lanes.values()].some(({ connection }) => connection === 'online');
    const least = isReached ? 1000 : UNREACHED_MS;
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
    // Signing needs no network: what is signed now can leave the moment there is one, or be carried by hand.
    await this.#sign(book, signal);
    const isPaused = book.setting(syncKeys.paused) === '1';
    if (!isPaused) await this.#ensurePractice(book);
    const endpoints = isPaused ? [] : endpointsToDrain(book);
    if (endpoints.length > 0) {
      if (forced) bringForward(book, now(), options.only);
      // An update may understand them, a restored book may have their message; a timer need not ask every ten seconds.
      if (forced || firstRun) unparkReceipts(book);
    }
    // What was stored before a crash is applied without a network as well.
    this.#apply(book, summary);
    // A fresh start is reason enough to knock at a door that was closed before.
    const isAsked = forced || firstRun;
    const lanes = await Promise.allSettled(
      endpoints.map(async (endpoint) => {
        const run = await this.#connect(book, endpoint, summary, { ...options, signal }, isAsked);
        if (run === undefined) return;
        await this.#exchange(run);
        await this.#fetchRates(run);
        await this.#answerRequests(run);
      }),
    );
    const areas: Extract<CoreEvent, { name: 'book.changed' }>['areas'] = ['documents', 'orders'];
    if (summary.sent + summary.receipts + summary.refused + summary.rates > 0) {
      const ledger = summary.released + summary.rates > 0;
      this.#options.emit({ name: 'book.changed', areas: ledger ? [...areas, 'ledger'] : areas });
    }
    const failed = lanes.find((lane) => lane.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const current = currentEndpoint(book);
    return {
      ...summary,
      ...pick(outboxCounts(book)),
      connection: current === undefined ? 'none' : this.#laneOf(book, current.id).connection,
    };
  }

  /** Reaches a platform and makes sure that it knows this device. Undefined: not now. */
  async #connect(
    book: Book,
    endpoint: Endpoint,
    summary: SyncSummary,
    options: DrainOptions & { readonly signal: AbortSignal },
    isAsked: boolean,
  ): Promise<Run | undefined> {
    const { host, now } = this.#options;
    const { signal } = options;
    if (haltsOf(book)[endpoint.id] !== undefined && !options.forced) return undefined;
    const lane = this.#laneOf(book, endpoint.id);
    const circuit = toTry(lane.circuit, now(), isAsked);
    if (circuit === undefined) return undefined;
    this.#keepCircuit(book, endpoint.id, lane, circuit);
    const signer = await deviceKey(book, host);
    const make = this.#options.transport ?? ((to, by) => transportFor(to, { signer: by, now, book, host }));
    const transport = make(endpoint, signer);
    const run: Run = {
      book,
      endpoint,
      scope: scopeOf(endpoint, currentEndpoint(book)?.id),
      limits: limitsOf(endpoint),
      lane,
      transport,
      signal,
      summary,
      options,
      candidates: [],
      order: this.#order,
      done: 0,
      ended: false,
    };
    const health = this.#heed(run, await transport.health(signal), 'health');
    if (health === undefined) {
      // A practice platform of ours that is gone is started again the next time.
      if (isPractice(endpoint) && lane.connection === 'offline' && this.#practice === 'started')
        this.#practice = 'not-started';
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
    setHalt(book, endpoint.id, undefined);
    lane.lastError = undefined;
    const met = endpointOf(book, endpoint.id) ?? endpoint;
    return { ...run, limits: limitsOf(met), scope: scopeOf(met, currentEndpoint(book)?.id) };
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
      this.#laneOf(book, endpoint.id).lastError = error.code;
    }
  }

  async #exchange(run: Run): Promise<void> {
    const { book, summary, signal, options } = run;
    const settleMs = this.#options.settleMs ?? SETTLE_MS;
    let quietSince = performance.now();
    for (;;) {
      const before = run.done;
      await this.#sign(book, signal);
      await this.#enquireAll(run);
      await this.#sendAll(run);
      await this.#fetchReceipts(run);
      if (!signal.aborted) regroup(book, this.#options.now());
      const { queued, awaitingReceipt } = outboxCounts(book);
      options.progress?.({ phase: 'sync', done: summary.sent, total: summary.sent + queued });
      this.#changed();
      if (!this.#goesOn(run)) return;
      if (run.done > before) quietSince = performance.now();
      else if (awaitingReceipt === 0 && queued === 0) return;
      else if (performance.now() - quietSince >= settleMs) return;
      else await pause(POLL_MS, signal);
    }
  }

  /** Signs what can be signed without a person, once for all lanes. Why something cannot stands with its message. */
  async #sign(book: Book, signal: AbortSignal): Promise<void> {
    this.#signing ??= signWaiting({ book, now: this.#options.now, signal, automatic: true }).finally(() => {
      this.#signing = undefined;
    });
    const { signed } = await this.#signing;
    if (signed > 0) this.#changed();
  }

  /** Takes what rates the platform has that this book has not seen. A platform without any is not asked. */
  async #fetchRates(run: Run): Promise<void> {
    const { book, transport, signal } = run;
    const endpoint = endpointOf(book, run.endpoint.id);
    if (endpoint?.capabilities?.rates !== true) return;
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
    const endpoint = endpointOf(book, run.endpoint.id);
    if (line === undefined || endpoint?.capabilities?.dataRequests !== true) return;
    if (dataRequestSettingsOf(book).mode === 'off') return;
    for (;;) {
      if (!this.#goesOn(run)) return;
      const after = dataRequestCursor(book, endpoint.id);
      const outcome = await line.list(after, signal);
      // Whatever is wrong with these is no reason to hold up the messages.
      if (outcome.kind !== 'accepted') return;
      this.#observe(run, outcome);
      const page = outcome.value;
      if (storeDataRequests(book, endpoint.id, page, this.#options.now()) > 0) this.#changed();
      if (page.requests.length === 0 || page.next === after) break;
    }
    await answerByRule(book, this.#options.now, signal);
    for (const { sessionId, answer = '' } of dataRequestsIn(book, 'ready', endpoint.id)) {
      if (!this.#goesOn(run)) return;
      const outcome = await line.answer(sessionId, answer, signal);
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
            run.done += 1;
          } else {
            this.#dispute(run, message, answer.receipt.sha256);
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

  /**
   * The platform holds other bytes under this GUID than the book froze. Whether they stand, or the documents go out anew, is
   * for a person to say; until then nothing is sent, asked or applied.
   */
  #dispute(run: Run, message: MessageRecord, theirs: string): void {
    const { book } = run;
    const at = this.#options.now();
    book.transaction(() => {
      settle(book, message.guid, { event: 'lose', at, error: 'GUID_REUSED' });
      addConflict(book, {
        kind: 'content',
        about: { messageGuid: message.guid },
        receiptId: undefined,
        ours: message.sha256,
        theirs,
        agreed: undefined,
        detail: { endpoint: run.endpoint.id },
        at,
      });
    });
  }

  /** A circuit that is being tried lets one message through before the others follow. */
  async #sendAll(run: Run): Promise<void> {
    if (run.lane.circuit.state === 'half-open') await this.#sendNext(run);
    if (run.lane.circuit.state !== 'closed') return;
    await Promise.all(Array.from({ length: PARALLEL }, () => this.#sender(run)));
  }

  /** One of four hands: takes a message, sends it, takes the next. */
  async #sender(run: Run): Promise<void> {
    while (this.#goesOn(run)) {
      if (!(await this.#sendNext(run))) return;
    }
  }

  /** Sends the next message that may leave, or shares one out that is too large. @returns false when there is none */
  async #sendNext(run: Run): Promise<boolean> {
    const { book, limits, options } = run;
    const at = this.#options.now();
    if (run.candidates.length === 0 || run.order !== this.#order) {
      run.order = this.#order;
      const hours = hoursOf(book);
      const urgentOnly = !options.forced && hours !== undefined && minutesUntilHours(hours, at) > 0;
      run.candidates = leasable(book, run.scope, { now: at, urgentOnly, only: options.only }, CANDIDATES);
    }
    const guid = run.candidates.shift();
    if (guid === undefined) return false;
    const waiting = getMessage(book, guid);
    if (waiting === undefined || waiting.state !== 'queued') return true;
    const isOver = waiting.bytes > limits.maxBytes || waiting.documents > limits.maxDocuments;
    // What may be there already keeps its GUID and bytes whatever the limits are.
    if (isOver && waiting.documents > 1 && !mayHaveLeft(book, guid)) {
      splitMessage(book, guid, limits, at);
      this.#changed();
      return true;
    }
    const leased = lease(book, guid, run.scope, at, new Date(Date.parse(at) + LEASE_MS).toISOString());
    if (leased === undefined) return true;
    this.#changed();
    await this.#send(run, leased);
    return true;
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
        run.done += 1;
        return;
      case 'rejected':
        if (outcome.code === 'GUID_REUSED') {
          const held = await transport.enquire(message.guid, signal);
          const theirs = held.kind === 'accepted' && held.value.found ? held.value.receipt.sha256 : '';
          return this.#dispute(run, message, theirs);
        }
        run.done += 1;
        if (outcome.code === 'TOO_LARGE' && message.documents > 1 && !wasHandedOver(book, message.guid)) {
          // It stored nothing: the same documents leave in smaller messages, under new GUIDs and as the versions they are.
          const half = Math.ceil(message.documents / 2);
          splitMessage(
            book,
            message.guid,
            { ...run.limits, maxDocuments: Math.min(half, run.limits.maxDocuments) },
            at,
          );
          return;
        }
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
    // One cut connection is no reason to stop; a closed door, a busy platform, a timeout and a row of failures open the circuit.
    if (run.lane.circuit.state === 'open' || outcome.code === 'ABORTED') run.ended = true;
    run.lane.lastError = outcome.code;
  }

  async #fetchReceipts(run: Run): Promise<void> {
    const { book, transport, signal, summary } = run;
    while (this.#goesOn(run)) {
      const after = endpointOf(book, run.endpoint.id)?.cursor ?? '';
      const page = this.#heed(run, await transport.receipts(after, signal));
      // A page that came after the endpoint was changed is left where it is: its cursor has not moved.
      if (page === undefined || !this.#isWanted(run)) return;
      if (page.receipts.length > 0 || page.next !== after) {
        storeReceipts(book, run.endpoint.id, page.receipts, page.next, this.#options.now());
        run.done += page.receipts.length;
        this.#apply(book, summary);
        this.#changed();
      }
      if (page.receipts.length === 0) return;
      // Between two pages what they have freed may already leave.
      if (nextAttemptAt(book, run.scope) !== undefined) return;
    }
  }

  /** Whether the lane is still wanted: one that began as the endpoint in use ends when the user chooses another. */
  #isWanted({ book, endpoint, scope }: Run): boolean {
    return !scope.takesUnbound || currentEndpoint(book)?.id === endpoint.id;
  }

  /** Whether the next step may begin. */
  #goesOn(run: Run): boolean {
    if (run.signal.aborted) return false;
    if (!this.#isWanted(run)) run.ended = true;
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
  #heed<T>(run: Run, outcome: Outcome<T>, what: 'health' | 'exchange' = 'exchange'): T | undefined {
    this.#observe(run, outcome, what);
    if (outcome.kind === 'accepted') return outcome.value;
    if (outcome.kind === 'retryable') {
      run.ended = true;
      run.lane.lastError = outcome.code;
    } else this.#halt(run, outcome.code);
    return undefined;
  }

  /** What an exchange shows about the way there. That a platform is up does not yet say that it works. */
  #observe(run: Run, outcome: Outcome<unknown>, what: 'health' | 'exchange' = 'exchange'): void {
    const { lane, book, endpoint } = run;
    if (!this.#isWanted(run)) return;
    const at = this.#options.now();
    if (outcome.kind !== 'retryable') {
      lane.connection = 'online';
      if (what === 'exchange') this.#keepCircuit(book, endpoint.id, lane, afterSuccess(lane.circuit, at));
      return;
    }
    if (outcome.code === 'ABORTED') return;
    if (outcome.evidence === 'handed') {
      // It lies where somebody will take it in his own time: the way there works.
      lane.connection = 'online';
      this.#keepCircuit(book, endpoint.id, lane, afterSuccess(lane.circuit, at));
      return;
    }
    lane.connection = outcome.evidence === 'busy' ? 'online' : outcome.evidence;
    const { code, retryAfterMs } = outcome;
    const isDecisive = outcome.evidence !== 'silent' || code === 'TIMEOUT' || what === 'health';
    const failure = { code, at, isDecisive, retryAfterMs };
    this.#keepCircuit(book, endpoint.id, lane, afterFailure(lane.circuit, failure, this.#random()));
  }

  /** Written only when it says something new: a drain must not pay for it. */
  #keepCircuit(book: Book, endpoint: string, lane: Lane, circuit: Circuit): void {
    const isNews = circuit.state !== lane.circuit.state || circuit.failures !== lane.circuit.failures;
    lane.circuit = circuit;
    if (isNews) saveCircuit(book, endpoint, circuit);
  }

  /** Holds an endpoint's messages with one reason, until a person has looked at it. */
  #halt(run: Run, code: string): void {
    run.ended = true;
    // What a platform says that nobody wants any more holds up nothing.
    if (!this.#isWanted(run)) return;
    run.lane.lastError = code;
    if (code === 'DEVICE_UNKNOWN' && isPractice(run.endpoint)) {
      // The practice platform's data is gone. Nothing of it had any effect: it is met again as a new one.
      renewPractice(run.book, run.endpoint);
      return;
    }
    setHalt(run.book, run.endpoint.id, code);
  }
}

/**
 * The endpoints a drain goes to: the one in use, and the others of its side that hold messages under way. While a book practises
 * nothing goes to a platform in earnest, and a practice platform that was left is not there any more.
 */
export function endpointsToDrain(book: Book): Endpoint[] {
  const current = currentEndpoint(book);
  const isPractising = current !== undefined && isPractice(current);
  return workingEndpoints(book).filter((one) => one.id === current?.id || (!isPractising && !isPractice(one)));
}

function scopeOf(endpoint: Endpoint, current: string | undefined): LaneScope {
  return { endpoint: endpoint.id, takesUnbound: endpoint.id === current, kinds: limitsOf(endpoint).kinds };
}

/** Code of the error that holds each endpoint. */
export function haltsOf(book: Book): Readonly<Record<string, string>> {
  const text = book.setting(syncKeys.halted);
  if (text === undefined) return {};
  // Before there were several endpoints it was the code alone, of the one there was.
  if (!text.startsWith('{')) return { [currentEndpoint(book)?.id ?? '']: text };
  return JSON.parse(text) as Record<string, string>;
}

function setHalt(book: Book, endpoint: string, code: string | undefined): void {
  const { [endpoint]: before, ...others } = haltsOf(book);
  if (before === code) return;
  const halts = code === undefined ? others : { ...others, [endpoint]: code };
  book.setSetting(syncKeys.halted, Object.keys(halts).length === 0 ? undefined : JSON.stringify(halts));
}

/** The hours in which the queue sends by itself; undefined: all day. */
export function hoursOf(book: Book): SendingHours | undefined {
  const text = book.setting(syncKeys.hours);
  return text === undefined ? undefined : (JSON.parse(text) as SendingHours);
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
