/** The firm's own version of a rule pack as a form: every figure and date by its place in the pack's file. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { Json } from './calculator-form.ts';

export type PackView = OutputOf<'rules.pack'>['inForce'];
/** The pack as its file has it. */
export interface PackBody {
  readonly [name: string]: Json;
}

/** What the core saves: the pack whole, with the titles under the names of the file. */
export function bodyOf({ id, title, source, versions }: PackView): PackBody {
  return { id, titleZh: title.zh, titleEn: title.en, source, versions: versions as unknown as readonly Json[] };
}

export type Path = readonly (string | number)[];
export interface Leaf {
  readonly path: Path;
  readonly value: string | number | boolean | null;
}

/** Figures and words with their places, in the order of the file; empty lists and groups have none. */
export function leavesOf(value: Json, path: Path = []): readonly Leaf[] {
  if (value === null || typeof value !== 'object') return [{ path, value }];
  const entries: (readonly [string | number, Json])[] = Array.isArray(value)
    ? value.map((one: Json, at): [number, Json] => [at, one])
    : Object.entries(value);
  return entries.flatMap(([name, one]) => leavesOf(one, [...path, name]));
}

export function valueAt(value: Json, path: Path): Json | undefined {
  let at: Json | undefined = value;
  for (const name of path) {
    if (at === null || at === undefined || typeof at !== 'object') return undefined;
    at = (at as Readonly<Record<string | number, Json>>)[name];
  }
  return at;
}

/** The same with one place changed; nothing of the original is touched. */
export function withValue<V extends Json>(value: V, path: Path, put: Json): V {
  const [name, ...rest] = path;
  if (name === undefined) return put as V;
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    return list.map((one, at) => (at === name ? withValue(one, rest, put) : one)) as unknown as V;
  }
  if (value === null || typeof value !== 'object') return value;
  const group = value as Readonly<Record<string, Json>>;
  return { ...group, [name]: withValue(group[name] ?? null, rest, put) } as unknown as V;
}

/** What was typed in place of a value: a number stays a number where it was one, yes and no stay so, the rest is text. */
export function typedLike(before: Leaf['value'], typed: string): Json {
  const text = typed.normalize('NFKC').trim();
  if (typeof before === 'number') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (typeof before === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (before === null && text === '') return null;
  return /^-?[\d,]+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : typed.trim();
}

/**
 * One version more, to be law from `from` on: the newest with its figures, its day of end open; the one before ends the day
 * before. `dayBefore` is the caller's calendar.
 */
export function withNewVersion(body: PackBody, from: string, dayBefore: string): PackBody {
  const versions = Array.isArray(body['versions'])
    ? (body['versions'] as readonly Readonly<Record<string, Json>>[])
    : [];
  const newest = versions.reduce<Readonly<Record<string, Json>> | undefined>(
    (last, one) => (last === undefined || String(one['inForceFrom']) > String(last['inForceFrom']) ? one : last),
    undefined,
  );
  if (newest === undefined) return body;
  const ended = versions.map((one) =>
    one === newest && (one['inForceTo'] === null || String(one['inForceTo']) >= from)
      ? { ...one, inForceTo: dayBefore }
      : one,
  );
  return { ...body, versions: [...ended, { ...newest, inForceFrom: from, inForceTo: null }] };
}

/** The day before an ISO date. */
export function dayBefore(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? '' : new Date(at.getTime() - 86_400_000).toISOString().slice(0, 10);
}

/** Paths changed against the shipped pack, for the marks beside the figures. */
export function changedPaths(own: PackBody, shipped: PackBody): ReadonlySet<string> {
  return new Set(
    leavesOf(own as Json)
      .filter(({ path, value }) => valueAt(shipped as Json, path) !== value)
      .map(({ path }) => path.join('.')),
  );
}
