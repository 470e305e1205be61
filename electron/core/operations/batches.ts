import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { batches } from '../../../shared/contract/batches.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { declareReleased } from '../document-life.ts';
import { declareReleases, insertRelease, listBatches, requireBatch, saveBatch, voidRelease } from '../store/batches.ts';
import { caseOf, requireDocument } from '../store/documents.ts';

const today = (context: Context): string => chinaDate(context.now());
const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['documents', 'tax'] });

/** Batches released in parts and declared together (集中申报、分批出区). */
export const batchHandlers: Handlers<keyof typeof batches> = {
  'batches.list': (_input, context) => ({ rows: listBatches(context.book, today(context)) }),

  'batches.get': ({ id }, context) => requireBatch(context.book, id, today(context)),

  'batches.save': (input, context) => {
    const { book } = context;
    const { startsOn, endsOn } = input;
    if (endsOn !== null && endsOn < startsOn)
      throw new PortbookError('DATE_ORDER', { from: startsOn, to: endsOn }, 'endsOn');
    const now = context.now();
    const id = book.transaction(() => {
      const saved = saveBatch(book, input, now);
      book.audit('batch.saved', input.recordNo, { goods: input.goods.length, dueOn: input.dueOn }, now);
      return saved;
    });
    changed(context);
    return { id };
  },

  'batches.release': (input, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const { lines, startsOn, endsOn, recordNo } = requireBatch(book, input.batchId, today(context));
      if (input.on < startsOn || (endsOn !== null && input.on > endsOn))
        throw new PortbookError('BATCH_DAY', { from: startsOn, to: endsOn ?? '' }, 'on');
      for (const { goodId, qty } of input.lines) {
        const good = lines.find((one) => one.id === goodId);
        if (good === undefined || storedValue(qty) > storedValue(good.left))
          throw new PortbookError('BATCH_TOO_MUCH', { name: good?.name ?? '', left: good?.left ?? '0' }, 'lines');
      }
      const made = insertRelease(book, input, now);
      book.audit('batch.released', recordNo, { number: input.number, on: input.on }, now);
      return made;
    });
    changed(context);
    return { id };
  },

  'batches.void': ({ releaseId, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const number = voidRelease(book, releaseId, reason);
      book.audit('batch.void', number, { reason }, now);
    });
    changed(context);
    return {};
  },

  'batches.declare': ({ batchId, until, mode }, context) => {
    const { book } = context;
    const now = context.now();
    const result = book.transaction(() => {
      const { recordNo, lines, steps } = requireBatch(book, batchId, today(context));
      const open = steps.filter(
        ({ on, document, voidReason }) => document === null && voidReason === '' && on <= until,
      );
      if (open.length === 0) throw new PortbookError('BATCH_NOTHING', { number: recordNo, until });
      const goods = lines.flatMap((good) => {
        const qtyE5 = open
          .flatMap((release) => release.lines)
          .filter(({ goodId }) => goodId === good.id)
          .reduce((sum, { qty }) => sum + storedValue(qty), 0);
        return qtyE5 === 0 ? [] : [{ ...good, qty: storedText(qtyE5) }];
      });
      const numbers = open.map(({ number }) => number);
      const documentId = declareReleased(context, { recordNo, numbers, goods, mode }, now);
      declareReleases(
        book,
        open.map(({ id }) => id),
        documentId,
      );
      recheck(book, documentCheck(context), caseOf(requireDocument(book, documentId)), now);
      return { documentId, releases: open.length };
    });
    changed(context);
    return result;
  },
};
