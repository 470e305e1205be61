import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { IsoDate } from '../../../shared/calendar/index.ts';
import type { supervision } from '../../../shared/contract/supervision.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { readAmount } from '../../../shared/ledger/index.ts';
import { archivePack } from '../../../shared/rules/deadlines/index.ts';
import type { Context, Handlers } from '../context.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { nettingReport, tradeCreditReport } from '../exporters/supervision-reports.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { packFigures } from '../obligations.ts';
import { nettingPage } from '../printing/netting-page.ts';
import { insertPaper } from '../store/archive.ts';
import { listFlows } from '../store/money/flows.ts';
import { saveForexProfile, storedForexProfile } from '../store/money/forex-profile.ts';
import { insertAdjustment, listGoods, removeAdjustment } from '../store/money/indicators.ts';
import { requireNetting, setNettingPaper } from '../store/money/netting.ts';
import {
  personSettlement,
  quotaPersons,
  removeQuotaEntry,
  saveQuotaEntry,
  saveQuotaPerson,
} from '../store/money/quota.ts';
import {
  changeCredit,
  findReport,
  keepCredit,
  listReports,
  markReported,
  noteCredit,
  reportsOf,
  withdrawReport,
} from '../store/money/trade-credit.ts';
import { checklistOn, gauges, minorText, usdMinor } from '../supervision/gauges.ts';
import { figureOfMonth, indicators, periodOf, rowUsd } from '../supervision/indicators.ts';
import {
  checkNetting,
  confirmNetting,
  nettingRows,
  nettingTypes,
  nettingView,
  prefilledNetting,
  reopenNetting,
  saveNetting,
  voidNetting,
} from '../supervision/netting.ts';
import { quotaList, quotaOf } from '../supervision/quota.ts';
import {
  creditRowOf,
  draftReport,
  keptId,
  listTradeCredits,
  reportViews,
  requireReport,
  requireTradeCredit,
} from '../supervision/trade-credit.ts';
import { Rules } from '../worksheets/rules.ts';

const rulesOf = ({ resources, book }: Context): Rules => new Rules(resources, book);
const todayOf = (context: Context, asOf?: string): IsoDate =>
  asOf === undefined ? chinaDate(context.now()) : (asOf as IsoDate);
const changed = (context: Context, withLedger = false): void =>
  context.emit({ name: 'book.changed', areas: withLedger ? ['money', 'ledger', 'tax'] : ['money', 'tax'] });

/** The bytes of a chosen paper. Refusals: `FILE_MISSING`, `FILE_EMPTY`, `ARCHIVE_FILE_TOO_LARGE` {name, limitMb}, `FILE_UNREADABLE`. */
function paperBytes(context: Context, file: string): { readonly fileName: string; readonly bytes: Uint8Array } {
  const path = context.files.pathOf(file, 'read');
  const name = basename(path);
  const { maxFileMb: limitMb } = packFigures(context, 'archive-papers', archivePack, chinaDate(context.now()));
  try {
    const { size } = statSync(path);
    if (size === 0) throw new PortbookError('FILE_EMPTY', { name });
    if (size > limitMb * 1_048_576) throw new PortbookError('ARCHIVE_FILE_TOO_LARGE', { name, limitMb });
    return { fileName: name, bytes: readFileSync(path) };
  } catch (error) {
    if (error instanceof PortbookError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new PortbookError(error.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE', {
      name,
      detail: String(error.code),
    });
  }
}

/** Netting sheets, gauges and quotas, trade-credit reports, total-amount indicators. */
export const supervisionHandlers: Handlers<keyof typeof supervision> = {
  'forexProfile.get': (_input, context) => {
    const { profile, changedAt } = storedForexProfile(context.book);
    return {
      profile,
      ...(changedAt === undefined ? {} : { changedAt }),
      checklist: checklistOn(rulesOf(context), context.book, todayOf(context)),
    };
  },

  'forexProfile.save': (profile, context) => {
    const { book } = context;
    const days = profile.classes.map(({ from }) => from);
    const twice = days.find((day, at) => days.indexOf(day) !== at);
    if (twice !== undefined) throw new PortbookError('FOREX_CLASS_TWICE', { date: twice }, 'classes');
    const { changedOn, changeRegisteredOn } = profile;
    if (changeRegisteredOn !== undefined && (changedOn === undefined || changeRegisteredOn < changedOn))
      throw new PortbookError('DATE_ORDER', { from: changedOn ?? '', to: changeRegisteredOn }, 'changeRegisteredOn');
    const at = context.now();
    book.transaction(() => {
      saveForexProfile(book, profile, at);
      const { subject, smallCbec, byElectronicInfo, listedOn, classes } = profile;
      book.audit(
        'forexProfile.saved',
        'forex-profile',
        { subject, smallCbec, byElectronicInfo, listedOn, classes },
        at,
      );
    });
    changed(context);
    return { changedAt: at };
  },

  // Netting ----------------------------------------------------------------------------------------------------------
  'netting.list': (filter, { book }) => nettingRows(book, filter),
  'netting.get': ({ id }, context) => nettingView(rulesOf(context), context.book, id),
  'netting.check': (input, context) => checkNetting(rulesOf(context), context.book, input),
  'netting.prefill': ({ payoutId }, context) => prefilledNetting(rulesOf(context), context.book, payoutId),
  'netting.types': ({ date }, context) => nettingTypes(rulesOf(context), context.book, date),

  'netting.save': (input, context) => {
    const { book } = context;
    const at = context.now();
    const saved = book.transaction(() => {
      const result = saveNetting(rulesOf(context), book, input, at);
      book.audit(
        input.id === undefined ? 'netting.entered' : 'netting.changed',
        `netting:${result.id}`,
        {
          number: result.number,
          currency: input.currency,
          gross: input.gross,
          net: result.net,
          fees: input.fees.length,
        },
        at,
      );
      return result;
    });
    changed(context);
    return saved;
  },

  'netting.attach': ({ id, feeId, file }, context) => {
    const { book } = context;
    const { fileName, bytes } = paperBytes(context, file);
    const at = context.now();
    const result = book.transaction(() => {
      const { number, state } = requireNetting(book, id);
      if (state !== 'draft') throw new PortbookError('NETTING_FIXED', { number }, 'id');
      const paper = feeId === undefined ? 'contract' : 'invoice';
      const subject = { subjectKind: 'netting' as const, subjectId: number, paper };
      const { id: paperId, sha256 } = insertPaper(book, { ...subject, fileName, note: '', bytes }, at);
      setNettingPaper(book, id, feeId, paperId);
      book.audit('archive.added', `netting ${number}`, { paper, fileName, sha256 }, at);
      return { paperId, sha256 };
    });
    changed(context);
    return result;
  },

  'netting.confirm': ({ id }, context) => {
    const { book } = context;
    const at = context.now();
    const result = book.transaction(() => {
      const done = confirmNetting(rulesOf(context), book, id, at);
      book.audit('netting.confirmed', `netting:${id}`, done, at);
      return done;
    });
    changed(context, true);
    return result;
  },

  'netting.reopen': ({ id, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      reopenNetting(book, id, reason, at);
      book.audit('netting.reopened', `netting:${id}`, { reason }, at);
    });
    changed(context, true);
    return {};
  },

  'netting.void': ({ id, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      voidNetting(book, id, reason, at);
      book.audit('netting.voided', `netting:${id}`, { reason }, at);
    });
    changed(context, true);
    return {};
  },

  'netting.print': async ({ id, to }, context) => {
    const { book, files, host, now } = context;
    const path = files.pathOf(to, 'write');
    const { name, uscc } = book.profile();
    const view = nettingView(rulesOf(context), book, id);
    const pdf = await host.printPdf(nettingPage(view, { firm: name, uscc, madeOn: chinaDate(now()) }));
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    book.audit('netting.printed', `netting:${id}`, { number: view.number }, now());
    return { pages: 'pdf' };
  },

  'netting.export': async ({ id, to }, context) => {
    const { book, files, signal, progress } = context;
    const path = files.pathOf(to, 'write');
    const view = nettingView(rulesOf(context), book, id);
    const rows = await writeReportWorkbook(path, nettingReport(view, book.profile().name), {
      signal,
      progress: (done) => progress({ phase: 'write', done, total: 0 }),
    });
    return { rows };
  },

  // Gauges -----------------------------------------------------------------------------------------------------------
  'forex.gauges': ({ asOf, planned }, context) =>
    gauges(rulesOf(context), context.book, todayOf(context, asOf), planned),

  'forex.flows': ({ direction, from, to, after, limit }, { book }) =>
    flowRows(book, { direction, from, to, withCny: true }, { after, limit }),

  // Personal quota ---------------------------------------------------------------------------------------------------
  'quota.list': ({ year }, context) => ({ rows: quotaList(rulesOf(context), context.book, year) }),

  'quota.person': ({ year, name }, context) => {
    const { book } = context;
    const person = quotaPersons(book).find((one) => one.name === name);
    return { rows: person === undefined ? [] : quotaOf(rulesOf(context), book, person, year).rows };
  },

  'quota.savePerson': (person, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      saveQuotaPerson(book, person, at);
      book.audit('quota.person', 'quota-person', { holder: person.holder }, at);
    });
    changed(context);
    return {};
  },

  'quota.saveEntry': (input, context) => {
    const { book } = context;
    const { recordId, proof, reference } = input;
    if (proof !== 'none' && reference === '' && input.file === undefined)
      throw new PortbookError('QUOTA_PROOF_REFERENCE', {}, 'reference');
    const settlement = recordId === undefined ? undefined : personSettlement(book, recordId);
    const { date, usd } = input;
    if (settlement === undefined && (date === undefined || usd === undefined))
      throw new PortbookError('QUOTA_ENTRY_INCOMPLETE', {}, date === undefined ? 'date' : 'usd');
    const whole = settlement === undefined ? usdMinor(usd ?? '0') : settlement.usdMinor;
    const proven =
      proof === 'none' || input.provenUsd === undefined
        ? null
        : Number(readAmount(input.provenUsd, 'USD', 'provenUsd'));
    if (proven !== null && whole !== null && proven > whole)
      throw new PortbookError('QUOTA_PROVEN_TOO_MUCH', { amount: minorText(whole, 'USD') }, 'provenUsd');
    const paper = input.file === undefined ? undefined : paperBytes(context, input.file);
    const at = context.now();
    const id = book.transaction(() => {
      const entryId = saveQuotaEntry(
        book,
        input.id,
        {
          person: settlement?.owner ?? input.person,
          recordId: recordId ?? null,
          date: settlement === undefined ? (date ?? null) : null,
          usdMinor: settlement === undefined ? whole : null,
          proof,
          provenUsdMinor: proven,
          reference: reference === '' && paper !== undefined ? paper.fileName : reference,
          note: input.note,
        },
        at,
      );
      if (paper !== undefined)
        insertPaper(
          book,
          { subjectKind: 'quota', subjectId: String(entryId), paper: 'receipt-proof', note: '', ...paper },
          at,
        );
      book.audit('quota.entry', `quota:${entryId}`, { recordId, date, proof }, at);
      return entryId;
    });
    changed(context);
    return { id };
  },

  'quota.removeEntry': ({ id, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      removeQuotaEntry(book, id);
      book.audit('quota.removed', `quota:${id}`, { reason }, at);
    });
    changed(context);
    return {};
  },

  // Trade credit -----------------------------------------------------------------------------------------------------
  'tradeCredit.list': (filter, context) =>
    listTradeCredits(rulesOf(context), context.book, todayOf(context, filter.asOf), filter),

  'tradeCredit.get': ({ key, asOf }, context) => {
    const { book } = context;
    const rules = rulesOf(context);
    const today = todayOf(context, asOf);
    const found = requireTradeCredit(rules, book, today, key);
    const { item, calculation } = found;
    return {
      ...creditRowOf(book, found, today),
      reports: item.stored === undefined ? [] : reportViews(rules, book, reportsOf(book, item.stored.id)),
      ...(calculation === undefined ? {} : { calculation }),
    };
  },

  'tradeCredit.saveItem': (input, context) => {
    const { book } = context;
    const { kind, baseDate, expectedDate, currency, counterparty, country, reference } = input;
    if (expectedDate < baseDate)
      throw new PortbookError('DATE_ORDER', { from: baseDate, to: expectedDate }, 'expectedDate');
    const minor = Number(readAmount(input.amount, currency, 'amount', 'currency'));
    const at = context.now();
    const head = { kind, baseDate, expectedDate, currency, minor, counterparty, country };
    const id = book.transaction(() => {
      let kept = input.id;
      if (kept === undefined)
        kept = keepCredit(book, { ...head, ofKind: 'manual', ofId: '', label: reference, metMinor: 0 }, at);
      else if (!changeCredit(book, kept, { ...head, reference }, at))
        throw new PortbookError('TRADE_CREDIT_UNKNOWN', { key: `manual:${kept}` }, 'id');
      noteCredit(book, kept, { note: input.note, reason: '' }, at);
      book.audit('tradeCredit.entered', `trade-credit:${kept}`, { kind, baseDate, expectedDate, currency }, at);
      return kept;
    });
    changed(context);
    return { key: `manual:${id}` };
  },

  'tradeCredit.note': (input, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      const found = requireTradeCredit(rulesOf(context), book, todayOf(context), input.key);
      const { baseDate, currency, minor, metMinor } = found.item.found;
      if (input.expectedDate !== undefined && input.expectedDate < baseDate)
        throw new PortbookError('DATE_ORDER', { from: baseDate, to: input.expectedDate }, 'expectedDate');
      const settledMinor =
        input.settled === undefined ? undefined : Number(readAmount(input.settled, currency, 'settled'));
      const open = minor - metMinor;
      if (settledMinor !== undefined && (settledMinor < 0 || settledMinor > open))
        throw new PortbookError('TRADE_CREDIT_SETTLED', { balance: minorText(open, currency) }, 'settled');
      const { expectedDate, dismissed, reason } = input;
      noteCredit(book, keptId(book, found, at), { expectedDate, settledMinor, dismissed, reason }, at);
      book.audit('tradeCredit.noted', input.key, { expectedDate, settled: input.settled, dismissed, reason }, at);
    });
    changed(context);
    return {};
  },

  'tradeCreditReports.list': ({ state, from, to, after, limit }, context) => {
    const page = listReports(context.book, { state, from, to }, { after, limit });
    return { ...page, rows: reportViews(rulesOf(context), context.book, page.rows) };
  },

  'tradeCreditReports.get': ({ id }, context) => requireReport(rulesOf(context), context.book, id),

  'tradeCreditReports.draft': (input, context) => {
    const { book } = context;
    const at = context.now();
    const made = book.transaction(() => {
      const report = draftReport(rulesOf(context), book, todayOf(context), input, at);
      book.audit(
        'tradeCredit.drafted',
        `trade-credit-report:${report.id}`,
        { number: report.number, operation: input.operation },
        at,
      );
      return report;
    });
    changed(context);
    return made;
  },

  'tradeCreditReports.mark': ({ id, reportedOn, reference }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      const report = requireDraft(book, id);
      const { body } = requireReport(rulesOf(context), book, id);
      if (reportedOn < body.baseDate)
        throw new PortbookError('DATE_ORDER', { from: body.baseDate, to: reportedOn }, 'reportedOn');
      markReported(book, id, reportedOn, reference, at);
      book.audit(
        'tradeCredit.reported',
        `trade-credit-report:${id}`,
        { number: report.number, reportedOn, reference },
        at,
      );
    });
    changed(context);
    return {};
  },

  'tradeCreditReports.withdraw': ({ id, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      const { number } = requireDraft(book, id);
      withdrawReport(book, id, reason, at);
      book.audit('tradeCredit.withdrawn', `trade-credit-report:${id}`, { number, reason }, at);
    });
    changed(context);
    return {};
  },

  'tradeCreditReports.export': async ({ file, ...filter }, context) => {
    const { book, files, signal, progress } = context;
    const path = files.pathOf(file, 'write');
    const { rows: reports } = listReports(book, filter, { limit: Number.MAX_SAFE_INTEGER - 1 });
    const views = reportViews(rulesOf(context), book, reports);
    const rows = await writeReportWorkbook(path, tradeCreditReport(views, book.profile().name, todayOf(context)), {
      signal,
      progress: (done) => progress({ phase: 'write', done, total: views.length }),
    });
    book.audit('tradeCredit.exported', `${rows}`, {}, context.now());
    return { rows };
  },

  // Indicators -------------------------------------------------------------------------------------------------------
  'indicators.get': ({ month }, context) => indicators(rulesOf(context), context.book, month),

  'indicators.rows': ({ month, figure, after, limit }, { book }) => {
    const { from, to } = periodOf(month);
    if (figure === 'receipts' || figure === 'payments') {
      const withCny = storedForexProfile(book).profile.cnyCounts.indicators;
      return flowRows(book, { direction: figure, from, to, withCny }, { after, limit });
    }
    const page = listGoods(book, { figure, from, to }, { after, limit });
    return {
      ...page,
      rows: page.rows.map(({ key, label, detail, date, currency, minor }) => {
        const usd = rowUsd(book, currency, minor, date);
        return {
          key: `${figure} ${key} ${currency}`,
          date,
          label,
          detail,
          currency,
          amount: minorText(minor, currency),
          ...(usd === undefined ? {} : { usd }),
          target:
            figure === 'exports'
              ? `purchases?${new URLSearchParams({ tab: 'exports', text: label })}`
              : `purchases?${new URLSearchParams({ tab: 'invoices', at: key })}`,
        };
      }),
    };
  },

  'indicators.adjust': ({ month, figure, usd, reason }, context) => {
    const { book } = context;
    const minor = Number(readAmount(usd, 'USD', 'usd'));
    if (minor === 0) throw new PortbookError('AMOUNT_ZERO', {}, 'usd');
    const at = context.now();
    const id = book.transaction(() => {
      const left = figureOfMonth(book, figure, month) + minor;
      if (left < 0)
        throw new PortbookError('INDICATOR_BELOW_ZERO', { month, usd: minorText(left - minor, 'USD') }, 'usd');
      const made = insertAdjustment(book, { month, figure, usdMinor: minor, reason }, at);
      book.audit('indicators.adjusted', `indicator:${made}`, { month, figure, usd, reason }, at);
      return made;
    });
    changed(context);
    return { id };
  },

  'indicators.removeAdjustment': ({ id, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      const removed = removeAdjustment(book, id, at);
      if (removed === undefined) throw new PortbookError('INDICATOR_ADJUSTMENT_UNKNOWN', { id }, 'id');
      const { month, figure } = removed;
      book.audit('indicators.adjustmentRemoved', `indicator:${id}`, { month, figure, reason }, at);
    });
    changed(context);
    return {};
  },
};

/** Records of one direction with the page of the desk that shows them. */
function flowRows(
  book: Context['book'],
  filter: Parameters<typeof listFlows>[1],
  pageOf: { readonly after?: string | undefined; readonly limit: number },
) {
  const page = listFlows(book, filter, pageOf);
  return {
    ...page,
    rows: page.rows.map(({ ofKind, id, number, date, currency, minor, usdMinor: stored, counterparty, reference }) => {
      const usd = stored === null ? rowUsd(book, currency, minor, date) : minorText(stored, 'USD');
      return {
        key: `${ofKind} ${id}`,
        date,
        label: number,
        detail: [counterparty, reference].filter((one) => one !== '').join(' · '),
        currency,
        amount: minorText(minor, currency),
        ...(usd === undefined ? {} : { usd }),
        target: `${ofKind === 'record' ? 'money' : 'netting'}?${new URLSearchParams({ at: String(id) })}`,
      };
    }),
  };
}

/** Refusals: `TRADE_CREDIT_REPORT_UNKNOWN` {id}, `TRADE_CREDIT_REPORT_STATE` {number} for one that is no draft any more. */
function requireDraft(book: Context['book'], id: number) {
  const report = findReport(book, id);
  if (report === undefined) throw new PortbookError('TRADE_CREDIT_REPORT_UNKNOWN', { id }, 'id');
  if (report.state !== 'draft') throw new PortbookError('TRADE_CREDIT_REPORT_STATE', { number: report.number }, 'id');
  return report;
}
