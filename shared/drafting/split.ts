/** A draft with more lines than its message may carry becomes several (拆分), each with its lines and what names them. */
import { type AnyDocument, headOf, linesOf, type MessageSpec, type PartSpec, rowsOf } from '../documents/spec.ts';
import { sum5, tryParse5 } from '../money/decimal.ts';
import { copiedBody, factsToConfirm } from './copy.ts';
import { amountOf, type EditOperation, editBody } from './edit.ts';

/** Figures of the whole document, in lower case: which of them are whose part only a person knows. */
const ofTheWhole = new Set([
  'grossweight',
  'netweight',
  'grosswet',
  'netwt',
  'packno',
  'freight',
  'insuredfee',
  'feerate',
  'insurrate',
  'otherrate',
]);
const isOfTheWhole = (path: string): boolean => ofTheWhole.has((path.split('/').pop() ?? path).toLowerCase());

export interface SplitPart {
  /** The first keeps the numbers of the document; the others have none that the program or an authority gave. */
  readonly body: Record<string, unknown>;
  /** Its lines in the document as it was, from 1. */
  readonly from: number;
  readonly to: number;
  /** Figures of the whole that the first keeps and a person has to lower; the others begin without them. */
  readonly toConfirm: readonly string[];
}

/** The lines that rows name by number, in themselves and in the groups in them. */
function linesNamed(part: PartSpec, row: AnyDocument): number[] {
  return [
    ...part.fields.flatMap(({ name, lineOf }) =>
      lineOf === 'this'
        ? String(row[name] ?? '')
            .split(/[,，]/)
            .flatMap((one) => (/^\s*\d+\s*$/.test(one) ? [Number(one)] : []))
        : [],
    ),
    ...(part.parts ?? []).flatMap((inner) => rowsOf(inner, row).flatMap((one) => linesNamed(inner, one))),
  ];
}

/** The body without the rows beside the lines that are about other lines alone: a container goes where its goods are. */
function rowsAbout(spec: MessageSpec, body: AnyDocument, from: number, to: number): AnyDocument {
  const next: Record<string, unknown> = { ...body };
  for (const part of spec.parts ?? []) {
    const rows = rowsOf(part, body);
    const kept = rows.filter((row) => {
      const named = linesNamed(part, row);
      return named.length === 0 || named.some((line) => line >= from && line <= to);
    });
    if (kept.length === rows.length) continue;
    if (kept.length === 0) delete next[part.name];
    else next[part.name] = kept;
  }
  return next;
}

/**
 * The document in parts of at most `most` lines, in the order of its lines; their quantities and amounts add up to what it had. Rows beside the
 * lines go with the lines that they name, and name them by their new numbers; what names none stands in each part. None where it is short enough.
 */
export function splitBody(spec: MessageSpec, body: AnyDocument, most: number): SplitPart[] {
  const count = linesOf(spec, body).length;
  if (count <= most) return [];
  const parts = Array.from({ length: Math.ceil(count / most) }, (_, at): SplitPart => {
    const [from, to] = [at * most + 1, Math.min(count, (at + 1) * most)];
    const away: EditOperation[] = [
      ...(to < count ? [{ op: 'delete' as const, at: to + 1, count: count - to }] : []),
      ...(from > 1 ? [{ op: 'delete' as const, at: 1, count: from - 1 }] : []),
    ];
    const own = editBody(spec, rowsAbout(spec, numberedAnew(spec, body), from, to), away);
    if (at === 0)
      return { body: own, from, to, toConfirm: factsToConfirm(spec, own).filter((path) => isOfTheWhole(path)) };
    const copied = copiedBody(spec, own);
    const head = Object.fromEntries(Object.entries(headOf(spec, copied)).filter(([name]) => !isOfTheWhole(name)));
    return { body: spec.head.name === '' ? copied : { ...copied, [spec.head.name]: head }, from, to, toConfirm: [] };
  });
  const totalOf = (one: AnyDocument): bigint => tryParse5(amountOf(spec, one)) ?? 0n;
  if (sum5(parts.map((part) => totalOf(part.body))) !== totalOf(body))
    throw new RangeError('splitting a document changed its total');
  return parts;
}

/** A document from elsewhere may count its lines otherwise; what names them has to mean the same lines. */
const numberedAnew = (spec: MessageSpec, body: AnyDocument): AnyDocument => editBody(spec, body, []);
