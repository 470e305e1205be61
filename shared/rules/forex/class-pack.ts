/**
 * F04 分类管理 of firms on the list: what follows from class A, B or C, and the papers a bank asks for by kind of business.
 * `resources/rules/forex-class.json`; a bank may ask for more.
 */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

export const forexClasses = ['A', 'B', 'C'] as const;
export type ForexClass = (typeof forexClasses)[number];
/** 收汇, 付汇, 预收预付, 延期收付. */
export const classOperations = ['receipt', 'payment', 'advance', 'deferred'] as const;

const words = { zh: z.string().min(1), en: z.string().min(1) };

export const classPackId = 'forex-class';
export const classPackSchema = packSchema(
  z.object({
    /** 辅导期 of a firm new on the list, in days. */
    guidedDays: z.number().int().positive(),
    classes: z
      .array(
        z.object({
          class: z.enum(forexClasses),
          consequences: z.array(z.object(words)).min(1),
          operations: z
            .array(
              z.object({
                operation: z.enum(classOperations),
                papers: z.array(z.object(words)).min(1),
                /** How the papers count together: any one of them, all, beside what else. */
                noteZh: z.string().default(''),
                noteEn: z.string().default(''),
              }),
            )
            .refine(
              (rows) => classOperations.every((one) => rows.filter(({ operation }) => operation === one).length === 1),
              {
                message: 'each operation once',
              },
            ),
        }),
      )
      .refine((rows) => forexClasses.every((one) => rows.filter((row) => row.class === one).length === 1), {
        message: 'each class once',
      }),
  }),
);
export type ClassFigures = z.output<typeof classPackSchema>['versions'][number]['parameters'];

/** The class that holds on a day: of the newest entry up to it; undefined: nobody has said, which is taken as A. */
export function classOn(
  classes: readonly { readonly class: ForexClass; readonly from: string }[],
  date: string,
): { readonly class: ForexClass; readonly since?: string } {
  const [held] = classes.filter(({ from }) => from <= date).sort((a, b) => (a.from < b.from ? 1 : -1));
  return held === undefined ? { class: 'A' } : { class: held.class, since: held.from };
}
