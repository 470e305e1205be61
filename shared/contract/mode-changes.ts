/** Drafts taken to another supervision mode (监管方式), also as another form of document, shown first, and back. */
import { z } from 'zod';
import { formChangeKinds, formChangeReasons } from '../drafting/form-change.ts';
import { modeChangeKinds, modeChangeReasons, modeForms } from '../drafting/mode-change.ts';
import { isoInstant } from './common.ts';
import { documentKind } from './filing.ts';
import { command, query } from './operation.ts';
import { bilingual } from './tax.ts';

const modeCode = z.string().regex(/^\d{4}$/);
const documentRef = z.object({ id: z.number().int(), kind: documentKind, businessKey: z.string() });
/** Some of the different values of a field, and how many there are. */
const values = z.object({ shown: z.array(z.string()), count: z.number().int() });
const otherForm = z.object({
  id: z.number().int(),
  to: modeCode,
  /** Of a list: with the other draft lists of its shipment that are in the same mode. */
  whole: z.boolean().default(false),
});

export const modeChanges = {
  /**
   * What would become of a draft under another supervision mode, field by field, with the papers of its order that go with it. Without `to`:
   * which modes there are. Refusals: `MODE_NONE` {number} for a message that bears no mode, and those of `modes.convert`.
   */
  'modes.change': query(
    z.object({ id: z.number().int(), to: modeCode.optional() }),
    z.object({
      from: z.string(),
      fromTitle: bilingual,
      /** Modes in force on the day, and whether this form of document may bear them. */
      targets: z.array(z.object({ mode: z.string(), title: bilingual, isOtherForm: z.boolean() })),
      /** Of which document each change is. */
      documents: z.array(z.object({ id: z.number().int(), kind: documentKind, businessKey: z.string() })),
      rows: z.array(
        z.object({
          documentId: z.number().int(),
          path: z.string(),
          kind: z.enum(modeChangeKinds),
          from: z.string(),
          to: z.string(),
          reason: z.enum(modeChangeReasons),
        }),
      ),
      differences: z.array(
        z.object({ aspect: z.string(), title: bilingual, without: z.array(bilingual), with: z.array(bilingual) }),
      ),
      source: z.string(),
      /** The last change of mode that may still be undone. */
      undo: z.object({ id: z.number().int(), from: z.string(), to: z.string(), at: isoInstant }).nullable(),
    }),
  ),
  /**
   * Takes a draft, with the order and the other lists of its order, to another mode in one step. Refusals: `DOCUMENT_FROZEN` {number, state}
   * where any of them has left, `MODE_NONE`, `MODE_SAME` {mode}, `MODE_OTHER_FORM` {mode}.
   */
  'modes.convert': command(z.object({ id: z.number().int(), to: modeCode }), z.object({ changed: z.number().int() })),
  /**
   * What would become of draft lists as declarations, or of a declaration as lists of its orders, field by field. Refusals: `MODE_NONE`,
   * `MODE_OTHER_FORM` {mode} for one that the other form may not bear, `DOCUMENT_FROZEN` {number, state} and `DOCUMENT_APPROVED` where a
   * paper that goes is not free, `MODE_DECLARED` {number} where a declaration has the goods already, `MODE_NO_ORDERS` {number} for a
   * declaration of no order of the book, `ORDER_BLOCKED`, `PAPERS_NO_GOODS`.
   */
  'modes.otherForm': query(
    otherForm,
    z.object({
      /** The form that comes. */
      form: z.enum(modeForms),
      /** Papers that are given up, that are changed, and that went to customs before and stay; the first ones of each. */
      away: z.object({ count: z.number().int(), first: z.array(documentRef) }),
      edited: z.object({ count: z.number().int(), first: z.array(documentRef) }),
      left: z.object({ count: z.number().int(), first: z.array(documentRef) }),
      made: z.array(z.object({ kind: documentKind, count: z.number().int(), lines: z.number().int() })),
      /** Draft lists of the shipment that `whole` would take along. */
      others: z.number().int(),
      rows: z.array(
        z.object({
          kind: z.enum(formChangeKinds),
          /** Places without line numbers, in the papers that go and in those that come; empty: none. */
          from: z.string(),
          to: z.string(),
          old: values,
          now: values,
          reason: z.enum(formChangeReasons),
          detail: z.string(),
        }),
      ),
      /** Fields that come over as they are. */
      carried: z.number().int(),
      source: z.string(),
    }),
  ),
  /** Does it in one step: what goes is given up, so that no goods stand on two papers. Refusals: those of `modes.otherForm`. */
  'modes.reform': command(otherForm, z.object({ documents: z.array(documentRef), away: z.number().int() })),
  /**
   * Undoes a change of mode; answers the papers that are there again. Refusals: `MODE_CHANGE_UNKNOWN` {id}, `MODE_CHANGE_EDITED` {number}
   * once one of its documents was changed or its order cancelled, `DOCUMENT_FROZEN`.
   */
  'modes.undo': command(z.object({ id: z.number().int() }), z.object({ documents: z.array(documentRef) })),
} as const;
