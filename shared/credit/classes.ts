/**
 * `resources/rules/credit-classes.json`: what authorities' classes of firms are called and what follows from each, by date; what is known
 * of joint reward and restriction (守信激励、失信惩戒) and of repair. What is not known is said.
 */
import { z } from 'zod';
import { packSchema, reliabilities } from '../rules/pack.ts';

export const creditClassesPackId = 'credit-classes';

/** 海关企业信用, 纳税缴费信用, 出口退税管理类别, 货物贸易外汇分类, 综试区平台, 其他. */
export const creditAuthorities = ['customs', 'tax', 'refund', 'forex', 'platform', 'other'] as const;
export type CreditAuthority = (typeof creditAuthorities)[number];

const bilingual = z.object({ zh: z.string().min(1), en: z.string().min(1) });
const sourced = { source: z.string().min(1), reliability: z.enum(reliabilities) };

export const creditClass = z.object({
  code: z.string().min(1).max(30),
  name: bilingual,
  standing: z.enum(['good', 'plain', 'bad']),
  effects: z.array(bilingual),
});

export const creditClassesFigures = z.object({
  authorities: z.array(
    z.object({
      id: z.enum(creditAuthorities),
      title: bilingual,
      classes: z.array(creditClass),
      /** Null: nothing is open. */
      unknown: bilingual.nullable(),
      ...sourced,
    }),
  ),
  measures: z.array(z.object({ kind: z.enum(['reward', 'restriction', 'repair']), text: bilingual, ...sourced })),
});
export type CreditClasses = z.output<typeof creditClassesFigures>;

export const creditClassesPack = packSchema(creditClassesFigures);
