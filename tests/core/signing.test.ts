import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import {
  businessSigner,
  rsaMaterialOf,
  rsaSigner,
  specification2018,
  specification2022,
} from '../../electron/core/keys/signer.ts';
import { verify } from '../../electron/core/keys/verify-signature.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const message = (extension = '') =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<ceb:CEB603Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0">' +
  '<ceb:Inventory><ceb:InventoryHead><ceb:copNo>1</ceb:copNo><ceb:note>陶瓷 &amp; 杯 &lt;6&gt; 个</ceb:note></ceb:InventoryHead></ceb:Inventory>' +
  `<ceb:BaseTransfer><ceb:copCode>4601960PBK</ceb:copCode></ceb:BaseTransfer>${extension}</ceb:CEB603Message>`;

let folder = '';
let core: Core;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-signing-'));
  core = coreAt(folder);
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the signer', () => {
  it('is none until a practice certificate is made, and none again', async () => {
    expect(await must(core, 'signing.status', {})).toEqual({ kind: 'none' });
    expect(await businessSigner(core.session.book).sign(message())).toBe(message());
    const made = await must(core, 'signing.createPractice', {});
    expect(made).toMatchObject({ kind: 'rsa', serial: expect.stringMatching(/^3[0-9a-f]{14}$|^03[0-9a-f]{14}$/) });
    expect(made.subject).toContain(firm.name);
    expect(made.subject).toContain('practice only');
    expect(await must(core, 'signing.remove', {})).toEqual({ kind: 'none' });
  });

  it('signs the forms of foreign exchange too, whose namespace stands behind that of the signature', async () => {
    await must(core, 'signing.createPractice', {});
    const xml = message()
      .replaceAll('http://www.chinaport.gov.cn/ceb', 'urn:portbook:fx:1')
      .replaceAll('CEB603Message', 'FX101Message')
      .replaceAll('ceb:', 'fx:')
      .replace('xmlns:ceb', 'xmlns:fx');
    const signed = await businessSigner(core.session.book).sign(xml);
    expect(verify(signed)).toMatchObject({ ok: true });
    expect(verify(signed.replace('陶瓷', '陶器'))).toEqual({ ok: false, problem: 'digest' });
  });

  it.each([
    ['2022-05', specification2022],
    ['2018', specification2018],
  ])('signs by the specification of %s what verifies, and nothing that was changed', async (_name, algorithms) => {
    await must(core, 'signing.createPractice', {});
    const material = rsaMaterialOf(core.session.book);
    if (material === undefined) throw new Error('no certificate');
    for (const xml of [
      message(),
      message(
        '<ceb:ExtendMessage><ceb:name>x</ceb:name><ceb:version>1</ceb:version><ceb:Message>y</ceb:Message></ceb:ExtendMessage>',
      ),
    ]) {
      const signed = await rsaSigner(material, algorithms).sign(xml);
      expect(verify(signed)).toMatchObject({
        ok: true,
        serial: new X509Certificate(material.certificatePem).serialNumber.toLowerCase(),
      });
      expect(signed).toContain(`Algorithm="${algorithms.signature}"`);
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
        signed.replace(' version="1.0">', ' version="1.1">'),
        signed.replace('URI=""', 'URI="#x"'),
        signed.replace('</ceb:Inventory>', '</ceb:Inventory><ceb:Inventory></ceb:Inventory>'),
      ];
      for (const other of tampered) {
        expect(other).not.toBe(signed);
        expect(verify(other).ok).toBe(false);
      }
    }
  });

  it('says what is missing', async () => {
    expect(verify(message())).toEqual({ ok: false, problem: 'unsigned' });
    await must(core, 'signing.createPractice', {});
    const signer = businessSigner(core.session.book);
    const signed = await signer.sign(message());
    await expect(async () => signer.sign(signed)).rejects.toThrow('signed already');
    expect(verify(signed.replace('#rsa-sha1', '#unknown'))).toEqual({ ok: false, problem: 'algorithm' });
    const twice = signed.replace(
      '</ceb:CEB603Message>',
      `${/<ds:Signature[\s\S]*<\/ds:Signature>/.exec(signed)?.[0] ?? ''}</ceb:CEB603Message>`,
    );
    expect(verify(twice)).toEqual({ ok: false, problem: 'form' });
  });
});
