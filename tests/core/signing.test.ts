import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { readCertificate } from '../../electron/core/keys/certificate.ts';
import { makePracticeCertificate } from '../../electron/core/keys/practice-certificate.ts';
import { chooseSigning, openSigner, signingWay, softwareSigner } from '../../electron/core/keys/signer.ts';
import { defaultUserId, loadSm2 } from '../../electron/core/keys/sm2.ts';
import { verify } from '../../electron/core/keys/verify-signature.ts';
import { signMessage } from '../../electron/core/keys/xml-signature.ts';
import { signatureProfiles } from '../../shared/documents/signature-profiles.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const message = (extension = '') =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<ceb:CEB603Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0">' +
  '<ceb:Inventory><ceb:InventoryHead><ceb:copNo>1</ceb:copNo><ceb:note>陶瓷 &amp; 杯 &lt;6&gt; 个</ceb:note></ceb:InventoryHead></ceb:Inventory>' +
  `<ceb:BaseTransfer><ceb:copCode>4601960PBK</ceb:copCode></ceb:BaseTransfer>${extension}</ceb:CEB603Message>`;

/** A signer of each kind of key, made once: keys take their time. */
const now = '2026-11-21T09:00:00.000Z';
const keys = {
  rsa: await makePracticeCertificate('rsa', firm, now),
  sm2: await makePracticeCertificate('sm2', firm, now),
};
const signerOf = async (profile: (typeof signatureProfiles)[number]) =>
  softwareSigner(keys[profile.key], await readCertificate(keys[profile.key].certificatePem), profile);

let folder = '';
let core: Core;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-signing-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('the algorithms of the standards', () => {
  it('hash the examples of GB/T 32905-2016, annex A', async () => {
    const { sm3 } = await loadSm2();
    expect(Buffer.from(sm3(Buffer.from('abc'))).toString('hex')).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
    expect(Buffer.from(sm3(Buffer.from('abcd'.repeat(16)))).toString('hex')).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    );
  });

  it('hash as the runtime of the tests does, whatever the length', async () => {
    const { sm3 } = await loadSm2();
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const bytes = Buffer.alloc(length, 0xa7);
      expect(Buffer.from(sm3(bytes)).toString('hex')).toBe(createHash('sm3').update(bytes).digest('hex'));
    }
  });

  it('sign and verify the example of GM/T 0003.5-2012, annex A, on the curve of the standard', async () => {
    const { verify: verifySm2 } = await loadSm2();
    const { sm2 } = await import('sm-crypto-v2');
    const privateKey = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8';
    const publicKey =
      '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
      'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13';
    const k = BigInt('0x59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21');
    const x1 = BigInt('0x04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73');
    const expected =
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
      'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa';
    const text = Buffer.from('message digest');
    expect(defaultUserId).toBe('1234567812345678');
    expect(Buffer.from(sm2.getZ(publicKey, defaultUserId)).toString('hex')).toBe(
      'b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3',
    );
    expect(sm2.doSignature(text, privateKey, { hash: true, userId: defaultUserId, pointPool: [{ k, x1 }] })).toBe(
      expected,
    );
    expect(verifySm2(text, hex(expected), publicKey)).toBe(true);
    expect(verifySm2(Buffer.from('message digesT'), hex(expected), publicKey)).toBe(false);
    expect(verifySm2(text, hex(expected).reverse(), publicKey)).toBe(false);
    expect(verifySm2(text, hex(expected).slice(1), publicKey)).toBe(false);
    expect(verifySm2(text, hex(expected), publicKey.replace('ccea', 'ccec'))).toBe(false);
  });
});

describe('a certificate', () => {
  it.each(['rsa', 'sm2'] as const)('with a key of %s is read', async (key) => {
    const certificate = await readCertificate(keys[key].certificatePem);
    expect(certificate).toMatchObject({
      key,
      serial: expect.stringMatching(/^03[0-9a-f]{14}$/),
      notBefore: now,
      notAfter: '2029-11-21T09:00:00.000Z',
      subject: `C=CN, O=${firm.name}, OU=Portbook practice only, CN=${firm.uscc}`,
    });
    expect(await readCertificate(certificate.der)).toEqual(certificate);
  });

  it('that is none is refused with a reason', async () => {
    for (const wrong of ['', 'not base64!', 'AAAA', Buffer.from(keys.rsa.privateKey).toString('base64')])
      await expect(readCertificate(wrong)).rejects.toMatchObject({ code: 'CERTIFICATE_UNREADABLE' });
  });
});

describe('the signer', () => {
  it('is none until a practice certificate is made, and none again', async () => {
    expect(await must(core, 'signing.status', {})).toEqual({ way: 'none', unsigned: 0 });
    await expect(openSigner(core.session.book, { now, signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'SIGNER_NONE',
    });
    for (const key of ['rsa', 'sm2'] as const) {
      const made = await must(core, 'signing.createPractice', { key });
      expect(made).toMatchObject({
        way: 'software',
        certificate: { key, standing: 'valid' },
        profile: `ceb-2022-${key}`,
      });
      expect(made.certificate?.subject).toContain(firm.name);
      const tested = await must(core, 'signing.test', {});
      expect(tested.signatureMethod).toContain(key === 'rsa' ? '#rsa-sha1' : '#sm2-sm3');
    }
    expect(await must(core, 'signing.setProfile', { profile: 'ceb-2023-sm2' })).toMatchObject({
      profile: 'ceb-2023-sm2',
    });
    expect(await core.call('signing.setProfile', { profile: 'ceb-2022-rsa' })).toMatchObject({
      error: { code: 'SIGNATURE_PROFILE' },
    });
    expect(await must(core, 'signing.remove', {})).toEqual({ way: 'none', unsigned: 0 });
  });

  it('of a book of before signs on', async () => {
    const { book } = core.session;
    const { privateKey: privateKeyPem, certificatePem } = keys.rsa;
    book.setSetting('signing.rsa', JSON.stringify({ privateKeyPem, certificatePem }));
    expect(signingWay(book)).toEqual({ way: 'software', key: keys.rsa });
    expect(await must(core, 'signing.status', {})).toMatchObject({ way: 'software', certificate: { key: 'rsa' } });
    expect(await must(core, 'signing.createPractice', { key: 'sm2' })).toMatchObject({ certificate: { key: 'sm2' } });
    expect(book.setting('signing.rsa')).toBeUndefined();
  });

  it('signs the forms of foreign exchange too, whose namespace stands behind that of the signature', async () => {
    const xml = message()
      .replaceAll('http://www.chinaport.gov.cn/ceb', 'urn:portbook:fx:1')
      .replaceAll('CEB603Message', 'FX101Message')
      .replaceAll('ceb:', 'fx:')
      .replace('xmlns:ceb', 'xmlns:fx');
    for (const profile of signatureProfiles) {
      const signed = await signMessage(await signerOf(profile), xml);
      expect(await verify(signed)).toMatchObject({ ok: true, profile: profile.id });
      expect(await verify(signed.replace('陶瓷', '陶器'))).toEqual({ ok: false, problem: 'digest' });
    }
  });

  it.each(signatureProfiles)('signs by $id what verifies, and nothing that was changed', async (profile) => {
    const signer = await signerOf(profile);
    for (const xml of [
      message(),
      message(
        '<ceb:ExtendMessage><ceb:name>x</ceb:name><ceb:version>1</ceb:version><ceb:Message>y</ceb:Message></ceb:ExtendMessage>',
      ),
    ]) {
      const signed = await signMessage(signer, xml);
      expect(await verify(signed)).toMatchObject({ ok: true, serial: signer.certificate.serial, profile: profile.id });
      expect(signed).toContain(`Algorithm="${profile.signatureMethod}"`);
      expect(signed).toContain(`<ds:KeyName>${signer.certificate.serial}</ds:KeyName>`);
      expect(signed.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '')).toBe(xml);
      expect(signed.indexOf('</ceb:BaseTransfer>')).toBeLessThan(signed.indexOf('<ds:Signature'));
      if (xml.includes('Extend'))
        expect(signed.indexOf('</ds:Signature>')).toBeLessThan(signed.indexOf('<ceb:ExtendMessage>'));
      // White space inside SignedInfo would not verify at customs.
      expect(/<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/.exec(signed)?.[0]).not.toMatch(/>\s+</);
      const tampered = [
        signed.replace('<ceb:copNo>1<', '<ceb:copNo>2<'),
        signed.replace('陶瓷', '黄金'),
        signed.replace(/(<ds:DigestValue>)./, '$1A').replace(/(<ds:DigestValue>A)./, '$1B'),
        signed.replace(/(<ds:SignatureValue>)..../, '$1AAAA'),
        signed.replace(' version="1.0">', ' version="1.1">'),
        signed.replace('URI=""', 'URI="#x"'),
        signed.replace('</ceb:Inventory>', '</ceb:Inventory><ceb:Inventory></ceb:Inventory>'),
      ];
      for (const other of tampered) {
        expect(other).not.toBe(signed);
        expect((await verify(other)).ok).toBe(false);
      }
    }
  });

  it('says what is missing, and does not take an algorithm for another', async () => {
    expect(await verify(message())).toEqual({ ok: false, problem: 'unsigned' });
    const signer = await signerOf(signatureProfiles[0]);
    const signed = await signMessage(signer, message());
    await expect(signMessage(signer, signed)).rejects.toThrow('signed already');
    expect(await verify(signed.replace('#rsa-sha1', '#unknown'))).toEqual({ ok: false, problem: 'algorithm' });
    expect(await verify(signed.replace('#rsa-sha1', '#sm2-sm3').replace('#sha1', '#sm3'))).toEqual({
      ok: false,
      problem: 'algorithm',
    });
    const twice = signed.replace(
      '</ceb:CEB603Message>',
      `${/<ds:Signature[\s\S]*<\/ds:Signature>/.exec(signed)?.[0] ?? ''}</ceb:CEB603Message>`,
    );
    expect(await verify(twice)).toEqual({ ok: false, problem: 'form' });
  });

  it('believes no signature that does not hold', async () => {
    const signer = await signerOf(signatureProfiles[2]);
    const other = await softwareSigner(
      await makePracticeCertificate('sm2', firm, now),
      signer.certificate,
      signer.profile,
    );
    await expect(signMessage(other, message())).rejects.toMatchObject({ code: 'SIGNATURE_WRONG' });
  });

  it('does not sign before a certificate begins nor after it has ended', async () => {
    const { book } = core.session;
    await must(core, 'signing.createPractice', {});
    const at = (years: number) => new Date(Date.now() + years * 366 * 86_400_000).toISOString();
    const { signal } = new AbortController();
    await expect(openSigner(book, { now: at(4), signal })).rejects.toMatchObject({ code: 'CERTIFICATE_EXPIRED' });
    await expect(openSigner(book, { now: at(-1), signal })).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_YET' });
  });
});

describe('a certificate that ends', () => {
  const day = 86_400_000;
  /** The practice certificate is good for three years from `now`. */
  const end = Date.parse('2029-11-21T09:00:00.000Z');
  let home = '';
  let desk: Core;
  let clock = now;
  beforeAll(async () => {
    home = mkdtempSync(path.join(os.tmpdir(), 'portbook-signing-end-'));
    desk = coreAt(home, { now: () => clock });
    await must(desk, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    const certificate = await readCertificate(keys.sm2.certificatePem);
    chooseSigning(desk.session.book, { way: 'software', key: keys.sm2 }, certificate);
  });
  afterAll(async () => {
    await desk.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** What the first page says of it so many days before its end. */
  async function seen(daysLeft: number) {
    clock = new Date(end - daysLeft * day).toISOString();
    const date = clock.slice(0, 10);
    const { attention, due } = await must(desk, 'today.get', { date });
    return {
      action: attention.find(({ code }) => code.startsWith('certificate')),
      isDue: due.some(({ code }) => code === 'certificateExpiry'),
      standing: (await must(desk, 'signing.status', {})).certificate?.standing,
    };
  }

  it('is no concern while it has long to go', async () => {
    expect(await seen(400)).toEqual({ action: undefined, isDue: false, standing: 'valid' });
    expect(await seen(31)).toMatchObject({ action: undefined, standing: 'valid' });
  });

  it('is said on the first page in its last thirty days, with the days it has left', async () => {
    const { serial } = await readCertificate(keys.sm2.certificatePem);
    const params = (days: number) => ({ params: { serial, days }, target: 'settings?tab=signing' });
    expect(await seen(29.5)).toMatchObject({
      action: { code: 'certificateEnds', ...params(29) },
      isDue: true,
      standing: 'ends-soon',
    });
    expect(await seen(0.5)).toMatchObject({ action: { code: 'certificateEnds', ...params(0) }, standing: 'ends-soon' });
    expect(await seen(-2)).toMatchObject({ action: { code: 'certificateEnded', ...params(0) }, standing: 'expired' });
  });

  it('stands in the calendar of deadlines on its last day', async () => {
    clock = now;
    const list = await must(desk, 'deadlines.list', { today: '2026-11-21', from: '2029-11-01', to: '2029-11-30' });
    expect(list.rows.filter(({ rule }) => rule === 'certificateExpiry')).toMatchObject([{ date: '2029-11-21' }]);
    const before = await must(desk, 'deadlines.list', { today: '2026-11-21', from: '2029-10-01', to: '2029-10-31' });
    expect(before.rows.filter(({ rule }) => rule === 'certificateExpiry')).toEqual([]);
  });
});
