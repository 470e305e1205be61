/** 保税账册 as a workbook: items with their balances, every step with the running balance, and what lists propose. */
import { storedText } from '../../../shared/money/stored.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import {
  type BondedBook,
  type BondedStep,
  bondedHistory,
  type ItemRecord,
  listBondedItems,
  netOf,
  usesOfItem,
} from '../store/bonded.ts';
import type { Book } from '../store/book.ts';
import type { ReportDocument } from './report-document.ts';

const kindZh: Readonly<Record<BondedStep['kind'], string>> = {
  import: '进境入区',
  domestic: '境内入区',
  'transfer-in': '转入',
  returned: '退货入区',
  home: '出区进入境内',
  abroad: '出境',
  'transfer-out': '转出',
  retail: '跨境零售出境（清单）',
};
const paperZh: Readonly<Record<BondedStep['paperKind'], string>> = {
  checklist: '核注清单',
  declaration: '报关单',
  list: '清单',
  other: '其他',
};
const PAGE = 500;

function* itemsOf(book: Book, recordNo: string): Generator<ItemRecord> {
  let after: string | undefined;
  do {
    const page = listBondedItems(book, recordNo, { text: '', find: 'all', after, limit: PAGE });
    yield* page.rows;
    after = page.nextCursor;
  } while (after !== undefined);
}

const headOf = (item: ItemRecord): string[] => [String(item.seq), item.itemNo, item.name];

function* balances(book: Book, recordNo: string, unit: (code: string) => string): Generator<SheetRow> {
  for (const item of itemsOf(book, recordNo)) {
    const { inE5, outE5, bookedE5, leavingE5, draftE5, showE5 } = item;
    const net = netOf(item);
    const figures = [
      ...[inE5, outE5, bookedE5, Math.max(net, 0), Math.max(-net, 0), leavingE5 + draftE5, showE5],
      Math.max(net - leavingE5 - draftE5 - showE5, 0),
    ];
    yield {
      key: String(item.id),
      cells: [...headOf(item), item.sku, item.hsCode, unit(item.unit), ...figures.map(storedText)],
    };
  }
}

function* steps(book: Book, recordNo: string): Generator<SheetRow> {
  for (const item of itemsOf(book, recordNo)) {
    let after: string | undefined;
    do {
      const page = bondedHistory(book, item, { after, limit: PAGE });
      for (const step of page.rows)
        yield {
          key: step.key,
          cells: [
            ...headOf(item),
            ...[step.on, kindZh[step.kind], paperZh[step.paperKind], step.paperNo, String(step.paperLine)],
            ...[storedText(step.qtyE5), storedText(step.balanceE5), step.note, step.voidReason],
          ],
        };
      after = page.nextCursor;
    } while (after !== undefined);
  }
}

function* proposed(book: Book, recordNo: string): Generator<SheetRow> {
  for (const item of itemsOf(book, recordNo))
    for (const { documentId, number, stage, qtyE5 } of usesOfItem(book, item))
      if (stage !== 'booked' && qtyE5 > 0)
        yield {
          key: `${item.id} ${documentId}`,
          cells: [...headOf(item), number, stage === 'draft' ? '草稿' : '待发或待回执', storedText(qtyE5)],
        };
}

/** The three sheets of a ledger. */
export function bondedReport(
  book: Book,
  { recordNo, place }: BondedBook,
  { unit, today }: { readonly unit: (code: string) => string; readonly today: string },
): readonly ReportDocument[] {
  const head = {
    form: '',
    firm: book.profile().name,
    period: `截至 ${today}`,
    unit: `账册：${recordNo} ${place}`.trim(),
  };
  const item = [
    reportColumn('seq', '备案序号', 'code', 9),
    reportColumn('itemNo', '备案料号', 'code', 20),
    reportColumn('name', '商品名称', 'text', 28),
  ];
  return [
    {
      ...head,
      title: '保税账册结余表',
      sheet: '结余',
      columns: [
        ...item,
        reportColumn('sku', '企业商品货号', 'code', 16),
        reportColumn('hs', '商品编码', 'code', 12),
        reportColumn('unit', '计量单位', 'text', 9),
        reportColumn('in', '入区', 'figure', 12),
        reportColumn('out', '出区（单证）', 'figure', 12),
        reportColumn('listed', '出区（清单）', 'figure', 12),
        reportColumn('balance', '结余', 'figure', 12),
        reportColumn('short', '超出结余', 'figure', 10),
        reportColumn('proposed', '拟扣', 'figure', 10),
        reportColumn('show', '展示中', 'figure', 10),
        reportColumn('free', '可用', 'figure', 12),
      ],
      rows: balances(book, recordNo, unit),
    },
    {
      ...head,
      title: '保税账册进出明细',
      sheet: '明细',
      columns: [
        ...item,
        reportColumn('on', '日期', 'code', 12),
        reportColumn('kind', '类别', 'text', 18),
        reportColumn('paperKind', '单证', 'text', 10),
        reportColumn('paperNo', '单证编号', 'code', 22),
        reportColumn('line', '项号', 'code', 7),
        reportColumn('qty', '数量', 'figure', 12),
        reportColumn('running', '结余', 'figure', 12),
        reportColumn('note', '备注', 'text', 18),
        reportColumn('void', '作废原因', 'text', 18),
      ],
      rows: steps(book, recordNo),
    },
    {
      ...head,
      title: '拟扣清单（未入账）',
      sheet: '拟扣',
      columns: [
        ...item,
        reportColumn('list', '清单编号', 'code', 30),
        reportColumn('state', '状态', 'text', 14),
        reportColumn('qty', '数量', 'figure', 12),
      ],
      rows: proposed(book, recordNo),
    },
  ];
}
