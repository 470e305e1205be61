import type { barter } from '../../../shared/contract/barter.ts';
import type { Context, Handlers } from '../context.ts';
import { barterReport } from '../exporters/barter-report.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { listBarters, releaseInKind, saveBarter, settleInKind, voidBarter } from '../store/money/barter.ts';

function change<T>(context: Context, run: (now: string) => T): T {
  const now = context.now();
  const done = context.book.transaction(() => run(now));
  context.emit({ name: 'book.changed', areas: ['money', 'matching', 'orders', 'tax'] });
  return done;
}

/** 对销贸易（易货）. The audit names the counterparty by the contract's number: it may be a person. */
export const barterHandlers: Handlers<keyof typeof barter> = {
  'barter.list': (_input, { book }) => ({ rows: listBarters(book) }),

  'barter.save': (input, context) =>
    change(context, (now) => {
      const saved = saveBarter(context.book, input, now);
      const { outCurrency, outAmount, inCurrency, inAmount } = input;
      context.book.audit('barter.saved', saved.number, { outCurrency, outAmount, inCurrency, inAmount }, now);
      return saved;
    }),

  'barter.settle': (input, context) =>
    change(context, (now) => {
      const targetId = settleInKind(context.book, input, now);
      const { id, kind, no, amount } = input;
      context.book.audit('barter.settled', `barter:${id}`, { kind, no, amount }, now);
      return { targetId };
    }),

  'barter.release': ({ targetId }, context) =>
    change(context, (now) => {
      const { number, no } = releaseInKind(context.book, targetId);
      context.book.audit('barter.released', number, { no }, now);
      return {};
    }),

  'barter.void': ({ id, reason }, context) =>
    change(context, (now) => {
      context.book.audit('barter.voided', voidBarter(context.book, id, reason, now), { reason }, now);
      return {};
    }),

  'barter.export': async ({ to }, { book, files, signal, progress }) => {
    const rows = await writeReportWorkbook(
      files.pathOf(to, 'write'),
      barterReport(listBarters(book), book.profile().name),
      {
        signal,
        progress: (done) => progress({ phase: 'write', done, total: 0 }),
      },
    );
    return { rows };
  },
};
