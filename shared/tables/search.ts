/** The lookup box: one search over code, Chinese, full pinyin, initials and English, several words in any order (UX rule 2.3). */
import { type CodeEntry, type CodeTable, initialsOf } from './table.ts';

export interface SearchHit {
  readonly entry: CodeEntry;
  /** Higher is better; only for ranking within one search. */
  readonly score: number;
}

interface Keys {
  readonly code: string;
  readonly alpha: string;
  readonly alpha2: string;
  readonly zh: string;
  readonly others: string;
  readonly en: string;
  readonly full: string;
  readonly syllables: string;
  readonly initials: string;
}

// Search keys are made once a table, at its first search, and dropped with it.
const cache = new WeakMap<CodeTable, readonly Keys[]>();

/** Folds full-width characters and capitals; ü is looked up as v, as every input method has it. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ü', 'v');
}

function keysOf(table: CodeTable): readonly Keys[] {
  const known = cache.get(table);
  if (known !== undefined) return known;
  const made = table.entries.map((entry): Keys => {
    const {
      alpha3 = '',
      alpha2 = '',
      alpha = '',
      aliases = '',
      abbr = '',
      full = '',
      elements: _elements,
      ...rest
    } = entry.more;
    return {
      code: fold(entry.code),
      alpha: fold([alpha3, ...alpha.split('|'), rest['customs'] ?? ''].filter((a) => a !== '').join(' ')),
      alpha2: fold(alpha2),
      zh: fold(entry.zh),
      others: fold([aliases.replaceAll('|', ' '), abbr, full].join(' ')),
      en: fold(entry.en),
      full: entry.pinyin.replaceAll(' ', ''),
      syllables: ` ${entry.pinyin}`,
      initials: initialsOf(entry.pinyin),
    };
  });
  cache.set(table, made);
  return made;
}

/** Does `word` start at some syllable of `syllables` and run on through whole or partial following ones ("zhongg" in "zhong guo")? */
function atSyllable(syllables: string, full: string, word: string): boolean {
  if (!full.includes(word)) return false;
  for (let at = syllables.indexOf(' '); at >= 0; at = syllables.indexOf(' ', at + 1)) {
    if (syllables.slice(at).replaceAll(' ', '').startsWith(word)) return true;
  }
  return false;
}

/** Score of one word against one entry; 0 when it does not match at all. Exact beats prefix beats inside; code and Chinese beat spelling. */
function scoreWord(keys: Keys, word: string, latin: boolean): number {
  let best = 0;
  if (keys.code === word) best = 100;
  else if (keys.code.startsWith(word)) best = 80;
  else if (keys.alpha !== '' && keys.alpha.split(' ').includes(word)) best = 96;
  if (latin) {
    if (best < 90 && keys.en === word) best = 90;
    if (best < 88 && keys.full === word) best = 88;
    if (best < 86 && keys.initials === word) best = 86;
    // Below initials: `mg` is 美国 to a clerk before it is Madagascar.
    if (best < 84 && keys.alpha2 === word) best = 84;
    if (best < 70 && keys.full.startsWith(word)) best = 70;
    if (best < 66 && keys.en.startsWith(word)) best = 66;
    if (best < 60 && keys.initials.startsWith(word)) best = 60;
    if (best < 55 && (keys.en.includes(` ${word}`) || keys.en.includes(`(${word}`))) best = 55;
    if (best < 45 && atSyllable(keys.syllables, keys.full, word)) best = 45;
    if (best < 40 && word.length > 1 && keys.initials.includes(word)) best = 40;
    if (best < 20 && word.length > 2 && keys.en.includes(word)) best = 20;
    if (best < 15 && word.length > 1 && keys.code.includes(word)) best = 15;
    if (best < 10 && word.length > 1 && keys.zh.includes(word)) best = 10;
  } else {
    if (best < 95 && keys.zh === word) best = 95;
    if (best < 82 && keys.others.split(' ').includes(word)) best = 82;
    if (best < 75 && keys.zh.startsWith(word)) best = 75;
    if (best < 62 && keys.zh.includes(word)) best = 62;
    if (best < 50 && keys.others.includes(word)) best = 50;
  }
  return best;
}

function rankOf(entry: CodeEntry): number {
  return Number(entry.more['rank'] || '9999');
}

/**
 * Searches a table. Every blank-separated word must match the entry somehow; the order of the words does not matter.
 * @param query what the user typed; blank text gives the first entries of the table
 * @param limit most hits returned
 * @returns best first; equal scores go by the table's `rank` column if it has one, then shorter names, then the table's own order
 */
export function search(query: string, table: CodeTable, limit: number): SearchHit[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return table.entries.slice(0, limit).map((entry) => ({ entry, score: 0 }));
  const latin = words.map((word) => /^[\x20-\x7e]+$/.test(word));
  const hits: (SearchHit & { readonly at: number })[] = [];
  for (const [at, keys] of keysOf(table).entries()) {
    let score = 0;
    for (const [index, word] of words.entries()) {
      const part = scoreWord(keys, word, latin[index] === true);
      if (part === 0) {
        score = 0;
        break;
      }
      score += part;
    }
    const entry = table.entries[at];
    if (score > 0 && entry !== undefined) hits.push({ entry, score, at });
  }
  hits.sort(
    (a, b) =>
      b.score - a.score || rankOf(a.entry) - rankOf(b.entry) || a.entry.zh.length - b.entry.zh.length || a.at - b.at,
  );
  return hits.slice(0, limit).map(({ entry, score }) => ({ entry, score }));
}
