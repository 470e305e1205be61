import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { listNotices, noticeReader } from '../../electron/core/store/risk/notices.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';

let now = '2026-11-24T04:00:00.000Z';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-notices-'));
const file = (name: string): string => path.join(folder, name);
let core: Core;

const head = ['国别', '商品编码', '买方', '等级', '内容', '来源', '生效日期', '失效日期'];
let serial = 0;
function notices(rows: readonly (readonly string[])[]): Promise<OutputOf<'imports.run'>> {
  serial += 1;
  return must(core, 'imports.run', { kind: 'notices', file: writeCsv(file(`notices-${serial}.csv`), [head, ...rows]) });
}
async function refused<N extends OperationName>(name: N, input: InputOf<N>): Promise<string | undefined> {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : answer.error.code;
}
const flags = async () => (await must(core, 'redFlags.list', { rule: 'R14' })).rows;

beforeAll(async () => {
  core = coreAt(file('home'), { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const orders = [orderHead, orderLine({ 0: 'F1' }), orderLine({ 0: 'G1', 7: 'Germany' })];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(file('orders.csv'), orders) });
  await writeClassification(core, file('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: file('products.csv') });
  await writeWaybills(core, file('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: file('waybills.csv') });
  const { id } = await must(core, 'shipments.save', { body: { ...shipmentBody, ownerCode: 'NO', ownerName: 'NO' } });
  await must(core, 'shipments.draft', { id });
  await must(core, 'parties.save', {
    kind: 'customer',
    name: 'Meridian Home Limited',
    taxNo: '',
    country: 'US',
    note: '',
    active: true,
  });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('notices of risk', () => {
  const rows = [
    ['法国', '6913', '', '高', '陶瓷制品铅镉抽检加严', '欧盟预警', '2026-11-01', '2026-12-31'],
    ['法国', '0303', '', '低', '冻鱼加严', '欧盟预警', '2026-11-01', ''],
    ['', '', 'MERIDIAN HOME LIMITED', '橙', '逾期付款', '信用机构', '2026-10-01', ''],
    ['德国', '', '', '', '已过期的通报', '商务部门', '2025-01-01', '2025-12-31'],
  ];

  it('are taken once, and a later edition changes level and last day', async () => {
    expect((await notices(rows)).counts).toMatchObject({ taken: 4, failed: 0 });
    expect((await notices(rows)).counts).toMatchObject({ taken: 0, alreadyThere: 4 });
    const changed = rows.map((row, at) => (at === 1 ? row.with(3, '中') : row));
    expect((await notices(changed)).counts).toMatchObject({ taken: 1, updated: 1, alreadyThere: 3 });
    const { rows: list } = await must(core, 'notices.list', {});
    expect(list.map(({ level, isInForce }) => [level, isInForce])).toEqual([
      ['high', true],
      ['medium', true],
      ['medium', true],
      ['medium', false],
    ]);
  });

  it('become flags of their own level over what they concern, without being asked', async () => {
    const found = await flags();
    expect(found.map(({ severity, subject, rowCount }) => [severity, subject, rowCount])).toEqual([
      ['high', '法国 6913', 2],
      ['medium', 'MERIDIAN HOME LIMITED', 1],
    ]);
    const [first, second] = found;
    const view = await must(core, 'redFlags.get', { id: first?.id ?? 0 });
    expect(view.rows.map(({ kind, label }) => [kind, label.replace(/^S\d+-/, 'S-')])).toEqual([
      ['shipment', 'S-001'],
      ['order', 'F1'],
    ]);
    const party = await must(core, 'redFlags.get', { id: second?.id ?? 0 });
    expect(party.rows).toMatchObject([{ kind: 'party', label: 'Meridian Home Limited' }]);
  });

  it('are looked up by index: no table is read whole for a notice', () => {
    const asked: string[] = [];
    const { book } = core.session;
    const spied = new Proxy(book, {
      get: (target, name) =>
        name === 'prepare'
          ? (sql: string) => {
              asked.push(sql);
              return target.prepare(sql);
            }
          : Reflect.get(target, name, target),
    });
    const read = noticeReader(spied, '2026-11-24');
    for (const notice of listNotices(book)) {
      read(notice);
      if (notice.counterpartyKey !== '') continue;
      read({ ...notice, country: '', hsPrefix: '6913' });
      read({ ...notice, country: '305', hsPrefix: '' });
    }
    const values = { from: '', to: '9', country: '305', prefix: '69', above: '69:', orders: '[]' };
    const plans = asked
      .filter((sql) => !sql.includes('FROM party'))
      .flatMap((sql) => book.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[])
      .map(({ detail }) => detail);
    expect(plans.filter((detail) => /^SCAN (?!value|json_each|o$)/.test(detail) && !detail.includes('USING'))).toEqual(
      [],
    );
    expect(plans.some((detail) => detail.includes('sales_order_country_open'))).toBe(true);
  });

  it('are gone when they end or are taken away', async () => {
    const { rows: list } = await must(core, 'notices.list', {});
    const party = list.find(({ counterparty }) => counterparty !== '');
    await must(core, 'notices.remove', { id: party?.id ?? 0 });
    expect(await refused('notices.remove', { id: party?.id ?? 0 })).toBe('NOTICE_UNKNOWN');
    now = '2027-01-02T04:00:00.000Z';
    await must(core, 'redFlags.run', { rules: ['R14'] });
    expect((await flags()).map(({ gone }) => gone)).toEqual([true, true]);
    now = '2026-11-24T05:00:00.000Z';
    await must(core, 'redFlags.run', { rules: ['R14'] });
    expect((await flags()).map(({ gone }) => gone)).toEqual([false, true]);
  });

  it('say what is wrong with a row, and are read from JSON too', async () => {
    const run = await notices([
      ['', '', '', '高', '没有对象', '', '', ''],
      ['亚特兰蒂斯', '', '', '', '未知国家', '', '', ''],
      ['', 'ABC', '', '', '编码不对', '', '', ''],
      ['法国', '', '', '特别', '等级不对', '', '', ''],
      ['法国', '', '', '', '日期颠倒', '', '2026-12-01', '2026-11-01'],
    ]);
    expect(run.failures.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      'NOTICE_OF_NOTHING',
      'COUNTRY_UNKNOWN',
      'NOTICE_HS_INVALID',
      'NOTICE_LEVEL_UNKNOWN',
      'DATES_REVERSED',
    ]);
    const json = file('notices.json');
    writeFileSync(
      json,
      JSON.stringify({ alerts: [{ country: 'Germany', level: 'low', title: 'New packaging rule' }] }),
    );
    expect((await must(core, 'imports.run', { kind: 'notices', file: json })).counts).toMatchObject({ taken: 1 });
    expect((await flags()).find(({ subject }) => subject === '德国')).toMatchObject({ severity: 'low', gone: false });
  });
});

describe('a flag of a book with several clerks', () => {
  it('is closed by another than who handled it, and the months count it', async () => {
    const [flag] = await flags();
    const ids = [flag?.id ?? 0];
    const note = '已换用检测合格的釉料';
    const made = [];
    for (const name of ['陈一', '林二']) made.push(await must(core, 'clerks.save', { name, isActive: true }));
    const [one, two] = made.map(({ id }) => id);
    expect(await refused('redFlags.close', { ids, note })).toBe('CLERK_NOT_CHOSEN');
    await must(core, 'clerks.choose', { id: one ?? 0 });
    expect(await refused('redFlags.close', { ids, note })).toBe('RED_FLAG_NOT_HANDLED');
    await must(core, 'redFlags.assign', { ids, owner: '陈一', action: '送检' });
    expect(await refused('redFlags.close', { ids, note, owner: '林二' })).toBe('RED_FLAG_OWN');
    expect((await flags())[0]).toMatchObject({ state: 'reviewing', owner: '陈一' });
    // A name that is nobody's does not make another of him, nor does giving it on.
    expect(await refused('redFlags.assign', { ids, owner: '某人', action: '' })).toBe('RED_FLAG_OWNER');
    await must(core, 'redFlags.assign', { ids, owner: '林二', action: '请林二接着办' });
    expect(await refused('redFlags.close', { ids, note })).toBe('RED_FLAG_OWN');
    await must(core, 'redFlags.assign', { ids, owner: '陈一', action: '送检' });
    const third = await must(core, 'clerks.save', { name: '王三', isActive: true });
    await must(core, 'clerks.choose', { id: two ?? 0 });
    expect(await refused('redFlags.close', { ids, note })).toBe('RED_FLAG_OWN');
    await must(core, 'clerks.choose', { id: third.id });
    await must(core, 'redFlags.close', { ids, note, owner: '林二' });
    const { steps } = await must(core, 'redFlags.get', { id: ids[0] ?? 0 });
    expect(steps.map((step) => [step.event, step.owner, step.by, step.note])).toEqual([
      ['assigned', '陈一', '陈一', '送检'],
      ['assigned', '林二', '陈一', '请林二接着办'],
      ['assigned', '陈一', '陈一', '送检'],
      ['closed', '陈一', '王三', note],
    ]);
    expect((await must(core, 'redFlags.list', { state: 'closed' })).rows).toMatchObject([
      { owner: '陈一', closedBy: '王三', note },
    ]);
    const { rows } = await must(core, 'redFlags.trend', { to: '2026-12-15', months: 3 });
    expect(rows).toEqual([
      { month: '2026-10', seen: 0, closed: 0, high: 0 },
      { month: '2026-11', seen: 3, closed: 1, high: 1 },
      { month: '2026-12', seen: 0, closed: 0, high: 0 },
    ]);
  });
});
