/** Drafts taken to another supervision mode (监管方式), shown first, and back. */
import { z } from 'zod';
import { modeChangeKinds, modeChangeReasons } from '../drafting/mode-change.ts';
import { isoInstant } from './common.ts';
import { documentKind } from './filing.ts';
import { command, query } from './operation.ts';
import { bilingual } from './tax.ts';

const modeCode = z.string().regex(/^\d{4}$/);

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
  /** Undoes a change of mode. Refusals: `MODE_CHANGE_UNKNOWN` {id}, `MODE_CHANGE_EDITED` {number} once one of its documents was changed, `DOCUMENT_FROZEN`. */
  'modes.undo': command(z.object({ id: z.number().int() }), z.object({})),
} as const;
