import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../shared/sync/protocol.ts';
import { Busy, refuse } from './door.ts';

/** A practice platform that is slow, forgetful, dumb or away on request. What is drawn is drawn from the seed, request by request. */

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What gateways answer in a platform's place. */
const gatewayErrors = [500, 502, 503, 504] as const;

export interface Misbehaviour {
  /** Draws from the seed's beginning, as when a behaviour is ordered. */
  restart(): void;
  /** Ends what it holds open. */
  release(): void;
}

/** Routes that stay usable whatever was ordered. */
const isSpared = (request: FastifyRequest): boolean =>
  ['/v1/practice/', '/v1/operator/', '/metrics'].some((own) => request.url.startsWith(own));

export function misbehave(app: FastifyInstance, behaviour: () => Behaviour, nowMs: () => number): Misbehaviour {
  let random = randomOf(behaviour().seed);
  const isDrawn = (share: number): boolean => share > 0 && random() < share;
  const held = new Set<FastifyRequest['raw']['socket']>();
  const stopping = new AbortController();
  const failing = new WeakSet<FastifyRequest>();

  const gatewayError = (reply: FastifyReply): string => {
    reply.code(gatewayErrors[Math.floor(random() * gatewayErrors.length)] ?? 500).type('text/html');
    return '<html><body><h1>error</h1></body></html>';
  };

  app.addHook('onRequest', async (request, reply) => {
    if (isSpared(request)) return;
    const { maintenanceUntil, silent, dropRequests, errorShare } = behaviour();
    const restMs = Date.parse(maintenanceUntil) - nowMs();
    if (restMs > 0) return refuse(reply, new Busy(503, 'maintenance', restMs / 1000));
    if (silent) {
      const { socket } = request.raw;
      held.add(socket);
      socket.once('close', () => held.delete(socket));
      reply.hijack();
      return;
    }
    if (isDrawn(dropRequests)) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    if (isDrawn(errorShare)) {
      if (random() < 0.5) return reply.send(gatewayError(reply));
      failing.add(request);
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (isSpared(request)) return payload;
    const { latencyMs, dropReplies, truncateShare } = behaviour();
    // A platform that stops waits no longer.
    if (latencyMs > 0) await delay(latencyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (isDrawn(dropReplies)) request.raw.socket.destroy();
    if (failing.has(request)) return gatewayError(reply);
    if (isDrawn(truncateShare) && typeof payload === 'string') {
      const bytes = Buffer.from(payload);
      reply.header('content-length', String(bytes.length));
      return Readable.from(halfOf(bytes, request));
    }
    return payload;
  });
  return {
    restart: () => {
      random = randomOf(behaviour().seed);
    },
    release: () => {
      stopping.abort();
      for (const socket of held) socket.destroy();
    },
  };
}

async function* halfOf(bytes: Buffer, request: FastifyRequest): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, Math.ceil(bytes.length / 2));
  // Long enough for the half to leave the machine.
  await delay(5);
  request.raw.socket.destroy();
}
