import { describe, expect, it } from 'vitest';
import { matchesInitials, searchNamed } from './pinyin.ts';

const chart = [
  { code: '1001', name: '库存现金', nameEn: 'Cash on hand' },
  { code: '1002', name: '银行存款', nameEn: 'Bank deposits' },
  { code: '100201', name: '银行存款-人民币', nameEn: 'Bank deposits, CNY' },
  { code: '1122', name: '应收账款', nameEn: 'Accounts receivable' },
  { code: '2202', name: '应付账款', nameEn: 'Accounts payable' },
  { code: '2221', name: '应交税费', nameEn: 'Taxes payable' },
];
const codes = (typed: string) => searchNamed(chart, typed, 9).map((row) => row.code);

describe('the search of accounts', () => {
  it('finds by code, name, English and pinyin initials', () => {
    expect(codes('1002')).toEqual(['1002', '100201']);
    expect(codes('应收')).toEqual(['1122']);
    expect(codes('payable')).toEqual(['2202', '2221']);
    expect(codes('yhck')).toEqual(['1002', '100201']);
    expect(codes('kcxj')).toEqual(['1001']);
    expect(codes('ys')).toEqual(['1122']);
    expect(codes('zzz')).toEqual([]);
  });

  it('takes several words in any order', () => {
    expect(codes('cny yh')).toEqual(['100201']);
    expect(codes('账款 收')).toEqual(['1122']);
  });

  it('knows characters of several readings', () => {
    expect(matchesInitials('长期借款', 'cqjk')).toBe(true);
    expect(matchesInitials('会计', 'kj')).toBe(true);
    expect(matchesInitials('银行', 'yh')).toBe(true);
  });
});
