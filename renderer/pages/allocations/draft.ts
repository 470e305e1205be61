/** What the user is about to allocate: shares as typed, and what they leave on both sides. Pure; amounts are decimal text. */
import type {
  AllocationReason,
  AllocationSuggestion,
  OpenReceipt,
  OpenTarget,
} from '../../../shared/contract/allocations.ts';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { moneyText, tryParseMoney } from '../../../shared/money/index.ts';

/** A receipt as far as a share needs it. */
export type ReceiptSide = Pick<OpenReceipt, 'id' | 'number' | 'currency' | 'open' | 'payer' | 'date'>;

export const targetKey = ({ kind, no, currency }: Pick<OpenTarget, 'kind' | 'no' | 'currency'>): string =>
  `${kind}:${no}:${currency}`;

/** A way to use receipts that is offered: suggested with a score, or found by hand without one. */
export interface Offer {
  readonly key: string;
  readonly score: number | undefined;
  readonly reasons: readonly AllocationReason[];
  readonly isThirdParty: boolean;
  readonly explained: string | undefined;
  readonly parts: readonly Share[];
}

/** A share of a receipt for a target, as typed. */
export interface Share {
  readonly receipt: ReceiptSide;
  readonly target: OpenTarget;
  /** In the receipt's currency. */
  readonly amount: string;
  /** In the target's currency; empty in one currency, where it is the amount. */
  readonly targetAmount: string;
  readonly charge: string;
  readonly score: number;
  readonly reasons: readonly AllocationReason[];
}

export const shareKey = ({ receipt, target }: Pick<Share, 'receipt' | 'target'>): string =>
  `${receipt.id}|${targetKey(target)}`;
export const isAcross = ({ receipt, target }: Pick<Share, 'receipt' | 'target'>): boolean =>
  receipt.currency !== target.currency;

const minorOf = (text: string, currency: string): bigint | undefined =>
  tryParseMoney(text === '' ? '0' : text, currency)?.minor;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** A suggestion of the core as an offer. */
export function offerOf(
  receipt: ReceiptSide,
  { parts, score, reasons, thirdParty, explained }: AllocationSuggestion,
): Offer {
  const shares = parts.map(
    ({ target, amount, targetAmount, charge }): Share => ({
      receipt,
      target,
      amount,
      targetAmount: receipt.currency === target.currency ? '' : targetAmount,
      charge: /^0(\.0+)?$/.test(charge) ? '' : charge,
      score,
      reasons,
    }),
  );
  return { key: shares.map(shareKey).join('\n'), score, reasons, isThirdParty: thirdParty, explained, parts: shares };
}

/** Something found by hand: as much as both sides have open, in one currency; across currencies the user says how much. */
export function foundOffer(receipt: ReceiptSide, target: OpenTarget): Offer {
  const share = { receipt, target, targetAmount: '', charge: '', score: 0, reasons: [] };
  const [has, wants] = [minorOf(receipt.open, receipt.currency), minorOf(target.open, target.currency)];
  const isOne = receipt.currency === target.currency && has !== undefined && wants !== undefined;
  const amount = isOne ? moneyText({ minor: least(has, wants), currency: receipt.currency }) : '';
  return {
    key: shareKey(share),
    score: undefined,
    reasons: [],
    isThirdParty: false,
    explained: undefined,
    parts: [{ ...share, amount }],
  };
}

/** One side of the draft: what was open, what is taken, what that leaves; undefined: something typed is no amount. */
export interface SideLeft {
  readonly key: string;
  readonly label: string;
  readonly currency: string;
  readonly open: string;
  readonly taken: string | undefined;
  readonly left: string | undefined;
  readonly isOver: boolean;
}

interface Sum {
  readonly label: string;
  readonly currency: string;
  readonly open: string;
  taken: bigint | undefined;
}

function leftOf(sums: ReadonlyMap<string, Sum>): SideLeft[] {
  return [...sums].map(([key, { label, currency, open, taken }]) => {
    const before = minorOf(open, currency) ?? 0n;
    const left = taken === undefined ? undefined : before - taken;
    const text = (minor: bigint | undefined) => (minor === undefined ? undefined : moneyText({ minor, currency }));
    return {
      key,
      label,
      currency,
      open,
      taken: text(taken),
      left: text(left),
      isOver: left !== undefined && left < 0n,
    };
  });
}

/** What the shares leave on both sides, each receipt and target once, in the order they come. */
export function residualsOf(shares: readonly Share[]): { readonly receipts: SideLeft[]; readonly targets: SideLeft[] } {
  const receipts = new Map<string, Sum>();
  const targets = new Map<string, Sum>();
  const add = (sums: Map<string, Sum>, key: string, side: Omit<Sum, 'taken'>, minor: bigint | undefined): void => {
    const sum = sums.get(key) ?? { ...side, taken: 0n };
    sum.taken = sum.taken === undefined || minor === undefined ? undefined : sum.taken + minor;
    sums.set(key, sum);
  };
  for (const share of shares) {
    const { receipt, target, amount, targetAmount, charge } = share;
    add(
      receipts,
      String(receipt.id),
      { label: receipt.number, currency: receipt.currency, open: receipt.open },
      minorOf(amount, receipt.currency),
    );
    const paid = minorOf(isAcross(share) ? targetAmount : amount, target.currency);
    const besides = minorOf(charge, target.currency);
    add(
      targets,
      targetKey(target),
      { label: target.no, currency: target.currency, open: target.open },
      paid === undefined || besides === undefined ? undefined : paid + besides,
    );
  }
  return { receipts: leftOf(receipts), targets: leftOf(targets) };
}

/** Whether the shares can be confirmed: each an amount above nought, neither side taken beyond what is open. */
export function isConfirmable(shares: readonly Share[]): boolean {
  const { receipts, targets } = residualsOf(shares);
  const isFull = shares.every((share) => {
    const paid = isAcross(share) ? minorOf(share.targetAmount, share.target.currency) : 1n;
    const taken = minorOf(share.amount, share.receipt.currency);
    return taken !== undefined && taken > 0n && paid !== undefined && paid > 0n;
  });
  return (
    shares.length > 0 && isFull && [...receipts, ...targets].every(({ left, isOver }) => left !== undefined && !isOver)
  );
}

/** The shares with those of an offer put in, or taken out where all of them are in. */
export function toggled(shares: readonly Share[], offer: Offer): readonly Share[] {
  const keys = new Set(offer.parts.map(shareKey));
  const others = shares.filter((share) => !keys.has(shareKey(share)));
  const areIn = shares.length - others.length === offer.parts.length;
  return areIn ? others : [...others, ...offer.parts];
}

/** What confirming asks of the core. */
export function confirmationOf(shares: readonly Share[], thirdParty: string): InputOf<'allocations.confirm'> {
  return {
    items: shares.map((share) => {
      const { receipt, target, amount, targetAmount, charge, score, reasons } = share;
      return {
        recordId: receipt.id,
        target:
          target.kind === 'payout' && target.id !== undefined
            ? { kind: 'payout', id: target.id }
            : target.kind === 'declaration'
              ? { kind: 'declaration', no: target.no, currency: target.currency }
              : { kind: 'order', no: target.no },
        amount,
        ...(isAcross(share) ? { targetAmount } : {}),
        charge: charge === '' ? '0' : charge,
        thirdParty,
        score,
        reasons: [...reasons],
        seen: { receipt: receipt.open, target: target.open },
      };
    }),
  };
}
