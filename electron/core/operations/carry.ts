import { setImmediate } from 'node:timers/promises';
import { PortbookError } from '../../../shared/errors.ts';
import type { CarriedMessages } from '../../../shared/sync/carry.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { takeReceipt } from '../importers/receipt-file.ts';
import { readBytes } from '../importers/source.ts';
import { deviceKey } from '../keys/device-key.ts';
import { isCarryFile, openReceipts, sealMessages, sm4For } from '../outbox/carry-file.ts';
import { dispute } from '../outbox/conflicts.ts';
import { applyBatch } from '../outbox/receipts.ts';
import { Recheck } from '../outbox/recheck.ts';
import { dropIfLeftOtherwise } from '../outbox/recover.ts';
import { requireSide } from '../outbox/targets.ts';
import { handOut, messagesToCarry, replyKey, replyKeys } from '../store/carry.ts';
import { isMessageDisputed } from '../store/conflicts.ts';
import { currentEndpoint, requireEndpoint, saveEndpoint } from '../store/endpoints.ts';
import { forgetHandover } from '../store/handovers.ts';
import { endpointOfMessage, getMessage, messageBytes, requireMessage, settle } from '../store/messages.ts';
import { isKnownReceipt, storeReceipts } from '../store/receipts.ts';

/** Sealed for a key the platform has made known, or with a passphrase that is told by another way. */
function recipientOf(key: string, passphrase: string | undefined) {
  if (key !== '') return { key };
  if (passphrase === undefined) throw new PortbookError('CARRY_PASSPHRASE_NEEDED', {}, 'passphrase');
  return { passphrase };
}

/** What a receipt file of the platform says, taken into the book in one transaction with its receipts' cursor left as it is. */
async function takeFile(context: Context, bytes: Uint8Array) {
  const { book } = context;
  const sm4 = await sm4For(bytes);
  const keys = replyKeys(book);
  for (const { endpoint: id, key } of keys) {
    const endpoint = requireEndpoint(book, id);
    let opened: ReturnType<typeof openReceipts>;
    try {
      opened = openReceipts(bytes, [key], endpoint.settings.carry.signerKey, sm4);
    } catch (error) {
      // Sealed for the answer to another endpoint's messages.
      if (error instanceof PortbookError && error.code === 'CARRY_FILE_NOT_FOR_US') continue;
      throw error;
    }
    const { content, signerKey } = opened;
    const at = context.now();
    const counts = { stored: 0, refused: 0, disputed: 0, receipts: 0, known: 0, foreign: 0 };
    book.transaction(() => {
      // The first who could answer is held to from now on.
      if (endpoint.settings.carry.signerKey === '') {
        const settings = { ...endpoint.settings, carry: { ...endpoint.settings.carry, signerKey } };
        saveEndpoint(book, { ...endpoint, settings }, undefined);
      }
      for (const receipt of content.stored) {
        const message = getMessage(book, receipt.guid);
        if (message === undefined) counts.foreign += 1;
        else if (message.sha256 !== receipt.sha256) {
          if (dispute(book, message, receipt.sha256, id, at)) counts.disputed += 1;
        } else if (!isMessageDisputed(book, receipt.guid)) {
          counts.stored += 1;
          settle(book, receipt.guid, { event: 'find', at, transportReceipt: JSON.stringify(receipt) });
        }
      }
      for (const { guid, code, detail } of content.refused) {
        const message = getMessage(book, guid);
        if (message === undefined) counts.foreign += 1;
        else if (code === 'GUID_REUSED') {
          // Not refused for what it says: the platform has something under its GUID, which a new one would file a second time.
          if (dispute(book, message, '', id, at)) counts.disputed += 1;
        } else {
          counts.refused += 1;
          settle(book, guid, { event: 'refuse', at, error: code, info: detail });
        }
      }
      counts.known = content.receipts.filter((one) => isKnownReceipt(book, id, one.id)).length;
      counts.receipts = storeReceipts(book, id, content.receipts, endpoint.cursor, at);
      book.audit('carry.import', id, { ...counts, createdAt: content.createdAt }, at);
    });
    return counts;
  }
  throw new PortbookError('CARRY_FILE_NOT_FOR_US', {}, 'file');
}

export const carryHandlers: Handlers<'carry.export' | 'carry.import' | 'outbox.neverSent'> = {
  'carry.export': async (input, context) => {
    const { book, host } = context;
    const current = currentEndpoint(book);
    const endpoint = input.endpoint === undefined ? current : requireEndpoint(book, input.endpoint);
    if (endpoint === undefined) throw new PortbookError('SYNC_NO_ENDPOINT');
    // The import client takes a file as often as it sees it; a second way to it would file twice.
    if (endpoint.transport === 'folder') throw new PortbookError('CARRY_NOT_FOR_FOLDERS', { name: endpoint.name });
    requireSide(book, endpoint);
    const recipient = recipientOf(endpoint.settings.carry.recipientKey, input.passphrase);
    const path = context.files.pathOf(input.to, 'write');
    const recheck = new Recheck(context);
    recheck.begin();
    const found = messagesToCarry(book, endpoint.id, endpoint.id === current?.id);
    const fresh = new Set(await recheck.thoseThatMayLeave(found.filter(({ again }) => !again)));
    const messages = found.filter((message) => message.again || fresh.has(message));
    const unfit = found.length - messages.length;
    if (messages.length === 0 && unfit > 0) throw new PortbookError('OUTBOX_UNFIT', { messages: unfit });
    if (messages.length === 0) throw new PortbookError('CARRY_NOTHING', { name: endpoint.name });
    const signer = await deviceKey(book, host);
    const { uscc, customsCode, name } = book.profile();
    const content: CarriedMessages = {
      enterprise: { uscc, customsCode, name },
      deviceId: signer.id,
      createdAt: context.now(),
      replyKey: Buffer.from(replyKey(book, endpoint.id)).toString('base64'),
      messages: messages.map(({ guid, kind, sha256 }) => ({
        guid,
        kind,
        sha256,
        bytes: Buffer.from(messageBytes(book, guid)).toString('base64'),
      })),
    };
    const sealed = await sealMessages(content, recipient, signer, endpoint.settings.carry.cipher);
    const again = messages.filter((message) => message.again).length;
    const at = context.now();
    // Noted before the file is there: a file that nobody noted could be handed in and its messages be sent as well. What was sent or
    // withdrawn while it was being sealed spoils the file.
    book.transaction(() => {
      for (const message of messages) {
        const { state } = requireMessage(book, message.guid);
        if (state !== (message.again ? 'unknown' : 'queued')) throw new PortbookError('CARRY_CHANGED');
        if (!message.again) handOut(book, message.guid, endpoint.id, at);
      }
      book.audit('carry.export', endpoint.id, { messages: messages.length, again, unfit, bytes: sealed.length }, at);
    });
    writeFileAtomically(path, sealed, 0o644);
    context.emit({ name: 'book.changed', areas: ['documents', 'orders'] });
    context.emit({ name: 'sync.changed' });
    return { messages: messages.length, again, unfit, bytes: sealed.length };
  },

  'carry.import': async (input, context) => {
    const { book } = context;
    const path = context.files.pathOf(input.file, 'read');
    const bytes = await readBytes(path);
    let counts = { stored: 0, refused: 0, disputed: 0, receipts: 0, known: 0, foreign: 0 };
    if (isCarryFile(bytes)) {
      counts = await takeFile(context, bytes);
      while (applyBatch(book, context.now()) !== undefined) await setImmediate();
    } else {
      const taken = await takeReceipt(context, path);
      counts = { ...counts, receipts: taken.isNew ? 1 : 0, known: taken.isNew ? 0 : 1 };
    }
    context.emit({ name: 'book.changed', areas: ['documents', 'orders', 'ledger'] });
    context.emit({ name: 'sync.changed' });
    return counts;
  },

  'outbox.neverSent': (input, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const { state, lastError } = requireMessage(book, input.guid);
      if (state !== 'unknown' || lastError !== 'HANDOVER_NO_TRACE' || !forgetHandover(book, input.guid))
        throw new PortbookError('HANDOVER_NOT_OPEN', { guid: input.guid });
      settle(book, input.guid, { event: 'miss', at: now, nextAttemptAt: now });
      dropIfLeftOtherwise(book, input.guid, now);
      book.audit('outbox.neverSent', input.guid, { endpoint: endpointOfMessage(book, input.guid) ?? '' }, now);
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    context.emit({ name: 'sync.changed' });
    return {};
  },
};
