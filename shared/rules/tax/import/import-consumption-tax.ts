/** T17 进口环节消费税: 从价, 从量, 复合; cigarettes in two steps; beer by its price a ton. */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num } from '../../figures.ts';
import { shown } from '../steps.ts';
import { includedRate, includedTax, levied, positive, ticketInput } from './levy.ts';
import { type ImportTaxFigures, importTaxPack } from './packs.ts';

const common = { date: date.optional(), ...ticketInput };
/** 计税价格 and 关税, yuan. */
const priced = { dutiableValue: amount, duty: amount.default(new Num(0)) };
/** Taken and not used: the tax hangs on the quantity alone. */
const priceUnused = { dutiableValue: amount.optional(), duty: amount.optional() };

const adValorem = z.strictObject({
  kind: z.enum(['adValorem', 'advalorem', 'ad-valorem']),
  ...priced,
  rate: includedRate,
  ...common,
});
const specific = z.strictObject({ kind: z.literal('specific'), ...priceUnused, qty: amount, unit: amount, ...common });
const compound = z.strictObject({
  kind: z.literal('compound'),
  ...priced,
  rate: includedRate,
  qty: amount,
  /** Yuan a unit of `qty`. */
  unit: amount,
  ...common,
});
const cigarette = z
  .strictObject({
    kind: z.literal('cigarette'),
    ...priced,
    /** 标准条 of 200; or boxes (箱). */
    cartons: positive.optional(),
    boxes: positive.optional(),
    ...common,
  })
  .refine(({ cartons, boxes }) => (cartons === undefined) !== (boxes === undefined), {
    path: ['cartons'],
    message: 'cartons or boxes, one of them',
  });
const beer = z
  .strictObject({
    kind: z.literal('beer'),
    ...priceUnused,
    pricePerTonUsd: amount,
    /** Tons, by either name; or litres. */
    qty: amount.optional(),
    tons: amount.optional(),
    litres: amount.optional(),
    ...common,
  })
  .refine(({ qty, tons, litres }) => [qty, tons, litres].filter((one) => one !== undefined).length === 1, {
    path: ['litres'],
    message: 'tons or litres, one of them',
  });
const input = z.discriminatedUnion('kind', [adValorem, specific, compound, cigarette, beer]);
export type ImportConsumptionTaxInput = z.output<typeof input>;

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
  { dutiableValue, duty, rate }: { readonly dutiableValue: Num; readonly duty: Num; readonly rate: Num },
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

function ofCigarettes(given: z.output<typeof cigarette>, pack: ImportTaxFigures['cigarette'], trace: Trace): Assessed {
  const { dutiableValue, duty, boxes } = given;
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
  const price = dutiableValue.plus(duty).plus(cartons.times(unit)).div(new Num(1).minus(pack.testRate)).div(cartons);
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
    result: fen(price),
    rounding: 'fen',
  });
  const rate = new Num(price.gte(pack.thresholdPerCarton) ? pack.rateFromThreshold : pack.rateBelowThreshold);
  trace.step({
    id: 'cigaretteRate',
    formula: 'testPricePerCarton ≥ thresholdPerCarton ? rateFromThreshold : rateBelowThreshold',
    inputs: {
      testPricePerCarton: shown(price),
      thresholdPerCarton: pack.thresholdPerCarton,
      rateFromThreshold: pack.rateFromThreshold,
      rateBelowThreshold: pack.rateBelowThreshold,
    },
    result: rate.toFixed(2),
  });
  const tax = byPrice({ dutiableValue, duty, rate }, { qty: cartons, unit }, trace);
  return { tax, shown: { testPricePerCarton: fen(price), rate: rate.toFixed(2) } };
}

function ofBeer(given: z.output<typeof beer>, pack: ImportTaxFigures['beer'], trace: Trace): Assessed {
  const { pricePerTonUsd, litres } = given;
  const tons = given.qty ?? given.tons ?? (litres ?? new Num(0)).div(pack.litresPerTon);
  if (litres !== undefined) {
    trace.step({
      id: 'tons',
      formula: 'litres ÷ litresPerTon',
      inputs: { litres: shown(litres), litresPerTon: pack.litresPerTon },
      result: shown(tons),
    });
  }
  const unit = new Num(
    pricePerTonUsd.gte(pack.thresholdUsdPerTon) ? pack.perTonFromThreshold : pack.perTonBelowThreshold,
  );
  trace.step({
    id: 'beerUnit',
    formula: 'pricePerTonUsd ≥ thresholdUsdPerTon ? perTonFromThreshold : perTonBelowThreshold',
    inputs: {
      pricePerTonUsd: shown(pricePerTonUsd),
      thresholdUsdPerTon: pack.thresholdUsdPerTon,
      perTonFromThreshold: pack.perTonFromThreshold,
      perTonBelowThreshold: pack.perTonBelowThreshold,
    },
    result: shown(unit),
  });
  return {
    tax: byQuantity(tons, unit, trace),
    shown: { tons: shown(tons.toDecimalPlaces(5)), unit: shown(unit) },
  };
}

function assessed(given: ImportConsumptionTaxInput, pack: ImportTaxFigures, trace: Trace): Assessed {
  switch (given.kind) {
    case 'cigarette':
      return ofCigarettes(given, pack.cigarette, trace);
    case 'beer':
      return ofBeer(given, pack.beer, trace);
    case 'specific':
      return { tax: byQuantity(given.qty, given.unit, trace), shown: {} };
    case 'compound':
      return { tax: byPrice(given, given, trace), shown: {} };
    default:
      return { tax: byPrice(given, undefined, trace), shown: {} };
  }
}

/** T17 as a function; yuan, half-up to the fen at the end. */
export function importConsumptionTax(given: ImportConsumptionTaxInput, trace: Trace): ImportConsumptionTax {
  const pack = trace.parametersOrNewest('tax-import', importTaxPack, given.date);
  const { tax, shown } = assessed(given, pack, trace);
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
  calculate: importConsumptionTax,
});
