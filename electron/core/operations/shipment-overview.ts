import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { shipmentOverview } from '../../../shared/contract/shipment-overview.ts';
import { stockSections } from '../../../shared/finance/data-pack.ts';
import { fenText, majorText } from '../../../shared/reports/amounts.ts';
import type { Handlers } from '../context.ts';
import { dateOf } from '../obligations.ts';
import type { Book } from '../store/book.ts';
import { listPledges } from '../store/credit.ts';
import { buyersWithoutLimit, insuredLimits } from '../store/credit-insurance.ts';
import { listPacks } from '../store/financing.ts';
import { shipmentOrders } from '../store/risk/flows.ts';
import { requireFlag } from '../store/risk/red-flags.ts';
import {
  flagsOfShipment,
  linesOfShipment,
  owedOfOrders,
  refundOfShipment,
  regimesOfShipment,
  takenIntoPack,
} from '../store/shipment-overview.ts';
import { requireShipment } from '../store/shipments.ts';

type View = OutputOf<'shipments.overview'>;

/** Lines and flags that an answer carries. */
const shown = 20;

function refundView(book: Book, shipmentId: number): View['refund'] {
  const regimes = regimesOfShipment(book, shipmentId);
  const { claimedFen, unclaimedFen, preRefundFen } = refundOfShipment(book, shipmentId);
  return {
    regimes: regimes.map(({ fobFen, ...row }) => ({ ...row, fob: fenText(fobFen) })),
    claimed: fenText(claimedFen),
    unclaimed: fenText(unclaimedFen),
    preRefund: fenText(preRefundFen),
    lines: linesOfShipment(book, shipmentId, shown).map(({ refundFen, claimedPeriod, ...line }) => ({
      ...line,
      ...(claimedPeriod === null ? {} : { claimedPeriod }),
      refund: fenText(refundFen),
    })),
    total: regimes.reduce((sum, { lines }) => sum + lines, 0),
  };
}

interface Owed {
  readonly currency: string;
  minor: number;
  orders: number;
  buyers: number;
  oldest: string;
}

/** One sum by currency of what buyers owe, in the order they come. */
function byCurrency(owed: ReturnType<typeof owedOfOrders>): Owed[] {
  const sums = new Map<string, Owed>();
  for (const { currency, minor, orders, oldest } of owed) {
    const sum = sums.get(currency) ?? { currency, minor: 0, orders: 0, buyers: 0, oldest };
    sums.set(currency, sum);
    sum.minor += minor;
    sum.orders += orders;
    sum.buyers += 1;
    if (oldest < sum.oldest) sum.oldest = oldest;
  }
  return [...sums.values()];
}

function financeView(
  book: Book,
  of: { readonly orders: string; readonly shipmentId: number },
  date: string,
): View['finance'] {
  const on = dateOf(date, 'date');
  const owed = owedOfOrders(book, of.orders);
  const { names, uninsured } = buyersWithoutLimit(
    book,
    on,
    owed.map(({ buyer }) => buyer),
  );
  return {
    receivables: byCurrency(owed).map(({ minor, ...row }) => ({ ...row, open: majorText(minor, row.currency) })),
    limits: insuredLimits(book, on).rows.filter(({ buyer }) => names(buyer)),
    withoutLimit: byCurrency(owed.filter(({ buyer }) => uninsured(buyer))).map(({ currency, minor, orders }) => ({
      ...{ currency, orders, open: majorText(minor, currency) },
    })),
    pledges: listPledges(book).flatMap(({ id, number, title, state, body: { validTo }, signed }) =>
      state !== 'signed' || signed === null || signed.on > date || (validTo !== null && validTo < date)
        ? []
        : [{ id, number, title, signedOn: signed.on, validTo }],
    ),
    packs: listPacks(book).flatMap((pack) => {
      const taken = takenIntoPack(book, of, pack);
      const orders = pack.sections.includes('orders') ? taken.orders : 0;
      const declarations = pack.sections.includes('declarations') ? taken.declarations : 0;
      const mayHold = stockSections.filter((one) => pack.sections.includes(one) && taken[one] > 0);
      if (orders + declarations + mayHold.length === 0) return [];
      const { id, number, bank, from, to, madeAt, given } = pack;
      return [{ id, number, bank, from, to, madeAt, orders, declarations, mayHold, given: given.length }];
    }),
  };
}

/** One shipment with all that the book says of it beyond customs. */
export const shipmentOverviewHandlers: Handlers<keyof typeof shipmentOverview> = {
  'shipments.overview': ({ id, date }, { book }) => {
    requireShipment(book, id);
    const of = { orders: shipmentOrders(book, id), shipmentId: id };
    const flags = flagsOfShipment(book, of);
    return {
      refund: refundView(book, id),
      finance: financeView(book, of, date),
      flags: flags.slice(0, shown).map((flag) => {
        const { rule, severity, params, state } = requireFlag(book, flag);
        return { id: flag, rule, severity, params, state };
      }),
      flagsTotal: flags.length,
    };
  },
};
