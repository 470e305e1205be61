import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { longUnpaidBills } from '../../electron/core/store/credit.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import type { BehaviourCode } from '../../shared/credit/score.ts';
import { plat401 } from '../../shared/documents/index.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { behave } from '../faults/support/desk-client.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** My credit (我的信用): own conduct out of the book by S04, ratings and certificates with their history, pledges through the platform. */
const refusedBy = async <N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<string> => {
  const answer = await core.call(name, input);
  return answer.ok ? '' : answer.error.code;
};

describe('own conduct (S04)', () => {
  const now = '2026-11-21T04:00:00.000Z';
  let folder = '';
  let core: Core;
  const printed: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-credit-'));
    const host = {
      ...bareHost,
      printPdf: async (html: string) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    };
    core = coreAt(folder, { now: () => now, host });
    await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  });
  afterAll(async () => {
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  type Score = OutputOf<'credit.score'>;
  const score = (): Promise<Score> => must(core, 'credit.score', {});
  const item = (of: Score, code: BehaviourCode): Score['items'][number] => {
    const found = of.items.find((one) => one.code === code);
    if (found === undefined) throw new Error(code);
    return found;
  };
  const decision = (date: string, amount: string, more: Partial<InputOf<'creditRecords.save'>['body']> = {}) =>
    must(core, 'creditRecords.save', {
      body: {
        kind: 'decision',
        nature: 'penalty',
        no: `罚〔${amount}〕`,
        amount,
        date,
        source: '测试海关',
        ...more,
      } as InputOf<'creditRecords.save'>['body'],
    });
  const bill = (number: string, kind: InputOf<'taxBills.save'>['kind'], issuedOn: string, dueOn: string) =>
    must(core, 'taxBills.save', { number, kind, amount: '120', issuedOn, dueOn });

  it('starts at a hundred in a book without faults, and says where its points are from', async () => {
    const of = await score();
    expect(of).toMatchObject({ score: 100, deducted: 0, level: { zh: '优' }, from: '2025-11-21', isComplete: true });
    expect(of.source).toContain('自定');
    expect(of.items.filter(({ count, code }) => count > 0 && code !== 'overdue')).toEqual([]);
  });

  it('counts decisions of the last twelve months by their size, and not what was removed', async () => {
    await decision('2026-06-01', '20000');
    await decision('2026-06-02', '10000');
    await decision('2025-11-21', '90000');
    const wrong = await decision('2026-06-03', '1');
    await must(core, 'creditRecords.remove', { id: wrong.id, reason: '录入有误' });
    const of = await score();
    expect(item(of, 'penaltyLarge')).toMatchObject({
      count: 1,
      deducted: 20,
      rows: [{ label: { zh: '罚〔20000〕' }, deducted: 20 }],
    });
    // Ten thousand is not above ten thousand.
    expect(item(of, 'penalty')).toMatchObject({ count: 1, deducted: 10, rows: [{ label: { zh: '罚〔10000〕' } }] });
    expect(of).toMatchObject({ score: 70, level: { zh: '中' } });
  });

  it('counts tax bills unpaid for three months and late declaration fees up to their cap', async () => {
    await bill('T-OLD', 'import-vat', '2026-07-01', '2026-07-15');
    await bill('T-NEW', 'import-vat', '2026-09-01', '2026-09-15');
    // Three months to the day are not more than three months.
    await bill('T-DAY', 'import-vat', '2026-08-01', '2026-08-21');
    for (const at of [1, 2, 3, 4, 5]) await bill(`Z-${at}`, 'late-declaration', `2026-11-0${at}`, '2026-12-15');
    const of = await score();
    expect(item(of, 'taxUnpaid')).toMatchObject({
      count: 1,
      deducted: 30,
      rows: [{ label: { zh: 'T-OLD' }, target: expect.stringMatching(/^taxBills\?at=\d+$/) }],
    });
    const late = item(of, 'lateDeclaration');
    expect(late).toMatchObject({ count: 5, deducted: 20, cap: 20 });
    expect(late.rows.map(({ label, deducted }) => [label.zh, deducted])).toEqual([
      ['Z-5', 5],
      ['Z-4', 5],
      ['Z-3', 5],
      ['Z-2', 5],
      ['Z-1', 0],
    ]);
    expect(of.score).toBe(20);
  });

  it('reckons months to the end of a short one: three after 30 November is the end of February, not 2 March', async () => {
    const { book } = core.session;
    book.prepare('SAVEPOINT bills').run();
    await bill('T-FEB', 'import-vat', '2025-11-15', '2025-11-30');
    const late = (on: string) =>
      longUnpaidBills(book, { from: '2025-11-21', on, months: 3 }).map(({ number }) => number);
    expect([late('2026-02-28'), late('2026-03-01')]).toEqual([[], ['T-FEB']]);
    book.prepare('ROLLBACK TO bills').run();
    book.prepare('RELEASE bills').run();
  });

  it('counts receipts that are matched to nothing where they are too many, and says where a rate is missing', async () => {
    const { book } = core.session;
    await must(core, 'rates.set', { currency: 'USD', date: '2026-01-01', cnyPerUnit: '7', source: '测试' });
    const account = async (name: string, currency: string) =>
      (await must(core, 'moneyAccounts.save', { kind: 'bank', place: 'home', name, currency })).id;
    const usd = await account('美元', 'USD');
    const receipt = (date: string, amount: string, accountId = usd) =>
      must(core, 'moneyRecords.save', { kind: 'receipt', date, accountId, amount, counterparty: 'ACME' });
    const whole = await receipt('2026-10-01', '9500');
    book.prepare('UPDATE money_record SET allocated_minor = amount_minor WHERE id = ?').run(whole.id);
    const open = await receipt('2026-10-02', '500');
    // Five in a hundred are not more than five.
    expect(item(await score(), 'unmatchedReceipts')).toMatchObject({ count: 0, deducted: 0, cannotTell: false });
    await receipt('2026-10-03', '0.01');
    const of = item(await score(), 'unmatchedReceipts');
    expect(of).toMatchObject({ count: 2, deducted: 10, per: 'once' });
    expect(of.rows.map(({ label, deducted, target }) => [label.zh, deducted, target])[1]).toEqual([
      open.number,
      0,
      `money?at=${open.id}`,
    ]);
    await receipt('2026-10-04', '3', await account('欧元', 'EUR'));
    const lacking = await score();
    expect(item(lacking, 'unmatchedReceipts').cannotTell).toBe(true);
    expect(lacking.isComplete).toBe(false);
  });

  it('counts grave flags, papers over their day and trade credit not reported, each with its page', async () => {
    const { book } = core.session;
    book
      .prepare(
        `INSERT INTO red_flag (rule, key, severity, subject, params, rows, row_count, digest, first_seen, last_seen)
         VALUES ('R11', 'k', 'high', '同一份材料', '{}', '[]', 0, '', :now, :now), ('R07', 'k', 'low', '整数', '{}', '[]', 0, '', :now, :now)`,
      )
      .run({ now });
    book
      .prepare(
        `INSERT INTO export_line (mode, declaration_no, line_no, export_date, hs_code, name, unit, qty_e5, currency, fob_minor, fob_fen, regime, claimed_period, created_at)
         VALUES ('0110', '514120260001234567', 1, '2026-07-01', '0804502010', '芒果', '035', 100000, 'USD', 10000, 70000, 'refund', '2026-08', ?)`,
      )
      .run(now);
    const { rows } = await must(core, 'moneyAccounts.list', {});
    await must(core, 'moneyRecords.save', {
      ...{ kind: 'receipt', date: '2026-08-01', accountId: rows.find(({ currency }) => currency === 'USD')?.id ?? 0 },
      ...{ amount: '100', nature: 'advance', expectedOn: '2026-11-01', counterparty: 'ACME' },
    });
    const of = await score();
    expect(item(of, 'redFlagHigh')).toMatchObject({
      count: 1,
      deducted: 10,
      rows: [{ label: { zh: 'R11 同一份材料' } }],
    });
    expect(item(of, 'papersMissing')).toMatchObject({
      count: 1,
      deducted: 5,
      rows: [{ label: { zh: '514120260001234567' }, target: expect.stringContaining('archive?') }],
    });
    // The advance, and the declaration that nobody has paid for ninety days.
    expect(item(of, 'creditReportMissed')).toMatchObject({
      count: 2,
      deducted: 10,
      rows: [
        { label: { zh: '514120260001234567' }, target: expect.stringContaining('tradeCredit?') },
        { label: { zh: '汇-2026-0005' } },
      ],
    });
    // More is taken off than there is: the floor holds, and the sum of the rows is what was taken off.
    expect(of.score).toBe(0);
    expect(of.items.flatMap((one) => one.rows).reduce((sum, { deducted }) => sum + deducted, 0)).toBe(of.deducted);
  });

  it('prints the score with its rows and what is on record', async () => {
    await must(core, 'credit.print', { to: path.join(folder, 'credit.pdf') });
    for (const text of ['企业信用自评与记录', '较大行政处罚', 'T-OLD', '备案单证逾期不齐', '非任何部门的信用等级'])
      expect(printed.at(-1)).toContain(text);
  });
});

describe('records and pledges', () => {
  let folder = '';
  let core: Core;
  let platform: Platform;
  const printed: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-pledges-'));
    const host = {
      ...bareHost,
      printPdf: async (html: string) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    };
    core = coreAt(folder, { host });
    await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
    platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
    await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  });
  afterAll(async () => {
    await core.close();
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const scan = (name: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, `%PDF-1.7 ${name}`);
    return file;
  };
  async function file(): Promise<void> {
    await must(core, 'documents.queue', { kind: 'PLAT401Message' });
    await syncUntil(core);
  }
  const versions = async (id: number) =>
    (await must(core, 'filings.list', { subject: { kind: 'pledge', id } })).rows.map(({ version, appType, state }) => [
      version,
      appType,
      state,
    ]);
  const draft = (id: number) => must(core, 'filings.draft', { subjects: [{ kind: 'pledge', id }] });

  it('keeps the history of ratings: of an authority the latest counts, in the words of its day', async () => {
    const rate = (level: string, date: string, validTo: string | null = null) =>
      must(core, 'creditRecords.save', {
        body: { kind: 'rating', authority: 'customs', level, date, validTo, source: '海关企业信用信息公示平台' },
      });
    await rate('ordinary', '2024-05-01');
    const { id } = await rate('AEO-A', '2026-05-01', '2099-04-30');
    const { rows } = await must(core, 'creditRecords.list', {});
    expect(rows.map(({ title, state, standing }) => [title.zh, state, standing])).toEqual([
      ['高级认证企业（AEO）', 'current', 'good'],
      ['常规管理企业', 'past', 'plain'],
    ]);
    expect(
      await refusedBy(core, 'creditRecords.save', {
        id,
        body: { kind: 'mark', form: 'certificate', name: '诚信绿卡', date: '2026-05-01', source: '江门' },
      }),
    ).toBe('CREDIT_RECORD_KIND');
    expect(
      await refusedBy(core, 'creditRecords.save', {
        body: {
          kind: 'mark',
          form: 'certificate',
          name: '诚信绿卡',
          date: '2026-05-01',
          validTo: '2026-04-01',
          source: '江门',
        },
      }),
    ).toBe('DATE_ORDER');
    const [first] = rows;
    await must(core, 'archive.add', {
      subjectKind: 'credit-record',
      subjectId: first?.number ?? '',
      paper: 'credit-proof',
      file: scan('公示.pdf'),
    });
    expect((await must(core, 'creditRecords.list', {})).rows[0]?.papers).toBe(1);
  });

  it('has the ends of ratings, certificates and certificates of listings among the deadlines', async () => {
    await must(core, 'creditRecords.save', {
      body: {
        kind: 'mark',
        form: 'e-mark',
        name: '网络经营电子标识',
        no: 'E1',
        date: '2026-01-01',
        validTo: '2099-01-01',
        source: '测试',
      },
    });
    const { id } = await must(core, 'listings.open', { nameZh: '测试芒果' });
    const listing = await must(core, 'listings.get', { id });
    await must(core, 'listings.save', {
      id,
      nameZh: '测试芒果',
      hsCode: '',
      body: {
        ...listing.body,
        certificates: [{ kind: '绿色食品', no: 'LB-1', issuer: '测试', validTo: '2099-02-01' }],
      },
    });
    const { rows } = await must(core, 'deadlines.list', { from: '2099-01-01', to: '2099-12-31' });
    expect(
      rows
        .filter(({ rule }) => rule === 'creditExpiry' || rule === 'listingCertificateExpiry')
        .map(({ date, rule, detail, target }) => [date, rule, detail, target.split('?')[0]]),
    ).toEqual([
      ['2099-01-01', 'creditExpiry', '网络经营电子标识', 'credit'],
      ['2099-02-01', 'listingCertificateExpiry', '绿色食品', 'listings'],
      ['2099-04-30', 'creditExpiry', 'AEO-A', 'credit'],
    ]);
  });

  describe('a pledge', () => {
    let id = 0;
    const get = () => must(core, 'pledges.get', { id });

    it('is filled in and printed, and says what is empty', async () => {
      ({ id } = await must(core, 'pledges.open', { templateId: 'honest-trade' }));
      expect((await get()).missing).toEqual(['signer', 'authority']);
      await must(core, 'pledges.print', { id, to: path.join(folder, 'draft.pdf') });
      expect(printed.at(-1)).toContain('草稿');
      await must(core, 'pledges.save', {
        id,
        body: { blanks: { authority: '海南跨境电商综合试验区' }, signer: '张三', validTo: '2028-12-31' },
      });
      const of = await get();
      expect(of).toMatchObject({ missing: [], state: 'draft', textSha256: '' });
      expect(of.text.join('\n')).toContain(firm.uscc);
      await must(core, 'pledges.print', { id, to: path.join(folder, 'pledge.pdf') });
      for (const text of ['诚信经营承诺书', '致：海南跨境电商综合试验区', '2028-12-31', firm.name])
        expect(printed.at(-1)).toContain(text);
      expect(printed.at(-1)).not.toContain('草稿');
    });

    it('is not filed before it is signed, not signed without the signed copy, and stands as it was signed', async () => {
      expect((await draft(id)).refused).toMatchObject([{ code: 'PLEDGE_UNSIGNED' }]);
      expect(await refusedBy(core, 'pledges.sign', { id, signedOn: '2026-11-01' })).toBe('PLEDGE_PAPER_MISSING');
      const { number } = await get();
      await must(core, 'archive.add', {
        subjectKind: 'credit-pledge',
        subjectId: number,
        paper: 'pledge-signed',
        file: scan('承诺.pdf'),
      });
      expect(await refusedBy(core, 'pledges.sign', { id, signedOn: '2999-01-01' })).toBe('DATE_FUTURE');
      const { book } = core.session;
      const words = book.prepare(
        'SELECT updated_at AS at, template_version AS edition FROM credit_pledge WHERE id = ?',
      );
      const { at, edition } = words.get(id) as { at: string; edition: string };
      const say = (values: { at?: string; edition?: string }) =>
        book
          .prepare('UPDATE credit_pledge SET updated_at = ?, template_version = ? WHERE id = ?')
          .run(values.at ?? at, values.edition ?? edition, id);
      say({ at: '2999-01-01T00:00:00.000Z' });
      expect(await refusedBy(core, 'pledges.sign', { id, signedOn: '2026-11-01' })).toBe('PLEDGE_PAPER_OLDER');
      say({ edition: 'another' });
      expect(await refusedBy(core, 'pledges.sign', { id, signedOn: '2026-11-01' })).toBe('PLEDGE_EDITION');
      say({});
      const onFile = async () =>
        (await must(core, 'archive.get', { subjectKind: 'credit-pledge', subjectId: number })).papers;
      const [scanned] = await onFile();
      const remove = (removed: boolean) => ({ id: scanned?.id ?? 0, removed, reason: '扫歪了' });
      // Before it is signed, a bad scan is taken away and put back.
      await must(core, 'archive.remove', remove(true));
      await must(core, 'archive.remove', remove(false));
      await must(core, 'pledges.sign', { id, signedOn: '2026-11-01' });
      expect(await refusedBy(core, 'archive.remove', remove(true))).toBe('ARCHIVE_ONLY_SIGNED');
      await must(core, 'archive.add', {
        ...{ subjectKind: 'credit-pledge', subjectId: number, paper: 'pledge-signed' },
        file: scan('重扫.pdf'),
      });
      await must(core, 'archive.remove', remove(true));
      await must(core, 'archive.remove', remove(false));
      const { text, textSha256, state } = await get();
      expect(state).toBe('signed');
      expect(textSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(await refusedBy(core, 'pledges.save', { id, body: {} })).toBe('PLEDGE_SIGNED');
      expect(await refusedBy(core, 'pledges.sign', { id, signedOn: '2026-11-01' })).toBe('PLEDGE_SIGNED');
      expect(() => core.session.book.prepare(`UPDATE credit_pledge SET body = '{}' WHERE id = ?`).run(id)).toThrow(
        /stands/,
      );
      // Another name of the firm later on changes nothing in what was signed.
      await must(core, 'books.updateProfile', { name: '改名后的公司' });
      expect((await get()).text).toEqual(text);
      await must(core, 'books.updateProfile', { name: firm.name });
      const { rows } = await must(core, 'deadlines.list', { from: '2028-12-01', to: '2028-12-31' });
      expect(rows.filter(({ rule }) => rule === 'creditExpiry').map(({ subject }) => subject)).toEqual([number]);
    });

    it('is filed with the hash of its text and accepted with a number', async () => {
      const { number, textSha256 } = await get();
      const { documents } = await draft(id);
      expect(documents[0]).toMatchObject({ kind: 'PLAT401Message', businessKey: number, state: 'checked' });
      const document = await must(core, 'documents.get', { id: documents[0]?.id ?? 0 });
      expect(headOf(plat401, document.body)).toMatchObject({
        ...{
          appType: '1',
          templateId: 'honest-trade',
          templateVersion: '2026-11',
          title: '诚信经营承诺书',
          textSha256,
        },
        ...{ signerName: '张三', signedOn: '20261101', validTo: '20281231', reporterCode: firm.uscc },
      });
      await file();
      expect(await versions(id)).toEqual([[1, '1', 'accepted']]);
      const { acceptNo, acceptedOn, filing } = await get();
      expect(acceptNo).not.toBeNull();
      expect(acceptedOn).not.toBeNull();
      expect(filing).toMatchObject({ state: 'accepted', stale: false });
      expect((await draft(id)).refused).toMatchObject([{ code: 'FILING_UNCHANGED' }]);
    });

    it('goes as a change when the firm is called otherwise, comes back rejected once, and is taken back by a deletion', async () => {
      await must(core, 'books.updateProfile', { name: '琼海测试贸易股份有限公司' });
      expect((await get()).filing).toMatchObject({ stale: true });
      await draft(id);
      await file();
      await must(core, 'books.updateProfile', { name: firm.name });
      await draft(id);
      await behave(platform.url, { rejectShare: 1 });
      await file();
      await behave(platform.url, { rejectShare: 0 });
      expect((await versions(id)).map(([, ...of]) => of)).toEqual([
        ['1', 'superseded'],
        ['2', 'accepted'],
        ['2', 'rejected'],
      ]);
      expect(await must(core, 'pledges.revoke', { id, reason: '到期' })).toEqual({ filed: true });
      await file();
      expect((await versions(id)).at(-1)).toEqual([4, '3', 'accepted']);
      expect(await get()).toMatchObject({ state: 'revoked', acceptNo: null, acceptedOn: null });
      expect(await refusedBy(core, 'pledges.revoke', { id, reason: '到期' })).toBe('FILING_VOID');
    });

    it('leaves what was rejected, corrected and withdrawn in the record of conduct, without points', async () => {
      const { items } = await must(core, 'credit.score', {});
      const of = (code: BehaviourCode) => items.find((one) => one.code === code);
      for (const code of ['rejected', 'corrected', 'withdrawn'] as const) {
        expect(of(code), code).toMatchObject({ count: 1, deducted: 0 });
        expect(of(code)?.rows[0]?.target).toMatch(/^document\?id=\d+&kind=PLAT401Message$/);
      }
    });

    it('that was never filed is taken back without one', async () => {
      const next = await must(core, 'pledges.open', { templateId: 'farm-quality' });
      expect((await must(core, 'pledges.get', next)).body.signer).toBe('张三');
      expect(await must(core, 'pledges.revoke', { id: next.id, reason: '不用了' })).toEqual({ filed: false });
      expect(await refusedBy(core, 'pledges.open', { templateId: 'nothing-like-it' })).toBe('PLEDGE_TEMPLATE_UNKNOWN');
    });
  });
});
