import { addMonths, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { AccountView } from '../../../shared/contract/accounting.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  type Dimensions,
  type Posting,
  type RateFound,
  reversedPostings,
  voucherLabel,
  voucherProblem,
} from '../../../shared/ledger/index.ts';
import { chartOf, checkPosting } from './accounts.ts';
import type { Book } from './book.ts';

/** Where a voucher comes from: a kind and the id in it. `manual` is one typed in, and its own source. */
export interface VoucherSource {
  readonly kind: string;
  readonly id: string;
}

export interface VoucherDraft {
  /** `yyyy-mm-dd`; its month is the period whose numbers it takes. */
  readonly date: string;
  readonly text: string;
  /** Id of the rule that made it, e.g. `sale.released`. */
  readonly rule: string;
  readonly source: VoucherSource;
  /** The one rate of its foreign amounts, where there is one. */
  readonly rate?: RateFound | undefined;
  readonly reverses?: number | undefined;
  /** A closing entry (结转损益): left out of income and turnover reports. */
  readonly closing?: boolean | undefined;
  /** Of balances as a whole (closing, revaluation): accounts do not ask for their dimensions. */
  readonly free?: boolean | undefined;
  readonly postings: readonly Posting[];
}

/** The store keeps minor units as numbers; beyond 2^53 it would lose some, so it refuses: `AMOUNT_RANGE`. */
function storable(value: bigint, path: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new PortbookError('AMOUNT_RANGE', {}, path);
  return number;
}

/** The last closed period (`yyyy-mm`); empty when none is. */
export function lastClosed(book: Book): string {
  const row = book.prepare(`SELECT max(period) AS period FROM period WHERE state = 'closed'`).get() as {
    period: string | null;
  };
  return row.period ?? '';
}

/** The date itself where its period is open, or the first day of the first open period. */
export function openDate(book: Book, date: string): string {
  const closed = lastClosed(book);
  if (date.slice(0, 7) > closed) return date;
  const first = parseIsoDate(`${closed}-01`);
  if (first === undefined) throw new RangeError(`no period: ${closed}`);
  return addMonths(first, 1);
}

function movedTo(draft: VoucherDraft, date: string): VoucherDraft {
  return date === draft.date ? draft : { ...draft, date, text: `${draft.text}（原 ${draft.date}）` };
}

/** The draft where it can be posted: one of a closed period takes the first open day and says so in its text. */
export function inOpenPeriod(book: Book, draft: VoucherDraft): VoucherDraft {
  return movedTo(draft, openDate(book, draft.date));
}

interface Checks {
  readonly chart: ReadonlyMap<string, AccountView>;
  readonly closed: string;
}

/** `PERIOD_CLOSED` {period} for a date in a closed month, of which `closed` is the last. */
export function closedRefusal(date: string, closed: string, path: string): PortbookError | undefined {
  const period = date.slice(0, 7);
  return period <= closed ? new PortbookError('PERIOD_CLOSED', { period }, `${path}date`) : undefined;
}

/** What is wrong with the postings as a whole, as {@link voucherProblem} finds it. */
export function balanceRefusal(postings: readonly Posting[], path: string): PortbookError | undefined {
  const problem = voucherProblem(postings);
  if (problem === undefined) return undefined;
  const { code, ...params } = problem;
  return new PortbookError(code, params, `${path}lines`);
}

/** Everything a voucher is refused for; see {@link postVouchers}. Writes nothing. */
function check(draft: VoucherDraft, { chart, closed }: Checks, path: string): void {
  const refusal = closedRefusal(draft.date, closed, path) ?? balanceRefusal(draft.postings, path);
  if (refusal !== undefined) throw refusal;
  // What was posted can be taken back whatever has become of its accounts.
  if (draft.reverses !== undefined) return;
  const free = draft.free === true || draft.closing === true;
  for (let at = 0; at < draft.postings.length; at++) {
    const posting = draft.postings[at];
    if (posting !== undefined) checkPosting(chart, posting, `${path}lines.${at}`, free);
  }
}

/**
 * Posts vouchers in their order, all or none, each with the next number of its month, without gaps, and brings the
 * balances up to date. This is the only way into the ledger. Refusals, with the path `<n>.lines.<n>.…` of a batch or `lines.<n>.…`
 * of one: `VOUCHER_UNBALANCED` {currency, difference}, `VOUCHER_EMPTY`, `VOUCHER_CNY`, `DATE_INVALID`, `PERIOD_CLOSED`,
 * `ACCOUNT_UNKNOWN`, `ACCOUNT_GROUP`, `ACCOUNT_INACTIVE`, `DIMENSION_MISSING`, `ACCOUNT_NO_QUANTITY`, `AMOUNT_RANGE`.
 * @returns the vouchers' ids
 */
export function postVouchers(book: Book, drafts: readonly VoucherDraft[], now: string): number[] {
  return book.transaction(() => {
    const checks: Checks = { chart: chartOf(book), closed: lastClosed(book) };
    const voucher = book.prepare(
      `INSERT INTO voucher (period, number, date, text, rule, source_kind, source_id, rate, rate_date, reverses, posted_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const line = book.prepare(
      `INSERT INTO posting (voucher_id, position, account, date, currency, amount_minor, cny_fen, text, qty_e5, closing, party_id, sku,
         order_id, shipment_id, store) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const next = new Map<string, number>();
    const ids: number[] = [];
    const turnovers = new Turnovers();
    let knownDate = '';
    for (const [index, draft] of drafts.entries()) {
      const path = drafts.length === 1 ? '' : `${index}.`;
      const { date } = draft;
      if (date !== knownDate && parseIsoDate(date) === undefined)
        throw new PortbookError('DATE_INVALID', { date }, `${path}date`);
      knownDate = date;
      check(draft, checks, path);
      const period = date.slice(0, 7);
      const number = next.get(period) ?? nextNumber(book, period);
      next.set(period, number + 1);
      const { lastInsertRowid } = voucher.run(
        period,
        number,
        date,
        draft.text,
        draft.rule,
        draft.source.kind,
        draft.source.id,
        draft.rate?.cnyPerUnit ?? null,
        draft.rate?.date ?? null,
        draft.reverses ?? null,
        now,
      );
      const id = Number(lastInsertRowid);
      const closing = draft.closing === true ? 1 : 0;
      let position = 0;
      for (const posting of draft.postings) {
        position += 1;
        const at = `${path}lines.${position - 1}`;
        const minor = storable(posting.amountMinor, at);
        const fen = storable(posting.cnyFen, at);
        turnovers.add(period, closing, posting.account, posting.currency, minor, fen);
        line.run(
          id,
          position,
          posting.account,
          date,
          posting.currency,
          minor,
          fen,
          posting.text ?? null,
          posting.qtyE5 === undefined ? null : storable(posting.qtyE5, at),
          closing,
          posting.partyId ?? null,
          posting.sku ?? null,
          posting.orderId ?? null,
          posting.shipmentId ?? null,
          posting.store ?? null,
        );
      }
      ids.push(id);
    }
    const keep = book.prepare(
      'INSERT INTO number_series (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = excluded.next',
    );
    for (const [period, number] of next) keep.run(`voucher:${period}`, number);
    turnovers.write(book);
    return ids;
  });
}

/** What a batch adds to the balances, a month's account and currency at a time. */
class Turnovers {
  readonly #rows = new Map<string, [string, number, string, string, number, number, number, number]>();

  add(period: string, closing: number, account: string, currency: string, minor: number, fen: number): void {
    const key = `${period}${closing}${account} ${currency}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = [period, closing, account, currency, 0, 0, 0, 0];
      this.#rows.set(key, row);
    }
    if (minor > 0) row[4] += minor;
    else row[5] -= minor;
    if (fen > 0) row[6] += fen;
    else row[7] -= fen;
  }

  write(book: Book): void {
    const upsert = book.prepare(
      `INSERT INTO balance (period, closing, account, currency, debit_minor, credit_minor, debit_fen, credit_fen)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (period, closing, account, currency) DO UPDATE SET
         debit_minor = debit_minor + excluded.debit_minor, credit_minor = credit_minor + excluded.credit_minor,
         debit_fen = debit_fen + excluded.debit_fen, credit_fen = credit_fen + excluded.credit_fen`,
    );
    for (const row of this.#rows.values()) upsert.run(...row);
  }
}

function nextNumber(book: Book, period: string): number {
  const row = book.prepare('SELECT next FROM number_series WHERE name = ?').get(`voucher:${period}`) as
    | { next: number }
    | undefined;
  return row?.next ?? 1;
}

/** Posts one voucher, as {@link postVouchers}. @returns its id */
export function postVoucher(book: Book, draft: VoucherDraft, now: string): number {
  const [id] = postVouchers(book, [draft], now);
  if (id === undefined) throw new Error('a posted voucher has an id');
  return id;
}

// Reversal ------------------------------------------------------------------------------------------------------------

interface StoredVoucher {
  id: number;
  period: string;
  number: number;
  date: string;
  text: string;
  rule: string;
  source_kind: string;
  source_id: string;
  rate: string | null;
  rate_date: string | null;
  reverses: number | null;
}

interface StoredLine {
  account: string;
  currency: string;
  amount_minor: number;
  cny_fen: number;
  text: string | null;
  qty_e5: number | null;
  closing: number;
  party_id: number | null;
  sku: string | null;
  order_id: number | null;
  shipment_id: number | null;
  store: string | null;
}

const voucherSelect =
  'SELECT v.id, v.period, v.number, v.date, v.text, v.rule, v.source_kind, v.source_id, v.rate, v.rate_date, v.reverses FROM voucher v';
const isLive = 'v.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id)';

function requireStored(book: Book, id: number): StoredVoucher {
  const row = book.prepare(`${voucherSelect} WHERE v.id = ?`).get(id) as StoredVoucher | undefined;
  if (row === undefined) throw new PortbookError('VOUCHER_UNKNOWN', { id });
  return row;
}

function draftOf(book: Book, row: StoredVoucher): VoucherDraft {
  const lines = book
    .prepare(
      `SELECT account, currency, amount_minor, cny_fen, text, qty_e5, closing, party_id, sku, order_id, shipment_id, store
       FROM posting WHERE voucher_id = ? ORDER BY position`,
    )
    .all(row.id) as StoredLine[];
  return {
    date: row.date,
    text: row.text,
    rule: row.rule,
    source: { kind: row.source_kind, id: row.source_id },
    rate: row.rate === null ? undefined : { cnyPerUnit: row.rate, date: row.rate_date ?? row.date },
    reverses: row.reverses ?? undefined,
    closing: lines.some(({ closing }) => closing === 1),
    postings: lines.map((line) => ({
      account: line.account,
      currency: line.currency,
      amountMinor: BigInt(line.amount_minor),
      cnyFen: BigInt(line.cny_fen),
      text: line.text ?? undefined,
      qtyE5: line.qty_e5 === null ? undefined : BigInt(line.qty_e5),
      partyId: line.party_id ?? undefined,
      sku: line.sku ?? undefined,
      orderId: line.order_id ?? undefined,
      shipmentId: line.shipment_id ?? undefined,
      store: line.store ?? undefined,
    })),
  };
}

/** Takes a voucher back (红字冲销) by one with its sides exchanged; whoever calls has seen to whose voucher it is. */
function reverse(book: Book, row: StoredVoucher, date: string, reason: string, now: string): number {
  const draft = draftOf(book, row);
  return postVoucher(
    book,
    {
      ...draft,
      date,
      text: `冲销 ${voucherLabel(row.period, row.number)} ${reason}`.trim(),
      reverses: row.id,
      postings: reversedPostings(draft.postings),
    },
    now,
  );
}

/**
 * Reverses a voucher that was typed in. Refusals: `VOUCHER_UNKNOWN`, `VOUCHER_REVERSED` {label} for one that was reversed
 * or is itself a reversal, `VOUCHER_OF_DOCUMENT` {label, kind} for one of a document, which is taken back there,
 * `REVERSAL_TOO_EARLY` {label, date} for a day before the voucher's own, and those of {@link postVouchers}.
 * @returns the reversal's id
 */
export function reverseVoucher(
  book: Book,
  reversal: { readonly id: number; readonly date: string; readonly reason: string },
  now: string,
): number {
  return book.transaction(() => {
    const row = requireStored(book, reversal.id);
    const label = voucherLabel(row.period, row.number);
    if (row.source_kind !== 'manual')
      throw new PortbookError('VOUCHER_OF_DOCUMENT', { label, kind: row.source_kind }, 'id');
    if (book.prepare(`SELECT 1 FROM voucher v WHERE v.id = ? AND ${isLive}`).get(row.id) === undefined)
      throw new PortbookError('VOUCHER_REVERSED', { label }, 'id');
    if (reversal.date < row.date) throw new PortbookError('REVERSAL_TOO_EARLY', { label, date: row.date }, 'date');
    return reverse(book, row, reversal.date, reversal.reason, now);
  });
}

/** The vouchers of a source that stand: neither reversed nor reversals. */
function liveOf(book: Book, source: VoucherSource): StoredVoucher[] {
  return book
    .prepare(`${voucherSelect} WHERE v.source_kind = ? AND v.source_id = ? AND ${isLive} ORDER BY v.id`)
    .all(source.kind, source.id) as StoredVoucher[];
}

/** Whether a source has posted anything, whatever became of it. */
export function hasVouchers(book: Book, { kind, id }: VoucherSource): boolean {
  return (
    book.prepare('SELECT 1 FROM voucher WHERE source_kind = ? AND source_id = ? LIMIT 1').get(kind, id) !== undefined
  );
}

/** The first voucher of a source that stands, with the rate it was posted at. */
export function liveVoucher(
  book: Book,
  source: VoucherSource,
): { readonly id: number; readonly date: string; readonly rate: RateFound | undefined } | undefined {
  const [row] = liveOf(book, source);
  if (row === undefined) return undefined;
  const { id, date, rate, rate_date } = row;
  return { id, date, rate: rate === null ? undefined : { cnyPerUnit: rate, date: rate_date ?? date } };
}

const dimensionKeys = ['partyId', 'sku', 'orderId', 'shipmentId', 'store'] as const satisfies (keyof Dimensions)[];

/** What two vouchers are compared by: all that would be posted, without their numbers. */
function essence(draft: VoucherDraft): string {
  return JSON.stringify([
    draft.date,
    draft.text,
    draft.rule,
    draft.closing === true,
    draft.postings.map((one) => [
      one.account,
      one.currency,
      String(one.amountMinor),
      String(one.cnyFen),
      one.text ?? '',
      one.qtyE5 === undefined ? '' : String(one.qtyE5),
      ...dimensionKeys.map((key) => one[key] ?? ''),
    ]),
  ]);
}

/** Whether what stands of a document says what `drafts` say. */
export function standsAs(book: Book, source: VoucherSource, drafts: readonly Omit<VoucherDraft, 'source'>[]): boolean {
  const live = liveOf(book, source);
  const closed = lastClosed(book);
  return (
    live.length === drafts.length &&
    live.every((row, at) => {
      const one = drafts[at];
      if (one === undefined) return false;
      const draft = { ...one, source };
      // One of a closed period stands on the day that was the first open one when it was posted.
      const isMoved = row.date > draft.date && draft.date.slice(0, 7) <= closed;
      return essence(draftOf(book, row)) === essence(isMoved ? movedTo(draft, row.date) : draft);
    })
  );
}

/**
 * Makes the vouchers of a document what `drafts` say: nothing happens when they say what stands already; otherwise what
 * stands is reversed and the drafts are posted anew, so that both stay visible. A reversal takes the day of its voucher,
 * and where that period is closed, like a new voucher of a closed period, the first day of the first open one, which its
 * text then says. No drafts: the document is taken back. Refusals as {@link postVouchers}.
 * @returns the ids of the vouchers that stand now
 */
export function repostDocument(
  book: Book,
  source: VoucherSource,
  drafts: readonly Omit<VoucherDraft, 'source'>[],
  now: string,
  reason = '',
): number[] {
  return book.transaction(() => {
    const live = liveOf(book, source);
    if (standsAs(book, source, drafts)) return live.map(({ id }) => id);
    for (const row of live) {
      const date = openDate(book, row.date);
      const moved = date === row.date ? '' : `（原 ${row.date}）`;
      reverse(book, row, date, `${reason}${moved}`, now);
    }
    return postVouchers(
      book,
      drafts.map((draft) => inOpenPeriod(book, { ...draft, source })),
      now,
    );
  });
}
