/** T26 海南自由贸易港 加工增值内销免关税. */
import { z } from 'zod';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { amount, date, Num, rounded } from '../../figures.ts';
import { shown } from '../steps.ts';
import { hainanPack } from './pack.ts';

/** A sum in yuan, or the values of the single materials. */
const materials = z.union([
  amount,
  z
    .array(amount)
    .min(1)
    .transform((values) => Num.sum(...values)),
]);

const input = z
  .strictObject({
    date: date.optional(),
    /** 内销价格, yuan. */
    salePrice: amount,
    importedMaterial: materials,
    domesticMaterial: materials,
    /** Materials certified as grown or made in Hainan, not part of `domesticMaterial`. */
    hainanMaterial: materials.optional(),
    /** Whether the firm is a registered one of an encouraged industry and has filed. */
    registered: z.boolean().optional(),
  })
  .refine(
    ({ importedMaterial, domesticMaterial, hainanMaterial }) =>
      importedMaterial
        .plus(domesticMaterial)
        .plus(hainanMaterial ?? 0)
        .gt(0),
    { path: ['importedMaterial'], message: 'no material' },
  );
export type HainanValueAddedInput = z.output<typeof input>;

/** How certified Hainan materials count: as any other, or as value added. Secondary sources only. */
export const hainanMaterialSetting: RuleSetting = {
  id: 'T26.hainanMaterial',
  rule: 'T26',
  options: ['material', 'valueAdded'],
};

export interface HainanValueAdded {
  /** Four decimals half-up, for display: the comparison takes the unrounded ratio. */
  readonly valueAddedRatio: string;
  readonly dutyExempt: boolean;
  /** NOT_REGISTERED, BELOW_RATIO; only where `registered` was told. */
  readonly reasons?: readonly string[];
}

/** T26 as a function. */
export function hainanValueAdded(given: HainanValueAddedInput, trace: Trace): HainanValueAdded {
  const { minimumRatio } = trace.parametersOrNewest('tax-hainan', hainanPack, given.date);
  const { salePrice, importedMaterial, domesticMaterial, hainanMaterial, registered } = given;
  const isAdded = hainanMaterial !== undefined && trace.setting(hainanMaterialSetting) === 'valueAdded';
  const counted = importedMaterial.plus(domesticMaterial).plus(isAdded ? 0 : (hainanMaterial ?? 0));
  const divisor = trace.step({
    id: 'materials',
    formula:
      hainanMaterial === undefined || isAdded
        ? 'importedMaterial + domesticMaterial'
        : 'importedMaterial + domesticMaterial + hainanMaterial',
    inputs: {
      importedMaterial: shown(importedMaterial),
      domesticMaterial: shown(domesticMaterial),
      ...(hainanMaterial === undefined ? {} : { hainanMaterial: shown(hainanMaterial) }),
    },
    result: shown(counted),
  });
  // All materials from Hainan and counted as value added: nothing is left to compare with, the ratio is without bound.
  const ratio = counted.isZero() ? new Num(minimumRatio) : salePrice.minus(counted).div(counted);
  if (counted.isZero()) trace.warn('noForeignMaterial');
  const valueAddedRatio = trace.step({
    id: 'valueAddedRatio',
    formula: '(salePrice − materials) ÷ materials',
    inputs: { salePrice: shown(salePrice), materials: divisor, minimumRatio },
    result: rounded(ratio, 4),
    rounding: 'ratio-4',
  });
  const isEnough = ratio.gte(minimumRatio);
  const dutyExempt = isEnough && registered !== false;
  if (dutyExempt) trace.warn('importTaxesRemain');
  if (registered === undefined) return { valueAddedRatio, dutyExempt };
  const reasons = [...(registered ? [] : ['NOT_REGISTERED']), ...(isEnough ? [] : ['BELOW_RATIO'])];
  return { valueAddedRatio, dutyExempt, reasons };
}

/** T26: 海关总署公告2025年第158号 art. 4. */
export const hainanValueAddedCalculator = calculator({
  id: 'T26',
  rule: 'T26',
  packs: ['tax-hainan'],
  settings: [hainanMaterialSetting],
  source: '海关总署公告2025年第158号第四条',
  inForceFrom: '2025-12-18',
  input,
  calculate: hainanValueAdded,
});
