/** What an edit of a draft consists of; see `shared/drafting/edit.ts` for what each does. */
import { z } from 'zod';

const line = z.number().int().min(1);
const values = z.record(z.string(), z.string());

/** Lines count from 1. `insert` and `move` name the line that the first of them is afterwards. */
export const editOperation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('set'), path: z.string(), value: z.string() }),
  z.object({
    op: z.literal('insert'),
    at: line,
    lines: z.array(values).min(1),
    /** Groups in these lines, by path as they stand afterwards. */
    parts: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({ op: z.literal('delete'), at: line, count: line }),
  z.object({ op: z.literal('move'), at: line, count: line, to: line }),
  /** A block of cells from a line on, under the named columns; lines that are missing are added. */
  z.object({
    op: z.literal('block'),
    at: line,
    fields: z.array(z.string()).min(1),
    rows: z.array(z.array(z.string())),
  }),
  /** Undo and redo: puts back what stood there, figures that would follow included. */
  z.object({
    op: z.literal('restore'),
    head: values,
    /** Whole groups beside the head or in a line, by path. */
    parts: z.record(z.string(), z.unknown()).optional(),
    at: line,
    count: z.number().int().min(0),
    lines: z.array(values),
  }),
]);
