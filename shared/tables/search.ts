/** The lookup box: one search over code, Chinese, full pinyin, initials and English, several words in any order (UX rule 2.3). */
import { type CodeEntry, type CodeTable, initialsOf } from './table.ts';

export interface SearchHit {
  readonly entry: CodeEntry;
  /** Higher is better; only for ranking within one search. */
  readonly score: number;
}

interface Keys {
  readonly code: string;
  readonly alpha: readonly string[];
  readonly alpha2: string;
  readonly zh: string;
  readonly others: readonly string[];
  readonly en: string;
  /** Syllables separated by blanks, and without them. */
  readonly pinyin: string;
  readonly full: string;
  readonly initials: string;
}

/**
 * The rows of a table as two long texts, a line a row: spelling (code, letter codes, English, full pinyin, initials) and characters.
 * A word is looked for in the whole text at once; only rows that hold it are scored.
 */
interface SearchIndex {
  readonly latin: string;
  readonly latinAt: Int32Array;
  readonly han: string;
  readonly hanAt: Int32Array;
  readonly ranks: readonly number[];
  readonly keys: (Keys | undefined)[];
}

// Indexes are made once a table, at its first search, and dropped with it.
const cache = new WeakMap<CodeTable, SearchIndex>();

const plain = /^[\x20-\x7e\u4e00-\u9fff，。、；：（）]*$/;

/** Folds full-width characters and capitals; ü is looked up as v, as every input method has it. */
function fold(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text.normalize('NFKC').toLowerCase().replaceAll('ü', 'v');
}

const alphaOf = ({ more }: CodeEntry): string =>
  fold([more['alpha3'] ?? '', ...(more['alpha'] ?? '').split('|'), more['customs'] ?? ''].join(' '));
const othersOf = ({ more }: CodeEntry): string =>
  fold([(more['aliases'] ?? '').replaceAll('|', ' '), more['abbr'] ?? '', more['full'] ?? ''].join(' '));

function indexOf(table: CodeTable): SearchIndex {
  const known = cache.get(table);
  if (known !== undefined) return known;
  const count = table.entries.length;
  const latinAt = new Int32Array(count + 1);
  const hanAt = new Int32Array(count + 1);
  const latin: string[] = [];
  const han: string[] = [];
  let latinEnd = 0;
  let hanEnd = 0;
  for (const [at, entry] of table.entries.entries()) {
    latinAt[at] = latinEnd;
    hanAt[at] = hanEnd;
    const spelled = `\n${fold(entry.code)} ${alphaOf(entry)} ${fold(entry.more['alpha2'] ?? '')} ${fold(entry.en)}\t${entry.pinyin.replaceAll(' ', '')}\t${initialsOf(entry.pinyin)}`;
    const written = `\n${fold(entry.zh)} ${othersOf(entry)}`;
    latin.push(spelled);
    han.push(written);
    latinEnd += spelled.length;
    hanEnd += written.length;
  }
  latinAt[count] = latinEnd;
  hanAt[count] = hanEnd;
  const made: SearchIndex = {
    latin: latin.join(''),
    latinAt,
    han: han.join(''),
    hanAt,
    ranks: table.entries.map(({ more }) => Number(more['rank'] || '9999')),
    keys: new Array<Keys | undefined>(count),
  };
  cache.set(table, made);
  return made;
}

function keysOf(index: SearchIndex, entry: CodeEntry, at: number): Keys {
  const known = index.keys[at];
  if (known !== undefined) return known;
  const made: Keys = {
    code: fold(entry.code),
    alpha: alphaOf(entry)
      .split(' ')
      .filter((one) => one !== ''),
    alpha2: fold(entry.more['alpha2'] ?? ''),
    zh: fold(entry.zh),
    others: othersOf(entry)
      .split(' ')
      .filter((one) => one !== ''),
    en: fold(entry.en),
    pinyin: entry.pinyin,
    full: entry.pinyin.replaceAll(' ', ''),
    initials: initialsOf(entry.pinyin),
  };
  index.keys[at] = made;
  return made;
}

/** Does `word` start at some syllable and run on through whole or partial following ones ("zhongg" in "zhong guo")? */
function isAtSyllable({ pinyin, full }: Keys, word: string): boolean {
  let at = full.indexOf(word);
  if (at < 0) return false;
  let start = 0;
  for (const syllable of pinyin.split(' ')) {
    if (start === at) return true;
    if (start > at) {
      at = full.indexOf(word, start);
      if (at < 0) return false;
      if (start === at) return true;
    }
    start += syllable.length;
  }
  return false;
}

/** Score of one word against one entry; 0 when it does not match at all. Exact beats prefix beats inside; code and Chinese beat spelling. */
function scoreWord(keys: Keys, word: string, latin: boolean): number {
  if (keys.code === word) return 100;
  let best = keys.alpha.includes(word) ? 96 : keys.code.startsWith(word) ? 80 : 0;
  const { en, full, initials, zh } = keys;
  if (latin) {
    if (best < 90 && en === word) best = 90;
    if (best < 88 && full === word) best = 88;
    if (best < 86 && initials === word) best = 86;
    // Below initials: `mg` is 美国 to a clerk before it is Madagascar.
    if (best < 84 && keys.alpha2 === word) best = 84;
    if (best < 70 && full.startsWith(word)) best = 70;
    if (best < 66 && en.startsWith(word)) best = 66;
    if (best < 60 && initials.startsWith(word)) best = 60;
    if (best < 55 && (en.includes(` ${word}`) || en.includes(`(${word}`))) best = 55;
    // One letter says too little to look for it in the middle of names.
    if (word.length > 1) {
      if (best < 45 && isAtSyllable(keys, word)) best = 45;
      if (best < 40 && initials.includes(word)) best = 40;
      if (best < 20 && word.length > 2 && en.includes(word)) best = 20;
      if (best < 15 && keys.code.includes(word)) best = 15;
      if (best < 10 && zh.includes(word)) best = 10;
    }
  } else {
    if (best < 95 && zh === word) best = 95;
    if (best < 82 && keys.others.includes(word)) best = 82;
    if (best < 75 && zh.startsWith(word)) best = 75;
    if (best < 62 && zh.includes(word)) best = 62;
    if (best < 50 && keys.others.some((other) => other.includes(word))) best = 50;
  }
  return best;
}

/** Calls `found` with every row of a long text that holds the word, in order. */
function eachRow(text: string, starts: Int32Array, word: string, found: (row: number) => void): void {
  const last = starts.length - 1;
  for (let at = text.indexOf(word); at >= 0; ) {
    let low = 0;
    let high = last;
    while (low < high - 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    found(low);
    if (high >= last) return;
    at = text.indexOf(word, starts[high] ?? text.length);
  }
}

/**
 * Rows that may match a word, in groups of which an earlier one always outranks a later one where the word is the whole query; together
 * a superset of the rows that score. One letter counts only where a name or a code begins.
 */
function* candidates(index: SearchIndex, word: string, latin: boolean): Generator<ReadonlySet<number>> {
  const seen = new Set<number>();
  const group = (text: string, starts: Int32Array, needles: readonly string[]): Set<number> => {
    const rows = new Set<number>();
    for (const needle of needles)
      eachRow(text, starts, needle, (row) => {
        if (seen.has(row)) return;
        seen.add(row);
        rows.add(row);
      });
    return rows;
  };
  const spelled = (...needles: readonly string[]) => group(index.latin, index.latinAt, needles);
  if (latin && word.length === 1) {
    // The beginning of a code or of a name (70 and more), then that of an English word.
    yield spelled(`\n${word}`, `\t${word}`);
    yield spelled(` ${word}`, `(${word}`);
    return;
  }
  if (latin) {
    // Beginnings of codes, names and English words (55 and more), then the middle of them (45 and less).
    yield spelled(`\n${word}`, `\t${word}`, ` ${word}`, `(${word}`);
    yield spelled(word);
  }
  // Chinese names may hold Latin words ("LED灯").
  yield group(index.han, index.hanAt, [word]);
}

interface Ranked extends SearchHit {
  readonly at: number;
  readonly rank: number;
}

const before = (a: Ranked, b: Ranked): number =>
  b.score - a.score || a.rank - b.rank || a.entry.zh.length - b.entry.zh.length || a.at - b.at;

/**
 * Searches a table. Every blank-separated word must match the entry somehow; the order of the words does not matter.
 * @param query what the user typed; blank text gives the first entries of the table
 * @param limit most hits returned
 * @param recent codes that stand before all others that match, in this order: what was used last for the same thing
 * @returns best first; equal scores go by the table's `rank` column if it has one, then shorter names, then the table's own order
 */
export function search(query: string, table: CodeTable, limit: number, recent: readonly string[] = []): SearchHit[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  // Made even for blank text: a box that is opened is about to be typed into.
  const index = indexOf(table);
  if (words.length === 0) {
    const first = recent.flatMap((code) => table.lookup(code) ?? []);
    const others = table.entries.slice(0, limit + first.length).filter((entry) => !first.includes(entry));
    return [...first, ...others].slice(0, limit).map((entry) => ({ entry, score: 0 }));
  }
  const isLatin = words.map((word) => /^[\x20-\x7e]+$/.test(word));
  // The longest word leaves the fewest rows to score.
  const lead = words.reduce((best, word, at) => (word.length > (words[best] ?? '').length ? at : best), 0);
  const lastUsed = new Map(recent.map((code, at) => [code, recent.length - at]));
  const hits: Ranked[] = [];
  const take = (at: number): void => {
    const entry = table.entries[at];
    if (entry === undefined) return;
    const keys = keysOf(index, entry, at);
    let score = 0;
    for (const [n, word] of words.entries()) {
      const part = scoreWord(keys, word, isLatin[n] === true);
      if (part === 0) return;
      score += part;
    }
    score += 10_000 * (lastUsed.get(entry.code) ?? 0);
    const hit: Ranked = { entry, score, at, rank: index.ranks[at] ?? 9999 };
    const worst = hits[limit - 1];
    if (worst !== undefined && before(worst, hit) <= 0) return;
    let place = hits.length;
    for (let above = hits[place - 1]; above !== undefined && before(hit, above) < 0; above = hits[place - 1])
      place -= 1;
    hits.splice(place, 0, hit);
    if (hits.length > limit) hits.pop();
  };
  const wanted = (at: number): boolean => lastUsed.has(table.entries[at]?.code ?? '');
  for (const group of candidates(index, words[lead] ?? '', isLatin[lead] === true)) {
    // What was used last stands first wherever it matches; of the others nothing later can outrank a full list.
    const isFull = words.length === 1 && hits.length >= limit;
    if (isFull && lastUsed.size === 0) break;
    for (const at of group) if (!isFull || wanted(at)) take(at);
  }
  return hits.map(({ entry, score }) => ({ entry, score }));
}
