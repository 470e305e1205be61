import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkSignature, publicKeyOf, type SignedHeaders, signedHeaders } from './signature.ts';
import { type Device, type Storage, StorageUnavailable } from './storage/storage.ts';

/** What stands between the network and the routes: refusals in the protocol's form, the exact bytes, genuine devices. */

/** A refusal as the protocol has it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** Nothing was stored; worth another try after so many seconds. */
export class Busy extends Refusal {
  readonly retryAfterS: number;

  constructor(status: 429 | 503, detail: string, retryAfterS: number) {
    super(status, 'BUSY', detail);
    this.retryAfterS = Math.max(1, Math.ceil(retryAfterS));
  }
}

export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, code, message, more } = refusal;
  if (refusal instanceof Busy) reply.header('retry-after', String(refusal.retryAfterS));
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ title: code, status, code, detail: message, ...more }));
}

/** What of a failure may stand in a log: its kind and where it happened; a message may quote a value. */
export function withoutData(error: unknown): { name: string; code: string; stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, code: '', stack: '' };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, code: typeof code === 'string' ? code : '', stack: frames.join('\n') };
}

/** Bodies as bytes, whatever a sender calls them, and every failure as a problem of the protocol. */
export function openDoor(app: FastifyInstance, maxBytes: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    if (error instanceof Refusal) return refuse(reply, error);
    if (error instanceof StorageUnavailable) return refuse(reply, new Busy(503, 'the storage is away', 5));
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
      return refuse(reply, new Refusal(413, 'TOO_LARGE', `more than ${maxBytes} bytes`));
    if (error.statusCode !== undefined && error.statusCode < 500)
      return refuse(reply, new Refusal(422, 'REQUEST_INVALID', 'not a request of this protocol'));
    request.log.error({ route: request.routeOptions.url, error: withoutData(error) }, 'request failed');
    return refuse(reply, new Refusal(500, 'INTERNAL', 'the platform failed; the message may be stored'));
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, new Refusal(404, 'ROUTE_UNKNOWN', 'no such route')));
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

export function jsonOf(request: FastifyRequest): unknown {
  try {
    return JSON.parse(bodyOf(request).toString('utf8'), (_key, value: unknown) => {
      // No database keeps it in a text.
      if (typeof value === 'string' && value.includes('\0')) throw new SyntaxError('a NUL character');
      return value;
    });
  } catch {
    // Whatever it is, it is no request of this protocol.
    throw new Refusal(422, 'REQUEST_INVALID', 'not JSON');
  }
}

const senders = new WeakMap<FastifyRequest, Device>();

/** The device that signed a request which went through {@link authenticator}. */
export function deviceOf(request: FastifyRequest): Device {
  const device = senders.get(request);
  if (device === undefined) throw new Error('the route asks for no signature');
  return device;
}

export function requireHeaders(request: FastifyRequest): SignedHeaders {
  const headers = signedHeaders(request.headers);
  if (headers === undefined) throw new Refusal(401, 'SIGNATURE_INVALID', 'a signature header is missing');
  return headers;
}

/** What a request is held against. */
export interface Genuine {
  readonly nowMs: () => number;
  /** Whether a request for this audience is meant for this platform. */
  readonly isForUs: (audience: string) => boolean;
}

/** Refuses a request that the key did not sign, or not for this platform, or not within the window of time. */
export async function requireGenuine(
  request: FastifyRequest,
  headers: SignedHeaders,
  publicKey: string,
  genuine: Genuine,
): Promise<void> {
  const nowMs = genuine.nowMs();
  const wrong = await checkSignature(
    { method: request.method, path: request.raw.url ?? '', body: bodyOf(request) },
    headers,
    publicKeyOf(publicKey),
    nowMs,
  );
  if (wrong === undefined) {
    if (genuine.isForUs(headers.audience)) return;
    throw new Refusal(401, 'AUDIENCE_WRONG', 'the request is meant for another address');
  }
  const detail = wrong === 'CLOCK_SKEW' ? 'the time is too far off' : 'the signature does not fit';
  throw new Refusal(401, wrong, detail, { time: new Date(nowMs).toISOString() });
}

const KNOWN_DEVICES = 20_000;
/** How long what is known of a device is taken for true: so long a device that was revoked elsewhere is still let through. */
const KNOWN_MS = 30_000;

/** Lets enrolled devices through that signed this very request. */
export class Authenticator {
  readonly #storage: Storage;
  readonly #genuine: Genuine;
  readonly #known = new Map<string, { readonly device: Device; readonly untilMs: number }>();

  constructor(storage: Storage, genuine: Genuine) {
    this.#storage = storage;
    this.#genuine = genuine;
  }

  /** Whether the device was seen lately; the others cost a look into the storage. */
  knows(deviceId: string): boolean {
    const known = this.#known.get(deviceId);
    return known !== undefined && performance.now() < known.untilMs;
  }

  /** Forgets what is known of a device. */
  forget(deviceId: string): void {
    this.#known.delete(deviceId);
  }

  /** The device, by its headers alone: nothing of a body is read for a stranger. */
  async find(deviceId: string): Promise<Device> {
    const known = this.knows(deviceId) ? this.#known.get(deviceId)?.device : undefined;
    const device = known ?? (await this.#storage.device(deviceId));
    if (device === undefined) throw new Refusal(403, 'DEVICE_UNKNOWN', 'the device is not enrolled');
    if (known === undefined) {
      if (this.#known.size >= KNOWN_DEVICES) this.#known.clear();
      this.#known.set(deviceId, { device, untilMs: performance.now() + KNOWN_MS });
    }
    if (device.isRevoked) throw new Refusal(403, 'DEVICE_REVOKED', 'nothing is taken from the device any more');
    return device;
  }

  /** Once the body is there: whether the device signed it. */
  async check(request: FastifyRequest): Promise<void> {
    const headers = requireHeaders(request);
    const device = await this.find(headers.deviceId);
    await requireGenuine(request, headers, device.publicKey, this.#genuine);
    senders.set(request, device);
  }
}

const MOST_ADDRESSES = 10_000;

/** What an address has tried and should not try often, in a window of time: whoever tries too much is not listened to until the window is over. */
export class Tries {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #seen = new Map<string, { count: number; readonly untilMs: number }>();

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  note(address: string): void {
    const seen = this.#seen.get(address);
    if (seen !== undefined && performance.now() < seen.untilMs) {
      seen.count += 1;
      return;
    }
    if (this.#seen.size >= MOST_ADDRESSES) this.#seen.clear();
    this.#seen.set(address, { count: 1, untilMs: performance.now() + this.#windowMs });
  }

  /** How long an address that has tried too much has to wait; 0: it need not. */
  waitMs(address: string): number {
    const seen = this.#seen.get(address);
    return seen === undefined || seen.count < this.#limit ? 0 : Math.max(0, seen.untilMs - performance.now());
  }
}

/** Refuses everybody who does not bring the operator's token. */
export function requireOperator(token: string) {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(`Bearer ${token}`);
  return async (request: FastifyRequest): Promise<void> => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), wanted))
      throw new Refusal(401, 'OPERATOR_ONLY', "the token is not the operator's");
  };
}

/** One line a request: the route's pattern, never its path, a header or a body. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

export type Log = FastifyBaseLogger;
