/**
 * Joint shipments (联合出海): goods of several members in one shipment, costs and proceeds shared, a statement and payments for each.
 * Amounts are yuan with two decimals as text; weights whole grams.
 */
import { z } from 'zod';
import { shareBases } from '../joint/shares.ts';
import { MOST_GRAMS } from '../lots/mass.ts';
import { fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int().positive();
const text = z.string().trim().max(500).default('');
const yuan = z.string().regex(/^\d{1,11}(\.\d{1,2})?$/);
const count = z.number().int().min(0).max(10_000_000);

export const amountSides = ['cost', 'proceeds'] as const;
export const costKinds = [
  'freight',
  'customs',
  'inspection',
  'packing',
  'storage',
  'insurance',
  'commission',
  'bank',
  'other',
] as const;
export const proceedsKinds = ['sale', 'refund', 'subsidy', 'otherIncome'] as const;
/** Not said yet; posted elsewhere (purchase vouchers, by hand); bought from the members; sold for them. */
export const jointPostings = ['', 'none', 'bought', 'agent'] as const;
export const payMethods = ['bank', 'cash', 'wallet', 'offset'] as const;
/** Ways of paying that leave an account of the firm: cash and what is set off do not. */
export const payFromAccount: ReadonlySet<(typeof payMethods)[number]> = new Set(['bank', 'wallet']);
/** 集货单 (whose cartons, how many, weights), 分摊表 (all members), 成员结算单 (one member, or each on a page of its own). */
export const jointPapers = ['consolidation', 'shares', 'statement'] as const;

export const jointHead = z.object({
  id: id.optional(),
  title: z.string().trim().min(1).max(100),
  on: isoDate,
  /** Number of a dispatch (发运) or of a shipment (货运) of the book; empty: goods are entered by hand. */
  source: z.string().trim().max(40).default(''),
  note: text,
  /** How what is due to members goes into the ledger; left out: it stays, of a new one it is not said yet. */
  posting: z.enum(jointPostings).optional(),
});

export const jointGoodsInput = z.object({
  id: id.optional(),
  jointId: id,
  /** The member: a party of the book. Left out: not yet known; nothing is stated until it is. */
  partyId: id.optional(),
  goods: z.string().trim().min(1).max(100),
  place: z.string().trim().max(100).default(''),
  massG: z.number().int().min(0).max(MOST_GRAMS),
  cartons: count,
  value: yuan.default('0'),
  sold: yuan.default('0'),
});
export const jointGoodsRow = z.object({
  id,
  partyId: id.optional(),
  party: z.string(),
  goods: z.string(),
  place: z.string(),
  massG: z.number().int(),
  cartons: z.number().int(),
  value: z.string(),
  sold: z.string(),
  lotId: id.optional(),
  lot: z.string(),
  /** Taken from the dispatch: weight and cartons follow it when it is read again. */
  isTaken: z.boolean(),
});

export const jointAmountInput = z.object({
  id: id.optional(),
  jointId: id,
  side: z.enum(amountSides),
  kind: z.enum([...costKinds, ...proceedsKinds]),
  note: z.string().trim().max(100).default(''),
  amount: yuan,
  by: z.enum(shareBases),
  /** The one member whose it is alone; left out: shared. */
  partyId: id.optional(),
  /** Of proceeds: the receipt (收款) of the book they are. */
  recordId: id.optional(),
});
const receiptSaid = z.object({ date: isoDate, currency: z.string(), amount: z.string() });
export const jointAmountRow = jointAmountInput.omit({ jointId: true }).required({ id: true }).extend({
  note: z.string(),
  party: z.string().optional(),
  record: z.string().optional(),
  /** The receipt was changed after it was taken in: what it said then, and says now. Saving the amount again takes it as it is. */
  recordWas: receiptSaid.optional(),
  recordNow: receiptSaid.optional(),
});
const statedAmount = jointAmountRow.pick({ kind: true, note: true, amount: true, by: true, party: true });

const figures = { weightG: z.number().int(), cartons: z.number().int(), value: z.string(), sold: z.string() };
const memberShare = z.object({
  partyId: id,
  name: z.string(),
  ...figures,
  /** The member's part of each cost and each proceeds in their order. */
  costs: z.array(z.string()),
  proceeds: z.array(z.string()),
  /** Below zero: the member owes. */
  net: z.string(),
});

/** What a version of the statements says, as it was issued; nothing of it changes afterwards. */
export const jointStatements = z.object({
  number: z.string(),
  title: z.string(),
  on: isoDate,
  source: z.string(),
  goods: z.array(jointGoodsRow.omit({ id: true, isTaken: true, lotId: true })),
  costs: z.array(statedAmount),
  proceeds: z.array(statedAmount),
  members: z.array(memberShare),
  totals: z.object({ ...figures, costs: z.string(), proceeds: z.string(), net: z.string() }),
});
export type JointStatements = z.output<typeof jointStatements>;

const paymentRow = z.object({
  id,
  partyId: id,
  name: z.string(),
  on: isoDate,
  /** To the member; below zero: from it. */
  amount: z.string(),
  method: z.enum(payMethods),
  /** Masked; the whole number is not kept. */
  account: z.string(),
  note: z.string(),
  /** The record of money (收付记录) it is in the ledger; absent: it is recorded here alone. */
  recordId: id.optional(),
  record: z.string().optional(),
  voidedAt: isoInstant.optional(),
  voidReason: z.string(),
});

const jointRow = z.object({
  id,
  number: z.string(),
  title: z.string(),
  on: isoDate,
  source: z.string(),
  members: z.number().int(),
  cartons: z.number().int(),
  massG: z.number().int(),
  /** Last version of the statements; 0: none was issued. */
  version: z.number().int(),
  /** What is due by the last version and not paid, of members that are to get something, and of those that owe. */
  payable: z.string(),
  owed: z.string(),
});

const paper = { id, version: z.number().int().positive().optional(), to: fileToken };

export const joint = {
  /** The last day first. */
  'joint.list': query(z.object({ text: z.string().default(''), ...pageInput }), pageOf(jointRow)),
  /** Refusals: `JOINT_UNKNOWN` {id}, `JOINT_VERSION_UNKNOWN` {version}. */
  'joint.get': query(
    z.object({
      id,
      /** Of the statements to show; left out: as they would be issued now. */
      version: z.number().int().positive().optional(),
    }),
    jointRow.extend({
      note: z.string(),
      posting: z.enum(jointPostings),
      /** Vouchers of what is due, those that were reversed too. */
      vouchers: z.array(z.object({ id, label: z.string() })),
      statements: jointStatements,
      amounts: z.array(jointAmountRow),
      /** By member: due by the last version (not by the one shown), what was paid, what is left. */
      balances: z.array(
        z.object({ partyId: id, name: z.string(), due: z.string(), paid: z.string(), left: z.string() }),
      ),
      payments: z.array(paymentRow),
      issues: z.array(z.object({ version: z.number().int(), reason: z.string(), who: z.string(), at: isoInstant })),
      /** Something differs from the last version. */
      isChanged: z.boolean(),
      /** Lines of goods without a member. */
      ownerless: z.number().int(),
      /** Amounts that nothing here can be shared by; they are in no member's share. */
      unshared: z.array(jointAmountRow.pick({ id: true, kind: true, note: true, by: true })),
      /** What the dispatch or the dispatches of the shipment hold now; absent without a source. */
      sourceNow: z.object({ cartons: z.number().int(), massG: z.number().int(), isSame: z.boolean() }).optional(),
    }),
  ),
  /**
   * Receipts (收款) of the book that look like proceeds of it: from the buyer of its dispatches, or allotted to their declarations, orders
   * of its shipment; those taken in already are marked with what was taken. `cny` absent: no rate of that day.
   */
  'joint.receipts': query(
    z.object({ id }),
    z.object({
      rows: z.array(
        z.object({
          recordId: id,
          number: z.string(),
          date: isoDate,
          payer: z.string(),
          currency: z.string(),
          amount: z.string(),
          cny: z.string().optional(),
          taken: z.string().optional(),
        }),
      ),
    }),
  ),
  'joint.goods': query(z.object({ id }), z.object({ rows: z.array(jointGoodsRow) })),
  /**
   * A new one takes in the goods of its source at once. Refusals: `JOINT_UNKNOWN`, `JOINT_SOURCE_UNKNOWN` {number},
   * `JOINT_SOURCE_TAKEN` {number, joint}.
   */
  'joint.save': command(jointHead, z.object({ id, lines: z.number().int() })),
  /** Refusal: `JOINT_ISSUED` {number} where there is a statement or a payment. */
  'joint.remove': command(z.object({ id }), z.object({})),
  /** Reads cartons and weights of the source again; members and prices that were entered stay. Refusal: `JOINT_NO_SOURCE`. */
  'joint.take': command(
    z.object({ id }),
    z.object({ added: z.number().int(), changed: z.number().int(), removed: z.number().int() }),
  ),
  /** Refusals: `JOINT_UNKNOWN`, `JOINT_GOODS_UNKNOWN`, `PARTY_UNKNOWN`, `JOINT_FULL` {most}. */
  'joint.saveGoods': command(jointGoodsInput, z.object({ id })),
  'joint.removeGoods': command(z.object({ id }), z.object({})),
  /**
   * Refusals: `JOINT_UNKNOWN`, `JOINT_AMOUNT_UNKNOWN`, `JOINT_AMOUNT_KIND` for a cost among proceeds, `JOINT_NO_MEMBER` {id},
   * `JOINT_RECEIPT` {number} for a record that is no receipt or is taken in elsewhere.
   */
  'joint.saveAmount': command(jointAmountInput, z.object({ id })),
  'joint.removeAmount': command(z.object({ id }), z.object({})),
  /**
   * Issues the statements of all members as one version and posts what is due by it; what a version before posted is corrected. Refusals: `JOINT_EMPTY`, `JOINT_OWNERLESS` {lines}, `JOINT_UNSHARED` {n},
   * `JOINT_SAME` {version}, `JOINT_REASON` from the second version on.
   */
  'joint.issue': command(z.object({ id, reason: text }), z.object({ version: z.number().int() })),
  /**
   * Records a payment to a member, or below zero from it: once statements are issued no more than is open, before that an advance.
   * With an account it is a record of money (收付记录) too and posts itself; without one (set off, or paid before the books) it stands here
   * alone. Refusals: `JOINT_NO_MEMBER` {id}, `JOINT_OVERPAID` {left}, `JOINT_NOT_ISSUED` {number} for money from a member,
   * `JOINT_ACCOUNT` {currency} for an account that is not in CNY, `JOINT_NO_ACCOUNT` where the money leaves none, and those of `moneyRecords.save`.
   */
  'joint.pay': command(
    z.object({
      id,
      partyId: id,
      on: isoDate,
      amount: z.string().regex(/^-?\d{1,11}(\.\d{1,2})?$/),
      method: z.enum(payMethods),
      account: z.string().trim().max(60).default(''),
      note: text,
      /** Own account (收付账户) in CNY the money left or reached. */
      accountId: id.optional(),
    }),
    z.object({ id }),
  ),
  /** A payment stays on record with why it does not count. Refusals: `JOINT_PAYMENT_UNKNOWN` {id}, `JOINT_PAYMENT_VOID`. */
  'joint.voidPayment': command(z.object({ id, reason: z.string().trim().min(1).max(300) }), z.object({})),
  /**
   * PDF. Without `version` the last one is printed; 集货单 and 分摊表 also as drafts. Refusals: `JOINT_NOT_ISSUED`, `JOINT_NO_MEMBER`,
   * `JOINT_VERSION_UNKNOWN`, `PRINT_NEEDS_WINDOW`.
   */
  'joint.print': job(
    z.object({ ...paper, paper: z.enum(jointPapers), partyId: id.optional() }),
    z.object({ rows: z.number().int() }),
  ),
  /** The same as a workbook; statements of all members are a sheet each. */
  'joint.export': job(
    z.object({ ...paper, paper: z.enum(jointPapers), partyId: id.optional() }),
    z.object({ rows: z.number().int() }),
  ),
} as const;
