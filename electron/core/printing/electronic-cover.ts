import type { ElectronicRow } from '../../../shared/contract/evidence.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

/** The cover sheet of electronic transaction data (交易电子信息). */
export interface ElectronicCover {
  readonly firm: string;
  readonly uscc: string;
  readonly madeOn: string;
  /** What the file covers, e.g. a receipt or two days. */
  readonly scope: string;
  readonly transactions: number;
  readonly totals: readonly { readonly currency: string; readonly transactions: number; readonly amount: string }[];
  readonly totalUsd: string;
  readonly unrated: number;
  readonly limitUsd: string;
  readonly overLimit: readonly ElectronicRow[];
  readonly excepted: number;
  readonly leftOut: number;
  readonly fields: readonly string[];
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
  readonly source: string;
}

/** Named on the sheet at most; the file has them all. */
const MOST_NAMED = 60;

/** One page of A4 and more where many transactions are above the limit. Nothing is fetched, no script runs. */
export function electronicCover(of: ElectronicCover): string {
  const html = escapeHtml;
  const n = (text: string | number): string => `<td class="n">${html(groupThousands(String(text)))}</td>`;
  const totals = of.totals
    .map(({ currency, transactions, amount }) => `<tr><td>${currency}</td>${n(transactions)}${n(amount)}</tr>`)
    .join('');
  const over = of.overLimit
    .slice(0, MOST_NAMED)
    .map(
      (row) =>
        `<tr><td class="h">${html(row.orderNo)}</td><td>${row.orderedOn}</td><td>${row.currency}</td>${n(row.amount)}${n(row.amountUsd ?? '')}<td>${html(row.exception)}</td></tr>`,
    )
    .join('');
  const more =
    of.overLimit.length > MOST_NAMED
      ? `<p>另有 ${of.overLimit.length - MOST_NAMED} 笔，见文件“超单笔限额”一栏。</p>`
      : '';
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>交易电子信息 ${html(of.firm)}</title><style>
@page { size: A4 portrait; margin: 16mm 14mm;
  @top-left { content: ${cssText(`交易电子信息　${of.firm}　${of.madeOn}`)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 9.5pt/1.45 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.15em; margin: 0 0 4mm; } h2 { font-size: 10.5pt; margin: 5mm 0 1.5mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.9mm 1.4mm; text-align: left; overflow-wrap: anywhere; vertical-align: top; } th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; } .h { font: 7.5pt ${printFont}; }
.below { display: flex; justify-content: space-between; margin-top: 10mm; } .below span { min-width: 40mm; }
</style></head><body>
<h1>交易电子信息交付单</h1>
<table><tbody><tr><th>企业</th><td>${html(of.firm)}</td><th>统一社会信用代码</th><td class="h">${html(of.uscc)}</td></tr>
<tr><th>范围</th><td>${html(of.scope)}</td><th>制作日期</th><td>${of.madeOn}</td></tr></tbody></table>
<h2>一、笔数与金额</h2>
<table><thead><tr><th>币种</th><th>笔数</th><th>金额</th></tr></thead><tbody>${totals}
<tr><th>折美元合计</th>${n(of.transactions)}${n(of.totalUsd)}</tr></tbody></table>
<p>${of.unrated > 0 ? `其中 ${of.unrated} 笔没有汇率，未计入折美元合计。` : ''}三单比对不符或尚未比对的 ${of.leftOut} 笔不在文件内；带例外说明的 ${of.excepted} 笔。</p>
<h2>二、超过单笔 ${html(groupThousands(of.limitUsd))} 美元的交易：${of.overLimit.length} 笔</h2>
${over === '' ? '<p>没有。</p>' : `<table><thead><tr><th>订单编号</th><th>日期</th><th>币种</th><th>金额</th><th>折美元</th><th>例外说明</th></tr></thead><tbody>${over}</tbody></table>${more}`}
<h2>三、文件</h2>
<table><thead><tr><th>文件</th><th>字节</th><th>SHA-256</th></tr></thead><tbody>${of.files
    .map(({ name, size, sha256 }) => `<tr><td>${html(name)}</td>${n(size)}<td class="h">${sha256}</td></tr>`)
    .join('')}</tbody></table>
<p>栏目：${of.fields.map(html).join('、')}。</p>
<p>依据 ${html(of.source)}；每笔交易的订单、支付、物流信息已逐项比对，以银行和外汇局审核为准。</p>
<div class="below"><span>经办：</span><span>复核：</span><span>企业签章：</span></div>
</body></html>`;
}
