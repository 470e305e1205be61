/** Undo and redo of a whole document: its states as they were, each with the place the cursor had. */
import { type AnyDocument, headOf, linesOf, type MessageSpec } from '../documents/spec.ts';
import type { EditOperation, LineValues } from './edit.ts';

export interface Moment {
  readonly body: AnyDocument;
  /** Path of the field that was being changed. */
  readonly path: string;
}

export interface UndoStack {
  readonly past: readonly Moment[];
  readonly future: readonly Moment[];
}

export const emptyUndo: UndoStack = { past: [], future: [] };

/** As far back as one can go. Moments share what did not change, so many of them are light. */
const LONGEST = 500;

/** Notes the state before a change; what was undone can then no longer be redone. */
export function remember({ past }: UndoStack, before: Moment): UndoStack {
  return { past: [...past, before].slice(-LONGEST), future: [] };
}

/** Steps back (`-1`) or forward (`1`); undefined when there is nothing there. */
export function step(
  { past, future }: UndoStack,
  present: AnyDocument,
  by: -1 | 1,
): { readonly stack: UndoStack; readonly to: Moment } | undefined {
  const to = by === -1 ? past.at(-1) : future.at(-1);
  if (to === undefined) return undefined;
  const here: Moment = { body: present, path: to.path };
  return {
    to,
    stack:
      by === -1
        ? { past: past.slice(0, -1), future: [...future, here] }
        : { past: [...past, here], future: future.slice(0, -1) },
  };
}

/**
 * The one operation that turns a body into another; undefined when they are the same. What a secret field held is known only by its end
 * and cannot be put back, so such fields are left as they are.
 */
export function restoreBetween(spec: MessageSpec, from: AnyDocument, to: AnyDocument): EditOperation | undefined {
  const before = headOf(spec, from);
  const after = headOf(spec, to);
  const secret = new Set(
    spec.head.fields.filter((field) => field.kind === 'text' && field.secret === true).map(({ name }) => name),
  );
  const head: Record<string, string> = {};
  for (const { name } of spec.head.fields)
    if (before[name] !== after[name] && !secret.has(name)) head[name] = after[name] ?? '';
  const parts: Record<string, unknown> = {};
  for (const { name } of spec.parts ?? []) if (from[name] !== to[name]) parts[name] = to[name] ?? null;
  const old = linesOf(spec, from);
  const wanted = linesOf(spec, to);
  let start = 0;
  while (start < old.length && start < wanted.length && old[start] === wanted[start]) start += 1;
  let tail = 0;
  while (
    tail < old.length - start &&
    tail < wanted.length - start &&
    old[old.length - 1 - tail] === wanted[wanted.length - 1 - tail]
  )
    tail += 1;
  const count = old.length - start - tail;
  const changed = wanted.slice(start, wanted.length - tail);
  const lines = changed.map(present);
  Object.assign(parts, groupsInLines(spec, changed, start + 1));
  const hasParts = Object.keys(parts).length > 0;
  if (Object.keys(head).length === 0 && count === 0 && lines.length === 0 && !hasParts) return undefined;
  return { op: 'restore', head, at: start + 1, count, lines, ...(hasParts ? { parts } : {}) };
}

/** The groups in lines of which the first stands at `from`, by path: as an operation carries them beside the lines' own values. */
export function groupsInLines(spec: MessageSpec, lines: readonly AnyDocument[], from: number): Record<string, unknown> {
  return Object.fromEntries(
    lines.flatMap((line, index) =>
      (spec.lines?.parts ?? []).flatMap(({ name }) =>
        line[name] === undefined ? [] : [[`${spec.lines?.name ?? ''}[${from + index}]/${name}`, line[name]] as const],
      ),
    ),
  );
}

/** The values that are there; groups in a line are not among them. */
export function present(values: Readonly<Record<string, string | undefined>>): LineValues {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
