import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepDeclaredGoods } from '../../electron/core/store/declared-goods.ts';
import { leaveToLists, postRelease, retryPendingPostings, takeBackRelease } from '../../electron/core/store/ledger.ts';
import { forceState } from '../fixtures/force-state.ts';
import { balance, now, openShop, releasedList, type Shop } from '../fixtures/import/purchases.ts';
import { must } from '../fixtures/trade.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
  await must(shop.core, 'rates.set', { currency: 'USD', date: '2026-11-02', cnyPerUnit: '7', source: '测试' });
});
afterEach(() => shop.close());

const date = '2026-11-20';
const release = (documentId: number) => postRelease(shop.book, { documentId, date, now });
const lines = async () => (await must(shop.core, 'exportLines.list', {})).rows;
const count = (table: string): number =>
  (shop.book.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
const stock = async () =>
  (await must(shop.core, 'stock.list', {})).rows.map(({ sku, place, qty }) => `${sku} ${place.name} ${qty}`);

interface Item {
  readonly sku: string;
  readonly qty: string;
  readonly total: string;
  readonly to?: string;
}
/** A released declaration as customs has it. */
function declaration(no: string, items: readonly Item[], head: Record<string, string> = {}): number {
  const body = {
    DecHead: { TradeMode: '9710', TransMode: '3', GrossWet: '10', ...head },
    DecList: items.map(({ sku, qty, total, to }, at) => ({
      ...{ GNo: String(at + 1), CodeTS: '6913900000', GName: '陶瓷', GUnit: '007', GQty: qty, ExgNo: sku },
      ...{ DeclTotal: total, TradeCurr: 'USD', ...(to === undefined ? {} : { OriginCountry: to }) },
    })),
    DecSign: { ClientSeqNo: no },
  };
  const { lastInsertRowid } = shop.book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, platform_no, status_code, status_time, tables_version, created_at, updated_at)
       VALUES ('DecMessage', ?, ?, ?, 0, 'USD', 'released', ?, 'SW-P', '20261120101500000', 'x', ?, ?)`,
    )
    .run(no, no, JSON.stringify(body), `6407${no}`, now, now);
  return Number(lastInsertRowid);
}
function order(no: string): number {
  const { lastInsertRowid } = shop.book
    .prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, created_at)
       VALUES (?, '2026-11-01', '2026-11-01T00:00:00', 'Germany', '304', 'USD', 1, 0, 'open', ?)`,
    )
    .run(no, now);
  return Number(lastInsertRowid);
}
const goods = (itemNo: number, orderNo: string, sku: string, qty: bigint, amount: bigint) => ({
  ...{ itemNo, orderNo, sku, qty_e5: qty * 100_000n, amount_e5: amount * 100_000n },
});

describe('a released declaration that no order stands behind', () => {
  it('is a sale at the dated rate and export lines at FOB, once, and is taken back whole', async () => {
    await must(shop.core, 'stock.receive', { date: '2026-11-03', sku: 'A1', qty: '10', cost: '50' });
    const cif = {
      TransMode: '1',
      FeeMark: '3',
      FeeRate: '10',
      FeeCurr: 'USD',
      InsurMark: '3',
      InsurRate: '2',
      InsurCurr: 'USD',
    };
    const id = declaration(
      'P1',
      [
        { sku: 'A1', qty: '4', total: '90' },
        { sku: 'X', qty: '1', total: '22' },
      ],
      cif,
    );
    expect(release(id)).toBe('posted');
    expect(release(id)).toBe('already');
    expect(balance(shop.book, '1122')).toBe(78_400);
    expect([balance(shop.book, '5001'), balance(shop.book, '505101')]).toEqual([-70_000, -8_400]);
    const rows = await lines();
    expect(rows.map(({ mode, declarationNo, sku, fob, fobCny }) => [mode, declarationNo, sku, fob, fobCny])).toEqual([
      ['9710', '6407P1', undefined, '19.64', '137.48'],
      ['9710', '6407P1', 'A1', '80.36', '562.52'],
    ]);
    expect(await stock()).toEqual(['A1 本地仓 6']);
    const { rows: sales } = await must(shop.core, 'reports.accountLedger', { accounts: ['1122'] });
    const voucher = await must(shop.core, 'vouchers.get', { id: sales[0]?.voucherId ?? 0 });
    expect(voucher.sources).toMatchObject([
      { kind: 'declaration-release', label: '6407P1', target: `declaration/${id}` },
    ]);
    expect(takeBackRelease(shop.book, { documentId: id, date, now })).toEqual({ isWhole: true });
    expect([balance(shop.book, '1122'), balance(shop.book, '5401'), count('export_line')]).toEqual([0, 0, 0]);
    expect(await stock()).toEqual(['A1 本地仓 10']);
  });

  it('knows where each item went by the letters of the declaration', async () => {
    const id = declaration('P8', [{ sku: 'A1', qty: '1', total: '10' }], { TradeCountry: 'DEU' });
    expect(release(id)).toBe('posted');
    expect((await lines())[0]).toMatchObject({ declarationNo: '6407P8', country: '304' });
    const other = declaration('P9', [{ sku: 'A1', qty: '1', total: '10', to: 'USA' }], { TradeCountry: 'DEU' });
    expect(release(other)).toBe('posted');
    expect((await lines()).find(({ declarationNo }) => declarationNo === '6407P9')?.country).toBe('502');
  });

  it('waits for a rate, of its currency or of its freight, and is posted when it comes', async () => {
    const id = declaration('P2', [{ sku: 'A1', qty: '1', total: '100' }], {
      ...{ TransMode: '2', FeeMark: '3', FeeRate: '10', FeeCurr: 'EUR' },
    });
    expect(release(id)).toBe('pending');
    expect([count('pending_posting'), count('export_line')]).toEqual([1, 0]);
    await must(shop.core, 'rates.set', { currency: 'EUR', date: '2026-11-02', cnyPerUnit: '7.7', source: '测试' });
    expect([count('pending_posting'), count('export_line')]).toEqual([0, 1]);
    expect((await lines())[0]).toMatchObject({ fob: '89.00' });
    expect(retryPendingPostings(shop.book, now)).toBe(0);
  });

  it('is no sale of its own where it sums up lists', () => {
    expect(release(declaration('P3', [{ sku: 'A1', qty: '1', total: '100' }], { TradeMode: '9610' }))).toBe('already');
    expect([count('export_line'), count('voucher')]).toEqual([0, 0]);
    const named = declaration('P4', [{ sku: 'A1', qty: '1', total: '100' }]);
    expect(release(named)).toBe('posted');
    leaveToLists(shop.book, '6407P4', date, now);
    expect([count('export_line'), balance(shop.book, '5001')]).toEqual([0, 0]);
  });
});

describe('a released declaration of the goods of orders', () => {
  it('is the sale of each of them, by its part; what is paid and short is theirs', async () => {
    const [a, b] = [order('O1'), order('O2')];
    await must(shop.core, 'stock.receive', { date: '2026-11-03', sku: 'A1', qty: '3', cost: '30' });
    keepDeclaredGoods(shop.book, 'P5', [
      goods(1, 'O1', 'A1', 2n, 20n),
      goods(1, 'O2', 'A2', 1n, 10n),
      goods(2, 'O2', 'A1', 2n, 30n),
    ]);
    expect(shop.book.prepare('SELECT DISTINCT state FROM sales_order').all()).toEqual([{ state: 'drafted' }]);
    const id = declaration('P5', [
      { sku: 'A1', qty: '2', total: '30' },
      { sku: 'A1', qty: '3', total: '31' },
    ]);
    expect(release(id)).toBe('posted');
    expect(release(id)).toBe('already');
    const sums = shop.book
      .prepare(
        `SELECT order_id AS id, sum(amount_minor) AS minor FROM posting WHERE account = '1122' GROUP BY 1 ORDER BY 1`,
      )
      .all();
    // The first item was declared a cent dearer than drafted: it is shared as its goods are worth.
    expect(sums).toEqual([
      { id: a, minor: 2067 },
      { id: b, minor: 1033 + 3000 },
    ]);
    const rows = await lines();
    expect(rows.map(({ qty, fob, shortQty }) => [qty, fob, shortQty])).toEqual([
      ['3', '31.00', '2'],
      ['2', '30.00', '0'],
    ]);
    // The goods are owed by the orders, not by the declaration a second time.
    expect(count('declaration_settled')).toBe(0);
    expect(
      await must(shop.core, 'allocations.openTargets', { kind: 'order', text: '6407P5', open: false }),
    ).toMatchObject({
      rows: [],
    });
    await must(shop.core, 'stock.receive', { date: '2026-11-21', sku: 'A2', qty: '5', cost: '5' });
    expect((await lines()).reduce((sum, { shortQty }) => sum + Number(shortQty), 0)).toBe(1);
    expect(shop.book.prepare(`SELECT order_id AS id FROM stock_move WHERE sku = 'A2' AND kind = 'sold'`).all()).toEqual(
      [{ id: b }],
    );
    shop.book.prepare(`UPDATE sales_order SET settled_on = '2026-11-22' WHERE id = ?`).run(b);
    expect((await lines()).filter(({ receivedOn }) => receivedOn !== undefined)).toHaveLength(1);
    shop.book.prepare(`UPDATE sales_order SET settled_on = '2026-11-23' WHERE id = ?`).run(a);
    expect((await lines()).map(({ receivedOn }) => receivedOn).sort()).toEqual(['2026-11-22', '2026-11-23']);
    takeBackRelease(shop.book, { documentId: id, date, now });
    expect([balance(shop.book, '1122'), balance(shop.book, '5001'), count('export_goods')]).toEqual([0, 0, 0]);
  });

  it('gives way to a list of the same order, and does not count where one is filed', async () => {
    const list = releasedList(shop.book, {
      no: 'L9',
      lines: [{ sku: 'A1', qty: '1', price: '10', total: '10' }],
      platformNo: '640720261234567899',
    });
    keepDeclaredGoods(shop.book, 'P7', [goods(1, 'L9', 'A1', 1n, 10n)]);
    const id = declaration('P7', [{ sku: 'A1', qty: '1', total: '10' }]);
    forceState(shop.book, `UPDATE document SET state = 'accepted' WHERE id = ?`, list.documentId);
    expect(release(id)).toBe('waiting');
    expect(count('export_line')).toBe(0);
    // Released before the list was: what it had written goes when the list is.
    forceState(shop.book, `UPDATE document SET state = 'draft' WHERE id = ?`, list.documentId);
    expect(release(id)).toBe('posted');
    expect((await lines()).map(({ declarationNo }) => declarationNo)).toEqual(['6407P7']);
    forceState(shop.book, `UPDATE document SET state = 'released' WHERE id = ?`, list.documentId);
    expect(postRelease(shop.book, { orderId: list.orderId, documentId: list.documentId, date, now })).toBe('already');
    expect((await lines()).map(({ declarationNo }) => declarationNo)).toEqual(['640720261234567899']);
    expect(balance(shop.book, '5001')).toBe(-7_000);
  });
});
