import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { fx101, fx201, readMessage } from '../../shared/documents/index.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { behave } from '../faults/support/desk-client.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Forms of foreign exchange over a book with a receipt: drafted, checked, filed with the practice platform, brought back. */
const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let platform: Platform | undefined;
let printed: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-forex-forms-'));
  printed = [];
  core = coreAt(folder, {
    host: {
      ...bareHost,
      printPdf: async (html) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    },
  });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: '美元户',
    institution: '测试银行琼海支行',
    currency: 'USD',
    number: '6200000000001234',
  });
});
afterEach(async () => {
  await core.close();
  await platform?.close();
  platform = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const today = (): string => chinaDate(new Date().toISOString());

async function receipt(change: Partial<InputOf<'moneyRecords.save'>> = {}): Promise<OutputOf<'moneyRecords.get'>> {
  const [account] = (await must(core, 'moneyAccounts.list', {})).rows;
  return must(core, 'moneyRecords.save', {
    kind: 'receipt',
    date: today(),
    accountId: account?.id ?? 0,
    amount: '10000.00',
    fee: '20.00',
    counterparty: 'Test Market LLC',
    counterpartyCountry: 'US',
    detail: {
      codes: [{ code: '122030', amount: '10000.00', remark: '跨境电商货款' }],
      settledAmount: '6000.00',
      settledAccount: '6200000000005678',
      settledRate: '7.1',
      feeAbroad: '15.00',
    },
    ...change,
  });
}

const draft = (recordId: number) => must(core, 'filings.draft', { subjects: [{ kind: 'money-record', id: recordId }] });
const forms = async (id: number) => (await must(core, 'filings.list', { subject: { kind: 'money-record', id } })).rows;

async function connect(): Promise<void> {
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
}

/** Queues what is checked and waits for the answers. */
async function file(): Promise<void> {
  await must(core, 'documents.queue', {});
  await syncUntil(core);
}

describe('the declaration of a receipt', () => {
  it('is drawn from the record, checked, and shows account numbers by their end only', async () => {
    const record = await receipt();
    const { documents, refused } = await draft(record.id);
    expect(refused).toEqual([]);
    const [form] = documents;
    expect(form).toMatchObject({ kind: 'FX101Message', businessKey: record.number, state: 'checked' });
    const detail = await must(core, 'documents.get', { id: form?.id ?? 0 });
    expect(headOf(fx101, detail.body)).toMatchObject({
      appType: '1',
      recordNo: record.number,
      bankName: '测试银行琼海支行',
      payeeCode: firm.uscc,
      payeeAccount: '•••• 1234',
      settleMethod: 'T',
      currency: 'USD',
      amount: '10000.00',
      settledAmount: '6000.00',
      settledAccount: '•••• 5678',
      spotAmount: '4000.00',
      domesticFee: '5.00',
      foreignFee: '15.00',
      payerCountry: 'USA',
      code1: '122030',
      remark1: '跨境电商货款',
    });
    expect(detail).toMatchObject({
      amount: '10000',
      currency: 'USD',
      subject: { kind: 'money-record', id: record.id },
    });
    // Nothing declares the goods yet: a note, no more.
    expect(detail.findings.map(({ rule, level }) => [rule, level])).toEqual([['FX-GOODS-PAPERS', 'note']]);
    const rows = (await must(core, 'documents.list', { kind: 'FX101Message' })).rows;
    expect(rows.map(({ businessKey }) => businessKey)).toEqual([record.number]);
  });

  it('is edited by path, found wrong and mended; a masked number is not taken for one', async () => {
    const record = await receipt();
    const id = (await draft(record.id)).documents[0]?.id ?? 0;
    const edit = (path: string, value: string) => core.call('documents.edit', { id, changes: [{ path, value }] });
    expect(await edit('DeclarationHead/spotAmount', '3000')).toMatchObject({
      data: { state: 'draft', findings: [{ rule: 'FX-PARTS', path: 'DeclarationHead/amount' }, {}] },
    });
    expect(await edit('DeclarationHead/spotAmount', '4000')).toMatchObject({ data: { state: 'checked' } });
    expect(await edit('DeclarationHead/spotAccount', '•••• 1234')).toMatchObject({ error: { code: 'FIELD_MASKED' } });
    expect(await edit('DeclarationHead/spotAccount', '6200000000009999')).toMatchObject({
      data: { body: { DeclarationHead: { spotAccount: '•••• 9999' } } },
    });
    expect(await edit('DeclarationHead/recordNo', 'x')).toMatchObject({ error: { code: 'FIELD_UNKNOWN' } });
    const wrong = await edit('DeclarationHead/payeeAccount', '6'.repeat(41));
    expect(JSON.stringify(wrong)).toContain('DOC-TOO-LONG');
    expect(JSON.stringify(wrong)).not.toContain('66666');
  });

  it('refuses what is no income from abroad, and names it', async () => {
    const home = await receipt({ detail: { crossBorder: false } });
    const payment = await receipt({ kind: 'payment', fee: '0' });
    const answer = await must(core, 'filings.draft', {
      subjects: [
        { kind: 'money-record', id: home.id },
        { kind: 'money-record', id: payment.id },
        { kind: 'money-record', id: 999 },
      ],
    });
    expect(answer.documents).toEqual([]);
    expect(answer.refused.map(({ code }) => code)).toEqual([
      'FOREX_FORM_AT_HOME',
      'FOREX_FORM_NOT_INCOME',
      'MONEY_RECORD_UNKNOWN',
    ]);
  });

  it('becomes stale with its record, is held from the queue, and is drawn anew in its place', async () => {
    const record = await receipt();
    const id = (await draft(record.id)).documents[0]?.id ?? 0;
    await receipt({ id: record.id, counterparty: 'Another LLC' });
    expect(await forms(record.id)).toMatchObject([{ state: 'checked', stale: true }]);
    expect((await must(core, 'documents.queue', {})).documents).toBe(0);
    const fresh = await must(core, 'documents.refresh', { id });
    expect(fresh).toMatchObject({ id, stale: false, state: 'checked' });
    expect(headOf(fx101, fresh.body)['payerName']).toBe('Another LLC');
    expect((await draft(record.id)).documents).toMatchObject([{ id }]);
    await must(core, 'moneyRecords.void', { id: record.id, reason: '重复' });
    expect(await forms(record.id)).toMatchObject([{ state: 'withdrawn' }]);
    expect((await draft(record.id)).refused).toMatchObject([{ code: 'FOREX_FORM_VOID' }]);
  });

  it('names what the receipt pays for, by declaration and list', async () => {
    const { book } = core.session;
    const order = book
      .prepare(
        `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, currency, lines, goods_value_e5, state, created_at)
         VALUES ('A1', '2026-11-01', '2026-11-01T00:00:00', 'US', 'USD', 1, 1000000000, 'released', ?)`,
      )
      .run(now).lastInsertRowid;
    const line = book.prepare(
      `INSERT INTO export_line (mode, declaration_no, line_no, export_date, order_id, hs_code, name, unit, qty_e5, currency, fob_minor, created_at)
       VALUES (?, ?, 1, '2026-11-02', ?, '6109100021', 'T恤', '件', 100000, 'USD', ?, ?)`,
    );
    line.run('9610', '64072026E00000000001', order, 750000, now);
    line.run('9610', '64072026E00000000002', order, 250000, now);
    line.run('0110', '640720260000000001', null, 200000, now);
    const record = await receipt();
    const id = (await draft(record.id)).documents[0]?.id ?? 0;
    await must(core, 'allocations.confirm', {
      items: [
        { recordId: record.id, target: { kind: 'order', no: 'A1' }, amount: '8000.00' },
        {
          recordId: record.id,
          target: { kind: 'declaration', no: '640720260000000001' },
          amount: '2000.00',
        },
      ],
    });
    expect(await forms(record.id)).toMatchObject([{ stale: true }]);
    const { body, findings } = await must(core, 'documents.refresh', { id });
    expect(body['DeclarationList']).toEqual([
      { gnum: '1', docType: 'L', docNo: '64072026E00000000001', currency: 'USD', amount: '6000.00' },
      { gnum: '2', docType: 'D', docNo: '640720260000000001', currency: 'USD', amount: '2000.00' },
      { gnum: '3', docType: 'L', docNo: '64072026E00000000002', currency: 'USD', amount: '2000.00' },
    ]);
    expect(findings).toEqual([]);
  });
});

describe('on its way', () => {
  it('is queued and accepted, and the record knows its number; a change and a deletion are filings of their own', async () => {
    await connect();
    const record = await receipt();
    await draft(record.id);
    await file();
    const [accepted] = await forms(record.id);
    expect(accepted).toMatchObject({ version: 1, appType: '1', state: 'accepted', stale: false });
    expect(accepted?.platformNo).toMatch(/^460100000001\d{10}$/);
    const declared = await must(core, 'moneyRecords.get', { id: record.id });
    expect(declared).toMatchObject({ declarationNo: accepted?.platformNo, declaredOn: today() });
    const { rows } = await must(core, 'outbox.list', {});
    expect(rows.map(({ kind, state }) => [kind, state])).toEqual([['FX101Message', 'sent']]);
    expect((await draft(record.id)).refused).toMatchObject([{ code: 'FOREX_FORM_UNCHANGED' }]);

    // The record changes: what was accepted is out of date, and a change is filed under the same number.
    const { declarationNo, declaredOn } = declared.detail;
    await receipt({
      id: record.id,
      counterparty: 'Another LLC',
      detail: { ...declared.detail, declarationNo, ...(declaredOn === undefined ? {} : { declaredOn }) },
    });
    expect(await forms(record.id)).toMatchObject([{ state: 'accepted', stale: true }]);
    await draft(record.id);
    expect(await forms(record.id)).toMatchObject([{ version: 1 }, { version: 2, appType: '2', state: 'checked' }]);
    await file();
    expect(await forms(record.id)).toMatchObject([
      { version: 1, state: 'superseded' },
      { version: 2, state: 'accepted', platformNo: accepted?.platformNo },
    ]);

    await must(core, 'moneyRecords.void', { id: record.id, reason: '退回' });
    await draft(record.id);
    await file();
    expect(await forms(record.id)).toMatchObject([
      {},
      { state: 'superseded' },
      { version: 3, appType: '3', state: 'accepted' },
    ]);
    expect((await must(core, 'moneyRecords.get', { id: record.id })).declaredOn).toBeUndefined();
  });

  it('comes back rejected, is revised under its number and accepted', async () => {
    await connect();
    const record = await receipt();
    const id = (await draft(record.id)).documents[0]?.id ?? 0;
    await behave(platform?.url ?? '', { rejectShare: 1 });
    await file();
    expect(await forms(record.id)).toMatchObject([{ id, state: 'rejected' }]);
    expect((await must(core, 'moneyRecords.get', { id: record.id })).declaredOn).toBeUndefined();
    await behave(platform?.url ?? '', { rejectShare: 0 });
    const next = await must(core, 'documents.revise', { id });
    expect(next).toMatchObject({
      version: 2,
      businessKey: record.number,
      state: 'checked',
      subject: { id: record.id },
    });
    await file();
    expect(await forms(record.id)).toMatchObject([{ state: 'superseded' }, { version: 2, state: 'accepted' }]);
  });

  it('leaves with the whole account number, under the namespace of its family', async () => {
    const record = await receipt();
    await draft(record.id);
    await must(core, 'documents.queue', {});
    const out = path.join(folder, 'out');
    mkdirSync(out);
    await must(core, 'outbox.export', { to: out });
    const [name] = readdirSync(out).filter((one) => one.endsWith('.xml'));
    const xml = readFileSync(path.join(out, name ?? ''), 'utf8');
    const read = readMessage(xml);
    expect(read).toMatchObject({ ok: true, message: 'FX101Message', problems: [] });
    expect(xml).toContain('<fx:payeeAccount>6200000000001234</fx:payeeAccount>');
  });
});

describe('the trade-credit report', () => {
  it('is drawn from a report of the book, filed, and reported from then on', async () => {
    await connect();
    const date = '2026-09-01';
    const record = await receipt({ date, nature: 'advance', expectedOn: '2027-03-01', detail: { crossBorder: true } });
    const { id: reportId } = await must(core, 'tradeCreditReports.draft', {
      key: `record:${record.id}`,
      operation: 'new',
      reason: '',
    });
    const { documents, refused } = await must(core, 'filings.draft', {
      subjects: [{ kind: 'trade-credit-report', id: reportId }],
    });
    expect(refused).toEqual([]);
    const detail = await must(core, 'documents.get', { id: documents[0]?.id ?? 0 });
    expect(headOf(fx201, detail.body)).toMatchObject({
      appType: '1',
      creditKind: 'prepay',
      baseDate: '20260901',
      expectedDate: '20270301',
      currency: 'USD',
      partyCountry: 'USA',
      reporterCode: firm.uscc,
    });
    expect(detail.state).toBe('checked');
    expect(detail.findings.map(({ rule }) => rule)).toEqual(['FX-CREDIT-LATE']);
    await file();
    const { rows } = await must(core, 'filings.list', { subject: { kind: 'trade-credit-report', id: reportId } });
    expect(rows).toMatchObject([{ state: 'accepted' }]);
    const row = core.session.book.prepare('SELECT state, reference, reported_on AS d FROM trade_credit_report').get();
    expect(row).toMatchObject({ state: 'reported', reference: rows[0]?.platformNo, d: today() });
  });
});

describe('on paper', () => {
  it('has the boxes of the form, a mark until it was accepted, and account numbers by their end unless asked', async () => {
    const record = await receipt();
    const documentId = (await draft(record.id)).documents[0]?.id ?? 0;
    const out = path.join(folder, 'form.pdf');
    await must(core, 'filings.print', { documentId, out });
    const [masked] = printed;
    expect(masked).toContain('涉外收入申报单');
    expect(masked).toContain('<div class="watermark">草稿</div>');
    expect(masked).toContain('•••• 1234');
    expect(masked).not.toContain('6200000000001234');
    expect(masked).toContain('☑ 电汇');
    expect(masked).toContain('10,000.00');
    await must(core, 'filings.print', { documentId, out, wholeAccounts: true });
    expect(printed[1]).toContain('6200000000001234');
    const audit = core.session.book
      .prepare(`SELECT detail FROM audit WHERE action = 'filings.print' ORDER BY id`)
      .all() as { detail: string }[];
    expect(audit.map(({ detail }) => (JSON.parse(detail) as { wholeAccounts: boolean }).wholeAccounts)).toEqual([
      false,
      true,
    ]);
  });
});
