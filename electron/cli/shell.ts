import { mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import type { ContractError } from '../../shared/contract/operation.ts';
import { PortbookError } from '../../shared/errors.ts';
import type { Language } from '../../shared/i18n/error-text.ts';
import { bareHost, type Core, createCore, pathGrants } from '../core/core.ts';
import { findResources } from '../core/resources.ts';

/** What every command stands on: the options, the passphrase, the core of a book, the shape of an answer. */

export const REFUSED = 1;

export const usage = `portbook <command> [--json] [--lang zh-CN|en]

  book create --dir D --name N --uscc U --customs-code C [--role exporter|broker|cooperative]
  book sample --dir D
  book info --dir D
  import orders|products|waybills|rates|invoices|exportLines|tariff|warehouse|taxBills|payments|watchlist|declarationCopies|tracking|notices|parcels|bonded --book D --file F
    [--dry-run] [--failed OUT] [--currency GBP] [--sheet NAME] [--key FIELD]
  import statement --book D --file F [--account NAME] [--dry-run] [--failed OUT] [--sheet NAME]
  import documents --book D --file F [--type CEBnnn] [--on-duplicate insert|update|skip] [--key FIELD] [--dry-run] [--failed OUT] [--sheet NAME]
  import receipts --book D --file F.xml
  draft 9610 --book D --shipment S.json [--from DATE] [--to DATE] [--country C]
  check --book D
  queue --book D
  export messages --book D --out DIR
  sync --book D --platform URL [--wait SECONDS]
  status --book D
  endpoints list --book D
  endpoints add --book D --name N [--transport http|folder|carry] [--url U] [--folders DIR] [--ca FILE] [--practice] [--profile P] [--input FILE|-]
  endpoints edit --book D --endpoint E [as of add]
  endpoints choose|remove|check --book D --endpoint E
  endpoints route --book D --type CEBnnn [--endpoint E]
  carry out --book D --out FILE [--endpoint E] [--passphrase-file F]
  carry in --book D --file F
  ledger post --book D --input FILE|-
  ledger balance --book D [--account CODE] [--period yyyy-mm]
  ledger trial-balance --book D [--from yyyy-mm --to yyyy-mm]
  ledger export --book D --out FILE [--format hledger|beancount] [--mode original|cny]
  ledger close --book D --period yyyy-mm
  codes find <table> <words> [--limit N] [--book D]
  packs list --book D
  packs check|take <file> --book D
  packs rollback <pack> --book D --reason TEXT [--to VERSION]
  packs trust <key> --book D --name N
  messages list
  messages read <file> [--book D]
  messages write --type CEBnnn --input FILE|- [--out FILE.xml] [--book D]
  messages template --type CEBnnn --out FILE.xlsx
  messages schema --type CEBnnn --out FILE [--json-schema]
  rules list
  rules explain <calculator>
  rules run <calculator> --input FILE|- [--book D]
  tax worksheet <name> --book D --period yyyy|yyyy-Qn|yyyy-mm [--out FILE.xlsx]
  deadlines list --book D [--from DATE] [--to DATE]
  import payout --book D --file F [--store NAME] [--dry-run] [--currency C] [--deposit AMOUNT] [--sheet NAME]
    [--columns postedAt=0,amount=3 --platform NAME] [--decimal-mark .|,] [--day-order dmy|mdy]
  forex receipts --book D [--from DATE] [--to DATE]
  forex allocate --book D --receipt ID [--to order|declaration|payout:NO:AMOUNT[:CHARGE] ...] [--rate R] [--explain TEXT]
  forex allocate --book D --auto MIN [--dry-run]
  forex netting --book D --id N | --payout N | --input FILE|- [--out FILE.xlsx]
  forex indicators --book D --month yyyy-mm
  forex gauges --book D [--date DATE]
  forex declare --book D --receipt ID
  evidence --book D --receipt ID|--shipment NO [--out DIR]
  evidence electronic --book D [--receipt ID] [--from DATE --to DATE] [--out DIR]
  papers --book D --shipment NO --out DIR [--workbook] [--language zh|en|both] [--kind KIND ...]
  match run --book D [--report OUT.xlsx|OUT.json]
  platform serve [--port N] --data DIR | --database-url URL [--host ADDRESS] [--tls-key FILE --tls-cert FILE | --behind-proxy]
    [--public-host HOST,… --operator-token-file FILE] [--packs DIR] [--rate-limit N] [--log-level debug|info|warn|error]

The passphrase is PORTBOOK_PASSPHRASE, or asked for; in a book with roles the PIN of who is chosen in it
is PORTBOOK_CLERK_PIN. docs/cli.md has the answers.`;

/** The options as typed. An unknown one ends the program with the usage, before anything is opened. */
function readArguments() {
  return parseArgs({
    allowPositionals: true,
    strict: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'boolean', default: false },
      lang: { type: 'string', default: 'zh-CN' },
      dir: { type: 'string' },
      book: { type: 'string' },
      name: { type: 'string' },
      uscc: { type: 'string' },
      'customs-code': { type: 'string' },
      role: { type: 'string', default: 'exporter' },
      file: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'json-schema': { type: 'boolean', default: false },
      failed: { type: 'string' },
      currency: { type: 'string' },
      sheet: { type: 'string' },
      report: { type: 'string' },
      shipment: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string', multiple: true },
      country: { type: 'string' },
      out: { type: 'string' },
      platform: { type: 'string' },
      wait: { type: 'string', default: '60' },
      port: { type: 'string', default: '8790' },
      data: { type: 'string' },
      input: { type: 'string' },
      type: { type: 'string' },
      'on-duplicate': { type: 'string' },
      key: { type: 'string' },
      period: { type: 'string' },
      account: { type: 'string' },
      date: { type: 'string' },
      format: { type: 'string', default: 'hledger' },
      mode: { type: 'string', default: 'original' },
      limit: { type: 'string' },
      id: { type: 'string' },
      month: { type: 'string' },
      payout: { type: 'string' },
      store: { type: 'string' },
      deposit: { type: 'string' },
      columns: { type: 'string' },
      'decimal-mark': { type: 'string' },
      'day-order': { type: 'string' },
      receipt: { type: 'string' },
      auto: { type: 'string' },
      rate: { type: 'string' },
      explain: { type: 'string' },
      reason: { type: 'string' },
      workbook: { type: 'boolean', default: false },
      language: { type: 'string', default: 'zh' },
      kind: { type: 'string', multiple: true },
      endpoint: { type: 'string' },
      transport: { type: 'string' },
      url: { type: 'string' },
      folders: { type: 'string' },
      ca: { type: 'string' },
      practice: { type: 'boolean', default: false },
      profile: { type: 'string' },
      'passphrase-file': { type: 'string' },
      'database-url': { type: 'string' },
      host: { type: 'string' },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
      'behind-proxy': { type: 'boolean', default: false },
      'public-host': { type: 'string' },
      'operator-token-file': { type: 'string' },
      packs: { type: 'string' },
      'rate-limit': { type: 'string' },
      'log-level': { type: 'string' },
    },
  });
}

function parsedOrUsage(): ReturnType<typeof readArguments> {
  try {
    return readArguments();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Options could not be read, so whether JSON is wanted is read from the words themselves.
    if (process.argv.includes('--json')) {
      process.stdout.write(`${JSON.stringify({ ok: false, error: { code: 'USAGE', params: { reason } } })}\n`);
    } else process.stderr.write(`${reason}\n\n${usage}\n`);
    process.exit(REFUSED);
  }
}

export const { values: options, positionals } = parsedOrUsage();
export const language: Language = options.lang === 'en' ? 'en' : 'zh-CN';
// What a schema says of typed values is in the answers: in the language of the rest of them.
z.config(language === 'en' ? z.locales.en() : z.locales.zhCN());

/** What a command found: printed whole with `--json`, as a few lines without. `refused` makes the exit code 1. */
export interface Answer {
  readonly body: Record<string, unknown>;
  readonly refused?: boolean;
}

export type OptionName = keyof typeof options;

/** An option that must be given. Refusal: `OPTION_MISSING`. */
export function need(name: OptionName): string {
  const value = given(name);
  if (value !== '') return value;
  throw new PortbookError('OPTION_MISSING', { option: `--${name}` }, name);
}

/** An option as typed, of one typed several times the last; empty: it was not. */
export const given = (name: OptionName): string => {
  const value = options[name];
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : '';
};

/** From PORTBOOK_PASSPHRASE, or asked on the terminal without showing it. Refusal: `PASSPHRASE_NEEDED`. */
export async function passphrase(): Promise<string> {
  const fromEnvironment = process.env.PORTBOOK_PASSPHRASE;
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  if (!process.stdin.isTTY) throw new PortbookError('PASSPHRASE_NEEDED', { variable: 'PORTBOOK_PASSPHRASE' });
  process.stderr.write(language === 'en' ? 'Passphrase: ' : '口令：');
  const terminal = createInterface({ input: process.stdin, output: new NoEcho(), terminal: true });
  try {
    return await new Promise((resolve) => terminal.question('', resolve));
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

/** Swallows what readline would show of the passphrase. */
class NoEcho extends Writable {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

export function startCore(bookFolder?: string): Core {
  const home = process.env.PORTBOOK_HOME ?? path.join(os.homedir(), '.portbook');
  mkdirSync(home, { recursive: true });
  return createCore({
    home,
    resourcesFolder: findResources(),
    host: bareHost,
    files: pathGrants,
    actor: 'cli',
    ...(bookFolder === undefined ? {} : { bookFolder: path.resolve(bookFolder) }),
  });
}

/** Calls an operation; a refusal is thrown. */
export async function call<N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const result = await core.call(name, input);
  if (result.ok) return result.data;
  throw new Refusal(result.error);
}

export class Refusal extends Error {
  readonly error: ContractError;
  constructor(error: ContractError) {
    super(error.code);
    this.error = error;
  }
}

/** Runs `work` on the book of a folder and closes it whatever happens. */
export async function withBook(folder: string, work: (core: Core) => Promise<Answer>): Promise<Answer> {
  const core = startCore();
  try {
    await core.session.open(path.resolve(folder), { passphrase: await passphrase() });
    const pin = process.env.PORTBOOK_CLERK_PIN;
    const { current, isProved } = await call(core, 'clerks.list', {});
    if (pin !== undefined && current !== undefined && !isProved)
      await call(core, 'clerks.choose', { id: current.id, pin });
    return await work(core);
  } finally {
    await core.close();
  }
}

/** The bytes of a file that was named, or of standard input for `-`. Refusals: `FILE_MISSING`, `FILE_UNREADABLE` {name, detail}, for a folder too. */
export function bytesOf(name: string, at: string): Buffer {
  try {
    return readFileSync(name === '-' ? 0 : name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    const code = error.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE';
    throw new PortbookError(code, { name: path.basename(name), detail: error.code }, at);
  }
}

/**
 * JSON from a file, or from standard input for `-`: UTF-8, with or without the byte order mark that Windows puts before it. What is written
 * of it goes to customs, so that nothing is guessed. Refusals: `FILE_MISSING`, `FILE_UNREADABLE`, `JSON_NOT_UTF8` {name}, `JSON_INVALID` {name, reason}.
 */
export function readJson(option: OptionName): unknown {
  const name = need(option);
  const bytes = bytesOf(name, option);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new PortbookError('JSON_NOT_UTF8', { name: path.basename(name) }, option);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new PortbookError('JSON_INVALID', { name: path.basename(name), reason }, option);
  }
}
