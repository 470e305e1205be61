import type { ProductTax, TariffRates, TaxFacts } from '../contract/purchasing.ts';

/** The facts that both a product and a tariff row may state. */
const rates = ['vatRate', 'refundRate', 'consumptionRate', 'exportDutyRate'] as const;

/**
 * What holds for a product's taxes: what the firm says of the product itself, else the tariff row in force, else unknown.
 * Nothing is guessed: a rate nobody has stated stays undefined. A provisional export duty goes before the ordinary one
 * (关税法 art. 16).
 * @param row the tariff's row in force for the product's commodity code
 */
export function resolveTaxFacts(product: ProductTax, row: TariffRates | undefined): TaxFacts {
  const tariff = {
    vatRate: row?.vatRate,
    refundRate: row?.refundRate,
    consumptionRate: row?.consumptionRate,
    exportDutyRate: row?.exportProvisionalRate ?? row?.exportDutyRate,
  };
  const facts: TaxFacts = { from: {} };
  for (const name of rates) {
    const value = product[name] ?? tariff[name];
    if (value === undefined) continue;
    facts[name] = value;
    facts.from[name] = product[name] === undefined ? 'tariff' : 'product';
  }
  for (const name of ['isFood', 'isOnNoRefundList', 'isOwnGrown', 'isSelfProduced', 'isUsed'] as const) {
    const value = product[name];
    if (value === undefined) continue;
    facts[name] = value;
    facts.from[name] = 'product';
  }
  return facts;
}
