import { z } from 'zod';

/**
 * One operation that the desk, the command line or a test may ask of the core.
 *
 * - `query` reads; `command` changes the book; `job` is long: it reports progress and can be cancelled.
 * - `book: true` needs an open book; without one the core answers `BOOK_NOT_OPEN`.
 */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'query' | 'command' | 'job';
  readonly book: boolean;
  readonly input: I;
  readonly output: O;
}

/** Declares an operation that reads. */
export function query<I extends z.ZodType, O extends z.ZodType>(input: I, output: O, book = true): Operation<I, O> {
  return { kind: 'query', book, input, output };
}

/** Declares an operation that changes the book or the registry. */
export function command<I extends z.ZodType, O extends z.ZodType>(input: I, output: O, book = true): Operation<I, O> {
  return { kind: 'command', book, input, output };
}

/** Declares long work: it reports {@link Progress} and stops at a cancel without leaving a half-done change. */
export function job<I extends z.ZodType, O extends z.ZodType>(input: I, output: O, book = true): Operation<I, O> {
  return { kind: 'job', book, input, output };
}

/** Progress of a job: `done` of `total` (0 when not known yet) in units of the phase, an i18n id. */
export const progressSchema = z.object({ phase: z.string(), done: z.number().int(), total: z.number().int() });
export type Progress = z.infer<typeof progressSchema>;

/**
 * The one error that crosses the contract. `code` is an i18n id (`error.<code>`: what, why, remedy), `params` fill its
 * text, `path` names the field. A bug carries `correlationId`, under which the log has the stack.
 */
export const errorSchema = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  path: z.string().optional(),
  correlationId: z.string().optional(),
});
export type ContractError = z.infer<typeof errorSchema>;

export type Result<T> = { ok: true; data: T } | { ok: false; error: ContractError };
