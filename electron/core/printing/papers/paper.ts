import { PortbookError } from '../../../../shared/errors.ts';
import type { PaperKind, PaperLanguage } from '../../../../shared/papers/kinds.ts';
import { paperTitles } from '../../../../shared/papers/kinds.ts';
import type { PaperSet } from '../../../../shared/papers/paper-set.ts';
import { declarationSheets, declarationStyle } from './declaration.ts';
import { elementSheets, filingStyle, listSheets, proxySheets, summarySheets } from './filing.ts';
import { paperHtml } from './sheet.ts';
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
};

/** More sheets than anybody prints at once. */
export const MOST_SHEETS = 500;

/** What stands behind a sheet until customs has accepted what it shows. */
const watermarks: Readonly<Record<PaperLanguage, string>> = { zh: '草稿', en: 'DRAFT', both: '草稿 DRAFT' };

/**
 * A paper of a set as one whole page, the same for preview and print. Copies follow each other (collated). Refusal:
 * `PAPERS_TOO_LONG` {sheets, most}.
 */
export function paperPage(
  set: PaperSet,
  kind: PaperKind,
  language: PaperLanguage,
  copies = 1,
): { readonly html: string; readonly pages: number } {
  const { sheets, ...layout } = forms[kind];
  const made = sheets(set, language);
  const count = made.length * copies;
  if (count > MOST_SHEETS) throw new PortbookError('PAPERS_TOO_LONG', { sheets: count, most: MOST_SHEETS });
  return paperHtml(made, {
    ...layout,
    title: `${paperTitles[kind].zh} ${set.subject.number}`,
    watermark: set.isAccepted ? '' : watermarks[language],
    copies,
  });
}
