import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { plat301 } from '../../shared/documents/index.ts';
import { headOf, linesOf } from '../../shared/documents/spec.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { exportsOf } from '../fixtures/statistics-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** The monthly statistics (统计月报): figures by every dimension, their lines, three sources, and the filing with the practice platform. */
let folder = '';
let core: Core;
let platform: Platform;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-statistics-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  for (const [currency, cnyPerUnit] of [
    ['USD', '7.1'],
    ['GBP', '9.3'],
  ] as const)
    for (const date of ['2025-10-31', '2026-08-31', '2026-09-30'])
      await must(core, 'rates.set', { kind: 'parity', currency, date, cnyPerUnit, source: '中国外汇交易中心' });
  exportsOf(core.session.book);
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: '演练' });
});
afterAll(async () => {
  await core.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

const month = (by?: InputOf<'statistics.month'>['by'], period = '2026-10') =>
  must(core, 'statistics.month', { period, ...(by === undefined ? {} : { by }) });
const shown = ({ rows }: OutputOf<'statistics.month'>) =>
  rows.map(({ mode, country, hs2, platform: of, orders, amountCny, amountUsd, returns, newBuyers }) =>
    [mode, country, hs2, of, orders, amountCny, amountUsd, returns, newBuyers].join(' '),
  );

describe('figures of a month', () => {
  it('stand by mode, country, chapter and platform, an order once in the whole', async () => {
    const view = await month();
    // Dollars as they are, pounds through yuan at the month's rate: 93.00 CNY / 7.1 = 13.0986.
    expect(shown(view)).toEqual([
      '9710 502 08  1 7100.00 1000.00 0 0',
      '9610 303 08 Shopee 2 186.00 26.20 1 1',
      '9610 303 20 Shopee 1 93.00 13.10 0 1',
      '9610 502 08 Amazon 1 71.00 10.00 0 1',
      // Of the month before, and gone.
      '9610 110 08 Amazon 0 0.00 0.00 0 0',
    ]);
    expect(view.total).toMatchObject({
      lines: 5,
      orders: 4,
      amountCny: '7450.00',
      amountUsd: '1049.30',
      returns: 1,
      newBuyers: 2,
    });
    expect(view.rows.map(({ isB2b }) => isB2b)).toEqual([true, false, false, false, false]);
  });

  it('group by fewer dimensions without counting an order twice', async () => {
    expect(shown(await month(['mode']))).toEqual(['9710    1 7100.00 1000.00 0 0', '9610    3 350.00 49.30 1 2']);
    expect(shown(await month(['platform']))[0]).toBe('    1 7100.00 1000.00 0 0');
    expect(shown(await month(['country', 'hs2']))).toHaveLength(4);
  });

  it('stand beside the month before and the year before, with what is gone', async () => {
    const { total, rows } = await month(['country']);
    expect(total).toMatchObject({ amountBefore: '710.00', amountYearAgo: '14200.00', monthBp: 94_930, yearBp: -4754 });
    expect(rows.map(({ country, amountCny, amountBefore }) => [country, amountCny, amountBefore])).toEqual([
      ['502', '7171.00', '0.00'],
      ['303', '279.00', '0.00'],
      ['110', '0.00', '710.00'],
    ]);
    const { rows: trend } = await must(core, 'statistics.trend', { period: '2026-10' });
    expect(trend.map(({ period, amountCny }) => [period, amountCny]).filter(([, amount]) => amount !== '0.00')).toEqual(
      [
        ['2025-10', '14200.00'],
        ['2026-09', '710.00'],
        ['2026-10', '7450.00'],
      ],
    );
    expect(trend).toHaveLength(13);
  });

  it('drill to lines that sum to them to the fen', async () => {
    const { rows } = await month();
    for (const { mode, country, hs2, platform: of, lines, amountCny, amountUsd } of rows) {
      const drilled = await must(core, 'statistics.lines', { period: '2026-10', mode, country, hs2, platform: of });
      expect(drilled).toMatchObject({ total: lines, amountCny, amountUsd });
      expect(drilled.rows.every((row) => row.exportLineId !== undefined)).toBe(true);
    }
    const page = await must(core, 'statistics.lines', { period: '2026-10', limit: 3 });
    const next = await must(core, 'statistics.lines', { period: '2026-10', limit: 3, after: page.nextCursor ?? '' });
    expect(new Set([...page.rows, ...next.rows].map(({ key }) => key)).size).toBe(5);
    const back = await must(core, 'statistics.lines', { period: '2026-10', of: 'returns', country: '303' });
    expect(back.rows.map(({ number, orderNo }) => [number, orderNo])).toEqual([['C-1', 'A1']]);
    const fresh = await must(core, 'statistics.lines', { period: '2026-10', of: 'newBuyers' });
    expect(new Set(fresh.rows.map(({ orderNo }) => orderNo))).toEqual(new Set(['A1', 'A3']));
  });

  it('count what came back in the month that told it first, whatever is received later', async () => {
    const line = core.session.book
      .prepare(
        `SELECT e.id FROM export_line e JOIN sales_order o ON o.id = e.order_id WHERE o.order_no = 'A1' AND e.country = '303' ORDER BY e.id LIMIT 1`,
      )
      .get() as { id: number };
    const goods = { line: { exportLineId: line.id }, qty: '0.1', reason: 'returned' } as const;
    await must(core, 'returns.receive', { ...goods, receivedOn: '2026-11-05' });
    // October was told of a cancellation, and stays as it was reported; November does not tell of the same goods again.
    expect((await month()).total).toMatchObject({ returns: 1 });
    expect((await month([], '2026-11')).total).toMatchObject({ returns: 0 });
    // What comes back besides is November's.
    await must(core, 'returns.receive', { ...goods, receivedOn: '2026-11-06' });
    expect((await month([], '2026-11')).total).toMatchObject({ returns: 1 });
    expect((await must(core, 'statistics.lines', { period: '2026-11', of: 'returns' })).total).toBe(1);
  });

  it('count what has no rate in no amount, say so, and are not filed', async () => {
    const { total } = await month([], '2026-11');
    expect(total).toMatchObject({ lines: 1, amountCny: '0.00', amountUsd: null, unrated: 1 });
    const { id } = await must(core, 'statistics.open', { period: '2026-11' });
    const { refused } = await must(core, 'filings.draft', { subjects: [{ kind: 'statistics-report', id }] });
    expect(refused).toMatchObject([{ code: 'STATISTICS_UNRATED', params: { lines: 1, period: '2026-11' } }]);
    expect(await must(core, 'statistics.cancel', { id, reason: '没有汇率' })).toEqual({ filed: false });
  });

  it('show business to business with its evidence', async () => {
    const { share, rows } = await must(core, 'statistics.b2b', { period: '2026-10' });
    expect(share).toEqual({ amountCny: '7100.00', bp: 9530 });
    expect(rows).toMatchObject([
      { mode: '9710', declarationNo: 'D-9710', papers: [], reason: { zh: '以9710跨境电商企业对企业直接出口申报' } },
    ]);
  });
});

describe('a report', () => {
  let id = 0;
  const subject = () => ({ kind: 'statistics-report', id }) as const;
  const draft = () => must(core, 'filings.draft', { subjects: [subject()] });
  const file = async (): Promise<void> => {
    await must(core, 'documents.queue', { kind: 'PLAT301Message' });
    await syncUntil(core);
  };
  const of = async () => (await must(core, 'statistics.list', {})).rows.find((row) => row.id === id);

  it('is opened once a month and takes over the remark of the one before', async () => {
    const before = await must(core, 'statistics.open', { period: '2026-09' });
    await must(core, 'statistics.save', { id: before.id, note: '含直播带货订单' });
    ({ id } = await must(core, 'statistics.open', { period: '2026-10' }));
    expect(await must(core, 'statistics.open', { period: '2026-10' })).toEqual({ id });
    expect(await of()).toMatchObject({ number: 'TJ-202610', note: '含直播带货订单', filing: null });
  });

  it('reminds of months from the first one on, until it is accepted', async () => {
    const due = async () =>
      (await must(core, 'deadlines.list', { from: '2026-10-01', to: '2026-12-31', today: '2026-11-02' })).rows
        .filter(({ rule }) => rule === 'statisticsReport')
        .map(({ date, subject: month, target }) => [date, month, target]);
    expect(await due()).toEqual([
      ['2026-10-10', '2026-09', 'statistics?period=2026-09'],
      ['2026-11-10', '2026-10', 'statistics?period=2026-10'],
      ['2026-12-10', '2026-11', 'statistics?period=2026-11'],
    ]);
  });

  it('is filed with lines that add up to its head, and accepted', async () => {
    const { documents, refused } = await draft();
    expect(refused).toEqual([]);
    expect(documents).toMatchObject([{ kind: 'PLAT301Message', businessKey: 'TJ-202610', state: 'checked' }]);
    const { body } = await must(core, 'documents.get', { id: documents[0]?.id ?? 0 });
    expect(headOf(plat301, body)).toMatchObject({
      period: '202610',
      orders: '4',
      amountCny: '7450.00',
      amountUsd: '1049.30',
      newBuyers: '2',
    });
    expect(linesOf(plat301, body).map(({ gnum, mode, platform: by, zone }) => [gnum, mode, by, zone])).toEqual([
      ['1', '9610', 'Shopee', firm.zone],
      ['2', '9610', 'Shopee', firm.zone],
      ['3', '9610', 'Amazon', firm.zone],
      ['4', '9710', undefined, firm.zone],
    ]);
    await file();
    expect(await of()).toMatchObject({
      acceptNo: expect.stringMatching(/^TJ/),
      filing: { state: 'accepted', stale: false },
    });
    expect((await draft()).refused).toMatchObject([{ code: 'FILING_UNCHANGED' }]);
  });

  it('is marked by a line of its month and by a new name of a store, and filed as a change', async () => {
    core.session.book
      .prepare(`UPDATE export_line SET fob_minor = 1100, fob_fen = 7810 WHERE declaration_no = 'L-4'`)
      .run();
    expect((await of())?.filing).toMatchObject({ stale: true });
    await draft();
    await file();
    expect((await of())?.filing).toMatchObject({ state: 'accepted', appType: '2', stale: false });
    core.session.book.prepare(`UPDATE store SET platform = 'Lazada' WHERE name = 'shopee-gb'`).run();
    expect((await of())?.filing).toMatchObject({ stale: false });
    await must(core, 'statistics.open', { period: '2026-10' });
    expect((await of())?.filing).toMatchObject({ stale: true });
  });

  it('is taken back by a deletion', async () => {
    expect(await must(core, 'statistics.cancel', { id, reason: '重复报送' })).toEqual({ filed: true });
    await file();
    expect(await of()).toMatchObject({ state: 'cancelled', acceptNo: null });
  });

  it('stands beside what the platform counted, with the gaps', async () => {
    const period = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
    expect(await must(core, 'statistics.sources', { period: '2026-10' })).toMatchObject({
      asked: null,
      origins: [{ origin: 'import', documents: 4, lines: 5 }],
      gaps: [{ code: 'noDocument', count: 5 }],
    });
    await must(core, 'statistics.ask', { period });
    const { kinds, asked, gaps } = await must(core, 'statistics.sources', { period });
    expect(asked).toMatchObject({ endpoint: '演练' });
    expect(kinds).toEqual([{ kind: 'PLAT301Message', ours: 3, platform: 3 }]);
    expect(gaps.map(({ code }) => code)).not.toContain('platformDiffers');
  });
});
