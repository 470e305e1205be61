import type { Worksheet } from 'exceljs';
import { chineseAmount, englishAmount } from '../../../../shared/money/words.ts';
import {
  amountText,
  figureText,
  kilograms,
  type PaperDeclaration,
  type PaperItem,
  type PaperSet,
} from '../../../../shared/papers/paper-set.ts';
import { writeFileAtomically } from '../../files/atomic.ts';
import { exactCell, harmlessText } from '../text-sheet.ts';

/** The five sheets (报关单, 发票, 装箱单, 申报要素, 合同) that exporters keep for a shipment, from one set of figures. */

type Value = string | { readonly figure: string };
const figure = (text: string): Value => ({ figure: text });

interface Column<R> {
  readonly head: string;
  /** Name of the field in the messages or of the placeholder, for the second row of the head. */
  readonly code: string;
  readonly width: number;
  readonly value: (row: R) => Value;
}
interface Row {
  readonly no: string;
  readonly item: PaperItem;
  readonly declaration: PaperDeclaration;
}

const rowsOf = (set: PaperSet): Row[] =>
  set.declarations.flatMap((declaration) =>
    declaration.items.map((item) => ({
      no: declaration.of === 1 ? String(item.no) : `${declaration.no}-${item.no}`,
      item,
      declaration,
    })),
  );
const name = ({ code, zh }: { readonly code: string; readonly zh: string }): string => (zh === '' ? code : zh);
const withCode = (one: { readonly code: string; readonly zh: string }): string =>
  one.code === '' || one.zh === '' ? name(one) : `${one.zh}(${one.code})`;

const declared: readonly Column<Row>[] = [
  { head: '项号', code: 'GNo', width: 8, value: ({ no }) => no },
  { head: '商品编号', code: 'CodeTS', width: 14, value: ({ item }) => item.gcode },
  { head: '商品名称', code: 'GName', width: 28, value: ({ item }) => item.gname },
  { head: '规格型号', code: 'GModel', width: 44, value: ({ item }) => item.gmodel },
  { head: '成交数量', code: 'GQty', width: 12, value: ({ item }) => figure(figureText(item.qty_e5)) },
  { head: '成交单位', code: 'GUnit', width: 10, value: ({ item }) => name(item.unit) },
  { head: '法定第一数量', code: 'FirstQty', width: 13, value: ({ item }) => figure(figureText(item.qty1_e5)) },
  { head: '法定第一单位', code: 'FirstUnit', width: 13, value: ({ item }) => name(item.unit1) },
  {
    head: '法定第二数量',
    code: 'SecondQty',
    width: 13,
    value: ({ item }) => (item.qty2_e5 === undefined ? '' : figure(figureText(item.qty2_e5))),
  },
  {
    head: '法定第二单位',
    code: 'SecondUnit',
    width: 13,
    value: ({ item }) => (item.unit2 === undefined ? '' : name(item.unit2)),
  },
  { head: '单价', code: 'DeclPrice', width: 12, value: ({ item }) => figure(figureText(item.price_e5)) },
  { head: '总价', code: 'DeclTotal', width: 14, value: ({ item }) => figure(amountText(item.amount, item.currency)) },
  { head: '币制', code: 'TradeCurr', width: 8, value: ({ item }) => item.currency },
  { head: '原产国（地区）', code: 'DestinationCountry', width: 14, value: ({ item }) => withCode(item.origin) },
  { head: '最终目的国（地区）', code: 'OriginCountry', width: 16, value: ({ item }) => withCode(item.destination) },
  { head: '境内货源地', code: 'DistrictCode', width: 14, value: ({ item }) => withCode(item.sourcePlace) },
  { head: '征免', code: 'DutyMode', width: 10, value: ({ item }) => withCode(item.levyMode) },
  { head: '净重(千克)', code: 'net', width: 12, value: ({ item }) => figure(kilograms(item.netG)) },
  { head: '毛重(千克)', code: 'gross', width: 12, value: ({ item }) => figure(kilograms(item.grossG)) },
];

const traded: readonly Column<Row>[] = [
  { head: '序号', code: 'no', width: 8, value: ({ no }) => no },
  { head: '商品编码', code: 'gcode', width: 14, value: ({ item }) => item.gcode },
  { head: '货物名称', code: 'gname', width: 28, value: ({ item }) => item.gname },
  { head: '英文名称', code: 'nameEn', width: 34, value: ({ item }) => item.nameEn },
  { head: '数量', code: 'qty', width: 12, value: ({ item }) => figure(figureText(item.qty_e5)) },
  { head: '单位', code: 'unit', width: 8, value: ({ item }) => name(item.unit) },
  { head: '单价', code: 'price', width: 12, value: ({ item }) => figure(figureText(item.price_e5)) },
  { head: '金额', code: 'amount', width: 14, value: ({ item }) => figure(amountText(item.amount, item.currency)) },
  { head: '币制', code: 'currency', width: 8, value: ({ item }) => item.currency },
];

interface PackingRow {
  readonly no: string;
  readonly gcode: string;
  readonly name: string;
  readonly sku: string;
  readonly qty: string;
  readonly unit: string;
  readonly net: string;
  readonly gross: string;
  readonly isDetail: boolean;
}
const packed: readonly Column<PackingRow>[] = [
  { head: '序号', code: 'no', width: 8, value: ({ no }) => no },
  { head: '商品编码', code: 'gcode', width: 14, value: ({ gcode }) => gcode },
  { head: '货物名称', code: 'gname', width: 30, value: (row) => row.name },
  { head: '货号', code: 'sku', width: 18, value: ({ sku }) => sku },
  { head: '数量', code: 'qty', width: 12, value: ({ qty, isDetail }) => (isDetail ? qty : figure(qty)) },
  { head: '单位', code: 'unit', width: 8, value: ({ unit }) => unit },
  // Details stand as text, so that a sum over the column is the total.
  { head: '净重(千克)', code: 'net', width: 12, value: ({ net, isDetail }) => (isDetail ? net : figure(net)) },
  { head: '毛重(千克)', code: 'gross', width: 12, value: ({ gross, isDetail }) => (isDetail ? gross : figure(gross)) },
];

function packingRows(set: PaperSet): PackingRow[] {
  return rowsOf(set).flatMap(({ no, item }): PackingRow[] => {
    const unit = name(item.unit);
    const [only] = item.packing;
    const isPlain = item.packing.length < 2;
    const main: PackingRow = {
      no,
      gcode: item.gcode,
      name: item.gname,
      sku: isPlain ? (only?.sku ?? '') : '',
      qty: figureText(item.qty_e5),
      unit,
      net: kilograms(item.netG),
      gross: kilograms(item.grossG),
      isDetail: false,
    };
    if (isPlain) return [main];
    const details = item.packing.map(
      ({ sku, nameEn, qty_e5, netG, grossG }): PackingRow => ({
        no: '',
        gcode: '',
        name: `　其中：${nameEn}`,
        sku,
        qty: figureText(qty_e5),
        unit,
        net: kilograms(netG),
        gross: kilograms(grossG),
        isDetail: true,
      }),
    );
    return [main, ...details];
  });
}

/** A cell: figures that a spreadsheet keeps exactly are numbers, all else is text that no program runs. */
const plain = (value: Value): string | number | null =>
  typeof value === 'string' ? (value === '' ? null : harmlessText(value)) : exactCell(value.figure);

interface SheetOptions {
  readonly fieldCodes: boolean;
}

/** Title, facts, table with totals; the head of the table frozen and repeated in print. */
function fill<R>(
  sheet: Worksheet,
  paper: {
    readonly title: string;
    readonly facts: readonly (readonly string[])[];
    readonly columns: readonly Column<R>[];
    readonly rows: readonly R[];
    readonly totals: readonly (readonly Value[])[];
    readonly below?: readonly (readonly string[])[];
  },
  { fieldCodes }: SheetOptions,
): void {
  const { columns } = paper;
  sheet.columns = columns.map(({ width }) => ({ width }));
  const title = sheet.addRow([harmlessText(paper.title)]);
  title.font = { bold: true, size: 15 };
  sheet.mergeCells(1, 1, 1, columns.length);
  title.getCell(1).alignment = { horizontal: 'center' };
  for (const facts of paper.facts) {
    const row = sheet.addRow(facts.map(plain));
    row.eachCell((cell) => {
      cell.numFmt = '@';
      cell.alignment = { vertical: 'top' };
    });
  }
  const thin = { style: 'thin' as const };
  const border = { top: thin, left: thin, bottom: thin, right: thin };
  const head = sheet.addRow(columns.map((column) => column.head));
  head.font = { bold: true };
  const heads = [head];
  if (fieldCodes) {
    const codes = sheet.addRow(columns.map(({ code }) => code));
    codes.font = { size: 8, color: { argb: 'FF666666' } };
    heads.push(codes);
  }
  for (const row of heads)
    row.eachCell((cell) => {
      cell.border = border;
      cell.alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
    });
  const top = head.number + heads.length - 1;
  sheet.views = [{ state: 'frozen', ySplit: top }];
  sheet.pageSetup = {
    paperSize: 9,
    orientation: columns.length > 8 ? 'landscape' : 'portrait',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    printTitlesRow: `${head.number}:${top}`,
  };
  const put = (values: readonly Value[], isTotal: boolean): void => {
    const row = sheet.addRow(values.map(plain));
    for (let at = 1; at <= columns.length; at += 1) {
      const cell = row.getCell(at);
      cell.border = border;
      cell.alignment = {
        vertical: 'top',
        wrapText: true,
        horizontal: typeof cell.value === 'number' ? 'right' : 'left',
      };
      cell.numFmt = typeof cell.value === 'number' ? '#,##0.00###' : '@';
      if (isTotal) cell.font = { bold: true };
    }
  };
  for (const row of paper.rows)
    put(
      columns.map(({ value }) => value(row)),
      false,
    );
  for (const total of paper.totals) put(total, true);
  for (const lines of paper.below ?? []) sheet.addRow(lines.map(plain));
}

/** Values in the columns they belong to, by code; blank elsewhere. */
function inColumns<R>(columns: readonly Column<R>[], values: Readonly<Record<string, Value>>): Value[] {
  return columns.map(({ code }) => values[code] ?? '');
}

/**
 * Writes the five sheets of a set: the same items and totals on each. Codes, numbers of papers and whatever has more digits than a
 * spreadsheet keeps are text; nothing is a formula. Refusal: `FILE_NOT_WRITTEN`.
 */
export async function writePaperWorkbook(path: string, set: PaperSet, options: SheetOptions): Promise<void> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  const { parties, totals } = set;
  const rows = rowsOf(set);
  const [first] = set.declarations;
  const draft = set.isAccepted ? '' : '（草稿）';
  const words = totals.amounts.flatMap(({ currency, amount }) => [
    ['大写', chineseAmount(amount, currency) ?? ''],
    ['', englishAmount(amount, currency) ?? ''],
  ]);
  const tradeTotals = totals.amounts.map(({ currency, amount }) =>
    inColumns(traded, { no: '合计', amount: figure(amountText(amount, currency)), currency }),
  );

  fill(
    workbook.addWorksheet('报关单'),
    {
      title: `出口货物报关单${draft}`,
      facts: [
        ['境内发货人', parties.consignor.name, parties.consignor.code, '', '编号', set.subject.number],
        ['生产销售单位', parties.producer.name, parties.producer.code],
        ['申报单位', parties.declarant.name, parties.declarant.code],
        ['境外收货人', parties.consignee.name === '' ? 'NO' : parties.consignee.name, parties.consignee.code],
        ...set.declarations.flatMap((one) => [
          [
            one.of === 1 ? '' : `第 ${one.no}/${one.of} 份`,
            ...['监管方式', withCode(one.mode), '出境关别', withCode(one.exitAt), '运输方式', withCode(one.traffic)],
            ...['贸易国', withCode(one.tradeCountry), '运抵国', withCode(one.arrival), '指运港', withCode(one.pod)],
          ],
          [
            '',
            ...[
              '合同协议号',
              set.contractNo,
              '提运单号',
              one.head.billNo,
              '运输工具',
              one.head.vehicle,
              '出口日期',
              one.exportDate,
            ],
            ...['征免性质', withCode(one.levyNature), '成交方式', withCode(one.terms)],
          ],
          [
            '',
            ...['包装种类', withCode(one.wrap), '件数', String(one.totals.packages)],
            ...['毛重', kilograms(one.totals.grossG), '净重', kilograms(one.totals.netG), '备注', one.note],
          ],
        ]),
      ],
      columns: declared,
      rows,
      totals: totals.amounts.map(({ currency, amount }, at) =>
        inColumns(declared, {
          GNo: '合计',
          DeclTotal: figure(amountText(amount, currency)),
          TradeCurr: currency,
          // Weights belong to all goods, not to a currency.
          ...(at === 0 ? { net: figure(kilograms(totals.netG)), gross: figure(kilograms(totals.grossG)) } : {}),
        }),
      ),
    },
    options,
  );
  const tradeFacts = [
    ['卖方', parties.consignor.name, set.firm.nameEn],
    ['地址', set.firm.address, set.firm.addressEn],
    ['买方', parties.consignee.name, '', parties.consignee.address],
  ];
  const terms = first === undefined ? '' : name(first.terms);
  fill(
    workbook.addWorksheet('发票'),
    {
      title: `商业发票 COMMERCIAL INVOICE${draft}`,
      facts: [
        ...tradeFacts,
        ['发票号', set.invoiceNo, '日期', set.invoiceDate, '合同号', set.contractNo],
        ['成交方式', terms, '唛头', set.marks, '付款方式', set.payment],
      ],
      columns: traded,
      rows,
      totals: tradeTotals,
      below: words,
    },
    options,
  );
  fill(
    workbook.addWorksheet('装箱单'),
    {
      title: `装箱单 PACKING LIST${draft}`,
      facts: [
        ...tradeFacts,
        ['发票号', set.invoiceNo, '日期', set.invoiceDate, '唛头', set.marks],
        ['件数', String(totals.packages), '包装种类', first === undefined ? '' : name(first.wrap)],
      ],
      columns: packed,
      rows: packingRows(set),
      totals: totals.quantities.map(({ unit, qty_e5 }, at) =>
        inColumns(packed, {
          no: '合计',
          qty: figure(figureText(qty_e5)),
          unit: name(unit),
          ...(at === 0 ? { net: figure(kilograms(totals.netG)), gross: figure(kilograms(totals.grossG)) } : {}),
        }),
      ),
    },
    options,
  );
  const mostElements = Math.max(1, ...rows.map(({ item }) => item.elements.length));
  const elementColumns: readonly Column<Row>[] = [
    ...declared.slice(0, 4),
    ...Array.from(
      { length: mostElements },
      (_, at): Column<Row> => ({
        head: `要素 ${at + 1}`,
        code: `element${at + 1}`,
        width: 20,
        value: ({ item }) => {
          const pair = item.elements[at];
          if (pair === undefined) return '';
          return pair.name === '' ? pair.value : `${pair.name}：${pair.value}`;
        },
      }),
    ),
  ];
  fill(
    workbook.addWorksheet('申报要素'),
    {
      title: '规范申报要素表',
      facts: [['境内发货人', parties.consignor.name, '', '编号', set.subject.number]],
      columns: elementColumns,
      rows,
      totals: [],
    },
    options,
  );
  fill(
    workbook.addWorksheet('合同'),
    {
      title: `销售合同 SALES CONTRACT${draft}`,
      facts: [
        ...tradeFacts,
        ['合同号', set.contractNo, '签订日期', set.contractDate, '签订地点', set.contractPlace],
        ['成交方式', terms, '付款方式', set.payment, '装运期限', set.shipBy],
      ],
      columns: traded,
      rows,
      totals: tradeTotals,
      below: [...words, ['唛头', set.marks], ['卖方签章', '', '', '', '买方签章']],
    },
    options,
  );
  const bytes = await workbook.xlsx.writeBuffer();
  writeFileAtomically(path, new Uint8Array(bytes));
}
