/** 制单差错率: documents made by each clerk, and what review and customs found in them. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';

export function clerkRateReport(
  { rows, unclaimed }: OutputOf<'review.rates'>,
  firm: string,
  from: string,
  until: string,
): ReportDocument {
  const cells = rows.map(
    ({ clerk, made, marked, marks, rejected, wrong, rate = '', approved, missed }): SheetRow => ({
      key: clerk,
      currency: 'CNY',
      cells: [clerk, ...[made, marked, marks, rejected, wrong].map(String), rate, String(approved), String(missed)],
    }),
  );
  if (unclaimed > 0)
    cells.push({
      key: '',
      currency: 'CNY',
      cells: ['未登记制单人', String(unclaimed), '', '', '', '', '', '', ''],
      tone: 'muted',
    });
  return {
    title: '制单差错率',
    form: '',
    firm,
    period: `${from} 至 ${until}`,
    unit: '单位：份；差错率为百分比',
    columns: [
      reportColumn('clerk', '制单人', 'text', 14),
      reportColumn('made', '制单', 'figure', 9),
      reportColumn('marked', '复核有问题', 'figure', 11),
      reportColumn('marks', '问题处数', 'figure', 9),
      reportColumn('rejected', '海关退单', 'figure', 9),
      reportColumn('wrong', '有差错', 'figure', 9),
      reportColumn('rate', '差错率 %', 'figure', 9),
      reportColumn('approved', '复核通过', 'figure', 9),
      reportColumn('missed', '通过后被退', 'figure', 11),
    ],
    rows: cells,
  };
}
