import { describe, expect, it } from 'vitest';
import { applyAgain } from '../../electron/core/outbox/receipts.ts';
import { putRate } from '../../electron/core/store/rates.ts';
import { parkedReceipts, storeReceipts, unparkReceipts } from '../../electron/core/store/receipts.ts';
import { behave } from '../faults/support/desk-client.ts';
import { copNoOf, guidOf, message, paper } from '../faults/support/papers.ts';
import { outboxScenes, range } from '../fixtures/outbox-scene.ts';

const { scene } = outboxScenes('outbox-receipts');

describe('receipts', () => {
  it('twice and out of order amount to the same', async () => {
    const { platform, desk } = await scene();
    await behave(platform.url, { duplicateReceipts: true, reorderReceipts: true, seed: 11 });
    desk.queue(range(12));
    await desk.drainAll();
    expect(desk.states('document', `kind = 'CEB603Message'`)).toEqual({ closed: 12 });
    expect(desk.states('sales_order')).toEqual({ released: 12 });
    const doubled = desk.book
      .prepare(`SELECT count(*) AS n FROM transition WHERE event = 'release' GROUP BY subject_id HAVING n > 1`)
      .all();
    expect(doubled).toEqual([]);
  });

  it('about nothing we know are kept, shown and tried again', async () => {
    const { desk, clock } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const guid = guidOf('of a restored book');
    const xml = new TextDecoder().decode(message('CEB303Message', guid, [paper('CEB303Message', 8)]));
    storeReceipts(
      desk.book,
      'test',
      [
        { id: 'r1', messageGuid: guid, xml: xml.replaceAll('CEB303Message', 'CEB999Message') },
        { id: 'r2', messageGuid: guid, xml: '<broken' },
        { id: 'r3', messageGuid: guid, xml: returnOf('120', 8) },
        { id: 'r4', messageGuid: guidOf('message CEB303Message 1'), xml: returnOf('120', 2) },
        { id: 'r5', messageGuid: guidOf('message CEB303Message 1'), xml: returnOf('777', 1) },
        { id: 'r6', messageGuid: guidOf('message CEB303Message 1'), xml: returnOf('100', 1, '99999') },
      ],
      '999',
      clock.now(),
    );
    await desk.drainAll();
    expect(parkedReceipts(desk.book, { limit: 10 }).rows.map(({ problem }) => problem)).toEqual([
      'RECEIPT_UNREADABLE',
      'RECEIPT_UNREADABLE',
      'RECEIPT_MESSAGE_UNKNOWN',
      'RECEIPT_DOCUMENT_UNKNOWN',
      'RECEIPT_STATUS_UNKNOWN',
      'RECEIPT_UNREADABLE',
    ]);
    // Of somebody else's message nothing new can come: it is not read again.
    expect(unparkReceipts(desk.book)).toBe(5);
    expect(desk.states('receipt', `platform_id = 'r3'`)).toEqual({ parked: 1 });
    desk.queue([8], ['CEB303Message']);
    desk.book
      .prepare(`UPDATE receipt SET message_guid = ? WHERE platform_id = 'r3'`)
      .run(guidOf('message CEB303Message 8'));
    await desk.engine.drain({ forced: true });
    expect(parkedReceipts(desk.book, { limit: 10 }).total).toBe(5);
    // It speaks of a message that had not left from this book: proof that it is stored.
    expect(desk.states('message')).toEqual({ sent: 2 });
    expect(desk.states('document')).toEqual({ accepted: 2 });
  });

  it('of a time that no calendar has, or that fail of something else, are kept aside and hold up nobody', async () => {
    const { desk, clock } = await scene();
    putRate(
      desk.book,
      { kind: 'parity', currency: 'GBP', date: '2026-01-01', cnyPerUnit: '9', source: 'test' },
      clock.now(),
    );
    const [orders = '', , , lists = ''] = desk.queue(
      [1, 2],
      ['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB603Message'],
    );
    expect(desk.book.prepare('SELECT kind FROM message WHERE guid = ?').get(lists)).toEqual({ kind: 'CEB603Message' });
    const listReturn = (n: number, returnTime: string) =>
      new TextDecoder().decode(
        message('CEB604Message', guidOf(`604 ${n} ${returnTime}`), [
          {
            guid: guidOf(`return ${n}`),
            customsCode: '6407',
            ebpCode: '无',
            ebcCode: '91469002MA5T0TE5TR',
            agentCode: '91469002MA5T0TE5TR',
            copNo: copNoOf(n),
            invtNo: `64072026E0000000000${n}`,
            returnStatus: '800',
            returnTime,
            returnInfo: 'x',
          },
        ]),
      );
    const id = (n: number) =>
      (desk.book.prepare('SELECT id FROM document WHERE business_key = ?').get(copNoOf(n)) as { id: number }).id;
    // What a mistake of the program itself would look like.
    desk.book.db.exec(
      `CREATE TEMP TRIGGER broken BEFORE UPDATE OF status_code ON document WHEN NEW.id = ${id(2)}
         BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    storeReceipts(
      desk.book,
      'test',
      [
        { id: 'poison', messageGuid: lists, xml: listReturn(1, '20261399000000000') },
        { id: 'broken', messageGuid: lists, xml: listReturn(2, '20261121090000000') },
        { id: 'hour', messageGuid: lists, xml: listReturn(1, '20261121250000000') },
        { id: 'order', messageGuid: orders, xml: returnOf('120', 1) },
      ],
      '',
      clock.now(),
    );
    await desk.engine.drain({ forced: false });
    expect(parkedReceipts(desk.book, { limit: 10 }).rows.map(({ problem }) => problem)).toEqual([
      'RECEIPT_UNREADABLE',
      'RECEIPT_FAILED',
      'RECEIPT_UNREADABLE',
    ]);
    // Nothing of the one that failed is left, and the one behind it is applied.
    const items = desk.book.prepare('SELECT DISTINCT document_id AS id FROM receipt_item').all() as { id: number }[];
    expect(items.map((one) => one.id)).not.toContain(id(2));
    expect(desk.states('document', `kind = 'CEB303Message'`)['accepted']).toBeGreaterThanOrEqual(1);
    expect(desk.book.verifyAudit()).toMatchObject({ intact: true });
    desk.book.db.exec('DROP TRIGGER broken');
    const failed = parkedReceipts(desk.book, { limit: 10 }).rows.find(({ problem }) => problem === 'RECEIPT_FAILED');
    expect(applyAgain(desk.book, failed?.id ?? 0, clock.now())).toBeUndefined();
    expect(desk.states('document', `id = ${id(2)}`)).toEqual({ released: 1 });
  });

  it('of any number leave room for others while they are applied', async () => {
    const { desk, clock } = await scene();
    const many = range(200).map((n) => ({ id: `m${n}`, messageGuid: guidOf('nobody'), xml: returnOf('120', n) }));
    storeReceipts(desk.book, 'test', many, '', clock.now());
    let turns = 0;
    let isOver = false;
    const look = (): void => {
      if (isOver) return;
      if (desk.states('receipt')['stored'] !== undefined && desk.states('receipt')['parked'] !== undefined) turns += 1;
      setImmediate(look);
    };
    setImmediate(look);
    await desk.engine.drain({ forced: false });
    isOver = true;
    expect(turns).toBeGreaterThan(3);
    expect(desk.states('receipt')).toEqual({ parked: 200 });
  });

  it('that contradict each other are decided by time and noted', async () => {
    const { desk, clock } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const later = '20991231235959999';
    storeReceipts(
      desk.book,
      'test',
      [{ id: 'c1', messageGuid: guid ?? '', xml: returnOf('100', 1, later) }],
      '',
      clock.now(),
    );
    await desk.engine.drain({ forced: true });
    const [document] = desk.book.prepare('SELECT id, state, status_code AS code FROM document').all() as {
      id: number;
      state: string;
      code: string;
    }[];
    expect(document).toMatchObject({ state: 'rejected', code: '100' });
    expect(desk.eventsOf(String(document?.id)).slice(-2)).toEqual(['contradiction', 'reject']);
  });

  function returnOf(status: string, n: number, time = '20261121090000001'): string {
    const node = {
      guid: guidOf(`return ${n}`),
      ebpCode: '无',
      ebcCode: '91469002MA5T0TE5TR',
      orderNo: `T${String(n).padStart(6, '0')}`,
      returnStatus: status,
      returnTime: time,
      returnInfo: 'x',
    };
    return new TextDecoder().decode(message('CEB304Message', guidOf(`304 ${n} ${status}`), [node]));
  }
});
