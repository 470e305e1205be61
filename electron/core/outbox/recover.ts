import { specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { businessKeyOf, headOf } from '../../../shared/documents/spec.ts';
import { writeAny } from '../../../shared/documents/write.ts';
import type { Book } from '../store/book.ts';
import { requireDocument } from '../store/documents.ts';
import { type Endpoint, endpointOf } from '../store/endpoints.ts';
import { getMessage, messageBytes, requireMessage, settle } from '../store/messages.ts';
import { unparkReceipts } from '../store/receipts.ts';
import {
  documentOfNode,
  insertRecovered,
  messagesLeftOtherwise,
  messagesSpokenOf,
  placesElsewhere,
  type RecoveredDocument,
  standAsSent,
  withdrawLeftOtherwise,
} from '../store/restored.ts';
import { isUnheard, listedTo, noteListed, noteListedTo, wasRestored } from '../store/restoring.ts';
import { Cursors, type LaneRun } from './lane-run.ts';

/**
 * A book brought back from a copy does not know what left after the copy was made. The platform lists it, and receipts about it come all the
 * same; the platform is asked for what stands under their GUIDs, and the book has its messages again, with the documents in the states they are in there.
 */

/** Between two questions about a GUID that was not told, or has nothing of this book in it. */
const ASK_AGAIN_MS = 6 * 3_600_000;

/**
 * Takes back what the endpoint lists and the book has no message of, and what receipts without a message are about; and out of the queue what
 * lies there in these. Before any receipt is applied: of a draft that stands otherwise there a person has to choose.
 * @returns whether nothing is left that the platform might still tell now
 */
export async function recoverSent(run: LaneRun): Promise<boolean> {
  const { book, tools } = run;
  if (!wasRestored(book)) return true;
  const endpoint = endpointOf(book, run.endpoint.id) ?? run.endpoint;
  const { done } = run;
  try {
    const isTold = await askContents(run, endpoint);
    const isNews = run.done > done || isUnheard(book, endpoint);
    return (!isNews || (await dropLeftOtherwise(run))) && isTold;
  } finally {
    if (run.done > done) {
      unparkReceipts(book);
      tools.changed();
    }
  }
}

/** Asks an endpoint that hands messages back for those that the book may lack. */
async function askContents(run: LaneRun, endpoint: Endpoint): Promise<boolean> {
  if (run.transport.content === undefined || endpoint.capabilities?.contents !== true) return true;
  return (await askListed(run, endpoint)) && (await askFor(run, messagesSpokenOf(run.book, endpoint.id)));
}

/**
 * Reads the list of what lies there, once after the book was brought back, on from where it is known (see restoring.ts). Each page is dealt with
 * before the next is asked for, and kept as dealt with: over a road that gives out again and again a long list comes to its end all the same.
 */
async function askListed(run: LaneRun, endpoint: Endpoint): Promise<boolean> {
  const { book, transport, signal } = run;
  const { id, capabilities } = endpoint;
  if (transport.filed === undefined || capabilities?.arrivals !== true || !isUnheard(book, endpoint)) return true;
  const cursors = new Cursors();
  let after = listedTo(book, id);
  for (;;) {
    if (!run.goesOn()) return false;
    if (!cursors.advance(after)) {
      run.ended = true;
      return false;
    }
    const outcome = await transport.filed(after, signal);
    if (outcome.kind === 'rejected' && outcome.code === 'MESSAGE_UNKNOWN' && after !== '') {
      // Another platform by now, or one that has lost its data itself.
      run.observe(outcome);
      after = '';
      continue;
    }
    const page = run.heed(outcome);
    if (page === undefined || !run.isWanted()) return false;
    const missing = page.guids.filter((guid) => getMessage(book, guid) === undefined);
    if (!(await askFor(run, missing))) return false;
    if (page.guids.length === 0 || page.next === '') break;
    noteListedTo(book, id, page.next);
    after = page.next;
  }
  noteListed(book, id);
  return true;
}

/** Asks what stands under GUIDs that the book has no message of. @returns false where the road gave out: the next run asks again */
async function askFor(run: LaneRun, guids: readonly string[]): Promise<boolean> {
  const { book, transport, endpoint, signal, tools, lane } = run;
  for (const guid of guids) {
    if (!run.options.forced && (lane.untold.get(guid) ?? '') > tools.now()) continue;
    if (run.contentsAsked.has(guid)) continue;
    if (!run.goesOn()) return false;
    const outcome = await transport.content?.(guid, signal);
    if (outcome === undefined) return true;
    run.observe(outcome);
    if (outcome.kind === 'retryable') return false;
    run.contentsAsked.add(guid);
    if (outcome.kind === 'accepted' && takeBack(book, guid, outcome.value, endpoint.id, tools.now())) run.done += 1;
    else lane.untold.set(guid, new Date(Date.parse(tools.now()) + ASK_AGAIN_MS).toISOString());
  }
  return true;
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

/**
 * Takes back what waits here of a copy and had been taken back in the book that was lost: its documents lie at the platform in other messages,
 * and would be filed twice. Each is asked about once more; what is there after all stays.
 * @returns false where the road gave out: the next run asks again
 */
async function dropLeftOtherwise(run: LaneRun): Promise<boolean> {
  const { book, transport, signal, endpoint, tools } = run;
  const of = { endpoint: endpoint.id, takesUnbound: run.scope.takesUnbound };
  for (const guid of messagesLeftOtherwise(book, of)) {
    const isUnknown = requireMessage(book, guid).state === 'unknown';
    // Folders do not tell what was cleared away: a person says of that one whether it ever was there.
    if (isUnknown && endpoint.transport !== 'http') continue;
    if (!run.goesOn()) return false;
    const asked = run.heed(await transport.enquire(guid, signal));
    if (asked === undefined) return false;
    if (asked.found || asked.refused !== undefined) continue;
    const at = tools.now();
    if (isUnknown) settle(book, guid, { event: 'miss', at, nextAttemptAt: at });
    if (dropIfLeftOtherwise(book, guid, at)) tools.changed();
  }
  return true;
}

/**
 * Takes a message back that is not at the platform while documents of it are, in another: what stands as it was sent there is sent, the rest
 * are drafts again, and what differs is for a person to choose about.
 * @returns whether it was one
 */
export function dropIfLeftOtherwise(book: Book, guid: string, now: string): boolean {
  return book.transaction(() => {
    if (!wasRestored(book) || requireMessage(book, guid).state === 'unknown') return false;
    if (messagesLeftOtherwise(book, { guid }).length === 0) return false;
    const places = placesElsewhere(book, guid);
    const documents = withdrawLeftOtherwise(book, guid, now);
    for (const { guid: other, position, id } of places)
      if (standsThere(book, other, position, id)) standAsSent(book, other, id, now);
    book.audit('outbox.leftOtherwise', guid, { documents, elsewhere: places.length }, now);
    return true;
  });
}

/** Whether a document of the book is what stands at a place of a message. */
function standsThere(book: Book, guid: string, position: number, id: number): boolean {
  const read = readMessage(new TextDecoder().decode(messageBytes(book, guid)));
  const spec = specOf(read.message ?? '');
  const node = read.documents[position];
  return (
    spec !== undefined && node !== undefined && writeAny(spec, requireDocument(book, id).body) === writeAny(spec, node)
  );
}
