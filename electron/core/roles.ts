import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { ClerkRole } from '../../shared/contract/broker.ts';
import type { OperationName } from '../../shared/contract/contract.ts';
import { PortbookError } from '../../shared/errors.ts';
import { mayDo } from '../../shared/rights.ts';
import type { Context } from './context.ts';
import { isRecoveryKey, keyByRecovery, readKeyFile } from './keys/key-file.ts';
import type { Session } from './session.ts';
import { keyFile } from './store/book.ts';
import { currentClerk, hasRoles, listClerks, storedPin } from './store/broker/review.ts';

/** Who may do what in the open book: the present clerk's role, once he has proved himself. The table is shared/rights.ts. */

/** A PIN is short, and whoever reads it has the book's key already: the cost only slows guessing at other uses of the same PIN. */
const COST = { N: 2 ** 14, r: 8, p: 1 };
const pinSchema = z.object({ salt: z.string(), hash: z.string(), N: z.number(), r: z.number(), p: z.number() });

function derive(pin: string, salt: string, { N, r, p }: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** A PIN as it is stored: its scrypt with salt and cost. */
export async function sealPin(pin: string): Promise<string> {
  const salt = randomBytes(16).toString('base64');
  return JSON.stringify({ salt, hash: (await derive(pin, salt, COST)).toString('base64'), ...COST });
}

/**
 * Lets a clerk prove himself. The book's recovery key stands for a forgotten PIN of an owner: it is with whoever owns the book.
 * Refusals: `CLERK_PIN_WRONG` {name}, `CLERK_PIN_WAIT` {seconds}.
 */
export async function provePin({ book, session }: Context, id: number, typed: string): Promise<void> {
  const stored = storedPin(book, id);
  if (stored === undefined || session.hasProved(id)) return;
  const { salt, hash, ...cost } = pinSchema.parse(JSON.parse(stored));
  const clerk = listClerks(book).find((one) => one.id === id);
  const wrong = (): PortbookError => new PortbookError('CLERK_PIN_WRONG', { name: clerk?.name ?? '' }, 'pin');
  await session.attempts.tried(
    `${book.id} clerk ${id}`,
    async () => {
      if (clerk?.role === 'owner' && isRecoveryKey(typed)) {
        keyByRecovery(readKeyFile(join(book.folder, keyFile)), typed).fill(0);
        return;
      }
      if (!timingSafeEqual(await derive(typed, salt, cost), Buffer.from(hash, 'base64'))) throw wrong();
    },
    { wrongCode: 'CLERK_PIN_WRONG', code: 'CLERK_PIN_WAIT' },
  );
}

/** What whoever sits at the desk may do now. */
export function roleNow(session: Session): ClerkRole {
  const { book } = session;
  if (!hasRoles(book)) return 'owner';
  const clerk = currentClerk(book);
  if (clerk === undefined || (clerk.hasPin && !session.hasProved(clerk.id))) return 'reader';
  // Anybody can choose a name that asks for no PIN: it must not open what the others are kept from.
  return clerk.role === 'owner' && !clerk.hasPin ? 'reader' : clerk.role;
}

/**
 * Refuses what the role of whoever sits at the desk does not allow. Books without roles allow everything.
 * Refusals: `CLERK_NEEDED`, `CLERK_UNPROVED` {clerk}, `ROLE_REFUSED` {clerk}.
 */
export function requireRight(session: Session, name: OperationName): void {
  if (mayDo('reader', name) || mayDo(roleNow(session), name)) return;
  const clerk = currentClerk(session.book);
  if (clerk === undefined) throw new PortbookError('CLERK_NEEDED');
  const isUnproved = clerk.hasPin && !session.hasProved(clerk.id);
  throw new PortbookError(isUnproved ? 'CLERK_UNPROVED' : 'ROLE_REFUSED', { clerk: clerk.name });
}
