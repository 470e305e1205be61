import type { trace } from '../../../shared/contract/trace.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { cartonText, cutRange, rangeText } from '../../../shared/lots/cartons.ts';
import type { LotFinding } from '../../../shared/lots/findings.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import type { Context, Handlers } from '../context.ts';
import { recallSheet } from '../exporters/recall-list.ts';
import { writeTextSheet } from '../exporters/text-sheet.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import {
  judgeChange,
  judgeDispatch,
  labelFacts,
  paperNames,
  readinessOf,
  recallOf,
  today,
  traceForBuyer,
  traceOf,
} from '../lots.ts';
import { labelPages, recallPages, tracePage } from '../printing/trace-pages.ts';
import type { Book } from '../store/book.ts';
import { listColdLogs } from '../store/trace/cold-logs.ts';
import * as dispatches from '../store/trace/dispatches.ts';
import * as lots from '../store/trace/lots.ts';
import { requireFarmSite } from '../store/trace/sites.ts';

/** Ranges of cartons that a page lists; the rest is counted. */
const SHOWN_CARTONS = 2000;

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['lots'] });

type Carton = lots.CartonView;
type Part = Pick<Carton, 'first' | 'last'>;
interface Move {
  readonly carton: Carton;
  readonly parts: readonly Part[];
}

/** What of the book's cartons a call names: ranges by number, and all of lots that are still here. Refusals: see `dispatches.load`. */
function movesOf(
  book: Book,
  {
    cartons,
    lotIds,
  }: { cartons: readonly { prefix: string; digits: number; first: number; last: number }[]; lotIds: readonly number[] },
): Move[] {
  const moves = new Map<number, Move>();
  const put = (carton: Carton, parts: readonly Part[]): void => {
    const { dispatch } = carton;
    const [part = carton] = parts;
    if (dispatch !== undefined)
      throw new PortbookError('CARTONS_DISPATCHED', { dispatch, carton: cartonText(carton, part.first) }, 'cartons');
    moves.set(carton.id, { carton, parts });
  };
  for (const [at, range] of cartons.entries()) {
    const found = lots.cartonsIn(book, range);
    let next = range.first;
    for (const carton of found) {
      const cut = cutRange(carton, range.first, range.last);
      if (cut === undefined || cut.inside.first > next) break;
      const before = moves.get(carton.id)?.parts ?? [];
      const { first, last } = cut.inside;
      if (before.some((one) => one.first <= last && first <= one.last))
        throw new PortbookError('CARTONS_RANGE_TWICE', { carton: rangeText(range) }, `cartons.${at}`);
      put(carton, [...before, { first, last }]);
      next = cut.inside.last + 1;
    }
    if (next <= range.last)
      throw new PortbookError('CARTONS_UNKNOWN', { carton: cartonText(range, next) }, `cartons.${at}`);
  }
  for (const lotId of lotIds)
    for (const carton of lots.cartonsOf(book, [lots.requireLot(book, lotId).id], Number.MAX_SAFE_INTEGER))
      if (carton.dispatchId === undefined) put(carton, [carton]);
  return [...moves.values()];
}

/** Writes down why lots go on a dispatch, or stay on it, though something stood against it. */
function keepReasons(
  book: Book,
  dispatchId: number,
  findings: readonly LotFinding[],
  reason: string,
  at: string,
): void {
  for (const code of new Set(findings.map(({ lot }) => lot))) {
    const lotId = code === undefined ? undefined : lots.lotByCode(book, code);
    if (lotId !== undefined)
      lots.keepReasons(
        book,
        lotId,
        findings.filter(({ lot }) => lot === code),
        { reason, dispatchId, at },
      );
  }
}
/** What wanted a reason and the reason, for the audit log; nothing where nothing did. */
function reasonDetail(findings: readonly LotFinding[], reason: string): { findings?: string[]; reason?: string } {
  const wanted = findings.filter(({ level }) => level === 'reason');
  return wanted.length === 0 ? {} : { findings: wanted.map(({ code, lot }) => `${code} ${lot ?? ''}`), reason };
}

async function print(context: Context, to: string, made: { html: string; pages: number }): Promise<{ pages: number }> {
  const path = context.files.pathOf(to, 'write');
  const pdf = await context.host.printPdf(made.html);
  if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
  writeFileAtomically(path, pdf);
  return { pages: made.pages };
}

/** What is held leaves with nothing, also when it was held after it had been loaded. Throws `LOT_HELD` {lot, reason} at `path`. */
function refuseHeld(book: Book, lotIds: Iterable<number>, path: string): void {
  for (const lot of lots.lotsById(book, lotIds))
    if (lot.heldAt !== null) throw new PortbookError('LOT_HELD', { lot: lot.code, reason: lot.holdReason }, path);
}

/** Dispatches (发运), and what is printed and written of a trace. */
export const dispatchHandlers: Handlers<Extract<keyof typeof trace, `dispatches.${string}` | `trace.${string}`>> = {
  'dispatches.list': (input, { book }) => dispatches.listDispatches(book, input),

  'dispatches.get': ({ id }, context) => {
    const { book } = context;
    const dispatch = dispatches.requireDispatch(book, id);
    const lotIds = dispatches.lotsOn(book, [id]);
    const findings = judgeDispatch(context, dispatch, lotIds);
    const coldLogs = listColdLogs(book, [id]);
    const declared = dispatches.declaredOf(book, dispatch);
    const declaredMass = dispatches.declaredMassOf(book, dispatch);
    return {
      dispatch,
      cartons: lots.cartonsOn(book, id, SHOWN_CARTONS),
      cartonsTotal: dispatches.rangesOn(book, id),
      findings,
      readiness: readinessOf(context, dispatch, {
        lotIds,
        findings,
        coldLogs: coldLogs.length,
        declared: declared.length,
      }),
      reasons: lots.reasonsOf(book, lotIds).filter((one) => one.dispatch === dispatch.number),
      coldLogs,
      declared,
      ...(declaredMass === undefined ? {} : { declaredMass }),
    };
  },

  'dispatches.save': (input, context) => {
    const { book } = context;
    const now = context.now();
    const { reason, ...head } = input;
    const done = book.transaction(() => {
      const before = head.id === undefined ? undefined : dispatches.requireDispatch(book, head.id);
      if (before !== undefined && before.loadedAt === undefined && head.loadedAt !== undefined)
        refuseHeld(book, dispatches.lotsOn(book, [before.id]), 'loadedAt');
      const findings = before === undefined ? [] : judgeChange(context, before, head);
      const wanted = findings.filter(({ level }) => level === 'reason');
      if (reason === '' && wanted.length > 0) return { isSaved: false as const, findings };
      const id = dispatches.saveDispatch(book, head, now);
      keepReasons(book, id, findings, reason, now);
      // A buyer may be a person: the trail names where it goes, not to whom.
      const { number, on, country, shipmentNo, declarationNo, certificateNo } = head;
      book.audit(
        'dispatch.saved',
        `dispatch:${id}`,
        { number, on, country, shipmentNo, declarationNo, certificateNo, ...reasonDetail(findings, reason) },
        now,
      );
      return { isSaved: true as const, findings, id };
    });
    if (done.isSaved) changed(context);
    return done;
  },

  'dispatches.remove': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const number = dispatches.removeDispatch(book, id);
      book.audit('dispatch.removed', `dispatch:${id}`, { number }, now);
    });
    changed(context);
    return {};
  },

  'dispatches.load': ({ id, cartons, lotIds, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const done = book.transaction(() => {
      const dispatch = dispatches.requireDispatch(book, id);
      const moves = movesOf(book, { cartons, lotIds });
      if (moves.length === 0) throw new PortbookError('CARTONS_NONE', {}, 'cartons');
      const touched = [...new Set(moves.map(({ carton }) => carton.lotId))];
      refuseHeld(book, touched, 'cartons');
      const findings = judgeDispatch(context, dispatch, touched);
      if (reason === '' && findings.some(({ level }) => level === 'reason'))
        return { isSaved: false as const, findings };
      let count = 0;
      let massG = 0;
      for (const { carton, parts } of moves) {
        const moved = lots.moveCartons(book, carton, parts, id);
        count += moved;
        massG += moved * carton.netG;
      }
      keepReasons(book, id, findings, reason, now);
      book.audit(
        'dispatch.loaded',
        `dispatch:${id}`,
        { number: dispatch.number, cartons: count, massG, findings: [], ...reasonDetail(findings, reason) },
        now,
      );
      return { isSaved: true as const, findings, cartons: count, massG };
    });
    if (done.isSaved) changed(context);
    return done;
  },

  'dispatches.take': ({ id, lotId, count, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const done = book.transaction(() => {
      const dispatch = dispatches.requireDispatch(book, id);
      const all = lots.cartonsOf(book, [lots.requireLot(book, lotId).id], Number.MAX_SAFE_INTEGER);
      const on = all.filter((one) => one.dispatchId === id);
      const loaded = on.reduce((sum, one) => sum + one.count, 0);
      const isMore = count > loaded;
      if (isMore) refuseHeld(book, [lotId], 'lotId');
      const findings = isMore ? judgeDispatch(context, dispatch, [lotId]) : [];
      if (reason === '' && findings.some(({ level }) => level === 'reason'))
        return { isSaved: false as const, findings };
      let open = Math.abs(count - loaded);
      // The lowest numbers go first and come back last.
      for (const carton of isMore ? all.filter(({ dispatchId }) => dispatchId === undefined) : on.reverse()) {
        const n = Math.min(open, carton.count);
        if (n === 0) break;
        const part = isMore
          ? { first: carton.first, last: carton.first + n - 1 }
          : { first: carton.last - n + 1, last: carton.last };
        open -= lots.moveCartons(book, carton, [part], isMore ? id : undefined);
      }
      if (open > 0) throw new PortbookError('CARTONS_FEWER', { n: count - open }, 'count');
      keepReasons(book, id, findings, reason, now);
      const { number } = dispatch;
      book.audit(
        'dispatch.taken',
        `dispatch:${id}`,
        { number, lotId, cartons: count, before: loaded, ...reasonDetail(findings, reason) },
        now,
      );
      return { isSaved: true as const, findings, cartons: count };
    });
    if (done.isSaved) changed(context);
    return done;
  },

  'dispatches.unload': ({ id, lotId }, context) => {
    const { book } = context;
    const now = context.now();
    const count = book.transaction(() => {
      const { number } = dispatches.requireDispatch(book, id);
      let taken = 0;
      for (const carton of lots.cartonsOf(book, [lotId], Number.MAX_SAFE_INTEGER))
        if (carton.dispatchId === id) {
          taken += lots.moveCartons(book, carton, [carton], undefined);
        }
      book.audit('dispatch.unloaded', `dispatch:${id}`, { number, lotId, cartons: taken }, now);
      return taken;
    });
    changed(context);
    return { cartons: count };
  },

  'dispatches.inspectionData': async ({ id, to }, context) => {
    const { book } = context;
    const dispatch = dispatches.requireDispatch(book, id);
    const rows = lots.lotsById(book, dispatches.lotsOn(book, [id])).map((lot) => {
      const tree = lots.ancestors(book, [lot.id]);
      const day = today(context);
      const named = (ids: Iterable<number | null>): string =>
        [...new Set(ids)]
          .flatMap((one) => (one === null ? [] : [requireFarmSite(book, one, day)]))
          .map(({ name, registrationNo }) => (registrationNo === '' ? name : `${name} ${registrationNo}`))
          .join('；');
      const cartons = lots.cartonsOf(book, [lot.id]).filter((one) => one.dispatchId === id);
      return [
        dispatch.number,
        dispatch.country,
        lot.product,
        lot.productEn,
        lot.variety,
        lot.code,
        String(cartons.reduce((sum, { count }) => sum + count, 0)),
        kilogramText(cartons.reduce((sum, { count, netG }) => sum + count * netG, 0)),
        named(lots.lotsById(book, tree).map(({ siteId }) => siteId)),
        named(lots.stepSites(book, tree)),
        dispatch.inspectionPlace,
        dispatch.inspectionOn ?? '',
        dispatch.additionalDeclaration,
        dispatch.coldTreatment,
        dispatch.containerNo,
      ];
    });
    const heads = [
      '发运编号',
      '输往国家',
      '产品',
      '英文名',
      '品种',
      '批次（溯源码）',
      '箱数',
      '净重（千克）',
      '基地及注册登记号',
      '包装厂及注册登记号',
    ];
    const columns = [...heads, '检验检疫地点', '拟检日期', '附加声明', '检疫处理', '集装箱号'].map((header) => ({
      header,
    }));
    const count = await writeTextSheet(context.files.pathOf(to, 'write'), '检验检疫申请资料', columns, rows);
    return { rows: count };
  },

  'trace.query': ({ text }, context) => traceOf(context, text),

  'trace.recall': ({ text, reach }, { book }) => recallOf(book, text, reach),

  'trace.print': ({ text, language, to }, context) => {
    const trace = traceForBuyer(context, text);
    return print(
      context,
      to,
      tracePage(trace, {
        language,
        ...paperNames(context, language),
        madeOn: today(context),
        labels: trace.lots.filter(({ role }) => role === 'asked').map(({ id }) => labelFacts(context, id, language)),
      }),
    );
  },

  'trace.recallLetter': async ({ text, reach, reason, language, to }, context) => {
    const recall = recallOf(context.book, text, reach);
    const made = await print(
      context,
      to,
      recallPages(recall, { language, reason, ...paperNames(context, language), madeOn: today(context) }),
    );
    const { found, cartonCount } = recall;
    context.book.audit('recall.letter', found.label, { reach, reason, cartons: cartonCount, language }, context.now());
    return made;
  },

  'trace.recallExport': async ({ text, reach, language, to }, context) => {
    const { countryOf } = paperNames(context, language);
    const { sheet, columns, rows } = recallSheet(recallOf(context.book, text, reach), language, countryOf);
    return { rows: await writeTextSheet(context.files.pathOf(to, 'write'), sheet, columns, rows) };
  },

  'trace.labels': ({ id, language, copies, to }, context) =>
    print(context, to, labelPages(labelFacts(context, id, language), language, copies)),
};
