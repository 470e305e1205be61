/**
 * Texts of the desk. One JSON file an area and language (`zh-CN/orders.json` holds the keys `orders.*`), bundled: the
 * window never loads a text over the network. Chinese is the language every key must have first. Names of messages
 * (`messageKind.CEB603Message`) are those of their tables.
 */
import i18next, { type FormatterModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { numbered } from '../../shared/i18n/fill.ts';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

type Tree = { readonly [key: string]: string | Tree };

const files: Readonly<Record<string, Tree>> = import.meta.glob<Tree>('./*/*.json', { eager: true, import: 'default' });

/** All areas of a language as one tree, keyed by file name. */
export function textsOf(language: Language): Record<string, Tree> {
  const areas: Record<string, Tree> = {
    messageKind: Object.fromEntries(
      Object.values(catalogue).map(({ message, zh, en }) => [message, language === 'en' ? `${en} (${zh})` : zh]),
    ),
  };
  for (const [path, tree] of Object.entries(files)) {
    const [, folder, file] = path.split('/');
    if (folder === language && file !== undefined) areas[file.replace(/\.json$/, '')] = tree;
  }
  return areas;
}

/** `{{n, row is|rows are}}`: words that go with a number. A text with several counts cannot have a plural form of its own for each. */
const words: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value, format) => (value === undefined || format === undefined ? value : numbered(value, format)),
};

/** Makes i18next ready; synchronous, as every text is in the bundle. */
export function startI18n(language: Language): i18n {
  const instance = i18next.use(initReactI18next).use(words);
  void instance.init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: Object.fromEntries(languages.map((one) => [one, { translation: textsOf(one) }])),
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
    showSupportNotice: false,
  });
  return i18next;
}

export function isLanguage(text: string): text is Language {
  return languages.some((one) => one === text);
}
