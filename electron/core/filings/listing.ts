import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { draftListing } from '../../../shared/drafting/listing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { moduleFor, requireExtra } from '../regions.ts';
import { documentsOfSubject } from '../store/documents.ts';
import { photosOf, requireListing } from '../store/listings.ts';
import { frameOf, platformFiling } from './platform.ts';
import type { FilingSubject } from './subject.ts';

/**
 * 产品资源库产品. Every filing of one has a greater version, for the library keeps them all. Refusals: `FILING_VOID` {number} of one that was
 * withdrawn before it was filed, `LISTING_UNKNOWN` {id}, `EXTRA_FIELD_MISSING` {field, fieldEn}.
 */
export const listing: FilingSubject = {
  request: 'PLAT201Message',
  ...platformFiling('listing'),
  isTakenBack: (book, id) => requireListing(book, id).state === 'withdrawn',
  draw(context, id, as) {
    const { book } = context;
    const of = requireListing(book, id);
    const { number, sku, nameZh, hsCode, state, body } = of;
    if (state === 'withdrawn' && as.operation !== '3') throw new PortbookError('FILING_VOID', { number });
    const versions = documentsOfSubject(book, { kind: 'listing', id })
      .filter((one) => one.guid !== as.guid)
      .map((one) => Number(headOf(catalogue[one.kind], one.body)['version'] ?? 0));
    const version = Math.max(0, ...versions) + 1;
    const region = moduleFor(context, 'listing', body.origin);
    if (as.operation !== '3') requireExtra(region, body.extra);
    const filed = { itemNo: sku, version, nameZh, hsCode, body, photos: photosOf(book, id), region };
    return { body: draftListing(filed, frameOf(context, of, as)), currency: 'CNY' };
  },
};
