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

/** Which letters of a text are matched, and the matched ones of the other, for texts as long as names are: written anew by each measuring. */
const SHORT = 64;
const takenOfShort = new Uint8Array(SHORT);
const matchedOfShort = new Uint16Array(SHORT);

/** Jaro's measure with Winkler's bonus for a common beginning: 0 to 1. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const isShort = a.length <= SHORT && b.length <= SHORT;
  const taken = isShort ? takenOfShort.fill(0, 0, b.length) : new Uint8Array(b.length);
  const matchedA = isShort ? matchedOfShort : new Uint16Array(a.length);
  let matches = 0;
  for (let i = 0; i < a.length; i += 1) {
    const code = a.charCodeAt(i);
    const end = Math.min(b.length, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < end; j += 1) {
      if (taken[j] === 1 || b.charCodeAt(j) !== code) continue;
      taken[j] = 1;
      matchedA[matches] = code;
      matches += 1;
      break;
    }
  }
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

const noSounds: readonly string[] = [];

/** What it costs to put one character for another: little for one of the same sound, and for nearly the same. */
function characterCost(a: HanText, i: number, b: HanText, j: number): number {
  if (a.characters[i] === b.characters[j]) return 0;
  if (areMet(a.sounds[i] ?? noSounds, b.sounds[j] ?? noSounds)) return 0.3;
  return areMet(a.flatSounds[i] ?? noSounds, b.flatSounds[j] ?? noSounds) ? 0.5 : 1;
}
function areMet(a: readonly string[], b: readonly string[]): boolean {
  for (let at = 0; at < a.length; at += 1) for (let to = 0; to < b.length; to += 1) if (a[at] === b[to]) return true;
  return false;
}

/**
 * Edit distance of Chinese texts in which characters of one sound are nearly one, as a likeness of 0 to 1.
 * @param least what is less alike than this may be told as less alike than it is: what cannot reach it is not measured whole
 */
function hanLikeness(a: HanText, b: HanText, least: number): { likeness: number; isSound: boolean } {
  const [one, other] = [a.characters, b.characters];
  const longer = Math.max(one.length, other.length, 1);
  let isSound = false;
  // A character more or fewer costs 1: so many of them, and no more, may stand before a place.
  const most = longer * (1 - least) + 1e-6;
  if (most < 1) {
    let sum = one.length === other.length ? 0 : longer;
    for (let at = 0; at < one.length && sum <= most; at += 1) {
      const cost = characterCost(a, at, b, at);
      if (cost > 0 && cost < 1) isSound = true;
      sum += cost;
    }
    return { likeness: sum <= most ? 1 - sum / longer : 0, isSound };
  }
  let before = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const cost = characterCost(a, i - 1, b, j - 1);
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
  const shorter = Math.min(a.core.characters.length, b.core.characters.length);
  const longer = Math.max(a.core.characters.length, b.core.characters.length, 1);
  // Two characters are shared by many firms: what stands beside them counts more then.
  const share = shorter >= 3 ? 0.8 : 0.6;
  const isWithin = (core: number): boolean => 100 * (share * core + 1 - share) >= from - 1;
  if (!isWithin(shorter / longer)) return none;
  const core = hanLikeness(a.core, b.core, ((from - 1) / 100 - 1 + share) / share);
  if (!isWithin(core.likeness)) return none;
  const whole = hanLikeness(a.proper, b.proper, 0);
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

/** How a Chinese name, its place and its core are spelt, made once a name: a name of a list meets many. */
interface Spelt {
  readonly whole: readonly string[];
  readonly places: ReadonlySet<string>;
  readonly core: readonly string[];
}
const speltNames = new WeakMap<NameForm, Spelt>();
function speltOf(chinese: NameForm, reader: NameReader): Spelt {
  const known = speltNames.get(chinese);
  if (known !== undefined) return known;
  const made = {
    whole: spellings(reader.hanText(chinese.han)),
    places: new Set(spellings(reader.hanText(chinese.place.replace(/[省市区县镇]/g, '')))),
    core: spellings(chinese.core),
  };
  speltNames.set(chinese, made);
  return made;
}

/** A Latin name in one word: as it stands, its first word last, its last word first. */
function ordersOf({ words }: NameForm): ReadonlySet<string> {
  const list = words.map(({ text }) => text);
  return new Set([
    list.join(''),
    [...list.slice(1), ...list.slice(0, 1)].join(''),
    [...list.slice(-1), ...list.slice(0, -1)].join(''),
  ]);
}

/** Spellings of nearly the same length alone can be this alike, whatever their letters. */
const NEARLY = 0.97;
const mayBeNearly = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= 0.84 * Math.max(a.length, b.length);

/** A Chinese name against a Latin one: its pinyin, surname first or last, whole or without place and trade. */
function pinyinLikeness(chinese: NameForm, latin: NameForm, reader: NameReader): Likeness {
  const spelling = speltOf(chinese, reader);
  const orders = ordersOf(latin);
  let score = 0;
  for (const spelt of spelling.whole) {
    if (orders.has(spelt)) score = Math.max(score, spelt.length >= 6 ? 92 : 88);
    else if (spelt.length >= 9)
      for (const other of orders)
        if (mayBeNearly(spelt, other) && jaroWinkler(spelt, other) >= NEARLY) score = Math.max(score, 86);
  }
  if (chinese.isFirm || latin.isFirm) {
    const isPlace = ({ text }: NameWord): boolean => spelling.places.has(text);
    const left = latin.words
      .filter((word) => !word.isWeak && !isPlace(word))
      .map(({ text }) => text)
      .join('');
    const hasPlace = chinese.place !== '' && latin.words.some(isPlace);
    if (left.length >= 6 && spelling.core.includes(left)) score = Math.max(score, hasPlace ? 92 : 87);
  }
  return { score, reason: 'pinyin' };
}

/**
 * The likeness of two names: that of their more alike halves.
 * @param from the least likeness that matters: what cannot reach it need not be measured whole
 */
export function likenessOf(a: NameForm, b: NameForm, reader: NameReader, from = 0): Likeness {
  const chinese = a.han !== '' && b.han !== '' ? chineseLikeness(a, b, from) : undefined;
  const latin = a.words.length > 0 && b.words.length > 0 ? latinLikeness(a, b) : undefined;
  if (chinese !== undefined && latin !== undefined) return latin.score > chinese.score ? latin : chinese;
  return chinese ?? latin ?? (a.han === '' ? pinyinLikeness(b, a, reader) : pinyinLikeness(a, b, reader));
}
