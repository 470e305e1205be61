/** Counterparty screening (名单筛查): names of the book held against imported lists. A hit is a review, never a block. */
import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type IndexedName, NameIndex } from '../../../shared/risk/name-index.ts';
import {
  buildHanTable,
  type HanTable,
  NameReader,
  screeningPackId,
  screeningPackSchema,
} from '../../../shared/risk/names.ts';
import type { Context } from '../context.ts';
import { packVersion } from '../obligations.ts';
import type { Resources } from '../resources.ts';
import {
  type BookName,
  type FoundHit,
  forgetScreened,
  namesToScreen,
  reviewCount,
  saveHits,
  screenedCount,
} from '../store/risk/screening.ts';
import { type WatchName, watchNames } from '../store/risk/watch-lists.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

const tables = new WeakMap<Resources, HanTable>();
function hanTable(resources: Resources): HanTable {
  const table = tables.get(resources) ?? buildHanTable(resources.json('names', 'han.json'));
  tables.set(resources, table);
  return table;
}

/** A reader of names by the pack in force today, and the likeness from which two names are a hit. */
export function nameReader(source: Source): { readonly reader: NameReader; readonly reviewFrom: number } {
  const { parameters } = packVersion(source, screeningPackId, screeningPackSchema, chinaDate(source.now()));
  return { reader: new NameReader(parameters, hanTable(source.resources)), reviewFrom: parameters.reviewFrom };
}

/** Names of entries and their aliases, laid out for searching. */
function indexOf(reader: NameReader, entries: readonly WatchName[]): NameIndex<WatchName> {
  const named: IndexedName<WatchName>[] = [];
  for (const entry of entries)
    for (const text of [entry.name, ...entry.aliases]) {
      const form = reader.read(text);
      if (form !== undefined) named.push({ entry, form });
    }
  return new NameIndex(reader, named);
}

/** Names screened between two turns of the event loop. */
const YIELD_EVERY = 200;

export interface Screened {
  readonly names: number;
  readonly added: number;
  readonly gone: number;
  readonly review: number;
}

/**
 * Holds names against all lists: those that have not been held against them as they are, or with `all` every one. With no list
 * nothing is marked as screened. Refusal: `CANCELLED`.
 */
export async function screenNames(
  context: Source & Pick<Context, 'signal' | 'progress'>,
  all = false,
): Promise<Screened> {
  const { book, signal, progress } = context;
  // A list that changed has emptied what was screened.
  const isWhole = all || screenedCount(book) === 0;
  const entries = watchNames(book);
  const now = context.now();
  if (entries.length === 0) {
    const { gone } = book.transaction(() => saveHits(book, [], [], true, now));
    return { names: 0, added: 0, gone, review: reviewCount(book) };
  }
  const names = namesToScreen(book, isWhole);
  const { reader, reviewFrom } = nameReader(context);
  const hits: FoundHit[] = [];
  if (names.length > 0) {
    const index = indexOf(reader, entries);
    const byNumber = new Map(entries.filter(({ number }) => number !== '').map((entry) => [entry.number, entry]));
    for (const [at, name] of names.entries()) {
      if (at % YIELD_EVERY === 0) {
        progress({ phase: 'risk.screening', done: at, total: names.length });
        await setImmediate();
        if (signal.aborted) throw new PortbookError('CANCELLED');
      }
      hits.push(...hitsOf(name, reader, index, byNumber, reviewFrom));
    }
  }
  const saved = book.transaction(() => {
    if (all) forgetScreened(book);
    return saveHits(book, names, hits, isWhole, now);
  });
  return { names: names.length, ...saved, review: reviewCount(book) };
}

function hitsOf(
  name: BookName,
  reader: NameReader,
  index: NameIndex<WatchName>,
  byNumber: ReadonlyMap<string, WatchName>,
  reviewFrom: number,
): FoundHit[] {
  const found: FoundHit[] = [];
  const add = (entry: WatchName, hit: Pick<FoundHit, 'matched' | 'score' | 'reason'>): void => {
    if (found.some(({ watchName }) => watchName === entry.name)) return;
    found.push({ name, list: entry.list, watchName: entry.name, watchNameId: entry.id, ...hit });
  };
  const same = name.number === '' ? undefined : byNumber.get(name.number);
  if (same !== undefined) add(same, { matched: same.name, score: 100, reason: 'number' });
  const form = reader.read(name.name);
  if (form !== undefined)
    for (const { entry, matched, score, reason } of index.find(form, reviewFrom))
      add(entry, { matched, score, reason });
  return found;
}
