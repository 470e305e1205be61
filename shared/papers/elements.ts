/** One declaration element (申报要素) of a specification text; the name is empty where the text gives values only. */
export interface ElementPair {
  readonly name: string;
  readonly value: string;
}

/**
 * Elements of a specification (规格型号) as it is declared: parts between `|`, each `name:value` or a value alone, in their order.
 * @param names what the code asks for, in the order it is written; where they are known only they are names, else whatever stands before a
 * colon. A value alone has the name at its place, unless another part
 * carries that name or there are more parts than names
 */
export function elementPairs(gmodel: string, names: readonly string[] = []): ElementPair[] {
  if (gmodel.trim() === '') return [];
  const pairs = gmodel.split('|').map((part) => {
    const at = part.search(/[:：]/);
    const name = at <= 0 ? '' : part.slice(0, at).trim();
    // A value may have a colon of its own, as 棉:60%涤:40% has.
    return name === '' || (names.length > 0 && !names.includes(name))
      ? { name: '', value: part.trim() }
      : { name, value: part.slice(at + 1).trim() };
  });
  if (pairs.length > names.length) return pairs;
  const written = new Set(pairs.map(({ name }) => name));
  return pairs.map(({ name, value }, at) => {
    const own = names[at] ?? '';
    return { name: name === '' && !written.has(own) ? own : name, value };
  });
}
