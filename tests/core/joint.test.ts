import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Workbook } from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { dispatched } from '../fixtures/joint-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** A joint shipment (联合出海) of lots of several members: taken from a dispatch, shared, stated, paid, and never a fen that nobody has. */
const now = '2026-07-01T04:00:00.000Z';
let folder = '';
let core: Core;
let id = 0;
const printed: string[] = [];
const members: Record<'south' | 'north' | 'east', number> = { south: 0, north: 0, east: 0 };

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-joint-'));
  const printPdf = async (html: string) => {
    printed.push(html);
    return Buffer.from('%PDF');
  };
  core = coreAt(folder, { now: () => now, host: { ...bareHost, printPdf } });
  await must(core, 'books.create', { profile: { ...firm, role: 'cooperative' }, passphrase: 'joint-passphrase' });
  await grow();
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = async <N extends OperationName>(name: N, input: InputOf<N>): Promise<string> => {
  const answer = await core.call(name, input);
  return answer.ok ? '' : answer.error.code;
};
const get = (version?: number) => must(core, 'joint.get', { id, ...(version === undefined ? {} : { version }) });
const goods = async () => (await must(core, 'joint.goods', { id })).rows;
const fen = (text: string): number => Math.round(Number(text) * 100);
const sum = (texts: readonly string[]): number => texts.reduce((total, text) => total + fen(text), 0);
const trail = (action: string): Record<string, unknown>[] =>
  (
    core.session.book.prepare('SELECT detail FROM audit WHERE action = ? ORDER BY id').all(action) as {
      detail: string;
    }[]
  ).map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);

const party = async (name: string): Promise<number> =>
  (await must(core, 'parties.save', { kind: 'supplier', name, taxNo: null, country: null, note: '', active: true })).id;
let productId = 0;
async function harvest(name: string, massG: number, partyId?: number): Promise<number> {
  const site = await must(core, 'farmSites.save', {
    kind: 'orchard',
    name,
    ...(partyId === undefined ? {} : { partyId }),
  });
  const done = await must(core, 'lots.harvest', {
    siteId: site.id,
    productId,
    massG,
    on: '2026-06-10',
    reason: '试验',
  });
  if (!done.isSaved) throw new Error(JSON.stringify(done.findings));
  return done.id;
}
async function pack(lotId: number, prefix: string, last: number, netG: number): Promise<void> {
  await must(core, 'cartons.add', { lotId, ranges: [{ prefix, digits: 4, first: 1, last }], netG });
}
let dispatchId = 0;
let eastLot = 0;
/** A lot of the south alone, one of south and north together (3 to 1), one of an orchard whose owner nobody wrote down. */
async function grow(): Promise<void> {
  members.south = await party('南坡合作社');
  members.north = await party('北岭合作社');
  members.east = await party('东湾农户');
  productId = (await must(core, 'farmProducts.save', { nameZh: '荔枝', nameEn: 'Litchi' })).id;
  const south = await harvest('南坡果园', 1_000_000, members.south);
  const north = await harvest('北岭果园', 500_000, members.north);
  eastLot = await harvest('东湾果园', 200_000);
  const merged = await must(core, 'lots.step', {
    kind: 'merge',
    on: '2026-06-11',
    inputs: [
      { lotId: south, massG: 300_000 },
      { lotId: north, massG: 100_000 },
    ],
    outputs: [{ productId, massG: 400_000 }],
    reason: '',
  });
  if (!merged.isSaved) throw new Error(JSON.stringify(merged.findings));
  await pack(south, 'S-', 100, 5000);
  await pack(merged.lots[0]?.id ?? 0, 'M-', 41, 5000);
  await pack(eastLot, 'E-', 20, 5000);
  dispatchId = await dispatched(core, { number: 'FY-1', on: '2026-06-20', country: 'TH' });
  const loaded = await must(core, 'dispatches.load', {
    id: dispatchId,
    lotIds: [south, merged.lots[0]?.id ?? 0],
    reason: '试验',
  });
  expect(loaded.isSaved).toBe(true);
}

describe('goods of a joint shipment', () => {
  it('are read from the dispatch with the owners of the orchards they came from', async () => {
    const made = await must(core, 'joint.save', { title: '荔枝联合出海', on: '2026-06-20', source: 'FY-1' });
    expect(made.lines).toBe(3);
    id = made.id;
    const rows = await goods();
    expect(rows.map(({ party: name, massG, cartons, place }) => [name, massG, cartons, place])).toEqual([
      ['南坡合作社', 500_000, 100, '南坡果园'],
      ['南坡合作社', 153_750, 31, rows[1]?.place],
      ['北岭合作社', 51_250, 10, rows[2]?.place],
    ]);
    expect(rows[1]?.place.split('、').sort()).toEqual(['北岭果园', '南坡果园'].sort());
    expect(await get()).toMatchObject({ number: 'LH-2026-001', source: 'FY-1', members: 2, cartons: 141, version: 0 });
    expect((await get()).sourceNow).toEqual({ cartons: 141, massG: 705_000, isSame: true });
  });

  it('belong to one joint shipment alone', async () => {
    const again = { title: '再来', on: '2026-06-21' };
    expect(await refused('joint.save', { ...again, source: 'FY-1' })).toBe('JOINT_SOURCE_TAKEN');
    expect(await refused('joint.save', { ...again, source: 'FY-9' })).toBe('JOINT_SOURCE_UNKNOWN');
  });

  it('follow the dispatch when it is read again, with the members and prices that were entered', async () => {
    const [first] = await goods();
    await must(core, 'joint.saveGoods', {
      ...first,
      id: first?.id ?? 0,
      jointId: id,
      goods: '荔枝',
      value: '9000.00',
      sold: '12000',
      massG: 1,
      cartons: 1,
    });
    const loaded = await must(core, 'dispatches.load', { id: dispatchId, lotIds: [eastLot], reason: '试验' });
    expect(loaded.isSaved).toBe(true);
    expect((await get()).sourceNow?.isSame).toBe(false);
    expect(await must(core, 'joint.take', { id })).toEqual({ added: 1, changed: 1, removed: 0 });
    const rows = await goods();
    expect(rows[0]).toMatchObject({ massG: 500_000, cartons: 100, value: '9000.00', sold: '12000.00' });
    expect(rows[3]).toMatchObject({ party: '', massG: 100_000, cartons: 20, isTaken: true });
    // Whose it is was put in by hand: reading again leaves it.
    const { partyId: _none, ...line } = rows[3] ?? { id: 0, goods: '' };
    await must(core, 'joint.saveGoods', {
      ...line,
      massG: 100_000,
      cartons: 20,
      jointId: id,
      value: '800',
      partyId: members.east,
    });
    expect(await must(core, 'joint.take', { id })).toEqual({ added: 0, changed: 0, removed: 0 });
    expect((await goods())[3]).toMatchObject({ party: '东湾农户', value: '800.00' });
  });

  it('take a member that became known without losing what was typed, and are not dropped for another source', async () => {
    const other = await dispatched(core, { number: 'FY-77', on: '2026-06-21', country: 'TH' });
    const lot = await harvest('中坡果园', 100_000);
    await pack(lot, 'W-', 10, 5000);
    await must(core, 'dispatches.load', { id: other, lotIds: [lot], reason: '试验' });
    const made = await must(core, 'joint.save', { title: '认领', on: '2026-06-21', source: 'FY-77' });
    const [line] = (await must(core, 'joint.goods', { id: made.id })).rows;
    expect(line?.partyId ?? null).toBeNull();
    const { book } = core.session;
    book.prepare('UPDATE joint_goods SET value_fen = 12300, sold_fen = 45600 WHERE joint_id = ?').run(made.id);
    await must(core, 'dispatches.save', { number: 'FY-78', on: '2026-06-21', country: 'TH' });
    const moved = { id: made.id, title: '认领', on: '2026-06-21', source: 'FY-78' };
    expect(await refused('joint.save', moved)).toBe('JOINT_SOURCE_PRICED');
    book.prepare(`UPDATE farm_site SET party_id = ? WHERE name = '中坡果园'`).run(members.east);
    expect(await must(core, 'joint.take', { id: made.id })).toEqual({ added: 0, changed: 1, removed: 0 });
    expect((await must(core, 'joint.goods', { id: made.id })).rows).toMatchObject([
      { party: '东湾农户', value: '123.00', sold: '456.00' },
    ]);
    expect(
      await refused('joint.pay', { id: made.id, partyId: members.east, on: '2099-01-01', amount: '1', method: 'bank' }),
    ).toBe('DATE_FUTURE');
    book.prepare(`UPDATE farm_site SET party_id = NULL WHERE name = '中坡果园'`).run();
    await must(core, 'joint.remove', { id: made.id });
  });

  it('stay when their source is taken out of the head', async () => {
    const head = { id, title: '荔枝联合出海', on: '2026-06-20' };
    expect(await must(core, 'joint.save', { ...head, source: '' })).toEqual({ id, lines: 0 });
    expect(await goods()).toHaveLength(4);
    expect(await refused('joint.take', { id })).toBe('JOINT_NO_SOURCE');
    expect((await get()).sourceNow).toBeUndefined();
    expect(await must(core, 'joint.save', { ...head, source: 'FY-1' })).toEqual({ id, lines: 0 });
    expect((await get()).sourceNow?.isSame).toBe(true);
  });

  it('may be entered by hand and taken out again', async () => {
    const line = await must(core, 'joint.saveGoods', {
      jointId: id,
      partyId: members.north,
      goods: '龙眼',
      massG: 10_000,
      cartons: 2,
      value: '100.5',
    });
    expect(await must(core, 'joint.take', { id })).toEqual({ added: 0, changed: 0, removed: 0 });
    await must(core, 'joint.removeGoods', { id: line.id });
    expect(await goods()).toHaveLength(4);
    expect(await refused('joint.removeGoods', { id: line.id })).toBe('JOINT_GOODS_UNKNOWN');
    expect(await refused('joint.saveGoods', { jointId: id, partyId: 999, goods: 'x', massG: 1, cartons: 1 })).toBe(
      'PARTY_UNKNOWN',
    );
  });
});

describe('statements', () => {
  it('are not issued for goods of nobody, for nothing, or by a key that nothing has', async () => {
    expect(await refused('joint.issue', { id })).toBe('JOINT_EMPTY');
    await must(core, 'joint.saveAmount', {
      jointId: id,
      side: 'cost',
      kind: 'freight',
      amount: '1000.01',
      by: 'weight',
    });
    await must(core, 'joint.saveAmount', { jointId: id, side: 'cost', kind: 'customs', amount: '100', by: 'cartons' });
    const { id: sale } = await must(core, 'joint.saveAmount', {
      jointId: id,
      side: 'proceeds',
      kind: 'sale',
      amount: '20000',
      by: 'value',
    });
    expect(
      await refused('joint.saveAmount', { jointId: id, side: 'cost', kind: 'sale', amount: '1', by: 'value' }),
    ).toBe('JOINT_AMOUNT_KIND');
    const other = await must(core, 'joint.save', { title: '手工', on: '2026-06-30' });
    await must(core, 'joint.saveGoods', { jointId: other.id, goods: '鱼', massG: 1, cartons: 1 });
    expect(await refused('joint.issue', { id: other.id })).toBe('JOINT_OWNERLESS');
    await must(core, 'joint.remove', { id: other.id });
    expect(await refused('joint.get', { id: other.id })).toBe('JOINT_UNKNOWN');
    const [first, , , last] = await goods();
    for (const one of [first, last])
      await must(core, 'joint.saveGoods', {
        ...one,
        id: one?.id ?? 0,
        goods: '荔枝',
        massG: one?.massG ?? 0,
        cartons: one?.cartons ?? 0,
        jointId: id,
        value: '0',
      });
    expect((await get()).unshared).toMatchObject([{ id: sale, by: 'value' }]);
    expect(await refused('joint.issue', { id })).toBe('JOINT_UNSHARED');
    await must(core, 'joint.saveAmount', {
      id: sale,
      jointId: id,
      side: 'proceeds',
      kind: 'sale',
      amount: '20000',
      by: 'weight',
    });
  });

  it('add up to the fen', async () => {
    expect(await must(core, 'joint.issue', { id })).toEqual({ version: 1 });
    const { statements, balances, isChanged } = await get(1);
    expect(isChanged).toBe(false);
    expect(statements.members.map(({ name }) => name)).toEqual(['南坡合作社', '北岭合作社', '东湾农户']);
    expect(sum(statements.members.map(({ costs }) => costs[0] ?? ''))).toBe(100_001);
    expect(sum(statements.members.map(({ costs }) => costs[1] ?? ''))).toBe(10_000);
    expect(sum(statements.members.map(({ proceeds }) => proceeds[0] ?? ''))).toBe(2_000_000);
    expect(sum(statements.members.map(({ net }) => net))).toBe(2_000_000 - 110_001);
    expect(statements.totals.net).toBe('18899.99');
    expect(sum(balances.map(({ left }) => left))).toBe(1_889_999);
    const { rows } = await must(core, 'joint.list', { text: '北岭' });
    expect(rows).toMatchObject([{ id, version: 1, payable: '18899.99', owed: '0.00' }]);
    expect(await refused('joint.issue', { id })).toBe('JOINT_SAME');
    expect(await refused('joint.remove', { id })).toBe('JOINT_ISSUED');
  });

  it('stay as they were issued: what comes later is a new version with a reason', async () => {
    const before = (await get(1)).statements;
    await must(core, 'joint.saveAmount', {
      jointId: id,
      side: 'cost',
      kind: 'insurance',
      note: '冷链险',
      amount: '33.33',
      by: 'cartons',
    });
    expect((await get()).isChanged).toBe(true);
    expect(await refused('joint.issue', { id })).toBe('JOINT_REASON');
    expect(await must(core, 'joint.issue', { id, reason: '补记保险费' })).toEqual({ version: 2 });
    expect((await get(1)).statements).toEqual(before);
    expect((await get(2)).statements.totals.net).toBe('18866.66');
    expect((await get()).issues.map(({ version, reason }) => [version, reason])).toEqual([
      [2, '补记保险费'],
      [1, ''],
    ]);
    expect(await refused('joint.get', { id, version: 3 })).toBe('JOINT_VERSION_UNKNOWN');
    const { book } = core.session;
    expect(() => book.prepare(`UPDATE joint_issue SET body = '{}'`).run()).toThrow('as it was issued');
    expect(() => book.prepare('DELETE FROM joint_due').run()).toThrow('as it was issued');
    expect(trail('joint.issued')).toMatchObject([
      { version: 1, members: 3 },
      { version: 2, reason: '补记保险费' },
    ]);
  });
});

describe('payments', () => {
  const pay = (amount: string, partyId = members.south) => ({
    id,
    partyId,
    on: '2026-06-30',
    amount,
    method: 'bank' as const,
    account: '6222 0000 1111 9876',
  });

  it('go to members up to what is open, with the account masked', async () => {
    const due = fen((await get()).balances[0]?.due ?? '');
    expect(await refused('joint.pay', pay('99999'))).toBe('JOINT_OVERPAID');
    expect(await refused('joint.pay', pay('-1'))).toBe('JOINT_OVERPAID');
    expect(await refused('joint.pay', pay('0'))).toBe('JOINT_OVERPAID');
    expect(await refused('joint.pay', pay('1', 999))).toBe('JOINT_NO_MEMBER');
    await must(core, 'joint.pay', pay('1000'));
    const { balances, payments } = await get();
    expect(fen(balances[0]?.left ?? '')).toBe(due - 100_000);
    expect(payments).toMatchObject([{ amount: '1000.00', account: '**** **** **** 9876' }]);
    const held = JSON.stringify(core.session.book.prepare('SELECT * FROM joint_payment').all());
    expect(held).not.toContain('1111');
    expect(trail('joint.paid')).toMatchObject([{ party: members.south, amount: '1000' }]);
  });

  it('are advances before anything is issued', async () => {
    const early = await must(core, 'joint.save', { title: '预付', on: '2026-07-01' });
    await must(core, 'joint.saveGoods', {
      jointId: early.id,
      partyId: members.north,
      goods: '虾',
      massG: 1000,
      cartons: 1,
    });
    expect(await refused('joint.pay', { ...pay('-5', members.north), id: early.id })).toBe('JOINT_NOT_ISSUED');
    await must(core, 'joint.pay', { ...pay('50', members.north), id: early.id });
    expect((await must(core, 'joint.get', { id: early.id })).balances).toMatchObject([
      { due: '0.00', paid: '50.00', left: '-50.00' },
    ]);
    expect(await refused('joint.remove', { id: early.id })).toBe('JOINT_ISSUED');
  });

  it('are voided with a reason and stay on record', async () => {
    const [payment] = (await get()).payments;
    const paid = payment?.id ?? 0;
    await must(core, 'joint.voidPayment', { id: paid, reason: '记错成员' });
    expect((await get()).payments).toMatchObject([{ id: paid, voidReason: '记错成员', voidedAt: now }]);
    expect((await get()).balances[0]?.paid).toBe('0.00');
    expect(await refused('joint.voidPayment', { id: paid, reason: '再来' })).toBe('JOINT_PAYMENT_VOID');
    expect(() => core.session.book.prepare('DELETE FROM joint_payment').run()).toThrow('void, not deleted');
    expect(() => core.session.book.prepare('UPDATE joint_payment SET amount_fen = 1').run()).toThrow(
      'as it was recorded',
    );
  });
});

describe('papers', () => {
  const to = (name: string): string => path.join(folder, name);

  it('state to each member its own and no other', async () => {
    await must(core, 'joint.pay', {
      id,
      partyId: members.south,
      on: '2026-06-30',
      amount: '1000',
      method: 'cash',
      note: '集货点现付',
    });
    await must(core, 'joint.print', { id, paper: 'statement', partyId: members.south, to: to('a.pdf') });
    const page = printed.at(-1)?.replaceAll(',', '') ?? '';
    const left = (await get()).balances[0]?.left ?? '';
    for (const text of [
      '成员结算单（第 2 版）',
      '南坡合作社',
      '运费（按净重）',
      '保险费 冷链险（按箱数）',
      '现金 集货点现付',
      '付款截至 2026-07-01',
      left,
    ])
      expect(page).toContain(text);
    expect(page).not.toContain('北岭合作社');
    await must(core, 'joint.print', { id, paper: 'statement', to: to('all.pdf') });
    expect(printed.at(-1)?.match(/<section>/g)).toHaveLength(3);
    expect(await refused('joint.print', { id, paper: 'statement', partyId: 999, to: to('x.pdf') })).toBe(
      'JOINT_NO_MEMBER',
    );
  });

  it('list whose cartons go, how many and how heavy', async () => {
    await must(core, 'joint.print', { id, paper: 'consolidation', to: to('b.pdf') });
    for (const text of ['集货单', '南坡合作社 小计', 'S-0001–S-0100', '合计 3 户', '805', '发运 FY-1'])
      expect(printed.at(-1)).toContain(text);
  });

  it('add up in the workbook too, a sheet a member', async () => {
    const read = async (name: string): Promise<Workbook> => {
      const workbook = new Workbook();
      await workbook.xlsx.readFile(to(name));
      return workbook;
    };
    await must(core, 'joint.export', { id, paper: 'shares', to: to('shares.xlsx') });
    const nets: number[] = [];
    (await read('shares.xlsx')).worksheets[0]?.eachRow((row) => {
      const net = Math.round(Number(row.getCell(8).value) * 100);
      const name = String(row.getCell(1).value);
      if (['南坡合作社', '北岭合作社', '东湾农户'].includes(name)) nets.push(net);
      if (name.startsWith('合计')) expect(net).toBe(nets.reduce((all, one) => all + one, 0));
    });
    expect(nets).toHaveLength(3);
    await must(core, 'joint.export', { id, paper: 'statement', to: to('statements.xlsx') });
    expect((await read('statements.xlsx')).worksheets.map(({ name }) => name)).toEqual([
      '1 南坡合作社',
      '2 北岭合作社',
      '3 东湾农户',
    ]);
  });
});

describe('hand-over at a pickup point', () => {
  const at = { on: '2026-06-12', cartons: 10, giver: '王某', receiver: '李某' };

  it('is noted, told by the lot, printed to be signed, and never more than the lot weighs', async () => {
    const { id: pointId } = await must(core, 'pickupPoints.save', {
      name: '东湾村代收点',
      place: '东湾村委会',
      keeper: '李某',
    });
    expect(await refused('pickupPoints.save', { name: '东湾村代收点' })).toBe('PICKUP_POINT_TAKEN');
    const made = await must(core, 'lotHandovers.add', { ...at, pointId, lotId: eastLot, massG: 150_000 });
    expect(made.number).toBe('JJ-2026-0001');
    const more = { ...at, pointId, lotId: eastLot, massG: 60_000 };
    expect(await refused('lotHandovers.add', more)).toBe('HANDOVER_TOO_MUCH');
    expect(await refused('lotHandovers.add', { ...more, on: '2026-06-01' })).toBe('HANDOVER_DATE');
    expect(await refused('lotHandovers.add', { ...more, pointId: 999 })).toBe('PICKUP_POINT_UNKNOWN');
    expect((await must(core, 'lots.get', { id: eastLot })).events).toMatchObject([
      { kind: 'handed', place: '东湾村代收点', text: 'JJ-2026-0001 150 kg' },
    ]);
    await must(core, 'lotHandovers.print', { id: made.id, to: path.join(folder, 'note.pdf') });
    for (const text of ['批次交接单', 'JJ-2026-0001', '交货人（王某）', '接收人（李某）', '东湾村委会'])
      expect(printed.at(-1)).toContain(text);
    await must(core, 'lotHandovers.void', { id: made.id, reason: '重量记错' });
    expect(await refused('lotHandovers.void', { id: made.id, reason: '再来' })).toBe('HANDOVER_VOID');
    expect(await refused('lotHandovers.print', { id: made.id, to: path.join(folder, 'x.pdf') })).toBe('HANDOVER_VOID');
    await must(core, 'lotHandovers.add', more);
    const { rows } = await must(core, 'lotHandovers.list', { pointId });
    expect(rows.map(({ number, voidReason }) => [number, voidReason])).toEqual([
      ['JJ-2026-0002', ''],
      ['JJ-2026-0001', '重量记错'],
    ]);
    expect((await must(core, 'pickupPoints.list', {})).rows).toMatchObject([{ notes: 1, massG: 60_000 }]);
    expect(JSON.stringify(trail('handover.added'))).not.toContain('王某');
    expect(() => core.session.book.prepare('DELETE FROM lot_handover').run()).toThrow('void, not deleted');
  });

  it('keeps its lot from being taken back', async () => {
    const lotId = await harvest('西坡果园', 10_000, members.south);
    const [point] = (await must(core, 'pickupPoints.list', {})).rows;
    await must(core, 'lotHandovers.add', { ...at, pointId: point?.id ?? 0, lotId, massG: 10_000 });
    expect(await refused('lots.remove', { id: lotId })).toBe('LOT_USED');
  });
});

it('holds a thousand lines of goods that still add up', async () => {
  const big = await must(core, 'joint.save', { title: '千行', on: '2026-07-01' });
  const insert = core.session.book.prepare(
    `INSERT INTO joint_goods (joint_id, party_id, goods, mass_g, cartons, value_fen, sold_fen, taken) VALUES (?, ?, '荔枝', ?, ?, ?, 0, 0)`,
  );
  const all = Object.values(members);
  core.session.book.transaction(() => {
    for (let at = 0; at < 1000; at += 1) insert.run(big.id, all[at % 3], 1000 + at, at % 7, 100 + at);
  });
  await must(core, 'joint.saveAmount', {
    jointId: big.id,
    side: 'proceeds',
    kind: 'sale',
    amount: '100000.01',
    by: 'value',
  });
  await must(core, 'joint.issue', { id: big.id });
  const view = await must(core, 'joint.get', { id: big.id, version: 1 });
  expect(view.statements.goods).toHaveLength(1000);
  expect(sum(view.statements.members.map(({ net }) => net))).toBe(10_000_001);
});

describe('in the ledger', () => {
  /** Balance of payables to a member by its vouchers: below zero is owed to it. */
  const payable = (partyId: number): number =>
    (
      core.session.book
        .prepare(`SELECT coalesce(sum(cny_fen), 0) AS fen FROM posting WHERE account = '2202' AND party_id = ?`)
        .get(partyId) as { fen: number }
    ).fen;
  const head = async (posting: 'none' | 'bought' | 'agent') => {
    const { title, on, source, note } = await get();
    await must(core, 'joint.save', { id, title, on, source, note, posting });
  };

  it('posts what is due to each member to the fen once it is said how, and not before', async () => {
    expect(await get()).toMatchObject({ posting: '', vouchers: [] });
    await head('bought');
    const { balances, vouchers, statements } = await get();
    expect(vouchers).toHaveLength(1);
    for (const { partyId, due } of balances) expect(payable(partyId)).toBe(-fen(due));
    const cost = core.session.book.prepare(`SELECT sum(cny_fen) AS fen FROM posting WHERE account = '5401'`).get() as {
      fen: number;
    };
    expect(cost.fen).toBe(fen(statements.totals.net));
    const view = await must(core, 'vouchers.get', { id: vouchers[0]?.id ?? 0 });
    expect(view.sources).toMatchObject([
      { kind: 'joint-shipment', label: 'LH-2026-001', target: `jointShipment?id=${id}` },
    ]);
  });

  it('corrects the posting with the statements, and takes it back where it is not to be posted here', async () => {
    await must(core, 'joint.saveAmount', {
      jointId: id,
      side: 'cost',
      kind: 'inspection',
      amount: '0.02',
      by: 'weight',
      partyId: members.north,
    });
    await must(core, 'joint.issue', { id, reason: '补记北岭的检验费' });
    const { balances, vouchers, statements } = await get();
    // Of one member alone: the others' shares stay as they were.
    expect(statements.members.map(({ costs }) => costs.at(-1))).toEqual(['0.00', '0.02', '0.00']);
    expect(vouchers).toHaveLength(3);
    for (const { partyId, due } of balances) expect(payable(partyId)).toBe(-fen(due));
    await head('none');
    for (const { partyId } of balances) expect(payable(partyId)).toBe(0);
    await head('agent');
    for (const { partyId, due } of balances) expect(payable(partyId)).toBe(-fen(due));
  });

  it('keeps a payment as a record of money, and takes both back together', async () => {
    const own = { kind: 'bank', place: 'home', name: '农商行基本户', currency: 'CNY' } as const;
    const account = await must(core, 'moneyAccounts.save', own);
    const before = payable(members.south);
    const paid = { id, partyId: members.south, on: '2026-06-30', amount: '123.45', method: 'bank' as const };
    await must(core, 'joint.pay', { ...paid, accountId: account.id });
    expect(payable(members.south)).toBe(before + 12_345);
    const payment = (await get()).payments.find(({ amount }) => amount === '123.45');
    const record = payment?.recordId ?? 0;
    const { rows } = await must(core, 'moneyRecords.list', { kind: 'payment' });
    expect(rows).toMatchObject([{ id: record, amount: '123.45', counterparty: '南坡合作社', ledger: 'posted' }]);
    expect(await refused('moneyRecords.void', { id: record, reason: '两处' })).toBe('MONEY_RECORD_OF_JOINT');
    await must(core, 'joint.voidPayment', { id: payment?.id ?? 0, reason: '付错' });
    expect(payable(members.south)).toBe(before);
    expect((await must(core, 'moneyRecords.list', { kind: 'payment' })).total).toBe(0);
    const abroad = await must(core, 'moneyAccounts.save', { ...own, name: '外汇户', currency: 'USD' });
    expect(await refused('joint.pay', { ...paid, accountId: abroad.id })).toBe('JOINT_ACCOUNT');
  });

  it('offers the receipts of its buyer as proceeds, each once', async () => {
    const buyer = await must(core, 'parties.save', {
      kind: 'customer',
      name: 'Bangkok Fruit',
      taxNo: null,
      country: 'TH',
      note: '',
      active: true,
    });
    await must(core, 'dispatches.save', {
      id: dispatchId,
      number: 'FY-1',
      on: '2026-06-20',
      country: 'TH',
      partyId: buyer.id,
    });
    const [account] = (await must(core, 'moneyAccounts.list', {})).rows.filter(({ currency }) => currency === 'CNY');
    const received = {
      kind: 'receipt' as const,
      date: '2026-06-25',
      accountId: account?.id ?? 0,
      amount: '900.01',
      partyId: buyer.id,
      counterparty: 'Bangkok Fruit',
      detail: { crossBorder: true },
    };
    const receipt = await must(core, 'moneyRecords.save', received);
    const { title, on, note } = await get();
    await must(core, 'joint.save', { id, title, on, note, source: 'FY-1' });
    const offered = async () => (await must(core, 'joint.receipts', { id })).rows;
    expect(await offered()).toMatchObject([{ recordId: receipt.id, payer: 'Bangkok Fruit', cny: '900.01' }]);
    expect((await offered())[0]).not.toHaveProperty('taken');
    const taken = {
      jointId: id,
      side: 'proceeds' as const,
      kind: 'sale' as const,
      amount: '900.01',
      by: 'weight' as const,
    };
    const { id: amountId } = await must(core, 'joint.saveAmount', { ...taken, recordId: receipt.id });
    expect(await offered()).toMatchObject([{ recordId: receipt.id, taken: '900.01' }]);
    expect(await refused('moneyRecords.void', { id: receipt.id, reason: '退回' })).toBe('MONEY_RECORD_OF_JOINT');
    // Corrected later, it is pointed at until somebody has looked at the amount again.
    const amountOf = async () => (await get()).amounts.find((one) => one.id === amountId);
    expect(await amountOf()).not.toHaveProperty('recordNow');
    await must(core, 'moneyRecords.save', { ...received, id: receipt.id, amount: '880.00' });
    expect(await amountOf()).toMatchObject({
      amount: '900.01',
      recordWas: { date: '2026-06-25', currency: 'CNY', amount: '900.01' },
      recordNow: { date: '2026-06-25', currency: 'CNY', amount: '880.00' },
    });
    await must(core, 'joint.saveAmount', { ...taken, id: amountId, amount: '880.00', recordId: receipt.id });
    expect(await amountOf()).not.toHaveProperty('recordNow');
    await must(core, 'joint.removeAmount', { id: amountId });
    await must(core, 'joint.save', { id, title, on, note, source: '' });
  });

  it('states a split of 900.01 on paper to the fen, to each member its own', async () => {
    const { id: even } = await must(core, 'joint.save', { title: '对半', on: '2026-07-01', posting: 'none' });
    for (const partyId of [members.south, members.north])
      await must(core, 'joint.saveGoods', { jointId: even, partyId, goods: '虾', massG: 5000, cartons: 1 });
    const amount = { jointId: even, amount: '900.01', by: 'weight' } as const;
    await must(core, 'joint.saveAmount', { ...amount, side: 'proceeds', kind: 'sale' });
    await must(core, 'joint.issue', { id: even });
    const page = async (partyId: number): Promise<string> => {
      await must(core, 'joint.print', { id: even, paper: 'statement', partyId, to: path.join(folder, 'even.pdf') });
      return printed.at(-1) ?? '';
    };
    expect(await page(members.south)).toContain('<td class="number">900.01</td><td class="number">450.01</td>');
    expect(await page(members.north)).toContain('<td class="number">900.01</td><td class="number">450.00</td>');
    expect(await page(members.north)).not.toContain('450.01');
  });

  it('keeps what is one member’s own from the others', async () => {
    const twins = [members.south, members.north];
    const { id: shared } = await must(core, 'joint.save', { title: '各自的', on: '2026-07-01', posting: 'none' });
    for (const partyId of twins)
      await must(core, 'joint.saveGoods', { jointId: shared, partyId, goods: '虾', massG: 5000, cartons: 1 });
    for (const [at, partyId] of twins.entries())
      await must(core, 'joint.saveAmount', {
        jointId: shared,
        side: 'cost',
        kind: 'packing',
        amount: `${at + 1}1.11`,
        by: 'weight',
        partyId,
      });
    await must(core, 'joint.issue', { id: shared });
    for (const [at, partyId] of twins.entries()) {
      await must(core, 'joint.print', { id: shared, paper: 'statement', partyId, to: path.join(folder, 'twin.pdf') });
      expect(printed.at(-1)).toContain(`−${at + 1}1.11`);
      expect(printed.at(-1)).not.toContain(`−${2 - at}1.11`);
    }
  });
});
