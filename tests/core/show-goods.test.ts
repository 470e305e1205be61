import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** 保税展示: on show only as far as the guarantee goes, held in the ledger, ended by return or sale. */
let folder = '';
let core: Core;
let guaranteeId = 0;
let itemId = 0;
const today = '2026-11-22';

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-shows-'));
  core = coreAt(folder, { now: () => `${today}T04:00:00.000Z` });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  guaranteeId = (
    await must(core, 'guarantees.save', {
      ...{ kind: 'bank-letter', number: 'BH-1', issuer: '测试银行', amount: '1000' },
      ...{ validFrom: '2026-01-01', validTo: '2026-12-31' },
    })
  ).id;
  const { id: bookId } = await must(core, 'bonded.saveBook', {
    ...{ recordNo: 'T640726A0001', placeKind: 'zone', firmCode: firm.uscc, firmName: firm.name },
  });
  const item = { seq: 1, itemNo: 'P-1', name: '瓷瓶', hsCode: '6913900000', unit: '007' };
  itemId = (await must(core, 'bonded.saveItem', { bookId, ...item })).id;
  await must(core, 'bonded.move', {
    ...{ itemId, kind: 'import', on: '2026-11-01', paperKind: 'checklist', paperNo: 'QD1', paperLine: 1, qty: '10' },
  });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const goods = (more: Partial<InputOf<'shows.save'>> = {}): InputOf<'shows.save'> => ({
  ...{ itemId, name: '瓷瓶', unit: '007', qty: '4', value: '5000', duty: '600', guaranteeId, paperNo: 'ZS1' },
  ...{ place: '江门展示中心', sinceOn: '2026-11-10', dueOn: '2026-12-10' },
  ...more,
});
async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.path];
}
const guarantee = async () => {
  const [row] = (await must(core, 'guarantees.list', { date: today })).rows;
  return [row?.used, row?.free, row?.openUses];
};
const held = async () => {
  const { balance, onShow, free } = await must(core, 'bonded.item', { id: itemId });
  return { balance, onShow, free };
};

describe('goods on show', () => {
  it('take their part of one guarantee, never above what is free, and hold their item', async () => {
    const { id, free } = await must(core, 'shows.save', goods());
    expect(free).toBe('400.00');
    expect(await guarantee()).toEqual(['600.00', '400.00', 1]);
    expect(await held()).toEqual({ balance: '10', onShow: '4', free: '6' });
    expect(await refused('shows.save', goods({ paperNo: 'ZS2', duty: '400.01' }))).toEqual(['GUARANTEE_SHORT', 'duty']);
    expect(await refused('shows.save', goods({ paperNo: 'ZS2', duty: '1', qty: '6.5' }))).toEqual([
      'BONDED_SHORT',
      'qty',
    ]);
    expect(await refused('shows.save', goods({ duty: '1' }))).toEqual(['SHOW_PAPER_USED', 'paperNo']);
    expect(await refused('shows.save', goods({ paperNo: 'ZS2', duty: '0' }))).toEqual(['AMOUNT_INVALID', 'duty']);
    expect(await refused('shows.save', goods({ paperNo: 'ZS2', duty: '1', dueOn: '2027-01-01' }))).toEqual([
      'GUARANTEE_ENDS_FIRST',
      'dueOn',
    ]);
    expect(await refused('shows.save', goods({ paperNo: 'ZS2', duty: '1', dueOn: '2026-11-09' }))).toEqual([
      'DATE_ORDER',
      'dueOn',
    ]);
    expect(await refused('shows.save', goods({ paperNo: 'ZS2', duty: '1', unit: '011' }))).toEqual([
      'SHOW_UNIT',
      'unit',
    ]);
    // Nothing of what was refused is taken; a correction takes what it says now.
    expect(await guarantee()).toEqual(['600.00', '400.00', 1]);
    expect(await must(core, 'shows.save', goods({ id, duty: '1000', qty: '10' }))).toMatchObject({ free: '0.00' });
    expect(await held()).toEqual({ balance: '10', onShow: '10', free: '0' });
    expect(await refused('shows.save', goods({ id, duty: '1000.01' }))).toEqual(['GUARANTEE_SHORT', 'duty']);
    // Neither the ledger nor the guarantee lets go of it behind the show's back.
    const out = { kind: 'home', on: today, paperKind: 'declaration', paperNo: 'B1', paperLine: 1, qty: '1' } as const;
    expect(await refused('bonded.move', { itemId, ...out })).toEqual(['BONDED_SHORT', 'qty']);
    const { uses } = await must(core, 'guarantees.statement', {
      id: guaranteeId,
      from: '2026-01-01',
      to: '2026-12-31',
    });
    expect(uses).toMatchObject([{ subjectKind: 'show', label: 'ZS1', amount: '1000.00', takenOn: '2026-11-10' }]);
    expect(await refused('guarantees.release', { useId: uses[0]?.id ?? 0, date: today })).toMatchObject([
      'GUARANTEE_SHOWN',
      undefined,
    ]);
    expect(await guarantee()).toEqual(['1000.00', '0.00', 1]);
  });

  it('end by return and sale together: the guarantee is free, what was sold leaves the ledger', async () => {
    const { id } = await must(core, 'shows.save', goods());
    const end = { id, on: '2026-11-20', returned: '3', sold: '1', paperNo: 'B9' };
    expect(await refused('shows.end', { ...end, sold: '2' })).toEqual(['SHOW_SUM', 'returned']);
    expect(await refused('shows.end', { ...end, paperNo: '' })).toEqual(['SHOW_END_PAPER', 'paperNo']);
    expect(await refused('shows.end', { ...end, on: '2026-11-09' })).toEqual(['DATE_ORDER', 'on']);
    expect(await guarantee()).toEqual(['600.00', '400.00', 1]);
    expect(await must(core, 'shows.end', end)).toEqual({ free: '1000.00' });
    expect(await refused('shows.end', end)).toMatchObject(['SHOW_ENDED', undefined]);
    expect(await held()).toEqual({ balance: '9', onShow: '0', free: '9' });
    const [sale] = (await must(core, 'bonded.history', { id: itemId })).rows;
    expect(sale).toMatchObject({ kind: 'home', paperNo: 'B9', qty: '1', note: 'ZS1' });
    expect(await refused('bonded.void', { id: sale?.moveId ?? 0, reason: 'x' })).toMatchObject([
      'BONDED_MOVE_SHOWN',
      undefined,
    ]);

    await must(core, 'shows.reopen', { id });
    expect(await held()).toEqual({ balance: '10', onShow: '4', free: '6' });
    expect(await guarantee()).toEqual(['600.00', '400.00', 1]);
    await must(core, 'shows.end', { ...end, returned: '4', sold: '0', paperNo: '' });
    await must(core, 'guarantees.take', {
      id: guaranteeId,
      subjectKind: 'other',
      subjectId: 'X',
      amount: '500',
      date: today,
    });
    expect(await refused('shows.reopen', { id })).toEqual(['GUARANTEE_SHORT', 'duty']);
  });

  it('are told before the day they are due back, and no more once they are', async () => {
    const { id } = await must(core, 'shows.save', goods({ dueOn: '2026-11-25' }));
    const due = async () =>
      (await must(core, 'deadlines.list', { today, to: '2026-12-31' })).rows.flatMap(
        ({ rule, date, subject, detail, amount, reached, target }) =>
          rule === 'showReturn' ? [{ date, subject, detail, amount, reached, target }] : [],
      );
    expect(await due()).toEqual([
      {
        date: '2026-11-25',
        subject: 'ZS1',
        detail: '瓷瓶',
        amount: '600.00',
        reached: 3,
        target: `showGoods?at=${id}`,
      },
    ]);
    const list = await must(core, 'shows.list', {});
    expect(list).toMatchObject({
      open: 1,
      late: 0,
      duty: '600.00',
      rows: [{ guarantee: 'BH-1', itemNo: 'P-1', daysLeft: 3 }],
    });
    await must(core, 'shows.end', { id, on: today, returned: '4', sold: '0' });
    expect(await due()).toEqual([]);
  });

  it('need no ledger', async () => {
    const { id } = await must(core, 'shows.save', goods({ itemId: null }));
    expect(await held()).toEqual({ balance: '10', onShow: '0', free: '10' });
    expect(await must(core, 'shows.end', { id, on: today, returned: '0', sold: '4', paperNo: 'B1' })).toEqual({
      free: '1000.00',
    });
    expect(await held()).toEqual({ balance: '10', onShow: '0', free: '10' });
  });
});
