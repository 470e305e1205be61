import type { z } from 'zod';
import type { trialBalanceRow } from '../../../shared/contract/ledger.ts';
import type { Book } from './book.ts';
import { majorText as major } from './voucher-views.ts';

export type TrialBalanceRow = z.infer<typeof trialBalanceRow>;

/** Turnover of every account by currency, straight from the balances that triggers keep. */
export function trialBalance(book: Book): {
  rows: TrialBalanceRow[];
  totalDebitCny: string;
  totalCreditCny: string;
  balanced: boolean;
  pending: number;
} {
  const stored = book
    .prepare(
      `SELECT b.account, a.name_zh AS nameZh, a.name_en AS nameEn, b.currency, sum(b.debit_minor) AS debit, sum(b.credit_minor) AS credit,
         sum(b.debit_fen) AS debitFen, sum(b.credit_fen) AS creditFen
       FROM balance b JOIN account a ON a.code = b.account GROUP BY b.account, b.currency ORDER BY b.account, b.currency`,
    )
    .all() as {
    account: string;
    nameZh: string;
    nameEn: string;
    currency: string;
    debit: number;
    credit: number;
    debitFen: number;
    creditFen: number;
  }[];
  let debitFen = 0;
  let creditFen = 0;
  const open = new Map<string, number>();
  for (const row of stored) {
    debitFen += row.debitFen;
    creditFen += row.creditFen;
    open.set(row.currency, (open.get(row.currency) ?? 0) + row.debit - row.credit);
  }
  const { n: pending } = book
    .prepare(
      `SELECT (SELECT count(*) FROM pending_posting) + (SELECT count(*) FROM source_document WHERE state = 'waiting') AS n`,
    )
    .get() as { n: number };
  return {
    rows: stored.map((row) => ({
      account: row.account,
      nameZh: row.nameZh,
      nameEn: row.nameEn,
      currency: row.currency,
      debit: major(row.debit, row.currency),
      credit: major(row.credit, row.currency),
      debitCny: major(row.debitFen, 'CNY'),
      creditCny: major(row.creditFen, 'CNY'),
    })),
    totalDebitCny: major(debitFen, 'CNY'),
    totalCreditCny: major(creditFen, 'CNY'),
    balanced: debitFen === creditFen && [...open.values()].every((difference) => difference === 0),
    pending,
  };
}
