import type { PaperLanguage, PaperText } from '../../../../shared/papers/kinds.ts';
import { paperTitle } from '../../../../shared/papers/kinds.ts';
import {
  type Coded,
  type FiledFacts,
  figureText,
  kilograms,
  type PaperDeclaration,
  type PaperFee,
  type PaperItem,
  type PaperParty,
  type PaperSet,
} from '../../../../shared/papers/paper-set.ts';
import { escapeHtml } from '../html.ts';
import { amount, inline, label, linesIn, named, paginate, sealSpot } from './sheet.ts';

/** The goods declaration (报关单) in the layout of 2018 (海关总署公告 2018 年第 61 号): a grid of head fields, goods below, on every sheet. */

interface Box {
  readonly text: PaperText;
  /** Code beside the label, as the form has it. */
  readonly code?: string;
  readonly value: string;
  /** Share of the row. */
  readonly wide: number;
}

const FOB = '3';

/**
 * `USD/123.45/3`, a rate as `0.3/1`. Of lists, whose amounts are free on board, no fee is declared; a declaration shows what it says.
 */
function feeText({ mark, amount_e5, currency }: PaperFee, isDeclared: boolean): string {
  if (amount_e5 === 0n || !isDeclared) return '';
  return mark === '1' ? `${figureText(amount_e5)}/1` : `${currency}/${figureText(amount_e5)}/${mark}`;
}

const partyText = ({ name, nameEn }: PaperParty, language: PaperLanguage): string =>
  language === 'zh' || nameEn === '' || nameEn === name ? name : language === 'en' ? nameEn : `${name}\n${nameEn}`;

const coded = (text: PaperText, one: Coded, wide: number, language: PaperLanguage): Box => ({
  text,
  code: one.code,
  value: named(one, language),
  wide,
});

/** Documents with their numbers, as the form lists them: 随附单证 of customs and the electronic ones alike. */
const attachedText = (one: PaperDeclaration, language: PaperLanguage): string =>
  one.attached
    .map(({ name, number }) => {
      const text = named(name, language);
      return number === '' ? text : `${text}：${number}`;
    })
    .join('；');

/** Marks, note, and what 填制规范 (2019 年第 18 号) puts into the same box: related papers, containers. */
function notesText({ head: { filed }, marks, note }: PaperDeclaration, language: PaperLanguage): string {
  const said = (text: PaperText, value: string): string =>
    value === '' ? '' : `${language === 'en' ? text.en : text.zh}：${value}`;
  const containers = filed?.containers ?? [];
  return [
    marks,
    note,
    said({ zh: '关联报关单号', en: 'Related declaration' }, filed?.relatedNo ?? ''),
    said({ zh: '关联备案号', en: 'Related record' }, filed?.relatedRecord ?? ''),
    said(
      { zh: '集装箱号', en: 'Containers' },
      containers.length === 0 ? '' : `${containers.length}；${containers.join('；')}`,
    ),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** The grid of the head, row by row: the form of exports, or that of imports, which has other labels and some other boxes. */
export function declarationGrid(one: PaperDeclaration, language: PaperLanguage): readonly (readonly Box[])[] {
  const { head, totals, consignor, overseas } = one;
  const { filed } = head;
  const isImport = filed?.isImport === true;
  const box = (zh: string, en: string, value: string, wide: number, code?: string): Box => ({
    text: { zh, en },
    value,
    wide,
    ...(code === undefined ? {} : { code }),
  });
  const ofTwo = (out: PaperText, into: PaperText): PaperText => (isImport ? into : out);
  const [freight, insurance, other] = one.fees;
  const isDeclared = head.keepsItems || one.terms.code !== FOB;
  const fee = (of: PaperFee | undefined): string => (of === undefined ? '' : feeText(of, isDeclared));
  // 没有境外收发货人的填 NO (填制规范 2019 年第 18 号).
  const abroad = overseas.name === '' && !head.keepsItems ? 'NO' : partyText(overseas, language);
  const party = (text: PaperText, value: string, code: string): Box => ({ text, value, wide: 30, code });
  return [
    [
      party(
        ofTwo({ zh: '境内发货人', en: 'Domestic consignor' }, { zh: '境内收货人', en: 'Domestic consignee' }),
        partyText(consignor, language),
        consignor.code,
      ),
      coded(
        ofTwo({ zh: '出境关别', en: 'Customs of exit' }, { zh: '进境关别', en: 'Customs of entry' }),
        one.exitAt,
        20,
        language,
      ),
      isImport
        ? box('进口日期', 'Date of import', one.exportDate, 15)
        : box('出口日期', 'Date of export', one.exportDate, 15),
      box('申报日期', 'Date of declaration', filed?.declaredOn ?? '', 15),
      box('备案号', 'Record no.', head.recordNo, 20),
    ],
    [
      party(
        ofTwo({ zh: '境外收货人', en: 'Overseas consignee' }, { zh: '境外发货人', en: 'Overseas consignor' }),
        abroad,
        overseas.code,
      ),
      coded({ zh: '运输方式', en: 'Mode of transport' }, one.traffic, 20, language),
      box('运输工具名称及航次号', 'Means of transport and voyage', head.vehicle, isImport ? 20 : 25),
      box('提运单号', 'Transport document no.', head.billNo, isImport ? 15 : 25),
      ...(isImport ? [box('货物存放地点', 'Place of storage', filed?.goodsPlace ?? '', 15)] : []),
    ],
    [
      party(
        ofTwo({ zh: '生产销售单位', en: 'Producer or seller' }, { zh: '消费使用单位', en: 'Consumer or user' }),
        partyText(one.producer, language),
        one.producer.code,
      ),
      coded({ zh: '监管方式', en: 'Mode of supervision' }, one.mode, 20, language),
      coded({ zh: '征免性质', en: 'Nature of levy' }, one.levyNature, isImport ? 20 : 25, language),
      box('许可证号', 'Licence no.', head.licenceNo, isImport ? 15 : 25),
      ...(isImport ? [coded({ zh: '启运港', en: 'Port of departure' }, one.departurePort, 15, language)] : []),
    ],
    [
      box('合同协议号', 'Contract no.', one.contractNo, 30),
      coded({ zh: '贸易国（地区）', en: 'Trading country' }, one.tradeCountry, 20, language),
      coded(
        ofTwo({ zh: '运抵国（地区）', en: 'Country of arrival' }, { zh: '启运国（地区）', en: 'Country of departure' }),
        one.arrival,
        17,
        language,
      ),
      coded(
        ofTwo({ zh: '指运港', en: 'Port of destination' }, { zh: '经停港', en: 'Port of call' }),
        one.pod,
        17,
        language,
      ),
      coded(
        ofTwo({ zh: '离境口岸', en: 'Port of exit' }, { zh: '入境口岸', en: 'Port of entry' }),
        one.exitPort,
        16,
        language,
      ),
    ],
    [
      coded({ zh: '包装种类', en: 'Packing' }, one.wrap, 30, language),
      box('件数', 'Packages', String(totals.packages), 8),
      box('毛重(千克)', 'Gross (kg)', kilograms(totals.grossG), 12),
      box('净重(千克)', 'Net (kg)', kilograms(totals.netG), 12),
      coded({ zh: '成交方式', en: 'Terms' }, one.terms, 10, language),
      box('运费', 'Freight', fee(freight), 10),
      box('保费', 'Insurance', fee(insurance), 9),
      box('杂费', 'Other', fee(other), 9),
    ],
    [box('随附单证及编号', 'Attached documents', attachedText(one, language), 100)],
    [box('标记唛码及备注', 'Marks and notes', notesText(one, language), 100)],
  ];
}

/** Columns of the goods, as the form has them; widths in millimetres of 277. */
const goodsColumns = (isImport: boolean): readonly { readonly text: PaperText; readonly width: number }[] => [
  { text: { zh: '项号', en: 'No.' }, width: 11 },
  { text: { zh: '商品编号', en: 'HS code' }, width: 25 },
  { text: { zh: '商品名称及规格型号', en: 'Name and specification' }, width: 82 },
  { text: { zh: '数量及单位', en: 'Quantity and unit' }, width: 35 },
  { text: { zh: '单价/总价/币制', en: 'Price / total / currency' }, width: 33 },
  { text: { zh: '原产国（地区）', en: 'Origin' }, width: 24 },
  { text: { zh: '最终目的国（地区）', en: 'Destination' }, width: 24 },
  {
    text: isImport ? { zh: '境内目的地', en: 'Destination in China' } : { zh: '境内货源地', en: 'Source in China' },
    width: 23,
  },
  { text: { zh: '征免', en: 'Levy' }, width: 20 },
];

const withCode = (one: Coded, language: PaperLanguage): string =>
  one.code === '' ? named(one, language) : `${named(one, language)}\n(${one.code})`;

/** The cells of an item, lines within a cell apart. */
export function goodsCells(item: PaperItem, language: PaperLanguage): readonly string[] {
  const name = language === 'en' && item.nameEn !== '' ? item.nameEn : item.gname;
  const names = language === 'both' && item.nameEn !== '' ? [item.gname, item.nameEn] : [name];
  const quantity = (value: bigint | undefined, unit: Coded | undefined): string =>
    value === undefined || unit === undefined ? '' : `${figureText(value)} ${named(unit, 'zh')}`;
  const places = [item.sourcePlace, item.division].filter(({ code, zh }) => code !== '' || zh !== '');
  return [
    // The number in the record (备案序号) stands on a line of its own.
    [String(item.no), item.recordItem === '' ? '' : `(${item.recordItem})`].filter((text) => text !== '').join('\n'),
    item.gcode,
    [...names, item.gmodel].filter((text) => text !== '').join('\n'),
    // Legal unit, second legal unit, unit of the deal: three lines, blank where there is none.
    [quantity(item.qty1_e5, item.unit1), quantity(item.qty2_e5, item.unit2), quantity(item.qty_e5, item.unit)].join(
      '\n',
    ),
    [figureText(item.price_e5, 2), amount(item.amount, item.currency), item.currency].join('\n'),
    withCode(item.origin, language),
    withCode(item.destination, language),
    places.map((place) => withCode(place, language)).join('\n'),
    withCode(item.levyMode, language),
  ];
}

const breaks = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');

function boxHtml({ text, code, value, wide }: Box, language: PaperLanguage): string {
  const beside = code === undefined || code === '' ? '' : `<span class="code">(${escapeHtml(code)})</span>`;
  return `<div class="box" style="flex:${wide}"><span class="name">${label(text, language)}${beside}</span><span class="value">${breaks(value)}</span></div>`;
}

const FONT = 8;
/** Height of a line and of a row's padding, millimetres. */
const LINE = 3.7;
const PAD = 1.6;
/** What stands above and below the goods takes the rest of 186 mm. */
const GRID_LINE = 3.4;
const FOOT = 24;
/** The statements take another line where they stand in English too. */
const FOOT_EN = 28;

function gridHeight(grid: readonly (readonly Box[])[], language: PaperLanguage): number {
  return grid.reduce((sum, row) => {
    const share = row.reduce((all, { wide }) => all + wide, 0);
    const nameLines = Math.max(
      ...row.map(({ text, code, wide }) =>
        linesIn(
          `${language === 'en' ? text.en : language === 'zh' ? text.zh : `${text.zh} ${text.en}`} ${code ?? ''}`,
          (277 * wide) / share,
          7,
        ),
      ),
    );
    const lines = Math.max(...row.map(({ value, wide }) => linesIn(value, (277 * wide) / share, FONT)));
    return sum + GRID_LINE * nameLines + lines * LINE + 1;
  }, 0);
}

const answers: Readonly<Record<string, PaperText>> = { '1': { zh: '是', en: 'yes' }, '0': { zh: '否', en: 'no' } };
const unsaid: PaperText = { zh: '', en: '' };
const priceStatements: readonly PaperText[] = [
  { zh: '特殊关系确认', en: 'Special relation' },
  { zh: '价格影响确认', en: 'Influence on price' },
  { zh: '支付特许权使用费确认', en: 'Royalties paid' },
  { zh: '公式定价确认', en: 'Formula price' },
  { zh: '暂定价格确认', en: 'Provisional price' },
];

/** The statements on price and 自报自缴, with what the declaration says to each. */
function statementsOf(
  filed: FiledFacts | undefined,
): readonly { readonly text: PaperText; readonly says: PaperText }[] {
  return [
    ...priceStatements.map((text, at) => ({ text, says: answers[filed?.statements[at] ?? ''] ?? unsaid })),
    { text: { zh: '自报自缴', en: 'Self-assessed' }, says: answers[filed?.selfAssessed ?? ''] ?? unsaid },
  ];
}

/** Sheets of all declarations of a set. */
export function declarationSheets(set: PaperSet, language: PaperLanguage): string[] {
  return set.declarations.flatMap((one) => {
    const grid = declarationGrid(one, language);
    const { filed } = one.head;
    const isImport = filed?.isImport === true;
    const columns = goodsColumns(isImport);
    const rowHeight = (item: PaperItem): number =>
      Math.max(...goodsCells(item, language).map((text, at) => linesIn(text, columns[at]?.width ?? 20, FONT))) * LINE +
      PAD;
    const room = 186 - 20 - gridHeight(grid, language) - (language === 'zh' ? FOOT : FOOT_EN);
    const pages = paginate(one.items, rowHeight, { first: room, next: room, last: 0 });
    const total = [
      ...one.totals.amounts.map(({ currency, amount: minor }) => `${currency} ${amount(minor, currency)}`),
    ].join('；');
    return pages.map((items, at) => {
      const rows = items
        .map(
          (item) =>
            `<tr>${goodsCells(item, language)
              .map(
                (text, column) =>
                  `<td${column === 3 || column === 4 ? ' class="n"' : column === 0 ? ' class="c"' : ''}>${breaks(text)}</td>`,
              )
              .join('')}</tr>`,
        )
        .join('');
      const parts = one.of === 1 ? '' : `　${escapeHtml(`第 ${one.no}/${one.of} 份`)}`;
      return `<h1>${label(paperTitle('declaration', isImport), language)}</h1>
<div class="above small"><span>${label({ zh: '预录入编号：', en: 'Pre-entry no.' }, language)}${escapeHtml(one.lists === 1 ? (filed?.preEntryNo ?? '') || one.head.copNo : '')}</span><span>${label({ zh: '海关编号：', en: 'Customs no.' }, language)}${escapeHtml(filed?.customsNo ?? '')}（${escapeHtml(named(one.declareAt, language))}）</span><span>${label({ zh: '页码/页数：', en: 'Page' }, language)}${at + 1}/${pages.length}${parts}</span></div>
<div class="grid">${grid.map((row) => `<div class="row">${row.map((box) => boxHtml(box, language)).join('')}</div>`).join('')}</div>
<table class="goods"><colgroup>${columns.map(({ width }) => `<col style="width:${((width / 277) * 100).toFixed(2)}%">`).join('')}</colgroup><thead><tr>${columns.map(({ text }) => `<th>${label(text, language)}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table>
${at + 1 === pages.length ? `<div class="above sum"><span>${label({ zh: '合计', en: 'Total' }, language)}</span><span>${one.items.length}${language === 'en' ? ' items' : ' 项'}</span><span>${escapeHtml(total)}</span></div>` : ''}
<div class="foot"><div class="row"><div class="box" style="flex:1">${statementsOf(filed)
        .map(
          ({ text, says }) =>
            `<span class="ask">${inline(text, language)}<span class="l">：</span>${escapeHtml(language === 'en' ? says.en : says.zh)}</span>`,
        )
        .join('')}</div></div>
<div class="row"><div class="box" style="flex:66"><span>${label({ zh: '报关人员', en: 'Declared by' }, language)} ${escapeHtml(filed?.person || set.firm.declarantPerson)}　${label({ zh: '报关人员证号', en: 'Certificate no.' }, language)} ${escapeHtml(filed?.personNo || set.firm.declarantNo)}　${label({ zh: '电话', en: 'Telephone' }, language)} ${escapeHtml(filed?.personPhone || set.firm.phone)}</span><br><span class="l">${language === 'en' ? 'I declare to answer under the law for truthful declaration and payment of taxes.' : '兹申明对以上内容承担如实申报、依法纳税之法律责任'}</span><br><span>${label({ zh: '申报单位', en: 'Declaring unit' }, language)} <span class="code">(${escapeHtml(one.declarant.code)})</span> ${breaks(partyText(one.declarant, language))}　　${label({ zh: '申报单位（签章）', en: 'Seal' }, language)}${sealSpot(one.declarant.code)}</span></div><div class="box" style="flex:34">${label({ zh: '海关批注及签章', en: 'Endorsement by customs' }, language)}</div></div></div>`;
    });
  });
}

export const declarationStyle = `
.small { font-size: 8.5pt; margin-top: 1.5mm; }
.small .en, .foot .en { display: inline; margin: 0 0.5em; }
.grid { border: 0.6pt solid #000; border-bottom: 0; font-size: ${FONT}pt; }
.row { display: flex; }
.box { border-bottom: 0.5pt solid #000; border-right: 0.5pt solid #000; padding: 0.4mm 1.2mm; min-width: 0; }
.box:last-child { border-right: 0; }
.name { display: block; font-size: 7.5pt; line-height: 1.25; } .name .code { margin-left: 0.6em; } .name .en { display: inline; margin-left: 0.5em; }
.value { display: block; min-height: ${LINE}mm; overflow-wrap: anywhere; }
.goods { font-size: ${FONT}pt; } .goods th { font-size: 7.5pt; padding: 0.4mm; }
.foot { border: 0.6pt solid #000; border-bottom: 0; font-size: 8pt; margin-top: 1mm; } .foot .ask { display: inline-block; white-space: nowrap; margin-right: 6mm; }
.sum { font-size: 8.5pt; font-weight: 600; margin: 0.8mm 1mm; }
`;
