import type { OutputOf } from '../../../shared/contract/contract.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import forexZh from '../../../shared/rules/forex/texts.zh-CN.json' with { type: 'json' };
import type { ReportDocument } from './report-document.ts';

type Netting = OutputOf<'netting.get'>;
type Report = OutputOf<'tradeCreditReports.get'>;

const texts: Readonly<Record<string, string>> = forexZh;
/** The Chinese word of a fee type, as forms have it. */
export const feeTypeZh = (type: Netting['fees'][number]['type']): string => texts[`input.type.${type}`] ?? type;
export const creditKindZh = (kind: Report['body']['kind']): string => texts[`input.kind.${kind}`] ?? kind;
export const operationZh: Readonly<Record<Report['operation'], string>> = {
  new: '新增',
  modify: '修改',
  delete: '删除',
  adjust: '调整',
};
export const reportStateZh: Readonly<Record<Report['state'], string>> = {
  draft: '草稿',
  reported: '已报告',
  withdrawn: '已撤回',
};
export const nettingStateZh: Readonly<Record<Netting['state'], string>> = {
  draft: '草稿',
  confirmed: '已核对',
  void: '已作废',
};

/** The sheet as a workbook has it: the gross leg, each deduction with its voucher, the actual leg. */
export function nettingReport(view: Netting, firm: string): ReportDocument {
  const { currency } = view;
  const row = (key: string, cells: readonly string[], tone?: SheetRow['tone']): SheetRow => ({
    key,
    cells: [...cells],
    currency,
    ...(tone === undefined ? {} : { tone }),
  });
  const inOut = { IN: '收入', OUT: '支出' };
  const [goods, ...legs] = view.restored;
  return {
    title: `轧差核对表 ${view.number}${view.state === 'draft' ? '（草稿）' : ''}`,
    form: '',
    firm,
    period: view.date,
    unit: `币种：${currency}`,
    columns: [
      reportColumn('leg', '项目', 'text', 16),
      reportColumn('direction', '收支', 'code', 7),
      reportColumn('code', '交易编码', 'code', 11),
      reportColumn('payee', '对方', 'text', 24),
      reportColumn('voucher', '发票或对账单号', 'text', 22),
      reportColumn('paper', '归档单证', 'text', 24),
      reportColumn('amount', '金额', 'amount', 16),
    ],
    rows: [
      row('gross', [
        '货款总额（还原）',
        inOut.IN,
        goods?.code ?? view.goodsCode,
        view.counterparty,
        view.goodsEvidence,
        view.goodsPaper?.fileName ?? '',
        view.gross,
      ]),
      ...view.fees.map((fee, at) =>
        row(`fee ${fee.id}`, [
          `${feeTypeZh(fee.type)}（还原）`,
          inOut.OUT,
          legs[at]?.code ?? fee.code,
          fee.payee,
          fee.invoiceNo,
          fee.paper?.fileName ?? '',
          fee.amount,
        ]),
      ),
      row('fees', ['扣减合计', inOut.OUT, '', '', '', '', view.feesTotal], 'total'),
      row(
        'net',
        [
          '轧差净额（实际收付）',
          view.net.startsWith('-') ? inOut.OUT : inOut.IN,
          view.actualCode,
          view.counterparty,
          view.record?.number ?? '',
          '',
          view.net,
        ],
        'total',
      ),
    ],
  };
}

/** Trade-credit reports, one a row, as they are typed into the forex authority's system. */
export function tradeCreditReport(reports: readonly Report[], firm: string, madeOn: string): ReportDocument {
  return {
    title: '贸易信贷报告',
    form: '',
    firm,
    period: madeOn,
    unit: '单位：原币',
    columns: [
      reportColumn('number', '编号', 'code', 16),
      reportColumn('operation', '操作', 'code', 7),
      reportColumn('kind', '业务类型', 'text', 14),
      reportColumn('class', '分类', 'code', 6),
      reportColumn('of', '收付款或报关单号', 'code', 22),
      reportColumn('declarationNo', '申报号码', 'code', 24),
      reportColumn('counterparty', '对方', 'text', 22),
      reportColumn('country', '国别', 'code', 7),
      reportColumn('baseDate', '收付汇或进出口日期', 'code', 12),
      reportColumn('expectedDate', '预计日期', 'code', 12),
      reportColumn('currency', '币种', 'code', 6),
      reportColumn('amount', '金额', 'amount', 15),
      reportColumn('balance', '余额', 'amount', 15),
      reportColumn('balanceUsd', '余额折美元', 'figure', 14),
      reportColumn('related', '关联关系', 'code', 8),
      reportColumn('reportBy', '最迟报告', 'code', 12),
      reportColumn('state', '状态', 'code', 8),
      reportColumn('reportedOn', '报告日', 'code', 12),
      reportColumn('remark', '备注', 'text', 24),
    ],
    rows: reports.map((report) => {
      const { body } = report;
      return {
        key: String(report.id),
        currency: body.currency,
        cells: [
          report.number,
          operationZh[report.operation],
          creditKindZh(body.kind),
          body.class,
          body.ofLabel,
          body.declarationNo,
          body.counterparty,
          body.country,
          body.baseDate,
          body.expectedDate,
          body.currency,
          body.amount,
          body.balance,
          body.balanceUsd ?? '',
          body.related ? '是' : '否',
          report.reportBy ?? '',
          reportStateZh[report.state],
          report.reportedOn ?? '',
          body.remark,
        ],
      };
    }),
  };
}
