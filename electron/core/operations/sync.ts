import { PortbookError } from '../../../shared/errors.ts';
import { checkEndpointUrl } from '../../../shared/sync/endpoint-url.ts';
import type { Context, Handlers } from '../context.ts';
import { engineOf } from '../outbox/engine.ts';
import { isPaused, syncKeys } from '../outbox/holds.ts';
import type { Book } from '../store/book.ts';
import { currentEndpoint, selectEndpoint, workingEndpoints } from '../store/endpoints.ts';
import { undecidedMessages } from '../store/messages.ts';

/**
 * A message whose answer was lost may be at the platform it was sent to: another one must not be asked about it, or it
 * would be filed twice. Refusal: `ENDPOINT_UNDECIDED` {messages}.
 */
export function requireDecided(book: Book): void {
  const messages = undecidedMessages(book);
  if (messages > 0) throw new PortbookError('ENDPOINT_UNDECIDED', { messages });
}

function statusOf(context: Context) {
  return engineOf(context).status();
}

export const syncHandlers: Handlers<'sync.status' | 'sync.now' | 'sync.pause' | 'sync.setEndpoint'> = {
  'sync.status': (_input, context) => statusOf(context),

  'sync.now': (_input, context) => {
    const { book, signal, progress } = context;
    const endpoint = currentEndpoint(book);
    if (endpoint === undefined) throw new PortbookError('SYNC_NO_ENDPOINT');
    if (endpoint.transport === 'carry' && workingEndpoints(book).length === 0)
      throw new PortbookError('ENDPOINT_BY_HAND', { name: endpoint.name });
    if (isPaused(book)) throw new PortbookError('SYNC_PAUSED');
    return engineOf(context).drain({ forced: true, signal, progress });
  },

  'sync.pause': (input, context) => {
    const { book } = context;
    const engine = engineOf(context);
    book.transaction(() => {
      book.setSetting(syncKeys.paused, input.paused ? '1' : undefined);
      if (!input.paused) book.setSetting(syncKeys.halted, undefined);
      book.audit('sync.pause', 'outbox', { paused: input.paused }, context.now());
    });
    if (input.paused) engine.hush();
    else engine.nudge();
    context.emit({ name: 'sync.changed' });
    return engine.status();
  },

  'sync.setEndpoint': (input, context) => {
    const { book } = context;
    const checked = checkEndpointUrl(input.url);
    if (!checked.ok) throw new PortbookError(checked.code, { url: input.url.slice(0, 200) }, 'url');
    const engine = engineOf(context);
    book.transaction(() => {
      if (currentEndpoint(book)?.url !== checked.url) requireDecided(book);
      selectEndpoint(book, { id: checked.url, url: checked.url, name: input.name });
      book.setSetting(syncKeys.halted, undefined);
      book.audit('sync.setEndpoint', checked.url, { name: input.name }, context.now());
    });
    engine.forgetConnection();
    engine.nudge();
    context.emit({ name: 'sync.changed' });
    return engine.status();
  },
};
