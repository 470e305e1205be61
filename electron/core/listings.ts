import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { completenessOf } from '../../shared/listings/completeness.ts';
import {
  type ListingFigures,
  type ListingTemplate,
  listingTemplatesId,
  listingTemplatesPack,
} from '../../shared/rules/listings/pack.ts';
import type { Context } from './context.ts';
import { filingView } from './filings/latest.ts';
import { packFigures, packVersion } from './obligations.ts';
import type { ListingRecord } from './store/listings.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** Templates and points as the pack has them today. Refusal: `RULE_PACK_MISSING`. */
export function listingRules(source: Source): ListingFigures {
  return packFigures(source, listingTemplatesId, listingTemplatesPack, chinaDate(source.now()));
}

/** Where {@link listingRules} come from. */
export function listingRulesSource(source: Source): { readonly source: string; readonly inForceFrom: string } {
  return packVersion(source, listingTemplatesId, listingTemplatesPack, chinaDate(source.now()));
}

/** The template of a listing; undefined for none, and for one the pack no longer has. */
export function templateOf(rules: ListingFigures, id: string): ListingTemplate | undefined {
  return rules.templates.find((one) => one.id === id);
}

/** A listing as the list shows it: how complete it is, and how far its latest filing. */
export function listingView(
  source: Source,
  rules: ListingFigures,
  one: ListingRecord,
): OutputOf<'listings.list'>['rows'][number] {
  const { book, resources, now } = source;
  const { id, number, sku, nameZh, hsCode, template, state, body, acceptNo, acceptedOn, photos, updatedAt } = one;
  const { score, missing } = completenessOf(
    { nameZh, hsCode, body, photos, group: templateOf(rules, template)?.group, today: chinaDate(now()) },
    rules.completeness,
  );
  const ends = body.certificates.flatMap(({ validTo }) => (validTo === null ? [] : [validTo])).sort();
  return {
    ...{ id, number, sku, nameZh, template, state, score, photos, acceptNo, acceptedOn, updatedAt },
    missing: [...missing],
    origin: body.origin,
    originName: resources.table('admin_division').lookup(body.origin)?.zh ?? '',
    flagship: body.flagship,
    nextExpiry: ends[0] ?? null,
    filing: filingView(book, { kind: 'listing', id }),
  };
}
