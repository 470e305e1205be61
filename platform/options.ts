import { readFileSync } from 'node:fs';
import { PortbookError } from '../shared/errors.ts';
import type { PlatformOptions } from './server.ts';

/** What may be said on a command line that starts the platform, its own or the desk's. */
export interface PlatformFlags {
  readonly 'behind-proxy'?: boolean | undefined;
  readonly data?: string | undefined;
  readonly 'database-url'?: string | undefined;
  readonly host?: string | undefined;
  readonly 'log-level'?: string | undefined;
  readonly 'operator-token-file'?: string | undefined;
  readonly packs?: string | undefined;
  readonly port?: string | undefined;
  readonly 'public-host'?: string | undefined;
  readonly 'rate-limit'?: string | undefined;
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

function wholeNumber(text: string, flag: keyof PlatformFlags, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    throw new PortbookError('OPTION_NUMBER', { option: `--${flag}` }, flag);
  return value;
}

function fileOf(name: string, flag: keyof PlatformFlags): Buffer {
  try {
    return readFileSync(name);
  } catch (error) {
    const detail = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new PortbookError('FILE_MISSING', { name, detail }, flag);
  }
}

/** The hosts of a list with commas, each with its port where that is not the usual one. */
function hostsOf(text: string): readonly string[] {
  const hosts = text.split(',').map((one) => one.trim().toLowerCase());
  for (const host of hosts) {
    const url = URL.canParse(`https://${host}/`) ? new URL(`https://${host}/`) : undefined;
    if (url === undefined || url.host !== host) throw new PortbookError('PUBLIC_HOST_INVALID', { host }, 'public-host');
  }
  return hosts;
}

/** Characters that a token must have at least: it is never typed, so it can be long. */
const TOKEN_LEAST = 32;

function tokenOf(name: string): string {
  const token = fileOf(name, 'operator-token-file').toString('utf8').trim();
  if (token.length < TOKEN_LEAST)
    throw new PortbookError('OPERATOR_TOKEN_SHORT', { least: TOKEN_LEAST }, 'operator-token-file');
  return token;
}

function folderOf(dataFolder: string | undefined): { readonly dataFolder: string } {
  if (dataFolder === undefined) throw new PortbookError('OPTION_MISSING', { option: '--data, --database-url' }, 'data');
  return { dataFolder };
}

/**
 * Flags as the server takes them. A database's address may come in the environment (`PORTBOOK_DATABASE_URL`), where other users of the
 * machine do not see it; a data folder that is typed stands before it.
 * Refusals: `OPTION_NUMBER`, `OPTION_CHOICE`, `OPTION_MISSING` (no place for the data, half of a TLS pair), `OPTIONS_EXCLUDE`, `FILE_MISSING`,
 * `PUBLIC_HOST_INVALID`, `OPERATOR_TOKEN_SHORT`.
 */
export function platformOptions(
  flags: PlatformFlags,
  places: { readonly dataFolder?: string; readonly resourcesFolder?: string | undefined },
): PlatformOptions {
  const { data, host, packs, 'tls-key': key, 'tls-cert': cert, 'rate-limit': rate } = flags;
  const { 'public-host': publicHosts, 'operator-token-file': tokenFile } = flags;
  if (data !== undefined && flags['database-url'] !== undefined)
    throw new PortbookError('OPTIONS_EXCLUDE', { option: '--data', other: '--database-url' }, 'data');
  const databaseUrl = flags['database-url'] ?? (data === undefined ? process.env['PORTBOOK_DATABASE_URL'] : undefined);
  const storage = databaseUrl === undefined ? folderOf(data ?? places.dataFolder) : { databaseUrl };
  if ((key === undefined) !== (cert === undefined)) {
    const missing = key === undefined ? 'tls-key' : 'tls-cert';
    throw new PortbookError('OPTION_MISSING', { option: `--${missing}` }, missing);
  }
  const logLevel = levels.find((level) => level === (flags['log-level'] ?? 'warn'));
  if (logLevel === undefined)
    throw new PortbookError('OPTION_CHOICE', { option: '--log-level', choices: levels.join(', ') }, 'log-level');
  return {
    port: wholeNumber(flags.port ?? '8790', 'port', 0, 65_535),
    logLevel,
    behindProxy: flags['behind-proxy'] ?? false,
    ...storage,
    ...(host === undefined ? {} : { host }),
    ...(packs === undefined ? {} : { packsFolder: packs }),
    ...(rate === undefined ? {} : { rateLimit: wholeNumber(rate, 'rate-limit', 1, Number.MAX_SAFE_INTEGER) }),
    ...(publicHosts === undefined ? {} : { publicHosts: hostsOf(publicHosts) }),
    ...(tokenFile === undefined ? {} : { operatorToken: tokenOf(tokenFile) }),
    ...(places.resourcesFolder === undefined ? {} : { resourcesFolder: places.resourcesFolder }),
    ...(key === undefined || cert === undefined
      ? {}
      : { tls: { key: fileOf(key, 'tls-key'), cert: fileOf(cert, 'tls-cert') } }),
  };
}
