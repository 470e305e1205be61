import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { pdfText } from './support/pdf.ts';
import { textsIn } from './support/texts.ts';

/**
 * A receipt of the sample book declared, proved and settled by a user's hands: its form drafted, printed and sent, its evidence pack,
 * its electronic transaction data. Each step stands on the one before it. Reading PDFs back takes `pdftotext` (poppler-utils).
 */
const t = textsIn('zh-CN');
// PORTBOOK_PRINTS keeps the papers and pictures for a look at them.
const kept = process.env.PORTBOOK_PRINTS;
const folder = kept ?? mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-evidence-'));
/** A picture for people where the papers are kept. */
const look = async (name: string): Promise<void> => {
  if (kept !== undefined) await desk.page.screenshot({ path: path.join(folder, `${name}.png`) });
};
const today = chinaDate(new Date().toISOString());
const number = '6200000000001234';

/** A line of a customs declaration that left today. */
const exported = {
  mode: '0110' as const,
  declarationNo: '640720261234567890',
  lineNo: 1,
  exportDate: today,
  hsCode: '6912001000',
  name: '陶瓷马克杯',
  unit: '007',
  qty: '10',
  currency: 'USD',
  fob: '100.00',
};

let desk: Desk;
let hands: Hands;
let record: OutputOf<'moneyRecords.get'>;
let orderNo = '';

/** Asks the core as the page does, for what is not the matter of the test. */
async function ask<N extends OperationName>(op: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const answer = await desk.page.evaluate(
    ([name, value]) => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      return bridge.call(name, value);
    },
    [op as string, input as object] as const,
  );
  expect(answer).toMatchObject({ ok: true });
  return (answer as { data: OutputOf<N> }).data;
}

/** The text of a PDF; undefined where it cannot be read. */
function textOf(pdf: string | Uint8Array): string | undefined {
  const file = typeof pdf === 'string' ? pdf : path.join(folder, 'read.pdf');
  if (typeof pdf !== 'string') writeFileSync(file, pdf);
  return pdfText(file);
}

async function saveTo(name: string, press: () => Promise<void>): Promise<string> {
  const file = path.join(folder, name);
  await answerDialogs(desk.app, [file]);
  await press();
  await expect.poll(() => existsSync(file) && statSync(file).size > 0).toBe(true);
  return file;
}

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
  const { rows } = await ask('allocations.openTargets', { kind: 'order', limit: 20 });
  const order = rows.find((row) => row.currency === 'USD' && Number(row.open) >= 10);
  if (order === undefined) throw new Error('the sample book has no open order');
  orderNo = order.no;
  await ask('exportLines.saveMany', { lines: [exported] });
  const account = await ask('moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: '证据测试户',
    institution: '测试银行琼海支行',
    currency: 'USD',
    number,
  });
  record = await ask('moneyRecords.save', {
    kind: 'receipt',
    date: today,
    accountId: account.id,
    amount: '50.00',
    counterparty: 'Test Market Ltd',
    counterpartyCountry: 'GB',
    detail: { codes: [{ code: '122030', amount: '50.00', remark: '跨境电商货款' }] },
  });
  const pays = { recordId: record.id, amount: '10.00', thirdParty: '平台代收' };
  await ask('allocations.confirm', {
    items: [
      { ...pays, target: { kind: 'order', no: orderNo } },
      { ...pays, target: { kind: 'declaration', no: exported.declarationNo } },
    ],
  });
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
});

describe('a receipt declared and proved', () => {
  it('becomes a declaration by one key, shown like any other document with its account masked', async () => {
    await hands.area('money');
    await desk.page.getByText(record.number, { exact: true }).first().click();
    await hands.sees(t('evidence.actions.title'));
    await look('record');
    await desk.page.locator('.detail-scroll').first().focus();
    await hands.press('F8');
    await hands.on('document');
    await hands.sees(t('messageKind.FX101Message').slice(0, 4));
    await expect
      .poll(() => desk.page.locator('[data-path="DeclarationHead/payeeAccount"]').textContent())
      .toBe('•••• 1234');
    await expect.poll(() => desk.page.locator('[data-path="DeclarationHead/amount"]').textContent()).toBe('50.00');
    // The list that the order left under is named.
    await expect.poll(() => desk.page.locator('[data-path="DeclarationList[1]/docNo"]').count()).toBe(1);
  });

  it('is typed over, found wrong, and mended where the finding leads', async () => {
    const spot = desk.page.locator('[data-path="DeclarationHead/spotAmount"]');
    await spot.focus();
    await hands.press('Enter');
    await desk.page.keyboard.type('40');
    await hands.press('Enter');
    await hands.sees(t('finding.level.reject'));
    await hands.press('F10');
    await expect
      .poll(() => desk.page.evaluate(() => document.activeElement?.getAttribute('data-path')))
      .toBe('DeclarationHead/amount');
    await spot.focus();
    await hands.press('Enter');
    await desk.page.keyboard.type('50');
    await hands.press('Enter');
    await expect.poll(() => desk.page.locator('[data-path].is-reject').count()).toBe(0);
  });

  it('is printed as a draft with the account masked, and whole where that is asked for', async () => {
    const print = () => hands.button(t('declarations.form.print')).click();
    const masked = textOf(await saveTo('draft.pdf', print));
    if (masked !== undefined) {
      expect(masked).toContain('涉外收入申报单');
      expect(masked).toContain('草稿');
      expect(masked).toContain(record.number);
      expect(masked).toContain('1234');
      expect(masked).not.toContain(number);
      expect(masked).toContain('122030');
      expect(masked).toContain('50.00');
    }
    await desk.page.getByRole('checkbox', { name: t('declarations.form.wholeAccounts') }).check();
    const whole = textOf(await saveTo('whole.pdf', print));
    if (whole !== undefined) expect(whole).toContain(number);
  });

  it('is queued, sent and accepted, and the record knows its number', async () => {
    await ask('practice.start', {});
    const { rows } = await ask('filings.list', { subject: { kind: 'money-record', id: record.id } });
    await ask('documents.check', { kind: 'FX101Message' });
    await ask('documents.queue', { kind: 'FX101Message' });
    const answer = async () => {
      await ask('sync.now', {});
      return (await ask('documents.get', { id: rows[0]?.id ?? 0 })).state;
    };
    await expect.poll(answer, { interval: 500 }).toBe('accepted');
    await hands.sees(t('declarations.form.accepted'));
    const after = await ask('moneyRecords.get', { id: record.id });
    expect(after.declarationNo).toMatch(/^\d{22}$/);
    const accepted = textOf(await saveTo('accepted.pdf', () => hands.button(t('declarations.form.print')).click()));
    if (accepted !== undefined) {
      expect(accepted).toContain(after.declarationNo);
      expect(accepted).not.toContain('草稿');
    }
  });

  it('has an evidence pack that says what is missing, leads on, and comes out as one ZIP with every hash', async () => {
    await desk.page.locator('.detail-list .link', { hasText: record.number }).click();
    await hands.on('money');
    await hands.button(t('evidence.actions.pack')).click();
    await hands.on('evidence');
    await hands.sees(t('evidence.gap.slip', { number: record.number }));
    await look('evidence');
    const slip = path.join(folder, '水单.pdf');
    writeFileSync(slip, 'slip');
    await answerDialogs(desk.app, [slip]);
    await hands.button(t('common.chooseFile')).click();
    await expect.poll(() => desk.page.getByText(t('evidence.gap.slip', { number: record.number })).count()).toBe(0);
    const zip = await saveTo('pack.zip', () => hands.press('Control+e'));
    const entries = unzipSync(readFileSync(zip));
    const names = Object.keys(entries);
    expect(names).toEqual(expect.arrayContaining(['index.pdf', 'SHA256SUMS', 'data/orders.csv']));
    expect(names.some((name) => name.startsWith('messages/'))).toBe(true);
    expect(names.some((name) => name.startsWith('receipts/'))).toBe(true);
    const index = textOf(entries['index.pdf'] ?? new Uint8Array());
    if (index !== undefined) {
      for (const part of ['证据包', record.number, orderNo, '水单.pdf', 'SHA256SUMS']) expect(index).toContain(part);
      expect(index).not.toContain(number);
    }
    const certificate = entries['match.pdf'] === undefined ? undefined : textOf(entries['match.pdf']);
    if (certificate !== undefined) expect(certificate).toContain(record.number);
    // Two keys from the receipt to its order: the section, the row.
    await desk.page.getByRole('radio', { name: /^订单/ }).first().click();
    await desk.page.locator('.split-list .ant-table-row').first().waitFor();
    await desk.page.locator('.split-list [role=grid]').focus();
    await look('evidence-orders');
    await hands.press('Home', 'Enter');
    await hands.on('orders');
    await hands.press('Alt+ArrowLeft');
    await hands.on('evidence');
  });

  it('gives the bank its transactions as files, and names those left out', async () => {
    await hands.button(t('evidence.actions.electronic')).click();
    await hands.on('electronicData');
    await hands.sees(record.number);
    const preview = await ask('electronicData.preview', { recordId: record.id });
    expect(preview.rows.length + preview.out.length).toBe(1);
    if (preview.rows.length === 0) {
      const { rows } = await ask('match.items', { text: orderNo });
      await ask('match.except', { ids: rows.map(({ id }) => id), reason: '样例账套没有支付单' });
      await hands.press('Alt+ArrowLeft');
      await hands.on('evidence');
      await hands.button(t('evidence.actions.electronic')).click();
      await hands.on('electronicData');
    }
    await hands.sees(orderNo);
    await look('electronic');
    const out = path.join(folder, 'bank');
    mkdirSync(out);
    await answerDialogs(desk.app, [out]);
    await hands.press('Control+e');
    await expect.poll(() => readdirSync(out).length).toBe(1);
    const files = path.join(out, readdirSync(out)[0] ?? '');
    const written = (): string[] =>
      readdirSync(files)
        .filter((name) => !name.includes('partial'))
        .sort();
    await expect.poll(written).toEqual(['cover.pdf', 'transactions.csv', 'transactions.xlsx']);
    expect(readFileSync(path.join(files, 'transactions.csv'), 'utf8')).toContain(orderNo);
    const cover = textOf(path.join(files, 'cover.pdf'));
    if (cover !== undefined) expect(cover).toContain('交易电子信息交付单');
    expect(desk.pageErrors()).toEqual([]);
  });
});
