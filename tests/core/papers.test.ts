import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { groupThousands } from '../../shared/money/index.ts';
import { firmDetails, paperDetails } from '../../shared/papers/details.ts';
import { paperKinds } from '../../shared/papers/kinds.ts';
import { forceState } from '../fixtures/force-state.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** Papers over the sample book's shipment: what is printed, what the workbook and the firm's own templates hold. */
let folder: string;
let core: Core;
let printed: string[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-papers-'));
  printed = [];
  core = coreAt(folder, {
    host: {
      ...bareHost,
      printPdf: async (html) => {
        printed.push(html);
        return new TextEncoder().encode('%PDF-');
      },
    },
  });
  await must(core, 'books.createSample', {});
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Subject = InputOf<'papers.list'>['subject'];
async function shipment(): Promise<{ shipmentId: number }> {
  const { rows } = await must(core, 'shipments.list', {});
  return { shipmentId: rows[0]?.id ?? 0 };
}
const preview = (
  subject: Subject,
  kind: (typeof paperKinds)[number],
  language: 'zh' | 'en' | 'both' = 'zh',
): Promise<OutputOf<'papers.preview'>> => must(core, 'papers.preview', { subject, kind, language });
const count = (text: string, part: string): number => text.split(part).length - 1;
/** A picture of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
const plain = (html: string): string => html.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, ' ');

describe('papers of a shipment', () => {
  it('have the same goods and totals before drafting and after, merged, with what is missing named', async () => {
    const subject = await shipment();
    const before = await must(core, 'papers.list', { subject });
    expect(before).toMatchObject({ isUndrafted: true, isAccepted: false });
    const { orders, blockedTotal } = await must(core, 'shipments.draft', { id: subject.shipmentId });
    const after = await must(core, 'papers.list', { subject });
    expect(before.blocked).toBe(blockedTotal);
    expect(after).toMatchObject({ isUndrafted: false, blocked: 0 });
    expect(after.documents).toBeGreaterThanOrEqual(orders);
    expect(after.totals).toEqual(before.totals);
    expect(after.gaps.map(({ code }) => code)).toContain('firmNameEn');
    for (const { items } of after.declarations) expect(items).toBeLessThanOrEqual(50);
    // Merged: fewer items than there are lines.
    const lines = core.session.book
      .prepare(`SELECT sum(json_array_length(body, '$.InventoryList')) AS n FROM document WHERE kind = 'CEB603Message'`)
      .get() as { n: number };
    expect(after.declarations.reduce((sum, one) => sum + one.items, 0)).toBeLessThan(lines.n);
  });

  it('are printed in every kind and language, the same total on each, with a watermark on each sheet', async () => {
    const subject = await shipment();
    await must(core, 'shipments.draft', { id: subject.shipmentId });
    const { totals, declarations } = await must(core, 'papers.list', { subject });
    for (const kind of paperKinds)
      for (const language of ['zh', 'en', 'both'] as const) {
        const { html, pages } = await preview(subject, kind, language);
        expect(count(html, '<section class="sheet">'), kind).toBe(pages);
        expect(count(html, 'class="watermark"'), kind).toBe(pages);
        expect(html).toContain(language === 'en' ? '>DRAFT<' : '>草稿');
        expect(html).not.toMatch(/undefined|NaN|\[object/);
        const text = plain(html);
        if (kind === 'invoice' || kind === 'contract' || kind === 'summary')
          for (const { currency, amount } of totals.amounts)
            expect(text, `${kind} ${language}`).toContain(`${currency} ${groupThousands(amount)}`);
        if (kind === 'packing' || kind === 'summary') {
          expect(text).toContain(totals.gross);
          expect(text).toContain(totals.net);
        }
        if (kind === 'declaration')
          for (const one of declarations) {
            expect(text).toContain(one.totals.gross);
            for (const { amount } of one.totals.amounts) expect(text).toContain(groupThousands(amount));
          }
      }
  });

  it('have an emergency form of each declaration, with its own country, numbers and totals', async () => {
    const subject = await shipment();
    await must(core, 'shipments.draft', { id: subject.shipmentId });
    const { declarations } = await must(core, 'papers.list', { subject });
    expect(declarations.length).toBeGreaterThan(1);
    const { html } = await preview(subject, 'emergency');
    // One place for customs' hand a form, and the first sheet of each names the country of its own goods alone.
    expect(count(html, '关员签字')).toBe(declarations.length);
    const countries = [...plain(html).matchAll(/运抵国（地区）\s+(\S+)/g)].map(([, country]) => country);
    expect(new Set(countries).size).toBeGreaterThan(1);
  });

  it('have the grid of the official form on every sheet of a declaration, in its order, pages counted', async () => {
    const subject = await shipment();
    const { html } = await preview(subject, 'declaration');
    const labels =
      '境内发货人 出境关别 出口日期 申报日期 备案号 境外收货人 运输方式 运输工具名称及航次号 提运单号 生产销售单位 监管方式 征免性质 许可证号 合同协议号 贸易国（地区） 运抵国（地区） 指运港 离境口岸 包装种类 件数 毛重(千克) 净重(千克) 成交方式 运费 保费 杂费 随附单证及编号 标记唛码及备注 项号 商品编号 商品名称及规格型号 数量及单位 单价/总价/币制 原产国（地区） 最终目的国（地区） 境内货源地 征免'.split(
        ' ',
      );
    const sheets = html.split('<section class="sheet">').slice(1).map(plain);
    const pages = sheets.map((sheet) => /页码\/页数：\s*(\d+)\/(\d+)/.exec(sheet)?.slice(1, 3).map(Number));
    for (const [at, sheet] of sheets.entries()) {
      let from = 0;
      for (const one of labels) {
        const found = sheet.indexOf(one, from);
        expect(found, `${one} on sheet ${at + 1}`).toBeGreaterThanOrEqual(from);
        from = found + one.length;
      }
      const [page = 0, of = 0] = pages[at] ?? [];
      expect(page).toBe(page === 1 ? 1 : (pages[at - 1]?.[0] ?? 0) + 1);
      expect(page).toBeLessThanOrEqual(of);
    }
  });

  it('take what the user typed, print copies, and lose the watermark when customs has accepted', async () => {
    const subject = await shipment();
    await must(core, 'shipments.draft', { id: subject.shipmentId });
    const long =
      'The Very Long Name of a Buyer Who Registered Every Word There Is and Then Some Trading Company Limited';
    await must(core, 'papers.saveDetails', {
      subject,
      details: paperDetails.parse({
        buyerName: long,
        invoiceNo: 'INV-2026-0001',
        payment: 'T/T 30 days',
        dangerous: 'battery',
      }),
    });
    await must(core, 'papers.saveFirm', {
      firm: firmDetails.parse({ nameEn: 'Qionghai Trading Co., Ltd.', address: '海口市' }),
    });
    const list = await must(core, 'papers.list', { subject });
    expect(list.gaps.map(({ code }) => code)).not.toContain('payment');
    expect(list.slots.find(({ code }) => code === 'battery-test')).toMatchObject({ level: 'must', files: [] });
    const { html, pages } = await preview(subject, 'invoice', 'both');
    for (const text of [long, 'INV-2026-0001', 'T/T 30 days', 'Qionghai Trading']) expect(html).toContain(text);
    const to = path.join(folder, 'invoice.pdf');
    const done = await must(core, 'papers.print', { subject, kind: 'invoice', language: 'both', copies: 2, to });
    expect(done.pages).toBe(2 * pages);
    expect(existsSync(to)).toBe(true);
    // What is printed is what was shown, twice over.
    const body = (text: string): string => text.slice(text.indexOf('<section'), text.lastIndexOf('</section>'));
    expect(count(printed[0] ?? '', body(html))).toBe(2);
    forceState(core.session.book, `UPDATE document SET state = 'released' WHERE kind = 'CEB603Message'`);
    expect((await preview(subject, 'invoice')).html).not.toContain('class="watermark"');
  });

  it('of one list are the list’s; of its order the same; a form without goods has none', async () => {
    const { shipmentId } = await shipment();
    await must(core, 'shipments.draft', { id: shipmentId });
    const [list] = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).rows;
    const [order] = (await must(core, 'documents.list', { kind: 'CEB303Message', text: list?.orderNo ?? '', limit: 1 }))
      .rows;
    const one = await must(core, 'papers.list', { subject: { documentId: list?.id ?? 0 } });
    expect(one).toMatchObject({ documents: 1, subject: { number: list?.businessKey } });
    const same = await must(core, 'papers.list', { subject: { documentId: order?.id ?? 0 } });
    expect(same.totals.amounts).toEqual(one.totals.amounts);
    expect(await core.call('papers.list', { subject: { shipmentId: 999_999 } })).toMatchObject({
      ok: false,
      error: { code: 'SHIPMENT_UNKNOWN' },
    });
  });
});

describe('the five-sheet workbook', () => {
  it('has equal totals on every sheet, text for long numbers and no formula', async () => {
    const subject = await shipment();
    await must(core, 'shipments.draft', { id: subject.shipmentId });
    const { totals } = await must(core, 'papers.list', { subject });
    for (const fieldCodes of [false, true]) {
      const file = path.join(folder, `five-${fieldCodes}.xlsx`);
      await must(core, 'papers.workbook', { subject, fieldCodes, to: file });
      const book = new ExcelJS.Workbook();
      await book.xlsx.readFile(file);
      expect(book.worksheets.map(({ name }) => name)).toEqual(['报关单', '发票', '装箱单', '申报要素', '合同']);
      const sums: Record<string, Record<string, number>> = {};
      const net: number[] = [];
      for (const sheet of book.worksheets) {
        let columns: readonly string[] = [];
        let isCodes = false;
        sheet.eachRow((row) => {
          const cells = Array.from({ length: sheet.columnCount }, (_, at) => row.getCell(at + 1));
          for (const cell of cells) expect(cell.formula ?? '', `${sheet.name} ${cell.address}`).toBe('');
          const texts = cells.map((cell) => cell.text);
          if (texts[0] === '项号' || texts[0] === '序号') {
            columns = texts;
            isCodes = fieldCodes;
            return;
          }
          if (columns.length === 0) return;
          if (isCodes) {
            isCodes = false;
            expect(texts[0]).toMatch(/^(GNo|no)$/);
            return;
          }
          const value = (head: string) => cells[columns.indexOf(head)]?.value;
          const code = value('商品编号') ?? value('商品编码');
          if (typeof code === 'number') throw new Error(`a commodity code is a number in ${sheet.name}`);
          const amount = value('总价') ?? value('金额');
          if (texts[0] === '合计') {
            if (typeof amount === 'number') {
              const currency = String(value('币制'));
              expect(Math.round((sums[sheet.name]?.[currency] ?? 0) * 1e4) / 1e4, sheet.name).toBe(amount);
              expect(amount).toBe(Number(totals.amounts.find((one) => one.currency === currency)?.amount));
            }
            const weight = value('净重(千克)');
            if (typeof weight === 'number') net.push(weight);
          } else if (typeof amount === 'number') {
            const currency = String(value('币制'));
            sums[sheet.name] = { ...sums[sheet.name], [currency]: (sums[sheet.name]?.[currency] ?? 0) + amount };
          }
        });
        expect(columns.length, sheet.name).toBeGreaterThan(0);
      }
      expect(net).toEqual([Number(totals.net), Number(totals.net)]);
    }
  });
});

describe('a firm’s own template', () => {
  async function template(fill: (sheet: ExcelJS.Worksheet) => void, name = 'own.xlsx'): Promise<string> {
    const book = new ExcelJS.Workbook();
    fill(book.addWorksheet('发票'));
    const file = path.join(folder, name);
    await book.xlsx.writeFile(file);
    return file;
  }

  it('is refused with the cell and the nearest placeholder of each that nobody knows', async () => {
    const file = await template((sheet) => {
      sheet.getCell('B2').value = '发票 {{invoice.nr}}';
      sheet.getCell('B3').value = '{{amount}}';
      sheet.getCell('A5').value = '{{#goods}}{{gname}}';
      sheet.getCell('B5').value = '{{amout}}';
      sheet.getCell('C5').value = '{{#packing}}';
      sheet.getCell('C6').value = { formula: 'SUM(B5:B5)' };
      sheet.getCell('D6').value = '{{total.amount';
    });
    const { problems, template: kept } = await must(core, 'papers.addTemplate', { file, name: '发票' });
    expect(kept).toBeUndefined();
    expect(problems.map(({ cell, code, nearest }) => [cell, code, nearest])).toEqual(
      expect.arrayContaining([
        ['B2', 'unknown', 'invoice.no'],
        ['B3', 'outsideGoods', ''],
        ['B5', 'unknown', 'amount'],
        ['C5', 'mixedGoods', ''],
        ['C6', 'formula', ''],
        ['D6', 'unclosed', ''],
      ]),
    );
    expect((await must(core, 'papers.templates', {})).rows).toEqual([]);
    const empty = await template(() => undefined, 'empty.xlsx');
    expect(await core.call('papers.addTemplate', { file: empty, name: 'x' })).toMatchObject({
      error: { code: 'PAPER_TEMPLATE_EMPTY' },
    });
  });

  it('is kept in the book and filled: rows repeated, merged cells and what stands below kept', async () => {
    const subject = await shipment();
    await must(core, 'shipments.draft', { id: subject.shipmentId });
    await must(core, 'papers.saveDetails', {
      subject,
      details: paperDetails.parse({ invoiceNo: 'INV-7', buyerName: '=cmd()' }),
    });
    const file = await template((sheet) => {
      sheet.getCell('A1').value = 'INVOICE {{ invoice.no }} of {{seller.name}}';
      sheet.mergeCells('A1:D1');
      sheet.getCell('A2').value = '{{buyer.name}}';
      sheet.getCell('A4').value = '{{#goods}}{{no}}';
      sheet.getCell('B4').value = '{{gcode}}';
      sheet.getCell('C4').value = '{{gname}}';
      sheet.mergeCells('C4:D4');
      sheet.getCell('E4').value = '{{amount}}';
      sheet.getCell('E4').numFmt = '#,##0.00';
      sheet.getCell('A5').value = 'TOTAL';
      sheet.mergeCells('A5:D5');
      sheet.getCell('E5').value = '{{total.amount}}';
      sheet.getCell('A6').value = '{{total.wordsEn}}';
    });
    const { template: kept, problems } = await must(core, 'papers.addTemplate', { file, name: '外销发票' });
    expect(problems).toEqual([]);
    const again = await must(core, 'papers.addTemplate', { file, name: '外销发票' });
    expect(again.template?.id).toBe(kept?.id);
    const out = path.join(folder, 'filled.xlsx');
    const done = await must(core, 'papers.fillTemplate', { id: kept?.id ?? 0, subject, to: out });
    const list = await must(core, 'papers.list', { subject });
    const items = list.declarations.reduce((sum, one) => sum + one.items, 0);
    expect(done.rows).toBe(items);
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(out);
    const sheet = book.getWorksheet('发票');
    expect(sheet?.getCell('A1').text).toBe(`INVOICE INV-7 of ${list.parties.consignor.name}`);
    // What could be a formula never is.
    expect(sheet?.getCell('A2').value).toBe("'=cmd()");
    expect(sheet?.getCell('A4').value).toBe(1);
    expect(typeof sheet?.getCell('B4').value).toBe('string');
    expect(sheet?.getCell(`D${3 + items}`).isMerged).toBe(true);
    expect(sheet?.getCell(`A${4 + items}`).text).toBe('TOTAL');
    expect(sheet?.getCell(`D${4 + items}`).isMerged).toBe(true);
    expect(sheet?.getCell(`A${5 + items}`).text).toMatch(/^SAY .* ONLY/);
    let sum = 0;
    for (let at = 0; at < items; at += 1) sum += Number(sheet?.getCell(`E${4 + at}`).value);
    if (list.totals.amounts.length === 1) expect(sum).toBeCloseTo(Number(list.totals.amounts[0]?.amount), 2);
    await must(core, 'papers.removeTemplate', { id: kept?.id ?? 0 });
    expect(await core.call('papers.fillTemplate', { id: kept?.id ?? 0, subject, to: out })).toMatchObject({
      error: { code: 'PAPER_TEMPLATE_UNKNOWN' },
    });
  });
});

it('goes into a folder whole, every paper and the workbook', async () => {
  const subject = await shipment();
  const out = path.join(folder, 'out');
  mkdirSync(out);
  const done = await must(core, 'papers.export', { subject, kinds: [...paperKinds], workbook: true, to: out });
  expect(done.as).toBe('pdf');
  expect(readdirSync(out).toSorted()).toEqual(done.files.toSorted());
  expect(done.files).toHaveLength(paperKinds.length + 1);
  expect(
    readFileSync(path.join(out, done.files[0] ?? ''))
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
});

describe('how papers are put on paper', () => {
  const settings = {
    printers: [{ name: '二楼针式', marginMm: 0, offsetXMm: 1.5, offsetYMm: -2, copies: 3 }],
    current: '二楼针式',
    isSealOn: false,
    sealWidthMm: 40,
  };

  it('moves by the offset of the current printer, in the preview and in the print alike', async () => {
    const subject = await shipment();
    const before = await preview(subject, 'invoice');
    expect(before.html).toContain('margin: 14mm 12mm 16mm 12mm');
    await must(core, 'printing.save', settings);
    const moved = await preview(subject, 'invoice');
    expect(moved.html).toContain('margin: 12mm 10.5mm 18mm 13.5mm');
    await must(core, 'papers.print', { subject, kind: 'invoice', to: path.join(folder, 'invoice.pdf') });
    expect(printed).toEqual([moved.html]);
    // More margin makes the sheet smaller and leaves it in the middle.
    const [printer] = settings.printers;
    await must(core, 'printing.save', {
      ...settings,
      printers: [{ ...printer, marginMm: 9.3, offsetXMm: 0, offsetYMm: 0 }] as never,
    });
    const smaller = await preview(subject, 'invoice');
    expect(smaller.html).toContain('zoom: 0.9;');
    expect(smaller.html).toContain('margin: 27.3mm 21.3mm 29.3mm 21.3mm');
    expect(smaller.pages).toBe(before.pages);
    expect(await core.call('papers.preview', { subject, kind: 'invoice', printer: '没有' })).toMatchObject({
      error: { code: 'PRINTER_UNKNOWN' },
    });
    expect(
      await core.call('printing.save', { ...settings, printers: [...settings.printers, ...settings.printers] }),
    ).toMatchObject({
      error: { code: 'PRINTER_TWICE' },
    });
  });

  it('prints only the values on a form that is printed already, without page numbers', async () => {
    const subject = await shipment();
    const { html } = await must(core, 'papers.preview', { subject, kind: 'proxy', overlay: true });
    expect(html).toContain('data-footer="none"');
    expect(html).toContain('.sheet .l, .sheet h1, .sheet h2, .watermark { visibility: hidden; }');
    // What is left when everything printed already is taken away.
    const values = plain(
      html
        .replace(/<(p|div|td|span) class="(?:indent |clause |ask )?l">(?:(?!<\/\1>).)*<\/\1>/gs, '')
        .replace(/<h1.*?<\/h1>/gs, ''),
    );
    expect(values).not.toContain('我单位');
    expect(values).toContain('海南椰风示范贸易有限公司');
    expect((await preview(subject, 'proxy')).html).not.toContain('data-footer');
  });

  it('has the seal only when it is switched on, only at the firm’s own places, and sealed with the book', async () => {
    const subject = await shipment();
    const file = path.join(folder, 'seal.png');
    expect(await core.call('printing.save', { ...settings, isSealOn: true })).toMatchObject({
      error: { code: 'SEAL_MISSING' },
    });
    writeFileSync(file, 'no picture');
    expect(await core.call('printing.setSeal', { file })).toMatchObject({ error: { code: 'SEAL_NOT_PICTURE' } });
    writeFileSync(file, pixel);
    await must(core, 'printing.setSeal', { file });
    await must(core, 'printing.save', settings);
    const off = (await preview(subject, 'contract')).html;
    expect(off).not.toContain('data:image');
    await must(core, 'printing.save', { ...settings, isSealOn: true });
    const { html } = await preview(subject, 'contract');
    expect(html).toContain(`url("data:image/png;base64,${pixel.toString('base64')}")`);
    const firm = await must(core, 'books.profile', {});
    const spots = [...html.matchAll(/data-of="(\w+)"><\/span>/g)].map(([, code]) => code);
    expect(spots).not.toHaveLength(0);
    expect([firm.uscc, firm.customsCode]).toEqual(expect.arrayContaining(spots));
    await must(core, 'printing.removeSeal', {});
    expect(await must(core, 'printing.get', {})).toMatchObject({ isSealOn: false });
    expect((await preview(subject, 'contract')).html).toBe(off);
  });

  it('calibrates by crosses at known places', async () => {
    await must(core, 'printing.save', settings);
    const { html } = await must(core, 'printing.calibration', { printer: '二楼针式' });
    expect(html).toContain('margin: 12mm 10.5mm 18mm 13.5mm');
    expect(count(html, 'class="cross"')).toBe(4);
    await must(core, 'printing.printCalibration', { printer: '二楼针式', to: path.join(folder, 'page.pdf') });
    expect(printed).toEqual([html]);
  });

  it('names the delegation in force on the proxy letter', async () => {
    const subject = await shipment();
    const firm = await must(core, 'books.profile', {});
    const delegation = {
      ...{
        number: 'WT-2026-8',
        principalName: firm.name,
        principalUscc: firm.uscc,
        principalCustoms: firm.customsCode,
      },
      ...{ agentName: '海口先行报关有限公司', agentUscc: '91460100MA5TPC000A', agentCustoms: '' },
      ...{ modes: ['9610'], kinds: [], fromOn: '2026-01-01', untilOn: '2027-06-30', note: '' },
    };
    await must(core, 'delegations.save', delegation);
    const text = plain((await preview(subject, 'proxy')).html).replaceAll(/\s+/g, '');
    for (const part of ['WT-2026-8', '海口先行报关有限公司：', '我单位现B（', '2027年06月30日止'])
      expect(text).toContain(part);
  });
});
