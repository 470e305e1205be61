/**
 * F02 交易编码 of goods trade (涉外收支交易分类与代码2014版) and the default one of a way of trading. A proposal: the bank decides, and
 * the firm can put its own table in the pack's place.
 */
import { z } from 'zod';
import { PortbookError } from '../../errors.ts';
import { calculator, type RuleSetting } from '../calculator.ts';
import { date } from '../figures.ts';
import { packSchema, reliabilities } from '../pack.ts';
import { note } from '../tax/steps.ts';

/** 报关单; 清单; without a declaration and paid through a payment institution (支付机构). */
export const codeRoutes = ['declaration', 'list', 'paymentInstitution'] as const;

export const transactionCodesPackId = 'forex-transaction-codes';
const code = z.string().regex(/^\d{6}$/);
export const transactionCodesPackSchema = packSchema(
  z
    .object({
      codes: z.array(
        z.object({ code, zh: z.string().min(1), en: z.string().min(1), reliability: z.enum(reliabilities) }),
      ),
      /** The first line that names both the mode (监管方式) and the route holds; the first code is the default. */
      defaults: z.array(
        z.object({
          modes: z.array(z.string().regex(/^\d{4}$/)).min(1),
          routes: z.array(z.enum(codeRoutes)).min(1),
          codes: z.array(code).min(1),
          /** Goods of a bonded area or list (保税货物项下). */
          bonded: z.boolean(),
        }),
      ),
    })
    .refine(
      ({ codes, defaults }) =>
        new Set(codes.map((one) => one.code)).size === codes.length &&
        defaults.every((row) => row.codes.every((each) => codes.some((one) => one.code === each))),
      { path: ['defaults'], message: 'a code that is not in the list, or one twice' },
    ),
);
export type TransactionCodes = z.output<typeof transactionCodesPackSchema>['versions'][number]['parameters'];

/** Where banks differ, which of the codes in question is proposed. */
export const openCodeSetting: RuleSetting = { id: 'F02.openCode', rule: 'F02', options: ['first', 'second'] };

/** The line of the table for a mode and a route; undefined: the table has none. */
export function defaultCodes(
  table: TransactionCodes,
  mode: string,
  route: (typeof codeRoutes)[number],
): TransactionCodes['defaults'][number] | undefined {
  return table.defaults.find(({ modes, routes }) => modes.includes(mode) && routes.includes(route));
}

/**
 * F02: `code` (null: the table has no default), `name` and the `others` in question. `refund`: the same code the other way,
 * with 退 in the remark; `bonded` ticks 保税货物项下. Refusal: `TRANSACTION_CODE_UNKNOWN` {code} for a typed code not in the table.
 */
export const transactionCode = calculator({
  id: 'F02',
  rule: 'F02',
  packs: [transactionCodesPackId],
  settings: [openCodeSetting],
  source: '汇发〔2014〕21号《涉外收支交易分类与代码（2014版）》',
  inForceFrom: '2014-05-01',
  input: z.strictObject({
    /** 监管方式, e.g. 9810. */
    mode: z.string().trim().min(1),
    route: z.enum(codeRoutes),
    direction: z.enum(['in', 'out']).default('in'),
    /** Money given back: declared with the code of the first payment. */
    refund: z.boolean().optional(),
    /** 预收 or 预付. */
    advance: z.boolean().optional(),
    /** The code the bank has named, to be held against the default. */
    bankCode: z.string().trim().min(1).optional(),
    asOf: date.optional(),
  }),
  calculate(given, trace) {
    const table = trace.parametersOrNewest(transactionCodesPackId, transactionCodesPackSchema, given.asOf);
    const { mode, route, bankCode } = given;
    const row = defaultCodes(table, mode, route);
    const [first, second] = row?.codes ?? [];
    const proposed = second === undefined || trace.setting(openCodeSetting) === 'first' ? first : second;
    note(trace, 'proposedCode', 'mode + route', { mode, route }, proposed ?? null);
    trace.warn('bankDecides');
    if (proposed === undefined) trace.warn('noDefaultCode', { mode });
    const chosen = bankCode ?? proposed;
    const named = table.codes.find((one) => one.code === chosen);
    if (bankCode !== undefined && named === undefined)
      throw new PortbookError('TRANSACTION_CODE_UNKNOWN', { code: bankCode }, 'bankCode');
    if (bankCode !== undefined && proposed !== undefined && bankCode !== proposed)
      trace.warn('otherThanDefault', { code: bankCode, proposed });
    if (named?.reliability === 'U' || named?.reliability === 'K') trace.warn('codeNotVerified', { code: named.code });
    const remark =
      given.refund === true ? '退' : given.advance === true ? (given.direction === 'in' ? '预收' : '预付') : '';
    const direction = (given.direction === 'in') === (given.refund !== true) ? 'IN' : 'OUT';
    return {
      code: chosen ?? null,
      name: named?.zh ?? null,
      others: (row?.codes ?? []).filter((one) => one !== chosen),
      direction,
      bonded: row?.bonded ?? false,
      remark,
    };
  },
});
