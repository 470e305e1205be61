/** Names of goods and units as papers of different hands write them, brought to one form for comparing only. */

/** Writings of one and the same unit; units customs keeps apart (件, 个, 只 …) stay apart. Lower case, NFKC, no spaces. */
const UNIT_WRITINGS: readonly (readonly [name: string, ...others: string[]])[] = [
  ['千克', '公斤', 'kg', 'kgs', 'kilogram', 'kilograms'],
  ['克', 'g', 'gram', 'grams'],
  ['吨', '公吨', 't', 'ton', 'tons', 'mt'],
  ['米', '公尺', 'm', 'metre', 'metres', 'meter', 'meters'],
  ['平方米', 'm2', '平米', '㎡'],
  ['立方米', 'm3', '立方', 'cbm'],
  ['升', '公升', 'l', 'litre', 'litres', 'liter', 'liters'],
  ['件', 'pcs', 'pc', 'piece', 'pieces'],
  ['双', 'pair', 'pairs'],
  ['套', 'set', 'sets'],
];
const UNIT_NAMES = new Map(
  UNIT_WRITINGS.flatMap(([name, ...others]) => [name, ...others].map((one) => [one.normalize('NFKC'), name] as const)),
);

/** Width, case and spaces do not count. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '');
}

/**
 * A name of goods for comparing: as {@link folded}, and without the class of goods that a VAT invoice puts before it between
 * asterisks (`*服装*针织T恤` is `针织t恤`).
 */
export function comparableName(name: string): string {
  return folded(name).replace(/^\*[^*]*\*/, '');
}

/**
 * A unit for comparing: 公斤, KG and 千克 are one.
 * @param names names of customs' unit codes (`035` → 千克), for papers that carry the code
 */
export function comparableUnit(unit: string, names?: ReadonlyMap<string, string>): string {
  const text = folded(unit);
  const name = folded(names?.get(text) ?? text);
  return UNIT_NAMES.get(name) ?? name;
}
