/**
 * One source for a limit that customs, taxes and forex rules are computed by: deadlines that C02, T03, T10, T11, F03 and F06 know too take
 * their figures from the packs of those calculators, and the days of an export line from T11 itself.
 */
import { type IsoDate, parseIsoDate } from '../../calendar/index.ts';
import type { RuleSources } from '../calculator.ts';
import { summaryPackId, summaryPackSchema } from '../customs-modes/summary.ts';
import { listRegistrationPackId, listRegistrationPackSchema } from '../forex/list-registration.ts';
import { tradeCreditPackId, tradeCreditPackSchema } from '../forex/trade-credit-report.ts';
import { type Pack, packOn } from '../pack.ts';
import { exportVatPackId, exportVatPackSchema } from '../tax/export-vat/export-vat-pack.ts';
import { refundDeadlines } from '../tax/export-vat/refund-deadlines.ts';
import { warehousePackId, warehousePackSchema } from '../tax/export-vat/warehouse-settlement.ts';
import { prepaymentPackId, prepaymentPackSchema } from '../tax/income/income-prepayment.ts';
import type { DeadlineEvent } from './engine.ts';
import type { DeadlineFormula, DeadlineRule } from './pack.ts';

/** `04-30` as month and day. */
function monthDay(text: string): { readonly month: number; readonly day: number } {
  const [month = 0, day = 0] = text.split('-').map(Number);
  return { month, day };
}

/** The rules with the figures of the packs in force on a day; what no such pack speaks of stays as it is. */
export function withTaxFigures(
  rules: readonly DeadlineRule[],
  sources: Pick<RuleSources, 'pack'>,
  on: IsoDate,
): DeadlineRule[] {
  const inForce = <P>(id: string, schema: { parse(body: unknown): Pack<P> }): P | undefined =>
    packOn(schema.parse(sources.pack(id)), on)?.parameters;
  const vat = inForce(exportVatPackId, exportVatPackSchema);
  const income = inForce(prepaymentPackId, prepaymentPackSchema);
  const warehouse = inForce(warehousePackId, warehousePackSchema);
  const registration = inForce(listRegistrationPackId, listRegistrationPackSchema);
  const credit = inForce(tradeCreditPackId, tradeCreditPackSchema);
  const summary = inForce(summaryPackId, summaryPackSchema);
  const formulaOf = ({ id, formula }: DeadlineRule): DeadlineFormula => {
    switch (id) {
      case 'refundFiling':
      case 'receipt':
        return formula.kind === 'annual' && vat !== undefined ? { ...formula, ...monthDay(vat.normalBy) } : formula;
      case 'receiptByContract':
        return formula.kind === 'on-date' && vat !== undefined
          ? { ...formula, capMonths: vat.hardLimitMonths }
          : formula;
      case 'hardLimit':
        return formula.kind === 'months-after' && vat?.hardLimitMonths != null
          ? { ...formula, months: vat.hardLimitMonths }
          : formula;
      case 'archivePapers':
        return formula.kind === 'days-after' && vat !== undefined ? { ...formula, days: vat.filingDays } : formula;
      case 'tradeCreditReport':
        return formula.kind === 'days-after' && credit !== undefined
          ? { ...formula, days: credit.reportWithinDays }
          : formula;
      case 'forexListChange':
        return formula.kind === 'days-after' && registration !== undefined
          ? { ...formula, days: registration.changeWithinDays }
          : formula;
      case 'warehouseSettlement':
        return formula.kind === 'annual' && warehouse !== undefined
          ? { ...formula, ...monthDay(warehouse.settleBy) }
          : formula;
      case 'monthlySummary':
        return formula.kind === 'monthly' && summary !== undefined ? { ...formula, day: summary.dayOfMonth } : formula;
      case 'incomeTaxPrepayment':
        return formula.kind === 'quarterly' && income !== undefined
          ? { ...formula, day: income.daysAfterQuarter }
          : formula;
      case 'incomeTaxAnnual':
        return formula.kind === 'annual' && income !== undefined
          ? { ...formula, ...monthDay(income.annualBy) }
          : formula;
      default:
        return formula;
    }
  };
  return rules.map((rule) => ({ ...rule, formula: formulaOf(rule) }));
}

/**
 * The last day of a rule for an export line as T11 has it, in natural days: the normal term, the receipt of foreign exchange
 * (by contract where `capFrom` is the export date), the months after which it counts as sold at home.
 * Undefined: no such rule of T11, or it knows no limit for the date.
 */
export function dueByTaxRule(rule: DeadlineRule, event: DeadlineEvent, sources: RuleSources): IsoDate | undefined {
  const byContract = rule.id === 'receiptByContract';
  if (!byContract && rule.id !== 'refundFiling' && rule.id !== 'receipt' && rule.id !== 'hardLimit') return undefined;
  const exportDate = byContract ? (event.capFrom ?? event.date) : event.date;
  if (refundDeadlines.inForceFrom !== null && exportDate < refundDeadlines.inForceFrom) return undefined;
  const { result } = refundDeadlines.run(
    { exportDate, ...(byContract ? { contractReceiptDate: event.date } : {}) },
    sources,
  );
  const day = rule.id === 'hardLimit' ? result.hardLimit : byContract ? result.receiptBy : result.normalTo;
  return typeof day === 'string' ? parseIsoDate(day) : undefined;
}
