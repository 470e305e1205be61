import type { OutputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from '../store/book.ts';
import { knownReceiptFile } from '../store/receipts.ts';
import { isMarkup, messageIn, requestOf } from './message-file.ts';
import { openPayoutFile } from './payout-file.ts';
import { likeEnough, messageOf } from './plan.ts';
import { isReceipt, receiptView, sha256Of } from './receipt-file.ts';
import { openSource, readBytes } from './source.ts';

/** What a file seems to be. Tables whose kind only their columns tell are `table`. Refusals: those of {@link openSource}. */
export async function recogniseFile(book: Book, path: string): Promise<OutputOf<'imports.recognise'>> {
  const bytes = await readBytes(path);
  const file = isMarkup(bytes) ? messageIn(bytes) : undefined;
  if (file !== undefined && isReceipt(file.spec)) {
    const { message, zh, en } = file.spec;
    const isKnown = knownReceiptFile(book, sha256Of(bytes)) !== undefined;
    return { form: 'receipt', message, zh, en, isKnown, ...receiptView(book, file) };
  }
  const ours = file === undefined ? undefined : requestOf(file.spec);
  if (ours !== undefined) return { form: 'documents', message: ours };
  const source = await openSource(path);
  const found = await messageOf(book, source);
  if (found !== undefined && found.likeness >= likeEnough) return { form: 'documents', message: found.message };
  return (await isPayout(path)) ? { form: 'payout' } : { form: 'table' };
}

/** Whether the headers are those of a marketplace's report of payouts that is known. */
async function isPayout(path: string): Promise<boolean> {
  try {
    return (await openPayoutFile(path, {})).layout !== undefined;
  } catch (error) {
    // What cannot be read as a report may still be any other table.
    if (error instanceof PortbookError) return false;
    throw error;
  }
}
