import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRate, rateDate, reversedPostings, salePostings, voucherProblem } from './index.ts';

const currency = fc.constantFrom('GBP', 'USD', 'EUR', 'JPY', 'KWD', 'CNY');
const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const rate = fc
  .tuple(fc.nat(9999), fc.nat(99999999))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(8, '0')}`)
  .filter((text) => !/^[0.]+$/.test(text));

describe('sales', () => {
  it('debits the receivable and credits revenue at the rate, rounded half-up to the fen', () => {
    const [debit, credit] = salePostings({ currency: 'GBP', amountMinor: 13912n, rate: '8.8205' });
    expect(debit).toEqual({ account: '1122', currency: 'GBP', amountMinor: 13912n, cnyFen: 122711n });
    expect(credit).toEqual({ account: '5001', currency: 'GBP', amountMinor: -13912n, cnyFen: -122711n });
    expect(salePostings({ currency: 'USD', amountMinor: 50n, rate: '7.01' })[0].cnyFen).toBe(351n);
    expect(salePostings({ currency: 'JPY', amountMinor: 1000n, rate: '0.0471' })[0].cnyFen).toBe(4710n);
    expect(salePostings({ currency: 'CNY', amountMinor: 1234n, rate: '9' })[0].cnyFen).toBe(1234n);
  });

  it('always balance, whatever the amount and the rate', () => {
    fc.assert(
      fc.property(currency, amount, rate, (code, amountMinor, text) => {
        const postings = salePostings({ currency: code, amountMinor, rate: text });
        expect(voucherProblem(postings)).toBeUndefined();
        expect(voucherProblem(reversedPostings(postings))).toBeUndefined();
        expect(voucherProblem([...postings, ...reversedPostings(postings)])).toBeUndefined();
      }),
    );
  });
});

describe('vouchers', () => {
  it('one fen or one minor unit off is found, in whichever posting', () => {
    fc.assert(
      fc.property(
        currency,
        amount,
        rate,
        fc.nat(1),
        fc.constantFrom(-1n, 1n),
        fc.boolean(),
        (code, amountMinor, text, at, off, inFen) => {
          const postings = salePostings({ currency: code, amountMinor, rate: text }).map((one, index) =>
            index !== at
              ? one
              : inFen
                ? { ...one, cnyFen: one.cnyFen + off }
                : { ...one, amountMinor: one.amountMinor + off },
          );
          expect(voucherProblem(postings)).toBeDefined();
        },
      ),
    );
  });

  it('currencies do not make up for each other', () => {
    const [usd] = salePostings({ currency: 'USD', amountMinor: 100n, rate: '7' });
    const [, eur] = salePostings({ currency: 'EUR', amountMinor: 100n, rate: '7' });
    expect(voucherProblem([usd, eur])).toMatchObject({
      code: 'VOUCHER_UNBALANCED',
      currency: 'USD',
      difference: '100',
    });
    expect(voucherProblem([usd])).toEqual({ code: 'VOUCHER_EMPTY' });
  });
});

describe('rates', () => {
  it('are of a foreign currency, above zero, plain decimal text', () => {
    expect(isRate('USD', '7.0357')).toBe(true);
    for (const bad of ['0', '0.000', '-7', '7,03', '7e0', '', '7.123456789', ' 7'])
      expect(isRate('USD', bad)).toBe(false);
    expect(isRate('CNY', '1')).toBe(false);
    expect(isRate('XQQ', '1')).toBe(false);
  });
  it('follow the basis of the firm', () => {
    expect(rateDate('2026-11-21', 'day')).toBe('2026-11-21');
    expect(rateDate('2026-11-21', 'month-first')).toBe('2026-11-01');
  });
});
