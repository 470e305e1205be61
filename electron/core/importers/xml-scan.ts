import { PortbookError } from '../../../shared/errors.ts';

/** What a scan reports. Names come without a namespace prefix; text comes with entities resolved, possibly in pieces. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): void;
  close(name: string): void;
  text(text: string): void;
}

/** The attributes of the tag at hand. The object is used again for the next tag: take what is needed at once. */
export interface XmlAttributes {
  /** The value of a name, with whatever prefix it was written. */
  get(name: string): string | undefined;
}

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;
const equals = 0x3d;
const doubleQuote = 0x22;
const singleQuote = 0x27;
const colon = 0x3a;

/** The deepest nesting of a spreadsheet part is below ten. */
const deepest = 100;

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

class TagAttributes implements XmlAttributes {
  readonly #names: string[] = [];
  readonly #values: string[] = [];
  #count = 0;

  reset(): void {
    this.#count = 0;
  }

  add(name: string, value: string): void {
    this.#names[this.#count] = name;
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  get(name: string): string | undefined {
    for (let at = 0; at < this.#count; at++) {
      const given = this.#names[at] ?? '';
      if (given === name) return this.#values[at];
      if (given.length > name.length && given.endsWith(`:${name}`) && !given.startsWith('xmlns:'))
        return this.#values[at];
    }
    return undefined;
  }
}

/** A name without its namespace prefix. */
function localName(name: string): string {
  for (let at = 1; at < name.length; at++) if (name.charCodeAt(at) === colon) return name.slice(at + 1);
  return name;
}

/**
 * Scans XML that arrives in pieces. It knows what the parts of a spreadsheet consist of (tags, text, CDATA, comments,
 * instructions, the predefined entities) and refuses everything else, document types above all: `FILE_DAMAGED`. Half the
 * time of a general parser, of which a sheet with millions of cells is the only reason to exist.
 */
export class XmlScanner {
  readonly #part: string;
  readonly #handler: XmlHandler;
  readonly #attributes = new TagAttributes();
  readonly #open: string[] = [];
  #rest = '';
  #hasRoot = false;

  /** @param part the name of the part, for the refusal */
  constructor(part: string, handler: XmlHandler) {
    this.#part = part;
    this.#handler = handler;
  }

  write(piece: string): void {
    const text = this.#rest === '' ? piece : this.#rest + piece;
    let at = 0;
    for (;;) {
      const tag = text.indexOf('<', at);
      if (tag < 0) break;
      if (tag > at) this.#text(text, at, tag);
      const after = this.#markup(text, tag);
      if (after < 0) {
        at = tag;
        break;
      }
      at = after;
    }
    this.#rest = at === 0 ? text : text.slice(at);
  }

  /** The part is over. */
  close(): void {
    if (this.#open.length > 0 || !this.#hasRoot || this.#rest.trim() !== '') throw this.#damaged('cut off');
  }

  #damaged(detail: string): PortbookError {
    return new PortbookError('FILE_DAMAGED', { detail: `${this.#part}: ${detail}`.slice(0, 160) });
  }

  #text(text: string, from: number, to: number): void {
    const piece = text.slice(from, to);
    if (this.#open.length === 0) {
      if (piece.replace('\ufeff', '').trim() !== '') throw this.#damaged('text outside');
      return;
    }
    this.#handler.text(piece.includes('&') ? this.#resolved(piece) : piece);
  }

  /** Reads what begins with `<`. @returns where it ends, or -1 when the piece ends within it */
  #markup(text: string, start: number): number {
    if (start + 1 >= text.length) return -1;
    const code = text.charCodeAt(start + 1);
    if (code === slash) return this.#closingTag(text, start);
    if (code === exclamation) return this.#declaration(text, start);
    if (code === question) return endOf(text, '?>', start);
    return this.#openingTag(text, start);
  }

  #declaration(text: string, start: number): number {
    if (text.startsWith('<!--', start)) return endOf(text, '-->', start + 4);
    if (text.startsWith('<![CDATA[', start)) {
      const end = text.indexOf(']]>', start);
      if (end < 0) return -1;
      if (this.#open.length === 0) throw this.#damaged('text outside');
      this.#handler.text(text.slice(start + 9, end));
      return end + 3;
    }
    // The piece may end within the mark itself.
    const head = text.slice(start, start + 9);
    if ('<!--'.startsWith(head) || '<![CDATA['.startsWith(head)) return -1;
    throw this.#damaged('declaration');
  }

  #closingTag(text: string, start: number): number {
    const end = text.indexOf('>', start);
    if (end < 0) return -1;
    let to = end;
    while (isBlank(text.charCodeAt(to - 1))) to -= 1;
    const name = text.slice(start + 2, to);
    if (this.#open.pop() !== name) throw this.#damaged(`</${name}>`);
    this.#handler.close(localName(name));
    return end + 1;
  }

  #openingTag(text: string, start: number): number {
    const end = endOfTag(text, start + 1);
    if (end < 0) return -1;
    if (text.charCodeAt(end) === lessThan) throw this.#damaged('< in a tag');
    const isEmpty = text.charCodeAt(end - 1) === slash;
    const last = isEmpty ? end - 1 : end;
    let at = start + 1;
    while (at < last && !isBlank(text.charCodeAt(at))) at += 1;
    const name = text.slice(start + 1, at);
    if (name === '' || (this.#open.length === 0 && this.#hasRoot) || this.#open.length >= deepest)
      throw this.#damaged(`<${name}>`);
    this.#hasRoot = true;
    this.#readAttributes(text, at, last);
    const local = localName(name);
    this.#handler.open(local, this.#attributes);
    if (isEmpty) this.#handler.close(local);
    else this.#open.push(name);
    return end + 1;
  }

  #readAttributes(text: string, from: number, to: number): void {
    const attributes = this.#attributes;
    attributes.reset();
    let at = from;
    for (;;) {
      while (at < to && isBlank(text.charCodeAt(at))) at += 1;
      if (at >= to) return;
      const nameStart = at;
      while (at < to && text.charCodeAt(at) !== equals && !isBlank(text.charCodeAt(at))) at += 1;
      const name = text.slice(nameStart, at);
      while (at < to && isBlank(text.charCodeAt(at))) at += 1;
      if (text.charCodeAt(at) !== equals) throw this.#damaged(`attribute ${name}`);
      at += 1;
      while (at < to && isBlank(text.charCodeAt(at))) at += 1;
      const quote = text.charCodeAt(at);
      if (quote !== doubleQuote && quote !== singleQuote) throw this.#damaged(`attribute ${name}`);
      const end = text.indexOf(quote === doubleQuote ? '"' : "'", at + 1);
      if (end < 0 || end >= to) throw this.#damaged(`attribute ${name}`);
      const value = text.slice(at + 1, end);
      attributes.add(name, value.includes('&') ? this.#resolved(value) : value);
      at = end + 1;
    }
  }

  #resolved(text: string): string {
    return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
      const known = Object.hasOwn(entities, name) ? entities[name] : undefined;
      if (known !== undefined && whole.endsWith(';')) return known;
      const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
      const code =
        number === null ? Number.NaN : number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
      if (!whole.endsWith(';') || !(code > 0 && code <= 0x10ffff)) throw this.#damaged(`entity ${whole}`);
      return String.fromCodePoint(code);
    });
  }
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? -1 : end + mark.length;
}

/** Where the tag's `>` is: not one inside a quoted value. */
function endOfTag(text: string, from: number): number {
  let quote = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === greaterThan) return at;
    else if (code === doubleQuote || code === singleQuote) quote = code;
    else if (code === lessThan) return at;
  }
  return -1;
}
