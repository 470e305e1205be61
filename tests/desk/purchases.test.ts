import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firm } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Purchases by a clerk's hands: an invoice by keyboard, its goods received, declared as 9810, moved abroad and sold there. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-purchases-'));
const passphrase = 'desk-purchases-passphrase';
const declaration = '531620260000000001';

let desk: Desk;
let hands: Hands;

/** Asks the core as the page does. */
async function ask<T>(op: string, input: object): Promise<T> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op, input] as const,
  );
  expect(answer).toMatchObject({ ok: true });
  return (answer as { data: T }).data;
}

/** Types texts into the fields of a form, with Enter after each; an empty text leaves a field as it is. */
async function enter(...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    if (text !== '') await desk.page.keyboard.type(text);
    await hands.press('Enter');
  }
}

/** Types into a lookup and takes what is offered first. */
async function choose(text: string): Promise<void> {
  await desk.page.keyboard.type(text);
  await desk.page.locator('.lookup-row').filter({ hasText: text }).first().waitFor();
  await hands.press('Enter');
}

const chip = (text: string) => desk.page.getByRole('radio', { name: text }).click();
const rows = () => desk.page.locator('.split-list .data-table-box [aria-selected]');
const row = (text: string) => rows().filter({ hasText: text }).first();
const pane = () => desk.page.locator('.split-detail');
/** The cells of the rows of the list, to be polled: what was listed before may still stand there. */
const listed = () =>
  expect.poll(async () => (await rows().allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()));

beforeAll(async () => {
  const products = path.join(folder, 'products.csv');
  writeFileSync(
    products,
    '\uFEFFsku,中文品名,商品编码,规格型号,计量单位,法定单位,法定数量,净重,原产国\n' +
      ['A1,陶瓷摆件', 'A2,陶瓷杯'].map((head) => `${head},6913900000,无品牌|装饰品|陶,007,007,1,0.2,142\n`).join(''),
  );
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await ask('books.create', { profile: firm, passphrase });
  await hands.on('today');
  expect(await hands.importSheet(products)).toMatchObject({ lines: 2, taken: 2, failed: 0 });
  await hands.area('purchases');
});

afterEach((context) => pictureOfFailure(desk, context));

afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('purchases at the desk', () => {
  it('keep no stock before the first purchase, and say so', async () => {
    await hands.sees(t('purchases.invoice.empty'));
    await chip(t('purchases.tab.stock'));
    await hands.sees(t('purchases.keeping.effect.autoOff'));
    await hands.sees(t('purchases.stock.empty'));
    await chip(t('purchases.tab.invoices'));
  });

  it('take an invoice of two lines by keyboard alone, and name the cell that is wrong', async () => {
    await hands.press('F2');
    await desk.page.locator('#invoice-number:focus').waitFor();
    await enter('26362000000000000001', '');
    await desk.page.keyboard.press('Control+a');
    await enter('20261102');
    await choose('景德镇测试陶瓷厂');
    // The paper's own totals and no note; one figure of the lines is off.
    await enter('300', '39', '339', '');
    await enter('A1', '*陶瓷制品*摆件', '', '个', '10', '100', '', '13');
    await enter('A2', '*陶瓷制品*杯', '', '个', '0.3', '200', '', '62');
    await hands.press('Control+Enter');
    await pane().getByText('INVOICE_TOTAL').waitFor();
    await desk.page.getByLabel(`2 ${t('purchases.line.vat')}`, { exact: true }).fill('26');
    await hands.press('Control+Enter');
    await hands.sees(t('purchases.invoice.saved', { number: '26362000000000000001' }));
    await listed().toEqual([expect.stringContaining('景德镇测试陶瓷厂')]);
    await expect.poll(() => pane().locator('.purchase-lines tbody tr').count()).toBe(2);
  });

  it('receive all of it in one go', async () => {
    await hands.ready('F4');
    await hands.press('F4');
    await hands.sees(t('purchases.invoice.received', { n: '2' }));
    await expect.poll(() => hands.button(t('purchases.invoice.receive')).isDisabled()).toBe(true);
    await chip(t('purchases.tab.stock'));
    await listed().toEqual([
      expect.stringContaining('A1 陶瓷摆件 本地仓 10 100.00 10'),
      expect.stringContaining('A2 陶瓷杯 本地仓 0.3 200.00 666.66667'),
    ]);
    await hands.sees(t('purchases.keeping.effect.autoOn'));
  });

  it('enter the lines of a declaration; goods of 9810 are on their way', async () => {
    await chip(t('purchases.tab.exports'));
    await hands.sees(t('purchases.exports.empty'));
    await hands.press('F2');
    await desk.page.locator('#declaration-no:focus').waitFor();
    await enter(declaration, '');
    await desk.page.keyboard.press('Control+a');
    await enter('20261105', '');
    await choose('304');
    await enter('A1');
    const cell = (at: number, column: string) =>
      desk.page.getByLabel(`${at} ${t(`purchases.exportLine.${column}`)}`, { exact: true });
    // What the product says is filled in.
    // The code, with its name once that is known.
    await expect.poll(() => cell(1, 'hsCode').inputValue()).toMatch(/^6913900000/);
    await expect.poll(() => cell(1, 'name').inputValue()).toBe('陶瓷摆件');
    await cell(1, 'qty').fill('6');
    await cell(1, 'fob').fill('60.123');
    await hands.press('Control+Enter');
    await pane().getByText('AMOUNT_DECIMALS').waitFor();
    await expect.poll(() => cell(1, 'fob').getAttribute('aria-invalid')).toBe('true');
    await cell(1, 'fob').fill('60');
    await hands.press('Control+Enter');
    await listed().toEqual([expect.stringContaining(`${declaration}-1 9810 2026-11-05 A1`)]);
  });

  it('keep its receipt: on a day, or deemed received', async () => {
    await pane().locator('#export-receivedOn').fill('20261118');
    await hands.press('Control+Enter');
    await hands.sees(t('purchases.exports.factsSaved', { n: '1' }));
    await chip(t('purchases.exports.filter.receipt'));
    await hands.sees(t('common.noMatch.title'));
    await chip(t('purchases.exports.filter.all'));
  });

  it('register a warehouse abroad and move the goods there', async () => {
    await chip(t('purchases.tab.overseas'));
    await chip(t('purchases.overseas.view.places'));
    await listed().toHaveLength(4);
    await listed().toContainEqual(expect.stringContaining('退货仓'));
    await hands.press('F2');
    await desk.page.locator('#place-name:focus').waitFor();
    await enter('汉堡仓', '');
    await choose('304');
    await enter('Hafen GmbH', 'HT-1', 'BA-1', '');
    await hands.sees(t('purchases.place.saved', { name: '汉堡仓' }));
    await listed().toHaveLength(5);
    await listed().toContainEqual(expect.stringContaining('Hafen GmbH'));
    await chip(t('purchases.tab.stock'));
    await row('在途').click();
    await hands.press('F3');
    await desk.page.locator('#stock-sku:focus').waitFor();
    await enter('', '', '');
    await choose('汉堡仓');
    await enter('6', '');
    await hands.sees(t('purchases.stock.done'));
    await expect.poll(() => row('汉堡仓').innerText()).toMatch(/汉堡仓\s+6\s+60\.00/);
  });

  it('sell there: what is left, its cost, and no more than that', async () => {
    await chip(t('purchases.tab.overseas'));
    await row(declaration).click();
    await hands.press('Enter');
    await desk.page.locator('#abroad-qty:focus').waitFor();
    const sell = async (qty: string): Promise<void> => {
      await desk.page.locator('#abroad-qty').fill(qty);
      await hands.press('Control+Enter');
    };
    await enter('4');
    await enter('');
    await choose('汉堡仓');
    await hands.press('Control+Enter');
    await hands.sees(t('purchases.overseas.done', { n: 1 }));
    await expect.poll(() => row(declaration).innerText()).toMatch(/6\s+4\s+0\s+2\s+\d+ 天$/);
    await sell('3');
    await pane().getByText('OVERSEAS_SHORT').waitFor();
    await desk.page.locator('#abroad-qty').fill('1');
    await hands.press('F3');
    await expect.poll(() => row(declaration).innerText()).toMatch(/6\s+4\s+1\s+1\s+\d+ 天$/);
    await chip(t('purchases.tab.stock'));
    await listed().toEqual([
      expect.stringContaining('A1 陶瓷摆件 本地仓 4 40.00'),
      expect.stringContaining('A1 陶瓷摆件 退货仓 1 10.00'),
      expect.stringContaining('A1 陶瓷摆件 汉堡仓 1 10.00'),
      expect.stringContaining('A2'),
    ]);
  });

  it('take a move back with its reason', async () => {
    await row('汉堡仓').click();
    const move = pane()
      .locator('.data-table-box [aria-selected]')
      .filter({ hasText: t('purchases.move.sold') })
      .first();
    await move.click();
    await hands.press('F8');
    await enter('录错');
    await hands.sees(t('purchases.stock.reversed'));
    await expect.poll(() => row('汉堡仓').innerText()).toMatch(/汉堡仓\s+5\s+50\.00/);
  });

  it('link an invoice line to goods that came before it', async () => {
    await hands.press('Escape', 'F2');
    await desk.page.locator('#stock-sku:focus').waitFor();
    await desk.page.keyboard.press('Control+a');
    await enter('A2', '', '', '2', '90', '');
    await hands.sees(t('purchases.stock.done'));
    const { rows: parties } = await ask<{ rows: { id: number }[] }>('parties.list', { kind: 'supplier' });
    await ask('invoices.save', {
      number: '26362000000000000002',
      kind: 'special',
      date: '2026-11-12',
      supplierId: parties[0]?.id,
      amount: '100.00',
      vat: '13.00',
      total: '113.00',
      lines: [{ name: '杯', qty: '2', amount: '100.00', vatRate: '0.13', vat: '13.00', sku: 'A2' }],
    });
    await chip(t('purchases.tab.invoices'));
    await row('26362000000000000002').click();
    await hands.button(t('purchases.invoice.link')).click();
    await hands.button(t('purchases.invoice.linkThis')).click();
    await hands.sees(t('purchases.invoice.linked', { difference: '10.00' }));
    await expect.poll(() => hands.button(t('purchases.invoice.receive')).isDisabled()).toBe(true);
  });

  it('show what covers what', async () => {
    await chip(t('purchases.tab.coverage'));
    await listed().toEqual([expect.stringMatching(/A1 陶瓷摆件 6 0 6$/)]);
    await chip(t('purchases.coverage.by.invoice'));
    await listed().toHaveLength(3);
    await row('26362000000000000001-1').click();
    await hands.sees(t('purchases.coverage.none'));
  });

  it('list what left before it came, and receive it from there', async () => {
    await ask('exportLines.saveMany', {
      lines: [
        {
          mode: '0110',
          declarationNo: '531620260000000002',
          lineNo: 1,
          exportDate: '2026-11-10',
          sku: 'A1',
          hsCode: '6913900000',
          name: '陶瓷摆件',
          unit: '007',
          qty: '7',
          currency: 'USD',
          fob: '70',
        },
      ],
    });
    await chip(t('purchases.tab.stock'));
    await expect.poll(() => hands.chipCount(t('purchases.stock.view.shorts'))).toBe(1);
    await chip(t('purchases.stock.view.shorts'));
    await row('531620260000000002').dblclick();
    await desk.page.locator('#stock-sku:focus').waitFor();
    await enter('', '', '', '3', '30', '');
    await hands.sees(t('purchases.stock.noShorts'));
  });

  it('keep a tariff, and the tax facts and filing of a product', async () => {
    await chip(t('purchases.tab.tariff'));
    await hands.press('F2');
    await desk.page.locator('#tariff-hsCode:focus').waitFor();
    await enter('6913900000');
    await desk.page.keyboard.press('Control+a');
    await enter('20260101', '13', '13%');
    await desk.page.locator('#tariff-source').fill('2026 年税则');
    await hands.press('Control+Enter');
    await hands.sees(t('purchases.tariff.saved', { code: '6913900000' }));
    await listed().toEqual([expect.stringContaining('6913900000 2026-01-01 13% 13%')]);
    await hands.area('products');
    await row('A1').click();
    await hands.sees(t('products.tax.fromTariff', { rate: '13%' }));
    await desk.page.locator('#tax-refundRate').fill('9');
    await hands.button(t('products.tax.save')).click();
    await hands.sees(t('products.tax.saved'));
    await hands.button(t('products.filing.file')).click();
    await pane().getByText(t('products.filing.state.filed')).first().waitFor();
    await desk.page.locator('#product-nameCn').fill('陶瓷摆件（大）');
    await hands.press('Enter');
    await pane().getByText(t('products.filing.state.changed')).first().waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});
