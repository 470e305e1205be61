import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../electron/core/context.ts';
import type { Core } from '../../electron/core/core.ts';
import { takeGuarantees } from '../../electron/core/outbox/guarantee-hold.ts';
import { findingsOf, requireDocument } from '../../electron/core/store/documents.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
const date = '2026-11-21';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-guarantees-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const save = (more: object = {}) =>
  must(core, 'guarantees.save', {
    ...{
      kind: 'bank-letter',
      number: 'BH-1',
      issuer: '测试银行',
      amount: '1000',
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
    },
    ...more,
  });
const first = async () => (await must(core, 'guarantees.list', { date })).rows[0];

describe('a guarantee', () => {
  it('is taken and released, never beyond what is free, and warns when it is nearly used', async () => {
    const { id } = await save();
    const use = { id, subjectKind: 'other', amount: '900.00', date } as const;
    const taken = await must(core, 'guarantees.take', { ...use, subjectId: 'A' });
    expect(taken).toMatchObject({ free: '100.00', warning: false });
    expect(await core.call('guarantees.take', { ...use, subjectId: 'B', amount: '100.01' })).toMatchObject({
      error: { code: 'GUARANTEE_SHORT', params: { number: 'BH-1', free: '100.00', want: '100.01' } },
    });
    expect(await must(core, 'guarantees.take', { ...use, subjectId: 'B', amount: '0.01' })).toMatchObject({
      warning: true,
    });
    expect(await core.call('guarantees.take', { ...use, subjectId: 'B', amount: '1' })).toMatchObject({
      error: { code: 'GUARANTEE_TAKEN' },
    });
    expect(await first()).toMatchObject({
      used: '900.01',
      free: '99.99',
      usedPercent: '90.0',
      warning: true,
      daysLeft: 40,
      openUses: 2,
    });
    expect(await core.call('guarantees.save', { ...(await draft()), amount: '900' })).toMatchObject({
      error: { code: 'GUARANTEE_BELOW_USE' },
    });
    expect(await core.call('guarantees.save', { ...(await draft()), state: 'ended' })).toMatchObject({
      error: { code: 'GUARANTEE_IN_USE' },
    });
    expect(await must(core, 'guarantees.release', { useId: taken.useId, date })).toEqual({ free: '999.99' });
    expect(await core.call('guarantees.release', { useId: taken.useId, date })).toMatchObject({
      error: { code: 'GUARANTEE_USE_UNKNOWN' },
    });
    expect(await core.call('guarantees.take', { ...use, subjectId: 'C', date: '2027-01-01' })).toMatchObject({
      error: { code: 'GUARANTEE_NOT_VALID' },
    });
    const statement = await must(core, 'guarantees.statement', { id, from: '2026-11-01', to: '2026-11-30' });
    expect(statement).toMatchObject({ opening: '0.00', taken: '900.01', released: '900.00', closing: '0.01' });
    expect(statement.uses).toHaveLength(2);
  });

  it('is refused twice under a number, with its dates the wrong way round, or without an amount', async () => {
    await save();
    expect(await core.call('guarantees.save', await draft({ id: undefined }))).toMatchObject({
      error: { code: 'GUARANTEE_NUMBER_USED' },
    });
    expect(await core.call('guarantees.save', await draft({ validTo: '2025-01-01' }))).toMatchObject({
      error: { code: 'DATE_ORDER' },
    });
    expect(await core.call('guarantees.save', await draft({ amount: '0' }))).toMatchObject({
      error: { code: 'AMOUNT_INVALID' },
    });
  });

  const draft = async (more: object = {}) => {
    const one = await first();
    if (one === undefined) throw new Error('no guarantee');
    const { id, kind, number, issuer, amount, validFrom, validTo } = one;
    return { id, kind, number, issuer, amount, validFrom, validTo, ...more };
  };
});

describe('an export list with duty', () => {
  const context = (): Context => ({
    ...({} as Context),
    book: core.session.book,
    session: core.session,
    resources: core.resources,
    now: () => now,
  });
  /** A checked list of USD 1,000 of one commodity. */
  const list = (key: string): number => {
    const { book } = core.session;
    const body = {
      InventoryHead: { customsCode: '6407' },
      InventoryList: [{ gcode: '2804690000', totalPrice: '1000', itemNo: 'S1' }],
    };
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
         VALUES ('CEB603Message', ?, ?, ?, 100000000, 'USD', 'checked', 'x', ?, ?)`,
      )
      .run(key, key, JSON.stringify(body), now, now);
    return Number(lastInsertRowid);
  };
  const take = (id: number): boolean => takeGuarantees(context(), [requireDocument(core.session.book, id)]);
  const duty = (rate: string): void => {
    core.session.book
      .prepare(
        `INSERT INTO tariff (hs_code, in_force_from, export_duty_rate, entered_at) VALUES ('2804690000', '2026-01-01', ?, ?)`,
      )
      .run(rate, now);
  };

  it('takes what is estimated and lets go of it when it is released; what is not covered is held with the reason', async () => {
    await must(core, 'rates.set', { currency: 'USD', date: '2026-11-02', cnyPerUnit: '7', source: '测试' });
    await save({ customs: '6407' });
    duty('0.10');
    const [a, b] = [list('A'), list('B')];
    // 7000 ÷ 1.1 × 10 % = 636.36.
    expect(take(a)).toBe(true);
    expect(await first()).toMatchObject({ used: '636.36', free: '363.64' });
    expect(take(a)).toBe(true);
    expect((await first())?.used).toBe('636.36');
    expect(take(b)).toBe(false);
    const { book } = core.session;
    expect(requireDocument(book, b).state).toBe('draft');
    expect(findingsOf(book, b)).toMatchObject([
      {
        rule: 'GUARANTEE-SHORT',
        level: 'reject',
        params: { number: 'BH-1', free: '363.64', want: '636.36', missing: '272.72' },
      },
    ]);
    forceState(book, `UPDATE document SET state = 'released' WHERE id = ?`, a);
    expect(await first()).toMatchObject({ used: '0.00', openUses: 0 });
    forceState(book, `UPDATE document SET state = 'checked' WHERE id = ?`, b);
    expect(take(b)).toBe(true);
    forceState(book, `UPDATE document SET state = 'rejected' WHERE id = ?`, b);
    expect((await first())?.free).toBe('1000.00');
  });

  it('is not held without a guarantee, a rate of duty or a rate of exchange', async () => {
    const id = list('A');
    duty('0.10');
    expect(take(id)).toBe(true);
    await save({ amount: '1' });
    expect(take(id)).toBe(true);
    await must(core, 'rates.set', { currency: 'USD', date: '2026-11-02', cnyPerUnit: '7', source: '测试' });
    expect(take(id)).toBe(false);
    core.session.book.prepare('DELETE FROM tariff').run();
    forceState(core.session.book, `UPDATE document SET state = 'checked' WHERE id = ?`, id);
    expect(take(id)).toBe(true);
  });
});
