import { describe, expect, it } from 'vitest';
import { ruleTexts, textOfFinding } from './texts.ts';

describe('the text of a finding', () => {
  it('has its values in what, why and remedy, in both languages', () => {
    const given = { rule: 'DOC-FRACTION', params: { field: 'a', fieldEn: 'b', value: '1.23456', fraction: 4 } };
    for (const language of ['zh-CN', 'en'] as const) {
      const text = textOfFinding(given, language);
      expect(text?.remedy).toContain('4');
      expect(JSON.stringify(text)).not.toMatch(/\{\w+\}/);
    }
  });

  it('names the rule that it rests on by its title', () => {
    const given = { rule: 'M-CODE-FORM', params: { value: 'X', reason: 'ID-CHECK' } };
    expect(textOfFinding(given, 'zh-CN')?.message).toContain(ruleTexts['zh-CN']['ID-CHECK']?.title);
  });
});
