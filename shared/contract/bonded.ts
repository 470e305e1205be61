/** 保税账册: record items of a zone or bonded logistics centre, what came in and went out by its paper, what lists of 1210 draw. */
import { z } from 'zod';
import { decimalText, fileToken, isoDate, pageInput, pageOf } from './common.ts';
import { documentState } from './filing.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int().positive();
const count = z.number().int();
export const bondedQuantity = z.string().regex(/^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/);

/** 海关特殊监管区域, 保税物流中心（B 型）, or another bonded place. */
export const bondedPlaces = ['zone', 'centre', 'other'] as const;
/** 进境入区, 境内入区, 转入, 退货入区. */
export const bondedEntries = ['import', 'domestic', 'transfer-in', 'returned'] as const;
/** 出区进入境内 (retail imports too), 出境 under a paper that is no list of this book, 转出. */
export const bondedExits = ['home', 'abroad', 'transfer-out'] as const;
/** 核注清单, 报关单, 清单, other. */
export const bondedPapers = ['checklist', 'declaration', 'list', 'other'] as const;
export const bondedFinds = ['all', 'left', 'proposed', 'short'] as const;

const bookFields = {
  /** 账册编号. */
  recordNo: z.string().trim().min(1).max(30),
  placeKind: z.enum(bondedPlaces),
  place: z.string().trim().max(100).default(''),
  /** Customs in charge, four digits; empty: not said. */
  customs: z.union([z.literal(''), z.string().regex(/^\d{4}$/)]).default(''),
  /** 区内企业. */
  firmCode: z.string().trim().min(1).max(18),
  firmName: z.string().trim().min(1).max(100),
  state: z.enum(['open', 'closed']).default('open'),
  note: z.string().trim().max(500).default(''),
};
export const bondedBook = z.object({
  id,
  ...bookFields,
  items: count,
});

const itemFields = {
  /** 备案序号. */
  seq: z.number().int().min(1).max(999_999),
  /** 料号, which lists carry. */
  itemNo: z.string().trim().min(1).max(30),
  /** 货号 of the firm's own article; empty: none. */
  sku: z.string().trim().max(60).default(''),
  name: z.string().trim().min(1).max(250),
  hsCode: z
    .string()
    .trim()
    .regex(/^\d{8,13}$/),
  /** Customs unit code in which the item is kept. */
  unit: z.string().regex(/^\d{3}$/),
  note: z.string().trim().max(500).default(''),
};
export const bondedItem = z.object({
  id,
  bookId: id,
  recordNo: z.string(),
  ...itemFields,
  /** Entries, and exits: by papers entered here, and by lists that customs accepted or released. */
  entered: decimalText,
  left: decimalText,
  listed: decimalText,
  /** Entries less exits; never below zero. What customs let out beyond it is `short`. */
  balance: decimalText,
  short: decimalText,
  /** Of lists that are drafted or on their way. */
  proposed: decimalText,
  onShow: decimalText,
  /** Balance less what is proposed or on show; not below zero. */
  free: decimalText,
});
export type BondedItem = z.infer<typeof bondedItem>;

const moveFields = {
  kind: z.enum([...bondedEntries, ...bondedExits]),
  on: isoDate,
  paperKind: z.enum(bondedPapers),
  /** 核注清单编号, 报关单号, 清单编号. */
  paperNo: z.string().trim().min(1).max(60),
  paperLine: z.number().int().min(1).max(9999),
  qty: bondedQuantity,
  note: z.string().trim().max(300).default(''),
};
export const bondedStep = z.object({
  key: z.string(),
  on: isoDate,
  kind: z.enum([...bondedEntries, ...bondedExits, 'retail']),
  paperKind: z.enum(bondedPapers),
  paperNo: z.string(),
  paperLine: count,
  qty: decimalText,
  /** After the day's earlier steps and this one; of a void step as before it. */
  balance: decimalText,
  moveId: id.nullable(),
  documentId: id.nullable(),
  note: z.string(),
  voidReason: z.string(),
});

export const bonded = {
  'bonded.books': query(z.object({}), z.object({ rows: z.array(bondedBook) })),
  /** Refusals: `BONDED_BOOK_UNKNOWN` {id}, `BONDED_BOOK_USED` {recordNo}, `BONDED_BOOK_FIXED` {recordNo} for another number once it is drawn on. */
  'bonded.saveBook': command(z.object({ id: id.optional(), ...bookFields }), z.object({ id })),
  /** Items of a ledger by 备案序号. `counts` are of the whole ledger. Refusal: `BONDED_BOOK_UNKNOWN` {id}. */
  'bonded.items': query(
    z.object({
      bookId: id,
      text: z.string().max(100).default(''),
      find: z.enum(bondedFinds).default('all'),
      ...pageInput,
    }),
    pageOf(bondedItem).extend({ counts: z.object({ all: count, left: count, proposed: count, short: count }) }),
  ),
  /** An item with what draws on it and is not booked yet. Refusal: `BONDED_ITEM_UNKNOWN` {id}. */
  'bonded.item': query(
    z.object({ id }),
    bondedItem.extend({
      isOpen: z.boolean(),
      draws: z.array(z.object({ documentId: id, number: z.string(), state: documentState, qty: decimalText })),
    }),
  ),
  /** Every step of an item with the running balance, newest first. Refusal: `BONDED_ITEM_UNKNOWN` {id}. */
  'bonded.history': query(z.object({ id, ...pageInput }), pageOf(bondedStep)),
  /**
   * Refusals: `BONDED_ITEM_UNKNOWN`, `BONDED_BOOK_UNKNOWN`, `BONDED_SEQ_USED` {seq}, `BONDED_ITEM_USED` {itemNo}, `BONDED_SKU_USED` {sku, itemNo},
   * `BONDED_ITEM_FIXED` {itemNo} for another 料号 or unit once something moved.
   */
  'bonded.saveItem': command(z.object({ id: id.optional(), bookId: id, ...itemFields }), z.object({ id })),
  /**
   * Enters a line of a paper. Refusals: `BONDED_ITEM_UNKNOWN`, `BONDED_BOOK_CLOSED` {recordNo}, `BONDED_PAPER_USED` {paperNo, line}, `BONDED_PAPER_LIST`
   * {paperNo} for a list of this book, which counts by itself, `BONDED_SHORT` {itemNo, free, want, on}, `BONDED_AHEAD` {on} for a day to come.
   */
  'bonded.move': command(z.object({ itemId: id, ...moveFields }), z.object({ id, free: decimalText })),
  /** Refusals: `BONDED_MOVE_UNKNOWN` {id}, `BONDED_SHORT` where what came in has left already, `BONDED_MOVE_SHOWN` {paperNo} of goods sold from a show. */
  'bonded.void': command(z.object({ id, reason: z.string().trim().min(1).max(300) }), z.object({})),
  /** A workbook: items with their balances, every step, and what is proposed. Refusal: `BONDED_BOOK_UNKNOWN`. */
  'bonded.export': job(z.object({ bookId: id, to: fileToken }), z.object({ rows: count })),
} as const;
