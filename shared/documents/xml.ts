/**
 * XML as a sequence of events, two ways to the same ones: a parser that knows all of XML and namespaces, and a quick one for
 * the plain form that messages nearly always have. Both are strict: not well-formed, no events beyond the fault.
 */
import { SaxesParser } from 'saxes';

export interface XmlEvents {
  root(local: string, uri: string, attribute: (name: string) => string | undefined): void;
  /** An element below the root; `end` is the index behind its start tag. */
  open(local: string, uri: string, end: number): void;
  /** Text with its entities resolved; marked when it comes from a CDATA section. */
  text(text: string, isMarked: boolean): void;
  /** The end of the innermost open element; `end` is the index behind its end tag. */
  close(end: number): void;
}

/** Why a text cannot be read any further. */
export class XmlFault extends Error {
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(rule: string, params: Readonly<Record<string, string | number>>) {
    super(rule);
    this.rule = rule;
    this.params = params;
  }
}

/** Reads any XML without a document type; that and every breach of well-formedness throws {@link XmlFault}. */
export function parseXml(xml: string, events: XmlEvents): void {
  const parser = new SaxesParser({ xmlns: true, position: true });
  let depth = 0;
  parser.on('error', (error) => {
    const detail = error.message.replace(/^\d+:\d+: /, '');
    throw new XmlFault('READ-SYNTAX', { detail, line: parser.line, column: parser.column });
  });
  parser.on('doctype', () => {
    throw new XmlFault('READ-DOCTYPE', {});
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (depth++ === 0) events.root(local, uri, (name) => attributes[name]?.value);
    else events.open(local, uri, parser.position);
  });
  parser.on('text', (text) => events.text(text, false));
  parser.on('cdata', (text) => events.text(text, true));
  parser.on('closetag', () => {
    depth--;
    events.close(parser.position);
  });
  parser.write(xml).close();
}

/** The root's start tag and what may stand before it: names and values in ASCII, values in double quotes. */
const ROOT =
  /^(?:<\?xml version="1\.0"(?: encoding="[A-Za-z][\w.-]*")?\?>)?[ \t\n]*<([\w.:-]+)((?:[ \t\n]+[\w.:-]+="[ !#-%'-;=-~]*")*)[ \t\n]*>/;
const ATTRIBUTE = /([\w.:-]+)="([^"]*)"/g;
const NAME = /^(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)$/;
// The namespaces of XML itself have rules of their own.
const RESERVED = /^xml|^http:\/\/www\.w3\.org\/(?:XML\/1998\/namespace|2000\/xmlns\/)$/;
// Entities, line ends to normalise, characters outside of XML or of two halves, attributes below the root (values that
// look like one are rare), and the one sequence that text must not hold.
const NOT_PLAIN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[&\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|=["']|\]\]>/;

interface Name {
  readonly local: string;
  readonly uri: string;
  readonly endTag: string;
}

/**
 * Reads the plain form of XML: elements and text, namespaces and attributes at the root alone. False: it is something else,
 * or not well-formed, and {@link parseXml} has to say what; the events so far are then of no use.
 */
export function parsePlain(xml: string, events: XmlEvents): boolean {
  const [start = '', rootName = '', attributes = ''] = ROOT.exec(xml) ?? [];
  if (start === '' || NOT_PLAIN.test(xml.slice(start.length))) return false;

  const stated = new Map<string, string>();
  const namespaces = new Map<string, string>();
  for (const [, attribute = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    const [, prefix, local] = NAME.exec(attribute) ?? [];
    if (local === undefined || stated.has(attribute)) return false;
    stated.set(attribute, value);
    if (prefix === undefined && local !== 'xmlns') continue;
    const bound = prefix === undefined ? '' : local;
    if ((prefix ?? 'xmlns') !== 'xmlns' || RESERVED.test(bound) || RESERVED.test(value) || !/^\S+$/.test(value))
      return false;
    namespaces.set(bound, value);
  }
  // An element without a prefix needs no namespace.
  if (!namespaces.has('')) namespaces.set('', '');

  const names = new Map<string, Name>();
  const nameOf = (qualified: string): Name | undefined => {
    const [, prefix = '', local] = NAME.exec(qualified) ?? [];
    const uri = namespaces.get(prefix);
    if (local === undefined || uri === undefined) return undefined;
    const name = { local, uri, endTag: `</${qualified}>` };
    names.set(qualified, name);
    return name;
  };

  const root = nameOf(rootName);
  if (root === undefined) return false;
  events.root(root.local, root.uri, (name) => stated.get(name));
  const open = [root];
  let at = start.length;
  for (;;) {
    const tag = xml.indexOf('<', at);
    if (tag < 0) return false;
    if (tag > at) events.text(xml.slice(at, tag), false);
    if (xml.charCodeAt(tag + 1) === 0x2f) {
      const name = open.pop();
      if (name === undefined || !xml.startsWith(name.endTag, tag)) return false;
      at = tag + name.endTag.length;
      events.close(at);
      if (open.length === 0) return !/[^ \t\n]/.test(xml.slice(at));
    } else {
      at = xml.indexOf('>', tag) + 1;
      if (at === 0) return false;
      const isEmpty = xml.charCodeAt(at - 2) === 0x2f;
      const qualified = xml.slice(tag + 1, isEmpty ? at - 2 : at - 1);
      const name = names.get(qualified) ?? nameOf(qualified);
      if (name === undefined) return false;
      events.open(name.local, name.uri, at);
      if (isEmpty) events.close(at);
      else open.push(name);
    }
  }
}
