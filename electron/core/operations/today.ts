import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addDays, type IsoDate, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { today } from '../../../shared/contract/ledger.ts';
import { parseReturnInfo } from '../../../shared/documents/read.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { formatMoney, isCurrency, toMinor } from '../../../shared/money/index.ts';
import type { Context, Handlers } from '../context.ts';
import { overdueAnswers, unconcluded } from '../document-life.ts';
import { certificateEnding } from '../keys/signer.ts';
import { packsToTake } from '../packs.ts';
import { isReviewRequired, reviewCounts } from '../store/broker/review.ts';
import { openConflicts } from '../store/conflicts.ts';
import { openDataRequests } from '../store/data-requests.ts';
import { unfitMessages } from '../store/messages.ts';
import { latestSigningProblem } from '../store/signatures.ts';
import * as store from '../store/today.ts';
import { endingRegistrations } from '../store/trace/sites.ts';
import { forexWarnings } from '../supervision/gauges.ts';
import { Rules } from '../worksheets/rules.ts';
import { remindersDue } from './deadlines.ts';

type Today = OutputOf<'today.get'>;

/** Deadlines on the first page. */
const shownDue = 12;
/** From how many days before its end the signing certificate is spoken of. */
const CERTIFICATE_DAYS = 30;
/** From how many days before its end a registration of an orchard or pack house is spoken of. */
const REGISTRATION_DAYS = 60;
/** How many days the picture of answers shows. */
const shownDays = 14;

/** The first page of the day: what was rejected, what waits for a person, what is due. */
export const todayHandlers: Handlers<keyof typeof today> = {
  'today.get': (input, context) => {
    const date = parseIsoDate(input.date);
    if (date === undefined) throw new PortbookError('DATE_INVALID', { date: input.date }, 'date');
    return {
      attention: attention(context),
      due: due(context, date),
      counts: counts(context),
      days: days(context, date),
    };
  },
};

/** What customs said, without its brackets: `1300 人工退单`; text of another form stays as it is. */
function reasonOf(info: string): string {
  const said = parseReturnInfo(info);
  return said.length === 0 ? info : said.map(({ code, text }) => `${code} ${text}`).join('；');
}

function attention(context: Context): Today['attention'] {
  const { book, now, resources } = context;
  const found: Today['attention'] = [];
  const action = (code: string, params: Record<string, string | number>, target: string): void => {
    found.push({ code, level: 'action', params, target });
  };
  const count = store.tallies(book);

  for (const { kind, currency, documents, amountE5, why } of store.rejectedDocuments(book)) {
    found.push({
      code: 'rejected',
      level: 'rejected',
      params: { kind, documents, currency, why: reasonOf(why) },
      ...(isCurrency(currency) ? { amount: `${currency} ${formatMoney(toMinor(BigInt(amountE5), currency))}` } : {}),
      target: `declarations?kind=${kind}&state=rejected`,
    });
  }
  const refused = count('message', 'refused');
  if (refused > 0)
    found.push({
      code: 'messageRefused',
      level: 'rejected',
      params: { messages: refused },
      target: 'outbox?state=refused',
    });
  const conflicts = openConflicts(book);
  if (conflicts > 0)
    found.push({ code: 'conflicts', level: 'rejected', params: { conflicts }, target: 'outbox?tab=conflicts' });
  const unfit = unfitMessages(book);
  if (unfit > 0)
    found.push({ code: 'unfit', level: 'rejected', params: { messages: unfit }, target: 'outbox?waiting=unfit' });
  const unsigned = count('message', 'unsigned');
  if (unsigned > 0) {
    const why = latestSigningProblem(book)?.code;
    action(
      why === undefined ? 'toSign' : 'signingFailed',
      { messages: unsigned, ...(why === undefined ? {} : { problem: why }) },
      'outbox?state=unsigned',
    );
  }
  const { open } = openDataRequests(book);
  if (open > 0) action('dataRequests', { orders: open }, 'dataRequests?state=open');
  const ending = certificateEnding(book);
  if (ending !== undefined) {
    const days = Math.floor((Date.parse(ending.notAfter) - Date.parse(now())) / 86_400_000);
    if (days < CERTIFICATE_DAYS)
      action(
        days < 0 ? 'certificateEnded' : 'certificateEnds',
        { serial: ending.serial, days: Math.max(days, 0) },
        'settings?tab=signing',
      );
  }
  const packs = packsToTake(resources, book, now());
  const [pack] = packs;
  if (pack !== undefined) {
    const { title, version } = pack.manifest;
    action('packsToTake', { packs: packs.length, zh: title.zh, en: title.en, version }, 'settings?tab=packs');
  }
  const products = count('product', 'to-classify');
  if (products > 0)
    action('toClassify', { products, orders: store.ordersToClassify(book, products) }, 'products?state=to-classify');
  const strange = store.ordersWithoutCountry(book);
  if (strange.orders > 0)
    action('countryUnknown', strange, `orders?${new URLSearchParams({ state: 'open', country: strange.example })}`);
  for (const { currency, orders, from } of store.pendingSales(book))
    action('rateMissing', { currency, orders, from }, `rates?${new URLSearchParams({ currency, date: from })}`);
  for (const { reason, currency, documents, from } of store.waitingPapers(book))
    action(
      `documentsWaiting.${reason}`,
      { currency, documents, from },
      reason === 'rate' && currency !== ''
        ? `rates?${new URLSearchParams({ currency, date: from })}`
        : 'source-documents?state=waiting',
    );
  if (isReviewRequired(book)) {
    const { waiting, marked, unclaimed } = reviewCounts(book);
    if (waiting + unclaimed > 0) action('toReview', { documents: waiting + unclaimed }, 'review');
    if (marked > 0) action('reviewMarked', { documents: marked }, 'review?state=marked');
  }
  const registrations = endingRegistrations(book, addDays(chinaDate(now()), REGISTRATION_DAYS));
  const [soonest] = registrations;
  if (soonest !== undefined)
    action(
      'registrationEnds',
      { registrations: registrations.length, site: soonest.site, number: soonest.number, date: soonest.untilOn },
      `trace?${new URLSearchParams({ tab: 'sites', at: String(soonest.siteId) })}`,
    );
  const short = store.stockShortages(book);
  if (short.lines > 0) action('stockShort', short, 'purchases?tab=stock&view=shorts');
  for (const { runId, kind, fileName, rows } of store.failedRows(book))
    action('importRows', { kind, fileName, rows }, `imports?runId=${runId}`);
  for (const { code, params, target } of forexWarnings(new Rules(resources, book), book, chinaDate(now())))
    action(code, params, target);
  for (const silent of overdueAnswers(context)) action('silent', silent, 'outbox');
  const late = unconcluded(context).filter(({ isLate }) => isLate);
  for (const kind of new Set(late.map((one) => one.kind))) {
    const ofKind = late.filter((one) => one.kind === kind);
    action(
      'unconcluded',
      { kind, documents: ofKind.length, hours: ofKind[0]?.hours ?? 0 },
      `declarations?${new URLSearchParams({ kind, state: 'accepted' })}`,
    );
  }
  return found;
}

/** What is over or has reached a reminder, soonest first; the calendar has the rest. */
function due(context: Context, date: IsoDate): Today['due'] {
  return remindersDue(context, date)
    .slice(0, shownDue)
    .map((row) => ({
      code: row.rule,
      date: row.date,
      days: row.days,
      source: row.source,
      params: {
        certain: row.certain ? 'yes' : 'no',
        subject: row.subject,
        detail: row.detail,
        declarations: row.count,
        ...(row.period === undefined ? {} : { period: row.period }),
        ...(row.rule === 'monthlySummary' ? { month: row.period ?? '', lists: row.count } : {}),
        ...(row.amount === undefined ? {} : { amount: row.amount }),
      },
      target: row.target,
    }));
}

/** By area of the rail, only what waits for this user; the last three for those who want them apart. */
function counts({ book }: Context): Today['counts'] {
  const count = store.tallies(book);
  const queued = count('message', 'unsigned', 'queued', 'sending', 'unknown');
  const rejected = count('document', 'rejected');
  return {
    orders: count('order', 'open'),
    products: count('product', 'to-classify'),
    shipments: store.draftShipments(book),
    declarations: count('document', 'draft', 'checked') + rejected,
    outbox: queued + count('message', 'refused') + openConflicts(book),
    queued,
    awaiting: count('document', 'sent'),
    rejected,
  };
}

function days({ book }: Context, date: IsoDate): Today['days'] {
  const first = addDays(date, 1 - shownDays);
  // Midnight in China, which is eight hours ahead.
  const answers = store.answersByDay(book, new Date(Date.parse(`${first}T00:00:00+08:00`)).toISOString());
  return Array.from({ length: shownDays }, (_, index) => {
    const day = addDays(first, index);
    return { date: day, ...(answers.get(day) ?? { accepted: 0, rejected: 0 }) };
  });
}
