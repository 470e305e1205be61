import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileInput } from '../../shared/contract/books.ts';
import type { CoreEvent } from '../../shared/contract/contract.ts';
import { PortbookError } from '../../shared/errors.ts';
import { Attempts } from './keys/attempts.ts';
import { keyByPassphrase, keyByRecovery, type PassphraseCost, readKeyFile } from './keys/key-file.ts';
import type { Resources } from './resources.ts';
import { type Book, createBook, keyFile, type OpenBookOptions, openBook } from './store/book.ts';
import { forgetOldFormDrafts } from './store/form-drafts.ts';

export type Secret = { readonly passphrase: string } | { readonly recoveryKey: string };

export interface SessionOptions {
  /** PORTBOOK_HOME: registry, new books, logs. */
  readonly home: string;
  /** Where a new book goes instead of its place in `home`: the command line names the folder. */
  readonly bookFolder?: string;
  readonly resources: Resources;
  readonly emit: (event: CoreEvent) => void;
  readonly now: () => string;
  /** Who works, for the audit log. */
  readonly actor: string;
  readonly passphraseCost?: PassphraseCost | undefined;
}

/** Work that uses the open book: a close asks it to stop and waits for it. */
interface Work {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** What one core has in hand: at most one open book, and everything that must end before it closes. */
export class Session {
  readonly home: string;
  readonly #options: SessionOptions;
  readonly #work = new Set<Work>();
  readonly #closers = new Set<() => void | Promise<void>>();
  readonly #openListeners = new Set<() => void>();
  /** Keys of the books opened since the start, for the switch from one client to another; gone with {@link forgetKeys}. */
  readonly #keys = new Map<string, Uint8Array>();
  #book: Book | undefined;
  #isLocked = false;
  /** The clerk who has proved himself by his PIN since the book was opened or the screen unlocked. */
  #provedClerk: number | undefined;
  /** Wrong passphrases and PINs, by book and clerk. */
  readonly attempts: Attempts;

  constructor(options: SessionOptions) {
    this.home = options.home;
    this.#options = options;
    this.attempts = new Attempts(options.now);
    mkdirSync(options.home, { recursive: true, mode: 0o700 });
  }

  /** The open book. Refusal: `BOOK_NOT_OPEN`. */
  get book(): Book {
    if (this.#book === undefined) throw new PortbookError('BOOK_NOT_OPEN');
    return this.#book;
  }

  get isOpen(): boolean {
    return this.#book !== undefined;
  }

  /** Whether the screen is locked: then the core answers hardly anything (see `core.ts`). Never without an open book. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** Whether a call on the open book is under way. */
  get isBusy(): boolean {
    return this.#work.size > 0;
  }

  /** Locks; the proof of a PIN ends with it, for the passphrase that unlocks is known to every clerk. */
  lock(): void {
    if (this.#book === undefined || this.#isLocked) return;
    this.#isLocked = true;
    this.#provedClerk = undefined;
    this.#options.emit({ name: 'screen.locked' });
  }

  /** Unlocks with the passphrase of the open book. Refusals: `PASSPHRASE_WRONG`, `PASSPHRASE_WAIT` {seconds}. */
  async unlock(passphrase: string): Promise<void> {
    const { id, folder } = this.book;
    const key = await this.keyOf(id, () => keyByPassphrase(readKeyFile(join(folder, keyFile)), passphrase));
    key.fill(0);
    // Another book may have been opened meanwhile; its lock is its own.
    if (!this.#isLocked || this.#book?.id !== id) return;
    this.#isLocked = false;
    this.#options.emit({ name: 'screen.unlocked' });
  }

  /** The key that `derive` finds by a passphrase; wrong ones slow down the next. Refusal: `PASSPHRASE_WAIT` {seconds}. */
  keyOf(bookId: string, derive: () => Promise<Uint8Array>): Promise<Uint8Array> {
    return this.attempts.tried(bookId, derive, { wrongCode: 'PASSPHRASE_WRONG', code: 'PASSPHRASE_WAIT' });
  }

  /** Whether a clerk of the open book has proved himself by his PIN. */
  hasProved(clerkId: number): boolean {
    return this.#provedClerk === clerkId;
  }

  /** Notes who has proved himself; undefined: nobody. */
  proved(clerkId: number | undefined): void {
    this.#provedClerk = clerkId;
  }

  /** The folder of a new book without a place of its own. */
  folderFor(name: string): string {
    return this.#options.bookFolder ?? join(this.home, 'books', name);
  }

  /**
   * Registers something that holds the book outside a call (the outbox' timer): it is run before the book closes and
   * has to let go of the book. Returns the function that takes it back.
   */
  onBeforeClose(closer: () => void | Promise<void>): () => void {
    this.#closers.add(closer);
    return () => this.#closers.delete(closer);
  }

  /** Registers something to be told when a book has opened. Returns the function that takes it back. */
  onOpened(listener: () => void): () => void {
    this.#openListeners.add(listener);
    return () => this.#openListeners.delete(listener);
  }

  /** Creates a book and leaves it open. The one open before is closed. */
  async create(
    folder: string,
    profile: ProfileInput,
    passphrase: string,
    sample = false,
  ): Promise<{ book: Book; recoveryKey: string }> {
    const made = await createBook(
      folder,
      profile,
      { passphrase },
      {
        ...this.#bookOptions(),
        sample,
        accounts: this.#options.resources.accounts(),
        passphraseCost: this.#options.passphraseCost,
      },
    );
    await this.#replace(made.book);
    return made;
  }

  /**
   * Opens the book of a folder. The one open before is closed only when the new one has opened.
   * Refusals: `PASSPHRASE_WRONG`, `PASSPHRASE_WAIT`, `RECOVERY_KEY_TYPO`, `RECOVERY_KEY_WRONG`, `KEYS_MISSING`, and those of `openBook`.
   */
  async open(folder: string, secret: Secret): Promise<Book> {
    const file = readKeyFile(join(folder, keyFile));
    const key =
      'passphrase' in secret
        ? await this.keyOf(file.bookId, () => keyByPassphrase(file, secret.passphrase))
        : keyByRecovery(file, secret.recoveryKey);
    if (this.#book?.id === file.bookId) return this.#book;
    const book = openBook(folder, key, this.#bookOptions());
    key.fill(0);
    book.seedAccounts(this.#options.resources.accounts());
    forgetOldFormDrafts(book, this.#options.now());
    await this.#replace(book);
    return book;
  }

  holdsKey(bookId: string): boolean {
    return this.#keys.has(bookId);
  }

  /** Opens a book by the key held since it was open before. Refusals: `BOOK_KEY_NOT_HELD` {name}, and those of `openBook`. */
  async switchTo(bookId: string, folder: string, name: string): Promise<Book> {
    if (this.#book?.id === bookId) return this.#book;
    const key = this.#keys.get(bookId);
    if (key === undefined) throw new PortbookError('BOOK_KEY_NOT_HELD', { name });
    const book = openBook(folder, key, this.#bookOptions());
    book.seedAccounts(this.#options.resources.accounts());
    await this.#replace(book);
    return book;
  }

  /** Overwrites the keys that are held: from now on every book asks for its passphrase. */
  forgetKeys(): void {
    for (const key of this.#keys.values()) key.fill(0);
    this.#keys.clear();
  }

  /** Stops what uses the book, waits for it, closes. Nothing happens when none is open. */
  async close(): Promise<void> {
    const book = this.#book;
    if (book === undefined) return;
    for (const work of this.#work) work.controller.abort();
    for (const closer of this.#closers) await closer();
    await Promise.all([...this.#work].map((work) => work.ended));
    if (this.#book !== book) return;
    this.#book = undefined;
    this.#isLocked = false;
    this.#provedClerk = undefined;
    book.close();
    this.#options.emit({ name: 'book.closed' });
  }

  /** Runs a call on the open book, so that {@link close} can end it. `controller` is aborted when the book is to close. */
  async track<T>(controller: AbortController, run: () => T | Promise<T>): Promise<T> {
    let end = (): void => undefined;
    const work: Work = { controller, ended: new Promise((resolve) => (end = resolve)) };
    this.#work.add(work);
    try {
      return await run();
    } finally {
      this.#work.delete(work);
      end();
    }
  }

  async #replace(book: Book): Promise<void> {
    await this.close();
    this.#book = book;
    this.#keys.set(book.id, book.copyKey());
    this.#options.emit({ name: 'book.opened', bookId: book.id });
    for (const listener of this.#openListeners) listener();
  }

  #bookOptions(): Required<OpenBookOptions> {
    const { actor, now, resources } = this.#options;
    return {
      actor,
      now: now(),
      postingRules: () => resources.postingRules(),
      rateRules: resources,
      countryNumber: (letters) => resources.table('country_alpha3').lookup(letters)?.more['customs'],
    };
  }
}
