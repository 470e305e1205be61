import type { ContractError } from '../contract/operation.ts';
import en from './errors.en.json' with { type: 'json' };
import zh from './errors.zh-CN.json' with { type: 'json' };
import { fillIn } from './fill.ts';

export type Language = 'zh-CN' | 'en';

/** What is wrong, why, and what to do about it. */
export interface ErrorText {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

const texts: Readonly<Record<Language, Readonly<Record<string, ErrorText>>>> = { 'zh-CN': zh, en };

/** Error texts by code. */
export function errorTexts(language: Language): Readonly<Record<string, ErrorText>> {
  return texts[language];
}

/** The text of an error with its parameters filled in; the bare code for one without a text. */
export function errorText(error: ContractError, language: Language): ErrorText {
  const of = texts[language];
  const text = Object.hasOwn(of, error.code) ? of[error.code] : undefined;
  if (text === undefined) return { what: error.code, why: '', remedy: '' };
  const fill = (part: string) => fillIn(part, (name) => error.params[name]);
  return { what: fill(text.what), why: fill(text.why), remedy: fill(text.remedy) };
}
