import { type CustomsOptions, decideTurn, work } from './customs.ts';
import { type Log, withoutData } from './door.ts';
import type { Decide } from './storage/storage.ts';

/** Customs at work between the requests, one turn after the other, and whoever waits for receipts. */

/** How often it looks what other processes left or made, idle or not. */
const LOOK_ROUND_MS = 250;
const AFTER_FAILURE_MS = 1000;
/** How often it looks for documents that only a clock put back keeps waiting. */
const BRING_ROUND_MS = 1000;
/** Pause before a turn: what comes together is worked on together, with one wait for the disk. */
const GATHER_MS = 5;

export interface OfficeOptions extends CustomsOptions {
  readonly log: Log;
  /** Called before each look at shared data: another process may have been told to behave otherwise. */
  readonly refresh: () => Promise<void>;
  readonly onTurn?: (ms: number) => void;
}

interface Waiter {
  readonly enterpriseId: number;
  readonly after: number;
  readonly wake: () => void;
}

export class Office {
  readonly #options: OfficeOptions;
  readonly #waiters = new Set<Waiter>();
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Called while a turn was running. */
  #again = false;
  #lookedAt = 0;
  /** When it last looked for what a clock that ran ahead has put off. */
  #broughtAt = Number.NEGATIVE_INFINITY;
  /** A turn is coming without being called. */
  #isSoon = false;

  constructor(options: OfficeOptions) {
    this.#options = options;
  }

  /** Customs at the door: the first turn of what arrives, in the transaction that stores it. */
  readonly decide: Decide = async (turn) => {
    const { onTurn, onFailure } = this.#options;
    const from = performance.now();
    try {
      return await decideTurn(this.#options, turn, this.#options.nowMs());
    } catch (error) {
      onFailure(error);
      throw error;
    } finally {
      onTurn?.(performance.now() - from);
    }
  };

  /** A message of the enterprise was stored: receipts of it may be there, and what is not done waits for a turn. */
  onStored(enterpriseId: number, isDone: boolean): void {
    this.#tell([enterpriseId]);
    if (!isDone) this.wake();
  }

  /** Something may be due: work begins as soon as the present turn is over. */
  wake(): void {
    if (this.#isStopped) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    if (!this.#isSoon) this.#runIn(GATHER_MS);
  }

  #runIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#isSoon = ms <= GATHER_MS;
    this.#timer = setTimeout(() => {
      this.#isSoon = false;
      this.#again = false;
      this.#running = this.#run();
    }, ms);
  }

  /** Finishes the turn that is running; what is due stays where it is, for whoever comes next. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const { wake } of this.#waiters) wake();
    await this.#running;
  }

  /** Ends when the enterprise may have receipts after the cursor, when the time is over, or when the office closes. */
  waitForReceipts(enterpriseId: number, after: number, ms: number, gone: AbortSignal): Promise<void> {
    if (this.#isStopped || gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', wake);
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter = { enterpriseId, after, wake };
      const timer = setTimeout(wake, ms);
      gone.addEventListener('abort', wake);
      this.#waiters.add(waiter);
    });
  }

  async #run(): Promise<void> {
    const { storage, log, nowMs, refresh, onTurn } = this.#options;
    let waitMs: number | undefined;
    try {
      if (storage.isShared) await refresh();
      const from = performance.now();
      if (from - this.#broughtAt > BRING_ROUND_MS) {
        this.#broughtAt = from;
        await storage.bringForward(nowMs());
      }
      const served = await work(this.#options);
      if (served.length > 0) {
        onTurn?.(performance.now() - from);
        this.#tell(served);
        waitMs = GATHER_MS;
      }
      // Whoever waits here may wait for what another process has made.
      if (storage.isShared && (served.length === 0 || from - this.#lookedAt > LOOK_ROUND_MS)) {
        this.#lookedAt = from;
        await this.#lookForOthers();
      }
      if (served.length === 0) {
        const next = await storage.nextDueMs();
        // With a clock of its own the wait is an upper bound; the next message wakes it in any case.
        if (next !== undefined) waitMs = Math.min(Math.max(next - nowMs(), storage.isShared ? 20 : 1), 1000);
        if (storage.isShared) waitMs = Math.min(waitMs ?? LOOK_ROUND_MS, LOOK_ROUND_MS);
      }
    } catch (error) {
      log.error({ error: withoutData(error) }, 'turn failed');
      waitMs = AFTER_FAILURE_MS;
    } finally {
      this.#running = undefined;
    }
    if (this.#isStopped) return;
    if (this.#again) waitMs = Math.min(waitMs ?? GATHER_MS, GATHER_MS);
    if (waitMs !== undefined) this.#runIn(waitMs);
  }

  #tell(enterpriseIds: readonly number[]): void {
    const served = new Set(enterpriseIds);
    for (const { enterpriseId, wake } of this.#waiters) if (served.has(enterpriseId)) wake();
  }

  /** Receipts made by another process. */
  async #lookForOthers(): Promise<void> {
    const cursors = new Map<number, number>();
    for (const { enterpriseId, after } of this.#waiters)
      cursors.set(enterpriseId, Math.min(after, cursors.get(enterpriseId) ?? after));
    if (cursors.size > 0) this.#tell(await this.#options.storage.withReceipts(cursors));
  }
}
