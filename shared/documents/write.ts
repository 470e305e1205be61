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
  type UnknownElement,
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
  /** What a receipt had beyond its table: it is put back behind the fields of its group. A request has no place for it. */
  readonly unknown?: readonly UnknownElement[];
}

interface Step extends Element {
  readonly name: string;
  /** The end tag of the step before and the own start tag in one. */
  readonly joint: string;
  readonly required: boolean;
  /** Written without a value too. */
  readonly always: boolean;
}

/** The path of a group with a slash behind it; only asked for to name the culprit of an error. */
type Place = () => string;

interface Element {
  readonly open: string;
  readonly close: string;
}

/** How to write a group: its fields, and the groups in it. */
interface Plan {
  readonly steps: readonly Step[];
  readonly parts: readonly PartStep[];
}

/** A group in another: it stands before the step of that number, or behind all of them. */
interface PartStep extends Plan, Element {
  readonly part: PartSpec;
  readonly at: number;
  /** Whether there is anything to write, or to complain of, without a value. */
  readonly hasToBe: boolean;
  /** The element that holds all of them. */
  readonly outside: Element | undefined;
}

/** How to write a document; made once for each message. */
interface DocumentPlan {
  /** Around the document; empty for a bare message, whose root the node is. */
  readonly node: Element;
  /** The head has no element where its fields stand directly in the node. */
  readonly head: { readonly steps: readonly Step[]; readonly element: Element | undefined; readonly place: Place };
  readonly lines: (Plan & Element & { readonly before: string; readonly behind: string }) | undefined;
  readonly parts: readonly PartStep[];
}

const SPECIAL = /[&<>\r]/g;

function replacement(character: string): string {
  return character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : '&#xD;';
}

const atRoot: Place = () => '';

function escapeSlowly(text: string, place: Place, name: string): string {
  const bad = illegalCharacter(text);
  if (bad !== undefined) throw new WriteError('WRITE-CHARACTER', place() + name, bad);
  return text.replace(SPECIAL, replacement);
}

function escapeAttribute(text: string, name: string): string {
  return escapeSlowly(text, atRoot, `@${name}`)
    .replace(/"/g, '&quot;')
    .replace(/\t/g, '&#x9;')
    .replace(/\n/g, '&#xA;')
    .replaceAll('&gt;', '>');
}

const elementOf = (prefix: string, name: string): Element => {
  const qualified = prefix === '' ? name : `${prefix}:${name}`;
  return { open: `<${qualified}>`, close: `</${qualified}>` };
};

function stepsOf(prefix: string, fields: readonly FieldSpec[], isStrict = true, keepsEmpty = false): readonly Step[] {
  let before = '';
  return fields.map(({ name, required, occurs }) => {
    const { open, close } = elementOf(prefix, name);
    const joint = before + open;
    before = close;
    // What the specification demands beyond its own schema is for the check to say.
    const isDemanded = isStrict && required && occurs[0] === 1;
    return { name, open, close, joint, required: isDemanded, always: keepsEmpty && occurs[0] === 1 };
  });
}

function partStepsOf(
  spec: MessageSpec,
  fields: readonly FieldSpec[],
  parts: readonly PartSpec[] = [],
): readonly PartStep[] {
  const { prefix } = families[spec.family];
  const isRequest = spec.kind === 'request';
  return parts.map((part) => {
    const at = part.before === undefined ? -1 : fields.findIndex(({ name }) => name === part.before);
    return {
      part,
      ...elementOf(prefix, part.name),
      at: at < 0 ? fields.length : at,
      hasToBe: part.min > 0 || part.always === true,
      outside: part.within === undefined ? undefined : elementOf(prefix, part.within),
      steps: stepsOf(prefix, part.fields, isRequest, isRequest),
      parts: partStepsOf(spec, part.fields, part.parts),
    };
  });
}

const plans = new WeakMap<MessageSpec, DocumentPlan>();

function planOf(spec: MessageSpec): DocumentPlan {
  let plan = plans.get(spec);
  if (plan === undefined) {
    const { prefix } = families[spec.family];
    // Receipts are others' words: they are written back as they came, complete or not.
    const isStrict = spec.kind === 'request';
    // The specification of 2022 wants no empty elements; the declaration's schema wants its mandatory ones, empty or not.
    const keepsEmpty = isStrict && spec.family === 'dec';
    const { head, lines } = spec;
    const holder = lines?.within === undefined ? undefined : elementOf(prefix, lines.within);
    plan = {
      // The root of a bare message is its node, and the message puts it around.
      node: spec.bare === undefined ? elementOf(prefix, spec.node) : { open: '', close: '' },
      head: {
        steps: stepsOf(prefix, head.fields, isStrict, keepsEmpty),
        element: head.name === '' ? undefined : elementOf(prefix, head.name),
        place: () => pathOf(spec, ''),
      },
      lines: lines && {
        ...elementOf(prefix, lines.name),
        before: holder?.open ?? '',
        behind: holder?.close ?? '',
        steps: stepsOf(prefix, lines.fields, isStrict, keepsEmpty),
        parts: partStepsOf(spec, lines.fields, lines.parts),
      },
      parts: partStepsOf(spec, [], spec.parts),
    };
    plans.set(spec, plan);
  }
  return plan;
}

const NO_VALUES: Values = {};

/** Writes the fields from one up to another. */
function writeFields(steps: readonly Step[], values: Values, place: Place, from: number, to: number): string {
  let out = '';
  for (let i = from; i < to; i++) {
    const step = steps[i];
    if (step === undefined) break;
    const value = values[step.name];
    if (value === undefined || value === '') {
      if (step.required) throw new WriteError('WRITE-MISSING', place() + step.name, { field: step.name });
      if (step.always) out += step.open + step.close;
    } else {
      out += step.open + (isSuspect(value) ? escapeSlowly(value, place, step.name) : value) + step.close;
    }
  }
  return out;
}

/**
 * Writes one group of values. Drafts have theirs in the order of the table, and walking along an object is several times
 * faster than asking it for every field of the table. Where a value stands elsewhere or a wanted one has none, each is asked for.
 */
function writeValues(steps: readonly Step[], values: Values, place: Place): string {
  let out = '';
  let next = 0;
  // The step last written to, and its end tag, which is still owed.
  let last = -1;
  let owed = '';
  for (const name in values) {
    let step = steps[next++];
    while (step !== undefined && step.name !== name && !step.required && !step.always) step = steps[next++];
    const value = values[name];
    if (step?.name !== name || value === undefined || value === '')
      return writeFields(steps, values, place, 0, steps.length);
    out += last === next - 2 ? step.joint : owed + step.open;
    out += isSuspect(value) ? escapeSlowly(value, place, name) : value;
    last = next - 1;
    owed = step.close;
  }
  return out + owed + writeFields(steps, NO_VALUES, place, next, steps.length);
}

/** Writes a group with the groups in it, each in its place. */
function writeGroup({ steps, parts }: Plan, values: AnyDocument, place: Place): string {
  if (parts.length === 0) return writeValues(steps, values as Values, place);
  let out = '';
  let from = 0;
  for (const part of parts) {
    out += writeFields(steps, values as Values, place, from, part.at);
    from = part.at;
    out += writePart(part, values, place);
  }
  return out + writeFields(steps, values as Values, place, from, steps.length);
}

function writePart(step: PartStep, of: AnyDocument, place: Place): string {
  const { part, open, close, outside } = step;
  // Most groups that may stand in a line stand in none.
  if (of[part.name] === undefined && !step.hasToBe) return '';
  const rows = rowsOf(part, of);
  if (rows.length > part.max || (rows.length < part.min && part.always !== true))
    throw new WriteError('WRITE-COUNT', place() + part.name, { count: rows.length, max: part.max });
  // A group that has to be there is written with what the schema demands of it.
  const wanted = rows.length === 0 && part.always === true && outside === undefined ? [{}] : rows;
  let out = '';
  for (const [index, row] of wanted.entries()) {
    const own: Place = () => place() + (part.max === 1 ? `${part.name}/` : `${part.name}[${index + 1}]/`);
    out += open + writeGroup(step, row, own) + close;
  }
  return outside === undefined || (out === '' && part.always !== true) ? out : outside.open + out + outside.close;
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
  const { node, head, lines, parts } = planOf(spec);
  let out = node.open;
  if (head.element !== undefined) out += head.element.open;
  out += writeValues(head.steps, headOf(spec, document), head.place);
  if (head.element !== undefined) out += head.element.close;
  if (lines !== undefined && spec.lines !== undefined) {
    const { name, min = 1, max } = spec.lines;
    const rows = linesOf(spec, document);
    if (rows.length < min || rows.length > max) throw new WriteError('WRITE-COUNT', name, { count: rows.length, max });
    out += lines.before;
    for (const [index, row] of rows.entries())
      out += lines.open + writeGroup(lines, row, () => `${name}[${index + 1}]/`) + lines.close;
    out += lines.behind;
  }
  for (const part of parts) out += writePart(part, document, atRoot);
  return out + node.close;
}

interface Frame {
  readonly transfer: readonly Step[];
  readonly subscribe: readonly Step[];
  readonly extend: readonly Step[];
}
const frameOf = ({ prefix }: MessageFamily): Frame => ({
  transfer: stepsOf(prefix, baseTransfer.fields),
  subscribe: stepsOf(prefix, baseSubscribe.fields),
  extend: stepsOf(prefix, extendMessage.fields),
});
const frames: Readonly<Record<FamilyName, Frame>> = {
  ceb: frameOf(families.ceb),
  dec: frameOf(families.dec),
  fx: frameOf(families.fx),
  plat: frameOf(families.plat),
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
    out += `<${prefix}:BaseTransfer>${writeValues(steps.transfer, frame.transfer, () => 'BaseTransfer/')}</${prefix}:BaseTransfer>`;
    const subscriptions = frame.subscriptions ?? [];
    if (subscriptions.length > baseSubscribe.occurs[1])
      throw new WriteError('WRITE-COUNT', 'BaseSubscribe', {
        count: subscriptions.length,
        max: baseSubscribe.occurs[1],
      });
    for (const [index, subscription] of subscriptions.entries()) {
      out += `<${prefix}:BaseSubscribe>${writeValues(steps.subscribe, subscription, () => `BaseSubscribe[${index + 1}]/`)}</${prefix}:BaseSubscribe>`;
    }
    const signature = frame.signature ?? '';
    // The specification of imports has the extension before the signature, that of exports behind it.
    if (spec.direction === 'export') out += signature;
    if (frame.extend !== undefined) {
      const { name, version, message } = frame.extend;
      out += `<${prefix}:ExtendMessage>${writeValues(steps.extend, { name, version }, () => 'ExtendMessage/')}<${prefix}:Message>${message}</${prefix}:Message></${prefix}:ExtendMessage>`;
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
  const xml = messageStart(spec, frame.guid, frame.version) + nodes.join('') + messageEnd(spec, frame);
  if (spec.kind === 'request') return xml;
  return (frame.unknown ?? []).reduce((text, element) => putBack(text, families[spec.family].prefix, element), xml);
}

/** Puts an element of no table at the end of the group it was read in, or of the nearest around it that is written. */
function putBack(xml: string, prefix: string, { within, xml: element }: UnknownElement): string {
  let from = 0;
  let end = xml.lastIndexOf('</');
  for (const [, name = '', number = '1'] of within.matchAll(/([^/[\]]+)(?:\[(\d+)\])?\//g)) {
    const { open, close } = elementOf(prefix, name);
    let at = xml.indexOf(open, from);
    for (let passed = 1; passed < Number(number) && at >= 0; passed++) at = xml.indexOf(open, at + 1);
    if (at < 0 || at > end) break;
    from = at;
    end = xml.indexOf(close, at);
  }
  return xml.slice(0, end) + element + xml.slice(end);
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
