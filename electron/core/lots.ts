/** Lots across their parts: what a destination asks for of them, where one came from, what became of it, whom a recall concerns. */
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { IsoDate } from '../../shared/calendar/index.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import type { recallReaches } from '../../shared/contract/trace.ts';
import { PortbookError } from '../../shared/errors.ts';
import { accessPackId, accessPackSchema, cardsFor, mergeCards } from '../../shared/lots/access-pack.ts';
import { cartonParts } from '../../shared/lots/cartons.ts';
import {
  type AccessCard,
  dispatchFindings,
  harvestFindings,
  type LotFinding,
  type LotFindingCode,
  type LotToDispatch,
  waitingUntil,
} from '../../shared/lots/findings.ts';
import { type LabelFacts, type LabelLanguage, labelText } from '../../shared/lots/label-text.ts';
import { yieldPercent } from '../../shared/lots/mass.ts';
import { unvouched } from '../../shared/lots/trace.ts';
import { foldTraceCode, isTraceCode } from '../../shared/lots/trace-code.ts';
import { analysed } from './cold-chain.ts';
import type { Context } from './context.ts';
import { packVersion } from './obligations.ts';
import type { Book } from './store/book.ts';
import { firmDetailsOf } from './store/papers.ts';
import { listColdLogs } from './store/trace/cold-logs.ts';
import type { DispatchView } from './store/trace/dispatches.ts';
import * as dispatches from './store/trace/dispatches.ts';
import { inspectionsOf } from './store/trace/inspections.ts';
import * as lots from './store/trace/lots.ts';
import { answersOf, reportsOf } from './store/trace/reports.ts';
import * as sites from './store/trace/sites.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;
type Trace = OutputOf<'trace.query'>;
export type Recall = OutputOf<'trace.recall'>;
export type Found = Trace['found'];
export type RecallReach = (typeof recallReaches)[number];

/** What happened to lots that a trace lists; the rest is counted. */
const SHOWN_EVENTS = 500;
/** Ranges of cartons that a trace lists; the rest is counted. */
const SHOWN_CARTONS = 2000;

/** How long an input without a known waiting period says something of a harvest. */
const YEAR_DAYS = 365;

const needsReportKey = 'trace.needsReport';

/** The firm's own gate: no lot leaves without a report that passed. */
export const needsReport = (book: Book): boolean => book.setting(needsReportKey) === '1';
export const setNeedsReport = (book: Book, isNeeded: boolean): void =>
  book.setSetting(needsReportKey, isNeeded ? '1' : undefined);

export const today = ({ now }: Pick<Context, 'now'>): IsoDate => chinaDate(now());

// Access ----------------------------------------------------------------------------------------------------------------
/** What a destination asks for of a product on a day: of the pack, then of what customs answered; what neither says is unknown. */
export function accessOf(
  source: Source,
  productId: number,
  country: string,
  date: IsoDate,
): { card: AccessCard; view: OutputOf<'accessCards.get'> } {
  const { book } = source;
  const product = sites.requireFarmProduct(book, productId);
  const version = packVersion(source, accessPackId, accessPackSchema, date);
  const cards = cardsFor(version.parameters, product.hsCode, country);
  const answers = answersOf(book, productId, country, date);
  const card = mergeCards([...cards, ...[...answers].reverse().map(({ answer }) => answer)]);
  const known = Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
  return {
    card,
    view: {
      productId,
      country,
      card: known,
      ...(cards.length === 0
        ? {}
        : {
            pack: {
              source: version.source,
              reliability: version.reliability,
              verifiedOn: version.verifiedBy.on,
              how: version.verifiedBy.how,
              notes: cards.map(({ noteZh, noteEn }) => ({ zh: noteZh, en: noteEn })),
            },
          }),
      registrationWorkingDays: version.parameters.registrationWorkingDays,
      answers,
      coverage: sites.coverageOf(book, productId, country, date),
    },
  };
}

// Readiness -------------------------------------------------------------------------------------------------------------
const inheritable: ReadonlySet<LotFindingCode> = new Set(['registrationExpired', 'waitingNotOver', 'heavier']);
/** Of a harvest that is judged again. */
const lasting: ReadonlySet<LotFindingCode> = new Set(['registrationExpired', 'waitingNotOver', 'waitingUnknown']);

interface Harvest {
  readonly siteId: number;
  readonly productId: number;
  readonly on: IsoDate;
}

/** What is to be said of a harvest by what is known now of its site: an input may be entered after it, from paper. */
export function judgeHarvest(book: Book, { siteId, productId, on }: Harvest): LotFinding[] {
  return harvestFindings({
    on,
    site: sites.requireFarmSite(book, siteId, on).name,
    productId,
    registrations: sites.registrationFacts(book, siteId, ['registration', 'destination']),
    treatments: sites.treatmentFacts(book, siteId, on),
  });
}

/** Harvests of a site that an input entered now falls on: within its waiting period, or of a year after it where none is known. */
export function harvestsHit(
  book: Book,
  siteId: number,
  input: Pick<sites.TreatmentView, 'on' | 'kind' | 'waitingDays'>,
): OutputOf<'treatments.add'>['late'] {
  if (input.kind !== 'pesticide' && input.kind !== 'medicine') return [];
  const until = waitingUntil({ on: input.on, name: '', waitingDays: input.waitingDays ?? YEAR_DAYS });
  if (until === undefined) return [];
  return lots.harvestsOf(book, siteId, input.on, until).map(({ id, code, on }) => ({
    lotId: id,
    lot: code,
    on,
    dispatches: dispatches.dispatchesOf(book, lots.descendants(book, [id])).map(({ number }) => number),
  }));
}

/** What one finding is about: the one kept of a harvest and the one that is said of it now are the same. */
const aboutOf = ({ code, params }: LotFinding): string =>
  JSON.stringify(
    lasting.has(code) ? [code, params['site'], params['name'], params['on'], params['number']] : [code, params],
  );

/** Codes of the harvests of a lot that no test report that passed vouches for. */
function unreportedOf(book: Book, lotId: number): string[] {
  const tree = lots.ancestors(book, [lotId]);
  const rows = new Map(lots.lotsById(book, tree).map((row) => [row.id, row]));
  const { from } = lots.edgesOf(book, tree);
  const passed = new Set(
    reportsOf(book, tree)
      .filter(({ result }) => result === 'pass')
      .map((one) => one.lotId),
  );
  return unvouched(
    lotId,
    (id) => from.get(rows.get(id)?.stepId ?? -1) ?? [],
    (id) => passed.has(id),
  ).flatMap((id) => rows.get(id)?.code ?? []);
}

/** A lot with the orchards, pack houses, reports and open findings of all it came from. */
function toDispatch(book: Book, lotId: number, country: string, on: string): LotToDispatch {
  const lot = lots.requireLot(book, lotId);
  const tree = lots.ancestors(book, [lotId]);
  const rows = lots.lotsById(book, tree);
  const named = (ids: Iterable<number | null>) =>
    [...new Set(ids)].flatMap((id) => {
      if (id === null) return [];
      const site = sites.requireFarmSite(book, id, on as IsoDate);
      return [{ name: site.name, registrations: sites.registrationFacts(book, id, ['registration', 'destination']) }];
    });
  const inherited = lots
    .reasonsOf(book, tree)
    .filter(({ code, dispatch }) => dispatch === undefined && inheritable.has(code))
    .map(({ code, params }): LotFinding => ({ code, level: 'reason', params }));
  const again = rows
    .flatMap(({ siteId, productId, madeOn }) =>
      siteId === null ? [] : judgeHarvest(book, { siteId, productId, on: madeOn }),
    )
    .filter(({ code }) => lasting.has(code));
  return {
    code: lot.code,
    productId: lot.productId,
    orchards: named(rows.map(({ siteId }) => siteId)),
    packHouses: named(lots.stepSites(book, tree)),
    reports: reportsOf(book, tree, { country, on }).map(({ number, result, results }) => ({
      number,
      result,
      residues: results.map(({ substance, valueE6, limitE6 }) => ({ substance, valueE6, limitE6 })),
    })),
    unreported: unreportedOf(book, lotId),
    failures: inspectionsOf(book, tree)
      .filter(({ isFailure }) => isFailure)
      .map(({ number, on: day, lot: of }) => ({ number, on: day, of })),
    // One harvest may have come along several ways; what is said of it now is the last word.
    inherited: [...new Map([...inherited, ...again].map((one) => [aboutOf(one), one])).values()],
  };
}

/** What of a dispatch decides whether a lot may go on it. */
export type Destination = Pick<DispatchView, 'country' | 'on' | 'certificateNo' | 'coldTreatment'>;

/** What is to be said of lots before they go on a dispatch. */
export function judgeDispatch(source: Source, dispatch: Destination, lotIds: readonly number[]): LotFinding[] {
  const { book } = source;
  return lotIds.flatMap((lotId) => {
    const lot = toDispatch(book, lotId, dispatch.country, dispatch.on);
    const { card } = accessOf(source, lot.productId, dispatch.country, dispatch.on as IsoDate);
    return dispatchFindings(lot, {
      country: dispatch.country,
      on: dispatch.on,
      card,
      certificateNo: dispatch.certificateNo,
      coldTreatment: dispatch.coldTreatment,
      needsReport: needsReport(book),
    });
  });
}

/** What is to be said of the lots on a dispatch once it goes elsewhere or otherwise; for what a reason was given already is left out. */
export function judgeChange(source: Source, before: DispatchView, after: Destination): LotFinding[] {
  const { book } = source;
  if ((['country', 'on', 'certificateNo', 'coldTreatment'] as const).every((name) => before[name] === after[name]))
    return [];
  const lotIds = dispatches.lotsOn(book, [before.id]);
  const keyOf = (one: { lot?: string | undefined; code: string; params: object }): string =>
    JSON.stringify([one.lot, one.code, one.params]);
  const given = new Set(
    lots
      .reasonsOf(book, lotIds)
      .filter(({ dispatch }) => dispatch === before.number)
      .map(keyOf),
  );
  return judgeDispatch(source, after, lotIds).filter((one) => !given.has(keyOf(one)));
}

/** What of the papers of lots on their way is there (一批货的单证准备). */
export function readinessOf(
  source: Source,
  dispatch: Destination & Pick<DispatchView, 'inspectionNo' | 'declarationNo'>,
  facts: {
    readonly lotIds: readonly number[];
    readonly findings: readonly LotFinding[];
    readonly coldLogs: number;
    readonly declared: number;
  },
): OutputOf<'dispatches.get'>['readiness'] {
  const { book } = source;
  const { lotIds } = facts;
  const rows = lots.lotsById(book, lotIds);
  const cards = [...new Set(rows.map(({ productId }) => productId))].map(
    (productId) => accessOf(source, productId, dispatch.country, dispatch.on as IsoDate).card,
  );
  const asked = (of: (card: AccessCard) => boolean | undefined): { isAsked?: boolean } => {
    const answers = cards.map(of);
    if (answers.some((one) => one === true)) return { isAsked: true };
    return answers.length === 0 || answers.some((one) => one === undefined) ? {} : { isAsked: false };
  };
  /** Every place where it grew has a certificate in force on the day. */
  const certified = (): boolean => {
    const grown = new Set(lots.lotsById(book, tree).flatMap(({ siteId }) => siteId ?? []));
    const holders = new Set(
      sites
        .certificatesOf(book, grown, new Set(rows.map(({ productId }) => productId)), dispatch.on as IsoDate)
        .filter(({ state }) => state === 'active')
        .map(({ siteId }) => siteId),
    );
    return grown.size > 0 && [...grown].every((id) => holders.has(id));
  };
  const isClear = (...codes: LotFindingCode[]): boolean => !facts.findings.some(({ code }) => codes.includes(code));
  const tree = lots.ancestors(book, lotIds);
  const covered = (kind: 'orchard' | 'pack-house'): boolean => {
    const names = new Set(
      facts.findings
        .filter(({ code }) => code === 'notCovered' || code === 'coverageUnknown')
        .map(({ params }) => params['site']),
    );
    const own = [...lots.lotsById(book, tree).map(({ siteId }) => siteId), ...lots.stepSites(book, tree)].flatMap(
      (id) => (id === null ? [] : [sites.requireFarmSite(book, id, dispatch.on as IsoDate)]),
    );
    const mine = own.filter((one) => (one.kind === 'pack-house') === (kind === 'pack-house'));
    return (
      mine.length > 0 &&
      mine.every(({ id, name }) => !names.has(name) && lots.isCovered(book, id, dispatch.country, dispatch.on))
    );
  };
  return [
    { code: 'orchard', ...asked((card) => card.orchard), isThere: covered('orchard') },
    { code: 'packHouse', ...asked((card) => card.packHouse), isThere: covered('pack-house') },
    {
      code: 'report',
      ...(needsReport(book) ? { isAsked: true } : asked((card) => card.report)),
      isThere: lotIds.length > 0 && isClear('residueOver') && lotIds.every((id) => unreportedOf(book, id).length === 0),
    },
    { code: 'siteCertificate', isThere: certified() },
    { code: 'inspection', isThere: dispatch.inspectionNo !== '' },
    { code: 'certificate', ...asked((card) => card.certificate), isThere: dispatch.certificateNo !== '' },
    { code: 'coldTreatment', ...asked((card) => card.coldTreatment), isThere: dispatch.coldTreatment !== '' },
    { code: 'coldLog', isThere: facts.coldLogs > 0 },
    { code: 'declaration', isAsked: true, isThere: dispatch.declarationNo !== '' || facts.declared > 0 },
  ];
}

/** Temperature logs that a trace lists; the rest is counted. */
const SHOWN_LOGS = 20;

/** What a text names: its lots, the dispatches it means itself, and its mass. */
interface Traced {
  readonly found: Found;
  readonly lotIds: number[];
  readonly dispatchIds: readonly number[];
  readonly massG: number;
}

// Trace -----------------------------------------------------------------------------------------------------------------
/**
 * What a person means by a code: a trace code, a carton, a dispatch, a declaration or a shipment. Refusals: `TRACE_CODE_CHECK` {code} for
 * what looks like a trace code and has a wrong character, `TRACE_UNKNOWN` {text}.
 */
export function findTraced(book: Book, text: string): Traced {
  const code = foldTraceCode(text);
  const lotId = lots.lotByCode(book, code);
  if (lotId !== undefined)
    return {
      found: { kind: 'lot', label: code, lots: [code] },
      lotIds: [lotId],
      dispatchIds: [],
      massG: lots.requireLot(book, lotId).massG,
    };
  const parts = cartonParts(text);
  const [carton] =
    parts === undefined ? [] : lots.cartonsIn(book, { prefix: parts.prefix, first: parts.no, last: parts.no });
  if (carton !== undefined)
    return {
      found: { kind: 'carton', label: text.trim(), lots: [carton.lot] },
      lotIds: [carton.lotId],
      dispatchIds: carton.dispatchId === undefined ? [] : [carton.dispatchId],
      massG: carton.netG,
    };
  const named = dispatches.dispatchesNamed(book, text.trim());
  if (named !== undefined) {
    const lotIds = dispatches.lotsOn(book, named.ids);
    return {
      found: { kind: named.kind, label: text.trim(), lots: lots.lotsById(book, lotIds).map((one) => one.code) },
      lotIds,
      dispatchIds: named.ids,
      massG: named.ids.reduce((sum, id) => sum + dispatches.requireDispatch(book, id).massG, 0),
    };
  }
  if (/^L\d{6}/.test(code) && !isTraceCode(code)) throw new PortbookError('TRACE_CODE_CHECK', { code }, 'text');
  throw new PortbookError('TRACE_UNKNOWN', { text: text.trim() }, 'text');
}

/** Backwards to the orchards and forwards to the buyers, of whatever a text names. Refusals: see {@link findTraced}. */
export function traceOf(source: Source, text: string): Trace {
  const { book } = source;
  const traced = findTraced(book, text);
  const all = new Set([...lots.ancestors(book, traced.lotIds), ...lots.descendants(book, traced.lotIds)]);
  return traceView(source, traced, all, dispatches.dispatchesOf(book, all));
}

/**
 * What a buyer may see of it: what was asked for, where it came from, and the dispatches he named himself. Of a lot alone no dispatch is
 * told: who else had of it, by which container and certificate, is not his business. Refusals: see {@link findTraced}.
 */
export function traceForBuyer(source: Source, text: string): Trace {
  const { book } = source;
  const traced = findTraced(book, text);
  const { lotIds, dispatchIds } = traced;
  return traceView(
    source,
    traced,
    new Set(lots.ancestors(book, lotIds)),
    dispatchIds.map((id) => dispatches.requireDispatch(book, id)),
  );
}

function traceView(
  source: Source,
  { found, lotIds, massG: askedG }: Traced,
  all: ReadonlySet<number>,
  sent: readonly DispatchView[],
): Trace {
  const { book } = source;
  const asked = new Set(lotIds);
  const before = new Set(lots.ancestors(book, lotIds));
  const rows = lots.lotsById(book, all);
  const codes = new Map(rows.map(({ id, code }) => [id, code]));
  const { from, masses } = lots.edgesOf(book, all);
  const events = lots.eventsOf(book, all, SHOWN_EVENTS);
  const { ranges, cartons } = lots.countCartons(book, all);
  const harvests = rows.filter(({ siteId }) => siteId !== null);
  const siteIds = new Set([...harvests.map(({ siteId }) => siteId), ...lots.stepSites(book, all)]);
  const day = today(source);
  const coldLogs = listColdLogs(
    book,
    sent.map(({ id }) => id),
  );
  return {
    found,
    lots: rows.map((row) => {
      const step = row.stepId === null ? undefined : masses.get(row.stepId);
      return {
        ...lots.lotView(row),
        role: asked.has(row.id) ? 'asked' : before.has(row.id) ? 'before' : 'after',
        from: (from.get(row.stepId ?? -1) ?? []).map((id) => codes.get(id) ?? lots.requireLot(book, id).code),
        ...(step === undefined ? {} : { yield: yieldPercent(step.inputG, step.outputG) }),
      };
    }),
    sites: [...siteIds].flatMap((id) => (id === null ? [] : [sites.requireFarmSite(book, id, day)])),
    certificates: sites.certificatesOf(
      book,
      [...siteIds].flatMap((id) => id ?? []),
      new Set(rows.map(({ productId }) => productId)),
      day,
    ),
    treatments: treatmentsBefore(book, harvests),
    events: events.rows.map(({ id: _id, ...event }) => event),
    eventsTotal: events.total,
    reports: reportsOf(book, all),
    cartons: lots.cartonsOf(book, all, SHOWN_CARTONS),
    cartonsTotal: ranges,
    cartonCount: cartons,
    dispatches: [...sent],
    reasons: lots.reasonsOf(book, all),
    harvestG: harvests.filter(({ id }) => before.has(id)).reduce((sum, { massG }) => sum + massG, 0),
    askedG,
    coldLogs: coldLogs.slice(0, SHOWN_LOGS).map((log) => ({ ...log, analysis: analysed(source, log).analysis })),
    coldLogsTotal: coldLogs.length,
    declarations: sent.flatMap((one) => declarationsOf(book, one)),
  };
}

/** The declarations of a dispatch, the one it names first though the book knows nothing else of it. */
function declarationsOf(book: Book, dispatch: DispatchView): Trace['declarations'] {
  const { number, declarationNo } = dispatch;
  const known = dispatches.declaredOf(book, dispatch);
  const named = known.some((one) => one.declarationNo === declarationNo) || declarationNo === '';
  return [...(named ? [] : [{ declarationNo, lines: 0, exportDate: '' }]), ...known].map((one) => ({
    ...one,
    dispatch: number,
  }));
}

/** Treatments of the year before the last harvest of each orchard. */
function treatmentsBefore(book: Book, harvests: readonly lots.LotRow[]): Trace['treatments'] {
  const last = new Map<number, string>();
  for (const { siteId, madeOn } of harvests)
    if (siteId !== null && (last.get(siteId) ?? '') < madeOn) last.set(siteId, madeOn);
  return [...last].flatMap(([siteId, until]) => sites.treatmentsOf(book, siteId, until));
}

const recallStart = (book: Book, lotIds: number[], reach: RecallReach): number[] =>
  reach === 'lot'
    ? lotIds
    : lots.lotsById(book, lots.ancestors(book, lotIds)).flatMap(({ id, siteId }) => (siteId === null ? [] : [id]));

/** Holds what a recall concerns, from the lots it starts at. @returns how many lots are held that were not */
export function holdRecalled(book: Book, text: string, reach: RecallReach, reason: string, at: string): number {
  const { lotIds } = findTraced(book, text);
  let count = 0;
  for (const id of recallStart(book, lotIds, reach))
    if (!lots.holdsOn(book, id).some((one) => one.lotId === id && one.reason === reason))
      count += lots.holdLot(book, id, reason, at);
  return count;
}

/**
 * Whom a recall (召回) concerns: cartons and buyers of a lot and all that became of it, or of everything that shares a harvest with it.
 */
export function recallOf(book: Book, text: string, reach: RecallReach): Recall {
  const { found, lotIds } = findTraced(book, text);
  const start = recallStart(book, lotIds, reach);
  const affected = lots.lotsById(book, lots.descendants(book, start));
  const ids = affected.map(({ id }) => id);
  const byDispatch = new Map<number | undefined, Recall['rows'][number]['cartons']>();
  const masses = new Map<number | undefined, { count: number; massG: number }>();
  for (const carton of lots.cartonsOf(book, ids, Number.MAX_SAFE_INTEGER)) {
    const key = carton.dispatchId;
    const { prefix, digits, first, last, lot } = carton;
    const list = byDispatch.get(key) ?? [];
    const before = list.at(-1);
    // Single cartons side by side are one range on paper.
    if (
      before !== undefined &&
      before.prefix === prefix &&
      before.digits === digits &&
      before.lot === lot &&
      before.last + 1 === first
    )
      list[list.length - 1] = { ...before, last };
    else list.push({ prefix, digits, first, last, lot });
    byDispatch.set(key, list);
    const sum = masses.get(key) ?? { count: 0, massG: 0 };
    masses.set(key, { count: sum.count + carton.count, massG: sum.massG + carton.count * carton.netG });
  }
  const sent = new Map(dispatches.dispatchesOf(book, ids).map((one) => [one.id, one]));
  const rows = [...byDispatch].map(([dispatchId, cartons]): Recall['rows'][number] => {
    const dispatch = dispatchId === undefined ? undefined : sent.get(dispatchId);
    return {
      ...(dispatchId === undefined ? {} : { dispatchId }),
      dispatch: dispatch?.number ?? '',
      buyer: dispatch?.buyer ?? '',
      country: dispatch?.country ?? '',
      on: dispatch?.on ?? '',
      shipmentNo: dispatch?.shipmentNo ?? '',
      declarationNo: dispatch?.declarationNo ?? '',
      cartons,
      ...(masses.get(dispatchId) ?? { count: 0, massG: 0 }),
    };
  });
  rows.sort((a, b) => (a.dispatch === '' ? 1 : b.dispatch === '' ? -1 : a.on < b.on ? -1 : 1));
  return {
    found,
    lots: affected.map(lots.lotView),
    rows,
    cartonCount: rows.reduce((sum, { count }) => sum + count, 0),
    looseG: affected.reduce((sum, { freeG }) => sum + freeG, 0),
  };
}

/** Certificates of the places a lot came from and was packed in, as they stand today. */
export function certificatesOf(source: Source, lot: lots.LotRow): Trace['certificates'] {
  const { book } = source;
  const tree = lots.ancestors(book, [lot.id]);
  const siteIds = [...lots.lotsById(book, tree).flatMap(({ siteId }) => siteId ?? []), ...lots.stepSites(book, tree)];
  return sites.certificatesOf(book, siteIds, [lot.productId], today(source));
}

// Labels ----------------------------------------------------------------------------------------------------------------

/** The firm and countries as a paper in a language names them; what has no name in it stands as it is. */
export interface PaperNames {
  readonly firm: string;
  /** @param alpha2 ISO 3166 */
  readonly countryOf: (alpha2: string) => string;
}

/** The names for a paper in one language: the firm's English one where it is entered, countries from the table `country_alpha3`. */
export function paperNames({ book, resources }: Source, language: LabelLanguage): PaperNames {
  const own = book.profile().name;
  const { nameEn } = firmDetailsOf(book);
  return {
    firm: language === 'en' && nameEn !== '' ? nameEn : own,
    // Places without letters of their own have none in the table either: no letters name no place.
    countryOf: (alpha2) =>
      alpha2 === ''
        ? ''
        : (resources.table('country_alpha3').entries.find(({ more }) => more['alpha2'] === alpha2)?.[language] ??
          alpha2),
  };
}

/** What the label of a lot says of it. */
export function labelFacts(source: Source, lotId: number, language: LabelLanguage): LabelFacts {
  const { book } = source;
  const lot = lots.requireLot(book, lotId);
  const tree = lots.ancestors(book, [lotId]);
  const harvests = lots.lotsById(book, tree).filter(({ siteId }) => siteId !== null);
  const siteOf = (id: number) => sites.requireFarmSite(book, id, lot.madeOn);
  const origins = [...new Set(harvests.map(({ siteId }) => siteId))].flatMap((id) => (id === null ? [] : [siteOf(id)]));
  const [house] = lots.stepSites(book, [lotId]);
  const packHouse = house === undefined ? undefined : siteOf(house);
  const days = harvests.map(({ madeOn }) => madeOn).sort();
  return {
    code: lot.code,
    firm: paperNames(source, language).firm,
    productZh: lot.product,
    productEn: lot.productEn,
    variety: lot.variety,
    massG: lot.massG,
    madeOn: lot.madeOn,
    origins: origins.map(({ name, registrationNo }) => ({ name, registrationNo })),
    harvestedFrom: days[0] ?? '',
    harvestedUntil: days.at(-1) ?? '',
    packHouse: packHouse?.name ?? '',
    packHouseNo: packHouse?.registrationNo ?? '',
  };
}

export const labelOf = (source: Source, lotId: number, language: LabelLanguage): string =>
  labelText(labelFacts(source, lotId, language), language);
