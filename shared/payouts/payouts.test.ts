import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markOf, readMinor } from './amounts.ts';
import { payoutCategories } from './categories.ts';
import { readDay } from './dates.ts';
import { explode, implode } from './explode.ts';
import { categoryOf, detailOf } from './kinds.ts';
import { layoutOf, mappedLayout, payoutLayouts } from './layouts.ts';
import { type ParsedFile, PayoutReader, type PayoutRow, statedCurrency } from './reader.ts';
import { subsetOf } from './subset.ts';

/** Rows of a table by the header of each cell. */
function rowsOf(headers: readonly string[], rows: readonly Readonly<Record<string, string>>[]): PayoutRow[] {
  return rows.map((cells, at) => {
    const text = (column: number): string => cells[headers[column] ?? ''] ?? '';
    return {
      no: at + 2,
      cells: headers.length,
      text,
      is: (column, wanted) => text(column) === wanted,
      minor: () => undefined,
      isNumber: () => false,
      repeats: (columns) =>
        columns.every((column) => at > 0 && text(column) === (rows[at - 1]?.[headers[column] ?? ''] ?? '')),
    };
  });
}

function read(
  headers: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  options: Partial<ConstructorParameters<typeof PayoutReader>[2]> = {},
): ParsedFile {
  const layout = layoutOf(headers);
  if (layout === undefined) throw new Error('no layout');
  const reader = new PayoutReader(layout, headers, { mark: '.', taught: () => undefined, ...options });
  for (const row of rowsOf(headers, rows)) reader.take(row);
  return reader.finish();
}

const categories = (file: ParsedFile, at = 0): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { kind, minor } of file.payouts[at]?.days ?? []) {
    const category = file.kinds[kind]?.category ?? '';
    sums[category] = (sums[category] ?? 0) + minor;
  }
  return sums;
};

describe('amounts', () => {
  it.each([
    ['12.50', 2, '.', 1250],
    ['-0.05', 2, '.', -5],
    ['12.5', 2, '.', 1250],
    ['12', 2, '.', 1200],
    ['1,234.50', 2, '.', 123450],
    ['(1,234.50)', 2, '.', -123450],
    ['1.234,50', 2, ',', 123450],
    ['-12,5', 2, ',', -1250],
    ['1 234,50', 2, ',', 123450],
    ['12.50-', 2, '.', -1250],
    ['−12.50', 2, '.', -1250],
    ['$12.50', 2, '.', 1250],
    ['-$12.50', 2, '.', -1250],
    ['RM 1,200.00', 2, '.', 120000],
    ['1,00,000.00', 2, '.', 10000000],
    ['1234', 0, '.', 1234],
    ['1,234', 0, '.', 1234],
    ['1234.00', 0, '.', 1234],
    ['12.500', 3, '.', 12500],
    ['12.5000', 2, '.', 1250],
    ['.5', 2, '.', 50],
    ['--', 2, '.', undefined],
    ['', 2, '.', undefined],
    ['12,50', 2, '.', 'syntax'],
    ['12.50', 2, ',', 'syntax'],
    ['1O.00', 2, '.', 'syntax'],
    ['12.505', 2, '.', 'fine'],
    ['1.5', 0, '.', 'fine'],
    ['999999999999999999', 2, '.', 'range'],
  ] as const)('%s with %i decimals and %s', (text, exponent, mark, minor) => {
    expect(readMinor(text, exponent, mark)).toBe(minor);
  });

  it('are read back as they are written, in either notation', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), fc.constantFrom(0, 2, 3), (minor, exponent) => {
        const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
        const whole = digits.slice(0, digits.length - exponent);
        const fraction = digits.slice(digits.length - exponent);
        const groups = (mark: string) => whole.replace(/\B(?=(\d{3})+$)/g, mark);
        const sign = minor < 0 ? '-' : '';
        const point = exponent === 0 ? '' : '.';
        const wanted = minor === 0 ? 0 : minor;
        expect(readMinor(`${sign}${whole}${point}${fraction}`, exponent, '.')).toBe(wanted);
        expect(readMinor(`${sign}${groups(',')}${point}${fraction}`, exponent, '.')).toBe(wanted);
        expect(readMinor(`${sign}${groups('.')}${exponent === 0 ? '' : ','}${fraction}`, exponent, ',')).toBe(wanted);
      }),
    );
  });

  it.each([
    ['1.234,50', ','],
    ['1,234.50', '.'],
    ['12,5', ','],
    ['12.50', '.'],
    ['1,234', undefined],
    ['1.234', undefined],
    ['1,234,567', '.'],
    ['1.234.567', ','],
    ['12', undefined],
  ] as const)('%s shows the mark %s', (text, mark) => expect(markOf(text)).toBe(mark));
});

describe('days', () => {
  it.each([
    ['2026-06-17 08:14:22 UTC', '2026-06-17', '2026-06-17', 'UTC'],
    ['2026-06-17 16:00:00 UTC', '2026-06-17', '2026-06-18', 'UTC'],
    ['17.06.2026 15:59:59 UTC', '2026-06-17', '2026-06-17', 'UTC'],
    ['Sep 4, 2026 1:05:07 AM PDT', '2026-09-04', '2026-09-04', 'PDT'],
    ['Sep 30, 2026 9:00:00 AM PDT', '2026-09-30', '2026-10-01', 'PDT'],
    ['15 Mar 2026 3:22:08 PM UTC', '2026-03-15', '2026-03-15', 'UTC'],
    ['15 Mar 2026 4:00:00 PM UTC', '2026-03-15', '2026-03-16', 'UTC'],
    ['2024-08-08T20:59:25+00:00', '2024-08-08', '2024-08-09', '+00:00'],
    ['4 août 2026 13:05:07 UTC+2', '2026-08-04', '2026-08-04', 'UTC+2'],
    ['5. März 2026', '2026-03-05', '2026-03-05', ''],
    ['Jan 1, 2026 12:30:00 AM JST', '2026-01-01', '2025-12-31', 'JST'],
    ['2026/09/03', '2026-09-03', '2026-09-03', ''],
    ['25/12/2026', '2026-12-25', '2026-12-25', ''],
    ['12/25/2026 10:00', '2026-12-25', '2026-12-25', ''],
  ])('%s', (text, own, china, zone) => expect(readDay(text)).toEqual({ own, china, zone }));

  it('that could be two or are none', () => {
    expect(readDay('04/03/2026')).toBe('ambiguous');
    expect(readDay('04/03/2026', 'dmy')).toMatchObject({ own: '2026-03-04' });
    expect(readDay('04/03/2026', 'mdy')).toMatchObject({ own: '2026-04-03' });
    expect(readDay('2026-02-30')).toBe('invalid');
    expect(readDay('soon')).toBe('invalid');
    expect(readDay('Sep 4, 2026 13:05:07 PM PDT')).toBe('invalid');
    expect(readDay('2026-06-17 08:14:22 QQT')).toBe('zone');
  });
});

describe('categories', () => {
  it.each([
    ['amazon', 'Order', 'ItemPrice / Shipping', 'shipping'],
    ['amazon', 'Order', 'Promotion / Shipping', 'promotion'],
    ['amazon', 'Order', 'Shipment-Fees / FBATransportationFee', 'fulfilment'],
    ['amazon', 'Refund', 'ItemPrice / Principal', 'refund'],
    ['amazon', 'Refund', 'ItemFees / Commission', 'refund-fee'],
    ['amazon', 'Refund', 'ItemFees / RefundCommission', 'refund-fee'],
    ['amazon', 'Refund', 'ItemPrice / Tax', 'tax-collected'],
    ['amazon', 'Chargeback Refund', 'ItemPrice / Principal', 'chargeback'],
    ['amazon', 'other-transaction', 'other-transaction / WAREHOUSE_LOST', 'reimbursement'],
    ['amazon', 'ServiceFee', 'Cost of Advertising / TransactionTotalAmount', 'advertising'],
    ['amazon', 'ServiceFee', 'Something New', 'unknown'],
    ['lazada', '', 'Item Price Credit', 'sale'],
    ['ebay', 'Shipping label', '', 'fulfilment'],
    ['shopify', 'payout', '', 'transfer'],
    ['temu', '', '佣金', 'commission'],
  ] as const)('%s %s %s is %s', (platform, type, detail, category) =>
    expect(categoryOf(platform, type, detail)).toBe(category),
  );

  it('call a row by its words only where they say something', () => {
    expect(detailOf('amazon', 'Transfer', 'To account ending in: 000')).toBe('');
    expect(detailOf('ebay', 'Shipping label', 'Fern print')).toBe('');
    expect(detailOf('ebay', 'Other fee', 'Promoted Listings - General fee')).toBe('Promoted Listings - General fee');
    expect(detailOf('amazon', 'Service Fee', 'Moon fee')).toBe('Moon fee');
  });
});

describe('layouts', () => {
  it('are each found by their own headers, whatever blanks and case they have', () => {
    for (const layout of payoutLayouts) {
      const headers = layout.signature.map((names) => ` ${(names[0] ?? '').toUpperCase()}  `);
      expect(layoutOf(headers)?.id).toBe(layout.id);
    }
    expect(layoutOf(['a', 'b'])).toBeUndefined();
  });

  it('Shopee: only rows by order count, the currency is in the header of the total', () => {
    const headers = [
      'Sequence No.',
      'View By',
      'Order ID',
      'Payout Completed Date',
      'Product Price',
      'Amount Paid By Buyer',
      'Total Released Amount (RM)',
      'Shipping Fee Paid by Buyer (excl. SST)',
      'Voucher Sponsored by Seller',
      'Commission Fee (incl. SST)',
    ];
    expect(statedCurrency(['RM'])).toBe('MYR');
    const row = {
      'Order ID': 'B1',
      'Payout Completed Date': '2024-05-03',
      'Product Price': '100.00',
      'Amount Paid By Buyer': '95.00',
      'Total Released Amount (RM)': '93.00',
      'Shipping Fee Paid by Buyer (excl. SST)': '4.00',
      'Voucher Sponsored by Seller': '-5.00',
      'Commission Fee (incl. SST)': '-6.00',
    };
    const file = read(
      headers,
      [
        { ...row, 'View By': 'Order' },
        { ...row, 'View By': 'Sku' },
      ],
      { currency: 'MYR' },
    );
    expect(file.payouts).toMatchObject([{ totalMinor: 9300, proof: 'rows', number: '2024-05-03' }]);
    expect(categories(file)).toEqual({ sale: 10000, shipping: 400, promotion: -500, commission: -600 });
    expect(file.findings).toMatchObject([{ code: 'PAYOUT_ROWS_SKIPPED', level: 'note', params: { rows: 1 } }]);
  });

  it('Lazada: a row a fee, what is not released is set aside', () => {
    const headers = [
      'Transaction Date',
      'Order Number',
      'Order Creation Date',
      'Fee Name',
      'Amount(Include Tax)',
      'Release Status',
      'Release Date',
      'Product Name',
      'Seller SKU',
    ];
    const row = (fee: string, amount: string, state = 'Released') => ({
      'Transaction Date': '05 Sep 2026',
      'Order Number': 'L1',
      'Fee Name': fee,
      'Amount(Include Tax)': amount,
      'Release Status': state,
      'Seller SKU': 'S-1',
    });
    const file = read(
      headers,
      [
        row('Item Price Credit', '100.00'),
        row('Commission', '-8.00'),
        row('Payment Fee', '-2.00'),
        row('Item Price Credit', '50.00', 'Not released'),
      ],
      { currency: 'MYR' },
    );
    expect(file.payouts).toMatchObject([{ totalMinor: 9000, unavailableMinor: 5000, proof: 'none' }]);
    expect(categories(file)).toEqual({ sale: 10000, commission: -800, 'payment-fee': -200 });
    expect(file.findings).toMatchObject([{ code: 'PAYOUT_UNAVAILABLE', params: { rows: 1, amount: '50.00' } }]);
  });

  it('TikTok Shop: sums of sums are not counted, damaged SKUs are named, a column nobody knows is kept', () => {
    const headers = [
      'Statement Date',
      'Statement ID',
      'Currency',
      'Type ',
      'Order/adjustment ID  ',
      'Order settled time',
      'SKU ID',
      'Quantity',
      'Total settlement amount',
      'Total Revenue',
      'Subtotal after seller discounts',
      'Subtotal before discounts',
      'Seller discounts',
      'Total Fees',
      'Transaction fee',
      'TikTok Shop commission fee',
      'Seller shipping fee',
      'Actual shipping fee',
    ];
    const row = {
      'Statement Date': '2026/09/11',
      'Statement ID': 'ST1',
      Currency: 'MYR',
      'Type ': 'Order',
      'Order/adjustment ID  ': '5761',
      'Order settled time': '2026/09/10',
      'SKU ID': '1.73238E+18',
      Quantity: '2',
      'Total settlement amount': '80.00',
      'Total Revenue': '90.00',
      'Subtotal after seller discounts': '90.00',
      'Subtotal before discounts': '100.00',
      'Seller discounts': '-10.00',
      'Total Fees': '-10.00',
      'Transaction fee': '-2.00',
      'TikTok Shop commission fee': '-5.00',
      'Seller shipping fee': '-3.00',
      'Actual shipping fee': '-9.00',
    };
    const file = read(headers, [row, { ...row, 'Order/adjustment ID  ': '5762', 'Total settlement amount': '78.00' }]);
    expect(file.payouts).toMatchObject([
      { number: 'ST1', currency: 'MYR', totalMinor: 15800, proof: 'none', depositOn: '2026-09-11' },
    ]);
    expect(categories(file)).toEqual({
      sale: 20000,
      promotion: -2000,
      'payment-fee': -400,
      commission: -1000,
      fulfilment: -600,
      unknown: -200,
    });
    expect(file.findings.map(({ code }) => code).sort()).toEqual([
      'PAYOUT_KIND_UNKNOWN',
      'PAYOUT_ROW_REST',
      'PAYOUT_SKU_DAMAGED',
    ]);
  });

  it('date range in German: decimal commas, days with points', () => {
    const headers = [
      'Datum/Uhrzeit',
      'Abrechnungsnummer',
      'Typ',
      'Bestellnummer',
      'SKU',
      'Beschreibung',
      'Menge',
      'Umsätze',
      'Verkaufsgebühren',
      'Andere',
      'Gesamt',
    ];
    const file = read(
      headers,
      [
        {
          'Datum/Uhrzeit': '01.03.2026 04:12:09 UTC',
          Abrechnungsnummer: '9',
          Typ: 'Bestellung',
          Bestellnummer: '303-1',
          Umsätze: '1.234,50',
          Verkaufsgebühren: '-185,18',
          Andere: '0',
          Gesamt: '1.049,32',
        },
        {
          'Datum/Uhrzeit': '02.03.2026 04:12:09 UTC',
          Abrechnungsnummer: '9',
          Typ: 'Erstattung',
          Bestellnummer: '303-1',
          Umsätze: '-10,00',
          Verkaufsgebühren: '1,50',
          Andere: '0',
          Gesamt: '-8,50',
        },
        {
          'Datum/Uhrzeit': '03.03.2026 04:12:09 UTC',
          Abrechnungsnummer: '9',
          Typ: 'Übertrag',
          Beschreibung: 'Auf Konto mit der Endung: 000',
          Andere: '-1.040,82',
          Gesamt: '-1.040,82',
        },
      ],
      { mark: ',', currency: 'EUR' },
    );
    expect(file.payouts).toMatchObject([{ totalMinor: 104082, depositMinor: 104082, proof: 'transfer' }]);
    expect(categories(file)).toEqual({
      sale: 123450,
      commission: -18518,
      refund: -1000,
      'refund-fee': 150,
      transfer: -104082,
    });
  });

  it('columns that a person named', () => {
    const headers = ['时间', '金额', '说明'];
    const layout = mappedLayout(headers, { postedAt: 0, amount: 1, description: 2 }, 'temu');
    const reader = new PayoutReader(layout, headers, { mark: '.', currency: 'USD', taught: () => undefined });
    for (const row of rowsOf(headers, [
      { 时间: '2026-05-01', 金额: '100', 说明: '货款' },
      { 时间: '2026-05-02', 金额: '-7', 说明: '月亮费' },
      { 时间: '2026-05-03', 金额: '-93', 说明: '提现' },
    ]))
      reader.take(row);
    const file = reader.finish();
    expect(file.payouts).toMatchObject([{ totalMinor: 9300, depositMinor: 9300, proof: 'transfer' }]);
    expect(categories(file)).toEqual({ sale: 10000, unknown: -700, transfer: -9300 });
  });
});

const v2 = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'amount-type',
  'amount-description',
  'amount',
  'posted-date-time',
  'sku',
  'quantity-purchased',
];
const v2Line = fc.record({
  type: fc.constantFrom('Order', 'Refund', 'ServiceFee', 'Transfer', 'Adjustment'),
  order: fc.constantFrom('', '1-1', '1-2', '1-3'),
  detail: fc.constantFrom(
    'Principal',
    'Commission',
    'Storage Fee',
    'Current Reserve Amount',
    'WAREHOUSE_LOST',
    'Moon fee',
    'Tax',
  ),
  minor: fc.integer({ min: -500_000, max: 500_000 }),
  day: fc.integer({ min: 10, max: 28 }),
  hour: fc.integer({ min: 10, max: 23 }),
});
type V2Line = typeof v2Line extends fc.Arbitrary<infer T> ? T : never;
const major = (minor: number): string =>
  `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;
const settlementOf = (lines: readonly V2Line[]): ParsedFile =>
  read(v2, [
    {
      'settlement-id': '1',
      'settlement-start-date': '2026-08-10 00:00:00 UTC',
      'settlement-end-date': '2026-08-28 00:00:00 UTC',
      'total-amount': major(lines.reduce((sum, { minor }) => sum + minor, 0)),
      currency: 'USD',
    },
    ...lines.map(({ type, order, detail, minor, day, hour }) => ({
      'settlement-id': '1',
      currency: 'USD',
      'transaction-type': type,
      'order-id': order,
      'amount-type': 'ItemPrice',
      'amount-description': detail,
      amount: major(minor),
      'posted-date-time': `2026-08-${day} ${hour}:00:00 UTC`,
      'quantity-purchased': '1',
    })),
  ]);

describe('any settlement', () => {
  it('explodes and implodes to the deposit, by steps and by months', () => {
    fc.assert(
      fc.property(fc.array(v2Line, { minLength: 1, maxLength: 40 }), (lines) => {
        const file = settlementOf(lines);
        const [payout] = file.payouts;
        expect(file.findings.filter(({ level }) => level === 'reject')).toEqual([]);
        const sums = (payout?.days ?? []).map(({ kind, minor, lines: n, china }) => ({
          category: file.kinds[kind]?.category ?? 'unknown',
          minor,
          lines: n,
          month: china.slice(0, 7),
        }));
        expect(implode(explode(sums))).toBe(payout?.depositMinor);
        const months = [...new Set(sums.map(({ month }) => month))];
        expect(
          months.reduce((sum, month) => sum + implode(explode(sums.filter((one) => one.month === month))), 0),
        ).toBe(payout?.depositMinor);
        expect(explode(sums).reduce((sum, { lines: n }) => sum + n, 0)).toBe(lines.length);
      }),
    );
  });

  it('has one digest whatever the order of its rows, and another with other rows', () => {
    fc.assert(
      fc.property(
        fc.array(v2Line, { minLength: 2, maxLength: 30 }),
        fc.integer({ min: 1, max: 999 }),
        fc.nat(),
        (lines, by, at) => {
          const digest = (some: readonly V2Line[]) => settlementOf(some).payouts[0]?.digest;
          const turned = [...lines.slice(at % lines.length), ...lines.slice(0, at % lines.length)].reverse();
          expect(digest(turned)).toBe(digest(lines));
          const changed = lines.map((line, place) =>
            place === at % lines.length ? { ...line, minor: line.minor + by } : line,
          );
          expect(digest(changed)).not.toBe(digest(lines));
          expect(digest([...lines, ...lines.slice(0, 1)])).not.toBe(digest(lines));
        },
      ),
    );
  });

  it('is the sum of its parts', () => {
    fc.assert(
      fc.property(fc.array(v2Line, { minLength: 2, maxLength: 30 }), fc.nat(), (lines, at) => {
        const file = settlementOf(lines);
        const [payout] = file.payouts;
        if (payout === undefined) throw new Error('no payout');
        const places = lines.map((_, place) => place);
        const cut = at % lines.length;
        const [a, b] = [subsetOf(file, payout, places.slice(0, cut)), subsetOf(file, payout, places.slice(cut))];
        expect(a.totalMinor + b.totalMinor).toBe(payout.totalMinor);
        expect(a.lines.row.length + b.lines.row.length).toBe(lines.length);
      }),
    );
  });
});

it('every category has a step', () => {
  for (const category of payoutCategories) expect(explode([{ category, minor: 5, lines: 1 }])).toHaveLength(1);
});
