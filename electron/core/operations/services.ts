import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addDays, type IsoDate } from '../../../shared/calendar/dates.ts';
import type { services } from '../../../shared/contract/services.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  keepRecordingUntil,
  type LiveSessionRules,
  liveSessionPack,
  liveSessionPackId,
  sessionGaps,
} from '../../../shared/rules/live-session.ts';
import type { Context, Handlers } from '../context.ts';
import { complaintReport } from '../exporters/complaint-report.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf, packVersion } from '../obligations.ts';
import { liveSessionPage } from '../printing/live-session-page.ts';
import {
  addStep,
  listComplaints,
  orderOfComplaint,
  requireComplaint,
  saveComplaint,
  stepsOf,
} from '../store/complaints.ts';
import {
  type LiveSession,
  listLiveSessions,
  ordersWith,
  requireLiveSession,
  saveLiveSession,
} from '../store/live-sessions.ts';
import { requireProduct } from '../store/products.ts';

const today = (context: Context): IsoDate => dateOf(chinaDate(context.now()), 'today');
const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['services'] });

/** A session as the list shows it, by the rules of its day. */
function rowOf({ id, number, heldOn, body }: LiveSession, rules: LiveSessionRules) {
  const { title, platform, host, goods } = body;
  const day = dateOf(heldOn, 'heldOn');
  return {
    ...{ id, number, heldOn, title, platform, host, goods: goods.length },
    gaps: sessionGaps(body, rules).length,
    keepUntil: keepRecordingUntil(day, rules),
  };
}
const rulesOn = (context: Context, heldOn: string) => packVersion(context, liveSessionPackId, liveSessionPack, heldOn);

export const serviceHandlers: Handlers<keyof typeof services> = {
  'complaints.list': (filter, context) => listComplaints(context.book, filter, today(context)),

  'complaints.get': ({ id }, context) => ({
    ...requireComplaint(context.book, id, today(context)),
    order: orderOfComplaint(context.book, id),
    steps: stepsOf(context.book, id),
  }),

  'complaints.save': (input, context) => {
    const at = context.now();
    const saved = context.book.transaction(() => {
      const result = saveComplaint(context.book, input, at, today(context));
      // A buyer is a person: the trail names the complaint.
      const { kind, channel, receivedOn, orderNo } = input;
      context.book.audit('complaint.saved', result.number, { kind, channel, receivedOn, orderNo }, at);
      return result;
    });
    changed(context);
    return saved;
  },

  'complaints.step': ({ id, state, text }, context) => {
    const at = context.now();
    context.book.transaction(() => {
      const number = addStep(context.book, id, { state, text }, at, today(context));
      context.book.audit('complaint.step', number, { state }, at);
    });
    changed(context);
    return {};
  },

  'complaints.close': ({ id, outcome, text }, context) => {
    const at = context.now();
    context.book.transaction(() => {
      const number = addStep(context.book, id, { state: 'closed', text, outcome }, at, today(context));
      context.book.audit('complaint.closed', number, { outcome }, at);
    });
    changed(context);
    return {};
  },

  'complaints.reopen': ({ id, text }, context) => {
    const at = context.now();
    context.book.transaction(() => {
      const number = addStep(context.book, id, { state: 'open', text, isReopening: true }, at, today(context));
      context.book.audit('complaint.reopened', number, {}, at);
    });
    changed(context);
    return {};
  },

  'complaints.export': async ({ to }, context) => {
    const { book, files, signal, progress } = context;
    const day = today(context);
    const rows = await writeReportWorkbook(files.pathOf(to, 'write'), complaintReport(book, day), {
      signal,
      progress: (done) => progress({ phase: 'write', done, total: 0 }),
    });
    return { rows };
  },

  'liveSessions.list': (page, context) => {
    const { rows, ...rest } = listLiveSessions(context.book, page);
    return { ...rest, rows: rows.map((one) => rowOf(one, rulesOn(context, one.heldOn).parameters)) };
  },

  'liveSessions.get': ({ id }, context) => {
    const session = requireLiveSession(context.book, id);
    const rules = rulesOn(context, session.heldOn).parameters;
    const next = addDays(dateOf(session.heldOn, 'heldOn'), 1);
    return {
      ...rowOf(session, rules),
      goods: session.body.goods.length,
      body: session.body,
      open: sessionGaps(session.body, rules),
      items: rules.items,
      orders: ordersWith(
        context.book,
        session.body.goods.map(({ sku }) => sku),
        session.heldOn,
        next,
      ),
    };
  },

  'liveSessions.rules': ({ heldOn }, context) => {
    const { parameters, source } = rulesOn(context, heldOn);
    return { items: parameters.items, keepUntil: keepRecordingUntil(dateOf(heldOn, 'heldOn'), parameters), source };
  },

  'liveSessions.save': (input, context) => {
    const { book } = context;
    const at = context.now();
    rulesOn(context, input.heldOn);
    const saved = book.transaction(() => {
      for (const { sku } of input.body.goods) requireProduct(book, sku);
      const result = saveLiveSession(book, input, at);
      book.audit('live-session.saved', result.number, { heldOn: input.heldOn, goods: input.body.goods.length }, at);
      return result;
    });
    changed(context);
    return saved;
  },

  'liveSessions.print': async ({ id, to }, context) => {
    const { book, files, host } = context;
    const path = files.pathOf(to, 'write');
    const session = requireLiveSession(book, id);
    const rules = rulesOn(context, session.heldOn);
    const gaps = sessionGaps(session.body, rules.parameters);
    const names = new Map(session.body.goods.map(({ sku }) => [sku, requireProduct(book, sku).nameCn ?? '']));
    const { name: firm, uscc } = book.profile();
    const html = liveSessionPage(
      { ...session, keepUntil: rowOf(session, rules.parameters).keepUntil, gaps, items: rules.parameters.items, names },
      { firm, uscc, source: rules.source, madeOn: today(context) },
    );
    const pdf = await host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows: session.body.goods.length };
  },
};
