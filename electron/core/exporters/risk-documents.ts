/** The risk inbox, a sheet of agreement, hits and expected refunds as tables for paper and workbooks: in Chinese, as they are handed in. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { BookRow, FlowView } from '../../../shared/contract/risk.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import { hitText, riskText } from '../../../shared/risk/texts.ts';
import type { FlagRow } from '../store/risk/red-flags.ts';
import type { HitRow } from '../store/risk/screening.ts';
import type { ReportDocument } from './report-document.ts';

const zh = (key: string, params?: Readonly<Record<string, string | number>>): string => riskText('zh-CN', key, params);
const day = (date: string): string =>
  `${date.slice(0, 4)}年${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`;

/** Where a document is made: by whom and when. */
export interface Heading {
  readonly firm: string;
  readonly on: string;
}

/** 风险提示清单. */
export function flagsDocument(flags: Iterable<FlagRow>, { firm, on }: Heading): ReportDocument {
  const rows = function* (): Generator<SheetRow> {
    for (const flag of flags)
      yield {
        key: String(flag.id),
        cells: [
          ...[flag.rule, zh(`severity.${flag.severity}`), zh(`title.${flag.rule}`), flag.subject],
          ...[hitText('zh-CN', flag.rule, flag.params), flag.gone ? zh('gone') : zh(`state.${flag.state}`)],
          ...[flag.owner, [flag.action, flag.dueOn ?? ''].filter((one) => one !== '').join(' '), flag.note],
        ],
        ...(flag.severity === 'high' && flag.state !== 'closed' ? { tone: 'total' as const } : {}),
      };
  };
  return {
    ...{ title: '风险提示清单', form: '', firm, period: day(on), unit: '' },
    columns: [
      ...[
        reportColumn('rule', '规则', 'code', 6),
        reportColumn('severity', '等级', 'text', 6),
        reportColumn('title', '提示', 'text', 16),
      ],
      ...[
        reportColumn('subject', '对象', 'text', 20),
        reportColumn('finding', '情形', 'text', 40),
        reportColumn('state', '状态', 'text', 8),
      ],
      ...[
        reportColumn('owner', '负责人', 'text', 9),
        reportColumn('action', '处置', 'text', 18),
        reportColumn('note', '说明', 'text', 24),
      ],
    ],
    rows: { [Symbol.iterator]: rows },
  };
}

const nameRow = ({ kind, label }: BookRow): string => `${zh(`row.${kind}`)} ${label}`;

/** 三流比对表: amounts of each currency, each difference with its reasons, the rows of the unexplained rest. */
export function flowDocument(view: FlowView, { firm, on }: Heading): ReportDocument {
  const rows: SheetRow[] = [];
  const put = (cells: readonly string[], of: Partial<SheetRow> = {}): void => {
    rows.push({ key: String(rows.length), cells, ...of });
  };
  for (const one of view.currencies) {
    const { currency } = one;
    put([currency, '', '', ''], { tone: 'heading', currency });
    put([zh('flow.declared'), '', one.goods.declared, one.goods.declaredCny ?? ''], { currency, indent: 1 });
    put([zh('flow.orders'), '', one.information.orders, one.information.ordersCny ?? ''], { currency, indent: 1 });
    put([zh('flow.received'), '', one.money.received, one.money.receivedCny ?? ''], { currency, indent: 1 });
    for (const name of ['refunded', 'commission', 'netted', 'charges'] as const)
      if (!/^0(\.0*)?$/.test(one.money[name]))
        put([zh(`flow.${name}`), '', one.money[name], ''], { currency, indent: 1 });
    for (const leg of one.legs) {
      put([`${zh(`leg.${leg.leg}`)}：${zh('flow.difference')}`, '', leg.difference, leg.differenceCny ?? ''], {
        currency,
        tone: 'total',
      });
      for (const { code, by, text, amount, cny, rows: of, rowCount } of leg.reasons) {
        const names = of.slice(0, 3).map(nameRow).join('、');
        const more = rowCount > 3 ? `等 ${rowCount} 项` : '';
        put([zh(`code.${code}`), by === 'person' ? text : `${names}${more}`, amount, cny ?? ''], {
          currency,
          indent: 1,
        });
      }
      put(
        [
          zh('flow.unexplained'),
          `${zh('flow.short')} ${leg.short}，${zh('flow.over')} ${leg.over}`,
          sumOf(leg.short, leg.over),
          leg.unexplainedCny ?? '',
        ],
        { currency, indent: 1, tone: 'total' },
      );
      for (const row of leg.rows.slice(0, 20)) put(['', nameRow(row), row.amount ?? '', ''], { currency, indent: 2 });
    }
  }
  const { quantities, purchases, counts } = view;
  put(
    [
      '数量',
      `申报 ${quantities.declared}，出库 ${quantities.issued}，订单 ${quantities.ordered}，进项发票 ${quantities.invoiced}`,
      '',
      '',
    ],
    { tone: 'heading' },
  );
  put([
    '采购（人民币）',
    `出库成本 ${purchases.issuedCost}，匹配进项金额 ${purchases.invoicedCny}，税额 ${purchases.invoicedVat}`,
    '',
    '',
  ]);
  put([
    '单据',
    `报关单（清单）${counts.declarations}，订单 ${counts.orders}，收款 ${counts.receipts}，结算单 ${counts.payouts}`,
    '',
    '',
  ]);
  put(['结论', zh(`flow.${view.state}`), '', ''], { tone: 'total' });
  return {
    ...{ title: '三流比对表', form: '', firm, period: view.label, unit: day(on) },
    columns: [
      ...[reportColumn('item', '项目', 'text', 26), reportColumn('source', '依据', 'text', 44)],
      ...[
        reportColumn('amount', '原币金额', 'amount', 18),
        { ...reportColumn('cny', '折人民币', 'amount', 18), isCny: true },
      ],
    ],
    rows,
  };
}

/** Two amounts of one currency, decimal text with the same number of decimals, added up. */
function sumOf(a: string, b: string): string {
  const digits = (a.split('.')[1] ?? '').length;
  const minor = (text: string): bigint => BigInt(text.replace('.', ''));
  const total = minor(a) + minor(b);
  const text = (total < 0n ? -total : total).toString().padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return total < 0n ? `-${whole}` : whole;
}

/** 名单筛查记录. */
export function hitsDocument(hits: Iterable<HitRow>, { firm, on }: Heading): ReportDocument {
  const rows = function* (): Generator<SheetRow> {
    for (const hit of hits)
      yield {
        key: String(hit.id),
        cells: [
          ...[
            zh(`kind.${hit.subjectKind}`),
            hit.subjectName,
            hit.watchName === hit.matched ? hit.watchName : `${hit.watchName}（${hit.matched}）`,
          ],
          ...[
            hit.listName,
            String(hit.score),
            zh(`likeness.${hit.reason}`),
            hit.gone ? zh('gone') : zh(`hitState.${hit.state}`),
          ],
          ...[hit.who, hit.note],
        ],
      };
  };
  return {
    ...{ title: '名单筛查记录', form: '', firm, period: day(on), unit: '' },
    columns: [
      ...[
        reportColumn('kind', '类别', 'text', 10),
        reportColumn('name', '本企业记录的名称', 'text', 26),
        reportColumn('entry', '名单中的名称', 'text', 30),
      ],
      ...[
        reportColumn('list', '名单', 'text', 16),
        reportColumn('score', '相似度', 'figure', 8),
        reportColumn('reason', '依据', 'text', 12),
      ],
      ...[
        reportColumn('state', '结论', 'text', 9),
        reportColumn('who', '复核人', 'text', 9),
        reportColumn('note', '说明', 'text', 24),
      ],
    ],
    rows: { [Symbol.iterator]: rows },
  };
}

/** 预计退税账龄表. */
export function refundAgeingDocument(view: OutputOf<'refundAgeing.get'>, { firm, on }: Heading): ReportDocument {
  const rows: SheetRow[] = view.rows.map(({ bucket, claimed, unclaimed, lines }) => ({
    key: bucket,
    cells: [zh(`bucket.${bucket}`), String(lines), claimed, unclaimed, sumOf(claimed, unclaimed)],
  }));
  rows.push({
    key: 'total',
    cells: ['合计', '', view.claimed, view.unclaimed, sumOf(view.claimed, view.unclaimed)],
    tone: 'total',
  });
  return {
    ...{ title: '预计退税账龄表', form: '', firm, period: day(on), unit: '单位：元' },
    columns: [
      ...[
        reportColumn('age', '自出口日起', 'text', 18),
        reportColumn('lines', '商品项', 'figure', 10),
        reportColumn('claimed', '已申报未到账', 'amount', 18),
      ],
      ...[reportColumn('unclaimed', '已匹配未申报', 'amount', 18), reportColumn('total', '合计', 'amount', 18)],
    ],
    rows,
  };
}
