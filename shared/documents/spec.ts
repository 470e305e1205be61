/**
 * The form of a message description. Each message is one such table, as data; types, zod schema, writer, reader, checks, form,
 * Excel header and documentation are all made from it. Values are text throughout: decimals and integers keep the digits that
 * were typed or received, and nothing passes through floating point.
 */
import type { CodeTableId } from '../tables/table.ts';

/** A text in both languages of the product. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** guid: 8-4-4-4-12 upper-case hex; date8 `yyyyMMdd`; time14 `yyyyMMddHHmmss`; time17 with milliseconds. */
export type TextFormat = 'guid' | 'date8' | 'time14' | 'time17';

interface FieldBase extends Bilingual {
  /** XML element name without prefix. */
  readonly name: string;
  /** Occurrence in the official schema. */
  readonly occurs: readonly [min: 0 | 1, max: 1];
  /** Whether the platform really needs a value; the schema lets mandatory elements be empty, the platform does not. */
  readonly required: boolean;
  /** Needed as well when a head field has one of these values. */
  readonly requiredWhen?: { readonly field: string; readonly in: readonly string[] };
  /** Meaning, rule, example: the help of the field. */
  readonly help?: Bilingual;
  /** Where the value comes from when a document is drafted; documentation and mapping. */
  readonly from?: string;
  readonly default?: string;
  /**
   * Names lines by their numbers, several parted by commas: of this document, whose lines it follows when they are inserted, moved or
   * deleted, or of another one, so that nothing here changes it.
   */
  readonly lineOf?: 'this' | 'other';
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  /** Exact length; excludes min and max. Lengths are characters, as XML Schema counts them. */
  readonly length?: number;
  readonly min?: number;
  readonly max?: number;
  /** Characters that the schema in force before takes, where a later description takes more: what is longer is told, not refused. */
  readonly older?: number;
  readonly format?: TextFormat;
  /** The only values allowed, with their meaning. */
  readonly values?: Readonly<Record<string, Bilingual>>;
  /** Code table the value must be in. */
  readonly table?: CodeTableId;
  /** A code that the table lacks is no finding: shortened commodity codes, codes that are newer than the table. */
  readonly open?: true;
  /** Several codes of the table, parted by commas. */
  readonly several?: true;
  /** Codes of the table begin with the code in this field of the same group; only what comes behind it is written. */
  readonly under?: string;
  /** Shown by its last four characters only, as account numbers are. */
  readonly secret?: true;
}

export interface DecimalField extends FieldBase {
  readonly kind: 'decimal';
  /** Significant digits in all, and of them behind the point. */
  readonly digits: number;
  readonly fraction: number;
}

export interface IntegerField extends FieldBase {
  readonly kind: 'integer';
  readonly digits: number;
}

export type FieldSpec = TextField | DecimalField | IntegerField;

/** A group of fields: the head (once) or the lines. */
export interface GroupSpec extends Bilingual {
  /** XML element name; empty when the fields stand directly in the business node. */
  readonly name: string;
  readonly fields: readonly FieldSpec[];
  /** What a clerk looks at first, in the order of the paper; the other fields open with one key. */
  readonly main?: readonly string[];
}

/** The specification sets no upper bound. */
export const UNBOUNDED = Number.MAX_SAFE_INTEGER;

export interface LineGroupSpec extends GroupSpec {
  /** 1 unless the lines may be missing altogether. */
  readonly min?: 0;
  readonly max: number;
  /** Element that holds all the lines; written even when there are none. */
  readonly within?: string;
  readonly parts?: readonly PartSpec[];
}

/**
 * A further group, in the document or in a group of it: containers, licences, free text. In a document it stands under its name, an
 * object where it may stand only once and a list otherwise; the element that holds a list is of the XML alone.
 */
export interface PartSpec extends GroupSpec {
  readonly min: 0 | 1;
  readonly max: number;
  /** Element that holds all of them. */
  readonly within?: string;
  /** The schema wants the element, or its holder, even when there is nothing in it. */
  readonly always?: true;
  /** The field of the surrounding group before which it stands; behind all fields when left out. */
  readonly before?: string;
  readonly parts?: readonly PartSpec[];
}

export type MessageName =
  | 'CEB213Message'
  | 'CEB214Message'
  | 'CEB215Message'
  | 'CEB216Message'
  | 'CEB303Message'
  | 'CEB304Message'
  | 'CEB311Message'
  | 'CEB312Message'
  | 'CEB403Message'
  | 'CEB404Message'
  | 'CEB411Message'
  | 'CEB412Message'
  | 'CEB505Message'
  | 'CEB506Message'
  | 'CEB507Message'
  | 'CEB508Message'
  | 'CEB509Message'
  | 'CEB510Message'
  | 'CEB511Message'
  | 'CEB512Message'
  | 'CEB513Message'
  | 'CEB514Message'
  | 'CEB603Message'
  | 'CEB604Message'
  | 'CEB605Message'
  | 'CEB606Message'
  | 'CEB607Message'
  | 'CEB608Message'
  | 'CEB621Message'
  | 'CEB622Message'
  | 'CEB623Message'
  | 'CEB624Message'
  | 'CEB625Message'
  | 'CEB626Message'
  | 'CEB701Message'
  | 'CEB702Message'
  | 'CEB711Message'
  | 'CEB712Message'
  | 'CEB792Message'
  | 'CEB816Message'
  | 'CEB818Message'
  | 'CEB900Message'
  | 'DecMessage'
  | 'DecImportResponse'
  | 'DEC_RESULT'
  | 'DEC_DATA'
  | 'FX101Message'
  | 'FX102Message'
  | 'FX201Message'
  | 'FX202Message'
  | 'PLAT101Message'
  | 'PLAT102Message'
  | 'PLAT201Message'
  | 'PLAT202Message'
  | 'PLAT301Message'
  | 'PLAT302Message'
  | 'PLAT401Message'
  | 'PLAT402Message';

/**
 * Whose messages they are: customs' own (ceb), the goods declaration of the Single Window (dec), or payloads of the provincial platform:
 * about foreign exchange (fx), and of its other services (plat).
 */
export type FamilyName = 'ceb' | 'dec' | 'fx' | 'plat';

export interface MessageSpec extends Bilingual {
  /** Root element without prefix. */
  readonly message: MessageName;
  /** Namespace, prefix and specification: see `families`. */
  readonly family: FamilyName;
  readonly direction: 'export' | 'import';
  /** request: ours, with BaseTransfer and a place for the signature; receipt: theirs, business nodes only. */
  readonly kind: 'request' | 'receipt';
  readonly edition: string;
  readonly source: string;
  /**
   * The root is the one document itself: no nodes in it, no GUID, transfer or signature around them. With the version of its format, in
   * the attribute `Version`, and the namespace where it is not its family's.
   */
  readonly bare?: { readonly version?: string; readonly namespace?: string };
  /** Business node, 1 to maxNodes of them in a message. */
  readonly node: string;
  readonly maxNodes: number;
  readonly head: GroupSpec;
  readonly lines?: LineGroupSpec;
  /** Groups beside head and lines, in the order of the format, which has them behind the lines. */
  readonly parts?: readonly PartSpec[];
  /** Fields that name the document for ever: of its head or of a group that stands once. */
  readonly businessKey: readonly string[];
  /** The one such field by which the book, its user and the receipts know a document; the receipt has it too. */
  readonly number?: string;
  /** Requests: the head field with the other side's name, where a list shows it. */
  readonly party?: string;
  /** Requests: where the amount shown for a document stands: a head field, or the sum of a field of the lines. */
  readonly amount?: { readonly head: string } | { readonly lines: string };
  /** Requests: the order of sending; equal ones do not wait for each other. */
  readonly rank?: number;
  /** Receipts whose state, time and remark have names of their own: see `returnOf` (shared/sync/receipts.ts). */
  readonly says?: { readonly status: string; readonly time?: string; readonly info: string };
  /** Receipts: fields with the number the authority has given, the best first. */
  readonly platformNo?: readonly string[];
  /** Requests: the schema knows them only signed. */
  readonly signatureRequired?: true;
  /** Message that answers this one. */
  readonly receipt?: MessageName;
  /** For a receipt: its field -> the request's field; all pairs equal means it answers that document. */
  readonly answers?: { readonly message: MessageName; readonly match: Readonly<Record<string, string>> };
}

type Named<F extends readonly FieldSpec[], R extends boolean> = Extract<F[number], { readonly required: R }>['name'];

/** Values of a list of fields: required ones present, others optional, all text. */
export type FieldsOf<F extends readonly FieldSpec[]> = { [K in Named<F, true>]: string } & {
  [K in Named<F, false>]?: string | undefined;
};

/** Groups by name: an object where one may stand, else a list. */
type PartsOf<P extends readonly PartSpec[]> = {
  [S in P[number] as S['name']]?: S['max'] extends 1 ? PartOf<S> : readonly PartOf<S>[];
};
type PartOf<S extends PartSpec> = FieldsOf<S['fields']> & NestedOf<S>;
type NestedOf<S> = S extends { readonly parts: infer P extends readonly PartSpec[] } ? PartsOf<P> : unknown;

/**
 * A document of a message, as stored and edited: flat messages are the fields themselves, others are
 * `{ InventoryHead: {…}, InventoryList: [{…}, …] }` under their XML names, some with a head alone, some with further groups beside
 * (`Container: [{…}]`) and in their lines.
 */
export type DocumentOf<M extends MessageSpec> = NestedOf<M> & BasicDocumentOf<M>;

type BasicDocumentOf<M extends MessageSpec> = M extends {
  readonly lines: { readonly name: infer L extends string; readonly fields: infer LF extends readonly FieldSpec[] };
}
  ? { [K in M['head']['name']]: FieldsOf<M['head']['fields']> } & {
      [K in L]: readonly (FieldsOf<LF> & NestedOf<M['lines']>)[];
    }
  : M['head']['name'] extends ''
    ? FieldsOf<M['head']['fields']>
    : { [K in M['head']['name']]: FieldsOf<M['head']['fields']> };

/** A document whose message is only known at run time. */
export type AnyDocument = Readonly<Record<string, unknown>>;
/** Fields by name, absent ones undefined. */
export type Values = Readonly<Record<string, string | undefined>>;

const NO_VALUES: Values = {};

function asValues(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : NO_VALUES;
}

/** Head fields of a document; an absent or malformed group is empty. */
export function headOf(spec: MessageSpec, document: AnyDocument): Values {
  return spec.head.name === '' ? asValues(document) : asValues(document[spec.head.name]);
}

/** Lines of a document; none for flat messages. */
export function linesOf(spec: MessageSpec, document: AnyDocument): readonly Values[] {
  if (spec.lines === undefined) return [];
  const lines = document[spec.lines.name];
  return Array.isArray(lines) ? lines.map(asValues) : [];
}

/** The rows of a group, one or none where it may stand only once; what is malformed is left out. */
export function rowsOf(part: PartSpec, of: AnyDocument): readonly AnyDocument[] {
  const value = of[part.name];
  const rows = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return rows.filter((row): row is AnyDocument => typeof row === 'object' && row !== null && !Array.isArray(row));
}

/** What a document is known by stands here: the fields of its head and of the groups that stand once. */
export function knownBy(spec: MessageSpec, document: AnyDocument): Values {
  const once = (spec.parts ?? []).filter(({ max }) => max === 1).flatMap((part) => rowsOf(part, document));
  return Object.assign({}, ...once, headOf(spec, document)) as Values;
}

/** The document's name among its kind: its business key fields joined with `/`. */
export function businessKeyOf(spec: MessageSpec, document: AnyDocument): string {
  const known = spec.parts === undefined ? headOf(spec, document) : knownBy(spec, document);
  return spec.businessKey.map((name) => known[name] ?? '').join('/');
}

/** Path of a field inside a document; `line` counts from 1. */
export function pathOf(spec: MessageSpec, field: string, line?: number): string {
  if (line !== undefined && spec.lines !== undefined) return `${spec.lines.name}[${line}]/${field}`;
  return spec.head.name === '' ? field : `${spec.head.name}/${field}`;
}

/** Length as XML Schema counts it: characters, a surrogate pair being one. */
export function characterLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const code = text.charCodeAt(i);
    if (code < 0xd800 || code > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      length--;
      i++;
    }
  }
  return length;
}
