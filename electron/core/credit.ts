import { chinaDate } from '../../shared/calendar/china-time.ts';
import { addDays, addMonths, type IsoDate, parseIsoDate } from '../../shared/calendar/index.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import {
  type CreditAuthority,
  type CreditClasses,
  creditClassesPack,
  creditClassesPackId,
} from '../../shared/credit/classes.ts';
import {
  creditPledgesPack,
  creditPledgesPackId,
  type FilledPledge,
  fillPledge,
  type PledgeTemplate,
} from '../../shared/credit/pledge.ts';
import {
  type BehaviourCode,
  type BehaviourFact,
  type CreditScoreFigures,
  creditScorePackId,
  creditScorePackSchema,
  mostBehaviourRows,
  scoreCredit,
} from '../../shared/credit/score.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { PortbookError } from '../../shared/errors.ts';
import { parseMoney } from '../../shared/money/index.ts';
import { majorText } from '../../shared/reports/amounts.ts';
import { riskText } from '../../shared/risk/texts.ts';
import type { Context } from './context.ts';
import { filingView } from './filings/latest.ts';
import { packVersion, yuanText } from './obligations.ts';
import { DeadlineReader } from './operations/deadlines.ts';
import {
  amendingDocuments,
  type Counted,
  type CountedDocument,
  type CreditRecord,
  lateDeclarationBills,
  listCreditRecords,
  longUnpaidBills,
  type PledgeRecord,
  receiptsBetween,
  rejectedDocuments,
} from './store/credit.ts';
import { clockDeclarations } from './store/deadlines.ts';
import { forexClassOn } from './store/money/forex-profile.ts';
import { minorIn } from './store/money/usd.ts';
import { listFlags } from './store/risk/red-flags.ts';
import { storedTaxProfile } from './store/worksheets/facts.ts';
import { creditRowOf, tradeCredits } from './supervision/trade-credit.ts';
import { Rules } from './worksheets/rules.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;
type Score = OutputOf<'credit.score'>;
type Row = Omit<Score['items'][number]['rows'][number], 'deducted'>;
type Bilingual = Row['label'];

const same = (text: string): Bilingual => ({ zh: text, en: text });
const both = (zh: string, en: string): Bilingual => ({ zh, en });

/** Rows shown of what deducts nothing. */
const SHOWN_FREE = 100;

// Records ---------------------------------------------------------------------------------------------------------------------

/** What classes are called and mean on a day. Refusal: `RULE_PACK_MISSING`. */
export function creditClasses(source: Source, on: string) {
  return packVersion(source, creditClassesPackId, creditClassesPack, on);
}

/** What a record is called, in the words of its day where the pack knows them. */
function titleOf(
  { body }: CreditRecord,
  classes: CreditClasses,
): Pick<OutputOf<'creditRecords.list'>['rows'][number], 'title' | 'standing'> {
  if (body.kind === 'decision')
    return {
      title: body.nature === 'smuggling' ? both('走私认定', 'Found to have smuggled') : both('行政处罚', 'Penalty'),
      standing: 'bad',
    };
  if (body.kind === 'mark') return { title: same(body.name), standing: 'good' };
  const found = classes.authorities
    .find(({ id }) => id === body.authority)
    ?.classes.find(({ code }) => code === body.level);
  return { title: found?.name ?? same(body.level), standing: found?.standing ?? 'unknown' };
}

/** Records as the list shows them today: of each authority's ratings the latest is the current one. */
export function creditRecordViews(source: Source): OutputOf<'creditRecords.list'>['rows'] {
  const today = chinaDate(source.now());
  const current = new Set<CreditAuthority>();
  return listCreditRecords(source.book).map((one) => {
    const { id, number, body, papers, removedAt, updatedAt } = one;
    const state = ((): OutputOf<'creditRecords.list'>['rows'][number]['state'] => {
      if (removedAt !== null) return 'removed';
      if (body.date > today) return 'future';
      // Of those who rate, "others" are many.
      const isReplaced = body.kind === 'rating' && body.authority !== 'other' && current.has(body.authority);
      if (body.kind === 'rating') current.add(body.authority);
      if (isReplaced) return 'past';
      return body.validTo !== null && body.validTo < today ? 'ended' : 'current';
    })();
    // A class is called as it was when it was given; before the first edition of the pack, as in that.
    const classes = classesAt(source, body.date);
    return { id, number, body, papers, state, updatedAt, ...titleOf(one, classes) };
  });
}

/** The classes of a day; of a day before the pack begins, those of today. */
function classesAt(source: Source, date: string): CreditClasses {
  try {
    return creditClasses(source, date).parameters;
  } catch (error) {
    if (!(error instanceof PortbookError) || error.code !== 'RULE_PACK_MISSING') throw error;
    return creditClasses(source, chinaDate(source.now())).parameters;
  }
}

/** Classes that the book itself reckons with. */
export function classesSet({ book, now }: Source): OutputOf<'credit.classes'>['set'] {
  const { refundClass } = storedTaxProfile(book).profile;
  return [
    ...(refundClass === undefined ? [] : [{ authority: 'refund' as const, level: refundClass, target: 'taxProfile' }]),
    { authority: 'forex' as const, level: forexClassOn(book, chinaDate(now())).class, target: 'monitor?tab=profile' },
  ];
}

// Conduct (S04) ---------------------------------------------------------------------------------------------------------------

interface Window {
  readonly on: IsoDate;
  /** Days after it count. */
  readonly from: IsoDate;
  readonly figures: CreditScoreFigures;
}

/** What a code has in the book; `cannotTell` where facts are missing. */
type Found = Counted<Row> & { readonly cannotTell?: boolean };

const documentRows = ({ count, rows }: Counted<CountedDocument>): Found => ({
  count,
  rows: rows.map(({ id, kind, number, version, day, info }) => ({
    key: `document ${id}`,
    label: same(number),
    date: day,
    detail: both(
      [catalogue[kind].zh, version > 1 ? `第 ${version} 版` : '', info].filter((one) => one !== '').join(' · '),
      [catalogue[kind].en, version > 1 ? `version ${version}` : '', info].filter((one) => one !== '').join(' · '),
    ),
    target: `document?${new URLSearchParams({ id: String(id), kind })}`,
  })),
});
const all = (rows: readonly Row[]): Found => ({ count: rows.length, rows: rows.slice(0, mostBehaviourRows) });

/** Decisions on the firm that a person has entered. */
function decisions(
  { book }: Source,
  { from, on, figures }: Window,
  code: 'smuggling' | 'penaltyLarge' | 'penalty',
): Found {
  const above = BigInt(figures.penaltyAbove) * 100n;
  return all(
    listCreditRecords(book).flatMap(({ id, number, body, removedAt }): Row[] => {
      if (body.kind !== 'decision' || removedAt !== null || body.date <= from || body.date > on) return [];
      const isLarge = parseMoney(body.amount, 'CNY').minor > above;
      const of = body.nature === 'smuggling' ? 'smuggling' : isLarge ? 'penaltyLarge' : 'penalty';
      if (of !== code) return [];
      const amount = yuanText(Number(parseMoney(body.amount, 'CNY').minor));
      return [
        {
          key: `record ${id}`,
          label: same(body.no === '' ? number : body.no),
          date: body.date,
          detail: both(`${body.source} · ${amount} 元`, `${body.source} · CNY ${amount}`),
          target: `credit?${new URLSearchParams({ tab: 'records', id: String(id) })}`,
        },
      ];
    }),
  );
}

function unpaidTax({ book }: Source, { from, on, figures }: Window): Found {
  return all(
    longUnpaidBills(book, { from, on, months: figures.taxMonths }).map(({ id, number, dueOn, paidOn, amountFen }) => ({
      key: `bill ${id}`,
      label: same(number),
      date: dueOn,
      detail: both(
        `${yuanText(amountFen)} 元，${paidOn === null ? '未缴' : `${paidOn} 缴`}`,
        `CNY ${yuanText(amountFen)}, ${paidOn === null ? 'unpaid' : `paid ${paidOn}`}`,
      ),
      target: `taxBills?at=${id}`,
    })),
  );
}

function lateDeclarations({ book }: Source, { from, on }: Window): Found {
  return all(
    lateDeclarationBills(book, from, on).map(({ id, number, issuedOn, declarationNo, amountFen }) => ({
      key: `bill ${id}`,
      label: same(number),
      date: issuedOn,
      detail: both(
        `滞报金 ${yuanText(amountFen)} 元 ${declarationNo}`.trim(),
        `late declaration fee CNY ${yuanText(amountFen)} ${declarationNo}`.trim(),
      ),
      target: `taxBills?at=${id}`,
    })),
  );
}

/** Trade credit whose report is over its day. */
function missedReports({ book, resources }: Source, { from, on }: Window): Found {
  return all(
    tradeCredits(new Rules(resources, book), book, on).flatMap((one): Row[] => {
      if (one.state !== 'overdue') return [];
      const { key, label, currency, balance, counterparty, reportBy } = creditRowOf(book, one, on);
      if (reportBy === undefined || reportBy <= from) return [];
      return [
        {
          key: `credit ${key}`,
          label: same(label),
          date: reportBy,
          detail: same(`${currency} ${balance} ${counterparty}`.trim()),
          target: `tradeCredit?${new URLSearchParams({ at: key })}`,
        },
      ];
    }),
  );
}

/** Receipts of which something is matched to nothing, where that is more of all in yuan than the pack allows. */
function unmatchedReceipts({ book }: Source, { from, on, figures }: Window): Found {
  let [received, open] = [0, 0];
  let cannotTell = false;
  const rows: Row[] = [];
  for (const { id, number, date, currency, minor, openMinor } of receiptsBetween(book, from, on)) {
    const fen = minorIn(book, 'CNY', currency, minor, date);
    const openFen = minorIn(book, 'CNY', currency, openMinor, date);
    if (fen === undefined || openFen === undefined) {
      cannotTell = true;
      continue;
    }
    received += fen;
    open += openFen;
    if (openMinor > 0)
      rows.push({
        key: `receipt ${id}`,
        label: same(number),
        date,
        detail: both(
          `未核对 ${currency} ${majorText(openMinor, currency)}`,
          `not matched ${currency} ${majorText(openMinor, currency)}`,
        ),
        target: `money?at=${id}`,
      });
  }
  const isTooMuch = BigInt(open) * 100n > BigInt(received) * BigInt(figures.unmatchedPercent);
  return { ...(isTooMuch ? all(rows) : { count: 0, rows: [] }), cannotTell };
}

/** Claimed declarations whose papers on file are not complete and over their day. */
function missingPapers(source: Source, { from, on }: Window): Found {
  const reader = new DeadlineReader(source, on);
  const rule = reader.rules.find(({ id }) => id === 'archivePapers');
  const before = addDays(on, -1);
  const range = rule === undefined ? undefined : reader.clockRange(rule, from, before);
  if (rule === undefined || range === undefined) return { count: 0, rows: [] };
  const groups = reader.clock(rule, from, before).flatMap(({ group, found }) => {
    const due = reader.due(rule, found.event);
    return due > from && due < on ? [{ event: group.event, state: group.state, due }] : [];
  });
  const due = new Map(groups.map((one) => [one.event, one.due]));
  const rows: Row[] = [];
  let count = 0;
  // What a person has put off is lacking all the same; what was marked as done was settled otherwise.
  for (const state of ['open', 'snoozed'] as const) {
    const events = [...new Set(groups.filter((one) => one.state === state).map(({ event }) => event))];
    if (events.length === 0) continue;
    const page = clockDeclarations(
      source.book,
      'archivePapers',
      range,
      { events, state },
      { after: undefined, limit: mostBehaviourRows },
    );
    count += page.total;
    rows.push(
      ...page.rows.map(({ declarationNo, event }) => ({
        key: `declaration ${declarationNo}`,
        label: same(declarationNo),
        date: due.get(event) ?? on,
        detail: both('备案单证不齐', 'papers on file not complete'),
        target: `archive?${new URLSearchParams({ no: declarationNo, at: declarationNo })}`,
      })),
    );
  }
  return { count, rows: rows.slice(0, mostBehaviourRows) };
}

function graveFlags({ book }: Source, on: string): Found {
  const filter = { state: 'standing', severity: 'high' } as const;
  const rows: Row[] = [];
  let after: string | undefined;
  let total = 0;
  do {
    const page = listFlags(book, filter, { after, limit: 500 });
    const known = page.rows.filter(({ firstSeen }) => chinaDate(firstSeen) <= on);
    total += known.length;
    rows.push(
      ...known.map((flag) => ({
        key: `flag ${flag.id}`,
        label: same(`${flag.rule} ${flag.subject}`),
        date: chinaDate(flag.firstSeen),
        detail: both(riskText('zh-CN', `title.${flag.rule}`), riskText('en', `title.${flag.rule}`)),
        target: `risk?at=${flag.id}`,
      })),
    );
    after = page.nextCursor;
  } while (after !== undefined);
  return { count: total, rows: rows.slice(0, mostBehaviourRows) };
}

/** Deadlines that are over and that nobody has settled, but those that have a code of their own. */
function overdue(source: Source, { from, on }: Window): Found {
  const others = new Set(['archivePapers', 'tradeCreditReport', 'own', 'refundExpected']);
  return all(
    new DeadlineReader(source, on)
      .read(from, addDays(on, -1))
      .filter(({ rule, state }) => state !== 'done' && !others.has(rule))
      .map(({ key, title, subject, date, detail, target }) => ({
        key: `deadline ${key}`,
        label: title,
        date,
        detail: same([subject, detail].filter((one) => one !== '').join(' · ')),
        target,
      }))
      .reverse(),
  );
}

function findBehaviour(source: Source, window: Window, code: BehaviourCode): Found {
  const { book } = source;
  const { from, on } = window;
  switch (code) {
    case 'smuggling':
    case 'penaltyLarge':
    case 'penalty':
      return decisions(source, window, code);
    case 'taxUnpaid':
      return unpaidTax(source, window);
    case 'lateDeclaration':
      return lateDeclarations(source, window);
    case 'creditReportMissed':
      return missedReports(source, window);
    case 'unmatchedReceipts':
      return unmatchedReceipts(source, window);
    case 'papersMissing':
      return missingPapers(source, window);
    case 'redFlagHigh':
      return graveFlags(source, on);
    case 'rejected':
      return documentRows(rejectedDocuments(book, from, on, mostBehaviourRows));
    case 'corrected':
    case 'withdrawn':
      return documentRows(amendingDocuments(book, code, { from, on, limit: mostBehaviourRows }));
    case 'overdue':
      return overdue(source, window);
  }
}

/** The firm's own score on a day (S04), each deduction with its row. Refusal: `RULE_PACK_MISSING`. */
export function creditScore(source: Source, on: IsoDate): Score {
  const { parameters: figures, ...version } = packVersion(source, creditScorePackId, creditScorePackSchema, on);
  const window = { on, from: addMonths(on, -figures.months), figures };
  const facts = figures.items.map(({ code }): BehaviourFact<Row> => {
    const { cannotTell = false, ...found } = findBehaviour(source, window, code);
    return { code, ...found, cannotTell };
  });
  const { items, ...score } = scoreCredit(figures, facts);
  const { months, penaltyAbove, taxMonths, unmatchedPercent } = figures;
  return {
    ...score,
    on,
    from: window.from,
    items: items.map(({ rows, ...item }) => ({
      ...item,
      rows: rows
        .filter(({ deducted }, at) => deducted > 0 || at < SHOWN_FREE)
        .map(({ row, deducted }) => ({ ...row, deducted })),
    })),
    figures: { months, penaltyAbove, taxMonths, unmatchedPercent },
    source: version.source,
    reliability: version.reliability,
    inForceFrom: version.inForceFrom,
  };
}

// Pledges ---------------------------------------------------------------------------------------------------------------------

/** Texts of pledges as the pack has them today. Refusal: `RULE_PACK_MISSING`. */
export function pledgeTemplates(source: Source) {
  const {
    parameters,
    source: from,
    inForceFrom,
  } = packVersion(source, creditPledgesPackId, creditPledgesPack, chinaDate(source.now()));
  return { templates: parameters.templates, source: from, inForceFrom };
}

/** Refusal: `PLEDGE_TEMPLATE_UNKNOWN` {template}. */
export function requireTemplate(source: Source, id: string): PledgeTemplate {
  const found = pledgeTemplates(source).templates.find((one) => one.id === id);
  if (found === undefined) throw new PortbookError('PLEDGE_TEMPLATE_UNKNOWN', { template: id }, 'templateId');
  return found;
}

/** The text of a draft with what the book and its blanks say. */
export function filledPledge(
  { book }: Pick<Context, 'book'>,
  { body }: PledgeRecord,
  template: PledgeTemplate,
): FilledPledge {
  const { name: firm, uscc } = book.profile();
  return fillPledge(template, { ...body.blanks, firm, uscc, signer: body.signer, validTo: body.validTo ?? '' });
}

/** A pledge as the list shows it, with how far its latest filing is. */
export function pledgeView(source: Source, one: PledgeRecord): OutputOf<'pledges.list'>['rows'][number] {
  const { id, number, templateId, version, title, state, body, signed, acceptNo, acceptedOn, updatedAt } = one;
  const named = pledgeTemplates(source).templates.find((template) => template.id === templateId)?.title;
  return {
    ...{ id, number, templateId, version, state, acceptNo, acceptedOn, updatedAt },
    title: both(title, named?.en ?? title),
    signer: body.signer,
    signedOn: signed?.on ?? null,
    validTo: body.validTo,
    filing: filingView(source.book, { kind: 'pledge', id }),
  };
}

/** One with its text: as it was signed, or as it is filled today. Refusal: `PLEDGE_TEMPLATE_UNKNOWN` of a draft whose text is gone. */
export function pledgeDetail(source: Source, one: PledgeRecord): OutputOf<'pledges.get'> {
  const { signed, body } = one;
  const template = pledgeTemplates(source).templates.find(({ id }) => id === one.templateId);
  const view = { ...pledgeView(source, one), body, source: template?.source ?? '', blanks: template?.blanks ?? [] };
  if (signed !== null) return { ...view, text: [...signed.text], missing: [], textSha256: signed.sha256 };
  const { text, missing } = filledPledge(source, one, template ?? requireTemplate(source, one.templateId));
  return { ...view, text: [...text], missing: [...missing], textSha256: '' };
}

/** The day asked for, else today in China. Refusal: `DATE_INVALID` {date}. */
export function dayOf({ now }: Pick<Context, 'now'>, on: string | undefined): IsoDate {
  const date = on === undefined ? chinaDate(now()) : parseIsoDate(on);
  if (date === undefined) throw new PortbookError('DATE_INVALID', { date: on ?? '' }, 'on');
  return date;
}
