/** `=` in a cell: what is still missing to the total that the head states (UX 2.2). */
import { headOf, linesOf, type MessageSpec, type Values } from '../documents/spec.ts';
import { format5, tryParse5 } from '../money/decimal.ts';
import { KILOGRAM } from './codes.ts';

/** Quantities with the unit each is counted in, under the names the messages use. */
const quantities: Readonly<Record<string, string>> = {
  qty: 'unit',
  qty1: 'unit1',
  qty2: 'unit2',
  GQty: 'GUnit',
  FirstQty: 'FirstUnit',
  SecondQty: 'SecondUnit',
};
const netWeights = ['netWeight', 'netWt', 'NetWt'] as const;
const amounts = ['goodsValue', 'amount', 'totalValue', 'charge'] as const;

export interface RemainderOptions {
  /** The total the lines have to meet where the head does not state one: the goods value of the order. */
  readonly amount?: string | undefined;
}

/**
 * The value for a field of a line (from 1) with which the lines meet the total of the head: line totals the amount, quantities in
 * kilograms the net weight, anything else the head field of the same name. Undefined where no total is stated, or where the other
 * lines exceed it already.
 */
export function remainderFor(
  spec: MessageSpec,
  body: Readonly<Record<string, unknown>>,
  line: number,
  field: string,
  options: RemainderOptions = {},
): string | undefined {
  const head = headOf(spec, body);
  const lines = linesOf(spec, body);
  const own = lines[line - 1];
  if (own === undefined) return undefined;
  const isAmount = spec.amount !== undefined && 'lines' in spec.amount && spec.amount.lines === field;
  const unit = quantities[field];
  const isWeight = unit !== undefined && own[unit] === KILOGRAM;
  const stated = isAmount
    ? (options.amount ?? firstOf(head, amounts))
    : isWeight
      ? firstOf(head, netWeights)
      : head[field];
  const total = tryParse5(stated ?? '');
  if (total === undefined) return undefined;
  let rest = total;
  for (const [index, other] of lines.entries()) {
    if (index === line - 1 || (isWeight && other[unit] !== KILOGRAM)) continue;
    rest -= tryParse5(other[field] ?? '') ?? 0n;
  }
  return rest < 0n ? undefined : format5(rest);
}

function firstOf(head: Values, names: readonly string[]): string | undefined {
  return names.map((name) => head[name]).find((value) => value !== undefined && value !== '');
}
