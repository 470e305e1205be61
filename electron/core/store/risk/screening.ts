/** Names of the book to be screened, and hits (命中) with what was decided of them. */
import type { z } from 'zod';
import type { hitRow, hitStates, screenedKinds } from '../../../../shared/contract/risk.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { LikenessReason } from '../../../../shared/risk/likeness.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';

export type HitRow = z.output<typeof hitRow>;
export type ScreenedKind = (typeof screenedKinds)[number];
type HitState = (typeof hitStates)[number];

export interface BookName {
  readonly kind: ScreenedKind;
  /** Id of a party; empty for names that stand in papers alone. */
  readonly id: string;
  readonly name: string;
  /** Tax number of a party. */
  readonly number: string;
}

/** Parties; customers, buyers and consignees of orders; payers of receipts, statements and payments. Each name once a kind. */
const names = `SELECT 'party' AS kind, CAST(min(id) AS TEXT) AS id, name, coalesce(min(tax_no), '') AS number FROM party WHERE kind <> 'authority' GROUP BY name
  UNION ALL SELECT DISTINCT 'customer', '', customer, '' FROM sales_order WHERE customer IS NOT NULL AND customer <> ''
  UNION ALL SELECT 'buyer', '', name, '' FROM (SELECT buyer_name AS name FROM sales_order WHERE buyer_name <> '' UNION SELECT consignee FROM sales_order WHERE consignee <> ''
    UNION SELECT consignee FROM waybill WHERE consignee <> '')
  UNION ALL SELECT 'payer', '', name, '' FROM (SELECT counterparty AS name FROM money_record WHERE counterparty <> '' UNION SELECT counterparty FROM money_entry WHERE counterparty <> ''
    UNION SELECT payer FROM order_payment WHERE payer <> '')`;

/** Names of the book; without `all` those that have not been held against the lists as they are now. */
export function namesToScreen(book: Book, all: boolean): BookName[] {
  const where = all ? '1' : 'NOT EXISTS (SELECT 1 FROM screened_name s WHERE s.kind = n.kind AND s.name = n.name)';
  return book.prepare(`SELECT * FROM (${names}) n WHERE ${where}`).all() as BookName[];
}

export interface FoundHit {
  readonly name: BookName;
  readonly list: string;
  readonly watchName: string;
  readonly watchNameId: number;
  readonly matched: string;
  readonly score: number;
  readonly reason: LikenessReason;
}

/**
 * Writes what was found for names and marks them as screened. A pair that was decided stays decided; with `all` hits that were not
 * found again are gone, and without it those of parties that are called otherwise now. Call it in a transaction.
 */
export function saveHits(
  book: Book,
  screened: readonly BookName[],
  hits: readonly FoundHit[],
  all: boolean,
  now: string,
): { added: number; gone: number } {
  const mark = book.prepare('INSERT INTO screened_name (kind, name) VALUES (?, ?) ON CONFLICT DO NOTHING');
  for (const { kind, name } of screened) mark.run(kind, name);
  const known = book.prepare(
    'SELECT id FROM screening_hit WHERE subject_kind = ? AND subject_name = ? AND watch_name = ?',
  );
  const insert = book.prepare(
    `INSERT INTO screening_hit (subject_kind, subject_id, subject_name, list_name, watch_name, matched, watch_name_id, score, reason, first_seen, last_seen)
     VALUES (:kind, :id, :name, :list, :watchName, :matched, :watchNameId, :score, :reason, :now, :now)`,
  );
  const update = book.prepare(
    `UPDATE screening_hit SET subject_id = :id, list_name = :list, matched = :matched, watch_name_id = :watchNameId, score = :score, reason = :reason,
       last_seen = :now, gone_at = NULL WHERE id = :hitId`,
  );
  let added = 0;
  const seen = new Set<number>();
  for (const { name, ...hit } of hits) {
    const before = known.get(name.kind, name.name, hit.watchName) as { id: number } | undefined;
    if (before === undefined) {
      const { lastInsertRowid } = insert.run({ kind: name.kind, id: name.id, name: name.name, ...hit, now });
      seen.add(Number(lastInsertRowid));
      added += 1;
    } else if (!seen.has(before.id)) {
      seen.add(before.id);
      const { list, matched, watchNameId, score, reason } = hit;
      update.run({ id: name.id, list, matched, watchNameId, score, reason, now, hitId: before.id });
    }
  }
  const stale = all
    ? 'last_seen < :now OR watch_name_id IS NULL'
    : `watch_name_id IS NULL OR (subject_kind = 'party' AND subject_name NOT IN (SELECT name FROM party))`;
  const { changes } = book
    .prepare(`UPDATE screening_hit SET gone_at = :now WHERE gone_at IS NULL AND (${stale})`)
    .run({ now });
  return { added, gone: changes };
}

/** Forgets what was screened, so that all names are held against the lists again. */
export function forgetScreened(book: Book): void {
  book.prepare('DELETE FROM screened_name').run();
}
export function screenedCount(book: Book): number {
  return (book.prepare('SELECT count(*) AS n FROM screened_name').get() as { n: number }).n;
}
export function reviewCount(book: Book): number {
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM screening_hit WHERE state = 'review' AND gone_at IS NULL`)
    .get() as { n: number };
  return n;
}

// Working off -------------------------------------------------------------------------------------------------------------

interface Row extends Omit<HitRow, 'watchKind' | 'decidedAt' | 'gone'> {
  watchKind: HitRow['watchKind'] | null;
  decidedAt: string | null;
  goneAt: string | null;
}
const select = `SELECT h.id, h.subject_kind AS subjectKind, h.subject_id AS subjectId, h.subject_name AS subjectName, h.list_name AS listName, h.watch_name AS watchName,
  h.matched, h.score, h.reason, n.kind AS watchKind, coalesce(n.country, '') AS country, coalesce(n.number, '') AS number, coalesce(n.note, '') AS entryNote,
  h.state, h.note, h.who, h.decided_at AS decidedAt, h.first_seen AS firstSeen, h.gone_at AS goneAt
  FROM screening_hit h LEFT JOIN watch_name n ON n.id = h.watch_name_id`;
const viewOf = ({ watchKind, decidedAt, goneAt, ...row }: Row): HitRow => ({
  ...row,
  gone: goneAt !== null,
  ...(watchKind === null || watchKind === undefined ? {} : { watchKind }),
  ...(decidedAt === null ? {} : { decidedAt }),
});

const inState: Readonly<Record<HitState | 'gone', string>> = {
  review: `h.state = 'review' AND h.gone_at IS NULL`,
  cleared: `h.state = 'cleared' AND h.gone_at IS NULL`,
  confirmed: `h.state = 'confirmed' AND h.gone_at IS NULL`,
  gone: 'h.gone_at IS NOT NULL',
};

/** Hits, the most alike first. */
export function listHits(
  book: Book,
  filter: { readonly state?: HitState | 'gone' | undefined; readonly text?: string | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
) {
  const text = filter.text?.trim() ?? '';
  const where = `${filter.state === undefined ? '1' : inState[filter.state]}
    AND (:text = '' OR h.subject_name LIKE :like ESCAPE '\\' OR h.watch_name LIKE :like ESCAPE '\\' OR h.list_name LIKE :like ESCAPE '\\')`;
  const only = { text, like: containing(text) };
  const [score, id] = decodeCursor(page.after, [101, 0]);
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (h.score < :score OR (h.score = :score AND h.id > :id)) ORDER BY h.score DESC, h.id LIMIT :limit`,
    )
    .all({ ...only, score, id, limit: page.limit }) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM screening_hit h WHERE ${where}`).get(only) as { n: number };
  const counts = book
    .prepare(
      `SELECT coalesce(sum(${inState.review}), 0) AS review, coalesce(sum(${inState.cleared}), 0) AS cleared, coalesce(sum(${inState.confirmed}), 0) AS confirmed,
         coalesce(sum(${inState.gone}), 0) AS gone FROM screening_hit h`,
    )
    .get() as { review: number; cleared: number; confirmed: number; gone: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(viewOf),
    total: n,
    counts,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.score, last.id]) } : {}),
  };
}

/** Refusal: `SCREENING_HIT_UNKNOWN` {id}. */
export function decideHits(
  book: Book,
  ids: readonly number[],
  of: { readonly state: 'cleared' | 'confirmed'; readonly note: string; readonly who: string },
  now: string,
): void {
  const decide = book.prepare('UPDATE screening_hit SET state = ?, note = ?, who = ?, decided_at = ? WHERE id = ?');
  for (const id of ids) {
    const { changes } = decide.run(of.state, of.note, of.who, now, id);
    if (changes === 0) throw new PortbookError('SCREENING_HIT_UNKNOWN', { id }, 'ids');
  }
}
