import { storedValue } from '../../../shared/money/stored.ts';
import { fenText } from '../../../shared/stock/index.ts';
import type { Handlers } from '../context.ts';
import { saveExportLines } from '../store/entered-export-lines.ts';
import { listCoverage } from '../store/export-coverage.ts';
import { listExportLines, requireExportLine, setExportFacts } from '../store/export-lines.ts';
import { bringBack, listOverseas, sellAbroad } from '../store/overseas.ts';

/** Export lines (出口商品项) and what of them lies abroad (海外仓). */
export const exportLineHandlers: Handlers<
  | 'exportLines.list'
  | 'exportLines.get'
  | 'exportLines.saveMany'
  | 'exportLines.setFacts'
  | 'exportLines.coverage'
  | 'overseas.list'
  | 'overseas.sell'
  | 'overseas.back'
> = {
  'exportLines.list': (input, { book }) => listExportLines(book, input),
  'exportLines.get': ({ id }, { book }) => requireExportLine(book, id),

  'exportLines.saveMany': ({ lines }, { book, now, emit }) => {
    const at = now();
    const saved = book.transaction(() => {
      const done = saveExportLines(book, lines, at);
      if (done.added + done.changed > 0) {
        book.audit(
          'exportLines.saved',
          `declaration:${lines[0]?.declarationNo ?? ''}`,
          { added: done.added, changed: done.changed },
          at,
        );
      }
      return done;
    });
    emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
    return saved;
  },

  'exportLines.setFacts': ({ ids, patch }, { book, now, emit }) => {
    const at = now();
    const changed = book.transaction(() => {
      const n = setExportFacts(book, ids, patch);
      if (n > 0) book.audit('exportLines.facts', `exportLines:${n}`, { ...patch, ids: ids.slice(0, 50) }, at);
      return n;
    });
    if (changed > 0) emit({ name: 'book.changed', areas: ['purchases', 'tax'] });
    return { changed };
  },

  'exportLines.coverage': (input, { book }) => listCoverage(book, input),

  'overseas.list': (input, { book }) => listOverseas(book, input),

  'overseas.sell': ({ qty, ...input }, { book, now, emit }) => {
    const at = now();
    const { lines, costFen } = book.transaction(() => {
      const done = sellAbroad(book, { ...input, placeId: input.placeId, qtyE5: storedValue(qty) }, at);
      book.audit('overseas.sold', `product:${input.sku}`, { ...input, qty }, at);
      return done;
    });
    emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
    return { lines, cost: fenText(costFen) };
  },

  'overseas.back': ({ qty, ...input }, { book, now, emit }) => {
    const at = now();
    const { lines, costFen } = book.transaction(() => {
      const done = bringBack(book, { ...input, placeId: input.placeId, qtyE5: storedValue(qty) }, at);
      book.audit('overseas.back', `product:${input.sku}`, { ...input, qty }, at);
      return done;
    });
    emit({ name: 'book.changed', areas: ['purchases', 'ledger'] });
    return { lines, cost: fenText(costFen) };
  },
};
