import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** What is kept on complaints (投诉登记) and live selling (直播合规记录). */
let folder = '';
let core: Core;
const printed: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-services-'));
  core = coreAt(path.join(folder, 'home'), {
    now: () => '2026-11-22T04:00:00.000Z',
    host: {
      ...bareHost,
      printPdf: async (html) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    },
  });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const lines = ['100', '101'].map((no, i) => orderLine({ 0: no, 1: `SKU-${i}`, 2: `Lantern ${i}` }));
  await must(core, 'imports.run', {
    kind: 'orders',
    file: writeCsv(path.join(folder, 'o.csv'), [orderHead, ...lines]),
  });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = async <N extends OperationName>(name: N, input: InputOf<N>) => {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.path];
};
const complaint = {
  receivedOn: '2026-11-10',
  dueOn: '2026-11-20',
  channel: 'platform',
  kind: 'damaged',
  orderNo: '100',
  buyer: '某买家',
  text: '到货时两只破损',
  demand: '退款',
  currency: 'USD',
  amount: '12.50',
} as const;

describe('a complaint', () => {
  let id = 0;

  it('is numbered by its year, stands with its order, and is late after its last day', async () => {
    const made = await must(core, 'complaints.save', complaint);
    id = made.id;
    expect(made.number).toBe('KS-2026-001');
    const view = await must(core, 'complaints.get', { id });
    expect(view).toMatchObject({ ...complaint, state: 'open', isLate: true, outcome: null, steps: [] });
    expect(view.order).toMatchObject({ amount: expect.stringMatching(/^\d/) });
    expect((await must(core, 'complaints.list', {})).counts).toEqual({ open: 1, answered: 0, closed: 0, late: 1 });
  });

  it.each([
    ['an order nobody knows', { orderNo: 'nix' }, 'ORDER_NO_UNKNOWN', 'orderNo'],
    ['an amount without a currency', { currency: null }, 'COMPLAINT_AMOUNT', 'amount'],
    ['an amount of nothing', { amount: '0' }, 'COMPLAINT_AMOUNT', 'amount'],
    ['a last day before it came in', { dueOn: '2026-11-09' }, 'COMPLAINT_DAYS', 'dueOn'],
  ])('is refused with %s', async (_what, change, code, at) => {
    expect(await refused('complaints.save', { ...complaint, ...change })).toEqual([code, at]);
    expect((await must(core, 'complaints.list', {})).total).toBe(1);
  });

  it('goes from open to answered to closed, each step kept, and is taken up again with a reason', async () => {
    await must(core, 'complaints.step', { id, state: 'answered', text: '已道歉，提出补发' });
    expect(await must(core, 'complaints.get', { id })).toMatchObject({ state: 'answered', isLate: false });
    expect(await refused('complaints.reopen', { id, text: '再看' })).toEqual(['COMPLAINT_OPEN', 'id']);
    await must(core, 'complaints.close', { id, outcome: 'refund', text: '退款 12.50 美元' });
    expect(await must(core, 'complaints.get', { id })).toMatchObject({
      state: 'closed',
      outcome: 'refund',
      closedOn: '2026-11-22',
    });
    for (const answer of [
      await refused('complaints.step', { id, state: 'open', text: 'x' }),
      await refused('complaints.close', { id, outcome: 'resend', text: 'x' }),
      await refused('complaints.save', { ...complaint, id }),
    ])
      expect(answer).toEqual(['COMPLAINT_CLOSED', 'id']);
    await must(core, 'complaints.reopen', { id, text: '买家未收到退款' });
    const { state, outcome, steps } = await must(core, 'complaints.get', { id });
    expect([state, outcome]).toEqual(['open', null]);
    expect(steps.map((one) => [one.state, one.text])).toEqual([
      ['answered', '已道歉，提出补发'],
      ['closed', '退款 12.50 美元'],
      ['open', '买家未收到退款'],
    ]);
    const { book } = core.session;
    expect(() => book.prepare(`UPDATE complaint_step SET text = 'x'`).run()).toThrow('is kept');
    expect(() => book.prepare('DELETE FROM complaint_step').run()).toThrow('is kept');
  });

  it('is found, paged and written to a workbook; the trail names no buyer', async () => {
    await must(core, 'complaints.save', {
      ...complaint,
      orderNo: '',
      currency: null,
      amount: null,
      dueOn: null,
      kind: 'late',
    });
    expect((await must(core, 'complaints.list', { text: '100' })).rows.map(({ number }) => number)).toEqual([
      'KS-2026-001',
    ]);
    const first = await must(core, 'complaints.list', { limit: 1 });
    const rest = await must(core, 'complaints.list', { limit: 1, after: first.nextCursor });
    expect([...first.rows, ...rest.rows].map(({ number }) => number)).toEqual(['KS-2026-002', 'KS-2026-001']);
    const to = path.join(folder, 'complaints.xlsx');
    expect(await must(core, 'complaints.export', { to })).toEqual({ rows: 2 });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(readFileSync(to).buffer as ArrayBuffer);
    const text = JSON.stringify(workbook.worksheets[0]?.getSheetValues());
    for (const word of ['投诉登记表', 'KS-2026-002', '买家未收到退款']) expect(text).toContain(word);
    const trail = core.session.book.prepare('SELECT group_concat(detail) AS all_of FROM audit').get() as {
      all_of: string;
    };
    expect(trail.all_of).not.toContain('某买家');
  });
});

describe('a live session', () => {
  let id = 0;

  it('names what is missing by the rules of its day, and keeps its recording for three years', async () => {
    const made = await must(core, 'liveSessions.save', { heldOn: '2026-11-20', body: { title: '灯笼专场' } });
    id = made.id;
    expect(made.number).toBe('ZB-2026-001');
    const view = await must(core, 'liveSessions.get', { id });
    expect(view.keepUntil).toBe('2029-11-20');
    expect(view.gaps).toBe(view.open.length);
    expect(view.open.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['host', 'identity', 'recording', 'goods']),
    );
    expect(view.open.filter(({ code }) => code === 'unanswered')).toHaveLength(view.items.length);
    for (const answer of [
      await refused('liveSessions.rules', { heldOn: '2019-01-01' }),
      await refused('liveSessions.save', { heldOn: '2019-01-01', body: {} }),
    ])
      expect(answer?.[0]).toBe('RULE_PACK_MISSING');
  });

  it('is whole once everything is said, and shows the orders of its goods', async () => {
    const { items } = await must(core, 'liveSessions.rules', { heldOn: '2026-11-20' });
    const body = {
      title: '灯笼专场',
      platform: '某平台',
      startsAt: '20:00',
      minutes: 90,
      host: '主播甲',
      hostVerifiedOn: '2026-11-01',
      operator: firm.name,
      goods: [{ sku: 'SKU-0', claims: '手工竹编', evidence: '工艺照片', price: '39.90', priceProof: '近七日成交' }],
      answers: Object.fromEntries(items.map((one) => [one.id, { answer: 'yes' as const }])),
      recording: '移动硬盘 2 号',
    };
    expect(
      await refused('liveSessions.save', { id, heldOn: '2026-11-20', body: { ...body, goods: [{ sku: 'nix' }] } }),
    ).toEqual(['PRODUCT_UNKNOWN', undefined]);
    await must(core, 'liveSessions.save', { id, heldOn: '2026-11-20', body });
    const view = await must(core, 'liveSessions.get', { id });
    expect(view.open).toEqual([]);
    expect(view.orders).toEqual({ count: 1, totals: [{ currency: 'EUR', amount: '6.5' }] });
    const listed = await must(core, 'orders.list', { liveSession: id });
    expect(listed.total).toBe(view.orders.count);
    expect(listed.rows).toHaveLength(1);
    expect((await must(core, 'orders.list', { liveSession: id, from: '2026-11-22' })).total).toBe(0);
    expect((await must(core, 'orders.list', { liveSession: id + 1 })).total).toBe(0);
    expect(await must(core, 'liveSessions.print', { id, to: path.join(folder, 'live.pdf') })).toEqual({ rows: 1 });
    for (const word of ['直播合规记录表', '手工竹编', '各项齐全', 'ZB-2026-001'])
      expect(printed.at(-1)).toContain(word);
  });

  it('is found by number, title, host and article', async () => {
    await must(core, 'liveSessions.save', { heldOn: '2026-11-21', body: { title: '丝巾专场', host: '主播乙' } });
    const found = async (text: string) => {
      const { rows, total } = await must(core, 'liveSessions.list', { text });
      expect(total).toBe(rows.length);
      return rows.map(({ title }) => title);
    };
    expect(await found('')).toEqual(['丝巾专场', '灯笼专场']);
    expect(await found('-001')).toEqual(['灯笼专场']);
    expect(await found('专场')).toEqual(['丝巾专场', '灯笼专场']);
    expect(await found('主播乙')).toEqual(['丝巾专场']);
    expect(await found('sku-0')).toEqual(['灯笼专场']);
    expect(await found('%')).toEqual([]);
    const [first] = (await must(core, 'liveSessions.list', { text: '专场', limit: 1 })).rows;
    expect(first?.title).toBe('丝巾专场');
  });
});
