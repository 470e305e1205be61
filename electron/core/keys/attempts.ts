import { PortbookError } from '../../../shared/errors.ts';

/** Wrong ones that cost nothing: anybody mistypes. */
const FREE = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

interface Tally {
  readonly wrong: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Slows down guessing at a secret, for each subject apart: from the third wrong one on the wait doubles from five seconds to five minutes.
 * Kept in memory: who can end the program can copy the file as well, and there the cost of the passphrase itself guards.
 */
export class Attempts {
  readonly #now: () => string;
  readonly #tallies = new Map<string, Tally>();

  constructor(now: () => string) {
    this.#now = now;
  }

  /** Seconds until the next try; 0: at once. A clock set back never makes it longer than the wait itself. */
  waitSeconds(subject: string): number {
    const { until = 0, wrong = 0 } = this.#tallies.get(subject) ?? {};
    const left = Math.min(until - Date.parse(this.#now()), waitAfter(wrong));
    return left <= 0 ? 0 : Math.ceil(left / 1000);
  }

  /**
   * Runs one try at `check`, which throws `wrongCode` for a wrong secret. A try counts as wrong from its first moment, so that many at once
   * are no way round. Refusal: `code` {seconds} while it has to wait.
   */
  async tried<T>(
    subject: string,
    check: () => Promise<T> | T,
    { wrongCode, code }: { readonly wrongCode: string; readonly code: string },
  ): Promise<T> {
    const seconds = this.waitSeconds(subject);
    if (seconds > 0) throw new PortbookError(code, { seconds });
    const before = this.#tallies.get(subject);
    const wrong = (before?.wrong ?? 0) + 1;
    this.#tallies.set(subject, { wrong, until: Date.parse(this.#now()) + waitAfter(wrong) });
    try {
      const found = await check();
      this.#tallies.delete(subject);
      return found;
    } catch (error) {
      // Another kind of trouble (a damaged file) says nothing of the secret.
      if (!(error instanceof PortbookError && error.code === wrongCode)) {
        if (before === undefined) this.#tallies.delete(subject);
        else this.#tallies.set(subject, before);
      }
      throw error;
    }
  }
}

function waitAfter(wrong: number): number {
  return wrong < FREE ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE));
}
