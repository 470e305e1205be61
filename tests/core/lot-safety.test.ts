import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Workbook } from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { fitRows } from '../../electron/core/printing/trace-pages.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { dispatched } from '../fixtures/joint-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** No lot that may not leave is put on a dispatch, or stays on one that changed, without a reason on record. */
const now = '2026-07-01T04:00:00.000Z';
const date = '2026-07-01';
let folder = '';
let core: Core;
let printed = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-lot-safety-'));
  const host = {
    ...bareHost,
    printPdf: async (html: string) => {
      printed = html;
      return Buffer.from(html);
    },
  };
  core = coreAt(folder, { now: () => now, host });
  await must(core, 'books.create', { profile: firm, passphrase: 'trace-passphrase' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refusal<N extends OperationName>(name: N, input: InputOf<N>): Promise<string> {
  const answer = await core.call(name, input);
  return answer.ok ? 'taken' : answer.error.code;
}
const audit = (action: string): Record<string, unknown>[] =>
  (
    core.session.book.prepare('SELECT detail FROM audit WHERE action = ? ORDER BY id').all(action) as {
      detail: string;
    }[]
  ).map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);

interface Farm {
  readonly siteId: number;
  readonly houseId: number;
  readonly productId: number;
}
let farms = 0;
/** A product with an orchard and a pack house, both registered for the year. */
async function farm(): Promise<Farm> {
  farms += 1;
  const { id: productId } = await must(core, 'farmProducts.save', {
    nameZh: `荔枝${farms}`,
    lowC100: 100,
    highC100: 500,
  });
  const { id: siteId } = await must(core, 'farmSites.save', { kind: 'orchard', name: `荔枝园${farms}` });
  const { id: houseId } = await must(core, 'farmSites.save', { kind: 'pack-house', name: `荔枝厂${farms}` });
  for (const id of [siteId, houseId])
    await must(core, 'siteRegistrations.save', {
      siteId: id,
      kind: 'registration',
      number: `GY-${id}`,
      fromOn: '2026-01-01',
      untilOn: '2026-12-31',
    });
  return { siteId, productId, houseId };
}
async function harvest({ siteId, productId }: Farm, massG = 100_000, on = '2026-06-10') {
  const done = await must(core, 'lots.harvest', { siteId, productId, massG, on, reason: '' });
  if (!done.isSaved) throw new Error(JSON.stringify(done.findings));
  return done;
}
async function merge({ productId, houseId }: Farm, inputs: readonly { id: number }[], massG = 50_000) {
  const done = await must(core, 'lots.step', {
    kind: 'merge',
    on: '2026-06-12',
    siteId: houseId,
    inputs: inputs.map(({ id }) => ({ lotId: id, massG })),
    outputs: [{ productId, massG: massG * inputs.length }],
  });
  const lot = done.isSaved ? done.lots[0] : undefined;
  if (lot === undefined) throw new Error(JSON.stringify(done));
  return lot;
}
let packed = 0;
/** Ten cartons of a kilogram. */
async function pack(lotId: number): Promise<string> {
  packed += 1;
  const prefix = `P${packed}-`;
  await must(core, 'cartons.add', { lotId, ranges: [{ prefix, digits: 4, first: 1, last: 10 }], netG: 1000 });
  return prefix;
}
let sent = 0;
async function dispatch(country: string, more: Partial<InputOf<'dispatches.save'>> = {}) {
  sent += 1;
  const head = { number: `FS-${sent}`, on: '2026-06-20', country, ...more };
  return { id: await dispatched(core, head), head };
}
/** Customs said that nothing is asked for, or what is given. */
async function answered(productId: number, country: string, answer: InputOf<'accessCards.answer'>['answer'] = {}) {
  await must(core, 'accessCards.answer', {
    productId,
    country,
    askedOn: '2026-06-01',
    source: '海关来电',
    answer: { orchard: false, packHouse: false, certificate: false, coldTreatment: false, report: false, ...answer },
  });
}
const codes = (found: readonly { code: string }[]): string[] => found.map(({ code }) => code);

describe('holds', () => {
  it('each stand on their own: lifting one leaves what another reaches', async () => {
    const of = await farm();
    const [a, b] = [await harvest(of), await harvest(of)];
    const c = await merge(of, [a, b]);
    await answered(of.productId, 'FR');
    await pack(c.id);
    const { id } = await dispatch('FR');
    expect(await must(core, 'lots.hold', { id: a.id, reason: '甲园农残' })).toEqual({ lots: 2 });
    expect(await must(core, 'lots.hold', { id: b.id, reason: '乙园农残' })).toEqual({ lots: 1 });
    const held = async (lot: { id: number }) => (await must(core, 'lots.get', { id: lot.id })).lot.isHeld;
    // What is held because of what it came from is not released alone.
    expect(await refusal('lots.release', { id: c.id, reason: '复检合格' })).toBe('LOT_HELD_ABOVE');
    expect(await must(core, 'lots.release', { id: a.id, reason: '复检合格' })).toEqual({ lots: 1 });
    expect([await held(a), await held(b), await held(c)]).toEqual([false, true, true]);
    expect((await must(core, 'lots.get', { id: c.id })).holds).toMatchObject([{ lot: b.code, reason: '乙园农残' }]);
    expect(await refusal('dispatches.load', { id, lotIds: [c.id], reason: '急' })).toBe('LOT_HELD');
    expect(await refusal('lots.release', { id: a.id, reason: 'x' })).toBe('LOT_NOT_HELD');
    expect(await must(core, 'lots.release', { id: b.id, reason: '复检合格' })).toEqual({ lots: 2 });
    expect(await must(core, 'dispatches.load', { id, lotIds: [c.id] })).toMatchObject({ isSaved: true });
  });

  it('a lot with a hold of its own keeps it when what it came from is released', async () => {
    const of = await farm();
    const [a, b] = [await harvest(of), await harvest(of)];
    const c = await merge(of, [a, b]);
    await must(core, 'lots.hold', { id: c.id, reason: '外箱受潮' });
    expect(await must(core, 'lots.hold', { id: a.id, reason: '农残' })).toEqual({ lots: 1 });
    expect(await must(core, 'lots.release', { id: a.id, reason: '合格' })).toEqual({ lots: 1 });
    expect((await must(core, 'lots.get', { id: c.id })).lot).toMatchObject({ isHeld: true, holdReason: '外箱受潮' });
    expect(audit('lot.released').at(-1)).toEqual({ reason: '合格', lots: 1 });
  });
});

describe('cartons', () => {
  it('of several ranges are packed together or not at all', async () => {
    const lot = await harvest(await farm());
    const range = (first: number, last: number) => ({ prefix: 'FX-', digits: 4, first, last });
    const add = (...ranges: ReturnType<typeof range>[]) => ({ lotId: lot.id, ranges, netG: 1000 });
    await must(core, 'cartons.add', add(range(20, 29)));
    // The second is taken: the first is not left behind, so that the same may be sent again, mended.
    expect(await refusal('cartons.add', add(range(1, 5), range(25, 35)))).toBe('CARTONS_TAKEN');
    expect((await must(core, 'lots.get', { id: lot.id })).lot).toMatchObject({ cartons: 10, freeG: 90_000 });
    expect(await must(core, 'cartons.add', add(range(1, 5), range(30, 35)))).toEqual({ count: 11 });
    // Twice in one call, and together more than is left.
    expect(await refusal('cartons.add', add(range(50, 55), range(55, 60)))).toBe('CARTONS_TAKEN');
    expect(await refusal('cartons.add', add(range(100, 150), range(200, 250)))).toBe('CARTONS_HEAVIER');
    expect((await must(core, 'lots.get', { id: lot.id })).lot.cartons).toBe(21);
  });

  it('numbered by the book go on after the highest, whatever was taken away', async () => {
    const lot = await harvest(await farm());
    expect(await must(core, 'cartons.pack', { lotId: lot.id, count: 10, netG: 1000 })).toEqual({
      ...{ count: 10, from: `${lot.code}-000001`, until: `${lot.code}-000010` },
    });
    await must(core, 'cartons.pack', { lotId: lot.id, count: 5, netG: 1000 });
    const [first] = (await must(core, 'lots.get', { id: lot.id })).cartons;
    await must(core, 'cartons.remove', { id: first?.id ?? 0 });
    expect(await must(core, 'cartons.pack', { lotId: lot.id, count: 7, netG: 1000 })).toMatchObject({
      ...{ from: `${lot.code}-000016`, until: `${lot.code}-000022` },
    });
  });

  it('are loaded from several parts of one range; only what is named twice is refused', async () => {
    const of = await farm();
    const lot = await harvest(of);
    await answered(of.productId, 'FR');
    await must(core, 'cartons.add', {
      lotId: lot.id,
      ranges: [{ prefix: 'LZ-', digits: 2, first: 1, last: 50 }],
      netG: 1000,
    });
    const { id } = await dispatch('FR');
    const part = (first: number, last: number) => ({ prefix: 'LZ-', digits: 2, first, last });
    expect(await refusal('dispatches.load', { id, cartons: [part(1, 10), part(10, 12)], reason: 'x' })).toBe(
      'CARTONS_RANGE_TWICE',
    );
    expect(await must(core, 'dispatches.load', { id, cartons: [part(20, 30), part(1, 10)] })).toMatchObject({
      ...{ isSaved: true, cartons: 21, massG: 21_000 },
    });
    const { cartons } = await must(core, 'lots.get', { id: lot.id });
    expect(cartons.map(({ first, last, dispatchId }) => [first, last, dispatchId === id])).toEqual([
      [1, 10, true],
      [11, 19, false],
      [20, 30, true],
      [31, 50, false],
    ]);
    expect((await must(core, 'lots.get', { id: lot.id })).lot.freeG).toBe(50_000);
  });
});

describe('a loaded dispatch', () => {
  it('that goes to another country, on another day or without its certificate wants a reason for the lots on it', async () => {
    const of = await farm();
    const lot = await harvest(of);
    await pack(lot.id);
    await answered(of.productId, 'FR');
    await answered(of.productId, 'US', { orchard: true, certificate: true });
    const { id, head } = await dispatch('FR');
    expect(await must(core, 'dispatches.load', { id, lotIds: [lot.id] })).toMatchObject({ isSaved: true });
    const save = (more: Partial<InputOf<'dispatches.save'>>) => must(core, 'dispatches.save', { ...head, id, ...more });
    // What quarantine does not look at is changed freely.
    expect(await save({ note: '加急' })).toMatchObject({ isSaved: true, findings: [] });
    const moved = await save({ country: 'US' });
    expect(moved.isSaved).toBe(false);
    expect(codes(moved.findings)).toEqual(['notCovered', 'certificateMissing']);
    expect((await must(core, 'dispatches.get', { id, date })).dispatch.country).toBe('FR');
    expect(await save({ country: 'US', reason: '买方改港，证书随后补' })).toMatchObject({ isSaved: true });
    const { reasons } = await must(core, 'dispatches.get', { id, date });
    expect(reasons.map(({ code, reason, lot: one }) => [code, reason, one])).toEqual([
      ['notCovered', '买方改港，证书随后补', lot.code],
      ['certificateMissing', '买方改港，证书随后补', lot.code],
    ]);
    expect(audit('dispatch.saved').at(-1)).toMatchObject({ country: 'US', reason: '买方改港，证书随后补' });
    // What was accounted for is not asked again; the certificate comes and goes.
    expect(await save({ country: 'US', on: '2026-06-21' })).toMatchObject({ isSaved: true });
    await must(core, 'siteRegistrations.save', {
      ...{ siteId: of.siteId, kind: 'destination', number: 'US-1', country: 'US' },
      ...{ fromOn: '2026-01-01', untilOn: '2026-06-25' },
    });
    expect(await save({ country: 'US', certificateNo: 'ZS-1', on: '2026-06-21' })).toMatchObject({ isSaved: true });
    const other = await harvest(of);
    await pack(other.id);
    expect(await must(core, 'dispatches.load', { id, lotIds: [other.id] })).toMatchObject({ isSaved: true });
    const later = await save({ country: 'US', certificateNo: 'ZS-1', on: '2026-06-26' });
    expect(later).toMatchObject({ isSaved: false, findings: [{ code: 'notCovered', lot: other.code }] });
    const bare = await save({ country: 'US', certificateNo: '', on: '2026-06-21' });
    expect(bare).toMatchObject({ isSaved: false, findings: [{ code: 'certificateMissing', lot: other.code }] });
  });
});

describe('a lot that passed no pack house', () => {
  it('does not leave unasked for a country that asks for one', async () => {
    const of = await farm();
    const lot = await harvest(of);
    await pack(lot.id);
    await answered(of.productId, 'TH', { packHouse: true });
    const { id } = await dispatch('TH');
    expect(await must(core, 'dispatches.load', { id, lotIds: [lot.id] })).toMatchObject({
      ...{ isSaved: false, findings: [{ code: 'packHouseNone', params: { country: 'TH' } }] },
    });
    expect(await must(core, 'dispatches.load', { id, lotIds: [lot.id], reason: '买方自行包装' })).toMatchObject({
      isSaved: true,
    });
    const { readiness } = await must(core, 'dispatches.get', { id, date });
    expect(readiness.find(({ code }) => code === 'packHouse')).toEqual({
      code: 'packHouse',
      isAsked: true,
      isThere: false,
    });
  });
});

describe('a spraying that is entered after the harvest', () => {
  it('names the harvests it falls on, and what became of them does not leave without a reason', async () => {
    const of = await farm();
    const lot = await harvest(of, 100_000, '2026-06-10');
    const made = await merge(of, [lot]);
    await pack(made.id);
    await answered(of.productId, 'FR');
    const sprayed = { siteId: of.siteId, kind: 'pesticide', name: '敌百虫', waitingDays: 7 } as const;
    // Over before the harvest: nothing is said.
    expect(await must(core, 'treatments.add', { ...sprayed, on: '2026-06-03' })).toMatchObject({ late: [] });
    expect(await must(core, 'treatments.add', { ...sprayed, on: '2026-06-06' })).toMatchObject({
      late: [{ lot: lot.code, on: '2026-06-10', dispatches: [] }],
    });
    const { id, head } = await dispatch('FR');
    const told = await must(core, 'dispatches.load', { id, lotIds: [made.id] });
    expect(told).toMatchObject({
      isSaved: false,
      findings: [{ code: 'waitingNotOver', lot: made.code, params: { name: '敌百虫', until: '2026-06-13' } }],
    });
    expect(await must(core, 'dispatches.load', { id, lotIds: [made.id], reason: '复检合格' })).toMatchObject({
      isSaved: true,
    });
    // Another found on paper names the dispatch it has left on.
    expect(await must(core, 'treatments.add', { ...sprayed, name: '毒死蜱', on: '2026-06-09' })).toMatchObject({
      late: [{ lot: lot.code, dispatches: [head.number] }],
    });
    expect(codes((await must(core, 'dispatches.get', { id, date })).findings)).toEqual([
      'waitingNotOver',
      'waitingNotOver',
    ]);
  });
});

describe('a test report', () => {
  const report = (lotId: number, number: string, more: Partial<InputOf<'labReports.save'>> = {}) =>
    must(core, 'labReports.save', { lotId, number, issuedOn: '2026-06-12', result: 'pass', ...more });

  it('takes no blank for a result: not found is said, not left out', async () => {
    const lot = await harvest(await farm());
    const input = { lotId: lot.id, number: 'JC-1', issuedOn: '2026-06-12', result: 'pass' } as const;
    expect(await refusal('labReports.save', { ...input, results: [{ substance: '啶虫脒' }] })).toBe('LAB_RESULT_BLANK');
    expect(
      await refusal('labReports.save', { ...input, results: [{ substance: '啶虫脒', valueE6: 1, isNotFound: true }] }),
    ).toBe('LAB_RESULT_BLANK');
    await report(lot.id, 'JC-1', {
      results: [
        { substance: '啶虫脒', isNotFound: true },
        { substance: '咪鲜胺', valueE6: 20_000 },
      ],
    });
    const { reports } = await must(core, 'lots.get', { id: lot.id });
    expect(reports[0]?.results).toMatchObject([
      { substance: '咪鲜胺', valueE6: 20_000, isNotFound: false, verdict: 'unknown' },
      { substance: '啶虫脒', isNotFound: true, verdict: 'within' },
    ]);
  });

  it('of one of many that were merged does not open the gate for the others', async () => {
    const of = await farm();
    const harvests = [await harvest(of), await harvest(of), await harvest(of)];
    const merged = await merge(of, harvests, 30_000);
    await pack(merged.id);
    await answered(of.productId, 'FR');
    await must(core, 'traceSettings.save', { needsReport: true });
    const { id } = await dispatch('FR');
    const told = async () => {
      const { findings } = await must(core, 'dispatches.load', { id, lotIds: [merged.id] });
      return findings.map(({ code, params }) => [code, params['of']]);
    };
    const [first, ...others] = harvests;
    await report(first?.id ?? 0, 'A-1');
    expect(await told()).toEqual([['reportMissing', others.map(({ code }) => code).join(' ')]]);
    const [second, third] = others;
    await report(second?.id ?? 0, 'A-2');
    // One that did not pass vouches for nothing.
    const open = await report(third?.id ?? 0, 'A-3', { result: 'open' });
    expect(await told()).toEqual([['reportMissing', third?.code]]);
    await must(core, 'labReports.withdraw', { id: open.id, reason: '补正' });
    await report(third?.id ?? 0, 'A-3');
    expect(await must(core, 'dispatches.load', { id, lotIds: [merged.id] })).toMatchObject({ isSaved: true });
    const { readiness } = await must(core, 'dispatches.get', { id, date });
    expect(readiness.find(({ code }) => code === 'report')).toEqual({ code: 'report', isAsked: true, isThere: true });
    await must(core, 'traceSettings.save', { needsReport: false });
  });
});

describe('what was recorded in error', () => {
  it('is withdrawn with a reason and stays to be seen: a failed report and an input do not vanish', async () => {
    const of = await farm();
    const lot = await harvest(of);
    await pack(lot.id);
    await answered(of.productId, 'FR');
    const failed = { lotId: lot.id, number: 'JC-9', issuedOn: '2026-06-12', result: 'fail' } as const;
    const { id } = await must(core, 'labReports.save', failed);
    expect(await refusal('labReports.save', failed)).toBe('LAB_REPORT_TAKEN');
    const { id: dispatchId } = await dispatch('FR');
    const said = async () =>
      codes((await must(core, 'dispatches.load', { id: dispatchId, lotIds: [lot.id] })).findings);
    expect(await said()).toEqual(['residueOver']);
    expect(await refusal('labReports.withdraw', { id, reason: '' })).not.toBe('taken');
    const { book } = core.session;
    expect(() => book.prepare('DELETE FROM lab_report WHERE id = ?').run(id)).toThrow('kept');
    expect(() => book.prepare(`UPDATE lab_report SET result = 'pass' WHERE id = ?`).run(id)).toThrow('stands');
    await must(core, 'labReports.withdraw', { id, reason: '录到了别的批次' });
    expect(await refusal('labReports.withdraw', { id, reason: '再来一次' })).toBe('LAB_REPORT_UNKNOWN');
    expect(audit('lab-report.withdrawn').at(-1)).toEqual({ number: 'JC-9', result: 'fail', reason: '录到了别的批次' });
    // The same number, entered rightly this time.
    await must(core, 'labReports.save', { ...failed, result: 'pass' });
    expect(
      (await must(core, 'lots.get', { id: lot.id })).reports.map((one) => [one.result, one.withdrawnReason]),
    ).toEqual([
      ['pass', ''],
      ['fail', '录到了别的批次'],
    ]);
    const sprayed = { siteId: of.siteId, on: '2026-06-09', kind: 'pesticide', name: '毒死蜱', waitingDays: 7 } as const;
    const input = await must(core, 'treatments.add', sprayed);
    expect(await said()).toEqual(['waitingNotOver']);
    await must(core, 'treatments.withdraw', { id: input.id, reason: '写错果园' });
    expect(await refusal('treatments.withdraw', { id: input.id, reason: '写错果园' })).toBe('TREATMENT_UNKNOWN');
    expect(await must(core, 'dispatches.load', { id: dispatchId, lotIds: [lot.id] })).toMatchObject({ isSaved: true });
    expect((await must(core, 'farmSites.get', { id: of.siteId, date })).treatments).toMatchObject([
      { name: '毒死蜱', withdrawnReason: '写错果园' },
    ]);
    expect((await must(core, 'trace.query', { text: lot.code })).treatments).toEqual([]);
  });
});

describe('the trace page for a buyer', () => {
  it('says what was asked for and nothing of other buyers, with temperatures and declarations of its own', async () => {
    const of = await farm();
    const [a, b] = [await harvest(of, 100_000), await harvest(of, 100_000)];
    const lot = await merge(of, [a, b], 100_000);
    const other = await harvest(of, 50_000);
    await must(core, 'cartons.add', {
      ...{ lotId: lot.id, ranges: [{ prefix: 'YM-', digits: 4, first: 1, last: 100 }], netG: 1500 },
    });
    await pack(other.id);
    for (const country of ['FR', 'DE']) await answered(of.productId, country);
    const mine = await dispatch('FR', { containerNo: 'OOLU7777771', declarationNo: '530120260000000017' });
    const theirs = await dispatch('DE', { containerNo: 'MSKU1111119', certificateNo: 'ZS-DE-1' });
    const part = (first: number, last: number) => [{ prefix: 'YM-', digits: 4, first, last }];
    await must(core, 'dispatches.load', { id: mine.id, cartons: part(1, 10), lotIds: [other.id] });
    await must(core, 'dispatches.load', { id: theirs.id, cartons: part(11, 100) });
    const log = path.join(folder, 'cold.csv');
    writeFileSync(
      log,
      ['时间,温度', '2026-06-20 08:00,3.0', '2026-06-20 09:00,6.0', '2026-06-20 10:00,3.0'].join('\n'),
    );
    const layout = { headerRow: 1, mapping: { at: 0, temperature: 1 }, order: 'ymd', isFahrenheit: false } as const;
    await must(core, 'coldLogs.add', {
      dispatchId: mine.id,
      productId: of.productId,
      logger: 'TL-9',
      file: log,
      layout,
    });
    const trace = await must(core, 'trace.query', { text: lot.code });
    expect(trace).toMatchObject({
      askedG: 200_000,
      coldLogs: [{ logger: 'TL-9', dispatch: mine.head.number }],
      declarations: [{ dispatch: mine.head.number, declarationNo: '530120260000000017', lines: 0 }],
    });
    const page = async (text: string, language: 'zh' | 'en' = 'zh'): Promise<string> => {
      await must(core, 'trace.print', { text, language, to: path.join(folder, 'page.pdf') });
      return printed;
    };
    const carton = await page('YM-0005');
    expect(carton).toContain('<td>净重</td><td>1.5 kg</td>');
    for (const own of ['OOLU7777771', 'TL-9', '1 – 5 °C', '530120260000000017', a.code, b.code])
      expect(carton).toContain(own);
    for (const foreign of ['MSKU1111119', 'ZS-DE-1', theirs.head.number]) expect(carton).not.toContain(foreign);
    expect(await page(mine.head.number)).toContain('<td>净重</td><td>25 kg</td>');
    expect(await page(mine.head.number, 'en')).toContain('Cold chain');
    // A page of a lot may go to anyone: it names nobody's dispatch.
    const whole = await page(lot.code);
    expect(whole).toContain('<td>净重</td><td>200 kg</td>');
    for (const number of ['OOLU7777771', 'MSKU1111119', 'ZS-DE-1', mine.head.number, theirs.head.number])
      expect(whole).not.toContain(number);
    // A carton that has not left names no dispatch, and its lot's other cartons' neither.
    await must(core, 'dispatches.unload', { id: mine.id, lotId: lot.id });
    expect(await page('YM-0005')).not.toContain(mine.head.number);
  });
});

describe('the mass of what leaves', () => {
  it('counts what was destroyed as gone', async () => {
    const lot = await harvest(await farm(), 100_000);
    const event = { id: lot.id, at: now, kind: 'destroyed', text: '霉变' } as const;
    expect(await refusal('lots.addEvent', event)).toBe('LOT_DESTROYED_MASS');
    expect(await refusal('lots.addEvent', { ...event, massG: 100_001 })).toBe('LOT_DESTROYED_MORE');
    await must(core, 'lots.addEvent', { ...event, massG: 95_000 });
    const { lot: left, events } = await must(core, 'lots.get', { id: lot.id });
    expect(left.freeG).toBe(5000);
    expect(events).toMatchObject([{ kind: 'destroyed', massG: 95_000 }]);
    const cartons = { lotId: lot.id, ranges: [{ prefix: 'XH-', digits: 2, first: 1, last: 6 }], netG: 1000 };
    expect(await refusal('cartons.add', cartons)).toBe('CARTONS_HEAVIER');
  });

  it('stands beside what the declaration says', async () => {
    const of = await farm();
    const lot = await harvest(of, 100_000);
    await pack(lot.id);
    await answered(of.productId, 'FR');
    const { id } = await dispatch('FR', { declarationNo: '530120260000000099' });
    await must(core, 'dispatches.load', { id, lotIds: [lot.id] });
    const told = async () => (await must(core, 'dispatches.get', { id, date })).declaredMass;
    expect(await told()).toBeUndefined();
    const line = {
      mode: '0110',
      declarationNo: '530120260000000099',
      exportDate: '2026-06-21',
      hsCode: '0810903000',
    } as const;
    await must(core, 'exportLines.saveMany', {
      lines: [{ ...line, lineNo: 1, name: '荔枝', unit: '035', qty: '7.5', currency: 'USD', fob: '100.00' }],
    });
    expect(await told()).toEqual({ number: '530120260000000099', massG: 7500, loadedG: 10_000, loadedCartons: 10 });
  });
});

describe('a recall', () => {
  it('holds what it concerns, and has a paper for what is still here, loose or in cartons', async () => {
    const of = await farm();
    const lot = await harvest(of, 100_000);
    const made = await merge(of, [lot], 60_000);
    await answered(of.productId, 'FR');
    const prefix = await pack(made.id);
    const { id, head } = await dispatch('FR');
    await must(core, 'dispatches.load', { id, cartons: [{ prefix, digits: 4, first: 1, last: 4 }] });
    const recall = { text: made.code, reach: 'origin', reason: '检出禁用物质' } as const;
    expect(await must(core, 'lots.holdRecalled', recall)).toEqual({ lots: 2 });
    expect(await must(core, 'lots.holdRecalled', recall)).toEqual({ lots: 0 });
    expect((await must(core, 'lots.get', { id: lot.id })).holds).toMatchObject([
      { lot: lot.code, reason: '检出禁用物质' },
    ]);
    const letter = async (language: 'zh' | 'en'): Promise<string> => {
      await must(core, 'trace.recallLetter', { ...recall, language, to: path.join(folder, 'letter.pdf') });
      return printed;
    };
    const zh = await letter('zh');
    expect(zh).toContain(head.number);
    // What is here is held by a note of the firm to itself, not by a letter that asks the store to stop selling.
    expect(zh).toContain('封存通知（内部）');
    expect(zh).not.toContain('库存：');
    expect(zh).toContain('散货');
    for (const text of ['40 kg', '50 kg', '90 kg']) expect(zh).toContain(text);
    expect(zh).toContain('法国');
    await must(core, 'papers.saveFirm', { firm: { nameEn: 'Nanpo Litchi Cooperative' } });
    const en = await letter('en');
    for (const text of ['Hold notice (internal)', 'France', 'Nanpo Litchi Cooperative']) expect(en).toContain(text);
    expect(en).not.toContain(firm.name);
    expect(en).toContain('4 (4 kg)');
    const to = path.join(folder, 'recall.xlsx');
    expect(await must(core, 'trace.recallExport', { text: made.code, reach: 'origin', to })).toEqual({ rows: 4 });
    await must(core, 'trace.recallExport', { text: made.code, reach: 'origin', language: 'en', to });
    const book = new Workbook();
    await book.xlsx.readFile(to);
    const texts = JSON.stringify(book.worksheets.map((sheet) => [sheet.name, sheet.getSheetValues()]));
    for (const text of ['Recall list', 'Buyer', 'Loose (kg)', 'Loose, in stock']) expect(texts).toContain(text);
    expect(texts).not.toMatch(/库存|箱号|千克/);
    // What is counted or weighed is a number that a spreadsheet sums; a code stays text and is seen whole.
    const [list] = book.worksheets;
    const down = (at: number): unknown[] => [1, 2, 3, 4, 5].map((row) => list?.getRow(row).getCell(at).value);
    expect(down(2).slice(0, 2)).toEqual(['Country', 'France']);
    expect(down(10)).toEqual(['Cartons', 4, 6, null, null]);
    expect(down(11).slice(1).sort()).toEqual([40, 50, null, null]);
    expect(down(7).slice(1, 3)).toEqual([made.code, made.code]);
    for (const at of [3, 6, 7, 8, 9]) {
      const longest = Math.max(at === 6 ? 18 : 0, ...down(at).map((text) => String(text ?? '').length));
      expect(list?.getColumn(at).width).toBeGreaterThan(longest);
    }
    // Nothing of it in a carton: the note names the goods all the same.
    const loose = await harvest(of, 30_000);
    const note = { text: loose.code, reach: 'lot', reason: '农残', language: 'en' } as const;
    await must(core, 'trace.recallLetter', { ...note, to: path.join(folder, 'note.pdf') });
    const { product } = (await must(core, 'lots.get', { id: loose.id })).lot;
    expect(printed).toContain(`These goods (${product})`);
    // What is here goes nowhere.
    expect(printed).not.toContain('<td>Dispatches</td>');
  });
});

describe('places for a harvest', () => {
  it('are those in use where something grows, found by name among however many', async () => {
    const { productId: _product, ...of } = await farm();
    const { id: idle } = await must(core, 'farmSites.save', { kind: 'pond', name: '荒塘', isActive: false });
    for (let n = 0; n < 30; n += 1) await must(core, 'farmSites.save', { kind: 'field', name: `社员地${n}号` });
    const list = (text: string) => must(core, 'farmSites.list', { date, isGrowing: true, text, limit: 24 });
    const all = await list('');
    expect(all.rows).toHaveLength(24);
    expect(all.total).toBeGreaterThan(30);
    expect((await list('社员地29号')).rows).toMatchObject([{ name: '社员地29号', kind: 'field' }]);
    const ids = [...(await list('荔枝')).rows, ...(await list('荒塘')).rows].map(({ id }) => id);
    expect(ids).toContain(of.siteId);
    expect(ids).not.toContain(of.houseId);
    expect(ids).not.toContain(idle);
  });
});

describe('certificates of sites', () => {
  it('are shown with the lot, its trace, its page and its readiness', async () => {
    const of = await farm();
    const [a, other] = [await harvest(of), await farm()];
    const certificate = { siteId: of.siteId, kind: 'certificate', fromOn: '2026-01-01' } as const;
    await must(core, 'siteRegistrations.save', {
      ...certificate,
      scheme: 'GAP',
      number: 'GAP-7',
      untilOn: '2026-12-31',
    });
    await must(core, 'siteRegistrations.save', {
      ...certificate,
      scheme: '有机',
      number: 'YJ-1',
      untilOn: '2026-03-31',
    });
    await must(core, 'siteRegistrations.save', {
      ...certificate,
      ...{ scheme: 'HACCP', number: 'HA-1', productId: other.productId },
    });
    const lot = await merge(of, [a]);
    const shown = (rows: readonly { number: string; state: string }[]) =>
      rows.map((one) => `${one.number} ${one.state}`);
    expect(shown((await must(core, 'lots.get', { id: lot.id })).certificates)).toEqual([
      'GAP-7 active',
      'YJ-1 expired',
    ]);
    expect(shown((await must(core, 'trace.query', { text: lot.code })).certificates)).toEqual([
      'GAP-7 active',
      'YJ-1 expired',
    ]);
    await must(core, 'trace.print', { text: lot.code, language: 'zh', to: path.join(folder, 'page.pdf') });
    expect(printed).toContain('GAP-7');
    expect(printed).not.toContain('YJ-1');
    await answered(of.productId, 'FR');
    const prefix = await pack(lot.id);
    const { id } = await dispatch('FR');
    const ready = async () =>
      (await must(core, 'dispatches.get', { id, date })).readiness.find(({ code }) => code === 'siteCertificate');
    expect(await ready()).toEqual({ code: 'siteCertificate', isThere: false });
    await must(core, 'dispatches.load', { id, cartons: [{ prefix, digits: 4, first: 1, last: 10 }] });
    expect(await ready()).toEqual({ code: 'siteCertificate', isThere: true });
  });
});

describe('what is held or destroyed', () => {
  it('is not handed over either, and does not leave when it was held after it had been loaded', async () => {
    const of = await farm();
    await answered(of.productId, 'FR');
    const lot = await harvest(of, 100_000);
    const prefix = await pack(lot.id);
    const { id, head } = await dispatch('FR');
    await must(core, 'dispatches.load', {
      ...{ id, cartons: [{ prefix, digits: 4, first: 1, last: 10 }], reason: '海关已口头同意' },
    });
    const { id: pointId } = await must(core, 'pickupPoints.save', { name: '村口' });
    const hand = (massG: number) =>
      refusal('lotHandovers.add', {
        ...{ pointId, lotId: lot.id, on: '2026-06-12', cartons: 0, massG, giver: '甲', receiver: '乙' },
      });
    const burnt = { at: '2026-06-11T04:00:00.000Z', kind: 'destroyed', place: '', text: '', massG: 40_000 } as const;
    await must(core, 'lots.addEvent', { id: lot.id, ...burnt });
    expect(await hand(60_001)).toBe('HANDOVER_TOO_MUCH');
    await must(core, 'lots.hold', { id: lot.id, reason: '农残待复检' });
    expect(await hand(1_000)).toBe('LOT_HELD');
    const leaves = { ...head, id, loadedAt: '2026-06-20T08:00:00.000Z', reason: '车已到' };
    expect(await refusal('dispatches.save', leaves)).toBe('LOT_HELD');
    await must(core, 'lots.release', { id: lot.id, reason: '复检合格' });
    expect(await hand(60_000)).toBe('taken');
    expect(await refusal('dispatches.save', leaves)).toBe('taken');
  });
});

it('the trace page has as many rows of each table as one sheet holds, and one of each at least', () => {
  const few = { sites: 1, treatments: 0, lots: 2, reports: 1 };
  expect(fitRows(few)).toMatchObject(few);
  const many = fitRows({
    ...{ sites: 40, houses: 9, certificates: 9, treatments: 90, lots: 300, reports: 20 },
    ...{ dispatches: 9, coldLogs: 20, declarations: 9 },
  });
  expect(Math.min(...Object.values(many))).toBe(1);
  // Without what was sent there is room for more of the rest.
  const alone = fitRows({ sites: 40, treatments: 90, lots: 300, reports: 20 });
  expect(alone.lots).toBeGreaterThan(many.lots);
  expect(alone.sites).toBeGreaterThan(1);
});

describe('a part of the cartons of a lot', () => {
  it('goes along by number, more or fewer, judged where more go', async () => {
    const of = await farm();
    const lot = await harvest(of);
    const prefix = await pack(lot.id);
    await answered(of.productId, 'TH');
    const { id } = await dispatch('TH');
    const on = async () =>
      (await must(core, 'dispatches.get', { id, date })).cartons.map(({ first, last }) => [first, last]);
    const take = (count: number) => must(core, 'dispatches.take', { id, lotId: lot.id, count, reason: '' });
    expect(await take(4)).toMatchObject({ isSaved: true, cartons: 4 });
    expect(await on()).toEqual([[1, 4]]);
    await take(7);
    expect((await must(core, 'lots.get', { id: lot.id })).lot).toMatchObject({ cartons: 10, dispatched: 7 });
    await take(2);
    expect(await on()).toEqual([[1, 2]]);
    expect(await refusal('dispatches.take', { id, lotId: lot.id, count: 11 })).toBe('CARTONS_FEWER');
    expect(await on()).toEqual([[1, 2]]);
    // The others may go elsewhere, and are not had twice.
    const other = await dispatch('TH');
    await must(core, 'dispatches.load', {
      id: other.id,
      cartons: [{ prefix, digits: 4, first: 3, last: 10 }],
      reason: '',
    });
    expect(await refusal('dispatches.take', { id, lotId: lot.id, count: 3 })).toBe('CARTONS_FEWER');
    await must(core, 'lots.hold', { id: lot.id, reason: '抽检' });
    expect(await refusal('dispatches.take', { id, lotId: lot.id, count: 3 })).toBe('LOT_HELD');
    // Fewer is always possible, and is on record.
    expect(await take(0)).toMatchObject({ isSaved: true, cartons: 0 });
    expect(audit('dispatch.taken').at(-1)).toMatchObject({ lotId: lot.id, cartons: 0, before: 2 });
  });

  it('asks for a reason as a whole lot does, and says beforehand whether a lot may go', async () => {
    const of = await farm();
    const lot = await harvest(of);
    await pack(lot.id);
    await answered(of.productId, 'US', { orchard: true });
    const { findings, readiness } = await must(core, 'lots.readiness', { id: lot.id, country: 'US', on: date });
    expect(findings).toMatchObject([{ code: 'notCovered', level: 'reason' }]);
    expect(readiness.find(({ code }) => code === 'orchard')).toEqual({
      code: 'orchard',
      isAsked: true,
      isThere: false,
    });
    const { id } = await dispatch('US');
    const wanted = { id, lotId: lot.id, count: 3 };
    expect(await must(core, 'dispatches.take', wanted)).toMatchObject({ isSaved: false });
    expect(await must(core, 'dispatches.take', { ...wanted, reason: '客户自担' })).toMatchObject({ isSaved: true });
    expect((await must(core, 'dispatches.get', { id, date })).reasons).toMatchObject([{ reason: '客户自担' }]);
  });
});

describe('the register of risks', () => {
  const flags = async (rule: 'R15' | 'R16' | 'R17' | 'R18') => (await must(core, 'redFlags.list', { rule })).rows;

  it('has lots on their way that are held or in doubt, once, until they are accounted for', async () => {
    const of = await farm();
    const lot = await harvest(of);
    await pack(lot.id);
    await answered(of.productId, 'JP');
    const { id, head } = await dispatch('JP');
    await must(core, 'dispatches.take', { id, lotId: lot.id, count: 5 });
    const mine = async () => (await flags('R16')).filter(({ subject }) => subject === lot.code);
    await must(core, 'redFlags.run', { rules: ['R16'] });
    expect(await mine()).toEqual([]);
    await must(core, 'lots.hold', { id: lot.id, reason: '复检' });
    for (let run = 0; run < 2; run += 1) await must(core, 'redFlags.run', { rules: ['R16'] });
    expect(await mine()).toMatchObject([
      { severity: 'high', state: 'open', params: { dispatch: head.number, held: 1 }, reopened: 0 },
    ]);
    const [flag] = await mine();
    await must(core, 'redFlags.assign', {
      ids: [flag?.id ?? 0],
      owner: '王会计',
      action: '联系货代',
      dueOn: '2026-07-05',
    });
    await must(core, 'redFlags.run', { rules: ['R16'] });
    expect(await mine()).toMatchObject([{ id: flag?.id, state: 'reviewing', owner: '王会计', dueOn: '2026-07-05' }]);
    await must(core, 'lots.release', { id: lot.id, reason: '合格' });
    await must(core, 'redFlags.run', { rules: ['R16'] });
    expect(await mine()).toMatchObject([{ id: flag?.id, gone: true }]);
  });
});
