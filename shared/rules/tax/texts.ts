/**
 * Texts of the tax calculators in both languages. Each folder has its own, by key: `calculator.<id>`, `step.<id>`,
 * `input.<name>`, `input.<name>.<option>`, `result.<name>`, `warning.<code>`, `setting.<id>`, `setting.<id>.<option>`,
 * `reason.<CODE>`; `<key>@<calculator>` where one calculator means something of its own.
 */
import exportVatEn from './export-vat/texts.en.json' with { type: 'json' };
import exportVatZh from './export-vat/texts.zh-CN.json' with { type: 'json' };
import importEn from './import/texts.en.json' with { type: 'json' };
import importZh from './import/texts.zh-CN.json' with { type: 'json' };
import incomeEn from './income/texts.en.json' with { type: 'json' };
import incomeZh from './income/texts.zh-CN.json' with { type: 'json' };
import localEn from './local/texts.en.json' with { type: 'json' };
import localZh from './local/texts.zh-CN.json' with { type: 'json' };

export type TaxLanguage = 'zh-CN' | 'en';
type Texts = Readonly<Record<string, string>>;

/** The folders' texts: income, export VAT, import, local. */
export const taxTexts: Readonly<Record<TaxLanguage, readonly Texts[]>> = {
  'zh-CN': [incomeZh, exportVatZh, importZh, localZh],
  en: [incomeEn, exportVatEn, importEn, localEn],
};

const own = (texts: Texts, key: string): string | undefined => (Object.hasOwn(texts, key) ? texts[key] : undefined);

/**
 * The text of a key; undefined where there is none. The same name may mean another thing in another folder: with the id of
 * the calculator its own text and its folder's come first.
 */
export function taxText(key: string, language: TaxLanguage, calculator?: string): string | undefined {
  const folders = taxTexts[language];
  if (calculator !== undefined) {
    const folder = folders.find((texts) => own(texts, `calculator.${calculator}`) !== undefined);
    const text = folder && (own(folder, `${key}@${calculator}`) ?? own(folder, key));
    if (text !== undefined) return text;
  }
  for (const texts of folders) {
    const text = own(texts, key);
    if (text !== undefined) return text;
  }
  return undefined;
}
