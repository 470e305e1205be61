/** The life of a document beyond its order: made by hand, changed, deleted, withdrawn, returned, summed up. */
import { z } from 'zod';
import { declarationModes } from '../drafting/goods-declaration.ts';
import { decimalText, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { documentDetail, documentKind, documentState } from './filing.ts';
import { command, query } from './operation.ts';

const id = z.object({ id: z.number().int() });
const reason = z.string().trim().min(1).max(1000);

const linked = z.object({
  id: z.number().int(),
  kind: documentKind,
  businessKey: z.string(),
  state: documentState,
  purpose: z.enum(['amend', 'withdraw', 'return', 'tally', 'waybills', 'arrival', 'departure', 'summary']),
});

/** A coded remark of a receipt, explained as far as anybody knows. */
export const receiptCode = z.object({
  /** A code of the text, else a status that is a code of its own: below nought, or `SW-E` and `SWI-1` of the Single Window. */
  code: z.string(),
  /** What the receipt itself says behind the code. */
  text: z.string(),
  /** The official table's own word; absent for a code it does not have. */
  meaning: z.string().optional(),
  /** The user's own note. */
  note: z.string().optional(),
});

const summaryGroup = z.object({
  key: z.string(),
  consignor: z.string(),
  producer: z.string(),
  arrivalCountry: z.string(),
  exitCustoms: z.string(),
  transportMode: z.string(),
  lists: z.number().int(),
  items: z.number().int(),
  /** Total of the lists by customs' numeric currency. */
  totals: z.array(z.object({ currency: z.string(), amount: decimalText })),
});

export const documentLife = {
  /**
   * A blank draft of any message, with what the firm and the table know in it. `reuse`: of declarations (报关单), one that the clerk at work
   * made before and typed nothing into is given in its place.
   */
  'documents.create': command(z.object({ kind: documentKind, reuse: z.boolean().default(false) }), documentDetail),
  /**
   * What may be done with a document now, what others are about it and what it is about, and results that came about it.
   */
  'documents.life': query(
    id,
    z.object({
      may: z.object({
        change: z.boolean(),
        delete: z.boolean(),
        withdraw: z.boolean(),
        return: z.boolean(),
        tally: z.boolean(),
        discard: z.boolean(),
        /** Has more lines than its message may carry: may be split (拆分). */
        split: z.boolean(),
        /** Withdrawn at customs: may be filed anew under its number (`documents.revise`). */
        refile: z.boolean(),
      }),
      about: z.array(linked),
      by: z.array(linked),
      /**
       * A withdrawal or deletion that customs has stored and not concluded: what it is about stands as it was. `isLate`: longer than `hours`.
       */
      unconcluded: z.object({ since: isoInstant, hours: z.number(), isLate: z.boolean() }).optional(),
      /** What may still come back, line by line of a list. */
      returnable: z.array(
        z.object({
          gnum: z.string(),
          gname: z.string(),
          unit: z.string(),
          qty: decimalText,
          left: decimalText,
          exportLineId: z.number().int().optional(),
        }),
      ),
      results: z.array(
        z.object({
          id: z.number().int(),
          kind: z.string(),
          number: z.string(),
          at: isoInstant,
          /** Label and value of the result's head, in the order of its table. */
          fields: z.array(z.object({ name: z.string(), value: z.string() })),
          /** Lists it names: matched ones with their document. */
          lists: z.array(
            z.object({ invtNo: z.string(), listId: z.number().int().optional(), itemNo: z.number().int() }),
          ),
        }),
      ),
      codes: z.array(receiptCode),
    }),
  ),
  /**
   * What follows from a document, were it withdrawn or deleted: to be shown before either is asked for. Sales and export lines are taken
   * back with it once customs agrees; where a line `holds`, none of its lines until what is done with it is undone. All else stays as it is,
   * for a person to see to.
   */
  'documents.impacts': query(
    id,
    z.object({
      rows: z.array(
        z.object({
          code: z.enum(['inUse', 'returns', 'papers', 'transport', 'lists', 'sales', 'lines']),
          count: z.number().int(),
          /** The first of them. */
          names: z.array(z.string()),
          holds: z.boolean(),
        }),
      ),
    }),
  ),
  /**
   * The change (变更) or deletion (删除) of what customs has accepted: a new draft version under the same number. Refusal:
   * `DOCUMENT_NOT_AMENDABLE` {number, state}, `DOCUMENT_LIFE_UNDERWAY` {number, other} while another filing about it is open.
   */
  'documents.amend': command(id.extend({ as: z.enum(['change', 'delete']) }), documentDetail),
  /** 撤销申请单 of a list (CEB605, CEB623). Refusals: `DOCUMENT_NOT_WITHDRAWABLE` {number, state}, `DOCUMENT_LIFE_UNDERWAY`. */
  'documents.withdraw': command(id.extend({ reason }), documentDetail),
  /**
   * 退货申请单 of released goods (CEB213, CEB625). Refusals: `DOCUMENT_NOT_RETURNABLE` {number, state}, `RETURN_LINE_UNKNOWN` {gnum},
   * `RETURN_TOO_MUCH` {gnum, left}.
   */
  'documents.returnGoods': command(
    id.extend({ reason, lines: z.array(z.object({ gnum: z.string(), qty: decimalText })).min(1) }),
    documentDetail,
  ),
  /** 退货理货明细单 (CEB215) of an accepted return application. Refusal: `DOCUMENT_NOT_TALLIED` {number, state}. */
  'documents.tally': command(id, documentDetail),
  /** Takes a draft that nobody wants away: kept as withdrawn. Refusals: `DOCUMENT_FROZEN`, `DOCUMENT_OF_ORDER` {number} for an order's paper. */
  'documents.discard': command(id, z.object({})),
  /**
   * Splits a draft 报关单 with more items than it may have into several (拆分): it keeps its number and the first of them, the others are new
   * drafts. Containers, licences and proofs go with the items they name; orders go with their goods. Weights, packages and charges stay with
   * the first, to be confirmed, and are left out of the others: only a person knows whose they are. Refusals: `DOCUMENT_FROZEN`,
   * `DOCUMENT_APPROVED`, `SPLIT_NOT_NEEDED` {number, items, most}.
   */
  'documents.split': command(
    id,
    z.object({
      documents: z.array(z.object({ id: z.number().int(), businessKey: z.string(), items: z.number().int() })),
    }),
  ),
  /**
   * Waybill list (CEB607), arrival (CEB507) or departure (CEB509) of those lists of a shipment that none of its kind names yet. Refusals:
   * `SHIPMENT_NO_LISTS` {shipment}, `SHIPMENT_LISTS_NAMED` {shipment, other}.
   */
  'documents.gather': command(
    z.object({ shipmentId: z.number().int(), as: z.enum(['waybills', 'arrival', 'departure']) }),
    documentDetail,
  ),
  /**
   * 报关单 (DecMessage) of the goods of a shipment, merged as items, one draft for each fifty of them. Its draft lists and the papers that
   * go with these are given up for it, as by `modes.reform`, and come back by `modes.undo`. Refusals: `SHIPMENT_DECLARED` {shipment,
   * number}, `SHIPMENT_FILED` {shipment, number} when its lists are at customs, `SHIPMENT_CHANGED` {shipment} when it got lists meanwhile, `PAPERS_NO_GOODS` {number, blocked}, `DOCUMENT_APPROVED`,
   * `MODE_DECLARED` {number}.
   */
  'documents.declare': command(
    z.object({ shipmentId: z.number().int(), mode: z.enum(declarationModes) }),
    z.object({
      documents: z.array(z.object({ id: z.number().int(), businessKey: z.string(), items: z.number().int() })),
      /** Papers given up: their goods are on the declarations. */
      away: z.number().int(),
    }),
  ),
  /** Released lists of a month that no summary application names yet, as they would be applied for; and those that are only counted. */
  'summaries.plan': query(
    z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) }),
    z.object({
      dueOn: isoDate.optional(),
      groups: z.array(summaryGroup),
      statisticsOnly: z.number().int(),
      /** Lists of the month that an application names already. */
      applied: z.number().int(),
      /** Those of them that only the period of an application names, taken by their release: the specification does not say by what. */
      appliedByPeriod: z.number().int(),
    }),
  ),
  /** Drafts the summary applications (CEB701) of a month: one a group. Refusal: `SUMMARY_NOTHING` {month}. */
  'summaries.draft': command(
    z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/), keys: z.array(z.string()).default([]) }),
    z.object({
      documents: z.array(z.object({ id: z.number().int(), businessKey: z.string(), lists: z.number().int() })),
    }),
  ),
  /** Keeps the user's own note about a code; an empty note takes it away. */
  'receiptNotes.save': command(
    z.object({ code: z.string().min(1).max(20), note: z.string().trim().max(500) }),
    z.object({}),
  ),
  /**
   * Receipts that could not be applied (未认领回执), oldest first: why, what they say, and the document of the book that their own number
   * names, where there is one.
   */
  'receipts.parked': query(
    z.object({ ...pageInput }),
    pageOf(
      z.object({
        id: z.number().int(),
        receivedAt: isoInstant,
        /** `file`, or the address it came from. */
        from: z.string(),
        /** i18n id of the reason. */
        problem: z.string(),
        messageGuid: z.string().optional(),
        /** Name of the receipt's message; empty where it cannot be read. */
        kind: z.string(),
        items: z.array(z.object({ number: z.string(), status: z.string(), time: z.string(), info: z.string() })),
        note: z.string().optional(),
        candidate: z.object({ documentId: z.number().int(), kind: documentKind, businessKey: z.string() }).optional(),
      }),
    ),
  ),
  /** The text of a receipt as it came. Refusal: `RECEIPT_UNKNOWN` {id}. */
  'receipts.raw': query(z.object({ id: z.number().int() }), z.object({ text: z.string() })),
  /** Keeps the user's own word on a parked receipt; an empty one is taken away. Refusal: `RECEIPT_UNKNOWN` {id}. */
  'receipts.remark': command(z.object({ id: z.number().int(), note: z.string().trim().max(500) }), z.object({})),
  /** Tries parked receipts again, one or all. Refusals: `RECEIPT_UNKNOWN` {id}, `RECEIPT_NOT_PARKED` {id}. */
  'receipts.retry': command(
    z.object({ id: z.number().int().optional() }),
    z.object({ applied: z.number().int(), parked: z.number().int() }),
  ),
  /**
   * Takes a parked receipt for one about the message that its document went out in, and applies it. Only where the receipt itself names
   * the document by its number: nothing is ever applied to another. Refusals: `RECEIPT_UNKNOWN` {id}, `RECEIPT_NOT_PARKED` {id},
   * `RECEIPT_NOT_OF_DOCUMENT` {id}, `RECEIPT_ATTACH_FAILED` {problem}: nothing is changed.
   */
  'receipts.attach': command(z.object({ id: z.number().int(), documentId: z.number().int() }), z.object({})),
} as const;
