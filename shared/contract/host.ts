import type { CoreEvent } from './contract.ts';
import type { ContractError, Progress } from './operation.ts';

/**
 * The two conversations of the core process.
 *
 * With the main process, over `process.parentPort`: {@link CoreToMain} and {@link MainToCore}. The core asks for what only
 * the operating system has (the keyring, a PDF of a page) and is told which files the user has chosen.
 *
 * With the window, over a `MessagePort` of their own: {@link WindowToCore} and {@link CoreToWindow}. Everything on it is
 * structured clone; the preload is the only other reader.
 */

/** What a granted file may be used for. A directory is granted whole, for the exchange folders of the import client. */
export type GrantMode = 'read' | 'write' | 'directory';

/** Main to core. `connect` carries the core's end of the window's port beside it. */
export type MainToCore =
  | { type: 'connect' }
  | { type: 'file-granted'; token: string; path: string; mode: GrantMode }
  /** Flush, close every book and answer `closed`; after five seconds the process is ended. */
  | { type: 'shutdown' }
  /** Open an encrypted database in a temporary folder, ask it one thing and answer `smoke-result`: proves a package. */
  | { type: 'smoke'; id: number }
  | { type: 'sealed'; id: number; data: string }
  | { type: 'opened'; id: number; data: string }
  /** The OS has no keyring here, or refused. The core falls back on the passphrase. */
  | { type: 'seal-failed'; id: number; reason: SealFailure }
  | { type: 'pdf'; id: number; bytes: Uint8Array }
  | { type: 'pdf-failed'; id: number; message: string }
  /** `url` is where the practice platform listens, e.g. `http://127.0.0.1:40213`. */
  | { type: 'practice-started'; id: number; url: string }
  | { type: 'practice-failed'; id: number; message: string }
  | { type: 'practice-stopped'; id: number }
  /** As a PAC script answers: `PROXY host:port; DIRECT`. */
  | { type: 'proxy'; id: number; answer: string };

/** `unavailable`: no keyring, or one that stores plain text. `refused`: the keyring did not take or know the data. */
export type SealFailure = 'unavailable' | 'refused';

/** Core to main. `id` is the core's own number, given back with the answer; `data` is base64. */
export type CoreToMain =
  /** The core has loaded and reads its ports. */
  | { type: 'ready' }
  /** The core knows the file of a token: the window, which calls it over its own port, may be given the token now. */
  | { type: 'file-known'; token: string }
  | { type: 'seal'; id: number; data: string }
  | { type: 'open'; id: number; data: string }
  /**
   * `html` is a whole document with its styles inside: the printing page has no network and runs no script. The font that
   * goes on paper is there for every page (`printFont`). The page's size comes from its own `@page` rule; `<html data-footer="none">`
   * wants no page numbers in the margin.
   */
  | { type: 'print-pdf'; id: number; html: string }
  /** Starts the practice platform in a process of its own, which only the main process can do; a running one is kept. */
  | { type: 'start-practice'; id: number; dataFolder: string }
  | { type: 'stop-practice'; id: number }
  /** The system's proxy for a URL, PAC scripts included. */
  | { type: 'resolve-proxy'; id: number; url: string }
  | { type: 'smoke-result'; id: number; ok: boolean; detail: string }
  | { type: 'closed' };

/** Window to core: a call of an operation of the contract, or the wish to end one. */
export type WindowToCore = { id: number; op: string; input: unknown } | { cancel: number };

/** Core to window: exactly one answer a call, progress before it, and events that nobody asked for. */
export type CoreToWindow =
  | { id: number; ok: true; data: unknown }
  | { id: number; ok: false; error: ContractError }
  | { id: number; progress: Progress }
  | { event: CoreEvent['name']; data: CoreEvent };

/**
 * What the practice platform says over `process.parentPort`: that it listens, or why it did not start. The main process starts it with the arguments
 * `serve --data <folder> --port 0`, port 0 being any free one of this computer.
 */
export type PlatformToMain = { type: 'listening'; url: string } | { type: 'failed'; reason: string };
