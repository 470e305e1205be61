/** What destinations ask for of a product (准入), as far as it is known: a dated pack, then what the user was told when he asked. */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';
import { type AccessCard, unknownCard } from './findings.ts';

export const accessPackId = 'quarantine-access';

const asked = z.boolean().optional();
/** What of a card may be known; each left out: not known. */
export const accessAnswer = z.object({
  /** Orchards or ponds must be registered for the destination. */
  orchard: asked,
  packHouse: asked,
  /** Phytosanitary or veterinary certificate. */
  certificate: asked,
  coldTreatment: asked,
  /** A test report that passed. */
  report: asked,
});
export type AccessAnswer = z.output<typeof accessAnswer>;

export const accessPackSchema = packSchema(
  z.object({
    /** Customs decides on a registration within so many working days. */
    registrationWorkingDays: z.number().int().positive(),
    cards: z.array(
      accessAnswer.extend({
        product: z.object({ zh: z.string(), en: z.string() }),
        /** Beginnings of HS codes. */
        hs: z.array(z.string().regex(/^\d{4,10}$/)),
        /** ISO 3166 alpha-2. */
        countries: z.array(z.string().regex(/^[A-Z]{2}$/)),
        noteZh: z.string().default(''),
        noteEn: z.string().default(''),
      }),
    ),
  }),
);
export type AccessFigures = z.output<typeof accessPackSchema>['versions'][number]['parameters'];

/** The cards of the pack that speak of a product for a destination. */
export function cardsFor(figures: AccessFigures, hsCode: string, country: string): AccessFigures['cards'] {
  return figures.cards.filter(
    ({ hs, countries }) => countries.includes(country) && hs.some((start) => hsCode !== '' && hsCode.startsWith(start)),
  );
}

/** One card of several: what stands later goes before, what nobody says stays unknown. */
export function mergeCards(cards: readonly AccessAnswer[]): AccessCard {
  return cards.reduce<AccessCard>(
    (all, one) => ({
      orchard: one.orchard ?? all.orchard,
      packHouse: one.packHouse ?? all.packHouse,
      certificate: one.certificate ?? all.certificate,
      coldTreatment: one.coldTreatment ?? all.coldTreatment,
      report: one.report ?? all.report,
    }),
    unknownCard,
  );
}
