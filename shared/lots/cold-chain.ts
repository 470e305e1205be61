/**
 * Cold chain (冷链): readings of a temperature logger against the band of the product. Temperatures are hundredths of a degree Celsius,
 * instants whole seconds since 1970. Between two readings the temperature is taken to go in a straight line; across a gap nothing is
 * assumed.
 */

export interface Reading {
  /** Seconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Hundredths of a degree Celsius. */
  readonly c100: number;
}

export interface Band {
  readonly lowC100: number;
  readonly highC100: number;
}

/** A stay outside the band (超温). */
export interface Excursion {
  readonly side: 'above' | 'below';
  readonly from: number;
  readonly until: number;
  readonly seconds: number;
  /** The furthest reading. */
  readonly peakC100: number;
  /** Area between curve and limit in tenths of a degree-minute, half-up. */
  readonly degreeMinutes10: number;
}

export const coldFindingCodes = [
  'gap',
  'clockBack',
  'clockTwice',
  'future',
  'beforeLoading',
  'endsEarly',
  'elsewhere',
  'tooFew',
] as const;
/** Something odd about the log itself: told, never mended. `n`: how often; `seconds`: the longest. */
export interface ColdFinding {
  readonly code: (typeof coldFindingCodes)[number];
  readonly at: number;
  readonly n: number;
  readonly seconds: number;
}

export interface ColdAnalysis {
  readonly readings: number;
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** Usual time between two readings: the median, in seconds. */
  readonly interval: number;
  readonly minC100: number | undefined;
  readonly maxC100: number | undefined;
  /** Seconds that are known, gaps left out. */
  readonly covered: number;
  readonly outside: number;
  readonly degreeMinutes10: number;
  readonly excursions: readonly Excursion[];
  readonly findings: readonly ColdFinding[];
}

/** A pause longer than so many usual intervals is a gap. */
const GAP_INTERVALS = 2.5;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

interface Run {
  side: Excursion['side'];
  from: number;
  until: number;
  peak: number;
  area: number;
}

/**
 * Reads a log against a band. Readings stay in the order of the file for what is said of the clock, and are taken in the order of time
 * for everything else; of two at one instant the first counts.
 * @param expected when the load was taken over and handed over, and the present, each in seconds where it is known
 */
export function analyseColdChain(
  file: readonly Reading[],
  band: Band,
  expected: {
    readonly now: number;
    /** When the day of the dispatch begins: asked where nobody said when it was loaded. */
    readonly leaves?: number | undefined;
    readonly loaded?: number | undefined;
    readonly arrived?: number | undefined;
  },
): ColdAnalysis {
  const findings: ColdFinding[] = [];
  const say = (code: ColdFinding['code'], found: readonly { at: number; seconds: number }[]): void => {
    const [first] = found;
    if (first !== undefined)
      findings.push({ code, at: first.at, n: found.length, seconds: Math.max(...found.map(({ seconds }) => seconds)) });
  };
  const pairs = file.slice(1).map((one, at) => ({ before: file[at] ?? one, one }));
  say(
    'clockBack',
    pairs
      .filter(({ before, one }) => one.at < before.at)
      .map(({ before, one }) => ({ at: before.at, seconds: before.at - one.at })),
  );
  const sorted = [...file].sort((a, b) => a.at - b.at);
  const readings = sorted.filter((one, at) => at === 0 || one.at !== sorted[at - 1]?.at);
  if (readings.length < sorted.length)
    say(
      'clockTwice',
      sorted.filter((one, at) => at > 0 && one.at === sorted[at - 1]?.at).map(({ at }) => ({ at, seconds: 0 })),
    );
  const steps = readings.slice(1).map((one, at) => one.at - (readings[at]?.at ?? one.at));
  const interval = median(steps);
  const isGap = (seconds: number): boolean => seconds > interval * GAP_INTERVALS;
  say(
    'gap',
    steps.flatMap((seconds, at) => (isGap(seconds) ? [{ at: readings[at]?.at ?? 0, seconds }] : [])),
  );
  const first = readings[0];
  const last = readings.at(-1);
  say(
    'future',
    readings.filter(({ at }) => at > expected.now).map(({ at }) => ({ at, seconds: at - expected.now })),
  );
  const slack = interval * GAP_INTERVALS;
  const begins = expected.loaded ?? expected.leaves;
  // A clock that was never set, or the log of another load: nothing of it was measured on this way.
  const isBefore = last !== undefined && begins !== undefined && last.at < begins;
  const isAfter = first !== undefined && expected.arrived !== undefined && first.at > expected.arrived;
  if (isBefore) say('elsewhere', [{ at: last.at, seconds: begins - last.at }]);
  else if (isAfter) say('elsewhere', [{ at: first.at, seconds: first.at - (expected.arrived ?? first.at) }]);
  const isElsewhere = isBefore || isAfter;
  if (!isElsewhere && first !== undefined && expected.loaded !== undefined && first.at > expected.loaded + slack)
    say('beforeLoading', [{ at: expected.loaded, seconds: first.at - expected.loaded }]);
  if (!isElsewhere && last !== undefined && expected.arrived !== undefined && last.at < expected.arrived - slack)
    say('endsEarly', [{ at: last.at, seconds: expected.arrived - last.at }]);
  if (readings.length < 2) say('tooFew', [{ at: first?.at ?? expected.now, seconds: 0 }]);
  return {
    readings: readings.length,
    from: first?.at,
    until: last?.at,
    interval,
    minC100: readings.length === 0 ? undefined : readings.reduce((least, { c100 }) => Math.min(least, c100), Infinity),
    maxC100: readings.length === 0 ? undefined : readings.reduce((most, { c100 }) => Math.max(most, c100), -Infinity),
    ...outsideOf(readings, band, isGap),
    findings,
  };
}

function outsideOf(
  readings: readonly Reading[],
  { lowC100, highC100 }: Band,
  isGap: (seconds: number) => boolean,
): Pick<ColdAnalysis, 'covered' | 'outside' | 'degreeMinutes10' | 'excursions'> {
  const runs: Run[] = [];
  let covered = 0;
  let open: Run | undefined;
  const close = (): void => {
    if (open !== undefined) runs.push(open);
    open = undefined;
  };
  // Hundredths beyond the limit: positive above, negative below, zero inside.
  const over = (c100: number): number => (c100 > highC100 ? c100 - highC100 : c100 < lowC100 ? c100 - lowC100 : 0);
  const add = (side: Run['side'], from: number, until: number, area: number, peak: number): void => {
    if (open !== undefined && (open.side !== side || open.until < from)) close();
    open ??= { side, from, until, peak, area: 0 };
    open.until = until;
    open.area += area;
    open.peak = side === 'above' ? Math.max(open.peak, peak) : Math.min(open.peak, peak);
  };
  for (const [at, one] of readings.entries()) {
    const before = readings[at - 1];
    if (before === undefined) continue;
    const seconds = one.at - before.at;
    if (isGap(seconds)) {
      close();
      continue;
    }
    covered += seconds;
    // A steep line may cross the whole band, from below to above.
    for (const side of before.c100 <= one.c100 ? (['below', 'above'] as const) : (['above', 'below'] as const)) {
      const limit = side === 'above' ? highC100 : lowC100;
      const part = partBeyond(before, one, limit, side);
      if (part === undefined) continue;
      const peak = side === 'above' ? Math.max(before.c100, one.c100) : Math.min(before.c100, one.c100);
      add(side, part.from, part.until, part.area, peak);
    }
    if (over(one.c100) === 0) close();
  }
  close();
  const excursions = runs
    .filter(({ area }) => area > 0)
    .map(
      ({ side, from, until, peak, area }): Excursion => ({
        side,
        from: Math.round(from),
        until: Math.round(until),
        seconds: Math.round(until - from),
        peakC100: peak,
        degreeMinutes10: tenths(area),
      }),
    );
  return {
    covered,
    outside: excursions.reduce((sum, { seconds }) => sum + seconds, 0),
    degreeMinutes10: tenths(runs.reduce((sum, { area }) => sum + area, 0)),
    excursions,
  };
}

/** Hundredths of a degree times seconds, as tenths of a degree-minute. */
const tenths = (area: number): number => Math.floor(area / 600 + 0.5);

/** The part of the straight line between two readings that lies beyond a limit, and its area in hundredths of a degree times seconds. */
function partBeyond(
  a: Reading,
  b: Reading,
  limit: number,
  side: Excursion['side'],
): { from: number; until: number; area: number } | undefined {
  const sign = side === 'above' ? 1 : -1;
  const start = sign * (a.c100 - limit);
  const end = sign * (b.c100 - limit);
  if (start <= 0 && end <= 0) return undefined;
  const seconds = b.at - a.at;
  if (start >= 0 && end >= 0) return { from: a.at, until: b.at, area: ((start + end) / 2) * seconds };
  const crossing = a.at + (seconds * -start) / (end - start);
  return start > 0
    ? { from: a.at, until: crossing, area: (start / 2) * (crossing - a.at) }
    : { from: crossing, until: b.at, area: (end / 2) * (b.at - crossing) };
}

/** `-18.5` of -1850. */
export function celsiusText(c100: number): string {
  const size = Math.abs(c100);
  const rest = String(size % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${c100 < 0 ? '-' : ''}${Math.floor(size / 100)}${rest === '' ? '' : `.${rest}`}`;
}

/** Hundredths of a degree of what is typed, at most two decimals, between -100 and 100; undefined for anything else. */
export function celsiusOf(text: string): number | undefined {
  const found = /^([-\u2212+]?)(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.normalize('NFKC').trim());
  if (found === null) return undefined;
  const size = Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0'));
  const value = found[1] === '' || found[1] === '+' ? size : -size;
  return Math.abs(value) <= 10_000 ? (value === 0 ? 0 : value) : undefined;
}
