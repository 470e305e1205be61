import { describe, expect, it } from 'vitest';
import {
  besideFormula,
  derivationText,
  formulaInNumbers,
  formulaInWords,
  inForceText,
  termLabel,
  valueText,
  type Words,
  warningText,
} from './rule-text.ts';

/** Keys stand for their texts here: what is looked up, not how it is worded. */
const words: Words = {
  language: 'zh-CN',
  t: (key, options) => (options?.['defaultValue'] === undefined ? key : `<${key}>`),
};
const step = {
  id: 'taxableIncome',
  rule: 'T01',
  formula: 'assessableRevenue × deemedRate',
  inputs: { assessableRevenue: '1000000', deemedRate: '0.04' },
  result: '40000',
  rounding: 'none' as const,
};

describe('words of the rules', () => {
  it('read a formula in terms and in figures', () => {
    expect(formulaInWords(step, 'T01', words)).toBe('应税收入额 × <tax.param.deemedRate>');
    expect(formulaInNumbers(step, 'T01', words)).toBe('1,000,000 × 0.04');
  });

  it('keep the name of a term without a figure, and bracket what is negative', () => {
    const formula = { formula: 'max(0, cumulativeTax − alreadyPrepaid)', inputs: { cumulativeTax: '-5' } };
    expect(formulaInNumbers(formula, 'T03', words)).toBe('tax.formula.max(0, (\u22125) − 已预缴税额)');
  });

  it('show inputs that the formula does not name', () => {
    expect(besideFormula({ formula: 'Σ part × rate', inputs: { rate: '0.2', firstUpTo: '1000000' } })).toEqual([
      ['firstUpTo', '1000000'],
    ]);
  });

  it('say yes and no, options, years and figures', () => {
    expect(valueText('smallLowProfit', 'true', 'T01', words)).toBe('tax.yes');
    expect(valueText('better', 'DEEMED', 'T01compare', words)).toBe('核定征收');
    expect(valueText('result', 'unknown', 'C01', words)).toBe('tax.notKnown');
    expect(valueText('buyers', 'consumer,warehouse', 'C01', words)).toBe('境外消费者（零售）、海外仓');
    expect(valueText('year', '2026', 'T01', words)).toBe('2026');
    expect(valueText('ceiling', '3000000', 'T01', words)).toBe('3,000,000');
    expect(valueText('dueBy', '2026-01-15', 'T03', words)).toBe('2026-01-15');
  });

  it('name the setting and the option that an unclear point was decided by', () => {
    const warning = { code: 'unclear', params: { setting: 'T11.lastDay', option: 'dayBefore' } };
    expect(warningText(warning, 'T11', words)).toContain('36个月期满日 = 对应日前一日');
    expect(
      warningText({ code: 'nearCliff', params: { taxableIncome: '2900000', ceiling: '3000000' } }, 'T01', words),
    ).toContain('2,900,000');
  });

  it('show a code whose text is missing rather than nothing', () => {
    expect(warningText({ code: 'newOne', params: { days: 3 } }, 'T01', words)).toBe('newOne days=3');
    expect(termLabel('noSuchTerm', 'T01', words)).toBe('<tax.param.noSuchTerm>');
  });

  it('say from when to when a version is law', () => {
    expect(inForceText('2026-01-01', null, (key) => key)).toBe('tax.inForce.since');
    expect(inForceText(null, null, (key) => key)).toBe('tax.inForce.unknown');
  });

  it('copy a derivation with its steps, pack, warning and the word that it is a draft', () => {
    const text = derivationText(
      {
        calculator: 'T01',
        rule: 'T01',
        eventDate: '2026-12-31',
        result: {},
        steps: [step],
        packs: [
          { pack: 'tax-income-deemed', inForceFrom: '2020-01-01', inForceTo: null, source: '公告', reliability: 'V' },
        ],
        warnings: [{ code: 'factsAssumed', rule: 'T02', params: {} }],
      },
      words,
    );
    expect(text).toContain('核定征收企业所得税');
    expect(text).toContain('1,000,000 × 0.04');
    expect(text).toContain('tax.reliability.V');
    expect(text.endsWith('tax.draft')).toBe(true);
  });
});
