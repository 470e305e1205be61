/** Exports that come back (出口退换货): received, sorted, stored, repaired, sold again or sent out again; copies of declarations of others. */
import { z } from 'zod';
import { returnStates } from '../returns/states.ts';
import { decimalText, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, query } from './operation.ts';
import { exportModes } from './purchasing.ts';

const id = z.number().int();
const quantity = z.string().regex(/^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/);
const yuan = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/);
const state = z.enum(returnStates);
const note = z.string().trim().max(500).default('');

const lineFacts = {
  /** The firm's own export line; or `copyId`, a line of a copy. */
  exportLineId: id.optional(),
  copyId: id.optional(),
  declarationNo: z.string(),
  lineNo: id,
  exportDate: isoDate,
  mode: z.enum(exportModes),
  name: z.string(),
  /** Customs unit code. */
  unit: z.string(),
  /** What went out, in the unit. */
  out: decimalText,
  /** Who exported, of a copy. */
  exporter: z.string().optional(),
};

export const returnLine = z.object({ ...lineFacts, left: decimalText });

export const returnRow = z.object({
  ...lineFacts,
  id,
  number: z.string(),
  hsCode: z.string(),
  currency: z.string(),
  qty: decimalText,
  state,
  receivedOn: isoDate,
  reason: z.enum(['returned', 'unsold', 'other']),
  /** Where it lies (库位). */
  place: z.string(),
  note: z.string(),
  /** 退货申请单 and 复运出境 declaration it went into, in their newest version; left out where they were given up. */
  applicationId: id.optional(),
  reexportId: id.optional(),
  /** False also of one that customs sent back: then another may be drafted, and the return may be void. */
  applicationStands: z.boolean(),
  reexportStands: z.boolean(),
  /** Whether returns of the line are in 退货仓; false where no stock is kept of the goods, or they left from none. */
  isInStock: z.boolean(),
});

const repairPart = z.object({ name: z.string().trim().min(1).max(200), qty: quantity, costCny: yuan });
export const repairView = z.object({
  id,
  number: z.string(),
  fault: z.string(),
  work: z.string(),
  labourCny: z.string(),
  /** Parts and work. */
  costCny: z.string(),
  startedOn: isoDate,
  finishedOn: isoDate.optional(),
  parts: z.array(z.object({ name: z.string(), qty: decimalText, costCny: z.string() })),
});

export const declarationCopyRow = z.object({
  id,
  mode: z.enum(exportModes),
  declarationNo: z.string(),
  lineNo: id,
  exportDate: isoDate,
  exporter: z.string(),
  exporterCode: z.string(),
  customsCode: z.string(),
  hsCode: z.string(),
  name: z.string(),
  unit: z.string(),
  qty: decimalText,
  currency: z.string(),
  fob: z.string(),
  country: z.string().optional(),
});

export const returns = {
  /** Newest first; without a state all that are not void. */
  'returns.list': query(
    z.object({ state: state.optional(), text: z.string().optional(), ...pageInput }),
    pageOf(returnRow).extend({ counts: z.array(z.object({ state, returns: id })) }),
  ),
  /** A return with its steps, repairs, and what may be done with it now. Refusal: `RETURN_UNKNOWN` {id}. */
  'returns.get': query(
    z.object({ id }),
    returnRow.extend({
      steps: z.array(
        z.object({ from: state.optional(), to: state, qty: decimalText, note: z.string(), at: isoInstant }),
      ),
      repairs: z.array(repairView),
      next: z.array(state),
      /** Whether a 退货申请单 can be drafted: the line is of a list of this book, and none is drafted. */
      canApply: z.boolean(),
    }),
  ),
  /** Lines whose goods may come back, by number, name or exporter, with what is left of them. */
  'returns.lines': query(z.object({ text: z.string().default('') }), z.object({ rows: z.array(returnLine) })),
  /**
   * Receives goods of one line; where stock is kept of them they come into 退货仓 at what they left at. What warehouse reports and
   * cancelled orders brought back counts: never more comes back than went out. Refusals: `EXPORT_LINE_UNKNOWN`, `COPY_UNKNOWN`,
   * `RETURN_BEFORE_EXPORT` {exported, returned}, `DATE_FUTURE` {date}, `RETURN_TOO_MUCH_BACK` {left}.
   */
  'returns.receive': command(
    z.object({
      line: z.union([z.object({ exportLineId: id }), z.object({ copyId: id })]),
      qty: quantity,
      receivedOn: isoDate,
      reason: z.enum(['returned', 'unsold', 'other']),
      place: z.string().trim().max(60).default(''),
      note,
    }),
    z.object({ id, number: z.string() }),
  ),
  /**
   * Takes a return, or a part of it, to its next state; the part becomes a return of its own. Refusals: `RETURN_UNKNOWN`, `RETURN_STEP`
   * {from, to}, `RETURN_PART` {qty, whole}, `RETURN_FILED` {number}, `RETURN_BACK_REASON` {number} where an end is taken back without a
   * reason, `STOCK_SHORT` where goods to be voided left 退货仓 since.
   */
  'returns.move': command(
    z.object({ id, to: state, qty: quantity.optional(), place: z.string().trim().max(60).optional(), note }),
    z.object({ id, number: z.string() }),
  ),
  /** Writes the open repair order anew: fault, work, parts with their cost, cost of the work. Refusals: `RETURN_UNKNOWN`, `REPAIR_NOT_OPEN` {number}. */
  'repairs.save': command(
    z.object({
      returnId: id,
      fault: z.string().trim().max(500),
      work: z.string().trim().max(500),
      labourCny: yuan,
      parts: z.array(repairPart).max(100),
    }),
    z.object({}),
  ),
  /**
   * Drafts the 退货申请单 of a return of one of the book's lists. Refusals: `RETURN_NO_LIST` {number}, `RETURN_FILED` {number} while one
   * stands, and those of `documents.returnGoods`.
   */
  'returns.apply': command(z.object({ id }), z.object({ documentId: id })),
  /**
   * Drafts one 报关单 for returns that go out again: repaired goods as such, others as goods sent back. Refusals: `RETURN_UNKNOWN`,
   * `RETURN_NOT_SENT_BACK` {number}, `RETURN_FILED` {number}.
   */
  'returns.reexport': command(z.object({ ids: z.array(id).min(1).max(50) }), z.object({ documentId: id })),
  /** Copies of declarations of others, newest first. */
  'declarationCopies.list': query(z.object({ text: z.string().default(''), ...pageInput }), pageOf(declarationCopyRow)),
} as const;
