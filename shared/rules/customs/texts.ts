/** Texts of findings: title, message with {params}, why, remedy; by rule id, in both languages. */
import { fillIn } from '../../i18n/fill.ts';
import endpointEn from '../endpoint/texts.en.json' with { type: 'json' };
import endpointZh from '../endpoint/texts.zh-CN.json' with { type: 'json' };
import entryEn from '../entry/texts.en.json' with { type: 'json' };
import entryZh from '../entry/texts.zh-CN.json' with { type: 'json' };
import forexEn from '../forex-forms/texts.en.json' with { type: 'json' };
import forexZh from '../forex-forms/texts.zh-CN.json' with { type: 'json' };
import guaranteeEn from '../guarantee/texts.en.json' with { type: 'json' };
import guaranteeZh from '../guarantee/texts.zh-CN.json' with { type: 'json' };
import matchEn from '../matching/texts.en.json' with { type: 'json' };
import matchZh from '../matching/texts.zh-CN.json' with { type: 'json' };
import personEn from '../person/texts.en.json' with { type: 'json' };
import personZh from '../person/texts.zh-CN.json' with { type: 'json' };
import riskEn from '../risk/texts.en.json' with { type: 'json' };
import riskZh from '../risk/texts.zh-CN.json' with { type: 'json' };
import en from './texts.en.json' with { type: 'json' };
import zh from './texts.zh-CN.json' with { type: 'json' };

export interface RuleText {
  readonly title: string;
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
}

export const ruleTexts: Readonly<Record<'zh-CN' | 'en', Readonly<Record<string, RuleText>>>> = {
  'zh-CN': { ...zh, ...entryZh, ...endpointZh, ...forexZh, ...guaranteeZh, ...matchZh, ...personZh, ...riskZh },
  en: { ...en, ...entryEn, ...endpointEn, ...forexEn, ...guaranteeEn, ...matchEn, ...personEn, ...riskEn },
};

/** Puts params into a message; a name without a value stays as it is, so that a mistake is seen. */
export function fillMessage(message: string, params: Readonly<Record<string, string | number>>): string {
  return fillIn(message, (name) => (Object.hasOwn(params, name) ? params[name] : undefined));
}

/** The text of a finding in a language, filled; undefined for a rule without text. */
export function textOfFinding(
  finding: { readonly rule: string; readonly params: Readonly<Record<string, string | number>> },
  language: 'zh-CN' | 'en',
): RuleText | undefined {
  const texts = ruleTexts[language];
  const text = Object.hasOwn(texts, finding.rule) ? texts[finding.rule] : undefined;
  if (text === undefined) return undefined;
  // A rule may rest on another, as the form of a code on its check digit: that one is named by its title.
  const { reason } = finding.params;
  const named = typeof reason === 'string' && Object.hasOwn(texts, reason) ? texts[reason]?.title : undefined;
  const params = named === undefined ? finding.params : { ...finding.params, reason: named };
  return {
    title: text.title,
    message: fillMessage(text.message, params),
    why: fillMessage(text.why, params),
    remedy: fillMessage(text.remedy, params),
  };
}
