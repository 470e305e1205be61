import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issuerKeyIn } from '../../platform/packs.ts';
import { notice, otherRate, otherUnits, packFile } from '../fixtures/packs.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Packs of code tables and rules from a USB stick in the real window: refused, trusted, looked at, taken, taken back. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-packs-'));
const key = issuerKeyIn(path.join(folder, 'issuer'));
let desk: Desk;
let hands: Hands;

const put = (name: string, bytes: Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};
const tables = put(
  'units.portbook-pack',
  packFile(notice('units', 1), { kind: 'tables', tables: [otherUnits()] }, key),
);
const rules = put(
  'deemed.portbook-pack',
  packFile(
    notice('deemed', 1, {
      title: { zh: '核定征收应税所得率', en: 'Rates of the deemed levy' },
      changes: [{ zh: '自2026年起应税所得率改为5%', en: 'From 2026 the deemed rate is 5%' }],
    }),
    { kind: 'rules', rules: [otherRate('0.05')] },
    key,
  ),
);
const load = async (file: string): Promise<void> => {
  await answerDialogs(desk.app, [file]);
  await hands.button(t('settings.packs.fromFile')).click();
};
const look = async (name: string): Promise<void> => {
  const kept = process.env.PORTBOOK_PRINTS;
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(kept, `${name}.png`) });
};

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
  await hands.area('settings');
  await desk.page.getByRole('radio', { name: t('settings.packs.title'), exact: true }).click();
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('packs', () => {
  it('are refused of an issuer nobody trusts, and come in once somebody does', async () => {
    await hands.sees(t('settings.packs.none'));
    await load(tables);
    await hands.sees('参数规则包的发布机构未受信任');
    await look('packs-refused');
    await desk.page.locator('#issuer-name').fill('示例发布机构');
    await desk.page.locator('#issuer-key').fill(key.publicKey);
    await desk.page.locator('#issuer-key').press('Enter');
    await hands.sees(key.keyId);
    await load(tables);
    await hands.sees(t('settings.packs.waiting'));
    await hands.sees('新增“箱套”，“个”改名');
    await hands.sees(t('settings.packs.tableCounts', { added: 1, gone: 1, renamed: 1, otherwise: 0 }));
    await look('packs-preview');
  });

  it('are in force once they are taken, and drafts can be checked again', async () => {
    await hands.button(t('settings.packs.take')).click();
    await hands.sees(t('settings.packs.inForce'));
    await load(rules);
    await hands.sees('自2026年起应税所得率改为5%');
    await look('packs-rules');
    await hands.button(t('settings.packs.take')).click();
    await expect.poll(() => desk.page.getByText(t('settings.packs.inForce'), { exact: true }).count()).toBe(2);
    await look('packs-in-force');
  });

  it('are taken back with a reason', async () => {
    await desk.page
      .getByRole('button', { name: t('settings.packs.lookAt', { title: '计量单位', version: 1 }) })
      .click();
    await desk.page.locator('#pack-reason').fill('代码有误');
    await hands.button(t('settings.packs.toShipped')).click();
    await desk.page.getByRole('button', { name: t('settings.packs.back'), exact: true }).click();
    await expect.poll(() => desk.page.getByText(t('settings.packs.inForce'), { exact: true }).count()).toBe(1);
    await hands.sees(t('settings.packs.takenBack'));
    // Held against what ships again.
    await hands.sees(t('settings.packs.tableCounts', { added: 1, gone: 1, renamed: 1, otherwise: 0 }));
    await look('packs-back');
  });
});
