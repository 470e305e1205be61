import type { ShipmentBody } from '../../../shared/contract/trade.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { markStale } from './documents.ts';

/** A shipment (货运) as stored; `body` is what the user typed, saved as it is typed. */
export interface ShipmentRecord {
  readonly id: number;
  readonly shipmentNo: string;
  readonly state: 'draft' | 'drafted' | 'void';
  readonly body: ShipmentBody;
  readonly documents: number;
  readonly updatedAt: string;
}

interface Row {
  id: number;
  shipment_no: string;
  state: 'draft' | 'drafted' | 'void';
  body: string;
  documents: number;
  updated_at: string;
}

const columns = 'id, shipment_no, state, body, documents, updated_at';

function fromRow(row: Row): ShipmentRecord {
  return {
    id: row.id,
    shipmentNo: row.shipment_no,
    state: row.state,
    body: JSON.parse(row.body) as ShipmentBody,
    documents: row.documents,
    updatedAt: row.updated_at,
  };
}

/** The shipment of an id. Throws `SHIPMENT_UNKNOWN`. */
export function requireShipment(book: Book, id: number): ShipmentRecord {
  const row = book.prepare(`SELECT ${columns} FROM shipment WHERE id = ?`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('SHIPMENT_UNKNOWN', { id });
  return fromRow(row);
}

/** Newest first. */
export function listShipments(book: Book, page: { after: string | undefined; limit: number }) {
  const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(`SELECT ${columns} FROM shipment WHERE id < ? ORDER BY id DESC LIMIT ?`)
    .all(before, page.limit) as Row[];
  const { n } = book.prepare('SELECT count(*) AS n FROM shipment').get() as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Creates a shipment with the next number of the day's series, e.g. `S20261121-001`. */
export function insertShipment(book: Book, body: ShipmentBody, now: string): ShipmentRecord {
  return book.transaction(() => {
    const day = now.slice(0, 10).replaceAll('-', '');
    const serial = String(book.nextNumber(`shipment:${day}`)).padStart(3, '0');
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO shipment (shipment_no, mode, body, state, created_at, updated_at) VALUES (?, '9610', ?, 'draft', ?, ?)`,
      )
      .run(`S${day}-${serial}`, JSON.stringify(body), now, now);
    return requireShipment(book, Number(lastInsertRowid));
  });
}

/**
 * Saves what was typed. What was drawn from the shipment is marked stale, never silently rewritten; extra fields of a region are drawn
 * into nothing.
 */
export function updateShipment(book: Book, id: number, body: ShipmentBody, now: string): ShipmentRecord {
  return book.transaction(() => {
    const before = requireShipment(book, id);
    const text = JSON.stringify(body);
    if (text === JSON.stringify(before.body)) return before;
    book.prepare('UPDATE shipment SET body = ?, updated_at = ? WHERE id = ?').run(text, now, id);
    const drawn = (one: ShipmentBody): string => JSON.stringify({ ...one, extra: undefined });
    if (drawn(body) !== drawn(before.body)) markStale(book, { shipmentId: id });
    return requireShipment(book, id);
  });
}

/** Counts the shipment's drafted documents anew. */
export function markShipmentDrafted(book: Book, id: number, now: string): void {
  book
    .prepare(
      `UPDATE shipment SET state = 'drafted', updated_at = ?,
         documents = (SELECT count(*) FROM document WHERE shipment_id = ? AND state <> 'superseded') WHERE id = ?`,
    )
    .run(now, id, id);
}
