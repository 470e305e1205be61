import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpIfDue, keepBackedUp } from '../../electron/core/backups.ts';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const passphrase = 'correct horse battery';
let folder = '';
let core: Core;
let now = '2026-11-20T01:00:00.000Z';
let bookId = '';
let recoveryKey = '';

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-backups-'));
  now = '2026-11-20T01:00:00.000Z';
  core = coreAt(path.join(folder, 'home'), { now: () => now });
  ({ bookId, recoveryKey } = await must(core, 'books.create', { profile: firm, passphrase }));
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>): Promise<string> {
  const answer = await core.call(name, input);
  return answer.ok ? 'taken' : answer.error.code;
}
const here = () => path.join(core.session.book.folder, 'backups');

describe('backups by themselves', () => {
  it('are made once a day in China, with the keys beside them, unless turned off', async () => {
    const { book } = core.session;
    expect(backUpIfDue(book, () => now, 'open')).toBe(true);
    expect(backUpIfDue(book, () => now, 'closing')).toBe(false);
    now = '2026-11-20T15:59:00.000Z';
    expect(backUpIfDue(book, () => now, 'closing')).toBe(false);
    // Midnight in China.
    now = '2026-11-20T16:00:00.000Z';
    expect(backUpIfDue(book, () => now, 'closing')).toBe(true);
    expect(readdirSync(here()).sort()).toEqual([
      // Of the same day by its name: the rotation keeps the later.
      'book-20261120T160000000Z.portbook',
      'keys.json',
    ]);
    await must(core, 'books.setBackups', { isAutomatic: false });
    now = '2026-11-25T01:00:00.000Z';
    expect(backUpIfDue(book, () => now, 'open')).toBe(false);
    expect(await must(core, 'books.health', {})).toMatchObject({ backsUpByItself: false });
  });

  it('come when the book closes, and one that fails keeps nobody from closing', async () => {
    const failures: unknown[] = [];
    const end = keepBackedUp(
      core.session,
      () => now,
      (error) => void failures.push(error),
    );
    const at = core.session.book.folder;
    await must(core, 'books.close', {});
    expect(readdirSync(path.join(at, 'backups'))).toContain('book-20261120T010000000Z.portbook');
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    now = '2026-11-22T01:00:00.000Z';
    rmSync(here(), { recursive: true });
    writeFileSync(here(), 'a file where the folder should be');
    await must(core, 'books.close', {});
    expect(failures).toHaveLength(1);
    end();
  });
});

describe('a backup restored', () => {
  it('is the book as it was, its queue on hold, and the other stays where it is', async () => {
    await must(core, 'books.updateProfile', { zone: '琼海' });
    await must(core, 'books.backup', {});
    await must(core, 'books.updateProfile', { zone: '三亚' });
    const old = core.session.book.folder;
    const from = { bookId };
    const { rows } = await must(core, 'books.backups', { from });
    expect(rows).toMatchObject([{ file: 'book-20261120T010000000Z.portbook', at: '2026-11-20T01:00:00.000Z' }]);
    const file = rows[0]?.file ?? '';
    expect(await refused('books.restore', { from, file, secret: { passphrase } })).toBe('CONFIRM_NAME');
    expect(
      await refused('books.restore', { from, file, secret: { passphrase: 'wrong' }, confirmName: firm.name }),
    ).toBe('PASSPHRASE_WRONG');
    expect(await must(core, 'books.profile', {})).toMatchObject({ zone: '三亚' });
    const restored = await must(core, 'books.restore', { from, file, secret: { passphrase }, confirmName: firm.name });
    expect(restored).toEqual({ bookId, keptAt: old });
    expect(await must(core, 'books.profile', {})).toMatchObject({ zone: '琼海', bookId });
    expect(core.session.book.setting('sync.paused')).toBe('1');
    expect(existsSync(path.join(old, 'book.portbook'))).toBe(true);
    expect((await must(core, 'books.list', {})).books.map(({ path: at }) => at)).toEqual([core.session.book.folder]);
    expect(await must(core, 'books.health', {})).toMatchObject({ auditIntact: true });
  });

  it('comes back on another computer from the folder of backups alone, by the recovery key', async () => {
    await must(core, 'books.backup', {});
    const stick = path.join(folder, 'stick');
    cpSync(here(), stick, { recursive: true });
    await core.close();
    core = coreAt(path.join(folder, 'another home'), { now: () => now });
    const from = { folder: stick };
    const { rows } = await must(core, 'books.backups', { from });
    const file = rows[0]?.file ?? '';
    expect(await refused('books.restore', { from, file: '../keys.json', secret: { recoveryKey } })).toBe(
      'BACKUP_NOT_HERE',
    );
    await must(core, 'books.restore', { from, file, secret: { recoveryKey } });
    expect(await must(core, 'books.profile', {})).toMatchObject({ name: firm.name });
  });

  it('is refused when it is damaged, and nothing is left of it', async () => {
    await must(core, 'books.backup', {});
    const name = readdirSync(here()).find((one) => one.startsWith('book-')) ?? '';
    const bytes = readFileSync(path.join(here(), name));
    bytes.fill(0x5a, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20_000);
    writeFileSync(path.join(here(), name), bytes);
    const before = readdirSync(path.join(folder, 'home', 'books'));
    const input = { from: { bookId }, file: name, secret: { passphrase }, confirmName: firm.name };
    expect(await refused('books.restore', input)).toBe('BACKUP_DAMAGED');
    expect(readdirSync(path.join(folder, 'home', 'books'))).toEqual(before);
    expect(await must(core, 'books.profile', {})).toMatchObject({ name: firm.name });
  });
});
