import { setImmediate } from 'node:timers/promises';
import type { Progress } from '../../../shared/contract/operation.ts';
import type { Finding } from '../../../shared/documents/finding.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { unsigned } from '../../../shared/documents/validate.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { backoffMs } from '../../../shared/sync/backoff.ts';
import type { CardLimits } from '../keys/card-signer.ts';
import { keptPin, signingWay, withSigner } from '../keys/signer.ts';
import { type OpenSigner, signMessage } from '../keys/xml-signature.ts';
import type { Book } from '../store/book.ts';
import type { Endpoint } from '../store/endpoints.ts';
import { requireMessage } from '../store/messages.ts';
import {
  messagesToSign,
  noteSigningProblem,
  putSignature,
  type SignatureFacts,
  signingAttempts,
} from '../store/signatures.ts';
import { refuseDamaged, soundBytes } from './damaged.ts';
import { isPaused } from './holds.ts';

export interface SignRun {
  readonly book: Book;
  readonly now: () => string;
  readonly signal: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** By itself: only what is due, and never asking a card for anything a person has to answer. */
  readonly automatic: boolean;
  readonly pin?: string;
  readonly limits?: CardLimits;
}

export interface SignOutcome {
  readonly signed: number;
  /** What ended the run early. */
  readonly problem?: { readonly code: string; readonly params: Readonly<Record<string, string | number>> };
}

/** Reasons that can go away without anybody doing anything in this program. */
const passing = new Set(['SIGNER_UNREACHED', 'SIGNER_TIMEOUT', 'SIGNER_GARBLED', 'CARD_MISSING']);
/** What a certificate is called by a clock that may be wrong, and set right by whomever. Nothing is asked of a card before it is looked at. */
const byTheClock = new Set(['CERTIFICATE_NOT_YET', 'CERTIFICATE_EXPIRED']);

/** Whether a message frozen now has to be signed before it may leave: as its schema demands, else as the book and its endpoint have it. */
export function signatureKindOf(book: Book, spec: MessageSpec, endpoint: Endpoint | undefined): 'pending' | 'none' {
  if (spec.signatureRequired === true) return 'pending';
  // A declaration has a signature of its own among its fields, made where it is declared.
  if (spec.bare !== undefined || endpoint?.settings.signature === 'none') return 'none';
  return signingWay(book).way === 'none' ? 'none' : 'pending';
}

/** Why a message whose schema demands a signature would get none; undefined where it can be signed or may go without. */
export function missingSignature(book: Book, spec: MessageSpec, endpoint: Endpoint | undefined): Finding | undefined {
  if (spec.signatureRequired !== true) return undefined;
  if (signingWay(book).way === 'none') return unsigned(spec);
  if (endpoint?.settings.signature !== 'none') return undefined;
  return { ...unsigned(spec), rule: 'SIGN-ENDPOINT', params: { message: spec.message, endpoint: endpoint.name } };
}

/**
 * Signs the messages that wait for it, in the order of sending, each in a transaction of its own. What ends the run early is written
 * down with every message it holds up; they stay as they were frozen, to be signed later or taken back. One that is damaged is refused alone.
 */
export async function signWaiting(run: SignRun): Promise<SignOutcome> {
  const { book, now, signal, automatic, pin, limits } = run;
  if (signal.aborted) return { signed: 0 };
  if (automatic && signingWay(book).way === 'card' && keptPin(book) === undefined) return { signed: 0 };
  const waiting = messagesToSign(book, automatic ? now() : undefined);
  if (waiting.length === 0) return { signed: 0 };
  let signed = 0;
  try {
    const options = {
      ...{ now: now(), signal },
      ...(pin === undefined ? {} : { pin }),
      ...(limits === undefined ? {} : { limits }),
    };
    await withSigner(book, options, async (signer) => {
      const facts = factsOf(signer);
      for (const [index, guid] of waiting.entries()) {
        if (signal.aborted) throw new PortbookError('CANCELLED');
        // What nobody asked for stops with the queue; it goes on when that does.
        if (automatic && isPaused(book)) return;
        run.progress?.({ phase: 'sign', done: index, total: waiting.length });
        await setImmediate();
        // Signed, taken back or heard of since the list was made.
        if (requireMessage(book, guid).state !== 'unsigned') continue;
        const bytes = soundBytes(book, guid);
        if (bytes === undefined) {
          refuseDamaged(book, guid, now());
          continue;
        }
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        const whole = await signMessage(signer, text);
        // Whatever happened on the way: the message that is sent is the one that was frozen.
        if (whole.replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, '') !== text)
          throw new PortbookError('SIGNATURE_WRONG');
        if (putSignature(book, guid, Buffer.from(whole, 'utf8'), facts, now())) signed += 1;
      }
    });
    return { signed };
  } catch (error) {
    if (!(error instanceof PortbookError)) throw error;
    const { code, params } = error;
    const at = now();
    const wait = waitAfter(book, waiting, code);
    noteSigningProblem(book, waiting, {
      code,
      params,
      at,
      ...(wait === undefined ? {} : { nextTryAt: new Date(Date.parse(at) + wait).toISOString() }),
    });
    return { signed, problem: { code, params } };
  }
}

/** How long to wait before it is tried again by itself; undefined when it waits for a person. */
function waitAfter(book: Book, guids: readonly string[], code: string): number | undefined {
  // A key of the book needs nobody: what was cut short goes on with the next run.
  const isSoftware = signingWay(book).way === 'software';
  if (code === 'CANCELLED') return isSoftware ? 0 : undefined;
  // By itself no card is asked whose PIN is not kept.
  if (!isSoftware && keptPin(book) === undefined) return undefined;
  if (!byTheClock.has(code) && !passing.has(code)) return undefined;
  const attempts = Math.max(...guids.map((guid) => signingAttempts(book, guid)));
  return backoffMs(attempts + 1, 1);
}

function factsOf({ certificate, profile }: OpenSigner): SignatureFacts {
  const { subject, serial, notBefore, notAfter, key, der } = certificate;
  return {
    keyKind: key,
    profile: profile.id,
    signatureMethod: profile.signatureMethod,
    digestMethod: profile.digestMethod,
    subject,
    serial,
    notBefore,
    notAfter,
    certificate: der,
  };
}
