import { expect, it } from 'vitest';
import { ruleTexts } from '../../shared/rules/customs/texts.ts';
import { codeText } from './catalogue.ts';

it('names the rule that a finding rests on by its title, not by its code', () => {
  const what = codeText('finding', 'M-CODE-FORM', { value: 'X', reason: 'ID-CHECK' })?.what;
  expect(what).toContain(ruleTexts['zh-CN']['ID-CHECK']?.title);
  expect(what).not.toContain('ID-CHECK');
});
