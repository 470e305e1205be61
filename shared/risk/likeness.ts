/** How alike two names are, in hundredths, and why: an opinion to be reviewed, never a verdict. */
import type { HanText, NameForm, NameReader, NameWord } from './names.ts';

/**
 * Why two names are alike: the same letter for letter once brought to their form; words in another order; spelt alike; with
 * initials; one contains the other; written together; a Chinese name alike; of the same sound; the Latin spelling of a
 * Chinese name; the same number.
 */
export const likenessReasons = [
  'same',
  'order',
  'spelling',
  'initials',
  'contained',
  'joined',
  'characters',
  'sound',
  'pinyin',
  'number',
] as const;
export type LikenessReason = (typeof likenessReasons)[number];
export interface Likeness {
  readonly score: number;
  readonly reason: LikenessReason;
}

/** Jaro's measure with Winkler's bonus for a common beginning: 0 to 1. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Uint8Array(b.length);
  const matchedA: number[] = [];
  for (let i = 0; i < a.length; i += 1) {
    const code = a.charCodeAt(i);
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j += 1) {
      if (taken[j] === 1 || b.charCodeAt(j) !== code) continue;
      taken[j] = 1;
      matchedA.push(code);
      break;
    }
  }
  const matches = matchedA.length;
  if (matches === 0) return 0;
  let [moved, at] = [0, 0];
  for (let j = 0; j < b.length; j += 1) {
    if (taken[j] !== 1) continue;
    if (matchedA[at] !== b.charCodeAt(j)) moved += 1;
    at += 1;
  }
  const jaro = (matches / a.length + matches / b.length + (matches - moved / 2) / matches) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Below this two words are two words. */
const WORD_ALIKE = 0.88;
/** A whole word against its first letter. */
const INITIAL = 0.85;
/** Same sound, other letters. */
const SOUND = 0.96;
const WEAK = 0.3;
/** A name that lies whole in the other. */
const CONTAINED = 88;

function wordLikeness(a: NameWord, b: NameWord): number {
  if (a.text === b.text) return 1;
  if (/\d/.test(a.text) || /\d/.test(b.text)) return 0;
  const shorter = Math.min(a.text.length, b.text.length);
  if (shorter === 1) return a.text[0] === b.text[0] ? INITIAL : 0;
  if (a.folded === b.folded && a.folded.length > 1) return SOUND;
  if (shorter < 4) return 0;
  const likeness = Math.max(jaroWinkler(a.text, b.text), jaroWinkler(a.folded, b.folded) - 0.02);
  return likeness >= WORD_ALIKE ? likeness : 0;
}

const weightOf = (one: NameWord): number => (one.isWeak ? WEAK : 1);

/** Words paired, the most alike first, whatever their order. */
function wordsLikeness(a: readonly NameWord[], b: readonly NameWord[]): Likeness {
  const pairs: { at: number; to: number; likeness: number }[] = [];
  for (const [at, one] of a.entries())
    for (const [to, other] of b.entries()) {
      const likeness = wordLikeness(one, other);
      if (likeness > 0) pairs.push({ at, to, likeness });
    }
  pairs.sort((x, y) => y.likeness - x.likeness || x.at - y.at || x.to - y.to);
  const [usedA, usedB] = [new Set<number>(), new Set<number>()];
  let [sum, paired] = [0, 0];
  let [isInitial, isExact, isOrdered] = [false, true, true];
  for (const { at, to, likeness } of pairs) {
    if (usedA.has(at) || usedB.has(to)) continue;
    const [one, other] = [a[at], b[to]];
    if (one === undefined || other === undefined) continue;
    usedA.add(at);
    usedB.add(to);
    sum += likeness * (weightOf(one) + weightOf(other));
    if (!one.isWeak && !other.isWeak && one.text.length > 1 && other.text.length > 1) paired += 1;
    if (likeness === INITIAL) isInitial = true;
    if (likeness < 1) isExact = false;
    if (at !== to) isOrdered = false;
  }
  const total = [...a, ...b].reduce((all, one) => all + weightOf(one), 0);
  const score = total === 0 ? 0 : Math.round((100 * sum) / total);
  const reason = isExact ? (isOrdered ? 'same' : 'order') : isInitial ? 'initials' : 'spelling';
  const whole = a.length < b.length ? { few: a, used: usedA, more: b } : { few: b, used: usedB, more: a };
  const isContained =
    isExact && paired >= 2 && whole.used.size === whole.few.length && whole.more.length - whole.few.length <= 2;
  if (isContained && score < CONTAINED) return { score: CONTAINED, reason: 'contained' };
  return { score, reason };
}

const proper = (words: readonly NameWord[]): readonly NameWord[] => {
  const strong = words.filter((one) => !one.isWeak);
  return strong.length === 0 ? words : strong;
};
const together = (words: readonly NameWord[]): string => words.map(({ text }) => text).join('');

function latinLikeness(a: NameForm, b: NameForm): Likeness {
  const byWords = wordsLikeness(a.words, b.words);
  if (byWords.score >= 97) return byWords;
  const [one, other] = [together(proper(a.words)), together(proper(b.words))];
  if (Math.min(one.length, other.length) < 6) return byWords;
  const joined = one === other ? 96 : Math.round(100 * jaroWinkler(one, other)) - 4;
  return joined >= 92 && joined > byWords.score ? { score: joined, reason: 'joined' } : byWords;
}

/** A syllable without what dialects and quick typing confuse: n and ng, z and zh, l and n. There are some four hundred. */
const flatSyllables = new Map<string, string>();
function flat(syllable: string): string {
  const known = flatSyllables.get(syllable);
  if (known !== undefined) return known;
  const made = syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/ng$/, 'n')
    .replace(/^l/, 'n');
  flatSyllables.set(syllable, made);
  return made;
}

/** What it costs to put one character for another of these sounds: little for the same sound, and for nearly the same. */
function soundCost(a: readonly string[], b: readonly string[]): number {
  let cost = 1;
  for (const one of a)
    for (const other of b) {
      if (one === other) return 0.3;
      if (flat(one) === flat(other)) cost = 0.5;
    }
  return cost;
}

/** Edit distance of Chinese texts in which characters of one sound are nearly one, as a likeness of 0 to 1. */
function hanLikeness(a: HanText, b: HanText): { likeness: number; isSound: boolean } {
  const [one, other] = [a.characters, b.characters];
  const longer = Math.max(one.length, other.length, 1);
  let before = Array.from({ length: other.length + 1 }, (_, at) => at);
  let isSound = false;
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const cost = one[i - 1] === other[j - 1] ? 0 : soundCost(a.sounds[i - 1] ?? [], b.sounds[j - 1] ?? []);
      if (cost > 0 && cost < 1 && i === j) isSound = true;
      row.push(Math.min((before[j - 1] ?? 0) + cost, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return { likeness: 1 - (before[other.length] ?? 0) / longer, isSound };
}

const none: Likeness = { score: 0, reason: 'characters' };

function chineseLikeness(a: NameForm, b: NameForm, from: number): Likeness {
  if (a.han === b.han) return { score: a.isFirm === b.isFirm ? 100 : 96, reason: 'same' };
  const lengths = [a.core.characters.length, b.core.characters.length];
  // Two characters are shared by many firms: what stands beside them counts more then.
  const share = Math.min(...lengths) >= 3 ? 0.8 : 0.6;
  const isWithin = (core: number): boolean => 100 * (share * core + 1 - share) >= from - 1;
  if (!isWithin(Math.min(...lengths) / Math.max(...lengths, 1))) return none;
  const core = hanLikeness(a.core, b.core);
  if (!isWithin(core.likeness)) return none;
  const whole = hanLikeness(a.proper, b.proper);
  const placesDiffer = a.place !== '' && b.place !== '' && !a.place.includes(b.place) && !b.place.includes(a.place);
  const likeness = share * core.likeness + (1 - share) * whole.likeness - (placesDiffer ? 0.1 : 0);
  return {
    score: Math.max(0, Math.round(100 * likeness)),
    reason: core.isSound || whole.isSound ? 'sound' : 'characters',
  };
}

/** Every spelling of a Chinese text without tones, few of them: characters of several readings multiply. */
function spellings({ sounds }: HanText): readonly string[] {
  let made = [''];
  for (const readings of sounds) {
    made = made.flatMap((before) => readings.map((one) => before + one));
    if (made.length > 16) made = made.slice(0, 16);
  }
  return made;
}

/** A Chinese name against a Latin one: its pinyin, surname first or last, whole or without place and trade. */
function pinyinLikeness(chinese: NameForm, latin: NameForm, reader: NameReader): Likeness {
  const words = latin.words.map(({ text }) => text);
  const orders = (list: readonly string[]): string[] => [
    list.join(''),
    [...list.slice(1), ...list.slice(0, 1)].join(''),
    [...list.slice(-1), ...list.slice(0, -1)].join(''),
  ];
  let score = 0;
  const whole = new Set(orders(words));
  for (const spelt of spellings(reader.hanText(chinese.han))) {
    if (whole.has(spelt)) score = Math.max(score, spelt.length >= 6 ? 92 : 88);
    else if (spelt.length >= 9)
      for (const other of whole) if (jaroWinkler(spelt, other) >= 0.97) score = Math.max(score, 86);
  }
  if (chinese.isFirm || latin.isFirm) {
    const places = new Set(spellings(reader.hanText(chinese.place.replace(/[省市区县镇]/g, ''))));
    const left = latin.words
      .filter(({ text, isWeak }) => !isWeak && !places.has(text))
      .map(({ text }) => text)
      .join('');
    const hasPlace = chinese.place !== '' && latin.words.some(({ text }) => places.has(text));
    if (left.length >= 6 && spellings(chinese.core).includes(left)) score = Math.max(score, hasPlace ? 92 : 87);
  }
  return { score, reason: 'pinyin' };
}

/**
 * The likeness of two names: that of their more alike halves.
 * @param from the least likeness that matters: what cannot reach it need not be measured whole
 */
export function likenessOf(a: NameForm, b: NameForm, reader: NameReader, from = 0): Likeness {
  const found: Likeness[] = [];
  if (a.han !== '' && b.han !== '') found.push(chineseLikeness(a, b, from));
  if (a.words.length > 0 && b.words.length > 0) found.push(latinLikeness(a, b));
  if (found.length === 0) found.push(a.han === '' ? pinyinLikeness(b, a, reader) : pinyinLikeness(a, b, reader));
  return found.reduce((best, one) => (one.score > best.score ? one : best));
}
