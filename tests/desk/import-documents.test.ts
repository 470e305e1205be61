import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeMessageTemplate } from '../../electron/core/exporters/template.ts';
import { importFieldLabel } from '../../renderer/pages/imports/field-label.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { headersOf } from '../../shared/documents/fields.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../shared/documents/write.ts';
import { documentColumns, documentRows } from '../../shared/import/document-fields.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Documents and a receipt through the one drop zone, in the real window. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-documents-'));
const home = path.join(folder, 'home');
const at = (name: string): string => path.join(folder, name);
const orders = catalogue.CEB303Message;

function csv(name: string, lines: readonly string[]): string {
  writeFileSync(at(name), lines.join('\n'));
  return at(name);
}

let desk: Desk;
let hands: Hands;

/** The name of a field of products on the screen. */
const field = (id: string): string => importFieldLabel('products', undefined, id, 'zh-CN');

/** Orders of the sample as a workbook: one with other freight, one with a broken unit, one new; and a receipt of the first. */
async function prepare(): Promise<void> {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  const { rows } = await must(core, 'documents.list', { kind: 'CEB303Message', limit: 2 });
  const [first, second] = await Promise.all(rows.map(({ id }) => must(core, 'documents.get', { id })));
  if (first === undefined || second === undefined) throw new Error('the sample has no orders');
  const head = headOf(orders, first.body);
  const columns = documentColumns('CEB303Message').filter(({ field }) => field.isExtra !== true);
  const cells = (change: Record<string, string>, line: Record<string, string>): string[][] =>
    documentRows(
      'CEB303Message',
      {
        OrderHead: { ...head, ...change },
        OrderList: (second.body['OrderList'] as object[]).slice(0, 1).map((one) => ({ ...one, ...line })),
      },
      columns,
    );
  await writeMessageTemplate(at('orders.xlsx'), orders, [
    ...cells({ orderNo: first.businessKey, freight: '9' }, {}),
    ...cells({ orderNo: 'NEW-1' }, { unit: '999' }),
    ...cells({ orderNo: 'NEW-2' }, {}),
  ]);
  const said = {
    ...Object.fromEntries(['guid', 'ebpCode', 'ebcCode'].map((name) => [name, head[name] ?? ''])),
    orderNo: 'NOBODY',
    guid: 'A1B2C3D4-0000-4000-8000-00000000FFFF',
    returnStatus: '120',
    returnTime: '20261121093000000',
    returnInfo: '入库成功',
  };
  const receipt = catalogue.CEB304Message;
  writeFileSync(
    at('receipt.xml'),
    assembleMessage(receipt, { guid: 'A1B2C3D4-0000-4000-8000-000000000304' }, [writeAny(receipt, said)]),
  );
  // An article known by its bar code, and a file that names it otherwise; its other code is of nobody.
  await must(core, 'imports.run', {
    kind: 'products',
    file: csv('known.csv', ['sku,barcode,nameCn', 'ART-1,6901234500001,杯']),
  });
  csv('articles.csv', ['barcode,nameCn,sku', '6901234500001,陶瓷杯,', '6901234500009,碗,']);
  await core.close();
}

beforeAll(async () => {
  await prepare();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  await hands.on('welcome');
  await desk.page.evaluate(async (passphrase) => {
    const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
    const answer = (await bridge.call('books.list', {})) as { data: { books: { id: string }[] } };
    await bridge.call('books.open', { bookId: answer.data.books[0]?.id ?? '', secret: { passphrase } });
  }, samplePassphrase);
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the import page', () => {
  it('knows a template of documents, shows both rows of a number the book has, and mends a cell in place', async () => {
    await hands.beginImport(at('orders.xlsx'));
    await hands.sees(/CEB303 电子订单/);
    await hands.press('Control+Enter');
    await desk.page.getByTestId('import-columns').waitFor();
    await hands.press('Control+Enter');
    await desk.page.getByTestId('import-duplicates').waitFor();
    const freight = desk.page.locator('[data-testid=import-duplicates] td.is-wrong', { hasText: /^9$/ });
    await expect.poll(() => freight.count()).toBe(1);
    const unit = headersOf(orders).findIndex(({ code }) => code === 'OrderList/unit');
    const wrong = desk.page.locator('input[aria-invalid=true]');
    await wrong.first().waitFor();
    await expect
      .poll(() => wrong.evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset['column'])))
      .toEqual([String(unit)]);
    await wrong.first().fill('007');
    await hands.press('Enter');
    await hands.sees(t('imports.failures.allMended'));
    await hands.press('Control+Enter');
    await desk.page.getByTestId('import-done').waitFor();
    await hands.sees(t('imports.count.documents', { n: '2' }));
  });

  it('takes a receipt as one, and says where it answers nothing', async () => {
    await hands.press('Control+i');
    await desk.page.getByTestId('import-file').waitFor();
    await answerDialogs(desk.app, [at('receipt.xml')]);
    await hands.button(t('common.chooseFile')).click();
    await desk.page.getByTestId('receipt-panel').waitFor();
    await hands.sees('NOBODY');
    await hands.press('Control+Enter');
    await desk.page.getByTestId('receipt-taken').waitFor();
    await hands.sees(t('imports.receipt.problem.RECEIPT_MESSAGE_UNKNOWN'));
    expect(desk.pageErrors()).toEqual([]);
  });

  it('writes the template of a message that is chosen', async () => {
    await hands.button(t('imports.done.again')).click();
    await desk.page.getByTestId('import-file').waitFor();
    await hands.button(t('imports.messageTemplate')).click();
    await desk.page.getByTestId('message-choice').waitFor();
    await answerDialogs(desk.app, [at('template.xlsx')]);
    await hands.button(t('imports.saveTemplate')).click();
    await hands.sees(t('imports.templateDone'));
  });

  it('finds articles by the key that is chosen, and says of each row what it does', async () => {
    await hands.beginImport(at('articles.csv'));
    await hands.press('Control+Enter');
    await desk.page.getByTestId('import-columns').waitFor();
    await hands.press('Control+Enter');
    const plans = desk.page.getByTestId('import-plans');
    await plans.waitFor();
    await expect.poll(() => plans.locator('tr[data-does=refuse]').count()).toBe(2);
    await desk.page.locator('#import-key-field').click();
    await desk.page.locator('.ant-select-item-option', { hasText: field('barcode') }).click();
    await plans.locator('tr[data-does=update]', { hasText: 'ART-1' }).waitFor();
    await expect.poll(() => plans.locator('tr[data-does=refuse]').count()).toBe(1);
    await hands.sees(/6901234500009/);
    await hands.press('Control+Enter');
    await desk.page.getByTestId('import-done').waitFor();
    // The same headers go by the same key.
    await hands.beginImport(at('articles.csv'));
    await hands.press('Control+Enter');
    await desk.page.getByTestId('import-columns').waitFor();
    await desk.page.getByTestId('import-key').getByText(field('barcode')).first().waitFor();
    await hands.press('Control+Enter');
    await plans.locator('tr[data-does=same]').waitFor();
    expect(desk.pageErrors()).toEqual([]);
  });
});
