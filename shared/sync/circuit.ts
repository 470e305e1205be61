import { BACKOFF_BASE_MS } from './backoff.ts';
import { type Move, machine } from './machine.ts';

/**
 * The circuit (断路) of one endpoint: after failures in a row nothing more is tried for a while, then one exchange is let
 * through to see. `closed` sends, `open` waits, `half-open` tries with one message at a time.
 */
export const circuitStates = ['closed', 'open', 'half-open'] as const;
export type CircuitState = (typeof circuitStates)[number];

/**
 * - `succeed`: an answer of the platform in its protocol, whatever it says.
 * - `trip`: too many failures in a row, or one that speaks for all (a closed door, a busy platform, a timeout).
 * - `probe`: the wait is over, or a person asked for it.
 */
export type CircuitEvent = 'succeed' | 'trip' | 'probe';

const moves: readonly Move<CircuitState, CircuitEvent>[] = [
  ['closed', 'succeed', 'closed'],
  ['closed', 'trip', 'open'],
  ['open', 'probe', 'half-open'],
  ['half-open', 'succeed', 'closed'],
  ['half-open', 'trip', 'open'],
];
export const circuitMachine = machine<CircuitState, CircuitEvent>('circuit', moves);

/** Failures in a row after which the circuit opens, where no single one speaks for all. */
export const TRIP_AFTER = 5;
/** No wait is longer, unless the platform asks for it. */
export const CIRCUIT_CEILING_MS = 5 * 60_000;

/** What is known of the way to an endpoint. Instants are ISO 8601 UTC. */
export interface Circuit {
  readonly state: CircuitState;
  /** Failures in a row. */
  readonly failures: number;
  /** Times it opened since the last success: each waits longer. */
  readonly trips: number;
  /** Code of the last failure; empty before the first. */
  readonly code: string;
  /** Since when it is in its state. */
  readonly since: string;
  /** Until when it stays open; meaningless otherwise. */
  readonly until: string;
  readonly lastSuccessAt: string | undefined;
}

export function newCircuit(at: string): Circuit {
  return { state: 'closed', failures: 0, trips: 0, code: '', since: at, until: at, lastSuccessAt: undefined };
}

/** After an answer of the platform. One that comes while it is open was under way before, and proves no more than that. */
export function afterSuccess(circuit: Circuit, at: string): Circuit {
  if (circuit.state === 'open') return { ...circuit, lastSuccessAt: at };
  const state = circuitMachine.next(circuit.state, 'succeed');
  return { ...newCircuit(state === circuit.state ? circuit.since : at), lastSuccessAt: at };
}

/**
 * After a failure. The wait doubles with every time it opens, from half to the whole of `min(2^n x 5 s, 5 min)`, so that
 * desks that lost one platform do not come back in step; what the platform asked for is the least.
 * @param failure.isDecisive it speaks for all that would follow
 * @param random from 0 to 1
 */
export function afterFailure(
  circuit: Circuit,
  failure: { readonly code: string; readonly at: string; readonly isDecisive: boolean; readonly retryAfterMs: number },
  random: number,
): Circuit {
  const failures = circuit.failures + 1;
  const { code, at } = failure;
  const trips = failure.isDecisive || failures >= TRIP_AFTER || circuit.state === 'half-open';
  if (circuit.state === 'open' || !trips) return { ...circuit, failures, code };
  const opened = circuit.trips + 1;
  const ceiling = Math.min(2 ** Math.min(opened, 20) * BACKOFF_BASE_MS, CIRCUIT_CEILING_MS);
  const wait = Math.max(Math.floor(ceiling * (0.5 + random / 2)), failure.retryAfterMs);
  return {
    ...circuit,
    state: circuitMachine.next(circuit.state, 'trip'),
    failures,
    trips: opened,
    code,
    since: at,
    until: new Date(Date.parse(at) + wait).toISOString(),
  };
}

/**
 * The circuit when something is about to be tried: `undefined` while it has to be left alone. One that opened ahead of the clock opened
 * before the clock was put back: how long it was to wait is not known any more.
 */
export function toTry(circuit: Circuit, at: string, isAsked: boolean): Circuit | undefined {
  if (circuit.state !== 'open') return circuit;
  if (!isAsked && circuit.until > at && circuit.since <= at) return undefined;
  return { ...circuit, state: circuitMachine.next('open', 'probe'), since: at };
}
