/** How long purchasers' identity numbers must be kept before they may be purged. */
import { z } from 'zod';
import { packSchema } from './pack.ts';

export const identityRetentionPackId = 'identity-retention';
export const identityRetentionPack = packSchema(
  z.object({
    /** Years after the end in which customs may still audit; 海关稽查条例第二条、第九条. */
    leastYears: z.number().int().positive(),
  }),
);
