/**
 * Texts that belong to codes of the core: errors, findings of the rules, reasons of refused rows. They are written
 * beside the code that raises them (shared/) and only looked up here; a code without a text is shown as the code.
 */
import i18next from 'i18next';
import { fillIn } from '../../shared/i18n/fill.ts';
import type { Language } from './i18n.ts';

export interface CodeText {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

type Entry = string | Readonly<Record<string, string>>;
type File = Readonly<Record<string, Entry>>;
export type Params = Readonly<Record<string, string | number>>;

const sources = {
  error: import.meta.glob<File>('../../shared/i18n/errors.*.json', { eager: true, import: 'default' }),
  finding: import.meta.glob<File>('../../shared/rules/*/texts.*.json', { eager: true, import: 'default' }),
  importReason: import.meta.glob<File>('../../shared/import/reasons.*.json', { eager: true, import: 'default' }),
} as const;
export type CatalogueName = keyof typeof sources;

const catalogues = new Map<string, Map<string, Entry>>();

function catalogue(name: CatalogueName, language: Language): Map<string, Entry> {
  const key = `${name} ${language}`;
  const known = catalogues.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, Entry>();
  for (const [path, file] of Object.entries(sources[name])) {
    if (!path.endsWith(`.${language}.json`)) continue;
    for (const [code, entry] of Object.entries(file)) made.set(code, entry);
  }
  catalogues.set(key, made);
  return made;
}

const fill = (text: string, params: Params): string =>
  fillIn(text, (name) => (Object.hasOwn(params, name) ? params[name] : undefined));

/** The text of a code in the language of the desk, or undefined when nobody has written one. */
export function codeText(name: CatalogueName, code: string, params: Params): CodeText | undefined {
  const language: Language = i18next.language === 'en' ? 'en' : 'zh-CN';
  const entry = catalogue(name, language).get(code) ?? catalogue(name, 'zh-CN').get(code);
  if (entry === undefined) return undefined;
  if (typeof entry === 'string') return { what: fill(entry, params), why: '', remedy: '' };
  // A rule may rest on another, as the form of a code on its check digit: that one is named by its title.
  const { reason } = params;
  const title = typeof reason === 'string' ? checkTitle(reason) : undefined;
  const named = title === undefined ? params : { ...params, reason: title };
  // Rules have a title and a message: the message names the field and the values.
  const what = entry['what'] ?? entry['message'] ?? entry['title'] ?? '';
  return {
    what: fill(what, named),
    why: fill(entry['why'] ?? '', named),
    remedy: fill(entry['remedy'] ?? '', named),
  };
}

/** The title of a check, without the values that its message names; undefined where it has none. */
export function checkTitle(code: string): string | undefined {
  const language: Language = i18next.language === 'en' ? 'en' : 'zh-CN';
  const entry = catalogue('finding', language).get(code);
  return typeof entry === 'object' ? entry['title'] : undefined;
}
