import type { TableSet } from '../../../shared/tables/table.ts';
import type { Resources } from '../resources.ts';

/** Names of units as people write them, beside the official Chinese names. Data. */
const unitNames: Readonly<Record<string, string>> = {
  kg: '035',
  kgs: '035',
  公斤: '035',
  g: '036',
  pc: '011',
  pcs: '011',
  piece: '011',
  pieces: '011',
  ea: '011',
  unit: '011',
  set: '006',
  sets: '006',
  pair: '025',
  pairs: '025',
  m: '030',
};

/** Turns what source files write into codes, over the code tables. */
export interface Codes {
  /** ISO 4217 of a code, a customs number or a Chinese name. */
  currency(text: string): string | undefined;
  /** Customs unit code of a code, a Chinese name or a common abbreviation. */
  unit(text: string): string | undefined;
  /** Old customs numeric country code. */
  country(text: string): string | undefined;
  /** The tables themselves, for what names its codes exactly. */
  readonly tables: TableSet;
  /** Packs, for what has words of its own. */
  readonly resources: Resources;
}

/** Names of currencies that people write, beside the tables' own. Data. */
const currencyNames: Readonly<Record<string, string>> = {
  人民币: 'CNY',
  RMB: 'CNY',
  美元: 'USD',
  美金: 'USD',
  欧元: 'EUR',
  英镑: 'GBP',
  日元: 'JPY',
  港元: 'HKD',
  港币: 'HKD',
  澳元: 'AUD',
  加元: 'CAD',
  新西兰元: 'NZD',
  新加坡元: 'SGD',
  瑞士法郎: 'CHF',
  林吉特: 'MYR',
  卢布: 'RUB',
  兰特: 'ZAR',
  韩元: 'KRW',
  泰铢: 'THB',
};

export function codesOf(resources: Resources): Codes {
  const countries = resources.countries();
  const units = resources.table('unit');
  const unitByName = new Map(units.entries.map(({ code, zh }) => [zh, code]));
  const currencies = new Map<string, string>();
  for (const { code, zh } of resources.table('currency_iso').entries) {
    currencies.set(code, code);
    if (zh !== '') currencies.set(zh, code);
  }
  for (const { code, zh, more } of resources.table('currency').entries) {
    const iso = more['alpha3'] ?? '';
    // Old national currencies of the customs table have no ISO code today.
    if (!currencies.has(iso)) continue;
    currencies.set(code, iso);
    if (!currencies.has(zh)) currencies.set(zh, iso);
  }
  return {
    currency: (text) => {
      const name = text.normalize('NFKC').trim().toUpperCase();
      return currencies.get(name) ?? (Object.hasOwn(currencyNames, name) ? currencyNames[name] : undefined);
    },
    unit: (text) => {
      const name = text.normalize('NFKC').trim();
      // Unit codes always have three digits: a number cell has lost only the zeros in front.
      if (/^\d{1,3}$/.test(name)) return units.has(name.padStart(3, '0')) ? name.padStart(3, '0') : undefined;
      const lower = name.toLowerCase();
      return unitByName.get(name) ?? (Object.hasOwn(unitNames, lower) ? unitNames[lower] : undefined);
    },
    country: (text) => countries.match(text),
    tables: resources.tables,
    resources,
  };
}
