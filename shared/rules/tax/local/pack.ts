/** What the packs of local taxes hold: `resources/rules/tax-local.json`, `tax-hainan.json`. */
import { z } from 'zod';
import { packSchema } from '../../pack.ts';

const text = z.string().regex(/^\d+(\.\d+)?$/);

export const localTaxPack = packSchema(
  z.object({
    /** 城市维护建设税 by place: 市区, 县城和镇, 其他. */
    urban: z.object({ city: text, town: text, other: text }),
    education: text,
    localEducation: text,
    /** 六税两费减征, with the dates of its own. */
    halving: z.object({ factor: text, inForceFrom: z.string(), inForceTo: z.string() }),
    /** 印花税 on sales contracts; null where the law of that day is not in the pack. */
    stampSale: text.nullable(),
  }),
);
export type LocalTaxFigures = z.output<typeof localTaxPack>['versions'][number]['parameters'];

export const hainanPack = packSchema(z.object({ minimumRatio: text }));
