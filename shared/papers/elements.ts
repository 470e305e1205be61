/** One declaration element (申报要素) of a specification text; the name is empty where the text gives values only. */
export interface ElementPair {
  readonly name: string;
  readonly value: string;
}

/** Elements of a specification (规格型号) as it is declared: parts between `|`, each `name:value` or a value alone. */
export function elementPairs(gmodel: string): ElementPair[] {
  if (gmodel.trim() === '') return [];
  return gmodel.split('|').map((part) => {
    const at = part.search(/[:：]/);
    return at <= 0
      ? { name: '', value: part.trim() }
      : { name: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
  });
}
