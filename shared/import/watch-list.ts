import type { RowReason } from '../contract/imports.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readId, readText, reason } from './values.ts';

/** An entry of a list of names to screen against (名单): negative lists, sanctions lists, the firm's own. */
export interface WatchEntry {
  /** Undefined: the list is named after the file. */
  readonly list: string | undefined;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: 'firm' | 'person' | 'vessel' | 'other';
  readonly country: string;
  readonly number: string;
  readonly note: string;
  readonly source: string;
  /** The day of the list. */
  readonly asOf: string | undefined;
}

export interface WatchListLookups {
  /** The entry as the book has it; undefined: not there. */
  known(
    list: string | undefined,
    name: string,
    number: string,
  ): Pick<WatchEntry, 'aliases' | 'kind' | 'country' | 'note'> | undefined;
}

const kindWords: readonly (readonly [RegExp, WatchEntry['kind']])[] = [
  [/船|vessel|ship|aircraft/i, 'vessel'],
  [/个人|自然人|人员|person|individual/i, 'person'],
  [/企业|公司|单位|法人|机构|组织|entity|company|firm|organi[sz]ation|corporat/i, 'firm'],
];

/** Reads a list of names. One instance a file; rows the book has already are kept too: what a new edition leaves out goes. */
export class WatchListSorter {
  readonly #at: (field: string) => number;
  readonly #lookups: WatchListLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, { readonly entry: WatchEntry; readonly row: number }>();
  #updated = 0;

  constructor(mapping: Mapping, lookups: WatchListLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly WatchEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const text = (field: string, maxLength: number): string =>
      readText(row, this.#at(field), field, reasons, { maxLength }) ?? '';
    const name = readText(row, this.#at('name'), 'name', reasons, { required: true, maxLength: 300 });
    if (name !== undefined && !/\p{L}{2}/u.test(name))
      reasons.push(reason('NAME_NO_LETTERS', 'name', { value: name.slice(0, 40) }));
    const number = readId(row, this.#at('number'), 'number', reasons) ?? '';
    const kindText = text('kind', 60);
    const list = text('list', 100) || undefined;
    const entry = {
      list,
      aliases: cellText(row, this.#at('aliases'))
        .split(/[;；|\n、]/)
        .map((one) => one.trim().slice(0, 300))
        .filter((one) => one !== '' && one !== name),
      kind: kindWords.find(([words]) => words.test(kindText))?.[1] ?? ('other' as const),
      country: text('country', 60),
      note: text('note', 500),
      source: text('source', 200),
      asOf: this.#date(row, reasons),
    };
    if (name === undefined || reasons.length > 0) return reasons;
    const key = JSON.stringify([list ?? '', name, number]);
    const before = this.#entries.get(key);
    const whole: WatchEntry = { ...entry, name, number };
    if (before !== undefined) {
      const isSame = JSON.stringify(before.entry) === JSON.stringify(whole);
      return isSame ? 'already' : [reason('ROW_TWICE', 'name', { value: name.slice(0, 60), row: before.row })];
    }
    this.#entries.set(key, { entry: whole, row: row.no });
    const known = this.#lookups.known(list, name, number);
    if (known === undefined) return 'taken';
    const same = (['aliases', 'kind', 'country', 'note'] as const).every(
      (field) => JSON.stringify(known[field]) === JSON.stringify(whole[field]),
    );
    if (same) return 'already';
    this.#updated += 1;
    return 'taken';
  }

  #date(row: SourceRow, reasons: RowReason[]): string | undefined {
    if (cellText(row, this.#at('asOf')) === '') return undefined;
    return this.#dates.read(row, this.#at('asOf'), 'asOf', reasons)?.slice(0, 10);
  }
}
