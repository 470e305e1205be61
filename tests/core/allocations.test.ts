import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { postSaleForReleasedOrder } from '../../electron/core/store/ledger.ts';
import { allocatePayout } from '../../electron/core/store/money/allocations.ts';
import { openReceivables } from '../../electron/core/store/money/open-items.ts';
import { saveRecord, voidRecord } from '../../electron/core/store/money/records.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { moneyRecordInput } from '../../shared/contract/money.ts';
import { referenceKey } from '../../shared/matching/allocation.ts';
import { CURRENCY_EXPONENTS, toMinor } from '../../shared/money/index.ts';
import { accountOf, exportLineOf, orderOf, receiptOf } from '../fixtures/money.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-allocations-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
  for (const [currency, cnyPerUnit] of [
    ['USD', '7'],
    ['EUR', '7.7'],
    ['JPY', '0.05'],
  ] as const)
    await must(core, 'rates.set', { currency, date: '2026-01-02', cnyPerUnit, source: '测试' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Item = InputOf<'allocations.confirm'>['items'][number];
const confirm = (...items: Item[]) => must(core, 'allocations.confirm', { items });
const toOrder = (recordId: number, no: string, amount: string, rest: Partial<Item> = {}): Item => ({
  recordId,
  target: { kind: 'order', no },
  amount,
  ...rest,
});
async function refusal(...items: Item[]): Promise<{ code: string; path?: string | undefined } | undefined> {
  const result = await core.call('allocations.confirm', { items });
  return result.ok ? undefined : { code: result.error.code, path: result.error.path };
}
const receivable = (orderId: number) =>
  book
    .prepare(
      `SELECT coalesce(sum(amount_minor), 0) AS minor, coalesce(sum(cny_fen), 0) AS fen FROM posting WHERE account = '1122' AND order_id = ?`,
    )
    .get(orderId);
const settledOn = (id: number) =>
  (book.prepare('SELECT settled_on AS day FROM sales_order WHERE id = ?').get(id) as { day: string | null }).day;
const receivedOn = (no: string) =>
  (
    book.prepare('SELECT received_on AS day FROM export_line WHERE declaration_no = ? ORDER BY line_no').all(no) as {
      day: string | null;
    }[]
  ).map(({ day }) => day);

/** A released order whose sale is in the ledger. */
function sold(no: string, minor: number, rest: { buyer?: string; currency?: string } = {}): number {
  const id = orderOf(book, { no, minor, ...rest }, now);
  book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES ('CEB603Message', ?, ?, ?, '{}', ?, ?, 'released', 'x', ?, ?)`,
    )
    .run(no, no, id, minor * 1000, rest.currency ?? 'USD', now, now);
  postSaleForReleasedOrder(book, { orderId: id, documentId: id, date: '2026-11-05', now });
  return id;
}

describe('what an order owes', () => {
  it('is counted in minor units of every currency as everywhere else', () => {
    const insert = book.prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, currency, lines, goods_value_e5, other_value_e5, cancelled_value_e5, state, created_at)
       VALUES (?, '2026-11-01', '', '', ?, 1, 123456789, 50000, 7000, 'open', '')`,
    );
    for (const currency of Object.keys(CURRENCY_EXPONENTS)) {
      insert.run(`o-${currency}`, currency);
      const row = book.prepare('SELECT due_minor AS due FROM sales_order WHERE order_no = ?').get(`o-${currency}`) as {
        due: number;
      };
      expect([currency, row.due]).toEqual([currency, Number(toMinor(123_499_789n, currency).minor)]);
    }
  });

  it('is nothing once it is cancelled whole, and its number is found as slips write it', () => {
    for (const no of ['123-1234567-7654321', 'po 17/b.c_d', 'Übung-1']) {
      orderOf(book, { no, minor: 100, state: 'cancelled' }, now);
      const row = book
        .prepare('SELECT due_minor AS due, reference_key AS key FROM sales_order WHERE order_no = ?')
        .get(no);
      expect(row).toEqual({ due: 0, key: referenceKey(no) });
    }
  });
});

describe('an allocation', () => {
  it('in part, then whole: residuals on both sides, ledger by order to zero, received from the last day', async () => {
    const id = sold('A1', 100_000);
    exportLineOf(book, { no: 'LIST-A1', fobMinor: 100_000, orderId: id }, now);
    const first = receiptOf(book, { minor: 60_000, date: '2026-11-08' }, now);
    const second = receiptOf(book, { minor: 50_000, date: '2026-11-12' }, now);
    const done = await confirm(toOrder(first, 'A1', '600'));
    expect(done.receipts).toEqual([{ id: first, number: expect.any(String), currency: 'USD', open: '0.00' }]);
    expect(done.targets).toEqual([{ kind: 'order', no: 'A1', currency: 'USD', open: '400.00' }]);
    expect(receivable(id)).toEqual({ minor: 40_000, fen: 280_000 });
    expect([settledOn(id), receivedOn('LIST-A1')]).toEqual([null, [null]]);

    const { ids, receipts, targets } = await confirm(toOrder(second, 'A1', '400'));
    expect(receipts[0]?.open).toBe('100.00');
    expect(targets).toEqual([{ kind: 'order', no: 'A1', currency: 'USD', open: '0.00', settledOn: '2026-11-12' }]);
    expect(receivable(id)).toEqual({ minor: 0, fen: 0 });
    expect([settledOn(id), receivedOn('LIST-A1')]).toEqual(['2026-11-12', ['2026-11-12']]);
    const open = await must(core, 'allocations.openReceipts', {});
    expect(open.rows.map(({ open: left, state }) => [left, state])).toEqual([['100.00', 'PARTLY']]);
    expect(open.totals).toEqual([{ currency: 'USD', count: 1, amount: '100.00' }]);
    expect((await must(core, 'allocations.openTargets', {})).rows).toEqual([]);

    await must(core, 'allocations.withdraw', { ids });
    expect(receivable(id)).toEqual({ minor: 40_000, fen: 280_000 });
    expect([settledOn(id), receivedOn('LIST-A1')]).toEqual([null, [null]]);
    expect((await must(core, 'allocations.openTargets', {})).totals).toEqual([
      { currency: 'USD', count: 1, amount: '400.00' },
    ]);
  });

  it('leaves a day of receipt alone that a person entered', async () => {
    const id = sold('A1', 1000);
    exportLineOf(book, { no: 'L', fobMinor: 600, orderId: id }, now);
    const byHand = exportLineOf(book, { no: 'L', lineNo: 2, fobMinor: 400, orderId: id }, now);
    await must(core, 'exportLines.setFacts', { ids: [byHand], patch: { receivedOn: '2026-11-01' } });
    const { ids } = await confirm(toOrder(receiptOf(book, { minor: 1000 }, now), 'A1', '10'));
    expect(receivedOn('L')).toEqual(['2026-11-10', '2026-11-01']);
    await must(core, 'allocations.withdraw', { ids });
    expect(receivedOn('L')).toEqual([null, '2026-11-01']);
  });

  it('of an advance makes what leaves later received from the start', async () => {
    const id = orderOf(book, { no: 'A1', minor: 1000, state: 'open' }, now);
    await confirm(toOrder(receiptOf(book, { minor: 1000, date: '2026-10-02', nature: 'advance' }, now), 'A1', '10'));
    exportLineOf(book, { no: 'L', fobMinor: 1000, orderId: id }, now);
    expect(receivedOn('L')).toEqual(['2026-10-02']);
  });

  it('accepts charges to the cent, and then the order is paid', async () => {
    const id = sold('A1', 100_000);
    const record = receiptOf(book, { minor: 97_455 }, now);
    expect(await refusal(toOrder(record, 'A1', '974.55', { charge: '25.46' }))).toEqual({
      code: 'ALLOCATION_OVER_TARGET',
      path: 'items.0.amount',
    });
    const done = await confirm(toOrder(record, 'A1', '974.55', { charge: '25.45' }));
    expect(done.targets[0]).toMatchObject({ open: '0.00', settledOn: '2026-11-10' });
    expect(receivable(id)).toEqual({ minor: 0, fen: 0 });
  });

  it('takes what banks may keep for charges by F12, and says so until they are accepted', async () => {
    const id = sold('A1', 100_000);
    await confirm(toOrder(receiptOf(book, { minor: 98_000 }, now), 'A1', '980'));
    const { rows } = await must(core, 'allocations.openTargets', {});
    expect(rows[0]).toMatchObject({ state: 'FULLY', open: '20.00', countsAsCharges: '20.00', settledOn: '2026-11-10' });
    expect(settledOn(id)).toBe('2026-11-10');
    const other = sold('A2', 100_000);
    await confirm(toOrder(receiptOf(book, { minor: 90_000 }, now), 'A2', '900'));
    expect(settledOn(other)).toBeNull();
  });

  it('crosses currencies only at a stated rate or amount', async () => {
    sold('E1', 10_000, { currency: 'EUR' });
    const record = receiptOf(book, { minor: 11_000 }, now);
    expect(await refusal(toOrder(record, 'E1', '110'))).toEqual({
      code: 'ALLOCATION_RATE_MISSING',
      path: 'items.0.rate',
    });
    const done = await confirm(toOrder(record, 'E1', '55', { rate: '0.9090' }));
    expect(done.targets[0]?.open).toBe('50.00');
    await confirm(toOrder(record, 'E1', '55', { targetAmount: '50' }));
    const { rows } = await must(core, 'allocations.list', { recordId: record });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ amount: '110.00', targetAmount: '100.00', rate: '0.90909091' });
    sold('A1', 1000);
    expect(await refusal(toOrder(receiptOf(book, { minor: 1000 }, now), 'A1', '10', { rate: '2' }))).toEqual({
      code: 'ALLOCATION_RATE_NEEDLESS',
      path: 'items.0.rate',
    });
  });

  it('by a third party wants an explanation, once', async () => {
    sold('A1', 1000, { buyer: 'John Smith' });
    const record = receiptOf(book, { minor: 1000, payer: 'ACME TRADING HK LTD' }, now);
    expect(await refusal(toOrder(record, 'A1', '5'))).toEqual({
      code: 'ALLOCATION_THIRD_PARTY',
      path: 'items.0.thirdParty',
    });
    await confirm(toOrder(record, 'A1', '5', { thirdParty: '买家关联公司代付' }));
    await confirm(toOrder(record, 'A1', '5'));
    sold('A2', 1000, { buyer: 'John Smith' });
    const next = receiptOf(book, { minor: 1000, payer: 'ACME TRADING HK LTD' }, now);
    const { suggestions } = await must(core, 'allocations.suggest', { recordId: next });
    expect(suggestions[0]).toMatchObject({ thirdParty: true, explained: '买家关联公司代付' });
    expect(suggestions[0]?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['paidBefore', 'thirdParty']),
    );
    expect(JSON.stringify(book.prepare('SELECT detail FROM audit').all())).not.toContain('ACME');
  });

  it('never takes more than either side has, and sees that another has changed it', async () => {
    sold('A1', 1000);
    sold('A2', 5000);
    const record = receiptOf(book, { minor: 2000 }, now);
    expect(await refusal(toOrder(record, 'A2', '20.01'))).toEqual({
      code: 'ALLOCATION_OVER_RECEIPT',
      path: 'items.0.amount',
    });
    expect(await refusal(toOrder(record, 'A1', '10.01'))).toEqual({
      code: 'ALLOCATION_OVER_TARGET',
      path: 'items.0.amount',
    });
    expect(await refusal(toOrder(record, 'A1', '10'), toOrder(record, 'A2', '10.01'))).toEqual({
      code: 'ALLOCATION_OVER_RECEIPT',
      path: 'items.1.amount',
    });
    expect((await must(core, 'allocations.list', {})).total).toBe(0);
    const seen = { receipt: '20.00', target: '50.00' };
    await confirm(toOrder(record, 'A2', '4', { seen }), toOrder(record, 'A2', '6', { seen }));
    expect(await refusal(toOrder(record, 'A2', '10', { seen }))).toEqual({
      code: 'ALLOCATION_CHANGED',
      path: 'items.0',
    });
    expect(await refusal(toOrder(record, 'A9', '1'))).toEqual({
      code: 'ALLOCATION_TARGET_UNKNOWN',
      path: 'items.0.target',
    });
    expect(await refusal(toOrder(record, 'A2', '0'))).toEqual({ code: 'AMOUNT_NOT_POSITIVE', path: 'items.0.amount' });
    expect(await refusal(toOrder(record, 'A2', '1.001'))).toEqual({ code: 'AMOUNT_DECIMALS', path: 'items.0.amount' });
    expect(await refusal(toOrder(999, 'A2', '1'))).toEqual({ code: 'MONEY_RECORD_UNKNOWN', path: 'items.0.recordId' });
  });

  it('of a void record is refused, and a record with allocations is not voided', async () => {
    sold('A1', 1000);
    const record = receiptOf(book, { minor: 1000 }, now);
    const { ids } = await confirm(toOrder(record, 'A1', '10'));
    expect(() => voidRecord(book, record, '重复', now)).toThrow('MONEY_RECORD_ALLOCATED');
    await must(core, 'allocations.withdraw', { ids });
    voidRecord(book, record, '重复', now);
    expect(await refusal(toOrder(record, 'A1', '10'))).toEqual({
      code: 'ALLOCATION_RECORD_VOID',
      path: 'items.0.recordId',
    });
  });

  it('follows the date of its receipt', async () => {
    const id = sold('A1', 1000);
    const record = receiptOf(book, { minor: 1000, date: '2026-11-10' }, now);
    await confirm(toOrder(record, 'A1', '10'));
    const again = moneyRecordInput.parse({
      id: record,
      kind: 'receipt',
      date: '2026-11-12',
      accountId: accountOf(book, 'USD', now),
      amount: '10.00',
    });
    saveRecord(book, again, now);
    expect(settledOn(id)).toBe('2026-11-12');
  });
});

describe('a declaration', () => {
  it('is paid by itself where it belongs to no order, and as its order where it does', async () => {
    exportLineOf(book, { no: '530120260000000001', fobMinor: 60_000 }, now);
    exportLineOf(book, { no: '530120260000000001', lineNo: 2, fobMinor: 40_000 }, now);
    const order = sold('A1', 5000);
    exportLineOf(book, { no: 'LIST-A1', fobMinor: 5000, orderId: order }, now);
    const record = receiptOf(book, { minor: 105_000 }, now);
    const { targets } = await confirm(
      { recordId: record, target: { kind: 'declaration', no: '530120260000000001' }, amount: '1000' },
      { recordId: record, target: { kind: 'declaration', no: 'LIST-A1' }, amount: '50' },
    );
    expect(targets.map(({ kind, no, open }) => [kind, no, open])).toEqual([
      ['declaration', '530120260000000001', '0.00'],
      ['order', 'A1', '0.00'],
    ]);
    expect(receivedOn('530120260000000001')).toEqual(['2026-11-10', '2026-11-10']);
    expect(receivedOn('LIST-A1')).toEqual(['2026-11-10']);
    exportLineOf(book, { no: '530120260000000001', lineNo: 3, fobMinor: 100 }, now);
    expect(receivedOn('530120260000000001')).toEqual([null, null, null]);
    expect(openReceivables(book).map(({ kind, no, openMinor }) => [kind, no, openMinor])).toEqual([
      ['declaration', '530120260000000001', 100],
    ]);
  });

  it('names its orders where it has several, and its currencies', async () => {
    const a = orderOf(book, { no: 'A', minor: 100 }, now);
    const b = orderOf(book, { no: 'B', minor: 100 }, now);
    exportLineOf(book, { no: 'D', fobMinor: 100, orderId: a }, now);
    exportLineOf(book, { no: 'D', lineNo: 2, fobMinor: 100, orderId: b }, now);
    exportLineOf(book, { no: 'E', fobMinor: 100 }, now);
    exportLineOf(book, { no: 'E', lineNo: 2, fobMinor: 100, currency: 'EUR' }, now);
    const recordId = receiptOf(book, { minor: 1000 }, now);
    const of = (no: string, currency?: string): Item => ({
      recordId,
      target: { kind: 'declaration', no, ...(currency === undefined ? {} : { currency }) },
      amount: '1',
    });
    expect((await refusal(of('D')))?.code).toBe('ALLOCATION_DECLARATION_ORDERS');
    expect((await refusal(of('E')))?.code).toBe('ALLOCATION_DECLARATION_CURRENCY');
    expect((await confirm(of('E', 'USD'))).targets[0]).toMatchObject({ no: 'E', currency: 'USD', open: '0.00' });
  });

  it('stops the clock of its receipt, and starts it again', async () => {
    exportLineOf(book, { no: '530120260000000001', fobMinor: 100_000, date: '2025-11-05' }, now);
    const waiting = async () =>
      (await must(core, 'exportLines.list', { open: 'receipt' })).rows.map(({ declarationNo }) => declarationNo);
    expect(await waiting()).toEqual(['530120260000000001']);
    const recordId = receiptOf(book, { minor: 100_000, date: '2026-02-03' }, now);
    const { ids } = await confirm({
      recordId,
      target: { kind: 'declaration', no: '530120260000000001' },
      amount: '1000',
    });
    expect(await waiting()).toEqual([]);
    await must(core, 'allocations.withdraw', { ids });
    expect(await waiting()).toEqual(['530120260000000001']);
  });
});

describe('what does not fit any more', () => {
  it('is found: an order cancelled after it was paid, and paid again in full when it owes less', async () => {
    const id = sold('A1', 1000);
    const other = sold('A2', 2000);
    const { ids } = await confirm(
      toOrder(receiptOf(book, { minor: 1000 }, now), 'A1', '10'),
      toOrder(receiptOf(book, { minor: 1500 }, now), 'A2', '15'),
    );
    expect((await must(core, 'allocations.findings', {})).rows).toEqual([]);
    book.prepare(`UPDATE sales_order SET state = 'cancelled' WHERE id = ?`).run(id);
    book.prepare('UPDATE sales_order SET cancelled_value_e5 = 600000 WHERE id = ?').run(other);
    expect((await must(core, 'allocations.findings', {})).rows).toEqual([
      { code: 'targetGone', params: { no: 'A1', currency: 'USD', over: '10.00' }, allocationIds: [ids[0]] },
      { code: 'targetOver', params: { no: 'A2', currency: 'USD', over: '1.00' }, allocationIds: [ids[1]] },
    ]);
    expect(settledOn(other)).toBe('2026-11-10');
    book.prepare('UPDATE sales_order SET cancelled_value_e5 = 0 WHERE id = ?').run(other);
    expect(settledOn(other)).toBeNull();
  });
});

describe('suggestions of a receipt', () => {
  it('find its order among others by number, amount, buyer and date, with reasons', async () => {
    for (let at = 0; at < 40; at++)
      orderOf(
        book,
        { no: `53${String(6000 + at)}`, minor: 10_000 + at, buyer: `Buyer ${at} Ltd`, country: '502' },
        now,
      );
    const record = receiptOf(book, { minor: 10_007, payer: 'BUYER 7 LIMITED', country: 'US', text: 'INV 536007' }, now);
    const { receipt, suggestions } = await must(core, 'allocations.suggest', { recordId: record });
    expect(receipt.open).toBe('100.07');
    expect(suggestions[0]?.parts[0]?.target.no).toBe('536007');
    expect(suggestions[0]?.score).toBe(100);
    expect(suggestions[0]?.reasons.map(({ code }) => code)).toEqual([
      'amountEqual',
      'referenceFound',
      'buyerSame',
      'dateUsual',
      'countrySame',
    ]);
    const back = await must(core, 'allocations.suggestFor', { target: { kind: 'order', no: '536007' } });
    expect(back.suggestions.map(({ receipt: { id }, score }) => [id, score])).toEqual([[record, 100]]);
  });

  it('find an order by its waybill and its list, and sums of one buyer by name alone', async () => {
    const id = orderOf(book, { no: 'AB-1', minor: 7777 }, now);
    book
      .prepare(
        `INSERT INTO waybill (order_no, logistics_no, gross_weight_e5, packages) VALUES ('AB-1', 'YT8812345678', 1, 1)`,
      )
      .run();
    exportLineOf(book, { no: '46032026E000000017', fobMinor: 7777, orderId: id }, now);
    const by = async (text: string) =>
      (await must(core, 'allocations.suggest', { recordId: receiptOf(book, { minor: 7000, text }, now) }))
        .suggestions[0]?.parts[0]?.target.no;
    expect(await by('shipment YT8812345678')).toBe('AB-1');
    expect(await by('46032026E000000017 货款')).toBe('AB-1');
    for (const [no, minor] of [
      ['M1', 1234],
      ['M2', 4321],
      ['M3', 99],
    ] as const)
      orderOf(book, { no, minor, buyer: '17850', buyerName: 'Müller Handels GmbH' }, now);
    const record = receiptOf(book, { minor: 5654, payer: 'MUELLER OR MULLER HANDELS' }, now);
    const { suggestions } = await must(core, 'allocations.suggest', { recordId: record });
    expect(suggestions[0]?.parts.map(({ target: { no } }) => no)).toEqual(['M1', 'M2', 'M3']);
  });

  it('are confirmed many at once: a dry run first, the doubtful left to a person', async () => {
    for (let at = 0; at < 30; at++) {
      orderOf(book, { no: `5360${String(at).padStart(2, '0')}`, minor: 10_000 + at }, now);
      receiptOf(
        book,
        { minor: 10_000 + at, text: at % 3 === 0 ? '' : `order 5360${String(at).padStart(2, '0')}` },
        now,
      );
    }
    const dry = await must(core, 'allocations.autoConfirm', { minimum: 80 });
    expect([dry.accepted.length, dry.withheld.length]).toEqual([20, 10]);
    expect((await must(core, 'allocations.list', {})).total).toBe(0);
    const done = await must(core, 'allocations.autoConfirm', { minimum: 80, dryRun: false });
    expect(done.accepted).toEqual(dry.accepted);
    expect((await must(core, 'allocations.list', {})).total).toBe(20);
    expect((await must(core, 'allocations.autoConfirm', { minimum: 80, dryRun: false })).accepted).toEqual([]);
    expect(done.accepted[0]?.targets).toEqual([{ kind: 'order', no: '536001', amount: '100.01', charge: '0.00' }]);
  });
});

describe('a payout', () => {
  const payout = (depositMinor: number): number =>
    Number(
      book
        .prepare(
          `INSERT INTO payout (platform, layout, number, from_on, to_on, deposit_on, currency, total_minor, deposit_minor, proof, digest, file_name, file_sha256, state, created_at, updated_at)
           VALUES ('amazon', 'amazon-settlement-v2', '17654321', '2026-10-25', '2026-11-07', '2026-11-09', 'USD', ?, ?, 'deposit', 'x', 'a.txt', 'x', 'entered', ?, ?)`,
        )
        .run(depositMinor, depositMinor, now, now).lastInsertRowid,
    );
  it('pays its orders gross, and their money is there when its deposit is', async () => {
    const id = payout(17_000);
    const orders = [
      orderOf(book, { no: '111-1', minor: 10_000 }, now),
      orderOf(book, { no: '111-2', minor: 5000 }, now),
    ];
    orderOf(book, { no: '111-3', minor: 900, currency: 'EUR' }, now);
    exportLineOf(book, { no: 'L1', fobMinor: 10_000, orderId: orders[0] ?? 0 }, now);
    const line = book.prepare(
      `INSERT INTO payout_order (payout_id, ref, order_no, last_on, gross_minor) VALUES (?, ?, ?, '2026-11-07', ?)`,
    );
    for (const [no, gross] of [
      ['111-1', 10_000],
      ['111-2', 6000],
      ['111-3', 1000],
      ['111-9', 4000],
      ['111-8', 0],
    ] as const)
      line.run(id, Number(no.slice(4)), no, gross);
    const outcome = {
      orders: 2,
      amountMinor: 15_000,
      unknown: ['111-9'],
      otherCurrency: ['111-3'],
      overpaid: ['111-2'],
    };
    expect(allocatePayout(book, id, now)).toEqual(outcome);
    expect(allocatePayout(book, id, now)).toEqual(outcome);
    expect((await must(core, 'allocations.list', { payoutId: id })).total).toBe(2);
    expect(orders.map(settledOn)).toEqual([null, null]);

    const record = receiptOf(
      book,
      { minor: 17_000, date: '2026-11-11', payer: 'AMAZON PAYMENTS UK', text: 'settlement 17654321' },
      now,
    );
    const { suggestions } = await must(core, 'allocations.suggest', { recordId: record });
    expect(suggestions[0]).toMatchObject({
      score: 95,
      parts: [{ target: { kind: 'payout', no: '17654321' }, amount: '170.00' }],
    });
    const { ids } = await confirm({ recordId: record, target: { kind: 'payout', id }, amount: '170' });
    expect(orders.map(settledOn)).toEqual(['2026-11-11', '2026-11-11']);
    expect(receivedOn('L1')).toEqual(['2026-11-11']);
    await must(core, 'allocations.withdraw', { ids });
    expect(receivedOn('L1')).toEqual([null]);
    orderOf(book, { no: '111-9', minor: 4000 }, now);
    expect((await must(core, 'allocations.autoConfirm', { minimum: 100, dryRun: false })).payoutOrders).toBe(1);
    expect((await must(core, 'allocations.openTargets', { kind: 'order', currency: 'USD' })).rows).toEqual([]);
    book.prepare(`UPDATE payout SET state = 'void' WHERE id = ?`).run(id);
    expect((await must(core, 'allocations.findings', {})).rows.map(({ code }) => code)).toEqual(['payoutVoid']);
    allocatePayout(book, id, now);
    expect((await must(core, 'allocations.findings', {})).rows).toEqual([]);
  });
});

describe('a receipt from beginning to end', () => {
  /** 1122 and 2203 by order or `-`, exchange differences, charges: minor units and fen. */
  const ledger = () =>
    (
      book
        .prepare(
          `SELECT p.account || ' ' || CASE WHEN p.account IN ('1122','2203') THEN coalesce(o.order_no, '-') ELSE '-' END AS k, sum(p.amount_minor) AS minor, sum(p.cny_fen) AS fen
           FROM posting p LEFT JOIN sales_order o ON o.id = p.order_id
           WHERE p.account IN ('1122','2203','560301','53010101','56030201') GROUP BY 1 HAVING minor <> 0 OR fen <> 0 ORDER BY 1`,
        )
        .all() as { k: string; minor: number; fen: number }[]
    ).map(({ k, minor, fen }) => `${k} ${minor} ${fen}`);

  it('with bank charges over three orders, what is over an advance, which a later order takes', async () => {
    for (const [no, minor] of [
      ['A1', 10_000],
      ['A2', 20_000],
      ['A3', 30_000],
    ] as const)
      exportLineOf(book, { no: `L-${no}`, fobMinor: minor, orderId: sold(no, minor, { buyer: 'ACME' }) }, now);
    await must(core, 'rates.set', { currency: 'USD', date: '2026-11-10', cnyPerUnit: '6.9', source: '测试' });
    const id = receiptOf(book, { minor: 69_000, feeMinor: 1000, payer: 'ACME', nature: 'advance' }, now);
    expect(ledger()).toEqual([
      '1122 A1 10000 70000',
      '1122 A2 20000 140000',
      '1122 A3 30000 210000',
      '2203 - -70000 -483000',
      '560301 - 1000 6900',
    ]);
    await confirm(toOrder(id, 'A1', '100'), toOrder(id, 'A2', '200'), toOrder(id, 'A3', '250'));
    expect(ledger()).toEqual([
      '1122 A3 5000 35000',
      '2203 - -15000 -103500',
      '560301 - 1000 6900',
      '56030201 - 5500 5500',
    ]);
    expect([receivedOn('L-A1'), receivedOn('L-A3')]).toEqual([['2026-11-10'], [null]]);
    expect(await refusal(toOrder(id, 'A3', '50.01'))).toEqual({
      code: 'ALLOCATION_OVER_TARGET',
      path: 'items.0.amount',
    });
    await confirm(toOrder(id, 'A3', '50'));
    // The rest is an advance until there is an order for it.
    expect((await must(core, 'moneyRecords.get', { id })).residual).toBe('100.00');
    sold('B1', 12_000, { buyer: 'ACME' });
    const { ids } = await confirm(toOrder(id, 'B1', '100'));
    expect(ledger()).toEqual(['1122 B1 2000 14000', '560301 - 1000 6900', '56030201 - 7000 7000']);
    expect(await refusal(toOrder(id, 'B1', '0.01'))).toEqual({
      code: 'ALLOCATION_OVER_RECEIPT',
      path: 'items.0.amount',
    });

    // Taken back whole: nothing of it stays anywhere.
    expect(await core.call('moneyRecords.void', { id, reason: '错' })).toMatchObject({
      error: { code: 'MONEY_RECORD_ALLOCATED', params: { allocated: 'USD 700.00' } },
    });
    const all = (await must(core, 'allocations.list', { recordId: id })).rows.map((row) => row.id);
    expect(all).toHaveLength(4);
    expect(all).toContain(ids[0]);
    await must(core, 'allocations.withdraw', { ids: all });
    await must(core, 'moneyRecords.void', { id, reason: '重复登记' });
    expect(ledger()).toEqual([
      '1122 A1 10000 70000',
      '1122 A2 20000 140000',
      '1122 A3 30000 210000',
      '1122 B1 12000 84000',
    ]);
    expect([receivedOn('L-A1'), receivedOn('L-A2'), receivedOn('L-A3')]).toEqual([[null], [null], [null]]);
    const unreversed = book
      .prepare(
        `SELECT count(*) AS n FROM voucher v WHERE v.source_kind = 'source-document' AND v.reverses IS NULL
           AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id)`,
      )
      .get();
    expect(unreversed).toEqual({ n: 0 });
  });

  it('in CNY converts nothing and differs by nothing', async () => {
    sold('C1', 70_000, { currency: 'CNY' });
    const id = receiptOf(book, { minor: 69_500, feeMinor: 500, currency: 'CNY', nature: 'other' }, now);
    await confirm(toOrder(id, 'C1', '700'));
    expect(ledger()).toEqual(['560301 - 500 500']);
  });

  it('in yen pays an order in dinars and the other way round, to the smallest coin', async () => {
    await must(core, 'rates.set', { currency: 'KWD', date: '2026-01-02', cnyPerUnit: '23', source: '测试' });
    orderOf(book, { no: 'K1', minor: 123_450, currency: 'KWD' }, now);
    book.prepare(`UPDATE sales_order SET goods_value_e5 = 1234567 WHERE order_no = 'K1'`).run();
    const [target] = (await must(core, 'allocations.openTargets', { kind: 'order' })).rows;
    expect(target).toMatchObject({ due: '12.346', open: '12.346' });
    const id = receiptOf(book, { minor: 6000, currency: 'JPY' }, now);
    expect(await refusal({ ...toOrder(id, 'K1', '0.5'), rate: '0.002' })).toMatchObject({ code: 'AMOUNT_DECIMALS' });
    await confirm({ ...toOrder(id, 'K1', '5500'), targetAmount: '12.345', charge: '0.001' });
    const [row] = (await must(core, 'allocations.list', { recordId: id })).rows;
    expect(row).toMatchObject({ amount: '5500', targetAmount: '12.345', charge: '0.001', target: { open: '0.000' } });
    expect((await must(core, 'moneyRecords.get', { id })).residual).toBe('500');
    const postings = book
      .prepare(`SELECT currency, sum(amount_minor) AS minor FROM posting WHERE account = '1122' GROUP BY 1 ORDER BY 1`)
      .all();
    expect(postings).toEqual([
      { currency: 'JPY', minor: -500 },
      { currency: 'KWD', minor: -12_346 },
    ]);
  });
});

describe('lists of what is open', () => {
  it('go from page to page, oldest first, over all kinds, with what is left by currency and age', async () => {
    for (let at = 0; at < 5; at++) {
      orderOf(book, { no: `O${at}`, minor: 100, date: `2026-0${at + 1}-15` }, now);
      exportLineOf(book, { no: `D${at}`, fobMinor: 100, date: `2026-0${at + 1}-15` }, now);
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await must(core, 'allocations.openTargets', { limit: 3, ...(after === undefined ? {} : { after }) });
      expect([page.total, page.totals]).toEqual([10, [{ currency: 'USD', count: 10, amount: '10.00' }]]);
      seen.push(...page.rows.map(({ no }) => no));
      after = page.nextCursor;
    } while (after !== undefined);
    expect(seen).toEqual(['D0', 'O0', 'D1', 'O1', 'D2', 'O2', 'D3', 'O3', 'D4', 'O4']);
    const { rows } = await must(core, 'allocations.ageing', {});
    expect(rows).toEqual([
      {
        side: 'targets',
        currency: 'USD',
        amounts: ['0.00', '0.00', '0.00', '0.00', '10.00', '0.00'],
        counts: [0, 0, 0, 0, 10, 0],
      },
    ]);
    expect(
      (await must(core, 'allocations.openTargets', { text: 'O3', kind: 'order' })).rows.map(({ no }) => no),
    ).toEqual(['O3']);
  });

  it('leave out of a receipt what was paid back', async () => {
    const record = receiptOf(book, { minor: 1000 }, now);
    saveRecord(
      book,
      moneyRecordInput.parse({
        kind: 'refund-out',
        date: '2026-11-12',
        accountId: accountOf(book, 'USD', now),
        amount: '4.00',
        refundsId: record,
      }),
      now,
    );
    expect((await must(core, 'allocations.openReceipts', {})).rows.map(({ open }) => open)).toEqual(['6.00']);
  });
});

describe('any sequence of allocations and withdrawals', () => {
  it('keeps both sides exact and never takes more than there is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }),
        fc.array(
          fc.record({
            receipt: fc.nat(3),
            order: fc.nat(3),
            amount: fc.integer({ min: 1, max: 300 }),
            charge: fc.integer({ min: 0, max: 20 }),
            withdraw: fc.boolean(),
          }),
          { maxLength: 25 },
        ),
        async (receiptMinors, orderMinors, steps) => {
          const mark = `${book.nextNumber('test')}`;
          const receipts = receiptMinors.map((minor) => receiptOf(book, { minor, feeMinor: 3 }, now));
          const orders = orderMinors.map((minor, at) => orderOf(book, { no: `${mark}-${at}`, minor }, now));
          const standing = new Map<number, { receipt: number; order: number; amount: number; charge: number }>();
          const left = (list: readonly number[], total: (at: number) => number, key: 'receipt' | 'order') =>
            list.map((_, at) =>
              [...standing.values()]
                .filter((one) => one[key] === at)
                .reduce((sum, one) => sum - one.amount - (key === 'order' ? one.charge : 0), total(at)),
            );
          for (const step of steps) {
            const receipt = step.receipt % receipts.length;
            const order = step.order % orders.length;
            if (step.withdraw) {
              const [id] = standing.keys();
              if (id === undefined) continue;
              await must(core, 'allocations.withdraw', { ids: [id] });
              standing.delete(id);
              continue;
            }
            const amount = (minor: number) => (minor / 100).toFixed(2);
            const result = await core.call('allocations.confirm', {
              items: [
                toOrder(receipts[receipt] ?? 0, `${mark}-${order}`, amount(step.amount), {
                  charge: amount(step.charge),
                }),
              ],
            });
            const receiptLeft = left(receipts, (at) => (receiptMinors[at] ?? 0) + 3, 'receipt')[receipt] ?? 0;
            const orderLeft = left(orders, (at) => orderMinors[at] ?? 0, 'order')[order] ?? 0;
            expect(result.ok).toBe(step.amount <= receiptLeft && step.amount + step.charge <= orderLeft);
            if (!result.ok) continue;
            const [id = 0] = result.data.ids;
            const same = [...standing].find(([, one]) => one.receipt === receipt && one.order === order);
            if (same !== undefined) standing.delete(same[0]);
            standing.set(id, {
              receipt,
              order,
              amount: step.amount + (same?.[1].amount ?? 0),
              charge: step.charge + (same?.[1].charge ?? 0),
            });
          }
          const openOf = (table: string, column: string, ids: readonly number[]) =>
            ids.map(
              (id) =>
                (book.prepare(`SELECT ${column} AS minor FROM ${table} WHERE id = ?`).get(id) as { minor: number })
                  .minor,
            );
          expect(openOf('money_record', 'amount_minor + fee_minor - allocated_minor', receipts)).toEqual(
            left(receipts, (at) => (receiptMinors[at] ?? 0) + 3, 'receipt'),
          );
          expect(openOf('sales_order', 'open_minor', orders)).toEqual(
            left(orders, (at) => orderMinors[at] ?? 0, 'order'),
          );
        },
      ),
      { numRuns: 12 },
    );
  });
});
