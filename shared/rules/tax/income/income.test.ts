/** T01, T02, T03, T27: published worked examples, the cliff, what is refused, and properties. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCalendar, type HolidayFile } from '../../../calendar/index.ts';
import type { Calculator, RuleSources } from '../../calculator.ts';
import { Num } from '../../figures.ts';
import { quarterlyAverage } from './income-prepayment.ts';
import { incomeCalculators } from './index.ts';
import { bracketTax, smallProfitPackSchema } from './small-profit-brackets.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../resources/${path}`, import.meta.url), 'utf8'));
const calendar = buildCalendar(read('calendar/cn-holidays.json') as HolidayFile);
const sources = (settings: Readonly<Record<string, string>> = {}): RuleSources => ({
  pack: (id) => read(`rules/${id}.json`),
  calendar,
  setting: (id) => settings[id],
});
const find = (id: string): Calculator => {
  const found = incomeCalculators.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const run = (id: string, input: unknown, settings?: Readonly<Record<string, string>>) =>
  find(id).run(input, sources(settings));
const refusal = (code: string, params: object = {}) =>
  expect.objectContaining({ code, params: expect.objectContaining(params) });

describe('T02 小型微利企业', () => {
  it.each([
    [2020, '1200000', '70000.00', 'https://m.examw.com/shiti/95098910'],
    [2019, '400000', '20000.00', 'http://tiku818.com/tiku/1910289.html'],
    [2019, '1500000', '100000.00', 'http://tiku818.com/tiku/526221.html'],
    [2021, '1200000', '45000.00', 'https://tihaiku.com/caiwukuaiji/424616.html'],
    [2022, '2500000', '100000.00', 'https://m.5scpa.com/knowledge/share/0/19589'],
  ])('%i: income of %s bears %s (published: %s)', (year, taxableIncome, taxPayable) => {
    const { result, packs } = run('T02', { year, taxableIncome });
    expect(result['taxPayable']).toBe(taxPayable);
    expect(packs).toHaveLength(1);
    expect(Number(packs[0]?.inForceFrom.slice(0, 4))).toBeLessThanOrEqual(year);
  });

  it('shows the cliff: one yuan more costs 600,000', () => {
    expect(run('T02', { year: 2026, taxableIncome: '3000000' }).result).toEqual({
      taxPayable: '150000.00',
      reduction: '600000.00',
    });
    const over = run('T02', { year: 2026, taxableIncome: '3000001' });
    expect(over.result).toEqual({ taxPayable: '750000.25', reduction: '0.00' });
    expect(over.warnings).toContainEqual({
      code: 'overCliff',
      rule: 'T02',
      params: { ceiling: '3000000', taxAtCeiling: '150000.00', tax: '750000.25' },
    });
  });

  it('warns from nine tenths of the ceiling on', () => {
    const codes = (taxableIncome: string) =>
      run('T02', { year: 2026, taxableIncome, employees: '1', totalAssets: '1' }).warnings.map((one) => one.code);
    expect(codes('2699999.99')).toEqual([]);
    expect(codes('2700000')).toEqual(['nearCliff']);
  });

  it.each([{ employees: '300.01' }, { totalAssets: '50000000.01' }, { restrictedIndustry: true }])(
    'gives no relief beyond a limit: %o',
    (facts) => {
      expect(run('T02', { year: 2026, taxableIncome: '100', ...facts }).result['taxPayable']).toBe('25.00');
    },
  );
  it.each([{ employees: '300' }, { totalAssets: '50000000' }])('gives relief at the limit itself: %o', (facts) => {
    expect(run('T02', { year: 2026, taxableIncome: '100', ...facts }).result['taxPayable']).toBe('5.00');
  });

  it('refuses years without a pack, negative figures, unknown names', () => {
    for (const year of [2018, 2028])
      expect(() => run('T02', { year, taxableIncome: '1' })).toThrowError(
        refusal('RULE_PACK_MISSING', { pack: 'tax-small-profit', date: `${year}-12-31` }),
      );
    expect(() => run('T02', { year: 2026, taxableIncome: '-1' })).toThrowError(
      refusal('RULE_INPUT', { calculator: 'T02', field: 'taxableIncome' }),
    );
    expect(() => run('T02', { year: 2026, taxableIncome: '1', employee: '1' })).toThrowError(
      refusal('RULE_INPUT', { field: 'employee' }),
    );
  });

  it('never takes less from more, in any year, and the brackets leave no gap', () => {
    const pack = smallProfitPackSchema.parse(read('rules/tax-small-profit.json'));
    const fenOf = fc.integer({ min: 0, max: 300_000_000 });
    for (const { parameters } of pack.versions)
      fc.assert(
        fc.property(fenOf, fenOf, (a, b) => {
          const [low, high] = [new Num(Math.min(a, b)).div(100), new Num(Math.max(a, b)).div(100)];
          const [less, more] = [bracketTax(low, parameters), bracketTax(high, parameters)];
          expect(less.lte(more)).toBe(true);
          expect(more.lte(high.times(parameters.ordinaryRate))).toBe(true);
          // No step of tax is larger than the step of income.
          expect(more.minus(less).lte(high.minus(low))).toBe(true);
        }),
      );
  });
});

describe('T01 核定征收', () => {
  const year2026 = { year: 2026, employees: '20', totalAssets: '8000000' };

  it('2020, 25 million of revenue: 50,000 (published: cytax.cn/a/xingyezixun/13783.html)', () => {
    const { result, steps, packs } = run('T01', {
      year: 2020,
      grossRevenue: '25000000',
      employees: '50',
      totalAssets: '10000000',
    });
    expect(result).toEqual({
      assessableRevenue: '25000000.00',
      taxableIncome: '1000000.00',
      smallLowProfit: true,
      taxPayable: '50000.00',
      reduction: '200000.00',
    });
    expect(packs.map((one) => [one.pack, one.inForceFrom])).toEqual([
      ['tax-income-deemed', '2020-01-01'],
      ['tax-small-profit', '2019-01-01'],
    ]);
    expect(steps.find((one) => one.id === 'taxableIncome')).toEqual({
      id: 'taxableIncome',
      rule: 'T01',
      formula: 'assessableRevenue × deemedRate',
      inputs: { assessableRevenue: '25000000', deemedRate: '0.04' },
      result: '1000000.00',
      rounding: 'fen',
    });
    expect(steps.at(-1)).toMatchObject({ id: 'effectiveRate', result: '0.0020' });
  });

  it('takes a transfer of property in full and leaves exempt and non-taxable revenue out', () => {
    const { result } = run('T01', {
      ...year2026,
      grossRevenue: '30000000',
      exemptRevenue: '1000000',
      nonTaxableRevenue: '500000',
      propertyTransferIncome: '2000000',
    });
    expect(result).toMatchObject({ assessableRevenue: '30500000.00', taxableIncome: '1220000.00' });
  });

  it('rounds once: the tax stands on the unrounded income', () => {
    // 0.13 × 4 % = 0.0052; × 25 % = 0.0013.
    expect(run('T01', { ...year2026, employees: '301', grossRevenue: '4.5' }).result).toMatchObject({
      taxableIncome: '0.18',
      taxPayable: '0.05',
    });
    expect(run('T01', { ...year2026, employees: '301', grossRevenue: '0.13' }).result['taxPayable']).toBe('0.00');
  });

  it('warns of conditions that fail and of mixed invoices, and combines the Hainan rate only when told', () => {
    const input = { ...year2026, employees: '400', grossRevenue: '1000000', zoneDeclared: false, mixedInvoices: true };
    const codes = run('T01', input).warnings.map((one) => one.code);
    expect(codes).toEqual(['deemedConditionFails', 'unclear', 'mixedInvoices']);
    const hainan = { ...input, hainanEncouraged: true };
    expect(run('T01', hainan).result['taxPayable']).toBe('10000.00');
    expect(run('T01', hainan, { 'T01.hainanRate': 'combined' }).result).toMatchObject({
      taxPayable: '6000.00',
      reduction: '4000.00',
    });
  });

  it('does not exist before 2020', () => {
    expect(() => run('T01', { year: 2019, grossRevenue: '1' })).toThrowError(
      refusal('RULE_PACK_MISSING', { pack: 'tax-income-deemed' }),
    );
  });

  it('is compared with the actual method', () => {
    const revenue = { ...year2026, grossRevenue: '20000000' };
    const thin = run('T01compare', { ...revenue, costs: '19500000' }).result;
    expect(thin).toMatchObject({
      deemedTax: '40000.00',
      actualTax: '25000.00',
      difference: '15000.00',
      better: 'ACTUAL',
    });
    // Goods without invoice cannot be deducted: the actual method taxes them as profit.
    const noInvoice = run('T01compare', { ...revenue, costs: '2000000', costsWithoutVoucher: '17500000' }).result;
    expect(noInvoice).toMatchObject({ bookProfit: '500000.00', actualTax: '4500000.00', better: 'DEEMED' });
    const even = run('T01compare', { ...revenue, costs: '19200000' }).result;
    expect(even).toMatchObject({ difference: '0.00', better: 'EQUAL' });
    const loss = run('T01compare', { ...revenue, costs: '21000000' });
    expect(loss.result).toMatchObject({ actualTax: '0.00', bookProfit: '-1000000.00' });
    expect(loss.warnings.map((one) => one.code)).toContain('lossOnlyUnderActual');
  });
});

describe('T03 预缴', () => {
  it('2021 Q1: 500,000 bears 12,500 (published: 52bg.cc/asktax/?id=14302)', () => {
    expect(run('T03', { year: 2021, cumulativeTaxableIncome: '500000', alreadyPrepaid: '0' }).result).toEqual({
      cumulativeTax: '12500.00',
      cumulativeReduction: '112500.00',
      dueThisPeriod: '12500.00',
    });
  });

  it('averages 120 and 200 to 160 (published: explanation of 总局公告2023年第6号)', () => {
    expect(run('T03avg', { quarters: [['120', '200']] }).result).toEqual({ average: '160' });
  });

  it('works from revenue, averages and a quarter', () => {
    const { result, steps } = run('T03', {
      year: 2026,
      quarter: 2,
      grossRevenue: '12000000',
      alreadyPrepaid: '8000',
      employeeQuarters: [
        ['20', '24'],
        ['24', '30'],
      ],
      assetQuarters: [
        ['20000000', '40000000'],
        ['40000000', '52000000'],
      ],
    });
    expect(result).toEqual({
      cumulativeTax: '24000.00',
      cumulativeReduction: '96000.00',
      dueThisPeriod: '16000.00',
      dueBy: '2026-07-15',
      settleBy: '2027-05-31',
    });
    expect(steps.find((one) => one.id === 'averageAssets')?.result).toBe('38000000');
  });

  it('never asks back within the year', () => {
    const { result, warnings } = run('T03', { year: 2026, cumulativeTaxableIncome: '100000', alreadyPrepaid: '9000' });
    expect(result['dueThisPeriod']).toBe('0.00');
    expect(warnings).toContainEqual({ code: 'overPrepaid', rule: 'T03', params: { amount: '4000.00' } });
  });

  it('puts a deadline off by rest days as the deadlines of the book are', () => {
    const quarterOf = (year: number, quarter: number) => run('T03', { year, quarter, cumulativeTaxableIncome: '0' });
    // Seven days of the National Day holiday within the term; 2028-01-15 is a Saturday of an unpublished year.
    expect(quarterOf(2026, 3).result['dueBy']).toBe('2026-10-26');
    expect(quarterOf(2027, 4).result['dueBy']).toBe('2028-01-17');
    expect(quarterOf(2027, 4).warnings).toContainEqual({
      code: 'calendarUncertain',
      rule: 'T03',
      params: { year: '2028' },
    });
    expect(quarterOf(2025, 3).warnings.map(({ code }) => code)).not.toContain('calendarUncertain');
  });

  it('asks nothing for a loss so far', () => {
    const { result, warnings } = run('T03', { year: 2026, cumulativeTaxableIncome: '-300000', alreadyPrepaid: '0' });
    expect(result).toEqual({ cumulativeTax: '0.00', cumulativeReduction: '0.00', dueThisPeriod: '0.00' });
    expect(warnings).toContainEqual({ code: 'cumulativeLoss', rule: 'T03', params: { amount: '300000.00' } });
    expect(run('T03', { year: 2026, cumulativeTaxableIncome: '-1', alreadyPrepaid: '5' }).result['dueThisPeriod']).toBe(
      '0.00',
    );
  });

  it('takes other names of its inputs', () => {
    expect(run('T03', { tax_year: 2026, cumTaxableIncome: '480000', prepaid: '8000' }).result).toEqual(
      run('T03', { year: 2026, cumulativeTaxableIncome: '480000', alreadyPrepaid: '8000' }).result,
    );
    expect(run('T02', { year: 2026, 应纳税所得额: '1900000' }).result['taxPayable']).toBe('95000.00');
  });

  it('wants either income or revenue', () => {
    expect(() => run('T03', { year: 2026 })).toThrowError(refusal('RULE_INPUT'));
    expect(() => run('T03', { year: 2026, cumulativeTaxableIncome: '1', grossRevenue: '1' })).toThrowError(
      refusal('RULE_INPUT'),
    );
  });

  it('averages lie between the least and the greatest', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 4 }), (pairs) => {
        const average = quarterlyAverage(pairs.map(([a, b]) => [new Num(a), new Num(b)] as const)).toNumber();
        expect(average).toBeGreaterThanOrEqual(Math.min(...pairs.flat()));
        expect(average).toBeLessThanOrEqual(Math.max(...pairs.flat()));
      }),
    );
  });
});

describe('T27 出口收入分列', () => {
  const row = (declarationNo: string, method: string, amountCny: string, more: object = {}) => ({
    declarationNo,
    exportDate: '2025-11-05',
    method,
    amountCny,
    ...more,
  });
  const principal = { principalName: '深圳市某某制造有限公司', principalCreditCode: '91350100M000100Y43' };

  it('splits the form and sums the table by principal; who is not named is taxed on the agent', () => {
    const { result, warnings } = run('T27', {
      periodFrom: '2025-10-01',
      periodTo: '2025-12-31',
      rows: [
        row('1', 'self', '100'),
        row('2', 'entrusted', '50.5'),
        row('3', 'agent', '1000', { agencyFeeCny: '10', ...principal }),
        row('3', 'agent', '500', { agencyFeeCny: '5', ...principal }),
        row('4', 'agent', '700', { agencyFeeCny: '7' }),
        row('5', 'agent', '80', { ...principal, principalCreditCode: '91350100M000100Y44' }),
        { ...row('6', 'self', '999'), exportDate: '2026-01-01' },
      ],
    });
    expect(result).toEqual({
      selfExportRevenue: '100.00',
      entrustedExportRevenue: '50.50',
      agencyFeeRevenue: '22.00',
      treatedAsSelfExport: '780.00',
      agentExports: [{ ...principal, declarations: 1, amountCny: '1500.00', agencyFeeCny: '15.00' }],
      unnamedDeclarations: ['4', '5'],
    });
    expect(warnings.map((one) => one.code)).toEqual(['principalUnnamed', 'rowsOutsidePeriod']);
  });

  it('does not exist before the fourth quarter of 2025', () => {
    expect(() => run('T27', { periodFrom: '2025-07-01', periodTo: '2025-09-30', rows: [] })).toThrowError(
      refusal('RULE_PACK_MISSING'),
    );
  });
});
