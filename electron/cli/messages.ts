import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { messageNames, type RequestName, requestNames, specOf } from '../../shared/documents/catalogue.ts';
import { headersOf } from '../../shared/documents/fields.ts';
import type { Finding } from '../../shared/documents/finding.ts';
import { type Extension, MESSAGE_VERSION, type Subscription, type Transfer } from '../../shared/documents/frame.ts';
import { readMessage } from '../../shared/documents/read.ts';
import { draftSchemaOf } from '../../shared/documents/schema.ts';
import { jsonSchemaOf, xmlSchemaOf } from '../../shared/documents/schema-files.ts';
import type { AnyDocument, MessageSpec } from '../../shared/documents/spec.ts';
import { unsigned, validateAny, validateRoot, validateTransfer } from '../../shared/documents/validate.ts';
import { assembleMessage, WriteError, writeAny } from '../../shared/documents/write.ts';
import { PortbookError } from '../../shared/errors.ts';
import { textOfFinding } from '../../shared/rules/customs/texts.ts';
import type { Core } from '../core/core.ts';
import { writeMessageTemplate } from '../core/exporters/template.ts';
import { messageText } from '../core/files/message-text.ts';
import {
  type Answer,
  bytesOf,
  given,
  language,
  need,
  options,
  positionals,
  readJson,
  startCore,
  withBook,
} from './shell.ts';

/** Messages (报文) from file to file, without a book: read, written, and as an Excel template. */

/** Code tables as shipped; with `--book` the firm's own editions, and its transport identity. */
async function withTables(work: (core: Core) => Promise<Answer>): Promise<Answer> {
  if (given('book') !== '') return withBook(given('book'), work);
  const core = startCore();
  try {
    return await work(core);
  } finally {
    await core.close();
  }
}

/** The message of `--type`: `CEB603` and `CEB603Message` alike. Refusal: `MESSAGE_TYPE_UNKNOWN` {type, known}. */
function typed(type: string): MessageSpec {
  const spec = specOf(type) ?? specOf(`${type}Message`);
  if (spec !== undefined) return spec;
  const known = messageNames.map((name) => name.replace(/Message$/, '')).join(', ');
  throw new PortbookError('MESSAGE_TYPE_UNKNOWN', { type, known }, 'type');
}

/** The message of `--type`, which must be one that the firm sends. Refusal: `MESSAGE_TYPE_UNKNOWN` {type, known}. */
export function typedRequest(type: string): RequestName {
  const { message } = typed(type);
  const found = requestNames.find((name) => name === message);
  if (found !== undefined) return found;
  const known = requestNames.map((name) => name.replace(/Message$/, '')).join(', ');
  throw new PortbookError('MESSAGE_TYPE_UNKNOWN', { type, known }, 'type');
}

const explained = (findings: readonly Finding[]) =>
  findings.map((finding) => ({ ...finding, ...textOfFinding(finding, language) }));

function findingsOf(spec: MessageSpec, documents: readonly AnyDocument[], { resources }: Core): Finding[] {
  return documents.flatMap((document, index) =>
    validateAny(spec, document, resources.tables).map((finding) => ({
      ...finding,
      path: `${spec.node}[${index + 1}]/${finding.path}`,
    })),
  );
}

/** What the schema says of the signature of a message. */
const signatureFindings = (spec: MessageSpec, isSigned: boolean): Finding[] =>
  spec.signatureRequired === true && !isSigned ? [unsigned(spec)] : [];

/** `messages read FILE`: everything that stands in a message, and what is odd or wrong about it. */
export const readMessageFile = () =>
  withTables(async (core) => {
    const file = positionals[2];
    if (file === undefined) throw new PortbookError('OPTION_MISSING', { option: '<file>' });
    const xml = messageText(bytesOf(file, 'file'));
    if (xml === undefined) throw new PortbookError('MESSAGE_NOT_UTF8', { name: path.basename(file) }, 'file');
    const read = readMessage(xml);
    const spec = specOf(read.message ?? '');
    const { problems, ...message } = read;
    return {
      body: {
        ...message,
        ...(spec === undefined
          ? {}
          : { title: { zh: spec.zh, en: spec.en }, direction: spec.direction, kind: spec.kind }),
        problems: explained(problems),
        findings:
          spec === undefined
            ? []
            : explained([...findingsOf(spec, read.documents, core), ...signatureFindings(spec, read.signed)]),
      },
      refused: !read.ok,
    };
  });

const frameSchema = z.object({
  guid: z.string().optional(),
  version: z.string().optional(),
  transfer: z.record(z.string(), z.string()).optional(),
  subscriptions: z.array(z.record(z.string(), z.string())).default([]),
  extend: z.object({ name: z.string(), version: z.string(), message: z.string() }).optional(),
  signature: z.string().optional(),
  unknown: z.array(z.object({ within: z.string(), xml: z.string() })).default([]),
  documents: z.array(z.unknown()),
});

/** What was given as JSON: the answer of `messages read`, a list of documents, or one document. */
function statedIn(input: unknown): z.infer<typeof frameSchema> {
  if (Array.isArray(input)) return frameSchema.parse({ documents: input });
  const frame = frameSchema.safeParse(input);
  return frame.success ? frame.data : frameSchema.parse({ documents: [input] });
}

/** Values of nothing but blanks as none: an element that is left out, not one of blanks. */
const withoutBlanks = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === 'string' && value.trim() === '' ? '' : value,
  );

/** Documents as the table has them. Refusal: `MESSAGE_INPUT` {message, field, reason}. */
function documentsOf(spec: MessageSpec, documents: readonly unknown[]): AnyDocument[] {
  const schema = draftSchemaOf(spec);
  return documents.map((document, index) => {
    const parsed = schema.safeParse(withoutBlanks(document));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = [`documents[${index + 1}]`, ...(issue?.path ?? []).map(String)].join('/');
    throw new PortbookError('MESSAGE_INPUT', { message: spec.message, field, reason: issue?.message ?? '' }, field);
  });
}

/** The firm's transport identity: as given, else the book's. Refusal: `MESSAGE_TRANSFER_MISSING` {message}. */
function transferOf(spec: MessageSpec, stated: Readonly<Record<string, string>> | undefined, core: Core): Transfer {
  if (stated !== undefined) return { dxpMode: 'DXP', ...stated } as unknown as Transfer;
  if (given('book') === '') throw new PortbookError('MESSAGE_TRANSFER_MISSING', { message: spec.message }, 'transfer');
  const { customsCode, name, dxpId } = core.session.book.profile();
  return { copCode: customsCode, copName: name, dxpMode: 'DXP', dxpId: dxpId === '' ? `DXPENT${customsCode}` : dxpId };
}

/**
 * `messages write --type CEBnnn --input FILE.json [--out FILE.xml]`: JSON to the message's XML. Nothing is signed here; a signature
 * that was read goes back into its place. Elements of no table go back into receipts, which are others' words; a request has no place
 * for them, and the answer says what was left out.
 */
export const writeMessageFile = () =>
  withTables(async (core) => {
    const spec = typed(need('type'));
    const input = statedIn(readJson('input'));
    const documents = documentsOf(spec, input.documents);
    const hasTransfer = spec.kind === 'request' && spec.bare === undefined;
    const transfer = hasTransfer ? transferOf(spec, input.transfer, core) : undefined;
    const frame = {
      guid: input.guid === undefined || input.guid === '' ? randomUUID().toUpperCase() : input.guid,
      ...(input.version === undefined || input.version === '' ? {} : { version: input.version }),
      ...(transfer === undefined ? {} : { transfer }),
      subscriptions: input.subscriptions as unknown as Subscription[],
      ...(input.extend === undefined ? {} : { extend: input.extend as Extension }),
      ...(input.signature === undefined ? {} : { signature: input.signature }),
      unknown: input.unknown,
    };
    let xml: string;
    try {
      xml = assembleMessage(
        spec,
        frame,
        documents.map((document) => writeAny(spec, document)),
      );
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      const field = String(error.params['field'] ?? error.path);
      throw new PortbookError(
        'MESSAGE_INCOMPLETE',
        { message: spec.message, field: error.path, what: field },
        error.path,
      );
    }
    const findings = [
      ...validateRoot(spec, { guid: frame.guid, version: frame.version ?? MESSAGE_VERSION }),
      ...(transfer === undefined ? [] : validateTransfer(transfer)),
      ...findingsOf(spec, documents, core),
      ...signatureFindings(spec, input.signature !== undefined && input.signature !== ''),
    ];
    const about = {
      message: spec.message,
      guid: frame.guid,
      documents: documents.length,
      findings: explained(findings),
      leftOut: spec.kind === 'request' ? input.unknown : [],
    };
    if (given('out') === '') return { body: { ...about, xml } };
    const out = path.resolve(given('out'));
    writeFileSync(out, xml);
    return { body: { ...about, out } };
  });

/** `messages template --type CEBnnn --out FILE.xlsx`: one row a line with the head repeated, field codes in the second row. */
export const messageTemplate = async (): Promise<Answer> => {
  const spec = typed(need('type'));
  const out = path.resolve(need('out'));
  await writeMessageTemplate(out, spec);
  return { body: { message: spec.message, columns: headersOf(spec).length, out } };
};

/** `messages schema --type CEBnnn --out FILE [--json-schema]`: the message's XML Schema, or the JSON Schema of its JSON form. */
export const messageSchema = async (): Promise<Answer> => {
  const spec = typed(need('type'));
  const out = path.resolve(need('out'));
  const isJson = options['json-schema'];
  writeFileSync(out, isJson ? `${JSON.stringify(jsonSchemaOf(spec), null, 2)}\n` : xmlSchemaOf(spec));
  return { body: { message: spec.message, format: isJson ? 'json-schema' : 'xsd', out } };
};

/** `messages list`: every message there is, with its direction, its receipt and how many documents it takes. */
export const listMessages = async (): Promise<Answer> => ({
  body: {
    rows: messageNames.map((name) => {
      const spec = specOf(name);
      return {
        message: name,
        ...(spec === undefined
          ? {}
          : {
              zh: spec.zh,
              en: spec.en,
              direction: spec.direction,
              kind: spec.kind,
              receipt: spec.receipt,
              maxDocuments: spec.maxNodes,
            }),
      };
    }),
  },
});
