import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { returnCertificates } from '../../../shared/contract/return-certificates.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { divideRounded } from '../../../shared/money/index.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import {
  certificateGapsOf,
  needsReason,
  nextCertificateStates,
  returnCertificatePack,
  returnCertificatePackId,
} from '../../../shared/returns/certificate.ts';
import { returnedExports } from '../../../shared/rules/tax/export-vat/returned-exports.ts';
import type { Context, Handlers } from '../context.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { returnCertificateReport } from '../exporters/return-certificate-report.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf, fenOf, packVersion, yuanText } from '../obligations.ts';
import { returnCertificatePage } from '../printing/return-certificate-page.ts';
import type { Book } from '../store/book.ts';
import {
  type Certificate,
  leftToCertify,
  listCertificates,
  postRepayment,
  repaidBefore,
  requireCertificate,
  saveCertificate,
  setCertificateState,
} from '../store/return-certificates.ts';
import { requireReturn } from '../store/returns.ts';
import { lineLabel, requireExportLine, type TaxLine } from '../store/worksheets/export-lines.ts';
import { matchesOfLine } from '../store/worksheets/refund-matches.ts';
import { unitNames } from '../worksheets/matching.ts';
import { claimedQtyE5, isRefunded, isToRepay, repayable, returnInput } from '../worksheets/returns.ts';
import { Rules } from '../worksheets/rules.ts';

type Row = OutputOf<'returnCertificates.list'>['rows'][number];
type Figures = OutputOf<'returnCertificates.get'>['figures'];
type Operation = keyof typeof returnCertificates;

const today = (context: Context): string => chinaDate(context.now());
const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['returns', 'tax', 'ledger'] });

export function certificateView({
  qtyE5,
  outE5,
  repaidFen,
  kind,
  returnId,
  isRefunded: refunded,
  createdAt: _,
  ...row
}: Certificate): Row {
  return {
    ...row,
    qty: storedText(qtyE5),
    out: storedText(outE5),
    repaidCny: repaidFen === null ? null : yuanText(repaidFen),
    kind: kind ?? (refunded === 1 ? 'repaid' : 'notRefunded'),
    ...(returnId === null ? {} : { returnId }),
  };
}

/** Fen that fall on a part of a line, half-up. */
const shareOf = (fen: number, partE5: number, wholeE5: number): number =>
  Number(divideRounded(BigInt(fen) * BigInt(partE5), BigInt(wholeE5), 'halfUp'));

/** What the book knows of the refund of so much of a line, for the form. */
function figuresOf(
  { book, resources }: Context,
  line: TaxLine,
  qtyE5: number,
  returned: Pick<Certificate, 'reason' | 'returnedOn' | 'kind'> & { readonly id?: number },
  asOf: string,
): Figures {
  const matches = matchesOfLine(book, line.id);
  const refunded = isToRepay(line, returned.kind);
  const baseFen = matches.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const whole = refunded ? repayable(book, line, claimedQtyE5(line)) : undefined;
  const toRepay = refunded ? repayable(book, line, qtyE5, repaidBefore(book, line.id, returned.id)) : 0;
  const rules = new Rules(resources, book);
  const value = {
    reason: returned.reason,
    ...(returned.returnedOn === null ? {} : { returnedOn: returned.returnedOn }),
  };
  // Exports from before the duty-free return have no last day of it.
  const isJudged = rules.off('T25') === undefined && line.exportDate >= (returnedExports.inForceFrom ?? '');
  const lastDay = isJudged ? rules.run('T25', returnInput(line, value, asOf, refunded)).result['lastDay'] : undefined;
  return {
    isRefunded: refunded,
    ...(refunded && line.claimedPeriod !== null ? { claimedPeriod: line.claimedPeriod } : {}),
    ...(refunded && line.claimBatch !== null ? { claimBatch: line.claimBatch } : {}),
    ...(matches.length === 0
      ? {}
      : { baseCny: yuanText(baseFen), backBaseCny: yuanText(shareOf(baseFen, qtyE5, claimedQtyE5(line))) }),
    ...(whole === undefined ? {} : { refundCny: yuanText(whole) }),
    ...(toRepay === undefined ? {} : { toRepayCny: yuanText(toRepay) }),
    rates: [...new Set(matches.map(({ refundRate }) => refundRate))],
    invoices: [...new Set(matches.map(({ invoiceNumber }) => invoiceNumber))],
    ...(typeof lastDay === 'string' ? { lastDay } : {}),
  };
}

function gapsOf(certificate: Certificate, figures: Figures) {
  return certificateGapsOf({
    ...certificate,
    isRefunded: figures.isRefunded,
    toRepayFen: figures.toRepayCny === undefined ? undefined : fenOf(figures.toRepayCny, 'repaidCny'),
  });
}

function viewOf(context: Context, id: number): OutputOf<'returnCertificates.get'> {
  const certificate = requireCertificate(context.book, id);
  const line = requireExportLine(context.book, certificate.exportLineId);
  const figures = figuresOf(context, line, certificate.qtyE5, certificate, today(context));
  const day = certificate.handedOn ?? today(context);
  const { parameters, source } = packVersion(context, returnCertificatePackId, returnCertificatePack, day);
  const { formZh: zh, formEn: en, ...form } = parameters;
  return {
    ...certificateView(certificate),
    figures,
    gaps: certificate.state === 'draft' ? gapsOf(certificate, figures) : [],
    next: [...nextCertificateStates(certificate.state)],
    form: { zh, en, ...form, source },
  };
}

/** The return a request is for has to be of its line. Refusals: `RETURN_UNKNOWN`, `CERTIFICATE_OTHER_LINE` {number}. */
function requireReturnOf(book: Book, returnId: number | undefined, exportLineId: number): void {
  if (returnId === undefined) return;
  const { number, exportLineId: of } = requireReturn(book, returnId);
  if (of !== exportLineId) throw new PortbookError('CERTIFICATE_OTHER_LINE', { number }, 'returnId');
}

/** Requests for 《出口货物已补税/未退税证明》: drafted from a line, handed in once the refund is paid back, obtained, used at customs. */
export const returnCertificateHandlers: Handlers<Operation> = {
  'returnCertificates.list': ({ state, text, after, limit }, { book }) => {
    const { rows, ...rest } = listCertificates(book, { state, text }, { after, limit });
    return { ...rest, rows: rows.map(certificateView) };
  },

  'returnCertificates.get': ({ id }, context) => viewOf(context, id),

  'returnCertificates.start': ({ exportLineId, returnId, qty }, context) => {
    const { book } = context;
    const back = returnId === undefined ? undefined : requireReturn(book, returnId);
    // The certificate is asked for by the firm that exported: of a copy that is another.
    if (back !== undefined && back.exportLineId === undefined)
      throw new PortbookError('CERTIFICATE_COPY', { number: back.number }, 'returnId');
    const line = requireExportLine(book, back?.exportLineId ?? exportLineId ?? 0);
    const leftE5 = leftToCertify(book, line.id);
    const wantE5 = qty === undefined ? (back === undefined ? leftE5 : storedValue(back.qty)) : storedValue(qty);
    const qtyE5 = Math.min(wantE5, leftE5);
    const of = { reason: back?.reason ?? 'returned', returnedOn: back?.receivedOn ?? null } as const;
    return {
      exportLineId: line.id,
      label: `${lineLabel(line)} ${line.name}`,
      ...(back === undefined ? {} : { returnId: back.id }),
      qty: storedText(qtyE5),
      left: storedText(leftE5),
      out: storedText(line.qtyE5),
      ...of,
      figures: figuresOf(context, line, qtyE5, { ...of, kind: null }, today(context)),
    };
  },

  'returnCertificates.save': (input, context) => {
    const { book } = context;
    const now = context.now();
    const { qty, repaidCny, ...of } = input;
    const repaidFen = repaidCny === null ? null : fenOf(repaidCny, 'repaidCny');
    const saved = book.transaction(() => {
      const line = requireExportLine(book, input.exportLineId);
      requireReturnOf(book, input.returnId, line.id);
      for (const [path, day] of [
        ['returnedOn', input.returnedOn],
        ['repaidOn', input.repaidOn],
      ] as const)
        if (day !== null && day < line.exportDate)
          throw new PortbookError('RETURN_BEFORE_EXPORT', { exported: line.exportDate, returned: day }, path);
      const result = saveCertificate(
        book,
        { ...of, qtyE5: storedValue(qty), repaidFen: repaidFen === 0 ? null : repaidFen },
        now,
      );
      postRepayment(book, result.id, now);
      book.audit('return-certificate.saved', result.number, { line: lineLabel(line), qty }, now);
      return result;
    });
    changed(context);
    return saved;
  },

  'returnCertificates.move': ({ id, to, on, certificateNo, importDeclarationNo, reason }, context) => {
    const { book } = context;
    const now = context.now();
    const day = dateOf(on, 'on');
    book.transaction(() => {
      const before = requireCertificate(book, id);
      const { number, state } = before;
      if (!nextCertificateStates(state).includes(to))
        throw new PortbookError('CERTIFICATE_STEP', { number, from: state, to }, 'to');
      if (needsReason(state, to) && reason === '') throw new PortbookError('CERTIFICATE_REASON', { number }, 'reason');
      if (before.kind === 'notRefunded' && (to === 'void' || to === 'draft')) {
        // The rest of the line was claimed without these goods: a claim is taken back before what it left out.
        const line = requireExportLine(book, before.exportLineId);
        const { claimedPeriod: period, claimBatch: batch } = line;
        if (isRefunded(line))
          throw new PortbookError(
            'CERTIFICATE_LEFT_OUT',
            { number, line: lineLabel(line), period: period ?? '', batch: batch ?? '' },
            'to',
          );
      }
      const stands = { ...before, voidReason: '' };
      const after = ((): Parameters<typeof setCertificateState>[2] => {
        if (to === 'void') return { ...stands, state: to, voidReason: reason };
        if (to === 'draft') return { ...stands, state: to, kind: null, handedOn: null };
        if (to === 'handedIn') {
          // A step back keeps the day on which it went in.
          if (state === 'obtained') return { ...stands, state: to, obtainedOn: null, certificateNo: '' };
          const line = requireExportLine(book, before.exportLineId);
          const figures = figuresOf(context, line, before.qtyE5, before, day);
          if (gapsOf(before, figures).length > 0)
            throw new PortbookError(
              'CERTIFICATE_NOT_REPAID',
              { line: lineLabel(line), amount: figures.toRepayCny ?? '?' },
              'to',
            );
          if (before.repaidOn !== null && before.repaidOn > day && figures.isRefunded)
            throw new PortbookError('DATE_ORDER', { from: before.repaidOn, to: day }, 'on');
          return { ...stands, state: to, kind: figures.isRefunded ? 'repaid' : 'notRefunded', handedOn: day };
        }
        if (to === 'obtained') {
          if (state === 'used') return { ...stands, state: to, usedOn: null };
          if (certificateNo === '') throw new PortbookError('CERTIFICATE_NUMBER', { number }, 'certificateNo');
          if (before.handedOn !== null && day < before.handedOn)
            throw new PortbookError('DATE_ORDER', { from: before.handedOn, to: day }, 'on');
          return { ...stands, state: to, obtainedOn: day, certificateNo };
        }
        if (before.obtainedOn !== null && day < before.obtainedOn)
          throw new PortbookError('DATE_ORDER', { from: before.obtainedOn, to: day }, 'on');
        return {
          ...stands,
          state: to,
          usedOn: day,
          importDeclarationNo: importDeclarationNo === '' ? before.importDeclarationNo : importDeclarationNo,
        };
      })();
      setCertificateState(book, id, after, now);
      // What is obtained or used was posted when it was handed in.
      if (to === 'void' || to === 'draft' || state === 'draft') postRepayment(book, id, now);
      book.audit(
        'return-certificate.moved',
        number,
        {
          from: state,
          to,
          on: day,
          ...(certificateNo === '' ? {} : { certificateNo }),
          ...(reason === '' ? {} : { reason }),
        },
        now,
      );
    });
    changed(context);
    return {};
  },

  'returnCertificates.print': async ({ id, to }, context) => {
    const { book, files, host, resources } = context;
    const path = files.pathOf(to, 'write');
    const view = viewOf(context, id);
    const { name: firm, uscc, customsCode } = book.profile();
    const unit = unitNames(resources).get(view.unit) ?? view.unit;
    const pdf = await host.printPdf(
      returnCertificatePage(view, { firm, uscc, customsCode, unit, madeOn: today(context) }),
    );
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows: 1 };
  },

  'returnCertificates.export': async ({ to }, context) => {
    const { book, files, resources, signal, progress } = context;
    const rows = await writeReportWorkbook(
      files.pathOf(to, 'write'),
      returnCertificateReport(book, unitNames(resources), (row) => viewOf(context, row.id).figures, today(context)),
      { signal, progress: (done) => progress({ phase: 'write', done, total: 0 }) },
    );
    return { rows };
  },
};
