import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-rules-'));
  core = coreAt(folder, { now: () => '2026-11-21T04:00:00.000Z' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
const refused = async (call: Promise<{ ok: boolean; error?: { code: string; params: object } }>) => {
  const result = await call;
  if (result.ok) throw new Error('was not refused');
  return { code: result.error?.code, params: result.error?.params };
};
const deemed = {
  calculator: 'T01',
  input: { year: 2026, grossRevenue: '20000000', employees: '20', totalAssets: '8000000', restrictedIndustry: false },
} as const;

describe('rules without a book', () => {
  it('are listed with titles, sources and packs in force', async () => {
    const { rows } = await must(core, 'rules.list', {});
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.find(({ id }) => id === 'T02')).toMatchObject({
      rule: 'T02',
      area: 'tax',
      packs: [{ id: 'tax-small-profit', changed: false }],
    });
    expect(rows.find(({ id }) => id === 'F10')).toMatchObject({ area: 'forex', title: { zh: '汇兑损益' } });
    for (const { id, title, source } of rows) {
      expect(title.zh, id).not.toMatch(/^calculator\./);
      expect(title.en, id).not.toMatch(/^calculator\./);
      expect(source, id).not.toBe('');
    }
  });

  it('are explained: what goes in, what comes out, which figures hold', async () => {
    const rule = await must(core, 'rules.explain', { id: 'T05' });
    expect(rule.inputs.find(({ name }) => name === 'sellerKind')).toMatchObject({
      kind: 'choice',
      required: true,
      options: ['trading', 'producer', 'small', 'farmer'],
    });
    expect(rule.inputs.find(({ name }) => name === 'exportDate')).toMatchObject({ kind: 'date', required: true });
    expect(rule.inputs.find(({ name }) => name === 'zoneExemption')).toMatchObject({ kind: 'group', required: false });
    expect(rule.outputs.map(({ name }) => name)).toContain('regime');
    expect(rule.settingDetails.map(({ id }) => id)).toContain('T11.lastDay');
    const { rows } = await must(core, 'rules.list', {});
    for (const { id } of rows) {
      const one = await must(core, 'rules.explain', { id });
      expect(one.inputs.length, id).toBeGreaterThan(0);
      expect(one.outputs.length, id).toBeGreaterThan(0);
      for (const { name, label } of one.outputs) expect(label.zh, `${id} ${name}`).not.toMatch(/^(step|result)\./);
      for (const setting of one.settingDetails) expect(setting.title.zh, setting.id).not.toMatch(/^setting\./);
      for (const pack of one.packDetails) expect(pack.versions[0]?.verifiedBy.name, pack.id).toBeTruthy();
    }
    expect((await must(core, 'rules.explain', { id: 'T01' })).inputs).toContainEqual(
      expect.objectContaining({ name: 'grossRevenue', kind: 'figure', required: true }),
    );
  });

  it('compute, and refuse what is misspelt or has no law', async () => {
    const { result, steps, packs } = await must(core, 'rules.run', deemed);
    expect(result).toMatchObject({ taxableIncome: '800000.00', taxPayable: '40000.00' });
    const { outputs } = await must(core, 'rules.explain', { id: 'T01' });
    expect(outputs.map(({ name }) => name)).toEqual(Object.keys(result));
    expect(steps.length).toBeGreaterThan(3);
    expect(packs.map(({ pack }) => pack)).toEqual(['tax-income-deemed', 'tax-small-profit']);
    expect(await refused(core.call('rules.run', { calculator: 'T01', input: { yaer: 2026 } }))).toMatchObject({
      code: 'RULE_INPUT',
    });
    expect(
      await refused(core.call('rules.run', { calculator: 'T01', input: { ...deemed.input, year: 2028 } })),
    ).toMatchObject({ code: 'RULE_PACK_MISSING', params: { pack: 'tax-small-profit', date: '2028-12-31' } });
    expect(await refused(core.call('rules.run', { calculator: 'T99', input: {} }))).toMatchObject({
      code: 'RULE_UNKNOWN',
    });
    expect(await refused(core.call('rules.set', { id: 'T11.lastDay', option: null, reason: 'x' }))).toMatchObject({
      code: 'BOOK_NOT_OPEN',
    });
  });
});

describe('the firm', () => {
  it('has packs of its own, checked, beside the shipped ones', async () => {
    await open();
    const { shipped, usedBy } = await must(core, 'rules.pack', { id: 'tax-income-deemed' });
    expect(usedBy).toEqual(['T01', 'T01compare', 'T03']);
    const [version] = shipped.versions;
    if (version === undefined) throw new Error('no version');
    const body = {
      id: 'tax-income-deemed',
      titleZh: shipped.title.zh,
      titleEn: shipped.title.en,
      source: shipped.source,
      versions: [{ ...version, parameters: { deemedRate: '0.05', encouragedRate: '0.15' } }],
    };
    const save = (changed: typeof body) =>
      core.call('rules.savePack', { id: 'tax-income-deemed', body: changed, reason: '地方口径' });
    const withParameters = (parameters: Record<string, string>) => ({
      ...body,
      versions: [{ ...version, parameters }],
    });
    for (const wrong of [
      withParameters({ deemedRate: '4', encouragedRate: '0.15' }),
      withParameters({ deemedRate: 'x', encouragedRate: '0.15' }),
      withParameters({ deemedRate: '0.05' }),
      withParameters({ deemedRate: '0.05', encouragedRate: '0.15', more: '1' }),
      { ...body, id: 'tax-local' },
      { ...body, versions: [...body.versions, ...body.versions] },
    ] as (typeof body)[])
      expect(await refused(save(wrong))).toMatchObject({ code: 'RULE_PACK_INVALID' });
    const saved = await save(body);
    expect(saved).toMatchObject({ ok: true, data: { changed: { reason: '地方口径' } } });
    expect((await must(core, 'rules.run', deemed)).result).toMatchObject({ taxableIncome: '1000000.00' });
    expect((await must(core, 'rules.pack', { id: 'tax-income-deemed' })).shipped.versions[0]?.parameters).toEqual(
      version.parameters,
    );
    const { rows } = await must(core, 'rules.list', {});
    expect(rows.find(({ id }) => id === 'T01')?.packs[0]?.changed).toBe(true);
    await must(core, 'rules.resetPack', { id: 'tax-income-deemed', reason: '撤回' });
    expect((await must(core, 'rules.run', deemed)).result).toMatchObject({ taxableIncome: '800000.00' });
    expect(await refused(core.call('rules.pack', { id: 'customs-9610' }))).toMatchObject({ code: 'RULE_PACK_UNKNOWN' });
  });

  it('has packs of the program too: deadlines, papers, guarantees, posting; statements are shipped', async () => {
    await open();
    const { packs } = await must(core, 'rules.list', {});
    const ids = packs.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['archive-papers', 'deadlines', 'guarantee', 'posting', 'statements']));
    for (const { id, usedBy } of packs) {
      expect(usedBy.length, id).toBeGreaterThan(0);
      // What is shipped passes its own check.
      const { shipped, isEditable } = await must(core, 'rules.pack', { id });
      const { title, changed: _, ...rest } = shipped;
      const body = { ...rest, titleZh: title.zh, titleEn: title.en };
      const saved = await core.call('rules.savePack', { id, body, reason: '试' });
      expect(saved.ok, `${id} ${JSON.stringify(saved)}`).toBe(isEditable);
    }
    const { shipped } = await must(core, 'rules.pack', { id: 'guarantee' });
    const { title, changed: _, ...rest } = shipped;
    const withParameters = (id: string, parameters: object) =>
      core.call('rules.savePack', {
        id,
        body: {
          ...rest,
          id,
          titleZh: title.zh,
          titleEn: title.en,
          versions: rest.versions.map((one) => ({ ...one, parameters })),
        } as never,
        reason: '试',
      });
    expect(await refused(withParameters('guarantee', { warnAbove: '0.8', more: 1 }))).toMatchObject({
      code: 'RULE_PACK_INVALID',
      params: { field: 'versions.0.parameters.more' },
    });
    expect(await refused(withParameters('deadlines', { longHolidayDays: 3, rules: [] }))).toMatchObject({
      code: 'RULE_PACK_INVALID',
      params: { reason: 'missing vatFiling' },
    });
    expect(await refused(withParameters('statements', {}))).toMatchObject({ code: 'RULE_PACK_FIXED' });
    expect((await must(core, 'deadlines.rules', {})).rows.length).toBeGreaterThan(10);
  });

  it('decides what the rules leave open, and switches rules off', async () => {
    await open();
    const limit = async () =>
      (await must(core, 'rules.run', { calculator: 'T11', input: { exportDate: '2026-02-10' } })).result['hardLimit'];
    expect(await limit()).toBe('2029-02-10');
    await must(core, 'rules.set', { id: 'T11.lastDay', option: 'dayBefore', reason: '从严' });
    expect(await limit()).toBe('2029-02-09');
    const { rows } = await must(core, 'rules.settings', {});
    expect(rows.find(({ id }) => id === 'T11.lastDay')).toMatchObject({ chosen: 'dayBefore', reason: '从严' });
    expect(await refused(core.call('rules.set', { id: 'T11.lastDay', option: 'never', reason: 'x' }))).toMatchObject({
      code: 'RULE_SETTING',
    });
    await must(core, 'rules.set', { id: 'T11.lastDay', option: null, reason: '恢复' });
    expect(await limit()).toBe('2029-02-10');

    await must(core, 'rules.switchOff', { rule: 'T01', off: true, reason: '查账征收' });
    expect(await refused(core.call('rules.run', deemed))).toEqual({
      code: 'RULE_OFF',
      params: { rule: 'T01', reason: '查账征收' },
    });
    const sheet = await must(core, 'worksheets.get', { name: 'income-tax', period: '2026-Q1' });
    expect(sheet.findings).toContainEqual(expect.objectContaining({ code: 'ruleOff', level: 'missing', rule: 'T01' }));
    await must(core, 'rules.switchOff', { rule: 'T01', off: false, reason: '核定' });
    expect((await must(core, 'rules.run', deemed)).result).toMatchObject({ taxPayable: '40000.00' });
  });
});
