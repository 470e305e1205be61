import type { accounting } from '../../../shared/contract/accounting.ts';
import type { Handlers } from '../context.ts';
import {
  listSourceDocuments,
  requireSourceDocument,
  saveSourceDocument,
  voidSourceDocument,
} from '../store/source-documents.ts';

/** Source documents (原始单据): business events that post themselves by rule. */
export const sourceDocumentHandlers: Handlers<Extract<keyof typeof accounting, `sourceDocuments.${string}`>> = {
  'sourceDocuments.list': (filter, { book }) => listSourceDocuments(book, filter),
  'sourceDocuments.get': ({ id }, { book }) => requireSourceDocument(book, id),

  'sourceDocuments.save': ({ id, document }, { book, now, emit }) => {
    const at = now();
    const saved = book.transaction(() => {
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
      voidSourceDocument(book, id, reason, at);
      book.audit('sourceDocument.voided', `source-document:${id}`, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return {};
  },
};
