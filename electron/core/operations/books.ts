import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { books } from '../../../shared/contract/books.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { maskBankAccount, maskIdentityDocument } from '../../../shared/identity/index.ts';
import { samplePassphrase } from '../../../shared/sample-book.ts';
import { backsUpByItself, backUp, backupsIn, restoreFrom, setBacksUpByItself } from '../backups.ts';
import type { Context, Handlers } from '../context.ts';
import type { Call } from '../core.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import {
  isRecoveryKey,
  keyByPassphrase,
  keyByRecovery,
  readKeyFile,
  withPassphrase,
  writeKeyFile,
} from '../keys/key-file.ts';
import { practiceFolder } from '../outbox/engine.ts';
import { recoverySheetHtml, recoverySheetText } from '../printing/recovery-sheet.ts';
import { type Book, keyFile, settingKeys } from '../store/book.ts';
import { Registry } from '../store/registry.ts';
import { saveTaxProfile } from '../store/worksheets/facts.ts';
import { checkProfile } from './profile-check.ts';
import { fillSample, sampleProfile } from './sample.ts';

/** A sole trader and a person are taxed as persons (个人所得税), not as enterprises: the tax profile says so from the first day. */
function startAsIndividual(book: Book, now: string): void {
  const profile = { kind: 'individual' } as const;
  book.transaction(() => {
    saveTaxProfile(book, profile, now);
    book.audit('tax.profile', '', profile, now);
  });
}

/** Books: create, open, protect, back up. */
export function bookHandlers(call: Call): Handlers<keyof typeof books> {
  return {
    'books.list': (_input, context) => ({ books: listBooks(context) }),

    'books.create': async ({ profile, passphrase }, context) => {
      const checked = checkProfile(profile);
      const made = await context.session.create(context.session.folderFor(randomUUID()), checked, passphrase);
      if (checked.role === 'soleTrader' || checked.role === 'person') startAsIndividual(made.book, context.now());
      remember(made.book, context);
      return { bookId: made.book.id, recoveryKey: made.recoveryKey };
    },

    'books.createSample': async (_input, context) => {
      const { book } = await context.session.create(
        context.session.folderFor(randomUUID()),
        sampleProfile,
        samplePassphrase,
        true,
      );
      try {
        await fillSample(call, context);
      } catch (error) {
        // Half a sample is of no use to anybody.
        await context.session.close();
        rmSync(book.folder, { recursive: true, force: true });
        throw error;
      }
      remember(book, context);
      return { bookId: book.id };
    },

    'books.open': async ({ bookId, secret }, context) => {
      const entry = new Registry(context.session.home).require(bookId);
      const book = await context.session.open(entry.path, secret);
      remember(book, context);
      return { bookId: book.id };
    },

    'books.switch': async ({ bookId }, context) => {
      const { path, name } = new Registry(context.session.home).require(bookId);
      remember(await context.session.switchTo(bookId, path, name), context);
      return { bookId };
    },

    'books.close': async ({ keepKeys }, context) => {
      // Whoever closes a locked book has shown no passphrase: he gets into no other one either.
      const isTrusted = keepKeys && !context.session.isLocked;
      await context.session.close();
      if (!isTrusted) context.session.forgetKeys();
      return {};
    },

    'books.delete': async ({ bookId, confirmName }, context) => {
      const registry = new Registry(context.session.home);
      const entry = registry.require(bookId);
      if (!entry.isSample && confirmName !== entry.name)
        throw new PortbookError('CONFIRM_NAME', { name: entry.name }, 'confirmName');
      if (context.session.isOpen && context.session.book.id === bookId) {
        await context.session.close();
        await context.host.stopPractice();
      }
      rmSync(entry.path, { recursive: true, force: true });
      rmSync(practiceFolder(context.session, { id: bookId }), { recursive: true, force: true });
      registry.remove(bookId);
      return {};
    },

    'books.profile': (_input, { book }) => {
      const { bankAccount, idNumber, ...shown } = book.profile();
      return {
        ...shown,
        bankAccountMasked: maskBankAccount(bankAccount),
        idNumberMasked: maskIdentityDocument(idNumber),
        bookId: book.id,
        isSample: book.isSample,
      };
    },

    'books.updateProfile': (input, context) => {
      const { book, now } = context;
      const patch = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const before = book.profile();
      const next = checkProfile({ ...before, ...patch });
      const changed = Object.keys(next).filter((name) => Reflect.get(next, name) !== Reflect.get(before, name));
      if (changed.length > 0) {
        book.transaction(() => {
          book.saveProfile(next, now());
          book.audit('profile.changed', book.id, { fields: changed }, now());
        });
        remember(book, context);
      }
      return {};
    },

    'books.changePassphrase': async ({ current, next }, { book, now, session }) => {
      const path = join(book.folder, keyFile);
      const file = readKeyFile(path);
      // Someone who came in by the recovery key knows no passphrase: then the recovery key is what proves him.
      const key = isRecoveryKey(current)
        ? keyByRecovery(file, current)
        : await session.keyOf(book.id, () => keyByPassphrase(file, current));
      writeKeyFile(path, await withPassphrase(file, key, next));
      key.fill(0);
      book.audit('passphrase.changed', book.id, {}, now());
      return {};
    },

    'books.recoverySheet': async ({ recoveryKey, to }, context) => {
      // A sheet with a key that does not open this book would be found out on the worst day.
      keyByRecovery(readKeyFile(join(context.session.book.folder, keyFile)), recoveryKey).fill(0);
      const path = context.files.pathOf(to, 'write');
      const profile = context.session.book.profile();
      const sheet = {
        bookName: profile.name,
        uscc: profile.uscc,
        bookId: context.session.book.id,
        recoveryKey: recoveryKey.trim().toUpperCase(),
        date: chinaDate(context.now()),
      };
      const pdf = await context.host.printPdf(recoverySheetHtml(sheet));
      if (pdf === undefined) writeFileAtomically(path.replace(/\.pdf$/i, '.txt'), recoverySheetText(sheet));
      else writeFileAtomically(path, pdf);
      return {};
    },

    'books.backup': (_input, { book, now }) => backUp(book, now),

    'books.setBackups': ({ isAutomatic }, { book, now }) => {
      book.transaction(() => {
        setBacksUpByItself(book, isAutomatic);
        book.audit('book.backupsSet', book.id, { automatic: isAutomatic }, now());
      });
      return {};
    },

    'books.backups': ({ from }, context) => ({ rows: backupsIn(folderOf(from, context)).rows }),

    'books.restore': async ({ from, file, secret, confirmName }, context) => {
      const { session } = context;
      const registry = new Registry(session.home);
      const folder = folderOf(from, context);
      const target = session.folderFor(randomUUID());
      const known = 'bookId' in from ? registry.list().find(({ id }) => id === from.bookId) : undefined;
      const bookId = await restoreFrom(session, { folder, file }, secret, target, context.now());
      const before = known ?? registry.list().find(({ id }) => id === bookId);
      // The book as it is stays where it is, but the list of books leads to the restored one from now on.
      if (before?.reachable === true && confirmName !== before.name) {
        rmSync(target, { recursive: true, force: true });
        throw new PortbookError('CONFIRM_NAME', { name: before.name }, 'confirmName');
      }
      if (session.isOpen && session.book.id === bookId) await session.close();
      const book = await session.open(target, secret);
      book.transaction(() => {
        const at = context.now();
        book.setSetting(settingKeys.lastBackupAt, undefined);
        book.audit('book.restored', book.id, { file }, at);
      });
      remember(book, context);
      return { bookId, ...(before?.reachable === true ? { keptAt: before.path } : {}) };
    },

    'books.health': (_input, { book, resources }) => {
      const audit = book.verifyAudit();
      const lastBackupAt = book.setting(settingKeys.lastBackupAt);
      return {
        tables: resources.tablesVersion,
        rules: resources.rulesVersion,
        ...(lastBackupAt === undefined ? {} : { lastBackupAt }),
        auditRows: audit.rows,
        auditIntact: audit.intact,
        backsUpByItself: backsUpByItself(book),
      };
    },
  };
}

/** The folder that a restoring looks into: a registered book's own, or one that was chosen. */
function folderOf(from: { bookId: string } | { folder: string }, context: Context): string {
  return 'bookId' in from
    ? new Registry(context.session.home).require(from.bookId).path
    : context.files.pathOf(from.folder, 'directory');
}

function listBooks(context: Context) {
  const openId = context.session.isOpen ? context.session.book.id : undefined;
  return new Registry(context.session.home).list().map((entry) => ({
    ...entry,
    isOpen: entry.id === openId,
    isHeld: context.session.holdsKey(entry.id),
  }));
}

/** Writes what the first screen shows of a book into the registry. */
function remember(book: Book, context: Context): void {
  const { name, role, uscc, colour } = book.profile();
  new Registry(context.session.home).put({
    id: book.id,
    path: book.folder,
    name,
    role,
    uscc,
    colour,
    isSample: book.isSample,
    lastOpenedAt: context.now(),
  });
}
