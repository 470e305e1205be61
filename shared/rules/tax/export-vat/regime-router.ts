/**
 * T05: refund, exempt or taxed (退税 / 免税 / 征税): 公告2026年第11号 and 国家税务总局公告2026年第5号 from exports of 2026-01-01 on,
 * 财税〔2012〕39号 before.
 */
import { z } from 'zod';
import { addMonths } from '../../../calendar/index.ts';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { date } from '../../figures.ts';
import { note } from '../steps.ts';
import { type ExportVatParameters, exportVatPackId, exportVatPackSchema } from './export-vat-pack.ts';
import { hardLimit, lastDaySetting } from './refund-deadlines.ts';
import {
  after2026Setting,
  b2bModesSetting,
  missingForExemption,
  zoneExemptionFacts,
  zoneExemptionPackId,
} from './zone-exemption.ts';

/** Before 2026 practice varied for goods without any voucher. */
export const noVoucherSetting: RuleSetting = {
  id: 'T05.noVoucherBefore2026',
  rule: 'T05',
  options: ['taxed', 'exempt'],
};
/** A producer exports bought goods that do not count as its own. */
export const boughtGoodsSetting: RuleSetting = { id: 'T05.boughtGoods', rule: 'T05', options: ['taxed', 'exempt'] };

/** What is exported without purchase voucher: the facts of T04. */
const exemptionFacts = z.strictObject(zoneExemptionFacts);

const input = z.strictObject({
  sellerKind: z.enum(['trading', 'producer', 'small', 'farmer']),
  exportDate: date,
  evidence: z.enum(['specialInvoice', 'customsPayment', 'ordinaryInvoice', 'none']),
  /** Of a producer: own goods or goods counted as own (视同自产). */
  selfProduced: z.boolean().optional(),
  cancelledList: z.boolean().optional(),
  falseDocuments: z.boolean().optional(),
  /** The goods are exempt when sold at home. */
  domesticallyExempt: z.boolean().optional(),
  /** Day of the refund or exemption declaration; without it `asOf` decides whether the limit has run out. */
  declaredOn: date.optional(),
  asOf: date.optional(),
  waiver: z.enum(['refund', 'exemption']).optional(),
  waivedFrom: date.optional(),
  soldAbroad: z.boolean().optional(),
  departed: z.boolean().optional(),
  booked: z.boolean().optional(),
  receiptCollected: z.boolean().optional(),
  zoneExemption: exemptionFacts.optional(),
});
type Facts = z.output<typeof input>;

export interface Regime {
  /** REFUND 免退税, EXEMPT_CREDIT_REFUND 免抵退税, EXEMPT 免税, TAXED 视同内销征税. */
  readonly regime: 'REFUND' | 'EXEMPT_CREDIT_REFUND' | 'EXEMPT' | 'TAXED';
  /** The rule that calculates it; null where nothing is calculated. */
  readonly nextRule: 'T04' | 'T06' | 'T07' | 'T09' | null;
  readonly reasons: readonly string[];
  /** What stands in the way of the claim for now. */
  readonly pending: readonly string[];
}

const taxed = (...reasons: string[]): Regime => ({ regime: 'TAXED', nextRule: 'T09', reasons, pending: [] });
const exempt = (...reasons: string[]): Regime => ({ regime: 'EXEMPT', nextRule: null, reasons, pending: [] });

/** The way of one export, first reason that decides. */
export function exportRegime(facts: Facts, parameters: ExportVatParameters, trace: Trace): Regime {
  const stays = (regime: Regime): Regime =>
    facts.domesticallyExempt === true ? exempt(...regime.reasons, 'DOMESTICALLY_EXEMPT') : regime;
  if (facts.falseDocuments === true) return stays(taxed('FALSE_DOCUMENTS'));
  if (facts.cancelledList === true) return stays(taxed('CANCELLED_LIST'));
  const limit = hardLimit(facts.exportDate, parameters, trace);
  const reference = facts.declaredOn ?? facts.asOf;
  if (limit !== null && reference !== undefined && reference > limit) return stays(taxed('NOT_DECLARED_WITHIN_LIMIT'));
  const waived = byWaiver(facts, parameters, trace);
  if (waived !== undefined) return stays(waived);
  if (facts.sellerKind === 'small') return exempt('SMALL_SCALE');
  if (facts.sellerKind === 'farmer') return exempt('OWN_FARM_PRODUCE');
  if (facts.sellerKind === 'producer') {
    if (facts.selfProduced !== false)
      return { regime: 'EXEMPT_CREDIT_REFUND', nextRule: 'T07', reasons: ['OWN_PRODUCTION'], pending: pending(facts) };
    return trace.setting(boughtGoodsSetting) === 'taxed'
      ? stays(taxed('BOUGHT_GOODS_OF_PRODUCER'))
      : exempt('BOUGHT_GOODS_OF_PRODUCER');
  }
  if (facts.evidence === 'specialInvoice' || facts.evidence === 'customsPayment')
    return {
      regime: 'REFUND',
      nextRule: 'T06',
      reasons: [facts.evidence === 'specialInvoice' ? 'SPECIAL_INVOICE' : 'CUSTOMS_PAYMENT'],
      pending: pending(facts),
    };
  if (facts.evidence === 'ordinaryInvoice') return exempt('ORDINARY_VOUCHER');
  return stays(withoutVoucher(facts, parameters, trace));
}

function withoutVoucher(facts: Facts, parameters: ExportVatParameters, trace: Trace): Regime {
  const missing =
    facts.zoneExemption === undefined
      ? ['NOT_IN_ZONE']
      : missingForExemption(facts.exportDate, facts.zoneExemption, trace);
  if (missing.length === 0) return { ...exempt('ZONE_EXEMPTION'), nextRule: 'T04' };
  if (parameters.noVoucherTaxed === 'unclear' && trace.setting(noVoucherSetting) === 'exempt')
    return exempt('NO_VOUCHER', ...missing);
  return taxed('NO_VOUCHER', ...missing);
}

function byWaiver(facts: Facts, parameters: ExportVatParameters, trace: Trace): Regime | undefined {
  if (facts.waiver === undefined || facts.waivedFrom === undefined) return undefined;
  const until = addMonths(facts.waivedFrom, parameters.waiverLockMonths);
  const bound = facts.waivedFrom <= facts.exportDate && facts.exportDate < until;
  note(
    trace,
    'waiverBinds',
    'waivedFrom ≤ exportDate < waivedFrom + waiverLockMonths',
    { waivedFrom: facts.waivedFrom, exportDate: facts.exportDate, waiverLockMonths: parameters.waiverLockMonths },
    bound,
  );
  if (!bound) return undefined;
  trace.warn('waiverLocked', { until });
  return facts.waiver === 'refund' ? exempt('WAIVED_REFUND') : taxed('WAIVED_EXEMPTION');
}

/** Conditions of a refund that are said not to be met yet. */
function pending(facts: Facts): readonly string[] {
  return [
    ...(facts.soldAbroad === false ? ['NOT_SOLD_ABROAD'] : []),
    ...(facts.departed === false ? ['NOT_DEPARTED'] : []),
    ...(facts.booked === false ? ['NOT_BOOKED'] : []),
    ...(facts.receiptCollected === false ? ['RECEIPT_PENDING'] : []),
  ];
}

/** T05. */
export const regimeRouter = calculator({
  id: 'T05',
  rule: 'T05',
  packs: [exportVatPackId, zoneExemptionPackId],
  settings: [noVoucherSetting, boughtGoodsSetting, lastDaySetting, after2026Setting, b2bModesSetting],
  source:
    '财政部 税务总局公告2026年第11号；国家税务总局公告2026年第5号；财税〔2012〕39号；财税〔2018〕103号；财税〔2008〕81号',
  inForceFrom: '2012-07-01',
  input: input.refine((facts) => (facts.waiver === undefined) === (facts.waivedFrom === undefined), {
    path: ['waivedFrom'],
    message: 'waiver and waivedFrom belong together',
  }),
  calculate(facts, trace) {
    const parameters = trace.parameters(exportVatPackId, exportVatPackSchema, facts.exportDate);
    const regime = exportRegime(facts, parameters, trace);
    const { sellerKind, evidence, exportDate } = facts;
    note(trace, 'regime', 'first reason that decides', { sellerKind, evidence, exportDate }, regime.regime);
    if (regime.pending.length > 0) trace.warn('claimNotReady');
    return { ...regime };
  },
});
