import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { EntryDesk } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { whileCoreIsStopped } from './support/stopped-core.ts';
import { textsIn } from './support/texts.ts';

/**
 * A goods declaration (报关单) entered whole, with its groups, by keys alone; what names its items follows them. Codes are taken from the
 * answer to what was typed, however late it comes: the core is stopped while keys are pressed.
 */
const t = textsIn('zh-CN');
const moreFields = t('entry.moreFields', { n: 0 }).split(' ')[0] ?? '';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-entry-declaration-'));
const home = path.join(folder, 'home');

let desk: Desk;
let hands: Hands;
let entry: EntryDesk;
let id = 0;
/** A number that a filed order of the book has. */
let taken = '';

type Body = Readonly<Record<string, unknown>> & {
  readonly DecHead: Record<string, string>;
  readonly DecList: (Record<string, string> & { readonly DecGoodsLimit?: Record<string, string>[] })[];
};
const declaration = async (): Promise<Body> => (await entry.ask('entry.open', { id })).body as Body;
const type = (text: string): Promise<void> => desk.page.keyboard.type(text);
const look = async (name: string): Promise<void> => {
  const to = process.env['PORTBOOK_LOOK'];
  if (to !== undefined) await desk.page.screenshot({ path: path.join(to, `${name}.png`) });
};

/** A new document of a kind, by keys; the cursor is in its first field. */
async function create(kind: string, first: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.locator('.search-box input:focus').waitFor();
  await type('xjdz');
  await desk.page.getByRole('option', { name: t('command.newDocument') }).waitFor();
  await hands.press('Enter');
  await desk.page.locator('[data-page="newDocument"] input:focus').waitFor();
  await type(kind);
  await hands.press('Enter');
  await desk.page.locator('[data-page="entry"]').waitFor();
  await entry.at(first);
  id = await entry.entered(id);
}

/** Walks with a key to a button with the text, and presses it. */
async function pressAt(key: 'Tab' | 'Shift+Tab', text: string): Promise<void> {
  const here = (): Promise<string> =>
    desk.page.evaluate(() =>
      document.activeElement instanceof HTMLButtonElement ? document.activeElement.innerText : '',
    );
  for (let steps = 0; steps < 200 && !(await here()).includes(text); steps += 1) await hands.press(key);
  expect(await here()).toContain(text);
  await hands.press('Enter');
}

/** Types values into the fields one comes to with Enter, until the last of them. */
async function pass(values: Readonly<Record<string, string>>): Promise<void> {
  const left = new Map(Object.entries(values));
  for (let steps = 0; steps < 200 && left.size > 0; steps += 1) {
    const field = (await entry.cursor()).split('/').at(-1) ?? '';
    const value = left.get(field);
    if (value !== undefined) await type(value);
    left.delete(field);
    await hands.press('Enter');
  }
  expect([...left.keys()]).toEqual([]);
}

beforeAll(async () => {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const { rows } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  taken = (await must(core, 'documents.list', { kind: 'CEB303Message', limit: 1 })).rows[0]?.businessKey ?? '';
  // Optional columns of inspection are wanted beside the code.
  const layout = { head: [], hidden: [], lines: ['CodeTS', 'CiqCode', 'GoodsAttr'] };
  await must(core, 'entry.saveLayout', { kind: 'DecMessage', layout });
  await core.close();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await hands.on('welcome');
  await entry.openBook();
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a goods declaration, without a mouse', () => {
  it('is entered whole: head, goods with their codes by name, licences, containers and proofs of origin', async () => {
    await create('报关单', 'DecHead/TradeMode');
    await pass({
      ...{ TradeMode: '0110', CustomMaster: '6401', IEPort: '6401', EntyPortCode: '460001', IEDate: '2026-11-28' },
      ...{ OverseasConsigneeEname: 'MAPLE LLC', TrafMode: '5', TrafName: 'CA837', BillNo: '999-12345675' },
      ...{ ContrNo: 'HT-1', CutMode: '101', TradeAreaCode: 'meiguo', TradeCountry: '美国', DistinatePort: '洛杉矶' },
      ...{ TransMode: 'FOB', WrapType: '22', PackNo: '3', GrossWet: '40', NetWt: '30', MarkNo: 'N/M' },
      ...{ DeclareName: '王五', InputerName: '王五', TypistNo: '8930000012345' },
    });
    await entry.at('DecList[1]/CodeTS');
    // The commodity by its name, its inspection class from those under it, several attributes one after the other.
    const goods = { GUnit: '035', DeclPrice: '2.5', TradeCurr: 'USD', FirstUnit: '035' };
    const places = { DestinationCountry: 'CHN', OriginCountry: 'USA', DistrictCode: '46011', DutyMode: '1' };
    await pass({
      ...{ CodeTS: 'ganmangguo', CiqCode: '蜜饯', GoodsAttr: '3C目录内', GName: '干芒果', GModel: '1|0|干|一级' },
      ...{ GQty: '10', FirstQty: '10', ...goods, ...places },
    });
    await entry.at('DecList[2]/CodeTS');
    await pass({
      CodeTS: '鲜芒果',
      CiqCode: '999',
      GoodsAttr: '11,12',
      GName: '鲜芒果',
      GModel: '1|0|鲜|一级',
      GQty: '20',
      FirstQty: '20',
      ...goods,
      ...places,
    });
    await entry.at('DecList[3]/CodeTS');
    await look('entry-declaration-grid');
    // What the table lacks is lawful here, and taken as it stands.
    await pass({
      CodeTS: '0804509999',
      GName: '芒果蒂',
      GModel: '1|0|鲜|二级',
      GQty: '1',
      FirstQty: '1',
      ...goods,
      ...places,
    });
    const entered = async (): Promise<unknown[]> => {
      const { DecList } = await declaration();
      return DecList.slice(0, 3).map((line) => [line['CodeTS'], line['CiqCode'], line['GoodsAttr'], line['DeclTotal']]);
    };
    await expect.poll(entered).toEqual([
      ['0804502090', '102', '11', '25'],
      ['0804502001', '999', '11,12', '50'],
      ['0804509999', undefined, undefined, '2.5'],
    ]);
    const { DecHead } = await declaration();
    expect(DecHead).toMatchObject({
      ...{ TradeAreaCode: 'USA', TradeCountry: 'USA', DistinatePort: 'USA264', TransMode: '3' },
    });
    // The line begun behind the last one goes. Then the licence of the second line, and what stands beside the lines.
    await entry.at('DecList[4]/CodeTS');
    await hands.press('Control+Delete');
    await entry.goTo('DecList[1]/CodeTS');
    await pressAt('Shift+Tab', moreFields);
    await entry.goTo('DecList[2]/CodeTS');
    await hands.press('Control+Enter');
    await entry.at('DecHead/TradeMode');
    await hands.press('Control+Enter', 'Control+Enter');
    await pressAt('Tab', '商品许可证');
    await hands.press('Tab');
    await entry.at('DecList[2]/DecGoodsLimit[1]/GoodsNo');
    await pass({ GoodsNo: '2', LicTypeCode: '出口产品型式试验', LicenceNo: 'L-2' });
    await pressAt('Tab', '集装箱');
    await hands.press('Tab');
    await entry.at('Container[1]/ContainerId');
    await pass({ ContainerId: 'TCLU1234567', ContainerMd: '11', GoodsNo: '1,3' });
    await pressAt('Tab', '原产地证明项号');
    await hands.press('Tab');
    await pass({ CertType: 'Y03', EcoCertNo: 'E26-1', DecGNo: '3', EcoGNo: '1' });
    await look('entry-declaration-groups');
    await expect.poll(declaration).toMatchObject({
      DecList: [{}, { DecGoodsLimit: [{ GoodsNo: '2', LicTypeCode: '404', LicenceNo: 'L-2' }] }, {}],
      Container: [{ ContainerId: 'TCLU1234567', ContainerMd: '11', GoodsNo: '1,3' }],
      EcoRelation: [{ CertType: 'Y03', DecGNo: '3', EcoGNo: '1' }],
    });
  });

  it('keeps its containers, licences and proofs with their goods when lines come, go and are copied', async () => {
    const refs = async (): Promise<unknown[]> => {
      const { DecList, Container, EcoRelation } = (await declaration()) as Body &
        Record<'Container' | 'EcoRelation', Record<string, string>[] | undefined>;
      return [
        Container?.[0]?.['GoodsNo'],
        EcoRelation?.[0]?.['DecGNo'],
        ...DecList.map(({ DecGoodsLimit }) => DecGoodsLimit?.[0]?.['GoodsNo']),
      ];
    };
    const is = (...wanted: (string | undefined)[]): Promise<void> => expect.poll(refs).toEqual(wanted);
    await is('1,3', '3', undefined, '2', undefined);
    await entry.goTo('DecList[2]/CodeTS');
    await hands.press('Control+Insert');
    await is('1,4', '4', undefined, undefined, '3', undefined);
    await hands.press('Control+z');
    await is('1,3', '3', undefined, '2', undefined);
    await entry.goTo('DecList[2]/CodeTS');
    await hands.press('Control+Shift+D');
    await is('1,4', '4', undefined, '2', '3', undefined);
    await hands.press('Control+z');
    await entry.goTo('DecList[3]/CodeTS');
    await hands.press('Alt+ArrowUp');
    await is('1,2', '2', undefined, undefined, '3');
    await entry.goTo('DecList[2]/CodeTS');
    await hands.press('Control+Delete');
    await is('1', undefined, undefined, '2');
    await hands.sees(t('entry.refsDropped', { n: 2 }));
    await hands.press('Control+z', 'Control+z');
    await is('1,3', '3', undefined, '2', undefined);
  });

  it('names a long number that a spreadsheet has cut, where it stands', async () => {
    await entry.goTo('DecList[1]/GName');
    await entry.paste('6.93E+12');
    await expect.poll(async () => (await declaration()).DecList[0]?.['GName']).toBe('6.93E+12');
    await desk.page.locator('.goods-row[data-line="1"] .is-reject', { hasText: '6.93E+12' }).waitFor();
    await hands.press('ArrowRight', 'ArrowLeft');
    await desk.page.locator('.entry-note', { hasText: '6.93E+12' }).waitFor();
    await look('entry-declaration-exponent');
    await type('干芒果');
    await hands.press('Enter');
    await expect.poll(async () => (await declaration()).DecList[0]?.['GName']).toBe('干芒果');
  });

  it('takes no block where its line is gone by the time its names are looked up, and says so', async () => {
    const lines = async () => (await declaration()).DecList.map(({ GName, GUnit }) => [GName, GUnit]);
    const was = await lines();
    await entry.goTo(`DecList[${was.length}]/GUnit`);
    await whileCoreIsStopped(desk, async () => {
      await entry.paste('千克\n千克\n');
      await hands.press('Control+Delete', 'Control+Delete');
    });
    await hands.sees(t('entry.lineGone'));
    await expect.poll(lines).toEqual(was.slice(0, -2));
    await hands.press('Control+z', 'Control+z');
    await expect.poll(lines).toEqual(was);
  });

  it('takes by a click elsewhere only a whole code, and keeps anything else in sight as 未确认', async () => {
    await entry.goTo('DecHead/TradeAreaCode');
    await type('yg');
    await desk.page.locator('.lookup-row').first().waitFor();
    await desk.page.locator('[data-path="DecHead/BillNo"] input').click();
    await entry.at('DecHead/BillNo');
    await expect.poll(async () => (await declaration()).DecHead['TradeAreaCode']).toBe('yg');
    await desk.page.locator('[data-path="DecHead/TradeAreaCode"]', { hasText: t('entry.notACode') }).waitFor();
    await entry.goTo('DecHead/TradeAreaCode');
    await type('GBR');
    await desk.page.locator('[data-path="DecHead/BillNo"] input').click();
    await expect.poll(async () => (await declaration()).DecHead['TradeAreaCode']).toBe('GBR');
  });

  it('takes with Enter the row of what was typed, and F8 waits for the code typed last, however late the core answers', async () => {
    await entry.goTo('DecHead/TradeAreaCode');
    await whileCoreIsStopped(desk, async () => {
      await type('riben');
      await hands.press('Enter');
    });
    await expect.poll(async () => (await declaration()).DecHead['TradeAreaCode']).toBe('JPN');
    await entry.goTo('DecHead/WrapType');
    await whileCoreIsStopped(desk, async () => {
      await type('23');
      await hands.press('F8');
    });
    // What F8 looks at is what was typed: nothing comes after it that would find the document changed.
    await expect.poll(async () => (await declaration()).DecHead['WrapType']).toBe('23');
    await desk.page.locator('.entry-summary', { hasText: t('entry.savedAt', { at: '' }).trim() }).waitFor();
    expect(await desk.page.locator('[role=alert]').count()).toBe(0);
  });
});

describe('a refused change', () => {
  it('costs only itself: what was entered before and after is kept, and undo goes on', async () => {
    await create('303', 'OrderHead/orderNo');
    const head = async (): Promise<Record<string, string>> =>
      ((await entry.ask('entry.open', { id })).body as { OrderHead: Record<string, string> }).OrderHead;
    const was = await head();
    await entry.goTo('OrderHead/ebpCode');
    await type('PLATFORM1');
    await hands.press('Enter');
    await expect.poll(async () => (await head())['ebpCode']).toBe('PLATFORM1');
    await whileCoreIsStopped(desk, async () => {
      await entry.goTo('OrderHead/orderNo');
      await type(taken);
      await entry.goTo('OrderHead/ebcName');
      await type('店铺乙');
      await entry.goTo('OrderHead/freight');
      await type('12');
      await hands.press('Enter');
    });
    await desk.page.locator('[role=alert]', { hasText: taken }).first().waitFor();
    await expect.poll(head).toMatchObject({ ebpCode: 'PLATFORM1', ebcName: '店铺乙', freight: '12' });
    expect((await head())['orderNo'] ?? '').toBe('');
    await hands.press('Control+z', 'Control+z');
    await expect.poll(head).toMatchObject({ ebpCode: 'PLATFORM1', ebcName: was['ebcName'], freight: was['freight'] });
    await hands.press('Control+z');
    await expect.poll(async () => (await head())['ebpCode']).toBe(was['ebpCode']);
  });
});

describe('the box of codes in a form', () => {
  it('goes on with Enter once the answer is there, and keeps text that is no code until it is mended', async () => {
    await hands.area('ledger');
    await desk.page.getByRole('radio', { name: t('ledger.tab.parties') }).click();
    await desk.page.locator('.data-table-box').first().waitFor();
    await hands.press('Insert');
    await desk.page.locator('#party-name:focus').waitFor();
    await type('Maple LLC');
    await desk.page.locator('#party-country').focus();
    await whileCoreIsStopped(desk, async () => {
      await type('mg');
      await hands.press('Enter');
      // What follows belongs to the fields that come next, and waits as the key does.
      await type('4601');
      await type('960X');
      await hands.press('Backspace', 'Enter');
      expect(await desk.page.evaluate(() => document.activeElement?.id)).toBe('party-country');
    });
    await expect.poll(() => desk.page.locator('#party-customsCode').inputValue()).toBe('4601960');
    await expect.poll(() => desk.page.evaluate(() => document.activeElement?.id)).not.toMatch(/country|customsCode/);
    await expect.poll(() => desk.page.locator('#party-country').inputValue()).toContain('美国');
    await desk.page.locator('#party-country').focus();
    await type('zg');
    await desk.page.locator('#party-name').click();
    await desk.page.locator('.lookup-refused', { hasText: 'zg' }).waitFor();
    await expect.poll(() => desk.page.locator('#party-country').inputValue()).toBe('zg');
    await look('entry-declaration-refused');
    await hands.press('Control+Enter');
    await desk.page.locator('#party-country:focus').waitFor();
    await hands.press('Escape');
    await expect.poll(() => desk.page.locator('#party-country').inputValue()).toContain('美国');
  });

  it('is not left a frame after a record is added: the cursor stays where it was put meanwhile', async () => {
    await hands.press('Escape');
    await desk.page.locator('.split-list [role=grid]:focus').waitFor();
    const stays = await desk.page.evaluate(async () => {
      const key = { key: 'Insert', code: 'Insert', bubbles: true, cancelable: true };
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', key));
      await Promise.resolve();
      await Promise.resolve();
      const first = document.activeElement?.id;
      document.querySelector<HTMLElement>('#party-customsCode')?.focus();
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      return [first, document.activeElement?.id];
    });
    expect(stays).toEqual(['party-name', 'party-customsCode']);
  });
});
