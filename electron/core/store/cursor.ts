import { PortbookError } from '../../../shared/errors.ts';

/** An opaque keyset cursor: the sort key of the last row of a page. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key of a cursor, or `start` for the first page. Throws `CURSOR_INVALID`. */
export function decodeCursor<K extends readonly (string | number)[]>(cursor: string | undefined, start: K): K {
  if (cursor === undefined) return start;
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new PortbookError('CURSOR_INVALID', {}, 'after');
  }
  const fits =
    Array.isArray(key) && key.length === start.length && key.every((part, i) => typeof part === typeof start[i]);
  if (!fits) throw new PortbookError('CURSOR_INVALID', {}, 'after');
  return key as unknown as K;
}
