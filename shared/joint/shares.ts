import { allocate } from '../money/index.ts';

/** By what an amount is shared (分摊依据): net weight, value of the goods, cartons, what each one's goods were sold for. */
export const shareBases = ['weight', 'value', 'cartons', 'sold'] as const;
export type ShareBasis = (typeof shareBases)[number];

/** Goods of a member: net weight in grams, value and selling price in fen, whole cartons. */
export interface JointGoods {
  readonly member: number;
  readonly weight: bigint;
  readonly value: bigint;
  readonly cartons: bigint;
  readonly sold: bigint;
}

export interface JointAmount {
  readonly amountFen: bigint;
  readonly by: ShareBasis;
  /** The one member whose it is alone; left out: shared by `by`. */
  readonly only?: number | undefined;
}

export interface MemberShare extends JointGoods {
  /** The member's part of each cost and of each proceeds, in their order. */
  readonly costs: readonly bigint[];
  readonly proceeds: readonly bigint[];
  /** Proceeds less costs: what the member is to get, or owes where it is below zero. */
  readonly netFen: bigint;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, one) => total + one, 0n);

/**
 * Whether an amount can be shared: some goods have what it is shared by, or the member whose it is alone has goods. Nothing shares to
 * nothing whatever there is.
 */
export function isShareable(goods: readonly JointGoods[], { amountFen, by, only }: JointAmount): boolean {
  if (only !== undefined) return goods.some(({ member }) => member === only);
  return (amountFen === 0n && goods.length > 0) || goods.some((one) => one[by] > 0n);
}

/**
 * Shares costs and proceeds of one shipment among its members, each amount by largest remainders over the members' sums, so that the
 * parts add up to the fen; of equal remainders the earlier member has the fen. Members in the order of their first goods.
 * Amounts that are not {@link isShareable} must be left out.
 */
export function jointShares(
  goods: readonly JointGoods[],
  costs: readonly JointAmount[],
  proceeds: readonly JointAmount[],
): MemberShare[] {
  const totals = new Map<number, JointGoods>();
  for (const { member, ...one } of goods) {
    const before = totals.get(member);
    totals.set(member, {
      member,
      weight: (before?.weight ?? 0n) + one.weight,
      value: (before?.value ?? 0n) + one.value,
      cartons: (before?.cartons ?? 0n) + one.cartons,
      sold: (before?.sold ?? 0n) + one.sold,
    });
  }
  const members = [...totals.values()];
  const split = ({ amountFen, by, only }: JointAmount): readonly bigint[] => {
    if (only !== undefined) return members.map(({ member }) => (member === only ? amountFen : 0n));
    if (amountFen === 0n) return members.map(() => 0n);
    return allocate(
      amountFen,
      members.map((one) => one[by]),
    );
  };
  const costParts = costs.map(split);
  const proceedsParts = proceeds.map(split);
  return members.map((one, at) => {
    const ownCosts = costParts.map((parts) => parts[at] ?? 0n);
    const ownProceeds = proceedsParts.map((parts) => parts[at] ?? 0n);
    return { ...one, costs: ownCosts, proceeds: ownProceeds, netFen: sum(ownProceeds) - sum(ownCosts) };
  });
}
