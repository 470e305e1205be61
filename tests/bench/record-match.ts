import path from 'node:path';
import type { Book } from '../../electron/core/store/book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { compare, type Figure, inChild, inFolder, reportChild, timed } from './harness.ts';

const ORDERS = 1_000_000;
const ROUNDS = 5;
const LIMIT_RATIO = 2;
const LIMIT_MB = 500;
const PASSPHRASE = 'bench-passphrase';

/** Orders with their payment and waybill: 2 % without a payment, 1 % of another amount, 1 % paid twice, 2 % without a waybill, 0.1 % orphans. */
function fill(book: Book): void {
  const order = book.prepare(
    `INSERT INTO sales_order (order_no, order_date, ordered_at, customer, country_text, country, currency, lines, goods_value_e5, state, created_at)
     VALUES (?, ?, ?, ?, 'United Kingdom', '303', 'USD', 1, ?, 'open', '2026-11-21T00:00:00.000Z')`,
  );
  const payment = book.prepare(
    `INSERT INTO order_payment (order_no, nth, pay_no, payer_account, institution, currency, amount_e5, paid_on, fingerprint, occurrence)
     VALUES (?, ?, ?, ?, 'PayPal', 'USD', ?, ?, ?, 1)`,
  );
  const waybill = book.prepare(
    `INSERT INTO waybill (order_no, logistics_no, gross_weight_e5, packages) VALUES (?, ?, 120000, 1)`,
  );
  const two = (n: number): string => String(n).padStart(2, '0');
  for (let from = 0; from < ORDERS; from += 100_000) {
    book.transaction(() => {
      for (let n = from; n < from + 100_000; n += 1) {
        const no = `DD2026${10_000_000 + n}`;
        const day = `2026-${two(1 + (n % 11))}-${two(1 + (n % 28))}`;
        const customer = `C${n % 50_000}`;
        const amount = (1000 + ((n * 7) % 100_000)) * 1000;
        order.run(no, day, `${day}T10:00:00`, customer, amount);
        const pay = (nth: number, value: number): unknown =>
          payment.run(no, nth, `PAY${n}-${nth}`, customer, value, day, `PAY${n}-${nth}`);
        if (n % 50 !== 0) pay(1, n % 100 === 1 ? amount + 1_000_000 : amount);
        if (n % 100 === 2) pay(2, amount);
        if (n % 50 !== 7) waybill.run(no, `YT${n}`);
        if (n % 1000 === 3) payment.run(`ZZ${no}`, 1, `PAYZ${n}`, customer, amount, day, `PAYZ${n}`);
      }
    });
  }
}

/** One bare join of the three tables by the number of the order, reading what is compared. */
const bareJoin = `SELECT count(*) AS n, sum(o.goods_value_e5), sum(p.amount_e5), sum(w.gross_weight_e5) FROM sales_order o
  JOIN order_payment p ON p.order_no = o.order_no JOIN waybill w ON w.order_no = o.order_no`;

/** In a process of its own: the join and the real match of the whole book in turns, every verdict written anew each time. */
export async function matchOnly(bookFolder: string): Promise<void> {
  const core = coreAt(path.join(bookFolder, '..', '..'));
  await core.session.open(bookFolder, { passphrase: PASSPHRASE });
  const { book } = core.session;
  const join = book.prepare(bareJoin);
  // Both sides find the pages of the file in the cache of the system, as a book that is worked on has them.
  join.get();
  const { ours, floor } = await compare(
    ROUNDS,
    async () => {
      book.prepare('DELETE FROM match_item').run();
      return timed(() => must(core, 'match.run', {}));
    },
    () => timed(() => join.get()),
  );
  const { open } = await must(core, 'match.summary', {});
  await core.close();
  if (open < ORDERS / 20) throw new Error(`only ${open} mismatches were found`);
  reportChild(ours, floor);
}

/** Match of a million orders, payments and waybills beside one bare join of the same tables. */
export function recordMatchFigure(): Promise<Figure> {
  return inFolder(async (folder) => {
    const core = coreAt(path.join(folder, 'home'));
    await must(core, 'books.create', { profile: firm, passphrase: PASSPHRASE });
    const bookFolder = core.session.book.folder;
    fill(core.session.book);
    await core.close();
    const { ms: ours, floorMs: floor = 0, peakMb } = await inChild('match-only', bookFolder);
    return {
      name: `${ORDERS.toLocaleString('en')} orders matched to their payments and waybills`,
      unit: 'ms',
      ours,
      floor,
      floorName: 'one bare join',
      goal: `≤ ${LIMIT_RATIO} ×, < ${LIMIT_MB} MB`,
      isMet: ours <= floor * LIMIT_RATIO && peakMb < LIMIT_MB,
      peakMb,
    };
  });
}
