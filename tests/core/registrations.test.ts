import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { applyBatch } from '../../electron/core/outbox/receipts.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/contract.ts';
import { plat101 } from '../../shared/documents/index.ts';
import { headOf, linesOf } from '../../shared/documents/spec.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { behave } from '../faults/support/desk-client.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** A registration (经营主体备案): opened, filled, filed with the practice platform, changed, sent back, cancelled, and opened anew. */
let folder = '';
let core: Core;
let platform: Platform;
const printed: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-registrations-'));
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
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
});
afterAll(async () => {
  await core.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

const body = {
  address: '海南省琼海市嘉积镇',
  division: '469002',
  legalPerson: '测试法人',
  contactName: '测试联系人',
  contactPhone: '0898-00000000',
  business: '热带水果跨境电商零售出口',
  modes: ['9610', '9810'],
  validTo: '2027-12-31',
  papers: [{ paper: 'reg-customs', no: '46010000', validTo: '2027-06-30' }],
} satisfies InputOf<'registrations.save'>['body'];

const refused = async <N extends OperationName>(name: N, input: InputOf<N>): Promise<string> => {
  const answer = await core.call(name, input);
  return answer.ok ? '' : answer.error.code;
};
const get = (id: number) => must(core, 'registrations.get', { id });
const draft = (id: number) => must(core, 'filings.draft', { subjects: [{ kind: 'registration', id }] });
const versions = async (id: number) =>
  (await must(core, 'filings.list', { subject: { kind: 'registration', id } })).rows.map(
    ({ version, appType, state }) => [version, appType, state],
  );

async function lastFiling(id: number): Promise<OutputOf<'documents.get'>> {
  const { rows } = await must(core, 'filings.list', { subject: { kind: 'registration', id } });
  return must(core, 'documents.get', { id: rows.at(-1)?.id ?? 0 });
}

/** Queues what is checked and waits for the answers. */
async function file(): Promise<void> {
  await must(core, 'documents.queue', { kind: 'PLAT101Message' });
  await syncUntil(core);
}

describe('a registration', () => {
  let id = 0;
  let of: OutputOf<'registrations.get'>;

  it('is opened once a kind, with the papers of the kind', async () => {
    ({ id } = await must(core, 'registrations.open', { subjectType: 'trader' }));
    of = await get(id);
    expect(of.number).toMatch(/^BA-\d{4}-001$/);
    expect(of.checklist.map(({ code }) => code)).toEqual(expect.arrayContaining(['reg-licence', 'reg-customs']));
    expect(of.checklist.map(({ code }) => code)).not.toContain('reg-payment-licence');
    expect(await refused('registrations.open', { subjectType: 'trader' })).toBe('REGISTRATION_EXISTS');
    const other = await must(core, 'registrations.open', { subjectType: 'cooperative' });
    await must(core, 'registrations.cancel', { id: other.id, reason: '填错' });
  });

  it('says what is missing, and takes who the firm is from the profile', async () => {
    const { documents } = await draft(id);
    expect(documents[0]).toMatchObject({ kind: 'PLAT101Message', businessKey: of.number, state: 'draft' });
    const document = await must(core, 'documents.get', { id: documents[0]?.id ?? 0 });
    expect(document.findings.map(({ path: at }) => at)).toEqual(
      expect.arrayContaining(['RegistrationHead/address', 'RegistrationHead/legalPerson', 'RegistrationHead/business']),
    );
    expect(headOf(plat101, document.body)).toMatchObject({
      appType: '1',
      reporterCode: firm.uscc,
      reporterName: firm.name,
      customsCode: firm.customsCode,
    });
  });

  it('is drawn anew with what was filled in and the papers on file', async () => {
    await must(core, 'registrations.save', { id, body });
    const scan = path.join(folder, '营业执照.pdf');
    writeFileSync(scan, '%PDF-1.7 licence');
    await must(core, 'archive.add', {
      subjectKind: 'registration',
      subjectId: of.number,
      paper: 'reg-licence',
      file: scan,
    });
    const { documents } = await draft(id);
    expect(documents[0]).toMatchObject({ state: 'checked' });
    const document = await must(core, 'documents.get', { id: documents[0]?.id ?? 0 });
    expect(linesOf(plat101, document.body)).toMatchObject([
      { gnum: '1', paper: '营业执照', fileName: '营业执照.pdf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { gnum: '2', paper: '海关报关单位备案回执', paperNo: '46010000', validTo: '20270630' },
    ]);
    expect(document.body['RegistrationScope']).toEqual([{ mode: '9610' }, { mode: '9810' }]);
  });

  it('has its ends and those of its papers among the deadlines', async () => {
    const { rows } = await must(core, 'deadlines.list', { from: '2027-01-01', to: '2028-01-01' });
    const ends = rows.filter(({ rule }) => rule === 'registrationExpiry');
    expect(ends.map(({ date, subject, detail, target }) => [date, subject, detail, target])).toEqual([
      ['2027-06-30', of.number, '海关报关单位备案回执', `registrations?id=${id}`],
      ['2027-12-31', of.number, '', `registrations?id=${id}`],
    ]);
  });

  it('is printed as a form, marked as a draft', async () => {
    const [form] = (await must(core, 'filings.list', { subject: { kind: 'registration', id } })).rows;
    mkdirSync(path.join(folder, 'out'), { recursive: true });
    await must(core, 'filings.print', { documentId: form?.id ?? 0, out: path.join(folder, 'out', 'form.pdf') });
    const html = printed.at(-1) ?? '';
    for (const text of ['经营主体备案', '草稿', '>交易企业<', '☑ 新增', '营业执照.pdf', '9610', '报送单位（盖章）'])
      expect(html).toContain(text);
  });

  it('is accepted with a number', async () => {
    await file();
    expect(await versions(id)).toEqual([[1, '1', 'accepted']]);
    const { acceptNo, acceptedOn, filing } = await get(id);
    expect(acceptNo).toMatch(/^BA\d{14}$/);
    expect(acceptedOn).not.toBeNull();
    expect(filing).toMatchObject({ state: 'accepted', stale: false });
    expect((await draft(id)).refused).toMatchObject([{ code: 'FILING_UNCHANGED' }]);
  });

  it('is filed as a change under its number once it changed, and so when the profile did', async () => {
    const { acceptNo } = await get(id);
    await must(core, 'registrations.save', { id, body: { ...body, contactName: '另一联系人' } });
    expect((await get(id)).filing).toMatchObject({ state: 'accepted', stale: true });
    await draft(id);
    expect((await draft(id)).refused).toEqual([]);
    await file();
    expect(await versions(id)).toEqual([
      [1, '1', 'superseded'],
      [2, '2', 'accepted'],
    ]);
    expect((await get(id)).acceptNo).toBe(acceptNo);
    await must(core, 'books.updateProfile', { zone: '三亚综合试验区' });
    expect((await get(id)).filing).toMatchObject({ stale: true });
  });

  it('comes back rejected, and what was accepted stands; cancelling takes that back', async () => {
    await draft(id);
    await behave(platform.url, { rejectShare: 1 });
    await file();
    await behave(platform.url, { rejectShare: 0 });
    expect((await versions(id)).slice(1)).toEqual([
      [2, '2', 'accepted'],
      [3, '2', 'rejected'],
    ]);
    expect(await must(core, 'registrations.cancel', { id, reason: '不再经营' })).toEqual({ id, filed: true });
    expect(await refused('registrations.save', { id, body })).toBe('FILING_VOID');
    await file();
    expect((await versions(id)).at(-1)).toEqual([4, '3', 'accepted']);
    expect(await get(id)).toMatchObject({ state: 'cancelled', acceptNo: null, acceptedOn: null });
  });

  it('stands under its number again when the platform sends the deletion back after all', async () => {
    const { book } = core.session;
    const { body: sent } = await lastFiling(id);
    const said = book
      .prepare(
        'SELECT endpoint, message_guid, raw, receipt_cursor FROM receipt r JOIN endpoint e ON e.id = r.endpoint ORDER BY r.id DESC',
      )
      .get() as { endpoint: string; message_guid: string; raw: Uint8Array; receipt_cursor: string };
    const xml = Buffer.from(said.raw)
      .toString('utf8')
      .replace(/returnStatus>[^<]*/, 'returnStatus>100')
      .replace(/returnTime>[^<]*/, 'returnTime>20991231235959000');
    const now = new Date().toISOString();
    const again = { id: 'sent-back', messageGuid: said.message_guid, xml };
    storeReceipts(book, said.endpoint, [again], said.receipt_cursor, now);
    while (applyBatch(book, now) !== undefined);
    expect((await versions(id)).at(-1)).toEqual([4, '3', 'rejected']);
    expect(await get(id)).toMatchObject({ acceptNo: headOf(plat101, sent)['acceptNo'] });
    expect((await get(id)).acceptedOn).not.toBeNull();
  });

  it('leaves what the firm has said to the next one', async () => {
    const next = await must(core, 'registrations.open', { subjectType: 'trader' });
    const { body: said } = await get(next.id);
    expect(said).toMatchObject({ address: body.address, legalPerson: body.legalPerson, papers: [], modes: [] });
    await must(core, 'registrations.save', { id: next.id, body });
    await draft(next.id);
    await file();
    expect(await versions(next.id)).toEqual([[1, '1', 'accepted']]);
  });
});

it('the matters name papers, last days and what is not known', async () => {
  const { rows } = await must(core, 'matters.list', {});
  expect(rows.map(({ id }) => id)).toContain('operator-registration');
  for (const one of rows) {
    expect(one.source).not.toBe('');
    if (one.deadline === null) expect(one.unknown !== null || one.id === 'overseas-warehouse').toBe(true);
  }
});
