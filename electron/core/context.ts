import type { CoreEvent, OperationName, OutputOf, ParsedInputOf } from '../../shared/contract/contract.ts';
import type { Progress } from '../../shared/contract/operation.ts';
import type { Resources } from './resources.ts';
import type { Session } from './session.ts';
import type { Book } from './store/book.ts';

/** A file the user chose: the desk holds the token, the core the path. The command line grants its own paths. */
export interface FileGrants {
  /** The path behind a token. Throws `FILE_NOT_GRANTED`. */
  pathOf(token: string, mode: 'read' | 'write' | 'directory'): string;
}

/** What the core asks of whoever started it (main process, command line, test). */
export interface Host {
  /** Seals with the OS keyring; undefined where there is none (no keyring, command line). */
  seal(plain: Uint8Array): Promise<Uint8Array | undefined>;
  /** Opens what `seal` made; undefined where this process cannot. */
  open(sealed: Uint8Array): Promise<Uint8Array | undefined>;
  /** Prints a page to PDF; undefined where there is no window (command line). */
  printPdf(html: string): Promise<Uint8Array | undefined>;
  /** Starts the practice platform in a process of its own; answers the URL it listens on. */
  startPractice(dataFolder: string): Promise<string>;
  stopPractice(): Promise<void>;
  /** The system's proxy for a URL as a PAC script answers it (`PROXY host:port; DIRECT`); missing where there is no window. */
  systemProxy?(url: string): Promise<string | undefined>;
}

/** What every operation gets. */
export interface Context {
  /** The open book; throws `BOOK_NOT_OPEN`. */
  readonly book: Book;
  readonly session: Session;
  readonly resources: Resources;
  readonly files: FileGrants;
  readonly host: Host;
  /** Reports a job's progress. */
  progress(progress: Progress): void;
  /** Aborted when the caller cancels a job. */
  readonly signal: AbortSignal;
  emit(event: CoreEvent): void;
  /** The present instant, ISO 8601 UTC; the only clock of the core. */
  now(): string;
}

export type Handler<N extends OperationName> = (
  input: ParsedInputOf<N>,
  context: Context,
) => OutputOf<N> | Promise<OutputOf<N>>;

/** Implementations of some operations, by name: one such object a file in `operations/`. */
export type Handlers<N extends OperationName = OperationName> = { readonly [K in N]: Handler<K> };
