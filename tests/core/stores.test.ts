import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-stores-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

function account(name: string, owner: { kind: 'firm' | 'other'; name: string }, currency = 'USD'): number {
  const { lastInsertRowid } = core.session.book
    .prepare(
      `INSERT INTO money_account (kind, place, name, currency, owner_kind, owner, ledger_account, created_at, updated_at)
       VALUES ('payment-institution', 'home', ?, ?, ?, ?, '1012', ?, ?)`,
    )
    .run(name, currency, owner.kind, owner.name, now, now);
  return Number(lastInsertRowid);
}

const findings = async () =>
  (await must(core, 'stores.list', {})).rows.map(({ name, findings: found }) => ({
    name,
    found: found.map(({ code, level }) => `${code} ${level}`),
  }));

it('a store of the firm that pays into an account of the firm agrees', async () => {
  const accountId = account('收款宝 USD', { kind: 'firm', name: '' });
  const store = { platform: 'Amazon', name: 'US-1', entity: ` ${firm.name}`, currency: 'USD', accountId };
  await must(core, 'stores.save', store);
  expect(await findings()).toEqual([{ name: 'US-1', found: [] }]);
});

it('says who differs: entity, payee, currency, and no account at all; a stated relation makes it a note', async () => {
  const accountId = account('别人的账户', { kind: 'other', name: '某某贸易有限公司' }, 'CNY');
  const foreign = {
    platform: 'Shopee',
    name: 'MY-1',
    entity: 'Hainan Trading Ltd',
    entityCode: 'HK123',
    currency: 'MYR',
  };
  const { id } = await must(core, 'stores.save', { ...foreign, accountId });
  await must(core, 'stores.save', { platform: 'Lazada', name: 'LZ', entity: firm.name, currency: 'MYR' });
  expect(await findings()).toEqual([
    { name: 'LZ', found: ['accountMissing doubt'] },
    { name: 'MY-1', found: ['entityDiffers doubt', 'payeeDiffers doubt', 'currencyDiffers note'] },
  ]);
  await must(core, 'stores.save', { ...foreign, id, accountId, relation: '境外全资子公司，协议 2026-01' });
  expect((await findings())[1]?.found).toEqual(['entityDiffers note', 'payeeDiffers note', 'currencyDiffers note']);
});

it('offers the names that orders carry and no store has', async () => {
  const insert = core.session.book.prepare(
    `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, currency, lines, goods_value_e5, state, created_at, store)
     VALUES (?, '2026-11-01', '2026-11-01T00:00:00', 'Germany', ?, 1, 0, 'open', ?, ?)`,
  );
  for (const [no, currency, store] of [
    ['A1', 'EUR', 'DE-1'],
    ['A2', 'EUR', 'DE-1'],
    ['A3', 'USD', 'DE-1'],
    ['A4', 'USD', 'US-1'],
  ] as const)
    insert.run(no, currency, now, store);
  await must(core, 'stores.save', { platform: 'Amazon', name: 'US-1', entity: firm.name, currency: 'USD' });
  const { rows, unregistered } = await must(core, 'stores.list', {});
  expect(rows.map(({ name, orders }) => ({ name, orders }))).toEqual([{ name: 'US-1', orders: 1 }]);
  expect(unregistered).toEqual([{ name: 'DE-1', orders: 3, currency: 'EUR' }]);
});

it.each([
  [{ name: 'US-1' }, 'STORE_EXISTS', 'name'],
  [{ id: 99 }, 'STORE_UNKNOWN', 'id'],
  [{ accountId: 99 }, 'MONEY_ACCOUNT_UNKNOWN', 'accountId'],
  [{ currency: 'XQQ' }, 'CURRENCY_UNKNOWN', 'currency'],
] as const)('refuses %j by name', async (change, code, field) => {
  await must(core, 'stores.save', { platform: 'Amazon', name: 'US-1', entity: firm.name, currency: 'USD' });
  const answer = await core.call('stores.save', {
    platform: 'Amazon',
    name: 'US-2',
    entity: firm.name,
    currency: 'USD',
    ...change,
  });
  expect(answer).toMatchObject({ ok: false, error: { code, path: field } });
});
