import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { daysBetween, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { obligations } from '../../../shared/contract/obligations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { guaranteePack, isNearlyUsed } from '../../../shared/rules/guarantee/cover.ts';
import type { Context, Handlers } from '../context.ts';
import { dateOf, fenOf, packFigures, yuanText } from '../obligations.ts';
import {
  billsByMonth,
  type GuaranteeRecord,
  insertUse,
  listGuarantees,
  openUse,
  putGuarantee,
  releaseUse,
  requireGuarantee,
  settleUses,
  usesOf,
} from '../store/guarantees.ts';
import { requireTaxBillNumbered } from '../store/tax-bills.ts';

type View = OutputOf<'guarantees.list'>['rows'][number];

/** Percent with one decimal, half-up. */
function percent(part: number, whole: number): string {
  const tenths = (BigInt(part) * 2000n + BigInt(whole)) / (BigInt(whole) * 2n);
  return `${tenths / 10n}.${tenths % 10n}`;
}

function viewOf(one: GuaranteeRecord, date: string, warnAbove: string): View {
  const [today, end] = [parseIsoDate(date), parseIsoDate(one.validTo)];
  const { id, kind, number, issuer, customs, validFrom, validTo, state, note, openUses } = one;
  return {
    ...{ id, kind, number, issuer, customs, validFrom, validTo, state, note, openUses },
    amount: yuanText(one.amountFen),
    used: yuanText(one.usedFen),
    free: yuanText(one.freeFen),
    usedPercent: percent(one.usedFen, one.amountFen),
    warning: isNearlyUsed(one.amountFen, one.usedFen, warnAbove),
    daysLeft: today === undefined || end === undefined ? 0 : daysBetween(today, end),
  };
}

const warnLevel = (context: Context, date: string): string =>
  packFigures(context, 'guarantee', guaranteePack, date).warnAbove;

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['tax'] });

/** Guarantees (税款担保): what is taken never exceeds what there is. */
export const guaranteeHandlers: Handlers<Extract<keyof typeof obligations, `guarantees.${string}`>> = {
  'guarantees.list': ({ date, state }, context) => {
    const warnAbove = warnLevel(context, dateOf(date, 'date'));
    const records = listGuarantees(context.book, state);
    const active = records.filter((one) => one.state === 'active' && one.validFrom <= date && date <= one.validTo);
    const sum = (of: (one: GuaranteeRecord) => number): string =>
      yuanText(active.reduce((total, one) => total + of(one), 0));
    return {
      rows: records.map((one) => viewOf(one, date, warnAbove)),
      totalAmount: sum(({ amountFen }) => amountFen),
      totalUsed: sum(({ usedFen }) => usedFen),
      totalFree: sum(({ freeFen }) => freeFen),
      warnAbovePercent: percent(Number(warnAbove.slice(2).padEnd(4, '0')), 10_000),
    };
  },

  'guarantees.save': (input, context) => {
    const { book } = context;
    const from = dateOf(input.validFrom, 'validFrom');
    const to = dateOf(input.validTo, 'validTo');
    if (to < from) throw new PortbookError('DATE_ORDER', { from, to }, 'validTo');
    const amountFen = fenOf(input.amount, 'amount');
    if (amountFen === 0) throw new PortbookError('AMOUNT_INVALID', { text: input.amount }, 'amount');
    const at = context.now();
    const id = book.transaction(() => {
      settleUses(book);
      if (input.id !== undefined) {
        const { usedFen, number } = requireGuarantee(book, input.id);
        if (amountFen < usedFen)
          throw new PortbookError('GUARANTEE_BELOW_USE', { number, used: yuanText(usedFen) }, 'amount');
        if (input.state === 'ended' && usedFen > 0)
          throw new PortbookError('GUARANTEE_IN_USE', { number, used: yuanText(usedFen) }, 'state');
      }
      const saved = putGuarantee(book, { ...input, amountFen }, at);
      book.audit(
        'guarantee.saved',
        input.number,
        { kind: input.kind, amount: yuanText(amountFen), validTo: to, state: input.state },
        at,
      );
      return saved;
    });
    changed(context);
    return { id };
  },

  'guarantees.take': (input, context) => {
    const { book } = context;
    const date = dateOf(input.date, 'date');
    const want = fenOf(input.amount, 'amount');
    if (want === 0) throw new PortbookError('AMOUNT_INVALID', { text: input.amount }, 'amount');
    const warnAbove = warnLevel(context, date);
    const result = book.transaction(() => {
      settleUses(book);
      const one = requireGuarantee(book, input.id);
      if (one.state === 'ended' || date < one.validFrom || date > one.validTo)
        throw new PortbookError('GUARANTEE_NOT_VALID', { number: one.number, date }, 'date');
      if (input.subjectKind === 'tax-bill') requireTaxBillNumbered(book, input.subjectId);
      const taken = openUse(book, input.subjectKind, input.subjectId);
      if (taken !== undefined)
        throw new PortbookError('GUARANTEE_TAKEN', { subject: input.subjectId, number: taken.number }, 'subjectId');
      if (want > one.freeFen)
        throw new PortbookError(
          'GUARANTEE_SHORT',
          { number: one.number, free: yuanText(one.freeFen), want: yuanText(want) },
          'amount',
        );
      const { id, subjectKind, subjectId, text } = input;
      const useId = insertUse(book, { guaranteeId: id, subjectKind, subjectId, amountFen: want, takenOn: date, text });
      book.audit(
        'guarantee.taken',
        one.number,
        { subjectKind, subjectId, amount: yuanText(want), date },
        context.now(),
      );
      const after = requireGuarantee(book, id);
      return {
        useId,
        free: yuanText(after.freeFen),
        warning: isNearlyUsed(after.amountFen, after.usedFen, warnAbove),
      };
    });
    changed(context);
    return result;
  },

  'guarantees.release': ({ useId, date }, context) => {
    const { book } = context;
    const on = dateOf(date, 'date');
    const free = book.transaction(() => {
      settleUses(book);
      const { guaranteeId, subjectKind, subjectId, amountFen, label } = releaseUse(book, useId, on);
      // It is on show until it comes back or is sold.
      if (subjectKind === 'show') throw new PortbookError('GUARANTEE_SHOWN', { paperNo: label });
      const one = requireGuarantee(book, guaranteeId);
      book.audit(
        'guarantee.released',
        one.number,
        { subjectKind, subjectId, amount: yuanText(amountFen), date: on },
        context.now(),
      );
      return yuanText(one.freeFen);
    });
    changed(context);
    return { free };
  },

  'guarantees.statement': ({ id, from, to }, context) => {
    const { book } = context;
    const [first, last] = [dateOf(from, 'from'), dateOf(to, 'to')];
    const uses = usesOf(book, id);
    const sum = (of: typeof uses): number => of.reduce((total, { amountFen }) => total + amountFen, 0);
    const heldOn = (isHeld: (taken: string, released: string | null) => boolean): number =>
      sum(uses.filter(({ takenOn, releasedOn }) => isHeld(takenOn, releasedOn)));
    const inside = (date: string | null): boolean => date !== null && date >= first && date <= last;
    const today = chinaDate(context.now());
    return {
      guarantee: viewOf(requireGuarantee(book, id), today, warnLevel(context, today)),
      opening: yuanText(heldOn((taken, released) => taken < first && (released === null || released >= first))),
      taken: yuanText(heldOn((taken) => inside(taken))),
      released: yuanText(heldOn((_taken, released) => inside(released))),
      closing: yuanText(heldOn((taken, released) => taken <= last && (released === null || released > last))),
      uses: uses
        .filter(({ takenOn, releasedOn }) => takenOn <= last && (releasedOn === null || releasedOn >= first))
        .map(({ guaranteeId: _owner, amountFen, ...use }) => ({ ...use, amount: yuanText(amountFen) })),
      months: billsByMonth(book, id, first, last).map(({ month, bills, amountFen, unpaidFen }) => ({
        month,
        bills,
        amount: yuanText(amountFen),
        unpaid: yuanText(unpaidFen),
      })),
    };
  },
};
