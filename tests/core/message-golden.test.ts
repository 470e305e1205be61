/**
 * A golden pair for every message of the catalogue: its JSON form and its XML, with every field of the table filled once, and what
 * frames a request: transfer, subscriptions, extension, signature. And the samples that lie beside the project on some machines: read and
 * written back, nothing is lost. The pairs were made once and are changed by hand; the schemas of docs/schemas, by libxml2, take them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ParseOption, XmlDocument, XmlElement, XmlText, type XmlTreeNode, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { findResources } from '../../electron/core/resources.ts';
import {
  type AnyDocument,
  assembleMessage,
  catalogue,
  type MessageFrame,
  type MessageName,
  type MessageSpec,
  messageNames,
  readMessage,
  schemaEntriesOf,
  writeAny,
} from '../../shared/documents/index.ts';
import { jsonSchemaOf, xmlSchemaOf } from '../../shared/documents/schema-files.ts';

type Form = MessageFrame & { readonly documents: readonly AnyDocument[] };

const golden = path.resolve(findResources(), '../tests/fixtures/golden');
const goldenXml = (name: MessageName): string => readFileSync(path.join(golden, `${name}.xml`), 'utf8').trimEnd();
const goldenForm = (name: MessageName): Form =>
  JSON.parse(readFileSync(path.join(golden, `${name}.json`), 'utf8')) as Form;

/** A message of its form, as `messages write` makes it. */
const xmlOf = (spec: MessageSpec, form: Form): string =>
  assembleMessage(
    spec,
    form,
    form.documents.map((document) => writeAny(spec, document)),
  );

/** What `messages read` says of a message, as it comes out of a file of JSON. */
function formOf(xml: string): Form {
  const { ok, message: _, signed, problems, unknown, ...form } = readMessage(xml);
  expect(ok).toBe(true);
  expect(signed).toBe(form.signature !== undefined);
  return JSON.parse(JSON.stringify(unknown.length === 0 ? form : { ...form, unknown })) as Form;
}

it('has a pair for every message and no other', () => {
  expect(readdirSync(golden).sort()).toEqual(messageNames.flatMap((name) => [`${name}.json`, `${name}.xml`]).sort());
});

describe.each(messageNames)('%s', (name) => {
  const spec: MessageSpec = catalogue[name];

  it('is written from its form byte for byte', () => {
    expect(xmlOf(spec, goldenForm(name))).toBe(goldenXml(name));
  });

  it('is read into its form, and nothing is odd', () => {
    const xml = goldenXml(name);
    expect(formOf(xml)).toEqual(goldenForm(name));
    expect(readMessage(xml).problems).toEqual([]);
  });

  it('has every field of its table in the pair', () => {
    const elements = new Set([...goldenXml(name).matchAll(/<(?:\w+:)?(\w+)[ >]/g)].map(([, element]) => element));
    const missing = schemaEntriesOf(spec)
      .map((entry) => (entry.path.split('/').at(-1) ?? '').replace('ds:', ''))
      .filter((element) => !element.startsWith('@') && !elements.has(element));
    expect(missing).toEqual([]);
  });

  it('is taken by its schemas, of XML and of JSON', () => {
    using schema = XmlDocument.fromString(xmlSchemaOf(spec));
    using validator = XsdValidator.fromDoc(schema);
    using document = XmlDocument.fromString(goldenXml(name), { option: ParseOption.XML_PARSE_NONET });
    expect(() => validator.validate(document)).not.toThrow();
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(jsonSchemaOf(spec));
    validate(goldenForm(name));
    expect(validate.errors).toBeNull();
  });
});

/** An element as libxml2 has it; a leaf holds its text. */
interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Tree[];
}

function treeOf(element: XmlElement): Tree {
  const children: Tree[] = [];
  let text = '';
  for (let node: XmlTreeNode | null = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) children.push(treeOf(node));
    else if (node instanceof XmlText) text += node.content;
  }
  return {
    name: `{${element.namespaceUri}}${element.name}`,
    attributes: Object.fromEntries(element.attrs.map((one) => [one.name, one.content])),
    // Between elements there are only blanks.
    text: children.length === 0 ? text : text.trim(),
    children,
  };
}

/** What the specification knows no difference of: elements without anything in them, and the same BaseTransfer twice. */
function essence(tree: Tree): Tree {
  const isEmpty = (one: Tree): boolean =>
    one.text === '' && one.children.length === 0 && Object.keys(one.attributes).length === 0;
  const seen = new Set<string>();
  const children = tree.children
    .filter((one) => !isEmpty(one))
    .map((one) => (one.name.endsWith('}Signature') ? one : essence(one)))
    .filter((one) => {
      if (!one.name.endsWith('}BaseTransfer')) return true;
      const said = JSON.stringify(one);
      return seen.size === 0 || !seen.has(said) ? seen.add(said) : false;
    });
  return { ...tree, children };
}

function parsed(xml: string): Tree {
  using document = XmlDocument.fromString(xml.replace(/^\uFEFF/, ''), { option: ParseOption.XML_PARSE_NONET });
  return essence(treeOf(document.root));
}

/** Elements of no table are put back behind the others of their group. */
function withLast(tree: Tree, names: ReadonlySet<string>): Tree {
  const isLast = (one: Tree): boolean => names.has(one.name.replace(/^.*\}/, ''));
  const children = tree.children.map((one) => withLast(one, names));
  return { ...tree, children: [...children.filter((one) => !isLast(one)), ...children.filter(isLast)] };
}

const samples = path.resolve(findResources(), '../../shared/domain/samples');
const filesOf = (folder: string): string[] =>
  existsSync(samples) ? readdirSync(path.join(samples, folder)).map((file) => `${folder}/${file}`) : [];

describe.skipIf(!existsSync(samples))(
  'samples of the specification, read and written back (skipped: no ../shared/domain beside the project)',
  () => {
    it.each([...filesOf('ceb-2022'), ...filesOf('valid')])('%s loses nothing', (file) => {
      const xml = readFileSync(path.join(samples, file), 'utf8');
      const { message, unknown } = readMessage(xml);
      if (message === undefined) throw new Error(`no message: ${file}`);
      const again = parsed(xmlOf(catalogue[message], formOf(xml)));
      const beyond = new Set(unknown.map((one) => /^<(?:[\w.-]+:)?([\w.-]+)/.exec(one.xml)?.[1] ?? ''));
      // One sample leaves the last word of its root's name out.
      expect(again).toEqual({ ...withLast(parsed(xml), beyond), name: again.name });
      if (!file.includes('CEB214')) expect(again.name).toBe(parsed(xml).name);
    });
  },
);
