import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { type joint, payFromAccount, proceedsKinds } from '../../../shared/contract/joint.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { maskBankAccount } from '../../../shared/identity/identity.ts';
import { parseScaled } from '../../../shared/money/decimal.ts';
import type { Context, Handlers } from '../context.ts';
import { jointReports } from '../exporters/joint-papers.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { draftOf, goodsRows, pricedLinesGoing, receiptRows, rowOf, takeGoods, viewOf } from '../joint.ts';
import { today } from '../lots.ts';
import { fenOf, yuanText } from '../obligations.ts';
import { reportPage } from '../printing/report-page.ts';
import * as store from '../store/joint.ts';
import { postDues, recordPayment } from '../store/joint-posting.ts';
import { requireRecord, voidRecord } from '../store/money/records.ts';
import { requireParty } from '../store/parties.ts';

/** Runs a change in one transaction; pages that show joint shipments read again. */
function change<T>(context: Context, run: (now: string) => T): T {
  const now = context.now();
  const done = context.book.transaction(() => run(now));
  context.emit({ name: 'book.changed', areas: ['lots', 'ledger', 'money'] });
  return done;
}

/** What is printed: the version asked for, else the last one; what need not be issued also as it stands. */
function reportsOf(context: Context, input: ParsedInputOf<'joint.print'>): ReturnType<typeof jointReports> {
  const { book } = context;
  const { paper, partyId } = input;
  const record = store.requireJoint(book, input.id);
  const version = input.version ?? (record.version === 0 || paper === 'consolidation' ? undefined : record.version);
  if (paper === 'statement' && version === undefined)
    throw new PortbookError('JOINT_NOT_ISSUED', { number: record.number }, 'id');
  const view = viewOf(book, record, version);
  if (partyId !== undefined && !view.statements.members.some((one) => one.partyId === partyId))
    throw new PortbookError('JOINT_NO_MEMBER', { id: partyId }, 'partyId');
  const cartons = paper === 'consolidation' ? store.sourceCartons(book, record) : new Map<number, string[]>();
  return jointReports({
    paper,
    view,
    version,
    partyId,
    goods: goodsRows(book, record.id),
    cartons,
    firm: book.profile().name,
    on: today(context),
  });
}

/** Joint shipments (联合出海). The audit names members by the number of their party: they may be persons. */
export const jointHandlers: Handlers<keyof typeof joint> = {
  'joint.list': (input, { book }) => {
    const { rows, ...page } = store.listJoint(book, input);
    return { ...page, rows: rows.map((one) => rowOf(book, one)) };
  },

  'joint.get': ({ id, version }, { book }) => viewOf(book, store.requireJoint(book, id), version),

  'joint.receipts': ({ id }, { book }) => ({ rows: receiptRows(book, store.requireJoint(book, id)) }),

  'joint.goods': ({ id }, { book }) => ({ rows: goodsRows(book, store.requireJoint(book, id).id) }),

  'joint.save': (input, context) =>
    change(context, (now) => {
      const { book } = context;
      const before = input.id === undefined ? undefined : store.requireJoint(book, input.id);
      const id = store.saveJoint(book, input, now);
      const saved = store.requireJoint(book, id);
      const isOther =
        saved.dispatchId !== (before?.dispatchId ?? null) || saved.shipmentId !== (before?.shipmentId ?? null);
      if (isOther && saved.source !== '') {
        const lines = pricedLinesGoing(book, saved);
        if (lines > 0) throw new PortbookError('JOINT_SOURCE_PRICED', { number: saved.number, lines }, 'source');
      }
      // Without a source there is nothing to read again: what was read stays, as if it had been entered.
      const { added } = isOther && saved.source !== '' ? takeGoods(book, saved, now) : { added: 0 };
      if (saved.posting !== before?.posting) postDues(book, saved, now);
      const { number, title, on, source, posting } = saved;
      book.audit('joint.saved', `joint:${id}`, { number, title, on, source, posting, lines: added }, now);
      return { id, lines: added };
    }),

  'joint.remove': ({ id }, context) =>
    change(context, (now) => {
      const { number, title } = store.removeJoint(context.book, id);
      context.book.audit('joint.removed', `joint:${id}`, { number, title }, now);
      return {};
    }),

  'joint.take': ({ id }, context) =>
    change(context, (now) => {
      const { book } = context;
      const record = store.requireJoint(book, id);
      if (record.source === '') throw new PortbookError('JOINT_NO_SOURCE', { number: record.number }, 'id');
      const taken = takeGoods(book, record, now);
      book.audit('joint.taken', `joint:${id}`, { number: record.number, source: record.source, ...taken }, now);
      return taken;
    }),

  'joint.saveGoods': ({ id, jointId, partyId, value, sold, ...rest }, context) =>
    change(context, (now) => {
      const { book } = context;
      const { number } = store.requireJoint(book, jointId);
      if (partyId !== undefined) requireParty(book, partyId, 'partyId');
      const goods = {
        ...rest,
        partyId: partyId ?? null,
        valueFen: fenOf(value, 'value'),
        soldFen: fenOf(sold, 'sold'),
      };
      const saved = id ?? store.insertGoods(book, jointId, { ...goods, lotId: null, taken: 0 }, now);
      if (id !== undefined) store.updateGoods(book, id, jointId, goods, now);
      const { massG, cartons } = rest;
      book.audit(
        'joint.goods',
        `joint:${jointId}`,
        { number, line: saved, party: partyId ?? 0, goods: rest.goods, massG, cartons, value, sold },
        now,
      );
      return { id: saved };
    }),

  'joint.removeGoods': ({ id }, context) =>
    change(context, (now) => {
      const { jointId, goods, massG, cartons } = store.removeGoods(context.book, id, now);
      context.book.audit('joint.goodsRemoved', `joint:${jointId}`, { line: id, goods, massG, cartons }, now);
      return {};
    }),

  'joint.saveAmount': ({ id, amount, partyId, recordId, ...rest }, context) =>
    change(context, (now) => {
      const { book } = context;
      const { jointId, side, kind, note, by } = rest;
      if (partyId !== undefined && !store.goodsOf(book, jointId).some((one) => one.partyId === partyId))
        throw new PortbookError('JOINT_NO_MEMBER', { id: partyId }, 'partyId');
      if (recordId !== undefined) {
        const { number } = requireRecord(book, recordId, 'recordId');
        const offered = store.receiptsOf(book, store.requireJoint(book, jointId));
        if (side === 'cost' || !offered.some((one) => one.recordId === recordId))
          throw new PortbookError('JOINT_RECEIPT', { number }, 'recordId');
      }
      if (proceedsKinds.some((one) => one === kind) !== (side === 'proceeds'))
        throw new PortbookError('JOINT_AMOUNT_KIND', { kind, side }, 'kind');
      const own = { partyId: partyId ?? null, recordId: recordId ?? null };
      const saved = store.saveAmount(book, { ...rest, ...own, id, amountFen: fenOf(amount, 'amount') }, now);
      book.audit('joint.amount', `joint:${jointId}`, { line: saved, side, kind, note, amount, by, ...own }, now);
      return { id: saved };
    }),

  'joint.removeAmount': ({ id }, context) =>
    change(context, (now) => {
      const { jointId, side, kind, amountFen } = store.removeAmount(context.book, id, now);
      const amount = yuanText(amountFen);
      context.book.audit('joint.amountRemoved', `joint:${jointId}`, { line: id, side, kind, amount }, now);
      return {};
    }),

  'joint.issue': ({ id, reason }, context) =>
    change(context, (now) => {
      const { book } = context;
      const record = store.requireJoint(book, id);
      const { statements, dues, ownerless, unshared } = draftOf(book, record);
      if (ownerless > 0) throw new PortbookError('JOINT_OWNERLESS', { lines: ownerless }, 'id');
      if (dues.length === 0 || statements.costs.length + statements.proceeds.length + unshared.length === 0)
        throw new PortbookError('JOINT_EMPTY', { number: record.number }, 'id');
      if (unshared.length > 0) throw new PortbookError('JOINT_UNSHARED', { n: unshared.length }, 'id');
      const { version } = record;
      if (version > 0) {
        if (JSON.stringify(store.issuedStatements(book, id, version)) === JSON.stringify(statements))
          throw new PortbookError('JOINT_SAME', { version }, 'id');
        if (reason === '') throw new PortbookError('JOINT_REASON', { version: version + 1 }, 'reason');
      }
      const issue = { jointId: id, version: version + 1, reason, body: statements, who: book.who(), at: now };
      store.insertIssue(book, issue, dues);
      postDues(book, record, now);
      const { net } = statements.totals;
      book.audit(
        'joint.issued',
        `joint:${id}`,
        {
          number: record.number,
          version: issue.version,
          members: dues.length,
          net,
          ...(reason === '' ? {} : { reason }),
        },
        now,
      );
      return { version: issue.version };
    }),

  'joint.pay': ({ id, amount, account, accountId, ...rest }, context) =>
    change(context, (now) => {
      const { book } = context;
      const joint = store.requireJoint(book, id);
      const { number, version } = joint;
      const { partyId, on, method, note } = rest;
      if (on > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: on }, 'on');
      if (accountId !== undefined && !payFromAccount.has(method))
        throw new PortbookError('JOINT_NO_ACCOUNT', {}, 'accountId');
      const balance = store.balancesOf(book, id).find((one) => one.partyId === partyId);
      if (balance === undefined) throw new PortbookError('JOINT_NO_MEMBER', { id: partyId }, 'partyId');
      const amountFen = Number(parseScaled(amount, 2));
      const left = balance.dueFen - balance.paidFen;
      if (version === 0 && amountFen < 0) throw new PortbookError('JOINT_NOT_ISSUED', { number }, 'amount');
      const isTooMuch =
        version > 0 && (Math.sign(amountFen) !== Math.sign(left) || Math.abs(amountFen) > Math.abs(left));
      if (amountFen === 0 || isTooMuch) throw new PortbookError('JOINT_OVERPAID', { left: yuanText(left) }, 'amount');
      const { name } = balance;
      const recordId =
        accountId === undefined ? null : recordPayment(book, joint, { ...rest, accountId, name, amountFen }, now);
      const payment = {
        jointId: id,
        partyId,
        on,
        amountFen,
        method,
        account: maskBankAccount(account),
        note,
        recordId,
      };
      const made = store.insertPayment(book, payment, now);
      book.audit(
        'joint.paid',
        `joint:${id}`,
        { number, payment: made, party: partyId, on, amount, method, recordId },
        now,
      );
      return { id: made };
    }),

  'joint.voidPayment': ({ id, reason }, context) =>
    change(context, (now) => {
      const { book } = context;
      const { jointId, partyId, on, amountFen, voidedAt, recordId } = store.requirePayment(book, id);
      if (voidedAt !== null) throw new PortbookError('JOINT_PAYMENT_VOID', { id }, 'id');
      store.voidPayment(book, id, reason, now);
      if (recordId !== null) voidRecord(book, recordId, reason.slice(0, 200), now);
      const facts = { payment: id, party: partyId, on, amount: yuanText(amountFen), reason };
      book.audit('joint.paymentVoided', `joint:${jointId}`, facts, now);
      return {};
    }),

  'joint.print': async (input, context) => {
    const path = context.files.pathOf(input.to, 'write');
    const { html, rows } = reportPage(...reportsOf(context, input));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'joint.export': async (input, context) => ({
    rows: await writeReportWorkbook(context.files.pathOf(input.to, 'write'), reportsOf(context, input), {
      signal: context.signal,
      progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
    }),
  }),
};
