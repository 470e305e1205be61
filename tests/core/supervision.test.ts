import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { Book } from '../../electron/core/store/book.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import { parseMoney } from '../../shared/money/index.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;
let book: Book;
let printed = '';

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-supervision-'));
  printed = '';
  const host = {
    seal: () => Promise.resolve(undefined),
    open: () => Promise.resolve(undefined),
    printPdf: (html: string) => {
      printed = html;
      return Promise.resolve(Buffer.from('%PDF-'));
    },
    startPractice: () => Promise.resolve(''),
    stopPractice: () => Promise.resolve(),
  };
  core = coreAt(folder, { now: () => now, host });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  book = core.session.book;
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the refusal of an operation says. */
async function refusal<N extends Parameters<Core['call']>[0]>(name: N, input: InputOf<N>) {
  const result = await core.call(name, input);
  return result.ok ? undefined : result.error;
}
const rate = (currency: string, date: string, cnyPerUnit: string) =>
  must(core, 'rates.set', { currency, date, cnyPerUnit, source: '测试' });

let made = 0;
function account(currency = 'USD', more: { place?: 'home' | 'abroad'; owner?: string; kind?: string } = {}): number {
  made += 1;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO money_account (kind, place, name, currency, owner_kind, owner, ledger_account, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, '1002', ?, ?)`,
    )
    .run(
      more.kind ?? 'bank',
      more.place ?? 'home',
      `账户 ${made}`,
      currency,
      more.owner === undefined ? 'firm' : 'person',
      more.owner ?? '',
      now,
      now,
    );
  return Number(lastInsertRowid);
}
interface Typed {
  readonly kind?: string;
  readonly date: string;
  readonly amount: string;
  readonly fee?: string;
  readonly currency?: string;
  readonly accountId: number;
  readonly toAccountId?: number;
  readonly usd?: string | null;
  readonly nature?: 'advance' | 'other';
  readonly expectedOn?: string;
  readonly detail?: object;
  readonly refundsId?: number;
}
function record(typed: Typed): number {
  made += 1;
  const { currency = 'USD' } = typed;
  const minor = (text: string, of = currency): number => Number(parseMoney(text, of).minor);
  const usd =
    typed.usd === undefined
      ? currency === 'USD'
        ? minor(typed.amount)
        : null
      : typed.usd === null
        ? null
        : minor(typed.usd, 'USD');
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO money_record (number, kind, date, account_id, to_account_id, currency, amount_minor, fee_minor, usd_minor, channel, nature, expected_on,
         detail, refunds_id, counterparty, state, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'bank', ?, ?, ?, ?, 'ACME LLC', 'entered', ?, ?)`,
    )
    .run(
      `R-${made}`,
      typed.kind ?? 'receipt',
      typed.date,
      typed.accountId,
      typed.toAccountId ?? null,
      currency,
      minor(typed.amount),
      minor(typed.fee ?? '0'),
      usd,
      typed.nature ?? 'other',
      typed.expectedOn ?? null,
      JSON.stringify(typed.detail ?? {}),
      typed.refundsId ?? null,
      now,
      now,
    );
  return Number(lastInsertRowid);
}
function exportLine(line: {
  readonly no: string;
  readonly date: string;
  readonly fob: string;
  readonly currency?: string;
  readonly orderId?: number;
  readonly contractReceipt?: string;
  readonly receivedOn?: string;
  readonly lineNo?: number;
}): number {
  const { currency = 'USD' } = line;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO export_line (mode, declaration_no, line_no, export_date, order_id, hs_code, name, unit, qty_e5, currency, fob_minor, country,
         contract_receipt_date, received_on, created_at) VALUES ('9710', ?, ?, ?, ?, '6109100000', '棉制T恤', '件', 100000, ?, ?, 'US', ?, ?, ?)`,
    )
    .run(
      line.no,
      line.lineNo ?? 1,
      line.date,
      line.orderId ?? null,
      currency,
      Number(parseMoney(line.fob, currency).minor),
      line.contractReceipt ?? null,
      line.receivedOn ?? null,
      now,
    );
  return Number(lastInsertRowid);
}
function order(orderNo: string, settled = '0', state = 'open'): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, settled_minor, created_at)
       VALUES (?, '2026-11-01', '2026-11-01T00:00:00', 'United States', '502', 'USD', 1, 0, ?, ?, ?)`,
    )
    .run(orderNo, state, Number(parseMoney(settled, 'USD').minor), now);
  return Number(lastInsertRowid);
}
function allocate(recordId: number, to: { orderId?: number; declarationNo?: string }, amount: string): void {
  const minor = Number(parseMoney(amount, 'USD').minor);
  book
    .prepare(
      `INSERT INTO allocation (record_id, target_kind, order_id, declaration_no, amount_minor, target_currency, target_minor, created_at)
       VALUES (?, ?, ?, ?, ?, 'USD', ?, ?)`,
    )
    .run(
      recordId,
      to.orderId === undefined ? 'declaration' : 'order',
      to.orderId ?? null,
      to.declarationNo ?? null,
      minor,
      minor,
      now,
    );
}
const profile = (more: Partial<InputOf<'forexProfile.save'>> = {}) =>
  must(core, 'forexProfile.save', { smallCbec: true, byElectronicInfo: true, ...more });
const balances = () =>
  (
    book
      .prepare(
        `SELECT account || ' ' || currency AS k, sum(debit_minor - credit_minor) AS m FROM balance GROUP BY account, currency HAVING m <> 0 ORDER BY 1`,
      )
      .all() as { k: string; m: number }[]
  ).map(({ k, m }) => `${k} ${m}`);

// Netting ------------------------------------------------------------------------------------------------------------
const sheet: InputOf<'netting.save'> = {
  date: '2026-11-10',
  counterparty: 'Amazon',
  currency: 'USD',
  goodsCode: '121010',
  goodsEvidence: '530120261234567890',
  gross: '100000',
  fees: [
    { type: 'storage', code: '228010', payee: 'Warehouse Inc', invoiceNo: 'W-1', amount: '12000' },
    { type: 'logistics', code: '222039', payee: 'Last Mile LLC', invoiceNo: 'L-7', amount: '8000' },
    { type: 'tax', code: '321000', payee: 'HMRC', invoiceNo: 'VAT-3', amount: '5000' },
  ],
};

/** Papers for every leg of a sheet. */
async function attachAll(id: number): Promise<void> {
  const { fees } = await must(core, 'netting.get', { id });
  for (const fee of fees) {
    const file = path.join(folder, `invoice-${fee.id}.pdf`);
    writeFileSync(file, `invoice ${fee.invoiceNo} ${fee.id}`);
    await must(core, 'netting.attach', { id, feeId: fee.id, file });
  }
}

describe('a netting sheet', () => {
  it('holds gross less fees to the cent, and says by how much it does not', async () => {
    expect(await refusal('netting.save', { ...sheet, net: '74999.99' })).toMatchObject({
      code: 'NET_DIFFERS',
      params: { given: '74999.99', net: '75000.00', difference: '-0.01' },
    });
    expect(await must(core, 'netting.list', {})).toMatchObject({ total: 0 });
    const saved = await must(core, 'netting.save', { ...sheet, net: '75000.00' });
    expect(saved).toMatchObject({ number: '轧-2026-0001', net: '75000.00' });
    const view = await must(core, 'netting.get', { id: saved.id });
    expect(view).toMatchObject({
      gross: '100000.00',
      feesTotal: '25000.00',
      net: '75000.00',
      actualCode: '999999',
      restored: [
        { direction: 'IN', code: '121010', amount: '100000.00' },
        { direction: 'OUT', code: '228010', amount: '12000.00' },
        { direction: 'OUT', code: '222039', amount: '8000.00' },
        { direction: 'OUT', code: '321000', amount: '5000.00' },
      ],
    });
    // The paper of each leg and the receipt are still to come.
    expect(view.gaps).toEqual([
      { row: 0, gap: 'link' },
      { row: 1, gap: 'paper' },
      { row: 2, gap: 'paper' },
      { row: 3, gap: 'paper' },
    ]);
    expect(await refusal('netting.confirm', { id: saved.id })).toMatchObject({
      code: 'NETTING_GAPS',
      params: { gaps: 4 },
    });
  });

  it('cannot be stored out of balance, whatever writes it', async () => {
    const { id } = await must(core, 'netting.save', sheet);
    expect(() => book.prepare('UPDATE netting SET net_minor = net_minor + 1 WHERE id = ?').run(id)).toThrow(/CHECK/);
    expect(() => book.prepare('UPDATE netting_fee SET amount_minor = 1 WHERE netting_id = ?').run(id)).toThrow(
      /put in anew/,
    );
  });

  it('posts what nobody has posted, once, and takes it back', async () => {
    await rate('USD', '2026-11-01', '7');
    const receipt = record({ date: '2026-11-10', amount: '74990', fee: '10', accountId: account() });
    const document = await must(core, 'sourceDocuments.save', {
      document: { kind: 'platform-fee', date: '2026-11-02', fee: 'storage', currency: 'USD', amount: '12000' },
    });
    const { number } = await must(core, 'sourceDocuments.get', { id: document.id });
    const before = balances();
    const fees = (sheet.fees ?? []).map((fee, at) => (at === 0 ? { ...fee, documentNo: number } : fee));
    const { id } = await must(core, 'netting.save', { ...sheet, fees, recordId: receipt });
    await attachAll(id);
    expect(await must(core, 'netting.confirm', { id })).toEqual({ posted: 2, byPayout: 0 });
    expect(balances()).toEqual(['1122 USD -2500000', '560103 USD 800000', '560104 USD 1200000', '560106 USD 500000']);
    const view = await must(core, 'netting.get', { id });
    expect(view.fees.map(({ postedBy }) => postedBy)).toEqual(['document', 'made', 'made']);
    expect(await refusal('netting.save', { ...sheet, id })).toMatchObject({ code: 'NETTING_FIXED' });
    expect(() => book.prepare('DELETE FROM netting_fee WHERE netting_id = ?').run(id)).toThrow(/confirmed/);
    // A document taken back by hand does not hold the sheet.
    const [, second] = (await must(core, 'netting.get', { id })).fees;
    await must(core, 'sourceDocuments.void', { id: second?.document?.id ?? 0, reason: '错记' });
    await must(core, 'netting.reopen', { id, reason: '费用有误' });
    expect(balances()).toEqual(before);
    await must(core, 'netting.confirm', { id });
    await must(core, 'netting.void', { id, reason: '重做' });
    expect(balances()).toEqual(before);
    // A void sheet gives its receipt free.
    await must(core, 'netting.save', { ...sheet, recordId: receipt });
  });

  it('takes a document that posted a fee only as far as it goes', async () => {
    await rate('USD', '2026-11-01', '7');
    const { id } = await must(core, 'sourceDocuments.save', {
      document: { kind: 'platform-fee', date: '2026-11-02', fee: 'storage', currency: 'USD', amount: '15000' },
    });
    const { number: documentNo } = await must(core, 'sourceDocuments.get', { id });
    const fee = { type: 'storage' as const, amount: '10000', documentNo };
    expect(await refusal('netting.save', { ...sheet, fees: [fee, fee] })).toMatchObject({
      code: 'NETTING_DOCUMENT_SHORT',
      path: 'fees.1.documentNo',
      params: { free: '15000.00', want: '20000.00' },
    });
    await must(core, 'netting.save', { ...sheet, fees: [fee] });
    expect(await refusal('netting.save', { ...sheet, fees: [fee] })).toMatchObject({ params: { free: '5000.00' } });
    expect(await refusal('netting.save', { ...sheet, currency: 'EUR', fees: [fee] })).toMatchObject({
      code: 'NETTING_DOCUMENT',
    });
  });

  it('is linked to the receipt that it explains, and to no other', async () => {
    const accountId = account();
    const wrong = record({ date: '2026-11-10', amount: '74000', accountId });
    expect(await refusal('netting.save', { ...sheet, recordId: wrong })).toMatchObject({
      code: 'NETTING_RECORD_DIFFERS',
      params: { amount: '74000.00', net: '75000.00', difference: '-1000.00' },
    });
    const euro = record({ date: '2026-11-10', amount: '75000', currency: 'EUR', usd: null, accountId: account('EUR') });
    expect(await refusal('netting.save', { ...sheet, recordId: euro })).toMatchObject({ code: 'NETTING_RECORD' });
    const right = record({ date: '2026-11-10', amount: '75000', accountId });
    await must(core, 'netting.save', { ...sheet, recordId: right });
    expect(await refusal('netting.save', { ...sheet, recordId: right })).toMatchObject({
      code: 'NETTING_RECORD_TAKEN',
    });
  });

  it('lets only those fees be netted that the pack and the profile allow', async () => {
    const fees = [{ type: 'compensation' as const, code: '1', invoiceNo: '1', amount: '100' }];
    const { id } = await must(core, 'netting.save', { ...sheet, fees });
    expect((await must(core, 'netting.get', { id })).fees[0]).toMatchObject({ nettable: 'pilot' });
    await profile({ pilotSince: '2026-01-01' });
    expect((await must(core, 'netting.get', { id })).fees[0]).toMatchObject({ nettable: 'yes' });
    const commission = [{ type: 'commission' as const, code: '1', invoiceNo: '1', amount: '100' }];
    const other = await must(core, 'netting.save', { ...sheet, fees: commission });
    expect((await must(core, 'netting.get', { id: other.id })).gaps).toContainEqual({ row: 1, gap: 'type' });
  });

  it('needs no receipt where nothing is left over, and a payment where fees are more', async () => {
    const fee = (amount: string) => [{ type: 'storage' as const, code: '228010', invoiceNo: 'W', amount }];
    const none = await must(core, 'netting.save', { ...sheet, gross: '500', fees: fee('500') });
    expect(await must(core, 'netting.get', { id: none.id })).toMatchObject({ actualCode: '999998', net: '0.00' });
    const paid = record({ kind: 'payment', date: '2026-11-10', amount: '20', accountId: account() });
    const out = await must(core, 'netting.save', { ...sheet, gross: '500', fees: fee('520'), recordId: paid });
    expect(out.net).toBe('-20.00');
  });

  it('keeps the papers of fees that stay, and forgets those that are put on file no more', async () => {
    const { id } = await must(core, 'netting.save', sheet);
    await attachAll(id);
    const { fees } = await must(core, 'netting.get', { id });
    const [first, second] = fees;
    if (first === undefined || second === undefined) throw new Error('fees');
    await must(core, 'netting.save', {
      ...sheet,
      id,
      fees: [
        { ...fee(second), id: second.id },
        { ...fee(first), id: first.id, amount: '13000' },
      ],
    });
    const after = await must(core, 'netting.get', { id });
    expect(after.fees.map(({ paper }) => paper?.sha256)).toEqual([second.paper?.sha256, first.paper?.sha256]);
    expect(after.net).toBe('79000.00');
    await must(core, 'archive.remove', { id: first.paper?.id ?? 0, reason: '错件' });
    expect((await must(core, 'netting.get', { id })).gaps).toContainEqual({ row: 2, gap: 'paper' });
    function fee({ type, code, payee, invoiceNo, amount }: OutputOf<'netting.get'>['fees'][number]) {
      return { type, code, payee, invoiceNo, amount };
    }
  });

  it('is made from a payout, whose own posting it does not repeat', async () => {
    await rate('USD', '2026-10-01', '7');
    const kind = book.prepare(
      `INSERT INTO payout_kind (platform, type, detail, category, updated_at) VALUES ('amazon', ?, '', ?, ?) RETURNING id`,
    );
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO payout (platform, layout, store, number, from_on, to_on, deposit_on, currency, total_minor, deposit_minor, proof, digest, file_name,
           file_sha256, state, created_at, updated_at)
         VALUES ('amazon', 'amazon-settlement-v2', 'US', '17654321', '2026-10-01', '2026-10-14', '2026-10-16', 'USD', 700000, 700000, 'deposit', 'd', 'f', 'h',
           'entered', ?, ?)`,
      )
      .run(now, now);
    const payoutId = Number(lastInsertRowid);
    for (const [category, minor] of [
      ['sale', 1_000_000],
      ['refund', -50_000],
      ['commission', -150_000],
      ['fulfilment', -80_000],
      ['storage', -20_000],
      ['tax-collected', 60_000],
      ['tax-withheld', -60_000],
    ] as const) {
      const { id } = kind.get(category, category, now) as { id: number };
      book
        .prepare(
          `INSERT INTO payout_day (payout_id, kind_id, posted_on, own_on, lines, amount_minor) VALUES (?, ?, '2026-10-10', '2026-10-10', 1, ?)`,
        )
        .run(payoutId, id, minor);
    }
    const draft = await must(core, 'netting.prefill', { payoutId });
    expect(draft).toMatchObject({
      gross: '9500.00',
      net: '7000.00',
      date: '2026-10-16',
      goodsEvidence: 'amazon 17654321',
    });
    expect(draft.fees.map(({ type, amount }) => `${type} ${amount}`)).toEqual([
      'commission 1500.00',
      'logistics 800.00',
      'storage 200.00',
    ]);
    const fees = draft.fees.map((one) => ({ ...one, code: '222039', type: 'logistics' as const }));
    const receipt = record({ date: '2026-10-18', amount: '7000', accountId: account() });
    const { id } = await must(core, 'netting.save', { ...draft, goodsCode: '121010', fees, recordId: receipt });
    expect(await refusal('netting.save', { ...draft, goodsCode: '121010' })).toMatchObject({
      code: 'NETTING_PAYOUT_TAKEN',
    });
    await attachAll(id);
    const before = balances();
    expect(await must(core, 'netting.confirm', { id })).toEqual({ posted: 0, byPayout: 3 });
    expect(balances()).toEqual(before);
    expect((await must(core, 'netting.get', { id })).fees.every(({ postedBy }) => postedBy === 'payout')).toBe(true);
  });

  it('is printed with every leg, marked as a draft until it is confirmed, and written to a workbook', async () => {
    const { id } = await must(core, 'netting.save', { ...sheet, counterparty: '<b>Amazon & Co</b>' });
    const to = path.join(folder, 'sheet.pdf');
    await must(core, 'netting.print', { id, to });
    for (const text of [
      '轧差核对表',
      '草稿',
      '100,000.00',
      '25,000.00',
      '75,000.00',
      '999999',
      '121010',
      'W-1',
      '&lt;b&gt;Amazon &amp; Co',
    ])
      expect(printed).toContain(text);
    expect(await must(core, 'netting.export', { id, to: path.join(folder, 'sheet.xlsx') })).toEqual({ rows: 6 });
  });

  it('balances whatever is typed: what comes in less what goes out is the net', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('USD', 'JPY', 'KWD'),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.array(fc.integer({ min: 1, max: 10_000_000 }), { maxLength: 12 }),
        async (currency, gross, fees) => {
          const digits = { USD: 2, JPY: 0, KWD: 3 }[currency] ?? 2;
          const text = (minor: number) => {
            const padded = String(minor).padStart(digits + 1, '0');
            return digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
          };
          const { id } = await must(core, 'netting.save', {
            ...sheet,
            currency,
            gross: text(gross),
            fees: fees.map((amount) => ({ type: 'storage' as const, amount: text(amount) })),
          });
          const view = await must(core, 'netting.get', { id });
          const minor = (one: string) => parseMoney(one, currency).minor;
          const legs = view.restored.reduce(
            (sum, { direction, amount }) => (direction === 'IN' ? sum + minor(amount) : sum - minor(amount)),
            0n,
          );
          expect(legs).toBe(minor(view.net));
          expect(minor(view.net)).toBe(BigInt(gross - fees.reduce((sum, one) => sum + one, 0)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

// Gauges -------------------------------------------------------------------------------------------------------------
describe('the sum of list registration', () => {
  const gauges = (more: InputOf<'forex.gauges'> = {}) => must(core, 'forex.gauges', { asOf: '2026-11-21', ...more });

  it('adds the calendar year up by month, warns from 180,000 and is crossed at 200,000', async () => {
    await profile();
    const accountId = account();
    record({ date: '2025-12-31', amount: '150000', accountId });
    record({ date: '2026-01-05', amount: '100000', accountId });
    record({ date: '2026-03-05', amount: '79999.99', accountId });
    expect(await gauges()).toMatchObject({
      status: 'EXEMPT',
      warn: false,
      receipts: { usd: '179999.99', leftUsd: '20000.01' },
    });
    record({ date: '2026-03-06', amount: '0.01', accountId });
    const near = await gauges();
    expect(near).toMatchObject({
      status: 'EXEMPT',
      warn: true,
      receipts: { warnedOn: '2026-03-06', warn: true },
      payments: { usd: '0.00' },
    });
    expect(near.receipts.months.slice(0, 3)).toEqual([
      { month: '2026-01', usd: '100000.00', cumulativeUsd: '100000.00' },
      { month: '2026-02', usd: '0.00', cumulativeUsd: '100000.00' },
      { month: '2026-03', usd: '80000.00', cumulativeUsd: '180000.00' },
    ]);
    record({ date: '2026-06-01', amount: '20000', accountId });
    const over = await gauges();
    expect(over).toMatchObject({
      status: 'REGISTER_REQUIRED',
      agency: 'BANK',
      receipts: { crossedOn: '2026-06-01', leftUsd: '0.00' },
    });
    expect(over.payments.status).toBe('EXEMPT');
    // Of this year, not of the one before.
    expect((await gauges({ asOf: '2026-01-31' })).receipts.usd).toBe('100000.00');
  });

  it('says beforehand what a planned receipt would do', async () => {
    await profile();
    record({ date: '2026-02-01', amount: '170000', accountId: account() });
    await rate('USD', '2026-11-01', '7.2');
    const planned = { direction: 'receipts' as const, date: '2026-11-25', currency: 'USD', amount: '9999.99' };
    expect((await gauges({ planned })).planned).toEqual({
      usd: '9999.99',
      totalUsd: '179999.99',
      status: 'EXEMPT',
      warn: false,
      crosses: false,
      leftUsd: '20000.01',
    });
    expect((await gauges({ planned: { ...planned, amount: '10000' } })).planned).toMatchObject({
      warn: true,
      crosses: false,
    });
    expect((await gauges({ planned: { ...planned, amount: '30000' } })).planned).toMatchObject({
      crosses: true,
      status: 'REGISTER_REQUIRED',
    });
    // Another year begins at nought, and without a rate nothing is said.
    expect((await gauges({ planned: { ...planned, date: '2027-01-05', amount: '30000' } })).planned).toMatchObject({
      totalUsd: '30000.00',
      crosses: false,
    });
    expect((await gauges({ planned: { ...planned, currency: 'GBP' } })).planned).toEqual({
      warn: false,
      crosses: false,
    });
  });

  it('counts receipts and payments apart: money home from abroad once, refunds and settlements not, CNY apart', async () => {
    await profile();
    const [home, wallet, yuan] = [account(), account('USD', { place: 'abroad', kind: 'wallet' }), account('CNY')];
    record({ date: '2026-02-01', amount: '5000', accountId: wallet });
    record({ kind: 'transfer', date: '2026-02-03', amount: '4000', accountId: wallet, toAccountId: home });
    record({ kind: 'payment', date: '2026-02-04', amount: '700', accountId: home });
    record({ kind: 'refund-out', date: '2026-02-05', amount: '50', accountId: home });
    record({ kind: 'settlement', date: '2026-02-06', amount: '4000', accountId: home, toAccountId: yuan });
    record({ date: '2026-02-07', amount: '720', currency: 'CNY', accountId: yuan, usd: '100' });
    record({ date: '2026-02-08', amount: '9', accountId: home, detail: { codes: [{ code: '223029', amount: '9' }] } });
    record({ date: '2026-02-08', amount: '8', accountId: home, detail: { crossBorder: false } });
    const view = await gauges();
    expect(view.receipts).toMatchObject({
      usd: '4000.00',
      count: 1,
      cny: { amount: '720.00', count: 1, usd: '100.00' },
    });
    expect(view.payments).toMatchObject({ usd: '700.00', count: 1 });
    const paid = await must(core, 'forex.flows', { direction: 'payments', from: '2026-01-01', to: '2026-12-31' });
    expect(paid).toMatchObject({ total: 1, rows: [{ usd: '700.00' }] });
    await profile({ cnyCounts: { registration: true, indicators: true } });
    expect((await gauges()).receipts.usd).toBe('4100.00');
    const rows = await must(core, 'forex.flows', { direction: 'receipts', from: '2026-01-01', to: '2026-12-31' });
    expect(rows.rows.map(({ usd }) => usd)).toEqual(['100.00', '4000.00']);
  });

  it('names an amount that has no rate, and takes it in once it has', async () => {
    await profile();
    record({ date: '2026-02-01', amount: '1000', currency: 'EUR', accountId: account('EUR') });
    expect((await gauges()).receipts).toMatchObject({
      usd: '0.00',
      count: 1,
      unrated: [{ currency: 'EUR', date: '2026-02-01', amount: '1000.00', count: 1 }],
    });
    await rate('USD', '2026-01-30', '7');
    await rate('EUR', '2026-01-30', '7.7');
    expect((await gauges()).receipts).toMatchObject({ usd: '1100.00', unrated: [] });
  });

  it('counts a netted receipt with its gross proceeds', async () => {
    await profile();
    await rate('USD', '2026-01-30', '7');
    const receipt = record({ date: '2026-11-10', amount: '75000', accountId: account() });
    const { id } = await must(core, 'netting.save', { ...sheet, recordId: receipt });
    expect((await gauges()).receipts.usd).toBe('75000.00');
    await attachAll(id);
    await must(core, 'netting.confirm', { id });
    expect((await gauges()).receipts.usd).toBe('100000.00');
  });

  it('tells the papers and consequences of the class, with source and reliability', async () => {
    await profile({ classes: [{ class: 'B', from: '2026-05-01' }] });
    const { checklist } = await gauges();
    expect(checklist).toMatchObject({ class: 'B', since: '2026-05-01', reliability: 'K' });
    expect(checklist.papers.map(({ operation }) => operation)).toEqual(['receipt', 'payment', 'advance', 'deferred']);
    expect((await gauges({ asOf: '2026-04-30' })).checklist).toMatchObject({ class: 'A' });
    expect(
      await refusal('forexProfile.save', {
        classes: [
          { class: 'A', from: '2026-05-01' },
          { class: 'B', from: '2026-05-01' },
        ],
      }),
    ).toMatchObject({ code: 'FOREX_CLASS_TWICE' });
  });
});

describe('the personal quota', () => {
  it('counts settlements of a person in order, and takes out what is proven', async () => {
    const own = account('USD', { owner: '张三', kind: 'personal' });
    const settle = (date: string, amount: string, detail: object = {}) =>
      record({ kind: 'settlement', date, amount, accountId: own, detail });
    const first = settle('2026-02-01', '30000');
    settle('2026-03-01', '15000', { personProof: 'electronic', proofNote: '交易电子信息 2026-03' });
    const third = settle('2026-04-01', '25000');
    const list = async () => (await must(core, 'quota.list', { year: '2026' })).rows;
    expect(await list()).toMatchObject([
      { name: '张三', usedUsd: '55000.00', outsideUsd: '15000.00', leftUsd: '0.00', status: 'OVER_QUOTA', unproven: 2 },
    ]);
    expect(await refusal('quota.saveEntry', { person: '张三', recordId: third, proof: 'tradeProof' })).toMatchObject({
      code: 'QUOTA_PROOF_REFERENCE',
    });
    expect(
      await refusal('quota.saveEntry', {
        person: '张三',
        recordId: third,
        proof: 'tradeProof',
        reference: 'S-1',
        provenUsd: '25001',
      }),
    ).toMatchObject({ code: 'QUOTA_PROVEN_TOO_MUCH' });
    await must(core, 'quota.saveEntry', {
      person: '张三',
      recordId: third,
      proof: 'tradeProof',
      reference: 'S-1',
      provenUsd: '20000',
    });
    expect(await list()).toMatchObject([
      // What is proven in part is not among those without proof.
      { usedUsd: '35000.00', outsideUsd: '35000.00', leftUsd: '15000.00', status: 'WITHIN', unproven: 1 },
    ]);
    await must(core, 'quota.saveEntry', {
      person: '张三',
      date: '2026-05-01',
      usd: '5000',
      proof: 'none',
      note: '他行结汇',
    });
    expect(await list()).toMatchObject([{ usedUsd: '40000.00', settlements: 4 }]);
    // Over the quota it stays, though the last settlement of the year is proven and counts nothing.
    const { id } = await must(core, 'quota.saveEntry', {
      person: '张三',
      date: '2026-05-02',
      usd: '10001',
      proof: 'none',
    });
    settle('2026-06-01', '100', { personProof: 'amount', proofNote: '报关单 1' });
    expect(await list()).toMatchObject([{ usedUsd: '50001.00', leftUsd: '0.00', status: 'OVER_QUOTA' }]);
    await must(core, 'quota.removeEntry', { id, reason: '记错' });
    expect(await list()).toMatchObject([{ usedUsd: '40000.00', leftUsd: '10000.00', status: 'WITHIN' }]);
    await must(core, 'quota.savePerson', { name: '张三', holder: 'soleTrader' });
    expect(await list()).toMatchObject([{ status: 'INSTITUTION_RULES', usedUsd: '0.00' }]);
    // A person's money is not the firm's.
    await profile();
    expect((await must(core, 'forex.gauges', { asOf: '2026-11-21' })).receipts.count).toBe(0);
    expect(first).toBeGreaterThan(0);
  });
});

// Trade credit -------------------------------------------------------------------------------------------------------
describe('trade credit', () => {
  const list = (more: InputOf<'tradeCredit.list'> = {}) => must(core, 'tradeCredit.list', more);
  const row = async (key: string) => {
    const { reports: _reports, calculation: _calculation, ...one } = await must(core, 'tradeCredit.get', { key });
    return one;
  };

  it('finds advances by their days, until their goods have left', async () => {
    const accountId = account();
    const long = record({ date: '2026-11-01', amount: '1000', accountId, nature: 'advance', expectedOn: '2026-12-16' });
    const short = record({ date: '2026-11-01', amount: '500', accountId, nature: 'advance', expectedOn: '2026-12-01' });
    record({ kind: 'payment', date: '2026-10-01', amount: '80', accountId, nature: 'advance' });
    const yuan = record({
      date: '2026-11-01',
      amount: '9',
      currency: 'CNY',
      accountId: account('CNY'),
      nature: 'advance',
    });
    const { rows, counts } = await list();
    expect(rows.map(({ key, state, reportBy }) => `${key} ${state} ${reportBy ?? ''}`)).toEqual([
      expect.stringMatching(/^record:\d+ overdue 2026-10-31$/),
      `record:${long} due 2026-12-01`,
      `record:${short} notNeeded `,
    ]);
    expect(counts).toEqual({ overdue: 1, due: 1, notNeeded: 1 });
    expect(rows.some(({ key }) => key === `record:${yuan}`)).toBe(false);
    expect(await row(`record:${long}`)).toMatchObject({
      kind: 'prepay',
      gapDays: 45,
      days: 10,
      proposed: 'new',
      balanceUsd: '1000.00',
    });

    // An order not released yet leaves the advance open, a released one does not.
    const [open, released] = [order('A1'), order('A2', '0', 'released')];
    allocate(long, { orderId: open }, '300');
    expect(await row(`record:${long}`)).toMatchObject({ balance: '1000.00' });
    allocate(long, { orderId: released }, '600');
    expect(await row(`record:${long}`)).toMatchObject({ balance: '400.00' });
    exportLine({ no: 'D1', date: '2026-11-15', fob: '300', orderId: open });
    expect(await row(`record:${long}`)).toMatchObject({ balance: '100.00' });
  });

  it('goes by the class: every advance of class B, deferrals over 30 days', async () => {
    const accountId = account();
    record({ date: '2026-11-10', amount: '500', accountId, nature: 'advance', expectedOn: '2026-11-25' });
    exportLine({ no: 'D1', date: '2026-10-01', fob: '300' });
    expect((await list()).rows.map(({ state }) => state)).toEqual(['notNeeded']);
    await profile({ classes: [{ class: 'B', from: '2026-01-01' }] });
    expect((await list()).rows.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['deferIn overdue', 'prepay due']);
  });

  it('finds exports that are not paid for: by contract, by the usual days, or when they are late', async () => {
    exportLine({ no: 'LATE', date: '2026-08-01', fob: '100' });
    exportLine({ no: 'PAID', date: '2026-08-01', fob: '100', receivedOn: '2026-09-01' });
    exportLine({ no: 'CONTRACT', date: '2026-11-01', fob: '200', contractReceipt: '2027-02-15' });
    exportLine({ no: 'RECENT', date: '2026-11-10', fob: '300' });
    exportLine({ no: 'PART', date: '2026-07-01', fob: '400' });
    exportLine({ no: 'PART', date: '2026-07-01', fob: '100', lineNo: 2 });
    allocate(record({ date: '2026-09-01', amount: '450', accountId: account() }), { declarationNo: 'PART' }, '450');
    const found = async () =>
      (await list()).rows.map(({ label, balance, state, gapDays }) => `${label} ${balance} ${state} ${gapDays}`);
    expect(await found()).toEqual(['PART 50.00 overdue 143', 'LATE 100.00 overdue 112', 'CONTRACT 200.00 due 106']);
    await profile({ usualReceiptDays: 120 });
    expect(await found()).toContain('RECENT 300.00 due 120');
  });

  it('lets what an order received pay its lists in the order they left', async () => {
    const id = order('A1', '150', 'released');
    exportLine({ no: 'L1', date: '2026-07-01', fob: '100', orderId: id });
    exportLine({ no: 'L2', date: '2026-07-05', fob: '100', orderId: id });
    expect((await list()).rows.map(({ label, balance }) => `${label} ${balance}`)).toEqual(['L2 50.00']);
  });

  it('drafts, reports, adjusts, modifies and deletes, with each version on file', async () => {
    const accountId = account();
    const id = record({
      date: '2026-11-01',
      amount: '1000',
      accountId,
      nature: 'advance',
      expectedOn: '2026-12-16',
      detail: { declarationNo: '4403000000001126110001' },
    });
    const key = `record:${id}`;
    expect(await refusal('tradeCreditReports.draft', { key, operation: 'adjust' })).toMatchObject({
      code: 'TRADE_CREDIT_OPERATION',
    });
    const first = await must(core, 'tradeCreditReports.draft', {
      key,
      operation: 'new',
      fields: { remark: '预收定金' },
    });
    expect(first.number).toBe('贸信-2026-0001');
    expect(await refusal('tradeCreditReports.draft', { key, operation: 'new' })).toMatchObject({
      code: 'TRADE_CREDIT_DRAFT',
    });
    expect(await must(core, 'tradeCreditReports.get', { id: first.id })).toMatchObject({
      version: 1,
      operation: 'new',
      reportBy: '2026-12-01',
      body: {
        class: 'A',
        kind: 'prepay',
        declarationNo: '4403000000001126110001',
        counterparty: 'ACME LLC',
        baseDate: '2026-11-01',
        expectedDate: '2026-12-16',
        amount: '1000.00',
        balance: '1000.00',
        balanceUsd: '1000.00',
        remark: '预收定金',
      },
    });
    await must(core, 'tradeCreditReports.mark', { id: first.id, reportedOn: '2026-11-20', reference: 'OK-1' });
    expect(await row(key)).toMatchObject({ state: 'reported', reported: { balance: '1000.00', operation: 'new' } });
    expect((await row(key)).proposed).toBeUndefined();
    expect(() => book.prepare(`UPDATE trade_credit_report SET body = '{}' WHERE id = ?`).run(first.id)).toThrow(
      /another report/,
    );

    allocate(id, { orderId: order('A2', '0', 'released') }, '600');
    expect(await row(key)).toMatchObject({ balance: '400.00', proposed: 'adjust' });
    const second = await must(core, 'tradeCreditReports.draft', { key, operation: 'adjust' });
    expect(await must(core, 'tradeCreditReports.get', { id: second.id })).toMatchObject({
      version: 2,
      body: { amount: '1000.00', balance: '400.00', expectedDate: '2026-12-16' },
      before: { number: '贸信-2026-0001', body: { balance: '1000.00' } },
    });
    await must(core, 'tradeCreditReports.withdraw', { id: second.id, reason: '等全部发货' });
    await must(core, 'tradeCredit.note', { key, expectedDate: '2027-01-20' });
    const third = await must(core, 'tradeCreditReports.draft', { key, operation: 'modify' });
    await must(core, 'tradeCreditReports.mark', { id: third.id, reportedOn: '2026-11-21' });
    expect(await row(key)).toMatchObject({ reported: { expectedDate: '2027-01-20', balance: '400.00' } });

    // Balances of standing reports are those of the indicators.
    const { balances: credit } = await must(core, 'indicators.get', { month: '2026-11' });
    expect(credit).toMatchObject({ advanceReceipts: '400.00', deferredReceipts: '0.00' });

    // All goods have left: the book shows it no more, its report still stands at 400.
    book.prepare(`UPDATE money_record SET state = 'void' WHERE id = ?`).run(id);
    expect(await row(key)).toMatchObject({ balance: '0.00', proposed: 'adjust' });
    const last = await must(core, 'tradeCreditReports.draft', { key, operation: 'delete', reason: '收款作废' });
    await must(core, 'tradeCreditReports.mark', { id: last.id, reportedOn: '2026-11-21' });
    const { reports } = await must(core, 'tradeCredit.get', { key });
    expect(reports.map(({ operation, state }) => `${operation} ${state}`)).toEqual([
      'new reported',
      'adjust withdrawn',
      'modify reported',
      'delete reported',
    ]);
    expect(await must(core, 'tradeCreditReports.export', { file: path.join(folder, 'reports.xlsx') })).toEqual({
      rows: 4,
    });
  });

  it('takes items the book cannot find, and a word that something is not reported', async () => {
    const item = {
      kind: 'offshore' as const,
      baseDate: '2026-06-01',
      expectedDate: '2026-10-01',
      currency: 'USD',
      amount: '500000.01',
      reference: 'OFF-1',
    };
    const { key } = await must(core, 'tradeCredit.saveItem', item);
    expect(await row(key)).toMatchObject({ state: 'overdue', label: 'OFF-1', proposed: 'new' });
    await must(core, 'tradeCredit.saveItem', { ...item, id: Number(key.split(':')[1]), amount: '500000' });
    expect(await row(key)).toMatchObject({ state: 'notNeeded' });
    expect(await refusal('tradeCredit.note', { key, settled: '600000' })).toMatchObject({
      code: 'TRADE_CREDIT_SETTLED',
    });
    await must(core, 'tradeCredit.note', { key, dismissed: true, reason: '已在他行报告' });
    expect(await row(key)).toMatchObject({ state: 'dismissed', reason: '已在他行报告' });
  });

  it('is in the calendar of deadlines', async () => {
    record({ date: '2026-11-01', amount: '1000', accountId: account(), nature: 'advance', expectedOn: '2026-12-16' });
    await profile({ changedOn: '2026-11-05' });
    const { rows } = await must(core, 'deadlines.list', { today: '2026-11-21', kind: 'forex' });
    expect(rows.map(({ rule, date, subject }) => `${rule} ${date} ${subject}`)).toEqual([
      expect.stringMatching(/^tradeCreditReport 2026-12-01 R-/),
      'forexListChange 2026-12-05 2026-11-05',
    ]);
    await profile({ changedOn: '2026-11-05', changeRegisteredOn: '2026-11-06' });
    expect((await must(core, 'deadlines.list', { today: '2026-11-21', kind: 'forex' })).rows).toHaveLength(1);
  });
});

// Indicators ---------------------------------------------------------------------------------------------------------
describe('total-amount indicators', () => {
  const get = (month = '2026-10') => must(core, 'indicators.get', { month });

  it('adds twelve months up from the book, with bands, a trend and the rows of each figure', async () => {
    const accountId = account();
    exportLine({ no: 'D0', date: '2025-10-31', fob: '999' });
    exportLine({ no: 'D1', date: '2025-11-01', fob: '600000' });
    exportLine({ no: 'D2', date: '2026-10-31', fob: '400000' });
    record({ date: '2026-03-01', amount: '950000', accountId });
    const view = await get();
    expect(view).toMatchObject({
      from: '2025-11-01',
      to: '2026-10-31',
      figures: { exports: { usd: '1000000.00', count: 2 }, receipts: { usd: '950000.00' }, imports: { usd: '0.00' } },
      now: { totalDifference: '-50000.00', differenceRate: '-2.56', fundsGoodsRatio: '95.00' },
      breached: [],
      onSiteCheckRisk: false,
    });
    expect(view.history).toHaveLength(12);
    expect(view.history.at(-1)).toEqual(view.now);
    expect(view.history.at(-2)).toMatchObject({ month: '2026-09', totalDifference: '349001.00' });
    const rows = await must(core, 'indicators.rows', { month: '2026-10', figure: 'exports' });
    expect(rows.rows.map(({ label, usd }) => `${label} ${usd}`)).toEqual(['D2 400000.00', 'D1 600000.00']);
    const paged = await must(core, 'indicators.rows', { month: '2026-10', figure: 'exports', limit: 1 });
    const next = await must(core, 'indicators.rows', {
      month: '2026-10',
      figure: 'exports',
      limit: 1,
      after: paged.nextCursor,
    });
    expect([paged.rows[0]?.label, next.rows[0]?.label]).toEqual(['D2', 'D1']);
  });

  it('warns where receipts run ahead of goods, and takes adjustments with their reason', async () => {
    exportLine({ no: 'D1', date: '2026-05-01', fob: '200000' });
    record({ date: '2026-05-10', amount: '520000', accountId: account() });
    expect(await get()).toMatchObject({
      now: { differenceRate: '44.44', fundsGoodsRatio: '260.00' },
      breached: ['DIFFERENCE_RATE', 'FUNDS_GOODS_RATIO'],
    });
    const { id } = await must(core, 'indicators.adjust', {
      month: '2026-05',
      figure: 'exports',
      usd: '320000',
      reason: '代理出口未入账',
    });
    expect(await get()).toMatchObject({
      figures: { exports: { bookUsd: '200000.00', adjustedUsd: '320000.00', usd: '520000.00' } },
      now: { totalDifference: '0.00', fundsGoodsRatio: '100.00' },
      breached: [],
      adjustments: [{ reason: '代理出口未入账', usd: '320000.00' }],
    });
    expect(
      await refusal('indicators.adjust', { month: '2026-05', figure: 'exports', usd: '-520000.01', reason: 'x' }),
    ).toMatchObject({
      code: 'INDICATOR_BELOW_ZERO',
    });
    await must(core, 'indicators.removeAdjustment', { id, reason: '重复' });
    expect((await get()).breached).toContain('FUNDS_GOODS_RATIO');
  });

  it('names what has no rate, in the months it belongs to', async () => {
    exportLine({ no: 'D1', date: '2026-05-01', fob: '1000', currency: 'EUR' });
    const { exports } = (await get()).figures;
    expect(exports).toMatchObject({
      usd: '0.00',
      count: 1,
      unrated: [{ currency: 'EUR', date: '2026-05-01', amount: '1000.00', count: 1 }],
    });
    expect((await get('2026-04')).figures.exports.unrated).toEqual([]);
  });
});

describe('the first page of the day', () => {
  it('warns before the sum of list registration is reached, and when it is', async () => {
    const codes = async () =>
      (await must(core, 'today.get', { date: '2026-11-21' })).attention
        .map(({ code }) => code)
        .filter((code) => code.startsWith('forex'));
    const accountId = account();
    record({ date: '2026-02-01', amount: '179999', accountId });
    // Nobody has said that the firm is exempt.
    expect(await codes()).toEqual(['forexNotListed']);
    await profile();
    expect(await codes()).toEqual([]);
    record({ date: '2026-02-02', amount: '1', accountId });
    expect(await codes()).toEqual(['forexNear']);
    record({ kind: 'payment', date: '2026-02-02', amount: '200000', accountId });
    expect(await codes()).toEqual(['forexNear', 'forexCrossed']);
    await profile({ listedOn: '2026-03-01' });
    expect(await codes()).toEqual([]);
  });
});
