/**
 * `resources/rules/matters.json`: what a firm of cross-border e-commerce has to do with authorities (政务事项): what, with which papers, by
 * when, where. Each says where that is known from, and what is not known.
 */
import { z } from 'zod';
import { packSchema, reliabilities } from '../pack.ts';

export const mattersPackId = 'matters';

/** 交易企业, 平台企业, 支付企业, 物流企业, 报关企业, 生产企业, 合作社. */
export const operatorTypes = [
  'trader',
  'platform',
  'payment',
  'logistics',
  'broker',
  'producer',
  'cooperative',
] as const;
export type OperatorType = (typeof operatorTypes)[number];

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) });

export const matterAreas = ['registration', 'customs', 'tax', 'forex', 'zone', 'farm'] as const;

const matterPaper = z.object({
  /** Of a paper on file: one of the list of papers (`archive-papers`). */
  code: z.string().min(1),
  title: text,
  required: z.boolean(),
  note: text.nullable(),
  /** Kinds of operators it is asked of; left out: all. */
  operators: z.array(z.enum(operatorTypes)).min(1).optional(),
});

export const matter = z.object({
  id: z.string().min(1),
  area: z.enum(matterAreas),
  title: text,
  what: text,
  papers: z.array(matterPaper),
  /** Null: not known. */
  deadline: text.nullable(),
  where: text.nullable(),
  /** What we do not know and who is to be asked. */
  unknown: text.nullable(),
  source: z.string().min(1),
  reliability: z.enum(reliabilities),
  /** Page of the program that does it, or a part of it. */
  page: z.string().nullable(),
});
export type Matter = z.output<typeof matter>;

export const mattersPack = packSchema(z.object({ matters: z.array(matter) }));
export type MattersFigures = z.output<typeof mattersPack>['versions'][number]['parameters'];

/** The matter whose papers the registration of an operator asks for. */
export const registrationMatter = 'operator-registration';
