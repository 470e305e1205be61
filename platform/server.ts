import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { specOf } from '../shared/documents/catalogue.ts';
import { checkCustomsCode, checkUscc } from '../shared/identity/identity.ts';
import {
  type Behaviour,
  behaviour as behaviourSchema,
  enrolmentRequest,
  type Health,
  PROTOCOL,
  type RatePage,
  ratePage,
  sendingRank,
} from '../shared/sync/protocol.ts';
import { receive } from './arrival.ts';
import { type CustomsOptions, firstStep, work } from './customs.ts';
import { checkSignature, publicKeyOf, signedHeaders } from './signature.ts';
import { type Device, PlatformStore } from './store.ts';
import { readTables } from './tables.ts';

export interface PlatformOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Where its SQLite file lies; made when missing. */
  readonly dataFolder: string;
  /** Milliseconds since 1970; the machine's clock when left out. */
  readonly clock?: () => number;
  /** Folder with `tables/*.json`; without it codes are not looked up. */
  readonly resourcesFolder?: string;
  /** How long a list waits for its order and waybill before it is sent back. */
  readonly orderWaitMs?: number;
  readonly maxBytes?: number;
}

export interface Platform {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const kinds = Object.keys(sendingRank);

/** A refusal as the protocol has it. */
class Refusal extends Error {
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

/**
 * Starts the practice platform (演练平台) on loopback. It takes up the work that a former run left undone.
 */
export async function servePlatform(options: PlatformOptions): Promise<Platform> {
  const nowMs = options.clock ?? Date.now;
  const now = () => new Date(nowMs()).toISOString();
  const maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
  const store = new PlatformStore(options.dataFolder);
  let current = store.behaviour();
  const random = randomOf(() => current.seed);
  const customs = startCustoms({
    store,
    tables: readTables(options.resourcesFolder),
    nowMs,
    orderWaitMs: options.orderWaitMs ?? 5000,
    behaviour: () => current,
  });

  const app = fastify({ logger: false, bodyLimit: maxBytes, forceCloseConnections: true, exposeHeadRoutes: false });
  app.removeAllContentTypeParsers();
  // The exact bytes are what counts, whatever a sender calls them.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, _request, reply) => {
    if (error instanceof Refusal) return problem(reply, error.status, error.code, error.message, error.more);
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
      return problem(reply, 413, 'TOO_LARGE', `more than ${maxBytes} bytes`);
    if (error.statusCode !== undefined && error.statusCode < 500)
      return problem(reply, error.statusCode, 'REQUEST_INVALID', error.message);
    process.stderr.write(`platform: ${error.stack ?? error.message}\n`);
    return problem(reply, 500, 'INTERNAL', 'the platform failed; the message may be stored');
  });
  app.setNotFoundHandler((_request, reply) => problem(reply, 404, 'ROUTE_UNKNOWN', 'no such route'));
  misbehave(app, () => current, random);

  const requireDevice = (request: FastifyRequest): Device => {
    const headers = signedHeaders(request.headers);
    if (headers === undefined) throw new Refusal(401, 'SIGNATURE_INVALID', 'a signature header is missing');
    const device = store.device(headers.deviceId);
    if (device === undefined) throw new Refusal(403, 'DEVICE_UNKNOWN', 'the device is not enrolled');
    requireGenuine(request, headers, device.publicKey);
    return device;
  };
  const requireGenuine = (
    request: FastifyRequest,
    headers: NonNullable<ReturnType<typeof signedHeaders>>,
    publicKey: string,
  ): void => {
    const wrong = checkSignature(
      { method: request.method, path: request.raw.url ?? '', body: bodyOf(request) },
      headers,
      publicKeyOf(publicKey),
      nowMs(),
    );
    if (wrong !== undefined)
      throw new Refusal(401, wrong, wrong === 'CLOCK_SKEW' ? 'the time is too far off' : 'the signature does not fit', {
        time: now(),
      });
  };

  app.get('/v1/health', (): Health => {
    const maxDocuments = Math.max(...kinds.map((kind) => specOf(kind)?.maxNodes ?? 100));
    return {
      name: '演练平台 Practice',
      protocol: PROTOCOL,
      time: now(),
      practice: true,
      capabilities: { kinds, maxBytes, maxDocuments, rates: true },
    };
  });

  app.post('/v1/enrolments', (request, reply) => {
    const headers = signedHeaders(request.headers);
    if (headers === undefined) throw new Refusal(401, 'SIGNATURE_INVALID', 'a signature header is missing');
    const wanted = enrolmentRequest.safeParse(jsonOf(request));
    if (!wanted.success) throw new Refusal(422, 'REQUEST_INVALID', 'not an enrolment');
    if (wanted.data.deviceId !== headers.deviceId)
      throw new Refusal(422, 'REQUEST_INVALID', 'signed by another device');
    requireGenuine(request, headers, wanted.data.publicKey);
    const uscc = checkUscc(wanted.data.uscc);
    if (!uscc.ok) throw new Refusal(422, 'ENTERPRISE_INVALID', `统一社会信用代码 ${uscc.code}`);
    const customsCode = checkCustomsCode(wanted.data.customsCode);
    if (!customsCode.ok) throw new Refusal(422, 'ENTERPRISE_INVALID', `海关注册编码 ${customsCode.code}`);
    const outcome = store.enrol(wanted.data, now());
    switch (outcome.kind) {
      case 'enterprise-conflict':
        throw new Refusal(422, 'ENTERPRISE_INVALID', 'the two codes belong to different enterprises');
      case 'device-conflict':
        throw new Refusal(409, 'DEVICE_REUSED', 'the device id is taken');
      default:
        return reply
          .code(outcome.kind === 'new' ? 201 : 200)
          .send({ deviceId: wanted.data.deviceId, enterpriseId: String(outcome.enterpriseId) });
    }
  });

  app.put<{ Params: { guid: string } }>('/v1/messages/:guid', (request, reply) => {
    const device = requireDevice(request);
    const { guid } = request.params;
    const bytes = bodyOf(request);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const reused = () => new Refusal(409, 'GUID_REUSED', 'other bytes are stored under this GUID');
    // What is stored is answered before it is read again: a resend must not depend on today's checks.
    const known = store.guidUse(guid);
    if (known !== undefined) {
      const receipt = store.transportReceipt(guid, device.enterprise.id);
      if (receipt === undefined || known.sha256 !== sha256) throw reused();
      store.countResend(guid);
      return reply.code(200).send(receipt);
    }
    const arrival = receive(guid, bytes);
    if (!arrival.ok) throw new Refusal(422, arrival.code, arrival.detail, { findings: arrival.findings });
    const at = { now: now(), ms: nowMs(), receiptId: randomUUID() };
    const outcome = store.putMessage({ ...arrival.message, bytes, sha256 }, device, firstStep, at);
    if (outcome.kind === 'reused') throw reused();
    customs.wake();
    return reply.code(outcome.kind === 'stored' ? 202 : 200).send(outcome.receipt);
  });

  app.get<{ Params: { guid: string } }>('/v1/messages/:guid', (request) => {
    const device = requireDevice(request);
    const receipt = store.transportReceipt(request.params.guid, device.enterprise.id);
    if (receipt === undefined) throw new Refusal(404, 'MESSAGE_UNKNOWN', 'not stored');
    return receipt;
  });

  app.get<{ Querystring: { after?: string; limit?: string } }>('/v1/receipts', (request) => {
    const device = requireDevice(request);
    const after = Number(request.query.after ?? '');
    const limit = Number(request.query.limit ?? '100');
    if (!Number.isSafeInteger(after) || !Number.isInteger(limit) || limit < 1 || limit > 200) {
      throw new Refusal(422, 'REQUEST_INVALID', 'after or limit');
    }
    const rows = store.receiptsAfter(device.enterprise.id, after, limit);
    return { receipts: rows.map((row) => ({ ...row, id: String(row.id) })), next: String(rows.at(-1)?.id ?? after) };
  });

  app.get<{ Querystring: { after?: string } }>('/v1/rates', (request): RatePage => {
    requireDevice(request);
    const after = request.query.after ?? '';
    if (!/^\d{0,15}$/.test(after)) throw new Refusal(422, 'REQUEST_INVALID', 'not a cursor of this platform');
    return store.ratesAfter(Number(after));
  });
  app.get('/v1/practice/behaviour', () => current);
  app.put('/v1/practice/behaviour', (request) => {
    const wanted = behaviourSchema.safeParse(jsonOf(request));
    if (!wanted.success) throw new Refusal(422, 'REQUEST_INVALID', 'not a behaviour');
    store.setBehaviour(wanted.data);
    current = wanted.data;
    return current;
  });
  app.put('/v1/practice/rates', (request) => {
    const wanted = ratePage.shape.rates.safeParse(jsonOf(request));
    if (!wanted.success) throw new Refusal(422, 'REQUEST_INVALID', 'not a list of rates');
    store.addRates(wanted.data);
    return { rates: wanted.data.length };
  });
  app.get('/v1/practice/statistics', () => store.statistics());

  const url = await app.listen({ host: '127.0.0.1', port: options.port });
  customs.wake();
  return {
    url,
    port: Number(new URL(url).port),
    close: async () => {
      await customs.stop();
      await app.close();
      store.close();
    },
  };
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function jsonOf(request: FastifyRequest): unknown {
  try {
    return JSON.parse(bodyOf(request).toString('utf8'));
  } catch {
    throw new Refusal(422, 'REQUEST_INVALID', 'not JSON');
  }
}

function problem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ title: code, status, code, detail, ...more }));
}

/** A practice platform that is slow, forgetful or dumb on request. The practice routes stay usable. */
function misbehave(app: FastifyInstance, behaviour: () => Behaviour, random: () => number): void {
  const isPractice = (request: FastifyRequest) => request.url.startsWith('/v1/practice/');
  app.addHook('onRequest', async (request, reply) => {
    if (isPractice(request)) return;
    if (behaviour().silent) reply.hijack();
  });
  app.addHook('onSend', async (request, _reply, payload) => {
    if (isPractice(request)) return payload;
    const { latencyMs, dropReplies } = behaviour();
    if (latencyMs > 0) await delay(latencyMs);
    if (dropReplies > 0 && random() < dropReplies) request.raw.socket.destroy();
    return payload;
  });
}

/** Mulberry32, started anew when the seed changes. */
function randomOf(seedOf: () => number): () => number {
  let seed = seedOf();
  let state = seed;
  return () => {
    if (seed !== seedOf()) {
      seed = seedOf();
      state = seed;
    }
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs customs' work between the requests, one batch a turn. */
function startCustoms(options: CustomsOptions): { wake(): void; stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let isNext = false;
  const schedule = (ms: number): void => {
    // Whoever wakes it while it is about to run must not put it off again.
    if (stopped || isNext) return;
    isNext = ms === 0;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  const run = (): void => {
    isNext = false;
    if (stopped) return;
    const moved = work(options);
    const next = moved > 0 ? options.nowMs() : options.store.nextDueMs();
    // With a clock of its own the wait is an upper bound; the next message wakes it in any case.
    if (next !== undefined) schedule(moved > 0 ? 0 : Math.min(Math.max(next - options.nowMs(), 1), 1000));
  };
  return {
    wake: () => schedule(0),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
