import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { applyBatch } from '../../electron/core/outbox/receipts.ts';
import { storeReceipts } from '../../electron/core/store/receipts.ts';
import { type Platform, servePlatform } from '../../platform/server.ts';
import { decMessage } from '../../shared/documents/index.ts';
import { headOf, linesOf, type Values } from '../../shared/documents/spec.ts';
import { format5, sum5, tryParse5 } from '../../shared/money/decimal.ts';
import { paperDetails } from '../../shared/papers/details.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { syncUntil } from '../fixtures/answers.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** The sample's shipment by goods declaration (报关单): drafted, completed, queued, and answered by the practice platform. */
let folder = '';
let core: Core;
let platform: Platform;
let shipmentId = 0;
let id = 0;

const get = () => must(core, 'documents.get', { id });
const refusal = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'taken',
    (error: Error) => error.message,
  );
const sync = (until: () => Promise<boolean>) => syncUntil(core, until);
const edit = (changes: Record<string, string>) =>
  must(core, 'documents.edit', { id, changes: Object.entries(changes).map(([at, value]) => ({ path: at, value })) });
/** What only a person knows. */
const operator = {
  'DecHead/TypistNo': '8930000012345',
  'DecHead/InputerName': '王五',
  'DecHead/DeclareName': '王五',
  'DecHead/EntyPortCode': '460001',
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-declaration-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  await must(core, 'sync.setEndpoint', { url: platform.url, name: 'Test' });
  shipmentId = (await must(core, 'shipments.list', {})).rows[0]?.id ?? 0;
});
afterAll(async () => {
  await core.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the goods declaration of a shipment', () => {
  it('has its goods merged as items, with the totals of its papers', async () => {
    const details = paperDetails.parse({ sourcePlace: '46011 海口', contractNo: 'HT-1' });
    await must(core, 'papers.saveDetails', { subject: { shipmentId }, details });
    const before = await must(core, 'papers.list', { subject: { shipmentId } });
    const { documents } = await must(core, 'documents.declare', { shipmentId, mode: '0110' });
    expect(documents.length).toBeGreaterThan(0);
    const bodies = await Promise.all(
      documents.map(async (one) => (await must(core, 'documents.get', { id: one.id })).body),
    );
    for (const body of bodies) {
      const lines = linesOf(decMessage, body);
      expect(lines.length).toBeLessThanOrEqual(50);
      expect(lines.map(({ GNo }) => GNo)).toEqual(lines.map((_, at) => String(at + 1)));
      expect(
        lines.every(({ CodeTS, DestinationCountry }) => CodeTS?.length === 10 && DestinationCountry === 'CHN'),
      ).toBe(true);
      expect(headOf(decMessage, body)).toMatchObject({
        TradeMode: '0110',
        IEFlag: 'E',
        WrapType: '22',
        CutMode: '101',
      });
      expect((body['DecSign'] as Values)['ClientSeqNo']).toMatch(/^P\d{17}$/);
    }
    // 草单 reads the declarations now, item by item, and comes to the same.
    const after = await must(core, 'papers.list', { subject: { shipmentId } });
    expect(after.totals).toEqual(before.totals);
    expect(after.documents).toBe(documents.length);
    const { html } = await must(core, 'papers.preview', {
      subject: { shipmentId },
      kind: 'declaration',
      language: 'zh',
    });
    for (const body of bodies) for (const { GName = '' } of linesOf(decMessage, body)) expect(html).toContain(GName);
    for (const one of after.totals.amounts) {
      const own = bodies
        .flatMap((body) => linesOf(decMessage, body))
        .filter(({ TradeCurr }) => TradeCurr === one.currency)
        .map(({ DeclTotal }) => tryParse5(DeclTotal ?? '') ?? 0n);
      expect(format5(sum5(own), 2)).toBe(one.amount.replaceAll(',', ''));
    }
    id = documents[0]?.id ?? 0;
    expect(await refusal(must(core, 'documents.declare', { shipmentId, mode: '9710' }))).toContain('SHIPMENT_DECLARED');
  });

  it('asks for what only a person knows, then is checked', async () => {
    const draft = await get();
    expect(draft.state).toBe('draft');
    expect(
      draft.findings
        .filter(({ level }) => level === 'reject')
        .map(({ path: at }) => at)
        .sort(),
    ).toEqual(Object.keys(operator).sort());
    expect((await edit(operator)).state).toBe('checked');
  });

  it('holds groups beside its lines: set, added to and emptied by path', async () => {
    await edit({
      'DecFreeTxt/VoyNo': '123',
      'Container[1]/ContainerId': 'TEMU1234567',
      'Container[1]/ContainerMd': '21',
    });
    await edit({ 'DecList[1]/DecGoodsLimit[1]/LicTypeCode': '619', 'Container[1]/GoodsNo': '1' });
    expect((await get()).body).toMatchObject({
      DecFreeTxt: { VoyNo: '123' },
      Container: [{ ContainerId: 'TEMU1234567', GoodsNo: '1' }],
    });
    expect(linesOf(decMessage, (await get()).body)[0]).toMatchObject({ DecGoodsLimit: [{ LicTypeCode: '619' }] });
    expect(await refusal(edit({ 'Container[3]/ContainerId': 'X' }))).toContain('FIELD_UNKNOWN');
    expect(await refusal(edit({ 'DecSign/ClientSeqNo': 'X' }))).toContain('FIELD_UNKNOWN');
    expect(await refusal(edit({ 'Container[1]/Odd': 'X' }))).toContain('FIELD_UNKNOWN');
    await edit({
      ...{ 'DecList[1]/DecGoodsLimit[1]/LicTypeCode': '', 'DecFreeTxt/VoyNo': '', 'Container[1]/ContainerId': '' },
      ...{ 'Container[1]/ContainerMd': '', 'Container[1]/GoodsNo': '' },
    });
    const { body, state } = await get();
    expect(body).not.toHaveProperty('Container');
    expect(linesOf(decMessage, body)[0]).not.toHaveProperty('DecGoodsLimit');
    expect(state).toBe('checked');
  });

  it('is sent back by customs for what is wrong, corrected under its numbers, released and closed', async () => {
    // A mode that the desk lets pass and this platform does not take.
    await edit({ 'DecHead/TradeMode': '0130' });
    await must(core, 'documents.queue', { kind: 'DecMessage' });
    await sync(async () => (await get()).state === 'rejected');
    const back = await get();
    expect(back).toMatchObject({ statusCode: 'SW-E', platformNo: expect.stringMatching(/^E\d{17}$/) });
    expect(back.statusInfo).toContain('监管方式 0130');
    // The state is a code of its own: with its official word, and with the user's note from the first time on.
    const life = () => must(core, 'documents.life', { id });
    expect((await life()).codes).toEqual([
      { code: 'SW-E', text: back.statusInfo, meaning: expect.stringContaining('海关退单') },
    ]);
    await must(core, 'receiptNotes.save', { code: 'SW-E', note: '先打海关电话' });
    expect((await life()).codes).toMatchObject([{ code: 'SW-E', note: '先打海关电话' }]);
    const { id: clerk } = await must(core, 'clerks.save', { name: '王五' });
    await must(core, 'clerks.choose', { id: clerk });
    const next = await must(core, 'documents.revise', { id });
    expect(next).toMatchObject({ version: 2, businessKey: back.businessKey });
    id = next.id;
    expect(headOf(decMessage, next.body)['SeqNo']).toBe(back.platformNo);
    await edit({ 'DecHead/TradeMode': '0110' });
    await must(core, 'documents.check', {});
    expect(await must(core, 'documents.queue', { kind: 'DecMessage' })).toMatchObject({ held: 0 });
    await sync(async () => (await get()).state === 'closed');
    const done = await get();
    expect(done.platformNo).toMatch(/^6407\d{14}$/);
    expect(done.receipts.map(({ statusCode }) => statusCode)).toEqual(
      expect.arrayContaining(['SWI-0', 'SW-7', 'SW-L', 'SW-J', 'SW-P', 'SW-R']),
    );
    expect(done.timeline.map(({ event }) => event)).toEqual(expect.arrayContaining(['accept', 'release', 'close']));
    const papers = await must(core, 'papers.list', { subject: { documentId: id } });
    expect(papers).toMatchObject({ isAccepted: true, documents: 1 });
  });

  it('is charged to its client, and counts for the clerk who made it', async () => {
    await must(core, 'feeTariff.save', { rows: [{ kind: 'DecMessage', mode: '0110', fee: '120' }] });
    const { uscc } = core.session.book.profile();
    const days = { from: '2026-01-01', until: '2099-12-31' };
    const plan = await must(core, 'feeNotes.plan', { ...days, clientCode: uscc });
    expect(plan.clients).toMatchObject([{ code: uscc, documents: 1 }]);
    expect(plan.lines).toMatchObject([{ documentId: id, kind: 'DecMessage', mode: '0110', fee: '120.00' }]);
    const { rows } = await must(core, 'review.rates', days);
    expect(rows).toMatchObject([{ clerk: '王五', made: 1, rejected: 0 }]);
  });

  it('is the sale of its orders and its own export lines, once, and nothing once customs deletes it', async () => {
    const { body, platformNo = '' } = await get();
    const items = linesOf(decMessage, body);
    const ofIt = async () => (await must(core, 'exportLines.list', { text: platformNo, limit: 500 })).rows;
    const rows = await ofIt();
    expect(rows.map(({ lineNo, mode, documentId }) => [lineNo, mode, documentId]).sort()).toEqual(
      items.map(({ GNo }) => [Number(GNo), '0110', id]).sort(),
    );
    const fob = (currency: string): bigint =>
      sum5(rows.flatMap((row) => (row.currency === currency ? [tryParse5(row.fob) ?? 0n] : [])));
    for (const currency of new Set(rows.map((row) => row.currency))) {
      const declared = sum5(
        items.flatMap(({ TradeCurr, DeclTotal = '' }) => (TradeCurr === currency ? [tryParse5(DeclTotal) ?? 0n] : [])),
      );
      expect(format5(fob(currency), 2)).toBe(format5(declared, 2));
    }
    const { book } = core.session;
    const sales = () =>
      book
        .prepare(
          `SELECT v.id, v.source_id AS orderId FROM voucher v WHERE v.source_kind = 'order-release' AND v.reverses IS NULL
             AND v.source_id IN (SELECT order_id FROM declared_goods) AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id)`,
        )
        .all() as { id: number; orderId: string }[];
    // Orders of this declaration alone; those of other declarations of the shipment wait for these.
    expect(sales().length).toBeGreaterThan(0);
    expect(new Set(sales().map(({ orderId }) => orderId)).size).toBe(sales().length);
    const { sources } = await must(core, 'vouchers.get', { id: sales()[0]?.id ?? 0 });
    expect(sources).toEqual(
      expect.arrayContaining([expect.objectContaining({ target: `declaration/${id}`, label: platformNo })]),
    );
    const released = await must(core, 'orders.list', { limit: 500 });
    const state = new Map(released.rows.map((row) => [String(row.id), row.state]));
    for (const { orderId } of sales()) expect(state.get(orderId)).toBe('released');
    // Receipts that come again change nothing; the deletion takes all of it back.
    const seqNo = headOf(decMessage, body)['SeqNo'] ?? '';
    const receipt = (channel: string, time: string) =>
      `<DEC_RESULT><CUS_CIQ_NO>${seqNo}</CUS_CIQ_NO><ENTRY_ID>${platformNo}</ENTRY_ID><NOTICE_DATE>${time}</NOTICE_DATE><CHANNEL>${channel}</CHANNEL></DEC_RESULT>`;
    const [{ guid }] = book
      .prepare('SELECT message_guid AS guid FROM message_document WHERE document_id = ?')
      .all(id) as [{ guid: string }];
    const hear = (name: string, xml: string) => {
      storeReceipts(book, platform.url, [{ id: name, messageGuid: guid, xml }], '', '2026-11-22T00:00:00.000Z');
      return applyBatch(book, '2026-11-22T00:00:00.000Z');
    };
    const before = [sales().length, (await ofIt()).length];
    expect(hear('again', receipt('P', '2026-11-22T08:00:00'))).toMatchObject({ receipts: 1, released: 0, parked: 0 });
    expect([sales().length, (await ofIt()).length]).toEqual(before);
    // One whose message is not of the book lies parked, is tried again in vain, and is attached by the number it names.
    const stray = (name: string, xml: string) => {
      storeReceipts(book, platform.url, [{ id: name, messageGuid: 'NOBODY', xml }], '', '2026-11-22T00:00:00.000Z');
      applyBatch(book, '2026-11-22T00:00:00.000Z');
    };
    stray('stray', receipt('R', '2026-11-22T08:30:00'));
    const foreign = receipt('R', '2026-11-22T08:30:00').replaceAll(platformNo, '640720269999999999');
    stray('other', foreign.replaceAll(seqNo, 'E1'));
    const parked = async () => (await must(core, 'receipts.parked', {})).rows;
    expect(await parked()).toMatchObject([
      { problem: 'RECEIPT_MESSAGE_UNKNOWN', kind: 'DEC_RESULT', candidate: { documentId: id } },
      { problem: 'RECEIPT_MESSAGE_UNKNOWN', kind: 'DEC_RESULT' },
    ]);
    const [mine, others] = (await parked()).map((row) => row.id) as [number, number];
    expect((await must(core, 'receipts.raw', { id: mine })).text).toContain('<CHANNEL>R</CHANNEL>');
    await must(core, 'receipts.remark', { id: others, note: '别的电脑发的' });
    expect(await must(core, 'receipts.retry', {})).toEqual({ applied: 0, parked: 2 });
    const elsewhere = must(core, 'receipts.attach', { id: others, documentId: id });
    expect(await refusal(elsewhere)).toContain('RECEIPT_NOT_OF_DOCUMENT');
    await must(core, 'receipts.attach', { id: mine, documentId: id });
    expect(await parked()).toMatchObject([{ id: others, note: '别的电脑发的', problem: 'RECEIPT_MESSAGE_UNKNOWN' }]);
    expect(await refusal(must(core, 'receipts.retry', { id: mine }))).toContain('RECEIPT_NOT_PARKED');
    expect(hear('gone', receipt('D', '2026-11-22T09:00:00'))).toMatchObject({ receipts: 1, parked: 0 });
    expect((await get()).state).toBe('withdrawn');
    expect([sales(), await ofIt()]).toEqual([[], []]);
    expect(hear('late', receipt('R', '2026-11-22T10:00:00'))).toMatchObject({ receipts: 1, released: 0 });
    expect((await get()).state).toBe('withdrawn');
    expect((await ofIt()).length).toBe(0);
  });

  it('is copied with a number of its own and the operator it had', async () => {
    const copy = await must(core, 'entry.copy', { id });
    const { body, businessKey } = await must(core, 'documents.get', { id: copy.id });
    expect(businessKey).toMatch(/^P\d{17}$/);
    expect(businessKey).not.toBe((await get()).businessKey);
    expect(body).toMatchObject({
      DecHead: { TypistNo: '8930000012345' },
      DecSign: { OperType: 'G', ClientSeqNo: businessKey },
    });
    expect(headOf(decMessage, body)).not.toHaveProperty('SeqNo');
    const blank = await must(core, 'documents.create', { kind: 'DecMessage' });
    expect(blank.body).toMatchObject({
      DecHead: { TypistNo: '8930000012345', TradeMode: '0110' },
      DecList: [{ GNo: '1' }],
    });
    await must(core, 'documents.discard', { id: blank.id });
    await must(core, 'documents.discard', { id: copy.id });
  });

  it('is copied with its containers and papers, whose numbers wait to be looked at; a template says it does without', async () => {
    const source = await must(core, 'documents.create', { kind: 'DecMessage' });
    const set = async (of: number, values: Record<string, string>) =>
      must(core, 'entry.save', {
        id: of,
        base: (await must(core, 'entry.open', { id: of })).revision,
        operations: Object.entries(values).map(([at, value]) => ({ op: 'set' as const, path: at, value })),
      });
    await set(source.id, {
      'Container[1]/ContainerId': 'CONU1234567',
      'Container[1]/ContainerMd': '11',
      'Container[1]/GoodsNo': '1',
      'Container[2]/ContainerId': 'CONU7654321',
      'LicenseDocu[1]/DocuCode': 'B',
      'LicenseDocu[1]/CertCode': 'B-1',
      'EcoRelation[1]/CertType': 'Y03',
      'EcoRelation[1]/EcoCertNo': 'E-1',
      'DecOtherPack[1]/PackQty': '3',
      'TrnContainer[1]/ContaNo': 'CONU1234567',
    });
    const groups = ['Container', 'LicenseDocu', 'EcoRelation', 'DecOtherPack', 'TrnContainer'];
    const of = ({ body }: { readonly body: Record<string, unknown> }) => groups.map((name) => body[name]);
    const copy = await must(core, 'entry.copy', { id: source.id });
    expect(copy.left).toEqual([]);
    const opened = await must(core, 'entry.open', { id: copy.id });
    expect(of(opened)).toEqual(of(await must(core, 'entry.open', { id: source.id })));
    const amber = [
      'Container[1]/ContainerId',
      'Container[2]/ContainerId',
      'LicenseDocu[1]/CertCode',
      'DecOtherPack[1]/PackQty',
      'TrnContainer[1]/ContaNo',
      'EcoRelation[1]/EcoCertNo',
    ];
    expect(opened.unconfirmed.filter((at) => !at.startsWith('Dec') || at.startsWith('DecOther'))).toEqual(amber);
    expect(opened.findings.map(({ rule }) => rule)).toContain('ENTRY-CONFIRM');
    // A container that is not there this time goes, and the next one moves up with its mark.
    const { unconfirmed } = await set(copy.id, {
      'Container[1]/ContainerId': '',
      'Container[1]/ContainerMd': '',
      'Container[1]/GoodsNo': '',
    });
    expect(unconfirmed.filter((at) => at.startsWith('Container'))).toEqual(['Container[1]/ContainerId']);
    const kept = await must(core, 'entry.saveTemplate', { documentId: source.id, name: '海运' });
    // Kinds and codes are kept; what says nothing without its number is named.
    expect(kept.left.map(({ group }) => group)).toContain('TrnContainer');
    const template = await must(core, 'entry.template', { id: kept.id });
    expect(template.body['LicenseDocu']).toEqual([{ DocuCode: expect.stringMatching(/./) }]);
    expect(JSON.stringify(template.body)).not.toContain('ContainerId');
    for (const one of [source, copy]) await must(core, 'documents.discard', { id: one.id });
  });
});

describe('a shipment whose lists are at customs', () => {
  it('is not declared a second time; a B2B one names the paper by which customs finds the trade', async () => {
    const other = mkdtempSync(path.join(os.tmpdir(), 'portbook-declaration-b2b-'));
    const second = coreAt(other);
    try {
      await must(second, 'books.createSample', {});
      const [shipment] = (await must(second, 'shipments.list', {})).rows;
      const b2b = await must(second, 'documents.declare', { shipmentId: shipment?.id ?? 0, mode: '9710' });
      const { body } = await must(second, 'documents.get', { id: b2b.documents[0]?.id ?? 0 });
      const named = body['EdocRealation'] as readonly Values[];
      expect(named.length).toBeGreaterThan(0);
      expect(named.length).toBeLessThanOrEqual(10);
      for (const one of named)
        expect(one).toMatchObject({ EdocCode: '10000004', EdocFomatType: 'S', EdocID: expect.stringMatching(/./) });
      for (const one of b2b.documents) await must(second, 'documents.discard', { id: one.id });
      await must(second, 'shipments.draft', { id: shipment?.id ?? 0 });
      // Lists that are drafts are taken over: no order stands on a list and on a declaration, and it can be undone.
      const live = async () =>
        (await must(second, 'documents.list', { kind: 'CEB603Message' })).rows.map(({ id: of }) => of);
      const lists = await live();
      expect(lists.length).toBeGreaterThan(0);
      const over = await must(second, 'documents.declare', { shipmentId: shipment?.id ?? 0, mode: '9710' });
      expect(over.away).toBeGreaterThanOrEqual(lists.length);
      expect(over.documents.reduce((sum, { items }) => sum + items, 0)).toBe(
        b2b.documents.reduce((sum, { items }) => sum + items, 0),
      );
      for (const one of lists) expect((await must(second, 'documents.get', { id: one })).state).toBe('withdrawn');
      const { undo } = await must(second, 'modes.change', { id: over.documents[0]?.id ?? 0 });
      await must(second, 'modes.undo', { id: undo?.id ?? 0 });
      expect(await live()).toEqual(lists);
      await must(second, 'documents.check', {});
      await must(second, 'documents.queue', {});
      expect(
        await refusal(must(second, 'documents.declare', { shipmentId: shipment?.id ?? 0, mode: '9810' })),
      ).toContain('SHIPMENT_FILED');
    } finally {
      await second.close();
      rmSync(other, { recursive: true, force: true });
    }
  });
});
