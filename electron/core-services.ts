import { session } from 'electron';
import type { CoreToMain, MainToCore } from '../shared/contract/host.ts';
import type { PracticeProcess } from './practice-process.ts';
import type { Printer } from './printer.ts';
import { canSeal, openSealed, seal } from './sealing.ts';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Does for the core what only the main process can do. */
export async function serveCore(
  request: CoreToMain,
  printer: Printer,
  practice: PracticeProcess,
): Promise<MainToCore | undefined> {
  switch (request.type) {
    case 'seal':
    case 'open': {
      const { id, data } = request;
      if (!canSeal()) return { type: 'seal-failed', id, reason: 'unavailable' };
      try {
        return request.type === 'seal'
          ? { type: 'sealed', id, data: seal(data) }
          : { type: 'opened', id, data: openSealed(data) };
      } catch {
        // The keyring tells no more than that: another user's data, or a keyring that was emptied.
        return { type: 'seal-failed', id, reason: 'refused' };
      }
    }
    case 'print-pdf':
      try {
        return { type: 'pdf', id: request.id, bytes: await printer.print(request.html) };
      } catch (error) {
        return { type: 'pdf-failed', id: request.id, message: messageOf(error) };
      }
    case 'start-practice':
      try {
        return { type: 'practice-started', id: request.id, url: await practice.start(request.dataFolder) };
      } catch (error) {
        return { type: 'practice-failed', id: request.id, message: messageOf(error) };
      }
    case 'stop-practice':
      await practice.stop();
      return { type: 'practice-stopped', id: request.id };
    case 'resolve-proxy':
      return { type: 'proxy', id: request.id, answer: await session.defaultSession.resolveProxy(request.url) };
    case 'ready':
    case 'closed':
    case 'file-known':
    case 'smoke-result':
      return undefined;
    default:
      return request satisfies never;
  }
}
