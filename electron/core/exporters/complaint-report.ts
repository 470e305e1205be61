/** 投诉登记表: every complaint with what came of it and each step, one sheet. */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type {
  complaintChannels,
  complaintKinds,
  complaintOutcomes,
  complaintStates,
} from '../../../shared/contract/services.ts';
import { reportColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import type { Book } from '../store/book.ts';
import { listComplaints, stepsOf } from '../store/complaints.ts';
import type { ReportDocument } from './report-document.ts';

const channelZh: Readonly<Record<(typeof complaintChannels)[number], string>> = {
  platform: '平台',
  email: '邮件',
  phone: '电话',
  authority: '主管部门',
  other: '其他',
};
const kindZh: Readonly<Record<(typeof complaintKinds)[number], string>> = {
  quality: '质量',
  damaged: '破损',
  missing: '少件',
  late: '迟到',
  description: '与描述不符',
  safety: '安全',
  refund: '退款',
  other: '其他',
};
const stateZh: Readonly<Record<(typeof complaintStates)[number], string>> = {
  open: '待处理',
  answered: '已答复',
  closed: '已办结',
};
const outcomeZh: Readonly<Record<(typeof complaintOutcomes)[number], string>> = {
  refund: '退款',
  resend: '补发',
  return: '退货',
  explained: '说明',
  declined: '不予支持',
  withdrawn: '买家撤回',
};
const PAGE = 500;

function* rowsOf(book: Book, today: string): Generator<SheetRow> {
  let after: string | undefined;
  do {
    const page = listComplaints(book, { after, limit: PAGE }, today);
    for (const one of page.rows)
      yield {
        key: one.number,
        currency: one.currency ?? 'CNY',
        cells: [
          ...[one.number, one.receivedOn, channelZh[one.channel], kindZh[one.kind], one.orderNo, one.buyer, one.text],
          ...[one.demand, one.currency ?? '', one.amount ?? '', one.dueOn ?? '', stateZh[one.state]],
          one.outcome === null ? '' : outcomeZh[one.outcome],
          one.closedOn ?? '',
          stepsOf(book, one.id)
            .map(({ at, by, text }) => `${chinaDate(at)} ${by}：${text}`)
            .join('\n'),
        ],
        ...(one.state === 'closed' ? { tone: 'muted' as const } : {}),
      };
    after = page.nextCursor;
  } while (after !== undefined);
}

/** @param today the day the list is made on */
export function complaintReport(book: Book, today: string): ReportDocument {
  return {
    title: '投诉登记表',
    form: '',
    firm: book.profile().name,
    period: today,
    unit: '',
    columns: [
      reportColumn('number', '编号', 'code', 14),
      reportColumn('received', '收到日期', 'code', 12),
      reportColumn('channel', '渠道', 'text', 10),
      reportColumn('kind', '类别', 'text', 12),
      reportColumn('order', '订单号', 'code', 20),
      reportColumn('buyer', '买家', 'text', 18),
      reportColumn('text', '内容', 'text', 40),
      reportColumn('demand', '诉求', 'text', 24),
      reportColumn('currency', '币种', 'code', 6),
      reportColumn('amount', '金额', 'amount', 14),
      reportColumn('due', '答复期限', 'code', 12),
      reportColumn('state', '状态', 'text', 10),
      reportColumn('outcome', '结果', 'text', 12),
      reportColumn('closed', '办结日期', 'code', 12),
      reportColumn('steps', '处理记录', 'text', 48),
    ],
    rows: rowsOf(book, today),
  };
}
