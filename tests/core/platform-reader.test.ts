import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ownReader, ReaderThread } from '../../platform/reader.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { guidOf, message, paper } from '../faults/support/papers.ts';

describe('messages read', () => {
  const program = path.join(temporaryFolder('platform-reader'), 'reader.mjs');
  // Says the GUID it was asked with, or breaks.
  writeFileSync(
    program,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ id, guid, bytes }) => {
       if (guid === 'broken') throw new Error('a mistake of the reader');
       if (guid === 'unreadable') parentPort.postMessage({ id, error: 'a mistake in one message' });
       else parentPort.postMessage({ id, arrival: { ok: false, code: guid, detail: String(bytes.length), findings: [] } });
     });`,
  );
  const thread = new ReaderThread(program);
  afterAll(() => thread.close());

  it('in another thread get the answer to their own question', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => thread.receive(`G${n}`, new Uint8Array(n * 100))),
    );
    expect(answers).toEqual(
      Array.from({ length: 50 }, (_, n) => ({ ok: false, code: `G${n}`, detail: String(n * 100), findings: [] })),
    );
  });

  it('fail alone where one cannot be read', async () => {
    const [before, bad, behind] = await Promise.allSettled(
      ['before', 'unreadable', 'behind'].map((guid) => thread.receive(guid, new Uint8Array(3))),
    );
    expect(before).toMatchObject({ status: 'fulfilled', value: { code: 'before' } });
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'a mistake in one message' } });
    expect(behind).toMatchObject({ status: 'fulfilled', value: { code: 'behind' } });
  });

  it('are not left waiting by a thread that ends, and the next is read by a new one', async () => {
    const [broken, behind] = await Promise.allSettled([
      thread.receive('broken', new Uint8Array()),
      thread.receive('behind', new Uint8Array()),
    ]);
    expect(broken).toMatchObject({ status: 'rejected', reason: { message: 'a mistake of the reader' } });
    expect(behind.status).toBe('rejected');
    expect(await thread.receive('again', new Uint8Array(7))).toMatchObject({ code: 'again', detail: '7' });
  });

  it('in the own thread hold the documents as they are stored', async () => {
    const guid = guidOf('one');
    const document = paper('CEB603Message', 1);
    const arrival = await ownReader(new Map()).receive(guid, message('CEB603Message', guid, [document]));
    if (!arrival.ok) throw new Error(arrival.detail);
    const [one] = arrival.message.documents;
    expect(JSON.parse(one?.body ?? '')).toEqual(document);
    expect(one).toMatchObject({
      orderNo: 'T000001',
      appType: '1',
      bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
