import path from 'node:path';
import type { Page } from 'playwright';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { type Desk, launchDesk } from '../desk/launch.ts';
import { draftPapers } from '../faults/support/queue.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inFolder, median, percentile, timed } from './harness.ts';

const LINES = 1000;
const OPENED_LINES = 500;
const DOCUMENTS = 10_000;
const DRAFTS = 500;
const KEYS = 200;
const OPENINGS = 15;
const CHECK_ROUNDS = 3;

const line = (number: number): Record<string, string> => ({
  itemNo: `SKU-${number}`,
  gcode: '4909009000',
  gname: `热带风光贺卡八张装 ${number}`,
  gmodel: '出口享惠情况:不享惠|无品牌|印刷|带信封|八张装|纸制',
  barCode: '无',
  country: '502',
  currency: '502',
  qty: '6',
  qty1: '0.72',
  unit: '011',
  unit1: '035',
  price: '4.6',
  totalPrice: '27.6',
});

/** A list with so many lines, made after one of the sample book; answers its id. */
async function listOf(core: ReturnType<typeof coreAt>, source: number, lines: number): Promise<number> {
  const { id } = await must(core, 'entry.copy', { id: source });
  const opened = await must(core, 'entry.open', { id });
  const count = (opened.body as { InventoryList: unknown[] }).InventoryList.length;
  await must(core, 'entry.save', {
    id,
    base: opened.revision,
    operations: [
      { op: 'insert', at: 1, lines: Array.from({ length: lines - count }, (_, index) => line(index + 1)) },
      { op: 'set', path: 'InventoryHead/logisticsNo', value: `YT${id}` },
    ],
  });
  return id;
}

async function sampleList(core: ReturnType<typeof coreAt>): Promise<number> {
  await must(core, 'books.createSample', {});
  const { rows } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  return (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).rows[0]?.id ?? 0;
}

async function ask(page: Page, op: OperationName, input: object): Promise<void> {
  await page.evaluate(
    async ([name, given]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      await bridge.call(name, given);
    },
    [op as string, input] as const,
  );
}

/** Starts to measure in the window: from the key to the frame that shows it, as the window's own clock has it. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times: number[] = [];
    Reflect.set(window, 'keyTimes', times);
    window.addEventListener(
      'keydown',
      (event) => {
        const from = event.timeStamp;
        // The frame after the key is drawn when its own task has run.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times.push(performance.now() - from);
          port2.postMessage(undefined);
        });
      },
      { capture: true },
    );
  });
}

const takeTimes = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const times: number[] = Reflect.get(window, 'keyTimes');
    return times.splice(0);
  });

/** Types figures and walks down, as one enters a column; the value of every third key goes into the document. */
async function typeColumn(page: Page, keys: number): Promise<void> {
  const sequence = ['1', '2', 'ArrowDown'];
  for (let key = 0; key < keys; key += 1) {
    await page.keyboard.press(sequence[key % sequence.length] ?? '1');
    await page.waitForTimeout(15);
  }
}

/** Entry in the real window: keys in a grid of 1,000 lines, a document of 500 lines opened. */
async function windowFigures(folder: string): Promise<Figure[]> {
  const home = path.join(folder, 'window');
  const core = coreAt(home);
  const source = await sampleList(core);
  const opened = await listOf(core, source, OPENED_LINES);
  const long = await listOf(core, source, LINES);
  await must(core, 'books.close', {});
  const { books } = await must(core, 'books.list', {});
  await core.close();
  let desk: Desk | undefined;
  try {
    desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
    const { page } = desk;
    await page.waitForSelector('[data-page="welcome"]');
    const { samplePassphrase } = await import('../../shared/sample-book.ts');
    const secret: InputOf<'books.open'>['secret'] = { passphrase: samplePassphrase };
    await ask(page, 'books.open', { bookId: books[0]?.id ?? '', secret });
    await page.waitForSelector('[data-page="today"]');
    await watchKeys(page);
    await page.keyboard.press('Alt+5');
    await page.locator('.data-table-box [aria-selected]').first().waitFor();

    // The long list is the newest; its grid, then a bare input in the same window.
    await page.keyboard.press('Home');
    await page.waitForSelector('.detail-head');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.goods-row');
    await page.waitForTimeout(600);
    await page.locator('.goods-editor input').focus();
    await page.keyboard.press('Control+Home');
    const field = async () =>
      page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-path]')?.dataset['path'] ?? '');
    while (!(await field()).endsWith('/qty')) await page.keyboard.press('ArrowRight');
    await typeColumn(page, 30);
    await takeTimes(page);
    await typeColumn(page, KEYS);
    const keys = await takeTimes(page);
    await page.evaluate(() => {
      const bare = document.createElement('input');
      bare.id = 'bare';
      document.body.append(bare);
      bare.focus();
    });
    await takeTimes(page);
    await typeColumn(page, KEYS);
    const bareKeys = await takeTimes(page);
    await page.evaluate(() => document.getElementById('bare')?.remove());
    await page.locator('.goods-editor input').focus();
    await page.keyboard.press('Escape');
    await page.locator('.data-table-box [aria-selected]').first().waitFor();

    // From the key that opens it to the frame with its lines; the floor: the same document read through the same bridge.
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(600);
    const openings: number[] = [];
    const reads: number[] = [];
    for (let round = 0; round < OPENINGS; round += 1) {
      await page.evaluate(() => {
        Reflect.set(window, 'openedIn', 0);
        window.addEventListener(
          'keydown',
          (event) => {
            const from = event.timeStamp;
            const look = (): void => {
              if (document.querySelector('.goods-row .goods-cell:not(.is-line)') === null) requestAnimationFrame(look);
              else requestAnimationFrame(() => Reflect.set(window, 'openedIn', performance.now() - from));
            };
            look();
          },
          { capture: true, once: true },
        );
      });
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => Reflect.get(window, 'openedIn') > 0);
      openings.push(await page.evaluate(() => Reflect.get(window, 'openedIn')));
      reads.push(
        await page.evaluate(async (id) => {
          const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
          const from = performance.now();
          await bridge.call('entry.open', { id });
          return performance.now() - from;
        }, opened),
      );
      await page.keyboard.press('Escape');
      await page.locator('.data-table-box [aria-selected]').first().waitFor();
      await page.waitForTimeout(300);
    }
    const keyMs = percentile(keys, 0.95);
    const openMs = percentile(openings, 0.5);
    if (long === opened) throw new Error('the documents are one');
    return [
      {
        name: `key to frame in a grid of ${LINES} lines, p95 of ${keys.length} keys`,
        unit: 'ms',
        ours: keyMs,
        floor: percentile(bareKeys, 0.95),
        floorName: 'a bare input in the same window',
        goal: '< 50 ms',
        isMet: keyMs < 50,
      },
      {
        name: `document of ${OPENED_LINES} lines opened, from the key to its lines, median of ${OPENINGS}`,
        unit: 'ms',
        ours: openMs,
        floor: percentile(reads, 0.5),
        floorName: 'reading it through the same bridge',
        goal: '< 300 ms',
        isMet: openMs < 300,
      },
    ];
  } finally {
    await desk?.close();
  }
}

/** A book with so many lists, made after one of the sample book. */
async function manyLists(core: ReturnType<typeof coreAt>): Promise<void> {
  const source = await sampleList(core);
  const { book } = core.session;
  const template = book.prepare('SELECT * FROM document WHERE id = ?').get(source) as Record<string, unknown>;
  const insert = book.prepare(
    `INSERT INTO document (kind, business_key, version, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
     VALUES ('CEB603Message', ?, 1, ?, ?, ?, ?, 'draft', ?, ?, ?)`,
  );
  const body = JSON.parse(String(template['body'])) as { InventoryHead: Record<string, string> };
  const there = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).total;
  book.transaction(() => {
    for (let number = 1; number <= DOCUMENTS - there; number += 1) {
      const copNo = `BENCH${String(number).padStart(8, '0')}`;
      const own = {
        ...body,
        InventoryHead: { ...body.InventoryHead, copNo, logisticsNo: `L${number}`, orderNo: `O${number}` },
      };
      insert.run(
        ...[copNo, copNo, JSON.stringify(own), template['amount_e5'], template['currency']],
        ...[template['tables_version'], template['created_at'], template['updated_at']],
      );
    }
  });
}

const WORDS = ['bench0000', '4601960pbk', 'bench00009999', 'nothing'];

/** 10,000 documents filtered as one types, in the real window: from each key to the frame with what it finds. */
async function filterFigure(folder: string): Promise<Figure> {
  const home = path.join(folder, 'filter');
  const core = coreAt(home);
  await manyLists(core);
  const { book } = core.session;
  const bare = WORDS.flatMap((word) => [...word].map((_, at) => word.slice(0, at + 1))).map((text) => {
    const from = performance.now();
    book
      .prepare(
        `SELECT id FROM document WHERE kind = 'CEB603Message' AND business_key LIKE ? ORDER BY id DESC LIMIT 100`,
      )
      .all(`%${text}%`);
    return performance.now() - from;
  });
  await must(core, 'books.close', {});
  const { books } = await must(core, 'books.list', {});
  await core.close();
  let desk: Desk | undefined;
  try {
    desk = await launchDesk({ home, size: { width: 1366, height: 768 } });
    const { page } = desk;
    await page.waitForSelector('[data-page="welcome"]');
    const { samplePassphrase } = await import('../../shared/sample-book.ts');
    await ask(page, 'books.open', { bookId: books[0]?.id ?? '', secret: { passphrase: samplePassphrase } });
    await page.waitForSelector('[data-page="today"]');
    await page.keyboard.press('Alt+5');
    await page.locator('.data-table-box [aria-selected]').first().waitFor();
    await page.keyboard.press('Control+f');
    const times: number[] = [];
    for (const word of ['warm', ...WORDS]) {
      for (const key of word) {
        // The list is busy from when it begins to read until it has what it then shows.
        await page.evaluate(() => {
          Reflect.set(window, 'filteredIn', 0);
          window.addEventListener(
            'keydown',
            (event) => {
              const from = event.timeStamp;
              const list = document.querySelector('.data-table-box');
              let wasBusy = false;
              const watch = new MutationObserver(() => {
                const isBusy = list?.getAttribute('aria-busy') === 'true';
                wasBusy ||= isBusy;
                if (isBusy || !wasBusy) return;
                watch.disconnect();
                // The frame after it is drawn when this one's own task has run.
                requestAnimationFrame(() => {
                  const { port1, port2 } = new MessageChannel();
                  port1.onmessage = () => Reflect.set(window, 'filteredIn', performance.now() - from);
                  port2.postMessage(undefined);
                });
              });
              if (list !== null) watch.observe(list, { attributes: true, attributeFilter: ['aria-busy'] });
            },
            { capture: true, once: true },
          );
        });
        await page.keyboard.press(key);
        await page.waitForFunction(() => Reflect.get(window, 'filteredIn') > 0);
        if (word !== 'warm') times.push(await page.evaluate(() => Reflect.get(window, 'filteredIn')));
      }
      await page.keyboard.press('Escape');
      await page.waitForFunction(
        () =>
          document.querySelector('.data-table-box')?.getAttribute('aria-busy') === 'false' &&
          Number(document.querySelector('.data-table-box')?.getAttribute('aria-rowcount')) > 9000,
      );
      await page.waitForTimeout(600);
    }
    const ours = percentile(times, 0.95);
    return {
      name: `${DOCUMENTS} documents filtered as one types in the window, key to frame with the list, p95 of ${times.length} keys`,
      unit: 'ms',
      ours,
      floor: percentile(bare, 0.95),
      floorName: 'the bare LIKE of SQLite',
      goal: '< 100 ms',
      isMet: ours < 100,
    };
  } finally {
    await desk?.close();
  }
}

/** 500 lists checked with order, receipt and waybill of each, by a core that has just opened the book. */
async function checkFigure(folder: string): Promise<Figure> {
  const home = path.join(folder, 'check');
  const passphrase = 'bench-passphrase';
  const kinds = ['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB603Message'] as const;
  const making = coreAt(home);
  const { bookId } = await must(making, 'books.create', { profile: { ...firm, ebpCode: '无' }, passphrase });
  const orders = Array.from({ length: DRAFTS }, (_, n) => n + 1);
  draftPapers(making.session.book, '2026-11-21T02:00:00.000Z', orders, kinds);
  await making.close();
  const times: number[] = [];
  const cpu: number[] = [];
  const reads: number[] = [];
  let rounds = 0;
  let documents = 0;
  while (rounds < CHECK_ROUNDS) {
    rounds += 1;
    const core = coreAt(home);
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    const before = process.cpuUsage();
    times.push(await timed(() => must(core, 'documents.check', { kind: 'CEB603Message' })));
    const used = process.cpuUsage(before);
    cpu.push((used.user + used.system) / 1000);
    // The floor: the same documents read out of the sealed book and parsed.
    reads.push(
      await timed(() => {
        const rows = core.session.book.prepare('SELECT body FROM document ORDER BY id').all() as { body: string }[];
        documents = rows.map(({ body }) => JSON.parse(body) as unknown).length;
      }),
    );
    await core.close();
  }
  const ours = median(times);
  return {
    name: `${DRAFTS} drafts checked, each with order, receipt and waybill (${documents} documents), in a core just started, median of ${rounds} (${median(cpu).toFixed(0)} ms of CPU)`,
    unit: 'ms',
    ours,
    floor: median(reads),
    floorName: 'reading the same documents',
    goal: '< 2000 ms',
    isMet: ours < 2000,
  };
}

export const documentFigures = (): Promise<Figure[]> =>
  inFolder(async (folder) => [await checkFigure(folder), await filterFigure(folder)]);
export const entryFigures = (): Promise<Figure[]> => inFolder(windowFigures);
