import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Platform, type PlatformOptions, servePlatform } from '../../platform/server.ts';
import type { RequestName } from '../../shared/documents/catalogue.ts';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import { usccCheckCharacter } from '../../shared/identity/identity.ts';
import { DeskClient, settled } from '../faults/support/desk-client.ts';
import { copNoOf, enterprise, guidOf, message, type PaperKind, paper } from '../faults/support/papers.ts';
import { engines, type Place } from '../fixtures/engines.ts';

const resourcesFolder = path.resolve(import.meta.dirname, '../../resources');
const running = new Set<Platform>();
let serial = 0;

async function stop(platform: Platform): Promise<void> {
  running.delete(platform);
  await platform.close();
}

afterEach(async () => {
  for (const platform of running) await stop(platform);
});

describe.each(engines())('$engine', ({ engine, skipped, newPlace }) => {
  if (skipped !== undefined) {
    it.skip(`not run: ${skipped}`);
    return;
  }
  let place: Place = {};
  async function start(options: Partial<PlatformOptions> = {}): Promise<Platform> {
    place = (options.dataFolder ?? options.databaseUrl) ? options : await newPlace();
    const platform = await servePlatform({ port: 0, resourcesFolder, orderWaitMs: 400, ...place, ...options });
    running.add(platform);
    return platform;
  }

  async function enrolled(options: Partial<PlatformOptions> = {}): Promise<{ platform: Platform; desk: DeskClient }> {
    const platform = await start(options);
    const desk = new DeskClient(platform.url);
    expect((await desk.enrol()).status).toBe(201);
    return { platform, desk };
  }

  async function send(
    desk: DeskClient,
    kind: PaperKind,
    documents: readonly AnyDocument[],
    guid = guidOf(`${kind} ${++serial}`),
  ): Promise<string> {
    const response = await desk.put(guid, message(kind, guid, documents));
    expect([response.status, response.status === 202 ? '' : await response.text()]).toEqual([202, '']);
    return guid;
  }

  /** Statuses of every document, by its number, in the order of returnTime. */
  async function statusesOf(desk: DeskClient, field: string): Promise<Map<string, string[]>> {
    const statuses = new Map<string, string[]>();
    const returns = (await desk.receipts()).flatMap((receipt) => receipt.returns);
    returns.sort((a, b) => (a['returnTime'] ?? '').localeCompare(b['returnTime'] ?? ''));
    for (const one of returns) {
      const key = one[field];
      if (key !== undefined) statuses.set(key, [...(statuses.get(key) ?? []), one['returnStatus'] ?? '']);
    }
    return statuses;
  }

  async function codeOf(response: Response): Promise<[number, string]> {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return [response.status, ((await response.json()) as { code: string }).code];
  }

  describe('enrolment', () => {
    it('takes a right enterprise, any number of times', async () => {
      const { desk } = await enrolled();
      const again = await desk.enrol();
      expect([again.status, await again.json()]).toEqual([200, { deviceId: 'device-test-1', enterpriseId: '1' }]);
    });

    it('refuses a wrong check character, a wrong customs code and codes of two enterprises', async () => {
      const { platform, desk } = await enrolled();
      expect(await codeOf(await desk.enrol({ uscc: '91469002MA5T0TE5TX' }))).toEqual([422, 'ENTERPRISE_INVALID']);
      expect(await codeOf(await desk.enrol({ customsCode: '46039' }))).toEqual([422, 'ENTERPRISE_INVALID']);
      expect(await codeOf(await desk.enrol({ customsCode: '4603960XXX' }))).toEqual([422, 'ENTERPRISE_INVALID']);
      expect(await codeOf(await new DeskClient(platform.url).enrol())).toEqual([409, 'DEVICE_REUSED']);
      expect(await codeOf(await desk.request('POST', '/v1/enrolments', Buffer.from('{')))).toEqual([
        422,
        'REQUEST_INVALID',
      ]);
    });

    it('refuses whoever does not hold the key', async () => {
      const { platform, desk } = await enrolled();
      const thief = new DeskClient(platform.url, desk.signer.id);
      expect(await codeOf(await thief.request('GET', '/v1/receipts?after=&limit=10'))).toEqual([
        401,
        'SIGNATURE_INVALID',
      ]);
      expect(await codeOf(await thief.enrol({ publicKey: desk.signer.publicKey }))).toEqual([401, 'SIGNATURE_INVALID']);
      expect(
        await codeOf(await new DeskClient(platform.url, 'device-never-seen').put(guidOf('x'), new Uint8Array([1]))),
      ).toEqual([403, 'DEVICE_UNKNOWN']);
      const unsigned = await fetch(`${platform.url}/v1/receipts`);
      expect(await codeOf(unsigned)).toEqual([401, 'SIGNATURE_INVALID']);
      const late = new DeskClient(platform.url, 'device-late-1', () => new Date(Date.now() - 3_600_000).toISOString());
      expect(await codeOf(await late.enrol())).toEqual([401, 'CLOCK_SKEW']);
    });
  });

  describe('storing a message', () => {
    it('answers the same bytes with the same receipt for ever, other bytes with a conflict', async () => {
      const { platform, desk } = await enrolled();
      const guid = guidOf('idempotent');
      const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
      const first = await desk.put(guid, bytes);
      const receipt = (await first.json()) as { sha256: string };
      expect(first.status).toBe(202);
      expect(receipt.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      const many = await Promise.all(Array.from({ length: 8 }, () => desk.put(guid, bytes)));
      for (const one of many) expect([one.status, await one.json()]).toEqual([200, receipt]);
      const other = message('CEB303Message', guid, [paper('CEB303Message', 2)]);
      expect(await codeOf(await desk.put(guid, other))).toEqual([409, 'GUID_REUSED']);
      expect(await (await desk.request('GET', `/v1/messages/${guid}`)).json()).toEqual(receipt);
      const content = await (await desk.request('GET', `/v1/messages/${guid}/content`)).arrayBuffer();
      expect(Buffer.from(content)).toEqual(Buffer.from(bytes));
      expect(await codeOf(await desk.request('GET', `/v1/messages/${guidOf('never')}`))).toEqual([
        404,
        'MESSAGE_UNKNOWN',
      ]);

      // Also after a restart, for the platform's promise has no end.
      await stop(platform);
      desk.url = (await start(place)).url;
      const again = await desk.put(guid, bytes);
      expect([again.status, await again.json()]).toEqual([200, receipt]);
      expect(await desk.settled()).toMatchObject({
        messages: 1,
        documents: 1,
        keys: 1,
        accepted: 1,
        resends: 9,
        doubleAcceptances: 0,
      });
    });

    it('of two at once stores one', async () => {
      const { desk } = await enrolled();
      const guid = guidOf('race');
      const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
      const answers = await Promise.all(Array.from({ length: 10 }, () => desk.put(guid, bytes)));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    });

    it('keeps another enterprise out of a GUID and of its receipts', async () => {
      const { platform, desk } = await enrolled();
      const guid = await send(desk, 'CEB303Message', [paper('CEB303Message', 1)]);
      const other = new DeskClient(platform.url, 'device-other-1');
      const uscc = `91350211M000100Y4${usccCheckCharacter('91350211M000100Y4') ?? ''}`;
      expect((await other.enrol({ uscc, customsCode: '3502960ABC' })).status).toBe(201);
      for (const path of [`/v1/messages/${guid}`, `/v1/messages/${guid}/content`])
        expect(await codeOf(await other.request('GET', path))).toEqual([404, 'MESSAGE_UNKNOWN']);
      const listed = async (client: DeskClient, after = '') =>
        (await client.request('GET', `/v1/messages?after=${after}`)).json();
      expect(await listed(desk)).toEqual({ guids: [guid], next: guid });
      expect(await listed(desk, guid)).toEqual({ guids: [], next: guid });
      expect(await listed(other)).toEqual({ guids: [], next: '' });
      expect(await listed(other, guid)).toMatchObject({ code: 'MESSAGE_UNKNOWN' });
      expect(await codeOf(await other.put(guid, message('CEB303Message', guid, [paper('CEB303Message', 1)])))).toEqual([
        409,
        'GUID_REUSED',
      ]);
      await desk.settled();
      expect(await other.receipts()).toEqual([]);
    });

    it('refuses what is no message, has a wrong form, another GUID, or is too long', async () => {
      const { desk } = await enrolled({ maxBytes: 20_000 });
      const guid = guidOf('wrong');
      const put = async (bytes: Uint8Array | string) =>
        codeOf(await desk.put(guid, typeof bytes === 'string' ? Buffer.from(bytes) : bytes));
      expect(await put('no xml')).toEqual([422, 'XML_MALFORMED']);
      expect(await put(new Uint8Array([0xff, 0xfe, 0x00]))).toEqual([422, 'XML_MALFORMED']);
      expect(await put('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toEqual([422, 'XML_MALFORMED']);
      expect(await put('<a/>')).toEqual([422, 'XML_MALFORMED']);
      expect(await put(message('CEB303Message', guidOf('another'), [paper('CEB303Message', 1)]))).toEqual([
        422,
        'GUID_MISMATCH',
      ]);
      expect(await put(message('CEB303Message', guid, [paper('CEB303Message', 1, { currency: 'GBP9' })]))).toEqual([
        422,
        'SCHEMA',
      ]);
      expect(await put(new Uint8Array(20_001))).toEqual([413, 'TOO_LARGE']);
      const answer = await desk.put(
        guid,
        message('CEB303Message', guid, [paper('CEB303Message', 1, { goodsValue: '1.123456' })]),
      );
      expect(await answer.json()).toMatchObject({
        code: 'SCHEMA',
        findings: [{ path: 'Order[1]/OrderHead/goodsValue', rule: 'DOC-FRACTION' }],
      });
      expect((await desk.statistics()).messages).toBe(0);
    });
  });

  describe('customs', () => {
    it('takes a whole set through to 结关, with numbers of the right form and times that never go back', async () => {
      const { desk } = await enrolled();
      await send(desk, 'CEB303Message', [paper('CEB303Message', 1), paper('CEB303Message', 2)]);
      await send(desk, 'CEB403Message', [paper('CEB403Message', 1)]);
      await send(desk, 'CEB505Message', [paper('CEB505Message', 1), paper('CEB505Message', 2)]);
      const list = await send(desk, 'CEB603Message', [paper('CEB603Message', 1), paper('CEB603Message', 2)]);
      expect(await desk.settled()).toMatchObject({
        messages: 4,
        documents: 7,
        keys: 7,
        accepted: 7,
        released: 2,
        rejected: 0,
      });
      const byCopNo = await statusesOf(desk, 'copNo');
      expect(byCopNo.get(copNoOf(1))).toEqual(['2', '3', '120', '399', '800', '899']);
      const receipts = await desk.receipts();
      const times = receipts.map(({ returns }) => returns[0]?.['returnTime'] ?? '');
      expect(times.every((time) => /^\d{17}$/.test(time))).toBe(true);
      expect(new Set(times).size).toBe(times.length);
      expect([...times].sort()).toEqual(times);
      const released = receipts.find(
        ({ messageGuid, returns }) => messageGuid === list && returns[0]?.['returnStatus'] === '800',
      );
      expect(released?.kind).toBe('CEB604Message');
      expect(released?.returns).toHaveLength(2);
      expect(released?.returns[0]?.['preNo']).toMatch(/^B\d{8}\d{9}$/);
      expect(released?.returns[0]?.['invtNo']).toMatch(/^6407\d{4}E\d{11}$/);
      expect(released?.returns[0]?.['returnInfo']).toBe('[Code:2600;Desc:放行]');
    });

    const reasonAfter = async (desk: DeskClient, kind: PaperKind, document: AnyDocument): Promise<string> => {
      const guid = await send(desk, kind, [document]);
      await desk.settled();
      const last = (await desk.receipts()).filter(({ messageGuid }) => messageGuid === guid).at(-1)?.returns[0];
      return `${last?.['returnStatus'] ?? ''} ${last?.['returnInfo'] ?? ''}`;
    };

    it('sends back what its own checks do not like', async () => {
      const { desk } = await enrolled();
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1, { goodsValue: '7.36' }))).toContain(
        '100 [Code:-301008;Desc:商品金额',
      );
      expect(
        await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1, { ebcCode: '91350211M000100Y43' })),
      ).toContain('100 [Code:-10102;');
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1, { currency: '999' }))).toContain(
        '100 [Code:-301008;Desc:参数校验不通过',
      );
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1, { appType: '2' }))).toContain(
        '100 [Code:-621011;',
      );
      expect(await reasonAfter(desk, 'CEB505Message', paper('CEB505Message', 1, { grossWeight: '0' }))).toContain(
        '100 [Code:-504011;',
      );
      expect(await reasonAfter(desk, 'CEB603Message', paper('CEB603Message', 1, { netWeight: '1.26' }))).toContain(
        '100 [Code:-621020;',
      );
      expect(await reasonAfter(desk, 'CEB603Message', paper('CEB603Message', 1))).toContain('订单已退单');
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1))).toContain('120 ');
      expect(await reasonAfter(desk, 'CEB603Message', paper('CEB603Message', 1))).toContain('运单');
      expect(await reasonAfter(desk, 'CEB505Message', paper('CEB505Message', 1))).toContain('120 ');
      const list = paper('CEB603Message', 1);
      const lines = list['InventoryList'] as Record<string, string>[];
      const changed = {
        ...list,
        InventoryList: lines.map((line, i) => (i === 0 ? { ...line, qty: '3', totalPrice: '9.75' } : line)),
      };
      expect(await reasonAfter(desk, 'CEB603Message', changed)).toContain(
        '100 [Code:1322;Desc:订单清单表体商品项不一致，第1项 qty',
      );
      expect(await reasonAfter(desk, 'CEB603Message', list)).toContain('899 ');
    });

    it('takes a business key once, whatever GUID it comes under', async () => {
      const { desk } = await enrolled();
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1))).toContain('120');
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1, {}, 'again'))).toContain(
        '100 [Code:-301010;',
      );
      expect(await reasonAfter(desk, 'CEB303Message', paper('CEB303Message', 1, { appType: '2' }, 'change'))).toContain(
        '120',
      );
      await send(desk, 'CEB303Message', [paper('CEB303Message', 5), paper('CEB303Message', 5, {}, 'twin')]);
      expect(await desk.settled()).toMatchObject({
        documents: 5,
        keys: 2,
        accepted: 2,
        rejected: 2,
        duplicates: 2,
        doubleAcceptances: 0,
      });
    });

    it('lets a list wait for its order for a while', async () => {
      const { desk } = await enrolled({ orderWaitMs: 5000 });
      await send(desk, 'CEB603Message', [paper('CEB603Message', 1)]);
      await send(desk, 'CEB303Message', [paper('CEB303Message', 1)]);
      expect(await desk.settled()).toMatchObject({ released: 1, rejected: 0 });
    });

    it('goes on after a restart with the work that was left', async () => {
      let now = Date.parse('2026-11-21T01:00:00.000Z');
      const clock = () => now;
      const first = await start({ clock, orderWaitMs: 60_000 });
      const desk = new DeskClient(first.url, 'device-test-1', () => new Date(now).toISOString());
      await desk.enrol();
      await send(desk, 'CEB603Message', [paper('CEB603Message', 1)]);
      await stop(first);
      now += 1000;
      desk.url = (await start({ ...place, clock, orderWaitMs: 60_000 })).url;
      await send(desk, 'CEB303Message', [paper('CEB303Message', 1)]);
      now += 1000;
      const released = async () => {
        now += 200;
        return (await desk.statistics()).released;
      };
      await expect.poll(released).toBe(1);
      expect((await statusesOf(desk, 'copNo')).get(copNoOf(1))).toEqual(['2', '3', '120', '399', '800', '899']);
    });

    it('does not wait for the day that a clock was ahead when it is put back', async () => {
      let now = Date.parse('2026-11-21T01:00:00.000Z');
      const desk = new DeskClient((await start({ clock: () => now, orderWaitMs: 60_000 })).url, 'device-test-1', () =>
        new Date(now).toISOString(),
      );
      await desk.enrol();
      now += 24 * 3600_000;
      await send(desk, 'CEB603Message', [paper('CEB603Message', 1)]);
      const waits = async () => {
        now += 200;
        return (await statusesOf(desk, 'copNo')).get(copNoOf(1));
      };
      await expect.poll(waits).toEqual(['2', '3']);
      now -= 24 * 3600_000;
      await send(desk, 'CEB303Message', [paper('CEB303Message', 1)]);
      const released = async () => {
        now += 200;
        return (await desk.statistics()).released;
      };
      await expect.poll(released).toBe(1);
    });

    it.runIf(engine === 'SQLite')('a thousand lists in a second or so', async () => {
      const { desk } = await enrolled();
      const hundred = (kind: PaperKind, m: number) => Array.from({ length: 100 }, (_, i) => paper(kind, m * 100 + i));
      const started = performance.now();
      for (let m = 0; m < 10; m++) await send(desk, 'CEB303Message', hundred('CEB303Message', m));
      for (let m = 0; m < 10; m++) await send(desk, 'CEB603Message', hundred('CEB603Message', m));
      const counts = await desk.settled();
      const ms = Math.round(performance.now() - started);
      console.log(`platform: 1000 orders and 1000 lists stored, checked and released in ${ms} ms`);
      expect(counts).toMatchObject({ documents: 2000, accepted: 2000, released: 1000 });
    });
  });

  describe('forms of foreign exchange', () => {
    const head = (no: string, change: Readonly<Record<string, string>> = {}) => ({
      guid: guidOf(`FX101 ${no} ${JSON.stringify(change)}`),
      appType: '1',
      appTime: '20261121090000',
      recordNo: no,
      bankName: '测试银行琼海支行',
      payeeCode: enterprise.uscc,
      payeeName: enterprise.name,
      payeeAccount: '6200000000001234',
      settleMethod: 'T',
      currency: 'USD',
      amount: '100.00',
      spotAmount: '100.00',
      spotAccount: '6200000000001234',
      payerName: 'Test Market',
      payerCountry: 'USA',
      nature: 'O',
      refund: 'N',
      code1: '122030',
      amount1: '100.00',
      remark1: '跨境电商货款',
      bonded: 'N',
      creditedOn: '20261118',
      declaredOn: '20261121',
      ...change,
    });
    const income = (no: string, change: Readonly<Record<string, string>> = {}): AnyDocument => ({
      DeclarationHead: head(no, change),
      DeclarationList: [],
    });
    const report = (no: string, change: Readonly<Record<string, string>> = {}): AnyDocument => ({
      guid: guidOf(`FX201 ${no} ${JSON.stringify(change)}`),
      appType: '1',
      appTime: '20261121090000',
      reportNo: no,
      creditNo: '7',
      reporterCode: enterprise.uscc,
      reporterName: enterprise.name,
      creditKind: 'prepay',
      baseNo: 'R1',
      baseDate: '20261001',
      expectedDate: '20261201',
      currency: 'USD',
      amount: '100.00',
      balance: '40.00',
      partyName: 'Test Market',
      partyCountry: 'USA',
      related: 'N',
      reportedOn: '20261121',
      ...change,
    });
    const file = async (desk: DeskClient, kind: RequestName, ...documents: AnyDocument[]) => {
      const guid = guidOf(`${kind} ${++serial}`);
      const response = await desk.put(guid, message(kind, guid, documents));
      expect(response.status).toBe(202);
      await settled(desk.url);
    };
    /** The last word on each document, with the number it was given. */
    const lastOf = async (desk: DeskClient, field: string): Promise<Record<string, string[]>> => {
      const returns = (await desk.receipts()).flatMap((one) => one.returns);
      returns.sort((a, b) => (a['returnTime'] ?? '').localeCompare(b['returnTime'] ?? ''));
      return Object.fromEntries(
        returns.map((one) => [
          one[field] ?? '',
          [
            one['returnStatus'],
            /Code:(-?\d+)/.exec(one['returnInfo'] ?? '')?.[1],
            one['declarationNo'] ?? one['filingNo'],
          ].filter((part) => part !== undefined),
        ]),
      );
    };

    it('are accepted with a number, by a second opinion of their sums, codes and dates', async () => {
      const { desk } = await enrolled();
      await file(
        desk,
        'FX101Message',
        income('R1'),
        income('R2', { declarationNo: '4601000000012611210099' }),
        income('R3', { spotAmount: '99.99' }),
        income('R4', { amount1: '99.99' }),
        income('R5', { refund: 'Y' }),
        income('R6', { declaredOn: '20261101' }),
        income('R7', { payeeCode: '91460000MA5DEMQ01X' }),
        income('R8', { code1: 'ABCDEF' }),
        income('R9', { refund: 'Y', remark1: '退货款' }),
        income('R10', { payerCountry: 'XXX' }),
      );
      expect(await lastOf(desk, 'recordNo')).toMatchObject({
        R1: ['120', '1800', expect.stringMatching(/^460100000001\d{10}$/)],
        R2: ['120', '1800', '4601000000012611210099'],
        R3: ['100', '-701011'],
        R4: ['100', '-701012'],
        R5: ['100', '-701014'],
        R6: ['100', '-701015'],
        R7: ['100', '-10102'],
        R8: ['100', '-701013'],
        R9: ['120', '1800', expect.any(String)],
        R10: ['100', '-301008'],
      });
    });

    it('are changed and deleted only while something stands, and filed anew after that', async () => {
      const { desk } = await enrolled();
      const no = { declarationNo: '4601000000012611210099' };
      const last = async () => (await lastOf(desk, 'recordNo'))['R1']?.slice(0, 2);
      await file(desk, 'FX101Message', income('R1', { ...no, appType: '2' }));
      expect(await last()).toEqual(['100', '-701002']);
      await file(desk, 'FX101Message', income('R1'));
      expect(await last()).toEqual(['120', '1800']);
      await file(desk, 'FX101Message', income('R1', { payerName: 'Again' }));
      expect(await last()).toEqual(['100', '-701001']);
      await file(desk, 'FX101Message', income('R1', { ...no, appType: '2', payerName: 'Another' }));
      await file(desk, 'FX101Message', income('R1', { ...no, appType: '3' }));
      expect(await last()).toEqual(['120', '1800']);
      await file(desk, 'FX101Message', income('R1', { ...no, appType: '2', payerName: 'Third' }));
      expect(await last()).toEqual(['100', '-701002']);
      await file(desk, 'FX101Message', income('R1', { payerName: 'Anew' }));
      expect(await last()).toEqual(['120', '1800']);
    });

    it('report on one item under numbers of their own', async () => {
      const { desk } = await enrolled();
      const reason = { reason: '到货推迟' };
      await file(desk, 'FX201Message', report('T0', { appType: '4', ...reason }));
      await file(desk, 'FX201Message', report('T1'));
      await file(desk, 'FX201Message', report('T2'));
      await file(desk, 'FX201Message', report('T3', { appType: '2', ...reason }));
      await file(desk, 'FX201Message', report('T3', { appType: '4', ...reason }));
      await file(desk, 'FX201Message', report('T4', { appType: '3', amount: '0', balance: '0', ...reason }));
      await file(
        desk,
        'FX201Message',
        report('T5', { balance: '101' }),
        report('T6', { creditNo: '8', expectedDate: '20260901' }),
      );
      expect(await lastOf(desk, 'reportNo')).toMatchObject({
        T0: ['100', '-701002'],
        T1: ['120', '1800', expect.stringMatching(/^TC\d{14}$/)],
        T2: ['100', '-701001'],
        T3: ['100', '-701004'],
        T4: ['120', '1800', expect.any(String)],
        T5: ['100', '-702002'],
        T6: ['100', '-702003'],
      });
    });
  });

  describe('filings with the platform itself', () => {
    const common = (no: string, change: Readonly<Record<string, string>>) => ({
      guid: guidOf(`PLAT ${no} ${JSON.stringify(change)}`),
      appType: '1',
      appTime: '20261121090000',
      filingNo: no,
      reporterCode: enterprise.uscc,
      reporterName: enterprise.name,
    });
    const product = (no: string, itemNo: string, version: number, change: Readonly<Record<string, string>> = {}) => ({
      ProductHead: {
        ...common(no, { itemNo, version: String(version), ...change }),
        itemNo,
        version: String(version),
        nameZh: '琼海番石榴',
        origin: '469002',
        seasonFrom: '11',
        seasonTo: '3',
        withdrawn: 'N',
        ...change,
      },
      ProductCapacity: [{ gnum: '1', month: '11', quantity: '12.5', unit: '吨' }],
      ProductCertificate: [{ certKind: '绿色食品', certNo: 'LB-1', issuer: '测试机构', validTo: '20271231' }],
    });
    const month = (no: string, period: string, change: Readonly<Record<string, string>> = {}, line = '60.01') => {
      const of = (amountCny: string, orders: string) => ({ orders, amountCny, returns: '0', newBuyers: '1' });
      const at = (gnum: string, hs2: string) => ({ gnum, flow: 'E', mode: '9610', country: '502', hs2 });
      return {
        StatisticsHead: {
          ...common(no, { period, ...change }),
          period,
          ...of('100.02', '3'),
          newBuyers: '1',
          ...change,
        },
        StatisticsList: [
          { ...at('1', '61'), ...of(line, '2') },
          { ...at('2', '62'), ...of('40.01', '2') },
        ],
      };
    };
    const file = async (desk: DeskClient, kind: RequestName, ...documents: AnyDocument[]) => {
      const guid = guidOf(`${kind} ${++serial}`);
      const response = await desk.put(guid, message(kind, guid, documents));
      expect(response.status).toBe(202);
      await settled(desk.url);
    };
    /** The last word on a filing: its state or the reason, and its number. */
    const last = async (desk: DeskClient, no: string): Promise<(string | undefined)[]> => {
      const returns = (await desk.receipts()).flatMap((one) => one.returns).filter((one) => one['filingNo'] === no);
      const one = returns.sort((a, b) => (a['returnTime'] ?? '').localeCompare(b['returnTime'] ?? '')).at(-1);
      return [/Code:(-?\d+)/.exec(one?.['returnInfo'] ?? '')?.[1], one?.['acceptNo']];
    };

    it('puts an accepted product into the library, whose versions count up', async () => {
      const { desk } = await enrolled();
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 2), product('P2', 'FSL-2', 1, { seasonFrom: '13' }));
      const [said, acceptNo] = await last(desk, 'P1');
      expect(said).toBe('1800');
      expect(acceptNo).toMatch(/^CP\d{14}$/);
      expect((await last(desk, 'P2'))[0]).toBe('-802002');
      const library = async () => (await desk.request('GET', '/v1/products')).json();
      expect(await library()).toMatchObject({
        products: [
          {
            itemNo: 'FSL-1',
            version: 2,
            nameZh: '琼海番石榴',
            season: { from: 11, to: 3 },
            monthlyCapacity: [{ month: 11, quantity: '12.5', unit: '吨' }],
            certificates: [{ kind: '绿色食品', no: 'LB-1', issuer: '测试机构', validTo: '2027-12-31' }],
          },
        ],
      });
      // Another number for the item, no number of the platform's, no later version.
      await file(desk, 'PLAT201Message', product('P3', 'FSL-1', 3));
      expect((await last(desk, 'P3'))[0]).toBe('-801003');
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 3, { appType: '2', acceptNo: 'CP1' }));
      expect((await last(desk, 'P1'))[0]).toBe('-801004');
      const mine = { acceptNo: acceptNo ?? '' };
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 2, { ...mine, appType: '2', grade: '一级' }));
      expect((await last(desk, 'P1'))[0]).toBe('-802001');
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 3, { ...mine, appType: '2' }));
      expect(await last(desk, 'P1')).toEqual(['1800', acceptNo]);
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 4, { ...mine, appType: '3' }));
      expect(await library()).toMatchObject({ products: [{ itemNo: 'FSL-1', version: 4, withdrawn: true }] });
      // The other way into the library is seen too.
      const { products } = (await library()) as { products: Record<string, unknown>[] };
      const put = JSON.stringify({ ...products[0], version: 9 });
      expect((await desk.request('PUT', '/v1/products/FSL-1', Buffer.from(put))).status).toBeLessThan(300);
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 5));
      expect((await last(desk, 'P1'))[0]).toBe('-802001');
      await file(desk, 'PLAT201Message', product('P1', 'FSL-1', 10));
      expect((await last(desk, 'P1'))[0]).toBe('1800');
    });

    it('adds up the figures of a month, which is reported once', async () => {
      const { desk } = await enrolled();
      await file(
        desk,
        'PLAT301Message',
        month('S1', '202610'),
        month('S2', '202609', {}, '60.02'),
        month('S3', '202608', { orders: '5' }),
        month('S4', '202613'),
        month('S5', '202607', { newBuyers: '0' }),
      );
      expect(await last(desk, 'S1')).toEqual(['1800', expect.stringMatching(/^TJ\d{14}$/)]);
      expect((await last(desk, 'S2'))[0]).toBe('-803002');
      expect((await last(desk, 'S3'))[0]).toBe('-803003');
      expect((await last(desk, 'S4'))[0]).toBe('-803001');
      expect((await last(desk, 'S5'))[0]).toBe('-803003');
      await file(desk, 'PLAT301Message', month('S6', '202610'));
      expect((await last(desk, 'S6'))[0]).toBe('-801003');
    });

    it('takes registrations and pledges', async () => {
      const { desk } = await enrolled();
      const registration = (no: string, change: Readonly<Record<string, string>> = {}, scope = ['9610']) => ({
        RegistrationHead: {
          ...common(no, change),
          subjectType: 'trader',
          customsCode: enterprise.customsCode,
          address: '琼海',
          legalPerson: '甲',
          contactName: '乙',
          contactPhone: '1',
          business: '出口',
          ...change,
        },
        RegistrationPaper: [],
        ...(scope.length === 0 ? {} : { RegistrationScope: scope.map((mode) => ({ mode })) }),
      });
      await file(desk, 'PLAT101Message', registration('B0', {}, []), registration('B1'), registration('B2'));
      expect((await last(desk, 'B0'))[0]).toBe('-801010');
      expect(await last(desk, 'B1')).toEqual(['1800', expect.stringMatching(/^BA\d{14}$/)]);
      expect((await last(desk, 'B2'))[0]).toBe('-801003');
      const pledge = (no: string, change: Readonly<Record<string, string>> = {}) => ({
        ...common(no, change),
        templateId: 'good-faith',
        templateVersion: '1',
        title: '信用承诺书',
        textSha256: 'a'.repeat(64),
        signerName: '甲',
        signedOn: '20261121',
        ...change,
      });
      await file(
        desk,
        'PLAT401Message',
        pledge('C1'),
        pledge('C2', { textSha256: 'A'.repeat(64) }),
        pledge('C3', { validTo: '20261120' }),
      );
      expect(await last(desk, 'C1')).toEqual(['1800', expect.stringMatching(/^CN\d{14}$/)]);
      expect((await last(desk, 'C2'))[0]).toBe('-804001');
      expect((await last(desk, 'C3'))[0]).toBe('-804002');
    });
  });
});
