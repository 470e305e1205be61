/**
 * 中转集拼: what leaves by one transport — lists (清单) and declarations (报关单) of several shipments, modes and owners under one master
 * waybill — held against what the carrier states and against the 总分单 (CEB607). Nothing is tolerated: whether customs or the carrier lets a
 * difference pass is theirs to say.
 */
import type { DocumentState } from '../sync/document-states.ts';

/** A paper that leaves, as it says itself. Kilograms scaled by 10^5; undefined where it does not say. */
export interface LoadedPaper {
  readonly id: number;
  readonly number: string;
  readonly isList: boolean;
  readonly mode: string;
  readonly owner: string;
  readonly shipmentNo: string;
  readonly state: DocumentState;
  readonly packages: number | undefined;
  readonly grossE5: bigint | undefined;
  readonly netE5: bigint | undefined;
  readonly bill: string;
  readonly vehicle: string;
  readonly voyage: string;
  readonly exitAt: string;
  /** House waybill (分运单) of a list. */
  readonly waybill: string;
  /** Its goods stand on another paper of the departure too. */
  readonly isTwice: boolean;
}

/** A 总分单 (CEB607) of the master waybill. */
export interface MasterList {
  readonly number: string;
  readonly state: DocumentState;
  readonly grossE5: bigint | undefined;
  readonly waybills: readonly string[];
}

export interface Departure {
  readonly bill: string;
  readonly vehicle: string;
  readonly voyage: string;
  readonly exitAt: string;
  readonly trafMode: string;
  /** As the master waybill or the manifest has it. */
  readonly statedPackages: number | undefined;
  readonly statedGrossE5: bigint | undefined;
  readonly masters: readonly MasterList[];
  readonly containers: number;
  readonly seals: number;
  /** Cut-offs that are past and not met. */
  readonly cutOffsOver: number;
}

export const departureFindingCodes = [
  ...(['EMPTY', 'TWICE', 'REJECTED', 'NOT_RELEASED', 'CUT_OFF_OVER'] as const),
  ...(['BILL_MISSING', 'BILL_DIFFERS', 'VEHICLE_MISSING', 'VEHICLE_DIFFERS', 'EXIT_DIFFERS'] as const),
  ...(['PACKAGES_UNKNOWN', 'PACKAGES_DIFFER', 'WEIGHT_UNKNOWN', 'WEIGHT_DIFFERS', 'UNWEIGHED'] as const),
  ...(['WAYBILL_MISSING', 'NO_MASTER', 'NOT_ON_MASTER', 'MASTER_UNKNOWN', 'MASTER_TWICE', 'MASTER_WEIGHT'] as const),
  ...(['MASTER_NOT_ACCEPTED', 'CONTAINERS_MISSING', 'SEALS_MISSING'] as const),
] as const;
export interface DepartureFinding {
  readonly code: (typeof departureFindingCodes)[number];
  /** `stop`: it cannot leave like this; `missing`: to be done or entered before it leaves; `note`: to be looked at. */
  readonly level: 'stop' | 'missing' | 'note';
  /** How many papers or waybills, and which: numbers. */
  readonly count: number;
  readonly numbers: readonly string[];
  /** The two figures that differ. */
  readonly stated?: string;
  readonly found?: string;
}

export interface DepartureTotals {
  readonly papers: number;
  readonly packages: number;
  readonly grossE5: bigint;
  readonly netE5: bigint;
  /** Papers that do not state packages or weights. */
  readonly unknown: number;
}

export function departureTotals(papers: readonly LoadedPaper[]): DepartureTotals {
  return {
    papers: papers.length,
    packages: papers.reduce((sum, { packages }) => sum + (packages ?? 0), 0),
    grossE5: papers.reduce((sum, { grossE5 }) => sum + (grossE5 ?? 0n), 0n),
    netE5: papers.reduce((sum, { netE5 }) => sum + (netE5 ?? 0n), 0n),
    unknown: papers.filter(({ packages, grossE5 }) => packages === undefined || grossE5 === undefined).length,
  };
}

/** Customs' code of sea transport (水路运输), which goes in containers. */
const BY_SEA = '2';
const released: ReadonlySet<DocumentState> = new Set(['released', 'closed']);
const accepted: ReadonlySet<DocumentState> = new Set(['accepted', 'released', 'closed']);
function repeated(numbers: readonly string[]): string[] {
  const seen = new Set<string>();
  return numbers.filter((one) => seen.has(one) || !seen.add(one));
}
const same = (a: string, b: string): boolean => a.trim().toUpperCase() === b.trim().toUpperCase();

/** What stands in the way of the departure, the worst first. @param kilograms how a weight is written */
export function departureFindings(
  departure: Departure,
  papers: readonly LoadedPaper[],
  kilograms: (e5: bigint) => string,
): DepartureFinding[] {
  const found: DepartureFinding[] = [];
  const add = (
    code: DepartureFinding['code'],
    level: DepartureFinding['level'],
    numbers: readonly string[] | undefined,
    more: Pick<DepartureFinding, 'stated' | 'found'> = {},
  ): void => {
    if (numbers === undefined || numbers.length > 0)
      found.push({ code, level, count: numbers?.length ?? 0, numbers: numbers ?? [], ...more });
  };
  const those = (is: (paper: LoadedPaper) => boolean): string[] => papers.filter(is).map(({ number }) => number);
  const { bill, vehicle, voyage, exitAt, masters, statedPackages, statedGrossE5 } = departure;
  if (papers.length === 0) {
    add('EMPTY', 'missing', undefined);
    return found;
  }
  const totals = departureTotals(papers);

  add(
    'TWICE',
    'stop',
    those(({ isTwice }) => isTwice),
  );
  add(
    'REJECTED',
    'stop',
    those(({ state }) => state === 'rejected'),
  );
  add(
    'NOT_RELEASED',
    'missing',
    those(({ state }) => state !== 'rejected' && !released.has(state)),
  );
  if (departure.cutOffsOver > 0) add('CUT_OFF_OVER', 'stop', undefined, { found: String(departure.cutOffsOver) });

  if (bill === '') add('BILL_MISSING', 'missing', undefined);
  else
    add(
      'BILL_DIFFERS',
      'stop',
      those((paper) => !same(paper.bill, bill)),
    );
  if (vehicle === '' || voyage === '') add('VEHICLE_MISSING', 'missing', undefined);
  add(
    'VEHICLE_DIFFERS',
    'stop',
    those(
      (paper) => (vehicle !== '' && !same(paper.vehicle, vehicle)) || (voyage !== '' && !same(paper.voyage, voyage)),
    ),
  );
  if (exitAt !== '')
    add(
      'EXIT_DIFFERS',
      'stop',
      those((paper) => !same(paper.exitAt, exitAt)),
    );

  add(
    'UNWEIGHED',
    'missing',
    those(({ packages, grossE5 }) => packages === undefined || grossE5 === undefined),
  );
  if (statedPackages === undefined) add('PACKAGES_UNKNOWN', 'missing', undefined);
  else if (totals.unknown === 0 && statedPackages !== totals.packages)
    add('PACKAGES_DIFFER', 'stop', undefined, { stated: String(statedPackages), found: String(totals.packages) });
  if (statedGrossE5 === undefined) add('WEIGHT_UNKNOWN', 'missing', undefined);
  else if (totals.unknown === 0 && statedGrossE5 !== totals.grossE5)
    add('WEIGHT_DIFFERS', 'stop', undefined, { stated: kilograms(statedGrossE5), found: kilograms(totals.grossE5) });

  const lists = papers.filter(({ isList }) => isList);
  add(
    'WAYBILL_MISSING',
    'missing',
    lists.filter(({ waybill }) => waybill === '').map(({ number }) => number),
  );
  if (lists.length > 0 && masters.length === 0) add('NO_MASTER', 'missing', undefined);
  if (masters.length > 0) {
    const named = masters.flatMap(({ waybills }) => waybills);
    const onMaster = new Set(named);
    const loaded = new Set(lists.map(({ waybill }) => waybill));
    add(
      'NOT_ON_MASTER',
      'stop',
      lists.filter(({ waybill }) => waybill !== '' && !onMaster.has(waybill)).map(({ number }) => number),
    );
    add(
      'MASTER_UNKNOWN',
      'stop',
      [...onMaster].filter((waybill) => !loaded.has(waybill)),
    );
    add('MASTER_TWICE', 'stop', [...new Set(repeated(named))]);
    const stated = masters.reduce<bigint | undefined>(
      (sum, { grossE5 }) => (sum === undefined || grossE5 === undefined ? undefined : sum + grossE5),
      0n,
    );
    const gross = lists.filter(({ waybill }) => onMaster.has(waybill));
    if (stated !== undefined && gross.every(({ grossE5 }) => grossE5 !== undefined)) {
      const sum = departureTotals(gross).grossE5;
      if (sum !== stated) add('MASTER_WEIGHT', 'stop', undefined, { stated: kilograms(stated), found: kilograms(sum) });
    }
    add(
      'MASTER_NOT_ACCEPTED',
      'missing',
      masters.filter(({ state }) => !accepted.has(state)).map(({ number }) => number),
    );
  }
  if (departure.trafMode === BY_SEA && departure.containers === 0) add('CONTAINERS_MISSING', 'note', undefined);
  if (departure.seals === 0) add('SEALS_MISSING', 'note', undefined);
  const rank = (level: DepartureFinding['level']): number => ['stop', 'missing', 'note'].indexOf(level);
  return found.sort((a, b) => rank(a.level) - rank(b.level));
}
