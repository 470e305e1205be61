import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PlatformToMain } from '../shared/contract/host.ts';
import { CarryRefusal, runCounter } from './carry.ts';
import { type PlatformOptions, servePlatform } from './server.ts';

/**
 * The platform as a program of its own; without arguments the practice platform, from a folder of the user's own. A database's address
 * may come in the environment (`PORTBOOK_DATABASE_URL`), where other users of the machine do not see it.
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

const usage = `usage: platform [serve] [--data <folder> | --database-url <url>] [--host <address>] [--port <number>]
  [--tls-key <file> --tls-cert <file> | --behind-proxy] [--resources <folder>] [--packs <folder>]
  [--rate-limit <requests in ten seconds>] [--log-level debug|info|warn|error]
`;

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** The arguments as the server takes them, or undefined when they are not those of the usage. */
function readArguments(): PlatformOptions | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'behind-proxy': { type: 'boolean', default: false },
        data: { type: 'string' },
        'database-url': { type: 'string' },
        host: { type: 'string' },
        'log-level': { type: 'string', default: 'warn' },
        packs: { type: 'string' },
        port: { type: 'string', default: '8790' },
        'rate-limit': { type: 'string' },
        resources: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
      },
    });
    const { host, packs, data, 'tls-key': key, 'tls-cert': cert } = values;
    const databaseUrl = values['database-url'] ?? process.env['PORTBOOK_DATABASE_URL'];
    const port = Number(values.port);
    const rateLimit = values['rate-limit'] === undefined ? undefined : Number(values['rate-limit']);
    const logLevel = levels.find((level) => level === values['log-level']);
    const isServe = positionals.length === 0 || (positionals.length === 1 && positionals[0] === 'serve');
    const isRate = rateLimit === undefined || (Number.isInteger(rateLimit) && rateLimit > 0);
    if (!isServe || !Number.isInteger(port) || port < 0 || port >= 65_536 || !isRate || logLevel === undefined)
      return undefined;
    if ((key === undefined) !== (cert === undefined) || (data !== undefined && databaseUrl !== undefined))
      return undefined;
    const resourcesFolder = values.resources ?? ownResources();
    return {
      port,
      logLevel,
      behindProxy: values['behind-proxy'],
      ...(databaseUrl === undefined
        ? { dataFolder: data ?? path.join(os.homedir(), '.portbook', 'practice') }
        : { databaseUrl }),
      ...(host === undefined ? {} : { host }),
      ...(packs === undefined ? {} : { packsFolder: packs }),
      ...(rateLimit === undefined ? {} : { rateLimit }),
      ...(resourcesFolder === undefined ? {} : { resourcesFolder }),
      ...(key === undefined || cert === undefined ? {} : { tls: { key: readFileSync(key), cert: readFileSync(cert) } }),
    };
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
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const platform = await servePlatform(given);
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
