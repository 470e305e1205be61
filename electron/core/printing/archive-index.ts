import { cssText, escapeHtml, printFont } from './html.ts';

/** The first page of exported papers: which declarations, which papers, their hashes. */
export interface ArchiveIndex {
  readonly firm: string;
  readonly uscc: string;
  /** `yyyy-mm-dd`. */
  readonly date: string;
  readonly source: string;
  readonly declarations: readonly {
    readonly declarationNo: string;
    readonly mode: string;
    readonly exportDate: string;
    readonly keepUntil: string | null;
    readonly missing: readonly string[];
    readonly papers: readonly {
      readonly title: string;
      readonly path: string;
      readonly size: number;
      readonly sha256: string;
    }[];
  }[];
}

/** The page whole, styles inside, no script, nothing fetched. */
export function archiveIndexHtml(index: ArchiveIndex): string {
  const papers = index.declarations.reduce((sum, one) => sum + one.papers.length, 0);
  const sections = index.declarations.map((one) => {
    const rows = one.papers
      .map(
        ({ title, path, size, sha256 }) =>
          `<tr><td>${escapeHtml(title)}</td><td>${escapeHtml(path)}</td><td class="n">${size}</td><td class="h">${sha256}</td></tr>`,
      )
      .join('');
    const facts = [
      `监管方式 ${one.mode}`,
      `出口日期 ${one.exportDate}`,
      ...(one.keepUntil === null ? [] : [`保存至 ${one.keepUntil}`]),
    ];
    const missing =
      one.missing.length === 0 ? '' : `<p class="missing">缺 Missing：${escapeHtml(one.missing.join('、'))}</p>`;
    return `<section><h2>${escapeHtml(one.declarationNo)}</h2><p>${facts.map(escapeHtml).join(' · ')}</p>${missing}
<table><thead><tr><th>单证 Paper</th><th>文件 File</th><th>字节 Bytes</th><th>SHA-256</th></tr></thead><tbody>${rows}</tbody></table></section>`;
  });
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>备案单证目录 Index of papers</title><style>
@page { size: A4; margin: 16mm 15mm 14mm;
  @top-left { content: ${cssText(`备案单证目录　${index.firm}　${index.date}`)}; font: 7.5pt ${printFont}; } }
body { font-family: ${printFont}; color: #1c1a17; font-size: 9.5pt; line-height: 1.5; }
h1 { font-size: 16pt; margin: 0 0 2mm; } h2 { font: 11pt ${printFont}; margin: 6mm 0 1mm; }
p { margin: 0 0 1mm; } .missing { color: #a12a1e; } section { break-inside: auto; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; } tr { break-inside: avoid; } th, td { border: 0.5pt solid #b9b2a6; padding: 1mm 1.5mm; text-align: left; vertical-align: top; }
.n { text-align: right; } .h { font: 6.5pt ${printFont}; word-break: break-all; width: 58mm; }
</style></head><body>
<h1>出口退（免）税备案单证目录 Index of papers on file</h1>
<p>${escapeHtml(index.firm)} ${escapeHtml(index.uscc)}</p>
<p>导出日期 ${index.date} · 报关单 ${index.declarations.length} · 单证 ${papers}</p>
<p>依据 ${escapeHtml(index.source)}；以主管部门最新要求为准。</p>
${sections.join('\n')}
</body></html>`;
}
