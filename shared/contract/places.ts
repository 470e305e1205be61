/** 预填: customs office, port and supervised site that new shipments start with, by park (园区) and by county. */
import { z } from 'zod';
import { command, query } from './operation.ts';

export const placeKinds = ['park', 'county'] as const;
/** What a place fills in, by the names of a shipment. */
export const placeFields = ['customsCode', 'portCode', 'loctNo'] as const;

const customs = z.union([z.literal(''), z.string().regex(/^\d{4}$/)]).default('');
export const placeDefault = z.object({
  kind: z.enum(placeKinds),
  /** The park's name as the profile has it, or the county's six digits. */
  name: z.string().trim().min(1).max(60),
  customsCode: customs,
  portCode: customs,
  loctNo: z.string().trim().max(10).default(''),
});
export type PlaceDefault = z.output<typeof placeDefault>;

export const places = {
  'places.list': query(z.object({}), z.object({ rows: z.array(placeDefault.extend({ title: z.string() })) })),
  /** Takes the whole list. Refusals: `PLACE_TWICE` {name}, `TABLE_CODE_UNKNOWN` {code, table}. */
  'places.save': command(z.object({ rows: z.array(placeDefault).max(200) }), z.object({})),
  /**
   * What a new shipment of this firm starts with: by the park of its profile, and what that leaves open by the county of its credit code
   * (characters 3 to 8), else by that county's city.
   */
  'places.defaults': query(
    z.object({}),
    z.object({
      fields: z.array(
        z.object({ field: z.enum(placeFields), value: z.string(), kind: z.enum(placeKinds), title: z.string() }),
      ),
    }),
  ),
} as const;
