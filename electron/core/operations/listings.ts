import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { listingBody, type listings } from '../../../shared/contract/listings.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { noProduct } from '../../../shared/import/products.ts';
import { hsCandidates } from '../../../shared/listings/hs-candidates.ts';
import { plainJpeg } from '../../../shared/listings/jpeg.ts';
import { elementNames } from '../../../shared/tables/elements.ts';
import { commonElements, elementsOf } from '../../../shared/tables/hs.ts';
import type { Context, Handlers } from '../context.ts';
import { writeListingWorkbook } from '../exporters/listing-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { takeBackFiling } from '../filings/draft.ts';
import { listingRules, listingRulesSource, listingView, templateOf } from '../listings.ts';
import { type ListingSheet, listingPage } from '../printing/listing-page.ts';
import { moduleFor, refuseWrongExtra } from '../regions.ts';
import {
  insertPhoto,
  type ListingRecord,
  listListings,
  openListing,
  photosOf,
  removedPhotosOf,
  requireListing,
  requirePhoto,
  saveListing,
  setPhotoRemoved,
  withdrawListing,
} from '../store/listings.ts';
import { changeProduct, findProduct, insertProduct } from '../store/products.ts';
import { fileBytes } from './archive.ts';

const changed = (context: Context): void =>
  context.emit({ name: 'book.changed', areas: ['documents', 'products', 'tax'] });

/** As many as a filing takes. */
const mostPhotos = 50;
const photoLimitMb = 4;
/** Of a file as a camera writes it, before the window makes it small. */
const pictureLimitMb = 40;

/** One that may still be changed. Refusals: `LISTING_UNKNOWN` {id}, `FILING_VOID` {number}. */
function openOne(context: Context, id: number): ListingRecord {
  const one = requireListing(context.book, id);
  if (one.state === 'withdrawn') throw new PortbookError('FILING_VOID', { number: one.number });
  return one;
}

/** The listing of a photo, still open. Refusals: `PHOTO_UNKNOWN` {id}, and as above. */
const photoToChange = (context: Context, photoId: number): ListingRecord =>
  openOne(context, requirePhoto(context.book, photoId).listingId);

function sheetOf(context: Context, id: number): ListingSheet {
  const { book, resources } = context;
  const one = requireListing(book, id);
  const rules = listingRules(context);
  return {
    ...one,
    firm: book.profile().name,
    originName: resources.table('admin_division').lookup(one.body.origin)?.zh ?? '',
    group: templateOf(rules, one.template)?.group,
    brandType: resources.table('brand_type').lookup(one.body.brandType),
    madeOn: chinaDate(context.now()),
    isFiled: one.acceptedOn !== null,
    pictures: photosOf(book, id).map(({ id: photoId, fileName, width, height }) => ({
      ...{ fileName, width, height },
      content: requirePhoto(book, photoId).content,
    })),
  };
}

/** Listings of the provincial product library (产品资源库). */
export const listingHandlers: Handlers<keyof typeof listings> = {
  'listings.list': (_input, context) => {
    const rules = listingRules(context);
    return { rows: listListings(context.book).map((one) => listingView(context, rules, one)) };
  },

  'listings.get': ({ id }, context) => {
    const one = requireListing(context.book, id);
    const rules = listingRules(context);
    const template = templateOf(rules, one.template) ?? null;
    const hs = context.resources.table('hs');
    return {
      ...listingView(context, rules, one),
      hsCode: one.hsCode,
      body: one.body,
      photoRows: photosOf(context.book, id),
      removedPhotos: removedPhotosOf(context.book, id),
      templateOf: template,
      templateCodes: (template?.hs ?? []).map(({ code, when }) => {
        const { codes, elements } = commonElements(hs, code);
        return { code, when, codes, elements: elementNames(elements) };
      }),
      askSeason: rules.askSeason,
    };
  },

  'listings.templates': (_input, context) => {
    const { source, inForceFrom } = listingRulesSource(context);
    return { rows: listingRules(context).templates, source, inForceFrom };
  },

  'listings.open': ({ sku: wanted, nameZh, template }, context) => {
    const { book } = context;
    const now = context.now();
    const rules = listingRules(context);
    const from = templateOf(rules, template);
    if (template !== '' && from === undefined) throw new PortbookError('LISTING_TEMPLATE_UNKNOWN', { template });
    const year = chinaDate(now).slice(0, 4);
    const result = book.transaction(() => {
      const name = nameZh === '' ? (from?.title.zh ?? '') : nameZh;
      let sku = wanted;
      if (sku === undefined) {
        // Imported products have numbers of the shop's; one taken already is passed over.
        do sku = `NP${year}-${String(book.nextNumber(`listing-product:${year}`)).padStart(3, '0')}`;
        while (findProduct(book, sku) !== undefined);
      }
      if (findProduct(book, sku) === undefined) {
        if (name === '') throw new PortbookError('LISTING_NEEDS_NAME', { sku }, 'nameZh');
        insertProduct(book, sku, name, { ...noProduct, nameCn: name }, now);
      } else if (nameZh !== '') changeProduct(book, sku, { nameCn: nameZh }, now);
      const [season, band] = [from?.season, from?.temperature];
      const body = listingBody.parse({
        ...(season == null ? {} : { seasonFrom: season.from, seasonTo: season.to }),
        // Half a band is none: what has no lower end is said beside the field and entered by who knows it.
        ...(band?.from == null ? {} : { temperatureFrom: band.from, temperatureTo: band.to }),
      });
      const id = openListing(book, { sku, template, body }, year, now);
      book.audit('listings.open', requireListing(book, id).number, { sku, template }, now);
      return { id, sku };
    });
    changed(context);
    return result;
  },

  'listings.save': ({ id, nameZh, hsCode, body }, context) => {
    const { book, resources } = context;
    const now = context.now();
    if (hsCode !== '' && !resources.table('hs').has(hsCode))
      throw new PortbookError('TABLE_CODE_UNKNOWN', { code: hsCode, table: 'hs' }, 'hsCode');
    if (body.origin !== '' && !resources.table('admin_division').has(body.origin))
      throw new PortbookError('TABLE_CODE_UNKNOWN', { code: body.origin, table: 'admin_division' }, 'body/origin');
    const { temperatureFrom: from, temperatureTo: to } = body;
    if ((from === '') !== (to === '') || Number(from) > Number(to))
      throw new PortbookError('LISTING_TEMPERATURES', { from, to }, 'body/temperatureTo');
    if ((body.seasonFrom === null) !== (body.seasonTo === null))
      throw new PortbookError('LISTING_SEASON_HALF', {}, 'body/seasonTo');
    refuseWrongExtra(moduleFor(context, 'listing', body.origin), body.extra);
    const row = book.transaction(() => {
      const before = openOne(context, id);
      if (nameZh !== before.nameZh || hsCode !== before.hsCode)
        changeProduct(
          book,
          before.sku,
          { nameCn: nameZh === '' ? undefined : nameZh, hsCode: hsCode === '' ? undefined : hsCode },
          now,
        );
      saveListing(book, id, body, now);
      const view = listingView(context, listingRules(context), requireListing(book, id));
      book.audit('listings.save', before.number, { score: view.score, nameZh, hsCode }, now);
      return view;
    });
    changed(context);
    return { id, score: row.score };
  },

  'listings.withdraw': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const filed = book.transaction(() => {
      const { number } = openOne(context, id);
      const subject = { kind: 'listing', id } as const;
      const mark = (): void => {
        withdrawListing(book, id, now);
        book.audit('listings.withdraw', number, { reason }, now);
      };
      return takeBackFiling(context, subject, mark, now);
    });
    changed(context);
    return { id, filed };
  },

  'listings.candidates': ({ id, about }, context) => {
    const { book, resources } = context;
    const { nameZh, hsCode, body, template } = requireListing(book, id);
    const table = resources.table('hs');
    const rows = hsCandidates(table.entries, {
      about: about === '' ? `${nameZh} ${body.variety}` : about,
      own: hsCode,
      template: templateOf(listingRules(context), template),
    });
    return {
      rows: rows.map((row) => ({
        ...row,
        reasons: row.reasons.map((one) => ({
          kind: one.kind,
          zh: one.kind === 'product' ? '' : one.zh,
          en: one.kind === 'product' ? '' : one.en,
        })),
        elements: [...(elementsOf(table, row.code) ?? [])],
      })),
      asOf: table.header.asOf,
    };
  },

  'listings.readPicture': ({ file }, context) => ({
    // A copy of its own: a small file's bytes lie in a buffer shared with others, which would cross whole.
    bytes: new Uint8Array(fileBytes(context.files.pathOf(file, 'read'), pictureLimitMb)),
  }),

  'listings.addPhoto': ({ id, fileName, jpeg }, context) => {
    const { book } = context;
    const now = context.now();
    if (jpeg.length > photoLimitMb * 1_048_576)
      throw new PortbookError('PHOTO_TOO_LARGE', { name: fileName, limitMb: photoLimitMb });
    const picture = plainJpeg(jpeg);
    if (picture === undefined) throw new PortbookError('PHOTO_NOT_JPEG', { name: fileName });
    const photoId = book.transaction(() => {
      const { number, photos } = openOne(context, id);
      if (photos >= mostPhotos) throw new PortbookError('PHOTO_TOO_MANY', { most: mostPhotos });
      const made = insertPhoto(book, id, { fileName, ...picture }, now);
      // Names of files may name persons: they stay out of the trail.
      book.audit('listings.addPhoto', number, { photo: made, width: picture.width, height: picture.height }, now);
      return made;
    });
    changed(context);
    return { photoId };
  },

  'listings.photo': ({ photoId }, { book }) => ({
    jpeg: new Uint8Array(requirePhoto(book, photoId).content),
  }),

  'listings.removePhoto': ({ photoId }, context) => {
    const { book } = context;
    book.transaction(() => {
      const { number } = photoToChange(context, photoId);
      const now = context.now();
      setPhotoRemoved(book, photoId, now);
      book.audit('listings.removePhoto', number, { photo: photoId }, now);
    });
    changed(context);
    return {};
  },

  'listings.restorePhoto': ({ photoId }, context) => {
    const { book } = context;
    book.transaction(() => {
      const { number, id, photos } = photoToChange(context, photoId);
      if (!removedPhotosOf(book, id).some((one) => one.id === photoId)) return;
      if (photos >= mostPhotos) throw new PortbookError('PHOTO_TOO_MANY', { most: mostPhotos });
      setPhotoRemoved(book, photoId, null);
      book.audit('listings.restorePhoto', number, { photo: photoId }, context.now());
    });
    changed(context);
    return {};
  },

  'listings.print': async ({ id, to, language }, context) => {
    const path = context.files.pathOf(to, 'write');
    const sheet = sheetOf(context, id);
    const pdf = await context.host.printPdf(listingPage(sheet, language));
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    context.book.audit('listings.print', sheet.number, { language }, context.now());
    return { bytes: pdf.length };
  },

  'listings.export': async ({ id, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const sheet = sheetOf(context, id);
    const rows = await writeListingWorkbook(path, sheet);
    context.book.audit('listings.export', sheet.number, { rows }, context.now());
    return { rows };
  },
};
