import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { daysBetween } from '../../../shared/calendar/index.ts';
import type { shows } from '../../../shared/contract/shows.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import type { Context, Handlers } from '../context.ts';
import { dateOf, fenOf, yuanText } from '../obligations.ts';
import { addBondedMove, requireBondedItem, requireFree, voidBondedMove } from '../store/bonded.ts';
import { insertUse, releaseUse, requireGuarantee, settleUses, useOf, writeUse } from '../store/guarantees.ts';
import { endShow, listShows, putShow, requireShow, type ShowRecord, setEndMove } from '../store/show-goods.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['tax', 'documents'] });

/**
 * Refuses what the guarantee does not cover: its days, and its free amount beside the part taken already. Refusals: `GUARANTEE_NOT_VALID`,
 * `GUARANTEE_ENDS_FIRST`, `GUARANTEE_SHORT`.
 */
function requireCover(
  { book }: Context,
  of: Pick<ShowRecord, 'guaranteeId' | 'sinceOn' | 'dueOn' | 'dutyFen'>,
  takenFen: number,
): void {
  const { number, state, validFrom, validTo, freeFen } = requireGuarantee(book, of.guaranteeId);
  if (state === 'ended' || of.sinceOn < validFrom || of.sinceOn > validTo)
    throw new PortbookError('GUARANTEE_NOT_VALID', { number, date: of.sinceOn }, 'guaranteeId');
  if (of.dueOn > validTo)
    throw new PortbookError('GUARANTEE_ENDS_FIRST', { number, validTo, dueOn: of.dueOn }, 'dueOn');
  if (of.dutyFen > freeFen + takenFen)
    throw new PortbookError(
      'GUARANTEE_SHORT',
      { number, free: yuanText(freeFen + takenFen), want: yuanText(of.dutyFen) },
      'duty',
    );
}

/** 保税展示: what is on show is covered by its guarantee, and held in its record item, until it comes back or is sold. */
export const showHandlers: Handlers<keyof typeof shows> = {
  'shows.list': (_input, context) => {
    const today = dateOf(chinaDate(context.now()), 'today');
    const records = listShows(context.book);
    const open = records.filter(({ endedOn }) => endedOn === null);
    return {
      rows: records.map(({ qtyE5, valueFen, dutyFen, returnedE5, soldE5, endMoveId: _move, ...one }) => ({
        ...one,
        ...{ qty: storedText(qtyE5), value: yuanText(valueFen), duty: yuanText(dutyFen) },
        ...{ returned: storedText(returnedE5), sold: storedText(soldE5) },
        daysLeft: daysBetween(today, dateOf(one.dueOn, 'dueOn')),
        isLate: one.endedOn === null && one.dueOn < today,
      })),
      open: open.length,
      late: open.filter(({ dueOn }) => dueOn < today).length,
      duty: yuanText(open.reduce((sum, { dutyFen }) => sum + dutyFen, 0)),
    };
  },

  'shows.save': ({ qty, value, duty, ...input }, context) => {
    const { book } = context;
    const now = context.now();
    const { sinceOn, dueOn, paperNo, itemId, unit, guaranteeId } = input;
    if (dueOn < sinceOn) throw new PortbookError('DATE_ORDER', { from: sinceOn, to: dueOn }, 'dueOn');
    const dutyFen = fenOf(duty, 'duty');
    if (dutyFen === 0) throw new PortbookError('AMOUNT_INVALID', { text: duty }, 'duty');
    const draft = { ...input, qtyE5: storedValue(qty), valueFen: fenOf(value, 'value'), dutyFen };
    const result = book.transaction(() => {
      settleUses(book);
      const before = input.id === undefined ? undefined : requireShow(book, input.id);
      if (before !== undefined && before.endedOn !== null)
        throw new PortbookError('SHOW_ENDED', { paperNo: before.paperNo });
      requireCover(context, draft, before?.guaranteeId === guaranteeId ? before.dutyFen : 0);
      if (itemId !== null) {
        const item = requireBondedItem(book, itemId);
        if (item.unit !== unit) throw new PortbookError('SHOW_UNIT', { itemNo: item.itemNo }, 'unit');
        const held = before?.itemId === itemId ? { on: before.sinceOn, deltaE5: -before.qtyE5 } : undefined;
        requireFree(book, item, draft.qtyE5, sinceOn, held);
      }
      const id = putShow(book, draft, now);
      const use = { guaranteeId, amountFen: dutyFen, takenOn: sinceOn, text: paperNo };
      const taken = useOf(book, 'show', String(id));
      if (taken === undefined) insertUse(book, { ...use, subjectKind: 'show', subjectId: String(id) });
      else writeUse(book, { ...use, id: taken.id });
      const { number, freeFen } = requireGuarantee(book, guaranteeId);
      book.audit('show.saved', paperNo, { guarantee: number, duty, qty, dueOn }, now);
      return { id, free: yuanText(freeFen) };
    });
    changed(context);
    return result;
  },

  'shows.end': ({ id, on, returned, sold, paperNo, paperLine }, context) => {
    const { book } = context;
    const now = context.now();
    const [returnedE5, soldE5] = [storedValue(returned), storedValue(sold)];
    const free = book.transaction(() => {
      const show = requireShow(book, id);
      const { qtyE5, sinceOn, itemId, guaranteeId } = show;
      if (show.endedOn !== null) throw new PortbookError('SHOW_ENDED', { paperNo: show.paperNo });
      if (on < sinceOn) throw new PortbookError('DATE_ORDER', { from: sinceOn, to: on }, 'on');
      if (returnedE5 + soldE5 !== qtyE5)
        throw new PortbookError(
          'SHOW_SUM',
          { qty: storedText(qtyE5), sum: storedText(returnedE5 + soldE5) },
          'returned',
        );
      if (soldE5 > 0 && paperNo === '') throw new PortbookError('SHOW_END_PAPER', {}, 'paperNo');
      endShow(book, { id, endedOn: on, returnedE5, soldE5, endPaperNo: paperNo }, now);
      if (itemId !== null && soldE5 > 0) {
        const paper = { paperKind: 'declaration' as const, paperNo, paperLine, note: show.paperNo };
        const move = { itemId, kind: 'home' as const, on, qty: sold, ...paper };
        setEndMove(book, id, addBondedMove(book, move, chinaDate(now), now));
      }
      const use = useOf(book, 'show', String(id));
      if (use !== undefined && use.releasedOn === null) releaseUse(book, use.id, on);
      book.audit('show.ended', show.paperNo, { on, returned, sold, paperNo }, now);
      return yuanText(requireGuarantee(book, guaranteeId).freeFen);
    });
    changed(context);
    return { free };
  },

  'shows.reopen': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const show = requireShow(book, id);
      if (show.endedOn === null) throw new PortbookError('SHOW_OPEN', { paperNo: show.paperNo });
      requireCover(context, show, 0);
      endShow(book, { id, endedOn: null, returnedE5: 0, soldE5: 0, endPaperNo: '' }, now);
      if (show.endMoveId !== null) voidBondedMove(book, show.endMoveId, show.paperNo);
      if (show.itemId !== null)
        // It counts as held already: what is asked is whether the rest still holds with it.
        requireFree(book, requireBondedItem(book, show.itemId), show.qtyE5, show.sinceOn, {
          on: show.sinceOn,
          deltaE5: -show.qtyE5,
        });
      const use = useOf(book, 'show', String(id));
      if (use !== undefined)
        writeUse(book, {
          id: use.id,
          guaranteeId: show.guaranteeId,
          amountFen: show.dutyFen,
          takenOn: show.sinceOn,
          text: show.paperNo,
        });
      book.audit('show.reopened', show.paperNo, {}, now);
    });
    changed(context);
    return {};
  },
};
