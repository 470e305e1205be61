/**
 * FOB of a declaration's items: what they were declared for, less the freight and insurance that the terms of delivery (成交方式) hold.
 * Source: 海关报关单填制规范（海关总署公告2019年第18号） 成交方式、运费、保费; 审价办法（海关总署令第213号）: insurance by a rate is of the value
 * with freight, freight by a rate of the value without it.
 */
import { divideRounded, pow10, SCALE5 } from '../money/decimal.ts';
import { allocate, toMinor } from '../money/money.ts';
import type { PaperFee } from '../papers/paper-set.ts';

/** Terms that hold freight, and insurance: CIF, C&F, C&I. FOB, EXW and prices at home (市场价、垫仓) hold neither. */
const holdsFreight: ReadonlySet<string> = new Set(['1', '2']);
const holdsInsurance: ReadonlySet<string> = new Set(['1', '4']);

export interface DeclaredValues {
  /** 成交方式: a code of one digit. */
  readonly terms: string;
  /** Of each item: ISO currency, and the declared total scaled by 10^5. */
  readonly items: readonly { readonly currency: string; readonly total_e5: bigint }[];
  readonly freight: PaperFee;
  readonly insurance: PaperFee;
  /** Kilograms scaled by 10^5: freight may be stated by the tonne. */
  readonly gross_e5: bigint;
  /** An amount (scaled by 10^5) in another currency; throws where a rate is missing. Asked only where currencies differ. */
  readonly convert: (amount_e5: bigint, from: string, to: string) => bigint;
}

const hundred_e5 = 100n * pow10(SCALE5);
const scaled = (value: bigint, numerator: bigint, denominator: bigint): bigint =>
  divideRounded(value * numerator, denominator, 'halfUp');

/** Value without a fee, both scaled by 10^5, in the currency of the value. `below`: the rate is of the value without the fee. */
function without(
  value_e5: bigint,
  fee: PaperFee,
  of: { readonly currency: string; readonly rateOf: 'below' | 'above' } & Pick<DeclaredValues, 'gross_e5' | 'convert'>,
): bigint {
  if (fee.amount_e5 <= 0n) return value_e5;
  if (fee.mark === '1')
    return of.rateOf === 'below'
      ? scaled(value_e5, hundred_e5, hundred_e5 + fee.amount_e5)
      : scaled(value_e5, hundred_e5 - fee.amount_e5, hundred_e5);
  const amount_e5 = fee.mark === '2' ? scaled(fee.amount_e5, of.gross_e5, 1000n * pow10(SCALE5)) : fee.amount_e5;
  return value_e5 - (fee.currency === of.currency ? amount_e5 : of.convert(amount_e5, fee.currency, of.currency));
}

/** FOB and declared value of each item in minor units of its currency. Items of a currency add up to its total, to the minor unit. */
export function fobOf(values: DeclaredValues): { readonly fob: bigint; readonly declared: bigint }[] {
  const { items, terms, freight, insurance, gross_e5, convert } = values;
  const found: { fob: bigint; declared: bigint }[] = items.map(() => ({ fob: 0n, declared: 0n }));
  const currencies = [...new Set(items.map(({ currency }) => currency))];
  const [main = ''] = currencies;
  const sums = currencies.map((currency) =>
    items.reduce((sum, one) => (one.currency === currency ? sum + one.total_e5 : sum), 0n),
  );
  // Fees are stated once: every currency bears them as its goods are worth.
  const worth = currencies.map((currency, at) => {
    const sum = sums[at] ?? 0n;
    return currency === main || currencies.length === 1 ? sum : convert(sum, currency, main);
  });
  const total = worth.reduce((sum, one) => sum + one, 0n);
  let fobTotal = total;
  const by = { currency: main, gross_e5, convert };
  if (holdsInsurance.has(terms)) fobTotal = without(fobTotal, insurance, { ...by, rateOf: 'above' });
  if (holdsFreight.has(terms)) fobTotal = without(fobTotal, freight, { ...by, rateOf: 'below' });
  if (fobTotal < 0n) fobTotal = 0n;
  for (const [at, currency] of currencies.entries()) {
    const sum = sums[at] ?? 0n;
    const own = items.flatMap((one, index) => (one.currency === currency ? [index] : []));
    const weights = own.map((index) => items[index]?.total_e5 ?? 0n);
    if (sum <= 0n || total <= 0n) continue;
    const declared = allocate(toMinor(sum, currency).minor, weights);
    const fob = allocate(toMinor(scaled(sum, fobTotal, total), currency).minor, weights);
    for (const [place, index] of own.entries())
      found[index] = { fob: fob[place] ?? 0n, declared: declared[place] ?? 0n };
  }
  return found;
}
