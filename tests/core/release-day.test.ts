import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { paper } from '../faults/support/papers.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Months and terms count from the release (放行) of a list, whenever it is closed (结关). */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-release-day-'));
let core: Core;
let clock = '2026-11-03T02:00:00.000Z';

beforeAll(async () => {
  core = coreAt(folder, { now: () => clock });
  await must(core, 'books.create', { profile: { ...firm, simplified: false }, passphrase: 'only for tests' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const numberOf = (n: number): string => `64072026E0000000${String(n).padStart(3, '0')}`;
/** A full list of a month end, closed in the month after: in either order, as receipts come. */
function released(n: number, order: readonly ['800' | '899', '800' | '899']): number {
  const list = changed('CEB603Message', paper('CEB603Message', n), { statisticsFlag: 'B' });
  const id = storeDraft(core, 'CEB603Message', list);
  const guid = fileDraft(core, id);
  const at = { '800': '20261031180000', '899': '20261102090000' };
  for (const status of order) answer(core, guid, status, at[status], { invtNo: numberOf(n) });
  return id;
}

describe('a list released on the last day of a month and closed in the next', () => {
  it.each([
    [1, ['800', '899']],
    [2, ['899', '800']],
  ] as const)('is of the month of its release, list %i of receipts %j', async (n, order) => {
    const planOf = (month: string): Promise<OutputOf<'summaries.plan'>> => must(core, 'summaries.plan', { month });
    const lists = (plan: OutputOf<'summaries.plan'>): number => plan.groups.reduce((sum, one) => sum + one.lists, 0);
    const had = lists(await planOf('2026-10'));
    const id = released(n, order);
    expect((await must(core, 'documents.get', { id })).state).toBe('closed');
    const october = await planOf('2026-10');
    expect(lists(october)).toBe(had + 1);
    expect(october.dueOn).toBe('2026-11-16');
    expect(lists(await planOf('2026-11'))).toBe(0);
  });

  it('is returned within the months that begin with its release', async () => {
    const id = released(3, ['800', '899']);
    const late = async (at: string, gnum: string) => {
      clock = at;
      const reason = '买家退货，原包装退回';
      const back = await must(core, 'documents.returnGoods', { id, reason, lines: [{ gnum, qty: '1' }] });
      return back.findings.filter(({ rule }) => rule === 'M-RETURN-LATE');
    };
    expect(await late('2027-04-30T02:00:00.000Z', '1')).toEqual([]);
    expect(await late('2027-05-01T02:00:00.000Z', '2')).toMatchObject([{ params: { last: '2027-04-30' } }]);
  });
});
