/** 信用承诺书 on A4, to be signed and stamped: nothing is fetched, no script runs. */
import { cssText, escapeHtml, printFont } from './html.ts';

export interface PrintedPledge {
  readonly number: string;
  readonly title: string;
  readonly version: string;
  readonly text: readonly string[];
  /** Something is not filled in yet: the page says so behind its text. */
  readonly isIncomplete: boolean;
  readonly isRevoked: boolean;
  readonly signedOn: string | null;
  readonly source: string;
}

export function pledgePage(pledge: PrintedPledge): string {
  const mark = pledge.isRevoked ? '已撤回' : pledge.isIncomplete ? '草稿' : '';
  const signed = pledge.signedOn === null ? '　　　年　　　月　　　日' : pledge.signedOn;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(pledge.title)} ${escapeHtml(pledge.number)}</title><style>
@page { size: A4 portrait; margin: 25mm 24mm 20mm;
  @bottom-left { content: ${cssText(`${pledge.number}　模板版本 ${pledge.version}`)}; font: 8pt ${printFont}; } }
body { margin: 0; font: 12pt/1.9 ${printFont}; color: #000; background: #fff; }
h1 { font-size: 20pt; text-align: center; letter-spacing: 0.2em; margin: 0 0 10mm; }
p { margin: 0 0 2mm; text-indent: 2em; overflow-wrap: anywhere; } p.flush { text-indent: 0; }
.sign { margin-top: 12mm; display: flex; justify-content: space-between; }
.note { margin-top: 10mm; font-size: 8.5pt; line-height: 1.4; color: #444; text-indent: 0; }
.watermark { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 110pt; opacity: 0.07; transform: rotate(-30deg); z-index: -1; }
</style></head><body>${mark === '' ? '' : `<div class="watermark">${mark}</div>`}
<h1>${escapeHtml(pledge.title)}</h1>
${pledge.text.map((one, at) => `<p${at === 0 ? ' class="flush"' : ''}>${escapeHtml(one)}</p>`).join('\n')}
<div class="sign"><span>单位（盖章）：</span><span>签字：</span><span>签署日期：${escapeHtml(signed)}</span></div>
<p class="note">${escapeHtml(pledge.source)}</p>
</body></html>`;
}
