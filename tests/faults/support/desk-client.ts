import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestSigner } from '../../../electron/core/outbox/transport.ts';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import {
  type Behaviour,
  canonicalRequest,
  headerNames,
  receiptPage,
  type Statistics,
  statistics,
} from '../../../shared/sync/protocol.ts';
import { enterprise } from './papers.ts';

/** Longer than a long poll: what a silent platform was asked it never answers, whatever becomes of it later. */
const ANSWER_MS = 40_000;

/** A bare sender of requests as docs/openapi.yaml has them: what the platform is tested with, without our own outbox. */
export class DeskClient {
  /** May be set anew after a restart of the platform. */
  url: string;
  /** Whom its requests are meant for, when it is not who they are sent to. */
  audience: string | undefined;
  readonly signer: RequestSigner;
  readonly #key: KeyObject;
  readonly #now: () => string;

  constructor(url: string, deviceId = 'device-test-1', now = () => new Date().toISOString()) {
    const pair = generateKeyPairSync('ed25519');
    this.url = url;
    this.#key = pair.privateKey;
    this.#now = now;
    this.signer = {
      id: deviceId,
      publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      sign: (bytes) => sign(null, bytes, this.#key),
    };
  }

  async request(
    method: string,
    path: string,
    body?: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const time = this.#now();
    const sha256 = createHash('sha256')
      .update(body ?? new Uint8Array())
      .digest('hex');
    const audience = this.audience ?? new URL(this.url).host;
    const text = canonicalRequest({ audience, method, path, time, contentSha256: sha256 });
    const signature = sign(null, Buffer.from(text), this.#key).toString('base64');
    const answer = fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        [headerNames.device]: this.signer.id,
        [headerNames.audience]: audience,
        [headerNames.time]: time,
        [headerNames.contentSha256]: sha256,
        [headerNames.signature]: signature,
        'content-type': 'application/xml',
        ...headers,
      },
      ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
    });
    return answer.catch((error: unknown) => {
      // As any other failure of the line.
      throw error instanceof DOMException ? new TypeError('no answer', { cause: error }) : error;
    });
  }

  enrol(change: Record<string, unknown> = {}): Promise<Response> {
    const { id, publicKey } = this.signer;
    return this.request(
      'POST',
      '/v1/enrolments',
      Buffer.from(JSON.stringify({ ...enterprise, deviceId: id, publicKey, ...change })),
    );
  }

  put(guid: string, bytes: Uint8Array): Promise<Response> {
    return this.request('PUT', `/v1/messages/${guid}`, bytes);
  }

  /** All receipts so far, each with what it says per document. */
  async receipts(): Promise<
    { id: string; messageGuid: string; kind: string; returns: Record<string, string | undefined>[] }[]
  > {
    const all: { id: string; messageGuid: string; kind: string; returns: Record<string, string | undefined>[] }[] = [];
    for (let after = ''; ; ) {
      const response = await this.request('GET', `/v1/receipts?after=${after}&limit=100`);
      const page = receiptPage.parse(await response.json());
      for (const { id, messageGuid, kind, xml } of page.receipts) {
        const read = readMessage(xml);
        const spec = specOf(kind);
        if (!read.ok || spec === undefined || read.message !== kind) throw new Error(`receipt ${id} is no ${kind}`);
        all.push({ id, messageGuid, kind, returns: read.documents.map((one) => ({ ...headOf(spec, one) })) });
      }
      if (page.receipts.length === 0) return all;
      after = page.next;
    }
  }

  statistics(): Promise<Statistics> {
    return statisticsOf(this.url);
  }

  behave(behaviour: Partial<Behaviour>): Promise<void> {
    return behave(this.url, behaviour);
  }

  /** Waits until customs has nothing left to do. */
  async settled(): Promise<Statistics> {
    return settled(this.url);
  }
}

export async function statisticsOf(url: string): Promise<Statistics> {
  const response = await fetch(`${url}/v1/practice/statistics`);
  return statistics.parse(await response.json());
}

export async function behave(url: string, behaviour: Partial<Behaviour>): Promise<void> {
  const response = await fetch(`${url}/v1/practice/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
  if (!response.ok) throw new Error(`behaviour: ${response.status}`);
}

export async function settled(url: string, timeoutMs = 100_000): Promise<Statistics> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const now = await statisticsOf(url);
    if (now.pending === 0) return now;
    if (performance.now() > end) throw new Error(`still pending: ${JSON.stringify(now)}`);
    await delay(20);
  }
}
