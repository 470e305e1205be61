import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowReason } from '../contract/imports.ts';
import { storedText, storedValue } from '../money/stored.ts';
import { cellKinds, dateCellText, isExponentText, numberText, ZeroTailWatch } from './cells.ts';
import en from './reasons.en.json' with { type: 'json' };
import { textOfReason } from './reasons.ts';
import zh from './reasons.zh-CN.json' with { type: 'json' };
import { cellText, DateReader, isFormulaLike, parseDateTime, readId, scaleDecimal } from './values.ts';

const run = { numRuns: 300, seed: 20261121 };

const textRow = (...texts: string[]) => ({ no: 2, texts, kinds: texts.map(() => cellKinds.text) });

describe('decimals', () => {
  it('are exactly what the money module makes of the same text', () => {
    const limit = 9_000_000_000n * 100_000n;
    fc.assert(
      fc.property(fc.bigInt({ min: -limit, max: limit }), (value) => {
        const text = storedText(Number(value));
        expect(scaleDecimal(text)).toBe(storedValue(text));
        expect(scaleDecimal(`${text}${text.includes('.') ? '' : '.'}000`)).toBe(storedValue(text));
      }),
      run,
    );
  });

  it('may have separators of thousands in the right places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 999_999_999 }), (whole) => {
        expect(scaleDecimal(`${whole.toLocaleString('en-US')}.5`)).toBe(whole * 100_000 + 50_000);
      }),
      run,
    );
    for (const text of [
      '1,23',
      '12,34.5',
      ',123',
      '1,2345',
      '1.234,5',
      '1 234',
      '',
      '-',
      '.',
      '1e3',
      '0x10',
      '£2',
      '٣',
      '1..2',
      '--1',
    ]) {
      expect(scaleDecimal(text), text).toBe('syntax');
    }
  });

  it('are never rounded and never beyond the limit', () => {
    expect(scaleDecimal('0.000001')).toBe('fraction');
    expect(scaleDecimal('0.1234500000')).toBe(12_345);
    expect(scaleDecimal('9000000000')).toBe(900_000_000_000_000);
    expect(scaleDecimal('9000000000.00001')).toBe('range');
    expect(scaleDecimal('1'.repeat(40))).toBe('range');
    expect(scaleDecimal(`${'0'.repeat(40)}7.5`)).toBe(750_000);
    expect(scaleDecimal('1.2E+05')).toBe('exponent');
    expect(scaleDecimal('１２．５')).toBe(1_250_000);
    expect(Object.is(scaleDecimal('-0'), 0)).toBe(true);
  });

  it('take any text without an exception', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = scaleDecimal(text);
        expect(typeof value === 'number' ? Number.isSafeInteger(value) : typeof value).toBe(
          typeof value === 'number' ? true : 'string',
        );
      }),
      run,
    );
  });
});

describe('number cells', () => {
  it('show the value that a spreadsheet program shows', () => {
    expect(numberText('2.5499999999999998')).toBe('2.55');
    expect(numberText('0.30000000000000004')).toBe('0.3');
    expect(numberText('536365')).toBe('536365');
    expect(numberText('5.0E-2')).toBe('0.05');
    expect(numberText('1E-7')).toBe('0.0000001');
    expect(numberText('-1.25E-8')).toBe('-0.0000000125');
    expect(numberText('123456789012345')).toBe('123456789012345');
    expect(numberText('1.2345678901234501E+17')).toBe('1.23456789012345E+17');
    expect(numberText('-0')).toBe('0');
    for (const text of ['', ' ', 'abc', 'NaN', 'Infinity']) expect(numberText(text), text).toBeUndefined();
  });

  it('give prices back that were typed with two to five decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (scaled) => {
        const typed = storedText(scaled);
        // Excel writes 17 digits of the double.
        expect(numberText(Number(typed).toPrecision(17))).toBe(typed);
      }),
      run,
    );
  });

  it('with a date format are dates, in either date system', () => {
    expect(dateCellText(40513.35138888889, false)).toBe('2010-12-01 08:26:00');
    expect(dateCellText(40513, false)).toBe('2010-12-01');
    expect(dateCellText(40513 - 1462, true)).toBe('2010-12-01');
    expect(dateCellText(0.5, false)).toBeUndefined();
  });
});

describe('identifiers', () => {
  const codesOf = (text: string, kind: 1 | 2 | 3 | 4): string[] => {
    const reasons: RowReason[] = [];
    const id = readId({ no: 2, texts: [text], kinds: [kind] }, 0, 'orderNo', reasons, { required: true });
    expect(id === undefined).toBe(reasons.length > 0);
    return reasons.map(({ code }) => code);
  };

  it('survive as they are, and are refused where they did not', () => {
    const { text, number, date, error } = cellKinds;
    expect(codesOf('00123', text)).toEqual([]);
    expect(codesOf('6921734976505', text)).toEqual([]);
    expect(codesOf('12E5', text)).toEqual([]);
    expect(codesOf('71053', number)).toEqual([]);
    expect(codesOf('6921734976505', number)).toEqual(['ID_NUMBER_LONG']);
    expect(codesOf('1.23E+17', text)).toEqual(['ID_DIGITS_LOST']);
    expect(codesOf('1.23456789012345E+17', number)).toEqual(['ID_DIGITS_LOST']);
    expect(codesOf('2026-03-02', date)).toEqual(['ID_IS_DATE']);
    expect(codesOf('#N/A', error)).toEqual(['CELL_ERROR']);
    expect(codesOf('  ', text)).toEqual(['REQUIRED_BLANK']);
    expect(codesOf('x'.repeat(61), text)).toEqual(['TEXT_TOO_LONG']);
  });

  it('are known to be damaged by what spreadsheets write, not by a letter E', () => {
    for (const text of ['1.23E+17', '6.93E+12', '1E+20', '9.1e+15', '1,23E+17'])
      expect(isExponentText(text), text).toBe(true);
    for (const text of ['12E5', 'E+17', '1.23E17', 'SKU1E+17', '12.3E+17'])
      expect(isExponentText(text), text).toBe(false);
  });

  it('that end in zeros are judged by their column', () => {
    const watch = new ZeroTailWatch();
    expect(watch.look('1234567890123450')).toBe('hold');
    expect(watch.look('1234567890123450')).toBe('hold');
    expect(watch.look('short')).toBe('pass');
    expect(watch.look('1234567890123460')).toBe('hold');
    expect(watch.look('12345678901234000')).toBe('damaged');
    expect(watch.look('1234567890123456')).toBe('pass');
    const sound = new ZeroTailWatch();
    expect(sound.look('1234567890123450')).toBe('hold');
    expect(sound.look('1234567890123451')).toBe('pass');
    expect(sound.look('1234567890000000000')).toBe('pass');
    expect(sound.state).toBe('sound');
  });
});

describe('dates', () => {
  it('are read as sales channels write them', () => {
    const cases: Readonly<Record<string, string>> = {
      '2026-11-20': '2026-11-20T00:00:00',
      '2026/1/2 9:05': '2026-01-02T09:05:00',
      '2026.11.20 23:59:59': '2026-11-20T23:59:59',
      '2026年1月2日': '2026-01-02T00:00:00',
      '2026年11月20日 08:26': '2026-11-20T08:26:00',
      '20261120': '2026-11-20T00:00:00',
      '20261120083000': '2026-11-20T08:30:00',
      '2026-11-20T20:30:00Z': '2026-11-21T04:30:00',
      '2026-11-20T20:30:00.123+08:00': '2026-11-20T20:30:00',
      '2026-11-20 20:30:00 -0500': '2026-11-21T09:30:00',
      '25/12/2026': '2026-12-25T00:00:00',
      '12/25/2026 1:05 PM': '2026-12-25T13:05:00',
      '12/25/2026 12:05 AM': '2026-12-25T00:05:00',
      '3/3/2026': '2026-03-03T00:00:00',
    };
    for (const [text, expected] of Object.entries(cases)) expect(parseDateTime(text), text).toBe(expected);
  });

  it('that are none, or could be two, are refused', () => {
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '31/31/2026',
      'yesterday',
      '2026-11-20 24:00',
      '12/25/2026 13:00 PM',
      '1899-01-01',
      '',
    ]) {
      expect(parseDateTime(text), text).toBe('syntax');
    }
    expect(parseDateTime('3/4/2026')).toBe('ambiguous');
    expect(parseDateTime('46000.5')).toBe('serial');
    expect(parseDateTime('12345')).toBe('syntax');
  });

  it('come back from their own text', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const wall = date.toISOString().slice(0, 19);
          expect(parseDateTime(wall.replace('T', ' '))).toBe(wall);
          expect(parseDateTime(wall.slice(0, 10).replaceAll('-', '/'))).toBe(`${wall.slice(0, 10)}T00:00:00`);
        },
      ),
      run,
    );
  });

  it('in a number cell of a spreadsheet are day counts, in a text file they are not', () => {
    const reasons: RowReason[] = [];
    expect(
      new DateReader().read(
        { no: 2, texts: ['40513.35138888889'], kinds: [cellKinds.number] },
        0,
        'orderedAt',
        reasons,
      ),
    ).toBe('2010-12-01T08:26:00');
    expect(new DateReader().read(textRow('40513.35138888889'), 0, 'orderedAt', reasons)).toBeUndefined();
    expect(reasons.map(({ code }) => code)).toEqual(['DATE_IS_SERIAL']);
  });
});

describe('what a spreadsheet could run', () => {
  it('is told from numbers', () => {
    for (const text of ['=1+1', '@SUM', '+cmd', '-x', '\tx', '-1+2']) expect(isFormulaLike(text), text).toBe(true);
    for (const text of ['-5', '+3.5', '-1,234.5', 'A=1', '', '5-3']) expect(isFormulaLike(text), text).toBe(false);
  });

  it('loses the apostrophe our files put before it, and nothing else does', () => {
    expect(cellText(textRow("'=1+1"), 0)).toBe('=1+1');
    expect(cellText(textRow("'00123"), 0)).toBe('00123');
    expect(cellText(textRow('="00123"'), 0)).toBe('00123');
    expect(cellText(textRow(`'="00123"`), 0)).toBe('00123');
    expect(cellText(textRow('=A1'), 0)).toBe('=A1');
    expect(cellText(textRow("'tis"), 0)).toBe("'tis");
    expect(cellText(textRow(), 0)).toBe('');
    expect(cellText(textRow('x'), -1)).toBe('');
  });
});

describe('the texts of reasons', () => {
  it('are there in both languages, with the same parameters', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    // What has a name in both languages is given in both; the English text takes the one that ends so.
    const names = (text: object) =>
      [...new Set([...JSON.stringify(text).matchAll(/\{(\w+?)(?:En)?\}/g)].map(([, name]) => name))].sort();
    for (const [code, text] of Object.entries(zh)) {
      expect(text.what && text.remedy, code).toBeTruthy();
      expect(names(en[code as keyof typeof en]), code).toEqual(names(text));
    }
  });

  it('are filled', () => {
    const text = textOfReason({ code: 'ID_DIGITS_LOST', field: 'orderNo', params: { value: '1.23E+17' } }, 'zh-CN');
    expect(text.what).toContain('1.23E+17');
    expect(text.remedy).toContain('文本');
    expect(textOfReason({ code: 'NOBODY', params: {} }, 'en')).toEqual({ what: 'NOBODY', remedy: '' });
  });
});
