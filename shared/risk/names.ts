/**
 * Names of firms and people brought to a form in which they can be held against each other: without case, diacritics,
 * punctuation, width, traditional characters and legal forms (有限公司, GmbH). What a word weighs and which words are legal
 * forms is a pack's matter (`resources/rules/risk-screening.json`), readings of Han characters a table's (`resources/names`).
 */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const screeningPackId = 'risk-screening';
const word = z.string().min(1).max(40);
export const screeningPackSchema = packSchema(
  z.object({
    /** From this likeness on, in hundredths, two names are a hit to be reviewed. */
    reviewFrom: z.number().int().min(50).max(100),
    /** Legal forms at an end of a Latin name, as one word without points: `sarl`. */
    legalForms: z.array(word),
    /** Words that many firms share: they count little. */
    weakWords: z.array(word),
    /** The same of Chinese names: forms at the end, words anywhere, places at the beginning. */
    legalFormsHan: z.array(word),
    weakWordsHan: z.array(word),
    places: z.array(word),
  }),
);
export type ScreeningFigures = z.output<typeof screeningPackSchema>['versions'][number]['parameters'];

/** Readings of Han characters without tone, and the simplified character of a traditional one. */
export interface HanTable {
  /** Empty: no Chinese character, or one without a reading. */
  readings(character: string): readonly string[];
  simplified(character: string): string;
}
const hanFile = z.object({ readings: z.record(z.string(), z.string()), simplified: z.array(z.string()) });

/** Reads `resources/names/han.json`. */
export function buildHanTable(file: unknown): HanTable {
  const { readings, simplified } = hanFile.parse(file);
  const byCharacter = new Map<string, string[]>();
  for (const [syllable, characters] of Object.entries(readings))
    for (const character of characters) {
      const known = byCharacter.get(character);
      if (known === undefined) byCharacter.set(character, [syllable]);
      else known.push(syllable);
    }
  const pairs = new Map<string, string>();
  for (const line of simplified) {
    const characters = [...line];
    for (let at = 0; at + 1 < characters.length; at += 2) pairs.set(characters[at] ?? '', characters[at + 1] ?? '');
  }
  const none: readonly string[] = [];
  return {
    readings: (character) => byCharacter.get(character) ?? none,
    simplified: (character) => pairs.get(character) ?? character,
  };
}

/** A word of a Latin name; `folded` is its sound, roughly, so that spellings of one name (Mohammed, Muhammad) meet. */
export interface NameWord {
  readonly text: string;
  readonly folded: string;
  readonly isWeak: boolean;
}

/** Chinese text by characters, with the sounds of each; one without a reading stands for itself. */
export interface HanText {
  readonly characters: readonly string[];
  readonly sounds: readonly (readonly string[])[];
  /** The same without what dialects and quick typing confuse. */
  readonly flatSounds: readonly (readonly string[])[];
}

/** A syllable without what dialects and quick typing confuse: n and ng, z and zh, l and n. There are some four hundred. */
const flat = (syllable: string): string =>
  syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/ng$/, 'n')
    .replace(/^l/, 'n');

/** A name taken apart. A name may have both halves: `华泰贸易 Huatai Trading`. */
export interface NameForm {
  /** As it was given, trimmed. */
  readonly text: string;
  readonly words: readonly NameWord[];
  /** Han characters, simplified, without the legal form. */
  readonly han: string;
  /** A place before the name proper: 江门市新会区. */
  readonly place: string;
  /** `han` without place; and without the words that many firms share. */
  readonly proper: HanText;
  readonly core: HanText;
  /** Whether it had a legal form: a firm, not a person. */
  readonly isFirm: boolean;
}

const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', ø: 'o', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŋ: 'n' },
  // Cyrillic, as passports and customs papers write it.
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'i',
    к: 'k',
    л: 'l',
    м: 'm',
  },
  ...{ н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch' },
  ...{ ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', і: 'i', ї: 'yi', є: 'ye', ґ: 'g' },
};

/** Spellings of one sound, the longer first. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/shch/g, 'sh'],
  [/sch/g, 'sh'],
  [/tch|cz/g, 'ch'],
  [/dzh|dj|zh/g, 'j'],
  [/ph/g, 'f'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/ck|q/g, 'k'],
  [/c(?!h)/g, 'k'],
  [/x/g, 'ks'],
  [/t[sz]/g, 'z'],
  [/w/g, 'v'],
  [/ou|oo/g, 'u'],
  [/ee|ie/g, 'i'],
  [/[ae][iy]/g, 'ai'],
  [/[yj](?=[aou])/g, 'i'],
  [/y/g, 'i'],
  [/e/g, 'i'],
  [/o/g, 'u'],
  [/(.)\1+/g, '$1'],
  [/(?<=.)h$/g, ''],
];

/** A Latin word by its sound, roughly. */
export function foldSound(word: string): string {
  let folded = word;
  for (const [pattern, by] of sounds) folded = folded.replace(pattern, by);
  return folded;
}

const isHan = /\p{Script=Han}/u;

/** Latin words of a text: lower case, plain letters, abbreviations (`S.A.R.L.`, `A/S`) as one word. */
function latinWords(text: string): string[] {
  const plain = [
    ...text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase(),
  ]
    .map((character) => letters[character] ?? character)
    .join('');
  return plain
    .replace(/&/g, ' and ')
    .replace(/\b(?:[a-z][./]){2,}|\b[a-z]\/[a-z]\b|\b[a-z]\.[a-z]\b/g, (short) => `${short.replace(/[./]/g, '')} `)
    .replace(/['’`´]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((one) => one !== '');
}

/** How a character sounds. */
interface Heard {
  readonly sounds: readonly string[];
  readonly flats: readonly string[];
}

/** Brings names to their form under one edition of the pack. Forms are pure functions of the name. */
export class NameReader {
  readonly #han: HanTable;
  readonly #legal: ReadonlySet<string>;
  readonly #weak: ReadonlySet<string>;
  readonly #legalHan: readonly string[];
  readonly #weakHan: readonly string[];
  readonly #placeHead: RegExp;
  readonly #words = new Map<string, NameWord>();
  readonly #characters = new Map<string, Heard>();

  constructor(figures: ScreeningFigures, han: HanTable) {
    const longestFirst = (list: readonly string[]): string[] => [...list].sort((a, b) => b.length - a.length);
    this.#han = han;
    this.#legal = new Set(figures.legalForms);
    this.#weak = new Set(figures.weakWords);
    this.#legalHan = longestFirst(figures.legalFormsHan);
    this.#weakHan = longestFirst(figures.weakWordsHan);
    const places = longestFirst(figures.places)
      .map((one) => one.replace(/[^\p{L}]/gu, ''))
      .filter((one) => one !== '');
    const units = '自治区|特别行政区|省|市|区|县|镇';
    const listed = places.length === 0 ? '' : `(?:${places.join('|')})(?:${units})?|`;
    this.#placeHead = new RegExp(`^(?:${listed}.{2,3}?(?:${units}))`, 'u');
  }

  /** The form of a name; undefined where nothing of it could be a name (a customer number, an empty text). */
  read(text: string): NameForm | undefined {
    const clean = text.normalize('NFKC').trim();
    if (!/\p{L}/u.test(clean)) return undefined;
    const { han, form } = this.#hanPart(clean);
    const latin = latinWords(clean.replace(/\p{Script=Han}+/gu, ' '));
    const { words, isFirm } = this.#withoutForm(latin);
    if (han === '' && !words.some((one) => /[a-z]/.test(one))) return undefined;
    const { place, proper } = this.#placeOf(han, form);
    return {
      text: clean,
      words: words.map((one) => this.#word(one)),
      han,
      place,
      proper: this.hanText(proper),
      core: this.hanText(this.#coreOf(proper)),
      isFirm: isFirm || form,
    };
  }

  hanText(text: string): HanText {
    const characters = [...text];
    const heard = characters.map((character) => this.#heard(character));
    return { characters, sounds: heard.map(({ sounds }) => sounds), flatSounds: heard.map(({ flats }) => flats) };
  }

  #heard(character: string): Heard {
    const known = this.#characters.get(character);
    if (known !== undefined) return known;
    const readings = this.#han.readings(character);
    const sounds = readings.length > 0 ? readings : [character];
    const made = { sounds, flats: sounds.map(flat) };
    this.#characters.set(character, made);
    return made;
  }

  #word(text: string): NameWord {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    const made = { text, folded: foldSound(text), isWeak: this.#weak.has(text) };
    if (this.#words.size > 200_000) this.#words.clear();
    this.#words.set(text, made);
    return made;
  }

  /** Legal forms go from the end, and from the beginning (ООО, PT); a name is never all form. */
  #withoutForm(words: readonly string[]): { words: readonly string[]; isFirm: boolean } {
    let [from, to] = [0, words.length];
    while (to - from > 1 && this.#legal.has(words[to - 1] ?? '')) to -= 1;
    while (to - from > 1 && this.#legal.has(words[from] ?? '')) from += 1;
    return { words: words.slice(from, to), isFirm: to - from < words.length };
  }

  #hanPart(text: string): { han: string; form: boolean } {
    if (!isHan.test(text)) return { han: '', form: false };
    const characters = [...text].filter((character) => isHan.test(character) || /[0-9]/.test(character));
    let han = characters.map((character) => this.#han.simplified(character)).join('');
    // Digits beside a Latin name are its matter.
    if (!isHan.test(han)) return { han: '', form: false };
    let form = false;
    for (let found = true; found; ) {
      const ending = this.#legalHan.find((one) => han.endsWith(one) && han.length > one.length);
      found = ending !== undefined;
      if (ending !== undefined) {
        han = han.slice(0, -ending.length);
        form = true;
      }
    }
    return { han, form };
  }

  /** Province, city and district before the name of a firm, as far as something of the name is left. */
  #placeOf(han: string, form: boolean): { place: string; proper: string } {
    let proper = han;
    while (form || [...han].length > 4) {
      const head = this.#placeHead.exec(proper)?.[0] ?? '';
      if (head === '' || proper.length - head.length < 2) break;
      proper = proper.slice(head.length);
    }
    return { place: han.slice(0, han.length - proper.length), proper };
  }

  #coreOf(proper: string): string {
    let core = proper;
    for (const weak of this.#weakHan) core = core.replaceAll(weak, '');
    return [...core].length >= 2 ? core : proper;
  }
}
