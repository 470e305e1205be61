import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { importKind, type OnDuplicate, onDuplicate } from '../../shared/contract/imports.ts';
import { shipmentBody } from '../../shared/contract/trade.ts';
import { PortbookError } from '../../shared/errors.ts';
import { keysOf } from '../../shared/import/duplicates.ts';
import { fillMessage, textOfFinding } from '../../shared/rules/customs/texts.ts';
import type { Core } from '../core/core.ts';
import { typedRequest } from './messages.ts';
import { call, given, language, need, options, positionals, readJson, withBook } from './shell.ts';

/** The money account that `--account` names. Refusal: `MONEY_ACCOUNT_NAME` {name}. */
async function accountNamed(core: Core): Promise<{ accountId?: number }> {
  const name = given('account');
  if (name === '') return {};
  const { rows } = await call(core, 'moneyAccounts.list', {});
  const account = rows.find((one) => one.name === name);
  if (account === undefined) throw new PortbookError('MONEY_ACCOUNT_NAME', { name }, 'account');
  return { accountId: account.id };
}

export const importFile = () =>
  withBook(need('book'), async (core) => {
    const kind = importKind.safeParse(positionals[1]);
    if (!kind.success) throw new PortbookError('IMPORT_KIND_UNKNOWN', { kind: positionals[1] ?? '' });
    const failed = given('failed');
    const ofDocuments = kind.data === 'documents';
    const message = ofDocuments && given('type') !== '' ? typedRequest(given('type')) : undefined;
    const hasKey = kind.data === 'documents' || keysOf(kind.data).length > 0;
    const duplicates = hasKey ? duplicatePolicy() : undefined;
    const key = hasKey ? given('key') : '';
    const { runId, counts, importedBefore, failures, findings, ...of } = await call(core, 'imports.run', {
      kind: kind.data,
      file: path.resolve(need('file')),
      dryRun: options['dry-run'],
      ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
      ...(message === undefined ? {} : { message }),
      defaults: {
        ...(duplicates === undefined ? {} : { onDuplicate: duplicates }),
        ...(key === '' ? {} : { key }),
        ...(options.currency === undefined ? {} : { currency: options.currency }),
        ...(kind.data === 'statement' ? await accountNamed(core) : {}),
      },
      ...(failed === '' ? {} : { failedTo: path.resolve(failed) }),
    });
    const found = findings.length === 0 ? {} : { findings };
    const body = { kind: kind.data, dryRun: options['dry-run'], runId, counts, failures, ...found, ...documentsOf(of) };
    return { body: importedBefore === undefined ? body : { ...body, importedBefore } };
  });

/** What is only said of documents: the message, and those that the book has otherwise. */
function documentsOf({
  message,
  duplicates,
  duplicatesTotal,
}: Pick<OutputOf<'imports.run'>, 'message' | 'duplicates' | 'duplicatesTotal'>): Record<string, unknown> {
  return message === undefined ? {} : { message, duplicates, duplicatesTotal };
}

/** What `--on-duplicate` says. Refusal: `OPTION_CHOICE` {option, choices}. */
function duplicatePolicy(): OnDuplicate | undefined {
  const text = given('on-duplicate');
  if (text === '') return undefined;
  const policy = onDuplicate.safeParse(text);
  if (policy.success) return policy.data;
  const choices = onDuplicate.options.join(', ');
  throw new PortbookError('OPTION_CHOICE', { option: '--on-duplicate', choices }, 'on-duplicate');
}

/** A receipt of customs (回执) as a file: stored raw, applied by the ordinary engine. */
export const importReceipts = () =>
  withBook(need('book'), async (core) => {
    const body = await call(core, 'imports.receipts', { file: path.resolve(need('file')) });
    return { body, refused: body.state === 'parked' };
  });

/** Time between two rounds of `sync` while receipts are still to come. */
const SYNC_EVERY_MS = 400;

/**
 * The shipment of a JSON file with the fields of `shipmentBody`; what it leaves out is empty.
 * Refusals: as `readJson`'s, `SHIPMENT_FILE_INVALID` {field, reason}.
 */
function readShipment(): InputOf<'shipments.save'>['body'] {
  // What may be left out has no empty text.
  const wanted = Object.entries(shipmentBody.shape).filter(([, schema]) => !schema.safeParse(undefined).success);
  const empty = Object.fromEntries(wanted.map(([field]) => [field, '']));
  const filter = { from: given('from'), to: given('to'), country: given('country') };
  const typed = readJson('shipment');
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

export const draft = () =>
  withBook(need('book'), async (core) => {
    if (positionals[1] !== '9610') throw new PortbookError('MODE_UNKNOWN', { mode: positionals[1] ?? '' });
    const { id, shipmentNo } = await call(core, 'shipments.save', { body: readShipment() });
    const drafted = await call(core, 'shipments.draft', { id });
    return {
      body: { shipmentId: id, shipmentNo, ...drafted },
      refused: drafted.orders === 0 && drafted.blockedTotal > 0,
    };
  });

/** The first findings that hold papers back, with what is wrong and how to mend it. */
async function holding(core: Core) {
  const { rows } = await call(core, 'documents.findings', { level: 'reject', limit: 100 });
  return rows.map((finding) => {
    const text = textOfFinding(finding, language);
    return text === undefined
      ? finding
      : { ...finding, what: fillMessage(text.message, { path: finding.path }), why: text.why, remedy: text.remedy };
  });
}

export const check = () =>
  withBook(need('book'), async (core) => {
    const summary = await call(core, 'documents.check', {});
    const findings = await holding(core);
    return { body: { ...summary, findings }, refused: summary.reject > 0 };
  });

export const queue = () =>
  withBook(need('book'), async (core) => {
    const checked = await call(core, 'documents.check', {});
    const { reason } = options;
    if (reason !== undefined) {
      const { total } = await call(core, 'documents.reminders', {});
      if (total > 0) await call(core, 'documents.explain', { reasons: [{ reason }] });
    }
    let queued = await call(core, 'documents.queue', {});
    // The firm's own score is asked about when all the rest is fit.
    if (reason !== undefined && queued.riskHeld > 0) {
      await call(core, 'documents.explain', { reasons: [{ reason }] });
      const again = await call(core, 'documents.queue', {});
      queued = {
        ...again,
        documents: queued.documents + again.documents,
        messages: queued.messages + again.messages,
        unexplained: queued.unexplained + again.unexplained,
      };
    }
    const findings = await holding(core);
    const isHeld = queued.held > 0 || queued.riskHeld > 0 || checked.reject > 0;
    return { body: { ...queued, reject: checked.reject, findings }, refused: isHeld };
  });

export const exportMessages = () =>
  withBook(need('book'), async (core) => {
    const out = path.resolve(need('out'));
    mkdirSync(out, { recursive: true });
    return { body: { ...(await call(core, 'outbox.export', { to: out })), out } };
  });

/** Sends what is queued and fetches receipts until every list is final or the time is over. */
export const sync = () =>
  withBook(need('book'), async (core) => {
    const waitMs = Number(options.wait) * 1000;
    if (!Number.isFinite(waitMs) || waitMs < 0) throw new PortbookError('OPTION_NUMBER', { option: '--wait' }, 'wait');
    if (options.platform !== undefined) {
      await call(core, 'sync.setEndpoint', { url: options.platform, name: options.platform });
    }
    const until = Date.now() + waitMs;
    const sums = { sent: 0, refused: 0, receipts: 0, accepted: 0, released: 0, rejected: 0, rates: 0 };
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

export const status = () =>
  withBook(need('book'), async (core) => {
    const { counts: documents } = await call(core, 'documents.counts', {});
    const { states: orders } = await call(core, 'orders.facets', {});
    return { body: { sync: await call(core, 'sync.status', {}), orders, documents } };
  });
