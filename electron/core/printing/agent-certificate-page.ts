import { escapeHtml as html, printFont } from './html.ts';

/** A line of goods with the declaration it is of. */
export interface RequestLine {
  readonly declarationNo: string;
  readonly exportDate: string;
  readonly contractNo: string;
  readonly lineNo: number;
  readonly hsCode: string;
  readonly name: string;
  readonly unit: string;
  readonly qty: string;
  readonly currency: string;
  readonly fob: string;
}

/** 代理出口货物证明申请表 as a draft on A4 across: whose goods, by which declarations, which goods at which FOB. */
export function agentCertificatePage(
  lines: readonly RequestLine[],
  paper: {
    readonly firm: string;
    readonly uscc: string;
    readonly principalName: string;
    readonly principalCode: string;
    readonly source: string;
    readonly note: string;
    readonly madeOn: string;
  },
): string {
  const rows = lines
    .map((line, at) =>
      [
        `<td class="c">${at + 1}</td>`,
        ...[line.declarationNo, line.exportDate, line.contractNo, line.hsCode, line.name, line.unit].map(
          (text) => `<td>${html(text)}</td>`,
        ),
        ...[line.qty, line.fob].map((text) => `<td class="n">${html(text)}</td>`),
        `<td class="c">${html(line.currency)}</td>`,
      ].join(''),
    )
    .map((cells) => `<tr>${cells}</tr>`)
    .join('');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>代理出口货物证明申请表（草稿）</title><style>
@page { size: A4 landscape; margin: 13mm; }
body { margin: 0; font: 9.5pt/1.45 ${printFont}; color: #000; background: #fff; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.12em; margin: 0 0 3mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.9mm 1.2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { text-align: center; font-weight: 600; } .c { text-align: center; } .n { text-align: right; font-variant-numeric: tabular-nums; }
.h { font-size: 7.5pt; color: #444; } .above { display: grid; grid-template-columns: 1fr 1fr; gap: 1mm 6mm; margin-bottom: 2mm; }
.below { display: flex; justify-content: space-between; margin-top: 8mm; }
</style></head><body>
<h1>代理出口货物证明申请表（草稿）</h1>
<div class="above"><span>受托方（申请人）：${html(paper.firm)}</span><span>统一社会信用代码/纳税人识别号：${html(paper.uscc)}</span>
<span>委托方：${html(paper.principalName)}</span><span>统一社会信用代码/纳税人识别号：${html(paper.principalCode)}</span></div>
<table><colgroup><col style="width:9mm"><col style="width:40mm"><col style="width:20mm"><col style="width:30mm"><col style="width:25mm"><col><col style="width:14mm"><col style="width:22mm"><col style="width:26mm"><col style="width:12mm"></colgroup>
<thead><tr><th>序号</th><th>出口货物报关单号</th><th>出口日期</th><th>代理出口协议号</th><th>出口商品代码</th><th>出口商品名称</th><th>计量单位</th><th>出口数量</th><th>离岸价</th><th>币种</th></tr></thead>
<tbody>${rows}</tbody></table>
<p class="h">本表是核对用的草稿，不是税务机关的表；栏目以主管税务机关、电子税务局的现行表式为准，在那里填报。${html(paper.note)}（${html(paper.source)}）。制表日期 ${html(paper.madeOn)}。</p>
<div class="below"><span>经办人：</span><span>财务负责人：</span><span>法定代表人：</span></div>
</body></html>`;
}
