/** The way of a shipment's goods: what a status of a tracking file says, and which times cannot be right. */
import type { CutOffKind, LogisticsFigures, MilestoneKind } from './pack.ts';
import { milestoneKinds } from './pack.ts';

/** Stages of customs (通关环节): 备案, 申报, 征税, 查验, 放行, 转关. */
export const customsStages = ['registration', 'declaration', 'tax', 'inspection', 'release', 'transit'] as const;
export type CustomsStage = (typeof customsStages)[number];

/**
 * What a status says: the kind of the longest of its words that the text contains, so that “not delivered” is no delivery; undefined
 * where none does.
 */
export function milestoneOf(figures: Pick<LogisticsFigures, 'milestones'>, status: string): MilestoneKind | undefined {
  const said = status
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  let best: { readonly code: MilestoneKind; readonly length: number } | undefined;
  for (const { code, title, words } of figures.milestones)
    for (const word of [...words, code.toLowerCase(), title.zh, title.en.toLowerCase()])
      if (said.includes(word) && word.length > (best?.length ?? 0)) best = { code, length: word.length };
  return best?.code;
}

/** Place of a step in the order of the way; undefined for what belongs to no place in it. */
export function stepOf(kind: MilestoneKind): number | undefined {
  return kind === 'exception' || kind === 'other' ? undefined : milestoneKinds.indexOf(kind);
}

/** A milestone as the rules look at it: the first time of a kind within a scope (one parcel, one container; empty: the whole shipment). */
export interface WayTime {
  readonly kind: MilestoneKind;
  /** ISO 8601 instants. */
  readonly at: string;
  readonly recordedAt: string;
  readonly scope: string;
  /** `at` is the beginning of a day, and the time of that day is not known. */
  readonly isDay: boolean;
}

/**
 * TIME_BEFORE_FORMER: before a step that comes earlier on the way; TIME_AHEAD: later than the moment it was recorded; TIME_EARLY: long
 * before the shipment was begun.
 */
export const wayFindingCodes = ['TIME_BEFORE_FORMER', 'TIME_AHEAD', 'TIME_EARLY'] as const;
export interface WayFinding {
  readonly code: (typeof wayFindingCodes)[number];
  readonly kind: MilestoneKind;
  readonly at: string;
  readonly scope: string;
  /** Of TIME_BEFORE_FORMER: the step that should have come first, and when it did. */
  readonly former?: MilestoneKind;
  readonly formerAt?: string;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The latest that a time can mean. */
const latest = ({ at, isDay }: Pick<WayTime, 'at' | 'isDay'>): string =>
  isDay ? new Date(Date.parse(at) + dayMs - 1).toISOString() : at;

/** The first time of each kind. */
function firstOfEach(times: readonly WayTime[]): readonly WayTime[] {
  const first = new Map<MilestoneKind, WayTime>();
  for (const time of times) {
    const before = first.get(time.kind);
    if (before === undefined || time.at < before.at) first.set(time.kind, time);
  }
  return [...first.values()];
}

/** Times that cannot be right. A parcel or container is held against itself and against what is said of the whole shipment. */
export function wayFindings(
  figures: Pick<LogisticsFigures, 'aheadMinutes' | 'earlierDays'>,
  times: readonly WayTime[],
  begunAt: string,
): WayFinding[] {
  const byScope = new Map<string, WayTime[]>();
  for (const time of times) {
    const list = byScope.get(time.scope);
    if (list === undefined) byScope.set(time.scope, [time]);
    else list.push(time);
  }
  // Goods that are loaded again on their way (转运) have the later steps of one leg before the earlier ones of the next: what came first counts.
  const firsts = new Map([...byScope].map(([scope, list]) => [scope, firstOfEach(list)]));
  const whole = firsts.get('') ?? [];
  const isAhead = ({ at, recordedAt }: WayTime): boolean =>
    Date.parse(at) > Date.parse(recordedAt) + figures.aheadMinutes * minuteMs;
  const found: WayFinding[] = [];
  for (const time of times) {
    const { kind, at, scope } = time;
    const said = { kind, at, scope };
    if (isAhead(time)) {
      found.push({ code: 'TIME_AHEAD', ...said });
      continue;
    }
    if (Date.parse(at) < Date.parse(begunAt) - figures.earlierDays * dayMs) {
      found.push({ code: 'TIME_EARLY', ...said });
      continue;
    }
    const step = stepOf(kind);
    if (step === undefined) continue;
    const around = scope === '' ? whole : [...(firsts.get(scope) ?? []), ...whole];
    let former: WayTime | undefined;
    for (const one of around) {
      const place = stepOf(one.kind);
      // A clock that is ahead is said once, not again by everything that follows it.
      // Goods are on their way as often as they are, before and after they arrive somewhere.
      if (place === undefined || one.kind === 'transit' || place >= step) continue;
      if (one.at <= latest(time) || isAhead(one)) continue;
      if (former === undefined || one.at > former.at) former = one;
    }
    if (former !== undefined)
      found.push({ code: 'TIME_BEFORE_FORMER', ...said, former: former.kind, formerAt: former.at });
  }
  return found;
}

/** done: a person said so; met and late: by the step that meets it; over: past and not met. */
export const cutOffStates = ['open', 'over', 'met', 'late', 'done'] as const;
export type CutOffState = (typeof cutOffStates)[number];

/** What became of a cut-off. All times are ISO 8601 instants. */
export function cutOffState(
  figures: Pick<LogisticsFigures, 'cutOffs'>,
  cutOff: { readonly kind: CutOffKind; readonly at: string; readonly doneAt?: string | undefined },
  firsts: ReadonlyMap<MilestoneKind, string>,
  now: string,
): CutOffState {
  if (cutOff.doneAt !== undefined) return 'done';
  const metBy = figures.cutOffs.find(({ code }) => code === cutOff.kind)?.metBy ?? undefined;
  const first = metBy === undefined ? undefined : firsts.get(metBy);
  if (first !== undefined && first <= now) return first <= cutOff.at ? 'met' : 'late';
  return cutOff.at < now ? 'over' : 'open';
}
