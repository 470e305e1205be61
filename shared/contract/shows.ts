/** 保税展示 / 仓外展示: goods on show outside the zone under a registered guarantee, until they come back or are sold. */
import { z } from 'zod';
import { amountText } from './accounting.ts';
import { bondedQuantity } from './bonded.ts';
import { decimalText, isoDate } from './common.ts';
import { command, query } from './operation.ts';

const id = z.number().int().positive();
const yuan = z.string();
const quantityOrNone = z.string().regex(/^\d{1,10}(\.\d{1,5})?$/);

const fields = {
  /** The record item they are of, which holds them; null: of no ledger in the book. */
  itemId: id.nullable().default(null),
  name: z.string().trim().min(1).max(250),
  unit: z.string().regex(/^\d{3}$/),
  qty: bondedQuantity,
  /** Yuan. */
  value: amountText,
  /** Duty and taxes at stake in yuan, as customs or the guarantee's papers say. */
  duty: amountText,
  guaranteeId: id,
  /** The paper they went out by. */
  paperNo: z.string().trim().min(1).max(60),
  place: z.string().trim().min(1).max(200),
  sinceOn: isoDate,
  /** Due back, as approved: no rule of the book works it out. */
  dueOn: isoDate,
  note: z.string().trim().max(500).default(''),
};
export const showRow = z.object({
  id,
  ...fields,
  recordNo: z.string(),
  itemNo: z.string(),
  guarantee: z.string(),
  daysLeft: z.number().int(),
  /** Over the day and not ended. */
  isLate: z.boolean(),
  endedOn: isoDate.nullable(),
  returned: decimalText,
  sold: decimalText,
  endPaperNo: z.string(),
});

export const shows = {
  /** Those on show first, by the day they are due back. */
  'shows.list': query(
    z.object({}),
    z.object({ rows: z.array(showRow), open: z.number().int(), late: z.number().int(), duty: yuan }),
  ),
  /**
   * Puts goods on show, or corrects what is on show. Refusals: `SHOW_UNKNOWN` {id}, `SHOW_ENDED` {paperNo}, `SHOW_PAPER_USED` {paperNo}, `DATE_ORDER`,
   * `GUARANTEE_UNKNOWN`, `GUARANTEE_NOT_VALID` {number, date}, `GUARANTEE_ENDS_FIRST` {number, validTo, dueOn}, `GUARANTEE_SHORT` {number, free, want},
   * `SHOW_UNIT` {itemNo}, and those of the item it is of: `BONDED_ITEM_UNKNOWN`, `BONDED_SHORT`.
   */
  'shows.save': command(z.object({ id: id.optional(), ...fields }), z.object({ id, free: yuan })),
  /**
   * What came back and what was sold, together all of it; the guarantee is free again, and what was sold leaves its record item. Refusals: `SHOW_UNKNOWN`,
   * `SHOW_ENDED`, `SHOW_SUM` {qty, sum}, `SHOW_END_PAPER` where sold goods have no paper, `DATE_ORDER`, `BONDED_PAPER_USED`, `BONDED_PAPER_LIST`, `BONDED_AHEAD`.
   */
  'shows.end': command(
    z.object({
      id,
      on: isoDate,
      returned: quantityOrNone,
      sold: quantityOrNone,
      paperNo: z.string().trim().max(60).default(''),
      paperLine: z.number().int().min(1).max(9999).default(1),
    }),
    z.object({ free: yuan }),
  ),
  /** Takes an end back that was entered wrongly. Refusals: `SHOW_UNKNOWN`, `SHOW_OPEN` {paperNo}, `GUARANTEE_SHORT`, `GUARANTEE_NOT_VALID`, `BONDED_SHORT`. */
  'shows.reopen': command(z.object({ id }), z.object({})),
} as const;
