/** How the fields of the goods declaration are written down: one call each, as its field tables have one row. */
import type { DecimalField, IntegerField, TextField } from './spec.ts';

interface Common extends Partial<Pick<TextField, 'from' | 'help' | 'default' | 'lineOf'>> {
  /** The schema wants the element, with or without a value. */
  readonly mandatory?: true;
  /** Needed to declare. */
  readonly required?: true;
}
type TextMore = Common &
  Partial<Pick<TextField, 'length' | 'older' | 'format' | 'table' | 'values' | 'open' | 'several' | 'under'>>;
type Named<F, N extends string, M> = Omit<F, 'name' | 'required'> & {
  readonly name: N;
  readonly required: M extends { readonly required: true } ? true : false;
};

const common = ({ mandatory, required, ...more }: Common) =>
  ({ ...more, occurs: [mandatory === true ? 1 : 0, 1], required: required === true }) as const;

/** Text of at most `max` characters, or of exactly `length`. */
export function text<const N extends string, const M extends TextMore>(
  name: N,
  max: number,
  zh: string,
  en: string,
  more?: M,
): Named<TextField, N, M> {
  const size = more?.length === undefined ? { max } : {};
  return { kind: 'text', name, zh, en, ...size, ...common(more ?? {}) } as unknown as Named<TextField, N, M>;
}

/** A decimal of so many significant digits, `fraction` of them behind the point. */
export function decimal<const N extends string, const M extends Common>(
  name: N,
  digits: number,
  fraction: number,
  zh: string,
  en: string,
  more?: M,
): Named<DecimalField, N, M> {
  const field = { kind: 'decimal', name, zh, en, digits, fraction, ...common(more ?? {}) };
  return field as unknown as Named<DecimalField, N, M>;
}

export function integer<const N extends string, const M extends Common>(
  name: N,
  digits: number,
  zh: string,
  en: string,
  more?: M,
): Named<IntegerField, N, M> {
  return { kind: 'integer', name, zh, en, digits, ...common(more ?? {}) } as unknown as Named<IntegerField, N, M>;
}
