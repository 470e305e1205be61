import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { fetch, Response } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpIfDue, keepBackedUp } from '../../electron/core/backups.ts';
import type { Core } from '../../electron/core/core.ts';
import { findingsOf } from '../../electron/core/store/documents.ts';
import { chooseEndpoint, saveEndpoint } from '../../electron/core/store/endpoints.ts';
import { getMessage } from '../../electron/core/store/messages.ts';
import {
  listedTo,
  noteListed,
  noteListedTo,
  noteRestored,
  unheardEndpoints,
} from '../../electron/core/store/restoring.ts';
import { servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { endpointSettings } from '../../shared/sync/endpoint-settings.ts';
import { health } from '../../shared/sync/protocol.ts';
import { resourcesFolder, TestDesk } from '../faults/support/desk.ts';
import { statisticsOf } from '../faults/support/desk-client.ts';
import { guidOf, message } from '../faults/support/papers.ts';
import { queuePapers } from '../faults/support/queue.ts';
import { ExchangeClient } from '../fixtures/exchange-client.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const passphrase = 'correct horse battery';
let folder = '';
let core: Core;
let now = '2026-11-20T01:00:00.000Z';
let bookId = '';
let recoveryKey = '';

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-backups-'));
  now = '2026-11-20T01:00:00.000Z';
  core = coreAt(path.join(folder, 'home'), { now: () => now });
  ({ bookId, recoveryKey } = await must(core, 'books.create', { profile: firm, passphrase }));
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>): Promise<string> {
  const answer = await core.call(name, input);
  return answer.ok ? 'taken' : answer.error.code;
}
/** Drafts of which only a person can say whether they left; undefined: the book is no restored one. */
async function askedOf(): Promise<number | undefined> {
  const { restored } = await must(core, 'sync.status', {});
  return restored?.asked.reduce((sum, { documents }) => sum + documents, 0);
}
const here = () => path.join(core.session.book.folder, 'backups');

describe('backups by themselves', () => {
  it('are made once a day in China, with the keys beside them, unless turned off', async () => {
    const { book } = core.session;
    expect(backUpIfDue(book, () => now, 'open')).toBe(true);
    expect(backUpIfDue(book, () => now, 'closing')).toBe(false);
    now = '2026-11-20T15:59:00.000Z';
    expect(backUpIfDue(book, () => now, 'closing')).toBe(false);
    // Midnight in China.
    now = '2026-11-20T16:00:00.000Z';
    expect(backUpIfDue(book, () => now, 'closing')).toBe(true);
    expect(readdirSync(here()).sort()).toEqual([
      // Of the same day by its name: the rotation keeps the later.
      'book-20261120T160000000Z.portbook',
      'keys.json',
    ]);
    await must(core, 'books.setBackups', { isAutomatic: false });
    now = '2026-11-25T01:00:00.000Z';
    expect(backUpIfDue(book, () => now, 'open')).toBe(false);
    expect(await must(core, 'books.health', {})).toMatchObject({ backsUpByItself: false });
  });

  it('take away what a copy that was cut short left, once nobody can be at it any more', async () => {
    await must(core, 'books.backup', {});
    const [left, begun] = ['book-20261101T010000000Z.portbook.partial', 'book-20261119T010000000Z.portbook.partial'];
    for (const name of [left, begun]) writeFileSync(path.join(here(), name), 'half a copy');
    const old = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(path.join(here(), left), old, old);
    now = '2026-11-21T01:00:00.000Z';
    await must(core, 'books.backup', {});
    expect(readdirSync(here())).not.toContain(left);
    expect(readdirSync(here())).toContain(begun);
  });

  it('come when the book closes, and one that fails keeps nobody from closing', async () => {
    const failures: unknown[] = [];
    const end = keepBackedUp(
      core.session,
      () => now,
      (error) => void failures.push(error),
    );
    const at = core.session.book.folder;
    await must(core, 'books.close', {});
    expect(readdirSync(path.join(at, 'backups'))).toContain('book-20261120T010000000Z.portbook');
    await must(core, 'books.open', { bookId, secret: { passphrase } });
    now = '2026-11-22T01:00:00.000Z';
    rmSync(here(), { recursive: true });
    writeFileSync(here(), 'a file where the folder should be');
    await must(core, 'books.close', {});
    expect(failures).toHaveLength(1);
    end();
  });
});

/** Puts the book back as it was when its only backup was made, and lets its queue go. */
async function restoreAndResume(): Promise<TestDesk> {
  const from = { bookId };
  const { rows } = await must(core, 'books.backups', { from });
  const file = rows[0]?.file ?? '';
  await must(core, 'books.restore', { from, file, secret: { passphrase }, confirmName: firm.name });
  const desk = TestDesk.over(core.session.book, path.join(folder, 'restored'));
  // On hold nothing is asked, sent or signed.
  await desk.engine.drain({ forced: true });
  core.session.book.setSetting('sync.paused', undefined);
  return desk;
}

/** The sample book with checked papers of its first shipment. @returns its id */
async function draftedSample(): Promise<string> {
  now = new Date().toISOString();
  const { bookId: id } = await must(core, 'books.createSample', {});
  const { rows: shipments } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: shipments[0]?.id ?? 0 });
  await must(core, 'documents.check', {});
  return id;
}

/** Puts the sample book back as it was when its only backup was made. @returns when that was */
async function restoreSample(id: string): Promise<string | undefined> {
  const from = { bookId: id };
  const { rows } = await must(core, 'books.backups', { from });
  const { name } = (await must(core, 'books.list', {})).books.find((one) => one.id === id) ?? { name: '' };
  const secret = { passphrase: samplePassphrase };
  await must(core, 'books.restore', { from, file: rows[0]?.file ?? '', secret, confirmName: name });
  return rows[0]?.at;
}

describe('a queue restored', () => {
  it('is asked about before it leaves: what was sent since is filed once, what was not is sent', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const lost = TestDesk.over(core.session.book, path.join(folder, 'lost'));
      lost.connect(platform.url);
      const guids = lost.queue([1, 2, 3], ['CEB303Message', 'CEB403Message', 'CEB505Message']);
      await must(core, 'books.backup', {});
      const [first = ''] = guids;
      // On a busy machine the platform may not answer the first knock in time.
      for (let round = 0; round < 30 && lost.states('message')['sent'] === undefined; round++)
        await lost.engine.drain({ forced: true, only: [first] });
      expect(lost.states('message')).toEqual({ sent: 1, queued: 2 });
      const desk = await restoreAndResume();
      expect(desk.states('message')).toEqual({ unknown: 3 });
      await desk.drainAll();
      expect(desk.states('message')).toEqual({ sent: 3 });
      expect(desk.states('document')).toEqual({ accepted: 9 });
      for (const guid of guids) expect(desk.eventsOf(guid).slice(0, 2)).toEqual(['queue', 'doubt']);
      expect(desk.eventsOf(first)).not.toContain('lease');
      expect(await statisticsOf(platform.url)).toMatchObject({ messages: 3, documents: 9, duplicates: 0, resends: 0 });
    } finally {
      await platform.close();
    }
  });

  it('is not put into an exchange folder a second time once its file was cleared away', async () => {
    const client = new ExchangeClient(path.join(folder, 'client'), { movesRead: false });
    const lost = TestDesk.over(core.session.book, path.join(folder, 'lost'));
    const settings = endpointSettings.parse({ folders: client.folders });
    saveEndpoint(
      core.session.book,
      { id: 'client', url: '', name: '导入客户端', transport: 'folder', settings, practice: undefined },
      undefined,
    );
    chooseEndpoint(core.session.book, 'client');
    const [guid = ''] = lost.queue([1], ['CEB303Message']);
    await must(core, 'books.backup', {});
    await lost.engine.drain({ forced: true });
    rmSync(path.join(client.folders.outBox, `${guid}.xml`));
    const desk = await restoreAndResume();
    await desk.engine.drain({ forced: true });
    expect(client.names('outBox')).toEqual([]);
    expect(getMessage(core.session.book, guid)).toMatchObject({ state: 'unknown', lastError: 'HANDOVER_NO_TRACE' });
  });
});

describe('drafts restored', () => {
  const counts = () =>
    Object.fromEntries(
      (
        core.session.book.prepare('SELECT state, count(*) AS n FROM document GROUP BY state').all() as {
          state: string;
          n: number;
        }[]
      ).map(({ state, n }) => [state, n]),
    );
  const syncAll = async () => {
    for (let round = 0; round < 30; round++) if ((await must(core, 'sync.now', {})).awaitingReceipt === 0) return;
  };

  /** A platform whose customs can be closed: messages are stored, and no receipt is written of them until they open. */
  async function slowCustoms() {
    const dataFolder = path.join(folder, 'platform');
    let platform = await servePlatform({ port: 0, dataFolder, resourcesFolder });
    const { url, port } = platform;
    const change = async (sql: string): Promise<void> => {
      await platform.close();
      const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
      const db = new Database(
        path.join(dataFolder, 'platform.sqlite'),
        nativeBinding === undefined ? {} : { nativeBinding },
      );
      db.exec(sql);
      db.close();
      platform = await servePlatform({ port, dataFolder, resourcesFolder });
    };
    return {
      url,
      shut: () => change(`CREATE TRIGGER shut BEFORE INSERT ON receipt BEGIN SELECT RAISE(ABORT, 'closed'); END`),
      open: () => change('DROP TRIGGER shut'),
      close: () => platform.close(),
    };
  }
  const deskOver = (name: string): TestDesk => TestDesk.over(core.session.book, path.join(folder, name));
  const drainUntil = async (desk: TestDesk, isDone: () => boolean): Promise<void> => {
    for (let round = 0; round < 60 && !isDone(); round++) await desk.engine.drain({ forced: true });
    expect(isDone(), JSON.stringify([counts(), desk.engine.status()])).toBe(true);
  };
  /** Lists wait until customs have taken their orders and waybills. */
  const hasLeft = (): boolean =>
    core.session.book
      .prepare(`SELECT 1 FROM message WHERE state <> 'sent' AND kind <> 'CEB603Message' LIMIT 1`)
      .get() === undefined;
  const isAnswered = (): boolean =>
    (['queued', 'sending', 'unknown', 'sent'] as const).every((state) => counts()[state] === undefined);
  /** What the lost book had sent is sent, what it had only queued is a draft. */
  const restoredFrom = ({ queued = 0, ...others }: Record<string, number>) => ({ ...others, checked: queued });
  const isHeard = (): boolean => unheardEndpoints(core.session.book).length === 0;
  const newestSent = (): string =>
    core.session.book
      .prepare(`SELECT guid FROM message WHERE state = 'sent' ORDER BY seq DESC LIMIT 1`)
      .pluck()
      .get() as string;
  /** After what a desk asked for lists of messages, and whose contents it asked for; a slow machine has it ask again. */
  const watch = (desk: TestDesk, door: typeof fetch = fetch) => {
    const seen = { after: new Set<string | null>(), contents: new Set<string>() };
    desk.fetch = (...request) => {
      const { pathname, searchParams } = new URL(String(request[0]));
      if (pathname === '/v1/messages') seen.after.add(searchParams.get('after'));
      if (pathname.endsWith('/content')) seen.contents.add(pathname);
      return door(...request);
    };
    return seen;
  };

  it('that had left since are found at the platform, and none leaves a second time', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const id = await draftedSample();
      await must(core, 'sync.setEndpoint', { url: platform.url, name: '省平台' });
      await must(core, 'books.backup', {});
      const { documents } = await must(core, 'documents.queue', {});
      expect(documents).toBeGreaterThan(100);
      await syncAll();
      const [reached, filed] = [counts(), await statisticsOf(platform.url)];
      expect(filed).toMatchObject({ documents, duplicates: 0 });

      await restoreSample(id);
      const { book } = core.session;
      // One of them was corrected in the copy before anybody knew.
      const [one] = book.prepare(`SELECT id FROM document WHERE kind = 'CEB303Message' LIMIT 1`).all() as {
        id: number;
      }[];
      book
        .prepare(`UPDATE document SET body = json_set(body, '$.OrderHead.note', 'other') WHERE id = ?`)
        .run(one?.id ?? 0);
      expect(counts()).toEqual({ checked: documents });
      expect(await refused('documents.queue', {})).toBe('RESTORED_UNHEARD');
      book.setSetting('sync.paused', undefined);
      await syncAll();
      const { checked = 0, accepted = 0, ...others } = counts();
      expect({ ...others, accepted: accepted + checked }).toEqual(reached);
      expect(checked).toBe(1);
      // What differs is asked about, and stays until somebody has chosen.
      expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: 0, held: 1 });
      expect(findingsOf(book, one?.id ?? 0)).toContainEqual(expect.objectContaining({ rule: 'SENT-BEFORE' }));
      const open = (await must(core, 'outbox.conflicts', { decided: false })).rows;
      expect(open).toMatchObject([{ kind: 'state', ours: 'checked', theirs: 'accepted', documentId: one?.id }]);
      await must(core, 'outbox.choose', { id: open[0]?.id ?? 0, choice: 'theirs', reason: '平台已收' });
      expect(counts()).toEqual(reached);
      expect(await statisticsOf(platform.url)).toEqual(filed);
      expect((await must(core, 'receipts.parked', {})).total).toBe(0);
      expect(book.verifyAudit()).toMatchObject({ intact: true });
    } finally {
      await core.session.close();
      await platform.close();
    }
  });

  it('that no receipt speaks of yet are found in the list of the platform, read on from what the copy knew', async () => {
    const customs = await slowCustoms();
    try {
      const id = await draftedSample();
      const lost = deskOver('lost');
      lost.connect(customs.url);
      await must(core, 'documents.queue', { kind: 'CEB303Message' });
      await drainUntil(lost, isAnswered);
      const [known, before] = [newestSent(), await statisticsOf(customs.url)];
      await must(core, 'books.backup', {});
      await customs.shut();
      await must(core, 'documents.queue', {});
      await drainUntil(lost, hasLeft);
      const [reached, filed] = [restoredFrom(counts()), await statisticsOf(customs.url)];
      expect(filed).toMatchObject({ receipts: before.receipts, duplicates: 0 });
      expect(filed.messages).toBeGreaterThan(before.messages);
      const last = newestSent();

      await restoreSample(id);
      expect(await refused('documents.queue', {})).toBe('RESTORED_UNHEARD');
      core.session.book.setSetting('sync.paused', undefined);
      const desk = deskOver('restored');
      const seen = watch(desk);
      await drainUntil(desk, isHeard);
      expect(counts()).toEqual(reached);
      expect([...seen.after]).toEqual([known, last]);
      expect(seen.contents.size).toBe(filed.messages - before.messages);
      expect(await askedOf()).toBe(0);
      expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: reached.checked, held: 0 });

      await customs.open();
      await drainUntil(desk, isAnswered);
      const documents = filed.documents + reached.checked;
      expect(await statisticsOf(customs.url)).toMatchObject({ documents, keys: documents, duplicates: 0, resends: 0 });
      expect([...seen.after]).toEqual([known, last]);
      expect((await must(core, 'receipts.parked', {})).total).toBe(0);
      expect(core.session.book.verifyAudit()).toMatchObject({ intact: true });
    } finally {
      await core.session.close();
      await customs.close();
    }
  });

  it('are asked about where a platform cannot list them yet, and found once it can', async () => {
    const customs = await slowCustoms();
    /** As a platform of before answers, and what lies before it. */
    const older: typeof fetch = async (...request) => {
      const answer = await fetch(...request);
      if (new URL(String(request[0])).pathname !== '/v1/health' || !answer.ok) return answer;
      const { capabilities, ...rest } = health.parse(await answer.json());
      const { arrivals: _, ...others } = capabilities;
      return Response.json({ ...rest, capabilities: others });
    };
    try {
      const id = await draftedSample();
      const lost = deskOver('lost');
      lost.fetch = older;
      lost.connect(customs.url);
      await must(core, 'books.backup', {});
      await customs.shut();
      await must(core, 'documents.queue', {});
      await drainUntil(lost, hasLeft);
      const [reached, filed, last] = [restoredFrom(counts()), await statisticsOf(customs.url), newestSent()];

      await restoreSample(id);
      core.session.book.setSetting('sync.paused', undefined);
      const desk = deskOver('restored');
      const before = watch(desk, older);
      await drainUntil(desk, isHeard);
      expect(before).toEqual({ after: new Set(), contents: new Set() });
      const { checked: all = 0 } = counts();
      expect(all).toBe(filed.documents + reached.checked);
      expect(await askedOf()).toBe(all);
      expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: 0, held: all });
      const [one] = (await must(core, 'documents.list', { asked: true, limit: 1 })).rows;
      expect(findingsOf(core.session.book, one?.id ?? 0)).toContainEqual(
        expect.objectContaining({ rule: 'SENT-UNKNOWN' }),
      );

      // A message that the platform does not know, as after it was set up anew: the list is read from its beginning.
      noteListedTo(core.session.book, 'test', guidOf('elsewhere'));
      const seen = watch(desk);
      await desk.engine.drain({ forced: true });
      await drainUntil(desk, isHeard);
      expect([...seen.after]).toEqual([guidOf('elsewhere'), '', last]);
      expect(seen.contents.size).toBe(filed.messages);
      const { checked: unsent, ...sent } = reached;
      expect(counts()).toEqual({ ...sent, draft: unsent });
      expect(await askedOf()).toBe(0);
      await must(core, 'documents.check', {});
      expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: unsent, held: 0 });
      await customs.open();
      await drainUntil(desk, isAnswered);
      const documents = filed.documents + unsent;
      expect(await statisticsOf(customs.url)).toMatchObject({ documents, keys: documents, duplicates: 0, resends: 0 });
    } finally {
      await core.session.close();
      await customs.close();
    }
  });

  it('are looked for from where an earlier loss had left off, until that was read to its end', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const desk = deskOver('lost');
      const { book } = desk;
      desk.connect(platform.url);
      const [first = ''] = desk.queue([1], ['CEB303Message']);
      await drainUntil(desk, isAnswered);
      noteRestored(book, now, now);
      expect(listedTo(book, 'test')).toBe(first);
      const [second = ''] = desk.queue([2], ['CEB303Message']);
      book.prepare(`UPDATE message SET state = 'sent', endpoint = 'test' WHERE guid = ?`).run(second);
      noteRestored(book, now, now);
      expect(listedTo(book, 'test')).toBe(first);
      noteListed(book, 'test');
      noteRestored(book, now, now);
      expect(listedTo(book, 'test')).toBe(second);
    } finally {
      await platform.close();
    }
  });

  it('are looked for page by page, on from the last page that was dealt with when the road gave out', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const desk = deskOver('restored');
      const { book } = desk;
      desk.connect(platform.url);
      const guids = [1, 2, 3].flatMap((n) => desk.queue([n], ['CEB303Message']));
      await drainUntil(desk, isAnswered);
      noteRestored(book, now, now);
      noteListedTo(book, 'test', '');
      const asked: string[] = [];
      let pageAfter = (_: string): string[] => guids.slice(0, 1);
      desk.fetch = async (...request) => {
        const { pathname, searchParams } = new URL(String(request[0]));
        if (pathname !== '/v1/messages') return fetch(...request);
        const after = searchParams.get('after') ?? '';
        asked.push(after);
        const page = pageAfter(after);
        return Response.json({ guids: page, next: page.at(-1) ?? after });
      };
      // One that says the same for ever is read no further, and has not told what lies there.
      await drainUntil(desk, () => asked.length > 0);
      expect(asked).toEqual(['', guids[0]]);
      expect(isHeard()).toBe(false);

      let isCut = false;
      asked.length = 0;
      pageAfter = (after) => {
        const at = guids.indexOf(after) + 1;
        if (at === 2 && !isCut) {
          isCut = true;
          throw new TypeError('fetch failed', { cause: Object.assign(new Error('cut'), { code: 'ECONNRESET' }) });
        }
        return guids.slice(at, at + 1);
      };
      await drainUntil(desk, isHeard);
      expect(asked.slice(0, 4)).toEqual([guids[0], guids[1], guids[1], guids[2]]);
    } finally {
      await platform.close();
    }
  });

  it('are found in the folders of an import client, with the receipts that the lost book had read there', async () => {
    const id = await draftedSample();
    const client = new ExchangeClient(path.join(folder, 'client'), { movesRead: true });
    const settings = endpointSettings.parse({ folders: client.folders });
    saveEndpoint(
      core.session.book,
      { id: 'client', url: '', name: '导入客户端', transport: 'folder', settings, practice: true },
      undefined,
    );
    chooseEndpoint(core.session.book, 'client');
    await must(core, 'books.backup', {});
    await must(core, 'documents.queue', {});
    const lost = TestDesk.over(core.session.book, path.join(folder, 'lost'));
    await lost.engine.drain({ forced: true });
    const taken = client.take();
    expect(taken.length).toBeGreaterThan(0);
    await lost.engine.drain({ forced: true });
    const sent = counts()['sent'] ?? 0;
    const { rows: orders } = await must(core, 'documents.list', { kind: 'CEB303Message', state: 'sent', limit: 1 });
    const node = {
      ...{ guid: guidOf('a return'), ebpCode: '无', ebcCode: '91469002MA5T0TE5TR', orderNo: orders[0]?.businessKey },
      ...{ returnStatus: '120', returnTime: '20261121090000001', returnInfo: '已入库' },
    };
    client.answer('Receipt', guidOf('a name'), message('CEB304Message', guidOf('its message'), [node]));
    await lost.engine.drain({ forced: true });
    expect(counts()).toMatchObject({ sent: sent - 1, accepted: 1 });
    expect(client.names('inBox')).toEqual(['Portbook']);

    await restoreSample(id);
    expect(await refused('documents.queue', {})).toBe('RESTORED_UNHEARD');
    core.session.book.setSetting('sync.paused', undefined);
    const desk = TestDesk.over(core.session.book, path.join(folder, 'restored'));
    await desk.engine.drain({ forced: true });
    await desk.engine.drain({ forced: true });
    expect(counts()).toMatchObject({ sent: sent - 1, accepted: 1 });
    expect((await must(core, 'receipts.parked', {})).total).toBe(0);
    expect(client.sent).toEqual(taken);
    // What is not there may have been cleared away: it is asked.
    expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: 0, held: counts()['draft'] });
    expect(await askedOf()).toBe(counts()['draft']);
  });

  it('that go to an endpoint the copy knows of no message for are asked for there as well', async () => {
    const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    try {
      const lost = TestDesk.over(core.session.book, path.join(folder, 'lost'));
      lost.connect(platform.url);
      const settings = endpointSettings.parse({});
      saveEndpoint(
        core.session.book,
        { id: 'stick', url: '', name: '海关窗口', transport: 'carry', settings, practice: undefined },
        undefined,
      );
      chooseEndpoint(core.session.book, 'stick');
      await must(core, 'books.backup', {});
      const desk = await restoreAndResume();
      expect((await must(core, 'sync.status', {})).restored).toMatchObject({ unheard: ['Test'] });
      for (let round = 0; round < 30 && unheardEndpoints(core.session.book).length > 0; round++)
        await desk.engine.drain({ forced: true });
      expect((await must(core, 'sync.status', {})).restored).toMatchObject({ unheard: [] });
    } finally {
      await platform.close();
    }
  });

  it('whose message waits to be signed may have left, and are not taken back to leave again', async () => {
    const lost = TestDesk.over(core.session.book, path.join(folder, 'lost'));
    lost.connect('http://127.0.0.1:9');
    const [guid = ''] = queuePapers(core.session.book, now, [1], {
      kinds: ['CEB303Message'],
      signatureKind: 'pending',
    });
    await must(core, 'books.backup', {});
    const desk = await restoreAndResume();
    expect(desk.states('message')).toEqual({ unsigned: 1 });
    expect(await refused('outbox.withdraw', { guid })).toBe('MESSAGE_MAY_HAVE_LEFT');
  });
});

describe('drafts restored that nobody but a person can say of', () => {
  it('wait until it is said whether they left; what left is sent, and its receipts find it', async () => {
    const id = await draftedSample();
    saveEndpoint(
      core.session.book,
      {
        ...{ id: 'stick', url: '', name: '海关窗口', transport: 'carry', practice: undefined },
        settings: endpointSettings.parse({}),
      },
      undefined,
    );
    chooseEndpoint(core.session.book, 'stick');
    expect((await must(core, 'sync.status', {})).restored).toBeUndefined();
    await must(core, 'books.backup', {});
    const copiedAt = await restoreSample(id);
    const { book } = core.session;
    const { total: all } = await must(core, 'documents.list', { state: 'checked' });
    expect((await must(core, 'sync.status', {})).restored).toMatchObject({
      at: now,
      copiedAt,
      unheard: [],
    });
    expect(await askedOf()).toBe(all);
    // That it goes elsewhere by now says nothing of where it went then.
    const telling = { ...{ id: 'http', url: 'http://127.0.0.1:9', name: '省平台' }, transport: 'http' as const };
    saveEndpoint(book, { ...telling, settings: endpointSettings.parse({}), practice: undefined }, undefined);
    const capabilities = { kinds: [], maxBytes: 1_000_000, maxDocuments: 100, contents: true, arrivals: true };
    book.prepare(`UPDATE endpoint SET capabilities = ? WHERE id = 'http'`).run(JSON.stringify(capabilities));
    chooseEndpoint(book, 'http');
    expect(await askedOf()).toBe(all);
    chooseEndpoint(book, 'stick');
    book.prepare(`DELETE FROM endpoint WHERE id = 'http'`).run();
    const orders = (await must(core, 'documents.list', { kind: 'CEB303Message', asked: true })).rows;
    const [one, two] = orders;
    if (one === undefined || two === undefined) throw new Error('too few orders');
    expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: 0, held: all });
    expect(findingsOf(book, one.id)).toContainEqual(expect.objectContaining({ rule: 'SENT-UNKNOWN' }));

    // A receipt came on a stick before anybody was asked: it waits, and is no reason to file it again.
    const receipt = path.join(folder, 'receipt.xml');
    const node = {
      ...{ guid: guidOf('a return'), ebpCode: '无', ebcCode: '91469002MA5T0TE5TR', orderNo: one.businessKey },
      ...{ returnStatus: '120', returnTime: '20261121090000001', returnInfo: '已入库' },
    };
    writeFileSync(receipt, message('CEB304Message', guidOf('its message'), [node]));
    await must(core, 'carry.import', { file: receipt });
    expect((await must(core, 'receipts.parked', {})).total).toBe(1);
    expect(await must(core, 'documents.get', { id: one.id })).toMatchObject({ leftBefore: 'asked', state: 'draft' });
    expect(await must(core, 'documents.sayLeft', { id: one.id, word: 'left' })).toEqual({ documents: 1 });
    expect((await must(core, 'receipts.parked', {})).total).toBe(0);
    expect(await must(core, 'documents.get', { id: one.id })).toMatchObject({ state: 'accepted', findings: [] });
    expect(await refused('documents.sayLeft', { id: one.id, word: 'never' })).toBe('LEFT_NOT_ASKED');

    // Said by mistake, it is taken back as long as no receipt has spoken of it.
    await must(core, 'documents.sayLeft', { id: two.id, word: 'left' });
    expect(await must(core, 'documents.get', { id: two.id })).toMatchObject({ state: 'sent', leftBefore: 'left' });
    await must(core, 'documents.sayLeft', { id: two.id, word: 'never' });
    expect((await must(core, 'documents.get', { id: two.id })).state).toBe('draft');
    expect(await must(core, 'documents.sayLeft', { word: 'never' })).toEqual({ documents: all - 2 });
    await must(core, 'documents.check', {});
    expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: all - 1, held: 0 });
    expect(await askedOf()).toBe(0);
    expect(book.verifyAudit()).toMatchObject({ intact: true });
  });
});

describe('a backup restored', () => {
  it('is the book as it was, its queue on hold, and the other stays where it is', async () => {
    await must(core, 'books.updateProfile', { zone: '琼海' });
    await must(core, 'books.backup', {});
    await must(core, 'books.updateProfile', { zone: '三亚' });
    const old = core.session.book.folder;
    const from = { bookId };
    const { rows } = await must(core, 'books.backups', { from });
    expect(rows).toMatchObject([{ file: 'book-20261120T010000000Z.portbook', at: '2026-11-20T01:00:00.000Z' }]);
    const file = rows[0]?.file ?? '';
    expect(await refused('books.restore', { from, file, secret: { passphrase } })).toBe('CONFIRM_NAME');
    expect(
      await refused('books.restore', { from, file, secret: { passphrase: 'wrong' }, confirmName: firm.name }),
    ).toBe('PASSPHRASE_WRONG');
    expect(await must(core, 'books.profile', {})).toMatchObject({ zone: '三亚' });
    const restored = await must(core, 'books.restore', { from, file, secret: { passphrase }, confirmName: firm.name });
    expect(restored).toEqual({ bookId, keptAt: old });
    expect(await must(core, 'books.profile', {})).toMatchObject({ zone: '琼海', bookId });
    expect(core.session.book.setting('sync.paused')).toBe('1');
    expect(existsSync(path.join(old, 'book.portbook'))).toBe(true);
    expect((await must(core, 'books.list', {})).books.map(({ path: at }) => at)).toEqual([core.session.book.folder]);
    expect(await must(core, 'books.health', {})).toMatchObject({ auditIntact: true });
  });

  it('comes back on another computer from the folder of backups alone, by the recovery key', async () => {
    await must(core, 'books.backup', {});
    const stick = path.join(folder, 'stick');
    cpSync(here(), stick, { recursive: true });
    await core.close();
    core = coreAt(path.join(folder, 'another home'), { now: () => now });
    const from = { folder: stick };
    const { rows } = await must(core, 'books.backups', { from });
    const file = rows[0]?.file ?? '';
    expect(await refused('books.restore', { from, file: '../keys.json', secret: { recoveryKey } })).toBe(
      'BACKUP_NOT_HERE',
    );
    await must(core, 'books.restore', { from, file, secret: { recoveryKey } });
    expect(await must(core, 'books.profile', {})).toMatchObject({ name: firm.name });
  });

  it('is refused when it is damaged, and nothing is left of it', async () => {
    await must(core, 'books.backup', {});
    const name = readdirSync(here()).find((one) => one.startsWith('book-')) ?? '';
    const bytes = readFileSync(path.join(here(), name));
    bytes.fill(0x5a, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20_000);
    writeFileSync(path.join(here(), name), bytes);
    const before = readdirSync(path.join(folder, 'home', 'books'));
    const input = { from: { bookId }, file: name, secret: { passphrase }, confirmName: firm.name };
    expect(await refused('books.restore', input)).toBe('BACKUP_DAMAGED');
    expect(readdirSync(path.join(folder, 'home', 'books'))).toEqual(before);
    expect(await must(core, 'books.profile', {})).toMatchObject({ name: firm.name });
  });
});
