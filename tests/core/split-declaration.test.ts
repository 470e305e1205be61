import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** A declaration typed or imported with more items than one may have. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-split-'));
let core: Core;
beforeAll(async () => {
  core = coreAt(folder, { now: () => '2026-11-24T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Declaration {
  readonly DecHead: Record<string, string>;
  readonly DecList: Record<string, string>[];
  readonly Container?: Record<string, string>[];
  readonly LicenseDocu?: Record<string, string>[];
  readonly DecSign: Record<string, string>;
}
const bodyOf = async (id: number) => (await must(core, 'documents.get', { id })).body as unknown as Declaration;

/** A draft of so many items of growing totals, with containers and a paper. */
async function draft(items: number): Promise<number> {
  const { id } = await must(core, 'documents.create', { kind: 'DecMessage' });
  const lines = Array.from({ length: items }, (_, at) => ({
    GName: `商品${at + 1}`,
    CodeTS: '6912001000',
    GQty: '1',
    GUnit: '011',
    DeclPrice: String(at + 1),
    DeclTotal: String(at + 1),
    TradeCurr: 'USD',
  }));
  const operations: InputOf<'documents.edit'>['operations'] = [
    { op: 'insert', at: 1, lines },
    { op: 'delete', at: items + 1, count: 1 },
  ];
  await must(core, 'documents.edit', { id, operations });
  await must(core, 'documents.edit', {
    id,
    changes: [
      ...Object.entries({ PackNo: '12', GrossWet: '120.5', NetWt: '100', FeeMark: '3', FeeRate: '80' }).map(
        ([name, value]) => ({ path: `DecHead/${name}`, value }),
      ),
      { path: 'Container[1]/ContainerId', value: 'AAAU1234567' },
      { path: 'Container[1]/GoodsNo', value: '1,2' },
      { path: 'Container[2]/ContainerId', value: 'BBBU1234567' },
      { path: 'Container[2]/GoodsNo', value: `2,${items}` },
      { path: 'LicenseDocu[1]/DocuCode', value: 'B' },
      { path: 'LicenseDocu[1]/CertCode', value: 'CERT-1' },
    ],
  });
  return id;
}

it('becomes several of fifty, whose items, totals and containers are those it had', async () => {
  const id = await draft(120);
  const before = await must(core, 'documents.get', { id });
  expect((await must(core, 'documents.life', { id })).may.split).toBe(true);
  expect(before.findings.map(({ rule }) => rule)).toContain('DOC-TOO-MANY-LINES');
  const { documents } = await must(core, 'documents.split', { id });
  expect(documents.map(({ items }) => items)).toEqual([50, 50, 20]);
  expect(documents[0]).toMatchObject({ id, businessKey: before.businessKey });
  expect(new Set(documents.map(({ businessKey }) => businessKey)).size).toBe(3);
  const bodies = await Promise.all(documents.map((one) => bodyOf(one.id)));
  expect(bodies.flatMap(({ DecList }) => DecList.map(({ GName }) => GName))).toEqual(
    Array.from({ length: 120 }, (_, at) => `商品${at + 1}`),
  );
  for (const { DecList } of bodies)
    expect(DecList.map(({ GNo }) => GNo)).toEqual(DecList.map((_, at) => String(at + 1)));
  const amounts = await Promise.all(
    documents.map(async (one) => Number((await must(core, 'documents.get', { id: one.id })).amount)),
  );
  expect(amounts).toEqual([1275, 3775, 2210]);
  expect(amounts.reduce((sum, one) => sum + one, 0)).toBe(Number(before.amount));
  // A container is where its goods are, by their new numbers; what names none is in each.
  expect(
    bodies.map(({ Container = [] }) => Container.map(({ ContainerId, GoodsNo }) => [ContainerId, GoodsNo])),
  ).toEqual([
    [
      ['AAAU1234567', '1,2'],
      ['BBBU1234567', '2'],
    ],
    [],
    [['BBBU1234567', '20']],
  ]);
  for (const { LicenseDocu = [] } of bodies) expect(LicenseDocu).toMatchObject([{ CertCode: 'CERT-1' }]);
  // Whose the weights and packages are only a person knows: nothing is declared twice.
  expect(bodies[0]?.DecHead).toMatchObject({ PackNo: '12', GrossWet: '120.5', NetWt: '100', FeeRate: '80' });
  for (const { DecHead } of bodies.slice(1))
    expect([DecHead['PackNo'], DecHead['GrossWet'], DecHead['NetWt'], DecHead['FeeRate']]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  const { unconfirmed } = await must(core, 'entry.open', { id });
  expect([...unconfirmed].sort()).toEqual(['DecHead/FeeRate', 'DecHead/GrossWet', 'DecHead/NetWt', 'DecHead/PackNo']);
  for (const { id: one } of documents) {
    const { findings } = await must(core, 'documents.get', { id: one });
    expect(findings.map(({ rule }) => rule)).not.toContain('DOC-TOO-MANY-LINES');
    expect((await must(core, 'documents.life', { id: one })).may.split).toBe(false);
  }
});

it('is left as it is with fifty, or once a checker has approved it', async () => {
  const id = await draft(50);
  expect(await core.call('documents.split', { id })).toMatchObject({
    ...{ ok: false, error: { code: 'SPLIT_NOT_NEEDED', params: { items: 50, most: 50 } } },
  });
  const more = await draft(51);
  const { book } = core.session;
  book.prepare(`INSERT INTO clerk (id, name, created_at) VALUES (1, '林复核', 'n')`).run();
  book.prepare('INSERT INTO review_approval (document_id, clerk_id, at) VALUES (?, 1, ?)').run(more, 'n');
  const before = await bodyOf(more);
  expect(await core.call('documents.split', { id: more })).toMatchObject({
    ok: false,
    error: { code: 'DOCUMENT_APPROVED' },
  });
  expect(await bodyOf(more)).toEqual(before);
  book.prepare('DELETE FROM review_approval').run();
  expect((await must(core, 'documents.split', { id: more })).documents.map(({ items }) => items)).toEqual([50, 1]);
});
