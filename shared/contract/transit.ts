/** Transit between offices (转关) put into many drafts at once (批量转关). */
import { z } from 'zod';
import { transitFields } from '../drafting/transit.ts';
import { documentKind, documentState } from './filing.ts';
import { job, query } from './operation.ts';

const input = z.object({
  ids: z.array(z.number().int()).min(1).max(20_000),
  values: z.partialRecord(z.enum(transitFields), z.string().max(255)),
});
const rowOf = z.object({
  id: z.number().int(),
  kind: documentKind,
  businessKey: z.string(),
  state: documentState,
  /** ready: would change; same: has all of it; frozen: sent, or on its way; other: no list and no declaration. */
  outcome: z.enum(['ready', 'same', 'frozen', 'other']),
  changes: z.array(z.object({ field: z.enum(transitFields), path: z.string(), from: z.string(), to: z.string() })),
  /** What it has no place for. */
  without: z.array(z.enum(transitFields)),
});
/** Of all that were named; the rows are the first of them, those that would change before the others. */
const counts = { ready: z.number().int(), same: z.number().int(), frozen: z.number().int(), other: z.number().int() };

export const transit = {
  /** What would change in each document. Refusals: `DOCUMENT_UNKNOWN` {id}, `TRANSIT_EMPTY`. */
  'transit.preview': query(input, z.object({ rows: z.array(rowOf), ...counts })),
  /**
   * Changes the drafts among them, in batches of a transaction each, and checks them again; those that are frozen are named and left
   * alone. Cancelled, it has changed whole batches; the rest is changed by asking again. Refusals, before anything is changed:
   * `DOCUMENT_UNKNOWN` {id}, `TRANSIT_EMPTY`, `TRANSIT_NOTHING`: none of them would change.
   */
  'transit.apply': job(input, z.object({ rows: z.array(rowOf), ...counts })),
} as const;
