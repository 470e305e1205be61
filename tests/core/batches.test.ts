import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { addConflict, listConflicts } from '../../electron/core/store/conflicts.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** 集中申报、分批出区: released in parts never above the batch, declared together once. */
let folder = '';
let core: Core;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-batches-'));
  core = coreAt(folder, { now: () => '2026-11-22T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.params];
}
const shirts = { hsCode: '6109100021', name: '针织T恤', unit: '011', qty: '100', currency: '502', price: '2.5' };
const lamps = { hsCode: '9405210090', name: '台灯', unit: '001', qty: '10' };
const batch = { recordNo: 'QD640726A001', startsOn: '2026-11-01', dueOn: '2026-11-30' };

/** Puts a declaration where customs' answer would have put it. */
const force = (id: number, state: string, platformNo: string | null = null): void =>
  forceState(
    core.session.book,
    'UPDATE document SET state = ?, platform_no = coalesce(?, platform_no) WHERE id = ?',
    state,
    platformNo,
    id,
  );
/** A batch with a due date of which P1 went out. */
async function released() {
  const { id } = await must(core, 'batches.save', { ...batch, goods: [shirts] });
  const [shirt = { id: 0 }] = (await must(core, 'batches.get', { id })).lines;
  const lines = [{ goodId: shirt.id, qty: '60' }];
  await must(core, 'batches.release', { batchId: id, number: 'P1', on: '2026-11-05', lines });
  return {
    id,
    goodId: shirt.id,
    declare: async () =>
      (await must(core, 'batches.declare', { batchId: id, until: '2026-11-15', mode: '0110' })).documentId,
    undeclared: async () => (await must(core, 'batches.get', { id })).undeclared,
    due: async () =>
      (await must(core, 'deadlines.list', { today: '2026-11-22', to: '2026-12-31' })).rows.find(
        ({ rule }) => rule === 'collectiveDeclaration',
      )?.count ?? 0,
  };
}

describe('a batch', () => {
  it('goes out in parts, never more than it has, and is declared once', async () => {
    const { id } = await must(core, 'batches.save', { ...batch, goods: [shirts, lamps] });
    const get = () => must(core, 'batches.get', { id });
    const [shirt = { id: 0 }, lamp = { id: 0 }] = (await get()).lines;
    const out = (number: string, on: string, ...lines: readonly (readonly [number, string])[]) => ({
      ...{ batchId: id, number, on },
      lines: lines.map(([goodId, qty]) => ({ goodId, qty })),
    });
    await must(core, 'batches.release', out('P1', '2026-11-05', [shirt.id, '60'], [lamp.id, '4']));
    expect(await refused('batches.release', out('P2', '2026-11-10', [shirt.id, '40.5']))).toEqual([
      'BATCH_TOO_MUCH',
      { name: '针织T恤', left: '40' },
    ]);
    expect(await refused('batches.release', out('P1', '2026-11-10', [shirt.id, '1']))).toEqual([
      'BATCH_RELEASE_USED',
      { number: 'P1' },
    ]);
    expect(await refused('batches.release', out('P2', '2026-10-31', [shirt.id, '1']))).toMatchObject(['BATCH_DAY', {}]);
    await must(core, 'batches.release', out('P2', '2026-11-12', [shirt.id, '10']));
    await must(core, 'batches.release', out('P3', '2026-11-21', [shirt.id, '5']));
    expect((await get()).lines.map(({ released, declared, left }) => [released, declared, left])).toEqual([
      ['75', '0', '25'],
      ['4', '0', '6'],
    ]);
    const due = async () =>
      (await must(core, 'deadlines.list', { today: '2026-11-22', to: '2026-12-31' })).rows
        .filter(({ rule }) => rule === 'collectiveDeclaration')
        .map(({ date, subject, count }) => [date, subject, count]);
    expect(await due()).toEqual([['2026-11-30', batch.recordNo, 3]]);

    const made = await must(core, 'batches.declare', { batchId: id, until: '2026-11-15', mode: '0110' });
    expect(made.releases).toBe(2);
    const declaration = await must(core, 'documents.get', { id: made.documentId });
    expect(declaration.body).toMatchObject({
      DecHead: { TradeMode: '0110', NoteS: '集中申报 QD640726A001 P1 P2' },
      DecList: [
        {
          GNo: '1',
          CodeTS: '6109100021',
          GQty: '70',
          GUnit: '011',
          TradeCurr: '502',
          DeclPrice: '2.5',
          DeclTotal: '175',
        },
        { GNo: '2', CodeTS: '9405210090', GQty: '4', GUnit: '001' },
      ],
    });
    expect(await refused('batches.declare', { batchId: id, until: '2026-11-15', mode: '0110' })).toMatchObject([
      'BATCH_NOTHING',
      {},
    ]);
    const [first = { id: 0 }, , third = { id: 0 }] = (await get()).steps;
    expect(await refused('batches.void', { releaseId: first.id, reason: '录错' })).toMatchObject([
      'BATCH_RELEASE_DECLARED',
      { number: 'P1' },
    ]);
    expect((await must(core, 'batches.list', {})).rows).toMatchObject([
      { recordNo: batch.recordNo, releases: 3, undeclared: 1, isOpen: true, isLate: false },
    ]);
    // Given up, its releases are free again; a void one frees its goods.
    await must(core, 'documents.discard', { id: made.documentId });
    await must(core, 'batches.void', { releaseId: third.id, reason: '录错' });
    expect(await must(core, 'batches.get', { id })).toMatchObject({
      undeclared: 2,
      lines: [{ released: '70', declared: '0', left: '30' }, { left: '6' }],
    });
    const again = await must(core, 'batches.declare', { batchId: id, until: '2026-11-30', mode: '0110' });
    expect(again.releases).toBe(2);
  });

  it('is free again when the version after a rejection is given up', async () => {
    const { id, declare, undeclared, due } = await released();
    const made = await declare();
    force(made, 'rejected');
    const next = await must(core, 'documents.revise', { id: made });
    expect(await undeclared()).toBe(0);
    expect((await must(core, 'batches.get', { id })).steps).toMatchObject([{ document: { id: next.id } }]);
    expect(await due()).toBe(0);
    await must(core, 'documents.discard', { id: next.id });
    expect(await undeclared()).toBe(1);
    expect(await due()).toBe(1);
  });

  it('is not declared twice by filing a withdrawn declaration anew', async () => {
    const { id, declare, undeclared } = await released();
    const first = await declare();
    force(first, 'withdrawn', '640720260000000017');
    const second = await declare();
    const { businessKey } = await must(core, 'documents.get', { id: second });
    expect(await refused('documents.revise', { id: first })).toEqual([
      'BATCH_RELEASE_TAKEN',
      { number: 'P1', declaration: businessKey },
    ]);
    expect((await must(core, 'documents.get', { id: first })).state).toBe('withdrawn');
    // The other given up, the first may come back, and then the other may not.
    force(second, 'withdrawn', '640720260000000018');
    const again = await must(core, 'documents.revise', { id: first });
    expect(await undeclared()).toBe(0);
    expect(await refused('documents.revise', { id: second })).toMatchObject(['BATCH_RELEASE_TAKEN', { number: 'P1' }]);
    force(again.id, 'withdrawn', '640720260000000019');
    const [step] = (await must(core, 'batches.get', { id })).steps;
    await must(core, 'batches.void', { releaseId: step?.id ?? 0, reason: '录错' });
    expect(await refused('documents.revise', { id: again.id })).toEqual([
      'BATCH_RELEASE_TAKEN',
      { number: 'P1', declaration: '' },
    ]);
  });

  it('is declared by a withdrawn declaration again when a person says that it stands', async () => {
    const { id, declare, undeclared } = await released();
    const first = await declare();
    force(first, 'withdrawn', '640720260000000017');
    expect(await undeclared()).toBe(1);
    const { book } = core.session;
    const says = (documentId: number, theirs: string) => {
      addConflict(book, {
        ...{ kind: 'state', about: { documentId }, receiptId: undefined, ours: 'withdrawn', theirs, agreed: undefined },
        ...{ detail: { time: '20261121100000000' }, at: '2026-11-22T03:00:00.000Z' },
      });
      return {
        id: listConflicts(book, false, { after: undefined, limit: 9 }).rows[0]?.id ?? 0,
        choice: 'theirs',
        reason: '已电话核实',
      } as const;
    };
    const stands = says(first, 'accepted');
    // Its release went into another meanwhile: that one is given up first, or it would be declared twice.
    const second = await declare();
    const { businessKey } = await must(core, 'documents.get', { id: second });
    expect(await refused('outbox.choose', stands)).toEqual([
      'BATCH_RELEASE_TAKEN',
      { number: 'P1', declaration: businessKey },
    ]);
    expect((await must(core, 'documents.get', { id: first })).state).toBe('withdrawn');
    await must(core, 'documents.discard', { id: second });
    await must(core, 'outbox.choose', stands);
    expect((await must(core, 'documents.get', { id: first })).state).toBe('accepted');
    expect(await must(core, 'batches.get', { id })).toMatchObject({
      ...{ undeclared: 0, lines: [{ declared: '60' }], steps: [{ document: { id: first, state: 'accepted' } }] },
    });
    // Refused, it has nothing to take.
    await must(core, 'outbox.choose', says(second, 'rejected'));
    expect((await must(core, 'batches.get', { id })).steps).toMatchObject([{ document: { id: first } }]);
    expect(await refused('documents.revise', { id: second })).toMatchObject(['BATCH_RELEASE_TAKEN', { number: 'P1' }]);
  });

  it('keeps a good that a release names, also a void one, as it was released', async () => {
    const { id, goodId } = await released();
    const save = (...goods: InputOf<'batches.save'>['goods']) => ({ ...batch, id, goods });
    const named = ['BATCH_GOOD_NAMED', { name: shirts.name }];
    for (const change of [{ hsCode: '6109909050' }, { unit: '001' }, { currency: '142' }])
      expect(await refused('batches.save', save({ ...shirts, id: goodId, ...change }))).toEqual(named);
    await must(core, 'batches.save', save({ ...shirts, id: goodId, price: '2.6', name: 'T恤' }));
    await must(core, 'batches.save', save({ ...shirts, id: goodId }));
    const [step] = (await must(core, 'batches.get', { id })).steps;
    await must(core, 'batches.void', { releaseId: step?.id ?? 0, reason: '录错' });
    expect(await refused('batches.save', save(lamps))).toEqual(named);
    expect(await refused('batches.save', save({ ...shirts, id: goodId, unit: '001' }))).toEqual(named);
    expect((await must(core, 'batches.get', { id })).steps).toMatchObject([{ lines: [{ goodId, qty: '60' }] }]);
    // A good that no release names may go.
    await must(core, 'batches.save', save({ ...shirts, id: goodId }, lamps));
    await must(core, 'batches.save', save({ ...shirts, id: goodId, qty: '1' }));
    expect((await must(core, 'batches.get', { id })).lines).toMatchObject([{ id: goodId, qty: '1' }]);
  });

  it('has a good once in a release and in what is saved', async () => {
    const { id, goodId } = await released();
    const lines = [
      { goodId, qty: '1' },
      { goodId, qty: '2' },
    ];
    expect(await refused('batches.release', { batchId: id, number: 'P2', on: '2026-11-06', lines })).toEqual([
      'INPUT_INVALID',
      { field: 'lines', reason: 'the same good twice', kind: 'custom' },
    ]);
    const twice = { ...shirts, id: goodId };
    expect(await refused('batches.save', { ...batch, id, goods: [twice, twice] })).toMatchObject([
      'INPUT_INVALID',
      { field: 'goods' },
    ]);
  });

  it('keeps what went out when it is corrected, and its number is its own', async () => {
    const { id } = await must(core, 'batches.save', { ...batch, goods: [shirts, lamps] });
    const [shirt, lamp] = (await must(core, 'batches.get', { id })).lines;
    const goodId = shirt?.id ?? 0;
    await must(core, 'batches.release', {
      batchId: id,
      number: 'P1',
      on: '2026-11-05',
      lines: [{ goodId, qty: '60' }],
    });
    const save = (goods: InputOf<'batches.save'>['goods']) => ({ ...batch, id, goods });
    expect(await refused('batches.save', save([{ ...shirts, id: goodId, qty: '59' }]))).toEqual([
      'BATCH_GOOD_RELEASED',
      { name: '针织T恤', released: '60' },
    ]);
    expect(await refused('batches.save', save([{ ...lamps, id: lamp?.id }]))).toMatchObject([
      'BATCH_GOOD_RELEASED',
      {},
    ]);
    await must(
      core,
      'batches.save',
      save([
        { ...lamps, name: '落地灯' },
        { ...shirts, id: goodId, qty: '60' },
      ]),
    );
    expect((await must(core, 'batches.get', { id })).lines.map(({ name, left }) => [name, left])).toEqual([
      ['落地灯', '10'],
      ['针织T恤', '0'],
    ]);
    expect(await refused('batches.save', { ...batch, goods: [shirts] })).toEqual([
      'BATCH_NUMBER_USED',
      { number: batch.recordNo },
    ]);
    // The trigger stands behind the rule.
    expect(() =>
      core.session.book.prepare(`UPDATE release_batch_good SET qty_e5 = 5900000 WHERE id = ?`).run(goodId),
    ).toThrow(/more is released/);
  });
});
