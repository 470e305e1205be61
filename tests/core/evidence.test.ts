import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, firm, must, shipmentBody } from '../fixtures/trade.ts';

/** Evidence packs and electronic transaction data over a book with two matched orders, one that does not match, and a receipt. */
const today = chinaDate(new Date().toISOString());
let folder = '';
let core: Core;
let platform: Platform | undefined;
let hasWindow = false;
let recordId = 0;
let shipmentId = 0;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-evidence-'));
  hasWindow = false;
  core = coreAt(folder, {
    host: { ...bareHost, printPdf: async (html) => (hasWindow ? Buffer.from(`%PDF ${html}`) : undefined) },
  });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'rates.set', { currency: 'USD', date: '2026-01-01', cnyPerUnit: '7.1', source: '测试' });
  fill();
  const account = await must(core, 'moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: '美元户',
    institution: '测试银行琼海支行',
    currency: 'USD',
    number: '6200000000001234',
  });
  const record = await must(core, 'moneyRecords.save', {
    kind: 'receipt',
    date: today,
    accountId: account.id,
    amount: '310.00',
    counterparty: 'Test Market LLC',
    counterpartyCountry: 'US',
    detail: { codes: [{ code: '122030', amount: '310.00', remark: '跨境电商货款' }] },
  });
  recordId = record.id;
  await must(core, 'allocations.confirm', {
    items: ['A1', 'A2', 'A3'].map((no) => ({
      recordId,
      target: { kind: 'order' as const, no },
      amount: '100.00',
      thirdParty: '平台代收',
    })),
  });
});
afterEach(async () => {
  await core.close();
  await platform?.close();
  platform = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Orders A1, A2, A3 of USD 100 with waybills, lists and payments; the payment of A3 is of another amount. */
function fill(): void {
  const { book } = core.session;
  const at = new Date().toISOString();
  shipmentId = Number(
    book
      .prepare(
        `INSERT INTO shipment (shipment_no, mode, body, state, created_at, updated_at) VALUES ('S20261121-001', '9610', ?, 'drafted', ?, ?)`,
      )
      .run(JSON.stringify(shipmentBody), at, at).lastInsertRowid,
  );
  book
    .prepare(
      `INSERT INTO product (sku, name_source, state, name_cn, created_at, updated_at) VALUES ('MUG', 'mug', 'classified', '陶瓷马克杯', ?, ?)`,
    )
    .run(at, at);
  for (const [n, no] of ['A1', 'A2', 'A3'].entries()) {
    const { lastInsertRowid: order } = book
      .prepare(
        `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, created_at, buyer_name, buyer_key)
         VALUES (?, '2026-11-0${n + 1}', '2026-11-0${n + 1}T00:00:00', 'United States', '502', 'USD', 1, 10000000, 'released', ?, 'Jane Doe', 'JANE DOE')`,
      )
      .run(no, at);
    book
      .prepare(
        `INSERT INTO order_line (order_id, line_no, sku, description, qty_e5, price_e5, total_e5, fingerprint, occurrence, source_row)
         VALUES (?, 1, 'MUG', 'mug', 100000, 10000000, 10000000, ?, 1, 1)`,
      )
      .run(order, `line ${no}`);
    book
      .prepare(
        `INSERT INTO waybill (order_no, logistics_no, gross_weight_e5, packages, currency) VALUES (?, ?, 150000, 1, 'USD')`,
      )
      .run(no, `YT${no}`);
    book
      .prepare(
        `INSERT INTO order_payment (order_no, nth, pay_no, payer, payer_key, currency, amount_e5, paid_on, fingerprint, occurrence)
         VALUES (?, 1, ?, 'Jane Doe', 'JANE DOE', 'USD', ?, '2026-11-0${n + 1}', ?, 1)`,
      )
      .run(no, `P-${no}`, no === 'A3' ? 9000000 : 10000000, `pay ${no}`);
    const document = book
      .prepare(
        `INSERT INTO document (kind, business_key, guid, order_id, shipment_id, body, amount_e5, currency, state, platform_no, tables_version, created_at, updated_at)
         VALUES ('CEB603Message', ?, ?, ?, ?, ?, 10000000, 'USD', 'released', ?, 'test', ?, ?)`,
      )
      .run(
        `COP${no}`,
        `guid-${no}`,
        order,
        shipmentId,
        JSON.stringify({
          InventoryHead: { orderNo: no, logisticsNo: `YT${no}`, country: '502', grossWeight: '1.5' },
          InventoryList: [
            { gnum: '1', itemNo: 'MUG', qty: '1', price: '100', totalPrice: '100', currency: '502', country: '502' },
          ],
        }),
        `64072026E0000000000${n + 1}`,
        at,
        at,
      );
    book
      .prepare(
        `INSERT INTO export_line (mode, declaration_no, line_no, export_date, document_id, order_id, shipment_id, sku, hs_code, name, unit, qty_e5, currency, fob_minor, created_at)
         VALUES ('9610', ?, 1, '2026-11-05', ?, ?, ?, 'MUG', '6912001000', '陶瓷马克杯', '个', 100000, 'USD', 10000, ?)`,
      )
      .run(`64072026E0000000000${n + 1}`, document.lastInsertRowid, order, shipmentId, at);
  }
}

const preview = () => must(core, 'evidence.preview', { of: { kind: 'record', id: recordId } });
const file = (name: string, content: string): string => {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
};

/** Declares the receipt with the practice platform, so that there is a message and its receipts. */
async function declare(): Promise<void> {
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  await must(core, 'filings.draft', { subjects: [{ kind: 'money-record', id: recordId }] });
  await must(core, 'documents.queue', { kind: 'FX101Message' });
  await syncUntil(core);
}

describe('what a receipt is proved with', () => {
  it('is gathered from record to orders, payments, waybills, lists and match, and what is missing is named', async () => {
    const view = await preview();
    expect(view.subject).toMatchObject({ kind: 'record', id: recordId });
    const rows = (id: string) => view.sections.find((one) => one.id === id)?.rows.map(({ cells }) => cells) ?? [];
    expect(view.sections.map(({ id }) => id)).toEqual([
      'record',
      'allocations',
      'orders',
      'payments',
      'waybills',
      'lists',
      'declarations',
      'vouchers',
      'match',
    ]);
    expect(rows('record')[0]).toEqual(expect.arrayContaining(['•••• 1234', '310.00', '10.00']));
    expect(rows('orders').map(([no]) => no)).toEqual(['A1', 'A2', 'A3']);
    expect(rows('declarations').map(([no]) => no)).toEqual([1, 2, 3].map((n) => `64072026E0000000000${n}`));
    const orders = view.sections.find(({ id }) => id === 'orders');
    expect(orders?.rows[0]?.target).toMatchObject({ page: 'orders' });
    expect(view.gaps.map(({ code, level }) => [code, level])).toEqual(
      expect.arrayContaining([
        ['slip', 'reject'],
        ['unallocated', 'doubt'],
        ['undeclared', 'doubt'],
        ['papers', 'doubt'],
      ]),
    );
    expect(view.gaps.find(({ code }) => code === 'unallocated')?.params).toMatchObject({ amount: '10.00' });
  });

  it('has the papers of the record and its declarations once they are on file', async () => {
    const { number } = await must(core, 'moneyRecords.get', { id: recordId });
    const asked = await must(core, 'archive.get', { subjectKind: 'money-record', subjectId: number });
    expect(asked.required.map(({ code, required }) => [code, required])).toContainEqual(['bank-slip', true]);
    expect(asked.required.map(({ code }) => code)).toContain('payer-statement');
    const slip = file('水单.pdf', 'slip');
    await must(core, 'archive.add', { subjectKind: 'money-record', subjectId: number, paper: 'bank-slip', file: slip });
    await must(core, 'archive.add', { subjectId: '64072026E00000000001', paper: 'contract', file: file('c.pdf', 'c') });
    const refused = await core.call('archive.add', {
      subjectId: '64072026E00000000001',
      paper: 'bank-slip',
      file: slip,
    });
    expect(refused).toMatchObject({ error: { code: 'ARCHIVE_PAPER_UNKNOWN' } });
    const view = await preview();
    expect(view.papers).toBe(2);
    expect(view.gaps.map(({ code }) => code)).not.toContain('slip');
    expect(view.files.filter(({ source }) => source === 'archive')).toMatchObject([
      { title: '银行收付款凭证 水单.pdf', size: 4, sha256: sha256('slip') },
      { title: '购销合同 c.pdf' },
    ]);
  });

  it('is the same from its shipment, by id and by number; unknown ones are refused', async () => {
    const byId = await must(core, 'evidence.preview', { of: { kind: 'shipment', id: shipmentId } });
    const byNumber = await must(core, 'evidence.preview', { of: { kind: 'shipment', number: 'S20261121-001' } });
    expect(byNumber).toEqual(byId);
    expect(byId.sections.map(({ id }) => id)).toContain('shipment');
    expect(byId.sections.find(({ id }) => id === 'record')?.total).toBe(1);
    expect(byId.sections.find(({ id }) => id === 'orders')?.total).toBe(3);
    const of = async (subject: object) => core.call('evidence.preview', { of: subject } as never);
    expect(await of({ kind: 'record', number: '汇-1' })).toMatchObject({
      error: { code: 'MONEY_RECORD_NUMBER_UNKNOWN' },
    });
    expect(await of({ kind: 'shipment', number: 'X' })).toMatchObject({ error: { code: 'SHIPMENT_NUMBER_UNKNOWN' } });
  });
});

describe('the pack', () => {
  it.each([true, false])(
    'carries papers, messages and receipts as they are, tables, pages and sums (window: %s)',
    async (window) => {
      hasWindow = window;
      await declare();
      const { number } = await must(core, 'moneyRecords.get', { id: recordId });
      const slip = file('水单 <1>.pdf', 'slip');
      await must(core, 'archive.add', {
        subjectKind: 'money-record',
        subjectId: number,
        paper: 'bank-slip',
        file: slip,
      });
      const to = path.join(folder, 'pack.zip');
      const done = await must(core, 'evidence.export', { of: { kind: 'record', number }, to });
      const bytes = readFileSync(to);
      expect(done).toMatchObject({
        number,
        papers: 1,
        bytes: bytes.length,
        sha256: sha256(bytes),
        index: window ? 'pdf' : 'html',
      });
      const entries = unzipSync(bytes);
      const names = Object.keys(entries);
      const sums = text(entries['SHA256SUMS'])
        .trim()
        .split('\n')
        .map((line) => line.split('  '));
      expect(sums.map(([, name]) => name).sort()).toEqual(names.filter((name) => name !== 'SHA256SUMS').sort());
      for (const [hash, name] of sums) expect(sha256(entries[name ?? ''] ?? new Uint8Array()), name).toBe(hash);
      expect(names.find((name) => name.startsWith(`papers/money-record-${number}/bank-slip-`))).toMatch(
        /水单 _1_\.pdf$/,
      );
      // The very bytes that were sent and received.
      const { book } = core.session;
      const sent = book
        .prepare(`SELECT bytes FROM message_bytes JOIN message USING (seq) WHERE kind = 'FX101Message'`)
        .get() as { bytes: Buffer };
      const message = names.find((name) => name.startsWith('messages/'));
      expect(Buffer.from(entries[message ?? ''] ?? []).equals(sent.bytes)).toBe(true);
      const received = book.prepare('SELECT raw FROM receipt ORDER BY id').all() as { raw: Buffer }[];
      const receipts = names.filter((name) => name.startsWith('receipts/')).sort();
      expect(receipts.map((name) => text(entries[name]))).toEqual(received.map(({ raw }) => raw.toString('utf8')));
      expect(receipts.length).toBeGreaterThan(1);
      const form = `forms/FX101Message-${number}-v1.${window ? 'pdf' : 'html'}`;
      expect(text(entries[form])).toContain('涉外收入申报单');
      // Until it was accepted it would be a draft; account numbers by their end.
      expect(text(entries[form])).not.toContain('<div class="watermark">');
      expect(text(entries[form])).not.toContain('6200000000001234');
      expect(text(entries['data/orders.csv']).split('\r\n')[0]).toBe(
        '\uFEFF订单编号,日期,买家,国家（地区）,币种,金额,已收,接受的扣费',
      );
      expect(text(entries['data/orders.csv'])).toContain('A1,2026-11-01,Jane Doe,United States,USD,100.00,100.00,');
      const certificate = text(entries[`match.${window ? 'pdf' : 'html'}`]);
      expect(certificate).toContain('2026-11-01');
      const index = text(entries[window ? 'index.pdf' : 'index.html']);
      for (const part of [
        '证据包',
        number,
        '水单',
        sha256('slip'),
        '64072026E00000000001',
        '至少保存 10 年',
        'FX101Message',
      ])
        expect(index, part).toContain(part);
      expect(index).not.toContain('6200000000001234');
    },
  );

  it('does not leave with a damaged paper', async () => {
    const { number } = await must(core, 'moneyRecords.get', { id: recordId });
    const slip = file('s.pdf', 'slip');
    await must(core, 'archive.add', { subjectKind: 'money-record', subjectId: number, paper: 'bank-slip', file: slip });
    core.session.book.prepare('UPDATE archive_paper SET content = ?').run(Buffer.from('forged'));
    const to = path.join(folder, 'pack.zip');
    expect(await core.call('evidence.export', { of: { kind: 'record', id: recordId }, to })).toMatchObject({
      error: { code: 'ARCHIVE_DAMAGED' },
    });
    expect(existsSync(to)).toBe(false);
  });
});

describe('the certificate of the match', () => {
  const certify = (of: object, keepWith?: object) =>
    core.call('match.certificate', {
      of,
      out: path.join(folder, 'certificate.pdf'),
      ...(keepWith === undefined ? {} : { keepWith }),
    } as never);
  const page = () => readFileSync(path.join(folder, 'certificate.pdf'), 'utf8');

  it('is of an order, a shipment, a receipt or days, and the pack holds the very same page', async () => {
    hasWindow = true;
    const { number } = await must(core, 'moneyRecords.get', { id: recordId });
    expect(await certify({ kind: 'order', orderNo: 'A1' })).toMatchObject({
      data: { orders: 1, leftOut: 0, from: '2026-11-01', to: '2026-11-01' },
    });
    expect(page()).toContain('订单 Order A1');
    const days = await certify({ kind: 'days', from: '2026-11-01', to: '2026-11-30' });
    expect(days).toMatchObject({ data: { orders: 2, leftOut: 1 } });
    const shipment = await certify({ kind: 'shipment', number: 'S20261121-001' });
    expect(page()).toContain('货运 Shipment S20261121-001');
    const record = await certify({ kind: 'record', id: recordId });
    // The same orders have the same hash, whatever they were asked for by.
    for (const one of [shipment, record]) expect(one).toMatchObject({ data: { orders: 2, leftOut: 1 } });
    const hashes = [days, shipment, record].map((one) => (one.ok ? (one.data as { hash: string }).hash : ''));
    expect(new Set(hashes).size).toBe(1);
    const zip = path.join(folder, 'pack.zip');
    await must(core, 'evidence.export', { of: { kind: 'record', number }, to: zip });
    expect(text(unzipSync(readFileSync(zip))['match.pdf'])).toBe(page());
    expect(page()).not.toContain('Jane Doe');
  });

  it('goes on file with a record where that is wished, and is refused where there is nothing to certify', async () => {
    const account = (await must(core, 'moneyAccounts.list', {})).rows[0];
    const other = await must(core, 'moneyRecords.save', {
      kind: 'receipt',
      date: today,
      accountId: account?.id ?? 0,
      amount: '5.00',
      counterparty: 'Test Market LLC',
      counterpartyCountry: 'US',
      detail: { codes: [{ code: '122030', amount: '5.00', remark: '跨境电商货款' }] },
    });
    const days = { kind: 'days', from: '2026-11-01', to: '2026-11-30' };
    expect(await certify(days, { kind: 'record', number: other.number })).toMatchObject({
      error: { code: 'PRINT_NEEDS_WINDOW' },
    });
    hasWindow = true;
    expect(await certify({ kind: 'record', id: other.id })).toMatchObject({ error: { code: 'MATCH_NO_ORDERS' } });
    expect(await certify({ kind: 'order', orderNo: 'A3' })).toMatchObject({
      error: { code: 'MATCH_NOTHING_CERTIFIED' },
    });
    expect(await certify({ kind: 'order', orderNo: 'X' })).toMatchObject({ error: { code: 'MATCH_NUMBER_UNKNOWN' } });
    expect(await certify(days, { kind: 'record', number: '汇-0' })).toMatchObject({
      error: { code: 'MONEY_RECORD_NUMBER_UNKNOWN' },
    });
    const asked = { subjectKind: 'money-record' as const, subjectId: other.number };
    expect((await must(core, 'archive.get', asked)).papers).toEqual([]);
    expect(await certify(days, { kind: 'record', number: other.number })).toMatchObject({
      data: { keptWith: other.number },
    });
    expect((await must(core, 'archive.get', asked)).papers).toMatchObject([
      { paper: 'trade-proof', fileName: '三单比对证明 2026-11-01 2026-11-30.pdf' },
    ]);
    const view = await must(core, 'evidence.preview', { of: { kind: 'record', id: other.id } });
    expect(view.files.some(({ path: name }) => name.includes('三单比对证明'))).toBe(true);
  });
});

describe('electronic transaction data', () => {
  const data = (scope: object = { recordId }) => must(core, 'electronicData.preview', scope as never);

  it('has the transactions that match, and names the others with what stands in their way', async () => {
    const found = await data();
    expect(found.rows.map(({ orderNo }) => orderNo)).toEqual(['A1', 'A2']);
    expect(found.rows[0]).toMatchObject({
      payer: 'Jane Doe',
      country: 'USA',
      currency: 'USD',
      amount: '100.00',
      goods: '陶瓷马克杯',
      payNo: 'P-A1',
      waybillNo: 'YTA1',
      listNo: '64072026E00000000001',
      amountUsd: '100.00',
      overLimit: false,
      exception: '',
    });
    expect(found.rows[0]?.receiptNo).toMatch(/^汇-/);
    expect(found.out).toMatchObject([{ orderNo: 'A3' }]);
    expect(found.out[0]?.codes).toEqual(['PAYMENT_AMOUNT']);
    expect(found.totals).toEqual([{ currency: 'USD', transactions: 2, amount: '200.00' }]);
    expect(found).toMatchObject({ transactions: 2, leftOut: 1, totalUsd: '200.00', limitUsd: '50000' });
    const days = await data({ from: '2026-11-02', to: '2026-11-30' });
    expect(days.rows.map(({ orderNo }) => orderNo)).toEqual(['A2']);
    expect(await core.call('electronicData.preview', {})).toMatchObject({ ok: false });
    expect(await core.call('electronicData.preview', { from: '2026-12-01', to: '2026-11-01' })).toMatchObject({
      error: { code: 'DATE_RANGE' },
    });
  });

  it('takes what was accepted with its reason, and flags what is above the limit of a single transaction', async () => {
    await data();
    const { rows } = await must(core, 'match.items', {});
    const a3 = rows.find(({ orderNo }) => orderNo === 'A3');
    await must(core, 'match.except', { ids: [a3?.id ?? 0], reason: '平台优惠券抵扣' });
    expect((await data()).rows.map(({ orderNo, exception }) => [orderNo, exception])).toContainEqual([
      'A3',
      '平台优惠券抵扣',
    ]);
    const { book } = core.session;
    book.prepare(`UPDATE sales_order SET goods_value_e5 = 5000001000 WHERE order_no = 'A2'`).run();
    const out = (await data()).out.find(({ orderNo }) => orderNo === 'A2');
    expect(out?.codes).toContain('AMOUNT_LIMIT');
    const item = (await must(core, 'match.items', {})).rows.find(({ orderNo }) => orderNo === 'A2');
    await must(core, 'match.except', { ids: [item?.id ?? 0], reason: '银行已逐笔审核' });
    const large = await data();
    expect(large.rows.find(({ orderNo }) => orderNo === 'A2')).toMatchObject({
      overLimit: true,
      amountUsd: '50000.01',
    });
    expect(large.overLimit).toBe(1);
  });

  it('is written as CSV, workbook and cover sheet with the hash of the file', async () => {
    const done = await must(core, 'electronicData.export', { scope: { recordId }, to: folder });
    expect(done).toMatchObject({ transactions: 2, leftOut: 1, cover: 'html' });
    const at = (name: string) => path.join(folder, done.files.find((one) => one.endsWith(name)) ?? '');
    const csv = readFileSync(at('transactions.csv'));
    expect(sha256(csv)).toBe(done.sha256);
    const lines = csv.toString('utf8').split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFF订单编号,订单日期,付款人,付款人国别（地区）,币种,金额,折美元,商品,/);
    expect(lines[1]).toMatch(/^A1,2026-11-01,Jane Doe,USA,USD,100\.00,100\.00,陶瓷马克杯,/);
    expect(lines.length).toBe(4);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(at('transactions.xlsx'));
    expect(workbook.worksheets[0]?.getRow(2).getCell(1).text).toBe('A1');
    const cover = readFileSync(at('cover.html'), 'utf8');
    for (const part of [done.sha256, firm.uscc, '200.00', '三单比对不符或尚未比对的 1 笔'])
      expect(cover).toContain(part);
    expect(readFileSync(at('left-out.csv'), 'utf8')).toContain('A3,PAYMENT_AMOUNT');
  });

  it('is not written for nothing', async () => {
    expect(
      await core.call('electronicData.export', { scope: { from: '2025-01-01', to: '2025-01-02' }, to: folder }),
    ).toMatchObject({ error: { code: 'ELECTRONIC_DATA_EMPTY' } });
  });
});
