import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { ExchangeClient } from '../fixtures/exchange-client.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Endpoint profiles through the contract: settings, targets of drafts, the two sides. */

const folder = temporaryFolder('endpoints');
let core: Core;
let practice: Platform;
/** The practice platform in the words of a real one. */
let realUrl = '';
const closers: (() => unknown)[] = [];

async function refused<N extends OperationName>(name: N, input: InputOf<N>): Promise<string> {
  const result = await core.call(name, input);
  return result.ok ? 'taken' : result.error.code;
}

/** Stands before the practice platform and leaves out that it is one. */
async function realPlatform(target: string): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name.startsWith('portbook-') || name === 'content-type'),
      ) as Record<string, string>;
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      fetch(target + request.url, { method: request.method ?? 'GET', headers, ...body }).then(
        async (reply) => {
          const text = (await reply.text()).replace('"practice":true', '"practice":false');
          response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' }).end(text);
        },
        () => response.destroy(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  practice = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  realUrl = await realPlatform(practice.url);
  core = coreAt(path.join(folder, 'home'));
  await must(core, 'books.createSample', {});
});
afterAll(async () => {
  await core.close();
  await practice.close();
  for (const close of closers) await close();
});

describe('settings of endpoints', () => {
  it('start empty and name the shipped profiles', async () => {
    const { endpoints, profiles, routes } = await must(core, 'endpoints.list', {});
    expect(endpoints).toEqual([]);
    expect(routes).toEqual([]);
    expect(profiles.map(({ id }) => id)).toContain('hainan');
  });

  it('are kept, and tell neither the password nor the way to a folder', async () => {
    const saved = await must(core, 'endpoints.save', {
      name: '省平台',
      transport: 'http',
      url: `${practice.url}/`,
      proxy: { mode: 'explicit', url: 'http://proxy.example.cn:8080', user: 'u' },
      proxyPassword: 'geheim',
      tls: { pin: 'AB'.repeat(32), minVersion: 'TLSv1.3' },
      profile: 'hainan',
    });
    expect(saved).toMatchObject({
      url: practice.url,
      isCurrent: true,
      enrolled: false,
      hasProxyPassword: true,
      tls: { pin: 'ab'.repeat(32), minVersion: 'TLSv1.3' },
    });
    expect(JSON.stringify(saved)).not.toContain('geheim');

    const client = new ExchangeClient(path.join(folder, 'Deccus001'));
    closers.push(() => client.names('outBox'));
    const folders = await must(core, 'endpoints.save', {
      name: '单一窗口客户端',
      transport: 'folder',
      folderRoot: path.join(folder, 'Deccus001'),
      practice: true,
      profile: 'single-window-client',
    });
    expect(folders).toMatchObject({
      isCurrent: false,
      folders: { outBox: 'OutBox', inBox: 'InBox', movesRead: false },
      takes: { kinds: ['DecMessage'], maxDocuments: 1 },
    });
    expect(JSON.stringify(folders)).not.toContain(folder);
    expect(await must(core, 'endpoints.test', { id: folders.id })).toEqual({
      steps: [{ step: 'folders', state: 'ok' }],
    });
    const back = client.vanish();
    expect(await must(core, 'endpoints.test', { id: folders.id })).toEqual({
      steps: [{ step: 'folders', state: 'failed', code: 'FOLDER_MISSING' }],
    });
    back();

    const hand = await must(core, 'endpoints.save', { name: '窗口', transport: 'carry' });
    await must(core, 'endpoints.save', { id: hand.id, name: '关区窗口', transport: 'carry' });
    expect((await must(core, 'endpoints.list', {})).endpoints.map(({ name }) => name).sort()).toEqual([
      '关区窗口',
      '单一窗口客户端',
      '省平台',
    ]);
  });

  it('are refused where they cannot work', async () => {
    mkdirSync(path.join(folder, 'empty'), { recursive: true });
    const pem = path.join(folder, 'no.pem');
    writeFileSync(pem, 'no certificate');
    const http = { name: 'x', transport: 'http' as const, url: 'https://a.example.cn' };
    expect(await refused('endpoints.save', { ...http, url: 'http://a.example.cn' })).toBe('ENDPOINT_URL_INSECURE');
    expect(await refused('endpoints.save', { ...http, url: practice.url })).toBe('ENDPOINT_TWICE');
    expect(await refused('endpoints.save', { ...http, caFile: pem })).toBe('TLS_CA_INVALID');
    expect(await refused('endpoints.save', { ...http, tls: { pin: 'xyz', minVersion: 'TLSv1.2' } })).toBe(
      'TLS_PIN_INVALID',
    );
    expect(await refused('endpoints.save', { ...http, proxy: { mode: 'explicit', url: 'ftp://p:1' } })).toBe(
      'PROXY_URL_INVALID',
    );
    expect(await refused('endpoints.save', { name: 'x', transport: 'folder' })).toBe('ENDPOINT_FOLDERS_MISSING');
    expect(
      await refused('endpoints.save', { name: 'x', transport: 'folder', folderRoot: path.join(folder, 'empty') }),
    ).toBe('FOLDER_NOT_EXCHANGE');
    expect(
      await refused('endpoints.save', {
        name: 'x',
        transport: 'carry',
        carry: { recipientKey: 'AAAA', signerKey: '' },
      }),
    ).toBe('CARRY_KEY_INVALID');
    expect(await refused('endpoints.remove', { id: 'nobody' })).toBe('ENDPOINT_UNKNOWN');
  });
});

describe('the target of a draft', () => {
  it('is checked by what that endpoint asks for; a switch says what is new and what is gone', async () => {
    const shipment = (await must(core, 'shipments.list', {})).rows[0]?.id ?? 0;
    await must(core, 'shipments.draft', { id: shipment });
    const id = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).rows[0]?.id ?? 0;
    const before = await must(core, 'documents.get', { id });
    const province = await must(core, 'documents.target', { id });
    expect(province).toMatchObject({ name: '省平台' });
    expect(province.chosen).toBeUndefined();

    const city = await must(core, 'endpoints.save', {
      name: '市平台',
      transport: 'http',
      url: 'https://city.example.cn',
      rules: {
        required: [{ kind: 'CEB603Message', path: 'InventoryHead/note' }],
        maxLengths: [{ kind: 'CEB603Message', path: 'InventoryList/gname', length: 1 }],
        allowed: [{ kind: 'CEB603Message', path: 'InventoryHead/customsCode', values: ['52', '51'] }],
      },
    });
    const { changes, documents } = await must(core, 'documents.setTarget', { ids: [id], endpoint: city.id });
    expect(documents).toBe(1);
    expect(changes[0]?.resolved).toEqual([]);
    expect(new Set(changes[0]?.added.map(({ rule }) => rule))).toEqual(
      new Set(['EP-REQUIRED', 'EP-LENGTH', 'EP-ALLOWED']),
    );
    expect(changes[0]?.added.find(({ rule }) => rule === 'EP-LENGTH')?.path).toMatch(/^InventoryList\[1\]\/gname$/);
    expect(await must(core, 'documents.target', { id })).toMatchObject({ chosen: city.id, name: '市平台' });
    expect((await must(core, 'documents.get', { id })).state).toBe('draft');

    const back = await must(core, 'documents.setTarget', { ids: [id] });
    expect(back.changes[0]).toMatchObject({ added: [] });
    expect(new Set(back.changes[0]?.resolved.map(({ rule }) => rule))).toEqual(
      new Set(['EP-REQUIRED', 'EP-LENGTH', 'EP-ALLOWED']),
    );
    expect((await must(core, 'documents.get', { id })).findings).toEqual(before.findings);

    // By kind: what has no target of its own follows.
    await must(core, 'endpoints.route', { kind: 'CEB603Message', endpoint: city.id });
    expect(await must(core, 'documents.target', { id })).toMatchObject({ name: '市平台' });
    const client = (await must(core, 'endpoints.list', {})).endpoints.find(({ transport }) => transport === 'folder');
    const kind = await must(core, 'documents.setTarget', { ids: [id], endpoint: client?.id });
    expect(kind.changes[0]?.added.map(({ rule }) => rule)).toEqual(['EP-KIND']);
    await must(core, 'documents.setTarget', { ids: [id] });
    await must(core, 'endpoints.remove', { id: city.id });
    expect(await must(core, 'documents.target', { id })).toMatchObject({ name: '省平台' });
  });

  it('decides how messages are cut, and they stay with it', async () => {
    const [province] = (await must(core, 'endpoints.list', {})).endpoints.filter(({ name }) => name === '省平台');
    if (province === undefined) throw new Error('no endpoint');
    await must(core, 'endpoints.save', {
      id: province.id,
      name: '省平台',
      transport: 'http',
      url: practice.url,
      limits: { maxDocuments: 3 },
    });
    await must(core, 'documents.check', { kind: 'CEB303Message' });
    const queued = await must(core, 'documents.queue', { kind: 'CEB303Message' });
    expect(queued.documents).toBeGreaterThan(3);
    expect(queued.messages).toBe(Math.ceil(queued.documents / 3));
    const kept = core.session.book.prepare('SELECT DISTINCT endpoint, max(documents) AS most FROM message').all();
    expect(kept).toEqual([{ endpoint: province.id, most: 3 }]);
    expect(() => core.session.book.prepare(`UPDATE message SET endpoint = NULL`).run()).toThrow(
      'stays with its endpoint',
    );
    expect(await refused('endpoints.remove', { id: province.id })).toBe('ENDPOINT_HOLDS_MESSAGES');
    expect(
      await refused('endpoints.save', { id: province.id, name: 'x', transport: 'http', url: 'https://b.example.cn' }),
    ).toBe('ENDPOINT_IN_USE');
  });
});

describe('practice and earnest', () => {
  it('never mix: the sample and a book that has practised meet no real platform', async () => {
    await must(core, 'sync.now', {});
    const real = await must(core, 'endpoints.save', { name: '真平台', transport: 'http', url: realUrl });
    await must(core, 'endpoints.choose', { id: real.id });
    await must(core, 'sync.now', {});
    expect(await must(core, 'sync.status', {})).toMatchObject({
      lastError: 'REAL_IN_PRACTICE_BOOK',
      endpoint: { enrolled: false },
    });
    const { steps } = await must(core, 'endpoints.test', { id: real.id });
    expect(steps.find(({ step }) => step === 'side')).toEqual({
      step: 'side',
      state: 'failed',
      code: 'REAL_IN_PRACTICE_BOOK',
      detail: 'real',
    });
  });

  it('never mix: a book in earnest meets no practice platform, and a platform does not change sides', async () => {
    const home = path.join(folder, 'earnest');
    const other = coreAt(home);
    await must(other, 'books.create', { profile: firm, passphrase: 'only for tests' });
    await must(other, 'endpoints.save', { name: '真平台', transport: 'http', url: realUrl });
    await must(other, 'sync.now', {});
    expect(await must(other, 'sync.status', {})).toMatchObject({ endpoint: { enrolled: true } });
    const [real] = (await must(other, 'endpoints.list', {})).endpoints;
    expect(real).toMatchObject({ practice: false });
    const second = await must(other, 'endpoints.save', { name: '演练', transport: 'http', url: practice.url });
    await must(other, 'endpoints.choose', { id: second.id });
    await must(other, 'sync.now', {});
    expect(await must(other, 'sync.status', {})).toMatchObject({ lastError: 'PRACTICE_PLATFORM_IN_REAL_BOOK' });
    other.session.book.prepare('UPDATE endpoint SET practice = 1 WHERE id = ?').run(real?.id ?? '');
    await must(other, 'endpoints.choose', { id: real?.id ?? '' });
    await must(other, 'sync.now', {});
    expect(await must(other, 'sync.status', {})).toMatchObject({ lastError: 'ENDPOINT_CHANGED_SIDES' });
    await other.close();
  });
});

describe('the diagnosis', () => {
  it('goes from the settings to the platform and stops where it fails', async () => {
    const states = async (url: string, more: Partial<InputOf<'endpoints.save'>> = {}) => {
      const { id } = await must(core, 'endpoints.save', { name: url, transport: 'http', url, ...more });
      const { steps } = await must(core, 'endpoints.test', { id });
      return steps.map(({ step, state, code }) => `${step} ${code ?? state}`).join(', ');
    };
    expect(await states('http://127.0.0.1:9')).toBe(
      'settings ok, proxy none, name ok, connect ECONNREFUSED, tls skipped, health skipped, side skipped, enrolment skipped',
    );
    expect(await states('https://portbook.invalid', { proxy: { mode: 'none' } })).toBe(
      'settings ok, proxy none, name DNS_FAILED, connect skipped, tls skipped, health skipped, side skipped, enrolment skipped',
    );
    expect(await states('https://a.example.cn', { proxy: { mode: 'explicit', url: 'http://127.0.0.1:9' } })).toMatch(
      /^settings ok, proxy PROXY_UNREACHABLE, name skipped/,
    );
    const page = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<form><input type="password"></form>');
    });
    page.listen(0, '127.0.0.1');
    await new Promise((resolve) => page.once('listening', resolve));
    closers.push(() => page.close());
    expect(await states(`http://127.0.0.1:${(page.address() as AddressInfo).port}`)).toMatch(
      /connect ok, tls none, health CAPTIVE_PORTAL, side skipped/,
    );
  });
});
