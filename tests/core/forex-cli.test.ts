import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settlementV2 } from '../fixtures/payouts.ts';
import { type Answer, commandLine } from '../fixtures/portbook.ts';
import { riskBook } from '../fixtures/risk-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Foreign exchange by command line: each command once as it should go and once refused, with its exit code and the shape of docs/cli.md. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-forex-cli-'));
const at = (name: string): string => path.join(folder, name);
const passphrase = 'forex-cli-passphrase';
const accountNumber = '6200000000001234';
const buyer = 'Jane Quillfeather';
let book = '';
let recordId = 0;
let recordNo = '';

const program = commandLine({ PORTBOOK_PASSPHRASE: passphrase, PORTBOOK_HOME: at('home') });
const portbook = (...args: string[]) => program.run(...args, '--book', book);

/** Exit code 1 and one object that says what, why and how to mend it. */
async function refused(code: string, ...args: string[]): Promise<void> {
  const answer = await portbook(...args);
  expect(answer, args.join(' ')).toMatchObject({ code: 1, body: { ok: false, error: { code } } });
  const { what, why, remedy } = answer.body.error;
  for (const text of [what, why, remedy]) expect(text, args.join(' ')).toMatch(/\S/);
  expect(answer.out).not.toContain(accountNumber);
}
async function done(...args: string[]): Promise<Answer['body']> {
  const answer = await portbook(...args);
  expect(answer, args.join(' ')).toMatchObject({ code: 0, body: { ok: true } });
  return answer.body;
}
function file(name: string, content: string): string {
  writeFileSync(at(name), content);
  return at(name);
}

beforeAll(async () => {
  const core = coreAt(at('made'));
  await must(core, 'books.create', { profile: firm, passphrase });
  book = core.session.book.folder;
  const now = new Date().toISOString();
  const put = riskBook(core, now);
  await must(core, 'rates.set', { currency: 'USD', date: '2026-01-01', cnyPerUnit: '7.1', source: '测试' });
  const account = await must(core, 'moneyAccounts.save', {
    kind: 'bank',
    place: 'home',
    name: '美元户',
    institution: '测试银行琼海支行',
    currency: 'USD',
    number: accountNumber,
  });
  for (const no of ['ORD1001', 'ORD1002', 'ORD1003']) {
    const order = put.order(no, 10_000, {
      order_date: '2026-11-02',
      ordered_at: '2026-11-02T00:00:00',
      buyer_name: buyer,
    });
    put.insert('waybill', {
      order_no: no,
      logistics_no: `YT${no}`,
      gross_weight_e5: 150_000,
      packages: 1,
      currency: 'USD',
    });
    if (no !== 'ORD1003')
      put.insert('order_payment', {
        ...{ order_no: no, nth: 1, pay_no: `P-${no}`, payer: buyer, currency: 'USD', amount_e5: 10_000_000 },
        ...{ paid_on: '2026-11-02', fingerprint: `pay ${no}`, occurrence: 1 },
      });
    put.exported(order, 10_000, { export_date: '2026-11-05' });
  }
  const record = await must(core, 'moneyRecords.save', {
    kind: 'receipt',
    date: '2026-11-10',
    accountId: account.id,
    amount: '200.00',
    counterparty: buyer,
    counterpartyCountry: 'US',
    reference: 'INV ORD1001 ORD1002',
    detail: { codes: [{ code: '122030', amount: '200.00', remark: '跨境电商货款' }] },
  });
  recordId = record.id;
  recordNo = record.number;
  await core.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('imports', () => {
  const statement = [
    '交易日期,金额,余额,币种,对方户名,交易流水号,摘要',
    '2026-11-10,200.00,200.00,美元,A BUYER,R1,货款',
    '2026-11-11,-15.00,185.00,美元,测试银行,R2,手续费',
  ].join('\n');

  it('takes a statement into the account named, and nothing the second time', async () => {
    const run = () => done('import', 'statement', '--file', file('s.csv', `${statement}\n`), '--account', '美元户');
    expect(await run()).toMatchObject({ kind: 'statement', dryRun: false, counts: { lines: 2, taken: 2, failed: 0 } });
    expect(await run()).toMatchObject({ counts: { taken: 0, alreadyThere: 2 }, importedBefore: expect.any(String) });
  });

  it('refuses a statement of no account of the book, and one that breaks off', async () => {
    await refused('MONEY_ACCOUNT_NAME', 'import', 'statement', '--file', at('s.csv'), '--account', '没有的户');
    const cut = file('cut.csv', `${statement}\n2026-11-12,"1.0`);
    await refused('CSV_BROKEN', 'import', 'statement', '--file', cut, '--account', '美元户');
  });

  const payout = (deposit: string, number: string) =>
    settlementV2({
      ...{ number, from: '2026-11-01', to: '2026-11-14', depositOn: '2026-11-15', currency: 'USD', deposit },
      lines: [
        {
          ...{ type: 'Order', order: '111-0000009-0000009', group: 'ItemPrice', detail: 'Principal', amount: '100.00' },
          ...{ at: '2026-11-05 10:00:00', sku: 'CUP', qty: '1' },
        },
        {
          ...{ type: 'Order', order: '111-0000009-0000009', group: 'ItemFees', detail: 'Commission', amount: '-15.00' },
          ...{ at: '2026-11-05 10:00:00', sku: 'CUP', qty: '1' },
        },
      ],
    });

  it('takes a payout that adds up, explained from gross to net', async () => {
    const body = await done('import', 'payout', '--file', file('p.txt', payout('85.00', '70000000001')));
    expect(body).toMatchObject({
      ...{ dryRun: false, fileName: 'p.txt', written: 1 },
      payouts: [{ number: '70000000001', currency: 'USD', total: '85.00', deposit: '85.00' }],
      explained: [{ number: '70000000001', total: '85.00', steps: expect.any(Array), months: expect.any(Array) }],
    });
    expect(await done('import', 'payout', '--file', at('p.txt'))).toMatchObject({ written: 0 });
  });

  it('refuses a payout whose lines are not its deposit, whole', async () => {
    const wrong = await portbook('import', 'payout', '--file', file('w.txt', payout('86.00', '70000000002')));
    expect(wrong).toMatchObject({ code: 1, body: { ok: false } });
    expect(wrong.out).toMatch(/86\.00/);
    const tried = await portbook('import', 'payout', '--file', at('w.txt'), '--dry-run');
    expect(tried.body.findings).toContainEqual(
      expect.objectContaining({ level: 'reject', what: expect.any(String), remedy: expect.any(String) }),
    );
  });
});

describe('forex', () => {
  it('is a process of its own, whose exit code says how it ended', async () => {
    const alone = (...args: string[]) => program.alone('forex', 'receipts', ...args, '--book', book);
    expect(await alone()).toMatchObject({ code: 0, body: { ok: true, total: 1 } });
    expect(await alone('--from', '2026-13-01')).toMatchObject({ code: 1, body: { error: { code: 'DATE_INVALID' } } });
    expect(await alone('--nonsense')).toMatchObject({ code: 1, body: { error: { code: 'USAGE' } } });
  });

  it('lists receipts with what is left of them', async () => {
    const body = await done('forex', 'receipts', '--from', '2026-11-01', '--to', '2026-11-30');
    expect(body).toMatchObject({
      total: 1,
      receipts: [
        {
          id: recordId,
          number: recordNo,
          account: '美元户',
          currency: 'USD',
          amount: '200.00',
          residual: '200.00',
          allocations: [],
        },
      ],
      totals: [{ currency: 'USD', amount: '200.00' }],
    });
    await refused('DATE_INVALID', 'forex', 'receipts', '--from', '2026-13-01');
  });

  it('suggests and confirms what a receipt pays for, never more than is open', async () => {
    const id = String(recordId);
    const asked = await done('forex', 'allocate', '--receipt', id);
    expect(asked.receipt).toMatchObject({ id: recordId });
    expect(asked.suggestions[0]).toMatchObject({
      parts: expect.any(Array),
      score: expect.any(Number),
      reasons: expect.any(Array),
    });
    const paid = await done(
      'forex',
      'allocate',
      '--receipt',
      id,
      '--to',
      'order:ORD1001:100.00',
      'order:ORD1002:100.00',
      '--explain',
      '代付',
    );
    expect(paid.ids).toHaveLength(2);
    expect(paid.targets).toMatchObject([
      { kind: 'order', no: 'ORD1001', open: '0.00' },
      { kind: 'order', no: 'ORD1002', open: '0.00' },
    ]);
    const over = await portbook(
      'forex',
      'allocate',
      '--receipt',
      id,
      '--to',
      'order:ORD1003:1.00',
      '--explain',
      '代付',
    );
    expect(over).toMatchObject({ code: 1, body: { ok: false, error: { params: expect.any(Object) } } });
    await refused('OPTION_FORM', 'forex', 'allocate', '--receipt', id, '--to', 'order ORD1003');
  });

  it('drafts a netting sheet that adds up, and refuses one that does not', async () => {
    const sheet = {
      ...{
        date: '2026-11-10',
        counterparty: 'Amazon',
        currency: 'USD',
        goodsCode: '121010',
        goodsEvidence: '530120261234567890',
      },
      gross: '1000',
      fees: [{ type: 'storage', code: '228010', payee: 'Warehouse Inc', invoiceNo: 'W-1', amount: '250' }],
    };
    const input = (net: string) => file(`sheet-${net}.json`, JSON.stringify({ ...sheet, net }));
    const body = await done('forex', 'netting', '--input', input('750'), '--out', at('netting.xlsx'));
    expect(body).toMatchObject({
      gross: '1000.00',
      feesTotal: '250.00',
      net: '750.00',
      out: at('netting.xlsx'),
      fees: [{ amount: '250.00' }],
    });
    expect(existsSync(at('netting.xlsx'))).toBe(true);
    expect(await done('forex', 'netting', '--id', String(body.id))).toMatchObject({ number: body.number });
    await refused('NET_DIFFERS', 'forex', 'netting', '--input', input('750.01'));
  });

  it('counts indicators and gauges', async () => {
    expect(await done('forex', 'indicators', '--month', '2026-11')).toMatchObject({
      ...{ from: expect.any(String), to: expect.any(String), figures: expect.any(Object), now: expect.any(Object) },
      ...{ breached: expect.any(Array), bands: expect.anything(), history: expect.any(Array) },
    });
    await refused('OPTION_PERIOD', 'forex', 'indicators', '--month', '2026-Q4');
    expect(await done('forex', 'gauges', '--date', '2026-11-20')).toMatchObject({
      ...{ limitUsd: expect.any(String), warnFromUsd: expect.any(String), checklist: expect.any(Object) },
      ...{ receipts: expect.any(Object), payments: expect.any(Object) },
    });
    await refused('DATE_INVALID', 'forex', 'gauges', '--date', 'today');
  });

  it('drafts the declaration of a receipt by its number', async () => {
    expect(await done('forex', 'declare', '--receipt', recordNo)).toMatchObject({
      documents: [{ kind: 'FX101Message', businessKey: recordNo }],
      refused: [],
    });
    await refused('MONEY_RECORD_NUMBER_UNKNOWN', 'forex', 'declare', '--receipt', '汇-1999-0001');
  });
});

describe('match and evidence', () => {
  it('matches the book and reports all that does not pass, as workbook or JSON', async () => {
    const body = await done('match', 'run');
    expect(body).toMatchObject({
      ...{ judged: 3, orders: 3, passed: 2, rate: '0.6667', payments: 2, orphans: 0, open: 1, excepted: 0 },
      items: [{ kind: 'order', orderNo: 'ORD1003', state: 'open', codes: expect.any(Array) }],
      settings: { direction: 'export', missing: 'doubt', contradiction: 'hold' },
    });
    expect(await done('match', 'run', '--report', at('match.json'))).toMatchObject({
      report: at('match.json'),
      rows: 1,
    });
    expect(JSON.parse(readFileSync(at('match.json'), 'utf8')).items).toHaveLength(1);
    expect(await done('match', 'run', '--report', at('match.xlsx'))).toMatchObject({ rows: 1 });
    expect(existsSync(at('match.xlsx'))).toBe(true);
    await refused('FILE_NOT_WRITTEN', 'match', 'run', '--report', at('nowhere/match.json'));
  });

  it('writes the evidence pack of a receipt, and says what it would hold without a folder', async () => {
    const view = await done('evidence', '--receipt', recordNo);
    expect(view).toMatchObject({
      subject: { id: recordId, number: recordNo },
      sections: expect.any(Array),
      gaps: expect.any(Array),
    });
    const body = await done('evidence', '--receipt', String(recordId), '--out', at('packs'));
    expect(body).toMatchObject({
      number: recordNo,
      index: 'html',
      missing: expect.any(Array),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const names = Object.keys(unzipSync(readFileSync(body.out)));
    expect(names).toEqual(expect.arrayContaining(['index.html', 'SHA256SUMS', 'match.html', 'data/orders.csv']));
    await refused('OPTION_MISSING', 'evidence');
    await refused('MONEY_RECORD_NUMBER_UNKNOWN', 'evidence', '--receipt', '汇-1999-0001', '--out', at('packs'));
  });

  it('writes electronic transaction data of what matches, and nothing for nothing', async () => {
    expect(await done('evidence', 'electronic', '--receipt', recordNo)).toMatchObject({
      ...{ transactions: 2, leftOut: 0, rows: [{ orderNo: 'ORD1001' }, { orderNo: 'ORD1002' }], out: [] },
    });
    const body = await done('evidence', 'electronic', '--receipt', recordNo, '--out', at('bank'));
    expect(body).toMatchObject({
      ...{ transactions: 2, totals: [{ currency: 'USD', amount: '200.00', transactions: 2 }], cover: 'html' },
      files: expect.any(Array),
    });
    expect(readdirSync(at('bank'))).toHaveLength(1);
    await refused(
      'ELECTRONIC_DATA_EMPTY',
      'evidence',
      'electronic',
      '--from',
      '2025-01-01',
      '--to',
      '2025-01-02',
      '--out',
      at('bank'),
    );
  });

  it('leaves no name and no number of an account in the log', async () => {
    const core = coreAt(at('made'));
    await core.session.open(book, { passphrase });
    const rows = core.session.book.prepare('SELECT * FROM audit').all();
    await core.close();
    const log = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(10);
    for (const secret of [buyer, accountNumber]) expect(log).not.toContain(secret);
  });
});
