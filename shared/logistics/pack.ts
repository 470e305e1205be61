/**
 * `resources/rules/logistics-milestones.json`: the steps of goods on their way (物流节点), cut-offs (截关、截单、截港) and check lists of a
 * shipment, with their names in both languages and the words by which carriers' files are understood.
 */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const logisticsPackId = 'logistics-milestones';

/** In the order of the way. `exception` and `other` belong to no place in it. */
export const milestoneKinds = [
  'picked',
  'packed',
  'precooled',
  'loaded',
  'gateIn',
  'departed',
  'transit',
  'arrived',
  'delivering',
  'delivered',
  'exception',
  'other',
] as const;
export type MilestoneKind = (typeof milestoneKinds)[number];

/** 截单, 截VGM, 截港, 截关; 先出区后报关: the day by which customs wants the declaration. */
export const cutOffKinds = ['documents', 'vgm', 'gate', 'customs', 'declareBy'] as const;
export type CutOffKind = (typeof cutOffKinds)[number];

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) });

export const logisticsPackSchema = packSchema(
  z.object({
    milestones: z
      .array(
        z.object({
          code: z.enum(milestoneKinds),
          title: text,
          /** Words of tracking files, lower case; the longest that a status contains says what it is. */
          words: z.array(z.string().min(1)),
        }),
      )
      .refine((all) => milestoneKinds.every((kind, at) => all[at]?.code === kind), 'kinds missing or out of order'),
    cutOffs: z
      .array(
        z.object({
          code: z.enum(cutOffKinds),
          title: text,
          /** The step that meets it; null: a person says so. */
          metBy: z.enum(milestoneKinds).nullable(),
        }),
      )
      .refine((all) => cutOffKinds.every((kind) => all.some(({ code }) => code === kind)), 'kinds missing'),
    /** A time so many minutes after it was recorded is of a clock that is ahead. */
    aheadMinutes: z.number().int().min(0),
    /** A time so many days before the shipment was begun is of a clock that is wrong. */
    earlierDays: z.number().int().min(1),
    checkLists: z.array(
      z.object({
        code: z.string().min(1),
        title: text,
        items: z.array(z.object({ code: z.string().min(1), title: text })).min(1),
      }),
    ),
  }),
);
export type LogisticsFigures = z.output<typeof logisticsPackSchema>['versions'][number]['parameters'];
