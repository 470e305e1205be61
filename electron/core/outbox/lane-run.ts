import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { Progress } from '../../../shared/contract/operation.ts';
import { afterFailure, afterSuccess } from '../../../shared/sync/circuit.ts';
import type { Outcome } from '../../../shared/sync/protocol.ts';
import type { Book } from '../store/book.ts';
import { currentEndpoint, type Endpoint, isPractice, renewPractice } from '../store/endpoints.ts';
import type { LaneScope, MessageRecord } from '../store/messages.ts';
import { isPaused, setHalt } from './holds.ts';
import { keepCircuit, type Lane, scopeOf } from './lanes.ts';
import type { Transport } from './transport.ts';
import { type Limits, limitsOf } from './transport-for.ts';

export type SyncSummary = OutputOf<'sync.now'>;

export interface DrainOptions {
  /** A person asked for it: back-offs are cut short and a pause by error is tried again. */
  readonly forced: boolean;
  /** Only these messages are sent, by GUID. */
  readonly only?: readonly string[];
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** What a run needs of the engine it belongs to. */
export interface RunTools {
  readonly now: () => string;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  /** How long it listens for further receipts after the last one. */
  readonly settleMs: number;
  /** Tells the desk that something moved. */
  readonly changed: () => void;
  /** Signs what waits for a signature and needs no person. */
  readonly sign: () => Promise<void>;
  /** Counts what changed the order of the queue from outside. */
  readonly order: () => number;
  /** Whether a message is good by the tables and rules in force; one that is not is held. */
  readonly mayLeave: (message: MessageRecord) => boolean;
}

/** What one drain carries along on one endpoint, and what its exchanges show about the way there. */
export class LaneRun {
  readonly book: Book;
  readonly endpoint: Endpoint;
  readonly lane: Lane;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly summary: SyncSummary;
  readonly options: DrainOptions;
  readonly tools: RunTools;
  scope: LaneScope;
  limits: Limits;
  /** Messages found to be due and not yet leased. */
  candidates: string[] = [];
  /** The order of the queue they were found in. */
  order: number;
  /** Messages and receipts that went through on this endpoint. */
  done = 0;
  /** GUIDs in question whose bytes this run has asked for. */
  readonly contentsAsked = new Set<string>();
  /** Set when going on makes no sense: offline, silent, halted. */
  ended = false;

  constructor(
    of: Pick<LaneRun, 'book' | 'endpoint' | 'lane' | 'transport' | 'signal' | 'summary' | 'options' | 'tools'>,
  ) {
    this.book = of.book;
    this.endpoint = of.endpoint;
    this.lane = of.lane;
    this.transport = of.transport;
    this.signal = of.signal;
    this.summary = of.summary;
    this.options = of.options;
    this.tools = of.tools;
    this.scope = scopeOf(of.endpoint, currentEndpoint(of.book)?.id);
    this.limits = limitsOf(of.endpoint);
    this.order = of.tools.order();
  }

  /** As the endpoint is after it has said what it takes. */
  meet(endpoint: Endpoint): void {
    this.scope = scopeOf(endpoint, currentEndpoint(this.book)?.id);
    this.limits = limitsOf(endpoint);
  }

  /** Whether the lane is still wanted: one that began as the endpoint in use ends when the user chooses another. */
  isWanted(): boolean {
    return !this.scope.takesUnbound || currentEndpoint(this.book)?.id === this.endpoint.id;
  }

  /** Whether the next step may begin. The user may put the queue on hold at any moment, here or in another process. */
  goesOn(): boolean {
    if (this.signal.aborted) return false;
    if (!this.isWanted() || isPaused(this.book)) this.ended = true;
    return !this.ended;
  }

  /** The value of an exchange that concerns no single message; else the run is over and the reason is kept. */
  heed<T>(outcome: Outcome<T>, what: 'health' | 'exchange' = 'exchange'): T | undefined {
    this.observe(outcome, what);
    if (outcome.kind === 'accepted') return outcome.value;
    if (outcome.kind === 'retryable') {
      this.ended = true;
      this.lane.lastError = outcome.code;
    } else this.halt(outcome.code);
    return undefined;
  }

  /** What an exchange shows about the way there. That a platform is up does not yet say that it works. */
  observe(outcome: Outcome<unknown>, what: 'health' | 'exchange' = 'exchange'): void {
    const { lane, book, endpoint } = this;
    if (!this.isWanted()) return;
    const at = this.tools.now();
    if (outcome.kind !== 'retryable') {
      lane.connection = 'online';
      if (what === 'exchange') keepCircuit(book, endpoint.id, lane, afterSuccess(lane.circuit, at));
      return;
    }
    if (outcome.code === 'ABORTED') return;
    if (outcome.evidence === 'handed') {
      // It lies where somebody will take it in his own time: the way there works.
      lane.connection = 'online';
      keepCircuit(book, endpoint.id, lane, afterSuccess(lane.circuit, at));
      return;
    }
    lane.connection = outcome.evidence === 'busy' ? 'online' : outcome.evidence;
    const { code, retryAfterMs } = outcome;
    const isDecisive = outcome.evidence !== 'silent' || code === 'TIMEOUT' || what === 'health';
    const failure = { code, at, isDecisive, retryAfterMs };
    keepCircuit(book, endpoint.id, lane, afterFailure(lane.circuit, failure, this.tools.random()));
  }

  /** Holds an endpoint's messages with one reason, until a person has looked at it. */
  halt(code: string): void {
    this.ended = true;
    // What a platform says that nobody wants any more holds up nothing.
    if (!this.isWanted()) return;
    this.lane.lastError = code;
    if (code === 'DEVICE_UNKNOWN' && isPractice(this.endpoint)) {
      // The practice platform's data is gone. Nothing of it had any effect: it is met again as a new one.
      renewPractice(this.book, this.endpoint);
      return;
    }
    setHalt(this.book, this.endpoint.id, code);
  }
}

/** The cursors of one reading, page by page: a platform that gives out one twice would be read for ever. */
export class Cursors {
  readonly #seen = new Set<string>();

  /** @returns whether the cursor is a new one */
  advance(cursor: string): boolean {
    const isNew = !this.#seen.has(cursor);
    this.#seen.add(cursor);
    return isNew;
  }
}
