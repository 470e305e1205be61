import type { LiveSessionRules, SessionGap } from '../../../shared/rules/live-session.ts';
import type { LiveSession } from '../store/live-sessions.ts';
import { escapeHtml, printFont } from './html.ts';

const gapZh: Readonly<Record<SessionGap['code'], string>> = {
  host: '主播未填',
  identity: '实名核验日期未填',
  recording: '录像存放处未填',
  goods: '没有登记商品',
  evidence: '说法缺依据',
  priceProof: '价格缺依据',
  unanswered: '未核对',
  failed: '不符合，未写处理',
};
const answerZh = { yes: '符合', no: '不符合', none: '不适用' } as const;

/** 直播合规记录表 on A4: who, what was said of each good and what proves it, the list of checks, where the recording lies and until when. */
export function liveSessionPage(
  session: LiveSession & {
    readonly keepUntil: string;
    readonly gaps: readonly SessionGap[];
    readonly items: LiveSessionRules['items'];
    readonly names: ReadonlyMap<string, string>;
  },
  paper: { readonly firm: string; readonly uscc: string; readonly source: string; readonly madeOn: string },
): string {
  const html = escapeHtml;
  const { body, items, gaps, names } = session;
  const goods = body.goods
    .map(
      ({ sku, claims, evidence, price, priceProof }) =>
        `<tr><td>${html(sku)}<br>${html(names.get(sku) ?? '')}</td><td>${html(claims)}</td><td>${html(evidence)}</td><td>${html(price)}</td><td>${html(priceProof)}</td></tr>`,
    )
    .join('');
  const checks = items
    .map(({ id, zh, source }, at) => {
      const given = body.answers[id];
      return `<tr><td class="c">${at + 1}</td><td>${html(zh)}<br><span class="h">${html(source)}</span></td><td class="c">${given === undefined ? '' : answerZh[given.answer]}</td><td>${html(given?.note ?? '')}</td></tr>`;
    })
    .join('');
  const nameOf = ({ code, at }: SessionGap): string => {
    const item = items.findIndex(({ id }) => id === at);
    return `${item >= 0 ? `第 ${item + 1} 项` : names.has(at) ? at : ''}${gapZh[code]}`;
  };
  const open =
    gaps.length === 0
      ? '<p>各项齐全。</p>'
      : `<p><b>还缺 ${gaps.length} 项：</b>${html(gaps.map(nameOf).join('；'))}</p>`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>直播合规记录表 ${html(session.number)}</title><style>
@page { size: A4 portrait; margin: 15mm 13mm; }
body { margin: 0; font: 9.5pt/1.45 ${printFont}; color: #000; background: #fff; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.15em; margin: 0 0 3mm; } h2 { font-size: 10.5pt; margin: 4mm 0 1.5mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.9mm 1.3mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { text-align: center; font-weight: 600; } .c { text-align: center; } .h { font-size: 7.5pt; color: #444; }
.above { display: grid; grid-template-columns: 1fr 1fr; gap: 1mm 6mm; } .below { display: flex; justify-content: space-between; margin-top: 8mm; }
</style></head><body>
<h1>直播合规记录表</h1>
<div class="above"><span>企业：${html(paper.firm)}</span><span>统一社会信用代码：${html(paper.uscc)}</span>
<span>编号：${html(session.number)}</span><span>直播：${html([session.heldOn, body.startsAt, body.minutes === 0 ? '' : `${body.minutes} 分钟`].filter(Boolean).join('　'))}</span>
<span>主题：${html(body.title)}</span><span>平台：${html(body.platform)}</span>
<span>主播：${html(body.host)}</span><span>实名核验：${html(body.hostVerifiedOn ?? '')}</span>
<span>直播间运营者：${html(body.operator)}</span><span>录像：${html(body.recording)}　保存至 ${html(session.keepUntil)}</span></div>
<h2>一、商品、说法与价格</h2>
<table><colgroup><col style="width:34mm"><col><col><col style="width:22mm"><col></colgroup>
<thead><tr><th>商品</th><th>直播中的说法</th><th>依据</th><th>价格</th><th>价格依据</th></tr></thead><tbody>${goods}</tbody></table>
<h2>二、核对</h2>
<table><colgroup><col style="width:9mm"><col><col style="width:18mm"><col style="width:52mm"></colgroup>
<thead><tr><th>序号</th><th>事项</th><th>结果</th><th>说明</th></tr></thead><tbody>${checks}</tbody></table>
${open}${body.note === '' ? '' : `<p>备注：${html(body.note)}</p>`}
<p class="h">依据：${html(paper.source)}。条文以现行公布的为准。制表日期 ${html(paper.madeOn)}。</p>
<div class="below"><span>主播：</span><span>复核：</span><span>制表：</span></div>
</body></html>`;
}
