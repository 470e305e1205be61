import type { OutputOf } from '../../../shared/contract/contract.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import { feeTypeZh, nettingStateZh } from '../exporters/supervision-reports.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

type Netting = OutputOf<'netting.get'>;

/** `-1234.5` as paper has it: groups of three and a true minus. */
const printed = (text: string): string => groupThousands(text).replace('-', '\u2212');

/**
 * A netting sheet (轧差核对表) on A4, black on white: gross, deductions with their vouchers, net; the legs to declare, actual and
 * restored, with their codes; room to sign. A sheet that is not confirmed says so behind every page. Nothing is fetched, no script runs.
 */
export function nettingPage(
  view: Netting,
  paper: { readonly firm: string; readonly uscc: string; readonly madeOn: string },
): string {
  const { currency } = view;
  const html = escapeHtml;
  const figure = (text: string): string => `<td class="n">${html(printed(text))}</td>`;
  const papers = [
    ...(view.goodsPaper === undefined ? [] : [view.goodsPaper]),
    ...view.fees.flatMap(({ paper: one }) => one ?? []),
  ];
  const sealOf = (one: Netting['goodsPaper']): string =>
    one === undefined ? '—' : `${html(one.fileName)}<br><span class="h">SHA-256 ${one.sha256.slice(0, 16)}…</span>`;
  const postedOf = ({ postedBy, document }: Netting['fees'][number]): string =>
    postedBy === 'payout' ? '平台结算单' : postedBy === 'none' ? '—' : html(document?.number ?? '');
  const fees = view.fees
    .map(
      (fee, at) =>
        `<tr><td class="c">${at + 1}</td><td>${html(feeTypeZh(fee.type))}${fee.text === '' ? '' : `<br>${html(fee.text)}`}</td><td>${html(fee.payee)}</td><td>${html(fee.invoiceNo)}</td><td>${sealOf(fee.paper)}</td><td>${postedOf(fee)}</td>${figure(fee.amount)}</tr>`,
    )
    .join('');
  const isOut = view.net.startsWith('-');
  const legs = [
    `<tr class="strong"><td>实际收付</td><td class="c">${isOut ? '支出' : '收入'}</td><td class="c">${html(view.actualCode)}</td>${figure(isOut ? view.net.slice(1) : view.net)}<td>${html(view.record === undefined ? '' : `${view.record.number}　${view.record.date}`)}</td></tr>`,
    ...view.restored.map(
      (leg, at) =>
        `<tr><td>还原：${at === 0 ? '货款' : html(feeTypeZh(view.fees[at - 1]?.type ?? 'other'))}</td><td class="c">${leg.direction === 'IN' ? '收入' : '支出'}</td><td class="c">${html(leg.code)}</td>${figure(leg.amount)}<td>${at === 0 ? html(view.goodsEvidence) : html(view.fees[at - 1]?.invoiceNo ?? '')}</td></tr>`,
    ),
  ].join('');
  const head = `轧差核对表　${view.number}　${paper.firm}　${nettingStateZh[view.state]}`;
  const mark = view.state === 'confirmed' ? '' : `<div class="watermark">${nettingStateZh[view.state]}</div>`;
  const [pack] = view.calculation.packs;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>轧差核对表 ${html(view.number)}</title><style>
@page { size: A4 portrait; margin: 16mm 13mm 14mm;
  @top-left { content: ${cssText(head)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 9.5pt/1.4 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 16pt; text-align: center; letter-spacing: 0.2em; margin: 0 0 3mm; } h2 { font-size: 10.5pt; margin: 4mm 0 1.5mm; break-after: avoid; }
.above { display: flex; justify-content: space-between; margin-bottom: 1.5mm; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.9mm 1.3mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { text-align: center; font-weight: 600; } .n { text-align: right; white-space: nowrap; overflow-wrap: normal; } .c { text-align: center; }
.strong td { font-weight: 700; } .h { font: 6.5pt ${printFont}; }
.proof { border: 0.8pt solid #000; padding: 2mm 3mm; font-size: 11pt; text-align: center; margin: 3mm 0; }
.below { display: flex; justify-content: space-between; margin-top: 8mm; } .below span { min-width: 40mm; }
.watermark { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 110pt; opacity: 0.07; transform: rotate(-30deg); z-index: -1; }
</style></head><body>${mark}
<h1>轧差核对表</h1>
<div class="above"><span>企业：${html(paper.firm)}</span><span>统一社会信用代码：${html(paper.uscc)}</span></div>
<div class="above"><span>编号：${html(view.number)}　${nettingStateZh[view.state]}</span><span>结算日期：${view.date}</span><span>币种：${currency}</span></div>
<div class="above"><span>对方：${html([view.counterparty, view.counterpartyCountry].filter((one) => one !== '').join('　'))}</span><span>${view.payout === undefined ? '' : `平台结算单：${html(view.payout.number)}`}</span></div>
<div class="proof">货款总额 ${printed(view.gross)} − 扣减合计 ${printed(view.feesTotal)} = 轧差净额 <b>${printed(view.net)}</b> ${currency}</div>
<h2>一、货款与扣减</h2>
<table><colgroup><col style="width:8mm"><col style="width:24mm"><col style="width:30mm"><col style="width:34mm"><col><col style="width:23mm"><col style="width:26mm"></colgroup>
<thead><tr><th>序号</th><th>项目</th><th>收款方</th><th>发票或对账单号</th><th>归档单证</th><th>记账</th><th>金额</th></tr></thead><tbody>
<tr class="strong"><td class="c"></td><td>货款总额</td><td>${html(view.counterparty)}</td><td>${html(view.goodsEvidence)}</td><td>${sealOf(view.goodsPaper)}</td><td></td>${figure(view.gross)}</tr>
${fees}
<tr class="strong"><td class="c"></td><td colspan="5">扣减合计</td>${figure(view.feesTotal)}</tr>
<tr class="strong"><td class="c"></td><td colspan="5">轧差净额</td>${figure(view.net)}</tr></tbody></table>
<h2>二、国际收支申报：实际收付与还原数据</h2>
<table><colgroup><col style="width:36mm"><col style="width:16mm"><col style="width:28mm"><col style="width:34mm"><col></colgroup>
<thead><tr><th>数据</th><th>收支</th><th>交易编码</th><th>金额（${currency}）</th><th>凭证</th></tr></thead><tbody>${legs}</tbody></table>
${view.note === '' ? '' : `<p>备注：${html(view.note)}</p>`}
<p>归档单证 ${papers.length} 件。依据 ${html(pack?.source ?? '')}；费用的交易编码由银行确认，以主管部门最新要求为准。制表日期 ${paper.madeOn}。</p>
<div class="below"><span>单位负责人：</span><span>财务负责人：</span><span>复核：</span><span>制表：</span></div>
</body></html>`;
}
