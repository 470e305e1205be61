/** The papers (单据) that a shipment or a declaration is printed as. */
export const paperKinds = [
  'declaration',
  'proxy',
  'invoice',
  'packing',
  'contract',
  'elements',
  'list',
  'summary',
  'emergency',
] as const;
export type PaperKind = (typeof paperKinds)[number];

/** What can be made of an import: its invoice, packing list and contract are the seller's, and lists are those of exports. */
export const importPapers: readonly PaperKind[] = ['declaration', 'proxy', 'elements', 'emergency'];

/** Chinese alone, English alone, or English under the Chinese. */
export const paperLanguages = ['zh', 'en', 'both'] as const;
export type PaperLanguage = (typeof paperLanguages)[number];

/** A text of a paper in both languages. */
export interface PaperText {
  readonly zh: string;
  readonly en: string;
}

/** Official titles; the English ones are for the reader abroad, no authority takes them. */
export const paperTitles: Readonly<Record<PaperKind, PaperText>> = {
  declaration: { zh: '中华人民共和国海关出口货物报关单', en: 'Export goods declaration, Customs of the P.R. China' },
  proxy: { zh: '代理报关委托书', en: 'Power of attorney for customs declaration' },
  invoice: { zh: '商业发票', en: 'Commercial invoice' },
  packing: { zh: '装箱单', en: 'Packing list' },
  contract: { zh: '销售合同', en: 'Sales contract' },
  elements: { zh: '规范申报要素表', en: 'Declaration elements' },
  list: { zh: '跨境电子商务零售出口申报清单', en: 'Cross-border e-commerce export list' },
  summary: { zh: '跨境电子商务出口清单汇总申请单', en: 'Summary application of export lists' },
  emergency: { zh: '应急纸质申报单', en: 'Emergency paper declaration' },
};

/** The title of a paper; the declaration (报关单) has one of its own for imports. */
export const paperTitle = (kind: PaperKind, isImport: boolean): PaperText =>
  kind === 'declaration' && isImport
    ? { zh: '中华人民共和国海关进口货物报关单', en: 'Import goods declaration, Customs of the P.R. China' }
    : paperTitles[kind];
