import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cardSetting, chooseSigning, forgetPin, keepPin, keptPin } from '../../electron/core/keys/signer.ts';
import { verify } from '../../electron/core/keys/verify-signature.ts';
import { type SignRun, signWaiting } from '../../electron/core/outbox/sign.ts';
import {
  enqueueMessage,
  getMessage,
  hear,
  mayHaveLeft,
  messageBytes,
  queuedMessages,
  withdrawMessage,
} from '../../electron/core/store/messages.ts';
import { bringSigningForward, signatureOf } from '../../electron/core/store/signatures.ts';
import { TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { guidOf, message, paper } from '../faults/support/papers.ts';
import { type Card, CardSimulator, makeCard } from '../fixtures/card-signer.ts';

const folder = temporaryFolder('signing-step');
const patient = { connectMs: 60_000, answerMs: 60_000 };
let cards: Record<'sm2' | 'rsa' | 'other', Card>;
let simulator: CardSimulator;
let desk: TestDesk;
let order = 0;

beforeAll(async () => {
  cards = { sm2: await makeCard('sm2'), rsa: await makeCard('rsa'), other: await makeCard('sm2') };
  simulator = await CardSimulator.start(cards.sm2);
  desk = await TestDesk.create(path.join(folder, 'desk'));
});
afterAll(async () => {
  await desk.close();
  await simulator.stop();
});
afterEach(() => {
  Object.assign(simulator, { card: cards.sm2, fault: 'none', beforeSigning: () => undefined });
  forgetPin(desk.book);
  // Each test has messages of its own: what is left is taken back.
  for (const guid of unsigned()) desk.book.transaction(() => withdrawMessage(desk.book, guid, desk.clock.now()));
});

const unsigned = () =>
  (desk.book.prepare(`SELECT guid FROM message WHERE state = 'unsigned' ORDER BY seq`).all() as { guid: string }[]).map(
    ({ guid }) => guid,
  );

function chooseCard(card: Card = cards.sm2): void {
  const certificate = Buffer.from(card.certificate.der).toString('base64');
  chooseSigning(
    desk.book,
    { way: 'card', card: cardSetting.parse({ url: simulator.url, certificate }) },
    card.certificate,
  );
}

const chooseSoftware = (card: Card) => chooseSigning(desk.book, { way: 'software', key: card.key }, card.certificate);

/** Messages of one order each, frozen and still to be signed. */
function freeze(n = 1): { guid: string; bytes: Uint8Array; documentId: number }[] {
  return Array.from({ length: n }, () => {
    order += 1;
    const drafted = desk.draft([order], ['CEB303Message']);
    const documentId = drafted.get('CEB303Message')?.[0] ?? 0;
    const guid = guidOf(`signing ${order}`);
    const bytes = message('CEB303Message', guid, [paper('CEB303Message', order)]);
    desk.book.transaction(() =>
      enqueueMessage(desk.book, {
        guid,
        kind: 'CEB303Message',
        bytes,
        documentIds: [documentId],
        signatureKind: 'pending',
        now: desk.clock.now(),
      }),
    );
    return { guid, bytes, documentId };
  });
}

const run = (more: Partial<SignRun> = {}) =>
  signWaiting({
    book: desk.book,
    now: desk.clock.now,
    signal: new AbortController().signal,
    automatic: false,
    pin: '88888888',
    // Short only where no answer comes: a busy machine may take long to sign.
    limits: simulator.fault === 'silent' ? { ...patient, answerMs: 150 } : patient,
    ...more,
  });

/** As the engine does it, without anybody at the desk. */
const runByItself = () =>
  signWaiting({
    book: desk.book,
    now: desk.clock.now,
    signal: new AbortController().signal,
    automatic: true,
    limits: patient,
  });

const bytesOf = '(SELECT seq FROM message WHERE guid = ?)';
const stateOf = (guid: string) => getMessage(desk.book, guid)?.state;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const documentState = (id: number) =>
  (desk.book.prepare('SELECT state FROM document WHERE id = ?').get(id) as { state: string }).state;

describe('signing', () => {
  it.each(['software', 'card'] as const)('by %s puts the signature in once and queues the message', async (way) => {
    for (const card of [cards.sm2, cards.rsa]) {
      simulator.card = card;
      if (way === 'card') chooseCard(card);
      else chooseSoftware(card);
      const [one] = freeze();
      if (one === undefined) throw new Error('no message');
      expect(stateOf(one.guid)).toBe('unsigned');
      expect(documentState(one.documentId)).toBe('queued');
      expect(queuedMessages(desk.book).map(({ guid }) => guid)).not.toContain(one.guid);
      expect(await run()).toEqual({ signed: 1 });
      expect(stateOf(one.guid)).toBe('queued');
      const text = new TextDecoder().decode(messageBytes(desk.book, one.guid));
      expect(text.replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, '')).toBe(new TextDecoder().decode(one.bytes));
      expect(await verify(text)).toMatchObject({ ok: true, serial: card.certificate.serial });
      expect(signatureOf(desk.book, one.guid)).toMatchObject({
        attempts: 1,
        signed: {
          profile: `ceb-2022-${card.key.key}`,
          serial: card.certificate.serial,
          subject: card.certificate.subject,
          notAfter: card.certificate.notAfter,
        },
      });
      expect(desk.eventsOf(String(one.documentId))).toEqual(['check', 'queue', 'sign']);
      const write = (sql: string) => () => desk.book.prepare(sql).run(one.guid);
      expect(write(`UPDATE message SET sha256 = '' WHERE guid = ?`)).toThrow('immutable');
      expect(write(`UPDATE message_bytes SET bytes = x'00' WHERE seq = ${bytesOf}`)).toThrow('immutable');
      expect(write(`UPDATE message_signature SET serial = '1' WHERE message_guid = ?`)).toThrow('signed once');
    }
  });

  it('refuses a message whose bytes were damaged while it waited, alone, and signs the others', async () => {
    chooseCard();
    const [first, bad, last] = freeze(3);
    // What no write through the book can do, a bad sector may.
    const guard = desk.book.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'message_bytes_frozen'`).get() as {
      sql: string;
    };
    desk.book.db.exec('DROP TRIGGER message_bytes_frozen');
    desk.book.prepare(`UPDATE message_bytes SET bytes = x'3c' WHERE seq = ${bytesOf}`).run(bad?.guid);
    desk.book.db.exec(guard.sql);
    expect(await run()).toEqual({ signed: 2 });
    expect([first, bad, last].map((one) => stateOf(one?.guid ?? ''))).toEqual(['queued', 'refused', 'queued']);
    const { state, info } = desk.book
      .prepare('SELECT state, status_info AS info FROM document WHERE id = ?')
      .get(bad?.documentId) as { state: string; info: string };
    expect([state, info]).toEqual(['rejected', 'MESSAGE_DAMAGED']);
  });

  it('lets no message be queued without its signature, nor its text be changed before', () => {
    chooseSoftware(cards.sm2);
    const [one] = freeze();
    const write = (sql: string) => () => desk.book.prepare(sql).run(one?.guid);
    expect(write(`UPDATE message SET state = 'queued' WHERE guid = ?`)).toThrow('not queued');
    expect(write(`UPDATE message SET state = 'queued', sha256 = '' WHERE guid = ?`)).toThrow('not queued');
    expect(write(`UPDATE message SET sha256 = '' WHERE guid = ?`)).toThrow('immutable');
    expect(write(`UPDATE message_bytes SET bytes = x'00' WHERE seq = ${bytesOf}`)).toThrow('immutable');
    expect(write(`UPDATE message_signature SET frozen_sha256 = '' WHERE message_guid = ?`)).toThrow('immutable');
    expect(write(`DELETE FROM message_signature WHERE message_guid = ?`)).toThrow('kept');
  });

  const refusals: readonly (readonly [string, () => void, string])[] = [
    ['no card', () => (simulator.fault = 'no-card'), 'CARD_MISSING'],
    ['a card taken out', () => (simulator.card = undefined), 'CARD_MISSING'],
    ['a locked card', () => (simulator.fault = 'locked'), 'CARD_LOCKED'],
    ['a window that was closed', () => (simulator.fault = 'cancelled'), 'SIGN_CANCELLED'],
    ['silence', () => (simulator.fault = 'silent'), 'SIGNER_TIMEOUT'],
    ['garbage', () => (simulator.fault = 'garbage'), 'SIGNER_GARBLED'],
    ['another form', () => (simulator.fault = 'strange'), 'SIGNER_GARBLED'],
    ['a line that is cut', () => (simulator.fault = 'hangs-up'), 'SIGNER_UNREACHED'],
    ['another certificate', () => (simulator.card = cards.other), 'CERTIFICATE_OTHER'],
    ['a signature of something else', () => (simulator.fault = 'signs-wrong'), 'SIGNATURE_WRONG'],
    ['an error nobody knows', () => (simulator.fault = 'tells-pin'), 'SIGNER_REFUSED'],
  ];
  it.each(refusals)(
    'that meets %s leaves everything as it was frozen, with the reason',
    async (_name, misbehave, code) => {
      chooseCard();
      const frozen = freeze(2);
      misbehave();
      expect(await run()).toMatchObject({ signed: 0, problem: { code } });
      for (const { guid, bytes, documentId } of frozen) {
        expect(getMessage(desk.book, guid)).toMatchObject({
          state: 'unsigned',
          sha256: sha256(bytes),
          lastError: code,
        });
        expect(Buffer.from(messageBytes(desk.book, guid)).equals(bytes)).toBe(true);
        expect(documentState(documentId)).toBe('queued');
        expect(signatureOf(desk.book, guid)).toMatchObject({ attempts: 1, problem: { code } });
        expect(signatureOf(desk.book, guid)?.problem?.nextTryAt).toBeUndefined();
      }
      Object.assign(simulator, { card: cards.sm2, fault: 'none' });
      expect(await run()).toEqual({ signed: 2 });
      for (const { guid } of frozen)
        expect(getMessage(desk.book, guid)).toMatchObject({ state: 'queued', lastError: undefined });
    },
  );

  it('with nobody at the door says so, and with a certificate that has ended asks nobody', async () => {
    chooseCard();
    const [one] = freeze();
    await simulator.stop();
    expect(await run()).toMatchObject({ problem: { code: 'SIGNER_UNREACHED' } });
    simulator = await CardSimulator.start(cards.sm2);
    chooseCard();
    const { signed } = simulator;
    const later = () => '2030-01-01T00:00:00.000Z';
    expect(await run({ now: later })).toMatchObject({ problem: { code: 'CERTIFICATE_EXPIRED' } });
    expect(simulator.signed).toBe(signed);
    expect(stateOf(one?.guid ?? '')).toBe('unsigned');
    // Nothing asks a card by itself whose PIN is not kept, and so nobody is told that it will be.
    expect(signatureOf(desk.book, one?.guid ?? '')?.problem?.nextTryAt).toBeUndefined();
    // Of another card that is chosen nothing of that is said any more.
    bringSigningForward(desk.book, desk.clock.now());
    expect(signatureOf(desk.book, one?.guid ?? '')).toMatchObject({ attempts: 2 });
    expect(signatureOf(desk.book, one?.guid ?? '')?.problem).toBeUndefined();
    expect(getMessage(desk.book, one?.guid ?? '')?.lastError).toBeUndefined();
  });

  it.each([
    ['ahead', '2090-01-01T00:00:00.000Z', 'CERTIFICATE_EXPIRED'],
    ['behind', '2001-01-01T00:00:00.000Z', 'CERTIFICATE_NOT_YET'],
  ])('goes on by itself once a clock that was %s is right again', async (_name, wrong, code) => {
    chooseSoftware(cards.sm2);
    const [one] = freeze();
    // Looked at by a person while the clock is wrong; by itself nothing would be due yet in the past.
    expect(await run({ now: () => wrong })).toMatchObject({ signed: 0, problem: { code } });
    expect(signatureOf(desk.book, one?.guid ?? '')?.problem?.nextTryAt).toBeDefined();
    expect(await runByItself()).toEqual({ signed: 1 });
    expect(stateOf(one?.guid ?? '')).toBe('queued');
  });

  it('never tries a wrong PIN twice, and lets none be read anywhere', async () => {
    chooseCard();
    const frozen = freeze(3);
    const wrong = '1357924680';
    keepPin(desk.book, wrong);
    const before = simulator.wrongPins;
    expect(await run({ pin: wrong })).toMatchObject({ signed: 0, problem: { code: 'PIN_WRONG' } });
    expect(simulator.wrongPins).toBe(before + 1);
    expect(keptPin(desk.book)).toBeUndefined();
    expect(await runByItself()).toEqual({ signed: 0 });
    expect(simulator.wrongPins).toBe(before + 1);
    simulator.pin = wrong;
    simulator.fault = 'tells-pin';
    const told = await run({ pin: wrong });
    expect(told.problem?.params['detail']).toBe('内部错误 passwd=*** Err:Base60999');
    simulator.pin = '88888888';
    simulator.fault = 'none';
    expect(await run({ pin: '88888888' })).toEqual({ signed: 3 });
    expect(frozen.map(({ guid }) => stateOf(guid))).toEqual(['queued', 'queued', 'queued']);
    const dump = JSON.stringify(
      ['setting', 'audit', 'transition', 'message_signature'].map((table) =>
        desk.book.prepare(`SELECT * FROM ${table}`).all(),
      ),
    );
    expect(dump).not.toContain(wrong);
    for (const name of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(path.join(name.parentPath, name.name)).includes(wrong)).toBe(false);
  });

  it('keeps what was signed when the card goes away half-way, and goes on from there', async () => {
    chooseCard();
    const frozen = freeze(5);
    simulator.beforeSigning = (made) => {
      if (made - start === 2) simulator.card = undefined;
    };
    const start = simulator.signed;
    expect(await run()).toMatchObject({ signed: 2, problem: { code: 'CARD_MISSING' } });
    expect(frozen.map(({ guid }) => stateOf(guid))).toEqual(['queued', 'queued', 'unsigned', 'unsigned', 'unsigned']);
    simulator.beforeSigning = () => undefined;
    simulator.card = cards.sm2;
    expect(await run()).toEqual({ signed: 3 });
    // The bytes of all five are what was frozen, with a signature in them.
    for (const { guid, bytes } of frozen) {
      const text = new TextDecoder().decode(messageBytes(desk.book, guid));
      expect(text.replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, '')).toBe(new TextDecoder().decode(bytes));
    }
  });

  it('notices a card that was exchanged between certificate and signature', async () => {
    chooseCard();
    freeze();
    simulator.beforeSigning = () => (simulator.card = cards.other);
    expect(await run()).toMatchObject({ signed: 0, problem: { code: 'CERTIFICATE_OTHER' } });
  });

  it('is ended by its user at once, and holds nothing back from being taken back', async () => {
    chooseCard();
    const [one] = freeze();
    const controller = new AbortController();
    // The certificate is read before anything falls silent.
    simulator.beforeSigning = () => {
      simulator.fault = 'silent';
      controller.abort();
    };
    expect(await run({ signal: controller.signal, limits: patient })).toMatchObject({
      signed: 0,
      problem: { code: 'CANCELLED' },
    });
    const { guid, documentId } = one ?? { guid: '', documentId: 0 };
    expect(mayHaveLeft(desk.book, guid)).toBe(false);
    desk.book.transaction(() => withdrawMessage(desk.book, guid, desk.clock.now()));
    expect(stateOf(guid)).toBe('withdrawn');
    expect(documentState(documentId)).toBe('draft');
    expect(await run()).toEqual({ signed: 0 });
  });

  it('leaves alone what is taken back while it is at the card', async () => {
    chooseCard();
    const [first, second] = freeze(2);
    simulator.beforeSigning = () => {
      const guid = first?.guid ?? '';
      if (stateOf(guid) === 'unsigned') desk.book.transaction(() => withdrawMessage(desk.book, guid, desk.clock.now()));
    };
    expect(await run()).toEqual({ signed: 1 });
    expect([stateOf(first?.guid ?? ''), stateOf(second?.guid ?? '')]).toEqual(['withdrawn', 'queued']);
  });

  it('waits for a person with a card, and tries again by itself with a PIN that was kept', async () => {
    chooseCard();
    const [one] = freeze();
    const guid = one?.guid ?? '';
    expect(await runByItself()).toEqual({ signed: 0 });
    expect(signatureOf(desk.book, guid)).toEqual({ attempts: 0 });
    keepPin(desk.book, '88888888');
    simulator.fault = 'no-card';
    expect(await runByItself()).toMatchObject({ problem: { code: 'CARD_MISSING' } });
    const next = signatureOf(desk.book, guid)?.problem?.nextTryAt ?? '';
    expect(next > desk.clock.now()).toBe(true);
    simulator.fault = 'none';
    expect(await runByItself()).toEqual({ signed: 0 });
    desk.clock.forward(60_000);
    expect(await runByItself()).toEqual({ signed: 1 });
  });

  it('of two runs at once uses the card for one after the other', async () => {
    chooseCard();
    freeze(4);
    const done = await Promise.all([run(), run()]);
    expect(done).toEqual([{ signed: 4 }, { signed: 0 }]);
  });

  it('without a signer keeps what was frozen for one', async () => {
    chooseSoftware(cards.sm2);
    const [one] = freeze();
    chooseSigning(desk.book, { way: 'none' });
    expect(await run()).toMatchObject({ signed: 0, problem: { code: 'SIGNER_NONE' } });
    chooseSoftware(cards.rsa);
    expect(await run()).toEqual({ signed: 1 });
    expect(stateOf(one?.guid ?? '')).toBe('queued');
  });

  it('believes a receipt of a message that a lost copy of the book signed and sent', () => {
    chooseSoftware(cards.sm2);
    const [one] = freeze();
    expect(hear(desk.book, one?.guid ?? '', desk.clock.now())).toBe(true);
    expect(stateOf(one?.guid ?? '')).toBe('sent');
    expect(documentState(one?.documentId ?? 0)).toBe('sent');
  });
});
