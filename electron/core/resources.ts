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
      asOf: z.string(),
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

/** Data that ships beside the program: code tables, calendar, rule packs, chart of accounts, the sample's files. Read when first asked for. */
export class Resources {
  readonly folder: string;
  readonly #values = new Map<string, unknown>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The path of a resource by its parts, e.g. `path('sample', 'orders.csv')`. */
  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Parsed JSON of a resource. Refusal: `RESOURCE_MISSING` {path}, which means a damaged installation. */
  json(...parts: readonly string[]): unknown {
    return this.#once(`json:${parts.join('/')}`, () => {
      const path = this.path(...parts);
      if (!existsSync(path)) throw new PortbookError('RESOURCE_MISSING', { path: parts.join('/') });
      return JSON.parse(readFileSync(path, 'utf8')) as unknown;
    });
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
      const { tables } = this.#index();
      const digest = createHash('sha256')
        .update(tables.map((table) => `${table.id}:${table.sha256}`).join('\n'))
        .digest('hex');
      const oldest =
        tables
          .map((table) => table.asOf.slice(-7))
          .filter((text) => /^\d{4}-\d{2}$/.test(text))
          .sort()
          .at(0) ?? '';
      return `${oldest}·${digest.slice(0, 8)}`;
    });
  }

  /** Changes with any rule pack: when one was last verified, and a digest, e.g. `2026-11-21·90ab12cd`. */
  get rulesVersion(): string {
    return this.#once('rulesVersion', () => {
      const files = readdirSync(this.path('rules'))
        .filter((name) => name.endsWith('.json'))
        .sort();
      const texts = files.map((name) => readFileSync(this.path('rules', name), 'utf8'));
      const verified = texts.flatMap((text) =>
        [...text.matchAll(/"on":\s*"(\d{4}-\d{2}-\d{2})"/g)].map(([, date]) => date ?? ''),
      );
      const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
      return `${verified.sort().at(-1) ?? ''}·${digest.slice(0, 8)}`;
    });
  }

  /** Working days and public holidays of mainland China. */
  calendar(): WorkCalendar {
    return this.#once('calendar', () => buildCalendar(this.json('calendar', 'cn-holidays.json') as HolidayFile));
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
    return this.#once(
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

  /** A rule pack as it ships, not yet parsed; whoever reads it has the schema. Refusal: `RESOURCE_MISSING`. */
  rulePack(id: string): unknown {
    return this.json('rules', `${id}.json`);
  }

  #index(): z.infer<typeof indexSchema> {
    return this.#once('index', () => indexSchema.parse(this.json('tables', 'index.json')));
  }

  #table(id: string): CodeTable | undefined {
    return this.#once(`table:${id}`, () => {
      const entry = this.#index().tables.find((one) => one.id === id);
      if (entry === undefined || !entry.path.startsWith('tables/')) return undefined;
      return buildTable(this.json(...entry.path.split('/')));
    });
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#values.has(key)) this.#values.set(key, make());
    return this.#values.get(key) as T;
  }
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
