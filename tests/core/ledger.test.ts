import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import { postSaleForReleasedOrder } from '../../electron/core/store/ledger.ts';
import { setRateBasis } from '../../electron/core/store/rates.ts';
import { postVoucher } from '../../electron/core/store/vouchers.ts';
import { forceState } from '../fixtures/force-state.ts';
import { twoLines } from '../fixtures/posted.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-ledger-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An order with export lists of the amounts and states given. */
function order(
  orderNo: string,
  lists: readonly { amountE5: number; state: string; time?: string }[],
  currency = 'USD',
  state = 'sent',
): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, created_at)
       VALUES (?, '2026-11-01', '2026-11-01T00:00:00', 'Germany', '304', ?, 1, 0, ?, ?)`,
    )
    .run(orderNo, currency, state, now);
  const id = Number(lastInsertRowid);
  for (const [index, list] of lists.entries()) {
    book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, order_id, body, amount_e5, currency, state, status_code, released_at, status_info, tables_version, created_at, updated_at)
         VALUES ('CEB603Message', ?, ?, ?, '{}', ?, ?, ?, '800', ?, '不符合要求', 'x', ?, ?)`,
      )
      .run(
        `${orderNo}-${index}`,
        `${orderNo}-${index}`,
        id,
        list.amountE5,
        currency,
        list.state,
        list.time ?? '20261120101500000',
        now,
        now,
      );
  }
  return id;
}
const post = (orderId: number, date = '2026-11-20') =>
  postSaleForReleasedOrder(book, { orderId, documentId: orderId, date, now });
const rate = (currency: string, date: string, cnyPerUnit: string) =>
  must(core, 'rates.set', { currency, date, cnyPerUnit, source: '测试' });

describe('a released order', () => {
  it('is posted once, at the newest rate on or before the day, and balances', async () => {
    await rate('USD', '2026-11-02', '7.01');
    await rate('USD', '2026-11-19', '7.0523');
    await rate('USD', '2026-11-21', '9.99');
    const id = order('A1', [{ amountE5: 13_912_000, state: 'released' }]);
    expect(post(id)).toBe('posted');
    expect(post(id)).toBe('already');
    const balance = await must(core, 'ledger.trialBalance', {});
    expect(balance).toEqual({
      rows: [
        {
          account: '1122',
          nameZh: '应收账款',
          nameEn: 'Accounts receivable',
          currency: 'USD',
          debit: '139.12',
          credit: '0.00',
          debitCny: '981.12',
          creditCny: '0.00',
        },
        {
          account: '5001',
          nameZh: '主营业务收入',
          nameEn: 'Revenue from main business',
          currency: 'USD',
          debit: '0.00',
          credit: '139.12',
          debitCny: '0.00',
          creditCny: '981.12',
        },
      ],
      totalDebitCny: '981.12',
      totalCreditCny: '981.12',
      balanced: true,
      pending: 0,
    });
    const { rows } = await must(core, 'reports.accountLedger', { accounts: ['1122'] });
    expect(rows).toMatchObject([{ label: '记 2026-11-0001', debit: '139.12', credit: '', orderNo: 'A1' }]);
    const voucher = await must(core, 'vouchers.get', { id: rows[0]?.voucherId ?? 0 });
    expect(voucher).toMatchObject({
      rule: 'sale.released',
      rate: '7.0523',
      rateDate: '2026-11-19',
      rateSource: '测试',
      fixed: 'source',
    });
    expect(voucher.postings).toMatchObject([
      { order: { id, no: 'A1' }, rate: '7.0523', isRateInForce: true },
      { rate: '7.0523', isRateInForce: true },
    ]);
    expect(voucher.sources).toMatchObject([{ kind: 'order', target: `order/${id}` }, { kind: 'document' }]);
  });

  it('waits for a rate and is posted when one comes, guessing nothing', async () => {
    const id = order('A1', [{ amountE5: 100_000, state: 'released' }], 'GBP');
    expect(post(id)).toBe('pending');
    expect(post(id)).toBe('pending');
    expect((await must(core, 'ledger.trialBalance', {})).pending).toBe(1);
    expect(await rate('USD', '2026-11-01', '7')).toEqual({ posted: 0 });
    expect(await rate('GBP', '2026-11-21', '9')).toEqual({ posted: 0 });
    expect(await rate('GBP', '2026-11-20', '9.3')).toEqual({ posted: 1 });
    expect(await must(core, 'ledger.trialBalance', {})).toMatchObject({
      pending: 0,
      totalDebitCny: '9.30',
      balanced: true,
    });
  });

  it('of several parts is posted when the last is released, for the sum of them', async () => {
    await rate('USD', '2026-11-01', '7');
    const id = order('A1', [
      { amountE5: 1_000_000, state: 'released' },
      { amountE5: 500_000, state: 'accepted' },
      { amountE5: 900_000, state: 'superseded' },
    ]);
    expect(post(id)).toBe('waiting');
    book.prepare(`UPDATE document SET state = 'closed' WHERE business_key = 'A1-1'`).run();
    expect(post(id)).toBe('posted');
    expect((await must(core, 'ledger.trialBalance', {})).totalDebitCny).toBe('105.00');
  });

  it('takes the first of the month where the firm chose so', async () => {
    await rate('USD', '2026-10-30', '7.1');
    await rate('USD', '2026-11-02', '7.2');
    setRateBasis(book, { from: '2010-01-01', basis: 'month-first', reason: '' }, now);
    expect(post(order('A1', [{ amountE5: 100_000, state: 'released' }]))).toBe('posted');
    expect((await must(core, 'ledger.trialBalance', {})).totalDebitCny).toBe('7.10');
  });
});

describe('vouchers', () => {
  const sale = (minor: bigint) => twoLines({ currency: 'USD', minor, rate: '7.1234' });
  const draft = (date: string, postings = sale(100n)) => ({
    date,
    text: 't',
    rule: 'test',
    source: { kind: 'test', id: '1' },
    postings,
  });

  it('are numbered by month without gaps, a refused one takes no number', () => {
    postVoucher(book, draft('2026-11-01'), now);
    expect(() => postVoucher(book, draft('2026-11-02', [sale(1n)[0], sale(2n)[1]]), now)).toThrow('VOUCHER_UNBALANCED');
    expect(() =>
      postVoucher(
        book,
        { ...draft('2026-11-02'), postings: twoLines({ currency: 'USD', minor: 10n ** 17n, rate: '1' }) },
        now,
      ),
    ).toThrow('AMOUNT_RANGE');
    postVoucher(book, draft('2026-12-01'), now);
    postVoucher(book, draft('2026-11-03'), now);
    const numbers = book.prepare('SELECT period, number FROM voucher ORDER BY id').all();
    expect(numbers).toEqual([
      { period: '2026-11', number: 1 },
      { period: '2026-12', number: 1 },
      { period: '2026-11', number: 2 },
    ]);
  });

  it('are never changed or deleted', () => {
    postVoucher(book, draft('2026-11-01'), now);
    for (const sql of [
      'UPDATE voucher SET text = 1',
      'DELETE FROM voucher',
      'UPDATE posting SET cny_fen = 1',
      'DELETE FROM posting',
    ]) {
      expect(() => book.db.exec(sql)).toThrow(/reversed/);
    }
  });

  it('leave balances that equal the sum of their postings, whatever is posted', async () => {
    const codes = fc.constantFrom('USD', 'JPY', 'EUR', 'CNY');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(codes, fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n })), { minLength: 1, maxLength: 8 }),
        (sales) => {
          for (const [currency, amountMinor] of sales) {
            postVoucher(book, draft('2026-11-05', twoLines({ currency, minor: amountMinor, rate: '7.1234' })), now);
          }
          const kept = book
            .prepare(
              'SELECT account, currency, sum(debit_minor - credit_minor) AS m, sum(debit_fen - credit_fen) AS f FROM balance GROUP BY 1, 2 ORDER BY 1, 2',
            )
            .all();
          const summed = book
            .prepare(
              'SELECT account, currency, sum(amount_minor) AS m, sum(cny_fen) AS f FROM posting GROUP BY 1, 2 ORDER BY 1, 2',
            )
            .all();
          expect(kept).toEqual(summed);
        },
      ),
      { numRuns: 25 },
    );
    expect((await must(core, 'ledger.trialBalance', {})).balanced).toBe(true);
  });

  it('page by keyset to the very last', async () => {
    book.transaction(() => {
      for (let n = 0; n < 25; n++) postVoucher(book, draft('2026-11-01', sale(BigInt(n + 1))), now);
    });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await must(core, 'reports.accountLedger', {
        accounts: ['5001'],
        limit: 10,
        ...(after === undefined ? {} : { after }),
      });
      expect(page.total).toBe(25);
      seen.push(...page.rows.map(({ credit }) => credit));
      after = page.nextCursor;
    } while (after !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `0.${String(n + 1).padStart(2, '0')}`));
  });
});

describe('rates', () => {
  it.each([
    [{ cnyPerUnit: '0' }, 'RATE_INVALID'],
    [{ cnyPerUnit: '7,1' }, 'RATE_INVALID'],
    [{ currency: 'CNY' }, 'RATE_INVALID'],
    [{ date: '2026-02-30' }, 'DATE_INVALID'],
    [{ date: '2026-11-' }, 'DATE_INVALID'],
  ])('refuse %o', async (wrong, code) => {
    const input = { currency: 'USD', date: '2026-11-01', cnyPerUnit: '7.1', source: 's', ...wrong };
    expect(await core.call('rates.set', input)).toMatchObject({ ok: false, error: { code } });
  });

  it('are listed newest first, replaced by day, across pages', async () => {
    for (const day of ['01', '02', '03']) for (const code of ['USD', 'EUR']) await rate(code, `2026-11-${day}`, '7');
    await rate('USD', '2026-11-02', '7.5');
    const first = await must(core, 'rates.list', { limit: 4 });
    expect(first.total).toBe(6);
    const second = await must(core, 'rates.list', {
      limit: 4,
      ...(first.nextCursor === undefined ? {} : { after: first.nextCursor }),
    });
    expect(
      [...first.rows, ...second.rows].map(
        ({ currency, date, cnyPerUnit }) => `${date.slice(-2)} ${currency} ${cnyPerUnit}`,
      ),
    ).toEqual(['03 EUR 7', '03 USD 7', '02 EUR 7', '02 USD 7.5', '01 EUR 7', '01 USD 7']);
    expect((await must(core, 'rates.list', { currency: 'EUR' })).total).toBe(3);
  });
});

describe('today', () => {
  it('says what was rejected, what waits and what is due', async () => {
    await must(core, 'books.updateProfile', { simplified: false });
    order('R1', [{ amountE5: 12_345_000, state: 'rejected' }], 'GBP', 'rejected');
    order('R2', [{ amountE5: 1_000, state: 'rejected' }], 'GBP', 'rejected');
    order('D1', [{ amountE5: 100_000, state: 'released', time: '20261012080000000' }], 'USD', 'released');
    book
      .prepare(
        `UPDATE document SET platform_no = '640720260000000001', platform_no_field = 'invtNo' WHERE business_key = 'D1-0'`,
      )
      .run();
    post(order('P1', [{ amountE5: 100_000, state: 'released' }], 'EUR', 'released'));
    const open = order('O1', [], 'USD', 'open');
    book.prepare('UPDATE sales_order SET country = NULL, country_text = ? WHERE id = ?').run('Atlantis', open);
    book
      .prepare(
        `INSERT INTO product (sku, name_source, state, created_at, updated_at) VALUES ('S1', 'THING', 'to-classify', ?, ?)`,
      )
      .run(now, now);
    book
      .prepare(
        `INSERT INTO order_line (order_id, line_no, sku, description, qty_e5, price_e5, total_e5, fingerprint, occurrence, source_row) VALUES (?, 1, 'S1', 'x', 100000, 1, 1, 'f', 1, 2)`,
      )
      .run(open);
    book
      .prepare(
        `INSERT INTO transition (subject, subject_id, from_state, to_state, event, at) VALUES ('document', '1', 'sent', 'rejected', 'reject', '2026-11-20T16:30:00.000Z')`,
      )
      .run();

    const view = await must(core, 'today.get', { date: '2026-11-21' });
    expect(view.attention).toEqual([
      {
        code: 'rejected',
        level: 'rejected',
        params: { kind: 'CEB603Message', documents: 2, currency: 'GBP', why: '不符合要求' },
        amount: 'GBP 123.46',
        target: 'declarations?kind=CEB603Message&state=rejected',
      },
      { code: 'toClassify', level: 'action', params: { products: 1, orders: 1 }, target: 'products?state=to-classify' },
      {
        code: 'countryUnknown',
        level: 'action',
        params: { orders: 1, example: 'Atlantis' },
        target: 'orders?state=open&country=Atlantis',
      },
      {
        code: 'rateMissing',
        level: 'action',
        params: { currency: 'EUR', orders: 1, from: '2026-11-20' },
        target: 'rates?currency=EUR&date=2026-11-20',
      },
    ]);
    // 15 November 2026 is a Sunday: Monday the 16th.
    expect(view.due).toMatchObject([
      { code: 'monthlySummary', date: '2026-11-16', days: -5, params: { month: '2026-10', lists: 1, certain: 'yes' } },
    ]);
    expect(view.counts).toMatchObject({ orders: 1, products: 1, rejected: 2, declarations: 2, outbox: 0 });
    expect(view.days).toHaveLength(14);
    // Half past midnight in China is the next day.
    expect(view.days.at(-1)).toEqual({ date: '2026-11-21', accepted: 0, rejected: 1 });
    // What is due for a list that is out already does not hang on how the next ones are filed.
    await must(core, 'books.updateProfile', { simplified: true });
    expect((await must(core, 'today.get', { date: '2026-11-21' })).due).toMatchObject([{ code: 'monthlySummary' }]);
    // One that was filed as simplified is not summed up.
    forceState(book, `UPDATE document SET state = 'withdrawn' WHERE business_key = 'D1-0'`);
    order('D2', [{ amountE5: 100_000, state: 'draft', time: '20261012080000000' }], 'USD', 'released');
    book
      .prepare(
        `UPDATE document SET platform_no = '640720260000000001', body = '{"InventoryHead":{"statisticsFlag":"A"}}' WHERE business_key = 'D2-0'`,
      )
      .run();
    forceState(book, `UPDATE document SET state = 'released' WHERE business_key = 'D2-0'`);
    expect((await must(core, 'today.get', { date: '2026-11-21' })).due).toEqual([]);
  });
});

describe('the search box', () => {
  it('finds orders, products, documents and shipments by any part of their number or name', async () => {
    const id = order('536365', [{ amountE5: 1, state: 'released' }]);
    book.prepare(`UPDATE document SET platform_no = '64072026E000000123'`).run();
    book
      .prepare(
        `INSERT INTO product (sku, name_source, name_cn, state, created_at, updated_at) VALUES ('85123A', 'WHITE 100% HEART', '白色吊灯', 'to-classify', ?, ?)`,
      )
      .run(now, now);
    const kinds = async (text: string) =>
      (await must(core, 'search.all', { text })).hits.map(({ kind, id: of }) => `${kind} ${of}`);
    expect(await kinds('5363')).toEqual([`order ${id}`, 'document 1']);
    expect(await kinds('64072026E')).toEqual(['document 1']);
    expect(await kinds('吊灯')).toEqual(['product 85123A']);
    expect(await kinds('100%')).toEqual(['product 85123A']);
    expect(await kinds('1_3A')).toEqual([]);
    expect(await kinds('   ')).toEqual([]);
  });
});
