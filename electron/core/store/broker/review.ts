import type { ClerkRole } from '../../../../shared/contract/broker.ts';
import type { OutputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';

/** Maker and checker (制单, 复核): clerks, whose hands a document went through, marks, approvals. */

type ReviewRow = OutputOf<'review.list'>['rows'][number];
type ReviewState = ReviewRow['state'];
type Mark = OutputOf<'review.get'>['marks'][number];
type Rate = OutputOf<'review.rates'>['rows'][number];

export interface Clerk {
  readonly id: number;
  readonly name: string;
  readonly isActive: boolean;
  readonly role: ClerkRole;
  readonly hasPin: boolean;
}

/** The triggers of the migration read it too. */
const currentKey = 'clerk.current';
const requiredKey = 'review.required';
/** Fewer cannot check each other. */
const FEWEST = 2;

// Clerks ------------------------------------------------------------------------------------------------------------------
type StoredClerk = { id: number; name: string; isActive: number; role: ClerkRole; hasPin: number };
const clerkOf = ({ isActive, hasPin, ...rest }: StoredClerk): Clerk => ({
  ...rest,
  isActive: isActive === 1,
  hasPin: hasPin === 1,
});
const clerks = 'SELECT id, name, is_active AS isActive, role, pin IS NOT NULL AS hasPin FROM clerk';

export function listClerks(book: Book): Clerk[] {
  return (book.prepare(`${clerks} ORDER BY is_active DESC, name`).all() as StoredClerk[]).map(clerkOf);
}

/** Throws `CLERK_UNKNOWN` {id}. */
function requireClerk(book: Book, id: number): Clerk {
  const row = book.prepare(`${clerks} WHERE id = ?`).get(id) as StoredClerk | undefined;
  if (row === undefined) throw new PortbookError('CLERK_UNKNOWN', { id }, 'id');
  return clerkOf(row);
}

/** Who sits at the desk; undefined: nobody said. */
export function currentClerk(book: Book): Clerk | undefined {
  const id = book.setting(currentKey);
  return id === undefined ? undefined : requireClerk(book, Number(id));
}

/** Throws `CLERK_NOT_CHOSEN`. */
export function requireCurrentClerk(book: Book): Clerk {
  const clerk = currentClerk(book);
  if (clerk === undefined) throw new PortbookError('CLERK_NOT_CHOSEN');
  return clerk;
}

export const isReviewRequired = (book: Book): boolean => book.setting(requiredKey) === '1';

function activeClerks(book: Book): number {
  return (book.prepare('SELECT count(*) AS n FROM clerk WHERE is_active = 1').get() as { n: number }).n;
}

/** Whether roles count: an active clerk may not do everything. */
export function hasRoles(book: Book): boolean {
  return book.prepare(`SELECT 1 FROM clerk WHERE is_active = 1 AND role <> 'owner' LIMIT 1`).get() !== undefined;
}

/** A clerk's PIN as it is stored; undefined: none. */
export function storedPin(book: Book, id: number): string | undefined {
  const row = book.prepare('SELECT pin FROM clerk WHERE id = ?').get(id) as { pin: string | null } | undefined;
  return row?.pin ?? undefined;
}

/** Without an owner who has to prove himself, a role would keep nobody from anything. Refusal: `ROLE_NEEDS_OWNER`. */
function requireOwner(book: Book): void {
  if (!hasRoles(book)) return;
  const owner = book.prepare(`SELECT 1 FROM clerk WHERE is_active = 1 AND role = 'owner' AND pin IS NOT NULL`).get();
  if (owner === undefined) throw new PortbookError('ROLE_NEEDS_OWNER', {}, 'role');
}

/** Whether there are enough to check each other. */
export const hasSeveralClerks = (book: Book): boolean => activeClerks(book) >= FEWEST;

function requireTwo(book: Book): void {
  const n = activeClerks(book);
  if (n < FEWEST) throw new PortbookError('REVIEW_NEEDS_TWO', { active: n });
}

/**
 * Adds a clerk or changes one; `role` and `pin` (as it is stored, null: none) left out stay as they are; a
 * new one without a role may do everything only where all may.
 * Refusals: `CLERK_NAME_TAKEN` {name}, `CLERK_UNKNOWN` {id}, `REVIEW_NEEDS_TWO` {active}, `ROLE_NEEDS_OWNER`.
 */
export function saveClerk(
  book: Book,
  {
    id,
    name,
    isActive,
    role,
    pin,
  }: {
    id?: number | undefined;
    name: string;
    isActive: boolean;
    role?: ClerkRole | undefined;
    pin?: string | null | undefined;
  },
  now: string,
): number {
  if (book.prepare('SELECT 1 FROM clerk WHERE name = ? AND id IS NOT ?').get(name, id ?? null) !== undefined)
    throw new PortbookError('CLERK_NAME_TAKEN', { name }, 'name');
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare('INSERT INTO clerk (name, is_active, role, pin, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(name, isActive ? 1 : 0, role ?? (hasRoles(book) ? 'reader' : 'owner'), pin ?? null, now);
    requireOwner(book);
    return Number(lastInsertRowid);
  }
  const before = requireClerk(book, id);
  book
    .prepare('UPDATE clerk SET name = ?, is_active = ?, role = ?, pin = ? WHERE id = ?')
    .run(name, isActive ? 1 : 0, role ?? before.role, pin === undefined ? (storedPin(book, id) ?? null) : pin, id);
  requireOwner(book);
  if (!isActive && book.setting(currentKey) === String(id)) book.setSetting(currentKey, undefined);
  if (isReviewRequired(book)) requireTwo(book);
  return id;
}

/** Refusals: `CLERK_UNKNOWN` {id}, `CLERK_INACTIVE` {name}. @returns the name; empty for nobody */
export function chooseClerk(book: Book, id: number | null): string {
  if (id === null) {
    book.setSetting(currentKey, undefined);
    return '';
  }
  const { name, isActive } = requireClerk(book, id);
  if (!isActive) throw new PortbookError('CLERK_INACTIVE', { name }, 'id');
  book.setSetting(currentKey, String(id));
  return name;
}

/** Refusal: `REVIEW_NEEDS_TWO` {active}. */
export function requireReview(book: Book, isRequired: boolean): void {
  if (isRequired) requireTwo(book);
  book.setSetting(requiredKey, isRequired ? '1' : undefined);
}

// Documents ---------------------------------------------------------------------------------------------------------------
const makerOf = `(SELECT h.clerk_id FROM document_hand h WHERE h.document_id = d.id ORDER BY h.at DESC, h.clerk_id DESC LIMIT 1)`;
const openMarksOf = `(SELECT count(*) FROM review_mark m WHERE m.document_id = d.id AND m.resolved_at IS NULL)`;
const stateOf = `CASE WHEN a.document_id IS NOT NULL THEN 'approved'
  WHEN EXISTS (SELECT 1 FROM review_mark m WHERE m.document_id = d.id AND m.resolved_at IS NULL) THEN 'marked'
  WHEN NOT EXISTS (SELECT 1 FROM document_hand h WHERE h.document_id = d.id) THEN 'unclaimed' ELSE 'waiting' END`;
/** Drafts that are for review: complete ones, and those with something found in them. */
const forReview = `FROM document d LEFT JOIN review_approval a ON a.document_id = d.id
  WHERE d.state IN ('draft','checked') AND (d.state = 'checked' OR a.document_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM review_mark m WHERE m.document_id = d.id AND m.resolved_at IS NULL))`;

export function reviewCounts(book: Book): Record<ReviewState, number> {
  const rows = book.prepare(`SELECT ${stateOf} AS state, count(*) AS n ${forReview} GROUP BY 1`).all() as {
    state: ReviewState;
    n: number;
  }[];
  const counts = { waiting: 0, marked: 0, unclaimed: 0, approved: 0 };
  for (const { state, n } of rows) counts[state] = n;
  return counts;
}

export function listForReview(
  book: Book,
  { state, text }: { state?: ReviewState | undefined; text?: string | undefined },
  page: { after: string | undefined; limit: number },
): Pick<OutputOf<'review.list'>, 'rows' | 'nextCursor' | 'total'> {
  const of = {
    state: state ?? null,
    like: text === undefined || text.trim() === '' ? null : containing(text.trim()),
  };
  const [after] = decodeCursor(page.after, [0]);
  const from = `${forReview} AND (:state IS NULL OR ${stateOf} = :state) AND (:like IS NULL OR d.business_key LIKE :like ESCAPE '\\')`;
  const rows = book
    .prepare(
      `SELECT d.id, d.kind, d.business_key AS businessKey, d.amount_e5 AS amountE5, d.currency, d.state AS documentState, ${stateOf} AS state,
         coalesce((SELECT name FROM clerk WHERE id = ${makerOf}), '') AS maker,
         coalesce((SELECT name FROM clerk WHERE id = a.clerk_id), '') AS checker, ${openMarksOf} AS openMarks, d.updated_at AS changedAt,
         d.stale, :clerk IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document_hand h WHERE h.document_id = d.id AND h.clerk_id = :clerk) AS isOther
       ${from} AND d.id > :after ORDER BY d.id LIMIT :limit`,
    )
    .all({ ...of, clerk: currentClerk(book)?.id ?? null, after, limit: page.limit }) as (Omit<
    ReviewRow,
    'amount' | 'mayApprove'
  > & { amountE5: number; stale: number; isOther: number })[];
  const { n } = book.prepare(`SELECT count(*) AS n ${from}`).get(of) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(({ amountE5, stale, isOther, ...row }) => ({
      ...row,
      amount: storedText(amountE5),
      mayApprove: row.state === 'waiting' && row.documentState === 'checked' && stale === 0 && isOther === 1,
    })),
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Those whose hands a document went through, the last first. */
export function handsOf(book: Book, documentId: number): { id: number; name: string }[] {
  return book
    .prepare(
      `SELECT c.id, c.name FROM document_hand h JOIN clerk c ON c.id = h.clerk_id WHERE h.document_id = ? ORDER BY h.at DESC, h.clerk_id DESC`,
    )
    .all(documentId) as { id: number; name: string }[];
}

export function approvalOf(book: Book, documentId: number): { by: string; at: string } | undefined {
  return book
    .prepare(
      'SELECT c.name AS "by", a.at FROM review_approval a JOIN clerk c ON c.id = a.clerk_id WHERE a.document_id = ?',
    )
    .get(documentId) as { by: string; at: string } | undefined;
}

/** Throws `DOCUMENT_APPROVED` {number, clerk}: an approved draft is reopened, with the reason, before it is changed. */
export function requireUnapproved(book: Book, documentId: number): void {
  const found = book
    .prepare(
      `SELECT d.business_key AS number, c.name AS clerk FROM review_approval a JOIN document d ON d.id = a.document_id
         JOIN clerk c ON c.id = a.clerk_id WHERE a.document_id = ?`,
    )
    .get(documentId) as { number: string; clerk: string } | undefined;
  if (found !== undefined) throw new PortbookError('DOCUMENT_APPROVED', { number: found.number, clerk: found.clerk });
}

/** A document may leave: no review is asked for, or it has been approved. */
export function mayLeave(book: Book, documentId: number): boolean {
  return !isReviewRequired(book) || approvalOf(book, documentId) !== undefined;
}

export interface Reviewed {
  readonly id: number;
  readonly businessKey: string;
  readonly state: string;
  readonly stale: boolean;
}

/** Throws `DOCUMENT_FROZEN` {number, state}. */
export function requireDraft({ businessKey, state }: Reviewed): void {
  if (state !== 'draft' && state !== 'checked')
    throw new PortbookError('DOCUMENT_FROZEN', { number: businessKey, state });
}

/** Throws why the present clerk may not approve a document; see the contract. @returns the clerk */
export function requireApprovable(book: Book, document: Reviewed): Clerk {
  const { id, businessKey: number } = document;
  const clerk = requireCurrentClerk(book);
  requireDraft(document);
  requireUnapproved(book, id);
  if (document.state !== 'checked' || document.stale) throw new PortbookError('REVIEW_NOT_CHECKED', { number });
  const marks = marksOf(book, id).filter(({ resolvedAt }) => resolvedAt === undefined).length;
  if (marks > 0) throw new PortbookError('REVIEW_MARKS_OPEN', { number, marks });
  const hands = handsOf(book, id);
  if (hands.length === 0) throw new PortbookError('REVIEW_MAKER_UNKNOWN', { number });
  if (hands.some((hand) => hand.id === clerk.id))
    throw new PortbookError('REVIEW_OWN_WORK', { number, clerk: clerk.name });
  return clerk;
}

export function approve(book: Book, documentId: number, clerkId: number, now: string): void {
  book
    .prepare('INSERT INTO review_approval (document_id, clerk_id, at) VALUES (?, ?, ?)')
    .run(documentId, clerkId, now);
}

/** Refusal: `REVIEW_NOT_APPROVED` {number}. */
export function reopen(book: Book, { id, businessKey }: Reviewed): void {
  const { changes } = book.prepare('DELETE FROM review_approval WHERE document_id = ?').run(id);
  if (changes === 0) throw new PortbookError('REVIEW_NOT_APPROVED', { number: businessKey });
}

/** Refusal: `REVIEW_HAS_MAKER` {number, clerk}. */
export function claim(book: Book, { id, businessKey }: Reviewed, clerkId: number, now: string): void {
  const [hand] = handsOf(book, id);
  if (hand !== undefined) throw new PortbookError('REVIEW_HAS_MAKER', { number: businessKey, clerk: hand.name });
  book.prepare('INSERT INTO document_hand (document_id, clerk_id, at) VALUES (?, ?, ?)').run(id, clerkId, now);
}

// Marks -------------------------------------------------------------------------------------------------------------------
export function marksOf(book: Book, documentId: number): Mark[] {
  const rows = book
    .prepare(
      `SELECT m.id, m.path, m.comment, c.name AS "by", m.marked_at AS at, r.name AS resolvedBy, m.resolved_at AS resolvedAt, m.answer
       FROM review_mark m JOIN clerk c ON c.id = m.clerk_id LEFT JOIN clerk r ON r.id = m.resolved_by
       WHERE m.document_id = ? ORDER BY m.resolved_at IS NOT NULL, m.id`,
    )
    .all(documentId) as (Omit<Mark, 'resolvedBy' | 'resolvedAt'> & {
    resolvedBy: string | null;
    resolvedAt: string | null;
  })[];
  return rows.map(({ resolvedBy, resolvedAt, ...mark }) => ({
    ...mark,
    ...(resolvedBy === null || resolvedAt === null ? {} : { resolvedBy, resolvedAt }),
  }));
}

export function addMark(
  book: Book,
  { id }: Reviewed,
  mark: { path: string; comment: string; clerkId: number },
  now: string,
): number {
  const [maker] = handsOf(book, id);
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO review_mark (document_id, path, comment, clerk_id, maker_id, marked_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(id, mark.path, mark.comment, mark.clerkId, maker?.id ?? null, now);
  return Number(lastInsertRowid);
}

/** Settles a mark or opens it again. Refusal: `REVIEW_MARK_UNKNOWN` {id}. @returns its document and path */
export function resolveMark(
  book: Book,
  markId: number,
  to: { clerkId: number; at: string; answer: string } | undefined,
): { documentId: number; path: string } {
  const row = book.prepare('SELECT document_id AS documentId, path FROM review_mark WHERE id = ?').get(markId) as
    | { documentId: number; path: string }
    | undefined;
  if (row === undefined) throw new PortbookError('REVIEW_MARK_UNKNOWN', { id: markId });
  requireUnapproved(book, row.documentId);
  book
    .prepare(
      'UPDATE review_mark SET resolved_by = ?, resolved_at = ?, answer = CASE WHEN ? IS NULL THEN answer ELSE ? END WHERE id = ?',
    )
    .run(to?.clerkId ?? null, to?.at ?? null, to?.answer ?? null, to?.answer ?? null, markId);
  return row;
}

/** Open marks go with their lines; `moved` says where a path stands after an edit, undefined when its line is gone. */
export function moveReviewMarks(book: Book, documentId: number, moved: (path: string) => string | undefined): void {
  const rows = book
    .prepare(`SELECT id, path FROM review_mark WHERE document_id = ? AND resolved_at IS NULL AND path <> ''`)
    .all(documentId) as { id: number; path: string }[];
  for (const { id, path } of rows) {
    const next = moved(path) ?? '';
    if (next !== path) book.prepare('UPDATE review_mark SET path = ? WHERE id = ?').run(next, id);
  }
}

// Error rates --------------------------------------------------------------------------------------------------------------
const rejectedOf = (id: string): string =>
  `EXISTS (SELECT 1 FROM transition t WHERE t.subject = 'document' AND t.subject_id = CAST(${id} AS TEXT)
    AND t.event IN ('reject','adopt-rejected'))`;
/** The days of an instant in China. */
const day = (instant: string): string => `date(${instant}, '+8 hours')`;

/** Percent with two decimals, half-up. */
function percentText(part: number, whole: number): string {
  const hundredths = (BigInt(part) * 20_000n + BigInt(whole)) / (BigInt(whole) * 2n);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}

/**
 * Errors by clerk: documents made (last hand) within the days, in China's time, with what review and customs found in them. A mark is the
 * error of whoever was the maker when it was put, and makes the document one of his, whoever corrected it since. Abandoned drafts are left
 * out. `unclaimed`: documents of those days that nobody is down for.
 */
export function clerkRates(book: Book, from: string, until: string): { rows: Rate[]; unclaimed: number } {
  const made = book
    .prepare(
      `WITH made AS MATERIALIZED (
         SELECT d.id, ${makerOf} AS last_id, ${rejectedOf('d.id')} AS rejected
         FROM document d WHERE ${day('d.created_at')} BETWEEN ? AND ? AND NOT (d.state = 'withdrawn' AND d.platform_no IS NULL)),
       marked AS MATERIALIZED (
         SELECT m.document_id AS id, coalesce(m.maker_id, d.last_id) AS clerk_id, count(*) AS marks
         FROM review_mark m JOIN made d ON d.id = m.document_id GROUP BY 1, 2),
       own AS (SELECT id, last_id AS clerk_id FROM made UNION SELECT id, clerk_id FROM marked),
       errors AS (SELECT o.clerk_id, coalesce(k.marks, 0) AS marks, d.rejected AND d.last_id IS o.clerk_id AS rejected
         FROM own o JOIN made d ON d.id = o.id LEFT JOIN marked k ON k.id = o.id AND k.clerk_id IS o.clerk_id)
       SELECT clerk_id AS id, count(*) AS made, sum(marks > 0) AS marked, sum(marks) AS marks, sum(rejected) AS rejected,
         sum(marks > 0 OR rejected) AS wrong FROM errors GROUP BY clerk_id`,
    )
    .all(from, until) as ({ id: number | null } & Pick<Rate, 'made' | 'marked' | 'marks' | 'rejected' | 'wrong'>)[];
  const checked = book
    .prepare(
      `SELECT a.clerk_id AS id, count(*) AS approved, sum(${rejectedOf('a.document_id')}) AS missed FROM review_approval a
       WHERE ${day('a.at')} BETWEEN ? AND ? GROUP BY a.clerk_id`,
    )
    .all(from, until) as { id: number; approved: number; missed: number }[];
  const none = { made: 0, marked: 0, marks: 0, rejected: 0, wrong: 0 };
  const rows = listClerks(book).flatMap(({ id, name, isActive }): Rate[] => {
    const { id: _, ...own } = made.find((one) => one.id === id) ?? { id, ...none };
    const { approved = 0, missed = 0 } = checked.find((one) => one.id === id) ?? {};
    if (!isActive && own.made === 0 && approved === 0) return [];
    return [
      {
        clerk: name,
        ...own,
        ...(own.made === 0 ? {} : { rate: percentText(own.wrong, own.made) }),
        approved,
        missed,
      },
    ];
  });
  return { rows, unclaimed: made.find(({ id }) => id === null)?.made ?? 0 };
}
