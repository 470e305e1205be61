/**
 * Pinyin initials of names that the user may change (accounts, parties), so that `yhck` finds 银行存款. The letters come from
 * the pinyin collation of the runtime; characters of several readings match each of them.
 */

/** The first character, by pinyin, of each initial letter. */
const borders: readonly (readonly [letter: string, first: string])[] = [
  ['a', '阿'],
  ['b', '八'],
  ['c', '嚓'],
  ['d', '哒'],
  ['e', '妸'],
  ['f', '发'],
  ['g', '旮'],
  ['h', '哈'],
  ['j', '讥'],
  ['k', '咔'],
  ['l', '垃'],
  ['m', '痳'],
  ['n', '拏'],
  ['o', '噢'],
  ['p', '妑'],
  ['q', '七'],
  ['r', '呥'],
  ['s', '扨'],
  ['t', '它'],
  ['w', '穵'],
  ['x', '夕'],
  ['y', '丫'],
  ['z', '帀'],
];

/** Characters of account names read in more than one way (银行 yh, 长期 cq, 会计 kj, 累计折旧 ljzj, 重 zc). */
const several: Readonly<Record<string, string>> = {
  行: 'hx',
  长: 'cz',
  会: 'hk',
  重: 'cz',
  折: 'zs',
  调: 'td',
  厦: 'xs',
  单: 'ds',
  盛: 'sc',
  解: 'jx',
};

const collator = new Intl.Collator('zh-u-co-pinyin');
const known = new Map<string, string>();

function lettersOf(character: string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  let letters = several[character] ?? '';
  if (letters === '') {
    if (/^[a-z0-9]$/i.test(character)) letters = character.toLowerCase();
    else if (/^\p{Script=Han}$/u.test(character))
      letters = borders.findLast(([, first]) => collator.compare(character, first) >= 0)?.[0] ?? '';
  }
  known.set(character, letters);
  return letters;
}

/** Whether the typed letters are the initials of consecutive characters somewhere in the name. */
export function matchesInitials(name: string, typed: string): boolean {
  const letters = [...name].map(lettersOf).filter((one) => one !== '');
  for (let from = 0; from + typed.length <= letters.length; from += 1)
    if ([...typed].every((letter, at) => letters[from + at]?.includes(letter) === true)) return true;
  return false;
}

export interface Named {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | undefined;
}

/**
 * The rows that hold every word typed, in any order: in the code (at its beginning), the name, the English name or the
 * initials. A code that begins with the text stands first, then names that begin with it.
 */
export function searchNamed<R extends Named>(rows: readonly R[], typed: string, limit: number): R[] {
  const text = typed.normalize('NFKC').trim().toLowerCase();
  if (text === '') return rows.slice(0, limit);
  const words = text.split(/\s+/);
  const rank = (row: R): number => {
    const name = row.name.toLowerCase();
    const nameEn = (row.nameEn ?? '').toLowerCase();
    const fits = words.every(
      (word) =>
        row.code.toLowerCase().startsWith(word) ||
        name.includes(word) ||
        nameEn.includes(word) ||
        matchesInitials(row.name, word),
    );
    if (!fits) return -1;
    if (row.code.toLowerCase() === text) return 0;
    if (row.code.toLowerCase().startsWith(text)) return 1;
    return name.startsWith(text) ? 2 : 3;
  };
  return rows
    .map((row, at) => ({ row, at, rank: rank(row) }))
    .filter((one) => one.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, limit)
    .map((one) => one.row);
}
