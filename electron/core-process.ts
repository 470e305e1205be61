import path from 'node:path';
import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron';
import { type CorePortMessage, coreGoneChannel, corePortChannel } from '../shared/contract/desk-channels.ts';
import type { CoreToMain, MainToCore } from '../shared/contract/host.ts';
import { log, logBug } from './log.ts';
import { distFolder, processEnvironment } from './places.ts';

const shutdownMs = 5000;
const restartsAllowed = 3;
const restartWindowMs = 60_000;

/** What the main process does for the core. */
export interface CoreServices {
  /** Answers a request; an answer may come later, and undefined means that there is none. */
  answer(request: CoreToMain): Promise<MainToCore | undefined>;
  /** A new core runs after one that ended unexpectedly. */
  onRestart(): void;
  /** The core has ended too often to try again. */
  onGiveUp(): void;
}

/**
 * The core in a process of its own: opening it, wiring it to windows, watching over it. A core that dies takes no
 * committed data with it, so it is started again and the windows are given new ports.
 */
export class CoreProcess {
  readonly #services: CoreServices;
  readonly #windows = new Set<WebContents>();
  /** What waits for the core to know a file, by its token. */
  readonly #grants = new Map<string, () => void>();
  #child: UtilityProcess | undefined;
  #isClosing = false;
  #ends: number[] = [];

  constructor(services: CoreServices) {
    this.#services = services;
  }

  start(): void {
    const child = utilityProcess.fork(path.join(distFolder(), 'core.js'), [], {
      serviceName: 'Portbook core',
      env: processEnvironment(),
    });
    this.#child = child;
    child.on('message', (message: CoreToMain) => this.#receive(message));
    child.once('exit', (code) => this.#ended(child, code));
  }

  /** Gives a window a fresh port; it replaces the one the window may have had before it was reloaded. */
  connect(window: WebContents, isRestart = false): void {
    if (!this.#windows.has(window)) {
      this.#windows.add(window);
      window.once('destroyed', () => this.#windows.delete(window));
    }
    if (!this.#child) return;
    const { port1, port2 } = new MessageChannelMain();
    this.#child.postMessage({ type: 'connect' } satisfies MainToCore, [port1]);
    window.postMessage(corePortChannel, { isRestart } satisfies CorePortMessage, [port2]);
  }

  send(message: MainToCore): void {
    this.#child?.postMessage(message);
  }

  /** Tells the core of a file; resolves when it knows. One that ends meanwhile is told again when it runs anew. */
  grant(message: Extract<MainToCore, { type: 'file-granted' }>): Promise<void> {
    return new Promise((resolve) => {
      if (this.#child === undefined) {
        resolve();
        return;
      }
      this.#grants.set(message.token, resolve);
      this.send(message);
    });
  }

  #isKnown(token: string): void {
    this.#grants.get(token)?.();
    this.#grants.delete(token);
  }

  /** Asks the core to flush and close its books, and ends it after five seconds if it has not. */
  async shutdown(): Promise<void> {
    const child = this.#child;
    this.#isClosing = true;
    if (!child) return;
    let isClosed = false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, shutdownMs);
      const finish = (): void => {
        isClosed = true;
        clearTimeout(timer);
        resolve();
      };
      child.on('message', (message: CoreToMain) => {
        if (message.type === 'closed') finish();
      });
      child.once('exit', finish);
      child.postMessage({ type: 'shutdown' } satisfies MainToCore);
    });
    if (!isClosed) log('core-shutdown-timeout');
    child.kill();
    this.#child = undefined;
  }

  #receive(message: CoreToMain): void {
    if (message.type === 'file-known') {
      this.#isKnown(message.token);
      return;
    }
    this.#services
      .answer(message)
      .then((answer) => {
        if (answer) this.send(answer);
      })
      .catch((error: unknown) => logBug(`core-request ${message.type}`, error));
  }

  #ended(child: UtilityProcess, code: number): void {
    if (this.#child !== child || this.#isClosing) return;
    this.#child = undefined;
    log('core-ended', { code });
    for (const token of [...this.#grants.keys()]) this.#isKnown(token);
    for (const window of this.#windows) window.send(coreGoneChannel);
    const now = Date.now();
    this.#ends = [...this.#ends.filter((at) => now - at < restartWindowMs), now];
    if (this.#ends.length > restartsAllowed) {
      this.#services.onGiveUp();
      return;
    }
    this.start();
    this.#services.onRestart();
    for (const window of this.#windows) this.connect(window, true);
  }
}
