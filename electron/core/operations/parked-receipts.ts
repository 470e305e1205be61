import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { documentLife } from '../../../shared/contract/document-life.ts';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { aboutOfReceipt } from '../importers/receipt-file.ts';
import { applyAgain } from '../outbox/receipts.ts';
import type { Book } from '../store/book.ts';
import { requireDocument } from '../store/documents.ts';
import { type ParkedReceipt, parkedReceipts, receiptRow, saveRemark } from '../store/receipts.ts';

/** Returns of a receipt that the list shows; a receipt has few. */
const shownItems = 20;

type Row = OutputOf<'receipts.parked'>['rows'][number];

function rowOf(book: Book, { xml, messageGuid, note, ...row }: ParkedReceipt): Row {
  const read = readMessage(xml);
  const spec = read.message === undefined ? undefined : specOf(read.message);
  const found = spec?.kind === 'receipt' ? aboutOfReceipt(book, { spec, read }) : [];
  const named = found.find(({ messageGuid: guid }) => guid !== undefined)?.item.documentId;
  const candidate = named === undefined ? undefined : requireDocument(book, named);
  return {
    ...row,
    kind: spec?.message ?? '',
    items: found
      .slice(0, shownItems)
      .map(({ item: { number, status, time, info } }) => ({ number, status, time, info })),
    ...(messageGuid === undefined ? {} : { messageGuid }),
    ...(note === undefined ? {} : { note }),
    ...(candidate === undefined
      ? {}
      : { candidate: { documentId: candidate.id, kind: candidate.kind, businessKey: candidate.businessKey } }),
  };
}

function requireParked(book: Book, id: number): ParkedReceipt {
  const row = receiptRow(book, id);
  if (row.state !== 'parked') throw new PortbookError('RECEIPT_NOT_PARKED', { id });
  return row;
}

function changed({ emit }: Context): void {
  emit({ name: 'book.changed', areas: ['documents', 'orders', 'tax', 'purchases'] });
  emit({ name: 'sync.changed' });
}

/** 未认领回执: receipts that could not be applied. */
export const parkedReceiptHandlers: Handlers<Extract<keyof typeof documentLife, `receipts.${string}`>> = {
  'receipts.parked': (page, { book }) => {
    const { rows, ...rest } = parkedReceipts(book, page);
    return { rows: rows.map((row) => rowOf(book, row)), ...rest };
  },

  'receipts.raw': ({ id }, { book }) => ({ text: receiptRow(book, id).xml }),

  'receipts.remark': ({ id, note }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      receiptRow(book, id);
      saveRemark(book, id, note, at);
      book.audit('receipts.remark', `receipt ${id}`, { kept: note !== '' }, at);
    });
    context.emit({ name: 'sync.changed' });
    return {};
  },

  'receipts.retry': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    const ids = id === undefined ? allParked(book) : [requireParked(book, id).id];
    let applied = 0;
    for (const one of ids) if (applyAgain(book, one, now) === undefined) applied += 1;
    book.audit('receipts.retry', id === undefined ? 'all' : `receipt ${id}`, { applied, of: ids.length }, now);
    changed(context);
    return { applied, parked: ids.length - applied };
  },

  'receipts.attach': ({ id, documentId }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { xml } = requireParked(book, id);
      const read = readMessage(xml);
      const spec = read.message === undefined ? undefined : specOf(read.message);
      const about = spec?.kind === 'receipt' ? aboutOfReceipt(book, { spec, read }) : [];
      const named = about.find(({ item }) => item.documentId === documentId);
      if (named?.messageGuid === undefined) throw new PortbookError('RECEIPT_NOT_OF_DOCUMENT', { id });
      const problem = applyAgain(book, id, now, named.messageGuid);
      // Whole or not at all: the message it was taken for goes with what it failed of.
      if (problem !== undefined) throw new PortbookError('RECEIPT_ATTACH_FAILED', { problem });
      book.audit('receipts.attach', `receipt ${id}`, { documentId, messageGuid: named.messageGuid }, now);
    });
    changed(context);
    return {};
  },
};

function allParked(book: Book): number[] {
  const ids: number[] = [];
  let after: string | undefined;
  do {
    const page = parkedReceipts(book, { after, limit: 500 });
    ids.push(...page.rows.map(({ id }) => id));
    after = page.nextCursor;
  } while (after !== undefined);
  return ids;
}
