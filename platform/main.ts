import { existsSync } from 'node:fs';
import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PlatformToMain } from '../shared/contract/host.ts';
import { PortbookError } from '../shared/errors.ts';
import { errorText } from '../shared/i18n/error-text.ts';
import { CarryRefusal, runCounter } from './carry.ts';
import { platformOptions } from './options.ts';
import { PackIssueRefusal, runIssuer } from './packs.ts';
import { answerAsReader } from './reader.ts';
import { type Platform, type PlatformOptions, servePlatform } from './server.ts';

/**
 * The platform as a program of its own; without arguments the practice platform, from a folder of the user's own.
 * `carry-keys` and `import-carry <file> --to <url> --out <file>` are the counter for files carried by hand;
 * `pack-keys` and `pack-sign <content> --notice <file> --out <folder>` issue packs of code tables and rules.
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

const usage = `usage: platform [serve] [--data <folder> | --database-url <url>] [--host <address>] [--port <number>]
  [--tls-key <file> --tls-cert <file> | --behind-proxy] [--public-host <host[:port],...> --operator-token-file <file>] [--resources <folder>] [--packs <folder>]
  [--rate-limit <requests in ten seconds>] [--log-level debug|info|warn|error]
`;

/** The arguments as the server takes them, or undefined when they are not those of the usage. Refusals: those of {@link platformOptions}. */
function readArguments(): PlatformOptions | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'behind-proxy': { type: 'boolean', default: false },
        data: { type: 'string' },
        'database-url': { type: 'string' },
        host: { type: 'string' },
        'log-level': { type: 'string' },
        'operator-token-file': { type: 'string' },
        packs: { type: 'string' },
        port: { type: 'string' },
        'public-host': { type: 'string' },
        'rate-limit': { type: 'string' },
        resources: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
      },
    });
    const isServe = positionals.length === 0 || (positionals.length === 1 && positionals[0] === 'serve');
    if (!isServe) return undefined;
    const { resources, ...flags } = values;
    return platformOptions(flags, {
      dataFolder: path.join(os.homedir(), '.portbook', 'practice'),
      resourcesFolder: resources ?? ownResources(),
    });
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
        accept: { type: 'string' },
      },
    });
    process.stdout.write(
      await runCounter(command, {
        keys: values.keys,
        file: positionals[0],
        to: values.to,
        out: values.out,
        passphraseFile: values['passphrase-file'],
        accept: values.accept,
      }),
    );
  } catch (error) {
    if (!(error instanceof CarryRefusal || error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
  return true;
}

/** Where the desk starts it; a program of its own has none. */
const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };

function sayNo(text: string): undefined {
  process.stderr.write(text);
  process.exitCode = 2;
}

/** Starts the server. Undefined: it was asked for in a way it does not take, and said so. */
async function serve(): Promise<Platform | undefined> {
  try {
    const given = readArguments();
    if (given === undefined) return sayNo(usage);
    // Several processes on one database use the cores as they are; and the practice of one desk needs no second one.
    const isAlone = parentPort === undefined && given.databaseUrl === undefined && availableParallelism() > 1;
    return await servePlatform(isAlone ? { ...given, readerProgram: fileURLToPath(import.meta.url) } : given);
  } catch (error) {
    const told = error instanceof PortbookError ? errorText(error.toContract(), 'en') : undefined;
    parentPort?.postMessage({ type: 'failed', reason: told?.why ?? String(error) });
    if (!(error instanceof PortbookError) || told === undefined) throw error;
    const { what, why, remedy } = told;
    return sayNo(`${error.code}  ${what}\n${why}\n${remedy}\n${usage}`);
  }
}

/** The desk of whoever issues packs. @returns whether it was asked for */
function issuer(): boolean {
  const [command] = process.argv.slice(2);
  if (command !== 'pack-keys' && command !== 'pack-sign') return false;
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(3),
      allowPositionals: true,
      options: {
        keys: { type: 'string', default: path.join(os.homedir(), '.portbook', 'issuer') },
        name: { type: 'string' },
        notice: { type: 'string' },
        out: { type: 'string' },
      },
    });
    const { keys, name, notice, out } = values;
    process.stdout.write(runIssuer(command, { keys, name, notice, out, file: positionals[0] }));
  } catch (error) {
    if (!(error instanceof PackIssueRefusal || error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
  return true;
}

async function main(): Promise<void> {
  if (answerAsReader() || (await counter()) || issuer()) return;
  const platform = await serve();
  if (platform === undefined) return;
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
