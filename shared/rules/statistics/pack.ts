/** `resources/rules/statistics.json`: what counts as business to business in the monthly statistics, by date. */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

export const statisticsPackId = 'statistics';

export const statisticsPack = packSchema(
  z.object({
    /** Supervision modes that are business to business by what they are. */
    b2b: z.array(
      z.object({
        mode: z.string().regex(/^\d{4}$/),
        reason: z.object({ zh: z.string().min(1), en: z.string().min(1) }),
      }),
    ),
  }),
);
