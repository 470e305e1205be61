import { z } from 'zod';
import { identityDocuments } from '../identity/index.ts';
import { bookSummary } from './broker.ts';
import { fileToken, isoInstant } from './common.ts';
import { command, query } from './operation.ts';

/**
 * A sole trader (个体工商户) keeps a book like an exporter; its tax profile starts as one. A natural person (个人) has no credit code and no
 * customs code: an identity document names the person, and `person.filings` says what can be filed.
 */
export const roles = ['exporter', 'broker', 'cooperative', 'soleTrader', 'person'] as const;

/** The fields of a profile without their defaults: a patch must change what it names and nothing else. */
const profileFields = {
  role: z.enum(roles),
  name: z.string().trim().min(1).max(100),
  /** 统一社会信用代码, 18 characters; a natural person has none. */
  uscc: z.string(),
  /** 10-digit customs registration code (海关注册编码); a natural person has none. */
  customsCode: z.string(),
  /** Of a natural person: the document and its number, which is kept in the sealed book only; every view shows it masked. */
  idType: z.enum(identityDocuments),
  idNumber: z.string().trim().max(40),
  bankName: z.string().trim().max(100),
  /** Kept in the sealed book only; every view shows it masked. */
  bankAccount: z.string().trim().max(40),
  /** Pilot zone (综合试验区) and park (园区), by name. */
  zone: z.string().trim().max(60),
  park: z.string().trim().max(60),
  /** Declarant (申报企业): a broker's own codes, or the firm itself when empty. */
  agentCode: z.string().trim().max(18),
  agentName: z.string().trim().max(100),
  /** Transport id on the data-exchange platform (DXPENT…). */
  dxpId: z.string().trim().max(30),
  /** E-commerce platform (电商平台): `无` when foreign without a customs code. */
  ebpCode: z.string().trim().max(18),
  ebpName: z.string().trim().max(100),
  /** Where the firm still sends them: 运单 by the firm itself, 收款单. */
  sendsWaybills: z.boolean(),
  sendsReceipts: z.boolean(),
  /** In a pilot zone, no refund, licence or duty: 清单核放、汇总统计 (statisticsFlag A). */
  simplified: z.boolean(),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
};

/** Who keeps the book: checked field by field (GB 32100 check character, customs code form, identity number) by `createBook`. */
export const profileInput = z.object({
  ...profileFields,
  idType: profileFields.idType.default('residentId'),
  idNumber: profileFields.idNumber.default(''),
  bankName: profileFields.bankName.default(''),
  bankAccount: profileFields.bankAccount.default(''),
  zone: profileFields.zone.default(''),
  park: profileFields.park.default(''),
  agentCode: profileFields.agentCode.default(''),
  agentName: profileFields.agentName.default(''),
  dxpId: profileFields.dxpId.default(''),
  ebpCode: profileFields.ebpCode.default('无'),
  ebpName: profileFields.ebpName.default(''),
  sendsWaybills: profileFields.sendsWaybills.default(true),
  sendsReceipts: profileFields.sendsReceipts.default(false),
  simplified: profileFields.simplified.default(true),
  colour: profileFields.colour.default('#b7791f'),
});
export type ProfileInput = z.infer<typeof profileInput>;

export const profileView = profileInput
  .omit({ bankAccount: true, idNumber: true })
  .extend({ bankAccountMasked: z.string(), idNumberMasked: z.string() });

export const bookRow = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  uscc: z.string(),
  colour: z.string(),
  isSample: z.boolean(),
  isOpen: z.boolean(),
  lastOpenedAt: isoInstant.optional(),
  /** False when the folder is gone or unreadable: shown, with the path, never dropped from the list. */
  reachable: z.boolean(),
  path: z.string(),
  /** Its key is held since it was opened: `books.switch` opens it without asking. */
  isHeld: z.boolean(),
  /** What waited in it when it was last closed: counts only. */
  summary: bookSummary.optional(),
});

/** At least 8 characters. */
const passphrase = z.string().min(8).max(200);

const secret = z.union([z.object({ passphrase: z.string() }), z.object({ recoveryKey: z.string() })]);
const backupSource = z.union([z.object({ bookId: z.string() }), z.object({ folder: fileToken })]);

export const books = {
  'books.list': query(z.object({}), z.object({ books: z.array(bookRow) }), false),
  /** Creates and opens. The recovery key is returned this once; it is stored nowhere in plain. */
  'books.create': command(
    z.object({ profile: profileInput, passphrase }),
    z.object({ bookId: z.string(), recoveryKey: z.string() }),
    false,
  ),
  'books.createSample': command(z.object({}), z.object({ bookId: z.string() }), false),
  'books.open': command(
    z.object({
      bookId: z.string(),
      secret,
    }),
    z.object({ bookId: z.string() }),
    false,
  ),
  /**
   * Opens a book that was open before, with the key held since: nothing is asked. Refusals: `BOOK_UNKNOWN`, `BOOK_KEY_NOT_HELD` {name}, and
   * those of opening.
   */
  'books.switch': command(z.object({ bookId: z.string() }), z.object({ bookId: z.string() }), false),
  /** Closes, and forgets the keys of all books opened before; `keepKeys` on the way from one book to another. */
  'books.close': command(z.object({ keepKeys: z.boolean().default(false) }), z.object({}), false),
  /** The sample goes in one click; any other book only when `confirmName` equals its name. */
  'books.delete': command(z.object({ bookId: z.string(), confirmName: z.string().optional() }), z.object({}), false),
  'books.profile': query(z.object({}), profileView.extend({ bookId: z.string(), isSample: z.boolean() })),
  /** `bankAccount` and `idNumber` left out keep the stored ones. */
  'books.updateProfile': command(z.object(profileFields).partial(), z.object({})),
  'books.changePassphrase': command(z.object({ current: z.string(), next: passphrase }), z.object({})),
  /** A sheet to print: book name, credit code, the recovery key in groups, what it is for. Needs the key just shown. */
  'books.recoverySheet': command(z.object({ recoveryKey: z.string(), to: fileToken }), z.object({}), false),
  /** A sealed, verified copy of the open book beside it. */
  'books.backup': command(z.object({}), z.object({ path: z.string(), verifiedAt: isoInstant })),
  /** Whether the book copies itself once a day, when it closes or while it stays open; on unless somebody turned it off. */
  'books.setBackups': command(z.object({ isAutomatic: z.boolean() }), z.object({})),
  /** The backups of a book of this computer, or of a folder that was chosen (one with backups and `keys.json`), newest first. */
  'books.backups': query(
    z.object({ from: backupSource }),
    z.object({ rows: z.array(z.object({ file: z.string(), at: isoInstant, bytes: z.number().int() })) }),
    false,
  ),
  /**
   * Restores a backup into a new folder and opens it, its queue on hold. The book as it was stays where it is (`keptAt`) and leaves the list;
   * where it can still be opened its name has to be typed. Refusals: `BACKUP_NOT_HERE` {file}, `BACKUP_DAMAGED` {file}, `CONFIRM_NAME` {name},
   * and those of opening.
   */
  'books.restore': command(
    z.object({ from: backupSource, file: z.string().max(100), secret, confirmName: z.string().optional() }),
    z.object({ bookId: z.string(), keptAt: z.string().optional() }),
    false,
  ),
  'books.health': query(
    z.object({}),
    z.object({
      tables: z.string(),
      rules: z.string(),
      lastBackupAt: isoInstant.optional(),
      auditRows: z.number().int(),
      auditIntact: z.boolean(),
      backsUpByItself: z.boolean(),
    }),
  ),
} as const;
