import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PlatformToMain } from '../shared/contract/host.ts';
import { CarryRefusal, runCounter } from './carry.ts';
import { servePlatform } from './server.ts';

/**
 * The practice platform as a program of its own: `serve [--data <folder>] [--port <n>] [--resources <folder>]`; without
 * anything it serves from a folder of the user's own.
 * `carry-keys` and `import-carry <file> --to <url> --out <file>` are the counter for files carried by hand.
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

/** The arguments, or undefined when they are not those of the usage. */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { data: { type: 'string' }, port: { type: 'string', default: '8790' }, resources: { type: 'string' } },
    });
    const port = Number(values.port);
    const isServe = positionals.length === 0 || (positionals.length === 1 && positionals[0] === 'serve');
    return isServe && Number.isInteger(port) && port >= 0 && port < 65_536 ? { port, values } : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The counter for files carried by hand, beside the server. @returns whether it was asked for */
async function counter(): Promise<boolean> {
  const [command] = process.argv.slice(2);
  if (command !== 'carry-keys' && command !== 'import-carry') return false;
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(3),
      allowPositionals: true,
      options: {
        keys: { type: 'string', default: path.join(os.homedir(), '.portbook', 'counter') },
        to: { type: 'string' },
        out: { type: 'string' },
        'passphrase-file': { type: 'string' },
      },
    });
    process.stdout.write(
      await runCounter(command, {
        keys: values.keys,
        file: positionals[0],
        to: values.to,
        out: values.out,
        passphraseFile: values['passphrase-file'],
      }),
    );
  } catch (error) {
    if (!(error instanceof CarryRefusal || error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
  return true;
}

async function main(): Promise<void> {
  if (await counter()) return;
  const given = readArguments();
  if (given === undefined) {
    process.stderr.write('usage: platform [serve] [--data <folder>] [--port <number>] [--resources <folder>]\n');
    process.exitCode = 2;
    return;
  }
  const { port, values } = given;
  const resourcesFolder = values.resources ?? ownResources();
  const platform = await servePlatform({
    port,
    dataFolder: values.data ?? path.join(os.homedir(), '.portbook', 'practice'),
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
