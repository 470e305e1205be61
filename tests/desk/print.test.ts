import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { groupThousands } from '../../shared/money/index.ts';
import { answerDialogs, type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * Everything that goes on paper, printed by the real desk on the sample book and read back: what it is and whose, that a
 * worksheet is a draft, that its figures are those on screen, that no sheet is cut off.
 *
 * Reading text back takes `pdftotext` (poppler-utils); without it the pages are counted and no more.
 */
const t = textsIn('zh-CN');
// PORTBOOK_PRINTS keeps the papers for a look at them.
const kept = process.env.PORTBOOK_PRINTS;
const folder = kept ?? mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-print-'));
const canRead = spawnSync('pdftotext', ['-v']).error === undefined;

let desk: Desk;

/** Asks the core as the page does. */
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

/** A file to write, granted by the save dialog as the user's choice is. */
async function grant(name: string): Promise<{ token: string; file: string }> {
  const file = path.join(folder, name);
  await answerDialogs(desk.app, [file]);
  const chosen = await desk.page.evaluate((defaultName) => {
    const bridge: { chooseSaveFile(options: object): Promise<{ token: string } | null> } = Reflect.get(
      window,
      'portbook',
    );
    return bridge.chooseSaveFile({ purpose: defaultName, defaultName });
  }, name);
  if (!chosen) throw new Error(`${name} was not granted`);
  return { token: chosen.token, file };
}

interface Paper {
  readonly pages: number;
  /** Empty where it cannot be read. */
  readonly text: string;
}

/** Reads a PDF back; every page must be A4. */
function read(file: string): Paper {
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  if (!canRead) return { pages: (bytes.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length, text: '' };
  const about = execFileSync('pdfinfo', ['-l', '-1', file], { encoding: 'utf8' });
  const sizes = [...about.matchAll(/Page +\d+ size: +([\d.]+) x ([\d.]+)/g)];
  for (const [, width, height] of sizes) {
    const sides = [Number(width), Number(height)].sort((a, b) => a - b).map(Math.round);
    // 210 × 297 mm in points; the printer rounds to whole pixels.
    expect(Math.abs((sides[0] ?? 0) - 595)).toBeLessThanOrEqual(2);
    expect(Math.abs((sides[1] ?? 0) - 842)).toBeLessThanOrEqual(2);
  }
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  // A glyph no font has comes back as the replacement character or as nothing that is a character.
  expect(text).not.toMatch(/[\uFFFD\uE000-\uF8FF]/);
  return { pages: sizes.length, text };
}

/** The period of the sample book in which a worksheet has most to print. */
async function fullest(
  name: InputOf<'worksheets.get'>['name'],
  kind: 'year' | 'quarter' | 'month',
  months: readonly string[],
): Promise<string> {
  const keyOf = (month: string): string =>
    kind === 'month'
      ? month
      : `${month.slice(0, 4)}${kind === 'year' ? '' : `-Q${Math.ceil(Number(month.slice(5)) / 3)}`}`;
  let best = { period: keyOf(months[0] ?? '2026-09'), rows: -1 };
  for (const period of new Set(months.slice(0, 6).map(keyOf))) {
    const { sections } = await ask('worksheets.get', { name, period, limit: 1 });
    const rows = sections.reduce((sum, { rowCount }) => sum + rowCount, 0);
    if (rows > best.rows) best = { period, rows };
  }
  return best.period;
}

/** Words as they stand wherever a line may have been broken. */
const joined = (text: string): string => text.replaceAll(/\s+/g, '');

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  const hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
  // The sample fills its ledger behind the first screen; the tax advance comes last.
  const advances = async (): Promise<number> =>
    (await ask('tax.facts', { name: 'income-prepaid' })).rows.filter(({ source }) => source.startsWith('示例')).length;
  await vi.waitFor(async () => expect(await advances()).toBeGreaterThan(0), { timeout: 60_000, interval: 200 });
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
});

describe('on paper', () => {
  it('is every worksheet: a draft of the firm, with the figures of the screen, A4, page by page', async () => {
    const profile = await ask('books.profile', {});
    const { rows, months } = await ask('worksheets.list', {});
    expect(rows.length).toBeGreaterThan(14);
    for (const { name, title, periods } of rows) {
      const period = await fullest(name, periods[0] ?? 'month', months);
      const { token, file } = await grant(`${name}.pdf`);
      expect(await ask('worksheets.print', { name, period, file: token })).toEqual({ pages: 'pdf' });
      const view = await ask('worksheets.get', { name, period, limit: 5000 });
      const paper = read(file);
      expect(paper.pages, name).toBeGreaterThan(0);
      if (!canRead) continue;
      const text = joined(paper.text);
      expect(text, name).toContain(joined(title.zh));
      expect(text, name).toContain(joined(profile.name));
      expect(text, name).toContain('草稿');
      expect(text, name).toContain(period);
      for (let page = 1; page <= paper.pages; page += 1) expect(text, name).toContain(`${page}/${paper.pages}`);
      for (const { id, type, value } of view.results)
        if (type === 'money' && value !== '') expect(text, `${name} ${id}`).toContain(groupThousands(value));
      for (const { id, totals, columns } of view.sections)
        for (const column of columns) {
          // The heads of wide tables are broken over lines, which reading back mixes with their neighbours'.
          if (columns.length < 9) expect(text, `${name} ${id} ${column.id}`).toContain(joined(column.label.zh));
          const total = totals[column.id];
          // In one piece: an amount broken over two lines is no amount.
          if (column.type === 'money' && total !== undefined)
            expect(paper.text, `${name} ${id} ${column.id}`).toContain(groupThousands(total));
        }
    }
  });

  it('is every report of the ledger', async () => {
    const profile = await ask('books.profile', {});
    const { months } = await ask('worksheets.list', {});
    const [to = '2026-09'] = months;
    const from = `${to.slice(0, 4)}-01`;
    const range = { from, to };
    const requests: InputOf<'reports.print'>['request'][] = [
      { report: 'trialBalance', params: range },
      { report: 'generalLedger', params: range },
      { report: 'accountLedger', params: { ...range, accounts: ['1122'] } },
      { report: 'quantityLedger', params: { ...range, source: 'stock' } },
      { report: 'balanceSheet', params: { period: to } },
      { report: 'incomeStatement', params: range },
      { report: 'ageing', params: { kind: 'receivable', date: `${to}-28` } },
      { report: 'margin', params: { ...range, by: 'product' } },
    ];
    for (const request of requests) {
      const { token, file } = await grant(`${request.report}.pdf`);
      const { rows } = await ask('reports.print', { request, to: token });
      const paper = read(file);
      expect(paper.pages, request.report).toBeGreaterThan(0);
      if (!canRead) continue;
      expect(joined(paper.text), request.report).toContain(joined(profile.name));
      if (rows > 0) expect(paper.text, request.report).toMatch(/\d\.\d{2}/);
    }
    if (!canRead) return;
    const { rows } = await ask('reports.balanceSheet', { period: to });
    const assets = rows.find(({ nameZh }) => nameZh === '资产总计' || nameZh === '资产合计');
    const sheet = execFileSync('pdftotext', ['-layout', path.join(folder, 'balanceSheet.pdf'), '-'], {
      encoding: 'utf8',
    });
    expect(sheet).toContain(groupThousands(assets?.amount ?? 'no total of assets').replace('-', '\u2212'));
  });

  it('is the index of papers on file', async () => {
    const { token, file } = await grant('papers.zip');
    const done = await ask('archive.export', { to: token });
    expect(done.index).toBe('pdf');
    const entries = unzipSync(new Uint8Array(readFileSync(file)));
    const [name, bytes] =
      Object.entries(entries).find(([entry]) => entry.endsWith('.pdf') && !entry.includes('/')) ?? [];
    if (name === undefined || bytes === undefined) throw new Error(`no index among ${Object.keys(entries).join(' ')}`);
    const index = path.join(folder, 'archive-index.pdf');
    writeFileSync(index, bytes);
    const paper = read(index);
    expect(paper.pages).toBeGreaterThan(0);
    if (!canRead) return;
    const profile = await ask('books.profile', {});
    const text = joined(paper.text);
    expect(text).toContain('出口退（免）税备案单证目录');
    expect(text).toContain(joined(profile.name));
    expect(text).toContain(`1/${paper.pages}`);
    expect(existsSync(file) && strFromU8(bytes.subarray(0, 4))).toBe('%PDF');
    expect(desk.pageErrors()).toEqual([]);
  });
});
