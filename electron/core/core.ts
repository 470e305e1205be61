import { join } from 'node:path';
import type { ZodError } from 'zod';
import {
  type CoreEvent,
  contract,
  type InputOf,
  type OperationName,
  type OutputOf,
  type ParsedInputOf,
} from '../../shared/contract/contract.ts';
import type { Operation, Progress, Result } from '../../shared/contract/operation.ts';
import { PortbookError } from '../../shared/errors.ts';
import { leaveSummary } from './book-summary.ts';
import type { Context, FileGrants, Handler, Host } from './context.ts';
import type { PassphraseCost } from './keys/key-file.ts';
import { fileLog, type Log } from './log.ts';
import { createHandlers } from './operations/index.ts';
import { takeBackUnsigned } from './outbox/regroup.ts';
import { applyBookData } from './packs.ts';
import { Resources, type ShippedValues } from './resources.ts';
import { requireRight } from './roles.ts';
import { Session } from './session.ts';
import { keepUsedTables } from './store/code-tables.ts';
import { storeRefusal } from './store/database.ts';

export interface CoreOptions {
  /** PORTBOOK_HOME: the registry of books, new books, logs. Made when it is not there. */
  readonly home: string;
  /** Where a new book goes instead of its place in `home`. */
  readonly bookFolder?: string;
  readonly resourcesFolder: string;
  /** What another core of this process has read of that folder. */
  readonly shipped?: ShippedValues;
  readonly host: Host;
  readonly files: FileGrants;
  /** The only clock; the system's by default. ISO 8601 UTC with milliseconds. */
  readonly now?: () => string;
  readonly emit?: (event: CoreEvent) => void;
  /** Who works, for the audit log; `desk` by default. */
  readonly actor?: string;
  /** Parses outputs too, so that a handler cannot drift from the contract. On outside of a packaged app. */
  readonly checkOutputs?: boolean;
  readonly log?: Log;
  /** What a guess at the passphrase of a book made here costs; only a book that guards nothing may take less than the usual. */
  readonly passphraseCost?: PassphraseCost;
}

export interface CallOptions {
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** File grants of this call in place of the core's own. */
  readonly files?: FileGrants;
}

/** Calls an operation and throws its refusal, for callers inside the core. */
export type Call = <N extends OperationName>(name: N, input: InputOf<N>, options?: CallOptions) => Promise<OutputOf<N>>;

export interface Core {
  /** Always resolves: a refusal or a bug is `{ ok: false }`. Input is parsed here, whoever calls. */
  call<N extends OperationName>(name: N, input: InputOf<N>, options?: CallOptions): Promise<Result<OutputOf<N>>>;
  /** As `call` for a name and an input from another process. */
  callUnknown(name: string, input: unknown, options?: CallOptions): Promise<Result<unknown>>;
  readonly session: Session;
  readonly resources: Resources;
  /** Stops jobs, closes the book. */
  close(): Promise<void>;
}

/** The core without any window: the desk's utility process, the command line and the tests all hold one of these. */
export function createCore(options: CoreOptions): Core {
  const now = options.now ?? (() => new Date().toISOString());
  const emit = options.emit ?? ((): void => undefined);
  const log = options.log ?? fileLog(join(options.home, 'logs'), now);
  const resources = new Resources(options.resourcesFolder, options.shipped);
  const session = new Session({
    home: options.home,
    ...(options.bookFolder === undefined ? {} : { bookFolder: options.bookFolder }),
    resources,
    emit,
    now,
    actor: options.actor ?? 'desk',
    passphraseCost: options.passphraseCost,
  });
  // A book may use packs and editions of code tables of its own; what its documents were checked with is kept before it closes.
  session.onOpened(() => applyBookData(session.book, resources));
  session.onOpened(() => {
    try {
      takeBackUnsigned(session.book, now());
    } catch (error) {
      // The book opens all the same: it is tried again the next time.
      log.bug(error, { operation: 'unsigned' });
    }
  });
  session.onBeforeClose(() => keepUsedTables(session.book, resources, now()));
  session.onBeforeClose(() => {
    try {
      leaveSummary({ book: session.book, resources, now }, options.home);
    } catch (error) {
      // Counts for the list of clients: a book closes without them, and the list shows how old the last ones are.
      log.bug(error, { operation: 'summary' });
    }
  });
  const checkOutputs = options.checkOutputs ?? true;

  const run = async <N extends OperationName>(
    name: N,
    input: unknown,
    callOptions: CallOptions,
  ): Promise<OutputOf<N>> => {
    // Without its own types: the union of what all operations take is more than the compiler carries.
    const operation: Operation = contract[name];
    if (operation.book && !session.isOpen) throw new PortbookError('BOOK_NOT_OPEN');
    const parsed = operation.input.safeParse(input);
    if (!parsed.success) throw inputRefusal(parsed.error);
    const handler: Handler<N> = handlers[name];

    const controller = new AbortController();
    const abort = (): void => controller.abort();
    if (callOptions.signal?.aborted === true) abort();
    callOptions.signal?.addEventListener('abort', abort, { once: true });
    const context: Context = {
      get book() {
        return session.book;
      },
      session,
      resources,
      files: callOptions.files ?? options.files,
      host: options.host,
      progress: callOptions.progress ?? (() => undefined),
      signal: controller.signal,
      emit,
      now,
    };
    const work = (): OutputOf<N> | Promise<OutputOf<N>> => handler(parsed.data as ParsedInputOf<N>, context);
    try {
      const output = operation.book ? await session.track(controller, work) : await work();
      if (!checkOutputs) return output;
      return operation.output.parse(output) as OutputOf<N>;
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError' && controller.signal.aborted)
        throw new PortbookError('CANCELLED');
      throw error;
    } finally {
      callOptions.signal?.removeEventListener('abort', abort);
    }
  };

  /** What is refused whoever asks from outside; what a handler calls for its own work was let in with it. */
  const refuseAtDoor = (name: OperationName): void => {
    if (!session.isOpen) return;
    if (session.isLocked && !whileLocked.has(name)) throw new PortbookError('SCREEN_LOCKED');
    requireRight(session, name);
  };
  const enter = async <N extends OperationName>(name: N, input: unknown, callOptions: CallOptions) => {
    refuseAtDoor(name);
    return run(name, input, callOptions);
  };

  const handlers = createHandlers((name, input, callOptions = {}) => run(name, input, callOptions));

  const settle = async <T>(name: string, work: Promise<T>): Promise<Result<T>> => {
    try {
      return { ok: true, data: await work };
    } catch (error) {
      const refusal = error instanceof PortbookError ? error : storeRefusal(error);
      if (refusal !== undefined) return { ok: false, error: refusal.toContract() };
      const correlationId = log.bug(error, { operation: name });
      return { ok: false, error: { code: 'BUG', params: { id: correlationId }, correlationId } };
    }
  };

  return {
    session,
    resources,
    call: (name, input, callOptions = {}) => settle(name, enter(name, input, callOptions)),
    callUnknown: (name, input, callOptions = {}) =>
      isOperation(name)
        ? settle(name, enter(name, input, callOptions))
        : Promise.resolve({
            ok: false,
            error: { code: 'OPERATION_UNKNOWN', params: { operation: name.slice(0, 80) } },
          }),
    close: async () => {
      await session.close();
      session.forgetKeys();
    },
  };
}

/** All that a locked screen may ask: the queue goes on by itself. */
const whileLocked: ReadonlySet<OperationName> = new Set(['screen.get', 'screen.lock', 'screen.unlock', 'books.close']);

/** Own properties only: `toString` is no operation. */
function isOperation(name: string): name is OperationName {
  return Object.hasOwn(contract, name);
}

/** The first thing wrong with an input: which field, and zod's name for the kind of mistake; a day that is none by its own code. */
function inputRefusal(error: ZodError): PortbookError {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'custom' && issue.params?.['code'] === 'DATE_INVALID')
    return new PortbookError('DATE_INVALID', { date: String(issue.params['date']) }, path);
  return new PortbookError(
    'INPUT_INVALID',
    { field: path, reason: issue?.message ?? '', kind: issue?.code ?? '' },
    path,
  );
}

/** Grants for a caller that holds real paths (command line, tests): the token is the path. */
export const pathGrants: FileGrants = { pathOf: (token) => token };

/** A host without keyring, printer or practice platform: command line and tests. */
export const bareHost: Host = {
  seal: () => Promise.resolve(undefined),
  open: () => Promise.resolve(undefined),
  printPdf: () => Promise.resolve(undefined),
  startPractice: () => Promise.reject(new PortbookError('NOT_AVAILABLE', { operation: 'practice.start' })),
  stopPractice: () => Promise.resolve(),
};
