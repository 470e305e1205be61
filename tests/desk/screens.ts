import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Core } from '../../electron/core/core.ts';
import { sampleProfile } from '../../electron/core/operations/sample.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { areas, simpleAreas } from '../../renderer/app/page-route.ts';
import type { Language } from '../../renderer/i18n/i18n.ts';
import { moneyTabs } from '../../renderer/pages/money/tabs.ts';
import { tabs as purchaseTabs } from '../../renderer/pages/purchases/tabs.ts';
import { reportNames } from '../../renderer/pages/reports/report-params.ts';
import { worksheetNames } from '../../shared/contract/tax.ts';
import { paperKinds } from '../../shared/papers/kinds.ts';
import { jointBook } from '../fixtures/joint-book.ts';
import { startPlatform } from '../fixtures/platform.ts';
import { coreAt, firm, must, realWorkbook, shipmentBody, writeClassification, writeRates } from '../fixtures/trade.ts';
import { writeSyntheticWorkbook } from '../fixtures/workbook.ts';
import { answerDialogs, type Desk, launchDesk, root } from './launch.ts';
import { Hands } from './support/hands.ts';
import { factsOf, writeCarrierSheet } from './support/sheets.ts';
import { textsIn } from './support/texts.ts';

/**
 * `npm run screens`: the real desk on a prepared folder, every screen and state as a PNG in out/screens/, to be looked at.
 * The pictures are evidence for people, not a test: nothing is compared. `npm run screens -- ledger tax` takes some parts
 * only, `--look=en` (any piece of a look's folder name) some looks only, `--all` more looks than usual.
 */
interface Look {
  readonly width: number;
  readonly height: number;
  readonly language: Language;
  readonly theme: 'light' | 'dark';
}

const allLooks: readonly Look[] = [
  { width: 1366, height: 768, language: 'zh-CN', theme: 'light' },
  { width: 1920, height: 1080, language: 'zh-CN', theme: 'light' },
  { width: 1366, height: 768, language: 'en', theme: 'light' },
  { width: 1366, height: 768, language: 'zh-CN', theme: 'dark' },
  ...(process.argv.includes('--all')
    ? ([
        { width: 1920, height: 1080, language: 'en', theme: 'light' },
        { width: 1920, height: 1080, language: 'en', theme: 'dark' },
        { width: 1366, height: 768, language: 'en', theme: 'dark' },
        { width: 1920, height: 1080, language: 'zh-CN', theme: 'dark' },
      ] as const)
    : []),
];

const folderOf = ({ width, height, language, theme }: Look) => `${width}x${height}-${language}-${theme}`;
const wantedLook = process.argv.find((one) => one.startsWith('--look='))?.slice('--look='.length) ?? '';
const looks = allLooks.filter((look) => folderOf(look).includes(wantedLook));

const passphrase = 'screens-passphrase';
const names = {
  rich: '琼海测试贸易有限公司',
  empty: '空账套示范有限公司',
  county: '澄迈荔枝专业合作社',
  filing: '万宁汇总申报示范有限公司',
  sample: sampleProfile.name,
} as const;

type Part = (user: Hands, photos: Photographer) => Promise<void>;
interface PartOf {
  /** The book that is open meanwhile; none for the first page. */
  readonly book?: keyof typeof names;
  readonly take: Part;
}
const parts: Readonly<Record<string, PartOf>> = {
  welcome: { take: welcomeScreens },
  empty: { book: 'empty', take: emptyScreens },
  rich: { book: 'rich', take: richScreens },
  today: { book: 'sample', take: (_, photos) => photos.take('sample-today') },
  ledger: { book: 'sample', take: ledgerScreens },
  reports: { book: 'sample', take: reportScreens },
  purchases: { book: 'sample', take: purchaseScreens },
  tax: { book: 'sample', take: taxScreens },
  worksheets: { book: 'sample', take: worksheetScreens },
  obligations: { book: 'sample', take: obligationScreens },
  money: { book: 'sample', take: moneyScreens },
  filing: { book: 'filing', take: filingScreens },
  papers: { book: 'filing', take: paperScreens },
  grid: { book: 'filing', take: gridScreens },
  classification: { book: 'rich', take: classificationScreens },
  broker: { book: 'rich', take: brokerScreens },
  goods: {
    book: 'county',
    take: byCommand('trace', 'farmSites', 'coldChain', 'traceQuery', 'pickups', 'joint', 'listings'),
  },
  authorities: {
    book: 'county',
    take: byCommand('registrations', 'matters', 'credit', 'pledges', 'dataRequests', 'statistics', 'parcels'),
  },
  banking: { book: 'county', take: byCommand('financing', 'creditInsurance', 'flows', 'risk', 'screening') },
  service: { book: 'county', take: byCommand('returns', 'returnCheck', 'complaints', 'liveSessions', 'transit') },
  simple: { book: 'county', take: simpleScreens },
};
const asked = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const unknown = asked.filter((one) => !(one in parts));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are: ${Object.keys(parts).join(' ')}`);
const wantedParts = Object.entries(parts).filter(([name]) => asked.length === 0 || asked.includes(name));
const needs = (book: keyof typeof names) =>
  wantedParts.some(([name, part]) => part.book === book || (name === 'welcome' && book === 'rich'));
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-screens-'));
const at = (name: string) => path.join(folder, name);

const idle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A book in the middle of its life: released lists, rejected ones, drafts with findings, a queue, a ledger. */
async function prepareRich(core: Core, workbook: string): Promise<void> {
  await must(core, 'books.create', { profile: { ...firm, name: names.rich }, passphrase });
  const run = (kind: 'orders' | 'products' | 'waybills' | 'rates', file: string) =>
    must(core, 'imports.run', { kind, file, defaults: kind === 'orders' ? { currency: 'GBP' } : {} });
  await run('orders', workbook);
  await writeClassification(core, at('products.csv'));
  await run('products', at('products.csv'));
  writeCarrierSheet(at('waybills.csv'), await factsOf(workbook), '', '9999-12-31');
  await run('waybills', at('waybills.csv'));
  writeRates(at('rates.csv'), [{ currency: 'GBP', date: '2026-11-02', rate: '9.1234' }]);
  await run('rates', at('rates.csv'));
  const { from = '', to = '' } = await must(core, 'orders.facets', {});
  const day = (offset: number) =>
    new Date(Date.parse(`${from}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10);
  const draft = async (first: string, last: string, change: Partial<typeof shipmentBody>) => {
    const body = { ...shipmentBody, ...change, filter: { from: first, to: last, country: '' } };
    const { id } = await must(core, 'shipments.save', { body });
    await must(core, 'shipments.draft', { id });
    return id;
  };
  const first = await draft(from, from, {});
  await must(core, 'documents.check', { shipmentId: first });
  await must(core, 'documents.queue', { shipmentId: first });
  const platform = await startPlatform(at('platform'));
  const put = (behaviour: object) =>
    fetch(`${platform.url}/v1/practice/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(behaviour),
    });
  await put({ rejectShare: 0.15 });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: '海南单一窗口（示范）' });
  for (let turn = 0; turn < 30; turn += 1) {
    const { queued, awaitingReceipt } = await must(core, 'sync.now', {});
    if (queued + awaitingReceipt === 0) break;
    await idle(300);
  }
  await platform.kill();
  // Queued while the platform is gone, and drafts whose heads lack what customs asks for.
  const second = await draft(day(1), day(1), {});
  await must(core, 'documents.check', { shipmentId: second });
  await must(core, 'documents.queue', { shipmentId: second });
  const third = await draft(day(2), day(3) > to ? to : day(3), { billNo: '', voyageNo: '', trafName: '' });
  await must(core, 'documents.check', { shipmentId: third });
  await must(core, 'shipments.save', { body: { ...shipmentBody, filter: { from: day(4), to: day(6), country: '' } } });
}

/** The lines of a list as long as one may be, and beyond: what a grid does with a thousand. */
const MANY_LINES = 1000;

/** A book after its first month: lists released for the summary, a declaration with all its groups, a receipt of nobody. */
async function prepareFiling(core: Core): Promise<void> {
  await must(core, 'books.createSample', {});
  await must(core, 'books.updateProfile', { name: names.filing, simplified: false });
  const platform = await startPlatform(at('filing-platform'));
  await must(core, 'sync.setEndpoint', { url: platform.url, name: '海南单一窗口（示范）' });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  await must(core, 'shipments.draft', { id: shipment?.id ?? 0 });
  await must(core, 'documents.check', {});
  await must(core, 'documents.queue', { unexplained: 'go' });
  for (let turn = 0; turn < 40; turn += 1) {
    const { queued, awaitingReceipt } = await must(core, 'sync.now', {});
    if (queued + awaitingReceipt === 0) break;
    await idle(300);
  }
  await platform.kill();
  await must(core, 'imports.run', { kind: 'documents', file: path.join(root, 'tests/fixtures/golden/DecMessage.xml') });
  storeReceipts(core.session.book, platform.url, [stray], '', '2026-11-21T00:00:00.000Z');
  // A list of as many lines as nobody files, to see what the grid does with them.
  const { rows } = await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 });
  const { id } = await must(core, 'entry.copy', { id: rows[0]?.id ?? 0 });
  const { body, revision } = await must(core, 'entry.open', { id });
  const [line = {}] = body['InventoryList'] as Record<string, string>[];
  const lines = Array.from({ length: MANY_LINES - 1 }, (_, n) => ({ ...line, itemNo: `SKU-${n + 2}` }));
  await must(core, 'entry.save', { id, base: revision, operations: [{ op: 'insert', at: 1, lines }] });
}

/** A receipt of nothing that a book has sent. */
const stray = {
  id: 'stray',
  messageGuid: 'NOBODY',
  xml: '<DEC_RESULT><CUS_CIQ_NO>E20260000000000001</CUS_CIQ_NO><NOTICE_DATE>2026-11-20T08:00:00</NOTICE_DATE><CHANNEL>P</CHANNEL></DEC_RESULT>',
};

async function prepare(home: string, workbook: string): Promise<void> {
  const core = coreAt(home);
  if (needs('filing')) await prepareFiling(core);
  if (needs('sample')) await must(core, 'books.createSample', {});
  if (needs('empty'))
    await must(core, 'books.create', {
      profile: { ...firm, name: names.empty, colour: '#2f855a' },
      passphrase,
    });
  if (needs('rich')) await prepareRich(core, workbook);
  if (needs('county')) {
    await must(core, 'books.create', { profile: { ...firm, name: names.county, role: 'cooperative' }, passphrase });
    await jointBook(core);
  }
  await core.close();
}

/** Takes one picture after another of a desk that wears one look; pictures of parts not taken this time stay. */
class Photographer {
  readonly #folder: string;
  readonly #desk: Desk;
  #part = '';
  #count = 0;

  constructor(desk: Desk, folderName: string) {
    this.#desk = desk;
    this.#folder = path.join(root, 'out', 'screens', folderName);
    mkdirSync(this.#folder, { recursive: true });
  }

  begin(part: string): void {
    this.#part = part;
    this.#count = 0;
    for (const file of readdirSync(this.#folder))
      if (file.startsWith(`${part}-`) || /^\d/.test(file)) rmSync(path.join(this.#folder, file));
  }

  async take(name: string): Promise<void> {
    this.#count += 1;
    // Charts and lists settle after their data has come.
    await idle(450);
    const file = `${this.#part}-${String(this.#count).padStart(2, '0')}-${name}.png`;
    await this.#desk.page.screenshot({ path: path.join(this.#folder, file), animations: 'disabled' });
  }
}

/** The look is kept in the page's own storage, as the settings page does it. */
async function wear(desk: Desk, { language, theme }: Look): Promise<void> {
  await desk.page.evaluate((state) => localStorage.setItem('portbook.view', JSON.stringify({ state, version: 1 })), {
    language,
    theme,
    textSize: 100,
    isRailCollapsed: false,
  });
  await desk.page.reload();
  await desk.page.locator('[data-page="welcome"]').waitFor();
}

async function photograph(look: Look, home: string): Promise<void> {
  const { width, height, language } = look;
  const desk = await launchDesk({ home, size: { width, height }, env: { TZ: 'Asia/Shanghai' } });
  try {
    await wear(desk, look);
    const user = new Hands(desk, textsIn(language));
    const photos = new Photographer(desk, folderOf(look));
    let book: keyof typeof names | undefined;
    for (const [name, part] of wantedParts) {
      if (part.book !== book) {
        if (book !== undefined) await closeBook(user);
        if (part.book !== undefined) await openBook(user, part.book);
        book = part.book;
      }
      photos.begin(name);
      await part.take(user, photos);
    }
    const errors = desk.pageErrors();
    if (errors.length > 0) throw new Error(`the page reported errors:\n${errors.join('\n')}`);
  } finally {
    await desk.close();
  }
}

async function openBook(user: Hands, book: keyof typeof names): Promise<void> {
  await user.on('welcome');
  await user.page.locator('.book-title', { hasText: names[book] }).click();
  // A sample opens by itself.
  if (book !== 'sample' && book !== 'filing') {
    await user.page.locator('.open-form input').fill(passphrase);
    await user.press('Enter');
  }
  // A cooperative's book opens in plain words.
  const page = await user.page.waitForFunction(() =>
    ['today', 'simpleToday'].find((one) => document.querySelector(`[data-page="${one}"]`) !== null),
  );
  if ((await page.jsonValue()) === 'simpleToday') await user.press('Shift+F2');
  await user.on('today');
}

async function closeBook(user: Hands): Promise<void> {
  await user.press('Control+k');
  await user.page.keyboard.type('close');
  await user.page.getByRole('option', { name: user.t('command.closeBook') }).click();
  await user.on('welcome');
}

async function welcomeScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  await page.locator('.book-title').first().waitFor();
  await photos.take('welcome');
  await page.locator('.book-title', { hasText: names.rich }).click();
  await page.locator('.open-form input').fill('not the passphrase');
  await user.press('Enter');
  await page.locator('.open-form .error-note, .open-form [role=alert]').first().waitFor();
  await photos.take('welcome-wrong-passphrase');
  const temporary = { name: '恢复密钥示范有限公司', uscc: '91469002MA5T0TE5TA', customsCode: firm.customsCode };
  await user.createBook('exporter', temporary, 'short');
  await page.locator('.field-error').first().waitFor();
  await photos.take('create-with-errors');
  await page.locator('#profile-uscc').fill(firm.uscc);
  await page.locator('#create-passphrase').fill(passphrase);
  await page.locator('#create-again').fill(passphrase);
  await user.press('Control+Enter');
  await page.locator('.recovery-groups li').first().waitFor();
  await photos.take('recovery-key');
  await page.getByLabel(t('recovery.kept')).check();
  await user.button(t('recovery.enter')).click();
  await user.on('today');
  await closeBook(user);
  const row = page.locator('.book-list > li', { hasText: temporary.name });
  await row.getByRole('button', { name: t('common.delete') }).click();
  await photos.take('delete-book');
  await row.locator('.confirm-name input, input.confirm-name').fill(temporary.name);
  await user.press('Enter');
  await row.waitFor({ state: 'detached' });
}

async function emptyScreens(user: Hands, photos: Photographer): Promise<void> {
  await photos.take('today');
  for (const area of areas.slice(1, -1)) {
    await user.area(area);
    await photos.take(area);
  }
  for (const tab of moneyTabs.slice(1)) {
    await toMoney(user, tab);
    await photos.take(tab);
  }
  await user.area('outbox');
  await user.page.getByText(user.t('outbox.setEndpoint')).click();
  await photos.take('outbox-endpoint');
  await user.button(user.t('common.cancel')).click();
  await user.button(user.t('practice.start')).click();
  await user.page.locator('#practice-latencyMs').waitFor({ timeout: 20_000 });
  await user.seesConnection('online');
  await photos.take('outbox-practice');
  await user.button(user.t('practice.stop')).click();
  await user.seesConnection('none');
}

async function richScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  await page.locator('.data-table-box [aria-selected]').first().waitFor();
  await photos.take('today');
  await page.keyboard.down('Alt');
  await photos.take('today-all-keys');
  await page.keyboard.up('Alt');
  await user.press('Control+k');
  await page.keyboard.type('5365');
  await page.getByRole('option').first().waitFor();
  await photos.take('search');
  await user.press('Escape', 'Control+b');
  await photos.take('book-switcher');
  await user.press('Escape');

  const rows = page.locator('.data-table-box [aria-selected]');
  const openFirst = async () => {
    await rows.first().waitFor();
    await page.getByRole('grid').first().focus();
    await user.press('Home', 'Enter');
    await page.locator('.detail-head h2, [data-page="entry"]').first().waitFor();
  };
  await user.area('orders');
  await rows.first().waitFor();
  await photos.take('orders');
  await openFirst();
  await photos.take('order-detail');

  await user.press('Control+i');
  await page.getByTestId('import-file').waitFor();
  await photos.take('import-1-file');
  await answerDialogs(user.desk.app, [workbook]);
  await user.button(t('common.chooseFile')).click();
  await page.getByTestId('import-sheet').waitFor({ timeout: 60_000 });
  await photos.take('import-2-sheet');
  await user.press('Control+Enter');
  await page.getByTestId('import-columns').waitFor();
  await photos.take('import-3-columns');
  await page.locator('.currency-default').getByRole('combobox').click();
  await page.keyboard.type('GBP');
  await user.press('Enter', 'Control+Enter');
  await page.getByTestId('import-trial').getByTestId('count-lines').waitFor({ timeout: 60_000 });
  await photos.take('import-4-trial');

  await user.area('products');
  await photos.take('products-all-classified');
  await page.getByRole('radio', { name: t('products.tab.classified') }).click();
  await openFirst();
  await photos.take('product-edit');
  await page.locator('.split-list [role=grid]').focus();
  await user.press('Home', 'Shift+ArrowDown', 'Shift+ArrowDown');
  await photos.take('products-bulk-edit');

  await user.area('shipments');
  await rows.first().waitFor();
  await photos.take('shipments');
  await user.press('Home', 'Enter');
  await user.on('shipment');
  await page.getByTestId('candidates-ready').waitFor();
  await photos.take('shipment-candidates');
  await page.locator('#shipment-portCode').focus();
  await page.keyboard.type('海口');
  await page.locator('.lookup-row').first().waitFor();
  await photos.take('shipment-lookup');
  await user.press('Escape', 'F9');
  await page.locator('.paper-preview .sheet').first().waitFor({ timeout: 60_000 });
  await photos.take('papers-declaration');
  await page.getByRole('radio', { name: t('papers.kind.invoice') }).click();
  await page.locator('.paper-preview .words').first().waitFor({ timeout: 60_000 });
  await photos.take('papers-invoice');
  await user.press('Escape', 'Escape');

  await user.area('declarations');
  await rows.first().waitFor();
  await photos.take('declarations');
  for (const state of ['draft', 'queued', 'rejected', 'closed']) {
    const chip = page.getByRole('radio', { name: t(`state.document.${state}`) });
    if ((await chip.count()) === 0) continue;
    await chip.first().click();
    await rows.first().waitFor();
    await openFirst();
    await photos.take(`declaration-${state}`);
    if ((await page.locator('[data-page="entry"]').count()) > 0) {
      // A draft opens in the editor: its goods with the help of a field, then the choice of an earlier document.
      await user.press('Control+Enter', 'ArrowRight', 'F1');
      await photos.take('entry-help');
      await user.press('Escape', 'Control+Shift+F');
      await photos.take('entry-layout');
      await user.press('Escape', 'Escape');
      await rows.first().waitFor();
      await user.press('Control+d');
      await page.locator('[data-page="entry-copy"]').waitFor();
      await photos.take('entry-copy');
      await user.press('Escape');
      await rows.first().waitFor();
    }
    if (state === 'closed') {
      await page.locator('.document-tabs').getByRole('tab').nth(1).click();
      await photos.take('declaration-receipts');
    }
  }
  await user.area('today');
  await user.area('declarations');
  await user.press('F7');
  await page.locator('.check-summary').waitFor({ timeout: 60_000 });
  await photos.take('declarations-checked');
  await user.press('F8');
  await photos.take('declarations-queue-question');
  await user.press('Escape');

  await user.area('ledger');
  await rows.first().waitFor();
  await photos.take('ledger');

  await user.area('outbox');
  await user.seesConnection('offline');
  await rows.first().waitFor();
  await user.press('ArrowDown');
  await photos.take('outbox-offline');

  await user.area('settings');
  for (const tab of ['looks', 'profile', 'protection', 'signing', 'about']) {
    await page.getByRole('radio', { name: t(`settings.${tab}.title`), exact: true }).click();
    await photos.take(`settings-${tab}`);
  }
}

/** Puts the cursor on a row of the first list by keyboard, and perhaps opens it. */
async function chooseRow(user: Hands, at: number, ...keys: readonly string[]): Promise<void> {
  const list = user.page.locator('.page-body [role=grid]').first();
  await list.locator('[aria-selected]').first().waitFor();
  await list.focus();
  await user.press('End', 'Home', ...Array.from({ length: at }, () => 'ArrowDown'), ...keys);
}

const chip = (user: Hands, label: string, exact = false) =>
  user.page.getByRole('radio', { name: label, exact }).first().click();

async function ledgerScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  const tab = async (name: string): Promise<void> => {
    await user.area('ledger');
    await chip(user, name === 'rates' ? t('rates.title') : t(`ledger.tab.${name}`));
  };
  await user.area('ledger');
  await chooseRow(user, 2);
  await photos.take('vouchers');
  await user.press('Enter');
  await user.on('voucher');
  await photos.take('voucher');
  // What no paper has posted may be reversed by hand.
  await user.area('ledger');
  await chooseRow(user, 1, 'Enter');
  await user.on('voucher');
  await user.button(t('ledger.reverse')).click();
  await photos.take('voucher-reverse');
  await user.press('Escape');

  await tab('entry');
  const cell = (row: number, column: string) =>
    page.locator('.voucher-line').nth(row).locator(`[data-column="${column}"]`);
  await cell(1, 'text').locator('input').waitFor();
  await photos.take('entry-blank');
  const type = async (...texts: readonly string[]): Promise<void> => {
    for (const text of texts) {
      if (text !== '') await page.keyboard.type(text);
      await user.press('Enter');
    }
  };
  // Account by initials, currency as it stands, debit; then dollars, at the rate in force; `=` fills the other side.
  await type('购办公用品', 'glfy', '', '300.5', '收到平台货款', '1002', 'USD', '1000');
  await cell(2, 'rate').locator('input').waitFor();
  await photos.take('entry-foreign');
  await type('', '');
  await type('..', 'yhck', '', '');
  await page.keyboard.type('=');
  await user.press('Enter');
  await photos.take('entry-lines');
  await user.press('F7');
  await photos.take('entry-checked');
  await user.press('F4');
  await photos.take('entry-templates');
  await user.press('Escape', 'Escape');

  await tab('documents');
  await photos.take('documents');
  await chooseRow(user, 1, 'Enter');
  await photos.take('document');
  await tab('documents');
  await page.getByRole('combobox', { name: t('ledger.addDocument') }).click();
  await photos.take('document-kinds');
  await page.locator('.ant-select-item-option', { hasText: t('ledger.kind.bank-charge') }).click();
  await photos.take('document-new');
  await tab('accounts');
  await chooseRow(user, 3);
  await photos.take('accounts');
  await tab('parties');
  await chooseRow(user, 0);
  await photos.take('parties');
  await tab('periods');
  await photos.take('periods');
  await tab('rates');
  await photos.take('rates');
  await tab('rules');
  await chooseRow(user, 1);
  await photos.take('rules');
}

async function reportScreens(user: Hands, photos: Photographer): Promise<void> {
  await user.area('ledger');
  await user.button(user.t('ledger.balance')).click();
  await user.on('reports');
  for (const report of reportNames) {
    await chip(user, user.t(`reports.name.${report}`));
    await photos.take(report);
  }
  await chip(user, user.t('reports.name.trialBalance'));
  await chooseRow(user, 1, 'Enter');
  await photos.take('account-ledger');
}

async function purchaseScreens(user: Hands, photos: Photographer): Promise<void> {
  await user.area('purchases');
  for (const tab of purchaseTabs) {
    await chip(user, user.t(`purchases.tab.${tab}`));
    await photos.take(tab);
    if ((await user.page.locator('.page-body [role=grid] [aria-selected]').count()) === 0) continue;
    await chooseRow(user, 0, 'Enter');
    await photos.take(`${tab}-opened`);
  }
}

async function taxScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  await user.area('tax');
  await photos.take('home');
  await user.press('Control+j');
  await user.on('calculators');
  await photos.take('calculators');
  await user.press('Control+f');
  await page.keyboard.type('T01');
  await user.press('ArrowDown', 'Home', 'Enter');
  await user.on('calculator');
  await photos.take('calculator');
  await page.keyboard.type('2026');
  await user.press('Enter');
  await page.keyboard.type('1,000,000');
  await user.press('Control+Enter');
  await page.locator('[data-result="taxPayable"]').waitFor();
  await photos.take('calculator-result');
  await user.area('tax');
  await user.button(t('tax.rules.title')).click();
  await user.on('rules');
  await chooseRow(user, 2);
  await photos.take('rules-pack');
  for (const tab of ['rules', 'settings']) {
    await chip(user, t(`tax.rules.tab.${tab}`));
    await chooseRow(user, 0, 'Enter');
    await photos.take(`rules-${tab}`);
  }
  await user.area('tax');
  await user.press('F5');
  await user.on('taxProfile');
  await photos.take('profile');
  await chip(user, t('tax.profile.tab.facts'));
  await photos.take('facts');
  await user.area('tax');
  await user.press('F7');
  await user.on('refunds');
  await photos.take('refunds');
  await chooseRow(user, 0, 'Enter');
  await photos.take('refund-line');
  await user.press('F8');
  await photos.take('refund-claims');
}

async function worksheetScreens(user: Hands, photos: Photographer): Promise<void> {
  for (const [at, name] of worksheetNames.entries()) {
    await user.area('tax');
    await chooseRow(user, at, 'Enter');
    await user.on('worksheet');
    await photos.take(name);
    if (name !== 'income-tax') continue;
    await user.page.locator('[data-result="dueThisPeriod"]').click();
    await photos.take(`${name}-derivation`);
    await user.press('Escape');
  }
}

async function obligationScreens(user: Hands, photos: Photographer): Promise<void> {
  const { t } = user;
  for (const page of ['deadlines', 'guarantees', 'taxBills', 'archive']) {
    await user.area('tax');
    await user.page.getByRole('button', { name: t(`tax.home.link.${page}`), exact: true }).click();
    await user.on(page);
    await photos.take(page);
    if ((await user.page.locator('.page-body [role=grid] [aria-selected]').count()) === 0) continue;
    await chooseRow(user, 0, 'Enter');
    await photos.take(`${page}-opened`);
    if (page !== 'deadlines') continue;
    for (const view of ['rules', 'calendar']) {
      await chip(user, t(`obligations.deadlines.views.${view}`));
      await photos.take(`${page}-${view}`);
    }
  }
}

async function toMoney(user: Hands, tab: (typeof moneyTabs)[number]): Promise<void> {
  await user.area('money');
  await user.page
    .getByRole('radio', { name: user.t(`money.tab.${tab}`), exact: true })
    .first()
    .click();
  await user.on(tab);
}

/** Each page of the area with its first row open, and the views behind it that people look at rather than read. */
/** Declaration elements of a product, a decision with its doubt, a code table, the drafts a change concerns, what nobody has confirmed. */
async function classificationScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  await user.area('products');
  await chooseRow(user, 0, 'Enter');
  await page.locator('.elements-editor').scrollIntoViewIfNeeded();
  await photos.take('elements');
  await user.button(t('classification.title')).click();
  await user.on('classification');
  await photos.take('decisions');
  await user.press('Control+n');
  await page.locator('#decision-name').fill('棉制T恤衫');
  await page.locator('#decision-hsCode').focus();
  await page.keyboard.type('6913900000');
  await page.locator('.lookup-row').filter({ hasText: '6913900000' }).first().waitFor();
  await user.press('Enter');
  await page.locator('.decision-doubts').waitFor();
  await photos.take('decision-form');
  for (const tab of ['tables', 'changes', 'unconfirmed']) {
    await chip(user, t(`classification.tab.${tab}`));
    if (tab === 'tables') await chooseRow(user, 0);
    await photos.take(tab);
  }
}

/** Runs a command by its name. */
async function byName(user: Hands, name: string): Promise<void> {
  const label = user.t(`command.${name}`);
  await user.press('Control+k');
  await user.page.keyboard.type(label);
  const found = user.page.getByRole('option', { name: label }).first();
  await found.click();
  // The page may have a list of its own open already.
  await found.waitFor({ state: 'detached' });
}

/** Opens the first document of a kind and state in the list of declarations. */
async function openDocument(user: Hands, kind: string | RegExp, state: string): Promise<void> {
  const { page, t } = user;
  await user.area('today');
  await user.area('declarations');
  await page.locator('.kind-tab', { hasText: kind }).first().click();
  const chosen = page.getByRole('radio', { name: t(`state.document.${state}`) });
  if ((await chosen.count()) > 0) await chosen.first().click();
  await chooseRow(user, 0, 'Enter');
  await page.locator('.detail-head h2, [data-page="entry"]').first().waitFor();
}

/** What goes on around declarations: modes, summaries, checks, a new document, withdrawal, return, the goods declaration, receipts. */
async function filingScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  await byName(user, 'summaries');
  await user.on('summaries');
  await photos.take('summaries-nothing-due');
  await user.press('Alt+ArrowRight');
  await page.locator('.ant-table-row').first().waitFor();
  await photos.take('summaries');

  await byName(user, 'modes');
  await user.on('modes');
  await photos.take('modes');

  await byName(user, 'checks');
  await user.on('checks');
  await chooseRow(user, 2);
  await photos.take('checks');
  await user.press('Control+f');
  await page.keyboard.type('zzz');
  await photos.take('checks-none-found');

  await byName(user, 'returnCheck');
  await photos.take('return-check');

  await byName(user, 'newDocument');
  await user.on('newDocument');
  await photos.take('new-document');
  await page.keyboard.type('605');
  await user.press('Enter');
  await page.locator('[data-path="reason"]').first().waitFor();
  await photos.take('new-withdrawal');
  await user.press('F7');
  await photos.take('new-withdrawal-checked');
  await user.press('Escape');

  await openDocument(user, '603', 'closed');
  await user.button(t('life.withdraw')).click();
  await page.locator('#life-reason').waitFor();
  await photos.take('withdraw-form');
  await user.press('Escape');
  await user.button(t('life.return')).click();
  await page.locator('#life-return-reason').waitFor();
  await page.getByLabel(t('life.backOf', { line: 1 })).fill('999999');
  await page.locator('#life-return-reason').fill('买家退货');
  await user.press('Control+Enter');
  await photos.take('return-form-too-much');
  await user.press('Escape');

  await byName(user, 'parkedReceipts');
  await user.on('parkedReceipts');
  await photos.take('parked-receipts');
  await chooseRow(user, 0, 'Enter');
  await photos.take('parked-receipt');
  await user.press('Control+i');
  await page.getByTestId('import-file').waitFor();
  await answerDialogs(user.desk.app, [path.join(root, 'tests/fixtures/golden/CEB604Message.xml')]);
  await user.button(t('common.chooseFile')).click();
  await page
    .locator('.import-kind, [data-testid="import-receipt"], .receipt-summary')
    .first()
    .waitFor({ timeout: 20_000 })
    .catch(() => undefined);
  await photos.take('receipt-import');
}

/** Every paper of the shipment, in the languages it has. */
async function paperScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  await user.area('shipments');
  await chooseRow(user, 0, 'Enter');
  await user.on('shipment');
  await user.press('F9');
  await user.on('papers');
  for (const kind of paperKinds) {
    const choice = page.getByRole('radio', { name: t(`papers.kind.${kind}`) });
    if ((await choice.count()) === 0) continue;
    await choice.first().click();
    await page.locator('.paper-preview .sheet').first().waitFor({ timeout: 60_000 });
    await photos.take(kind);
  }
}

/** A document of a thousand lines, and the goods declaration with all its groups, in the editor. */
async function gridScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page } = user;
  await openDocument(user, '603', 'draft');
  await page.locator('.goods-row').first().waitFor();
  await photos.take('thousand-lines');
  await user.press('Control+Enter', 'Control+End');
  await photos.take('thousand-lines-end');
  await user.press('Escape', 'Escape');
  await openDocument(user, /报关单|goods declaration/i, 'draft');
  await photos.take('declaration');
  for (let section = 0; section < 4; section += 1) {
    await user.press('Control+Enter');
    await photos.take(`declaration-section-${section + 2}`);
  }
  await user.press('F7');
  await photos.take('declaration-checked');
  await user.press('Escape');
}

/** Pages that are reached by a command: each as it opens, and with the form of a new record. */
function byCommand(...commands: readonly string[]): Part {
  return async (user, photos) => {
    const { page, t } = user;
    for (const command of commands) {
      const label = t(`command.${command}`);
      await user.press('Control+k');
      await page.keyboard.type(label);
      await page.getByRole('option', { name: label }).first().click();
      await page.getByRole('option').first().waitFor({ state: 'detached' });
      await photos.take(command);
      await user.press('Control+n');
      await photos.take(`${command}-new`);
      await user.press('Escape');
    }
  };
}

/** The desk in plain words: every area, and the first question of a sale. */
async function simpleScreens(user: Hands, photos: Photographer): Promise<void> {
  await user.press('Shift+F2');
  for (const [at, area] of simpleAreas.entries()) {
    await user.press(`Alt+${at + 1}`);
    await user.on(area);
    await photos.take(area);
    if (area === 'sell') await user.page.locator('#sell-new').click();
    else if (area === 'myGoods' || area === 'received') await user.press('Control+n');
    else continue;
    await photos.take(`${area}-new`);
    await user.press('Escape');
  }
  await user.press('Shift+F2');
  await user.on('today');
}

/** The broker's desk: what waits for review, clerks, error rates, delegations with their form, fee notes and their tariff. */
async function brokerScreens(user: Hands, photos: Photographer): Promise<void> {
  const { t, page } = user;
  await user.press('Control+k');
  await page.keyboard.type('fuhe');
  await page.getByRole('option', { name: t('command.review') }).click();
  await user.on('review');
  for (const tab of ['review', 'clerks', 'rates', 'delegations', 'fees']) {
    await chip(user, t(`broker.tab.${tab}`), true);
    await photos.take(tab);
  }
  await user.press('F4');
  await photos.take('fees-tariff');
  await chip(user, t('broker.tab.delegations'), true);
  await user.press('Control+n');
  await page.locator('#delegation-number').waitFor();
  await photos.take('delegation-form');
}

async function moneyScreens(user: Hands, photos: Photographer): Promise<void> {
  const { page, t } = user;
  const rows = page.locator('.page-body [role=grid] [aria-selected]');
  for (const tab of moneyTabs) {
    await toMoney(user, tab);
    await photos.take(tab);
    // Enter on a statement line would record it.
    if (tab === 'monitor' || (await rows.count()) === 0) continue;
    await chooseRow(user, 0, ...(tab === 'moneyEntries' ? [] : ['Enter']));
    await photos.take(`${tab}-opened`);
  }
  await toMoney(user, 'money');
  await user.press('F6');
  await page.locator('.money-chart svg').waitFor();
  await photos.take('money-by-month');
  await user.press('F6', 'Control+n');
  await page.locator('#record-kind').waitFor();
  await photos.take('money-form');
  await toMoney(user, 'moneyAccounts');
  await user.press('Control+n');
  await page.locator('#account-name').waitFor();
  await photos.take('moneyAccounts-form');
  await toMoney(user, 'payouts');
  for (const view of ['months', 'kinds', 'lines']) {
    await chip(user, t(`payouts.view.${view}`), true);
    await photos.take(`payouts-${view}`);
  }
  await toMoney(user, 'allocations');
  for (const view of ['targets', 'automatic', 'ageing', 'barter']) {
    await chip(user, t(`allocations.view.${view}`), true);
    await photos.take(`allocations-${view}`);
  }
  await toMoney(user, 'netting');
  await user.press('Control+n');
  await page.locator('#netting-payout').waitFor();
  await photos.take('netting-form');
  await toMoney(user, 'monitor');
  for (const [at, tab] of ['gauges', 'indicators', 'persons', 'profile'].entries()) {
    await user.press(`Control+${at + 1}`);
    await photos.take(`monitor-${tab}`);
  }
}

const home = at('home');
const workbook = realWorkbook() ?? (await writeSyntheticWorkbook(at('orders.xlsx'), 5000));
try {
  await prepare(home, workbook);
  for (const look of looks) {
    const from = performance.now();
    await photograph(look, home);
    const seconds = ((performance.now() - from) / 1000).toFixed(0);
    process.stdout.write(`out/screens/${folderOf(look)}: ${seconds} s\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
