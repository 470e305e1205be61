import { z } from 'zod';

/** How long the long ones of these tests are: short as tests, long under `npm run faults`, which says so here. */
const sizeSchema = z.object({
  seed: z.number().int().min(0).default(20_261_121),
  /** Messages that a storm queues at least, and faults that happen to it at least. */
  submissions: z.number().int().min(1).default(150),
  faults: z.number().int().min(1).default(40),
  /** Damaged files in all. */
  files: z.number().int().min(1).default(1500),
  isLong: z.boolean().default(false),
});

export const size = sizeSchema.parse(JSON.parse(process.env['PORTBOOK_FAULTS'] ?? '{}'));

/** Of any length. */
export const LONG_MS = 6 * 3_600_000;
