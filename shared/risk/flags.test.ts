import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, type IsoDate, parseIsoDate } from '../calendar/index.ts';
import type { BookRow } from '../contract/risk.ts';
import { reusedPapers, sharedContacts, suddenGrowth, youngSuppliers } from './firm-flags.ts';
import { compareFractions, fractionText, outcomeOf, redFlagsPackSchema, type Verdict } from './flags.ts';
import { type MoveFact, oddFreight, oddPrices, oddValues, type PointFact, roundTrips } from './goods-flags.ts';
import {
  indicatorsOutside,
  type PayerFact,
  type ReceiptFact,
  roundAmounts,
  splitTransactions,
  thirdPartyPayers,
  type UsdFact,
  unmatchedReceipts,
} from './money-flags.ts';

const [version] = redFlagsPackSchema.parse(
  JSON.parse(readFileSync(new URL('../../resources/rules/risk-red-flags.json', import.meta.url), 'utf8')),
).versions;
if (version === undefined) throw new Error('no version');
const figures = version.parameters;

const day = (text: string): IsoDate => {
  const date = parseIsoDate(text);
  if (date === undefined) throw new Error(text);
  return date;
};
const today = day('2026-11-21');
const row = (id: number | string, kind: BookRow['kind'] = 'record'): BookRow => ({
  kind,
  id: String(id),
  label: `N${id}`,
});
const keys = ({ hits }: Verdict): string[] => hits.map(({ key }) => key);

describe('R01 unmatched receipts', () => {
  const receipt = (id: number, days: number, allocatedMinor: number): ReceiptFact => ({
    ...{ row: row(id), id, date: addDays(today, -days), minor: 10_000, allocatedMinor },
  });
  it('trips after 90 days, not on the ninetieth', () => {
    expect(keys(unmatchedReceipts([receipt(1, 91, 0), receipt(2, 90, 0)], today, figures.R01))).toEqual(['record:1']);
  });
  it('takes a receipt for matched from one percent on', () => {
    expect(keys(unmatchedReceipts([receipt(1, 200, 99), receipt(2, 200, 100)], today, figures.R01))).toEqual([
      'record:1',
    ]);
  });
});

describe('R02 payers', () => {
  const payer = (id: number, of: Partial<PayerFact>): PayerFact => ({
    ...{ row: row(id), id, date: today, minor: 1, payer: 'ACME LTD', payerCountry: 'US', isKnownChannel: false },
    ...{ buyers: ['Acme'], countries: ['US'], isExplained: false, paid: [row('o', 'order')] },
    ...of,
  });
  const isAlike = (a: string, b: string): boolean => a.slice(0, 4).toLowerCase() === b.slice(0, 4).toLowerCase();
  it('trips on a stranger and on a strange country, not on buyer, platform or an explained payer', () => {
    const verdict = thirdPartyPayers(
      [
        payer(1, {}),
        payer(2, { payer: 'Borg Inc' }),
        payer(3, { payerCountry: 'HK' }),
        payer(4, { payer: 'Borg Inc', isKnownChannel: true }),
        payer(5, { payer: 'Borg Inc', payerCountry: 'HK', isExplained: true }),
        payer(6, { isKnownChannel: true, payerCountry: 'HK' }),
      ],
      isAlike,
    );
    expect(verdict.hits.map(({ key, params }) => [key, params['reason']])).toEqual([
      ['record:2', 'name'],
      ['record:3', 'country'],
      ['record:6', 'country'],
    ]);
    expect(verdict.missing).toEqual([]);
  });
  it('says what it lacks instead of passing', () => {
    const verdict = thirdPartyPayers(
      [
        payer(1, { buyers: [] }),
        payer(2, { payerCountry: undefined }),
        payer(3, { payer: '' }),
        payer(4, { countries: [] }),
      ],
      isAlike,
    );
    expect(verdict.hits).toEqual([]);
    expect(verdict.missing.map(({ code }) => code)).toEqual(['payerName', 'buyerName', 'payerCountry', 'buyerCountry']);
    expect(outcomeOf(verdict)).toBe('cannot-tell');
  });
});

describe('R03 round trips', () => {
  let serial = 0;
  const move = (direction: 'out' | 'in', date: string, valueFen: number | undefined = 100_000, sku = 'A'): MoveFact => {
    serial += 1;
    return { row: row(serial, 'stock-move'), id: serial, direction, date: day(date), sku, qtyE5: 100_000, valueFen };
  };
  it('trips on two returns within twelve months, not on one', () => {
    const one = [move('out', '2026-01-01'), move('in', '2026-02-01'), move('out', '2026-03-01')];
    expect(keys(roundTrips(one, figures.R03))).toEqual([]);
    expect(keys(roundTrips([...one, move('in', '2027-02-01')], figures.R03))).toEqual(['goods:A:100000']);
    expect(keys(roundTrips([...one, move('in', '2027-02-02')], figures.R03))).toEqual([]);
  });
  it('pairs only goods of one value, within five percent', () => {
    const trips = (back: number) => [
      ...[move('out', '2026-01-01'), move('in', '2026-02-01', back)],
      ...[move('out', '2026-03-01'), move('in', '2026-04-01', back)],
    ];
    expect(keys(roundTrips(trips(105_000), figures.R03))).toHaveLength(1);
    expect(keys(roundTrips(trips(105_001), figures.R03))).toHaveLength(0);
  });
  it('takes nothing back that did not leave before', () => {
    expect(
      keys(roundTrips([move('in', '2026-01-01'), move('in', '2026-02-01'), move('out', '2026-03-01')], figures.R03)),
    ).toEqual([]);
  });
});

describe('R04 unit prices', () => {
  const points = (values: readonly number[], odd: number, oddDate = '2026-06-01'): PointFact[] => [
    ...values.map(
      (value, at): PointFact => ({
        row: row(at),
        id: at,
        date: addDays(day('2026-01-01'), at),
        group: 'A',
        value: { n: BigInt(value), d: 1n },
      }),
    ),
    { row: row(99), id: 99, date: day(oddDate), group: 'A', value: { n: BigInt(odd), d: 1n } },
  ];
  it('trips above three times the median and below a third of it, not at them', () => {
    const base = [300, 300, 300, 300, 300];
    expect(keys(oddPrices(points(base, 901), figures.R04, []))).toEqual(['goods:A']);
    expect(keys(oddPrices(points(base, 900), figures.R04, []))).toEqual([]);
    expect(keys(oddPrices(points(base, 99), figures.R04, []))).toEqual(['goods:A']);
    expect(keys(oddPrices(points(base, 100), figures.R04, []))).toEqual([]);
  });
  it('needs five others within twelve months', () => {
    expect(keys(oddPrices(points([300, 300, 300, 300], 3000), figures.R04, []))).toEqual([]);
    // The first of the five is a day too old.
    expect(keys(oddPrices(points([300, 300, 300, 300, 300], 3000, '2027-01-01'), figures.R04, []))).toEqual([
      'goods:A',
    ]);
    expect(keys(oddPrices(points([300, 300, 300, 300, 300], 3000, '2027-01-02'), figures.R04, []))).toEqual([]);
  });
  it('takes the mean of the two in the middle', () => {
    expect(keys(oddPrices(points([100, 100, 100, 200, 200, 200], 450), figures.R04, []))).toEqual([]);
    expect(keys(oddPrices(points([100, 100, 100, 200, 200, 200], 451), figures.R04, []))).toEqual(['goods:A']);
  });
  it('names lines without a price in yuan', () => {
    expect(outcomeOf(oddPrices([], figures.R04, [row(1, 'export-line')]))).toBe('cannot-tell');
  });
});

describe('R05 value by weight', () => {
  const points = (count: number, odd: number): PointFact[] => [
    ...Array.from(
      { length: count },
      (_, at): PointFact => ({
        row: row(at),
        id: at,
        date: day('2026-01-01'),
        group: '610910',
        value: { n: BigInt(1000 + at), d: 3n },
      }),
    ),
    { row: row('odd'), id: 1000, date: day('2026-02-01'), group: '610910', value: { n: BigInt(odd), d: 3n } },
  ];
  const of = (list: PointFact[]) =>
    oddValues(list, figures.R05, { rates: [], weights: [] }).hits.flatMap(({ rows }) => rows.map(({ label }) => label));
  it('trips outside the band of a hundred others, not on its border', () => {
    expect(of(points(100, 1000))).not.toContain('Nodd');
    expect(of(points(100, 999))).toContain('Nodd');
    expect(of(points(100, 1098))).not.toContain('Nodd');
    expect(of(points(100, 1099))).toContain('Nodd');
    expect(of(points(99, 9999))).toEqual([]);
  });
  it('says that weights are missing', () => {
    const verdict = oddValues([], figures.R05, { rates: [], weights: [row(1, 'export-line')] });
    expect(verdict.missing).toMatchObject([{ code: 'weight', params: { count: 1 } }]);
  });
});

describe('R06 splitting', () => {
  let serial = 0;
  const receipt = (date: string, usd: number | undefined, direction: UsdFact['direction'] = 'receipts'): UsdFact => {
    serial += 1;
    return {
      row: row(serial),
      id: serial,
      date: day(date),
      minor: 1,
      direction,
      usdMinor: usd === undefined ? undefined : Math.round(usd * 100),
    };
  };
  const near = (...dates: string[]) => dates.map((date) => receipt(date, 45_000));
  it('trips on three within seven days from 90 % of the threshold up to it', () => {
    const clusters = (facts: UsdFact[]) =>
      splitTransactions(facts, figures.R06).hits.filter(({ key }) => key.startsWith('cluster'));
    expect(clusters(near('2026-03-01', '2026-03-04', '2026-03-08'))).toHaveLength(1);
    expect(clusters(near('2026-03-01', '2026-03-04', '2026-03-09'))).toHaveLength(0);
    const at = (usd: number) =>
      clusters([receipt('2026-03-01', usd), receipt('2026-03-02', usd), receipt('2026-03-03', usd)]).length;
    expect([44_999.99, 45_000, 50_000, 50_000.01].map(at)).toEqual([0, 1, 1, 0]);
    expect(clusters([...near('2026-03-01', '2026-03-02'), receipt('2026-03-03', 46_000, 'payments')])).toHaveLength(0);
  });
  it('keeps a growing cluster one flag of the same key', () => {
    const facts = near('2026-03-01', '2026-03-04', '2026-03-08');
    const [before] = splitTransactions(facts, figures.R06).hits;
    const [after] = splitTransactions([...facts, ...near('2026-03-10')], figures.R06).hits;
    expect([after?.key, before?.rows.length, after?.rows.length]).toEqual([before?.key, 3, 4]);
  });
  it('trips on a year just below 200,000, receipts and payments apart', () => {
    const year = (usd: number) =>
      keys(splitTransactions([receipt('2026-01-05', usd / 2), receipt('2026-07-05', usd / 2)], figures.R06)).filter(
        (key) => key.startsWith('year'),
      );
    expect(year(179_999)).toEqual([]);
    expect(year(180_000)).toEqual(['year:receipts:2026']);
    expect(year(200_000)).toEqual(['year:receipts:2026']);
    expect(year(200_001)).toEqual([]);
  });
  it('names what has no rate', () => {
    expect(splitTransactions([receipt('2026-01-05', undefined)], figures.R06).missing).toMatchObject([
      { code: 'usdRate' },
    ]);
  });
});

describe('R07 round amounts', () => {
  const group = (transactions: number, round: number) =>
    roundAmounts(
      [{ key: 'account:1', subject: 'A', transactions, round: Array.from({ length: round }, (_, at) => row(at)) }],
      figures.R07,
    );
  it('trips from eighty percent of twenty on', () => {
    expect(keys(group(20, 16))).toEqual(['account:1']);
    expect(keys(group(20, 15))).toEqual([]);
    expect(keys(group(19, 19))).toEqual([]);
  });
});

describe('R08 shared contacts', () => {
  const orders = (buyers: number, step: number) =>
    Array.from({ length: buyers }, (_, at) => ({
      row: row(at, 'order'),
      date: addDays(day('2026-01-01'), at * step),
      kind: 'phone' as const,
      contact: '13800001111',
      masked: '138****1111',
      buyer: `B${at}`,
    }));
  const run = (facts: ReturnType<typeof orders>) =>
    keys(sharedContacts(facts, facts.length, [], figures.R08, () => 'x'));
  it('trips on ten buyers within thirty days', () => {
    expect(run(orders(10, 3))).toEqual(['phone:x']);
    expect(run(orders(9, 3))).toEqual([]);
    // Ten buyers, the last of them on day 36.
    expect(run(orders(10, 4))).toEqual([]);
  });
  it('counts a buyer once', () => {
    expect(run(orders(12, 1).map((one) => ({ ...one, buyer: 'B' })))).toEqual([]);
  });
});

describe('R09 growth', () => {
  const month = (
    at: string,
    exportsFen: number,
    of: { staff?: number | undefined; stockFen?: number | undefined; freightFen?: number | undefined } = {},
  ) => ({
    ...{ month: at, exportsFen, staff: 5, stockFen: 1000, freightFen: 100, row: row(at, 'month') },
    ...of,
  });
  it('trips above three times the month before, while nothing else moved', () => {
    expect(keys(suddenGrowth([month('2026-01', 100), month('2026-02', 301)], figures.R09))).toEqual(['month:2026-02']);
    expect(keys(suddenGrowth([month('2026-01', 100), month('2026-02', 300)], figures.R09))).toEqual([]);
    expect(keys(suddenGrowth([month('2026-01', 100), month('2026-02', 301, { stockFen: 1200 })], figures.R09))).toEqual(
      ['month:2026-02'],
    );
    expect(keys(suddenGrowth([month('2026-01', 100), month('2026-02', 301, { stockFen: 1201 })], figures.R09))).toEqual(
      [],
    );
  });
  it('cannot tell without staff, unless something else answers', () => {
    const lacking = suddenGrowth([month('2026-01', 100), month('2026-02', 400, { staff: undefined })], figures.R09);
    expect(outcomeOf(lacking)).toBe('cannot-tell');
    expect(lacking.missing).toMatchObject([{ code: 'growthFacts', params: { facts: 'staff' } }]);
    expect(
      outcomeOf(
        suddenGrowth(
          [month('2026-01', 100), month('2026-02', 400, { staff: undefined, freightFen: 300 })],
          figures.R09,
        ),
      ),
    ).toBe('clear');
  });
});

describe('R10 young suppliers', () => {
  const part = (supplierId: number, foundedOn: string | undefined, refundFen: number) => ({
    ...{
      supplierId,
      supplier: row(supplierId, 'party'),
      foundedOn: foundedOn === undefined ? undefined : day(foundedOn),
    },
    ...{ invoicedOn: day('2026-06-30'), refundFen, invoices: [row(`i${supplierId}`, 'invoice')] },
  });
  const run = (...parts: ReturnType<typeof part>[]) => youngSuppliers([{ claim: '2026-06', parts }], figures.R10);
  it('trips above half the claim on suppliers under six months', () => {
    expect(keys(run(part(1, '2026-03-01', 501), part(2, '2019-01-01', 499)))).toEqual(['claim:2026-06']);
    expect(keys(run(part(1, '2026-03-01', 500), part(2, '2019-01-01', 500)))).toEqual([]);
    expect(keys(run(part(1, '2026-01-01', 900), part(2, '2019-01-01', 100)))).toEqual(['claim:2026-06']);
    expect(keys(run(part(1, '2025-12-31', 900), part(2, '2019-01-01', 100)))).toEqual([]);
  });
  it('cannot tell while an age is missing that would decide', () => {
    expect(run(part(1, undefined, 501), part(2, '2019-01-01', 499)).missing).toMatchObject([
      { code: 'supplierAge', params: { count: 1 } },
    ]);
    expect(outcomeOf(run(part(1, undefined, 100), part(2, '2019-01-01', 900)))).toBe('clear');
  });
});

describe('R11 papers', () => {
  const paper = (shipment: string, kind = 'transport', sha256 = 'ab'.repeat(32)) => ({
    row: row(shipment, 'paper'),
    sha256,
    paper: kind,
    shipment,
  });
  it('trips on the same bytes for two shipments', () => {
    expect(keys(reusedPapers([paper('S1'), paper('S2')], 2, figures.R11))).toEqual([`sha256:${'ab'.repeat(32)}`]);
    expect(keys(reusedPapers([paper('S1'), paper('S1')], 2, figures.R11))).toEqual([]);
    expect(keys(reusedPapers([paper('S1'), paper('S2', 'transport', 'cd'.repeat(32))], 2, figures.R11))).toEqual([]);
    // A framework contract serves many.
    expect(keys(reusedPapers([paper('S1', 'contract'), paper('S2', 'contract')], 2, figures.R11))).toEqual([]);
  });
});

describe('R12 indicators', () => {
  const fact = {
    month: '2026-11',
    breached: [] as string[],
    differenceRate: '1.00',
    fundsGoodsRatio: '95.00',
    unrated: 0,
    rows: [],
    checked: 9,
  };
  it('trips on the two ratios, and says when there is nothing to divide by', () => {
    expect(keys(indicatorsOutside({ ...fact, breached: ['FUNDS_GOODS_RATIO'] }, figures.R12))).toEqual([
      'month:2026-11',
    ]);
    expect(keys(indicatorsOutside({ ...fact, breached: ['CREDIT_RATIO'] }, figures.R12))).toEqual([]);
    expect(outcomeOf(indicatorsOutside({ ...fact, differenceRate: null }, figures.R12))).toBe('cannot-tell');
  });
});

describe('R13 freight', () => {
  const deal = (
    of: { term?: 'CIF' | 'CFR' | 'FOB' | undefined; freightMinor?: number | undefined; insuranceMinor?: number } = {},
  ) => ({
    ...{ row: row('D', 'declaration'), declarationNo: 'D', currency: 'USD', goodsMinor: 100_000 },
    ...{ term: 'CIF' as const, freightMinor: 10_000, insuranceMinor: 0 },
    ...of,
  });
  it('trips on nought and above thirty percent', () => {
    const run = (of: Parameters<typeof deal>[0]) => keys(oddFreight([deal(of)], figures.R13)).length;
    expect(run({ freightMinor: 0 })).toBe(1);
    expect(run({ freightMinor: 0, insuranceMinor: 1 })).toBe(0);
    expect(run({ freightMinor: 29_000, insuranceMinor: 1000 })).toBe(0);
    expect(run({ freightMinor: 29_000, insuranceMinor: 1001 })).toBe(1);
    expect(run({ term: 'FOB', freightMinor: 0 })).toBe(0);
  });
  it('cannot tell without terms', () => {
    expect(oddFreight([deal({ term: undefined })], figures.R13).missing).toMatchObject([{ code: 'dealTerm' }]);
    expect(oddFreight([deal({ freightMinor: undefined })], figures.R13).missing).toMatchObject([
      { code: 'dealFreight' },
    ]);
  });
});

it('compares fractions exactly', () => {
  expect(compareFractions({ n: 1n, d: 3n }, { n: 33_333_333_333_333_333n, d: 100_000_000_000_000_000n })).toBe(1);
  expect(fractionText({ n: 1n, d: 8n }, 2)).toBe('0.13');
  expect(addMonths(day('2026-01-31'), 1)).toBe('2026-02-28');
});
