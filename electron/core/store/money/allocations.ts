import {
  type AllocationInput,
  type AllocationReason,
  type AllocationRow,
  allocationReason,
} from '../../../../shared/contract/allocations.ts';
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { type Ask, atStatedRate, excessOf, impliedRate, payerTeller } from '../../../../shared/matching/allocation.ts';
import { exponentOf, tryParseScaled } from '../../../../shared/money/index.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import {
  allocationParameters,
  declarationsOf,
  inKindMinor,
  matchStates,
  requireReceipt,
  requireTarget,
  type StoredReceipt,
  type StoredTarget,
  targetKey,
  targetsWhere,
  textOf,
} from './open-items.ts';
import { postPayout } from './payout-posting.ts';
import { postRecord } from './records.ts';

/** Names of platforms, banks and institutions among the firm's parties: they pay for others. */
export function institutionsOf(book: Book): string[] {
  const rows = book
    .prepare(`SELECT name FROM party WHERE kind IN ('platform','bank') AND active = 1 ORDER BY name`)
    .all() as { name: string }[];
  return rows.map(({ name }) => name);
}

// Paid in full --------------------------------------------------------------------------------------------------------

/**
 * The day the money of a payout came in: of the last receipt that is its deposit, once that is there in full; of one that pays nothing out
 * its own last day. Undefined: it has not come in.
 */
function depositDay(book: Book, payoutId: number): string | undefined {
  const [payout] = targetsWhere(book, 'payout', 'p.id = :id', { id: payoutId });
  if (payout === undefined) return undefined;
  if (payout.dueMinor === 0) return payout.date;
  const taken = payout.settledMinor + payout.chargeMinor;
  const [state] = matchStates(
    book,
    [{ currency: payout.currency, totalMinor: payout.dueMinor, takenMinor: taken }],
    'targets',
  );
  if (state !== 'FULLY' && state !== 'OVER') return undefined;
  const { day } = book
    .prepare(
      'SELECT max(r.date) AS day FROM allocation a JOIN money_record r ON r.id = a.record_id WHERE a.target_payout_id = ?',
    )
    .get(payoutId) as { day: string | null };
  return day ?? undefined;
}

/** The condition and values that name one target's allocations (`a`). */
function ofTarget({ kind, id, no, currency }: StoredTarget): { sql: string; values: Record<string, string | number> } {
  if (kind === 'declaration')
    return { sql: 'a.declaration_no = :no AND a.target_currency = :currency', values: { no, currency } };
  return { sql: kind === 'order' ? 'a.order_id = :id' : 'a.target_payout_id = :id', values: { id: id ?? 0 } };
}

/** The last day of the money allocated to a target; undefined while a payout among it has not arrived. */
function lastDay(
  book: Book,
  target: StoredTarget,
  dayOf: (payoutId: number) => string | undefined,
): string | undefined {
  const { sql, values } = ofTarget(target);
  const rows = book
    .prepare(
      `SELECT r.date, a.payout_id AS payoutId FROM allocation a LEFT JOIN money_record r ON r.id = a.record_id WHERE ${sql}`,
    )
    .all(values) as { date: string | null; payoutId: number | null }[];
  const days = rows.map(({ date, payoutId }) => (payoutId === null ? (date ?? undefined) : dayOf(payoutId)));
  return days.includes(undefined) ? undefined : days.sort().at(-1);
}

/**
 * Sets or clears the day targets were paid in full, by F12: from then on their export lines are received (收汇), which ends the clock of
 * 30 April (T11). Triggers carry it to the lines; a day that a person entered there stays. What is settled in kind (易货) even in part gets
 * no day: whether that counts as received is for the tax authority to say, and the clock runs on until a person has entered it.
 */
export function refreshPaid(book: Book, targets: readonly StoredTarget[]): void {
  const deposits = new Map<number, string | undefined>();
  const dayOf = (payoutId: number): string | undefined => {
    if (!deposits.has(payoutId)) deposits.set(payoutId, depositDay(book, payoutId));
    return deposits.get(payoutId);
  };
  const own = targets
    .filter(({ kind }) => kind !== 'payout')
    .map((target) => ({
      target,
      day: target.settledMinor > 0 && inKindMinor(book, target) === 0 ? lastDay(book, target, dayOf) : undefined,
    }));
  const arrived = own.filter(({ day }) => day !== undefined).map(({ target }) => target);
  const states = matchStates(
    book,
    arrived.map(({ currency, dueMinor, settledMinor, chargeMinor }) => ({
      currency,
      totalMinor: dueMinor,
      takenMinor: settledMinor + chargeMinor,
    })),
    'targets',
  );
  const paid = new Set(arrived.filter((_, at) => states[at] === 'FULLY' || states[at] === 'OVER'));
  for (const { target, day } of own) {
    const settledOn = paid.has(target) ? (day ?? null) : null;
    if (settledOn === target.settledOn) continue;
    if (target.kind === 'order')
      book.prepare('UPDATE sales_order SET settled_on = ? WHERE id = ?').run(settledOn, target.id);
    else
      book
        .prepare('UPDATE declaration_settled SET settled_on = ? WHERE declaration_no = ? AND currency = ?')
        .run(settledOn, target.no, target.currency);
  }
}

/** Targets as they stand now, of keys that were touched; those of payouts with the orders that they pay. */
function touchedTargets(book: Book, touched: Iterable<StoredTarget>): StoredTarget[] {
  const found = new Map<string, StoredTarget>();
  const put = (rows: readonly StoredTarget[]): void => {
    for (const row of rows) found.set(targetKey(row), row);
  };
  for (const { kind, id, no, currency } of touched) {
    if (kind === 'declaration')
      put(targetsWhere(book, kind, 'd.declaration_no = :no AND d.currency = :currency', { no, currency }));
    else if (kind === 'order') put(targetsWhere(book, kind, 'o.id = :id', { id: id ?? 0 }));
    else {
      put(targetsWhere(book, kind, 'p.id = :id', { id: id ?? 0 }));
      put(
        targetsWhere(book, 'order', 'o.id IN (SELECT order_id FROM allocation WHERE payout_id = :id)', { id: id ?? 0 }),
      );
    }
  }
  return [...found.values()];
}

// Allocating ----------------------------------------------------------------------------------------------------------

/** Where money is taken from. */
type Source = { readonly recordId: number } | { readonly payoutId: number };

interface Made extends Ask {
  readonly source: Source;
  readonly target: StoredTarget;
  readonly rate: string | undefined;
  readonly score: number;
  readonly reasons: readonly AllocationReason[];
  readonly thirdParty: string;
  readonly note: string;
}

interface Standing {
  id: number;
  amountMinor: number;
  targetMinor: number;
  chargeMinor: number;
  rate: string | null;
  thirdParty: string;
  note: string;
}

/** Writes an allocation; one that stands between the two is taken back and made anew with both. @returns its id */
function write(book: Book, made: Made, now: string): number {
  const { source, target, rate, score, reasons } = made;
  const { kind, id, no, currency } = target;
  const by = 'recordId' in source ? source.recordId : source.payoutId;
  const { sql, values } = ofTarget(target);
  const before = book
    .prepare(
      `SELECT a.id, a.amount_minor AS amountMinor, a.target_minor AS targetMinor, a.charge_minor AS chargeMinor, a.rate, a.third_party AS thirdParty, a.note
       FROM allocation a WHERE ${'recordId' in source ? 'a.record_id' : 'a.payout_id'} = :by AND ${sql}`,
    )
    .get({ ...values, by }) as Standing | undefined;
  if (before !== undefined) book.prepare('DELETE FROM allocation WHERE id = ?').run(before.id);
  const amountMinor = Number(made.amountMinor) + (before?.amountMinor ?? 0);
  const targetMinor = Number(made.targetMinor) + (before?.targetMinor ?? 0);
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO allocation (record_id, payout_id, target_kind, order_id, declaration_no, target_payout_id, amount_minor, target_currency,
         target_minor, charge_minor, rate, score, reasons, third_party, note, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      'recordId' in source ? source.recordId : null,
      'payoutId' in source ? source.payoutId : null,
      kind,
      kind === 'order' ? id : null,
      kind === 'declaration' ? no : null,
      kind === 'payout' ? id : null,
      amountMinor,
      currency,
      targetMinor,
      Number(made.chargeMinor) + (before?.chargeMinor ?? 0),
      rate === undefined || before === undefined || before.rate === rate
        ? (rate ?? null)
        : impliedRate(BigInt(amountMinor), sourceCurrency(book, source), BigInt(targetMinor), currency),
      score,
      JSON.stringify(reasons),
      made.thirdParty === '' ? (before?.thirdParty ?? '') : made.thirdParty,
      made.note === '' ? (before?.note ?? '') : made.note,
      now,
    );
  return Number(lastInsertRowid);
}

function sourceCurrency(book: Book, source: Source): string {
  const row =
    'recordId' in source
      ? book.prepare('SELECT currency FROM money_record WHERE id = ?').get(source.recordId)
      : book.prepare('SELECT currency FROM payout WHERE id = ?').get(source.payoutId);
  return (row as { currency: string }).currency;
}

/** Decimal text as minor units. Refusals: `AMOUNT_DECIMALS` {currency, digits}, `AMOUNT_NOT_POSITIVE` for one below `least`. */
function minorOf(text: string, currency: string, least: bigint, path: string): bigint {
  const digits = exponentOf(currency);
  const minor = tryParseScaled(text, digits);
  if (minor === undefined) throw new PortbookError('AMOUNT_DECIMALS', { currency, digits }, path);
  if (minor < least) throw new PortbookError('AMOUNT_NOT_POSITIVE', {}, path);
  return minor;
}

/** What an input asks for, in minor units, with the rate across currencies. */
function askOf(input: AllocationInput, from: string, to: string, path: string): Ask & { rate: string | undefined } {
  const amountMinor = minorOf(input.amount, from, 1n, `${path}.amount`);
  const chargeMinor = minorOf(input.charge, to, 0n, `${path}.charge`);
  const { rate, targetAmount } = input;
  const stated = targetAmount === undefined ? undefined : minorOf(targetAmount, to, 1n, `${path}.targetAmount`);
  if (from === to) {
    const isNeedless = rate !== undefined && Number(rate) !== 1;
    if (isNeedless || (stated !== undefined && stated !== amountMinor))
      throw new PortbookError(
        'ALLOCATION_RATE_NEEDLESS',
        { currency: from },
        `${path}.${isNeedless ? 'rate' : 'targetAmount'}`,
      );
    return { amountMinor, targetMinor: amountMinor, chargeMinor, rate: undefined };
  }
  if (stated !== undefined)
    return { amountMinor, targetMinor: stated, chargeMinor, rate: rate ?? impliedRate(amountMinor, from, stated, to) };
  if (rate === undefined) throw new PortbookError('ALLOCATION_RATE_MISSING', { from, to }, `${path}.rate`);
  const targetMinor = atStatedRate(amountMinor, from, to, rate);
  if (targetMinor < 1n) throw new PortbookError('AMOUNT_NOT_POSITIVE', {}, `${path}.rate`);
  return { amountMinor, targetMinor, chargeMinor, rate };
}

/** Whether it was explained before why this receipt's payer paid for this target. */
function isExplained(book: Book, receipt: StoredReceipt, target: StoredTarget): boolean {
  const { sql, values } = ofTarget(target);
  return (
    book
      .prepare(`SELECT 1 FROM allocation a WHERE a.record_id = :record AND a.third_party <> '' AND ${sql}`)
      .get({ ...values, record: receipt.id }) !== undefined
  );
}

/** The value first kept under a key, which is this one where there is none. */
function firstOf(kept: Map<string, string>, key: string, value: string): string {
  const known = kept.get(key);
  if (known === undefined) kept.set(key, value);
  return known ?? value;
}

export interface Allocated {
  readonly ids: number[];
  /** Touched receipts and targets as they stand now. */
  readonly receipts: readonly StoredReceipt[];
  readonly targets: readonly StoredTarget[];
}

/**
 * Allocates shares of receipts, all or none: in part or whole, with charges forgone, across currencies at a stated rate. What is left
 * stays open on its side. Afterwards each receipt is posted anew, so that the ledger follows, and what is paid in full counts as received.
 * Refusals: see `allocations.confirm`; paths begin with `items.0`.
 */
export function allocate(book: Book, inputs: readonly AllocationInput[], now: string): Allocated {
  return book.transaction(() => {
    const institutions = institutionsOf(book);
    const ids: number[] = [];
    const touched = new Map<string, StoredTarget>();
    const records = new Set<number>();
    const seenReceipts = new Map<string, string>();
    const seenTargets = new Map<string, string>();
    for (const [at, input] of inputs.entries()) {
      const path = `items.${at}`;
      const receipt = requireReceipt(book, input.recordId, `${path}.recordId`);
      const target = requireTarget(book, input.target, `${path}.target`);
      const { number, currency } = receipt;
      const { no } = target;
      const opens = { receipt: textOf(receipt.openMinor, currency), target: textOf(target.openMinor, target.currency) };
      // What the screen showed is held against what stood before the first of the allocations, not between them.
      const before = {
        receipt: firstOf(seenReceipts, String(receipt.id), opens.receipt),
        target: firstOf(seenTargets, targetKey(target), opens.target),
      };
      const { seen } = input;
      if (seen !== undefined && (seen.receipt !== before.receipt || seen.target !== before.target))
        throw new PortbookError('ALLOCATION_CHANGED', { number, no }, path);
      const { rate, ...ask } = askOf(input, currency, target.currency, path);
      const excess = excessOf(BigInt(receipt.openMinor), BigInt(target.openMinor), ask);
      if (excess?.code === 'ALLOCATION_OVER_RECEIPT')
        throw new PortbookError(
          'ALLOCATION_OVER_RECEIPT',
          { number, open: `${currency} ${opens.receipt}` },
          `${path}.amount`,
        );
      if (excess?.code === 'ALLOCATION_OVER_TARGET')
        throw new PortbookError(
          'ALLOCATION_OVER_TARGET',
          { no, open: `${target.currency} ${opens.target}` },
          `${path}.amount`,
        );
      const parameters = allocationParameters(book, receipt.date);
      const isStranger =
        target.kind === 'order' && payerTeller(receipt, { parameters, institutions })(target.buyer) === 'unlike';
      if (isStranger && input.thirdParty === '' && !isExplained(book, receipt, target))
        throw new PortbookError('ALLOCATION_THIRD_PARTY', { number, no }, `${path}.thirdParty`);
      const { score, reasons, thirdParty, note } = input;
      const made = { ...ask, rate, source: { recordId: receipt.id }, target, score, reasons, note };
      ids.push(write(book, { ...made, thirdParty: isStranger ? thirdParty : '' }, now));
      touched.set(targetKey(target), target);
      records.add(receipt.id);
    }
    const targets = settle(book, touched.values(), { records, payouts: [] }, now);
    return { ids: [...new Set(ids)], receipts: [...records].map((id) => requireReceipt(book, id)), targets };
  });
}

/** After a change: what is paid in full, and the ledger. @returns the touched targets as they stand now */
function settle(
  book: Book,
  touched: Iterable<StoredTarget>,
  { records, payouts }: { readonly records: Iterable<number>; readonly payouts: Iterable<number> },
  now: string,
): StoredTarget[] {
  const own = [...touched];
  refreshPaid(book, touchedTargets(book, own));
  for (const id of records) postRecord(book, id, now);
  for (const id of payouts) postPayout(book, id, now);
  const keys = new Set(own.map(targetKey));
  return touchedTargets(book, own).filter((target) => keys.has(targetKey(target)));
}

interface StoredAllocation {
  id: number;
  recordId: number | null;
  payoutId: number | null;
  kind: StoredTarget['kind'];
  orderId: number | null;
  declarationNo: string | null;
  targetPayoutId: number | null;
  amountMinor: number;
  targetCurrency: string;
  targetMinor: number;
  chargeMinor: number;
  rate: string | null;
  score: number;
  reasons: string;
  thirdParty: string;
  note: string;
  createdAt: string;
}
const allocationSelect = `SELECT a.id, a.record_id AS recordId, a.payout_id AS payoutId, a.target_kind AS kind, a.order_id AS orderId,
  a.declaration_no AS declarationNo, a.target_payout_id AS targetPayoutId, a.amount_minor AS amountMinor, a.target_currency AS targetCurrency,
  a.target_minor AS targetMinor, a.charge_minor AS chargeMinor, a.rate, a.score, a.reasons, a.third_party AS thirdParty, a.note,
  a.created_at AS createdAt FROM allocation a`;

/** The target of an allocation, also where it owes nothing any more or was taken back since. */
function targetOf(book: Book, allocation: StoredAllocation): StoredTarget {
  const { kind, orderId, declarationNo, targetPayoutId, targetCurrency } = allocation;
  const [found] =
    kind === 'order'
      ? targetsWhere(book, kind, 'o.id = :id', { id: orderId ?? 0 })
      : kind === 'payout'
        ? targetsWhere(book, kind, 'p.id = :id', { id: targetPayoutId ?? 0 })
        : targetsWhere(book, kind, 'd.declaration_no = :no AND d.currency = :currency', {
            no: declarationNo ?? '',
            currency: targetCurrency,
          });
  if (found === undefined) throw new Error(`allocation ${allocation.id} of nothing`);
  return found;
}

/** Takes allocations back, all or none; what they paid is open again, the ledger follows. Refusal: `ALLOCATION_UNKNOWN` {id}. */
export function withdrawAllocation(book: Book, ids: readonly number[], now: string): void {
  book.transaction(() => {
    const touched = new Map<string, StoredTarget>();
    const records = new Set<number>();
    const payouts = new Set<number>();
    for (const [at, id] of ids.entries()) {
      const row = book.prepare(`${allocationSelect} WHERE a.id = ?`).get(id) as StoredAllocation | undefined;
      if (row === undefined) throw new PortbookError('ALLOCATION_UNKNOWN', { id }, `ids.${at}`);
      const target = targetOf(book, row);
      touched.set(targetKey(target), target);
      if (row.recordId !== null) records.add(row.recordId);
      if (row.payoutId !== null) payouts.add(row.payoutId);
      book.prepare('DELETE FROM allocation WHERE id = ?').run(id);
    }
    settle(book, touched.values(), { records, payouts }, now);
  });
}

// Payouts -------------------------------------------------------------------------------------------------------------

export interface PayoutAllocated {
  /** Orders paid by it, and in sum, in minor units of the payout's currency. */
  readonly orders: number;
  readonly amountMinor: number;
  /** Numbers of orders the book does not have, is owed in another currency, or that had less open than the payout brought; ten at most. */
  readonly unknown: readonly string[];
  readonly otherCurrency: readonly string[];
  readonly overpaid: readonly string[];
}

const mostNamed = 10;

/**
 * Pays the orders that a payout names, gross of the platform's fees and as far as they are open; what it had paid before is taken back
 * first, so that calling it again changes nothing, and of a payout taken back nothing stays. Their money has come in when the payout's
 * deposit has (an allocation of a receipt to the payout).
 */
export function allocatePayout(book: Book, payoutId: number, now: string): PayoutAllocated {
  return book.transaction(() => {
    const touched = new Map<string, StoredTarget>();
    const touch = (rows: readonly StoredTarget[]): void => {
      for (const row of rows) touched.set(targetKey(row), row);
    };
    touch(
      targetsWhere(book, 'order', 'o.id IN (SELECT order_id FROM allocation WHERE payout_id = :payoutId)', {
        payoutId,
      }),
    );
    book.prepare('DELETE FROM allocation WHERE payout_id = ?').run(payoutId);
    const outcome = {
      orders: 0,
      amountMinor: 0,
      unknown: [] as string[],
      otherCurrency: [] as string[],
      overpaid: [] as string[],
    };
    const payout = book.prepare('SELECT currency, state FROM payout WHERE id = ?').get(payoutId) as
      | { currency: string; state: string }
      | undefined;
    const named =
      payout?.state === 'entered'
        ? (book
            .prepare(
              'SELECT order_no AS no, gross_minor AS grossMinor FROM payout_order WHERE payout_id = ? AND gross_minor > 0 ORDER BY order_no',
            )
            .all(payoutId) as { no: string; grossMinor: number }[])
        : [];
    const name = (list: string[], no: string): void => {
      if (list.length < mostNamed) list.push(no);
    };
    for (const { no, grossMinor } of named) {
      const [order] = targetsWhere(book, 'order', 'o.order_no = :no', { no });
      if (order === undefined) name(outcome.unknown, no);
      else if (order.currency !== payout?.currency) name(outcome.otherCurrency, no);
      else {
        const minor = Math.min(grossMinor, order.openMinor);
        if (minor < grossMinor) name(outcome.overpaid, no);
        if (minor <= 0) continue;
        const amountMinor = BigInt(minor);
        const reasons = [{ code: 'referenceFound', points: 100, params: { number: no } }];
        const ask = { amountMinor, targetMinor: amountMinor, chargeMinor: 0n, rate: undefined };
        write(
          book,
          { ...ask, source: { payoutId }, target: order, score: 100, reasons, thirdParty: '', note: '' },
          now,
        );
        touch([order]);
        outcome.orders += 1;
        outcome.amountMinor += minor;
      }
    }
    refreshPaid(book, touchedTargets(book, touched.values()));
    return outcome;
  });
}

/**
 * What came into the book after the payouts that name it: orders are paid by them, refunds whose return another voucher has taken off
 * revenue since are no longer taken off here; those payouts are posted anew. Call it after an import of orders. @returns how many orders are
 * paid by payouts now that were not before
 */
export function allocateWaitingPayouts(book: Book, now: string): number {
  return book.transaction(() => {
    const count = (): number =>
      (book.prepare('SELECT count(*) AS n FROM allocation WHERE payout_id IS NOT NULL').get() as { n: number }).n;
    const before = count();
    const waiting = book
      .prepare(
        `SELECT DISTINCT n.payout_id AS id FROM payout_order n JOIN payout p ON p.id = n.payout_id AND p.state = 'entered'
           JOIN sales_order o ON o.order_no = n.order_no AND o.currency = p.currency
         WHERE n.gross_minor > 0 AND o.open_minor > 0 AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.payout_id = p.id AND a.order_id = o.id)
         ORDER BY 1`,
      )
      .all() as { id: number }[];
    for (const { id } of waiting) {
      allocatePayout(book, id, now);
      postPayout(book, id, now);
    }
    const returned = book
      .prepare(
        `SELECT DISTINCT n.payout_id AS id FROM payout_order n JOIN payout p ON p.id = n.payout_id AND p.state = 'entered'
           JOIN sales_order o ON o.order_no = n.order_no AND o.currency = p.currency
         WHERE n.refund_minor < 0 AND EXISTS (SELECT 1 FROM posting q JOIN voucher v ON v.id = q.voucher_id
           WHERE q.order_id = o.id AND q.account = '1122' AND v.rule = 'sales-return')
         ORDER BY 1`,
      )
      .all() as { id: number }[];
    for (const { id } of returned) postPayout(book, id, now);
    return count() - before;
  });
}

// Showing -------------------------------------------------------------------------------------------------------------

function viewOf(book: Book, row: StoredAllocation): AllocationRow {
  const target = targetOf(book, row);
  const source = (
    row.recordId === null
      ? book
          .prepare(
            `SELECT 'payout' AS kind, id, number, coalesce(deposit_on, to_on) AS date, currency, platform AS payer FROM payout WHERE id = ?`,
          )
          .get(row.payoutId)
      : book
          .prepare(
            `SELECT 'receipt' AS kind, id, number, date, currency, counterparty AS payer FROM money_record WHERE id = ?`,
          )
          .get(row.recordId)
  ) as AllocationRow['source'];
  return {
    id: row.id,
    source,
    target: {
      kind: target.kind,
      ...(target.id === null ? {} : { id: target.id }),
      no: target.no,
      date: target.date,
      currency: target.currency,
      buyer: target.buyer,
      open: textOf(target.openMinor, target.currency),
      declarations: target.kind === 'order' && target.id !== null ? declarationsOf(book, target.id) : [],
    },
    amount: textOf(row.amountMinor, source.currency),
    targetAmount: textOf(row.targetMinor, row.targetCurrency),
    charge: textOf(row.chargeMinor, row.targetCurrency),
    ...(row.rate === null ? {} : { rate: row.rate }),
    score: row.score,
    reasons: allocationReason.array().parse(JSON.parse(row.reasons)),
    thirdParty: row.thirdParty,
    note: row.note,
    createdAt: row.createdAt,
  };
}

/** Allocations of a filter, newest first. Refusals: those of its target. */
export function listAllocations(book: Book, filter: ParsedInputOf<'allocations.list'>): OutputOf<'allocations.list'> {
  const terms: string[] = [];
  const values: Record<string, string | number> = {};
  if (filter.recordId !== undefined) {
    terms.push('a.record_id = :recordId');
    values['recordId'] = filter.recordId;
  }
  if (filter.payoutId !== undefined) {
    terms.push('a.payout_id = :payoutId');
    values['payoutId'] = filter.payoutId;
  }
  if (filter.target !== undefined) {
    const named = ofTarget(requireTarget(book, filter.target, 'target'));
    terms.push(named.sql);
    Object.assign(values, named.values);
  }
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const [id] = decodeCursor(filter.after, [Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(`${allocationSelect} WHERE ${where} AND a.id < :lastId ORDER BY a.id DESC LIMIT :limit`)
    .all({ ...values, lastId: id, limit: filter.limit }) as StoredAllocation[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM allocation a WHERE ${where}`).get(values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => viewOf(book, row)),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Allocations that what happened since has made wrong; see the contract. */
export function allocationFindings(book: Book): OutputOf<'allocations.findings'>['rows'] {
  const found: OutputOf<'allocations.findings'>['rows'] = [];
  const idsOf = (target: StoredTarget): number[] => {
    const { sql, values } = ofTarget(target);
    const rows = book.prepare(`SELECT a.id FROM allocation a WHERE ${sql} ORDER BY a.id`).all(values) as {
      id: number;
    }[];
    return rows.map(({ id }) => id);
  };
  const over = [
    ...targetsWhere(book, 'order', 'o.open_minor < 0 ORDER BY o.order_date, o.id', {}),
    ...targetsWhere(book, 'declaration', 'd.open_minor < 0 ORDER BY d.export_date, d.declaration_no', {}),
  ];
  for (const target of over) {
    const { no, currency, dueMinor, openMinor } = target;
    const isGone = dueMinor === 0;
    found.push({
      code: isGone ? 'targetGone' : 'targetOver',
      params: { no, currency, over: textOf(-openMinor, currency) },
      allocationIds: idsOf(target),
    });
  }
  const voids = book
    .prepare(
      `SELECT 'recordVoid' AS code, r.number, json_group_array(a.id) AS ids FROM allocation a JOIN money_record r ON r.id = a.record_id
       WHERE r.state = 'void' GROUP BY r.id
       UNION ALL SELECT 'payoutVoid', p.number, json_group_array(a.id) FROM allocation a JOIN payout p ON p.id = coalesce(a.payout_id, a.target_payout_id)
       WHERE p.state = 'void' GROUP BY p.id ORDER BY 1, 2`,
    )
    .all() as { code: 'recordVoid' | 'payoutVoid'; number: string; ids: string }[];
  for (const { code, number, ids } of voids)
    found.push({ code, params: { number }, allocationIds: JSON.parse(ids) as number[] });
  return found;
}

/** How this payer was explained for this buyer the last time; undefined: never. */
export function explainedBefore(book: Book, payer: string, buyer: string): string | undefined {
  if (payer === '' || buyer === '') return undefined;
  const row = book
    .prepare(
      `SELECT a.third_party AS text FROM money_record r JOIN allocation a ON a.record_id = r.id JOIN sales_order o ON o.id = a.order_id
       WHERE r.kind = 'receipt' AND r.counterparty <> '' AND r.counterparty = ? AND coalesce(nullif(o.buyer_name, ''), o.customer) = ? AND a.third_party <> '' ORDER BY a.id DESC LIMIT 1`,
    )
    .get(payer, buyer) as { text: string } | undefined;
  return row?.text;
}
