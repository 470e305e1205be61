import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpTransport } from '../../electron/core/outbox/http-transport.ts';
import {
  checkNetworkSettings,
  connectionTo,
  type Surroundings,
  waysOfPac,
} from '../../electron/core/outbox/network.ts';
import { type EndpointSettings, endpointSettings } from '../../shared/sync/endpoint-settings.ts';
import { certificate, type Identity, type Keys } from '../fixtures/certificates.ts';

/** Real servers on this computer: https with certificates made here, a proxy, log-in pages. */

const healthy: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      name: '省平台',
      protocol: 'portbook/1',
      time: '2026-11-21T00:00:00.000Z',
      capabilities: { kinds: [], maxBytes: 1, maxDocuments: 1 },
    }),
  );
};

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];

async function listen<T extends Server | ReturnType<typeof createTcpServer>>(server: T): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const secure = (identity: Identity, options: { maxVersion?: 'TLSv1.2' } = {}) =>
  listen(createSecureServer({ ...identity, ...options }, healthy) as unknown as Server);

let keys: Keys;
let authority: { cert: string; keys: Keys };
let good: Identity;

beforeAll(() => {
  keys = forge.pki.rsa.generateKeyPair({ bits: 2048 });
  const caKeys = forge.pki.rsa.generateKeyPair({ bits: 2048 });
  authority = { cert: certificate([], 400, caKeys).cert, keys: caKeys };
  good = certificate(['127.0.0.1', 'localhost'], 300, keys, authority);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
});

const signer = { id: 'device', publicKey: '', sign: () => new Uint8Array() };

function transportTo(
  url: string,
  settings: Partial<EndpointSettings> | Record<string, unknown> = {},
  extra: { password?: string; plainUrl?: string } & Surroundings = {},
) {
  const parsed = endpointSettings.parse(settings);
  const { password, plainUrl, ...around } = extra;
  return httpTransport({
    url,
    signer,
    now: () => new Date().toISOString(),
    connection: () => connectionTo(url, parsed, password, around),
    plainUrl: plainUrl ?? 'http://127.0.0.1:9/',
  });
}

const health = (...args: Parameters<typeof transportTo>) => transportTo(...args).health(new AbortController().signal);
const failing = (code: string, evidence: 'offline' | 'silent', delivered: 'no' | 'maybe' = 'no') =>
  expect.objectContaining({ kind: 'retryable', code, evidence, delivered });

describe('TLS', () => {
  it('is trusted by an authority of the platform’s own, and not without it', async () => {
    const url = `https://127.0.0.1:${await secure(good)}`;
    expect(await health(url)).toEqual(failing('TLS_UNKNOWN_CA', 'silent'));
    expect(await health(url, { tls: { ca: authority.cert } })).toMatchObject({ kind: 'accepted' });
    expect(await health(`https://localhost:${url.split(':').at(-1)}`, { tls: { ca: authority.cert } })).toMatchObject({
      kind: 'accepted',
    });
  });

  it('is trusted by an authority that the system trusts, as of a company that looks into TLS', async () => {
    const url = `https://127.0.0.1:${await secure(good)}`;
    const around = { systemAuthorities: () => [authority.cert] };
    expect(await health(url, {}, around)).toMatchObject({ kind: 'accepted' });
    // The pin is checked beside it, and the least version.
    expect(await health(url, { tls: { pin: '0'.repeat(64) } }, around)).toEqual(failing('TLS_PIN_MISMATCH', 'silent'));
    const old = `https://127.0.0.1:${await secure(good, { maxVersion: 'TLSv1.2' })}`;
    expect(await health(old, { tls: { minVersion: 'TLSv1.3' } }, around)).toEqual(
      failing('TLS_VERSION', 'silent', 'maybe'),
    );
  });

  it('tells an expired certificate, one of another host, and one that is not the pinned one', async () => {
    const tls = { ca: authority.cert };
    const expired = await secure(certificate(['127.0.0.1'], -2, keys, authority));
    expect(await health(`https://127.0.0.1:${expired}`, { tls })).toEqual(failing('TLS_EXPIRED', 'silent'));
    const other = await secure(certificate(['other.example.cn'], 300, keys, authority));
    expect(await health(`https://127.0.0.1:${other}`, { tls })).toEqual(failing('TLS_WRONG_HOST', 'silent'));

    const url = `https://127.0.0.1:${await secure(good)}`;
    const pin = createHash('sha256').update(new X509Certificate(good.cert).raw).digest('hex');
    expect(
      await health(url, { tls: { ...tls, pin: pin.replace(/../g, '$&:').slice(0, -1).toUpperCase() } }),
    ).toMatchObject({ kind: 'accepted' });
    expect(await health(url, { tls: { ...tls, pin: '0'.repeat(64) } })).toEqual(failing('TLS_PIN_MISMATCH', 'silent'));
  });

  it('holds to the least version, and knows a port that speaks no TLS', async () => {
    const tls = { ca: authority.cert };
    const url = `https://127.0.0.1:${await secure(good, { maxVersion: 'TLSv1.2' })}`;
    expect(await health(url, { tls })).toMatchObject({ kind: 'accepted' });
    const refused = failing('TLS_VERSION', 'silent', 'maybe');
    expect(await health(url, { tls: { ...tls, minVersion: 'TLSv1.3' } })).toEqual(refused);
    const plain = await listen(createServer(healthy));
    expect(await health(`https://127.0.0.1:${plain}`, { tls })).toEqual(refused);
  });

  it.each([
    ['body', -1],
    ['type', 0],
    ['version', 1],
  ])('that breaks after a message was stored leaves open whether it was: %s of a record', async (_, at) => {
    let stored = 0;
    const server = createSecureServer({ ...good }, (request, response) => {
      request.resume();
      request.on('end', () => {
        stored += 1;
        response.writeHead(202, { 'content-type': 'application/json' });
        response.end('{"status":"stored"}');
      });
    });
    const target = await listen(server as unknown as Server);
    // Between the two: once the platform has stored it, one bit of what it answers is turned over.
    const road = createTcpServer((near) => {
      const far = connect(target, '127.0.0.1');
      near.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => near.destroy());
      far.on('close', () => near.destroy());
      far.on('data', (chunk: Buffer) => {
        if (stored > 0) {
          const place = at < 0 ? chunk.length + at : at;
          chunk[place] = (chunk[place] ?? 0) ^ 0x10;
        }
        near.write(chunk);
      });
    });
    const url = `https://127.0.0.1:${await listen(road)}`;
    const sent = await transportTo(url, { tls: { ca: authority.cert } }).send(
      '7F1C1C5E-0000-4000-8000-000000000001',
      Buffer.from('<x/>'),
      AbortSignal.timeout(5_000),
    );
    expect(stored).toBe(1);
    expect(sent).toMatchObject({ kind: 'retryable', delivered: 'maybe' });
  });

  it('refuses an authority that is no certificate', () => {
    const settings = endpointSettings.parse({ tls: { ca: 'no pem' } });
    expect(() => checkNetworkSettings(settings)).toThrow(expect.objectContaining({ code: 'TLS_CA_INVALID' }));
  });
});

describe('a log-in page of the network', () => {
  const page: RequestListener = (_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<html><form action="/login"><input type="password"></form></html>');
  };

  it('is known in place of the platform, by redirect, by its own status, and behind a handshake that fails', async () => {
    const answers: RequestListener[] = [
      page,
      (_, response) => response.writeHead(302, { location: 'http://login.hotel.example/' }).end(),
      (_, response) => response.writeHead(511, { 'content-type': 'text/html' }).end('<html></html>'),
    ];
    for (const answer of answers)
      expect(await health(`http://127.0.0.1:${await listen(createServer(answer))}`)).toMatchObject({
        kind: 'retryable',
        evidence: 'offline',
        code: 'CAPTIVE_PORTAL',
      });
    // It cannot pose as an https platform; what it says over plain http gives it away.
    const posing = await secure(certificate(['login.hotel.example'], 300, keys));
    const plainUrl = `http://127.0.0.1:${await listen(createServer(page))}/`;
    expect(await health(`https://127.0.0.1:${posing}`, {}, { plainUrl })).toEqual(failing('CAPTIVE_PORTAL', 'offline'));
  });

  it('is not any other page: the platform’s own move to https, a web site, an error of a gateway', async () => {
    const answers: [RequestListener, string][] = [
      [
        (request, response) => response.writeHead(301, { location: `https://${request.headers.host}/` }).end(),
        'NOT_OUR_PLATFORM',
      ],
      [
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome</p>'),
        'NOT_OUR_PLATFORM',
      ],
      [(_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<p>Bad gateway</p>'), 'HTTP_502'],
    ];
    for (const [answer, code] of answers)
      expect(await health(`http://127.0.0.1:${await listen(createServer(answer))}`)).toMatchObject({
        evidence: 'silent',
        code,
      });
  });
});

describe('a name', () => {
  it('that nobody knows is a failure of its own', async () => {
    expect(await health('https://portbook.invalid', { proxy: { mode: 'none' } })).toEqual(
      failing('DNS_FAILED', 'offline'),
    );
  });
});

describe('a proxy', () => {
  /** An http proxy as companies have them; `answer` in place of 200 refuses, `auth` is what it wants to see. */
  async function proxy(auth?: string, answer?: number, port?: number) {
    const through: string[] = [];
    const server = createServer((_, response) => response.writeHead(400).end());
    server.on('connect', (request, socket: Socket) => {
      const wanted = auth === undefined ? undefined : `Basic ${Buffer.from(auth).toString('base64')}`;
      const status = answer ?? (wanted !== undefined && request.headers['proxy-authorization'] !== wanted ? 407 : 200);
      socket.on('error', () => undefined);
      if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      through.push(request.url ?? '');
      const [host = '', asked = ''] = (request.url ?? '').split(':');
      const onward = connect(port ?? Number(asked), port === undefined ? host : '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      return undefined;
    });
    return { url: `http://127.0.0.1:${await listen(server)}`, through };
  }
  const explicit = (url: string, user = '') => ({
    proxy: { mode: 'explicit' as const, url, user },
    tls: { ca: authority.cert },
  });

  it('carries TLS through, its certificate checked as without it', async () => {
    const target = `https://127.0.0.1:${await secure(good)}`;
    const { url, through } = await proxy();
    expect(await health(target, explicit(url))).toMatchObject({ kind: 'accepted' });
    expect(through).toEqual([target.slice('https://'.length)]);
    expect(await health(target, { ...explicit(url), tls: {} })).toEqual(failing('TLS_UNKNOWN_CA', 'silent'));
  });

  it('asks for a password, refuses, or is not there: each by its own code', async () => {
    const target = `https://127.0.0.1:${await secure(good)}`;
    const wanting = await proxy('公司:s3cret');
    expect(await health(target, explicit(wanting.url))).toEqual(failing('PROXY_AUTH', 'offline'));
    expect(await health(target, explicit(wanting.url, '公司'), { password: 'wrong' })).toEqual(
      failing('PROXY_AUTH', 'offline'),
    );
    expect(await health(target, explicit(wanting.url, '公司'), { password: 's3cret' })).toMatchObject({
      kind: 'accepted',
    });
    expect(await health(target, explicit((await proxy(undefined, 403)).url))).toEqual(
      failing('PROXY_DENIED', 'offline'),
    );
    expect(await health(target, explicit((await proxy(undefined, 302)).url))).toEqual(
      failing('CAPTIVE_PORTAL', 'offline'),
    );
    expect(await health(target, explicit('http://127.0.0.1:9'))).toEqual(failing('PROXY_UNREACHABLE', 'offline'));
    expect(await health(target, explicit('http://proxy.portbook.invalid:8080'))).toEqual(
      failing('PROXY_UNREACHABLE', 'offline'),
    );
  });

  it('of the system is asked for by URL; this computer is reached without it', async () => {
    expect(waysOfPac('PROXY a.example.cn:8080; SOCKS5 127.0.0.1:1080; HTTPS b.example.cn:443; DIRECT')).toEqual([
      'http://a.example.cn:8080',
      'https://b.example.cn:443',
      undefined,
    ]);
    expect(waysOfPac('DIRECT')).toEqual([undefined]);
    expect(waysOfPac('')).toEqual([undefined]);
    expect(() => waysOfPac('SOCKS5 127.0.0.1:1080')).toThrow(
      expect.objectContaining({ code: 'PROXY_KIND_UNSUPPORTED' }),
    );
    const asked: string[] = [];
    const finder = {
      systemProxy: (url: string) => {
        asked.push(url);
        return Promise.resolve('PROXY proxy.example.cn:8080');
      },
    };
    const settings = endpointSettings.parse({});
    expect((await connectionTo('https://platform.example.cn', settings, undefined, finder)).via).toBe(
      'http://proxy.example.cn:8080',
    );
    expect((await connectionTo('http://127.0.0.1:9', settings, undefined, finder)).via).toBe('direct');
    expect(asked).toEqual(['https://platform.example.cn']);
    expect((await connectionTo('https://platform.example.cn', settings, undefined, {})).via).toBe('environment');
  });

  it('of a list that is not there gives way to the next one, and is asked last for a while', async () => {
    const port = await secure(certificate(['platform.example.cn'], 300, keys, authority));
    const live = await proxy(undefined, undefined, port);
    // A port that was just given back: nobody listens there.
    const dead = createServer(() => undefined);
    const deadPort = await listen(dead);
    await new Promise((resolve) => dead.close(resolve));
    const answer = `PROXY 127.0.0.1:${deadPort}; PROXY ${live.url.slice('http://'.length)}; DIRECT`;
    const around = { systemProxy: () => Promise.resolve(answer) };
    const tls = { ca: authority.cert };
    const to = 'https://platform.example.cn';
    const viasOf = async () => {
      const way = await connectionTo(to, endpointSettings.parse({ tls }), undefined, around);
      return [way, ...(way.others ?? [])].map(({ via }) => via);
    };
    expect(await viasOf()).toEqual([`http://127.0.0.1:${deadPort}`, live.url, 'direct']);
    expect(await health(to, { tls }, around)).toMatchObject({ kind: 'accepted' });
    expect(live.through).toEqual(['platform.example.cn:443']);
    expect(await viasOf()).toEqual([live.url, 'direct', `http://127.0.0.1:${deadPort}`]);
    // Where no way is there, the last one says why.
    const none = { systemProxy: () => Promise.resolve(`PROXY 127.0.0.1:${deadPort}; PROXY localhost:${deadPort}`) };
    expect(await health(to, { tls }, none)).toEqual(failing('PROXY_UNREACHABLE', 'offline'));
  });

  it('is refused in a form that is none', () => {
    for (const url of ['proxy:8080', 'socks5://127.0.0.1:1080', 'http://user:pass@proxy:8080', 'http://proxy/path'])
      expect(() => checkNetworkSettings(endpointSettings.parse({ proxy: { mode: 'explicit', url } }))).toThrow(
        expect.objectContaining({ code: 'PROXY_URL_INVALID' }),
      );
  });
});
