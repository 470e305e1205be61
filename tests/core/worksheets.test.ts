import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { type TaxFactName, worksheetNames } from '../../shared/contract/tax.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

type View = OutputOf<'worksheets.get'>;
let folder = '';
let core: Core;
let seed: ReturnType<typeof taxBook>;
const profile = {
  taxpayer: 'general',
  kind: 'trading',
  zoneRegistered: true,
  zoneLogged: true,
  zoneDeclared: true,
  restrictedIndustry: false,
  place: 'city',
  halving: true,
  deemedApproval: { number: '核定2026-001', from: '2026-01-01' },
  domesticVatRate: '0.13',
} as const;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-worksheets-'));
  core = coreAt(folder, { now: () => '2026-11-21T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'tax.saveProfile', profile);
  seed = taxBook(core);
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const facts = (period: string, values: Partial<Record<TaxFactName, string>>, subject = '') =>
  must(core, 'tax.setFacts', {
    facts: Object.entries(values).map(([name, value]) => ({ name: name as TaxFactName, period, subject, value })),
  });
const averages = {
  'employees-opening': '10',
  'employees-closing': '30',
  'assets-opening': '8000000',
  'assets-closing': '8000000',
} as const;
const voucher = (date: string, debit: string, credit: string, amount: string, store?: string) =>
  must(core, 'vouchers.post', {
    date,
    text: '测试',
    lines: [
      { account: debit, debit: amount },
      { account: credit, credit: amount, ...(store === undefined ? {} : { store }) },
    ],
  });
const sheet = (name: View['name'], period: string) => must(core, 'worksheets.get', { name, period });
const resultOf = (view: View, id: string) => view.results.find((one) => one.id === id)?.value;
const section = (view: View, id: string) => {
  const found = view.sections.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no section ${id}`);
  return found;
};
const codes = (view: View, level: View['findings'][number]['level']) =>
  view.findings.filter((one) => one.level === level).map(({ code, field }) => `${code} ${field}`);

/** Texts that are still keys: a word nobody wrote. */
function unwritten(value: unknown): string[] {
  if (typeof value === 'string')
    return /^(title|form|section|label|word|finding|remedy|fact|profile|obstacle|sheet|level|subject|warning|reason|calculator)\.[\w-]+$/.test(
      value,
    )
      ? [value]
      : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(unwritten);
}

describe('income tax of the deemed method', () => {
  beforeEach(async () => {
    await voucher('2026-02-10', '1002', '5001', '4000000.00');
    await voucher('2026-05-10', '1002', '5001', '8000000.00');
    await voucher('2026-05-20', '560101', '1002', '1000000.00');
  });

  it('is cumulative and gross of platform fees: 12,000,000 × 4 % × 5 % less what was prepaid', async () => {
    await facts('2026-Q1', averages);
    await facts('2026-Q2', averages);
    await must(core, 'income.prepay', { period: '2026-Q1', amount: '8000.00', source: '完税证明' });
    const view = await sheet('income-tax', '2026-Q2');
    expect(Object.fromEntries(view.results.map(({ id, value }) => [id, value]))).toEqual({
      grossRevenue: '12000000.00',
      assessableRevenue: '12000000.00',
      taxableIncome: '480000.00',
      cumulativeTax: '24000.00',
      dueThisPeriod: '16000.00',
      dueBy: '2026-07-15',
    });
    expect(section(view, 'revenueGross')).toMatchObject({
      totals: { thisPeriod: '8000000.00', yearToDate: '12000000.00' },
    });
    // Actual method: 12,000,000 − 1,000,000 is beyond the ceiling, 25 % of it.
    expect(section(view, 'comparison').rows[1]?.cells).toMatchObject({
      deemedMethod: '24000.00',
      actualMethod: '2750000.00',
    });
    expect(codes(view, 'missing')).toEqual([]);
    expect(view.draft).toBe(true);
    expect(view.disclaimer.zh).toContain('不构成申报');
    expect(view.sources.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['T01', 'T03']));
    expect(view.sources.every(({ source }) => source !== '')).toBe(true);
    expect(unwritten(view)).toEqual([]);

    await facts('2026-Q3', averages);
    await facts('2026-Q4', averages);
    for (const quarter of ['Q2', 'Q3', 'Q4'])
      await must(core, 'income.prepay', { period: `2026-${quarter}`, amount: '6000.00', source: '完税证明' });
    const year = await sheet('income-tax', '2026');
    expect(resultOf(year, 'taxPayable')).toBe('24000.00');
    expect(resultOf(year, 'settlement')).toBe('-2000.00');
  });

  it('warns from 90 % of the cliff on', async () => {
    await voucher('2026-08-10', '1002', '5001', '58000000.00');
    for (const quarter of ['Q1', 'Q2', 'Q3']) await facts(`2026-${quarter}`, { ...averages, 'income-prepaid': '0' });
    const view = await sheet('income-tax', '2026-Q3');
    expect(resultOf(view, 'dueThisPeriod')).toBe('140000.00');
    expect(view.findings).toContainEqual(expect.objectContaining({ code: 'nearCliff', level: 'warning', rule: 'T01' }));
    expect(view.findings.some(({ code }) => code === 'overCliff')).toBe(false);
  });

  it('computes no tax while facts are missing, and names every one', async () => {
    await facts('2026-Q2', { 'employees-opening': '10', 'assets-opening': '1', 'assets-closing': '2' });
    const view = await sheet('income-tax', '2026-Q2');
    expect(resultOf(view, 'taxableIncome')).toBe('480000.00');
    expect(resultOf(view, 'cumulativeTax')).toBe('');
    expect(resultOf(view, 'dueThisPeriod')).toBe('');
    const missing = view.findings.filter(({ level }) => level === 'missing');
    expect(missing.map(({ field, params }) => `${field} ${params['period']}`)).toEqual([
      'employees-opening 2026-Q1',
      'employees-closing 2026-Q1',
      'employees-closing 2026-Q2',
      'assets-opening 2026-Q1',
      'assets-closing 2026-Q1',
      'income-prepaid 2026-Q1',
    ]);
    expect(missing[0]).toMatchObject({ rule: 'T03', text: { zh: '缺少“季初从业人数”（2026-Q1）。' } });
    expect(unwritten(view)).toEqual([]);
  });

  it('is refused for a year without law', async () => {
    const refusal = await core.call('worksheets.get', { name: 'income-tax', period: '2028-Q1' });
    expect(refusal).toMatchObject({ ok: false, error: { code: 'RULE_PACK_MISSING', params: { date: '2028-12-31' } } });
    expect(await core.call('worksheets.get', { name: 'stamp', period: '2026-03' })).toMatchObject({
      ok: false,
      error: { code: 'WORKSHEET_PERIOD' },
    });
  });

  it('is proved entry by entry', async () => {
    await must(core, 'rates.set', { currency: 'USD', date: '2026-05-01', cnyPerUnit: '7.05', source: '测试' });
    await must(core, 'vouchers.post', {
      date: '2026-05-11',
      text: '出口',
      lines: [
        { account: '1002', currency: 'USD', debit: '100.10' },
        { account: '5001', currency: 'USD', credit: '100.10' },
      ],
    });
    const view = await sheet('income-total', '2026-Q2');
    // 100.10 × 7.05 = 705.705
    expect(section(view, 'revenueEntries')).toMatchObject({ rowCount: 2, totals: { amountCny: '8000705.71' } });
    expect(section(view, 'revenueEntries').rows[1]).toMatchObject({
      cells: { currency: 'USD', amount: '100.10', rate: '7.05' },
    });
    expect(unwritten(view)).toEqual([]);
  });
});

describe('export VAT', () => {
  it('registers exemption without voucher with each condition', async () => {
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
    seed.line({ mode: '9610', fobFen: 1_234_567 });
    seed.line({ mode: '9610', fobFen: 100, exportDate: '2026-02-01' });
    seed.line({ mode: '9710', fobFen: 500_000 });
    seed.line({ mode: '9610', fobFen: 777, hsCode: '1111111111' });
    const view = await sheet('exempt-register', '2026-Q1');
    expect(resultOf(view, 'exemptSales')).toBe('12346.67');
    expect(section(view, 'exemptByMonth').rows.map(({ cells }) => [cells['month'], cells['exemptSales']])).toEqual([
      ['2026-02', '1.00'],
      ['2026-03', '12345.67'],
    ]);
    expect(section(view, 'exemptLines').rows[2]?.cells).toMatchObject({
      retailExport: { zh: '否' },
      status: { zh: '不符合' },
    });
    expect(codes(view, 'missing')).toEqual(['listUnknown isOnNoRefundList']);
    expect(unwritten(view)).toEqual([]);
  });

  it('follows the forms of a trading firm and chases papers', async () => {
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.09', consumption_rate: '0.05' });
    seed.line({
      qty: 100,
      regime: 'refund',
      currency: 'USD',
      fobMinor: 5_000_000,
      fobFen: 35_000_000,
      declarationNo: '514120260001234567',
    });
    seed.line({ qty: 50, regime: 'refund', name: '围巾', declarationNo: 'LIST1' });
    // T06: 300,000 at 13 %, refund rate 9 %: 27,000 back, 12,000 to cost.
    seed.invoice({ number: 'A1', qty: 100, amountFen: 30_000_000, vatFen: 3_900_000, purpose: 'none' });
    await must(core, 'refunds.match', { period: '2026-03' });
    await must(core, 'refunds.claim', { period: '2026-03', batch: '1', date: '2026-03-31' });
    const view = await sheet('refund-trading', '2026-03');
    expect(resultOf(view, 'refund')).toBe('27000.00');
    expect(resultOf(view, 'toCost')).toBe('12000.00');
    expect(section(view, 'exportDetail').rows[0]?.cells).toMatchObject({
      declarationItem: '514120260001234567001',
      fobUsd: '50000.00',
      refund: '27000.00',
    });
    expect(section(view, 'purchaseDetail').rows[0]?.cells).toMatchObject({
      levyRate: '0.13',
      refundRate: '0.09',
      refund: '27000.00',
    });
    expect(section(view, 'openLines').rows[0]?.cells['whatIsMissing']).toMatchObject({ zh: '没有该货物的进项发票' });
    expect(codes(view, 'warning')).toContain('consumptionRefund consumptionRate');
    expect(codes(view, 'paper')).toEqual(
      expect.arrayContaining(['purposeUnconfirmed purpose', 'lineUnmatched invoice', 'receiptMissing receivedOn']),
    );
    expect(unwritten(view)).toEqual([]);
  });

  it('says where a product has another rate than the tariff on the export date', async () => {
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.09' }, '2026-03-01');
    seed.product('S1', { refundRate: '0.130' });
    seed.line({ regime: 'refund', sku: 'S1', exportDate: '2026-02-28', qty: 10 });
    seed.line({ regime: 'refund', sku: 'S1', exportDate: '2026-03-01', qty: 10 });
    seed.invoice({ number: 'A1', sku: 'S1', date: '2026-02-01', qty: 20, amountFen: 200_000, vatFen: 26_000 });
    await must(core, 'refunds.match', { period: '2026-Q1' });
    const view = await sheet('refund-trading', '2026-Q1');
    const found = view.findings.filter(({ code }) => code === 'rateOverridden');
    expect(found.map(({ field, params }) => [field, params])).toEqual([
      ['refundRate', { sku: 'S1', own: '0.130', tariff: '0.09', hs: '6109100021', date: '2026-03-01' }],
    ]);
    expect(unwritten(view)).toEqual([]);
  });

  it('computes exemption, credit and refund of a producer with duty-free material', async () => {
    await must(core, 'tax.saveProfile', { ...profile, kind: 'producer' });
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.10' });
    seed.line({ regime: 'refund', fobFen: 200_000_000 });
    seed.invoice({
      number: 'A1',
      qty: 1,
      amountFen: 200_000_000,
      vatFen: 26_000_000,
      purpose: 'deduction',
      purposeDate: '2026-03-31',
    });
    await facts('2026-03', { 'domestic-output-vat': '130000', 'duty-free-material': '1000000' });
    expect(resultOf(await sheet('refund-producer', '2026-03'), 'refund')).toBe('');
    await facts('2026-03', { 'opening-carry': '60000' });
    const view = await sheet('refund-producer', '2026-03');
    expect(Object.fromEntries(view.results.map(({ id, value }) => [id, value]))).toEqual({
      refund: '100000.00',
      exemptCredit: '0.00',
      carryForward: '60000.00',
      vatPayable: '0.00',
      nonDeductible: '30000.00',
    });
    // Surcharges take what nobody typed from here; a typed figure goes before it and says so.
    await must(core, 'tax.saveProfile', { ...profile, kind: 'producer', place: 'city', halving: false });
    const fed = await sheet('surcharges', '2026-03');
    expect(section(fed, 'surcharges').rows[0]?.cells).toMatchObject({ vatPaid: '0.00', exemptCredit: '0.00' });
    expect(codes(fed, 'note').filter((one) => one.startsWith('figureComputed'))).toHaveLength(2);
    await facts('2026-03', { 'exempt-credit': '1000' });
    const typed = await sheet('surcharges', '2026-03');
    // 1,000.00 × (7 % + 3 % + 2 %).
    expect(resultOf(typed, 'total')).toBe('120.00');
    expect(codes(typed, 'warning')).toContain('factBeforeSheet exempt-credit');
    expect(unwritten(typed)).toEqual([]);
    // Material of one of two rate groups must say which.
    seed.tariff('4202220000', { vat_rate: '0.13', refund_rate: '0.13' });
    seed.line({ regime: 'refund', fobFen: 100_000, hsCode: '4202220000' });
    const two = await sheet('refund-producer', '2026-03');
    expect(resultOf(two, 'refund')).toBe('');
    expect(codes(two, 'missing')).toEqual(['groupUnclear duty-free-material']);
    expect(unwritten(two)).toEqual([]);
  });

  it('taxes as sold at home what fell out, also after 36 months', async () => {
    seed.line({ regime: 'taxed', fobFen: 11_300_000 });
    const view = await sheet('deemed-domestic', '2026-03');
    expect(resultOf(view, 'outputVat')).toBe('13000.00');
    expect(codes(view, 'note')).toContain('outputOnly outputVat');
    seed.line({ regime: 'refund', fobFen: 1_130_000, exportDate: '2026-01-31' });
    expect(section(await sheet('deemed-domestic', '2029-01'), 'deemedLines').rowCount).toBe(0);
    const lapsed = await sheet('deemed-domestic', '2029-02');
    expect(section(lapsed, 'deemedLines').rows[0]?.cells).toMatchObject({
      taxEvent: '2029-02-01',
      fileBy: '2029-03-15',
      outputVat: '1300.00',
    });
    expect(unwritten(lapsed)).toEqual([]);
  });

  it('taxes a lapsed export once: in the period of the day after its limit, however it is routed', async () => {
    const line = seed.line({ regime: 'refund', fobFen: 1_130_000, exportDate: '2026-01-31' });
    const figures = async (period: string) => {
      const view = await sheet('deemed-domestic', period);
      return [
        resultOf(view, 'outputVat'),
        section(view, 'deemedLines').rowCount,
        view.sections.find(({ id }) => id === 'lapsedBefore')?.rowCount ?? 0,
      ];
    };
    expect(await figures('2029-02')).toEqual(['1300.00', 1, 0]);
    expect(await figures('2029-03')).toEqual(['0.00', 0, 1]);
    core.session.book
      .prepare(`UPDATE export_line SET regime = 'taxed', regime_reason = 'NOT_DECLARED_WITHIN_LIMIT' WHERE id = ?`)
      .run(line);
    expect(await figures('2026-01')).toEqual(['0.00', 0, 0]);
    expect(await figures('2029-02')).toEqual(['1300.00', 1, 0]);
    expect(await figures('2029-03')).toEqual(['0.00', 0, 0]);
  });

  it('taxes a small-scale taxpayer at the levy rate, never at the rate of the tariff', async () => {
    await must(core, 'tax.saveProfile', { ...profile, taxpayer: 'small' });
    seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
    seed.line({ regime: 'taxed', fobFen: 10_300_000 });
    const view = await sheet('deemed-domestic', '2026-Q1');
    expect(resultOf(view, 'outputVat')).toBe('3000.00');
    expect(section(view, 'deemedLines').rows[0]?.cells).toMatchObject({ vatRate: '0.03', outputVat: '3000.00' });
    expect(view.findings).toContainEqual(expect.objectContaining({ code: 'unclear', level: 'warning', rule: 'T09' }));
    await must(core, 'rules.set', { id: 'T09.smallRate', option: 'relief', reason: '主管税务机关确认' });
    // 103,000 ÷ 1.01 × 1 %
    const relieved = await sheet('deemed-domestic', '2026-Q1');
    expect(resultOf(relieved, 'outputVat')).toBe('1019.80');
    expect(unwritten(relieved)).toEqual([]);
  });
});

describe('other taxes', () => {
  it('computes export duty of goods that bear one, and misses tariff lines', async () => {
    seed.tariff('2608000001', { export_duty_rate: '0.30' });
    seed.tariff('6109100021', { vat_rate: '0.13' });
    seed.line({ hsCode: '2608000001', fobFen: 100_000_000 });
    seed.line();
    const view = await sheet('export-duty', '2026-03');
    expect(resultOf(view, 'duty')).toBe('230769.23');
    expect(section(view, 'dutyLines').rowCount).toBe(1);
    seed.line({ hsCode: '9999999999' });
    const short = await sheet('export-duty', '2026-03');
    expect(resultOf(short, 'duty')).toBe('');
    expect(codes(short, 'missing')).toEqual(['tariffMissing tariff']);
    expect(unwritten(short)).toEqual([]);
  });

  it('computes import taxes one upon the other, and retail ones', async () => {
    const consignment = {
      channel: 'general',
      date: '2026-03-05',
      amount: '200000',
      dutyRate: '0.20',
      consumptionRate: '0.05',
      vatRate: '0.13',
    };
    await facts('2026-03', { 'import-consignment': JSON.stringify(consignment) }, 'I1');
    await facts(
      '2026-03',
      {
        'import-consignment': JSON.stringify({
          channel: 'retail',
          date: '2026-03-06',
          amount: '800',
          consumptionRate: '0.15',
          vatRate: '0.13',
        }),
      },
      'I2',
    );
    const view = await sheet('import-tax', '2026-03');
    expect(
      section(view, 'imports').rows.map(({ cells }) => [cells['duty'], cells['consumptionTax'], cells['importVat']]),
    ).toEqual([
      ['40000.00', '12631.58', '32842.11'],
      ['0.00', '98.82', '85.65'],
    ]);
    expect(resultOf(view, 'taxesDue')).toBe('85658.16');
    expect(unwritten(view)).toEqual([]);
    expect(
      await core.call('tax.setFacts', {
        facts: [{ name: 'import-consignment', period: '2026-03', subject: 'I3', value: '{}' }],
      }),
    ).toMatchObject({ ok: false, error: { code: 'TAX_FACT', path: 'facts.0.value' } });
  });

  it('computes surcharges on the exempt credit and stamp tax by contract', async () => {
    await facts('2026-03', { 'vat-payable': '0', 'exempt-credit': '100000' });
    expect(resultOf(await sheet('surcharges', '2026-03'), 'total')).toBe('6000.00');
    expect(resultOf(await sheet('surcharges', '2026-Q1'), 'total')).toBe('');
    seed.invoice({ number: 'A1', qty: 1, amountFen: 60_000_000, vatFen: 7_800_000 });
    seed.line({ mode: '0110', fobFen: 40_000_000 });
    seed.line({ mode: '9610', fobFen: 99_000_000 });
    const stamp = await sheet('stamp', '2026-Q1');
    expect(resultOf(stamp, 'stampTax')).toBe('150.00');
    expect(section(stamp, 'contracts').totals).toEqual({ amountCny: '1990000.00', stampBase: '1000000.00' });
    // A red invoice takes back no contract.
    seed.invoice({ number: 'R1', qty: -1, amountFen: -90_000_000, vatFen: -11_700_000 });
    const red = await sheet('stamp', '2026-Q1');
    expect(resultOf(red, 'stampTax')).toBe('150.00');
    expect(red.findings).toContainEqual(
      expect.objectContaining({ code: 'redInvoices', params: { count: 1, amount: '900000.00' } }),
    );
    expect(unwritten(red)).toEqual([]);
    expect(unwritten(stamp)).toEqual([]);
  });

  it('tables agent exports and misses principals', async () => {
    seed.line({ declarationNo: '514120260001111111', fobFen: 1_000_000 });
    await facts(
      '2026-03',
      {
        'agent-export': JSON.stringify({
          exportDate: '2026-03-05',
          method: 'agent',
          amountCny: '5000',
          agencyFeeCny: '100',
          principalName: '委托方',
          principalCreditCode: firm.uscc,
        }),
      },
      '514120260002222222',
    );
    await facts(
      '2026-03',
      { 'agent-export': JSON.stringify({ exportDate: '2026-03-06', method: 'agent', amountCny: '700' }) },
      '514120260003333333',
    );
    const view = await sheet('agent-export', '2026-Q1');
    expect(resultOf(view, 'selfExportRevenue')).toBe('10000.00');
    expect(resultOf(view, 'treatedAsSelfExport')).toBe('700.00');
    expect(section(view, 'agentExports').rows[0]?.cells).toMatchObject({
      principalName: '委托方',
      amountCny: '5000.00',
    });
    expect(codes(view, 'missing')).toEqual(['principalMissing principalName']);
    expect(unwritten(view)).toEqual([]);
  });

  it('reconciles platform, ledger and customs with reasons', async () => {
    await voucher('2026-02-10', '1002', '5001', '9800.00', 'S1');
    seed.line({ orderId: seed.order('O1', 'S1'), fobFen: 950_000 });
    const empty = await sheet('platform-income', '2026-Q1');
    expect(codes(empty, 'missing')).toEqual([
      'platformIncomeMissing platform-income',
      'noPlatformIncome platform-income',
    ]);
    await facts('2026-Q1', { 'platform-income': '10000.00' }, 'Amazon/S1');
    await facts('2026-Q1', { 'platform-difference': '-200.00' }, 'Amazon/S1/declared/RETURN');
    const view = await sheet('platform-income', '2026-Q1');
    expect(section(view, 'platforms').rows[0]?.cells).toMatchObject({
      declaredDifference: '-200.00',
      declaredExplained: '-200.00',
      declaredResidual: '0.00',
      customsResidual: '-500.00',
    });
    expect(unwritten(view)).toEqual([]);
  });

  it('stands together, empty where a part cannot be computed', async () => {
    const view = await sheet('combined', '2026-Q1');
    expect(resultOf(view, 'taxesDue')).toBe('');
    expect(view.findings.some(({ code }) => code === 'partMissing')).toBe(true);
    expect(unwritten(view)).toEqual([]);
    const { rows } = await must(core, 'worksheets.list', {});
    expect(rows.map(({ name }) => name)).toEqual([...worksheetNames]);
    for (const { name, periods } of rows) {
      const period = { month: '2026-03', quarter: '2026-Q1', year: '2026' }[periods[0] ?? 'month'];
      expect(unwritten(await sheet(name, period)), name).toEqual([]);
    }
  });
});

describe('paper and file', () => {
  beforeEach(async () => {
    await voucher('2026-02-10', '1002', '5001', '4000000.00');
    await facts('2026-Q1', averages);
  });

  it('prints every step and the draft mark', async () => {
    const file = path.join(folder, 'income.html');
    expect(await core.call('worksheets.print', { name: 'income-tax', period: '2026-Q1', file })).toMatchObject({
      ok: false,
      error: { code: 'PRINT_NEEDS_WINDOW' },
    });
    await must(core, 'worksheets.print', { name: 'income-tax', period: '2026-Q1', file, html: true });
    const page = readFileSync(file, 'utf8');
    const view = await sheet('income-tax', '2026-Q1');
    const steps = view.derivations.flatMap(({ calculation }) => calculation.steps);
    expect(steps.length).toBeGreaterThan(10);
    for (const { id, result } of steps) {
      expect(page).toContain(`data-step="${id}"`);
      expect(page).toContain(`<b>${result}</b>`);
    }
    expect(page).toContain('草稿');
    expect(page).toContain('不构成申报');
    expect(page).toContain('以主管部门最新要求为准');
    expect(page).toContain('8,000.00');
    expect(page).not.toMatch(/<script|https?:/);
  });

  it('exports figures as numbers and the form in its order', async () => {
    const file = path.join(folder, 'income.xlsx');
    expect(await must(core, 'worksheets.export', { name: 'income-tax', period: '2026-Q1', file })).toEqual({ rows: 4 });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(file);
    expect(workbook.worksheets[0]?.getCell('A1').value).toContain('草稿');
    const revenue = workbook.getWorksheet('收入（未扣平台费用）');
    expect(revenue?.getRow(2).values).toEqual([undefined, '5001', '主营业务收入', 4_000_000, 4_000_000]);
    const form = path.join(folder, 'form.xlsx');
    expect(
      await must(core, 'worksheets.fileForTaxBureau', { name: 'exempt-register', period: '2026-03', file: form }),
    ).toMatchObject({ format: 'form-order', rows: 0 });
    expect(
      await core.call('worksheets.fileForTaxBureau', { name: 'regime', period: '2026-03', file: form }),
    ).toMatchObject({
      ok: false,
      error: { code: 'WORKSHEET_NO_FORM' },
    });
  });
});

describe('the rate of a sale', () => {
  it('is that of the first working day of the month before 2026, since then the newest up to the first', async () => {
    for (const [date, cnyPerUnit] of [
      ['2025-04-30', '7.20'],
      ['2025-05-06', '7.21'],
      ['2026-04-30', '7.00'],
      ['2026-05-06', '7.01'],
      ['2026-05-20', '7.02'],
    ] as const)
      await must(core, 'rates.set', { currency: 'USD', date, cnyPerUnit, source: '测试' });
    seed.line({ currency: 'USD', fobMinor: 100, fobFen: 700 });
    expect(codes(await sheet('regime', '2026-03'), 'warning')).toContain('rateBasisUnchosen rateBasis');
    await must(core, 'rates.setBasis', { from: '2025-01-01', basis: 'month-first', reason: '测试' });
    expect(codes(await sheet('regime', '2026-03'), 'warning')).not.toContain('rateBasisUnchosen rateBasis');
    const inForce = async (date: string) =>
      (await must(core, 'rates.inForce', { date })).rows.map((rate) => [rate.date, rate.cnyPerUnit]);
    expect(await inForce('2025-05-20')).toEqual([['2025-05-06', '7.21']]);
    expect(await inForce('2026-05-20')).toEqual([['2026-04-30', '7.00']]);
    expect(await core.call('rates.setBasis', { from: '2025-12-31', basis: 'day', reason: '测试' })).toMatchObject({
      ok: false,
      error: { code: 'RATE_BASIS_FIXED', params: { until: '2026-01-01' } },
    });
  });
});
