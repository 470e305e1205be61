import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoreEvent } from '../../shared/contract/contract.ts';
import type { CoreToMain, CoreToWindow, GrantMode, MainToCore, WindowToCore } from '../../shared/contract/host.ts';
import { PortbookError } from '../../shared/errors.ts';
import { keepBackedUp } from './backups.ts';
import type { FileGrants, Host } from './context.ts';
import { createCore } from './core.ts';
import { randomBookKey } from './keys/key-file.ts';
import { fileLog } from './log.ts';
import { startEngine } from './outbox/engine.ts';
import { findResources } from './resources.ts';
import { keepStatisticsAhead } from './statistics-ahead.ts';
import { openDatabase } from './store/database.ts';

/**
 * The core as the desk's utility process. It imports nothing of Electron: the port to the main process is handed to it
 * by the runtime, the ports to windows come over that one.
 */

interface Port {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly Port[] }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** At most ten events of a kind a second: a sync of thousands must not flood the window. */
const EVENT_INTERVAL_MS = 100;

const { parentPort } = process as NodeJS.Process & { parentPort?: Port };
if (parentPort === undefined)
  throw new Error('the core process is started by the desk; without a window use the command line');
const main = parentPort;

const now = () => new Date().toISOString();
const home = process.env['PORTBOOK_HOME'] ?? '';
if (home === '') throw new Error('PORTBOOK_HOME is not set');
const log = fileLog(join(home, 'logs'), now);
const windows = new Set<Port>();

// Requests to the main process -----------------------------------------------------------------------------------------

const waiting = new Map<number, (answer: MainToCore) => void>();
let lastRequest = 0;

function tell(message: CoreToMain): void {
  main.postMessage(message);
}

function ask(request: (id: number) => CoreToMain): Promise<MainToCore> {
  lastRequest += 1;
  const id = lastRequest;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell(request(id));
  });
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const host: Host = {
  async seal(plain) {
    const answer = await ask((id) => ({ type: 'seal', id, data: base64(plain) }));
    return answer.type === 'sealed' ? Buffer.from(answer.data, 'base64') : undefined;
  },
  async open(sealed) {
    const answer = await ask((id) => ({ type: 'open', id, data: base64(sealed) }));
    return answer.type === 'opened' ? Buffer.from(answer.data, 'base64') : undefined;
  },
  async printPdf(html) {
    const answer = await ask((id) => ({ type: 'print-pdf', id, html }));
    if (answer.type === 'pdf') return answer.bytes;
    throw new Error(answer.type === 'pdf-failed' ? answer.message : `unexpected answer ${answer.type}`);
  },
  async startPractice(dataFolder) {
    const answer = await ask((id) => ({ type: 'start-practice', id, dataFolder }));
    if (answer.type === 'practice-started') return answer.url;
    throw new PortbookError('PRACTICE_NOT_STARTED', {
      reason: answer.type === 'practice-failed' ? answer.message : answer.type,
    });
  },
  async stopPractice() {
    await ask((id) => ({ type: 'stop-practice', id }));
  },
  async systemProxy(url) {
    const answer = await ask((id) => ({ type: 'resolve-proxy', id, url }));
    return answer.type === 'proxy' ? answer.answer : undefined;
  },
};

// Files the user chose -------------------------------------------------------------------------------------------------

const granted = new Map<string, { path: string; mode: GrantMode }>();
const files: FileGrants = {
  pathOf(token, mode) {
    const grant = granted.get(token);
    if (grant === undefined || grant.mode !== mode) throw new PortbookError('FILE_NOT_GRANTED', {});
    return grant.path;
  },
};

// Events ---------------------------------------------------------------------------------------------------------------

const pending = new Map<string, CoreEvent>();
let isFlushing = false;

/** Merges events of a kind; the areas of `book.changed` add up. */
function emit(event: CoreEvent): void {
  const before = pending.get(event.name);
  if (event.name === 'book.changed' && before?.name === 'book.changed') {
    pending.set(event.name, { name: event.name, areas: [...new Set([...before.areas, ...event.areas])] });
  } else {
    pending.set(event.name, event);
  }
  if (isFlushing) return;
  isFlushing = true;
  setTimeout(() => {
    isFlushing = false;
    const events = [...pending.values()];
    pending.clear();
    for (const port of windows)
      for (const one of events) port.postMessage({ event: one.name, data: one } satisfies CoreToWindow);
  }, EVENT_INTERVAL_MS);
}

const core = createCore({
  home,
  resourcesFolder: findResources(),
  host,
  files,
  now,
  emit,
  log,
  checkOutputs: process.env['PORTBOOK_PACKAGED'] !== '1',
});

keepBackedUp(core.session, now, (error) => log.bug(error, { operation: 'backup' }));
keepStatisticsAhead(core.session, (error) => log.bug(error, { operation: 'statistics' }));

// From here on the outbox sends and fetches by itself whenever a book is open.
startEngine({
  session: core.session,
  host,
  emit,
  now,
  resources: core.resources,
  onError: (error) => log.bug(error, { operation: 'outbox' }),
});

// Windows --------------------------------------------------------------------------------------------------------------

function connect(port: Port): void {
  const running = new Map<number, AbortController>();
  windows.add(port);
  const say = (message: CoreToWindow) => port.postMessage(message);
  port.on('message', ({ data }) => {
    const message = data as WindowToCore;
    if ('cancel' in message) {
      running.get(message.cancel)?.abort();
      return;
    }
    const { id, op, input } = message;
    const controller = new AbortController();
    running.set(id, controller);
    void core
      .callUnknown(op, input, { signal: controller.signal, progress: (progress) => say({ id, progress }) })
      .then((result) => {
        running.delete(id);
        say(result.ok ? { id, ok: true, data: result.data } : { id, ok: false, error: result.error });
      });
  });
  // A reloaded window has lost its calls: what it asked for last is not worth finishing.
  port.on('close', () => {
    windows.delete(port);
    for (const controller of running.values()) controller.abort();
  });
  port.start();
}

// The main process -----------------------------------------------------------------------------------------------------

/** Opens a sealed database and asks it one thing: proves that addon, cipher and resources are in a package. */
function smoke(): { ok: boolean; detail: string } {
  const folder = mkdtempSync(join(tmpdir(), 'portbook-smoke-'));
  try {
    const db = openDatabase(join(folder, 'smoke.portbook'), randomBookKey(), { create: true });
    try {
      const { answer } = db.prepare('SELECT 6 * 7 AS answer').get() as { answer: number };
      const { tablesVersion } = core.resources;
      return { ok: answer === 42, detail: `sqlite ${answer}, tables ${tablesVersion}` };
    } finally {
      db.close();
    }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main.on('message', ({ data, ports }) => {
  const message = data as MainToCore;
  switch (message.type) {
    case 'connect': {
      const [port] = ports;
      if (port !== undefined) connect(port);
      return;
    }
    case 'file-granted':
      granted.set(message.token, { path: message.path, mode: message.mode });
      tell({ type: 'file-known', token: message.token });
      return;
    case 'smoke':
      tell({ type: 'smoke-result', id: message.id, ...smoke() });
      return;
    case 'shutdown':
      core
        .close()
        .catch((error: unknown) => log.bug(error, { operation: 'shutdown' }))
        .finally(() => tell({ type: 'closed' }));
      return;
    default: {
      const resolve = waiting.get(message.id);
      waiting.delete(message.id);
      resolve?.(message);
    }
  }
});

tell({ type: 'ready' });
