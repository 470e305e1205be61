/** Texts of match codes, as findings of the queue have them (`MATCH-<code>`): title, message with {orderNo}, why, remedy. */
import type { MatchCode } from '../../matching/record-match.ts';
import { type RuleText, textOfFinding } from '../customs/texts.ts';

/** The id under which a code is a finding. */
export function findingOfCode(code: MatchCode): string {
  return `MATCH-${code}`;
}

/** The text of a code for an order number. */
export function matchText(code: MatchCode, orderNo: string, language: 'zh-CN' | 'en'): RuleText {
  const text = textOfFinding({ rule: findingOfCode(code), params: { orderNo } }, language);
  if (text === undefined) throw new RangeError(`no text of ${code}`);
  return text;
}
