/**
 * Summing up released export lists (清单核放、汇总申报): lists whose heads agree become one declaration, their lines that agree in
 * destination, code and currency one item of it (海关总署公告 2018 年第 194 号). Which fields must agree is data of a dated pack; that
 * amounts and quantities stay is checked each time.
 */
import { ceb603 } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf } from '../documents/spec.ts';
import { tryParse5 } from '../money/decimal.ts';
import { splitByLimit } from './goods-merge.ts';

/** Head: one consignor, means of transport, producer, arrival country and customs of exit make one declaration. */
export const summaryHeadKeys = ['consignor', 'transportMode', 'producer', 'arrivalCountry', 'exitCustoms'] as const;
/** Lines: final destination, 10-digit code and currency make one item; the goods name where the application asks for it. */
export const summaryItemKeys = ['destCountry', 'hs10', 'currency', 'name'] as const;
export type SummaryHeadKey = (typeof summaryHeadKeys)[number];
export type SummaryItemKey = (typeof summaryItemKeys)[number];

/** A line of a released list, with what its head says; quantity and amount scaled by 10^5. */
export interface SummaryLine extends Readonly<Record<SummaryHeadKey | SummaryItemKey, string>> {
  /** Number of its list (invtNo). */
  readonly list: string;
  /** First legal unit, in which the quantity counts; empty where nobody has said. */
  readonly unit: string;
  readonly qty_e5: bigint;
  readonly amount_e5: bigint;
  /** 清单核放、汇总统计 (statisticsFlag A): counted, never declared again. */
  readonly isStatisticsOnly: boolean;
}

export interface SummaryKeys {
  readonly head: readonly SummaryHeadKey[];
  readonly item: readonly SummaryItemKey[];
  /** Most items of a declaration. */
  readonly maxItems: number;
}

export interface SummaryItem {
  /** The fields that agree, by key. */
  readonly keys: Readonly<Partial<Record<SummaryItemKey, string>>>;
  readonly unit: string;
  readonly qty_e5: bigint;
  readonly amount_e5: bigint;
  readonly sources: readonly SummaryLine[];
}

/** A declaration to be: at most `maxItems` items whose lists agree in their heads. */
export interface SummaryDeclaration {
  readonly keys: Readonly<Partial<Record<SummaryHeadKey, string>>>;
  readonly items: readonly SummaryItem[];
  /** Numbers of the lists it is made of, each once, in order. */
  readonly lists: readonly string[];
}

export interface Summary {
  readonly declarations: readonly SummaryDeclaration[];
  /** Lists that are only counted. */
  readonly statistics: readonly string[];
}

function grouped<L>(lines: readonly L[], nature: (line: L) => readonly string[]): [L, ...L[]][] {
  const groups = new Map<string, [L, ...L[]]>();
  for (const line of lines) {
    const key = JSON.stringify(nature(line));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()];
}

function picked<K extends string>(line: Readonly<Record<K, string>>, names: readonly K[]): Partial<Record<K, string>> {
  const values: Partial<Record<K, string>> = {};
  for (const name of names) values[name] = line[name];
  return values;
}

function itemOf(sources: readonly [SummaryLine, ...SummaryLine[]], keys: SummaryKeys): SummaryItem {
  let [qty, amount] = [0n, 0n];
  for (const line of sources) {
    qty += line.qty_e5;
    amount += line.amount_e5;
  }
  return { keys: picked(sources[0], keys.item), unit: sources[0].unit, qty_e5: qty, amount_e5: amount, sources };
}

const listsOf = (lines: readonly SummaryLine[]): string[] => [
  ...new Set(lines.map(({ list }) => list).filter((list) => list !== '')),
];

/**
 * Sums released lines up. Quantities of differing units are never added: such lines are items of their own. Throws a RangeError if
 * an amount or quantity were lost, which is a bug.
 */
export function mergeSummary(lines: readonly SummaryLine[], keys: SummaryKeys): Summary {
  const declared = lines.filter(({ isStatisticsOnly }) => !isStatisticsOnly);
  const declarations = grouped(declared, (line) => keys.head.map((name) => line[name])).flatMap((group) => {
    const items = grouped(group, (line) => [...keys.item.map((name) => line[name]), line.unit]).map((one) =>
      itemOf(one, keys),
    );
    return splitByLimit(items, keys.maxItems).map(
      (part): SummaryDeclaration => ({
        keys: picked(group[0], keys.head),
        items: part,
        lists: listsOf(part.flatMap(({ sources }) => sources)),
      }),
    );
  });
  const items = declarations.flatMap((one) => one.items);
  const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
  const isKept =
    sum(items.map((one) => one.amount_e5)) === sum(declared.map((one) => one.amount_e5)) &&
    sum(items.map((one) => one.qty_e5)) === sum(declared.map((one) => one.qty_e5));
  if (!isKept) throw new RangeError('summing up lists changed their totals');
  return { declarations, statistics: listsOf(lines.filter(({ isStatisticsOnly }) => isStatisticsOnly)) };
}

/**
 * The lines of an export list (CEB603) as a summary takes them: quantity in the first legal unit. Figures that cannot be read count
 * as nought: such a list never passed the check.
 * @param list number customs gave it (invtNo)
 */
export function summaryLinesOf(list: string, document: AnyDocument): SummaryLine[] {
  const head = headOf(ceb603, document);
  const text = (value: string | undefined): string => value ?? '';
  return linesOf(ceb603, document).map((line) => ({
    list,
    consignor: text(head['ebcCode']),
    transportMode: text(head['trafMode']),
    producer: text(head['ownerCode']),
    arrivalCountry: text(head['country']),
    exitCustoms: text(head['portCode']),
    destCountry: text(line['country']),
    hs10: text(line['gcode']),
    currency: text(line['currency']),
    name: text(line['gname']),
    unit: text(line['unit1']),
    qty_e5: tryParse5(text(line['qty1'])) ?? 0n,
    amount_e5: tryParse5(text(line['totalPrice'])) ?? 0n,
    isStatisticsOnly: head['statisticsFlag'] === 'A',
  }));
}
