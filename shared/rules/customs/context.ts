/** What a check of one retail export sees: the drafts that belong together and the facts around them. */
import { type IsoDate, parseCompactDate } from '../../calendar/dates.ts';
import { ceb303, ceb403, ceb505, ceb603 } from '../../documents/catalogue.ts';
import type { Finding, FindingLevel } from '../../documents/finding.ts';
import { type AnyDocument, headOf, linesOf, type MessageName, type Values } from '../../documents/spec.ts';
import { type Decimal5, tryParse5 } from '../../money/decimal.ts';
import type { TableSet } from '../../tables/table.ts';
import type { ModeRule } from '../customs-modes/router.ts';
import type { CustomsParameters } from './pack.ts';

/** What the book knows of the firm. Unknown facts stay undefined, and rules that need them are silent. */
export interface CheckProfile {
  /** True for a platform abroad without a Chinese code. */
  readonly foreignPlatform?: boolean;
  readonly inPilotZone?: boolean;
  /** It files simplified lists, and so claims no refund on their goods. */
  readonly simplified?: boolean;
  readonly dxpId?: string;
}

/** What the product library and the tariff say of goods; undefined: nobody has said. Whether a refund is claimed is not of the goods. */
export interface ProductFacts {
  readonly licence?: boolean | undefined;
  readonly inspection?: boolean | undefined;
  readonly exportDuty?: boolean | undefined;
}

/** Waybills elsewhere in the book. */
export interface BatchFacts {
  /** How many lists that are not filed yet carry a carrier's number, this one included. */
  readonly waybillCount?: (logisticsCode: string, logisticsNo: string) => number;
  /** Last day a carrier's number was filed with another list; undefined if never. */
  readonly waybillLastUsed?: (logisticsCode: string, logisticsNo: string) => IsoDate | undefined;
}

/** The set as the caller has it. Only the list must be there; what is absent is not compared. */
export interface RetailExportSet {
  readonly list: AnyDocument;
  readonly order?: AnyDocument;
  readonly receipt?: AnyDocument;
  readonly waybill?: AnyDocument;
  readonly profile: CheckProfile;
  readonly product?: (itemNo: string, gcode: string) => ProductFacts | undefined;
  /** What the pack of modes asks of the list's supervision mode; undefined: it does not know the mode. */
  readonly mode?: ModeRule | undefined;
  /** Yuan of a currency (customs code) on a day; undefined: no rate. */
  readonly cnyPerUnit?: ((currency: string, date: IsoDate) => string | undefined) | undefined;
  readonly batch?: BatchFacts;
  /** Day the buyer ordered. */
  readonly orderedOn?: IsoDate;
  readonly tables: TableSet;
  readonly parameters: CustomsParameters;
}

/** A finding that also names the document it lies in. */
export interface CustomsFinding extends Finding {
  readonly message: MessageName;
}

/** The set, opened once for all rules. */
export interface CheckContext extends RetailExportSet {
  readonly listHead: Values;
  readonly listLines: readonly Values[];
  readonly orderHead: Values | undefined;
  readonly orderLines: readonly Values[];
  readonly receiptHead: Values | undefined;
  readonly waybillHead: Values | undefined;
  /** Lines of order and list that carry the same gnum. */
  readonly pairs: readonly LinePair[];
}

export interface LinePair {
  /** Position in the list, from 1. */
  readonly at: number;
  readonly gnum: string;
  readonly list: Values;
  readonly order: Values;
}

export interface CustomsRule {
  readonly id: string;
  readonly level: FindingLevel;
  /** Document and section the rule stands on. */
  readonly source: string;
  readonly title: string;
  readonly check: (context: CheckContext) => readonly CustomsFinding[];
}

/** Opens a set for checking. */
export function openSet(set: RetailExportSet): CheckContext {
  const listLines = linesOf(ceb603, set.list);
  const orderLines = set.order === undefined ? [] : linesOf(ceb303, set.order);
  const byGnum = new Map<string, Values>();
  for (const line of orderLines) {
    const gnum = line['gnum'];
    if (gnum !== undefined && !byGnum.has(gnum)) byGnum.set(gnum, line);
  }
  const pairs: LinePair[] = [];
  for (const [index, line] of listLines.entries()) {
    const gnum = line['gnum'] ?? '';
    const order = byGnum.get(gnum);
    if (order !== undefined) pairs.push({ at: index + 1, gnum, list: line, order });
  }
  return {
    ...set,
    listHead: headOf(ceb603, set.list),
    listLines,
    orderHead: set.order === undefined ? undefined : headOf(ceb303, set.order),
    orderLines,
    receiptHead: set.receipt === undefined ? undefined : headOf(ceb403, set.receipt),
    waybillHead: set.waybill === undefined ? undefined : headOf(ceb505, set.waybill),
    pairs,
  };
}

/** Decimal of a field, undefined when absent or no decimal: the field checks speak about that. */
export function decimalOf(values: Values | undefined, name: string): Decimal5 | undefined {
  const text = values?.[name];
  return text === undefined || text === '' ? undefined : tryParse5(text);
}

/** Day of a date8 or the day part of a time14 field. */
export function dayOfField(values: Values | undefined, name: string): IsoDate | undefined {
  const text = values?.[name];
  return text === undefined ? undefined : parseCompactDate(text.slice(0, 8));
}

/**
 * Whether a total is quantity times price as far as their decimals can say: half of the price's last one for every piece, and half of the
 * total's own.
 */
export function isProduct(qty: Decimal5, price: Decimal5, total: Decimal5, decimals = 5): boolean {
  const off = total * 100_000n - qty * price;
  return 2n * (off < 0n ? -off : off) <= 10n ** BigInt(5 - decimals) * (qty + 100_000n);
}
