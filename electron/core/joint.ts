/** 联合出海 across its parts: what statements would say now, goods as the lots of a dispatch have them, what is open. */
import { z } from 'zod';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { type JointStatements, jointStatements } from '../../shared/contract/joint.ts';
import { ownersOf, splitByOwner } from '../../shared/joint/owners.ts';
import { isShareable, type JointGoods, jointShares } from '../../shared/joint/shares.ts';
import { amountAt } from '../../shared/ledger/index.ts';
import { moneyText } from '../../shared/money/index.ts';
import { yuanText } from './obligations.ts';
import type { Book } from './store/book.ts';
import * as store from './store/joint.ts';
import { dueSource } from './store/joint-posting.ts';
import { present } from './store/trace/sites.ts';
import { ratesOn } from './store/typed-vouchers.ts';
import { vouchersOfSource } from './store/voucher-views.ts';

type Joint = OutputOf<'joint.get'>;

const yuan = (fen: bigint): string => yuanText(Number(fen));
const sum = (values: readonly bigint[]): bigint => values.reduce((total, one) => total + one, 0n);

const goodsView = ({ partyId, valueFen, soldFen, lotId, taken, jointId: _of, ...row }: store.GoodsRecord) => ({
  ...row,
  value: yuanText(valueFen),
  sold: yuanText(soldFen),
  isTaken: taken === 1,
  ...(partyId === null ? {} : { partyId }),
  ...(lotId === null ? {} : { lotId }),
});
/** Lines of goods as the contract has them. */
export const goodsRows = (book: Book, jointId: number): OutputOf<'joint.goods'>['rows'] =>
  store.goodsOf(book, jointId).map(goodsView);

/** What a receipt said, of the JSON of the store. */
const receiptSaid = z.object({ date: z.string(), currency: z.string(), minor: z.number() });
function said(text: string | null) {
  if (text === null) return null;
  const { date, currency, minor } = receiptSaid.parse(JSON.parse(text));
  return { date, currency, amount: moneyText({ currency, minor: BigInt(minor) }) };
}
const amountView = ({ jointId: _of, amountFen, recordWas, recordNow, ...row }: store.AmountRecord) =>
  present({ ...row, amount: yuanText(amountFen), recordWas: said(recordWas), recordNow: said(recordNow) });

export interface Draft {
  readonly statements: JointStatements;
  readonly dues: readonly { readonly partyId: number; readonly netFen: number }[];
  readonly ownerless: number;
  readonly unshared: readonly store.AmountRecord[];
}

/**
 * Statements as they would be issued now: every amount shared among the members by largest remainders. Lines without a member and
 * amounts that cannot be shared are left out and named.
 */
export function draftOf(book: Book, joint: store.JointRecord): Draft {
  const lines = store.goodsOf(book, joint.id);
  const amounts = store.amountsOf(book, joint.id);
  const names = new Map<number, string>();
  const figures: JointGoods[] = [];
  for (const { partyId, party, massG, valueFen, cartons, soldFen } of lines) {
    if (partyId === null) continue;
    names.set(partyId, party);
    figures.push({
      member: partyId,
      weight: BigInt(massG),
      value: BigInt(valueFen),
      cartons: BigInt(cartons),
      sold: BigInt(soldFen),
    });
  }
  const shareable = amounts.map((one) => ({
    ...one,
    shared: { amountFen: BigInt(one.amountFen), by: one.by, only: one.partyId ?? undefined },
  }));
  const unshared = shareable.filter(({ shared }) => !isShareable(figures, shared));
  const sideOf = (side: 'cost' | 'proceeds') =>
    shareable.filter((one) => one.side === side && isShareable(figures, one.shared));
  const costs = sideOf('cost');
  const proceeds = sideOf('proceeds');
  const shares = jointShares(
    figures,
    costs.map(({ shared }) => shared),
    proceeds.map(({ shared }) => shared),
  );
  const figuresOf = (all: readonly Omit<JointGoods, 'member'>[]) => ({
    weightG: Number(sum(all.map(({ weight }) => weight))),
    cartons: Number(sum(all.map(({ cartons }) => cartons))),
    value: yuan(sum(all.map(({ value }) => value))),
    sold: yuan(sum(all.map(({ sold }) => sold))),
  });
  const amountText = ({ kind, note, amountFen, by, party }: store.AmountRecord) => ({
    kind,
    note,
    amount: yuanText(amountFen),
    by,
    ...(party === null ? {} : { party }),
  });
  const { number, title, on, source } = joint;
  const totalOf = (all: typeof costs): bigint => sum(all.map(({ shared }) => shared.amountFen));
  return {
    // As it is read back, so that the two can be compared.
    statements: jointStatements.parse({
      number,
      title,
      on,
      source,
      goods: lines.map(goodsView).map(({ id: _id, isTaken: _taken, lotId: _lot, ...row }) => row),
      costs: costs.map(amountText),
      proceeds: proceeds.map(amountText),
      members: shares.map((share) => ({
        partyId: share.member,
        name: names.get(share.member) ?? '',
        ...figuresOf([share]),
        costs: share.costs.map(yuan),
        proceeds: share.proceeds.map(yuan),
        net: yuan(share.netFen),
      })),
      totals: {
        ...figuresOf(shares),
        costs: yuan(totalOf(costs)),
        proceeds: yuan(totalOf(proceeds)),
        net: yuan(totalOf(proceeds) - totalOf(costs)),
      },
    } satisfies JointStatements),
    dues: shares.map(({ member, netFen }) => ({ partyId: member, netFen: Number(netFen) })),
    ownerless: lines.filter(({ partyId }) => partyId === null).length,
    unshared,
  };
}

/** What a list says of a joint shipment. */
export function rowOf(book: Book, joint: store.JointRecord): OutputOf<'joint.list'>['rows'][number] {
  const { dispatchId: _dispatch, shipmentId: _shipment, note: _note, posting: _posting, ...row } = joint;
  let payable = 0;
  let owed = 0;
  if (joint.version > 0)
    for (const { dueFen, paidFen } of store.balancesOf(book, joint.id)) {
      if (dueFen > paidFen) payable += dueFen - paidFen;
      else owed += paidFen - dueFen;
    }
  return { ...row, payable: yuanText(payable), owed: yuanText(owed) };
}

/** Goods of the lots on a joint shipment's dispatches, a line an owner. `partyId` undefined: whose orchard it was is not on record. */
interface Proposed extends Pick<store.GoodsRecord, 'goods' | 'place' | 'massG' | 'cartons'> {
  readonly lotId: number;
  readonly partyId: number | undefined;
}
function proposedGoods(book: Book, joint: store.JointRecord): Proposed[] {
  const loaded = store.loadedLots(book, store.sourceDispatches(book, joint));
  const origins = store.originsOf(
    book,
    loaded.map(({ lotId }) => lotId),
  );
  const owners = ownersOf(origins);
  const byId = new Map(origins.map((one) => [one.id, one]));
  /** Orchards a lot came from, at most three by name. */
  const placeOf = (lotId: number): string => {
    const names = new Set<string>();
    const open = [lotId];
    const seen = new Set(open);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const { site = '', inputs = [] } = byId.get(at) ?? {};
      if (site !== '') names.add(site);
      for (const input of inputs)
        if (!seen.has(input.lotId)) {
          seen.add(input.lotId);
          open.push(input.lotId);
        }
    }
    const all = [...names];
    return (all.length > 3 ? `${all.slice(0, 3).join('、')}等 ${all.length} 处` : all.join('、')).slice(0, 100);
  };
  return loaded.flatMap(({ lotId, goods, cartons, massG }) => {
    const own = owners.get(lotId) ?? new Map([[undefined, 1n]]);
    const masses = new Map(splitByOwner(BigInt(massG), own));
    return splitByOwner(BigInt(cartons), own)
      .map(([partyId, part]) => ({
        lotId,
        partyId,
        goods: goods.slice(0, 100),
        place: placeOf(lotId),
        cartons: Number(part),
        massG: Number(masses.get(partyId) ?? 0n),
      }))
      .filter((one) => one.cartons > 0 || one.massG > 0);
  });
}

/**
 * Lines that follow a source, matched with what it holds now: by lot and member; then by lot alone where nobody is known as its owner,
 * or where the line has no member yet and one is known now.
 */
function matchGoods(book: Book, joint: store.JointRecord) {
  const left = store.goodsOf(book, joint.id).filter(({ taken }) => taken === 1);
  const take = (fits: (line: store.GoodsRecord) => boolean): store.GoodsRecord | undefined => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const proposed = proposedGoods(book, joint);
  const exact = new Map(
    proposed.map((one) => [one, take((line) => line.lotId === one.lotId && line.partyId === (one.partyId ?? null))]),
  );
  const matched = proposed.map((one) => ({
    one,
    line:
      exact.get(one) ??
      take((line) => line.lotId === one.lotId && (one.partyId === undefined || line.partyId === null)),
  }));
  const isSame = ({ one, line }: (typeof matched)[number]): boolean =>
    line !== undefined &&
    line.massG === one.massG &&
    line.cartons === one.cartons &&
    (line.partyId !== null || one.partyId === undefined);
  return {
    added: matched.filter(({ line }) => line === undefined).map(({ one }) => one),
    changed: matched.flatMap((pair) => (pair.line === undefined || isSame(pair) ? [] : [{ ...pair, line: pair.line }])),
    removed: left,
    cartons: proposed.reduce((all, { cartons }) => all + cartons, 0),
    massG: proposed.reduce((all, { massG }) => all + massG, 0),
  };
}

/** Lines that would go with another source although somebody gave them a value or a price. */
export function pricedLinesGoing(book: Book, joint: store.JointRecord): number {
  return matchGoods(book, joint).removed.filter(({ valueFen, soldFen }) => valueFen !== 0 || soldFen !== 0).length;
}

/** Brings the lines that follow the source up to what it holds now; members, values and prices stay. Call it in a transaction. */
export function takeGoods(book: Book, joint: store.JointRecord, now: string): OutputOf<'joint.take'> {
  const { added, changed, removed } = matchGoods(book, joint);
  for (const { id } of removed) store.removeGoods(book, id, now);
  for (const { one, line } of changed)
    store.updateGoods(
      book,
      line.id,
      joint.id,
      { ...line, massG: one.massG, cartons: one.cartons, partyId: line.partyId ?? one.partyId ?? null },
      now,
    );
  for (const one of added) store.insertGoods(book, joint.id, { ...one, partyId: one.partyId ?? null, taken: 1 }, now);
  return { added: added.length, changed: changed.length, removed: removed.length };
}

/** All a page shows of one; `version` of the statements, or as they would be issued now. */
export function viewOf(book: Book, joint: store.JointRecord, version: number | undefined): Joint {
  const draft = draftOf(book, joint);
  const last = joint.version === 0 ? undefined : store.issuedStatements(book, joint.id, joint.version);
  const statements = version === undefined ? draft.statements : store.issuedStatements(book, joint.id, version);
  const isSourced = joint.dispatchId !== null || joint.shipmentId !== null;
  const source = isSourced ? matchGoods(book, joint) : undefined;
  return {
    ...rowOf(book, joint),
    note: joint.note,
    posting: joint.posting,
    vouchers: vouchersOfSource(book, dueSource(joint)).map(({ id, label }) => ({ id, label })),
    statements,
    amounts: store.amountsOf(book, joint.id).map(amountView),
    balances: store.balancesOf(book, joint.id).map(({ partyId, name, dueFen, paidFen }) => ({
      partyId,
      name,
      due: yuanText(dueFen),
      paid: yuanText(paidFen),
      left: yuanText(dueFen - paidFen),
    })),
    payments: store
      .paymentsOf(book, joint.id)
      .map(({ amountFen, jointId: _of, ...row }) => present({ ...row, amount: yuanText(amountFen) })),
    issues: store.issuesOf(book, joint.id),
    isChanged: last !== undefined && JSON.stringify(last) !== JSON.stringify(draft.statements),
    ownerless: draft.ownerless,
    unshared: draft.unshared.map(({ id, kind, note, by }) => ({ id, kind, note, by })),
    ...(source === undefined
      ? {}
      : {
          sourceNow: {
            cartons: source.cartons,
            massG: source.massG,
            isSame: source.added.length + source.changed.length + source.removed.length === 0,
          },
        }),
  };
}

/** Receipts that may be proceeds of a joint shipment, in CNY at the rate of their day. */
export function receiptRows(book: Book, joint: store.JointRecord): OutputOf<'joint.receipts'>['rows'] {
  return store.receiptsOf(book, joint).map(({ amountMinor, takenFen, ...row }) => {
    const { currency, date } = row;
    const minor = BigInt(amountMinor);
    const rate = currency === 'CNY' ? '1' : ratesOn(book, date)(currency)?.cnyPerUnit;
    return {
      ...row,
      amount: moneyText({ currency, minor }),
      ...(rate === undefined ? {} : { cny: yuan(amountAt({ currency, minor }, rate).fen) }),
      ...(takenFen === null ? {} : { taken: yuanText(takenFen) }),
    };
  });
}
