import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { EntryDesk } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A listing by keyboard in the real window: from a template, filled, with a photo, as a sheet, made and queued. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-listings-'));
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('listings on the desk', () => {
  it('makes one from a template and fills it with the keyboard', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('cpzyk');
    await desk.page.getByRole('option', { name: t('command.listings'), selected: true }).waitFor();
    await hands.press('Enter');
    await hands.on('listings');
    await hands.sees(t('listings.empty'));
    await hands.press('Control+n');
    await desk.page.locator('#listing-search:focus').waitFor();
    await desk.page.keyboard.type('芒果');
    await desk.page.getByRole('button', { name: '芒果 海南' }).waitFor();
    await desk.page.getByRole('button', { name: '芒果 海南' }).focus();
    await hands.press('Enter');
    await desk.page.locator('#listing-nameZh:focus').waitFor();
    await expect.poll(() => desk.page.locator('#listing-nameZh').inputValue()).toBe('芒果');
    await hands.press('Enter');
    await desk.page.keyboard.type('Fresh mango');
    await hands.press('Enter');
    await desk.page.keyboard.type('琼海');
    await desk.page.getByRole('option').first().waitFor();
    await hands.press('Enter');
    await desk.page.locator('#listing-village:focus').waitFor();
    await desk.page.keyboard.type('大路镇');
    // What is missing is a way to its field.
    await hands.button(t('listings.part.capacity')).click();
    await desk.page.locator('#listing-capacity:focus').waitFor();
    await desk.page.keyboard.type('吨');
    await hands.press('Enter');
    await desk.page.keyboard.type('30');
    await desk.page.locator('#listing-candidates').focus();
    await hands.press('Enter');
    await desk.page.getByRole('button', { name: '0804502001' }).focus();
    await hands.press('Enter', 'Control+Enter');
    await hands.sees(/完整度 \d\d%/);
    await desk.page.locator('.listing-choices', { hasText: t('listings.missing') }).waitFor();
    await expect.poll(() => hands.button(t('listings.part.capacity')).count()).toBe(0);
  });

  it('takes a photo, small and plain, and names what is none', async () => {
    // Twice as wide as is kept, dropped as from a phone's memory card together with something that is no photo.
    const dropped = await desk.page.evaluateHandle(async () => {
      const canvas = new OffscreenCanvas(3200, 1600);
      canvas.getContext('2d')?.fillRect(0, 0, 900, 900);
      const both = new DataTransfer();
      both.items.add(new File([await canvas.convertToBlob()], '芒果园.png', { type: 'image/png' }));
      both.items.add(new File(['no picture'], '价目表.jpg', { type: 'image/jpeg' }));
      return both;
    });
    await desk.page.locator('.listing-drop').dispatchEvent('drop', { dataTransfer: dropped });
    await desk.page.locator('.listing-photo img').waitFor();
    await hands.sees(t('listings.noPhoto', { names: '价目表.jpg' }));
    const width = await desk.page.locator('.listing-photo img').evaluate(async (picture: HTMLImageElement) => {
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight];
    });
    expect(width).toEqual([1600, 800]);
    // The button asks for files in the system's own dialog.
    const second = path.join(folder, '果园.gif');
    writeFileSync(second, Buffer.from('R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=', 'base64'));
    await answerDialogs(desk.app, [second]);
    await hands.button(t('listings.addPhotos')).focus();
    await hands.press('Enter');
    await desk.page.locator('.listing-photo img').nth(1).waitFor();
    // One that is taken out by mistake is there to be put back.
    await hands.button(t('listings.removePhoto', { name: '果园.gif' })).click();
    await hands.button(t('listings.putBackPhoto', { name: '果园.gif' })).click();
    await hands.button(t('listings.removePhoto', { name: '果园.gif' })).waitFor();
    await expect.poll(() => desk.page.locator('.listing-photo').count()).toBe(2);
  });

  it('ends the intake when the listing is full, and says how many were not looked at', async () => {
    const ask = new EntryDesk(desk, hands);
    const { rows } = await ask.ask('listings.list', {});
    const id = rows[0]?.id ?? 0;
    // The 48 that are left, each a picture of its own.
    const added = await desk.page.evaluate(async (listing) => {
      const bridge: { call(op: string, input: object): Promise<{ ok: boolean }> } = Reflect.get(window, 'portbook');
      const canvas = new OffscreenCanvas(8, 8);
      const pen = canvas.getContext('2d');
      let kept = 0;
      for (let at = 0; at < 48; at += 1) {
        if (pen !== null) pen.fillStyle = `rgb(${at * 5} ${255 - at * 5} 90)`;
        pen?.fillRect(0, 0, 8, 8);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
        const jpeg = new Uint8Array(await blob.arrayBuffer());
        const answer = await bridge.call('listings.addPhoto', { id: listing, fileName: `${at}.jpg`, jpeg });
        if (answer.ok) kept += 1;
      }
      return kept;
    }, id);
    expect(added).toBe(48);
    const dropped = await desk.page.evaluateHandle(async () => {
      const three = new DataTransfer();
      for (const [at, colour] of ['red', 'green', 'blue'].entries()) {
        const canvas = new OffscreenCanvas(20, 20);
        const pen = canvas.getContext('2d');
        if (pen !== null) pen.fillStyle = colour;
        pen?.fillRect(0, 0, 20, 20);
        three.items.add(new File([await canvas.convertToBlob()], `多${at}.png`, { type: 'image/png' }));
      }
      return three;
    });
    await desk.page.locator('.listing-drop').dispatchEvent('drop', { dataTransfer: dropped });
    await hands.sees(t('listings.photosOver', { n: '2' }));
    await desk.page.locator('.field-error', { hasText: '多0.png' }).waitFor();
    expect((await ask.ask('listings.get', { id })).photos).toBe(50);
  });

  it('takes no half certificate, and none that nobody wrote anything of', async () => {
    const kept = async () => {
      const ask = new EntryDesk(desk, hands);
      const id = (await ask.ask('listings.list', {})).rows[0]?.id ?? 0;
      return (await ask.ask('listings.get', { id })).body.certificates;
    };
    const add = hands.button(t('listings.addCertificate'));
    await add.click();
    await add.click();
    await desk.page.locator('#certificate-0-kind').fill('绿色食品');
    await hands.press('Control+Enter');
    await desk.page.locator('#certificate-0-no:focus').waitFor();
    await hands.sees(t('listings.certificate.needed'));
    expect(await kept()).toEqual([]);
    await desk.page.keyboard.type('LB-46');
    await desk.page.locator('#certificate-0-validTo').fill('2027-12-31');
    await hands.press('Control+Enter');
    await expect.poll(kept).toEqual([{ kind: '绿色食品', no: 'LB-46', issuer: '', validTo: '2027-12-31' }]);
  });

  it('writes the product sheet, makes the filing and queues it', async () => {
    const pdf = path.join(folder, 'sheet.pdf');
    const xlsx = path.join(folder, 'sheet.xlsx');
    await answerDialogs(desk.app, [pdf, xlsx]);
    // The sheet shows what stands on the screen, saved or not.
    await desk.page.locator('#listing-grade').fill('特级');
    await desk.page.locator('#listing-print').focus();
    await hands.press('Enter');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
    await desk.page.locator('#listing-export').focus();
    await hands.press('Enter');
    await expect.poll(() => existsSync(xlsx) && statSync(xlsx).size > 1000).toBe(true);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(xlsx);
    expect(JSON.stringify(workbook.worksheets[0]?.getSheetValues())).toContain('特级');
    await desk.page.locator('#listing-draft').focus();
    await hands.press('Enter');
    await desk.page.locator('#listing-queue').waitFor();
    await desk.page.locator('#listing-queue').focus();
    await hands.press('Enter');
    await desk.page.locator('#listing-queue').waitFor({ state: 'detached' });
    expect(desk.pageErrors()).toEqual([]);
  });
});
