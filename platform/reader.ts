import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { type Arrival, receive } from './arrival.ts';

/**
 * Reading a message and holding it against its schema is a third of the work of an intake, and asks nothing of the storage: it is done on a
 * second core, in a thread beside the one that talks to the network and to the database.
 */

interface Question {
  readonly id: number;
  readonly guid: string;
  readonly bytes: Uint8Array;
}

/** What a message came to, or that reading it failed, which is the matter of this one message alone. */
type Answer = { readonly id: number } & ({ readonly arrival: Arrival } | { readonly error: string });

interface Waiting {
  readonly done: (arrival: Arrival) => void;
  readonly failed: (error: unknown) => void;
}

export interface Reader {
  receive(guid: string, bytes: Uint8Array): Promise<Arrival>;
  close(): Promise<void>;
}

/** Reads in this very thread. */
export const ownReader: Reader = {
  receive: async (guid, bytes) => receive(guid, bytes),
  close: async () => undefined,
};

/**
 * Reads in a thread of its own.
 * @param program a file that calls {@link answerAsReader} when it is not started in the main thread
 */
export class ReaderThread implements Reader {
  readonly #program: string;
  #thread: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(program: string) {
    this.#program = program;
  }

  receive(guid: string, bytes: Uint8Array): Promise<Arrival> {
    const thread = this.#thread ?? this.#start();
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      thread.postMessage({ id, guid, bytes } satisfies Question);
    });
  }

  #start(): Worker {
    const thread = new Worker(this.#program);
    this.#thread = thread;
    thread.unref();
    thread.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('arrival' in answer) waiting?.done(answer.arrival);
      else waiting?.failed(new Error(answer.error));
    });
    thread.on('error', (error) => this.#end(thread, error));
    thread.on('exit', () => this.#end(thread, new Error('the reader ended')));
    return thread;
  }

  /** Whoever waits is told; the next message is read by a new thread. */
  #end(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }
}

/** What the thread does. @returns false in the main thread, where there is nobody to answer */
export function answerAsReader(): boolean {
  if (isMainThread || parentPort === null) return false;
  const port = parentPort;
  port.on('message', ({ id, guid, bytes }: Question) => port.postMessage(answerTo(id, guid, bytes)));
  return true;
}

function answerTo(id: number, guid: string, bytes: Uint8Array): Answer {
  try {
    return { id, arrival: receive(guid, bytes) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
