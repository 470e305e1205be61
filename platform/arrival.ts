import { specOf } from '../shared/documents/catalogue.ts';
import { readMessage } from '../shared/documents/read.ts';
import { businessKeyOf, headOf } from '../shared/documents/spec.ts';
import { validateAny } from '../shared/documents/validate.ts';
import { sendingRank } from '../shared/sync/protocol.ts';
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

function refuse(code: string, detail: string, findings: { path: string; rule: string }[] = []): Arrival {
  return { ok: false, code, detail, findings: findings.slice(0, MAX_FINDINGS) };
}

/** Reads a message and holds it against the schema of its kind: form only, not whether customs will like it. */
export function receive(guid: string, bytes: Uint8Array): Arrival {
  let xml: string;
  try {
    xml = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('XML_MALFORMED', 'not UTF-8');
  }
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
  for (const [index, document] of read.documents.entries()) {
    // Codes are customs' business and are answered by a receipt; here only the schema is asked.
    for (const { level, path, rule } of validateAny(spec, document, new Map())) {
      if (level === 'reject') findings.push({ path: `${spec.node}[${index + 1}]/${path}`, rule });
    }
    if (findings.length >= MAX_FINDINGS) break;
  }
  if (findings.length > 0) return refuse('SCHEMA', `${findings.length} findings`, findings);
  const documents = read.documents.map((body) => {
    const head = headOf(spec, body);
    return {
      businessKey: businessKeyOf(spec, body),
      // A form of foreign exchange has no order: what belongs together there is the item it reports on.
      orderNo: head['orderNo'] ?? head['creditNo'] ?? '',
      logisticsNo: head['logisticsNo'] ?? '',
      appType: head['appType'] ?? '',
      body,
    };
  });
  return { ok: true, message: { guid, kind: read.message, documents } };
}
