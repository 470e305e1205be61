import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { regroup } from '../../electron/core/outbox/regroup.ts';
import {
  getMessage,
  markExported,
  mayHaveLeft,
  messageBytes,
  messagesToRegroup,
  moveMessage,
  withdrawMessage,
} from '../../electron/core/store/messages.ts';
import { documentStates, messageStates } from '../../shared/contract/filing.ts';
import { documentMachine } from '../../shared/sync/document-states.ts';
import { IllegalMove, statePairs } from '../../shared/sync/machine.ts';
import { messageMachine } from '../../shared/sync/message-states.ts';
import { forceState } from '../fixtures/force-state.ts';
import { outboxScenes, range } from '../fixtures/outbox-scene.ts';

const { scene } = outboxScenes('outbox-queue');

describe('the queue', () => {
  it('gives a message back before it has left, and not after', async () => {
    const { gateway, desk, clock } = await scene();
    const [first, second] = [...desk.queue([1], ['CEB303Message']), ...desk.queue([2], ['CEB303Message'])];
    desk.book.transaction(() => withdrawMessage(desk.book, first ?? '', clock.now()));
    expect(desk.states('document')).toEqual({ draft: 1, queued: 1 });
    gateway.decide = ({ path: at }) => (at.startsWith('/v1/messages/') ? 'drop-before' : 'pass');
    await desk.engine.drain({ forced: true });
    expect(mayHaveLeft(desk.book, second ?? '')).toBe(true);
    expect(() => moveMessage(desk.book, second ?? '', 'withdraw', clock.now())).toThrow(IllegalMove);
  });

  it('is not regrouped once a file of it was written, and never with what is out of date', async () => {
    const { desk, clock } = await scene();
    const [, list] = desk.queue(range(3), ['CEB303Message', 'CEB603Message'], { 1: { goodsValue: '9.99' } });
    const { book } = desk;
    const idOf = (kind: string, n: number) =>
      (
        book.prepare('SELECT id FROM document WHERE kind = ? AND order_id = ?').get(kind, desk.order(n)) as {
          id: number;
        }
      ).id;
    book.transaction(() => {
      book.prepare(`UPDATE document SET state = 'accepted' WHERE kind = 'CEB303Message'`).run();
      book.prepare(`UPDATE document SET state = 'rejected' WHERE id = ?`).run(idOf('CEB303Message', 1));
      book.prepare(`UPDATE document SET stale = 1 WHERE id = ?`).run(idOf('CEB603Message', 2));
    });
    expect(messagesToRegroup(book)).toEqual([
      {
        guid: list,
        stuck: [idOf('CEB603Message', 1), idOf('CEB603Message', 2)],
        free: [idOf('CEB603Message', 3)],
      },
    ]);
    expect(markExported(book, list ?? '', clock.now())).toBe(true);
    expect(mayHaveLeft(book, list ?? '')).toBe(true);
    expect(messagesToRegroup(book)).toEqual([]);
  });

  it('regroups past a message that was damaged meanwhile: it alone is refused', async () => {
    const { desk, clock } = await scene();
    const { book } = desk;
    const [, bad = ''] = desk.queue([1, 2], ['CEB303Message', 'CEB603Message']);
    const [, sound = ''] = desk.queue([3, 4], ['CEB303Message', 'CEB603Message']);
    book.transaction(() => {
      book.prepare(`UPDATE document SET state = 'accepted' WHERE kind = 'CEB303Message'`).run();
      for (const n of [1, 3])
        book
          .prepare(`UPDATE document SET state = 'rejected' WHERE kind = 'CEB303Message' AND order_id = ?`)
          .run(desk.order(n));
    });
    book.db.exec('DROP TRIGGER message_bytes_frozen');
    book
      .prepare(`UPDATE message_bytes SET bytes = x'3c' WHERE seq = (SELECT seq FROM message WHERE guid = ?)`)
      .run(bad);
    expect(regroup(book, clock.now())).toBe(1);
    expect([bad, sound].map((guid) => getMessage(book, guid)?.state)).toEqual(['refused', 'withdrawn']);
    const lists = book
      .prepare(`SELECT state, coalesce(status_info, '') AS info FROM document WHERE kind = 'CEB603Message' ORDER BY id`)
      .all() as { state: string; info: string }[];
    expect(lists.slice(0, 2)).toEqual(Array(2).fill({ state: 'rejected', info: 'MESSAGE_DAMAGED' }));
    expect(lists.slice(2).map(({ state }) => state)).toEqual(['draft', 'queued']);
    expect(messagesToRegroup(book)).toEqual([]);
  });

  it('is refused by the book itself every move that is not in the tables, and given every one that is', async () => {
    const { desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    const { book } = desk;
    const tables = [
      { table: 'message', states: messageStates, machine: messageMachine, where: `guid = '${guid}'` },
      { table: 'document', states: documentStates, machine: documentMachine, where: `message_guid = '${guid}'` },
    ] as const;
    for (const { table, states, machine, where } of tables) {
      const legal = new Set(statePairs<string, string>(machine).map((pair) => pair.join(' ')));
      let refused = 0;
      let skipped = 0;
      for (const from of states) {
        for (const to of states) {
          // Out of its first state a message comes with its signature only: that is tested where it is signed.
          if (from === to || (table === 'message' && from === 'unsigned' && to === 'queued')) {
            legal.delete(`${from} ${to}`);
            skipped += from === to ? 0 : 1;
            continue;
          }
          forceState(book, `UPDATE ${table} SET state = '${from}' WHERE ${where}`);
          const move = () => book.prepare(`UPDATE ${table} SET state = '${to}' WHERE ${where}`).run();
          if (table === 'document' && from === 'sent' && to === 'draft') {
            // Only of what a person said has left, and no message took along: see backups.test.ts.
            expect(move).toThrow('what a message took along was sent');
            legal.delete(`${from} ${to}`);
            skipped += 1;
          } else if (legal.has(`${from} ${to}`)) expect(move().changes, `${table} ${from} to ${to}`).toBe(1);
          else {
            expect(move, `${table} ${from} to ${to}`).toThrow(`not a move of the ${table} table`);
            refused += 1;
          }
        }
      }
      expect(refused).toBe(states.length * (states.length - 1) - legal.size - skipped);
    }
  });

  it('never changes what was frozen', async () => {
    const { desk } = await scene();
    const [guid] = desk.queue([1], ['CEB303Message']);
    const bytes = messageBytes(desk.book, guid ?? '');
    const row = desk.book.prepare('SELECT sha256 FROM message').get() as { sha256: string };
    expect(row.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const write = (sql: string) => () => desk.book.prepare(sql).run();
    expect(write(`UPDATE message_bytes SET bytes = x'00'`)).toThrow('a frozen message is immutable');
    expect(write(`UPDATE message SET sha256 = ''`)).toThrow('a frozen message is immutable');
    expect(write('DELETE FROM message_bytes')).toThrow('a message is kept');
    expect(() => desk.book.prepare('DELETE FROM message').run()).toThrow('a message is kept');
  });

  it('takes a thousand whole orders home in seconds', async () => {
    const { platform, desk } = await scene({ orderWaitMs: 20_000 });
    desk.connect(platform.url);
    desk.queue(range(1000));
    const from = performance.now();
    await desk.drainAll();
    const ms = Math.round(performance.now() - from);
    const receipts = desk.states('receipt')['applied'] ?? 0;
    console.log(
      `outbox: 1000 orders, 1000 waybills, 1000 lists sent, ${receipts} receipts (12000 returns) applied in ${ms} ms`,
    );
    expect(desk.states('sales_order')).toEqual({ released: 1000 });
  });
});
