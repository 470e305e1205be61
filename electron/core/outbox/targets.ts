import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { catalogue, type RequestName } from '../../../shared/documents/catalogue.ts';
import type { Finding } from '../../../shared/documents/finding.ts';
import { packDocuments } from '../../../shared/documents/pack.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { writeAny } from '../../../shared/documents/write.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  checkEndpoint,
  type EndpointDemands,
  type EndpointPack,
  endpointPackSchema,
} from '../../../shared/rules/endpoint/rules.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import type { Context } from '../context.ts';
import type { Book } from '../store/book.ts';
import type { DocumentRecord } from '../store/documents.ts';
import { type Endpoint, hasPractised, targetOf } from '../store/endpoints.ts';
import { type Limits, limitsOf } from './transport-for.ts';

/** Which endpoint a draft goes to, what that one asks for, and how its messages are cut. */

/** Room for the envelope and the signature around the documents of a message. */
const ENVELOPE_BYTES = 16 * 1024;

/** The shipped profile of an endpoint; undefined when it names none. Refusal: `RESOURCE_MISSING` {path}. */
function profileOf(context: Pick<Context, 'resources'>, { settings }: Endpoint): EndpointPack | undefined {
  const { profile } = settings;
  return profile === '' ? undefined : endpointPackSchema.parse(context.resources.json('endpoints', `${profile}.json`));
}

/** What an endpoint takes: as typed, else as its profile says on a day, else as its platform says. */
export function limitsOn(context: Pick<Context, 'resources' | 'now'>, endpoint: Endpoint): Limits {
  const pack = profileOf(context, endpoint);
  const version = pack === undefined ? undefined : packOn(pack, chinaDate(context.now()));
  const { settings, capabilities } = endpoint;
  return limitsOf({
    settings: { ...settings, limits: { ...version?.parameters.limits, ...settings.limits } },
    capabilities,
  });
}

/** What an endpoint asks of documents on a day. */
export function demandsOf(context: Pick<Context, 'resources' | 'now'>, endpoint: Endpoint): EndpointDemands {
  const pack = profileOf(context, endpoint);
  const version = pack === undefined ? undefined : packOn(pack, chinaDate(context.now()));
  return {
    name: endpoint.name,
    kinds: limitsOn(context, endpoint).kinds,
    rules: [...(version === undefined ? [] : [version.parameters.rules]), endpoint.settings.rules],
  };
}

/** Checks documents against their endpoints; what an endpoint asks for is read once. */
export function targetCheck(
  context: Pick<Context, 'book' | 'resources' | 'now'>,
): (document: Pick<DocumentRecord, 'id' | 'kind' | 'body'>) => readonly Finding[] {
  const known = new Map<string, EndpointDemands>();
  return (document) => {
    const endpoint = targetOf(context.book, document);
    if (endpoint === undefined) return [];
    const demands = known.get(endpoint.id) ?? demandsOf(context, endpoint);
    known.set(endpoint.id, demands);
    return checkEndpoint(document.kind, document.body, demands);
  };
}

/** Documents of one kind that make one message, and where it belongs. */
export interface Batch {
  readonly batch: readonly DocumentRecord[];
  readonly endpoint: Endpoint | undefined;
}

/**
 * Cuts documents of a kind into messages: by endpoint, then by how many documents and bytes it takes. Refusal: `REAL_IN_PRACTICE_BOOK` for
 * a platform in earnest in a book that has practised.
 */
export function batchesOf(
  context: Pick<Context, 'book' | 'resources' | 'now'>,
  kind: RequestName,
  documents: readonly DocumentRecord[],
): Batch[] {
  const { book } = context;
  const spec: MessageSpec = catalogue[kind];
  const byEndpoint = new Map<Endpoint | undefined, DocumentRecord[]>();
  const known = new Map<string, Endpoint>();
  for (const document of documents) {
    const found = targetOf(book, document);
    const endpoint = found === undefined ? undefined : (known.get(found.id) ?? found);
    if (endpoint !== undefined) known.set(endpoint.id, endpoint);
    const before = byEndpoint.get(endpoint);
    if (before === undefined) byEndpoint.set(endpoint, [document]);
    else before.push(document);
  }
  const batches: Batch[] = [];
  for (const [endpoint, ofEndpoint] of byEndpoint) {
    if (endpoint !== undefined) requireSide(book, endpoint);
    const limits = endpoint === undefined ? undefined : limitsOn(context, endpoint);
    const most = Math.min(spec.maxNodes, limits?.maxDocuments ?? spec.maxNodes);
    const room = (limits?.maxBytes ?? Number.POSITIVE_INFINITY) - ENVELOPE_BYTES;
    const sizes = ofEndpoint.map(({ body }) => (Number.isFinite(room) ? Buffer.byteLength(writeAny(spec, body)) : 0));
    let from = 0;
    for (const count of packDocuments(sizes, { documents: most, bytes: room })) {
      batches.push({ batch: ofEndpoint.slice(from, from + count), endpoint });
      from += count;
    }
  }
  return batches;
}

/** A book that has practised freezes nothing for a platform in earnest. Refusal: `REAL_IN_PRACTICE_BOOK`. */
export function requireSide(book: Book, endpoint: Endpoint): void {
  if (endpoint.practice === false && (book.isSample || hasPractised(book)))
    throw new PortbookError('REAL_IN_PRACTICE_BOOK');
}
