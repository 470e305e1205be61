import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { requestNames } from '../../shared/documents/catalogue.ts';
import { residentIdCheckCharacter } from '../../shared/identity/index.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** The book of a natural person (个人): who keeps it, what can be filed from it, and the data of a personal forex account. */
const passphrase = 'correct horse battery';
// Made up: a division that does not exist, its check character right (GB 11643).
const idNumber = `99000119900101001${residentIdCheckCharacter('99000119900101001') ?? ''}`;
const keeper = {
  role: 'person',
  name: '林测试',
  uscc: '',
  customsCode: '',
  idType: 'residentId',
  idNumber,
} satisfies InputOf<'books.create'>['profile'];

let folder = '';
let core: Core;
let printed = '';
let recoveryKey = '';

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-person-'));
  printed = '';
  core = coreAt(path.join(folder, 'home'), {
    now: () => '2026-11-21T04:00:00.000Z',
    host: {
      ...bareHost,
      printPdf: (html) => {
        printed = html;
        return Promise.resolve(Buffer.from('%PDF-'));
      },
    },
  });
  ({ recoveryKey } = await must(core, 'books.create', { profile: keeper, passphrase }));
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const refusal = async <N extends Parameters<Core['call']>[0]>(name: N, input: InputOf<N>) => {
  const result = await core.call(name, input);
  return result.ok ? undefined : result.error;
};
const everyByte = (of: string): string =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

describe('who keeps the book', () => {
  it('is a person by an identity document, taxed as one, without codes', async () => {
    const profile = await must(core, 'books.profile', {});
    expect(profile).toMatchObject({ role: 'person', name: '林测试', uscc: '', customsCode: '', idType: 'residentId' });
    expect(profile.idNumberMasked).toBe(`${idNumber.slice(0, 6)}********${idNumber.slice(14)}`);
    expect(JSON.stringify(profile)).not.toContain(idNumber);
    expect((await must(core, 'tax.profile', {})).profile.kind).toBe('individual');
    expect((await must(core, 'books.list', {})).books).toMatchObject([
      // Not sealed: the name of a person does not stand there.
      { role: 'person', uscc: '', name: '林**' },
    ]);
  });

  it('leaves the number in no file that can be read, nor in the log', async () => {
    await must(core, 'books.updateProfile', { idNumber });
    await refusal('books.updateProfile', { idNumber: idNumber.replace('1990', '1991') });
    await must(core, 'books.close', {});
    for (const text of [idNumber, idNumber.slice(0, 17)]) expect(everyByte(folder)).not.toContain(text);
    expect(existsSync(path.join(folder, 'home', 'books.json'))).toBe(true);
  });

  it('is refused with a number that is none, which the refusal does not repeat, and keeps the stored one when none is given', async () => {
    for (const [idType, wrong] of [
      ['residentId', idNumber.slice(0, 17)],
      ['residentId', `${idNumber.slice(0, 17)}${idNumber.endsWith('1') ? '2' : '1'}`],
      ['passport', 'E1'],
      ['passport', '护照12345'],
    ] as const) {
      const error = await refusal('books.updateProfile', { idType, idNumber: wrong });
      expect(error).toMatchObject({ code: 'IDENTITY_NUMBER_FORMAT', path: 'idNumber' });
      expect(JSON.stringify(error)).not.toContain(wrong);
    }
    expect(await refusal('books.updateProfile', { idNumber: '' })).toMatchObject({ code: 'IDENTITY_NUMBER_FORMAT' });
    await must(core, 'books.updateProfile', { park: '测试园区' });
    expect(core.session.book.profile()).toMatchObject({ idNumber, park: '测试园区' });
    await must(core, 'books.updateProfile', { idType: 'passport', idNumber: 'e1234 5678' });
    expect(core.session.book.profile()).toMatchObject({ idNumber: 'E12345678' });
    expect((await must(core, 'books.profile', {})).idNumberMasked).toBe('*******78');
  });

  it('prints a recovery sheet without a credit code that there is not', async () => {
    await must(core, 'books.recoverySheet', { recoveryKey, to: path.join(folder, 'sheet.pdf') });
    expect(printed).toContain('林测试');
    expect(printed).not.toContain('统一社会信用代码');
    expect(printed).not.toContain(idNumber);
  });
});

describe('what a natural person can file', () => {
  it('is said of every message: which code it asks for and what to do', async () => {
    const { rows } = await must(core, 'person.filings', {});
    expect(rows.map(({ kind }) => kind)).toEqual([...requestNames]);
    const of = (kind: string) => rows.find((row) => row.kind === kind);
    expect(of('CEB603Message')).toMatchObject({ state: 'no' });
    expect(
      of('CEB603Message')
        ?.fields.map(({ zh }) => zh)
        .join(),
    ).toContain('代码');
    expect(of('DecMessage')).toMatchObject({ state: 'no' });
    expect(of('FX101Message')).toMatchObject({ state: 'bank', fields: [{ zh: '收款人统一社会信用代码' }] });
    expect(of('FX201Message')).toMatchObject({ state: 'ask' });
    expect(of('PLAT101Message')).toMatchObject({ state: 'ask' });
    for (const { why, source } of rows) expect([why.zh, why.en, source]).not.toContain('');
  });

  it('is checked before anything leaves: a form drafted in the book is rejected with the reason', async () => {
    const { id } = await must(core, 'documents.create', { kind: 'CEB603Message' });
    const list = await must(core, 'documents.get', { id });
    expect(list.findings).toContainEqual(
      expect.objectContaining({
        rule: 'P-FILING-NO',
        level: 'reject',
        path: expect.stringContaining('InventoryHead/'),
      }),
    );
    expect(list.state).not.toBe('checked');
  });
});

describe('the data of a personal forex account', () => {
  const account = () =>
    must(core, 'moneyAccounts.save', {
      kind: 'personal',
      place: 'home',
      name: '美元户',
      institution: '测试银行',
      currency: 'USD',
      number: '6200123456781234',
      ownerKind: 'person',
      owner: '林测试',
    });
  const form = (accountId: number): InputOf<'person.saveAccount'> => ({
    accountId,
    nature: 'settlement',
    state: 'preparing',
    idType: 'residentId',
    residency: 'resident',
  });
  const view = async () => (await must(core, 'person.accounts', { name: '林测试' })).rows[0];

  it('says what is missing until it is there; the keeper is not asked for the number twice', async () => {
    const { id } = await account();
    expect(await view()).toMatchObject({ name: '美元户', number: '•••• 1234', gaps: [] });
    expect((await view())?.form).toBeUndefined();
    await must(core, 'person.saveAccount', form(id));
    expect(await view()).toMatchObject({
      form: { idNumberMasked: `${idNumber.slice(0, 6)}********${idNumber.slice(14)}` },
      gaps: ['branch', 'purpose', 'registration'],
      missingPapers: [{ zh: '本人有效身份证件' }],
    });
    await must(core, 'person.saveAccount', {
      ...form(id),
      nature: 'savings',
      state: 'opened',
      branch: '琼海支行',
      purpose: '跨境电商收款结汇',
    });
    expect(await view()).toMatchObject({ gaps: ['openedOn'] });
    expect(JSON.stringify(await view())).not.toContain(idNumber);
    const { papers: _papers, required } = await must(core, 'archive.get', {
      subjectKind: 'personal-account',
      subjectId: String(id),
    });
    expect(required.map(({ code }) => code)).toEqual([
      'pa-identity',
      'pa-registration',
      'pa-trade-proof',
      'pa-bank-form',
    ]);
  });

  it('is refused for another kind of account and for a wrong number', async () => {
    const firm = await must(core, 'moneyAccounts.save', {
      kind: 'bank',
      place: 'home',
      name: '人民币户',
      currency: 'CNY',
    });
    expect(await refusal('person.saveAccount', form(firm.id))).toMatchObject({
      code: 'PERSONAL_ACCOUNT_ONLY',
      params: { name: '人民币户' },
    });
    expect(await refusal('person.saveAccount', form(999))).toMatchObject({ code: 'MONEY_ACCOUNT_UNKNOWN' });
    const { id } = await account();
    expect(await refusal('person.saveAccount', { ...form(id), idNumber: '123' })).toMatchObject({
      code: 'IDENTITY_NUMBER_FORMAT',
      path: 'idNumber',
    });
  });

  it('prints with the yearly quota, masked unless the whole numbers are wanted, which leaves a line in the log', async () => {
    const { id } = await account();
    const to = path.join(folder, 'account.pdf');
    const print = (whole: boolean) => must(core, 'person.printAccount', { accountId: id, year: '2026', whole, to });
    expect(await refusal('person.printAccount', { accountId: id, year: '2026', whole: false, to })).toMatchObject({
      code: 'PERSONAL_ACCOUNT_EMPTY',
    });
    await must(core, 'person.saveAccount', form(id));
    await must(core, 'quota.saveEntry', { person: '林测试', date: '2026-05-01', usd: '12000', proof: 'none' });
    await print(false);
    expect(printed).toContain('个人外汇账户资料表');
    expect(printed).toContain('50,000.00 美元');
    expect(printed).toContain('12,000.00 美元');
    expect(printed).toContain('38,000.00 美元');
    for (const text of [idNumber, '6200123456781234']) expect(printed).not.toContain(text);
    // A sole trader has no quota: none is printed as left.
    await must(core, 'quota.savePerson', { name: '林测试', holder: 'soleTrader', note: '' });
    await print(false);
    expect(printed).toContain('不适用个人年度便利化额度。本账套登记的结汇 1 笔，折 12,000.00 美元');
    expect(printed).not.toContain('50,000.00 美元');
    await must(core, 'quota.savePerson', { name: '林测试', holder: 'individual', note: '' });
    await print(true);
    for (const text of [idNumber, '6200123456781234']) expect(printed).toContain(text);
    const audit = core.session.book
      .prepare(`SELECT detail FROM audit WHERE action = 'personalAccount.printed' ORDER BY id`)
      .all();
    expect(JSON.stringify(audit)).toContain('true');
    expect(JSON.stringify(audit)).not.toContain(idNumber);
  });
});
