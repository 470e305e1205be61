/** 对销贸易（易货）: contracts, and what of orders and declarations they settle in kind. */
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { tryParseMoney } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';
import { refreshPaid } from './allocations.ts';
import { requireTarget, type StoredTarget, targetsWhere, textOf } from './open-items.ts';

type View = OutputOf<'barter.list'>['rows'][number];

interface BarterRow {
  readonly id: number;
  readonly number: string;
  readonly counterparty: string;
  readonly country: string;
  readonly signedOn: string;
  readonly outContract: string;
  readonly outCurrency: string;
  readonly outMinor: number;
  readonly inContract: string;
  readonly inCurrency: string;
  readonly inMinor: number;
  readonly inOn: string | null;
  readonly inDeclaration: string;
  readonly note: string;
  readonly state: 'entered' | 'void';
  readonly reason: string;
  /** Settled in kind. */
  readonly settledMinor: number;
}

const select = `SELECT b.id, b.number, b.counterparty, b.country, b.signed_on AS signedOn, b.out_contract AS outContract, b.out_currency AS outCurrency,
  b.out_minor AS outMinor, b.in_contract AS inContract, b.in_currency AS inCurrency, b.in_minor AS inMinor, b.in_on AS inOn,
  b.in_declaration AS inDeclaration, b.note, b.state, b.reason,
  coalesce((SELECT sum(t.amount_minor) FROM barter_target t WHERE t.barter_id = b.id), 0) AS settledMinor FROM barter b`;

/** Refusal: `BARTER_UNKNOWN` {id}. */
function requireBarter(book: Book, id: number): BarterRow {
  const row = book.prepare(`${select} WHERE b.id = ?`).get(id) as BarterRow | undefined;
  if (row === undefined) throw new PortbookError('BARTER_UNKNOWN', { id }, 'id');
  return row;
}
/** Refusals: `BARTER_UNKNOWN`, `BARTER_VOID` {number}. */
function requireStanding(book: Book, id: number): BarterRow {
  const row = requireBarter(book, id);
  if (row.state === 'void') throw new PortbookError('BARTER_VOID', { number: row.number }, 'id');
  return row;
}

/** What may be settled in kind: the value of the goods out, and no more than that of the goods in where it can be compared. */
const mostOf = ({ outCurrency, outMinor, inCurrency, inMinor }: BarterRow): number =>
  outCurrency === inCurrency ? Math.min(outMinor, inMinor) : outMinor;

function cashOf({ outCurrency, outMinor, inCurrency, inMinor }: BarterRow): View['cash'] {
  if (outCurrency !== inCurrency) return { side: 'unknown', amount: '' };
  const rest = outMinor - inMinor;
  return {
    side: rest === 0 ? 'none' : rest > 0 ? 'receive' : 'pay',
    amount: textOf(Math.abs(rest), outCurrency),
  };
}

interface TargetRow {
  readonly id: number;
  readonly barterId: number;
  readonly orderId: number | null;
  readonly no: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly openMinor: number;
}
const targetSelect = `SELECT t.id, t.barter_id AS barterId, t.order_id AS orderId, coalesce(o.order_no, t.declaration_no) AS no, t.currency,
  t.amount_minor AS amountMinor, coalesce(o.open_minor, d.open_minor, 0) AS openMinor FROM barter_target t
  LEFT JOIN sales_order o ON o.id = t.order_id
  LEFT JOIN declaration_settled d ON d.declaration_no = t.declaration_no AND d.currency = t.currency`;

export function listBarters(book: Book): View[] {
  const targets = book.prepare(`${targetSelect} ORDER BY t.id`).all() as TargetRow[];
  const rows = book.prepare(`${select} ORDER BY b.signed_on DESC, b.id DESC`).all() as BarterRow[];
  return rows.map((row) => {
    const { outMinor, inMinor, settledMinor, ...shown } = row;
    const isVoid = row.state === 'void';
    return {
      ...shown,
      outAmount: textOf(outMinor, row.outCurrency),
      inAmount: textOf(inMinor, row.inCurrency),
      targets: targets
        .filter(({ barterId }) => barterId === row.id)
        .map(({ id, orderId, no, currency, amountMinor, openMinor }) => ({
          ...{ id, no, currency, kind: orderId === null ? ('declaration' as const) : ('order' as const) },
          ...(orderId === null ? {} : { orderId }),
          amount: textOf(amountMinor, currency),
          open: textOf(Math.max(0, openMinor), currency),
        })),
      settled: textOf(settledMinor, row.outCurrency),
      left: textOf(Math.max(0, mostOf(row) - settledMinor), row.outCurrency),
      cash: cashOf(row),
      advice: isVoid
        ? []
        : [
            ...(['customsMode', 'refundReceipt', 'tradeCredit', 'payments'] as const),
            ...(row.inOn === null ? (['goodsIn'] as const) : []),
            'ledger' as const,
          ],
    };
  });
}

/** Minor units of an amount above nought. Refusal: `BARTER_AMOUNT` {amount}. */
function minorOf(amount: string, currency: string, field: string): number {
  const minor = tryParseMoney(amount, currency)?.minor ?? 0n;
  if (minor <= 0n) throw new PortbookError('BARTER_AMOUNT', { amount, currency }, field);
  return Number(minor);
}

/** Saves a contract. Run inside a transaction. Refusals as the contract names them. @returns its id */
export function saveBarter(
  book: Book,
  input: ParsedInputOf<'barter.save'>,
  now: string,
): { id: number; number: string } {
  const { id, outAmount, inAmount, ...rest } = input;
  const values = {
    ...rest,
    outMinor: minorOf(outAmount, input.outCurrency, 'outAmount'),
    inMinor: minorOf(inAmount, input.inCurrency, 'inAmount'),
    now,
  };
  if (id === undefined) {
    const day = now.slice(0, 10).replaceAll('-', '');
    const number = `YH${day}-${String(book.nextNumber(`barter:${day}`)).padStart(3, '0')}`;
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO barter (number, counterparty, country, signed_on, out_contract, out_currency, out_minor, in_contract, in_currency, in_minor,
           in_on, in_declaration, note, state, created_at, updated_at)
         VALUES (:number, :counterparty, :country, :signedOn, :outContract, :outCurrency, :outMinor, :inContract, :inCurrency, :inMinor,
           :inOn, :inDeclaration, :note, 'entered', :now, :now)`,
      )
      .run({ ...values, number });
    return { id: Number(lastInsertRowid), number };
  }
  const before = requireStanding(book, id);
  const { number, settledMinor } = before;
  const after = { ...before, ...values };
  if (settledMinor > 0 && (after.outCurrency !== before.outCurrency || mostOf(after) < settledMinor))
    throw new PortbookError(
      'BARTER_IN_USE',
      { number, settled: textOf(settledMinor, before.outCurrency) },
      'outAmount',
    );
  book
    .prepare(
      `UPDATE barter SET counterparty = :counterparty, country = :country, signed_on = :signedOn, out_contract = :outContract,
         out_currency = :outCurrency, out_minor = :outMinor, in_contract = :inContract, in_currency = :inCurrency, in_minor = :inMinor,
         in_on = :inOn, in_declaration = :inDeclaration, note = :note, updated_at = :now WHERE id = :id`,
    )
    .run({ ...values, id });
  return { id, number };
}

/** A target as it stands, after something settled in kind was written or taken back. */
function refreshed(
  book: Book,
  { orderId, no, currency }: Pick<TargetRow, 'orderId' | 'no' | 'currency'>,
): StoredTarget[] {
  return orderId === null
    ? targetsWhere(book, 'declaration', 'd.declaration_no = :no AND d.currency = :currency', { no, currency })
    : targetsWhere(book, 'order', 'o.id = :id', { id: orderId });
}

/** Settles in kind. Run inside a transaction. Refusals as the contract names them. @returns the id of what is settled */
export function settleInKind(book: Book, input: ParsedInputOf<'barter.settle'>, now: string): number {
  const barter = requireStanding(book, input.id);
  const currency = barter.outCurrency;
  const target = requireTarget(book, { kind: input.kind, no: input.no }, 'no');
  if (target.currency !== currency)
    throw new PortbookError('BARTER_CURRENCY', { no: target.no, currency: target.currency, contract: currency }, 'no');
  const minor = minorOf(input.amount, currency, 'amount');
  const left = mostOf(barter) - barter.settledMinor;
  if (minor > left)
    throw new PortbookError('BARTER_TOO_MUCH', { amount: input.amount, left: textOf(left, currency) }, 'amount');
  if (minor > target.openMinor)
    throw new PortbookError(
      'BARTER_TARGET_PAID',
      { no: target.no, open: textOf(Math.max(0, target.openMinor), currency) },
      'amount',
    );
  const isOrder = target.kind === 'order';
  // What it settled of the same target before is one with it.
  const before = book
    .prepare(
      isOrder
        ? 'SELECT id, amount_minor AS minor FROM barter_target WHERE barter_id = ? AND order_id = ?'
        : 'SELECT id, amount_minor AS minor FROM barter_target WHERE barter_id = ? AND declaration_no = ? AND currency = ?',
    )
    .get(...[barter.id, ...(isOrder ? [target.id] : [target.no, currency])]) as
    | { id: number; minor: number }
    | undefined;
  if (before !== undefined) book.prepare('DELETE FROM barter_target WHERE id = ?').run(before.id);
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO barter_target (barter_id, order_id, declaration_no, currency, amount_minor, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(
      ...[barter.id, isOrder ? target.id : null, isOrder ? null : target.no, currency],
      ...[minor + (before?.minor ?? 0), now],
    );
  refreshPaid(book, refreshed(book, { orderId: isOrder ? target.id : null, no: target.no, currency }));
  return Number(lastInsertRowid);
}

/** Takes back what was settled in kind. Run inside a transaction. Refusal: `BARTER_TARGET_UNKNOWN` {id}. @returns its contract's number */
export function releaseInKind(book: Book, id: number): { number: string; no: string } {
  const row = book.prepare(`${targetSelect} WHERE t.id = ?`).get(id) as TargetRow | undefined;
  if (row === undefined) throw new PortbookError('BARTER_TARGET_UNKNOWN', { id }, 'targetId');
  book.prepare('DELETE FROM barter_target WHERE id = ?').run(id);
  refreshPaid(book, refreshed(book, row));
  return { number: requireBarter(book, row.barterId).number, no: row.no };
}

/** Run inside a transaction. Refusals: `BARTER_UNKNOWN`, `BARTER_VOID`. */
export function voidBarter(book: Book, id: number, reason: string, now: string): string {
  const { number } = requireStanding(book, id);
  const targets = book.prepare('SELECT id FROM barter_target WHERE barter_id = ?').all(id) as { id: number }[];
  for (const target of targets) releaseInKind(book, target.id);
  book.prepare(`UPDATE barter SET state = 'void', reason = ?, updated_at = ? WHERE id = ?`).run(reason, now, id);
  return number;
}
