import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rescale } from '../money/index.ts';
import { firmDetails, paperDetails } from './details.ts';
import { elementPairs } from './elements.ts';
import {
  buildPaperSet,
  type Coded,
  type PaperDelegation,
  type PaperInput,
  type PaperSet,
  roundTogether,
  type SourceDocument,
  type SourceGoods,
} from './paper-set.ts';
import { nearestName, paperPlaceholders, paperValue, repeatRows, rowValue } from './placeholders.ts';
import { askedPapers, brandNamed, type SlotFigures } from './slots.ts';

const named = (code: string): Coded => ({ code, zh: code, en: code });
const names = {
  customs: named,
  port: named,
  exitPort: named,
  traffic: named,
  mode: named,
  country: named,
  unit: named,
  wrap: named,
  terms: named,
  levyNature: named,
  levyMode: named,
  place: named,
  division: named,
  licence: named,
  edoc: named,
  elements: () => ['品牌类型', '材质', '用途'],
};

function goods(key: string, more: Partial<SourceGoods> = {}): SourceGoods {
  return {
    key,
    sku: 'SKU1',
    nameEn: 'Ceramic cup',
    levyMode: '',
    sourcePlace: '',
    gcode: '6912001000',
    gname: '陶瓷杯',
    gmodel: '品牌类型:无品牌|材质:陶',
    unit: '007',
    unit1: '035',
    currency: 'USD',
    origin: '142',
    destination: '502',
    qty_e5: 100_000n,
    qty1_e5: 50_000n,
    price_e5: 1_234_567n,
    total_e5: 1_234_567n,
    net_e5: 50_000n,
    gross_e5: 60_000n,
    ...more,
  };
}

const fee = { mark: '', amount_e5: 0n, currency: '' };
function document(copNo: string, lines: readonly SourceGoods[], more: Partial<SourceDocument> = {}): SourceDocument {
  const sum = (pick: (one: SourceGoods) => bigint): bigint => lines.reduce((all, one) => all + pick(one), 0n);
  return {
    id: undefined,
    copNo,
    platformNo: '',
    orderNo: copNo,
    waybillNo: `Y${copNo}`,
    isAccepted: false,
    mode: '9710',
    declareAt: '6407',
    exitAt: '6407',
    exitPort: '',
    exportDate: '2026-11-24',
    traffic: '5',
    vehicle: 'HU491',
    billNo: '880-1',
    recordNo: '',
    licenceNo: '',
    contractNo: '',
    tradeCountry: '502',
    arrival: '502',
    pod: '502',
    wrap: '2',
    packages: 1,
    terms: '3',
    freight: fee,
    insurance: fee,
    other: fee,
    levyNature: '',
    marks: '',
    note: '',
    keepsItems: false,
    consignor: { code: 'A', name: '甲公司' },
    producer: { code: 'NO', name: 'NO' },
    declarant: { code: 'A', name: '甲公司' },
    consignee: { code: '', name: '', address: '' },
    platform: { code: '', name: '' },
    carrier: { code: '', name: '' },
    gross_e5: sum((one) => one.gross_e5),
    net_e5: sum((one) => one.net_e5),
    goods: lines,
    ...more,
  };
}

const setOf = (
  documents: readonly SourceDocument[],
  details: object = {},
  maxItems = 50,
  delegation: PaperInput['delegation'] = () => undefined,
): PaperSet =>
  buildPaperSet({
    subject: { kind: 'shipment', id: 1, number: 'S1' },
    documents,
    names,
    firm: firmDetails.parse({}),
    bank: '',
    details: paperDetails.parse(details),
    limits: { maxItems },
    delegation,
    today: '2026-11-21',
  });

const figure = fc.bigInt({ min: 0n, max: 10n ** 10n });
const anyDocuments = fc
  .array(
    fc.record({
      arrival: fc.constantFrom('502', '303'),
      producer: fc.constantFrom('NO', 'P'),
      packages: fc.integer({ min: 0, max: 20 }),
      lines: fc.array(
        fc.record({
          gcode: fc.constantFrom('6912001000', '6109100021', '4202220000'),
          sku: fc.constantFrom('A', 'B', 'C'),
          currency: fc.constantFrom('USD', 'JPY', 'KWD'),
          unit: fc.constantFrom('007', '011'),
          qty_e5: figure,
          total_e5: figure,
          net_e5: figure,
          gross_e5: figure,
        }),
        { minLength: 1, maxLength: 12 },
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ arrival, producer, packages, lines }, at) =>
      document(
        String(at),
        lines.map((one, n) => goods(`${at}/${n}`, { ...one, destination: arrival })),
        { arrival, packages, producer: { code: producer, name: producer } },
      ),
    ),
  );

const digits: Readonly<Record<string, number>> = { USD: 2, JPY: 0, KWD: 3 };
const add = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);

describe('the figures of papers', () => {
  it('are equal on every paper: items, articles and declarations add up to the documents', () => {
    fc.assert(
      fc.property(anyDocuments, fc.integer({ min: 1, max: 4 }), (documents, maxItems) => {
        const set = setOf(documents, {}, maxItems);
        const lines = documents.flatMap((one) => one.goods);
        const items = set.declarations.flatMap((one) => one.items);
        expect(add(set.declarations.map(({ totals }) => totals.packages))).toBe(set.totals.packages);
        expect(set.totals.packages).toBe(BigInt(documents.reduce((all, one) => all + one.packages, 0)));
        for (const { totals, items: own, lists } of set.declarations) {
          expect(own.length).toBeLessThanOrEqual(maxItems);
          expect(lists).toBeGreaterThan(0);
          expect(totals.netG).toBe(add(own.map(({ netG }) => netG)));
        }
        for (const { unit, qty_e5 } of set.totals.quantities)
          expect(qty_e5).toBe(add(lines.filter((one) => one.unit === unit.code).map((one) => one.qty_e5)));
        for (const { currency, amount } of set.totals.amounts) {
          expect(amount).toBe(add(items.filter((one) => one.currency === currency).map((one) => one.amount)));
          // Each declaration rounds once: at most half a unit of each goes with it.
          const exact = add(lines.filter((one) => one.currency === currency).map((one) => one.total_e5));
          const off = amount - rescale(exact, 5, digits[currency] ?? 2, 'halfUp');
          const groups = BigInt(new Set(documents.map((one) => `${one.arrival} ${one.producer.code}`)).size);
          expect(off < 0n ? -off : off).toBeLessThanOrEqual(groups);
        }
        for (const item of items) {
          expect(add(item.packing.map((one) => one.netG))).toBe(item.netG);
          expect(add(item.packing.map((one) => one.grossG))).toBe(item.grossG);
          expect(add(item.packing.map((one) => one.qty_e5))).toBe(item.qty_e5);
        }
      }),
    );
  });

  it('round parts together: ten times 0.005 is 0.05 in all', () => {
    expect(
      add(
        roundTogether(
          Array.from({ length: 10 }, () => 500n),
          2,
        ),
      ),
    ).toBe(5n);
    expect(roundTogether([0n, 0n], 2)).toEqual([0n, 0n]);
    expect(roundTogether([], 2)).toEqual([]);
  });

  it('keep items of a declaration as filed, and lists of differing levy apart', () => {
    const same = [goods('d/1'), goods('d/2')];
    expect(setOf([document('d', same, { keepsItems: true })]).declarations[0]?.items).toHaveLength(2);
    expect(setOf([document('d', same)]).declarations[0]?.items).toHaveLength(1);
    const apart = [goods('d/1', { levyMode: '1' }), goods('d/2', { levyMode: '3' })];
    expect(setOf([document('d', apart)]).declarations[0]?.items.map(({ levyMode }) => levyMode.code)).toEqual([
      '1',
      '3',
    ]);
  });

  it('make one declaration of each consignor, transport, producer, country and office', () => {
    const set = setOf([
      document('1', [goods('1/1')]),
      document('2', [goods('2/1')]),
      document('3', [goods('3/1')], { producer: { code: 'P', name: 'P' } }),
      document('4', [goods('4/1')], { arrival: '303' }),
    ]);
    expect(set.declarations.map(({ lists }) => lists)).toEqual([2, 1, 1]);
    expect(set.declarations.map(({ documents }) => documents.map(({ copNo }) => copNo))).toEqual([
      ['1', '2'],
      ['3'],
      ['4'],
    ]);
    expect(set.isAccepted).toBe(false);
    expect(setOf([document('1', [goods('1/1')], { isAccepted: true })]).isAccepted).toBe(true);
  });

  it('say what a reader will miss', () => {
    const codes = (set: PaperSet): string[] => set.gaps.map(({ code }) => code);
    const gaps = codes(setOf([document('1', [goods('1/1', { gcode: '6912', nameEn: '', gmodel: '' })])]));
    expect(gaps).toEqual(expect.arrayContaining(['buyer', 'firmNameEn', 'nameEn', 'shortCode', 'elements']));
    expect(codes(setOf([document('1', [goods('1/1')], { mode: '9610' })], { payment: 'T/T' }))).not.toContain('buyer');
  });
});

describe('placeholders', () => {
  const set = setOf([document('1', [goods('1/1'), goods('1/2', { sku: 'B' })])], { invoiceNo: 'INV-1' });
  it('each have a value', () => {
    const [row] = repeatRows(set, 'packing');
    if (row === undefined) throw new Error('no packing');
    for (const { name, group } of paperPlaceholders)
      expect(group === 'paper' ? paperValue(name, set) : rowValue(name, group, row, set), name).toBeDefined();
    expect(paperValue('invoice.no', set)?.text).toBe('INV-1');
    expect(paperValue('total.amount', set)?.text).toBe('24.69');
    expect(repeatRows(set, 'goods')).toHaveLength(1);
    expect(repeatRows(set, 'packing').map(({ detail }) => detail?.sku)).toEqual(['SKU1', 'B']);
  });
  it.each([
    ['invoice.nr', undefined, 'invoice.no'],
    ['Invoice.No', undefined, 'invoice.no'],
    ['amout', 'goods', 'amount'],
    ['xyzzyplugh', 'goods', ''],
  ] as const)('%s: the nearest is %s %s', (typed, group, nearest) => {
    expect(nearestName(typed, group)).toBe(nearest);
  });
});

describe('what the goods ask for', () => {
  const figures: SlotFigures = {
    slots: [
      {
        code: 'contract',
        zh: '',
        en: '',
        modes: ['9710'],
        when: 'always',
        level: 'must',
        whyZh: '',
        whyEn: '',
        source: '',
        stage: 'declaration',
      },
      {
        code: 'msds',
        zh: '',
        en: '',
        modes: [],
        when: 'battery',
        level: 'must',
        whyZh: '',
        whyEn: '',
        source: '',
        stage: 'declaration',
      },
      {
        code: 'proxy',
        zh: '',
        en: '',
        modes: [],
        when: 'agent',
        level: 'must',
        whyZh: '',
        whyEn: '',
        source: '',
        stage: 'declaration',
      },
      {
        code: 'brand',
        zh: '',
        en: '',
        modes: [],
        when: 'brand',
        level: 'must',
        whyZh: '',
        whyEn: '',
        source: '',
        stage: 'declaration',
      },
      {
        code: 'licence',
        zh: '',
        en: '',
        modes: [],
        when: 'licence',
        level: 'must',
        whyZh: '',
        whyEn: '',
        source: '',
        stage: 'declaration',
      },
    ],
    batteryCodes: ['8507'],
    batteryWords: ['锂电'],
    dangerousCodes: [],
    dangerousWords: [],
    noBrandWords: ['无品牌'],
  };
  const none = { isLicensed: false, isTaxed: false, isInspected: false, isTransit: false };
  const asked = (set: PaperSet, isLicensed = false) =>
    askedPapers(set, figures, { ...none, isLicensed }).slots.map(({ code, level }) => `${code}:${level}`);

  it('depends on the mode, the agent and the licence', () => {
    const one = document('1', [goods('1/1')]);
    expect(asked(setOf([one]))).toEqual(['contract:must']);
    expect(asked(setOf([{ ...one, mode: '9610' }]))).toEqual([]);
    expect(asked(setOf([{ ...one, declarant: { code: 'B', name: '乙' } }]), true)).toEqual([
      'contract:must',
      'proxy:must',
      'licence:must',
    ]);
  });

  it('takes a battery for a doubt until the user has said', () => {
    const one = document('1', [goods('1/1', { gcode: '8507600090', gname: '锂电池组' })]);
    expect(asked(setOf([one]))).toContain('msds:doubt');
    expect(asked(setOf([one], { dangerous: 'battery' }))).toContain('msds:must');
    expect(asked(setOf([one], { dangerous: 'no' }))).not.toContain('msds:must');
    expect(askedPapers(setOf([one]), figures, none).questions).toMatchObject([
      { field: 'dangerous', items: ['锂电池组'] },
    ]);
  });

  it('asks of brands until somebody has looked', () => {
    const one = document('1', [goods('1/1', { gmodel: '品牌:ACME|材质:陶' })]);
    expect(asked(setOf([one]))).toContain('brand:doubt');
    expect(asked(setOf([one], { brand: 'own' }))).not.toContain('brand:doubt');
    expect(asked(setOf([one], { brand: 'authorised' }))).toContain('brand:must');
    expect(brandNamed('品牌类型:无品牌', ['无品牌'])).toBeUndefined();
    expect(brandNamed('品牌类型:0|品牌:无', ['无品牌'])).toBeUndefined();
    expect(brandNamed('材质:陶', ['无品牌'])).toBeUndefined();
    expect(brandNamed('材质:陶|品牌:无印良品', ['无品牌'])).toBe('品牌:无印良品');
  });
});

it('elements are read by their colons, and stand alone without', () => {
  expect(elementPairs('品牌类型:无品牌|陶|用途：日用')).toEqual([
    { name: '品牌类型', value: '无品牌' },
    { name: '', value: '陶' },
    { name: '用途', value: '日用' },
  ]);
  expect(elementPairs('  ')).toEqual([]);
});

it('elements without names take those of the code, at their places', () => {
  const names = ['品牌类型', '出口享惠情况', '材质', '用途'];
  expect(elementPairs('0|1|陶', names).map(({ name }) => name)).toEqual(['品牌类型', '出口享惠情况', '材质']);
  expect(elementPairs('0|用途:日用|陶|1', names).map(({ name }) => name)).toEqual(['品牌类型', '用途', '材质', '']);
  // A colon within a value makes no name of what stands before it.
  const textile = ['品牌类型', '出口享惠情况', '织造方法', '种类', '成分含量'];
  expect(elementPairs('0|0|针织|男式|棉:60%涤:40%', textile)[4]).toEqual({ name: '成分含量', value: '棉:60%涤:40%' });
  expect(elementPairs('0|0|针织|男式|成分含量:棉:60%涤:40%', textile)[4]).toEqual({
    name: '成分含量',
    value: '棉:60%涤:40%',
  });
  expect(elementPairs('0|1|陶|日用|红', names).every(({ name }) => name === '')).toBe(true);
  expect(setOf([document('1', [goods('1/1', { gmodel: '0|陶' })])]).declarations[0]?.items[0]?.elements).toEqual([
    { name: '品牌类型', value: '0' },
    { name: '材质', value: '陶' },
  ]);
});

describe('the proxy letter', () => {
  const delegation: PaperDelegation = {
    number: 'W-1',
    principal: { code: 'A', name: '甲公司' },
    agent: { code: 'B', name: '乙报关行' },
    until: '2027-06-30',
  };
  it('names the parties of the delegation in force for the firm, mode and day', () => {
    const asked: unknown[] = [];
    const set = setOf([document('1', [goods('1/1')])], {}, 50, (one) => {
      asked.push(one);
      return delegation;
    });
    expect(asked).toEqual([
      { principal: 'A', agent: 'A', mode: '9710', message: 'CEB603Message', date: set.declarations[0]?.exportDate },
    ]);
    expect(set.declarations[0]?.delegation).toEqual(delegation);
  });
  it('is of the document’s own parties where none is in force', () => {
    expect(setOf([document('1', [goods('1/1')])]).declarations[0]?.delegation).toBeUndefined();
  });
});
