/** Red flags (风险提示) as the book keeps them: found by rules, looked after by persons. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  type BookRow,
  bookRow,
  type FlagRule,
  type flagRow,
  type flagStates,
  type flagView,
  type severities,
} from '../../../../shared/contract/risk.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { Missing, outcomeOf, Verdict } from '../../../../shared/risk/flags.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';

export type FlagRow = z.output<typeof flagRow>;
export type FlagView = z.output<typeof flagView>;
type Severity = (typeof severities)[number];
type FlagState = (typeof flagStates)[number];
export type Outcome = ReturnType<typeof outcomeOf> | 'off';

/** Rows a flag keeps for showing; what is beyond counts and is in the digest. */
const KEPT_ROWS = 200;

const rowKey = ({ kind, id }: BookRow): string => `${kind}:${id}`;
function digestOf(rows: readonly BookRow[]): string {
  return createHash('sha256').update(rows.map(rowKey).sort().join('\n')).digest('hex').slice(0, 32);
}

interface Stored {
  id: number;
  key: string;
  state: FlagState;
  digest: string;
  rowCount: number;
  closedDigest: string | null;
  closedRows: string | null;
  goneAt: string | null;
}

export interface SavedVerdict {
  readonly added: number;
  readonly reopened: number;
  readonly gone: number;
}

/** Whether rows trip a closed flag that it did not have when it was closed. */
function hasNewRows(stored: Stored, rows: readonly BookRow[], digest: string): boolean {
  if (stored.closedDigest === digest) return false;
  if (rows.length > KEPT_ROWS || stored.closedRows === null) return true;
  const known = new Set(JSON.parse(stored.closedRows) as string[]);
  return rows.some((row) => !known.has(rowKey(row)));
}

/**
 * Writes what a rule found on a run: new flags, changed ones; what is found no more is gone, not deleted; a closed flag with rows
 * that it did not have opens again. Call it in a transaction.
 */
export function saveVerdict(
  book: Book,
  rule: FlagRule,
  severity: Severity,
  verdict: Verdict,
  outcome: Outcome,
  now: string,
): SavedVerdict {
  const stored = new Map(
    (
      book
        .prepare(
          `SELECT id, key, state, digest, row_count AS rowCount, closed_digest AS closedDigest, closed_rows AS closedRows, gone_at AS goneAt
           FROM red_flag WHERE rule = ?`,
        )
        .all(rule) as Stored[]
    ).map((one) => [one.key, one]),
  );
  const insert = book.prepare(
    `INSERT INTO red_flag (rule, key, severity, subject, params, rows, row_count, digest, first_seen, last_seen)
     VALUES (:rule, :key, :severity, :subject, :params, :rows, :rowCount, :digest, :now, :now)`,
  );
  const update = book.prepare(
    `UPDATE red_flag SET severity = :severity, subject = :subject, params = :params, rows = :rows, row_count = :rowCount, digest = :digest,
       last_seen = :now, gone_at = NULL, state = iif(:reopens, 'open', state), reopened = reopened + :reopens WHERE id = :id`,
  );
  let [added, reopened] = [0, 0];
  for (const { key, subject, params, rows, severity: own } of verdict.hits) {
    const digest = digestOf(rows);
    const before = stored.get(key);
    stored.delete(key);
    const values = {
      ...{
        severity: own ?? severity,
        subject,
        params: JSON.stringify(params),
        rows: JSON.stringify(rows.slice(0, KEPT_ROWS)),
      },
      ...{ rowCount: rows.length, digest, now },
    };
    if (before === undefined) {
      insert.run({ rule, key, ...values });
      added += 1;
      continue;
    }
    const reopens = before.state === 'closed' && hasNewRows(before, rows, digest) ? 1 : 0;
    update.run({ id: before.id, reopens, ...values });
    reopened += reopens;
  }
  // What could not be told does not take a flag away: its rows are still there, only something else is missing.
  const leave = book.prepare('UPDATE red_flag SET gone_at = ? WHERE id = ?');
  let gone = 0;
  for (const { id, goneAt } of stored.values()) {
    if (goneAt !== null) continue;
    leave.run(now, id);
    gone += 1;
  }
  book
    .prepare(
      `INSERT INTO red_flag_run (rule, ran_at, outcome, checked, missing) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (rule) DO UPDATE SET ran_at = excluded.ran_at, outcome = excluded.outcome, checked = excluded.checked, missing = excluded.missing`,
    )
    .run(rule, now, outcome, verdict.checked, JSON.stringify(verdict.missing));
  return { added, reopened, gone };
}

export interface RuleRun {
  readonly rule: FlagRule;
  readonly ranAt: string;
  readonly outcome: Outcome;
  readonly checked: number;
  readonly missing: readonly Missing[];
}

/** The last run of each rule that ever ran. */
export function lastRuns(book: Book): Map<FlagRule, RuleRun> {
  const rows = book.prepare('SELECT rule, ran_at AS ranAt, outcome, checked, missing FROM red_flag_run').all() as (Omit<
    RuleRun,
    'missing'
  > & { missing: string })[];
  return new Map(rows.map((row) => [row.rule, { ...row, missing: JSON.parse(row.missing) as Missing[] }]));
}

/** Flags that stand (open or under review, and not gone), by rule. */
export function standingByRule(book: Book): Map<FlagRule, number> {
  const rows = book
    .prepare(`SELECT rule, count(*) AS n FROM red_flag WHERE state <> 'closed' AND gone_at IS NULL GROUP BY rule`)
    .all() as { rule: FlagRule; n: number }[];
  return new Map(rows.map(({ rule, n }) => [rule, n]));
}

/** The newest entry of the log that is not of risk itself: what a run has seen. */
export function changeSeen(book: Book): number {
  const { id } = book
    .prepare(
      `SELECT coalesce(max(id), 0) AS id FROM audit WHERE action NOT LIKE 'redFlag%' AND action NOT LIKE 'screening%' AND action NOT LIKE 'flow%'`,
    )
    .get() as { id: number };
  return id;
}

// Reading and working off -------------------------------------------------------------------------------------------------

interface Row {
  id: number;
  rule: FlagRule;
  severity: Severity;
  subject: string;
  params: string;
  rowCount: number;
  state: FlagState;
  owner: string;
  action: string;
  dueOn: string | null;
  note: string;
  firstSeen: string;
  lastSeen: string;
  goneAt: string | null;
  reopened: number;
  closedAt: string | null;
  closedBy: string;
  rank: number;
}

/** High before medium before low. */
const rank = `CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END`;
const columns = `id, rule, severity, subject, params, row_count AS rowCount, state, owner, action, due_on AS dueOn, note, first_seen AS firstSeen,
  last_seen AS lastSeen, gone_at AS goneAt, reopened, closed_at AS closedAt, closed_by AS closedBy, ${rank} AS rank`;

function viewOf({ params, dueOn, goneAt, closedAt, rank: _rank, ...row }: Row): FlagRow {
  return {
    ...row,
    params: JSON.parse(params) as FlagRow['params'],
    gone: goneAt !== null,
    ...(dueOn === null ? {} : { dueOn }),
    ...(closedAt === null ? {} : { closedAt }),
  };
}

export interface FlagFilter {
  readonly state?: FlagState | 'standing' | 'gone' | undefined;
  readonly severity?: Severity | undefined;
  readonly rule?: FlagRule | undefined;
  readonly text?: string | undefined;
  /** Months of China, `yyyy-mm`: first seen, or closed and closed still. */
  readonly seenIn?: string | undefined;
  readonly closedIn?: string | undefined;
}

const inState: Readonly<Record<NonNullable<FlagFilter['state']>, string>> = {
  open: `state = 'open' AND gone_at IS NULL`,
  reviewing: `state = 'reviewing' AND gone_at IS NULL`,
  closed: `state = 'closed'`,
  standing: `state <> 'closed' AND gone_at IS NULL`,
  gone: `state <> 'closed' AND gone_at IS NOT NULL`,
};

/** The month of China an instant lies in, as SQL. */
const monthOf = (column: string): string => `substr(datetime(${column}, '+8 hours'), 1, 7)`;

/** Flags, the gravest first, of those the newest. */
export function listFlags(
  book: Book,
  filter: FlagFilter,
  page: { readonly after?: string | undefined; readonly limit: number },
) {
  const text = filter.text?.trim() ?? '';
  const where = `${filter.state === undefined ? '1' : inState[filter.state]} AND (:severity = '' OR severity = :severity) AND (:rule = '' OR rule = :rule)
    AND (:text = '' OR subject LIKE :like ESCAPE '\\' OR owner LIKE :like ESCAPE '\\' OR note LIKE :like ESCAPE '\\' OR rule = upper(:text))
    AND (:seenIn = '' OR ${monthOf('first_seen')} = :seenIn)
    AND (:closedIn = '' OR (state = 'closed' AND ${monthOf('closed_at')} = :closedIn))`;
  const only = {
    severity: filter.severity ?? '',
    rule: filter.rule ?? '',
    text,
    like: containing(text),
    seenIn: filter.seenIn ?? '',
    closedIn: filter.closedIn ?? '',
  };
  const [lastRank, lastId] = decodeCursor(page.after, [-1, Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `SELECT ${columns} FROM red_flag WHERE ${where} AND (${rank} > :lastRank OR (${rank} = :lastRank AND id < :lastId))
       ORDER BY ${rank}, id DESC LIMIT :limit`,
    )
    .all({ ...only, lastRank, lastId, limit: page.limit }) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM red_flag WHERE ${where}`).get(only) as { n: number };
  const counts = book
    .prepare(
      `SELECT coalesce(sum(${inState.open}), 0) AS open, coalesce(sum(${inState.reviewing}), 0) AS reviewing, coalesce(sum(${inState.closed}), 0) AS closed,
         coalesce(sum(${inState.gone}), 0) AS gone, coalesce(sum(${inState.standing} AND severity = 'high'), 0) AS high FROM red_flag`,
    )
    .get() as { open: number; reviewing: number; closed: number; gone: number; high: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(viewOf),
    total: n,
    counts,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.rank, last.id]) } : {}),
  };
}

type Step = FlagView['steps'][number];

function stepsOf(book: Book, id: number): Step[] {
  const rows = book
    .prepare(
      'SELECT event, owner, note, due_on AS dueOn, by_name AS by, at FROM red_flag_step WHERE flag_id = ? ORDER BY id',
    )
    .all(id) as (Omit<Step, 'dueOn'> & { dueOn: string | null })[];
  return rows.map(({ dueOn, ...step }) => ({ ...step, ...(dueOn === null ? {} : { dueOn }) }));
}

/** Who did something with a flag, and when. */
export interface Doer {
  /** The clerk at work; empty: the book has none. */
  readonly by: string;
  readonly now: string;
}

function addStep(
  book: Book,
  id: number,
  step: { event: Step['event']; owner: string; note: string; dueOn?: string | undefined },
  { by, now }: Doer,
): void {
  book
    .prepare(
      'INSERT INTO red_flag_step (flag_id, event, owner, note, due_on, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(id, step.event, step.owner, step.note, step.dueOn ?? null, by, now);
}

/** A flag with its rows and its steps. Refusal: `RED_FLAG_UNKNOWN` {id}. */
export function requireFlag(book: Book, id: number): FlagView {
  const row = book.prepare(`SELECT ${columns}, rows FROM red_flag WHERE id = ?`).get(id) as
    | (Row & { rows: string })
    | undefined;
  if (row === undefined) throw new PortbookError('RED_FLAG_UNKNOWN', { id }, 'id');
  const { rows, ...rest } = row;
  return { ...viewOf(rest), rows: bookRow.array().parse(JSON.parse(rows)), steps: stepsOf(book, id) };
}

function requireOpen(book: Book, id: number): FlagView {
  const flag = requireFlag(book, id);
  if (flag.state === 'closed') throw new PortbookError('RED_FLAG_CLOSED', { id }, 'ids');
  return flag;
}

/** Puts flags under review by somebody. Refusals: `RED_FLAG_UNKNOWN`, `RED_FLAG_CLOSED`. */
export function assignFlags(
  book: Book,
  ids: readonly number[],
  of: { readonly owner: string; readonly action: string; readonly dueOn: string | undefined },
  doer: Doer,
): void {
  const assign = book.prepare(
    `UPDATE red_flag SET state = 'reviewing', owner = ?, action = ?, due_on = ? WHERE id = ?`,
  );
  for (const id of ids) {
    requireOpen(book, id);
    assign.run(of.owner, of.action, of.dueOn ?? null, id);
    addStep(book, id, { event: 'assigned', owner: of.owner, note: of.action, dueOn: of.dueOn }, doer);
  }
}

/** Everybody a flag was given to since it was last closed, and who has it now. */
function handlersOf({ owner, steps }: FlagView): ReadonlySet<string> {
  const last = steps.findLastIndex(({ event }) => event === 'closed');
  const given = steps.slice(last + 1).filter(({ event }) => event === 'assigned');
  return new Set([...given.map((step) => step.owner), owner].filter((name) => name !== ''));
}

/**
 * Closes flags with a note, as their rows are now. With a `checker` (the book has several clerks) another has handled them: none of those it
 * was assigned to since it was last closed, so that giving it on to another does not make one the checker of what was his. Refusals:
 * `RED_FLAG_UNKNOWN`, `RED_FLAG_CLOSED`, `RED_FLAG_NOT_HANDLED` {id}, `RED_FLAG_OWN` {clerk}.
 */
export function closeFlags(
  book: Book,
  ids: readonly number[],
  { note, owner, checker }: { readonly note: string; readonly owner: string; readonly checker: string | undefined },
  doer: Doer,
): void {
  const close = book.prepare(
    `UPDATE red_flag SET state = 'closed', note = :note, owner = iif(:owner = '' OR :checker <> '', owner, :owner), closed_by = :checker, closed_at = :now, closed_digest = digest,
       closed_rows = (SELECT json_group_array(json_extract(r.value, '$.kind') || ':' || json_extract(r.value, '$.id')) FROM json_each(rows) r) WHERE id = :id`,
  );
  for (const id of ids) {
    const flag = requireOpen(book, id);
    if (checker !== undefined) {
      if (flag.owner === '') throw new PortbookError('RED_FLAG_NOT_HANDLED', { id }, 'ids');
      if (handlersOf(flag).has(checker)) throw new PortbookError('RED_FLAG_OWN', { clerk: checker }, 'ids');
    }
    close.run({ note, owner, checker: checker ?? '', now: doer.now, id });
    addStep(
      book,
      id,
      { event: 'closed', owner: checker === undefined && owner !== '' ? owner : flag.owner, note },
      doer,
    );
  }
}

/** Opens a closed flag again by hand; why stands in place of its closing note, which its steps keep. Refusals: `RED_FLAG_UNKNOWN`, `RED_FLAG_NOT_CLOSED`. */
export function reopenFlag(book: Book, id: number, note: string, doer: Doer): void {
  const { state, owner } = requireFlag(book, id);
  if (state !== 'closed') throw new PortbookError('RED_FLAG_NOT_CLOSED', { id }, 'id');
  book.prepare(`UPDATE red_flag SET state = 'open', note = ?, reopened = reopened + 1 WHERE id = ?`).run(note, id);
  addStep(book, id, { event: 'reopened', owner, note }, doer);
}

/** Flags first seen and closed in each month of China that has any, in [from, to]: `yyyy-mm`. */
export function flagsByMonth(
  book: Book,
  from: string,
  to: string,
): Map<string, { seen: number; closed: number; high: number }> {
  const rows = book
    .prepare(
      `SELECT month, sum(seen) AS seen, sum(closed) AS closed, sum(high) AS high FROM (
         SELECT ${monthOf('first_seen')} AS month, 1 AS seen, 0 AS closed, severity = 'high' AS high FROM red_flag
         UNION ALL SELECT ${monthOf('closed_at')}, 0, 1, 0 FROM red_flag WHERE state = 'closed')
       WHERE month BETWEEN ? AND ? GROUP BY month`,
    )
    .all(from, to) as { month: string; seen: number; closed: number; high: number }[];
  return new Map(rows.map(({ month: of, ...counts }) => [of, counts]));
}
