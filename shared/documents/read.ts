/**
 * The XML reader: strict about XML (well-formed, no DOCTYPE and so no entities, namespaces resolved), lenient about content.
 * What the official samples get wrong (BaseTransfer twice, lower-case guid, unexpected elements) is reported as a finding and
 * read all the same; only text that is no message of the catalogue gives no documents. Never throws for what is in the text.
 */
import { specOf } from './catalogue.ts';
import type { Finding, FindingLevel } from './finding.ts';
import {
  baseSubscribe,
  baseTransfer,
  DSIG_NAMESPACE,
  type Extension,
  families,
  type Subscription,
  type Transfer,
  type UnknownElement,
} from './frame.ts';
import type { AnyDocument, DocumentOf, FieldSpec, MessageName, MessageSpec, PartSpec } from './spec.ts';
import { parsePlain, parseXml, type XmlEvents, XmlFault } from './xml.ts';

export interface ReadResult {
  /** False when the text is no message we can use: `documents` is then empty and `problems` says why (level reject). */
  readonly ok: boolean;
  readonly message: MessageName | undefined;
  readonly guid: string;
  readonly version: string;
  readonly documents: readonly AnyDocument[];
  readonly transfer?: Transfer;
  readonly subscriptions: readonly Subscription[];
  readonly extend?: Extension;
  /** Whether a ds:Signature stands in it; nothing is verified here. */
  readonly signed: boolean;
  /** The ds:Signature as it stands in the text, with the namespaces it takes from the root. */
  readonly signature?: string;
  /** Elements that the table does not have, as they stand in the text. */
  readonly unknown: readonly UnknownElement[];
  readonly problems: readonly Finding[];
}

type Sink = Record<string, string>;

interface Shape {
  /** Position of each field, for the order check. */
  readonly index: ReadonlyMap<string, number>;
}

const shapes = new WeakMap<readonly FieldSpec[], Shape>();

function shapeOf(fields: readonly FieldSpec[]): Shape {
  let shape = shapes.get(fields);
  if (shape === undefined) {
    shape = { index: new Map(fields.map((field, index) => [field.name, index])) };
    shapes.set(fields, shape);
  }
  return shape;
}

const GUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;
// A hostile or broken file must not fill memory with findings.
const MAX_PROBLEMS = 200;

/** A group being read: its fields, where values go, and the field now open. */
interface Group {
  readonly shape: Shape;
  readonly sink: Sink;
  readonly path: string;
  last: number;
}

/** What may stand in an open element of a document with groups: fields, groups, and the elements that hold lists of groups. */
interface Level {
  readonly index: ReadonlyMap<string, number>;
  readonly parts: readonly PartSpec[];
  readonly sink: Record<string, unknown>;
  readonly path: string;
  last: number;
}

/** The groups of a document: head, lines and what stands beside them. */
function groupsOf(spec: MessageSpec): readonly PartSpec[] {
  const { head, lines } = spec;
  return [
    ...(head.name === '' ? [] : [{ ...head, min: 1, max: 1 } as const]),
    ...(lines === undefined ? [] : [{ ...lines, min: lines.min ?? 1 } as const]),
    ...(spec.parts ?? []),
  ];
}

/** Keeps an element that is passed over: the group it stands in, and its place in the text. */
type Keep = (within: string, from: number, to: number) => void;

type AddProblem = (
  rule: string,
  level: FindingLevel,
  path: string,
  params: Readonly<Record<string, string | number>>,
) => void;

/**
 * Reads the elements of a document with groups, one after the other: below the root of a bare message, or in a business node that has
 * groups beside head and lines. Lists are there when they have rows, a group that stands once when it has values.
 */
class GroupReader {
  readonly document: Record<string, unknown> = {};
  readonly #spec: MessageSpec;
  readonly #add: AddProblem;
  readonly #keep: Keep;
  readonly #at: string;
  readonly #open: Level[];
  #field: string | undefined;
  #text = '';
  /** Elements open inside one that is passed over. */
  #skipped = 0;
  /** Of that one: the group it stands in, and where it begins. */
  #passed = { within: '', end: 0 };

  /** @param at path of the node with a slash behind it; empty for a root */
  constructor(spec: MessageSpec, add: AddProblem, keep: Keep, at = '') {
    this.#spec = spec;
    this.#add = add;
    this.#keep = keep;
    this.#at = at;
    const fields = spec.head.name === '' ? spec.head.fields : [];
    this.#open = [this.#level(fields, groupsOf(spec), this.document, at)];
  }

  #level(fields: readonly FieldSpec[], parts: readonly PartSpec[], sink: Level['sink'], path: string): Level {
    return { index: shapeOf(fields).index, parts, sink, path, last: -1 };
  }

  /** @param end the index behind the start tag */
  openTag(name: string, end: number): void {
    const level = this.#open.at(-1);
    if (this.#skipped > 0 || level === undefined) {
      this.#skipped++;
      return;
    }
    if (this.#field !== undefined) {
      this.#unknown(level.path + this.#field, name, `${level.path}${this.#field}/`, end);
      return;
    }
    const index = level.index.get(name);
    if (index !== undefined) {
      if (Object.hasOwn(level.sink, name)) this.#add('READ-DUPLICATE', 'doubt', level.path + name, { element: name });
      else if (index < level.last) this.#add('READ-ORDER', 'note', level.path + name, { element: name });
      level.last = Math.max(level.last, index);
      this.#field = name;
      this.#text = '';
      return;
    }
    const held = level.parts.find(({ within }) => within === name);
    if (held !== undefined) {
      // Inside the holder there is nothing but the group itself, whose rows belong to the element around it.
      const { within: _, ...plain } = held;
      this.#open.push(this.#level([], [plain], level.sink, level.path));
      return;
    }
    const part = level.parts.find((one) => one.name === name && one.within === undefined);
    if (part === undefined) {
      this.#unknown(level.path + name, name, level.path, end);
      return;
    }
    this.#open.push(this.#row(part, level));
  }

  #unknown(path: string, element: string, within: string, end: number): void {
    this.#add('READ-UNKNOWN', 'doubt', path, { element });
    this.#skipped = 1;
    this.#passed = { within, end };
  }

  #row(part: PartSpec, level: Level): Level {
    const sink: Record<string, unknown> = {};
    const before = level.sink[part.name];
    if (part.max === 1) {
      if (before === undefined) level.sink[part.name] = sink;
      else this.#add('READ-DUPLICATE', 'doubt', level.path + part.name, { element: part.name });
      return this.#level(part.fields, part.parts ?? [], sink, `${level.path}${part.name}/`);
    }
    const rows = (before ?? []) as unknown[];
    rows.push(sink);
    level.sink[part.name] = rows;
    return this.#level(part.fields, part.parts ?? [], sink, `${level.path}${part.name}[${rows.length}]/`);
  }

  text(chunk: string, isMarked: boolean): void {
    if (this.#skipped > 0) return;
    if (this.#field !== undefined) this.#text += chunk;
    else if (!isMarked && /\S/.test(chunk))
      this.#add('READ-TEXT', 'doubt', this.#open.at(-1)?.path ?? '', { text: chunk.trim().slice(0, 40) });
  }

  /** @param end the index behind the end tag */
  closeTag(end: number): void {
    if (this.#skipped > 0) {
      this.#skipped--;
      if (this.#skipped === 0) this.#keep(this.#passed.within, this.#passed.end, end);
      return;
    }
    const level = this.#open.at(-1);
    if (this.#field === undefined) {
      this.#open.pop();
      return;
    }
    if (level !== undefined && this.#text !== '' && !Object.hasOwn(level.sink, this.#field))
      level.sink[this.#field] = this.#text;
    this.#field = undefined;
  }

  /** The document when its element is closed; what it counts too few or too many of is found. */
  finish(): Record<string, unknown> {
    const parts = groupsOf(this.#spec);
    this.#settle(parts, this.document, this.#at);
    const { head, lines } = this.#spec;
    if (head.name !== '') this.document[head.name] ??= {};
    if (lines !== undefined) this.document[lines.name] ??= [];
    return this.document;
  }

  #settle(parts: readonly PartSpec[], of: Record<string, unknown>, at: string): void {
    for (const part of parts) {
      const value = of[part.name];
      const rows = (value === undefined ? [] : Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
      for (const [index, row] of rows.entries())
        this.#settle(part.parts ?? [], row, part.max === 1 ? `${at}${part.name}/` : `${at}${part.name}[${index + 1}]/`);
      if (rows.length < part.min || rows.length > part.max)
        this.#add('READ-COUNT', 'doubt', at + part.name, { element: part.name, count: rows.length, max: part.max });
      if (part.max === 1 && rows[0] !== undefined && Object.keys(rows[0]).length === 0) delete of[part.name];
    }
  }
}

/**
 * Reads one message, ours or a receipt. Absent and empty elements are both left out of the documents; text is kept as it stands
 * (entities resolved, nothing trimmed).
 * @param xml the decoded text; a byte order mark is ignored
 */
export function readMessage(xml: string): ReadResult {
  const text = xml.startsWith('\uFEFF') ? xml.slice(1) : xml;
  let reading = startReading(text);
  try {
    if (!parsePlain(text, reading)) {
      reading = startReading(text);
      parseXml(text, reading);
    }
  } catch (fault) {
    if (!(fault instanceof XmlFault)) throw fault;
    return reading.finish(fault);
  }
  return reading.finish();
}

/** What hears a message read, and then tells what was in it; with the fault that ended the reading early. */
function startReading(xml: string): XmlEvents & { finish(fault?: XmlFault): ReadResult } {
  const problems: Finding[] = [];
  let spec: MessageSpec | undefined;
  const add = (
    rule: string,
    level: FindingLevel,
    path: string,
    params: Readonly<Record<string, string | number>>,
  ): void => {
    const { source } = families[spec?.family ?? 'ceb'];
    if (problems.length < MAX_PROBLEMS) problems.push({ rule, level, path, params, source });
  };

  let guid = '';
  let version = '';
  const documents: AnyDocument[] = [];
  let transfer: Sink | undefined;
  const subscriptions: Sink[] = [];
  let extend: Sink | undefined;
  let extendXml = '';
  let signed = false;
  let signature: string | undefined;
  const unknown: UnknownElement[] = [];
  let rootAttribute: (name: string) => string | undefined = () => undefined;

  // The path of open elements below the root, by what they are.
  let depth = 0;
  let skip = 0;
  // What takes the element that is passed over, from behind its start tag to behind its end tag.
  let taking: ((to: number) => void) | undefined;
  let group: Group | undefined;
  let field: string | undefined;
  let text = '';
  let nodeHead: Sink | undefined;
  let nodeLines: Sink[] = [];
  let nodeNo = 0;
  let inNode = false;
  let inExtend = false;
  let transfers = 0;
  let rank = 0;
  let bare: GroupReader | undefined;
  let node: GroupReader | undefined;

  /** A piece of the text that can stand elsewhere: with the namespaces that only the root binds. */
  function piece(from: number, to: number): string {
    const raw = xml.slice(from, to);
    const prefixes = new Set([...raw.matchAll(/<(?:([\w.-]+):)?[\w.-]+/g)].map(([, prefix = '']) => prefix));
    const { prefix: own, namespace } = families[spec?.family ?? 'ceb'];
    const missing = [...prefixes].flatMap((prefix) => {
      const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
      const uri = rootAttribute(name);
      const isKnown = uri === undefined || raw.includes(`${name}=`) || (prefix === own && uri === namespace);
      return isKnown ? [] : [` ${name}="${uri}"`];
    });
    return missing.length === 0 ? raw : raw.replace(/<[\w.:-]+/, (tag) => tag + missing.join(''));
  }

  const startOf = (end: number): number => xml.lastIndexOf('<', end - 1);
  const keep: Keep = (within, end, to) => {
    if (unknown.length < MAX_PROBLEMS) unknown.push({ within, xml: piece(startOf(end), to) });
  };

  /** Passes over the element whose start tag ends here, and all in it. */
  function passOver(end: number, take?: (from: number, to: number) => void): void {
    skip = depth;
    taking = take === undefined ? undefined : (to) => take(end, to);
  }

  function enterGroup(fields: readonly FieldSpec[], path: string): Sink {
    const sink: Sink = {};
    group = { shape: shapeOf(fields), sink, path, last: -1 };
    return sink;
  }

  function root(local: string, uri: string, attribute: (name: string) => string | undefined): void {
    depth = 1;
    rootAttribute = attribute;
    // The specification's own sample of CEB214 leaves out the last word of its name.
    const known = specOf(local) ?? specOf(`${local}Message`);
    if (known === undefined) throw new XmlFault('READ-ROOT', { element: local });
    spec = known;
    if (local !== known.message) add('READ-ROOT-NAME', 'doubt', '', { element: local, message: known.message });
    if (uri !== (known.bare?.namespace ?? families[known.family].namespace))
      add('READ-NAMESPACE', 'doubt', '', { namespace: uri });
    if (known.bare !== undefined) {
      version = attribute('Version') ?? '';
      bare = new GroupReader(known, add, keep);
      return;
    }
    guid = attribute('guid') ?? '';
    version = attribute('version') ?? '';
    if (!GUID.test(guid)) add('READ-GUID', 'note', '@guid', { guid });
  }

  function ranked(next: number, name: string): void {
    if (next < rank) add('READ-ORDER', 'note', name, { element: name });
    rank = Math.max(rank, next);
  }

  function topLevel(local: string, uri: string, end: number, known: MessageSpec): void {
    if (local === 'Signature' && uri === DSIG_NAMESPACE) {
      if (signed) add('READ-DUPLICATE', 'doubt', 'Signature', { element: 'Signature' });
      signed = true;
      passOver(end, (from, to) => {
        signature ??= piece(startOf(from), to);
      });
      return;
    }
    switch (local) {
      case known.node: {
        ranked(0, local);
        inNode = true;
        nodeNo++;
        if (known.parts !== undefined) {
          node = new GroupReader(known, add, keep, `${known.node}[${nodeNo}]/`);
          return;
        }
        nodeLines = [];
        nodeHead = known.head.name === '' ? enterGroup(known.head.fields, `${known.node}[${nodeNo}]/`) : undefined;
        return;
      }
      case baseTransfer.name: {
        if (known.kind === 'receipt') break;
        ranked(1, local);
        transfers++;
        const sink = enterGroup(baseTransfer.fields, 'BaseTransfer/');
        if (transfers === 1) transfer = sink;
        else add('READ-DUPLICATE', 'doubt', 'BaseTransfer', { element: 'BaseTransfer' });
        return;
      }
      case baseSubscribe.name: {
        if (known.kind === 'receipt') break;
        ranked(2, local);
        subscriptions.push(enterGroup(baseSubscribe.fields, `BaseSubscribe[${subscriptions.length + 1}]/`));
        return;
      }
      case 'ExtendMessage': {
        inExtend = true;
        extend = {};
        return;
      }
      default:
    }
    add('READ-UNKNOWN', 'doubt', local, { element: local });
    passOver(end, (from, to) => keep('', from, to));
  }

  function second(local: string, end: number, known: MessageSpec): void {
    if (inExtend) {
      if (local === 'name' || local === 'version') {
        field = local;
        text = '';
        return;
      }
      passOver(end, (from, to) => {
        // Of an element that closes itself nothing is left.
        if (local === 'Message') extendXml = piece(from, xml.lastIndexOf('</', to - 1));
        else keep('ExtendMessage/', from, to);
      });
      return;
    }
    if (inNode && known.head.name !== '') {
      if (local === known.head.name) {
        if (nodeHead !== undefined)
          add('READ-DUPLICATE', 'doubt', `${known.node}[${nodeNo}]/${local}`, { element: local });
        const sink = enterGroup(known.head.fields, `${known.node}[${nodeNo}]/${local}/`);
        nodeHead ??= sink;
      } else if (known.lines !== undefined && local === known.lines.name) {
        nodeLines.push(enterGroup(known.lines.fields, `${known.node}[${nodeNo}]/${local}[${nodeLines.length + 1}]/`));
      } else {
        const within = `${known.node}[${nodeNo}]/`;
        add('READ-UNKNOWN', 'doubt', within + local, { element: local });
        passOver(end, (from, to) => keep(within, from, to));
      }
      return;
    }
    openField(local, end);
  }

  function openField(local: string, end: number): void {
    const into = group;
    const index = into?.shape.index.get(local);
    if (into === undefined || index === undefined) {
      const within = into?.path ?? '';
      add('READ-UNKNOWN', 'doubt', within + local, { element: local });
      passOver(end, (from, to) => keep(within, from, to));
      return;
    }
    if (Object.hasOwn(into.sink, local)) add('READ-DUPLICATE', 'doubt', into.path + local, { element: local });
    else if (index < into.last) add('READ-ORDER', 'note', into.path + local, { element: local });
    into.last = Math.max(into.last, index);
    field = local;
    text = '';
  }

  function open(local: string, uri: string, end: number): void {
    depth++;
    if (bare !== undefined) {
      bare.openTag(local, end);
      return;
    }
    if (node !== undefined) {
      node.openTag(local, end);
      return;
    }
    if (skip > 0) return;
    if (spec === undefined) passOver(end);
    else if (field !== undefined) {
      // An element inside a value: the value is not plain text.
      const at = (group?.path ?? '') + field;
      add('READ-UNKNOWN', 'doubt', at, { element: local });
      passOver(end, (from, to) => keep(`${at}/`, from, to));
    } else if (depth === 2) topLevel(local, uri, end, spec);
    else if (depth === 3) second(local, end, spec);
    else openField(local, end);
  }

  function hear(chunk: string, isMarked: boolean): void {
    if (bare !== undefined) {
      bare.text(chunk, isMarked);
      return;
    }
    if (node !== undefined) {
      node.text(chunk, isMarked);
      return;
    }
    if (skip > 0) return;
    if (field !== undefined) text += chunk;
    else if (!isMarked && /\S/.test(chunk))
      add('READ-TEXT', 'doubt', group?.path ?? '', { text: chunk.trim().slice(0, 40) });
  }

  function close(end: number): void {
    const at = depth--;
    if (bare !== undefined) {
      if (at > 1) bare.closeTag(end);
      else documents.push(bare.finish());
      return;
    }
    if (node !== undefined) {
      if (at > 2) node.closeTag(end);
      else {
        documents.push(node.finish());
        node = undefined;
        inNode = false;
      }
      return;
    }
    if (skip > 0) {
      if (at === skip) {
        skip = 0;
        taking?.(end);
      }
      return;
    }
    if (field !== undefined) {
      if (inExtend && extend !== undefined) extend[field] ??= text;
      else if (group !== undefined && text !== '' && !Object.hasOwn(group.sink, field)) group.sink[field] = text;
      field = undefined;
      return;
    }
    if (at === 2) {
      if (inNode && spec !== undefined) finishNode(spec);
      group = undefined;
      inNode = false;
      inExtend = false;
    } else if (at === 3) group = undefined;
  }

  function finishNode(known: MessageSpec): void {
    if (known.head.name === '') documents.push(nodeHead ?? {});
    else
      documents.push({
        [known.head.name]: nodeHead ?? {},
        ...(known.lines === undefined ? {} : { [known.lines.name]: nodeLines }),
      });
    if (
      known.lines !== undefined &&
      (nodeLines.length < (known.lines.min ?? 1) || nodeLines.length > known.lines.max)
    ) {
      add('READ-COUNT', 'doubt', `${known.node}[${nodeNo}]/${known.lines.name}`, {
        element: known.lines.name,
        count: nodeLines.length,
        max: known.lines.max,
      });
    }
  }

  function finish(fault?: XmlFault): ReadResult {
    const ok = fault === undefined && spec !== undefined;
    if (fault !== undefined) add(fault.rule, 'reject', '', fault.params);
    else if (spec !== undefined) {
      if (documents.length < 1 || documents.length > spec.maxNodes)
        add('READ-COUNT', 'doubt', '', { element: spec.node, count: documents.length, max: spec.maxNodes });
      if (bare === undefined && spec.kind === 'request' && transfer === undefined)
        add('READ-TRANSFER', 'doubt', 'BaseTransfer', {});
    }
    return {
      ok,
      message: spec?.message,
      guid,
      version,
      documents: ok ? documents : [],
      ...(transfer === undefined ? {} : { transfer: transfer as unknown as Transfer }),
      subscriptions: subscriptions as unknown as Subscription[],
      ...(extend === undefined
        ? {}
        : { extend: { name: extend['name'] ?? '', version: extend['version'] ?? '', message: extendXml } }),
      signed,
      ...(signature === undefined ? {} : { signature }),
      unknown,
      problems,
    };
  }

  return { root, open, text: hear, close, finish };
}

/**
 * Reads a message that must be of one kind, with its documents typed. Undefined documents: it is another message or none at
 * all, see `problems`. Typed does not mean complete: run the checks before trusting a required field.
 */
export function readAs<const M extends MessageSpec>(
  spec: M,
  xml: string,
): Omit<ReadResult, 'documents'> & { readonly documents: readonly DocumentOf<M>[] | undefined } {
  const result = readMessage(xml);
  return {
    ...result,
    documents:
      result.ok && result.message === spec.message ? (result.documents as readonly DocumentOf<M>[]) : undefined,
  };
}

/** One coded remark of a receipt's free text. */
export interface ReturnInfoCode {
  readonly code: string;
  readonly text: string;
}

/** Takes the `[Code:1800;Desc:…]` parts out of a receipt's text; several may follow each other, none is common too. */
export function parseReturnInfo(info: string): readonly ReturnInfoCode[] {
  return [...info.matchAll(/\[Code:\s*(-?\d+)\s*[;；]?\s*(?:Desc:)?([^\]]*)\]/g)].map((match) => ({
    code: match[1] ?? '',
    text: (match[2] ?? '').trim(),
  }));
}
