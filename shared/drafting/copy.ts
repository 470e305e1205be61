/** A document after an earlier one: what is carried over, what the authority gave, what has to be looked at again (UX 2.6). */
import {
  type AnyDocument,
  type FieldSpec,
  headOf,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
  type Values,
} from '../documents/spec.ts';
import { lineNumberField } from './edit.ts';
import { present } from './undo.ts';

/** Given by authorities or made by the program: never carried over. */
const never = new Set([
  'guid',
  'appTime',
  'preNo',
  'invtNo',
  'copNo',
  'recordNo',
  'reportNo',
  'creditNo',
  'declarationNo',
  'SeqNo',
  'EntryId',
  'PreEntryId',
  'ClientSeqNo',
  'Sign',
  'SignDate',
  'BillSeqNo',
  'TrnPreId',
]);

/**
 * Facts of the one trade, in lower case as the messages spell them differently: bill and waybill, vessel and voyage, container, licence,
 * days and times, weight and packages, order and payment numbers, what was paid.
 */
const headFacts = new Set([
  'billno',
  'totalpackageno',
  'logisticsno',
  'orderno',
  'payno',
  'paytransactionid',
  'trafname',
  'vesselname',
  'voyageno',
  'flightno',
  'customsflightno',
  'iedate',
  'arrivaltime',
  'leavetime',
  'grossweight',
  'netweight',
  'grosswet',
  'netwt',
  'packno',
  'containerno',
  'containerid',
  'contrno',
  'goodsvalue',
  'charge',
  'freight',
  'insuredfee',
  'voyno',
  'blno',
  'decltime',
  'despdate',
  'cmpldschrgdt',
  'licenseno',
  'feerate',
  'insurrate',
  'otherrate',
  'accountingdate',
  'paytime',
  'amountpaid',
  'logisticstime',
  'starttime',
  'endtime',
]);
/** The parcels and lists that a line names are of the one trade too. */
const lineFacts = new Set([
  'price',
  'declprice',
  'netweight',
  'grossweight',
  'logisticsno',
  'totalpackageno',
  'invtno',
]);

/** What a paper beside the lines is and whose: the same the next time, so that only its numbers and figures are to be looked at again. */
const sameInParts = new Set([
  'edocfomattype',
  'edocownercode',
  'edocownername',
  'signunit',
  'lclflag',
  'entqualiftypecode',
  'certtype',
  'attachname',
  'attachtype',
]);

/** Groups that are worked out anew for each document and are never carried over: the firm's own reckoning of its tax. */
const madeAnew = new Set(['SddTax']);

/** Groups that stand once and have none in them, of which the signature says who files: they are carried over as the head is. */
export const isPlain = ({ max, parts }: PartSpec): boolean => max === 1 && parts === undefined;

const partsOf = (spec: MessageSpec): readonly PartSpec[] => spec.parts ?? [];

/** The plain groups of a document without what is dropped. */
function plainParts(spec: MessageSpec, body: AnyDocument, drop: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(
    partsOf(spec)
      .filter(isPlain)
      .flatMap((part) => {
        const values = Object.entries(present((rowsOf(part, body)[0] ?? {}) as Values)).filter(([name]) => !drop(name));
        return values.length === 0 ? [] : [[part.name, Object.fromEntries(values)]];
      }),
  );
}

/** Rows of a group with the groups in them, without what authorities gave; a row with nothing left goes. */
function carriedRows(part: PartSpec, of: AnyDocument): AnyDocument[] {
  return rowsOf(part, of).flatMap((row) => {
    const values = part.fields.flatMap(({ name }) =>
      never.has(name) || (row[name] ?? '') === '' ? [] : [[name, row[name]] as const],
    );
    const carried = { ...Object.fromEntries(values), ...carriedGroups(part.parts ?? [], row) };
    return Object.keys(carried).length === 0 ? [] : [carried];
  });
}

function carriedGroups(parts: readonly PartSpec[], of: AnyDocument): Record<string, unknown> {
  return Object.fromEntries(
    parts.flatMap((part) => {
      const rows = madeAnew.has(part.name) ? [] : carriedRows(part, of);
      return rows.length === 0 ? [] : [[part.name, part.max === 1 ? rows[0] : rows]];
    }),
  );
}

/** A group that a copy or a template does without, and how many rows of it there are. */
export interface LeftGroup {
  readonly group: string;
  readonly rows: number;
}

/** Groups of a document that its copy begins without. */
export function leftByCopy(spec: MessageSpec, body: AnyDocument): LeftGroup[] {
  return counted(
    partsOf(spec).filter(({ name }) => madeAnew.has(name)),
    (part) => rowsOf(part, body).length,
  );
}

/** Groups of which a template keeps nothing, or not every row: what is of the one trade only, and what is made anew. */
export function leftByTemplate(spec: MessageSpec, body: AnyDocument): LeftGroup[] {
  const kept = templateBody(spec, body);
  const lost = (part: PartSpec, before: AnyDocument, after: AnyDocument): number =>
    rowsOf(part, before).length - rowsOf(part, after).length;
  const [lines, keptLines] = [linesOf(spec, body), linesOf(spec, kept)];
  return [
    ...counted(spec.lines?.parts ?? [], (part) =>
      lines.reduce((sum, line, index) => sum + lost(part, line, keptLines[index] ?? {}), 0),
    ),
    ...counted(
      partsOf(spec).filter((part) => !isPlain(part)),
      (part) => lost(part, body, kept),
    ),
  ];
}

function counted(parts: readonly PartSpec[], rows: (part: PartSpec) => number): LeftGroup[] {
  return parts.map((part) => ({ group: part.name, rows: rows(part) })).filter((one) => one.rows > 0);
}

/** Quantities and totals of a line, in lower case as the messages spell them differently. */
const lineAmounts = new Set(['qty', 'qty1', 'qty2', 'totalprice', 'gqty', 'firstqty', 'secondqty', 'decltotal']);

/** What a line says of the goods themselves, apart from how many and how much they are this time. */
export function goodsOfLine(spec: MessageSpec, line: Values): Record<string, string> {
  const number = lineNumberField(spec);
  return Object.fromEntries(
    Object.entries(present(line)).filter(
      ([name]) => name !== number && !lineFacts.has(name.toLowerCase()) && !lineAmounts.has(name.toLowerCase()),
    ),
  );
}

/** A line with the groups in it, such as the licences of its goods. */
function carriedLine(spec: MessageSpec, line: Values): AnyDocument {
  return { ...present(line), ...carriedGroups(spec.lines?.parts ?? [], line) };
}

/** Whether a field of a group is of the one trade: all but codes, kinds and the line of the document it names. */
const isFactOfPart = (field: FieldSpec): boolean =>
  field.lineOf !== 'this' &&
  !(field.kind === 'text' && field.table !== undefined) &&
  !sameInParts.has(field.name.toLowerCase());

/** Paths of what a group says of the one trade: containers, papers, licences and vehicles. */
function factsInPart(part: PartSpec, of: AnyDocument, at: string): string[] {
  return rowsOf(part, of).flatMap((row, index) => {
    const here = `${at}${part.name}${part.max === 1 ? '' : `[${index + 1}]`}/`;
    return [
      ...part.fields.filter(isFactOfPart).flatMap(({ name }) => ((row[name] ?? '') === '' ? [] : [here + name])),
      ...(part.parts ?? []).flatMap((inner) => factsInPart(inner, row, here)),
    ];
  });
}

/** Groups without what {@link factsInPart} names and without secrets; a row that only names a line says nothing and goes. */
function lastingGroups(parts: readonly PartSpec[], of: AnyDocument): Record<string, unknown> {
  return Object.fromEntries(
    parts.flatMap((part) => {
      const rows = rowsOf(part, of).flatMap((row) => {
        const own = part.fields.filter(
          (field) => !isFactOfPart(field) && !isSecret(field) && (row[field.name] ?? '') !== '',
        );
        const groups = lastingGroups(part.parts ?? [], row);
        return own.every(({ lineOf }) => lineOf === 'this') && Object.keys(groups).length === 0
          ? []
          : [{ ...Object.fromEntries(own.map(({ name }) => [name, row[name]])), ...groups }];
      });
      return rows.length === 0 ? [] : [[part.name, part.max === 1 ? rows[0] : rows]];
    }),
  );
}

/** What a copy begins with: the body without what may not be carried over. The caller gives it its own number, guid and time. */
export function copiedBody(spec: MessageSpec, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const head = Object.fromEntries(Object.entries(present(headOf(spec, body))).filter(([name]) => !never.has(name)));
  // A copy is a first filing, whatever the one before it was.
  if (spec.head.fields.some(({ name }) => name === 'appType')) head['appType'] = '1';
  const groups =
    spec.lines === undefined ? {} : { [spec.lines.name]: linesOf(spec, body).map((line) => carriedLine(spec, line)) };
  const parts = {
    ...plainParts(spec, body, (name) => never.has(name)),
    ...carriedGroups(
      partsOf(spec).filter((part) => !isPlain(part)),
      body,
    ),
  };
  return spec.head.name === '' ? { ...head, ...groups } : { [spec.head.name]: head, ...groups, ...parts };
}

/** Paths of the facts of a copy that a person has to confirm: those that are there at all. */
export function factsToConfirm(spec: MessageSpec, body: Readonly<Record<string, unknown>>): string[] {
  const head = headOf(spec, body);
  const [plain, others] = [partsOf(spec).filter(isPlain), partsOf(spec).filter((part) => !isPlain(part))];
  return [
    ...spec.head.fields
      .filter(({ name }) => headFacts.has(name.toLowerCase()) && (head[name] ?? '') !== '')
      .map(({ name }) => pathOf(spec, name)),
    ...plain.flatMap((part) =>
      Object.keys(present((rowsOf(part, body)[0] ?? {}) as Values))
        .filter((name) => headFacts.has(name.toLowerCase()))
        .map((name) => `${part.name}/${name}`),
    ),
    ...linesOf(spec, body).flatMap((line, index) =>
      Object.keys(present(line))
        .filter((name) => lineFacts.has(name.toLowerCase()))
        .map((name) => pathOf(spec, name, index + 1)),
    ),
    ...linesOf(spec, body).flatMap((line, index) =>
      (spec.lines?.parts ?? []).flatMap((part) => factsInPart(part, line, pathOf(spec, '', index + 1))),
    ),
    ...others.flatMap((part) => factsInPart(part, body, '')),
  ];
}

/**
 * What a template keeps: what is the same the next time, in the groups beside and in the lines too. What a copy would ask to confirm, and
 * numbers of persons and accounts, are left out.
 */
export function templateBody(spec: MessageSpec, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copied = copiedBody(spec, body);
  const secret = secretsOf(spec);
  const isLeft = (name: string): boolean => headFacts.has(name.toLowerCase()) || secret.has(name);
  const head = Object.fromEntries(Object.entries(present(headOf(spec, copied))).filter(([name]) => !isLeft(name)));
  const lines = linesOf(spec, copied).map((line) => ({
    ...Object.fromEntries(
      Object.entries(present(line)).filter(([name]) => !lineFacts.has(name.toLowerCase()) && !secret.has(name)),
    ),
    ...lastingGroups(spec.lines?.parts ?? [], line),
  }));
  const groups = spec.lines === undefined ? {} : { [spec.lines.name]: lines };
  const parts = {
    ...plainParts(spec, copied, isLeft),
    ...lastingGroups(
      partsOf(spec).filter((part) => !isPlain(part)),
      copied,
    ),
  };
  return spec.head.name === '' ? { ...head, ...groups } : { [spec.head.name]: head, ...groups, ...parts };
}

/** Whether a field is shown by its end only. */
const isSecret = (field: FieldSpec): boolean => field.kind === 'text' && field.secret === true;

/** Names of a message's fields that are shown by their end only. */
function secretsOf(spec: MessageSpec): ReadonlySet<string> {
  const fields: readonly FieldSpec[] = [
    spec.head,
    ...(spec.lines === undefined ? [] : [spec.lines]),
    ...(spec.parts ?? []),
  ].flatMap((group) => group.fields);
  return new Set(fields.filter(isSecret).map(({ name }) => name));
}
