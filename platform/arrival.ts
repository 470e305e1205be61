import { hash } from 'node:crypto';
import { specOf } from '../shared/documents/catalogue.ts';
import { readMessage } from '../shared/documents/read.ts';
import { businessKeyOf, headOf } from '../shared/documents/spec.ts';
import { type RightValues, validateAny } from '../shared/documents/validate.ts';
import { sendingRank } from '../shared/sync/protocol.ts';
import type { TableSet } from '../shared/tables/table.ts';
import { checkAmounts } from './checks.ts';
import { topicOf } from './filings.ts';
import type { ArrivedMessage } from './storage/storage.ts';

/** What the door says to a message: the documents in it, or why it does not come in. */
export type Arrival =
  | { readonly ok: true; readonly message: Omit<ArrivedMessage, 'bytes' | 'sha256'> }
  | {
      readonly ok: false;
      readonly code: string;
      readonly detail: string;
      readonly findings: { path: string; rule: string }[];
    };

const MAX_FINDINGS = 50;
const noTables: TableSet = new Map();
const utf8 = new TextDecoder('utf-8', { fatal: true });

function refuse(code: string, detail: string, findings: { path: string; rule: string }[] = []): Arrival {
  return { ok: false, code, detail, findings: findings.slice(0, MAX_FINDINGS) };
}

const MAX_DEPTH = 64;
const MAX_TAG = 16 * 1024;

/**
 * What is too deep or too long in a text of XML, found in one pass and before any parser builds something of it. Whether it is well-formed
 * is the reader's business, which refuses DOCTYPE and with it all entities.
 */
function excessOf(xml: string): string | undefined {
  let depth = 0;
  let quote = -1;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at + 1)) {
    const kind = xml.charCodeAt(at + 1);
    if (kind === EXCLAMATION || kind === QUESTION) {
      const end = kind === QUESTION ? '?>' : xml.startsWith('<!--', at) ? '-->' : ']]>';
      at = xml.indexOf(end, at + 2);
      if (at < 0) return undefined;
      continue;
    }
    // Most tags have no quotes in them, and end where the next one says so.
    if (quote < at) quote = placeOfQuote(xml, at);
    const plain = xml.indexOf('>', at);
    const end = plain < 0 || plain > quote ? endOfTag(xml, at) : plain - at < MAX_TAG ? plain : -1;
    if (end < 0) return `a tag of more than ${MAX_TAG} characters`;
    if (kind === SLASH) depth -= 1;
    else if (xml.charCodeAt(end - 1) !== SLASH) depth += 1;
    if (depth > MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
    at = end;
  }
  return undefined;
}

const QUOTE = /["']/g;

/** Where the next quote stands from `at` on; behind the text when there is none. */
function placeOfQuote(xml: string, at: number): number {
  QUOTE.lastIndex = at;
  return QUOTE.exec(xml)?.index ?? xml.length;
}

/** Where the tag ends that begins at `at`: a `>` outside quotes; -1 when it is too long. */
function endOfTag(xml: string, at: number): number {
  const last = Math.min(xml.length, at + MAX_TAG);
  let quote = 0;
  for (let i = at + 1; i < last; i += 1) {
    const code = xml.charCodeAt(i);
    if (quote !== 0) quote = code === quote ? 0 : quote;
    else if (code === DOUBLE || code === SINGLE) quote = code;
    else if (code === GREATER) return i;
  }
  return -1;
}

const [SLASH, QUESTION, EXCLAMATION, DOUBLE, SINGLE, GREATER] = [0x2f, 0x3f, 0x21, 0x22, 0x27, 0x3e];

/**
 * Reads a message and holds it against the schema of its kind: form only, not whether customs will like it. Codes are customs' business and
 * are answered by a receipt; but most documents have right ones, and where that is seen here nobody need look again.
 */
export function receive(guid: string, bytes: Uint8Array, tables: TableSet = noTables): Arrival {
  let xml: string;
  try {
    xml = utf8.decode(bytes);
  } catch {
    return refuse('XML_MALFORMED', 'not UTF-8');
  }
  const excess = excessOf(xml);
  if (excess !== undefined) return refuse('XML_MALFORMED', excess);
  const read = readMessage(xml);
  if (!read.ok || read.message === undefined) {
    const [first] = read.problems.filter(({ level }) => level === 'reject');
    return refuse(
      'XML_MALFORMED',
      first === undefined ? 'not a message of the catalogue' : `${first.rule} ${JSON.stringify(first.params)}`,
    );
  }
  const spec = specOf(read.message);
  if (spec === undefined || spec.kind !== 'request' || sendingRank[read.message] === undefined) {
    return refuse('KIND_UNKNOWN', `${read.message} is not taken here`);
  }
  // A bare message has no GUID of its own; it goes under that of its sending.
  if (spec.bare === undefined && read.guid !== guid)
    return refuse('GUID_MISMATCH', `the message's guid is ${read.guid}`);
  const findings = read.problems.filter(({ level }) => level !== 'note').map(({ path, rule }) => ({ path, rule }));
  const sound = new Set<number>();
  const known: RightValues = new Map();
  for (const [index, document] of read.documents.entries()) {
    // What is right with the tables is right without them.
    if (!validateAny(spec, document, tables, known).some(({ level }) => level === 'reject')) {
      if (tables !== noTables && checkAmounts(spec, { kind: spec.message, body: document }) === undefined)
        sound.add(index);
      continue;
    }
    for (const { level, path, rule } of validateAny(spec, document, noTables)) {
      if (level === 'reject') findings.push({ path: `${spec.node}[${index + 1}]/${path}`, rule });
    }
    if (findings.length >= MAX_FINDINGS) break;
  }
  if (findings.length > 0) return refuse('SCHEMA', `${findings.length} findings`, findings);
  const documents = read.documents.map((document, index) => {
    const head = headOf(spec, document);
    const body = JSON.stringify(document);
    return {
      businessKey: businessKeyOf(spec, document),
      // What has no order is held together by what it is about.
      orderNo: head['orderNo'] ?? head['creditNo'] ?? topicOf(spec, head),
      logisticsNo: head['logisticsNo'] ?? '',
      appType: head['appType'] ?? '',
      body,
      bodySha256: hash('sha256', body, 'hex'),
      isSound: sound.has(index),
    };
  });
  return { ok: true, message: { guid, kind: read.message, documents } };
}
