import type { MoneyRecordKind } from '../../../shared/contract/money.ts';
import { reportBody } from '../../../shared/contract/supervision.ts';
import type { CreditFacts, DeclaredGoods, IncomeFacts } from '../../../shared/drafting/forex-forms.ts';
import { splitByDeclaration } from '../../../shared/drafting/forex-forms.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { accountNumber, requireMoneyAccount } from './money/accounts.ts';
import { requireRecord } from './money/records.ts';
import { findReport, markReported } from './money/trade-credit.ts';

/** What the forms of foreign exchange are drawn from, and what their receipts bring back into the book. */

/** A record with what its form asks of it. */
export interface DeclaredRecord extends IncomeFacts {
  readonly id: number;
  readonly kind: MoneyRecordKind;
  readonly state: 'entered' | 'void';
}

/** Refusal: `MONEY_RECORD_UNKNOWN` {id}. */
export function declaredRecord(book: Book, id: number): DeclaredRecord {
  const record = requireRecord(book, id);
  const { name, institution } = requireMoneyAccount(book, record.accountId);
  return {
    id,
    kind: record.kind,
    state: record.state,
    number: record.number,
    isRefund: record.kind === 'refund-in',
    date: record.date,
    currency: record.currency,
    minor: record.amountMinor,
    feeMinor: record.feeMinor,
    usdMinor: record.usdMinor,
    payer: record.counterparty,
    payerCountry: record.counterpartyCountry,
    isAdvance: record.nature === 'advance',
    detail: record.detail,
    account: {
      institution: institution === '' ? name : institution,
      number: accountNumber(book, record.accountId),
    },
    goods: goodsOf(book, id),
  };
}

/**
 * Declarations and lists that a record pays for: named by an allocation, or those its orders left under, by way of a payout too.
 * An order that left under several is split by their FOB value. One entry a number and currency.
 */
function goodsOf(book: Book, recordId: number): DeclaredGoods[] {
  const rows = book
    .prepare(
      `WITH paid AS (
         SELECT order_id, declaration_no, target_currency AS currency, target_minor AS minor FROM allocation
           WHERE record_id = :id AND target_kind IN ('order','declaration')
         UNION ALL
         SELECT o.order_id, o.declaration_no, o.target_currency, o.target_minor FROM allocation p
           JOIN allocation o ON o.payout_id = p.target_payout_id WHERE p.record_id = :id AND p.target_kind = 'payout')
       SELECT order_id AS orderId, declaration_no AS declarationNo, currency, sum(minor) AS minor FROM paid
       GROUP BY order_id, declaration_no, currency ORDER BY order_id, declaration_no`,
    )
    .all({ id: recordId }) as {
    orderId: number | null;
    declarationNo: string | null;
    currency: string;
    minor: number;
  }[];
  const left = book.prepare(
    `SELECT declaration_no AS declarationNo, sum(fob_minor) AS fobMinor FROM export_share WHERE order_id = ?
     GROUP BY declaration_no ORDER BY declaration_no`,
  );
  const goods = new Map<string, DeclaredGoods>();
  const add = (declarationNo: string, currency: string, minor: number): void => {
    const key = `${declarationNo} ${currency}`;
    goods.set(key, { declarationNo, currency, minor: (goods.get(key)?.minor ?? 0) + minor });
  };
  for (const { orderId, declarationNo, currency, minor } of rows) {
    if (declarationNo !== null) add(declarationNo, currency, minor);
    else if (orderId !== null)
      for (const part of splitByDeclaration(minor, left.all(orderId) as { declarationNo: string; fobMinor: number }[]))
        if (part.minor > 0) add(part.declarationNo, currency, part.minor);
  }
  return [...goods.values()];
}

/** A report of the book with what its form asks of it. */
export interface ReportedCredit extends CreditFacts {
  readonly id: number;
  readonly state: 'draft' | 'reported' | 'withdrawn';
}

/** Refusal: `TRADE_CREDIT_REPORT_UNKNOWN` {id}. */
export function reportedCredit(book: Book, id: number): ReportedCredit {
  const report = findReport(book, id);
  if (report === undefined) throw new PortbookError('TRADE_CREDIT_REPORT_UNKNOWN', { id }, 'id');
  return { ...report, body: reportBody.parse(JSON.parse(report.body)) };
}

/**
 * A record is declared from the day on, under the number the bank has given. Runs in the transaction that applies the receipt, as all that
 * receipts bring back.
 */
export function noteDeclared(
  book: Book,
  id: number,
  at: { on: string; number: string | undefined },
  now: string,
): void {
  book
    .prepare(
      `UPDATE money_record SET detail = json_set(detail, '$.declaredOn', :on, '$.declarationNo',
         coalesce(:number, detail ->> '$.declarationNo', '')), updated_at = :now WHERE id = :id`,
    )
    .run({ on: at.on, number: at.number ?? null, now, id });
}

/** The declaration was sent back after all, or deleted: the record is to be declared again. Its number stays, the bank has given it. */
export function noteUndeclared(book: Book, id: number): void {
  book.prepare(`UPDATE money_record SET detail = json_remove(detail, '$.declaredOn') WHERE id = ?`).run(id);
}

/** A draft report is reported; one that a person has marked so stays as it is. */
export function noteReported(
  book: Book,
  id: number,
  at: { on: string; number: string | undefined },
  now: string,
): void {
  if (reportedCredit(book, id).state === 'draft') markReported(book, id, at.on, at.number ?? '', now);
}
