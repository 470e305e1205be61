import type { Book } from '../../../electron/core/store/book.ts';
import { insertDocuments } from '../../../electron/core/store/documents.ts';
import { enqueueMessage, markChecked } from '../../../electron/core/store/messages.ts';
import { guidOf, keyOf, message, orderNoOf, type PaperKind, paper } from './papers.ts';

/** Papers of made-up orders in a book, without the way through imports and drafting. */

/** What is different from the right order, by order number. */
export type Wrong = Readonly<Record<number, Readonly<Record<string, string>>>>;

export const paperKinds = ['CEB303Message', 'CEB505Message', 'CEB603Message'] as const satisfies readonly PaperKind[];

const bodyOf = (kind: PaperKind, n: number, wrong: Wrong) =>
  paper(kind, n, kind === 'CEB303Message' ? (wrong[n] ?? {}) : {});

/** The GUID of the message with the papers of some orders. */
export const messageGuidOf = (kind: PaperKind, orders: readonly number[]): string =>
  guidOf(`message ${kind} ${orders.join()}`);

/** Puts checked papers of orders into a book, one transaction. @returns document ids by kind, in the orders' order */
export function draftPapers(
  book: Book,
  now: string,
  orders: readonly number[],
  kinds: readonly PaperKind[],
  wrong: Wrong = {},
): Map<PaperKind, number[]> {
  return book.transaction(() => {
    const ids = new Map<PaperKind, number[]>(kinds.map((kind) => [kind, []]));
    for (const n of orders) {
      const orderId = orderOf(book, now, n);
      for (const kind of kinds) {
        const body = bodyOf(kind, n, wrong) as Record<string, unknown>;
        const guid = guidOf(`${kind} ${n} `);
        const [id] = insertDocuments(
          book,
          [{ kind, businessKey: keyOf(kind, n), guid, body, amountE5: 735_000, currency: 'GBP' }],
          { orderId, shipmentId: shipmentOf(book, now), tablesVersion: 'test', now },
        );
        if (id !== undefined) ids.get(kind)?.push(id);
      }
    }
    for (const all of ids.values()) markChecked(book, all, now);
    return ids;
  });
}

/** Drafts, freezes and queues the papers of orders. @returns the messages' GUIDs */
export function queuePapers(
  book: Book,
  now: string,
  orders: readonly number[],
  {
    kinds = paperKinds,
    wrong = {},
    perMessage = 100,
    checkedWith = '',
    signatureKind = 'none',
    endpoint,
  }: {
    readonly kinds?: readonly PaperKind[];
    readonly wrong?: Wrong;
    readonly perMessage?: number;
    readonly checkedWith?: string;
    readonly signatureKind?: 'none' | 'pending';
    readonly endpoint?: string;
  } = {},
): string[] {
  const drafted = draftPapers(book, now, orders, kinds, wrong);
  const guids: string[] = [];
  for (const kind of kinds) {
    for (let from = 0; from < orders.length; from += perMessage) {
      const part = orders.slice(from, from + perMessage);
      const guid = messageGuidOf(kind, part);
      const bytes = message(
        kind,
        guid,
        part.map((n) => bodyOf(kind, n, wrong)),
      );
      const documentIds = drafted.get(kind)?.slice(from, from + perMessage) ?? [];
      book.transaction(() =>
        enqueueMessage(book, { guid, kind, bytes, documentIds, signatureKind, checkedWith, now, endpoint }),
      );
      guids.push(guid);
    }
  }
  return guids;
}

/** The id of an order, made when it is not there. */
export function orderOf(book: Book, now: string, n: number): number {
  const known = book.prepare('SELECT id FROM sales_order WHERE order_no = ?').get(orderNoOf(n)) as
    | { id: number }
    | undefined;
  if (known !== undefined) return known.id;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO sales_order (order_no, order_date, ordered_at, country_text, country, currency, lines, goods_value_e5, state, created_at)
       VALUES (?, '2026-11-20', '2026-11-20T09:00:00', 'United Kingdom', '303', 'GBP', 2, 735000, 'drafted', ?)`,
    )
    .run(orderNoOf(n), now);
  return Number(lastInsertRowid);
}

/** The one shipment, made when it is not there. */
export function shipmentOf(book: Book, now: string): number {
  const known = book.prepare('SELECT id FROM shipment LIMIT 1').get() as { id: number } | undefined;
  if (known !== undefined) return known.id;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO shipment (shipment_no, mode, body, state, created_at, updated_at) VALUES ('S1', '9610', '{}', 'drafted', ?, ?)`,
    )
    .run(now, now);
  return Number(lastInsertRowid);
}
