import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedText } from '../money/stored.ts';
import { type DraftLine, type DraftProduct, type DraftSource, draftRetailExport } from './retail-export.ts';

const product: DraftProduct = {
  sku: 'A',
  lineKind: 'goods',
  state: 'classified',
  nameCn: '陶瓷装饰品',
  hsCode: '6913900000',
  gmodel: '品牌类型:无品牌',
  unit: '007',
  unit1: '035',
  qty1PerUnitE5: 20_000,
  unit2: '',
  qty2PerUnitE5: 0,
  netWeightE5: 20_000,
  barcode: '',
  needsLicence: 0,
};

const line = (sku: string, qty: number, price: number, cancelled = 0): DraftLine => ({
  sku,
  description: sku,
  qtyE5: qty * 100_000,
  cancelledQtyE5: cancelled * 100_000,
  priceE5: Math.round(price * 100_000),
});

function source(lines: readonly DraftLine[], change: Partial<DraftSource> = {}): DraftSource {
  let guids = 0;
  return {
    order: {
      id: 7,
      orderNo: '536365',
      orderedAt: '2026-11-01T08:26:00',
      country: '303',
      countryText: 'United Kingdom',
      currency: 'GBP',
      lines,
    },
    product: (sku) =>
      ({
        POST: { ...product, sku, lineKind: 'freight', state: 'not-goods' },
        D: { ...product, sku, lineKind: 'discount', state: 'not-goods' },
        NEW: { ...product, sku, state: 'to-classify' },
      })[sku] ?? { ...product, sku },
    waybill: (orderNo) => ({
      logisticsNo: `YT${orderNo}`,
      grossWeightE5: 500_000,
      netWeightE5: undefined,
      packages: 1,
      freightE5: 350_000,
      insuredE5: 0,
      currency: 'GBP',
    }),
    shipment: {
      customsCode: '6407',
      portCode: '6407',
      ieDate: '2026-11-24',
      trafMode: '5',
      trafName: '',
      voyageNo: '',
      billNo: '',
      totalPackageNo: '',
      loctNo: '',
      logisticsCode: '4603960TST',
      logisticsName: '物流',
      pod: '',
      wrapType: '2',
      ownerCode: '',
      ownerName: '',
      payName: '',
      note: '',
      filter: { from: '', to: '', country: '' },
    },
    profile: {
      uscc: '91469002MA5T0TE5TR',
      name: '测试',
      agentCode: '',
      agentName: '',
      ebpCode: '无',
      ebpName: '',
      sendsWaybills: true,
      sendsReceipts: true,
      simplified: true,
    },
    currencyCode: (iso) => (iso === 'GBP' ? '303' : undefined),
    appTime: '20261121093000',
    maxLines: 100,
    newGuid: () => `GUID-${++guids}`,
    copNo: (part) => `COP-${part}`,
    ...change,
  };
}

type Groups = Record<string, Record<string, string> & Record<string, string>[]>;
function drafted(of: DraftSource) {
  const outcome = draftRetailExport(of);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.reasons));
  return outcome.documents.map((document) => ({ ...document, body: document.body as Groups }));
}
const reasons = (of: DraftSource) => {
  const outcome = draftRetailExport(of);
  return outcome.ok ? [] : outcome.reasons;
};

describe('drafting a 9610 export set', () => {
  it('draws order, receipt of payment, waybill and list of one order', () => {
    const documents = drafted(source([line('A', 3, 2.55), line('B', 2, 1.1)]));
    expect(documents.map(({ kind, businessKey }) => [kind, businessKey])).toEqual([
      ['CEB303Message', '536365'],
      ['CEB403Message', '536365'],
      ['CEB505Message', 'YT536365'],
      ['CEB603Message', 'COP-1'],
    ]);
    const list = documents[3]?.body;
    expect(list?.['InventoryHead']).toMatchObject({
      statisticsFlag: 'A',
      country: '303',
      POD: '303',
      netWeight: '1',
      ownerCode: 'NO',
    });
    expect(list?.['InventoryList']?.map((row) => [row['qty'], row['price'], row['totalPrice'], row['qty1']])).toEqual([
      ['3', '2.55', '7.65', '0.6'],
      ['2', '1.1', '2.2', '0.4'],
    ]);
  });

  it('leaves the two papers out that the firm does not send', () => {
    const base = source([line('A', 1, 1)]);
    const kinds = drafted({ ...base, profile: { ...base.profile, sendsWaybills: false, sendsReceipts: false } }).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['CEB303Message', 'CEB603Message']);
  });

  it('takes cancelled pieces off and leaves a wholly cancelled line out', () => {
    const list = drafted(source([line('A', 3, 2, 1), line('B', 2, 1, 2)])).at(-1)?.body['InventoryList'];
    expect(list?.map((row) => [row['itemNo'], row['qty'], row['totalPrice']])).toEqual([['A', '2', '4']]);
  });

  it('declares freight as freight and no discount as goods', () => {
    const [order] = drafted(source([line('A', 1, 10), line('POST', 1, 4.5), line('D', 1, -2)]));
    expect(order?.body['OrderHead']).toMatchObject({ goodsValue: '10', freight: '4.5' });
    expect(order?.body['OrderList']).toHaveLength(1);
  });

  it('names everything that stands in the way at once', () => {
    const blocked = source([line('NEW', 1, 1), line('A', 1, 1)], { waybill: () => undefined });
    const of = {
      ...blocked,
      order: { ...blocked.order, country: undefined, countryText: 'Unspecified', currency: 'XXX' },
    };
    expect(reasons(of).map(({ code }) => code)).toEqual([
      'NO_CLASSIFICATION',
      'NO_COUNTRY',
      'NO_CUSTOMS_CURRENCY',
      'NO_WAYBILL',
    ]);
    expect(reasons(source([line('POST', 1, 3)])).map(({ code }) => code)).toContain('NO_GOODS');
  });

  it('declares no fee in a currency it was not paid in', () => {
    const paid = (currency: string | undefined, freightE5: number) =>
      source([line('A', 1, 1)], {
        waybill: () => ({
          logisticsNo: 'YT1',
          grossWeightE5: 500_000,
          netWeightE5: undefined,
          packages: 1,
          freightE5,
          insuredE5: 0,
          currency,
        }),
      });
    expect(reasons(paid('ZAR', 8_000_000)).map(({ code }) => code)).toEqual(['NO_CUSTOMS_CURRENCY']);
    expect(reasons(paid(undefined, 3_000_000)).map(({ code }) => code)).toEqual(['NO_FREIGHT_CURRENCY']);
    expect(reasons(paid(undefined, 0))).toEqual([]);
  });

  it('asks for a waybill for each part of an order that is too long for one list', () => {
    const lines = Array.from({ length: 101 }, (_, i) => line(`S${i}`, 1, 1));
    const missing = reasons(source(lines, { waybill: () => undefined }));
    expect(missing).toEqual([
      { code: 'NO_PART_WAYBILL', params: { orderNo: '536365-1', lines: 101, parts: 2 } },
      { code: 'NO_PART_WAYBILL', params: { orderNo: '536365-2', lines: 101, parts: 2 } },
    ]);
  });

  it('parts add up to the order, whatever its lines', () => {
    const anyLine = fc.record({ qty: fc.integer({ min: 1, max: 500 }), cents: fc.integer({ min: 0, max: 9_999 }) });
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 350 }), (some) => {
        const lines = some.map(({ qty, cents }, i) => line(`S${i}`, qty, cents / 100));
        const documents = drafted(source([...lines, line('POST', 1, 5)]));
        const lists = documents.filter(({ kind }) => kind === 'CEB603Message');
        const total = lists.reduce((sum, { amountE5 }) => sum + amountE5, 0);
        const expected = some.reduce((sum, { qty, cents }) => sum + qty * cents * 1_000, 0);
        expect(storedText(total)).toBe(storedText(expected));
        expect(lists).toHaveLength(Math.ceil(some.length / 100));
        const freight = documents
          .filter(({ kind }) => kind === 'CEB303Message')
          .reduce((sum, { body }) => sum + Number(body['OrderHead']?.['freight']), 0);
        expect(freight).toBe(5);
      }),
      { numRuns: 60 },
    );
  });
});
