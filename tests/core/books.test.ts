import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../electron/core/context.ts';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { deviceKey } from '../../electron/core/keys/device-key.ts';
import {
  formatRecoveryKey,
  keyByKeyring,
  keyByPassphrase,
  keyByRecovery,
  parseRecoveryKey,
  randomBookKey,
  readKeyFile,
  withKeyring,
} from '../../electron/core/keys/key-file.ts';
import { keptBackups } from '../../electron/core/store/backup.ts';
import { type Book, bookFile, createBook, keyFile, openBook } from '../../electron/core/store/book.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import { migrate, newestSchema } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { profileInput } from '../../shared/contract/books.ts';
import { PortbookError } from '../../shared/errors.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const passphrase = 'correct horse battery';
let folder = '';
let core: Core;
let home = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-books-'));
  home = path.join(folder, 'home');
  core = coreAt(home);
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof PortbookError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};
const create = () => must(core, 'books.create', { profile: firm, passphrase });

/** The bytes of every file of a folder in one text, to look for what must not be in it. */
function everyByte(of: string): string {
  return readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a book', () => {
  it('of a sole trader is taxed as a person from the first day, any other says nothing yet', async () => {
    await must(core, 'books.create', { profile: { ...firm, role: 'soleTrader' }, passphrase });
    expect(await must(core, 'tax.profile', {})).toMatchObject({ profile: { kind: 'individual' } });
    await must(core, 'books.close', {});
    await create();
    expect((await must(core, 'tax.profile', {})).profile.kind).toBeUndefined();
  });

  it('is created, listed, closed and opened again by passphrase or recovery key', async () => {
    const { bookId, recoveryKey } = await create();
    expect(recoveryKey).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
    await must(core, 'books.close', {});
    expect(await core.call('books.profile', {})).toMatchObject({ ok: false, error: { code: 'BOOK_NOT_OPEN' } });
    const open = (secret: { passphrase: string } | { recoveryKey: string }) =>
      core.call('books.open', { bookId, secret });
    expect(await open({ passphrase: 'wrong wrong wrong' })).toMatchObject({
      ok: false,
      error: { code: 'PASSPHRASE_WRONG' },
    });
    expect(await open({ passphrase })).toEqual({ ok: true, data: { bookId } });
    await must(core, 'books.close', {});
    expect(await open({ recoveryKey: recoveryKey.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o') })).toEqual({
      ok: true,
      data: { bookId },
    });
    const { books } = await must(core, 'books.list', {});
    expect(books).toMatchObject([{ id: bookId, name: firm.name, isOpen: true, reachable: true, isSample: false }]);
  });

  it('lies on the disk sealed: no name, no credit code, no account, no passphrase in any file', async () => {
    const { recoveryKey } = await create();
    const { book } = core.session;
    book.setSetting('probe', 'a-text-that-must-not-be-read');
    const bytes = everyByte(book.folder);
    const profile = book.profile();
    for (const text of [
      'a-text-that-must-not-be-read',
      profile.uscc,
      profile.bankAccount,
      Buffer.from(profile.name).toString('latin1'),
      'SQLite format 3',
      passphrase,
      recoveryKey,
      'CREATE TABLE',
    ]) {
      expect(bytes.includes(text)).toBe(false);
    }
    expect(everyByte(home).includes(profile.bankAccount)).toBe(false);
  });

  it('shows the bank account masked and never in full', async () => {
    await create();
    const profile = await must(core, 'books.profile', {});
    expect(profile.bankAccountMasked).toBe('**** **** **** 0000');
    expect(JSON.stringify(profile)).not.toContain('6200000000000000');
    await must(core, 'books.updateProfile', { park: '某园区' });
    expect(core.session.book.profile()).toMatchObject({ park: '某园区', bankAccount: '6200000000000000' });
  });

  it.each([
    [{ uscc: '91469002MA5T0TE5T' }, 'USCC_LENGTH', 'uscc'],
    [{ uscc: '91469002MA5T0TE5T1' }, 'USCC_CHECK', 'uscc'],
    [{ uscc: '91469002MA5T0TE5TO' }, 'USCC_CHARACTER', 'uscc'],
    [{ customsCode: '46039' }, 'CUSTOMS_CODE_FORMAT', 'customsCode'],
    [{ bankAccount: '12AB' }, 'BANK_ACCOUNT_FORMAT', 'bankAccount'],
  ])('refuses %o with %s', async (wrong, code, field) => {
    const result = await core.call('books.create', { profile: { ...firm, ...wrong }, passphrase });
    expect(result).toMatchObject({ ok: false, error: { code, path: field } });
    expect((await must(core, 'books.list', {})).books).toEqual([]);
    if (code === 'USCC_CHECK') expect(result).toMatchObject({ error: { params: { expected: 'R' } } });
    expect(JSON.stringify(result)).not.toContain('12AB');
  });

  it('changes its passphrase without touching a page of the book', async () => {
    const { bookId, recoveryKey } = await create();
    const file = path.join(core.session.book.folder, bookFile);
    await must(core, 'books.close', {});
    const before = readFileSync(file);
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    expect(
      await core.call('books.changePassphrase', { current: 'not this one', next: 'a new passphrase' }),
    ).toMatchObject({ error: { code: 'PASSPHRASE_WRONG' } });
    await must(core, 'books.changePassphrase', { current: passphrase, next: 'a new passphrase' });
    expect(statSync(file).size).toBe(before.length);
    await must(core, 'books.close', {});
    expect(await core.call('books.open', { bookId, secret: { passphrase } })).toMatchObject({
      error: { code: 'PASSPHRASE_WRONG' },
    });
    // Who forgot the passphrase comes in by the recovery key and sets a new one with it.
    await must(core, 'books.open', { bookId, secret: { recoveryKey } });
    await must(core, 'books.changePassphrase', { current: recoveryKey, next: 'yet another one' });
    await must(core, 'books.close', {});
    await must(core, 'books.open', { bookId, secret: { passphrase: 'yet another one' } });
  });

  it('is deleted only by its name, the registry keeps what is gone', async () => {
    const { bookId } = await create();
    const { folder: place } = core.session.book;
    expect(await core.call('books.delete', { bookId })).toMatchObject({ error: { code: 'CONFIRM_NAME' } });
    await must(core, 'books.close', {});
    rmSync(place, { recursive: true });
    expect((await must(core, 'books.list', {})).books).toMatchObject([{ id: bookId, reachable: false, path: place }]);
    await must(core, 'books.delete', { bookId, confirmName: firm.name });
    expect((await must(core, 'books.list', {})).books).toEqual([]);
  });

  it('prints its recovery key as text where nothing prints pages', async () => {
    const { recoveryKey } = await create();
    await must(core, 'books.recoverySheet', { recoveryKey, to: path.join(folder, 'sheet.pdf') });
    expect(readFileSync(path.join(folder, 'sheet.txt'), 'utf8')).toContain(recoveryKey);
    const typo = recoveryKey.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await core.call('books.recoverySheet', { recoveryKey: typo, to: path.join(folder, 'x.pdf') })).toMatchObject(
      { error: { code: 'RECOVERY_KEY_TYPO' } },
    );
    const other = formatRecoveryKey(new Uint8Array(20));
    expect(
      await core.call('books.recoverySheet', { recoveryKey: other, to: path.join(folder, 'x.pdf') }),
    ).toMatchObject({
      error: { code: 'RECOVERY_KEY_WRONG' },
    });
  });
});

describe('the key file', () => {
  it('finds every single typing mistake before anything is tried', async () => {
    const { recoveryKey } = await create();
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    let missed = 0;
    for (let at = 0; at < recoveryKey.length; at++) {
      const right = recoveryKey.charAt(at);
      if (right === '-') continue;
      const wrong = letters.charAt((letters.indexOf(right) + 1 + (at % 30)) % 32);
      const typed = recoveryKey.slice(0, at) + wrong + recoveryKey.slice(at + 1);
      if (codeOf(() => parseRecoveryKey(typed)) !== 'RECOVERY_KEY_TYPO') missed++;
    }
    expect(missed).toBe(0);
    expect(codeOf(() => parseRecoveryKey(recoveryKey.slice(0, -5)))).toBe('RECOVERY_KEY_TYPO');
  });

  it('keeps a wrap of another book, and a changed wrap, shut', async () => {
    const { recoveryKey } = await create();
    const file = readKeyFile(path.join(core.session.book.folder, keyFile));
    const other = { ...file, bookId: 'another' };
    await expect(keyByPassphrase(other, passphrase)).rejects.toThrow('PASSPHRASE_WRONG');
    expect(codeOf(() => keyByRecovery(other, recoveryKey))).toBe('RECOVERY_KEY_WRONG');
  });

  it('opens by the keyring as one more way, never as the only one', async () => {
    await create();
    const file = readKeyFile(path.join(core.session.book.folder, keyFile));
    const key = await keyByPassphrase(file, passphrase);
    const flip = (bytes: Uint8Array) => Promise.resolve(bytes.map((byte) => byte ^ 0x5a));
    const keyring = { seal: flip, open: flip };
    const wider = await withKeyring(file, key, keyring);
    expect(wider?.wraps.map(({ kind }) => kind)).toEqual(['passphrase', 'recovery', 'keyring']);
    if (wider === undefined) return;
    expect(await keyByKeyring(wider, keyring)).toEqual(key);
    expect(await keyByKeyring(wider, bareHost)).toBeUndefined();
    expect(await withKeyring(file, key, bareHost)).toBeUndefined();
  });
});

describe('the store', () => {
  const profile = profileInput.parse(firm);
  const make = (name: string) => createBook(path.join(folder, name), profile, { passphrase });

  it('makes a guess at a passphrase cost 64 MB unless it is told otherwise', async () => {
    const { book } = await make('cost');
    const { folder: at } = book;
    book.close();
    const [wrap] = readKeyFile(path.join(at, keyFile)).wraps;
    expect(wrap).toMatchObject({ kind: 'passphrase', kdf: { name: 'scrypt', N: 65_536, r: 8 } });
  });

  it('tells a wrong key from a damaged file from none', async () => {
    const { book } = await make('a');
    const file = path.join(book.folder, bookFile);
    book.close();
    expect(codeOf(() => openDatabase(file, randomBookKey()))).toBe('KEY_WRONG');
    const damaged = path.join(folder, 'damaged');
    writeFileSync(damaged, 'this is no book at all, whatever it is called');
    expect(codeOf(() => openDatabase(damaged, randomBookKey()))).toBe('BOOK_DAMAGED');
    expect(codeOf(() => openDatabase(path.join(folder, 'none'), randomBookKey()))).toBe('BOOK_MISSING');
  });

  it('notices one flipped bit anywhere in the file', async () => {
    const { book } = await make('a');
    const key = await keyByPassphrase(readKeyFile(path.join(book.folder, keyFile)), passphrase);
    for (let n = 0; n < 300; n++) book.audit('probe', String(n), { text: 'x'.repeat(200) }, '2026-11-21T00:00:00.000Z');
    book.close();
    const file = path.join(book.folder, bookFile);
    const bytes = readFileSync(file);
    for (const at of [40, Math.floor(bytes.length / 2), bytes.length - 100]) {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      writeFileSync(path.join(folder, 'bent'), copy);
      const read = () => {
        const db = openDatabase(path.join(folder, 'bent'), key);
        try {
          const verdict = db.pragma('integrity_check', { simple: true });
          if (verdict !== 'ok') throw new PortbookError('BOOK_DAMAGED');
        } catch (error) {
          if (error instanceof PortbookError) throw error;
          throw new PortbookError('BOOK_DAMAGED');
        } finally {
          db.close();
        }
      };
      expect(['BOOK_DAMAGED', 'KEY_WRONG']).toContain(codeOf(read));
    }
  });

  it('refuses a book of a newer program and one whose migrations were changed', async () => {
    const { book } = await make('a');
    const { folder: place } = book;
    const key = await keyByPassphrase(readKeyFile(path.join(place, keyFile)), passphrase);
    book.db.pragma('user_version = 9990');
    book.close();
    expect(codeOf(() => openBook(place, key))).toBe('BOOK_FROM_FUTURE');
    const db = openDatabase(path.join(place, bookFile), key);
    db.pragma(`user_version = ${newestSchema()}`);
    db.exec(`UPDATE schema_migrations SET checksum = 'x' WHERE id = 10`);
    db.close();
    expect(codeOf(() => openBook(place, key))).toBe('BOOK_SCHEMA');
  });

  it('numbers its migrations in the order they are applied', () => {
    const ids = migrations.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('migrates step by step to the schema of a fresh book, after a sealed copy', async () => {
    const key = randomBookKey();
    const stepwise = openDatabase(path.join(folder, 'old'), key, { create: true });
    let copies = 0;
    for (let n = 1; n <= migrations.length; n++)
      migrate(stepwise, '2026-11-21T00:00:00.000Z', () => copies++, migrations.slice(0, n));
    expect(copies).toBe(migrations.length - 1);
    const { book } = await make('fresh');
    const schema = (of: Book['db']) =>
      of.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
    expect(schema(stepwise)).toEqual(schema(book.db));
    stepwise.close();
    book.close();
  });

  it('leaves the old schema when a migration fails half-way', async () => {
    const key = randomBookKey();
    const db = openDatabase(path.join(folder, 'old'), key, { create: true });
    migrate(db, '2026-11-21T00:00:00.000Z', () => undefined, migrations.slice(0, 1));
    const bad = [
      ...migrations.slice(0, 1),
      { id: 20, name: 'bad', sql: 'CREATE TABLE good (a) STRICT; CREATE TABLE oops (' },
    ];
    expect(() => migrate(db, '2026-11-21T00:00:00.000Z', () => undefined, bad)).toThrow();
    expect(db.pragma('user_version', { simple: true })).toBe(10);
    expect(db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'good'`).get()).toBeUndefined();
    db.close();
  });

  it('undoes an inner transaction alone and an outer one whole, and gives numbers back', async () => {
    const { book } = await make('a');
    book.transaction(() => {
      expect(book.nextNumber('s')).toBe(1);
      expect(() =>
        book.transaction(() => {
          expect(book.nextNumber('s')).toBe(2);
          book.setSetting('inner', '1');
          throw new Error('undo');
        }),
      ).toThrow('undo');
      expect(book.setting('inner')).toBeUndefined();
    });
    expect(book.nextNumber('s')).toBe(2);
    expect(() =>
      book.transaction(() => {
        book.nextNumber('s');
        throw new Error('undo');
      }),
    ).toThrow('undo');
    expect(book.nextNumber('s')).toBe(3);
    book.close();
  });

  it('refuses what is already there and cleans up after itself', async () => {
    mkdirSync(path.join(folder, 'full'));
    writeFileSync(path.join(folder, 'full', 'letter.txt'), 'keep me');
    await expect(make('full')).rejects.toThrow('FOLDER_NOT_EMPTY');
    expect(readFileSync(path.join(folder, 'full', 'letter.txt'), 'utf8')).toBe('keep me');
  });

  it('can be written by two processes at once without losing an entry', async () => {
    const { book } = await make('a');
    const key = await keyByPassphrase(readKeyFile(path.join(book.folder, keyFile)), passphrase);
    const second = openBook(book.folder, key, { actor: 'cli' });
    const at = '2026-11-21T00:00:00.000Z';
    for (let n = 0; n < 40; n++) {
      (n % 2 === 0 ? book : second).transaction(() => {
        const one = n % 2 === 0 ? book : second;
        one.audit('probe', String(one.nextNumber('both')), {}, at);
      });
    }
    expect(book.nextNumber('both')).toBe(41);
    expect(second.verifyAudit()).toEqual({ rows: 41, intact: true });
    second.close();
    book.close();
  });
});

describe('the audit log', () => {
  it('is append-only, and a change behind its back shows', async () => {
    await create();
    const { book } = core.session;
    for (let n = 0; n < 5; n++) book.audit('probe', String(n), {}, '2026-11-21T00:00:00.000Z');
    expect(() => book.db.exec(`UPDATE audit SET subject = 'x' WHERE id = 3`)).toThrow('append-only');
    expect(() => book.db.exec('DELETE FROM audit')).toThrow('append-only');
    expect(await must(core, 'books.health', {})).toMatchObject({ auditRows: 6, auditIntact: true });
    book.db.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete');
    book.db.exec(`UPDATE audit SET subject = 'x' WHERE id = 3`);
    expect(book.verifyAudit()).toEqual({ rows: 6, intact: false, firstBroken: 3 });
    book.db.exec('DELETE FROM audit WHERE id = 3');
    expect(book.verifyAudit()).toMatchObject({ intact: false, firstBroken: 4 });
  });
});

describe('a backup', () => {
  it('is a sealed book that opens with the same key and is whole', async () => {
    const { bookId } = await create();
    core.session.book.setSetting('probe', 'kept');
    const { path: copy } = await must(core, 'books.backup', {});
    const { folder: place } = core.session.book;
    expect(path.dirname(copy)).toBe(path.join(place, 'backups'));
    core.session.book.setSetting('probe', 'changed since');
    const restored = path.join(folder, 'restored');
    mkdirSync(restored);
    copyFileSync(copy, path.join(restored, bookFile));
    copyFileSync(path.join(place, keyFile), path.join(restored, keyFile));
    const other = coreAt(path.join(folder, 'other'));
    const book = await other.session.open(restored, { passphrase });
    expect(book.id).toBe(bookId);
    expect(book.setting('probe')).toBe('kept');
    expect(book.verifyAudit().intact).toBe(true);
    await other.close();
    expect((await must(core, 'books.health', {})).lastBackupAt).toBeDefined();
    expect(readdirSync(path.dirname(copy)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('keeps seven days, four weeks and twelve months', () => {
    const names: string[] = [];
    for (let day = 0; day < 500; day++) {
      const date = new Date(Date.UTC(2026, 10, 21) - day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
      names.push(`book-${date}T120000000Z.portbook`, `book-${date}T080000000Z.portbook`);
    }
    const kept = [...keptBackups(names)].sort().reverse();
    expect(kept.slice(0, 7).map((name) => name.slice(5, 13))).toEqual([
      '20261121',
      '20261120',
      '20261119',
      '20261118',
      '20261117',
      '20261116',
      '20261115',
    ]);
    expect(kept.every((name) => name.includes('T120000'))).toBe(true);
    expect(new Set(kept.map((name) => name.slice(5, 11))).size).toBe(12);
    expect(kept.length).toBeLessThanOrEqual(7 + 4 + 12);
    expect(keptBackups([])).toEqual(new Set());
  });
});

describe('the device key', () => {
  const keyringOf = (secret: number): Pick<Host, 'seal' | 'open'> => ({
    seal: (plain) => Promise.resolve(Uint8Array.from([secret, ...plain.map((byte) => byte ^ secret)])),
    open: (sealed) =>
      Promise.resolve(sealed[0] === secret ? Uint8Array.from(sealed.subarray(1), (byte) => byte ^ secret) : undefined),
  });

  it('is the same at every open, by keyring or by the book, and never useless on another computer', async () => {
    const { bookId } = await create();
    const reopen = async () => {
      await must(core, 'books.close', {});
      await must(core, 'books.open', { bookId, secret: { passphrase } });
      return core.session.book;
    };
    const first = await deviceKey(core.session.book, keyringOf(7));
    expect((await deviceKey(await reopen(), keyringOf(7))).id).toBe(first.id);
    const elsewhere = await deviceKey(await reopen(), bareHost);
    expect(elsewhere.id).not.toBe(first.id);
    expect((await deviceKey(await reopen(), bareHost)).id).toBe(elsewhere.id);
    expect((await deviceKey(await reopen(), keyringOf(7))).id).toBe(first.id);
    expect(first.sign(Buffer.from('message'))).toHaveLength(64);
  });
});

describe('the core', () => {
  it('names the field that is wrong, and what it does not know', async () => {
    expect(await core.call('books.create', { profile: { ...firm, colour: 'red' }, passphrase })).toMatchObject({
      error: { code: 'INPUT_INVALID', path: 'profile.colour' },
    });
    expect(await core.callUnknown('toString', {})).toMatchObject({ error: { code: 'OPERATION_UNKNOWN' } });
    expect(await core.callUnknown('books.open', { bookId: 'nobody', secret: { passphrase } })).toMatchObject({
      error: { code: 'BOOK_UNKNOWN' },
    });
    expect(await core.call('tables.search', { table: 'nothing', text: 'x' })).toMatchObject({
      error: { code: 'TABLE_UNKNOWN' },
    });
  });

  it('logs a bug under the id it shows, without the secrets of the call', async () => {
    await create();
    core.session.book.db.exec('DROP TABLE balance');
    const result = await core.call('ledger.trialBalance', {});
    expect(result).toMatchObject({ ok: false, error: { code: 'BUG' } });
    if (result.ok) return;
    const log = readFileSync(path.join(home, 'logs', 'core.log'), 'utf8');
    expect(log).toContain(result.error.correlationId);
    expect(log).not.toContain(passphrase);
  });

  it('finds codes by code, Chinese, pinyin and initials', async () => {
    for (const text of ['502', '美国', 'mei guo', 'mg', 'United St']) {
      const { rows } = await must(core, 'tables.search', { table: 'country', text });
      expect(rows.map(({ code }) => code)).toContain('502');
    }
    expect(await must(core, 'tables.names', { table: 'country', codes: ['502', '999999'] })).toEqual({
      names: { '502': '美国' },
      namesEn: { '502': 'United States' },
    });
  });

  it('writes the whole book when the process is killed in the middle of a transaction', async () => {
    const { bookId } = await create();
    const { folder: place } = core.session.book;
    const key = await keyByPassphrase(readKeyFile(path.join(place, keyFile)), passphrase);
    await must(core, 'books.close', {});
    const script = `const Database = require('better-sqlite3');
      const db = new Database(process.argv[1], { nativeBinding: process.env.PORTBOOK_SQLITE_ADDON });
      db.pragma("cipher='aegis'"); db.exec('PRAGMA key = "x\\'' + process.argv[2] + '\\'"');
      db.pragma('synchronous = FULL');
      db.exec("INSERT INTO setting VALUES ('committed', '1')");
      db.exec("BEGIN IMMEDIATE; INSERT INTO setting VALUES ('torn', '1')");
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(
      process.execPath,
      ['-e', script, path.join(place, bookFile), Buffer.from(key).toString('hex')],
      { encoding: 'utf8' },
    );
    expect(child.signal).toBe('SIGKILL');
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    expect(core.session.book.setting('committed')).toBe('1');
    expect(core.session.book.setting('torn')).toBeUndefined();
    expect(existsSync(place)).toBe(true);
  });
});
