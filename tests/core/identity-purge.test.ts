import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../electron/core/context.ts';
import { identityPurgeHandlers } from '../../electron/core/operations/identity-purge.ts';
import { Resources } from '../../electron/core/resources.ts';
import type { OperationName, ParsedInputOf } from '../../shared/contract/contract.ts';
import type { MessageName } from '../../shared/documents/spec.ts';
import { PortbookError } from '../../shared/errors.ts';
import { resourcesFolder, TestClock, TestDesk } from '../faults/support/desk.ts';

/** 购买人身份证号: taken out of documents whose papers are over, by decision, and of nothing else. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-identity-'));
const clock = new TestClock();
const NUMBER = '110101199003070011';
let desk: TestDesk;
let context: Context;
const now = '2026-11-22T04:00:00.000Z';

type Name = keyof typeof identityPurgeHandlers & OperationName;
const call = <N extends Name>(name: N, input: ParsedInputOf<N>) =>
  (identityPurgeHandlers[name] as (input: ParsedInputOf<N>, context: Context) => unknown)(input, context);
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof PortbookError) return error.code;
    throw error;
  }
  return 'none';
};
const get = () => identityPurgeHandlers['identityNumbers.get']({}, context);

const heads: Partial<Record<MessageName, readonly [head: string, field: string]>> = {
  CEB311Message: ['OrderHead', 'buyerIdNumber'],
  CEB411Message: ['PaymentHead', 'payerIdNumber'],
  CEB621Message: ['InventoryHead', 'buyerIdNumber'],
  CEB625Message: ['InvtRefundHead', 'buyerIdNumber'],
};
/** A document of an order as it ended, last touched on a day. */
function put(kind: MessageName, orderNo: string, state: string, day: string): number {
  const { book } = desk;
  const [head = '', field = ''] = heads[kind] ?? [];
  const fields = { orderNo, [field]: NUMBER, note: '毛重 1.5' };
  const body = head === '' ? { orderNo, buyerIdNumber: NUMBER } : { [head]: fields };
  const at = `${day}T00:00:00.000Z`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, order_id, shipment_id, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, 1, 'CNY', ?, 'test', ?, ?)`,
    )
    .run(kind, orderNo, `${kind} ${orderNo}`, desk.order(900), desk.shipment(), JSON.stringify(body), state, at, at);
  return Number(lastInsertRowid);
}
const bodyOf = (id: number): string =>
  (desk.book.prepare('SELECT body FROM document WHERE id = ?').get(id) as { body: string }).body;

/** What a payment firm answers: a number inside base64 of JSON, in a query. */
const encoded = (number: string): string =>
  `sign=ab12&biz=${encodeURIComponent(Buffer.from(JSON.stringify({ name: '张三', id: number, note: '>>?' })).toString('base64'))}`;
const ids: Record<string, number> = {};
beforeAll(async () => {
  desk = await TestDesk.create(path.join(folder, 'desk'), clock);
  const { book } = desk;
  context = {
    book,
    resources: new Resources(resourcesFolder),
    now: () => now,
    emit: () => undefined,
  } as unknown as Context;
  // Over for four years, a withdrawal and a return with it.
  ids['order'] = put('CEB311Message', 'A', 'accepted', '2022-11-01');
  ids['payment'] = put('CEB411Message', 'A', 'accepted', '2022-11-01');
  ids['list'] = put('CEB621Message', 'A', 'released', '2022-11-02');
  ids['return'] = put('CEB625Message', 'A', 'accepted', '2022-11-05');
  ids['withdrawal'] = put('CEB623Message', 'A', 'accepted', '2022-11-05');
  // Over for two years only; open; an order whose list never came; drafts.
  ids['young'] = put('CEB621Message', 'B', 'released', '2024-11-02');
  ids['old order'] = put('CEB311Message', 'C', 'accepted', '2022-11-01');
  ids['open list'] = put('CEB621Message', 'C', 'sent', '2022-11-01');
  ids['listless'] = put('CEB311Message', 'D', 'accepted', '2022-11-01');
  ids['rejected'] = put('CEB311Message', 'F', 'rejected', '2022-11-01');
  ids['queued'] = put('CEB311Message', 'G', 'queued', '2022-11-01');
  ids['draft'] = put('CEB311Message', 'E', 'draft', '2022-11-01');
  // What stands beside documents.
  const run = (message: string, startedAt: string): void => {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO import_run (kind, file_name, file_sha256, sheet, options, state, counts, started_at) VALUES ('documents', 'x.csv', '', '', ?, 'dry-run', '{}', ?)`,
      )
      .run(JSON.stringify({ mapping: {}, message }), startedAt);
    book
      .prepare(`INSERT INTO import_failure (run_id, row_no, cells, reasons, mended) VALUES (?, 2, ?, '[]', ?)`)
      .run(lastInsertRowid, JSON.stringify(['A', NUMBER]), JSON.stringify([NUMBER]));
  };
  run('CEB621Message', '2022-11-01T00:00:00.000Z');
  run('CEB621Message', '2025-11-01T00:00:00.000Z');
  run('CEB603Message', '2022-11-01T00:00:00.000Z');
  book
    .prepare(
      `INSERT INTO entry_template (kind, name, client, product, mode, body, updated_at) VALUES (?, 't', '', '', '', ?, ?)`,
    )
    .run('CEB621Message', JSON.stringify({ InventoryHead: { buyerIdNumber: NUMBER, buyerIdType: '1' } }), now);
  for (const orderNo of ['A', 'B'])
    book
      .prepare('INSERT INTO payment_original (order_no, body, saved_at) VALUES (?, ?, ?)')
      .run(orderNo, JSON.stringify({ initalRequest: `id=${NUMBER}&no=1`, initalResponse: encoded(NUMBER) }), now);
  book
    .prepare(
      `INSERT INTO data_request (session_id, endpoint, order_no, asked_at, received_at, state, answer) VALUES ('s', 'e', 'A', ?, ?, 'answered', ?)`,
    )
    .run(now, now, JSON.stringify({ id: NUMBER }));
});
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the purge of identity numbers', () => {
  it('is off until the firm says so, and never within the years of the law', () => {
    expect(get()).toMatchObject({ days: null, leastYears: 3, kept: 12, purged: 0, preview: null });
    expect(codeOf(() => call('identityNumbers.purge', { reason: '到期', expected: 0 }))).toBe('IDENTITY_PURGE_OFF');
    expect(codeOf(() => call('identityNumbers.configure', { days: 1095 }))).toBe('IDENTITY_DAYS_TOO_FEW');
    call('identityNumbers.configure', { days: 1096 });
    expect(get()).toMatchObject({ days: 1096 });
  });

  it('counts what it would touch, by the last paper of each order', () => {
    expect(get()).toMatchObject({
      preview: {
        before: '2023-11-22',
        documents: 5,
        numbers: 1,
        orders: 1,
        messages: 0,
        answers: 1,
        originals: 1,
        templates: 1,
        failedRows: 1,
      },
    });
    call('identityNumbers.configure', { days: 2000 });
    expect(get()).toMatchObject({ preview: { documents: 0 } });
    call('identityNumbers.configure', { days: 1096 });
  });

  it('is refused where the preview that was read is no longer what there is', () => {
    expect(codeOf(() => call('identityNumbers.purge', { reason: '到期', expected: 4 }))).toBe('IDENTITY_PURGE_CHANGED');
    expect(bodyOf(ids['list'] ?? 0)).toContain(NUMBER);
  });

  it('takes the numbers out and leaves everything else, with an entry that names nobody', () => {
    const before = bodyOf(ids['list'] ?? 0);
    expect(call('identityNumbers.purge', { reason: '保存期满', expected: 5 })).toEqual({ documents: 5 });
    expect(bodyOf(ids['list'] ?? 0)).toBe(before.replace(NUMBER, '***'));
    for (const name of ['order', 'payment', 'return', 'withdrawal'])
      expect(bodyOf(ids[name] ?? 0)).not.toContain(NUMBER);
    for (const name of ['young', 'old order', 'open list', 'listless', 'draft'])
      expect(bodyOf(ids[name] ?? 0)).toContain(NUMBER);
    expect(get()).toMatchObject({ kept: 7, purged: 5, preview: { documents: 0 } });
    const [entry] = desk.book.prepare(`SELECT detail FROM audit WHERE action = 'identity-numbers.purged'`).all() as {
      detail: string;
    }[];
    expect(entry?.detail).toContain('保存期满');
    expect(entry?.detail).not.toContain(NUMBER);
  });

  it('takes them out of what stands beside, but for what was signed', () => {
    const texts = (sql: string) => (desk.book.prepare(sql).all() as { text: string }[]).map(({ text }) => text);
    expect(texts('SELECT cells AS text FROM import_failure')).toHaveLength(2);
    expect(texts('SELECT body AS text FROM entry_template')).toEqual(['{"InventoryHead":{"buyerIdType":"1"}}']);
    expect(texts('SELECT body AS text FROM payment_original ORDER BY order_no')).toEqual([
      JSON.stringify({ initalRequest: 'id=***&no=1', initalResponse: encoded('***') }),
      JSON.stringify({ initalRequest: `id=${NUMBER}&no=1`, initalResponse: encoded(NUMBER) }),
    ]);
    expect(texts('SELECT answer AS text FROM data_request')).toEqual([JSON.stringify({ id: NUMBER })]);
  });

  it('goes on where nothing but a template or an old row is left', () => {
    const body = JSON.stringify({ InventoryHead: { buyerIdNumber: NUMBER } });
    desk.book
      .prepare(
        `INSERT INTO entry_template (kind, name, client, product, mode, body, updated_at) VALUES (?, 'u', '', '', '', ?, ?)`,
      )
      .run('CEB621Message', body, now);
    expect(get()).toMatchObject({ preview: { documents: 0, templates: 1, failedRows: 0 } });
    expect(call('identityNumbers.purge', { reason: '保存期满', expected: 0 })).toEqual({ documents: 0 });
    expect(get()).toMatchObject({ preview: { documents: 0, templates: 0 } });
  });

  it('is the one change a frozen document allows', () => {
    const change = (id: number, body: string) => () =>
      desk.book.prepare('UPDATE document SET body = ? WHERE id = ?').run(body, id);
    const young = ids['young'] ?? 0;
    expect(change(young, bodyOf(young).replace('1.5', '1.6'))).toThrow('immutable');
    expect(change(young, bodyOf(young).replace(NUMBER, '***').replace('1.5', '1.6'))).toThrow('immutable');
    expect(change(young, bodyOf(young).replace(NUMBER, 'x'))).toThrow('immutable');
    expect(bodyOf(young)).toContain(NUMBER);
    // Nor before the paper is over, nor twice.
    for (const name of ['rejected', 'queued', 'open list']) {
      const id = ids[name] ?? 0;
      expect(change(id, bodyOf(id).replace(NUMBER, '***'))).toThrow('immutable');
    }
    const list = ids['list'] ?? 0;
    expect(change(list, bodyOf(list))).toThrow('immutable');
    change(young, bodyOf(young).replace(NUMBER, '***'))();
    expect(bodyOf(young)).not.toContain(NUMBER);
  });
});
