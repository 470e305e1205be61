import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { servePlatform } from '../../platform/server.ts';
import { riskText } from '../../shared/risk/texts.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { orderHead, orderLine, writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must, shipmentBody, writeClassification, writeWaybills } from '../fixtures/trade.ts';
import { type Desk, launchDesk, root } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** The way of a shipment's goods, by keyboard in the real window. */
const t = textsIn('zh-CN');
const passphrase = 'desk-way-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-way-'));
let desk: Desk;
let hands: Hands;
let shipmentNo: string;
let platform: Awaited<ReturnType<typeof servePlatform>>;
/** `yyyy-mm-dd hh:mm` of China so many hours ago. */
const ago = (hours: number): string =>
  new Date(Date.now() - (hours - 8) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const [sailed, gateIn, picked] = [ago(30), ago(5), ago(3)];

beforeAll(async () => {
  const home = path.join(folder, 'home');
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const name = (one: string): string => path.join(folder, one);
  const orders = [orderHead, orderLine({ 0: 'A1' }), orderLine({ 0: 'A2' })];
  await must(core, 'imports.run', { kind: 'orders', file: writeCsv(name('orders.csv'), orders) });
  await writeClassification(core, name('products.csv'));
  await must(core, 'imports.run', { kind: 'products', file: name('products.csv') });
  await writeWaybills(core, name('waybills.csv'));
  await must(core, 'imports.run', { kind: 'waybills', file: name('waybills.csv') });
  const body = { ...shipmentBody, billNo: 'COSU6123', ownerCode: 'NO', ownerName: 'NO' };
  const { id } = await must(core, 'shipments.save', { body });
  shipmentNo = (await must(core, 'shipments.get', { id })).shipmentNo;
  const declaration = path.join(root, 'tests/fixtures/golden/DecMessage.xml');
  await must(core, 'imports.run', { kind: 'documents', file: declaration });
  await must(core, 'shipments.draft', { id });
  // A firm that is asked about the least doubt.
  const { inForce } = await must(core, 'rules.pack', { id: 'risk-shipment-score' });
  const { id: pack, title, source, versions } = inForce;
  const text = JSON.stringify({ id: pack, titleZh: title.zh, titleEn: title.en, source, versions });
  const own = text.replace('"middleFrom":20', '"middleFrom":5').replace('"highFrom":50', '"highFrom":10');
  await must(core, 'rules.savePack', { id: pack, body: JSON.parse(own) as Record<string, never>, reason: '从严' });
  const file = writeCsv(path.join(folder, 'tracking.csv'), [
    ['提单号', '状态', '时间', '地点'],
    ['COSU6123', '重箱进场', gateIn, '洋浦'],
    ['COSU6123', '开船', sailed, '洋浦'],
  ]);
  await must(core, 'imports.run', { kind: 'tracking', file });
  const notices = [
    ['国别', '商品编码', '等级', '内容', '来源', '生效日期'],
    ['法国', '6913', '高', '陶瓷制品铅镉抽检加严', '欧盟预警', '2026-01-01'],
  ];
  await must(core, 'imports.run', { kind: 'notices', file: writeCsv(name('notices.csv'), notices) });
  // What a platform tells of the goods: an hour older than what was imported of them.
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: '演练' });
  await must(core, 'sync.now', {});
  const milestones = [
    {
      id: 'm-1',
      number: 'COSU6123',
      status: '装车',
      at: new Date(Date.now() - 6 * 3_600_000).toISOString(),
      place: '琼海',
    },
  ];
  const told = { method: 'PUT', body: JSON.stringify({ uscc: firm.uscc, milestones }) };
  expect((await fetch(`${platform.url}/v1/practice/milestones`, told)).status).toBe(200);
  await must(core, 'sync.now', {});
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the way of the goods on the desk', () => {
  it('shows on the list what was last heard, and the line of time with what cannot be right', async () => {
    await hands.area('shipments');
    await hands.sees(/5 小时前/);
    await hands.sees(/(刚刚|前)问过 演练/);
    await hands.typeAhead('Enter', 'l');
    await hands.on('shipment');
    await hands.sees(`起运 ${sailed} 早于上一步 进港（${gateIn}）`);
    const heard = desk.page.locator('.way-events li', { hasText: t('way.saidBy', { name: '演练' }) });
    await heard.waitFor();
    expect(await heard.textContent()).toMatch(/装车.*琼海/);
    await desk.page.locator('p.way-asked', { hasText: '问过 演练' }).waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('takes a step, a cut-off, a seal and a check by keyboard', async () => {
    await desk.page.locator('#way-time').fill(picked);
    await hands.press('Enter');
    await hands.sees(t('way.recorded'));
    await hands.sees(/拣货，3 小时前/);
    await desk.page.locator('#cut-off-time').fill(ago(1));
    await hands.press('Enter');
    await hands.sees(/截单（补料）：已过/);
    await desk.page.locator('#seal-number').fill('HZ-0001');
    await hands.press('Enter');
    await desk.page.locator('.code', { hasText: 'HZ-0001' }).waitFor();
    const box = desk.page.getByRole('checkbox', { name: /施封完成/ });
    await box.focus();
    await hands.press('Space');
    await hands.sees(/跨境一锁核对（1 \/ 6）/);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('is reminded of on the first page, and leads back', async () => {
    await hands.press('Escape');
    await hands.on('shipments');
    await hands.area('today');
    await hands.sees(/截止：截单/);
    expect(desk.pageErrors()).toEqual([]);
  });

  it('fills transit of many lists at once, previewed first, by keyboard', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('plzg');
    await desk.page.getByRole('option', { name: t('command.transit') }).waitFor();
    await hands.press('Enter');
    await hands.on('transit');
    await desk.page.locator('.split-list .ant-table-row').nth(1).waitFor();
    await hands.focused('.split-list [role=grid]');
    await hands.press('Space', 'ArrowDown', 'Space');
    await hands.sees(t('transit.summary', { chosen: '2', n: '2' }));
    await hands.press('Enter');
    await desk.page.locator('#transit-vehicle').fill('粤Z·A001港');
    await hands.press('F7');
    await hands.sees(t('transit.shown', { ready: '2', frozen: '0', same: '0' }));
    await hands.press('F8');
    await hands.sees(t('transit.applied', { n: '2', frozen: '0' }));
    expect(desk.pageErrors()).toEqual([]);
  });

  it('shows the score of the shipment beside the question whether its documents are queued', async () => {
    await hands.area('shipments');
    await hands.press('Enter');
    await hands.on('shipment');
    await desk.page.getByRole('button', { name: /看单证 \d/ }).click();
    await hands.on('declarations');
    await hands.press('F7');
    await desk.page.locator('.check-summary').waitFor();
    await hands.press('F8');
    await desk.page.getByTestId('queue-score').waitFor();
    await expect
      .poll(() => desk.page.getByTestId('queue-score').textContent())
      .toMatch(/高风险，\d+ 分：处理，或写明理由再放入待发（非海关风险等级）/);
    await hands.press('Escape');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('has the notices of risk, what they concern, and the months', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('fxts');
    await desk.page.getByRole('option', { name: t('command.risk') }).waitFor();
    await hands.press('Enter');
    await hands.on('risk');
    await hands.sees('法国 6913');
    await desk.page.getByRole('radio', { name: t('risk.tab.notices') }).click();
    await hands.sees('陶瓷制品铅镉抽检加严');
    await desk.page.getByRole('radio', { name: t('risk.tab.trend') }).click();
    await hands.sees(t('risk.trend.title'));
    await desk.page.locator('.risk-trend svg').waitFor();
    // A figure of a month leads to just its flags.
    const figure = desk.page.locator('.ant-table-row button.link').first();
    const count = Number(await figure.textContent());
    await figure.press('Enter');
    const only = desk.page.getByRole('button', { name: / 新发现的 ×$/ });
    await only.waitFor();
    await expect.poll(() => desk.page.locator('.split-list .ant-table-row').count()).toBe(count);
    await only.press('Enter');
    await only.waitFor({ state: 'detached' });
    // So does the row, and a bar of the picture.
    await desk.page.getByRole('radio', { name: t('risk.tab.trend') }).click();
    await desk.page.locator('.ant-table-row.is-active').waitFor();
    await hands.press('Enter');
    await only.waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('has a shipment of a high score in the register of risks (R18), and leads to it', async () => {
    await desk.page.getByRole('radio', { name: t('risk.tab.flags') }).click();
    await hands.press('F8');
    const rows = desk.page.locator('.ant-table-row', { hasText: riskText('zh-CN', 'title.R18') });
    await rows.filter({ hasText: shipmentNo }).click();
    await hands.sees(riskText('zh-CN', 'remedy.R18'));
    await desk.page.locator('.split-detail .risk-rows button').first().click();
    await hands.on('shipment');
    await desk.page.getByRole('radio', { name: t('shipments.score.side.score'), exact: true, checked: true }).waitFor();
    await hands.sees(t('shipments.score.own'));
    expect(desk.pageErrors()).toEqual([]);
  });

  it('has a declaration without a shipment there too (R18), and leads to its score', async () => {
    await hands.press('Control+k');
    await desk.page.keyboard.type('fxts');
    await desk.page.getByRole('option', { name: t('command.risk') }).waitFor();
    await hands.press('Enter');
    await hands.on('risk');
    const rows = desk.page.locator('.ant-table-row', { hasText: riskText('zh-CN', 'title.R18') });
    await rows.filter({ hasNotText: shipmentNo }).click();
    await desk.page.locator('.split-detail .risk-rows button').first().click();
    await hands.on('document');
    await desk.page.getByRole('tab', { name: t('shipments.score.title'), selected: true }).waitFor();
    await hands.sees(t('shipments.score.own'));
    // Each point with what earned it.
    await desk.page.locator('.shipment-score li', { hasText: /\+\d+/ }).first().waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});
