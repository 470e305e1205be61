/**
 * 对销贸易（易货）: a contract of goods out against goods in. What the goods in are worth is settled in kind: no money is expected for it.
 * How customs, the tax authority, banks and SAFE take it is not among the rules at hand, and said so.
 */
import { z } from 'zod';
import { amountText } from './accounting.ts';
import { currencyCode, fileToken, isoDate } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();
const text = (max: number) => z.string().trim().max(max).default('');

/** What is not known and has to be asked of whom, and what the book does and does not do. */
export const barterAdvice = ['customsMode', 'refundReceipt', 'tradeCredit', 'payments', 'goodsIn', 'ledger'] as const;
/** `unknown`: the sides are in two currencies, and no rate of the contract says what one is worth in the other. */
export const barterCash = ['none', 'receive', 'pay', 'unknown'] as const;

const fields = {
  counterparty: z.string().trim().min(1).max(200),
  /** ISO 3166 alpha-2; empty: not said. */
  country: z
    .string()
    .regex(/^([A-Z]{2})?$/)
    .default(''),
  signedOn: isoDate,
  /** Contract and value of the goods that go out, and of those that come in. */
  outContract: z.string().trim().min(1).max(60),
  outCurrency: currencyCode,
  outAmount: amountText,
  inContract: z.string().trim().min(1).max(60),
  inCurrency: currencyCode,
  inAmount: amountText,
  /** The day the goods in arrived, and their import declaration; not yet: null and empty. */
  inOn: isoDate.nullable().default(null),
  inDeclaration: text(40),
  note: text(500),
};

export const barterView = z.object({
  id,
  number: z.string(),
  ...fields,
  state: z.enum(['entered', 'void']),
  reason: z.string(),
  /** Orders and declarations of the goods out, and how much of each is settled in kind. */
  targets: z.array(
    z.object({
      id,
      kind: z.enum(['order', 'declaration']),
      orderId: id.optional(),
      no: z.string(),
      currency: currencyCode,
      amount: z.string(),
      /** What of it is still expected in money. */
      open: z.string(),
    }),
  ),
  /** Settled in kind so far, and how much more may be: never more than what the goods in are worth where both sides are in one currency. */
  settled: z.string(),
  left: z.string(),
  /** What remains in money by the contract, in the currency of the goods out. */
  cash: z.object({ side: z.enum(barterCash), amount: z.string() }),
  advice: z.array(z.enum(barterAdvice)),
});

export const barter = {
  /** The newest contract first. */
  'barter.list': query(z.object({}), z.object({ rows: z.array(barterView) })),
  /**
   * Refusals: `BARTER_UNKNOWN` {id}, `BARTER_VOID` {number}, `BARTER_AMOUNT` {amount}, `BARTER_IN_USE` {number, settled} where less than what
   * is settled would be left, or its currency would be another.
   */
  'barter.save': command(z.object({ id: id.optional(), ...fields }), z.object({ id, number: z.string() })),
  /**
   * Settles an order or a declaration in kind, so far as it says: no money is expected for it. Refusals: `BARTER_UNKNOWN`, `BARTER_VOID`,
   * `ALLOCATION_TARGET_UNKNOWN` {no}, `ALLOCATION_DECLARATION_ORDERS`, `ALLOCATION_DECLARATION_CURRENCY`, `BARTER_CURRENCY` {no, currency,
   * contract}, `BARTER_AMOUNT` {amount}, `BARTER_TOO_MUCH` {amount, left}, `BARTER_TARGET_PAID` {no, open}.
   */
  'barter.settle': command(
    z.object({ id, kind: z.enum(['order', 'declaration']), no: z.string().trim().min(1).max(64), amount: amountText }),
    z.object({ targetId: id }),
  ),
  /** Money is expected again. Refusal: `BARTER_TARGET_UNKNOWN` {id}. */
  'barter.release': command(z.object({ targetId: id }), z.object({})),
  /** The contract stays on record; nothing is settled by it any more. Refusals: `BARTER_UNKNOWN`, `BARTER_VOID`. */
  'barter.void': command(z.object({ id, reason: z.string().trim().min(2).max(300) }), z.object({})),
  /** 易货合同登记表 as a workbook. Refusal: `FILE_NOT_WRITTEN`. */
  'barter.export': job(z.object({ to: fileToken }), z.object({ rows: z.number().int() })),
} as const;
