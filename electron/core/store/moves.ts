import { documentMachine } from '../../../shared/sync/document-states.ts';
import { statePairs } from '../../../shared/sync/machine.ts';
import { messageMachine } from '../../../shared/sync/message-states.ts';
import type { Book } from './book.ts';

/**
 * Gives the book the program's state tables, so that its triggers refuse every move that is not in them, whatever
 * statement tries. Written only where the book has others, of an older program.
 */
export function keepMoves(book: Book): void {
  const wanted = [
    ...statePairs(messageMachine).map((pair) => ['message', ...pair] as const),
    ...statePairs(documentMachine).map((pair) => ['document', ...pair] as const),
  ];
  const known = book
    .prepare(`SELECT machine || ' ' || from_state || ' ' || to_state AS text FROM legal_move`)
    .all() as { text: string }[];
  const have = new Set(known.map(({ text }) => text));
  if (have.size === wanted.length && wanted.every((move) => have.has(move.join(' ')))) return;
  book.transaction(() => {
    book.prepare('DELETE FROM legal_move').run();
    const insert = book.prepare('INSERT INTO legal_move (machine, from_state, to_state) VALUES (?, ?, ?)');
    for (const move of wanted) insert.run(...move);
  });
}
