import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Policy cards, and the contacts of services that the program does not do itself. */
let folder = '';
let core: Core;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-policies-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const contact = {
  kind: 'legal',
  name: '测试律师事务所',
  person: '测试人',
  phone: '0898-00000000',
  email: '',
  link: 'https://example.com',
  note: '',
} as const;

it('tells the cards of the pack with the day they are judged by', async () => {
  const { today, rows } = await must(core, 'policies.list', {});
  expect(today).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  const plants = rows.filter(({ id }) => id.startsWith('foreign-plants'));
  expect(plants.map(({ document, from, to }) => [document, from, to])).toEqual([
    ['海关总署令第248号', '2022-01-01', '2026-05-31'],
    ['海关总署令第280号', '2026-06-01', null],
  ]);
  expect(rows.find(({ id }) => id === 'aeo-recognition')?.fields).toContain('paper-buyerCode');
});

it('has the registration of foreign food plants among the matters', async () => {
  const { rows } = await must(core, 'matters.list', {});
  const one = rows.find(({ id }) => id === 'foreign-food-plants');
  expect(one?.source).toContain('第280号');
  expect(one?.unknown).not.toBeNull();
});

it('keeps contacts that the user enters: none are there, then one, changed, then none', async () => {
  expect((await must(core, 'contacts.list', {})).rows).toEqual([]);
  const { id } = await must(core, 'contacts.save', contact);
  const other = await must(core, 'contacts.save', { ...contact, kind: 'talent', name: '阿测招聘' });
  await must(core, 'contacts.save', { ...contact, id, phone: '0898-11111111' });
  const { rows } = await must(core, 'contacts.list', {});
  expect(rows.map(({ name, phone }) => [name, phone])).toEqual([
    ['测试律师事务所', '0898-11111111'],
    ['阿测招聘', '0898-00000000'],
  ]);
  await must(core, 'contacts.remove', { id });
  await must(core, 'contacts.remove', other);
  expect((await must(core, 'contacts.list', {})).rows).toEqual([]);
});

it('refuses to change or delete a contact that is not there', async () => {
  for (const answer of [
    await core.call('contacts.save', { ...contact, id: 99 }),
    await core.call('contacts.remove', { id: 99 }),
  ])
    expect(answer.ok ? '' : answer.error.code).toBe('CONTACT_UNKNOWN');
});
