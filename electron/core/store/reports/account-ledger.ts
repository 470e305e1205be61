import type { z } from 'zod';
import type { accountLedgerInput, reports } from '../../../../shared/contract/reports.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { voucherLabel } from '../../../../shared/ledger/index.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import { fenText, majorText, sidedBalance, sidesOf } from '../../../../shared/reports/amounts.ts';
import { lastDay } from '../../../../shared/reports/periods.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';

type Filter = z.output<typeof accountLedgerInput>;
type Ledger = z.output<(typeof reports)['reports.accountLedger']['output']>;
type Parameters = Record<string, string | number | null>;

/** What narrows the postings, as SQL over `posting p`; the range of days comes apart from it. */
function conditions(book: Book, filter: Filter): { sql: string; values: Parameters } {
  const found = book
    .prepare(
      `SELECT DISTINCT a.code FROM account a, json_each(?) w WHERE substr(a.code, 1, length(w.value)) = w.value ORDER BY 1`,
    )
    .all(JSON.stringify(filter.accounts)) as { code: string }[];
  const codes = found.map(({ code }) => code);
  if (codes.length === 0)
    throw new PortbookError('ACCOUNT_UNKNOWN', { account: filter.accounts.join(' ') }, 'accounts');
  const values: Parameters = { codes: JSON.stringify(codes) };
  // One account reads its index in order; several are merged.
  const parts = [codes.length === 1 ? 'p.account = :account' : 'p.account IN (SELECT value FROM json_each(:codes))'];
  if (codes.length === 1) values['account'] = codes[0] ?? '';
  const dimension = (column: string, name: string, value: string | number | null | undefined): void => {
    if (value === undefined) return;
    if (value === null) parts.push(`${column} IS NULL`);
    else {
      parts.push(`${column} = :${name}`);
      values[name] = value;
    }
  };
  dimension('p.currency', 'currency', filter.currency);
  dimension('p.party_id', 'party', filter.partyId);
  dimension('p.order_id', 'order', filter.orderId);
  dimension('p.sku', 'sku', filter.sku);
  const ofOrder = (column: string) => `(SELECT s.${column} FROM sales_order s WHERE s.id = p.order_id)`;
  dimension(`coalesce(p.store, ${ofOrder('store')})`, 'store', filter.store);
  dimension(ofOrder('country'), 'country', filter.country);
  if (filter.orderedSku !== undefined) {
    parts.push(
      `(p.sku = :ordered OR (p.sku IS NULL AND EXISTS (SELECT 1 FROM order_line l WHERE l.sku = :ordered AND l.order_id = p.order_id)))`,
    );
    values['ordered'] = filter.orderedSku;
  }
  return { sql: parts.join(' AND '), values };
}

/** Better-sqlite3 refuses a parameter the statement does not name. */
function named(sql: string, values: Parameters): Parameters {
  return Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`:${name}\\b`).test(sql)));
}

interface Sum {
  readonly minor: number;
  readonly fen: number;
  readonly debitFen: number;
  readonly creditFen: number;
  readonly n: number;
}

interface StoredLine {
  voucherId: number;
  position: number;
  period: string;
  number: number;
  date: string;
  text: string;
  account: string;
  nameZh: string;
  nameEn: string;
  currency: string;
  minor: number;
  fen: number;
  qtyE5: number | null;
  party: string | null;
  orderNo: string | null;
  sku: string | null;
  store: string | null;
  closing: number;
}

/**
 * 明细账: postings of accounts, oldest first, with the balance after each. The cursor carries the balance, so that a page costs
 * what it shows. Refusal: `ACCOUNT_UNKNOWN`.
 */
export function accountLedgerOf(book: Book, filter: Filter): Ledger {
  const { sql, values } = conditions(book, filter);
  const from = filter.from === undefined ? '' : `${filter.from}-01`;
  const to = filter.to === undefined ? '9999-12-31' : lastDay(filter.to);
  const currency = filter.currency;
  const sum = (days: string): Sum => {
    const text = `SELECT coalesce(sum(p.amount_minor), 0) AS minor, coalesce(sum(p.cny_fen), 0) AS fen,
        coalesce(sum(max(p.cny_fen, 0)), 0) AS debitFen, coalesce(sum(max(-p.cny_fen, 0)), 0) AS creditFen, count(*) AS n
      FROM posting p WHERE ${sql} AND ${days}`;
    return book.prepare(text).get(named(text, { ...values, from, to })) as Sum;
  };
  const before = filter.from === undefined ? undefined : sum('p.date < :from');
  const within = sum('p.date BETWEEN :from AND :to');
  const opening = { minor: BigInt(before?.minor ?? 0), fen: BigInt(before?.fen ?? 0) };
  const [date, voucherId, position, minorBefore, fenBefore] = decodeCursor(filter.after, [
    '',
    0,
    0,
    opening.minor.toString(),
    opening.fen.toString(),
  ] as [string, number, number, string, string]);
  const text = `SELECT p.voucher_id AS voucherId, p.position, v.period, v.number, p.date, coalesce(p.text, v.text) AS text, p.account,
      a.name_zh AS nameZh, a.name_en AS nameEn, p.currency, p.amount_minor AS minor, p.cny_fen AS fen, p.qty_e5 AS qtyE5,
      y.name AS party, o.order_no AS orderNo, p.sku, p.store, p.closing
    FROM posting p JOIN voucher v ON v.id = p.voucher_id JOIN account a ON a.code = p.account
      LEFT JOIN party y ON y.id = p.party_id LEFT JOIN sales_order o ON o.id = p.order_id
    WHERE ${sql} AND p.date BETWEEN :from AND :to AND (p.date, p.voucher_id, p.position) > (:date, :voucher, :position)
    ORDER BY p.date, p.voucher_id, p.position LIMIT :limit`;
  const lines = book
    .prepare(text)
    .all(named(text, { ...values, from, to, date, voucher: voucherId, position, limit: filter.limit })) as StoredLine[];
  let minor = BigInt(minorBefore);
  let fen = BigInt(fenBefore);
  const rows = lines.map((line) => {
    minor += BigInt(line.minor);
    fen += BigInt(line.fen);
    const own = sidesOf(line.minor, line.currency);
    const cny = sidesOf(line.fen, 'CNY');
    const balance = sidedBalance(fen, 'CNY');
    return {
      voucherId: line.voucherId,
      position: line.position,
      label: voucherLabel(line.period, line.number),
      date: line.date,
      text: line.text,
      account: line.account,
      nameZh: line.nameZh,
      nameEn: line.nameEn,
      currency: line.currency,
      debit: own.debit,
      credit: own.credit,
      debitCny: cny.debit,
      creditCny: cny.credit,
      side: balance.side,
      balanceCny: balance.balance,
      ...(currency === undefined ? {} : { balance: majorText(minor, currency) }),
      ...(line.qtyE5 === null ? {} : { quantity: storedText(line.qtyE5) }),
      ...(line.party === null ? {} : { party: line.party }),
      ...(line.orderNo === null ? {} : { orderNo: line.orderNo }),
      ...(line.sku === null ? {} : { sku: line.sku }),
      ...(line.store === null ? {} : { store: line.store }),
      closing: line.closing === 1,
    };
  });
  const last = lines.at(-1);
  const openingCny = sidedBalance(opening.fen, 'CNY');
  return {
    rows,
    total: within.n,
    ...(lines.length === filter.limit && last !== undefined
      ? {
          nextCursor: encodeCursor([last.date, last.voucherId, last.position, minor.toString(), fen.toString()]),
        }
      : {}),
    opening: {
      side: openingCny.side,
      balanceCny: openingCny.balance,
      ...(currency === undefined ? {} : { balance: majorText(opening.minor, currency) }),
    },
    turnover: { debitCny: fenText(within.debitFen), creditCny: fenText(within.creditFen) },
  };
}
