import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import { cellsOf, linesOf, trendOf } from '../../electron/core/store/statistics.ts';
import { keepNextPart } from '../../electron/core/store/statistics-kept.ts';
import { parseScaled } from '../../shared/money/decimal.ts';
import { type Cell, statisticsDimensions } from '../../shared/statistics/figures.ts';
import { exportsOf } from '../fixtures/statistics-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** What is kept of a month's figures (see migration 0900) against its lines, whatever happens to these. */
let folder = '';
let core: Core;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-statistics-kept-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await rate('7.1');
  exportsOf(core.session.book);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const months = ['2026-09', '2026-10', '2026-11'] as const;
const bys = [[], statisticsDimensions, ['mode'], ['platform'], ['country', 'hs2']] as const;
const rate = (cnyPerUnit: string) =>
  must(core, 'rates.set', {
    kind: 'parity',
    currency: 'USD',
    date: '2026-08-31',
    cnyPerUnit,
    source: '中国外汇交易中心',
  });

interface Share {
  readonly mode: string;
  readonly country: string | null;
  readonly hs_code: string;
  readonly order_id: number | null;
  readonly declaration_no: string;
  readonly currency: string;
  readonly fob_minor: number;
  readonly fob_fen: number | null;
  readonly store: string | null;
  readonly platform: string | null;
  readonly isFirst: 0 | 1;
}

/** The same figures by hand from every line of the month, without what came back. */
function byHand(period: string, by: readonly string[], dollar: string): Omit<Cell, 'returns'>[] {
  const shares = core.session.book
    .prepare(
      `SELECT e.*, o.store, s.platform, EXISTS (SELECT 1 FROM buyer WHERE first_order_id = e.order_id) AS isFirst
       FROM export_share e LEFT JOIN sales_order o ON o.id = e.order_id LEFT JOIN store s ON s.name = o.store
       WHERE substr(e.export_date, 1, 7) = ?`,
    )
    .all(period) as Share[];
  const scaled = parseScaled(dollar, 6, 'halfUp');
  const groups = new Map<string, Share[]>();
  for (const one of shares) {
    const all = {
      mode: one.mode,
      country: one.country ?? '',
      hs2: one.hs_code.slice(0, 2),
      platform: one.platform ?? one.store ?? '',
    };
    const key = JSON.stringify(statisticsDimensions.map((name) => (by.includes(name) ? all[name] : '')));
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, of]) => {
    const [mode, country, hs2, platform] = JSON.parse(key) as [string, string, string, string];
    const cents = of.map(({ currency, fob_minor: minor, fob_fen: fen }) =>
      currency === 'USD' ? minor : fen === null ? null : Number((2_000_000n * BigInt(fen) + scaled) / (2n * scaled)),
    );
    const sum = (values: readonly (number | null)[]): number => values.reduce<number>((a, b) => a + (b ?? 0), 0);
    return {
      ...{ mode, country, hs2, platform, lines: of.length },
      orders: new Set(of.map((one) => one.order_id ?? one.declaration_no)).size,
      fen: sum(of.map((one) => one.fob_fen)),
      usdCents: cents.includes(null) ? null : sum(cents),
      unrated: of.filter((one) => one.fob_fen === null).length,
      newBuyers: new Set(of.filter((one) => one.isFirst === 1).map((one) => one.order_id)).size,
    };
  });
}

const sorted = (cells: readonly object[]): string[] =>
  cells.map((cell) => JSON.stringify(Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

const step = fc.record({
  what: fc.constantFrom(
    ...(['line', 'shared', 'date', 'worth', 'where', 'order', 'gone', 'part', 'partGone', 'store'] as const),
    ...(['platform', 'storeNew', 'storeGone', 'earlier', 'rate', 'return', 'void', 'zone', 'idle', 'idle'] as const),
  ),
  at: fc.nat(999),
  month: fc.constantFrom(...months),
  other: fc.nat(9),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('what is kept of a month', () => {
  let next = 1000;
  let dollar = '7.1';

  async function take({ what, at, month, other }: Step): Promise<void> {
    const { book } = core.session;
    const pick = (table: string, where = '1'): number => {
      const ids = book.prepare(`SELECT id FROM ${table} WHERE ${where} ORDER BY id`).all() as { id: number }[];
      return ids[at % Math.max(ids.length, 1)]?.id ?? 0;
    };
    const [date, now] = [`${month}-${String(1 + (at % 28)).padStart(2, '0')}`, '2026-11-21T00:00:00.000Z'];
    const country = ['303', '502', null][other % 3] ?? null;
    const hsCode = ['0804501000', '2007910000'][other % 2] ?? '';
    const order = other === 0 ? null : pick('sales_order');
    next += 1;
    const line = (ofOrders: 0 | 1) =>
      book
        .prepare(
          `INSERT INTO export_line (mode, declaration_no, line_no, export_date, order_id, of_orders, sku, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, country, created_at)
           VALUES (?, ?, ?, ?, ?, ?, 'MG', ?, '芒果', '035', 100000, ?, ?, ?, ?, ?)`,
        )
        .run(
          ...[other % 4 === 0 ? '9710' : '9610', `P-${Math.floor(next / 3)}`, next, date],
          ...[ofOrders === 1 ? null : order, ofOrders, hsCode, other % 3 === 0 ? 'GBP' : 'USD', 1000 + at],
          ...[other === 7 ? null : 7 * at + other, country, now],
        );
    const sales = (on: string): void => {
      book
        .prepare(
          `INSERT INTO sales_order (id, order_no, order_date, ordered_at, customer, country_text, country, currency, lines, goods_value_e5, store, state, created_at)
           VALUES (?, ?, ?, ?, ?, '', '303', 'USD', 1, 1000000, ?, 'released', ?)`,
        )
        .run(
          // Into one of four parts of the months.
          2048 * (next % 4) + next,
          `P${next}`,
          on,
          `${on}T08:00:00`,
          `C${at % 4}`,
          ['shopee-gb', 'Amazon', 'own', null][other % 4] ?? null,
          now,
        );
    };
    const setLine = (sets: string, ...values: (string | number | null)[]): void => {
      book.prepare(`UPDATE export_line SET ${sets} WHERE id = ?`).run(...values, pick('export_line'));
    };
    const free = `id NOT IN (SELECT export_line_id FROM goods_return WHERE export_line_id IS NOT NULL)`;
    const part = (): unknown[] => {
      const parts = book.prepare('SELECT export_line_id AS line, position FROM export_goods ORDER BY 1, 2').all() as {
        line: number;
        position: number;
      }[];
      const one = parts[at % Math.max(parts.length, 1)];
      return [one?.line ?? 0, one?.position ?? 0];
    };
    const steps: Record<Step['what'], () => unknown> = {
      line: () => line(0),
      shared: () => {
        const id = Number(line(1).lastInsertRowid);
        const goods = book.prepare(
          `INSERT INTO export_goods (export_line_id, position, order_id, sku, qty_e5, fob_minor, fob_before) VALUES (?, ?, ?, 'MG', 50000, ?, ?)`,
        );
        goods.run(id, 1, pick('sales_order'), 333, 0);
        goods.run(id, 2, pick('sales_order', `id % 3 = ${other % 3}`) || 1, 667 + at, 333);
      },
      date: () => setLine('export_date = ?', date),
      worth: () => setLine('fob_minor = ?, fob_fen = ?', 500 + at, other === 7 ? null : at * 3),
      where: () => setLine('country = ?, hs_code = ?, mode = ?', country, hsCode, other > 4 ? '9710' : '9610'),
      order: () =>
        book
          .prepare('UPDATE export_line SET order_id = ? WHERE id = ? AND of_orders = 0')
          .run(order, pick('export_line', 'of_orders = 0')),
      gone: () => book.prepare('DELETE FROM export_line WHERE id = ?').run(pick('export_line', free)),
      part: () =>
        book
          .prepare('UPDATE export_goods SET order_id = ? WHERE export_line_id = ? AND position = ?')
          .run(pick('sales_order'), ...part()),
      partGone: () => book.prepare('DELETE FROM export_goods WHERE export_line_id = ? AND position = ?').run(...part()),
      store: () =>
        book
          .prepare('UPDATE sales_order SET store = ? WHERE id = ?')
          .run(['shopee-gb', 'own', null][other % 3] ?? null, pick('sales_order')),
      platform: () =>
        book
          .prepare('UPDATE store SET platform = ? WHERE id = ?')
          .run(['Shopee', 'Lazada', 'Amazon'][other % 3] ?? '', pick('store')),
      storeNew: () =>
        book
          .prepare(
            `INSERT INTO store (platform, name, entity, currency, created_at, updated_at) VALUES ('Temu', 'own', '琼海测试贸易有限公司', 'USD', ?, ?)
             ON CONFLICT DO NOTHING`,
          )
          .run(now, now),
      storeGone: () => book.prepare(`DELETE FROM store WHERE name = 'own'`).run(),
      // An earlier order of a buyer comes into the book: it is the first from now on.
      earlier: () => sales(`2026-0${1 + (other % 9)}-01`),
      rate: () => {
        dollar = ['7.1', '7.0001', '6.95'][other % 3] ?? '7.1';
        return rate(dollar);
      },
      return: () =>
        core.call('returns.receive', {
          ...{ line: { exportLineId: pick('export_line') }, qty: '0.1', reason: 'returned', receivedOn: '2026-11-20' },
        }),
      void: () => {
        book.prepare(`UPDATE goods_return SET state = 'void' WHERE id = ?`).run(pick('goods_return'));
      },
      zone: () => book.saveProfile({ ...book.profile(), zone: ['湛江', '海南'][other % 2] ?? '' }, now),
      // What the core does where nothing else is asked of it, as far as it came.
      idle: () => {
        for (let parts = 0; parts <= other && keepNextPart(book); parts += 1);
      },
    };
    await steps[what]();
  }

  it('is what its lines come to, after whatever happens to them, and drills to them', async () => {
    const { book } = core.session;
    let [survived, counted] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        for (const one of steps) {
          await take(one);
          const before = book.prepare('SELECT count(*) AS n FROM statistics_kept').get() as { n: number };
          survived += before.n;
          for (const month of months) {
            for (const by of bys) {
              const left = cellsOf(book, month, by).map(({ returns: _, ...cell }) => cell);
              counted += left.length;
              expect(sorted(left.filter(({ lines }) => lines > 0)), `${one.what} ${month} ${by.join()}`).toEqual(
                sorted(byHand(month, by, dollar)),
              );
            }
            const { total, fen } = linesOf(book, { period: month, of: 'amount', limit: 1 });
            const [whole] = cellsOf(book, month, []);
            expect([total, fen]).toEqual([whole?.lines ?? 0, whole?.fen ?? 0]);
          }
        }
        const kept = months.map((month) => bys.map((by) => sorted(cellsOf(book, month, by))));
        book.prepare('DELETE FROM statistics_kept').run();
        expect(months.map((month) => bys.map((by) => sorted(cellsOf(book, month, by))))).toEqual(kept);
      }),
      { numRuns: 25 },
    );
    // Otherwise nothing was tried: most changes are of one month, and the others are still kept.
    expect(survived).toBeGreaterThan(100);
    expect(counted).toBeGreaterThan(1000);
    const whole = book
      .prepare(
        'SELECT substr(export_date, 1, 7) AS period, coalesce(sum(fob_fen), 0) AS fen FROM export_line GROUP BY 1 ORDER BY 1',
      )
      .all();
    expect(trendOf(book, '2026-11', 14)).toEqual(whole);
  });

  it('is what a reading counts, where it was kept before anyone asked', () => {
    const { book } = core.session;
    book.prepare('DELETE FROM statistics_kept').run();
    const all = () => months.map((month) => bys.map((by) => sorted(cellsOf(book, month, by))));
    const counted = all();
    book.prepare('DELETE FROM statistics_kept').run();
    let parts = 0;
    while (keepNextPart(book)) parts += 1;
    const kept = () => book.prepare('SELECT max(id) AS id FROM statistics_kept').get();
    const before = kept();
    expect(months.map((month) => cellsOf(book, month, statisticsDimensions).length > 0)).toEqual([true, true, true]);
    // Nothing was left to count.
    expect(kept()).toEqual(before);
    expect(all()).toEqual(counted);
    const byParts = book.prepare(
      'SELECT count(*) AS n FROM (SELECT DISTINCT month, part FROM export_line WHERE of_orders = 0)',
    );
    expect(parts).toBeGreaterThanOrEqual((byParts.get() as { n: number }).n);
    expect(parts).toBeGreaterThan(months.length);
  });

  it('is forgotten only for the part of the month of a change', () => {
    const { book } = core.session;
    const line = book.prepare(
      `INSERT INTO export_line (mode, declaration_no, line_no, export_date, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, country, created_at)
       VALUES ('9710', ?, 1, '2026-08-01', '0804501000', '芒果', '035', 100000, 'USD', 100, 700, '502', '2026-11-21T00:00:00.000Z')`,
    );
    for (const ends of ['07', '08']) line.run(`PART-${ends}`);
    while (keepNextPart(book));
    const kept = () =>
      book.prepare(`SELECT DISTINCT part FROM statistics_kept WHERE period = '2026-08' ORDER BY part`).pluck().all();
    expect(kept()).toEqual([-9, -8]);
    book.prepare(`UPDATE export_line SET fob_fen = 800 WHERE declaration_no = 'PART-08'`).run();
    expect(kept()).toEqual([-8]);
    expect(cellsOf(book, '2026-08', [])).toMatchObject([{ lines: 2, orders: 2, fen: 1500, usdCents: 200 }]);
    expect(kept()).toEqual([-9, -8]);
    book.prepare(`DELETE FROM export_line WHERE export_date = '2026-08-01'`).run();
    expect(cellsOf(book, '2026-08', [])).toEqual([]);
  });

  it('is forgotten only for the months of a change', () => {
    const { book } = core.session;
    const kept = () =>
      book.prepare('SELECT DISTINCT period FROM statistics_kept ORDER BY period').all() as { period: string }[];
    for (const month of months) cellsOf(book, month, []);
    expect(kept().map(({ period }) => period)).toEqual([...months]);
    book.prepare(`UPDATE export_line SET received_on = '2026-12-01' WHERE export_date LIKE '2026-10%'`).run();
    expect(kept()).toHaveLength(3);
    book.prepare(`UPDATE export_line SET fob_fen = 1 WHERE declaration_no = 'L-0'`).run();
    book.prepare(`UPDATE export_line SET fob_fen = 1 WHERE export_date LIKE '2026-09%'`).run();
    expect(kept().map(({ period }) => period)).not.toContain('2026-09');
  });

  it('is counted and answered where another process is writing, which it does not wait for', () => {
    const { book } = core.session;
    const key = book.copyKey();
    const other = openDatabase(path.join(book.folder, 'book.portbook'), key);
    try {
      const [whole] = cellsOf(book, '2026-10', []);
      book.prepare('DELETE FROM statistics_kept').run();
      other.exec('BEGIN IMMEDIATE');
      expect(cellsOf(book, '2026-10', [])).toEqual([whole]);
      expect(book.prepare('SELECT count(*) AS n FROM statistics_kept').get()).toEqual({ n: 0 });
      other.exec('ROLLBACK');
      expect(cellsOf(book, '2026-10', [])).toEqual([whole]);
      expect(book.prepare('SELECT DISTINCT period, dimensions FROM statistics_kept ORDER BY 2').all()).toEqual([
        { period: '2026-10', dimensions: '' },
        { period: '2026-10', dimensions: statisticsDimensions.join(' ') },
      ]);
    } finally {
      other.close();
      key.fill(0);
    }
  });
});
