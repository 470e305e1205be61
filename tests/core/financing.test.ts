import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** The financing data pack (融资数据包): what is in it and what is not, its list and hashes, the register, the check. */
const now = '2026-11-21T04:00:00.000Z';
const period = { from: '2026-10-01', to: '2026-11-21' };
const identity = '46000319900101123X';
const account = '6222021234567890123';
let folder = '';
let core: Core;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-financing-'));
  core = coreAt(folder, { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const { book } = core.session;
  await must(core, 'rates.set', { currency: 'USD', date: '2026-01-01', cnyPerUnit: '7', source: '测试' });
  const insert = book.prepare(
    `INSERT INTO sales_order (order_no, order_date, ordered_at, customer, buyer_name, country_text, currency, lines, goods_value_e5, state, created_at)
     VALUES (?, ?, ?, 'C-1', ?, 'Germany', 'USD', 1, ?, ?, ?)`,
  );
  insert.run('A-1', '2026-10-02', '2026-10-02', `张三 ${identity}`, 10_000_000, 'open', now);
  insert.run('A-2', '2026-11-20', '2026-11-20', 'ACME GmbH', 5_000_000, 'released', now);
  insert.run('A-0', '2026-05-01', '2026-05-01', 'Old Buyer', 1_000_000, 'open', now);
  insert.run('A-9', '2026-11-19', '2026-11-19', 'Gone', 9_000_000, 'cancelled', now);
  book
    .prepare(
      `INSERT INTO export_line (mode, declaration_no, line_no, export_date, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, created_at)
       VALUES ('9810', '514120260001234567', 1, '2026-10-05', '0804502010', '芒果', '035', 100000, 'USD', 10000, 70000, ?)`,
    )
    .run(now);
  const { id } = await must(core, 'moneyAccounts.save', {
    ...{ kind: 'bank', place: 'home', name: `美元户 ${account}`, currency: 'USD', number: account },
  });
  // Trade credit that should have been reported: the own score counts it, and must not name who it is with.
  await must(core, 'moneyRecords.save', {
    ...{ kind: 'receipt', date: '2026-08-01', accountId: id, amount: '90', counterparty: 'Secret Payer' },
    ...{ nature: 'advance', expectedOn: '2026-11-01' },
  });
  await must(core, 'moneyRecords.save', {
    ...{ kind: 'receipt', date: '2026-10-20', accountId: id, amount: '60', counterparty: `李四 ${identity}` },
  });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = async <N extends OperationName>(name: N, input: InputOf<N>): Promise<string> => {
  const answer = await core.call(name, input);
  return answer.ok ? '' : answer.error.code;
};
const all = [
  ...(['orders', 'declarations', 'receipts', 'settlements', 'receivables', 'refunds'] as const),
  ...(['insured', 'credit', 'abroad'] as const),
];
const request = (out: string): InputOf<'financing.make'> => ({
  ...period,
  ...{ bank: '测试银行', purpose: '订单融资', sections: all },
  ...{ consent: { name: '王五', version: '2026-11' }, out: path.join(folder, out) },
});
const entries = (name: string) => unzipSync(readFileSync(path.join(folder, name)));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('what a pack says', () => {
  it('is the book of the period, masked, each row with the page behind it', async () => {
    const { sections } = await must(core, 'financing.preview', period);
    const of = (id: string) => sections.find((one) => one.id === id);
    expect(sections.map(({ id, total }) => [id, total])).toEqual(
      expect.arrayContaining([
        ['orders', 2],
        ['declarations', 1],
        ['receipts', 1],
        ['settlements', 0],
        ['abroad', 1],
      ]),
    );
    expect(of('orders')?.rows.map(({ cells }) => cells)).toEqual([
      ['A-1', '2026-10-02', '张***', 'Germany', 'USD', '100.00', '100.00'],
      ['A-2', '2026-11-20', 'A***', 'Germany', 'USD', '50.00', '50.00'],
    ]);
    expect(of('receipts')?.rows[0]?.cells).toEqual(expect.arrayContaining(['•••• 0123', '李***', '60.00']));
    // By the days since each order: also what is older than the period.
    expect(of('receivables')?.rows.map(({ cells }) => cells.slice(0, 5))).toEqual([
      ['USD', '订单', '181-365', '1', '10.00'],
      ['USD', '订单', '31-60', '1', '100.00'],
      ['USD', '订单', '0-30', '1', '50.00'],
      // What no order is owed for is owed by its declaration.
      ['USD', '报关单', '31-60', '1', '100.00'],
    ]);
    expect(of('abroad')?.rows[0]?.cells.slice(-5)).toEqual(['1', '0', '0', '0', '1']);
    for (const { rows } of sections) for (const { target } of rows) expect(target).toMatch(/^[a-zA-Z]+(\?|$)/);
    expect(await refused('financing.preview', { from: '2026-11-02', to: '2026-11-01' })).toBe('DATE_ORDER');
  });
});

/** What `allocations.openTargets` answers for where a row of the receivables leads. */
const behind = async (target: string) => {
  const [page, query = ''] = target.split('?');
  expect(page).toBe('allocations');
  const { view, ...filter } = Object.fromEntries(new URLSearchParams(query));
  expect(view).toBe('targets');
  return must(core, 'allocations.openTargets', filter as InputOf<'allocations.openTargets'>);
};

describe('balances of a pack', () => {
  it('are of the day it is made, say so, and are the sum of what they lead to, whatever the period', async () => {
    const past = { from: '2026-05-01', to: '2026-05-31' };
    const { sections } = await must(core, 'financing.preview', past);
    const of = (id: string) => sections.find((one) => one.id === id);
    expect(Object.fromEntries(sections.map(({ id, asOf }) => [id, asOf]))).toEqual({
      ...{ orders: null, declarations: null, receipts: null, settlements: null, receivables: '2026-11-21' },
      ...{ refunds: '2026-11-21', insured: '2026-11-21', credit: '2026-11-21', abroad: '2026-11-21' },
    });
    expect(of('orders')?.rows).toHaveLength(1);
    expect(of('orders')?.columns.at(-1)).toMatchObject({ id: 'openAsOf', params: { date: '2026-11-21' } });
    const rows = of('receivables')?.rows ?? [];
    expect(rows).toHaveLength(4);
    for (const { cells, target } of rows) {
      const [currency, , , count, amount] = cells;
      expect((await behind(target)).totals).toEqual([{ currency, count: Number(count), amount }]);
    }
  });

  it('of stock abroad add up in every row, with what a count did not find', async () => {
    const { book } = core.session;
    book.prepare('UPDATE export_line SET qty_e5 = 1000000, lost_qty_e5 = 300000, sold_qty_e5 = 200000').run();
    const { sections } = await must(core, 'financing.preview', { ...period, sections: ['abroad'] });
    const cells = sections[0]?.rows[0]?.cells.slice(-5).map(Number) ?? [];
    expect(cells).toEqual([10, 2, 0, 3, 5]);
    book.prepare('UPDATE export_line SET qty_e5 = 100000, lost_qty_e5 = 0, sold_qty_e5 = 0').run();
  });
});

describe('a pack', () => {
  it('is not made without the consent in force, nor of nothing', async () => {
    expect(
      await refused('financing.make', { ...request('x.zip'), consent: { name: '王五', version: '2020-01' } }),
    ).toBe('FINANCING_CONSENT_OTHER');
    expect(
      await refused('financing.make', {
        ...request('x.zip'),
        from: '2020-01-01',
        to: '2020-01-02',
        sections: ['orders', 'receipts'],
      }),
    ).toBe('FINANCING_NOTHING');
    expect((await must(core, 'financing.list', {})).rows).toEqual([]);
  });

  it('has every file in its list, the consent, tables and pages, and nothing that was to be left out', async () => {
    const made = await must(core, 'financing.make', request('pack.zip'));
    expect(made.number).toBe('RZ-2026-001');
    const files = entries('pack.zip');
    const list = Buffer.from(files['SHA256SUMS'] ?? []).toString('utf8');
    expect(sha256(Buffer.from(list))).toBe(made.listSha256);
    const listed = list
      .trim()
      .split('\n')
      .map((line) => line.split('  '));
    expect(listed.map(([, name]) => name).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'SHA256SUMS')
        .sort(),
    );
    for (const [hash, name = ''] of listed) expect(sha256(files[name] ?? new Uint8Array()), name).toBe(hash);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['consent.json', 'data/orders.json', 'pages/orders.html', 'tables.xlsx', 'index.html']),
    );
    const consent = JSON.parse(Buffer.from(files['consent.json'] ?? []).toString('utf8')) as Record<string, unknown>;
    expect(consent).toMatchObject({
      agreedBy: '王五',
      agreedAt: now,
      version: '2026-11',
      bank: '测试银行',
      purpose: '订单融资',
      from: period.from,
      to: period.to,
    });
    expect((consent['sections'] as { id: string }[]).map(({ id }) => id)).toEqual(all);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(Buffer.from(files['tables.xlsx'] ?? []) as unknown as ArrayBuffer);
    expect(workbook.worksheets).toHaveLength(all.length);
    expect(workbook.getWorksheet('订单')?.getRow(2).values).toEqual([
      undefined,
      'A-1',
      '2026-10-02',
      '张***',
      'Germany',
      'USD',
      100,
      100,
    ]);
    const texts = Object.entries(files)
      .filter(([name]) => !name.endsWith('.xlsx'))
      .map(([, bytes]) => Buffer.from(bytes).toString('utf8'));
    const cells = workbook.worksheets.map((sheet) => JSON.stringify(sheet.getSheetValues()));
    for (const text of [...texts, ...cells])
      for (const secret of [identity, account, '张三', '李四', 'ACME GmbH', 'Secret Payer'])
        expect(text).not.toContain(secret);
  });

  it('stands in the register with the consent and what was given to whom, in the audit log, and cannot be unsaid', async () => {
    const [pack] = (await must(core, 'financing.list', {})).rows;
    expect(pack).toMatchObject({
      number: 'RZ-2026-001',
      bank: '测试银行',
      consent: { name: '王五', at: now, version: '2026-11' },
      given: [],
    });
    // The words themselves, not only their hash.
    const { text } = await must(core, 'financing.consent', {});
    expect(pack?.consent.text).toEqual(text);
    expect(sha256(Buffer.from(text.join('\n')))).toBe(pack?.consent.textSha256);
    const id = pack?.id ?? 0;
    expect(await refused('financing.give', { id, toWhom: '客户经理', on: '2999-01-01', how: '邮件' })).toBe(
      'DATE_FUTURE',
    );
    expect(await refused('financing.give', { id: 99, toWhom: '客户经理', on: '2026-11-21', how: '邮件' })).toBe(
      'FINANCING_UNKNOWN',
    );
    await must(core, 'financing.give', { id, toWhom: '测试银行客户经理', on: '2026-11-21', how: '当面交付光盘' });
    const { rows } = await must(core, 'financing.list', {});
    expect(rows[0]?.given).toMatchObject([
      { toWhom: '测试银行客户经理', on: '2026-11-21', how: '当面交付光盘', notedAt: now },
    ]);
    const { book } = core.session;
    const said = book.prepare(`SELECT action, subject FROM audit WHERE action LIKE 'financing.%' ORDER BY id`).all();
    expect(said).toEqual([
      { action: 'financing.made', subject: 'RZ-2026-001' },
      { action: 'financing.given', subject: 'RZ-2026-001' },
    ]);
    // Whom it was given to stands in the register, not in the trail.
    const trail = book.prepare(`SELECT * FROM audit WHERE action = 'financing.given'`).all();
    expect(JSON.stringify(trail)).not.toContain('客户经理');
    for (const sql of ['UPDATE financing_given SET to_whom = ?', 'UPDATE financing_pack SET bank = ?'])
      expect(() => book.prepare(sql).run('x')).toThrow(/stands/);
    for (const table of ['financing_given', 'financing_pack'])
      expect(() => book.prepare(`DELETE FROM ${table}`).run()).toThrow(/kept/);
  });

  it('is checked against its list, and the list against the register', async () => {
    const verify = (name: string) => must(core, 'financing.verify', { file: path.join(folder, name) });
    const whole = await verify('pack.zip');
    expect(whole).toMatchObject({ isWhole: true, pack: { number: 'RZ-2026-001' } });
    const files = entries('pack.zip');
    const write = (name: string, of: Record<string, Uint8Array>): void =>
      writeFileSync(path.join(folder, name), zipSync(of));
    const { 'data/orders.json': _, ...without } = files;
    write('changed.zip', { ...without, 'consent.json': strToU8('{}'), 'extra.txt': strToU8('x') });
    const changed = await verify('changed.zip');
    expect(changed).toMatchObject({ isWhole: false, pack: { number: 'RZ-2026-001' } });
    expect(changed.files.filter(({ state }) => state !== 'same')).toEqual([
      { path: 'consent.json', state: 'changed' },
      { path: 'data/orders.json', state: 'missing' },
      { path: 'extra.txt', state: 'unlisted' },
    ]);
    // Whoever makes the list anew is not in the register.
    const forged = strToU8('{}');
    write('forged.zip', { 'consent.json': forged, SHA256SUMS: strToU8(`${sha256(forged)}  consent.json\n`) });
    expect(await verify('forged.zip')).toMatchObject({ isWhole: true, pack: null });
    write('other.zip', { 'a.txt': forged });
    expect(await refused('financing.verify', { file: path.join(folder, 'other.zip') })).toBe('FINANCING_NO_LIST');
    writeFileSync(path.join(folder, 'text.zip'), 'no zip');
    expect(await refused('financing.verify', { file: path.join(folder, 'text.zip') })).toBe('FILE_DAMAGED');
  });
});
