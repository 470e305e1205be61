/** Words of the rules on screen: terms of a formula, values, warnings; from the rules' own texts, in the desk's language. */

import type { Bilingual, CalculationView } from '../../../shared/contract/tax.ts';
import { fillIn } from '../../../shared/i18n/fill.ts';
import { listed } from '../../../shared/i18n/words.ts';
import customsEn from '../../../shared/rules/customs-modes/texts.en.json' with { type: 'json' };
import customsZh from '../../../shared/rules/customs-modes/texts.zh-CN.json' with { type: 'json' };
import forexEn from '../../../shared/rules/forex/texts.en.json' with { type: 'json' };
import forexZh from '../../../shared/rules/forex/texts.zh-CN.json' with { type: 'json' };
import { taxText } from '../../../shared/rules/tax/texts.ts';
import { formatAmount } from '../../i18n/format.ts';
import type { Language } from '../../i18n/i18n.ts';

/** What `t` of i18next does, as far as these functions need it. */
export type Translate = (key: string, options?: Readonly<Record<string, unknown>>) => string;

/** Areas of rules with texts of their own. */
const areaTexts: readonly Readonly<Record<Language, Readonly<Record<string, string>>>>[] = [
  { 'zh-CN': forexZh, en: forexEn },
  { 'zh-CN': customsZh, en: customsEn },
];

export function say(words: Bilingual, language: Language): string {
  return language === 'en' ? words.en : words.zh;
}

/** The text of a key of the rules; undefined where nobody has written one. */
export function ruleText(key: string, language: Language, calculator: string): string | undefined {
  const own = areaTexts.find((texts) => Object.hasOwn(texts[language], `calculator.${calculator}`))?.[language];
  if (own !== undefined) return Object.hasOwn(own, key) ? own[key] : undefined;
  return taxText(key, language, calculator);
}

export interface Words {
  readonly language: Language;
  readonly t: Translate;
}

function firstText(keys: readonly string[], language: Language, calculator: string): string | undefined {
  for (const key of keys) {
    const text = ruleText(key, language, calculator);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A term of a formula, an input or a figure of a result, in words; a name without a text stands for itself. */
export function termLabel(name: string, calculator: string, { language, t }: Words): string {
  return (
    firstText([`step.${name}`, `input.${name}`, `result.${name}`], language, calculator) ??
    t(`tax.param.${name}`, { defaultValue: name })
  );
}

export function resultLabel(name: string, calculator: string, words: Words): string {
  return ruleText(`result.${name}`, words.language, calculator) ?? termLabel(name, calculator, words);
}

export function stepLabel(id: string, calculator: string, words: Words): string {
  return ruleText(`step.${id}`, words.language, calculator) ?? termLabel(id, calculator, words);
}

const isFigure = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);
/** `2026`: a year, not a quantity of thousands. */
const isYear = (name: string, text: string): boolean => /year$/i.test(name) && /^\d{4}$/.test(text);

/** Names whose digits are a code and no figure: supervision modes (9610), transaction codes (121010). */
const isCode = (name: string): boolean => /^mode$|^others$|code$/i.test(name);

/** A value of a derivation: figures grouped, yes, no and not known, options (one or several) and reasons by their texts, anything else as it is. */
export function valueText(name: string, value: string, calculator: string, { language, t }: Words): string {
  if (value === 'true' || value === 'false') return t(`tax.${value === 'true' ? 'yes' : 'no'}`);
  if (value === '' || value === 'null') return '–';
  if (isYear(name, value) || isCode(name)) return value;
  if (isFigure(value)) return formatAmount(value);
  if (value === 'unknown') return t('tax.notKnown');
  // A list of options (`buyers`) has the texts of the one (`buyer`).
  const texts = value
    .split(',')
    .map((part) =>
      firstText(
        [
          `input.${name}.${part}`,
          `result.${name}.${part}`,
          `reason.${part}`,
          `input.${name.replace(/s$/, '')}.${part}`,
        ],
        language,
        calculator,
      ),
    );
  const known = texts.filter((one) => one !== undefined);
  return known.length < texts.length ? value : listed(known, language);
}

const functions: ReadonlySet<string> = new Set(['min', 'max', 'not']);
/** Words of the formulas that stand between terms. */
const between: ReadonlySet<string> = new Set(['up', 'to', 'of']);

function replaceTerms(formula: string, put: (name: string) => string, t: Translate): string {
  return formula.replace(/[A-Za-z][A-Za-z0-9]*/g, (name) => {
    if (functions.has(name)) return t(`tax.formula.${name}`);
    return between.has(name) ? name : put(name);
  });
}

type Step = CalculationView['steps'][number];

/** `应税收入额 × 应税所得率`. */
export function formulaInWords(step: Pick<Step, 'formula'>, calculator: string, words: Words): string {
  return replaceTerms(step.formula, (name) => termLabel(name, calculator, words), words.t);
}

/** `1,000,000 × 0.04`; a term that has no figure of its own keeps its name. Negative figures stand in brackets. */
export function formulaInNumbers(step: Pick<Step, 'formula' | 'inputs'>, calculator: string, words: Words): string {
  return replaceTerms(
    step.formula,
    (name) => {
      const value = Object.hasOwn(step.inputs, name) ? step.inputs[name] : undefined;
      if (value === undefined) return termLabel(name, calculator, words);
      const text = valueText(name, value, calculator, words);
      return value.startsWith('-') && isFigure(value) ? `(${text})` : text;
    },
    words.t,
  );
}

/** Inputs of a step that its formula does not name: brackets, limits. */
export function besideFormula(step: Pick<Step, 'formula' | 'inputs'>): readonly (readonly [string, string])[] {
  const named = new Set(step.formula.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []);
  return Object.entries(step.inputs).filter(([name]) => !named.has(name));
}

/** A warning in words, with the option chosen where the rules leave a point open. */
export function warningText(
  { code, params }: Pick<CalculationView['warnings'][number], 'code' | 'params'>,
  calculator: string,
  words: Words,
): string {
  const { language } = words;
  const text = ruleText(`warning.${code}`, language, calculator);
  if (text === undefined) return [code, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ');
  const named = (name: string, value: string): string => {
    if (name === 'setting') return ruleText(`setting.${value}`, language, calculator) ?? value;
    const setting = params['setting'];
    if (name === 'option' && setting !== undefined)
      return ruleText(`setting.${setting}.${value}`, language, calculator) ?? value;
    if (isFigure(value)) return isYear(name, value) ? value : formatAmount(value);
    const words = value
      .split(/,\s*/)
      .map((one) => firstText([`reason.${one}`, `input.${one}`, `step.${one}`], language, calculator) ?? one);
    return listed(words, language);
  };
  return fillIn(text, (name) => (Object.hasOwn(params, name) ? named(name, String(params[name])) : undefined));
}

/** Reasons of a decision, stored as codes with blanks between them; a person's own words stay as they are. */
export function reasonsText(codes: string, calculator: string, { language }: Pick<Words, 'language'>): string {
  return codes
    .split(' ')
    .map((code) => ruleText(`reason.${code}`, language, calculator) ?? code)
    .join(/^[A-Z_ ]+$/.test(codes) && language === 'zh-CN' ? '；' : /^[A-Z_ ]+$/.test(codes) ? '; ' : ' ');
}

/** From when to when a version is law: `2023-01-01 至 2027-12-31`, `2026-01-01 起`. */
export function inForceText(from: string | null, to: string | null, t: Translate): string {
  if (from === null) return to === null ? t('tax.inForce.unknown') : t('tax.inForce.until', { to });
  return to === null ? t('tax.inForce.since', { from }) : t('tax.inForce.between', { from, to });
}

/** A derivation as plain text, for the clipboard: what a colleague or the tax office is sent. */
export function derivationText(
  calculation: CalculationView,
  words: Words,
  packTitle: (id: string) => string = (id) => id,
): string {
  const { calculator } = calculation;
  const { t } = words;
  const lines = [
    ruleText(`calculator.${calculator}`, words.language, calculator) ?? calculator,
    ...(calculation.eventDate === null ? [] : [t('tax.derivation.eventDate', { date: calculation.eventDate })]),
    ...calculation.steps.flatMap((step, at) => [
      `${at + 1}. ${stepLabel(step.id, calculator, words)} = ${valueText(step.id, step.result, calculator, words)}`,
      `   ${formulaInWords(step, calculator, words)}`,
      `   ${formulaInNumbers(step, calculator, words)}`,
      `   ${t('tax.derivation.rule', { rule: step.rule })} · ${t(`tax.rounding.${step.rounding}`)}`,
    ]),
    ...calculation.packs.map(
      (pack) =>
        `${packTitle(pack.pack)} · ${inForceText(pack.inForceFrom, pack.inForceTo, t)} · ${pack.source} · ${t(`tax.reliability.${pack.reliability}`)}`,
    ),
    ...calculation.warnings.map((warning) => `${t('tax.level.warning')}：${warningText(warning, calculator, words)}`),
    t('tax.draft'),
  ];
  return lines.join('\n');
}
