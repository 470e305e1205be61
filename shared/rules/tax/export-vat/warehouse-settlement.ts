/**
 * T10: overseas warehouse exports (9810): refund on leaving, settled on sale (离境即退税、销售再核算), 国家税务总局公告2025年第3号.
 */
import { z } from 'zod';
import { addMonths, type IsoDate, parseIsoDate, startOfMonth, yearOf } from '../../../calendar/index.ts';
import { calculator } from '../../calculator.ts';
import { amount, date, fen, Num } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note, shown } from '../steps.ts';

export const warehousePackId = 'tax-export-warehouse';
export const warehousePackSchema = packSchema(
  z.object({
    mode: z.string(),
    /** Business type of the claim before sale. */
    businessType: z.string(),
    /** Last day of settlement, `MM-dd` of the year after the refund was completed. */
    settleBy: z.string().regex(/^\d{2}-\d{2}$/),
  }),
);

const source = '国家税务总局公告2025年第3号；国家税务总局公告2026年第5号';
const nought = new Num(0);

export interface Settlement {
  readonly action: 'NO_ADJUST' | 'ADJUST' | 'REVERSE';
  /** Zero or less: the refund before sale taken back in full. */
  readonly reverse: Num;
  readonly redeclare: Num;
  readonly net: Num;
}

/** The settlement of a refund before sale against what is really due on the goods sold; yuan, unrounded. */
export function settlement(preRefund: Num, actualRefund: Num | undefined): Settlement {
  if (actualRefund === undefined)
    return { action: 'REVERSE', reverse: preRefund.neg(), redeclare: nought, net: preRefund.neg() };
  if (actualRefund.eq(preRefund)) return { action: 'NO_ADJUST', reverse: nought, redeclare: nought, net: nought };
  return {
    action: 'ADJUST',
    reverse: preRefund.neg(),
    redeclare: actualRefund,
    net: actualRefund.minus(preRefund),
  };
}

/**
 * T10: all sold (`actualRefund` of the claim on sale), unsold, or partly sold: then `actualRefund` of the sold part, or
 * quantities from which it is taken in proportion; the rest is claimed again after its sale.
 */
export const warehouseSettlement = calculator({
  id: 'T10',
  rule: 'T10',
  packs: [warehousePackId],
  source,
  inForceFrom: '2025-01-27',
  input: z
    .strictObject({
      preRefund: amount,
      status: z.enum(['sold', 'unsold', 'partial']),
      actualRefund: amount.optional(),
      quantity: amount.optional(),
      soldQuantity: amount.optional(),
      /** Sold and unsold goods were declared apart (separate numbers); otherwise all counts as unsold. */
      separated: z.boolean().optional(),
      preRefundCompleted: date.optional(),
      asOf: date.optional(),
    })
    .superRefine((input, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (input.status === 'sold' && input.actualRefund === undefined) refuse('actualRefund', 'missing');
      if (input.status === 'unsold' && input.actualRefund?.gt(0) === true) refuse('actualRefund', 'unsold');
      if (input.status !== 'partial' || input.actualRefund !== undefined) return;
      if (input.quantity === undefined || input.quantity.eq(0)) refuse('quantity', 'missing');
      else if (input.soldQuantity === undefined || input.soldQuantity.gt(input.quantity))
        refuse('soldQuantity', 'missing or more than quantity');
    }),
  calculate(input, trace) {
    const { preRefund, quantity, soldQuantity } = input;
    const unsold = input.status === 'unsold' || input.separated === false;
    if (input.separated === false && input.status !== 'unsold') trace.warn('notSeparated');
    let actualRefund = unsold ? undefined : input.actualRefund;
    if (!unsold && actualRefund === undefined && quantity !== undefined && soldQuantity !== undefined) {
      actualRefund = preRefund.times(soldQuantity).div(quantity);
      note(
        trace,
        'soldShare',
        'preRefund × soldQuantity ÷ quantity',
        { preRefund, soldQuantity, quantity },
        actualRefund,
      );
    }
    const result = settlement(preRefund, actualRefund);
    if (input.status === 'partial' && !unsold) trace.warn('restAfterSale');
    if (input.preRefundCompleted !== undefined) {
      const { settleBy } = trace.parameters(warehousePackId, warehousePackSchema, input.preRefundCompleted);
      const window = settlementWindow(input.preRefundCompleted, settleBy);
      if (input.asOf !== undefined && input.asOf > window.windowEnd)
        trace.warn('windowMissed', { windowEnd: window.windowEnd });
    }
    note(
      trace,
      'action',
      'status, actualRefund = preRefund',
      { status: input.status, preRefund, actualRefund },
      result.action,
    );
    return {
      action: result.action,
      reverse: note(trace, 'reverse', '−preRefund', { preRefund }, result.reverse, 'fen'),
      redeclare: note(trace, 'redeclare', 'actualRefund', { actualRefund }, result.redeclare, 'fen'),
      net: note(
        trace,
        'net',
        'redeclare + reverse',
        { redeclare: result.redeclare, reverse: result.reverse },
        result.net,
        'fen',
      ),
    };
  },
});

/** From the month after completion to the pack's day of the next year. */
export function settlementWindow(
  completed: IsoDate,
  settleBy: string,
): { readonly windowStart: IsoDate; readonly windowEnd: IsoDate } {
  const windowEnd = parseIsoDate(`${yearOf(completed) + 1}-${settleBy}`);
  if (windowEnd === undefined) throw new RangeError(`no day ${settleBy}`);
  return { windowStart: startOfMonth(addMonths(completed, 1)), windowEnd };
}

/** T10win: in VAT filing periods between these two days. */
export const warehouseWindow = calculator({
  id: 'T10win',
  rule: 'T10',
  packs: [warehousePackId],
  source,
  inForceFrom: '2025-01-27',
  input: z.strictObject({ preRefundCompleted: date }),
  calculate({ preRefundCompleted }, trace) {
    const { mode, businessType, settleBy } = trace.parameters(warehousePackId, warehousePackSchema, preRefundCompleted);
    note(trace, 'claimAs', 'business type of the mode', { mode }, businessType);
    const window = settlementWindow(preRefundCompleted, settleBy);
    return {
      windowStart: note(
        trace,
        'windowStart',
        'first day of the next month',
        { preRefundCompleted },
        window.windowStart,
      ),
      windowEnd: note(
        trace,
        'windowEnd',
        'settleBy of the next year',
        { preRefundCompleted, settleBy },
        window.windowEnd,
      ),
    };
  },
});

export interface WarehouseLine {
  /** Declaration number and line. */
  readonly id: string;
  readonly exportDate: string;
  readonly quantity: Num;
  readonly preRefund: Num;
}

/** Sold quantity of each line, first exported first sold; `excess` is what was sold beyond all lines. */
export function allocateSales(
  lines: readonly WarehouseLine[],
  sold: Num,
): { readonly lines: readonly (WarehouseLine & { readonly sold: Num })[]; readonly excess: Num } {
  let left = sold;
  const order = [...lines].sort((a, b) => (a.exportDate === b.exportDate ? 0 : a.exportDate < b.exportDate ? -1 : 1));
  const allocated = order.map((line) => {
    const taken = Num.min(line.quantity, left);
    left = left.minus(taken);
    return { ...line, sold: taken };
  });
  return { lines: allocated, excess: left };
}

/** T10fifo: sales of one product up to a day, over its lines of export. */
export const warehouseAllocation = calculator({
  id: 'T10fifo',
  rule: 'T10',
  packs: [],
  source,
  inForceFrom: '2025-01-27',
  input: z.strictObject({
    asOf: date,
    lines: z.array(z.strictObject({ id: z.string(), exportDate: date, quantity: amount, preRefund: amount })),
    sales: z.array(z.strictObject({ saleDate: date, soldQuantity: amount })),
  }),
  calculate({ asOf, lines, sales }, trace) {
    const sold = sales
      .filter((one) => one.saleDate <= asOf)
      .reduce((total, one) => total.plus(one.soldQuantity), nought);
    note(trace, 'soldToDate', 'Σ soldQuantity up to asOf', { asOf }, sold);
    const allocated = allocateSales(lines, sold);
    if (allocated.excess.gt(0)) trace.warn('soldBeyondExports', { quantity: shown(allocated.excess) });
    return {
      lines: allocated.lines.map((line) => ({
        id: line.id,
        soldQuantity: shown(line.sold),
        unsoldQuantity: shown(line.quantity.minus(line.sold)),
        status: line.sold.eq(0) ? 'unsold' : line.sold.eq(line.quantity) ? 'sold' : 'partial',
        preRefund: fen(line.preRefund),
      })),
    };
  },
});
