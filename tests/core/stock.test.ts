import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { costedInvoice } from '../../electron/core/store/invoice-costs.ts';
import { takeBackExport } from '../../electron/core/store/stock.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { fenOf, fenText, receivedCost } from '../../shared/stock/index.ts';
import { balance, invoice, now, openShop, type Shop } from '../fixtures/import/purchases.ts';
import { must } from '../fixtures/trade.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const receive = (input: Partial<InputOf<'stock.receive'>>) =>
  must(shop.core, 'stock.receive', { date: '2026-11-03', qty: '10', ...input });
const stock = async () =>
  (await must(shop.core, 'stock.list', {})).rows.map(
    ({ sku, place, qty, cost }) => `${sku} ${place.name} ${qty} ${cost}`,
  );

describe('goods received', () => {
  it('take the parts of their invoice line, which come to the line', async () => {
    const line = { name: '摆件', qty: '3', amount: '100.00', vatRate: '0.13', vat: '13.00', sku: 'A1' };
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop, { lines: [line] }));
    const invoiceLineId = lineRows[0]?.id ?? 0;
    const costs = [];
    for (let n = 0; n < 3; n += 1) costs.push((await receive({ qty: '1', invoiceLineId })).cost);
    expect(costs).toEqual(['33.33', '33.34', '33.33']);
    expect(await shop.core.call('stock.receive', { date: '2026-11-03', qty: '1', invoiceLineId })).toMatchObject({
      ok: false,
      error: { code: 'RECEIPT_OVER_INVOICE', params: { left: '0', want: '1' } },
    });
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([10_000, 0]);
    const posting = shop.book.prepare(`SELECT sku, sum(qty_e5) AS qty FROM posting WHERE account = '1405'`).get();
    expect(posting).toEqual({ sku: 'A1', qty: 300_000 });
  });

  it('before their invoice take an estimate, put right when it comes', async () => {
    const { moveIds } = await receive({ sku: 'A1', cost: '90' });
    await must(shop.core, 'stock.adjust', { date: '2026-11-04', sku: 'A1', placeId: 1, counted: '6', reason: '盘亏' });
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop));
    const link = { moveId: moveIds[0] ?? 0, invoiceLineId: lineRows[0]?.id ?? 0, date: '2026-11-05' };
    expect(await must(shop.core, 'stock.linkInvoice', link)).toEqual({ difference: '10.00' });
    expect(await stock()).toEqual(['A1 本地仓 6 60.00']);
    expect([
      balance(shop.book, '1405'),
      balance(shop.book, '1402'),
      balance(shop.book, '5401'),
      balance(shop.book, '1901'),
    ]).toEqual([6_000, 0, 400, 3_600]);
    expect(await shop.core.call('stock.linkInvoice', link)).toMatchObject({ ok: false });
  });

  it('need an article and a cost where there is no invoice', async () => {
    for (const input of [{ sku: 'A1' }, { cost: '1' }])
      expect(await shop.core.call('stock.receive', { date: '2026-11-03', qty: '1', ...input })).toMatchObject({
        ok: false,
        error: { code: 'RECEIPT_INCOMPLETE' },
      });
  });
});

describe('a correction of cost', () => {
  const estimate = async (more: Partial<InputOf<'stock.receive'>> = {}) =>
    (await receive({ sku: 'A1', cost: '80', ...more })).moveIds[0] ?? 0;
  const linked = async (moveId: number) => {
    const { id, lineRows } = await must(shop.core, 'invoices.save', invoice(shop));
    await must(shop.core, 'stock.linkInvoice', { moveId, invoiceLineId: lineRows[0]?.id ?? 0, date: '2026-11-05' });
    return id;
  };
  const books = () => ['1405', '1402', '5401'].map((account) => balance(shop.book, account));
  const reverse = (moveId: number) => ({ moveId, date: '2026-11-06', reason: '错' });

  it.each([0, 1])('goes with the receipt that is reversed, beside %s others', async (others) => {
    const moveId = await estimate();
    for (let n = 0; n < others; n += 1) await estimate();
    await linked(moveId);
    await must(shop.core, 'stock.reverse', reverse(moveId));
    expect(await stock()).toEqual(others === 0 ? [] : ['A1 本地仓 10 80.00']);
    expect(books()).toEqual([others * 8_000, 10_000 - others * 8_000, 0]);
  });

  it('of an invoice repriced later goes with it too', async () => {
    const moveId = await estimate();
    const id = await linked(moveId);
    const line = { name: '摆件', qty: '10', amount: '130.00', vatRate: '0.13', vat: '13.00', sku: 'A1' };
    await must(shop.core, 'invoices.save', invoice(shop, { id, amount: '130', total: '143', lines: [line] }));
    expect(books()).toEqual([13_000, 0, 0]);
    await must(shop.core, 'stock.reverse', reverse(moveId));
    expect(books()).toEqual([0, 13_000, 0]);
  });

  it('is never reversed by halves', async () => {
    const moveId = await estimate();
    await linked(moveId);
    const { rows } = await must(shop.core, 'stock.moves', { sku: 'A1' });
    const halves = rows.filter(({ kind }) => kind === 'adjusted');
    expect(halves).toHaveLength(2);
    for (const { id } of halves)
      expect(await shop.core.call('stock.reverse', reverse(id))).toMatchObject({
        ok: false,
        error: { code: 'MOVE_OF_INVOICE' },
      });
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
  });

  it('finds the goods where they are, those of its own place first', async () => {
    await estimate();
    const moveId = await estimate({ placeId: 4 });
    await must(shop.core, 'stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 4, toId: 2, qty: '6' });
    await linked(moveId);
    // Of 20.00 more, four tenths at 保税仓, six tenths with the others at home: what is on its way is reached after those.
    expect(await stock()).toEqual(['A1 本地仓 10 92.00', 'A1 在途 6 48.00', 'A1 保税仓 4 40.00']);
    expect(books()).toEqual([18_000, -8_000, 0]);
  });

  it('is no movement of goods in the quantity ledger, which comes to the account', async () => {
    await linked(await estimate());
    const read = async (more: Partial<InputOf<'reports.quantityLedger'>>) =>
      (await must(shop.core, 'reports.quantityLedger', { from: '2026-11', to: '2026-11', ...more })).rows;
    for (const source of [{ source: 'stock' }, { source: 'stock', placeId: 1 }, { account: '1405' }] as const)
      expect(await read(source)).toMatchObject([
        {
          sku: 'A1',
          in: { quantity: '10', amount: '100.00' },
          out: { quantity: '0', amount: '0.00' },
          closing: { quantity: '10', amount: '100.00' },
        },
      ]);
    expect(balance(shop.book, '1405')).toBe(10_000);
  });

  it('leaves no fen behind when parts of a line are taken back and come again', async () => {
    const line = { name: '摆件', qty: '3', amount: '100.00', vatRate: '0.13', vat: '13.00', sku: 'A1' };
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop, { lines: [line] }));
    const invoiceLineId = lineRows[0]?.id ?? 0;
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push((await receive({ qty: '1', invoiceLineId })).moveIds[0] ?? 0);
    await must(shop.core, 'stock.reverse', reverse(ids[1] ?? 0));
    await receive({ qty: '1', invoiceLineId });
    expect(await stock()).toEqual(['A1 本地仓 3 100.00']);
    expect(books()).toEqual([10_000, 0, 0]);
  });
});

describe('stock', () => {
  it('never goes below zero', async () => {
    await receive({ sku: 'A1', cost: '100' });
    expect(
      await shop.core.call('stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 1, toId: 2, qty: '10.00001' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'STOCK_SHORT', params: { sku: 'A1', place: '本地仓', have: '10', want: '10.00001' } },
    });
    expect(() =>
      shop.book
        .prepare(
          `INSERT INTO stock_move (date, sku, place_id, kind, qty_e5, cost_fen, created_at) VALUES ('2026-11-04', 'A1', 1, 'sold', -1000001, 0, '')`,
        )
        .run(),
    ).toThrow();
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
  });

  it('moves with its cost between places, and back', async () => {
    await receive({ sku: 'A1', cost: '100' });
    const { moveIds, cost } = await must(shop.core, 'stock.transfer', {
      date: '2026-11-04',
      sku: 'A1',
      fromId: 1,
      toId: 2,
      qty: '3',
    });
    expect(cost).toBe('30.00');
    expect(await stock()).toEqual(['A1 本地仓 7 70.00', 'A1 在途 3 30.00']);
    expect(balance(shop.book, '1405')).toBe(10_000);
    await must(shop.core, 'stock.reverse', { moveId: moveIds[0] ?? 0, date: '2026-11-05', reason: '错' });
    expect(await stock()).toEqual(['A1 本地仓 10 100.00']);
    expect(
      await shop.core.call('stock.reverse', { moveId: moveIds[1] ?? 0, date: '2026-11-05', reason: '错' }),
    ).toMatchObject({
      ok: false,
      error: { code: 'MOVE_REVERSED' },
    });
  });

  it('is counted: shortage at the average, surplus valued, posted to 待处理财产损溢', async () => {
    await receive({ sku: 'A1', cost: '100' });
    const count = (counted: string, more = {}) =>
      shop.core.call('stock.adjust', { date: '2026-11-04', sku: 'A1', placeId: 1, counted, reason: '盘点', ...more });
    expect(await count('11', { cost: '-50' })).toMatchObject({ ok: false });
    expect(await count('8')).toMatchObject({ ok: true, data: { difference: '-2', cost: '-20.00' } });
    expect(await count('9')).toMatchObject({ ok: true, data: { difference: '1', cost: '10.00' } });
    expect(await count('9')).toMatchObject({ ok: true, data: { moveIds: [] } });
    expect(await count('0')).toMatchObject({ ok: true, data: { cost: '-90.00' } });
    expect(await count('1')).toMatchObject({ ok: false, error: { code: 'RECEIPT_INCOMPLETE' } });
    expect(await count('1', { cost: '12.34' })).toMatchObject({ ok: true });
    expect([balance(shop.book, '1405'), balance(shop.book, '1901')]).toEqual([1_234, 8_766]);
  });

  it('shows its moves with what each came to', async () => {
    const { moveIds } = await receive({ sku: 'A1', cost: '100' });
    await receive({ sku: 'A1', cost: '140' });
    await must(shop.core, 'stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 1, toId: 2, qty: '5' });
    const { rows, total } = await must(shop.core, 'stock.moves', { sku: 'A1', placeId: 1 });
    expect(total).toBe(3);
    expect(
      rows.map(({ kind, qty, cost, runningQty, runningCost }) => [kind, qty, cost, runningQty, runningCost]),
    ).toEqual([
      ['transfer-out', '-5', '-60.00', '15', '180.00'],
      ['received', '10', '140.00', '20', '240.00'],
      ['received', '10', '100.00', '10', '100.00'],
    ]);
    await must(shop.core, 'stock.reverse', { moveId: moveIds[0] ?? 0, date: '2026-11-05', reason: '错' });
    expect([balance(shop.book, '1405'), balance(shop.book, '1402')]).toEqual([14_000, -14_000]);
  });

  it('keeps the register of overseas warehouses', async () => {
    const place = {
      kind: 'overseas',
      name: '汉堡仓',
      country: '304',
      owner: '测试仓储',
      contract: 'HT-1',
      filingNo: 'B-9',
      active: true,
    } as const;
    const saved = await must(shop.core, 'stock.savePlace', place);
    expect(saved).toMatchObject(place);
    expect(await shop.core.call('stock.savePlace', place)).toMatchObject({
      ok: false,
      error: { code: 'PLACE_EXISTS' },
    });
    await receive({ sku: 'A1', cost: '100' });
    await must(shop.core, 'stock.transfer', { date: '2026-11-04', sku: 'A1', fromId: 1, toId: saved.id, qty: '3' });
    for (const change of [{ active: false }, { kind: 'home' } as const])
      expect(await shop.core.call('stock.savePlace', { ...saved, ...change })).toMatchObject({
        ok: false,
        error: { code: 'PLACE_IN_USE' },
      });
    expect((await must(shop.core, 'stock.places', {})).rows).toHaveLength(5);
  });
});

describe('all of an invoice', () => {
  const lines = [
    { name: '摆件', qty: '0.3', amount: '10.00', vatRate: '0', vat: '0.00', sku: 'A1' },
    { name: '杯', qty: '3', amount: '20.00', vatRate: '0', vat: '0.00', sku: 'A2' },
    { name: '运费', qty: '1', amount: '5.00', vatRate: '0', vat: '0.00' },
  ];
  const save = () =>
    must(shop.core, 'invoices.save', invoice(shop, { amount: '35.00', vat: '0.00', total: '35.00', lines }));

  it('is received to the last digit, in one go, beside what came before', async () => {
    const { id, lineRows } = await save();
    // 0.3 − 0.1 is no 0.2 in binary.
    await receive({ qty: '0.1', invoiceLineId: lineRows[0]?.id ?? 0 });
    await must(shop.core, 'exportLines.saveMany', {
      lines: [
        {
          mode: '0110',
          declarationNo: 'D1',
          lineNo: 1,
          exportDate: '2026-11-04',
          sku: 'A2',
          hsCode: '6913900000',
          name: '杯',
          unit: '007',
          qty: '1',
          currency: 'USD',
          fob: '9',
        },
      ],
    });
    const done = await must(shop.core, 'stock.receiveInvoice', { invoiceId: id, date: '2026-11-05' });
    expect(done).toMatchObject({ cost: '26.67', issuedShort: 1, withoutSku: 1 });
    expect(done.moveIds).toHaveLength(2);
    expect(await stock()).toEqual(['A1 本地仓 0.3 10.00', 'A2 本地仓 2 13.33']);
    expect(await shop.core.call('stock.receiveInvoice', { invoiceId: id, date: '2026-11-05' })).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_NOTHING_TO_RECEIVE' },
    });
    expect(await shop.core.call('stock.receiveInvoice', { invoiceId: 99, date: '2026-11-05' })).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_UNKNOWN' },
    });
  });

  it('or nothing of it', async () => {
    const { id } = await save();
    expect(
      await shop.core.call('stock.receiveInvoice', { invoiceId: id, date: '2026-11-05', placeId: 77 }),
    ).toMatchObject({ ok: false, error: { code: 'PLACE_UNKNOWN' } });
    expect(await stock()).toEqual([]);
  });
});

describe('a firm that keeps no stock', () => {
  const exported = (declarationNo: string) =>
    must(shop.core, 'exportLines.saveMany', {
      lines: [
        {
          mode: '0110',
          declarationNo,
          lineNo: 1,
          exportDate: '2026-11-04',
          sku: 'A1',
          hsCode: '6913900000',
          name: '摆件',
          unit: '007',
          qty: '2',
          currency: 'USD',
          fob: '9',
        },
      ],
    });
  const shorts = async () => (await must(shop.core, 'stock.shorts', {})).total;

  it('sees nothing short until its first purchase, and loses nothing then', async () => {
    await exported('D1');
    expect(await must(shop.core, 'stock.settings', {})).toEqual({ choice: 'auto', keepsStock: false });
    expect(await shorts()).toBe(0);
    expect((await must(shop.core, 'stock.list', {})).shorts).toBe(0);
    expect((await must(shop.core, 'exportLines.list', { open: 'stock' })).total).toBe(0);
    expect((await must(shop.core, 'exportLines.list', {})).rows).toMatchObject([{ shortQty: '0' }]);
    await must(shop.core, 'invoices.save', invoice(shop));
    expect(await must(shop.core, 'stock.settings', {})).toEqual({ choice: 'auto', keepsStock: true });
    expect(await shorts()).toBe(1);
    expect((await receive({ sku: 'A1', cost: '100' })).issuedShort).toBe(1);
    expect(balance(shop.book, '5401')).toBe(2_000);
  });

  it('may say so: nothing that leaves is counted, and nothing is received', async () => {
    await must(shop.core, 'invoices.save', invoice(shop));
    await exported('D1');
    expect(await shorts()).toBe(1);
    expect(await must(shop.core, 'stock.saveSettings', { choice: 'no' })).toEqual({ choice: 'no', keepsStock: false });
    await exported('D2');
    expect(await shop.core.call('stock.receive', { date: '2026-11-03', qty: '1', sku: 'A1', cost: '1' })).toMatchObject(
      {
        ok: false,
        error: { code: 'STOCK_NOT_KEPT' },
      },
    );
    await must(shop.core, 'stock.saveSettings', { choice: 'yes' });
    expect(await shorts()).toBe(0);
    await exported('D3');
    expect(await shorts()).toBe(1);
  });
});

describe('receipts at an estimate', () => {
  it('are listed until they have an invoice or are taken back', async () => {
    const first = await receive({ sku: 'A1', cost: '90' });
    const second = await receive({ sku: 'A1', cost: '80' });
    const estimates = async () =>
      (await must(shop.core, 'stock.moves', { sku: 'A1', open: 'estimate' })).rows.map(({ id }) => id);
    expect(await estimates()).toEqual([...second.moveIds, ...first.moveIds]);
    await must(shop.core, 'stock.reverse', { moveId: second.moveIds[0] ?? 0, date: '2026-11-04', reason: '重复' });
    const { lineRows } = await must(shop.core, 'invoices.save', invoice(shop));
    await must(shop.core, 'stock.linkInvoice', {
      moveId: first.moveIds[0] ?? 0,
      invoiceLineId: lineRows[0]?.id ?? 0,
      date: '2026-11-05',
    });
    expect(await estimates()).toEqual([]);
  });
});

describe('whatever comes and goes', () => {
  type Step = { readonly what: string; readonly at: number; readonly by: number; readonly fen: number };
  const whats = [
    ...['invoice', 'invoice', 'receive', 'receive', 'estimate', 'link', 'reprice', 'purpose', 'transfer', 'transfer'],
    ...['sell', 'red', 'count', 'tax', 'reverse', 'reverse'],
  ];
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom(...whats),
      at: fc.nat(999),
      by: fc.integer({ min: 1, max: 9 }),
      fen: fc.integer({ min: 0, max: 9_999 }),
    }),
    { minLength: 8, maxLength: 40 },
  );
  const skus = ['A1', 'A2'];
  // Mostly at home, from where goods are sold.
  const placeOf = (at: number) => [1, 1, 1, 2, 3, 4][at % 6] ?? 1;
  const yuan = (fen: number) => fenText(fen);
  const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(from.length, 1)];
  const date = '2026-11-10';
  const refusals = [
    ...['STOCK_SHORT', 'RECEIPT_OVER_INVOICE', 'RECEIPT_INCOMPLETE', 'MOVE_NOT_ESTIMATE', 'MOVE_OF_EXPORT'],
    ...[
      'MOVE_OF_INVOICE',
      'INVOICE_LINE_IN_USE',
      'INVOICE_PURPOSE',
      'INVOICE_SIGN',
      'PLACE_SAME',
      'INVOICE_LINE_NO_SKU',
    ],
  ];

  /** Refusals of the rules are part of the game; anything else is not. */
  async function call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N> | undefined> {
    const result = await shop.core.call(name, input);
    if (!result.ok && !refusals.includes(result.error.code))
      throw new Error(`${name}: ${JSON.stringify(result.error)}`);
    return result.ok ? result.data : undefined;
  }

  const linesAll = () =>
    shop.book
      .prepare(
        `SELECT l.id, l.sku, i.id AS invoiceId, i.state FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id
         WHERE i.state <> 'void' AND l.sku IS NOT NULL AND l.qty_e5 <> 0 ORDER BY l.id`,
      )
      .all() as { id: number; sku: string; invoiceId: number; state: string }[];
  const standing = () =>
    shop.book
      .prepare(
        `SELECT m.id, m.sku, m.kind, m.export_line_id AS exportLineId, m.invoice_line_id AS invoiceLineId, m.cost_fen AS costFen FROM stock_move m
         WHERE m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id) ORDER BY m.id DESC`,
      )
      .all() as {
      id: number;
      sku: string;
      kind: string;
      exportLineId: number | null;
      invoiceLineId: number | null;
      costFen: number;
    }[];
  const invoiceIds = () =>
    (shop.book.prepare(`SELECT id FROM input_invoice WHERE state <> 'void'`).all() as { id: number }[]).map(
      ({ id }) => id,
    );

  function check(step: string): void {
    for (const sku of skus) {
      const { fen } = shop.book
        .prepare('SELECT coalesce(sum(cost_fen), 0) AS fen FROM stock WHERE sku = ?')
        .get(sku) as {
        fen: number;
      };
      const posted = shop.book
        .prepare(`SELECT coalesce(sum(cny_fen), 0) AS fen FROM posting WHERE account = '1405' AND sku = ?`)
        .get(sku) as { fen: number };
      expect([step, sku, posted.fen]).toEqual([step, sku, fen]);
    }
    const empty = shop.book
      .prepare('SELECT count(*) AS n FROM stock WHERE qty_e5 < 0 OR (qty_e5 = 0 AND cost_fen <> 0)')
      .get();
    expect(empty).toEqual({ n: 0 });
    // On its way (在途物资) is what invoices say and is not received, less what came at an estimate.
    let fen = 0;
    for (const id of invoiceIds())
      for (const line of costedInvoice(shop.book, id).lines) fen += line.costFen - receivedCost(line);
    for (const { kind, invoiceLineId, costFen } of standing())
      if (kind === 'received' && invoiceLineId === null) fen -= costFen;
    expect([step, balance(shop.book, '1402')]).toEqual([step, fen]);
  }

  async function run({ what, at, by, fen }: Step, n: number): Promise<unknown> {
    const sku = skus[at % 2] ?? 'A1';
    const goods = (qty: number, amount: number, more: object) => ({
      name: 'x',
      qty: String(qty),
      amount: yuan(amount),
      vat: yuan(Math.sign(amount) * (fen % 7)),
      ...more,
    });
    const save = (lines: ReturnType<typeof goods>[], more: object) => {
      const sum = (of: 'amount' | 'vat') => lines.reduce((total, line) => total + fenOf(line[of]), 0);
      const totals = { amount: yuan(sum('amount')), vat: yuan(sum('vat')), total: yuan(sum('amount') + sum('vat')) };
      return call('invoices.save', invoice(shop, { ...totals, lines, ...more }));
    };
    const kind = (['special', 'ordinary', 'customs-payment'] as const)[at % 3] ?? 'special';
    const line = pick(linesAll(), at);
    switch (what) {
      case 'invoice': {
        const discount = { ...goods(0, -Math.min(fen, by * 10), {}), vat: '0' };
        return save([goods(by, fen + 100, { sku }), discount, goods(3, fen, { sku: 'A1' }), goods(0, at % 50, {})], {
          number: `N${n}`,
          kind,
        });
      }
      case 'red':
        return save([goods(-by, -fen - 1, { sku })], { number: `R${n}`, kind });
      case 'receive':
        return (
          line && call('stock.receive', { date, placeId: placeOf(at), qty: String(by / 2), invoiceLineId: line.id })
        );
      case 'estimate':
        return call('stock.receive', { date, placeId: placeOf(at), qty: String(by / 2), sku, cost: yuan(fen) });
      case 'link': {
        const move = pick(
          standing().filter((one) => one.kind === 'received' && one.invoiceLineId === null),
          fen,
        );
        return line && move && call('stock.linkInvoice', { date, moveId: move.id, invoiceLineId: line.id });
      }
      case 'reprice': {
        if (line === undefined || line.state === 'red') return undefined;
        const view = await must(shop.core, 'invoices.get', { id: line.invoiceId });
        const lines = view.lineRows.map(({ name, qty, amount, vat, sku: article }) => ({
          name,
          qty,
          amount: Number(qty) === 0 ? amount : yuan(fen + by * 100),
          vat,
          ...(article === undefined ? {} : { sku: article }),
        }));
        return save(lines, { id: view.id, number: view.number, kind: at % 5 === 0 ? kind : view.kind });
      }
      case 'purpose': {
        const purpose = (['none', 'deduction', 'refund', 'exempt'] as const)[by % 4] ?? 'none';
        return line && call('invoices.setPurpose', { ids: [line.invoiceId], purpose, date });
      }
      case 'transfer':
        return call('stock.transfer', { date, sku, fromId: placeOf(at), toId: (by % 4) + 1, qty: String(by / 4) });
      case 'sell':
        return call('exportLines.saveMany', {
          lines: [
            {
              mode: '0110',
              declarationNo: `D${n}`,
              lineNo: 1,
              exportDate: date,
              sku,
              hsCode: '6913900000',
              name: 'x',
              unit: '007',
              qty: String(by / 2),
              currency: 'USD',
              fob: '9',
            },
          ],
        });
      case 'count':
        return call('stock.adjust', {
          date,
          sku,
          placeId: placeOf(at),
          counted: String(by / 2),
          cost: yuan(fen),
          reason: '盘点',
        });
      case 'tax': {
        if (line === undefined) return undefined;
        const { number } = await must(shop.core, 'invoices.get', { id: line.invoiceId });
        const document = {
          kind: 'import-tax' as const,
          date,
          taxes: [{ tax: 'duty' as const, amount: yuan(fen + 1) }],
          invoiceNos: [number],
        };
        // What no invoice bears would stay on its way.
        if (
          line.state === 'red' ||
          !costedInvoice(shop.book, line.invoiceId).lines.some(
            ({ costFen, sku: article }) => costFen > 0 && article !== undefined,
          )
        )
          return undefined;
        return must(shop.core, 'sourceDocuments.save', { document });
      }
      default: {
        const move = pick(standing(), at);
        return move && call('stock.reverse', { moveId: move.id, date, reason: '错' });
      }
    }
  }

  async function takeAllBack(): Promise<void> {
    for (let left = standing(), before = -1; left.length !== before; before = left.length, left = standing())
      for (const { id, exportLineId } of left) {
        if (exportLineId !== null)
          shop.book.transaction(() => takeBackExport(shop.book, exportLineId, date, '错', now));
        else if (standing().some((move) => move.id === id))
          await call('stock.reverse', { moveId: id, date, reason: '错' });
        check(`reverse ${id}`);
      }
    const documents = shop.book.prepare('SELECT id FROM source_document').all() as { id: number }[];
    for (const { id } of documents) await must(shop.core, 'sourceDocuments.void', { id, reason: '错' });
    for (const id of invoiceIds()) await must(shop.core, 'invoices.void', { id, reason: '错' });
    const posted = shop.book
      .prepare('SELECT account, sum(cny_fen) AS fen FROM posting GROUP BY account HAVING fen <> 0')
      .all();
    expect(posted).toEqual([]);
    expect(shop.book.prepare('SELECT count(*) AS n FROM stock WHERE qty_e5 <> 0 OR cost_fen <> 0').get()).toEqual({
      n: 0,
    });
  }

  it('the stock is the account to the fen, article by article, and all taken back is nothing', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        shop.book.prepare('BEGIN').run();
        try {
          const first = ['invoice', 'estimate', 'receive', 'invoice', 'receive', 'receive', 'estimate'];
          const begin = first.map((what, n) => ({ what, at: n * 6 + (n % 2), by: 9, fen: 5_000 + n }));
          for (const [n, step] of [...begin, ...all].entries()) {
            await run(step, n);
            check(`${n} ${step.what}`);
          }
          await takeAllBack();
        } finally {
          shop.book.prepare('ROLLBACK').run();
        }
      }),
      { numRuns: Number(process.env['STOCK_RUNS'] ?? 25) },
    );
  });
});
