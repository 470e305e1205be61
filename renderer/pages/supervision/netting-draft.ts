/** A netting sheet while it is typed: texts, their sums to the cent, and what is sent to the core. */
import { type NettingInput, type NettingView, nettingInput } from '../../../shared/contract/supervision.ts';
import { exponentOf, formatScaled, isCurrency, tryParseScaled } from '../../../shared/money/index.ts';
import { type FeeType, feeTypes } from '../../../shared/rules/forex/netting.ts';
import type { Tone } from '../../theme/palette.ts';
import { type EntryRow, isBlankRow, withBlankLast } from '../purchases/entry-rows.ts';

export const nettingTones: Readonly<Record<NettingView['state'], Tone>> = {
  draft: 'action',
  confirmed: 'accepted',
  void: 'draft',
};

export type FeeField = 'id' | 'type' | 'code' | 'payee' | 'invoiceNo' | 'amount' | 'documentNo';
export type FeeRow = EntryRow<FeeField>;
export const blankFee: FeeRow = { id: '', type: '', code: '', payee: '', invoiceNo: '', amount: '', documentNo: '' };

export interface NettingDraft {
  readonly date: string;
  readonly counterparty: string;
  readonly counterpartyCountry: string;
  readonly partyId: number | undefined;
  readonly store: string;
  readonly currency: string;
  readonly goodsCode: string;
  readonly goodsEvidence: string;
  readonly gross: string;
  readonly net: string;
  readonly record: { readonly id: number; readonly label: string } | undefined;
  readonly payout: { readonly id: number; readonly label: string } | undefined;
  readonly note: string;
  readonly fees: readonly FeeRow[];
}

/** A stored sheet, or one a payout would make, as it is typed on. */
export function draftOf(
  sheet: NettingInput | NettingView,
  labels: { readonly record?: string | undefined; readonly payout?: string | undefined },
): NettingDraft {
  const recordId = 'restored' in sheet ? sheet.record?.id : sheet.recordId;
  const payoutId = 'restored' in sheet ? sheet.payout?.id : sheet.payoutId;
  const fees = sheet.fees.map(
    (fee): FeeRow => ({
      id: fee.id === undefined ? '' : String(fee.id),
      type: fee.type,
      code: fee.code ?? '',
      payee: fee.payee ?? '',
      invoiceNo: fee.invoiceNo ?? '',
      amount: fee.amount,
      documentNo:
        'postedBy' in fee ? (fee.postedBy === 'document' ? (fee.document?.number ?? '') : '') : (fee.documentNo ?? ''),
    }),
  );
  return {
    date: sheet.date,
    counterparty: sheet.counterparty ?? '',
    counterpartyCountry: sheet.counterpartyCountry ?? '',
    partyId: sheet.partyId,
    store: sheet.store ?? '',
    currency: sheet.currency,
    goodsCode: sheet.goodsCode,
    goodsEvidence: sheet.goodsEvidence ?? '',
    gross: sheet.gross,
    net: sheet.net ?? '',
    record: recordId === undefined ? undefined : { id: recordId, label: labels.record ?? `#${recordId}` },
    payout: payoutId === undefined ? undefined : { id: payoutId, label: labels.payout ?? `#${payoutId}` },
    note: sheet.note ?? '',
    fees: withBlankLast(fees, blankFee),
  };
}

export interface Identity {
  readonly gross: string;
  readonly fees: string;
  readonly net: string;
  /** Typed net less computed; empty while none is typed. */
  readonly difference: string;
  readonly isEven: boolean;
}

/** Gross less fees, to the cent. Undefined while an amount or the currency cannot be read. */
export function identityOf({ currency, gross, net, fees }: NettingDraft): Identity | undefined {
  if (!isCurrency(currency)) return undefined;
  const digits = exponentOf(currency);
  const read = (text: string): bigint | undefined => (text.trim() === '' ? 0n : tryParseScaled(text.trim(), digits));
  const whole = read(gross);
  const parts = fees.map(({ amount }) => read(amount));
  const given = read(net);
  if (whole === undefined || given === undefined || parts.some((part) => part === undefined)) return undefined;
  const sum = parts.reduce<bigint>((total, part) => total + (part ?? 0n), 0n);
  const text = (minor: bigint): string => formatScaled(minor, digits, digits);
  const difference = net.trim() === '' ? undefined : given - (whole - sum);
  return {
    gross: text(whole),
    fees: text(sum),
    net: text(whole - sum),
    difference: difference === undefined ? '' : text(difference),
    isEven: difference === undefined || difference === 0n,
  };
}

/** What is sent; undefined while something needed is missing or unreadable. */
export function inputOf(draft: NettingDraft, id: number | undefined): NettingInput | undefined {
  const typed = draft.fees.filter((fee) => !isBlankRow(fee, blankFee));
  const parsed = nettingInput.safeParse({
    ...(id === undefined ? {} : { id }),
    date: draft.date,
    ...(draft.partyId === undefined ? {} : { partyId: draft.partyId }),
    counterparty: draft.counterparty,
    counterpartyCountry: draft.counterpartyCountry.toUpperCase(),
    store: draft.store,
    currency: draft.currency,
    goodsCode: draft.goodsCode,
    goodsEvidence: draft.goodsEvidence,
    gross: draft.gross,
    ...(draft.net.trim() === '' ? {} : { net: draft.net.trim() }),
    ...(draft.record === undefined ? {} : { recordId: draft.record.id }),
    ...(draft.payout === undefined ? {} : { payoutId: draft.payout.id }),
    note: draft.note,
    fees: typed.map((fee) => ({
      ...(fee.id === '' ? {} : { id: Number(fee.id) }),
      type: feeTypes.find((one) => one === fee.type),
      code: fee.code,
      payee: fee.payee,
      invoiceNo: fee.invoiceNo,
      amount: fee.amount.trim(),
      documentNo: fee.documentNo,
    })),
  });
  return parsed.success && identityOf(draft) !== undefined ? parsed.data : undefined;
}

/** The code last used with a type, where the row has none yet. */
export function withLastCodes(rows: readonly FeeRow[], lastCode: (type: FeeType) => string): FeeRow[] {
  return rows.map((row) => {
    const type = feeTypes.find((one) => one === row.type);
    return type === undefined || row.code !== '' ? row : { ...row, code: lastCode(type) };
  });
}
