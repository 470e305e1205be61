import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { riskText } from '../../shared/risk/texts.ts';
import { writeCsv } from '../fixtures/import/files.ts';
import { riskBook } from '../fixtures/risk-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { pdfText } from './support/pdf.ts';
import { textsIn } from './support/texts.ts';

/** Red flags, three flows and screening by keyboard in the real window, on a book with something to find. */
const t = textsIn('zh-CN');
const say = (key: string): string => riskText('zh-CN', key);
const passphrase = 'desk-risk-passphrase';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-risk-'));
const at = (name: string): string => path.join(folder, name);
const focused = (): Promise<string | undefined> => desk.page.evaluate(() => document.activeElement?.id);

let desk: Desk;
let hands: Hands;

/** Lists and orders of a shipment; one order paid short long ago, prices of which one is odd, a party on a list. */
async function prepare(home: string): Promise<void> {
  const core = coreAt(home);
  await must(core, 'books.create', { profile: firm, passphrase });
  const put = riskBook(core, new Date().toISOString());
  put.rate('USD', '2026-01-01', '7');
  const account = put.account();
  for (let one = 1; one <= 6; one += 1) {
    const order = put.order(`W${one}`, 10_000, {
      order_date: '2026-01-02',
      store: 'S1',
      buyer_name: 'Meridian Home Ltd',
    });
    put.exported(order, one === 6 ? 90_000 : 10_000, {
      export_date: `2026-01-1${one}`,
      declaration_no: 'D2026',
      line_no: one,
    });
    const record = put.record(account, one === 5 ? 4000 : 10_000, `2026-02-0${one}`, {
      counterparty: 'MERIDIAN HOME LIMITED',
      counterparty_country: 'US',
    });
    put.allocate(record, order, one === 5 ? 4000 : 10_000);
  }
  await must(core, 'parties.save', {
    kind: 'customer',
    name: '瑞霖貿易（深圳）有限公司',
    taxNo: null,
    country: null,
    note: '',
    active: true,
  });
  // The register cannot follow what is decided of a name.
  core.session.book
    .prepare(
      `CREATE TRIGGER register_shut BEFORE UPDATE ON red_flag WHEN OLD.rule = 'R15' BEGIN SELECT RAISE(ABORT, 'shut'); END`,
    )
    .run();
  await core.close();
}

beforeAll(async () => {
  await prepare(at('home'));
  desk = await launchDesk({ home: at('home'), size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.locator('.open-form input').fill(passphrase);
  await hands.press('Enter');
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(page: 'risk' | 'flows', word: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(word);
  await desk.page.getByRole('option', { name: t(`command.${page}`) }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}

describe('the risk inbox', () => {
  it('runs the rules, and a flag is assigned and closed by keyboard alone', async () => {
    await open('risk', 'fxts');
    await hands.sees(t('risk.emptyNeverRan'));
    await hands.press('F8');
    await hands.sees(say('title.R04'));
    await hands.sees(t('risk.seeMissing'));
    await hands.press('Home', 'Enter');
    await expect.poll(focused).toBe('flag-owner');
    await desk.page.keyboard.type('陈会计');
    await hands.press('Enter');
    await hands.sees(t('risk.assigned'));
    await desk.page.locator('#flag-note').focus();
    await desk.page.keyboard.type('样品，已留存报价单');
    await hands.press('Control+Enter');
    await hands.told(t('risk.closed'));
  });

  it('says what a rule lacks, and prints the inbox', async () => {
    await desk.page.getByRole('radio', { name: t('risk.tab.rules') }).click();
    await desk.page.getByRole('radio', { name: t('risk.show.unknown') }).click();
    await hands.sees(say('outcome.cannot-tell'));
    await hands.sees(t('risk.missing'));
    await desk.page.getByRole('radio', { name: t('risk.tab.flags') }).click();
    await desk.page.getByRole('radio', { name: say('state.closed') }).click();
    await expect.poll(() => desk.page.locator('.ant-table-row').count()).toBe(1);
    const pdf = at('inbox.pdf');
    await answerDialogs(desk.app, [pdf]);
    await hands.press('F9');
    await expect.poll(() => existsSync(pdf) && statSync(pdf).size > 1000).toBe(true);
    const text = pdfText(pdf);
    if (text !== undefined)
      for (const part of ['风险提示清单', '陈会计', '样品，已留存报价单', say('state.closed')])
        expect(text).toContain(part);
  });
});

describe('three flows', () => {
  it('show a declaration with what is unexplained, take a stated reason, and agree', async () => {
    await open('flows', 'slhy');
    await desk.page.getByRole('radio', { name: t('risk.flow.view.declarations') }).click();
    await hands.sees('D2026');
    await hands.sees(t('risk.flow.unexplainedRows'));
    await hands.press('Control+n');
    await expect.poll(focused).toBe('flow-leg');
    await desk.page.locator('#flow-text').fill('申报时币制录错，已办理改单');
    await hands.press('Control+Enter');
    await hands.sees(t('risk.flow.stated'));
    // The form goes on to what is left: the money of another order.
    await hands.press('Control+n');
    await desk.page.locator('#flow-text').fill('买家破产，已核销');
    await expect.poll(() => desk.page.locator('#flow-amount').inputValue()).toBe('60.00');
    await hands.press('Control+Enter');
    await expect.poll(() => desk.page.locator('.detail-head').textContent()).toContain(say('flow.agreed'));
    const sheet = at('flows.pdf');
    await answerDialogs(desk.app, [sheet]);
    await hands.press('F9');
    await expect.poll(() => existsSync(sheet) && statSync(sheet).size > 1000).toBe(true);
    const text = pdfText(sheet);
    if (text !== undefined)
      for (const part of [
        '三流比对表',
        'D2026',
        '1,400.00',
        '申报时币制录错，已办理改单',
        '买家破产，已核销',
        '三流一致',
      ])
        expect(text).toContain(part);
  });
});

describe('screening', () => {
  it('screens names when a list is imported, and a hit is cleared', async () => {
    const file = writeCsv(at('list.csv'), [
      ['名称', '类型', '原因'],
      ['瑞霖贸易(深圳)有限公司', '企业', '示例'],
    ]);
    expect(await hands.importSheet(file)).toMatchObject({ taken: 1, failed: 0 });
    await open('risk', 'fxts');
    await desk.page.getByRole('radio', { name: t('risk.tab.hits') }).click();
    await hands.sees('瑞霖貿易（深圳）有限公司');
    await hands.press('Home', 'Enter');
    await expect.poll(focused).toBe('hit-note');
    await desk.page.keyboard.type('证照号码不同');
    await hands.press('Control+Enter');
    await hands.sees(t('risk.hit.empty'));
    // What was decided stands, and is said to where the register has not followed.
    await hands.sees(new RegExp(t('risk.hit.registerBehind')));
    expect(desk.pageErrors()).toEqual([]);
  });
});
