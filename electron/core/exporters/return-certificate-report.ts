/** 已补税/未退税证明台账: every request for the certificate with the figures of its form, one sheet. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { CertificateState } from '../../../shared/returns/certificate.ts';
import { yuanText } from '../obligations.ts';
import { kindZh, repayWayZh } from '../printing/return-certificate-page.ts';
import type { Book } from '../store/book.ts';
import { type Certificate, listCertificates } from '../store/return-certificates.ts';
import type { ReportDocument } from './report-document.ts';

const stateZh: Readonly<Record<CertificateState, string>> = {
  draft: '草稿',
  handedIn: '已提交',
  obtained: '已取得',
  used: '已用于海关',
  void: '已作废',
};
const PAGE = 500;

function* rowsOf(
  book: Book,
  units: ReadonlyMap<string, string>,
  figuresOf: (row: Certificate) => OutputOf<'returnCertificates.get'>['figures'],
): Generator<SheetRow> {
  for (const state of [undefined, 'void'] as const) {
    let after: string | undefined;
    do {
      const page = listCertificates(book, { state }, { after, limit: PAGE });
      for (const one of page.rows) {
        const figures = figuresOf(one);
        const kind = one.kind ?? (figures.isRefunded ? 'repaid' : 'notRefunded');
        yield {
          key: one.number,
          currency: 'CNY',
          cells: [
            ...[
              one.number,
              stateZh[one.state],
              `${one.declarationNo}-${one.lineNo}`,
              one.exportDate,
              one.mode,
              one.hsCode,
            ],
            ...[one.name, units.get(one.unit) ?? one.unit, storedText(one.outE5), storedText(one.qtyE5), kindZh[kind]],
            figures.claimedPeriod === undefined ? '' : `${figures.claimedPeriod}-${figures.claimBatch ?? ''}`,
            ...[figures.baseCny ?? '', figures.backBaseCny ?? '', figures.rates.join('、'), figures.refundCny ?? ''],
            ...[figures.toRepayCny ?? '', figures.isRefunded ? repayWayZh[one.repayWay] : '', one.repaidOn ?? ''],
            ...[one.repaidFen === null ? '' : yuanText(one.repaidFen), one.repayPaper, figures.invoices.join('、')],
            ...[one.returnedOn ?? '', one.handedOn ?? '', one.obtainedOn ?? '', one.certificateNo, one.usedOn ?? ''],
            ...[one.importDeclarationNo, one.state === 'void' ? one.voidReason : one.note],
          ],
          ...(one.state === 'void' ? { tone: 'muted' as const } : {}),
        };
      }
      after = page.nextCursor;
    } while (after !== undefined);
  }
}

/** @param today the day the list is made on */
export function returnCertificateReport(
  book: Book,
  units: ReadonlyMap<string, string>,
  figuresOf: (row: Certificate) => OutputOf<'returnCertificates.get'>['figures'],
  today: string,
): ReportDocument {
  return {
    title: '出口货物已补税/未退税证明台账',
    form: '',
    firm: book.profile().name,
    period: today,
    unit: '元',
    columns: [
      reportColumn('number', '编号', 'code', 14),
      reportColumn('state', '状态', 'text', 10),
      reportColumn('line', '原出口报关单号-项号', 'code', 24),
      reportColumn('exported', '出口日期', 'code', 12),
      reportColumn('mode', '监管方式', 'code', 10),
      reportColumn('hs', '商品代码', 'code', 14),
      reportColumn('name', '商品名称', 'text', 24),
      reportColumn('unit', '计量单位', 'text', 8),
      reportColumn('out', '出口数量', 'figure', 12),
      reportColumn('qty', '退运数量', 'figure', 12),
      reportColumn('kind', '退（免）税状态', 'text', 12),
      reportColumn('claim', '所属期-批次', 'code', 14),
      reportColumn('base', '原计税金额', 'amount', 14),
      reportColumn('backBase', '退运计税金额', 'amount', 14),
      reportColumn('rates', '原退税率', 'text', 10),
      reportColumn('refund', '原退税额', 'amount', 14),
      reportColumn('toRepay', '应补税额', 'amount', 14),
      reportColumn('way', '业务处理方式', 'text', 12),
      reportColumn('repaidOn', '补税日期', 'code', 12),
      reportColumn('repaid', '已补税额', 'amount', 14),
      reportColumn('paper', '缴款书号码/冲减所属期', 'code', 22),
      reportColumn('invoices', '进货凭证号', 'code', 24),
      reportColumn('returned', '复运进境日期', 'code', 12),
      reportColumn('handed', '提交日期', 'code', 12),
      reportColumn('obtained', '取得日期', 'code', 12),
      reportColumn('certificate', '证明编号', 'code', 22),
      reportColumn('used', '海关使用日期', 'code', 12),
      reportColumn('import', '退运进口报关单号', 'code', 22),
      reportColumn('note', '备注', 'text', 30),
    ],
    rows: rowsOf(book, units, figuresOf),
  };
}
