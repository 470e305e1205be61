/** T17 进口环节消费税: 从价, 从量, 复合; cigarettes in two steps; beer by its price a ton. */
import { z } from 'zod';
import { PortbookError } from '../../../errors.ts';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num, plain } from '../../figures.ts';
import { shown } from '../steps.ts';
import { checkRate, includedRate, includedTax, levied, positive, ticketInput } from './levy.ts';
import { type ImportTaxFigures, importTaxPack } from './packs.ts';

const input = z.strictObject({
  date: date.optional(),
  /** Without it what is given says it: see {@link kindOf}. */
  kind: z.enum(['adValorem', 'specific', 'compound', 'cigarette', 'beer']).optional(),
  /** 计税价格, yuan; the tax of specific kinds hangs on the quantity alone and takes no notice of it. */
  dutiableValue: amount.optional(),
  /** 关税 in yuan, or its rate; nought where neither is given. */
  duty: amount.optional(),
  dutyRate: amount.optional(),
  rate: includedRate.optional(),
  /** Of beer: tons. */
  qty: amount.optional(),
  /** Yuan a unit of `qty`. */
  unit: amount.optional(),
  /** 标准条 of 200; or boxes (箱). */
  cartons: positive.optional(),
  boxes: positive.optional(),
  /** Of beer: the price of a ton, or of all tons, in US dollars; chooses the tax of a ton where `unit` is not given. */
  pricePerTonUsd: amount.optional(),
  valueUsd: amount.optional(),
  litres: amount.optional(),
  ...ticketInput,
});
export type ImportConsumptionTaxInput = z.output<typeof input>;
type Kind = NonNullable<ImportConsumptionTaxInput['kind']>;
type Field = keyof ImportConsumptionTaxInput;

/** What the tax of a kind is computed from; the duty and the rest hang on none of them. */
const usedBy: Readonly<Record<Kind, readonly Field[]>> = {
  adValorem: ['dutiableValue', 'rate'],
  specific: ['qty', 'unit'],
  compound: ['dutiableValue', 'rate', 'qty', 'unit'],
  cigarette: ['dutiableValue', 'cartons', 'boxes'],
  beer: ['qty', 'litres', 'unit', 'pricePerTonUsd', 'valueUsd'],
};
/** Of a specific tax the price is stated as a rule, and nobody takes it for used. */
const neverUnused: readonly Field[] = ['date', 'kind', 'wholeTicket', 'dutiableValue', 'duty', 'dutyRate'];

/** 从价, 从量, 复合, 卷烟, 啤酒: as stated, else by what only that kind has. */
function kindOf(given: ImportConsumptionTaxInput): Kind | undefined {
  if (given.kind !== undefined) return given.kind;
  if ((given.cartons ?? given.boxes) !== undefined) return 'cigarette';
  if ((given.pricePerTonUsd ?? given.valueUsd ?? given.litres) !== undefined) return 'beer';
  if (given.rate !== undefined) return given.unit === undefined ? 'adValorem' : 'compound';
  return given.unit === undefined ? undefined : 'specific';
}

function refusal(field: string, reason: string): PortbookError {
  return new PortbookError('RULE_INPUT', { calculator: 'T17', field, reason }, field);
}

/** A figure the kind cannot do without. Refusal: `RULE_INPUT`. */
function needed(given: ImportConsumptionTaxInput, field: 'dutiableValue' | 'rate' | 'qty' | 'unit', kind: Kind): Num {
  const value = given[field];
  if (value === undefined) throw refusal(field, `missing: ${kind} needs ${usedBy[kind].join(', ')}`);
  return value;
}

/** 计税价格 and 关税, yuan. */
interface Priced {
  readonly dutiableValue: Num;
  readonly duty: Num;
}

function priced(given: ImportConsumptionTaxInput, kind: Kind, trace: Trace): Priced {
  const dutiableValue = needed(given, 'dutiableValue', kind);
  const { duty, dutyRate } = given;
  if (duty !== undefined && dutyRate !== undefined) trace.warn('inputUnused', { field: 'dutyRate' });
  if (duty !== undefined || dutyRate === undefined) return { dutiableValue, duty: duty ?? new Num(0) };
  const computed = dutiableValue.times(dutyRate);
  trace.step({
    id: 'duty',
    formula: 'dutiableValue × dutyRate',
    inputs: { dutiableValue: shown(dutiableValue), dutyRate: shown(dutyRate) },
    result: fen(computed),
    rounding: 'fen',
  });
  return { dutiableValue, duty: computed };
}

/** Result of T17; cigarettes tell the price of the first step, unrounded in the comparison, and the rate chosen. */
export interface ImportConsumptionTax {
  readonly testPricePerCarton?: string;
  readonly rate?: string;
  readonly tons?: string;
  readonly unit?: string;
  readonly consumptionTax: string;
}

interface Assessed {
  readonly tax: Num;
  readonly shown: Omit<ImportConsumptionTax, 'consumptionTax'>;
}

function byPrice(
  { dutiableValue, duty }: Priced,
  rate: Num,
  quantity: { readonly qty: Num; readonly unit: Num } | undefined,
  trace: Trace,
): Num {
  const fixed = quantity === undefined ? new Num(0) : quantity.qty.times(quantity.unit);
  const tax = includedTax(dutiableValue.plus(duty), fixed, rate);
  trace.step({
    id: 'consumptionTax',
    formula:
      quantity === undefined
        ? '(dutiableValue + duty) ÷ (1 − rate) × rate'
        : '(dutiableValue + duty + qty × unit) ÷ (1 − rate) × rate + qty × unit',
    inputs: {
      dutiableValue: shown(dutiableValue),
      duty: shown(duty),
      rate: shown(rate),
      ...(quantity === undefined ? {} : { qty: shown(quantity.qty), unit: shown(quantity.unit) }),
    },
    result: fen(tax),
    rounding: 'fen',
  });
  return tax;
}

function byQuantity(qty: Num, unit: Num, trace: Trace): Num {
  const tax = qty.times(unit);
  trace.step({
    id: 'consumptionTax',
    formula: 'qty × unit',
    inputs: { qty: shown(qty), unit: shown(unit) },
    result: fen(tax),
    rounding: 'fen',
  });
  return tax;
}

function ofCigarettes(given: ImportConsumptionTaxInput, pack: ImportTaxFigures['cigarette'], trace: Trace): Assessed {
  const { boxes } = given;
  if ((given.cartons === undefined) === (boxes === undefined))
    throw refusal('cartons', 'cartons (标准条) or boxes (箱), one of them');
  const price = priced(given, 'cigarette', trace);
  const { dutiableValue, duty } = price;
  const cartons = given.cartons ?? (boxes ?? new Num(0)).times(pack.cartonsPerBox);
  if (boxes !== undefined) {
    trace.step({
      id: 'cartons',
      formula: 'boxes × cartonsPerBox',
      inputs: { boxes: shown(boxes), cartonsPerBox: pack.cartonsPerBox },
      result: shown(cartons),
    });
  }
  const unit = new Num(pack.fixedPerCarton);
  const testPrice = dutiableValue
    .plus(duty)
    .plus(cartons.times(unit))
    .div(new Num(1).minus(pack.testRate))
    .div(cartons);
  trace.step({
    id: 'testPricePerCarton',
    formula: '(dutiableValue + duty + cartons × fixedPerCarton) ÷ (1 − testRate) ÷ cartons',
    inputs: {
      dutiableValue: shown(dutiableValue),
      duty: shown(duty),
      cartons: shown(cartons),
      fixedPerCarton: pack.fixedPerCarton,
      testRate: pack.testRate,
    },
    result: fen(testPrice),
    rounding: 'fen',
  });
  const rate = new Num(testPrice.gte(pack.thresholdPerCarton) ? pack.rateFromThreshold : pack.rateBelowThreshold);
  trace.step({
    id: 'cigaretteRate',
    formula: 'testPricePerCarton ≥ thresholdPerCarton ? rateFromThreshold : rateBelowThreshold',
    inputs: {
      testPricePerCarton: shown(testPrice),
      thresholdPerCarton: pack.thresholdPerCarton,
      rateFromThreshold: pack.rateFromThreshold,
      rateBelowThreshold: pack.rateBelowThreshold,
    },
    result: rate.toFixed(2),
  });
  const tax = byPrice(price, rate, { qty: cartons, unit }, trace);
  return { tax, shown: { testPricePerCarton: fen(testPrice), rate: rate.toFixed(2) } };
}

/** Yuan a ton of beer: by its price in US dollars, unless `unit` states it; one that the price contradicts is warned of. */
function beerUnit(given: ImportConsumptionTaxInput, tons: Num, pack: ImportTaxFigures['beer'], trace: Trace): Num {
  const { unit, pricePerTonUsd, valueUsd } = given;
  const perTon = pricePerTonUsd ?? (tons.eq(0) ? undefined : valueUsd?.div(tons));
  if (perTon === undefined && unit === undefined)
    throw refusal(
      'pricePerTonUsd',
      'missing: pricePerTonUsd, or valueUsd (US dollars of all tons), or unit (yuan a ton), one of them',
    );
  if (pricePerTonUsd !== undefined && valueUsd !== undefined) trace.warn('inputUnused', { field: 'valueUsd' });
  if (pricePerTonUsd === undefined && perTon !== undefined && valueUsd !== undefined) {
    trace.step({
      id: 'pricePerTonUsd',
      formula: 'valueUsd ÷ tons',
      inputs: { valueUsd: shown(valueUsd), tons: shown(tons) },
      result: shown(perTon),
    });
  }
  const byLaw =
    perTon && new Num(perTon.gte(pack.thresholdUsdPerTon) ? pack.perTonFromThreshold : pack.perTonBelowThreshold);
  if (perTon !== undefined && byLaw !== undefined) {
    trace.step({
      id: 'beerUnit',
      formula: 'pricePerTonUsd ≥ thresholdUsdPerTon ? perTonFromThreshold : perTonBelowThreshold',
      inputs: {
        pricePerTonUsd: shown(perTon),
        thresholdUsdPerTon: pack.thresholdUsdPerTon,
        perTonFromThreshold: pack.perTonFromThreshold,
        perTonBelowThreshold: pack.perTonBelowThreshold,
      },
      result: shown(byLaw),
    });
  }
  if (unit === undefined) return byLaw ?? new Num(0);
  checkRate(
    'unit',
    unit,
    byLaw === undefined ? [pack.perTonBelowThreshold, pack.perTonFromThreshold] : [plain(byLaw)],
    trace,
  );
  return unit;
}

function ofBeer(given: ImportConsumptionTaxInput, pack: ImportTaxFigures['beer'], trace: Trace): Assessed {
  const { qty, litres } = given;
  if ((qty === undefined) === (litres === undefined)) throw refusal('qty', 'tons (qty) or litres, one of them');
  const tons = qty ?? (litres ?? new Num(0)).div(pack.litresPerTon);
  if (litres !== undefined) {
    trace.step({
      id: 'tons',
      formula: 'litres ÷ litresPerTon',
      inputs: { litres: shown(litres), litresPerTon: pack.litresPerTon },
      result: shown(tons),
    });
  }
  const unit = beerUnit(given, tons, pack, trace);
  const tax = byQuantity(tons, unit, trace);
  // What was stated is not told again.
  const isStated = qty !== undefined && given.unit !== undefined;
  return { tax, shown: isStated ? {} : { tons: shown(tons.toDecimalPlaces(5)), unit: shown(unit) } };
}

function assessed(given: ImportConsumptionTaxInput, kind: Kind, pack: ImportTaxFigures, trace: Trace): Assessed {
  const quantity = () => ({ qty: needed(given, 'qty', kind), unit: needed(given, 'unit', kind) });
  const rate = () => needed(given, 'rate', kind);
  switch (kind) {
    case 'cigarette':
      return ofCigarettes(given, pack.cigarette, trace);
    case 'beer':
      return ofBeer(given, pack.beer, trace);
    case 'specific': {
      const { qty, unit } = quantity();
      return { tax: byQuantity(qty, unit, trace), shown: {} };
    }
    case 'compound':
      return { tax: byPrice(priced(given, kind, trace), rate(), quantity(), trace), shown: {} };
    case 'adValorem':
      return { tax: byPrice(priced(given, kind, trace), rate(), undefined, trace), shown: {} };
  }
}

/** T17 as a function; yuan, half-up to the fen at the end. What the kind does not need is warned of: `inputUnused` {field}. */
export function importConsumptionTax(given: ImportConsumptionTaxInput, trace: Trace): ImportConsumptionTax {
  const kind = kindOf(given);
  if (kind === undefined)
    throw refusal(
      'kind',
      'missing: rate (从价), qty and unit (从量), all three (复合), cartons or boxes (卷烟), or pricePerTonUsd (啤酒)',
    );
  const pack = trace.parametersOrNewest('tax-import', importTaxPack, given.date);
  const { tax, shown } = assessed(given, kind, pack, trace);
  for (const field of Object.keys(input.shape) as Field[])
    if (given[field] !== undefined && !usedBy[kind].includes(field) && !neverUnused.includes(field))
      trace.warn('inputUnused', { field });
  return { ...shown, consumptionTax: levied('consumptionTax', tax, pack, given.wholeTicket, trace) };
}

/** T17: 消费税暂行条例 and its rules; 财税〔2009〕84号 for cigarettes. */
export const importConsumptionTaxCalculator = calculator({
  id: 'T17',
  rule: 'T17',
  packs: ['tax-import'],
  source: '《消费税暂行条例》及实施细则；财税〔2009〕84号',
  inForceFrom: '2004-03-01',
  input,
  aliases: {
    names: {
      dutiableValue: ['customsValue', 'dutiablePrice', 'dutiableValueCny', '计税价格', '完税价格'],
      duty: ['customsDuty', 'importDuty', 'tariff', '关税'],
      dutyRate: ['tariffRate', 'customsDutyRate', '关税税率'],
      rate: ['consRate', 'consumptionRate', 'consumptionTaxRate', 'adRate', 'adValoremRate'],
      qty: ['quantity', 'tons', 'tonnes'],
      unit: ['unitTax', 'taxPerUnit', 'consUnit', 'consSpecificUnit', 'specificRate', 'specRate'],
      cartons: ['标准条'],
      boxes: ['cases'],
      pricePerTonUsd: ['usdPerTon', 'priceUsdPerTon', 'unitPriceUsdPerTon'],
      valueUsd: ['usdValue', 'amountUsd', 'totalUsd', 'dutiableValueUsd'],
      litres: ['liters', 'litre', 'liter'],
    },
    words: {
      kind: {
        adValorem: ['ad', 'adval', 'price', '从价', '从价计征', '从价定率'],
        specific: ['quantity', 'qty', '从量', '从量计征', '从量定额'],
        compound: ['composite', 'mixed', '复合', '复合计征', '复合计税'],
        cigarette: ['cigarettes', '卷烟'],
        beer: ['啤酒'],
      },
    },
  },
  calculate: importConsumptionTax,
});
