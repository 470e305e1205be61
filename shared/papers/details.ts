import { z } from 'zod';

/** What papers say of the firm itself beyond its profile, typed once a book. Empty: not on the paper. */
export const firmDetails = z.object({
  nameEn: z.string().max(200).default(''),
  address: z.string().max(200).default(''),
  addressEn: z.string().max(300).default(''),
  phone: z.string().max(50).default(''),
  /** Who signs (法定代表人或授权人). */
  signatory: z.string().max(60).default(''),
  /** 报关人员 and the number of the certificate. */
  declarantPerson: z.string().max(60).default(''),
  declarantNo: z.string().max(30).default(''),
});
export type FirmDetails = z.infer<typeof firmDetails>;

/** A figure typed from a paper, or nothing. */
const figure = z
  .string()
  .regex(/^(\d{1,13}(\.\d{0,5})?)?$/)
  .default('');

/** What papers of one shipment or declaration say beyond its documents, typed by the user. Empty: what {@link PaperSet} proposes. */
export const paperDetails = z.object({
  contractNo: z.string().max(60).default(''),
  contractDate: z.string().max(10).default(''),
  contractPlace: z.string().max(100).default(''),
  invoiceNo: z.string().max(60).default(''),
  invoiceDate: z.string().max(10).default(''),
  /** 境外收货人: name, code (AEO) and address; retail to many buyers: NO. */
  buyerName: z.string().max(200).default(''),
  buyerCode: z.string().max(50).default(''),
  buyerAddress: z.string().max(300).default(''),
  payment: z.string().max(300).default(''),
  shipBy: z.string().max(100).default(''),
  /** 唛头. */
  marks: z.string().max(400).default(''),
  /** 征免性质, 征免, 境内货源地: codes and names as they shall stand. */
  levyNature: z.string().max(60).default(''),
  levyMode: z.string().max(60).default(''),
  sourcePlace: z.string().max(60).default(''),
  /** 贸易国 where it is not the country of arrival. */
  tradeCountry: z.string().max(60).default(''),
  note: z.string().max(400).default(''),
  /** Totals of the invoice and packing list that go with the goods, where they were made elsewhere: held against the declaration. */
  invoiceCurrency: z
    .string()
    .regex(/^([A-Z]{3})?$/)
    .default(''),
  invoiceAmount: figure,
  packingQuantity: figure,
  packingPackages: figure,
  /** Kilograms. */
  packingGross: figure,
  packingNet: figure,
  /** Goods with lithium batteries or otherwise dangerous (含锂电池、危险货物): unknown until the user says. */
  dangerous: z.enum(['', 'no', 'battery', 'dangerous']).default(''),
  /** Brand and rights to it looked into (知识产权核对), with whose. */
  brand: z.enum(['', 'none', 'own', 'authorised', 'open']).default(''),
});
export type PaperDetails = z.infer<typeof paperDetails>;

/** The totals typed from an invoice and a packing list. */
export const paperTotalNames = [
  'invoiceCurrency',
  'invoiceAmount',
  'packingQuantity',
  'packingPackages',
  'packingGross',
  'packingNet',
] as const satisfies readonly (keyof PaperDetails)[];
