import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { putRate } from '../../electron/core/store/rates.ts';
import { riskBook } from '../fixtures/risk-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
const date = '2026-11-21';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-insurance-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const limit = {
  insurer: '某信用保险公司',
  policyNo: 'SCH-2026-001',
  buyer: 'Meridian Home Ltd.',
  currency: 'USD',
  limit: '1000',
  coverPercent: '90',
  termDays: 60,
  fromOn: '2026-01-01',
  untilOn: '2026-12-31',
};
const order = (no: string, minor: number, buyer: string, on: string, currency = 'USD'): number =>
  riskBook(core, now).order(no, minor, { order_date: on, buyer_name: buyer, currency });

async function refusal(input: Parameters<typeof must<'insuredLimits.save'>>[2]) {
  const answer = await core.call('insuredLimits.save', input);
  return answer.ok ? undefined : { code: answer.error.code, path: answer.error.path };
}

describe('what is insured of what buyers owe', () => {
  it('is the smaller of the open amount and the limit, times the share, and adds up', async () => {
    await must(core, 'insuredLimits.save', limit);
    order('A1', 80_033, 'MERIDIAN HOME LIMITED', '2026-11-01');
    order('A2', 40_000, 'meridian home ltd', '2026-08-01');
    order('B1', 5000, 'Somebody Else', '2026-11-01');
    const { rows, totals, withoutLimit } = await must(core, 'insuredLimits.list', { date });
    expect(rows).toMatchObject([
      { state: 'beyond', orders: 2, open: '1200.33', overdue: '400.00', insured: '900.00', uninsured: '300.33' },
    ]);
    expect(totals).toEqual([{ currency: 'USD', open: '1200.33', insured: '900.00', uninsured: '300.33' }]);
    expect(withoutLimit).toEqual([{ currency: 'USD', open: '50.00', orders: 1, buyers: 1 }]);
  });

  it('rounds the share once, half-up to the minor unit', async () => {
    await must(core, 'insuredLimits.save', { ...limit, coverPercent: '87.65' });
    order('A1', 1003, 'Meridian Home', '2026-11-01');
    const { rows } = await must(core, 'insuredLimits.list', { date });
    // 10.03 × 87.65 % = 8.791295
    expect(rows).toMatchObject([{ state: 'within', coverPercent: '87.65', insured: '8.79', uninsured: '1.24' }]);
  });

  it('values other currencies at the parity in force, and leaves out what has none', async () => {
    const { book } = core.session;
    for (const [currency, cnyPerUnit] of [
      ['USD', '7'],
      ['JPY', '0.05'],
    ] as const)
      putRate(book, { kind: 'parity', currency, date: '2026-01-01', cnyPerUnit, source: 'test' }, now);
    await must(core, 'insuredLimits.save', limit);
    // JPY 1,400: the fixture takes hundredths of the unit, whatever the currency.
    order('J1', 140_000, 'Meridian Home', '2026-11-01', 'JPY');
    expect((await must(core, 'insuredLimits.list', { date })).rows).toMatchObject([{ state: 'within', open: '10.00' }]);
    order('E1', 7700, 'Meridian Home', '2026-11-01', 'EUR');
    const { rows, withoutLimit } = await must(core, 'insuredLimits.list', { date });
    expect(rows).toMatchObject([{ state: 'rateMissing', orders: 2, open: '10.00', insured: '9.00' }]);
    expect(withoutLimit).toEqual([{ currency: 'EUR', open: '77.00', orders: 1, buyers: 1 }]);
  });

  it('is nothing while a limit is not in force', async () => {
    await must(core, 'insuredLimits.save', { ...limit, untilOn: '2026-11-20' });
    await must(core, 'insuredLimits.save', { ...limit, fromOn: '2026-12-01', policyNo: 'SCH-2026-002' });
    order('A1', 10_000, 'Meridian Home', '2026-11-01');
    const { rows, totals, withoutLimit } = await must(core, 'insuredLimits.list', { date });
    expect(rows.map(({ state, open, insured }) => [state, open, insured])).toEqual([
      ['future', '100.00', '0.00'],
      ['ended', '100.00', '0.00'],
    ]);
    expect(totals).toEqual([]);
    expect(withoutLimit).toMatchObject([{ open: '100.00', buyers: 1 }]);
  });
});

describe('a limit', () => {
  it('is refused where it cannot be, at its field', async () => {
    await must(core, 'insuredLimits.save', limit);
    const other = { ...limit, buyer: 'Other' };
    expect(await refusal({ ...limit, fromOn: '2026-12-31', untilOn: '2027-12-30' })).toEqual({
      code: 'INSURED_LIMIT_OVERLAPS',
      path: 'fromOn',
    });
    expect(await refusal({ ...other, untilOn: '2025-12-31' })).toEqual({
      code: 'INSURED_LIMIT_DATES',
      path: 'untilOn',
    });
    expect(await refusal({ ...other, limit: '0' })).toEqual({ code: 'INSURED_LIMIT_AMOUNT', path: 'limit' });
    expect(await refusal({ ...other, currency: 'JPY', limit: '10.5' })).toMatchObject({ code: 'INSURED_LIMIT_AMOUNT' });
    expect(await refusal({ ...other, coverPercent: '100.01' })).toMatchObject({ code: 'INSURED_LIMIT_SHARE' });
    expect(await refusal({ ...other, currency: 'ZZZ' })).toMatchObject({ code: 'CURRENCY_UNKNOWN' });
    expect(await refusal({ ...other, id: 99 })).toMatchObject({ code: 'INSURED_LIMIT_UNKNOWN' });
  });

  it('is changed and removed, and the trail names no buyer', async () => {
    const { id } = await must(core, 'insuredLimits.save', limit);
    await must(core, 'insuredLimits.save', { ...limit, id, limit: '2000.5' });
    expect((await must(core, 'insuredLimits.list', { date })).rows).toMatchObject([{ id, limit: '2000.50' }]);
    await must(core, 'insuredLimits.remove', { id });
    expect((await must(core, 'insuredLimits.list', { date })).rows).toEqual([]);
    const trail = core.session.book.prepare(`SELECT * FROM audit WHERE action LIKE 'insured-limit%'`).all();
    expect(trail).toHaveLength(3);
    expect(JSON.stringify(trail)).not.toContain('Meridian');
  });

  it('goes into a workbook with its totals', async () => {
    await must(core, 'insuredLimits.save', limit);
    order('A1', 10_000, 'Meridian Home', '2026-11-01');
    const to = path.join(folder, 'insured.xlsx');
    expect(await must(core, 'insuredLimits.export', { date, to })).toEqual({ rows: 2 });
    expect(existsSync(to)).toBe(true);
  });
});
