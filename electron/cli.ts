import path from 'node:path';
import type { ContractError } from '../shared/contract/operation.ts';
import { PortbookError } from '../shared/errors.ts';
import { errorText } from '../shared/i18n/error-text.ts';
import { bookInfo, createBook, createSample } from './cli/books.ts';
import { findCodes } from './cli/codes.ts';
import {
  addEndpoint,
  carryIn,
  carryOut,
  checkEndpoint,
  chooseEndpoint,
  editEndpoint,
  listEndpoints,
  removeEndpoint,
  routeKind,
} from './cli/endpoints.ts';
import { declareReceipt, electronicData, evidence } from './cli/evidence.ts';
import { check, draft, exportMessages, importFile, importReceipts, queue, status, sync } from './cli/filing.ts';
import { allocateReceipt, gauges, indicators, netting, receipts } from './cli/forex.ts';
import { balance, closePeriod, exportLedger, postVouchers, trialBalance } from './cli/ledger.ts';
import { runMatch } from './cli/matching.ts';
import { listMessages, messageSchema, messageTemplate, readMessageFile, writeMessageFile } from './cli/messages.ts';
import { checkPack, listPacks, rollBackPack, takePack, trustIssuer } from './cli/packs.ts';
import { papers } from './cli/papers.ts';
import { importPayout } from './cli/payouts.ts';
import { deadlines, explainRule, listRules, runRule, worksheet } from './cli/rules.ts';
import { type Answer, language, options, positionals, REFUSED, Refusal, usage } from './cli/shell.ts';
import { findResources } from './core/resources.ts';

/**
 * The command line: the same core without a window. `docs/cli.md` has every command and the shape of every answer.
 * `--json` prints one object on stdout and nothing else. Exit code 0: done; 1: the input was refused; 2: our fault.
 */

const DONE = 0;
const FAULT = 2;

/** Runs until it is stopped. The platform is loaded only here, so that no other command pays for it. */
async function servePlatform(): Promise<Answer> {
  const { platformOptions } = await import('../platform/options.ts');
  const flags = { ...options, ...(options.data === undefined ? {} : { data: path.resolve(options.data) }) };
  const asked = platformOptions(flags, { resourcesFolder: findResources() });
  const { servePlatform: serve } = await import('../platform/server.ts');
  const platform = await serve(asked);
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
  'import payout': importPayout,
  'import receipts': importReceipts,
  import: importFile,
  draft,
  check,
  queue,
  'export messages': exportMessages,
  sync,
  status,
  'endpoints list': listEndpoints,
  'endpoints add': addEndpoint,
  'endpoints edit': editEndpoint,
  'endpoints remove': removeEndpoint,
  'endpoints choose': chooseEndpoint,
  'endpoints route': routeKind,
  'endpoints check': checkEndpoint,
  'carry out': carryOut,
  'carry in': carryIn,
  'ledger post': postVouchers,
  'ledger balance': balance,
  'ledger trial-balance': trialBalance,
  'ledger export': exportLedger,
  'ledger close': closePeriod,
  'codes find': findCodes,
  'packs list': listPacks,
  'packs check': checkPack,
  'packs take': takePack,
  'packs rollback': rollBackPack,
  'packs trust': trustIssuer,
  'messages list': listMessages,
  'messages read': readMessageFile,
  'messages write': writeMessageFile,
  'messages template': messageTemplate,
  'messages schema': messageSchema,
  'rules list': listRules,
  'rules explain': explainRule,
  'rules run': runRule,
  'tax worksheet': worksheet,
  'deadlines list': deadlines,
  'forex receipts': receipts,
  'forex allocate': allocateReceipt,
  'forex netting': netting,
  'forex indicators': indicators,
  'forex gauges': gauges,
  'forex declare': declareReceipt,
  evidence,
  'evidence electronic': electronicData,
  papers,
  'match run': runMatch,
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
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return DONE;
  }
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
