import type { PaperLanguage, PaperText } from '../../../../shared/papers/kinds.ts';
import { paperTitles } from '../../../../shared/papers/kinds.ts';
import {
  type Coded,
  figureText,
  kilograms,
  type PaperDeclaration,
  type PaperFee,
  type PaperItem,
  type PaperParty,
  type PaperSet,
} from '../../../../shared/papers/paper-set.ts';
import { escapeHtml } from '../html.ts';
import { amount, label, linesIn, named, paginate, sealSpot } from './sheet.ts';

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

/** `USD/123.45/3`, a rate as `0.3/1`. Free on board no fee is declared. */
function feeText({ mark, amount_e5, currency }: PaperFee, terms: string): string {
  if (amount_e5 === 0n || terms === FOB) return '';
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

/** The grid of the head, row by row. */
export function declarationGrid(
  one: PaperDeclaration,
  set: PaperSet,
  language: PaperLanguage,
): readonly (readonly Box[])[] {
  const { head, totals } = one;
  const { consignor, consignee } = set.parties;
  const isRetail = consignee.name === '';
  const box = (zh: string, en: string, value: string, wide: number, code?: string): Box => ({
    text: { zh, en },
    value,
    wide,
    ...(code === undefined ? {} : { code }),
  });
  const [freight, insurance, other] = one.fees;
  const terms = one.terms.code;
  return [
    [
      box('境内发货人', 'Domestic consignor', partyText(consignor, language), 30, consignor.code),
      coded({ zh: '出境关别', en: 'Customs of exit' }, one.exitAt, 20, language),
      box('出口日期', 'Date of export', one.exportDate, 15),
      box('申报日期', 'Date of declaration', '', 15),
      box('备案号', 'Record no.', head.recordNo, 20),
    ],
    [
      // 没有境外收货人的填 NO (填制规范 2019 年第 18 号).
      box('境外收货人', 'Overseas consignee', isRetail ? 'NO' : partyText(consignee, language), 30, consignee.code),
      coded({ zh: '运输方式', en: 'Mode of transport' }, one.traffic, 20, language),
      box('运输工具名称及航次号', 'Means of transport and voyage', head.vehicle, 25),
      box('提运单号', 'Transport document no.', head.billNo, 25),
    ],
    [
      box('生产销售单位', 'Producer or seller', partyText(one.producer, language), 30, one.producer.code),
      coded({ zh: '监管方式', en: 'Mode of supervision' }, one.mode, 20, language),
      coded({ zh: '征免性质', en: 'Nature of levy' }, one.levyNature, 25, language),
      box('许可证号', 'Licence no.', head.licenceNo, 25),
    ],
    [
      box('合同协议号', 'Contract no.', set.contractNo, 30),
      coded({ zh: '贸易国（地区）', en: 'Trading country' }, one.tradeCountry, 20, language),
      coded({ zh: '运抵国（地区）', en: 'Country of arrival' }, one.arrival, 17, language),
      coded({ zh: '指运港', en: 'Port of destination' }, one.pod, 17, language),
      coded({ zh: '离境口岸', en: 'Port of exit' }, one.exitPort, 16, language),
    ],
    [
      coded({ zh: '包装种类', en: 'Packing' }, one.wrap, 30, language),
      box('件数', 'Packages', String(totals.packages), 8),
      box('毛重(千克)', 'Gross (kg)', kilograms(totals.grossG), 12),
      box('净重(千克)', 'Net (kg)', kilograms(totals.netG), 12),
      coded({ zh: '成交方式', en: 'Terms' }, one.terms, 10, language),
      box('运费', 'Freight', freight === undefined ? '' : feeText(freight, terms), 10),
      box('保费', 'Insurance', insurance === undefined ? '' : feeText(insurance, terms), 9),
      box('杂费', 'Other', other === undefined ? '' : feeText(other, terms), 9),
    ],
    [box('随附单证及编号', 'Attached documents', '', 100)],
    [box('标记唛码及备注', 'Marks and notes', [one.marks, one.note].filter((text) => text !== '').join('\n'), 100)],
  ];
}

/** Columns of the goods, as the form has them; widths in millimetres of 277. */
export const goodsColumns: readonly { readonly text: PaperText; readonly width: number }[] = [
  { text: { zh: '项号', en: 'No.' }, width: 11 },
  { text: { zh: '商品编号', en: 'HS code' }, width: 25 },
  { text: { zh: '商品名称及规格型号', en: 'Name and specification' }, width: 82 },
  { text: { zh: '数量及单位', en: 'Quantity and unit' }, width: 35 },
  { text: { zh: '单价/总价/币制', en: 'Price / total / currency' }, width: 33 },
  { text: { zh: '原产国（地区）', en: 'Origin' }, width: 24 },
  { text: { zh: '最终目的国（地区）', en: 'Destination' }, width: 24 },
  { text: { zh: '境内货源地', en: 'Source in China' }, width: 23 },
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
  return [
    String(item.no),
    item.gcode,
    [...names, item.gmodel].filter((text) => text !== '').join('\n'),
    // Legal unit, second legal unit, unit of the deal: three lines, blank where there is none.
    [quantity(item.qty1_e5, item.unit1), quantity(item.qty2_e5, item.unit2), quantity(item.qty_e5, item.unit)].join(
      '\n',
    ),
    [figureText(item.price_e5, 2), amount(item.amount, item.currency), item.currency].join('\n'),
    withCode(item.origin, language),
    withCode(item.destination, language),
    withCode(item.sourcePlace, language),
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

/** Sheets of all declarations of a set. */
export function declarationSheets(set: PaperSet, language: PaperLanguage): string[] {
  return set.declarations.flatMap((one) => {
    const grid = declarationGrid(one, set, language);
    const rowHeight = (item: PaperItem): number =>
      Math.max(...goodsCells(item, language).map((text, at) => linesIn(text, goodsColumns[at]?.width ?? 20, FONT))) *
        LINE +
      PAD;
    const room = 186 - 20 - gridHeight(grid, language) - FOOT;
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
      return `<h1>${label(paperTitles.declaration, language)}</h1>
<div class="above small"><span>${label({ zh: '预录入编号：', en: 'Pre-entry no.' }, language)}${escapeHtml(one.lists === 1 ? one.head.copNo : '')}</span><span>${label({ zh: '海关编号：', en: 'Customs no.' }, language)}${escapeHtml(one.lists === 1 && one.head.keepsItems ? one.head.platformNo : '')}（${escapeHtml(named(one.declareAt, language))}）</span><span>${label({ zh: '页码/页数：', en: 'Page' }, language)}${at + 1}/${pages.length}${parts}</span></div>
<div class="grid">${grid.map((row) => `<div class="row">${row.map((box) => boxHtml(box, language)).join('')}</div>`).join('')}</div>
<table class="goods"><colgroup>${goodsColumns.map(({ width }) => `<col style="width:${((width / 277) * 100).toFixed(2)}%">`).join('')}</colgroup><thead><tr>${goodsColumns.map(({ text }) => `<th>${label(text, language)}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table>
${at + 1 === pages.length ? `<div class="above sum"><span>${label({ zh: '合计', en: 'Total' }, language)}</span><span>${one.items.length}${language === 'en' ? ' items' : ' 项'}</span><span>${escapeHtml(total)}</span></div>` : ''}
<div class="foot"><div class="row"><div class="box" style="flex:1">${['特殊关系确认', '价格影响确认', '支付特许权使用费确认', '公式定价确认', '暂定价格确认', '自报自缴'].map((text) => `<span class="ask l">${text}：</span>`).join('')}</div></div>
<div class="row"><div class="box" style="flex:66"><span>${label({ zh: '报关人员', en: 'Declared by' }, language)} ${escapeHtml(set.firm.declarantPerson)}　${label({ zh: '报关人员证号', en: 'Certificate no.' }, language)} ${escapeHtml(set.firm.declarantNo)}　${label({ zh: '电话', en: 'Telephone' }, language)} ${escapeHtml(set.firm.phone)}</span><br><span class="l">${language === 'en' ? 'I declare to answer under the law for truthful declaration and payment of taxes.' : '兹申明对以上内容承担如实申报、依法纳税之法律责任'}</span><br><span>${label({ zh: '申报单位', en: 'Declaring unit' }, language)} <span class="code">(${escapeHtml(set.parties.declarant.code)})</span> ${breaks(partyText(set.parties.declarant, language))}　　${label({ zh: '申报单位（签章）', en: 'Seal' }, language)}${sealSpot(set.parties.declarant.code)}</span></div><div class="box" style="flex:34">${label({ zh: '海关批注及签章', en: 'Endorsement by customs' }, language)}</div></div></div>`;
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
.foot { border: 0.6pt solid #000; border-bottom: 0; font-size: 8pt; margin-top: 1mm; } .foot .ask { margin-right: 8mm; }
.sum { font-size: 8.5pt; font-weight: 600; margin: 0.8mm 1mm; }
`;
