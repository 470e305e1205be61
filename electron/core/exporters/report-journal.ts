import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { PortbookError } from '../../../shared/errors.ts';
import type { Chart } from '../../../shared/reports/accounts.ts';
import { syncFolder } from '../files/atomic.ts';
import type { Book } from '../store/book.ts';
import { countVouchers, type JournalVoucher, journalFacts, journalOf } from '../store/reports/journal.ts';

export interface JournalFacts {
  readonly chart: Chart;
  /** Currencies that amounts are in. */
  readonly currencies: readonly string[];
  readonly firstDate: string;
  /** Amounts in their own currencies, else all in CNY at book value. */
  readonly isOriginal: boolean;
}

/** A plain-text accounting format. */
export interface TextJournal {
  /** What stands before the first transaction. */
  readonly head: string;
  /** A transaction; undefined when nothing of the voucher has an amount. */
  readonly transaction: (voucher: JournalVoucher) => string | undefined;
}

/**
 * Writes every voucher of the book as one transaction each, chunk by chunk, so that a large book needs no more memory than a
 * small one. The file appears whole or not at all. Refusals: `FILE_NOT_WRITTEN`, and `CANCELLED` through the signal.
 */
export async function writeTextJournal(
  path: string,
  book: Book,
  chart: Chart,
  isOriginal: boolean,
  format: (facts: JournalFacts) => TextJournal,
  control: { readonly signal: AbortSignal; readonly progress: (done: number, total: number) => void },
): Promise<{ transactions: number; leftOut: number }> {
  const { firstDate = '1970-01-01', currencies } = journalFacts(book);
  const journal = format({ chart, isOriginal, firstDate, currencies: isOriginal ? currencies : ['CNY'] });
  const total = countVouchers(book);
  const partial = `${path}.${process.pid}.partial`;
  let transactions = 0;
  let leftOut = 0;
  try {
    const stream = createWriteStream(partial, { mode: 0o600 });
    await once(stream, 'open');
    stream.write(journal.head);
    for (const vouchers of journalOf(book)) {
      const texts: string[] = [];
      for (const voucher of vouchers) {
        const text = journal.transaction(voucher);
        if (text === undefined) leftOut += 1;
        else texts.push(text);
      }
      transactions += texts.length;
      if (texts.length > 0 && !stream.write(texts.join(''))) await once(stream, 'drain');
      else await new Promise((resolve) => setImmediate(resolve));
      control.signal.throwIfAborted();
      control.progress(transactions + leftOut, total);
    }
    const closed = once(stream, 'close');
    stream.end();
    await closed;
    renameSync(partial, path);
    syncFolder(dirname(path));
    return { transactions, leftOut };
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'syscall' in error) {
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: 'code' in error ? String(error.code) : error.message });
    }
    throw error;
  }
}
