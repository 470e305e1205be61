import type { accounting } from '../../../shared/contract/accounting.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import type { Book } from '../store/book.ts';
import { payoutOfDocument } from '../store/money/payout-posting.ts';
import { recordOfDocument } from '../store/money/records.ts';
import {
  listSourceDocuments,
  requireSourceDocument,
  saveSourceDocument,
  voidSourceDocument,
} from '../store/source-documents.ts';

/**
 * What a record of money or a payout made changes there alone. Refusals: `SOURCE_DOCUMENT_OF_RECORD` {number}, `SOURCE_DOCUMENT_OF_PAYOUT`
 * {number}.
 */
function refuseOfRecord(book: Book, id: number): void {
  const record = recordOfDocument(book, id);
  if (record !== undefined) throw new PortbookError('SOURCE_DOCUMENT_OF_RECORD', { number: record.number }, 'id');
  const payout = payoutOfDocument(book, id);
  if (payout !== undefined) throw new PortbookError('SOURCE_DOCUMENT_OF_PAYOUT', { number: payout.number }, 'id');
}

/** Source documents (原始单据): business events that post themselves by rule. */
export const sourceDocumentHandlers: Handlers<Extract<keyof typeof accounting, `sourceDocuments.${string}`>> = {
  'sourceDocuments.list': (filter, { book }) => listSourceDocuments(book, filter),
  'sourceDocuments.get': ({ id }, { book }) => requireSourceDocument(book, id),

  'sourceDocuments.save': ({ id, document }, { book, now, emit }) => {
    const at = now();
    const saved = book.transaction(() => {
      if (id !== undefined) refuseOfRecord(book, id);
      if (document.kind === 'payout') throw new PortbookError('SOURCE_DOCUMENT_ONLY_PAYOUT', {}, 'document.kind');
      const result = saveSourceDocument(book, id, document, at);
      const { state, reason, voucherIds } = result;
      book.audit(
        id === undefined ? 'sourceDocument.entered' : 'sourceDocument.changed',
        `source-document:${result.id}`,
        { kind: document.kind, date: document.date, state, reason, voucherIds },
        at,
      );
      return result;
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return saved;
  },

  'sourceDocuments.void': ({ id, reason }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      refuseOfRecord(book, id);
      voidSourceDocument(book, id, reason, at);
      book.audit('sourceDocument.voided', `source-document:${id}`, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return {};
  },
};
