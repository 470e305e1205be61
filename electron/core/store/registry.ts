import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { roles } from '../../../shared/contract/books.ts';
import { type BookSummary, bookSummary } from '../../../shared/contract/broker.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { isBookFolder } from './book.ts';

const entrySchema = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  role: z.enum(roles),
  uscc: z.string(),
  colour: z.string(),
  isSample: z.boolean(),
  lastOpenedAt: z.string().optional(),
  /** What waited in it when it was last closed. */
  summary: bookSummary.optional(),
});
export type RegistryEntry = z.infer<typeof entrySchema>;
const registrySchema = z.object({ format: z.literal(1), books: z.array(entrySchema) });

/** The name of a natural person stands in the sealed book alone: in the list its first character tells the book from others. */
const listed = (entry: RegistryEntry): RegistryEntry =>
  entry.role === 'person' ? { ...entry, name: `${[...entry.name][0] ?? ''}**` } : entry;

/** The books this computer knows: names and places, and counts of what waits; no key, no amount. Losing the file loses no book. */
export class Registry {
  readonly #file: string;

  constructor(home: string) {
    this.#file = join(home, 'books.json');
  }

  /** Last opened first. `reachable` is false when the folder is gone or holds no book now. */
  list(): (RegistryEntry & { reachable: boolean })[] {
    return this.#read()
      .sort((a, b) => (b.lastOpenedAt ?? '').localeCompare(a.lastOpenedAt ?? '') || a.name.localeCompare(b.name))
      .map((entry) => ({ ...entry, reachable: isBookFolder(entry.path) }));
  }

  /** Refusal: `BOOK_UNKNOWN`. */
  require(id: string): RegistryEntry {
    const entry = this.#read().find((one) => one.id === id);
    if (entry === undefined) throw new PortbookError('BOOK_UNKNOWN', { bookId: id });
    return entry;
  }

  /** Adds a book or renews what is known of it; the counts it left stay until it leaves others. */
  put(entry: RegistryEntry): void {
    const all = this.#read();
    const { summary } = all.find((one) => one.id === entry.id) ?? {};
    this.#write([
      ...all.filter((one) => one.id !== entry.id),
      { ...(summary === undefined ? {} : { summary }), ...entry, path: resolve(entry.path) },
    ]);
  }

  /** Keeps the counts of a book that closes; a book that is not registered leaves none. */
  leave(id: string, summary: BookSummary): void {
    const all = this.#read();
    if (all.some((one) => one.id === id)) this.#write(all.map((one) => (one.id === id ? { ...one, summary } : one)));
  }

  remove(id: string): void {
    this.#write(this.#read().filter((one) => one.id !== id));
  }

  #read(): RegistryEntry[] {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    const parsed = registrySchema.safeParse(tryJson(text));
    // Never overwritten silently: the paths in it may be all that leads to someone's books.
    if (!parsed.success) throw new PortbookError('REGISTRY_DAMAGED', { path: this.#file });
    return parsed.data.books.map(listed);
  }

  #write(books: readonly RegistryEntry[]): void {
    writeFileAtomically(this.#file, `${JSON.stringify({ format: 1, books: books.map(listed) }, null, 1)}\n`);
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is as damaged as wrong JSON: the schema says so.
    return undefined;
  }
}
