import { z } from 'zod';
import { command, query } from './operation.ts';

/** Minutes without a key or a movement after which the screen locks; 0: never by itself. */
export const idleChoices = [0, 3, 5, 10, 15, 30, 60] as const;
/** A book that guards something locks by itself unless somebody chose otherwise. */
export const IDLE_USUAL = 10;

/**
 * The lock of the screen. While it is locked the core answers these, `books.close` and nothing else (`SCREEN_LOCKED`): the queue is sent
 * and receipts are fetched as before.
 */
export const screen = {
  /** Also while no book is open: then it is not locked. `name`, `colour`: whose passphrase is asked for. */
  'screen.get': query(
    z.object({}),
    z.object({
      isLocked: z.boolean(),
      name: z.string(),
      colour: z.string(),
      isSample: z.boolean(),
      idleMinutes: z.number().int(),
      /** Seconds until the passphrase may be tried again; 0: now. */
      waitSeconds: z.number().int(),
    }),
    false,
  ),
  /** Locks. Whoever had proved himself by a PIN has to do so again afterwards. */
  'screen.lock': command(z.object({}), z.object({})),
  /** Refusals: `PASSPHRASE_WRONG`, `PASSPHRASE_WAIT` {seconds} after several wrong ones. */
  'screen.unlock': command(z.object({ passphrase: z.string().max(200) }), z.object({})),
  'screen.setIdle': command(z.object({ minutes: z.number().int().min(0).max(240) }), z.object({})),
} as const;
