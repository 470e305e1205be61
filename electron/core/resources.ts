import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { buildCalendar, type HolidayFile, type WorkCalendar } from '../../shared/calendar/index.ts';
import { PortbookError } from '../../shared/errors.ts';
import { type PostingPack, postingPackSchema } from '../../shared/ledger/index.ts';
import { type FobPack, fobPackId, fobPackSchema } from '../../shared/rules/tax/export-vat/fob-value.ts';
import {
  buildCountryMatcher,
  buildTable,
  type CodeTable,
  type CountryMatcher,
  type TableSet,
} from '../../shared/tables/index.ts';
import type { AccountSeed } from './store/book.ts';

const indexSchema = z.object({
  tables: z.array(
    z.object({
      id: z.string(),
      path: z.string(),
      titleZh: z.string(),
      titleEn: z.string(),
      source: z.string(),
      asOf: z.string(),
      /** A table of codes; the others are lists of another kind. */
      isCodes: z.boolean(),
      rows: z.number().int(),
      sha256: z.string(),
    }),
  ),
});
const accountsSchema = z.object({
  accounts: z.array(
    z.object({
      code: z.string(),
      nameZh: z.string(),
      nameEn: z.string(),
      kind: z.enum(['asset', 'liability', 'equity', 'revenue', 'expense']),
      side: z.enum(['debit', 'credit']),
      monetary: z.boolean().optional(),
      quantity: z.boolean().optional(),
      dimensions: z.array(z.string()).optional(),
    }),
  ),
});

export type ShippedTable = z.infer<typeof indexSchema>['tables'][number];

/** An edition of a code table that a book uses in place of the shipped one. */
export interface OwnTable {
  readonly sha256: string;
  readonly asOf: string;
  readonly source: string;
  readonly rows: number;
  /** The table file, as {@link buildTable} takes it. */
  read(): unknown;
}

/** What was read of a folder of resources; nothing in it ever changes. */
export type ShippedValues = Map<string, unknown>;

/** Data that ships beside the program: code tables, calendar, rule packs, chart of accounts, the sample's files. Read when first asked for. */
export class Resources {
  readonly folder: string;
  /** Of the folder alone. */
  readonly #shippedValues: ShippedValues;
  /** Of the open book too. */
  readonly #values = new Map<string, unknown>();
  #own: ReadonlyMap<string, OwnTable> = new Map();
  #rules: ReadonlyMap<string, unknown> = new Map();

  /** @param shipped what other resources of the same folder have read and will read */
  constructor(folder: string, shipped: ShippedValues = new Map()) {
    this.folder = folder;
    this.#shippedValues = shipped;
  }

  /** The path of a resource by its parts, e.g. `path('sample', 'orders.csv')`. */
  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /**
   * Parsed JSON of a resource; a rule pack as the open book has taken it, else as it ships. Refusal: `RESOURCE_MISSING` {path}, which means
   * a damaged installation.
   */
  json(...parts: readonly string[]): unknown {
    const [folder, name = ''] = parts;
    const taken = folder === 'rules' ? this.#rules.get(name.replace(/\.json$/, '')) : undefined;
    return taken ?? this.#shipped(parts);
  }

  #shipped(parts: readonly string[]): unknown {
    return this.#onceShipped(`json:${parts.join('/')}`, () => this.#read(parts));
  }

  /** Code tables (参数表) by id; a table that is not there is `undefined`. */
  readonly tables: TableSet = { get: (id) => this.#table(id) };

  /** A code table that must be there. Refusal: `TABLE_UNKNOWN` {table}. */
  table(id: string): CodeTable {
    const table = this.#table(id);
    if (table === undefined) throw new PortbookError('TABLE_UNKNOWN', { table: id });
    return table;
  }

  /**
   * Changes with any table: the oldest state of the world among them, which is how far they can be trusted, and a digest,
   * e.g. `2022-06·3f2a91c0`. Written into every document.
   */
  get tablesVersion(): string {
    return this.#once('tablesVersion', () => {
      const digest = createHash('sha256')
        .update([...this.tableDigests].map(([id, sha256]) => `${id}:${sha256}`).join('\n'))
        .digest('hex');
      const oldest =
        this.#index()
          .tables.map((table) => (this.#own.get(table.id)?.asOf ?? table.asOf).slice(-7))
          .filter((text) => /^\d{4}-\d{2}$/.test(text))
          .sort()
          .at(0) ?? '';
      return `${oldest}·${digest.slice(0, 8)}`;
    });
  }

  /** Every table file with the digest of what is in force: the book's own edition, else the shipped one. */
  get tableDigests(): ReadonlyMap<string, string> {
    return new Map(this.#index().tables.map(({ id, sha256 }) => [id, this.#own.get(id)?.sha256 ?? sha256]));
  }

  /** The code tables that ship, in force or not. */
  get shippedTables(): readonly ShippedTable[] {
    return this.#index().tables.filter(({ isCodes }) => isCodes);
  }

  /** The edition the open book uses in place of the shipped table. */
  ownTable(id: string): OwnTable | undefined {
    return this.#own.get(id);
  }

  /** Puts a book's own editions in place of shipped tables, for every lookup and check; an empty map takes them all back. */
  takeTables(own: ReadonlyMap<string, OwnTable>): void {
    const changed = new Set([...own.keys(), ...this.#own.keys()]);
    for (const id of changed) if (own.get(id)?.sha256 !== this.#own.get(id)?.sha256) this.#values.delete(`table:${id}`);
    // Both are made of other tables.
    if (changed.has('hs')) this.#values.delete('table:hs_ciq');
    this.#values.delete('countries');
    this.#values.delete('tablesVersion');
    this.#own = own;
  }

  /** Puts rule packs that a book has taken in place of the shipped ones, by id; an empty map takes them all back. */
  takeRules(rules: ReadonlyMap<string, unknown>): void {
    for (const key of ['rulesVersion', 'postingRules', 'rateRules']) this.#values.delete(key);
    this.#rules = rules;
  }

  /** Ids of the rule packs that ship. */
  get shippedRuleIds(): readonly string[] {
    return this.#onceShipped('ruleIds', () =>
      readdirSync(this.path('rules'))
        .filter((name) => name.endsWith('.json'))
        .map((name) => name.slice(0, -'.json'.length))
        .sort(),
    );
  }

  /** A rule pack as it ships, also where a book has taken another. Refusal: `RESOURCE_MISSING`. */
  shippedRules(id: string): unknown {
    return this.#shipped(['rules', `${id}.json`]);
  }

  /** The file of a code table as it ships, also where a book has another edition. Refusal: `TABLE_UNKNOWN` {table}. */
  shippedTableFile(id: string): unknown {
    const entry = this.shippedTables.find((one) => one.id === id);
    if (entry === undefined) throw new PortbookError('TABLE_UNKNOWN', { table: id });
    return this.#read(entry.path.split('/'));
  }

  /** The shipped code table, also where a book has an edition of its own. Refusal: `TABLE_UNKNOWN` {table}. */
  shippedTable(id: string): CodeTable {
    if (!this.#own.has(id)) return this.table(id);
    return this.#once(`shipped:${id}`, () => this.#build(id, this.shippedTableFile(id)));
  }

  /**
   * Changes with any rule pack, shipped or taken: when one was last verified, and a digest, e.g. `2026-11-21·90ab12cd`. Written into every
   * document that is checked.
   */
  get rulesVersion(): string {
    return this.#once('rulesVersion', () => {
      const texts = this.shippedRuleIds.map((id) => {
        const taken = this.#rules.get(id);
        return taken === undefined ? readFileSync(this.path('rules', `${id}.json`), 'utf8') : JSON.stringify(taken);
      });
      const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
      return `${texts.map(lastVerified).sort().at(-1) ?? ''}·${digest.slice(0, 8)}`;
    });
  }

  /** Working days and public holidays of mainland China. */
  calendar(): WorkCalendar {
    return this.#onceShipped('calendar', () => buildCalendar(this.json('calendar', 'cn-holidays.json') as HolidayFile));
  }

  /** From what a sales channel writes (`United Kingdom`, `EIRE`, `GB`) to customs' country codes. */
  countries(): CountryMatcher {
    return this.#once('countries', () =>
      buildCountryMatcher(
        this.table('country'),
        this.table('country_alpha3'),
        this.json('tables', 'country_alias.json'),
      ),
    );
  }

  /** The chart of accounts a new book starts with (小企业会计准则). */
  accounts(): readonly AccountSeed[] {
    return this.#onceShipped(
      'accounts',
      () => accountsSchema.parse(this.json('accounts', 'small-business-2013.json')).accounts,
    );
  }

  /** The posting rules (记账规则), dated. */
  postingRules(): PostingPack {
    return this.#once('postingRules', () => postingPackSchema.parse(this.json('rules', 'posting.json')));
  }

  /** Which day's rate converts a sale (折合率), dated. */
  rateRules(): FobPack {
    return this.#once('rateRules', () => fobPackSchema.parse(this.json('rules', `${fobPackId}.json`)));
  }

  /** A rule pack, not yet parsed; whoever reads it has the schema. Refusal: `RESOURCE_MISSING`. */
  rulePack(id: string): unknown {
    return this.json('rules', `${id}.json`);
  }

  #index(): z.infer<typeof indexSchema> {
    return this.#onceShipped('index', () => indexSchema.parse(this.json('tables', 'index.json')));
  }

  #table(id: string): CodeTable | undefined {
    const own = this.#own.get(id);
    // One table is made of two.
    const isShipped = own === undefined && !(id === 'hs_ciq' && this.#own.has('hs'));
    return once(isShipped ? this.#shippedValues : this.#values, `table:${id}`, () => {
      const entry = this.shippedTables.find((one) => one.id === id);
      if (entry === undefined) return undefined;
      // The parsed file is not kept: the table made of it is.
      return this.#build(id, own === undefined ? this.#read(entry.path.split('/')) : own.read());
    });
  }

  #build(id: string, file: unknown): CodeTable {
    if (id !== 'hs_ciq') return buildTable(file);
    return buildTable(file, (code) => this.#table('hs')?.lookup(code.slice(0, 10))?.zh ?? '');
  }

  #read(parts: readonly string[]): unknown {
    const path = this.path(...parts);
    if (!existsSync(path)) throw new PortbookError('RESOURCE_MISSING', { path: parts.join('/') });
    return JSON.parse(readFileSync(path, 'utf8'));
  }

  #once<T>(key: string, make: () => T): T {
    return once(this.#values, key, make);
  }

  #onceShipped<T>(key: string, make: () => T): T {
    return once(this.#shippedValues, key, make);
  }
}

function once<T>(values: Map<string, unknown>, key: string, make: () => T): T {
  if (!values.has(key)) values.set(key, make());
  return values.get(key) as T;
}

/** When a rule pack was last held against its source, by its text as JSON; empty: it does not say. */
export function lastVerified(text: string): string {
  return (
    [...text.matchAll(/"on":\s*"(\d{4}-\d{2}-\d{2})"/g)]
      .map(([, date]) => date ?? '')
      .sort()
      .at(-1) ?? ''
  );
}

/**
 * Where the resources lie: PORTBOOK_RESOURCES, or the nearest `resources` folder above the running file (bundle in
 * `dist/`, sources in `electron/core/`, a packaged app).
 */
export function findResources(from: string = import.meta.dirname): string {
  const given = process.env['PORTBOOK_RESOURCES'];
  if (given !== undefined && given !== '') return given;
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources');
    if (existsSync(join(candidate, 'tables', 'index.json'))) return candidate;
    if (dirname(folder) === folder)
      throw new PortbookError('RESOURCE_MISSING', { path: 'resources/tables/index.json' });
  }
}
