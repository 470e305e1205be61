import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { importsOfBuyer } from '../../electron/core/store/check-facts.ts';
import type { RequestName } from '../../shared/documents/catalogue.ts';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import { parse5 } from '../../shared/money/decimal.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** What becomes of filed lists by customs' own word, and by applications that name them by their number. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-filed-life-'));
let core: Core;

beforeAll(async () => {
  core = coreAt(folder, { now: () => '2026-11-22T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'only for tests' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The sound document of a golden pair. */
function golden(kind: RequestName): AnyDocument {
  const text = readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'golden', `${kind}.json`), 'utf8');
  const [document] = (JSON.parse(text) as { documents: AnyDocument[] }).documents;
  if (document === undefined) throw new Error(kind);
  return document;
}
const get = (id: number) => must(core, 'documents.get', { id });
const stateOf = async (id: number) => (await get(id)).state;

describe('an import list', () => {
  it('that customs detains stays what it is, and counts no longer once its goods are sent back', async () => {
    const buyer = '110101199003070011';
    const head = { buyerIdType: '1', buyerIdNumber: buyer, appTime: '20261120090000' };
    const id = storeDraft(core, 'CEB621Message', changed('CEB621Message', golden('CEB621Message'), head));
    const guid = fileDraft(core, id);
    const year = () => importsOfBuyer(core.session.book, buyer, 2026, 'another').sumE5;
    const invtNo = '64072026I000000001';
    answer(core, guid, '120', '20261120100000', { invtNo });
    for (const [status, time] of [
      ['501', '20261120110000'],
      ['599', '20261120120000'],
    ] as const) {
      answer(core, guid, status, time, { invtNo });
      expect(await get(id)).toMatchObject({ state: 'accepted', statusCode: status });
    }
    expect(year()).toBeGreaterThan(parse5('0'));
    answer(core, guid, '700', '20261121100000', { invtNo });
    expect(await get(id)).toMatchObject({ state: 'withdrawn', statusCode: '700' });
    expect(year()).toBe(0n);
    expect((await get(id)).timeline.at(-1)).toMatchObject({ event: 'revoke', to: 'withdrawn' });
  });
});
