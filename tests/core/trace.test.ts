import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import { ancestors, descendants } from '../../electron/core/store/trace/lots.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { traceBack, traceOn } from '../../shared/lots/trace.ts';
import { isTraceCode } from '../../shared/lots/trace-code.ts';
import { dispatched } from '../fixtures/joint-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** From the orchard to the buyer and back: lots, readiness, temperatures, on a real book. */
const now = '2026-07-01T04:00:00.000Z';
const date = '2026-07-01';
let folder = '';
let core: Core;
let printed = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-trace-'));
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
const file = (name: string, text: string): string => {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
};

let made = 0;
/** An orchard registered for the year, and a product. */
async function grown(given?: string): Promise<{ siteId: number; productId: number; houseId: number }> {
  made += 1;
  const name = given ?? `${made}号`;
  const { id: productId } = await must(core, 'farmProducts.save', {
    nameZh: `龙眼${name}`,
    nameEn: 'Longan',
    hsCode: '0810903000',
    lowC100: 100,
    highC100: 500,
  });
  const { id: siteId } = await must(core, 'farmSites.save', { kind: 'orchard', name: `果园${name}`, areaM2: 80_000 });
  const { id: houseId } = await must(core, 'farmSites.save', { kind: 'pack-house', name: `包装厂${name}` });
  for (const id of [siteId, houseId])
    await must(core, 'siteRegistrations.save', {
      siteId: id,
      kind: 'registration',
      number: `4600${id}`,
      fromOn: '2026-01-01',
      untilOn: '2026-12-31',
    });
  return { siteId, productId, houseId };
}
async function harvest(of: { siteId: number; productId: number }, massG: number, on = '2026-06-10', reason = '') {
  const done = await must(core, 'lots.harvest', { siteId: of.siteId, productId: of.productId, massG, on, reason });
  if (!done.isSaved) throw new Error(JSON.stringify(done.findings));
  return done;
}

describe('a lot', () => {
  it('has a code with its check character, an origin, and what was said of its harvest', async () => {
    const of = await grown();
    const lot = await harvest(of, 1_000_000);
    expect(lot.findings).toEqual([]);
    expect(isTraceCode(lot.code)).toBe(true);
    const got = await must(core, 'lots.get', { id: lot.id });
    expect(got.lot).toMatchObject({ made: 'harvest', massG: 1_000_000, freeG: 1_000_000, isHeld: false });
    expect(got.label).toContain(`溯源码: ${lot.code}`);
    // Nothing but a step of lots or a harvest makes a lot.
    const { book } = core.session;
    const insert =
      'INSERT INTO lot (code, product_id, mass_g, free_g, made_on, step_id, created_at) VALUES (?, ?, 1, 1, ?, ?, ?)';
    const step = book
      .prepare(`INSERT INTO lot_step (kind, on_date, created_at) VALUES ('process', ?, ?)`)
      .run(date, now).lastInsertRowid;
    expect(() => book.prepare(insert).run('X', of.productId, date, step, now)).toThrow('a lot without an origin');
    expect(() => book.prepare(insert).run('X', of.productId, date, null, now)).toThrow('CHECK');
  });

  it('is not entered without a reason where the registration is over or a waiting period is not', async () => {
    const of = await grown();
    const typo = { siteId: of.siteId, on: '2027-06-05', kind: 'pesticide', name: '啶虫脒', waitingDays: 3 } as const;
    expect(await refusal('treatments.add', typo)).toBe('DATE_FUTURE');
    await must(core, 'treatments.add', { ...typo, on: '2026-01-01' });
    await must(core, 'treatments.add', {
      siteId: of.siteId,
      on: '2026-06-05',
      kind: 'pesticide',
      name: '啶虫脒',
      waitingDays: 14,
      source: '标签',
    });
    expect((await must(core, 'treatments.names', { text: '啶' })).rows).toMatchObject([{ waitingDays: 14 }]);
    const early = { ...of, massG: 500_000, on: '2026-06-10' };
    const { houseId: _house, ...input } = early;
    const first = await must(core, 'lots.harvest', input);
    expect(first).toMatchObject({
      isSaved: false,
      findings: [{ code: 'waitingNotOver', params: { until: '2026-06-19' } }],
    });
    const done = await must(core, 'lots.harvest', { ...input, reason: '复检合格，仅内销' });
    if (!done.isSaved) throw new Error('not saved');
    expect((await must(core, 'lots.get', { id: done.id })).reasons).toMatchObject([
      { code: 'waitingNotOver', reason: '复检合格，仅内销' },
    ]);
    expect(audit('lot.harvested').at(-1)).toMatchObject({ findings: ['waitingNotOver'] });
    const [registration] = (await must(core, 'farmSites.get', { id: of.siteId, date })).registrations;
    if (registration === undefined) throw new Error('no registration');
    const { site: _site, product: _product, state: _state, daysLeft: _days, ...kept } = registration;
    await must(core, 'siteRegistrations.save', { ...kept, untilOn: '2026-06-20' });
    const late = await must(core, 'lots.harvest', { ...input, on: '2026-06-21' });
    expect(late).toMatchObject({
      isSaved: false,
      findings: [{ code: 'registrationExpired', params: { until: '2026-06-20' } }],
    });
    expect(await refusal('lots.harvest', { ...input, on: '2026-07-02' })).toBe('LOT_FUTURE');
    expect(await refusal('lots.harvest', { ...input, siteId: _house })).toBe('FARM_SITE_NO_HARVEST');
  });

  it('never gives more than it weighs, and says why where more comes out', async () => {
    const of = await grown();
    const a = await harvest(of, 600_000);
    const b = await harvest(of, 400_000, '2026-06-11');
    const output = (massG: number) => ({ productId: of.productId, massG });
    const step = (kind: 'split' | 'merge' | 'process', inputs: [number, number][], outputs: number[], reason = '') =>
      ({
        kind,
        on: '2026-06-12',
        siteId: of.houseId,
        inputs: inputs.map(([lotId, massG]) => ({ lotId, massG })),
        outputs: outputs.map(output),
        reason,
      }) as const;
    expect(await refusal('lots.step', step('merge', [[a.id, 600_001]], [1]))).toBe('LOT_OVERDRAWN');
    expect(
      await refusal(
        'lots.step',
        step(
          'merge',
          [
            [a.id, 1],
            [a.id, 1],
          ],
          [1],
        ),
      ),
    ).toBe('LOT_TWICE');
    expect(
      await refusal(
        'lots.step',
        step(
          'split',
          [
            [a.id, 1],
            [b.id, 1],
          ],
          [1],
        ),
      ),
    ).toBe('LOT_STEP_SHAPE');
    expect(await refusal('lots.step', { ...step('merge', [[b.id, 1]], [1]), on: '2026-06-10' })).toBe('LOT_STEP_DATE');
    const heavy = step('process', [[a.id, 100_000]], [60_000, 50_000]);
    expect(await must(core, 'lots.step', heavy)).toMatchObject({
      isSaved: false,
      findings: [{ code: 'heavier', params: { gain: '10' } }],
    });
    const merged = await must(
      core,
      'lots.step',
      step(
        'merge',
        [
          [a.id, 500_000],
          [b.id, 400_000],
        ],
        [855_000],
      ),
    );
    expect(merged).toMatchObject({ isSaved: true, lossG: 45_000, yield: '95.00' });
    expect(await must(core, 'lots.step', { ...heavy, reason: '镀冰衣' })).toMatchObject({
      isSaved: true,
      lossG: -10_000,
    });
    expect((await must(core, 'lots.get', { id: a.id })).lot.freeG).toBe(0);
    expect(await refusal('lots.remove', { id: a.id })).toBe('LOT_USED');
    if (!merged.isSaved) throw new Error('not saved');
    expect(await must(core, 'lots.remove', { id: merged.lots[0]?.id ?? 0 })).toEqual({ lots: 1 });
    expect((await must(core, 'lots.get', { id: b.id })).lot.freeG).toBe(400_000);
  });

  it('is packed to its last gram, and every carton number once', async () => {
    const of = await grown();
    const { id: lotId, code } = await harvest(of, 1_000_000);
    const cartons = (first: number, last: number) => ({
      ...{ lotId, ranges: [{ prefix: 'LY-', digits: 5, first, last }], netG: 5000 },
    });
    expect(await must(core, 'cartons.add', cartons(1, 100))).toEqual({ count: 100 });
    expect(await refusal('cartons.add', cartons(100, 120))).toBe('CARTONS_TAKEN');
    expect(await refusal('cartons.add', cartons(0, 0))).toBe('taken');
    expect(await refusal('cartons.add', cartons(101, 200))).toBe('CARTONS_HEAVIER');
    expect(await must(core, 'trace.query', { text: 'ly-00042' })).toMatchObject({
      found: { kind: 'carton', lots: [code] },
    });
    expect((await must(core, 'lots.get', { id: lotId })).lot.freeG).toBe(495_000);
  });

  it('is among what is here until its last carton is gone, and may be loaded while one is left', async () => {
    const of = await grown();
    const { id, code } = await harvest(of, 1000);
    const among = async (state: 'here' | 'packed', dispatch = ''): Promise<boolean> =>
      (await must(core, 'lots.list', { state, dispatch, text: code })).rows.length === 1;
    expect([await among('here'), await among('packed')]).toEqual([true, false]);
    await must(core, 'cartons.pack', { lotId: id, count: 2, netG: 500 });
    expect([await among('here'), await among('packed')]).toEqual([true, true]);
    const [mine, other] = [
      await dispatched(core, { number: 'HERE-1', on: '2026-06-20', country: 'US' }),
      await dispatched(core, { number: 'HERE-2', on: '2026-06-20', country: 'US' }),
    ];
    const take = { id: mine, lotId: id, reason: '问过海关' };
    await must(core, 'dispatches.take', { ...take, count: 1 });
    expect([await among('here'), await among('packed')]).toEqual([true, true]);
    await must(core, 'lots.hold', { id, reason: '抽检' });
    expect([await among('here'), await among('packed')]).toEqual([true, false]);
    await must(core, 'lots.release', { id, reason: '合格' });
    await must(core, 'dispatches.take', { ...take, count: 2 });
    expect([await among('here'), await among('packed')]).toEqual([false, false]);
    // Those on the dispatch that is looked at can still be taken off.
    expect([await among('packed', 'HERE-1'), await among('packed', 'HERE-2'), other > 0]).toEqual([true, false, true]);
  });
});

describe('the tree in SQL', () => {
  it('is the tree of the sets, whatever was split and merged', async () => {
    const of = await grown();
    const { book } = core.session;
    // What each step takes, as numbers of the lots there are by then, how much of each, and how many lots come of it.
    const plan = fc.array(
      fc.record({
        from: fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
        part: fc.integer({ min: 2, max: 5 }),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 16 },
    );
    let deepest = 0;
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 1, max: 4 }), async (drawn, roots) => {
        // Grams that are left of each lot, as the steps take them.
        const free = new Map<number, number>();
        for (let n = 0; n < roots; n += 1) free.set((await harvest(of, 1_000_000_000)).id, 1_000_000_000);
        const harvests = [...free.keys()];
        const steps: { inputs: number[]; outputs: number[] }[] = [];
        for (const { from, part, count } of drawn) {
          const known = [...free.keys()];
          const inputs = [...new Set(from.map((one) => known[one % known.length] ?? 0))].map((lotId) => ({
            lotId,
            massG: Math.ceil((free.get(lotId) ?? 0) / part),
          }));
          const total = inputs.reduce((sum, { massG }) => sum + massG, 0);
          const massG = Math.floor(total / count);
          const done = await must(core, 'lots.step', {
            kind: 'process',
            on: '2026-06-20',
            inputs,
            outputs: Array.from({ length: count }, () => ({ productId: of.productId, massG })),
          });
          if (!done.isSaved) throw new Error('not saved');
          expect(done.lossG).toBe(total - massG * count);
          for (const one of inputs) free.set(one.lotId, (free.get(one.lotId) ?? 0) - one.massG);
          for (const { id } of done.lots) free.set(id, massG);
          steps.push({ inputs: inputs.map(({ lotId }) => lotId), outputs: done.lots.map(({ id }) => id) });
        }
        for (const [one, massG] of free) {
          expect((await must(core, 'lots.get', { id: one })).lot.freeG).toBe(massG);
          expect(new Set(descendants(book, [one]))).toEqual(traceOn([one], steps));
          const back = new Set(ancestors(book, [one]));
          expect(back).toEqual(traceBack([one], steps));
          expect(harvests.some((lot) => back.has(lot))).toBe(true);
          deepest = Math.max(deepest, back.size);
        }
        // Any two lots together, as a dispatch asks.
        const all = [...free.keys()];
        const pair = [all.at(0) ?? 0, all.at(-1) ?? 0];
        expect(new Set(ancestors(book, pair))).toEqual(traceBack(pair, steps));
        expect(new Set(descendants(book, pair))).toEqual(traceOn(pair, steps));
      }),
      { numRuns: 12 },
    );
    // What was drawn goes several steps deep.
    expect(deepest).toBeGreaterThan(6);
  });
});

describe('a dispatch', () => {
  it('takes what is not covered only with a reason, which is kept', async () => {
    const of = await grown();
    const { id: buyer } = await must(core, 'parties.save', {
      kind: 'customer',
      name: 'Pacific Fruit Inc.',
      taxNo: null,
      country: 'US',
      note: '',
      active: true,
    });
    const a = await harvest(of, 1_000_000);
    const packed = await must(core, 'lots.step', {
      kind: 'process',
      on: '2026-06-11',
      siteId: of.houseId,
      inputs: [{ lotId: a.id, massG: 1_000_000 }],
      outputs: [{ productId: of.productId, grade: '一级', massG: 900_000 }],
    });
    if (!packed.isSaved) throw new Error('not saved');
    const [lot] = packed.lots;
    if (lot === undefined) throw new Error('no lot');
    await must(core, 'cartons.add', {
      lotId: lot.id,
      ranges: [{ prefix: 'US', digits: 4, first: 1, last: 180 }],
      netG: 5000,
    });
    const head = { number: 'FY-1', on: '2026-06-20', country: 'US', partyId: buyer };
    const id = await dispatched(core, head);
    // Longan for the United States: the pack knows of cold treatment and of nothing else.
    const card = await must(core, 'accessCards.get', { productId: of.productId, country: 'US', date });
    expect(card).toMatchObject({
      card: { coldTreatment: true },
      pack: { reliability: 'V' },
      registrationWorkingDays: 20,
    });
    expect(card.card).not.toHaveProperty('orchard');
    expect(
      (await must(core, 'accessCards.get', { productId: of.productId, country: 'FR', date })).pack,
    ).toBeUndefined();
    const load = { id, cartons: [{ prefix: 'US', digits: 4, first: 1, last: 100 }] };
    const first = await must(core, 'dispatches.load', load);
    expect(first.isSaved).toBe(false);
    expect(first.findings.map(({ code, level }) => `${code} ${level}`)).toEqual([
      'coverageUnknown reason',
      'coverageUnknown reason',
      'coldTreatmentMissing reason',
    ]);
    await must(core, 'accessCards.answer', {
      productId: of.productId,
      country: 'US',
      askedOn: '2026-06-15',
      source: '海口海关来电',
      answer: { orchard: true, packHouse: true, certificate: true },
    });
    for (const siteId of [of.siteId, of.houseId])
      await must(core, 'siteRegistrations.save', {
        siteId,
        kind: 'destination',
        number: `US-${siteId}`,
        productId: of.productId,
        country: 'US',
        fromOn: '2026-01-01',
        untilOn: '2026-12-31',
      });
    await must(core, 'dispatches.save', { ...head, id, coldTreatment: '1.1 °C × 14 天' });
    const second = await must(core, 'dispatches.load', load);
    expect(second).toMatchObject({ isSaved: false, findings: [{ code: 'certificateMissing' }] });
    const done = await must(core, 'dispatches.load', { ...load, reason: '证书随后补' });
    expect(done).toMatchObject({ isSaved: true, cartons: 100, massG: 500_000 });
    expect(audit('dispatch.loaded')).toMatchObject([
      { reason: '证书随后补', findings: [`certificateMissing ${lot.code}`] },
    ]);
    expect(await refusal('dispatches.load', { ...load, reason: 'x' })).toBe('CARTONS_DISPATCHED');
    expect(
      await refusal('dispatches.load', { id, cartons: [{ prefix: 'US', digits: 4, first: 181, last: 181 }] }),
    ).toBe('CARTONS_UNKNOWN');
    const got = await must(core, 'dispatches.get', { id, date });
    expect(got.reasons).toMatchObject([{ code: 'certificateMissing', reason: '证书随后补', lot: lot.code }]);
    expect(got.readiness.filter(({ isThere }) => isThere).map(({ code }) => code)).toEqual([
      'orchard',
      'packHouse',
      'coldTreatment',
    ]);
    const to = path.join(folder, 'inspection.xlsx');
    expect(await must(core, 'dispatches.inspectionData', { id, to })).toEqual({ rows: 1 });

    // Where from, where to.
    const trace = await must(core, 'trace.query', { text: 'FY-1' });
    expect(trace.lots.map(({ role, code }) => [role, code])).toEqual([
      ['before', a.code],
      ['asked', lot.code],
    ]);
    expect(trace).toMatchObject({ harvestG: 1_000_000, cartonCount: 180, found: { kind: 'dispatch' } });
    expect(
      await refusal('trace.query', { text: `${lot.code.slice(0, -1)}${lot.code.endsWith('0') ? '1' : '0'}` }),
    ).toBe('TRACE_CODE_CHECK');
    expect(await refusal('trace.query', { text: 'nothing' })).toBe('TRACE_UNKNOWN');
    const recall = await must(core, 'trace.recall', { text: a.code, reach: 'lot' });
    expect(recall.rows).toMatchObject([
      {
        dispatch: 'FY-1',
        buyer: 'Pacific Fruit Inc.',
        country: 'US',
        count: 100,
        massG: 500_000,
        cartons: [{ first: 1, last: 100 }],
      },
      { dispatch: '', count: 80, cartons: [{ first: 101, last: 180 }] },
    ]);
    for (const language of ['zh', 'en'] as const) {
      await must(core, 'trace.print', { text: lot.code, language, to: path.join(folder, 'trace.pdf') });
      expect(printed).toContain(lot.code);
      expect(printed).toContain('<svg');
      await must(core, 'trace.recallLetter', {
        text: a.code,
        reach: 'origin',
        reason: '检出禁用物质',
        language,
        to: path.join(folder, 'recall.pdf'),
      });
      expect(printed).toContain('US0001–US0100');
      expect(printed).toContain('检出禁用物质');
      await must(core, 'trace.labels', { id: lot.id, language, copies: 6, to: path.join(folder, 'labels.pdf') });
      expect(printed.match(/class="label"/g)).toHaveLength(6);
    }
    expect(
      await must(core, 'trace.recallExport', { text: a.code, reach: 'lot', to: path.join(folder, 'recall.xlsx') }),
    ).toEqual({ rows: 2 });

    // Held with all that became of it: nothing more leaves.
    expect(await must(core, 'lots.hold', { id: a.id, reason: '农残复检' })).toEqual({ lots: 2 });
    expect(await refusal('dispatches.load', { id, lotIds: [lot.id], reason: 'x' })).toBe('LOT_HELD');
    expect((await must(core, 'dispatches.list', { text: head.number })).rows).toMatchObject([{ held: 1 }]);
    expect(await must(core, 'lots.release', { id: a.id, reason: '复检合格' })).toEqual({ lots: 2 });
    expect(await must(core, 'dispatches.unload', { id, lotId: lot.id })).toEqual({ cartons: 100 });
    expect(await refusal('dispatches.remove', { id })).toBe('DISPATCH_LOADED');
  });

  it('holds results of a report against the limits of the destination on the day', async () => {
    const of = await grown();
    const lot = await harvest(of, 100_000);
    const limits = file(
      'limits.csv',
      [
        '国家,产品,农药,限量(mg/kg),生效,失效,依据',
        `US,龙眼${made}号,啶虫脒,0.5,2026-01-01,2026-06-15,客户提供`,
        `US,龙眼${made}号,啶虫脒,0.1,2026-06-16,,客户提供`,
        `US,不知道,啶虫脒,0.1,2026-06-16,,客户提供`,
        `US,龙眼${made}号,啶虫脒,少量,2026-06-16,,客户提供`,
        `US,龙眼${made}号,毒死蜱,0.1,2026-06-16,,`,
      ].join('\n'),
    );
    const wanted = {
      failed: [
        { no: 4, reason: 'product' },
        { no: 5, reason: 'limit' },
        { no: 6, reason: 'source' },
      ],
    };
    expect(await must(core, 'residueLimits.import', { file: limits })).toEqual({ ...wanted, added: 2, same: 0 });
    expect(await must(core, 'residueLimits.import', { file: limits })).toEqual({ ...wanted, added: 0, same: 2 });
    await must(core, 'labReports.save', {
      lotId: lot.id,
      number: 'JC-1',
      issuedOn: '2026-06-12',
      result: 'pass',
      results: [
        { substance: '啶虫脒', valueE6: 200_000 },
        { substance: '咪鲜胺', valueE6: 1 },
        { substance: '毒死蜱', isNotFound: true },
      ],
    });
    await must(core, 'cartons.add', {
      lotId: lot.id,
      ranges: [{ prefix: 'JC', digits: 2, first: 1, last: 10 }],
      netG: 1000,
    });
    await must(core, 'traceSettings.save', { needsReport: true });
    const said = async (on: string): Promise<string[]> => {
      const id = await dispatched(core, { number: `JC-${on}`, on, country: 'US', coldTreatment: 'x' });
      const { findings } = await must(core, 'dispatches.load', { id, lotIds: [lot.id] });
      return findings
        .filter(({ code }) => code.startsWith('residue'))
        .map(({ code, params }) => `${code} ${params['substance']}`);
    };
    expect(await said('2026-06-15')).toEqual(['residueUnknown 咪鲜胺']);
    expect(await said('2026-06-16')).toEqual(['residueUnknown 咪鲜胺', 'residueOver 啶虫脒']);
    await must(core, 'traceSettings.save', { needsReport: false });
  });
});

describe('an inspection on receipt and a sample', () => {
  it('that failed stops the lot and all that came of it until one passes or a reason is given, and stays on record', async () => {
    const of = await grown();
    const lot = await harvest(of, 100_000);
    const step = await must(core, 'lots.step', {
      ...{ kind: 'split', on: '2026-06-11', inputs: [{ lotId: lot.id, massG: 100_000 }] },
      outputs: [{ productId: of.productId, massG: 60_000 }],
    });
    const partId = step.isSaved ? (step.lots[0]?.id ?? 0) : 0;
    await must(core, 'cartons.add', {
      lotId: partId,
      ranges: [{ prefix: 'YH', digits: 2, first: 1, last: 10 }],
      netG: 1000,
    });
    const seen = { lotId: lot.id, who: '陈师傅', basis: 'GB 2763', sampled: '3 筐' } as const;
    const receipt = await must(core, 'lotInspections.add', {
      ...seen,
      kind: 'receipt',
      on: '2026-06-10',
      result: 'pass',
    });
    expect(receipt.number).toBe('YH-2026-001');
    const failed = await must(core, 'lotInspections.add', {
      ...seen,
      kind: 'sample',
      on: '2026-06-12',
      result: 'fail',
    });
    const paper = { subjectKind: 'lot-inspection', subjectId: failed.number, paper: 'lot-inspection' } as const;
    await must(core, 'archive.add', { ...paper, file: file('sample.pdf', '%PDF-sample') });
    expect((await must(core, 'lots.get', { id: lot.id })).inspections).toMatchObject([
      { number: 'YH-2026-002', kind: 'sample', result: 'fail', isFailure: true, papers: 1, who: '陈师傅' },
      { number: 'YH-2026-001', kind: 'receipt', result: 'pass', isFailure: false, papers: 0 },
    ]);
    expect((await must(core, 'lots.list', { state: 'failed' })).rows.map(({ code }) => code)).toEqual([lot.code]);

    const id = await dispatched(core, {
      number: 'YH-1',
      on: '2026-06-15',
      country: 'US',
      coldTreatment: 'x',
    });
    const failures = async (reason = '') => {
      const { isSaved, findings } = await must(core, 'dispatches.load', { id, lotIds: [partId], reason });
      return { isSaved, failed: findings.filter(({ code }) => code === 'inspectionFailed') };
    };
    expect(await failures()).toMatchObject({
      isSaved: false,
      failed: [{ level: 'reason', params: { number: 'YH-2026-002', on: '2026-06-12', of: lot.code } }],
    });
    // What passed on receipt says nothing of the sample; a later sample does.
    const passed = await must(core, 'lotInspections.add', {
      ...seen,
      kind: 'sample',
      on: '2026-06-13',
      result: 'pass',
    });
    expect((await failures()).failed).toEqual([]);
    const { id: passedId } = passed;
    await must(core, 'lotInspections.withdraw', { id: passedId, reason: '登记错批次' });
    expect(await refusal('lotInspections.withdraw', { id: passedId, reason: 'again' })).toBe(
      'LOT_INSPECTION_WITHDRAWN',
    );
    expect((await failures()).failed).toHaveLength(1);
    expect(await failures('买方同意降级')).toMatchObject({ isSaved: true });
    expect((await must(core, 'dispatches.get', { id, date })).reasons).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ code: 'inspectionFailed', reason: '买方同意降级' })]),
    );
    // The recall list of the lot has what left.
    const recall = await must(core, 'trace.recall', { text: lot.code, reach: 'lot' });
    expect(recall.rows).toMatchObject([{ dispatch: 'YH-1', count: 10 }]);
    expect(await refusal('lotInspections.add', { ...seen, kind: 'sample', on: '2027-01-01', result: 'pass' })).toBe(
      'DATE_FUTURE',
    );
    expect(
      await refusal('lotInspections.add', { ...seen, lotId: 9999, kind: 'sample', on: date, result: 'pass' }),
    ).toBe('LOT_UNKNOWN');
  });
});

describe('a temperature record', () => {
  it('is read by any layout, remembered, measured, and says what is odd', async () => {
    const of = await grown();
    const dispatchId = await dispatched(core, {
      number: 'LL-1',
      on: '2026-06-20',
      country: 'AU',
      loadedAt: '2026-06-20T00:00:00.000Z',
    });
    const lines = [
      'Logger,TL-7',
      'Report of,2026',
      'No,记录点,甲',
      ...Array.from(
        { length: 12 },
        (_, n) => `${n + 1},20/06/2026 0${8 + Math.floor(n / 6)}:${n % 6}0,${n === 5 || n === 6 ? '9.0' : '3.0'}`,
      ),
      '13,bad,3.0',
    ];
    const text = lines.join('\n').replaceAll('010:', '10:');
    const log = file('logger.csv', text);
    const first = await must(core, 'coldLogs.read', { file: log });
    expect(first).toMatchObject({ mapping: {}, readings: 0 });
    const mapping = { at: 1, temperature: 2 };
    const read = await must(core, 'coldLogs.read', { file: log, layout: { headerRow: 3, mapping } });
    expect(read).toMatchObject({
      mappingFrom: 'given',
      orders: ['dmy'],
      readings: 12,
      failed: [{ no: 16, reason: 'time' }],
      failedTotal: 1,
    });
    const layout = { headerRow: 3, mapping, order: 'dmy', isFahrenheit: false } as const;
    const add = { dispatchId, productId: of.productId, logger: 'TL-7', file: log, layout };
    const { id, failed } = await must(core, 'coldLogs.add', add);
    expect(failed).toBe(1);
    expect(await refusal('coldLogs.add', add)).toBe('COLD_LOG_THERE');
    expect(await must(core, 'coldLogs.read', { file: log, layout: { headerRow: 3 } })).toMatchObject({
      mappingFrom: 'remembered',
      mapping,
    });
    const got = await must(core, 'coldLogs.get', { id });
    // 3 → 9 °C in ten minutes, ten minutes at 9, and back: 4 °C over for the ten, and a triangle of 6'40" on each side.
    expect(got.analysis).toMatchObject({
      readings: 12,
      excursions: [{ side: 'above', seconds: 1400, peakC100: 900, degreeMinutes10: 667 }],
      findings: [],
    });
    expect(got.points).toHaveLength(12);
    for (const language of ['zh', 'en'] as const) {
      const to = path.join(folder, 'cold.pdf');
      await must(core, 'coldLogs.print', { id, language, to });
      const page = readFileSync(to, 'utf8');
      for (const text of ['TL-7', language === 'zh' ? '另有 1 行没有读数' : '1 more row without a reading'])
        expect(page).toContain(text);
    }
    const empty = await grown();
    await must(core, 'farmProducts.save', { id: empty.productId, nameZh: '无温度' });
    expect(await refusal('coldLogs.add', { ...add, productId: empty.productId })).toBe('FARM_BAND_MISSING');
    await must(core, 'coldLogs.remove', { id });
    expect((await must(core, 'coldLogs.list', {})).rows).toEqual([]);
  });
});

describe('sites', () => {
  it('tell of registrations that end, on the page of the day', async () => {
    const { siteId } = await grown('将到期');
    const of = await must(core, 'farmSites.get', { id: siteId, date });
    const [registration] = of.registrations;
    if (registration === undefined) throw new Error('no registration');
    const { site: _site, product: _product, state: _state, daysLeft: _days, ...kept } = registration;
    const ends = async () =>
      (await must(core, 'today.get', { date })).attention.find(({ code }) => code === 'registrationEnds');
    const before = (await ends())?.params['registrations'] ?? 0;
    await must(core, 'siteRegistrations.save', { ...kept, untilOn: '2026-07-20' });
    expect((await ends())?.params['registrations']).toBe(Number(before) + 1);
    expect((await must(core, 'farmSites.list', { date, text: '将到期', kind: 'orchard' })).rows).toMatchObject([
      { state: 'active', daysLeft: 19 },
    ]);
    // A new one outlasts it: nothing to be reminded of.
    await must(core, 'siteRegistrations.save', {
      siteId,
      kind: 'registration',
      number: 'NEW',
      fromOn: '2026-07-21',
      untilOn: '2027-07-20',
    });
    expect((await ends())?.params['registrations'] ?? 0).toBe(before);
  });
});

it('a QR code reads back as the words it holds', async () => {
  const of = await grown('二维码');
  const { id } = await harvest(of, 5000);
  const { label } = await must(core, 'lots.get', { id, language: 'zh' });
  const modules = encodeQR(label, 'raw', { ecc: 'medium', encoding: 'byte', border: 4 });
  const scale = 4;
  const size = modules.length * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true)
        data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
  expect(decodeQR({ width: size, height: size, data })).toBe(label);
});
