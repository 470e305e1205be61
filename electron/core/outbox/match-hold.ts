import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { FindingView } from '../../../shared/contract/common.ts';
import { fieldsOfCode, type MatchCode, type MatchField } from '../../../shared/matching/record-match.ts';
import { findingOfCode } from '../../../shared/rules/matching/texts.ts';
import type { Context } from '../context.ts';
import { matchPackOn, matchRules, settingsOf } from '../matching.ts';
import { type DocumentRecord, findingsOf, storeFindings } from '../store/documents.ts';
import { matchOrders, openCodes } from '../store/record-match.ts';

/** What the match says of an order about to be queued: codes without an accepted exception. */
export interface MatchVerdict {
  /** Its papers stay here. */
  readonly holds: readonly MatchCode[];
  /** Its papers go, with a doubt. */
  readonly doubts: readonly MatchCode[];
}

/**
 * Matches the orders of a batch anew, in one go, and says which are held and which are doubtful by the firm's settings. An order
 * that passes, or whose mismatches are all accepted, is not in the answer. Refusal: `RULE_PACK_MISSING`.
 */
export function matchBeforeQueue(context: Context, orderIds: readonly number[]): ReadonlyMap<number, MatchVerdict> {
  const { book } = context;
  const { missing, contradiction } = settingsOf(book);
  const verdicts = new Map<number, MatchVerdict>();
  if (orderIds.length === 0 || (missing === 'off' && contradiction === 'off')) return verdicts;
  const now = context.now();
  matchOrders(book, matchRules(context, now), orderIds, now);
  const doubtful = new Set(matchPackOn(context, chinaDate(now)).parameters.doubtful);
  const effectOf = (code: MatchCode): 'hold' | 'doubt' | 'off' => (doubtful.has(code) ? missing : contradiction);
  for (const [orderId, codes] of openCodes(book, orderIds)) {
    const holds = codes.filter((code) => effectOf(code) === 'hold');
    const doubts = codes.filter((code) => effectOf(code) === 'doubt');
    if (holds.length + doubts.length > 0) verdicts.set(orderId, { holds, doubts });
  }
  return verdicts;
}

/** Where the fields of the comparison stand in a list, so that a finding leads to the one it is about. */
const listFields: Partial<Readonly<Record<MatchField, string>>> = {
  orderNo: 'InventoryHead/orderNo',
  logisticsNo: 'InventoryHead/logisticsNo',
  country: 'InventoryHead/country',
  weight: 'InventoryHead/grossWeight',
  amount: 'InventoryList[1]/totalPrice',
  currency: 'InventoryList[1]/currency',
  goods: 'InventoryList[1]/itemNo',
  quantity: 'InventoryList[1]/qty',
};

/** The paper of an order that carries the findings: its list, else its order. */
function carrierOf(documents: readonly DocumentRecord[]): DocumentRecord | undefined {
  const checked = documents.filter(({ state }) => state === 'checked');
  return (
    checked.find(({ kind }) => kind === 'CEB603Message') ??
    checked.find(({ kind }) => kind === 'CEB303Message') ??
    checked[0]
  );
}

/**
 * Writes a verdict on the papers of its order; what holds makes a draft of the paper again.
 * @returns whether the order may be queued
 */
export function noteMatch(
  context: Context,
  { holds, doubts }: MatchVerdict,
  documents: readonly DocumentRecord[],
): boolean {
  const { book } = context;
  const carrier = carrierOf(documents);
  if (carrier === undefined) return holds.length === 0;
  const finding =
    (level: FindingView['level']) =>
    (code: MatchCode): FindingView => {
      const [field] = fieldsOfCode[code];
      return {
        rule: findingOfCode(code),
        level,
        path: (carrier.kind === 'CEB603Message' && field !== undefined ? listFields[field] : undefined) ?? '',
        params: { orderNo: carrier.orderNo, field: field ?? '' },
        source: '三单比对；例外由经办人在“三单比对”写明理由接受，署名留痕',
      };
    };
  book.transaction(() => {
    const found = [...holds.map(finding('reject')), ...doubts.map(finding('doubt'))];
    storeFindings(book, carrier.id, [...findingsOf(book, carrier.id), ...found], context.now());
  });
  return holds.length === 0;
}
