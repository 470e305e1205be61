import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addMonths } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { flagRules, type risk } from '../../../shared/contract/risk.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { isCurrency, tryParseMoney } from '../../../shared/money/index.ts';
import { majorText } from '../../../shared/reports/amounts.ts';
import { redFlagsPackId } from '../../../shared/risk/flags.ts';
import {
  type ShipmentScore,
  scoreShipment,
  shipmentScorePackId,
  shipmentScorePackSchema,
} from '../../../shared/risk/shipment-score.ts';
import { riskText } from '../../../shared/risk/texts.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import type { Context, Handlers } from '../context.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import {
  flagsDocument,
  flowDocument,
  type Heading,
  hitsDocument,
  refundAgeingDocument,
} from '../exporters/risk-documents.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf, packVersion } from '../obligations.ts';
import { reportPage } from '../printing/report-page.ts';
import { entityView, flowList, flowView, unexplained } from '../risk/flows.ts';
import { isStale, redFlagFigures, runRedFlags } from '../risk/red-flags.ts';
import { screenNames } from '../risk/screening.ts';
import { currentClerk, hasSeveralClerks, listClerks, requireCurrentClerk } from '../store/broker/review.ts';
import { requireDocument } from '../store/documents.ts';
import { requireParty } from '../store/parties.ts';
import { listRiskFacts, putRiskFact, removeRiskFact } from '../store/risk/facts.ts';
import { insertReason, removeReason, scopeKey } from '../store/risk/flows.ts';
import { listNotices, removeNotice } from '../store/risk/notices.ts';
import {
  assignFlags,
  closeFlags,
  type Doer,
  type FlagFilter,
  type FlagRow,
  flagsByMonth,
  lastRuns,
  listFlags,
  reopenFlag,
  requireFlag,
  standingByRule,
} from '../store/risk/red-flags.ts';
import { refundAgeing } from '../store/risk/refund-ageing.ts';
import { decideHits, type HitRow, listHits, screenedCount } from '../store/risk/screening.ts';
import { shipmentFacts } from '../store/risk/shipment-facts.ts';
import { listWatchLists, removeList } from '../store/risk/watch-lists.ts';
import { requireShipment } from '../store/shipments.ts';
import { ruleOff } from '../store/worksheets/facts.ts';
import { packInForce } from '../worksheets/rules.ts';

const scored = ({ items, ...score }: ShipmentScore) => ({
  ...score,
  items: items.map(({ rows, ...item }) => ({ ...item, rows: [...rows] })),
});

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['risk'] });

const doerOf = ({ book }: Context, now: string): Doer => ({ by: currentClerk(book)?.name ?? '', now });

function headingOf({ book, now }: Context): Heading {
  return { firm: book.profile().name, on: chinaDate(now()) };
}

/** Writes a document to a file the user chose. Refusals: `FILE_NOT_GRANTED`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`, `REPORT_TOO_LONG`. */
async function print(context: Context, document: ReportDocument, to: string): Promise<{ rows: number }> {
  const path = context.files.pathOf(to, 'write');
  const { html, rows } = reportPage(document);
  const pdf = await context.host.printPdf(html);
  if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
  writeFileAtomically(path, pdf);
  return { rows };
}
async function workbook(context: Context, document: ReportDocument, to: string): Promise<{ rows: number }> {
  const rows = await writeReportWorkbook(context.files.pathOf(to, 'write'), document, {
    signal: context.signal,
    progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
  });
  return { rows };
}

const PAGE = 500;
function* allFlags(context: Context, filter: FlagFilter): Generator<FlagRow> {
  let after: string | undefined;
  do {
    const page = listFlags(context.book, filter, { after, limit: PAGE });
    yield* page.rows;
    after = page.nextCursor;
  } while (after !== undefined);
}
function* allHits(context: Context, state: Parameters<typeof listHits>[1]['state']): Generator<HitRow> {
  let after: string | undefined;
  do {
    const page = listHits(context.book, { state }, { after, limit: PAGE });
    yield* page.rows;
    after = page.nextCursor;
  } while (after !== undefined);
}

/** Thresholds of a rule as the screen shows them: lists as one text. */
function shownFigures(figures: object): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]: [string, unknown]) =>
      name === 'severity'
        ? []
        : [[name, typeof value === 'number' ? value : Array.isArray(value) ? value.join(' ') : String(value)]],
    ),
  );
}

function ruleViews(context: Context): OutputOf<'redFlags.rules'> {
  const { book } = context;
  const { parameters, source, inForceFrom } = redFlagFigures(context);
  const runs = lastRuns(book);
  const standing = standingByRule(book);
  const rows = flagRules.map((rule): OutputOf<'redFlags.rules'>['rows'][number] => {
    const run = runs.get(rule);
    const off = ruleOff(book, rule);
    const bilingual = (key: string) => ({ zh: riskText('zh-CN', key), en: riskText('en', key) });
    return {
      ...{
        rule,
        severity: parameters[rule].severity,
        title: bilingual(`title.${rule}`),
        remedy: bilingual(`remedy.${rule}`),
      },
      ...{ source, inForceFrom, thresholds: shownFigures(parameters[rule]) },
      outcome: off !== undefined ? 'off' : (run?.outcome ?? 'never-ran'),
      ...(off === undefined ? {} : { off: off.reason }),
      ...(run === undefined ? {} : { ranAt: run.ranAt }),
      checked: run?.checked ?? 0,
      missing: (run?.missing ?? []).map(({ code, params, rows: of }) => ({
        code,
        params: { ...params },
        rows: [...of],
      })),
      standing: standing.get(rule) ?? 0,
    };
  });
  const ran = [...runs.values()]
    .map(({ ranAt }) => ranAt)
    .sort()
    .at(-1);
  return { rows, ...(ran === undefined ? {} : { ranAt: ran }), isStale: isStale(book) };
}

/**
 * The register follows the screening at once: what was cleared is gone from it, what was found is in it. Without figures for today it
 * waits. What was screened and decided stands whatever comes of this: a failure goes to the trail and is answered as false, never thrown.
 */
async function listedNamesAgain(context: Context): Promise<boolean> {
  const { resources, book, now } = context;
  try {
    if (packOn(packInForce(resources, book, redFlagsPackId), chinaDate(now())) === undefined) return true;
    await runRedFlags({ ...context, book, signal: new AbortController().signal }, ['R15']);
    return true;
  } catch (error) {
    // A message may quote what is in the book: its name alone.
    const name = error instanceof PortbookError ? error.code : error instanceof Error ? error.name : 'unknown';
    book.audit('redFlags.failed', 'R15', { error: name }, now());
    return false;
  }
}

/** Three flows of a shipment (三流), red flags (风险提示), screening against lists of names (名单筛查). */
export const riskHandlers: Handlers<keyof typeof risk> = {
  'shipments.score': (input, context) => {
    const of = 'id' in input ? { shipmentId: input.id } : input;
    if ('id' in input) requireShipment(context.book, input.id);
    else requireDocument(context.book, input.documentId);
    const on = chinaDate(context.now());
    const version = packVersion(context, shipmentScorePackId, shipmentScorePackSchema, on);
    const { source, inForceFrom, parameters } = version;
    const facts = shipmentFacts(context.book, of, on, parameters);
    return { source, inForceFrom, ...(facts === undefined ? {} : { score: scored(scoreShipment(parameters, facts)) }) };
  },
  'flows.list': ({ of, text, after, limit }, context) =>
    flowList(context, { of, text: text?.trim() ?? '', after, limit }),
  'flows.get': ({ scope }, context) => flowView(context, scope),

  'flows.explain': ({ scope, leg, code, currency, amount, text }, context) => {
    const { book, now } = context;
    const minor = isCurrency(currency) ? tryParseMoney(amount, currency)?.minor : undefined;
    if (minor === undefined || minor === 0n || !Number.isSafeInteger(Number(minor)))
      throw new PortbookError('AMOUNT_INVALID', { text: amount }, 'amount');
    const rest = unexplained(context, scope, { leg, currency });
    const side = minor > 0n ? rest.short : rest.over;
    if (minor > 0n ? minor > BigInt(side) : minor < BigInt(side))
      throw new PortbookError('FLOW_REASON_TOO_MUCH', { amount, left: majorText(side, currency), currency }, 'amount');
    const at = now();
    const id = book.transaction(() => {
      const made = insertReason(book, scope, { leg, code, currency, minor: Number(minor), text }, at);
      const key = scopeKey(scope);
      book.audit('flow.explained', `${key.kind}:${key.id}`, { leg, code, currency, amount }, at);
      return made;
    });
    changed(context);
    return { id };
  },

  'flows.withdraw': ({ id }, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      const { leg, code, scope } = removeReason(book, id, at);
      book.audit('flow.withdrawn', scope, { leg, code }, at);
    });
    changed(context);
    return {};
  },

  'flows.entities': ({ from, to }, context) => {
    if (to < from) throw new PortbookError('DATE_ORDER', { from, to }, 'to');
    return entityView(context, from, to);
  },
  'flows.print': ({ scope, to }, context) =>
    print(context, flowDocument(flowView(context, scope), headingOf(context)), to),
  'flows.export': ({ scope, to }, context) =>
    workbook(context, flowDocument(flowView(context, scope), headingOf(context)), to),

  'redFlags.run': async ({ rules }, context) => {
    const { book, now } = context;
    const result = await runRedFlags(context, rules ?? flagRules);
    book.audit('redFlags.run', 'redFlags', { rules: rules?.length ?? flagRules.length, ...result }, now());
    changed(context);
    return { ...result, standing: [...standingByRule(book).values()].reduce((sum, n) => sum + n, 0) };
  },
  'redFlags.rules': (_input, context) => ruleViews(context),
  'redFlags.list': ({ after, limit, ...filter }, { book }) => listFlags(book, filter, { after, limit }),
  'redFlags.trend': ({ to, months }, { book }) => {
    const last = dateOf(to, 'to');
    const all = Array.from({ length: months }, (_, at) => addMonths(last, at + 1 - months).slice(0, 7));
    const found = flagsByMonth(book, all[0] ?? to.slice(0, 7), to.slice(0, 7));
    return { rows: all.map((month) => ({ month, ...(found.get(month) ?? { seen: 0, closed: 0, high: 0 }) })) };
  },
  'redFlags.get': ({ id }, { book }) => requireFlag(book, id),

  'redFlags.assign': ({ ids, owner, action, dueOn }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      if (hasSeveralClerks(book) && !listClerks(book).some(({ name, isActive }) => isActive && name === owner))
        throw new PortbookError('RED_FLAG_OWNER', { owner }, 'owner');
      assignFlags(book, ids, { owner, action, dueOn }, doerOf(context, at));
      book.audit('redFlag.assigned', `redFlags:${ids.length}`, { ids, ...(dueOn === undefined ? {} : { dueOn }) }, at);
    });
    changed(context);
    return { changed: ids.length };
  },
  'redFlags.close': ({ ids, note, owner }, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      const checker = hasSeveralClerks(book) ? requireCurrentClerk(book).name : undefined;
      closeFlags(book, ids, { note, owner, checker }, doerOf(context, at));
      book.audit('redFlag.closed', `redFlags:${ids.length}`, { ids }, at);
    });
    changed(context);
    return { changed: ids.length };
  },
  'redFlags.reopen': ({ id, note }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      reopenFlag(book, id, note, doerOf(context, at));
      book.audit('redFlag.reopened', `redFlag:${id}`, {}, at);
    });
    changed(context);
    return {};
  },
  'redFlags.print': ({ to, ...filter }, context) =>
    print(context, flagsDocument(allFlags(context, filter), headingOf(context)), to),
  'redFlags.export': ({ to, ...filter }, context) =>
    workbook(context, flagsDocument(allFlags(context, filter), headingOf(context)), to),

  'riskFacts.put': (input, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      if ('remove' in input) {
        removeRiskFact(book, input.remove.name, input.remove.subject);
        book.audit('riskFact.removed', input.remove.name, { subject: input.remove.subject }, at);
        return;
      }
      const { fact, source } = input;
      if (fact.name === 'supplier-founded') {
        requireParty(book, Number(fact.subject), 'fact.subject');
        dateOf(fact.value.on, 'fact.value.on');
      }
      putRiskFact(book, fact, source, at);
      book.audit('riskFact.saved', fact.name, { subject: fact.subject, source }, at);
    });
    changed(context);
    return {};
  },
  'riskFacts.list': ({ name }, { book }) => ({ rows: listRiskFacts(book, name) }),

  'screening.run': async ({ all }, context) => {
    const { book, now } = context;
    const result = await screenNames(context, all);
    book.audit('screening.run', 'screening', { ...result }, now());
    const isRegisterBehind = !(await listedNamesAgain(context));
    changed(context);
    return { ...result, isRegisterBehind };
  },
  'screening.list': ({ state, text, after, limit }, { book }) => listHits(book, { state, text }, { after, limit }),
  'screening.decide': async ({ ids, state, note, who }, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      decideHits(book, ids, { state, note, who }, at);
      book.audit('screening.decided', `hits:${ids.length}`, { ids: ids.slice(0, 50), state }, at);
    });
    const isRegisterBehind = !(await listedNamesAgain(context));
    changed(context);
    return { changed: ids.length, isRegisterBehind };
  },
  'screening.print': ({ state, to }, context) =>
    print(context, hitsDocument(allHits(context, state), headingOf(context)), to),
  'screening.export': ({ state, to }, context) =>
    workbook(context, hitsDocument(allHits(context, state), headingOf(context)), to),

  'watchLists.list': (_input, { book }) => ({ rows: listWatchLists(book), screenedNames: screenedCount(book) }),
  'watchLists.remove': ({ id }, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      const name = removeList(book, id, at);
      book.audit('watchList.removed', `watchList:${id}`, { name }, at);
    });
    changed(context);
    return {};
  },

  'notices.list': (_input, { book, now }) => {
    const today = chinaDate(now());
    return {
      rows: listNotices(book).map(({ counterpartyKey: _, updatedAt: _at, validFrom, validTo, ...row }) => ({
        ...row,
        ...(validFrom === '' ? {} : { validFrom }),
        ...(validTo === '' ? {} : { validTo }),
        isInForce: validFrom <= today && (validTo === '' || today <= validTo),
      })),
    };
  },
  'notices.remove': ({ id }, context) => {
    const { book, now } = context;
    book.transaction(() => {
      const text = removeNotice(book, id);
      book.audit('notice.removed', `notice:${id}`, { text: text.slice(0, 200) }, now());
    });
    changed(context);
    return {};
  },

  'refundAgeing.get': ({ date }, { book }) => refundAgeing(book, dateOf(date, 'date')),
  'refundAgeing.print': ({ date, to }, context) =>
    print(
      context,
      refundAgeingDocument(refundAgeing(context.book, dateOf(date, 'date')), { ...headingOf(context), on: date }),
      to,
    ),
  'refundAgeing.export': ({ date, to }, context) =>
    workbook(
      context,
      refundAgeingDocument(refundAgeing(context.book, dateOf(date, 'date')), { ...headingOf(context), on: date }),
      to,
    ),
};
