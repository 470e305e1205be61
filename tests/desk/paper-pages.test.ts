import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { type PaperKind, paperKinds } from '../../shared/papers/kinds.ts';
import { answerDialogs, type Desk, launchDesk, root } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * Golden pages: each paper of one declaration has every text where it was when a person last looked at it, laid out
 * in the window as it is printed; and what is printed has as many sheets and no font but the one that ships. Texts with digits (dates, numbers) change from day to day
 * and are left out.
 *
 * `PORTBOOK_GOLDEN=1` writes the golden files anew; look at the papers (`PORTBOOK_PRINTS=folder`) before keeping them.
 */
const kept = process.env['PORTBOOK_PRINTS'];
const isWriting = process.env['PORTBOOK_GOLDEN'] === '1';
const folder = kept ?? mkdtempSync(path.join(os.tmpdir(), 'portbook-pages-'));
const golden = path.join(root, 'tests/fixtures/golden-pages');
/** Millimetres: less than that is rounding, a line is more than three. */
const TOLERANCE = 0.4;

const t = textsIn('zh-CN');
let desk: Desk;
let documentId = 0;

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

async function print(kind: PaperKind, language: 'zh' | 'both'): Promise<string> {
  const file = path.join(folder, `${kind}-${language}.pdf`);
  await answerDialogs(desk.app, [file]);
  const chosen = await desk.page.evaluate((defaultName) => {
    const bridge: { chooseSaveFile(options: object): Promise<{ token: string } | null> } = Reflect.get(
      window,
      'portbook',
    );
    return bridge.chooseSaveFile({ purpose: defaultName, defaultName });
  }, path.basename(file));
  await ask('papers.print', { subject: { documentId }, kind, language, copies: 1, to: chosen?.token ?? '' });
  return file;
}

type Spot = readonly [sheet: number, x: number, y: number, lines: number, text: string];

/** The texts of the printed page without digits in them: sheet from 1, left upper corner on it in millimetres, lines taken. */
async function spotsOf(kind: PaperKind, language: 'zh' | 'both'): Promise<readonly Spot[]> {
  const { html } = await ask('papers.preview', { subject: { documentId }, kind, language });
  return await desk.page.evaluate(async (text) => {
    const styles = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style);
    const page = new DOMParser().parseFromString(text.replaceAll(/<style>[\s\S]*?<\/style>/g, ''), 'text/html');
    const host = document.createElement('div');
    host.style.cssText = 'position: absolute; left: 0; top: 0;';
    const shadow = host.attachShadow({ mode: 'open' });
    const sheetOfStyles = new CSSStyleSheet();
    sheetOfStyles.replaceSync(styles.join('\n'));
    shadow.adoptedStyleSheets = [sheetOfStyles];
    shadow.append(...page.body.childNodes);
    document.body.append(host);
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = './fonts/print.css';
    await new Promise((loaded, failed) => {
      link.addEventListener('load', loaded);
      link.addEventListener('error', failed);
      document.head.append(link);
    });
    // Laid out once, the sheets have asked for the slices of their font.
    host.getBoundingClientRect();
    await document.fonts.ready;
    const spots: [number, number, number, number, string][] = [];
    for (const [at, sheet] of [...shadow.querySelectorAll<HTMLElement>('.sheet')].entries()) {
      const box = sheet.getBoundingClientRect();
      // 96 pixels an inch.
      const round = (pixels: number): number => Math.round(pixels * (25.4 / 96) * 10) / 10;
      const nodes = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const words = (node.textContent ?? '').trim();
        if (words === '' || /\d/.test(words)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const places = [...range.getClientRects()].filter(({ width }) => width > 0);
        const [first] = places;
        if (first === undefined) continue;
        const lines = new Set(places.map(({ top }) => Math.round(top))).size;
        spots.push([at + 1, round(first.left - box.left), round(first.top - box.top), lines, words]);
      }
    }
    host.remove();
    link.remove();
    return spots;
  }, html);
}

/** Names of the fonts of a PDF, by its own dictionaries. */
function fontsOf(file: string): string[] {
  const bytes = readFileSync(file).toString('latin1');
  return [...new Set([...bytes.matchAll(/\/(?:BaseFont|FontName) ?\/([\w+-]+)/g)].map(([, name = '']) => name))];
}

/** One declaration whose papers say the same on every day. */
const body = {
  'DecHead/CustomMaster': '6407',
  'DecHead/IEPort': '6407',
  'DecHead/EntyPortCode': '460001',
  'DecHead/IEDate': '20261124',
  'DecHead/TrafMode': '5',
  'DecHead/TrafName': 'HU491',
  'DecHead/BillNo': '880-12345678',
  'DecHead/TradeMode': '0110',
  'DecHead/CutMode': '101',
  'DecHead/ContrNo': 'HT-2026-7',
  'DecHead/TradeAreaCode': 'GBR',
  'DecHead/TradeCountry': 'GBR',
  'DecHead/DistinatePort': 'GBR000',
  'DecHead/WrapType': '22',
  'DecHead/PackNo': '12',
  'DecHead/GrossWet': '100.5',
  'DecHead/NetWt': '90.25',
  'DecHead/TransMode': '3',
  'DecHead/PromiseItmes': '00000',
  'DecHead/TaxAaminMark': '0',
  'DecHead/MarkNo': 'N/M',
  'DecHead/NoteS': '易碎，鎏金纹',
  'DecHead/DeclareName': '赵六',
  'DecHead/OverseasConsigneeEname': 'The Harrow and Leeds Gifts and Homewares Trading Company Limited',
  'DecFreeTxt/VoyNo': '1124W',
  'LicenseDocu[1]/DocuCode': '4',
  'LicenseDocu[1]/CertCode': '26-AA-100001',
  'DecList[1]/CodeTS': '6912001000',
  'DecList[1]/GName': '陶瓷杯',
  'DecList[1]/GModel': '0|0|陶|家用|无品牌',
  'DecList[1]/GQty': '50',
  'DecList[1]/GUnit': '007',
  'DecList[1]/FirstQty': '90.25',
  'DecList[1]/FirstUnit': '035',
  'DecList[1]/DeclPrice': '12.3456',
  'DecList[1]/DeclTotal': '617.28',
  'DecList[1]/TradeCurr': 'GBP',
  'DecList[1]/OriginCountry': 'GBR',
  'DecList[1]/DestinationCountry': 'CHN',
  'DecList[1]/DistrictCode': '46011',
  'DecList[1]/DutyMode': '1',
  'DecList[1]/DeclGoodsEname': 'Ceramic cup',
};

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  const hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
  documentId = (await ask('documents.create', { kind: 'DecMessage' })).id;
  await ask('documents.edit', {
    id: documentId,
    changes: Object.entries(body).map(([at, value]) => ({ path: at, value })),
  });
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
});

describe('the papers of a declaration', () => {
  it.each(paperKinds)('have every text of %s in its place, as many sheets in print, and one font', async (kind) => {
    for (const language of ['zh', 'both'] as const) {
      const spots = await spotsOf(kind, language);
      const name = `${kind}-${language}`;
      const goldenFile = path.join(golden, `${name}.json`);
      if (isWriting) {
        mkdirSync(golden, { recursive: true });
        writeFileSync(goldenFile, `[\n${spots.map((spot) => `  ${JSON.stringify(spot)}`).join(',\n')}\n]\n`);
      }
      expect(existsSync(goldenFile), `${name}: no golden page; write it with PORTBOOK_GOLDEN=1`).toBe(true);
      const before = JSON.parse(readFileSync(goldenFile, 'utf8')) as Spot[];
      const order = (all: readonly Spot[]) => all.map(([sheet, , , lines, text]) => `${sheet} ${lines} ${text}`);
      expect(order(spots), name).toEqual(order(before));
      const moved = spots.filter(([, x, y], at) => {
        const [, oldX = 0, oldY = 0] = before[at] ?? [];
        return Math.abs(x - oldX) > TOLERANCE || Math.abs(y - oldY) > TOLERANCE;
      });
      expect(moved, name).toEqual([]);

      const file = await print(kind, language);
      const sheets = Math.max(...spots.map(([sheet]) => sheet));
      const pdf = readFileSync(file).toString('latin1');
      expect((pdf.match(/\/Type ?\/Page\b/g) ?? []).length, name).toBe(sheets);
      const fonts = fontsOf(file);
      expect(fonts.length, name).toBeGreaterThan(0);
      for (const font of fonts) expect(font, name).toMatch(/^(\w{6}\+)?NotoSansSC/);
      // Embedded, each of them.
      expect(pdf, name).toMatch(/\/FontFile[23]? /);
    }
  });
});
