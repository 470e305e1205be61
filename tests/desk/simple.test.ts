import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { simpleAreas } from '../../renderer/app/page-route.ts';
import { answerDialogs, type Desk, launchDesk, makeHome } from './launch.ts';
import { EntryDesk } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * A cooperative's clerk in simple mode (简易模式), in the real window of 1366x768 pixels at 125 %: goods with photos, a harvest, a sale by
 * mouse and by keyboard, killed in the middle, and the same record in the clerk's desk.
 */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-simple-'));
const home = makeHome();
const passphrase = 'litchi from the south hill';
let desk: Desk;
let hands: Hands;

/** In CSS pixels: what 1366x768 leaves at 125 %. */
const size = { width: 1093, height: 614 };
const launch = async (): Promise<void> => {
  desk = await launchDesk({ home, size, args: ['--force-device-scale-factor=1.25'] });
  hands = new Hands(desk, t);
};

beforeAll(async () => {
  await launch();
  await hands.createBook(
    'cooperative',
    { name: '海南省澄迈县南坡荔枝专业种植农民合作社', uscc: '93469023MA5T8Q2R0G', customsCode: '4603960TST' },
    passphrase,
  );
  await desk.page.locator('[data-step="recovery"]').waitFor();
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
});

const on = (page: string) => desk.page.locator(`.simple-main[data-page="${page}"]`);
const step = (name: string) => desk.page.locator(`.simple-page[data-step="${name}"]`);
const card = (text: string) => desk.page.locator('.simple-choice', { hasText: text });
const press = (text: string) => desk.page.getByRole('button', { name: text, exact: true });

/** Texts that are wider than their place, buttons lower than a finger, and codes: none of them may be on the screen. */
async function isPlain(): Promise<void> {
  const found = await desk.page.evaluate(() => {
    const seen = (one: Element): boolean => one instanceof HTMLElement && one.offsetParent !== null;
    const elements = [...document.querySelectorAll('.simple-desk *')].filter(seen);
    return {
      clipped: elements
        .filter(
          (one) =>
            getComputedStyle(one).overflowX !== 'visible' &&
            one.clientWidth > 1 &&
            one.scrollWidth > one.clientWidth + 1,
        )
        .filter((one) => !one.matches('input, .ant-select *, .ant-select, .book-name'))
        .map((one) => `${one.className}: ${one.textContent?.slice(0, 40)}`),
      page: document.documentElement.scrollWidth > window.innerWidth,
      low: elements
        .filter((one) => one.matches('button, input:not([type=file]), [role=combobox]'))
        .filter(
          (one) => (one.closest('.ant-select, .ant-input-affix-wrapper') ?? one).getBoundingClientRect().height < 44,
        )
        .map((one) => `${one.className} ${one.textContent}`),
      text: (document.querySelector('.simple-desk') as HTMLElement).innerText,
    };
  });
  expect(found.clipped).toEqual([]);
  expect(found.page).toBe(false);
  expect(found.low).toEqual([]);
  // Dates, amounts and weights are written with separators; what is left with four digits in a row, or letters and digits, is a code.
  const bare = found.text.replace(/\d{4}-\d{2}-\d{2}/g, '').replace(/Shift F2/g, '');
  expect(bare.match(/\d{4,}|[A-Z]{2,}-?\d|\d[A-Z]{2,}|[A-Z]+_[A-Z]+/g) ?? []).toEqual([]);
}

/** Chooses by name in a field that looks up as one types; with the mouse. */
async function pick(id: string, typed: string, name: string | RegExp): Promise<void> {
  await desk.page.locator(`#${id}`).click();
  await desk.page.keyboard.type(typed);
  await desk.page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: name })
    .first()
    .click();
}

describe('simple mode', () => {
  it('is offered with a cooperative’s book, in large entries and plain words', async () => {
    await desk.page.getByLabel(t('recovery.kept')).check();
    await hands.button(t('recovery.enter')).click();
    await on('simpleToday').waitFor();
    const [scale, width, height] = await desk.page.evaluate(() => [devicePixelRatio, innerWidth, innerHeight]);
    expect(scale).toBe(1.25);
    // Whole pixels of the screen: one to either side.
    expect([width, height].map((one, at) => Math.abs((one ?? 0) - (at === 0 ? size.width : size.height)) <= 1)).toEqual(
      [true, true],
    );
    await isPlain();
    for (const [at, area] of simpleAreas.entries()) {
      await hands.press(`Alt+${at + 1}`);
      await on(area).waitFor();
      await isPlain();
    }
  });

  it('takes photos from a card, names what is none, and lists the goods', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const gif = Buffer.from('R0lGODdhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=', 'base64');
    const dcim = path.join(folder, 'DCIM');
    mkdirSync(dcim);
    writeFileSync(path.join(dcim, '果园.png'), png);
    writeFileSync(path.join(dcim, '装箱.gif'), gif);
    writeFileSync(path.join(dcim, '价目表.txt'), 'no picture');
    await desk.page.locator('.simple-entry', { hasText: t('simple.area.showcase') }).click();
    await press(t('simple.show.new')).click();
    await desk.page.locator('#show-name').fill('鲜荔枝');
    await desk.page.locator('#show-make').click();
    await answerDialogs(desk.app, [[path.join(dcim, '果园.png'), path.join(dcim, '价目表.txt')], dcim]);
    await desk.page.locator('#show-files').click();
    await desk.page.locator('.simple-photos img').waitFor();
    await hands.sees(t('simple.show.refused', { name: '价目表.txt', why: t('simple.show.notAPhoto') }));
    // The whole folder: what is there already is named with why, the rest is taken.
    await desk.page.locator('#show-folder').click();
    await desk.page.locator('.simple-photos img').nth(1).waitFor();
    await desk.page.locator('.simple-refused', { hasText: '果园.png' }).waitFor();
    // A photo that was taken out stays beside, to be put back.
    await press(t('listings.removePhoto', { name: '果园.png' })).click();
    await hands.sees(t('listings.removedPhotos'));
    await isPlain();
    await press(t('listings.putBackPhoto', { name: '果园.png' })).click();
    await press(t('listings.removePhoto', { name: '果园.png' })).waitFor();
    await desk.page.locator('#show-nameEn').fill('Fresh litchi');
    await pick('show-origin', '澄迈', '澄迈');
    await desk.page.locator('#show-save').click();
    await hands.sees(t('simple.show.kept'));
    await isPlain();
  });

  it('takes in a harvest and packs it', async () => {
    await hands.press('Alt+3', 'Control+n');
    await desk.page.locator('#harvest-product').fill('荔枝');
    await desk.page.locator('#harvest-site').fill('南坡果园');
    await desk.page.locator('#harvest-mass').fill('1200');
    await desk.page.locator('#harvest-variety').fill('妃子笑');
    await hands.press('Control+Enter');
    await desk.page.locator('.simple-card', { hasText: '妃子笑' }).waitFor();
    await press(t('simple.goods.pack')).click();
    await desk.page.locator('#pack-boxes').fill('200');
    await desk.page.locator('#pack-weight').fill('5');
    await press(t('simple.goods.packNow')).click();
    await hands.sees(t('simple.goods.boxes', { n: '200', gone: '0' }));
    await isPlain();
  });

  it('shows a lot in large steps: what was sprayed, whether it may go, the page for its buyer', async () => {
    await press(t('simple.goods.look')).click();
    await desk.page.locator('#lot-treat').click();
    await desk.page.locator('#treat-name').fill('阿维菌素');
    await desk.page.locator('#treat-days').fill('14');
    await isPlain();
    await hands.press('Control+Enter');
    // The harvest of today lies in those days: said at once.
    await hands.sees(t('simple.lot.late'));
    await hands.sees('阿维菌素');
    await pick('wish-country', '法国', '法国');
    await hands.sees(t('simple.ready.orchard'));
    await hands.sees(t('simple.finding.coverageUnknown', { country: '法国', site: '南坡果园' }));
    await isPlain();
    const page = path.join(folder, '溯源.pdf');
    await answerDialogs(desk.app, [page]);
    await press(t('simple.lot.page.zh')).click();
    await expect.poll(() => existsSync(page), { timeout: 60_000 }).toBe(true);
    await isPlain();
    await hands.press('Escape');
    await desk.page.locator('#goods-new').waitFor();
  });

  it('writes down money that came in, with an account of its own', async () => {
    await hands.press('Alt+5', 'Control+n');
    await desk.page.locator('#received-account').fill('农商银行外汇户');
    await card(t('simple.currency.EUR')).click();
    await desk.page.locator('#received-amount').fill('2350');
    await desk.page.locator('#received-payer').fill('Rungis Fruits SARL');
    await isPlain();
    await hands.press('Control+Enter');
    await desk.page
      .locator('.simple-card', { hasText: `2,350.00 ${t('simple.currency.EUR')}` })
      .filter({ hasText: 'Rungis Fruits SARL' })
      .waitFor();
    await isPlain();
  });

  it('takes money back that was written down wrongly, with why', async () => {
    await hands.press('Control+n');
    await card('农商银行外汇户').click();
    await desk.page.locator('#received-amount').fill('99');
    await desk.page.locator('#received-payer').fill('写错的人');
    await hands.press('Control+Enter');
    const wrong = desk.page.locator('.simple-card', { hasText: '写错的人' });
    await wrong.getByRole('button', { name: t('simple.received.wrong') }).click();
    await hands.sees(t('simple.received.voidTold'));
    await isPlain();
    await desk.page.locator('[id^=received-void-]').fill('记了两次');
    await desk.page.locator('[id^=received-take-]').click();
    await wrong.waitFor({ state: 'detached' });
    await hands.sees(t('simple.received.voided'));
    await desk.page.locator('.simple-card', { hasText: 'Rungis Fruits SARL' }).waitFor();
    await isPlain();
  });

  it('opens a sale nothing was written of again, instead of another', async () => {
    const sale = desk.page.locator('.simple-page[data-sale]');
    const begin = async (): Promise<string | null> => {
      await desk.page.locator('.simple-entry', { hasText: t('simple.area.sell') }).click();
      await press(t('simple.sell.new')).click();
      await step('who').waitFor();
      return sale.getAttribute('data-sale');
    };
    const first = await begin();
    await press(t('simple.later')).click();
    await on('progress').waitFor();
    expect(await begin()).toBe(first);
    await press(t('simple.later')).click();
    await on('progress').waitFor();
  });

  it('gives a sale up that was begun by mistake', async () => {
    await desk.page.locator('.simple-entry', { hasText: t('simple.area.sell') }).click();
    await press(t('simple.sell.new')).click();
    await step('who').waitFor();
    await desk.page.locator('.simple-steps button', { hasText: t('simple.step.check.short') }).click();
    await press(t('simple.check.giveUp')).click();
    await hands.sees(t('simple.check.giveUpAsk'));
    await isPlain();
    await press(t('simple.check.giveUp')).click();
    await on('progress').waitFor();
    await hands.sees(t('simple.progress.none'));
  });

  it('asks for a sale one question at a time, by mouse, and keeps every answer', async () => {
    await desk.page.locator('.simple-entry', { hasText: t('simple.area.sell') }).click();
    await press(t('simple.sell.new')).click();
    await step('who').waitFor();
    // Who has paid is known as a buyer.
    await card('Rungis Fruits SARL').click();
    await expect.poll(() => desk.page.locator('#sale-buyer').inputValue()).toBe('Rungis Fruits SARL');
    await pick('sale-country', '法国', '法国');
    await isPlain();
    await desk.page.locator('#sell-next').click();
    await step('what').waitFor();
    await card('鲜荔枝').click();
    await desk.page.locator('.simple-choice.is-on', { hasText: '鲜荔枝' }).waitFor();
    await isPlain();
    await desk.page.locator('#sell-next').click();
    await desk.page.locator('#sale-qty-0').fill('1000');
    await card(t('simple.wrap.carton')).click();
    await desk.page.locator('#sale-packages').fill('200');
    await desk.page.locator('#sale-gross').fill('900');
    await hands.sees(t('simple.rule.D-WEIGHTS'));
    await desk.page.locator('#sale-gross').fill('1120');
    await isPlain();
    await hands.sees(t('simple.saved'));
    // What has answers is not taken out by one press.
    await desk.page.locator('.simple-steps button', { hasText: t('simple.step.what.short') }).click();
    await card('鲜荔枝').click();
    await hands.sees(t('simple.what.takeOutAsk', { name: '鲜荔枝' }));
    await isPlain();
    await desk.page.locator('#sale-keep').click();
    await desk.page.locator('.simple-choice.is-on', { hasText: '鲜荔枝' }).waitFor();
    await desk.page.locator('#sell-next').click();
    await expect.poll(() => desk.page.locator('#sale-qty-0').inputValue()).toMatch(/^1,?000$/);
  });

  it('is there again after the program was killed', async () => {
    const gone = new Promise((resolve) => desk.app.process().once('exit', resolve));
    desk.app.process().kill('SIGKILL');
    await gone;
    await launch();
    await desk.page.locator('.book-entry').first().click();
    await desk.page.locator('input[type=password]').first().fill(passphrase);
    await hands.press('Enter');
    await on('simpleToday').waitFor();
    await desk.page.locator('.simple-card', { hasText: 'Rungis Fruits SARL' }).waitFor();
    await isPlain();
    await press(t('simple.sale.goOn')).click();
    // At the question where it was left, with what was answered.
    await step('many').waitFor();
    await expect.poll(() => desk.page.locator('#sale-gross').inputValue()).toBe('1120');
  });

  it('goes on by keyboard alone', async () => {
    await hands.press('Control+PageDown');
    await step('price').waitFor();
    await desk.page.locator('#sale-price-0:focus').waitFor();
    await desk.page.keyboard.type('2.35');
    await desk.page.locator('#sale-EUR').focus();
    await hands.press('Enter');
    await desk.page.locator('#sale-terms-buyer').focus();
    await hands.press('Space');
    await hands.sees(`2,350.00 ${t('simple.currency.EUR')}`);
    await isPlain();
    await hands.press('Control+Enter');
    await step('when').waitFor();
    await desk.page.locator('#sale-leaveOn').fill('2026-06-21');
    await desk.page.locator('#sale-air').focus();
    await hands.press('Enter');
    for (const [id, typed] of [
      ['sale-exitPort', '广州白云'],
      ['sale-exitCustoms', '白云机场'],
      ['sale-arrivalPort', '巴黎'],
    ] as const) {
      await desk.page.locator(`#${id}`).focus();
      await desk.page.keyboard.type(typed);
      await desk.page
        .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', {
          hasText: typed.slice(0, 2),
        })
        .first()
        .waitFor();
      await hands.press('Enter');
    }
    await isPlain();
    // The lot of this morning goes along; nobody knows yet whether France asks for a registration.
    await card('妃子笑').focus();
    await hands.press('Enter');
    await desk.page.locator('#lot-reason').fill('客户与海关确认不需要注册');
    await press(t('simple.lots.loadAnyway')).focus();
    await hands.press('Enter');
    await desk.page.locator('.simple-choice.is-on', { hasText: '妃子笑' }).waitFor();
    await isPlain();
    // A part of its cartons goes along; the others stay.
    const boxes = desk.page.locator('[id^="take-"]');
    await boxes.fill('150');
    await press(t('simple.lots.takeSo')).click();
    await desk.page.locator('.simple-asks .ant-btn[disabled]', { hasText: t('simple.lots.takeSo') }).waitFor();
    await isPlain();
    await hands.press('Control+PageDown');
    await step('check').waitFor();
  });

  it('says in plain words what is missing, and whose it is', async () => {
    const problems = desk.page.getByTestId('sale-problems');
    await problems.getByText(t('simple.check.broker')).waitFor();
    // The commodity code is the broker's, and nothing else is left for the clerk but the weight in the legal unit, which follows from it.
    await problems.getByText('商品编号').waitFor();
    await problems.getByText(t('simple.check.mineDone')).waitFor();
    // Sold by contract, without any order of a shop: its papers are made of the same answers.
    const papers = path.join(folder, 'papers');
    mkdirSync(papers);
    await answerDialogs(desk.app, [papers]);
    await desk.page.locator('#sale-papers').click();
    await expect.poll(() => readdirSync(papers).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
    for (const text of ['Rungis Fruits SARL', '2026-06-21'])
      await desk.page.locator('.simple-summary', { hasText: text }).waitFor();
    await isPlain();
  });

  it('opens as the same record in the clerk’s desk, and in English', async () => {
    await desk.page.locator('#sale-done').click();
    await on('progress').waitFor();
    await desk.page.locator('.simple-card', { hasText: `2,350.00 ${t('simple.currency.EUR')}` }).waitFor();
    await isPlain();
    await desk.page.getByRole('button', { name: t('welcome.otherLanguage'), exact: true }).click();
    const en = textsIn('en');
    await desk.page.locator('.simple-card', { hasText: en('simple.state.draft') }).waitFor();
    await isPlain();
    for (const at of [1, 2, 3, 4, 5]) {
      await hands.press(`Alt+${at}`);
      await isPlain();
    }
    await hands.press('Alt+6');
    await desk.page.getByRole('button', { name: en('simple.sale.goOn'), exact: true }).click();
    for (const name of ['who', 'what', 'many', 'price', 'when', 'check']) {
      await desk.page.locator('.simple-steps button', { hasText: en(`simple.step.${name}.short`) }).click();
      await step(name).waitFor();
      await isPlain();
    }
    const id = Number(await desk.page.locator('.simple-page').getAttribute('data-sale'));
    const { body } = await new EntryDesk(desk, hands).ask('entry.open', { id });
    const { DecHead: head, DecList: list } = body as {
      DecHead: Record<string, string>;
      DecList: Record<string, string>[];
    };
    expect(head).toMatchObject({
      ...{ OverseasConsigneeEname: 'Rungis Fruits SARL', TradeCountry: 'FRA', TradeMode: '0110', GrossWet: '1120' },
      ...{ NetWt: '1000', PackNo: '200', WrapType: '22', IEDate: '20260621', TrafMode: '5', TransMode: '3' },
    });
    expect(list).toEqual([
      expect.objectContaining({ GName: '鲜荔枝', GQty: '1000', DeclPrice: '2.35', DeclTotal: '2350' }),
    ]);
    const { rows } = await new EntryDesk(desk, hands).ask('dispatches.list', {});
    expect(rows).toMatchObject([
      { buyer: 'Rungis Fruits SARL', country: 'FR', on: '2026-06-21', cartons: 150, massG: 750_000 },
    ]);
    await desk.page.locator('#sale-whole').click();
    await desk.page.locator('.desk').waitFor();
    await hands.on('entry');
    // What the clerk's desk shows is what was answered.
    for (const [path, shown] of [
      ['DecHead/OverseasConsigneeEname', 'Rungis Fruits SARL'],
      ['DecHead/TradeCountry', 'FRA'],
      ['DecHead/GrossWet', '1120'],
      ['DecHead/PackNo', '200'],
    ] as const)
      await expect.poll(() => desk.page.locator(`[data-path="${path}"] input`).first().inputValue()).toContain(shown);
    // And back by the key.
    await hands.press('Shift+F2');
    await on('simpleToday').waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });

  it('is sent by the clerk once the broker has filled in the rest, and is gone when customs has answered', async () => {
    const core = new EntryDesk(desk, hands);
    const [sale] = (await core.ask('entry.sources', { kind: 'DecMessage', limit: 9 })).rows;
    const { revision } = await core.ask('entry.open', { id: sale?.id ?? 0 });
    const set = (path: string, value: string) => ({ op: 'set', path, value }) as const;
    await core.ask('entry.save', {
      id: sale?.id ?? 0,
      base: revision,
      operations: [
        ...(['DeclareName', 'InputerName'] as const).map((name) => set(`DecHead/${name}`, '李报关')),
        set('DecHead/TypistNo', '8930000012345'),
        set('DecHead/TrafName', 'CZ347'),
        set('DecHead/BillNo', '784-12345675'),
        set('DecHead/PackNo', '150'),
        set('EdocRealation[1]/EdocCode', '00000004'),
        set('EdocRealation[1]/EdocID', 'HT-2026-7'),
        set('EdocRealation[1]/EdocFomatType', 'US'),
        set('DecList[1]/CodeTS', '0810901000'),
        set('DecList[1]/GModel', '0|1|鲜|妃子笑|一级'),
        set('DecList[1]/FirstUnit', '035'),
        set('DecList[1]/FirstQty', '1000'),
        set('DecList[1]/DistrictCode', '46902'),
      ],
    });
    await core.ask('entry.close', { id: sale?.id ?? 0 });
    await on('simpleToday').waitFor();
    await desk.page.getByRole('button', { name: textsIn('en')('welcome.otherLanguage'), exact: true }).click();
    // What is ready stands apart from what is not, and opens where it is sent.
    await hands.sees(t('simple.today.ready'));
    await press(t('simple.sale.send')).click();
    await step('check').waitFor();
    await isPlain();
    await desk.page.locator('#sale-queue').click();
    await on('progress').waitFor();
    await hands.sees(t('simple.noPlatform.what'));
    await isPlain();
    await desk.page
      .locator('.simple-card', { hasText: t('simple.noPlatform.what') })
      .getByRole('button')
      .click();
    await hands.on('outbox');
    await hands.button(t('practice.start')).click();
    await hands.seesConnection('online');
    await hands.press('Shift+F2', 'Alt+6');
    await desk.page.locator('.simple-card', { hasText: t('simple.state.closed') }).waitFor();
    await isPlain();
    await press(t('simple.sale.look')).click();
    await step('check').waitFor();
    await isPlain();
    await hands.press('Escape');
    // The dispatch of the sale has its declaration, though nobody typed the number twice, and a trace finds it by that number.
    await hands.press('Alt+3');
    await press(t('simple.goods.showAll')).click();
    await press(t('simple.goods.look')).first().click();
    const declared = desk.page.locator('.simple-ready li', { hasText: t('simple.ready.declaration') });
    await declared.getByText(t('simple.ready.is.there')).waitFor();
    await isPlain();
    const { platformNo } = await core.ask('documents.get', { id: sale?.id ?? 0 });
    const { found } = await core.ask('trace.query', { text: platformNo ?? '' });
    expect(found.kind).toBe('declaration');
    expect(desk.pageErrors()).toEqual([]);
    await desk.page.getByRole('button', { name: t('welcome.otherLanguage'), exact: true }).click();
  });

  it('shares a shipment: whose goods, what it cost and brought, a statement, the payment', async () => {
    const en = textsIn('en');
    const shown = desk.page.locator('.simple-card');
    await hands.press('Alt+7');
    await on('together').waitFor();
    await isPlain();
    await desk.page.locator('#together-new').click();
    await card('Rungis Fruits SARL').click();
    await hands.sees(en('simple.together.nobody'));
    await isPlain();
    await desk.page.getByRole('button', { name: en('welcome.otherLanguage'), exact: true }).click();
    await hands.sees(t('simple.together.nobody'));
    await desk.page.locator('[id^="owner-"]').fill('王大叔');
    await press(t('common.save')).click();
    await shown.filter({ hasText: '王大叔' }).first().waitFor();
    await desk.page.locator('#together-cost').click();
    await desk.page.locator('#together-amount').fill('900.01');
    await isPlain();
    await desk.page.locator('#together-save').click();
    await shown.filter({ hasText: `${t('joint.kind.freight')} 900.01` }).waitFor();
    // What the buyer sent is offered, once.
    await desk.page.locator('#together-proceeds').click();
    await desk.page.locator('#together-amount').fill('18000');
    await desk.page.locator('#together-save').click();
    await shown.filter({ hasText: `${t('joint.kind.sale')} 18,000.00` }).waitFor();
    await isPlain();
    await card(t('simple.together.posting.bought')).click();
    await desk.page.locator('#together-issue').click();
    await hands.sees(t('simple.together.stated'));
    const member = shown.filter({ hasText: t('simple.together.due') });
    await member.filter({ hasText: '17,099.99' }).waitFor();
    await isPlain();
    const paper = path.join(folder, '结算单.pdf');
    await answerDialogs(desk.app, [paper]);
    await member.getByRole('button', { name: t('simple.together.statement'), exact: true }).click();
    await expect.poll(() => existsSync(paper), { timeout: 60_000 }).toBe(true);
    await press(t('simple.together.pay')).click();
    await expect.poll(() => desk.page.locator('#together-pay').inputValue()).toMatch(/^17,?099\.99$/);
    await isPlain();
    await desk.page.locator('#together-pay-save').click();
    await hands.sees(t('simple.together.settled'));
    await isPlain();
    // The same record stands in the clerk's desk, with its voucher.
    const { rows } = await new EntryDesk(desk, hands).ask('joint.list', {});
    const { vouchers } = await new EntryDesk(desk, hands).ask('joint.get', { id: rows[0]?.id ?? 0 });
    expect(vouchers).toHaveLength(1);
    await desk.page.locator('#together-whole').click();
    await hands.on('jointShipment');
    expect(desk.pageErrors()).toEqual([]);
  });
});
