import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { insertProduct } from '../../electron/core/store/products.ts';
import { putTariff } from '../../electron/core/store/tariff.ts';
import { ceb603 } from '../../shared/documents/index.ts';
import { linesOf, type Values } from '../../shared/documents/spec.ts';
import { noProduct } from '../../shared/import/products.ts';
import * as messages from '../../shared/rules/customs/message-cases.testing.ts';
import { logisticsNoOf, paper } from '../faults/support/papers.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Checks of lists that ask the book, tripped by what is in it. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-list-checks-'));
let core: Core;
let serial = 0;
const now = '2026-11-21T02:00:00.000Z';

beforeAll(async () => {
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: { ...firm, zone: '' }, passphrase: 'only for tests' });
  await must(core, 'rates.set', { currency: 'GBP', date: '2026-11-02', cnyPerUnit: '9.5', source: '测试' });
  const { book } = core.session;
  insertProduct(book, 'DUTY', 'DUTY', { ...noProduct, hsCode: '2602000000' }, now);
  insertProduct(book, 'LICENCE', 'LICENCE', { ...noProduct, hsCode: '6913900000', needsLicence: true }, now);
  const rates = { inForceFrom: '2026-01-01', conditions: '', inspection: '', source: '测试' };
  putTariff(book, { ...rates, hsCode: '2602000000', exportDutyRate: '0.2' }, now);
  putTariff(book, { ...rates, hsCode: '1604209990', conditions: 'AB' }, now);
  putTariff(book, { ...rates, hsCode: '6912001000', exportDutyRate: '0' }, now);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A list of parcel n as it is stored, other in head and first line. */
function list(n: number, head: Values = {}, line: Values = {}): number {
  const body = paper('CEB603Message', n);
  const lines = linesOf(ceb603, body).map((one, at) => (at === 0 ? { ...one, ...line } : one));
  return storeDraft(core, 'CEB603Message', changed('CEB603Message', body, { copNo: `COP${++serial}`, ...head }, lines));
}
async function found(id: number) {
  await must(core, 'documents.check', {});
  return (await must(core, 'documents.get', { id })).findings;
}
const rules = async (id: number): Promise<string[]> => (await found(id)).map(({ rule }) => rule);

describe('a simplified list', () => {
  it('passes with goods that nothing stands against, and is told that the profile names no zone', async () => {
    const id = list(1);
    expect((await rules(id)).filter((rule) => rule.startsWith('C-'))).toEqual(['C-SIMPLIFIED-ZONE']);
    await must(core, 'books.updateProfile', { zone: firm.zone ?? '' });
    expect((await rules(id)).filter((rule) => rule.startsWith('C-'))).toEqual([]);
  });

  it.each([
    ['a licence by the product library', { itemNo: 'LICENCE' }, '许可证件（涉证）'],
    ['export duty by the tariff of the product’s code', { itemNo: 'DUTY' }, '出口关税（涉税）'],
    ['inspection by the tariff of the code typed', { gcode: '1604209990' }, '出境检验检疫（涉检）'],
  ])('is refused for %s', async (_, line, reason) => {
    expect(await found(list(10 + ++serial, {}, line))).toContainEqual(
      expect.objectContaining({ rule: 'C-SIMPLIFIED', level: 'reject', params: expect.objectContaining({ reason }) }),
    );
  });

  it('is doubted above the cap of its mode', async () => {
    // 525.50 pounds and 0.85 are 5,000.33 yuan at 9.5.
    const line = { qty: '1', price: '525.5', totalPrice: '525.5', qty1: '1' };
    expect(await found(list(2, {}, line))).toContainEqual(
      expect.objectContaining({ rule: 'C-SIMPLIFIED-CAP', params: { cny: '5000.33', cap: '5000' } }),
    );
    expect(await rules(list(3, { statisticsFlag: 'B' }, line))).not.toContain('C-SIMPLIFIED-CAP');
  });

  it('has as many real digits as its mode asks for', async () => {
    expect(await rules(list(4, {}, { gcode: '6913000000' }))).not.toContain('C-HS-HEADING');
    expect(await found(list(5, { tradeMode: '9710' }, { gcode: '6913000000' }))).toContainEqual(
      expect.objectContaining({ rule: 'C-HS-HEADING', params: expect.objectContaining({ digits: 6 }) }),
    );
  });
});

describe('goods that a list may not have', () => {
  it.each([
    ['a licence', '9710', { itemNo: 'LICENCE' }, '许可证件（涉证）'],
    ['export duty', '9810', { itemNo: 'DUTY' }, '出口关税（涉税）'],
    ['inspection', '9710', { gcode: '1604209990' }, '出境检验检疫（涉检）'],
  ])('are found for %s under %s, simplified or not', async (_, tradeMode, line, reason) => {
    for (const statisticsFlag of ['A', 'B']) {
      const here = (await found(list(40 + ++serial, { tradeMode, statisticsFlag }, line))).filter(
        ({ rule }) => rule === 'C-LIST-GOODS' || rule === 'C-SIMPLIFIED',
      );
      expect(here).toEqual([
        expect.objectContaining({
          rule: 'C-LIST-GOODS',
          level: 'reject',
          path: 'InventoryList[1]/gcode',
          params: expect.objectContaining({ reason, mode: tradeMode }),
        }),
      ]);
    }
  });

  it('are any under 9610 in full', async () => {
    const line = { itemNo: 'LICENCE' };
    expect(await rules(list(40 + ++serial, { statisticsFlag: 'B' }, line))).not.toContain('C-LIST-GOODS');
    expect(await rules(list(40 + ++serial, { tradeMode: '9710', statisticsFlag: 'B' }))).not.toContain('C-LIST-GOODS');
  });
});

describe('a refund on simplified goods', () => {
  it('is doubted where the firm does not file simplified, under every mode with such a form', async () => {
    const refund = expect.objectContaining({ rule: 'C-SIMPLIFIED-REFUND', level: 'doubt' });
    expect(await found(list(40 + ++serial))).not.toContainEqual(refund);
    await must(core, 'books.updateProfile', { simplified: false });
    for (const tradeMode of ['9610', '9710'])
      expect(await found(list(40 + ++serial, { tradeMode }))).toContainEqual(refund);
    expect(await found(list(40 + ++serial, { statisticsFlag: 'B' }))).not.toContainEqual(refund);
    await must(core, 'books.updateProfile', { simplified: true });
  });
});

describe('the list of a waybill', () => {
  const master = (n: number): number => {
    const body = messages.sound('CEB607Message');
    Object.assign(body.head, { copNo: `MASTER${++serial}` });
    body.lines.splice(1);
    Object.assign(body.lines[0] ?? {}, { logisticsNo: logisticsNoOf(n) });
    return storeDraft(core, 'CEB607Message', messages.bodyOf('CEB607Message', body));
  };

  it('is the one that customs sent back, whatever draft or copy has its number since', async () => {
    const guid = fileDraft(core, list(80));
    answer(core, guid, '100', '20261121100000');
    const draft = list(80);
    expect(await rules(master(80))).toContain('M-LIST-REJECTED');
    await must(core, 'documents.discard', { id: draft });
    expect(await rules(master(80))).toContain('M-LIST-REJECTED');
    // Filed anew it is on its way, and stands before the one that came back.
    fileDraft(core, list(80));
    expect(await rules(master(80))).not.toContain('M-LIST-REJECTED');
  });
});

describe('the waybill of a list', () => {
  const filed = (n: number, appTime: string): void => {
    const guid = fileDraft(core, list(n, { appTime }));
    answer(core, guid, '800', `${appTime.slice(0, 8)}100000`, {
      invtNo: `64072026E${String(++serial).padStart(9, '0')}`,
    });
  };

  it('is used once among lists that are not filed yet', async () => {
    const id = list(20);
    expect(await rules(id)).not.toContain('C-WAYBILL-BATCH');
    list(20);
    expect(await found(id)).toContainEqual(
      expect.objectContaining({ rule: 'C-WAYBILL-BATCH', params: expect.objectContaining({ count: 2 }) }),
    );
    // Another carrier's number of the same look is another number.
    const other = list(21);
    list(21, { logisticsCode: '4603960TST' });
    expect(await rules(other)).not.toContain('C-WAYBILL-BATCH');
  });

  it('is not used again within six months, and may be after them', async () => {
    filed(22, '20260522090000');
    expect(await found(list(22))).toContainEqual(
      expect.objectContaining({ rule: 'C-WAYBILL-REUSE', params: expect.objectContaining({ lastUsed: '2026-05-22' }) }),
    );
    filed(23, '20260521090000');
    const later = await rules(list(23));
    expect(later).not.toContain('C-WAYBILL-REUSE');
    expect(later).not.toContain('C-WAYBILL-BATCH');
  });
});
