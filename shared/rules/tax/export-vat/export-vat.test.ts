/** T04 to T13, T25, T28: published worked examples, branches, refusals and properties. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCalendar, type HolidayFile } from '../../../calendar/index.ts';
import { type Calculator, type RuleSources, Trace } from '../../calculator.ts';
import { Num } from '../../figures.ts';
import { exemptCreditRefund } from './exempt-credit-refund.ts';
import { tradingRefund } from './export-refund-trading.ts';
import { allocate } from './fob-value.ts';
import { exportVatCalculators } from './index.ts';
import { allocateSales } from './warehouse-settlement.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../resources/${path}`, import.meta.url), 'utf8'));
const calendar = buildCalendar(read('calendar/cn-holidays.json') as HolidayFile);
const sources = (settings: Readonly<Record<string, string>> = {}): RuleSources => ({
  pack: (id) => read(`rules/${id}.json`),
  calendar,
  setting: (id) => settings[id],
});
const find = (id: string): Calculator => {
  const found = exportVatCalculators.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const run = (id: string, input: unknown, settings?: Readonly<Record<string, string>>) =>
  find(id).run(input, sources(settings));
const codes = (id: string, input: unknown, settings?: Readonly<Record<string, string>>) =>
  run(id, input, settings).warnings.map((one) => one.code);
const refusal = (code: string, params: object = {}) =>
  expect.objectContaining({ code, params: expect.objectContaining(params) });
const trace = () => new Trace('T00', sources());
const cents = (max: number) => fc.integer({ min: 0, max }).map((value) => new Num(value).div(100));

const logged = ['exportDate', 'goodsName', 'unit', 'quantity', 'unitPrice', 'amount'];
const exemptFacts = {
  mode: '9610',
  zoneRegistered: true,
  logged,
  zoneDeclared: true,
  cancelledList: false,
  hasVoucher: false,
};

describe('T04 无票免税', () => {
  it.each([
    [{}, []],
    [{ zoneRegistered: false }, ['NOT_IN_ZONE']],
    [{ logged: ['exportDate'] }, ['NOT_LOGGED']],
    [{ mode: '0110' }, ['NOT_RETAIL']],
    [{ zoneDeclared: false }, ['NOT_ZONE_CUSTOMS']],
    [{ hasVoucher: true }, ['HAS_VOUCHER']],
    [{ cancelledList: true }, ['CANCELLED_LIST']],
    [
      { zoneRegistered: false, logged: [], mode: '1039', zoneDeclared: false, hasVoucher: true, cancelledList: true },
      ['NOT_IN_ZONE', 'NOT_LOGGED', 'NOT_RETAIL', 'NOT_ZONE_CUSTOMS', 'HAS_VOUCHER', 'CANCELLED_LIST'],
    ],
  ])('%o misses %o', (change, missing) => {
    const { result, steps } = run('T04', { exportDate: '2025-06-01', ...exemptFacts, ...change });
    expect(result).toEqual({ status: missing.length === 0 ? 'ELIGIBLE' : 'NOT_ELIGIBLE', missing });
    expect(steps).toHaveLength(7);
  });

  it('asks the settings where the rule is open', () => {
    const in2026 = { exportDate: '2026-06-01', ...exemptFacts };
    expect(run('T04', in2026).result['status']).toBe('ELIGIBLE');
    expect(codes('T04', in2026)).toContain('unclear');
    expect(run('T04', in2026, { 'T04.after2026': 'repealed' }).result['missing']).toEqual(['RULE_REPEALED']);
    const b2b = { exportDate: '2025-06-01', ...exemptFacts, mode: '9810' };
    expect(run('T04', b2b).result['missing']).toEqual(['NOT_RETAIL']);
    expect(run('T04', b2b, { 'T04.b2bModes': 'included' }).result['missing']).toEqual([]);
  });

  it('does not exist before 2018-10-01 and sums months', () => {
    expect(() => run('T04', { exportDate: '2018-09-30', ...exemptFacts })).toThrowError(refusal('RULE_PACK_MISSING'));
    const shipment = (id: string, exportDate: string, amountCny: string, change: object = {}) => ({
      id,
      exportDate,
      amountCny,
      ...exemptFacts,
      ...change,
    });
    const { result } = run('T04month', {
      shipments: [
        shipment('c', '2025-07-01', '1.1'),
        shipment('a', '2025-06-01', '10.05'),
        shipment('b', '2025-06-30', '20'),
        shipment('d', '2025-06-30', '99', { hasVoucher: true }),
      ],
    });
    expect(result['months']).toEqual([
      { month: '2025-06', exemptSales: '30.05' },
      { month: '2025-07', exemptSales: '1.10' },
    ]);
  });
});

describe('T05 退免税判定', () => {
  const trading = { sellerKind: 'trading', exportDate: '2026-03-01', evidence: 'specialInvoice' };
  it.each([
    [trading, 'REFUND', 'T06', ['SPECIAL_INVOICE']],
    [{ ...trading, evidence: 'customsPayment' }, 'REFUND', 'T06', ['CUSTOMS_PAYMENT']],
    [{ ...trading, sellerKind: 'producer' }, 'EXEMPT_CREDIT_REFUND', 'T07', ['OWN_PRODUCTION']],
    [{ ...trading, sellerKind: 'producer', selfProduced: false }, 'TAXED', 'T09', ['BOUGHT_GOODS_OF_PRODUCER']],
    [{ ...trading, evidence: 'ordinaryInvoice' }, 'EXEMPT', null, ['ORDINARY_VOUCHER']],
    [{ ...trading, evidence: 'none', zoneExemption: exemptFacts }, 'EXEMPT', 'T04', ['ZONE_EXEMPTION']],
    [{ ...trading, evidence: 'none' }, 'TAXED', 'T09', ['NO_VOUCHER', 'NOT_IN_ZONE']],
    [{ ...trading, sellerKind: 'small', evidence: 'none' }, 'EXEMPT', null, ['SMALL_SCALE']],
    [{ ...trading, sellerKind: 'farmer', evidence: 'none' }, 'EXEMPT', null, ['OWN_FARM_PRODUCE']],
    [{ ...trading, cancelledList: true }, 'TAXED', 'T09', ['CANCELLED_LIST']],
    [{ ...trading, falseDocuments: true }, 'TAXED', 'T09', ['FALSE_DOCUMENTS']],
    [
      { ...trading, cancelledList: true, domesticallyExempt: true },
      'EXEMPT',
      null,
      ['CANCELLED_LIST', 'DOMESTICALLY_EXEMPT'],
    ],
    [{ ...trading, asOf: '2029-03-02' }, 'TAXED', 'T09', ['NOT_DECLARED_WITHIN_LIMIT']],
    [{ ...trading, asOf: '2029-03-02', declaredOn: '2029-03-01' }, 'REFUND', 'T06', ['SPECIAL_INVOICE']],
    [{ ...trading, exportDate: '2025-12-31', asOf: '2029-12-31' }, 'REFUND', 'T06', ['SPECIAL_INVOICE']],
    [{ ...trading, waiver: 'refund', waivedFrom: '2025-01-01' }, 'EXEMPT', null, ['WAIVED_REFUND']],
    [{ ...trading, waiver: 'exemption', waivedFrom: '2025-01-01' }, 'TAXED', 'T09', ['WAIVED_EXEMPTION']],
    [{ ...trading, waiver: 'refund', waivedFrom: '2023-03-01' }, 'REFUND', 'T06', ['SPECIAL_INVOICE']],
  ])('%o → %s', (input, regime, nextRule, reasons) => {
    expect(run('T05', input).result).toEqual({ regime, nextRule, reasons, pending: [] });
  });

  it('leaves goods without voucher before 2026 to the setting', () => {
    const input = { ...trading, exportDate: '2025-12-31', evidence: 'none' };
    expect(run('T05', input).result['regime']).toBe('TAXED');
    expect(run('T05', input, { 'T05.noVoucherBefore2026': 'exempt' }).result['regime']).toBe('EXEMPT');
    expect(
      run('T05', { ...input, exportDate: '2026-01-01' }, { 'T05.noVoucherBefore2026': 'exempt' }).result,
    ).toMatchObject({
      regime: 'TAXED',
    });
  });

  it('says what a claim still waits for', () => {
    const waiting = { soldAbroad: false, departed: false, booked: false, receiptCollected: false };
    expect(run('T05', { ...trading, ...waiting }).result['pending']).toEqual([
      'NOT_SOLD_ABROAD',
      'NOT_DEPARTED',
      'NOT_BOOKED',
      'RECEIPT_PENDING',
    ]);
  });
});

describe('T06 免退税', () => {
  it('570,000 at 17 % with refund 13 %: 74,100, 22,800 to cost (published: xiaomilidoc.com/p-14324478.html)', () => {
    const input = { purchaseAmount: '570000', invoiceTaxRate: '0.17', inputVat: '96900', refundRate: '0.13' };
    expect(run('T06', input).result).toEqual({ vatRefund: '74100.00', vatToCost: '22800.00' });
  });
  it('1,000,000 at 13 %: 130,000 (published: dljinwei.cn/2370.html)', () => {
    const input = { purchaseAmount: '1000000', invoiceTaxRate: '0.13', inputVat: '130000', refundRate: '0.13' };
    expect(run('T06', input).result).toEqual({ vatRefund: '130000.00', vatToCost: '0.00' });
  });

  const line = { purchaseAmount: '200000', invoiceTaxRate: '0.13', inputVat: '26000', refundRate: '0.09' };
  it('uses part of an invoice and keeps the rest', () => {
    const part = { ...line, invoiceQuantity: '1000', usedQuantity: '250' };
    expect(run('T06', part).result).toEqual({
      vatRefund: '4500.00',
      vatToCost: '2000.00',
      remainingQuantity: '750',
    });
  });
  it('refunds consumption tax by amount and by quantity', () => {
    const taxedPurchase = {
      ...line,
      consRate: '0.15',
      consSpecific: '1.2',
      qty: '10',
    };
    expect(run('T06', taxedPurchase).result['consumptionTaxRefund']).toBe('30012.00');
  });
  it('takes the consumption tax as an amount, and of a part its share', () => {
    expect(run('T06', { ...line, consTax: '500' }).result['consumptionTaxRefund']).toBe('500.00');
    const part = { ...line, consumptionTax: '500', consRate: '0.15', invoiceQuantity: '1000', usedQuantity: '250' };
    expect(run('T06', part).result['consumptionTaxRefund']).toBe('125.00');
    expect(codes('T06', part)).toContain('inputUnused');
  });
  it('finds the rate and the tax of the invoice by one another, and says so', () => {
    const full = { vatRefund: '13000.00', vatToCost: '0.00' };
    const bare = { purchaseAmount: '100000', refundRate: '0.13' };
    expect(run('T06', { ...bare, invoiceTaxRate: '0.13' }).result).toEqual(full);
    expect(codes('T06', { ...bare, invoiceTaxRate: '0.13' })).toEqual(['inputVatAssumed']);
    expect(run('T06', bare).result).toEqual(full);
    expect(codes('T06', bare)).toEqual(['invoiceTaxRateAssumed', 'inputVatAssumed']);
    const small = { amount: '200000', inputTax: '6000', rebateRate: '0.13' };
    expect(run('T06', small).result).toEqual({ vatRefund: '6000.00', vatToCost: '0.00' });
    expect(run('T06', { lines: [small] }).result['vatRefund']).toBe('6000.00');
  });
  it('sums lines that are rounded each', () => {
    const odd = { purchaseAmount: '0.05', invoiceTaxRate: '0.13', inputVat: '0.01', refundRate: '0.13' };
    expect(run('T06', { lines: [odd, odd] }).result).toEqual({
      vatRefund: '0.02',
      vatToCost: '0.00',
      lines: [
        { vatRefund: '0.01', vatToCost: '0.00' },
        { vatRefund: '0.01', vatToCost: '0.00' },
      ],
    });
  });
  it.each([
    [{ ...line, refundRate: undefined }, 'refundRate'],
    [{ ...line, purchaseAmount: '-1' }, 'purchaseAmount'],
    [{ ...line, refundRate: '13' }, 'refundRate'],
    [{ ...line, usedQuantity: '1' }, 'usedQuantity'],
    [{ ...line, invoiceQuantity: '1', usedQuantity: '2' }, 'usedQuantity'],
    [{ ...line, lines: [line] }, 'lines'],
    [{ lines: [{ ...line, refundRate: undefined }] }, 'lines.0.refundRate'],
    [{ ...line, purchaseamount: '1' }, 'purchaseamount'],
    [{ ...line, purchaseAmount: 0.5 }, 'purchaseAmount'],
  ])('refuses %o', (input, field) => {
    expect(() => run('T06', input)).toThrowError(refusal('RULE_INPUT', { calculator: 'T06', field }));
  });

  const rates = fc.constantFrom('0', '0.01', '0.03', '0.06', '0.09', '0.10', '0.13').map((text) => new Num(text));
  it('never refunds more than the input tax; refund and cost are the input tax', () => {
    fc.assert(
      fc.property(cents(1e9), rates, rates, (purchaseAmount, invoiceTaxRate, refundRate) => {
        const inputVat = purchaseAmount.times(invoiceTaxRate).toDecimalPlaces(2, Num.ROUND_HALF_UP);
        const refund = tradingRefund({ purchaseAmount, invoiceTaxRate, inputVat, refundRate }, trace());
        expect(refund.vatRefund.lte(inputVat)).toBe(true);
        expect(refund.vatRefund.plus(refund.vatToCost).eq(inputVat)).toBe(true);
      }),
    );
  });
  it('splitting a purchase at the same rate moves half a fen a line at most', () => {
    fc.assert(
      fc.property(fc.array(cents(1e7), { minLength: 1, maxLength: 8 }), rates, (parts, rate) => {
        const refundOf = (purchaseAmount: Num) =>
          tradingRefund(
            { purchaseAmount, invoiceTaxRate: rate, inputVat: purchaseAmount.times(rate), refundRate: rate },
            trace(),
          ).vatRefund;
        const whole = refundOf(parts.reduce((sum, one) => sum.plus(one), new Num(0)));
        const split = parts.reduce((sum, one) => sum.plus(refundOf(one)), new Num(0));
        expect(
          whole
            .minus(split)
            .abs()
            .lte(new Num('0.005').times(parts.length + 1)),
        ).toBe(true);
      }),
    );
  });
});

describe('T07 免抵退税, T08', () => {
  const p01 = {
    fobCny: '2000000',
    taxRate: '0.13',
    refundRate: '0.11',
    domesticOutputVat: '130000',
    inputVat: '260000',
    openingCarry: '30000',
    dutyFreeMaterial: '0',
  };
  it('2019-05: refund 120,000, exempt credit 100,000 (published: gaojiufeng.cn/?id=1776408)', () => {
    expect(run('T07', p01).result).toEqual({
      nonDeductibleReduction: '0.00',
      nonDeductible: '40000.00',
      vatPayableOrCarry: '-120000.00',
      exemptCreditRefundReduction: '0.00',
      exemptCreditRefundAmount: '220000.00',
      refund: '120000.00',
      exemptCredit: '100000.00',
      carryForward: '0.00',
      vatPayable: '0.00',
    });
  });
  it('2025-08: refund 60,000, exempt credit 240,000 (published: mffb.com.cn/news/show-331239.html)', () => {
    const input = {
      ...p01,
      fobCny: '3000000',
      refundRate: '0.10',
      domesticOutputVat: '650000',
      inputVat: '800000',
      openingCarry: '0',
    };
    expect(run('T07', input).result).toMatchObject({
      nonDeductible: '90000.00',
      refund: '60000.00',
      exemptCredit: '240000.00',
    });
  });
  it('does not forget the reduction of the refund amount', () => {
    const input = { ...p01, refundRate: '0.10', openingCarry: '60000', dutyFreeMaterial: '1000000' };
    expect(run('T07', input).result).toMatchObject({
      refund: '100000.00',
      exemptCredit: '0.00',
      carryForward: '60000.00',
    });
  });
  it('takes the planned ratio as figures or as a ratio, of the part under processing trade', () => {
    const base = { ...p01, taxRate: '0.17', refundRate: '0.13' };
    const planned = { ...base, plannedImport: '1000000', plannedExport: '2500000' };
    const expected = run('T07', planned).result;
    expect(expected).toMatchObject({ nonDeductibleReduction: '32000.00' });
    expect(run('T07', { ...base, plannedRatio: '0.4' }).result).toEqual(expected);
    expect(run('T07', { ...base, dutyFreeMaterial: '800000' }).result).toEqual(expected);
    expect(run('T07', { ...planned, processingFobCny: '1000000' }).result).toMatchObject({
      nonDeductibleReduction: '16000.00',
    });
  });
  it('sums groups of several rates and carries what a cap leaves', () => {
    const period = { domesticOutputVat: '0', inputVat: '50000', openingCarry: '0' };
    const groups = [
      { fobCny: '100000', taxRate: '0.13', refundRate: '0.13', dutyFreeMaterial: '300000' },
      { fobCny: '200000', taxRate: '0.13', refundRate: '0.09' },
    ];
    const { result, warnings } = run('T07', { ...period, groups, refundReductionBrought: '1000' });
    expect(result).toMatchObject({
      nonDeductible: '8000.00',
      exemptCreditRefundReduction: '14000.00',
      exemptCreditRefundAmount: '17000.00',
      refund: '17000.00',
      carryForward: '25000.00',
      refundReductionCarried: '26000.00',
    });
    expect(warnings.map((one) => one.code)).toEqual(['refundReductionCarried']);
  });
  it('T08 settles the year by the actual ratio', () => {
    const input = { processingFobCny: '2400000', plannedImport: '1000000', plannedExport: '3000000' };
    expect(run('T08', input).result).toMatchObject({ bondedMaterial: '800000.00' });
    expect(run('T08', { ...input, actualImport: '900000', actualExport: '2400000' }).result).toMatchObject({
      actualRatio: '0.375',
      adjustment: '100000.00',
    });
    expect(() => run('T08', { ...input, plannedExport: '0' })).toThrowError(refusal('RULE_INPUT'));
    expect(() => run('T08', { processingFobCny: '1' })).toThrowError(refusal('RULE_INPUT'));
  });
  it('keeps its identities', () => {
    const rate = fc.constantFrom('0', '0.05', '0.06', '0.09', '0.10', '0.13').map((text) => new Num(text));
    const group = fc
      .record({ fobCny: cents(1e9), a: rate, b: rate, dutyFreeMaterial: cents(1e9) })
      .map(({ fobCny, a, b, dutyFreeMaterial }) => ({
        fobCny,
        taxRate: Num.max(a, b),
        refundRate: Num.min(a, b),
        dutyFreeMaterial,
      }));
    const period = fc.record({
      domesticOutputVat: cents(1e9),
      inputVat: cents(1e9),
      openingCarry: cents(1e8),
      nonDeductibleReductionBrought: cents(1e7),
      refundReductionBrought: cents(1e7),
    });
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), period, (groups, figures) => {
        const all = exemptCreditRefund(groups, figures, trace());
        expect(all.refund.plus(all.exemptCredit).eq(all.exemptCreditRefundAmount)).toBe(true);
        for (const value of [all.nonDeductible, all.refund, all.exemptCredit, all.carryForward, all.vatPayable])
          expect(value.gte(0)).toBe(true);
        // Either something is paid or something is refunded or carried.
        expect(all.vatPayable.eq(0) || all.refund.plus(all.carryForward).eq(0)).toBe(true);
        expect(all.vatPayable.minus(all.refund).minus(all.carryForward).eq(all.vatPayableOrCarry)).toBe(true);
        // No reduction is lost: taken and carried are what was brought and what arose.
        const arose = groups.reduce((sum, one) => sum.plus(one.dutyFreeMaterial.times(one.refundRate)), new Num(0));
        expect(
          all.exemptCreditRefundReduction
            .plus(all.refundReductionCarried)
            .eq(arose.plus(figures.refundReductionBrought)),
        ).toBe(true);
      }),
    );
  });
});

describe('T09 视同内销', () => {
  it('takes tax out of the FOB value (formula: Tianjin tax office, 2025-06-10)', () => {
    const input = { taxpayer: 'general', fobCny: '113000', rate: '0.13' };
    expect(run('T09', input).result).toEqual({ outputVat: '13000.00' });
    expect(run('T09', { ...input, bondedMaterial: '13000' }).result).toEqual({ outputVat: '11504.42' });
    expect(run('T09', { taxpayer: 'small', fobCny: '103000', rate: '0.03' }).result).toEqual({ vatPayable: '3000.00' });
  });
  it('takes cost back, credits input tax and adds the late fee', () => {
    const input = {
      taxpayer: 'general',
      fobCny: '113000',
      rate: '0.13',
      costedNonDeductible: '3000',
      creditableInputVat: '2000',
    };
    expect(run('T09', { ...input, dueOn: '2026-05-15', paidOn: '2026-05-25' }).result).toEqual({
      outputVat: '13000.00',
      inputVatReversal: '3000.00',
      vatPayable: '8000.00',
      lateDays: 10,
      lateFee: '40.00',
    });
    expect(run('T09', { taxpayer: 'general', fobCny: '1', rate: '0.13', domesticallyExempt: true }).result).toEqual({
      outputVat: '0.00',
    });
  });
  it.each([
    { taxpayer: 'small', fobCny: '1', rate: '0.03', bondedMaterial: '1' },
    { taxpayer: 'general', fobCny: '1', rate: '0.13', bondedMaterial: '2' },
    { taxpayer: 'general', fobCny: '1', rate: '0.13', dueOn: '2026-01-01' },
    { taxpayer: 'general', fobCny: '1', rate: '1.3' },
  ])('refuses %o', (input) => {
    expect(() => run('T09', input)).toThrowError(refusal('RULE_INPUT'));
  });
});

describe('T10 海外仓', () => {
  it.each([
    ['1300', 'NO_ADJUST', '0.00', '0.00', '0.00'],
    ['1235', 'ADJUST', '-1300.00', '1235.00', '-65.00'],
  ])('100 cups sold, %s due: %s (published: explanation of 总局公告2025年第3号)', (actualRefund, ...rest) => {
    const [action, reverse, redeclare, net] = rest;
    expect(run('T10', { preRefund: '1300', status: 'sold', actualRefund }).result).toEqual({
      action,
      reverse,
      redeclare,
      net,
    });
  });
  it('settles goods unsold, partly sold, not declared apart', () => {
    const back = { action: 'REVERSE', reverse: '-1300.00', redeclare: '0.00', net: '-1300.00' };
    expect(run('T10', { preRefund: '1300', status: 'unsold' }).result).toEqual(back);
    expect(run('T10', { preRefund: '1300', status: 'sold', actualRefund: '1300', separated: false }).result).toEqual(
      back,
    );
    const partial = { preRefund: '1300', status: 'partial', quantity: '100', soldQuantity: '40' };
    expect(run('T10', partial).result).toEqual({
      action: 'ADJUST',
      reverse: '-1300.00',
      redeclare: '520.00',
      net: '-780.00',
    });
    expect(() => run('T10', { preRefund: '1300', status: 'sold' })).toThrowError(
      refusal('RULE_INPUT', { field: 'actualRefund' }),
    );
    expect(
      codes('T10', { preRefund: '1', status: 'unsold', preRefundCompleted: '2025-02-13', asOf: '2026-05-01' }),
    ).toEqual(['windowMissed']);
  });
  it('completed 2025-02-13: March 2025 to April 2026 (published: explanation of 总局公告2025年第3号)', () => {
    expect(run('T10win', { preRefundCompleted: '2025-02-13' }).result).toEqual({
      windowStart: '2025-03-01',
      windowEnd: '2026-04-30',
    });
    expect(() => run('T10win', { preRefundCompleted: '2025-01-26' })).toThrowError(refusal('RULE_PACK_MISSING'));
  });
  it('sells first what left first', () => {
    const { result } = run('T10fifo', {
      asOf: '2026-03-31',
      lines: [
        { id: 'B', exportDate: '2026-02-01', quantity: '50', preRefund: '650' },
        { id: 'A', exportDate: '2026-01-01', quantity: '100', preRefund: '1300' },
      ],
      sales: [
        { saleDate: '2026-03-01', soldQuantity: '120' },
        { saleDate: '2026-04-01', soldQuantity: '30' },
      ],
    });
    expect(result['lines']).toMatchObject([
      { id: 'A', soldQuantity: '100', status: 'sold' },
      { id: 'B', soldQuantity: '20', unsoldQuantity: '30', status: 'partial' },
    ]);
    fc.assert(
      fc.property(fc.array(cents(1e5), { maxLength: 6 }), cents(5e5), (quantities, sold) => {
        const lines = quantities.map((quantity, at) => ({
          id: String(at),
          exportDate: `2026-01-0${at + 1}`,
          quantity,
          preRefund: new Num(0),
        }));
        const allocated = allocateSales(lines, sold);
        const total = allocated.lines.reduce((sum, one) => sum.plus(one.sold), allocated.excess);
        expect(total.eq(sold)).toBe(true);
        for (const one of allocated.lines) expect(one.sold.lte(one.quantity)).toBe(true);
      }),
    );
  });
});

describe('T11 期限', () => {
  it('counts 36 months by the setting and clamps the month’s end', () => {
    const at = (exportDate: string, setting?: string) =>
      run('T11', { exportDate }, setting === undefined ? {} : { 'T11.lastDay': setting }).result;
    expect(at('2026-02-10')).toEqual({
      normalFrom: '2026-03-01',
      normalTo: '2027-04-30',
      hardLimit: '2029-02-10',
      deemedDomesticSaleDate: '2029-02-11',
    });
    expect(at('2028-02-29')['hardLimit']).toBe('2031-02-28');
    expect(at('2026-02-10', 'dayBefore')['hardLimit']).toBe('2029-02-09');
    expect(at('2026-02-10', 'dayAfter')['deemedDomesticSaleDate']).toBe('2029-02-12');
    expect(at('2025-12-31')).toEqual({ normalFrom: '2026-01-01', normalTo: '2026-04-30', hardLimit: null });
  });
  it('runs the receipt clock', () => {
    const exportDate = '2026-02-10';
    const state = (more: object) => run('T11', { exportDate, ...more }).result;
    expect(state({ receivedOn: '2027-04-30' })).toMatchObject({ receiptBy: '2027-04-30', receiptState: 'RECEIVED' });
    expect(state({ receivedOn: '2027-05-01' })).toMatchObject({ receiptState: 'RECEIVED_LATE' });
    expect(state({ asOf: '2027-05-01' })).toMatchObject({ receiptState: 'RECEIPT_OVERDUE' });
    expect(state({ asOf: '2027-05-01', contractReceiptDate: '2028-01-01' })).toMatchObject({
      receiptBy: '2028-01-01',
      receiptState: 'RECEIPT_PENDING',
    });
    expect(state({ contractReceiptDate: '2030-01-01' })).toMatchObject({ receiptBy: '2029-02-10' });
    expect(state({ contractReceiptDate: '2026-05-01' })).toMatchObject({ receiptBy: '2027-04-30' });
    expect(state({ deemedReceived: true })).toMatchObject({ receiptState: 'DEEMED_RECEIVED' });
  });
  it('files papers, keeps them and reminds', () => {
    expect(run('T11', { exportDate: '2026-02-10', declaredOn: '2027-05-10' }).result).toMatchObject({
      filePapersBy: '2027-05-25',
      keepPapersUntil: '2037-05-10',
      receiptStatement: true,
    });
    expect(run('T11', { exportDate: '2025-02-10', declaredOn: '2025-03-10' }).result).toMatchObject({
      keepPapersUntil: '2030-03-10',
      receiptStatement: false,
    });
    expect(run('T11', { exportDate: '2026-02-10', asOf: '2029-01-20' }).result['reminders']).toEqual([
      '2028-08-14',
      '2028-11-12',
      '2029-01-11',
      '2029-02-03',
    ]);
    expect(codes('T11', { exportDate: '2026-02-10', asOf: '2029-01-20' })).toContain('hardLimitNear');
    expect(codes('T11', { exportDate: '2026-02-10', asOf: '2029-02-11' })).toContain('hardLimitPassed');
    expect(codes('T11', { exportDate: '2027-02-10' })).toContain('normalEndNotWorked');
  });
});

describe('T12 离岸价与折合率', () => {
  const cif = { term: 'CIF', amount: '42562', freight: '3718', insurance: '94.7' };
  it('CIF 42,562: FOB 38,749.30 (published: 10100.com/article/59017961)', () => {
    expect(run('T12', cif).result).toEqual({ fob: '38749.30' });
    expect(run('T12', { ...cif, items: ['10000', '20000', '12562'] }).result['itemFob']).toEqual([
      '9104.20',
      '18208.40',
      '11436.70',
    ]);
  });
  it('takes insurance by rate, commission, a rate of exchange', () => {
    const { insurance: _, ...rest } = cif;
    // 42562 × 1.1 × 0.003 = 140.4546
    expect(run('T12', { ...rest, insRate: '0.003', markup: '0.1', commission: '100', rate: '7' }).result).toEqual({
      fob: '38603.55',
      fobCny: '270224.82',
    });
    expect(codes('T12', { term: 'CIF', amount: '1', insRate: '0.003' })).toEqual(['noMarkup', 'noFreight']);
    expect(run('T12', { ...rest, term: 'CIP', insuranceRate: '0.003', markup: '0.1' }).result).toEqual({
      fob: '38703.55',
    });
    expect(run('T12', { ...cif, insRate: '0.003' }).result).toEqual({ fob: '38749.30' });
    expect(codes('T12', { ...cif, insRate: '0.003' })).toEqual(['inputUnused']);
    expect(run('T12', { term: 'C&F', amount: '5200', freight: '200', exchangeRate: '7.1' }).result).toEqual({
      fob: '5000.00',
      fobCny: '35500.00',
    });
  });
  it.each([
    [{ ...cif, freight: '50000' }, 'freight'],
    [{ ...cif, items: ['1', '2'] }, 'items'],
    [{ ...cif, insurance: undefined, insRate: '0.003', markup: '1.1' }, 'markup'],
    [{ ...cif, insurance: undefined, markup: '0.1' }, 'insRate'],
    [{ term: 'FOB', amount: '1', freight: '1' }, 'freight'],
    [{ term: 'DDP', amount: '1' }, 'term'],
  ])('refuses %o', (input, field) => {
    expect(() => run('T12', input)).toThrowError(refusal('RULE_INPUT', { field }));
  });
  it('items add up to the total, whatever they are', () => {
    fc.assert(
      fc.property(cents(1e9), fc.array(cents(1e7), { minLength: 1, maxLength: 20 }), (total, items) => {
        fc.pre(items.some((one) => one.gt(0)));
        const parts = allocate(total, items);
        expect(parts.reduce((sum, one) => sum.plus(one), new Num(0)).eq(total)).toBe(true);
      }),
    );
  });
  it('finds the day of the rate by the law of the sale’s day', () => {
    const rates = { '2026-04-30': '7.0001', '2026-05-06': '7.01', '2026-05-20': '7.02' };
    const on = (saleDate: string, method: string, table: object) =>
      run('T12fx', { saleDate, method, rates: table }).result['rateDate'];
    expect(on('2026-05-20', 'monthFirst', rates)).toBe('2026-04-30');
    expect(on('2026-05-20', 'sameDay', rates)).toBe('2026-05-20');
    expect(on('2026-05-17', 'sameDay', rates)).toBe('2026-05-06');
    const old = { '2025-04-30': '7.2014', '2025-05-06': '7.2008' };
    expect(on('2025-05-20', 'monthFirst', old)).toBe('2025-05-06');
    expect(codes('T12fx', { saleDate: '2025-05-20', method: 'monthFirst', rates: old })).toEqual(['localPractice']);
    // Days off given with the input stand in for the calendar.
    expect(
      run('T12fx', {
        saleDate: '2025-05-20',
        method: 'monthFirst',
        holidays: ['2025-05-01', '2025-05-02', '2025-05-05', '2025-05-06'],
        rates: { ...old, '2025-05-07': '7.3' },
      }).result['rateDate'],
    ).toBe('2025-05-07');
    expect(() => on('2026-03-20', 'monthFirst', rates)).toThrowError(refusal('RULE_INPUT', { field: 'rates' }));
    expect(
      codes('T12fx', {
        saleDate: '2026-05-20',
        method: 'sameDay',
        rates,
        previousMethod: 'monthFirst',
        previousMethodFrom: '2026-01-01',
      }),
    ).toEqual(['methodLocked']);
  });
});

describe('T13 预计办结日', () => {
  it('adds working days of the class', () => {
    expect(run('T13', { acceptedOn: '2026-09-28', refundClass: 1 }).result).toEqual({
      workingDays: 5,
      expectedOn: '2026-10-10',
    });
    expect(run('T13', { acceptedOn: '2026-11-02', refundClass: '4' }).result).toEqual({
      workingDays: 20,
      expectedOn: '2026-11-30',
    });
    expect(run('T13', { acceptedOn: '2026-11-02', refundClass: '2' }, { 'T13.classTimes': 'none' }).result).toEqual({
      workingDays: null,
      expectedOn: null,
    });
    expect(codes('T13', { acceptedOn: '2026-12-28', refundClass: '1' })).toContain('calendarUnknown');
    expect(() => run('T13', { acceptedOn: '2026-11-02', refundClass: '5' })).toThrowError(refusal('RULE_INPUT'));
  });
});

describe('T25 退运', () => {
  const returned = { exportDate: '2026-03-10', returnDate: '2026-09-10', mode: '9810', reason: '滞销' };
  it.each([
    [{}, []],
    [{ food: true }, ['FOOD']],
    [{ returnDate: '2026-09-11' }, ['OVER_6_MONTHS']],
    [{ mode: '0110' }, ['MODE']],
    [{ reason: '维修' }, ['REASON']],
    [{ originalState: false }, ['NOT_ORIGINAL']],
    [{ refunded: true }, ['REFUND_NOT_REPAID']],
    [{ refunded: true, refundRepaid: true }, []],
    [{ certificate: false }, ['NO_CERTIFICATE']],
    [{ mode: '1210', returnDate: '2026-10-01', zoneExitDate: '2026-04-01' }, []],
  ])('%o fails on %o', (change, reasons) => {
    expect(run('T25', { ...returned, ...change }).result).toMatchObject({ eligible: reasons.length === 0, reasons });
  });
  it.each([
    [
      'T25-I01 9810 服装 2026-03-10 出口、09-10 退运（滞销）',
      { exportDate: '2026-03-10', returnDate: '2026-09-10', mode: '9810', reason: '滞销' },
      [],
    ],
    [
      'T25-I02 芒果干（食品）退货，不适用',
      { exportDate: '2026-03-10', returnDate: '2026-05-10', mode: '9610', reason: '退货', food: true },
      ['FOOD'],
    ],
    [
      'T25-I03 超过 6 个月一天',
      { exportDate: '2026-03-10', returnDate: '2026-09-11', mode: '9710', reason: '退货' },
      ['OVER_6_MONTHS'],
    ],
    [
      'T25-I04 已退税未补税',
      {
        ...{ exportDate: '2026-03-10', returnDate: '2026-06-10', mode: '9810', reason: '退货' },
        ...{ refunded: true, refundRepaid: false },
      },
      ['REFUND_NOT_REPAID'],
    ],
  ])('%s', (_title, input, reasons) => {
    expect(run('T25', input).result).toMatchObject({
      lastDay: '2026-09-10',
      eligible: reasons.length === 0,
      reasons,
    });
  });
  it('falls back to the one-year rule for defects', () => {
    const food = { ...returned, food: true };
    expect(run('T25', { ...food, defect: true }).result).toMatchObject({
      fallback: 'ONE_YEAR_RULE',
      fallbackLastDay: '2027-03-10',
    });
    expect(run('T25', { ...food, defect: false }).result).toMatchObject({ fallback: 'ORDINARY_IMPORT' });
    expect(run('T25', { ...food, defect: true, returnDate: '2027-03-11' }).result).toMatchObject({
      fallback: 'ORDINARY_IMPORT',
    });
    expect(codes('T25', food)).toEqual(['oneYearRule']);
  });
  it('holds for exports of its years only', () => {
    expect(() => run('T25', { ...returned, exportDate: '2028-01-01', returnDate: '2028-01-02' })).toThrowError(
      refusal('RULE_PACK_MISSING'),
    );
    expect(() => run('T25', { ...returned, returnDate: '2026-03-09' })).toThrowError(
      refusal('RULE_INPUT', { field: 'returnDate' }),
    );
  });
});

describe('T28 三方核对', () => {
  it('explains by reason and flags what is left', () => {
    const row = {
      id: 'amazon 2025Q3',
      platformGross: '1000000',
      declaredRevenue: '985000',
      customsFob: '960000',
      adjustments: [
        { leg: 'declared', code: 'RETURN', signedAmount: '-14500' },
        { leg: 'customs', code: 'TERMS', signedAmount: '-30000' },
        { leg: 'customs', code: 'FX', signedAmount: '1000' },
      ],
    };
    const { result, warnings } = run('T28', {
      periodTo: '2025-09-30',
      rows: [row, { ...row, id: 'b', adjustments: [] }],
    });
    expect(result['rows']).toMatchObject([
      {
        declared: { difference: '-15000.00', explained: '-14500.00', residual: '-500.00', flagged: false },
        customs: { difference: '-40000.00', explained: '-29000.00', residual: '-11000.00', flagged: true },
        byCode: [
          { code: 'FX', declared: '0.00', customs: '1000.00' },
          { code: 'TERMS', declared: '0.00', customs: '-30000.00' },
          { code: 'RETURN', declared: '-14500.00', customs: '0.00' },
        ],
      },
      { declared: { flagged: true } },
    ]);
    expect(result['total']).toMatchObject({ platformGross: '2000000.00', declared: { residual: '-15500.00' } });
    expect(warnings).toHaveLength(5);
  });
  it('flags by share or by amount, at the limit not yet', () => {
    const flagged = (platformGross: string, declaredRevenue: string) =>
      JSON.stringify(
        run('T28', {
          periodTo: '2025-09-30',
          rows: [{ id: 'a', platformGross, declaredRevenue, customsFob: platformGross }],
        }).result['rows'],
      ).includes('"flagged":true');
    expect(flagged('1000', '995')).toBe(false);
    expect(flagged('1000', '994.99')).toBe(true);
    expect(flagged('1000000', '999000')).toBe(false);
    expect(flagged('1000000', '998999.99')).toBe(true);
    expect(() => run('T28', { periodTo: '2025-06-30', rows: [] })).toThrowError(refusal('RULE_INPUT'));
  });
});
