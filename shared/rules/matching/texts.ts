/** Texts of match codes, as findings of the queue have them (`MATCH-<code>`): title, message with {orderNo}, why, remedy. */
import type { MatchCode } from '../../matching/record-match.ts';
import { fillMessage, type RuleText } from '../customs/texts.ts';
import en from './texts.en.json' with { type: 'json' };
import zh from './texts.zh-CN.json' with { type: 'json' };

const texts: Readonly<Record<'zh-CN' | 'en', Readonly<Record<string, RuleText>>>> = { 'zh-CN': zh, en };

/** The id under which a code is a finding. */
export function findingOfCode(code: MatchCode): string {
  return `MATCH-${code}`;
}

/** The text of a code for an order number. */
export function matchText(code: MatchCode, orderNo: string, language: 'zh-CN' | 'en'): RuleText {
  const text = texts[language][findingOfCode(code)];
  if (text === undefined) throw new RangeError(`no text of ${code}`);
  return { ...text, message: fillMessage(text.message, { orderNo }) };
}
