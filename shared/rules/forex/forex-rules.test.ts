import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Num } from '../figures.ts';
import { runner, warned } from '../tax/import/sources.testing.ts';
import { forexCalculators } from './index.ts';

const run = runner(forexCalculators, (path): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8')),
);
const refused = (id: string, input: object): void => {
  expect(() => run(id, input), JSON.stringify(input)).toThrowError(expect.objectContaining({ code: 'RULE_INPUT' }));
};
const cents = fc.integer({ min: 0, max: 1_000_000_00 }).map((value) => (value / 100).toFixed(2));
const positive = fc.integer({ min: 1, max: 1_000_000 }).map(String);
const runs = { numRuns: 60 };

describe('F01 declaration of receipts', () => {
  it('counts five working days from the day after crediting, over the holidays', () => {
    // 2026-10-01 to 10-07 are off, 10-10 is worked instead.
    expect(run('F01', { creditedOn: '2026-09-30' }).result).toEqual({ declareBy: '2026-10-13' });
    expect(run('F01', { creditedOn: '2026-03-02' }).result).toEqual({ declareBy: '2026-03-09' });
  });
  it('tells late from due, the last day still being in time', () => {
    const state = (more: object) => run('F01', { creditedOn: '2026-03-02', ...more }).result['state'];
    expect(state({ asOf: '2026-03-09' })).toBe('DUE');
    expect(state({ asOf: '2026-03-10' })).toBe('OVERDUE');
    expect(state({ declaredOn: '2026-03-09', asOf: '2026-05-01' })).toBe('DECLARED');
    expect(state({ declaredOn: '2026-03-10' })).toBe('DECLARED_LATE');
  });
  it('checks large receipts above the limit of their kind only', () => {
    const large = (kind: string, amountUsd: string) =>
      run('F01', { creditedOn: '2026-03-02', kind, amountUsd }).result['largeCheck'];
    expect([large('goods', '30000000'), large('goods', '30000000.01')]).toEqual([false, true]);
    expect([large('other', '10000000'), large('other', '10000000.01')]).toEqual([false, true]);
  });
  it('wants 22 characters of a declaration number', () => {
    const warnings = (declarationNo: string) => warned(run('F01', { creditedOn: '2026-03-02', declarationNo }));
    expect(warnings('4408000001012603020001')).toEqual([]);
    expect(warnings('440800000101260302000')).toEqual(['declarationNumber']);
  });
});

describe('F02 transaction codes', () => {
  const code = (mode: string, route: string, settings = {}) => run('F02', { mode, route }, settings).result['code'];
  it('proposes by mode and route, and always says that the bank decides', () => {
    expect(['0110', '9710', '9810'].map((mode) => code(mode, 'declaration'))).toEqual(['121010', '121010', '121010']);
    for (const mode of ['9610', '9710', '9810'])
      expect([code(mode, 'list'), code(mode, 'paymentInstitution')]).toEqual(['122030', '122030']);
    expect([code('0615', 'declaration'), code('0214', 'declaration'), code('4019', 'declaration')]).toEqual([
      '121020',
      '221000',
      '121080',
    ]);
    expect(code('1039', 'list')).toBeNull();
    expect(warned(run('F02', { mode: '9610', route: 'list' }))).toContain('bankDecides');
  });
  it('leaves 1210 to the firm and its bank', () => {
    expect(run('F02', { mode: '1210', route: 'list' }).result).toMatchObject({
      code: '121030',
      others: ['122030'],
      bonded: true,
    });
    expect(code('1210', 'list', { 'F02.openCode': 'second' })).toBe('122030');
    const named = run('F02', { mode: '1210', route: 'list', bankCode: '122030' });
    expect(named.result).toMatchObject({ code: '122030', name: '网络购物', others: ['121030'] });
    expect(warned(named)).toContain('otherThanDefault');
  });
  it('gives money back under the same code the other way', () => {
    expect(run('F02', { mode: '9810', route: 'declaration', refund: true }).result).toMatchObject({
      code: '121010',
      direction: 'OUT',
      remark: '退',
    });
    expect(run('F02', { mode: '9810', route: 'declaration', direction: 'out', advance: true }).result).toMatchObject({
      direction: 'OUT',
      remark: '预付',
    });
  });
  it('refuses a code that is not in the table', () => {
    expect(() => run('F02', { mode: '9810', route: 'list', bankCode: '123456' })).toThrow(/TRANSACTION_CODE_UNKNOWN/);
  });
});

describe('F03 registration', () => {
  const small = { smallCbec: true, byElectronicInfo: true };
  const status = (input: object) => run('F03', input).result;
  it('warns from 180,000 on and requires from 200,000 on', () => {
    expect(status({ ...small, receiptsUsdYtd: '179999.99' })).toEqual({ status: 'EXEMPT', warn: false });
    expect(status({ ...small, receiptsUsdYtd: '180000' })).toEqual({ status: 'EXEMPT', warn: true });
    expect(status({ ...small, receiptsUsdYtd: '1', paymentsUsdYtd: '200000' })).toEqual({
      status: 'REGISTER_REQUIRED',
      warn: false,
    });
  });
  it('needs both: a small seller, and electronic information', () => {
    expect(status({ ...small, byElectronicInfo: false, receiptsUsdYtd: '1' })).toMatchObject({
      status: 'REGISTER_REQUIRED',
    });
  });
  it('knows who registers, and since when', () => {
    const of = (asOf: string) => status({ ...small, receiptsUsdYtd: '1', asOf });
    expect(of('2024-05-31')).toMatchObject({ status: 'EXEMPT', agency: 'SAFE_BRANCH' });
    expect(of('2024-06-01')).toMatchObject({ status: 'EXEMPT', agency: 'BANK' });
    expect(of('2019-10-22')).toMatchObject({ status: 'REGISTER_REQUIRED', agency: 'SAFE_BRANCH' });
    expect(() => of('2012-07-31')).toThrow(/RULE_PACK_MISSING/);
    expect(status({ ...small, receiptsUsdYtd: '1', changedOn: '2026-01-15' })).toMatchObject({
      changeBy: '2026-02-14',
    });
  });
  it('lets sole traders register without having to, since 2024-06-01', () => {
    const trader = { smallCbec: false, byElectronicInfo: false, receiptsUsdYtd: '1', subject: 'soleTrader' };
    expect(status({ ...trader, asOf: '2026-01-01' })).toMatchObject({ status: 'MAY_REGISTER' });
    expect(status({ ...trader, asOf: '2024-01-01' })).toMatchObject({ status: 'REGISTER_REQUIRED' });
  });
  it('refuses to judge without any sum', () => refused('F03', small));
});

describe('F05 indicators', () => {
  const flows = fc.record({ imports: positive, exports: positive, receipts: positive, payments: positive });
  it('stay as they are when everything is scaled', () => {
    fc.assert(
      fc.property(flows, positive, fc.integer({ min: 2, max: 1000 }), (one, creditBalance, factor) => {
        const given = { ...one, creditBalance };
        const scaled = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, new Num(value).times(factor).toFixed()]),
        );
        const { totalDifference, ...ratios } = run('F05', given).result;
        const { totalDifference: scaledDifference, ...scaledRatios } = run('F05', scaled).result;
        expect(scaledRatios).toEqual(ratios);
        expect(new Num(String(totalDifference)).times(factor).toFixed(2)).toBe(scaledDifference);
      }),
      runs,
    );
  });
  it('turn their sign when exports and imports, receipts and payments change places', () => {
    fc.assert(
      fc.property(flows, ({ imports, exports, receipts, payments }) => {
        const one = run('F05', { imports, exports, receipts, payments }).result;
        const other = run('F05', { imports: exports, exports: imports, receipts: payments, payments: receipts }).result;
        expect(Number(one['differenceRate'])).toBeCloseTo(-Number(other['differenceRate']), 6);
        expect(one['fundsGoodsRatio']).toBe(other['fundsGoodsRatio']);
      }),
      runs,
    );
  });
  it('agree with the rate from difference and scale', () => {
    fc.assert(
      fc.property(flows, (one) => {
        const scale = Object.values(one).reduce((sum, value) => sum.plus(value), new Num(0));
        const { totalDifference, differenceRate } = run('F05', one).result;
        const again = run('F05rate', { totalDifference: String(totalDifference), scale: scale.toFixed() });
        expect(again.result).toEqual({ differenceRate });
      }),
      runs,
    );
  });
  it('answer nothing where there is nothing to divide by', () => {
    const none = run('F05', { imports: '0', exports: '0', receipts: '0', payments: '5' });
    expect(none.result).toEqual({ totalDifference: '-5.00', differenceRate: '-100.00', fundsGoodsRatio: null });
    expect(warned(none)).toContain('nothingToDivideBy');
  });
  it('take the four balances apart, and the scale before adjustment', () => {
    const given = { imports: '0', exports: '100', receipts: '100', payments: '0' };
    const apart = { advanceReceipts: '10', advancePayments: '5', deferredReceipts: '3', deferredPayments: '2' };
    expect(run('F05', { ...given, ...apart }).result).toMatchObject({ creditRatio: '10.00' });
    expect(run('F05', { ...given, creditBalance: '20', unadjustedScale: '400' }).result).toMatchObject({
      creditRatio: '5.00',
    });
    refused('F05', { ...given, ...apart, creditBalance: '20' });
  });
  const judged = (input: object, settings = {}) =>
    run('F05', { imports: '0', payments: '0', periodTo: '2026-06-30', ...input }, settings).result;
  it('warn of both differences outside', () => {
    // 1,000,000 of 3,000,000: 33.33 %, above 30 and not above 45.
    expect(judged({ exports: '1000000', receipts: '2000000' }, { 'F05.scope': 'differences' })).toMatchObject({
      breached: ['DIFFERENCE_RATE', 'TOTAL_DIFFERENCE', 'FUNDS_GOODS_RATIO'],
      reasons: ['BOTH_DIFFERENCES', 'FAR_BEYOND'],
      farBeyond: ['TOTAL_DIFFERENCE'],
    });
    expect(judged({ exports: '700000', receipts: '1300001' })).toMatchObject({ reasons: ['BOTH_DIFFERENCES'] });
  });
  it('hold a value on its threshold for within', () => {
    // 650,000 − 350,000 of 1,000,000: 30 % exactly.
    expect(judged({ exports: '350000', receipts: '650000' }, { 'F05.scope': 'differences' })).toMatchObject({
      breached: ['FUNDS_GOODS_RATIO'],
      onSiteCheckRisk: false,
    });
    expect(judged({ exports: '100', receipts: '150' })).toMatchObject({ breached: [] });
  });
  it('warn beyond a threshold by more than half of it', () => {
    expect(judged({ exports: '27.5', receipts: '72.5' }, { 'F05.scope': 'differences' })).toMatchObject({
      farBeyond: [],
    });
    expect(judged({ exports: '27.4', receipts: '72.6' }, { 'F05.scope': 'differences' })).toMatchObject({
      farBeyond: ['DIFFERENCE_RATE'],
      reasons: ['FAR_BEYOND'],
    });
    expect(judged({ exports: '100', receipts: '230' })).toMatchObject({ farBeyond: ['FUNDS_GOODS_RATIO'] });
    expect(judged({ exports: '100', receipts: '24' })).toMatchObject({
      farBeyond: ['DIFFERENCE_RATE', 'FUNDS_GOODS_RATIO'],
    });
  });
  it('warn after four periods on end, not three and not with a gap', () => {
    const bad = { imports: '0', exports: '100', receipts: '160', payments: '0' };
    const good = { ...bad, receipts: '100' };
    const reasons = (history: object[]) => judged({ exports: '100', receipts: '160', history })['reasons'];
    expect(reasons([bad, bad])).toEqual([]);
    expect(reasons([bad, bad, bad])).toEqual(['PERIODS_ON_END']);
    expect(reasons([bad, good, bad])).toEqual([]);
    expect(reasons([bad, bad, good, bad, bad, bad])).toEqual(['PERIODS_ON_END']);
  });
});

describe('F06 trade credit', () => {
  const report = (input: object) => run('F06', { class: 'A', baseDate: '2026-01-01', ...input }).result;
  /** 2026-01-01 and so many days. */
  const days: Readonly<Record<number, string>> = {
    0: '2026-01-01',
    30: '2026-01-31',
    31: '2026-02-01',
    90: '2026-04-01',
    91: '2026-04-02',
  };
  it('has bounds that are not themselves beyond', () => {
    for (const [kind, bound] of [
      ['prepay', 30],
      ['payAdvance', 30],
      ['deferIn', 90],
      ['deferOut', 90],
      ['longCredit', 90],
    ] as const) {
      expect(report({ kind, expectedDate: days[bound] }), kind).toEqual({
        gapDays: bound,
        mustReport: false,
        reportBy: null,
      });
      expect(report({ kind, expectedDate: days[bound + 1] }), kind).toEqual({
        gapDays: bound + 1,
        mustReport: true,
        reportBy: '2026-01-31',
      });
    }
  });
  it('is stricter with classes B and C', () => {
    for (const group of ['B', 'C', 'BC']) {
      const must = (kind: string, gap: number) => report({ class: group, kind, expectedDate: days[gap] })['mustReport'];
      expect([must('prepay', 0), must('payAdvance', 0)]).toEqual([true, true]);
      expect([must('deferIn', 30), must('deferIn', 31), must('deferOut', 31)]).toEqual([false, true, true]);
      expect([must('longCredit', 90), must('longCredit', 91)]).toEqual([false, true]);
    }
  });
  it('reports offshore resale that is both long and large', () => {
    const must = (gap: number, amountUsd: string) =>
      report({ kind: 'offshore', expectedDate: days[gap], amountUsd })['mustReport'];
    expect([must(91, '500000.01'), must(90, '500000.01'), must(91, '500000')]).toEqual([true, false, false]);
    refused('F06', { class: 'A', kind: 'offshore', baseDate: '2026-01-01', expectedDate: '2026-06-01' });
  });
  it('knows other spellings of the kinds, and refuses what it does not know', () => {
    for (const kind of ['预收货款', 'Prepay', 'advance receipt', 'advance_receipt'])
      expect(report({ kind, expectedDate: days[31] })).toMatchObject({ mustReport: true });
    for (const kind of ['延期收款', 'deferredReceipt', 'defer-out', 'L/C', '远期信用证'])
      expect(report({ kind, expectedDate: days[90] })).toMatchObject({ mustReport: false });
    refused('F06', { class: 'A', kind: 'gift', baseDate: '2026-01-01', expectedDate: '2026-06-01' });
    refused('F06', { class: 'A', kind: 'prepay', baseDate: '2026-01-02', expectedDate: '2026-01-01' });
  });
  it('tells whether the report came in time', () => {
    const state = (more: object) => report({ kind: 'prepay', expectedDate: days[31], ...more })['state'];
    expect(state({ asOf: '2026-01-31' })).toBe('DUE');
    expect(state({ asOf: '2026-02-01' })).toBe('OVERDUE');
    expect(state({ reportedOn: '2026-01-31', asOf: '2026-02-01' })).toBe('REPORTED');
    expect(state({ reportedOn: '2026-02-01' })).toBe('REPORTED_LATE');
  });
});

describe('F07 netting', () => {
  const fees = fc.array(fc.record({ code: fc.constantFrom('STORAGE', 'TAX'), amount: cents }), { maxLength: 6 });
  it('restores legs that come to the actual receipt, to the cent', () => {
    fc.assert(
      fc.property(cents, fees, (grossProceeds, given) => {
        const { actualReceipt, restored } = run('F07', { grossProceeds, goodsCode: '121010', fees: given }).result;
        const sum = (restored as { direction: string; amount: string }[]).reduce(
          (total, leg) => (leg.direction === 'IN' ? total.plus(leg.amount) : total.minus(leg.amount)),
          new Num(0),
        );
        expect(sum.toFixed(2)).toBe(new Num(String(actualReceipt)).toFixed(2));
      }),
      runs,
    );
  });
  it('does so for amounts of more than two decimals as well', () => {
    const odd = [
      { code: 'A', amount: '0.005' },
      { code: 'B', amount: '0.005' },
    ];
    expect(run('F07', { grossProceeds: '10.004', goodsCode: 'G', fees: odd }).result).toEqual({
      actualReceipt: '9.98',
      actualCode: '999999',
      restored: [
        { direction: 'IN', code: 'G', amount: '10.00' },
        { direction: 'OUT', code: 'A', amount: '0.01' },
        { direction: 'OUT', code: 'B', amount: '0.01' },
      ],
    });
  });
  const sheet = { grossProceeds: '100', goodsCode: '121010', fees: [{ code: 'X', amount: '30' }] };
  it('refuses a net that differs by more than a cent', () => {
    for (const net of ['70', '70.01', '69.99'])
      expect(run('F07', { ...sheet, net }).result).toMatchObject({ actualReceipt: '70.00' });
    for (const net of ['70.02', '69.98', '-70'])
      expect(() => run('F07', { ...sheet, net })).toThrowError(expect.objectContaining({ code: 'NET_DIFFERS' }));
  });
  it('has a code of its own where no funds are left over', () => {
    const even = { ...sheet, fees: [{ code: 'X', amount: '100' }] };
    expect(run('F07', even).result).toMatchObject({ actualReceipt: '0.00', actualCode: '999998' });
  });
  it('lets pilot firms net more, from 2025-10-29 on', () => {
    const repair = {
      ...sheet,
      goodsEvidence: 'C-1',
      fees: [{ code: 'X', amount: '1', type: 'repair', invoiceNo: '9' }],
    };
    const codes = (more: object) => warned(run('F07', { ...repair, ...more })).filter((code) => code.startsWith('fee'));
    expect(codes({ settledOn: '2025-10-28', pilotFirm: true })).toEqual(['feeNotNettable', 'feeCodesByBank']);
    expect(codes({ settledOn: '2025-10-29' })).toEqual(['feeOfPilotsOnly', 'feeCodesByBank']);
    expect(codes({ settledOn: '2025-10-29', pilotFirm: true })).toEqual(['feeCodesByBank']);
    expect(warned(run('F07', { ...repair, settledOn: '2025-10-29' }))).not.toContain('legWithoutEvidence');
  });
});

describe('F08 personal quota', () => {
  const quota = (input: object) => run('F08', { holder: 'individual', amountUsd: '60000', ...input }).result;
  it('counts what has no proof, and takes out what has', () => {
    expect(quota({})).toMatchObject({ countedUsd: '60000.00', remainingUsd: '0.00', status: 'OVER_QUOTA' });
    expect(quota({ proof: 'electronicInfo', usedUsd: '50000' })).toEqual({
      countedUsd: '0.00',
      outsideUsd: '60000.00',
      usedAfterUsd: '50000.00',
      remainingUsd: '0.00',
      status: 'NOT_COUNTED',
    });
    expect(quota({ proof: 'tradeProof', provenUsd: '20000', usedUsd: '10000' })).toMatchObject({
      countedUsd: '40000.00',
      usedAfterUsd: '50000.00',
      status: 'WITHIN',
    });
    expect(quota({ proof: 'tradeProof', provenUsd: '20000', usedUsd: '10000.01' })).toMatchObject({
      status: 'OVER_QUOTA',
    });
  });
  it('does not hold for institutions', () => {
    expect(quota({ holder: 'soleTrader' })).toMatchObject({ countedUsd: '0.00', status: 'INSTITUTION_RULES' });
  });
  it('refuses proven sums without proof or above the amount', () => {
    refused('F08', { holder: 'individual', amountUsd: '1', provenUsd: '1' });
    refused('F08', { holder: 'individual', amountUsd: '1', proof: 'tradeProof', provenUsd: '2' });
  });
});

describe('F09 electronic information', () => {
  const order = { orderNo: 'A1', amount: '100', currency: 'USD', buyer: 'Ann Lee', goods: '衬衫', quantity: '2' };
  const whole = {
    order,
    logistics: { orderNo: 'A1', goods: '衬衫', quantity: '2' },
    payment: { orderNo: 'A1', amount: '100', currency: 'USD', payer: 'ann lee', institution: 'PayCo' },
    receipt: { orderNo: 'A1', amount: '99', currency: 'USD', payer: 'PAYCO' },
  };
  const reasons = (more: object) => run('F09', { ...whole, ...more }).result['reasons'];
  it('passes when all four tell the same', () => {
    expect(run('F09', whole).result).toEqual({ passed: true, reasons: [] });
  });
  it('limits the single transaction, the limit itself being within', () => {
    expect(reasons({ amountUsd: '50000' })).toEqual([]);
    expect(reasons({ amountUsd: '50000.01' })).toEqual(['OVER_SINGLE_LIMIT']);
    refused('F09', { order: { ...order, currency: 'EUR' } });
  });
  it('has a code for every mismatch', () => {
    expect(reasons({ logistics: undefined, payment: undefined, receipt: undefined })).toEqual([
      'LOGISTICS_MISSING',
      'PAYMENT_MISSING',
      'RECEIPT_MISSING',
    ]);
    expect(reasons({ logistics: { orderNo: 'A2', goods: '裤子', quantity: '3' } })).toEqual([
      'LOGISTICS_ORDER_NO',
      'GOODS',
      'QUANTITY',
    ]);
    expect(reasons({ payment: { orderNo: 'A2', amount: '98.99', currency: 'USD', payer: 'Bob' } })).toEqual([
      'PAYMENT_ORDER_NO',
      'PAYMENT_AMOUNT',
      'PAYMENT_PAYER',
      'RECEIPT_PAYER',
    ]);
    expect(reasons({ receipt: { ...whole.receipt, orderNo: 'A2', currency: 'EUR', payer: 'Bob' } })).toEqual([
      'RECEIPT_ORDER_NO',
      'RECEIPT_CURRENCY',
      'RECEIPT_PAYER',
    ]);
  });
});

describe('F12 matching', () => {
  interface Row {
    readonly id: string;
    readonly allocated: string;
    readonly residual: string;
    readonly charges?: string;
    readonly state: string;
    readonly receiptState?: string;
  }
  const match = (input: object) =>
    run('F12', input).result as unknown as { receipts: Row[]; declarations: Row[]; allocations: { amount: string }[] };
  const ids = (prefix: string, amounts: readonly string[]) =>
    amounts.map((amount, at) => ({ id: `${prefix}${at}`, amount }));

  it('never takes more than either side has, and loses nothing between them', () => {
    const link = fc.tuple(fc.nat(3), fc.nat(3));
    const four = fc.array(cents, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(four, four, fc.array(link, { maxLength: 12 }), (received, declared, links) => {
        const result = match({
          receipts: ids('R', received),
          declarations: ids('D', declared),
          allocations: links.map(([from, to]) => ({ receipt: `R${from}`, declaration: `D${to}` })),
        });
        const sum = (values: readonly string[]) => values.reduce((total, one) => total.plus(one), new Num(0));
        for (const row of [...result.receipts, ...result.declarations]) {
          expect(Number(row.residual)).toBeGreaterThanOrEqual(0);
          expect(row.state).not.toBe('OVER');
        }
        const allocated = sum(result.allocations.map(({ amount }) => amount)).toFixed(2);
        expect(sum(result.receipts.map((row) => row.allocated)).toFixed(2)).toBe(allocated);
        expect(sum(result.declarations.map((row) => row.allocated)).toFixed(2)).toBe(allocated);
      }),
      runs,
    );
  });
  it('spreads a receipt over declarations, and takes little that is missing for bank charges', () => {
    const { receipts, declarations } = match({
      receipts: [{ id: 'R', amount: '2960' }],
      declarations: [
        { id: 'A', amount: '1000' },
        { id: 'B', amount: '2000' },
        { id: 'C', amount: '10' },
      ],
      allocations: [
        { receipt: 'R', declaration: 'A' },
        { receipt: 'R', declaration: 'B' },
      ],
    });
    expect(receipts).toMatchObject([{ residual: '0.00', state: 'FULLY' }]);
    expect(declarations).toMatchObject([
      { id: 'A', residual: '0.00', charges: '0.00', state: 'FULLY' },
      { id: 'B', residual: '40.00', charges: '40.00', state: 'FULLY' },
      { id: 'C', residual: '10.00', charges: '0.00', state: 'UNMATCHED' },
    ]);
  });
  it('counts charges on record as received, and tells partly from over', () => {
    const given = {
      receipts: [{ id: 'R', amount: '90', charges: '10' }],
      declarations: ids('D', ['50', '100']),
    };
    const { receipts, declarations } = match({
      ...given,
      allocations: [
        { receipt: 'R', declaration: 'D0', amount: '60' },
        { receipt: 'R', declaration: 'D1', amount: '40' },
      ],
    });
    expect(receipts).toMatchObject([{ allocated: '100.00', state: 'FULLY' }]);
    expect(declarations).toMatchObject([
      { residual: '-10.00', state: 'OVER' },
      { residual: '60.00', state: 'PARTLY' },
    ]);
    const within = match({
      ...given,
      tolerance: '60',
      allocations: [{ receipt: 'R', declaration: 'D1', amount: '40' }],
    });
    expect(within.declarations[1]).toMatchObject({ state: 'FULLY', charges: '60.00' });
  });
  it('knows the 30 April after the year of export', () => {
    const at = (receivedOn: string, amount: string, asOf: string) =>
      match({
        receipts: [{ id: 'R', amount, receivedOn }],
        declarations: [{ id: 'D', amount: '100', exportDate: '2025-06-01' }],
        allocations: [{ receipt: 'R', declaration: 'D' }],
        asOf,
      }).declarations[0]?.receiptState;
    expect(at('2026-04-30', '100', '2026-06-01')).toBe('RECEIVED');
    expect(at('2026-05-01', '100', '2026-06-01')).toBe('RECEIVED_LATE');
    expect(at('2026-04-30', '50', '2026-04-30')).toBe('RECEIPT_OPEN');
    expect(at('2026-04-30', '50', '2026-05-01')).toBe('RECEIPT_OVERDUE');
  });
  it('matches across currencies with both amounts given', () => {
    const given = {
      receipts: [{ id: 'R', amount: '110', currency: 'USD' }],
      declarations: [{ id: 'D', amount: '100', currency: 'EUR' }],
    };
    const link = { receipt: 'R', declaration: 'D' };
    expect(match({ ...given, allocations: [{ ...link, amount: '110', declarationAmount: '100' }] })).toMatchObject({
      receipts: [{ state: 'FULLY' }],
      declarations: [{ state: 'FULLY' }],
    });
    refused('F12', { ...given, allocations: [{ ...link, amount: '110' }] });
    refused('F12', { ...given, allocations: [{ receipt: 'R', declaration: 'X' }] });
    refused('F12', {
      receipts: ids('R', ['1']),
      declarations: [
        { id: 'D', amount: '1' },
        { id: 'D', amount: '1' },
      ],
    });
  });
});
