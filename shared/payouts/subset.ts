import { isGross } from './categories.ts';
import { Lines } from './lines.ts';
import { daysNumber, type KindDay, type OrderSum, type ParsedFile, type ParsedPayout } from './reader.ts';

/** A payout of some of its lines, with the sums of those alone: what a report by days brings beyond an earlier one. */
export function subsetOf({ kinds, layout }: ParsedFile, payout: ParsedPayout, kept: readonly number[]): ParsedPayout {
  const lines = new Lines();
  const dayAt = new Map<number, number>();
  const orderAt = new Map<number, number>();
  const days: KindDay[] = [];
  const orders: OrderSum[] = [];
  let total = 0;
  let transfers: number | undefined;
  let held = 0;
  let released = 0;
  for (const at of kept) {
    const source = payout.lines.day[at] ?? 0;
    const was = payout.days[source];
    if (was === undefined) continue;
    let day = dayAt.get(source);
    if (day === undefined) {
      day = days.length;
      dayAt.set(source, day);
      days.push({ kind: was.kind, china: was.china, own: was.own, lines: 0, minor: 0 });
    }
    const minor = payout.lines.minor[at] ?? 0;
    const sum = days[day];
    if (sum !== undefined) {
      sum.lines += 1;
      sum.minor += minor;
    }
    const order = payout.lines.order[at] ?? -1;
    const named = payout.orders[order];
    let ref = -1;
    const category = kinds[was.kind]?.category ?? 'unknown';
    if (named !== undefined) {
      ref = orderAt.get(order) ?? orders.length;
      if (ref === orders.length) {
        orderAt.set(order, ref);
        orders.push({ no: named.no, lastOn: was.china, grossMinor: 0, refundMinor: 0, keptMinor: 0 });
      }
      const sums = orders[ref];
      if (sums !== undefined) {
        if (was.china > sums.lastOn) sums.lastOn = was.china;
        if (isGross(category)) sums.grossMinor += minor;
        else if (category === 'refund' || category === 'chargeback') sums.refundMinor += minor;
        else sums.keptMinor += minor;
      }
    }
    if (category === 'transfer' && layout.scope === 'range') transfers = (transfers ?? 0) - minor;
    else total += minor;
    if (category === 'reserve-held') held -= minor;
    if (category === 'reserve-released') released += minor;
    const { row, sku, qtyE5 } = payout.lines;
    lines.add(row[at] ?? 0, day, ref, sku[at] ?? null, qtyE5[at] ?? null, minor);
  }
  const own = days.map((day) => day.own).sort();
  const fromOn = own[0] ?? payout.fromOn;
  const toOn = own.at(-1) ?? payout.toOn;
  return {
    ...payout,
    number: layout.columns.number === undefined ? daysNumber(fromOn, toOn) : payout.number,
    fromOn,
    toOn,
    totalMinor: total,
    depositMinor: transfers,
    proof: transfers === undefined ? payout.proof : transfers === total ? 'transfer' : 'none',
    reserveOpeningMinor: released,
    reserveClosingMinor: held,
    // Of a part nobody can download the same again: what is there is told line by line.
    digest: '',
    days,
    orders,
    lines: lines.columns(),
  };
}
