/** The tables as schema files for those who connect to them: XML Schema of the message, JSON Schema of its JSON form. */
import { z } from 'zod';
import {
  baseSubscribe,
  baseTransfer,
  DSIG_NAMESPACE,
  extendMessage,
  families,
  guidField,
  versionField,
} from './frame.ts';
import { type FieldForm, outlineOf } from './schema.ts';
import { type FieldSpec, type GroupSpec, type MessageSpec, type PartSpec, type TextFormat, UNBOUNDED } from './spec.ts';

const DATE = '[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])';
const TIME = `${DATE}([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]`;
/** Patterns that mean the same to XML Schema, which anchors them itself, and between `^` and `$` to JSON Schema. */
const FORMATS: Readonly<Record<TextFormat, string>> = {
  guid: '[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}',
  date8: DATE,
  time14: TIME,
  time17: `${TIME}[0-9]{3}`,
};

/** What both kinds of schema say of a value. Lengths are characters in either. */
interface Facets {
  readonly values?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

function facetsOf(field: FieldSpec): Facets {
  if (field.kind === 'integer') return { pattern: `0*[0-9]{1,${field.digits}}` };
  if (field.kind === 'decimal')
    return { pattern: `0*[0-9]{1,${field.digits - field.fraction}}(\\.[0-9]{1,${field.fraction}})?` };
  if (field.values !== undefined) return { values: Object.keys(field.values) };
  if (field.format !== undefined) return { pattern: FORMATS[field.format] };
  const min = field.length ?? Math.max(1, field.min ?? 1);
  const max = field.length ?? field.max;
  return { min, ...(max === undefined ? {} : { max }) };
}

/** The code table a field is of; its codes change by the day of the law and stand in no schema. */
const tableOf = (field: FieldSpec): string | undefined => (field.kind === 'text' ? field.table : undefined);

/** What a reader wants to know beside the type: the values' meanings, the table, when it is needed. */
function remarksOn(field: FieldSpec, language: 'zh' | 'en'): string {
  const values = field.kind === 'text' && field.values !== undefined ? Object.entries(field.values) : [];
  const table = tableOf(field);
  const when = field.requiredWhen;
  return [
    field[language],
    values.map(([code, meaning]) => `${code} ${meaning[language]}`).join('; '),
    table === undefined ? '' : language === 'zh' ? `代码表 ${table}` : `code table ${table}`,
    when === undefined
      ? ''
      : `${language === 'zh' ? '何时必填' : 'required when'} ${when.field} = ${when.in.join(', ')}`,
  ]
    .filter((one) => one !== '')
    .join(' | ');
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${String(one.codePointAt(0))};`);

const occurrence = (min: number, max: number): string =>
  `${min === 1 ? '' : ` minOccurs="${min}"`}${max === 1 ? '' : ` maxOccurs="${max >= UNBOUNDED ? 'unbounded' : max}"`}`;

const documentation = (zh: string, en: string): string =>
  `<xs:annotation><xs:documentation xml:lang="zh">${escaped(zh)}</xs:documentation><xs:documentation xml:lang="en">${escaped(en)}</xs:documentation></xs:annotation>`;

function simpleType(field: FieldSpec): string {
  const { values, pattern, min, max } = facetsOf(field);
  const base =
    field.kind === 'integer' ? 'xs:nonNegativeInteger' : field.kind === 'decimal' ? 'xs:decimal' : 'xs:string';
  const facets = [
    ...(values ?? []).map((value) => `<xs:enumeration value="${escaped(value)}"/>`),
    ...(pattern === undefined ? [] : [`<xs:pattern value="${escaped(pattern)}"/>`]),
    ...(min !== undefined && min === max
      ? [`<xs:length value="${min}"/>`]
      : [
          ...(min === undefined ? [] : [`<xs:minLength value="${min}"/>`]),
          ...(max === undefined ? [] : [`<xs:maxLength value="${max}"/>`]),
        ]),
  ];
  return `<xs:restriction base="${base}">${facets.join('')}</xs:restriction>`;
}

const EMPTY = '<xs:simpleType><xs:restriction base="xs:string"><xs:length value="0"/></xs:restriction></xs:simpleType>';

/** @param keepsEmpty the writer writes mandatory elements without a value too */
function fieldElement(field: FieldSpec, keepsEmpty: boolean): string {
  // A receipt is others' words: one without what nobody needs is read all the same.
  const min = field.required || keepsEmpty ? field.occurs[0] : 0;
  const own = simpleType(field);
  const mayBeEmpty = keepsEmpty && min === 1 && !field.required;
  const type = mayBeEmpty ? `<xs:union>${EMPTY}<xs:simpleType>${own}</xs:simpleType></xs:union>` : own;
  return `<xs:element name="${field.name}"${occurrence(min, 1)}>${documentation(remarksOn(field, 'zh'), remarksOn(field, 'en'))}<xs:simpleType>${type}</xs:simpleType></xs:element>`;
}

const sequence = (elements: readonly string[]): string =>
  `<xs:complexType><xs:sequence>${elements.join('')}</xs:sequence></xs:complexType>`;

const element = (name: string, occurs: string, inside: string, about: string = ''): string =>
  `<xs:element name="${name}"${occurs}>${about}${inside}</xs:element>`;

function partElement(part: PartSpec, isRequest: boolean): string {
  const about = documentation(part.zh, part.en);
  const inside = sequence(groupElements(part.fields, part.parts, isRequest, isRequest));
  if (part.within === undefined)
    return element(part.name, occurrence(part.always === true ? 1 : part.min, part.max), inside, about);
  const rows = element(part.name, occurrence(part.min, part.max), inside, about);
  return element(part.within, occurrence(part.always === true ? 1 : 0, 1), sequence([rows]));
}

/** Fields in the order of the table, each group before the field it stands before. */
function groupElements(
  fields: readonly FieldSpec[],
  parts: readonly PartSpec[] = [],
  isRequest: boolean,
  keepsEmpty: boolean,
): string[] {
  const known = new Set(fields.map(({ name }) => name));
  const before = (name: string): string[] =>
    parts.filter((part) => part.before === name).map((part) => partElement(part, isRequest));
  return [
    ...fields.flatMap((field) => [...before(field.name), fieldElement(field, keepsEmpty)]),
    ...parts
      .filter((part) => part.before === undefined || !known.has(part.before))
      .map((part) => partElement(part, isRequest)),
  ];
}

function documentElements(spec: MessageSpec): string[] {
  const isRequest = spec.kind === 'request';
  const keepsEmpty = isRequest && spec.family === 'dec';
  const { head, lines } = spec;
  const group = (of: GroupSpec, occurs: string, parts?: readonly PartSpec[]): string =>
    element(
      of.name,
      occurs,
      sequence(groupElements(of.fields, parts, isRequest, keepsEmpty)),
      documentation(of.zh, of.en),
    );
  const out = head.name === '' ? groupElements(head.fields, [], isRequest, keepsEmpty) : [group(head, '')];
  if (lines !== undefined) {
    const rows = group(lines, occurrence(lines.min ?? 1, lines.max), lines.parts);
    out.push(lines.within === undefined ? rows : element(lines.within, '', sequence([rows])));
  }
  return [...out, ...(spec.parts ?? []).map((part) => partElement(part, isRequest))];
}

/** What stands behind the business nodes of a request, in the order of its direction. */
function frameElements(spec: MessageSpec): string[] {
  const fields = (of: readonly FieldSpec[]): string[] => of.map((field) => fieldElement(field, false));
  const about = (of: { readonly zh: string; readonly en: string }): string => documentation(of.zh, of.en);
  const anything = '<xs:any namespace="##any" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>';
  const extension = element(
    extendMessage.name,
    occurrence(...extendMessage.occurs),
    sequence([
      ...fields(extendMessage.fields),
      element('Message', '', `<xs:complexType mixed="true"><xs:sequence>${anything}</xs:sequence></xs:complexType>`),
    ]),
    about(extendMessage),
  );
  const signature = `<xs:any namespace="${DSIG_NAMESPACE}" processContents="skip"${occurrence(spec.signatureRequired === true ? 1 : 0, 1)}/>`;
  return [
    element(
      baseTransfer.name,
      occurrence(...baseTransfer.occurs),
      sequence(fields(baseTransfer.fields)),
      about(baseTransfer),
    ),
    element(
      baseSubscribe.name,
      occurrence(...baseSubscribe.occurs),
      sequence(fields(baseSubscribe.fields)),
      about(baseSubscribe),
    ),
    ...(spec.direction === 'export' ? [signature, extension] : [extension, signature]),
  ];
}

const attribute = (field: FieldSpec): string =>
  `<xs:attribute name="${field.name}" use="required"><xs:simpleType>${simpleType(field)}</xs:simpleType></xs:attribute>`;

/** One element a line, two blanks a level: a schema is read by people too. */
function indented(xml: string): string {
  const out: string[] = [];
  let depth = 0;
  for (const line of xml.replaceAll('><', '>\n<').split('\n')) {
    if (line.startsWith('</')) depth -= 1;
    out.push('  '.repeat(depth) + line);
    const closes = line.startsWith('</') || line.startsWith('<?') || line.endsWith('/>') || line.includes('</');
    if (!closes) depth += 1;
  }
  return `${out.join('\n')}\n`;
}

/**
 * The XML Schema (1.0) of a message as it is written here: order, occurrence, lengths, values and forms of numbers and dates. Codes of
 * tables, what is needed only in some cases, and what holds between fields are for the checks to say.
 */
export function xmlSchemaOf(spec: MessageSpec): string {
  const namespace = spec.bare?.namespace ?? families[spec.family].namespace;
  const target = namespace === '' ? '' : ` targetNamespace="${namespace}" xmlns="${namespace}"`;
  const about = documentation(`${spec.zh}。${spec.source}`, `${spec.en}. ${spec.source}`);
  const nodes = documentElements(spec);
  const inside =
    spec.bare === undefined
      ? [
          element(spec.node, occurrence(1, spec.maxNodes), sequence(nodes)),
          ...(spec.kind === 'request' ? frameElements(spec) : []),
        ]
      : nodes;
  const version = spec.bare?.version;
  const attributes =
    spec.bare === undefined
      ? attribute(guidField) + attribute(versionField)
      : version === undefined
        ? ''
        : `<xs:attribute name="Version" type="xs:string" use="required"/>`;
  return indented(
    `<?xml version="1.0" encoding="UTF-8"?><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"${target} elementFormDefault="qualified" version="${escaped(spec.edition)}"><xs:element name="${spec.message}">${about}<xs:complexType><xs:sequence>${inside.join('')}</xs:sequence>${attributes}</xs:complexType></xs:element></xs:schema>`,
  );
}

const described: FieldForm = (field) => {
  const { values, pattern, min, max } = facetsOf(field);
  const type = z.string().meta({
    title: field.zh,
    description: remarksOn(field, 'en'),
    ...(values === undefined ? {} : { enum: [...values] }),
    ...(pattern === undefined ? {} : { pattern: `^(${pattern})$` }),
    ...(min === undefined ? {} : { minLength: min }),
    ...(max === undefined ? {} : { maxLength: max }),
  });
  return field.required ? type : type.optional();
};

const frameGroup = (fields: readonly FieldSpec[]): z.ZodType =>
  z.strictObject(Object.fromEntries(fields.map((field) => [field.name, described(field)])));

/**
 * The JSON Schema (2020-12) of a message's JSON form, which `portbook messages read` gives and `messages write` takes: its documents
 * under `documents`, what frames them beside it. Values are text throughout; what has no value is left out. As strict as
 * {@link xmlSchemaOf}, and beyond it wants every field that is always needed.
 */
export function jsonSchemaOf(spec: MessageSpec): Readonly<Record<string, unknown>> {
  const documents = z.array(outlineOf(spec, described)).min(1);
  const hasFrame = spec.kind === 'request' && spec.bare === undefined;
  const schema = z.looseObject({
    guid: z.string().optional(),
    version: z.string().optional(),
    ...(hasFrame
      ? {
          // `dxpMode` has one value only and is filled in.
          transfer: frameGroup(
            baseTransfer.fields.map((field) => ({ ...field, required: field.required && field.name !== 'dxpMode' })),
          ).optional(),
          subscriptions: z.array(frameGroup(baseSubscribe.fields)).max(baseSubscribe.occurs[1]).optional(),
          extend: z.strictObject({ name: z.string(), version: z.string(), message: z.string() }).optional(),
          signature: z.string().meta({ description: 'ds:Signature as XML; put into its place unread' }).optional(),
        }
      : {}),
    ...(spec.kind === 'receipt'
      ? {
          unknown: z
            .array(z.strictObject({ within: z.string(), xml: z.string() }))
            .meta({ description: 'elements beyond the table, put back behind the fields of their group' })
            .optional(),
        }
      : {}),
    documents: spec.maxNodes >= UNBOUNDED ? documents : documents.max(spec.maxNodes),
  });
  const { $schema, ...rest } = z.toJSONSchema(schema);
  return { $schema, title: `${spec.message} ${spec.zh}`, description: `${spec.en}. ${spec.source}`, ...rest };
}
