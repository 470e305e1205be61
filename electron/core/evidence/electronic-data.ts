/** Electronic transaction information (交易电子信息) for the bank: which transactions may be settled on it, and what stands in the way of others. */
import type { z } from 'zod';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ElectronicRow, electronicScope } from '../../../shared/contract/evidence.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { codesOf } from '../../../shared/matching/record-match.ts';
import { format5, formatScaled, money, moneyText, sum5, toMinor } from '../../../shared/money/index.ts';
import {
  electronicInformationPackId,
  electronicInformationPackSchema,
} from '../../../shared/rules/forex/electronic-information.ts';
import type { Context } from '../context.ts';
import { matchDue } from '../matching.ts';
import { packVersion } from '../obligations.ts';
import { type ElectronicOrder, electronicOrders, evidenceVerdicts } from '../store/evidence.ts';
import { requireRecord } from '../store/money/records.ts';
import { usdMinorOf } from '../store/money/usd.ts';

export type ElectronicScope = z.output<typeof electronicScope>;
export type ElectronicData = OutputOf<'electronicData.preview'>;

/** The columns of the file, in its order. */
export const electronicColumns: readonly { readonly header: string; readonly of: (row: ElectronicRow) => string }[] = [
  { header: '订单编号', of: (row) => row.orderNo },
  { header: '订单日期', of: (row) => row.orderedOn },
  { header: '付款人', of: (row) => row.payer },
  { header: '付款人国别（地区）', of: (row) => row.country },
  { header: '币种', of: (row) => row.currency },
  { header: '金额', of: (row) => row.amount },
  { header: '折美元', of: (row) => row.amountUsd ?? '' },
  { header: '商品', of: (row) => row.goods },
  { header: '付款日期', of: (row) => row.paidOn },
  { header: '支付交易编号', of: (row) => row.payNo },
  { header: '物流单号', of: (row) => row.waybillNo },
  { header: '清单或报关单号', of: (row) => row.listNo },
  { header: '收款记录', of: (row) => row.receiptNo },
  { header: '超单笔限额', of: (row) => (row.overLimit ? '是' : '') },
  { header: '例外说明', of: (row) => row.exception },
];

/**
 * The transactions of a scope, those whose records match or are accepted as they are; the others with the codes that stand in their way
 * (`NOT_MATCHED`: not matched yet). What changed is matched first. Refusals: `MONEY_RECORD_UNKNOWN`, `DATE_RANGE`, `RULE_PACK_MISSING`.
 */
export function electronicData(
  context: Pick<Context, 'book' | 'resources' | 'now'>,
  scope: ElectronicScope,
): ElectronicData {
  const { book, resources } = context;
  const { recordId, from, to } = scope;
  if (recordId !== undefined) requireRecord(book, recordId, 'recordId');
  if (from !== undefined && to !== undefined && from > to) throw new PortbookError('DATE_RANGE', { from, to }, 'from');
  const now = context.now();
  book.transaction(() => matchDue(context, now));
  const { singleLimitUsd } = packVersion(
    context,
    electronicInformationPackId,
    electronicInformationPackSchema,
    chinaDate(now),
  ).parameters;
  const limitMinor = BigInt(singleLimitUsd.times(100).toFixed(0));
  const orders = electronicOrders(book, scope);
  const verdicts = new Map(
    evidenceVerdicts(
      book,
      orders.map(({ id }) => id),
    ).map((one) => [one.orderId, one]),
  );
  const countries = resources.table('country');
  const rows: ElectronicRow[] = [];
  const out: ElectronicData['out'] = [];
  const totals = new Map<string, { amounts: bigint[]; transactions: number }>();
  let usd = 0n;
  let unrated = 0;
  for (const order of orders) {
    const verdict = verdicts.get(order.id);
    if (verdict?.state !== 'passed' && verdict?.state !== 'excepted') {
      const codes = verdict === undefined || verdict.state === 'unmatched' ? ['NOT_MATCHED'] : codesOf(verdict.codes);
      out.push({ orderNo: order.orderNo, orderId: order.id, codes });
      continue;
    }
    const minor = toMinor(BigInt(order.valueE5), order.currency).minor;
    const usdMinor = usdMinorOf(book, order.currency, Number(minor), order.date);
    if (usdMinor === undefined) unrated += 1;
    else usd += BigInt(usdMinor);
    const total = totals.get(order.currency) ?? { amounts: [], transactions: 0 };
    total.amounts.push(BigInt(order.valueE5));
    total.transactions += 1;
    totals.set(order.currency, total);
    rows.push({
      ...rowOf(order),
      country: order.country === '' ? '' : (countries.lookup(order.country)?.more['alpha3'] ?? ''),
      amount: moneyText(money(minor, order.currency)),
      ...(usdMinor === undefined ? {} : { amountUsd: formatScaled(BigInt(usdMinor), 2, 2) }),
      overLimit: usdMinor !== undefined && BigInt(usdMinor) > limitMinor,
      exception: verdict.state === 'excepted' ? verdict.reason : '',
    });
  }
  return {
    transactions: rows.length,
    overLimit: rows.filter(({ overLimit }) => overLimit).length,
    leftOut: out.length,
    totals: [...totals]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { amounts, transactions }]) => ({ currency, transactions, amount: format5(sum5(amounts), 2) })),
    totalUsd: formatScaled(usd, 2, 2),
    unrated,
    limitUsd: singleLimitUsd.toFixed(),
    rows,
    out,
  };
}

function rowOf(order: ElectronicOrder) {
  const { orderNo, date, goods, goodsLines } = order;
  return {
    orderNo,
    orderedOn: date,
    payer: order.payers === '' ? order.buyer : order.payers.replaceAll(',', ' '),
    currency: order.currency,
    goods: goodsLines > 1 ? `${goods} 等 ${goodsLines} 项` : goods,
    paidOn: order.paidOn,
    payNo: order.payNos,
    waybillNo: order.waybills,
    listNo: order.lists.replaceAll(',', ' '),
    receiptNo: order.receipts,
  };
}

/** What the list of those left out has beside their number. */
export const leftOutRow = ({ orderNo, codes }: ElectronicData['out'][number]): readonly string[] => [
  orderNo,
  codes.join(' '),
];
