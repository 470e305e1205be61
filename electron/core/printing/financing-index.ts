import { escapeHtml, printFont } from './html.ts';

/** The first page of a financing data pack: what it is for, what is in it and what is left out, who agreed, every file with its hash. */
export interface FinancingIndex {
  readonly number: string;
  readonly firm: string;
  readonly uscc: string;
  readonly bank: string;
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly agreedBy: string;
  readonly agreedOn: string;
  readonly consent: {
    readonly version: string;
    readonly textSha256: string;
    readonly text: readonly string[];
    readonly leftOut: readonly { readonly zh: string }[];
  };
  /** With the days each is of, or the day it is as of. */
  readonly sections: readonly {
    readonly title: string;
    readonly of: string;
    readonly total: number;
    readonly beyond: number;
  }[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** The page whole, styles inside, no script, nothing fetched. */
export function financingIndexHtml(index: FinancingIndex): string {
  const html = escapeHtml;
  const list = (items: readonly string[]): string => `<ul>${items.map((one) => `<li>${html(one)}</li>`).join('')}</ul>`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>融资数据包 ${html(index.number)}</title><style>
@page { size: A4 portrait; margin: 15mm 13mm; }
body { margin: 0; font: 9.5pt/1.5 ${printFont}; color: #000; background: #fff; }
h1 { font-size: 16pt; text-align: center; margin: 0 0 3mm; } h2 { font-size: 11pt; margin: 4mm 0 1.5mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; } tr { break-inside: avoid; } th, td { border: 0.4pt solid #000; padding: 0.8mm 1.4mm; text-align: left; overflow-wrap: anywhere; }
.n { text-align: right; } .h { font: 7pt ${printFont}; } ul { margin: 0; padding-left: 5mm; } p { margin: 0 0 1mm; }
</style></head><body><h1>融资数据包 ${html(index.number)}</h1>
<p>${html(index.firm)}　${html(index.uscc)}</p>
<p>提供给：${html(index.bank)}　用途：${html(index.purpose)}　期间：${html(index.from)} 至 ${html(index.to)}</p>
<h2>内容</h2><table><thead><tr><th>内容</th><th>期间或截止日</th><th>行数</th><th>未放入的行数</th></tr></thead><tbody>${index.sections
    .map(
      ({ title, of, total, beyond }) =>
        `<tr><td>${html(title)}</td><td>${html(of)}</td><td class="n">${total}</td><td class="n">${beyond}</td></tr>`,
    )
    .join('')}</tbody></table>
<h2>不放入与遮盖的内容</h2>${list(index.consent.leftOut.map(({ zh }) => zh))}
<h2>同意（第 ${html(index.consent.version)} 版）</h2>${index.consent.text.map((one) => `<p>${html(one)}</p>`).join('')}
<p>同意人：${html(index.agreedBy)}　日期：${html(index.agreedOn)}</p><p class="h">${index.consent.textSha256}</p>
<h2>目录</h2><table><thead><tr><th>文件</th><th>SHA-256</th></tr></thead><tbody>${index.files
    .map(({ path, sha256 }) => `<tr><td>${html(path)}</td><td class="h">${sha256}</td></tr>`)
    .join('')}</tbody></table>
<p>SHA256SUMS 列出以上各文件和本页的校验值，可用 sha256sum -c SHA256SUMS 核对。</p>
</body></html>`;
}
