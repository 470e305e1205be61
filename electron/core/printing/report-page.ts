import { PortbookError } from '../../../shared/errors.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import type { SheetRow } from '../../../shared/reports/sheet.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { escapeHtml, printFont } from './html.ts';

/** More rows than anybody prints; the workbook takes them all. */
const MOST_ROWS = 5000;

/** `-1234.5` as paper has it: groups of three and a true minus. */
function printed(text: string): string {
  return groupThousands(text).replace('-', '\u2212');
}

/**
 * Reports as one whole document for A4, black on white, each from the top of a page: the heading of its form, the table with its head
 * repeated on every page, room to sign. They lie as the first one does. Nothing is fetched, no script runs. Refusal:
 * `REPORT_TOO_LONG` {most} for all of them together.
 */
export function reportPage(report: ReportDocument, ...more: readonly ReportDocument[]): { html: string; rows: number } {
  let rows = 0;
  const parts = [report, ...more].map((one) => {
    const lines: string[] = [];
    for (const row of one.rows) {
      if (rows === MOST_ROWS) throw new PortbookError('REPORT_TOO_LONG', { most: MOST_ROWS });
      lines.push(rowHtml(one, row));
      rows += 1;
    }
    return partHtml(one, lines);
  });
  const isWide = report.columns.length > 5;
  const html = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(report.title)}</title><style>
@page { size: A4 ${isWide ? 'landscape' : 'portrait'}; margin: 12mm; }
body { margin: 0; font: ${isWide ? 8 : 9.5}pt/1.35 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 15pt; text-align: center; margin: 0 0 2mm; letter-spacing: 0.1em; }
.form { text-align: right; }
.above, .below { display: flex; justify-content: space-between; margin-bottom: 1.5mm; }
.above { gap: 5mm; } .above span:nth-child(2) { text-align: center; } .above span:last-child { flex: none; text-align: right; }
.below { margin-top: 4mm; }
.below span { min-width: 40mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.8mm 1.2mm; overflow-wrap: anywhere; }
th { text-align: center; font-weight: 600; }
.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.strong td { font-weight: 600; }
section + section { break-before: page; }
</style></head><body>
${parts.join('\n')}
</body></html>`;
  return { html, rows };
}

const books = ['单位负责人', '财务负责人', '复核', '制表'];

function partHtml(report: ReportDocument, lines: readonly string[]): string {
  const total = report.columns.reduce((sum, { width }) => sum + width, 0);
  const columns = report.columns
    .map(({ width }) => `<col style="width:${((width / total) * 100).toFixed(2)}%">`)
    .join('');
  const head = report.columns.map(({ titleZh }) => `<th>${escapeHtml(titleZh)}</th>`).join('');
  const signs = (report.signs ?? books).map((who) => `<span>${escapeHtml(who)}：</span>`).join('');
  return `<section>
<h1>${escapeHtml(report.title)}</h1>
${report.form === '' ? '' : `<div class="form">${escapeHtml(report.form)}</div>`}
<div class="above"><span>编制单位：${escapeHtml(report.firm)}</span><span>${escapeHtml(report.period)}</span><span>${escapeHtml(report.unit)}</span></div>
<table><colgroup>${columns}</colgroup><thead><tr>${head}</tr></thead><tbody>
${lines.join('\n')}
</tbody></table>
<div class="below">${signs}</div>
</section>`;
}

function rowHtml({ columns }: ReportDocument, row: SheetRow): string {
  const cells = columns.map(({ kind }, at) => {
    const text = row.cells[at] ?? '';
    if (kind === 'amount' || kind === 'figure') return `<td class="number">${escapeHtml(printed(text))}</td>`;
    const indent =
      kind === 'text' && at <= 1 && (row.indent ?? 0) > 0
        ? ` style="padding-left:${1.2 + 3 * (row.indent ?? 0)}mm"`
        : '';
    return `<td${indent}>${escapeHtml(text)}</td>`;
  });
  const isStrong = row.tone === 'total' || row.tone === 'heading';
  return `<tr${isStrong ? ' class="strong"' : ''}>${cells.join('')}</tr>`;
}
