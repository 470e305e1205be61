/** Listings of the provincial product library (产品资源库): each of a product of the book, filed as PLAT201Message. */
import { z } from 'zod';
import { listingParts, listingTemplate } from '../rules/listings/pack.ts';
import { longestExtra } from '../rules/regions/modules.ts';
import { fileToken, isoDate, isoInstant } from './common.ts';
import { documentState } from './filing.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int().positive();
const short = (max: number) => z.string().trim().max(max).default('');
const month = z.number().int().min(1).max(12).nullable().default(null);
const degrees = z.union([z.literal(''), z.string().regex(/^-?\d{1,2}(\.\d)?$/)]).default('');

/** Characters that a text of a listing may have. */
export const listingLengths = {
  nameZh: 250,
  nameEn: 250,
  village: 100,
  variety: 100,
  grade: 100,
  pack: 200,
  capacityUnit: 10,
  brand: 100,
  ip: 200,
  producerNo: 60,
  ingredients: 500,
  shelfLife: 60,
  lotRule: 100,
  labelLanguages: 100,
  descriptionZh: 1000,
  descriptionEn: 1000,
} as const;
/** The same of a certificate. */
export const certificateLengths = { kind: 60, no: 100, issuer: 100 } as const;

export const listingCertificate = z.object({
  kind: z.string().trim().min(1).max(certificateLengths.kind),
  no: z.string().trim().min(1).max(certificateLengths.no),
  issuer: short(certificateLengths.issuer),
  /** Null where it does not end. */
  validTo: isoDate.nullable().default(null),
});

/** What a listing says beyond its product, whose Chinese name and commodity code it shows. */
export const listingBody = z.object({
  nameEn: short(listingLengths.nameEn),
  /** Administrative division (行政区划), six digits. */
  origin: z.union([z.literal(''), z.string().regex(/^\d{6}$/)]).default(''),
  village: short(listingLengths.village),
  variety: short(listingLengths.variety),
  grade: short(listingLengths.grade),
  pack: short(listingLengths.pack),
  /** A season over the new year has its first month after its last. */
  seasonFrom: month,
  seasonTo: month,
  capacityUnit: short(listingLengths.capacityUnit),
  /** What can be supplied in each month, January first; empty: nothing said. */
  capacity: z
    .array(z.union([z.literal(''), z.string().regex(/^\d{1,12}(\.\d{1,5})?$/)]))
    .length(12)
    .default(() => Array.from({ length: 12 }, () => '')),
  /** °C. */
  temperatureFrom: degrees,
  temperatureTo: degrees,
  certificates: z.array(listingCertificate).max(50).default([]),
  /** County flagship (一县一品). */
  flagship: z.boolean().default(false),
  brand: short(listingLengths.brand),
  /** Of the code table `brand_type`. */
  brandType: z.union([z.literal(''), z.string().regex(/^[0-4]$/)]).default(''),
  /** Trademark or authorisation: number, owner. */
  ip: short(listingLengths.ip),
  /** Biological material (生物材料), for which a positive list is explored. */
  biomaterial: z.boolean().default(false),
  /** Of food: number of the producer's filing, ingredients, shelf life, how lots are numbered, languages of the label. */
  producerNo: short(listingLengths.producerNo),
  ingredients: short(listingLengths.ingredients),
  shelfLife: short(listingLengths.shelfLife),
  lotRule: short(listingLengths.lotRule),
  labelLanguages: short(listingLengths.labelLanguages),
  descriptionZh: short(listingLengths.descriptionZh),
  descriptionEn: short(listingLengths.descriptionEn),
  /** Of the categories of its region (市县特色产品类目). */
  category: short(60),
  /** Values of the extra fields of its region, by their ids. */
  extra: z.record(z.string().max(40), z.string().trim().max(longestExtra)).default({}),
});
export type ListingBody = z.output<typeof listingBody>;

export const listingRow = z.object({
  id,
  number: z.string(),
  sku: z.string(),
  nameZh: z.string(),
  origin: z.string(),
  originName: z.string(),
  template: z.string(),
  flagship: z.boolean(),
  state: z.enum(['open', 'withdrawn']),
  /** Whole per cent of the points of the pack, and what is missing, what counts most first. */
  score: z.number().int(),
  missing: z.array(z.enum(listingParts)),
  photos: z.number().int(),
  /** The first certificate to run out. */
  nextExpiry: isoDate.nullable(),
  acceptNo: z.string().nullable(),
  acceptedOn: isoDate.nullable(),
  filing: z
    .object({
      documentId: id,
      state: documentState,
      appType: z.string(),
      /** What was filed is no longer what the book says. */
      stale: z.boolean(),
      statusInfo: z.string().optional(),
    })
    .nullable(),
  updatedAt: isoInstant,
});

/** Bytes cross the port as they are. */
const fileContent = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);

const photoView = z.object({
  id,
  fileName: z.string(),
  sha256: z.string(),
  size: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});

const reason = z.object({ kind: z.enum(['product', 'template', 'name']), zh: z.string(), en: z.string() });

export const listings = {
  'listings.list': query(z.object({}), z.object({ rows: z.array(listingRow) })),
  /** Refusal: `LISTING_UNKNOWN` {id}. */
  'listings.get': query(
    z.object({ id }),
    listingRow.extend({
      hsCode: z.string(),
      body: listingBody,
      photoRows: z.array(photoView),
      /** Taken out, the last one first; kept until the listing is withdrawn. */
      removedPhotos: z.array(photoView),
      templateOf: listingTemplate.nullable(),
      /** The codes of its template, with the declaration elements (申报要素) that every ten-digit code under each asks for. */
      templateCodes: z.array(
        z.object({
          code: z.string(),
          when: z.object({ zh: z.string(), en: z.string() }),
          /** Ten-digit codes under it. */
          codes: z.number().int(),
          elements: z.array(z.string()),
        }),
      ),
      askSeason: z.object({ zh: z.string(), en: z.string() }),
    }),
  ),
  /** What the pack in force names, and where from. */
  'listings.templates': query(
    z.object({}),
    z.object({ rows: z.array(listingTemplate), source: z.string(), inForceFrom: z.string() }),
  ),
  /**
   * Lists a product: one of the book by its number, or a new one by a number of its own and a name, which comes from the template where
   * none is given. Refusals: `LISTING_EXISTS` {number, sku}, `LISTING_NEEDS_NAME`, `LISTING_TEMPLATE_UNKNOWN` {template}.
   */
  'listings.open': command(
    z.object({
      sku: z.string().trim().min(1).max(60).optional(),
      nameZh: short(listingLengths.nameZh),
      template: z.string().max(60).default(''),
    }),
    z.object({ id, sku: z.string() }),
  ),
  /**
   * Keeps what is said; name and commodity code are those of the product, and change there. Refusals: `LISTING_UNKNOWN`, `FILING_VOID`
   * {number} of one that is withdrawn, `TABLE_CODE_UNKNOWN` {code, table}, `LISTING_TEMPERATURES` {from, to}, `LISTING_SEASON_HALF`,
   * `EXTRA_FIELD_INVALID` {field, fieldEn, reason}.
   */
  'listings.save': command(
    z.object({
      id,
      nameZh: z.string().trim().max(listingLengths.nameZh),
      hsCode: z.string().trim().max(10),
      body: listingBody,
    }),
    z.object({ id, score: z.number().int() }),
  ),
  /** Takes one out of the library; what was accepted is taken back by a filing. Refusals: those of `registrations.cancel`. */
  'listings.withdraw': command(
    z.object({ id, reason: z.string().trim().min(1).max(500) }),
    z.object({ id, filed: z.boolean() }),
  ),
  /** Commodity codes that may fit, with the reasons; from the offline table. */
  'listings.candidates': query(
    z.object({ id, about: z.string().max(500).default('') }),
    z.object({
      rows: z.array(
        z.object({
          code: z.string(),
          zh: z.string(),
          en: z.string(),
          reasons: z.array(reason),
          /** Declaration elements (申报要素) that the code asks for. */
          elements: z.array(z.string()),
        }),
      ),
      asOf: z.string(),
    }),
  ),
  /**
   * A chosen file as it is, for the window to make a photo of. Refusals: `FILE_NOT_GRANTED`, `FILE_MISSING`, `FILE_EMPTY`,
   * `ARCHIVE_FILE_TOO_LARGE` {name, limitMb}, `FILE_UNREADABLE`.
   */
  'listings.readPicture': query(z.object({ file: fileToken }), z.object({ bytes: fileContent })),
  /**
   * Keeps a photo, a JPEG as the window has made it; what metadata it still has is taken out. Refusals: `PHOTO_NOT_JPEG` {name},
   * `PHOTO_TOO_LARGE` {name, limitMb}, `PHOTO_THERE` {name}, `PHOTO_TOO_MANY` {most}, `LISTING_UNKNOWN`.
   */
  'listings.addPhoto': command(
    z.object({ id, fileName: z.string().trim().min(1).max(200), jpeg: fileContent }),
    z.object({ photoId: id }),
  ),
  /** Refusal: `PHOTO_UNKNOWN` {id}. */
  'listings.photo': query(z.object({ photoId: id }), z.object({ jpeg: fileContent })),
  /** Takes it out of the listing; it is kept until the listing is withdrawn. Refusals: `PHOTO_UNKNOWN`, `FILING_VOID` {number}. */
  'listings.removePhoto': command(z.object({ photoId: id }), z.object({})),
  /** Puts one that was taken out back where it was. Refusals: `PHOTO_UNKNOWN`, `FILING_VOID` {number}, `PHOTO_TOO_MANY` {most}. */
  'listings.restorePhoto': command(z.object({ photoId: id }), z.object({})),
  /** Product sheet (产品资料单) on A4 with photos. Refusals: `PRINT_NEEDS_WINDOW`, `LISTING_UNKNOWN`. */
  'listings.print': job(
    z.object({ id, to: fileToken, language: z.enum(['zh-CN', 'en', 'both']).default('both') }),
    z.object({ bytes: z.number().int() }),
  ),
  /** The product sheet as a workbook, Chinese and English side by side. */
  'listings.export': job(z.object({ id, to: fileToken }), z.object({ rows: z.number().int() })),
} as const;
