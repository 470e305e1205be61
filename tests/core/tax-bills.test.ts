import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-tax-bills-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const bill = { number: 'S-1', kind: 'import-duty', amount: '32000', issuedOn: '2015-01-12' } as const;
const listed = async (date: string) => (await must(core, 'taxBills.list', { date })).rows[0];

describe('a tax bill', () => {
  it('is due fifteen days after its issue, shifted over rest days, or on the day it names', async () => {
    expect(await must(core, 'taxBills.save', { ...bill, issuedOn: '2026-11-06' })).toMatchObject({
      dueOn: '2026-11-23',
    });
    expect(
      await must(core, 'taxBills.save', { ...bill, number: 'S-2', issuedOn: '2026-10-20', monthlySummary: true }),
    ).toMatchObject({ dueOn: '2026-11-06' });
    expect(await must(core, 'taxBills.save', { ...bill, number: 'S-3', dueOn: '2015-03-02' })).toMatchObject({
      dueOn: '2015-03-02',
    });
    expect(await core.call('taxBills.save', bill)).toMatchObject({ error: { code: 'TAX_BILL_NUMBER_USED' } });
    const list = await must(core, 'taxBills.list', { date: '2026-11-21' });
    expect(list.rows.map(({ number, state, days }) => [number, state, days])).toEqual([
      ['S-3', 'overdue', -4282],
      ['S-2', 'overdue', -15],
      ['S-1', 'due', 2],
    ]);
    expect(list.totals).toEqual({ due: '32000.00', overdue: '64000.00', paid: '0.00' });
    // The term in the calendar is the bill's own.
    const { rows } = await must(core, 'deadlines.list', { today: '2026-11-21', kind: 'tax-bill' });
    expect(rows.map(({ subject, date, amount }) => [subject, date, amount])).toEqual([
      ['S-3', '2015-03-02', '32000.00'],
      ['S-2', '2026-11-06', '32000.00'],
      ['S-1', '2026-11-23', '32000.00'],
    ]);
  });

  it('is found by its number or that of its declaration', async () => {
    await must(core, 'taxBills.save', { ...bill, declarationNo: '530220260000000017' });
    await must(core, 'taxBills.save', { ...bill, number: 'X_2' });
    const found = async (text: string) => {
      const { rows, total } = await must(core, 'taxBills.list', { date: '2026-11-21', text });
      expect(total).toBe(rows.length);
      return rows.map(({ number }) => number);
    };
    expect(await found('0000017')).toEqual(['S-1']);
    expect(await found(' s-1 ')).toEqual(['S-1']);
    // What means something in SQL means itself.
    expect(await found('_')).toEqual(['X_2']);
    expect(await found('nix')).toEqual([]);
    const page = await must(core, 'taxBills.list', { date: '2026-11-21', text: '-1', state: 'paid' });
    expect(page).toMatchObject({ rows: [], total: 0, totals: { overdue: '64000.00' } });
  });

  it('shows the surcharge of each day it is late', async () => {
    await must(core, 'taxBills.save', bill);
    expect(await listed('2015-01-27')).toMatchObject({ state: 'due', surcharge: '0.00', surchargeDays: 0 });
    expect(await listed('2015-02-06')).toMatchObject({ state: 'overdue', surcharge: '160.00', surchargeDays: 10 });
  });

  it('is paid once, posted with its surcharge, and frees its guarantee', async () => {
    const { id } = await must(core, 'taxBills.save', { ...bill, issuedOn: '2026-10-20' });
    const guarantee = await must(core, 'guarantees.save', {
      ...{
        kind: 'insurance',
        number: 'BX-1',
        issuer: '测试保险',
        amount: '50000',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
      },
    });
    await must(core, 'guarantees.take', {
      id: guarantee.id,
      subjectKind: 'tax-bill',
      subjectId: 'S-1',
      amount: '32000',
      date: '2026-10-20',
    });
    expect(await listed('2026-11-21')).toMatchObject({ guarantee: 'BX-1', dueOn: '2026-11-04' });
    // 17 days late at 0.05 %.
    const paid = await must(core, 'taxBills.pay', { id, date: '2026-11-21', reference: '银行回单1' });
    expect(paid).toMatchObject({ paid: '32272.00', surcharge: '272.00', sourceDocumentId: expect.any(Number) });
    expect(await listed('2026-11-30')).toMatchObject({
      state: 'paid',
      paidOn: '2026-11-21',
      surcharge: '272.00',
      guarantee: null,
    });
    expect(await core.call('taxBills.pay', { id, date: '2026-11-21' })).toMatchObject({
      error: { code: 'TAX_BILL_PAID' },
    });
    expect(await core.call('taxBills.save', { ...bill, id })).toMatchObject({ error: { code: 'TAX_BILL_PAID' } });
    const balance = await must(core, 'ledger.trialBalance', {});
    expect(balance).toMatchObject({ balanced: true, totalDebitCny: '32272.00' });
    const statement = await must(core, 'guarantees.statement', {
      id: guarantee.id,
      from: '2026-10-01',
      to: '2026-11-30',
    });
    expect(statement).toMatchObject({
      closing: '0.00',
      months: [{ month: '2026-10', bills: 1, amount: '32000.00', unpaid: '0.00' }],
    });
  });
});
