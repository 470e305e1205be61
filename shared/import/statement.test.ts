import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellKinds, type SourceRow } from './cells.ts';
import { mapHeaders } from './headers.ts';
import { accountsShown, StatementSorter, type StatementStyle, StyleWatch, statementAmount } from './statement.ts';

const row = (no: number, ...texts: string[]): SourceRow => ({
  no,
  texts,
  kinds: texts.map((text) => (text === '' ? cellKinds.empty : cellKinds.text)),
});
const currencies: Readonly<Record<string, string>> = { 人民币: 'CNY', 美元: 'USD' };
const lookups = (known: ReadonlyMap<string, number> = new Map()) => ({
  currency: (text: string) => currencies[text] ?? (/^[A-Z]{3}$/.test(text) && text !== 'ZZZ' ? text : undefined),
  count: (fingerprint: string) => known.get(fingerprint) ?? 0,
});
/** A file of a header and rows, looked through and sorted. */
function sorted(header: string, lines: readonly string[], currency = 'USD', known?: ReadonlyMap<string, number>) {
  const mapping = mapHeaders('statement', header.split('|'));
  const rows = lines.map((line, at) => row(at + 2, ...line.split('|')));
  const watch = new StyleWatch(mapping);
  for (const one of rows) watch.look(one);
  const sorter = new StatementSorter(mapping, { currency, style: watch.style }, lookups(known));
  const outcomes = rows.map((one) => sorter.take(one));
  return { sorter, outcomes, amounts: sorter.entries.map(({ amountMinor }) => amountMinor), ...sorter.prove() };
}
const plain: StatementStyle = { decimal: undefined, dates: undefined };

describe('an amount of a statement', () => {
  it.each([
    ['1,234.56', 'USD', 123_456n],
    ['1.234,56', 'EUR', 123_456n],
    ['(1,234.50)', 'USD', -123_450n],
    ['-1 234,50', 'EUR', -123_450n],
    ["1'234.50", 'CHF', 123_450n],
    ['100.00-', 'USD', -10_000n],
    ['+10000.00', 'CNY', 1_000_000n],
    ['\u2212326.00', 'CNY', -32_600n],
    ['￥1,234.00', 'CNY', 123_400n],
    ['USD 12.30', 'USD', 1_230n],
    ['12.30USD', 'USD', 1_230n],
    ['100.00 DR', 'USD', -10_000n],
    ['1.234', 'KWD', 1_234n],
    ['1.234', 'VND', 1_234n],
    ['1,234', 'JPY', 1_234n],
    ['1.234.567', 'IDR', 123_456_700n],
    ['12,34,567.50', 'INR', 123_456_750n],
    ['.5', 'USD', 50n],
    ['1.5', 'JPY', 'STATEMENT_DECIMALS'],
    ['1.23E+17', 'USD', 'NUMBER_EXPONENT'],
    ['xx,yyyy.zz', 'CNY', 'NUMBER_INVALID'],
    ['99999999999999999', 'USD', 'NUMBER_TOO_LARGE'],
    ['--', 'USD', undefined],
    ['', 'USD', undefined],
  ] as const)('%s in %s', (text, currency, value) => {
    expect(statementAmount(text, currency, plain)).toBe(value);
  });

  it('is read as the column writes it where the cell alone leaves it open', () => {
    expect(statementAmount('1.234', 'USD', { decimal: ',', dates: undefined })).toBe(123_400n);
    expect(statementAmount('1.234', 'USD', { decimal: '.', dates: undefined })).toBe('STATEMENT_DECIMALS');
    expect(statementAmount('1.234', 'USD', { decimal: 'mixed', dates: undefined })).toBe('NUMBER_AMBIGUOUS');
    expect(statementAmount('1.234,50', 'USD', { decimal: 'mixed', dates: undefined })).toBe(123_450n);
  });

  it('comes back from every way of writing it', () => {
    const writers: readonly ((whole: string, fraction: string) => string)[] = [
      (whole, fraction) => `${whole}.${fraction}`,
      (whole, fraction) => `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`,
      (whole, fraction) => `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${fraction}`,
      (whole, fraction) => `${whole.replace(/\B(?=(\d{3})+$)/g, ' ')},${fraction}`,
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 12 }),
        fc.constantFrom(...writers),
        fc.boolean(),
        (minor, write, negative) => {
          const digits = String(minor).padStart(3, '0');
          const text = write(digits.slice(0, -2), digits.slice(-2));
          const value = statementAmount(negative ? `(${text})` : text, 'USD', plain);
          expect(value).toBe(negative ? -BigInt(minor) : BigInt(minor));
        },
      ),
    );
  });
});

describe('a statement', () => {
  it('is read with signed amounts, with columns for both sides, and with a flag', () => {
    expect(sorted('交易日期|交易金额|余额', ['20260105|+100.00|100.00', '20260106|-30.00|70.00']).amounts).toEqual([
      10_000, -3_000,
    ]);
    expect(
      sorted('日期|收入金额|支出金额|余额', ['2026-01-05|100.00| |100.00', '2026-01-06||30.00|70.00']).amounts,
    ).toEqual([10_000, -3_000]);
    expect(
      sorted('交易时间|发生额|借贷标志', ['2026-01-05 10:00:00|100|贷', '2026-01-06 10:00:00|30|借']).amounts,
    ).toEqual([10_000, -3_000]);
    expect(
      sorted('交易时间|收/支|金额', ['2026-01-05 10:00|收入|1', '2026-01-05 10:01|不计收支|2']).outcomes,
    ).toMatchObject(['taken', [{ code: 'STATEMENT_DIRECTION', field: 'direction', params: { value: '不计收支' } }]]);
  });

  it('tells day from month by the whole column, and refuses what stays open', () => {
    const both = sorted('Date|Amount', ['03/04/2026|1', '24/03/2026|2', '5 Mar 2026|3', 'Mar 6, 2026|4']);
    expect(both.sorter.entries.map(({ date }) => date)).toEqual([
      '2026-04-03',
      '2026-03-24',
      '2026-03-05',
      '2026-03-06',
    ]);
    expect(sorted('Date|Amount', ['03/04/2026|1']).outcomes).toMatchObject([
      [{ code: 'DATE_AMBIGUOUS', field: 'date' }],
    ]);
  });

  it('refuses rows of another currency and of an unknown one', () => {
    const { outcomes } = sorted('日期|币种|交易金额', [
      '2026-01-05|美元|1',
      '2026-01-05|人民币|1',
      '2026-01-05|ZZZ|1',
      '2026-01-05|-|1',
    ]);
    expect(outcomes).toMatchObject([
      'taken',
      [{ code: 'STATEMENT_CURRENCY', field: 'currency', params: { value: 'CNY', account: 'USD' } }],
      [{ code: 'CURRENCY_UNKNOWN', params: { value: 'ZZZ' } }],
      'taken',
    ]);
  });

  it('proves its balances in either order, and names the row where they break', () => {
    const up = ['2026-01-05|100.00|100.00', '2026-01-06|-30.00|70.00', '2026-01-07|5.00|75.00'];
    for (const lines of [up, [...up].reverse()]) {
      const { findings, proof } = sorted('日期|交易金额|余额', lines);
      expect(findings).toMatchObject([
        {
          code: 'STATEMENT_PROVED',
          params: { opening: 'USD 0.00', in: 'USD 105.00', out: 'USD 30.00', closing: 'USD 75.00' },
        },
      ]);
      expect(proof).toMatchObject({ from: '2026-01-05', to: '2026-01-07', breaks: 0 });
    }
    const broken = sorted('日期|交易金额|余额', [up[0] ?? '', '2026-01-06|-30.00|71.00', '2026-01-07|5.00|76.00']);
    expect(broken.outcomes).toEqual(['taken', 'taken', 'taken']);
    expect(broken.findings).toMatchObject([
      {
        code: 'STATEMENT_BALANCE',
        rowNo: 3,
        params: { expected: 'USD 70.00', stated: 'USD 71.00', difference: 'USD 1.00' },
      },
      { code: 'STATEMENT_TOTAL', params: { difference: 'USD 1.00' } },
    ]);
  });

  it('takes fees besides where the balances say so', () => {
    const { amounts, findings } = sorted('日期|交易金额|手续费|余额', [
      '2026-01-05|100.00|0.00|100.00',
      '2026-01-06|-30.00|1.50|68.50',
      '2026-01-07|10.00|0.50|78.00',
    ]);
    expect(amounts).toEqual([10_000, -3_150, 950]);
    expect(findings.map(({ code }) => code)).toEqual(['STATEMENT_PROVED']);
  });

  it('leaves sums, headings and closed transactions out, and holds the sums against the rows', () => {
    const { outcomes, findings } = sorted('日期|收入金额|支出金额|交易状态', [
      '2026-01-05|100.00||交易成功',
      '2026-01-05|70.00||交易关闭',
      '日期|收入金额|支出金额|交易状态',
      '合计|101.00|0.00|',
    ]);
    expect(outcomes).toEqual(['taken', 'note', 'note', 'note']);
    expect(findings).toMatchObject([
      { code: 'STATEMENT_SUM_IN', rowNo: 5, params: { stated: 'USD 101.00', counted: 'USD 100.00' } },
      { code: 'STATEMENT_CLOSED', params: { rows: 1 } },
    ]);
  });

  it('keeps identical lines apart, and takes of an overlapping file only what is new, in whatever order', () => {
    const line = fc.record({ day: fc.integer({ min: 1, max: 4 }), amount: fc.integer({ min: -3, max: 3 }) });
    const text = ({ day, amount }: { day: number; amount: number }) => `2026-01-0${day}|${amount}.00`;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.nat(), fc.nat(), fc.boolean(), (lines, a, b, flip) => {
        const all = lines.map(text);
        const first = all.slice(0, all.length === 0 ? 0 : a % (all.length + 1));
        // Overlaps the first by a part of it.
        const again = all.slice(first.length === 0 ? 0 : b % (first.length + 1));
        const known = new Map<string, number>();
        const take = (part: readonly string[]) => {
          const { sorter } = sorted('日期|交易金额', part, 'USD', known);
          for (const { fingerprint } of sorter.entries) known.set(fingerprint, (known.get(fingerprint) ?? 0) + 1);
          return sorter.entries.length;
        };
        const taken = take(first);
        expect(taken).toBe(first.length);
        expect(take(flip ? [...first].reverse() : first)).toBe(0);
        // The whole file, in any order, brings the rest and nothing else.
        expect(take(flip ? [...all].reverse() : all)).toBe(all.length - first.length);
        expect(take(again)).toBe(0);
      }),
    );
  });
});

it('an account is recognised by what is shown of its number', () => {
  const accounts = [{ number: '6222 0212 3456 9876' }, { number: '1234567890129876' }];
  expect(accountsShown('卡号: 1234****9876', accounts, false)).toEqual([accounts[1]]);
  expect(accountsShown('账号 6222021234569876', accounts, false)).toEqual([accounts[0]]);
  expect(accountsShown('9876', accounts, false)).toEqual([]);
  expect(accountsShown('9876', accounts, true)).toEqual(accounts);
  expect(accountsShown('起始时间 2023-02-10', accounts, false)).toEqual([]);
});
