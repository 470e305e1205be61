import { specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { businessKeyOf, headOf } from '../../../shared/documents/spec.ts';
import { writeAny } from '../../../shared/documents/write.ts';
import type { Book } from '../store/book.ts';
import { endpointOf } from '../store/endpoints.ts';
import { getMessage } from '../store/messages.ts';
import { unparkReceipts } from '../store/receipts.ts';
import { documentOfNode, insertRecovered, messagesSpokenOf, type RecoveredDocument } from '../store/restored.ts';
import { isUnheard, wasRestored } from '../store/restoring.ts';
import type { LaneRun } from './lane-run.ts';

/**
 * A book brought back from a copy does not know what left after the copy was made. Receipts about it come all the same; the platform is
 * asked for what stands under their GUIDs, and the book has its messages again, with the documents in the states they are in there.
 */

/** Between two questions about a GUID that was not told, or has nothing of this book in it. */
const ASK_AGAIN_MS = 6 * 3_600_000;

/**
 * Takes back what receipts without a message are about.
 * @returns whether nothing is left that the platform might still tell now
 */
export async function recoverSent(run: LaneRun): Promise<boolean> {
  const { book, transport, endpoint, signal, tools, lane } = run;
  if (!wasRestored(book)) return true;
  const isTold = transport.content !== undefined && endpointOf(book, endpoint.id)?.capabilities?.contents === true;
  if (!isTold || transport.content === undefined) return true;
  const filed = await filedThere(run);
  if (filed === undefined) return false;
  let taken = 0;
  for (const guid of new Set([...filed, ...messagesSpokenOf(book, endpoint.id)])) {
    if (!run.options.forced && (lane.untold.get(guid) ?? '') > tools.now()) continue;
    if (run.contentsAsked.has(guid)) continue;
    if (!run.goesOn()) return false;
    const outcome = await transport.content(guid, signal);
    run.observe(outcome);
    // The road gave out: the next run asks again.
    if (outcome.kind === 'retryable') return false;
    run.contentsAsked.add(guid);
    if (outcome.kind === 'accepted' && takeBack(book, guid, outcome.value, endpoint.id, tools.now())) taken += 1;
    else lane.untold.set(guid, new Date(Date.parse(tools.now()) + ASK_AGAIN_MS).toISOString());
  }
  if (taken > 0) {
    unparkReceipts(book);
    run.done += taken;
    tools.changed();
  }
  return true;
}

/** What lies there as taken and the book has no message of, asked once after it was brought back; undefined: not to be told now. */
async function filedThere(run: LaneRun): Promise<string[] | undefined> {
  const { book, transport, endpoint, signal } = run;
  if (transport.filed === undefined || !isUnheard(book, endpoint)) return [];
  const outcome = await transport.filed(signal);
  run.observe(outcome);
  return outcome.kind === 'accepted' ? outcome.value.filter((guid) => getMessage(book, guid) === undefined) : undefined;
}

/** Takes one message back into the book. @returns false where nothing in it is this book's */
function takeBack(book: Book, guid: string, bytes: Uint8Array, endpoint: string, now: string): boolean {
  const read = readMessage(new TextDecoder().decode(bytes));
  const spec = specOf(read.message ?? '');
  if (!read.ok || spec?.kind !== 'request') return false;
  if (spec.bare === undefined && read.guid !== guid) return false;
  const { message: kind } = spec;
  return book.transaction(() => {
    if (getMessage(book, guid) !== undefined) return false;
    const found = read.documents.flatMap((node, position): RecoveredDocument[] => {
      const document = documentOfNode(book, kind, businessKeyOf(spec, node), headOf(spec, node)['guid'] ?? '');
      if (document === undefined) return [];
      const isSame = writeAny(spec, document.body) === writeAny(spec, node);
      return [{ position, id: document.id, isSame }];
    });
    if (found.length === 0) return false;
    insertRecovered(book, { guid, kind, bytes, documents: read.documents.length, endpoint, now }, found);
    const same = found.filter(({ isSame }) => isSame).length;
    book.audit('outbox.recover', guid, { kind, documents: found.length, same, of: read.documents.length }, now);
    return true;
  });
}
