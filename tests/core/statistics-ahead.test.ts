import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { keepStatisticsAhead } from '../../electron/core/statistics-ahead.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import { exportsOf } from '../fixtures/statistics-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Figures of months that are counted while nothing is asked of the core. */
describe('statistics counted ahead', () => {
  let folder = '';
  let core: Core;
  let end = (): void => undefined;
  const failed = vi.fn();
  const passphrase = 'correct horse battery';

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-statistics-ahead-'));
    core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase });
    exportsOf(core.session.book);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    end = keepStatisticsAhead(core.session, failed);
  });
  afterEach(async () => {
    end();
    vi.useRealTimers();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
    expect(failed).not.toHaveBeenCalled();
  });

  const kept = (): unknown =>
    core.session.book.prepare('SELECT DISTINCT period FROM statistics_kept ORDER BY period').pluck().all();
  const months = ['2025-10', '2026-09', '2026-10', '2026-11'];

  it('begins when the book was left alone for a while and takes one part at a time', async () => {
    await vi.advanceTimersByTimeAsync(2000);
    expect(kept()).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(kept()).toEqual(['2026-11']);
    await vi.advanceTimersByTimeAsync(20);
    expect(kept()).toEqual(['2026-10', '2026-11']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(kept()).toEqual(months);
  });

  it('counts again what a change took away, and writes nothing where there was none', async () => {
    await vi.advanceTimersByTimeAsync(6000);
    expect(kept()).toEqual(months);
    const mark = core.session.book.changeMark();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(core.session.book.changeMark()).toBe(mark);
    core.session.book.prepare(`UPDATE export_line SET fob_fen = 1 WHERE export_date LIKE '2026-09%'`).run();
    expect(kept()).not.toContain('2026-09');
    await vi.advanceTimersByTimeAsync(6000);
    expect(kept()).toEqual(months);
  });

  it('waits while a call is under way, goes on after it, and stops where the screen is locked or the book closed', async () => {
    let finish = (): void => undefined;
    const call = core.session.track(new AbortController(), () => new Promise<void>((done) => (finish = done)));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kept()).toEqual([]);
    finish();
    await call;
    await vi.advanceTimersByTimeAsync(4000);
    expect(kept()).toEqual(['2026-11']);
    core.session.lock();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kept()).toEqual(['2026-11']);
    await core.session.close();
    await vi.advanceTimersByTimeAsync(60_000);
  });

  it('leaves a book alone in which another process writes, and comes back to it', async () => {
    const { book } = core.session;
    const key = book.copyKey();
    const other = openDatabase(path.join(book.folder, 'book.portbook'), key);
    try {
      other.exec('BEGIN IMMEDIATE');
      other.prepare(`INSERT INTO setting (key, value) VALUES ('other', '1')`).run();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(kept()).toEqual([]);
      other.exec('COMMIT');
      await vi.advanceTimersByTimeAsync(10_000);
      expect(kept()).toEqual(months);
    } finally {
      other.close();
      key.fill(0);
    }
  });
});
