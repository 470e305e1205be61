import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { CallOptions, DeskEvent, PlatformInfo, PortbookBridge } from '../shared/contract/bridge.ts';
import type { InputOf, OperationName, OutputOf } from '../shared/contract/contract.ts';
import {
  type CorePortMessage,
  coreGoneChannel,
  corePortChannel,
  type DeskChannels,
  flushChannel,
  flushedChannel,
  platformInfoSwitch,
} from '../shared/contract/desk-channels.ts';
import type { CoreToWindow, WindowToCore } from '../shared/contract/host.ts';
import type { Progress, Result } from '../shared/contract/operation.ts';

/**
 * The one bridge between a page and everything else. The port to the core stays in here: a page holds functions, never
 * a channel, so it can neither read another call's answer nor hand the port on.
 */

interface PendingCall {
  readonly resolve: (result: Result<unknown>) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly answered: Promise<unknown>;
}

const pending = new Map<number, PendingCall>();
const listeners = new Set<(event: DeskEvent) => void>();
const flushers = new Set<() => Promise<void>>();
/** Messages for a core that is not there yet: the page's first calls come before the port does. */
let waiting: WindowToCore[] = [];
let port: MessagePort | undefined;
let lastId = 0;

function post(message: WindowToCore): void {
  if (port) port.postMessage(message);
  else waiting.push(message);
}

function receive(message: CoreToWindow): void {
  if ('event' in message) {
    emit(message.data);
    return;
  }
  const call = pending.get(message.id);
  if (!call) return;
  if ('progress' in message) {
    call.onProgress?.(message.progress);
    return;
  }
  pending.delete(message.id);
  call.resolve(message.ok ? { ok: true, data: message.data } : { ok: false, error: message.error });
}

function emit(event: DeskEvent): void {
  for (const listener of listeners) listener(event);
}

ipcRenderer.on(corePortChannel, (event, about: CorePortMessage) => {
  const [received] = event.ports;
  if (!received) return;
  port?.close();
  port = received;
  port.onmessage = (message) => receive(message.data as CoreToWindow);
  const queue = waiting;
  waiting = [];
  for (const message of queue) port.postMessage(message);
  if (about.isRestart) emit({ name: 'core-restarted' });
});

ipcRenderer.on(coreGoneChannel, () => {
  port?.close();
  port = undefined;
  // Calls that still wait for a port have not been carried out and are sent to the next core.
  const unsent = new Set(waiting.flatMap((message) => ('cancel' in message ? [] : [message.id])));
  for (const [id, call] of pending) {
    if (unsent.has(id)) continue;
    pending.delete(id);
    call.resolve({ ok: false, error: { code: 'CORE_STOPPED', params: {} } });
  }
});

/**
 * Lets the page write what it holds and waits for the calls under way, except jobs. An answer may lead to another call, as a
 * looked-up code does to the form's save, so it goes round until no call is added.
 */
async function flush(): Promise<void> {
  let before: number;
  do {
    before = lastId;
    await Promise.allSettled([...flushers].map((flusher) => flusher()));
    const calls = [...pending.values()].filter(({ onProgress }) => onProgress === undefined);
    await Promise.all(calls.map(({ answered }) => answered));
  } while (lastId !== before);
}

ipcRenderer.on(flushChannel, () => void flush().finally(() => ipcRenderer.send(flushedChannel)));

function invoke<C extends keyof DeskChannels>(
  channel: C,
  ...args: Parameters<DeskChannels[C]>
): Promise<ReturnType<DeskChannels[C]>> {
  return ipcRenderer.invoke(channel, ...args);
}

function newCallId(): number {
  lastId += 1;
  return lastId;
}

function call<N extends OperationName>(
  op: N,
  input: InputOf<N>,
  options: CallOptions = {},
): Promise<Result<OutputOf<N>>> {
  const id = options.callId ?? newCallId();
  let settle: (result: Result<unknown>) => void = () => undefined;
  const answered = new Promise<Result<OutputOf<N>>>((resolve) => {
    // The core parses its output with the same contract that types this answer.
    settle = resolve as (result: Result<unknown>) => void;
  });
  pending.set(id, { resolve: settle, onProgress: options.onProgress, answered });
  post({ id, op, input });
  return answered;
}

function platformInfo(): PlatformInfo {
  const text = process.argv.find((arg) => arg.startsWith(platformInfoSwitch));
  if (text === undefined) throw new Error('the window was opened without its platform information');
  return JSON.parse(text.slice(platformInfoSwitch.length)) as PlatformInfo;
}

const bridge: PortbookBridge = {
  call,
  newCallId,
  cancel: (callId) => post({ cancel: callId }),
  onEvent: (listener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
  onFlush: (handler) => {
    flushers.add(handler);
    return () => {
      flushers.delete(handler);
    };
  },
  chooseFile: (options) => invoke('desk:choose-file', options),
  chooseFiles: (options) => invoke('desk:choose-files', options),
  chooseDirectory: (options) => invoke('desk:choose-directory', options),
  chooseSaveFile: (options) => invoke('desk:choose-save-file', options),
  grantDroppedFile: async (file) => {
    const path = file instanceof File ? webUtils.getPathForFile(file) : '';
    return path === '' ? null : invoke('desk:grant-dropped-file', path);
  },
  grantDroppedFolder: async (folder, extensions) => {
    const path = folder instanceof File ? webUtils.getPathForFile(folder) : '';
    return path === '' ? { files: [], findings: [] } : invoke('desk:grant-dropped-folder', path, extensions);
  },
  platform: platformInfo(),
  setTheme: (theme) => invoke('desk:set-theme', theme),
  openExternal: (url) => invoke('desk:open-external', url),
};

// The empty document that stands in for a page that has crashed gets no bridge.
if (location.protocol === 'app:' && location.host === 'portbook') {
  contextBridge.exposeInMainWorld('portbook', bridge);
  void invoke('desk:hello');
}
