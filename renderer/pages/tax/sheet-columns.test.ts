import { describe, expect, it } from 'vitest';
import { cellText, columnWidth, type Finding, groupedFindings, percentText } from './sheet-columns.ts';

const label = { zh: '金额', en: 'Amount of the line in yuan' };

describe('cells of a worksheet', () => {
  it('show money with two decimals, rates in percent, words in the language of the desk', () => {
    expect(cellText('1234.5', 'money', 'zh-CN')).toBe('1,234.50');
    expect(cellText('1000', 'count', 'zh-CN')).toBe('1,000');
    expect(cellText('0.13', 'ratio', 'zh-CN')).toBe('13%');
    expect(cellText({ zh: '退税', en: 'Refund' }, 'text', 'en')).toBe('Refund');
    expect(cellText('', 'money', 'en')).toBe('');
    expect(cellText(undefined, 'money', 'en')).toBe('');
  });

  it('turn ratios into percent without binary fractions, and leave rates of exchange', () => {
    expect(['0', '1', '0.0005', '0.065', '0.1300', '7.1012', '-0.05'].map(percentText)).toEqual([
      '0%',
      '100%',
      '0.05%',
      '6.5%',
      '13%',
      '7.1012',
      '-5%',
    ]);
  });

  it('are as wide as what stands in them, and never narrower than the head', () => {
    const column = { id: 'amount', label, type: 'money' as const };
    const rows = [{ key: '1', cells: { amount: '123456789012.00' }, emphasis: false }];
    expect(columnWidth(column, [], 'zh-CN')).toBe(100);
    expect(columnWidth(column, rows, 'zh-CN')).toBeGreaterThan(140);
    expect(columnWidth(column, [], 'en')).toBeGreaterThan(200);
  });

  it('stand with what is missing first among their findings', () => {
    const finding = (level: Finding['level']): Finding => ({
      code: level,
      level,
      rule: 'T01',
      field: '',
      text: label,
      remedy: label,
      params: {},
    });
    expect(
      groupedFindings([finding('note'), finding('missing'), finding('note')]).map((one) => [
        one.level,
        one.findings.length,
      ]),
    ).toEqual([
      ['missing', 1],
      ['note', 2],
    ]);
  });
});
