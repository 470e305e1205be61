import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { PortbookError } from '../../shared/errors.ts';
import { fileLog } from './log.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = fileLog(folder, () => '2026-11-22T00:00:00.000Z');

/** The line that a bug leaves, as text and read. */
function lineOf(error: unknown): { readonly text: string; readonly error: Record<string, unknown> } {
  const id = log.bug(error, { operation: 'orders.save' });
  const text = readFileSync(path.join(folder, 'core.log'), 'utf8')
    .split('\n')
    .find((line) => line.includes(id));
  if (text === undefined) throw new Error('no line');
  return { text, error: (JSON.parse(text) as { error: Record<string, unknown> }).error };
}
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
const buyer = '王小明';
const street = '海口市龙华区滨海大道 88 号';
const holdsNothing = (text: string): void => {
  for (const secret of [buyer, street, '88 号', 'Elm Street']) expect(text).not.toContain(secret);
};

it('keeps nothing of what a schema says of a value, but its codes and where it was', () => {
  const schema = z.strictObject({
    buyer: z.string().refine((name) => name === '', { error: ({ input }) => `${String(input)}?` }),
  });
  const { text, error } = lineOf(thrownBy(() => schema.parse({ buyer, [street]: 1 })));
  holdsNothing(text);
  expect(error).toMatchObject({ class: 'ZodError', issues: expect.arrayContaining(['custom', 'unrecognized_keys']) });
  expect(JSON.parse(text)).toMatchObject({ level: 'bug', operation: 'orders.save' });
});

it('keeps the code of what SQLite refused, and not the statement that holds a name and an address', () => {
  const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
  const db = new Database(':memory:', nativeBinding === undefined ? {} : { nativeBinding });
  const { text, error } = lineOf(
    thrownBy(() => db.exec(`INSERT INTO "${buyer} ${street}\n    at ${buyer} (Elm Street:1:1)" VALUES (1)`)),
  );
  db.close();
  holdsNothing(text);
  expect(error).toMatchObject({ class: 'SqliteError', code: 'SQLITE_ERROR' });
  expect(error['frames']).toEqual(expect.arrayContaining([expect.stringMatching(/^thrownBy log\.test\.ts:\d+$/)]));
  // Folders name whoever works here.
  expect(text).not.toContain(path.dirname(import.meta.filename));
});

it('keeps the code of a refusal of ours, and what an error came of', () => {
  const refusal = new PortbookError('ORDER_UNKNOWN', { name: buyer });
  const { text, error } = lineOf(new Error(street, { cause: refusal }));
  holdsNothing(text);
  expect(error).toMatchObject({ class: 'Error', cause: { class: 'PortbookError', code: 'ORDER_UNKNOWN' } });
  expect(lineOf(buyer).error).toEqual({ class: 'string' });
});
