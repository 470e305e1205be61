/** The dated parameters of the 9610 checks: the shape of resources/rules/customs-9610.json. */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

export const customsParametersSchema = z.object({
  /** Leading digits of the commodity code that must be a real heading in simplified filing (statisticsFlag A). */
  simplifiedRealDigits: z.number().int().min(2).max(10),
  /** Simplified filing only inside a comprehensive pilot zone. */
  simplifiedNeedsZone: z.boolean(),
  /** Whether the 收款单 (403) must be sent before the list. */
  receiptRequired: z.boolean(),
  maxLines: z.number().int(),
  /** Characters of itemNo that the list holds (the order would hold 30). */
  listItemNoMax: z.number().int(),
  waybillReuseMonths: z.number().int(),
  /** Difference between amount received and order that is not worth a word, in the order's currency. */
  chargeTolerance: z.string(),
  /** Supervision modes of the lists that go with an order of a type (订单类型), by its code; a pack of before says nothing of it. */
  orderTypeModes: z.record(z.string(), z.array(z.string())).default({}),
  /** Customs' number of the country that nothing is exported to; a pack of before says nothing of it. */
  homeCountry: z.string().optional(),
  dxpIdPattern: z.string(),
  /** Goods descriptions that say nothing. */
  vagueGoods: z.array(z.string()),
});
export type CustomsParameters = z.infer<typeof customsParametersSchema>;

export const customsPackSchema = packSchema(customsParametersSchema);
export type CustomsPack = z.infer<typeof customsPackSchema>;
export type CustomsPackVersion = CustomsPack['versions'][number];

export const declarationPackId = 'customs-declaration';
/** The dated parameters of the checks of a 报关单: the shape of resources/rules/customs-declaration.json. */
export const declarationPackSchema = packSchema(
  z.object({
    /** What an export states beside its price, by its terms of delivery (成交方式); terms that are not named are not checked. */
    termFees: z.record(z.string(), z.object({ freight: z.boolean(), insurance: z.boolean() })),
    /** 跨境B2B出口单证 among the attached papers. */
    b2bPaper: z.string(),
    /** The unit that net weight is counted in. */
    weightUnit: z.string(),
    ownCountry: z.string(),
  }),
);
export type DeclarationParameters = z.infer<typeof declarationPackSchema>['versions'][number]['parameters'];
