import { type FieldRules, fieldRules } from '../../../shared/sync/endpoint-settings.ts';

/**
 * Field rules as lines of text, one rule a line: `CEB603Message InventoryHead/note` is required, with a number after it the greatest
 * length, with values after `=` the only ones allowed.
 */
export function linesOfRules({ required, maxLengths, allowed }: FieldRules): string {
  return [
    ...required.map(({ kind, path }) => `${kind} ${path}`),
    ...maxLengths.map(({ kind, path, length }) => `${kind} ${path} ${length}`),
    ...allowed.map(({ kind, path, values }) => `${kind} ${path} = ${values.join(' ')}`),
  ].join('\n');
}

/** The rules of lines; `wrong` are the numbers, from 1, of lines that are none. */
export function rulesOfLines(text: string): { readonly rules: FieldRules; readonly wrong: readonly number[] } {
  const rules: FieldRules = { required: [], maxLengths: [], allowed: [] };
  const wrong: number[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^\s*(\S+)\s+(\S+?)(?:\s+(\d+)|\s*=\s*(.+))?\s*$/.exec(line);
    const [, kind = '', path = '', length, values] = match ?? [];
    const one: Partial<FieldRules> =
      values !== undefined
        ? { allowed: [{ kind, path, values: values.split(/[\s,，、]+/).filter((value) => value !== '') }] }
        : length !== undefined
          ? { maxLengths: [{ kind, path, length: Number(length) }] }
          : { required: [{ kind, path }] };
    const parsed = fieldRules.safeParse(one);
    if (match === null || !parsed.success) {
      wrong.push(at + 1);
      continue;
    }
    rules.required.push(...parsed.data.required);
    rules.maxLengths.push(...parsed.data.maxLengths);
    rules.allowed.push(...parsed.data.allowed);
  }
  return { rules, wrong };
}
