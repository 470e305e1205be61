/** fast-check arbitraries made from the tables: documents that every check accepts. For tests only. */
import fc from 'fast-check';
import type { AnyDocument, FieldSpec, MessageSpec, PartSpec } from './spec.ts';

const HEX = '0123456789ABCDEF';
export const guidArbitrary: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...HEX), { minLength: 32, maxLength: 32 })
  .map((a) => a.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));

// Everything XML has an opinion on, besides plain letters; no blank at the ends, which the checks doubt.
const character = fc.constantFrom(
  'a',
  'Z',
  '0',
  '&',
  '<',
  '>',
  '"',
  "'",
  ']',
  '中',
  '文',
  'é',
  '𠮷',
  '😀',
  ' ',
  '\t',
  '\n',
  '-',
  '|',
  '%',
);

function textOf(min: number, max: number): fc.Arbitrary<string> {
  return fc
    .array(character, { minLength: min, maxLength: Math.min(max, Math.max(min, 40)) })
    .map((a) => a.map((c, i) => ((i === 0 || i === a.length - 1) && /\s/.test(c) ? 'x' : c)).join(''));
}

const two = (n: number): string => n.toString().padStart(2, '0');
const date = fc
  .tuple(fc.integer({ min: 2020, max: 2030 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([y, m, d]) => `${y}${two(m)}${two(d)}`);
const time = fc
  .tuple(date, fc.nat(23), fc.nat(59), fc.nat(59))
  .map(([d, h, m, s]) => `${d}${two(h)}${two(m)}${two(s)}`);

function valueArbitrary(field: FieldSpec): fc.Arbitrary<string> {
  if (field.kind === 'integer') return fc.integer({ min: 1, max: 10 ** field.digits - 1 }).map(String);
  if (field.kind === 'decimal') {
    return fc
      .tuple(
        fc.bigInt({ min: 0n, max: 10n ** BigInt(field.digits - field.fraction) - 1n }),
        fc.nat(10 ** field.fraction - 1),
        fc.boolean(),
      )
      .map(([whole, part, short]) =>
        short ? `${whole}` : `${whole}.${part.toString().padStart(field.fraction, '0')}`,
      );
  }
  if (field.values !== undefined) return fc.constantFrom(...Object.keys(field.values));
  switch (field.format) {
    case 'guid':
      return guidArbitrary;
    case 'date8':
      return date;
    case 'time14':
      return time;
    case 'time17':
      return time.map((t) => `${t}123`);
    default:
  }
  if (field.table !== undefined)
    return fc
      .constantFrom('1', '2', '3')
      .map((c) => c.repeat(field.length ?? field.min ?? 3).slice(0, field.length ?? field.max ?? 3));
  return field.length === undefined
    ? textOf(Math.max(1, field.min ?? 1), field.max ?? 20)
    : textOf(field.length, field.length);
}

function groupOf(fields: readonly FieldSpec[]): fc.Arbitrary<Record<string, string>> {
  // A field needed only in some cases is always given, so that no document is incomplete by chance.
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, valueArbitrary(field)])), {
    requiredKeys: fields
      .filter((field) => field.required || field.requiredWhen !== undefined)
      .map((field) => field.name),
  }) as fc.Arbitrary<Record<string, string>>;
}

/** A group with the groups in it; what would be empty is not there at all, as the reader has it. */
function rowOf(fields: readonly FieldSpec[], parts: readonly PartSpec[] = []): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(groupOf(fields), partsOf(parts)).map(([values, groups]) => ({ ...values, ...groups }));
}

function partsOf(parts: readonly PartSpec[]): fc.Arbitrary<Record<string, unknown>> {
  const groups = parts.map((part) => {
    const row = rowOf(part.fields, part.parts);
    if (part.max === 1)
      return (part.min === 1 ? row : fc.option(row, { nil: {} })).map((one) => [part.name, one] as const);
    return fc
      .array(row, { minLength: part.min, maxLength: Math.min(part.max, 2) })
      .map((rows) => [part.name, rows] as const);
  });
  return fc
    .tuple(...groups)
    .map((all) =>
      Object.fromEntries(
        all.filter(([, value]) => (Array.isArray(value) ? value.length : Object.keys(value).length) > 0),
      ),
    );
}

export function documentArbitrary(spec: MessageSpec): fc.Arbitrary<AnyDocument> {
  if (spec.head.name === '') return groupOf(spec.head.fields);
  if (spec.lines === undefined) return fc.record({ [spec.head.name]: groupOf(spec.head.fields) });
  const { head, lines } = spec;
  return fc
    .tuple(
      groupOf(head.fields),
      fc.array(rowOf(lines.fields, lines.parts), { minLength: lines.min ?? 1, maxLength: 4 }),
      partsOf(spec.parts ?? []),
    )
    .map(([values, rows, groups]) => ({ [head.name]: values, [lines.name]: rows, ...groups }));
}
