/** One declaration element (申报要素) of a specification text; the name is empty where the text gives values only. */
export interface ElementPair {
  readonly name: string;
  readonly value: string;
}

/**
 * Elements of a specification (规格型号) as it is declared: parts between `|`, each `name:value` or a value alone, in their order.
 * @param names what the code asks for, in the order it is written: a value alone has the name at its place, unless another part
 * carries that name or there are more parts than names
 */
export function elementPairs(gmodel: string, names: readonly string[] = []): ElementPair[] {
  if (gmodel.trim() === '') return [];
  const pairs = gmodel.split('|').map((part) => {
    const at = part.search(/[:：]/);
    return at <= 0
      ? { name: '', value: part.trim() }
      : { name: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
  });
  if (pairs.length > names.length) return pairs;
  const written = new Set(pairs.map(({ name }) => name));
  return pairs.map(({ name, value }, at) => {
    const own = names[at] ?? '';
    return { name: name === '' && !written.has(own) ? own : name, value };
  });
}
