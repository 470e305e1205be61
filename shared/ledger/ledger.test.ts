import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortbookError } from '../errors.ts';
import { exponentOf, formatScaled, parseScaled } from '../money/index.ts';
import {
  type Amount,
  accounts,
  amountAt,
  cleared,
  cnyAmount,
  differenceAmounts,
  documentEvent,
  type EventPart,
  holds,
  impliedRate,
  isRate,
  type Posting,
  postingPackSchema,
  postingsByRule,
  type RuledDocument,
  readVoucher,
  realisedDifference,
  requirePostingRule,
  revalued,
  reversedPostings,
  sumsByCurrency,
  voucherProblem,
} from './index.ts';

const pack = postingPackSchema.parse(
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../resources/rules/posting.json'), 'utf8')),
);
const chart = new Map(
  (
    JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, '../../resources/accounts/small-business-2013.json'), 'utf8'),
    ) as { accounts: { code: string; kind: string }[] }
  ).accounts.map((one) => [one.code, one]),
);
const rule = (event: string) => requirePostingRule(pack, event, '2026-11-20');
const refusal = (work: () => unknown): Pick<PortbookError, 'code' | 'params' | 'path'> => {
  try {
    work();
  } catch (error) {
    if (error instanceof PortbookError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const currency = fc.constantFrom('GBP', 'USD', 'EUR', 'JPY', 'KRW', 'VND', 'KWD', 'CNY');
const minor = fc.bigInt({ min: 1n, max: 10n ** 12n });
const rate = fc
  .tuple(fc.nat(9999), fc.nat(99999999))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(8, '0')}`)
  .filter((text) => !/^[0.]+$/.test(text));
const pair = (code: string, amountMinor: bigint, text: string): [Posting, Posting] => {
  const { fen } = amountAt({ currency: code, minor: amountMinor }, text);
  return [
    { account: '1122', currency: code, amountMinor, cnyFen: fen },
    { account: '5001', currency: code, amountMinor: -amountMinor, cnyFen: -fen },
  ];
};
const fenOf = (postings: readonly Posting[], account: string) =>
  postings.filter((one) => one.account.startsWith(account)).reduce((sum, one) => sum + one.cnyFen, 0n);

describe('vouchers', () => {
  it('one fen or one minor unit off is found, in whichever posting', () => {
    fc.assert(
      fc.property(
        currency,
        minor,
        rate,
        fc.nat(1),
        fc.constantFrom(-1n, 1n),
        fc.boolean(),
        (code, amount, text, at, off, inFen) => {
          const postings = pair(code, amount, text).map((one, index) =>
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

  it('currencies do not make up for each other, unless an exchange clears them', () => {
    const [usd] = pair('USD', 100n, '7');
    const [, eur] = pair('EUR', 100n, '7');
    expect(voucherProblem([usd, eur])).toEqual({ code: 'VOUCHER_UNBALANCED', currency: 'USD', difference: '1.00' });
    expect(voucherProblem([usd])).toEqual({ code: 'VOUCHER_EMPTY' });
    const both = cleared([usd, eur]);
    expect(voucherProblem(both)).toBeUndefined();
    expect(fenOf(both, accounts.clearing)).toBe(0n);
    expect(cleared(pair('USD', 5n, '7'))).toHaveLength(2);
    // A difference in fen is no conversion: clearing does not hide it.
    expect(voucherProblem(cleared([usd, { ...eur, cnyFen: eur.cnyFen + 1n }]))).toMatchObject({ currency: 'CNY' });
  });

  it('a reversal and its original come to nothing', () => {
    fc.assert(
      fc.property(currency, minor, rate, (code, amount, text) => {
        const postings = pair(code, amount, text);
        const both = [...postings, ...reversedPostings(postings)];
        expect(voucherProblem(both)).toBeUndefined();
        for (const account of ['1122', '5001']) expect(fenOf(both, account)).toBe(0n);
      }),
    );
  });
});

describe('posting rules', () => {
  it('name accounts of the chart that take postings', () => {
    const codes = [...chart.keys()];
    for (const { parameters } of pack.versions) {
      for (const one of parameters.rules) {
        for (const { account } of one.lines) {
          if (account.startsWith('$')) continue;
          expect(chart.has(account), `${one.id} ${account}`).toBe(true);
          expect(
            codes.some((code) => code.length > account.length && code.startsWith(account)),
            `${one.id} ${account} is a group`,
          ).toBe(false);
        }
      }
    }
  });

  it('read facts', () => {
    expect(holds(undefined, {})).toBe(true);
    expect(holds('paid', { paid: true })).toBe(true);
    expect(holds('!paid', {})).toBe(true);
    expect(holds('fee=commission & !paid', { fee: 'commission', paid: true })).toBe(false);
    expect(holds('fee=commission', { fee: 'other' })).toBe(false);
  });

  // Events whose sides are the same sums: they must balance whatever the amounts are.
  const free = [
    'sale.released',
    'platform-fee',
    'transfer',
    'bank-charge',
    'interest',
    'payment',
    'freight',
    'sales-return',
    'purchase-invoice',
    'goods-received',
    'cost-of-sale',
    'goods-returned',
    'refund-receivable',
    'refund-received',
    'refund-repaid',
    'joint-due',
    'import-tax',
    'year-end',
  ];
  const facts = fc.record({
    fee: fc.constantFrom('commission', 'advertising', 'fulfilment', 'storage', 'payment', 'other'),
    from: fc.constantFrom('receivable', 'account'),
    freight: fc.constantFrom('international', 'domestic', 'insurance', 'customs-service'),
    invoice: fc.constantFrom('special', 'ordinary', 'other-voucher', 'customs-payment'),
    advance: fc.boolean(),
    of: fc.constantFrom('payable', 'receivable'),
    paid: fc.boolean(),
    refunded: fc.boolean(),
    way: fc.constantFrom('payment', 'offset'),
    goods: fc.constantFrom('bought', 'agent'),
  });
  const named = { account: '1002', cnyAccount: '1002', toAccount: '1012' };

  it.each(free)('%s balances for any amounts, currencies and rates', (event) => {
    const names = [...new Set(rule(event).lines.flatMap((line) => line.amount.split(/ [+-] /)))];
    const amounts = fc.tuple(...names.map(() => fc.tuple(currency, minor, rate)));
    fc.assert(
      fc.property(fc.array(fc.tuple(amounts, facts), { minLength: 1, maxLength: 3 }), (parts) => {
        const postings = postingsByRule(
          rule(event),
          parts.map(([values, given]): EventPart => {
            const entries = names.map((name, at): [string, Amount] => {
              const [code = 'CNY', amount = 0n, text = '1'] = values[at] ?? [];
              return [name, amountAt({ currency: code, minor: amount }, text)];
            });
            return { amounts: Object.fromEntries(entries), facts: given, accounts: named };
          }),
        );
        expect(voucherProblem(postings)).toBeUndefined();
        expect(voucherProblem([...postings, ...reversedPostings(postings)])).toBeUndefined();
        expect(fenOf(postings, accounts.clearing)).toBe(0n);
      }),
      { numRuns: 60 },
    );
  });

  it('a sale is the receivable with freight charged and discount, converted once', () => {
    const at = (value: bigint) => amountAt({ currency: 'GBP', minor: value }, '8.8205');
    const postings = postingsByRule(rule('sale.released'), [
      { amounts: { goods: at(13912n), charged: at(1800n), discount: at(500n) }, orderId: 7 },
    ]);
    expect(postings).toEqual([
      { account: '1122', currency: 'GBP', amountMinor: 15212n, cnyFen: 122711n + 15877n - 4410n, orderId: 7 },
      { account: '5001', currency: 'GBP', amountMinor: -13412n, cnyFen: -122711n + 4410n, orderId: 7 },
      { account: '505101', currency: 'GBP', amountMinor: -1800n, cnyFen: -15877n, orderId: 7 },
    ]);
  });

  it('an event that lacks an account is refused, one without a rule too', () => {
    expect(refusal(() => postingsByRule(rule('bank-charge'), [{ amounts: { amount: cnyAmount(1n) } }]))).toMatchObject({
      code: 'POSTING_ACCOUNT_MISSING',
    });
    expect(refusal(() => rule('nothing'))).toMatchObject({ code: 'POSTING_RULE_MISSING' });
    expect(refusal(() => requirePostingRule(pack, 'receipt', '1999-01-01'))).toMatchObject({
      code: 'RULE_PACK_MISSING',
    });
  });

  it('splitting an event and merging the parts differs by rounding only: half a fen a part', () => {
    fc.assert(
      fc.property(currency, fc.array(minor, { minLength: 2, maxLength: 6 }), rate, (code, amounts, text) => {
        const post = (values: readonly bigint[]) =>
          postingsByRule(
            rule('payment'),
            values.map((value) => ({
              amounts: { amount: amountAt({ currency: code, minor: value }, text) },
              facts: { of: 'payable' },
              accounts: named,
            })),
          );
        const whole = post([amounts.reduce((sum, one) => sum + one, 0n)]);
        const split = post(amounts);
        const minorOf = (postings: readonly Posting[]) =>
          postings.filter((one) => one.account === '2202').reduce((sum, one) => sum + one.amountMinor, 0n);
        expect(minorOf(split)).toBe(minorOf(whole));
        const off = fenOf(split, '2202') - fenOf(whole, '2202');
        expect(2n * (off < 0n ? -off : off)).toBeLessThanOrEqual(BigInt(amounts.length + 1));
      }),
    );
  });
});

describe('source documents', () => {
  const base = { date: '2026-11-20', reference: '', text: '' };
  const rateOf = (code: string) => (code === 'USD' ? { cnyPerUnit: '6.55', date: '2026-11-20' } : undefined);
  const post = (document: RuledDocument, saleRate?: { cnyPerUnit: string; date: string }) => {
    const { event, parts } = documentEvent(document, { rateOf, saleRate });
    return postingsByRule(rule(event), parts);
  };
  const settlement = (amount: string, cny: string, bankFeeCny = '0'): RuledDocument => ({
    ...base,
    kind: 'settlement',
    currency: 'USD',
    amount,
    bankFee: '0',
    cny,
    bankFeeCny,
    account: '1002',
    cnyAccount: '1002',
  });

  it('a receipt balances whatever orders it is split over, in whatever currencies their claims are', () => {
    const cents = fc.integer({ min: 1, max: 1_000_000 }).map((minor) => formatScaled(BigInt(minor), 2));
    const rates = { USD: '6.55371', GBP: '8.82051', CNY: '1' };
    const rateFor = (code: string) =>
      Object.hasOwn(rates, code) ? { cnyPerUnit: rates[code as keyof typeof rates], date: '2026-11-20' } : undefined;
    const claim = fc.record({ currency: fc.constantFrom('USD', 'GBP', 'CNY'), amount: cents });
    fc.assert(
      fc.property(
        fc.constantFrom('USD', 'CNY'),
        fc.array(fc.record({ amount: cents, settles: fc.option(claim, { nil: undefined }), charge: cents }), {
          maxLength: 6,
        }),
        cents,
        cents,
        fc.boolean(),
        (currency, parts, rest, bankFee, advance) => {
          const sum = parts.reduce((all, { amount }) => all + parseScaled(amount, 2), parseScaled(rest, 2));
          const { event, parts: made } = documentEvent(
            {
              ...base,
              kind: 'receipt',
              currency,
              amount: formatScaled(sum, 2),
              bankFee,
              account: '1002',
              advance,
              of: 'receivable',
              parts: parts.map((one, at) => ({ ...one, orderNo: `A${at}` })),
            },
            { rateOf: rateFor },
          );
          const postings = postingsByRule(rule(event), made);
          expect(voucherProblem(postings)).toBeUndefined();
          expect(fenOf(postings, accounts.clearing)).toBe(0n);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('currency bought gains what the day rate is above the bank price, exchanged money what it is worth more (F10)', () => {
    const exchange = (of: Partial<RuledDocument>): readonly Posting[] =>
      post({
        ...base,
        kind: 'exchange',
        currency: 'CNY',
        amount: '66000',
        bankFee: '30',
        account: '1002',
        toCurrency: 'USD',
        toAmount: '10000',
        toFee: '0',
        toAccount: '1012',
        ...of,
      } as RuledDocument);
    const bought = exchange({});
    expect(voucherProblem(bought)).toBeUndefined();
    expect(fenOf(bought, '1012')).toBe(6_550_000n);
    expect(fenOf(bought, '1002')).toBe(-6_603_000n);
    expect(fenOf(bought, '560301')).toBe(3_000n);
    expect(fenOf(bought, '56030201')).toBe(50_000n);
    expect(fenOf(exchange({ amount: '65000' }), '53010101')).toBe(-50_000n);
    expect(refusal(() => exchange({ toCurrency: 'CNY' }))).toMatchObject({ code: 'EXCHANGE_CURRENCY' });
  });

  it('a settlement below the book rate loses, above it gains, and clears both currencies', () => {
    const loss = post(settlement('25000', '162500'));
    expect(fenOf(loss, '56030201')).toBe(125_000n);
    expect(voucherProblem(loss)).toBeUndefined();
    const gain = post(settlement('25000', '165000', '50'));
    expect(fenOf(gain, '53010101')).toBe(-130_000n);
    expect(fenOf(gain, '560301')).toBe(5_000n);
    expect(fenOf(gain, accounts.clearing)).toBe(0n);
    expect([...sumsByCurrency(gain).values()].every((sum) => sum.minor === 0n)).toBe(true);
  });

  it('balance for any amount and fee', () => {
    const money = fc.bigInt({ min: 1n, max: 10n ** 10n }).map((value) => formatScaled(value, 2));
    fc.assert(
      fc.property(money, money, money, (amount, cny, fee) => {
        expect(voucherProblem(post(settlement(amount, cny, fee)))).toBeUndefined();
      }),
    );
  });

  it('a return goes back at the rate of its sale, the money of it at the rate of the day', () => {
    const document: RuledDocument = {
      ...base,
      kind: 'sales-return',
      currency: 'USD',
      amount: '100',
      refunded: true,
      bankFee: '0',
      account: '1002',
    };
    const postings = post(document, { cnyPerUnit: '7', date: '2026-10-01' });
    expect(fenOf(postings, '5001')).toBe(70_000n);
    expect(fenOf(postings, '1002')).toBe(-65_500n);
    expect(voucherProblem(postings)).toBeUndefined();
  });

  it('freight with VAT in it leaves the rest as expense', () => {
    const freight: RuledDocument = {
      ...base,
      kind: 'freight',
      freight: 'domestic',
      currency: 'CNY',
      amount: '109',
      vatCny: '9',
      paid: false,
      account: '1002',
    };
    expect(post(freight).map((one) => [one.account, one.cnyFen])).toEqual([
      ['560108', 10_000n],
      ['22210101', 900n],
      ['2202', -10_900n],
    ]);
    expect(refusal(() => post({ ...freight, vatCny: '110' }))).toMatchObject({
      code: 'AMOUNT_TOO_LARGE',
      path: 'vatCny',
    });
  });

  it.each([
    [{ currency: 'JPY', amount: '12.5' }, 'AMOUNT_DECIMALS', 'amount'],
    [{ currency: 'XQQ', amount: '1' }, 'CURRENCY_UNKNOWN', 'currency'],
    [{ currency: 'EUR', amount: '1' }, 'RATE_MISSING', 'currency'],
    [{ currency: 'USD', amount: '0' }, 'AMOUNT_NOT_POSITIVE', 'amount'],
    [{ currency: 'USD', amount: '-3' }, 'AMOUNT_NOT_POSITIVE', 'amount'],
  ])('%o is refused', (wrong, code, at) => {
    const document: RuledDocument = { ...base, kind: 'bank-charge', account: '1002', ...wrong };
    expect(refusal(() => post(document))).toMatchObject({ code, path: at });
  });
});

describe('typed vouchers', () => {
  const rateOf = (code: string) => (code === 'JPY' ? { cnyPerUnit: '0.0471', date: '2026-11-19' } : undefined);
  const line = (account: string, rest: object) => ({ text: '', account, currency: 'CNY', ...rest });
  const read = (lines: ReturnType<typeof line>[], exchange = false) =>
    readVoucher({ date: '2026-11-20', exchange, lines }, rateOf);

  it('convert by what was typed, the typed rate, or the rate in force', () => {
    const { postings, rate: one } = read([
      line('1002', { currency: 'JPY', debit: '1000' }),
      line('1122', { currency: 'JPY', credit: '1000', cny: '47.10' }),
    ]);
    expect(postings.map(({ amountMinor, cnyFen }) => [amountMinor, cnyFen])).toEqual([
      [1000n, 4710n],
      [-1000n, -4710n],
    ]);
    expect(one).toEqual({ cnyPerUnit: '0.0471', date: '2026-11-19' });
    expect(impliedRate(postings[0] ?? { account: '', currency: 'JPY', amountMinor: 0n, cnyFen: 0n })).toBe('0.0471');
    expect(read([line('1002', { currency: 'KWD', debit: '1.234', rate: '23' })]).postings[0]?.cnyFen).toBe(2838n);
  });

  it('clear an exchange only where it is said to be one', () => {
    const lines = [line('1002', { debit: '700' }), line('1002', { currency: 'USD', credit: '100', rate: '7' })];
    expect(voucherProblem(read(lines).postings)).toMatchObject({ code: 'VOUCHER_UNBALANCED' });
    const { postings } = read(lines, true);
    expect(voucherProblem(postings)).toBeUndefined();
    expect(postings.slice(2).map(({ account }) => account)).toEqual(['1998', '1998']);
  });

  it.each([
    [{ debit: '1', credit: '1' }, 'VOUCHER_LINE', 'lines.0.debit'],
    [{}, 'VOUCHER_LINE', 'lines.0.debit'],
    [{ debit: '0' }, 'VOUCHER_LINE', 'lines.0.debit'],
    [{ credit: '1.234' }, 'AMOUNT_DECIMALS', 'lines.0.credit'],
    [{ currency: 'JPY', debit: '12.5' }, 'AMOUNT_DECIMALS', 'lines.0.debit'],
    [{ currency: 'KWD', debit: '1.2345', rate: '1' }, 'AMOUNT_DECIMALS', 'lines.0.debit'],
    [{ currency: 'XQQ', debit: '1' }, 'CURRENCY_UNKNOWN', 'lines.0.currency'],
    [{ currency: 'VND', debit: '1' }, 'RATE_MISSING', 'lines.0.rate'],
    [{ currency: 'USD', debit: '1', rate: '0' }, 'RATE_INVALID', 'lines.0.rate'],
    [{ debit: '1', quantity: 'x' }, 'QUANTITY_INVALID', 'lines.0.quantity'],
  ])('%o is refused', (wrong, code, at) => {
    expect(refusal(() => read([line('1002', wrong)]))).toMatchObject({ code, path: at });
  });
});

describe('revaluation', () => {
  it('values a balance at the closing rate', () => {
    const usd = { account: '1122', currency: 'USD', minor: 100_000_000n, fen: 630_000_000n };
    expect(revalued(usd, '6.5')).toMatchObject({ closingFen: 650_000_000n, gain: 20_000_000n });
    const debt = { ...usd, minor: -usd.minor, fen: -usd.fen };
    expect(revalued(debt, '6.5').gain).toBe(-20_000_000n);
  });

  it('changes no units, balances, and leaves nothing to revalue at the same rate', () => {
    fc.assert(
      fc.property(
        currency.filter((one) => one !== 'CNY'),
        fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
        rate,
        rate,
        (code, amount, before, after) => {
          const { fen } = amountAt({ currency: code, minor: amount }, before);
          const balance = { account: '1122', currency: code, minor: amount, fen };
          const found = revalued(balance, after);
          const postings = postingsByRule(rule('revaluation'), [
            { amounts: differenceAmounts(found), accounts: { account: '1122' } },
          ]);
          if (postings.length > 0) expect(voucherProblem(postings)).toBeUndefined();
          expect(postings.filter((one) => one.account === '1122').every((one) => one.amountMinor === 0n)).toBe(true);
          expect(revalued({ ...balance, fen: fen + fenOf(postings, '1122') }, after).gain).toBe(0n);
          expect(exponentOf(code)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
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
});

describe('the difference realised by settling', () => {
  const none = { minor: 0n, fen: 0n };
  const sum = (items: readonly { minor: bigint; fen: bigint }[]) =>
    items.reduce((a, b) => ({ minor: a.minor + b.minor, fen: a.fen + b.fen }), none);
  const sale = { minor: 10_000n, fen: 71_000n };

  it.each<[string, { minor: bigint; fen: bigint }[], { minor: bigint; fen: bigint }[], bigint]>([
    ['a whole item at a better rate', [sale], [{ minor: -10_000n, fen: -72_000n }], 1_000n],
    ['a part in proportion', [sale], [{ minor: -2_500n, fen: -17_000n }], -750n],
    ['a debt at a dearer rate', [{ minor: -10_000n, fen: -71_000n }], [{ minor: 10_000n, fen: 72_000n }], -1_000n],
    [
      'the oldest item first',
      [sale, { minor: 10_000n, fen: 80_000n }],
      [{ minor: -15_000n, fen: -150_000n }],
      150_000n - 71_000n - 40_000n,
    ],
    ['only what there is', [sale], [{ minor: -20_000n, fen: -144_000n }], 1_000n],
    ['nothing without an item', [], [{ minor: -10_000n, fen: -72_000n }], 0n],
    ['nothing of the same side', [sale], [sale], 0n],
    ['the rest in fen with the last unit', [sale, { minor: 0n, fen: 3n }], [{ minor: -10_000n, fen: -71_000n }], -3n],
  ])('is that of %s', (_name, before, own, gain) => {
    expect(realisedDifference(before, own, sum(before))).toBe(gain);
  });

  it('leaves nothing when parts settle an item whole, and never goes beyond its value', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 7n }),
        fc.bigInt({ min: 1n, max: 10n ** 8n }),
        fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 10n ** 7n })), {
          maxLength: 8,
        }),
        (minor, fen, parts) => {
          const items = [{ minor, fen }];
          const pay = (part: bigint, paid: bigint): void => {
            const own = [{ minor: -part, fen: -paid }];
            const gain = realisedDifference(items, own, sum(items));
            items.push({ minor: -part, fen: -paid + gain });
          };
          for (const [part, paid] of parts) {
            if (part >= sum(items).minor) break;
            pay(part, paid);
            const left = sum(items);
            expect(left.fen >= 0n && left.fen <= fen).toBe(true);
          }
          pay(sum(items).minor, 7n);
          expect(sum(items)).toEqual(none);
        },
      ),
    );
  });
});
