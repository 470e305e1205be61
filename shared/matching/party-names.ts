/** Names of buyers and payers as banks, platforms and people write them, brought to words for comparing only. */

const HAN = /[\u3400-\u9fff]/u;

/** Names that are none: numbers of customers, blanks. */
export function isNamed(name: string): boolean {
  return /\p{L}{2}/u.test(name);
}

/** Legal forms (Ltd, GmbH, 有限公司) as words and as endings of names in Han characters; they tell no one apart. */
export interface LegalForms {
  readonly words: ReadonlySet<string>;
  readonly endings: readonly string[];
}

/** @param forms in any writing, e.g. `Co.`, `GmbH`, `有限公司` */
export function legalForms(forms: readonly string[]): LegalForms {
  const folded = forms.map(fold);
  return {
    words: new Set(folded.filter((form) => !HAN.test(form)).map((form) => form.replaceAll(' ', ''))),
    endings: folded.filter((form) => HAN.test(form)).sort((a, b) => b.length - a.length || (a < b ? -1 : 1)),
  };
}

const mostFolded = 2000;
const folded = new Map<string, string>();

/** As {@link foldAnew}, remembered: the names of institutions and of regular payers come again and again. */
function fold(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  if (folded.size >= mostFolded) folded.clear();
  const made = foldAnew(text);
  folded.set(text, made);
  return made;
}

/** Lower case without accents; whatever is neither letter nor digit is a space, dots and apostrophes within a word are nothing. */
function foldAnew(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[.'’]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Short names begin many others; from so many letters on a name that goes on is its own (`AMAZONCOM SERVICES`). */
const tellingLength = 6;

/** Whether a name begins with another: `PAYONEER INC` with `Payoneer`, `连连国际` with `连连`, but not `Wiseman` with `Wise`. */
export function beginsWithName(name: string, other: string): boolean {
  const [long, short] = [fold(name), fold(other)];
  if (short === '' || !long.startsWith(short)) return false;
  return long.length === short.length || long[short.length] === ' ' || short.length >= tellingLength || HAN.test(short);
}

/** The words of a name that tell it apart, in alphabetical order, each once. Han characters stay together as they were written. */
export function nameWords(name: string, forms: LegalForms): string[] {
  const words = new Set<string>();
  for (const part of fold(name).split(' ')) {
    for (const run of part.match(/[\u3400-\u9fff]+|[^\u3400-\u9fff]+/gu) ?? []) {
      const word = HAN.test(run) ? forms.endings.reduce((rest, form) => rest.replaceAll(form, ''), run) : run;
      if (word !== '' && !forms.words.has(word)) words.add(word);
    }
  }
  return [...words].sort();
}

/** One form for names that differ only in case, accents, punctuation, legal form and the order of words. */
export function nameKey(name: string, forms: LegalForms): string {
  return nameWords(name, forms).join(' ');
}

/** Whether two words of five letters or more differ by one letter: typed wrong, left out, too many. */
function isSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 5 || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const rest = long.length === short.length ? short.slice(at + 1) : short.slice(at);
  return long.slice(at + 1) === rest;
}

/** What two words have in common, in characters. Han: pairs of characters; others: the same word, a slip, an initial. */
function common(a: string, b: string): number {
  if (a === b) return a.length;
  if (HAN.test(a) && HAN.test(b)) {
    const pairs = new Set(Array.from({ length: Math.max(0, a.length - 1) }, (_, at) => a.slice(at, at + 2)));
    let shared = 0;
    for (let at = 0; at < b.length - 1; at++) if (pairs.delete(b.slice(at, at + 2))) shared += 1;
    return shared === 0 ? 0 : shared + 1;
  }
  if (isSlip(a, b)) return Math.min(a.length, b.length) - 1;
  const isInitial = (a.length === 1 || b.length === 1) && a[0] === b[0];
  return isInitial ? 1 : 0;
}

/** How alike two names are, 0 to 100, by the characters of the words they share (Dice); 0 where one is no name. */
export function nameLikeness(a: string, b: string, forms: LegalForms): number {
  const left = nameWords(a, forms);
  const right = nameWords(b, forms);
  const size = (words: readonly string[]): number => words.reduce((sum, word) => sum + word.length, 0);
  const total = size(left) + size(right);
  if (left.length === 0 || right.length === 0) return 0;
  const free = [...right];
  let shared = 0;
  // The longest first, so that initials never take a word that fits another whole.
  for (const word of [...left].sort((x, y) => y.length - x.length || (x < y ? -1 : 1))) {
    let best = -1;
    let most = 0;
    for (const [at, other] of free.entries()) {
      const same = common(word, other);
      if (same > most) [best, most] = [at, same];
    }
    if (best < 0) continue;
    free.splice(best, 1);
    shared += most;
  }
  return Math.min(100, Math.floor((200 * shared) / total));
}
