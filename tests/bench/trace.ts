import { ancestors, descendants } from '../../electron/core/store/trace/lots.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inFolder, median } from './harness.ts';

const CARTONS = 100_000;
const EVENTS = 1_000_000;
const HARVESTS = 2_000;
const MERGED = 1_000;
const PACKED = 2_000;
const ASKED = 200;
/** Milliseconds within which 95 of 100 questions are answered. */
const P95 = 200;
/** Of the answer to a floor that reads the two rows of the carton and its lot by their keys. */
const RATIO = 2_000;

/**
 * Backward and forward of any carton among 100,000 single ones with 1,000,000 events: harvests merged by twos, each merge packed into
 * lots of fifty cartons. The floor finds the carton and its lot by their keys and nothing more.
 */
export function traceFigures(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    const { book } = core.session;
    const at = '2026-07-01T00:00:00.000Z';
    book.transaction(() => {
      const run = (sql: string, ...values: readonly (string | number | null)[]): number =>
        Number(book.prepare(sql).run(...values).lastInsertRowid);
      const product = run(`INSERT INTO farm_product (name_zh, created_at, updated_at) VALUES ('荔枝', ?, ?)`, at, at);
      const site = (kind: string, name: string) =>
        run('INSERT INTO farm_site (kind, name, created_at, updated_at) VALUES (?, ?, ?, ?)', kind, name, at, at);
      const orchards = Array.from({ length: 100 }, (_, n) => site('orchard', `果园${n}`));
      const house = site('pack-house', '包装厂');
      const dispatches = Array.from({ length: 100 }, (_, n) =>
        run(
          `INSERT INTO dispatch (number, on_date, country, created_at, updated_at) VALUES (?, '2026-07-01', 'US', ?, ?)`,
          `D${n}`,
          at,
          at,
        ),
      );
      const lot = (code: string, siteId: number | null, stepId: number | null, grams: number): number =>
        run(
          'INSERT INTO lot (code, product_id, mass_g, free_g, made_on, site_id, step_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          ...[code, product, grams, grams, '2026-06-20', siteId, stepId, at],
        );
      const step = (): number =>
        run(
          `INSERT INTO lot_step (kind, on_date, site_id, created_at) VALUES ('process', '2026-06-21', ?, ?)`,
          house,
          at,
        );
      const take = (stepId: number, lotId: number, grams: number) =>
        run('INSERT INTO lot_input (step_id, lot_id, mass_g) VALUES (?, ?, ?)', stepId, lotId, grams);
      const harvests = Array.from({ length: HARVESTS }, (_, n) =>
        lot(`H${n}`, orchards[n % 100] ?? 0, null, 1_000_000),
      );
      const merged = Array.from({ length: MERGED }, (_, n) => {
        const made = step();
        take(made, harvests[n * 2] ?? 0, 1_000_000);
        take(made, harvests[n * 2 + 1] ?? 0, 1_000_000);
        return lot(`M${n}`, null, made, 2_000_000);
      });
      const packed = Array.from({ length: PACKED }, (_, n) => {
        const made = step();
        take(made, merged[n % MERGED] ?? 0, 1_000_000);
        return lot(`P${n}`, null, made, 900_000);
      });
      for (let n = 0; n < CARTONS; n += 1)
        run(
          'INSERT INTO lot_carton (lot_id, prefix, digits, first_no, last_no, net_g, dispatch_id) VALUES (?, ?, 6, ?, ?, 5000, ?)',
          ...[packed[n % PACKED] ?? 0, 'C', n, n, n % 2 === 0 ? (dispatches[n % 100] ?? 0) : null],
        );
      const lots = [...harvests, ...merged, ...packed];
      for (let n = 0; n < EVENTS; n += 1)
        run(
          `INSERT INTO lot_event (lot_id, at, kind, created_at) VALUES (?, ?, 'stored', ?)`,
          ...[lots[n % lots.length] ?? 0, new Date(1_780_000_000_000 + n * 60_000).toISOString(), at],
        );
    });
    const carton = (n: number): string => `C${String((n * 7919) % CARTONS).padStart(6, '0')}`;
    const floorOf = (n: number): unknown => {
      const row = book
        .prepare(`SELECT lot_id AS id FROM lot_carton WHERE prefix = 'C' AND first_no = ?`)
        .get((n * 7919) % CARTONS) as {
        id: number;
      };
      return book.prepare('SELECT code FROM lot WHERE id = ?').get(row.id);
    };
    const times: Record<'ours' | 'tree' | 'recall' | 'floor', number[]> = { ours: [], tree: [], recall: [], floor: [] };
    const timed = async (to: number[], work: () => unknown): Promise<void> => {
      const from = performance.now();
      await work();
      to.push(performance.now() - from);
    };
    for (let n = 0; n < ASKED; n += 1) {
      await timed(times.floor, () => floorOf(n));
      await timed(times.tree, () => {
        const { id } = book
          .prepare(`SELECT lot_id AS id FROM lot_carton WHERE prefix = 'C' AND first_no = ?`)
          .get((n * 7919) % CARTONS) as {
          id: number;
        };
        return [ancestors(book, [id]), descendants(book, ancestors(book, [id]))];
      });
      await timed(times.ours, async () => {
        const trace = await must(core, 'trace.query', { text: carton(n) });
        if (trace.harvestG !== 2_000_000 || trace.eventsTotal < 500) throw new Error('not traced');
      });
      await timed(times.recall, async () => {
        const recall = await must(core, 'trace.recall', { text: carton(n), reach: 'origin' });
        if (recall.cartonCount !== 100) throw new Error(`recalled ${recall.cartonCount}`);
      });
    }
    await core.close();
    const p95 = (values: readonly number[]): number =>
      [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
    const floor = median(times.floor);
    const figure = (name: string, values: readonly number[]): Figure => ({
      name: `${name}, p95 of ${ASKED} among ${CARTONS.toLocaleString('en')} cartons and ${EVENTS.toLocaleString('en')} events`,
      unit: 'ms',
      ours: p95(values),
      floor,
      floorName: 'reading carton and lot by key',
      goal: `≤ ${P95} ms, ≤ ${RATIO} ×`,
      isMet: p95(values) <= P95 && p95(values) / floor <= RATIO,
    });
    return [
      figure('a carton traced back and on, whole answer', times.ours),
      figure('the tree alone', times.tree),
      figure('a recall of everything of the same harvests', times.recall),
    ];
  });
}
