import { type Circuit, type CircuitState, newCircuit } from '../../../shared/sync/circuit.ts';
import type { Book } from './book.ts';

/** The circuit of each endpoint, kept in the book so that a restart does not knock anew at a closed door. */

interface Row {
  state: CircuitState;
  failures: number;
  trips: number;
  code: string;
  since: string;
  until: string;
  last_success_at: string | null;
}

/** The circuit of an endpoint; a closed one where nothing is known yet. */
export function circuitOf(book: Book, endpoint: string, now: string): Circuit {
  const row = book.prepare('SELECT * FROM circuit WHERE endpoint = ?').get(endpoint) as Row | undefined;
  if (row === undefined) return newCircuit(now);
  const { state, failures, trips, code, since, until } = row;
  return { state, failures, trips, code, since, until, lastSuccessAt: row.last_success_at ?? undefined };
}

export function saveCircuit(book: Book, endpoint: string, circuit: Circuit): void {
  const { state, failures, trips, code, since, until, lastSuccessAt } = circuit;
  book
    .prepare(
      `INSERT INTO circuit (endpoint, state, failures, trips, code, since, until, last_success_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (endpoint) DO UPDATE SET state = excluded.state, failures = excluded.failures, trips = excluded.trips,
         code = excluded.code, since = excluded.since, until = excluded.until, last_success_at = excluded.last_success_at`,
    )
    .run(endpoint, state, failures, trips, code, since, until, lastSuccessAt ?? null);
}

/** Evidence about another address says nothing about this one. */
export function forgetCircuit(book: Book, endpoint: string): void {
  book.prepare('DELETE FROM circuit WHERE endpoint = ?').run(endpoint);
}
