import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runner, warned } from '../import/sources.testing.ts';
import { localCalculators } from './index.ts';

const run = runner(localCalculators, (path): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../resources/${path}`, import.meta.url), 'utf8')),
);

describe('T23 surcharges (城市维护建设税法)', () => {
  it('counts exempted and credited VAT into the base and halves by the relief', () => {
    const half = { date: '2026-06-30', vatPaid: '0', exemptCredit: '100000', location: 'city', small: true };
    const asked = run('T23', half);
    expect(asked.result).toEqual({
      base: '100000.00',
      urban: '3500.00',
      edu: '1500.00',
      localEdu: '1000.00',
      total: '6000.00',
    });
    expect(
      run('T23', {
        ...half,
        location: undefined,
        small: undefined,
        urban: '0.07',
        edu: '0.03',
        localEdu: '0.02',
        halving: '0.5',
      }).result,
    ).toEqual(asked.result);
    expect(warned(asked)).toEqual(['halvingEnds']);
  });
  it('answers only the surcharges asked for (CPA example: 7 % of 45 ten-thousand)', () => {
    expect(run('T23', { vatPaid: '300000', consPaid: '150000', urban: '0.07' }).result).toEqual({
      base: '450000.00',
      urban: '31500.00',
      total: '31500.00',
    });
  });
  it('knows town and country, and the last day of the relief', () => {
    const at = (location: string, date: string, small = false) =>
      run('T23', { date, vatPaid: '10000', location, small }).result;
    expect(at('town', '2026-01-01')).toMatchObject({ urban: '500.00', total: '1000.00' });
    expect(at('other', '2026-01-01')).toMatchObject({ urban: '100.00', total: '600.00' });
    expect(at('city', '2027-12-31', true)).toMatchObject({ total: '600.00' });
    expect(at('city', '2028-01-01')).toMatchObject({ total: '1200.00' });
    expect(() => at('city', '2028-01-01', true)).toThrow(/RULE_PACK_MISSING/);
  });
  it('totals its parts', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (vat, cons) => {
        const money = (cents: number) => (cents / 100).toFixed(2);
        const { result } = run('T23', { vatPaid: money(vat), consPaid: money(cons), location: 'city', small: true });
        const cents = (name: string) => Math.round(Number(result[name]) * 100);
        return cents('total') === cents('urban') + cents('edu') + cents('localEdu');
      }),
      { numRuns: 60 },
    );
  });
});

describe('T24 stamp tax (印花税法)', () => {
  it('takes 0.3 per mille of the price without VAT, half for small firms', () => {
    expect(run('T24', { amountExVat: '1000000' }).result).toEqual({ stampTax: '300.00' });
    expect(run('T24', { amountExVat: '1000000', halving: '0.5' }).result).toEqual({ stampTax: '150.00' });
    expect(run('T24', { amountExVat: '1000000', small: true, date: '2026-01-01' }).result).toEqual({
      stampTax: '150.00',
    });
    expect(run('T24', { amountExVat: '1000000', unstatedVat: '130000' }).result).toEqual({ stampTax: '339.00' });
  });
  it("frees individuals' electronic orders and refuses days before the law", () => {
    expect(run('T24', { amountExVat: '1000000', individualOrder: true }).result).toEqual({ stampTax: '0.00' });
    expect(() => run('T24', { amountExVat: '1', date: '2022-06-30' })).toThrow(/RULE_PACK_MISSING/);
    expect(() => run('T24', { amountExVat: '1', date: '2028-01-01', small: true })).toThrow(/RULE_PACK_MISSING/);
  });
});

describe('T26 value added in Hainan (公告2025年第158号 art. 4)', () => {
  const ratio = (input: object, settings?: Record<string, string>) => run('T26', input, settings);

  it('compares the unrounded ratio with 30 %', () => {
    const made = { importedMaterial: '800000', domesticMaterial: '200000' };
    expect(ratio({ ...made, salePrice: '1300000' }).result).toEqual({ valueAddedRatio: '0.3000', dutyExempt: true });
    expect(ratio({ ...made, salePrice: '1299990' }).result).toEqual({ valueAddedRatio: '0.3000', dutyExempt: false });
    expect(ratio({ ...made, salePrice: '900000' }).result).toMatchObject({ valueAddedRatio: '-0.1000' });
  });
  it('adds up lists of materials and reminds of the taxes that remain', () => {
    const sum = ratio({ salePrice: '480000', importedMaterial: ['300000', '56000'], domesticMaterial: '10000' });
    expect(sum.result).toEqual({ valueAddedRatio: '0.3115', dutyExempt: true });
    expect(warned(sum)).toEqual(['noDate', 'importTaxesRemain']);
  });
  it('counts certified Hainan materials as the firm chooses', () => {
    const made = { salePrice: '130', importedMaterial: '100', domesticMaterial: '0', hainanMaterial: '20' };
    expect(ratio(made).result).toEqual({ valueAddedRatio: '0.0833', dutyExempt: false });
    expect(ratio(made, { 'T26.hainanMaterial': 'valueAdded' }).result).toEqual({
      valueAddedRatio: '0.3000',
      dutyExempt: true,
    });
  });
  it('needs a registered firm, materials and a day after the closure', () => {
    const made = { salePrice: '200', importedMaterial: '100', domesticMaterial: '0' };
    expect(ratio({ ...made, registered: false }).result).toMatchObject({
      dutyExempt: false,
      reasons: ['NOT_REGISTERED'],
    });
    expect(() => ratio({ ...made, importedMaterial: '0' })).toThrow(/RULE_INPUT/);
    expect(() => ratio({ ...made, date: '2025-12-17' })).toThrow(/RULE_PACK_MISSING/);
  });
});

describe('other names of the inputs', () => {
  it('are taken where they mean one thing', () => {
    expect(run('T23', { vat: '300000', consumptionTax: '150000', urbanRate: '0.07' }).result).toEqual(
      run('T23', { vatPaid: '300000', consPaid: '150000', urban: '0.07' }).result,
    );
    expect(run('T24', { amountExTax: '1000000', stampRate: '0.0003' }).result).toEqual({ stampTax: '300.00' });
    expect(() => run('T23', { vat: '1', vatPaid: '1', urban: '0.07' })).toThrow(/RULE_INPUT/);
  });
});

describe('every calculator of local taxes', () => {
  it.each([
    ['T23', { vatPaid: '1', location: 'city' }],
    ['T24', { amountExVat: '1' }],
    ['T26', { salePrice: '2', importedMaterial: '1', domesticMaterial: '0' }],
  ] as const)('%s refuses unknown names and warns without a date', (id, sample) => {
    expect(warned(run(id, sample))).toContain('noDate');
    expect(() => run(id, { ...sample, vatPayed: '1' })).toThrow(/RULE_INPUT/);
    expect(() => run(id, {})).toThrow(/RULE_INPUT/);
  });
});
