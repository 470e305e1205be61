import type { EvidenceSection, EvidenceView } from '../../../shared/contract/evidence.ts';
import { fillIn } from '../../../shared/i18n/fill.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

/** The first page of an evidence pack (证据包): what it proves, section by section, what is missing, and every file with its hash. */
export interface EvidenceIndex {
  readonly firm: string;
  readonly uscc: string;
  readonly madeOn: string;
  readonly subject: EvidenceView['subject'];
  readonly sections: readonly EvidenceSection[];
  readonly gaps: EvidenceView['gaps'];
  readonly files: readonly {
    readonly path: string;
    readonly title: string;
    readonly size: number;
    readonly sha256: string;
  }[];
  readonly retentionYears: number;
}

const kinds = { record: '收付款记录', shipment: '货运' } as const;

/** What is missing, in words; the desk has the same in both languages. */
const gapTexts: Readonly<Record<string, string>> = {
  slip: '{number} 没有银行收付款凭证',
  unallocated: '{number} 还有 {currency} {amount} 没有分摊',
  undeclared: '{number} 还没有涉外收入申报，期限 {declareBy}',
  unposted: '{number} 还没有记账',
  noOrder: '{number} 没有对应的订单或报关单',
  noReceipt: '{number} 没有对应的收款',
  payment: '{count} 笔订单没有支付单（{first} 等）',
  waybill: '{count} 笔订单没有运单（{first} 等）',
  list: '{count} 笔订单没有清单或报关单（{first} 等）',
  unreleased: '{count} 笔订单的清单还没有放行（{first} 等）',
  papers: '{count} 份报关单缺备案单证（{first} 等）',
  nettingPaper: '{count} 张轧差核对表不齐（{first} 等）',
  match: '{count} 笔订单三单比对不符或未比对（{first} 等）',
};

export function gapText({ code, params }: EvidenceView['gaps'][number]): string {
  return fillIn(gapTexts[code] ?? code, (name) => params[name]);
}

const cellText = (cell: EvidenceSection['rows'][number]['cells'][number]): string =>
  typeof cell === 'string' ? cell : cell.zh;

function sectionHtml({ title, columns, rows, total }: EvidenceSection, at: number): string {
  const cell = (text: string, kind: string): string =>
    kind === 'amount'
      ? `<td class="n">${escapeHtml(groupThousands(text).replace('-', '\u2212'))}</td>`
      : `<td${kind === 'code' ? ' class="h"' : ''}>${escapeHtml(text)}</td>`;
  const body = rows
    .map(
      ({ cells }) =>
        `<tr>${cells.map((one, column) => cell(cellText(one), columns[column]?.kind ?? 'text')).join('')}</tr>`,
    )
    .join('');
  const rest = total > rows.length ? `<p>共 ${total} 行，以上 ${rows.length} 行，全部见 data 文件夹。</p>` : '';
  return `<h2>${at}. ${escapeHtml(title.zh)} ${escapeHtml(title.en)}（${total}）</h2>
<table><thead><tr>${columns.map((one) => `<th>${escapeHtml(one.title.zh)}</th>`).join('')}</tr></thead><tbody>${body}</tbody></table>${rest}`;
}

/** The page whole, landscape A4, styles inside; nothing is fetched, no script runs. */
export function evidenceIndexHtml(of: EvidenceIndex): string {
  const { subject } = of;
  const head = `证据包　${kinds[subject.kind]} ${subject.number}　${of.firm}　${of.madeOn}`;
  const gaps =
    of.gaps.length === 0
      ? '<p>没有缺少的材料。</p>'
      : `<ul>${of.gaps.map((gap) => `<li>${gap.level === 'reject' ? '【缺】' : '【提醒】'}${escapeHtml(gapText(gap))}</li>`).join('')}</ul>`;
  const files = of.files
    .map(
      ({ path, title, size, sha256 }) =>
        `<tr><td>${escapeHtml(title)}</td><td>${escapeHtml(path)}</td><td class="n">${size}</td><td class="h">${sha256}</td></tr>`,
    )
    .join('');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>证据包 ${escapeHtml(subject.number)}</title><style>
@page { size: A4 landscape; margin: 15mm 12mm 12mm;
  @top-left { content: ${cssText(head)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 8pt/1.4 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 15pt; margin: 0 0 2mm; } h2 { font-size: 10pt; margin: 4mm 0 1mm; break-after: avoid; } p, ul { margin: 0 0 1mm; } ul { padding-left: 5mm; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #888; padding: 0.6mm 1.1mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; } th { font-weight: 600; white-space: nowrap; }
.n { text-align: right; white-space: nowrap; } .h { font: 7pt ${printFont}; word-break: break-all; }
</style></head><body>
<h1>证据包 Evidence pack</h1>
<p>${escapeHtml(of.firm)} ${escapeHtml(of.uscc)}</p>
<p>${kinds[subject.kind]} <b>${escapeHtml(subject.number)}</b>　${subject.date}　制作日期 ${of.madeOn}　文件 ${of.files.length} 个　至少保存 ${of.retentionYears} 年</p>
<h2>缺少 Missing</h2>
${gaps}
${of.sections.map((section, index) => sectionHtml(section, index + 1)).join('\n')}
<h2>文件 Files</h2>
<table><thead><tr><th>名称</th><th>文件</th><th>字节</th><th>SHA-256</th></tr></thead><tbody>${files}</tbody></table>
<p>全部文件的散列值另见 SHA256SUMS；以主管部门最新要求为准。</p>
</body></html>`;
}
