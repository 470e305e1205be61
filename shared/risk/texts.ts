/** Texts of red flags, flows and hits in both languages: for the desk, for paper and for files. */
import type { FlagRule } from '../contract/risk.ts';
import { fillIn } from '../i18n/fill.ts';
import { listed } from '../i18n/words.ts';
import en from './texts.en.json' with { type: 'json' };
import zh from './texts.zh-CN.json' with { type: 'json' };

export type RiskLanguage = 'zh-CN' | 'en';
type Params = Readonly<Record<string, string | number>>;
const texts: Readonly<Record<RiskLanguage, Readonly<Record<string, string>>>> = { 'zh-CN': zh, en };

/** A word of the rules in the language, by itself or several apart by blanks; one without a text stays as it is. */
function named(language: RiskLanguage, value: string | number): string {
  if (typeof value === 'number') return String(value);
  const codes = value.split(' ');
  const words = codes.flatMap((one) => texts[language][`word.${one}`] ?? []);
  return words.length < codes.length ? value : listed(words, language);
}

/** The text of a key with its {params} put in; a key without a text stands for itself, so that a gap is seen. */
export function riskText(language: RiskLanguage, key: string, params: Params = {}): string {
  return fillIn(texts[language][key] ?? key, (name) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return value === undefined ? undefined : named(language, value);
  });
}

/** What a flag found, in words. */
export function hitText(language: RiskLanguage, rule: FlagRule, params: Params): string {
  const reason = params['reason'];
  if (rule === 'R02' && typeof reason === 'string') return riskText(language, `hit.R02.${reason}`, params);
  if (rule === 'R06' && params['year'] !== undefined) return riskText(language, 'hit.R06.year', params);
  if (rule === 'R16' && params['held'] === 1) return riskText(language, 'hit.R16.held', params);
  return riskText(language, `hit.${rule}`, params);
}
