/** T04: exemption of zone retail exports without purchase voucher (无票免税), 财税〔2018〕103号. */
import { z } from 'zod';
import { monthKey } from '../../../calendar/index.ts';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { amount, date, type Num } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';

export const zoneExemptionPackId = 'tax-export-zone-exemption';

/** What of a sale must be logged on the zone's platform. */
const loggedFields = ['exportDate', 'goodsName', 'unit', 'quantity', 'unitPrice', 'amount'] as const;

export const zoneExemptionPackSchema = packSchema(
  z.object({
    /** Whether it is unclear that the rule still holds. */
    statusUnclear: z.boolean(),
    /** Months from export within which the exemption must be declared; null: none. */
    declareWithinMonths: z.number().int().nullable(),
    retailModes: z.array(z.string()),
    /** Modes whose place in the wording 零售出口 is open. */
    openModes: z.array(z.string()),
    loggedFields: z.array(z.enum(loggedFields)),
  }),
);

export const after2026Setting: RuleSetting = { id: 'T04.after2026', rule: 'T04', options: ['inForce', 'repealed'] };
export const b2bModesSetting: RuleSetting = { id: 'T04.b2bModes', rule: 'T04', options: ['excluded', 'included'] };

/** The facts of one shipment; all must be said. */
export const zoneExemptionFacts = {
  mode: z.enum(['9610', '1210', '9710', '9810', '0110', '1039']),
  zoneRegistered: z.boolean(),
  logged: z.array(z.enum(loggedFields)),
  zoneDeclared: z.boolean(),
  cancelledList: z.boolean(),
  hasVoucher: z.boolean(),
};
const facts = z.strictObject(zoneExemptionFacts);
export type ZoneExemptionFacts = z.output<typeof facts>;

/** Codes of what is missing, in the order of the conditions; none: eligible. */
export function missingForExemption(exportDate: string, one: ZoneExemptionFacts, trace: Trace): readonly string[] {
  const parameters = trace.parameters(zoneExemptionPackId, zoneExemptionPackSchema, exportDate);
  const inForce = !parameters.statusUnclear || trace.setting(after2026Setting) === 'inForce';
  const notLogged = parameters.loggedFields.filter((field) => !one.logged.includes(field));
  const retail =
    parameters.retailModes.includes(one.mode) ||
    (parameters.openModes.includes(one.mode) && trace.setting(b2bModesSetting) === 'included');
  const missing: string[] = [];
  const condition = (id: string, formula: string, value: boolean, holds: boolean, code: string): void => {
    note(trace, id, formula, { value }, holds);
    if (!holds) missing.push(code);
  };
  condition('ruleInForce', 'rule in force on exportDate', inForce, inForce, 'RULE_REPEALED');
  condition('zoneRegistered', 'zoneRegistered', one.zoneRegistered, one.zoneRegistered, 'NOT_IN_ZONE');
  note(
    trace,
    'salesLogged',
    'every field of the sale logged',
    { missing: notLogged.join(' ') },
    notLogged.length === 0,
  );
  if (notLogged.length > 0) {
    missing.push('NOT_LOGGED');
    trace.warn('notLogged', { fields: notLogged.join(', ') });
  }
  note(trace, 'retailExport', 'mode is retail export', { mode: one.mode }, retail);
  if (!retail) missing.push('NOT_RETAIL');
  condition('zoneDeclared', 'zoneDeclared', one.zoneDeclared, one.zoneDeclared, 'NOT_ZONE_CUSTOMS');
  condition('noVoucher', 'not hasVoucher', one.hasVoucher, !one.hasVoucher, 'HAS_VOUCHER');
  condition('notCancelled', 'not cancelledList', one.cancelledList, !one.cancelledList, 'CANCELLED_LIST');
  if (missing.length === 0) {
    trace.warn('inputVatNotDeductible');
    if (parameters.declareWithinMonths !== null)
      trace.warn('declareExemption', { months: parameters.declareWithinMonths });
  }
  return missing;
}

const definition = {
  rule: 'T04',
  packs: [zoneExemptionPackId],
  settings: [after2026Setting, b2bModesSetting],
  source: '财税〔2018〕103号；财政部 税务总局公告2026年第11号',
  inForceFrom: '2018-10-01',
} as const;

/** T04 of one shipment. */
export const zoneExemption = calculator({
  ...definition,
  id: 'T04',
  input: z.strictObject({ exportDate: date, ...zoneExemptionFacts }),
  calculate({ exportDate, ...one }, trace) {
    const missing = missingForExemption(exportDate, one, trace);
    return { status: missing.length === 0 ? 'ELIGIBLE' : 'NOT_ELIGIBLE', missing };
  },
});

/** T04 of many shipments, with the exempt sales (yuan) of each month of export. */
export const zoneExemptionMonth = calculator({
  ...definition,
  id: 'T04month',
  input: z.strictObject({
    shipments: z.array(z.strictObject({ id: z.string(), exportDate: date, amountCny: amount, ...zoneExemptionFacts })),
  }),
  calculate({ shipments }, trace) {
    const months = new Map<string, Num>();
    const results = shipments.map(({ id, exportDate, amountCny, ...one }) => {
      const missing = missingForExemption(exportDate, one, trace);
      const month = monthKey(exportDate);
      if (missing.length === 0) months.set(month, amountCny.plus(months.get(month) ?? 0));
      return { id, status: missing.length === 0 ? 'ELIGIBLE' : 'NOT_ELIGIBLE', missing };
    });
    const sorted = [...months].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      shipments: results,
      months: sorted.map(([month, sum]) => ({
        month,
        exemptSales: note(trace, 'exemptSales', 'Σ amountCny of eligible shipments', { month }, sum, 'fen'),
      })),
    };
  },
});
