import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { Book, bookFile } from '../../electron/core/store/book.ts';
import { openDatabase, renewStatistics } from '../../electron/core/store/database.ts';
import { isNumberTaken, isNumberUsed } from '../../electron/core/store/entry.ts';
import { withdrawEarlier } from '../../electron/core/store/export-releases.ts';
import { migrate } from '../../electron/core/store/migrate.ts';
import { migrations } from '../../electron/core/store/migrations/index.ts';
import { draftListsLike, filedVersionOf } from '../../electron/core/store/mode-changes.ts';
import { isUsedByDocument } from '../../electron/core/store/parcels.ts';
import { messagesSpokenOf } from '../../electron/core/store/restored.ts';
import { type PaperKind, paper } from '../faults/support/papers.ts';
import { orderOf, shipmentOf } from '../faults/support/queue.ts';
import { answer, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { smallDisk } from '../fixtures/small-disk.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/**
 * By which index a paper is found does not depend on what the book holds: without figures of its indexes, or with those of
 * three papers, the engine goes through all papers of a kind for each that it looks for.
 */
const now = '2026-11-21T02:00:00.000Z';
const passphrase = 'only for tests';
/** Papers of a kind in a grown book. */
const many = 5000;
const homes: string[] = [];
let core: Core;
/** What is asked while papers are stored, checked, changed, filed and released, of papers and of what endpoints said. */
let asked: string[] = [];

beforeAll(async () => {
  core = coreAt(home(), { now: () => now });
  await must(core, 'books.create', { profile: { ...firm, ebpCode: '无' }, passphrase });
  asked = await askedDuring(core, work);
});
afterAll(async () => {
  await core.close();
  for (const one of homes) rmSync(one, { recursive: true, force: true });
});

function home(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'portbook-plans-'));
  homes.push(made);
  return made;
}

async function askedDuring({ session: { book } }: Core, during: () => Promise<void>): Promise<string[]> {
  const all = new Set<string>();
  const spy = vi.spyOn(book, 'prepare').mockImplementation((sql) => {
    all.add(sql);
    return Book.prototype.prepare.call(book, sql);
  });
  await during();
  spy.mockRestore();
  return [...all].filter((sql) => /business_key (=|IN) |logisticsNo|r\.endpoint/.test(sql));
}

async function work(): Promise<void> {
  const { book } = core.session;
  const store = (kind: PaperKind, n: number): number => storeDraft(core, kind, paper(kind, n));
  const order = store('CEB303Message', 1);
  store('CEB505Message', 1);
  const list = store('CEB603Message', 1);
  const of = { orderId: orderOf(book, now, 2), shipmentId: shipmentOf(book, now) };
  const drafted = storeDraft(core, 'CEB603Message', paper('CEB603Message', 2), of);
  await must(core, 'documents.check', {});
  await must(core, 'documents.edit', { id: order, changes: [{ path: 'OrderHead/orderNo', value: 'A1' }] });
  expect(isNumberTaken(book, 'CEB303Message', 'A1')).toBe(true);
  expect(isNumberUsed(book, 'CEB303Message', 'A2')).toBe(false);
  expect(filedVersionOf(book, list)).toBeUndefined();
  expect(draftListsLike(book, list, '9610')).toEqual([]);
  expect(messagesSpokenOf(book, 'none')).toEqual([]);
  await must(core, 'parcels.list', { used: true });
  await must(core, 'parcels.month', { period: '2026-11' });
  expect(isUsedByDocument(book, 'A1')).toBe(false);
  answer(core, fileDraft(core, drafted), '800', '20261121093000', { invtNo: '640720260000000001' }, now);
  withdrawEarlier(book, { id: list, kind: 'CEB603Message', businessKey: 'A1' } as never, '2026-11-21', now);
}

async function reopen(): Promise<void> {
  const at = homes[0] ?? '';
  const { bookId } = await must(core, 'books.list', {}).then(({ books }) => ({ bookId: books[0]?.id ?? '' }));
  await core.close();
  core = coreAt(at, { now: () => now });
  await must(core, 'books.open', { bookId, secret: { passphrase } });
}

/** Stores so many lists that stand for themselves. */
function fillWith(book: Book, papers: number): void {
  book.db
    .prepare(
      `WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       SELECT 'CEB603Message', 'G' || i, 'G' || i, json_object('InventoryHead', json_object('orderNo', 'G' || i, 'logisticsNo', 'G' || i)),
         0, 'GBP', 'draft', 'test', ?, ? FROM n`,
    )
    .run(papers, now, now);
}

/** By statement, how the open book would find what it asks for. */
const plansIn = ({ session: { book } }: Core): Map<string, string[]> =>
  new Map(
    asked.map((sql) => {
      const steps = book.db.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll(/[:@]\w+|\?/g, `'x'`)}`).all();
      return [sql, (steps as { detail: string }[]).map(({ detail }) => detail)] as const;
    }),
  );
const figuresIn = ({ session: { book } }: Core): unknown[] =>
  book.db.prepare('SELECT * FROM sqlite_stat1 ORDER BY tbl, idx').all();

/** Among all papers, all of a kind, or all of those without an order. */
const isThroughAll = (step: string, sql: string): boolean =>
  /^SCAN (document|[delrsv])\b/.test(step) ||
  /^SEARCH (document|[delrsv]) .*\((kind=\?|endpoint=\?)\)$/.test(step) ||
  (/order_id IS NULL/.test(sql) && /^SEARCH (document|[delrsv]) .*\(order_id=\?/.test(step));

describe('what a book looks up by number', () => {
  it('is found by the number in a new book', () => {
    expect(asked.length).toBeGreaterThan(12);
    const through = [...plansIn(core)].filter(([sql, steps]) => steps.some((step) => isThroughAll(step, sql)));
    expect(through).toEqual([]);
  });

  it('of a parcel is found by its number, which a column of text alone would keep from the index of what is in a body', () => {
    const ofParcels = [...plansIn(core)].filter(([sql]) => sql.includes('waybill_no'));
    // The register's rows, its counts and its month, and whether a number is used.
    expect(ofParcels.length).toBeGreaterThanOrEqual(4);
    for (const [sql, steps] of ofParcels) {
      const used = steps.filter((step) => /document_(list_waybill|import_list_waybill|declaration_bill)\b/.test(step));
      expect(used.length, sql).toBeGreaterThanOrEqual(3);
      for (const step of used) expect(step, sql).toMatch(/^SEARCH d .*\(<expr>=\?\)/);
    }
  });

  it('is found the same way in a book of a few papers, and in a grown one, once they are opened again', async () => {
    const plans = plansIn(core);
    const figures = figuresIn(core);
    await reopen();
    expect(plansIn(core)).toEqual(plans);
    fillWith(core.session.book, many);
    await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 });
    await reopen();
    expect(plansIn(core)).toEqual(plans);
    expect(figuresIn(core)).toEqual(figures);
  });

  it('is found so as well in a book from before, which had learned otherwise', () => {
    const addon = process.env['PORTBOOK_SQLITE_ADDON'];
    const db = new Database(':memory:', addon === undefined ? {} : { nativeBinding: addon });
    const before = migrations.filter(({ id }) => id < 1000);
    migrate(db, now, () => undefined, before.slice(0, 1));
    migrate(db, now, () => undefined, before);
    db.exec('ANALYZE');
    const learned = db.prepare('SELECT count(*) AS n FROM sqlite_stat1').get() as { n: number };
    expect(learned.n).toBeGreaterThan(0);
    migrate(db, now, () => undefined);
    expect(db.prepare('SELECT * FROM sqlite_stat1 ORDER BY tbl, idx').all()).toEqual(figuresIn(core));
    db.close();
  });

  it('is closed at once while another program writes', () => {
    const { book } = core.session;
    const other = openDatabase(path.join(book.folder, bookFile), book.copyKey());
    const figures = figuresIn(core);
    other.exec('BEGIN IMMEDIATE');
    renewStatistics(book.db);
    other.exec('ROLLBACK');
    renewStatistics(book.db);
    other.close();
    expect(figuresIn(core)).toEqual(figures);
  });

  it('is closed at once and whole where the disk is full', async ({ skip }) => {
    const disk = smallDisk(path.join(home(), 'disk'), 64);
    if (disk === undefined) return skip();
    try {
      const own = coreAt(path.join(disk.at, 'home'), { now: () => now });
      await must(own, 'books.create', { profile: { ...firm, ebpCode: '无' }, passphrase });
      const { book } = own.session;
      fillWith(book, many);
      book.db.pragma('wal_checkpoint(TRUNCATE)');
      await must(own, 'documents.list', { kind: 'CEB603Message', limit: 1 });
      const figures = figuresIn(own);
      const filler = path.join(disk.at, 'filler');
      for (const part of [1024 * 1024, 4096, 1])
        expect(() => {
          for (;;) appendFileSync(filler, Buffer.alloc(part));
        }).toThrow('ENOSPC');
      expect(() => book.db.exec('CREATE TABLE more (a) STRICT')).toThrow();
      const [file, key] = [path.join(book.folder, bookFile), book.copyKey()];
      const from = performance.now();
      await own.close();
      expect(performance.now() - from).toBeLessThan(3000);
      rmSync(filler);
      const db = openDatabase(file, key);
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.prepare('SELECT count(*) AS n FROM document').get()).toEqual({ n: many });
      expect(db.prepare('SELECT * FROM sqlite_stat1 ORDER BY tbl, idx').all()).toEqual(figures);
      db.close();
    } finally {
      disk.unmount();
    }
  });

  it('has figures of every index of its papers: without them the engine would guess', () => {
    const { db } = core.session.book;
    const without = db
      .prepare(
        `SELECT i.name FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.name IN ('document', 'receipt')
           AND i.name NOT IN (SELECT idx FROM sqlite_stat1)`,
      )
      .all();
    expect(without).toEqual([]);
  });
});
