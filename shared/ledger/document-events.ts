/** Source documents (原始单据) as events of the posting rules: amounts converted, differences named, accounts chosen. */
import type { z } from 'zod';
import type { sourceDocumentInput } from '../contract/accounting.ts';
import { PortbookError } from '../errors.ts';
import { accounts } from './accounts.ts';
import type { EventPart } from './posting-rules.ts';
import { type Amount, amountAt, cnyAmount } from './postings.ts';
import { type RateFound, readAmount } from './typed-voucher.ts';

export type SourceDocument = z.output<typeof sourceDocumentInput>;
/** All but opening balances, which are typed line by line and have no rule. */
export type RuledDocument = Exclude<SourceDocument, { kind: 'opening' }>;

/** What a document needs from the book: rates, and for the return of an order its currency and the rate its sale was posted at. */
export interface DocumentFacts {
  rateOf(currency: string): RateFound | undefined;
  readonly orderCurrency?: string | undefined;
  readonly saleRate?: RateFound | undefined;
}

export interface DocumentEvent {
  /** Name of the posting rule. */
  readonly event: string;
  readonly part: EventPart;
  /** The rate the foreign amounts were converted at. */
  readonly rate: RateFound | undefined;
}

const importTaxNames = {
  duty: 'duty',
  vat: 'vat',
  consumption: 'consumption',
  'export-duty': 'exportDuty',
  'late-declaration': 'late',
  surcharge: 'surcharge',
} as const;

/**
 * The event of a document. Amounts must be above zero: `AMOUNT_NOT_POSITIVE`. Other refusals: `RATE_MISSING` {currency,
 * date}, `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`, `AMOUNT_RANGE`, `CURRENCY_IS_CNY` for a settlement of CNY,
 * `AMOUNT_TOO_LARGE` for tax above its amount, `ACCOUNT_NOT_MONEY` {account}, `RETURN_CURRENCY` {currency, orderCurrency} for
 * a return that is not in the currency of its order. Paths are those of the document: `amount`, `taxes.0.amount`.
 */
export function documentEvent(document: RuledDocument, facts: DocumentFacts): DocumentEvent {
  let rate: RateFound | undefined;
  const positive = (text: string, currency: string, path: string, least = 1n): bigint => {
    const minor = readAmount(text, currency, path, path === 'amount' ? 'currency' : path);
    if (minor < least) throw new PortbookError('AMOUNT_NOT_POSITIVE', {}, path);
    return minor;
  };
  const rateFor = (currency: string): string => {
    if (currency === 'CNY') return '1';
    rate = facts.rateOf(currency);
    if (rate === undefined) throw new PortbookError('RATE_MISSING', { currency, date: document.date }, 'currency');
    return rate.cnyPerUnit;
  };
  const converted = (text: string, currency: string, path: string, least = 1n): Amount => {
    const minor = positive(text, currency, path, least);
    return amountAt({ currency, minor }, minor === 0n ? '1' : rateFor(currency));
  };
  const cny = (text: string, path: string, least = 0n): Amount => cnyAmount(positive(text, 'CNY', path, least));

  for (const name of ['account', 'cnyAccount'] as const) {
    const account = name in document ? document[name as keyof RuledDocument] : undefined;
    if (typeof account === 'string' && !accounts.money.some((money) => account.startsWith(money)))
      throw new PortbookError('ACCOUNT_NOT_MONEY', { account }, name);
  }
  const part = ((): EventPart => {
    switch (document.kind) {
      case 'platform-fee':
        return {
          amounts: { amount: converted(document.amount, document.currency, 'amount') },
          facts: { fee: document.fee, from: document.from },
          accounts: { account: document.account },
        };
      case 'receipt': {
        const { currency, advance, account } = document;
        return {
          amounts: {
            amount: converted(document.amount, currency, 'amount'),
            fee: converted(document.bankFee, currency, 'bankFee', 0n),
          },
          facts: { advance },
          accounts: { account },
        };
      }
      case 'settlement': {
        if (document.currency === 'CNY') throw new PortbookError('CURRENCY_IS_CNY', {}, 'currency');
        const amount = converted(document.amount, document.currency, 'amount');
        const arrived = cny(document.cny, 'cny', 1n);
        const fee = cny(document.bankFeeCny, 'bankFeeCny');
        // What the bank's price brings above or below the book's rate.
        const difference = arrived.fen + fee.fen - amount.fen;
        return {
          amounts: {
            amount,
            cny: arrived,
            fee,
            gain: cnyAmount(difference > 0n ? difference : 0n),
            loss: cnyAmount(difference < 0n ? -difference : 0n),
          },
          accounts: { account: document.account, cnyAccount: document.cnyAccount },
        };
      }
      case 'bank-charge':
        return {
          amounts: { amount: converted(document.amount, document.currency, 'amount') },
          accounts: { account: document.account },
        };
      case 'payment':
        return {
          amounts: { amount: converted(document.amount, document.currency, 'amount') },
          facts: { advance: document.advance },
          accounts: { account: document.account },
        };
      case 'freight': {
        const amount = converted(document.amount, document.currency, 'amount');
        const vat = cny(document.vatCny, 'vatCny');
        if (vat.fen > amount.fen) throw new PortbookError('AMOUNT_TOO_LARGE', {}, 'vatCny');
        return {
          amounts: { amount, vat },
          facts: { freight: document.freight, paid: document.paid },
          accounts: { account: document.account },
        };
      }
      case 'sales-return': {
        const { currency, refunded } = document;
        const { orderCurrency = currency } = facts;
        if (currency !== orderCurrency)
          throw new PortbookError('RETURN_CURRENCY', { currency, orderCurrency }, 'currency');
        const minor = positive(document.amount, currency, 'amount');
        const atSale = currency === 'CNY' ? undefined : facts.saleRate;
        const amount = amountAt({ currency, minor }, atSale?.cnyPerUnit ?? rateFor(currency));
        const paid = refunded ? amountAt({ currency, minor }, rateFor(currency)) : amount;
        rate = atSale ?? rate;
        return { amounts: { amount, paid }, facts: { refunded }, accounts: { account: document.account } };
      }
      case 'refund-receivable':
        return {
          amounts: { refund: cny(document.refund, 'refund', 1n), toCost: cny(document.toCost, 'toCost') },
        };
      case 'refund-received':
        return { amounts: { refund: cny(document.refund, 'refund', 1n) }, accounts: { account: document.account } };
      case 'import-tax': {
        const amounts: Record<string, Amount> = {};
        for (const [at, { tax, amount }] of document.taxes.entries()) {
          const name = importTaxNames[tax];
          const before = amounts[name]?.fen ?? 0n;
          amounts[name] = cnyAmount(before + cny(amount, `taxes.${at}.amount`, 1n).fen);
        }
        return { amounts, facts: { paid: document.paid }, accounts: { account: document.account } };
      }
    }
  })();
  return { event: document.kind, part, rate };
}
