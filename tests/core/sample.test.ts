import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { verify } from '../../electron/core/keys/verify-signature.ts';
import { coreAt, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
let bookId = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-sample-'));
  core = coreAt(folder);
  ({ bookId } = await must(core, 'books.createSample', {}));
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sample book', () => {
  it('comes filled by the ordinary imports, with something left to do', async () => {
    expect((await must(core, 'orders.list', {})).total).toBe(60);
    expect((await must(core, 'products.list', { state: 'to-classify' })).rows.map(({ sku }) => sku)).toEqual([
      'YF-1020',
      'YF-1021',
    ]);
    expect(await must(core, 'orders.facets', {})).toMatchObject({ cancellations: 2, unknownCancellations: 1 });
    expect((await must(core, 'rates.list', { limit: 500 })).total).toBe(41);
    const { attention } = await must(core, 'today.get', { date: '2026-11-21' });
    expect(attention.map(({ code }) => code)).toEqual(['toClassify', 'countryUnknown', 'importRows']);
    expect((await must(core, 'books.list', {})).books).toMatchObject([{ id: bookId, isSample: true, isOpen: true }]);
  });

  it('drafts nearly all of its orders into papers that pass every check', async () => {
    const { rows } = await must(core, 'shipments.list', {});
    const [shipment] = rows;
    if (shipment === undefined) throw new Error('no shipment');
    const drafted = await must(core, 'shipments.draft', { id: shipment.id });
    expect(drafted.orders).toBeGreaterThanOrEqual(50);
    expect(drafted.orders + drafted.blockedTotal).toBe(60);
    const reasons = new Set(drafted.blocked.flatMap(({ reasons: of }) => of.map(({ code }) => code)));
    expect(reasons).toEqual(new Set(['NO_CLASSIFICATION', 'NO_COUNTRY', 'NO_WAYBILL']));
    const checked = await must(core, 'documents.check', {});
    const { rows: findings } = await must(core, 'documents.findings', { level: 'reject' });
    expect(findings).toEqual([]);
    expect(checked).toMatchObject({ reject: 0, documents: drafted.documents });
    await must(core, 'signing.createPractice', {});
    const queued = await must(core, 'documents.queue', {});
    expect(queued).toMatchObject({ held: 0, documents: drafted.documents });
    const out = path.join(folder, 'messages');
    mkdirSync(out);
    expect(await must(core, 'outbox.export', { to: out })).toEqual({ files: queued.messages });
    for (const name of readdirSync(out))
      expect(verify(readFileSync(path.join(out, name), 'utf8'))).toMatchObject({ ok: true });
  });

  it('opens by the passphrase everybody knows and goes in one click', async () => {
    await must(core, 'books.close', {});
    await must(core, 'books.open', { bookId, secret: { passphrase: 'portbook-sample' } });
    await must(core, 'books.delete', { bookId });
    expect((await must(core, 'books.list', {})).books).toEqual([]);
  });

  it('invents every person and every firm', () => {
    const text = ['orders', 'products', 'waybills', 'rates']
      .map((name) => readFileSync(core.resources.path('sample', `${name}.csv`), 'utf8'))
      .join('\n');
    expect(text).not.toMatch(/@|\d{15}/);
  });
});
