import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { roles } from '../shared/contract/books.ts';
import type { InputOf, OperationName, OutputOf } from '../shared/contract/contract.ts';
import { importKind } from '../shared/contract/imports.ts';
import type { ContractError } from '../shared/contract/operation.ts';
import { shipmentBody } from '../shared/contract/trade.ts';
import { PortbookError } from '../shared/errors.ts';
import { errorText, type Language } from '../shared/i18n/error-text.ts';
import { bareHost, type Core, createCore, pathGrants } from './core/core.ts';
import { findResources } from './core/resources.ts';

/**
 * The command line: the same core without a window. `docs/cli.md` has every command and the shape of every answer.
 * `--json` prints one object on stdout and nothing else. Exit code 0: done; 1: the input was refused; 2: our fault.
 */

const DONE = 0;
const REFUSED = 1;
const FAULT = 2;

/** Time between two rounds of `sync` while receipts are still to come. */
const SYNC_EVERY_MS = 400;

const usage = `portbook <command> [--json] [--lang zh-CN|en]

  book create --dir D --name N --uscc U --customs-code C [--role exporter|broker|cooperative]
  book sample --dir D
  book info --dir D
  import orders|products|waybills|rates --book D --file F [--dry-run] [--failed OUT] [--currency GBP] [--sheet NAME]
  draft 9610 --book D --shipment S.json [--from DATE] [--to DATE] [--country C]
  check --book D
  queue --book D
  export messages --book D --out DIR
  sync --book D --platform URL [--wait SECONDS]
  status --book D
  ledger trial-balance --book D
  platform serve --port N --data DIR

The passphrase is PORTBOOK_PASSPHRASE, or asked for. docs/cli.md has the answers.`;

/** The options as typed. An unknown one ends the program with the usage, before anything is opened. */
function readArguments() {
  return parseArgs({
    allowPositionals: true,
    strict: true,
    options: {
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
      failed: { type: 'string' },
      currency: { type: 'string' },
      sheet: { type: 'string' },
      shipment: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      country: { type: 'string' },
      out: { type: 'string' },
      platform: { type: 'string' },
      wait: { type: 'string', default: '60' },
      port: { type: 'string', default: '8790' },
      data: { type: 'string' },
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

const { values: options, positionals } = parsedOrUsage();
const language: Language = options.lang === 'en' ? 'en' : 'zh-CN';

/** What a command found: printed whole with `--json`, as a few lines without. `refused` makes the exit code 1. */
interface Answer {
  readonly body: Record<string, unknown>;
  readonly refused?: boolean;
}

type OptionName = keyof typeof options;

/** An option that must be given. Refusal: `OPTION_MISSING`. */
function need(name: OptionName): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new PortbookError('OPTION_MISSING', { option: `--${name}` }, name);
}

const given = (name: OptionName): string => {
  const value = options[name];
  return typeof value === 'string' ? value : '';
};

/** From PORTBOOK_PASSPHRASE, or asked on the terminal without showing it. Refusal: `PASSPHRASE_NEEDED`. */
async function passphrase(): Promise<string> {
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

function startCore(bookFolder?: string): Core {
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
async function call<N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const result = await core.call(name, input);
  if (result.ok) return result.data;
  throw new Refusal(result.error);
}

class Refusal extends Error {
  readonly error: ContractError;
  constructor(error: ContractError) {
    super(error.code);
    this.error = error;
  }
}

/** Runs `work` on the book of a folder and closes it whatever happens. */
async function withBook(folder: string, work: (core: Core) => Promise<Answer>): Promise<Answer> {
  const core = startCore();
  try {
    await core.session.open(path.resolve(folder), { passphrase: await passphrase() });
    return await work(core);
  } finally {
    await core.close();
  }
}

/** Refusal: `ROLE_UNKNOWN`. */
function roleOf(text: string): (typeof roles)[number] {
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new PortbookError('ROLE_UNKNOWN', { role: text, roles: roles.join(', ') }, 'role');
  return role;
}

async function createBook(): Promise<Answer> {
  const folder = need('dir');
  const core = startCore(folder);
  try {
    const { bookId, recoveryKey } = await call(core, 'books.create', {
      profile: {
        role: roleOf(options.role),
        name: need('name'),
        uscc: need('uscc'),
        customsCode: need('customs-code'),
      },
      passphrase: await passphrase(),
    });
    return { body: { bookId, dir: path.resolve(folder), recoveryKey } };
  } finally {
    await core.close();
  }
}

async function createSample(): Promise<Answer> {
  const folder = need('dir');
  const core = startCore(folder);
  try {
    const { bookId } = await call(core, 'books.createSample', {});
    const { total: orders } = await call(core, 'orders.list', { limit: 1 });
    return { body: { bookId, dir: path.resolve(folder), orders, passphrase: 'portbook-sample' } };
  } finally {
    await core.close();
  }
}

const bookInfo = () =>
  withBook(need('dir'), async (core) => {
    const { bookId, isSample, name, role, uscc, customsCode } = await call(core, 'books.profile', {});
    const health = await call(core, 'books.health', {});
    const { total: orders } = await call(core, 'orders.list', { limit: 1 });
    const { total: products } = await call(core, 'products.list', { limit: 1 });
    const { counts: documents } = await call(core, 'documents.counts', {});
    return { body: { bookId, name, role, uscc, customsCode, isSample, orders, products, documents, ...health } };
  });

const importFile = () =>
  withBook(need('book'), async (core) => {
    const kind = importKind.safeParse(positionals[1]);
    if (!kind.success) throw new PortbookError('IMPORT_KIND_UNKNOWN', { kind: positionals[1] ?? '' });
    const failed = given('failed');
    const { runId, counts, importedBefore, failures } = await call(core, 'imports.run', {
      kind: kind.data,
      file: path.resolve(need('file')),
      dryRun: options['dry-run'],
      ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
      defaults: options.currency === undefined ? {} : { currency: options.currency },
      ...(failed === '' ? {} : { failedTo: path.resolve(failed) }),
    });
    const body = { kind: kind.data, dryRun: options['dry-run'], runId, counts, failures };
    return { body: importedBefore === undefined ? body : { ...body, importedBefore } };
  });

/**
 * The shipment of a JSON file with the fields of `shipmentBody`; what it leaves out is empty.
 * Refusals: `FILE_MISSING`, `SHIPMENT_FILE_INVALID` {field, reason}.
 */
function readShipment(file: string): InputOf<'shipments.save'>['body'] {
  if (!existsSync(file))
    throw new PortbookError('FILE_MISSING', { name: path.basename(file), detail: 'ENOENT' }, 'shipment');
  const empty = Object.fromEntries(Object.keys(shipmentBody.shape).map((field) => [field, '']));
  const filter = { from: given('from'), to: given('to'), country: given('country') };
  let typed: unknown;
  try {
    typed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PortbookError(
      'SHIPMENT_FILE_INVALID',
      { field: '', reason: error instanceof Error ? error.message : '' },
      'shipment',
    );
  }
  const fields = z.record(z.string(), z.unknown()).safeParse(typed);
  const body = shipmentBody.strict().safeParse({ ...empty, ...(fields.success ? fields.data : {}), filter });
  if (fields.success && body.success) return body.data;
  const issue = (fields.error ?? body.error)?.issues[0];
  throw new PortbookError(
    'SHIPMENT_FILE_INVALID',
    { field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' },
    'shipment',
  );
}

const draft = () =>
  withBook(need('book'), async (core) => {
    if (positionals[1] !== '9610') throw new PortbookError('MODE_UNKNOWN', { mode: positionals[1] ?? '' });
    const { id, shipmentNo } = await call(core, 'shipments.save', { body: readShipment(need('shipment')) });
    const drafted = await call(core, 'shipments.draft', { id });
    return {
      body: { shipmentId: id, shipmentNo, ...drafted },
      refused: drafted.orders === 0 && drafted.blockedTotal > 0,
    };
  });

const check = () =>
  withBook(need('book'), async (core) => {
    const summary = await call(core, 'documents.check', {});
    const { rows: findings } = await call(core, 'documents.findings', { level: 'reject', limit: 100 });
    return { body: { ...summary, findings }, refused: summary.reject > 0 };
  });

const queue = () =>
  withBook(need('book'), async (core) => {
    const checked = await call(core, 'documents.check', {});
    const queued = await call(core, 'documents.queue', {});
    return { body: { ...queued, reject: checked.reject }, refused: queued.held > 0 || checked.reject > 0 };
  });

const exportMessages = () =>
  withBook(need('book'), async (core) => {
    const out = path.resolve(need('out'));
    mkdirSync(out, { recursive: true });
    return { body: { ...(await call(core, 'outbox.export', { to: out })), out } };
  });

/** Sends what is queued and fetches receipts until every list is final or the time is over. */
const sync = () =>
  withBook(need('book'), async (core) => {
    const waitMs = Number(options.wait) * 1000;
    if (!Number.isFinite(waitMs) || waitMs < 0) throw new PortbookError('OPTION_NUMBER', { option: '--wait' }, 'wait');
    if (options.platform !== undefined) {
      await call(core, 'sync.setEndpoint', { url: options.platform, name: options.platform });
    }
    const until = Date.now() + waitMs;
    const sums = { sent: 0, refused: 0, receipts: 0, accepted: 0, released: 0, rejected: 0 };
    for (;;) {
      const round = await call(core, 'sync.now', {});
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += round[key];
      const { queued, awaitingReceipt, connection } = round;
      const settled = queued === 0 && awaitingReceipt === 0;
      if (settled || Date.now() >= until || connection === 'offline') {
        const { counts: documents } = await call(core, 'documents.counts', {});
        return { body: { ...sums, queued, awaitingReceipt, connection, documents } };
      }
      await sleep(SYNC_EVERY_MS);
    }
  });

const status = () =>
  withBook(need('book'), async (core) => {
    const { counts: documents } = await call(core, 'documents.counts', {});
    const { states: orders } = await call(core, 'orders.facets', {});
    return { body: { sync: await call(core, 'sync.status', {}), orders, documents } };
  });

const trialBalance = () =>
  withBook(need('book'), async (core) => ({ body: { ...(await call(core, 'ledger.trialBalance', {})) } }));

/** Runs until it is stopped. The platform is loaded only here, so that no other command pays for it. */
async function servePlatform(): Promise<Answer> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new PortbookError('OPTION_NUMBER', { option: '--port' }, 'port');
  const { servePlatform: serve } = await import('../platform/server.ts');
  const platform = await serve({ port, dataFolder: path.resolve(need('data')), resourcesFolder: findResources() });
  print({ body: { url: platform.url, port: platform.port } });
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await platform.close();
  return { body: {} };
}

const commands: Readonly<Record<string, () => Promise<Answer>>> = {
  'book create': createBook,
  'book sample': createSample,
  'book info': bookInfo,
  import: importFile,
  draft,
  check,
  queue,
  'export messages': exportMessages,
  sync,
  status,
  'ledger trial-balance': trialBalance,
  'platform serve': servePlatform,
};

/** Plain text of an answer: a name and its value a line, lists as counts. */
function lines(value: Record<string, unknown>, indent = ''): string[] {
  return Object.entries(value).flatMap(([name, one]) => {
    if (Array.isArray(one)) {
      const rows = one
        .slice(0, 20)
        .map((row) => `${indent}  - ${typeof row === 'object' ? JSON.stringify(row) : String(row)}`);
      return [`${indent}${name}: ${one.length}`, ...rows];
    }
    if (typeof one === 'object' && one !== null)
      return [`${indent}${name}:`, ...lines(one as Record<string, unknown>, `${indent}  `)];
    return [`${indent}${name}: ${String(one)}`];
  });
}

function print(answer: Answer): void {
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ok: answer.refused !== true, ...answer.body })}\n`
      : `${lines(answer.body).join('\n')}\n`,
  );
}

function printError(error: ContractError): void {
  const text = errorText(error, language);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, error: { ...error, ...text } })}\n`);
  else process.stderr.write(`${error.code}  ${text.what}\n${text.why}\n${text.remedy}\n`);
}

async function main(): Promise<number> {
  const run = commands[positionals.slice(0, 2).join(' ')] ?? commands[positionals[0] ?? ''];
  if (run === undefined) {
    const reason = positionals.join(' ');
    if (options.json) printError({ code: 'USAGE', params: { reason } });
    else process.stderr.write(`${usage}\n`);
    return REFUSED;
  }
  try {
    const answer = await run();
    if (run !== servePlatform) print(answer);
    return answer.refused === true ? REFUSED : DONE;
  } catch (error) {
    if (error instanceof Refusal || error instanceof PortbookError) {
      const refusal = error instanceof Refusal ? error.error : error.toContract();
      printError(refusal);
      return refusal.code === 'BUG' ? FAULT : REFUSED;
    }
    printError({ code: 'BUG', params: { id: error instanceof Error ? error.message : String(error) } });
    return FAULT;
  }
}

process.exitCode = await main();
