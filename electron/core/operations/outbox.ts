import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { engineOf } from '../outbox/engine.ts';
import { currentEndpoint } from '../store/endpoints.ts';
import {
  listMessages,
  markExported,
  mayHaveLeft,
  messageBytes,
  queuedMessages,
  requireMessage,
  withdrawMessage,
} from '../store/messages.ts';

type ListedMessage = ReturnType<typeof listMessages>['rows'][number];

/** Why a message is where it is: i18n id `waiting.<why>`. */
function whyOf(message: ListedMessage, context: Context): string {
  switch (message.state) {
    case 'sent':
    case 'refused':
    case 'withdrawn':
      return 'done';
    case 'unsigned':
      return 'signature';
    case 'sending':
      return 'in-flight';
    case 'unknown':
    case 'queued': {
      const { book, now } = context;
      if (message.isBlocked) return 'dependency';
      const { connection, paused } = engineOf(context).status();
      if (paused) return 'paused';
      const endpoint = currentEndpoint(book);
      if (endpoint === undefined || !endpoint.enrolled) return 'not-enrolled';
      if (message.nextAttemptAt > now()) return 'backoff';
      return connection === 'offline' ? 'offline' : 'due';
    }
  }
}

export const outboxHandlers: Handlers<'outbox.list' | 'outbox.withdraw' | 'outbox.export'> = {
  'outbox.list': (input, context) => {
    const page = listMessages(context.book, input.state, { after: input.after, limit: input.limit });
    return {
      ...page,
      rows: page.rows.map((message) => ({
        guid: message.guid,
        kind: message.kind,
        seq: message.seq,
        documents: message.documents,
        bytes: message.bytes,
        state: message.state,
        attempts: message.attempts,
        nextAttemptAt: message.nextAttemptAt,
        why: whyOf(message, context),
        ...(message.waitsFor === undefined ? {} : { dependsOn: message.waitsFor }),
        ...(message.lastError === undefined ? {} : { lastError: message.lastError }),
        queuedAt: message.queuedAt,
        ...(message.sentAt === undefined ? {} : { sentAt: message.sentAt }),
      })),
    };
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

  'outbox.export': (input, context) => {
    const { book } = context;
    const folder = context.files.pathOf(input.to, 'directory');
    mkdirSync(folder, { recursive: true });
    const messages = queuedMessages(book);
    for (const [index, { guid, kind }] of messages.entries()) {
      // Noted before the file is there: a file that nobody noted could be handed in and its message be withdrawn.
      if (!markExported(book, guid, context.now())) continue;
      // The number keeps the order in which they have to be handed in.
      const name = `${String(index + 1).padStart(4, '0')}-${kind}-${guid}.xml`;
      writeFileAtomically(join(folder, name), messageBytes(book, guid), 0o644);
    }
    if (messages.length > 0) book.audit('outbox.export', 'outbox', { files: messages.length }, context.now());
    return { files: messages.length };
  },
};
