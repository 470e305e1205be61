import type { OutputOf } from '../../../shared/contract/contract.ts';
import { formatScaled, groupThousands, parseScaled } from '../../../shared/money/index.ts';
import { uppercaseAmount } from '../../../shared/money/uppercase.ts';
import { escapeHtml, printFont } from './html.ts';

type Voucher = OutputOf<'vouchers.get'>;
type Line = Voucher['postings'][number];

/** Width of the columns in millimetres, as many as A4 has between its margins. */
const columns = [
  { title: '摘要', width: 44 },
  { title: '科目', width: 42 },
  { title: '辅助核算', width: 30 },
  { title: '币别 / 原币 / 汇率', width: 26 },
  { title: '借方金额', width: 24 },
  { title: '贷方金额', width: 24 },
] as const;
const FONT_MM = 2.9;
/** Lines of text that the rows of one slip (半页) hold, each row with at least two. */
const SLIP_LINES = 22;
const ROW_LINES = 2;

/** `-1234.5` as paper has it: groups of three and a true minus. */
function printed(text: string): string {
  return groupThousands(text).replace('-', '\u2212');
}

/** How many lines a text takes in a column: a Latin letter is half as wide as a character. */
function linesOf(text: string, width: number): number {
  const room = Math.max(1, Math.floor((width - 2.6) / FONT_MM) * 2);
  return text
    .split('\n')
    .reduce(
      (sum, part) =>
        sum +
        Math.max(
          1,
          Math.ceil([...part].reduce((n, one) => n + ((one.codePointAt(0) ?? 0) < 0x2e80 ? 1 : 2), 0) / room),
        ),
      0,
    );
}

/** The cells of a line, text with line breaks. */
function cellsOf(voucher: Voucher, line: Line): readonly string[] {
  const original = line.debitCny === '' ? line.credit : line.debit;
  const foreign =
    line.currency === 'CNY'
      ? ''
      : [line.currency, /^-?[0.]*$/.test(original) ? '' : printed(original), line.rate ?? '']
          .filter((part) => part !== '')
          .join('\n');
  const { party, sku, order, shipment, store, quantity } = line;
  const aux = [
    party?.name,
    sku,
    order?.no,
    shipment?.no,
    store,
    quantity === undefined ? undefined : `数量 ${quantity}`,
  ];
  return [
    line.text === '' ? voucher.text : line.text,
    `${line.account} ${line.nameZh}`,
    aux.filter((one) => one !== undefined && one !== '').join('\n'),
    foreign,
    printed(line.debitCny),
    printed(line.creditCny),
  ];
}

/** The rows of a voucher on as many slips as they need. */
function slipsOf(voucher: Voucher): readonly (readonly (readonly string[])[])[] {
  const slips: (readonly string[])[][] = [[]];
  let left = SLIP_LINES;
  for (const line of voucher.postings) {
    const cells = cellsOf(voucher, line);
    const lines = Math.max(ROW_LINES, ...cells.map((text, at) => linesOf(text, columns[at]?.width ?? 20)));
    if (lines > left && (slips.at(-1)?.length ?? 0) > 0) {
      slips.push([]);
      left = SLIP_LINES;
    }
    slips.at(-1)?.push(cells);
    left -= lines;
  }
  return slips;
}

/** Sum of a side in CNY, decimal text. */
function sumOf(voucher: Voucher, side: 'debitCny' | 'creditCny'): string {
  const fen = voucher.postings.reduce((sum, line) => sum + parseScaled(line[side] === '' ? '0' : line[side], 2), 0n);
  return formatScaled(fen, 2, 2);
}

function slipHtml(
  voucher: Voucher,
  firm: string,
  rows: readonly (readonly string[])[],
  at: number,
  of: number,
): string {
  const html = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
  const body = rows
    .map(
      (cells) =>
        `<tr>${cells.map((text, column) => `<td${column >= 3 ? ' class="number"' : ''}>${html(text)}</td>`).join('')}</tr>`,
    )
    .join('');
  const debit = sumOf(voucher, 'debitCny');
  const isLast = at === of;
  const total = isLast
    ? `<td colspan="4">合计　${html(uppercaseAmount(debit) ?? '')}</td><td class="number">${printed(debit)}</td><td class="number">${printed(sumOf(voucher, 'creditCny'))}</td>`
    : '<td colspan="4">转次页</td><td></td><td></td>';
  const numbers = of === 1 ? '' : `（${at}/${of}）`;
  // An order is named by its list; a month is no paper.
  const papers = voucher.sources.filter(({ kind }) => kind !== 'order' && kind !== 'period').length;
  const reversal =
    voucher.reverses === undefined
      ? voucher.reversedBy === undefined
        ? ''
        : `　已由 ${voucher.reversedBy.label} 冲销`
      : `　冲销 ${voucher.reverses.label}`;
  return `<section class="slip"><h1>记账凭证</h1>
<div class="above"><span>单位：${html(firm)}</span><span>${html(voucher.date.replace(/^(\d{4})-0?(\d+)-0?(\d+)$/, '$1年$2月$3日'))}</span><span>${html(voucher.label)}${numbers}${html(reversal)}</span></div>
<table><colgroup>${columns.map(({ width }) => `<col style="width:${width}mm">`).join('')}</colgroup><thead><tr>${columns.map(({ title }) => `<th>${title}</th>`).join('')}</tr></thead>
<tbody>${body}<tr class="total">${total}</tr></tbody></table>
<div class="below"><span>附件 ${papers} 张</span><span>财务主管：</span><span>记账：</span><span>复核：</span><span>出纳：</span><span>制单：</span></div></section>`;
}

/**
 * Vouchers as pages of A4, two slips (记账凭证) a page to be cut and bound; one too long for its half goes on in the next, with
 * the sum on its last. Black on white; nothing is fetched, no script runs. Attachments counted are the papers the book knows.
 */
export function voucherPage(vouchers: Iterable<Voucher>, firm: string): string {
  const slips: string[] = [];
  for (const voucher of vouchers) {
    const parts = slipsOf(voucher);
    for (const [at, rows] of parts.entries()) slips.push(slipHtml(voucher, firm, rows, at + 1, parts.length));
  }
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>记账凭证</title><style>
@page { size: A4 portrait; margin: 8mm 10mm; }
body { margin: 0; font: 8pt/1.3 ${printFont}; color: #000; background: #fff; font-variant-numeric: tabular-nums; }
.slip { box-sizing: border-box; height: 140.4mm; padding: 4mm 0; display: flex; flex-direction: column; break-inside: avoid; }
.slip:nth-child(odd) { border-bottom: 0.3pt dashed #000; }
.slip:nth-child(even):not(:last-child) { break-after: page; }
h1 { font-size: 14pt; text-align: center; margin: 0 0 1mm; letter-spacing: 0.4em; text-indent: 0.4em; }
.above, .below { display: flex; justify-content: space-between; margin-bottom: 1mm; }
.below { margin: 2mm 0 0; }
.below span { min-width: 24mm; }
table { width: 190mm; border-collapse: collapse; table-layout: fixed; }
th, td { border: 0.4pt solid #000; padding: 0.5mm 1.2mm; overflow-wrap: anywhere; }
td { height: ${(ROW_LINES * 8 * 1.3 * 0.3528).toFixed(2)}mm; }
th { text-align: center; font-weight: 600; }
.number { text-align: right; }
.total td { font-weight: 600; height: 6mm; }
</style></head><body>
${slips.join('\n')}
</body></html>`;
}
