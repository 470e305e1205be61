import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from '../store/book.ts';
import { messageBytes, settle } from '../store/messages.ts';

/**
 * A message that the book holds damaged (a bad sector, a foreign hand): it must not leave, and must hold up no other. Every step that reads
 * messages one after the other asks here.
 */
const DAMAGED = 'MESSAGE_DAMAGED';

/** The bytes of a message; undefined where the book holds them damaged. */
export function soundBytes(book: Book, guid: string): Uint8Array | undefined {
  try {
    return messageBytes(book, guid);
  } catch (error) {
    if (error instanceof PortbookError && error.code === DAMAGED) return undefined;
    throw error;
  }
}

/** Its documents are sent back and can be drafted anew. */
export function refuseDamaged(book: Book, guid: string, at: string): void {
  settle(book, guid, { event: 'refuse', at, error: DAMAGED });
}
