/** Signed packs of code tables and rules: verified at the door, kept in the book, put in force and taken back by a person. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { ContractError } from '../../shared/contract/operation.ts';
import type { PackChanges } from '../../shared/contract/packs.ts';
import { PortbookError } from '../../shared/errors.ts';
import { ruleChanges } from '../../shared/rules/changes.ts';
import {
  jsonOf,
  PACK_MOST_BYTES,
  type PackContent,
  type PackTable,
  packContent,
  readPackFile,
} from '../../shared/sync/pack-file.ts';
import { type PackManifest, packText } from '../../shared/sync/protocol.ts';
import { buildTable, codeChanges, readTableFile } from '../../shared/tables/index.ts';
import { lastVerified, type OwnTable, type Resources } from './resources.ts';
import type { Book } from './store/book.ts';
import { ownTables } from './store/code-tables.ts';
import {
  insertPack,
  listIssuers,
  listPacks,
  type PackPart,
  requirePack,
  type StoredPack,
  storedContent,
} from './store/packs.ts';
import { firmPack } from './store/worksheets/facts.ts';
import { type AnyPack, checkedIssuedPack, readPack } from './worksheets/rules.ts';

/** How many changes of one part an answer carries; the counts are of all. */
const shown = 300;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

// Keys ----------------------------------------------------------------------------------------------------------------

function publicKeyOf(text: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  throw new PortbookError('PACK_KEY_INVALID', {}, 'publicKey');
}

/** By what name an issuer's key goes, and its text as it is compared. Refusal: `PACK_KEY_INVALID`. */
export function issuerKey(publicKey: string): { readonly keyId: string; readonly publicKey: string } {
  const der = publicKeyOf(publicKey).export({ format: 'der', type: 'spki' });
  return { keyId: sha256(der).slice(0, 32), publicKey: der.toString('base64') };
}

// At the door ---------------------------------------------------------------------------------------------------------

/** What a pack is held against before its bytes are asked for. `known`: the book has this very pack. */
export type Standing = 'new' | 'known';

/**
 * Whether a pack may come in, by its manifest alone: issuer, signature, version. Refusals: `PACK_ISSUER_UNKNOWN` {id, version, keyId},
 * `PACK_SIGNATURE_WRONG` {id, version, issuer}, `PACK_TOO_LARGE` {id, limitMb}, `PACK_ALTERED` {id, version}, `PACK_OLDER` {id, version, held}.
 */
export function checkManifest(book: Book, manifest: PackManifest): Standing {
  const { id, version, keyId } = manifest;
  const issuer = listIssuers(book).find((one) => one.keyId === keyId && one.trustedAt !== undefined);
  if (issuer === undefined) throw new PortbookError('PACK_ISSUER_UNKNOWN', { id, version, keyId }, 'keyId');
  const text = Buffer.from(packText(manifest), 'utf8');
  if (!verify(null, text, publicKeyOf(issuer.publicKey), Buffer.from(manifest.signature, 'base64')))
    throw new PortbookError('PACK_SIGNATURE_WRONG', { id, version, issuer: issuer.name }, 'signature');
  if (manifest.size > PACK_MOST_BYTES)
    throw new PortbookError('PACK_TOO_LARGE', { id, limitMb: PACK_MOST_BYTES / 1_048_576 }, 'size');
  const kept = listPacks(book).filter((one) => one.manifest.id === id);
  const same = kept.find((one) => one.manifest.version === version);
  if (same !== undefined) {
    // The change log is signed as well: another one under the same number is another pack.
    if (packText(same.manifest) === packText(manifest)) return 'known';
    throw new PortbookError('PACK_ALTERED', { id, version }, 'version');
  }
  const held = Math.max(0, ...kept.map((one) => one.manifest.version));
  if (version < held) throw new PortbookError('PACK_OLDER', { id, version, held }, 'version');
  return 'new';
}

/** The bytes of a manifest read as what they are. Refusals: `PACK_DAMAGED` {id, version}, `PACK_CONTENT_INVALID` {id, field, reason}. */
export function readContent(manifest: PackManifest, bytes: Uint8Array): PackContent {
  const { id, version } = manifest;
  if (bytes.length !== manifest.size || sha256(bytes) !== manifest.sha256)
    throw new PortbookError('PACK_DAMAGED', { id, version }, 'sha256');
  const read = packContent.safeParse(jsonOf(Buffer.from(bytes).toString('utf8')));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw invalid(id, issue?.path ?? [], issue?.message ?? '');
  }
  if (read.data.kind !== manifest.kind) throw invalid(id, ['kind'], `not ${manifest.kind}`);
  const parts = partsOf(read.data).map((part) => part.id);
  if (new Set(parts).size < parts.length) throw invalid(id, [manifest.kind], 'one part twice');
  return read.data;
}

function invalid(id: string, path: readonly PropertyKey[], reason: string): PortbookError {
  const field = path.map(String).join('.');
  return new PortbookError('PACK_CONTENT_INVALID', { id, field, reason }, field);
}

const partsOf = (content: PackContent): PackPart[] =>
  content.kind === 'tables'
    ? content.tables.map((table) => ({
        ...{ id: table.header.id, titleZh: table.header.titleZh, titleEn: table.header.titleEn },
        ...{ sha256: sha256(JSON.stringify(table)), rows: table.rows.length },
        ...{ source: table.header.source, asOf: table.header.asOf },
      }))
    : content.rules.map((rules) => ({
        ...{ id: rules.id, titleZh: rules.titleZh, titleEn: rules.titleEn },
        ...{ sha256: '', rows: 0, source: '', asOf: lastVerified(JSON.stringify(rules)) },
      }));

/** Whether a state of the world is older than another, by as much of the date as both say. */
function isOlder(asOf: string, than: string): boolean {
  const length = Math.min(asOf.length, than.length);
  return length > 0 && asOf.slice(0, length) < than.slice(0, length);
}

/** What ships of the same id and is newer than a part of a pack; undefined: nothing is. */
function newerShipped(
  resources: Resources,
  kind: PackContent['kind'],
  { id, asOf }: Pick<PackPart, 'id' | 'asOf'>,
): string | undefined {
  const shipped =
    kind === 'tables'
      ? resources.shippedTables.find((one) => one.id === id)?.asOf
      : resources.shippedRuleIds.includes(id)
        ? lastVerified(JSON.stringify(resources.shippedRules(id)))
        : undefined;
  return shipped !== undefined && isOlder(asOf, shipped) ? shipped : undefined;
}

/** The error of the first part that is older than what ships; undefined where none is. */
function outdatedOf(
  resources: Resources,
  { id, version }: Pick<PackManifest, 'id' | 'version'>,
  kind: PackContent['kind'],
  parts: readonly PackPart[],
): PortbookError | undefined {
  for (const part of parts) {
    const shipped = newerShipped(resources, kind, part);
    if (shipped === undefined) continue;
    const { titleZh, titleEn, asOf } = part;
    return new PortbookError(
      'PACK_OUTDATED',
      { id, version, part: titleZh || titleEn || part.id, asOf, shipped },
      part.id,
    );
  }
  return undefined;
}

/** Where a pack came from: by which road, and the name of the endpoint or file. */
export interface PackOrigin {
  readonly source: 'line' | 'file';
  readonly sourceName: string;
}

/**
 * Verifies a pack and keeps it, not in force yet. Refusals: those of {@link checkManifest} and {@link readContent}.
 * @returns whether it is new to the book
 */
export function acceptPack(
  book: Book,
  manifest: PackManifest,
  bytes: Uint8Array,
  origin: PackOrigin,
  now: string,
): Standing {
  const standing = checkManifest(book, manifest);
  const content = readContent(manifest, bytes);
  if (standing === 'known') return standing;
  const { id, version, keyId } = manifest;
  book.transaction(() => {
    insertPack(book, { manifest, parts: partsOf(content), ...origin }, bytes, now);
    book.audit('pack.received', `pack:${id}`, { version, keyId, sha256: manifest.sha256, ...origin }, now);
  });
  return standing;
}

/** A pack file taken apart. Refusal: `PACK_FILE_NOT`. */
export function openPackFile(bytes: Uint8Array): { readonly manifest: PackManifest; readonly bytes: Uint8Array } {
  const file = readPackFile(bytes);
  if (file === undefined) throw new PortbookError('PACK_FILE_NOT', {}, 'file');
  return file;
}

// What is in it -------------------------------------------------------------------------------------------------------

/** Columns whose numbers stand for an entry of one of the table's dictionaries. */
const dictionaries: Readonly<Record<string, 'english' | 'elementSets'>> = {
  en: 'english',
  elements: 'elementSets',
  optional: 'elementSets',
};

/** A table of a pack held against the one that ships: the columns that lookups read, no code twice or empty, indices that lead somewhere. */
function checkTable(resources: Resources, id: string, table: PackTable): void {
  const part = table.header.id;
  if (!resources.shippedTables.some((one) => one.id === part))
    throw new PortbookError('PACK_PART_UNKNOWN', { id, part }, `tables.${part}`);
  const at = (field: string): readonly string[] => ['tables', part, field];
  if (table.columns[0] !== 'code') throw invalid(id, at('columns'), 'code is not the first column');
  const shipped = readTableFile(resources.shippedTableFile(part));
  const missing = shipped.columns.find((column) => !table.columns.includes(column));
  if (missing !== undefined) throw invalid(id, at('columns'), `missing ${missing}`);
  if (new Set(table.columns).size < table.columns.length) throw invalid(id, at('columns'), 'a column twice');
  const codes = new Set<string>();
  for (const [row, cells] of table.rows.entries()) {
    const place = at(`rows.${row + 1}`);
    if (cells.length !== table.columns.length) throw invalid(id, place, 'a row of the wrong width');
    const code = String(cells[0]);
    if (code === '' || code !== code.trim()) throw invalid(id, place, 'no code');
    codes.add(code);
    for (const [i, column] of table.columns.entries()) {
      const cell = cells[i];
      if (typeof cell !== 'number') continue;
      const list = dictionaries[column];
      if (list !== undefined && (table[list] ?? [])[cell] === undefined)
        throw invalid(id, place, `${column} ${cell} is nowhere`);
    }
  }
  // Some tables that ship have a code in several rows; the others are looked up in by it.
  const hasTwins = new Set(shipped.rows.map(([code]) => code)).size < shipped.rows.length;
  if (codes.size < table.rows.length && !hasTwins) throw invalid(id, at('rows'), 'a code twice');
}

/**
 * Whether this program can use what is in a pack. Refusals: `PACK_PART_UNKNOWN` {id, part}, `PACK_CONTENT_INVALID` {id, field, reason},
 * `PACK_OUTDATED` {id, version, part, asOf, shipped} where the program ships a newer state of a part, `PACK_PART_TAKEN` {id, part, other}.
 */
export function checkContent(resources: Resources, book: Book, manifest: PackManifest, content: PackContent): void {
  const { id } = manifest;
  if (content.kind === 'tables') for (const table of content.tables) checkTable(resources, id, table);
  else
    for (const [at, rules] of content.rules.entries()) {
      if (!resources.shippedRuleIds.includes(rules.id))
        throw new PortbookError('PACK_PART_UNKNOWN', { id, part: rules.id }, `rules.${at}.id`);
      try {
        checkedIssuedPack(resources, rules.id, rules);
      } catch (error) {
        if (!(error instanceof PortbookError) || error.code !== 'RULE_PACK_INVALID') throw error;
        const { field = '', reason = '' } = error.params;
        throw invalid(id, ['rules', rules.id, String(field)], String(reason));
      }
    }
  const outdated = outdatedOf(resources, manifest, content.kind, partsOf(content));
  if (outdated !== undefined) throw outdated;
  const parts = new Set(partsOf(content).map((part) => part.id));
  for (const other of listPacks(book)) {
    if (!other.inForce || other.manifest.kind !== manifest.kind || other.manifest.id === id) continue;
    const part = other.parts.find((one) => parts.has(one.id));
    if (part !== undefined) throw new PortbookError('PACK_PART_TAKEN', { id, part: part.id, other: other.manifest.id });
  }
}

// In force ------------------------------------------------------------------------------------------------------------

/**
 * Puts what the open book uses in place for every lookup, check and calculation: its packs in force, and before these the firm's own
 * editions of tables. The firm's own rules stand before both where rules are read.
 */
export function applyBookData(book: Book, resources: Resources): void {
  const tables = new Map<string, OwnTable>();
  const rules = new Map<string, unknown>();
  for (const { manifest, parts, inForce } of listPacks(book)) {
    if (!inForce) continue;
    // The newer state of each table holds; of rules, which belong together, all or none.
    if (manifest.kind === 'rules' && unusable(resources, book, { manifest, parts }) !== undefined) continue;
    const { id: pack, version } = manifest;
    if (manifest.kind === 'tables')
      for (const { id, sha256: digest, rows, source, asOf } of parts) {
        if (newerShipped(resources, 'tables', { id, asOf }) !== undefined) continue;
        tables.set(id, {
          sha256: digest,
          rows,
          source,
          asOf,
          read: () => tableIn(storedContent(book, pack, version), id),
        });
      }
    else {
      const content = storedContent(book, pack, version);
      if (content.kind === 'rules') for (const one of content.rules) rules.set(one.id, one);
    }
  }
  resources.takeRules(rules);
  resources.takeTables(new Map([...tables, ...ownTables(book)]));
}

/**
 * Why a pack in force is not used: the program has changed since it was taken, and what ships with it holds instead. Of tables only
 * how old they are is asked: they are large, and a column too few costs no more than what stood in it.
 */
export function unusable(
  resources: Resources,
  book: Book,
  { manifest, parts }: Pick<StoredPack, 'manifest' | 'parts'>,
): ContractError | undefined {
  if (manifest.kind === 'tables') return outdatedOf(resources, manifest, 'tables', parts)?.toContract();
  // The bytes are frozen in the book; what else it depends on is which other packs are in force.
  const others = listPacks(book).filter(({ inForce }) => inForce);
  const key = JSON.stringify([
    manifest.sha256,
    manifest.id,
    others.map((one) => [one.manifest.id, one.manifest.sha256]),
  ]);
  const judged = verdicts.get(resources) ?? new Map<string, ContractError | undefined>();
  verdicts.set(resources, judged);
  if (judged.has(key)) return judged.get(key);
  try {
    checkContent(resources, book, manifest, storedContent(book, manifest.id, manifest.version));
    judged.set(key, undefined);
  } catch (error) {
    if (!(error instanceof PortbookError)) throw error;
    judged.set(key, error.toContract());
  }
  return judged.get(key);
}

/** What {@link unusable} found, by what it depends on, for as long as the program's own rules are loaded. */
const verdicts = new WeakMap<Resources, Map<string, ContractError | undefined>>();

function tableIn(content: PackContent, id: string): PackTable | undefined {
  return content.kind === 'tables' ? content.tables.find(({ header }) => header.id === id) : undefined;
}

/** The first day a pack can be put in force: rules are dated themselves, tables hold from the pack's day on. Refusal: `PACK_NOT_YET` {id, version, date}. */
export function requireInTime({ id, version, kind, validFrom }: PackManifest, now: string): void {
  if (kind === 'tables' && chinaDate(now) < validFrom)
    throw new PortbookError('PACK_NOT_YET', { id, version, date: validFrom }, 'validFrom');
}

/**
 * What waits for a person to put it in force: the latest version of each pack where it never was, of an issuer that is trusted, that this program
 * can use and that holds already. What somebody went back from is not offered anew.
 */
export function packsToTake(resources: Resources, book: Book, now: string): StoredPack[] {
  const all = listPacks(book);
  const trusted = new Set(
    listIssuers(book).flatMap(({ keyId, trustedAt }) => (trustedAt === undefined ? [] : [keyId])),
  );
  const latest = new Map<string, StoredPack>();
  for (const pack of all) if (!latest.has(pack.manifest.id)) latest.set(pack.manifest.id, pack);
  return [...latest.values()].filter(
    (pack) =>
      pack.takenAt === undefined &&
      trusted.has(pack.manifest.keyId) &&
      (pack.manifest.kind === 'rules' || pack.manifest.validFrom <= chinaDate(now)) &&
      unusable(resources, book, pack) === undefined,
  );
}

// Change log ----------------------------------------------------------------------------------------------------------

/** The pack of this id in force, whose parts a new version is held against. */
const inForceOf = (book: Book, id: string): StoredPack | undefined =>
  listPacks(book).find((one) => one.inForce && one.manifest.id === id);

/** Names of codes with what else a row says, so that a change of any column counts. */
function rowsOf(resources: Resources, table: PackTable | undefined, id: string) {
  const built =
    table === undefined
      ? resources.shippedTable(id)
      : buildTable(table, (code) => resources.tables.get('hs')?.lookup(code.slice(0, 10))?.zh ?? '');
  return {
    asOf: built.header.asOf,
    names: new Map(built.entries.map(({ code, zh, en }) => [code, zh === '' ? en : zh])),
    more: new Map(built.entries.map(({ code, en, more }) => [code, JSON.stringify([en, more])])),
  };
}

/** What would be different with a pack in force, part by part, against what is in force now beneath the firm's own editions and rules. */
export function changesOf(resources: Resources, book: Book, manifest: PackManifest, content: PackContent): PackChanges {
  const now = inForceOf(book, manifest.id);
  const before = now === undefined ? undefined : storedContent(book, now.manifest.id, now.manifest.version);
  const own = ownTables(book);
  if (content.kind === 'tables') {
    return {
      rules: [],
      tables: content.tables.map((table) => {
        const { id, titleZh, titleEn } = table.header;
        const was = rowsOf(resources, before === undefined ? undefined : tableIn(before, id), id);
        const is = rowsOf(resources, table, id);
        const changes = codeChanges(was.names, is.names);
        const renamed = new Set(changes.map(({ code }) => code));
        const count = (kind: string): number => changes.filter((one) => one.kind === kind).length;
        return {
          ...{ id, titleZh, titleEn, asOfBefore: was.asOf, asOfAfter: is.asOf },
          ...{ added: count('added'), gone: count('gone'), renamed: count('renamed') },
          otherwise: [...is.more].filter(([code, text]) => !renamed.has(code) && was.more.get(code) !== text).length,
          isOwn: own.has(id),
          rows: changes.slice(0, shown).map((one) => ({ ...one })),
        };
      }),
    };
  }
  return {
    tables: [],
    rules: content.rules.map((one) => {
      const after: AnyPack = readPack(one);
      const known = before?.kind === 'rules' ? before.rules.find(({ id }) => id === one.id) : undefined;
      const changes = ruleChanges(readPack(known ?? resources.shippedRules(one.id)), after);
      return {
        ...{ id: after.id, titleZh: after.titleZh, titleEn: after.titleEn },
        changes: changes.length,
        isOwn: firmPack(book, after.id) !== undefined,
        rows: changes.slice(0, shown).map((change) => ({ ...change })),
      };
    }),
  };
}

/** A version the book keeps, verified again, with its content. Refusals: `PACK_UNKNOWN` and those of {@link checkManifest}, {@link checkContent}. */
export function requireUsable(
  resources: Resources,
  book: Book,
  id: string,
  version: number,
): { readonly pack: StoredPack; readonly content: PackContent } {
  const pack = requirePack(book, id, version);
  checkManifest(book, pack.manifest);
  const content = storedContent(book, id, version);
  checkContent(resources, book, pack.manifest, content);
  return { pack, content };
}
