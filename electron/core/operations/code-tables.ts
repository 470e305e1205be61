import type { FindingView } from '../../../shared/contract/common.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { catalogue, type RequestName, requestNames } from '../../../shared/documents/catalogue.ts';
import {
  type AnyDocument,
  type FieldSpec,
  headOf,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
} from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { SourceRow } from '../../../shared/import/cells.ts';
import { cellText } from '../../../shared/import/values.ts';
import {
  type CodeChange,
  codeChanges,
  draftOwnTable,
  learnSpelling,
  mapOwnHeaders,
  type OwnColumn,
  type OwnRow,
  type OwnTableDraft,
  ownColumns,
  ownHeader,
  search,
} from '../../../shared/tables/index.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { writeTextSheet } from '../exporters/text-sheet.ts';
import { openSource, type SourceFile } from '../importers/source.ts';
import { applyBookData } from '../packs.ts';
import {
  chooseEdition,
  digestsOf,
  draftsOfOtherVersions,
  insertEdition,
  keepTables,
  listEditions,
  listUnconfirmed,
  namesUnder,
  noteRecent,
  noteUnconfirmed,
  recentCodes,
  settleText,
} from '../store/code-tables.ts';
import { caseOf, documentsOfCase, findingsOf, requireDocument } from '../store/documents.ts';

/** How many changes and failures an answer carries; the counts are of all. */
const shown = 500;
/** Title lines may stand above the headers. */
const headerRows = 30;

type TableInput = ParsedInputOf<'codeTables.inspect'>;
type Mapping = Partial<Record<OwnColumn, number>>;

interface ReadTable {
  readonly sheet: string;
  readonly headers: readonly string[];
  readonly mapping: Mapping;
  readonly rows: readonly OwnRow[];
}

/** Reads the sheet that has the columns of a table. Refusals: `SHEET_UNKNOWN`, `TABLE_COLUMNS_MISSING` {fields}, `TABLE_FILE_EMPTY`. */
async function readOwn(file: SourceFile, input: TableInput, signal: AbortSignal): Promise<ReadTable> {
  if (input.sheet !== undefined && !file.rows.sheets.includes(input.sheet))
    throw new PortbookError('SHEET_UNKNOWN', { sheet: input.sheet }, 'sheet');
  const given = Object.fromEntries(Object.entries(input.mapping ?? {}).filter(([, at]) => at !== undefined)) as Mapping;
  const hasCode = (mapping: Mapping): boolean => mapping.code !== undefined;
  for (const sheet of input.sheet === undefined ? file.rows.sheets : [input.sheet]) {
    let header: SourceRow | undefined;
    let mapping: Mapping = {};
    const rows: OwnRow[] = [];
    await file.rows.read(
      sheet,
      (row) => {
        if (header === undefined) {
          const found = { ...mapOwnHeaders(input.table, row.texts), ...given };
          const isNamed =
            Object.keys(mapOwnHeaders(input.table, row.texts)).length >= 2 || Object.keys(given).length > 0;
          if (hasCode(found) && isNamed) {
            header = row;
            mapping = found;
          }
          return row.no < headerRows || header !== undefined;
        }
        const cells = Object.fromEntries(
          Object.entries(mapping).map(([column, at]) => [column, cellText(row, at)]),
        ) as OwnRow['cells'];
        rows.push({ row: row.no, cells });
        return true;
      },
      signal,
    );
    if (header !== undefined) {
      if (rows.length === 0) throw new PortbookError('TABLE_FILE_EMPTY', { sheet });
      return { sheet, headers: header.texts, mapping, rows };
    }
  }
  const fields = (['code', 'zh'] as const).map(ownHeader).join('、');
  throw new PortbookError('TABLE_COLUMNS_MISSING', { fields }, 'file');
}

/** Tables whose names are spelled, to spell new names like them. */
const spelledTables = ['hs', 'region', 'customs_district', 'district_domestic', 'port'];

/** What the file would make of the table in force. */
function draftOf(context: Context, input: TableInput, read: ReadTable, from: { asOf: string; source: string }) {
  const { resources } = context;
  const current = resources.table(input.table);
  const { titleZh, titleEn } = resources.shippedTable(input.table).header;
  // Learned only when some name is new: most files repeat what is there.
  let learned: ((name: string) => string) | undefined;
  const spell = (name: string): string => {
    learned ??= learnSpelling(spelledTables.map((id) => resources.shippedTable(id)));
    return learned(name);
  };
  return draftOwnTable(read.rows, current, input.mode, { id: input.table, titleZh, titleEn, ...from, note: '' }, spell);
}

function viewOf({ changes, elementsChanged, same, failures }: OwnTableDraft, rows: number) {
  const count = (kind: CodeChange['kind']): number => changes.filter((one) => one.kind === kind).length;
  return {
    rows,
    added: count('added'),
    renamed: count('renamed'),
    gone: count('gone'),
    elementsChanged: elementsChanged.length,
    same,
    failures: failures.slice(0, shown).map((one) => ({ ...one })),
    failed: failures.length,
  };
}

/** The code table a field takes its codes from, one whole code at a time. */
function tableOfField(field: FieldSpec): string | undefined {
  return field.kind !== 'text' || field.several === true || field.under !== undefined ? undefined : field.table;
}

/** Every code of a document with its place, those of the groups beside and in its lines too. */
function codesOf(kind: RequestName, body: unknown): { path: string; table: string; code: string }[] {
  const spec: MessageSpec = catalogue[kind];
  const found: { path: string; table: string; code: string }[] = [];
  const take = (fields: readonly FieldSpec[], of: AnyDocument, at: string, parts: readonly PartSpec[] = []): void => {
    for (const field of fields) {
      const table = tableOfField(field);
      const code = of[field.name];
      if (table !== undefined && typeof code === 'string' && code !== '')
        found.push({ path: at + field.name, table, code });
    }
    for (const part of parts)
      for (const [row, values] of rowsOf(part, of).entries())
        take(part.fields, values, `${at}${part.name}${part.max === 1 ? '' : `[${row + 1}]`}/`, part.parts);
  };
  const document = body as AnyDocument;
  take(spec.head.fields, headOf(spec, document), pathOf(spec, ''));
  const { lines } = spec;
  if (lines !== undefined)
    for (const [at, line] of linesOf(spec, document).entries())
      take(lines.fields, line, pathOf(spec, '', at + 1), lines.parts);
  take([], document, '', spec.parts);
  return found;
}

/** Names of a table under a version; from the table itself where that version is the present one. */
function namesAt(
  context: Context,
  digests: ReadonlyMap<string, string>,
  table: string,
): { readonly asOf: string; readonly names: ReadonlyMap<string, string> } | undefined {
  const { book, resources } = context;
  const digest = digests.get(table);
  if (digest === undefined) return undefined;
  if (digest === resources.tableDigests.get(table)) {
    const { header, entries } = resources.table(table);
    return { asOf: header.asOf, names: new Map(entries.map(({ code, zh, en }) => [code, zh === '' ? en : zh])) };
  }
  return namesUnder(book, digest);
}

const digestsAt = ({ book, resources }: Context, version: string): ReadonlyMap<string, string> | undefined =>
  version === resources.tablesVersion ? resources.tableDigests : digestsOf(book, version);

/** The changes of each table between two versions, by table id. */
function changesBetween(context: Context, from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>) {
  return context.resources.shippedTables.flatMap(({ id, titleZh, titleEn }) => {
    if (from.get(id) === to.get(id)) return [];
    const before = namesAt(context, from, id);
    const after = namesAt(context, to, id);
    if (before === undefined || after === undefined) return [];
    return [{ id, titleZh, titleEn, before, after, changes: codeChanges(before.names, after.names) }];
  });
}

/** Rules that speak up now and did not before, and those that no longer do; undefined: the same findings at the same places. */
function findingDifference(
  before: readonly FindingView[],
  after: readonly FindingView[],
): { readonly added: string[]; readonly gone: string[] } | undefined {
  const keyOf = ({ rule, level, path, params }: FindingView): string => JSON.stringify([rule, level, path, params]);
  const byKey = (findings: readonly FindingView[]) => new Map(findings.map((one) => [keyOf(one), one.rule]));
  const [then, now] = [byKey(before), byKey(after)];
  const only = (these: ReadonlyMap<string, string>, those: ReadonlyMap<string, string>): string[] => [
    ...new Set([...these].flatMap(([key, rule]) => (those.has(key) ? [] : [rule]))),
  ];
  const difference = { added: only(now, then), gone: only(then, now) };
  return difference.added.length + difference.gone.length === 0 ? undefined : difference;
}

/** Puts what the book now uses in place, after its editions changed. */
function useEditions(context: Context): string {
  const { book, resources, emit } = context;
  applyBookData(book, resources);
  emit({ name: 'book.changed', areas: ['documents', 'products'] });
  return resources.tablesVersion;
}

export const codeTableHandlers: Handlers<
  | 'codeTables.list'
  | 'codeTables.rows'
  | 'codeTables.writeTemplate'
  | 'codeTables.inspect'
  | 'codeTables.import'
  | 'codeTables.editions'
  | 'codeTables.restore'
  | 'tables.changes'
  | 'tables.affected'
  | 'tables.recheck'
  | 'recents.use'
  | 'recents.list'
  | 'recents.unconfirmed'
  | 'recents.listUnconfirmed'
  | 'recents.settle'
> = {
  'codeTables.list': (_input, { book, resources }) => {
    const editions = listEditions(book);
    return {
      version: resources.tablesVersion,
      rows: resources.shippedTables.map(({ id, titleZh, titleEn, source, asOf, rows }) => {
        const own = resources.ownTable(id);
        const shipped = { rows, source, asOf };
        return {
          id,
          titleZh,
          titleEn,
          ...(own === undefined ? shipped : { rows: own.rows, source: own.source, asOf: own.asOf, shipped }),
          editions: editions.filter(({ tableId }) => tableId === id).length,
        };
      }),
    };
  },

  'codeTables.rows': ({ table, text, limit }, { resources }) => {
    const entries = resources.table(table);
    return {
      rows: search(text, entries, limit).map(({ entry: { code, zh, en, more } }) => ({
        code,
        name: zh === '' ? en : zh,
        nameEn: en,
        more: more['elements'] ?? more['full'] ?? more['alpha3'] ?? more['sectionZh'] ?? '',
      })),
      total: entries.entries.length,
    };
  },

  'codeTables.writeTemplate': async ({ table, to, filled }, { resources, files }) => {
    const { entries, header } = resources.table(table);
    const columns = ownColumns(table);
    const widths: Partial<Record<OwnColumn, number>> = { zh: 40, en: 40, elements: 60, optional: 24 };
    const lines = filled ? entries : [];
    const rows = await writeTextSheet(
      files.pathOf(to, 'write'),
      header.titleZh.slice(0, 28).replace(/[[\]*/\\?:]/g, ''),
      columns.map((column) => ({ header: ownHeader(column), width: widths[column] ?? 14 })),
      lines.map(({ code, zh, en, more }) =>
        columns.map((column) => {
          if (column === 'code') return code;
          if (column === 'zh') return zh;
          return column === 'en' ? en : (more[column] ?? '');
        }),
      ),
    );
    return { rows };
  },

  'codeTables.inspect': async (input, context) => {
    const file = await openSource(context.files.pathOf(input.file, 'read'));
    const read = await readOwn(file, input, context.signal);
    const draft = draftOf(context, input, read, { asOf: '', source: file.name });
    return {
      ...viewOf(draft, draft.file.rows.length),
      fileName: file.name,
      sheets: [...file.rows.sheets],
      sheet: read.sheet,
      headers: [...read.headers],
      mapping: { ...read.mapping },
      columns: ownColumns(input.table).map((id) => ({ id, header: ownHeader(id) })),
      changes: draft.changes.slice(0, shown).map((one) => ({ ...one })),
    };
  },

  'codeTables.import': async (input, context) => {
    const { book, resources, now } = context;
    const file = await openSource(context.files.pathOf(input.file, 'read'));
    const read = await readOwn(file, input, context.signal);
    const draft = draftOf(context, input, read, { asOf: input.asOf, source: input.source });
    const at = now();
    keepTables(book, resources, at);
    const editionId = book.transaction(() => {
      const id = insertEdition(
        book,
        {
          tableId: input.table,
          asOf: input.asOf,
          source: input.source,
          fileName: file.name,
          fileSha256: file.sha256,
          file: draft.file,
        },
        at,
      );
      book.audit(
        'codeTable.imported',
        `table:${input.table}`,
        { edition: id, asOf: input.asOf, source: input.source, fileName: file.name, rows: draft.file.rows.length },
        at,
      );
      return id;
    });
    const version = useEditions(context);
    keepTables(book, resources, at);
    return { ...viewOf(draft, draft.file.rows.length), editionId, version };
  },

  'codeTables.editions': ({ table }, { book }) => ({
    rows: listEditions(book, table).map(({ tableId: _table, sha256: _sha256, ...edition }) => edition),
  }),

  'codeTables.restore': ({ table, editionId, reason }, context) => {
    const { book, resources, now } = context;
    resources.shippedTable(table);
    const at = now();
    keepTables(book, resources, at);
    book.transaction(() => {
      chooseEdition(book, table, editionId ?? undefined);
      book.audit('codeTable.restored', `table:${table}`, { edition: editionId ?? 'shipped', reason }, at);
    });
    return { version: useEditions(context) };
  },

  'tables.changes': ({ from, to }, context) => {
    const target = to ?? context.resources.tablesVersion;
    const before = digestsAt(context, from);
    const after = digestsAt(context, target);
    if (before === undefined || after === undefined) return { from, to: target, known: false, tables: [] };
    return {
      from,
      to: target,
      known: true,
      tables: changesBetween(context, before, after).map(({ id, titleZh, titleEn, before: a, after: b, changes }) => {
        const count = (kind: CodeChange['kind']): number => changes.filter((one) => one.kind === kind).length;
        return {
          id,
          titleZh,
          titleEn,
          asOfBefore: a.asOf,
          asOfAfter: b.asOf,
          added: count('added'),
          gone: count('gone'),
          renamed: count('renamed'),
          rows: changes.slice(0, shown).map((one) => ({ ...one })),
        };
      }),
    };
  },

  'tables.affected': (_input, context) => {
    const { book, resources } = context;
    const version = resources.tablesVersion;
    const byVersion = new Map<string, ReadonlyMap<string, ReadonlyMap<string, CodeChange>> | undefined>();
    const changesSince = (from: string) => {
      if (byVersion.has(from)) return byVersion.get(from);
      const digests = digestsAt(context, from);
      const made =
        digests === undefined
          ? undefined
          : new Map(
              changesBetween(context, digests, resources.tableDigests).map(({ id, changes }) => [
                id,
                new Map(changes.map((one) => [one.code, one])),
              ]),
            );
      byVersion.set(from, made);
      return made;
    };
    let untouched = 0;
    let unknown = 0;
    const others = draftsOfOtherVersions(book, resources);
    const otherRules = others.filter(({ hasOtherRules }) => hasOtherRules).length;
    const drafts = others.flatMap(({ id, kind, businessKey, body, tablesVersion }) => {
      const since = changesSince(tablesVersion);
      const known = requestNames.find((name) => name === kind);
      if (since === undefined || known === undefined) {
        unknown += 1;
        return [];
      }
      const changes = codesOf(known, JSON.parse(body)).flatMap(({ path, table, code }) => {
        const change = since.get(table)?.get(code);
        // A code this document has and that was added since was wrong before and is right now: the check says so.
        if (change === undefined || change.kind === 'added') return [];
        return [{ path, table, code, kind: change.kind, before: change.before, after: change.after }];
      });
      if (changes.length === 0) {
        untouched += 1;
        return [];
      }
      return [{ documentId: id, kind, businessKey, tablesVersion, changes }];
    });
    return { version, rulesVersion: resources.rulesVersion, drafts, untouched, unknown, otherRules };
  },

  'tables.recheck': (input, context) => {
    const { book, resources, now, signal, progress, emit } = context;
    const version = resources.tablesVersion;
    const wanted = input.ids === undefined ? undefined : new Set(input.ids);
    const drafts = draftsOfOtherVersions(book, resources).filter(({ id }) => wanted?.has(id) ?? true);
    const check = documentCheck(context);
    const at = now();
    keepTables(book, resources, at);
    const pending = new Set(drafts.map(({ id }) => id));
    const changed: OutputOf<'tables.recheck'>['changed'] = [];
    let different = 0;
    for (const { id } of drafts) {
      signal.throwIfAborted();
      if (!pending.has(id)) continue;
      book.transaction(() => {
        // One case is checked as a whole: list, order, receipt and waybill against each other.
        const of = caseOf(requireDocument(book, id));
        const before = new Map(documentsOfCase(book, of).map((one) => [one.id, findingsOf(book, one.id)]));
        for (const one of recheck(book, check, of, at)) {
          pending.delete(one.id);
          const difference = findingDifference(before.get(one.id) ?? [], findingsOf(book, one.id));
          if (difference === undefined) continue;
          different += 1;
          if (changed.length < shown)
            changed.push({ documentId: one.id, kind: one.kind, businessKey: one.businessKey, ...difference });
        }
      });
      progress({ phase: 'check', done: drafts.length - pending.size, total: drafts.length });
    }
    // What will be rejected stays a draft.
    const reject = drafts.filter(({ id }) => requireDocument(book, id).state === 'draft').length;
    if (drafts.length > 0) {
      const { rulesVersion } = resources;
      book.audit('tables.rechecked', 'documents', { drafts: drafts.length, different, version, rulesVersion }, at);
      emit({ name: 'book.changed', areas: ['documents'] });
    }
    return { version, checked: drafts.length, reject, different, changed };
  },

  'recents.use': ({ table, for: usedFor, code }, { book, now }) => {
    noteRecent(book, table, usedFor, code, now());
    return {};
  },

  'recents.list': ({ table, for: usedFor }, { book }) => ({ codes: recentCodes(book, table, usedFor) }),

  'recents.unconfirmed': ({ table, text, for: usedFor }, { book, resources, now, emit }) => {
    resources.table(table);
    noteUnconfirmed(book, table, text, usedFor, now());
    emit({ name: 'book.changed', areas: ['products'] });
    return {};
  },

  'recents.listUnconfirmed': ({ all }, { book, resources }) => ({
    rows: listUnconfirmed(book, all).map((row) => {
      const header = resources.tables.get(row.table)?.header;
      return { ...row, tableZh: header?.titleZh ?? row.table, tableEn: header?.titleEn ?? row.table };
    }),
  }),

  'recents.settle': ({ table, text, code }, { book, resources, now }) => {
    if (code !== null && !resources.table(table).has(code))
      throw new PortbookError('TABLE_CODE_UNKNOWN', { code, table }, 'code');
    const at = now();
    book.transaction(() => {
      if (!settleText(book, table, text, code)) throw new PortbookError('TEXT_UNKNOWN', { text }, 'text');
      book.audit('codeTable.settled', `table:${table}`, { text, code: code ?? '' }, at);
    });
    return {};
  },
};
