import type { Outcome } from '../../../shared/sync/protocol.ts';

/** Sorts the errors of an exchange that came to nothing: what failed, and whether a byte of it may have arrived. */

export type Failure = Extract<Outcome<never>, { kind: 'retryable' }>;

/** Errors of connecting: no byte of the request has left. */
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Of these an open connection cannot break; with the others the system call tells which it was. */
const onlyConnecting = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);
const connectingCalls = new Set(['connect', 'getaddrinfo']);

/** What is wrong with a certificate, by the codes of Node and OpenSSL. It is looked at before a request leaves. */
const certificateCodes: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'TLS_EXPIRED',
  CERT_NOT_YET_VALID: 'TLS_EXPIRED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_WRONG_HOST',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_UNKNOWN_CA',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_UNKNOWN_CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_UNKNOWN_CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_UNKNOWN_CA',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_UNKNOWN_CA',
  CERT_UNTRUSTED: 'TLS_UNKNOWN_CA',
  CERT_REVOKED: 'TLS_UNKNOWN_CA',
  CERT_SIGNATURE_FAILURE: 'TLS_UNKNOWN_CA',
  INVALID_CA: 'TLS_UNKNOWN_CA',
  TLS_PIN_MISMATCH: 'TLS_PIN_MISMATCH',
};

/**
 * What both sides could not agree on. OpenSSL says the same of a connection whose bits were damaged later, when the request may long have
 * been stored: no code of TLS but those of certificates proves that nothing has left.
 */
const isDisagreement = (code: string): boolean =>
  code === 'EPROTO' || /^ERR_SSL_.*(VERSION|PROTOCOL|HTTP_REQUEST|HANDSHAKE|PACKET_LENGTH)/.test(code);

/** Failures of TLS that a log-in page in the platform's place would cause as well. */
export const isTlsFailure = (code: string): boolean => code.startsWith('TLS_');

/** The platform's clock and ours are too far apart for what we sign; it has taken nothing. */
export const clockSkew: Failure = {
  kind: 'retryable',
  evidence: 'busy',
  delivered: 'no',
  code: 'CLOCK_SKEW',
  retryAfterMs: 0,
};

/** @param isProxied whether connecting means connecting to a proxy */
export function networkFailure(error: unknown, isProxied: boolean): Failure {
  const code = codeOf(error);
  const wrong = certificateCodes[code];
  if (wrong !== undefined)
    return { kind: 'retryable', evidence: 'silent', delivered: 'no', code: wrong, retryAfterMs: 0 };
  if (isDisagreement(code)) return silence('TLS_VERSION');
  const refusal = proxyRefusal(error);
  if (refusal !== undefined)
    return { kind: 'retryable', evidence: 'offline', delivered: 'no', code: refusal, retryAfterMs: 0 };
  if (notConnected.has(code) && (onlyConnecting.has(code) || isOfConnecting(error))) {
    const what = isProxied ? 'PROXY_UNREACHABLE' : code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'DNS_FAILED' : code;
    return { kind: 'retryable', evidence: 'offline', delivered: 'no', code: what, retryAfterMs: 0 };
  }
  return silence(code);
}

/** Somebody was there and gave no usable answer: the message may be stored. */
export function silence(code: string): Failure {
  return { kind: 'retryable', evidence: 'silent', delivered: 'maybe', code, retryAfterMs: 0 };
}

/** A proxy's answer to CONNECT other than 200. Only undici's words carry its status. */
function proxyRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  if (status === undefined) return proxyRefusal(error.cause);
  if (status === '407') return 'PROXY_AUTH';
  // Log-in pages answer a proxied connection with a redirect, or with the status made for them.
  return status === '511' || status.startsWith('3') ? 'CAPTIVE_PORTAL' : 'PROXY_DENIED';
}

/** Whether the system call that failed was one of connecting; of several addresses, with every one of them. */
function isOfConnecting(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause, errors, syscall } = error as Error & { errors?: unknown; syscall?: unknown };
  if (typeof syscall === 'string') return connectingCalls.has(syscall);
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isOfConnecting);
  return isOfConnecting(cause);
}

/** The system's or the client's code of a failed exchange: `TypeError: fetch failed` hides it in its causes. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'NETWORK';
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  if (error.name === 'AbortError') return 'ABORTED';
  const { code, cause, errors } = error as Error & { code?: unknown; errors?: unknown };
  // A proxy's own certificate: the cause names what is wrong with it.
  if (typeof code === 'string' && code !== 'UND_ERR_PRX_TLS') return code;
  // A host with several addresses fails once for each; the first speaks for all.
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined ? 'NETWORK' : codeOf(cause);
}
