/**
 * The XML writer. A table is compiled once into a flat list of tags, and a document is written by walking that list: no
 * tree, no white space between elements, no empty elements, element order by the table. Text is escaped as Canonical XML 1.0
 * has it, and attributes stand in its order, so that what is written here is byte for byte its own canonical form behind the
 * XML declaration: a signature over it does not depend on who parsed it in between.
 */
import { specOf } from './catalogue.ts';
import { illegalCharacter, isSuspect } from './characters.ts';
import {
  baseSubscribe,
  baseTransfer,
  type Extension,
  extendMessage,
  families,
  MESSAGE_VERSION,
  type MessageFamily,
  type Subscription,
  type Transfer,
} from './frame.ts';
import {
  type AnyDocument,
  type DocumentOf,
  type FamilyName,
  type FieldSpec,
  headOf,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
  type Values,
} from './spec.ts';

export type WriteErrorCode = 'WRITE-CHARACTER' | 'WRITE-MISSING' | 'WRITE-COUNT' | 'WRITE-TRANSFER';

/** A document that must not be written as it stands. Run the checks first and this never happens. */
export class WriteError extends Error {
  readonly code: WriteErrorCode;
  readonly path: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(code: WriteErrorCode, path: string, params: Readonly<Record<string, string | number>>) {
    super(`${code} ${path} ${JSON.stringify(params)}`);
    this.name = 'WriteError';
    this.code = code;
    this.path = path;
    this.params = params;
  }
}

/** Everything of a message but its documents; receipts have no transfer. */
export interface MessageFrame {
  /** 36 upper-case characters; the message's key for ever, kept on a resend. */
  readonly guid: string;
  readonly version?: string;
  readonly transfer?: Transfer;
  readonly subscriptions?: readonly Subscription[];
  /** A finished `ds:Signature` element, put into its place unread. */
  readonly signature?: string;
  readonly extend?: Extension;
}

interface Step {
  readonly name: string;
  readonly open: string;
  readonly close: string;
  readonly required: boolean;
  /** Written without a value too. */
  readonly always: boolean;
}

/** A group that holds others: they stand before the step of that number, or behind all of them. */
interface PartStep {
  readonly part: PartSpec;
  readonly at: number;
  readonly steps: readonly Step[];
  readonly parts: readonly PartStep[];
}

interface Writer {
  readonly head: readonly Step[];
  readonly lines: readonly Step[];
  readonly lineParts: readonly PartStep[];
  readonly parts: readonly PartStep[];
}

const SPECIAL = /[&<>\r]/g;

function replacement(character: string): string {
  return character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : '&#xD;';
}

function escapeSlowly(text: string, path: () => string): string {
  const bad = illegalCharacter(text);
  if (bad !== undefined) throw new WriteError('WRITE-CHARACTER', path(), bad);
  return text.replace(SPECIAL, replacement);
}

function escapeAttribute(text: string, name: string): string {
  return escapeSlowly(text, () => `@${name}`)
    .replace(/"/g, '&quot;')
    .replace(/\t/g, '&#x9;')
    .replace(/\n/g, '&#xA;')
    .replaceAll('&gt;', '>');
}

const qualified = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}:${name}`);

function compile(prefix: string, fields: readonly FieldSpec[], isStrict = true, keepsEmpty = false): readonly Step[] {
  return fields.map(({ name, required, occurs }) => ({
    name,
    open: `<${qualified(prefix, name)}>`,
    close: `</${qualified(prefix, name)}>`,
    // What the specification demands beyond its own schema is for the check to say.
    required: isStrict && required && occurs[0] === 1,
    always: keepsEmpty && occurs[0] === 1,
  }));
}

function compileParts(
  spec: MessageSpec,
  fields: readonly FieldSpec[],
  parts: readonly PartSpec[] = [],
): readonly PartStep[] {
  const isRequest = spec.kind === 'request';
  return parts.map((part) => {
    const at = part.before === undefined ? -1 : fields.findIndex(({ name }) => name === part.before);
    return {
      part,
      at: at < 0 ? fields.length : at,
      steps: compile(families[spec.family].prefix, part.fields, isRequest, isRequest),
      parts: compileParts(spec, part.fields, part.parts),
    };
  });
}

const writers = new WeakMap<MessageSpec, Writer>();

function writerOf(spec: MessageSpec): Writer {
  let writer = writers.get(spec);
  if (writer === undefined) {
    const { prefix } = families[spec.family];
    // Receipts are others' words: they are written back as they came, complete or not.
    const isStrict = spec.kind === 'request';
    // The specification of 2022 wants no empty elements; the declaration's schema wants its mandatory ones, empty or not.
    const keepsEmpty = isStrict && spec.family === 'dec';
    writer = {
      head: compile(prefix, spec.head.fields, isStrict, keepsEmpty),
      lines: spec.lines === undefined ? [] : compile(prefix, spec.lines.fields, isStrict, keepsEmpty),
      lineParts: spec.lines === undefined ? [] : compileParts(spec, spec.lines.fields, spec.lines.parts),
      parts: compileParts(spec, [], spec.parts),
    };
    writers.set(spec, writer);
  }
  return writer;
}

/**
 * Writes one group of values, or those from one field up to another; `path` is only called to name the culprit of an error.
 */
function writeFields(
  steps: readonly Step[],
  values: Values,
  path: (field: string) => string,
  from = 0,
  to = steps.length,
): string {
  let out = '';
  for (let i = from; i < to; i++) {
    const step = steps[i];
    if (step === undefined) break;
    const value = values[step.name];
    if (value === undefined || value === '') {
      if (step.required) throw new WriteError('WRITE-MISSING', path(step.name), { field: step.name });
      if (step.always) out += step.open + step.close;
    } else {
      out += step.open + (isSuspect(value) ? escapeSlowly(value, () => path(step.name)) : value) + step.close;
    }
  }
  return out;
}

/** Writes a group with the groups in it, each in its place. `at` is the path of the group with a slash behind it. */
function writeGroup(
  prefix: string,
  steps: readonly Step[],
  parts: readonly PartStep[],
  values: AnyDocument,
  at: string,
): string {
  const path = (field: string): string => at + field;
  if (parts.length === 0) return writeFields(steps, values as Values, path);
  let out = '';
  let from = 0;
  for (const part of parts) {
    out += writeFields(steps, values as Values, path, from, part.at);
    from = part.at;
    out += writePart(prefix, part, values, at);
  }
  return out + writeFields(steps, values as Values, path, from);
}

function writePart(prefix: string, { part, steps, parts }: PartStep, of: AnyDocument, at: string): string {
  const rows = rowsOf(part, of);
  if (rows.length > part.max || (rows.length < part.min && part.always !== true))
    throw new WriteError('WRITE-COUNT', at + part.name, { count: rows.length, max: part.max });
  const name = qualified(prefix, part.name);
  // A group that has to be there is written with what the schema demands of it.
  const wanted = rows.length === 0 && part.always === true && part.within === undefined ? [{}] : rows;
  let out = '';
  for (const [index, row] of wanted.entries()) {
    const place = part.max === 1 ? `${at}${part.name}/` : `${at}${part.name}[${index + 1}]/`;
    out += `<${name}>${writeGroup(prefix, steps, parts, row, place)}</${name}>`;
  }
  if (part.within === undefined || (out === '' && part.always !== true)) return out;
  const holder = qualified(prefix, part.within);
  return `<${holder}>${out}</${holder}>`;
}

/**
 * Writes one business node, e.g. `<ceb:Inventory>…</ceb:Inventory>`. Throws {@link WriteError} for a field of a request
 * that the schema demands and that has no value, a character that XML cannot hold, or lines beyond the table's bounds.
 */
export function writeDocument<const M extends MessageSpec>(spec: M, document: DocumentOf<M>): string {
  return writeAny(spec, document as AnyDocument);
}

/** As {@link writeDocument}, for documents whose message is only known at run time. */
export function writeAny(spec: MessageSpec, document: AnyDocument): string {
  const writer = writerOf(spec);
  const { prefix } = families[spec.family];
  const node = qualified(prefix, spec.node);
  // The root of a bare message is its node, and the message puts it around.
  const [open, close] = spec.bare === undefined ? [`<${node}>`, `</${node}>`] : ['', ''];
  const head = writeFields(writer.head, headOf(spec, document), (field) => pathOf(spec, field));
  if (spec.head.name === '') return open + head + close;
  const headName = qualified(prefix, spec.head.name);
  const rest = writer.parts.map((part) => writePart(prefix, part, document, '')).join('');
  if (spec.lines === undefined) return `${open}<${headName}>${head}</${headName}>${rest}${close}`;
  const lineName = qualified(prefix, spec.lines.name);
  const lines = linesOf(spec, document);
  if (lines.length < (spec.lines.min ?? 1) || lines.length > spec.lines.max)
    throw new WriteError('WRITE-COUNT', spec.lines.name, { count: lines.length, max: spec.lines.max });
  let out = '';
  for (const [index, line] of lines.entries()) {
    const at = `${spec.lines.name}[${index + 1}]/`;
    out += `<${lineName}>${writeGroup(prefix, writer.lines, writer.lineParts, line, at)}</${lineName}>`;
  }
  const holder = spec.lines.within === undefined ? undefined : qualified(prefix, spec.lines.within);
  if (holder !== undefined) out = `<${holder}>${out}</${holder}>`;
  return `${open}<${headName}>${head}</${headName}>${out}${rest}${close}`;
}

interface Frame {
  readonly transfer: readonly Step[];
  readonly subscribe: readonly Step[];
  readonly extend: readonly Step[];
}
const frameOf = ({ prefix }: MessageFamily): Frame => ({
  transfer: compile(prefix, baseTransfer.fields),
  subscribe: compile(prefix, baseSubscribe.fields),
  extend: compile(prefix, extendMessage.fields),
});
const frames: Readonly<Record<FamilyName, Frame>> = {
  ceb: frameOf(families.ceb),
  dec: frameOf(families.dec),
  fx: frameOf(families.fx),
};

/** The declaration and root start tag. */
export function messageStart(spec: MessageSpec, guid: string, version = spec.bare?.version ?? MESSAGE_VERSION): string {
  const { prefix, namespace } = families[spec.family];
  if (spec.bare !== undefined) {
    const own = spec.bare.namespace ?? namespace;
    const stated = spec.bare.version === undefined ? '' : ` Version="${escapeAttribute(version, 'Version')}"`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${spec.message}${own === '' ? '' : ` xmlns="${own}"`}${stated}>`;
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${prefix}:${spec.message} xmlns:${prefix}="${namespace}" guid="${escapeAttribute(guid, 'guid')}" version="${escapeAttribute(version, 'version')}">`;
}

/** What follows the documents, to the root end tag. */
export function messageEnd(spec: MessageSpec, frame: MessageFrame): string {
  const { prefix } = families[spec.family];
  if (spec.bare !== undefined) return `</${spec.message}>`;
  const steps = frames[spec.family];
  let out = '';
  if (spec.kind === 'request') {
    if (frame.transfer === undefined) throw new WriteError('WRITE-TRANSFER', 'BaseTransfer', { message: spec.message });
    out += `<${prefix}:BaseTransfer>${writeFields(steps.transfer, frame.transfer, (field) => `BaseTransfer/${field}`)}</${prefix}:BaseTransfer>`;
    const subscriptions = frame.subscriptions ?? [];
    if (subscriptions.length > baseSubscribe.occurs[1])
      throw new WriteError('WRITE-COUNT', 'BaseSubscribe', {
        count: subscriptions.length,
        max: baseSubscribe.occurs[1],
      });
    for (const [index, subscription] of subscriptions.entries()) {
      out += `<${prefix}:BaseSubscribe>${writeFields(steps.subscribe, subscription, (field) => `BaseSubscribe[${index + 1}]/${field}`)}</${prefix}:BaseSubscribe>`;
    }
    const signature = frame.signature ?? '';
    // The specification of imports has the extension before the signature, that of exports behind it.
    if (spec.direction === 'export') out += signature;
    if (frame.extend !== undefined) {
      const { name, version, message } = frame.extend;
      out += `<${prefix}:ExtendMessage>${writeFields(steps.extend, { name, version }, (field) => `ExtendMessage/${field}`)}<${prefix}:Message>${message}</${prefix}:Message></${prefix}:ExtendMessage>`;
    }
    if (spec.direction === 'import') out += signature;
  }
  return `${out}</${prefix}:${spec.message}>`;
}

/**
 * Writes a whole message: UTF-8 declaration, its family's prefix, the documents in order, then transfer, subscriptions, and signature
 * and extension in the order of the direction. 1 to `maxNodes` documents. Throws {@link WriteError}.
 */
export function writeMessage<const M extends MessageSpec>(
  spec: M,
  content: MessageFrame & { readonly documents: readonly DocumentOf<M>[] },
): string {
  return assembleMessage(
    spec,
    content,
    content.documents.map((document) => writeAny(spec, document as AnyDocument)),
  );
}

/** Puts documents already written by {@link writeDocument} into a message. */
export function assembleMessage(spec: MessageSpec, frame: MessageFrame, nodes: readonly string[]): string {
  if (nodes.length < 1 || nodes.length > spec.maxNodes)
    throw new WriteError('WRITE-COUNT', spec.node, { count: nodes.length, max: spec.maxNodes });
  return messageStart(spec, frame.guid, frame.version) + nodes.join('') + messageEnd(spec, frame);
}

/**
 * Puts a `ds:Signature` into a message written here without one: behind the subscriptions, before the extension of an export
 * message and behind that of an import one. Since the signature is enveloped, taking it out again gives the signed bytes.
 */
export function insertSignature(xml: string, signature: string): string {
  const { prefix } = familyOf(xml);
  const isImport = specOf(rootTag.exec(xml)?.[2] ?? '')?.direction === 'import';
  const extension = isImport ? -1 : xml.indexOf(`<${prefix}:ExtendMessage>`);
  const at = extension >= 0 ? extension : xml.lastIndexOf(`</${prefix}:`);
  if (at < 0) throw new RangeError('not a message written here');
  return xml.slice(0, at) + signature + xml.slice(at);
}

const rootTag = /^(?:<\?xml [^>]*\?>\s*)?<(\w+):(\w+)/;

/** The family of a message written here, by the prefix of its root. Throws `RangeError` for any other text. */
export function familyOf(xml: string): MessageFamily {
  const prefix = rootTag.exec(xml)?.[1];
  const family = Object.values(families).find((one) => one.prefix === prefix);
  if (family === undefined) throw new RangeError('not a message written here');
  return family;
}
