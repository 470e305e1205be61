import type { z } from 'zod';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { complaintOutcomes, complaintRow } from '../../../shared/contract/services.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { moneyText, tryParseMoney } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

export type Complaint = z.infer<typeof complaintRow>;
type State = Complaint['state'];

interface Row extends Omit<Complaint, 'amount' | 'isLate' | 'id'> {
  id: number;
  amountMinor: number | null;
  late: number;
}

const select = `SELECT c.id, c.number, c.received_on AS receivedOn, c.due_on AS dueOn, c.channel, c.kind, coalesce(o.order_no, '') AS orderNo,
    c.buyer, c.text, c.demand, c.currency, c.amount_minor AS amountMinor, c.state, c.outcome, c.closed_on AS closedOn,
    c.state = 'open' AND c.due_on IS NOT NULL AND c.due_on < :today AS late
  FROM complaint c LEFT JOIN sales_order o ON o.id = c.order_id`;

function fromRow({ amountMinor, late, ...row }: Row): Complaint {
  const { currency } = row;
  const amount = currency === null || amountMinor === null ? null : moneyText({ minor: BigInt(amountMinor), currency });
  return { ...row, amount, isLate: late === 1 };
}

/** Complaints, the newest first. `late`: open, and the last day of the answer is over on `today`. */
export function listComplaints(
  book: Book,
  filter: {
    readonly state?: State | undefined;
    readonly text?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
  today: string,
): OutputOf<'complaints.list'> {
  const [before] = decodeCursor(filter.after, [Number.MAX_SAFE_INTEGER]);
  const text = filter.text?.trim() ?? '';
  const where = `(:state = '' OR c.state = :state) AND (:text = '' OR c.number LIKE :like ESCAPE '\\' OR o.order_no LIKE :like ESCAPE '\\'
    OR c.buyer LIKE :like ESCAPE '\\' OR c.text LIKE :like ESCAPE '\\')`;
  const only = { state: filter.state ?? '', text, like: containing(text) };
  const rows = book
    .prepare(`${select} WHERE ${where} AND c.id < :before ORDER BY c.id DESC LIMIT :limit`)
    .all({ ...only, today, before, limit: filter.limit }) as Row[];
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM complaint c LEFT JOIN sales_order o ON o.id = c.order_id WHERE ${where}`)
    .get(only) as { n: number };
  const counts = book
    .prepare(
      `SELECT count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'answered') AS answered,
         count(*) FILTER (WHERE state = 'closed') AS closed, count(*) FILTER (WHERE state = 'open' AND due_on < ?) AS late FROM complaint`,
    )
    .get(today) as OutputOf<'complaints.list'>['counts'];
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: n,
    counts,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Refusal: `COMPLAINT_UNKNOWN` {id}. */
export function requireComplaint(book: Book, id: number, today: string): Complaint {
  const row = book.prepare(`${select} WHERE c.id = :id`).get({ id, today }) as Row | undefined;
  if (row === undefined) throw new PortbookError('COMPLAINT_UNKNOWN', { id }, 'id');
  return fromRow(row);
}

/** The order a complaint is of, with what its goods are worth. */
export function orderOfComplaint(book: Book, id: number): OutputOf<'complaints.get'>['order'] {
  const row = book
    .prepare(
      `SELECT o.id, o.order_date AS orderDate, o.currency, o.goods_value_e5 AS valueE5 FROM complaint c JOIN sales_order o ON o.id = c.order_id
       WHERE c.id = ?`,
    )
    .get(id) as { id: number; orderDate: string; currency: string; valueE5: number } | undefined;
  if (row === undefined) return null;
  const { valueE5, ...order } = row;
  return { ...order, amount: storedText(valueE5) };
}

export function stepsOf(book: Book, id: number): OutputOf<'complaints.get'>['steps'] {
  return book
    .prepare('SELECT id, state, text, by_name AS "by", at FROM complaint_step WHERE complaint_id = ? ORDER BY id')
    .all(id) as OutputOf<'complaints.get'>['steps'];
}

function refuseClosed({ state, number }: Complaint): void {
  if (state === 'closed') throw new PortbookError('COMPLAINT_CLOSED', { number }, 'id');
}

/** Enters a complaint, numbered by the year it came in, or corrects one that is not closed; see the contract for its refusals. */
export function saveComplaint(
  book: Book,
  input: ParsedInputOf<'complaints.save'>,
  now: string,
  today: string,
): { readonly id: number; readonly number: string } {
  const { id, orderNo, currency, amount, receivedOn, dueOn, ...fields } = input;
  if (dueOn !== null && dueOn < receivedOn) throw new PortbookError('COMPLAINT_DAYS', { receivedOn, dueOn }, 'dueOn');
  const minor = amount === null || currency === null ? null : tryParseMoney(amount, currency)?.minor;
  if (
    (amount === null) !== (currency === null) ||
    minor === undefined ||
    (minor !== null && (minor <= 0n || minor > BigInt(Number.MAX_SAFE_INTEGER)))
  )
    throw new PortbookError('COMPLAINT_AMOUNT', { amount: amount ?? '', currency: currency ?? '' }, 'amount');
  const order =
    orderNo === ''
      ? undefined
      : (book.prepare('SELECT id FROM sales_order WHERE order_no = ?').get(orderNo) as { id: number } | undefined);
  if (orderNo !== '' && order === undefined) throw new PortbookError('ORDER_NO_UNKNOWN', { orderNo }, 'orderNo');
  const values = {
    ...{ ...fields, receivedOn, dueOn, currency, now },
    minor: minor === null ? null : Number(minor),
    orderId: order?.id ?? null,
  };
  if (id !== undefined) {
    const before = requireComplaint(book, id, today);
    refuseClosed(before);
    book
      .prepare(
        `UPDATE complaint SET order_id = :orderId, received_on = :receivedOn, due_on = :dueOn, channel = :channel, kind = :kind, buyer = :buyer,
           text = :text, demand = :demand, currency = :currency, amount_minor = :minor, updated_at = :now WHERE id = :id`,
      )
      .run({ ...values, id });
    return { id, number: before.number };
  }
  const year = receivedOn.slice(0, 4);
  const number = `KS-${year}-${String(book.nextNumber(`complaint:${year}`)).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO complaint (number, order_id, received_on, due_on, channel, kind, buyer, text, demand, currency, amount_minor, created_at, updated_at)
       VALUES (:number, :orderId, :receivedOn, :dueOn, :channel, :kind, :buyer, :text, :demand, :currency, :minor, :now, :now)`,
    )
    .run({ ...values, number });
  return { id: Number(lastInsertRowid), number };
}

/** Writes down what was said or done and moves it there. Refusals: `COMPLAINT_UNKNOWN`, `COMPLAINT_CLOSED`, `COMPLAINT_OPEN` {number}. */
export function addStep(
  book: Book,
  id: number,
  step: {
    readonly text: string;
    readonly state: State;
    readonly outcome?: (typeof complaintOutcomes)[number];
    readonly isReopening?: boolean;
  },
  now: string,
  today: string,
): string {
  const before = requireComplaint(book, id, today);
  if (step.isReopening !== true) refuseClosed(before);
  else if (before.state !== 'closed') throw new PortbookError('COMPLAINT_OPEN', { number: before.number }, 'id');
  book
    .prepare('INSERT INTO complaint_step (complaint_id, state, text, by_name, at) VALUES (?, ?, ?, ?, ?)')
    .run(id, step.state, step.text, book.who(), now);
  book
    .prepare('UPDATE complaint SET state = ?, outcome = ?, closed_on = ?, updated_at = ? WHERE id = ?')
    .run(step.state, step.outcome ?? null, step.state === 'closed' ? today : null, now, id);
  return before.number;
}
