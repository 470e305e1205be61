import { headOf, linesOf, type MessageSpec } from '../documents/spec.ts';
import { format5, multiply5, sum5, tryParse5 } from '../money/decimal.ts';

/**
 * Editing a draft by path, as a form does: `InventoryHead/billNo`, `InventoryList[2]/qty` (lines from 1), `charge` in a
 * flat message. Figures that follow from what was typed follow at once: quantity × price gives the line's total, the
 * lines' totals give the order's goods value. Whatever else then disagrees is for the check to say.
 */
export interface Change {
  readonly path: string;
  readonly value: string;
}

const pathForm = /^(?:(?<group>\w+)(?:\[(?<line>\d+)\])?\/)?(?<field>\w+)$/;

/** Thrown for a path the document does not have. */
export class PathError extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`no such place in the document: ${path}`);
    this.name = 'PathError';
    this.path = path;
  }
}

type Fields = Record<string, string>;
type Body = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of the body with the changes in it; an emptied field is left out. Throws {@link PathError}. */
export function editBody(body: Body, changes: readonly Change[]): Body {
  const edited = structuredCloneOf(body);
  for (const change of changes) {
    const { group, line, field } = pathForm.exec(change.path)?.groups ?? {};
    if (field === undefined) throw new PathError(change.path);
    const place = placeOf(edited, group, line);
    if (place === undefined) throw new PathError(change.path);
    if (change.value === '') delete place[field];
    else place[field] = change.value;
    if (line !== undefined && (field === 'qty' || field === 'price')) multiplyOut(place);
  }
  addUp(edited);
  return edited;
}

function placeOf(body: Body, group: string | undefined, line: string | undefined): Fields | undefined {
  // Own properties only: a path must never lead into an object's prototype.
  const found = group === undefined ? body : Object.hasOwn(body, group) ? body[group] : undefined;
  if (line === undefined) return isFields(found) ? found : undefined;
  const row: unknown = Array.isArray(found) ? found[Number(line) - 1] : undefined;
  return isFields(row) ? row : undefined;
}

function multiplyOut(line: Fields): void {
  const qty = tryParse5(line['qty'] ?? '');
  const price = tryParse5(line['price'] ?? '');
  if (qty !== undefined && price !== undefined) line['totalPrice'] = format5(multiply5(qty, price));
}

function addUp(body: Body): void {
  const head = body['OrderHead'];
  const lines = body['OrderList'];
  if (!isFields(head) || !Array.isArray(lines)) return;
  head['goodsValue'] = format5(totalOf(lines));
}

function totalOf(lines: readonly unknown[], field = 'totalPrice'): bigint {
  return sum5(lines.map((line) => (isFields(line) ? (tryParse5(line[field] ?? '') ?? 0n) : 0n)));
}

/**
 * The amount a list of documents shows for a body, from where its table says: the sum of the lines of orders and lists, the charge
 * of receipts, the freight of waybills. Decimal text; `0` while nothing readable is typed.
 */
export function amountOf(spec: MessageSpec, body: Body): string {
  const at = spec.amount;
  if (at === undefined) return '0';
  if ('lines' in at) return format5(totalOf(linesOf(spec, body), at.lines));
  const text = headOf(spec, body)[at.head];
  return text !== undefined && tryParse5(text) !== undefined ? text : '0';
}

function structuredCloneOf(body: Body): Body {
  return JSON.parse(JSON.stringify(body)) as Body;
}
