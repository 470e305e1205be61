import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { comparableName } from '../../../shared/matching/names.ts';
import type { Book } from './book.ts';

type StoreView = OutputOf<'stores.list'>['rows'][number];
type StoreFinding = StoreView['findings'][number];

interface Row {
  id: number;
  platform: string;
  name: string;
  entity: string;
  entityCode: string;
  country: string;
  currency: string;
  accountId: number | null;
  relation: string;
  active: number;
  note: string;
  account: string | null;
  accountCurrency: string | null;
  ownerKind: 'firm' | 'person' | 'other' | null;
  owner: string | null;
  orders: number;
}

function findingsOf(row: Row, firm: { readonly name: string; readonly uscc: string }): StoreFinding[] {
  const findings: StoreFinding[] = [];
  const level = row.relation === '' ? 'doubt' : 'note';
  const isFirm =
    row.entityCode === '' ? comparableName(row.entity) === comparableName(firm.name) : row.entityCode === firm.uscc;
  if (!isFirm) findings.push({ code: 'entityDiffers', level, params: { entity: row.entity, firm: firm.name } });
  if (row.account === null) findings.push({ code: 'accountMissing', level: 'doubt', params: {} });
  else {
    const owner = row.ownerKind === 'firm' ? firm.name : (row.owner ?? '');
    if (comparableName(owner) !== comparableName(row.entity))
      findings.push({ code: 'payeeDiffers', level, params: { owner, entity: row.entity } });
    if (row.accountCurrency !== null && row.accountCurrency !== row.currency)
      findings.push({
        code: 'currencyDiffers',
        level: 'note',
        params: { store: row.currency, account: row.accountCurrency },
      });
  }
  return findings;
}

/**
 * Stores by platform and name with what does not fit between owner, payee and the firm that declares; and the names that orders
 * carry and no store has, with the currency most of their orders are in.
 */
export function listStores(book: Book): OutputOf<'stores.list'> {
  const { name, uscc } = book.profile();
  const rows = book
    .prepare(
      `SELECT s.id, s.platform, s.name, s.entity, s.entity_code AS entityCode, s.country, s.currency, s.account_id AS accountId, s.relation,
         s.active, s.note, a.name AS account, a.currency AS accountCurrency, a.owner_kind AS ownerKind, a.owner,
         (SELECT count(*) FROM sales_order o WHERE o.store = s.name) AS orders
       FROM store s LEFT JOIN money_account a ON a.id = s.account_id ORDER BY s.active DESC, s.platform, s.name`,
    )
    .all() as Row[];
  const unregistered = book
    .prepare(
      `SELECT store AS name, sum(n) AS orders, currency FROM (
         SELECT o.store, o.currency, count(*) AS n FROM sales_order o
         WHERE o.store IS NOT NULL AND o.store <> '' AND NOT EXISTS (SELECT 1 FROM store s WHERE s.name = o.store)
         GROUP BY o.store, o.currency ORDER BY n DESC)
       GROUP BY store ORDER BY orders DESC, store`,
    )
    .all() as { name: string; orders: number; currency: string }[];
  return {
    rows: rows.map((row) => {
      const { accountCurrency, ownerKind, owner, active, ...view } = row;
      return { ...view, active: active === 1, findings: findingsOf(row, { name, uscc }) };
    }),
    unregistered,
    firm: name,
  };
}

/** Adds a store or changes one. Refusals: `STORE_UNKNOWN` {id}, `STORE_EXISTS` {name}, `MONEY_ACCOUNT_UNKNOWN` {id}. */
export function saveStore(book: Book, store: ParsedInputOf<'stores.save'>, now: string): number {
  const { id, accountId, active, ...fields } = store;
  const twin = book.prepare('SELECT id FROM store WHERE name = ?').get(fields.name) as { id: number } | undefined;
  if (twin !== undefined && twin.id !== id) throw new PortbookError('STORE_EXISTS', { name: fields.name }, 'name');
  if (accountId !== null && book.prepare('SELECT 1 FROM money_account WHERE id = ?').get(accountId) === undefined)
    throw new PortbookError('MONEY_ACCOUNT_UNKNOWN', { id: accountId }, 'accountId');
  const values = { ...fields, accountId, active: active ? 1 : 0, now };
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO store (platform, name, entity, entity_code, country, currency, account_id, relation, active, note, created_at, updated_at)
         VALUES (:platform, :name, :entity, :entityCode, :country, :currency, :accountId, :relation, :active, :note, :now, :now)`,
      )
      .run(values);
    return Number(lastInsertRowid);
  }
  const { changes } = book
    .prepare(
      `UPDATE store SET platform = :platform, name = :name, entity = :entity, entity_code = :entityCode, country = :country,
         currency = :currency, account_id = :accountId, relation = :relation, active = :active, note = :note, updated_at = :now
       WHERE id = :id`,
    )
    .run({ ...values, id });
  if (changes === 0) throw new PortbookError('STORE_UNKNOWN', { id }, 'id');
  return id;
}
