/** What calculators are run with in tests: the packs and the calendar as they are shipped, no choices made. */
import { buildCalendar, type HolidayFile } from '../../../calendar/index.ts';
import type { Calculator, RuleSources } from '../../calculator.ts';
import type { Calculation } from '../../derivation.ts';

/** @param read the content of a file of `resources` */
export function shippedSources(
  read: (path: string) => unknown,
  settings: Readonly<Record<string, string>> = {},
): RuleSources {
  return {
    pack: (id) => read(`rules/${id}.json`),
    calendar: buildCalendar(read('calendar/cn-holidays.json') as HolidayFile),
    setting: (id) => settings[id],
  };
}

/** Runs calculators by id, as the command line does. */
export function runner(calculators: readonly Calculator[], read: (path: string) => unknown) {
  return (id: string, input: unknown, settings: Readonly<Record<string, string>> = {}): Calculation => {
    const found = calculators.find((one) => one.id === id);
    if (found === undefined) throw new Error(id);
    return found.run(input, shippedSources(read, settings));
  };
}

/** Codes of the warnings of a calculation, in order. */
export function warned({ warnings }: Calculation): string[] {
  return warnings.map(({ code }) => code);
}
