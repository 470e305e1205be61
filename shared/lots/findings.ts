/**
 * What is to be said of a harvest, a lot and a shipment of lots before it is entered. Facts about countries come in from outside (a
 * dated pack, the user's own limits); where nobody knows, that is what is said.
 */
import { addDays, parseIsoDate } from '../calendar/index.ts';

/** `reason`: goes on with a reason that is recorded. `note`: worth knowing. What is impossible is refused instead. */
export type FindingLevel = 'reason' | 'note';
export const lotFindingCodes = [
  'registrationMissing',
  'registrationExpired',
  'waitingNotOver',
  'waitingUnknown',
  'heavier',
  'notCovered',
  'coverageUnknown',
  'packHouseNone',
  'packHouseUnknown',
  'reportMissing',
  'inspectionFailed',
  'residueOver',
  'residueUnknown',
  'coldTreatmentMissing',
  'certificateMissing',
] as const;
export type LotFindingCode = (typeof lotFindingCodes)[number];
export interface LotFinding {
  readonly code: LotFindingCode;
  readonly level: FindingLevel;
  readonly params: Readonly<Record<string, string | number>>;
  /** The lot it is about, where there are several. */
  readonly lot?: string;
}

/** A registration or approval (注册登记, 备案) of an orchard, pond or pack house. */
export interface Registration {
  readonly number: string;
  /** Empty: for every product. */
  readonly productId: number | undefined;
  /** ISO 3166 alpha-2 of the destination; empty: the home registration, without a destination. */
  readonly country: string;
  readonly fromOn: string;
  /** Last day; undefined: without an end. */
  readonly untilOn: string | undefined;
}

/** Whether it is in force on a day (`yyyy-mm-dd`), both ends included. */
export const inForceOn = ({ fromOn, untilOn }: Pick<Registration, 'fromOn' | 'untilOn'>, day: string): boolean =>
  fromOn <= day && (untilOn === undefined || day <= untilOn);

/** What was put on crops or into a pond (投入品). */
export interface Treatment {
  readonly on: string;
  readonly name: string;
  /** 安全间隔期 or 休药期 in days; undefined: not known. */
  readonly waitingDays: number | undefined;
}

/** The first day on which may be harvested: the day of the treatment and its waiting days after it. */
export function waitingUntil({ on, waitingDays }: Treatment): string | undefined {
  const day = parseIsoDate(on);
  return day === undefined || waitingDays === undefined ? undefined : addDays(day, waitingDays);
}

/**
 * Before a harvest is entered, and again when what it became leaves: is the site registered on the day, and is every waiting period over?
 * A registration for a destination counts only where there is none without one: it does not stand in for one that ran out.
 */
export function harvestFindings(harvest: {
  readonly on: string;
  readonly site: string;
  readonly productId: number;
  readonly registrations: readonly Registration[];
  readonly treatments: readonly Treatment[];
}): LotFinding[] {
  const { on, site, productId, registrations, treatments } = harvest;
  const found: LotFinding[] = [];
  const mine = registrations.filter((one) => one.productId === undefined || one.productId === productId);
  const home = mine.filter(({ country }) => country === '');
  const own = home.length === 0 ? mine : home;
  if (own.length === 0) found.push({ code: 'registrationMissing', level: 'note', params: { site } });
  else if (!own.some((one) => inForceOn(one, on))) {
    const last = [...own].sort((a, b) => ((a.untilOn ?? '9') < (b.untilOn ?? '9') ? 1 : -1))[0];
    found.push({
      code: 'registrationExpired',
      level: 'reason',
      params: { site, number: last?.number ?? '', from: last?.fromOn ?? '', until: last?.untilOn ?? '' },
    });
  }
  for (const treatment of treatments) {
    if (treatment.on > on) continue;
    const until = waitingUntil(treatment);
    const params = { site, name: treatment.name, on: treatment.on };
    if (until === undefined) found.push({ code: 'waitingUnknown', level: 'note', params });
    else if (on < until)
      found.push({
        code: 'waitingNotOver',
        level: 'reason',
        params: { ...params, days: treatment.waitingDays ?? 0, until },
      });
  }
  return found;
}

/** What a destination asks for of a product, as a dated pack or the user's own inquiry says it; each undefined: not known. */
export interface AccessCard {
  readonly orchard: boolean | undefined;
  readonly packHouse: boolean | undefined;
  readonly certificate: boolean | undefined;
  readonly coldTreatment: boolean | undefined;
  readonly report: boolean | undefined;
}

export const unknownCard: AccessCard = {
  orchard: undefined,
  packHouse: undefined,
  certificate: undefined,
  coldTreatment: undefined,
  report: undefined,
};

/** A result of a test report against the limits of the destination. Milligrams per kilogram, scaled by 10^6. */
export interface Residue {
  readonly substance: string;
  /** Undefined: below the limit of quantification (未检出). */
  readonly valueE6: number | undefined;
  readonly limitE6: number | undefined;
}
export type ResidueVerdict = 'within' | 'over' | 'unknown';

/** Not found is within any limit; a value at its limit is within; no limit is no verdict. */
export function residueVerdict({ valueE6, limitE6 }: Residue): ResidueVerdict {
  if (valueE6 === undefined) return 'within';
  if (limitE6 === undefined) return 'unknown';
  return valueE6 <= limitE6 ? 'within' : 'over';
}

/** A lot that is to be put on a shipment, with all it came from. */
export interface LotToDispatch {
  readonly code: string;
  readonly productId: number;
  readonly orchards: readonly { readonly name: string; readonly registrations: readonly Registration[] }[];
  readonly packHouses: readonly { readonly name: string; readonly registrations: readonly Registration[] }[];
  readonly reports: readonly {
    readonly number: string;
    readonly result: 'pass' | 'fail' | 'open';
    readonly residues: readonly Residue[];
  }[];
  /** Harvests it came from that no report vouches for: passed, on them, on it, or on all that lies between. */
  readonly unreported: readonly string[];
  /** Inspections that failed and stand, of it or of a lot it came from (进货查验、抽检). */
  readonly failures: readonly { readonly number: string; readonly on: string; readonly of: string }[];
  /** Findings that were open when its harvests were entered. */
  readonly inherited: readonly LotFinding[];
}

export interface DispatchPapers {
  readonly country: string;
  readonly on: string;
  readonly card: AccessCard;
  readonly certificateNo: string;
  readonly coldTreatment: string;
  /** The firm's own gate: no lot leaves without a report that passed. */
  readonly needsReport: boolean;
}

/** Lots named in one finding. */
const SHOWN_LOTS = 6;

/** Before a lot is put on a shipment: coverage of orchards and pack houses, reports, treatment, certificate. */
export function dispatchFindings(lot: LotToDispatch, papers: DispatchPapers): LotFinding[] {
  const { country, on, card } = papers;
  const found: LotFinding[] = [];
  const say = (code: LotFindingCode, level: FindingLevel, params: LotFinding['params'] = {}): void => {
    found.push({ code, level, params: { country, ...params }, lot: lot.code });
  };
  const covers = (one: Registration): boolean =>
    one.country === country && (one.productId === undefined || one.productId === lot.productId) && inForceOn(one, on);
  const check = (wanted: boolean | undefined, sites: LotToDispatch['orchards']): void => {
    for (const { name, registrations } of sites) {
      if (registrations.some(covers)) continue;
      if (wanted === true) say('notCovered', 'reason', { site: name });
      // Not known is not covered: who knows better says why.
      else if (wanted === undefined) say('coverageUnknown', 'reason', { site: name });
    }
  };
  check(card.orchard, lot.orchards);
  check(card.packHouse, lot.packHouses);
  // Packed where nobody wrote down: a pack house that is asked for, or may be, is not there.
  if (lot.packHouses.length === 0 && card.packHouse !== false)
    say(card.packHouse === true ? 'packHouseNone' : 'packHouseUnknown', 'reason');
  const { unreported } = lot;
  if (unreported.length > 0 && (papers.needsReport || card.report === true))
    say('reportMissing', 'reason', {
      of: `${unreported.slice(0, SHOWN_LOTS).join(' ')}${unreported.length > SHOWN_LOTS ? ` +${unreported.length - SHOWN_LOTS}` : ''}`,
    });
  for (const { number, on: day, of } of lot.failures) say('inspectionFailed', 'reason', { number, on: day, of });
  for (const { number, result, residues } of lot.reports) {
    if (result === 'fail') say('residueOver', 'reason', { number, substance: '' });
    for (const residue of residues) {
      const verdict = residueVerdict(residue);
      if (verdict === 'over') say('residueOver', 'reason', { number, substance: residue.substance });
      else if (verdict === 'unknown') say('residueUnknown', 'note', { number, substance: residue.substance });
    }
  }
  if (card.coldTreatment === true && papers.coldTreatment === '') say('coldTreatmentMissing', 'reason');
  if (card.certificate === true && papers.certificateNo === '') say('certificateMissing', 'reason');
  return [...found, ...lot.inherited.map((one) => ({ ...one, lot: lot.code }))];
}
