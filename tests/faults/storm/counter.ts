import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CarryRefusal, counterKeys, openMessages, takeCarried } from '../../../platform/carry.ts';
import { HandedOn, takenIn } from './roads.ts';

/**
 * The counter for files carried by hand in a storm, and whoever carries them: sticks are lost on the way, handed in twice, and what comes
 * back is damaged at times.
 */
export class Counter {
  readonly keys: ReturnType<typeof counterKeys>;
  readonly happened: Record<string, number> = {};
  /** What must not be. */
  readonly failures: string[] = [];
  /** Receipts in the files that were brought back whole. */
  readonly given = new Set<string>();
  readonly handedOn = new HandedOn();
  isCalm = false;
  readonly #stick: string;
  readonly #random: () => number;
  readonly #url: () => string | undefined;
  #serial = 0;
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor(
    places: { readonly keys: string; readonly stick: string },
    random: () => number,
    url: () => string | undefined,
  ) {
    this.keys = counterKeys(places.keys);
    this.#stick = places.stick;
    this.#random = random;
    this.#url = url;
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      this.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.step();
      await delay(200 + this.#random() * (this.isCalm ? 200 : 1500));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** Takes what was handed in, then rests. */
  async finish(): Promise<void> {
    await this.stop();
    this.isCalm = true;
    while (await this.step());
  }

  #count(what: string): void {
    this.happened[what] = (this.happened[what] ?? 0) + 1;
  }

  /** @returns whether there was a file */
  async step(): Promise<boolean> {
    const name = readdirSync(this.#stick).find((one) => /^out-.*\.carry$/.test(one));
    if (name === undefined) return false;
    const at = path.join(this.#stick, name);
    const lot = this.isCalm ? 1 : this.#random();
    if (lot < 0.15) {
      this.#count('lost stick');
      rmSync(at);
      return true;
    }
    const file = readFileSync(at);
    if (lot < 0.35) {
      this.#count('handed in twice');
      await this.#take(file);
    }
    if (await this.#take(file)) renameSync(at, at + takenIn);
    return true;
  }

  async #take(file: Uint8Array): Promise<boolean> {
    const url = this.#url();
    if (url === undefined) return false;
    try {
      for (const { guid } of openMessages(file, this.keys).content.messages) this.handedOn.note(guid);
      const { answer, content } = await takeCarried(file, { url, keys: this.keys, patienceMs: 300 });
      this.#serial += 1;
      const back = `back-${String(this.#serial).padStart(5, '0')}`;
      if (!this.isCalm && this.#random() < 0.2) {
        this.#count('damaged answer');
        const bad = Buffer.from(answer);
        const where = Math.floor(this.#random() * bad.length);
        bad[where] = (bad[where] ?? 0) ^ 0x10;
        this.#put(`${back}-bad.carry`, bad);
      }
      this.#put(`${back}.carry`, answer);
      this.#count('taken');
      for (const { id } of content.receipts) this.given.add(id);
      return true;
    } catch (error) {
      // The platform is killed meanwhile, or of another day: it is handed in again.
      if (!(error instanceof CarryRefusal || error instanceof TypeError || error instanceof SyntaxError)) throw error;
      this.#count('turned away');
      return false;
    }
  }

  /** Whole at once: the desk may be looking. */
  #put(name: string, bytes: Uint8Array): void {
    const at = path.join(this.#stick, name);
    writeFileSync(`${at}.temp`, bytes);
    renameSync(`${at}.temp`, at);
  }
}
