/** Modules of counties, cities and provinces (市县特色功能模块): what they ask of a record. */
import { z } from 'zod';
import { regionCategory, regionField, regionRecords } from '../rules/regions/modules.ts';
import { query } from './operation.ts';
import { bilingual } from './tax.ts';

export const regions = {
  /** Categories and extra fields for a record of a division of six digits; empty or left out: where the firm is registered. */
  'regions.module': query(
    z.object({
      on: z.enum(regionRecords),
      division: z.union([z.literal(''), z.string().regex(/^\d{6}$/)]).default(''),
    }),
    z.object({
      regions: z.array(z.object({ title: bilingual, source: z.string() })),
      categories: z.array(regionCategory),
      fields: z.array(regionField),
    }),
  ),
} as const;
