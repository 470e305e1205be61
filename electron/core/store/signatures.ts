import { createHash } from 'node:crypto';
import { messageMachine } from '../../../shared/sync/message-states.ts';
import { sendingRank } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';
import { moveDocuments, recordMessage, requireMessage } from './messages.ts';

/** What stands between freezing and queueing: messages that wait for their signature, and by what each was signed. */

/** Why a message could not be signed: the code of a refusal. */
export interface SigningProblem {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly at: string;
  /** When it is tried again by itself; undefined when a person has to do something first. */
  readonly nextTryAt?: string;
}

/** By what a message was signed. */
export interface SignatureFacts {
  readonly keyKind: 'rsa' | 'sm2';
  /** Id of the signature profile, and the names of its algorithms as they stand in the message. */
  readonly profile: string;
  readonly signatureMethod: string;
  readonly digestMethod: string;
  readonly subject: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** DER. */
  readonly certificate: Uint8Array;
}

const rank = `CASE m.kind ${Object.entries(sendingRank)
  .map(([kind, at]) => `WHEN '${kind}' THEN ${at}`)
  .join(' ')} END`;

/**
 * GUIDs of the messages to be signed, in the order of sending.
 * @param dueAt only those that may be tried by themselves at this instant
 */
export function messagesToSign(book: Book, dueAt?: string): string[] {
  const rows = book
    .prepare(
      `SELECT m.guid FROM message m JOIN message_signature s ON s.message_guid = m.guid
       WHERE m.state = 'unsigned' AND (@at IS NULL OR s.next_try_at <= @at
         -- Tried by a clock that has been put back since.
         OR (s.next_try_at IS NOT NULL AND coalesce(s.tried_at, m.queued_at) > @at)) ORDER BY ${rank}, m.seq`,
    )
    .all({ at: dueAt ?? null }) as { guid: string }[];
  return rows.map(({ guid }) => guid);
}

/** The signer is another: whatever waits is due at once, and what was wrong with the one before says nothing of this one. */
export function bringSigningForward(book: Book, at: string): void {
  book
    .prepare(
      `UPDATE message_signature SET next_try_at = ?, problem = NULL, problem_params = '{}'
       WHERE signed_at IS NULL AND message_guid IN (SELECT guid FROM message WHERE state = 'unsigned')`,
    )
    .run(at);
  book.prepare(`UPDATE message SET last_error = NULL WHERE state = 'unsigned'`).run();
}

/** How often signing a message was tried; 0 for one that needs no signature. */
export function signingAttempts(book: Book, guid: string): number {
  const row = book.prepare('SELECT attempts FROM message_signature WHERE message_guid = ?').get(guid) as
    | { attempts: number }
    | undefined;
  return row?.attempts ?? 0;
}

/** Writes down why messages could not be signed. They stay what they are; one that was taken back meanwhile is left alone. */
export function noteSigningProblem(book: Book, guids: readonly string[], problem: SigningProblem): void {
  book.transaction(() => {
    for (const guid of guids) {
      const { changes } = book
        .prepare(
          `UPDATE message_signature SET attempts = attempts + 1, problem = ?, problem_params = ?, tried_at = ?, next_try_at = ?
           WHERE message_guid = ? AND EXISTS (SELECT 1 FROM message WHERE guid = message_guid AND state = 'unsigned')`,
        )
        .run(problem.code, JSON.stringify(problem.params), problem.at, problem.nextTryAt ?? null, guid);
      if (changes === 1) book.prepare('UPDATE message SET last_error = ? WHERE guid = ?').run(problem.code, guid);
    }
  });
}

/**
 * Puts the signed bytes in the place of the unsigned ones, once: from then on the message is queued and immutable.
 * @returns false when it was taken back while it was being signed
 */
export function putSignature(book: Book, guid: string, signed: Uint8Array, by: SignatureFacts, at: string): boolean {
  return book.transaction(() => {
    const { state, seq } = requireMessage(book, guid);
    if (state !== 'unsigned') return false;
    const to = messageMachine.next(state, 'sign');
    const sha256 = createHash('sha256').update(signed).digest('hex');
    book
      .prepare(
        `UPDATE message_signature SET attempts = attempts + 1, problem = NULL, problem_params = '{}', tried_at = ?, next_try_at = NULL,
           signed_sha256 = ?, profile = ?, signature_method = ?, digest_method = ?, subject = ?, serial = ?, not_before = ?,
           not_after = ?, certificate = ?, signed_at = ? WHERE message_guid = ?`,
      )
      .run(
        at,
        sha256,
        by.profile,
        by.signatureMethod,
        by.digestMethod,
        by.subject,
        by.serial,
        by.notBefore,
        by.notAfter,
        by.certificate,
        at,
        guid,
      );
    book.prepare('UPDATE message_bytes SET bytes = ? WHERE seq = ?').run(signed, seq);
    book
      .prepare(
        `UPDATE message SET state = ?, sha256 = ?, signature_kind = ?, last_error = NULL, next_attempt_at = ?, waits_since = ? WHERE guid = ?`,
      )
      .run(to, sha256, by.keyKind, at, at, guid);
    recordMessage(book, guid, state, to, 'sign', at, { serial: by.serial, profile: by.profile });
    moveDocuments(book, guid, 'sign', at);
    return true;
  });
}

/** What is known of the signing of a message. */
export interface SignatureRecord {
  readonly attempts: number;
  readonly problem?: SigningProblem;
  readonly signed?: {
    readonly at: string;
    readonly profile: string;
    readonly signatureMethod: string;
    readonly digestMethod: string;
    readonly subject: string;
    readonly serial: string;
    readonly notBefore: string;
    readonly notAfter: string;
  };
}

interface Row {
  attempts: number;
  problem: string | null;
  problem_params: string;
  tried_at: string;
  next_try_at: string | null;
  profile: string;
  signature_method: string;
  digest_method: string;
  subject: string;
  serial: string;
  not_before: string;
  not_after: string;
  signed_at: string | null;
}

function recordOf(row: Row): SignatureRecord {
  return {
    attempts: row.attempts,
    ...(row.problem === null
      ? {}
      : {
          problem: {
            code: row.problem,
            params: JSON.parse(row.problem_params) as SigningProblem['params'],
            at: row.tried_at,
            ...(row.next_try_at === null ? {} : { nextTryAt: row.next_try_at }),
          },
        }),
    ...(row.signed_at === null
      ? {}
      : {
          signed: {
            at: row.signed_at,
            profile: row.profile,
            signatureMethod: row.signature_method,
            digestMethod: row.digest_method,
            subject: row.subject,
            serial: row.serial,
            notBefore: row.not_before,
            notAfter: row.not_after,
          },
        }),
  };
}

/** The signing of a message; undefined for one that needs no signature or was signed before this was recorded. */
export function signatureOf(book: Book, guid: string): SignatureRecord | undefined {
  const row = book.prepare('SELECT * FROM message_signature WHERE message_guid = ?').get(guid) as Row | undefined;
  return row === undefined ? undefined : recordOf(row);
}

/** What the latest attempt that failed came to, while messages wait for it. */
export function latestSigningProblem(book: Book): SigningProblem | undefined {
  const row = book
    .prepare(
      `SELECT s.* FROM message m JOIN message_signature s ON s.message_guid = m.guid
       WHERE m.state = 'unsigned' AND s.problem IS NOT NULL ORDER BY s.tried_at DESC LIMIT 1`,
    )
    .get() as Row | undefined;
  return row === undefined ? undefined : recordOf(row).problem;
}
