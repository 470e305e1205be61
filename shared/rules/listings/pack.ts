/**
 * `resources/rules/listing-templates.json`: what the zone plans name as products of Hainan and Guangdong, with candidates of commodity
 * codes, papers and warnings; and how many points each part of a listing counts. What is not known is null or said to be unknown.
 */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

export const listingTemplatesId = 'listing-templates';

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) });

/** 农产品, 水产品, 食品, 非遗和工艺, 种子种苗, 城市产业. */
export const listingGroups = ['farm', 'aquatic', 'food', 'craft', 'seed', 'city'] as const;
export type ListingGroup = (typeof listingGroups)[number];

/** What a listing is asked for, in the order of the editor. */
export const listingParts = [
  'nameZh',
  'nameEn',
  'origin',
  'village',
  'variety',
  'grade',
  'pack',
  'season',
  'capacity',
  'hsCode',
  'temperature',
  'certificates',
  'photos',
  'brand',
  'description',
  'producerNo',
  'ingredients',
  'shelfLife',
  'labelLanguages',
] as const;
export type ListingPart = (typeof listingParts)[number];

const month = z.number().int().min(1).max(12);
const degrees = z.string().regex(/^-?\d{1,3}(\.\d)?$/);

export const listingTemplate = z.object({
  id: z.string().min(1),
  province: z.enum(['hainan', 'guangdong']),
  place: text,
  group: z.enum(listingGroups),
  title: text,
  /** Leading digits of commodity codes, the likeliest first, and what the goods are then. */
  hs: z.array(z.object({ code: z.string().regex(/^\d{2,10}$/), when: text })).min(1),
  /** Months a new listing starts with, and who says so; null: not known. */
  season: z.object({ from: month, to: month, source: text }).nullable(),
  /**
   * °C at which these goods are kept, in which state, and who says so; without `from` it is `to` or colder, which no listing starts
   * with. Null: not known.
   */
  temperature: z.object({ from: degrees.nullable(), to: degrees, when: text, source: text }).nullable(),
  documents: z.array(z.object({ title: text, need: z.enum(['always', 'depends']), note: text })),
  warnings: z.array(text),
  unknown: text.nullable(),
});
export type ListingTemplate = z.output<typeof listingTemplate>;

export const listingTemplatesPack = packSchema(
  z.object({
    /** Said where a template knows no season. */
    askSeason: text,
    completeness: z.array(
      z.object({
        id: z.enum(listingParts),
        points: z.number().int().positive(),
        /** Asked of these groups alone; null: of every listing. */
        groups: z.array(z.enum(listingGroups)).min(1).nullable(),
      }),
    ),
    templates: z.array(listingTemplate),
  }),
);
export type ListingFigures = z.output<typeof listingTemplatesPack>['versions'][number]['parameters'];
