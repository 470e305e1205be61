import type { departures } from '../../../shared/contract/departures.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { tryParse5 } from '../../../shared/money/decimal.ts';
import type { Context, Handlers } from '../context.ts';
import { departureOf } from '../departures.ts';
import { departureReport } from '../exporters/departure-report.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import {
  checkQueuedOfBill,
  type LoadablePaper,
  loadableShipments,
  loadPaper,
  papersNumbered,
  papersOfShipmentToLoad,
  saveStatedOfMaster,
  unloadPapers,
} from '../store/departures.ts';
import { requireShipment } from '../store/shipments.ts';

/** Papers and shipments that an answer carries. */
const shownPapers = 200;
const shownShipments = 100;

function change<T>(context: Context, run: (now: string) => T): T {
  const now = context.now();
  const done = context.book.transaction(() => run(now));
  context.emit({ name: 'book.changed', areas: ['shipments', 'documents'] });
  return done;
}

/** What is to be taken along of what was found. Refusals: `DEPARTURE_NOTHING`, `DEPARTURE_TAKEN`. */
function freeOf(found: readonly LoadablePaper[], shipmentId: number, number: string): LoadablePaper[] {
  const free = found.filter(({ takenBy, ownShipmentId }) => takenBy === null && ownShipmentId !== shipmentId);
  if (free.length > 0) return free;
  const taken = found.find(({ takenBy }) => takenBy !== null);
  if (taken === undefined) throw new PortbookError('DEPARTURE_NOTHING', { number }, 'from');
  throw new PortbookError('DEPARTURE_TAKEN', { number: taken.number, shipment: taken.takenByNo ?? '' }, 'from');
}

/** A figure as it was typed, by 10^5; null where nothing was. Refusal: `DEPARTURE_FIGURE` {value}. */
function figure(text: string, field: string, isWhole: boolean): number | null {
  if (text === '') return null;
  const value = tryParse5(text.replaceAll(',', ''));
  if (value === undefined || value <= 0n || value > 10n ** 15n || (isWhole && value % 100_000n !== 0n))
    throw new PortbookError('DEPARTURE_FIGURE', { value: text }, field);
  return Number(isWhole ? value / 100_000n : value);
}

/** 中转集拼. */
export const departureHandlers: Handlers<keyof typeof departures> = {
  'departures.get': ({ shipmentId }, context) => departureOf(context, shipmentId, shownPapers),

  'departures.candidates': ({ shipmentId }, { book }) => {
    requireShipment(book, shipmentId);
    return {
      rows: loadableShipments(book, shipmentId, shownShipments).map(({ modes, ...row }) => ({
        ...row,
        modes: modes.split(',').sort(),
      })),
    };
  },

  'departures.load': ({ shipmentId, from }, context) =>
    change(context, (now) => {
      const { book } = context;
      const { shipmentNo } = requireShipment(book, shipmentId);
      const [number, found] =
        'number' in from
          ? [from.number, papersNumbered(book, from.number)]
          : [requireShipment(book, from.shipmentId).shipmentNo, papersOfShipmentToLoad(book, from.shipmentId)];
      const free = freeOf(found, shipmentId, number);
      for (const one of free) loadPaper(book, shipmentId, one, now);
      book.audit('departure.loaded', shipmentNo, { from: number, papers: free.length }, now);
      return { loaded: free.length };
    }),

  'departures.unload': ({ shipmentId, ids }, context) =>
    change(context, (now) => {
      const { book } = context;
      const { shipmentNo } = requireShipment(book, shipmentId);
      const unloaded = unloadPapers(book, shipmentId, ids);
      book.audit('departure.unloaded', shipmentNo, { papers: unloaded }, now);
      return { unloaded };
    }),

  'departures.saveMaster': ({ shipmentId, packages, gross }, context) =>
    change(context, (now) => {
      const { book } = context;
      const { shipmentNo, body } = requireShipment(book, shipmentId);
      const stated = { packages: figure(packages, 'packages', true), grossE5: figure(gross, 'gross', false) };
      saveStatedOfMaster(book, shipmentId, stated, now);
      checkQueuedOfBill(book, body.billNo);
      book.audit('departure.master', shipmentNo, { packages, gross }, now);
      return {};
    }),

  'departures.export': async ({ shipmentId, to }, context) => {
    const { book, files, signal, progress } = context;
    const view = departureOf(context, shipmentId, Number.MAX_SAFE_INTEGER);
    const rows = await writeReportWorkbook(files.pathOf(to, 'write'), departureReport(view, book.profile().name), {
      signal,
      progress: (done) => progress({ phase: 'write', done, total: view.totals.papers }),
    });
    book.audit('departure.exported', view.shipmentNo, { papers: view.totals.papers }, context.now());
    return { rows };
  },
};
