/** 易货合同登记表: both sides of each contract, what is settled in kind, what remains in money. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';

type View = OutputOf<'barter.list'>['rows'][number];

const cashZh: Readonly<Record<View['cash']['side'], string>> = {
  none: '无',
  receive: '应收',
  pay: '应付',
  unknown: '两种币种，未定',
};

/** The two sheets: contracts, and the orders and declarations they settle. */
export function barterReport(rows: readonly View[], firm: string): readonly ReportDocument[] {
  const head = { form: '', firm, period: '', unit: '单位：各行币种' };
  const contracts: SheetRow[] = rows.map((row) => ({
    key: String(row.id),
    currency: row.outCurrency,
    ...(row.state === 'void' ? { tone: 'muted' as const } : {}),
    cells: [
      ...[row.number, row.counterparty, row.signedOn, row.outContract, row.outCurrency, row.outAmount],
      ...[row.inContract, row.inCurrency, row.inAmount, row.inOn ?? '', row.inDeclaration, row.settled],
      ...[cashZh[row.cash.side], row.cash.amount, row.state === 'void' ? `作废：${row.reason}` : row.note],
    ],
  }));
  return [
    {
      ...head,
      title: '易货合同登记表',
      sheet: '合同',
      columns: [
        reportColumn('number', '编号', 'code', 18),
        reportColumn('counterparty', '境外对方', 'text', 24),
        reportColumn('signed', '签订日期', 'code', 12),
        reportColumn('outContract', '出口合同', 'code', 18),
        reportColumn('outCurrency', '币种', 'code', 6),
        reportColumn('outAmount', '出口货值', 'amount', 15),
        reportColumn('inContract', '进口合同', 'code', 18),
        reportColumn('inCurrency', '币种', 'code', 6),
        // Its currency is its own: written as a figure, not in the decimals of the row's currency.
        reportColumn('inAmount', '进口货值', 'figure', 15),
        reportColumn('inOn', '进口到货', 'code', 12),
        reportColumn('inDeclaration', '进口报关单', 'code', 20),
        reportColumn('settled', '已以货抵收', 'amount', 15),
        reportColumn('cashSide', '现汇差额', 'text', 14),
        reportColumn('cash', '差额', 'amount', 15),
        reportColumn('note', '备注', 'text', 30),
      ],
      rows: contracts,
    },
    {
      ...head,
      title: '以货抵收的订单和报关单',
      sheet: '抵收',
      columns: [
        reportColumn('number', '合同编号', 'code', 18),
        reportColumn('kind', '类别', 'text', 10),
        reportColumn('no', '订单（报关单）', 'code', 24),
        reportColumn('currency', '币种', 'code', 6),
        reportColumn('amount', '以货抵收', 'amount', 15),
        reportColumn('open', '仍待收汇', 'amount', 15),
      ],
      rows: rows.flatMap((row) =>
        row.targets.map((one) => ({
          key: String(one.id),
          currency: one.currency,
          cells: [row.number, one.kind === 'order' ? '订单' : '报关单', one.no, one.currency, one.amount, one.open],
        })),
      ),
    },
  ];
}
