import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { deadlineEntry, type deadlineStates } from '../../../shared/contract/obligations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { DeadlineRuleId } from '../../../shared/rules/deadlines/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export type DeadlineState = (typeof deadlineStates)[number];

/** A person's word on a reminder. */
export interface DeadlineNote {
  readonly state: DeadlineState;
  readonly until: string | null;
  readonly reason: string | null;
}

/** The key of a word: the rule and its subject (declaration number, period, number or id). */
const keyOf = (rule: DeadlineRuleId, subject: string): string => `${rule}|${subject}`;

/** Snoozed until today is open again. */
const stateOf = `CASE WHEN n.state = 'done' THEN 'done' WHEN n.state = 'snoozed' AND n.until > :today THEN 'snoozed' ELSE 'open' END`;

/** Words on a rule by subject; for rules of few subjects. */
export function notesOf(book: Book, rule: DeadlineRuleId, today: string): Map<string, DeadlineNote> {
  const prefix = keyOf(rule, '');
  const rows = book
    .prepare(
      `SELECT n.key, ${stateOf} AS state, n.until, n.reason FROM deadline_note n WHERE n.key >= :prefix AND n.key < :end`,
    )
    .all({ today, prefix, end: `${rule}}` }) as ({ key: string } & DeadlineNote)[];
  return new Map(rows.map(({ key, ...note }) => [key.slice(prefix.length), note]));
}

/** Writes a word for subjects; one said before gives way, but not a done one to a later snooze of all. Returns how many. */
export function putNotes(
  book: Book,
  rule: DeadlineRuleId,
  subjects: readonly string[],
  note: { readonly state: 'snoozed' | 'done'; readonly until: string | null; readonly reason: string },
  at: string,
): number {
  const put = book.prepare(
    `INSERT INTO deadline_note (key, state, until, reason, changed_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET state = excluded.state, until = excluded.until, reason = excluded.reason, changed_at = excluded.changed_at`,
  );
  for (const subject of subjects) put.run(keyOf(rule, subject), note.state, note.until, note.reason, at);
  return subjects.length;
}

/** Takes words back; with `at` only those of that instant. Returns how many. */
export function removeNotes(
  book: Book,
  rule: DeadlineRuleId,
  subjects: readonly string[],
  at: string | undefined,
): number {
  const remove = book.prepare('DELETE FROM deadline_note WHERE key = ? AND (? IS NULL OR changed_at = ?)');
  let removed = 0;
  for (const subject of subjects) removed += remove.run(keyOf(rule, subject), at ?? null, at ?? null).changes;
  return removed;
}

// Clocks of export lines -----------------------------------------------------------------------------------------------
/** Rules whose clocks run by declaration. */
export const exportClocks = [
  'refundFiling',
  'receipt',
  'receiptByContract',
  'hardLimit',
  'archivePapers',
  'warehouseSettlement',
] as const satisfies readonly DeadlineRuleId[];
export type ExportClock = (typeof exportClocks)[number];

/**
 * By clock: the column it runs from, whether it still runs, the money that hangs on it. `claimed_period` is a month; its
 * day of claim is looked up by the caller.
 */
const clocks: Readonly<Record<ExportClock, { event: string; runs: string; amount: string }>> = {
  refundFiling: {
    event: 'e.export_date',
    runs: `e.claimed_period IS NULL AND e.regime IS NOT 'taxed'`,
    amount: 'e.fob_fen',
  },
  receipt: {
    event: 'e.export_date',
    runs: `e.contract_receipt_date IS NULL AND e.received_on IS NULL AND e.deemed_received IS NULL AND (e.regime IS NULL OR e.regime = 'refund')`,
    amount: 'e.fob_fen',
  },
  receiptByContract: {
    event: 'e.contract_receipt_date',
    runs: `e.contract_receipt_date IS NOT NULL AND e.received_on IS NULL AND e.deemed_received IS NULL AND (e.regime IS NULL OR e.regime = 'refund')`,
    amount: 'e.fob_fen',
  },
  hardLimit: {
    event: 'e.export_date',
    runs: `e.claimed_period IS NULL AND e.regime IS NOT 'taxed'`,
    amount: 'e.fob_fen',
  },
  archivePapers: {
    event: 'e.claimed_period',
    runs: `e.claimed_period IS NOT NULL AND e.regime = 'refund' AND coalesce(a.papers, 0) < json_array_length(:required, '$."' || e.mode || '"')`,
    amount: 'e.fob_fen',
  },
  warehouseSettlement: {
    event: 'e.pre_refund_done_on',
    runs: `e.mode = '9810' AND e.pre_refund_done_on IS NOT NULL AND e.pre_refund_fen > 0`,
    amount: 'e.pre_refund_fen',
  },
};

/** Required papers that a declaration has; the codes of each mode are `:required`, `{"9610":["contract", …]}`. */
const archived = `LEFT JOIN (
    SELECT p.subject_id, count(DISTINCT p.paper) AS papers FROM archive_paper p
    WHERE p.subject_kind = 'declaration' AND p.removed_at IS NULL
      AND p.paper IN (SELECT c.value FROM json_each(:required) m, json_each(m.value) c)
    GROUP BY p.subject_id) a ON a.subject_id = e.declaration_no`;

const source = (clock: ExportClock): string =>
  `FROM export_line e LEFT JOIN deadline_note n ON n.key = '${clock}|' || e.declaration_no
   ${clock === 'archivePapers' ? archived : ''}
   WHERE ${clocks[clock].event} BETWEEN :from AND :to AND ${clocks[clock].runs}`;

/** Declarations whose clock runs from one day, with the same word on them. Amounts in fen. */
export interface ClockGroup extends DeadlineNote {
  /** `yyyy-mm-dd`; of `archivePapers` the month of the claim. */
  readonly event: string;
  readonly exportDate: string;
  readonly declarations: number;
  readonly lines: number;
  readonly amountFen: number;
  readonly amountMissing: number;
  /** One of the declarations: the only one where there is one. */
  readonly declarationNo: string;
}

export interface ClockRange {
  readonly from: string;
  readonly to: string;
  readonly today: string;
  /** JSON of the required papers by mode; only read by `archivePapers`. */
  readonly required: string;
}

const parameters = (clock: ExportClock, { from, to, today, required }: ClockRange) =>
  clock === 'archivePapers' ? { from, to, today, required } : { from, to, today };

/** Running clocks with an event in [from, to], grouped by it: few rows however many lines there are. */
export function clockGroups(book: Book, clock: ExportClock, range: ClockRange): ClockGroup[] {
  const { event, amount } = clocks[clock];
  // A contract's day is capped from the export date, so that both tell groups apart.
  const exportDate = clock === 'receiptByContract' ? 'e.export_date' : 'min(e.export_date)';
  return book
    .prepare(
      `SELECT ${event} AS event, ${exportDate} AS exportDate, count(DISTINCT e.declaration_no) AS declarations, count(*) AS lines,
         coalesce(sum(${amount}), 0) AS amountFen, sum(${amount} IS NULL) AS amountMissing, min(e.declaration_no) AS declarationNo,
         ${stateOf} AS state, n.until, n.reason
       ${source(clock)}
       GROUP BY ${event}${clock === 'receiptByContract' ? ', e.export_date' : ''}, 8, n.until, n.reason`,
    )
    .all(parameters(clock, range)) as ClockGroup[];
}

export interface ClockDeclaration extends DeadlineNote {
  readonly declarationNo: string;
  readonly event: string;
  readonly lines: number;
  readonly amountFen: number;
  readonly amountMissing: number;
}

/** Declarations of given events whose word is `state`, by number. */
export function clockDeclarations(
  book: Book,
  clock: ExportClock,
  range: ClockRange,
  of: { readonly events: readonly string[]; readonly state: DeadlineState },
  page: { readonly after: string | undefined; readonly limit: number },
): { rows: ClockDeclaration[]; total: number; nextCursor?: string } {
  const { event, amount } = clocks[clock];
  const [after] = decodeCursor(page.after, ['']);
  const values = { ...parameters(clock, range), events: JSON.stringify(of.events), state: of.state };
  const where = `AND ${event} IN (SELECT value FROM json_each(:events)) AND ${stateOf} = :state`;
  const rows = book
    .prepare(
      `SELECT e.declaration_no AS declarationNo, min(${event}) AS event, count(*) AS lines, coalesce(sum(${amount}), 0) AS amountFen,
         sum(${amount} IS NULL) AS amountMissing, ${stateOf} AS state, n.until, n.reason
       ${source(clock)} ${where} AND e.declaration_no > :after GROUP BY e.declaration_no ORDER BY e.declaration_no LIMIT :limit`,
    )
    .all({ ...values, after, limit: page.limit }) as ClockDeclaration[];
  const { total } = book
    .prepare(`SELECT count(DISTINCT e.declaration_no) AS total ${source(clock)} ${where}`)
    .get(values) as { total: number };
  const last = rows.at(-1);
  return {
    rows,
    total,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.declarationNo]) } : {}),
  };
}

/** The first day a refund of each month was claimed on, from the documents the claims posted. */
export function claimDays(book: Book): Map<string, string> {
  const rows = book
    .prepare(
      `SELECT json_extract(body, '$.period') AS period, min(date) AS date FROM source_document
       WHERE kind = 'refund-receivable' AND state <> 'void' GROUP BY period`,
    )
    .all() as { period: string | null; date: string }[];
  return new Map(rows.flatMap(({ period, date }) => (period === null ? [] : [[period, date] as const])));
}

/** Refund claims (申报批次) of months in [from, to], with what was claimed, in fen. */
export function refundClaims(
  book: Book,
  from: string,
  to: string,
): { period: string; batch: string; declarations: number; lines: number; refundFen: number }[] {
  return book
    .prepare(
      `SELECT e.claimed_period AS period, coalesce(e.claim_batch, '') AS batch, count(DISTINCT e.declaration_no) AS declarations,
         count(*) AS lines,
         coalesce(sum((SELECT sum(m.refund_fen) FROM refund_match m WHERE m.export_line_id = e.id)), 0) AS refundFen
       FROM export_line e WHERE e.claimed_period BETWEEN ? AND ? AND e.regime = 'refund' GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all(from, to) as { period: string; batch: string; declarations: number; lines: number; refundFen: number }[];
}

/** The China date the book was begun on. */
export function bookBegun(book: Book): string | undefined {
  return (
    book.prepare(`SELECT date(at, '+8 hours') AS day FROM audit ORDER BY id LIMIT 1`).get() as
      | { day: string }
      | undefined
  )?.day;
}

// Own entries ---------------------------------------------------------------------------------------------------------
export type DeadlineEntry = z.output<typeof deadlineEntry>;
/** A tax fact of this name is a date typed in: period the day, subject its id, value the entry. */
const factName = 'deadline';

/** Entries by day. */
export function listEntries(book: Book, from: string, to: string): { id: string; entry: DeadlineEntry }[] {
  const rows = book
    .prepare(
      `SELECT subject AS id, value FROM tax_fact WHERE name = ? AND period BETWEEN ? AND ? ORDER BY period, subject`,
    )
    .all(factName, from, to) as { id: string; value: string }[];
  return rows.map(({ id, value }) => ({ id, entry: deadlineEntry.parse(JSON.parse(value)) }));
}

export function addEntry(book: Book, entry: DeadlineEntry, at: string): string {
  const id = randomUUID();
  book
    .prepare('INSERT INTO tax_fact (name, period, subject, value, source, entered_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(factName, entry.date, id, JSON.stringify(entry), entry.source, at);
  return id;
}

/** Takes an entry away and answers it. Throws `DEADLINE_UNKNOWN`. */
export function removeEntry(book: Book, id: string): DeadlineEntry {
  const row = book.prepare('DELETE FROM tax_fact WHERE name = ? AND subject = ? RETURNING value').get(factName, id) as
    | { value: string }
    | undefined;
  if (row === undefined) throw new PortbookError('DEADLINE_UNKNOWN', { id });
  return deadlineEntry.parse(JSON.parse(row.value));
}

// Rules switched off --------------------------------------------------------------------------------------------------
/** The key of a rule's switch. */
export const offKey = (id: DeadlineRuleId): string => `deadline.${id}`;

/** Deadline rules the firm has switched off, with the reason. */
export function rulesOff(book: Book): Map<string, { reason: string; changedAt: string }> {
  const rows = book
    .prepare(
      `SELECT rule, reason, changed_at AS changedAt FROM rule_off WHERE rule >= 'deadline.' AND rule < 'deadline/'`,
    )
    .all() as { rule: string; reason: string; changedAt: string }[];
  return new Map(rows.map(({ rule, ...off }) => [rule.slice('deadline.'.length), off]));
}
