import { randomUUID } from 'node:crypto';
import type { ServerOptions } from 'node:https';
import { isIP } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { specOf } from '../shared/documents/catalogue.ts';
import { PortbookError } from '../shared/errors.ts';
import { checkCustomsCode, checkUscc } from '../shared/identity/identity.ts';
import {
  behaviour as behaviourSchema,
  type DataReply,
  type DataRequestPage,
  type EnterpriseStatistics,
  enrolmentRequest,
  type Health,
  LONG_POLL_SECONDS,
  type MessagePage,
  type MilestonePage,
  type PackList,
  PROTOCOL,
  type ProductPage,
  productRevision,
  type RatePage,
  type ReceiptPage,
  STATISTICS_PAGE,
  sendingRank,
} from '../shared/sync/protocol.ts';
import { milestonesIn } from './carrier.ts';
import { firstStep } from './customs.ts';
import { judgeAnswer } from './data-requests.ts';
import {
  Authenticator,
  Busy,
  bodyOf,
  deviceOf,
  type Genuine,
  jsonOf,
  logRequests,
  openDoor,
  Refusal,
  requireGenuine,
  requireHeaders,
  Tries,
  withoutData,
} from './door.ts';
import { measure } from './metrics.ts';
import { misbehave } from './misbehaviour.ts';
import { Office } from './office.ts';
import { openOperator, takeDataRequests, takeMilestones, takeRates } from './operator.ts';
import { findPack, listIssuers, listPacks } from './packs.ts';
import { ownReader, ReaderThread } from './reader.ts';
import { openStorage } from './storage/open.ts';
import { MOST_PENDING, monthOf, StorageUnavailable } from './storage/storage.ts';
import { readTables } from './tables.ts';

interface StatisticsQuery {
  readonly month?: string;
  readonly kind?: string;
  readonly after?: string;
}

export interface PlatformOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Address to listen on; loopback when left out. Any other wants TLS, its own or that of a proxy in front. */
  readonly host?: string;
  /** Where its SQLite file lies; made when missing. Not needed with a database. */
  readonly dataFolder?: string;
  /** PostgreSQL in place of the file. */
  readonly databaseUrl?: string;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** A proxy in front ends TLS, and says in `X-Forwarded-For` for whom it asks. */
  readonly behindProxy?: boolean;
  /** Hosts, each with its port where that is not the usual one, of the addresses that desks are given. Needed beyond loopback. */
  readonly publicHosts?: readonly string[];
  /** What whoever runs the platform shows to see and decide on enrolments. Needed beyond loopback. */
  readonly operatorToken?: string;
  /** Milliseconds since 1970; the machine's clock when left out. */
  readonly clock?: () => number;
  /** Folder with `tables/*.json`; without it codes are not looked up. */
  readonly resourcesFolder?: string;
  /** Folder of packs to hand out (see packs.ts). */
  readonly packsFolder?: string;
  /** How long a list waits for its order and waybill before it is sent back. */
  readonly orderWaitMs?: number;
  readonly maxBytes?: number;
  /** The program whose threads read messages (see reader.ts); without it they are read in this thread. */
  readonly readerProgram?: string;
  /** Requests an enterprise may make in ten seconds, at this process. */
  readonly rateLimit?: number;
  /** pino's levels; nothing is logged when left out. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** Where lines of JSON go; the error output when left out. */
  readonly logTo?: { write(line: string): void };
}

export interface Platform {
  readonly url: string;
  readonly port: number;
  /** What it answers, `GET /v1/health` and so on. */
  readonly routes: readonly string[];
  /** Takes no more requests, finishes those it has, and the turn of work that is running. */
  close(): Promise<void>;
}

const kinds = Object.keys(sendingRank);
const RATE_WINDOW_MS = 10_000;
const RATE_LIMIT = 6000;
/** Requests from an address in the window by which it is not known yet who asks: enrolments, unknown devices, wrong tokens, wrong signatures. */
const STRANGER_LIMIT = 600;
/** Devices that may ask to be enrolled for the first time from one address in the window. */
const NEWCOMER_LIMIT = 50;
const NEWCOMER_WINDOW_MS = 3_600_000;
/** How long what the engine says of itself is good for the next who asks. */
const PING_MS = 1000;
/** When a device that waits for its approval may ask again. */
const PENDING_S = 60;
const SMALL_BODY = 64 * 1024;
/** Requests that have not ended by then are cut off. */
const STOP_MS = 10_000;

const GUID = /^[0-9A-Fa-f-]{36}$/;
const SESSION = /^[0-9A-Za-z-]{1,36}$/;

const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host === '::1' ||
  host === '::ffff:127.0.0.1' ||
  (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Starts the platform: the practice platform (演练平台) on loopback, or one of several processes on a shared database. It takes up the work
 * that a former run left undone. Beyond loopback nobody is enrolled whom the operator has not approved.
 * Refusals: `PLATFORM_NEEDS_TLS` {host}, `OPTION_MISSING` {option}, `PLATFORM_NOT_STARTED` {reason}.
 */
export async function servePlatform(options: PlatformOptions): Promise<Platform> {
  const host = options.host ?? '127.0.0.1';
  // Behind a proxy every caller seems to be on this machine: what loopback alone may do is off there.
  const isPractice = isLoopback(host) && options.behindProxy !== true;
  if (!isLoopback(host) && options.tls === undefined && options.behindProxy !== true)
    throw new PortbookError('PLATFORM_NEEDS_TLS', { host }, 'host');
  if (!isPractice && (options.publicHosts ?? []).length === 0)
    throw new PortbookError('OPTION_MISSING', { option: '--public-host' }, 'public-host');
  if (!isPractice && (options.operatorToken ?? '') === '')
    throw new PortbookError('OPTION_MISSING', { option: '--operator-token-file' }, 'operator-token-file');
  try {
    const storage = await openStorage(options.dataFolder, options.databaseUrl);
    try {
      return await serve(options, { host, isPractice, storage });
    } catch (error) {
      await storage.close();
      throw error;
    }
  } catch (error) {
    // A port that is taken, a folder that cannot be written, a database that does not answer: the system's errors have a code, ours have none.
    const isOutside = error instanceof StorageUnavailable || (error instanceof Error && 'code' in error);
    if (!isOutside || error instanceof PortbookError) throw error;
    throw new PortbookError('PLATFORM_NOT_STARTED', { reason: error.message });
  }
}

async function serve(
  options: PlatformOptions,
  {
    host,
    isPractice,
    storage,
  }: { host: string; isPractice: boolean; storage: Awaited<ReturnType<typeof openStorage>> },
): Promise<Platform> {
  const nowMs = options.clock ?? Date.now;
  const now = () => new Date(nowMs()).toISOString();
  const maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
  const { packsFolder } = options;
  let current = await storage.behaviour();
  let isStopping = false;

  const tls: ServerOptions | null = options.tls === undefined ? null : { ...options.tls, minVersion: 'TLSv1.2' };
  // Not on the output, which the starter reads.
  const { logLevel, logTo = process.stderr } = options;
  const log = logLevel === undefined ? false : { level: logLevel, stream: logTo, base: null };
  const app = fastify({
    logger: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBytes,
    https: tls,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false,
    requestTimeout: 120_000,
    // Longer than desks and proxies keep an idle connection, so that none of them sends into one that is being closed.
    keepAliveTimeout: 75_000,
    // The one proxy that it was told of; what others wrote there before is anybody's claim.
    trustProxy: options.behindProxy === true ? (_address: string, hop: number) => hop === 0 : false,
    routerOptions: { maxParamLength: 600 },
  }) as unknown as FastifyInstance;
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(`${String(method)} ${url}`);
  });
  openDoor(app, maxBytes);
  app.addHook('onRequest', async (_request, reply) => {
    if (!isStopping) return;
    reply.header('connection', 'close');
    throw new Busy(503, 'the platform stops', 1);
  });
  if (logLevel !== undefined) logRequests(app);
  const metrics = measure(app);
  const tables = readTables(options.resourcesFolder);
  const { readerProgram, resourcesFolder } = options;
  const reader = readerProgram === undefined ? ownReader(tables) : new ReaderThread(readerProgram, resourcesFolder);
  const misbehaviour = misbehave(app, () => current, nowMs);
  const office = new Office({
    storage,
    tables,
    nowMs,
    orderWaitMs: options.orderWaitMs ?? 5000,
    behaviour: () => current,
    log: app.log,
    onFailure: (error) => app.log.error({ error: withoutData(error) }, 'document put off'),
    onTurn: metrics.onTurn,
    refresh: async () => {
      current = await storage.behaviour();
    },
  });

  await app.register(rateLimit, {
    global: false,
    max: options.rateLimit ?? RATE_LIMIT,
    timeWindow: RATE_WINDOW_MS,
    cache: 10_000,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    keyGenerator: (request) => String(deviceOf(request).enterprise.id),
    errorResponseBuilder: (_request, { ttl }) => new Busy(429, 'too many requests', ttl / 1000),
  });
  const publicHosts = new Set((options.publicHosts ?? []).map((one) => one.toLowerCase()));
  // A practice platform is met under whatever name leads to this machine.
  const isForUs = (audience: string): boolean => isPractice || publicHosts.has(audience.toLowerCase());
  const genuine: Genuine = { nowMs, isForUs };
  const authenticator = new Authenticator(storage, genuine);
  const counted = app.createRateLimit({ max: STRANGER_LIMIT, keyGenerator: (request) => request.ip });
  const strangers = async (request: FastifyRequest): Promise<void> => {
    const limit = await counted(request);
    if (!limit.isAllowed && limit.isExceeded) throw new Busy(429, 'too many requests', limit.ttl / 1000);
  };
  // Anybody who knows a device's id can send requests in its name, and each costs a body and a check.
  const wrongSignatures = new Tries(STRANGER_LIMIT, RATE_WINDOW_MS);
  const newcomers = new Tries(NEWCOMER_LIMIT, NEWCOMER_WINDOW_MS);
  const signed = {
    // Before anything of a body is read.
    onRequest: async (request: FastifyRequest): Promise<void> => {
      const { deviceId } = requireHeaders(request);
      const waitMs = wrongSignatures.waitMs(request.ip);
      if (waitMs > 0) throw new Busy(429, 'too many requests', waitMs / 1000);
      if (!authenticator.knows(deviceId)) await strangers(request);
      await authenticator.find(deviceId);
    },
    preHandler: [
      async (request: FastifyRequest): Promise<void> => {
        try {
          await authenticator.check(request);
        } catch (error) {
          if (error instanceof Refusal && error.status === 401) wrongSignatures.note(request.ip);
          throw error;
        }
      },
      app.rateLimit(),
    ],
  };
  const signedSmall = { ...signed, bodyLimit: SMALL_BODY };

  let ping: { readonly answer: Promise<void>; readonly untilMs: number } | undefined;
  app.get('/v1/health', async (): Promise<Health> => {
    if (ping === undefined || performance.now() >= ping.untilMs)
      ping = { answer: storage.ping(), untilMs: performance.now() + PING_MS };
    await ping.answer;
    const maxDocuments = Math.max(...kinds.map((kind) => specOf(kind)?.maxNodes ?? 100));
    return {
      name: isPractice ? '演练平台 Practice' : 'Portbook platform',
      protocol: PROTOCOL,
      time: now(),
      practice: isPractice,
      capabilities: {
        ...{ kinds, maxBytes, maxDocuments, rates: true, longPollSeconds: LONG_POLL_SECONDS, products: true },
        dataRequests: true,
        milestones: true,
        ...{ packs: packsFolder !== undefined, statistics: true, contents: true, arrivals: true },
      },
    };
  });

  app.post('/v1/enrolments', { onRequest: strangers, bodyLimit: SMALL_BODY }, async (request, reply) => {
    const headers = requireHeaders(request);
    const wanted = enrolmentRequest.safeParse(jsonOf(request));
    if (!wanted.success) throw new Refusal(422, 'REQUEST_INVALID', 'not an enrolment');
    if (wanted.data.deviceId !== headers.deviceId)
      throw new Refusal(422, 'REQUEST_INVALID', 'signed by another device');
    await requireGenuine(request, headers, wanted.data.publicKey, genuine);
    const uscc = checkUscc(wanted.data.uscc);
    if (!uscc.ok) throw new Refusal(422, 'ENTERPRISE_INVALID', `统一社会信用代码 ${uscc.code}`);
    const customsCode = checkCustomsCode(wanted.data.customsCode);
    if (!customsCode.ok) throw new Refusal(422, 'ENTERPRISE_INVALID', `海关注册编码 ${customsCode.code}`);
    // Both codes stand in public registers: only somebody who knows the enterprise can say whose device this is.
    // A door that one address has filled is closed to all others: from each only some new ones wait.
    const most = newcomers.waitMs(request.ip) > 0 ? 0 : MOST_PENDING;
    const outcome = await (isPractice
      ? storage.enrol(wanted.data, now())
      : storage.askEnrolment(wanted.data, now(), most));
    if (outcome.kind === 'asked') newcomers.note(request.ip);
    switch (outcome.kind) {
      case 'asked':
      case 'pending':
        reply.header('retry-after', String(PENDING_S));
        throw new Refusal(403, 'ENROLMENT_PENDING', 'the operator has not approved the device yet');
      case 'full':
        throw new Busy(503, 'too many devices wait for their approval', PENDING_S);
      case 'revoked':
        throw new Refusal(403, 'DEVICE_REVOKED', 'nothing is taken from the device any more');
      case 'enterprise-conflict':
        throw new Refusal(422, 'ENTERPRISE_INVALID', 'the two codes belong to different enterprises');
      case 'device-conflict':
        throw new Refusal(409, 'DEVICE_REUSED', 'the device id is taken');
      default:
        reply.code(outcome.kind === 'new' ? 201 : 200);
        return { deviceId: wanted.data.deviceId, enterpriseId: String(outcome.enterpriseId) };
    }
  });

  app.put<{ Params: { guid: string } }>('/v1/messages/:guid', signed, async (request, reply) => {
    const device = deviceOf(request);
    const { guid } = request.params;
    if (!GUID.test(guid)) throw new Refusal(422, 'REQUEST_INVALID', 'not a GUID');
    const bytes = bodyOf(request);
    // What the signature was checked with.
    const { contentSha256: sha256 } = requireHeaders(request);
    // What is stored is answered before it is read again: a resend must not depend on today's checks.
    let outcome = await storage.resend(guid, sha256, device.enterprise.id);
    if (outcome === undefined) {
      const arrival = await reader.receive(guid, bytes);
      if (!arrival.ok) throw new Refusal(422, arrival.code, arrival.detail, { findings: arrival.findings });
      const at = { now: now(), ms: nowMs(), receiptId: randomUUID() };
      const message = { ...arrival.message, bytes, sha256 };
      outcome = await storage.putMessage(message, device, firstStep, at, office.decide);
      if (outcome.kind === 'stored') {
        metrics.onStored(message.documents.length);
        office.onStored(device.enterprise.id, outcome.isDone);
        const told = isPractice ? milestonesIn(arrival.message) : [];
        if (told.length > 0) await storage.addMilestones(device.enterprise.uscc, told);
      }
    }
    if (outcome.kind === 'reused') throw new Refusal(409, 'GUID_REUSED', 'other bytes are stored under this GUID');
    reply.code(outcome.kind === 'stored' ? 202 : 200);
    return outcome.receipt;
  });

  app.get<{ Params: { guid: string } }>('/v1/messages/:guid', signed, async (request) => {
    const { guid } = request.params;
    const { id } = deviceOf(request).enterprise;
    const receipt = GUID.test(guid) ? await storage.transportReceipt(guid, id) : undefined;
    if (receipt === undefined) throw new Refusal(404, 'MESSAGE_UNKNOWN', 'not stored');
    return receipt;
  });

  app.get<{ Params: { guid: string } }>('/v1/messages/:guid/content', signed, async (request, reply) => {
    const { guid } = request.params;
    const { id } = deviceOf(request).enterprise;
    const bytes = GUID.test(guid) ? await storage.content(guid, id) : undefined;
    if (bytes === undefined) throw new Refusal(404, 'MESSAGE_UNKNOWN', 'not stored');
    reply.type('application/xml');
    return Buffer.from(bytes);
  });

  app.get<{ Querystring: { after?: string; limit?: string } }>('/v1/messages', signed, async (request) => {
    const { after = '' } = request.query;
    if (after !== '' && !GUID.test(after)) throw new Refusal(422, 'REQUEST_INVALID', 'not a cursor of this platform');
    const limit = numberIn(request.query.limit, 100, 1, 1000);
    const guids = await storage.messagesAfter(deviceOf(request).enterprise.id, after, limit);
    if (guids === undefined) throw new Refusal(404, 'MESSAGE_UNKNOWN', 'not stored');
    return { guids, next: guids.at(-1) ?? after } satisfies MessagePage;
  });

  type ReceiptQuery = { Querystring: { after?: string; limit?: string; wait?: string } };
  app.get<ReceiptQuery>('/v1/receipts', signed, async (request, reply) => {
    const { id } = deviceOf(request).enterprise;
    const after = cursorIn(request.query.after);
    const limit = numberIn(request.query.limit, 100, 1, 200);
    const waitMs = numberIn(request.query.wait, 0, 0, LONG_POLL_SECONDS) * 1000;
    let page = await storage.receiptsAfter(id, after, limit);
    if (page === undefined && waitMs > 0) {
      const gone = goneOf(reply);
      await office.waitForReceipts(id, after, waitMs, gone);
      if (!gone.aborted) page = await storage.receiptsAfter(id, after, limit);
    }
    if (page === undefined) return { receipts: [], next: String(after) } satisfies ReceiptPage;
    return reply.type('application/json; charset=utf-8').send(page);
  });

  app.get<{ Querystring: { after?: string } }>(
    '/v1/rates',
    signed,
    (request): Promise<RatePage> => storage.ratesAfter(cursorIn(request.query.after)),
  );

  app.get<{ Querystring: StatisticsQuery }>('/v1/statistics', signed, async (request) => {
    const month = request.query.month ?? monthOf(nowMs()).slice(0, 7);
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Refusal(422, 'REQUEST_INVALID', 'not a month');
    const { id } = deviceOf(request).enterprise;
    const { kind } = request.query;
    const after = cursorIn(request.query.after);
    const counted = { month, kinds: await storage.enterpriseStatistics(id, month) };
    if (kind === undefined) return counted satisfies EnterpriseStatistics;
    const rows = await storage.enterpriseDocuments(id, { month, kind, after, limit: STATISTICS_PAGE });
    return {
      ...counted,
      documents: rows.map(({ number, state, amount }) => ({ number, state, amount })),
      ...(rows.length < STATISTICS_PAGE ? {} : { next: String(rows.at(-1)?.id ?? after) }),
    } satisfies EnterpriseStatistics;
  });

  app.put<{ Params: { itemNo: string } }>('/v1/products/:itemNo', signedSmall, async (request, reply) => {
    const wanted = productRevision.safeParse(jsonOf(request));
    if (!wanted.success || wanted.data.itemNo !== request.params.itemNo) {
      const findings = wanted.error?.issues.map(({ path, code }) => ({ path: path.join('/'), rule: code })) ?? [];
      throw new Refusal(422, 'REQUEST_INVALID', 'not a product', { findings });
    }
    const outcome = await storage.putProduct(deviceOf(request).enterprise.id, wanted.data);
    if (outcome.kind === 'conflict')
      throw new Refusal(409, 'VERSION_CONFLICT', 'the library holds this or a later version', {
        version: outcome.version,
      });
    reply.code(outcome.kind === 'stored' ? 201 : 200);
    return outcome.revision;
  });

  type ProductQuery = { Params: { itemNo: string }; Querystring: { version?: string } };
  app.get<ProductQuery>('/v1/products/:itemNo', signed, async (request) => {
    const { version } = request.query;
    const wanted = version === undefined ? undefined : numberIn(version, 1, 1, 1_000_000);
    const found = await storage.product(deviceOf(request).enterprise.id, request.params.itemNo, wanted);
    if (found === undefined) throw new Refusal(404, 'PRODUCT_UNKNOWN', 'no such product or version');
    return found;
  });

  app.get<{ Querystring: { after?: string; limit?: string } }>('/v1/products', signed, async (request) => {
    const { after = '' } = request.query;
    const limit = numberIn(request.query.limit, 100, 1, 200);
    const products = await storage.productsAfter(deviceOf(request).enterprise.id, after, limit);
    return { products, next: products.at(-1)?.itemNo ?? after } satisfies ProductPage;
  });

  app.get('/v1/packs', signed, async (): Promise<PackList> => {
    if (packsFolder === undefined) return { packs: [], issuers: [] };
    return { packs: await listPacks(packsFolder, app.log), issuers: await listIssuers(packsFolder, app.log) };
  });

  app.get<{ Params: { id: string; version: string } }>('/v1/packs/:id/:version', signed, async (request, reply) => {
    const { id, version } = request.params;
    const pack = packsFolder === undefined ? undefined : await findPack(packsFolder, id, Number(version));
    if (pack === undefined) throw new Refusal(404, 'PACK_UNKNOWN', 'no such pack');
    reply.type('application/octet-stream');
    return pack.bytes;
  });

  app.get<{ Querystring: { after?: string } }>(
    '/v1/data-requests',
    signed,
    (request): Promise<DataRequestPage> =>
      storage.dataRequestsAfter(deviceOf(request).enterprise.id, cursorIn(request.query.after)),
  );

  app.put<{ Params: { sessionID: string } }>(
    '/v1/data-requests/:sessionID',
    signed,
    async (request): Promise<DataReply> => {
      const { id } = deviceOf(request).enterprise;
      const { sessionID } = request.params;
      const text = bodyOf(request).toString('utf8');
      const known = SESSION.test(sessionID) ? await storage.dataRequest(id, sessionID) : undefined;
      if (known === undefined) throw new Refusal(404, 'SESSION_UNKNOWN', 'customs did not ask this');
      const reply = judgeAnswer(sessionID, known, jsonOf(request));
      if (reply.code !== '10000' || known.answer === text) return reply;
      if (await storage.answerDataRequest(id, sessionID, text)) return reply;
      // The same answer may have come twice at once.
      const taken = await storage.dataRequest(id, sessionID);
      if (taken?.answer === text) return reply;
      throw new Refusal(409, 'SESSION_ANSWERED', 'another answer was taken');
    },
  );

  app.get<{ Querystring: { after?: string } }>(
    '/v1/milestones',
    signed,
    (request): Promise<MilestonePage> =>
      storage.milestonesAfter(deviceOf(request).enterprise.id, cursorIn(request.query.after)),
  );

  app.get('/metrics', async (request, reply) => {
    // Through a proxy on this machine everybody comes from this machine; a proxy says for whom.
    const { forwarded, 'x-forwarded-for': forwardedFor } = request.headers;
    const isLocal =
      isLoopback(request.socket.remoteAddress ?? '') && forwarded === undefined && forwardedFor === undefined;
    if (!isLocal) throw new Refusal(404, 'ROUTE_UNKNOWN', 'no such route');
    reply.type(metrics.contentType);
    return metrics.text();
  });

  const { operatorToken } = options;
  if (operatorToken !== undefined)
    openOperator(app, {
      ...{ storage, operatorToken, strangers, maxBytes, now },
      onRevoked: (deviceId) => authenticator.forget(deviceId),
    });

  if (isPractice) {
    const small = { bodyLimit: maxBytes };
    app.get('/v1/practice/behaviour', async () => current);
    app.put('/v1/practice/behaviour', small, async (request) => {
      const wanted = behaviourSchema.safeParse(jsonOf(request));
      if (!wanted.success) throw new Refusal(422, 'REQUEST_INVALID', 'not a behaviour');
      await storage.setBehaviour(wanted.data);
      current = wanted.data;
      misbehaviour.restart();
      return current;
    });
    app.put('/v1/practice/rates', small, takeRates(storage));
    app.put('/v1/practice/data-requests', small, takeDataRequests(storage));
    app.put('/v1/practice/milestones', small, takeMilestones(storage));
    app.get('/v1/practice/statistics', () => storage.statistics());
  }

  const url = await app.listen({ host, port: options.port });
  office.wake();
  return {
    url,
    port: Number(new URL(url).port),
    routes,
    close: async () => {
      isStopping = true;
      await office.stop();
      misbehaviour.release();
      // Connections that fall idle are not used again; requests that will not end must not keep the process.
      const sweep = setInterval(() => app.server.closeIdleConnections(), 20);
      const patience = setTimeout(() => app.server.closeAllConnections(), STOP_MS);
      await app.close();
      clearInterval(sweep);
      clearTimeout(patience);
      await reader.close();
      await storage.close();
    },
  };
}

/** A whole number of a query within its bounds, `whenMissing` when it is not there. */
function numberIn(text: string | undefined, whenMissing: number, least: number, most: number): number {
  const value = text === undefined ? whenMissing : Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Refusal(422, 'REQUEST_INVALID', 'a number of the query is out of range');
  return value;
}

function cursorIn(text = ''): number {
  if (!/^\d{0,15}$/.test(text)) throw new Refusal(422, 'REQUEST_INVALID', 'not a cursor of this platform');
  return Number(text);
}

/** Aborted when whoever asked has gone. */
function goneOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
