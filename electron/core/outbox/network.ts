import { createHash, X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate, rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { PortbookError } from '../../../shared/errors.ts';
import type { EndpointSettings, TlsSettings } from '../../../shared/sync/endpoint-settings.ts';
import { isLoopbackUrl } from '../../../shared/sync/endpoint-url.ts';

/** How an HTTP transport reaches its platform: proxy and TLS of one endpoint. */

export interface Connection {
  readonly dispatcher: Dispatcher;
  /** `direct`, `environment`, or the proxy's address without user and password. */
  readonly via: string;
}

/** Knows the system's proxy (PAC included). The command line has none and goes by its environment. */
export interface ProxyFinder {
  /** The answer of a PAC script for a URL, e.g. `PROXY proxy.example.cn:8080; DIRECT`; undefined: the system was not asked. */
  systemProxy?(url: string): Promise<string | undefined>;
}

/** Unlike a name or a date, a pin is checked by us: the certificate is not the one the user fixed. */
class PinMismatch extends Error {
  readonly code = 'TLS_PIN_MISMATCH';
}

/**
 * Options of `tls.connect`: authorities of the platform's own beside those of the system, the least version, and the one certificate
 * that is right. Refusal: `TLS_CA_INVALID`.
 */
function tlsOptions({ ca, pin, minVersion }: TlsSettings) {
  if (ca !== '') {
    try {
      new X509Certificate(ca);
    } catch {
      throw new PortbookError('TLS_CA_INVALID', {}, 'settings.tls.ca');
    }
  }
  return {
    minVersion,
    ...(ca === '' ? {} : { ca: [...rootCertificates, ca] }),
    ...(pin === ''
      ? {}
      : {
          checkServerIdentity: (host: string, certificate: PeerCertificate) => {
            const wrong = checkServerIdentity(host, certificate);
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
  tlsOptions(tls);
}

/** The first proxy of a PAC answer as a URL; undefined: go directly. Refusal: `PROXY_KIND_UNSUPPORTED`. */
export function proxyOfPac(answer: string): string | undefined {
  for (const part of answer.split(';')) {
    const [kind = '', host = ''] = part.trim().split(/\s+/);
    switch (kind.toUpperCase()) {
      case 'DIRECT':
        return undefined;
      case 'PROXY':
      case 'HTTP':
        return `http://${host}`;
      case 'HTTPS':
        return `https://${host}`;
    }
  }
  if (answer.trim() === '') return undefined;
  throw new PortbookError('PROXY_KIND_UNSUPPORTED');
}

/** Connections in use, by settings: each keeps its sockets open between two runs. */
const known = new Map<string, Connection>();
const MOST_KNOWN = 16;

/**
 * The way to a URL by an endpoint's settings. This computer itself is never reached through a proxy. Refusals: `PROXY_URL_INVALID`,
 * `PROXY_KIND_UNSUPPORTED`, `TLS_CA_INVALID`.
 */
export async function connectionTo(
  url: string,
  settings: Pick<EndpointSettings, 'proxy' | 'tls'>,
  proxyPassword: string | undefined,
  finder: ProxyFinder,
): Promise<Connection> {
  checkNetworkSettings(settings);
  const { proxy, tls } = settings;
  let via: string | undefined;
  let token: string | undefined;
  let isByEnvironment = false;
  if (proxy.mode === 'explicit') {
    via = proxy.url.trim();
    if (proxy.user !== '')
      token = `Basic ${Buffer.from(`${proxy.user}:${proxyPassword ?? ''}`, 'utf8').toString('base64')}`;
  } else if (proxy.mode === 'system' && !isLoopbackUrl(url)) {
    const answer = await finder.systemProxy?.(url);
    if (answer === undefined) isByEnvironment = true;
    else via = proxyOfPac(answer);
  }
  // Loaded where it is first needed: most of what the core is started for sends nothing.
  const { Agent, EnvHttpProxyAgent, ProxyAgent } = await import('undici');
  const key = JSON.stringify([via, token, isByEnvironment, tls]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const secured = tlsOptions(tls);
  const made: Connection = isByEnvironment
    ? { dispatcher: new EnvHttpProxyAgent({ connect: secured, requestTls: secured }), via: 'environment' }
    : via === undefined
      ? { dispatcher: new Agent({ connect: secured }), via: 'direct' }
      : {
          dispatcher: new ProxyAgent({ uri: via, requestTls: secured, ...(token === undefined ? {} : { token }) }),
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
