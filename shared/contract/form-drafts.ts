/** What was typed into a form and is not saved yet; it lies in the sealed book, never beside it. */
import { z } from 'zod';
import { command, query } from './operation.ts';

/** Far more than a form holds; a draft beyond it is no form. */
const LARGEST_CHARS = 500_000;

/** The fields of a form, by the names they have there. Nothing but JSON, nothing that is secret. */
const formValue = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => JSON.stringify(value).length <= LARGEST_CHARS);

const formDraft = z.object({
  /** The form's name within the book; of a stored thing with its id. */
  form: z.string().min(1).max(300),
  /** State of the stored thing on which it was typed; empty for a new one. */
  base: z.string().max(100_000),
  value: formValue,
});
export type StoredFormDraft = z.infer<typeof formDraft>;

export const formDrafts = {
  'formDrafts.list': query(z.object({}), z.object({ rows: z.array(formDraft) })),
  /** Keeps what stands in a form, or forgets it (null). Nothing happens where another book is open by now. */
  'formDrafts.keep': command(
    formDraft.extend({ bookId: z.string(), value: formValue.nullable() }),
    z.object({ isKept: z.boolean() }),
  ),
} as const;
