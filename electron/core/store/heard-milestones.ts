/** What endpoints say of goods under way: kept as it came, then noted of the shipments it names. */
import type { CarrierMilestone, MilestonePage } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';

const cursorKey = (endpoint: string): string => `sync.milestones:${endpoint}`;
const askedKey = (endpoint: string): string => `sync.milestonesAsked:${endpoint}`;

/** Where this book has got to in what an endpoint says. */
export const milestoneCursor = (book: Book, endpoint: string): string => book.setting(cursorKey(endpoint)) ?? '';

/** When an endpoint was last asked, and why it gave no answer where it gave none. */
export interface MilestonesAsked {
  readonly at: string;
  /** Code of what went wrong. */
  readonly problem?: string;
}
export function milestonesAsked(book: Book, endpoint: string): MilestonesAsked | undefined {
  const text = book.setting(askedKey(endpoint));
  return text === undefined ? undefined : (JSON.parse(text) as MilestonesAsked);
}
export const noteMilestonesAsked = (book: Book, endpoint: string, asked: MilestonesAsked): void =>
  book.setSetting(askedKey(endpoint), JSON.stringify(asked));

/** Keeps a page with its cursor in one transaction; what is known already stays as it is. @returns how many are new */
export function keepMilestones(book: Book, endpoint: string, page: MilestonePage, now: string): number {
  return book.transaction(() => {
    const insert = book.prepare(
      `INSERT INTO heard_milestone (endpoint, remote_id, number, status, at, place, text, heard_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    );
    let kept = 0;
    for (const { id, number, status, at, place, text } of page.milestones)
      kept += insert.run(endpoint, id, number.trim(), status, new Date(at).toISOString(), place, text, now).changes;
    book.setSetting(cursorKey(endpoint), page.next);
    return kept;
  });
}

export type HeardMilestone = CarrierMilestone & { readonly endpoint: string };

/** What no shipment bore the number of so far, the newest first. */
export function waitingMilestones(book: Book, limit: number): HeardMilestone[] {
  return book
    .prepare(
      `SELECT endpoint, remote_id AS id, number, status, at, place, text FROM heard_milestone WHERE applied_at IS NULL ORDER BY heard_at DESC LIMIT ?`,
    )
    .all(limit) as HeardMilestone[];
}

export function markApplied(book: Book, { endpoint, id }: HeardMilestone, now: string): void {
  book.prepare('UPDATE heard_milestone SET applied_at = ? WHERE endpoint = ? AND remote_id = ?').run(now, endpoint, id);
}
