import type { SyncStatus } from '../../../shared/contract/filing.ts';
import type { Circuit } from '../../../shared/sync/circuit.ts';
import type { Book } from '../store/book.ts';
import { circuitOf, forgetCircuit, saveCircuit } from '../store/circuits.ts';
import { currentEndpoint, type Endpoint, isPractice, workingEndpoints } from '../store/endpoints.ts';
import { type LaneScope, nextAttemptAt, queuedByEndpoint } from '../store/messages.ts';
import { unheardEndpoints } from '../store/restoring.ts';
import { limitsOf } from './transport-for.ts';

/** One lane an endpoint, each with a circuit of its own: a platform that is down holds up nobody else's messages. */

/** What the engine knows of an endpoint beside the book. */
export interface Lane {
  connection: Exclude<SyncStatus['connection'], 'none'>;
  lastError: string | undefined;
  circuit: Circuit;
  /** When the platform was last asked for packs. */
  packsAskedAt?: string;
  /** Not listened to before this moment (`performance.now()`): holding a question open did not work. */
  deafUntil?: number;
  /** Messages in question whose bytes the platform did not tell, and until when it is not asked for them again. */
  readonly untold: Map<string, string>;
  /** The cursor at which something was last heard: heard again there, it was not taken in. */
  heardAt?: string;
}

/** The lanes of the book that is open. */
export class Lanes {
  readonly #now: () => string;
  readonly #lanes = new Map<string, Lane>();

  constructor(now: () => string) {
    this.#now = now;
  }

  /** The lane of an endpoint; a new one knows what the book kept of its circuit. */
  of(book: Book, endpoint: string): Lane {
    let lane = this.#lanes.get(endpoint);
    if (lane === undefined) {
      lane = {
        connection: 'offline',
        lastError: undefined,
        circuit: circuitOf(book, endpoint, this.#now()),
        untold: new Map(),
      };
      this.#lanes.set(endpoint, lane);
    }
    return lane;
  }

  /** Another book has lanes of its own. */
  clear(): void {
    this.#lanes.clear();
  }

  /** Evidence about another address says nothing about the new one. */
  forget(book: Book, endpoint: string): void {
    this.#lanes.delete(endpoint);
    forgetCircuit(book, endpoint);
  }

  /** Whether some platform was reached at the last try. */
  get isReached(): boolean {
    return [...this.#lanes.values()].some(({ connection }) => connection === 'online');
  }

  /** As the desk shows them. */
  views(book: Book, current: string | undefined, halts: Readonly<Record<string, string>>): SyncStatus['lanes'] {
    const queued = queuedByEndpoint(book);
    return endpointsToDrain(book).map(({ id, name, retired }) => {
      const { connection, circuit } = this.of(book, id);
      const { state, failures, code, since, until, lastSuccessAt } = circuit;
      const halted = halts[id];
      const waiting = (queued.get(id) ?? 0) + (id === current ? (queued.get('') ?? 0) : 0);
      return {
        id,
        name,
        isCurrent: id === current,
        isRetired: retired && waiting === 0,
        connection,
        circuit: { state, failures, code, since, until, ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }) },
        ...(halted === undefined ? {} : { halted }),
        queued: waiting,
      };
    });
  }

  /** When some lane has something to try: not before its circuit lets it. */
  nextAttemptAt(book: Book): string | undefined {
    const current = currentEndpoint(book)?.id;
    let soonest: string | undefined;
    for (const endpoint of endpointsToDrain(book)) {
      const attempt = nextAttemptAt(book, scopeOf(endpoint, current));
      if (attempt === undefined) continue;
      const { circuit } = this.of(book, endpoint.id);
      const at = circuit.state === 'open' && circuit.until > attempt ? circuit.until : attempt;
      if (soonest === undefined || at < soonest) soonest = at;
    }
    return soonest;
  }
}

/** Written only when it says something new: a drain must not pay for it. */
export function keepCircuit(book: Book, endpoint: string, lane: Lane, circuit: Circuit): void {
  const isNews = circuit.state !== lane.circuit.state || circuit.failures !== lane.circuit.failures;
  lane.circuit = circuit;
  if (isNews) saveCircuit(book, endpoint, circuit);
}

/**
 * The endpoints a drain goes to: the one in use, and the others of its side that ever took messages, or may have before the book was brought
 * back from a copy. While a book practises
 * nothing goes to a platform in earnest, and a practice platform that was left is not there any more.
 */
export function endpointsToDrain(book: Book): Endpoint[] {
  const current = currentEndpoint(book);
  const isPractising = current !== undefined && isPractice(current);
  const working = workingEndpoints(book);
  const unheard = unheardEndpoints(book).filter(({ id }) => !working.some((one) => one.id === id));
  return [...working, ...unheard].filter((one) => one.id === current?.id || (!isPractising && !isPractice(one)));
}

/** What an endpoint's lane takes, while `current` is the one in use. */
export function scopeOf(endpoint: Endpoint, current: string | undefined): LaneScope {
  return { endpoint: endpoint.id, takesUnbound: endpoint.id === current, kinds: limitsOf(endpoint).kinds };
}
