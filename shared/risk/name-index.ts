/** A list of names laid out so that those like a given one are found without holding it against each of them. */
import { type Likeness, likenessOf } from './likeness.ts';
import { foldSound, type NameForm, type NameReader, type NameWord } from './names.ts';

/** Names share at least this part of their features before they are looked at closely. */
const LEAST_SHARED = 0.35;

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
function featuresOf(form: NameForm): { readonly latin: Set<string>; readonly han: Set<string> } {
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

/** Postings by feature, and how many features each name has. In plain arrays of numbers: a search walks over thousands. */
class Postings {
  readonly #lists: ReadonlyMap<string, Int32Array>;
  readonly #sizes: Int32Array;
  /** Features that a name shares with the one looked for, zero between searches; and the names that share any. */
  readonly #counts: Int32Array;
  readonly #touched: Int32Array;

  constructor(names: readonly ReadonlySet<string>[]) {
    const lists = new Map<string, number[]>();
    for (const [at, features] of names.entries())
      for (const one of features) {
        const list = lists.get(one);
        if (list === undefined) lists.set(one, [at]);
        else list.push(at);
      }
    this.#lists = new Map([...lists].map(([one, list]) => [one, Int32Array.from(list)]));
    this.#sizes = Int32Array.from(names, ({ size }) => size);
    this.#counts = new Int32Array(names.length);
    this.#touched = new Int32Array(names.length);
  }

  /** Names that share enough features, counted against the smaller of the two: a name may lie in a longer one. */
  find(features: ReadonlySet<string>, into: Set<number>): void {
    const [sizes, counts, touched] = [this.#sizes, this.#counts, this.#touched];
    let many = 0;
    for (const one of features) {
      const list = this.#lists.get(one);
      if (list === undefined) continue;
      for (let place = 0; place < list.length; place += 1) {
        const at = list[place] ?? 0;
        const before = counts[at] ?? 0;
        if (before === 0) {
          touched[many] = at;
          many += 1;
        }
        counts[at] = before + 1;
      }
    }
    for (let place = 0; place < many; place += 1) {
      const at = touched[place] ?? 0;
      const [shared, size] = [counts[at] ?? 0, sizes[at] ?? 0];
      counts[at] = 0;
      if (shared >= 0.7 * Math.min(features.size, size) && 2 * shared >= LEAST_SHARED * (features.size + size))
        into.add(at);
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
    const near = new Set<number>();
    this.#latin.find(features.latin, near);
    this.#han.find(features.han, near);
    const best = new Map<E, NameMatch<E>>();
    for (const at of near) {
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
