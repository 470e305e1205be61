import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { trace } from '../../../shared/contract/trace.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { cartonText, MOST_CARTONS, rangeText } from '../../../shared/lots/cartons.ts';
import type { LotFinding } from '../../../shared/lots/findings.ts';
import type { Context, Handlers } from '../context.ts';
import { importLimits } from '../importers/residue-limits.ts';
import {
  accessOf,
  certificatesOf,
  harvestsHit,
  holdRecalled,
  judgeDispatch,
  judgeHarvest,
  labelOf,
  needsReport,
  readinessOf,
  setNeedsReport,
  today,
} from '../lots.ts';
import { dateOf } from '../obligations.ts';
import { insertInspection, inspectionsOf, withdrawInspection } from '../store/trace/inspections.ts';
import * as lots from '../store/trace/lots.ts';
import * as reports from '../store/trace/reports.ts';
import * as sites from '../store/trace/sites.ts';
import { coldLogHandlers } from './cold-logs.ts';
import { dispatchHandlers } from './dispatches.ts';

/** What happened to one lot that its page lists; the rest is counted. */
const SHOWN_EVENTS = 200;

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['lots'] });

/** One change with its line in the audit log, in one transaction. */
function change<T>(
  context: Context,
  work: (now: string) => {
    readonly result: T;
    readonly action: string;
    readonly subject: string;
    readonly detail: Record<string, unknown>;
  },
): T {
  const now = context.now();
  const result = context.book.transaction(() => {
    const done = work(now);
    context.book.audit(done.action, done.subject, done.detail, now);
    return done.result;
  });
  changed(context);
  return result;
}

const wantsReason = (findings: readonly LotFinding[], reason: string): boolean =>
  reason === '' && findings.some(({ level }) => level === 'reason');
const codesOf = (findings: readonly LotFinding[]): string[] =>
  findings.filter(({ level }) => level === 'reason').map(({ code }) => code);

/** The line of the audit log for packed cartons; a long list of ranges is cut. */
const addedCartons = ({ lotId, ranges, netG }: ParsedInputOf<'cartons.add'>) => ({
  action: 'cartons.added',
  subject: `lot:${lotId}`,
  detail: { cartons: ranges.slice(0, 50).map(rangeText).join(', '), ranges: ranges.length, netG },
});

/** Lots and trace (批次与溯源), quarantine readiness (检疫准备), cold chain (冷链). */
export const traceHandlers: Handlers<keyof typeof trace> = {
  ...dispatchHandlers,
  ...coldLogHandlers,

  'farmProducts.list': (_input, { book }) => ({ rows: sites.listFarmProducts(book) }),

  'farmProducts.save': (input, context) =>
    change(context, (now) => {
      const id = sites.saveFarmProduct(context.book, input, now);
      const { nameZh, hsCode, lowC100, highC100 } = input;
      return {
        result: { id },
        action: 'farm-product.saved',
        subject: `farm-product:${id}`,
        detail: { nameZh, hsCode, lowC100, highC100 },
      };
    }),

  'farmSites.list': ({ date, ...filter }, { book }) => sites.listFarmSites(book, filter, dateOf(date, 'date')),

  'farmSites.get': ({ id, date }, { book }) => {
    const day = dateOf(date, 'date');
    return {
      site: sites.requireFarmSite(book, id, day),
      registrations: sites.registrationsOf(book, id, day),
      treatments: sites.everyTreatmentOf(book, id),
    };
  },

  'farmSites.save': (input, context) =>
    change(context, (now) => {
      const id = sites.saveFarmSite(context.book, input, today(context), now);
      // Who owns it may be a person, and where it lies is his: the trail names the kind alone.
      return {
        result: { id },
        action: 'farm-site.saved',
        subject: `farm-site:${id}`,
        detail: { kind: input.kind, isActive: input.isActive },
      };
    }),

  'siteRegistrations.save': (input, context) =>
    change(context, (now) => {
      const id = sites.saveRegistration(context.book, input, today(context), now);
      const { siteId, kind, number, productId, country, fromOn, untilOn } = input;
      return {
        result: { id },
        action: 'site-registration.saved',
        subject: `farm-site:${siteId}`,
        detail: { kind, number, productId, country, fromOn, untilOn },
      };
    }),

  'siteRegistrations.remove': ({ id }, context) =>
    change(context, () => {
      const number = sites.removeRegistration(context.book, id);
      return { result: {}, action: 'site-registration.removed', subject: `registration:${id}`, detail: { number } };
    }),

  'treatments.add': (input, context) =>
    change(context, (now) => {
      // A mistyped year would hide the waiting period from every harvest.
      if (input.on > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: input.on }, 'on');
      const id = sites.addTreatment(context.book, input, today(context), now);
      const { siteId, on, name, waitingDays } = input;
      const late = harvestsHit(context.book, siteId, input);
      return {
        result: { id, late },
        action: 'treatment.added',
        subject: `farm-site:${siteId}`,
        detail: {
          on,
          name,
          waitingDays,
          ...(late.length === 0 ? {} : { late: late.slice(0, 50).map(({ lot }) => lot) }),
        },
      };
    }),

  'treatments.withdraw': ({ id, reason }, context) =>
    change(context, (now) => {
      const { siteId, ...detail } = sites.withdrawTreatment(context.book, id, reason, now);
      return {
        result: {},
        action: 'treatment.withdrawn',
        subject: `farm-site:${siteId}`,
        detail: { ...detail, reason },
      };
    }),

  'treatments.names': ({ text }, { book }) => ({ rows: sites.treatmentNames(book, text) }),

  'lots.list': (input, { book }) => lots.listLots(book, input),

  'lots.get': ({ id, language }, context) => {
    const { book } = context;
    const lot = lots.requireLot(book, id);
    const events = lots.eventsOf(book, [id], SHOWN_EVENTS);
    const step = lots.stepOf(book, lot);
    return {
      lot: lots.lotView(lot),
      ...lots.neighbours(book, lot),
      ...(step === undefined ? {} : { step }),
      cartons: lots.cartonsOf(book, [id]),
      reports: reports.everyReportOf(book, [id]),
      inspections: inspectionsOf(book, [id]),
      events: events.rows,
      eventsTotal: events.total,
      reasons: lots.reasonsOf(book, [id]),
      holds: lots.holdsOn(book, id),
      certificates: certificatesOf(context, lot),
      label: labelOf(context, id, language),
      isRemovable: lots.isRemovable(book, lot),
    };
  },

  'lots.readiness': ({ id, country, on }, context) => {
    const lotIds = [lots.requireLot(context.book, id).id];
    // What only a shipment has is not there yet.
    const papers = { certificateNo: '', coldTreatment: '', inspectionNo: '', declarationNo: '' };
    const way = { country, on: dateOf(on, 'on'), ...papers };
    const findings = judgeDispatch(context, way, lotIds);
    return { findings, readiness: readinessOf(context, way, { lotIds, findings, coldLogs: 0, declared: 0 }) };
  },

  'lots.harvest': (input, context) => {
    const { book } = context;
    const on = dateOf(input.on, 'on');
    const day = chinaDate(context.now());
    if (on > day) throw new PortbookError('LOT_FUTURE', { date: on }, 'on');
    const site = sites.requireFarmSite(book, input.siteId, on);
    if (site.kind === 'pack-house') throw new PortbookError('FARM_SITE_NO_HARVEST', { site: site.name }, 'siteId');
    sites.requireFarmProduct(book, input.productId);
    const findings = judgeHarvest(book, { siteId: site.id, productId: input.productId, on });
    if (wantsReason(findings, input.reason)) return { isSaved: false, findings };
    return change(context, (now) => {
      const made = lots.insertHarvest(book, input, findings, now);
      return {
        result: { isSaved: true as const, findings, ...made },
        action: 'lot.harvested',
        subject: made.code,
        detail: { siteId: site.id, massG: input.massG, on, findings: codesOf(findings), reason: input.reason },
      };
    });
  },

  'lots.step': (input, context) => {
    const { book } = context;
    const on = dateOf(input.on, 'on');
    if (on > chinaDate(context.now())) throw new PortbookError('LOT_FUTURE', { date: on }, 'on');
    if (input.siteId !== undefined) sites.requireFarmSite(book, input.siteId, on);
    const { findings, ...balance } = lots.judgeStep(book, input);
    if (wantsReason(findings, input.reason)) return { isSaved: false, findings };
    return change(context, (now) => {
      const made = lots.insertStep(book, input, findings, now);
      return {
        result: { isSaved: true as const, findings, lots: made, ...balance },
        action: `lot.${input.kind}`,
        subject: made.map(({ code }) => code).join(' '),
        detail: { inputs: input.inputs, ...balance, findings: codesOf(findings), reason: input.reason },
      };
    });
  },

  'lots.remove': ({ id }, context) =>
    change(context, () => {
      const codes = lots.removeLot(context.book, id);
      return { result: { lots: codes.length }, action: 'lot.removed', subject: codes.join(' '), detail: {} };
    }),

  'lots.addEvent': (input, context) =>
    change(context, (now) => {
      const id = lots.addLotEvent(context.book, input, now);
      return {
        result: { id },
        action: 'lot.event',
        subject: `lot:${input.id}`,
        detail: { kind: input.kind, at: input.at, ...(input.massG === undefined ? {} : { massG: input.massG }) },
      };
    }),

  'lots.hold': ({ id, reason }, context) =>
    change(context, (now) => {
      const { code } = lots.requireLot(context.book, id);
      const count = lots.holdLot(context.book, id, reason, now);
      return { result: { lots: count }, action: 'lot.held', subject: code, detail: { reason, lots: count } };
    }),

  'lots.holdRecalled': ({ text, reach, reason }, context) =>
    change(context, (now) => {
      const count = holdRecalled(context.book, text, reach, reason, now);
      return { result: { lots: count }, action: 'lot.held', subject: text, detail: { reason, reach, lots: count } };
    }),

  'lots.release': ({ id, reason }, context) =>
    change(context, (now) => {
      const { code } = lots.requireLot(context.book, id);
      const count = lots.releaseLot(context.book, id, reason, now);
      return { result: { lots: count }, action: 'lot.released', subject: code, detail: { reason, lots: count } };
    }),

  'cartons.add': (input, context) =>
    change(context, () => {
      const count = lots.addCartons(context.book, input, MOST_CARTONS);
      return { result: { count }, ...addedCartons(input) };
    }),

  'cartons.pack': ({ lotId, count, netG }, context) =>
    change(context, () => {
      const range = lots.nextCartons(context.book, lotId, count);
      const input = { lotId, ranges: [range], netG };
      lots.addCartons(context.book, input, MOST_CARTONS);
      return {
        result: { count, from: cartonText(range, range.first), until: cartonText(range, range.last) },
        ...addedCartons(input),
      };
    }),

  'cartons.remove': ({ id }, context) =>
    change(context, () => {
      const removed = lots.removeCartons(context.book, id);
      return { result: {}, action: 'cartons.removed', subject: removed.lot, detail: { cartons: rangeText(removed) } };
    }),

  'labReports.save': (input, context) =>
    change(context, (now) => {
      const id = reports.insertReport(context.book, input, now);
      const { lotId, number, result, results } = input;
      return {
        result: { id },
        action: 'lab-report.saved',
        subject: `lot:${lotId}`,
        detail: { number, result, substances: results.length },
      };
    }),

  'labReports.withdraw': ({ id, reason }, context) =>
    change(context, (now) => {
      const { lotId, ...said } = reports.withdrawReport(context.book, id, reason, now);
      return {
        result: {},
        action: 'lab-report.withdrawn',
        subject: `lot:${lotId}`,
        detail: { ...said, reason },
      };
    }),

  'lotInspections.add': (input, context) =>
    change(context, (now) => {
      if (input.on > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: input.on }, 'on');
      lots.requireLot(context.book, input.lotId);
      const done = insertInspection(context.book, input, now);
      const { lotId, kind, result } = input;
      return {
        result: done,
        action: 'lot-inspection.added',
        subject: `lot:${lotId}`,
        detail: { number: done.number, kind, result },
      };
    }),

  'lotInspections.withdraw': ({ id, reason }, context) =>
    change(context, (now) => {
      const number = withdrawInspection(context.book, id, reason, now);
      return {
        result: {},
        action: 'lot-inspection.withdrawn',
        subject: `lot-inspection:${number}`,
        detail: { reason },
      };
    }),

  'residueLimits.list': (filter, { book }) => ({ rows: reports.listLimits(book, filter) }),

  'residueLimits.save': (input, context) =>
    change(context, (now) => {
      const id = reports.saveLimit(context.book, input, now);
      return {
        result: { id },
        action: 'residue-limit.saved',
        subject: `residue-limit:${id}`,
        detail: { ...input, id },
      };
    }),

  'residueLimits.remove': ({ id }, context) =>
    change(context, () => {
      const detail = reports.removeLimit(context.book, id);
      return { result: {}, action: 'residue-limit.removed', subject: `residue-limit:${id}`, detail };
    }),

  'residueLimits.import': async ({ file }, context) => {
    const rows = await importLimits(context, context.files.pathOf(file, 'read'));
    const done = rows.ready.length;
    return change(context, (now) => {
      let added = 0;
      for (const one of rows.ready) {
        if (reports.sameLimit(context.book, one) !== undefined) continue;
        reports.saveLimit(context.book, one, now);
        added += 1;
      }
      const result = { added, same: done - added, failed: rows.failed };
      return {
        result,
        action: 'residue-limit.imported',
        subject: rows.fileName,
        detail: { added, same: done - added, failed: rows.failed.length },
      };
    });
  },

  'accessCards.get': ({ productId, country, date }, context) =>
    accessOf(context, productId, country, dateOf(date, 'date')).view,

  'accessCards.answer': (input, context) =>
    change(context, (now) => {
      const id = reports.saveAnswer(context.book, input, now);
      const { productId, country, askedOn, source, answer } = input;
      return {
        result: { id },
        action: 'access.answered',
        subject: `farm-product:${productId}`,
        detail: { country, askedOn, source, ...answer },
      };
    }),

  'traceSettings.get': (_input, { book }) => ({ needsReport: needsReport(book) }),

  'traceSettings.save': ({ needsReport: isNeeded }, context) =>
    change(context, () => {
      setNeedsReport(context.book, isNeeded);
      return { result: {}, action: 'trace.settings', subject: 'trace', detail: { needsReport: isNeeded } };
    }),
};
