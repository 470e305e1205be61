import { createHash, X509Certificate } from 'node:crypto';
import tls, { type PeerCertificate } from 'node:tls';
import type { Dispatcher } from 'undici';
import { PortbookError } from '../../../shared/errors.ts';
import type { EndpointSettings, TlsSettings } from '../../../shared/sync/endpoint-settings.ts';
import { isLoopbackUrl } from '../../../shared/sync/endpoint-url.ts';

/** How an HTTP transport reaches its platform: proxy and TLS of one endpoint. */

export interface Connection {
  readonly dispatcher: Dispatcher;
  /** `direct`, `environment`, or the proxy's address without user and password. */
  readonly via: string;
  /** What a PAC script names behind it, to be tried in order where this one is not there. */
  readonly others?: readonly Connection[];
}

/** What this computer knows of the way out: its proxy (PAC included) and whom it trusts. The command line goes by its environment. */
export interface Surroundings {
  /** The answer of a PAC script for a URL, e.g. `PROXY proxy.example.cn:8080; DIRECT`; undefined: the system was not asked. */
  systemProxy?(url: string): Promise<string | undefined>;
  /** Certificates of the authorities that the system trusts, PEM; left out: as Node finds them. */
  systemAuthorities?(): readonly string[];
}

/** In Node since 22.15: the desk's has it, the command line's may not. */
interface AuthoritiesOfNode {
  readonly getCACertificates?: (of: 'default' | 'system') => string[];
}

/** Whom Node trusts by itself: the list it ships with, or what the user has told it to (`NODE_EXTRA_CA_CERTS`). */
const ownAuthorities = (): readonly string[] =>
  (tls as AuthoritiesOfNode).getCACertificates?.('default') ?? tls.rootCertificates;

/**
 * Authorities of the system's own store, where this Node can read it: a company that looks into TLS puts its own there. An older Node, or a
 * store that cannot be read, has none, and the list that ships with Node stands alone.
 */
function authoritiesOfSystem(): readonly string[] {
  const { getCACertificates } = tls as AuthoritiesOfNode;
  try {
    return getCACertificates?.('system') ?? [];
  } catch {
    return [];
  }
}

let ofSystem: readonly string[] | undefined;

/** Unlike a name or a date, a pin is checked by us: the certificate is not the one the user fixed. */
class PinMismatch extends Error {
  readonly code = 'TLS_PIN_MISMATCH';
}

function requireCertificate({ ca }: TlsSettings): void {
  if (ca === '') return;
  try {
    new X509Certificate(ca);
  } catch {
    throw new PortbookError('TLS_CA_INVALID', {}, 'settings.tls.ca');
  }
}

/**
 * Options of `tls.connect`: whom to trust (what ships with Node, what the system trusts, and an authority of the platform's own), the least
 * version, and the one certificate that is right.
 */
function tlsOptions({ ca, pin, minVersion }: TlsSettings, systemAuthorities: readonly string[]) {
  const more = ca === '' ? systemAuthorities : [...systemAuthorities, ca];
  return {
    minVersion,
    // Made once for all connections: reading some hundred certificates takes its time.
    ...(more.length === 0
      ? {}
      : { secureContext: tls.createSecureContext({ minVersion, ca: [...ownAuthorities(), ...more] }) }),
    ...(pin === ''
      ? {}
      : {
          checkServerIdentity: (host: string, certificate: PeerCertificate) => {
            const wrong = tls.checkServerIdentity(host, certificate);
            if (wrong !== undefined) return wrong;
            const seen = createHash('sha256').update(certificate.raw).digest('hex');
            return seen === pin ? undefined : new PinMismatch(`certificate ${seen}`);
          },
        }),
  };
}

const proxyForm = /^https?:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?\/?$/i;

/** Refusals: `PROXY_URL_INVALID` {url}, `TLS_CA_INVALID`. */
export function checkNetworkSettings({ proxy, tls }: Pick<EndpointSettings, 'proxy' | 'tls'>): void {
  if (proxy.mode === 'explicit' && !proxyForm.test(proxy.url.trim()))
    throw new PortbookError('PROXY_URL_INVALID', { url: proxy.url.slice(0, 200) }, 'settings.proxy.url');
  requireCertificate(tls);
}

/** The ways of a PAC answer in its order: proxies as URLs, undefined for going directly. Refusal: `PROXY_KIND_UNSUPPORTED` where it has none of ours. */
export function waysOfPac(answer: string): readonly (string | undefined)[] {
  if (answer.trim() === '') return [undefined];
  const ways: (string | undefined)[] = [];
  for (const part of answer.split(';')) {
    const [kind = '', host = ''] = part.trim().split(/\s+/);
    switch (kind.toUpperCase()) {
      case 'DIRECT':
        ways.push(undefined);
        break;
      case 'PROXY':
      case 'HTTP':
        ways.push(`http://${host}`);
        break;
      case 'HTTPS':
        ways.push(`https://${host}`);
        break;
    }
  }
  if (ways.length === 0) throw new PortbookError('PROXY_KIND_UNSUPPORTED');
  return [...new Set(ways)];
}

/** Proxies that were not there, and since when, milliseconds: asked last for a while, as browsers do. */
const gone = new Map<string, number>();
const GONE_MS = 5 * 60_000;
/** A proxy that does not answer must not use up the time that the way behind it needs. */
const PROXY_CONNECT_MS = 1_500;

/** Notes whether a way was there. */
export function noteWay({ via }: Pick<Connection, 'via'>, isThere: boolean): void {
  if (isThere) gone.delete(via);
  else gone.set(via, performance.now());
}

const isGone = (via: string | undefined): boolean =>
  via !== undefined && performance.now() - (gone.get(via) ?? Number.NEGATIVE_INFINITY) < GONE_MS;

/** Connections in use, by settings: each keeps its sockets open between two runs. */
const known = new Map<string, Connection>();
const MOST_KNOWN = 16;

/**
 * The way to a URL by an endpoint's settings, with the others that a PAC script names. This computer itself is never reached through a proxy. Refusals: `PROXY_URL_INVALID`,
 * `PROXY_KIND_UNSUPPORTED`, `TLS_CA_INVALID`.
 */
export async function connectionTo(
  url: string,
  settings: Pick<EndpointSettings, 'proxy' | 'tls'>,
  proxyPassword: string | undefined,
  around: Surroundings,
): Promise<Connection> {
  checkNetworkSettings(settings);
  const { proxy } = settings;
  let ways: readonly (string | undefined)[] = [undefined];
  let token: string | undefined;
  let isByEnvironment = false;
  if (proxy.mode === 'explicit') {
    ways = [proxy.url.trim()];
    if (proxy.user !== '')
      token = `Basic ${Buffer.from(`${proxy.user}:${proxyPassword ?? ''}`, 'utf8').toString('base64')}`;
  } else if (proxy.mode === 'system' && !isLoopbackUrl(url)) {
    const answer = await around.systemProxy?.(url);
    if (answer === undefined) isByEnvironment = true;
    else ways = waysOfPac(answer);
  }
  const isChoice = ways.length > 1;
  // One that was not there a moment ago is tried when the others have failed as well.
  const inOrder = [...ways.filter((via) => !isGone(via)), ...ways.filter(isGone)];
  const made: Connection[] = [];
  for (const via of inOrder)
    made.push(await oneConnection({ via, token, isByEnvironment, isChoice }, settings.tls, around));
  const [first, ...others] = made;
  if (first === undefined) throw new Error('a PAC answer without a way');
  return others.length === 0 ? first : { ...first, others };
}

async function oneConnection(
  {
    via,
    token,
    isByEnvironment,
    isChoice,
  }: {
    readonly via: string | undefined;
    readonly token: string | undefined;
    readonly isByEnvironment: boolean;
    readonly isChoice: boolean;
  },
  settings: TlsSettings,
  around: Surroundings,
): Promise<Connection> {
  // Loaded where it is first needed: most of what the core is started for sends nothing.
  const { Agent, EnvHttpProxyAgent, ProxyAgent } = await import('undici');
  ofSystem ??= authoritiesOfSystem();
  const trusted = around.systemAuthorities?.() ?? ofSystem;
  const key = JSON.stringify([via, token, isByEnvironment, isChoice, settings, trusted.length]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const secured = tlsOptions(settings, trusted);
  const made: Connection = isByEnvironment
    ? { dispatcher: new EnvHttpProxyAgent({ connect: secured, requestTls: secured }), via: 'environment' }
    : via === undefined
      ? { dispatcher: new Agent({ connect: secured }), via: 'direct' }
      : {
          dispatcher: new ProxyAgent({
            uri: via,
            requestTls: secured,
            ...(isChoice ? { proxyTls: { timeout: PROXY_CONNECT_MS } } : {}),
            ...(token === undefined ? {} : { token }),
          }),
          via,
        };
  known.set(key, made);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) {
    const closing = known.get(oldest);
    known.delete(oldest);
    await closing?.dispatcher.close();
  }
  return made;
}
