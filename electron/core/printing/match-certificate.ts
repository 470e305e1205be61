import { PortbookError } from '../../../shared/errors.ts';
import { format5, groupThousands } from '../../../shared/money/index.ts';
import { matchText } from '../../../shared/rules/matching/texts.ts';
import type { Certified } from '../store/match-items.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

/** What the orders of a certificate belong to, with its number. */
export interface CertificateSubject {
  readonly kind: 'order' | 'shipment' | 'record';
  readonly number: string;
}
const subjectWords: Readonly<Record<CertificateSubject['kind'], string>> = {
  order: '订单 Order',
  shipment: '货运 Shipment',
  record: '收付款记录 Record of money',
};

export interface MatchCertificate extends Certified {
  readonly firm: string;
  readonly uscc: string;
  /** `yyyy-mm-dd`, both ends of the days of the orders; and of the print. */
  readonly from: string;
  readonly to: string;
  readonly madeOn: string;
  /** Undefined: all orders of the days. */
  readonly subject: CertificateSubject | undefined;
  readonly direction: 'export' | 'import';
  readonly rules: { readonly title: string; readonly source: string; readonly inForceFrom: string };
  /** Tolerances in words: amount, weight, days. */
  readonly tolerances: {
    readonly amount: string;
    readonly weight: string;
    readonly before: number;
    readonly after: number;
  };
}

/** More exceptions than anybody reads; the workbook takes them all. */
const MOST_EXCEPTIONS = 2000;

/**
 * The certificate (三单比对证明) as one whole page for A4: figures of the period, what was compared and how, the hash of the records,
 * every exception with its reason. Only orders that pass or are accepted are in it. Refusal: `REPORT_TOO_LONG` {most}.
 */
export function matchCertificate(of: MatchCertificate): string {
  if (of.exceptions.length > MOST_EXCEPTIONS) throw new PortbookError('REPORT_TOO_LONG', { most: MOST_EXCEPTIONS });
  const figure = (label: string, value: number | string): string =>
    `<tr><th>${escapeHtml(label)}</th><td class="n">${escapeHtml(String(value))}</td></tr>`;
  const totals = of.totals
    .map(
      ({ currency, orders, amountE5 }) =>
        `<tr><td>${currency}</td><td class="n">${orders}</td><td class="n">${escapeHtml(groupThousands(format5(amountE5, 2)))}</td></tr>`,
    )
    .join('');
  const exceptions = of.exceptions
    .map(
      ({ orderNo, date, codes, reason, decidedBy, decidedAt }) =>
        `<tr><td>${escapeHtml(orderNo)}</td><td>${date}</td><td>${codes
          .map((code) => escapeHtml(matchText(code, orderNo, 'zh-CN').title))
          .join(
            '、',
          )}</td><td>${escapeHtml(reason)}</td><td>${escapeHtml(decidedBy)} ${escapeHtml((decidedAt ?? '').slice(0, 10))}</td></tr>`,
    )
    .join('');
  const listed =
    of.exceptions.length === 0
      ? '<p>没有例外。No exceptions.</p>'
      : `<table><thead><tr><th>订单编号 Order</th><th>日期 Date</th><th>不符 Mismatch</th><th>接受理由 Reason</th><th>经办 By</th></tr></thead><tbody>${exceptions}</tbody></table>`;
  const { amount, weight, before, after } = of.tolerances;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>三单比对证明 Certificate of matched records</title><style>
@page { size: A4; margin: 18mm 16mm 16mm;
  @top-left { content: ${cssText(`三单比对证明　${of.firm}　${of.from} 至 ${of.to}`)}; font: 7.5pt ${printFont}; } }
body { margin: 0; font: 10pt/1.55 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 17pt; text-align: center; margin: 0 0 1mm; letter-spacing: 0.15em; } .en { text-align: center; margin: 0 0 6mm; }
h2 { font-size: 11pt; margin: 6mm 0 1.5mm; } p { margin: 0 0 1.5mm; }
table { width: 100%; border-collapse: collapse; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; } th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; } .figures { width: 100mm; } .figures th { width: 64mm; font-weight: 400; }
.hash { font: 8.5pt ${printFont}; overflow-wrap: anywhere; }
.sign { display: flex; justify-content: space-between; margin-top: 14mm; }
</style></head><body>
<h1>三单比对证明</h1><p class="en">Certificate of matched records</p>
<p>企业 Firm：${escapeHtml(of.firm)}　${escapeHtml(of.uscc)}</p>
${of.subject === undefined ? '' : `<p>范围 Scope：${subjectWords[of.subject.kind]} ${escapeHtml(of.subject.number)}</p>`}
<p>订单日期 Days of orders：${of.from} 至 ${of.to}　比对方向 Direction：${of.direction === 'export' ? '出口 export' : '进口 import'}　出具日期 Made on：${of.madeOn}</p>
<p>下列订单的订单、支付、物流信息（已有清单的含清单）已逐项比对，结果一致，或有差异但经说明接受。The records of the orders below were compared field by field; they agree, or differ as accepted with the reasons listed.</p>
<h2>一、数量 Figures</h2>
<table class="figures">${figure('订单 Orders', of.orders)}${figure('其中：一致 Agree', of.passed)}${figure('其中：例外接受 Accepted', of.exceptions.length)}${figure('支付单 Payments', of.payments)}${figure('运单 Waybills', of.waybills)}${figure('未列入（尚未比对一致）Left out', of.leftOut)}</table>
<h2>二、金额 Amounts</h2>
<table class="figures"><thead><tr><th>币种 Currency</th><th>订单 Orders</th><th>订单金额 Amount</th></tr></thead><tbody>${totals}</tbody></table>
<h2>三、比对依据 Rules</h2>
<p>${escapeHtml(of.rules.title)}（自 ${of.rules.inForceFrom} 起）。${escapeHtml(of.rules.source)}。</p>
<p>容差：金额 ${escapeHtml(amount)}（订单币种），重量 ${escapeHtml(weight)} 千克；支付日期在下单前 ${before} 天至下单后 ${after} 天。</p>
<h2>四、数据摘要 Hash of the records (SHA-256)</h2>
<p class="hash">${of.hash}</p>
<h2>五、例外 Exceptions</h2>
${listed}
<div class="sign"><span>企业（盖章）：</span><span>经办人：</span><span>日期：</span></div>
</body></html>`;
}
