/** A list of names laid out so that those like a given one are found without holding it against each of them. */
import { type Likeness, likenessOf } from './likeness.ts';
import { foldSound, type NameForm, type NameReader, type NameWord } from './names.ts';

/** Names share at least this part of their features before they are looked at closely. */
const LEAST_SHARED = 0.35;
/** And this part of those of the shorter one. */
const SHARED_OF_SMALLER = 0.7;

const strong = (words: readonly NameWord[]): readonly NameWord[] => {
  const kept = words.filter((one) => !one.isWeak);
  return kept.length === 0 ? words : kept;
};

/** Pairs of neighbouring letters of a word's sound, its ends among them; a short word once whole. */
function letterPairs(folded: string, into: Set<string>): void {
  const bounded = `^${folded}$`;
  for (let at = 0; at + 2 <= bounded.length; at += 1) into.add(bounded.slice(at, at + 2));
}

/** Features of a name: letter pairs of what it is in Latin (or in pinyin), syllables of what it is in Chinese. */
export function featuresOf(form: NameForm): { readonly latin: Set<string>; readonly han: Set<string> } {
  const latin = new Set<string>();
  const han = new Set<string>();
  for (const one of strong(form.words)) letterPairs(one.folded, latin);
  if (form.han !== '') {
    for (const sounds of form.core.sounds) for (const sound of sounds) han.add(sound);
    // Without Latin words of its own a Chinese name can still meet a Latin one by its pinyin.
    if (form.words.length === 0)
      for (const sounds of form.core.sounds) {
        const [sound] = sounds;
        if (sound === undefined) continue;
        const folded = foldSound(sound);
        for (let at = 0; at + 2 <= folded.length; at += 1) latin.add(folded.slice(at, at + 2));
      }
  }
  return { latin, han };
}

/** As many of `asked` features as a name of `size` features has to share, counted against the smaller of the two: a name may lie in a longer one. */
function leastShared(asked: number, size: number): number {
  let least = 1;
  while (least < SHARED_OF_SMALLER * Math.min(asked, size) || 2 * least < LEAST_SHARED * (asked + size)) least += 1;
  return least;
}

/** As many features, the most common ones, are kept as bits of a name, four words of them: they fit in a processor's nearest memory. */
const WORDS = 4;
const COMMON = 32 * WORDS;

function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

interface Feature {
  /** 0 is the most common one. */
  readonly rank: number;
  /** Where the names stand that have it, ascending. */
  readonly places: Int32Array;
}

/**
 * Names by feature. Who has to share most of the features asked for has one of the few rarest of them: only names in the lists of
 * those are met, and how many of the common features such a name has is told by its bits.
 */
class Postings {
  /** The names by place: those of few features first, so that the names a list is walked for are its beginning. */
  readonly #order: Int32Array;
  readonly #sizes: Int32Array;
  /** By number of features, the first place of a name that has as many or more. */
  readonly #from: Int32Array;
  readonly #features: ReadonlyMap<string, Feature>;
  readonly #bits: Int32Array;
  /** By place, zero between searches: 1 for a name that was met, and the rare features it shares. And the places that were met. */
  readonly #counts: Int32Array;
  readonly #met: Int32Array;
  readonly #least = new Map<number, Int32Array>();

  constructor(names: readonly ReadonlySet<string>[]) {
    const ordered = [...names.entries()].sort(([, a], [, b]) => a.size - b.size);
    this.#order = Int32Array.from(ordered, ([at]) => at);
    this.#sizes = Int32Array.from(ordered, ([, { size }]) => size);
    const most = this.#sizes.at(-1) ?? 0;
    this.#from = new Int32Array(most + 2).fill(names.length);
    for (let place = names.length - 1; place >= 0; place -= 1) this.#from[this.#sizes[place] ?? 0] = place;
    for (let size = most; size >= 0; size -= 1)
      this.#from[size] = Math.min(this.#from[size] ?? 0, this.#from[size + 1] ?? 0);
    const lists = new Map<string, number[]>();
    for (const [place, [, features]] of ordered.entries())
      for (const one of features) {
        const list = lists.get(one);
        if (list === undefined) lists.set(one, [place]);
        else list.push(place);
      }
    const byUse = [...lists].sort(([, a], [, b]) => b.length - a.length);
    this.#features = new Map(byUse.map(([one, list], rank) => [one, { rank, places: Int32Array.from(list) }]));
    this.#bits = new Int32Array(names.length * WORDS);
    for (const [rank, [, list]] of byUse.slice(0, COMMON).entries())
      for (const place of list) {
        const at = place * WORDS + (rank >>> 5);
        this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (rank & 31));
      }
    this.#counts = new Int32Array(names.length);
    this.#met = new Int32Array(names.length);
  }

  /** By number of features of a name, how many of `asked` it has to share. */
  #leastOf(asked: number): Int32Array {
    const known = this.#least.get(asked);
    if (known !== undefined) return known;
    const made = this.#from.map((_, size) => leastShared(asked, size));
    this.#least.set(asked, made);
    return made;
  }

  /** Names that share enough features. */
  find(features: ReadonlySet<string>, into: number[]): void {
    const [counts, met, sizes, bits] = [this.#counts, this.#met, this.#sizes, this.#bits];
    const known: Feature[] = [];
    for (const one of features) {
      const feature = this.#features.get(one);
      if (feature !== undefined) known.push(feature);
    }
    // The rarest first.
    known.sort((a, b) => b.rank - a.rank);
    const least = this.#leastOf(features.size);
    const mask = new Int32Array(WORDS);
    let many = 0;
    let size = least.length - 1;
    for (const [at, { rank, places }] of known.entries()) {
      const isRare = rank >= COMMON;
      if (!isRare) mask[rank >>> 5] = (mask[rank >>> 5] ?? 0) | (1 << (rank & 31));
      // Who has not been met yet has none of the features before this one: a name of so many features would share too few.
      while (size > 0 && (least[size - 1] ?? 0) > known.length - at) size -= 1;
      const end = isRare ? sizes.length : (this.#from[size] ?? 0);
      for (let step = 0; step < places.length; step += 1) {
        const place = places[step] ?? 0;
        if (place >= end) break;
        const before = counts[place] ?? 0;
        if (before === 0) {
          met[many] = place;
          many += 1;
        }
        counts[place] = isRare ? Math.max(before, 1) + 1 : Math.max(before, 1);
      }
    }
    const [a = 0, b = 0, c = 0, d = 0] = mask;
    for (let step = 0; step < many; step += 1) {
      const place = met[step] ?? 0;
      const at = place * WORDS;
      const shared =
        (counts[place] ?? 1) -
        1 +
        bitsOf((bits[at] ?? 0) & a) +
        bitsOf((bits[at + 1] ?? 0) & b) +
        bitsOf((bits[at + 2] ?? 0) & c) +
        bitsOf((bits[at + 3] ?? 0) & d);
      counts[place] = 0;
      if (shared >= (least[sizes[place] ?? 0] ?? 0)) into.push(this.#order[place] ?? 0);
    }
  }
}

export interface IndexedName<E> {
  readonly entry: E;
  readonly form: NameForm;
}
export interface NameMatch<E> extends Likeness {
  readonly entry: E;
  /** The name of the entry, or the alias, that matched. */
  readonly matched: string;
}

/** Names to look others up in; an entry may have several. */
export class NameIndex<E> {
  readonly #reader: NameReader;
  readonly #names: readonly IndexedName<E>[];
  readonly #latin: Postings;
  readonly #han: Postings;

  constructor(reader: NameReader, names: readonly IndexedName<E>[]) {
    this.#reader = reader;
    this.#names = names;
    const features = names.map(({ form }) => featuresOf(form));
    this.#latin = new Postings(features.map(({ latin }) => latin));
    this.#han = new Postings(features.map(({ han }) => han));
  }

  /** Entries whose name is as like as `from` hundredths, the most like first, each once. */
  find(form: NameForm, from: number): NameMatch<E>[] {
    const features = featuresOf(form);
    const near: number[] = [];
    this.#latin.find(features.latin, near);
    this.#han.find(features.han, near);
    const best = new Map<E, NameMatch<E>>();
    // Of two names of an entry that are as like, the first is told.
    let last = -1;
    for (const at of Int32Array.from(near).sort()) {
      if (at === last) continue;
      last = at;
      const name = this.#names[at];
      if (name === undefined) continue;
      const likeness = likenessOf(form, name.form, this.#reader, from);
      if (likeness.score < from) continue;
      const before = best.get(name.entry);
      if (before === undefined || before.score < likeness.score)
        best.set(name.entry, { entry: name.entry, matched: name.form.text, ...likeness });
    }
    return [...best.values()].sort((a, b) => b.score - a.score || (a.matched < b.matched ? -1 : 1));
  }
}
