import type { StormSigning } from './roads.ts';

/**
 * What a user does to a queue: holds some of it, puts all of it on hold, takes a message back and queues its papers anew, corrects what the
 * import client could not send, carries files to the counter and brings answers back.
 */
export const steerings = ['hold', 'pause', 'withdraw', 'revise', 'carry', 'bring back'] as const;
export type Steering = (typeof steerings)[number];

/** What the desk of a storm tells, a JSON line each. `queued` only when it is durable. */
export type DeskLine =
  | { readonly opened: true }
  | { readonly queued: readonly string[] }
  | { readonly refused: string }
  | { readonly failed: string }
  /** Its user did something to the queue while it was being sent. */
  | { readonly steered: Steering }
  /** Every few seconds: what is still under way. */
  | { readonly underWay: number }
  | { readonly done: number };

/** What it is told, a JSON line each. */
export type DeskOrder =
  /** Its clock is ahead by so much, or behind. */
  | { readonly aheadMs: number }
  | { readonly dns: 'up' | 'down' }
  /** Whether its engine runs by its own timer, as in the desk's window, instead of being asked, as at the command line. */
  | { readonly timed: boolean }
  /** How its book signs from now on. */
  | { readonly signing: StormSigning }
  /** Its user leaves the queue alone from now on, but for what has to be done by hand. */
  | { readonly calm: true }
  /** So many orders and no more; it ends when all of them are through. */
  | { readonly finishAt: number };

/** Orders whose papers are queued in one go. */
export const ORDERS_AT_ONCE = 10;
/** With so many documents under way the desk queues no more, so that the storm falls into all that becomes of them and not into sending alone. */
export const UNDER_WAY_AT_MOST = 2000;
