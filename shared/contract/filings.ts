import { z } from 'zod';
import { currencyCode, fileToken } from './common.ts';
import { documentKind, documentState, filingSubject } from './filing.ts';
import { command, query } from './operation.ts';

const id = z.number().int().positive();
const params = z.record(z.string(), z.union([z.string(), z.number()]));

/**
 * Filings of what has no order: forms of foreign exchange, and what is filed with the provincial platform. Each is a document like any
 * other; `documents.check`, `documents.queue` and the outbox take it on from its draft.
 */
export const filings = {
  /**
   * Drafts the filing of each: the declaration of income of a receipt, the report of a trade credit, a registration; or draws the open
   * draft anew. A change of what was accepted becomes a filing of its own, and its deletion where the subject was taken back. What cannot
   * be drafted is named with the refusal, the others stand: `FOREX_FORM_NOT_INCOME`, `FOREX_FORM_AT_HOME`, `FOREX_FORM_VOID`,
   * `FOREX_FORM_UNCHANGED` {number}, `FOREX_FORM_UNDERWAY` {number, state}, `FILING_VOID`, `FILING_UNCHANGED` {number},
   * `FILING_UNDERWAY` {number, state}, and that of an id there is not.
   */
  'filings.draft': command(
    z.object({ subjects: z.array(filingSubject).min(1).max(500) }),
    z.object({
      documents: z.array(z.object({ id, kind: documentKind, businessKey: z.string(), state: documentState })),
      refused: z.array(z.object({ subject: filingSubject, code: z.string(), params })),
    }),
  ),
  /** Filings of a subject, every version, oldest first. */
  'filings.list': query(
    z.object({ subject: filingSubject }),
    z.object({
      rows: z.array(
        z.object({
          id,
          kind: documentKind,
          businessKey: z.string(),
          version: z.number().int(),
          /** 1 new, 2 change, 3 deletion, 4 adjustment. */
          appType: z.string(),
          state: documentState,
          stale: z.boolean(),
          amount: z.string(),
          currency: currencyCode,
          statusInfo: z.string().optional(),
          platformNo: z.string().optional(),
        }),
      ),
    }),
  ),
  /**
   * Prints a filing on A4; marked as a draft (草稿) until it was accepted. Account numbers by their last four characters unless
   * `wholeAccounts`, which is recorded. Refusals: `DOCUMENT_UNKNOWN` {id}, `FILING_NOT_PRINTED` {kind}, `PRINT_NEEDS_WINDOW`.
   */
  'filings.print': command(
    z.object({ documentId: id, out: fileToken, wholeAccounts: z.boolean().default(false) }),
    z.object({ bytes: z.number().int() }),
  ),
} as const;
