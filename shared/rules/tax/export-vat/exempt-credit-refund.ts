/**
 * T07: exemption, credit and refund of producers (生产企业免抵退税), and T08: bonded material of processing trade by planned ratio
 * (进料加工计划分配率). 国家税务总局公告2012年第24号; 公告2026年第11号 and 2026年第5号. Yuan, of one VAT period.
 */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, fen, Num, ratio } from '../../figures.ts';
import { note, shown } from '../steps.ts';

const nought = new Num(0);

const groupFields = {
  fobCny: amount.optional(),
  taxRate: ratio.optional(),
  refundRate: ratio.optional(),
  /** Duty-free material bought at home and bonded material, when not by planned ratio. */
  dutyFreeMaterial: amount.optional(),
  plannedImport: amount.optional(),
  plannedExport: amount.optional(),
  plannedRatio: amount.optional(),
  /** FOB of processing trade within `fobCny`; without it all of it. */
  processingFobCny: amount.optional(),
};
const group = z.strictObject(groupFields);
type GroupInput = z.output<typeof group>;

export interface ExportGroup {
  readonly fobCny: Num;
  readonly taxRate: Num;
  readonly refundRate: Num;
  readonly dutyFreeMaterial: Num;
}

/** T08: planned ratio (计划分配率): planned import ÷ planned export; unrounded. */
export function plannedRatio(plannedImport: Num, plannedExport: Num): Num {
  return plannedImport.div(plannedExport);
}

export interface PeriodFigures {
  readonly domesticOutputVat: Num;
  readonly inputVat: Num;
  readonly openingCarry: Num;
  /** Excess of the two reductions of the period before. */
  readonly nonDeductibleReductionBrought: Num;
  readonly refundReductionBrought: Num;
}

/** All unrounded. */
export interface ExemptCreditRefund {
  readonly nonDeductibleReduction: Num;
  readonly nonDeductible: Num;
  readonly vatPayableOrCarry: Num;
  readonly exemptCreditRefundReduction: Num;
  readonly exemptCreditRefundAmount: Num;
  readonly refund: Num;
  readonly exemptCredit: Num;
  readonly carryForward: Num;
  readonly vatPayable: Num;
  /** What the caps left of the reductions, for the next period. */
  readonly nonDeductibleReductionCarried: Num;
  readonly refundReductionCarried: Num;
}

/** A reduction with a cap a group; what was brought from the period before fills what room there is, the excess is carried. */
class CappedReduction {
  taken = nought;
  /** Of the period before, still unused. */
  brought: Num;
  #excess = nought;

  constructor(brought: Num) {
    this.brought = brought;
  }

  take(own: Num, cap: Num): Num {
    const fromOwn = Num.min(own, cap);
    const fromBrought = Num.min(this.brought, cap.minus(fromOwn));
    this.#excess = this.#excess.plus(own.minus(fromOwn));
    this.brought = this.brought.minus(fromBrought);
    const got = fromOwn.plus(fromBrought);
    this.taken = this.taken.plus(got);
    return got;
  }

  get carried(): Num {
    return this.brought.plus(this.#excess);
  }
}

/** The formulas (1) to (7): reductions and amounts per group and summed, the rest once. */
export function exemptCreditRefund(
  groups: readonly ExportGroup[],
  period: PeriodFigures,
  trace: Trace,
): ExemptCreditRefund {
  const first = new CappedReduction(period.nonDeductibleReductionBrought);
  const second = new CappedReduction(period.refundReductionBrought);
  let nonDeductible = nought;
  let exemptCreditRefundAmount = nought;
  for (const { fobCny, taxRate, refundRate, dutyFreeMaterial } of groups) {
    const gap = taxRate.minus(refundRate);
    const brought = first.brought;
    const nonDeductibleReduction = first.take(dutyFreeMaterial.times(gap), fobCny.times(gap));
    note(
      trace,
      'nonDeductibleReduction',
      'min(dutyFreeMaterial × (taxRate − refundRate) + brought, fobCny × (taxRate − refundRate))',
      { dutyFreeMaterial, taxRate, refundRate, fobCny, brought },
      nonDeductibleReduction,
    );
    const costed = fobCny.times(gap).minus(nonDeductibleReduction);
    note(
      trace,
      'nonDeductible',
      'fobCny × (taxRate − refundRate) − nonDeductibleReduction',
      { fobCny, taxRate, refundRate, nonDeductibleReduction },
      costed,
    );
    nonDeductible = nonDeductible.plus(costed);
    const broughtRefund = second.brought;
    const exemptCreditRefundReduction = second.take(dutyFreeMaterial.times(refundRate), fobCny.times(refundRate));
    note(
      trace,
      'exemptCreditRefundReduction',
      'min(dutyFreeMaterial × refundRate + brought, fobCny × refundRate)',
      { dutyFreeMaterial, refundRate, fobCny, brought: broughtRefund },
      exemptCreditRefundReduction,
    );
    const refundable = fobCny.times(refundRate).minus(exemptCreditRefundReduction);
    note(
      trace,
      'exemptCreditRefundAmount',
      'fobCny × refundRate − exemptCreditRefundReduction',
      { fobCny, refundRate, exemptCreditRefundReduction },
      refundable,
    );
    exemptCreditRefundAmount = exemptCreditRefundAmount.plus(refundable);
  }
  const { domesticOutputVat, inputVat, openingCarry } = period;
  const vatPayableOrCarry = domesticOutputVat.minus(inputVat.minus(nonDeductible)).minus(openingCarry);
  note(
    trace,
    'vatPayableOrCarry',
    'domesticOutputVat − (inputVat − nonDeductible) − openingCarry',
    { domesticOutputVat, inputVat, nonDeductible, openingCarry },
    vatPayableOrCarry,
  );
  const vatPayable = Num.max(0, vatPayableOrCarry);
  const closingCarry = Num.max(0, vatPayableOrCarry.neg());
  note(trace, 'closingCarry', 'max(0, −vatPayableOrCarry)', { vatPayableOrCarry }, closingCarry);
  const refund = Num.min(closingCarry, exemptCreditRefundAmount);
  note(
    trace,
    'refund',
    'min(closingCarry, exemptCreditRefundAmount)',
    { closingCarry, exemptCreditRefundAmount },
    refund,
  );
  const exemptCredit = exemptCreditRefundAmount.minus(refund);
  note(trace, 'exemptCredit', 'exemptCreditRefundAmount − refund', { exemptCreditRefundAmount, refund }, exemptCredit);
  const carryForward = closingCarry.minus(refund);
  note(trace, 'carryForward', 'closingCarry − refund', { closingCarry, refund }, carryForward);
  if (first.carried.gt(0)) trace.warn('nonDeductibleReductionCarried', { amount: fen(first.carried) });
  if (second.carried.gt(0)) trace.warn('refundReductionCarried', { amount: fen(second.carried) });
  if (exemptCredit.gt(0)) trace.warn('exemptCreditInSurcharge', { amount: fen(exemptCredit) });
  return {
    nonDeductibleReduction: first.taken,
    nonDeductible,
    vatPayableOrCarry,
    exemptCreditRefundReduction: second.taken,
    exemptCreditRefundAmount,
    refund,
    exemptCredit,
    carryForward,
    vatPayable,
    nonDeductibleReductionCarried: first.carried,
    refundReductionCarried: second.carried,
  };
}

/** Name of the first field that is missing or does not fit; undefined: fine. */
function faultOf(one: GroupInput): string | undefined {
  if (one.fobCny === undefined) return 'fobCny';
  if (one.taxRate === undefined) return 'taxRate';
  if (one.refundRate === undefined) return 'refundRate';
  if (one.refundRate.gt(one.taxRate)) return 'refundRate';
  if ((one.plannedImport === undefined) !== (one.plannedExport === undefined))
    return one.plannedImport === undefined ? 'plannedImport' : 'plannedExport';
  if (one.plannedExport?.eq(0) === true) return 'plannedExport';
  if (one.plannedRatio !== undefined && one.plannedImport !== undefined) return 'plannedRatio';
  if (one.processingFobCny?.gt(one.fobCny) === true) return 'processingFobCny';
  return undefined;
}

function groupOf(one: GroupInput, trace: Trace): ExportGroup {
  const fobCny = one.fobCny ?? nought;
  const used =
    one.plannedImport !== undefined && one.plannedExport !== undefined
      ? ratioStep(one.plannedImport, one.plannedExport, trace)
      : one.plannedRatio;
  const bonded = used === undefined ? nought : bondedMaterial(one.processingFobCny ?? fobCny, used, trace);
  return {
    fobCny,
    taxRate: one.taxRate ?? nought,
    refundRate: one.refundRate ?? nought,
    dutyFreeMaterial: (one.dutyFreeMaterial ?? nought).plus(bonded),
  };
}

function ratioStep(plannedImport: Num, plannedExport: Num, trace: Trace): Num {
  const value = plannedRatio(plannedImport, plannedExport);
  note(trace, 'plannedRatio', 'plannedImport ÷ plannedExport', { plannedImport, plannedExport }, value);
  return value;
}

function bondedMaterial(processingFobCny: Num, used: Num, trace: Trace): Num {
  const value = processingFobCny.times(used);
  note(trace, 'bondedMaterial', 'processingFobCny × plannedRatio', { processingFobCny, plannedRatio: used }, value);
  return value;
}

const source =
  '国家税务总局公告2012年第24号；财税〔2012〕39号；财政部 税务总局公告2026年第11号；国家税务总局公告2026年第5号';

/** T07: one tax and refund rate, or `groups` of several. */
export const producerRefund = calculator({
  id: 'T07',
  rule: 'T07',
  packs: [],
  source,
  inForceFrom: '2012-07-01',
  input: z
    .strictObject({
      ...groupFields,
      groups: z.array(group).min(1).optional(),
      domesticOutputVat: amount,
      inputVat: amount,
      openingCarry: amount.optional(),
      nonDeductibleReductionBrought: amount.optional(),
      refundReductionBrought: amount.optional(),
    })
    .superRefine((input, context) => {
      const flat = Object.keys(groupFields).some((name) => input[name as keyof typeof groupFields] !== undefined);
      if (input.groups !== undefined && flat)
        context.addIssue({ code: 'custom', path: ['groups'], message: 'either groups or the fields of one' });
      for (const [at, one] of (input.groups ?? [input]).entries()) {
        const field = faultOf(one);
        if (field !== undefined)
          context.addIssue({
            code: 'custom',
            path: input.groups === undefined ? [field] : ['groups', at, field],
            message: 'missing or does not fit',
          });
      }
    }),
  aliases: {
    names: {
      fobCny: ['fob', 'exportFob', 'exportFobCny', 'exportSales', '离岸价'],
      taxRate: ['vatRate', 'levyRate', '征税率'],
      refundRate: ['rebateRate', 'taxRefundRate', 'exportRefundRate', '退税率'],
      domesticOutputVat: ['outputVat', 'outputTax', 'domesticOutputTax', '销项税额', '内销销项税额'],
      inputVat: ['inputTax', '进项税额'],
      openingCarry: ['openingCredit', 'openingCarryForward', 'broughtForward', 'carryIn', '上期留抵'],
      dutyFreeMaterial: ['dutyFreeMaterials', '免税购进原材料'],
      plannedRatio: ['plannedAllocationRatio', '计划分配率'],
    },
    lists: ['groups'],
  },
  calculate(input, trace) {
    const groups = (input.groups ?? [input]).map((one) => groupOf(one, trace));
    const all = exemptCreditRefund(
      groups,
      {
        domesticOutputVat: input.domesticOutputVat,
        inputVat: input.inputVat,
        openingCarry: input.openingCarry ?? nought,
        nonDeductibleReductionBrought: input.nonDeductibleReductionBrought ?? nought,
        refundReductionBrought: input.refundReductionBrought ?? nought,
      },
      trace,
    );
    const brought = input.nonDeductibleReductionBrought !== undefined || input.refundReductionBrought !== undefined;
    return {
      nonDeductibleReduction: fen(all.nonDeductibleReduction),
      nonDeductible: fen(all.nonDeductible),
      vatPayableOrCarry: fen(all.vatPayableOrCarry),
      exemptCreditRefundReduction: fen(all.exemptCreditRefundReduction),
      exemptCreditRefundAmount: fen(all.exemptCreditRefundAmount),
      refund: fen(all.refund),
      exemptCredit: fen(all.exemptCredit),
      carryForward: fen(all.carryForward),
      vatPayable: note(
        trace,
        'vatPayable',
        'max(0, vatPayableOrCarry)',
        { vatPayableOrCarry: all.vatPayableOrCarry },
        all.vatPayable,
        'fen',
      ),
      ...(brought
        ? {
            nonDeductibleReductionCarried: fen(all.nonDeductibleReductionCarried),
            refundReductionCarried: fen(all.refundReductionCarried),
          }
        : {}),
    };
  },
});

/** T08: bonded material by planned ratio; with the year's actual figures the adjustment of the yearly settlement (年度核销). */
export const processingMaterial = calculator({
  id: 'T08',
  rule: 'T08',
  packs: [],
  source,
  inForceFrom: '2012-07-01',
  input: z
    .strictObject({
      processingFobCny: amount,
      plannedImport: amount.optional(),
      plannedExport: amount.optional(),
      plannedRatio: amount.optional(),
      actualImport: amount.optional(),
      actualExport: amount.optional(),
    })
    .superRefine((input, context) => {
      const fault =
        input.plannedRatio === undefined && input.plannedImport === undefined
          ? 'plannedRatio'
          : faultOf({ ...input, fobCny: input.processingFobCny, taxRate: nought, refundRate: nought });
      const actual =
        (input.actualImport === undefined) !== (input.actualExport === undefined) || input.actualExport?.eq(0) === true;
      if (fault !== undefined || actual)
        context.addIssue({ code: 'custom', path: [fault ?? 'actualExport'], message: 'missing or does not fit' });
    }),
  calculate(input, trace) {
    const { plannedImport, plannedExport, processingFobCny, actualImport, actualExport } = input;
    const ratioUsed =
      plannedImport !== undefined && plannedExport !== undefined
        ? ratioStep(plannedImport, plannedExport, trace)
        : (input.plannedRatio ?? nought);
    const bonded = bondedMaterial(processingFobCny, ratioUsed, trace);
    const answer = { plannedRatio: shown(ratioUsed), bondedMaterial: fen(bonded) };
    if (actualImport === undefined || actualExport === undefined) return answer;
    const actualRatio = actualImport.div(actualExport);
    note(trace, 'actualRatio', 'actualImport ÷ actualExport', { actualImport, actualExport }, actualRatio);
    const adjustment = processingFobCny.times(actualRatio.minus(ratioUsed));
    return {
      ...answer,
      actualRatio: shown(actualRatio),
      adjustment: note(
        trace,
        'adjustment',
        'processingFobCny × (actualRatio − plannedRatio)',
        { processingFobCny, actualRatio, plannedRatio: ratioUsed },
        adjustment,
        'fen',
      ),
    };
  },
});
