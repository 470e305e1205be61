/** Runs the red flags R01 to R18 over the open book: reads what each looks at, judges, writes what was found. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addMonths } from '../../../shared/calendar/index.ts';
import type { FlagRule } from '../../../shared/contract/risk.ts';
import { flagRules } from '../../../shared/contract/risk.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { reusedPapers, sharedContacts, suddenGrowth, youngSuppliers } from '../../../shared/risk/firm-flags.ts';
import {
  type Missing,
  outcomeOf,
  type RedFlagFigures,
  redFlagsPackId,
  redFlagsPackSchema,
  type Verdict,
} from '../../../shared/risk/flags.ts';
import { oddFreight, oddPrices, oddValues, roundTrips } from '../../../shared/risk/goods-flags.ts';
import { likenessOf } from '../../../shared/risk/likeness.ts';
import {
  indicatorsOutside,
  roundAmounts,
  splitTransactions,
  thirdPartyPayers,
  unmatchedReceipts,
} from '../../../shared/risk/money-flags.ts';
import type { PackVersion } from '../../../shared/rules/pack.ts';
import type { Context } from '../context.ts';
import { codesOf } from '../importers/codes.ts';
import { packVersion } from '../obligations.ts';
import type { Book } from '../store/book.ts';
import { claimFacts, growthMonths, reusedPaperFacts, sharedContactFacts } from '../store/risk/firm-facts.ts';
import { deals, type GoodsPoints, goodsPoints, roundTripMoves } from '../store/risk/goods-facts.ts';
import { dollarFacts, openReceipts, payers, roundFacts } from '../store/risk/money-facts.ts';
import { listNotices, noticeReader } from '../store/risk/notices.ts';
import { changeSeen, type Outcome, saveVerdict } from '../store/risk/red-flags.ts';
import { ruleOff } from '../store/worksheets/facts.ts';
import { indicators } from '../supervision/indicators.ts';
import { Rules } from '../worksheets/rules.ts';
import { coldExcursions, highScores, listedNames, lotsInDoubt } from './field-flags.ts';
import { nameReader } from './screening.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** Thresholds in force today, the firm's own before the shipped ones. */
export function redFlagFigures(source: Source): PackVersion<RedFlagFigures> {
  return packVersion(source, redFlagsPackId, redFlagsPackSchema, chinaDate(source.now()));
}

/** What one run reads once, though several rules look at it. */
class Facts {
  readonly book: Book;
  #points: GoodsPoints | undefined;
  constructor(book: Book) {
    this.book = book;
  }
  get points(): GoodsPoints {
    this.#points ??= goodsPoints(this.book);
    return this.#points;
  }
}

type Judge = (source: Source, figures: RedFlagFigures, facts: Facts) => Verdict;

const judges: Readonly<Record<FlagRule, Judge>> = {
  R01: ({ book, now }, { R01 }) => {
    const { receipts, checked } = openReceipts(book);
    return { ...unmatchedReceipts(receipts, chinaDate(now()), R01), checked };
  },
  R02: (source, { R02 }) => {
    const { book, resources } = source;
    const countries = resources.countries();
    const { reader } = nameReader(source);
    const isAlike = (a: string, b: string): boolean => {
      const [one, other] = [reader.read(a), reader.read(b)];
      return (
        one !== undefined &&
        other !== undefined &&
        likenessOf(one, other, reader, R02.nameLikeness).score >= R02.nameLikeness
      );
    };
    return thirdPartyPayers(
      payers(book, (text) => countries.match(text)),
      isAlike,
    );
  },
  R03: ({ book }, { R03 }) => {
    const { moves, checked } = roundTripMoves(book);
    return { ...roundTrips(moves, R03), checked };
  },
  R04: (_source, { R04 }, { points }) => oddPrices(points.prices, R04, points.withoutRate),
  R05: (_source, { R05 }, { points }) =>
    oddValues(points.densities, R05, { rates: points.withoutRate, weights: points.withoutWeight }),
  R06: ({ book }, { R06 }) => splitTransactions(dollarFacts(book), R06),
  R07: ({ book, now }, { R07 }) =>
    roundAmounts(roundFacts(book, addMonths(chinaDate(now()), -R07.months), R07.roundTo), R07),
  R08: ({ book }, { R08 }) => {
    const { facts, checked, orders } = sharedContactFacts(book, R08.buyers);
    const missing: Missing[] = [];
    if (orders > checked) missing.push({ code: 'buyerContacts', params: { count: orders - checked }, rows: [] });
    if (orders > 0) missing.push({ code: 'buyerAddress', params: {}, rows: [] });
    const keyOf = (contact: string): string => createHash('sha256').update(contact).digest('hex').slice(0, 16);
    return sharedContacts(facts, checked, missing, R08, keyOf);
  },
  R09: ({ book }, { R09 }) => suddenGrowth(growthMonths(book), R09),
  R10: ({ book }, { R10 }) => youngSuppliers(claimFacts(book), R10),
  R11: ({ book }, { R11 }) => {
    const { papers, checked } = reusedPaperFacts(book);
    return reusedPapers(papers, checked, R11);
  },
  R12: ({ book, resources, now }, { R12 }) => {
    const view = indicators(new Rules(resources, book), book, chinaDate(now()).slice(0, 7));
    const figures = Object.values(view.figures);
    return indicatorsOutside(
      {
        month: view.month,
        breached: view.breached,
        differenceRate: view.now.differenceRate,
        fundsGoodsRatio: view.now.fundsGoodsRatio,
        unrated: figures.reduce((sum, { unrated }) => sum + unrated.length, 0),
        checked: figures.reduce((sum, { count }) => sum + count, 0),
        rows: Object.entries(view.figures).map(([name, { usd }]) => ({
          ...{ kind: 'month' as const, id: `${view.month}:${name}`, label: name, currency: 'USD', amount: usd },
        })),
      },
      R12,
    );
  },
  R13: ({ book, resources }, { R13 }) => {
    const codes = codesOf(resources);
    return oddFreight(
      deals(book, (code) => codes.currency(code)),
      R13,
    );
  },
  R14: ({ book, resources, now }) => {
    const today = chinaDate(now());
    const countries = resources.table('country');
    const notices = listNotices(book);
    const rowsOf = noticeReader(book, today);
    const hits = notices.flatMap((notice): Verdict['hits'] => {
      const rows = rowsOf(notice);
      if (rows.length === 0) return [];
      const { id, country, counterparty, hsPrefix, level, text, source, validFrom } = notice;
      const named = country === '' ? '' : (countries.lookup(country)?.zh ?? country);
      return [
        {
          ...{ key: `notice:${id}`, severity: level, rows },
          subject: [named, counterparty, hsPrefix].filter((one) => one !== '').join(' '),
          params: { text, source, from: validFrom, count: rows.length },
        },
      ];
    });
    return { checked: notices.length, hits, missing: [] };
  },
  R15: listedNames,
  R16: lotsInDoubt,
  R17: coldExcursions,
  R18: highScores,
};

export interface RunResult {
  readonly added: number;
  readonly reopened: number;
  readonly gone: number;
  readonly cannotTell: number;
}

const lastRunKey = 'risk.seen';

/** Whether the book has changed since all rules last ran. */
export function isStale(book: Book): boolean {
  return book.setting(lastRunKey) !== String(changeSeen(book));
}

/**
 * Runs rules, all of them unless some are named, each in a transaction of its own, and lets other calls in between. A rule that is
 * switched off takes its flags away. Refusals: `CANCELLED`, `RULE_PACK_MISSING`.
 */
export async function runRedFlags(
  context: Source & Pick<Context, 'signal' | 'progress'>,
  wanted: readonly FlagRule[] = flagRules,
): Promise<RunResult> {
  const { book, signal, progress } = context;
  const { parameters } = redFlagFigures(context);
  const seen = changeSeen(book);
  const facts = new Facts(book);
  const now = context.now();
  const total = { added: 0, reopened: 0, gone: 0, cannotTell: 0 };
  for (const [at, rule] of wanted.entries()) {
    progress({ phase: 'risk.rules', done: at, total: wanted.length });
    await setImmediate();
    if (signal.aborted) throw new PortbookError('CANCELLED');
    const isOff = ruleOff(book, rule) !== undefined;
    const verdict = isOff ? { checked: 0, hits: [], missing: [] } : judges[rule](context, parameters, facts);
    const outcome: Outcome = isOff ? 'off' : outcomeOf(verdict);
    const saved = book.transaction(() => saveVerdict(book, rule, parameters[rule].severity, verdict, outcome, now));
    total.added += saved.added;
    total.reopened += saved.reopened;
    total.gone += saved.gone;
    if (verdict.missing.length > 0) total.cannotTell += 1;
  }
  if (wanted.length === flagRules.length) book.transaction(() => book.setSetting(lastRunKey, String(seen)));
  return total;
}
