/**
 * Modules of counties, cities and provinces (市县特色功能模块): product categories of their own, and extra fields of a record. Data, not
 * code: `resources/rules/region-modules.json`, the firm's own version of it, or a signed pack.
 */
import { z } from 'zod';
import { parseIsoDate } from '../../calendar/dates.ts';
import { packSchema } from '../pack.ts';

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) });

/** Records that may have fields of a region: 货运, 产品资源库产品. */
export const regionRecords = ['shipment', 'listing'] as const;
export type RegionRecord = (typeof regionRecords)[number];

/** The longest text of an extra field. */
export const longestExtra = 500;

export const regionField = z.object({
  /** Its name in the record and in what is filed, for ever. */
  id: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/),
  on: z.enum(regionRecords),
  kind: z.enum(['text', 'number', 'choice', 'date']),
  title: text,
  hint: text.nullable(),
  required: z.boolean(),
  /** Most characters of a text, most decimals of a number; null: {@link longestExtra}, five. */
  max: z.number().int().nonnegative().max(longestExtra).nullable(),
  /** Of a choice. */
  choices: z.array(z.object({ code: z.string().min(1).max(40), title: text })),
});
export type RegionField = z.infer<typeof regionField>;

export const regionCategory = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  title: text,
  /** Of the listing templates; null: none. */
  template: z.string().nullable(),
});

export const regionModulesPackId = 'region-modules';
export const regionModulesPack = packSchema(
  z.object({
    regions: z
      .array(
        z.object({
          /** Leading digits of the administrative division: two of a province, four of a city, six of a county. */
          code: z.string().regex(/^(\d{2}|\d{4}|\d{6})$/),
          title: text,
          source: z.string().min(1),
          categories: z.array(regionCategory),
          fields: z.array(regionField),
        }),
      )
      .refine((regions) => {
        const ids = regions.flatMap(({ fields }) => fields.map(({ on, id }) => `${on} ${id}`));
        return new Set(ids).size === ids.length;
      }, 'one field twice'),
  }),
);
type Regions = z.infer<typeof regionModulesPack>['versions'][number]['parameters']['regions'];

export interface RegionModule {
  /** The regions that have a say, the widest first. */
  readonly regions: readonly { readonly title: z.infer<typeof text>; readonly source: string }[];
  readonly categories: readonly z.infer<typeof regionCategory>[];
  readonly fields: readonly RegionField[];
}

/** What the regions of a division (six digits, or empty) ask of a record. */
export function regionModule(regions: Regions, division: string, on: RegionRecord): RegionModule {
  const here = regions.filter(({ code }) => division.startsWith(code)).sort((a, b) => a.code.length - b.code.length);
  return {
    regions: here.map(({ title, source }) => ({ title, source })),
    categories: on === 'listing' ? here.flatMap(({ categories }) => categories) : [],
    fields: here.flatMap(({ fields }) => fields.filter((field) => field.on === on)),
  };
}

/** Extra values by the id of their field. */
export type ExtraValues = Readonly<Record<string, string>>;
type ExtraProblem = 'MISSING' | 'LENGTH' | 'NUMBER' | 'DATE' | 'CHOICE';

function problemOf(field: RegionField, value: string): ExtraProblem | undefined {
  if (value === '') return field.required ? 'MISSING' : undefined;
  switch (field.kind) {
    case 'text':
      return [...value].length > (field.max ?? longestExtra) ? 'LENGTH' : undefined;
    case 'number': {
      const [, fraction = ''] = /^-?\d{1,12}(?:\.(\d{1,5}))?$/.exec(value) ?? [undefined, 'x'];
      return fraction === 'x' || fraction.length > (field.max ?? 5) ? 'NUMBER' : undefined;
    }
    case 'date':
      return parseIsoDate(value) === undefined ? 'DATE' : undefined;
    case 'choice':
      return field.choices.some(({ code }) => code === value) ? undefined : 'CHOICE';
  }
}

/** What is wrong with the extra values of a record; values of fields that no region has any more are left alone. */
export function checkExtra(
  fields: readonly RegionField[],
  values: ExtraValues,
): readonly { readonly field: RegionField; readonly problem: ExtraProblem }[] {
  return fields.flatMap((field) => {
    const problem = problemOf(field, values[field.id] ?? '');
    return problem === undefined ? [] : [{ field, problem }];
  });
}

/** A value as it is shown and filed: a choice by its name. */
export function extraText(field: RegionField, value: string): string {
  return field.kind === 'choice' ? (field.choices.find(({ code }) => code === value)?.title.zh ?? value) : value;
}
