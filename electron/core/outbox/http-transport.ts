import { createHash } from 'node:crypto';
import type { Dispatcher, Response, fetch as undiciFetch } from 'undici';
import { z } from 'zod';
import { PortbookError } from '../../../shared/errors.ts';
import {
  canonicalRequest,
  dataReply,
  dataRequestPage,
  enrolment,
  enterpriseStatistics,
  headerNames,
  health,
  messagePage,
  milestonePage,
  type Outcome,
  type Problem,
  packList,
  problem as problemSchema,
  ratePage,
  receiptPage,
  transportReceipt,
} from '../../../shared/sync/protocol.ts';
import { isPortal, type PageAnswer } from './captive-portal.ts';
import { type Connection, noteWay } from './network.ts';
import { clockSkew, type Failure, isTlsFailure, networkFailure, silence } from './network-failure.ts';
import { withinTime } from './time-limit.ts';
import type { RequestSigner, Transport } from './transport.ts';

export interface HttpTransportOptions {
  /** Without a trailing slash; checked by `checkEndpointUrl`. */
  readonly url: string;
  readonly signer: RequestSigner;
  readonly now: () => string;
  /** Proxy and TLS; without it the platform is reached directly and by the authorities this computer trusts. */
  readonly connection?: () => Promise<Connection>;
  /** Where plain http tells a log-in page of the network, which cannot answer for https: port 80 of the platform's host. */
  readonly plainUrl?: string;
  readonly fetch?: typeof undiciFetch;
  /** How long each kind of exchange may take, body included. */
  readonly timeouts?: Partial<Timeouts>;
}

interface Timeouts {
  readonly healthMs: number;
  readonly sendMs: number;
  readonly askMs: number;
}

const defaultTimeouts: Timeouts = { healthMs: 5_000, sendMs: 60_000, askMs: 20_000 };

/** Receipts asked for at once: some 100 x 60 KB is the most that stays in memory. */
const RECEIPTS_PER_PAGE = 100;
/** GUIDs are short: as many as the protocol lets. */
const GUIDS_PER_PAGE = 1000;
/** No answer of the protocol is longer; more is not read. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** An answer as far as it could be read. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
  readonly problem: Problem | undefined;
  readonly retryAfterMs: number;
  readonly isPortal: boolean;
}

/** The whole of a page is not needed to know a log-in page. */
const PAGE_CHARACTERS = 20_000;
const PORTAL_TIMEOUT_MS = 3_000;

let shared: Promise<Connection> | undefined;
/** The way without settings, one for all. The client is loaded where it is first needed: most of what the core is started for sends nothing. */
function direct(): Promise<Connection> {
  shared ??= import('undici').then(({ Agent }) => ({ dispatcher: new Agent(), via: 'direct' }));
  return shared;
}

/** The protocol of docs/openapi.yaml over HTTP. */
export function httpTransport(options: HttpTransportOptions): Transport {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const fetchOf = async (): Promise<typeof undiciFetch> => options.fetch ?? (await import('undici')).fetch;
  const connection = options.connection ?? direct;

  async function exchange(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: Uint8Array | undefined,
    call: {
      readonly type?: string;
      readonly timeoutMs: number;
      readonly signed: boolean;
      readonly signal: AbortSignal;
    },
  ): Promise<Answer | Failure> {
    const headers: Record<string, string> = { accept: 'application/json' };
    const url = options.url + path;
    if (call.type !== undefined) headers['content-type'] = call.type;
    if (call.signed) {
      const time = options.now();
      const sha256 = createHash('sha256')
        .update(body ?? new Uint8Array())
        .digest('hex');
      // Behind a path prefix the platform sees the whole path, so the whole path is signed.
      const { host: audience, pathname, search } = new URL(url);
      const text = canonicalRequest({ audience, method, path: pathname + search, time, contentSha256: sha256 });
      const signature = await options.signer.sign(new TextEncoder().encode(text));
      headers[headerNames.device] = options.signer.id;
      headers[headerNames.audience] = audience;
      headers[headerNames.time] = time;
      headers[headerNames.contentSha256] = sha256;
      headers[headerNames.signature] = Buffer.from(signature).toString('base64');
    }
    let way: Connection;
    try {
      way = await connection();
    } catch (error) {
      // Settings that lead nowhere: the user has to mend them, nothing has left.
      if (!(error instanceof PortbookError)) throw error;
      return { kind: 'retryable', evidence: 'offline', delivered: 'no', code: error.code, retryAfterMs: 0 };
    }
    const fetch = await fetchOf();
    const ways = [way, ...(way.others ?? [])];
    return withinTime(call.timeoutMs, call.signal, async (signal) => {
      for (const [at, one] of ways.entries()) {
        const answer = await over(one, fetch, signal);
        const isMissing = 'kind' in answer && answer.code === 'PROXY_UNREACHABLE';
        if (ways.length > 1) noteWay(one, !isMissing);
        // Nothing has left through a proxy that is not there: the next way that the script names is as good.
        if (!isMissing || at === ways.length - 1) return answer;
      }
      throw new Error('no way');
    });

    async function over(
      { dispatcher, via }: Connection,
      fetch: typeof undiciFetch,
      signal: AbortSignal,
    ): Promise<Answer | Failure> {
      try {
        // Redirects are not followed: a signed message goes where the user pointed and nowhere else.
        const response = await fetch(url, {
          method,
          headers,
          signal,
          redirect: 'manual',
          dispatcher,
          ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        });
        const text = await readText(response);
        const json = parseJson(text);
        const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
        const parsed = isProblem ? problemSchema.safeParse(json) : undefined;
        return {
          status: response.status,
          text,
          json,
          problem: parsed?.success === true ? parsed.data : undefined,
          retryAfterMs: retryAfterMs(response.headers.get('retry-after'), options.now()),
          isPortal: isPortal(url, pageOf(response, text)),
        };
      } catch (error) {
        const failure = networkFailure(error, via !== 'direct');
        return isTlsFailure(failure.code) && (await isBehindPortal(dispatcher, call.signal))
          ? { ...failure, evidence: 'offline', code: 'CAPTIVE_PORTAL' }
          : failure;
      }
    }
  }

  /**
   * A log-in page cannot pose as an https platform: the handshake fails. What the same host says over plain http then tells which
   * it was. Nothing of ours is in that request.
   */
  async function isBehindPortal(dispatcher: Dispatcher, outer: AbortSignal): Promise<boolean> {
    const plain = options.plainUrl ?? `http://${new URL(options.url).hostname}/`;
    try {
      const fetch = await fetchOf();
      return await withinTime(PORTAL_TIMEOUT_MS, outer, async (signal) => {
        const response = await fetch(plain, { redirect: 'manual', signal, dispatcher });
        return isPortal(plain, pageOf(response, await readText(response)));
      });
    } catch {
      // Nobody there: no page that could be logged in to.
      return false;
    }
  }

  return {
    async health(signal) {
      const answer = await exchange('GET', '/v1/health', undefined, {
        timeoutMs: timeouts.healthMs,
        signed: false,
        signal,
      });
      if ('kind' in answer) return answer;
      // A refusal of our own kind aside, an address that answers without our health is not our platform at present: a
      // captive portal, a proxy, a web site. None of them stays; the user's address might be right.
      return classify(answer, health);
    },

    async enrol(request, signal) {
      const body = JSON.stringify({ ...request, deviceId: options.signer.id, publicKey: options.signer.publicKey });
      const answer = await exchange('POST', '/v1/enrolments', new TextEncoder().encode(body), {
        type: 'application/json',
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      if ('kind' in answer) return answer;
      // Somebody there has to say yes first: it is asked again without anybody's help.
      if (answer.problem?.code === 'ENROLMENT_PENDING') {
        const wait = { delivered: 'no', retryAfterMs: answer.retryAfterMs } as const;
        return { kind: 'retryable', evidence: 'busy', code: 'ENROLMENT_PENDING', ...wait };
      }
      const outcome = classify(answer, enrolment);
      // Nothing can be sent before the enrolment is: a refusal concerns the whole queue.
      return outcome.kind === 'rejected' ? { ...outcome, kind: 'fatal' } : outcome;
    },

    async send(guid, bytes, signal) {
      const answer = await exchange('PUT', `/v1/messages/${guid}`, bytes, {
        type: 'application/xml',
        timeoutMs: timeouts.sendMs,
        signed: true,
        signal,
      });
      if ('kind' in answer) return answer;
      const outcome = classify(answer, transportReceipt);
      if (outcome.kind !== 'accepted') return outcome;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      // Somebody else's receipt proves nothing about our bytes.
      return outcome.value.guid === guid && outcome.value.sha256 === sha256 ? outcome : silence('RECEIPT_MISMATCH');
    },

    async enquire(guid, signal) {
      const answer = await exchange('GET', `/v1/messages/${guid}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      if ('kind' in answer) return answer;
      // Only the platform's own words count: a 404 page of a proxy must never lead to sending again.
      if (answer.status === 404 && answer.problem?.code === 'MESSAGE_UNKNOWN')
        return { kind: 'accepted', value: { found: false } };
      const outcome = classify(answer, transportReceipt);
      if (outcome.kind !== 'accepted') return outcome;
      return outcome.value.guid === guid
        ? { kind: 'accepted', value: { found: true, receipt: outcome.value } }
        : silence('RECEIPT_MISMATCH');
    },

    async content(guid, signal) {
      const answer = await exchange('GET', `/v1/messages/${guid}/content`, undefined, {
        timeoutMs: timeouts.sendMs,
        signed: true,
        signal,
      });
      if ('kind' in answer) return answer;
      return answer.isPortal ? notOurs(answer) : classify({ ...answer, json: answer.text }, utf8);
    },

    async filed(after, signal) {
      const query = new URLSearchParams({ after, limit: String(GUIDS_PER_PAGE) });
      const answer = await exchange('GET', `/v1/messages?${query}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      if ('kind' in answer) return answer;
      if (answer.status === 404 && answer.problem?.code === 'MESSAGE_UNKNOWN')
        return { kind: 'rejected', code: answer.problem.code, detail: answer.problem.detail };
      return classify(answer, messagePage);
    },

    async receipts(after, signal) {
      const query = new URLSearchParams({ after, limit: String(RECEIPTS_PER_PAGE) });
      const answer = await exchange('GET', `/v1/receipts?${query}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      return 'kind' in answer ? answer : classify(answer, receiptPage);
    },

    async listen(after, seconds, signal) {
      const query = new URLSearchParams({ after, limit: '1', wait: String(seconds) });
      const answer = await exchange('GET', `/v1/receipts?${query}`, undefined, {
        timeoutMs: timeouts.askMs + seconds * 1000,
        signed: true,
        signal,
      });
      if ('kind' in answer) return answer;
      const outcome = classify(answer, receiptPage);
      return outcome.kind === 'accepted' ? { ...outcome, value: outcome.value.receipts.length > 0 } : outcome;
    },

    async rates(after, signal) {
      const answer = await exchange('GET', `/v1/rates?${new URLSearchParams({ after })}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      return 'kind' in answer ? answer : classify(answer, ratePage);
    },

    dataRequests: {
      async list(after, signal) {
        const answer = await exchange('GET', `/v1/data-requests?${new URLSearchParams({ after })}`, undefined, {
          timeoutMs: timeouts.askMs,
          signed: true,
          signal,
        });
        return 'kind' in answer ? answer : classify(answer, dataRequestPage);
      },
      async answer(sessionId, text, signal) {
        const path = `/v1/data-requests/${encodeURIComponent(sessionId)}`;
        const answer = await exchange('PUT', path, new TextEncoder().encode(text), {
          type: 'application/json',
          timeoutMs: timeouts.askMs,
          signed: true,
          signal,
        });
        return 'kind' in answer ? answer : classify(answer, dataReply);
      },
    },

    async milestones(after, signal) {
      const answer = await exchange('GET', `/v1/milestones?${new URLSearchParams({ after })}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      return 'kind' in answer ? answer : classify(answer, milestonePage);
    },

    async statistics(month, signal, of) {
      const answer = await exchange('GET', `/v1/statistics?${new URLSearchParams({ month, ...of })}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      return 'kind' in answer ? answer : classify(answer, enterpriseStatistics);
    },

    packs: {
      async list(signal) {
        const answer = await exchange('GET', '/v1/packs', undefined, {
          timeoutMs: timeouts.askMs,
          signed: true,
          signal,
        });
        return 'kind' in answer ? answer : classify(answer, packList);
      },
      async fetch({ id, version }, signal) {
        const answer = await exchange('GET', `/v1/packs/${encodeURIComponent(id)}/${version}`, undefined, {
          timeoutMs: timeouts.sendMs,
          signed: true,
          signal,
        });
        if ('kind' in answer) return answer;
        return answer.isPortal ? notOurs(answer) : classify({ ...answer, json: answer.text }, utf8);
      },
    },
  };
}

/** JSON or XML in UTF-8: what is not was damaged on the way, and its hash tells. */
const utf8 = z.string().transform((text): Uint8Array => new TextEncoder().encode(text));

/** Sorts an answer that came: see the table in docs/openapi.yaml. */
function classify<T>(answer: Answer, schema: z.ZodType<T>): Outcome<T> {
  const { status, problem, retryAfterMs: wait } = answer;
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(answer.json);
    return parsed.success ? { kind: 'accepted', value: parsed.data } : notOurs(answer);
  }
  if (status === 408 || status === 425 || status === 429 || status === 503) {
    // Only the platform itself knows that it stored nothing; a proxy says the same after the platform has done its work.
    if (problem === undefined) return { ...silence(`HTTP_${status}`), retryAfterMs: wait };
    return { kind: 'retryable', evidence: 'busy', delivered: 'no', code: 'PLATFORM_BUSY', retryAfterMs: wait };
  }
  if (status >= 500 && answer.isPortal) return notOurs(answer);
  if (status >= 500) return { ...silence(`HTTP_${status}`), retryAfterMs: wait };
  // Whatever else is not in the protocol's form was not said by the platform.
  if (problem === undefined) return notOurs(answer);
  if (problem.code === clockSkew.code) return clockSkew;
  if (status === 409 || status === 413 || status === 422)
    return { kind: 'rejected', code: problem.code, detail: describe(problem) };
  return { kind: 'fatal', code: problem.code, detail: problem.detail };
}

/**
 * What somebody else said. Before a log-in page there is no network at all; whether the platform holds what was sent is as open as ever.
 */
function notOurs({ isPortal: isLogIn }: Answer): Failure {
  return isLogIn ? { ...silence('CAPTIVE_PORTAL'), evidence: 'offline' } : silence('NOT_OUR_PLATFORM');
}

function describe(problem: Problem): string {
  const findings = problem.findings?.slice(0, 5).map(({ path, rule }) => `${rule} ${path}`) ?? [];
  return [problem.detail, ...findings].filter((text) => text !== '').join('; ');
}

function pageOf(response: Response, text: string): PageAnswer {
  return {
    status: response.status,
    location: response.headers.get('location'),
    contentType: response.headers.get('content-type') ?? '',
    text: text.slice(0, PAGE_CHARACTERS),
  };
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer like any other: the schema refuses it.
    return undefined;
  }
}

/** `Retry-After` in seconds or as a date; 0 when there is none. Never more than a day. */
function retryAfterMs(header: string | null, now: string): number {
  if (header === null) return 0;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.parse(now);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 86_400_000) : 0;
}
