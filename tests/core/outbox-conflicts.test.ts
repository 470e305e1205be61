import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chooseSide, differencesOf } from '../../electron/core/outbox/conflicts.ts';
import { httpTransport } from '../../electron/core/outbox/http-transport.ts';
import { contentOf, listConflicts } from '../../electron/core/store/conflicts.ts';
import { messageBytes } from '../../electron/core/store/messages.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { statisticsOf } from '../faults/support/desk-client.ts';
import { outboxScenes } from '../fixtures/outbox-scene.ts';

const { cleanUps, place, scene } = outboxScenes('outbox-conflicts');

describe('a platform that has something else under a GUID', () => {
  it('is not asked again and again for what it does not tell', async () => {
    const { platform, desk, clock } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    let asked = 0;
    const other = await TestDesk.create(place('desk'), clock, {
      transport: (_endpoint, signer) => ({
        ...httpTransport({ url: platform.url, signer, now: clock.now }),
        content: async () => {
          asked += 1;
          return { kind: 'rejected', code: 'NOT_FOUND', detail: '' };
        },
      }),
    });
    cleanUps.push(() => other.close());
    other.connect(platform.url);
    other.queue([1], ['CEB303Message'], { 1: { note: 'other bytes' } });
    await other.engine.drain({ forced: true });
    await other.engine.drain({ forced: true });
    const before = asked;
    expect(before).toBeGreaterThan(0);
    await other.engine.drain({ forced: false });
    await other.engine.drain({ forced: false });
    expect(asked).toBe(before);
    // After a while it may know better; a person who asks is not kept waiting.
    await other.engine.drain({ forced: true });
    expect(asked).toBe(before + 1);
    clock.forward(31 * 60_000);
    await other.engine.drain({ forced: false });
    expect(asked).toBe(before + 2);
  });

  it('knows the GUID with other bytes: nothing more is done until a person has chosen', async () => {
    const { platform, desk } = await scene();
    const [guid = ''] = desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const other = await TestDesk.create(place('desk'), desk.clock);
    cleanUps.push(() => other.close());
    other.connect(platform.url);
    other.queue([1], ['CEB303Message'], { 1: { note: 'other bytes' } });
    await other.engine.drain({ forced: true });
    await other.engine.drain({ forced: true });
    expect(other.states('message')).toEqual({ unknown: 1 });
    expect(other.states('document')).toEqual({ unknown: 1 });
    const { rows } = listConflicts(other.book, false, { after: undefined, limit: 10 });
    const mine = messageBytes(other.book, guid);
    const held = messageBytes(desk.book, guid);
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(rows).toMatchObject([{ kind: 'content', messageGuid: guid, ours: sha256(mine), theirs: sha256(held) }]);
    expect((await statisticsOf(platform.url)).accepted).toBe(1);
    const [{ id = 0 } = {}] = rows;
    // It tells what it holds, so that a person sees in what it differs.
    const theirs = contentOf(other.book, id);
    expect(theirs === undefined ? '' : sha256(theirs)).toBe(sha256(held));
    expect(differencesOf(mine, theirs ?? new Uint8Array())).toEqual([
      { position: 1, path: 'OrderHead/note', ours: 'other bytes', theirs: '' },
    ]);
    // The platform's stands: its receipts are applied now.
    chooseSide(other.book, { id, choice: 'theirs', reason: '另一台电脑已报' }, desk.clock.now());
    await other.drainAll();
    expect(other.states('message')).toEqual({ sent: 1 });
    expect(other.states('document')).toEqual({ accepted: 1 });
    expect(other.engine.status()).toMatchObject({ conflicts: 0 });
    expect(() => chooseSide(other.book, { id, choice: 'ours', reason: 'x' }, desk.clock.now())).toThrow(
      expect.objectContaining({ code: 'CONFLICT_DECIDED' }),
    );
  });

  it('sends the documents anew where the book keeps its own bytes', async () => {
    const { platform, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    await desk.drainAll();
    const other = await TestDesk.create(place('desk'), desk.clock);
    cleanUps.push(() => other.close());
    other.connect(platform.url);
    const [guid = ''] = other.queue([1], ['CEB303Message'], { 1: { note: 'other bytes' } });
    await other.engine.drain({ forced: true });
    const [{ id = 0 } = {}] = listConflicts(other.book, false, { after: undefined, limit: 10 }).rows;
    chooseSide(other.book, { id, choice: 'ours', reason: '平台上的不是这一批' }, desk.clock.now());
    expect(other.states('message')).toEqual({ withdrawn: 1, queued: 1 });
    await other.drainAll();
    expect(other.states('message')).toEqual({ withdrawn: 1, sent: 1 });
    expect(other.eventsOf(guid)).toEqual(['queue', 'lease', 'lose', 'regroup']);
    // The order number was used: customs says so itself.
    expect(other.states('document')).toEqual({ rejected: 1 });
  });
});
