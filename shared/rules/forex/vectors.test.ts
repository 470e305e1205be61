import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildCalendar } from '../../calendar/index.ts';
import { exchangeDifferenceCalculator } from './exchange-difference.ts';

/** Worked examples kept beside the project; they are not part of it. */
const file = new URL('../../../../shared/domain/vectors/F10.json', import.meta.url);
const sources = {
  pack: (id: string): unknown => {
    throw new Error(id);
  },
  calendar: buildCalendar({ header: { source: '', asOf: '' }, years: [], rows: [] }),
  setting: () => undefined,
};

interface Vector {
  readonly id: string;
  readonly title: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, string>>;
}

if (existsSync(file)) {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];
  it.each(vectors.map((one) => [`${one.id} ${one.title}`, one] as const))('%s', (_title, { input, expected }) => {
    expect(exchangeDifferenceCalculator.run(input, sources).result).toEqual(expected);
  });
} else {
  it.skip('skipped: the worked examples of F10 are not here', () => undefined);
}
