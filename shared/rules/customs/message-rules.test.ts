/** Every rule of messages with a sound document that it lets pass and a change that trips it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../documents/catalogue.ts';
import { documentRules, type MessageName, validateAny } from '../../documents/index.ts';
import { parse5 } from '../../money/decimal.ts';
import { slotPack } from '../../papers/slots.ts';
import { buildTable, tableSet } from '../../tables/index.ts';
import { forexFormRules } from '../forex-forms/rules.ts';
import type { BondedFacts } from './facts.ts';
import {
  type BookFacts,
  checkMessage,
  customsRules,
  medianOf,
  messageCheckPackSchema,
  messageRules,
  ruleTexts,
  textOfFinding,
} from './index.ts';
import {
  always,
  BUYER,
  bodyOf,
  book,
  type Doc,
  day,
  FIRM,
  fieldTrips,
  fromLedger,
  head,
  ledger,
  line,
  sound,
  trips,
  whole,
  wholeHead,
} from './message-cases.testing.ts';

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${name}`, import.meta.url), 'utf8'));
const tables = tableSet(['customs_district'].map((id) => buildTable(json(`tables/${id}.json`))));
const parameters = messageCheckPackSchema.parse(json('rules/customs-checks.json')).versions[0]?.parameters;
if (parameters === undefined) throw new Error('no pack');
const [asked] = slotPack.parse(json('rules/papers-by-mode.json')).versions;
if (asked === undefined) throw new Error('no pack');
const borrowed = {
  goods: asked.parameters,
  retail: (filed: string) =>
    filed < '2019-01-01'
      ? { transactionLimit: '2000', annualLimit: '20000' }
      : { transactionLimit: '5000', annualLimit: '26000' },
  importReturnDays: () => 30,
  exportReturnMonths: () => 6,
  summaryDeadline: (month: string) =>
    day(`${month.slice(0, 5)}${String(Number(month.slice(5)) + 1).padStart(2, '0')}-15`),
};
function run(message: MessageName, change: (doc: Doc) => unknown = () => undefined, facts: BookFacts = {}) {
  const doc = sound(message);
  change(doc);
  return checkMessage({
    message,
    body: bodyOf(message, doc),
    tables,
    parameters: parameters ?? ({} as never),
    borrowed,
    vagueGoods: ['礼品'],
    facts: { ...book(message), ...facts },
  });
}

describe('the checks of messages', () => {
  it('are each tried', () => {
    expect(new Set(messageRules.map(({ id }) => id)).size).toBe(messageRules.length);
    expect(Object.keys(trips).sort()).toEqual(messageRules.map(({ id }) => id).sort());
    for (const { source, messages } of messageRules) {
      expect(source.length).toBeGreaterThan(3);
      expect(messages.length).toBeGreaterThan(0);
    }
  });
  it('hold an import list against the limits of the day it is filed, not of today', () => {
    const limits = (appTime: string) =>
      run(
        'CEB621Message',
        (doc) => {
          doc.head['appTime'] = appTime;
          line({ totalPrice: '3000' })(doc);
        },
        { importedInYear: () => parse5('18000'), today: day('2026-11-21') },
      )
        .filter(({ rule }) => rule === 'M-IMPORT-LIMIT' || rule === 'M-IMPORT-YEAR')
        .map(({ rule, params }) => [rule, params['limit']]);
    expect(limits('20181231120000')).toEqual([
      ['M-IMPORT-LIMIT', '2000'],
      ['M-IMPORT-YEAR', '20000'],
    ]);
    expect(limits('20190101120000')).toEqual([]);
  });
  it('are at least 120 with those of fields, of retail export and of foreign exchange left out', () => {
    expect(messageRules.length + customsRules.length + documentRules.length).toBeGreaterThanOrEqual(120);
  });
  it.each([...new Set(messageRules.flatMap(({ messages }) => messages))])('%s passes when it is sound', (message) => {
    expect(run(message)).toEqual([]);
  });
  it('a declaration is held against the master waybill of its bill as a list is', () => {
    const found = (manifest: NonNullable<BookFacts['manifest']>) =>
      run('DecMessage', head({ BillNo: '880-12345675', GrossWet: '60', PackNo: '2' }), { manifest }).map(
        ({ rule, path }) => [rule, path],
      );
    expect(found(() => undefined)).toEqual([]);
    expect(found(() => null)).toEqual([['M-MANIFEST', 'DecHead/BillNo']]);
    expect(found(() => whole())).toEqual([]);
    expect(found(() => whole({ grossWeight: 59n, packages: 1n }))).toEqual([
      ['M-BILL-WEIGHT', 'DecHead/GrossWet'],
      ['M-BILL-PACKAGES', 'DecHead/PackNo'],
    ]);
    // What the master waybill states comes before the waybills of the lists.
    const light = { grossWeight: 1n, listedWeight: 0n };
    expect(found(() => light)).toEqual([['M-BILL-LISTED', 'DecHead/GrossWet']]);
    expect(found(() => ({ ...whole(), ...light }))).toEqual([]);
  });
  it('a brand is asked for its right only where there is one and nothing proves it', () => {
    const found = (gmodel: string, facts: BookFacts) =>
      run('CEB603Message', line({ gmodel }), facts).filter(({ rule }) => rule === 'M-BRAND').length;
    const branded = '品牌类型:1|品牌:海岛';
    expect(found(branded, { brandRight: () => false })).toBe(1);
    expect(found(branded, { brandRight: () => true })).toBe(0);
    expect(found(branded, { brandRight: () => false, listedBrand: () => ({ type: '1', hasRight: true }) })).toBe(0);
    expect(found('品牌类型:0|品牌:无', { brandRight: () => false })).toBe(0);
    // Where the specification is silent the listing speaks.
    expect(found('陶瓷', { brandRight: () => false, listedBrand: () => ({ type: '4', hasRight: false }) })).toBe(1);
    expect(found('陶瓷', { brandRight: () => false })).toBe(0);
  });
  it('a brand that is named without its type is asked for its right too, one that says none is not', () => {
    const found = (gmodel: string) =>
      run('CEB603Message', line({ gmodel }), { brandRight: () => false }).flatMap(({ rule, params }) =>
        rule === 'M-BRAND' ? [params] : [],
      );
    expect(found('材质:陶瓷|品牌:海岛')).toMatchObject([{ type: '品牌:海岛' }]);
    expect(found('材质:陶瓷|品牌:无印良品')).toHaveLength(1);
    for (const none of ['材质:陶瓷|品牌:无', '材质:陶瓷|品牌：无品牌', '材质:陶瓷|品牌:', '陶瓷'])
      expect(found(none)).toEqual([]);
  });
  it('goods that look like batteries or dangers are asked about, and their papers wanted once it is said', () => {
    const found = (answer: 'no' | 'battery' | 'dangerous' | '', onFile: string[], fields: Record<string, string>) =>
      run('CEB603Message', line(fields), { danger: () => ({ answer, onFile: new Set(onFile) }) }).flatMap(
        ({ rule, params }) => (rule.startsWith('M-DANGER') ? [[rule, params?.['papers']]] : []),
      );
    const bank = { gname: '充电宝', gcode: '8507600090' };
    const perfume = { gname: '香水', gcode: '3303000010' };
    expect(found('', [], bank)).toEqual([['M-DANGER-ASK', undefined]]);
    expect(found('', [], perfume)).toEqual([['M-DANGER-ASK', undefined]]);
    expect(found('no', [], bank)).toEqual([]);
    expect(found('', [], {})).toEqual([]);
    expect(found('battery', ['msds', 'transport-conditions'], bank)).toEqual([
      ['M-DANGER-PAPERS', '锂电池 UN38.3 检测报告'],
    ]);
    expect(found('battery', ['msds', 'transport-conditions', 'battery-test'], bank)).toEqual([]);
    expect(found('dangerous', [], perfume)).toEqual([
      ['M-DANGER-PAPERS', '化学品安全技术说明书（MSDS）、危险货物包装使用鉴定结果单'],
    ]);
    // The other lists of the shipment have nothing to do with it.
    expect(found('battery', [], {})).toEqual([]);
  });
  it('a list of 1210 passes that takes no more than its ledger has, however its lines divide it', () => {
    const found = (change: (doc: Doc) => unknown, of?: Partial<BondedFacts>) =>
      run('CEB603Message', change, ledger(of)).flatMap(({ rule, path }) =>
        rule.startsWith('M-BONDED') ? [[rule, path]] : [],
      );
    expect(found(fromLedger({ qty: '10' }))).toEqual([]);
    const twice = (doc: Doc): void => {
      fromLedger({ qty: '6' })(doc);
      doc.lines.push({ ...doc.lines[0], gnum: '2' });
    };
    expect(found(twice)).toEqual([['M-BONDED-SHORT', 'InventoryList[2]/qty']]);
    // A deletion takes nothing, and a ledger that was closed lets nothing out.
    expect(found((doc) => [twice(doc), head({ appType: '3' })(doc)])).toEqual([]);
    expect(found(fromLedger(), { isOpen: false })).toEqual([['M-BONDED-BOOK', 'InventoryHead/emsNo']]);
  });
  it('the class of customs is told where it is bad, an account asked for where it is wanting', () => {
    const held = { name: { zh: '甲', en: 'A' }, effects: [], unknown: null, source: '令' };
    for (const standing of ['good', 'plain', 'unknown'] as const)
      expect(run('CEB603Message', undefined, { customsClass: () => ({ ...held, standing }) })).toEqual([]);
    expect(run('CEB603Message', undefined, { account: () => true })).toEqual([]);
  });

  it.each(Object.entries(trips))('%s trips', (id, [message, path, change, facts]) => {
    const found = run(message, change, facts);
    expect(found.filter((one) => one.rule === id).map((one) => one.path)).toContain(path);
    for (const finding of found)
      for (const language of ['zh-CN', 'en'] as const)
        expect(textOfFinding(finding, language)?.message, finding.rule).not.toMatch(/[{}]/);
  });
  it('read the parties, mode and day of a goods declaration too', () => {
    const tripped = (facts: BookFacts, change?: (doc: Doc) => unknown) =>
      run('DecMessage', change, facts).map(({ rule, path }) => [rule, path]);
    expect(tripped({ delegations: () => [] })).toEqual([['M-DELEGATION', 'DecHead/AgentCodeScc']]);
    expect(tripped({ delegations: () => [{ ...always, to: day('2026-11-19') }] })).toEqual([
      ['M-DELEGATION-DATE', 'DecHead/AgentCodeScc'],
    ]);
    expect(tripped({ delegations: () => [{ ...always, modes: ['9610'] }] })).toEqual([
      ['M-DELEGATION-MODE', 'DecHead/TradeMode'],
    ]);
    expect(tripped({ delegations: () => [{ ...always, messages: ['CEB603Message'] }] })).toEqual([
      ['M-DELEGATION-KIND', 'DecHead/AgentCodeScc'],
    ]);
    expect(tripped({ delegations: () => [] }, head({ AgentCodeScc: FIRM }))).toEqual([]);
  });
  it('hold the end of a registration against those that name modes alone', () => {
    const of = (registrations: BookFacts['registrations']) =>
      run('CEB603Message', undefined, registrations === undefined ? {} : { registrations })
        .map(({ rule }) => rule)
        .filter((rule) => rule.startsWith('M-REGISTRATION'));
    const ended = { number: 'BA-1', modes: ['9610'], to: day('2026-11-19') };
    expect(of(() => [ended, { number: 'BA-2', modes: [] }])).toEqual(['M-REGISTRATION-DATE']);
    expect(of(() => [ended, { number: 'BA-3', modes: ['9610'] }])).toEqual([]);
  });
  it.each(['CEB605Message', 'CEB623Message', 'CEB213Message', 'CEB625Message', 'CEB701Message'] as const)(
    'ask for a delegation in force on a %s',
    (message) => {
      const of = (to: string) => run(message, undefined, { delegations: () => [{ ...always, to: day(to) }] });
      expect(of('2026-11-19').map(({ rule }) => rule)).toEqual(['M-DELEGATION-DATE']);
      expect(of('2026-11-20')).toEqual([]);
    },
  );
  it('are silent where the book knows nothing', () => {
    for (const [id, [message, , , facts]] of Object.entries(trips)) {
      if (facts === undefined) continue;
      const unknown = Object.fromEntries(Object.keys(facts).map((name) => [name, () => undefined]));
      expect(
        run(message, undefined, unknown as BookFacts).map(({ rule }) => rule),
        id,
      ).not.toContain(id);
    }
  });
  it('survive empty documents and can be switched off', () => {
    for (const message of new Set(messageRules.flatMap(({ messages }) => messages)))
      expect(() =>
        checkMessage({ message, body: {}, tables, parameters, borrowed: {}, vagueGoods: [], facts: {} }),
      ).not.toThrow();
    const doc = sound('CEB513Message');
    doc.head['logisticsStatus'] = 'R';
    const set = {
      message: 'CEB513Message',
      body: bodyOf('CEB513Message', doc),
      tables,
      parameters,
      borrowed,
      vagueGoods: [],
      facts: {},
    } as const;
    expect(checkMessage(set).map(({ rule }) => rule)).toEqual(['M-SIGNED-STATUS']);
    expect(checkMessage(set, { off: new Set(['M-SIGNED-STATUS']) })).toEqual([]);
  });
  it('never show an identity number whole', () => {
    const [found] = run('CEB411Message', head({ payerIdNumber: `${BUYER.slice(0, 17)}?` }));
    expect(JSON.stringify(found?.params)).not.toContain(BUYER.slice(6, 14));
  });
});

describe('the checks of single fields', () => {
  const field = (change: (doc: Doc) => unknown = () => undefined) => {
    const doc = sound('CEB603Message');
    Object.assign(doc.head, wholeHead);
    Object.assign(doc.lines[0] ?? {}, { country: '502' });
    change(doc);
    return validateAny(catalogue.CEB603Message, bodyOf('CEB603Message', doc), tables);
  };
  it('let a sound list pass', () => expect(field()).toEqual([]));
  it.each(Object.entries(fieldTrips))('%s trips', (id, change) => {
    expect(field(change).map(({ rule }) => rule)).toContain(id);
  });
});

it('every rule has its level, source and texts in both languages', () => {
  for (const { id } of [...messageRules, ...customsRules, ...forexFormRules])
    for (const language of ['zh-CN', 'en'] as const)
      for (const part of ['title', 'message', 'why', 'remedy'] as const)
        expect(ruleTexts[language][id]?.[part], `${id} ${language} ${part}`).toMatch(/\S/);
});

it('takes the middle of prices', () => {
  expect(medianOf([])).toBe(0n);
  expect(medianOf([3n, 1n, 2n])).toBe(2n);
  expect(medianOf([4n, 1n, 2n, 3n])).toBe(3n);
});

describe('a finding that rests on another rule', () => {
  it('names it in words, never by its code', () => {
    for (const rule of ['M-CODE-FORM', 'C-CODE-FORM'])
      for (const language of ['zh-CN', 'en'] as const) {
        const text = textOfFinding({ rule, params: { value: '91460000MA5DEMQ01X', reason: 'ID-CHECK' } }, language);
        expect(text?.message).toContain(ruleTexts[language]['ID-CHECK']?.title);
        expect(text?.message).not.toMatch(/ID-CHECK|\{/);
      }
  });
});
