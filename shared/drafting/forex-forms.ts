import type { MoneyRecordDetail } from '../contract/money.ts';
import { fx101, type IncomeDeclaration, type TradeCreditReport } from '../documents/catalogue.ts';
import { allocate, formatScaled, money, moneyText, parseMoney } from '../money/index.ts';
import type { TradeCreditKind } from '../rules/forex/trade-credit-report.ts';

/**
 * Drafts the forms of foreign exchange from what the book knows: the declaration of income (涉外收入申报单) from a receipt, the
 * trade-credit report (贸易信贷报告) from a report of the book. Pure; what is not known is left out, and the check says so.
 */

/** What every form is drawn with. */
export interface FormFrame {
  readonly uscc: string;
  readonly firm: string;
  readonly guid: string;
  /** `yyyyMMddHHmmss` in China. */
  readonly appTime: string;
  /** `yyyy-mm-dd` in China. */
  readonly today: string;
  /** Three letters of a country by its two, undefined for one the table does not have. */
  readonly alpha3: (alpha2: string) => string | undefined;
}

/** 1 新增, 2 修改, 3 删除. */
export type FilingOperation = '1' | '2' | '3';

/** A receipt from abroad as the book has it; amounts in minor units of its currency. */
export interface IncomeFacts {
  readonly number: string;
  readonly isRefund: boolean;
  readonly date: string;
  readonly currency: string;
  readonly minor: number;
  readonly feeMinor: number;
  readonly usdMinor: number | null;
  readonly payer: string;
  readonly payerCountry: string;
  readonly isAdvance: boolean;
  readonly detail: MoneyRecordDetail;
  readonly account: { readonly institution: string; readonly number: string };
  /** What it pays for, by declaration or list. */
  readonly goods: readonly DeclaredGoods[];
}

/** Part of a receipt that falls to a customs declaration (报关单) or list (清单), in minor units of `currency`. */
export interface DeclaredGoods {
  readonly declarationNo: string;
  readonly currency: string;
  readonly minor: number;
}

const methods: Readonly<Record<MoneyRecordDetail['settlementMethod'], string>> = {
  TT: 'T',
  LC: 'L',
  collection: 'C',
  guarantee: 'G',
  DD: 'D',
  MT: 'M',
  other: 'O',
};

const compact = (date: string): string => date.replaceAll('-', '');
const given = <const K extends string>(name: K, value: string | undefined): { [N in K]?: string } =>
  (value === undefined || value === '' ? {} : { [name]: value }) as { [N in K]?: string };
const amountText = (minor: number | bigint, currency: string): string => moneyText(money(BigInt(minor), currency));
const usdText = (minor: number | null): string | undefined =>
  minor === null ? undefined : formatScaled(BigInt(minor), 2, 2);

/** An 18-digit number is a 报关单's; lists have the letter of their direction in it. */
export const isCustomsDeclaration = (number: string): boolean => /^\d{18}$/.test(number);

/**
 * The declaration of a receipt. Of more declarations and lists than the form has room for, those with the largest amounts are
 * named and the note says how many are not.
 */
export function draftIncomeDeclaration(
  facts: IncomeFacts,
  operation: FilingOperation,
  frame: FormFrame,
): IncomeDeclaration {
  const { currency, detail } = facts;
  const unit = (text: string | undefined): bigint =>
    text === undefined || text === '' ? 0n : parseMoney(text, currency).minor;
  const settled = unit(detail.settledAmount);
  const other = unit(detail.otherAmount);
  const kept = BigInt(facts.minor) - settled - other;
  const feeAbroad = unit(detail.feeAbroad);
  const feeAtHome = BigInt(facts.feeMinor) - feeAbroad;
  const positive = (minor: bigint): string | undefined => (minor > 0n ? amountText(minor, currency) : undefined);
  const [first, second] = detail.codes;
  const most = fx101.lines.max;
  const named = [...facts.goods].sort((a, b) => b.minor - a.minor).slice(0, most);
  const unnamed = facts.goods.length - named.length;
  return {
    DeclarationHead: {
      guid: frame.guid,
      appType: operation,
      appTime: frame.appTime,
      recordNo: facts.number,
      ...given('declarationNo', detail.declarationNo),
      bankName: facts.account.institution,
      payeeCode: frame.uscc,
      payeeName: frame.firm,
      payeeAccount: facts.account.number,
      settleMethod: methods[detail.settlementMethod],
      currency,
      amount: amountText(facts.minor, currency),
      ...given('settledAmount', positive(settled)),
      ...given('settledAccount', settled > 0n ? detail.settledAccount : undefined),
      ...given('settledRate', settled > 0n ? detail.settledRate : undefined),
      ...given('spotAmount', positive(kept)),
      ...given('spotAccount', kept > 0n ? facts.account.number : undefined),
      ...given('otherAmount', positive(other)),
      ...given('domesticFeeCurrency', feeAtHome > 0n ? currency : undefined),
      ...given('domesticFee', positive(feeAtHome)),
      ...given('foreignFeeCurrency', feeAbroad > 0n ? currency : undefined),
      ...given('foreignFee', positive(feeAbroad)),
      payerName: facts.payer,
      payerCountry: frame.alpha3(facts.payerCountry) ?? '',
      nature: facts.isAdvance ? 'A' : 'O',
      refund: facts.isRefund ? 'Y' : 'N',
      code1: first?.code ?? '',
      amount1: first?.amount ?? amountText(facts.minor, currency),
      remark1: first?.remark ?? '',
      ...given('code2', second?.code),
      ...given('amount2', second?.amount),
      ...given('remark2', second?.remark),
      bonded: detail.bonded ? 'Y' : 'N',
      ...given('externalDebtNo', detail.foreignDebtNo),
      ...given('approvalNo', detail.approvalNo),
      creditedOn: compact(facts.date),
      declaredOn: compact(detail.declaredOn ?? frame.today),
      ...given('amountUsd', usdText(facts.usdMinor)),
      ...given('note', unnamed > 0 ? `另有 ${unnamed} 份报关单、清单未列，明细见证据包` : undefined),
    },
    DeclarationList: named.map(({ declarationNo, currency: of, minor }, index) => ({
      gnum: String(index + 1),
      docType: isCustomsDeclaration(declarationNo) ? 'D' : 'L',
      docNo: declarationNo,
      currency: of,
      amount: amountText(minor, of),
    })),
  };
}

/** Splits an amount over the declarations an order left under, by their FOB value; even where none has a value. */
export function splitByDeclaration(
  minor: number,
  declarations: readonly { readonly declarationNo: string; readonly fobMinor: number }[],
): readonly { readonly declarationNo: string; readonly minor: number }[] {
  if (declarations.length === 0) return [];
  const weights = declarations.map(({ fobMinor }) => BigInt(fobMinor));
  const isBlank = weights.every((weight) => weight === 0n);
  const parts = allocate(BigInt(minor), isBlank ? weights.map(() => 1n) : weights);
  return declarations.map(({ declarationNo }, index) => ({ declarationNo, minor: Number(parts[index] ?? 0n) }));
}

/** A report of the book (贸易信贷报告) as its body has it; amounts decimal text. */
export interface CreditFacts {
  readonly number: string;
  readonly creditId: number;
  readonly operation: 'new' | 'modify' | 'delete' | 'adjust';
  readonly reason: string;
  readonly reportedOn: string | null;
  readonly body: {
    readonly kind: TradeCreditKind;
    readonly ofLabel: string;
    readonly declarationNo: string;
    readonly counterparty: string;
    readonly country: string;
    readonly baseDate: string;
    readonly expectedDate: string;
    readonly currency: string;
    readonly amount: string;
    readonly balance: string;
    readonly amountUsd?: string | undefined;
    readonly related: boolean;
    readonly remark: string;
  };
}

const creditOperations = { new: '1', modify: '2', delete: '3', adjust: '4' } as const;

/** The report's form. */
export function draftTradeCreditReport(
  { number, creditId, operation, reason, reportedOn, body }: CreditFacts,
  frame: FormFrame,
): TradeCreditReport {
  return {
    guid: frame.guid,
    appType: creditOperations[operation],
    appTime: frame.appTime,
    reportNo: number,
    creditNo: String(creditId),
    reporterCode: frame.uscc,
    reporterName: frame.firm,
    creditKind: body.kind,
    baseNo: body.declarationNo === '' ? body.ofLabel : body.declarationNo,
    baseDate: compact(body.baseDate),
    expectedDate: compact(body.expectedDate),
    currency: body.currency,
    amount: body.amount,
    ...given('balance', body.balance),
    ...given('amountUsd', body.amountUsd),
    partyName: body.counterparty,
    partyCountry: frame.alpha3(body.country) ?? '',
    related: body.related ? 'Y' : 'N',
    ...given('reason', reason),
    reportedOn: compact(reportedOn ?? frame.today),
    ...given('note', body.remark),
  };
}
