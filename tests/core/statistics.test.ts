import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { keepPlatformDocuments } from '../../electron/core/store/statistics.ts';
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
    const { origins } = await must(core, 'statistics.sources', { period: '2026-10' });
    for (const { origin, lines, amountCny } of origins)
      expect(await must(core, 'statistics.lines', { period: '2026-10', origin })).toMatchObject({
        total: lines,
        amountCny,
      });
    expect(await must(core, 'statistics.lines', { period: '2026-10', origin: 'list' })).toMatchObject({ total: 0 });
    expect(await must(core, 'statistics.sources', { period: '2026-10' })).toMatchObject({
      asked: null,
      origins: [{ origin: 'import', documents: 4, lines: 5 }],
      gaps: [{ code: 'noDocument', count: 5 }],
    });
    await must(core, 'statistics.ask', { period });
    const { kinds, asked, gaps } = await must(core, 'statistics.sources', { period });
    expect(asked).toMatchObject({ endpoint: '演练' });
    expect(kinds).toEqual([{ kind: 'PLAT301Message', ours: 3, platform: 3 }]);
    // The figure leads to just these documents, versions that another one followed among them.
    const sent = await must(core, 'documents.list', { kind: 'PLAT301Message', sentIn: period });
    expect(sent.total).toBe(3);
    expect((await must(core, 'documents.list', { sentIn: '2020-01' })).total).toBe(0);
    expect(gaps.map(({ code }) => code).filter((code) => code.startsWith('platform'))).toEqual([]);
  });
});

describe('three sources', () => {
  const period = '2026-10';
  const gap = async (code: InputOf<'statistics.gap'>['code']) =>
    (await must(core, 'statistics.gap', { period, code })).rows.map(({ number, ours, theirs, state, target }) => [
      number,
      ours,
      theirs,
      state,
      target,
    ]);
  const ids: number[] = [];

  /** Lists as they were sent: two that agree with the platform, one that is not there, one with another amount, one that it has alone. */
  beforeAll(() => {
    const { book } = core.session;
    const at = '2026-10-05T02:00:00.000Z';
    const document = book.prepare(
      `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES ('CEB603Message', ?, ?, '{}', ?, 'USD', 'released', '', '${at}', '${at}')`,
    );
    for (const [key, e5] of [
      ['QD-1', 1_000_000],
      ['QD-2', 2_000_000],
      ['QD-3', 3_000_000],
      ['QD-4', 4_000_000],
    ] as const)
      ids.push(Number(document.run(key, `guid-${key}`, e5).lastInsertRowid));
    book.prepare(`UPDATE document SET status_time = '20261005100000' WHERE business_key LIKE 'QD-_'`).run();
    // The lines of the first are there and agree; of the second one is short; the others have none.
    const line = book.prepare(
      `INSERT INTO export_line (mode, declaration_no, line_no, export_date, document_id, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, country, created_at)
       VALUES ('9610', ?, 1, '2026-10-05', ?, '0804501000', '芒果', '035', 100000, 'USD', ?, ?, '502', '${at}')`,
    );
    line.run('QD-1', ids[0], 1000, 7100);
    line.run('QD-2', ids[1], 1500, 10_650);
  });

  it('differ by document and amount, each row with where it is opened', async () => {
    const { gaps } = await must(core, 'statistics.sources', { period });
    const counted = Object.fromEntries(gaps.map(({ code, count }) => [code, count]));
    expect(counted).toMatchObject({ uncounted: 2, linesDiffer: 1, noDocument: 5 });
    expect(await gap('uncounted')).toEqual([
      ['QD-3', '30.00', null, null, `declaration/${ids[2]}`],
      ['QD-4', '40.00', null, null, `declaration/${ids[3]}`],
    ]);
    expect(await gap('linesDiffer')).toEqual([['QD-2', '20.00', '15.00', null, `declaration/${ids[1]}`]]);
    const lines = await gap('noDocument');
    expect(lines).toHaveLength(5);
    expect(lines[0]?.[4]).toMatch(/^purchases\?tab=exports&id=\d+$/);
  });

  it('are read a page at a time', async () => {
    const first = await must(core, 'statistics.gap', { period, code: 'noDocument', limit: 3 });
    const next = await must(core, 'statistics.gap', {
      period,
      code: 'noDocument',
      limit: 3,
      after: first.nextCursor ?? '',
    });
    expect(first.total).toBe(5);
    expect(new Set([...first.rows, ...next.rows].map(({ key }) => key)).size).toBe(5);
  });
});

describe('what the platform names', () => {
  it('is one by one what was sent, and a difference says of which document', async () => {
    const { book } = core.session;
    const now = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
    // The platform's answer, as if it had named the reports that were sent with other amounts.
    const sent = book
      .prepare(
        `SELECT max(d.id) AS id, d.business_key AS number FROM document d JOIN message_document md ON md.document_id = d.id
         WHERE d.kind = 'PLAT301Message' GROUP BY d.business_key`,
      )
      .all() as { id: number; number: string }[];
    const [one] = sent;
    if (one === undefined) throw new Error('no report was sent');
    keepPlatformDocuments(book, now, 'PLAT301Message', [
      { number: one.number, state: 'accepted', amount: '1.5' },
      { number: 'TJ-OTHER', state: 'pending', amount: '9' },
    ]);
    const kept = JSON.parse(book.setting(`statistics.platform:${now}`) ?? '{}') as Record<string, unknown>;
    book.setSetting(`statistics.platform:${now}`, JSON.stringify({ ...kept, named: ['PLAT301Message'] }));
    const { gaps, asked } = await must(core, 'statistics.sources', { period: now });
    expect(asked?.named).toEqual(['PLAT301Message']);
    expect(gaps.map(({ code, count }) => [code, count]).filter(([code]) => `${code}`.startsWith('platform'))).toEqual([
      ['platformAmount', 1],
      ['platformOnly', 1],
    ]);
    const amounts = await must(core, 'statistics.gap', { period: now, code: 'platformAmount' });
    expect(amounts.rows).toMatchObject([
      { number: one.number, theirs: '1.50', state: 'accepted', target: `declaration/${one.id}` },
    ]);
    const only = await must(core, 'statistics.gap', { period: now, code: 'platformOnly' });
    expect(only.rows).toMatchObject([
      { number: 'TJ-OTHER', ours: null, theirs: '9.00', state: 'pending', target: null },
    ]);
    keepPlatformDocuments(book, now, 'PLAT301Message', []);
    const missing = await must(core, 'statistics.gap', { period: now, code: 'platformMissing' });
    expect(missing.rows.map(({ number }) => number)).toEqual([one.number]);
  });

  it('is asked of the platform itself where the counts differ', async () => {
    const { book } = core.session;
    const now = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
    book.prepare(`UPDATE message SET sent_at = '2025-01-05T00:00:00.000Z' WHERE kind = 'PLAT301Message'`).run();
    await must(core, 'statistics.ask', { period: now });
    const { asked, kinds } = await must(core, 'statistics.sources', { period: now });
    expect(asked?.named).toEqual(['PLAT301Message']);
    expect(kinds).toEqual([{ kind: 'PLAT301Message', ours: 0, platform: 3 }]);
    const { rows } = await must(core, 'statistics.gap', { period: now, code: 'platformOnly' });
    expect(rows).toMatchObject([{ number: 'TJ-202610', target: expect.stringMatching(/^declaration\/\d+$/) }]);
  });
});
