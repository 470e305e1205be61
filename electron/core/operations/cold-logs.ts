import type { InputOf } from '../../../shared/contract/contract.ts';
import type { trace } from '../../../shared/contract/trace.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { headerKey } from '../../../shared/import/headers.ts';
import { analysed } from '../cold-chain.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { type LoggerLayout, openLogger, readingsIn } from '../importers/logger-file.ts';
import { paperNames, today } from '../lots.ts';
import { coldPage } from '../printing/cold-page.ts';
import type { Book } from '../store/book.ts';
import { rememberedMapping, rememberMapping } from '../store/imports.ts';
import * as store from '../store/trace/cold-logs.ts';
import { requireDispatch } from '../store/trace/dispatches.ts';
import { requireFarmProduct } from '../store/trace/sites.ts';

/** Points of a curve: more than a screen has columns. */
const POINTS = 2000;
const SHOWN_FAILED = 200;
const SHOWN_TEXT = 100;

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['lots'] });
function remembered(book: Book, headers: readonly string[]): LoggerLayout['mapping'] | undefined {
  const key = headerKey(headers);
  const found = key === '' ? undefined : rememberedMapping(book, 'cold-log', key)?.mapping;
  const [at, temperature] = [found?.['at'], found?.['temperature']];
  if (at === undefined || temperature === undefined) return undefined;
  const time = found?.['time'];
  return { at, temperature, ...(time === undefined ? {} : { time }) };
}

/** Cold chain (冷链): loggers' files, what they show, a page for the buyer. */
export const coldLogHandlers: Handlers<Extract<keyof typeof trace, `coldLogs.${string}`>> = {
  'coldLogs.list': (_input, context) => ({
    rows: store.listColdLogs(context.book).map((log) => ({ ...log, analysis: analysed(context, log).analysis })),
  }),

  'coldLogs.get': ({ id }, context) => {
    const log = store.requireColdLog(context.book, id);
    const { readings, analysis } = analysed(context, log);
    return { ...log, analysis, points: curve(readings, analysis.interval) };
  },

  'coldLogs.read': async ({ file, layout }, context) => {
    const opened = await openLogger(context.files.pathOf(file, 'read'), layout, context.signal);
    const known = layout?.mapping === undefined ? remembered(context.book, opened.headers) : undefined;
    const mapping = layout?.mapping ?? known ?? opened.mapping;
    const { orders, readings, failed, offsetMinutes } = readingsIn(opened, mapping, layout);
    return {
      fileName: opened.name,
      headerRow: opened.headerRow,
      top: opened.top.map(({ no, texts }) => ({ no, text: texts.join(' | ').slice(0, SHOWN_TEXT) })),
      headers: [...opened.headers],
      sample: opened.rows.slice(0, 8).map(({ texts }) => [...texts]),
      mapping,
      mappingFrom: layout?.mapping !== undefined ? 'given' : known !== undefined ? 'remembered' : 'recognised',
      orders,
      isFahrenheit: layout?.isFahrenheit ?? opened.isFahrenheit,
      offsetMinutes,
      readings: readings.length,
      failed: failed.slice(0, SHOWN_FAILED),
      failedTotal: failed.length,
      preview: readings.slice(0, 8).map(({ at, c100 }): [number, number] => [at, c100]),
    };
  },

  'coldLogs.add': async ({ dispatchId, productId, logger, file, layout }, context) => {
    const { book } = context;
    const { number } = requireDispatch(book, dispatchId);
    const { lowC100, highC100, nameZh } = requireFarmProduct(book, productId);
    if (lowC100 === undefined || highC100 === undefined)
      throw new PortbookError('FARM_BAND_MISSING', { product: nameZh }, 'productId');
    const opened = await openLogger(context.files.pathOf(file, 'read'), layout, context.signal);
    const { readings, failed } = readingsIn(opened, layout.mapping, layout);
    if (readings.length === 0)
      throw new PortbookError('LOGGER_EMPTY', { name: opened.name, rows: failed.length }, 'file');
    const now = context.now();
    const id = book.transaction(() => {
      const made = store.insertColdLog(
        book,
        {
          dispatchId,
          dispatch: number,
          productId,
          logger,
          fileName: opened.name,
          lowC100,
          highC100,
          failed,
          sha256: opened.sha256,
          readings,
        },
        now,
      );
      const { at, time, temperature } = layout.mapping;
      // Columns without a header are known by nothing.
      const key = headerKey(opened.headers);
      if (key !== '')
        rememberMapping(
          book,
          'cold-log',
          key,
          { mapping: { at, temperature, ...(time === undefined ? {} : { time }) } },
          now,
        );
      book.audit(
        'cold-log.added',
        `dispatch:${dispatchId}`,
        { number, logger, sha256: opened.sha256, readings: readings.length, failed: failed.length },
        now,
      );
      return made;
    });
    changed(context);
    return { id, readings: readings.length, failed: failed.length };
  },

  'coldLogs.remove': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { dispatchId, fileName } = store.requireColdLog(book, id);
      store.removeColdLog(book, id);
      book.audit('cold-log.removed', `dispatch:${dispatchId}`, { fileName }, now);
    });
    changed(context);
    return {};
  },

  'coldLogs.print': async ({ id, language, to }: InputOf<'coldLogs.print'>, context) => {
    const path = context.files.pathOf(to, 'write');
    const log = store.requireColdLog(context.book, id);
    const { readings, analysis } = analysed(context, log);
    const { nameEn } = requireFarmProduct(context.book, log.productId);
    const { html, pages } = coldPage(
      { ...log, analysis, points: curve(readings, analysis.interval) },
      {
        language,
        ...paperNames(context, language),
        product: language === 'en' && nameEn !== '' ? nameEn : log.product,
        madeOn: today(context),
        dispatch: requireDispatch(context.book, log.dispatchId),
      },
    );
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { pages };
  },
};

/**
 * A curve of at most {@link POINTS} points in the order of time: of each stretch its lowest and highest reading, so that no peak is lost.
 * Between two readings with a gap stands one without a value.
 */
export function curve(
  readings: readonly { readonly at: number; readonly c100: number }[],
  interval: number,
): [number, number | null][] {
  const sorted = [...readings].sort((a, b) => a.at - b.at);
  const size = Math.max(1, Math.ceil(sorted.length / (POINTS / 2)));
  const kept: { at: number; c100: number }[] = [];
  for (let from = 0; from < sorted.length; from += size) {
    const part = sorted.slice(from, from + size);
    const low = part.reduce((least, one) => (one.c100 < least.c100 ? one : least));
    const high = part.reduce((most, one) => (one.c100 > most.c100 ? one : most));
    kept.push(...(low === high ? [low] : low.at < high.at ? [low, high] : [high, low]));
  }
  return kept.flatMap((one, at): [number, number | null][] => {
    const before = kept[at - 1];
    const point: [number, number | null] = [one.at, one.c100];
    return before !== undefined && one.at - before.at > interval * 2.5 * size + interval
      ? [[before.at + 1, null], point]
      : [point];
  });
}
