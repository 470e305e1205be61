import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { postSaleForReleasedOrder } from '../../electron/core/store/ledger.ts';
import type { SourceDocumentInput } from '../../shared/contract/accounting.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2027-06-05T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;
let orders = 0;

const start = async (): Promise<void> => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-settlements-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
  orders = 0;
};
const stop = async (): Promise<void> => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
};
beforeEach(start);
afterEach(stop);

const rate = (date: string, cnyPerUnit: string, currency = 'USD') =>
  must(core, 'rates.set', { currency, date, cnyPerUnit, source: '测试' });
const save = (document: SourceDocumentInput, id?: number) =>
  must(core, 'sourceDocuments.save', { document, ...(id === undefined ? {} : { id }) });
/** A released order. @param amount cents; an amount of 0 is an order not released yet */
function order(amount: number, date = '2026-11-05', currency = 'USD'): string {
  orders += 1;
  const orderNo = `A${orders}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, created_at)
       VALUES (?, '2026-11-01', '2026-11-01T00:00:00', 'Germany', '304', ?, 1, 0, 'released', ?)`,
    )
    .run(orderNo, currency, now);
  if (amount > 0) release(orderNo, amount, date, currency);
  expect(Number(lastInsertRowid)).toBe(orders);
  return orderNo;
}
function release(orderNo: string, amount: number, date: string, currency = 'USD'): void {
  const orderId = Number(orderNo.slice(1));
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES ('CEB603Message', ?, ?, ?, '{}', ?, ?, 'released', 'x', ?, ?)`,
    )
    .run(orderNo, orderNo, orderId, amount * 1_000, currency, now, now);
  const sale = { orderId, documentId: Number(lastInsertRowid), date, now };
  expect(book.transaction(() => postSaleForReleasedOrder(book, sale))).toBe('posted');
}
const fenOf = (account: string) =>
  (
    book
      .prepare('SELECT coalesce(sum(debit_fen - credit_fen), 0) AS n FROM balance WHERE account = ? AND closing = 0')
      .get(account) as { n: number }
  ).n;
const ageing = async (kind: 'receivable' | 'payable' = 'receivable', by: 'order' | 'party' = 'order') =>
  await must(core, 'reports.ageing', { kind, by, date: '2027-12-31', limit: 500 });
const open = async (kind: 'receivable' | 'payable' = 'receivable') =>
  (await ageing(kind)).rows.map(({ label, currency, total, totalCny }) => `${label} ${currency} ${total} ${totalCny}`);

describe('what settles an order in foreign currency', () => {
  it('leaves nothing of it, realises the difference, and the month’s end revalues the rest', async () => {
    await rate('2026-11-01', '7.1');
    const orderNo = order(10_000);
    await rate('2026-11-10', '7.2');
    const paid = { kind: 'receipt', currency: 'USD', date: '2026-11-12', orderNo } as const;
    const part = await save({ ...paid, amount: '40' });
    expect(await open()).toEqual(['A1 USD 60.00 426.00']);
    expect([fenOf('53010101'), fenOf('56030201')]).toEqual([-400, 0]);
    expect(await save({ ...paid, amount: '40' }, part.id)).toMatchObject({ voucherIds: part.voucherIds });
    await rate('2026-11-30', '7.15');
    await must(core, 'periods.close', { period: '2026-11' });
    // 60 × (7.15 − 7.10) is not realised yet and names no order.
    expect(fenOf('1122')).toBe(42_900);
    expect(await open()).toEqual([' USD 0.00 3.00', 'A1 USD 60.00 426.00']);
    await rate('2026-12-10', '7');
    const last = await save({ ...paid, date: '2026-12-12', amount: '58', bankFee: '2' });
    expect(await open()).toEqual([' USD 0.00 3.00']);
    expect([fenOf('53010101'), fenOf('56030201')]).toEqual([-400, 600]);
    expect(await save({ ...paid, date: '2026-12-12', amount: '58', bankFee: '2' }, last.id)).toMatchObject({
      voucherIds: last.voucherIds,
    });
    await rate('2026-12-31', '7');
    await must(core, 'periods.close', { period: '2026-12' });
    expect(fenOf('1122')).toBe(0);
    expect(await open()).toEqual([]);
    expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
  });

  it('may come first, be a fee, be given back, and be corrected', async () => {
    await rate('2026-11-01', '7.1');
    const orderNo = order(0);
    const paid = { kind: 'receipt', currency: 'USD', date: '2026-11-02', orderNo } as const;
    const { id } = await save({ ...paid, amount: '90' });
    await rate('2026-11-05', '7.3');
    release(orderNo, 10_000, '2026-11-06');
    await rate('2026-11-10', '6.9');
    await save({ kind: 'platform-fee', fee: 'commission', currency: 'USD', amount: '10', date: '2026-11-12', orderNo });
    expect(await open()).toEqual([]);
    await save({ ...paid, amount: '80' }, id);
    expect((await open()).map((one) => one.split(' ').slice(0, 3))).toEqual([['A1', 'USD', '10.00']]);
    await save({ ...paid, amount: '90' }, id);
    expect(await open()).toEqual([]);
    await rate('2026-11-15', '7.5');
    await save({
      kind: 'sales-return',
      currency: 'USD',
      amount: '30',
      refunded: true,
      date: '2026-11-16',
      orderNo,
    });
    expect(await open()).toEqual([]);
  });

  it('and is void or moved leaves nothing where others have settled', async () => {
    await rate('2026-11-01', '7.1');
    const orderNo = order(10_000);
    await rate('2026-11-10', '7.2');
    const paid = { kind: 'receipt', currency: 'USD', amount: '100', orderNo } as const;
    const first = await save({ ...paid, date: '2026-11-12' });
    await rate('2026-11-13', '7.3');
    await save({ ...paid, date: '2026-11-14' });
    expect(await open()).toEqual(['A1 USD -100.00 -730.00']);
    const other = order(10_000, '2026-11-15');
    await save({ ...paid, date: '2026-11-12', orderNo: other }, first.id);
    expect(await open()).toEqual([]);
    await save({ ...paid, date: '2026-11-12' }, first.id);
    await must(core, 'sourceDocuments.void', { id: first.id, reason: '重复' });
    expect(await open()).toEqual(['A2 USD 100.00 730.00']);
    expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
  });

  it('of a party without order settles its oldest item first', async () => {
    const { id: partyId } = await must(core, 'parties.save', {
      kind: 'carrier',
      name: '承运人',
      taxNo: null,
      country: null,
      note: '',
      active: true,
    });
    await rate('2026-11-01', '7');
    const owed = { kind: 'freight', freight: 'international', currency: 'USD', amount: '100', partyId } as const;
    await save({ ...owed, date: '2026-11-02' });
    await rate('2026-11-03', '8');
    await save({ ...owed, date: '2026-11-04' });
    await rate('2026-11-05', '7.5');
    const paid = { kind: 'payment', currency: 'USD', partyId } as const;
    await save({ ...paid, amount: '50', date: '2026-11-06' });
    expect(fenOf('2202')).toBe(-(150_000 - 35_000));
    expect(fenOf('56030201')).toBe(2_500);
    await save({ ...paid, amount: '100', date: '2026-11-07' });
    expect(fenOf('2202')).toBe(-40_000);
    await save({ ...paid, amount: '50', date: '2026-11-08' });
    expect(await open('payable')).toEqual([]);
    expect([fenOf('2202'), fenOf('53010101') + fenOf('56030201')]).toEqual([0, 150_000 - 150_000]);
  });
});

const act = fc.record({
  what: fc.constantFrom('sale', 'receipt', 'receipt', 'fee', 'return', 'close', 'correct', 'void', 'void'),
  which: fc.nat(5),
  amount: fc.oneof(fc.constantFrom(10_000, 20_000), fc.integer({ min: 1, max: 30_001 })),
  rate: fc.integer({ min: 60_000, max: 80_000 }),
  currency: fc.constantFrom('USD', 'EUR'),
});

describe('whatever is sold, paid, charged, given back and closed', () => {
  it('orders come to the account’s balance, and a settled order carries nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 24 }), async (acts) => {
        await stop();
        await start();
        let month = 0;
        let day = 1;
        const made: { id: number; document: SourceDocumentInput }[] = [];
        const sold: { orderNo: string; currency: string }[] = [];
        const first = (n: number) => new Date(Date.UTC(2026, 6 + n, 1)).toISOString().slice(0, 10);
        const today = () => `${first(month).slice(0, 8)}${String(day).padStart(2, '0')}`;
        const rates = async (text: string) => {
          for (const currency of ['USD', 'EUR']) await rate(today(), text, currency);
        };
        await rates('7');
        for (const { what, which, amount, rate: scaled, currency } of acts) {
          day = Math.min(day + 1, 28);
          await rates(`${Math.floor(scaled / 10_000)}.${String(scaled % 10_000).padStart(4, '0')}`);
          const major = `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
          const of = sold[which % Math.max(sold.length, 1)];
          const older = made[which % Math.max(made.length, 1)];
          if (what === 'sale') sold.push({ orderNo: order(amount, today(), currency), currency });
          else if (what === 'close') {
            const period = today().slice(0, 7);
            const lastDay = new Date(Date.UTC(2026, 7 + month, 0)).toISOString().slice(0, 10);
            for (const code of ['USD', 'EUR']) await rate(lastDay, '7.2', code);
            await must(core, 'periods.close', { period });
            month += 1;
            day = 1;
            await rates('7.2');
          } else if (what === 'correct' && older !== undefined) {
            const document = { ...older.document, amount: major } as SourceDocumentInput;
            await save(document, older.id);
            older.document = document;
          } else if (what === 'void' && older !== undefined) {
            await must(core, 'sourceDocuments.void', { id: older.id, reason: 'x' });
            made.splice(made.indexOf(older), 1);
          } else if (of !== undefined) {
            const head = { ...of, amount: major, date: today() };
            const document: SourceDocumentInput =
              what === 'fee'
                ? { kind: 'platform-fee', fee: 'commission', ...head }
                : what === 'return'
                  ? { kind: 'sales-return', refunded: which % 2 === 1, ...head }
                  : { kind: 'receipt', ...head };
            made.push({ id: (await save(document)).id, document });
          }
        }
        // What is still owed is paid, in two parts.
        day = 28;
        await rates('6.5');
        const owed = (await ageing()).rows.filter(({ orderId }) => orderId !== null);
        for (const { label, currency, total } of owed) {
          const cents = Math.round(Number(total) * 100);
          const parts = [Math.floor(Math.abs(cents) / 3), Math.abs(cents) - Math.floor(Math.abs(cents) / 3)];
          for (const part of parts) {
            if (part > 0 && cents > 0)
              await save({ kind: 'receipt', orderNo: label, currency, date: today(), amount: (part / 100).toFixed(2) });
          }
        }
        for (const by of ['order', 'party'] as const) {
          const { rows, checks, totals } = await ageing('receivable', by);
          for (const check of checks) expect([check.difference, check.differenceCny]).toEqual(['0.00', '0.00']);
          for (const { currency, totalCny } of totals) {
            const sum = rows
              .filter((row) => row.currency === currency)
              .reduce((fen, row) => fen + Math.round(Number(row.totalCny) * 100), 0);
            expect(sum).toBe(Math.round(Number(totalCny) * 100));
          }
        }
        const settled = (await ageing()).rows.filter(({ orderId, total }) => orderId !== null && Number(total) === 0);
        expect(settled).toEqual([]);
        expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});
