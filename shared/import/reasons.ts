import type { RowReason } from '../contract/imports.ts';
import { fillIn } from '../i18n/fill.ts';
import { textOfFinding } from '../rules/customs/texts.ts';
import en from './reasons.en.json' with { type: 'json' };
import zh from './reasons.zh-CN.json' with { type: 'json' };

/** What is wrong with a row and how to mend it, in both languages; by the code of the reason. */
export interface ReasonText {
  readonly what: string;
  readonly remedy: string;
}

export const reasonTexts: Readonly<Record<'zh-CN' | 'en', Readonly<Record<string, ReasonText>>>> = { 'zh-CN': zh, en };

function fill(text: string, params: RowReason['params']): string {
  return fillIn(text, (name) => (Object.hasOwn(params, name) ? params[name] : undefined));
}

/** The filled text of a reason; what the field checks find has their own. A code without a text stands for itself, so that a gap is seen. */
export function textOfReason(given: RowReason, language: 'zh-CN' | 'en'): ReasonText {
  const texts = reasonTexts[language];
  const text = Object.hasOwn(texts, given.code) ? texts[given.code] : undefined;
  if (text === undefined) {
    const found = textOfFinding({ rule: given.code, params: given.params }, language);
    return found === undefined ? { what: given.code, remedy: '' } : { what: found.message, remedy: found.remedy };
  }
  return { what: fill(text.what, given.params), remedy: fill(text.remedy, given.params) };
}
