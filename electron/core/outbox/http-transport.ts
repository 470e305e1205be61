import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  canonicalRequest,
  enrolment,
  headerNames,
  health,
  type Outcome,
  type Problem,
  problem as problemSchema,
  ratePage,
  receiptPage,
  transportReceipt,
} from '../../../shared/sync/protocol.ts';
import type { RequestSigner, Transport } from './transport.ts';

export interface HttpTransportOptions {
  /** Without a trailing slash; checked by `checkEndpointUrl`. */
  readonly url: string;
  readonly signer: RequestSigner;
  readonly now: () => string;
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
/** No answer of the protocol is longer; more is not read. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** An answer as far as it could be read. */
interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly problem: Problem | undefined;
  readonly retryAfterMs: number;
}

type Failure = Extract<Outcome<never>, { kind: 'retryable' }>;

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

/** The protocol of docs/openapi.yaml over HTTP. */
export function httpTransport(options: HttpTransportOptions): Transport {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };

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
      const signedPath = new URL(url).pathname + new URL(url).search;
      const signature = await options.signer.sign(
        new TextEncoder().encode(canonicalRequest(method, signedPath, time, sha256)),
      );
      headers[headerNames.device] = options.signer.id;
      headers[headerNames.time] = time;
      headers[headerNames.contentSha256] = sha256;
      headers[headerNames.signature] = Buffer.from(signature).toString('base64');
    }
    const signal = AbortSignal.any([AbortSignal.timeout(call.timeoutMs), call.signal]);
    try {
      // Redirects are not followed: a signed message goes where the user pointed and nowhere else.
      const response = await fetch(url, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
      });
      const text = await readText(response);
      const json = parseJson(text);
      const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
      const parsed = isProblem ? problemSchema.safeParse(json) : undefined;
      return {
        status: response.status,
        json,
        problem: parsed?.success === true ? parsed.data : undefined,
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), options.now()),
      };
    } catch (error) {
      return networkFailure(error);
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

    async receipts(after, signal) {
      const query = new URLSearchParams({ after, limit: String(RECEIPTS_PER_PAGE) });
      const answer = await exchange('GET', `/v1/receipts?${query}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      return 'kind' in answer ? answer : classify(answer, receiptPage);
    },

    async rates(after, signal) {
      const answer = await exchange('GET', `/v1/rates?${new URLSearchParams({ after })}`, undefined, {
        timeoutMs: timeouts.askMs,
        signed: true,
        signal,
      });
      return 'kind' in answer ? answer : classify(answer, ratePage);
    },
  };
}

/** Sorts an answer that came: see the table in docs/openapi.yaml. */
function classify<T>(answer: Answer, schema: z.ZodType<T>): Outcome<T> {
  const { status, problem, retryAfterMs: wait } = answer;
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(answer.json);
    return parsed.success ? { kind: 'accepted', value: parsed.data } : silence('NOT_OUR_PLATFORM');
  }
  if (status === 408 || status === 425 || status === 429 || status === 503) {
    // Only the platform itself knows that it stored nothing; a proxy says the same after the platform has done its work.
    if (problem === undefined) return { ...silence(`HTTP_${status}`), retryAfterMs: wait };
    return { kind: 'retryable', evidence: 'busy', delivered: 'no', code: 'PLATFORM_BUSY', retryAfterMs: wait };
  }
  if (status >= 500) return { ...silence(`HTTP_${status}`), retryAfterMs: wait };
  // Whatever else is not in the protocol's form was not said by the platform.
  if (problem === undefined) return silence('NOT_OUR_PLATFORM');
  if (status === 409 || status === 413 || status === 422)
    return { kind: 'rejected', code: problem.code, detail: describe(problem) };
  return { kind: 'fatal', code: problem.code, detail: problem.detail };
}

function describe(problem: Problem): string {
  const findings = problem.findings?.slice(0, 5).map(({ path, rule }) => `${rule} ${path}`) ?? [];
  return [problem.detail, ...findings].filter((text) => text !== '').join('; ');
}

/** Somebody was there and gave no usable answer: the message may be stored. */
function silence(code: string): Failure {
  return { kind: 'retryable', evidence: 'silent', delivered: 'maybe', code, retryAfterMs: 0 };
}

function networkFailure(error: unknown): Failure {
  const code = codeOf(error);
  if (notConnected.has(code) && (onlyConnecting.has(code) || isOfConnecting(error)))
    return { kind: 'retryable', evidence: 'offline', delivered: 'no', code, retryAfterMs: 0 };
  return silence(code);
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
  if (typeof code === 'string') return code;
  // A host with several addresses fails once for each; the first speaks for all.
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined ? 'NETWORK' : codeOf(cause);
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
