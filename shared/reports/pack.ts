/** The lines of the reports as data: `resources/rules/statements.json`. */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

/** An account with all below it; `named`: of those below only the ones whose name holds one of the words. */
const selection = z.object({ account: z.string(), named: z.array(z.string()).optional() });
/**
 * What a line takes of an account. A balance is signed, debit positive; `sign` -1 shows credits as positive. `side`: only if
 * the account as a whole stands on that side.
 */
const item = selection.extend({
  kind: z.enum(['balance', 'turnover']).optional(),
  sign: z.union([z.literal(1), z.literal(-1)]).default(1),
  side: z.enum(['both', 'debit', 'credit']).default('both'),
});
const accountKind = z.enum(['asset', 'liability', 'equity', 'revenue', 'expense']);
const line = z.object({
  no: z.string().default(''),
  /** 其中: shown below that line and part of it, so it counts in no sum. */
  of: z.string().optional(),
  part: z.enum(['assets', 'claims']).optional(),
  indent: z.number().int().optional(),
  nameZh: z.string(),
  nameEn: z.string(),
  items: z.array(item).default([]),
  /** Accounts of these kinds that no line names, so that nothing is left out. */
  rest: z.array(accountKind).default([]),
  /** Row numbers to add up, with `-` in front to take away. */
  sum: z.array(z.string()).optional(),
  /** Lines the checks speak of. */
  role: z.enum(['assets', 'claims', 'retained', 'profit']).optional(),
});
export type StatementItem = z.output<typeof item>;
export type StatementLine = z.output<typeof line>;
export type Selection = z.output<typeof selection>;
export type AccountKind = z.output<typeof accountKind>;

export const statementsPack = packSchema(
  z.object({
    /** Upper bounds of the ageing buckets in days; what is older makes the last. */
    ageingDays: z.array(z.number().int().positive()).min(1),
    ageing: z.object({ receivable: z.array(z.string()), payable: z.array(z.string()) }),
    /** Accounts of the margin's columns; the first column that selects an account has it. */
    margin: z.object({
      revenue: z.array(selection),
      cost: z.array(selection),
      freight: z.array(selection),
      fees: z.array(selection),
    }),
    balanceSheet: z.array(line),
    incomeStatement: z.array(line),
  }),
);
export type StatementsPack = z.output<typeof statementsPack>;
export type StatementRules = StatementsPack['versions'][number]['parameters'];
