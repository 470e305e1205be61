import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const resourcesFolder = path.resolve(import.meta.dirname, '../../../resources');

/** A platform in a process of its own. */
export interface PlatformProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/**
 * A program of storms takes how far its clock is ahead by its standard input.
 * @param databaseUrl a database shared with others, instead of a file in the data folder
 */
export async function spawnPlatform(
  program: string,
  dataFolder: string,
  port = 0,
  databaseUrl?: string,
): Promise<PlatformProcess> {
  const place = databaseUrl === undefined ? ['--data', dataFolder] : ['--database-url', databaseUrl];
  const args = [program, 'serve', ...place, '--port', String(port), '--resources', resourcesFolder];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  // A killed one does not read any more what it is told.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout });
  const [url] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the platform ended with ${String(code)}`))),
  ])) as [string];
  return {
    url,
    child,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
