import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { borrowedParameters } from '../../electron/core/check-facts.ts';
import type { Core } from '../../electron/core/core.ts';
import { applyBatch } from '../../electron/core/outbox/receipts.ts';
import { Resources } from '../../electron/core/resources.ts';
import { workCalendar } from '../../electron/core/store/calendar.ts';
import { importsOfBuyer } from '../../electron/core/store/check-facts.ts';
import { sentDocument, storeReceipts } from '../../electron/core/store/receipts.ts';
import { type IsoDate, parseIsoDate } from '../../shared/calendar/dates.ts';
import { catalogue, type RequestName } from '../../shared/documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type Values } from '../../shared/documents/spec.ts';
import { parse5 } from '../../shared/money/decimal.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { guidOf, message, paper } from '../faults/support/papers.ts';
import { orderOf, shipmentOf } from '../faults/support/queue.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** What becomes of filed lists by customs' own word, and by applications that name them by their number. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-filed-life-'));
let core: Core;
let clock = '2026-11-22T04:00:00.000Z';

beforeAll(async () => {
  core = coreAt(folder, { now: () => clock });
  await must(core, 'books.create', { profile: firm, passphrase: 'only for tests' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The sound document of a golden pair. */
function golden(kind: RequestName): AnyDocument {
  const text = readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'golden', `${kind}.json`), 'utf8');
  const [document] = (JSON.parse(text) as { documents: AnyDocument[] }).documents;
  if (document === undefined) throw new Error(kind);
  return document;
}
const get = (id: number) => must(core, 'documents.get', { id });
const stateOf = async (id: number) => (await get(id)).state;

describe('an import list', () => {
  it('that customs detains stays what it is, and counts no longer once its goods are sent back', async () => {
    const buyer = '110101199003070011';
    const head = { buyerIdType: '1', buyerIdNumber: buyer, appTime: '20261120090000' };
    const id = storeDraft(core, 'CEB621Message', changed('CEB621Message', golden('CEB621Message'), head));
    const guid = fileDraft(core, id);
    const year = () => importsOfBuyer(core.session.book, buyer, 2026, 'another').sumE5;
    const invtNo = '64072026I000000001';
    answer(core, guid, '120', '20261120100000', { invtNo });
    for (const [status, time] of [
      ['501', '20261120110000'],
      ['599', '20261120120000'],
    ] as const) {
      answer(core, guid, status, time, { invtNo });
      expect(await get(id)).toMatchObject({ state: 'accepted', statusCode: status });
    }
    expect(year()).toBeGreaterThan(parse5('0'));
    answer(core, guid, '700', '20261121100000', { invtNo });
    expect(await get(id)).toMatchObject({ state: 'withdrawn', statusCode: '700' });
    expect(year()).toBe(0n);
    expect((await get(id)).timeline.at(-1)).toMatchObject({ event: 'revoke', to: 'withdrawn' });
  });
});

describe('goods of an import list that customs sends back while the list is being changed', () => {
  let count = 0;
  const hour = (at: number): string => `202611211${at}0000`;
  /** An import list that customs has. */
  function taken(): { id: number; guid: string; invtNo: string } {
    count += 1;
    const head = { copNo: `BACK-${count}`, orderNo: `BACK-${count}`, logisticsNo: `BACK-${count}` };
    const id = storeDraft(core, 'CEB621Message', changed('CEB621Message', golden('CEB621Message'), head));
    const guid = fileDraft(core, id);
    const invtNo = `64072026I10000000${count}`;
    answer(core, guid, '120', hour(0), { invtNo });
    return { id, guid, invtNo };
  }
  /** What asks to change or delete it, on its way. */
  async function asked(id: number, as: 'change' | 'delete'): Promise<{ id: number; guid: string }> {
    const made = await must(core, 'documents.amend', { id, as });
    return { id: made.id, guid: fileDraft(core, made.id) };
  }
  const statesOf = async (...ids: number[]) => Promise.all(ids.map(stateOf));

  it.each(['change', 'delete'] as const)(
    'ends with the list where they answer the %s before it was taken',
    async (as) => {
      const list = taken();
      const amendment = await asked(list.id, as);
      answer(core, amendment.guid, '700', hour(1), { invtNo: list.invtNo });
      expect(await statesOf(list.id, amendment.id)).toEqual(['withdrawn', 'withdrawn']);
      expect((await get(list.id)).timeline.at(-1)).toMatchObject({ event: 'revoke', detail: { why: 'sent-back' } });
      // What was said earlier and is read later moves nothing.
      answer(core, amendment.guid, '120', hour(0), { invtNo: list.invtNo });
      expect(await statesOf(list.id, amendment.id)).toEqual(['withdrawn', 'withdrawn']);
    },
  );

  it.each(['change', 'delete'] as const)('and where they answer the list, a %s that is taken later', async (as) => {
    const list = taken();
    const amendment = await asked(list.id, as);
    answer(core, list.guid, '700', hour(1), { invtNo: list.invtNo });
    expect(await statesOf(list.id, amendment.id)).toEqual(['withdrawn', 'queued']);
    answer(core, amendment.guid, '120', hour(2), { invtNo: list.invtNo });
    expect(await statesOf(list.id, amendment.id)).toEqual(['withdrawn', 'withdrawn']);
  });

  it('and where they answer the list after a change took its place', async () => {
    const list = taken();
    const change = await asked(list.id, 'change');
    answer(core, change.guid, '120', hour(1), { invtNo: list.invtNo });
    expect(await statesOf(list.id, change.id)).toEqual(['superseded', 'accepted']);
    answer(core, list.guid, '700', hour(2), { invtNo: list.invtNo });
    expect(await statesOf(list.id, change.id)).toEqual(['superseded', 'withdrawn']);
  });

  it('and leaves a change that was sent back, and a list whose change is released before it is taken, as they are', async () => {
    const list = taken();
    const change = await asked(list.id, 'change');
    answer(core, change.guid, '100', hour(1), { invtNo: list.invtNo });
    answer(core, list.guid, '700', hour(2), { invtNo: list.invtNo });
    expect(await statesOf(list.id, change.id)).toEqual(['withdrawn', 'rejected']);
    const other = taken();
    const ended = await asked(other.id, 'change');
    for (const [status, at] of [
      ['599', 1],
      ['899', 2],
      ['120', 3],
    ] as const)
      answer(core, ended.guid, status, hour(at), { invtNo: other.invtNo });
    expect(await statesOf(other.id, ended.id)).toEqual(['superseded', 'closed']);
  });

  it('takes a receipt file without a number of its own for the last version that left', async () => {
    const list = taken();
    const { id } = await must(core, 'documents.amend', { id: list.id, as: 'change' });
    fileDraft(core, id);
    const { businessKey } = await get(list.id);
    const named = (): string | undefined =>
      sentDocument(core.session.book, 'CEB621Message', { guid: '', number: businessKey, platformNos: [] })?.messageGuid;
    expect(named()).toBe(list.guid);
  });
});

describe('a deletion or withdrawal that only lies at customs', () => {
  const open = async (id: number) => (await must(core, 'documents.life', { id })).unconcluded;
  const alarms = async () =>
    (await must(core, 'today.get', { date: clock.slice(0, 10) })).attention.filter(
      ({ code }) => code === 'unconcluded',
    );
  it('is open, ends nothing, and is pointed at after the usual time, until customs has concluded it', async () => {
    const before = clock;
    const list = storeDraft(
      core,
      'CEB621Message',
      changed('CEB621Message', golden('CEB621Message'), { copNo: 'OPEN', orderNo: 'OPEN', logisticsNo: 'OPEN' }),
    );
    const invtNo = '64072026I000000088';
    answer(core, fileDraft(core, list), '120', '20261120100000', { invtNo });
    expect(await open(list)).toBeUndefined();
    const { id } = await must(core, 'documents.amend', { id: list, as: 'delete' });
    const guid = fileDraft(core, id);
    expect(await open(id)).toBeUndefined();
    answer(core, guid, '120', '20261120110000', { invtNo });
    const said = await open(id);
    expect(said).toMatchObject({ hours: 24 });
    const later = (hours: number): string => new Date(Date.parse(said?.since ?? '') + hours * 3_600_000).toISOString();
    clock = later(23);
    expect(await open(id)).toMatchObject({ isLate: false });
    expect(await alarms()).toEqual([]);
    clock = later(25);
    expect(await open(id)).toMatchObject({ isLate: true });
    // A deletion stands for nothing that could be asked to be changed once more.
    const { may } = await must(core, 'documents.life', { id });
    expect(may).toMatchObject({ change: false, delete: false, withdraw: false });
    await expect(must(core, 'documents.amend', { id, as: 'delete' })).rejects.toThrow('DOCUMENT_NOT_AMENDABLE');
    expect(await alarms()).toMatchObject([
      {
        params: { kind: 'CEB621Message', documents: 1, hours: 24 },
        target: 'declarations?kind=CEB621Message&state=accepted',
      },
    ]);
    expect(await stateOf(list)).toBe('accepted');
    answer(core, guid, '399', '20261120120000', { invtNo });
    expect(await stateOf(list)).toBe('withdrawn');
    expect(await open(id)).toBeUndefined();
    expect(await alarms()).toEqual([]);
    clock = before;
  });
});

describe('an application is about the lists that its body names', () => {
  let serial = 0;
  const time = (hour: number): string => `202611200${hour}0000`;
  /** A released export list. */
  function released(): { id: number; invtNo: string } {
    serial += 1;
    const id = storeDraft(
      core,
      'CEB603Message',
      changed('CEB603Message', paper('CEB603Message', serial), { statisticsFlag: 'B' }),
    );
    const invtNo = `64072026E1${String(serial).padStart(8, '0')}`;
    answer(core, fileDraft(core, id), '800', time(8), { invtNo });
    return { id, invtNo };
  }
  const applied = (kind: RequestName, head: Values, lines?: readonly Values[]): number => {
    serial += 1;
    return storeDraft(core, kind, changed(kind, golden(kind), { copNo: `APP${serial}`, ...head }, lines));
  };
  const sales = (id: number): number =>
    (core.session.book.prepare('SELECT count(*) AS n FROM export_line WHERE document_id = ?').get(id) as { n: number })
      .n;

  it('whoever typed, copied or imported it', async () => {
    const list = released();
    expect(sales(list.id)).toBeGreaterThan(0);
    const made = applied('CEB605Message', { invtNo: list.invtNo });
    expect((await must(core, 'documents.life', { id: made })).about).toMatchObject([
      { id: list.id, purpose: 'withdraw' },
    ]);
    answer(core, fileDraft(core, made), '399', time(9));
    expect(await stateOf(list.id)).toBe('withdrawn');
    expect(sales(list.id)).toBe(0);
  });

  it('also where the number was changed after it was drafted', async () => {
    const [a, b] = [released(), released()];
    const made = await must(core, 'documents.withdraw', { id: a.id, reason: '买家取消，货物未出境' });
    await must(core, 'documents.edit', { id: made.id, changes: [{ path: 'invtNo', value: b.invtNo }] });
    answer(core, fileDraft(core, made.id), '399', time(9));
    expect([await stateOf(a.id), await stateOf(b.id)]).toEqual(['released', 'withdrawn']);
  });

  it('also where the list gets its number later, and an import is about an import', async () => {
    const invtNo = '64072026I000000077';
    const made = applied('CEB623Message', { invtNo });
    expect((await must(core, 'documents.life', { id: made })).about).toEqual([]);
    const list = storeDraft(
      core,
      'CEB621Message',
      changed('CEB621Message', golden('CEB621Message'), { copNo: 'IM77' }),
    );
    answer(core, fileDraft(core, list), '120', time(8), { invtNo });
    expect((await must(core, 'documents.life', { id: made })).about).toMatchObject([{ id: list }]);
    answer(core, fileDraft(core, made), '399', time(9));
    expect(await stateOf(list)).toBe('withdrawn');
  });

  it('and takes of a return what others took', async () => {
    const list = released();
    const [line] = (await must(core, 'documents.life', { id: list.id })).returnable;
    const lines = [
      { ...linesOf(catalogue.CEB213Message, golden('CEB213Message'))[0], gnum: line?.gnum, qty: line?.qty },
    ];
    applied('CEB213Message', { coElNo: 'RET-1', invtNo: list.invtNo }, lines);
    expect((await must(core, 'documents.life', { id: list.id })).returnable[0]?.left).toBe('0');
  });

  it('and a tally is about the application of its list, under its number or one of its own', async () => {
    const list = released();
    const [line] = (await must(core, 'documents.life', { id: list.id })).returnable;
    const lines = [{ ...linesOf(catalogue.CEB213Message, golden('CEB213Message'))[0], gnum: line?.gnum, qty: '0.001' }];
    const tally = (head: Values): number =>
      storeDraft(core, 'CEB215Message', changed('CEB215Message', golden('CEB215Message'), head));
    const aboutOf = async (id: number) => (await must(core, 'documents.life', { id })).about;
    // Typed before its application is there, it finds it when it comes.
    const first = tally({ coElNo: 'TALLY-1', invtNo: list.invtNo });
    expect(await aboutOf(first)).toEqual([]);
    const application = applied('CEB213Message', { coElNo: 'RET-2', invtNo: list.invtNo }, lines);
    expect(await aboutOf(first)).toMatchObject([{ id: application, purpose: 'tally' }]);
    answer(core, fileDraft(core, application), '120', time(9));
    expect((await must(core, 'documents.life', { id: application })).may.tally).toBe(false);
    // Two applications of a list: only the shared number says which.
    const second = applied('CEB213Message', { coElNo: 'RET-3', invtNo: list.invtNo }, lines);
    expect(await aboutOf(tally({ coElNo: 'TALLY-2', invtNo: list.invtNo }))).toEqual([]);
    const shared = tally({ coElNo: 'RET-3', invtNo: list.invtNo });
    expect(await aboutOf(shared)).toMatchObject([{ id: second }]);
    // Pointed at another list, it is about the first no longer.
    await must(core, 'documents.edit', { id: first, changes: [{ path: 'invtNo', value: '64072026E199999999' }] });
    expect(await aboutOf(first)).toEqual([]);
  });

  const month = '2026-11';
  const open = async (): Promise<number> =>
    (await must(core, 'summaries.plan', { month })).groups.reduce((sum, { lists }) => sum + lists, 0);

  it('and offers a list again that was struck from a summary', async () => {
    const [a, b] = [released(), released()];
    const before = await open();
    expect(before).toBeGreaterThanOrEqual(2);
    const none = { startTime: '', endTime: '', sumNo: '' };
    const made = applied('CEB701Message', none, [{ invtNo: a.invtNo }, { invtNo: b.invtNo }]);
    expect(await open()).toBe(before - 2);
    await must(core, 'documents.edit', {
      id: made,
      changes: [{ path: 'SummaryApplyList[2]/invtNo', value: '64072026E999999999' }],
    });
    expect(await open()).toBe(before - 1);
    await must(core, 'documents.discard', { id: made });
    expect(await open()).toBe(before);
  });

  it('and sums up no list twice that an application names by its time', async () => {
    const list = released();
    const { ebcCode = '' } = headOf(catalogue.CEB603Message, (await get(list.id)).body);
    const of = { startTime: '20261101000000', endTime: '20261130235959', sumNo: '' };
    const other = applied('CEB701Message', { ...of, ebcCode: '91460000MA5DEMQ02W' }, []);
    expect(await open()).toBeGreaterThan(0);
    const made = applied('CEB701Message', { ...of, ebcCode }, []);
    expect(await open()).toBe(0);
    const { applied: all, appliedByPeriod } = await must(core, 'summaries.plan', { month });
    expect(appliedByPeriod).toBeGreaterThan(0);
    expect(appliedByPeriod).toBeLessThanOrEqual(all);
    for (const id of [other, made]) await must(core, 'documents.discard', { id });
    expect(await open()).toBeGreaterThan(0);
  });
});

describe('a declaration that is filed again', () => {
  const SEQ = 'I20260000000012345';
  let serial = 0;
  /** Lets the Single Window answer: its own receipt of import, or its word on the state. */
  function hear(guid: string, kind: 'DecImportResponse' | 'DEC_RESULT', node: Values): void {
    serial += 1;
    const { book } = core.session;
    const xml = new TextDecoder().decode(message(kind, guidOf(`dec ${serial}`), [node]));
    storeReceipts(book, 'file', [{ id: `dec-${serial}`, messageGuid: guid, xml }], '', '2026-11-20T02:00:00.000Z');
    expect(applyBatch(book, '2026-11-20T02:00:00.000Z')).toMatchObject({ parked: 0 });
  }
  /** One that was received under a 统一编号, then had what was said of it, and is filed anew. */
  async function refiled(
    seqNo: string,
    entryId: string,
    said: readonly (readonly [string, string])[],
  ): Promise<Values> {
    serial += 1;
    const own = `P20261120${String(serial).padStart(9, '0')}`;
    const body = {
      ...golden('DecMessage'),
      DecSign: { ...(golden('DecMessage')['DecSign'] as Values), ClientSeqNo: own },
    };
    const { SeqNo: _seq, EntryId: _entry, PreEntryId: _pre, ...head } = headOf(catalogue.DecMessage, body);
    const id = storeDraft(core, 'DecMessage', { ...body, DecHead: head });
    const guid = fileDraft(core, id);
    hear(guid, 'DecImportResponse', { ResponseCode: '0', ErrorMessage: '', ClientSeqNo: own, SeqNo: seqNo });
    for (const [CHANNEL, time] of said)
      hear(guid, 'DEC_RESULT', { CUS_CIQ_NO: seqNo, ENTRY_ID: entryId, NOTICE_DATE: time, CHANNEL, NOTE: 'x' });
    return headOf(catalogue.DecMessage, (await must(core, 'documents.revise', { id })).body);
  }

  it('keeps its unified number when customs has given it its own before it was sent back', async () => {
    const said = [
      ['L', '2026-11-20T10:00:00'],
      ['E', '2026-11-20T11:00:00'],
    ] as const;
    expect((await refiled(SEQ, '640720260000000001', said))['SeqNo']).toBe(SEQ);
    // A unified number may be eighteen digits as well.
    expect((await refiled('640700000000012345', '640720260000000002', said))['SeqNo']).toBe('640700000000012345');
  });

  it('still says what the one before it was sent back for', async () => {
    const own = 'P20261120990000001';
    const body = {
      ...golden('DecMessage'),
      DecSign: { ...(golden('DecMessage')['DecSign'] as Values), ClientSeqNo: own },
    };
    const id = storeDraft(core, 'DecMessage', body);
    const sentBack = async (of: number) => (await must(core, 'entry.open', { id: of })).sentBack;
    expect(await sentBack(id)).toBeUndefined();
    hear(fileDraft(core, id), 'DecImportResponse', {
      ResponseCode: '1',
      ErrorMessage: '毛重小于净重',
      ClientSeqNo: own,
    });
    expect(await sentBack(id)).toBeUndefined();
    const next = (await must(core, 'documents.revise', { id })).id;
    expect(await sentBack(next)).toMatchObject({ statusInfo: '毛重小于净重' });
    // One that is sent back again says its own.
    hear(fileDraft(core, next), 'DecImportResponse', { ResponseCode: '1', ErrorMessage: '件数不符', ClientSeqNo: own });
    const third = (await must(core, 'documents.revise', { id: next })).id;
    expect(await sentBack(third)).toMatchObject({ statusInfo: '件数不符' });
  });

  it('goes without the numbers of one that customs deleted', async () => {
    const head = await refiled('I20260000000012399', '640720260000000003', [
      ['L', '2026-11-20T10:00:00'],
      ['D', '2026-11-20T11:00:00'],
    ]);
    expect([head['SeqNo'], head['EntryId'], head['PreEntryId']]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a check of what is filed', () => {
  it('takes the term of the day on which the goods were released, not of today', async () => {
    const { book } = core.session;
    const resources = new Resources(resourcesFolder);
    const calendar = workCalendar(book, resources);
    const { exportReturnMonths, importReturnDays, summaryDeadline, retail } = borrowedParameters(
      { book, resources, now: () => clock },
      calendar,
    );
    const on = (text: string): IsoDate => {
      const date = parseIsoDate(text);
      if (date === undefined) throw new Error(text);
      return date;
    };
    expect(exportReturnMonths?.(on('2027-12-20'))).toBe(6);
    expect(importReturnDays?.(on('2027-12-20'))).toBe(30);
    expect(summaryDeadline?.('2026-10')).toBe('2026-11-16');
    // And the limits of the day of filing.
    expect(retail?.(on('2018-12-31'))).toMatchObject({ transactionLimit: '2000', annualLimit: '20000' });
    expect(retail?.(on('2026-11-22'))).toMatchObject({ transactionLimit: '5000', annualLimit: '26000' });
  });
});

describe('the lists of a shipment', () => {
  it('are gathered once in papers of one kind; only a late one is offered again', async () => {
    const { book } = core.session;
    const shipmentId = shipmentOf(book, '2026-11-20T00:00:00.000Z');
    const filed = (n: number): void => {
      const orderId = orderOf(book, '2026-11-20T00:00:00.000Z', n);
      const id = storeDraft(core, 'CEB603Message', paper('CEB603Message', n), { orderId, shipmentId });
      answer(core, fileDraft(core, id), '120', '20261120080000', { invtNo: `64072026E2${String(n).padStart(8, '0')}` });
    };
    const gather = (as: 'waybills' | 'arrival') => must(core, 'documents.gather', { shipmentId, as });
    const lines = (body: AnyDocument): number => linesOf(catalogue.CEB607Message, body).length;
    filed(501);
    filed(502);
    const first = await gather('waybills');
    expect(lines(first.body)).toBe(2);
    await expect(gather('waybills')).rejects.toThrow('SHIPMENT_LISTS_NAMED');
    // Papers of another kind are another matter.
    await gather('arrival');
    filed(503);
    const late = await gather('waybills');
    expect(lines(late.body)).toBe(1);
    const rules = late.findings.map(({ rule }) => rule);
    expect(rules).not.toContain('M-WAYBILL-TWICE');
    expect(rules).not.toContain('M-LISTS-LEFT');
    await must(core, 'documents.discard', { id: first.id });
    expect(lines((await gather('waybills')).body)).toBe(2);
  });
});
