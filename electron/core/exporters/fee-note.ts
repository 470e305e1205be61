/** 代理费结算单: a client's filed documents with their fees, for the client. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';

/** @param firm who draws it: the declarant */
export function feeNoteReport(note: OutputOf<'feeNotes.get'>, firm: string): ReportDocument {
  const rows: SheetRow[] = note.lines.map(({ documentId, kind, mode, number, filedOn, fee }, at) => ({
    key: String(documentId),
    currency: 'CNY',
    cells: [String(at + 1), catalogue[kind].zh, mode, number, filedOn, fee],
  }));
  rows.push({
    key: 'total',
    currency: 'CNY',
    cells: ['', `合计 ${note.documents} 份`, '', '', '', note.total],
    tone: 'total',
  });
  return {
    title: '代理费结算单',
    form: `${note.number}${note.voidedAt === undefined ? '' : '（已作废）'}`,
    firm,
    period: `${note.clientName}（${note.clientCode}） ${note.from} 至 ${note.to}`,
    unit: '单位：人民币元；本单不是发票',
    columns: [
      reportColumn('at', '序号', 'code', 6),
      reportColumn('kind', '单证', 'text', 22),
      reportColumn('mode', '监管方式', 'code', 10),
      reportColumn('number', '单证编号', 'code', 32),
      reportColumn('filedOn', '申报日期', 'code', 12),
      reportColumn('fee', '代理费', 'amount', 14),
    ],
    rows,
  };
}
