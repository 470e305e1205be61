/** Customs: modes and forms of filing (C01, C04), lists summed up (C02). */
import type { z } from 'zod';
import type { Calculator } from '../calculator.ts';
import type { Pack } from '../pack.ts';
import { listAndDigits, modeRouter, modesPackId, modesPackSchema } from './router.ts';
import { summaryOfLists, summaryPackId, summaryPackSchema } from './summary.ts';

export const customsCalculators: readonly Calculator[] = [modeRouter, summaryOfLists, listAndDigits];

/** What the calculators demand of their packs, by id. */
export const customsModePackSchemas: Readonly<Record<string, z.ZodType<Pack<unknown>>>> = {
  [modesPackId]: modesPackSchema,
  [summaryPackId]: summaryPackSchema,
};
