import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { contract, type InputOf, type OperationName } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const passphrase = 'correct horse battery';
let folder = '';
let core: Core;
let clock = 0;
const later = (seconds: number): void => {
  clock += seconds * 1000;
};
let recoveryKey = '';
const events: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-screen-'));
  clock = Date.parse('2026-11-20T01:00:00.000Z');
  events.length = 0;
  core = coreAt(path.join(folder, 'home'), {
    now: () => new Date(clock).toISOString(),
    emit: ({ name }) => void events.push(name),
  });
  ({ recoveryKey } = await must(core, 'books.create', { profile: firm, passphrase }));
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>): Promise<string> {
  const answer = await core.call(name, input);
  return answer.ok ? 'taken' : answer.error.code;
}

describe('a locked screen', () => {
  it('is answered nothing of the book, whatever is asked, until the passphrase is typed', async () => {
    await must(core, 'screen.lock', {});
    expect(await must(core, 'screen.get', {})).toMatchObject({ isLocked: true, name: firm.name, idleMinutes: 10 });
    const open = new Set<string>(['screen.get', 'screen.lock', 'screen.unlock', 'books.close']);
    for (const name of Object.keys(contract).filter((one) => !open.has(one))) {
      // The door is before the input is read, so that nothing of it is needed here.
      const answer = await core.callUnknown(name, {});
      expect(answer.ok ? 'taken' : answer.error.code, name).toBe('SCREEN_LOCKED');
    }
    expect(await refused('screen.unlock', { passphrase: 'wrong' })).toBe('PASSPHRASE_WRONG');
    expect(await refused('books.profile', {})).toBe('SCREEN_LOCKED');
    await must(core, 'screen.unlock', { passphrase });
    expect(await must(core, 'books.profile', {})).toMatchObject({ name: firm.name });
    expect(events).toEqual(expect.arrayContaining(['screen.locked', 'screen.unlocked']));
  });

  it('slows wrong tries down, many at once as well, and forgets them at a right one', async () => {
    await must(core, 'screen.lock', {});
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((one) => refused('screen.unlock', { passphrase: one })),
    );
    expect(answers).toEqual([...Array(3).fill('PASSPHRASE_WRONG'), ...Array(2).fill('PASSPHRASE_WAIT')]);
    expect(await must(core, 'screen.get', {})).toMatchObject({ waitSeconds: 5 });
    // The right one waits too: otherwise the wait would tell nothing.
    expect(await refused('screen.unlock', { passphrase })).toBe('PASSPHRASE_WAIT');
    later(5);
    expect(await refused('screen.unlock', { passphrase: 'f' })).toBe('PASSPHRASE_WRONG');
    expect(await must(core, 'screen.get', {})).toMatchObject({ waitSeconds: 10 });
    // A clock set back makes the wait no longer than it was.
    later(-86_400);
    expect(await must(core, 'screen.get', {})).toMatchObject({ waitSeconds: 10 });
    later(86_410);
    await must(core, 'screen.unlock', { passphrase });
    expect(await must(core, 'screen.get', {})).toMatchObject({ isLocked: false, waitSeconds: 0 });
  });

  it('may be left by closing the book, and then every book asks for its passphrase', async () => {
    const { bookId } = await must(core, 'books.profile', {});
    await must(core, 'screen.lock', {});
    await must(core, 'books.close', { keepKeys: true });
    expect(await must(core, 'screen.get', {})).toMatchObject({ isLocked: false });
    expect(await refused('books.switch', { bookId })).toBe('BOOK_KEY_NOT_HELD');
    // Wrong tries at the first page count like those at the lock.
    for (const wrong of ['a', 'b', 'c']) await refused('books.open', { bookId, secret: { passphrase: wrong } });
    expect(await refused('books.open', { bookId, secret: { passphrase } })).toBe('PASSPHRASE_WAIT');
    await must(core, 'books.open', { bookId, secret: { recoveryKey } });
    expect(await refused('books.changePassphrase', { current: passphrase, next: 'another passphrase' })).toBe(
      'PASSPHRASE_WAIT',
    );
  });

  it('locks after as many minutes as the book says, and the sample never by itself', async () => {
    await must(core, 'screen.setIdle', { minutes: 3 });
    expect(await must(core, 'screen.get', {})).toMatchObject({ idleMinutes: 3 });
  });
});

describe('roles', () => {
  const add = (name: string, more: object = {}) => must(core, 'clerks.save', { name, ...more });

  it('are refused while no owner has a PIN: anybody could choose to be the owner', async () => {
    expect(await refused('clerks.save', { name: '小王', role: 'maker' })).toBe('ROLE_NEEDS_OWNER');
    await add('老板', { pin: '2468' });
    await add('小王', { role: 'maker' });
    expect((await must(core, 'clerks.list', {})).rows.map(({ name, role, hasPin }) => [name, role, hasPin])).toEqual([
      ['小王', 'maker', false],
      ['老板', 'owner', true],
    ]);
  });

  it('give an owner without a PIN no more than a reader, and a new clerk nothing that was not given', async () => {
    const second = await add('合伙人');
    await add('老板', { pin: '2468' });
    await add('小王', { role: 'maker' });
    await must(core, 'clerks.choose', { id: second.id });
    expect(await refused('clerks.save', { id: second.id, name: '合伙人', pin: '1111' })).toBe('ROLE_REFUSED');
    const owner = (await must(core, 'clerks.list', {})).rows.find(({ name }) => name === '老板');
    await must(core, 'clerks.choose', { id: owner?.id ?? 0, pin: '2468' });
    await add('小赵');
    expect((await must(core, 'clerks.list', {})).rows.find(({ name }) => name === '小赵')?.role).toBe('reader');
  });

  it('are kept by the core: nobody in particular and readers only read', async () => {
    const owner = await add('老板', { pin: '2468' });
    const reader = await add('小李', { role: 'reader' });
    expect(await refused('books.updateProfile', { zone: '琼海' })).toBe('CLERK_NEEDED');
    expect(await refused('orders.list', {})).toBe('taken');
    await must(core, 'clerks.choose', { id: reader.id });
    expect(await refused('books.updateProfile', { zone: '琼海' })).toBe('ROLE_REFUSED');
    expect(await refused('clerks.save', { id: reader.id, name: '小李', role: 'owner' })).toBe('ROLE_REFUSED');
    expect(await refused('clerks.choose', { id: owner.id })).toBe('CLERK_PIN_WRONG');
    expect(await refused('clerks.choose', { id: owner.id, pin: '1357' })).toBe('CLERK_PIN_WRONG');
    expect(await refused('clerks.choose', { id: owner.id, pin: '0000' })).toBe('CLERK_PIN_WRONG');
    expect(await refused('clerks.choose', { id: owner.id, pin: '2468' })).toBe('CLERK_PIN_WAIT');
    later(5);
    await must(core, 'clerks.choose', { id: owner.id, pin: '2468' });
    await must(core, 'books.updateProfile', { zone: '琼海' });
    expect(await must(core, 'clerks.list', {})).toMatchObject({ role: 'owner', isProved: true, hasRoles: true });
  });

  it('ask for the PIN again after a lock and after the book was opened again; the recovery key stands for it', async () => {
    const owner = await add('老板', { pin: '2468' });
    await add('小李', { role: 'reader' });
    await must(core, 'clerks.choose', { id: owner.id, pin: '2468' });
    await must(core, 'screen.lock', {});
    await must(core, 'screen.unlock', { passphrase });
    expect(await refused('books.updateProfile', { zone: '琼海' })).toBe('CLERK_UNPROVED');
    await must(core, 'clerks.choose', { id: owner.id, pin: recoveryKey });
    await must(core, 'books.updateProfile', { zone: '琼海' });
    const { bookId } = await must(core, 'books.profile', {});
    await must(core, 'books.close', {});
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    expect(await must(core, 'clerks.list', {})).toMatchObject({ role: 'reader', isProved: false });
    expect(await refused('books.updateProfile', { zone: '三亚' })).toBe('CLERK_UNPROVED');
  });

  it('leave a book without roles as it was, and write no PIN down anywhere', async () => {
    const plain = await add('小王');
    await must(core, 'clerks.choose', { id: plain.id });
    await must(core, 'books.updateProfile', { zone: '琼海' });
    await add('老板', { pin: '97531864' });
    const { book } = core.session;
    const all = JSON.stringify([
      book.prepare('SELECT detail FROM audit').all(),
      book.prepare('SELECT pin FROM clerk').all(),
    ]);
    expect(all).not.toContain('97531864');
    expect(all).toContain('"N":16384'.replaceAll('"', '\\"'));
  });
});
