import path from 'node:path';
import type { Book } from '../../electron/core/store/book.ts';
import { receiptOf } from '../fixtures/money.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inFolder } from './harness.ts';

const ORDERS = 100_000;
const BUYERS = 30_000;
const RECEIPTS = 300;
const LIMIT_MS = 50;
const now = '2026-11-21T04:00:00.000Z';

/** A generator of its own, so that every run asks for the same receipts. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const first = [
  'John',
  'Mary',
  'Wei',
  'Anna',
  'Lars',
  'Fatima',
  'Carlos',
  'Yuki',
  'Olga',
  'Ahmed',
  'Julia',
  'Peter',
  'Min',
  'Sofia',
  'Ivan',
  'Chen',
];
const last = [
  'Smith',
  'Müller',
  'Garcia',
  'Tanaka',
  'Ivanova',
  'Hassan',
  'Jensen',
  'Rossi',
  'Dubois',
  'Novak',
  'Silva',
  'Kim',
  'Brown',
  'Li',
  'Nguyen',
];
const buyerOf = (at: number): string =>
  at % 5 === 0
    ? `${last[at % last.length]} ${last[(at >> 4) % last.length]} Trading ${at} GmbH`
    : `${first[at % first.length]} ${first[(at >> 4) % first.length]} ${last[(at >> 8) % last.length]}${at}`;
const day = (at: number): string => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10);

interface Sold {
  readonly no: string;
  readonly minor: number;
  readonly buyer: string;
}

/** Open orders of shop prices: many of one amount, many of one buyer. */
function fill(book: Book): Sold[] {
  const next = numbers(20261121);
  const sold: Sold[] = [];
  const insert = book.prepare(
    `INSERT INTO sales_order (order_no, order_date, ordered_at, customer, country_text, country, currency, lines, goods_value_e5, state, created_at, store)
     VALUES (?, ?, ?, ?, '', '502', ?, 1, ?, 'released', ?, ?)`,
  );
  book.transaction(() => {
    for (let at = 0; at < ORDERS; at++) {
      const minor = next(3) === 0 ? 100 * (1 + next(90)) + 99 : 500 + next(40_000);
      const buyer = buyerOf(next(BUYERS));
      const no = at % 2 === 0 ? `${500_000 + at}` : `114-${String(1_000_000 + at)}-${String(7_654_321 - at)}`;
      const date = day(next(320));
      insert.run(no, date, date, buyer, next(10) === 0 ? 'EUR' : 'USD', minor * 1000, now, `店铺${next(6)}`);
      sold.push({ no, minor, buyer });
    }
  });
  book.db.exec('ANALYZE');
  return sold;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Suggestions for one receipt among 100,000 open orders, beside one bare lookup by the same indexes of amount and number. */
export function allocationFigures(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const core = coreAt(path.join(folder, 'home'), { now: () => now });
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    await must(core, 'rates.set', { currency: 'USD', date: '2026-01-01', cnyPerUnit: '7', source: 'bench' });
    const { book } = core.session;
    const sold = fill(book);
    const next = numbers(7);
    const asked = Array.from({ length: RECEIPTS }, (_, at) => {
      const one = sold[next(sold.length)] ?? { no: '', minor: 100, buyer: '' };
      const text = [`PAYMENT ${one.no} /ROC/ REF ${next(1_000_000)}`, 'GOODS', `INV${one.no}`, ''][at % 4] ?? '';
      const payer =
        at % 3 === 0 ? one.buyer.toUpperCase() : at % 3 === 1 ? `${one.buyer.split(' ')[0]} Payments Ltd` : '';
      const minor = [one.minor, one.minor - 15, one.minor * 2, 1999][at % 4] ?? one.minor;
      const id = receiptOf(book, { minor: Math.max(1, minor), date: '2026-11-10', payer, country: 'US', text }, now);
      return { id, minor, no: one.no };
    });
    const byAmount = book.prepare(
      `SELECT id, order_no, order_date, open_minor FROM sales_order WHERE currency = 'USD' AND open_minor = ? AND open_minor > 0 ORDER BY order_date DESC LIMIT 25`,
    );
    const byNumber = book.prepare(
      'SELECT id, order_no, order_date, open_minor FROM sales_order WHERE reference_key = ?',
    );
    const ours: number[] = [];
    const bare: number[] = [];
    let suggested = 0;
    // The first receipts warm both sides up; then in turns.
    for (const [at, { id, minor, no }] of [...asked.slice(0, 20), ...asked].entries()) {
      const from = performance.now();
      byAmount.all(minor);
      byNumber.all(no.replaceAll('-', ''));
      const middle = performance.now();
      const { suggestions } = await must(core, 'allocations.suggest', { recordId: id });
      const to = performance.now();
      suggested += suggestions.length;
      if (at < 20) continue;
      bare.push(middle - from);
      ours.push(to - middle);
    }
    if (suggested === 0) throw new Error('nothing was suggested');
    const list: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const from = performance.now();
      await must(core, 'allocations.openTargets', {});
      list.push(performance.now() - from);
    }
    await core.close();
    const p95 = percentile(ours, 0.95);
    return [
      {
        name: `suggestions for one receipt among ${ORDERS} open orders, p95 (p50 ${percentile(ours, 0.5).toFixed(2)} ms)`,
        unit: 'ms',
        ours: p95,
        floor: percentile(bare, 0.95),
        floorName: 'two bare lookups by index',
        goal: `< ${LIMIT_MS} ms`,
        isMet: p95 < LIMIT_MS,
      },
      {
        name: `first page of ${ORDERS} open claims with totals, p50`,
        unit: 'ms',
        ours: percentile(list, 0.5),
        goal: '< 200 ms',
        isMet: percentile(list, 0.5) < 200,
      },
    ];
  });
}
