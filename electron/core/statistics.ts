import type { OutputOf, ParsedInputOf } from '../../shared/contract/contract.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { headOf, linesOf as linesIn, type Values } from '../../shared/documents/spec.ts';
import { draftStatistics } from '../../shared/drafting/statistics.ts';
import { PortbookError } from '../../shared/errors.ts';
import { formatScaled, moneyText } from '../../shared/money/index.ts';
import { periodsBetween } from '../../shared/reports/periods.ts';
import { archivePack } from '../../shared/rules/deadlines/archive-pack.ts';
import { statisticsPack, statisticsPackId } from '../../shared/rules/statistics/pack.ts';
import {
  type Cell,
  type ComparedCell,
  compareCells,
  monthBefore,
  sharesBp,
  statisticsDimensions,
} from '../../shared/statistics/figures.ts';
import { type CountedDocument, type EnterpriseStatistics, enterpriseStatistics } from '../../shared/sync/protocol.ts';
import type { Context } from './context.ts';
import { filingView } from './filings/latest.ts';
import { deviceKey } from './keys/device-key.ts';
import { packFigures } from './obligations.ts';
import { transportFor } from './outbox/transport-for.ts';
import { documentsOfSubject } from './store/documents.ts';
import { currentEndpoint } from './store/endpoints.ts';
import {
  cellsOf,
  declarationsOf,
  type GapCode,
  gapRowsOf,
  gapsOf,
  keepPlatformDocuments,
  leavingKinds,
  linesOf,
  originsOf,
  type StatisticsReport,
  sentKinds,
  trendOf,
} from './store/statistics.ts';
import { usdRateOf } from './store/statistics-kept.ts';

type Source = Pick<Context, 'book' | 'resources'>;

const cents = (value: number): string => formatScaled(BigInt(value), 2, 2);
const centsOrNone = (value: number | null): string | null => (value === null ? null : cents(value));

function measuresOf(cell: ComparedCell) {
  const { lines, orders, unrated, returns, newBuyers, ordersBefore, monthBp, yearBp } = cell;
  return {
    ...{ lines, orders, unrated, returns, newBuyers, ordersBefore, monthBp, yearBp },
    amountCny: cents(cell.fen),
    amountUsd: centsOrNone(cell.usdCents),
    amountBefore: cents(cell.fenBefore),
    amountYearAgo: cents(cell.fenYearAgo),
  };
}

const nothing: Cell = {
  ...{ mode: '', country: '', hs2: '', platform: '', lines: 0, orders: 0, fen: 0 },
  ...{ usdCents: 0, unrated: 0, returns: 0, newBuyers: 0 },
};

/** Supervision modes that count as business to business in a month, with why. */
const b2bOf = (source: Source, period: string) =>
  packFigures(source, statisticsPackId, statisticsPack, `${period}-01`).b2b;

/** The name of a code in a table; the code itself where it has none. */
function naming({ resources }: Source, table: 'trade_mode' | 'country' | 'hs_chapter') {
  const entries = resources.table(table);
  return (code: string): { zh: string; en: string } => {
    const found = entries.lookup(code);
    return { zh: found?.zh ?? code, en: found?.en ?? found?.zh ?? code };
  };
}

export function monthView(
  source: Source,
  { period, by }: ParsedInputOf<'statistics.month'>,
): OutputOf<'statistics.month'> {
  const { book } = source;
  const at = (of: readonly (typeof by)[number][]): ComparedCell[] =>
    compareCells(
      cellsOf(book, period, of),
      cellsOf(book, monthBefore(period), of),
      cellsOf(book, monthBefore(period, 12), of),
    );
  const [total] = at([]);
  const names = [naming(source, 'trade_mode'), naming(source, 'country'), naming(source, 'hs_chapter')] as const;
  const b2b = new Set(b2bOf(source, period).map(({ mode }) => mode));
  return {
    period,
    zone: book.profile().zone,
    usdRate: usdRateOf(book, period) ?? null,
    total: measuresOf(
      total ?? { ...nothing, fenBefore: 0, ordersBefore: 0, fenYearAgo: 0, monthBp: null, yearBp: null },
    ),
    rows: at(by).map((cell) => {
      const { mode, country, hs2, platform } = cell;
      return {
        ...{ mode, country, hs2, platform },
        ...measuresOf(cell),
        ...{ modeName: names[0](mode), countryName: names[1](country), hs2Name: names[2](hs2), isB2b: b2b.has(mode) },
      };
    }),
  };
}

const TREND_MONTHS = 13;

export function trendView({ book }: Source, period: string): OutputOf<'statistics.trend'> {
  const known = new Map(trendOf(book, period, TREND_MONTHS).map((row) => [row.period, row.fen]));
  return {
    rows: periodsBetween(monthBefore(period, TREND_MONTHS - 1), period).map((month) => ({
      period: month,
      amountCny: cents(known.get(month) ?? 0),
    })),
  };
}

export function linesView({ book }: Source, filter: ParsedInputOf<'statistics.lines'>): OutputOf<'statistics.lines'> {
  const { rows, total, fen, usd, noUsd, nextCursor } = linesOf(book, filter);
  return {
    rows: rows.map((row) => ({
      ...{
        number: row.number,
        date: row.date,
        name: row.name,
        mode: row.mode,
        country: row.country,
        hsCode: row.hsCode,
      },
      key: `${row.id}-${row.position}`,
      amountCny: centsOrNone(row.fen),
      amountUsd: centsOrNone(row.usd),
      ...(filter.of === 'amount' ? { exportLineId: row.id } : {}),
      ...(filter.of === 'returns' && row.id < 0 ? { returnId: -row.id } : {}),
      ...(row.documentId === null ? {} : { documentId: row.documentId }),
      ...(row.orderId === null ? {} : { orderId: row.orderId }),
      ...(row.orderNo === null ? {} : { orderNo: row.orderNo }),
    })),
    total,
    amountCny: cents(fen),
    amountUsd: noUsd === 1 ? null : cents(usd),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}

// The sources ---------------------------------------------------------------------------------------------------------------

const askedKey = (period: string): string => `statistics.platform:${period}`;

interface Asked {
  readonly at: string;
  readonly endpoint: string;
  readonly kinds: readonly { readonly kind: string; readonly documents: number }[];
  /** Kinds whose documents the platform named one by one. */
  readonly named: readonly string[];
}

function askedOf({ book }: Source, period: string): Asked | undefined {
  const kept = book.setting(askedKey(period));
  if (kept === undefined) return undefined;
  const { at, endpoint, answer, named } = JSON.parse(kept) as Pick<Asked, 'at' | 'endpoint'> & {
    answer: unknown;
    named?: readonly string[];
  };
  return { at, endpoint, kinds: enterpriseStatistics.parse(answer).kinds, named: named ?? [] };
}

export function sourcesView(source: Source, period: string): OutputOf<'statistics.sources'> {
  const { book } = source;
  const asked = askedOf(source, period);
  const theirs = new Map(asked?.kinds.map(({ kind, documents }) => [kind, documents]));
  const ours = new Map(sentKinds(book, period).map(({ kind, documents }) => [kind, documents]));
  const kinds = [...new Set([...ours.keys(), ...theirs.keys()])].sort().map((kind) => ({
    kind,
    ours: ours.get(kind) ?? 0,
    platform: asked === undefined ? null : (theirs.get(kind) ?? 0),
  }));
  return {
    origins: originsOf(book, period).map(({ fen, ...origin }) => ({ ...origin, amountCny: cents(fen) })),
    kinds,
    asked: asked === undefined ? null : { at: asked.at, endpoint: asked.endpoint, named: [...asked.named] },
    gaps: gapsOf(book, period, gapsLeftOut(source), asked?.named ?? []),
  };
}

/** Lists under 汇总统计 become no declaration. */
const gapsLeftOut = ({ book }: Source): readonly GapCode[] => (book.profile().simplified ? ['undeclared'] : []);

/** The documents, lines or orders of one difference, each with where it is opened. */
export function gapView(source: Source, filter: ParsedInputOf<'statistics.gap'>): OutputOf<'statistics.gap'> {
  const { rows, ...page } = gapRowsOf(source.book, filter, askedOf(source, filter.period)?.named ?? []);
  return {
    rows: rows.map(({ id, number, what, ours, theirs, currency, state }) => {
      const text = (value: number | null): string | null =>
        value === null
          ? null
          : what === 'line'
            ? moneyText({ minor: BigInt(value), currency })
            : formatScaled(BigInt(value), 5, 2);
      const target = { document: `declaration/${id}`, line: `purchases?tab=exports&id=${id}`, order: `order/${id}` }[
        what
      ];
      return {
        key: `${what}-${id}-${number}`,
        number,
        ours: text(ours),
        theirs: text(theirs),
        currency,
        state,
        // The platform may have one that this book never held.
        target: id === 0 ? null : target,
      };
    }),
    ...page,
  };
}

/** Asks the platform and keeps its answer. Refusals: `SYNC_NO_ENDPOINT`, `STATISTICS_NOT_OFFERED`, `STATISTICS_NOT_ANSWERED`. */
export async function askPlatform(context: Context, period: string): Promise<number> {
  const { book, host, now, signal } = context;
  const endpoint = currentEndpoint(book);
  if (endpoint === undefined) throw new PortbookError('SYNC_NO_ENDPOINT');
  const { name } = endpoint;
  const signer = await deviceKey(book, host);
  const transport = endpoint.transport === 'carry' ? undefined : transportFor(endpoint, { signer, now, book, host });
  if (transport?.statistics === undefined) throw new PortbookError('STATISTICS_NOT_OFFERED', { name });
  const ask = transport.statistics;
  const question = async (of?: { readonly kind: string; readonly after: string }) => {
    const answer = await ask(period, signal, of);
    if (answer.kind !== 'accepted') throw new PortbookError('STATISTICS_NOT_ANSWERED', { name, code: answer.code });
    return answer.value;
  };
  const counted = await question();
  const ours = new Map(sentKinds(book, period).map(({ kind, documents }) => [kind, documents]));
  const theirs = new Map(counted.kinds.map(({ kind, documents }) => [kind, documents]));
  // What goods leave by is compared one by one, whatever the counts say; of other kinds those whose counts differ.
  const kinds = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (kind) => leavingKinds.some((one) => one === kind) || (ours.get(kind) ?? 0) !== (theirs.get(kind) ?? 0),
  );
  const named = new Map<string, CountedDocument[]>();
  for (const kind of kinds) {
    const documents: CountedDocument[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: EnterpriseStatistics = await question({ kind, after });
      // A platform that only counts.
      if (page.documents === undefined) break;
      documents.push(...page.documents);
      named.set(kind, documents);
      after = page.next;
    }
  }
  const at = now();
  book.transaction(() => {
    for (const [kind, documents] of named) keepPlatformDocuments(book, period, kind, documents);
    const kept = { at, endpoint: name, answer: counted, named: [...named.keys()] };
    book.setSetting(askedKey(period), JSON.stringify(kept));
    book.audit('statistics.asked', period, { endpoint: name, kinds: counted.kinds.length }, at);
  });
  return counted.kinds.length;
}

// Business to business --------------------------------------------------------------------------------------------------------

export function b2bView(source: Source, period: string): OutputOf<'statistics.b2b'> {
  const { book } = source;
  const rules = b2bOf(source, period);
  const reasons = new Map(rules.map(({ mode, reason }) => [mode, reason]));
  const { papers } = packFigures(source, 'archive-papers', archivePack, `${period}-01`);
  const titles = new Map(papers.map(({ code, zh }) => [code, zh]));
  const cells = cellsOf(book, period, ['mode']);
  const sum = (of: readonly Cell[]): number => of.reduce((total, { fen }) => total + fen, 0);
  const inside = cells.filter(({ mode }) => reasons.has(mode));
  const [bp = 0] = sharesBp([sum(inside), sum(cells) - sum(inside)]);
  return {
    share: { amountCny: cents(sum(inside)), bp },
    rows: declarationsOf(book, period, [...reasons.keys()]).map((row) => ({
      ...{
        mode: row.mode,
        declarationNo: row.declarationNo,
        date: row.date,
        orders: row.orders,
        receivedOn: row.receivedOn,
      },
      amountCny: cents(row.fen),
      reason: reasons.get(row.mode) ?? { zh: '', en: '' },
      papers: (JSON.parse(row.papers) as string[]).map((code) => titles.get(code) ?? code),
    })),
  };
}

// The report ------------------------------------------------------------------------------------------------------------------

const livingFilings = ({ book }: Pick<Context, 'book'>, id: number) =>
  documentsOfSubject(book, { kind: 'statistics-report', id }).filter(
    ({ state }) => state !== 'superseded' && state !== 'withdrawn',
  );

/** Whether the latest filing of a report says other figures than the book: also where nothing marked it, as a store's new name. */
export function filedDiffers({ book }: Pick<Context, 'book'>, { id, period, note }: StatisticsReport): boolean {
  const filing = livingFilings({ book }, id).at(-1);
  if (filing === undefined) return false;
  const spec = catalogue.PLAT301Message;
  const [total] = cellsOf(book, period, []);
  const frame = { guid: '', operation: '1', appTime: '', number: '', acceptNo: undefined, uscc: '', firm: '' } as const;
  const now = draftStatistics(
    { period, zone: book.profile().zone, note, total, cells: cellsOf(book, period, statisticsDimensions) },
    frame,
  );
  const figures = (of: Values): string =>
    JSON.stringify(['orders', 'amountCny', 'amountUsd', 'returns', 'newBuyers', 'note'].map((name) => of[name] ?? ''));
  const whole = (body: Record<string, unknown>): string => {
    const lines = linesIn(spec, body).map((line) => [
      line['mode'],
      line['country'],
      line['hs2'],
      line['platform'] ?? '',
      line['zone'] ?? '',
      figures(line),
    ]);
    return JSON.stringify([figures(headOf(spec, body)), lines]);
  };
  return whole(filing.body) !== whole({ ...now });
}

/** A report as the list shows it, with how far its latest filing is. */
export function reportView(
  context: Pick<Context, 'book'>,
  one: StatisticsReport,
): OutputOf<'statistics.list'>['rows'][number] {
  return {
    ...one,
    filing: filingView(context.book, { kind: 'statistics-report', id: one.id }),
  };
}
