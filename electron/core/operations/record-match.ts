import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { CertificateScope, MatchItem, recordMatch } from '../../../shared/contract/record-match.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  fieldsOfCode,
  type MatchCode,
  type MatchField,
  type MatchRecords,
  matchFields,
  matchRecords,
} from '../../../shared/matching/record-match.ts';
import { format5 } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { matchText } from '../../../shared/rules/matching/texts.ts';
import type { Context, Handlers } from '../context.ts';
import { subjectOf } from '../evidence/gather.ts';
import { writeTextSheet } from '../exporters/text-sheet.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { type CertificateOf, certificateOf, matchDue, matchRules, saveSettings, settingsOf } from '../matching.ts';
import { insertPaper } from '../store/archive.ts';
import type { Book } from '../store/book.ts';
import { daysOfOrders } from '../store/evidence.ts';
import {
  allItems,
  codeCounts,
  dayCounts,
  exceptItems,
  itemsOf,
  lastRun,
  listItems,
  recordCounts,
  reopenItems,
  stateCounts,
} from '../store/match-items.ts';
import { movePayment, type PaymentRecord, paymentsOf, voidPayment } from '../store/payments.ts';
import { dueOrders, matchAll, type OrderRecord, orderRecord, recordsOf, waybillsUnder } from '../store/record-match.ts';

/** Enough of a number of a person's paper or telephone to know it again. */
function masked(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return '';
  return text.length <= 4 ? '*'.repeat(text.length) : `${'*'.repeat(Math.min(text.length - 4, 8))}${text.slice(-4)}`;
}

const joined = (values: readonly (string | null | undefined)[]): string =>
  [...new Set(values.filter((one): one is string => one !== null && one !== undefined && one !== ''))].join(' · ');

type Detail = OutputOf<'match.get'>;
type FieldRow = Detail['fields'][number];
type Cells = Pick<FieldRow, 'order' | 'payment' | 'waybill' | 'list'>;

/** What each record says of each field, as it is shown. */
function cellsOf(
  order: OrderRecord | undefined,
  records: MatchRecords | undefined,
  payments: readonly PaymentRecord[],
  waybills: ReturnType<typeof waybillsUnder>,
  countryName: (code: string) => string,
): Readonly<Record<MatchField, Cells>> {
  const counted = payments.filter(({ voidReason }) => voidReason === null);
  const lists = records?.lists ?? [];
  const quantity = (rows: readonly { readonly qtyE5: number }[]): string =>
    rows.length === 0 ? '' : storedText(rows.reduce((sum, { qtyE5 }) => sum + qtyE5, 0));
  const goods = records?.order.goods ?? [];
  const country = (code: string | null | undefined): string =>
    code === null || code === undefined || code === '' ? '' : `${countryName(code)} ${code}`;
  const amounts = counted.map(({ amountE5 }) => format5(BigInt(amountE5), 2));
  const settledE5 = records?.order.settledE5 ?? 0;
  const paid =
    counted.length === 0 && settledE5 > 0
      ? format5(BigInt(settledE5), 2)
      : counted.length > 1
        ? `${amounts.join(' + ')} = ${format5(BigInt(counted.reduce((sum, { amountE5 }) => sum + amountE5, 0)), 2)}`
        : (amounts[0] ?? '');
  const dueText = (): string => {
    if (order === undefined) return '';
    const gross = order.goodsE5 + order.otherE5;
    const net = gross - order.cancelledE5;
    return net === gross
      ? format5(BigInt(gross), 2)
      : `${format5(BigInt(gross), 2)} − ${format5(BigInt(order.cancelledE5), 2)} = ${format5(BigInt(net), 2)}`;
  };
  const listed = lists.reduce((sum, { amountE5 }) => sum + amountE5, 0);
  const skus = (rows: readonly { readonly sku: string }[]): string => {
    const names = [...new Set(rows.map(({ sku }) => sku))].sort();
    return names.length > 8 ? `${names.slice(0, 8).join(' · ')} …${names.length}` : names.join(' · ');
  };
  const none = { order: '', payment: '', waybill: '', list: '' };
  return {
    orderNo: {
      order: order?.orderNo ?? '',
      payment: joined(counted.map((one) => one.orderNo)),
      waybill: joined(waybills.map((one) => one.orderNo)),
      list: joined(lists.map((one) => one.orderNo)),
    },
    party: {
      ...none,
      order: joined([order?.buyerName, order?.customer, order?.consignee]),
      payment: joined(counted.flatMap((one) => [one.payer, one.payerAccount])),
      waybill: joined(waybills.map((one) => one.consignee)),
    },
    partyId: { ...none, order: masked(order?.buyerId), payment: joined(counted.map((one) => masked(one.payerId))) },
    phone: {
      ...none,
      order: joined([masked(order?.buyerPhone), masked(order?.consigneePhone)]),
      payment: joined(counted.map((one) => masked(one.payerPhone))),
      waybill: joined(waybills.map((one) => masked(one.consigneePhone))),
    },
    amount: {
      ...none,
      order: dueText(),
      payment: paid,
      list: lists.length === 0 ? '' : format5(BigInt(listed), 2),
    },
    currency: {
      ...none,
      order: order?.currency ?? '',
      payment: joined(counted.map((one) => one.currency)) || (settledE5 > 0 ? (order?.currency ?? '') : ''),
      list: joined(lists.flatMap((one) => one.lines.map(({ currencyCode }) => currencyCode))),
    },
    date: { ...none, order: order?.date ?? '', payment: joined(counted.map((one) => one.paidOn)) },
    goods: {
      ...none,
      order: skus(goods),
      waybill: joined(waybills.map((one) => one.goods)),
      list: skus(lists.flatMap((one) => one.lines)),
    },
    quantity: {
      ...none,
      order: quantity(goods),
      waybill: joined(waybills.map((one) => (one.quantityE5 === null ? '' : storedText(one.quantityE5)))),
      list: quantity(lists.flatMap((one) => one.lines)),
    },
    weight: {
      ...none,
      waybill: joined(waybills.map((one) => storedText(one.grossE5))),
      list: joined(lists.map((one) => `${storedText(one.grossE5)} / ${storedText(one.netE5)}`)),
    },
    logisticsNo: {
      ...none,
      waybill: joined(waybills.map((one) => one.logisticsNo)),
      list: joined(lists.map((one) => one.logisticsNo)),
    },
    country: {
      ...none,
      order: country(order?.country),
      waybill: joined(waybills.map((one) => country(one.country))),
      list: joined(lists.map((one) => country(one.country))),
    },
  };
}

const missingCodes: ReadonlySet<MatchCode> = new Set([
  'PAYMENT_MISSING',
  'WAYBILL_MISSING',
  'LIST_MISSING',
  'FIELD_MISSING',
]);

function detailOf(context: Context, orderNo: string): Detail {
  const { book, resources, now } = context;
  const order = orderRecord(book, orderNo);
  const payments = paymentsOf(book, orderNo);
  const waybills = waybillsUnder(book, orderNo);
  const items = itemsOf(book, orderNo);
  if (order === undefined && payments.length === 0 && waybills.length === 0 && items.length === 0)
    throw new PortbookError('MATCH_NUMBER_UNKNOWN', { orderNo });
  const rules = matchRules(context, now());
  const records = recordsOf(book, rules, orderNo);
  const isOrphaned = order === undefined;
  const codes: MatchCode[] =
    records !== undefined
      ? matchRecords(records, rules.by)
      : [
          ...(payments.some(({ voidReason }) => voidReason === null) ? (['PAYMENT_ORPHAN'] as const) : []),
          ...(isOrphaned && waybills.length > 0 ? (['WAYBILL_ORPHAN'] as const) : []),
        ];
  const table = resources.table('country');
  const cells = cellsOf(order, records, payments, waybills, (code) => table.lookup(code)?.zh ?? code);
  const fields = matchFields.flatMap((field): FieldRow[] => {
    const row = cells[field];
    const own = codes.filter((code) => fieldsOfCode[code].includes(field) && shows(code, field, row));
    const filled = [row.order, row.payment, row.waybill, row.list].filter((text) => text !== '').length;
    if (filled === 0 && own.length === 0) return [];
    const verdict =
      own.length === 0
        ? filled > 1
          ? 'agrees'
          : 'single'
        : own.every((code) => missingCodes.has(code))
          ? 'missing'
          : 'differs';
    return [{ field, ...row, verdict, codes: own }];
  });
  return {
    orderNo,
    ...(order === undefined ? {} : { order: { id: order.id, state: order.state } }),
    items,
    codes,
    fields,
    payments: payments.map((one) => ({
      orderNo: one.orderNo,
      nth: one.nth,
      payNo: one.payNo,
      payer: joined([one.payer, one.payerAccount]),
      institution: one.institution,
      currency: one.currency,
      amount: format5(BigInt(one.amountE5), 2),
      voidReason: one.voidReason ?? '',
      ...(one.paidOn === null ? {} : { paidOn: one.paidOn }),
      ...(one.fileName === null ? {} : { source: { fileName: one.fileName, row: one.sourceRow } }),
    })),
    settled: (records?.order.settledE5 ?? 0) > 0 ? format5(BigInt(records?.order.settledE5 ?? 0), 2) : '',
    waybills: waybills.map(({ orderNo: number, logisticsNo, grossE5 }) => ({
      orderNo: number,
      logisticsNo,
      grossWeight: storedText(grossE5),
    })),
    lists: order === undefined ? [] : order.lists,
  };
}

/** A code of several fields shows only where both records say something. */
function shows(code: MatchCode, field: MatchField, row: Cells): boolean {
  if (code === 'PAYMENT_PAYER') return row.order !== '' && row.payment !== '' && row.order !== row.payment;
  if (code === 'CONSIGNEE') return row.order !== '' && row.waybill !== '' && row.order !== row.waybill;
  if (code === 'FIELD_MISSING') return row.payment === '' && field !== 'orderNo';
  return true;
}

function changed(context: Context): void {
  context.emit({ name: 'book.changed', areas: ['matching', 'documents'] });
}

/** The orders of a certificate. Refusals: `MATCH_NUMBER_UNKNOWN`, those of `subjectOf`, `MATCH_NO_ORDERS` {number}. */
function certificateOrders(book: Book, of: CertificateScope): CertificateOf {
  if (of.kind === 'days') return { from: of.from, to: of.to };
  if (of.kind === 'order') {
    const { orderNo } = of;
    const order = orderRecord(book, orderNo);
    if (order === undefined) throw new PortbookError('MATCH_NUMBER_UNKNOWN', { orderNo });
    return { from: order.date, to: order.date, ids: [order.id], subject: { kind: 'order', number: orderNo } };
  }
  const { subject, scope } = subjectOf(book, of);
  const days = daysOfOrders(book, scope.orderIds);
  if (days === undefined) throw new PortbookError('MATCH_NO_ORDERS', { number: subject.number });
  return { ...days, ids: scope.orderIds, subject };
}

/** Puts a printed certificate among the papers of a record or shipment, as proof of its deals. */
function keep(
  book: Book,
  { kind, number }: ReturnType<typeof subjectOf>['subject'],
  file: { readonly fileName: string; readonly bytes: Uint8Array },
  at: string,
): void {
  const subjectKind = kind === 'record' ? 'money-record' : 'shipment';
  const paper = 'trade-proof';
  const { sha256 } = insertPaper(book, { subjectKind, subjectId: number, paper, note: '', ...file }, at);
  book.audit(
    'archive.added',
    `${subjectKind} ${number}`,
    { paper, fileName: file.fileName, sha256, duplicates: 0 },
    at,
  );
}

const exportColumns = [
  { header: '类别 Kind', width: 12 },
  { header: '订单编号 Order No.', width: 28 },
  { header: '日期 Date', width: 12 },
  { header: '状态 State', width: 12 },
  { header: '代码 Codes', width: 36 },
  { header: '问题 What', width: 60 },
  { header: '原因 Why', width: 48 },
  { header: '如何处理 Remedy', width: 60 },
  { header: '接受理由 Reason', width: 40 },
  { header: '经办 By', width: 16 },
];
const kindWords: Readonly<Record<MatchItem['kind'], string>> = { order: '订单', payment: '支付单', waybill: '运单' };
const stateWords: Readonly<Record<MatchItem['state'], string>> = {
  open: '待处理',
  excepted: '例外接受',
  settled: '已一致',
};

function exportRow({ kind, orderNo, date, state, codes, reason, decidedBy, decidedAt }: MatchItem): string[] {
  const texts = codes.map((code) => matchText(code, orderNo, 'zh-CN'));
  const lines = (of: (text: (typeof texts)[number]) => string): string => texts.map(of).join('\n');
  return [
    kindWords[kind],
    orderNo,
    date,
    stateWords[state],
    codes.join(' '),
    lines(({ message }) => message),
    lines(({ why }) => why),
    lines(({ remedy }) => remedy),
    reason,
    decidedAt === undefined ? '' : `${decidedBy} ${decidedAt.slice(0, 10)}`,
  ];
}

/** Match of order, payment, waybill and list (三单比对). */
export const recordMatchHandlers: Handlers<keyof typeof recordMatch> = {
  'match.run': async ({ scope }, context) => {
    const { book, signal, progress } = context;
    const at = context.now();
    const rules = matchRules(context, at);
    const result =
      scope === 'changed'
        ? book.transaction(() => matchDue(context, at))
        : await matchAll(book, rules, at, {
            signal,
            progress: (done, total) => progress({ phase: 'match', done, total }),
          });
    if (result !== undefined) {
      const { runId, ...counts } = result;
      if (scope === 'all') book.audit('match.run', `match:${runId}`, { scope, ...counts }, at);
      changed(context);
    }
    const { open, excepted } = stateCounts(book);
    return { orders: 0, found: 0, settled: 0, ...result, open, excepted, codes: codeCounts(book) };
  },

  'match.summary': ({ from, to }, { book }) => {
    const { open, excepted, settled, orphans, failing } = stateCounts(book);
    const { orders, payments } = recordCounts(book);
    const last = lastRun(book);
    return {
      orders,
      passed: Math.max(orders - failing, 0),
      open,
      excepted,
      settled,
      orphans,
      payments,
      codes: codeCounts(book),
      days: dayCounts(book, from ?? '', to ?? '9999-12-31'),
      due: dueOrders(book),
      settings: settingsOf(book),
      ...(last === undefined ? {} : { lastRun: last }),
    };
  },

  'match.items': (input, { book }) => listItems(book, input),

  'match.get': ({ orderNo }, context) => detailOf(context, orderNo),

  'match.except': ({ ids, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      for (const item of exceptItems(book, ids, reason, at))
        book.audit('match.excepted', `${item.kind} ${item.orderNo}`, { codes: item.codes, reason }, at);
    });
    changed(context);
    return { excepted: ids.length };
  },

  'match.reopen': ({ ids }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      for (const item of reopenItems(book, ids, at))
        book.audit('match.reopened', `${item.kind} ${item.orderNo}`, { codes: item.codes }, at);
    });
    changed(context);
    return { reopened: ids.length };
  },

  'match.voidPayment': ({ orderNo, nth, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      voidPayment(book, orderNo, nth, reason);
      book.audit(reason === '' ? 'payment.takenIn' : 'payment.takenOut', `order ${orderNo}`, { nth, reason }, at);
      matchDue(context, at);
    });
    changed(context);
    return {};
  },

  'match.movePayment': ({ orderNo, nth, to, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      movePayment(book, orderNo, nth, to, reason);
      book.audit('payment.moved', `order ${orderNo}`, { nth, to, reason }, at);
      matchDue(context, at);
    });
    changed(context);
    return {};
  },

  'match.saveSettings': (settings, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      saveSettings(book, settings);
      book.audit('match.settings', 'match', { ...settings }, at);
    });
    changed(context);
    return settingsOf(book);
  },

  'match.certificate': async ({ of, out, keepWith }, context) => {
    const { book, files, host } = context;
    const path = files.pathOf(out, 'write');
    const at = context.now();
    book.transaction(() => matchDue(context, at));
    const scope = certificateOrders(book, of);
    const keeper = keepWith === undefined ? undefined : subjectOf(book, keepWith).subject;
    const certificate = certificateOf(context, scope, at);
    const { from, to } = scope;
    if (certificate === undefined) throw new PortbookError('MATCH_NOTHING_CERTIFIED', { from, to });
    const pdf = await host.printPdf(certificate.html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    const { certified } = certificate;
    const { orders, passed, leftOut, hash } = certified;
    const excepted = certified.exceptions.length;
    writeFileAtomically(path, pdf);
    book.transaction(() => {
      if (keeper !== undefined)
        keep(
          book,
          keeper,
          { fileName: `三单比对证明 ${scope.subject?.number ?? `${from} ${to}`}.pdf`, bytes: pdf },
          at,
        );
      const whose = scope.subject === undefined ? 'orders' : `${scope.subject.kind} ${scope.subject.number}`;
      book.audit('match.certified', `${whose} ${from}..${to}`, { orders, passed, excepted, leftOut, hash }, at);
    });
    if (keeper !== undefined) context.emit({ name: 'book.changed', areas: ['tax'] });
    return {
      ...{ from, to, orders, passed, excepted, leftOut, hash },
      ...(keeper === undefined ? {} : { keptWith: keeper.number }),
      totals: certified.totals.map(({ currency, amountE5 }) => ({ currency, amount: format5(amountE5, 2) })),
    };
  },

  'match.export': async ({ to, state, code }, context) => {
    const { book, files, signal, progress } = context;
    const path = files.pathOf(to, 'write');
    function* rows(): Generator<string[]> {
      let done = 0;
      for (const item of allItems(book, { state, code })) {
        if (signal.aborted) throw new PortbookError('CANCELLED');
        done += 1;
        if (done % 1000 === 0) progress({ phase: 'write', done, total: 0 });
        yield exportRow(item);
      }
    }
    return { rows: await writeTextSheet(path, '三单比对', exportColumns, rows()) };
  },
};
