import { groupThousands } from '../../../../shared/money/index.ts';
import type { PaperLanguage, PaperText } from '../../../../shared/papers/kinds.ts';
import { amountText, type Coded, type PaperTotals } from '../../../../shared/papers/paper-set.ts';
import { escapeHtml, printFont } from '../html.ts';

/** What every paper is made of: sheets of A4 with a watermark and their number, labels and values in the languages asked for. */

/** Between the margins, in millimetres. */
const portrait = { width: 186, height: 266, margin: { top: 14, right: 12, bottom: 16, left: 12 } } as const;
const landscape = { width: 277, height: 186, margin: { top: 10, right: 10, bottom: 13, left: 10 } } as const;

/** Where a sheet lies on the paper: its margins in millimetres, and how much smaller it is for them. */
function placed(of: typeof portrait | typeof landscape, { marginMm, offsetXMm, offsetYMm }: PaperSetup) {
  const { width, height, margin } = of;
  const scale = Math.min((width - 2 * marginMm) / width, (height - 2 * marginMm) / height);
  // What the scale leaves of the other side is shared, so that the sheet stays in the middle.
  const beside = (width * (1 - scale)) / 2;
  const above = (height * (1 - scale)) / 2;
  const round = (mm: number): number => Math.max(0, Math.round(mm * 100) / 100);
  return {
    scale: Math.round(scale * 10_000) / 10_000,
    top: round(margin.top + above + offsetYMm),
    right: round(margin.right + beside - offsetXMm),
    bottom: round(margin.bottom + above - offsetYMm),
    left: round(margin.left + beside + offsetXMm),
  };
}

/** Nothing but values: everything a form has already keeps its place and is not seen. */
const overlayStyle = `
.sheet .l, .sheet h1, .sheet h2, .watermark { visibility: hidden; }
.sheet .v { visibility: visible; }
.sheet * { border-color: transparent !important; background: none !important; }
`;

const sealStyle = ({ picture, widthMm, codes }: PaperSeal): string => `
.seal { position: relative; display: inline-block; width: 0; height: 0; }
${codes.map((code) => `.seal[data-of="${escapeHtml(code)}"]::after`).join(', ')} { content: ''; position: absolute; left: 1mm; top: ${-widthMm / 2}mm; width: ${widthMm}mm; height: ${widthMm}mm; background: url("${picture}") center / contain no-repeat; mix-blend-mode: multiply; }
`;

export interface PaperLayout {
  readonly title: string;
  readonly isLandscape: boolean;
  /** Behind each sheet; empty for none. */
  readonly watermark: string;
  readonly copies: number;
  /** Styles of this paper. */
  readonly style: string;
  readonly setup: PaperSetup;
}

/** How a paper is put on the sheet, as the firm has set it for a printer. */
export interface PaperSetup {
  /** More margin on every side, and the way to the right and down, in millimetres. */
  readonly marginMm: number;
  readonly offsetXMm: number;
  readonly offsetYMm: number;
  /** Only the values (套打), for forms that are printed already. */
  readonly isOverlay: boolean;
  /** The firm's seal at the places for it; undefined: none is printed. */
  readonly seal?: PaperSeal | undefined;
}

export interface PaperSeal {
  /** `data:` URL of the picture. */
  readonly picture: string;
  readonly widthMm: number;
  /** Codes under which papers name the firm; the places of others stay empty. */
  readonly codes: readonly string[];
}

export const plainSetup: PaperSetup = { marginMm: 0, offsetXMm: 0, offsetYMm: 0, isOverlay: false };

/** What a form has printed on it already: left out where only values are printed. Markup is kept; values inside are {@link value}s. */
const printed = (html: string): string => `<span class="l">${html}</span>`;

/** A value within what is {@link printed}. */
export const value = (text: string): string => `<span class="v">${escapeHtml(text)}</span>`;

/** Where the party of a code puts its seal (盖章). */
export const sealSpot = (code: string): string =>
  code === '' ? '' : `<span class="seal" data-of="${escapeHtml(code)}"></span>`;

/** A text by the language of the paper; English stands small under the Chinese where both are asked for. */
export function label(text: PaperText, language: PaperLanguage): string {
  if (language === 'zh') return printed(escapeHtml(text.zh));
  if (language === 'en') return printed(escapeHtml(text.en));
  return printed(`${escapeHtml(text.zh)}<span class="en">${escapeHtml(text.en)}</span>`);
}

/** The same in one line, e.g. `发票号 Invoice no.`. */
export function inline(text: PaperText, language: PaperLanguage): string {
  if (language === 'zh') return printed(escapeHtml(text.zh));
  if (language === 'en') return printed(escapeHtml(text.en));
  return printed(`${escapeHtml(text.zh)} ${escapeHtml(text.en)}`);
}

/** The name of a code in the language of the paper; the code itself where no table has it. */
export function named(one: Coded | undefined, language: PaperLanguage): string {
  if (one === undefined) return '';
  const { code, zh, en } = one;
  const text =
    language === 'zh' ? zh : language === 'en' ? en : zh === en ? zh : [zh, en].filter((part) => part !== '').join(' ');
  return text === '' ? code : text;
}

/** An amount of minor units with its decimals in groups, without the currency. */
export const amount = (minor: bigint, currency: string): string => groupThousands(amountText(minor, currency));

/** `USD 1,234.50; GBP 20.00`. */
export const amounts = (totals: PaperTotals): string =>
  totals.amounts.map((one) => `${one.currency} ${amount(one.amount, one.currency)}`).join('; ');

/**
 * How many lines a text takes in a column. A Latin letter is half as wide as a character; what is wide is broken anywhere.
 * @param width of the column in millimetres, padding included
 * @param size of the font in points
 */
export function linesIn(text: string, width: number, size: number): number {
  const room = Math.max(2, Math.floor((width - 2.4) / (size * 0.3528)) * 2);
  return text
    .split('\n')
    .reduce(
      (sum, part) =>
        sum +
        Math.max(
          1,
          Math.ceil([...part].reduce((n, one) => n + ((one.codePointAt(0) ?? 0) < 0x2e80 ? 1.08 : 2), 0) / room),
        ),
      0,
    );
}

/**
 * Rows on as many sheets as they need.
 * @param heightOf millimetres of a row
 * @param first room on the first sheet; `next` on those after; `last` what the foot of the last one takes
 */
export function paginate<R>(
  rows: readonly R[],
  heightOf: (row: R) => number,
  room: { readonly first: number; readonly next: number; readonly last: number },
): R[][] {
  const pages: R[][] = [[]];
  let left = room.first;
  for (const row of rows) {
    const height = heightOf(row);
    const page = pages.at(-1);
    if (page === undefined || (height > left && page.length > 0)) {
      pages.push([row]);
      left = room.next - height;
    } else {
      page.push(row);
      left -= height;
    }
  }
  // The foot needs its room; where there is none the last row goes with it to a sheet of their own.
  if (left < room.last) {
    const page = pages.at(-1) ?? [];
    const moved = page.length > 1 ? page.splice(-1) : [];
    pages.push(moved);
  }
  return pages;
}

/** Sheets as one whole page. Nothing is fetched, no script runs; the watermark stands on every sheet. */
export function paperHtml(sheets: readonly string[], layout: PaperLayout): { html: string; pages: number } {
  const size = layout.isLandscape ? landscape : portrait;
  const { width, height } = size;
  const { isOverlay, seal } = layout.setup;
  const { scale, top, right, bottom, left } = placed(size, layout.setup);
  const mark =
    layout.watermark === '' ? '' : `<div class="watermark" aria-hidden="true">${escapeHtml(layout.watermark)}</div>`;
  const copies = Array.from({ length: layout.copies }, () => sheets).flat();
  const html = `<!doctype html>
<html lang="zh-CN"${isOverlay ? ' data-footer="none"' : ''}><head><meta charset="utf-8"><title>${escapeHtml(layout.title)}</title><style>
@page { size: A4 ${layout.isLandscape ? 'landscape' : 'portrait'}; margin: ${top}mm ${right}mm ${bottom}mm ${left}mm; }
body { margin: 0; }
.sheet { --top: ${top}mm; --right: ${right}mm; --bottom: ${bottom}mm; --left: ${left}mm; --sheet-zoom: ${scale}; zoom: ${scale}; position: relative; isolation: isolate; overflow: hidden; box-sizing: border-box; padding-right: 0.4mm; width: ${width}mm; min-height: ${height}mm; break-after: page; color: #000; background: #fff; font: 9pt/1.3 ${printFont}; font-variant-numeric: tabular-nums; }
.sheet:last-child { break-after: auto; }
.watermark { position: absolute; inset: 0; z-index: -1; display: flex; align-items: center; justify-content: center; font-size: ${layout.watermark.length > 3 ? (layout.isLandscape ? 76 : 56) : 90}pt; letter-spacing: 0.1em; opacity: 0.08; transform: rotate(-25deg); white-space: nowrap; }
.sheet h1 { font-size: 15pt; text-align: center; margin: 0; letter-spacing: 0.08em; font-weight: 600; }
.sheet h2 { font-size: 11pt; margin: 4mm 0 1.5mm; }
.sheet p { margin: 0 0 1.5mm; }
.sheet table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.sheet th, .sheet td { border: 0.5pt solid #000; padding: 0.7mm 1.2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.sheet th { text-align: center; font-weight: 600; }
.sheet .n { text-align: right; } .sheet .c { text-align: center; } .sheet .nowrap { white-space: nowrap; }
.en { display: block; font-weight: 400; font-size: 0.78em; line-height: 1.15; color: #333; letter-spacing: 0; }
.above { display: flex; justify-content: space-between; gap: 4mm; margin-bottom: 1mm; }
.total td { font-weight: 600; }
${layout.style}${seal === undefined ? '' : sealStyle(seal)}${isOverlay ? overlayStyle : ''}
</style></head><body>
${copies.map((sheet) => `<section class="sheet">${mark}${sheet}</section>`).join('\n')}
</body></html>`;
  return { html, pages: copies.length };
}
