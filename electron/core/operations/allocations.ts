import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { allocations } from '../../../shared/contract/allocations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { planAutomatic, type Suggestion } from '../../../shared/matching/allocation.ts';
import type { Context, Handlers } from '../context.ts';
import {
  allocate,
  allocateWaitingPayouts,
  allocationFindings,
  listAllocations,
  withdrawAllocation,
} from '../store/money/allocations.ts';
import {
  allocationParameters,
  chargesOn,
  listOpenReceipts,
  listOpenTargets,
  openByAge,
  openReceiptIds,
  receiptViews,
  requireReceipt,
  requireTarget,
  type StoredReceipt,
  targetKey,
  targetViews,
  textOf,
} from '../store/money/open-items.ts';
import { inputsOf, Suggesting, suggestionView, viewsOf } from '../store/money/suggestions.ts';

const suggesting = ({ book, resources }: Context): Suggesting => {
  const countries = resources.countries();
  return new Suggesting(book, (alpha2) => countries.match(alpha2));
};
const changed = ({ emit }: Context): void =>
  emit({ name: 'book.changed', areas: ['money', 'matching', 'ledger', 'tax'] });

/** Receipts between which a job lets others go on. */
const breath = 20;

/** Allocation of receipts (核对分摊): numbers and names of persons never go into the audit log. */
export const allocationHandlers: Handlers<keyof typeof allocations> = {
  'allocations.suggest': ({ recordId, limit }, context) => {
    const { book, now } = context;
    const today = chinaDate(now());
    const receipt = requireReceipt(book, recordId, 'recordId');
    const found = suggesting(context).forReceipt(receipt).slice(0, limit);
    const views = viewsOf(book, found, found[0]?.rows ?? new Map(), today);
    const [view] = receiptViews(book, [receipt], today);
    if (view === undefined) throw new PortbookError('MONEY_RECORD_UNKNOWN', { id: recordId }, 'recordId');
    return { receipt: view, suggestions: found.map((one) => suggestionView(book, receipt, one, views)) };
  },

  'allocations.suggestFor': ({ target, limit }, context) => {
    const { book, now } = context;
    const today = chinaDate(now());
    const stored = requireTarget(book, target, 'target');
    const found = suggesting(context).forTarget(stored).slice(0, limit);
    const [view] = targetViews(book, [stored], today);
    if (view === undefined) throw new PortbookError('ALLOCATION_TARGET_UNKNOWN', { no: stored.no }, 'target');
    const receipts = receiptViews(
      book,
      found.map(({ receipt }) => receipt),
      today,
    );
    const views = new Map([[targetKey(stored), view]]);
    return {
      target: view,
      suggestions: found.flatMap((one, at) => {
        const receipt = receipts[at];
        return receipt === undefined ? [] : [{ ...suggestionView(book, one.receipt, one, views), receipt }];
      }),
    };
  },

  'allocations.confirm': ({ items }, context) => {
    const { book, now } = context;
    const at = now();
    const done = book.transaction(() => {
      const made = allocate(book, items, at);
      auditMade(
        context,
        made.ids,
        items.map(({ score }) => score),
        at,
      );
      return made;
    });
    changed(context);
    return {
      ids: done.ids,
      receipts: done.receipts.map(({ id, number, currency, openMinor }) => ({
        id,
        number,
        currency,
        open: textOf(openMinor, currency),
      })),
      targets: done.targets.map(({ kind, no, currency, openMinor, settledOn }) => ({
        kind,
        no,
        currency,
        open: textOf(openMinor, currency),
        ...(settledOn === null ? {} : { settledOn }),
      })),
    };
  },

  'allocations.withdraw': ({ ids }, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      withdrawAllocation(book, ids, at);
      book.audit('allocation.withdrawn', `allocation:${ids[0]}`, { ids }, at);
    });
    changed(context);
    return { withdrawn: ids.length };
  },

  'allocations.list': (filter, { book }) => listAllocations(book, filter),
  'allocations.openReceipts': (filter, { book, now }) => listOpenReceipts(book, filter, chinaDate(now())),
  'allocations.openTargets': (filter, { book, now }) => listOpenTargets(book, filter, chinaDate(now())),
  'allocations.ageing': (_, { book, now }) => {
    const asOf = chinaDate(now());
    return { asOf, rows: openByAge(book, asOf) };
  },
  'allocations.findings': (_, { book }) => ({ rows: allocationFindings(book) }),
  'allocations.rules': (_, { book, now }) => {
    const today = chinaDate(now());
    const { showFrom, confirmFrom } = allocationParameters(book, today);
    const { upTo, share } = chargesOn(book, today);
    return { showFrom, confirmFrom, chargesUpTo: upTo.toString(), chargesShare: share.toString() };
  },

  'allocations.autoConfirm': async ({ minimum, dryRun }, context) => {
    const { book, now, signal, progress } = context;
    // What payouts say they paid needs no guess.
    const payoutOrders = dryRun ? 0 : allocateWaitingPayouts(book, now());
    const finder = suggesting(context);
    const ids = openReceiptIds(book);
    const list: { receipt: StoredReceipt & { no: string }; suggestions: readonly Suggestion[] }[] = [];
    for (const [at, id] of ids.entries()) {
      const receipt = requireReceipt(book, id);
      list.push({ receipt: { ...receipt, no: receipt.number }, suggestions: finder.forReceipt(receipt) });
      if (at % breath !== breath - 1) continue;
      progress({ phase: 'allocations.suggesting', done: at + 1, total: ids.length });
      await setImmediate();
      if (signal.aborted) throw new PortbookError('CANCELLED');
    }
    const plan = planAutomatic(list, minimum);
    const withheld = plan.withheld.map(({ receipt, why, score }) => ({
      recordId: receipt.id,
      number: receipt.number,
      why: why as string,
      score,
    }));
    const accepted: (typeof plan.accepted)[number][] = [];
    for (const [at, one] of plan.accepted.entries()) {
      const { receipt, suggestion } = one;
      try {
        if (!dryRun) {
          const instant = now();
          book.transaction(() => {
            const { ids: made } = allocate(book, inputsOf(receipt, suggestion), instant);
            auditMade(context, made, [suggestion.score], instant);
          });
        }
        accepted.push(one);
      } catch (error) {
        if (!(error instanceof PortbookError)) throw error;
        withheld.push({ recordId: receipt.id, number: receipt.number, why: error.code, score: suggestion.score });
      }
      if (dryRun || at % breath !== breath - 1) continue;
      progress({ phase: 'allocations.confirming', done: at + 1, total: plan.accepted.length });
      await setImmediate();
      if (signal.aborted) break;
    }
    if (!dryRun && accepted.length + payoutOrders > 0) changed(context);
    return {
      dryRun,
      payoutOrders,
      receipts: ids.length,
      accepted: accepted.map(({ receipt, suggestion: { parts, score, reasons } }) => ({
        recordId: receipt.id,
        number: receipt.number,
        score,
        currency: receipt.currency,
        amount: textOf(
          parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
          receipt.currency,
        ),
        targets: parts.map(({ target, targetMinor, chargeMinor }) => ({
          kind: target.kind,
          no: target.no,
          amount: textOf(targetMinor, target.currency),
          charge: textOf(chargeMinor, target.currency),
        })),
        reasons: reasons.map(({ code }) => code),
      })),
      withheld,
    };
  },
};

function auditMade({ book }: Context, ids: readonly number[], scores: readonly number[], at: string): void {
  book.audit('allocation.made', `allocation:${ids[0] ?? 0}`, { ids, scores: [...new Set(scores)] }, at);
}
