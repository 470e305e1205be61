import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fetch, Response } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { findingsOf } from '../../electron/core/store/documents.ts';
import { chooseEndpoint, saveEndpoint } from '../../electron/core/store/endpoints.ts';
import { getMessage } from '../../electron/core/store/messages.ts';
import { unheardEndpoints } from '../../electron/core/store/restoring.ts';
import { servePlatform } from '../../platform/server.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { endpointSettings } from '../../shared/sync/endpoint-settings.ts';
import { health } from '../../shared/sync/protocol.ts';
import { resourcesFolder, TestDesk } from '../faults/support/desk.ts';
import { statisticsOf } from '../faults/support/desk-client.ts';
import { guidOf, message } from '../faults/support/papers.ts';
import { ExchangeClient } from '../fixtures/exchange-client.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/**
 * A book brought back from a copy, with a message in its queue that the book that was lost had taken back and filed anew under another GUID:
 * the same documents must not reach the platform twice.
 */
let folder = '';
let core: Core;
const kind = 'CEB303Message';

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-restored-'));
  core = coreAt(path.join(folder, 'home'));
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const deskOver = (name: string): TestDesk => TestDesk.over(core.session.book, path.join(folder, name));
const count = (where: string): number =>
  core.session.book
    .prepare(`SELECT count(*) FROM document WHERE kind = '${kind}' AND ${where}`)
    .pluck()
    .get() as number;
const drainUntil = async (desk: TestDesk, isDone: () => boolean): Promise<void> => {
  for (let round = 0; round < 60 && !isDone(); round++) await desk.engine.drain({ forced: true });
  expect(isDone(), JSON.stringify([desk.states('message'), desk.states('document'), desk.engine.status()])).toBe(true);
};

/** The sample book with its orders checked. @returns its id */
async function sample(): Promise<string> {
  const { bookId } = await must(core, 'books.createSample', {});
  const { rows } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  await must(core, 'documents.check', {});
  return bookId;
}

/** Queues the orders, copies the book, and takes them back in it. @returns the GUID of the message that waits in the copy */
async function copyAndTakeBack(): Promise<string> {
  const { documents, messages } = await must(core, 'documents.queue', { kind });
  expect([documents > 2, messages]).toEqual([true, 1]);
  const [row] = (await must(core, 'outbox.list', {})).rows;
  await must(core, 'books.backup', {});
  await must(core, 'outbox.withdraw', { guid: row?.guid ?? '' });
  await must(core, 'documents.check', { kind });
  return row?.guid ?? '';
}

/** Another text in one order, as its user would correct it. @returns its id */
function correctOne(): number {
  return core.session.book
    .prepare(
      `UPDATE document SET body = json_set(body, '$.OrderHead.note', '更正')
       WHERE id = (SELECT min(id) FROM document WHERE kind = '${kind}') RETURNING id`,
    )
    .pluck()
    .get() as number;
}

async function restore(bookId: string): Promise<void> {
  const from = { bookId };
  const { rows } = await must(core, 'books.backups', { from });
  const { name } = (await must(core, 'books.list', {})).books.find((one) => one.id === bookId) ?? { name: '' };
  const secret = { passphrase: samplePassphrase };
  await must(core, 'books.restore', { from, file: rows[0]?.file ?? '', secret, confirmName: name });
  core.session.book.setSetting('sync.paused', undefined);
}

const isHeard = (): boolean => unheardEndpoints(core.session.book).length === 0;
const isQuiet = (): boolean =>
  core.session.book.prepare(`SELECT 1 FROM message WHERE state IN ('queued','sending','unknown')`).get() === undefined;

describe('a queued message of a copy that the lost book had filed anew', () => {
  it('is withdrawn before it leaves: what stands as it was sent is sent, what differs is asked about', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const bookId = await sample();
      const lost = deskOver('lost');
      lost.connect(platform.url);
      const waiting = await copyAndTakeBack();
      const corrected = correctOne();
      const { documents } = await must(core, 'documents.queue', { kind });
      await drainUntil(lost, () => count(`state = 'accepted'`) === documents);
      const filed = await statisticsOf(platform.url);
      expect(filed).toMatchObject({ messages: 1, documents, keys: documents });

      await restore(bookId);
      const desk = deskOver('restored');
      const sent: string[] = [];
      desk.fetch = (...request) => {
        if (request[1]?.method === 'PUT') sent.push(String(request[0]));
        return fetch(...request);
      };
      await drainUntil(desk, () => isHeard() && isQuiet());
      await drainUntil(desk, () => count(`state = 'accepted'`) === documents - 1);
      expect(sent).toEqual([]);
      expect(getMessage(core.session.book, waiting)).toMatchObject({
        state: 'withdrawn',
        lastError: 'MESSAGE_LEFT_OTHERWISE',
      });
      expect(desk.eventsOf(waiting)).toEqual(['queue', 'doubt', 'miss', 'withdraw']);
      expect((await must(core, 'outbox.get', { guid: waiting })).timeline.at(-1)?.detail).toEqual({
        error: 'MESSAGE_LEFT_OTHERWISE',
      });
      // The one that was corrected stands otherwise at the platform.
      expect((await must(core, 'documents.get', { id: corrected })).state).toBe('draft');
      expect((await must(core, 'outbox.conflicts', { decided: false })).rows).toMatchObject([
        { kind: 'state', ours: 'draft', theirs: 'accepted', documentId: corrected },
      ]);
      await must(core, 'documents.check', { kind });
      expect(await must(core, 'documents.queue', { kind })).toMatchObject({ documents: 0, held: 1 });
      expect(findingsOf(core.session.book, corrected)).toContainEqual(expect.objectContaining({ rule: 'SENT-BEFORE' }));
      expect(await statisticsOf(platform.url)).toEqual(filed);
      expect(core.session.book.verifyAudit()).toMatchObject({ intact: true });
    } finally {
      await core.session.close();
      await platform.close();
    }
  });

  it('is withdrawn by what receipts say where the platform neither lists nor tells contents', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    const older: typeof fetch = async (...request) => {
      const answer = await fetch(...request);
      if (new URL(String(request[0])).pathname !== '/v1/health' || !answer.ok) return answer;
      const { capabilities, ...rest } = health.parse(await answer.json());
      const { arrivals: _, contents: __, ...others } = capabilities;
      return Response.json({ ...rest, capabilities: others });
    };
    try {
      const bookId = await sample();
      const lost = deskOver('lost');
      lost.fetch = older;
      lost.connect(platform.url);
      const waiting = await copyAndTakeBack();
      const { documents } = await must(core, 'documents.queue', { kind });
      await drainUntil(lost, () => count(`state = 'accepted'`) === documents);
      const filed = await statisticsOf(platform.url);

      await restore(bookId);
      const desk = deskOver('restored');
      desk.fetch = older;
      await drainUntil(desk, () => isHeard() && isQuiet());
      expect(getMessage(core.session.book, waiting)?.state).toBe('withdrawn');
      await must(core, 'documents.check', { kind });
      // Nobody can tell what stands there: a person is asked.
      expect(await must(core, 'documents.queue', { kind })).toMatchObject({ documents: 0, held: documents });
      expect((await must(core, 'documents.list', { kind, asked: true })).total).toBe(documents);
      expect(await statisticsOf(platform.url)).toEqual(filed);

      // Whoever says that they never left files them: a message that is lost on its way stays in the queue.
      await must(core, 'documents.sayLeft', { word: 'never' });
      await must(core, 'documents.check', { kind });
      await must(core, 'documents.queue', { kind });
      let puts = 0;
      desk.fetch = (...request) => {
        if (request[1]?.method !== 'PUT' || puts++ > 0) return older(...request);
        throw Object.assign(new TypeError('fetch failed'), {
          cause: Object.assign(new Error(), { code: 'ECONNRESET' }),
        });
      };
      const [anew] = (await must(core, 'outbox.list', {})).rows.filter(({ state }) => state === 'queued');
      await drainUntil(desk, () => isQuiet());
      expect(desk.eventsOf(anew?.guid ?? '')).toEqual(['queue', 'lease', 'lose', 'miss', 'lease', 'deliver']);
    } finally {
      await core.session.close();
      await platform.close();
    }
  });

  it('is withdrawn once a person says that an import client never took it, while its documents lie with the client', async () => {
    const client = new ExchangeClient(path.join(folder, 'client'), { movesRead: false });
    const bookId = await sample();
    const settings = endpointSettings.parse({ folders: client.folders });
    saveEndpoint(
      core.session.book,
      { id: 'client', url: '', name: '导入客户端', transport: 'folder', settings, practice: true },
      undefined,
    );
    chooseEndpoint(core.session.book, 'client');
    const waiting = await copyAndTakeBack();
    // Only one of them was filed anew.
    const [one] = (await must(core, 'documents.list', { kind, state: 'checked', limit: 1 })).rows;
    expect(await must(core, 'documents.queue', { kind, caseOf: one?.id ?? 0 })).toMatchObject({ documents: 1 });
    const lost = deskOver('lost');
    await lost.engine.drain({ forced: true });
    expect(client.take().length).toBe(1);
    await lost.engine.drain({ forced: true });
    const node = {
      ...{ guid: guidOf('a return'), ebpCode: '无', ebcCode: '91469002MA5T0TE5TR', orderNo: one?.businessKey },
      ...{ returnStatus: '120', returnTime: '20261121090000001', returnInfo: '已入库' },
    };
    client.answer('Receipt', guidOf('a name'), message('CEB304Message', guidOf('its message'), [node]));

    await restore(bookId);
    const desk = deskOver('restored');
    await drainUntil(desk, isHeard);
    expect(getMessage(core.session.book, waiting)).toMatchObject({ state: 'unknown', lastError: 'HANDOVER_NO_TRACE' });
    await must(core, 'outbox.neverSent', { guid: waiting });
    expect(getMessage(core.session.book, waiting)?.state).toBe('withdrawn');
    expect([count(`state = 'accepted'`), count(`state = 'draft'`)]).toEqual([1, count('1') - 1]);
    await desk.engine.drain({ forced: true });
    expect(client.names('outBox')).toEqual([]);
  });
});

describe('a document that lies at the platform and stands otherwise here', () => {
  it('is held before any receipt has come', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const bookId = await sample();
      const lost = deskOver('lost');
      lost.connect(platform.url);
      await must(core, 'books.backup', {});
      await must(core, 'documents.queue', { kind });
      await drainUntil(lost, isQuiet);
      await restore(bookId);
      const desk = deskOver('restored');
      // Customs take their time.
      desk.fetch = async (...request) =>
        new URL(String(request[0])).pathname === '/v1/receipts'
          ? Response.json({ receipts: [], next: '' })
          : fetch(...request);
      desk.connect(platform.url);
      const corrected = correctOne();
      await drainUntil(desk, isHeard);
      expect((await must(core, 'documents.get', { id: corrected })).state).toBe('checked');
      expect(await must(core, 'documents.queue', { kind })).toMatchObject({ documents: 0, held: 1 });
      expect(findingsOf(core.session.book, corrected)).toContainEqual(expect.objectContaining({ rule: 'SENT-BEFORE' }));
    } finally {
      await core.session.close();
      await platform.close();
    }
  });
});
