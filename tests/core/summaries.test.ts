import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { paper } from '../faults/support/papers.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Which lists of a month are still to be summed up (汇总申报), on the page and among the deadlines. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-summaries-'));
let core: Core;

beforeAll(async () => {
  core = coreAt(folder, { now: () => '2026-11-03T02:00:00.000Z' });
  // A firm that files simplified lists may still have filed full ones.
  await must(core, 'books.create', { profile: { ...firm, simplified: true }, passphrase: 'only for tests' });
  for (const [n, head] of [
    [1, { statisticsFlag: 'B' }],
    [2, { statisticsFlag: 'B', tradeMode: '9710' }],
    [3, { statisticsFlag: 'A' }],
  ] as const) {
    const id = storeDraft(core, 'CEB603Message', changed('CEB603Message', paper('CEB603Message', n), head));
    answer(core, fileDraft(core, id), '800', '20261031180000', { invtNo: `64072026E00000000${n}` });
  }
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('lists released in October', () => {
  const due = async () =>
    (await must(core, 'deadlines.list', { from: '2026-11-01', to: '2026-12-31' })).rows.filter(
      ({ rule }) => rule === 'monthlySummary',
    );

  it('are summed up but for those of 9710, and those that are only counted', async () => {
    const plan = await must(core, 'summaries.plan', { month: '2026-10' });
    expect(plan.groups.map(({ lists }) => lists)).toEqual([1]);
    expect(plan).toMatchObject({ statisticsOnly: 1, applied: 0, dueOn: '2026-11-16' });
  });

  it('are summed up by the version of the rule that the firm has made its own', async () => {
    const file = path.join(import.meta.dirname, '..', '..', 'resources', 'rules', 'customs-summary.json');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('"dayOfMonth": 15');
    const own = text.replace('"dayOfMonth": 15', '"dayOfMonth": 10');
    await must(core, 'rules.savePack', {
      id: 'customs-summary',
      body: JSON.parse(own),
      reason: '主管海关口径',
    });
    expect(await must(core, 'summaries.plan', { month: '2026-10' })).toMatchObject({ dueOn: '2026-11-10' });
    // The calendar says the same day: the pack of deadlines has none of its own.
    expect(await due()).toMatchObject([{ date: '2026-11-10', count: 1 }]);
    await must(core, 'rules.savePack', { id: 'customs-summary', body: JSON.parse(text), reason: '改回' });
  });

  it('are a deadline as long as one is open, whatever the profile says now', async () => {
    expect(await due()).toMatchObject([{ date: '2026-11-16', count: 1 }]);
    await must(core, 'summaries.draft', { month: '2026-10' });
    expect(await due()).toEqual([]);
  });
});
