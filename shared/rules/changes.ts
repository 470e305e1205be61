/** What differs between two states of a rule pack, version by version and figure by figure. */
import type { Pack } from './pack.ts';

export interface RuleChange {
  /** `version`: a whole version came or went; `dates`: another last day in force; `figure`: a parameter. */
  readonly kind: 'version' | 'dates' | 'figure';
  /** First day in force of the version it is about. */
  readonly inForceFrom: string;
  readonly inForceTo: string | null;
  /** Where in the parameters, e.g. `brackets[2].rate`; entries of lists by their id or code where they have one. Empty but for figures. */
  readonly path: string;
  /** As JSON writes it, text without quotes; empty: there was none. */
  readonly before: string;
  /** As `before`; empty: it is gone. */
  readonly after: string;
}

const names = ['id', 'code', 'event', 'name', 'mode', 'kind'] as const;

/** What entries of a list are called: by the first field that tells all of them apart, else by their place. */
function keysOf(list: readonly unknown[]): readonly string[] {
  for (const name of names) {
    const found = list.map((one) =>
      typeof one === 'object' && one !== null ? (one as Readonly<Record<string, unknown>>)[name] : undefined,
    );
    const texts = found.filter((one): one is string => typeof one === 'string');
    if (texts.length === list.length && new Set(texts).size === list.length) return texts;
  }
  return list.map((_one, at) => String(at + 1));
}

/** Every figure of a value with its path. */
function figuresOf(value: unknown, path: string, into: Map<string, string>): Map<string, string> {
  if (Array.isArray(value)) {
    const keys = keysOf(value);
    for (const [at, one] of value.entries()) figuresOf(one, `${path}[${keys[at] ?? at}]`, into);
    if (value.length === 0) into.set(path, '[]');
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) figuresOf(one, path === '' ? name : `${path}.${name}`, into);
  } else into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  return into;
}

/** Compares versions by their first day in force; in the order of these days. */
export function ruleChanges(before: Pack<unknown> | undefined, after: Pack<unknown>): RuleChange[] {
  const changes: RuleChange[] = [];
  const old = new Map((before?.versions ?? []).map((one) => [one.inForceFrom, one]));
  for (const version of after.versions) {
    const { inForceFrom, inForceTo } = version;
    const was = old.get(inForceFrom);
    const of = { inForceFrom, inForceTo };
    if (was === undefined) {
      changes.push({ kind: 'version', ...of, path: '', before: '', after: inForceFrom });
      continue;
    }
    if (was.inForceTo !== inForceTo)
      changes.push({ kind: 'dates', ...of, path: '', before: was.inForceTo ?? '', after: inForceTo ?? '' });
    const [from, to] = [was, version].map(({ parameters }) => figuresOf(parameters, '', new Map()));
    for (const path of new Set([...(from?.keys() ?? []), ...(to?.keys() ?? [])])) {
      const [then, now] = [from?.get(path) ?? '', to?.get(path) ?? ''];
      if (then !== now) changes.push({ kind: 'figure', ...of, path, before: then, after: now });
    }
  }
  const kept = new Set(after.versions.map(({ inForceFrom }) => inForceFrom));
  for (const { inForceFrom, inForceTo } of old.values())
    if (!kept.has(inForceFrom))
      changes.push({ kind: 'version', inForceFrom, inForceTo, path: '', before: inForceFrom, after: '' });
  return changes.sort((a, b) => (a.inForceFrom < b.inForceFrom ? -1 : a.inForceFrom > b.inForceFrom ? 1 : 0));
}
