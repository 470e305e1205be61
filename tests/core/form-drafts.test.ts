import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { forgetFormDraft, keepFormDraft, listFormDrafts } from '../../electron/core/store/form-drafts.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** What was typed into a form and not saved lies in the book: it is there when the book is opened again. */
const passphrase = 'correct horse battery';
let folder = '';
let core: Core;
let bookId = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-drafts-'));
  core = coreAt(path.join(folder, 'home'));
  ({ bookId } = await must(core, 'books.create', { profile: firm, passphrase }));
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a form that was not saved', () => {
  it('is kept as it stands, the newest in place of the one before, and is there after the core was gone', async () => {
    await must(core, 'formDrafts.keep', { bookId, form: 'joint head new', base: '', value: { title: '荔枝' } });
    const value = { title: '荔枝拼柜', on: '2026-11-20', party: { id: 3, name: '东湾' } };
    await must(core, 'formDrafts.keep', { bookId, form: 'joint head new', base: '', value });
    await core.close();
    core = coreAt(path.join(folder, 'home'));
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    expect(await must(core, 'formDrafts.list', {})).toEqual({ rows: [{ form: 'joint head new', base: '', value }] });
  });

  it('is forgotten when it is saved, and a late write of another book is taken by neither', async () => {
    const late = { bookId: 'another', form: 'rate', base: '', value: { rate: '7.1' } };
    expect(await must(core, 'formDrafts.keep', late)).toEqual({ isKept: false });
    const gone = { bookId, form: 'joint head new', base: '', value: null };
    expect(await must(core, 'formDrafts.keep', gone)).toEqual({ isKept: true });
    expect(await must(core, 'formDrafts.list', {})).toEqual({ rows: [] });
  });

  it('is forgotten at the opening of the book once nobody has touched it for sixty days', async () => {
    const left = (form: string, days: number): void => {
      const at = new Date(Date.now() - days * 86_400_000).toISOString();
      keepFormDraft(core.session.book, { form, base: 'gone', value: { text: form } }, at);
    };
    left('old', 61);
    left('younger', 59);
    await must(core, 'books.close', {});
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    expect(listFormDrafts(core.session.book).map(({ form }) => form)).toEqual(['younger']);
    forgetFormDraft(core.session.book, 'younger');
  });

  it('is refused where it is larger than any form', async () => {
    const value = { text: 'x'.repeat(500_001) };
    expect(await core.call('formDrafts.keep', { bookId, form: 'rate', base: '', value })).toMatchObject({ ok: false });
  });
});
