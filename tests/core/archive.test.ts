import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
const declarationNo = '640720260000000001';
let folder = '';
let core: Core;
let hasWindow = false;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-archive-'));
  hasWindow = false;
  core = coreAt(folder, {
    now: () => now,
    host: { ...bareHost, printPdf: async (html) => (hasWindow ? Buffer.from(`%PDF ${html.length}`) : undefined) },
  });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const insert = core.session.book.prepare(
    `INSERT INTO export_line (mode, declaration_no, line_no, export_date, hs_code, name, unit, qty_e5, currency, fob_minor, claimed_period, regime, created_at)
     VALUES ('0110', ?, ?, ?, '6109100021', 'T恤', '件', 100000, 'USD', 10000, ?, 'refund', ?)`,
  );
  insert.run(declarationNo, 1, '2026-02-10', '2026-04', now);
  insert.run(declarationNo, 2, '2026-02-10', '2026-04', now);
  insert.run('640720250000000009', 1, '2025-06-01', null, now);
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, content: string | Buffer): string => {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
};
const add = (paper: string, at: string, subjectId = declarationNo) =>
  must(core, 'archive.add', { subjectId, paper, file: at });
const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('papers on file', () => {
  it('are asked for by mode and date; what is missing is flagged and leaves the calendar when it is there', async () => {
    const { rows, incomplete, total } = await must(core, 'archive.list', {});
    expect({ incomplete, total }).toEqual({ incomplete: 1, total: 2 });
    expect(rows).toMatchObject([
      { declarationNo: '640720250000000009', missing: ['contract', 'transport'], keepUntil: null },
      { declarationNo, lines: 2, missing: ['contract', 'transport'], keepUntil: '2036-04-01', claimed: '2026-04' },
    ]);
    const due = async () =>
      (await must(core, 'deadlines.list', { today: '2026-11-21', kind: 'archive', state: 'open' })).rows.map(
        ({ subject }) => subject,
      );
    expect(await due()).toEqual([declarationNo]);
    await add('contract', file('合同.pdf', 'contract'));
    await add('transport', file('提单.pdf', 'bill'));
    expect((await must(core, 'archive.list', { missing: true })).rows.map((row) => row.declarationNo)).toEqual([
      '640720250000000009',
    ]);
    expect(await due()).toEqual([]);
    const one = await must(core, 'archive.get', { subjectId: declarationNo });
    expect(one.papers).toMatchObject([
      { paper: 'contract', fileName: '合同.pdf', sha256: sha256('contract'), size: 8, alsoOf: [] },
      {},
    ]);
    expect(one).toMatchObject({ retentionYears: 10, maxFileMb: 20 });
    expect(await must(core, 'archive.get', { subjectId: '640720250000000009' })).toMatchObject({ retentionYears: 5 });
  });

  it('are kept when removed, put back, and never twice for one subject; the same bytes elsewhere are flagged', async () => {
    const contract = file('c.pdf', 'contract');
    const { id } = await add('contract', contract);
    expect(
      await core.call('archive.add', { subjectId: declarationNo, paper: 'contract', file: contract }),
    ).toMatchObject({ error: { code: 'ARCHIVE_PAPER_THERE' } });
    expect((await add('contract', contract, '640720250000000009')).duplicates).toEqual([declarationNo]);
    expect((await must(core, 'archive.get', { subjectId: declarationNo })).papers[0]?.alsoOf).toEqual([
      '640720250000000009',
    ]);
    await must(core, 'archive.remove', { id, reason: '扫错' });
    expect((await must(core, 'archive.get', { subjectId: declarationNo })).papers).toMatchObject([
      { id, removedAt: now },
    ]);
    expect((await must(core, 'archive.list', { text: declarationNo })).rows[0]?.missing).toContain('contract');
    await must(core, 'archive.remove', { id, removed: false, reason: '没错' });
    expect((await must(core, 'archive.list', { text: declarationNo })).rows[0]?.missing).toEqual(['transport']);
  });

  it('are refused when empty, too large or of no known kind', async () => {
    const refused = (name: string, content: Buffer | string, paper = 'contract') =>
      core.call('archive.add', { subjectId: declarationNo, paper, file: file(name, content) });
    expect(await refused('a', '')).toMatchObject({ error: { code: 'FILE_EMPTY' } });
    expect(await refused('b', Buffer.alloc(20 * 1_048_576 + 1))).toMatchObject({
      error: { code: 'ARCHIVE_FILE_TOO_LARGE', params: { limitMb: 20 } },
    });
    expect(await refused('c', 'x', 'poem')).toMatchObject({ error: { code: 'ARCHIVE_PAPER_UNKNOWN' } });
  });

  it('are checked against their hashes', async () => {
    const { id } = await add('contract', file('c.pdf', 'contract'));
    expect(await must(core, 'archive.verify', {})).toEqual({ papers: 1, damaged: [] });
    core.session.book.prepare('UPDATE archive_paper SET content = ? WHERE id = ?').run(Buffer.from('forged'), id);
    expect(await must(core, 'archive.verify', {})).toMatchObject({ damaged: [{ id, fileName: 'c.pdf' }] });
    expect(await core.call('archive.export', { to: path.join(folder, 'x.zip') })).toMatchObject({
      error: { code: 'ARCHIVE_DAMAGED' },
    });
  });
});

describe('the export', () => {
  it.each([true, false])('carries every paper, an index and the sums of both (window: %s)', async (window) => {
    hasWindow = window;
    expect(await core.call('archive.export', { to: path.join(folder, 'x.zip') })).toMatchObject({
      error: { code: 'ARCHIVE_NOTHING' },
    });
    const large = Buffer.alloc(3_000_000, 7);
    await add('contract', file('合同 <1>.pdf', 'contract'));
    await add('transport', file('提单.jpg', large));
    const to = path.join(folder, 'papers.zip');
    const done = await must(core, 'archive.export', { to });
    expect(done).toMatchObject({ declarations: 1, papers: 2, index: window ? 'pdf' : 'html' });
    const bytes = readFileSync(to);
    expect(done.bytes).toBe(bytes.length);
    const entries = unzipSync(bytes);
    const sums = Buffer.from(entries['SHA256SUMS'] ?? [])
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('  '));
    expect(sums.map(([, name]) => name).sort()).toEqual(
      Object.keys(entries)
        .filter((name) => name !== 'SHA256SUMS')
        .sort(),
    );
    for (const [hash, name] of sums) expect(sha256(entries[name ?? ''] ?? new Uint8Array()), name).toBe(hash);
    expect(Object.keys(entries)).toContain(`${declarationNo}/contract-1-合同 _1_.pdf`);
    if (!window) expect(Buffer.from(entries['index.html'] ?? []).toString('utf8')).toContain('合同 _1_.pdf');
  });
});
