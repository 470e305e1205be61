/** The way of a shipment's goods (物流节点): milestones, cut-offs (截关、截单、截港), seals, check lists, stages of customs. */
import { z } from 'zod';
import { cutOffKinds, milestoneKinds } from '../logistics/pack.ts';
import { customsStages, cutOffStates, wayFindingCodes } from '../logistics/way.ts';
import { isoDate, isoInstant } from './common.ts';
import { command, query } from './operation.ts';

const id = z.number().int();
const shipmentId = id;
const kind = z.enum(milestoneKinds);
const both = z.object({ zh: z.string(), en: z.string() });
const shortText = z.string().trim().max(300).default('');

/** What was last heard of a shipment's goods. `at` is the beginning of a day where `isDay`. */
export const lastHeard = z.object({
  kind,
  title: both,
  at: isoInstant,
  isDay: z.boolean(),
  place: z.string(),
  text: z.string(),
});

export const wayView = z.object({
  shipmentNo: z.string(),
  /** Waybills of its orders. */
  parcels: z.number().int(),
  last: lastHeard.optional(),
  /** Every step in the order of the way; those that nothing was heard of have no times. */
  steps: z.array(
    z.object({
      kind,
      title: both,
      first: isoInstant.optional(),
      last: isoInstant.optional(),
      /** Parcels and containers that took it; 0: only the shipment as a whole. */
      scopes: z.number().int(),
    }),
  ),
  /** The newest so many. */
  events: z.array(
    z.object({
      id,
      kind,
      title: both,
      at: isoInstant,
      isDay: z.boolean(),
      scope: z.string(),
      reference: z.string(),
      place: z.string(),
      text: z.string(),
      source: z.enum(['entry', 'import']),
      /** The endpoint that said so, by name. */
      endpoint: z.string().optional(),
      recordedAt: isoInstant,
    }),
  ),
  eventsTotal: z.number().int(),
  findings: z.array(
    z.object({
      code: z.enum(wayFindingCodes),
      title: both,
      at: isoInstant,
      scope: z.string(),
      former: both.optional(),
      formerAt: isoInstant.optional(),
    }),
  ),
  findingsTotal: z.number().int(),
  stages: z.array(
    z.object({
      stage: z.enum(customsStages),
      total: z.number().int(),
      done: z.number().int(),
      /** When one of them last got that far: an instant, or the day where no more is known. */
      at: z.string().optional(),
    }),
  ),
  containers: z.array(z.string()),
  cutOffs: z.array(
    z.object({
      id,
      kind: z.enum(cutOffKinds),
      title: both,
      at: isoInstant,
      note: z.string(),
      state: z.enum(cutOffStates),
    }),
  ),
  seals: z.array(
    z.object({
      id,
      number: z.string(),
      vehicle: z.string(),
      note: z.string(),
      /** Another shipment with the same seal. */
      alsoOn: z.string().optional(),
    }),
  ),
  checkLists: z.array(
    z.object({
      code: z.string(),
      title: both,
      items: z.array(z.object({ code: z.string(), title: both, checkedAt: isoInstant.optional() })),
    }),
  ),
  source: z.string(),
  inForceFrom: isoDate,
});

export const way = {
  /** Kinds of milestones and cut-offs for choosing. Refusal: `RULE_PACK_MISSING`. */
  'way.kinds': query(
    z.object({}),
    z.object({
      milestones: z.array(z.object({ code: kind, title: both })),
      cutOffs: z.array(z.object({ code: z.enum(cutOffKinds), title: both })),
    }),
  ),
  /** Refusals: `SHIPMENT_UNKNOWN` {id}, `RULE_PACK_MISSING`. */
  'way.get': query(z.object({ shipmentId }), wayView),
  /**
   * Endpoints that say they know where goods are and are asked when syncing: when each was last asked, and the code of what went wrong where
   * it gave no answer.
   */
  'way.asked': query(
    z.object({}),
    z.object({
      rows: z.array(z.object({ name: z.string(), at: isoInstant.optional(), problem: z.string().optional() })),
    }),
  ),
  /**
   * Notes what happened to the whole shipment. What the book has already is not noted twice (`isNew` false). Refusals: `SHIPMENT_UNKNOWN`
   * {id}, `MILESTONE_AHEAD` {at}: later than now.
   */
  'way.record': command(
    z.object({ shipmentId, kind, at: isoInstant, place: shortText, text: shortText }),
    z.object({ isNew: z.boolean() }),
  ),
  /** Takes an event back that was noted in error; it stays in the book with the reason. Refusal: `MILESTONE_UNKNOWN` {id}. */
  'way.withdraw': command(z.object({ id, reason: z.string().trim().min(2).max(300) }), z.object({})),
  /** Numbers of the containers, by which tracking files name the shipment. Refusal: `SHIPMENT_UNKNOWN` {id}. */
  'way.setContainers': command(
    z.object({ shipmentId, numbers: z.array(z.string().trim().min(4).max(20)).max(200) }),
    z.object({}),
  ),
  /** A cut-off as carrier, terminal or customs told it; reminded of among the deadlines. Refusals: `SHIPMENT_UNKNOWN`, `CUT_OFF_UNKNOWN` {id}. */
  'way.saveCutOff': command(
    z.object({
      id: id.optional(),
      shipmentId,
      kind: z.enum(cutOffKinds),
      at: isoInstant,
      note: shortText,
      isDone: z.boolean().default(false),
    }),
    z.object({ id }),
  ),
  /** Refusal: `CUT_OFF_UNKNOWN` {id}. */
  'way.removeCutOff': command(z.object({ id }), z.object({})),
  /** Refusals: `SHIPMENT_UNKNOWN` {id}, `SEAL_THERE` {number}. */
  'way.addSeal': command(
    z.object({ shipmentId, number: z.string().trim().min(2).max(40), vehicle: shortText, note: shortText }),
    z.object({ id }),
  ),
  /** Refusal: `SEAL_UNKNOWN` {id}. */
  'way.removeSeal': command(z.object({ id }), z.object({})),
  /** Ticks a point of a check list, or takes the tick back. Refusals: `SHIPMENT_UNKNOWN` {id}, `CHECK_UNKNOWN` {item}. */
  'way.check': command(
    z.object({ shipmentId, list: z.string().max(40), item: z.string().max(40), isDone: z.boolean() }),
    z.object({}),
  ),
} as const;
