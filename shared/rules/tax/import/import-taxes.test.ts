import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortbookError } from '../../../errors.ts';
import { fen, Num } from '../../figures.ts';
import { importCalculators } from './index.ts';
import { runner, warned } from './sources.testing.ts';

const run = runner(importCalculators, (path): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../resources/${path}`, import.meta.url), 'utf8')),
);
const yuan = fc.integer({ min: 1, max: 500_000_000 }).map((cents) => (cents / 100).toFixed(2));
const cents = (text: unknown): number => Number(new Num(String(text)).times(100));
const day = '2026-06-01';

describe('T14 retail import (财关税〔2018〕49号)', () => {
  const order = (input: object) => run('T14', { vatRate: '0.13', date: day, ...input });

  it('levies 70 % of what the law asks for within the limits, the price including the consumption tax', () => {
    expect(order({ price: '800', consRate: '0.15' }).result).toEqual({
      mode: 'PREFERENTIAL',
      dutiableValue: '800.00',
      duty: '0.00',
      consumptionTax: '98.82',
      vat: '85.65',
      total: '184.47',
      annualUsedAfter: '800.00',
    });
  });
  it('takes freight and insurance into the value and a specific tax by quantity or as a sum', () => {
    // (988 + 10 + 2 + 20) ÷ 0.9 × 0.1 + 20 = 133.33; × 70 % = 93.33. VAT: 1133.33 × 13 % × 70 % = 103.13.
    const parts = { price: '988', freight: '10', insurance: '2', consRate: '0.1' };
    const bySum = order({ ...parts, consSpecific: '20' });
    expect(bySum.result).toMatchObject({ dutiableValue: '1000.00', consumptionTax: '93.33', vat: '103.13' });
    expect(order({ ...parts, consSpecific: { qty: '4', unit: '5' } }).result).toEqual(bySum.result);
  });
  it('keeps both limits themselves within', () => {
    expect(order({ price: '5000' }).result).toMatchObject({ mode: 'PREFERENTIAL' });
    expect(order({ price: '5000', annualUsed: '21000' }).result).toMatchObject({ annualUsedAfter: '26000.00' });
    expect(order({ price: '5000', annualUsed: '21000.01' }).result).toEqual({
      mode: 'GENERAL_TRADE_ONLY',
      dutiableValue: '5000.00',
    });
    expect(warned(order({ price: '5000.01' }))).toEqual(['overTransactionLimit']);
  });
  it('taxes one indivisible article over the limit in full and several not at all', () => {
    const full = order({ items: ['6000'], dutyRate: '0.05', annualUsed: '10000', consRate: '0.1' });
    // (6000 + 300) ÷ 0.9 × 0.1 = 700; (6000 + 300 + 700) × 13 % = 910.
    expect(full.result).toMatchObject({
      mode: 'FULL_RATE_SINGLE_ITEM',
      duty: '300.00',
      consumptionTax: '700.00',
      vat: '910.00',
      total: '1910.00',
      annualUsedAfter: '16000.00',
    });
    expect(order({ items: ['3000', '2200'] }).result).toMatchObject({ mode: 'GENERAL_TRADE_ONLY' });
    expect(warned(order({ items: ['6000'] }))).toEqual(['dutyRateMissing']);
  });
  it('knows the limits of 2016: 2,000 and 20,000, no article over them', () => {
    const then = (input: object) => order({ ...input, date: '2018-12-31' }).result;
    expect(then({ price: '2000' })).toMatchObject({ mode: 'PREFERENTIAL' });
    expect(then({ price: '2000.01', singleIndivisible: true, dutyRate: '0.1' })).toMatchObject({
      mode: 'GENERAL_TRADE_ONLY',
    });
    expect(then({ price: '100', annualUsed: '19900.01' })).toMatchObject({ mode: 'GENERAL_TRADE_ONLY' });
  });
  it('never asks for more within the limits than for the same order in full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500_000 }), fc.integer({ min: 0, max: 50 }), (price, cons) => {
        const input = { price: (price / 100).toFixed(2), consRate: (cons / 100).toFixed(2) };
        const { result } = order(input);
        const full = run('T18', {
          date: day,
          dutiableValue: input.price,
          dutyRate: '0',
          consRate: input.consRate,
          vatRate: '0.13',
        }).result;
        expect(cents(result['total'])).toBe(
          cents(result['duty']) + cents(result['consumptionTax']) + cents(result['vat']),
        );
        // 70 % of each, to the cent of rounding.
        expect(Math.abs(cents(result['vat']) - cents(full['vat']) * 0.7)).toBeLessThan(1);
        expect(Math.abs(cents(result['consumptionTax']) - cents(full['consumptionTax']) * 0.7)).toBeLessThan(1);
      }),
      { numRuns: 60 },
    );
  });
  it('shows the composite rate', () => {
    expect(run('T14rate', { vatRate: '0.13' }).result).toEqual({ compositeRate: '0.0910' });
    expect(run('T14rate', { vatRate: '0.13', consRate: '0.15', date: day }).result).toEqual({
      compositeRate: '0.2306',
    });
  });
});

describe('T15 return and payment windows (公告2018年第194号, 2020年第45号)', () => {
  it('counts natural days after release', () => {
    expect(run('T15', { released: '2026-06-01' }).result).toEqual({
      applyBy: '2026-07-01',
      arriveBy: '2026-07-16',
      taxWindowFrom: '2026-07-02',
      taxWindowTo: '2026-07-16',
    });
  });
  it('judges a return by both dates, and by the rule of its day', () => {
    const back = (released: string, applied: string, arrived: string) =>
      run('T15', { released, applied, arrived }).result;
    expect(back('2026-06-01', '2026-07-01', '2026-07-16')).toMatchObject({ returnAccepted: true, reasons: [] });
    expect(back('2026-06-01', '2026-07-02', '2026-07-17')).toMatchObject({
      returnAccepted: false,
      reasons: ['APPLIED_LATE', 'ARRIVED_LATE'],
    });
    expect(back('2019-06-01', '2019-07-01', '2019-07-02')).toMatchObject({ reasons: ['ARRIVED_LATE'] });
  });
});

describe('T16 import duty', () => {
  const duty = (input: object) => run('T16', { date: day, ...input });

  it('values CIF, CFR and FOB deals (海关审价办法; examples of customs broker courses)', () => {
    expect(duty({ term: 'CIF', amount: '750000', fx: '6.21', adRate: '0.15' }).result).toEqual({
      dutiableValue: '4657500.00',
      duty: '698625.00',
    });
    expect(duty({ term: 'CFR', amount: '800000', fx: '1.07', insRate: '0.003', adRate: '0.10' }).result).toEqual({
      dutiableValue: '858575.73',
      duty: '85857.57',
    });
    const fob = { term: 'FOB', amount: '1000', freight: '100', fx: '7', adRate: '0.1' };
    expect(duty({ ...fob, insurance: '5' }).result).toEqual({ dutiableValue: '7735.00', duty: '773.50' });
    expect(duty({ ...fob, insRate: '0.005' }).result).toEqual({ dutiableValue: '7738.69', duty: '773.87' });
  });
  it('takes 3 per mille of price and freight where the insurance is unknown, and says so', () => {
    const unknown = duty({ term: 'FOB', amount: '1000', freight: '100', fx: '7', adRate: '0.1' });
    expect(unknown.result).toEqual({ dutiableValue: '7723.10', duty: '772.31' });
    expect(warned(unknown)).toEqual(['insuranceEstimated']);
  });
  it('levies by quantity and by both', () => {
    expect(duty({ term: 'CIF', amount: '504000', fx: '0.8431', qty: '2910.6', specRate: '22' }).result).toEqual({
      dutiableValue: '424922.40',
      duty: '64033.20',
    });
    expect(
      duty({ term: 'CIF', amount: '104000', fx: '6.5718', adRate: '0.03', qty: '20', specRate: '12960' }).result,
    ).toEqual({ dutiableValue: '683467.20', duty: '279704.02' });
  });
  it('passes over a quantity without a specific rate, and a rate beside an amount', () => {
    const quantity = run('T16', { date: day, term: 'CIF', amount: '10000', adRate: '0.1', qty: '20' });
    expect(quantity.result).toEqual({ dutiableValue: '10000.00', duty: '1000.00' });
    expect(quantity.warnings).toContainEqual({ code: 'inputUnused', rule: 'T16', params: { field: 'qty' } });
    const both = run('T16', {
      date: day,
      term: 'CFR',
      amount: '10000',
      adRate: '0.1',
      insRate: '0.003',
      insurance: '40',
    });
    expect(both.result).toEqual({ dutiableValue: '10040.00', duty: '1004.00' });
    expect(warned(both)).toContain('inputUnused');
  });
  it('knows the terms and its inputs by their other names', () => {
    const cfr = run('T16', { date: day, term: 'CFR', amount: '800000', fx: '1.07', insRate: '0.003', adRate: '0.10' });
    for (const term of ['C&F', 'CNF', 'cfr', 'CPT'])
      expect(
        run('T16', {
          date: day,
          term,
          amount: '800000',
          exchange_rate: '1.07',
          insuranceRate: '0.003',
          tariffRate: '0.10',
        }).result,
      ).toEqual(cfr.result);
    expect(run('T16', { date: day, term: 'CIP', amount: '100', adRate: '0' }).result['dutiableValue']).toBe('100.00');
    expect(() => run('T16', { date: day, term: 'CIF', amount: '1', adRate: '0.1', frieght: '1' })).toThrowError(
      expect.objectContaining({
        params: expect.objectContaining({ field: 'frieght', reason: expect.stringContaining('freight') }),
      }),
    );
  });
  it('chooses the rate: provisional before most-favoured, the lower beside an agreement, none for the general rate', () => {
    const rate = (rates: object) => duty({ term: 'CIF', amount: '10000', ...rates }).result['rate'];
    expect(rate({ mfnRate: '0.1', generalRate: '0.5' })).toBe('0.1');
    expect(rate({ mfnRate: '0.1', provisionalRate: '0.04', generalRate: '0.5' })).toBe('0.04');
    expect(rate({ mfnRate: '0.1', provisionalRate: '0.04', agreementRate: '0.06' })).toBe('0.04');
    expect(rate({ mfnRate: '0.1', provisionalRate: '0.04', agreementRate: '0' })).toBe('0');
    const general = duty({ term: 'CIF', amount: '10000', generalRate: '0.5', provisionalRate: '0.04' });
    expect(general.result['rate']).toBe('0.5');
    expect(warned(general)).toEqual(['provisionalNotForGeneral']);
  });
  it('adds anti-dumping duty on the same value', () => {
    expect(duty({ term: 'CIF', amount: '10000', adRate: '0.1', antiDumpingRate: '0.253' }).result).toMatchObject({
      duty: '1000.00',
      antiDumpingDuty: '2530.00',
    });
  });
  it('lets a whole ticket below 50 yuan go, and a part of one not', () => {
    const small = { term: 'CIF', amount: '499.9', adRate: '0.1' };
    expect(duty(small).result).toMatchObject({ duty: '49.99' });
    expect(warned(duty(small))).toEqual(['belowThreshold']);
    expect(duty({ ...small, wholeTicket: true }).result).toMatchObject({ duty: '0.00' });
    expect(duty({ ...small, amount: '500', wholeTicket: true }).result).toMatchObject({ duty: '50.00' });
  });
  it('rounds once: duty of the sum of values is within the roundings of the single duties', () => {
    fc.assert(
      fc.property(yuan, yuan, (a, b) => {
        const of = (amount: string) =>
          cents(duty({ term: 'CIF', amount, fx: '7.1234', adRate: '0.065' }).result['duty']);
        const sum = new Num(a).plus(b).toFixed(2);
        return Math.abs(of(sum) - of(a) - of(b)) <= 1.5;
      }),
      { numRuns: 60 },
    );
  });
});

describe('T17 import consumption tax', () => {
  const tax = (input: object) => run('T17', { date: day, ...input }).result;

  it('finds the rate of cigarettes by the price with 36 % (财税〔2009〕84号)', () => {
    expect(tax({ kind: 'cigarette', dutiableValue: '2200000', duty: '440000', cartons: '80000' })).toEqual({
      testPricePerCarton: '52.50',
      rate: '0.36',
      consumptionTax: '1560000.00',
    });
    expect(tax({ kind: 'cigarette', dutiableValue: '600000', duty: '120000', boxes: '20' })).toEqual({
      testPricePerCarton: '225.94',
      rate: '0.56',
      consumptionTax: '923181.82',
    });
  });
  it('takes 56 % from exactly 70 yuan a carton; 69.996 only looks like it', () => {
    // (44.2 + 0.6) ÷ 0.64 = 70.
    expect(tax({ kind: 'cigarette', dutiableValue: '44200', cartons: '1000' })).toMatchObject({ rate: '0.56' });
    expect(tax({ kind: 'cigarette', dutiableValue: '44197', cartons: '1000' })).toMatchObject({
      testPricePerCarton: '70.00',
      rate: '0.36',
    });
  });
  it('knows the rates of 2004: 30 % and 45 % from 50 yuan', () => {
    // (34.4 + 0.6) ÷ 0.7 = 50.
    expect(tax({ kind: 'cigarette', dutiableValue: '34400', cartons: '1000', date: '2008-08-08' })).toMatchObject({
      testPricePerCarton: '50.00',
      rate: '0.45',
    });
  });
  it('is one rule however ad valorem is spelt', () => {
    for (const kind of ['adValorem', 'advalorem', 'ad-valorem'])
      expect(tax({ kind, dutiableValue: '200000', duty: '40000', rate: '0.05' })).toEqual({
        consumptionTax: '12631.58',
      });
    expect(
      tax({ kind: 'compound', dutiableValue: '2800000', duty: '1680000', rate: '0.30', qty: '300', unit: '150' }),
    ).toEqual({ consumptionTax: '1984285.71' });
    expect(tax({ kind: 'specific', qty: '24.05', unit: '220' })).toEqual({ consumptionTax: '5291.00' });
  });
  const priced = { dutiableValue: '200000', duty: '40000', rate: '0.05' };
  it('knows the kind by other names and by what is given', () => {
    const adValorem = { consumptionTax: '12631.58' };
    expect(tax(priced)).toEqual(adValorem);
    for (const kind of ['adval', 'ad', 'AD_VALOREM', 'Ad Valorem', 'price', '从价'])
      expect(tax({ kind, ...priced })).toEqual(adValorem);
    expect(tax({ dutiableValue: '200000', dutyRate: '0.2', consRate: '0.05' })).toEqual(adValorem);
    const compound = { dutiableValue: '2800000', duty: '1680000', rate: '0.30', quantity: '300', unit: '150' };
    expect(tax(compound)).toEqual({ consumptionTax: '1984285.71' });
    expect(tax({ kind: '复合', ...compound })).toEqual({ consumptionTax: '1984285.71' });
    expect(tax({ qty: '24.05', unit: '220' })).toEqual({ consumptionTax: '5291.00' });
    expect(tax({ kind: '从量', qty: '24.05', unit: '220' })).toEqual({ consumptionTax: '5291.00' });
    expect(tax({ dutiableValue: '2200000', duty: '440000', cartons: '80000' })).toMatchObject({ rate: '0.36' });
  });
  it('says what the kind does not need instead of refusing it', () => {
    const spare = run('T17', { date: day, kind: 'specific', qty: '24.05', unit: '220', rate: '0.05' });
    expect(spare.result).toEqual({ consumptionTax: '5291.00' });
    expect(spare.warnings).toContainEqual({ code: 'inputUnused', rule: 'T17', params: { field: 'rate' } });
    const cigarettes = { kind: 'cigarette', dutiableValue: '2200000', duty: '440000', cartons: '80000' };
    const withUnit = run('T17', { date: day, ...cigarettes, unit: '0.6' });
    expect(withUnit.result).toEqual(tax(cigarettes));
    expect(warned(withUnit)).toEqual(['inputUnused']);
  });
  it('takes the tax of a ton of beer as stated, or by the price of all tons', () => {
    const beer = { kind: 'beer', dutiableValue: '180742.23', duty: '83160', qty: '24.05' };
    expect(tax({ ...beer, unit: '220' })).toEqual({ consumptionTax: '5291.00' });
    expect(tax({ ...beer, valueUsd: '8898.5' })).toEqual({ tons: '24.05', unit: '250', consumptionTax: '6012.50' });
    expect(tax({ ...beer, usdValue: '8898.49' })).toMatchObject({ unit: '220', consumptionTax: '5291.00' });
    expect(warned(run('T17', { date: day, ...beer, unit: '220', pricePerTonUsd: '370' }))).toEqual(['rateUnusual']);
    expect(() => tax(beer)).toThrowError(
      expect.objectContaining({
        params: expect.objectContaining({ field: 'pricePerTonUsd', reason: expect.stringMatching(/valueUsd.*unit/) }),
      }),
    );
    expect(() => tax({ dutiableValue: '1' })).toThrowError(
      expect.objectContaining({ params: expect.objectContaining({ field: 'kind' }) }),
    );
  });
  it('taxes beer by its price a ton and keeps exact tons', () => {
    expect(tax({ kind: 'beer', litres: '23760', pricePerTonUsd: '369.99' })).toEqual({
      tons: '24.04858',
      unit: '220',
      consumptionTax: '5290.69',
    });
    expect(tax({ kind: 'beer', tons: '10', pricePerTonUsd: '370' })).toMatchObject({ consumptionTax: '2500.00' });
  });
  it('is the rate of the price with tax: tax ÷ (base + tax) = rate', () => {
    fc.assert(
      fc.property(yuan, fc.integer({ min: 1, max: 60 }), (base, percent) => {
        const rate = new Num(percent).div(100);
        const due = new Num(
          String(tax({ kind: 'adValorem', dutiableValue: base, rate: rate.toFixed() })['consumptionTax']),
        );
        const back = new Num(base).plus(due).times(rate);
        return back.minus(due).abs().lte('0.01');
      }),
      { numRuns: 60 },
    );
  });
});

describe('T18 import VAT', () => {
  const vat = (input: object) => run('T18', { date: day, vatRate: '0.13', ...input });

  it('is levied on value, duty and consumption tax (exam of 2024)', () => {
    expect(vat({ dutiableValue: '200000', dutyRate: '0.20', consRate: '0.05' }).result).toEqual({
      duty: '40000.00',
      consumptionTax: '12631.58',
      compositePrice: '252631.58',
      vat: '32842.11',
    });
  });
  it('takes duty and consumption tax from the other rules, and a specific part', () => {
    expect(vat({ dutiableValue: '180742.23', duty: '83160', consumptionTax: '5290.69' }).result).toMatchObject({
      compositePrice: '269192.92',
      vat: '34995.08',
    });
    expect(vat({ dutiableValue: '880', dutyRate: '0', consRate: '0.1', consSpecific: '20' }).result).toEqual({
      duty: '0.00',
      consumptionTax: '120.00',
      compositePrice: '1000.00',
      vat: '130.00',
    });
  });
  it('warns of a rate the day does not know', () => {
    expect(warned(vat({ dutiableValue: '1000', vatRate: '0.17' }))).toEqual(['rateUnusual']);
    expect(warned(vat({ dutiableValue: '1000', vatRate: '0.17', date: '2017-01-01' }))).toEqual([]);
  });
});

describe('T19 export duty', () => {
  const duty = (input: object) => run('T19', { date: day, ...input }).result;

  it('takes the duty out of the FOB price (课程例题: 锌矿砂)', () => {
    expect(duty({ term: 'FOB', amount: '50000', fx: '8.11', rate: '0.30' })).toEqual({
      dutiableValue: '311923.08',
      duty: '93576.92',
    });
  });
  it('reduces CFR and CIF deals to FOB first', () => {
    const fob = duty({ term: 'FOB', amount: '10000', fx: '7', rate: '0.2' });
    expect(duty({ term: 'CFR', amount: '10500', freight: '500', fx: '7', rate: '0.2' })).toEqual(fob);
    expect(duty({ term: 'CIF', amount: '10550', freight: '500', insurance: '50', fx: '7', rate: '0.2' })).toEqual(fob);
    expect(duty({ term: 'CIF', amount: '10600', freight: '494', insRate: '0.01', fx: '7', rate: '0.2' })).toEqual(fob);
  });
  it('takes insurance by its rate with the markup, or as the amount where both are given', () => {
    // 100,000 × 1.1 × 0.003 = 330; (100,000 − 5,000 − 330) × 6.5 = 615,355.
    const cif = { term: 'CIF', amount: '100000', freight: '5000', fx: '6.5', rate: '0.1' };
    const expected = { dutiableValue: '559413.64', duty: '55941.36' };
    expect(duty({ ...cif, insRate: '0.003', markup: '0.1' })).toEqual(expected);
    expect(duty({ ...cif, term: 'CIP', insuranceRate: '0.003', 加成: '0.1' })).toEqual(expected);
    const both = run('T19', { date: day, ...cif, insurance: '330', insRate: '0.9' });
    expect(both.result).toEqual(expected);
    expect(both.warnings).toContainEqual({ code: 'inputUnused', rule: 'T19', params: { field: 'insRate' } });
  });
  it('lets a provisional rate override', () => {
    expect(duty({ term: 'FOB', amount: '1100', rate: '0.4', provisionalRate: '0.1' })).toEqual({
      dutiableValue: '1000.00',
      duty: '100.00',
    });
    expect(duty({ term: 'FOB', amount: '1100', rate: '0.4', provisionalRate: '0' })).toMatchObject({ duty: '0.00' });
  });
  it('leaves value and duty that make up the FOB price', () => {
    fc.assert(
      fc.property(yuan, fc.integer({ min: 1, max: 50 }), (amount, percent) => {
        const result = duty({ term: 'FOB', amount, rate: (percent / 100).toFixed(2) });
        return Math.abs(cents(result['dutiableValue']) + cents(result['duty']) - cents(amount)) <= 1;
      }),
      { numRuns: 60 },
    );
  });
});

describe('T20 late-declaration fee (总署令第128号)', () => {
  const fee = (input: object) => run('T20', input);

  it('starts on the 15th day after arrival, shifted over rest days, and counts both ends (题库 2006)', () => {
    expect(
      fee({ arrival: '2006-04-26', declared: '2006-05-16', dutiableValueCny: '500000', holidays: [] }).result,
    ).toEqual({ startDate: '2006-05-11', days: 6, fee: '1500' });
    expect(fee({ arrival: '2026-11-02', declared: '2026-11-20', dutiableValueCny: '123456.78' }).result).toEqual({
      startDate: '2026-11-17',
      days: 4,
      fee: '246',
    });
  });
  it('charges nothing below 50 yuan and nothing in time', () => {
    const late = { arrival: '2026-11-02', declared: '2026-11-18' };
    expect(fee({ ...late, dutiableValueCny: '49999.99' }).result).toMatchObject({ days: 2, fee: '0' });
    expect(fee({ ...late, dutiableValueCny: '50000' }).result).toMatchObject({ fee: '50' });
    expect(fee({ arrival: '2026-11-02', declared: '2026-11-16', dutiableValueCny: '9999999' }).result).toMatchObject({
      days: 0,
      fee: '0',
    });
  });
  it('knows the practice of 2001 and compares it with the order', () => {
    const case2001 = { arrival: '2001-09-01', declared: '2001-09-21', dutiableValueCny: '20000' };
    const then = fee({ ...case2001, convention: 'legacy2001' });
    expect(then.result).toEqual({ startDate: '2001-09-15', days: 7, fee: '70' });
    expect(warned(then)).toEqual([]);
    const now = fee(case2001);
    expect(now.result).toEqual({ startDate: '2001-09-17', days: 5, fee: '50' });
    expect(warned(now)).toEqual(['conventionNotInForce', 'calendarUncertain']);
  });
  it('refuses the practice of 2001 for a case of today and a day without a rule', () => {
    const today = { arrival: '2026-11-02', declared: '2026-11-20', dutiableValueCny: '1' };
    expect(() => fee({ ...today, convention: 'legacy2001' })).toThrow(/RULE_INPUT/);
    expect(() => fee({ ...today, arrival: '1999-11-02' })).toThrow(/RULE_PACK_MISSING/);
  });
  it('counts exactly the holidays it is given, and falls back for a year without a notice', () => {
    // 15 days after 2026-09-16 are 2026-10-01, in the holidays of the calendar.
    const autumn = { arrival: '2026-09-16', declared: '2026-10-20', dutiableValueCny: '100000' };
    expect(fee(autumn).result).toMatchObject({ startDate: '2026-10-08' });
    expect(fee({ ...autumn, holidays: [] }).result).toMatchObject({ startDate: '2026-10-01' });
    expect(fee({ ...autumn, holidays: ['2026-10-01', '2026-10-02'], workdays: ['2026-10-03'] }).result).toMatchObject({
      startDate: '2026-10-03',
    });
    const later = fee({ arrival: '2027-01-04', declared: '2027-01-30', dutiableValueCny: '100000' });
    expect(later.warnings).toEqual([{ code: 'calendarUncertain', rule: 'T20', params: { year: '2027' } }]);
  });
  it('grows with every day and is whole yuan', () => {
    fc.assert(
      fc.property(yuan, fc.integer({ min: 1, max: 20 }), (value, more) => {
        const until = (declared: string) =>
          Number(fee({ arrival: '2026-11-02', declared, dutiableValueCny: value }).result['fee']);
        const early = until('2026-11-20');
        return until(`2026-12-${String(more).padStart(2, '0')}`) >= early && Number.isInteger(early);
      }),
      { numRuns: 60 },
    );
  });
});

describe('T21 payment deadline and surcharge (关税法 art. 43, 公告2022年第61号)', () => {
  const late = (input: object) => run('T21', input);

  it('counts from the day after issue and includes the day of payment (course example of 2020)', () => {
    expect(
      late({
        issued: '2020-03-03',
        paid: '2020-03-31',
        taxes: { duty: '352793.52', consumption: '72860.70', vat: '247726.38' },
      }).result,
    ).toEqual({
      deadline: '2020-03-18',
      days: 13,
      surcharge: { duty: '2293.16', consumption: '473.59', vat: '1610.22' },
    });
  });
  it('knows the convention of examinations, one day earlier (2015), and warns of it', () => {
    const paper = { issued: '2015-01-12', paid: '2015-02-06', taxes: { duty: '32000' } };
    const exam = late({ ...paper, convention: 'cpa-inclusive' });
    expect(exam.result).toEqual({ deadline: '2015-01-26', days: 11, surcharge: { duty: '176.00' } });
    expect(warned(exam)).toContain('conventionForExams');
    expect(late(paper).result).toEqual({ deadline: '2015-01-27', days: 10, surcharge: { duty: '160.00' } });
  });
  it('shifts the last day over rest days and counts rest days of the delay', () => {
    const weekend = { issued: '2026-11-06', taxes: { duty: '100000' } };
    expect(late({ ...weekend, paid: '2026-11-23' }).result).toMatchObject({ deadline: '2026-11-23', days: 0 });
    expect(late({ ...weekend, paid: '2026-11-30' }).result).toMatchObject({ days: 7, surcharge: { duty: '350.00' } });
  });
  it('counts from the deadline of the notice where that is given', () => {
    const taxes = { duty: '32000' };
    const given = { deadline: '2015-01-27', paid: '2015-02-06', taxes };
    expect(run('T21', given).result).toEqual({ deadline: '2015-01-27', days: 10, surcharge: { duty: '160.00' } });
    expect(run('T21', { dueDate: '2015-01-27', paymentDate: '2015-01-20', taxes }).result).toMatchObject({ days: 0 });
    const differs = run('T21', { ...given, issued: '2015-01-12', deadline: '2015-01-26' });
    expect(differs.result).toMatchObject({ deadline: '2015-01-26', days: 11 });
    expect(warned(differs)).toContain('deadlineDiffers');
  });
  it('charges each tax for itself, nothing below 50 yuan', () => {
    const { result } = late({
      issued: '2026-11-02',
      paid: '2026-11-18',
      taxes: { duty: '99999.99', vat: '100000' },
    });
    expect(result).toMatchObject({ days: 1, surcharge: { duty: '0.00', vat: '50.00' } });
  });
  it('sets the fifth working day of the next month for summary payment with a guarantee', () => {
    // October 2026: 1 to 7 are holidays, 10 is worked: 8, 9, 10, 12, 13.
    expect(late({ issued: '2026-09-18', monthlySummary: true }).result).toEqual({ deadline: '2026-10-13' });
    expect(() => late({ issued: '2010-09-18', monthlySummary: true })).toThrow(/RULE_INPUT/);
  });
  it('follows a deferral of at most six months', () => {
    const notice = { issued: '2026-03-02', paid: '2026-09-18', taxes: { duty: '100000' } };
    expect(late({ ...notice, deferredTo: '2026-09-17' }).result).toMatchObject({ days: 1 });
    expect(() => late({ ...notice, deferredTo: '2026-09-18' })).toThrow(/RULE_INPUT/);
  });
  it('charges interest on deferred tax only where the firm says so', () => {
    const bonded = { date: day, taxes: { duty: '100000' }, days: 90, rate: '0.0036' };
    expect(run('T21interest', bonded).result).toEqual({ interest: { duty: '0.00' } });
    const charged = run('T21interest', bonded, { 'T21.deferredInterest': 'charged' });
    expect(charged.result).toEqual({ interest: { duty: '90.00' } });
    expect(warned(charged)).toEqual(['unclear']);
  });
});

describe('T22 postal tax (税委会〔2019〕17号)', () => {
  const postal = (input: object) => run('T22', { date: day, ...input });

  it('frees 50 yuan of tax, itself included', () => {
    expect(postal({ value: '2000', rate: '0.20' }).result).toEqual({ assessed: '400.00', payable: '400.00' });
    expect(postal({ value: '250', rate: '0.20' }).result).toEqual({ assessed: '50.00', payable: '0.00' });
    expect(postal({ value: '250.01', rate: '0.20' }).result).toMatchObject({ payable: '50.00' });
  });
  it('looks at the limits of parcels: 800 and 1,000 yuan', () => {
    const parcel = (input: object) => postal({ rate: '0.13', channel: 'parcel', ...input }).result['withinLimit'];
    expect(parcel({ value: '1000' })).toBe(true);
    expect(parcel({ value: '1000.01' })).toBe(false);
    expect(parcel({ value: '800.01', origin: 'HMT' })).toBe(false);
    expect(parcel({ value: '3000', singleIndivisible: true })).toBe(true);
  });
  it("frees a traveller's 5,000 yuan, but not of one article above them", () => {
    const bag = { channel: 'traveller', rate: '0.20' };
    expect(postal({ ...bag, value: '5000' }).result).toMatchObject({ assessed: '0.00' });
    expect(postal({ ...bag, value: '6000' }).result).toMatchObject({ assessed: '200.00' });
    expect(postal({ ...bag, value: '6000', singleIndivisible: true }).result).toMatchObject({ assessed: '1200.00' });
  });
  it('warns of a rate of another time', () => {
    expect(warned(postal({ value: '2000', rate: '0.15' }))).toEqual(['rateUnusual']);
    expect(warned(postal({ value: '2000', rate: '0.15', date: '2017-01-01' }))).toEqual([]);
  });
});

describe('every calculator of import taxes', () => {
  const samples: Readonly<Record<string, object>> = {
    T14: { price: '1', vatRate: '0.13' },
    T14rate: { vatRate: '0.13' },
    T15: { released: '2026-06-01' },
    T16: { term: 'CIF', amount: '1', adRate: '0.1' },
    T17: { kind: 'specific', qty: '1', unit: '1' },
    T18: { dutiableValue: '1', vatRate: '0.13' },
    T19: { term: 'FOB', amount: '1', rate: '0.1' },
    T20: { arrival: '2026-06-01', declared: '2026-06-02', dutiableValueCny: '1' },
    T21: { issued: '2026-06-01', paid: '2026-06-02', taxes: { duty: '1' } },
    T21interest: { taxes: { duty: '1' }, days: 1, rate: '0.01' },
    T22: { value: '1', rate: '0.13' },
  };
  const dated = new Set(['T15', 'T20', 'T21']);

  it.each(importCalculators.map((one) => one.id))('%s refuses what it does not know and what is not there', (id) => {
    const sample = samples[id] ?? {};
    expect(() => run(id, sample)).not.toThrow();
    for (const bad of [{ ...sample, frieght: '1' }, {}, null, 'x', { ...sample, date: '2026-02-30' }]) {
      try {
        run(id, bad);
        expect.unreachable(`${id} took ${JSON.stringify(bad)}`);
      } catch (error) {
        expect(error).toBeInstanceOf(PortbookError);
        expect((error as PortbookError).code).toBe('RULE_INPUT');
      }
    }
  });
  it.each(importCalculators.map((one) => one.id))('%s uses the packs of its date and says when it has none', (id) => {
    const sample = samples[id] ?? {};
    const calculation = run(id, sample);
    expect(calculation.packs).toHaveLength(1);
    expect(calculation.packs[0]?.inForceTo).toBeNull();
    expect(warned(calculation).includes('noDate')).toBe(!dated.has(id));
    if (!dated.has(id)) {
      expect(() => run(id, { ...sample, date: '1990-01-01' })).toThrow(/RULE_PACK_MISSING/);
      expect(warned(run(id, { ...sample, date: day }))).not.toContain('noDate');
    }
  });
  it('refuses figures that contradict each other', () => {
    const refused: [string, object][] = [
      ['T14', { price: '-1', vatRate: '0.13' }],
      ['T14', { price: '5', items: ['2', '2'], vatRate: '0.13' }],
      ['T14', { price: '5', vatRate: '13' }],
      ['T14', { price: 5.5, vatRate: '0.13' }],
      ['T15', { released: '2026-06-01', arrived: '2026-05-01' }],
      ['T16', { term: 'EXW', amount: '1', adRate: '0.1' }],
      ['T16', { term: 'CIF', amount: '1' }],
      ['T16', { term: 'CIF', amount: '1', qty: '1' }],
      ['T16', { term: 'CIF', amount: '1', adRate: '0.1', specRate: '3' }],
      ['T16', { term: 'CIF', amount: '1', adRate: '0.1', rate: '0.1' }],
      ['T16', { term: 'CIF', amount: '1', adRate: '0.1', mfnRate: '0.1' }],
      ['T16', { term: 'CIF', amount: '1', fx: '0', adRate: '0.1' }],
      ['T17', { kind: 'adValorem', dutiableValue: '1', rate: '1' }],
      ['T17', { kind: 'cigarette', dutiableValue: '1', cartons: '1', boxes: '1' }],
      ['T17', { kind: 'cigarette', dutiableValue: '1', cartons: '0' }],
      ['T17', { kind: 'beer', litres: '1', tons: '1', pricePerTonUsd: '1' }],
      ['T17', { kind: 'beer', dutiableValue: '180742.23', duty: '83160', qty: '24.05' }],
      ['T17', { kind: 'specific', qty: '1', rate: '0.1' }],
      ['T17', { kind: 'wine', dutiableValue: '1', rate: '0.1' }],
      ['T18', { dutiableValue: '1', duty: '1', dutyRate: '0.1', vatRate: '0.13' }],
      ['T18', { dutiableValue: '1', consumptionTax: '1', consRate: '0.1', vatRate: '0.13' }],
      ['T19', { term: 'CFR', amount: '1', freight: '2', rate: '0.1' }],
      ['T19', { term: 'FOB', amount: '1' }],
      ['T19', { term: 'CIF', amount: '1', rate: '0.1', markup: '0.1' }],
      ['T19', { term: 'CIF', amount: '1', rate: '0.1', markup: '1.1', insRate: '0.003' }],
      ['T20', { arrival: '2026-06-02', declared: '2026-06-01', dutiableValueCny: '1' }],
      ['T21', { issued: '2026-06-02', paid: '2026-06-01', taxes: { duty: '1' } }],
      ['T21', { issued: '2026-06-02', paid: '2026-06-03', taxes: {} }],
      ['T21', { issued: '2026-06-02', paid: '2026-06-03' }],
      ['T21', { paid: '2026-06-03', taxes: { duty: '1' } }],
      ['T21', { issued: '2026-06-02', deadline: '2026-06-01' }],
    ];
    for (const [id, input] of refused) expect(() => run(id, input), JSON.stringify(input)).toThrow(/RULE_INPUT/);
  });
  it('ends every figure in a step that shows it', () => {
    const { steps, result } = run('T18', {
      date: day,
      dutiableValue: '100.1',
      dutyRate: '0.07',
      consRate: '0.05',
      vatRate: '0.13',
    });
    for (const [name, value] of Object.entries(result))
      expect(steps.find((step) => step.id === name)?.result, name).toBe(value);
    expect(fen(new Num('0.005'))).toBe('0.01');
  });
});
