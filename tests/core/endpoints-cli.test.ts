import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findResources } from '../../electron/core/resources.ts';
import { counterKeys, takeCarried } from '../../platform/carry.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { certificate } from '../fixtures/certificates.ts';
import { commandLine } from '../fixtures/portbook.ts';

/** Endpoints and files carried by hand, and the platform that answers them, all by the compiled command line. */
const folder = temporaryFolder('endpoints-cli');
const at = (name: string) => path.join(folder, name);
const program = path.resolve(findResources(), '../dist/cli.js');
const own = { PORTBOOK_PASSPHRASE: 'only for tests', PORTBOOK_HOME: at('home') };
const env = { ...process.env, ...own };

const { run: portbook, alone } = commandLine(own);

const platforms: { kill: () => Promise<void> }[] = [];

/** `platform serve` until the file ends. @returns what it said once it listened */
function serve(...args: string[]): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'platform', 'serve', '--port', '0', ...args, '--json'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    platforms.push({
      kill: () => {
        child.kill('SIGTERM');
        return ended;
      },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(JSON.parse(out) as { url: string; port: number });
    });
    child.on('error', reject);
    child.once('close', (code) => reject(new Error(`the platform ended with ${String(code)}: ${out}`)));
  });
}

const book = ['--book', at('desk/book')];
let plain: { url: string };
let secure: { url: string };
let queued: string[];

beforeAll(async () => {
  const desk = await TestDesk.create(at('desk'));
  queued = desk.queue([1, 2]);
  await desk.close();
  const identity = certificate(['127.0.0.1', 'localhost'], 300, forge.pki.rsa.generateKeyPair({ bits: 2048 }));
  writeFileSync(at('key.pem'), identity.key);
  writeFileSync(at('cert.pem'), identity.cert);
  plain = await serve('--data', at('plain'));
  secure = await serve('--data', at('secure'), '--tls-key', at('key.pem'), '--tls-cert', at('cert.pem'));
});
afterAll(() => Promise.all(platforms.map(({ kill }) => kill())));

describe('portbook endpoints', () => {
  it('adds one, changes what is named and keeps the rest', async () => {
    const limits = { kinds: ['CEB303Message', 'CEB603Message'], maxDocuments: 50 };
    writeFileSync(at('more.json'), JSON.stringify({ limits, proxy: { mode: 'none' } }));
    const added = await alone(
      ...['endpoints', 'add', ...book, '--name', '省平台', '--url', secure.url, '--ca', at('cert.pem')],
      ...['--input', at('more.json')],
    );
    expect(added).toMatchObject({
      code: 0,
      body: { ok: true, endpoint: { name: '省平台', transport: 'http', url: secure.url, isCurrent: true, limits } },
    });
    const edited = await portbook('endpoints', 'edit', ...book, '--endpoint', '省平台', '--name', '海南省平台');
    expect(edited.body.endpoint).toEqual({ ...added.body.endpoint, name: '海南省平台' });
    const { body } = await portbook('endpoints', 'list', ...book);
    expect(body.endpoints).toEqual([edited.body.endpoint]);
    expect(body.profiles.length).toBeGreaterThan(0);
  });

  it('tries the way step by step, and says where it ends', async () => {
    const good = await portbook('endpoints', 'check', ...book, '--endpoint', '海南省平台');
    expect(good).toMatchObject({ code: 0, body: { ok: true, name: '海南省平台' } });
    expect(good.body.steps).toContainEqual(expect.objectContaining({ step: 'tls', state: 'ok' }));
    await portbook('endpoints', 'add', ...book, '--name', '没有人', '--url', 'http://127.0.0.1:9/');
    const bad = await alone('endpoints', 'check', ...book, '--endpoint', '没有人', '--lang', 'en');
    expect(bad).toMatchObject({ code: 1, body: { ok: false } });
    const failed = bad.body.steps.find((step: { state: string }) => step.state === 'failed');
    expect(failed).toMatchObject({ step: 'connect', code: expect.any(String), remedy: expect.stringMatching(/\w/) });
    expect(bad.body.steps.at(-1).state).toBe('skipped');
  });

  it('sends a kind another way, and back to the one in use', async () => {
    const { body } = await portbook('endpoints', 'list', ...book);
    const other = body.endpoints.find((one: { name: string }) => one.name === '没有人').id as string;
    const route = ['endpoints', 'route', ...book, '--type', 'CEB603'];
    expect((await portbook(...route, '--endpoint', '没有人')).body.routes).toEqual([
      { kind: 'CEB603Message', endpoint: other },
    ]);
    expect((await portbook(...route)).body.routes).toEqual([]);
    expect((await portbook('endpoints', 'remove', ...book, '--endpoint', '没有人')).code).toBe(0);
  });

  it('refuses what is no endpoint, an unknown field, an unknown name, and two of one name', async () => {
    writeFileSync(at('wrong.json'), JSON.stringify({ colour: 'red' }));
    const add = ['endpoints', 'add', ...book, '--name', '乙'];
    expect(await portbook(...add, '--url', 'http://127.0.0.1:9/', '--input', at('wrong.json'))).toMatchObject({
      code: 1,
      body: {
        ok: false,
        error: { code: 'ENDPOINT_FILE_INVALID', params: { reason: expect.stringContaining('colour') } },
      },
    });
    expect((await portbook(...add, '--transport', 'pigeon')).body.error).toMatchObject({ path: 'transport' });
    expect((await portbook(...add, '--url', 'http://example.cn/')).body.error).toMatchObject({
      code: 'ENDPOINT_URL_INSECURE',
    });
    expect((await portbook('endpoints', 'check', ...book, '--endpoint', '丙')).body.error.code).toBe(
      'ENDPOINT_UNKNOWN',
    );
    const twin = ['endpoints', 'add', ...book, '--name', '双', '--transport', 'carry', '--practice'];
    const ids = [await portbook(...twin), await portbook(...twin)].map(({ body }) => body.endpoint.id as string);
    const ambiguous = await portbook('endpoints', 'check', ...book, '--endpoint', '双');
    expect(ambiguous.body.error).toMatchObject({ code: 'ENDPOINT_AMBIGUOUS', params: { name: '双' } });
    for (const id of ids) expect(ambiguous.body.error.params.ids).toContain(id);
  });

  it('takes exchange folders', async () => {
    for (const box of ['OutBox', 'SentBox', 'FailBox', 'InBox']) mkdirSync(at(`client/${box}`), { recursive: true });
    const add = ['endpoints', 'add', ...book, '--name', '单一窗口', '--folders'];
    expect((await portbook(...add, at('home'))).body.error.code).toBe('FOLDER_NOT_EXCHANGE');
    expect((await portbook(...add, at('client'))).body.endpoint).toMatchObject({
      transport: 'folder',
      folders: { outBox: 'OutBox' },
    });
    expect((await portbook('endpoints', 'check', ...book, '--endpoint', '单一窗口')).code).toBe(0);
  });
});

describe('portbook carry', () => {
  it('takes messages out and their receipts in', async () => {
    await portbook('endpoints', 'add', ...book, '--name', 'U 盘', '--transport', 'carry', '--practice');
    expect((await portbook('endpoints', 'choose', ...book, '--endpoint', 'U 盘')).body.endpoint.isCurrent).toBe(true);
    const out = ['carry', 'out', ...book, '--out', at('out.pbcarry')];
    expect(await portbook(...out)).toMatchObject({ code: 1, body: { error: { code: 'CARRY_PASSPHRASE_NEEDED' } } });
    expect(existsSync(at('out.pbcarry'))).toBe(false);
    writeFileSync(at('secret'), 'told by telephone\n');
    expect(await portbook(...out, '--passphrase-file', at('secret'))).toMatchObject({
      code: 0,
      body: { ok: true, messages: queued.length, again: 0, out: at('out.pbcarry') },
    });
    const { answer } = await takeCarried(readFileSync(at('out.pbcarry')), {
      url: plain.url,
      keys: counterKeys(at('counter')),
      passphrase: 'told by telephone',
    });
    writeFileSync(at('in.pbcarry'), answer);
    const back = ['carry', 'in', ...book, '--file', at('in.pbcarry')];
    const first = await portbook(...back);
    expect(first).toMatchObject({ code: 0, body: { ok: true, stored: queued.length, refused: 0, known: 0 } });
    expect(first.body.receipts).toBeGreaterThan(0);
    // The same file once more says nothing new.
    expect((await portbook(...back)).body).toMatchObject({ receipts: 0, known: first.body.receipts });
  });
});

describe('portbook platform serve', () => {
  it('refuses to start in a way that is not safe or not possible, with a reason', async () => {
    const start = (...args: string[]) => portbook('platform', 'serve', '--port', '0', ...args);
    const data = ['--data', at('never')];
    const refusals: [string[], string][] = [
      [[], 'OPTION_MISSING'],
      [[...data, '--database-url', 'postgresql://127.0.0.1:9/none'], 'OPTIONS_EXCLUDE'],
      [[...data, '--host', '0.0.0.0'], 'PLATFORM_NEEDS_TLS'],
      [[...data, '--tls-key', at('key.pem')], 'OPTION_MISSING'],
      [[...data, '--tls-key', at('key.pem'), '--tls-cert', at('nowhere.pem')], 'FILE_MISSING'],
      [[...data, '--rate-limit', '0'], 'OPTION_NUMBER'],
      [[...data, '--log-level', 'loud'], 'OPTION_CHOICE'],
      [['--database-url', 'postgresql://127.0.0.1:9/none'], 'PLATFORM_NOT_STARTED'],
    ];
    const answers = await Promise.all(refusals.map(([args]) => start(...args)));
    expect(answers.map(({ code, body }) => [code, body.error.code])).toEqual(refusals.map(([, code]) => [1, code]));
    expect(existsSync(at('never'))).toBe(false);
  });
});
