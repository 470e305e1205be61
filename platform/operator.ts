import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fingerprintText, type PendingDevices, ratePage } from '../shared/sync/protocol.ts';
import { toldMilestones } from './carrier.ts';
import { askedRequests } from './data-requests.ts';
import { jsonOf, Refusal, requireOperator } from './door.ts';
import type { Storage } from './storage/storage.ts';

/**
 * What whoever runs the platform (平台运营) does with it: sees which devices ask to be enrolled, approves them once the enterprise has
 * confirmed the fingerprint, takes a lost one out, and brings in rates, what customs asks and
 * what carriers say. Every request carries the operator's token.
 */
export function openOperator(
  app: FastifyInstance,
  {
    storage,
    operatorToken,
    strangers,
    maxBytes,
    now,
    onRevoked,
  }: {
    readonly storage: Storage;
    readonly operatorToken: string;
    /** Counts requests whose sender is not known yet. */
    readonly strangers: (request: FastifyRequest) => Promise<void>;
    readonly maxBytes: number;
    readonly now: () => string;
    readonly onRevoked: (deviceId: string) => void;
  },
): void {
  const route = { onRequest: [strangers, requireOperator(operatorToken)], bodyLimit: maxBytes };

  app.get('/v1/operator/enrolments', route, async (): Promise<PendingDevices> => {
    const pending = await storage.pendingEnrolments();
    return {
      enrolments: pending.map(({ publicKey, ...one }) => ({ ...one, fingerprint: fingerprintOf(publicKey) })),
    };
  });

  app.put<{ Params: { deviceId: string } }>('/v1/operator/enrolments/:deviceId', route, async (request) => {
    const { deviceId } = request.params;
    const { decision } = jsonOf(request) as { decision?: unknown };
    if (decision !== 'approve' && decision !== 'reject')
      throw new Refusal(422, 'REQUEST_INVALID', 'decision is approve or reject');
    const outcome = await storage.decideEnrolment(deviceId, decision, now());
    switch (outcome?.kind) {
      case undefined:
        throw new Refusal(404, 'ENROLMENT_UNKNOWN', 'no such device waits');
      case 'enterprise-conflict':
        throw new Refusal(409, 'ENTERPRISE_INVALID', 'the two codes belong to different enterprises');
      case 'device-conflict':
      case 'revoked':
        throw new Refusal(409, 'DEVICE_REUSED', 'the device id is taken');
      default:
        return { deviceId, decision };
    }
  });

  app.delete<{ Params: { deviceId: string } }>('/v1/operator/devices/:deviceId', route, async (request) => {
    const { deviceId } = request.params;
    if (!(await storage.revokeDevice(deviceId, now())))
      throw new Refusal(404, 'DEVICE_UNKNOWN', 'the device is not enrolled');
    onRevoked(deviceId);
    return { deviceId };
  });

  app.put('/v1/operator/rates', route, takeRates(storage));
  app.put('/v1/operator/data-requests', route, takeDataRequests(storage));
  app.put('/v1/operator/milestones', route, takeMilestones(storage));
}

/** Rates as a body brings them; what is known already stays as it is. */
export function takeRates(storage: Storage) {
  return async (request: FastifyRequest): Promise<{ rates: number }> => {
    const wanted = ratePage.shape.rates.safeParse(jsonOf(request));
    if (!wanted.success) throw new Refusal(422, 'REQUEST_INVALID', 'not a list of rates');
    await storage.addRates(wanted.data);
    return { rates: wanted.data.length };
  };
}

/** What customs asks an enterprise that is enrolled. */
export function takeDataRequests(storage: Storage) {
  return async (request: FastifyRequest): Promise<{ requests: number }> => {
    const wanted = askedRequests.safeParse(jsonOf(request));
    if (!wanted.success || !(await storage.addDataRequests(wanted.data.uscc, wanted.data.requests)))
      throw new Refusal(422, 'REQUEST_INVALID', 'not requests to an enterprise that is enrolled');
    return { requests: wanted.data.requests.length };
  };
}

/** What carriers say of the goods of an enterprise that is enrolled. */
export function takeMilestones(storage: Storage) {
  return async (request: FastifyRequest): Promise<{ milestones: number }> => {
    const told = toldMilestones.safeParse(jsonOf(request));
    if (!told.success || !(await storage.addMilestones(told.data.uscc, told.data.milestones)))
      throw new Refusal(422, 'REQUEST_INVALID', 'not milestones of an enterprise that is enrolled');
    return { milestones: told.data.milestones.length };
  };
}

/** What the desk shows of its key (设置, 签名): both sides compare it over the telephone. */
function fingerprintOf(publicKey: string): string {
  return fingerprintText(createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex'));
}
