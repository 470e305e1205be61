/** Stores on marketplaces (平台店铺): who owns them, who is paid, and whether that is who declares. */
import { z } from 'zod';
import { currencyCode } from './common.ts';
import { command, query } from './operation.ts';

/**
 * What does not fit: the store's entity is not the book's firm (`entityDiffers` {entity, firm}), the account paid into belongs to
 * somebody else (`payeeDiffers` {owner, entity}), has another currency (`currencyDiffers` {store, account}) or is not named
 * (`accountMissing`). With a stated relation the first two are notes.
 */
export const storeFinding = z.object({
  code: z.enum(['entityDiffers', 'payeeDiffers', 'currencyDiffers', 'accountMissing']),
  level: z.enum(['doubt', 'note']),
  params: z.record(z.string(), z.string()),
});

export const storeInput = z.object({
  id: z.number().int().optional(),
  platform: z.string().trim().min(1).max(60),
  name: z.string().trim().min(1).max(100),
  entity: z.string().trim().min(1).max(200),
  entityCode: z.string().trim().max(40).default(''),
  country: z.union([z.literal(''), z.string().regex(/^[A-Z]{2}$/)]).default(''),
  currency: currencyCode,
  accountId: z.number().int().nullable().default(null),
  relation: z.string().trim().max(500).default(''),
  active: z.boolean().default(true),
  note: z.string().trim().max(500).default(''),
});

export const storeView = storeInput.required().extend({
  account: z.string().nullable(),
  findings: z.array(storeFinding),
  orders: z.number().int(),
});

export const stores = {
  /** Every store, and the names that orders carry and no store has. */
  'stores.list': query(
    z.object({}),
    z.object({
      rows: z.array(storeView),
      unregistered: z.array(z.object({ name: z.string(), orders: z.number().int(), currency: currencyCode })),
      firm: z.string(),
    }),
  ),
  /** Refusals: `STORE_UNKNOWN` {id}, `STORE_EXISTS` {name}, `CURRENCY_UNKNOWN` {currency}, `MONEY_ACCOUNT_UNKNOWN` {id}. */
  'stores.save': command(storeInput, z.object({ id: z.number().int() })),
} as const;
