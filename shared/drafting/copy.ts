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

/**
 * Groups that stand once, of which the signature says who files: they are carried over as the head is. Lists beside the lines are of the
 * one trade: containers, licences, attached papers.
 */
function carriedParts(spec: MessageSpec, body: AnyDocument, drop: (name: string) => boolean): Record<string, unknown> {
  const once = (spec.parts ?? []).filter(({ max, parts }) => max === 1 && parts === undefined);
  return Object.fromEntries(
    once.flatMap((part) => {
      const values = Object.entries(present((rowsOf(part, body)[0] ?? {}) as Values)).filter(([name]) => !drop(name));
      return values.length === 0 ? [] : [[part.name, Object.fromEntries(values)]];
    }),
  );
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
  const groups = (spec.lines?.parts ?? []).filter(({ name }) => line[name] !== undefined);
  return { ...present(line), ...Object.fromEntries(groups.map(({ name }) => [name, line[name]])) };
}

/** Paths of what a group in a line says, but for codes and the line it names: licences and vehicles are of the one trade. */
function factsInPart(part: PartSpec, of: AnyDocument, at: string): string[] {
  return rowsOf(part, of).flatMap((row, index) => {
    const here = `${at}${part.name}${part.max === 1 ? '' : `[${index + 1}]`}/`;
    const own = part.fields.filter(
      (field) => field.lineOf === undefined && !(field.kind === 'text' && field.table !== undefined),
    );
    return [
      ...own.flatMap(({ name }) => ((row[name] ?? '') === '' ? [] : [here + name])),
      ...(part.parts ?? []).flatMap((inner) => factsInPart(inner, row, here)),
    ];
  });
}

/** What a copy begins with: the body without what may not be carried over. The caller gives it its own number, guid and time. */
export function copiedBody(spec: MessageSpec, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const head = Object.fromEntries(Object.entries(present(headOf(spec, body))).filter(([name]) => !never.has(name)));
  // A copy is a first filing, whatever the one before it was.
  if (spec.head.fields.some(({ name }) => name === 'appType')) head['appType'] = '1';
  const groups =
    spec.lines === undefined ? {} : { [spec.lines.name]: linesOf(spec, body).map((line) => carriedLine(spec, line)) };
  const parts = carriedParts(spec, body, (name) => never.has(name));
  return spec.head.name === '' ? { ...head, ...groups } : { [spec.head.name]: head, ...groups, ...parts };
}

/** Paths of the facts of a copy that a person has to confirm: those that are there at all. */
export function factsToConfirm(spec: MessageSpec, body: Readonly<Record<string, unknown>>): string[] {
  const head = headOf(spec, body);
  const once = (spec.parts ?? []).filter(({ max }) => max === 1);
  return [
    ...spec.head.fields
      .filter(({ name }) => headFacts.has(name.toLowerCase()) && (head[name] ?? '') !== '')
      .map(({ name }) => pathOf(spec, name)),
    ...once.flatMap((part) =>
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
  ];
}

/** What a template keeps: what is the same the next time; facts of the one trade, numbers of persons and accounts are left out. */
export function templateBody(spec: MessageSpec, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copied = copiedBody(spec, body);
  const secret = secretsOf(spec);
  const isLeft = (name: string): boolean => headFacts.has(name.toLowerCase()) || secret.has(name);
  const head = Object.fromEntries(Object.entries(present(headOf(spec, copied))).filter(([name]) => !isLeft(name)));
  const lines = linesOf(spec, copied).map((line) =>
    Object.fromEntries(
      Object.entries(present(line)).filter(([name]) => !lineFacts.has(name.toLowerCase()) && !secret.has(name)),
    ),
  );
  const groups = spec.lines === undefined ? {} : { [spec.lines.name]: lines };
  const parts = carriedParts(spec, copied, isLeft);
  return spec.head.name === '' ? { ...head, ...groups } : { [spec.head.name]: head, ...groups, ...parts };
}

/** Names of a message's fields that are shown by their end only. */
function secretsOf(spec: MessageSpec): ReadonlySet<string> {
  const fields: readonly FieldSpec[] = [
    spec.head,
    ...(spec.lines === undefined ? [] : [spec.lines]),
    ...(spec.parts ?? []),
  ].flatMap((group) => group.fields);
  return new Set(fields.filter((field) => field.kind === 'text' && field.secret === true).map(({ name }) => name));
}
