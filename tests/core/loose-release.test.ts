import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepDeclaredGoods } from '../../electron/core/store/declared-goods.ts';
import { postRelease } from '../../electron/core/store/ledger.ts';
import { orderNoOf, paper } from '../faults/support/papers.ts';
import { orderOf, shipmentOf } from '../faults/support/queue.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { balance, now, openShop, type Shop } from '../fixtures/import/purchases.ts';
import { must } from '../fixtures/trade.ts';

/** A list that was typed, copied or imported is a sale when customs releases it, and no sale is booked twice. */
let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const rate = () =>
  must(shop.core, 'rates.set', { currency: 'GBP', date: '2026-11-02', cnyPerUnit: '9', source: '测试' });
const lines = async () => (await must(shop.core, 'exportLines.list', {})).rows;
const pending = (): number => (shop.book.prepare('SELECT count(*) AS n FROM pending_posting').get() as { n: number }).n;
/** Sales of goods for export, in fen: of one order's papers £7.35 at 9. */
const revenue = (): number => Math.abs(balance(shop.book, '5001'));
const once = 6_615;
let serial = 0;

/** A list of order n as it is stored; `of` makes it the order's own. */
function list(n: number, of?: { orderId: number; shipmentId: number }, head: Record<string, string> = {}): number {
  const body = changed('CEB603Message', paper('CEB603Message', n), { copNo: `COP${++serial}`, ...head });
  return storeDraft(shop.core, 'CEB603Message', body, of);
}
function release(id: number): void {
  const guid = fileDraft(shop.core, id);
  answer(shop.core, guid, '800', '20261120100000', { invtNo: `64072026E${String(id).padStart(9, '0')}` });
}
const openOrder = (n: number): number => {
  const id = orderOf(shop.book, now, n);
  shop.book.prepare(`UPDATE sales_order SET state = 'open' WHERE id = ?`).run(id);
  return id;
};

describe('a released list that no order of the book stands behind', () => {
  it('is a sale of its own, with its lines and its goods out of stock, and is taken back with its withdrawal', async () => {
    await rate();
    await must(shop.core, 'stock.receive', { date: '2026-11-03', sku: 'A1', qty: '10', cost: '50' });
    const body = changed('CEB603Message', paper('CEB603Message', 1), { tradeMode: '9710' }, [
      ...((paper('CEB603Message', 1)['InventoryList'] ?? []) as Record<string, string>[]).map((line, at) =>
        at === 0 ? { ...line, itemNo: 'A1' } : line,
      ),
    ]);
    const id = storeDraft(shop.core, 'CEB603Message', body);
    release(id);
    expect(revenue()).toBe(once);
    expect((await lines()).map(({ mode, sku, fob }) => [mode, sku, fob])).toEqual([
      ['9710', undefined, '0.85'],
      ['9710', 'A1', '6.50'],
    ]);
    expect((await must(shop.core, 'stock.list', {})).rows.map(({ qty }) => qty)).toEqual(['8']);
    expect((await must(shop.core, 'documents.life', { id })).returnable[0]?.exportLineId).toBeDefined();

    const withdrawal = await must(shop.core, 'documents.withdraw', { id, reason: '买家取消，货物未出境' });
    answer(shop.core, fileDraft(shop.core, withdrawal.id), '399', '20261121100000');
    expect([revenue(), (await lines()).length]).toEqual([0, 0]);
    expect((await must(shop.core, 'stock.list', {})).rows.map(({ qty }) => qty)).toEqual(['10']);
  });

  it('waits for a rate and is posted once when it comes', async () => {
    release(list(2));
    expect([pending(), revenue()]).toEqual([1, 0]);
    await rate();
    expect([pending(), revenue(), (await lines()).length]).toEqual([0, once, 2]);
  });

  it('is taken up by the order that it names, where nothing was drafted for it', async () => {
    await rate();
    const orderId = openOrder(3);
    const id = list(3);
    release(id);
    expect(revenue()).toBe(once);
    expect(shop.book.prepare('SELECT state FROM sales_order WHERE id = ?').get(orderId)).toEqual({ state: 'released' });
    expect((await must(shop.core, 'documents.get', { id })).orderId).toBe(orderId);
  });

  it('sells nothing yet where it goes to a warehouse abroad', async () => {
    await rate();
    release(list(4, undefined, { tradeMode: '9810' }));
    expect(revenue()).toBe(0);
    expect((await lines()).map(({ mode }) => mode)).toEqual(['9810', '9810']);
  });

  it('is one sale with another that was released before its order came into the book', async () => {
    await rate();
    release(list(6));
    openOrder(6);
    release(list(6));
    expect([revenue(), pending()]).toEqual([2 * once, 0]);
    expect((await lines()).length).toBe(4);
  });

  it('is named by the statistics of its month where papers of the order count, also once it is closed', async () => {
    await rate();
    const orderId = openOrder(5);
    const own = fileDraft(shop.core, list(5, { orderId, shipmentId: shipmentOf(shop.book, now) }));
    const apart = fileDraft(shop.core, list(5));
    answer(shop.core, apart, '899', '20261120100000', { invtNo: '64072026E99999' });
    expect([revenue(), (await lines()).length]).toEqual([0, 0]);
    const { gaps } = await must(shop.core, 'statistics.sources', { period: '2026-11' });
    expect(gaps.find(({ code }) => code === 'uncounted')).toMatchObject({ count: 1 });
    answer(shop.core, own, '800', '20261120100000', { invtNo: '64072026E88888' });
    expect(revenue()).toBe(once);
  });
});

/** What may happen around the goods of one order number, in any order of events. */
const events = ['order', 'apart', 'own', 'declared'] as const;
type Event = (typeof events)[number];
function orders(left: readonly Event[]): Event[][] {
  return left.length === 0
    ? [[]]
    : left.flatMap((one) => orders(left.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}

describe('no order of events books the goods of an order number twice', () => {
  it.each(['before', 'behind'] as const)('with the rate %s them', async (known) => {
    if (known === 'before') await rate();
    for (const [at, happened] of orders(events).entries()) {
      const n = 100 + at;
      let orderId: number | undefined;
      const isOpen = (): boolean =>
        orderId !== undefined &&
        shop.book.prepare(`SELECT 1 FROM sales_order WHERE id = ? AND state = 'open'`).get(orderId) !== undefined;
      for (const event of happened) {
        if (event === 'order') orderId = openOrder(n);
        if (event === 'apart') release(list(n));
        // The drafter takes only orders that are open.
        if (event === 'own' && orderId !== undefined && isOpen()) {
          shop.book.prepare(`UPDATE sales_order SET state = 'drafted' WHERE id = ?`).run(orderId);
          release(list(n, { orderId, shipmentId: shipmentOf(shop.book, now) }));
        }
        if (event === 'declared' && orderId !== undefined && isOpen()) declare(n);
        const most = known === 'before' ? (at + 1) * once : 0;
        expect(revenue(), happened.join()).toBeLessThanOrEqual(most);
      }
      if (known === 'before') expect(revenue(), happened.join()).toBe((at + 1) * once);
    }
    if (known === 'behind') await rate();
    expect([revenue(), pending()]).toEqual([orders(events).length * once, 0]);
    const { fob } = shop.book.prepare('SELECT sum(fob_minor) AS fob FROM export_line').get() as { fob: number };
    expect(fob).toBe(orders(events).length * 735);
  });
});

/** A declaration of an order's goods, released. */
function declare(n: number): void {
  const no = `DEC${++serial}`;
  const body = {
    DecHead: { TradeMode: '9710', TransMode: '3', GrossWet: '10' },
    DecList: [
      {
        ...{ GNo: '1', CodeTS: '6912001000', GName: '马克杯', GUnit: '007', GQty: '3', ExgNo: 'SKU2' },
        ...{ DeclTotal: '7.35', TradeCurr: 'GBP' },
      },
    ],
    DecSign: { ClientSeqNo: no },
  };
  const goods = { itemNo: 1, orderNo: orderNoOf(n), sku: 'SKU2', qty_e5: 300_000n, amount_e5: 735_000n };
  keepDeclaredGoods(shop.book, no, [goods]);
  const { lastInsertRowid } = shop.book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, platform_no, status_code, released_at, tables_version, created_at, updated_at)
       VALUES ('DecMessage', ?, ?, ?, 0, 'GBP', 'released', ?, 'SW-P', '20261120101500000', 'x', ?, ?)`,
    )
    .run(no, no, JSON.stringify(body), `6407${no}`, now, now);
  postRelease(shop.book, { documentId: Number(lastInsertRowid), date: '2026-11-20', now });
}
