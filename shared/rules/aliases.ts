/** Other names of a rule's inputs, as textbooks, examinations and other programs have them; only names that mean one thing. */
import { PortbookError } from '../errors.ts';

export interface Aliases {
  /** By the input's own name. Case, `-`, `_` and spaces make no difference, in the own name neither. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** By the input's own name: its options and what else they are called. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Inputs that are lists of things with the same names. */
  readonly lists?: readonly string[];
}

const folded = (text: string): string => text.toLowerCase().replaceAll(/[-_\s]/g, '');

function index(
  own: Iterable<string>,
  others: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, aliases] of Object.entries(others)) for (const alias of aliases) found.set(folded(alias), name);
  for (const name of own) found.set(folded(name), name);
  return found;
}

/**
 * An input under the rule's own names; a name that is unknown stays as it is, for the schema to refuse. Refusal where one
 * input is given under two names: `RULE_INPUT` {calculator, field, reason}.
 * @param own names of the schema
 */
export function underOwnNames(calculator: string, given: unknown, own: readonly string[], aliases: Aliases): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const names = index(own, aliases.names ?? {});
  const renamed: Record<string, unknown> = {};
  for (const [typed, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const name = own.includes(typed) ? typed : (names.get(folded(typed)) ?? typed);
    if (Object.hasOwn(renamed, name))
      throw new PortbookError('RULE_INPUT', { calculator, field: typed, reason: `${name} under another name` }, typed);
    renamed[name] =
      aliases.lists?.includes(name) === true ? items(calculator, value, own, aliases) : word(name, value, aliases);
  }
  return renamed;
}

function word(name: string, value: unknown, { words }: Aliases): unknown {
  const options = words?.[name];
  if (options === undefined || typeof value !== 'string') return value;
  return index(Object.keys(options), options).get(folded(value)) ?? value;
}

function items(calculator: string, value: unknown, own: readonly string[], aliases: Aliases): unknown {
  return Array.isArray(value) ? value.map((one) => underOwnNames(calculator, one, own, aliases)) : value;
}
