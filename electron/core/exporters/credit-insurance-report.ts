/** 出口信用保险限额与应收账款: what buyers owe beside what is insured of it, for a bank or the insurer. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';

type View = OutputOf<'insuredLimits.list'>;

const stateZh: Readonly<Record<View['rows'][number]['state'], string>> = {
  within: '限额内',
  beyond: '超限额',
  future: '未生效',
  ended: '已到期',
  rateMissing: '缺汇率',
};

/** @param on the day the amounts are of */
export function creditInsuranceReport(view: View, firm: string, on: string): ReportDocument {
  const rows: SheetRow[] = view.rows.map((row) => ({
    key: String(row.id),
    currency: row.currency,
    cells: [
      ...[row.buyer, row.insurer, row.policyNo, `${row.fromOn} 至 ${row.untilOn}`, row.currency, row.limit],
      ...[`${row.coverPercent}%`, row.open, row.overdue, row.insured, row.uninsured, stateZh[row.state]],
    ],
  }));
  for (const { currency, open, insured, uninsured } of view.totals)
    rows.push({
      key: `total ${currency}`,
      currency,
      cells: ['合计（限额有效）', '', '', '', currency, '', '', open, '', insured, uninsured, ''],
      tone: 'total',
    });
  for (const { currency, open, orders, buyers } of view.withoutLimit)
    rows.push({
      key: `without ${currency}`,
      currency,
      cells: [
        `无有效限额：${buyers} 个买家 ${orders} 单`,
        ...['', '', '', currency, '', '', open, '', '', open, '未投保'],
      ],
      tone: 'muted',
    });
  return {
    title: '应收账款投保情况表',
    form: '',
    firm,
    period: on,
    unit: '单位：各行币种；其他币种按当日有效汇率折算',
    columns: [
      reportColumn('buyer', '买家', 'text', 26),
      reportColumn('insurer', '保险人', 'text', 14),
      reportColumn('policy', '保单号', 'code', 16),
      reportColumn('dates', '限额有效期', 'code', 24),
      reportColumn('currency', '币种', 'code', 6),
      reportColumn('limit', '限额', 'amount', 15),
      reportColumn('cover', '赔偿比例', 'figure', 9),
      reportColumn('open', '应收余额', 'amount', 15),
      reportColumn('overdue', '其中超信用期', 'amount', 14),
      reportColumn('insured', '已投保金额', 'amount', 15),
      reportColumn('uninsured', '未投保金额', 'amount', 15),
      reportColumn('state', '状态', 'text', 8),
    ],
    rows,
  };
}
