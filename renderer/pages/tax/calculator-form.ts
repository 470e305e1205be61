/** The form of a calculator: what is typed, as text, and the input the core is given for it. */
import type { RuleInput } from '../../../shared/contract/tax.ts';

/** Text of a field, rows of a list, fields of a group. Everything typed is text; the core decides what it is. */
export type FormValue = string | readonly FormValues[] | FormValues;
export interface FormValues {
  readonly [name: string]: FormValue;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Rows whose fields nobody names (a list of figures, of pairs) hold their figures in one text under this name. */
export const plainRow = '';

export const isRows = (value: FormValue | undefined): value is readonly FormValues[] => Array.isArray(value);

export function rowsOf(value: FormValue | undefined): readonly FormValues[] {
  return isRows(value) ? value : [];
}

export function groupOf(value: FormValue | undefined): FormValues {
  return typeof value === 'object' && !isRows(value) ? (value as FormValues) : {};
}

export function textOf(value: FormValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Fields of a row of a list, its one nameless field where the rule names none. */
export function rowFields(input: RuleInput): readonly RuleInput[] {
  if (input.fields !== undefined && input.fields.length > 0) return input.fields;
  return [{ name: plainRow, label: input.label, kind: 'text', required: true }];
}

const isBlank = (values: FormValues): boolean =>
  Object.values(values).every((value) =>
    typeof value === 'string' ? value.trim() === '' : isRows(value) ? value.every(isBlank) : isBlank(groupOf(value)),
  );

/** Figures in one text: `120 130` or `120, 130` are two. */
function plainValue(text: string): Json {
  const parts = text
    .normalize('NFKC')
    .trim()
    .split(/[\s,;]+/);
  return parts.length > 1 ? parts : (parts[0] ?? '');
}

function scalar({ kind }: RuleInput, typed: string): Json {
  const text = typed.trim();
  switch (kind) {
    case 'figure':
      return text.normalize('NFKC').replace(/[,\s]/g, '').replace('\u2212', '-');
    case 'whole': {
      const plain = text.normalize('NFKC').replace(/[,\s]/g, '');
      return /^-?\d{1,15}$/.test(plain) ? Number(plain) : plain;
    }
    case 'boolean':
      return text === 'true';
    case 'other':
      try {
        return JSON.parse(text) as Json;
      } catch {
        return text;
      }
    default:
      return text;
  }
}

/** What `rules.run` gets: fields left empty are left out, which is not nought. */
export function inputOf(fields: readonly RuleInput[], values: FormValues): Record<string, Json> {
  const input: Record<string, Json> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === 'list') {
      const rows = rowsOf(value).filter((row) => !isBlank(row));
      if (rows.length === 0 && !field.required) continue;
      input[field.name] = rows.map((row): Json => {
        const [only] = rowFields(field);
        return only?.name === plainRow ? plainValue(textOf(row[plainRow])) : inputOf(rowFields(field), row);
      });
    } else if (field.kind === 'group') {
      const inner = inputOf(field.fields ?? [], groupOf(value));
      if (Object.keys(inner).length > 0 || field.required) input[field.name] = inner;
    } else if (textOf(value).trim() !== '') {
      input[field.name] = scalar(field, textOf(value));
    }
  }
  return input;
}

/** A row more in a list, as it starts. */
export function startValues(fields: readonly RuleInput[]): FormValues {
  return Object.fromEntries(
    fields.flatMap((field) => (field.kind === 'list' && field.required ? [[field.name, [{}]]] : [])),
  );
}

/** What a refusal says of a field, in words of the desk: the key of its text under `tax.refused`. */
export function refusalOf(reason: string): 'required' | 'negative' | 'ratio' | 'date' | 'unknown' | 'few' | 'wrong' {
  if (/received undefined/.test(reason)) return 'required';
  if (/^negative$/.test(reason)) return 'negative';
  if (/between 0 and 1/.test(reason)) return 'ratio';
  if (/not a date/.test(reason)) return 'date';
  if (/Unrecognized key/.test(reason)) return 'unknown';
  if (/Too small/.test(reason)) return 'few';
  return 'wrong';
}

/** The form's place nearest to a refusal: `quarters.1.0` has no field of its own, but the row `quarters.1` has. */
export function nearestPlace(refused: string, places: ReadonlySet<string>): string | undefined {
  for (let at = refused; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) if (places.has(at)) return at;
  return undefined;
}

/** Every place of the form by its path in the input: `year`, `rows.0.amountCny`. */
export function placesOf(fields: readonly RuleInput[], values: FormValues, prefix = ''): readonly string[] {
  return fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    if (field.kind === 'group') return [path, ...placesOf(field.fields ?? [], groupOf(values[field.name]), `${path}.`)];
    if (field.kind !== 'list') return [path];
    const rows = rowsOf(values[field.name]);
    return [
      path,
      ...rows.flatMap((row, at) => {
        const inner = rowFields(field);
        return inner[0]?.name === plainRow ? [`${path}.${at}`] : placesOf(inner, row, `${path}.${at}.`);
      }),
    ];
  });
}

/**
 * The index that the core speaks of counts the rows it was given; blank rows of the form were left out.
 * `rows.0.amountCny` of a form whose first row is blank is its second row.
 */
export function formPath(refused: string, fields: readonly RuleInput[], values: FormValues): string {
  const [name = '', index, ...rest] = refused.split('.');
  const field = fields.find((one) => one.name === name);
  if (field === undefined || index === undefined) return refused;
  if (field.kind === 'group')
    return `${name}.${formPath([index, ...rest].join('.'), field.fields ?? [], groupOf(values[name]))}`;
  if (field.kind !== 'list') return refused;
  const rows = rowsOf(values[name]);
  const shown = rows.flatMap((row, at) => (isBlank(row) ? [] : [at]));
  const at = shown[Number(index)] ?? Number(index);
  const inner = rest.length === 0 ? '' : `.${formPath(rest.join('.'), rowFields(field), rows[at] ?? {})}`;
  return `${name}.${at}${inner}`;
}
