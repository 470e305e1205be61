import { type AccountView, accountView, type dimensions } from '../../../shared/contract/accounting.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Dimensions, Posting } from '../../../shared/ledger/index.ts';
import type { Book } from './book.ts';

interface AccountRow {
  code: string;
  name_zh: string;
  name_en: string;
  kind: AccountView['kind'];
  side: AccountView['side'];
  parent: string | null;
  active: number;
  dimensions: string;
  monetary: number;
  quantity: number;
  is_group: number;
}

const select = `SELECT code, name_zh, name_en, kind, side, parent, active, dimensions, monetary, quantity,
  EXISTS (SELECT 1 FROM account c WHERE c.parent = a.code) AS is_group FROM account a`;

function viewOf(row: AccountRow): AccountView {
  return {
    code: row.code,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    kind: row.kind,
    side: row.side,
    parent: row.parent,
    active: row.active === 1,
    dimensions: JSON.parse(row.dimensions) as AccountView['dimensions'],
    monetary: row.monetary === 1,
    quantity: row.quantity === 1,
    group: row.is_group === 1,
  };
}

interface Chart {
  /** Changes when another process writes. */
  readonly version: unknown;
  readonly accounts: ReadonlyMap<string, AccountView>;
}
const charts = new WeakMap<Book, Chart>();

/** The chart of accounts by code, in the order of the codes. Kept until somebody writes to it. */
export function chartOf(book: Book): ReadonlyMap<string, AccountView> {
  const version = book.db.pragma('data_version', { simple: true });
  const known = charts.get(book);
  if (known !== undefined && known.version === version) return known.accounts;
  const rows = book.prepare(`${select} ORDER BY code`).all() as AccountRow[];
  const accounts = new Map(rows.map((row) => [row.code, viewOf(row)]));
  charts.set(book, { version, accounts });
  return accounts;
}

const dimensionFields: Readonly<Record<(typeof dimensions)[number], keyof Dimensions>> = {
  party: 'partyId',
  product: 'sku',
  order: 'orderId',
  shipment: 'shipmentId',
  store: 'store',
};

/** Takes a refusal: throws it, or notes it with the others. */
export type Refuse = (refusal: PortbookError) => void;

export const raise: Refuse = (refusal) => {
  throw refusal;
};

/**
 * Whether a posting may be made to its account. `path` names it in a refusal, e.g. `lines.2`. Refusals:
 * `ACCOUNT_UNKNOWN`, `ACCOUNT_GROUP`, `ACCOUNT_INACTIVE` {account, name}, `DIMENSION_MISSING` {account, dimension},
 * `ACCOUNT_NO_QUANTITY`.
 * @param free a closing or revaluation entry: of balances as a whole, so of no dimension, and of accounts out of use too
 * @param refuse what becomes of a refusal: thrown, unless somebody wants them all
 */
export function checkPosting(
  chart: ReadonlyMap<string, AccountView>,
  posting: Dimensions & Pick<Posting, 'account' | 'qtyE5'>,
  path: string,
  free: boolean,
  refuse: Refuse = raise,
): void {
  const account = chart.get(posting.account);
  if (account === undefined) {
    refuse(new PortbookError('ACCOUNT_UNKNOWN', { account: posting.account }, `${path}.account`));
    return;
  }
  const { code, nameZh: name } = account;
  if (account.group) refuse(new PortbookError('ACCOUNT_GROUP', { account: code, name }, `${path}.account`));
  if (!account.active && !free)
    refuse(new PortbookError('ACCOUNT_INACTIVE', { account: code, name }, `${path}.account`));
  if (!free) {
    for (const dimension of account.dimensions) {
      const field = dimensionFields[dimension];
      if (posting[field] === undefined)
        refuse(new PortbookError('DIMENSION_MISSING', { account: code, name, dimension }, `${path}.${field}`));
    }
  }
  if (posting.qtyE5 !== undefined && !account.quantity)
    refuse(new PortbookError('ACCOUNT_NO_QUANTITY', { account: code, name }, `${path}.quantity`));
}

/**
 * Adds an account, or changes the names and flags of one. A new one hangs under the account its code begins with (4-2-2).
 * Refusals: `ACCOUNT_PARENT` {code, parent} without one, `ACCOUNT_CODE` {code} for a kind that is not the parent's,
 * `ACCOUNT_IN_USE` {account} for what stands in the way: a sub-account of an account that has postings or that the
 * posting rules name; another kind or side of an account that has postings; taking out of use while there is a balance or
 * a rule.
 * @param ruled accounts that the posting rules name
 */
export function saveAccount(
  book: Book,
  account: Omit<AccountView, 'parent' | 'group'>,
  ruled: ReadonlySet<string>,
): AccountView {
  const { code, kind, side } = account;
  const parent = code.length > 4 ? code.slice(0, -2) : null;
  charts.delete(book);
  return book.transaction(() => {
    const chart = chartOf(book);
    const before = chart.get(code);
    const above = parent === null ? undefined : chart.get(parent);
    if (parent !== null && above === undefined) throw new PortbookError('ACCOUNT_PARENT', { code, parent }, 'code');
    if (above !== undefined && above.kind !== kind) throw new PortbookError('ACCOUNT_CODE', { code }, 'kind');
    const isUsed = (of: string): boolean =>
      book.prepare('SELECT 1 FROM posting WHERE account = ? LIMIT 1').get(of) !== undefined;
    if (before === undefined && parent !== null && (ruled.has(parent) || isUsed(parent)))
      throw new PortbookError('ACCOUNT_IN_USE', { account: parent }, 'code');
    if (before !== undefined && (before.kind !== kind || before.side !== side) && isUsed(code))
      throw new PortbookError('ACCOUNT_IN_USE', { account: code }, before.kind === kind ? 'side' : 'kind');
    if (before?.active === true && !account.active && (ruled.has(code) || hasBalance(book, code)))
      throw new PortbookError('ACCOUNT_IN_USE', { account: code }, 'active');
    book
      .prepare(
        `INSERT INTO account (code, name_zh, name_en, kind, side, parent, active, dimensions, monetary, quantity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, kind = excluded.kind, side = excluded.side,
           active = excluded.active, dimensions = excluded.dimensions, monetary = excluded.monetary, quantity = excluded.quantity`,
      )
      .run(
        code,
        account.nameZh,
        account.nameEn,
        kind,
        side,
        parent,
        account.active ? 1 : 0,
        JSON.stringify(account.dimensions),
        account.monetary ? 1 : 0,
        account.quantity ? 1 : 0,
      );
    charts.delete(book);
    const saved = chartOf(book).get(code);
    return accountView.parse(saved);
  });
}

function hasBalance(book: Book, code: string): boolean {
  return (
    book
      .prepare(
        `SELECT 1 FROM balance WHERE account = ? GROUP BY currency HAVING sum(debit_minor) <> sum(credit_minor) OR sum(debit_fen) <> sum(credit_fen)`,
      )
      .get(code) !== undefined
  );
}
