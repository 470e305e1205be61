/** Purchasers' identity numbers in documents of retail import (零售进口), and taking them out once nothing needs them. */
import type { Book } from './book.ts';
import { withoutNumber } from './encoded-text.ts';

const daysKey = 'identity.purgeDays';
/** What is left of a number; the trigger of 0484 lets nothing else be written into a frozen document. */
const GONE = '***';

/** Where each message has the number, and the order it belongs to. */
const places = {
  CEB311Message: { number: '$.OrderHead.buyerIdNumber', order: '$.OrderHead.orderNo' },
  CEB411Message: { number: '$.PaymentHead.payerIdNumber', order: '$.PaymentHead.orderNo' },
  CEB621Message: { number: '$.InventoryHead.buyerIdNumber', order: '$.InventoryHead.orderNo' },
  CEB623Message: { number: '$.buyerIdNumber', order: '$.orderNo' },
  CEB625Message: { number: '$.InvtRefundHead.buyerIdNumber', order: '$.InvtRefundHead.orderNo' },
} as const;

const all = Object.entries(places)
  .map(
    ([kind, { number, order }]) =>
      `SELECT id, kind, state, updated_at, json_extract(body, '${number}') AS number, coalesce(json_extract(body, '${order}'), '') AS order_no
       FROM document WHERE kind = '${kind}'`,
  )
  .join(' UNION ALL ');

/** An order, a payment, a withdrawal or a return needs no more than acceptance; a list ends with its release or its end. */
const isOver = `(state IN ('released','closed','withdrawn','superseded') OR (state = 'accepted' AND kind <> 'CEB621Message'))`;

/**
 * Documents whose papers of one order are all over, the last of them before `:before` (an instant): papers of an order whose list never came are
 * business that is open.
 */
const purgeable = `WITH person AS (${all}),
  done AS (
    SELECT order_no FROM person WHERE order_no <> '' GROUP BY order_no
    HAVING sum(NOT ${isOver}) = 0 AND max(updated_at) < :before
      AND (sum(kind = 'CEB621Message') > 0 OR sum(state NOT IN ('withdrawn','superseded')) = 0))
  SELECT p.id, p.kind, p.number, p.order_no FROM person p JOIN done d ON d.order_no = p.order_no
  WHERE coalesce(p.number, '') NOT IN ('', '${GONE}')`;

const kinds = Object.keys(places)
  .map((kind) => `'${kind}'`)
  .join(', ');
/** Rows of files of these messages that were not taken in, of runs before `:before`. */
const failedRows = `FROM import_failure WHERE run_id IN (SELECT id FROM import_run
  WHERE kind = 'documents' AND json_extract(options, '$.message') IN (${kinds}) AND coalesce(committed_at, started_at) < :before)`;
/** Templates with a number: none is kept in one any more. */
const templates = Object.entries(places).map(([kind, { number }]) => ({
  number,
  where: `kind = '${kind}' AND coalesce(json_extract(body, '${number}'), '') <> ''`,
}));
/** Originals of payments in which a number of their order stands, as it is or encoded, by order and as they are without it. */
function originalsWithout(book: Book, before: string): ReadonlyMap<string, string> {
  const rows = book
    .prepare(
      `WITH found AS MATERIALIZED (${purgeable})
       SELECT DISTINCT f.order_no AS orderNo, f.number, o.body FROM found f JOIN payment_original o ON o.order_no = f.order_no`,
    )
    .all({ before }) as { orderNo: string; number: string; body: string }[];
  const without = new Map<string, string>();
  for (const { orderNo, number, body } of rows) {
    const was = without.get(orderNo) ?? body;
    const is = JSON.stringify(
      JSON.parse(was, (_key, value: unknown) =>
        typeof value === 'string' ? withoutNumber(value, number, GONE) : value,
      ),
    );
    if (is !== was) without.set(orderNo, is);
  }
  return without;
}

/** Days after the end of the papers of an order; undefined: numbers are never purged. */
export function purgeDays(book: Book): number | undefined {
  const kept = book.setting(daysKey);
  return kept === undefined || kept === '' ? undefined : Number(kept);
}

export function setPurgeDays(book: Book, days: number | null): void {
  book.setSetting(daysKey, days === null ? '' : String(days));
}

/** How many documents still have a number, and how many have lost theirs. */
export function identityCounts(book: Book): { readonly kept: number; readonly purged: number } {
  return book
    .prepare(
      `SELECT coalesce(sum(number <> '${GONE}'), 0) AS kept, coalesce(sum(number = '${GONE}'), 0) AS purged FROM (${all}) WHERE coalesce(number, '') <> ''`,
    )
    .get() as { kept: number; purged: number };
}

/**
 * What a purge of papers that were over before an instant would touch. `messages`, `answers`: messages and answers to customs that were signed, which
 * keep their bytes.
 */
export function purgePreview(book: Book, before: string) {
  const counts = book
    .prepare(
      `WITH found AS MATERIALIZED (${purgeable})
       SELECT count(*) AS documents, count(DISTINCT number) AS numbers, count(DISTINCT order_no) AS orders,
         (SELECT count(DISTINCT message_guid) FROM message_document WHERE document_id IN (SELECT id FROM found)) AS messages,
         (SELECT count(*) FROM data_request WHERE answer IS NOT NULL AND order_no IN (SELECT order_no FROM found)) AS answers,
         (SELECT count(*) ${failedRows}) AS failedRows,
         (SELECT count(*) FROM entry_template WHERE ${templates.map(({ where }) => where).join(' OR ')}) AS templates
       FROM found`,
    )
    .get({ before }) as Record<
    'documents' | 'numbers' | 'orders' | 'messages' | 'answers' | 'failedRows' | 'templates',
    number
  >;
  return { ...counts, originals: originalsWithout(book, before).size };
}

/** Takes the numbers out for good, of what stands beside the documents too. Call it in a transaction. @returns of how many documents */
export function purgeIdentityNumbers(book: Book, before: string): number {
  const strip = book.prepare('UPDATE payment_original SET body = ? WHERE order_no = ?');
  for (const [orderNo, body] of originalsWithout(book, before)) strip.run(body, orderNo);
  const found = book.prepare(purgeable).all({ before }) as { id: number; kind: keyof typeof places }[];
  for (const { id, kind } of found)
    book
      .prepare(`UPDATE document SET body = json_replace(body, '${places[kind].number}', '${GONE}') WHERE id = ?`)
      .run(id);
  book.prepare(`DELETE ${failedRows}`).run({ before });
  for (const { number, where } of templates)
    book.prepare(`UPDATE entry_template SET body = json_remove(body, '${number}') WHERE ${where}`).run();
  return found.length;
}
