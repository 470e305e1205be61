/** 《出口货物已补税/未退税证明》 of exports that come back: the request, its figures, its way to customs. */
import { z } from 'zod';
import { certificateGaps, certificateKinds, certificateStates } from '../returns/certificate.ts';
import { decimalText, fileToken, isoDate, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';
import { exportModes } from './purchasing.ts';

const id = z.number().int();
const quantity = z.string().regex(/^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/);
const yuan = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/);

const certificateText = (length: number) => z.string().trim().max(length).default('');
export const certificateInput = z.object({
  id: id.optional(),
  exportLineId: id,
  /** The return it is asked for; left out while the goods are not back. */
  returnId: id.optional(),
  qty: quantity,
  reason: z.enum(['returned', 'unsold', 'other']),
  /** 复运进境之日; null: not back yet. */
  returnedOn: isoDate.nullable().default(null),
  /** How the refund goes back: paid in, or set off against a later claim. */
  repayWay: z.enum(['payment', 'offset']).default('payment'),
  repaidOn: isoDate.nullable().default(null),
  repaidCny: yuan.nullable().default(null),
  /** Number of the payment (税收缴款书), or month and batch of the claim it was set off in. */
  repayPaper: certificateText(60),
  /** Account it was paid from, where it was paid in. */
  repayAccount: z.string().default('1002'),
  /** 退运进口报关单号, where there is one already. */
  importDeclarationNo: certificateText(30),
  note: certificateText(500),
});
/** What the line says of the refund, and the form's figures for so much of it. Yuan; a sum nobody knows is left out. */
const certificateFigures = z.object({
  isRefunded: z.boolean(),
  claimedPeriod: z.string().optional(),
  claimBatch: z.string().optional(),
  /** 原计税金额 and 退运计税金额. */
  baseCny: yuan.optional(),
  backBaseCny: yuan.optional(),
  /** 原退税额 and 应补税额. */
  refundCny: yuan.optional(),
  toRepayCny: yuan.optional(),
  rates: z.array(z.string()),
  /** 进货凭证号. */
  invoices: z.array(z.string()),
  /** Last day by the six-month rule, which the certificate serves. */
  lastDay: isoDate.optional(),
});
export const certificateRow = certificateInput.required({ id: true }).extend({
  number: z.string(),
  state: z.enum(certificateStates),
  /** As it was when the request was handed in, else as the refund stands now. */
  kind: z.enum(certificateKinds),
  declarationNo: z.string(),
  lineNo: id,
  exportDate: isoDate,
  mode: z.enum(exportModes),
  hsCode: z.string(),
  name: z.string(),
  unit: z.string(),
  out: decimalText,
  handedOn: isoDate.nullable(),
  obtainedOn: isoDate.nullable(),
  certificateNo: z.string(),
  usedOn: isoDate.nullable(),
  voidReason: z.string(),
});

export const returnCertificates = {
  /** Requests for the certificate, newest first; without a state all that are not void. */
  'returnCertificates.list': query(
    z.object({ state: z.enum(certificateStates).optional(), text: z.string().optional(), ...pageInput }),
    pageOf(certificateRow).extend({ counts: z.array(z.object({ state: z.enum(certificateStates), count: id })) }),
  ),
  /** One of them with the figures of its form and what is missing. Refusal: `CERTIFICATE_UNKNOWN` {id}. */
  'returnCertificates.get': query(
    z.object({ id }),
    certificateRow.extend({
      figures: certificateFigures,
      gaps: z.array(z.enum(certificateGaps)),
      next: z.array(z.enum(certificateStates)),
      form: z.object({
        zh: z.string(),
        en: z.string(),
        isElectronic: z.boolean().nullable(),
        unknownZh: z.string(),
        unknownEn: z.string(),
        source: z.string(),
      }),
    }),
  ),
  /** What a request for a line would start from: what is left to ask for, and its figures. Refusals: `EXPORT_LINE_UNKNOWN`, `RETURN_UNKNOWN`, `CERTIFICATE_COPY` {number}. */
  'returnCertificates.start': query(
    z.object({ exportLineId: id.optional(), returnId: id.optional(), qty: quantity.optional() }),
    z.object({
      exportLineId: id,
      label: z.string(),
      returnId: id.optional(),
      qty: decimalText,
      left: decimalText,
      out: decimalText,
      reason: z.enum(['returned', 'unsold', 'other']),
      returnedOn: isoDate.nullable(),
      figures: certificateFigures,
    }),
  ),
  /**
   * Drafts a request, or corrects one that is not handed in. A refund paid back (day, amount and paper are there) is posted once by the rule
   * `refund-repaid`, a correction by reversal. Refusals: those of the voucher, `CERTIFICATE_UNKNOWN`, `CERTIFICATE_FIXED` {number},
   * `EXPORT_LINE_UNKNOWN`, `RETURN_UNKNOWN`, `CERTIFICATE_OTHER_LINE` {number}, `CERTIFICATE_TOO_MUCH` {left}, `RETURN_BEFORE_EXPORT`.
   */
  'returnCertificates.save': command(certificateInput, z.object({ id, number: z.string() })),
  /**
   * One step on: handed in, obtained (with its number), used at customs; back or void with a reason. Refusals: `CERTIFICATE_UNKNOWN`,
   * `CERTIFICATE_STEP` {from, to}, `CERTIFICATE_REASON`, `CERTIFICATE_NOT_REPAID` {line, amount}, `CERTIFICATE_NUMBER`, `DATE_ORDER`,
   * `CERTIFICATE_LEFT_OUT` {number, line, period, batch}.
   */
  'returnCertificates.move': command(
    z.object({
      id,
      to: z.enum(certificateStates),
      on: isoDate,
      certificateNo: certificateText(60),
      importDeclarationNo: certificateText(30),
      reason: z.string().trim().max(500).default(''),
    }),
    z.object({}),
  ),
  /** The request as a page to sign and hand in. Refusals: `CERTIFICATE_UNKNOWN`, `FILE_NOT_GRANTED`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'returnCertificates.print': job(z.object({ id, to: fileToken }), z.object({ rows: id })),
  /** Every request as a workbook. Refusals: `FILE_NOT_GRANTED`, `FILE_NOT_WRITTEN`. */
  'returnCertificates.export': job(z.object({ to: fileToken }), z.object({ rows: id })),
} as const;
