import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { chinaDate, chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import {
  addDays,
  addMonths,
  daysBetween,
  type IsoDate,
  parseIsoDate,
  type WorkCalendar,
  yearOf,
} from '../../../shared/calendar/index.ts';
import type { DeadlineView, obligations } from '../../../shared/contract/obligations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { RuleSources } from '../../../shared/rules/calculator.ts';
import {
  archivePack,
  type DeadlineEvent,
  type DeadlineFigures,
  type DeadlineRule,
  type DeadlineRuleId,
  type DueDate,
  deadlinesPack,
  dueByTaxRule,
  dueDate,
  eventsDueBetween,
  periodsDueBetween,
  reachedStep,
  readHolidayYear,
  reminderDays,
  withTaxFigures,
} from '../../../shared/rules/deadlines/index.ts';
import { packSchema } from '../../../shared/rules/pack.ts';
import { returnedExports } from '../../../shared/rules/tax/export-vat/returned-exports.ts';
import type { Context, Handlers } from '../context.ts';
import { lifeOn, modesNotSummed } from '../document-life.ts';
import { openSource } from '../importers/source.ts';
import { certificateEnding } from '../keys/signer.ts';
import { logisticsPack, stateOfCutOff, takenTimes } from '../logistics.ts';
import { dateOf, packFigures, ruleSources, yuanText } from '../obligations.ts';
import { mattersOf } from '../registrations.ts';
import { openCertificates } from '../store/agent-certificates.ts';
import { requiredPapersByMode } from '../store/archive.ts';
import { batchesDue } from '../store/batches.ts';
import { endingDelegations } from '../store/broker/delegations.ts';
import { importedCalendarYears, putCalendarYear, removeCalendarYear, workCalendar } from '../store/calendar.ts';
import { endingCredit } from '../store/credit.ts';
import {
  addEntry,
  bookBegun,
  type ClockGroup,
  type ClockRange,
  claimDays,
  clockDeclarations,
  clockGroups,
  type DeadlineNote,
  type DeadlineState,
  type ExportClock,
  exportClocks,
  listEntries,
  notesOf,
  offKey,
  putNotes,
  refundClaims,
  removeEntry,
  removeNotes,
  rulesOff,
} from '../store/deadlines.ts';
import { listsToSumByMonth } from '../store/document-life.ts';
import { activeGuarantees } from '../store/guarantees.ts';
import { endingCertificates } from '../store/listings.ts';
import { storedForexProfile } from '../store/money/forex-profile.ts';
import { endingRegistrations } from '../store/registrations.ts';
import { openShows } from '../store/show-goods.ts';
import { hasExports, reportedMonths } from '../store/statistics.ts';
import { unpaidBills } from '../store/tax-bills.ts';
import { openCutOffs } from '../store/way.ts';
import { exportLineByLabel } from '../store/worksheets/export-lines.ts';
import { storedTaxProfile, switchRule } from '../store/worksheets/facts.ts';
import { creditRowOf, type Judged, tradeCredits } from '../supervision/trade-credit.ts';
import { isToRepay, returnInput, storedReturns } from '../worksheets/returns.ts';
import { Rules } from '../worksheets/rules.ts';

/** How far ahead the calendar looks when nobody says. */
const aheadMonths = 12;
/** How long a periodic deadline that nobody marked stays after its day. */
const periodicDays = 31;
const firstDay = '2000-01-01' as IsoDate;

const classPack = packSchema(z.object({ workingDays: z.record(z.string(), z.number().int().positive()) }));

/** One deadline before its words are put to it. */
interface Found {
  readonly event: DeadlineEvent;
  readonly eventTo?: IsoDate;
  readonly assumed?: boolean;
  readonly period?: string;
  readonly subject: string;
  readonly detail?: string;
  readonly count?: number;
  readonly lines?: number;
  readonly amountFen?: number;
  readonly amountKind?: DeadlineView['amountKind'];
  readonly amountMissing?: number;
  readonly note?: DeadlineNote | undefined;
  readonly entryId?: string;
  readonly target: string;
}

/** What deadlines are read from. */
export type DeadlineSource = Pick<Context, 'book' | 'resources' | 'now'>;

/** Reads the deadlines of an open book; one a call. */
export class DeadlineReader {
  readonly #context: DeadlineSource;
  readonly #today: IsoDate;
  readonly #calendar: WorkCalendar;
  readonly #figures: DeadlineFigures;
  readonly #sources: RuleSources;
  readonly #days = new Map<string, IsoDate | undefined>();

  constructor(context: DeadlineSource, today: IsoDate) {
    this.#context = context;
    this.#today = today;
    this.#calendar = workCalendar(context.book, context.resources);
    const figures = packFigures(context, 'deadlines', deadlinesPack, today);
    this.#sources = ruleSources(context);
    this.#figures = { ...figures, rules: withTaxFigures(figures.rules, this.#sources, today) };
  }

  get rules(): readonly DeadlineRule[] {
    return this.#figures.rules;
  }

  get calendar(): WorkCalendar {
    return this.#calendar;
  }

  /** Rows due in [from, to], by date; `from` left out: with everything that is over and still open. */
  read(from: IsoDate | undefined, to: IsoDate): DeadlineView[] {
    const off = rulesOff(this.#context.book);
    const rows = this.rules
      .filter(({ id }) => !off.has(id))
      .flatMap((rule) =>
        this.#found(rule, from ?? firstDay, to)
          .map((found) => this.#row(rule, found))
          .filter(({ date }) => (from === undefined || date >= from) && date <= to),
      )
      .reduce(mergeSameDay, new Map<string, DeadlineView>())
      .values();
    return [...rows].sort((a, b) => (a.date === b.date ? (a.key < b.key ? -1 : 1) : a.date < b.date ? -1 : 1));
  }

  /** The range of events and the papers that a clock's queries want. */
  clockRange(rule: DeadlineRule, from: IsoDate, to: IsoDate): ClockRange | undefined {
    const range = eventsDueBetween(rule, from, to);
    if (range === undefined) return undefined;
    const required =
      rule.id === 'archivePapers'
        ? JSON.stringify(requiredPapersByMode(packFigures(this.#context, 'archive-papers', archivePack, this.#today)))
        : '{}';
    const [first, last] =
      rule.id === 'archivePapers' ? [range.from.slice(0, 7), range.to.slice(0, 7)] : [range.from, range.to];
    return { from: first, to: last, today: this.#today, required };
  }

  /** The groups of a clock with their last days. */
  clock(rule: DeadlineRule, from: IsoDate, to: IsoDate): { group: ClockGroup; found: Found }[] {
    const range = this.clockRange(rule, from, to);
    if (range === undefined) return [];
    const { book } = this.#context;
    const id = rule.id as ExportClock;
    const claims = id === 'archivePapers' ? claimDays(book) : undefined;
    return clockGroups(book, id, range).flatMap((group) => {
      const claimed = claims?.get(group.event);
      const date = parseIsoDate(claims === undefined ? group.event : (claimed ?? `${group.event}-01`));
      const exported = parseIsoDate(group.exportDate);
      if (date === undefined || date < rule.inForceFrom || (rule.inForceTo !== null && date > rule.inForceTo))
        return [];
      const found: Found = {
        event: { date, ...(exported === undefined ? {} : { capFrom: exported }) },
        assumed: claims !== undefined && claimed === undefined,
        subject: group.declarations === 1 ? group.declarationNo : '',
        count: group.declarations,
        lines: group.lines,
        amountFen: group.amountFen,
        amountKind: id === 'warehouseSettlement' ? 'refund' : 'fob',
        amountMissing: group.amountMissing,
        note: group,
        target: id === 'archivePapers' ? 'archive?missing=1' : `deadlines?rule=${id}`,
      };
      return [{ group, found }];
    });
  }

  due(rule: DeadlineRule, event: DeadlineEvent): IsoDate {
    return this.#due(rule, event).date;
  }

  /** By T11 where it knows the day, else by the rule's own formula. */
  #due(rule: DeadlineRule, event: DeadlineEvent): DueDate {
    const key = `${rule.id} ${event.date} ${event.capFrom ?? ''}`;
    const known = this.#days.has(key) ? this.#days.get(key) : dueByTaxRule(rule, event, this.#sources);
    this.#days.set(key, known);
    return known === undefined
      ? dueDate(rule, event, this.#figures, this.#calendar)
      : { statutory: known, date: known, certain: true };
  }

  #found(rule: DeadlineRule, from: IsoDate, to: IsoDate): Found[] {
    const { book } = this.#context;
    const id = rule.id;
    if (isClock(id)) return this.clock(rule, from, to).map(({ found }) => found);
    const notes = notesOf(book, id, this.#today);
    const range = eventsDueBetween(rule, from, to);
    if (range === undefined) return [];
    const within = (date: string): IsoDate[] => {
      const parsed = parseIsoDate(date);
      return parsed !== undefined && parsed >= range.from && parsed <= range.to ? [parsed] : [];
    };
    const list: Found[] = (() => {
      switch (id) {
        case 'vatFiling':
        case 'incomeTaxPrepayment':
        case 'incomeTaxAnnual':
          return this.#periodic(rule, from, to);
        case 'monthlySummary':
          return this.#summaries(rule, from, to);
        case 'statisticsReport':
          return this.#statistics(rule, from, to);
        case 'refundExpected':
          return this.#refunds(rule, from);
        case 'returnLastDay':
        case 'returnCertificate':
          return this.#returns(id).filter(({ event }) => within(event.date).length > 0);
        case 'collectiveDeclaration':
          return batchesDue(book).flatMap((one) =>
            within(one.dueOn).map((date) => ({
              event: { date },
              subject: one.recordNo,
              count: one.undeclared,
              target: `summaries?tab=batches&at=${one.id}`,
            })),
          );
        case 'agentCertificate':
        case 'agentCertificateAsk':
        case 'agentCertificateTold':
          return openCertificates(book)
            .filter(({ toldDueOn }) => (toldDueOn !== null) === (id === 'agentCertificateTold'))
            .flatMap((one) =>
              within(one.toldDueOn ?? one.exportDate).map((date) => ({
                event: { date },
                subject: one.declarationNo,
                detail: one.principalName,
                ...(one.fen === null ? { amountMissing: 1 } : { amountFen: one.fen }),
                amountKind: 'fob' as const,
                target: `agentCertificates?at=${encodeURIComponent(one.declarationNo)}`,
              })),
            );
        case 'guaranteeExpiry':
          return activeGuarantees(book).flatMap((one) =>
            within(one.validTo).map((date) => ({
              event: { date },
              subject: one.number,
              detail: one.issuer,
              amountFen: one.amountFen,
              amountKind: 'guarantee' as const,
              target: `guarantees?at=${one.id}`,
            })),
          );
        case 'showReturn':
          return openShows(book).flatMap((one) =>
            within(one.dueOn).map((date) => ({
              event: { date },
              subject: one.paperNo,
              detail: one.name,
              amountFen: one.dutyFen,
              amountKind: 'tax' as const,
              target: `showGoods?at=${one.id}`,
            })),
          );
        case 'delegationExpiry':
          return endingDelegations(book).flatMap((one) =>
            within(one.untilOn).map((date) => ({
              event: { date },
              subject: one.number,
              detail: one.principalName,
              target: `delegations?at=${one.id}`,
            })),
          );
        case 'registrationExpiry': {
          const titles = new Map(
            mattersOf(this.#context)
              .flatMap(({ papers }) => papers)
              .map(({ code, title }) => [code, title.zh]),
          );
          return endingRegistrations(book).flatMap((one) =>
            within(one.validTo).map((date) => ({
              event: { date },
              subject: one.number,
              detail: one.paper === null ? '' : (titles.get(one.paper) ?? one.paper),
              target: `registrations?id=${one.id}`,
            })),
          );
        }
        case 'creditExpiry':
          return endingCredit(book).flatMap((one) =>
            within(one.validTo).map((date) => ({
              event: { date },
              subject: one.number,
              detail: one.title,
              target: one.isPledge ? `credit?tab=pledges&id=${one.id}` : `credit?tab=records&id=${one.id}`,
            })),
          );
        case 'listingCertificateExpiry':
          return endingCertificates(book).flatMap((one) =>
            within(one.validTo).map((date) => ({
              event: { date },
              // Several certificates of a listing may end, each with a word of its own.
              subject: `${one.number} ${one.no}`,
              detail: one.kind,
              target: `listings?id=${one.id}`,
            })),
          );
        case 'taxBillDue':
          return unpaidBills(book).flatMap((one) =>
            within(one.dueOn).map((date) => ({
              event: { date },
              subject: one.number,
              detail: one.authority,
              amountFen: one.amountFen,
              amountKind: 'tax' as const,
              target: `taxBills?at=${one.id}`,
            })),
          );
        case 'certificateExpiry': {
          const ending = certificateEnding(book);
          if (ending === undefined) return [];
          return within(chinaDate(ending.notAfter)).map((date) => ({
            event: { date },
            subject: ending.serial,
            target: 'settings?tab=signing',
          }));
        }
        case 'shipmentCutOff':
        case 'declareBy':
          return this.#cutOffs(id, range.from, range.to);
        case 'tradeCreditReport':
          return this.#creditReports().filter(({ event }) => within(event.date).length > 0);
        case 'forexListChange': {
          const { changedOn, changeRegisteredOn } = storedForexProfile(book).profile;
          if (changedOn === undefined || changeRegisteredOn !== undefined) return [];
          return within(changedOn).map((date) => ({
            event: { date },
            subject: changedOn,
            target: 'monitor?tab=profile',
          }));
        }
        case 'letterReply':
        case 'own':
          return listEntries(book, range.from, range.to)
            .filter(({ entry }) => (entry.kind === 'letter') === (id === 'letterReply'))
            .flatMap(({ id: entryId, entry }) =>
              within(entry.date).map((date) => ({
                event: { date },
                subject: entryId,
                detail: [entry.title, entry.subject, entry.supplier, entry.source]
                  .filter((text) => text !== '')
                  .join(' · '),
                entryId,
                target: `deadlines?kind=${entry.kind}`,
              })),
            );
        default:
          return [];
      }
    })();
    return list.map((found) => ({ ...found, note: notes.get(found.subject) }));
  }

  /** Reports of trade credit: those that are over are one row, those to come one a day. */
  #creditReports(): Found[] {
    const { book, resources } = this.#context;
    const groups = new Map<string, Judged[]>();
    for (const one of tradeCredits(new Rules(resources, book), book, this.#today)) {
      if (one.state !== 'due' && one.state !== 'overdue') continue;
      const key = one.state === 'overdue' ? '' : one.item.found.baseDate;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
    return [...groups.values()].flatMap((group): Found[] => {
      // Soonest first, so that the first is the one that has waited longest.
      const [first] = group;
      const date = first === undefined ? undefined : parseIsoDate(first.item.found.baseDate);
      if (first === undefined || date === undefined) return [];
      if (group.length > 1) {
        const target = `tradeCredit?${new URLSearchParams({ state: first.state })}`;
        return [{ event: { date }, subject: date, count: group.length, target }];
      }
      const { label, currency, balance, counterparty, key } = creditRowOf(book, first, this.#today);
      return [
        {
          event: { date },
          subject: label,
          detail: `${currency} ${balance} ${counterparty}`.trim(),
          count: 1,
          target: `tradeCredit?${new URLSearchParams({ at: key })}`,
        },
      ];
    });
  }

  /** Cut-offs of shipments that no step and nobody has met; `declareBy` is a rule of its own. */
  #cutOffs(id: 'shipmentCutOff' | 'declareBy', from: IsoDate, to: IsoDate): Found[] {
    const { book } = this.#context;
    const now = this.#context.now();
    const figures = logisticsPack(this.#context, now).parameters;
    const rows = openCutOffs(book, startOfDay(from), startOfDay(addDays(to, 1)));
    return rows.flatMap((one): Found[] => {
      if ((one.kind === 'declareBy') !== (id === 'declareBy')) return [];
      const state = stateOfCutOff(figures, one, takenTimes(book, one.shipmentId), now);
      if (state === 'met' || state === 'late') return [];
      const title = figures.cutOffs.find(({ code }) => code === one.kind)?.title.zh ?? one.kind;
      return [
        {
          event: { date: chinaDate(one.at) },
          // One shipment may have several of a day: each is marked for itself.
          subject: `${one.shipmentNo}/${one.id}`,
          detail: [title, chinaClock(one.at), one.shipmentNo, one.note].filter((text) => text !== '').join(' '),
          target: `shipment?id=${one.shipmentId}&side=way`,
        },
      ];
    });
  }

  /** Once over, a period nobody marked is shown for a month, and never one from before the book. */
  #periodicFloor(from: IsoDate): IsoDate {
    const floor = addDays(this.#today, -periodicDays);
    return from > floor ? from : floor;
  }

  #periodic(rule: DeadlineRule, from: IsoDate, to: IsoDate): Found[] {
    const begun = bookBegun(this.#context.book) ?? '';
    const floor = this.#periodicFloor(from);
    return periodsDueBetween(rule, floor, to)
      .map(({ key, end }) => ({
        event: { date: end },
        period: key,
        subject: key,
        target: `deadlines?kind=${rule.kind}`,
      }))
      .filter(({ event }) => {
        const due = this.due(rule, event);
        return due >= floor && due >= begun;
      });
  }

  /** Only for lists that become declarations and that no application names yet; 汇总统计 (simplified) and 9710, 9810 have none. */
  #summaries(rule: DeadlineRule, from: IsoDate, to: IsoDate): Found[] {
    const { book } = this.#context;
    const floor = this.#periodicFloor(from);
    const periods = periodsDueBetween(rule, floor, to);
    const [first] = periods;
    if (first === undefined) return [];
    const { summable } = lifeOn(this.#context, this.#today);
    const lists = listsToSumByMonth(book, first.key, summable, modesNotSummed(this.#context, this.#today));
    return periods.flatMap(({ key, end }) => {
      const count = lists.get(key) ?? 0;
      const event = { date: end };
      if (count === 0 || this.due(rule, event) < floor) return [];
      return [{ event, period: key, subject: key, count, target: 'declarations?kind=CEB603Message&state=released' }];
    });
  }

  /** Months with exports, from the first that was ever reported, until the platform has accepted their report. */
  #statistics(rule: DeadlineRule, from: IsoDate, to: IsoDate): Found[] {
    const { book } = this.#context;
    const reported = reportedMonths(book);
    const first = reported.map(({ period }) => period).sort()[0];
    if (first === undefined) return [];
    const filed = new Set(reported.filter(({ isFiled }) => isFiled).map(({ period }) => period));
    const floor = this.#periodicFloor(from);
    return periodsDueBetween(rule, floor, to)
      .filter(({ key }) => key >= first && !filed.has(key) && hasExports(book, key))
      .map(({ key, end }) => ({ event: { date: end }, period: key, subject: key, target: `statistics?period=${key}` }))
      .filter(({ event }) => this.due(rule, event) >= floor);
  }

  #refunds(rule: DeadlineRule, from: IsoDate): Found[] {
    const { book } = this.#context;
    const refundClass = storedTaxProfile(book).profile.refundClass;
    if (refundClass === undefined) return [];
    const { workingDays } = packFigures(this.#context, 'tax-export-refund-class', classPack, this.#today);
    const days = workingDays[refundClass];
    if (days === undefined) return [];
    const floor = this.#periodicFloor(from);
    const claims = claimDays(book);
    return refundClaims(book, addMonths(floor, -2).slice(0, 7), '9999-12').flatMap(
      ({ period, batch, declarations, lines, refundFen }) => {
        const claimed = claims.get(period);
        const date = parseIsoDate(claimed ?? `${period}-01`);
        if (date === undefined) return [];
        const event = { date, workingDays: days };
        if (this.due(rule, event) < floor) return [];
        return [
          {
            event,
            assumed: claimed === undefined,
            period,
            subject: `${period}/${batch}`,
            count: declarations,
            lines,
            amountFen: refundFen,
            amountKind: 'refund' as const,
            target: 'deadlines?kind=refund',
          },
        ];
      },
    );
  }

  /** Returned exports by the day T25 gives them: until the goods are back, and until the certificate is there. */
  #returns(id: 'returnLastDay' | 'returnCertificate'): Found[] {
    const { book } = this.#context;
    return storedReturns(book).flatMap(({ period, subject, value, certificateId, kind }): Found[] => {
      const isDone =
        id === 'returnLastDay' ? value.returnedOn !== undefined : value.certificateReceivedOn !== undefined;
      const line = isDone ? undefined : exportLineByLabel(book, subject);
      if (line === undefined || line.exportDate < (returnedExports.inForceFrom ?? '')) return [];
      const input = returnInput(line, value, this.#today, isToRepay(line, kind));
      const { lastDay } = returnedExports.run(input, this.#sources).result;
      const date = parseIsoDate(String(lastDay));
      return date === undefined
        ? []
        : [
            {
              event: { date },
              subject,
              detail: line.name,
              target:
                certificateId === undefined
                  ? `taxProfile?tab=facts&name=export-return&period=${period}&subject=${encodeURIComponent(subject)}`
                  : `returns?tab=certificates&at=${certificateId}`,
            },
          ];
    });
  }

  #row(rule: DeadlineRule, found: Found): DeadlineView {
    const { statutory, date, certain } = this.#due(rule, found.event);
    const state = found.note?.state ?? 'open';
    const note = state === 'open' ? undefined : found.note;
    return {
      key: [
        rule.id,
        date,
        found.subject === '' || isClock(rule.id) ? '' : found.subject,
        state,
        note?.until ?? '',
        note?.reason ?? '',
      ].join('|'),
      rule: rule.id,
      kind: rule.kind,
      title: { zh: rule.titleZh, en: rule.titleEn },
      date,
      days: daysBetween(this.#today, date),
      statutory,
      shift: rule.shift,
      certain,
      event: found.event.date,
      eventTo: found.eventTo ?? found.event.date,
      assumed: found.assumed ?? false,
      ...(found.period === undefined ? {} : { period: found.period }),
      subject: found.subject,
      detail: found.detail ?? '',
      count: found.count ?? 0,
      lines: found.lines ?? 0,
      ...(found.amountFen === undefined ? {} : { amount: yuanText(found.amountFen) }),
      ...(found.amountKind === undefined ? {} : { amountKind: found.amountKind }),
      amountMissing: found.amountMissing ?? 0,
      source: rule.source,
      reliability: rule.reliability,
      verifiedBy: rule.verifiedBy,
      note: { zh: rule.noteZh, en: rule.noteEn },
      ladder: [...rule.ladder],
      reminders: reminderDays(rule, date),
      reached: reachedStep(rule, date, this.#today),
      state,
      ...(note?.until == null ? {} : { until: note.until }),
      ...(note?.reason == null ? {} : { reason: note.reason }),
      ...(found.entryId === undefined ? {} : { entryId: found.entryId }),
      target: found.target,
    };
  }
}

/** The instant at which a day begins in China. */
const startOfDay = (date: IsoDate): string => new Date(`${date}T00:00:00+08:00`).toISOString();
/** `hh:mm` in China. */
const chinaClock = (instant: string): string => chinaMessageTime(instant).replace(/^\d{8}(\d\d)(\d\d).*$/, '$1:$2');

const isClock = (id: DeadlineRuleId): id is ExportClock => (exportClocks as readonly string[]).includes(id);

/** Declarations of one rule with the same last day and the same word are one row. */
function mergeSameDay(rows: Map<string, DeadlineView>, row: DeadlineView): Map<string, DeadlineView> {
  const before = rows.get(row.key);
  if (before === undefined) return rows.set(row.key, row);
  const { amount: sum, ...rest } = before;
  return rows.set(row.key, {
    ...rest,
    event: before.event < row.event ? before.event : row.event,
    eventTo: before.eventTo > row.eventTo ? before.eventTo : row.eventTo,
    assumed: before.assumed || row.assumed,
    subject: before.subject === row.subject ? row.subject : '',
    count: before.count + row.count,
    lines: before.lines + row.lines,
    ...(sum === undefined || row.amount === undefined ? {} : { amount: addYuan(sum, row.amount) }),
    amountMissing: before.amountMissing + row.amountMissing,
  });
}

const addYuan = (a: string, b: string): string => yuanText(Number(a.replace('.', '')) + Number(b.replace('.', '')));

/** What is due next, for the first page: only what a reminder has been reached for, or is over. */
export function remindersDue(context: DeadlineSource, today: IsoDate): DeadlineView[] {
  const reader = new DeadlineReader(context, today);
  const ahead = Math.max(...reader.rules.flatMap(({ ladder }) => ladder));
  return reader
    .read(undefined, addDays(today, ahead))
    .filter(({ state, reached }) => state === 'open' && reached !== null);
}

/** The day asked for, else today in China. */
const todayOf = (context: Context, today: string | undefined): IsoDate =>
  today === undefined ? chinaDate(context.now()) : dateOf(today, 'today');

function requireRule(reader: DeadlineReader, id: DeadlineRuleId): DeadlineRule {
  const rule = reader.rules.find((one) => one.id === id);
  if (rule === undefined) throw new PortbookError('DEADLINE_RULE_UNKNOWN', { rule: id });
  return rule;
}

/** Events of a clock that are due on a day, with the range its queries want; undefined where there are none. */
function eventsOn(reader: DeadlineReader, rule: DeadlineRule, date: IsoDate) {
  const range = reader.clockRange(rule, date, date);
  if (range === undefined) return undefined;
  const groups = reader.clock(rule, date, date).filter(({ found }) => reader.due(rule, found.event) === date);
  return { range, events: [...new Set(groups.map(({ group }) => group.event))], groups };
}

/** Subjects of a row: the one named, or every declaration due that day whose word is one of `states`. */
function subjectsOf(
  context: Context,
  input: {
    readonly rule: DeadlineRuleId;
    readonly date: string;
    readonly subject?: string | undefined;
    readonly today?: string | undefined;
  },
  states: readonly DeadlineState[],
): string[] {
  if (input.subject !== undefined && input.subject !== '') return [input.subject];
  if (!isClock(input.rule)) throw new PortbookError('DEADLINE_SUBJECT', { rule: input.rule }, 'subject');
  const reader = new DeadlineReader(context, todayOf(context, input.today));
  const found = eventsOn(reader, requireRule(reader, input.rule), dateOf(input.date, 'date'));
  if (found === undefined) return [];
  const clock = input.rule;
  return states.flatMap((state) => {
    const page = { after: undefined, limit: Number.MAX_SAFE_INTEGER };
    return clockDeclarations(context.book, clock, found.range, { events: found.events, state }, page).rows.map(
      ({ declarationNo }) => declarationNo,
    );
  });
}

/** Rows of a notice: JSON `[{date, kind, name}]` or `[[date, kind, name]]`, else a table file. */
async function holidayRows(path: string): Promise<string[][]> {
  if (!/\.json$/i.test(path)) {
    const rows: string[][] = [];
    const { rows: source } = await openSource(path);
    await source.read(source.sheets[0] ?? '', (row) => {
      rows.push([...row.texts]);
      return true;
    });
    return rows;
  }
  const named = z.object({ date: z.string(), kind: z.string(), name: z.string().default('') });
  const list = z.array(z.union([z.array(z.string()), named.transform(({ date, kind, name }) => [date, kind, name])]));
  const file = z.union([
    list,
    z.object({ days: list }).transform(({ days }) => days),
    z.object({ rows: list }).transform(({ rows }) => rows),
  ]);
  const parsed = file.safeParse(parseJson(readFileSync(path, 'utf8'), path));
  if (!parsed.success) throw new PortbookError('FILE_DAMAGED', { name: basename(path) });
  return parsed.data;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new PortbookError('FILE_DAMAGED', {
      name: basename(path),
      detail: error instanceof Error ? error.message : '',
    });
  }
}

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['tax'] });

export const deadlineHandlers: Handlers<
  Extract<keyof typeof obligations, `deadlines.${string}` | `calendar.${string}`>
> = {
  'deadlines.list': (input, context) => {
    const today = todayOf(context, input.today);
    const reader = new DeadlineReader(context, today);
    const from = input.from === undefined ? undefined : dateOf(input.from, 'from');
    const to = input.to === undefined ? addMonths(today, aheadMonths) : dateOf(input.to, 'to');
    const all = reader.read(from, to).filter(({ state }) => input.state === undefined || state === input.state);
    const counts: Record<string, number> = {};
    for (const { kind } of all) counts[kind] = (counts[kind] ?? 0) + 1;
    const rows = all.filter(({ kind }) => input.kind === undefined || kind === input.kind);
    const unknownYears = [
      ...new Set(rows.filter(({ certain }) => !certain).map(({ date }) => Number(date.slice(0, 4)))),
    ].filter((year) => !reader.calendar.years.has(year));
    return { rows, counts, unknownYears };
  },

  'deadlines.declarations': (input, context) => {
    const reader = new DeadlineReader(context, todayOf(context, input.today));
    const rule = requireRule(reader, input.rule);
    const found = isClock(rule.id) ? eventsOn(reader, rule, dateOf(input.date, 'date')) : undefined;
    if (found === undefined) return { rows: [], total: 0 };
    const page = clockDeclarations(
      context.book,
      rule.id as ExportClock,
      found.range,
      { events: found.events, state: input.state },
      { after: input.after, limit: input.limit },
    );
    const days = new Map(found.groups.map(({ group, found: { event } }) => [group.event, event.date]));
    return {
      ...page,
      rows: page.rows.map(({ amountFen, amountMissing, event, until, reason, ...row }) => ({
        ...row,
        event: days.get(event) ?? event,
        ...(amountMissing > 0 ? {} : { amount: yuanText(amountFen) }),
        ...(row.state === 'open' || until === null ? {} : { until }),
        ...(row.state === 'open' || reason === null ? {} : { reason }),
      })),
    };
  },

  'deadlines.mark': (input, context) => {
    const { book } = context;
    const at = context.now();
    const until = input.state === 'done' ? null : (input.until ?? null);
    if (input.state === 'snoozed' && (until === null || until <= todayOf(context, input.today)))
      throw new PortbookError('DEADLINE_UNTIL', { until: until ?? '' }, 'until');
    const marked = book.transaction(() => {
      const states: DeadlineState[] = input.state === 'done' ? ['open', 'snoozed'] : ['open'];
      const subjects = subjectsOf(context, input, states);
      const count = putNotes(book, input.rule, subjects, { state: input.state, until, reason: input.reason }, at);
      book.audit(
        `deadline.${input.state}`,
        `${input.rule} ${input.date}`,
        { subject: input.subject ?? '', count, until, reason: input.reason },
        at,
      );
      return count;
    });
    changed(context);
    return { marked, at };
  },

  'deadlines.unmark': (input, context) => {
    const { book } = context;
    const unmarked = book.transaction(() => {
      const count = removeNotes(book, input.rule, subjectsOf(context, input, ['snoozed', 'done']), input.at);
      book.audit(
        'deadline.reopened',
        `${input.rule} ${input.date}`,
        { subject: input.subject ?? '', count },
        context.now(),
      );
      return count;
    });
    changed(context);
    return { unmarked };
  },

  'deadlines.add': (entry, context) => {
    dateOf(entry.date, 'date');
    const { book } = context;
    const at = context.now();
    const id = book.transaction(() => {
      const made = addEntry(book, entry, at);
      book.audit('deadline.added', made, { kind: entry.kind, date: entry.date, title: entry.title }, at);
      return made;
    });
    changed(context);
    return { id };
  },

  'deadlines.remove': ({ id }, context) => {
    const { book } = context;
    const entry = book.transaction(() => {
      const removed = removeEntry(book, id);
      book.audit('deadline.removed', id, { date: removed.date, title: removed.title }, context.now());
      return removed;
    });
    changed(context);
    return entry;
  },

  'deadlines.rules': (_input, context) => {
    const off = rulesOff(context.book);
    const { rules } = packFigures(context, 'deadlines', deadlinesPack, chinaDate(context.now()));
    return {
      rows: rules.map((rule) => {
        const why = off.get(rule.id);
        const { id, kind, source, reliability, verifiedBy, inForceFrom, inForceTo, shift, ladder } = rule;
        return {
          ...{ id, kind, source, reliability, verifiedBy, inForceFrom, inForceTo, shift, ladder: [...ladder] },
          title: { zh: rule.titleZh, en: rule.titleEn },
          note: { zh: rule.noteZh, en: rule.noteEn },
          ...(why === undefined ? {} : { off: why }),
        };
      }),
    };
  },

  'deadlines.switchRule': ({ id, off, reason }, context) => {
    const { book } = context;
    const at = context.now();
    book.transaction(() => {
      switchRule(book, offKey(id), off, reason, at);
      book.audit(off ? 'rule.off' : 'rule.on', offKey(id), { reason }, at);
    });
    changed(context);
    return {};
  },

  'calendar.years': ({ today }, context) => {
    const { book, resources } = context;
    const { days, years } = workCalendar(book, resources);
    const imported = importedCalendarYears(book);
    const counts = new Map<string, { off: number; work: number }>();
    for (const [date, { kind }] of days) {
      const count = counts.get(date.slice(0, 4)) ?? { off: 0, work: 0 };
      count[kind] += 1;
      counts.set(date.slice(0, 4), count);
    }
    const last = yearOf(todayOf(context, today)) + 3;
    const all = new Set([...years, ...Array.from({ length: 4 }, (_, index) => last - index)]);
    return {
      years: [...all]
        .sort((a, b) => b - a)
        .map((year) => {
          const own = imported[String(year)];
          return {
            year,
            source:
              own !== undefined ? ('imported' as const) : years.has(year) ? ('shipped' as const) : ('none' as const),
            detail: own?.source ?? '',
            ...(counts.get(String(year)) ?? { off: 0, work: 0 }),
          };
        }),
    };
  },

  'calendar.import': async ({ file, source }, context) => {
    const { book } = context;
    const year = readHolidayYear(await holidayRows(context.files.pathOf(file, 'read')));
    const at = context.now();
    const replaced = String(year.year) in importedCalendarYears(book);
    const off = year.days.filter(({ kind }) => kind === 'off').length;
    const work = year.days.length - off;
    book.transaction(() => {
      putCalendarYear(book, year, source, at);
      book.audit('calendar.imported', String(year.year), { off, work, source }, at);
    });
    changed(context);
    return { year: year.year, off, work, replaced };
  },

  'calendar.remove': ({ year }, context) => {
    const { book } = context;
    book.transaction(() => {
      if (removeCalendarYear(book, year)) book.audit('calendar.removed', String(year), {}, context.now());
    });
    changed(context);
    return {};
  },
};
