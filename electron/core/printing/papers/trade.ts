import { listed } from '../../../../shared/i18n/words.ts';
import { chineseAmount, englishAmount } from '../../../../shared/money/words.ts';
import { type PaperLanguage, type PaperText, paperTitles } from '../../../../shared/papers/kinds.ts';
import {
  figureText,
  kilograms,
  type PaperItem,
  type PaperParty,
  type PaperSet,
} from '../../../../shared/papers/paper-set.ts';
import { escapeHtml } from '../html.ts';
import { amount, inline, label, linesIn, named, paginate, sealSpot } from './sheet.ts';

/** Commercial invoice (商业发票), packing list (装箱单) and sales contract (销售合同): the same goods, the same totals. */

const breaks = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');

/** An item with its running number over all declarations. */
interface NumberedItem {
  readonly no: number;
  readonly item: PaperItem;
}
export const numberedItems = (set: PaperSet): NumberedItem[] =>
  set.declarations.flatMap(({ items }) => items).map((item, at) => ({ no: at + 1, item }));

function partyHtml({ name, nameEn, address, phone }: PaperParty, language: PaperLanguage, more: string): string {
  const lines = [
    ...(language !== 'en' || nameEn === '' ? [name] : []),
    ...(language !== 'zh' && nameEn !== name ? [nameEn] : []),
    language === 'en' && more !== '' ? more : address,
    ...(language === 'both' ? [more] : []),
    phone === '' ? '' : `Tel ${phone}`,
  ].filter((text) => text !== '');
  return lines.map(breaks).join('<br>');
}

/** Seller as the form names it: the consignor. */
const seller = (set: PaperSet, language: PaperLanguage): string =>
  partyHtml(set.parties.consignor, language, set.firm.addressEn);
const buyer = (set: PaperSet, language: PaperLanguage): string =>
  set.parties.consignee.name === ''
    ? language === 'zh'
      ? '见附清单'
      : language === 'en'
        ? 'As per the attached lists'
        : '见附清单 As per the attached lists'
    : partyHtml(set.parties.consignee, language, '');

/** Destinations a paper names one by one; of more it says how many. */
const NAMED_PLACES = 4;

/** From where to where, as the papers name it. */
function route(set: PaperSet, language: PaperLanguage): string {
  const [first] = set.declarations;
  if (first === undefined) return '';
  const ends = new Set(set.declarations.map(({ pod, arrival }) => named(pod.zh === '' ? arrival : pod, language)));
  const places = [...ends].slice(0, NAMED_PLACES).join(language === 'en' ? ', ' : '、');
  const more =
    ends.size <= NAMED_PLACES ? '' : language === 'en' ? ` and ${ends.size - NAMED_PLACES} more` : `等 ${ends.size} 地`;
  return `${named(first.exitAt, language)} — ${places}${more}`;
}

/** Terms of delivery with the place they refer to. */
function terms(set: PaperSet, language: PaperLanguage): string {
  const [first] = set.declarations;
  if (first === undefined) return '';
  // Incoterms have no Chinese names in trade papers.
  const isFromHere = first.terms.zh === 'FOB' || first.terms.zh === 'EXW';
  const place = isFromHere ? first.exitAt : first.pod.zh === '' ? first.arrival : first.pod;
  return `${first.terms.zh} ${named(place, language)}`.trim();
}

type Fact = readonly [PaperText, string];
const factsHtml = (rows: readonly (readonly Fact[])[], language: PaperLanguage): string =>
  `<table class="facts"><tbody>${rows
    .map(
      (row) =>
        `<tr>${row.map(([text, value], at) => `<th>${label(text, language)}</th><td${at === row.length - 1 && row.length === 1 ? ' colspan="3"' : ''}>${value}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table>`;

function description(item: PaperItem, language: PaperLanguage): string {
  const { gname, nameEn } = item;
  if (language === 'zh' || nameEn === '') return gname;
  return language === 'en' ? nameEn : `${gname}\n${nameEn}`;
}

interface Column<R> {
  readonly text: PaperText;
  /** Millimetres of 186. */
  readonly width: number;
  readonly kind?: 'number' | 'centre';
  readonly cell: (row: R) => string;
}

const SIZE = 8.5;
const LINE = 3.95;
const rowHeight =
  <R>(columns: readonly Column<R>[]) =>
  (row: R): number =>
    Math.max(...columns.map(({ cell, width }) => linesIn(cell(row), width, SIZE))) * LINE + 1.6;

function tableHtml<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  foot: string,
  language: PaperLanguage,
): string {
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  const kind = ({ kind: one }: Column<R>): string =>
    one === 'number' ? ' class="n"' : one === 'centre' ? ' class="c"' : '';
  return `<table class="goods"><colgroup>${columns.map(({ width }) => `<col style="width:${((width / total) * 100).toFixed(2)}%">`).join('')}</colgroup><thead><tr>${columns.map(({ text }) => `<th>${label(text, language)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${columns.map((column) => `<td${kind(column)}>${breaks(column.cell(row))}</td>`).join('')}</tr>`).join('')}${foot}</tbody></table>`;
}

const words = (set: PaperSet, language: PaperLanguage): string =>
  set.totals.amounts
    .flatMap(({ currency, amount: minor }) => [
      ...(language === 'en' ? [] : [chineseAmount(minor, currency)]),
      ...(language === 'zh' ? [] : [englishAmount(minor, currency)]),
    ])
    .filter((text) => text !== undefined)
    .map((text) => `<p class="words">${escapeHtml(text)}</p>`)
    .join('');

const quantities = (set: PaperSet, language: PaperLanguage): string =>
  set.totals.quantities
    .map(({ unit, qty_e5 }) => `${figureText(qty_e5)} ${named(unit, language === 'en' ? 'en' : 'zh')}`)
    .join('\n');

const unitOf = (item: PaperItem, language: PaperLanguage): string => named(item.unit, language === 'en' ? 'en' : 'zh');

const goodsColumns = (language: PaperLanguage): readonly Column<NumberedItem>[] => [
  { text: { zh: '序号', en: 'No.' }, width: 11, kind: 'centre', cell: ({ no }) => String(no) },
  { text: { zh: '商品编码', en: 'HS code' }, width: 24, cell: ({ item }) => item.gcode },
  { text: { zh: '货物名称', en: 'Description of goods' }, width: 59, cell: ({ item }) => description(item, language) },
  { text: { zh: '数量', en: 'Quantity' }, width: 22, kind: 'number', cell: ({ item }) => figureText(item.qty_e5) },
  { text: { zh: '单位', en: 'Unit' }, width: 15, kind: 'centre', cell: ({ item }) => unitOf(item, language) },
  {
    text: { zh: '单价', en: 'Unit price' },
    width: 25,
    kind: 'number',
    cell: ({ item }) => `${item.currency} ${figureText(item.price_e5, 2)}`,
  },
  {
    text: { zh: '金额', en: 'Amount' },
    width: 30,
    kind: 'number',
    cell: ({ item }) => `${item.currency} ${amount(item.amount, item.currency)}`,
  },
];

const totalRow = (set: PaperSet, language: PaperLanguage): string =>
  `<tr class="total"><td colspan="3">${inline({ zh: '合计', en: 'Total' }, language)}</td><td colspan="2" class="n">${breaks(quantities(set, language))}</td><td colspan="2" class="n">${breaks(set.totals.amounts.map(({ currency, amount: minor }) => `${currency} ${amount(minor, currency)}`).join('\n'))}</td></tr>`;

const signature = (set: PaperSet, language: PaperLanguage): string =>
  `<div class="sign"><span>${escapeHtml(language === 'en' && set.firm.nameEn !== '' ? set.firm.nameEn : set.parties.consignor.name)}<br>${inline({ zh: '签章：', en: 'Signature and seal:' }, language)}${sealSpot(set.parties.consignor.code)} ${escapeHtml(set.firm.signatory)}</span></div>`;

/** Sheets with the head on each, the foot on the last, and which of how many. */
function sheetsOf<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  paper: {
    readonly title: PaperText;
    readonly letterhead: string;
    readonly facts: string;
    readonly headMm: number;
    readonly foot: string;
    readonly total: string;
    readonly footMm: number;
  },
  language: PaperLanguage,
): string[] {
  const room = 266 - paper.headMm - 24;
  const pages = paginate(rows, rowHeight(columns), { first: room, next: room, last: paper.footMm });
  return pages.map((page, at) => {
    const isLast = at + 1 === pages.length;
    const number = pages.length === 1 ? '' : `<div class="page">${at + 1}/${pages.length}</div>`;
    return `${paper.letterhead}<h1>${label(paper.title, language)}</h1>${paper.facts}${number}${tableHtml(columns, page, isLast ? paper.total : '', language)}${isLast ? paper.foot : ''}`;
  });
}

function facts(
  set: PaperSet,
  language: PaperLanguage,
  kind: 'invoice' | 'packing' | 'contract',
): readonly (readonly Fact[])[] {
  const text = (zh: string, en: string, value: string): Fact => [{ zh, en }, breaks(value)];
  const [first] = set.declarations;
  const common: (readonly Fact[])[] = [
    [[{ zh: '卖方', en: 'Seller' }, seller(set, language)]],
    [[{ zh: '买方', en: 'Buyer' }, buyer(set, language)]],
  ];
  if (kind === 'contract')
    return [
      ...common,
      [text('合同号', 'Contract no.', set.contractNo), text('签订日期', 'Date', set.contractDate)],
      [text('签订地点', 'Place', set.contractPlace), text('成交方式', 'Terms of delivery', terms(set, language))],
    ];
  return [
    ...common,
    [text('发票号', 'Invoice no.', set.invoiceNo), text('日期', 'Date', set.invoiceDate)],
    [text('合同号', 'Contract no.', set.contractNo), text('成交方式', 'Terms of delivery', terms(set, language))],
    [
      text('起运地至目的地', 'From — to', route(set, language)),
      text(
        '运输工具',
        'Carried by',
        [named(first?.traffic, language), first?.head.vehicle ?? ''].filter((one) => one !== '').join(' '),
      ),
    ],
    [text('唛头', 'Marks', set.marks), text('提运单号', 'Transport document no.', first?.head.billNo ?? '')],
  ];
}

const heading = (set: PaperSet, language: PaperLanguage): string =>
  `<div class="letterhead">${[
    ...(language === 'en' && set.firm.nameEn !== '' ? [] : [set.parties.consignor.name]),
    ...(language === 'zh' || set.firm.nameEn === '' ? [] : [set.firm.nameEn]),
  ]
    .map((text) => `<strong>${escapeHtml(text)}</strong>`)
    .join('<br>')}</div>`;

/** Millimetres the letterhead and the facts take. */
function headHeight(set: PaperSet, language: PaperLanguage, rows: readonly (readonly Fact[])[]): number {
  const facts = rows.reduce((sum, row) => {
    const width = row.length === 1 ? 150 : 57;
    const lines = Math.max(
      language === 'both' ? 2 : 1,
      ...row.map(([, value]) => value.split('<br>').reduce((n, part) => n + linesIn(part, width, 9), 0)),
    );
    return sum + lines * 4.2 + 1.8;
  }, 0);
  return facts + (language === 'both' && set.firm.nameEn !== '' ? 14 : 8);
}

export function invoiceSheets(set: PaperSet, language: PaperLanguage): string[] {
  const rows = facts(set, language, 'invoice');
  const bank =
    set.bank === '' ? '' : `<p>${inline({ zh: '收款银行：', en: 'Bank:' }, language)} ${escapeHtml(set.bank)}</p>`;
  const payment =
    set.payment === '' ? '' : `<p>${inline({ zh: '付款方式：', en: 'Payment:' }, language)} ${breaks(set.payment)}</p>`;
  return sheetsOf(
    numberedItems(set),
    goodsColumns(language),
    {
      title: paperTitles.invoice,
      letterhead: heading(set, language),
      facts: factsHtml(rows, language),
      headMm: headHeight(set, language, rows),
      total: totalRow(set, language),
      foot: `${words(set, language)}${payment}${bank}${signature(set, language)}`,
      footMm: 44 + 8 * set.totals.amounts.length,
    },
    language,
  );
}

/** An item of the packing list, or one of the articles within it. */
interface PackingRow {
  readonly no: string;
  readonly name: string;
  readonly quantity: string;
  readonly net: string;
  readonly gross: string;
}

function packingRows(set: PaperSet, language: PaperLanguage): PackingRow[] {
  return numberedItems(set).flatMap(({ no, item }): PackingRow[] => {
    const unit = unitOf(item, language);
    const main: PackingRow = {
      no: String(no),
      name: `${description(item, language)}\nHS ${item.gcode}`,
      quantity: `${figureText(item.qty_e5)} ${unit}`,
      net: kilograms(item.netG),
      gross: kilograms(item.grossG),
    };
    const isPlain = item.packing.length < 2;
    const detail = item.packing.map(
      ({ sku, nameEn, qty_e5, netG, grossG }): PackingRow => ({
        no: '',
        name: `　${sku}${language === 'zh' || nameEn === '' ? '' : ` ${nameEn}`}`,
        quantity: `${figureText(qty_e5)} ${unit}`,
        net: `(${kilograms(netG)})`,
        gross: `(${kilograms(grossG)})`,
      }),
    );
    const [only] = item.packing;
    if (isPlain) return [only === undefined || only.sku === '' ? main : { ...main, name: `${main.name}　${only.sku}` }];
    return [main, ...detail];
  });
}

export function packingSheets(set: PaperSet, language: PaperLanguage): string[] {
  const rows = facts(set, language, 'packing');
  const { totals } = set;
  const columns: readonly Column<PackingRow>[] = [
    { text: { zh: '序号', en: 'No.' }, width: 11, kind: 'centre', cell: ({ no }) => no },
    { text: { zh: '货物名称、货号', en: 'Description, article' }, width: 85, cell: ({ name }) => name },
    { text: { zh: '数量', en: 'Quantity' }, width: 30, kind: 'number', cell: ({ quantity }) => quantity },
    { text: { zh: '净重(千克)', en: 'Net (kg)' }, width: 30, kind: 'number', cell: ({ net }) => net },
    { text: { zh: '毛重(千克)', en: 'Gross (kg)' }, width: 30, kind: 'number', cell: ({ gross }) => gross },
  ];
  const wraps = listed([...new Set(set.declarations.map(({ wrap }) => named(wrap, language)))], language);
  const total = `<tr class="total"><td colspan="2">${inline({ zh: '合计', en: 'Total' }, language)}　${String(totals.packages)} ${inline({ zh: '件', en: 'packages' }, language)} ${escapeHtml(wraps)}</td><td class="n">${breaks(quantities(set, language))}</td><td class="n">${kilograms(totals.netG)}</td><td class="n">${kilograms(totals.grossG)}</td></tr>`;
  return sheetsOf(
    packingRows(set, language),
    columns,
    {
      title: paperTitles.packing,
      letterhead: heading(set, language),
      facts: factsHtml(rows, language),
      headMm: headHeight(set, language, rows),
      total,
      foot: signature(set, language),
      footMm: 34,
    },
    language,
  );
}

/** Clauses beyond the goods; what was typed stands first, the rest is the usual text of trade. */
function clauses(set: PaperSet): readonly PaperText[] {
  const wraps = [...new Set(set.declarations.map(({ wrap }) => wrap.zh))].join('、');
  const both = (zh: string, en: string): PaperText => ({ zh, en });
  return [
    both(
      `付款方式：${set.payment === '' ? '＿＿＿＿' : set.payment}`,
      `Payment: ${set.payment === '' ? '________' : set.payment}`,
    ),
    both(`装运期限：${set.shipBy}`, `Time of shipment: ${set.shipBy}`),
    both(`装运口岸和目的地：${route(set, 'zh')}`, `Port of loading and destination: ${route(set, 'en')}`),
    both(`包装：${wraps}，适合长途运输`, 'Packing: export packing fit for long transport'),
    both(`唛头：${set.marks}`, `Shipping marks: ${set.marks}`),
    both(
      '品质、数量异议：买方应于货到目的地后三十日内书面提出。',
      'Claims on quality or quantity: in writing within 30 days of arrival.',
    ),
    both(
      '不可抗力：因不可抗力不能履行的，应及时通知对方并提供证明，可免除相应责任。',
      'Force majeure: the party hindered is released to that extent upon prompt notice and proof.',
    ),
    both(
      '争议：双方协商解决；协商不成的，提交中国国际经济贸易仲裁委员会仲裁。',
      'Disputes: by consultation, failing which by arbitration of CIETAC.',
    ),
    both(
      '本合同一式两份，双方各执一份，自双方签字盖章之日起生效。',
      'Made in two originals, one each, in force when signed by both.',
    ),
  ];
}

export function contractSheets(set: PaperSet, language: PaperLanguage): string[] {
  const rows = facts(set, language, 'contract');
  const list = clauses(set)
    .map((text) => `<li>${language === 'both' ? label(text, 'both') : inline(text, language)}</li>`)
    .join('');
  const signs = `<div class="signs"><span>${inline({ zh: '卖方（签章）', en: 'Seller' }, language)}${sealSpot(set.parties.consignor.code)}<br>${seller(set, language).split('<br>')[0] ?? ''}</span><span>${inline({ zh: '买方（签章）', en: 'Buyer' }, language)}<br>${buyer(set, language).split('<br>')[0] ?? ''}</span></div>`;
  return sheetsOf(
    numberedItems(set),
    goodsColumns(language),
    {
      title: paperTitles.contract,
      letterhead: '',
      facts: factsHtml(rows, language),
      headMm: headHeight(set, language, rows),
      total: totalRow(set, language),
      foot: `${words(set, language)}<ol class="clauses">${list}</ol>${signs}`,
      footMm: language === 'both' ? 118 : 88,
    },
    language,
  );
}

export const tradeStyle = `
.letterhead { text-align: center; font-size: 12pt; margin-bottom: 1.5mm; overflow-wrap: anywhere; }
.facts { margin: 2.5mm 0; } .facts th { width: 15%; text-align: left; font-weight: 400; background: #f4f4f2; font-size: 8.5pt; }
.goods { font-size: ${SIZE}pt; } .page { text-align: right; font-size: 8pt; }
.words { margin: 2mm 0 0; font-weight: 600; overflow-wrap: anywhere; } .sign { display: flex; justify-content: flex-end; margin-top: 8mm; min-height: 18mm; }
.clauses { margin: 3mm 0 0; padding-left: 6mm; font-size: 8.5pt; } .clauses li { margin-bottom: 0.8mm; }
.signs { display: flex; justify-content: space-between; gap: 10mm; margin-top: 6mm; min-height: 20mm; } .signs > span { flex: 1; overflow-wrap: anywhere; }
`;
