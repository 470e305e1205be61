/** A report as a table of texts: what the desk shows, a workbook holds and paper bears, from one place. */
import type { z } from 'zod';
import type {
  accountLedgerRow,
  ageingRow,
  Drill,
  generalLedgerRow,
  marginRow,
  quantityRow,
  reports,
  statementRow,
  trialRow,
} from '../contract/reports.ts';

type OutputOf<N extends keyof typeof reports> = z.output<(typeof reports)[N]['output']>;
type Row<T extends z.ZodType> = z.output<T>;

/** `amount`: money with its decimals; `figure`: quantity, price or rate. Both stand at the right. */
export interface SheetColumn {
  /** i18n `reports.column.<id>`, filled with `params`. */
  readonly id: string;
  readonly params?: Readonly<Record<string, string>>;
  /** The official Chinese heading, for files and paper. */
  readonly titleZh: string;
  readonly kind: 'text' | 'code' | 'amount' | 'figure';
  /** In characters of the Latin alphabet. */
  readonly width: number;
  /** Its amounts are in CNY whatever the row's currency is. */
  readonly isCny?: boolean;
}

/** A column of a report in Chinese alone. @param width characters of the workbook's column */
export const reportColumn = (id: string, titleZh: string, kind: SheetColumn['kind'], width: number): SheetColumn => ({
  id,
  titleZh,
  kind,
  width,
});

export interface SheetRow {
  readonly key: string;
  readonly cells: readonly string[];
  readonly indent?: number;
  /** Currency of the row's amounts; CNY when left out. */
  readonly currency?: string;
  readonly tone?: 'heading' | 'total' | 'muted';
  readonly drill?: Drill;
  readonly voucherId?: number;
}

export interface Sheet {
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
}

/** How rows name things: the language of the reader, and the words that rows are made with. */
export interface Wording {
  readonly name: (names: { readonly nameZh: string; readonly nameEn: string }) => string;
  /** `opening`, `month`, `year`, `total`, `unassigned`, `debit`, `credit`, `even`. */
  readonly word: (id: RowWord) => string;
}
export type RowWord = keyof typeof chineseWords;

const chineseWords = {
  opening: '期初余额',
  month: '本月合计',
  year: '本年累计',
  total: '合计',
  unassigned: '未分配',
  debit: '借',
  credit: '贷',
  even: '平',
} as const;

/** Files and paper are in Chinese, in the terms of the official forms. */
export const chineseWording: Wording = { name: ({ nameZh }) => nameZh, word: (id) => chineseWords[id] };

const column = (
  id: string,
  titleZh: string,
  kind: SheetColumn['kind'],
  width: number,
  params?: Readonly<Record<string, string>>,
): SheetColumn => ({ id, titleZh, kind, width, ...(params === undefined ? {} : { params }) });
const amount = (id: string, titleZh: string, width = 17) => column(id, titleZh, 'amount', width);
const cnyAmount = (id: string, titleZh: string): SheetColumn => ({ ...amount(id, titleZh, 15), isCny: true });
const accountColumns = [column('account', '科目编码', 'code', 12), column('name', '科目名称', 'text', 26)];

/** `0.00` in a table of sides is an empty cell: only what moved should catch the eye. */
export function blankZero(text: string): string {
  return /^-?0*(\.0*)?$/.test(text) ? '' : text;
}

// 科目余额表 --------------------------------------------------------------------------------------------------------------
export function trialColumns(isOriginal: boolean): readonly SheetColumn[] {
  return [
    ...accountColumns,
    ...(isOriginal ? [column('currency', '币种', 'code', 7)] : []),
    amount('openingDebit', '期初借方余额'),
    amount('openingCredit', '期初贷方余额'),
    amount('turnoverDebit', '本期借方发生额'),
    amount('turnoverCredit', '本期贷方发生额'),
    amount('closingDebit', '期末借方余额'),
    amount('closingCredit', '期末贷方余额'),
  ];
}
type TrialAmounts = Pick<Row<typeof trialRow>, 'opening' | 'turnover' | 'closing'>;
const trialCells = ({ opening, turnover, closing }: TrialAmounts) =>
  [opening.debit, opening.credit, turnover.debit, turnover.credit, closing.debit, closing.credit].map(blankZero);

export function trialSheet(output: OutputOf<'reports.trialBalance'>, isOriginal: boolean, wording: Wording): Sheet {
  const currencyCell = (currency: string) => (isOriginal ? [currency] : []);
  return {
    columns: trialColumns(isOriginal),
    rows: [
      ...output.rows.map((row) => ({
        key: `${row.account} ${row.currency}`,
        cells: [row.account, wording.name(row), ...currencyCell(row.currency), ...trialCells(row)],
        indent: row.level - 1,
        currency: row.currency,
        drill: row.drill,
      })),
      ...output.totals.map((total) => ({
        key: `total ${total.currency}`,
        cells: ['', wording.word('total'), ...currencyCell(total.currency), ...trialCells(total)],
        currency: total.currency,
        tone: 'total' as const,
      })),
    ],
  };
}

// 总账 --------------------------------------------------------------------------------------------------------------------
const generalColumns: readonly SheetColumn[] = [
  ...accountColumns,
  column('period', '期间', 'code', 10),
  column('what', '摘要', 'text', 14),
  amount('debit', '借方'),
  amount('credit', '贷方'),
  column('side', '方向', 'text', 6),
  amount('balance', '余额'),
];
export function generalSheet(rows: readonly Row<typeof generalLedgerRow>[], currency: string, wording: Wording): Sheet {
  return {
    columns: generalColumns,
    rows: rows.map((row) => ({
      key: `${row.account} ${row.period} ${row.kind}`,
      cells: [
        row.account,
        wording.name(row),
        row.period,
        wording.word(row.kind),
        blankZero(row.debit),
        blankZero(row.credit),
        wording.word(row.side),
        row.balance,
      ],
      currency,
      ...(row.kind === 'opening'
        ? { tone: 'heading' as const }
        : row.kind === 'year'
          ? { tone: 'muted' as const }
          : {}),
      drill: row.drill,
    })),
  };
}

// 明细账 ------------------------------------------------------------------------------------------------------------------
/** With a currency the amounts and the balance are in it; without, in CNY beside the original amounts. */
export function accountLedgerColumns(currency: string | undefined): readonly SheetColumn[] {
  return [
    column('date', '日期', 'code', 11),
    column('voucher', '凭证号', 'code', 16),
    column('text', '摘要', 'text', 30),
    column('account', '科目编码', 'code', 9),
    column('dimension', '辅助核算', 'text', 20),
    ...(currency === undefined
      ? []
      : [amount('debitOriginal', '原币借方', 15), amount('creditOriginal', '原币贷方', 15)]),
    cnyAmount('debit', '借方'),
    cnyAmount('credit', '贷方'),
    column('side', '方向', 'text', 6),
    cnyAmount('balance', '余额'),
    ...(currency === undefined ? [] : [amount('balanceOriginal', '原币余额', 15)]),
  ];
}
export function accountLedgerCells(
  row: Row<typeof accountLedgerRow>,
  currency: string | undefined,
  wording: Wording,
): SheetRow {
  const dimension = [row.orderNo, row.party, row.sku, row.store].filter((one) => one !== undefined).join(' · ');
  return {
    key: `${row.voucherId} ${row.position}`,
    cells: [
      row.date,
      row.label,
      row.text,
      row.account,
      dimension,
      ...(currency === undefined ? [] : [row.debit, row.credit]),
      row.debitCny,
      row.creditCny,
      wording.word(row.side),
      row.balanceCny,
      ...(currency === undefined ? [] : [row.balance ?? '']),
    ],
    ...(currency === undefined ? {} : { currency }),
    voucherId: row.voucherId,
  };
}
/** The line before the first: 期初余额. */
export function accountLedgerOpening(
  opening: OutputOf<'reports.accountLedger'>['opening'],
  currency: string | undefined,
  wording: Wording,
): SheetRow {
  const gap = currency === undefined ? [] : ['', ''];
  return {
    key: 'opening',
    cells: [
      '',
      '',
      wording.word('opening'),
      '',
      '',
      ...gap,
      '',
      '',
      wording.word(opening.side),
      opening.balanceCny,
      ...(currency === undefined ? [] : [opening.balance ?? '']),
    ],
    ...(currency === undefined ? {} : { currency }),
    tone: 'heading',
  };
}

// 数量金额账 --------------------------------------------------------------------------------------------------------------
const quantityParts = [
  ['opening', '期初'],
  ['in', '收入'],
  ['out', '发出'],
  ['closing', '结存'],
] as const;
export const quantityColumns: readonly SheetColumn[] = [
  column('sku', '货号', 'code', 16),
  column('product', '品名', 'text', 24),
  ...quantityParts.flatMap(([id, zh]) => [
    column(`${id}Quantity`, `${zh}数量`, 'figure', 12),
    column(`${id}Price`, `${zh}单价`, 'figure', 12),
    column(`${id}Amount`, `${zh}金额`, 'amount', 15),
  ]),
];
export function quantityCells(row: Row<typeof quantityRow>): SheetRow {
  return {
    key: row.sku,
    cells: [
      row.sku,
      row.name,
      ...quantityParts.flatMap(([id]) => [
        blankZero(row[id].quantity),
        row[id].price,
        row[id].quantity === '0' ? blankZero(row[id].amount) : row[id].amount,
      ]),
    ],
    ...(row.drill === undefined ? {} : { drill: row.drill }),
  };
}

// 资产负债表、利润表 -----------------------------------------------------------------------------------------------------
type Line = Row<typeof statementRow>;
const lineCells = (line: Line | undefined, wording: Wording): string[] =>
  line === undefined
    ? ['', '', '', '']
    : [`${'　'.repeat(line.indent)}${wording.name(line)}`, line.no, blankZero(line.amount), blankZero(line.compared)];
const sheetColumns = (id: string, zh: string, now: string, before: string): readonly SheetColumn[] => [
  column(id, zh, 'text', 32),
  column('line', '行次', 'code', 6),
  amount(id === 'item' ? 'rangeAmount' : 'endAmount', now),
  amount(id === 'item' ? 'yearAmount' : 'yearStartAmount', before),
];
const assetColumns = sheetColumns('assets', '资产', '期末余额', '年初余额');
const claimColumns = sheetColumns('claims', '负债和所有者权益', '期末余额', '年初余额');
const incomeColumns = sheetColumns('item', '项目', '本期金额', '本年累计金额');

/** One half of a statement, a line a row, for the desk. */
export function statementSheet(rows: readonly Line[], part: Line['part'], wording: Wording): Sheet {
  return {
    columns: { assets: assetColumns, claims: claimColumns, income: incomeColumns }[part],
    rows: rows
      .filter((line) => line.part === part)
      .map((line) => ({
        key: `${line.no} ${line.nameZh}`,
        cells: lineCells(line, wording),
        ...(line.no === '' ? { tone: 'heading' as const } : line.total ? { tone: 'total' as const } : {}),
        ...(line.drill === undefined ? {} : { drill: line.drill }),
      })),
  };
}

/** The balance sheet as its form has it: assets at the left, claims beside them, both totals on the last line. */
export function balanceSheetForm(rows: readonly Line[], wording: Wording): Sheet {
  const assets = rows.filter(({ part }) => part === 'assets');
  const claims = rows.filter(({ part }) => part === 'claims');
  const height = Math.max(assets.length, claims.length);
  /** The total of the shorter half goes down to the last line. */
  const at = (half: readonly Line[], row: number): Line | undefined =>
    row === height - 1 ? half.at(-1) : row < half.length - 1 ? half[row] : undefined;
  return {
    columns: [...assetColumns, ...claimColumns],
    rows: Array.from({ length: height }, (_, row) => ({
      key: String(row),
      cells: [...lineCells(at(assets, row), wording), ...lineCells(at(claims, row), wording)],
      ...(row === height - 1 ? { tone: 'total' as const } : {}),
    })),
  };
}

// 账龄 --------------------------------------------------------------------------------------------------------------------
export function ageingColumns(bounds: readonly number[]): readonly SheetColumn[] {
  const buckets = [...bounds, undefined].map((bound, at) => {
    const from = at === 0 ? 0 : (bounds[at - 1] ?? 0) + 1;
    return bound === undefined
      ? column('bucketOver', `${from - 1} 天以上`, 'amount', 13, { from: String(from - 1) })
      : column('bucket', `${from}–${bound} 天`, 'amount', 13, { from: String(from), to: String(bound) });
  });
  return [
    column('owed', '订单 / 往来单位', 'text', 24),
    column('currency', '币种', 'code', 7),
    column('oldest', '最早日期', 'code', 11),
    ...buckets,
    amount('advance', '多收（付）', 14),
    amount('total', '合计', 15),
    cnyAmount('totalCny', '折合人民币'),
  ];
}
type AgeingAmounts = Pick<Row<typeof ageingRow>, 'currency' | 'buckets' | 'advance' | 'total' | 'totalCny'>;
const ageingAmountCells = ({ buckets, advance, total, totalCny }: AgeingAmounts) => [
  ...buckets.map(blankZero),
  blankZero(advance),
  total,
  totalCny,
];
export function ageingCells(row: Row<typeof ageingRow>, wording: Wording): SheetRow {
  return {
    key: `${row.orderId ?? ''} ${row.partyId ?? ''} ${row.currency}`,
    cells: [
      row.label === '' ? wording.word('unassigned') : row.label,
      row.currency,
      row.oldest ?? '',
      ...ageingAmountCells(row),
    ],
    currency: row.currency,
    ...(row.label === '' ? { tone: 'muted' as const } : {}),
    drill: row.drill,
  };
}
export function ageingTotal(total: AgeingAmounts, wording: Wording): SheetRow {
  return {
    key: `total ${total.currency}`,
    cells: [wording.word('total'), total.currency, '', ...ageingAmountCells(total)],
    currency: total.currency,
    tone: 'total',
  };
}

// 毛利 --------------------------------------------------------------------------------------------------------------------
const marginKeys = { order: '订单', product: '货号', market: '国别', store: '店铺' } as const;
export function marginColumns(by: keyof typeof marginKeys): readonly SheetColumn[] {
  return [
    column(`by-${by}`, marginKeys[by], 'code', 20),
    column('name', '名称', 'text', 24),
    amount('revenue', '收入'),
    amount('returns', '退货与冲销'),
    amount('cost', '成本'),
    amount('fees', '平台及销售费用'),
    amount('freight', '运费'),
    amount('margin', '毛利'),
    column('rate', '毛利率 %', 'figure', 10),
  ];
}
type MarginAmounts = OutputOf<'reports.margin'>['totals'];
const marginAmountCells = ({ revenue, returns, cost, fees, freight, margin, rate }: MarginAmounts) => [
  ...[revenue, returns, cost, fees, freight].map(blankZero),
  margin,
  rate,
];
export function marginCells(row: Row<typeof marginRow>, wording: Wording): SheetRow {
  return {
    key: row.assigned ? row.label : '',
    cells: [row.assigned ? row.label : wording.word('unassigned'), row.name, ...marginAmountCells(row)],
    ...(row.assigned ? {} : { tone: 'muted' as const }),
    drill: row.drill,
  };
}
export function marginTotal(totals: MarginAmounts, wording: Wording): SheetRow {
  return { key: 'total', cells: [wording.word('total'), '', ...marginAmountCells(totals)], tone: 'total' };
}

/** The currency of the amounts where a row and a column meet. */
export function currencyOf(row: SheetRow, column: SheetColumn): string {
  return column.isCny === true ? 'CNY' : (row.currency ?? 'CNY');
}
