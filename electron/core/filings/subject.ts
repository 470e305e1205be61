import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { FilingOperation } from '../../../shared/drafting/forex-forms.ts';
import type { Context } from '../context.ts';
import type { Book } from '../store/book.ts';

/** What a filing says once it was accepted. */
export interface AcceptedFiling {
  /** 1 new, 2 change, 3 deletion, 4 adjustment. */
  readonly appType: string;
  /** Of declaring, reporting or filing, `yyyy-mm-dd`. */
  readonly on: string;
  /** The number it is known by from now on. */
  readonly number: string | undefined;
}

/** A kind of thing in the book that is filed by a message of its own, without an order. */
export interface FilingSubject {
  /** The message that files it. */
  readonly request: RequestName;
  /** The field of the head with the day of filing; the day of the receipt where it has none. */
  readonly dayField?: string;
  /** Codes of the refusals to draft: one is on its way {number, state}; nothing has changed since it was accepted {number}. */
  readonly refusals: { readonly underway: string; readonly unchanged: string };
  /** Whether it was taken back, so that what was accepted is filed as a deletion. */
  isTakenBack(book: Book, id: number): boolean;
  /** The document as the book has its subject now. Throws what keeps it from being drawn. */
  draw(
    context: Context,
    id: number,
    as: { readonly operation: FilingOperation; readonly guid: string },
  ): { readonly body: Record<string, unknown>; readonly currency: string };
  /** Brings what was accepted into the book, in the transaction that applies the receipt. */
  accepted(book: Book, id: number, filing: AcceptedFiling, now: string): void;
  /** What was accepted was sent back after all. */
  undone(book: Book, id: number, now: string): void;
}
