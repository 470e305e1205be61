import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IsoDate } from '../calendar/dates.ts';
import { associate, declarationItemNo, readDeclarationItemNo } from './association.ts';
import { comparableName, comparableUnit } from './names.ts';
import { type ExportLine, type InvoiceLine, matchRefunds, type RefundMatching } from './refund-matching.ts';

const e5 = (units: number): bigint => BigInt(units) * 100_000n;
const on = (text: string): IsoDate => text as IsoDate;

function exported(id: string, over: Partial<ExportLine> = {}): ExportLine {
  return {
    id,
    exportDate: on('2026-05-10'),
    declarationNo: '640720260000000001',
    sku: null,
    hs: '6109100021',
    nameCn: '针织T恤',
    unit: '件',
    qtyE5: e5(10),
    fobFen: 100_000n,
    refundRate: '0.13',
    receiptState: 'received',
    ...over,
  };
}
function invoiced(id: string, over: Partial<InvoiceLine> = {}): InvoiceLine {
  return {
    id,
    invoiceNo: `2646200000000000${id}`,
    date: on('2026-04-01'),
    kind: 'special',
    supplier: '测试针织厂',
    nameCn: '*服装*针织T恤',
    unit: '件',
    sku: null,
    qtyLeftE5: e5(10),
    amountLeftFen: 50_000n,
    vatRate: '0.13',
    vatLeftFen: 6_500n,
    ...over,
  };
}
const codes = (matching: RefundMatching) => matching.open.map(({ obstacles }) => obstacles.map(({ code }) => code));

describe('names of goods and units', () => {
  it('do not depend on width, case, spaces or the class an invoice puts first', () => {
    for (const name of ['针织Ｔ恤', ' 针织 t恤', '*服装*针织T恤', '＊服装＊针织Ｔ恤'])
      expect(comparableName(name)).toBe('针织t恤');
    expect(comparableName('针织*T恤')).not.toBe('针织t恤');
  });
  it('are one for 千克, 公斤 and KG, and two for 件 and 个', () => {
    for (const unit of ['千克', '公斤', 'KG', 'ｋｇ', ' kgs ']) expect(comparableUnit(unit)).toBe('千克');
    expect(comparableUnit('035', new Map([['035', '千克']]))).toBe('千克');
    expect(comparableUnit('件')).not.toBe(comparableUnit('个'));
  });
});

describe('matching of declaration lines and invoices', () => {
  it('gives each article of a merged item its own invoices, for its own quantity', () => {
    const item = exported('m', {
      sku: 'A',
      parts: [
        { sku: 'A', qtyE5: e5(6) },
        { sku: 'B', qtyE5: e5(4) },
      ],
    });
    const whole = matchRefunds([item], [invoiced('a', { sku: 'A' }), invoiced('b', { sku: 'B', nameCn: '另一款' })]);
    expect(whole.matches.map(({ invoiceLineId, qtyE5 }) => [invoiceLineId, qtyE5])).toEqual([
      ['a', e5(6)],
      ['b', e5(4)],
    ]);
    expect(whole.open).toEqual([]);
    // What the first article has over is not taken for the second.
    const short = matchRefunds([item], [invoiced('a', { sku: 'A' })]);
    expect(short.matches.map(({ qtyE5 }) => qtyE5)).toEqual([e5(6)]);
    expect(codes(short)).toEqual([['QTY_SHORT']]);
    expect(short.matches[0]?.fobFen).toBe(60_000n);
  });

  it('closes a line with one invoice', () => {
    expect(matchRefunds([exported('e')], [invoiced('i')])).toEqual({
      matches: [
        {
          exportId: 'e',
          invoiceLineId: 'i',
          qtyE5: e5(10),
          amountFen: 50_000n,
          vatFen: 6_500n,
          fobFen: 100_000n,
          rate: '0.13',
          refundFen: 6_500n,
        },
      ],
      open: [],
      remainders: [],
    });
  });
  it('uses the oldest invoice first and in part, the last part taking the odd fen', () => {
    const { matches, remainders } = matchRefunds(
      [exported('a', { qtyE5: e5(1) }), exported('b', { qtyE5: e5(1) }), exported('c', { qtyE5: e5(2) })],
      [
        invoiced('new', { date: on('2026-04-02') }),
        invoiced('old', { qtyLeftE5: e5(3), amountLeftFen: 100n, vatLeftFen: 13n }),
      ],
    );
    expect(matches.map(({ exportId, invoiceLineId, amountFen }) => [exportId, invoiceLineId, amountFen])).toEqual([
      ['a', 'old', 33n],
      ['b', 'old', 34n],
      ['c', 'old', 33n],
      ['c', 'new', 5_000n],
    ]);
    expect(remainders).toEqual([{ invoiceLineId: 'new', qtyE5: e5(9), amountFen: 45_000n, vatFen: 5_850n }]);
  });
  it('prefers the article number to the name and never mixes two articles', () => {
    const { matches } = matchRefunds(
      [exported('unknown'), exported('known', { sku: 'A', exportDate: on('2026-06-01'), nameCn: '男式T恤' })],
      [invoiced('a', { sku: 'A' })],
    );
    expect(matches.map(({ exportId }) => exportId)).toEqual(['known']);
    expect(codes(matchRefunds([exported('e', { sku: 'A' })], [invoiced('i', { sku: 'B' })]))).toEqual([['NO_INVOICE']]);
    expect(matchRefunds([exported('e', { sku: 'A' })], [invoiced('i')]).open).toEqual([]);
    expect(matchRefunds([exported('e')], [invoiced('i', { sku: 'B' })]).open).toEqual([]);
  });
  it('refunds by the lower of both rates, never above the VAT (T06)', () => {
    const refund = (line: Partial<ExportLine>, invoice: Partial<InvoiceLine>) =>
      matchRefunds([exported('e', line)], [invoiced('i', invoice)]).matches.map(({ rate, refundFen }) => [
        rate,
        refundFen,
      ]);
    // T06 worked examples: 3 % from a small-scale supplier; 13 % bought, 9 % refunded.
    expect(refund({}, { vatRate: '0.03', amountLeftFen: 20_000_000n, vatLeftFen: 600_000n })).toEqual([
      ['0.03', 600_000n],
    ]);
    expect(refund({ refundRate: '0.09' }, { amountLeftFen: 30_000_000n, vatLeftFen: 3_900_000n })).toEqual([
      ['0.09', 2_700_000n],
    ]);
    expect(refund({}, { vatLeftFen: 6_400n })).toEqual([['0.13', 6_400n]]);
  });
  it('says why a line is open', () => {
    const none = (line: Partial<ExportLine>, ...invoices: InvoiceLine[]) =>
      matchRefunds([exported('e', line)], invoices, { invoicesUntil: on('2026-06-30') }).open[0]?.obstacles;
    expect(none({ nameCn: '帽子' }, invoiced('i'))).toEqual([{ code: 'NO_INVOICE' }]);
    expect(none({ unit: '千克' }, invoiced('i'), invoiced('j', { unit: '个' }))).toEqual([
      { code: 'UNIT_DIFFERS', units: ['个', '件'] },
    ]);
    expect(none({ qtyE5: e5(12) }, invoiced('i'))).toEqual([{ code: 'QTY_SHORT', missingE5: e5(2) }]);
    expect(none({}, invoiced('i', { kind: 'ordinary' }))).toEqual([{ code: 'ONLY_ORDINARY' }]);
    expect(none({}, invoiced('i', { date: on('2026-07-01') }))).toEqual([
      { code: 'INVOICE_LATER', date: '2026-07-01' },
    ]);
    expect(none({ receiptState: 'missing' }, invoiced('i'))).toEqual([{ code: 'RECEIPT_MISSING' }]);
    expect(none({ receiptState: 'deemed' }, invoiced('i'))).toBeUndefined();
    expect(none({ qtyE5: 0n }, invoiced('i'))).toEqual([{ code: 'NO_QUANTITY' }]);
    expect(
      none(
        { qtyE5: e5(12) },
        invoiced('i'),
        invoiced('o', { kind: 'ordinary' }),
        invoiced('l', { date: on('2026-08-01') }),
      ),
    ).toEqual([
      { code: 'QTY_SHORT', missingE5: e5(2) },
      { code: 'INVOICE_LATER', date: '2026-08-01' },
      { code: 'ONLY_ORDINARY' },
    ]);
  });
  it('leaves red and used-up invoices out and refuses an id twice', () => {
    const red = invoiced('red', { qtyLeftE5: e5(-3), amountLeftFen: -100n });
    expect(matchRefunds([], [red, invoiced('i', { qtyLeftE5: 0n })]).remainders).toEqual([]);
    expect(() => matchRefunds([exported('e'), exported('e')], [])).toThrow(RangeError);
    expect(() => matchRefunds([], [invoiced('i'), invoiced('i')])).toThrow(RangeError);
    expect(() => matchRefunds([exported('e', { refundRate: 'x' })], [invoiced('i')])).toThrow();
  });
});

const goods = fc.record({
  nameCn: fc.constantFrom('针织T恤', '*服装*针织Ｔ恤', '帽子'),
  unit: fc.constantFrom('件', 'PCS', '千克'),
  sku: fc.constantFrom(null, null, 'A', 'B'),
});
const dates = fc.constantFrom(on('2026-03-01'), on('2026-04-15'), on('2026-05-20'));
const exportLines = fc
  .array(
    fc.tuple(
      goods,
      fc.record({
        exportDate: dates,
        declarationNo: fc.constantFrom('640720260000000001', '640720260000000002'),
        qtyE5: fc.bigInt(1n, 3_000_000n),
        fobFen: fc.bigInt(0n, 1_000_000n),
        refundRate: fc.constantFrom('0.13', '0.09', '0'),
        receiptState: fc.constantFrom('received' as const, 'missing' as const),
      }),
    ),
    { maxLength: 12 },
  )
  .map((lines) => lines.map(([what, rest], at) => exported(`e${at}`, { ...what, ...rest })));
const invoiceLines = fc
  .array(
    fc.tuple(
      goods,
      fc.record({
        date: dates,
        kind: fc.constantFrom('special' as const, 'customs-payment' as const, 'ordinary' as const),
        qtyLeftE5: fc.bigInt(1n, 3_000_000n),
        amountLeftFen: fc.bigInt(0n, 1_000_000n),
        vatRate: fc.constantFrom('0.13', '0.03'),
      }),
    ),
    { maxLength: 12 },
  )
  .map((lines) =>
    lines.map(([what, rest], at) =>
      invoiced(`i${at}`, {
        ...what,
        ...rest,
        vatLeftFen: (rest.amountLeftFen * (rest.vatRate === '0.13' ? 13n : 3n)) / 100n,
      }),
    ),
  );
const total = <T>(items: readonly T[], of: (item: T) => bigint): bigint =>
  items.reduce((sum, one) => sum + of(one), 0n);

describe('whatever the lines', () => {
  it('parts and remainders sum to the totals, and nothing is used twice', () => {
    fc.assert(
      fc.property(exportLines, invoiceLines, (exports, invoices) => {
        const { matches, open, remainders } = matchRefunds(exports, invoices);
        for (const line of invoices) {
          const parts = matches.filter(({ invoiceLineId }) => invoiceLineId === line.id);
          const left = remainders.filter(({ invoiceLineId }) => invoiceLineId === line.id);
          if (line.kind === 'ordinary') expect([...parts, ...left]).toEqual([]);
          else {
            expect(total(parts, (one) => one.qtyE5) + total(left, (one) => one.qtyE5)).toBe(line.qtyLeftE5);
            expect(total(parts, (one) => one.amountFen) + total(left, (one) => one.amountFen)).toBe(line.amountLeftFen);
            expect(total(parts, (one) => one.vatFen) + total(left, (one) => one.vatFen)).toBe(line.vatLeftFen);
          }
          expect(total(parts, (one) => one.refundFen) <= line.vatLeftFen).toBe(true);
        }
        for (const line of exports) {
          const parts = matches.filter(({ exportId }) => exportId === line.id);
          const rest = open.find(({ exportId }) => exportId === line.id);
          expect(total(parts, (one) => one.qtyE5) + (rest?.leftE5 ?? 0n)).toBe(line.qtyE5);
          expect(total(parts, (one) => one.fobFen) + (rest?.leftFobFen ?? 0n)).toBe(line.fobFen);
          expect(rest === undefined || rest.obstacles.length > 0).toBe(true);
        }
        expect(matches.every((one) => one.qtyE5 > 0n && one.amountFen >= 0n && one.vatFen >= one.refundFen)).toBe(true);
      }),
    );
  });
  it('the order of the input does not matter', () => {
    fc.assert(
      fc.property(
        exportLines.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        invoiceLines.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        ([exports, otherExports], [invoices, otherInvoices]) => {
          expect(matchRefunds(otherExports, otherInvoices)).toEqual(matchRefunds(exports, invoices));
        },
      ),
    );
  });
  it('an invoice line written as two gives the same', () => {
    fc.assert(
      fc.property(exportLines, invoiceLines, fc.bigInt(1n, 30n), (exports, drawn, price) => {
        // Whole fen a unit of quantity, so that both writings mean the same amounts.
        const invoices = drawn.map((line) => ({
          ...line,
          amountLeftFen: line.qtyLeftE5 * price * 100n,
          vatLeftFen: line.qtyLeftE5 * price * 13n,
        }));
        const split = invoices.flatMap((line) => {
          const first = line.qtyLeftE5 / 3n;
          if (first === 0n) return [line];
          const of = (qtyLeftE5: bigint) => ({
            qtyLeftE5,
            amountLeftFen: qtyLeftE5 * price * 100n,
            vatLeftFen: qtyLeftE5 * price * 13n,
          });
          return [
            { ...line, ...of(first), id: `${line.id}-1` },
            { ...line, ...of(line.qtyLeftE5 - first), id: `${line.id}-2` },
          ];
        });
        const sums = ({ matches, open, remainders }: RefundMatching) => ({
          qty: total(matches, (one) => one.qtyE5),
          amount: total(matches, (one) => one.amountFen),
          vat: total(matches, (one) => one.vatFen),
          fob: total(matches, (one) => one.fobFen),
          left: total(remainders, (one) => one.amountFen),
          open,
        });
        expect(sums(matchRefunds(exports, split))).toEqual(sums(matchRefunds(exports, invoices)));
      }),
    );
  });
  it('groups close on both sides and hold every whole line once', () => {
    fc.assert(
      fc.property(exportLines, invoiceLines, (exports, invoices) => {
        const { matches, open } = matchRefunds(exports, invoices);
        const { groups, waiting } = associate(exports, invoices, matches, '20261101');
        const grouped = groups.flatMap(({ declared }) => declared.map(({ exportId }) => exportId));
        const whole = exports.filter(({ id }) => (open.find(({ exportId }) => exportId === id)?.leftE5 ?? 0n) === 0n);
        expect([...grouped].sort()).toEqual(whole.map(({ id }) => id).sort());
        expect(waiting.some((id) => grouped.includes(id))).toBe(false);
        for (const { declared, purchases } of groups) {
          expect(total(declared, (one) => one.qtyE5)).toBe(total(purchases, (one) => one.qtyE5));
          expect(total(declared, (one) => one.refundFen)).toBe(total(purchases, (one) => one.refundFen));
        }
        // No invoice line is claimed in two groups.
        const homes = groups.flatMap(({ associationNo, purchases }) =>
          [...new Set(purchases.map(({ invoiceLineId }) => invoiceLineId))].map((id) => ({ id, associationNo })),
        );
        expect(new Set(homes.map(({ id }) => id)).size).toBe(homes.length);
      }),
    );
  });
});

describe('association numbers', () => {
  it('hold together what shares an invoice and number both sides through', () => {
    const exports = [
      exported('e1', { qtyE5: e5(4) }),
      exported('e2', { qtyE5: e5(8), refundRate: '0.09', exportDate: on('2026-05-11') }),
      exported('e3', { nameCn: '帽子', exportDate: on('2026-05-12') }),
      exported('e4', { nameCn: '围巾', exportDate: on('2026-05-13') }),
    ];
    const invoices = [
      invoiced('1'),
      invoiced('2', { date: on('2026-04-02') }),
      invoiced('3', { nameCn: '帽子' }),
      invoiced('4', { nameCn: '围巾', qtyLeftE5: e5(9) }),
    ];
    const { groups, waiting } = associate(exports, invoices, matchRefunds(exports, invoices).matches, '20261101');
    expect(waiting).toEqual(['e4']);
    expect(groups.map(({ associationNo }) => associationNo)).toEqual(['202611010001', '202611010002']);
    expect(groups.map(({ declared }) => declared.map(({ seq, exportId }) => `${seq} ${exportId}`))).toEqual([
      ['00000001 e1', '00000002 e2'],
      ['00000003 e3'],
    ]);
    expect(
      groups[0]?.purchases.map(({ seq, invoiceLineId, rate, qtyE5 }) => [seq, invoiceLineId, rate, qtyE5]),
    ).toEqual([
      ['00000001', '1', '0.09', e5(6)],
      ['00000002', '1', '0.13', e5(4)],
      ['00000003', '2', '0.09', e5(2)],
    ]);
    expect(() => associate([], [], matchRefunds(exports, invoices).matches, '')).toThrow(RangeError);
  });
  it('write the declaration with its item in 21 digits', () => {
    expect(declarationItemNo('640720260000000001', 3)).toBe('640720260000000001003');
    expect(readDeclarationItemNo('640720260000000001003')).toEqual({ declarationNo: '640720260000000001', item: 3 });
    for (const [no, item] of [
      ['64072026000000000', 3],
      ['640720260000000001', 0],
      ['640720260000000001', 100],
    ] as const)
      expect(declarationItemNo(no, item)).toBeUndefined();
    for (const text of ['', '640720260000000001103', '640720260000000001000', '64072026000000000100'])
      expect(readDeclarationItemNo(text)).toBeUndefined();
  });
});
