/** 企业信用自评与记录: the firm's own score with each deduction, and what is on record, as one sheet for paper and workbook. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { BehaviourCode } from '../../../shared/credit/score.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from './report-document.ts';

/** What each code is called on paper. */
export const behaviourTitles: Readonly<Record<BehaviourCode, string>> = {
  smuggling: '走私',
  penaltyLarge: '较大行政处罚',
  penalty: '其他行政处罚',
  taxUnpaid: '长期欠税',
  lateDeclaration: '滞报',
  creditReportMissed: '贸易信贷应报未报',
  unmatchedReceipts: '未核对收款偏多',
  papersMissing: '备案单证逾期不齐',
  redFlagHigh: '未了结的高风险提示',
  rejected: '退单',
  corrected: '改单',
  withdrawn: '撤单',
  overdue: '逾期未办',
};

const states = { future: '未生效', current: '有效', past: '以往', ended: '已到期', removed: '已移除' } as const;
const day = (date: string): string =>
  `${date.slice(0, 4)}年${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`;

export function creditReport(
  score: OutputOf<'credit.score'>,
  records: OutputOf<'creditRecords.list'>['rows'],
  firm: string,
): ReportDocument {
  const rows: SheetRow[] = [];
  const put = (cells: readonly string[], of: Partial<SheetRow> = {}): void => {
    rows.push({ key: String(rows.length), cells, ...of });
  };
  put(['自评分', score.on, `${score.score} 分 ${score.level.zh}`, String(score.score)], { tone: 'total' });
  put(['起评', '', `近 ${score.figures.months} 个月，${score.from} 以后`, String(score.start)], { indent: 1 });
  for (const { code, count, rows: of, deducted, cannotTell } of score.items) {
    if (count === 0 && !cannotTell) continue;
    const said = [count === 0 ? '' : `${count} 项`, cannotTell ? '缺汇率，算不全' : '']
      .filter((one) => one !== '')
      .join('，');
    put([behaviourTitles[code], '', said, deducted === 0 ? '0' : `-${deducted}`], { tone: 'heading' });
    for (const row of of)
      put([row.label.zh, row.date, row.detail.zh, row.deducted === 0 ? '' : `-${row.deducted}`], { indent: 1 });
  }
  put(['等级、证书与决定', '', '', ''], { tone: 'heading' });
  for (const { number, body, title, state } of records) {
    if (state === 'removed') continue;
    const valid = body.validTo === null ? '' : `有效期至 ${body.validTo}`;
    put(
      [
        `${number} ${title.zh}`,
        body.date,
        [body.source, valid, states[state]].filter((one) => one !== '').join(' · '),
        '',
      ],
      {
        indent: 1,
      },
    );
  }
  put(['说明', '', `企业自评，非任何部门的信用等级。${score.source}`, '']);
  return {
    ...{ title: '企业信用自评与记录', form: '', firm, period: day(score.on), unit: '单位：分' },
    columns: [
      ...[reportColumn('item', '项目', 'text', 34), reportColumn('date', '日期', 'text', 12)],
      ...[reportColumn('detail', '内容', 'text', 46), reportColumn('points', '分', 'figure', 8)],
    ],
    rows,
  };
}
