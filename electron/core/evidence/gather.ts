/** What stands behind a receipt or a shipment, section by section, with the papers that prove it and what is missing. */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { EvidenceSection, EvidenceSubject, EvidenceView } from '../../../shared/contract/evidence.ts';
import type { MoneyRecordView } from '../../../shared/contract/money.ts';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { codesOf } from '../../../shared/matching/record-match.ts';
import { format5, money, moneyText } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { archivePack } from '../../../shared/rules/deadlines/index.ts';
import { matchText } from '../../../shared/rules/matching/texts.ts';
import type { Context } from '../context.ts';
import { harmlessName } from '../exporters/paper-pack.ts';
import { recordView } from '../money-records.ts';
import { packFigures } from '../obligations.ts';
import { type ArchivePaper, type ArchiveSubject, findDeclaration, requiredPapersByMode } from '../store/archive.ts';
import type { Book } from '../store/book.ts';
import {
  daysOfOrders,
  type EvidenceDocument,
  type EvidenceScope,
  type EvidenceVerdict,
  evidenceAllocations,
  evidenceAnswers,
  evidenceDeclarations,
  evidenceDocuments,
  evidenceForms,
  evidenceInvoices,
  evidenceMessages,
  evidenceNettings,
  evidenceOrders,
  evidencePapers,
  evidencePayments,
  evidenceReceipts,
  evidenceReports,
  evidenceVerdicts,
  evidenceVouchers,
  evidenceWaybills,
  recordIdOf,
  scopeOfRecord,
  scopeOfShipment,
  shipmentIdOf,
} from '../store/evidence.ts';
import { accountNumber, maskedNumber } from '../store/money/accounts.ts';
import { requireRecord } from '../store/money/records.ts';
import { requireShipment } from '../store/shipments.ts';
import { voucherView } from '../store/voucher-views.ts';
import { nettingView } from '../supervision/netting.ts';
import { Rules } from '../worksheets/rules.ts';

type Cell = EvidenceSection['rows'][number]['cells'][number];
type Row = EvidenceSection['rows'][number];
type Gap = EvidenceView['gaps'][number];
type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** A section whole, however many rows it has. */
export type WholeSection = Omit<EvidenceSection, 'total'>;

/** A paper of the book with where it goes in a pack. */
export interface EvidencePaper {
  readonly path: string;
  readonly title: string;
  readonly paper: ArchivePaper;
}
export interface EvidenceMessage {
  readonly path: string;
  readonly title: string;
  readonly size: number;
  readonly source: 'message' | 'receipt';
  readonly id: string;
}

/** Everything of a pack but its pages. */
export interface Gathered {
  readonly subject: EvidenceView['subject'];
  readonly sections: readonly WholeSection[];
  readonly gaps: readonly Gap[];
  readonly papers: readonly EvidencePaper[];
  readonly messages: readonly EvidenceMessage[];
  readonly forms: readonly EvidenceDocument[];
  readonly nettings: readonly OutputOf<'netting.get'>[];
  readonly voucherIds: readonly number[];
  /** Orders with the first and last of their days; undefined where there are none. */
  readonly orders: { readonly ids: readonly number[]; readonly from: string; readonly to: string } | undefined;
  readonly retentionYears: number;
}

const words = (zh: string, en: string) => ({ zh, en });
const amount = (minor: number, currency: string): string => moneyText(money(BigInt(minor), currency));

/** Amounts of customs have up to five decimals, and two at least. */
const moneyE5 = (valueE5: number): string => format5(BigInt(valueE5), 2);

/** Columns as `text`, `code` or `amount`. */
const column = (zh: string, en: string, kind: 'text' | 'code' | 'amount' = 'text') => ({ title: { zh, en }, kind });
const code = (zh: string, en: string) => column(zh, en, 'code');
const figure = (zh: string, en: string) => column(zh, en, 'amount');

const recordKinds: Readonly<Record<MoneyRecordView['kind'], { zh: string; en: string }>> = {
  receipt: words('收款', 'receipt'),
  payment: words('付款', 'payment'),
  settlement: words('结汇', 'settlement'),
  exchange: words('兑换', 'exchange'),
  transfer: words('划转', 'transfer'),
  'refund-out': words('退款给买家', 'refund to a buyer'),
  'refund-in': words('境外退回', 'refund from abroad'),
  fee: words('手续费', 'fee'),
  interest: words('利息', 'interest'),
};
const documentStates: Readonly<Record<string, { zh: string; en: string }>> = {
  draft: words('草稿', 'draft'),
  checked: words('已检查', 'checked'),
  queued: words('待发送', 'queued'),
  sending: words('正在发送', 'sending'),
  unknown: words('结果不明', 'unknown'),
  sent: words('已发送', 'sent'),
  accepted: words('已接受', 'accepted'),
  rejected: words('被退回', 'rejected'),
  released: words('已放行', 'released'),
  closed: words('已结关', 'closed'),
  superseded: words('已被替代', 'superseded'),
};
const verdicts: Readonly<Record<EvidenceVerdict['state'], { zh: string; en: string }>> = {
  passed: words('通过', 'passed'),
  open: words('不符', 'does not match'),
  excepted: words('已接受的例外', 'accepted exception'),
  unmatched: words('还没有比对', 'not matched yet'),
};
const targets = {
  order: words('订单', 'order'),
  declaration: words('报关单/清单', 'declaration or list'),
  payout: words('平台结算单', 'payout'),
} as const;

/** The scope and head of what a pack is about. Refusals: `MONEY_RECORD_UNKNOWN`, `MONEY_RECORD_NUMBER_UNKNOWN`, `SHIPMENT_UNKNOWN`, `SHIPMENT_NUMBER_UNKNOWN`. */
export function subjectOf(book: Book, of: EvidenceSubject): { subject: EvidenceView['subject']; scope: EvidenceScope } {
  if (of.kind === 'record') {
    const { id, number, date } = requireRecord(book, 'id' in of ? of.id : recordIdOf(book, of.number));
    return { subject: { kind: 'record', id, number, date }, scope: scopeOfRecord(book, id) };
  }
  const { id, shipmentNo, body, updatedAt } = requireShipment(book, 'id' in of ? of.id : shipmentIdOf(book, of.number));
  const date = body.ieDate === '' ? chinaDate(updatedAt) : body.ieDate;
  return { subject: { kind: 'shipment', id, number: shipmentNo, date }, scope: scopeOfShipment(book, id) };
}

/** Counts and the first of them, as gaps say it. */
function gapOf<T>(code: string, level: Gap['level'], of: readonly T[], name: (one: T) => string): Gap[] {
  const [first] = of;
  return first === undefined ? [] : [{ code, level, params: { count: of.length, first: name(first) } }];
}

/** Reads everything that stands behind a receipt or a shipment. */
export function gather(source: Source, of: EvidenceSubject): Gathered {
  const { book } = source;
  const { subject, scope } = subjectOf(book, of);
  const figures = packFigures(source, 'archive-papers', archivePack, chinaDate(source.now()));
  const sections: WholeSection[] = [];
  const gaps: Gap[] = [];
  const section = (
    id: EvidenceSection['id'],
    title: { zh: string; en: string },
    columns: EvidenceSection['columns'],
    rows: Row[],
  ): void => {
    if (rows.length > 0) sections.push({ id, title, columns, rows });
  };

  // Records, and what they pay for.
  const records = scope.recordIds.map((id) => recordView(source, id));
  section(
    'record',
    words('收付款记录', 'Records of money'),
    [
      code('编号', 'Number'),
      column('类型', 'Kind'),
      column('日期', 'Date'),
      column('账户', 'Account'),
      code('账号', 'Account no.'),
      column('对方', 'Counterparty'),
      column('币种', 'Currency'),
      figure('金额', 'Amount'),
      figure('扣费', 'Fee'),
      figure('未分摊', 'Unallocated'),
      code('申报号码', 'Declaration no.'),
      code('凭证号', 'Slip'),
    ],
    records.map((one) => ({
      cells: [
        one.number,
        recordKinds[one.kind],
        one.date,
        one.account.name,
        maskedNumber(accountNumber(book, one.account.id)),
        [one.counterparty, one.counterpartyCountry].filter((part) => part !== '').join(' '),
        one.currency,
        one.amount,
        one.fee,
        one.kind === 'receipt' ? one.residual : '',
        one.declarationNo,
        one.reference,
      ],
      target: { page: 'money', params: { at: one.id } },
    })),
  );
  if (subject.kind === 'shipment') {
    const { body } = requireShipment(book, subject.id);
    section(
      'shipment',
      words('货运', 'Shipment'),
      [
        code('编号', 'Number'),
        column('进出境日期', 'Date'),
        code('口岸', 'Customs'),
        code('提运单号', 'Bill no.'),
        column('物流企业', 'Carrier'),
      ],
      [
        {
          cells: [subject.number, body.ieDate, body.customsCode, body.billNo, body.logisticsName],
          target: { page: 'shipment', params: { id: subject.id } },
        },
      ],
    );
  }
  section(
    'allocations',
    words('分摊', 'Allocations'),
    [
      code('来源', 'From'),
      column('对象', 'To'),
      code('编号', 'Number'),
      column('币种', 'Currency'),
      figure('取用金额', 'Taken'),
      column('对象币种', 'Currency of target'),
      figure('核销金额', 'Paid'),
      figure('接受的扣费', 'Charges accepted'),
      column('第三方付款说明', 'Third-party payer'),
    ],
    evidenceAllocations(book, scope).map((one) => ({
      cells: [
        one.source,
        targets[one.targetKind],
        one.target,
        one.currency,
        amount(one.minor, one.currency),
        one.targetCurrency,
        amount(one.targetMinor, one.targetCurrency),
        one.chargeMinor === 0 ? '' : amount(one.chargeMinor, one.targetCurrency),
        one.thirdParty,
      ],
      ...(one.orderId === null ? {} : { target: { page: 'orders', params: { id: one.orderId, text: one.target } } }),
    })),
  );

  // Orders with their three records.
  const orders = evidenceOrders(book, scope);
  const days = daysOfOrders(book, scope.orderIds);
  section(
    'orders',
    words('订单', 'Orders'),
    [
      code('订单编号', 'Order no.'),
      column('日期', 'Date'),
      column('买家', 'Buyer'),
      column('国家（地区）', 'Country'),
      column('币种', 'Currency'),
      figure('金额', 'Amount'),
      figure('已收', 'Received'),
      figure('接受的扣费', 'Charges accepted'),
    ],
    orders.map((one) => ({
      cells: [
        one.orderNo,
        one.date,
        one.buyer,
        one.country,
        one.currency,
        moneyE5(one.valueE5),
        amount(one.settledMinor, one.currency),
        one.chargeMinor === 0 ? '' : amount(one.chargeMinor, one.currency),
      ],
      target: { page: 'orders', params: { id: one.id, text: one.orderNo } },
    })),
  );
  const payments = evidencePayments(book, scope);
  section(
    'payments',
    words('支付单', 'Payments'),
    [
      code('订单编号', 'Order no.'),
      code('支付交易编号', 'Payment no.'),
      column('付款人', 'Payer'),
      column('支付机构', 'Institution'),
      column('币种', 'Currency'),
      figure('金额', 'Amount'),
      column('日期', 'Date'),
    ],
    payments.map((one) => ({
      cells: [one.orderNo, one.payNo, one.payer, one.institution, one.currency, moneyE5(one.amountE5), one.paidOn],
    })),
  );
  section(
    'waybills',
    words('运单', 'Waybills'),
    [
      code('订单编号', 'Order no.'),
      code('运单号', 'Waybill no.'),
      figure('毛重 kg', 'Gross kg'),
      figure('件数', 'Packages'),
      figure('运费', 'Freight'),
      column('币种', 'Currency'),
    ],
    evidenceWaybills(book, scope).map((one) => ({
      cells: [
        one.orderNo,
        one.logisticsNo,
        storedText(one.grossE5),
        String(one.packages),
        moneyE5(one.freightE5),
        one.currency,
      ],
    })),
  );

  // What was declared, and what was answered.
  const documents = evidenceDocuments(book, scope);
  const documentRow = (one: EvidenceDocument): Row => ({
    cells: [
      kindOf(one.kind),
      one.businessKey,
      `v${one.version}`,
      one.orderNo,
      documentStates[one.state] ?? one.state,
      one.platformNo,
      one.currency,
      moneyE5(one.amountE5),
      one.statusInfo,
    ],
    target: { page: 'document', params: { id: one.id, kind: one.kind } },
  });
  const documentColumns = [
    column('单证', 'Paper'),
    code('编号', 'Number'),
    column('版本', 'Version'),
    code('订单编号', 'Order no.'),
    column('状态', 'State'),
    code('平台编号', 'Platform no.'),
    column('币种', 'Currency'),
    figure('金额', 'Amount'),
    column('回执信息', 'Receipt'),
  ];
  section('lists', words('申报单证', 'Papers for customs'), documentColumns, documents.map(documentRow));
  section(
    'declarations',
    words('报关单、清单（已放行）', 'Declarations and lists, released'),
    [
      code('编号', 'Number'),
      code('监管方式', 'Mode'),
      column('出口日期', 'Exported on'),
      code('订单编号', 'Order no.'),
      figure('项数', 'Lines'),
      column('商品', 'Goods'),
      column('币种', 'Currency'),
      figure('FOB', 'FOB'),
      column('收汇日期', 'Received on'),
    ],
    evidenceDeclarations(book, scope).map((one) => ({
      cells: [
        one.declarationNo,
        one.mode,
        one.date,
        one.orderNo,
        String(one.lines),
        one.goods,
        one.currency,
        amount(one.fobMinor, one.currency),
        one.receivedOn,
      ],
      target: { page: 'archive', params: { no: one.declarationNo, at: one.declarationNo } },
    })),
  );
  const reports = evidenceReports(book, scope);
  const forms = evidenceForms(
    book,
    scope,
    reports.map(({ id }) => id),
  );
  section(
    'answers',
    words('回执', 'Receipts of the platform'),
    [
      column('单证', 'Paper'),
      code('编号', 'Number'),
      code('状态码', 'Code'),
      code('时间', 'Time'),
      column('信息', 'Text'),
    ],
    evidenceAnswers(
      book,
      [...documents, ...forms].map(({ id }) => id),
    ).map((one) => ({
      cells: [kindOf(one.kind), one.businessKey, one.statusCode, one.statusTime, one.info],
      target: { page: 'document', params: { id: one.documentId, kind: one.kind, tab: 'receipts' } },
    })),
  );
  section('forms', words('外汇申报单证', 'Forms of foreign exchange'), documentColumns, forms.map(documentRow));

  // Netting, invoices, vouchers, match.
  const rules = new Rules(source.resources, book);
  const nettings = evidenceNettings(book, scope).map((id) => nettingView(rules, book, id));
  section(
    'netting',
    words('轧差核对表', 'Netting sheets'),
    [
      code('编号', 'Number'),
      column('日期', 'Date'),
      column('币种', 'Currency'),
      figure('货款总额', 'Gross'),
      figure('扣减', 'Deducted'),
      figure('净额', 'Net'),
      figure('缺少', 'Lacking'),
    ],
    nettings.map((one) => ({
      cells: [
        one.number,
        one.date,
        one.currency,
        one.gross,
        one.feesTotal,
        one.net,
        one.gaps.length === 0 ? '' : String(one.gaps.length),
      ],
      target: { page: 'netting', params: { at: one.id } },
    })),
  );
  const invoices = evidenceInvoices(book, scope);
  section(
    'invoices',
    words('进项发票', 'Input invoices'),
    [
      code('号码', 'Number'),
      column('日期', 'Date'),
      column('销方', 'Supplier'),
      figure('价税合计', 'Total CNY'),
      code('报关单', 'Declarations'),
    ],
    invoices.map((one) => ({
      cells: [one.number, one.date, one.supplier, amount(one.totalFen, 'CNY'), one.declarationNos.split(',').join(' ')],
      target: { page: 'purchases', params: { text: one.number } },
    })),
  );
  const voucherIds = evidenceVouchers(book, scope);
  section(
    'vouchers',
    words('记账凭证', 'Vouchers'),
    [code('凭证号', 'Number'), column('日期', 'Date'), column('摘要', 'Text'), figure('借方合计', 'Debit CNY')],
    voucherIds.map((id) => {
      const { label, date, text, debitCny } = voucherView(book, id);
      return { cells: [label, date, text, debitCny], target: { page: 'voucher', params: { id } } };
    }),
  );
  const match = evidenceVerdicts(book, scope.orderIds);
  section(
    'match',
    words('三单比对', 'Match of the records'),
    [
      code('订单编号', 'Order no.'),
      column('结果', 'Verdict'),
      column('不符', 'Mismatch'),
      column('接受理由', 'Accepted because'),
    ],
    match.map((one) => ({
      cells: [
        one.orderNo,
        verdicts[one.state],
        bilingualList(
          codesOf(one.codes).map((each) => [
            matchText(each, one.orderNo, 'zh-CN').title,
            matchText(each, one.orderNo, 'en').title,
          ]),
        ),
        one.reason,
      ],
      target: matchTarget(one),
    })),
  );

  // Papers, messages and receipts.
  const subjects: { kind: ArchiveSubject; id: string }[] = [
    ...records.map(({ number }) => ({ kind: 'money-record' as const, id: number })),
    ...scope.shipmentIds.map((id) => ({ kind: 'shipment' as const, id: requireShipment(book, id).shipmentNo })),
    ...scope.declarationNos.map((id) => ({ kind: 'declaration' as const, id })),
    ...nettings.map(({ number }) => ({ kind: 'netting' as const, id: number })),
    ...reports.map(({ number }) => ({ kind: 'trade-credit-report' as const, id: number })),
    ...invoices.map(({ number }) => ({ kind: 'invoice' as const, id: number })),
    ...records.flatMap(({ sourceDocument }) =>
      sourceDocument === undefined ? [] : [{ kind: 'source-document' as const, id: sourceDocument.number }],
    ),
  ];
  const titles = new Map(figures.papers.map((one) => [one.code, one.zh]));
  const papers = evidencePapers(book, subjects).map((paper) => ({
    paper,
    title: titles.get(paper.paper) ?? paper.paper,
  }));
  const guids = [
    ...new Set([...documents, ...forms].map(({ messageGuid }) => messageGuid).filter((guid) => guid !== '')),
  ];
  const messages: EvidenceMessage[] = [
    ...evidenceMessages(book, guids).map(({ id, name, kind, size }) => ({
      path: `messages/${name}.xml`,
      title: kindOf(kind).zh,
      size,
      source: 'message' as const,
      id,
    })),
    ...evidenceReceipts(book, guids).map(({ id, name, size }) => ({
      path: `receipts/${name}.xml`,
      title: '回执',
      size,
      source: 'receipt' as const,
      id,
    })),
  ];

  // What is missing.
  for (const record of records)
    gaps.push(
      ...recordGaps(
        record,
        papers.map(({ paper }) => paper),
      ),
    );
  if (subject.kind === 'record' && scope.orderIds.length === 0 && scope.declarationNos.length === 0)
    gaps.push({ code: 'noOrder', level: 'reject', params: { number: subject.number } });
  if (subject.kind === 'shipment' && records.length === 0)
    gaps.push({ code: 'noReceipt', level: 'doubt', params: { number: subject.number } });
  const orderNo = ({ orderNo: no }: { readonly orderNo: string }): string => no;
  const paid = new Set(payments.map(orderNo));
  gaps.push(
    ...gapOf(
      'payment',
      'doubt',
      orders.filter((one) => !paid.has(one.orderNo)),
      orderNo,
    ),
    ...gapOf(
      'waybill',
      'reject',
      orders.filter(({ waybills }) => waybills === 0),
      orderNo,
    ),
    ...gapOf(
      'list',
      'reject',
      orders.filter(({ lists, releasedLists }) => lists + releasedLists === 0),
      orderNo,
    ),
    ...gapOf(
      'unreleased',
      'doubt',
      orders.filter(({ lists, releasedLists }) => lists > 0 && releasedLists === 0),
      orderNo,
    ),
    ...paperGaps(book, scope, requiredPapersByMode(figures)),
    ...gapOf(
      'nettingPaper',
      'doubt',
      nettings.filter((one) => one.gaps.length > 0),
      ({ number }) => number,
    ),
    ...gapOf(
      'match',
      'doubt',
      match.filter(({ state }) => state === 'open' || state === 'unmatched'),
      orderNo,
    ),
  );
  return {
    subject,
    sections,
    gaps,
    papers: papers.map(({ paper, title }) => ({ paper, title, path: paperPath(paper) })),
    messages,
    forms: forms.filter(({ state }) => state !== 'superseded'),
    nettings,
    voucherIds,
    orders: days === undefined ? undefined : { ids: scope.orderIds, ...days },
    retentionYears: figures.retentionYears,
  };
}

const kindOf = (name: string): { zh: string; en: string } => {
  const spec = specOf(name);
  return spec === undefined ? words(name, name) : words(spec.zh, spec.en);
};

const bilingualList = (pairs: readonly (readonly [string, string])[]): Cell =>
  pairs.length === 0 ? '' : words(pairs.map(([zh]) => zh).join('、'), pairs.map(([, en]) => en).join('; '));

/** What is open or accepted is in the bucket of the match; what passes is not. */
const matchTarget = ({ state, orderNo }: EvidenceVerdict): NonNullable<Row['target']> =>
  state === 'open' || state === 'excepted'
    ? { page: 'recordMatch', params: { state, text: orderNo } }
    : { page: 'orders', params: { text: orderNo } };

/** Papers lie by subject; the id keeps two of one name apart. */
function paperPath(paper: ArchivePaper): string {
  const folder = `${paper.subjectKind}-${paper.subjectId}`;
  return `papers/${harmlessName(folder)}/${paper.paper}-${paper.id}-${harmlessName(paper.fileName)}`;
}
function recordGaps(record: MoneyRecordView, papers: readonly ArchivePaper[]): Gap[] {
  const { number } = record;
  const gaps: Gap[] = [];
  const has = papers.some(
    ({ subjectKind, subjectId, paper }) =>
      subjectKind === 'money-record' && subjectId === number && paper === 'bank-slip',
  );
  if (!has) gaps.push({ code: 'slip', level: 'reject', params: { number } });
  if (record.kind === 'receipt' && /[1-9]/.test(record.residual))
    gaps.push({
      code: 'unallocated',
      level: 'doubt',
      params: { number, amount: record.residual, currency: record.currency },
    });
  if (record.declaration === 'due' || record.declaration === 'overdue')
    gaps.push({
      code: 'undeclared',
      level: record.declaration === 'overdue' ? 'reject' : 'doubt',
      params: { number, declareBy: record.declareBy ?? '' },
    });
  if (record.ledger === 'waiting') gaps.push({ code: 'unposted', level: 'doubt', params: { number } });
  return gaps;
}

/** Declarations that lack a paper their mode asks for. */
function paperGaps(
  book: Book,
  { declarationNos }: EvidenceScope,
  required: Readonly<Record<string, readonly string[]>>,
): Gap[] {
  const lacking = declarationNos.filter((number) => {
    const found = findDeclaration(book, number);
    return found !== undefined && (required[found.mode] ?? []).some((one) => !found.codes.includes(one));
  });
  return gapOf('papers', 'doubt', lacking, (number) => number);
}
