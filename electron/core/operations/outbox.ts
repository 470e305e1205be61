import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { outbox, QueueSelection, WaitingReason } from '../../../shared/contract/outbox.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { minutesUntilHours } from '../../../shared/sync/hours.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { chooseSide, differencesOf } from '../outbox/conflicts.ts';
import { engineOf } from '../outbox/engine.ts';
import { haltsOf, hoursOf, isPaused, syncKeys } from '../outbox/holds.ts';
import { Recheck } from '../outbox/recheck.ts';
import { limitsOf } from '../outbox/transport-for.ts';
import type { Book } from '../store/book.ts';
import { conflictOf, conflictsOfMessage, contentOf, listConflicts } from '../store/conflicts.ts';
import { findingsOf } from '../store/documents.ts';
import { currentEndpoint, type Endpoint, endpointOf } from '../store/endpoints.ts';
import {
  markExported,
  mayHaveLeft,
  messageBytes,
  queuedMessages,
  requireMessage,
  withdrawMessage,
} from '../store/messages.ts';
import {
  blockersOf,
  contentsOf,
  holdMessages,
  listMessages,
  prioritise,
  type QueuedMessage,
  queuedMessage,
  sealOf,
  selectedMessages,
  timelineOfMessage,
} from '../store/queue.ts';
import { rawReceipt, receiptsOfMessage } from '../store/receipts.ts';
import { unheardEndpoints } from '../store/restoring.ts';

type Row = OutputOf<'outbox.list'>['rows'][number];
type Status = OutputOf<'sync.status'>;

/** Messages steered or taken back in one transaction. */
const PORTION = 200;
const SHOWN_BLOCKERS = 20;
const SHOWN_FINDINGS = 50;
const SHOWN_DIFFERENCES = 300;
const SHOWN_RECEIPTS = 100;
const SHOWN_RECEIPT_CHARS = 200_000;

/** What decides why messages wait, read once for a whole page. */
interface Surroundings {
  readonly book: Book;
  readonly now: string;
  readonly status: Status;
  readonly current: Endpoint | undefined;
  readonly halts: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
  readonly minutesToHours: number;
  /** Endpoints that have yet to tell what lies there, by id. */
  readonly unheard: ReadonlySet<string>;
  endpointOf(id: string | undefined): Endpoint | undefined;
}

function surroundingsOf(context: Context): Surroundings {
  const { book } = context;
  const now = context.now();
  const current = currentEndpoint(book);
  const known = new Map<string, Endpoint | undefined>();
  const hours = hoursOf(book);
  return {
    book,
    now,
    status: engineOf(context).status(),
    current,
    halts: haltsOf(book),
    isPaused: isPaused(book),
    minutesToHours: hours === undefined ? 0 : minutesUntilHours(hours, now),
    unheard: new Set(unheardEndpoints(book).map(({ id }) => id)),
    endpointOf(id) {
      if (id === undefined) return current;
      if (!known.has(id)) known.set(id, endpointOf(book, id));
      return known.get(id);
    },
  };
}

interface Why {
  readonly why: WaitingReason;
  /** Not before this instant. */
  readonly until?: string;
  readonly code?: string;
}

/** Why a message is where it is: the first reason that would keep it there even if all later ones were gone. */
function whyOf(message: QueuedMessage, around: Surroundings): Why {
  const { now, status, halts } = around;
  if (message.state === 'sending') return { why: 'in-flight' };
  const isWaiting = message.state === 'unsigned' || message.state === 'queued';
  if (isWaiting && message.unfitAt !== undefined) return { why: 'unfit' };
  if (message.state === 'unsigned') return { why: message.heldAt === undefined ? 'signature' : 'held' };
  if (message.state !== 'queued' && message.state !== 'unknown') return { why: 'done' };
  if (message.isDisputed) return { why: 'conflict' };
  if (message.heldAt !== undefined) return { why: 'held' };
  if (message.isBlocked) return { why: 'dependency' };
  if (around.isPaused) return { why: 'paused' };
  const endpoint = around.endpointOf(message.endpoint);
  if (endpoint === undefined) return { why: 'no-endpoint' };
  if (endpoint.transport === 'carry') return { why: message.state === 'unknown' ? 'carried' : 'carry' };
  const halted = halts[endpoint.id];
  if (halted !== undefined) return { why: 'halted', code: halted };
  if (!endpoint.enrolled && endpoint.transport === 'http') return { why: 'not-enrolled' };
  if (message.state === 'queued' && around.unheard.has(endpoint.id)) return { why: 'unheard' };
  const { kinds, maxBytes } = limitsOf(endpoint);
  if (!kinds.includes(message.kind)) return { why: 'kind' };
  if (message.documents === 1 && message.bytes > maxBytes) return { why: 'too-large' };
  const lane = status.lanes.find(({ id }) => id === endpoint.id);
  if (lane?.circuit.state === 'open')
    return { why: 'circuit', code: lane.circuit.code, until: later(lane.circuit.until, message.nextAttemptAt) };
  if (message.nextAttemptAt > now && message.waitsSince <= now)
    return { why: message.state === 'unknown' ? 'enquiry' : 'backoff' };
  if (message.state === 'unknown') return { why: 'enquiry' };
  if (around.minutesToHours > 0 && message.priority < 2)
    return { why: 'hours', until: new Date(Date.parse(now) + around.minutesToHours * 60_000).toISOString() };
  return { why: lane?.connection === 'offline' ? 'offline' : 'due' };
}

const later = (a: string, b: string): string => (a > b ? a : b);

function rowOf(message: QueuedMessage, around: Surroundings): Row {
  const { why, until, code } = whyOf(message, around);
  const lastError = code ?? message.lastError;
  const endpoint = around.endpointOf(message.endpoint);
  return {
    guid: message.guid,
    kind: message.kind,
    seq: message.seq,
    documents: message.documents,
    bytes: message.bytes,
    state: message.state,
    attempts: message.attempts,
    nextAttemptAt: until ?? message.nextAttemptAt,
    why,
    ...(message.waitsFor === undefined ? {} : { dependsOn: message.waitsFor }),
    ...(lastError === undefined ? {} : { lastError }),
    priority: message.priority,
    ...(endpoint === undefined ? {} : { endpoint: { id: endpoint.id, name: endpoint.name || endpoint.url } }),
    queuedAt: message.queuedAt,
    ...(message.sentAt === undefined ? {} : { sentAt: message.sentAt }),
  };
}

/** Works through a selection in portions, each a transaction of its own; a cancel leaves what is done. */
async function inPortions(
  context: Context,
  which: QueueSelection,
  work: (guids: readonly string[]) => void,
): Promise<number> {
  const guids = selectedMessages(context.book, which, context.now());
  for (let from = 0; from < guids.length; from += PORTION) {
    if (context.signal.aborted) throw new PortbookError('CANCELLED');
    context.progress({ phase: 'steer', done: from, total: guids.length });
    const portion = guids.slice(from, from + PORTION);
    context.book.transaction(() => work(portion));
    await setImmediate();
  }
  return guids.length;
}

/** What was found on the documents of a message that no longer passes the check. */
function rejectsOf(book: Book, guid: string): OutputOf<'outbox.get'>['findings'] {
  return contentsOf(book, guid)
    .flatMap(({ id, businessKey }) =>
      findingsOf(book, id)
        .filter(({ level }) => level === 'reject')
        .map((finding) => ({ ...finding, documentId: id, businessKey })),
    )
    .slice(0, SHOWN_FINDINGS);
}

const priorities = { later: -1, normal: 0, sooner: 1, urgent: 2 } as const;

export const outboxHandlers: Handlers<keyof typeof outbox | 'outbox.export'> = {
  'outbox.list': ({ after, limit, ...filter }, context) => {
    const around = surroundingsOf(context);
    const page = listMessages(context.book, filter, { after, limit }, around.now);
    return { ...page, rows: page.rows.map((message) => rowOf(message, around)) };
  },

  'outbox.get': ({ guid }, context) => {
    const { book } = context;
    const message = queuedMessage(book, guid);
    const receipts = receiptsOfMessage(book, guid, SHOWN_RECEIPTS);
    return {
      ...rowOf(message, surroundingsOf(context)),
      ...sealOf(book, guid),
      waitsFor: (message.isBlocked ? blockersOf(book, guid, SHOWN_BLOCKERS) : []).map(({ seq, ...one }) => ({
        ...one,
        ...(seq === undefined ? {} : { seq }),
      })),
      contents: contentsOf(book, guid),
      findings: message.unfitAt === undefined ? [] : rejectsOf(book, guid),
      timeline: timelineOfMessage(book, guid),
      receipts: receipts.rows,
      receiptCount: receipts.total,
      conflicts: conflictsOfMessage(book, guid),
    };
  },

  'outbox.receipt': ({ id }, { book }) => {
    const receipt = rawReceipt(book, id);
    if (receipt === undefined) throw new PortbookError('RECEIPT_UNKNOWN', { id });
    const { text } = receipt;
    return { ...receipt, text: text.slice(0, SHOWN_RECEIPT_CHARS), isWhole: text.length <= SHOWN_RECEIPT_CHARS };
  },

  'outbox.steer': async ({ which, how }, context) => {
    const { book } = context;
    let messages = 0;
    await inPortions(context, which, (guids) => {
      const now = context.now();
      const changed =
        how === 'hold'
          ? holdMessages(book, guids, now)
          : how === 'release'
            ? holdMessages(book, guids, undefined)
            : prioritise(book, guids, priorities[how]);
      if (changed > 0) book.audit('outbox.steer', 'outbox', { how, messages: changed }, now);
      messages += changed;
    });
    const engine = engineOf(context);
    engine.reorder();
    if (how !== 'hold') engine.nudge();
    context.emit({ name: 'sync.changed' });
    return { messages };
  },

  'outbox.sendNow': async ({ which }, context) => {
    const { book, signal, progress } = context;
    if (currentEndpoint(book) === undefined) throw new PortbookError('SYNC_NO_ENDPOINT');
    if (isPaused(book)) throw new PortbookError('SYNC_PAUSED');
    const only = selectedMessages(book, which, context.now());
    await inPortions(context, { guids: only.length === 0 ? [''] : only }, (guids) => {
      const released = holdMessages(book, guids, undefined);
      book.audit('outbox.sendNow', 'outbox', { messages: guids.length, released }, context.now());
    });
    return engineOf(context).drain({ forced: true, only, signal, progress });
  },

  'outbox.withdraw': (input, context) => {
    const { book } = context;
    const now = context.now();
    const documents = book.transaction(() => {
      const { state, kind } = requireMessage(book, input.guid);
      if (mayHaveLeft(book, input.guid)) throw new PortbookError('MESSAGE_MAY_HAVE_LEFT', { guid: input.guid, state });
      const count = withdrawMessage(book, input.guid, now, { reason: 'user' });
      book.audit('outbox.withdraw', input.guid, { kind, documents: count }, now);
      return count;
    });
    context.emit({ name: 'book.changed', areas: ['documents', 'orders'] });
    context.emit({ name: 'sync.changed' });
    return { documents };
  },

  'outbox.withdrawMany': async ({ which }, context) => {
    const { book } = context;
    let messages = 0;
    let documents = 0;
    let kept = 0;
    try {
      await inPortions(context, which, (guids) => {
        const now = context.now();
        for (const guid of guids) {
          const { kind } = requireMessage(book, guid);
          if (mayHaveLeft(book, guid)) {
            kept += 1;
            continue;
          }
          const count = withdrawMessage(book, guid, now, { reason: 'user' });
          book.audit('outbox.withdraw', guid, { kind, documents: count }, now);
          messages += 1;
          documents += count;
        }
      });
    } finally {
      context.emit({ name: 'book.changed', areas: ['documents', 'orders'] });
      context.emit({ name: 'sync.changed' });
    }
    return { messages, documents, kept };
  },

  'outbox.setHours': ({ hours }, context) => {
    const { book } = context;
    book.transaction(() => {
      book.setSetting(syncKeys.hours, hours === undefined ? undefined : JSON.stringify(hours));
      book.audit('outbox.setHours', 'outbox', hours ?? {}, context.now());
    });
    engineOf(context).nudge();
    context.emit({ name: 'sync.changed' });
    return {};
  },

  'outbox.conflicts': ({ decided, after, limit }, { book }) => listConflicts(book, decided, { after, limit }),

  'outbox.differences': ({ id }, { book }) => {
    const found = conflictOf(book, id);
    if (found === undefined) throw new PortbookError('CONFLICT_UNKNOWN', { id });
    const { messageGuid } = found.view;
    const theirs = contentOf(book, id);
    const none = { known: false, total: 0, kind: '', rows: [] };
    if (messageGuid === undefined || theirs === undefined) return none;
    const differences = differencesOf(messageBytes(book, messageGuid), theirs);
    if (differences === undefined) return none;
    const { kind } = requireMessage(book, messageGuid);
    return { known: true, total: differences.length, kind, rows: differences.slice(0, SHOWN_DIFFERENCES) };
  },

  'outbox.choose': (input, context) => {
    chooseSide(context.book, input, context.now());
    engineOf(context).nudge();
    context.emit({ name: 'book.changed', areas: ['documents', 'orders', 'ledger'] });
    context.emit({ name: 'sync.changed' });
    return {};
  },

  'outbox.export': async (input, context) => {
    const { book } = context;
    const folder = context.files.pathOf(input.to, 'directory');
    const current = currentEndpoint(book);
    const queued = queuedMessages(book).map((message) => ({
      message,
      to: message.endpoint === undefined ? current : endpointOf(book, message.endpoint),
    }));
    // The import client takes a file as often as it sees it: what goes through its folders goes no other way.
    const messages = queued.filter(({ to }) => to?.transport !== 'folder').map(({ message }) => message);
    const [first] = queued;
    if (messages.length === 0 && first !== undefined)
      throw new PortbookError('CARRY_NOT_FOR_FOLDERS', { name: first.to?.name ?? '' });
    const recheck = new Recheck(context);
    recheck.begin();
    const fit = await recheck.thoseThatMayLeave(messages);
    const unfit = messages.length - fit.length;
    if (fit.length === 0 && unfit > 0) throw new PortbookError('OUTBOX_UNFIT', { messages: unfit });
    mkdirSync(folder, { recursive: true });
    for (const [index, { guid, kind }] of fit.entries()) {
      // Noted before the file is there: a file that nobody noted could be handed in and its message be withdrawn.
      if (!markExported(book, guid, context.now(), current?.id)) continue;
      // The number keeps the order in which they have to be handed in.
      const name = `${String(index + 1).padStart(4, '0')}-${kind}-${guid}.xml`;
      writeFileAtomically(join(folder, name), messageBytes(book, guid), 0o644);
    }
    if (fit.length > 0) book.audit('outbox.export', 'outbox', { files: fit.length, unfit }, context.now());
    if (unfit > 0) context.emit({ name: 'sync.changed' });
    return { files: fit.length, unfit };
  },
};
