/**
 * What left in a month, in parts: each the lines of at most 2048 orders, or of the declarations of no order whose numbers end alike. An order
 * and a declaration lie in one part with all their lines, so that parts add up, also what is counted once an order. A part that was
 * counted is kept until something of it changes (see migration 0900).
 */
import { parseScaled } from '../../../shared/money/decimal.ts';
import { type Cell, type StatisticsDimension, statisticsDimensions } from '../../../shared/statistics/figures.ts';
import type { Book } from './book.ts';
import { storeRefusal } from './database.ts';
import { rateInForce } from './rates.ts';

/** As in migration 0900. */
const PART_ORDERS = 2048;

export type By = readonly StatisticsDimension[];
/** What pages ask of a month; kept for it before they do. */
const usual: readonly By[] = [[], statisticsDimensions, ['mode'], ['country']];
const finest = statisticsDimensions;

/** CNY per dollar in force on the first of a month; undefined while none is known. */
export const usdRateOf = (book: Book, period: string): string | undefined =>
  rateInForce(book, 'USD', `${period}-01`)?.cnyPerUnit;

const scaled = (rate: string | undefined): bigint | null =>
  rate === undefined ? null : parseScaled(rate, 6, 'halfUp');

/** The rate as whole millionths, bound as an integer (a number would be bound as a float), so that cents stay exact integers in SQL up to some forty billion yuan a line. */
export const scaledRate = (book: Book, period: string): bigint | null => scaled(usdRateOf(book, period));

/** US cents of a line at `:rate`; NULL where neither the line nor the rate says. */
export const usdOf = (line: string): string =>
  `iif(${line}.currency = 'USD', ${line}.fob_minor, (2000000 * ${line}.fob_fen + :rate) / (2 * :rate))`;

export const keyIn = (of: Readonly<Record<StatisticsDimension, string>>): string =>
  statisticsDimensions.map((name) => of[name]).join('\n');
const dimensionsOf = (by: By): string => statisticsDimensions.filter((name) => by.includes(name)).join(' ');

/** A cell as it is kept: mode, country, chapter, platform, lines, orders, fen, cents, lines without fen, new buyers. */
type KeptCell = readonly [
  ...[mode: string, country: string, hs2: string, platform: string],
  ...[lines: number, orders: number, fen: number, usdCents: number | null, unrated: number, newBuyers: number],
];

interface KeptRow {
  readonly part: number;
  readonly dimensions: string;
  readonly cells: string;
}

/** What left in a month by some dimensions: what is kept of it, and what is not counted now and kept from now on. */
export function leftOf(book: Book, period: string, by: By): Cell[] {
  const asked = dimensionsOf(by);
  let left: Cell[] | undefined;
  const read = (): void => {
    const rate = usdRateOf(book, period);
    const parts = partsOf(book, period);
    const kept = new Map(
      (
        book
          .prepare('SELECT part, cells FROM statistics_kept WHERE period = ? AND dimensions = ? AND rate IS ?')
          .all(period, asked, rate ?? null) as KeptRow[]
      ).map(({ part, cells }) => [part, cells]),
    );
    const missing = parts.filter((part) => !kept.has(part));
    const counted = countParts(book, period, rate, missing, [by, [], finest]);
    const found = parts.map(
      (part) => JSON.parse(kept.get(part) ?? counted.get(part)?.get(asked) ?? '[]') as KeptCell[],
    );
    left = sumOf(found);
    keep(book, period, rate, counted);
  };
  const isWithin = book.db.inTransaction;
  try {
    // Deferred: it reads as of one moment, waits for nobody, and keeps nothing where another process has written since.
    if (isWithin) read();
    else book.db.transaction(read).deferred();
  } catch (error) {
    // A full disk or another process at work: the figures are right all the same, and are counted again the next time.
    if (isWithin || left === undefined || storeRefusal(error) === undefined) throw error;
  }
  return left ?? [];
}

/**
 * Counts one part that is not kept yet as pages will ask for it, of the latest month that has one: some hundredths of a second. As a
 * reading it waits for nobody: where another process writes it throws at once.
 * @returns whether there was one
 */
export function keepNextPart(book: Book): boolean {
  const keepOne = (): boolean => {
    for (let month = latestMonth(book); month !== undefined; month = latestMonth(book, month)) {
      const rate = usdRateOf(book, month);
      const kept = book
        .prepare('SELECT dimensions, part FROM statistics_kept WHERE period = ? AND rate IS ?')
        .all(month, rate ?? null) as KeptRow[];
      const known = new Set(kept.map(({ dimensions, part }) => `${part} ${dimensions}`));
      const isMissing = (part: number, by: By): boolean => !known.has(`${part} ${dimensionsOf(by)}`);
      const part = partsOf(book, month).find((one) => usual.some((by) => isMissing(one, by)));
      if (part === undefined) continue;
      keep(book, month, rate, countParts(book, month, rate, [part], usual));
      return true;
    }
    return false;
  };
  return book.db.transaction(keepOne).deferred();
}

const latestMonth = (book: Book, before = '9999'): string | undefined =>
  (book.prepare('SELECT max(month) AS month FROM export_line WHERE month < ?').get(before) as { month: string | null })
    .month ?? undefined;

/** Parts of a month that have lines; each is looked up, so that no line is read. */
function partsOf(book: Book, period: string): number[] {
  const after = (where: string): string =>
    `(SELECT min(part) FROM export_line WHERE month = :period AND of_orders = 0 AND ${where})`;
  const rows = book
    .prepare(
      `WITH RECURSIVE one (part) AS (SELECT ${after('1')} UNION ALL SELECT ${after('part > one.part')} FROM one WHERE part IS NOT NULL)
       SELECT part FROM one WHERE part IS NOT NULL
       UNION SELECT g.order_id / ${PART_ORDERS} FROM export_line e JOIN export_goods g ON g.export_line_id = e.id
         WHERE e.month = :period AND e.of_orders = 1 ORDER BY 1`,
    )
    .all({ period }) as { part: number }[];
  return rows.map(({ part }) => part);
}

function keep(
  book: Book,
  period: string,
  rate: string | undefined,
  counted: ReadonlyMap<number, ReadonlyMap<string, string>>,
): void {
  const insert = book.prepare(
    `INSERT INTO statistics_kept (period, part, dimensions, rate, cells) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (period, dimensions, part) DO UPDATE SET rate = excluded.rate, cells = excluded.cells`,
  );
  for (const [part, cells] of counted)
    for (const [dimensions, text] of cells) insert.run(period, part, dimensions, rate ?? null, text);
}

function sumOf(parts: readonly (readonly KeptCell[])[]): Cell[] {
  const sums = new Map<string, { -readonly [K in keyof Cell]: Cell[K] }>();
  for (const cells of parts) {
    for (const [mode, country, hs2, platform, lines, orders, fen, usdCents, unrated, newBuyers] of cells) {
      const key = keyIn({ mode, country, hs2, platform });
      const sum = sums.get(key);
      if (sum === undefined) {
        const cell = { mode, country, hs2, platform, lines, orders, fen, usdCents, unrated, returns: 0, newBuyers };
        sums.set(key, cell);
        continue;
      }
      sum.lines += lines;
      sum.orders += orders;
      sum.fen += fen;
      sum.usdCents = sum.usdCents === null || usdCents === null ? null : sum.usdCents + usdCents;
      sum.unrated += unrated;
      sum.newBuyers += newBuyers;
    }
  }
  return [...sums.values()];
}

// Counting a part -----------------------------------------------------------------------------------------------------------

/** Lines that share mode, country and chapter, as four lists in JSON: the order or declaration of each, its fen, its cents. */
type Run = readonly [mode: string, country: string, hs2: string, owners: string, fen: string, cents: string];

/**
 * A row a run of lines and not a row a line: it is the way from SQLite into the program that costs. Lines of one order or of none are one
 * walk along `export_line_month`, in its order.
 */
const runs = (owner: string, hs2: string, from: string): string => `SELECT e.mode, coalesce(e.country, ''), ${hs2},
    json_group_array(${owner}), json_group_array(e.fob_fen), json_group_array(${usdOf('e')})
  FROM ${from} GROUP BY e.mode, e.country, ${hs2}`;
const ownRuns = runs(
  'coalesce(e.order_id, e.own_declaration)',
  'e.hs2',
  'export_line e WHERE e.month = :period AND e.of_orders = 0 AND e.part = :part',
);
const sharedRuns = runs(
  'e.order_id',
  'substr(e.hs_code, 1, 2)',
  `export_share e WHERE e.order_id BETWEEN :first AND :last AND e.id IN (
    SELECT l.id FROM export_goods g JOIN export_line l ON l.id = g.export_line_id
    WHERE g.order_id BETWEEN :first AND :last AND l.month = :period AND l.of_orders = 1)`,
);

/** A cell while it is counted. */
interface Count {
  readonly cell: Readonly<Record<StatisticsDimension, string>>;
  readonly owners: Set<number | string>;
  lines: number;
  fen: number;
  cents: number;
  unvalued: number;
  unrated: number;
  newBuyers: number;
}

/** Cells of parts of a month by several sets of dimensions, each in one walk; as JSON by part and dimensions. */
function countParts(
  book: Book,
  period: string,
  rate: string | undefined,
  parts: readonly number[],
  bys: readonly By[],
): Map<number, Map<string, string>> {
  if (parts.length === 0) return new Map();
  const platforms = new Map(
    (book.prepare('SELECT name, platform FROM store').all() as { name: string; platform: string }[]).map((store) => [
      store.name,
      store.platform,
    ]),
  );
  const sets = [...new Map(bys.map((by) => [dimensionsOf(by), by]))];
  const hasShared =
    book.prepare('SELECT 1 FROM export_line WHERE month = ? AND of_orders = 1 LIMIT 1').get(period) !== undefined;
  const listed = <T>(sql: string, first: number, last: number): T[] =>
    JSON.parse(book.prepare(sql).pluck().get(first, last) as string) as T[];
  return new Map(
    parts.map((part) => {
      const first = part * PART_ORDERS;
      const last = first + PART_ORDERS - 1;
      const values = { period, part, first, last, rate: scaled(rate) };
      const stores = new Map(
        listed<[number, string]>(
          'SELECT json_group_array(json_array(id, store)) FROM sales_order WHERE id BETWEEN ? AND ? AND store IS NOT NULL',
          first,
          last,
        ).map(([id, store]) => [id, platforms.get(store) ?? store]),
      );
      const firsts = new Set(
        listed<number>(
          'SELECT json_group_array(first_order_id) FROM buyer WHERE first_order_id BETWEEN ? AND ?',
          first,
          last,
        ),
      );
      const counts = sets.map(() => new Map<string, Count>());
      for (const sql of part >= 0 && hasShared ? [ownRuns, sharedRuns] : [ownRuns]) {
        for (const run of book.db.prepare(sql).raw().all(values) as Run[])
          countRun(run, { sets: sets.map(([, by]) => by), counts, platformOf: (id) => stores.get(id) ?? '', firsts });
      }
      const kept = sets.map(
        ([dimensions], at) => [dimensions, JSON.stringify([...(counts[at]?.values() ?? [])].map(keptOf))] as const,
      );
      return [part, new Map(kept)];
    }),
  );
}

const keptOf = ({ cell, owners, lines, fen, cents, unvalued, unrated, newBuyers }: Count): KeptCell => [
  ...([cell.mode, cell.country, cell.hs2, cell.platform] as const),
  ...([lines, owners.size, fen, unvalued > 0 ? null : cents, unrated, newBuyers] as const),
];

interface Counting {
  readonly sets: readonly By[];
  readonly counts: readonly Map<string, Count>[];
  readonly platformOf: (order: number) => string;
  /** Orders that are the first of their buyer. */
  readonly firsts: ReadonlySet<number | string>;
}

/** Adds the lines of a run to their cells, each order once in each. */
function countRun([mode, country, hs2, ...lists]: Run, { sets, counts, platformOf, firsts }: Counting): void {
  const countsOf = (platform: string): Count[] =>
    sets.map((by, at) => {
      const all = { mode, country, hs2, platform };
      const of = (name: StatisticsDimension): string => (by.includes(name) ? all[name] : '');
      const cell = { mode: of('mode'), country: of('country'), hs2: of('hs2'), platform: of('platform') };
      const known = counts[at]?.get(keyIn(cell));
      if (known !== undefined) return known;
      const none = { lines: 0, fen: 0, cents: 0, unvalued: 0, unrated: 0, newBuyers: 0 };
      const made = { cell, owners: new Set<number | string>(), ...none };
      counts[at]?.set(keyIn(cell), made);
      return made;
    });
  const [owners, fens, cents] = lists.map((list) => JSON.parse(list)) as [
    (number | string)[],
    (number | null)[],
    (number | null)[],
  ];
  const byPlatform = new Map<string, Count[]>();
  for (const [at, owner] of owners.entries()) {
    const platform = typeof owner === 'number' ? platformOf(owner) : '';
    let cells = byPlatform.get(platform);
    if (cells === undefined) {
      cells = countsOf(platform);
      byPlatform.set(platform, cells);
    }
    const [fen, usd] = [fens[at] ?? null, cents[at] ?? null];
    for (const count of cells) {
      count.lines += 1;
      count.fen += fen ?? 0;
      count.unrated += fen === null ? 1 : 0;
      count.cents += usd ?? 0;
      count.unvalued += usd === null ? 1 : 0;
      if (count.owners.has(owner)) continue;
      count.owners.add(owner);
      count.newBuyers += firsts.has(owner) ? 1 : 0;
    }
  }
}
