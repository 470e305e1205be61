import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chart, pathOf, type ReportAccount } from './accounts.ts';
import { type AgedPosting, age, bucketOf } from './ageing.ts';
import { percentage, sidedBalance, unitPrice } from './amounts.ts';
import { marginColumns, marginOf, noMargin, splitMargin } from './margin.ts';
import type { StatementLine } from './pack.ts';
import { daysBetween, lastDay, nextPeriod, periodsBetween } from './periods.ts';
import { balanceSheetForm } from './sheet.ts';
import { computeStatement } from './statements.ts';

const account = (code: string, nameZh: string, kind: ReportAccount['kind']): ReportAccount => ({
  code,
  nameZh,
  nameEn: nameZh,
  kind,
  side: kind === 'asset' || kind === 'expense' ? 'debit' : 'credit',
});
const chart = new Chart([
  account('1002', '银行存款', 'asset'),
  account('1122', '应收账款', 'asset'),
  account('112201', '海外', 'asset'),
  account('1999', '别的', 'asset'),
  account('2202', '应付账款', 'liability'),
  account('3001', '实收资本', 'equity'),
  account('5001', '主营业务收入', 'revenue'),
  account('5601', '销售费用', 'expense'),
  account('560102', '广告宣传费', 'expense'),
]);
const line = (values: Partial<StatementLine>): StatementLine => ({
  no: '',
  nameZh: '',
  nameEn: '',
  items: [],
  rest: [],
  ...values,
});
const item = (code: string, more: Partial<StatementLine['items'][number]> = {}) => ({
  account: code,
  sign: 1 as const,
  side: 'both' as const,
  ...more,
});

describe('periods', () => {
  it('follow each other', () => {
    expect(periodsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(periodsBetween('2026-02', '2026-01')).toEqual([]);
    expect(nextPeriod('2026-09')).toBe('2026-10');
    expect([lastDay('2026-02'), lastDay('2028-02'), lastDay('2100-02'), lastDay('2026-04')]).toEqual([
      '2026-02-28',
      '2028-02-29',
      '2100-02-28',
      '2026-04-30',
    ]);
  });
  it('count days as the calendar does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80_000 }), fc.integer({ min: 0, max: 5000 }), (start, days) => {
        const date = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10);
        expect(daysBetween(date(start), date(start + days))).toBe(days);
      }),
    );
  });
});

describe('statements', () => {
  const lines: StatementLine[] = [
    line({ no: '1', part: 'assets', items: [item('1002')] }),
    line({ no: '4', items: [item('1122', { side: 'debit' })] }),
    line({ no: '14', rest: ['asset'] }),
    line({ no: '30', role: 'assets', sum: ['1', '4', '14'] }),
    line({ no: '33', part: 'claims', items: [item('2202', { sign: -1 })] }),
    line({ no: '34', items: [item('1122', { sign: -1, side: 'credit' })] }),
    line({ no: '48', items: [item('3001', { sign: -1 })] }),
    line({ no: '51', role: 'retained', rest: ['equity', 'revenue', 'expense'] }),
    line({ no: '53', role: 'claims', sum: ['33', '34', '48', '51'] }),
  ];
  const codes = chart.accounts.map(({ code }) => code);

  it('have assets equal to claims for every ledger that balances, whatever side an account stands on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 8, maxLength: 8 }),
        (amounts) => {
          const fen = new Map(codes.slice(0, 8).map((code, at) => [code, amounts[at] ?? 0n]));
          fen.set('560102', -amounts.reduce((sum, one) => sum + one, 0n));
          const values = new Map(computeStatement(lines, chart, [fen]).map((one) => [one.line.no, one.values[0]]));
          expect(values.get('30')).toBe(values.get('53'));
        },
      ),
    );
  });

  it('put a credit balance of receivables among the advances, and take accounts with those below', () => {
    const values = computeStatement(lines, chart, [
      new Map([['112201', -5n]]),
      new Map([
        ['112201', 7n],
        ['1122', 1n],
      ]),
    ]);
    expect(values.find((one) => one.line.no === '4')).toMatchObject({ values: [0n, 8n], accounts: ['1122'] });
    expect(values.find((one) => one.line.no === '34')?.values).toEqual([5n, 0n]);
    expect(values.find((one) => one.line.no === '51')?.accounts).toEqual(['5001', '5601']);
  });

  it('take 其中 lines by the words of names, and count them in nothing', () => {
    const of = line({ no: '13', of: '11', items: [item('5601', { named: ['广告', '宣传'] })] });
    const whole = line({ no: '11', items: [item('5601')] });
    const fen = new Map([
      ['560102', 30n],
      ['5601', 12n],
    ]);
    const [first, second] = computeStatement([whole, of], chart, [fen]);
    expect([first?.values[0], second?.values[0]]).toEqual([42n, 30n]);
  });

  it('refuse data that sums itself or what is not there', () => {
    expect(() => computeStatement([line({ no: '1', sum: ['1'] })], chart, [new Map()])).toThrow('sums itself');
    expect(() => computeStatement([line({ no: '1', sum: ['2'] })], chart, [new Map()])).toThrow('not there');
  });

  it('stand side by side with both totals on the last line', () => {
    const row = (part: 'assets' | 'claims', no: string) => ({
      no,
      nameZh: no,
      nameEn: no,
      part,
      indent: 0,
      total: false,
      amount: '1.00',
      compared: '',
    });
    const wording = { name: ({ nameZh }: { nameZh: string }) => nameZh, word: (id: string) => id };
    const { rows } = balanceSheetForm(
      [row('assets', 'a'), row('assets', 'A'), row('claims', 'x'), row('claims', 'y'), row('claims', 'Z')],
      wording,
    );
    expect(rows.map(({ cells }) => `${cells[0]}|${cells[4]}`)).toEqual(['a|x', '|y', 'A|Z']);
  });
});

describe('ageing', () => {
  const bounds = [30, 60, 90, 180];
  const posting = (date: string, minor: bigint, voucherId: number, reverses: number | null = null): AgedPosting => ({
    date,
    voucherId,
    reverses,
    minor,
    fen: minor * 7n,
  });

  it('has buckets with both bounds included', () => {
    expect([0, 30, 31, 60, 90, 180, 181].map((days) => bucketOf(days, bounds))).toEqual([0, 0, 1, 1, 2, 3, 4]);
  });

  it('settles the oldest first', () => {
    const aged = age(
      [posting('2026-01-01', 100n, 1), posting('2026-09-01', 50n, 2), posting('2026-11-01', -120n, 3)],
      '2026-11-21',
      bounds,
    );
    expect(aged).toEqual({
      buckets: [0n, 0n, 30n, 0n, 0n],
      advance: 0n,
      total: 30n,
      totalFen: 210n,
      oldest: '2026-09-01',
    });
  });

  it('keeps what was paid ahead for what comes', () => {
    expect(age([posting('2026-01-01', -100n, 1), posting('2026-11-20', 30n, 2)], '2026-11-21', bounds)).toMatchObject({
      buckets: [0n, 0n, 0n, 0n, 0n],
      advance: -70n,
      total: -70n,
    });
  });

  it('takes a voucher and its reversal away before anything is settled', () => {
    const aged = age(
      [posting('2026-01-01', 100n, 1), posting('2026-11-01', 100n, 2), posting('2026-11-02', -100n, 3, 2)],
      '2026-11-21',
      bounds,
    );
    expect(aged.oldest).toBe('2026-01-01');
    expect(aged.buckets).toEqual([0n, 0n, 0n, 0n, 100n]);
  });

  it('always adds up to the balance, with nothing open on one side while something is ahead on the other', () => {
    const one = fc.tuple(fc.nat(300), fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.boolean());
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), (list) => {
        const sorted = [...list].sort((a, b) => a[0] - b[0]);
        const postings = sorted.map(([day, minor, reverses], at) =>
          posting(
            new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString().slice(0, 10),
            reverses && at > 0 ? -(sorted[at - 1]?.[1] ?? 0n) : minor,
            at,
            reverses && at > 0 ? at - 1 : null,
          ),
        );
        const aged = age(postings, '2026-12-31', bounds);
        const open = aged.buckets.reduce((sum, bucket) => sum + bucket, 0n);
        expect(open + aged.advance).toBe(postings.reduce((sum, { minor }) => sum + minor, 0n));
        expect(aged.buckets.every((bucket) => bucket >= 0n)).toBe(true);
        expect(open === 0n || aged.advance === 0n).toBe(true);
      }),
    );
  });
});

describe('margin', () => {
  it('is split to the fen', () => {
    const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.array(fc.bigInt({ min: -5n, max: 10n ** 9n }), { minLength: 1 }),
        (a, b, weights) => {
          const whole = { ...noMargin(), revenue: a, fees: b };
          const parts = splitMargin(whole, weights);
          if (weights.every((weight) => weight <= 0n)) {
            expect(parts).toBeUndefined();
            return;
          }
          for (const column of marginColumns)
            expect(parts?.reduce((sum, part) => sum + part[column], 0n)).toBe(whole[column]);
          expect(parts?.reduce((sum, part) => sum + marginOf(part), 0n)).toBe(marginOf(whole));
        },
      ),
    );
  });
  it('is a rate only of something', () => {
    expect([percentage(1n, 3n), percentage(-1n, 3n), percentage(5n, 0n)]).toEqual(['33.33', '-33.33', '']);
  });
});

describe('figures', () => {
  it('are sided, priced and laid out in a tree', () => {
    expect(sidedBalance(-5n, 'CNY')).toEqual({ side: 'credit', balance: '0.05' });
    expect(sidedBalance(0, 'JPY')).toEqual({ side: 'even', balance: '0' });
    expect(unitPrice(1000n, 300_000n)).toBe('3.33333');
    expect(unitPrice(-1000n, -400_000n)).toBe('2.50');
    expect(unitPrice(5n, 0n)).toBe('');
    expect(pathOf('22210101')).toEqual(['2221', '222101', '22210101']);
  });
});
