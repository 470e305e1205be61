import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PlatformToMain } from '../shared/contract/host.ts';
import { servePlatform } from './server.ts';

/**
 * The practice platform as a program of its own: `serve --data <folder> [--port <n>] [--resources <folder>]`.
 * Once it listens it tells its starter over `process.parentPort` (Electron) and prints its address.
 */

interface ParentPort {
  postMessage(message: PlatformToMain): void;
}

/** The tables beside this file, in the sources as in a build; undefined when it was put somewhere else. */
function ownResources(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [path.join(here, '../resources'), path.join(here, 'resources'), path.join(here, '../../resources')].find(
    (folder) => existsSync(path.join(folder, 'tables')),
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' }, port: { type: 'string', default: '8790' }, resources: { type: 'string' } },
  });
  const port = Number(values.port);
  if (positionals[0] !== 'serve' || values.data === undefined || !Number.isInteger(port)) {
    process.stderr.write('usage: platform serve --data <folder> [--port <number>] [--resources <folder>]\n');
    process.exitCode = 2;
    return;
  }
  const resourcesFolder = values.resources ?? ownResources();
  const platform = await servePlatform({
    port,
    dataFolder: values.data,
    ...(resourcesFolder === undefined ? {} : { resourcesFolder }),
  });
  const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
  parentPort?.postMessage({ type: 'listening', url: platform.url });
  process.stdout.write(`${platform.url}\n`);
  const stop = (): void => {
    platform.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

await main();
