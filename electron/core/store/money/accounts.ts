import type { ParsedInputOf } from '../../../../shared/contract/contract.ts';
import type { MoneyAccountView } from '../../../../shared/contract/money.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { accounts as chart } from '../../../../shared/ledger/index.ts';
import { isCurrency, moneyText } from '../../../../shared/money/index.ts';
import { chartOf } from '../accounts.ts';
import type { Book } from '../book.ts';

/** An account as the rest of the core needs it; its whole number is asked for by {@link accountNumber} alone. */
export interface MoneyAccount {
  readonly id: number;
  readonly kind: MoneyAccountView['kind'];
  readonly place: MoneyAccountView['place'];
  readonly name: string;
  readonly institution: string;
  readonly licenceNo: string;
  readonly currency: string;
  readonly ownerKind: MoneyAccountView['ownerKind'];
  readonly ledgerAccount: string;
  readonly store: string | null;
  readonly active: boolean;
}

const columns = `id, kind, place, name, institution, licence_no AS licenceNo, currency, owner_kind AS ownerKind,
  ledger_account AS ledgerAccount, store, active`;

/** `•••• 6789`; of six characters or fewer nothing is shown; empty text stays empty. */
export function maskedNumber(number: string): string {
  const bare = number.replaceAll(/\s+/g, '');
  if (bare === '') return '';
  return bare.length <= 6 ? '••••' : `•••• ${bare.slice(-4)}`;
}

/** Refusal: `MONEY_ACCOUNT_UNKNOWN` {id}. */
export function requireMoneyAccount(book: Book, id: number, path = 'accountId'): MoneyAccount {
  const row = book.prepare(`SELECT ${columns} FROM money_account WHERE id = ?`).get(id) as
    | (Omit<MoneyAccount, 'active'> & { active: number })
    | undefined;
  if (row === undefined) throw new PortbookError('MONEY_ACCOUNT_UNKNOWN', { id }, path);
  return { ...row, active: row.active === 1 };
}

/** The account of a name, as the command line names it. Refusal: `MONEY_ACCOUNT_NAME` {name}. */
export function moneyAccountNamed(book: Book, name: string): MoneyAccount {
  const row = book.prepare('SELECT id FROM money_account WHERE name = ?').get(name) as { id: number } | undefined;
  if (row === undefined) throw new PortbookError('MONEY_ACCOUNT_NAME', { name }, 'account');
  return requireMoneyAccount(book, row.id);
}

/** Refusal: `MONEY_ACCOUNT_UNKNOWN` {id}. */
export function accountNumber(book: Book, id: number): string {
  requireMoneyAccount(book, id, 'id');
  const { number } = book.prepare('SELECT number FROM money_account WHERE id = ?').get(id) as { number: string };
  return number;
}

/** Accounts in use with their numbers, to recognise one by what a statement shows of its number. */
export function accountNumbers(
  book: Book,
): { readonly id: number; readonly number: string; readonly currency: string }[] {
  return book
    .prepare(`SELECT id, number, currency FROM money_account WHERE active = 1 AND number <> '' ORDER BY id`)
    .all() as {
    id: number;
    number: string;
    currency: string;
  }[];
}

/** Accounts in use beside one, as a line of its statement may name them. */
export function otherAccounts(
  book: Book,
  id: number,
): { readonly id: number; readonly name: string; readonly number: string; readonly currency: string }[] {
  return book
    .prepare('SELECT id, name, number, currency FROM money_account WHERE active = 1 AND id <> ? ORDER BY id')
    .all(id) as { id: number; name: string; number: string; currency: string }[];
}

type Row = Omit<MoneyAccountView, 'active' | 'lastEntryOn' | 'balance'> & {
  active: number;
  lastEntryOn: string | null;
  balanceMinor: number | null;
};

const select = `SELECT a.id, a.kind, a.place, a.name, a.institution, a.licence_no AS licenceNo, a.country, a.currency, a.number,
    a.owner_kind AS ownerKind, a.owner, a.ledger_account AS ledgerAccount, a.store, a.active, a.note,
    (SELECT count(*) FROM money_record r WHERE (r.account_id = a.id OR r.to_account_id = a.id) AND r.state = 'entered') AS records,
    (SELECT count(*) FROM money_entry e WHERE e.account_id = a.id) AS entries,
    (SELECT count(*) FROM money_entry e WHERE e.account_id = a.id AND e.state = 'open') AS openEntries,
    (SELECT max(date) FROM money_entry e WHERE e.account_id = a.id) AS lastEntryOn,
    (SELECT balance_minor FROM money_statement s WHERE s.account_id = a.id AND s.balance_minor IS NOT NULL ORDER BY to_date DESC, id DESC LIMIT 1) AS balanceMinor
  FROM money_account a`;

function viewOf({ active, lastEntryOn, balanceMinor, number, ...row }: Row): MoneyAccountView {
  return {
    ...row,
    number: maskedNumber(number),
    active: active === 1,
    ...(lastEntryOn === null ? {} : { lastEntryOn }),
    ...(balanceMinor === null ? {} : { balance: moneyText({ currency: row.currency, minor: BigInt(balanceMinor) }) }),
  };
}

/** All accounts, those in use first, by name. */
export function listMoneyAccounts(book: Book): MoneyAccountView[] {
  const rows = book.prepare(`${select} ORDER BY a.active DESC, a.name`).all() as Row[];
  return rows.map(viewOf);
}

function moneyAccountView(book: Book, id: number): MoneyAccountView {
  return viewOf(book.prepare(`${select} WHERE a.id = ?`).get(id) as Row);
}

/** Adds or changes an account; refusals as `moneyAccounts.save` says. */
export function saveMoneyAccount(
  book: Book,
  given: ParsedInputOf<'moneyAccounts.save'>,
  now: string,
): MoneyAccountView {
  return book.transaction(() => {
    const { id, name, currency, ledgerAccount } = given;
    if (!isCurrency(currency)) throw new PortbookError('CURRENCY_UNKNOWN', { currency }, 'currency');
    const ledger = chartOf(book).get(ledgerAccount);
    if (ledger === undefined) throw new PortbookError('ACCOUNT_UNKNOWN', { account: ledgerAccount }, 'ledgerAccount');
    if (ledger.group)
      throw new PortbookError('ACCOUNT_GROUP', { account: ledgerAccount, name: ledger.nameZh }, 'ledgerAccount');
    if (!chart.money.some((money) => ledgerAccount.startsWith(money)))
      throw new PortbookError('ACCOUNT_NOT_MONEY', { account: ledgerAccount }, 'ledgerAccount');
    const before = id === undefined ? undefined : requireMoneyAccount(book, id, 'id');
    const number = given.number ?? (id === undefined ? '' : accountNumber(book, id));
    const twin = book
      .prepare(
        `SELECT name, name = :name AS isName FROM money_account WHERE id <> :id AND (name = :name OR (:number <> '' AND number = :number AND currency = :currency))`,
      )
      .get({ id: id ?? 0, name, number, currency }) as { name: string; isName: number } | undefined;
    if (twin?.isName === 1) throw new PortbookError('MONEY_ACCOUNT_EXISTS', { name }, 'name');
    if (twin !== undefined) throw new PortbookError('MONEY_ACCOUNT_NUMBER_EXISTS', { name: twin.name }, 'number');
    if (before !== undefined && before.currency !== currency && isUsed(book, before.id))
      throw new PortbookError('MONEY_ACCOUNT_IN_USE', { name: before.name }, 'currency');
    const { kind, place, institution, licenceNo, country, ownerKind, owner, store, active, note } = given;
    const values = {
      kind,
      place,
      name,
      institution,
      licenceNo,
      country,
      currency,
      number,
      ownerKind,
      owner,
      ledgerAccount,
      store,
      active: active ? 1 : 0,
      note,
      now,
    };
    if (id !== undefined) {
      book
        .prepare(
          `UPDATE money_account SET kind = :kind, place = :place, name = :name, institution = :institution, licence_no = :licenceNo,
             country = :country, currency = :currency, number = :number, owner_kind = :ownerKind, owner = :owner,
             ledger_account = :ledgerAccount, store = :store, active = :active, note = :note, updated_at = :now WHERE id = :id`,
        )
        .run({ ...values, id });
      return moneyAccountView(book, id);
    }
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO money_account (kind, place, name, institution, licence_no, country, currency, number, owner_kind, owner, ledger_account, store, active, note, created_at, updated_at)
         VALUES (:kind, :place, :name, :institution, :licenceNo, :country, :currency, :number, :ownerKind, :owner, :ledgerAccount, :store, :active, :note, :now, :now)`,
      )
      .run(values);
    return moneyAccountView(book, Number(lastInsertRowid));
  });
}

function isUsed(book: Book, id: number): boolean {
  const row = book
    .prepare(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM money_record WHERE account_id = :id OR to_account_id = :id) OR EXISTS (SELECT 1 FROM money_entry WHERE account_id = :id)`,
    )
    .get({ id });
  return row !== undefined;
}
