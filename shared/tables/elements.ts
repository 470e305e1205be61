/**
 * Declaration elements (申报要素) of a commodity: named values that are written as one text, the 规格型号 of a line.
 * The names of a code come from the tariff; their order there is not official, so that the user's order stands.
 */

/** One element with its value. A value may be empty; its place is kept. */
export interface ElementValue {
  readonly name: string;
  readonly value: string;
}

export interface ElementsFormat {
  /** Between elements. */
  readonly separator: string;
  /** Most characters of the text, as XML Schema counts them: code points. */
  readonly max: number;
}

/** As the goods declaration takes it (GModel, C..255). Messages of retail export allow 250 or 510: the field says its own. */
export const declarationFormat: ElementsFormat = { separator: '|', max: 255 };

/** These two stand first on a declaration, as one digit each, with the code table of their values. */
export const codedElements: Readonly<Record<string, 'brand_type' | 'export_benefit'>> = {
  品牌类型: 'brand_type',
  出口享惠情况: 'export_benefit',
};
const first = Object.keys(codedElements);

export interface ComposedElements {
  readonly text: string;
  /** Characters of the text. */
  readonly length: number;
  /** Characters above the limit, 0 when it fits. */
  readonly over: number;
}

/**
 * The names of a code in the order they are written: brand type and preference first, then those of `order`, then the others as the
 * table has them. A name of `order` that the code does not ask for is left out.
 */
export function elementNames(names: readonly string[], order: readonly string[] = []): string[] {
  const known = new Set(names);
  const sorted = [...first, ...order, ...names].filter((name) => known.has(name));
  return [...new Set(sorted)];
}

/** A value may not hold the separator or a line break: it would become two elements. Such characters become blanks. */
export function cleanValue(value: string, { separator }: ElementsFormat = declarationFormat): string {
  return value.replaceAll(separator, ' ').replace(/\s+/g, ' ').trim();
}

/** Joins the values in their order. Empty values at the end are left out, those between others keep their place. */
export function composeElements(
  items: readonly ElementValue[],
  format: ElementsFormat = declarationFormat,
): ComposedElements {
  const values = items.map(({ value }) => cleanValue(value, format));
  while (values.at(-1) === '') values.pop();
  const text = values.join(format.separator);
  const length = [...text].length;
  return { text, length, over: Math.max(0, length - format.max) };
}

/**
 * Reads a text back under the names of a code. Elements may be written bare (`1|0|棉`) or with their names (`品牌类型:1|…`, also with a
 * full-width colon); named ones find their place in any order. What is left over goes to `rest`.
 */
export function parseElements(
  text: string,
  names: readonly string[],
  format: ElementsFormat = declarationFormat,
): { readonly items: ElementValue[]; readonly rest: string[] } {
  const parts = text === '' ? [] : text.split(format.separator).map((part) => part.trim());
  const values = new Map<string, string>();
  const bare: (string | undefined)[] = [];
  for (const part of parts) {
    const at = part.search(/[:：]/);
    const name = at < 0 ? '' : part.slice(0, at).trim();
    if (name !== '' && names.includes(name) && !values.has(name)) {
      values.set(name, part.slice(at + 1).trim());
      bare.push(undefined);
    } else bare.push(part);
  }
  const rest: string[] = [];
  // A bare value belongs to the name at its own place; if that name was written out elsewhere, it belongs to none.
  for (const [at, part] of bare.entries()) {
    if (part === undefined) continue;
    const name = names[at];
    if (name !== undefined && !values.has(name)) values.set(name, part);
    else if (part !== '') rest.push(part);
  }
  return { items: names.map((name) => ({ name, value: values.get(name) ?? '' })), rest };
}

/** Names of required elements that have no value. */
export function missingElements(items: readonly ElementValue[], required: readonly string[]): string[] {
  const filled = new Set(items.filter(({ value }) => value.trim() !== '').map(({ name }) => name));
  return required.filter((name) => !filled.has(name));
}
