/**
 * Placeholders of a firm's own templates: `{{invoice.no}}` anywhere in a cell, and `{{#goods}}` in a row that is repeated for each item
 * (`{{#packing}}` for each article). Pure: what they stand for, and which known one a mistyped one may have meant.
 */
import { chineseAmount, englishAmount } from '../money/words.ts';
import type { PaperText } from './kinds.ts';
import { amountText, figureText, kilograms, type PackingDetail, type PaperItem, type PaperSet } from './paper-set.ts';

export const repeatGroups = ['goods', 'packing'] as const;
export type RepeatGroup = (typeof repeatGroups)[number];

/** A value for a cell: text, or a figure that may be written as a number. */
export interface CellText {
  readonly text: string;
  readonly isFigure: boolean;
}
const text = (value: string): CellText => ({ text: value, isFigure: false });
const figure = (value: string): CellText => ({ text: value, isFigure: true });

/** An item with its running number, and of the packing list one of its articles. */
export interface RepeatRow {
  readonly no: number;
  readonly item: PaperItem;
  readonly detail?: PackingDetail;
}

interface Placeholder extends PaperText {
  readonly name: string;
}
interface PaperPlaceholder extends Placeholder {
  readonly value: (set: PaperSet) => CellText;
}
interface RowPlaceholder extends Placeholder {
  readonly groups: readonly RepeatGroup[];
  readonly value: (row: RepeatRow) => CellText;
}

const by = (set: PaperSet, say: (one: PaperSet['totals']['amounts'][number]) => string | undefined): string =>
  set.totals.amounts.flatMap((one) => say(one) ?? []).join('；');
const named = ({ code, zh }: { readonly code: string; readonly zh: string }): string => (zh === '' ? code : zh);

const paper: readonly PaperPlaceholder[] = [
  {
    name: 'number',
    zh: '货运或单证编号',
    en: 'Number of the shipment or document',
    value: (s) => text(s.subject.number),
  },
  { name: 'invoice.no', zh: '发票号', en: 'Invoice number', value: (s) => text(s.invoiceNo) },
  { name: 'invoice.date', zh: '发票日期', en: 'Invoice date', value: (s) => text(s.invoiceDate) },
  { name: 'contract.no', zh: '合同号', en: 'Contract number', value: (s) => text(s.contractNo) },
  { name: 'contract.date', zh: '合同日期', en: 'Contract date', value: (s) => text(s.contractDate) },
  { name: 'contract.place', zh: '签订地点', en: 'Place of the contract', value: (s) => text(s.contractPlace) },
  { name: 'payment', zh: '付款方式', en: 'Terms of payment', value: (s) => text(s.payment) },
  { name: 'shipBy', zh: '装运期限', en: 'Time of shipment', value: (s) => text(s.shipBy) },
  { name: 'marks', zh: '唛头', en: 'Shipping marks', value: (s) => text(s.marks) },
  { name: 'seller.name', zh: '境内发货人', en: 'Consignor', value: (s) => text(s.parties.consignor.name) },
  { name: 'seller.nameEn', zh: '境内发货人（英文）', en: 'Consignor in English', value: (s) => text(s.firm.nameEn) },
  { name: 'seller.code', zh: '发货人代码', en: 'Code of the consignor', value: (s) => text(s.parties.consignor.code) },
  { name: 'seller.address', zh: '发货人地址', en: 'Address', value: (s) => text(s.firm.address) },
  {
    name: 'seller.addressEn',
    zh: '发货人地址（英文）',
    en: 'Address in English',
    value: (s) => text(s.firm.addressEn),
  },
  { name: 'seller.phone', zh: '发货人电话', en: 'Telephone', value: (s) => text(s.firm.phone) },
  { name: 'seller.bank', zh: '收款银行', en: 'Bank', value: (s) => text(s.bank) },
  { name: 'buyer.name', zh: '境外收货人', en: 'Buyer', value: (s) => text(s.parties.consignee.name) },
  { name: 'buyer.code', zh: '收货人代码', en: 'Code of the buyer', value: (s) => text(s.parties.consignee.code) },
  {
    name: 'buyer.address',
    zh: '收货人地址',
    en: 'Address of the buyer',
    value: (s) => text(s.parties.consignee.address),
  },
  { name: 'producer.name', zh: '生产销售单位', en: 'Producer or seller', value: (s) => text(s.parties.producer.name) },
  {
    name: 'producer.code',
    zh: '生产销售单位代码',
    en: 'Code of the producer',
    value: (s) => text(s.parties.producer.code),
  },
  { name: 'declarant.name', zh: '申报单位', en: 'Declaring unit', value: (s) => text(s.parties.declarant.name) },
  {
    name: 'declarant.code',
    zh: '申报单位代码',
    en: 'Code of the declaring unit',
    value: (s) => text(s.parties.declarant.code),
  },
  { name: 'mode', zh: '监管方式', en: 'Mode of supervision', value: (s) => text(s.documents[0]?.mode ?? '') },
  {
    name: 'exit',
    zh: '出境关别',
    en: 'Customs of exit',
    value: (s) => text(s.declarations[0] === undefined ? '' : named(s.declarations[0].exitAt)),
  },
  {
    name: 'arrival',
    zh: '运抵国（地区）',
    en: 'Country of arrival',
    value: (s) => text([...new Set(s.declarations.map(({ arrival }) => named(arrival)))].join('、')),
  },
  {
    name: 'transport',
    zh: '运输方式',
    en: 'Mode of transport',
    value: (s) => text(s.declarations[0] === undefined ? '' : named(s.declarations[0].traffic)),
  },
  { name: 'vehicle', zh: '运输工具', en: 'Means of transport', value: (s) => text(s.documents[0]?.vehicle ?? '') },
  { name: 'bill', zh: '提运单号', en: 'Transport document', value: (s) => text(s.documents[0]?.billNo ?? '') },
  { name: 'exportDate', zh: '出口日期', en: 'Date of export', value: (s) => text(s.documents[0]?.exportDate ?? '') },
  {
    name: 'terms',
    zh: '成交方式',
    en: 'Terms of delivery',
    value: (s) => text(s.declarations[0] === undefined ? '' : named(s.declarations[0].terms)),
  },
  {
    name: 'total.amount',
    zh: '总金额',
    en: 'Total amount',
    value: (s) => {
      const [one] = s.totals.amounts;
      return one !== undefined && s.totals.amounts.length === 1
        ? figure(amountText(one.amount, one.currency))
        : text(by(s, ({ currency, amount }) => `${currency} ${amountText(amount, currency)}`));
    },
  },
  { name: 'total.currency', zh: '币制', en: 'Currency', value: (s) => text(by(s, ({ currency }) => currency)) },
  {
    name: 'total.words',
    zh: '金额大写',
    en: 'Amount in Chinese capitals',
    value: (s) => text(by(s, ({ currency, amount }) => chineseAmount(amount, currency))),
  },
  {
    name: 'total.wordsEn',
    zh: '金额英文大写',
    en: 'Amount in English words',
    value: (s) => text(by(s, ({ currency, amount }) => englishAmount(amount, currency))),
  },
  {
    name: 'total.qty',
    zh: '总数量',
    en: 'Total quantity',
    value: (s) => {
      const [one] = s.totals.quantities;
      return one !== undefined && s.totals.quantities.length === 1
        ? figure(figureText(one.qty_e5))
        : text(s.totals.quantities.map(({ unit, qty_e5 }) => `${figureText(qty_e5)} ${named(unit)}`).join('；'));
    },
  },
  {
    name: 'total.net',
    zh: '总净重（千克）',
    en: 'Total net weight, kg',
    value: (s) => figure(kilograms(s.totals.netG)),
  },
  {
    name: 'total.gross',
    zh: '总毛重（千克）',
    en: 'Total gross weight, kg',
    value: (s) => figure(kilograms(s.totals.grossG)),
  },
  { name: 'total.packages', zh: '件数', en: 'Packages', value: (s) => figure(String(s.totals.packages)) },
];

const both = repeatGroups;
const rows: readonly RowPlaceholder[] = [
  { name: 'no', zh: '序号', en: 'Number', groups: both, value: ({ no }) => figure(String(no)) },
  { name: 'gcode', zh: '商品编码', en: 'Commodity code', groups: both, value: ({ item }) => text(item.gcode) },
  { name: 'gname', zh: '商品名称', en: 'Name', groups: both, value: ({ item }) => text(item.gname) },
  {
    name: 'nameEn',
    zh: '英文名称',
    en: 'Name in English',
    groups: both,
    value: ({ item, detail }) => text(detail?.nameEn ?? item.nameEn),
  },
  { name: 'gmodel', zh: '规格型号', en: 'Specification', groups: both, value: ({ item }) => text(item.gmodel) },
  { name: 'unit', zh: '单位', en: 'Unit', groups: both, value: ({ item }) => text(named(item.unit)) },
  {
    name: 'qty',
    zh: '数量',
    en: 'Quantity',
    groups: both,
    value: ({ item, detail }) => figure(figureText(detail?.qty_e5 ?? item.qty_e5)),
  },
  {
    name: 'net',
    zh: '净重（千克）',
    en: 'Net weight, kg',
    groups: both,
    value: ({ item, detail }) => figure(kilograms(detail?.netG ?? item.netG)),
  },
  {
    name: 'gross',
    zh: '毛重（千克）',
    en: 'Gross weight, kg',
    groups: both,
    value: ({ item, detail }) => figure(kilograms(detail?.grossG ?? item.grossG)),
  },
  { name: 'sku', zh: '货号', en: 'Article', groups: ['packing'], value: ({ detail }) => text(detail?.sku ?? '') },
  {
    name: 'qty1',
    zh: '法定数量',
    en: 'Legal quantity',
    groups: ['goods'],
    value: ({ item }) => figure(figureText(item.qty1_e5)),
  },
  { name: 'unit1', zh: '法定单位', en: 'Legal unit', groups: ['goods'], value: ({ item }) => text(named(item.unit1)) },
  {
    name: 'price',
    zh: '单价',
    en: 'Unit price',
    groups: ['goods'],
    value: ({ item }) => figure(figureText(item.price_e5)),
  },
  {
    name: 'amount',
    zh: '金额',
    en: 'Amount',
    groups: ['goods'],
    value: ({ item }) => figure(amountText(item.amount, item.currency)),
  },
  { name: 'currency', zh: '币制', en: 'Currency', groups: ['goods'], value: ({ item }) => text(item.currency) },
  { name: 'origin', zh: '原产国', en: 'Origin', groups: ['goods'], value: ({ item }) => text(named(item.origin)) },
  {
    name: 'destination',
    zh: '最终目的国',
    en: 'Destination',
    groups: ['goods'],
    value: ({ item }) => text(named(item.destination)),
  },
];

/** Every placeholder with the group it belongs to, for the list on screen and in the guide. */
export const paperPlaceholders: readonly (Placeholder & { readonly group: 'paper' | RepeatGroup })[] = [
  ...paper.map(({ name, zh, en }) => ({ name, zh, en, group: 'paper' as const })),
  ...repeatGroups.flatMap((group) =>
    rows.filter(({ groups }) => groups.includes(group)).map(({ name, zh, en }) => ({ name, zh, en, group })),
  ),
];

const paperByName = new Map(paper.map((one) => [one.name, one.value]));

/** Value of a placeholder outside repeated rows; undefined for an unknown name. */
export const paperValue = (name: string, set: PaperSet): CellText | undefined => paperByName.get(name)?.(set);
export const isPaperName = (name: string): boolean => paperByName.has(name);

/** Value of a placeholder within a repeated row; names of the paper hold there too. */
export function rowValue(name: string, group: RepeatGroup, row: RepeatRow, set: PaperSet): CellText | undefined {
  const found = rows.find((one) => one.name === name && one.groups.includes(group));
  return found === undefined ? paperValue(name, set) : found.value(row);
}
export const isRowName = (name: string, group: RepeatGroup): boolean =>
  rows.some((one) => one.name === name && one.groups.includes(group)) || isPaperName(name);

/** Rows of a group: items, or the articles within them. */
export function repeatRows(set: PaperSet, group: RepeatGroup): RepeatRow[] {
  const items = set.declarations.flatMap((one) => one.items).map((item, at): RepeatRow => ({ no: at + 1, item }));
  if (group === 'goods') return items;
  return items
    .flatMap(({ item }) => item.packing.map((detail) => ({ item, detail })))
    .map((row, at): RepeatRow => ({ no: at + 1, ...row }));
}

/** Insertions, deletions and replacements from one text to another. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1)
      row.push(
        Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    before = row;
  }
  return before[b.length] ?? 0;
}

/** The known name nearest to a mistyped one; empty where none is near enough to be meant. */
export function nearestName(name: string, group: RepeatGroup | undefined): string {
  const known = [
    ...(group === undefined ? [] : rows.filter(({ groups }) => groups.includes(group)).map((one) => one.name)),
    ...paper.map((one) => one.name),
  ];
  const typed = name.toLowerCase();
  let best = '';
  let least = Number.POSITIVE_INFINITY;
  for (const one of known) {
    const far = distance(typed, one.toLowerCase());
    if (far < least) [best, least] = [one, far];
  }
  return least <= Math.max(2, Math.floor(typed.length / 2)) ? best : '';
}
