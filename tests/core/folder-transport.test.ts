import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../electron/core/context.ts';
import { carryHandlers } from '../../electron/core/operations/carry.ts';
import { outboxHandlers } from '../../electron/core/operations/outbox.ts';
import { type FolderFiles, folderTransport } from '../../electron/core/outbox/folder-transport.ts';
import type { Transport } from '../../electron/core/outbox/transport.ts';
import { transportFor } from '../../electron/core/outbox/transport-for.ts';
import { chooseEndpoint, endpointOf, leaveEndpoint, saveEndpoint } from '../../electron/core/store/endpoints.ts';
import {
  folderMarks,
  forgetFolderMarks,
  handoverOf,
  noteHandover,
  saveFolderMark,
} from '../../electron/core/store/handovers.ts';
import { messageBytes, requireMessage } from '../../electron/core/store/messages.ts';
import { endpointSettings } from '../../shared/sync/endpoint-settings.ts';
import { later, noHost, resources, TestClock, TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { guidOf, message } from '../faults/support/papers.ts';
import { ExchangeClient } from '../fixtures/exchange-client.ts';

const folder = temporaryFolder('folders');
const cleanUps: (() => Promise<void> | void)[] = [];
let serial = 0;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A desk whose endpoint is an import client's folders. */
async function scene({ movesRead = false, practice }: { movesRead?: boolean; practice?: boolean } = {}) {
  serial += 1;
  const client = new ExchangeClient(path.join(folder, `client-${serial}`), { movesRead });
  const desk = await TestDesk.create(path.join(folder, `desk-${serial}`), new TestClock(), { settleMs: 0 });
  cleanUps.push(() => desk.close());
  saveEndpoint(
    desk.book,
    {
      id: 'client',
      url: '',
      name: '单一窗口导入客户端',
      transport: 'folder',
      settings: endpointSettings.parse({ folders: client.folders }),
      practice,
    },
    undefined,
  );
  chooseEndpoint(desk.book, 'client');
  const drain = () => desk.engine.drain({ forced: true });
  return { client, desk, drain };
}

const GUID_1 = guidOf('message CEB303Message 1');
const signal = new AbortController().signal;

/** The transport by itself, as the engine makes it; `files` puts a faulty disk under it. */
function transportOf(desk: TestDesk, files?: Partial<FolderFiles>): Transport {
  const endpoint = endpointOf(desk.book, 'client');
  if (endpoint?.settings.folders === undefined) throw new Error('no folders');
  if (files === undefined)
    return transportFor(endpoint, {
      signer: { id: 'device', publicKey: '', sign: () => new Uint8Array() },
      now: desk.clock.now,
      book: desk.book,
      host: noHost,
    });
  return folderTransport({
    folders: endpoint.settings.folders,
    name: '',
    deviceId: 'device',
    now: desk.clock.now,
    limits: { kinds: [], maxBytes: 1, maxDocuments: 1 },
    book: {
      handover: (guid) => handoverOf(desk.book, guid),
      note: (guid, handover) => noteHandover(desk.book, 'client', guid, handover),
      marks: folderMarks(desk.book, 'client'),
      mark: (name, mark) => saveFolderMark(desk.book, 'client', name, mark),
      unmark: (names) => forgetFolderMarks(desk.book, 'client', names),
      isUnheard: () => false,
      isKnown: () => false,
      receipt: () => undefined,
    },
    files: {
      read: (from) => Promise.resolve(readFileSync(from)),
      write: (to, bytes) => Promise.resolve(writeFileSync(to, bytes)),
      rename: (from, to) => Promise.resolve(renameSync(from, to)),
      list: (at) => Promise.resolve(readdirSync(at)),
      stat: (at) => Promise.resolve(statSync(at)),
      ...files,
    },
  });
}

const systemError = (code: string) => Object.assign(new Error(code), { code });

function returnOf(status: string, n: number, time = '20261121090000001'): string {
  const node = {
    guid: guidOf(`return ${n}`),
    ebpCode: '无',
    ebcCode: '91469002MA5T0TE5TR',
    orderNo: `T${String(n).padStart(6, '0')}`,
    returnStatus: status,
    returnTime: time,
    returnInfo: '已入库',
  };
  return new TextDecoder().decode(message('CEB304Message', guidOf(`304 ${n} ${status}`), [node]));
}

describe('receipts that lie in InBox for good', () => {
  it('are not read again, also after a restart, until they change or go', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    await drain();
    client.take();
    const name = client.answer('Receipt', GUID_1, returnOf('120', 1));
    await drain();
    expect(desk.states('document')).toEqual({ accepted: 1 });
    await drain();
    expect([...folderMarks(desk.book, 'client').keys()]).toEqual([name]);

    // As another process with nothing but the book finds them.
    const read: string[] = [];
    const look = async () => {
      const fresh = transportOf(desk, {
        read: (from) => {
          read.push(path.basename(from));
          return Promise.resolve(readFileSync(from));
        },
      });
      expect(await fresh.receipts('', signal)).toMatchObject({ kind: 'accepted', value: { receipts: [] } });
      return read.splice(0);
    };
    expect(await look()).toEqual([]);
    appendFileSync(path.join(client.folders.inBox, name), ' ');
    expect(await look()).toEqual([name]);
    rmSync(path.join(client.folders.inBox, name));
    expect(await look()).toEqual([]);
    expect(folderMarks(desk.book, 'client').size).toBe(0);
  });
});

describe('folders that hold the files of years', () => {
  const lists: string[] = [];
  const counted = (desk: TestDesk) =>
    transportOf(desk, {
      list: (at) => {
        lists.push(path.basename(at));
        return Promise.resolve(readdirSync(at));
      },
    });
  const looks = () => lists.splice(0).filter((name) => name === 'SentBox').length;
  const bytes = new TextEncoder().encode('<a/>');

  it('are not listed anew for each message', async () => {
    const { client, desk } = await scene();
    for (let n = 0; n < 500; n++)
      writeFileSync(path.join(client.folders.sentBox, `${guidOf(`sent ${n}`)}_2025.xml`), '');
    const guids = Array.from({ length: 40 }, (_, n) => desk.queue([n + 1], ['CEB303Message'])).flat();
    const transport = counted(desk);
    for (const guid of guids)
      expect(await transport.send(guid, bytes, signal)).toMatchObject({ code: 'HANDED_OVER', evidence: 'handed' });
    expect(client.names('outBox')).toHaveLength(guids.length);
    expect(looks()).toBeLessThan(guids.length / 2);

    client.take();
    for (const guid of guids)
      expect(await transport.enquire(guid, signal)).toMatchObject({ kind: 'accepted', value: { found: true } });
    // The first has moved since it was seen in OutBox, and the second look shows all.
    expect(looks()).toBeLessThan(guids.length / 2);
  });

  it('are listed once for all whose files were cleared away', async () => {
    const { desk } = await scene();
    const guids = Array.from({ length: 40 }, (_, n) => desk.queue([n + 1], ['CEB303Message'])).flat();
    const at = new Date(Date.parse(desk.clock.now()) - 60_000).toISOString();
    for (const guid of guids) noteHandover(desk.book, 'client', guid, { name: `${guid}.xml`, sha256: 'a', at });
    const transport = counted(desk);
    for (const guid of guids)
      expect(await transport.enquire(guid, signal)).toMatchObject({ code: 'HANDOVER_NO_TRACE' });
    expect(looks()).toBeLessThan(5);
  });

  it('are looked at by lot where they were read, and what is new among them at once', async () => {
    const { client, desk } = await scene();
    const year = 365 * 24 * 3600 * 1000;
    const old = new Date(Date.parse(desk.clock.now()) - year);
    for (let n = 0; n < 3000; n++) {
      const at = path.join(client.folders.inBox, `Receipt_${guidOf(`old ${n}`)}.xml`);
      writeFileSync(at, '<another/>');
      utimesSync(at, old, old);
    }
    let looked = 0;
    const read: string[] = [];
    // Each as another process with nothing but the book.
    const fresh = () =>
      transportOf(desk, {
        stat: (at) => {
          looked += 1;
          return Promise.resolve(statSync(at));
        },
        read: (at) => {
          read.push(path.basename(at));
          return Promise.resolve(readFileSync(at));
        },
      });
    await fresh().receipts('', signal);
    expect(read.splice(0)).toHaveLength(3000);
    const name = client.answer('Receipt', GUID_1, returnOf('120', 1));
    looked = 0;
    await fresh().receipts('', signal);
    expect(read).toEqual([name]);
    expect(looked).toBeGreaterThan(250);
    expect(looked).toBeLessThan(1000);
  });

  it('are listed anew where a file that was put there is not seen, or was moved since', async () => {
    const { client, desk } = await scene();
    const transport = counted(desk);
    const [first = '', second = ''] = [1, 2].flatMap((n) => desk.queue([n], ['CEB303Message']));
    await transport.send(first, bytes, signal);
    // By the look before it, it is nowhere.
    expect(await transport.enquire(first, signal)).toMatchObject({ code: 'HANDED_OVER' });
    client.treat = () => ({ kind: 'fail', reason: '企业未备案' });
    client.take();
    expect(await transport.enquire(first, signal)).toEqual({
      kind: 'accepted',
      value: { found: false, refused: { code: 'CLIENT_FAILED', detail: '企业未备案' } },
    });
    client.treat = () => ({ kind: 'clear' });
    await transport.send(second, bytes, signal);
    client.take();
    expect(await transport.enquire(second, signal)).toMatchObject({ code: 'HANDOVER_NO_TRACE' });
    expect(await transport.send(second, bytes, signal)).toMatchObject({ code: 'HANDOVER_NO_TRACE' });
    expect(client.sent).toEqual([`${second}.xml`]);
  });
});

describe('a message through the folders', () => {
  it('lies in OutBox whole, is handed over, sent, and answered', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    client.treat = () => ({ kind: 'leave' });
    expect(await drain()).toMatchObject({ sent: 0, queued: 1, connection: 'online' });
    expect(client.names('outBox')).toEqual([`${GUID_1}.xml`]);
    expect(client.only('outBox')).toEqual(messageBytes(desk.book, GUID_1));
    // Handed over is not sent: nobody knows yet.
    expect(requireMessage(desk.book, GUID_1)).toMatchObject({ state: 'unknown', lastError: 'HANDED_OVER' });
    expect(desk.states('document')).toEqual({ unknown: 1 });

    client.treat = () => ({ kind: 'send' });
    expect(client.take()).toEqual([`${GUID_1}.xml`]);
    expect(await drain()).toMatchObject({ sent: 1, queued: 0 });
    expect(desk.states('document')).toEqual({ sent: 1 });

    client.answer('Receipt', GUID_1, returnOf('120', 1));
    expect(await drain()).toMatchObject({ receipts: 1, accepted: 1 });
    expect(desk.states('document')).toEqual({ accepted: 1 });
    expect(client.sent).toEqual([`${GUID_1}.xml`]);
  });

  it.each([true, false])(
    'leaves whatever its user says of the client, which cannot say it itself: practice %s',
    async (practice) => {
      const { client, desk, drain } = await scene({ practice });
      desk.queue([1], ['CEB303Message']);
      await drain();
      expect(client.take()).toEqual([`${GUID_1}.xml`]);
      await drain();
      expect(desk.states('message')).toEqual({ sent: 1 });
    },
  );

  it('of a hundred messages each goes once, however often the desk looks and starts anew', async () => {
    const { client, desk, drain } = await scene();
    for (let n = 1; n <= 20; n++) desk.queue([n], ['CEB303Message']);
    for (let round = 0; round < 4; round++) {
      await drain();
      client.take();
      desk.newEngine();
      desk.clock.forward(120_000);
    }
    await drain();
    expect(desk.states('message')).toEqual({ sent: 20 });
    expect(new Set(client.sent).size).toBe(20);
    expect(client.sent).toHaveLength(20);
  });

  it('that the client could not send is refused in its words, and its documents can be corrected', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    desk.queue([2], ['CEB303Message']);
    client.treat = (name) => (name.startsWith(GUID_1) ? { kind: 'fail', reason: '卡介质未插入' } : { kind: 'fail' });
    await drain();
    client.take();
    expect(await drain()).toMatchObject({ refused: 2 });
    expect(desk.states('document')).toEqual({ rejected: 2 });
    expect(desk.book.prepare('SELECT status_info AS info FROM document ORDER BY id').all()).toEqual([
      { info: 'CLIENT_FAILED 卡介质未插入' },
      { info: 'CLIENT_FAILED' },
    ]);
  });

  it('that the platform refused at import is refused with its reason', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    await drain();
    client.treat = () => ({ kind: 'clear' });
    client.take();
    client.answer('Failed', GUID_1, '<Response><ErrorMessage>报文格式错误</ErrorMessage></Response>');
    await drain();
    expect(desk.states('document')).toEqual({ rejected: 1 });
    expect(requireMessage(desk.book, GUID_1)).toMatchObject({ state: 'refused', lastError: 'CLIENT_REFUSED' });
  });

  it('that lies too long says that no client runs', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    client.treat = () => ({ kind: 'leave' });
    await drain();
    desk.clock.forward(15 * 60_000);
    await drain();
    expect(requireMessage(desk.book, GUID_1)).toMatchObject({ state: 'unknown', lastError: 'CLIENT_NOT_TAKING' });
  });
});

describe('a crash', () => {
  it.each(['before the file', 'before the note', 'before the rename', 'after the rename'] as const)(
    '%s puts no second file there',
    async (when) => {
      const { client, desk, drain } = await scene();
      desk.queue([1], ['CEB303Message']);
      const bytes = messageBytes(desk.book, GUID_1);
      const crash = () => Promise.reject(new Error('crash'));
      const transport = transportOf(desk, {
        ...(when === 'before the file' ? { write: crash } : {}),
        ...(when === 'before the rename' ? { rename: crash } : {}),
      });
      if (when === 'before the note') writeFileSync(path.join(client.folders.outBox, `${GUID_1}.xml.temp`), '<half');
      else if (when === 'after the rename') await transport.send(GUID_1, bytes, signal);
      else await expect(transport.send(GUID_1, bytes, signal)).rejects.toThrow('crash');
      // The client may have taken it before the desk is up again.
      client.take();
      expect(client.names('sentBox')).toHaveLength(when === 'after the rename' ? 1 : 0);
      await drain();
      client.take();
      await drain();
      expect(desk.states('message')).toEqual({ sent: 1 });
      expect(client.sent).toEqual([`${GUID_1}.xml`]);
      expect(client.only('sentBox')).toEqual(bytes);
      expect(client.names('outBox')).toEqual([]);
    },
  );

  it('whose traces the client has cleared away leaves the message open, until a person says that it never left', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    client.treat = () => ({ kind: 'clear' });
    await drain();
    client.take();
    desk.newEngine();
    desk.clock.forward(3_600_000);
    await drain();
    await drain();
    expect(requireMessage(desk.book, GUID_1)).toMatchObject({ state: 'unknown', lastError: 'HANDOVER_NO_TRACE' });
    expect(client.names('outBox')).toEqual([]);
    // A receipt settles it.
    client.answer('Receipt', 'E20260000000001', returnOf('120', 1));
    await drain();
    expect(desk.states('document')).toEqual({ accepted: 1 });
    expect(client.sent).toHaveLength(1);

    desk.queue([2], ['CEB303Message']);
    await drain();
    client.take();
    await drain();
    const second = guidOf('message CEB303Message 2');
    const neverSent = (guid: string) =>
      carryHandlers['outbox.neverSent']({ guid }, {
        book: desk.book,
        now: desk.clock.now,
        emit: () => undefined,
      } as unknown as Context);
    expect(() => neverSent(GUID_1)).toThrow(expect.objectContaining({ code: 'HANDOVER_NOT_OPEN' }));
    neverSent(second);
    expect(requireMessage(desk.book, second).state).toBe('queued');
    desk.clock.forward(3_600_000);
    client.treat = () => ({ kind: 'send' });
    await drain();
    client.take();
    await drain();
    expect(desk.states('message')).toEqual({ sent: 2 });
  });

  it('of a book restored from a copy finds in SentBox what had left', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    const bytes = messageBytes(desk.book, GUID_1);
    writeFileSync(path.join(client.folders.sentBox, `${GUID_1}_20261120090000000.xml`), bytes);
    expect(await drain()).toMatchObject({ sent: 1 });
    expect(client.names('outBox')).toEqual([]);
  });
});

describe('two processes on one book', () => {
  it.each(['first', 'second'] as const)('put one file there, whoever is quicker: the %s', async (quicker) => {
    const { client, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    const bytes = messageBytes(desk.book, GUID_1);
    // The first is held up while its file is made durable; the second comes, finds nothing noted, and writes as well.
    const { promise: goOn, resolve: letGo } = later();
    const { promise: written, resolve: tellWritten } = later();
    const slow = transportOf(desk, {
      write: async (to, whole) => {
        writeFileSync(to, whole.subarray(0, 10));
        tellWritten();
        await goOn;
        writeFileSync(to, whole);
      },
    });
    const first = slow.send(GUID_1, bytes, signal);
    await written;
    const other = transportOf(desk, {
      write: async (to, whole) => {
        writeFileSync(to, whole);
        if (quicker === 'second') return;
        letGo();
        await first;
      },
    });
    expect(await other.enquire(GUID_1, signal)).toEqual({ kind: 'accepted', value: { found: false } });
    expect(await other.send(GUID_1, bytes, signal)).toMatchObject({ code: 'HANDED_OVER', delivered: 'maybe' });
    client.take();
    letGo();
    expect(await first).toMatchObject({ code: 'HANDED_OVER', delivered: 'maybe' });
    client.take();
    expect(client.sent).toEqual([`${GUID_1}.xml`]);
    expect(client.only('sentBox')).toEqual(bytes);
    expect(client.names('outBox')).toEqual([]);
    expect(await other.enquire(GUID_1, signal)).toMatchObject({ value: { found: true } });
  });

  it('go on with the file that one of them noted before it was gone, and with no other', async () => {
    const { client, desk } = await scene();
    desk.queue([1], ['CEB303Message']);
    const bytes = messageBytes(desk.book, GUID_1);
    const crash = transportOf(desk, { rename: () => Promise.reject(new Error('crash')) });
    await expect(crash.send(GUID_1, bytes, signal)).rejects.toThrow('crash');
    const [left] = client.names('outBox');
    writeFileSync(path.join(client.folders.outBox, `${GUID_1}.xml.temp`), '<half');
    const writes: string[] = [];
    const next = transportOf(desk, { write: (to) => Promise.resolve(void writes.push(to)) });
    expect(await next.send(GUID_1, bytes, signal)).toMatchObject({ code: 'HANDED_OVER' });
    expect(handoverOf(desk.book, GUID_1)?.name).toBe(left);
    expect(writes).toEqual([]);
    expect(client.names('outBox')).toEqual([`${GUID_1}.xml`]);
    client.take();
    expect(client.only('sentBox')).toEqual(bytes);
  });
});

describe('a message written to a file by hand', () => {
  const contextOf = (desk: TestDesk, to: string) =>
    ({
      book: desk.book,
      resources,
      now: desk.clock.now,
      emit: () => undefined,
      files: { pathOf: () => to },
    }) as unknown as Context;

  it('is none that goes through the folders', async () => {
    const { desk, drain, client } = await scene();
    const [bound = ''] = desk.queue([1], ['CEB303Message']);
    const to = path.join(folder, `by-hand-${serial}`);
    const run = async () => outboxHandlers['outbox.export']({ to: 'token' }, contextOf(desk, to));
    await expect(run()).rejects.toMatchObject({ code: 'CARRY_NOT_FOR_FOLDERS' });
    expect(existsSync(to)).toBe(false);
    saveEndpoint(
      desk.book,
      {
        id: 'line',
        url: 'https://one.example.cn',
        name: '省平台',
        transport: 'http',
        settings: endpointSettings.parse({}),
        practice: undefined,
      },
      undefined,
    );
    const [other = ''] = desk.queue([2], ['CEB303Message']);
    desk.book.prepare(`UPDATE message SET endpoint = 'line' WHERE guid = ?`).run(other);
    expect(await run()).toEqual({ files: 1, unfit: 0 });
    expect(desk.eventsOf(bound)).toEqual(['queue']);
    await drain();
    client.take();
    expect(client.sent).toEqual([`${bound}.xml`]);
  });

  it('does not leave through folders that are set up afterwards, until a person says that it was not handed in', async () => {
    const { client, desk, drain } = await scene();
    leaveEndpoint(desk.book);
    desk.queue([1], ['CEB303Message']);
    const context = contextOf(desk, path.join(folder, `by-hand-${serial}`));
    expect(await outboxHandlers['outbox.export']({ to: 'token' }, context)).toEqual({ files: 1, unfit: 0 });
    chooseEndpoint(desk.book, 'client');
    await drain();
    desk.clock.forward(3_600_000);
    await drain();
    expect(requireMessage(desk.book, GUID_1)).toMatchObject({ state: 'unknown', lastError: 'HANDOVER_NO_TRACE' });
    expect(client.names('outBox')).toEqual([]);
    carryHandlers['outbox.neverSent']({ guid: GUID_1 }, context);
    await drain();
    client.take();
    await drain();
    expect(desk.states('message')).toEqual({ sent: 1 });
    expect(client.sent).toHaveLength(1);
  });
});

describe('folders that fail', () => {
  it('missing, full or locked: offline by a code of its own, nothing lost', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    const back = client.vanish();
    expect(await drain()).toMatchObject({ connection: 'offline', queued: 1 });
    expect(desk.engine.status().lastError).toBe('FOLDER_MISSING');
    back();
    const bytes = messageBytes(desk.book, GUID_1);
    for (const [code, expected] of [
      ['ENOSPC', 'FOLDER_FULL'],
      ['EBUSY', 'FOLDER_LOCKED'],
      ['EIO', 'FOLDER_MISSING'],
    ] as const) {
      const transport = transportOf(desk, { write: () => Promise.reject(systemError(code)) });
      expect(await transport.send(GUID_1, bytes, signal)).toMatchObject({ code: expected, delivered: 'no' });
      expect(client.names('outBox')).toEqual([]);
    }
    const transport = transportOf(desk, { rename: () => Promise.reject(systemError('EACCES')) });
    expect(await transport.send(GUID_1, bytes, signal)).toMatchObject({ code: 'FOLDER_LOCKED', delivered: 'maybe' });
    await drain();
    client.take();
    await drain();
    expect(desk.states('message')).toEqual({ sent: 1 });
    expect(client.sent).toHaveLength(1);
  });

  it('gone between handing over and asking leave the question open', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    await drain();
    const back = client.vanish();
    desk.clock.forward(60_000);
    await drain();
    expect(desk.states('message')).toEqual({ unknown: 1 });
    back();
    client.take();
    await drain();
    expect(desk.states('message')).toEqual({ sent: 1 });
  });
});

describe('InBox', () => {
  it('is read once by what stands in a file: twice, under two names, after a restart', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    await drain();
    client.take();
    client.answer('Receipt', GUID_1, returnOf('120', 1));
    client.answer('Receipt', 'other', returnOf('120', 1));
    expect(await drain()).toMatchObject({ receipts: 1 });
    desk.newEngine();
    expect(await drain()).toMatchObject({ receipts: 0 });
    expect(desk.states('receipt')).toEqual({ applied: 1 });
    expect(client.names('inBox')).toHaveLength(2);
  });

  it('is cleared of what the book has, where the user wants it', async () => {
    const { client, desk, drain } = await scene({ movesRead: true });
    desk.queue([1], ['CEB303Message']);
    await drain();
    client.take();
    const name = client.answer('Receipt', GUID_1, returnOf('120', 1));
    writeFileSync(path.join(client.folders.inBox, 'foreign.xml'), '<Other/>');
    await drain();
    expect(client.names('inBox')).toEqual(['Portbook', 'foreign.xml']);
    expect(existsSync(path.join(client.folders.inBox, 'Portbook', name))).toBe(true);
    expect(desk.states('document')).toEqual({ accepted: 1 });
  });

  it('leaves half a file until it is whole, and what is not ours for ever', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    await drain();
    client.take();
    const finish = client.answerSlowly('Receipt', GUID_1, returnOf('120', 1));
    const foreign = ['notes.txt', 'broken.xml', 'list.xml', '.hidden.xml', 'x.xml.temp'];
    writeFileSync(path.join(client.folders.inBox, 'notes.txt'), 'x');
    writeFileSync(path.join(client.folders.inBox, 'broken.xml'), '<a><b></a>');
    writeFileSync(path.join(client.folders.inBox, 'list.xml'), '<List/>');
    writeFileSync(path.join(client.folders.inBox, '.hidden.xml'), returnOf('100', 1));
    writeFileSync(path.join(client.folders.inBox, 'x.xml.temp'), returnOf('100', 1));
    const before = foreign.map((name) => statSync(path.join(client.folders.inBox, name)).mtimeMs);
    expect(await drain()).toMatchObject({ receipts: 0 });
    finish();
    expect(await drain()).toMatchObject({ receipts: 1 });
    expect(foreign.map((name) => statSync(path.join(client.folders.inBox, name)).mtimeMs)).toEqual(before);
    expect(desk.states('receipt')).toEqual({ applied: 1 });
  });

  it('understands the older encoding', async () => {
    const { client, desk, drain } = await scene();
    desk.queue([1], ['CEB303Message']);
    await drain();
    client.take();
    const xml = returnOf('100', 1).replace(/encoding="[^"]*"/, 'encoding="GB2312"');
    expect(xml).toContain('GB2312');
    client.answer('Receipt', GUID_1, iconv.encode(xml, 'gb18030'));
    await drain();
    expect(desk.book.prepare('SELECT state, status_info AS info FROM document').all()).toEqual([
      { state: 'rejected', info: '已入库' },
    ]);
  });
});

it('the only bytes that ever lie under a final name are whole ones', async () => {
  const { client, desk, drain } = await scene();
  desk.queue([1], ['CEB303Message']);
  const bytes = messageBytes(desk.book, GUID_1);
  const torn = transportOf(desk, {
    write: (to, whole) => {
      writeFileSync(to, whole.subarray(0, 10));
      return Promise.reject(systemError('ENOSPC'));
    },
  });
  expect(await torn.send(GUID_1, bytes, signal)).toMatchObject({ code: 'FOLDER_FULL' });
  client.take();
  expect(client.sent).toEqual([]);
  await drain();
  expect(readFileSync(path.join(client.folders.outBox, `${GUID_1}.xml`))).toEqual(Buffer.from(bytes));
  rmSync(client.folders.outBox, { recursive: true });
});
