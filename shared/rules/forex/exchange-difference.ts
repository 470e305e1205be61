/** F10 汇兑损益 (企业会计准则第19号——外币折算). */
import { z } from 'zod';
import { calculator, type Trace } from '../calculator.ts';
import { amount, fen, figure, Num, plain } from '../figures.ts';

const rate = amount.refine((value) => value.gt(0), 'not above 0');
/** Whether a rise of the rate gains (asset) or loses (liability). */
const side = z.enum(['asset', 'liability']).default('asset');

const revalue = z
  .strictObject({
    kind: z.literal('revalue'),
    balanceFc: figure,
    /** Book value in yuan, or the rate it was booked at. */
    bookCny: figure.optional(),
    bookRate: rate.optional(),
    closing: rate,
    side,
    /** False for prepayments and other items that are not monetary: they stay at the rate they were booked at. */
    monetary: z.boolean().default(true),
  })
  .refine(({ bookCny, bookRate }) => (bookCny === undefined) !== (bookRate === undefined), {
    path: ['bookCny'],
    message: 'bookCny or bookRate, one of them',
  });
const sellToBank = z.strictObject({ kind: z.literal('sellToBank'), fc: amount, bankBuy: rate, bookRate: rate });
const buyFromBank = z.strictObject({ kind: z.literal('buyFromBank'), fc: amount, bankSell: rate, bookRate: rate });
const settle = z.strictObject({ kind: z.literal('settle'), fc: amount, settleRate: rate, bookRate: rate, side });
const ledger = z.strictObject({
  kind: z.literal('ledger'),
  openFc: figure,
  openCny: figure,
  /** Foreign amount (negative: out) and the rate of its day. */
  moves: z.array(z.tuple([figure, rate])),
  closing: rate,
  side,
});
const input = z.discriminatedUnion('kind', [revalue, sellToBank, buyFromBank, settle, ledger]);
export type ExchangeDifferenceInput = z.output<typeof input>;

/**
 * Result of F10: amounts with two decimals, yuan but for `closingFc`; a gain is positive, whichever the side. `revalue` and
 * `ledger` tell unrealised differences of the closing, `settle`, `sellToBank` and `buyFromBank` realised ones: they are kept apart.
 */
export interface ExchangeDifference {
  readonly closingFc?: string;
  readonly closingCny?: string;
  readonly cnyReceived?: string;
  readonly cnyPaid?: string;
  readonly bookCny?: string;
  readonly gain: string;
}

function money(id: string, formula: string, inputs: Readonly<Record<string, Num>>, value: Num, trace: Trace): string {
  return trace.step({
    id,
    formula,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, one]) => [name, plain(one)])),
    result: fen(value),
    rounding: 'fen',
  });
}

/** `rise` is a gain of an asset and a loss of a liability. */
function gainOf(rise: Num, on: 'asset' | 'liability'): Num {
  return on === 'asset' ? rise : rise.neg();
}

/** `value − book` of an asset, `book − value` of a liability. */
function gainFormula(value: string, book: string, on: 'asset' | 'liability'): string {
  return on === 'asset' ? `${value} − ${book}` : `${book} − ${value}`;
}

/** F10 as a function; each figure half-up to the fen at its end. */
export function exchangeDifference(given: ExchangeDifferenceInput, trace: Trace): ExchangeDifference {
  switch (given.kind) {
    case 'revalue': {
      const { balanceFc, closing, monetary } = given;
      const book = given.bookCny ?? balanceFc.times(given.bookRate ?? 0);
      if (!monetary) {
        trace.warn('notMonetary');
        return {
          closingCny: money('closingCny', 'bookCny', { bookCny: book }, book, trace),
          gain: money('gain', '0', {}, new Num(0), trace),
        };
      }
      const value = balanceFc.times(closing);
      return {
        closingCny: money('closingCny', 'balanceFc × closing', { balanceFc, closing }, value, trace),
        gain: money(
          'gain',
          gainFormula('closingCny', 'bookCny', given.side),
          { closingCny: value, bookCny: book },
          gainOf(value.minus(book), given.side),
          trace,
        ),
      };
    }
    case 'sellToBank': {
      const { fc, bankBuy, bookRate } = given;
      const received = fc.times(bankBuy);
      const book = fc.times(bookRate);
      return {
        cnyReceived: money('cnyReceived', 'fc × bankBuy', { fc, bankBuy }, received, trace),
        bookCny: money('bookCny', 'fc × bookRate', { fc, bookRate }, book, trace),
        gain: money(
          'gain',
          'cnyReceived − bookCny',
          { cnyReceived: received, bookCny: book },
          received.minus(book),
          trace,
        ),
      };
    }
    case 'buyFromBank': {
      const { fc, bankSell, bookRate } = given;
      const paid = fc.times(bankSell);
      const book = fc.times(bookRate);
      return {
        cnyPaid: money('cnyPaid', 'fc × bankSell', { fc, bankSell }, paid, trace),
        bookCny: money('bookCny', 'fc × bookRate', { fc, bookRate }, book, trace),
        gain: money('gain', 'bookCny − cnyPaid', { bookCny: book, cnyPaid: paid }, book.minus(paid), trace),
      };
    }
    case 'settle': {
      const { fc, settleRate, bookRate } = given;
      return {
        gain: money(
          'gain',
          `fc × (${gainFormula('settleRate', 'bookRate', given.side)})`,
          { fc, settleRate, bookRate },
          gainOf(fc.times(settleRate.minus(bookRate)), given.side),
          trace,
        ),
      };
    }
    case 'ledger': {
      const { openFc, openCny, moves, closing } = given;
      const movesFc = moves.reduce((sum, [fc]) => sum.plus(fc), new Num(0));
      const movesCny = moves.reduce((sum, [fc, at]) => {
        money('moveCny', 'fc × rate', { fc, rate: at }, fc.times(at), trace);
        return sum.plus(fc.times(at));
      }, new Num(0));
      const closingFc = openFc.plus(movesFc);
      const book = openCny.plus(movesCny);
      const value = closingFc.times(closing);
      money('bookCny', 'openCny + movesCny', { openCny, movesCny }, book, trace);
      return {
        closingFc: money('closingFc', 'openFc + movesFc', { openFc, movesFc }, closingFc, trace),
        closingCny: money('closingCny', 'closingFc × closing', { closingFc, closing }, value, trace),
        gain: money(
          'gain',
          gainFormula('closingCny', 'bookCny', given.side),
          { closingCny: value, bookCny: book },
          gainOf(value.minus(book), given.side),
          trace,
        ),
      };
    }
  }
}

/** F10: CAS 19; 即期汇率 is the central parity of the day. */
export const exchangeDifferenceCalculator = calculator({
  id: 'F10',
  rule: 'F10',
  packs: [],
  source: '企业会计准则第19号——外币折算',
  inForceFrom: null,
  input,
  calculate: exchangeDifference,
});
