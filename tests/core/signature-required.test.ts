import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../electron/core/context.ts';
import type { Core } from '../../electron/core/core.ts';
import { readCertificate } from '../../electron/core/keys/certificate.ts';
import { makePracticeCertificate } from '../../electron/core/keys/practice-certificate.ts';
import { chooseSigning } from '../../electron/core/keys/signer.ts';
import { freeze } from '../../electron/core/outbox/freeze.ts';
import { findingsOf, requireDocument } from '../../electron/core/store/documents.ts';
import { requireEndpoint, selectEndpoint } from '../../electron/core/store/endpoints.ts';
import {
  enqueueMessage,
  markChecked,
  markExported,
  moveMessage,
  requireMessage,
} from '../../electron/core/store/messages.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { readMessage } from '../../shared/documents/read.ts';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../shared/documents/write.ts';
import { endpointSettings } from '../../shared/sync/endpoint-settings.ts';
import { storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Retail import: the schema of CEB621, 623, 625 and 711 demands ds:Signature, so none of them leaves without. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-signature-'));
const now = '2026-11-21T09:00:00.000Z';
const demanding = ['CEB621Message', 'CEB623Message', 'CEB625Message', 'CEB711Message'] as const;
let core: Core;
let key: Awaited<ReturnType<typeof makePracticeCertificate>>;
beforeAll(async () => {
  key = await makePracticeCertificate('sm2', firm, now);
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(() => {
  chooseSigning(core.session.book, { way: 'none' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

let serial = 0;
/** A checked document as the golden sample of its kind has it. */
function checked(kind: (typeof demanding)[number] | 'CEB311Message'): number {
  const golden = path.join(import.meta.dirname, `../fixtures/golden/${kind}.xml`);
  const [body] = readMessage(readFileSync(golden, 'utf8')).documents;
  if (body === undefined) throw new Error(`no sample of ${kind}`);
  const text = JSON.stringify(body)
    .replace(/"copNo":"[^"]*"/, `"copNo":"COP-${++serial}"`)
    .replace(/"orderNo":"[^"]*"/, `"orderNo":"ORD-${serial}"`);
  const id = storeDraft(core, kind, JSON.parse(text) as AnyDocument);
  markChecked(core.session.book, [id], now);
  return id;
}

const context = (): Context => ({
  ...({} as Context),
  book: core.session.book,
  session: core.session,
  resources: core.resources,
  now: () => now,
  progress: () => undefined,
  signal: new AbortController().signal,
});
/** Queues one document without checking it once more. */
const queue = (id: number) => freeze(context(), { caseOf: id }, 'go', () => [requireDocument(core.session.book, id)]);
const guidOf = (id: number): string =>
  (
    core.session.book.prepare('SELECT message_guid AS guid FROM message_document WHERE document_id = ?').get(id) as {
      guid: string;
    }
  ).guid;

it.each(demanding)('holds %s of a book without a key, and lets it go to be signed once there is one', async (kind) => {
  const { book } = core.session;
  const id = checked(kind);
  expect(await queue(id)).toMatchObject({ documents: 0, messages: 0, held: 1 });
  expect(requireDocument(book, id).state).toBe('draft');
  expect(findingsOf(book, id)).toMatchObject([{ rule: 'SIGN-KEY', level: 'reject', params: { message: kind } }]);
  chooseSigning(book, { way: 'software', key }, await readCertificate(key.certificatePem));
  markChecked(book, [id], now);
  expect(await queue(id)).toMatchObject({ documents: 1, held: 0 });
  expect(requireMessage(book, guidOf(id)).state).toBe('unsigned');
});

it('holds it for an endpoint that is set to take nothing signed, naming the endpoint', async () => {
  const { book } = core.session;
  chooseSigning(book, { way: 'software', key }, await readCertificate(key.certificatePem));
  selectEndpoint(book, { id: 'bare', url: 'https://bare.example.cn', name: '甲平台' });
  const settings = JSON.stringify({ ...endpointSettings.parse({}), signature: 'none' });
  book.prepare(`UPDATE endpoint SET settings = ? WHERE id = 'bare'`).run(settings);
  expect(requireEndpoint(book, 'bare').settings.signature).toBe('none');
  const id = checked('CEB625Message');
  expect(await queue(id)).toMatchObject({ documents: 0, held: 1 });
  expect(findingsOf(book, id)).toMatchObject([{ rule: 'SIGN-ENDPOINT', params: { endpoint: '甲平台' } }]);
  // What the schema lets go without a signature goes there as before.
  const order = checked('CEB311Message');
  expect(await queue(order)).toMatchObject({ documents: 1, held: 0 });
  expect(requireMessage(book, guidOf(order)).state).toBe('queued');
});

/** A message as an earlier version queued it: none of its kinds was ever to be signed. */
function queuedBefore(id: number, guid: string): void {
  const { book } = core.session;
  const { kind, body } = requireDocument(book, id);
  const transfer = { copCode: '3310123456', copName: '甲', dxpMode: 'DXP', dxpId: 'DXPENT3310123456' };
  const spec = catalogue[kind];
  const bytes = Buffer.from(assembleMessage(spec, { guid, transfer }, [writeAny(spec, body)]), 'utf8');
  enqueueMessage(book, { guid, kind, bytes, documentIds: [id], signatureKind: 'none', checkedWith: '', now });
}
/** Closes the book and opens it again. */
async function reopen(): Promise<void> {
  const { id, folder: at } = core.session.book;
  await core.session.close();
  await core.session.open(at, { passphrase: 'correct horse battery' });
  expect(core.session.book.id).toBe(id);
}

it('takes back what an earlier version queued without one, when the book is opened', async () => {
  const id = checked('CEB621Message');
  const order = checked('CEB311Message');
  const guid = randomUUID().toUpperCase();
  const orderGuid = randomUUID().toUpperCase();
  queuedBefore(id, guid);
  queuedBefore(order, orderGuid);
  await reopen();
  const { book } = core.session;
  expect(requireMessage(book, guid).state).toBe('withdrawn');
  expect(requireDocument(book, id).state).toBe('draft');
  expect(findingsOf(book, id)).toMatchObject([{ rule: expect.stringMatching(/^SIGN-/), level: 'reject' }]);
  // An order may go without.
  expect(requireMessage(book, orderGuid).state).toBe('queued');
});

it('lets it wait for a signature under a new GUID where the book can sign', async () => {
  const id = checked('CEB711Message');
  const guid = randomUUID().toUpperCase();
  selectEndpoint(core.session.book, { id: 'usual', url: 'https://usual.example.cn', name: '乙平台' });
  queuedBefore(id, guid);
  chooseSigning(core.session.book, { way: 'software', key }, await readCertificate(key.certificatePem));
  await reopen();
  const { book } = core.session;
  expect(requireMessage(book, guid).state).toBe('withdrawn');
  const anew = requireDocument(book, id).messageGuid;
  expect(anew).not.toBe(guid);
  expect(requireMessage(book, anew ?? '')).toMatchObject({ state: 'unsigned', kind: 'CEB711Message', documents: 1 });
  expect(requireDocument(book, id).state).toBe('queued');
});

it('leaves alone what may have left: carried by hand, or answered by nobody', async () => {
  const carried = checked('CEB623Message');
  const lost = checked('CEB625Message');
  const [carriedGuid, lostGuid] = [randomUUID().toUpperCase(), randomUUID().toUpperCase()];
  queuedBefore(carried, carriedGuid);
  queuedBefore(lost, lostGuid);
  markExported(core.session.book, carriedGuid, now);
  moveMessage(core.session.book, lostGuid, 'lease', now);
  moveMessage(core.session.book, lostGuid, 'lose', now);
  moveMessage(core.session.book, lostGuid, 'miss', now);
  await reopen();
  const { book } = core.session;
  for (const guid of [carriedGuid, lostGuid]) expect(requireMessage(book, guid).state).toBe('queued');
  for (const id of [carried, lost]) expect(requireDocument(book, id).state).toBe('queued');
});
