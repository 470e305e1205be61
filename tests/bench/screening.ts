import { namesToScreen } from '../../electron/core/store/risk/screening.ts';
import { watchNames } from '../../electron/core/store/risk/watch-lists.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { compare, type Figure, inFolder, timed } from './harness.ts';

const NAMES = 50_000;
const LISTED = 10_000;
const ROUNDS = 2;
/** About a minute for a whole book on a quiet machine; after an import only the new names are held against the lists. */
const RATIO = 100;

const given = ['Ahmed', 'Maria', 'Ivan', 'Chen', 'Olga', 'Yusuf', 'Pavel', 'Linh', 'Jonas', 'Amara', 'Sofia', 'Rashid'];
const starts = [
  'b',
  'br',
  'ch',
  'd',
  'dr',
  'f',
  'g',
  'gr',
  'h',
  'j',
  'k',
  'kh',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'sh',
  't',
  'v',
  'z',
];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou'];
const ends = ['', '', 'n', 'r', 's', 'l', 'm', 'k', 'd', 't'];
const trades = ['Trading', 'Shipping', 'Electronics', 'Textile', 'Import Export', 'Marine', 'Foods', 'Metals'];
const forms = ['Ltd', 'GmbH', 'S.A.', 'LLC', 'Co., Ltd.', 'B.V.', 'OOO'];
const places = ['广州', '深圳市', '海口', '宁波', '义乌市', '青岛'];
const characters = [...'华泰恒丰盛源达通宏兴瑞祥嘉诚信德明远新海天润金龙安康百利博众联创'];
const kinds = ['贸易', '电子', '物流', '国际贸易', '科技', '纺织品'];

/** Names of firms and people as lists and papers have them, the same ones for the same seed: two in three Latin, the rest Chinese. */
function namesOf(count: number, seed: number): string[] {
  let state = seed;
  const pick = <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[Math.floor((state / 2 ** 32) * from.length)] as T;
  };
  const title = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const syllable = (): string => pick(starts) + pick(vowels) + pick(ends);
  const latin = (): string => title(syllable() + syllable() + pick(['', '', syllable(), 'ov', 'in']));
  const names = new Set<string>();
  while (names.size < count) {
    const kind = pick([0, 0, 1, 1, 2, 2]);
    if (kind === 0) names.add(`${pick(given)} ${latin()} ${latin()}`);
    else if (kind === 1) names.add(`${latin()} ${latin()} ${pick(trades)} ${pick(forms)}`);
    else names.add(`${pick(places)}${pick(characters)}${pick(characters)}${pick(characters)}${pick(kinds)}有限公司`);
  }
  return [...names];
}

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * All names of a book held against its lists, hits and what was screened written. The floor looks each name up, normalised, in a
 * table of the normalised names of the lists: it finds the same spelling alone and writes nothing.
 */
export function screeningFigure(): Promise<Figure> {
  return inFolder(async (folder) => {
    const core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    const { book } = core.session;
    const at = '2026-11-21T00:00:00.000Z';
    book.transaction(() => {
      const order = book.prepare(
        `INSERT INTO sales_order (order_no, order_date, ordered_at, customer, country_text, country, currency, lines, goods_value_e5, state, created_at)
         VALUES (?, '2026-11-20', '2026-11-20T10:00:00', ?, 'United Kingdom', '303', 'USD', 1, 100000, 'open', ?)`,
      );
      const listed = namesOf(LISTED, 11);
      // One in a hundred customers stands in a list.
      const customers = [...new Set([...listed.slice(0, NAMES / 100), ...namesOf(NAMES + LISTED, 23)])].slice(0, NAMES);
      for (const [number, name] of customers.entries()) order.run(`S${number}`, name, at);
      const { lastInsertRowid } = book
        .prepare(`INSERT INTO watch_list (name, created_at, updated_at) VALUES ('bench', ?, ?)`)
        .run(at, at);
      const entry = book.prepare('INSERT INTO watch_name (list_id, name, aliases, created_at) VALUES (?, ?, ?, ?)');
      for (const [number, name] of listed.entries())
        entry.run(lastInsertRowid, name, JSON.stringify(number % 5 === 0 ? [name.toUpperCase()] : []), at);
    });
    let found = 0;
    const bare = (): void => {
      const table = new Map(
        watchNames(book).flatMap((one) => [one.name, ...one.aliases].map((name) => [plain(name), one])),
      );
      for (const { name } of namesToScreen(book, true)) if (table.has(plain(name))) found += 1;
    };
    let names = 0;
    const ms = await compare(
      ROUNDS,
      () =>
        timed(async () => {
          names = (await must(core, 'screening.run', { all: true })).names;
        }),
      () => timed(bare),
    );
    await core.close();
    if (names < NAMES || found < NAMES / 100) throw new Error('the names were not screened');
    return {
      name: `${names.toLocaleString('en')} names screened against lists of ${LISTED.toLocaleString('en')}`,
      unit: 'ms',
      ...ms,
      floorName: 'looking each up, normalised, in a hash table',
      goal: `≤ ${RATIO} ×`,
      isMet: ms.ours / ms.floor <= RATIO,
    };
  });
}
