import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { exportLineOf, orderOf, receiptOf } from '../fixtures/money.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** 对销贸易（易货）: goods against goods. What is settled in kind is expected no more, and counts as received nowhere by itself. */
const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-barter-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'barter-passphrase' });
  book = core.session.book;
  await must(core, 'rates.set', { currency: 'USD', date: '2026-01-02', cnyPerUnit: '7', source: '测试' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : answer.error.code;
}
/** 1,000 USD of mangos out against 800 USD of durians in. */
const contract: InputOf<'barter.save'> = {
  ...{ counterparty: 'Borneo Fruit Sdn Bhd', country: 'MY', signedOn: '2026-10-01' },
  ...{ outContract: 'EX-26-01', outCurrency: 'USD', outAmount: '1000' },
  ...{ inContract: 'IM-26-01', inCurrency: 'USD', inAmount: '800.00' },
};
const shown = async (id: number) => {
  const { rows } = await must(core, 'barter.list', {});
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new Error('no such contract');
  return row;
};
const openOf = async (no: string) =>
  (await must(core, 'allocations.openTargets', { open: false, text: no })).rows.find((row) => row.no === no);
const received = (no: string) =>
  book.prepare('SELECT received_on AS day FROM export_line WHERE declaration_no = ?').get(no) as { day: string | null };

describe('a barter contract', () => {
  it('says what remains in money where both sides are in one currency, and that it is not known where they are not', async () => {
    const cases = [
      ['800', 'USD', 'receive', '200.00', '800.00'],
      ['1000', 'USD', 'none', '0.00', '1000.00'],
      ['1250.5', 'USD', 'pay', '250.50', '1000.00'],
      ['90000', 'MYR', 'unknown', '', '1000.00'],
    ] as const;
    for (const [inAmount, inCurrency, side, amount, left] of cases) {
      const { id } = await must(core, 'barter.save', { ...contract, inAmount, inCurrency });
      expect(await shown(id)).toMatchObject({ cash: { side, amount }, left, settled: '0.00' });
    }
    expect(await refused('barter.save', { ...contract, outAmount: '0' })).toBe('BARTER_AMOUNT');
    expect(await refused('barter.save', { ...contract, outAmount: '1.001' })).toBe('BARTER_AMOUNT');
  });

  it('settles an order in kind: expected no more, the difference stays, and the refund’s clock of receipt runs on', async () => {
    const orderId = orderOf(book, { no: 'B1', minor: 100_000 }, now);
    exportLineOf(book, { no: 'LIST-B1', fobMinor: 100_000, orderId }, now);
    const { id } = await must(core, 'barter.save', contract);
    await must(core, 'barter.settle', { id, kind: 'order', no: 'B1', amount: '800' });
    expect(await openOf('B1')).toMatchObject({ open: '200.00', settled: '800.00', inKind: '800.00', state: 'PARTLY' });
    expect((await must(core, 'allocations.openTargets', { open: true })).totals).toEqual([
      { currency: 'USD', count: 1, amount: '200.00' },
    ]);
    expect(await shown(id)).toMatchObject({
      ...{ settled: '800.00', left: '0.00' },
      targets: [{ kind: 'order', no: 'B1', amount: '800.00', open: '200.00' }],
    });
    // The rest comes in money: the order is paid, its goods are not received by that, for the larger part was goods.
    const recordId = receiptOf(book, { minor: 20_000 }, now);
    await must(core, 'allocations.confirm', {
      items: [{ recordId, target: { kind: 'order', no: 'B1' }, amount: '200' }],
    });
    expect(await openOf('B1')).toMatchObject({ open: '0.00', state: 'FULLY' });
    expect((await openOf('B1'))?.settledOn).toBeUndefined();
    expect(received('LIST-B1').day).toBeNull();
    // What the book does not know it says.
    expect((await shown(id)).advice).toEqual([
      ...['customsMode', 'refundReceipt', 'tradeCredit', 'payments', 'goodsIn', 'ledger'],
    ]);
  });

  it('takes it back: money is expected again, and what was paid in money alone counts as received', async () => {
    const orderId = orderOf(book, { no: 'B1', minor: 100_000 }, now);
    exportLineOf(book, { no: 'LIST-B1', fobMinor: 100_000, orderId }, now);
    const { id } = await must(core, 'barter.save', contract);
    const { targetId } = await must(core, 'barter.settle', { id, kind: 'order', no: 'B1', amount: '800' });
    await must(core, 'barter.release', { targetId });
    expect(await openOf('B1')).toMatchObject({ open: '1000.00', settled: '0.00' });
    expect((await openOf('B1'))?.inKind).toBeUndefined();
    expect(await refused('barter.release', { targetId })).toBe('BARTER_TARGET_UNKNOWN');
    const recordId = receiptOf(book, { minor: 100_000 }, now);
    await must(core, 'allocations.confirm', {
      items: [{ recordId, target: { kind: 'order', no: 'B1' }, amount: '1000' }],
    });
    expect((await openOf('B1'))?.settledOn).toBeDefined();
    expect(received('LIST-B1').day).not.toBeNull();
  });

  it('settles no more than the contract, the currency and what is owed allow; a void one settles nothing', async () => {
    orderOf(book, { no: 'B1', minor: 50_000 }, now);
    orderOf(book, { no: 'B2', minor: 90_000, currency: 'EUR' }, now);
    exportLineOf(book, { no: 'DEC-1', fobMinor: 40_000 }, now);
    const { id, number } = await must(core, 'barter.save', contract);
    const settle = (no: string, amount: string, kind: 'order' | 'declaration' = 'order') => ({ id, kind, no, amount });
    expect(await refused('barter.settle', settle('B9', '1'))).toBe('ALLOCATION_TARGET_UNKNOWN');
    expect(await refused('barter.settle', settle('B2', '1'))).toBe('BARTER_CURRENCY');
    expect(await refused('barter.settle', settle('B1', '0'))).toBe('BARTER_AMOUNT');
    expect(await refused('barter.settle', settle('B1', '500.01'))).toBe('BARTER_TARGET_PAID');
    expect(await refused('barter.settle', settle('B1', '800.01'))).toBe('BARTER_TOO_MUCH');
    // Twice for one order is one, and a declaration of no order is settled by its number.
    await must(core, 'barter.settle', settle('B1', '300'));
    await must(core, 'barter.settle', settle('B1', '100'));
    await must(core, 'barter.settle', settle('DEC-1', '400', 'declaration'));
    const { targets, left } = await shown(id);
    expect(targets.map(({ no, amount }) => [no, amount])).toEqual([
      ['B1', '400.00'],
      ['DEC-1', '400.00'],
    ]);
    expect(left).toBe('0.00');
    expect(await openOf('DEC-1')).toMatchObject({ open: '0.00', inKind: '400.00' });
    expect(received('DEC-1').day).toBeNull();
    expect(await refused('barter.save', { ...contract, id, inAmount: '799' })).toBe('BARTER_IN_USE');
    expect(await must(core, 'barter.save', { ...contract, id, inAmount: '900', inOn: '2026-11-02' })).toEqual({
      id,
      number,
    });
    expect((await shown(id)).advice).not.toContain('goodsIn');

    await must(core, 'barter.void', { id, reason: '合同解除' });
    expect(await shown(id)).toMatchObject({ state: 'void', reason: '合同解除', targets: [], advice: [] });
    expect(await openOf('B1')).toMatchObject({ open: '500.00' });
    expect(await refused('barter.settle', settle('B1', '1'))).toBe('BARTER_VOID');
    expect(await refused('barter.void', { id, reason: '再作废' })).toBe('BARTER_VOID');
  });

  it('is written as a register', async () => {
    orderOf(book, { no: 'B1', minor: 100_000 }, now);
    const { id } = await must(core, 'barter.save', contract);
    await must(core, 'barter.settle', { id, kind: 'order', no: 'B1', amount: '800' });
    const to = path.join(folder, 'register.xlsx');
    expect(await must(core, 'barter.export', { to })).toEqual({ rows: 2 });
    const { default: ExcelJS } = await import('exceljs');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(to);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['合同', '抵收']);
    expect(workbook.worksheets[0]?.getRow(4).values).toEqual(
      expect.arrayContaining(['EX-26-01', 1000, 800, '应收', 200]),
    );
  });
});
