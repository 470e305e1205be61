/** Pickup points of the villages (农村物流代收点) and the notes of lots handed over there (批次交接单). Mass: whole grams. */
import { z } from 'zod';
import { MOST_GRAMS } from '../lots/mass.ts';
import { fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int().positive();
const name = z.string().trim().min(1).max(100);
const short = z.string().trim().max(100).default('');

export const pickupPointInput = z.object({
  id: id.optional(),
  name,
  place: short,
  /** Who keeps it, and how he is reached. */
  keeper: short,
  phone: z.string().trim().max(40).default(''),
  hours: short,
  note: z.string().trim().max(500).default(''),
  isActive: z.boolean().default(true),
});
const pickupPointRow = pickupPointInput.required({ id: true }).extend({
  place: z.string(),
  keeper: z.string(),
  phone: z.string(),
  hours: z.string(),
  note: z.string(),
  isActive: z.boolean(),
  /** Notes that are not void, and what was handed over by them. */
  notes: z.number().int(),
  massG: z.number().int(),
});

export const handoverInput = z.object({
  pointId: id,
  lotId: id,
  on: isoDate,
  cartons: z.number().int().min(0).max(10_000_000),
  massG: z.number().int().min(1).max(MOST_GRAMS),
  giver: name,
  receiver: name,
  note: z.string().trim().max(500).default(''),
});
const handoverRow = handoverInput.extend({
  id,
  number: z.string(),
  lot: z.string(),
  goods: z.string(),
  note: z.string(),
  voidedAt: isoInstant.optional(),
  voidReason: z.string(),
});

export const pickups = {
  'pickupPoints.list': query(z.object({ text: z.string().default(''), ...pageInput }), pageOf(pickupPointRow)),
  /** Refusals: `PICKUP_POINT_UNKNOWN` {id}, `PICKUP_POINT_TAKEN` {name}. */
  'pickupPoints.save': command(pickupPointInput, z.object({ id })),
  /** Notes of a pickup point, the last first. */
  'lotHandovers.list': query(z.object({ pointId: id, ...pageInput }), pageOf(handoverRow)),
  /**
   * A lot, or a part of it, handed over at a pickup point; it stands among what happened to the lot. Refusals: `PICKUP_POINT_UNKNOWN`,
   * `LOT_UNKNOWN`, `HANDOVER_TOO_MUCH` {lot, left} for more than the lot weighs less what was handed over before, `HANDOVER_DATE` {lot,
   * date} for a day before the lot was.
   */
  'lotHandovers.add': command(handoverInput, z.object({ id, number: z.string() })),
  /** Refusals: `HANDOVER_UNKNOWN` {id}, `HANDOVER_VOID` {number}. */
  'lotHandovers.void': command(z.object({ id, reason: z.string().trim().min(1).max(300) }), z.object({})),
  /** 批次交接单 on A4, PDF. Refusals: `HANDOVER_UNKNOWN`, `HANDOVER_VOID`, `PRINT_NEEDS_WINDOW`. */
  'lotHandovers.print': job(z.object({ id, to: fileToken }), z.object({ rows: z.number().int() })),
} as const;
