import type { PayoutView } from '../../../shared/contract/payouts.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import { categoryTexts, groupTexts, type PayoutText, proofTexts, sheetTexts } from '../../../shared/payouts/index.ts';
import type { WorksheetPaper } from '../exporters/worksheet-workbook.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

/** `-1234.50` as paper has it: groups of three and a true minus. */
const printed = (text: string): string => groupThousands(text).replace('-', '\u2212');

/** Share of the largest step, as the width of its bar. */
const widest = 40;

/**
 * The explosion of a payout as one whole page for A4, black on white: what it is and how it was proved, every step from gross to net with
 * its bar, the months, the descriptions. Nothing is fetched, no script runs.
 */
export function payoutPageHtml(payout: PayoutView, paper: WorksheetPaper): string {
  const word = (text: PayoutText): string => escapeHtml(paper.locale === 'zh-CN' ? text.zh : text.en);
  const { currency } = payout;
  const layout = paper.locale === 'zh-CN' ? payout.layoutZh : payout.layoutEn;
  const facts: readonly (readonly [PayoutText, string])[] = [
    [sheetTexts.firm, paper.firm],
    [sheetTexts.report, layout],
    [sheetTexts.store, payout.store === '' ? '—' : payout.store],
    [sheetTexts.number, payout.number],
    [sheetTexts.days, `${payout.fromOn} — ${payout.toOn}`],
    [sheetTexts.zone, payout.zone === '' ? '—' : payout.zone],
    [sheetTexts.depositOn, payout.depositOn ?? '—'],
    [sheetTexts.total, `${currency} ${printed(payout.total)}`],
    [sheetTexts.deposit, payout.deposit === undefined ? '—' : `${currency} ${printed(payout.deposit)}`],
    [sheetTexts.proof, paper.locale === 'zh-CN' ? proofTexts[payout.proof].zh : proofTexts[payout.proof].en],
    [sheetTexts.reserves, `${printed(payout.reserveOpening)} / ${printed(payout.reserveClosing)}`],
    [sheetTexts.lines, `${payout.lines} / ${payout.orders}`],
    [sheetTexts.file, payout.fileName],
    [sheetTexts.madeOn, paper.madeOn],
  ];
  const most = Math.max(1, ...payout.steps.map(({ amount }) => Math.abs(Number(amount))));
  let running = 0n;
  const digits = payout.total.split('.')[1]?.length ?? 0;
  const minorOf = (text: string): bigint => BigInt(text.replace('.', ''));
  const majorOf = (minor: bigint): string => {
    const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
    const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
    return minor < 0n ? `-${whole}` : whole;
  };
  const steps = payout.steps.map(({ group, amount, lines, categories }) => {
    running += minorOf(amount);
    const width = (Math.abs(Number(amount)) / most) * widest;
    const inner = categories
      .map((one) => `${word(categoryTexts[one.category])} ${printed(one.amount)}`)
      .join(paper.locale === 'zh-CN' ? '；' : '; ');
    return `<tr><td>${word(groupTexts[group])}</td><td class="small">${inner}</td><td class="number">${lines}</td>
<td class="number">${printed(amount)}</td><td><span class="bar${amount.startsWith('-') ? ' out' : ''}" style="width:${width.toFixed(1)}mm"></span></td><td class="number">${printed(majorOf(running))}</td></tr>`;
  });
  const months = payout.months.flatMap(({ month, amount, categories, document }) => [
    `<tr class="strong"><td>${escapeHtml(month)}</td><td>${escapeHtml(document?.number ?? '')}</td><td></td><td class="number">${printed(amount)}</td></tr>`,
    ...categories.map(
      (one) =>
        `<tr><td></td><td>${word(categoryTexts[one.category])}</td><td class="number">${one.lines}</td><td class="number">${printed(one.amount)}</td></tr>`,
    ),
  ]);
  const kinds = payout.kinds.map(
    (one) =>
      `<tr><td>${escapeHtml(one.type)}</td><td>${escapeHtml(one.detail)}</td><td>${word(categoryTexts[one.category])}</td><td class="number">${one.lines}</td><td class="number">${printed(one.amount)}</td></tr>`,
  );
  const head = (...texts: readonly PayoutText[]): string =>
    `<thead><tr>${texts.map((text) => `<th>${word(text)}</th>`).join('')}</tr></thead>`;
  const title = `${paper.locale === 'zh-CN' ? sheetTexts.title.zh : sheetTexts.title.en} ${payout.number}`;
  return `<!doctype html>
<html lang="${paper.locale}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>
@page { size: A4 portrait; margin: 14mm 12mm; @top-left { content: ${cssText(`${paper.firm}　${title}`)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 9pt/1.4 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 15pt; margin: 0 0 3mm; } h2 { font-size: 11pt; margin: 6mm 0 2mm; break-after: avoid; } h2 small { font-weight: 400; font-size: 8.5pt; }
dl { display: grid; grid-template-columns: 32mm 1fr 32mm 1fr; gap: 0.8mm 2mm; margin: 0; } dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.8mm 1.2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; } .small { font-size: 7.5pt; } .strong td { font-weight: 600; }
.bar { display: inline-block; height: 2.6mm; background: #000; } .bar.out { background: #fff; border: 0.4pt solid #000; }
.below { display: flex; justify-content: space-between; margin-top: 6mm; } .below span { min-width: 50mm; }
</style></head><body>
<h1>${escapeHtml(title)}</h1>
<dl>${facts.map(([name, value]) => `<dt>${word(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<h2>${word(sheetTexts.summary)} <small>${escapeHtml(currency)}</small></h2>
<table>${head(sheetTexts.step, sheetTexts.category, sheetTexts.count, sheetTexts.amount, { zh: '', en: '' }, sheetTexts.running)}<tbody>${steps.join('\n')}
<tr class="strong"><td colspan="3">${word(sheetTexts.total)}</td><td class="number">${printed(payout.total)}</td><td></td><td class="number">${printed(majorOf(running))}</td></tr></tbody></table>
<h2>${word(sheetTexts.months)} <small>${word(payout.monthsOf === 'own' ? sheetTexts.monthsOwn : sheetTexts.monthsChina)}</small></h2>
<table>${head(sheetTexts.month, sheetTexts.category, sheetTexts.count, sheetTexts.amount)}<tbody>${months.join('\n')}</tbody></table>
<h2>${word(sheetTexts.kinds)}</h2>
<table>${head(sheetTexts.type, sheetTexts.detail, sheetTexts.category, sheetTexts.count, sheetTexts.amount)}<tbody>${kinds.join('\n')}</tbody></table>
<div class="below"><span>${word(sheetTexts.prepared)}：</span><span>${word(sheetTexts.reviewed)}：</span></div>
</body></html>`;
}
