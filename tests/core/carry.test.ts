import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { sm4 } from 'sm-crypto-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../electron/core/context.ts';
import { loadSm4 } from '../../electron/core/keys/sm4.ts';
import { carryHandlers } from '../../electron/core/operations/carry.ts';
import { openReceipts, sealMessages, sm4For } from '../../electron/core/outbox/carry-file.ts';
import { chooseSide } from '../../electron/core/outbox/conflicts.ts';
import { listConflicts } from '../../electron/core/store/conflicts.ts';
import { chooseEndpoint, endpointOf, saveEndpoint } from '../../electron/core/store/endpoints.ts';
import { messageBytes, requireMessage } from '../../electron/core/store/messages.ts';
import { cipherOf, counterKeys, KnownDevices, openMessages, sealReceipts, takeCarried } from '../../platform/carry.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { CarriedMessages, CarriedReceipts } from '../../shared/sync/carry.ts';
import { endpointSettings } from '../../shared/sync/endpoint-settings.ts';
import { noHost, resources, resourcesFolder, TestClock, TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { enterprise, guidOf, message, paper } from '../faults/support/papers.ts';

const folder = temporaryFolder('carry');
const keys = counterKeys(path.join(folder, 'counter'));
const refusal = (code: string) => expect.objectContaining({ code });

const device = generateKeyPairSync('ed25519');
const signer = {
  id: 'device-1234',
  publicKey: device.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  sign: (bytes: Uint8Array) => sign(null, bytes, device.privateKey),
};
const replyKey = Buffer.alloc(32, 7);
const content = (messages: CarriedMessages['messages'] = []): CarriedMessages => ({
  enterprise: { uscc: '91469002MA5T0TE5TR', customsCode: '4690960TE5', name: '企业' },
  deviceId: signer.id,
  createdAt: '2026-11-21T00:00:00.000Z',
  replyKey: replyKey.toString('base64'),
  messages,
});
const answer = (receipts: CarriedReceipts['receipts'] = []): CarriedReceipts => ({
  deviceId: signer.id,
  createdAt: '2026-11-21T00:00:00.000Z',
  stored: [],
  refused: [],
  receipts,
});

describe('a file carried by hand', () => {
  it('brings any content there and back, to its recipient alone', async () => {
    const text = fc.string({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ guid: text, kind: text }), { maxLength: 4 }), text, async (some, xml) => {
        const messages = some.map(({ guid, kind }) => ({
          guid,
          kind,
          sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          bytes: '',
        }));
        const file = await sealMessages(content(messages), { key: keys.recipientKey }, signer);
        expect(openMessages(file, keys).content).toEqual(content(messages));
        const back = answer([{ id: '1', messageGuid: 'g', kind: 'k', xml }]);
        const opened = openReceipts(sealReceipts(back, content().replyKey, keys), [replyKey], keys.signerKey);
        expect(opened).toEqual({ content: back, signerKey: keys.signerKey });
      }),
      { numRuns: 50 },
    );
  });

  it('is refused whole when one bit of it is another, or it ends early', async () => {
    const file = await sealMessages(content(), { key: keys.recipientKey }, signer);
    const receipts = sealReceipts(answer(), content().replyKey, keys);
    const codes = ['CARRY_FILE_NOT', 'CARRY_FILE_NOT_FOR_US', 'CARRY_SIGNATURE_WRONG'];
    const changed = (bytes: Uint8Array, at: number, bit: number, isCut: boolean): Uint8Array => {
      const copy = Buffer.from(bytes);
      if (isCut) return copy.subarray(0, at);
      copy[at] = (copy[at] ?? 0) ^ (1 << bit);
      return copy;
    };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.nat(7), fc.boolean(), (where, bit, isCut) => {
        const wrong = changed(file, Math.floor(where * file.length), bit, isCut);
        expect(() => openMessages(wrong, keys)).toThrow();
        const bent = changed(receipts, Math.floor(where * receipts.length), bit, isCut);
        let code = '';
        try {
          openReceipts(bent, [replyKey], keys.signerKey);
        } catch (error) {
          code = (error as { code?: string }).code ?? String(error);
        }
        expect(codes).toContain(code);
      }),
      { numRuns: 300 },
    );
  });

  it('of somebody else, for somebody else, or not from the platform is told from a good one', async () => {
    const other = counterKeys(path.join(folder, 'other'));
    const file = await sealMessages(content(), { key: keys.recipientKey }, signer);
    expect(() => openMessages(file, other)).toThrow('sealed for somebody else');
    const receipts = sealReceipts(answer(), content().replyKey, other);
    expect(() => openReceipts(receipts, [replyKey], keys.signerKey)).toThrow(refusal('CARRY_SIGNATURE_WRONG'));
    expect(openReceipts(receipts, [Buffer.alloc(32), replyKey], '').signerKey).toBe(other.signerKey);
    expect(() => openReceipts(receipts, [Buffer.alloc(32)], '')).toThrow(refusal('CARRY_FILE_NOT_FOR_US'));
    expect(() => openReceipts(file, [replyKey], '')).toThrow(refusal('CARRY_FILE_NOT'));
    // A signature moved to another header does not fit: the header is part of what is signed.
    await expect(sealMessages(content(), { key: signer.publicKey }, signer)).rejects.toThrow(
      refusal('CARRY_KEY_INVALID'),
    );
  });

  it('is sealed with a passphrase where no key is known', async () => {
    const file = await sealMessages(content(), { passphrase: '一句足够长的口令' }, signer);
    expect(openMessages(file, keys, '一句足够长的口令').content).toEqual(content());
    expect(() => openMessages(file, keys)).toThrow('passphrase');
    expect(() => openMessages(file, keys, 'wrong')).toThrow();
  });
});

describe('a file sealed with SM4', () => {
  const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
  const passphrase = '一句足够长的口令';
  const sm4Sealed = (recipient: Parameters<typeof sealMessages>[1]) =>
    sealMessages(content(), recipient, signer, 'sm4-gcm');
  const sm4Receipts = () => sealReceipts(answer(), content().replyKey, keys, 'sm4-gcm');

  it('keeps to the published vectors: RFC 8998, appendix A.1', async () => {
    const [key, nonce] = [hex('0123456789ABCDEFFEDCBA9876543210'), hex('00001234567800000000ABCD')];
    const open = hex('FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2');
    const plain = hex(
      `${'AA'.repeat(8)}${'BB'.repeat(8)}${'CC'.repeat(8)}${'DD'.repeat(8)}${'EE'.repeat(8)}${'FF'.repeat(8)}${'EE'.repeat(8)}${'AA'.repeat(8)}`,
    );
    const gcm = await loadSm4();
    const sealed = gcm.seal(key, nonce, open, plain);
    expect(Buffer.from(sealed).toString('hex').toUpperCase()).toBe(
      [
        '17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735',
        'D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D',
        '83DE3541E4C2B58177E065A9BF7B62EC',
      ].join(''),
    );
    expect(Buffer.from(gcm.unseal(key, nonce, open, sealed) ?? [])).toEqual(plain);
    expect(gcm.unseal(hex('0123456789ABCDEFFEDCBA9876543211'), nonce, open, sealed)).toBeUndefined();
  });

  it('is built on the cipher of GB/T 32907-2016, appendix A.1', () => {
    const block = hex('0123456789ABCDEFFEDCBA9876543210');
    const form = { padding: 'none', output: 'array' } as const;
    expect(Buffer.from(sm4.encrypt(block, block, form)).toString('hex')).toBe('681edf34d206965e86b3e94f536e4246');
  });

  it('goes to the counter and back, and says in its header what it is sealed with', async () => {
    for (const recipient of [{ key: keys.recipientKey }, { passphrase }] as const) {
      const file = await sm4Sealed(recipient);
      expect(Buffer.from(file).toString('utf8').split('\n', 2)[1]).toContain('"cipher":"sm4-gcm"');
      expect(openMessages(file, keys, passphrase).content).toEqual(content());
      expect(cipherOf(file)).toBe('sm4-gcm');
    }
    const back = sm4Receipts();
    expect(openReceipts(back, [Buffer.alloc(32), replyKey], keys.signerKey, await sm4For(back)).content).toEqual(
      answer(),
    );
  });

  it('is refused with another key or passphrase, or with one bit changed', async () => {
    const file = await sm4Sealed({ passphrase });
    expect(() => openMessages(file, keys, 'wrong')).toThrow('cannot be opened');
    const back = Buffer.from(sm4Receipts());
    const gcm = await sm4For(back);
    expect(() => openReceipts(back, [Buffer.alloc(32)], '', gcm)).toThrow(refusal('CARRY_FILE_NOT_FOR_US'));
    back[back.length - 1] = (back.at(-1) ?? 0) ^ 1;
    expect(() => openReceipts(back, [replyKey], '', gcm)).toThrow(refusal('CARRY_FILE_NOT_FOR_US'));
  });

  it('leaves files of before as they were: no word on a cipher is AES-256-GCM', async () => {
    const file = await sealMessages(content(), { key: keys.recipientKey }, signer);
    expect(Buffer.from(file).toString('utf8').split('\n', 2)[1]).not.toContain('cipher');
    expect([cipherOf(file), await sm4For(file)]).toEqual(['aes-256-gcm', undefined]);
    expect(openMessages(file, keys).content).toEqual(content());
  });
});

describe('a book without a line', () => {
  let desk: TestDesk;
  let platform: Platform;
  let serial = 0;
  let carried = '';
  let sealed = '';
  const stick = () => path.join(folder, `stick-${++serial}.pbcarry`);
  const call = <N extends keyof typeof carryHandlers>(name: N, input: Parameters<(typeof carryHandlers)[N]>[0]) =>
    carryHandlers[name](
      input as never,
      {
        book: desk.book,
        host: noHost,
        session: desk.session as Context['session'],
        files: { pathOf: (token: string) => token },
        emit: () => undefined,
        now: desk.clock.now,
        resources,
      } as unknown as Context,
    ) as ReturnType<(typeof carryHandlers)[N]>;
  const settingsWith = (recipientKey: string) => endpointSettings.parse({ carry: { recipientKey, signerKey: '' } });

  beforeAll(async () => {
    platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    desk = await TestDesk.create(path.join(folder, 'desk'), new TestClock(), { settleMs: 0 });
    saveEndpoint(
      desk.book,
      {
        id: 'carry:1',
        url: '',
        name: '窗口',
        transport: 'carry',
        settings: settingsWith(keys.recipientKey),
        practice: undefined,
      },
      undefined,
    );
    chooseEndpoint(desk.book, 'carry:1');
  });
  afterAll(async () => {
    await desk.close();
    await platform.close();
  });

  it('hands its messages out, and knows nothing until a receipt file comes', async () => {
    const to = stick();
    await expect(call('carry.export', { to })).rejects.toThrow(refusal('CARRY_NOTHING'));
    const [guid = ''] = desk.queue([1, 2], ['CEB303Message']);
    expect(await call('carry.export', { to })).toMatchObject({ messages: 1, again: 0 });
    expect(requireMessage(desk.book, guid)).toMatchObject({ state: 'unknown', lastError: 'CARRIED_OUT' });
    expect(desk.states('document')).toEqual({ unknown: 2 });
    // No engine touches it.
    await desk.engine.drain({ forced: true });
    expect(requireMessage(desk.book, guid).state).toBe('unknown');

    // Carried again: the same bytes under the same GUID.
    const again = stick();
    expect(await call('carry.export', { to: again })).toMatchObject({ messages: 1, again: 1 });
    const [first, second] = [to, again].map((file) => openMessages(readFileSync(file), keys).content.messages);
    expect(second).toEqual(first);
    expect(Buffer.from(first?.[0]?.bytes ?? '', 'base64')).toEqual(Buffer.from(messageBytes(desk.book, guid)));

    const counter = { url: platform.url, keys, patienceMs: 400 };
    const taken = await takeCarried(readFileSync(to), counter);
    expect(taken.content).toMatchObject({ stored: [{ guid }], refused: [] });
    // Both files are brought: the platform has the message once.
    await takeCarried(readFileSync(again), counter);
    const back = stick();
    writeFileSync(back, taken.answer);
    const { length } = taken.content.receipts;
    expect(length).toBeGreaterThan(0);
    expect(await call('carry.import', { file: back })).toEqual({
      stored: 1,
      refused: 0,
      disputed: 0,
      receipts: length,
      known: 0,
      foreign: 0,
    });
    expect(desk.states('document')).toEqual({ accepted: 2 });
    expect(await call('carry.import', { file: back })).toMatchObject({ receipts: 0, known: length });
    expect(endpointOf(desk.book, 'carry:1')?.settings.carry.signerKey).toBe(keys.signerKey);
    const statistics = (await (await fetch(`${platform.url}/v1/practice/statistics`)).json()) as Record<string, number>;
    expect(statistics).toMatchObject({ messages: 1, documents: 2, doubleAcceptances: 0 });
  });

  it('wants a passphrase where the platform’s key is not known, and never carries what a client sends', async () => {
    const endpoint = endpointOf(desk.book, 'carry:1');
    if (endpoint === undefined) throw new Error('no endpoint');
    saveEndpoint(desk.book, { ...endpoint, settings: settingsWith('') }, undefined);
    [carried = ''] = desk.queue([3], ['CEB303Message']);
    await expect(call('carry.export', { to: stick() })).rejects.toThrow(refusal('CARRY_PASSPHRASE_NEEDED'));
    expect(desk.states('message')).toEqual({ queued: 1, sent: 1 });
    const to = stick();
    sealed = to;
    await call('carry.export', { to, passphrase: '一句足够长的口令啊' });
    expect(openMessages(readFileSync(to), keys, '一句足够长的口令啊').content.messages).toHaveLength(1);
    saveEndpoint(desk.book, { ...endpoint, id: 'folder:1', transport: 'folder', name: '客户端' }, undefined);
    await expect(call('carry.export', { endpoint: 'folder:1', to: stick() })).rejects.toThrow(
      refusal('CARRY_NOT_FOR_FOLDERS'),
    );
  });

  it('asks a person where the platform holds something else under a GUID, and takes the rest of the file', async () => {
    const guids = [4, 5, 6].map((n) => desk.queue([n], ['CEB303Message'])[0] ?? '');
    const [reused = '', other = '', good = ''] = guids;
    const to = stick();
    await call('carry.export', { to, passphrase: '一句足够长的口令啊' });
    // One that was brought back from a copy and not handed out since: the file is about what left before.
    const [waiting = ''] = desk.queue([7], ['CEB303Message']);
    const key = openMessages(readFileSync(to), keys, '一句足够长的口令啊').content.replyKey;
    const receipt = (guid: string, sha256: string) => ({
      ...{ guid, sha256, status: 'stored' as const },
      ...{ receivedAt: '2026-11-21T00:00:00.000Z', receiptId: guid },
    });
    const file = stick();
    const said = {
      ...answer(),
      stored: [
        receipt(other, 'f'.repeat(64)),
        receipt(waiting, 'e'.repeat(64)),
        receipt(good, requireMessage(desk.book, good).sha256),
      ],
      refused: [{ guid: reused, code: 'GUID_REUSED', detail: 'another message has this GUID' }],
    };
    writeFileSync(file, sealReceipts(said, key, keys));
    expect(await call('carry.import', { file })).toMatchObject({ stored: 1, refused: 0, disputed: 3 });
    expect(requireMessage(desk.book, good).state).toBe('sent');
    for (const guid of [reused, other, waiting])
      expect(requireMessage(desk.book, guid)).toMatchObject({ state: 'unknown', lastError: 'GUID_REUSED' });
    // Neither handed out again nor corrected under a new GUID until then.
    expect(desk.states('document', `message_guid IN ('${reused}','${other}','${waiting}')`)).toEqual({ unknown: 3 });
    const open = listConflicts(desk.book, false, { after: undefined, limit: 10 }).rows;
    expect(open.map(({ kind, messageGuid, theirs }) => [kind, messageGuid, theirs])).toEqual([
      ['content', other, 'f'.repeat(64)],
      ['content', waiting, 'e'.repeat(64)],
      ['content', reused, ''],
    ]);
    await call('carry.import', { file });
    expect(listConflicts(desk.book, false, { after: undefined, limit: 10 }).rows).toHaveLength(3);
    for (const { id } of open) chooseSide(desk.book, { id, choice: 'theirs', reason: '已电话核实' }, desk.clock.now());
    expect(desk.states('message', `guid IN ('${reused}','${other}','${waiting}')`)).toEqual({ sent: 3 });
  });

  it('is told what the platform refuses', async () => {
    const guid = carried;
    const file = stick();
    const refused = [{ guid, code: 'SCHEMA', detail: '2 findings' }];
    const key = openMessages(readFileSync(sealed), keys, '一句足够长的口令啊').content.replyKey;
    writeFileSync(file, sealReceipts({ ...answer(), refused }, key, keys));
    expect(await call('carry.import', { file })).toMatchObject({ refused: 1 });
    expect(requireMessage(desk.book, guid)).toMatchObject({ state: 'refused', lastError: 'SCHEMA' });
    writeFileSync(file, sealReceipts({ ...answer(), refused: [{ guid, code: 'GUID_REUSED', detail: '' }] }, key, keys));
    expect(await call('carry.import', { file })).toMatchObject({ refused: 0, disputed: 0 });
    writeFileSync(file, '<Other/>');
    await expect(call('carry.import', { file })).rejects.toThrow(refusal('RECEIPT_FILE_NOT'));
  });
});

it('of which a proxy before the platform says something is not called refused, and can be brought again', async () => {
  const keys = counterKeys(path.join(folder, 'proxied-counter'));
  const guid = guidOf('too large for the proxy');
  const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const brought = content([{ guid, kind: 'CEB303Message', sha256, bytes: Buffer.from(bytes).toString('base64') }]);
  const file = await sealMessages(brought, { key: keys.recipientKey }, signer);
  const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'proxied'), resourcesFolder });
  let isInTheWay = true;
  const proxy = createServer((request, response) => {
    if (isInTheWay && request.method === 'PUT') {
      response.writeHead(413, { 'content-type': 'text/html' }).end('<html>Request Entity Too Large</html>');
      return;
    }
    const { method, headers, url } = request;
    const onward = httpRequest(`${platform.url}${url ?? ''}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  try {
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await expect(takeCarried(file, { url, keys, patienceMs: 0 })).rejects.toThrow(/413/);
    isInTheWay = false;
    expect((await takeCarried(file, { url, keys, patienceMs: 0 })).content).toMatchObject({ refused: [] });
  } finally {
    proxy.close();
    await platform.close();
  }
});

describe('the counter of a platform that is no practice', () => {
  const keys = counterKeys(path.join(folder, 'strict-counter'));
  const operatorToken = 'a token of the operator, which is long enough';
  let platform: Platform;

  beforeAll(async () => {
    const dataFolder = path.join(folder, 'strict');
    const away = { behindProxy: true, publicHosts: ['127.0.0.1'], operatorToken };
    // The counter is told the very address, whose port is known once it listens.
    const first = await servePlatform({ port: 0, dataFolder, resourcesFolder, ...away });
    const { port } = first;
    await first.close();
    platform = await servePlatform({ port, dataFolder, resourcesFolder, ...away, publicHosts: [`127.0.0.1:${port}`] });
  });
  afterAll(() => platform.close());

  it('takes no file of a device for which nobody has vouched, and then only its own', async () => {
    const devices = new KnownDevices(path.join(folder, 'strict-counter'));
    const guid = guidOf('carried');
    const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const brought = content([{ guid, kind: 'CEB303Message', sha256, bytes: Buffer.from(bytes).toString('base64') }]);
    const { uscc, customsCode, name } = enterprise;
    const sealed = (by: typeof signer) =>
      sealMessages({ ...brought, enterprise: { uscc, customsCode, name } }, { key: keys.recipientKey }, by);
    const thief = generateKeyPairSync('ed25519');
    const own = await sealed(signer);
    const stranger = await sealed({
      ...signer,
      publicKey: thief.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      sign: (text: Uint8Array) => sign(null, text, thief.privateKey),
    });
    const { fingerprint } = openMessages(own, keys);
    const take = (file: Uint8Array, accept?: string) =>
      takeCarried(file, { url: platform.url, keys, devices, accept, patienceMs: 0 });
    await expect(take(own)).rejects.toThrow(fingerprint);
    await expect(take(own, openMessages(stranger, keys).fingerprint)).rejects.toThrow('vouched');
    // The counter itself is a device of the enterprise, which the operator has to approve.
    await expect(take(own, fingerprint.toUpperCase().replaceAll(' ', ''))).rejects.toThrow('ENROLMENT_PENDING');
    const call = (method: string, at: string, body?: unknown) =>
      fetch(`${platform.url}/v1/operator/${at}`, {
        method,
        headers: { authorization: `Bearer ${operatorToken}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const { enrolments } = (await (await call('GET', 'enrolments')).json()) as { enrolments: { deviceId: string }[] };
    for (const { deviceId } of enrolments) await call('PUT', `enrolments/${deviceId}`, { decision: 'approve' });
    expect((await take(own)).content.stored).toHaveLength(1);
    await expect(take(stranger)).rejects.toThrow('vouched');
  });
});
