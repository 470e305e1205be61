import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { dateOf } from '../../electron/core/obligations.ts';
import { DeadlineReader } from '../../electron/core/operations/deadlines.ts';
import { Resources } from '../../electron/core/resources.ts';
import { agentExports } from '../../electron/core/store/agent-certificates.ts';
import { putTaxFact } from '../../electron/core/store/worksheets/facts.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { resourcesFolder, TestDesk } from '../faults/support/desk.ts';
import { writeCsv } from '../fixtures/import/files.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** 代理出口货物证明: which exports need one, by when, and what became of it. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-agent-'));
const file = (name: string): string => path.join(folder, name);
const printed: string[] = [];
let now = '2026-11-22T04:00:00.000Z';
let core: Core;
const refused = async <N extends OperationName>(name: N, input: InputOf<N>) => {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.path];
};
const rows = async () => (await must(core, 'agentCertificates.list', {})).rows;
const of = async (declarationNo: string) => (await rows()).find((one) => one.declarationNo === declarationNo);
const due = async () =>
  (await must(core, 'deadlines.list', { from: '2020-01-01', to: '2028-12-31' })).rows
    .filter(({ rule }) => rule.startsWith('agentCertificate'))
    .map(({ rule, date, subject }) => [rule, date, subject]);

const principal = { principalName: '委托方甲有限公司', principalCreditCode: '91440300MA5EXAMPL0' };
const details: Omit<InputOf<'agentCertificates.save'>, 'declarationNo'> = {
  ...{ contractNo: 'DL-1', requestedOn: null, toldDueOn: null, certificateNo: '', obtainedOn: null, handedOn: null },
  ...{ notNeeded: '', note: '' },
};
const [OLD, NEW, OTHER] = ['530120250000000001', '530120260000000002', '530120260000000003'];

beforeAll(async () => {
  core = coreAt(file('home'), {
    now: () => now,
    host: {
      ...bareHost,
      printPdf: async (html) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    },
  });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  const head = ['报关单号', '项号', '出口日期', '监管方式', '商品编码', '商品名称', '计量单位', '数量', '币种', '总价'];
  await must(core, 'imports.run', {
    kind: 'exportLines',
    file: writeCsv(file('lines.csv'), [
      head,
      [OLD, '1', '2025-12-31', '0110', '6912001000', '陶瓷杯', '个', '100', 'CNY', '1000'],
      [NEW, '1', '2026-01-01', '0110', '6912001000', '陶瓷杯', '个', '200', 'CNY', '2000'],
      [OTHER, '1', '2026-02-01', '0110', '6912001000', '陶瓷杯', '个', '10', 'CNY', '100'],
    ]),
  });
  const fact = (
    subject: string,
    exportDate: string,
    amountCny: string,
    method: 'agent' | 'self' = 'agent',
    who = principal,
  ) =>
    must(core, 'tax.setFacts', {
      facts: [
        {
          name: 'agent-export',
          period: exportDate.slice(0, 7),
          subject,
          value: JSON.stringify({ exportDate, method, amountCny, ...who }),
          source: '代理协议',
        },
      ],
    });
  await fact(OLD, '2025-12-31', '1000');
  await fact(NEW, '2026-01-01', '2000');
  await fact(OTHER, '2026-02-01', '100', 'self');
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('agent exports', () => {
  it('need a certificate, by the law of their day or as nobody yet knows', async () => {
    expect(
      (await rows()).map(({ declarationNo, state, dueOn, dueBy }) => [declarationNo, state, dueOn, dueBy]),
    ).toEqual([
      [OLD, 'needed', '2026-04-15', 'law'],
      [NEW, 'needed', '2027-04-15', 'former'],
    ]);
    expect(await of(OLD)).toMatchObject({ isLate: true, principalName: principal.principalName, amountCny: '1000.00' });
    expect(await of(NEW)).toMatchObject({ isLate: false });
    const { law } = await must(core, 'agentCertificates.list', {});
    expect(law).toMatchObject({ isKnown: false });
    expect(law.note.zh).toContain('请问主管税务机关');
    expect(await due()).toEqual([
      ['agentCertificate', '2026-04-15', OLD],
      ['agentCertificateAsk', '2027-04-15', NEW],
    ]);
  });

  it('are never late by a day that is no legal term', async () => {
    now = '2027-05-01T04:00:00.000Z';
    expect(await of(NEW)).toMatchObject({ dueBy: 'former', isLate: false });
    now = '2026-11-22T04:00:00.000Z';
  });

  it('take the day the tax office said', async () => {
    await must(core, 'agentCertificates.save', { declarationNo: NEW, ...details, toldDueOn: '2027-03-31' });
    expect(await of(NEW)).toMatchObject({ dueOn: '2027-03-31', dueBy: 'office' });
    expect(await due()).toContainEqual(['agentCertificateTold', '2027-03-31', NEW]);
    expect((await due()).some(([rule]) => rule === 'agentCertificateAsk')).toBe(false);
  });

  it('go through request, certificate and handing over, in that order', async () => {
    const save = (change: Partial<typeof details>) => ({
      declarationNo: OLD,
      ...details,
      ...change,
    });
    expect(await refused('agentCertificates.save', save({ requestedOn: '2025-12-30' }))).toEqual([
      'AGENT_CERTIFICATE_DAYS',
      'requestedOn',
    ]);
    expect(await refused('agentCertificates.save', save({ certificateNo: 'Z1' }))).toEqual([
      'AGENT_CERTIFICATE_PAIR',
      'obtainedOn',
    ]);
    expect(await refused('agentCertificates.save', save({ obtainedOn: '2026-01-05' }))).toEqual([
      'AGENT_CERTIFICATE_PAIR',
      'certificateNo',
    ]);
    expect(await refused('agentCertificates.save', save({ handedOn: '2026-01-05' }))).toEqual([
      'AGENT_CERTIFICATE_PAIR',
      'certificateNo',
    ]);
    expect(await refused('agentCertificates.save', { declarationNo: OTHER, ...details })).toEqual([
      'AGENT_EXPORT_UNKNOWN',
      'declarationNo',
    ]);
    await must(core, 'agentCertificates.save', save({ requestedOn: '2026-01-04' }));
    expect(await of(OLD)).toMatchObject({ state: 'requested', contractNo: 'DL-1' });
    const got = { requestedOn: '2026-01-04', certificateNo: 'Z1', obtainedOn: '2026-01-05' };
    await must(core, 'agentCertificates.save', save(got));
    expect(await of(OLD)).toMatchObject({ state: 'obtained', isLate: false });
    await must(core, 'agentCertificates.save', save({ ...got, handedOn: '2026-01-06' }));
    expect((await of(OLD))?.state).toBe('handed');
    expect((await due()).some(([, , subject]) => subject === OLD)).toBe(false);
  });

  it('need none where a reason says so', async () => {
    await must(core, 'agentCertificates.save', { declarationNo: NEW, ...details, notNeeded: '委托方适用免税' });
    expect((await of(NEW))?.state).toBe('none');
    expect(await due()).toEqual([]);
  });
});

describe('the draft of the request', () => {
  it('lists the goods of one principal, and says what it is not', async () => {
    const { rows: goods } = await must(core, 'agentCertificates.goods', { declarationNo: OLD });
    expect(goods).toMatchObject([{ hsCode: '6912001000', qty: '100', currency: 'CNY', fob: '1000.00' }]);
    const done = await must(core, 'agentCertificates.print', { declarations: [OLD, NEW], to: file('request.pdf') });
    expect(done.rows).toBe(2);
    const html = printed.at(-1) ?? '';
    for (const text of [OLD, NEW, principal.principalName, '陶瓷杯', '个', '1000.00', '不是税务机关的表'])
      expect(html).toContain(text);
  });

  it('is for one principal, who is known', async () => {
    const to = file('no.pdf');
    const put = (who: object) =>
      must(core, 'tax.setFacts', {
        facts: [
          {
            name: 'agent-export',
            period: '2026-01',
            subject: NEW,
            value: JSON.stringify({ exportDate: '2026-01-01', method: 'agent', amountCny: '2000', ...who }),
            source: '',
          },
        ],
      });
    await put({ principalName: '乙公司' });
    expect(await refused('agentCertificates.print', { declarations: [OLD, NEW], to })).toEqual([
      'AGENT_PRINCIPALS_DIFFER',
      'declarations',
    ]);
    await put({});
    expect(await refused('agentCertificates.print', { declarations: [NEW], to })).toEqual([
      'AGENT_PRINCIPAL_UNKNOWN',
      'declarations',
    ]);
    expect(await refused('agentCertificates.print', { declarations: ['X'], to })).toEqual([
      'AGENT_EXPORT_UNKNOWN',
      'declarationNo',
    ]);
  });
});

describe('the amount of a declaration for another', () => {
  it('is not valued while a line has no rate, unless somebody entered it', async () => {
    const desk = await TestDesk.create(path.join(folder, 'desk'));
    const { book } = desk;
    const { name, uscc } = book.profile();
    const at = '2026-01-01T00:00:00.000Z';
    const declare = (declarationNo: string, fens: readonly (number | null)[]): void => {
      const head = { TradeCoScc: uscc, TradeName: name, OwnerName: '甲公司', OwnerCodeScc: '' };
      const { lastInsertRowid } = book
        .prepare(
          `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
           VALUES ('DecMessage', ?, ?, ?, 1, 'USD', 'released', 'test', ?, ?)`,
        )
        .run(declarationNo, declarationNo, JSON.stringify({ DecHead: head }), at, at);
      for (const [index, fen] of fens.entries())
        book
          .prepare(
            `INSERT INTO export_line (mode, declaration_no, line_no, export_date, document_id, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, created_at)
             VALUES ('0110', ?, ?, '2026-01-01', ?, '6912001000', '杯', '007', 1, 'USD', 100, ?, ?)`,
          )
          .run(declarationNo, index + 1, lastInsertRowid, fen, at);
    };
    declare('D1', [700, 300]);
    declare('D2', [700, null]);
    declare('D3', [null]);
    const fens = () => agentExports(book).map(({ declarationNo, fen }) => [declarationNo, fen]);
    expect(fens()).toEqual([
      ['D1', 1000],
      ['D2', null],
      ['D3', null],
    ]);
    const value = JSON.stringify({ exportDate: '2026-01-01', method: 'agent', amountCny: '12.34' });
    putTaxFact(book, { name: 'agent-export', period: '2026-01', subject: 'D2', value, source: '' }, at);
    expect(fens()).toEqual([
      ['D1', 1000],
      ['D2', 1234],
      ['D3', null],
    ]);
    const source = { book, resources: new Resources(resourcesFolder), now: () => now };
    const day = (text: string) => dateOf(text, 'date');
    const due = new DeadlineReader(source, day('2026-11-22'))
      .read(day('2020-01-01'), day('2028-12-31'))
      .filter(({ rule }) => rule.startsWith('agentCertificate'))
      .map(({ subject, amount, amountMissing }) => [subject, amount, amountMissing]);
    expect(due).toEqual([
      ['D1', '10.00', 0],
      ['D2', '12.34', 0],
      ['D3', undefined, 1],
    ]);
    await desk.close();
  });
});
