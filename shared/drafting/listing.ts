import type { ListingBody } from '../contract/listings.ts';
import type { ProductFiling } from '../documents/catalogue.ts';
import { extraText, type RegionModule } from '../rules/regions/modules.ts';
import { compactDay, type FilingFrame, filingHead, given } from './registration.ts';

export interface FiledListing {
  readonly itemNo: string;
  /** Greater than of every filing before. */
  readonly version: number;
  readonly nameZh: string;
  readonly hsCode: string;
  readonly body: ListingBody;
  readonly photos: readonly { readonly fileName: string; readonly sha256: string }[];
  /** What the regions of its origin ask. */
  readonly region: RegionModule;
}

/** Category and extra fields of the region, as far as something is said; what no region asks for any more is not filed. */
function extrasOf({ body, region }: FiledListing): { field: string; label: string; value: string }[] {
  const category = region.categories.find(({ id }) => id === body.category);
  return [
    ...(category === undefined ? [] : [{ field: 'category', label: '特色产品类目', value: category.title.zh }]),
    ...region.fields.flatMap((field) => {
      const value = body.extra[field.id] ?? '';
      return value === '' ? [] : [{ field: field.id, label: field.title.zh, value: extraText(field, value) }];
    }),
  ];
}

/** The listing as it is filed. Pure; what is not known is left out, and the check says so. */
export function draftListing(listing: FiledListing, frame: FilingFrame): ProductFiling {
  const { body } = listing;
  const capacity = body.capacity.flatMap((quantity, at) =>
    quantity === '' || body.capacityUnit === '' ? [] : [{ month: String(at + 1), quantity, unit: body.capacityUnit }],
  );
  const extras = extrasOf(listing);
  return {
    ProductHead: {
      ...filingHead(frame),
      itemNo: listing.itemNo,
      version: String(listing.version),
      nameZh: listing.nameZh,
      ...given('nameEn', body.nameEn),
      origin: body.origin,
      ...given('village', body.village),
      ...given('variety', body.variety),
      ...given('grade', body.grade),
      ...given('pack', body.pack),
      ...given('seasonFrom', body.seasonFrom === null ? '' : String(body.seasonFrom)),
      ...given('seasonTo', body.seasonTo === null ? '' : String(body.seasonTo)),
      ...given('temperatureFrom', body.temperatureFrom),
      ...given('temperatureTo', body.temperatureTo),
      ...given('hsCode', listing.hsCode),
      flagship: body.flagship ? 'Y' : 'N',
      ...given('brand', body.brand),
      withdrawn: frame.operation === '3' ? 'Y' : 'N',
      ...given('note', body.descriptionZh),
    },
    ProductCapacity: capacity.map((line, at) => ({ gnum: String(at + 1), ...line })),
    ...(body.certificates.length === 0
      ? {}
      : {
          ProductCertificate: body.certificates.map(({ kind, no, issuer, validTo }) => ({
            certKind: kind,
            certNo: no,
            ...given('issuer', issuer),
            ...given('validTo', compactDay(validTo)),
          })),
        }),
    ...(listing.photos.length === 0
      ? {}
      : { ProductPhoto: listing.photos.map(({ fileName, sha256 }) => ({ fileName, sha256 })) }),
    ...(extras.length === 0 ? {} : { ProductExtra: extras }),
  };
}
