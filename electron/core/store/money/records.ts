import type { SourceDocumentInput } from '../../../../shared/contract/accounting.ts';
import { sourceDocumentInput } from '../../../../shared/contract/accounting.ts';
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import {
  declaredKinds,
  type MoneyRecordDetail,
  type MoneyRecordInput,
  type MoneyRecordKind,
  moneyRecordDetail,
  twoSidedKinds,
} from '../../../../shared/contract/money.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { readAmount } from '../../../../shared/ledger/index.ts';
import { moneyText } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { requireParty } from '../parties.ts';
import { requireSourceDocument, saveSourceDocument, voidSourceDocument } from '../source-documents.ts';
import { type MoneyAccount, requireMoneyAccount } from './accounts.ts';
import { usdMinorOf } from './usd.ts';

/** A record as it is stored: amounts in minor units of their currencies. */
export interface MoneyRecord {
  readonly id: number;
  readonly number: string;
  readonly kind: MoneyRecordKind;
  readonly date: string;
  readonly accountId: number;
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly toAccountId: number | null;
  readonly toCurrency: string | null;
  readonly toAmountMinor: number | null;
  readonly toFeeMinor: number;
  readonly usdMinor: number | null;
  readonly partyId: number | null;
  readonly counterparty: string;
  readonly counterpartyCountry: string;
  readonly channel: MoneyRecordInput['channel'];
  readonly nature: MoneyRecordInput['nature'];
  readonly expectedOn: string | null;
  readonly detail: MoneyRecordDetail;
  readonly reference: string;
  readonly text: string;
  readonly store: string | null;
  readonly refundsId: number | null;
  readonly sourceDocumentId: number | null;
  readonly allocatedMinor: number;
  /** Of a receipt: neither allotted nor paid back; of other kinds nothing. */
  readonly residualMinor: number;
  readonly state: 'entered' | 'void';
  readonly reason: string;
  readonly version: number;
}

/**
 * What was paid back of a receipt (退款), in SQL over `r`. A refund of an order that the receipt pays comes off that share; only what goes
 * beyond it, and refunds of no such order, come off what is allotted to nothing.
 */
const refundedBeside = `coalesce((SELECT sum(x.minor) FROM (
    SELECT max(0, sum(b.amount_minor) - coalesce((SELECT a.amount_minor FROM allocation a JOIN sales_order o ON o.id = a.order_id
      WHERE a.record_id = r.id AND o.order_no = json_extract(b.detail, '$.orderNo')), 0)) AS minor
    FROM money_record b WHERE b.refunds_id = r.id AND b.kind = 'refund-out' AND b.state = 'entered'
    GROUP BY json_extract(b.detail, '$.orderNo')) x), 0)`;

/** What is left of a receipt, fees included, in minor units: neither allotted nor paid back. SQL over `r`, a row of `money_record`. */
export const receiptOpen = `max(0, r.amount_minor + r.fee_minor - r.allocated_minor - ${refundedBeside})`;
/** Receipts of which something may be left, as the partial index has it. */
export const receiptMayBeOpen = `r.kind = 'receipt' AND r.state = 'entered' AND r.allocated_minor < r.amount_minor + r.fee_minor`;

const columns = `r.id, r.number, r.kind, r.date, r.account_id AS accountId, r.currency, r.amount_minor AS amountMinor, r.fee_minor AS feeMinor,
  r.to_account_id AS toAccountId, r.to_currency AS toCurrency, r.to_amount_minor AS toAmountMinor, r.to_fee_minor AS toFeeMinor,
  r.usd_minor AS usdMinor, r.party_id AS partyId, r.counterparty, r.counterparty_country AS counterpartyCountry, r.channel, r.nature,
  r.expected_on AS expectedOn, r.detail, r.reference, r.text, r.store, r.refunds_id AS refundsId,
  r.source_document_id AS sourceDocumentId, r.allocated_minor AS allocatedMinor,
  CASE WHEN r.kind = 'receipt' THEN ${receiptOpen} ELSE 0 END AS residualMinor, r.state, r.reason, r.version`;

type Stored = Omit<MoneyRecord, 'detail'> & { readonly detail: string };
const recordOf = <S extends Stored>(row: S): Omit<S, 'detail'> & { readonly detail: MoneyRecordDetail } => ({
  ...row,
  detail: moneyRecordDetail.parse(JSON.parse(row.detail)),
});

/** A record of the book, void ones too. Refusal: `MONEY_RECORD_UNKNOWN` {id}. */
export function requireRecord(book: Book, id: number, path = 'id'): MoneyRecord {
  const row = book.prepare(`SELECT ${columns} FROM money_record r WHERE r.id = ?`).get(id) as Stored | undefined;
  if (row === undefined) throw new PortbookError('MONEY_RECORD_UNKNOWN', { id }, path);
  return recordOf(row);
}

const text = (minor: number, currency: string): string => moneyText({ minor: BigInt(minor), currency });

// Reading ---------------------------------------------------------------------------------------------------------------

/** A record with the names that a list shows, and where its voucher stands. */
export interface NamedRecord extends MoneyRecord {
  readonly accountName: string;
  readonly accountPlace: MoneyAccount['place'];
  readonly ownerKind: MoneyAccount['ownerKind'];
  readonly toAccountName: string | null;
  readonly toAccountPlace: MoneyAccount['place'] | null;
  readonly partyName: string | null;
  readonly documentNumber: string | null;
  readonly documentState: 'posted' | 'waiting' | 'void' | null;
  readonly documentReason: string | null;
}

const named = `SELECT ${columns}, a.name AS accountName, a.place AS accountPlace, a.owner_kind AS ownerKind, t.name AS toAccountName,
    t.place AS toAccountPlace, p.name AS partyName, d.number AS documentNumber, d.state AS documentState, d.reason AS documentReason
  FROM money_record r JOIN money_account a ON a.id = r.account_id LEFT JOIN money_account t ON t.id = r.to_account_id
    LEFT JOIN party p ON p.id = r.party_id LEFT JOIN source_document d ON d.id = r.source_document_id`;
type StoredNamed = Omit<NamedRecord, 'detail'> & { readonly detail: string };

/** Refusal: `MONEY_RECORD_UNKNOWN` {id}. */
export function requireNamedRecord(book: Book, id: number): NamedRecord {
  const row = book.prepare(`${named} WHERE r.id = ?`).get(id) as StoredNamed | undefined;
  if (row === undefined) throw new PortbookError('MONEY_RECORD_UNKNOWN', { id }, 'id');
  return recordOf(row);
}

const declared = declaredKinds.map((kind) => `'${kind}'`).join(',');
/** Money that crosses the border, and is declared to the bank: so said, or moved between own accounts here and abroad. */
const crosses = `CASE WHEN r.kind IN (${declared}) THEN json_extract(r.detail, '$.crossBorder') = 1
  WHEN r.kind = 'transfer' THEN (SELECT a.place <> t.place FROM money_account a, money_account t WHERE a.id = r.account_id AND t.id = r.to_account_id)
  ELSE 0 END`;

type Filter = Omit<ParsedInputOf<'moneyRecords.list'>, 'after' | 'limit'>;

function whereOf(filter: Filter): { where: string; values: Record<string, string | number> } {
  const terms = ['r.state = :state'];
  const values: Record<string, string | number> = { state: filter.state };
  const add = (term: string, bound: Record<string, string | number>): void => {
    terms.push(term);
    Object.assign(values, bound);
  };
  if (filter.kind !== undefined) add('r.kind = :kind', { kind: filter.kind });
  if (filter.from !== undefined) add('r.date >= :from', { from: filter.from });
  if (filter.to !== undefined) add('r.date <= :to', { to: filter.to });
  if (filter.accountId !== undefined)
    add('(r.account_id = :account OR r.to_account_id = :account)', { account: filter.accountId });
  if (filter.open) add(`${receiptMayBeOpen} AND ${receiptOpen} > 0`, {});
  if (filter.undeclared) add(`json_extract(r.detail, '$.declaredOn') IS NULL AND ${crosses}`, {});
  const sought = filter.text?.trim() ?? '';
  if (sought !== '')
    add(
      `(r.number LIKE :like ESCAPE '\\' OR r.reference LIKE :like ESCAPE '\\' OR r.counterparty LIKE :like ESCAPE '\\' OR r.text LIKE :like ESCAPE '\\'
        OR json_extract(r.detail, '$.declarationNo') LIKE :like ESCAPE '\\')`,
      { like: containing(sought) },
    );
  return { where: terms.join(' AND '), values };
}

/** Records of a filter, newest first, and how many there are. */
export function listRecords(
  book: Book,
  filter: Filter,
  page: { readonly after: string | undefined; readonly limit: number },
): { readonly rows: NamedRecord[]; readonly total: number; readonly nextCursor?: string } {
  const [date, id] = decodeCursor(page.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const { where, values } = whereOf(filter);
  const rows = book
    .prepare(
      `${named} WHERE ${where} AND (r.date, r.id) < (:lastDate, :lastId) ORDER BY r.date DESC, r.id DESC LIMIT :limit`,
    )
    .all({ ...values, lastDate: date, lastId: id, limit: page.limit }) as StoredNamed[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM money_record r WHERE ${where}`).get(values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(recordOf),
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** What the records of a filter come to, by kind, currency and whether they crossed the border. */
export function recordTotals(book: Book, filter: Filter): OutputOf<'moneyRecords.list'>['totals'] {
  const { where, values } = whereOf(filter);
  const rows = book
    .prepare(
      `SELECT r.kind, r.currency, ${crosses} AS crossBorder, count(*) AS records, sum(r.amount_minor) AS amount, sum(r.fee_minor) AS fee,
         sum(CASE WHEN r.kind = 'receipt' THEN ${receiptOpen} ELSE 0 END) AS residual,
         sum(r.usd_minor) AS usd, sum(r.usd_minor IS NULL) AS withoutUsd
       FROM money_record r WHERE ${where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 DESC`,
    )
    .all(values) as {
    kind: MoneyRecordKind;
    currency: string;
    crossBorder: number;
    records: number;
    amount: number;
    fee: number;
    residual: number;
    usd: number | null;
    withoutUsd: number;
  }[];
  return rows.map(({ kind, currency, crossBorder, records, amount, fee, residual, usd, withoutUsd }) => ({
    kind,
    currency,
    crossBorder: crossBorder === 1,
    records,
    amount: text(amount, currency),
    fee: text(fee, currency),
    residual: text(residual, currency),
    ...(usd === null || withoutUsd > 0 ? {} : { usd: text(usd, 'USD') }),
  }));
}

/** Records of a kind by month and currency, both days included. */
export function recordsByMonth(
  book: Book,
  { from, to, kind }: ParsedInputOf<'moneyRecords.byMonth'>,
): OutputOf<'moneyRecords.byMonth'>['rows'] {
  const rows = book
    .prepare(
      `SELECT substr(date, 1, 7) AS month, currency, count(*) AS records, sum(amount_minor) AS amount, coalesce(sum(usd_minor), 0) AS usd,
         sum(usd_minor IS NULL) AS withoutRate
       FROM money_record WHERE kind = ? AND state = 'entered' AND date BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all(kind, from, to) as {
    month: string;
    currency: string;
    records: number;
    amount: number;
    usd: number;
    withoutRate: number;
  }[];
  return rows.map(({ amount, usd, currency, ...row }) => ({
    ...row,
    currency,
    amount: text(amount, currency),
    usd: text(usd, 'USD'),
  }));
}

/** The number of another record with the same slip on the same account. */
export function sameSlip(
  book: Book,
  { id, accountId, reference }: Pick<MoneyRecord, 'id' | 'accountId' | 'reference'>,
): { readonly number: string; readonly date: string } | undefined {
  if (reference === '') return undefined;
  return book
    .prepare(
      `SELECT number, date FROM money_record WHERE account_id = ? AND reference = ? COLLATE NOCASE AND id <> ? AND state = 'entered' ORDER BY id LIMIT 1`,
    )
    .get(accountId, reference, id) as { number: string; date: string } | undefined;
}

/** Ways of trading (监管方式) of what a record pays for, with what of it falls to each; `isList`: a list (清单), not a declaration (报关单). */
export function modesPaid(
  book: Book,
  recordId: number,
): { readonly mode: string; readonly isList: boolean; readonly minor: number }[] {
  const rows = book
    .prepare(
      `SELECT l.mode, l.mode = '9610' OR EXISTS (SELECT 1 FROM document d WHERE d.id = l.document_id AND d.kind <> 'DecMessage') AS isList, sum(p.minor) AS minor
       FROM (SELECT a.amount_minor AS minor,
           (SELECT min(x.id) FROM export_share x WHERE x.declaration_no = a.declaration_no OR (a.declaration_no IS NULL AND x.order_id = a.order_id)) AS line
         FROM allocation a WHERE a.record_id = ?) p JOIN export_line l ON l.id = p.line
       GROUP BY 1, 2 ORDER BY 3 DESC, 1`,
    )
    .all(recordId) as { mode: string; isList: number; minor: number }[];
  return rows.map(({ isList, ...row }) => ({ ...row, isList: isList === 1 }));
}

/** The firm's usual way of trading: that of its newest export up to a day. */
export function usualMode(book: Book, date: string): { readonly mode: string; readonly isList: boolean } | undefined {
  const row = book
    .prepare(
      `SELECT mode, mode = '9610' OR EXISTS (SELECT 1 FROM document d WHERE d.id = document_id AND d.kind <> 'DecMessage') AS isList FROM export_line WHERE export_date <= ? ORDER BY export_date DESC, id DESC LIMIT 1`,
    )
    .get(date) as { mode: string; isList: number } | undefined;
  return row === undefined ? undefined : { mode: row.mode, isList: row.isList === 1 };
}

type View = OutputOf<'moneyRecords.get'>;

/** What hangs on a record: its refunds, lines of statements, allocations. */
export function linksOf(
  book: Book,
  record: MoneyRecord,
): Pick<View, 'refunds' | 'refundedBy' | 'entries' | 'allocations'> {
  const { currency } = record;
  const refunds =
    record.refundsId === null
      ? undefined
      : (book.prepare('SELECT id, number FROM money_record WHERE id = ?').get(record.refundsId) as View['refunds']);
  const refundedBy = book
    .prepare(
      `SELECT id, number, amount_minor AS minor FROM money_record WHERE refunds_id = ? AND state = 'entered' ORDER BY date, id`,
    )
    .all(record.id) as { id: number; number: string; minor: number }[];
  const entries = book
    .prepare(
      `SELECT e.id, e.date, e.amount_minor AS minor, e.text, a.currency FROM money_entry e JOIN money_account a ON a.id = e.account_id
       WHERE e.record_id = ? ORDER BY e.date, e.id`,
    )
    .all(record.id) as { id: number; date: string; minor: number; text: string; currency: string }[];
  const allocations = book
    .prepare(
      `SELECT l.id, l.target_kind AS target, coalesce(o.order_no, l.declaration_no, CAST(l.target_payout_id AS TEXT)) AS label,
         l.amount_minor AS minor, l.target_currency AS targetCurrency, l.target_minor AS targetMinor, l.charge_minor AS chargeMinor
       FROM allocation l LEFT JOIN sales_order o ON o.id = l.order_id WHERE l.record_id = ? ORDER BY l.id`,
    )
    .all(record.id) as {
    id: number;
    target: View['allocations'][number]['target'];
    label: string;
    minor: number;
    targetCurrency: string;
    targetMinor: number;
    chargeMinor: number;
  }[];
  return {
    ...(refunds === undefined ? {} : { refunds }),
    refundedBy: refundedBy.map(({ minor, ...one }) => ({ ...one, amount: text(minor, currency) })),
    entries: entries.map(({ minor, currency: of, ...one }) => ({ ...one, amount: text(minor, of) })),
    allocations: allocations.map(({ minor, targetMinor, chargeMinor, ...one }) => ({
      ...one,
      amount: text(minor, currency),
      targetAmount: text(targetMinor, one.targetCurrency),
      charge: text(chargeMinor, one.targetCurrency),
    })),
  };
}

// Saving ----------------------------------------------------------------------------------------------------------------

/** Amounts of a record read and held against its accounts. */
interface ReadRecord {
  readonly account: MoneyAccount;
  readonly to: MoneyAccount | undefined;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly toAmountMinor: number | null;
  readonly toFeeMinor: number;
}

function accountInUse(book: Book, id: number, path: string, before: number | null | undefined): MoneyAccount {
  const account = requireMoneyAccount(book, id, path);
  if (!account.active && before !== id) throw new PortbookError('MONEY_ACCOUNT_INACTIVE', { name: account.name }, path);
  return account;
}

const refundKinds: readonly MoneyRecordKind[] = ['refund-in', 'refund-out'];

/** Minor units; `least` is the smallest amount that is taken. */
function minorOf(amount: string, currency: string, path: string, least: 0 | 1): number {
  const minor = Number(readAmount(amount, currency, path));
  if (minor < least) throw new PortbookError('AMOUNT_NOT_POSITIVE', {}, path);
  return minor;
}

function readRecord(book: Book, given: MoneyRecordInput, before: MoneyRecord | undefined): ReadRecord {
  const { kind } = given;
  const account = accountInUse(book, given.accountId, 'accountId', before?.accountId);
  const { currency } = account;
  const amountMinor = minorOf(given.amount, currency, 'amount', 1);
  // A charge is all fee, interest has none.
  const feeMinor = kind === 'fee' || kind === 'interest' ? 0 : minorOf(given.fee, currency, 'fee', 0);
  const { settledAmount, otherAmount, feeAbroad, codes } = given.detail;
  for (const [name, value] of Object.entries({ settledAmount, otherAmount, feeAbroad }))
    if (value !== undefined) minorOf(value, currency, `detail.${name}`, 0);
  for (const [at, { amount }] of codes.entries()) minorOf(amount, currency, `detail.codes.${at}.amount`, 0);
  if (!twoSidedKinds.includes(kind))
    return { account, to: undefined, amountMinor, feeMinor, toAmountMinor: null, toFeeMinor: 0 };

  const { toAccountId } = given;
  if (toAccountId === undefined || toAccountId === given.accountId)
    throw new PortbookError('MONEY_OTHER_ACCOUNT', {}, 'toAccountId');
  const to = accountInUse(book, toAccountId, 'toAccountId', before?.toAccountId);
  if (kind === 'settlement' && (currency === 'CNY' || to.currency !== 'CNY'))
    throw new PortbookError('MONEY_SETTLEMENT_CURRENCY', {}, 'toAccountId');
  if (kind === 'exchange' && (currency === to.currency || to.currency === 'CNY'))
    throw new PortbookError('MONEY_EXCHANGE_CURRENCY', {}, 'toAccountId');
  if (kind === 'transfer' && currency !== to.currency)
    throw new PortbookError('MONEY_TRANSFER_CURRENCY', { from: currency, to: to.currency }, 'toAccountId');
  const toFeeMinor = minorOf(given.toFee, to.currency, 'toFee', 0);
  // Of a transfer what arrives follows from what was sent and what was kept.
  const arrived = given.toAmount ?? (kind === 'transfer' ? text(amountMinor - toFeeMinor, currency) : '0');
  const toAmountMinor = minorOf(arrived, to.currency, 'toAmount', 1);
  if (kind === 'transfer' && toAmountMinor + toFeeMinor !== amountMinor)
    throw new PortbookError('MONEY_TRANSFER_AMOUNT', { amount: given.amount, arrived }, 'toAmount');
  return { account, to, amountMinor, feeMinor, toAmountMinor, toFeeMinor };
}

/** What the refunds of a record come to, another one left out; minor units of its currency. */
function refundedOf(book: Book, id: number, but: number): number {
  const { minor } = book
    .prepare(
      `SELECT coalesce(sum(amount_minor), 0) AS minor FROM money_record WHERE refunds_id = ? AND state = 'entered' AND id <> ?`,
    )
    .get(id, but) as { minor: number };
  return minor;
}

/** What a change may not touch: the kind, and what allocations and refunds rest on. */
function checkChange(book: Book, before: MoneyRecord, given: MoneyRecordInput, read: ReadRecord): void {
  const { number, currency, allocatedMinor } = before;
  if (before.state === 'void') throw new PortbookError('MONEY_RECORD_VOID', { number }, 'id');
  if (given.version !== undefined && given.version !== before.version)
    throw new PortbookError('MONEY_RECORD_CHANGED', { number }, 'version');
  if (before.kind !== given.kind) throw new PortbookError('MONEY_RECORD_KIND', { number }, 'kind');
  const total = read.amountMinor + read.feeMinor;
  const isOther = read.account.currency !== currency;
  if (allocatedMinor > 0 && (isOther || total < allocatedMinor))
    throw new PortbookError(
      'MONEY_RECORD_ALLOCATED',
      { number, allocated: `${currency} ${text(allocatedMinor, currency)}` },
      isOther ? 'accountId' : 'amount',
    );
  const paidBack = refundedOf(book, before.id, 0);
  const { beside } = book
    .prepare(`SELECT ${refundedBeside} AS beside FROM money_record r WHERE r.id = ?`)
    .get(before.id) as { beside: number };
  const isLess = total < before.amountMinor + before.feeMinor && total < Math.max(paidBack, allocatedMinor + beside);
  if (paidBack > 0 && (isOther || isLess))
    throw new PortbookError(
      'MONEY_RECORD_PAID_BACK',
      { number, refunded: `${currency} ${text(paidBack, currency)}` },
      isOther ? 'accountId' : 'amount',
    );
}

/** A refund pays back one record of the other direction, in its currency, and all refunds of it together no more than it was. */
function checkRefunds(book: Book, given: MoneyRecordInput, currency: string, amountMinor: number): void {
  const { refundsId } = given;
  if (refundsId === undefined) return;
  const paid = book
    .prepare(
      `SELECT number, currency, amount_minor + fee_minor AS minor FROM money_record WHERE id = ? AND kind = ? AND state = 'entered'`,
    )
    .get(refundsId, given.kind === 'refund-in' ? 'payment' : 'receipt') as
    | { number: string; currency: string; minor: number }
    | undefined;
  if (paid === undefined || !refundKinds.includes(given.kind))
    throw new PortbookError('MONEY_REFUNDS_UNKNOWN', { id: refundsId }, 'refundsId');
  if (paid.currency !== currency)
    throw new PortbookError('MONEY_REFUND_CURRENCY', { currency, first: paid.currency }, 'refundsId');
  const left = paid.minor - refundedOf(book, refundsId, given.id ?? 0);
  if (amountMinor > left)
    throw new PortbookError(
      'MONEY_REFUND_OVER',
      { number: paid.number, left: `${currency} ${text(Math.max(0, left), currency)}` },
      'amount',
    );
}

/**
 * Keeps a record and posts it; with `id` a change. Refusals as `moneyRecords.save` of the contract says.
 * @returns its id
 */
export function saveRecord(book: Book, given: MoneyRecordInput, now: string): number {
  return book.transaction(() => {
    const before = given.id === undefined ? undefined : requireRecord(book, given.id);
    const read = readRecord(book, given, before);
    if (before !== undefined) checkChange(book, before, given, read);
    const { account, to } = read;
    checkRefunds(book, given, account.currency, read.amountMinor);
    if (given.partyId !== undefined) requireParty(book, given.partyId, 'partyId');
    const { kind, date } = given;
    const values = {
      date,
      accountId: account.id,
      currency: account.currency,
      amountMinor: read.amountMinor,
      feeMinor: read.feeMinor,
      toAccountId: to?.id ?? null,
      toCurrency: to?.currency ?? null,
      toAmountMinor: read.toAmountMinor,
      toFeeMinor: read.toFeeMinor,
      usdMinor: usdMinorOf(book, account.currency, read.amountMinor, date) ?? null,
      partyId: given.partyId ?? null,
      counterparty: given.counterparty,
      counterpartyCountry: given.counterpartyCountry,
      channel: given.channel,
      nature: given.nature,
      expectedOn: given.expectedOn ?? null,
      detail: JSON.stringify(given.detail),
      reference: given.reference,
      text: given.text,
      store: given.store === undefined || given.store === '' ? account.store : given.store,
      refundsId: given.refundsId ?? null,
      now,
    };
    let id = before?.id;
    if (id === undefined) {
      const year = date.slice(0, 4);
      const serial = String(book.nextNumber(`money:${year}`)).padStart(4, '0');
      const { lastInsertRowid } = book
        .prepare(
          `INSERT INTO money_record (number, kind, date, account_id, currency, amount_minor, fee_minor, to_account_id, to_currency, to_amount_minor,
             to_fee_minor, usd_minor, party_id, counterparty, counterparty_country, channel, nature, expected_on, detail, reference, text, store,
             refunds_id, state, created_at, updated_at)
           VALUES (:number, :kind, :date, :accountId, :currency, :amountMinor, :feeMinor, :toAccountId, :toCurrency, :toAmountMinor,
             :toFeeMinor, :usdMinor, :partyId, :counterparty, :counterpartyCountry, :channel, :nature, :expectedOn, :detail, :reference, :text,
             :store, :refundsId, 'entered', :now, :now)`,
        )
        .run({ ...values, kind, number: `汇-${year}-${serial}` });
      id = Number(lastInsertRowid);
    } else {
      book
        .prepare(
          `UPDATE money_record SET date = :date, account_id = :accountId, currency = :currency, amount_minor = :amountMinor, fee_minor = :feeMinor,
             to_account_id = :toAccountId, to_currency = :toCurrency, to_amount_minor = :toAmountMinor, to_fee_minor = :toFeeMinor,
             usd_minor = :usdMinor, party_id = :partyId, counterparty = :counterparty, counterparty_country = :counterpartyCountry,
             channel = :channel, nature = :nature, expected_on = :expectedOn, detail = :detail, reference = :reference, text = :text,
             store = :store, refunds_id = :refundsId, version = version + 1, updated_at = :now WHERE id = :id`,
        )
        .run({ ...values, id });
    }
    postRecord(book, id, now);
    return id;
  });
}

/**
 * Takes a record back: its voucher is reversed, the lines it was made from are open again, it stays as void. Refusals:
 * `MONEY_RECORD_UNKNOWN`, `MONEY_RECORD_VOID` {number}, `MONEY_RECORD_CHANGED` {number} for another version than was seen,
 * `MONEY_RECORD_ALLOCATED` {number, allocated}, `MONEY_RECORD_REFUNDED` {number}.
 */
export function voidRecord(book: Book, id: number, reason: string, now: string, seen?: number): void {
  book.transaction(() => {
    const { number, state, version, allocatedMinor, currency, sourceDocumentId } = requireRecord(book, id);
    if (state === 'void') throw new PortbookError('MONEY_RECORD_VOID', { number }, 'id');
    if (seen !== undefined && seen !== version) throw new PortbookError('MONEY_RECORD_CHANGED', { number }, 'version');
    if (allocatedMinor > 0)
      throw new PortbookError(
        'MONEY_RECORD_ALLOCATED',
        { number, allocated: `${currency} ${text(allocatedMinor, currency)}` },
        'id',
      );
    const refund = book
      .prepare(`SELECT number FROM money_record WHERE refunds_id = ? AND state = 'entered' LIMIT 1`)
      .get(id) as { number: string } | undefined;
    if (refund !== undefined) throw new PortbookError('MONEY_RECORD_REFUNDED', { number: refund.number }, 'id');
    if (sourceDocumentId !== null) voidSourceDocument(book, sourceDocumentId, reason, now);
    book.prepare(`UPDATE money_entry SET state = 'open', record_id = NULL WHERE record_id = ?`).run(id);
    book
      .prepare(`UPDATE money_record SET state = 'void', reason = ?, version = version + 1, updated_at = ? WHERE id = ?`)
      .run(reason, now, id);
  });
}

// Posting ---------------------------------------------------------------------------------------------------------------

/**
 * What allocations of a receipt say it pays: orders by number; the deposit of a payout, which its marketplace owed, whoever sent the
 * money; everything else together as the party's.
 */
function partsOf(book: Book, record: MoneyRecord) {
  const rows = book
    .prepare(
      `SELECT o.order_no AS orderNo, p.party_id AS partyId, nullif(p.store, '') AS store, a.amount_minor AS amountMinor,
         a.target_currency AS targetCurrency, a.target_minor AS targetMinor, a.charge_minor AS chargeMinor
       FROM allocation a LEFT JOIN sales_order o ON o.id = a.order_id LEFT JOIN payout p ON p.id = a.target_payout_id
       WHERE a.record_id = ? ORDER BY a.id`,
    )
    .all(record.id) as {
    orderNo: string | null;
    partyId: number | null;
    store: string | null;
    amountMinor: number;
    targetCurrency: string;
    targetMinor: number;
    chargeMinor: number;
  }[];
  return rows.map(({ orderNo, partyId, store, amountMinor, targetCurrency, targetMinor, chargeMinor }) => ({
    ...(orderNo === null ? {} : { orderNo }),
    ...(partyId === null ? {} : { partyId }),
    ...(store === null ? {} : { store }),
    amount: text(amountMinor, record.currency),
    ...(targetCurrency === record.currency && targetMinor === amountMinor
      ? {}
      : { settles: { currency: targetCurrency, amount: text(targetMinor, targetCurrency) } }),
    charge: text(chargeMinor, targetCurrency),
  }));
}

/** The source document of a record and its allocations. */
function documentOf(book: Book, record: MoneyRecord): SourceDocumentInput {
  const { currency, detail, toAccountId, toCurrency, toAmountMinor, partyId, store } = record;
  const account = requireMoneyAccount(book, record.accountId);
  const to = toAccountId === null ? undefined : requireMoneyAccount(book, toAccountId, 'toAccountId');
  const of = {
    date: record.date,
    reference: record.reference,
    text: record.text,
    ...(partyId === null ? {} : { partyId }),
    ...(store === null ? {} : { store }),
    currency,
    amount: text(record.amountMinor, currency),
    account: account.ledgerAccount,
  };
  const bankFee = text(record.feeMinor, currency);
  const advance = record.nature === 'advance';
  const order = detail.orderNo === undefined || detail.orderNo === '' ? {} : { orderNo: detail.orderNo };
  const other = (): MoneyAccount => {
    if (to === undefined) throw new PortbookError('MONEY_OTHER_ACCOUNT', {}, 'toAccountId');
    return to;
  };
  const arrived = text(toAmountMinor ?? 0, toCurrency ?? currency);
  const toFee = text(record.toFeeMinor, toCurrency ?? currency);
  switch (record.kind) {
    case 'receipt':
      return { kind: 'receipt', ...of, bankFee, advance, of: 'receivable', parts: partsOf(book, record) };
    case 'refund-in':
      return { kind: 'receipt', ...of, bankFee, advance, of: 'payable' };
    case 'payment':
      return { kind: 'payment', ...of, bankFee, advance, of: 'payable' };
    case 'refund-out':
      return detail.refundBasis === 'return' && !advance
        ? { kind: 'sales-return', ...of, ...order, bankFee, refunded: true }
        : { kind: 'payment', ...of, ...order, bankFee, advance, of: 'receivable' };
    case 'settlement':
      return { kind: 'settlement', ...of, bankFee, cny: arrived, cnyAccount: other().ledgerAccount, bankFeeCny: toFee };
    case 'exchange':
      return {
        kind: 'exchange',
        ...of,
        bankFee,
        toCurrency: other().currency,
        toAmount: arrived,
        toFee,
        toAccount: other().ledgerAccount,
      };
    case 'transfer':
      return { kind: 'transfer', ...of, bankFee, toFee, toAccount: other().ledgerAccount };
    case 'fee':
      return { kind: 'bank-charge', ...of };
    case 'interest':
      return { kind: 'interest', ...of };
  }
}

/** Fields of source documents under the names that records have for them. */
const fieldOf: Readonly<Record<string, string>> = {
  account: 'accountId',
  cnyAccount: 'toAccountId',
  toAccount: 'toAccountId',
  cny: 'toAmount',
  bankFee: 'fee',
  bankFeeCny: 'toFee',
  currency: 'accountId',
  toCurrency: 'toAccountId',
  orderNo: 'detail.orderNo',
};

/**
 * Makes the source document of a record what the record and its allocations say, and with it the ledger: posts, does nothing, or
 * reverses and posts anew. A receipt credits what is owed order by order, the rest of it the party, an advance 2203. Call it after
 * any change of either. Refusals: those of `saveSourceDocument`, with the record's own paths.
 */
export function postRecord(book: Book, recordId: number, now: string): void {
  book.transaction(() => {
    const record = requireRecord(book, recordId);
    if (record.state === 'void') return;
    const document = sourceDocumentInput.parse(documentOf(book, record));
    try {
      let id = record.sourceDocumentId ?? undefined;
      if (id !== undefined && requireSourceDocument(book, id).kind !== document.kind) {
        voidSourceDocument(book, id, `更正 ${record.number}`, now);
        id = undefined;
      }
      const saved = saveSourceDocument(book, id, document, now);
      if (saved.id !== record.sourceDocumentId)
        book.prepare('UPDATE money_record SET source_document_id = ? WHERE id = ?').run(saved.id, recordId);
    } catch (error) {
      if (!(error instanceof PortbookError)) throw error;
      const path = error.path?.replace(/^document\./, '') ?? '';
      throw new PortbookError(error.code, error.params, fieldOf[path] ?? path);
    }
  });
}

/** The record that made a source document; its changes go through the record. */
export function recordOfDocument(
  book: Book,
  documentId: number,
): { readonly id: number; readonly number: string } | undefined {
  return book.prepare('SELECT id, number FROM money_record WHERE source_document_id = ?').get(documentId) as
    | { id: number; number: string }
    | undefined;
}

/** Values in USD of records that had to wait for a rate, and of those since a day whose rates have changed. @returns how many */
export function valueRecords(book: Book): number {
  const rows = book
    .prepare('SELECT id, currency, amount_minor AS minor, date, usd_minor AS usd FROM money_record WHERE currency <> ?')
    .all('USD') as { id: number; currency: string; minor: number; date: string; usd: number | null }[];
  const put = book.prepare('UPDATE money_record SET usd_minor = ? WHERE id = ?');
  let changed = 0;
  for (const { id, currency, minor, date, usd } of rows) {
    const value = usdMinorOf(book, currency, minor, date) ?? null;
    if (value === usd) continue;
    put.run(value, id);
    changed += 1;
  }
  return changed;
}
