import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import type { FlagRule } from '../../shared/contract/risk.ts';
import { flagRules } from '../../shared/contract/risk.ts';
import { writeCsv } from '../fixtures/import/files.ts';
import { riskBook } from '../fixtures/risk-book.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

const now = '2026-11-21T04:00:00.000Z';
let folder = '';
let core: Core;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-risk-'));
  core = coreAt(path.join(folder, 'home'), { now: () => now });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = () => riskBook(core, now);

const run = (rules?: FlagRule[]) => must(core, 'redFlags.run', rules === undefined ? {} : { rules });
const flags = async (of: InputOf<'redFlags.list'> = {}) => (await must(core, 'redFlags.list', of)).rows;
const outcomes = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await must(core, 'redFlags.rules', {})).rows.map(({ rule, outcome }) => [rule, outcome]));
async function ruleOf(rule: FlagRule): Promise<OutputOf<'redFlags.rules'>['rows'][number]> {
  const found = (await must(core, 'redFlags.rules', {})).rows.find((one) => one.rule === rule);
  if (found === undefined) throw new Error(rule);
  return found;
}

describe('red flags', () => {
  it('find nothing in an empty book and say so', async () => {
    expect(await outcomes()).toMatchObject({ R01: 'never-ran', R13: 'never-ran' });
    expect(await run()).toMatchObject({ added: 0, standing: 0, cannotTell: 0 });
    expect(new Set(Object.values(await outcomes()))).toEqual(new Set(['clear']));
    expect((await must(core, 'redFlags.rules', {})).isStale).toBe(false);
  });

  it('R01 and R02 read receipts with what they paid for', async () => {
    const put = rows();
    const account = put.account();
    put.record(account, 100_000, '2026-08-22');
    put.record(account, 100_000, '2026-08-23');
    const ours = put.record(account, 100_000, '2026-11-01', {
      counterparty: 'MERIDIAN HOME LTD',
      counterparty_country: 'US',
    });
    const strange = put.record(account, 100_000, '2026-11-02', {
      counterparty: 'Oolong Star Trading',
      counterparty_country: 'HK',
    });
    const order = put.order('W1', 200_000, { buyer_name: 'Meridian Home Limited' });
    put.allocate(ours, order, 100_000);
    put.allocate(strange, order, 100_000);
    await run(['R01', 'R02']);
    const found = await flags();
    expect(found.map(({ rule, params }) => [rule, params['date'] ?? params['reason']])).toEqual([
      ['R02', 'name+country'],
      ['R01', '2026-08-22'],
    ]);
    const [third] = found;
    const { rows: of } = await must(core, 'redFlags.get', { id: third?.id ?? 0 });
    expect(of.map(({ kind, label }) => [kind, label])).toEqual([
      ['record', '收-2026-0005'],
      ['order', 'W1'],
    ]);
    // The book does not keep whose names they are in the flag.
    expect(JSON.stringify(found)).not.toContain('Oolong');
  });

  it('R03 sees goods that come back twice', async () => {
    const tax = taxBook(core);
    tax.product('A');
    const put = rows();
    const back = (date: string) =>
      put.insert('stock_move', {
        date,
        sku: 'A',
        place_id: 3,
        kind: 'returned',
        qty_e5: 100_000,
        cost_fen: 100,
        created_at: now,
      });
    for (const exportDate of ['2026-01-05', '2026-03-05'])
      put.exported(null, 1000, { sku: 'A', export_date: exportDate });
    back('2026-02-01');
    await run(['R03']);
    expect(await flags()).toEqual([]);
    back('2026-04-01');
    await run(['R03']);
    expect((await flags()).map(({ rule, subject, rowCount }) => [rule, subject, rowCount])).toEqual([['R03', 'A', 4]]);
  });

  it('R04 and R05 compare lines with the firm’s own, and name what lacks a weight', async () => {
    const put = rows();
    for (let at = 0; at < 5; at += 1) put.exported(null, 1000, { export_date: `2026-01-0${at + 1}` });
    put.exported(null, 3001, { export_date: '2026-02-01' });
    await run(['R04', 'R05']);
    const [odd] = await flags();
    expect(odd).toMatchObject({
      rule: 'R04',
      severity: 'medium',
      rowCount: 1,
      params: { price: '210.07', median: '70.00' },
    });
    expect(await outcomes()).toMatchObject({ R04: 'tripped', R05: 'cannot-tell' });
    expect((await ruleOf('R05')).missing).toMatchObject([{ code: 'weight', params: { count: 6 } }]);
  });

  it('R06, R07 and R12 read the accounts, R12 by the calculator of F05', async () => {
    const put = rows();
    put.rate('USD', '2026-01-01', '7');
    const account = put.account();
    for (let day = 1; day <= 3; day += 1) put.record(account, 4_600_000, `2026-03-0${day}`);
    for (let day = 1; day <= 17; day += 1) put.record(account, 100_000, `2026-04-${String(day).padStart(2, '0')}`);
    put.exported(null, 5_000_000, { export_date: '2026-03-10' });
    await run(['R06', 'R07', 'R12']);
    expect((await flags()).map(({ rule, subject }) => [rule, subject])).toEqual([
      ['R12', '2026-11'],
      ['R06', '2026-03-01 – 2026-03-03'],
      ['R07', 'A1'],
    ]);
    const [indicators] = await flags({ rule: 'R12' });
    // (0 + 155,000) − (0 + 50,000) over 205,000; 155,000 over 50,000.
    expect(indicators?.params).toMatchObject({ differenceRate: '51.22', fundsGoodsRatio: '310.00' });
  });

  it('R08 reads contacts of buyers, and cannot tell without addresses', async () => {
    const put = rows();
    for (let at = 0; at < 10; at += 1)
      put.order(`B${at}`, 1000, {
        customer: `K${at}`,
        buyer_phone: '13800001111',
        order_date: `2026-06-${String(at + 1).padStart(2, '0')}`,
      });
    await run(['R08']);
    const [found] = await flags();
    expect(found).toMatchObject({ rule: 'R08', subject: '138*****111', params: { contact: 'phone', buyers: 10 } });
    expect((await ruleOf('R08')).missing.map(({ code }) => code)).toEqual(['buyerAddress']);
  });

  it('R09 cannot tell until staff, stock and freight are known', async () => {
    const put = rows();
    put.exported(null, 1000, { export_date: '2026-06-10' });
    put.exported(null, 3001, { export_date: '2026-07-10' });
    await run(['R09']);
    expect(await outcomes()).toMatchObject({ R09: 'cannot-tell' });
    expect((await ruleOf('R09')).missing[0]?.params).toMatchObject({ facts: 'staff stockFen freightFen' });
    for (const month of ['2026-06', '2026-07'])
      await must(core, 'riskFacts.put', { fact: { name: 'staff', subject: month, value: { people: 5 } } });
    await run(['R09']);
    expect((await ruleOf('R09')).missing[0]?.params).toMatchObject({ facts: 'stockFen freightFen' });
    await must(core, 'riskFacts.put', { fact: { name: 'staff', subject: '2026-07', value: { people: 9 } } });
    await run(['R09']);
    expect(await outcomes()).toMatchObject({ R09: 'clear' });
  });

  it('R10 asks for the age of suppliers and then judges', async () => {
    const tax = taxBook(core);
    const put = rows();
    const invoice = tax.invoice({ number: 'F1', qty: 100, amountFen: 100_000, vatFen: 13_000, date: '2026-06-01' });
    const line = put.exported(null, 1000, { qty_e5: 10_000_000, claimed_period: '2026-06' });
    put.insert('refund_match', {
      ...{ export_line_id: line, invoice_line_id: invoice, qty_e5: 10_000_000, amount_fen: 100_000, vat_fen: 13_000 },
      ...{ refund_fen: 13_000, refund_rate: '0.13', created_at: now },
    });
    await run(['R10']);
    expect(await outcomes()).toMatchObject({ R10: 'cannot-tell' });
    const [supplier] = (await ruleOf('R10')).missing[0]?.rows ?? [];
    expect(supplier).toMatchObject({ kind: 'party', label: '测试服装厂' });
    const subject = supplier?.id ?? '';
    const founded = (on: string) =>
      must(core, 'riskFacts.put', { fact: { name: 'supplier-founded', subject, value: { on } }, source: '营业执照' });
    await founded('2025-12-01');
    await run(['R10']);
    expect(await outcomes()).toMatchObject({ R10: 'clear' });
    await founded('2025-12-02');
    await run(['R10']);
    expect((await flags())[0]).toMatchObject({ rule: 'R10', subject: '2026-06', params: { percent: '100.0' } });
    expect(
      await core.call('riskFacts.put', {
        fact: { name: 'supplier-founded', subject: '999', value: { on: '2025-12-02' } },
      }),
    ).toMatchObject({ error: { code: 'PARTY_UNKNOWN' } });
  });

  it('R11 sees the same bytes under two shipments', async () => {
    const bytes = (declaration: string, sha256: string, kind?: string) => {
      core.session.book
        .prepare(
          `INSERT INTO archive_paper (subject_kind, subject_id, paper, file_name, sha256, size, content, added_at) VALUES ('declaration', ?, ?, ?, ?, 3, x'616263', ?)`,
        )
        .run(declaration, kind ?? 'transport', `${declaration}.pdf`, sha256, now);
    };
    bytes('D100', 'aa');
    bytes('D101', 'bb');
    bytes('D102', 'cc', 'contract');
    bytes('D103', 'cc', 'contract');
    await run(['R11']);
    expect(await flags()).toEqual([]);
    bytes('D104', 'aa');
    await run(['R11']);
    expect((await flags())[0]).toMatchObject({ rule: 'R11', severity: 'high', params: { shipments: 2 } });
  });

  it('R13 judges declarations by the terms a person states', async () => {
    const put = rows();
    put.exported(null, 100_000, { declaration_no: 'D200', mode: '0110' });
    await run(['R13']);
    expect(await outcomes()).toMatchObject({ R13: 'cannot-tell' });
    const deal = (freight: string, insurance: string) =>
      must(core, 'riskFacts.put', {
        fact: { name: 'deal', subject: 'D200', value: { term: 'CIF', freight, insurance } },
      });
    await deal('290', '10');
    await run(['R13']);
    expect(await outcomes()).toMatchObject({ R13: 'clear' });
    await deal('290.01', '10');
    await run(['R13']);
    expect((await flags())[0]).toMatchObject({ rule: 'R13', params: { costs: 'USD 300.01', percent: '30.0' } });
    await deal('0', '0');
    await run(['R13']);
    expect((await flags())[0]).toMatchObject({ params: { percent: '0.0' } });
  });

  it('are worked off: assigned, closed with a note, opened again by new rows alone', async () => {
    const put = rows();
    for (let at = 0; at < 5; at += 1) put.exported(null, 1000, { export_date: `2026-01-0${at + 1}` });
    put.exported(null, 9000, { export_date: '2026-02-01' });
    await run(['R04']);
    const [flag] = await flags({ state: 'standing' });
    const id = flag?.id ?? 0;
    expect(flag).toMatchObject({ rule: 'R04', state: 'open' });
    await must(core, 'redFlags.assign', { ids: [id], owner: '陈', action: '核对报价单', dueOn: '2026-12-01' });
    expect(await flags({ state: 'reviewing' })).toMatchObject([
      { owner: '陈', action: '核对报价单', dueOn: '2026-12-01' },
    ]);
    expect(await core.call('redFlags.close', { ids: [id], note: ' ' })).toMatchObject({ ok: false });
    await must(core, 'redFlags.close', { ids: [id], note: '样品，已留存合同' });
    expect(await core.call('redFlags.close', { ids: [id], note: '再关一次' })).toMatchObject({
      error: { code: 'RED_FLAG_CLOSED' },
    });
    expect(await run(['R04'])).toMatchObject({ added: 0, reopened: 0 });
    expect(await flags({ state: 'closed' })).toHaveLength(1);
    // The same run finds another row.
    put.exported(null, 9500, { export_date: '2026-02-02' });
    expect(await run(['R04'])).toMatchObject({ added: 0, reopened: 1 });
    expect(await flags({ state: 'open' })).toMatchObject([{ id, reopened: 1, rowCount: 2, owner: '陈' }]);
    await must(core, 'redFlags.close', { ids: [id], note: '已核对' });
    // One row less is nothing new.
    core.session.book.prepare('DELETE FROM export_line WHERE fob_minor = 9500').run();
    expect(await run(['R04'])).toMatchObject({ reopened: 0 });
    await must(core, 'redFlags.reopen', { id, note: '复查' });
    // No note is written over, and nobody takes a step away.
    const { steps } = await must(core, 'redFlags.get', { id });
    expect(steps.map(({ event, note }) => [event, note])).toEqual([
      ['assigned', '核对报价单'],
      ['closed', '样品，已留存合同'],
      ['closed', '已核对'],
      ['reopened', '复查'],
    ]);
    for (const sql of [`UPDATE red_flag_step SET note = ''`, 'DELETE FROM red_flag_step'])
      expect(() => core.session.book.prepare(sql).run()).toThrow(/append-only/);
    expect(await flags({ state: 'open' })).toMatchObject([{ id, reopened: 2 }]);
    core.session.book.prepare('DELETE FROM export_line WHERE fob_minor = 9000').run();
    expect(await run(['R04'])).toMatchObject({ gone: 1 });
    expect(await flags({ state: 'gone' })).toHaveLength(1);
    expect((await must(core, 'redFlags.list', {})).counts).toMatchObject({ open: 0, gone: 1, high: 0 });
  });

  it('are listed by the month of China they were found or closed in, as the trend counts them', async () => {
    const put = rows();
    for (let at = 0; at < 5; at += 1) put.exported(null, 1000, { export_date: `2026-01-0${at + 1}` });
    put.exported(null, 9000, { export_date: '2026-02-01' });
    await run(['R04']);
    const [flag] = await flags();
    const id = flag?.id ?? 0;
    await must(core, 'redFlags.close', { ids: [id], note: '已核对' });
    const { book } = core.session;
    // Half past midnight in China on the first of October is still September in UTC.
    book
      .prepare('UPDATE red_flag SET first_seen = ?, closed_at = ? WHERE id = ?')
      .run('2026-09-30T15:59:00.000Z', '2026-09-30T16:30:00.000Z', id);
    expect(await flags({ seenIn: '2026-09' })).toMatchObject([{ id }]);
    expect(await flags({ seenIn: '2026-10' })).toEqual([]);
    expect(await flags({ closedIn: '2026-09' })).toEqual([]);
    expect(await flags({ closedIn: '2026-10' })).toMatchObject([{ id }]);
    const { rows: months } = await must(core, 'redFlags.trend', { to: '2026-10-31', months: 2 });
    for (const { month, seen, closed } of months) {
      expect(await flags({ seenIn: month })).toHaveLength(seen);
      expect(await flags({ closedIn: month })).toHaveLength(closed);
    }
    await must(core, 'redFlags.reopen', { id, note: '复查' });
    expect(await flags({ closedIn: '2026-10' })).toEqual([]);
    expect(await core.call('redFlags.list', { seenIn: '2026-13' })).toMatchObject({ ok: false });
  });

  it('follow the firm’s own thresholds and switches', async () => {
    const put = rows();
    put.record(put.account(), 100_000, '2026-10-01');
    await run(['R01']);
    expect(await flags()).toEqual([]);
    const { inForce } = await must(core, 'rules.pack', { id: 'risk-red-flags' });
    const { id, title, source, versions } = inForce;
    const body = JSON.parse(
      JSON.stringify({ id, titleZh: title.zh, titleEn: title.en, source, versions }).replace('"days":90', '"days":30'),
    ) as Record<string, never>;
    await must(core, 'rules.savePack', { id, body, reason: '合同约定30天' });
    await run(['R01']);
    expect(await flags()).toHaveLength(1);
    expect((await ruleOf('R01')).thresholds).toMatchObject({ days: 30 });
    await must(core, 'rules.switchOff', { rule: 'R01', off: true, reason: '另有系统核对' });
    await run(['R01']);
    expect(await ruleOf('R01')).toMatchObject({ outcome: 'off', off: '另有系统核对', standing: 0 });
    expect(await core.call('rules.switchOff', { rule: 'R99', off: true, reason: 'x' })).toMatchObject({
      error: { code: 'RULE_UNKNOWN' },
    });
  });
});

describe('screening', () => {
  const list = (rows_: readonly (readonly string[])[], name = 'list.csv') =>
    must(core, 'imports.run', {
      kind: 'watchlist',
      file: writeCsv(path.join(folder, name), [['名称', '别名', '类型', '国家', '证件号', '原因'], ...rows_]),
    });
  const party = (name: string, id?: number, taxNo: string | null = null) =>
    must(core, 'parties.save', {
      ...(id === undefined ? {} : { id }),
      kind: 'customer',
      name,
      taxNo,
      country: null,
      note: '',
      active: true,
    });
  const hits = async (of: InputOf<'screening.list'> = {}) => (await must(core, 'screening.list', of)).rows;

  it('holds new names against a list when either comes in, and keeps what was decided', async () => {
    const { id } = await party('瑞霖貿易（深圳）有限公司');
    await party('Brightwater Holdings Ltd');
    const imported = await list([
      ['瑞霖贸易(深圳)有限公司', 'Ruilin Trading', '企业', '中国', '', '示例'],
      ['Viktor Sorokin', '', 'individual', '', 'P100', ''],
    ]);
    expect(imported.counts).toMatchObject({ taken: 2, failed: 0 });
    const [hit] = await hits();
    expect(hit).toMatchObject({
      subjectName: '瑞霖貿易（深圳）有限公司',
      score: 100,
      reason: 'same',
      state: 'review',
      listName: 'list',
      watchKind: 'firm',
      gone: false,
    });
    // It stands in the one register too, until it is cleared.
    const listed = async () => (await must(core, 'redFlags.list', { rule: 'R15' })).rows;
    expect(await listed()).toMatchObject([
      { subject: '瑞霖貿易（深圳）有限公司', severity: 'medium', state: 'open', gone: false },
    ]);
    await must(core, 'screening.decide', {
      ids: [hit?.id ?? 0],
      state: 'cleared',
      note: '不同主体，已核对证照',
      who: '陈',
    });
    expect(await listed()).toMatchObject([{ gone: true }]);
    expect(await must(core, 'screening.run', { all: true })).toMatchObject({ isRegisterBehind: false });
    expect(await hits()).toMatchObject([{ state: 'cleared', who: '陈', gone: false }]);
    // What was decided stands, and is said to, where the register cannot follow it.
    const { book } = core.session;
    book.prepare(`CREATE TRIGGER register_shut BEFORE UPDATE ON red_flag BEGIN SELECT RAISE(ABORT, 'shut'); END`).run();
    expect(
      await must(core, 'screening.decide', { ids: [hit?.id ?? 0], state: 'confirmed', note: '确认', who: '陈' }),
    ).toEqual({ changed: 1, isRegisterBehind: true });
    expect(await hits()).toMatchObject([{ state: 'confirmed' }]);
    book.prepare('DROP TRIGGER register_shut').run();
    await must(core, 'screening.decide', { ids: [hit?.id ?? 0], state: 'cleared', note: '不同主体', who: '陈' });
    expect(await listed()).toMatchObject([{ gone: true }]);
    // The same list in a new edition: still cleared.
    await list([['瑞霖贸易(深圳)有限公司', '', '企业', '中国', '', '新一版']], 'list2.csv');
    expect((await hits({ state: 'cleared' })).length).toBe(1);
    // One of the two names is written otherwise: a new pair, and the old one is gone.
    await party('深圳瑞霖贸易公司', id);
    const after = await must(core, 'screening.run', {});
    expect(after).toMatchObject({ names: 1, gone: 1 });
    expect((await hits({ state: 'gone' })).map(({ state }) => state)).toEqual(['cleared']);
    expect((await must(core, 'redFlags.rules', {})).rows).toHaveLength(flagRules.length);
  });

  it('takes a list whole: what a new edition leaves out goes, the same file changes nothing', async () => {
    const entries = [['Viktor Sorokin', 'Vitya S.', 'person', '', 'P1', '']];
    await list([...entries, ['Karim Boudiaf', '', '个人', '', '', '']]);
    const again = await list([...entries, ['Karim Boudiaf', '', '个人', '', '', '']]);
    expect(again.counts).toMatchObject({ taken: 0, alreadyThere: 2 });
    await party('Karim Boudiaf');
    await must(core, 'screening.run', {});
    expect((await must(core, 'watchLists.list', {})).rows).toMatchObject([
      { name: 'list', names: 2, hits: 1, fileName: 'list.csv' },
    ]);
    await list(entries);
    const [one] = (await must(core, 'watchLists.list', {})).rows;
    expect(one).toMatchObject({ names: 1, hits: 0 });
    expect(await hits({ state: 'gone' })).toHaveLength(1);
    await must(core, 'watchLists.remove', { id: one?.id ?? 0 });
    expect(await core.call('watchLists.remove', { id: one?.id ?? 0 })).toMatchObject({
      error: { code: 'WATCH_LIST_UNKNOWN' },
    });
    expect(await must(core, 'screening.run', { all: true })).toMatchObject({ names: 0, review: 0 });
  });

  it('reads payers and buyers, meets by number, and refuses what is no name', async () => {
    const put = rows();
    put.record(put.account(), 100, '2026-11-01', { counterparty: 'SOROKIN VIKTOR' });
    put.order('N1', 100, { buyer_name: '张国栋', customer: '17850' });
    await party('全不相干商行', undefined, '91469002MA5T0TE5TR');
    const { counts, failures } = await list([
      ['Viktor Sorokin', '', '', '', '', ''],
      ['Zhang Guodong', '', '', '', '', ''],
      ['另一家公司', '', '', '', '91469002MA5T0TE5TR', ''],
      ['12345', '', '', '', '', ''],
    ]);
    expect(counts).toMatchObject({ taken: 3, failed: 1 });
    expect(failures[0]?.reasons).toMatchObject([{ code: 'NAME_NO_LETTERS', field: 'name' }]);
    expect((await hits()).map(({ subjectKind, watchName, reason }) => [subjectKind, watchName, reason])).toEqual([
      ['party', '另一家公司', 'number'],
      ['payer', 'Viktor Sorokin', 'order'],
      ['buyer', 'Zhang Guodong', 'pinyin'],
    ]);
    expect(await core.call('screening.decide', { ids: [9999], state: 'confirmed', note: '无此编号' })).toMatchObject({
      error: { code: 'SCREENING_HIT_UNKNOWN' },
    });
  });
});

describe('three flows', () => {
  const scopeOf = (from: string, to: string) => ({ kind: 'period' as const, from, to });
  const june = scopeOf('2026-06-01', '2026-06-30');
  const view = (scope: InputOf<'flows.get'>['scope'] = june) => must(core, 'flows.get', { scope });
  const legOf = (of: OutputOf<'flows.get'>, leg: string, currency = 'USD') => {
    const found = of.currencies.find((one) => one.currency === currency)?.legs.find((one) => one.leg === leg);
    if (found === undefined) throw new Error(`${leg} ${currency}`);
    return found;
  };
  /** In CNY the difference is its reasons and the unexplained rest, to the fen. */
  const expectSum = ({ differenceCny, unexplainedCny, reasons }: ReturnType<typeof legOf>): void => {
    const fen = (text = ''): bigint => BigInt(text.replace('.', ''));
    expect(reasons.reduce((sum, { cny }) => sum + fen(cny), fen(unexplainedCny))).toBe(fen(differenceCny));
  };
  const codes = (leg: ReturnType<typeof legOf>) => leg.reasons.map(({ code, amount, cny }) => [code, amount, cny]);

  it('agree where order, list and money are one, exchange apart', async () => {
    const put = rows();
    put.rate('USD', '2026-06-01', '7');
    put.rate('USD', '2026-07-01', '6.9');
    const order = put.order('A1', 10_000);
    put.exported(order, 10_000);
    put.allocate(put.record(put.account(), 10_000, '2026-07-05'), order, 10_000);
    const found = await view();
    expect(found).toMatchObject({
      state: 'agreed',
      counts: { declarations: 1, orders: 1, receipts: 1, payouts: 0 },
      ratesMissing: [],
    });
    expect(found.currencies[0]).toMatchObject({
      goods: { declared: '100.00', declaredCny: '700.00' },
      information: { orders: '100.00', ordersCny: '700.00' },
      money: { received: '100.00', receivedCny: '690.00' },
    });
    expect(codes(legOf(found, 'orders-money'))).toEqual([['RATE', '0.00', '10.00']]);
    expect(codes(legOf(found, 'orders-goods'))).toEqual([]);
  });

  it('explain freight, discounts, cancellation, commission, charges, refunds and what is not due', async () => {
    const tax = taxBook(core);
    const put = rows();
    put.rate('USD', '2026-06-01', '7');
    const { book } = core.session;
    tax.product('GOODS');
    for (const [sku, kind] of [
      ['FREIGHT', 'freight'],
      ['OFF', 'discount'],
    ]) {
      tax.product(sku ?? '');
      book.prepare('UPDATE product SET line_kind = ? WHERE sku = ?').run(kind, sku);
    }
    const line = (orderId: number, sku: string, minor: number) =>
      put.insert('order_line', {
        ...{
          order_id: orderId,
          line_no: 1,
          sku,
          description: sku,
          qty_e5: 100_000,
          price_e5: minor * 1000,
          total_e5: minor * 1000,
        },
        ...{ fingerprint: sku, occurrence: 1, source_row: 1 },
      });
    // 100.00 goods, 12.00 freight, 2.00 off; 10.00 of the goods cancelled after release.
    const one = put.order('A1', 10_000, { other_value_e5: 1_000_000, cancelled_value_e5: 1_000_000 });
    line(one, 'GOODS', 10_000);
    line(one, 'FREIGHT', 1200);
    line(one, 'OFF', -200);
    put.exported(one, 10_000);
    put.allocate(put.record(put.account(), 9900, '2026-07-05'), one, 9900, { charge_minor: 100 });
    const goods = legOf(await view(), 'orders-goods');
    expect(goods).toMatchObject({ difference: '0.00', short: '0.00', over: '0.00' });
    expect(codes(goods)).toEqual([
      ['INCOTERM', '12.00', '84.00'],
      ['CHARGES', '-2.00', '-14.00'],
      ['RETURN', '-10.00', '-70.00'],
    ]);
    expect(codes(legOf(await view(), 'orders-money'))).toEqual([['CHARGES', '1.00', '7.00']]);
    // Paid by a payout that kept 15.00 and gave 5.00 back; its deposit is on its way, then there.
    const two = put.order('A2', 10_000);
    put.exported(two, 10_000);
    const payout = put.insert('payout', {
      ...{
        platform: 'amazon',
        layout: 'amazon-settlement-v2',
        store: 'S1',
        number: 'P1',
        from_on: '2026-06-01',
        to_on: '2026-06-14',
      },
      ...{
        currency: 'USD',
        total_minor: 8000,
        deposit_minor: 8000,
        proof: 'deposit',
        digest: 'x',
        file_name: 'p.txt',
        file_sha256: 'x',
      },
      ...{ state: 'entered', created_at: now, updated_at: now },
    });
    put.insert('payout_order', {
      payout_id: payout,
      ref: 1,
      order_no: 'A2',
      last_on: '2026-06-14',
      gross_minor: 10_000,
      refund_minor: -500,
      kept_minor: -1500,
    });
    put.insert('allocation', {
      payout_id: payout,
      target_kind: 'order',
      order_id: two,
      amount_minor: 10_000,
      target_currency: 'USD',
      target_minor: 10_000,
      created_at: now,
    });
    const under = legOf(await view(), 'orders-money');
    expect(under).toMatchObject({ short: '0.00', over: '0.00' });
    expect(codes(under)).toEqual([
      ['CHARGES', '1.00', '7.00'],
      ['COMMISSION', '15.00', '105.00'],
      ['RETURN', '5.00', '35.00'],
      ['TIMING', '100.00', '700.00'],
    ]);
    put.insert('allocation', {
      ...{
        record_id: put.record(put.account(), 8000, '2026-06-20'),
        target_kind: 'payout',
        target_payout_id: payout,
        amount_minor: 8000,
      },
      ...{ target_currency: 'USD', target_minor: 8000, created_at: now },
    });
    expect(codes(legOf(await view(), 'orders-money')).map(([code]) => code)).toEqual([
      'CHARGES',
      'COMMISSION',
      'RETURN',
    ]);
    // Exported lately and not paid: not due yet. Long ago: red, and the order is named.
    const three = put.order('A3', 3000, { order_date: '2026-11-01' });
    put.exported(three, 3000, { export_date: '2026-11-10' });
    expect(await view({ kind: 'period', from: '2026-11-01', to: '2026-11-30' })).toMatchObject({ state: 'agreed' });
    const four = put.order('A4', 3000, { order_date: '2026-01-01' });
    put.exported(four, 3000, { export_date: '2026-01-10' });
    const late = await view(scopeOf('2026-01-01', '2026-01-31'));
    expect(late.state).toBe('open');
    expect(legOf(late, 'orders-money')).toMatchObject({
      short: '30.00',
      rows: [{ kind: 'order', label: 'A4', amount: '30.00' }],
    });
  });

  it('take what a person states, and give it back', async () => {
    const put = rows();
    put.rate('USD', '2026-01-01', '7');
    const order = put.order('A1', 10_000, { order_date: '2026-01-01' });
    put.exported(order, 10_000, { export_date: '2026-01-10', declaration_no: 'D9' });
    const scope = { kind: 'declaration' as const, declarationNo: 'D9' };
    const state = {
      scope,
      leg: 'orders-money' as const,
      code: 'OTHER' as const,
      currency: 'USD',
      text: '法院判决核销',
    };
    expect(legOf(await view(scope), 'orders-money')).toMatchObject({ short: '100.00' });
    const { id } = await must(core, 'flows.explain', { ...state, amount: '100.00' });
    const after = await view(scope);
    expect(after.state).toBe('agreed');
    expect(legOf(after, 'orders-money')).toMatchObject({
      short: '0.00',
      unexplainedCny: '0.00',
      reasons: [{ code: 'OTHER', by: 'person', text: '法院判决核销', id, cny: '700.00' }],
    });
    await must(core, 'flows.withdraw', { id });
    expect((await view(scope)).state).toBe('open');
    expect(await core.call('flows.withdraw', { id })).toMatchObject({ error: { code: 'FLOW_REASON_UNKNOWN' } });
    expect(await core.call('flows.explain', { ...state, amount: '1.001' })).toMatchObject({
      error: { code: 'AMOUNT_INVALID' },
    });
    // No more than is left, and on its side.
    for (const amount of ['100.01', '-1.00'])
      expect(await core.call('flows.explain', { ...state, amount })).toMatchObject({
        error: { code: 'FLOW_REASON_TOO_MUCH' },
      });
    expect(await core.call('flows.get', { scope: { ...scope, declarationNo: 'X' } })).toMatchObject({
      error: { code: 'DECLARATION_UNKNOWN' },
    });
    // One order short and another over by as much is no agreement.
    const over = put.order('A2', 5000, { order_date: '2026-01-01' });
    put.exported(over, 5000, { export_date: '2026-01-10' });
    put.allocate(put.record(put.account(), 15_000, '2026-01-20'), over, 15_000);
    const both = await view(scopeOf('2026-01-01', '2026-01-31'));
    expect(both.state).toBe('open');
    expect(legOf(both, 'orders-money')).toMatchObject({ difference: '0.00', short: '100.00', over: '-100.00' });
    // A reason is worth what its own side is worth, though the two cancel out; and everything still adds up to the fen.
    await must(core, 'flows.explain', { ...state, scope: scopeOf('2026-01-01', '2026-01-31'), amount: '33.33' });
    const part = legOf(await view(scopeOf('2026-01-01', '2026-01-31')), 'orders-money');
    expect(part).toMatchObject({ short: '66.67', over: '-100.00' });
    expect(part.reasons.find(({ by }) => by === 'person')).toMatchObject({ cny: '233.31' });
    expectSum(part);
  });

  it('leave CNY out while a rate is missing, and say which', async () => {
    const put = rows();
    const order = put.order('A1', 10_000);
    put.exported(order, 10_000, { fob_fen: null });
    const found = await view();
    expect(found.ratesMissing).toEqual([{ currency: 'USD', date: '2026-06-10' }]);
    expect(found.currencies[0]?.goods).toEqual({ declared: '100.00' });
  });

  it('take a declaration without an order at its price by the stated terms', async () => {
    const put = rows();
    put.rate('USD', '2026-06-01', '7');
    put.exported(null, 100_000, { declaration_no: 'D5', mode: '0110' });
    await must(core, 'riskFacts.put', {
      fact: { name: 'deal', subject: 'D5', value: { term: 'CIF', freight: '90', insurance: '10' } },
    });
    put.insert('allocation', {
      ...{
        record_id: put.record(put.account(), 110_000, '2026-07-05'),
        target_kind: 'declaration',
        declaration_no: 'D5',
        amount_minor: 110_000,
      },
      ...{ target_currency: 'USD', target_minor: 110_000, created_at: now },
    });
    const found = await view({ kind: 'declaration', declarationNo: 'D5' });
    expect(found.state).toBe('agreed');
    expect(codes(legOf(found, 'orders-goods'))).toEqual([['INCOTERM', '100.00', '700.00']]);
    const { rows: listed } = await must(core, 'flows.list', { of: 'declarations' });
    expect(listed).toMatchObject([
      {
        label: 'D5',
        state: 'agreed',
        declared: [{ currency: 'USD', amount: '1000.00' }],
        received: [{ amount: '1100.00' }],
        unexplained: [],
      },
    ]);
  });

  it('say by store who declares, owns and is paid, and what came of it (P-22)', async () => {
    const put = rows();
    put.rate('USD', '2026-04-01', '7');
    const personal = put.account({ kind: 'personal', owner_kind: 'person', owner: '李某' });
    put.insert('store', {
      platform: 'amazon',
      name: 'S1',
      entity: '香港测试店主有限公司',
      currency: 'USD',
      created_at: now,
      updated_at: now,
    });
    const order = put.order('A1', 10_000, { store: 'S1' });
    put.exported(order, 10_000);
    put.allocate(put.record(personal, 9000, '2026-06-20'), order, 9000);
    put.insert('tax_fact', {
      name: 'platform-income',
      period: '2026-Q2',
      subject: 'amazon/S1',
      value: '820.00',
      entered_at: now,
    });
    const quarter = await must(core, 'flows.entities', { from: '2026-04-01', to: '2026-06-30' });
    expect(quarter.rows).toEqual([
      {
        ...{ store: 'S1', declarers: [firm.name], owners: ['香港测试店主有限公司'], payees: ['李某'] },
        findings: ['declarerIsNotOwner', 'ownerIsNotPayee', 'declarerIsNotPayee'],
        ...{
          platformIncome: '820.00',
          platformFrom: 'report',
          declared: '700.00',
          received: '630.00',
          orders: '700.00',
        },
      },
    ]);
    expect((await must(core, 'flows.entities', { from: '2026-06-01', to: '2026-06-30' })).rows[0]).toMatchObject({
      platformFrom: 'none',
    });
  });
});

it('ages expected refunds, oldest paid first', async () => {
  const tax = taxBook(core);
  const put = rows();
  const match = (exportDate: string, claimed: string | null, refund: number) => {
    const invoice = tax.invoice({ number: exportDate, qty: 1, amountFen: 100_000, vatFen: 13_000 });
    const line = put.exported(null, 1000, { export_date: exportDate, claimed_period: claimed });
    put.insert('refund_match', {
      ...{
        export_line_id: line,
        invoice_line_id: invoice,
        qty_e5: 100_000,
        amount_fen: 100_000,
        vat_fen: 13_000,
        refund_fen: refund,
      },
      ...{ refund_rate: '0.13', created_at: now },
    });
  };
  match('2026-05-01', '2026-05', 5000);
  match('2026-08-01', '2026-08', 7000);
  match('2026-11-01', null, 900);
  const at = { date: '2026-11-21' };
  expect(await must(core, 'refundAgeing.get', at)).toMatchObject({ claimed: '120.00', unclaimed: '9.00' });
  put.insert('source_document', {
    ...{
      kind: 'refund-received',
      number: '税到-2026-0001',
      date: '2026-09-01',
      body: '{"refund":"60.00"}',
      state: 'posted',
      created_at: now,
      updated_at: now,
    },
  });
  const view = await must(core, 'refundAgeing.get', at);
  expect(view.rows.filter(({ lines }) => lines > 0)).toEqual([
    { bucket: '0-30', claimed: '0.00', unclaimed: '9.00', lines: 1 },
    { bucket: '91-180', claimed: '60.00', unclaimed: '0.00', lines: 1 },
  ]);
});
