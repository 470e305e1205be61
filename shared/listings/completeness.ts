import type { ListingBody } from '../contract/listings.ts';
import type { ListingFigures, ListingGroup, ListingPart } from '../rules/listings/pack.ts';

export interface ListingFacts {
  readonly nameZh: string;
  readonly hsCode: string;
  readonly body: ListingBody;
  readonly photos: number;
  /** Of the template it was made from; undefined for one made without. */
  readonly group: ListingGroup | undefined;
  /** `yyyy-mm-dd`: a certificate that has run out does not count. */
  readonly today: string;
}

function isDone(part: ListingPart, { nameZh, hsCode, body, photos, today }: ListingFacts): boolean {
  switch (part) {
    case 'nameZh':
      return nameZh !== '';
    case 'hsCode':
      return hsCode !== '';
    case 'season':
      return body.seasonFrom !== null && body.seasonTo !== null;
    case 'capacity':
      return body.capacityUnit !== '' && body.capacity.some((quantity) => quantity !== '' && Number(quantity) > 0);
    case 'temperature':
      return body.temperatureFrom !== '' && body.temperatureTo !== '';
    case 'certificates':
      return body.certificates.some(({ validTo }) => validTo === null || validTo >= today);
    case 'photos':
      return photos > 0;
    case 'brand':
      // No brand is an answer too.
      return body.brand !== '' || body.brandType === '0';
    case 'description':
      return body.descriptionZh !== '';
    default:
      return body[part] !== '';
  }
}

export interface Completeness {
  /** Whole per cent, rounded down: 100 means that nothing is missing. */
  readonly score: number;
  /** What is missing, what counts most first. */
  readonly missing: readonly ListingPart[];
}

/** How complete a listing is by the points of the pack; parts that are not asked of its group do not count. */
export function completenessOf(facts: ListingFacts, rules: ListingFigures['completeness']): Completeness {
  const asked = rules.filter(
    ({ groups }) => groups === null || (facts.group !== undefined && groups.includes(facts.group)),
  );
  const missing = asked.filter(({ id }) => !isDone(id, facts));
  const sum = (parts: typeof asked): number => parts.reduce((total, { points }) => total + points, 0);
  const all = sum(asked);
  return {
    score: all === 0 ? 100 : Math.floor(((all - sum(missing)) * 100) / all),
    missing: [...missing].sort((a, b) => b.points - a.points).map(({ id }) => id),
  };
}
