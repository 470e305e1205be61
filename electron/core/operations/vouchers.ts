import type { accounting } from '../../../shared/contract/accounting.ts';
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { voucherPage } from '../printing/voucher-page.ts';
import type { Book } from '../store/book.ts';
import { postTypedVouchers, previewVoucher } from '../store/typed-vouchers.ts';
import {
  deleteVoucherDraft,
  deleteVoucherTemplate,
  listVoucherDrafts,
  listVoucherTemplates,
  saveVoucherDraft,
  saveVoucherTemplate,
  searchSummaries,
} from '../store/voucher-drafts.ts';
import { countNumbered, listVouchers, numberedVouchers, voucherView } from '../store/voucher-views.ts';
import { reverseVoucher } from '../store/vouchers.ts';

/** As many as fit a binder; a month with more is printed by ranges of numbers. */
const mostPrinted = 1000;

/** Id and label of a voucher just posted. */
function posted(book: Book, id: number): { id: number; label: string } {
  return { id, label: voucherView(book, id).label };
}

/** The vouchers asked for, read while they are set, and how many. Refusal: `PRINT_NO_VOUCHERS` {period}. */
function toPrint(book: Book, which: ParsedInputOf<'vouchers.print'>['which']) {
  if ('id' in which) return { total: 1, vouchers: [voucherView(book, which.id)] };
  const { period, first = 1, last = Number.MAX_SAFE_INTEGER } = which;
  const total = countNumbered(book, period, first, last);
  if (total === 0) throw new PortbookError('PRINT_NO_VOUCHERS', { period });
  return { total, vouchers: numberedVouchers(book, period, first, last) };
}

/** Vouchers (记账凭证) as they are typed, kept for later, posted and reversed. */
export const voucherHandlers: Handlers<
  Extract<
    keyof typeof accounting,
    `vouchers.${string}` | `voucherDrafts.${string}` | `voucherTemplates.${string}` | `summaries.${string}`
  >
> = {
  'vouchers.list': (filter, { book }) => listVouchers(book, filter),
  'vouchers.get': ({ id }, { book }) => voucherView(book, id),

  'vouchers.post': ({ draftId, ...voucher }, { book, now, emit }) => {
    const at = now();
    const result = book.transaction(() => {
      const [id = 0] = postTypedVouchers(book, [voucher], at, draftId);
      const made = posted(book, id);
      book.audit('voucher.posted', `voucher:${id}`, { label: made.label, date: voucher.date }, at);
      return made;
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return result;
  },

  'vouchers.postMany': ({ vouchers }, { book, now, emit, progress }) => {
    const at = now();
    progress({ phase: 'ledger.posting', done: 0, total: vouchers.length });
    const ids = book.transaction(() => {
      const made = postTypedVouchers(book, vouchers, at);
      book.audit('voucher.postedMany', `vouchers:${made.length}`, { firstId: made[0], lastId: made.at(-1) }, at);
      return made;
    });
    progress({ phase: 'ledger.posting', done: ids.length, total: ids.length });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return { posted: ids.length, firstId: ids[0] ?? 0, lastId: ids.at(-1) ?? 0 };
  },

  'vouchers.reverse': ({ id, date, reason }, { book, now, emit }) => {
    const at = now();
    const result = book.transaction(() => {
      const made = posted(book, reverseVoucher(book, { id, date, reason }, at));
      book.audit('voucher.reversed', `voucher:${id}`, { label: made.label, date, reason }, at);
      return made;
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return result;
  },

  'vouchers.print': async ({ which, to }, { book, files, host, signal, progress }) => {
    const path = files.pathOf(to, 'write');
    const { total, vouchers } = toPrint(book, which);
    if (total > mostPrinted) throw new PortbookError('PRINT_MANY_VOUCHERS', { vouchers: total, most: mostPrinted });
    progress({ phase: 'write', done: 0, total });
    const pdf = await host.printPdf(voucherPage(vouchers, book.profile().name));
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    signal.throwIfAborted();
    writeFileAtomically(path, pdf);
    progress({ phase: 'write', done: total, total });
    return { vouchers: total };
  },

  'vouchers.preview': (voucher, { book }) => previewVoucher(book, voucher),

  'voucherDrafts.list': (_input, { book }) => ({ rows: listVoucherDrafts(book) }),
  'voucherDrafts.save': ({ id, body }, { book, now }) => ({ id: saveVoucherDraft(book, id, body, now()) }),
  'voucherDrafts.delete': ({ id }, { book }) => {
    deleteVoucherDraft(book, id);
    return {};
  },

  'voucherTemplates.list': (_input, { book }) => ({ rows: listVoucherTemplates(book) }),
  'voucherTemplates.save': ({ name, body }, { book, now }) => {
    const at = now();
    book.transaction(() => {
      saveVoucherTemplate(book, name, body, at);
      book.audit('voucherTemplate.saved', `template:${name}`, {}, at);
    });
    return {};
  },
  'voucherTemplates.delete': ({ name }, { book, now }) => {
    const at = now();
    book.transaction(() => {
      deleteVoucherTemplate(book, name);
      book.audit('voucherTemplate.deleted', `template:${name}`, {}, at);
    });
    return {};
  },

  'summaries.search': ({ text, limit }, { book }) => ({ rows: searchSummaries(book, text, limit) }),
};
