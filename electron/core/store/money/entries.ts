import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import type { MoneyRecordKind } from '../../../../shared/contract/money.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { StatementEntry, StatementProof } from '../../../../shared/import/statement.ts';
import { moneyText } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { maskedNumber } from './accounts.ts';

/** A line of a statement: in positive, out negative, in minor units of the account's currency. */
export interface MoneyEntry {
  readonly id: number;
  readonly accountId: number;
  readonly accountName: string;
  readonly place: 'home' | 'abroad';
  readonly currency: string;
  readonly store: string | null;
  readonly date: string;
  readonly time: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly balanceMinor: number | null;
  readonly counterparty: string;
  readonly counterpartyAccount: string;
  readonly reference: string;
  readonly text: string;
  readonly state: 'open' | 'recorded' | 'ignored';
  readonly reason: string;
  readonly recordId: number | null;
  readonly recordNumber: string | null;
}

const select = `SELECT e.id, e.account_id AS accountId, a.name AS accountName, a.place, a.currency, a.store, e.date, e.time, e.amount_minor AS amountMinor,
    e.fee_minor AS feeMinor, e.balance_minor AS balanceMinor, e.counterparty, e.counterparty_account AS counterpartyAccount, e.reference, e.text,
    e.state, e.reason, e.record_id AS recordId, r.number AS recordNumber
  FROM money_entry e JOIN money_account a ON a.id = e.account_id LEFT JOIN money_record r ON r.id = e.record_id`;

/** Refusal: `MONEY_ENTRY_UNKNOWN` {id}. */
export function requireEntry(book: Book, id: number, path = 'id'): MoneyEntry {
  const row = book.prepare(`${select} WHERE e.id = ?`).get(id) as MoneyEntry | undefined;
  if (row === undefined) throw new PortbookError('MONEY_ENTRY_UNKNOWN', { id }, path);
  return row;
}

/** As {@link requireEntry}; refusal besides: `MONEY_ENTRY_NOT_OPEN` {id}. */
export function requireOpenEntry(book: Book, id: number, path = 'id'): MoneyEntry {
  const entry = requireEntry(book, id, path);
  if (entry.state !== 'open') throw new PortbookError('MONEY_ENTRY_NOT_OPEN', { id }, path);
  return entry;
}

type Filter = ParsedInputOf<'moneyEntries.list'>;

/** Lines of a filter, newest first, with what they come to by currency. */
export function listEntries(
  book: Book,
  filter: Filter,
): {
  readonly rows: MoneyEntry[];
  readonly total: number;
  readonly nextCursor?: string;
  readonly totals: OutputOf<'moneyEntries.list'>['totals'];
} {
  const [date, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const terms = ['1'];
  const values: Record<string, string | number> = {};
  const add = (term: string, bound: Record<string, string | number>): void => {
    terms.push(term);
    Object.assign(values, bound);
  };
  if (filter.accountId !== undefined) add('e.account_id = :account', { account: filter.accountId });
  if (filter.state !== undefined) add('e.state = :state', { state: filter.state });
  if (filter.from !== undefined) add('e.date >= :from', { from: filter.from });
  if (filter.to !== undefined) add('e.date <= :to', { to: filter.to });
  const sought = filter.text?.trim() ?? '';
  if (sought !== '')
    add(
      `(e.counterparty LIKE :like ESCAPE '\\' OR e.reference LIKE :like ESCAPE '\\' OR e.text LIKE :like ESCAPE '\\')`,
      { like: containing(sought) },
    );
  const where = terms.join(' AND ');
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (e.date, e.id) < (:lastDate, :lastId) ORDER BY e.date DESC, e.id DESC LIMIT :limit`,
    )
    .all({ ...values, lastDate: date, lastId: id, limit: filter.limit }) as MoneyEntry[];
  const sums = book
    .prepare(
      `SELECT a.currency, count(*) AS n, sum(max(e.amount_minor, 0)) AS came, sum(min(e.amount_minor, 0)) AS went
       FROM money_entry e JOIN money_account a ON a.id = e.account_id WHERE ${where} GROUP BY 1 ORDER BY 1`,
    )
    .all(values) as { currency: string; n: number; came: number; went: number }[];
  const last = rows.at(-1);
  return {
    rows,
    total: sums.reduce((all, { n }) => all + n, 0),
    totals: sums.map(({ currency, came, went }) => ({
      currency,
      in: moneyText({ minor: BigInt(came), currency }),
      out: moneyText({ minor: BigInt(-went), currency }),
    })),
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** A line as the screen shows it. */
export function entryRow(entry: MoneyEntry): OutputOf<'moneyEntries.list'>['rows'][number] {
  const { currency } = entry;
  const text = (minor: number): string => moneyText({ minor: BigInt(minor), currency });
  return {
    id: entry.id,
    account: { id: entry.accountId, name: entry.accountName, currency },
    date: entry.date,
    time: entry.time,
    amount: text(entry.amountMinor),
    fee: text(entry.feeMinor),
    ...(entry.balanceMinor === null ? {} : { balance: text(entry.balanceMinor) }),
    counterparty: entry.counterparty,
    counterpartyAccount: maskedNumber(entry.counterpartyAccount),
    reference: entry.reference,
    text: entry.text,
    state: entry.state,
    reason: entry.reason,
    ...(entry.recordId === null || entry.recordNumber === null
      ? {}
      : { record: { id: entry.recordId, number: entry.recordNumber } }),
  };
}

/** Says which record a line is of. */
export function joinEntry(book: Book, entryId: number, recordId: number): void {
  book
    .prepare(`UPDATE money_entry SET state = 'recorded', reason = '', record_id = ? WHERE id = ?`)
    .run(recordId, entryId);
}

/** Whether a line of an account is of a record already. */
export function hasEntryOf(book: Book, recordId: number, accountId: number): boolean {
  return (
    book
      .prepare('SELECT 1 FROM money_entry WHERE record_id = ? AND account_id = ? LIMIT 1')
      .get(recordId, accountId) !== undefined
  );
}

/** Refusals: `MONEY_ENTRY_UNKNOWN`, `MONEY_ENTRY_NOT_OPEN`. */
export function ignoreEntries(book: Book, ids: readonly number[], reason: string): void {
  const put = book.prepare(`UPDATE money_entry SET state = 'ignored', reason = ? WHERE id = ?`);
  for (const [at, id] of ids.entries()) put.run(reason, requireOpenEntry(book, id, `ids.${at}`).id);
}

/** Opens lines again; what is open already stays. @returns how many were opened */
export function reopenEntries(book: Book, ids: readonly number[]): number {
  const put = book.prepare(`UPDATE money_entry SET state = 'open', reason = '', record_id = NULL WHERE id = ?`);
  let opened = 0;
  for (const [at, id] of ids.entries()) {
    if (requireEntry(book, id, `ids.${at}`).state === 'open') continue;
    put.run(id);
    opened += 1;
  }
  return opened;
}

// What a line may be ---------------------------------------------------------------------------------------------------

/** Open lines of other accounts that move the other way within some days of a line. */
export function oppositeEntries(book: Book, entry: MoneyEntry, from: string, to: string): MoneyEntry[] {
  return book
    .prepare(
      `${select} WHERE e.state = 'open' AND e.date BETWEEN :from AND :to AND e.account_id <> :account AND (e.amount_minor > 0) <> (:amount > 0)
       ORDER BY e.date, e.id LIMIT 500`,
    )
    .all({ from, to, account: entry.accountId, amount: entry.amountMinor }) as MoneyEntry[];
}

/** A record entered before that no line of this account is joined to, and that says this very amount of it. */
export function recordSaying(
  book: Book,
  entry: MoneyEntry,
  from: string,
  to: string,
): { readonly id: number; readonly number: string; readonly kind: MoneyRecordKind } | undefined {
  const incoming = entry.amountMinor > 0;
  return book
    .prepare(
      `SELECT r.id, r.number, r.kind FROM money_record r
       WHERE r.state = 'entered' AND r.date BETWEEN :from AND :to
         AND ((r.account_id = :account AND r.kind IN (${incoming ? `'receipt','refund-in','interest'` : `'payment','settlement','exchange','transfer','refund-out','fee'`})
             AND :amount IN (r.amount_minor, r.amount_minor + iif(r.kind IN ('receipt','refund-in','interest'), 0, r.fee_minor)))
           OR (:incoming = 1 AND r.to_account_id = :account AND r.to_amount_minor = :amount))
         AND NOT EXISTS (SELECT 1 FROM money_entry e WHERE e.record_id = r.id AND e.account_id = :account)
       ORDER BY abs(julianday(r.date) - julianday(:date)), r.id LIMIT 1`,
    )
    .get({
      from,
      to,
      account: entry.accountId,
      amount: Math.abs(entry.amountMinor),
      incoming: incoming ? 1 : 0,
      date: entry.date,
    }) as { id: number; number: string; kind: MoneyRecordKind } | undefined;
}

/** A receipt (of what comes in: a payment) that a line may pay back: same counterparty, in the account's currency, of at least the amount. */
export function recordPaidBack(
  book: Book,
  entry: MoneyEntry,
): { readonly id: number; readonly number: string } | undefined {
  if (entry.counterparty === '') return undefined;
  return book
    .prepare(
      `SELECT id, number FROM money_record WHERE state = 'entered' AND kind = ? AND currency = ? AND counterparty = ? COLLATE NOCASE
         AND amount_minor + fee_minor >= ? AND date <= ? ORDER BY date DESC, id DESC LIMIT 1`,
    )
    .get(
      entry.amountMinor > 0 ? 'payment' : 'receipt',
      entry.currency,
      entry.counterparty,
      Math.abs(entry.amountMinor),
      entry.date,
    ) as { id: number; number: string } | undefined;
}

// Import ------------------------------------------------------------------------------------------------------------------

/** How many lines of a fingerprint an account has. */
export function entryCount(book: Book, accountId: number, fingerprint: string): number {
  const { n } = book
    .prepare('SELECT count(*) AS n FROM money_entry WHERE account_id = ? AND fingerprint = ?')
    .get(accountId, fingerprint) as { n: number };
  return n;
}

/** Writes the lines of a statement and what it proved. A line of no amount needs no record. */
export function applyStatement(
  book: Book,
  of: { readonly accountId: number; readonly runId: number; readonly now: string },
  entries: readonly StatementEntry[],
  proof: StatementProof | undefined,
): void {
  const insert = book.prepare(
    `INSERT INTO money_entry (account_id, date, time, amount_minor, fee_minor, balance_minor, counterparty, counterparty_account, reference, text,
       fingerprint, occurrence, import_run_id, source_row, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, iif(? = 0, 'ignored', 'open'), ?)`,
  );
  const { accountId, runId, now } = of;
  for (const one of entries)
    insert.run(
      accountId,
      one.date,
      one.time,
      one.amountMinor,
      one.feeMinor,
      one.balanceMinor ?? null,
      one.counterparty,
      one.counterpartyAccount,
      one.reference,
      one.text,
      one.fingerprint,
      one.occurrence,
      runId,
      one.row,
      one.amountMinor,
      now,
    );
  if (proof === undefined) return;
  book
    .prepare(
      `INSERT INTO money_statement (account_id, import_run_id, from_date, to_date, entries, in_minor, out_minor, opening_minor, balance_minor, breaks, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      accountId,
      runId,
      proof.from,
      proof.to,
      proof.entries,
      proof.inMinor,
      proof.outMinor,
      proof.openingMinor ?? null,
      proof.closingMinor ?? null,
      proof.breaks,
      now,
    );
}
