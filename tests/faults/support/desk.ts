import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fetch } from 'undici';
import type { Host } from '../../../electron/core/context.ts';
import { Engine, type EngineOptions, type EngineSession } from '../../../electron/core/outbox/engine.ts';
import { httpTransport } from '../../../electron/core/outbox/http-transport.ts';
import { versionsOf } from '../../../electron/core/outbox/recheck.ts';
import { transportFor } from '../../../electron/core/outbox/transport-for.ts';
import { findResources, Resources } from '../../../electron/core/resources.ts';
import { type Book, createBook, openBook } from '../../../electron/core/store/book.ts';
import { selectEndpoint } from '../../../electron/core/store/endpoints.ts';
import { profileInput } from '../../../shared/contract/books.ts';
import type { CoreEvent } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { enterprise, type PaperKind } from './papers.ts';
import { draftPapers, orderOf, paperKinds, queuePapers, shipmentOf, type Wrong } from './queue.ts';

/** Nobody around the core: no keyring, no printer, no process to start. */
export const noHost: Host = {
  seal: () => Promise.resolve(undefined),
  open: () => Promise.resolve(undefined),
  printPdf: () => Promise.resolve(undefined),
  startPractice: () => Promise.reject(new PortbookError('NOT_AVAILABLE')),
  stopPractice: () => Promise.resolve(),
};

/** A clock that a test can put forward; it runs on by itself. */
export class TestClock {
  #aheadMs = 0;
  readonly now = (): string => new Date(this.nowMs()).toISOString();
  readonly nowMs = (): number => Date.now() + this.#aheadMs;
  forward(ms: number): void {
    this.#aheadMs += ms;
  }
}

export const resourcesFolder = findResources();

export const resources = new Resources(resourcesFolder);

const bookOptions = { postingRules: () => resources.postingRules() };

/** An empty book of the fictional exporter, made once a process: laying out its tables is most of what a small test would take. */
let empty: Promise<{ readonly folder: string; readonly key: Uint8Array }> | undefined;

async function makeEmpty(): Promise<{ readonly folder: string; readonly key: Uint8Array }> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'portbook-empty-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const folder = path.join(home, 'book');
  const profile = profileInput.parse({ role: 'exporter', ...enterprise, sendsReceipts: true });
  const passphraseCost = { N: 2 ** 15, r: 8, p: 1 };
  const { book } = await createBook(
    folder,
    profile,
    { passphrase: 'only for tests' },
    { ...bookOptions, passphraseCost },
  );
  const key = book.copyKey();
  book.close();
  return { folder, key };
}

/** A book with an outbox and nothing around it. */
export class TestDesk {
  readonly book: Book;
  readonly clock: TestClock;
  readonly session: EngineSession;
  readonly events: CoreEvent[] = [];
  engine: Engine;
  /** Stands in for the network where a test answers in its place. */
  fetch: typeof fetch = fetch;
  readonly #closers: (() => void | Promise<void>)[] = [];
  readonly #options: Partial<EngineOptions>;

  private constructor(book: Book, home: string, clock: TestClock, options: Partial<EngineOptions>) {
    this.book = book;
    this.clock = clock;
    this.#options = options;
    this.session = {
      home,
      isOpen: true,
      book,
      onBeforeClose: (closer) => {
        this.#closers.push(closer);
        return () => undefined;
      },
      onOpened: () => () => undefined,
    };
    this.engine = this.newEngine();
  }

  static async create(
    folder: string,
    clock = new TestClock(),
    options: Partial<EngineOptions> = {},
  ): Promise<TestDesk> {
    empty ??= makeEmpty();
    const made = await empty;
    const at = path.join(folder, 'book');
    mkdirSync(folder, { recursive: true });
    cpSync(made.folder, at, { recursive: true, errorOnExist: true, force: false });
    return new TestDesk(openBook(at, made.key, bookOptions), folder, clock, options);
  }

  /** Around a book that is open already; its owner closes it. */
  static over(book: Book, folder: string): TestDesk {
    return new TestDesk(book, folder, new TestClock(), {});
  }

  /** As after a restart of the core: everything but the book is forgotten. */
  newEngine(): Engine {
    this.engine = new Engine({
      session: this.session,
      host: noHost,
      emit: (event) => this.events.push(event),
      now: this.clock.now,
      random: () => 0.5,
      settleMs: 300,
      transport: (endpoint, signer) =>
        endpoint.transport === 'http'
          ? httpTransport({
              url: endpoint.url,
              signer,
              now: this.clock.now,
              timeouts: { healthMs: 400, sendMs: 2000, askMs: 1000 },
              fetch: (...request) => this.fetch(...request),
            })
          : transportFor(endpoint, { signer, now: this.clock.now, book: this.book, host: noHost }),
      ...this.#options,
    });
    return this.engine;
  }

  async close(): Promise<void> {
    for (const closer of this.#closers) await closer();
    this.book.close();
  }

  connect(url: string): void {
    selectEndpoint(this.book, { id: 'test', url, name: 'Test' });
  }

  /** Puts checked papers of orders into the book, one transaction. @returns document ids by kind, in the orders' order */
  draft(orders: readonly number[], kinds: readonly PaperKind[], wrong: Wrong = {}): Map<PaperKind, number[]> {
    return draftPapers(this.book, this.clock.now(), orders, kinds, wrong);
  }

  /** Freezes and queues the papers of orders, a hundred a message. @returns the messages' GUIDs */
  queue(orders: readonly number[], kinds: readonly PaperKind[] = paperKinds, wrong: Wrong = {}): string[] {
    return queuePapers(this.book, this.clock.now(), orders, { kinds, wrong, checkedWith: versionsOf(resources) });
  }

  order(n: number): number {
    return orderOf(this.book, this.clock.now(), n);
  }

  shipment(): number {
    return shipmentOf(this.book, this.clock.now());
  }

  /** Counts of a table by state, e.g. `{ released: 60 }`. */
  states(table: 'message' | 'document' | 'sales_order' | 'receipt', where = '1'): Record<string, number> {
    const rows = this.book.prepare(`SELECT state, count(*) AS n FROM ${table} WHERE ${where} GROUP BY state`).all() as {
      state: string;
      n: number;
    }[];
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  eventsOf(subject: string): string[] {
    const rows = this.book.prepare('SELECT event FROM transition WHERE subject_id = ? ORDER BY id').all(subject) as {
      event: string;
    }[];
    return rows.map(({ event }) => event);
  }

  /** Drains as a command line would: again and again, until nothing is queued and every accepted list is closed. */
  async drainAll(rounds = 60): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const { queued, awaitingReceipt } = await this.engine.drain({ forced: true });
      if (queued === 0 && awaitingReceipt === 0 && this.states('document')['released'] === undefined) return;
    }
    throw new Error(
      `not done after ${rounds} rounds: ${JSON.stringify([this.states('message'), this.states('document'), this.engine.status()])}`,
    );
  }
}

/** A moment that a test chooses. */
export function later(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((tell) => {
    resolve = tell;
  });
  return { promise, resolve };
}
