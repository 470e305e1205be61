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

/** A part of a document's event; an order, party or store of its own goes before the document's. */
export interface DocumentPart extends EventPart {
  readonly orderNo?: string | undefined;
}

export interface DocumentEvent {
  /** Name of the posting rule. */
  readonly event: string;
  readonly parts: readonly DocumentPart[];
  /** The rate the foreign amounts were converted at. */
  readonly rate: RateFound | undefined;
}

/** Beyond any amount: charges of a payout may be either way round. */
const anyAmount = 10n ** 18n;

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
 * a return that is not in the currency of its order, `RECEIPT_PARTS` for parts above the whole, `EXCHANGE_CURRENCY` {currency} for an
 * exchange within a currency, `TRANSFER_FEE` for a transfer of which nothing arrives. Paths are those of the document: `amount`,
 * `taxes.0.amount`.
 */
export function documentEvent(document: RuledDocument, facts: DocumentFacts): DocumentEvent {
  let rate: RateFound | undefined;
  const rated = new Set<string>();
  const positive = (text: string, currency: string, path: string, least = 1n): bigint => {
    const minor = readAmount(text, currency, path, path === 'amount' ? 'currency' : path);
    if (minor < least) throw new PortbookError('AMOUNT_NOT_POSITIVE', {}, path);
    return minor;
  };
  const rateFor = (currency: string): string => {
    if (currency === 'CNY') return '1';
    rate = facts.rateOf(currency);
    if (rate === undefined) throw new PortbookError('RATE_MISSING', { currency, date: document.date }, 'currency');
    rated.add(currency);
    return rate.cnyPerUnit;
  };
  const converted = (text: string, currency: string, path: string, least = 1n): Amount => {
    const minor = positive(text, currency, path, least);
    return amountAt({ currency, minor }, minor === 0n ? '1' : rateFor(currency));
  };
  const cny = (text: string, path: string, least = 0n): Amount => cnyAmount(positive(text, 'CNY', path, least));

  for (const name of ['account', 'cnyAccount', 'toAccount'] as const) {
    const account = name in document ? document[name as keyof RuledDocument] : undefined;
    if (typeof account === 'string' && !accounts.money.some((money) => account.startsWith(money)))
      throw new PortbookError('ACCOUNT_NOT_MONEY', { account }, name);
  }
  const gainAndLoss = (difference: bigint): { gain: Amount; loss: Amount } => ({
    gain: cnyAmount(difference > 0n ? difference : 0n),
    loss: cnyAmount(difference < 0n ? -difference : 0n),
  });
  const part = ((): EventPart | readonly DocumentPart[] => {
    switch (document.kind) {
      case 'platform-fee':
        return {
          amounts: { amount: converted(document.amount, document.currency, 'amount') },
          facts: { fee: document.fee, from: document.from },
          accounts: { account: document.account },
        };
      case 'receipt': {
        const { currency, advance, of, account } = document;
        const amount = converted(document.amount, currency, 'amount');
        const fee = converted(document.bankFee, currency, 'bankFee', 0n);
        const total: Amount = { currency, minor: amount.minor + fee.minor, fen: amount.fen + fee.fen };
        let left = total;
        const parts = document.parts.map(({ orderNo, partyId, store, settles, charge, ...given }, at): DocumentPart => {
          const own = converted(given.amount, currency, `parts.${at}.amount`);
          if (own.minor > left.minor) throw new PortbookError('RECEIPT_PARTS', {}, `parts.${at}.amount`);
          // The last of the money takes the fen that rounding each part has left.
          const fen = own.minor === left.minor ? left.fen : own.fen;
          left = { currency, minor: left.minor - own.minor, fen: left.fen - fen };
          const claim = settles?.currency ?? currency;
          const settled: Amount =
            settles === undefined
              ? { ...own, fen }
              : { currency: claim, minor: positive(settles.amount, claim, `parts.${at}.settles.amount`), fen };
          // A claim in CNY goes out at what it is; in another currency what it was carried for is settled elsewhere.
          const inCny = claim === 'CNY' ? { ...settled, fen: settled.minor } : settled;
          return {
            amounts: {
              settled: inCny,
              charge: converted(charge, claim, `parts.${at}.charge`, 0n),
              ...gainAndLoss(fen - inCny.fen),
            },
            facts: { advance: false, of },
            ...(orderNo === undefined ? {} : { orderNo }),
            ...(partyId === undefined ? {} : { partyId }),
            ...(store === undefined ? {} : { store }),
          };
        });
        const whole = { amounts: { amount, fee, settled: left }, facts: { advance, of }, accounts: { account } };
        return [whole, ...parts];
      }
      case 'settlement': {
        if (document.currency === 'CNY') throw new PortbookError('CURRENCY_IS_CNY', {}, 'currency');
        const amount = converted(document.amount, document.currency, 'amount');
        const arrived = cny(document.cny, 'cny', 1n);
        const fee = cny(document.bankFeeCny, 'bankFeeCny');
        return {
          amounts: {
            amount,
            bankFee: converted(document.bankFee, document.currency, 'bankFee', 0n),
            cny: arrived,
            fee,
            // What the bank's price brings above or below the book's rate.
            ...gainAndLoss(arrived.fen + fee.fen - amount.fen),
          },
          accounts: { account: document.account, cnyAccount: document.cnyAccount },
        };
      }
      case 'exchange': {
        const { currency, toCurrency, account, toAccount } = document;
        if (currency === toCurrency) throw new PortbookError('EXCHANGE_CURRENCY', { currency }, 'toCurrency');
        const amount = converted(document.amount, currency, 'amount');
        const arrived = converted(document.toAmount, toCurrency, 'toAmount');
        const toFee = converted(document.toFee, toCurrency, 'toFee', 0n);
        const fee = converted(document.bankFee, currency, 'bankFee', 0n);
        return {
          amounts: { amount, fee, arrived, toFee, ...gainAndLoss(arrived.fen + toFee.fen - amount.fen) },
          accounts: { account, toAccount },
        };
      }
      case 'transfer': {
        const { currency, account, toAccount } = document;
        const amount = converted(document.amount, currency, 'amount');
        const toFee = converted(document.toFee, currency, 'toFee', 0n);
        if (toFee.minor >= amount.minor) throw new PortbookError('TRANSFER_FEE', {}, 'toFee');
        return {
          amounts: { amount, toFee, fee: converted(document.bankFee, currency, 'bankFee', 0n) },
          accounts: { account, toAccount },
        };
      }
      case 'bank-charge':
      case 'interest':
        return {
          amounts: { amount: converted(document.amount, document.currency, 'amount') },
          accounts: { account: document.account },
        };
      case 'payment':
        return {
          amounts: {
            amount: converted(document.amount, document.currency, 'amount'),
            fee: converted(document.bankFee, document.currency, 'bankFee', 0n),
          },
          facts: { advance: document.advance, of: document.of },
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
        const fee = refunded ? converted(document.bankFee, currency, 'bankFee', 0n) : cnyAmount(0n);
        rate = atSale ?? rate;
        return { amounts: { amount, paid, fee }, facts: { refunded }, accounts: { account: document.account } };
      }
      case 'refund-receivable':
        return {
          amounts: { refund: cny(document.refund, 'refund', 1n), toCost: cny(document.toCost, 'toCost') },
        };
      case 'refund-received':
        return { amounts: { refund: cny(document.refund, 'refund', 1n) }, accounts: { account: document.account } };
      case 'payout': {
        const { currency } = document;
        const signed = (text: string, path: string): Amount => converted(text, currency, path, -anyAmount);
        const none: Amount = { currency, minor: 0n, fen: 0n };
        const plus = (a: Amount, b: Amount): Amount => ({ currency, minor: a.minor + b.minor, fen: a.fen + b.fen });
        const amounts = Object.fromEntries(
          Object.entries(document.amounts).map(([name, text]) => [name, signed(text, `amounts.${name}`)]),
        );
        const orders = document.orders.map(({ orderNo, settled, returned }, at): DocumentPart => {
          const path = `orders.${at}.`;
          return {
            amounts: { settled: signed(settled, `${path}settled`), returned: signed(returned, `${path}returned`) },
            orderNo,
          };
        });
        const sum = (name: string): Amount =>
          orders.reduce((total, one) => plus(total, one.amounts[name] ?? none), none);
        // What each order no longer owes and the platform does, and the way back, to the fen of each order.
        return [{ amounts: { ...amounts, collected: sum('settled'), givenBack: sum('returned') } }, ...orders];
      }
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
  // Amounts of two foreign currencies have no one rate.
  return { event: document.kind, parts: 'amounts' in part ? [part] : part, rate: rated.size > 1 ? undefined : rate };
}
