import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { TableSet } from '../shared/tables/table.ts';
import { type Arrival, receive } from './arrival.ts';
import { readTables } from './tables.ts';

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
export const ownReader = (tables: TableSet): Reader => ({
  receive: async (guid, bytes) => receive(guid, bytes, tables),
  close: async () => undefined,
});

/** What a thread is started with. */
interface Start {
  /** Folder with `tables/*.json`, those of the main thread. */
  readonly resourcesFolder?: string | undefined;
}

/**
 * Reads in a thread of its own.
 * @param program a file that calls {@link answerAsReader} when it is not started in the main thread
 * @param resourcesFolder where its tables lie
 */
export class ReaderThread implements Reader {
  readonly #program: string;
  readonly #start: Start;
  #thread: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(program: string, resourcesFolder?: string) {
    this.#program = program;
    this.#start = { resourcesFolder };
  }

  receive(guid: string, bytes: Uint8Array): Promise<Arrival> {
    const thread = this.#thread ?? this.#begin();
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      thread.postMessage({ id, guid, bytes } satisfies Question);
    });
  }

  #begin(): Worker {
    const thread = new Worker(this.#program, { workerData: this.#start });
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
  const tables = readTables((workerData as Start).resourcesFolder);
  port.on('message', ({ id, guid, bytes }: Question) => port.postMessage(answerTo(id, guid, bytes, tables)));
  return true;
}

function answerTo(id: number, guid: string, bytes: Uint8Array, tables: TableSet): Answer {
  try {
    return { id, arrival: receive(guid, bytes, tables) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
