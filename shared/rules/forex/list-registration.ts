/**
 * F03 名录登记: who must be registered for receipts and payments of goods trade. 汇发〔2024〕11号 (banks register, from 2024-06-01);
 * before it the SAFE branch. US dollars, as cumulated in the calendar year.
 */
import { z } from 'zod';
import { addDays } from '../../calendar/index.ts';
import { calculator } from '../calculator.ts';
import { amount, date, fen, Num } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

export const listRegistrationPackId = 'forex-list-registration';
export const listRegistrationPackSchema = packSchema(
  z.object({
    /** Who registers: `SAFE_BRANCH` 外汇局, `BANK` 银行. */
    agency: z.enum(['SAFE_BRANCH', 'BANK']),
    /** Small cross-border sellers below this sum of a year need no registration; the sum itself is not below. 0: nobody is exempt. */
    exemptBelowUsd: amount,
    /** From here on the sum draws near, itself included. */
    warnFromUsd: amount,
    changeWithinDays: z.number().int().positive(),
    /** Whether sole traders (个体工商户) and other institutions may register without having to. */
    othersMayRegister: z.boolean(),
  }),
);

const input = z
  .strictObject({
    /** 小微跨境电商企业. */
    smallCbec: z.boolean(),
    /** Receipts and payments go through on electronic transaction information (交易电子信息). */
    byElectronicInfo: z.boolean(),
    receiptsUsdYtd: amount.optional(),
    paymentsUsdYtd: amount.optional(),
    /** The receipt or payment in question; it says which agency registers. */
    asOf: date.optional(),
    subject: z.enum(['enterprise', 'soleTrader', 'other']).optional(),
    /** Already on the list. */
    registered: z.boolean().optional(),
    /** Day on which something registered has changed. */
    changedOn: date.optional(),
  })
  .refine((given) => given.receiptsUsdYtd !== undefined || given.paymentsUsdYtd !== undefined, {
    path: ['receiptsUsdYtd'],
    message: 'receiptsUsdYtd or paymentsUsdYtd',
  });

/**
 * F03. `status`: `EXEMPT`, `REGISTER_REQUIRED` (before the first receipt or payment), `MAY_REGISTER`, `REGISTERED`; `warn`: still
 * exempt, yet near the limit. The limit is held against receipts and payments each, the greater of which decides.
 * With `asOf` also `agency`, with `changedOn` also `changeBy`.
 */
export const listRegistration = calculator({
  id: 'F03',
  rule: 'F03',
  packs: [listRegistrationPackId],
  source: '汇发〔2024〕11号；汇发〔2019〕28号；汇发〔2012〕38号',
  inForceFrom: '2012-08-01',
  input,
  calculate(given, trace) {
    const eventDate = given.asOf ?? given.changedOn;
    const pack = trace.parametersOrNewest(listRegistrationPackId, listRegistrationPackSchema, eventDate);
    const { exemptBelowUsd, warnFromUsd } = pack;
    const [receiptsUsdYtd, paymentsUsdYtd] = [given.receiptsUsdYtd ?? new Num(0), given.paymentsUsdYtd ?? new Num(0)];
    const yearUsd = Num.max(receiptsUsdYtd, paymentsUsdYtd);
    note(trace, 'yearUsd', 'max(receiptsUsdYtd, paymentsUsdYtd)', { receiptsUsdYtd, paymentsUsdYtd }, yearUsd);
    const facts = { smallCbec: given.smallCbec, byElectronicInfo: given.byElectronicInfo };
    const exempt = facts.smallCbec && facts.byElectronicInfo && yearUsd.lt(exemptBelowUsd);
    const mayRegister = pack.othersMayRegister && (given.subject ?? 'enterprise') !== 'enterprise';
    const status =
      given.registered === true ? 'REGISTERED' : exempt ? 'EXEMPT' : mayRegister ? 'MAY_REGISTER' : 'REGISTER_REQUIRED';
    note(
      trace,
      'status',
      'smallCbec ∧ byElectronicInfo ∧ yearUsd < exemptBelowUsd',
      { ...facts, yearUsd, exemptBelowUsd },
      status,
    );
    const warn = status === 'EXEMPT' && yearUsd.gte(warnFromUsd);
    note(trace, 'warn', 'yearUsd ≥ warnFromUsd', { yearUsd, warnFromUsd }, warn);
    if (warn) trace.warn('nearExemption', { left: fen(exemptBelowUsd.minus(yearUsd)), limit: fen(exemptBelowUsd) });
    if (status === 'REGISTER_REQUIRED') trace.warn(pack.agency === 'BANK' ? 'registerAtBank' : 'registerAtSafe');
    const changeBy = given.changedOn === undefined ? undefined : addDays(given.changedOn, pack.changeWithinDays);
    if (given.changedOn !== undefined && changeBy !== undefined)
      note(
        trace,
        'changeBy',
        'changedOn + changeWithinDays',
        { changedOn: given.changedOn, changeWithinDays: pack.changeWithinDays },
        changeBy,
      );
    return {
      status,
      warn,
      ...(given.asOf === undefined ? {} : { agency: pack.agency }),
      ...(changeBy === undefined ? {} : { changeBy }),
    };
  },
});
