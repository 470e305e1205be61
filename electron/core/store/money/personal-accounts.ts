/** Data of individual forex accounts (个人外汇账户) for the bank. */
import type { ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { Book } from '../book.ts';

type Saved = Omit<ParsedInputOf<'person.saveAccount'>, 'idNumber'> & { readonly idNumber: string };

/** A personal account with its data; `form` undefined: nothing was entered yet. Numbers are whole, to be masked by who shows them. */
export interface PersonalAccount {
  readonly accountId: number;
  readonly name: string;
  readonly institution: string;
  readonly currency: string;
  readonly number: string;
  readonly owner: string;
  readonly form?: Omit<Saved, 'accountId'>;
}

type Row = Omit<PersonalAccount, 'form'> &
  Omit<Saved, 'accountId' | 'nature'> & { readonly nature: Saved['nature'] | null };

const select = `SELECT a.id AS accountId, a.name, a.institution, a.currency, a.number, a.owner, p.nature, p.state, p.id_type AS idType,
    p.id_number AS idNumber, p.residency, p.branch, p.registration_no AS registrationNo, p.purpose, p.opened_on AS openedOn, p.note
  FROM money_account a LEFT JOIN personal_account p ON p.account_id = a.id WHERE a.kind = 'personal'`;

function accountOf(row: Row): PersonalAccount {
  const { accountId, name, institution, currency, number, owner, nature, ...form } = row;
  const account = { accountId, name, institution, currency, number, owner };
  return nature === null ? account : { ...account, form: { nature, ...form } };
}

/** Accounts of an owner, by name of the account. */
export function personalAccountsOf(book: Book, owner: string): PersonalAccount[] {
  return (book.prepare(`${select} AND a.owner = ? ORDER BY a.name`).all(owner) as Row[]).map(accountOf);
}

/** Refusals: `MONEY_ACCOUNT_UNKNOWN` {id}, `PERSONAL_ACCOUNT_ONLY` {name}: the account is no personal one. */
export function requirePersonalAccount(book: Book, accountId: number): PersonalAccount {
  const row = book.prepare(`${select} AND a.id = ?`).get(accountId) as Row | undefined;
  if (row !== undefined) return accountOf(row);
  const other = book.prepare('SELECT name FROM money_account WHERE id = ?').get(accountId) as
    | { name: string }
    | undefined;
  throw other === undefined
    ? new PortbookError('MONEY_ACCOUNT_UNKNOWN', { id: accountId }, 'accountId')
    : new PortbookError('PERSONAL_ACCOUNT_ONLY', { name: other.name }, 'accountId');
}

/** Adds the data of an account or changes them. */
export function savePersonalAccount(book: Book, form: Saved, now: string): void {
  book
    .prepare(
      `INSERT INTO personal_account (account_id, nature, state, id_type, id_number, residency, branch, registration_no, purpose, opened_on, note, updated_at)
       VALUES (:accountId, :nature, :state, :idType, :idNumber, :residency, :branch, :registrationNo, :purpose, :openedOn, :note, :now)
       ON CONFLICT (account_id) DO UPDATE SET nature = excluded.nature, state = excluded.state, id_type = excluded.id_type,
         id_number = excluded.id_number, residency = excluded.residency, branch = excluded.branch, registration_no = excluded.registration_no,
         purpose = excluded.purpose, opened_on = excluded.opened_on, note = excluded.note, updated_at = excluded.updated_at`,
    )
    .run({ ...form, now });
}
