import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentRules } from '../../documents/index.ts';
import { matchCodes } from '../../matching/record-match.ts';
import { buildTable, tableSet } from '../../tables/index.ts';
import { modesPackSchema } from '../customs-modes/router.ts';
import { endpointRuleIds } from '../endpoint/rules.ts';
import { forexFormRules } from '../forex-forms/rules.ts';
import { findingOfCode } from '../matching/texts.ts';
import { packOn } from '../pack.ts';
import { personRules } from '../person/filings.ts';
import {
  checkRetailExport,
  customsPackSchema,
  customsRules,
  declarationRules,
  fillMessage,
  messageRules,
  type RetailExportSet,
  ruleTexts,
  textOfFinding,
} from './index.ts';
import { type Draft, day, type Extra, head, line, orderLine, profile, sound, trips } from './list-cases.testing.ts';

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${name}`, import.meta.url), 'utf8'));
const tables = tableSet(
  ['customs_district', 'port', 'wrap_type_old', 'hs'].map((id) => buildTable(json(`tables/${id}.json`))),
);
const pack = customsPackSchema.parse(json('rules/customs-9610.json'));
const current = packOn(pack, day('2026-11-20'));
const earlier = packOn(pack, day('2024-12-14'));
if (current === undefined || earlier === undefined) throw new Error('no pack');

const modes =
  packOn(modesPackSchema.parse(json('rules/customs-modes.json')), day('2026-11-20'))?.parameters.modes ?? [];
const modeOf = (mode: string) => modes.find((one) => one.mode === mode);
function run(
  change: (draft: Draft) => unknown = () => undefined,
  extra: Extra = {},
  without: readonly ('order' | 'receipt' | 'waybill')[] = [],
) {
  const { on, modeId, ...facts } = extra;
  const draft = sound();
  change(draft);
  const { order, receipt, waybill, list } = draft;
  return checkRetailExport({
    list,
    ...(without.includes('order') ? {} : { order }),
    ...(without.includes('receipt') ? {} : { receipt }),
    ...(without.includes('waybill') ? {} : { waybill }),
    tables,
    parameters: (on === undefined ? current : packOn(pack, day(on)))?.parameters ?? ({} as never),
    profile: { foreignPlatform: true, inPilotZone: true, dxpId: 'DXPENT0000000001' },
    product: () => ({ licence: false, inspection: false, exportDuty: false }),
    batch: { waybillCount: () => 1, waybillLastUsed: () => undefined },
    orderedOn: day('2026-11-19'),
    ...(modeId === undefined ? {} : { mode: modeOf(modeId) }),
    ...facts,
  });
}

describe('the check list of 9610', () => {
  it('has its rules, each tried', () => {
    expect(customsRules.length).toBeGreaterThanOrEqual(25);
    expect(new Set(customsRules.map((r) => r.id)).size).toBe(customsRules.length);
    expect(Object.keys(trips).sort()).toEqual(customsRules.map((r) => r.id).sort());
    for (const one of customsRules) expect(one.source.length, one.id).toBeGreaterThan(3);
  });
  it('passes a sound set', () => {
    expect(run()).toEqual([]);
    expect(run(undefined, {}, ['order', 'receipt', 'waybill'])).toEqual([]);
  });
  it('takes the modes of an order type from the pack, 1239 among those of retail', () => {
    for (const version of pack.versions)
      expect(version.parameters.orderTypeModes).toEqual({ E: ['9610', '1210', '1239'], B: ['9710'], W: ['9810'] });
    const ofMode = (tradeMode: string, orderType = 'E') =>
      run((draft) => {
        draft.list.InventoryHead['tradeMode'] = tradeMode;
        draft.order.OrderHead['orderType'] = orderType;
      }).filter(({ rule }) => rule === 'C-MODE').length;
    expect([ofMode('1239'), ofMode('1210'), ofMode('9710'), ofMode('9710', 'B'), ofMode('9610', 'B')]).toEqual([
      0, 0, 1, 0, 1,
    ]);
  });
  it.each(Object.entries(trips))('%s trips', (id, [path, change, extra, without]) => {
    const found = run(change, extra, without);
    expect(found.filter((f) => f.rule === id).map((f) => f.path)).toContain(path);
    for (const finding of found) {
      for (const language of ['zh-CN', 'en'] as const)
        expect(textOfFinding(finding, language)?.message, finding.rule).not.toMatch(/[{}]/);
    }
  });
  it('survives empty and broken drafts', () => {
    expect(() => run((d) => Object.assign(d, { list: {}, order: {}, waybill: {}, receipt: {} }))).not.toThrow();
    expect(() => run(head({ grossWeight: 'x', netWeight: '', ieDate: 'zz', packNo: '' }))).not.toThrow();
  });
  it('can be switched off by id', () => {
    const draft = sound();
    const set: RetailExportSet = {
      list: draft.list,
      tables,
      parameters: current.parameters,
      profile: { ...profile, dxpId: 'abc' },
    };
    expect(checkRetailExport(set).map((f) => f.rule)).toEqual(['C-DXP']);
    expect(checkRetailExport(set, { off: new Set(['C-DXP']) })).toEqual([]);
  });
  it('knows edges', () => {
    expect(run(undefined, { batch: { waybillLastUsed: () => day('2026-05-20') } })).toEqual([]);
    expect(run(head({ netWeight: '1.2' }))).toEqual([]);
    expect(run(head({ netWeight: '0' })).map((f) => f.path)).toEqual(['InventoryHead/netWeight']);
    expect(run(head({ ieDate: '20261120' }))).toEqual([]);
    expect(run(orderLine({ qty: '2.00000' }))).toEqual([]);
    expect(run(line({ gcode: '6912990000' }))).toEqual([]);
    expect(run(head({ POD: '3154' }))).toEqual([]);
    // A third of ten to five decimals, three times.
    const third = { qty: '3', price: '3.33333', totalPrice: '10', qty1: '3' };
    expect(run(line(third), {}, ['order', 'receipt', 'waybill'])).toEqual([]);
    // 30.00005 + 674.22 dollars are 4,999.96 yuan.
    const capped = { mode: modeOf('9610'), cnyPerUnit: () => '7.1' };
    expect(run(line({ totalPrice: '674.22' }), capped).map((f) => f.rule)).not.toContain('C-SIMPLIFIED-CAP');
    // Four digits are real under 9610, six are asked for under 9710.
    const short = line({ gcode: '6913000000' });
    expect(run(short, { mode: modeOf('9610') }).map((f) => f.rule)).not.toContain('C-HS-HEADING');
    expect(run(short, { mode: modeOf('9710') }).map((f) => f.rule)).toContain('C-HS-HEADING');
  });
});

describe('rule pack', () => {
  it('has one version a day', () => {
    expect(earlier.parameters.receiptRequired).toBe(true);
    expect(current.parameters.receiptRequired).toBe(false);
    expect(packOn(pack, day('2018-01-01'))).toBeUndefined();
    for (const version of pack.versions) new RegExp(version.parameters.dxpIdPattern);
    for (const date of ['2018-12-29', '2024-12-14', '2024-12-15', '2030-01-01']) {
      expect(
        pack.versions.filter((v) => v.inForceFrom <= date && (v.inForceTo === null || date <= v.inForceTo)).length,
        date,
      ).toBe(1);
    }
  });
});

describe('texts', () => {
  const read = [
    'SYNTAX',
    'DOCTYPE',
    'ROOT',
    'ROOT-NAME',
    'NAMESPACE',
    'UNKNOWN',
    'DUPLICATE',
    'ORDER',
    'COUNT',
    'GUID',
    'TEXT',
    'TRANSFER',
  ].map((r) => `READ-${r}`);
  const identity = ['LENGTH', 'CHARACTER', 'LOWERCASE', 'CHECK', 'FORMAT', 'DATE'].map((r) => `ID-${r}`);
  const wanted = [
    ...customsRules.map((r) => r.id),
    ...messageRules.map((r) => r.id),
    ...declarationRules.map((r) => r.id),
    ...forexFormRules.map((r) => r.id),
    ...documentRules,
    ...read,
    ...identity,
    ...matchCodes.map(findingOfCode),
    'ENTRY-CONFIRM',
    'GUARANTEE-SHORT',
    'SIGN-KEY',
    'SIGN-ENDPOINT',
    'SENT-BEFORE',
    'SENT-UNKNOWN',
    'RISK-SHIPMENT',
    ...endpointRuleIds,
    ...personRules.map((r) => r.id),
  ].sort();
  it.each(['zh-CN', 'en'] as const)('%s has every rule and no other', (language) => {
    expect(Object.keys(ruleTexts[language]).sort()).toEqual(wanted);
    for (const [id, text] of Object.entries(ruleTexts[language]))
      for (const [key, value] of Object.entries(text)) expect(value, `${id} ${key}`).toMatch(/\S/);
  });
  it('uses the same params in both languages, those of one language apart', () => {
    const params = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => (m[1] ?? '').replace(/En$/, '')))].sort();
    for (const id of wanted)
      expect(params(ruleTexts.en[id]?.message ?? ''), id).toEqual(params(ruleTexts['zh-CN'][id]?.message ?? ''));
  });
  it('fills messages', () => {
    expect(fillMessage('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });
});
