/** Words of the worksheets in both languages: `texts.zh-CN.json`, `texts.en.json`, by the same keys. */
import type { Bilingual } from '../../../shared/contract/tax.ts';
import { fillIn } from '../../../shared/i18n/fill.ts';
import en from './texts.en.json' with { type: 'json' };
import zh from './texts.zh-CN.json' with { type: 'json' };

const texts: { readonly zh: Readonly<Record<string, string>>; readonly en: Readonly<Record<string, string>> } = {
  zh,
  en,
};

/** The text of a key with its {params}; a key without text stands for itself, so that a gap is seen (a test looks for them). */
export function sheetText(key: string, params: Readonly<Record<string, string | number | Bilingual>> = {}): Bilingual {
  const fill = (language: 'zh' | 'en'): string =>
    fillIn(texts[language][key] ?? key, (name) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      return typeof value === 'object' ? value[language] : value;
    });
  return { zh: fill('zh'), en: fill('en') };
}

export function hasSheetText(key: string): boolean {
  return Object.hasOwn(texts.zh, key) && Object.hasOwn(texts.en, key);
}
