/** 快件、邮件、个人物品登记 of a month as a workbook: the sums, what is counted, and what is not because a list or declaration has it. */
import type { parcelDirections, parcelKinds } from '../../../shared/contract/parcels.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import { fenText } from '../../../shared/stock/index.ts';
import type { Book } from '../store/book.ts';
import { listParcels, type Parcel, parcelCells } from '../store/parcels.ts';
import type { ReportDocument } from './report-document.ts';

const kindZh: Readonly<Record<(typeof parcelKinds)[number], string>> = {
  courier: '快件',
  mail: '邮件',
  personal: '个人物品',
};
const directionZh: Readonly<Record<(typeof parcelDirections)[number], string>> = { out: '出境', in: '进境' };
const PAGE = 500;

export interface ParcelNames {
  readonly country: (code: string) => string;
  readonly hs2: (code: string) => string;
}

function* sumsOf(book: Book, period: string, names: ParcelNames): Generator<SheetRow> {
  for (const cell of parcelCells(book, period, ['kind', 'country', 'hs2']))
    yield {
      key: [cell.direction, cell.kind, cell.country, cell.hs2].join(' '),
      cells: [
        directionZh[cell.direction],
        cell.kind === '' ? '' : kindZh[cell.kind],
        cell.country,
        cell.country === '' ? '' : names.country(cell.country),
        cell.hs2,
        cell.hs2 === '' ? '' : names.hs2(cell.hs2),
        ...[
          String(cell.parcels),
          String(cell.lines),
          fenText(cell.fen),
          cell.unrated === 0 ? '' : String(cell.unrated),
        ],
      ],
    };
}

function* linesOf(book: Book, period: string, isUsed: boolean, names: ParcelNames): Generator<SheetRow> {
  let after: string | undefined;
  do {
    const page = listParcels(book, { period, used: isUsed, after, limit: PAGE });
    for (const one of page.rows) if ((one.usedBy !== null) === isUsed) yield lineOf(one, isUsed, names);
    after = page.nextCursor;
  } while (after !== undefined);
}

function lineOf(one: Parcel, isUsed: boolean, names: ParcelNames): SheetRow {
  return {
    key: String(one.id),
    currency: one.currency,
    cells: [
      ...[one.waybillNo, String(one.lineNo), kindZh[one.kind], directionZh[one.direction], one.movedOn, one.country],
      one.country === '' ? '' : names.country(one.country),
      ...[one.hsCode, one.name, one.currency, one.value, one.weight ?? '', one.carrier, one.shipmentNo],
      ...(isUsed ? [one.usedBy?.number ?? ''] : []),
    ],
  };
}

/** The three sheets of a month. */
export function parcelReport(book: Book, period: string, names: ParcelNames): readonly ReportDocument[] {
  const head = {
    form: '',
    firm: book.profile().name,
    period: `${period.slice(0, 4)}年${Number(period.slice(5))}月`,
  };
  const columns = [
    reportColumn('waybill', '运单（邮件）号', 'code', 22),
    reportColumn('line', '序号', 'figure', 6),
    reportColumn('kind', '类别', 'text', 10),
    reportColumn('direction', '进出境', 'text', 8),
    reportColumn('date', '进出境日期', 'code', 12),
    reportColumn('country', '国别代码', 'code', 9),
    reportColumn('countryName', '运抵（启运）国（地区）', 'text', 18),
    reportColumn('hs', '商品编码', 'code', 12),
    reportColumn('name', '物品名称', 'text', 30),
    reportColumn('currency', '币种', 'code', 6),
    reportColumn('value', '申报价值', 'amount', 14),
    reportColumn('weight', '毛重（千克）', 'figure', 12),
    reportColumn('carrier', '承运（寄递）企业', 'text', 18),
    reportColumn('shipment', '货运编号', 'code', 16),
  ];
  return [
    {
      ...head,
      title: '快件、邮件、个人物品统计（单列，不含在统计月报报送数内）',
      sheet: '汇总',
      unit: '单位：件、元',
      columns: [
        reportColumn('direction', '进出境', 'text', 8),
        reportColumn('kind', '类别', 'text', 10),
        reportColumn('country', '国别代码', 'code', 9),
        reportColumn('countryName', '运抵（启运）国（地区）', 'text', 20),
        reportColumn('hs2', '章', 'code', 5),
        reportColumn('hs2Name', '商品章名称', 'text', 36),
        reportColumn('parcels', '包裹数', 'figure', 10),
        reportColumn('lines', '物品项数', 'figure', 10),
        reportColumn('cny', '人民币价值', 'amount', 16),
        reportColumn('unrated', '缺汇率项数（未折算）', 'figure', 12),
      ],
      rows: sumsOf(book, period, names),
    },
    {
      ...head,
      title: '计入的包裹',
      sheet: '明细',
      unit: '单位：原币',
      columns,
      rows: linesOf(book, period, false, names),
    },
    {
      ...head,
      title: '未计入的包裹（单号已在清单或报关单中）',
      sheet: '未计入',
      unit: '单位：原币',
      columns: [...columns, reportColumn('usedBy', '所在单证编号', 'code', 24)],
      rows: linesOf(book, period, true, names),
    },
  ];
}
