/** Register of courier and mail parcels and personal articles (快件、邮件、个人物品): a record for statistics (纳统), never filed. */
import { z } from 'zod';
import { amountText } from './accounting.ts';
import { currencyCode, decimalText, fileToken, isoDate, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';
import { bilingual } from './tax.ts';

const id = z.number().int().positive();
const count = z.number().int();
/** `yyyy-mm`. */
const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

export const parcelKinds = ['courier', 'mail', 'personal'] as const;
export const parcelDirections = ['out', 'in'] as const;
/** By what the register of a month is summed up. */
export const parcelDimensions = ['kind', 'country', 'hs2'] as const;

const parcelFields = {
  waybillNo: z.string().trim().min(1).max(60),
  /** Of several kinds of goods in one parcel. */
  lineNo: z.number().int().min(1).max(999),
  kind: z.enum(parcelKinds),
  direction: z.enum(parcelDirections),
  /** Day it left or came in. */
  movedOn: isoDate,
  /** Customs' old numeric code; empty: not known. */
  country: z.string().regex(/^(\d{3})?$/),
  /** Two to ten digits; empty: not known. */
  hsCode: z.string().regex(/^(\d{2,10})?$/),
  name: z.string().trim().min(1).max(250),
  carrier: z.string().trim().max(100),
  /** Kilograms; null: not weighed. */
  weight: decimalText.nullable(),
  currency: currencyCode,
  value: amountText,
};

/** A live document that uses the number of the parcel: the parcel is not counted. */
const usedBy = z.object({ documentId: id, kind: z.string(), number: z.string() });

export const parcelRow = z.object({
  id,
  ...parcelFields,
  countryName: bilingual,
  shipmentId: id.nullable(),
  shipmentNo: z.string(),
  usedBy: usedBy.nullable(),
});

const filter = {
  period: period.optional(),
  kind: z.enum(parcelKinds).optional(),
  shipmentId: id.optional(),
  text: z.string().max(100).optional(),
  /** Only those that a live list or declaration has as well. */
  used: z.boolean().default(false),
};
const sums = {
  parcels: count,
  lines: count,
  /** Yuan at the firm's rate of the day of each. */
  amountCny: z.string(),
  /** Lines without a rate on their day: in no amount. */
  unrated: count,
};

export const parcels = {
  /** The newest first. `counts` are of the same filter without `used`: parcels, and those of them that a live document uses too. */
  'parcels.list': query(
    z.object({ ...filter, ...pageInput }),
    pageOf(parcelRow).extend({ counts: z.object({ parcels: count, used: count }) }),
  ),
  /**
   * Enters a line of a parcel, or corrects it. Refusals: `PARCEL_UNKNOWN` {id}, `PARCEL_TWICE` {waybillNo, line}, `PARCEL_VALUE` {value,
   * currency}, `PARCEL_WEIGHT` {weight}, `COUNTRY_UNKNOWN` {country}, `SHIPMENT_NO_UNKNOWN` {shipmentNo}.
   */
  'parcels.save': command(
    z.object({
      id: id.optional(),
      ...parcelFields,
      /** Empty: of no shipment of the book. */
      shipmentNo: z.string().trim().max(60).default(''),
    }),
    z.object({ id }),
  ),
  /** Refusal: `PARCEL_UNKNOWN` {id}. */
  'parcels.remove': command(z.object({ id }), z.object({})),
  /**
   * A month summed up by direction and what is asked for. A parcel that a live list or declaration uses is in `excluded` alone, for its goods are
   * counted there; nothing of this is in the figures that are filed (统计月报).
   */
  'parcels.month': query(
    z.object({ period, by: z.array(z.enum(parcelDimensions)).default([...parcelDimensions]) }),
    z.object({
      period,
      total: z.object({ out: z.object(sums), in: z.object(sums) }),
      excluded: z.object({ parcels: count, lines: count }),
      rows: z.array(
        z.object({
          direction: z.enum(parcelDirections),
          /** Empty where it is not asked for. */
          kind: z.enum(parcelKinds).or(z.literal('')),
          country: z.string(),
          countryName: bilingual,
          hs2: z.string(),
          hs2Name: bilingual,
          ...sums,
        }),
      ),
    }),
  ),
  /** A workbook of a month: the sums, every line, and what is not counted because a list or declaration has it. */
  'parcels.export': job(z.object({ period, to: fileToken }), z.object({ rows: count })),
} as const;
