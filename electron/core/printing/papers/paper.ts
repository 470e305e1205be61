import { PortbookError } from '../../../../shared/errors.ts';
import type { PaperKind, PaperLanguage } from '../../../../shared/papers/kinds.ts';
import { importPapers, paperKinds, paperTitle, paperTitles } from '../../../../shared/papers/kinds.ts';
import type { PaperSet } from '../../../../shared/papers/paper-set.ts';
import { escapeHtml } from '../html.ts';
import { declarationSheets, declarationStyle } from './declaration.ts';
import { emergencySheets, emergencyStyle } from './emergency.ts';
import { elementSheets, filingStyle, listSheets, proxySheets, summarySheets } from './filing.ts';
import { type PaperSetup, paperHtml, plainSetup } from './sheet.ts';
import { contractSheets, invoiceSheets, packingSheets, tradeStyle } from './trade.ts';

interface PaperForm {
  readonly isLandscape: boolean;
  readonly style: string;
  readonly sheets: (set: PaperSet, language: PaperLanguage) => string[];
}

const forms: Readonly<Record<PaperKind, PaperForm>> = {
  declaration: { isLandscape: true, style: declarationStyle, sheets: declarationSheets },
  proxy: { isLandscape: false, style: filingStyle, sheets: proxySheets },
  invoice: { isLandscape: false, style: tradeStyle, sheets: invoiceSheets },
  packing: { isLandscape: false, style: tradeStyle, sheets: packingSheets },
  contract: { isLandscape: false, style: tradeStyle, sheets: contractSheets },
  elements: { isLandscape: false, style: filingStyle, sheets: elementSheets },
  list: { isLandscape: false, style: filingStyle, sheets: listSheets },
  summary: { isLandscape: false, style: filingStyle, sheets: summarySheets },
  emergency: { isLandscape: false, style: `${filingStyle}${emergencyStyle}`, sheets: emergencySheets },
};

const isImport = (set: PaperSet): boolean => set.documents.some(({ filed }) => filed?.isImport === true);

/** The papers that can be made of a set. */
export const kindsOf = (set: PaperSet): readonly PaperKind[] => (isImport(set) ? importPapers : paperKinds);

/** More sheets than anybody prints at once. */
export const MOST_SHEETS = 500;

/** What stands behind a sheet until customs has accepted what it shows. */
const watermarks: Readonly<Record<PaperLanguage, string>> = { zh: '草稿', en: 'DRAFT', both: '草稿 DRAFT' };

/**
 * A paper of a set as one whole page, the same for preview and print. Copies follow each other (collated). Refusals:
 * `PAPERS_TOO_LONG` {sheets, most}, `PAPER_NOT_OF_IMPORT` {paper}.
 */
export function paperPage(
  set: PaperSet,
  kind: PaperKind,
  language: PaperLanguage,
  setup: PaperSetup = plainSetup,
  copies = 1,
): { readonly html: string; readonly pages: number } {
  if (!kindsOf(set).includes(kind)) throw new PortbookError('PAPER_NOT_OF_IMPORT', { paper: paperTitles[kind].zh });
  const { sheets, ...layout } = forms[kind];
  const made = sheets(set, language);
  const count = made.length * copies;
  if (count > MOST_SHEETS) throw new PortbookError('PAPERS_TOO_LONG', { sheets: count, most: MOST_SHEETS });
  return paperHtml(made, {
    ...layout,
    title: `${paperTitle(kind, isImport(set)).zh} ${set.subject.number}`,
    watermark: set.isAccepted ? '' : watermarks[language],
    copies,
    setup,
  });
}

/**
 * The page by which a printer is adjusted (校准页): a grid of centimetres and four crosses whose distance from the edges of the paper is
 * written beside them. Printed with the set-up it is to prove.
 */
export function calibrationPage(name: string, setup: PaperSetup): { readonly html: string; readonly pages: number } {
  const crosses = [
    { x: 20, y: 20 },
    { x: 190, y: 20 },
    { x: 20, y: 277 },
    { x: 190, y: 277 },
  ];
  // The sheet begins at its margins of 12 and 14 mm.
  const [left, top] = [12, 14];
  const marks = crosses
    .map(
      ({ x, y }) =>
        `<div class="cross" style="left:${x - left}mm;top:${y - top}mm"></div><div class="far" style="left:${x - left + (x > 100 ? -44 : 4)}mm;top:${y - top + (y > 100 ? -9 : 3)}mm">左 ${x} mm　上 ${y} mm<br>left ${x}, top ${y}</div>`,
    )
    .join('');
  const { marginMm, offsetXMm, offsetYMm } = setup;
  const sheet = `<div class="raster"></div>${marks}<div class="words"><h1>打印校准页 Calibration page</h1>
<p>${escapeHtml(name)}</p><p>页边距 margin +${marginMm} mm；右移 right ${offsetXMm} mm；下移 down ${offsetYMm} mm</p>
<p>用尺量每个十字到纸左边、上边的距离。量得的比所标的小 1 mm，就把“右移”或“下移”加 1 mm；大则减。页边距为 0 时所标才是准数。打印时选“实际大小”，不要“适合页面”。</p>
<p>Measure from the left and the upper edge of the paper to each cross. Where it is 1 mm less than written, add 1 mm to the offset; where it is more, take it off. The figures hold with a margin of 0. Print at actual size, not fitted to the page.</p></div>`;
  return paperHtml([sheet], {
    title: '打印校准页',
    isLandscape: false,
    watermark: '',
    copies: 1,
    style: `
.raster { position: absolute; inset: 0; background: repeating-linear-gradient(0deg, #bbb 0 0.1mm, transparent 0.1mm 10mm), repeating-linear-gradient(90deg, #bbb 0 0.1mm, transparent 0.1mm 10mm); }
.cross { position: absolute; width: 0; height: 0; } .cross::before, .cross::after { content: ''; position: absolute; background: #000; }
.cross::before { left: -5mm; top: -0.1mm; width: 10mm; height: 0.2mm; } .cross::after { left: -0.1mm; top: -5mm; width: 0.2mm; height: 10mm; }
.far { position: absolute; width: 40mm; font-size: 8pt; } .words { position: absolute; left: 30mm; right: 30mm; top: 95mm; background: #fff; padding: 4mm; }
`,
    setup: { ...setup, isOverlay: false, seal: undefined },
  });
}
