import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkCalendar } from '../../../shared/calendar/index.ts';
import { type ProfileInput, profileInput } from '../../../shared/contract/books.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { PostingPack } from '../../../shared/ledger/index.ts';
import type { FobPack } from '../../../shared/rules/tax/export-vat/fob-value.ts';
import { makeKeyFile, type PassphraseCost, randomBookKey, readKeyFile, writeKeyFile } from '../keys/key-file.ts';
import { type AuditState, appendAudit, verifyAudit } from './audit.ts';
import { backUpTo } from './backup.ts';
import { type Connection, openDatabase, renewStatistics, type Statement, storeRefusal } from './database.ts';
import { migrate, schemaOf } from './migrate.ts';
import { keepMoves } from './moves.ts';

/** The files of a book's folder. */
export const bookFile = 'book.portbook';
export const keyFile = 'keys.json';
export const backupFolder = 'backups';

/** An account of the chart, as `resources/accounts` has it. */
export interface AccountSeed {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: 'asset' | 'liability' | 'equity' | 'revenue' | 'expense';
  readonly side: 'debit' | 'credit';
  /** Revalued at month end when in foreign currency (货币性项目). */
  readonly monetary?: boolean | undefined;
  /** Quantities are kept (数量核算). */
  readonly quantity?: boolean | undefined;
  /** Auxiliary dimensions (辅助核算) a posting must carry. */
  readonly dimensions?: readonly string[] | undefined;
}

/** Keys of `setting` that more than one file reads. */
export const settingKeys = {
  bookId: 'book.id',
  isSample: 'book.isSample',
  lastBackupAt: 'backup.lastAt',
  /** Digest of the chart of accounts last brought in. */
  chart: 'ledger.chart',
} as const;

/**
 * An open account book (账套): one sealed SQLite file. Every write goes through {@link transaction}; statements are
 * cached by their text, so SQL is best a constant.
 */
export class Book {
  readonly id: string;
  readonly folder: string;
  readonly db: Connection;
  readonly isSample: boolean;
  /** Who works, for the audit log: `desk`, `cli`. */
  readonly actor: string;
  readonly #key: Uint8Array;
  readonly #statements = new Map<string, Statement>();
  readonly #postingRules: (() => PostingPack) | undefined;
  readonly #rateRules: RateRules | undefined;
  readonly #countryNumber: ((letters: string) => string | undefined) | undefined;

  constructor(id: string, folder: string, db: Connection, key: Uint8Array, options: OpenBookOptions) {
    this.id = id;
    this.folder = folder;
    this.db = db;
    this.actor = options.actor ?? 'desk';
    this.#key = key;
    this.#postingRules = options.postingRules;
    this.#rateRules = options.rateRules;
    this.#countryNumber = options.countryNumber;
    this.isSample = this.setting(settingKeys.isSample) === '1';
  }

  /**
   * A cached statement. It is shared: switch `raw`, `pluck` or `safeIntegers` only on a statement of your own
   * (`book.db.prepare`). While the cached one is being iterated, a new one is made.
   */
  prepare(sql: string): Statement {
    const cached = this.#statements.get(sql);
    if (cached !== undefined && !cached.busy) return cached;
    const made = this.db.prepare(sql);
    if (cached === undefined) this.#statements.set(sql, made);
    return made;
  }

  /**
   * Runs `fn` in a transaction that holds the write lock from its first moment (so that it never fails half-way for a
   * second process), or in a savepoint when one is open already. An error undoes it whole. `fn` must not be async.
   *
   * Refusals: `DISK_FULL`, `BOOK_BUSY`, `BOOK_READ_ONLY`, `BOOK_DAMAGED`, `DISK_ERROR`.
   */
  transaction<T>(fn: () => T): T {
    try {
      return this.db.transaction(fn).immediate() as T;
    } catch (error) {
      throw storeRefusal(error, this.folder) ?? error;
    }
  }

  /** Changes with every write to the book, by this connection or by another process. */
  changeMark(): string {
    const { n } = this.prepare('SELECT total_changes() AS n').get() as { n: number };
    return `${n}:${String(this.db.pragma('data_version', { simple: true }))}`;
  }

  setting(key: string): string | undefined {
    return (this.prepare('SELECT value FROM setting WHERE key = ?').get(key) as { value: string } | undefined)?.value;
  }

  /** `undefined` takes the setting away. */
  setSetting(key: string, value: string | undefined): void {
    if (value === undefined) this.prepare('DELETE FROM setting WHERE key = ?').run(key);
    else {
      this.prepare(
        'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ).run(key, value);
    }
  }

  /**
   * The next number of a series, from 1. Without gaps when it is called in the transaction that uses the number: an
   * undone transaction gives it back.
   */
  nextNumber(series: string): number {
    const row = this.prepare(
      `INSERT INTO number_series (name, next) VALUES (?, 2) ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next - 1 AS number`,
    ).get(series) as { number: number };
    return row.number;
  }

  /**
   * Writes to the append-only log, chained by hash to the entry before. Call it in the transaction of the change.
   * @param detail plain facts; never a bank account, a passphrase or a person's identity number
   */
  audit(action: string, subject: string, detail: Readonly<Record<string, unknown>>, at: string): void {
    this.transaction(() => appendAudit(this.db, { at, actor: this.who(), action, subject, detail }));
  }

  /** Whose work this is: `desk`, or `desk 张三` where a clerk said who he is. */
  who(): string {
    const clerk = this.prepare(
      `SELECT c.name FROM setting s JOIN clerk c ON c.id = CAST(s.value AS INTEGER) WHERE s.key = 'clerk.current'`,
    ).get() as { name: string } | undefined;
    return clerk === undefined ? this.actor : `${this.actor} ${clerk.name}`;
  }

  verifyAudit(): AuditState {
    return verifyAudit(this.db);
  }

  /** The firm's own data, with the bank account in full: for documents, never for a screen. */
  profile(): ProfileInput {
    const row = this.prepare('SELECT body FROM profile WHERE id = 1').get() as { body: string } | undefined;
    if (row === undefined) throw new PortbookError('BOOK_DAMAGED', { path: this.folder });
    return profileInput.parse(JSON.parse(row.body));
  }

  saveProfile(profile: ProfileInput, at: string): void {
    this.prepare(
      'INSERT INTO profile (id, body, updated_at) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at',
    ).run(JSON.stringify(profile), at);
  }

  /**
   * Brings a chart of accounts in, once for each chart: accounts that are missing are added; those the book has keep their
   * names, flags and whether they are in use, for a person may have changed them. A book from before accounts had flags
   * gets the chart's. Codes are never taken away.
   */
  seedAccounts(accounts: readonly AccountSeed[]): void {
    const digest = createHash('sha256').update(JSON.stringify(accounts)).digest('hex');
    const last = this.setting(settingKeys.chart);
    if (accounts.length === 0 || last === digest) return;
    this.transaction(() => {
      const insert = this.prepare(
        `INSERT INTO account (code, name_zh, name_en, kind, side, monetary, quantity, dimensions) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (code) DO NOTHING`,
      );
      const flag = this.prepare('UPDATE account SET monetary = ?, quantity = ?, dimensions = ? WHERE code = ?');
      for (const { code, nameZh, nameEn, kind, side, monetary, quantity, dimensions } of accounts) {
        const flags = [monetary === true ? 1 : 0, quantity === true ? 1 : 0, JSON.stringify(dimensions ?? [])];
        const { changes } = insert.run(code, nameZh, nameEn, kind, side, ...flags);
        if (changes === 0 && last === undefined) flag.run(...flags, code);
      }
      // The tree follows from the codes, 4-2-2, for the accounts of a person too.
      this.prepare(
        `UPDATE account SET parent = substr(code, 1, length(code) - 2) WHERE length(code) > 4 AND parent IS NULL
           AND substr(code, 1, length(code) - 2) IN (SELECT code FROM account)`,
      ).run();
      this.setSetting(settingKeys.chart, digest);
    });
  }

  /** The posting rules (记账规则) that ship with the program. Refusal: `RESOURCE_MISSING`. */
  /** Customs' three digits of a country that a goods declaration names by three letters; undefined for one that no table has. */
  countryNumber(letters: string): string | undefined {
    return this.#countryNumber?.(letters);
  }

  get postingRules(): PostingPack {
    if (this.#postingRules === undefined) throw new PortbookError('RESOURCE_MISSING', { path: 'rules/posting.json' });
    return this.#postingRules();
  }

  /** Which day's rate converts a sale (折合率), as it ships with the program. Refusal: `RESOURCE_MISSING`. */
  get rateRules(): RateRules {
    if (this.#rateRules === undefined)
      throw new PortbookError('RESOURCE_MISSING', { path: 'rules/tax-export-fob.json' });
    return this.#rateRules;
  }

  /** A sealed and verified copy of this book in a new file. Refusal: `BACKUP_UNVERIFIED`. */
  backUpTo(path: string): void {
    backUpTo(this.db, this.#key, path);
  }

  /** A copy of the key, for the session that opens the book again; it overwrites the copy when it is done with it. */
  copyKey(): Uint8Array {
    return Uint8Array.from(this.#key);
  }

  /** Folds the log into the file, lets SQLite renew its statistics, closes. A closed book is not used again. */
  close(): void {
    if (!this.db.open) return;
    try {
      renewStatistics(this.db);
      this.db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      this.#statements.clear();
      this.db.close();
      this.#key.fill(0);
    }
  }
}

/** The rule of the rate's day, the calendar it counts working days by, and any other pack as it ships. */
export interface RateRules {
  rateRules(): FobPack;
  calendar(): WorkCalendar;
  /** The file of a rule pack, not yet parsed. */
  rulePack(id: string): unknown;
}

export interface OpenBookOptions {
  readonly actor?: string;
  readonly now?: string;
  /** Where the posting rules are read from when first needed; without them nothing can be posted by rule. */
  readonly postingRules?: () => PostingPack;
  /** Customs' number of a country by its letters; see {@link Book.countryNumber}. */
  readonly countryNumber?: (letters: string) => string | undefined;
  /** Without them no rate of a month's first day is found. */
  readonly rateRules?: RateRules;
}

export interface CreateOptions extends OpenBookOptions {
  readonly sample?: boolean;
  readonly accounts?: readonly AccountSeed[];
  /** The usual one when left out. */
  readonly passphraseCost?: PassphraseCost | undefined;
}

/** Whether a folder holds a book, as far as can be seen without opening it. */
export function isBookFolder(folder: string): boolean {
  return [bookFile, keyFile].every(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true,
  );
}

/**
 * Makes a book in a folder that is empty or not there yet, and opens it. The recovery key is returned this once.
 * The profile is stored as it is given: check it before. Refusal: `FOLDER_NOT_EMPTY`.
 */
export async function createBook(
  folder: string,
  profile: ProfileInput,
  secrets: { readonly passphrase: string },
  options: CreateOptions = {},
): Promise<{ book: Book; recoveryKey: string }> {
  const existed = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new PortbookError('FOLDER_NOT_EMPTY', { path: folder });
  const at = options.now ?? new Date().toISOString();
  const id = randomUUID();
  const key = randomBookKey();
  let db: Connection | undefined;
  try {
    const made = await makeKeyFile({
      bookId: id,
      key,
      passphrase: secrets.passphrase,
      at,
      cost: options.passphraseCost,
    });
    db = openDatabase(join(folder, bookFile), key, { create: true });
    migrate(db, at, () => undefined);
    const connection = db;
    db.transaction(() => {
      const set = connection.prepare('INSERT INTO setting (key, value) VALUES (?, ?)');
      set.run(settingKeys.bookId, id);
      set.run(settingKeys.isSample, options.sample === true ? '1' : '0');
    }).immediate();
    const book = new Book(id, folder, db, key, options);
    book.transaction(() => {
      keepMoves(book);
      book.saveProfile(profile, at);
      book.seedAccounts(options.accounts ?? []);
      book.audit('book.created', id, { sample: options.sample === true, schema: schemaOf(book.db) }, at);
    });
    mkdirSync(join(folder, backupFolder), { recursive: true });
    // Last: a folder with both files is a book that opens.
    writeKeyFile(join(folder, keyFile), made.file);
    return { book, recoveryKey: made.recoveryKey };
  } catch (error) {
    db?.close();
    rmSync(folder, { recursive: true, force: true });
    if (existed) mkdirSync(folder, { recursive: true });
    throw error;
  }
}

/**
 * Opens a book with its key (see `keys/key-file.ts` for the ways to it) and brings it to this program's schema; before a
 * change of schema a sealed copy goes into `backups/`.
 */
export function openBook(folder: string, key: Uint8Array, options: OpenBookOptions = {}): Book {
  const { bookId } = readKeyFile(join(folder, keyFile));
  const at = options.now ?? new Date().toISOString();
  const ownKey = Uint8Array.from(key);
  const db = openDatabase(join(folder, bookFile), ownKey);
  try {
    migrate(db, at, () => {
      mkdirSync(join(folder, backupFolder), { recursive: true });
      const stamp = at.replaceAll(/[^0-9]/g, '').slice(0, 14);
      backUpTo(db, ownKey, join(folder, backupFolder, `before-schema-${schemaOf(db)}-${stamp}.portbook`));
    });
    const book = new Book(bookId, folder, db, ownKey, options);
    if (book.setting(settingKeys.bookId) !== bookId) throw new PortbookError('BOOK_DAMAGED', { path: folder });
    keepMoves(book);
    return book;
  } catch (error) {
    db.close();
    throw storeRefusal(error, folder) ?? error;
  }
}
