import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { CoreEvent } from '../../../shared/contract/contract.ts';
import type { SyncStatus } from '../../../shared/contract/filing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { toTry } from '../../../shared/sync/circuit.ts';
import { CLOCK_TOLERANCE_MS } from '../../../shared/sync/protocol.ts';
import type { Host } from '../context.ts';
import { deviceKey } from '../keys/device-key.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { openConflicts } from '../store/conflicts.ts';
import {
  currentEndpoint,
  type Endpoint,
  endpointOf,
  isPractice,
  markContact,
  markEnrolled,
  selectEndpoint,
} from '../store/endpoints.ts';
import { bringForward, outboxCounts, recoverLeases, unfitMessages } from '../store/messages.ts';
import { unparkReceipts } from '../store/receipts.ts';
import { restoring } from '../store/restoring.ts';
import { answerRequests } from './data-requests.ts';
import { applyStored, exchange } from './exchange.ts';
import { haltsOf, hoursOf, isPaused, setHalt } from './holds.ts';
import { type DrainOptions, LaneRun, type RunTools, type SyncSummary } from './lane-run.ts';
import { endpointsToDrain, keepCircuit, Lanes } from './lanes.ts';
import { audible, hearsAll, listen } from './listen.ts';
import { fetchMilestones, noteUnreached } from './milestones.ts';
import { clockSkew } from './network-failure.ts';
import { fetchPacks } from './packs.ts';
import { fetchRates } from './rates.ts';
import { Recheck } from './recheck.ts';
import { sideProblem } from './sides.ts';
import { type SignOutcome, signWaiting } from './sign.ts';
import type { RequestSigner, Transport } from './transport.ts';
import { transportFor } from './transport-for.ts';

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
  /** What documents are checked with; without it nothing that waits is checked once more. */
  readonly resources?: Resources;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
  readonly transport?: (endpoint: Endpoint, signer: RequestSigner) => Transport;
  /** How long a drain listens for further receipts after the last one. */
  readonly settleMs?: number;
  /** Where a failure of the timer's own run is told; a drain that a user asked for throws instead. */
  readonly onError?: (error: unknown) => void;
}

const SETTLE_MS = 800;
/** Between runs of the timer: while receipts are awaited and not listened for, and otherwise. */
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
    milestones: 0,
    queued: 0,
    awaitingReceipt: 0,
    connection: 'none',
  };
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
  readonly #lanes: Lanes;
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
  /** What listens between two drains. */
  #ears: { readonly stop: AbortController; readonly done: Promise<unknown> } | undefined;
  #nextRunAt: number | undefined;
  #lastEmit = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#lanes = new Lanes(options.now);
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

  /** The queue is held: what listens for receipts ends at once, like everything else. */
  hush(): void {
    this.#ears?.stop.abort();
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
      await this.#unlisten();
      this.#isRunning = true;
      try {
        return await this.#drain({ ...options, signal });
      } finally {
        this.#isRunning = false;
        this.#changed(true);
        if (this.#timed && !stop.aborted && this.#options.session.isOpen) this.#listen(this.#options.session.book);
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
    const lane = endpoint === undefined ? undefined : this.#lanes.of(book, endpoint.id);
    const halts = haltsOf(book);
    const halted = endpoint === undefined ? undefined : halts[endpoint.id];
    const lastError = halted ?? lane?.lastError;
    const nextTryAt = this.#nextTryAt(book);
    const hours = hoursOf(book);
    const restored = restoring(book);
    return {
      connection: lane?.connection ?? 'none',
      ...(endpoint === undefined
        ? {}
        : { endpoint: { url: endpoint.url, name: endpoint.name, enrolled: endpoint.enrolled } }),
      paused: isPaused(book) || halted !== undefined,
      practice: endpoint !== undefined && isPractice(endpoint),
      ...outboxCounts(book),
      conflicts: openConflicts(book),
      unfit: unfitMessages(book),
      lanes: this.#lanes.views(book, endpoint?.id, halts),
      ...(hours === undefined ? {} : { hours }),
      ...(restored === undefined ? {} : { restored }),
      running: this.#isRunning,
      ...(endpoint?.lastContactAt === undefined ? {} : { lastContactAt: endpoint.lastContactAt }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  /** Evidence about another address says nothing about the new one. */
  forgetConnection(practice: 'not-started' | 'started' = 'not-started'): void {
    this.#practice = practice;
    this.hush();
    const { session } = this.#options;
    if (!session.isOpen) return;
    const current = currentEndpoint(session.book);
    if (current === undefined) return;
    this.#lanes.forget(session.book, current.id);
  }

  #nextTryAt(book: Book): string | undefined {
    const attempt = this.#lanes.nextAttemptAt(book);
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
    await this.#unlisten();
    this.#stop = new AbortController();
    this.#book = undefined;
    // Each book practises with data of its own.
    if (this.#practice === 'started') await this.#options.host.stopPractice();
    this.#practice = 'not-started';
  }

  /** Asks the platforms that were reached to answer when a receipt comes; the timer then needs to look much more seldom. */
  #listen(book: Book): void {
    const { now, host, onError } = this.#options;
    const endpoints = audible(book, this.#lanes);
    if (endpoints.length === 0) return;
    const stop = new AbortController();
    const { signal } = stop;
    const done = Promise.all(
      endpoints.map(async (endpoint) => {
        try {
          const lane = this.#lanes.of(book, endpoint.id);
          const signer = await deviceKey(book, host);
          if (signal.aborted) return;
          const isWanted = await listen(book, endpoint, lane, this.#transportTo(book, endpoint, signer), {
            signal,
            now,
          });
          if (!signal.aborted && this.#timed) this.#schedule(isWanted ? 0 : this.#pause(book));
        } catch (error) {
          onError?.(error);
        }
      }),
    );
    this.#ears = { stop, done };
  }

  /** Ends what listens and waits for it: nothing of it touches the book afterwards. */
  async #unlisten(): Promise<void> {
    const ears = this.#ears;
    this.#ears = undefined;
    ears?.stop.abort();
    await ears?.done;
  }

  #transportTo(book: Book, endpoint: Endpoint, signer: RequestSigner): Transport {
    const { now, host, transport } = this.#options;
    return transport === undefined ? transportFor(endpoint, { signer, now, book, host }) : transport(endpoint, signer);
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
    const isAwaiting = (queued > 0 || awaitingReceipt > 0) && !hearsAll(book, this.#lanes);
    const longest = isAwaiting ? AWAITING_MS : IDLE_MS;
    const next = this.#lanes.nextAttemptAt(book);
    if (next === undefined) return longest;
    const least = this.#lanes.isReached ? 1000 : UNREACHED_MS;
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
    const { resources } = this.#options;
    const recheck = resources === undefined ? undefined : new Recheck({ book, resources, now });
    const isHeld = isPaused(book);
    if (!isHeld) recheck?.begin();
    // Signing needs no network: what is signed now can leave the moment there is one, or be carried by hand. On hold it waits as well: in a
    // book brought back from a copy it may have left signed, and a second signature makes other bytes of it.
    if (!isHeld) await this.#sign(book, signal);
    if (!isHeld) await this.#ensurePractice(book);
    const endpoints = isHeld ? [] : endpointsToDrain(book);
    if (endpoints.length > 0) {
      if (forced) bringForward(book, now(), options.only);
      // An update may understand them, a restored book may have their message, a number may be known by now; a timer need not ask every ten
      // seconds.
      if (forced || firstRun) unparkReceipts(book);
    }
    // What was stored before a crash is applied without a network as well.
    await applyStored(book, summary, now, signal);
    // A fresh start is reason enough to knock at a door that was closed before.
    const isAsked = forced || firstRun;
    const lanes = await Promise.allSettled(
      endpoints.map(async (endpoint) => {
        const run = await this.#connect(book, endpoint, summary, { ...options, signal }, isAsked, recheck);
        if (run === undefined) return;
        await exchange(run);
        await fetchRates(run);
        await answerRequests(run);
        await fetchMilestones(run);
        await fetchPacks(run);
      }),
    );
    const areas: Extract<CoreEvent, { name: 'book.changed' }>['areas'] = ['documents', 'orders'];
    if (summary.sent + summary.receipts + summary.refused + summary.rates > 0) {
      const ledger = summary.released + summary.rates > 0;
      this.#options.emit({ name: 'book.changed', areas: ledger ? [...areas, 'ledger'] : areas });
    }
    if (summary.milestones > 0) this.#options.emit({ name: 'book.changed', areas: ['shipments'] });
    const failed = lanes.find((lane) => lane.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const current = currentEndpoint(book);
    return {
      ...summary,
      ...pick(outboxCounts(book)),
      connection: current === undefined ? 'none' : this.#lanes.of(book, current.id).connection,
    };
  }

  /** Reaches a platform and makes sure that it knows this device. Undefined: not now. */
  async #connect(
    book: Book,
    endpoint: Endpoint,
    summary: SyncSummary,
    options: DrainOptions & { readonly signal: AbortSignal },
    isAsked: boolean,
    recheck: Recheck | undefined,
  ): Promise<LaneRun | undefined> {
    const { host, now } = this.#options;
    const { signal } = options;
    if (haltsOf(book)[endpoint.id] !== undefined && !options.forced) return undefined;
    const lane = this.#lanes.of(book, endpoint.id);
    const circuit = toTry(lane.circuit, now(), isAsked);
    if (circuit === undefined) return undefined;
    keepCircuit(book, endpoint.id, lane, circuit);
    const signer = await deviceKey(book, host);
    const transport = this.#transportTo(book, endpoint, signer);
    const tools: RunTools = {
      now,
      random: this.#random,
      settleMs: this.#options.settleMs ?? SETTLE_MS,
      changed: () => this.#changed(),
      sign: () => this.#sign(book, signal),
      order: () => this.#order,
      mayLeave: (message) => recheck?.mayLeave(message) ?? true,
    };
    const run = new LaneRun({ book, endpoint, lane, transport, signal, summary, options, tools });
    const health = run.heed(await transport.health(signal), 'health');
    if (health === undefined) {
      // A practice platform of ours that is gone is started again the next time.
      if (isPractice(endpoint) && lane.connection === 'offline' && this.#practice === 'started')
        this.#practice = 'not-started';
      noteUnreached(book, endpoint.id, lane.lastError ?? lane.connection, now());
      return undefined;
    }
    markContact(book, endpoint.id, health, now());
    if (Math.abs(Date.parse(health.time) - Date.parse(now())) > CLOCK_TOLERANCE_MS) {
      // Either clock may be set right by itself: tried again like a platform that is busy.
      run.heed(clockSkew, 'health');
      return undefined;
    }
    if (!run.goesOn()) return undefined;
    // Folders cannot say it themselves: there it is what the user says of the client.
    const saysPractice = endpoint.transport === 'folder' ? endpoint.practice : health.practice;
    const problem = sideProblem(book, endpoint, saysPractice === true);
    if (problem !== undefined) {
      run.halt(problem);
      return undefined;
    }
    if (!endpoint.enrolled || endpoint.deviceId !== signer.id) {
      const { uscc, customsCode, name } = book.profile();
      // A natural person has no code to enrol with, and nothing that could be sent.
      if (uscc === '') {
        run.halt('PERSON_NO_ENROLMENT');
        return undefined;
      }
      const enrolled = run.heed(await transport.enrol({ uscc, customsCode, name }, signal));
      if (enrolled === undefined) return undefined;
      markEnrolled(book, endpoint.id, signer.id, now());
    }
    if (!run.goesOn()) return undefined;
    setHalt(book, endpoint.id, undefined);
    lane.lastError = undefined;
    run.meet(endpointOf(book, endpoint.id) ?? endpoint);
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
      this.#lanes.of(book, endpoint.id).lastError = error.code;
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
}

function pick({ queued, awaitingReceipt }: ReturnType<typeof outboxCounts>) {
  return { queued, awaitingReceipt };
}

/** Where a book's practice platform keeps its data. */
export function practiceFolder(session: Pick<EngineSession, 'home'>, book: Pick<Book, 'id'>): string {
  return join(session.home, 'practice', book.id);
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
