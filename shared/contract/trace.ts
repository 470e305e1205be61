/** Lots and trace (批次与溯源), quarantine readiness (检疫准备), cold chain (冷链). Mass: whole grams; temperatures: hundredths of a degree Celsius. */
import { z } from 'zod';
import { accessAnswer } from '../lots/access-pack.ts';
import { MOST_CARTONS } from '../lots/cartons.ts';
import { coldFindingCodes } from '../lots/cold-chain.ts';
import { lotFindingCodes } from '../lots/findings.ts';
import { dateOrders } from '../lots/logger-file.ts';
import { MOST_GRAMS } from '../lots/mass.ts';
import { reliabilities } from '../rules/pack.ts';
import { fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();
const name = z.string().trim().min(1).max(100);
const text = z.string().trim().max(500).default('');
const short = z.string().trim().max(100).default('');
const grams = z.number().int().min(1).max(MOST_GRAMS);
const c100 = z.number().int().min(-10_000).max(10_000);
/** ISO 3166 alpha-2; empty where none in particular is meant. */
const country = z.string().regex(/^[A-Z]{2}$/);
const anyCountry = z.union([z.literal(''), country]);
export const traceLanguages = ['zh', 'en'] as const;
const language = z.enum(traceLanguages);

// Findings --------------------------------------------------------------------------------------------------------------
/** Texts: i18n `trace.finding.<code>`. `lot`: the trace code it is about. */
export const lotFindingView = z.object({
  code: z.enum(lotFindingCodes),
  level: z.enum(['reason', 'note']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  lot: z.string().optional(),
});
/** Nothing was written where `isSaved` is false: the findings want a reason. */
const judged = <T extends z.ZodRawShape>(shape: T) =>
  z.discriminatedUnion('isSaved', [
    z.object({ isSaved: z.literal(false), findings: z.array(lotFindingView) }),
    z.object({ isSaved: z.literal(true), findings: z.array(lotFindingView), ...shape }),
  ]);
const reasonView = z.object({
  code: z.enum(lotFindingCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  reason: z.string(),
  who: z.string(),
  at: isoInstant,
  dispatch: z.string().optional(),
});

// Products --------------------------------------------------------------------------------------------------------------
export const farmProductInput = z.object({
  id: id.optional(),
  nameZh: name,
  nameEn: short,
  hsCode: z.union([z.literal(''), z.string().regex(/^\d{6,10}$/)]).default(''),
  lowC100: c100.optional(),
  highC100: c100.optional(),
  /** Where the band is from: contract, standard, the buyer's wish. */
  bandSource: short,
});
export const farmProductRow = farmProductInput
  .required({ id: true })
  .extend({ nameEn: z.string(), bandSource: z.string() });

// Sites -----------------------------------------------------------------------------------------------------------------
export const siteKinds = ['orchard', 'pond', 'field', 'pack-house'] as const;
export const farmSiteInput = z.object({
  id: id.optional(),
  kind: z.enum(siteKinds),
  name,
  /** Owner or operator: a party (往来单位) of the book. */
  partyId: id.optional(),
  place: short,
  areaM2: z.number().int().min(1).max(1_000_000_000).optional(),
  /** Millionths of a degree, both or neither. */
  latitudeE6: z.number().int().min(-90_000_000).max(90_000_000).optional(),
  longitudeE6: z.number().int().min(-180_000_000).max(180_000_000).optional(),
  note: text,
  isActive: z.boolean().default(true),
});
export const registrationKinds = ['registration', 'destination', 'certificate'] as const;
export const registrationInput = z.object({
  id: id.optional(),
  siteId: id,
  /** 国内注册登记或备案; 境外注册; 认证 (GAP, organic, HACCP). */
  kind: z.enum(registrationKinds),
  scheme: short,
  number: z.string().trim().min(1).max(60),
  /** Left out: every product. */
  productId: id.optional(),
  country: anyCountry.default(''),
  fromOn: isoDate,
  untilOn: isoDate.optional(),
  note: text,
});
export const registrationStates = ['future', 'active', 'expired'] as const;
export const registrationRow = registrationInput.required({ id: true }).extend({
  site: z.string(),
  product: z.string(),
  state: z.enum(registrationStates),
  /** Days to its last day; absent without an end. */
  daysLeft: z.number().int().optional(),
});
export const treatmentKinds = ['pesticide', 'fertiliser', 'medicine', 'feed', 'other'] as const;
export const treatmentInput = z.object({
  siteId: id,
  on: isoDate,
  kind: z.enum(treatmentKinds),
  name,
  licenceNo: short,
  dose: short,
  /** 安全间隔期 or 休药期 in days; left out: not known. */
  waitingDays: z.number().int().min(0).max(1000).optional(),
  /** What says so: the label, an order. */
  source: short,
  operator: short,
});
export const treatmentRow = treatmentInput.extend({
  id,
  site: z.string(),
  waitingUntil: isoDate.optional(),
  /** Why it was withdrawn; empty: it stands. */
  withdrawnReason: z.string(),
});
export const farmSiteRow = farmSiteInput.required({ id: true }).extend({
  owner: z.string(),
  /** The registration in force, or else the last one. */
  registrationNo: z.string(),
  state: z.enum([...registrationStates, 'none']),
  daysLeft: z.number().int().optional(),
  lots: z.number().int(),
});

// Lots ------------------------------------------------------------------------------------------------------------------
export const stepKinds = ['split', 'merge', 'process'] as const;
export const lotEventKinds = [
  'precooled',
  'stored',
  'sampled',
  'inspected',
  'loaded',
  'handed',
  'delivered',
  'destroyed',
  'other',
] as const;
export const lotRow = z.object({
  id,
  code: z.string(),
  productId: id,
  product: z.string(),
  productEn: z.string(),
  variety: z.string(),
  grade: z.string(),
  massG: z.number().int(),
  freeG: z.number().int(),
  madeOn: isoDate,
  /** How it came to be; `harvest` has a site. */
  made: z.enum(['harvest', ...stepKinds]),
  site: z.string(),
  cartons: z.number().int(),
  dispatched: z.number().int(),
  isHeld: z.boolean(),
  holdReason: z.string(),
  note: z.string(),
});
const cartonShape = {
  prefix: z.string().trim().toUpperCase().max(40),
  digits: z.number().int().min(1).max(9),
  first: z.number().int().min(0).max(999_999_999),
  last: z.number().int().min(0).max(999_999_999),
};
export const cartonRow = z.object({
  id,
  lotId: id,
  lot: z.string(),
  ...cartonShape,
  netG: z.number().int(),
  count: z.number().int(),
  dispatchId: id.optional(),
  dispatch: z.string().optional(),
});
export const labResult = z.object({
  substance: z.string().trim().min(1).max(60),
  /** Millionths of mg/kg; left out where it was not found. */
  valueE6: z.number().int().min(0).max(1_000_000_000_000).optional(),
  /** 未检出, as the report says. Neither a value nor this is a result that is missing, and is refused. */
  isNotFound: z.boolean().default(false),
});
export const labReportInput = z.object({
  lotId: id,
  number: z.string().trim().min(1).max(60),
  laboratory: short,
  sampledOn: isoDate.optional(),
  issuedOn: isoDate,
  result: z.enum(['pass', 'fail', 'open']),
  results: z.array(labResult).max(1000).default([]),
});
export const labReportRow = labReportInput.extend({
  id,
  lot: z.string(),
  /** Why it was withdrawn; empty: it stands. */
  withdrawnReason: z.string(),
  results: z.array(
    labResult.required({ isNotFound: true }).extend({
      limitE6: z.number().int().optional(),
      source: z.string().optional(),
      verdict: z.enum(['within', 'over', 'unknown']),
    }),
  ),
});
/** 进货查验 on receipt, 抽检 of a sample. */
export const inspectionKinds = ['receipt', 'sample'] as const;
export const lotInspectionInput = z.object({
  lotId: id,
  kind: z.enum(inspectionKinds),
  on: isoDate,
  result: z.enum(['pass', 'fail', 'open']),
  /** Who looked or drew the sample. */
  who: z.string().trim().min(1).max(60),
  /** By which standard or contract. */
  basis: short,
  /** How much was looked at. */
  sampled: short,
  note: text,
});
export const lotInspectionRow = lotInspectionInput.extend({
  id,
  number: z.string(),
  lot: z.string(),
  /** Failed, and nothing of its kind passed since: a reason is asked for before the lot leaves. */
  isFailure: z.boolean(),
  /** Papers on file for it. */
  papers: z.number().int(),
  /** Why it was withdrawn; empty: it stands. */
  withdrawnReason: z.string(),
});
export const residueLimitInput = z.object({
  id: id.optional(),
  country,
  productId: id,
  substance: z.string().trim().min(1).max(60),
  limitE6: z.number().int().min(0).max(1_000_000_000_000),
  fromOn: isoDate,
  untilOn: isoDate.optional(),
  /** Where it is from: nothing without a source. */
  source: z.string().trim().min(1).max(200),
});
export const residueLimitRow = residueLimitInput.required({ id: true }).extend({ product: z.string() });

// Dispatches ------------------------------------------------------------------------------------------------------------
export const dispatchInput = z.object({
  id: id.optional(),
  number: z.string().trim().min(1).max(40),
  on: isoDate,
  country,
  /** The buyer: a party of the book. */
  partyId: id.optional(),
  /** Shipment (货运) of the book, by its number; empty: none. */
  shipmentNo: z.string().trim().max(40).default(''),
  declarationNo: z.string().trim().max(30).default(''),
  transport: short,
  containerNo: short,
  sealNo: short,
  inspectionNo: short,
  inspectionPlace: short,
  inspectionOn: isoDate.optional(),
  certificateNo: short,
  certificateOn: isoDate.optional(),
  /** 附加声明 of the certificate. */
  additionalDeclaration: z.string().trim().max(2000).default(''),
  /** Cold or other treatment: how, where, from when to when. */
  coldTreatment: text,
  loadedAt: isoInstant.optional(),
  arrivedAt: isoInstant.optional(),
  note: text,
});
export const dispatchRow = dispatchInput.required({ id: true }).extend({
  buyer: z.string(),
  cartons: z.number().int(),
  massG: z.number().int(),
  lots: z.number().int(),
  /** Reasons given to go on. */
  reasons: z.number().int(),
  held: z.number().int(),
});
/** A declaration (报关单) that a dispatch names or its shipment has; without lines the book knows its number alone. */
const declaredRow = z.object({ declarationNo: z.string(), lines: z.number().int(), exportDate: z.string() });
/** What of readiness is there; undefined: not known whether it is asked for. */
export const readinessItem = z.object({
  code: z.enum([
    'orchard',
    'packHouse',
    'report',
    'siteCertificate',
    'inspection',
    'certificate',
    'coldTreatment',
    'coldLog',
    'declaration',
  ]),
  isAsked: z.boolean().optional(),
  isThere: z.boolean(),
});

// Access ----------------------------------------------------------------------------------------------------------------
export const accessCardView = z.object({
  productId: id,
  country,
  card: accessAnswer,
  /** What the pack says, with its source; absent where it says nothing. */
  pack: z
    .object({
      source: z.string(),
      reliability: z.enum(reliabilities),
      verifiedOn: isoDate,
      how: z.string(),
      notes: z.array(z.object({ zh: z.string(), en: z.string() })),
    })
    .optional(),
  registrationWorkingDays: z.number().int(),
  /** What customs answered, last first. */
  answers: z.array(z.object({ id, askedOn: isoDate, source: z.string(), note: z.string(), answer: accessAnswer })),
  coverage: z.array(registrationRow),
});

// Cold chain ------------------------------------------------------------------------------------------------------------
const instant = z.number().int();
export const coldFindingView = z.object({
  code: z.enum(coldFindingCodes),
  at: instant,
  n: z.number().int(),
  seconds: z.number().int(),
});
export const coldAnalysisView = z.object({
  readings: z.number().int(),
  from: instant.optional(),
  until: instant.optional(),
  interval: z.number().int(),
  minC100: z.number().int().optional(),
  maxC100: z.number().int().optional(),
  covered: z.number().int(),
  outside: z.number().int(),
  degreeMinutes10: z.number().int(),
  excursions: z.array(
    z.object({
      side: z.enum(['above', 'below']),
      from: instant,
      until: instant,
      seconds: z.number().int(),
      peakC100: z.number().int(),
      degreeMinutes10: z.number().int(),
    }),
  ),
  findings: z.array(coldFindingView),
});
const loggerMapping = z.object({
  at: z.number().int().min(0),
  time: z.number().int().min(0).optional(),
  temperature: z.number().int().min(0),
});
const loggerLayout = z.object({
  /** 0: the file has no header, its columns have numbers. */
  headerRow: z.number().int().min(0),
  mapping: loggerMapping,
  order: z.enum(dateOrders),
  isFahrenheit: z.boolean(),
  /** Of the logger's clock from UTC; China: 480. */
  offsetMinutes: z.number().int().min(-840).max(840).default(480),
});
export const coldLogRow = z.object({
  id,
  dispatchId: id,
  dispatch: z.string(),
  productId: id,
  product: z.string(),
  logger: z.string(),
  fileName: z.string(),
  lowC100: c100,
  highC100: c100,
  failed: z.array(z.object({ no: z.number().int(), reason: z.enum(['time', 'temperature']) })),
  analysis: coldAnalysisView,
});

// Trace -----------------------------------------------------------------------------------------------------------------
/** `lot`: what became of the lot alone; `origin`: of everything harvested with it (召回范围). */
export const recallReaches = ['lot', 'origin'] as const;
const found = z.object({
  kind: z.enum(['lot', 'carton', 'dispatch', 'declaration', 'shipment']),
  label: z.string(),
  lots: z.array(z.string()),
});
export const traceView = z.object({
  found,
  /** From the harvest on, in the order of time; `role` towards what was asked for. */
  lots: z.array(
    lotRow.extend({
      role: z.enum(['before', 'asked', 'after']),
      from: z.array(z.string()),
      yield: z.string().optional(),
    }),
  ),
  sites: z.array(farmSiteRow),
  /** 认证 (GAP, 有机, HACCP) of the sites. */
  certificates: z.array(registrationRow),
  treatments: z.array(treatmentRow),
  events: z.array(
    z.object({
      lot: z.string(),
      at: z.string(),
      kind: z.enum(lotEventKinds),
      place: z.string(),
      text: z.string(),
      massG: z.number().int().optional(),
    }),
  ),
  /** All there are: the list is cut at 500. */
  eventsTotal: z.number().int(),
  reports: z.array(labReportRow),
  cartons: z.array(cartonRow),
  cartonsTotal: z.number().int(),
  cartonCount: z.number().int(),
  dispatches: z.array(dispatchRow),
  reasons: z.array(reasonView.extend({ lot: z.string() })),
  harvestG: z.number().int(),
  /** What was asked for: a lot, the cartons on dispatches, or the one carton. */
  askedG: z.number().int(),
  /** Temperatures on the way of the dispatches, the last first, and how many there are. */
  coldLogs: z.array(coldLogRow),
  coldLogsTotal: z.number().int(),
  declarations: z.array(declaredRow.extend({ dispatch: z.string() })),
});
export const recallView = z.object({
  found,
  lots: z.array(lotRow),
  /** One row a dispatch; without: still here. */
  rows: z.array(
    z.object({
      dispatchId: id.optional(),
      dispatch: z.string(),
      buyer: z.string(),
      country: z.string(),
      on: z.string(),
      shipmentNo: z.string(),
      declarationNo: z.string(),
      cartons: z.array(cartonRow.pick({ prefix: true, digits: true, first: true, last: true, lot: true })),
      count: z.number().int(),
      massG: z.number().int(),
    }),
  ),
  cartonCount: z.number().int(),
  /** In affected lots and not in cartons. */
  looseG: z.number().int(),
});

const withdrawal = z.object({ id, reason: z.string().trim().min(2).max(300) });
const printed = z.object({ pages: z.number().int() });
const page = pageInput;

export const trace = {
  'farmProducts.list': query(z.object({}), z.object({ rows: z.array(farmProductRow) })),
  /** Refusals: `FARM_PRODUCT_TAKEN` {name}, `FARM_BAND` (both ends or none, upwards). */
  'farmProducts.save': command(farmProductInput, z.object({ id })),

  'farmSites.list': query(
    z.object({
      date: isoDate,
      kind: z.enum(siteKinds).optional(),
      /** Only those in use where something grows. */
      isGrowing: z.boolean().default(false),
      text: z.string().default(''),
      ...page,
    }),
    pageOf(farmSiteRow),
  ),
  'farmSites.get': query(
    z.object({ id, date: isoDate }),
    z.object({ site: farmSiteRow, registrations: z.array(registrationRow), treatments: z.array(treatmentRow) }),
  ),
  /** Refusals: `FARM_SITE_TAKEN` {name}, `PARTY_UNKNOWN`, `FARM_POINT` (latitude and longitude go together). */
  'farmSites.save': command(farmSiteInput, z.object({ id })),
  /** Refusals: `FARM_SITE_UNKNOWN`, `FARM_DATES` {from, until}. */
  'siteRegistrations.save': command(registrationInput, z.object({ id })),
  'siteRegistrations.remove': command(z.object({ id }), z.object({})),
  /**
   * `late`: harvests already entered that lie in its waiting period, with the dispatches that what became of them is on. Refusals:
   * `FARM_SITE_UNKNOWN`, `DATE_FUTURE` {date}.
   */
  'treatments.add': command(
    treatmentInput,
    z.object({
      id,
      late: z.array(z.object({ lotId: id, lot: z.string(), on: isoDate, dispatches: z.array(z.string()) })),
    }),
  ),
  /** Takes one back that was recorded in error; it stays to be seen. Refusal: `TREATMENT_UNKNOWN` {id}. */
  'treatments.withdraw': command(withdrawal, z.object({})),
  /** Waiting days of an input as they were last entered, by its name. */
  'treatments.names': query(
    z.object({ text: z.string() }),
    z.object({
      rows: z.array(
        z.object({
          name: z.string(),
          licenceNo: z.string(),
          waitingDays: z.number().int().optional(),
          source: z.string(),
        }),
      ),
    }),
  ),

  'lots.list': query(
    z.object({
      text: z.string().default(''),
      /**
       * `failed`: with an inspection that failed and stands; `here`: not packed or not sent yet, all or a part; `packed`: with cartons that may
       * go, those on `dispatch` besides.
       */
      state: z.enum(['all', 'free', 'held', 'failed', 'here', 'packed']).default('all'),
      /** Number of a dispatch. */
      dispatch: z.string().default(''),
      productId: id.optional(),
      ...page,
    }),
    pageOf(lotRow),
  ),
  'lots.get': query(
    z.object({ id, language: language.default('zh') }),
    z.object({
      lot: lotRow,
      /** Where it came from, or what it was taken into: one step away. */
      from: z.array(z.object({ id, code: z.string(), massG: z.number().int() })),
      into: z.array(z.object({ id, code: z.string(), massG: z.number().int() })),
      step: z
        .object({
          kind: z.enum(stepKinds),
          on: isoDate,
          site: z.string(),
          inputG: z.number().int(),
          outputG: z.number().int(),
          yield: z.string(),
          reason: z.string(),
        })
        .optional(),
      cartons: z.array(cartonRow),
      reports: z.array(labReportRow),
      /** Its own, withdrawn ones too. */
      inspections: z.array(lotInspectionRow),
      events: z.array(
        z.object({
          id,
          at: z.string(),
          kind: z.enum(lotEventKinds),
          place: z.string(),
          text: z.string(),
          massG: z.number().int().optional(),
        }),
      ),
      eventsTotal: z.number().int(),
      reasons: z.array(reasonView),
      /** Holds that stand on it or on what it came from, oldest first. */
      holds: z.array(z.object({ lotId: id, lot: z.string(), reason: z.string(), who: z.string(), at: isoInstant })),
      /** 认证 of the places it came from and was packed in, in force first. */
      certificates: z.array(registrationRow),
      /** Text of its QR code. */
      label: z.string(),
      isRemovable: z.boolean(),
    }),
  ),
  /** Whether a lot may go to a country on a day: what stands against it, and what of the papers is there. Refusal: `LOT_UNKNOWN`. */
  'lots.readiness': query(
    z.object({ id, country, on: isoDate }),
    z.object({ findings: z.array(lotFindingView), readiness: z.array(readinessItem) }),
  ),
  /**
   * A harvest (采收). Refusals: `FARM_SITE_UNKNOWN`, `FARM_SITE_NO_HARVEST` {site} for a pack house, `FARM_PRODUCT_UNKNOWN`,
   * `LOT_FUTURE` {date}. Findings that want a reason write nothing until one is given.
   */
  'lots.harvest': command(
    z.object({
      siteId: id,
      productId: id,
      variety: short,
      grade: short,
      massG: grams,
      on: isoDate,
      note: text,
      reason: text,
    }),
    judged({ id, code: z.string() }),
  ),
  /**
   * Lots out of lots: split, merge, processing. Refusals: `LOT_UNKNOWN`, `LOT_OVERDRAWN` {lot, taken, free}, `LOT_HELD` {lot},
   * `LOT_TWICE` {lot}, `LOT_STEP_SHAPE` (a split has one input, a merge one output), `LOT_STEP_DATE` {lot, date},
   * `LOT_MIXED` for products mixed in a merge.
   */
  'lots.step': command(
    z.object({
      kind: z.enum(stepKinds),
      on: isoDate,
      /** Pack house (包装厂) where it was done. */
      siteId: id.optional(),
      inputs: z
        .array(z.object({ lotId: id, massG: grams }))
        .min(1)
        .max(500),
      outputs: z
        .array(z.object({ productId: id, variety: short, grade: short, massG: grams }))
        .min(1)
        .max(200),
      note: text,
      reason: text,
    }),
    judged({ lots: z.array(z.object({ id, code: z.string() })), lossG: z.number().int(), yield: z.string() }),
  ),
  /** Takes back a harvest or a whole step entered by mistake. Refusal: `LOT_USED` {lot}. */
  'lots.remove': command(z.object({ id }), z.object({ lots: z.number().int() })),
  /** Refusals: `LOT_DESTROYED_MASS` for 销毁 without a mass, `LOT_DESTROYED_MORE` {lot, mass, free} for more than is not in cartons yet. */
  'lots.addEvent': command(
    z.object({
      id,
      at: isoInstant,
      kind: z.enum(lotEventKinds),
      place: short,
      text,
      /** How much was destroyed: it is not there to be packed any more. */
      massG: grams.optional(),
    }),
    z.object({ id }),
  ),
  /** Holds a lot and all that became of it; nothing held is loaded. */
  'lots.hold': command(
    z.object({ id, reason: z.string().trim().min(1).max(500) }),
    z.object({ lots: z.number().int() }),
  ),
  /**
   * Lifts the holds put on a lot itself; what another hold reaches stays held. Refusals: `LOT_NOT_HELD` {lot}, `LOT_HELD_ABOVE` {lot, above}.
   */
  'lots.release': command(
    z.object({ id, reason: z.string().trim().min(1).max(500) }),
    z.object({ lots: z.number().int() }),
  ),

  /**
   * Packs cartons of a lot, numbered singly or from one to another: all the ranges or none. Refusals: `CARTONS_TAKEN` {carton},
   * `CARTONS_HEAVIER` {cartons, free}, `CARTONS_RANGE`, `LOT_HELD`.
   */
  'cartons.add': command(
    z.object({ lotId: id, ranges: z.array(z.object(cartonShape)).min(1).max(1000), netG: grams }),
    z.object({ count: z.number().int() }),
  ),
  /** Packs so many cartons of a lot; their numbers begin with its code and go on from the last. Refusals: those of `cartons.add`. */
  'cartons.pack': command(
    z.object({ lotId: id, count: z.number().int().min(1).max(MOST_CARTONS), netG: grams }),
    z.object({ count: z.number().int(), from: z.string(), until: z.string() }),
  ),
  /** Refusal: `CARTONS_DISPATCHED` {dispatch}. */
  'cartons.remove': command(z.object({ id }), z.object({})),

  /** Refusals: `LAB_REPORT_TAKEN` {number}, `LAB_RESULT_BLANK` {substance} for a result without a value that is not 未检出 either. */
  'labReports.save': command(labReportInput, z.object({ id })),
  /** Takes one back that was recorded in error; it stays to be seen. Refusal: `LAB_REPORT_UNKNOWN` {id}. */
  'labReports.withdraw': command(withdrawal, z.object({})),
  /** Records an inspection; it stands as it was recorded. Refusals: `LOT_UNKNOWN`, `DATE_FUTURE` {date}. */
  'lotInspections.add': command(lotInspectionInput, z.object({ id, number: z.string() })),
  /** Takes one back that was recorded in error; it stays to be seen. Refusals: `LOT_INSPECTION_UNKNOWN` {id}, `LOT_INSPECTION_WITHDRAWN` {number}. */
  'lotInspections.withdraw': command(withdrawal, z.object({})),
  'residueLimits.list': query(
    z.object({ productId: id.optional(), country: country.optional() }),
    z.object({ rows: z.array(residueLimitRow) }),
  ),
  /** Refusals: `RESIDUE_LIMIT_TAKEN`, `FARM_DATES`. */
  'residueLimits.save': command(residueLimitInput, z.object({ id })),
  'residueLimits.remove': command(z.object({ id }), z.object({})),
  /** Limits from a workbook or CSV: country, product, substance, limit in mg/kg, from, until, source. What is not understood is named by row. */
  'residueLimits.import': command(
    z.object({ file: fileToken }),
    z.object({
      added: z.number().int(),
      same: z.number().int(),
      failed: z.array(
        z.object({
          no: z.number().int(),
          reason: z.enum(['country', 'product', 'substance', 'limit', 'date', 'source']),
        }),
      ),
    }),
  ),

  'accessCards.get': query(z.object({ productId: id, country, date: isoDate }), accessCardView),
  /** What customs answered when asked. */
  'accessCards.answer': command(
    z.object({
      productId: id,
      country,
      askedOn: isoDate,
      source: z.string().trim().min(1).max(200),
      note: text,
      answer: accessAnswer,
    }),
    z.object({ id }),
  ),
  /** The firm's own gate: no lot leaves without a report that passed (菜篮子模式). */
  'traceSettings.get': query(z.object({}), z.object({ needsReport: z.boolean() })),
  'traceSettings.save': command(z.object({ needsReport: z.boolean() }), z.object({})),

  'dispatches.list': query(z.object({ text: z.string().default(''), ...page }), pageOf(dispatchRow)),
  'dispatches.get': query(
    z.object({ id, date: isoDate }),
    z.object({
      dispatch: dispatchRow,
      cartons: z.array(cartonRow),
      cartonsTotal: z.number().int(),
      /** What would be said of each lot on it today. */
      findings: z.array(lotFindingView),
      readiness: z.array(readinessItem),
      reasons: z.array(reasonView.extend({ lot: z.string() })),
      coldLogs: z.array(coldLogRow.omit({ analysis: true })),
      /** Lines of the declaration (报关单) or of the shipment's that the book knows. */
      declared: z.array(declaredRow),
      /**
       * What its declaration says of net weight and packages, beside all that is loaded on dispatches of the declaration; absent where the
       * book has neither the declaration nor lines of it in kilograms.
       */
      declaredMass: z
        .object({
          number: z.string(),
          massG: z.number().int().optional(),
          cartons: z.number().int().optional(),
          loadedG: z.number().int(),
          loadedCartons: z.number().int(),
        })
        .optional(),
    }),
  ),
  /**
   * Where country, day, certificate or treatment change, the lots on it are judged again: what was not accounted for yet wants a reason,
   * that is recorded. Refusals: `DISPATCH_TAKEN` {number}, `PARTY_UNKNOWN`, `SHIPMENT_NO_UNKNOWN`.
   */
  'dispatches.save': command(dispatchInput.extend({ reason: text }), judged({ id })),
  /** Refusal: `DISPATCH_LOADED`. */
  'dispatches.remove': command(z.object({ id }), z.object({})),
  /**
   * Puts cartons on a dispatch: ranges by number, or all of lots that are still here. A lot that is not covered goes on with a reason
   * that is recorded. Refusals: `CARTONS_NONE`, `CARTONS_UNKNOWN` {carton}, `CARTONS_DISPATCHED` {dispatch}, `LOT_HELD` {lot}.
   */
  'dispatches.load': command(
    z.object({
      id,
      cartons: z.array(z.object(cartonShape)).max(1000).default([]),
      lotIds: z.array(id).max(500).default([]),
      reason: text,
    }),
    judged({ cartons: z.number().int(), massG: z.number().int() }),
  ),
  /**
   * So many cartons of a lot on a dispatch, and no more: what is wanted besides is put on by its numbers, what is too much is taken off
   * from the last. More cartons are judged as in `dispatches.load`. Refusals: `CARTONS_FEWER` {n}, `LOT_HELD` {lot, reason}.
   */
  'dispatches.take': command(
    z.object({ id, lotId: id, count: z.number().int().min(0).max(MOST_CARTONS), reason: text }),
    judged({ cartons: z.number().int() }),
  ),
  /** Takes the cartons of a lot off again. */
  'dispatches.unload': command(z.object({ id, lotId: id }), z.object({ cartons: z.number().int() })),
  /** Data of the inspection request (检验检疫申请) as a workbook. */
  'dispatches.inspectionData': job(z.object({ id, to: fileToken }), z.object({ rows: z.number().int() })),

  /** By trace code, carton number, number of a dispatch, shipment or declaration. Refusals: `TRACE_CODE_CHECK` {code}, `TRACE_UNKNOWN` {text}. */
  'trace.query': query(z.object({ text: z.string().trim().min(1).max(60) }), traceView),
  /**
   * Holds every lot a recall concerns, each start of it on its own, with its reason; those that are held for it already are left.
   * Refusals: those of `trace.query`.
   */
  'lots.holdRecalled': command(
    z.object({
      text: z.string().trim().min(1).max(60),
      reach: z.enum(recallReaches),
      reason: z.string().trim().min(1).max(500),
    }),
    z.object({ lots: z.number().int() }),
  ),
  'trace.recall': query(z.object({ text: z.string().trim().min(1).max(60), reach: z.enum(recallReaches) }), recallView),
  /** One page for the buyer, PDF. Refusal: `PRINT_NEEDS_WINDOW`. */
  'trace.print': job(z.object({ text: z.string(), language, to: fileToken }), printed),
  /** Letter and list to each buyer, PDF. */
  'trace.recallLetter': job(
    z.object({
      text: z.string(),
      reach: z.enum(recallReaches),
      reason: z.string().trim().min(1).max(1000),
      language,
      to: fileToken,
    }),
    printed,
  ),
  'trace.recallExport': job(
    z.object({ text: z.string(), reach: z.enum(recallReaches), language: language.default('zh'), to: fileToken }),
    z.object({ rows: z.number().int() }),
  ),
  /** Labels with QR code of a lot, PDF. */
  'trace.labels': job(z.object({ id, language, copies: z.number().int().min(1).max(200), to: fileToken }), printed),

  'coldLogs.list': query(z.object({}), z.object({ rows: z.array(coldLogRow) })),
  'coldLogs.get': query(
    z.object({ id }),
    coldLogRow.extend({
      /** In the order of time, at most 2,000 with the extremes kept: `[seconds, hundredths]`; null: a gap. */
      points: z.array(z.tuple([z.number(), z.number().nullable()])),
    }),
  ),
  /** How a logger's file would be read. Refusals: those of opening a file, `LOGGER_COLUMNS`. */
  'coldLogs.read': query(
    z.object({
      file: fileToken,
      layout: loggerLayout.extend({ mapping: loggerMapping.partial() }).partial().optional(),
    }),
    z.object({
      fileName: z.string(),
      headerRow: z.number().int(),
      /** The first rows of the file, to choose the header among. */
      top: z.array(z.object({ no: z.number().int(), text: z.string() })),
      headers: z.array(z.string()),
      sample: z.array(z.array(z.string())),
      mapping: loggerMapping.partial(),
      mappingFrom: z.enum(['remembered', 'recognised', 'given']),
      /** More than one: the user has to say. */
      orders: z.array(z.enum(dateOrders)),
      isFahrenheit: z.boolean(),
      offsetMinutes: z.number().int(),
      readings: z.number().int(),
      /** The first rows that hold no reading, and how many there are. */
      failed: z.array(z.object({ no: z.number().int(), reason: z.enum(['time', 'temperature']) })),
      failedTotal: z.number().int(),
      preview: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  /** Refusals: `FARM_BAND` for a product without a band, `COLD_LOG_THERE` {dispatch}, `LOGGER_EMPTY`. The mapping is remembered. */
  'coldLogs.add': command(
    z.object({ dispatchId: id, productId: id, logger: short, file: fileToken, layout: loggerLayout }),
    z.object({ id, readings: z.number().int(), failed: z.number().int() }),
  ),
  'coldLogs.remove': command(z.object({ id }), z.object({})),
  'coldLogs.print': job(z.object({ id, language, to: fileToken }), printed),
} as const;
