/** Country names and letter codes as marketplaces write them, to the three-digit numbers of customs. */
import { type CodeTable, readTableFile, type TableFile } from './table.ts';

export interface CountryMatcher {
  /**
   * The customs number (`502`) of a name, an alpha-2 or alpha-3 code, or a number itself; undefined when the text is unknown or names
   * no single country ("European Community", "Unspecified", "Korea").
   */
  match(text: string): string | undefined;
  /** Whether the text is known yet names no country: worth another sentence to the user than a spelling nobody knows. */
  isAmbiguous(text: string): boolean;
}

function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ').replace(/[’‘]/g, "'");
}

/** Builds the matcher from tables `country` and `country_alpha3` and the parsed file `country_alias.json`. Throws TableError. */
export function buildCountryMatcher(country: CodeTable, alpha3: CodeTable, aliasFile: unknown): CountryMatcher {
  const file: TableFile = readTableFile(aliasFile);
  const known = new Map<string, string>();
  const put = (name: string, code: string): void => {
    const key = fold(name);
    if (key !== '' && !known.has(key)) known.set(key, code);
  };
  // Hand-kept aliases come first: they may say on purpose that a name is no country.
  for (const row of file.rows) put(String(row[0] ?? ''), String(row[1] ?? ''));
  for (const entry of country.entries) {
    put(entry.code, entry.code);
    put(entry.zh, entry.code);
    put(entry.en, entry.code);
    put(entry.en.replace(/, China$/, ''), entry.code);
    put(entry.more['alpha3'] ?? '', entry.code);
    put(entry.more['alpha2'] ?? '', entry.code);
    for (const alias of (entry.more['aliases'] ?? '').split('|')) put(alias, entry.code);
  }
  for (const entry of alpha3.entries) {
    const code = entry.more['customs'] ?? '';
    put(entry.code, code);
    put(entry.zh, code);
    put(entry.en, code);
    put(entry.more['alpha2'] ?? '', code);
  }
  return {
    match: (text) => known.get(fold(text)) || undefined,
    isAmbiguous: (text) => known.get(fold(text)) === '',
  };
}
