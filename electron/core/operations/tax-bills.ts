import { z } from 'zod';
import { addMonths, daysBetween, type IsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { obligations } from '../../../shared/contract/obligations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { latePaymentSurchargeCalculator } from '../../../shared/rules/tax/import/late-payment-surcharge.ts';
import { lateFeesPack } from '../../../shared/rules/tax/import/packs.ts';
import type { Context, Handlers } from '../context.ts';
import type { Call } from '../core.ts';
import { dateOf, fenOf, packFigures, ruleSources, yuanText } from '../obligations.ts';
import { openUse, releaseUse } from '../store/guarantees.ts';
import {
  listTaxBills,
  markPaid,
  postedTaxDocument,
  putTaxBill,
  requireTaxBill,
  type TaxBillKind,
  type TaxBillRecord,
} from '../store/tax-bills.ts';

type View = OutputOf<'taxBills.list'>['rows'][number];

/** What the ledger calls each bill's tax; null: it has no rule of posting and is booked by hand. */
const ledgerTaxes = {
  'import-duty': 'duty',
  'import-vat': 'vat',
  'import-consumption': 'consumption',
  'export-duty': 'export-duty',
  'late-declaration': 'late-declaration',
  surcharge: 'surcharge',
  other: null,
} as const satisfies Record<TaxBillKind, string | null>;

/** Fees and surcharges bear no surcharge of their own. */
const bearSurcharge: ReadonlySet<TaxBillKind> = new Set([
  'import-duty',
  'import-vat',
  'import-consumption',
  'export-duty',
]);

const lateFeeResult = z.object({
  deadline: z.string(),
  days: z.number().int().default(0),
  surcharge: z.record(z.string(), z.string()).default({}),
});

function runT21(context: Context, input: Readonly<Record<string, unknown>>): z.output<typeof lateFeeResult> {
  return lateFeeResult.parse(latePaymentSurchargeCalculator.run(input, ruleSources(context)).result);
}

/**
 * The surcharge (滞纳金, T21) of a bill paid on a day. A last day on the bill that is later than the ordinary one is taken as
 * combined payment (汇总征税) where it is that day, else as a deferral.
 */
function lateFee(context: Context, bill: TaxBillRecord, paid: IsoDate): { fen: number; days: number } {
  if (!bearSurcharge.has(bill.kind) || paid <= bill.dueOn || paid < bill.issuedOn) return { fen: 0, days: 0 };
  const issued = bill.issuedOn;
  const ordinary = dateOf(runT21(context, { issued }).deadline, 'issuedOn');
  const { monthlyWorkingDay, deferralMonths } = packFigures(context, 'tax-late-fees', lateFeesPack, issued).latePayment;
  const term = (): Readonly<Record<string, unknown>> => {
    if (bill.dueOn <= ordinary) return {};
    const isCombined =
      monthlyWorkingDay !== null && runT21(context, { issued, monthlySummary: true }).deadline === bill.dueOn;
    if (isCombined) return { monthlySummary: true };
    const longest = addMonths(ordinary, deferralMonths);
    return { deferredTo: bill.dueOn < longest ? bill.dueOn : longest };
  };
  const { surcharge, days } = runT21(context, { issued, paid, taxes: { tax: yuanText(bill.amountFen) }, ...term() });
  return { fen: fenOf(surcharge['tax'] ?? '0.00', 'surcharge'), days };
}

function viewOf(context: Context, bill: TaxBillRecord, today: IsoDate): View {
  const { amountFen, paidFen, ...rest } = bill;
  const due = dateOf(bill.dueOn, 'dueOn');
  const { fen, days } = lateFee(context, bill, bill.paidOn === null ? today : dateOf(bill.paidOn, 'paidOn'));
  return {
    ...rest,
    amount: yuanText(amountFen),
    paid: paidFen === null ? null : yuanText(paidFen),
    days: daysBetween(today, due),
    state: bill.paidOn !== null ? 'paid' : due < today ? 'overdue' : 'due',
    surcharge: yuanText(fen),
    surchargeDays: days,
  };
}

/**
 * Posts a payment as an import-tax document that names the bill, and answers its id; null for a tax without a rule. A payment
 * broken off after posting is found by the bill's number and not posted twice.
 */
async function post(
  call: Call,
  { book }: Context,
  of: { readonly bill: TaxBillRecord; readonly date: IsoDate; readonly surchargeFen: number; readonly account: string },
): Promise<number | null> {
  const { bill, date, surchargeFen, account } = of;
  const tax = ledgerTaxes[bill.kind];
  if (tax === null) return null;
  const posted = postedTaxDocument(book, bill.number);
  if (posted !== undefined) return posted;
  const surcharge = surchargeFen === 0 ? [] : [{ tax: 'surcharge' as const, amount: yuanText(surchargeFen) }];
  const { id } = await call('sourceDocuments.save', {
    document: {
      kind: 'import-tax',
      date,
      reference: bill.number,
      taxes: [{ tax, amount: yuanText(bill.amountFen) }, ...surcharge],
      account,
    },
  });
  return id;
}

/** Tax bills (税单). `call` posts through the front door of the ledger. */
export function taxBillHandlers(call: Call): Handlers<Extract<keyof typeof obligations, `taxBills.${string}`>> {
  return {
    'taxBills.list': (input, context) => {
      const today = dateOf(input.date, 'date');
      const page = listTaxBills(
        context.book,
        { date: today, state: input.state, text: input.text },
        { after: input.after, limit: input.limit },
      );
      const { due, overdue, paid } = page.totals;
      return {
        ...page,
        rows: page.rows.map((bill) => viewOf(context, bill, today)),
        totals: { due: yuanText(due), overdue: yuanText(overdue), paid: yuanText(paid) },
      };
    },

    'taxBills.save': (input, context) => {
      const { book } = context;
      const issuedOn = dateOf(input.issuedOn, 'issuedOn');
      const amountFen = fenOf(input.amount, 'amount');
      const dueOn =
        input.dueOn === undefined
          ? runT21(context, { issued: issuedOn, ...(input.monthlySummary ? { monthlySummary: true } : {}) }).deadline
          : dateOf(input.dueOn, 'dueOn');
      if (dueOn < issuedOn) throw new PortbookError('DATE_ORDER', { from: issuedOn, to: dueOn }, 'dueOn');
      const at = context.now();
      const id = book.transaction(() => {
        if (input.id !== undefined) {
          const { paidOn, number } = requireTaxBill(book, input.id);
          if (paidOn !== null) throw new PortbookError('TAX_BILL_PAID', { number });
        }
        const saved = putTaxBill(book, { ...input, amountFen, issuedOn, dueOn }, at);
        book.audit('taxBill.saved', input.number, { kind: input.kind, amount: yuanText(amountFen), dueOn }, at);
        return saved;
      });
      context.emit({ name: 'book.changed', areas: ['tax'] });
      return { id, dueOn };
    },

    'taxBills.pay': async (input, context) => {
      const { book } = context;
      const date = dateOf(input.date, 'date');
      const bill = requireTaxBill(book, input.id);
      if (bill.paidOn !== null) throw new PortbookError('TAX_BILL_PAID', { number: bill.number });
      if (date < bill.issuedOn) throw new PortbookError('DATE_ORDER', { from: bill.issuedOn, to: date }, 'date');
      const { fen: surchargeFen } = lateFee(context, bill, date);
      const paidFen = bill.amountFen + surchargeFen;
      const sourceDocumentId = await post(call, context, { bill, date, surchargeFen, account: input.account });
      const at = context.now();
      book.transaction(() => {
        markPaid(book, bill.id, { on: date, fen: paidFen, sourceDocumentId }, at);
        const use = openUse(book, 'tax-bill', bill.number);
        if (use !== undefined) releaseUse(book, use.id, date);
        book.audit(
          'taxBill.paid',
          bill.number,
          { date, paid: yuanText(paidFen), surcharge: yuanText(surchargeFen), reference: input.reference },
          at,
        );
      });
      context.emit({ name: 'book.changed', areas: ['tax', 'ledger'] });
      return { paid: yuanText(paidFen), surcharge: yuanText(surchargeFen), sourceDocumentId };
    },
  };
}
