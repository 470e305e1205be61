import type { Handlers } from '../context.ts';
import { listInvoices, requireInvoice, saveInvoice, setPurpose, voidInvoice } from '../store/invoices.ts';

/** Input invoices (进项发票). */
export const invoiceHandlers: Handlers<
  'invoices.list' | 'invoices.get' | 'invoices.save' | 'invoices.void' | 'invoices.setPurpose'
> = {
  'invoices.list': (input, { book }) => listInvoices(book, input),

  'invoices.get': ({ id }, { book }) => requireInvoice(book, id),

  'invoices.save': (input, { book, now, emit }) => {
    const at = now();
    const view = book.transaction(() => {
      const id = saveInvoice(book, input, at);
      const saved = requireInvoice(book, id);
      book.audit(
        input.id === undefined ? 'invoice.entered' : 'invoice.changed',
        `invoice:${input.number}`,
        { kind: input.kind, total: saved.total, lines: saved.lines },
        at,
      );
      return saved;
    });
    emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
    return view;
  },

  'invoices.void': ({ id, reason }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      const { number } = voidInvoice(book, id, at);
      book.audit('invoice.voided', `invoice:${number}`, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
    return {};
  },

  'invoices.setPurpose': ({ ids, purpose, date }, { book, now, emit }) => {
    const at = now();
    const changed = book.transaction(() => {
      const n = setPurpose(book, { ids, purpose, date }, at);
      if (n > 0) book.audit('invoice.purpose', `invoices:${n}`, { purpose, date, ids: ids.slice(0, 50) }, at);
      return n;
    });
    if (changed > 0) emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
    return { changed };
  },
};
