/**
 * F12: receipts of foreign exchange held against export declarations, many to many. Not a filing (核销 is no more): it shows what
 * of either side is still open. Bank charges are told apart from what is missing.
 */
import { z } from 'zod';
import { calculator, type Trace } from '../calculator.ts';
import { amount, date, fen, Num, ratio } from '../figures.ts';
import { packSchema } from '../pack.ts';

export const receiptMatchingPackId = 'forex-receipt-matching';
export const receiptMatchingPackSchema = packSchema(
  z.object({
    /** What is left open of a declaration counts as bank charges up to this amount, and up to this share of the declaration. */
    chargesUpTo: amount,
    chargesShare: ratio,
    /** Receipts of exports of a year are due by this day of the next, as month and day. */
    receivedBy: z.string().regex(/^\d{2}-\d{2}$/),
  }),
);
type Parameters = z.output<typeof receiptMatchingPackSchema>['versions'][number]['parameters'];

const id = z.string().trim().min(1);
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .optional();
const receipt = z.strictObject({
  id,
  amount,
  currency,
  /** Charges the banks took off before crediting; they count as received. */
  charges: amount.optional(),
  receivedOn: date.optional(),
});
const declaration = z.strictObject({ id, amount, currency, exportDate: date.optional() });
const allocation = z.strictObject({
  receipt: id,
  declaration: id,
  /** In the currency of the receipt; without it as much as both sides have left, in the order of the list. */
  amount: amount.optional(),
  /** In the currency of the declaration; needed where the two differ. */
  declarationAmount: amount.optional(),
});
const input = z
  .strictObject({
    receipts: z.array(receipt),
    declarations: z.array(declaration),
    allocations: z.array(allocation).default([]),
    /** Bank charges that may be missing of a declaration, in its currency, instead of the pack's. */
    tolerance: amount.optional(),
    asOf: date.optional(),
  })
  .superRefine(({ receipts, declarations, allocations }, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [name, rows] of [['receipts', receipts] as const, ['declarations', declarations] as const])
      if (new Set(rows.map((one) => one.id)).size < rows.length) issue([name], 'an id twice');
    for (const [at, one] of allocations.entries()) {
      const from = receipts.find((each) => each.id === one.receipt);
      const to = declarations.find((each) => each.id === one.declaration);
      if (from === undefined) issue(['allocations', at, 'receipt'], 'not one of receipts');
      if (to === undefined) issue(['allocations', at, 'declaration'], 'not one of declarations');
      const across = from !== undefined && to !== undefined && from.currency !== to.currency;
      if (across && (one.amount === undefined || one.declarationAmount === undefined))
        issue(['allocations', at, 'declarationAmount'], 'both amounts are needed across currencies');
      if (!across && one.declarationAmount !== undefined && one.amount?.eq(one.declarationAmount) !== true)
        issue(['allocations', at, 'declarationAmount'], 'differs from amount in one currency');
    }
  });
type Given = z.output<typeof input>;

interface Side {
  readonly total: Num;
  left: Num;
}
interface Taken {
  readonly receipt: string;
  readonly declaration: string;
  readonly amount: Num;
  readonly declarationAmount: Num;
}

/** Takes the allocations off both sides; those without an amount never take more than either has left. */
function allocate(given: Given, receipts: Map<string, Side>, declarations: Map<string, Side>): Taken[] {
  return given.allocations.map((one) => {
    const from = receipts.get(one.receipt);
    const to = declarations.get(one.declaration);
    if (from === undefined || to === undefined) throw new RangeError(`${one.receipt} ${one.declaration}`);
    const taken = one.amount ?? Num.max(Num.min(from.left, to.left), 0);
    const declarationAmount = one.declarationAmount ?? taken;
    from.left = from.left.minus(taken);
    to.left = to.left.minus(declarationAmount);
    return { receipt: one.receipt, declaration: one.declaration, amount: taken, declarationAmount };
  });
}

/** `OVER` more than there is, `FULLY` nothing left, `UNMATCHED` nothing taken, else `PARTLY`. */
function stateOf({ total, left }: Side, tolerance: Num): string {
  if (left.lt(0)) return 'OVER';
  if (left.isZero()) return 'FULLY';
  if (left.eq(total)) return 'UNMATCHED';
  return left.lte(tolerance) ? 'FULLY' : 'PARTLY';
}

function chargesAllowed(total: Num, given: Given, pack: Parameters): Num {
  return given.tolerance ?? Num.min(pack.chargesUpTo, total.times(pack.chargesShare));
}

/** Whether the money of an export came in by the pack's day of the next year. */
function receiptState(
  exportDate: string,
  state: string,
  lastReceived: string | undefined,
  asOf: string | undefined,
  pack: Parameters,
): { readonly receiptBy: string; readonly receiptState: string } {
  const receiptBy = `${Number(exportDate.slice(0, 4)) + 1}-${pack.receivedBy}`;
  const full = state === 'FULLY' || state === 'OVER';
  const day = full ? lastReceived : asOf;
  const late = day !== undefined && day > receiptBy;
  if (full) return { receiptBy, receiptState: late ? 'RECEIVED_LATE' : 'RECEIVED' };
  return { receiptBy, receiptState: late ? 'RECEIPT_OVERDUE' : 'RECEIPT_OPEN' };
}

function noteSide(step: 'receiptResidual' | 'declarationResidual', subject: string, side: Side, trace: Trace): string {
  return trace.step({
    id: step,
    formula: 'total − allocated',
    inputs: { id: subject, total: fen(side.total), allocated: fen(side.total.minus(side.left)) },
    result: fen(side.left),
    rounding: 'fen',
  });
}

/**
 * F12: the residual and the state of every receipt and every declaration, with two decimals in its own currency; `charges`
 * of a declaration are what is missing and counts as bank charges. With an export date also by when the money is due.
 */
export const receiptMatching = calculator({
  id: 'F12',
  rule: 'F12',
  packs: [receiptMatchingPackId],
  source: '汇发〔2012〕38号（出口收汇核销取消）；财政部 税务总局公告2026年第11号（收汇期限）',
  inForceFrom: '2012-08-01',
  input,
  calculate(given, trace) {
    const pack = trace.parametersOrNewest(receiptMatchingPackId, receiptMatchingPackSchema, given.asOf);
    const side = (total: Num): Side => ({ total, left: total });
    const receipts = new Map(given.receipts.map((one) => [one.id, side(one.amount.plus(one.charges ?? 0))]));
    const declarations = new Map(given.declarations.map((one) => [one.id, side(one.amount)]));
    const taken = allocate(given, receipts, declarations);
    const receiptRows = given.receipts.map(({ id: subject, currency: own }) => {
      const one = receipts.get(subject) ?? side(new Num(0));
      const residual = noteSide('receiptResidual', subject, one, trace);
      const state = stateOf(one, new Num(0));
      if (state === 'OVER') trace.warn('receiptOver', { id: subject, residual });
      return { id: subject, currency: own ?? null, allocated: fen(one.total.minus(one.left)), residual, state };
    });
    const receivedOn = new Map(given.receipts.map((one) => [one.id, one.receivedOn]));
    const declarationRows = given.declarations.map(({ id: subject, currency: own, exportDate }) => {
      const one = declarations.get(subject) ?? side(new Num(0));
      const residual = noteSide('declarationResidual', subject, one, trace);
      const allowed = chargesAllowed(one.total, given, pack);
      const state = stateOf(one, allowed);
      const charges = state === 'FULLY' ? residual : '0.00';
      if (state === 'OVER') trace.warn('declarationOver', { id: subject, residual });
      if (state === 'FULLY' && one.left.gt(0)) trace.warn('countedAsCharges', { id: subject, residual });
      const days = taken
        .filter((each) => each.declaration === subject)
        .map((each) => receivedOn.get(each.receipt))
        .filter((each) => each !== undefined);
      const due =
        exportDate === undefined ? {} : receiptState(exportDate, state, [...days].sort().at(-1), given.asOf, pack);
      return {
        id: subject,
        currency: own ?? null,
        allocated: fen(one.total.minus(one.left)),
        residual,
        charges,
        state,
        ...due,
      };
    });
    trace.warn('noFiling');
    return {
      receipts: receiptRows,
      declarations: declarationRows,
      allocations: taken.map((one) => ({
        receipt: one.receipt,
        declaration: one.declaration,
        amount: fen(one.amount),
        declarationAmount: fen(one.declarationAmount),
      })),
    };
  },
});
