/** 中转集拼: which papers leave with which shipment, and what the master waybill states. */
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';
import { isNewestVersion } from './versions.ts';

const goes = `d.kind IN ('CEB603Message','DecMessage') AND ${isNewestVersion('d')}`;

/**
 * Ids of the papers that leave with a shipment (`:shipment`): its own but for those that leave with another one, and what it takes along.
 */
export const leavingWith = `
  SELECT d.id FROM document d WHERE d.shipment_id = :shipment AND ${goes}
    AND NOT EXISTS (SELECT 1 FROM shipment_load l WHERE l.kind = d.kind AND l.business_key = d.business_key AND l.shipment_id <> :shipment)
  UNION SELECT d.id FROM shipment_load l JOIN document d ON d.kind = l.kind AND d.business_key = l.business_key
    WHERE l.shipment_id = :shipment AND ${goes}`;

/**
 * Ids of the lists that leave with a shipment (`:shipment`) as customs has them: of each number the newest version that was filed and not sent
 * back. A change that is still being written puts nothing in its place.
 */
export const filedListsLeaving = `
  SELECT d.id FROM document d WHERE d.kind = 'CEB603Message' AND ${isNewestVersion('d', 'draft', 'checked', 'rejected')}
    AND d.business_key IN (SELECT p.business_key FROM document p WHERE p.kind = 'CEB603Message' AND p.id IN (${leavingWith}))`;

export interface LeavingPaper {
  readonly id: number;
  readonly kind: 'CEB603Message' | 'DecMessage';
  readonly number: string;
  readonly state: DocumentState;
  readonly ownShipmentId: number | null;
  readonly ownShipmentNo: string;
  readonly mode: string;
  readonly consignor: string;
  readonly producer: string;
  readonly packages: string;
  readonly gross: string;
  readonly net: string;
  readonly bill: string;
  readonly vehicle: string;
  readonly voyage: string;
  readonly exitAt: string;
  readonly waybill: string;
  /** 1: its goods are on a declaration, or a list, that leaves with it. */
  readonly isTwice: number;
}

const field = (list: string, declaration: string): string =>
  `coalesce(iif(d.kind = 'CEB603Message', json_extract(d.body, '$.InventoryHead.${list}'), json_extract(d.body, '$.${declaration}')), '')`;

/** The papers that leave with a shipment; of others first, then by number. */
export function papersLeaving(book: Book, shipmentId: number): LeavingPaper[] {
  return book
    .prepare(
      `WITH going AS MATERIALIZED (${leavingWith}),
       -- Orders whose goods are on a declaration that leaves.
       declared AS MATERIALIZED (SELECT DISTINCT g.order_id, d.id FROM going JOIN document d ON d.id = going.id AND d.kind = 'DecMessage'
         JOIN declared_goods g ON g.declaration = d.business_key),
       listed AS MATERIALIZED (SELECT DISTINCT d.order_id FROM going JOIN document d ON d.id = going.id WHERE d.kind = 'CEB603Message' AND d.order_id IS NOT NULL)
       SELECT d.id, d.kind, d.business_key AS number, d.state, d.shipment_id AS ownShipmentId, coalesce(s.shipment_no, '') AS ownShipmentNo,
         ${field('tradeMode', 'DecHead.TradeMode')} AS mode,
         ${field('ebcName', 'DecHead.TradeName')} AS consignor, ${field('ownerName', 'DecHead.OwnerName')} AS producer,
         ${field('packNo', 'DecHead.PackNo')} AS packages, ${field('grossWeight', 'DecHead.GrossWet')} AS gross,
         ${field('netWeight', 'DecHead.NetWt')} AS net, ${field('billNo', 'DecHead.BillNo')} AS bill,
         ${field('trafName', 'DecHead.TrafName')} AS vehicle, ${field('voyageNo', 'DecFreeTxt.VoyNo')} AS voyage,
         ${field('portCode', 'DecHead.IEPort')} AS exitAt,
         iif(d.kind = 'CEB603Message', coalesce(json_extract(d.body, '$.InventoryHead.logisticsNo'), ''), '') AS waybill,
         CASE d.kind WHEN 'CEB603Message' THEN EXISTS (SELECT 1 FROM declared g WHERE g.order_id = d.order_id)
           ELSE EXISTS (SELECT 1 FROM declared g JOIN listed l ON l.order_id = g.order_id WHERE g.id = d.id) END AS isTwice
       FROM going JOIN document d ON d.id = going.id LEFT JOIN shipment s ON s.id = d.shipment_id
       ORDER BY coalesce(d.shipment_id, 0) = :shipment, d.shipment_id, d.kind, d.business_key`,
    )
    .all({ shipment: shipmentId }) as LeavingPaper[];
}

export interface MasterRow {
  readonly id: number;
  readonly number: string;
  readonly state: DocumentState;
  readonly body: Record<string, unknown>;
}

/** 总分单 (CEB607) that stand of a shipment or of its master waybill. */
export function mastersOf(book: Book, shipmentId: number, bill: string): MasterRow[] {
  const rows = book
    .prepare(
      `SELECT d.id, d.business_key AS number, d.state, d.body FROM document d
       WHERE d.kind = 'CEB607Message' AND ${isNewestVersion('d')}
         AND (d.shipment_id = :shipment OR (:bill <> '' AND json_extract(d.body, '$.WayBillHead.billNo') = :bill)) ORDER BY d.id`,
    )
    .all({ shipment: shipmentId, bill }) as (Omit<MasterRow, 'body'> & { readonly body: string })[];
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> }));
}

/** Where papers of a shipment leave instead. */
export function leavingElsewhere(
  book: Book,
  shipmentId: number,
): { readonly shipmentId: number; readonly shipmentNo: string; readonly papers: number }[] {
  return book
    .prepare(
      `SELECT s.id AS shipmentId, s.shipment_no AS shipmentNo, count(*) AS papers FROM document d
       JOIN shipment_load l ON l.kind = d.kind AND l.business_key = d.business_key AND l.shipment_id <> d.shipment_id
       JOIN shipment s ON s.id = l.shipment_id WHERE d.shipment_id = ? AND ${goes} GROUP BY s.id ORDER BY s.id`,
    )
    .all(shipmentId) as { shipmentId: number; shipmentNo: string; papers: number }[];
}

/** Papers of other shipments that leave with none but their own, a row a shipment, the newest first. */
export function loadableShipments(
  book: Book,
  shipmentId: number,
  limit: number,
): {
  readonly shipmentId: number;
  readonly shipmentNo: string;
  readonly bill: string;
  readonly papers: number;
  readonly modes: string;
}[] {
  return book
    .prepare(
      `SELECT s.id AS shipmentId, s.shipment_no AS shipmentNo, trim(json_extract(s.body, '$.billNo')) AS bill, count(*) AS papers,
         group_concat(DISTINCT ${field('tradeMode', 'DecHead.TradeMode')}) AS modes
       FROM shipment s JOIN document d ON d.shipment_id = s.id
       WHERE s.id <> ? AND s.state <> 'void' AND ${goes}
         AND NOT EXISTS (SELECT 1 FROM shipment_load l WHERE l.kind = d.kind AND l.business_key = d.business_key)
       GROUP BY s.id ORDER BY s.id DESC LIMIT ?`,
    )
    .all(shipmentId, limit) as {
    shipmentId: number;
    shipmentNo: string;
    bill: string;
    papers: number;
    modes: string;
  }[];
}

export interface LoadablePaper {
  readonly kind: RequestName;
  readonly number: string;
  readonly ownShipmentId: number | null;
  /** The shipment it leaves with besides its own. */
  readonly takenBy: number | null;
  readonly takenByNo: string | null;
}
const loadable = `SELECT d.kind, d.business_key AS number, d.shipment_id AS ownShipmentId, l.shipment_id AS takenBy, s.shipment_no AS takenByNo
  FROM document d LEFT JOIN shipment_load l ON l.kind = d.kind AND l.business_key = d.business_key LEFT JOIN shipment s ON s.id = l.shipment_id`;

export const papersOfShipmentToLoad = (book: Book, shipmentId: number): LoadablePaper[] =>
  book.prepare(`${loadable} WHERE d.shipment_id = ? AND ${goes}`).all(shipmentId) as LoadablePaper[];

/** Papers with a number of the firm's or of customs'. */
export const papersNumbered = (book: Book, number: string): LoadablePaper[] =>
  book
    .prepare(
      `${loadable} WHERE ${goes} AND (d.business_key = :number OR d.platform_no = :number
         OR (d.kind = 'CEB603Message' AND json_extract(d.body, '$.InventoryHead.logisticsNo') = :number))`,
    )
    .all({ number }) as LoadablePaper[];

/** Lets a paper leave with a shipment; with its own it needs no entry. */
export function loadPaper(book: Book, shipmentId: number, { kind, number }: LoadablePaper, now: string): void {
  book
    .prepare('INSERT INTO shipment_load (kind, business_key, shipment_id, loaded_at) VALUES (?, ?, ?, ?)')
    .run(kind, number, shipmentId, now);
}

/** @returns how many left with the shipment and do no more */
export function unloadPapers(book: Book, shipmentId: number, ids: readonly number[]): number {
  const statement = book.prepare(
    `DELETE FROM shipment_load WHERE shipment_id = ? AND (kind, business_key) IN (SELECT kind, business_key FROM document WHERE id = ?)`,
  );
  return ids.reduce((sum, id) => sum + statement.run(shipmentId, id).changes, 0);
}

export function statedOfMaster(
  book: Book,
  shipmentId: number,
): { readonly packages: number | null; readonly grossE5: number | null } | undefined {
  return book
    .prepare('SELECT packages, gross_e5 AS grossE5 FROM shipment_master WHERE shipment_id = ?')
    .get(shipmentId) as { packages: number | null; grossE5: number | null } | undefined;
}

export function saveStatedOfMaster(
  book: Book,
  shipmentId: number,
  stated: { readonly packages: number | null; readonly grossE5: number | null },
  now: string,
): void {
  book
    .prepare(
      `INSERT INTO shipment_master (shipment_id, packages, gross_e5, updated_at) VALUES (:shipmentId, :packages, :grossE5, :now)
       ON CONFLICT (shipment_id) DO UPDATE SET packages = excluded.packages, gross_e5 = excluded.gross_e5, updated_at = excluded.updated_at`,
    )
    .run({ shipmentId, ...stated, now });
}

/** What the master waybills of a bill state, as entered with its shipments; undefined: no shipment has that bill. */
export function statedOfBill(
  book: Book,
  billNo: string,
): { readonly packages: number | null; readonly grossE5: number | null } | undefined {
  // Where several shipments go by one waybill, it is the one of them that states more.
  return book
    .prepare(
      `SELECT max(m.packages) AS packages, max(m.gross_e5) AS grossE5 FROM shipment s LEFT JOIN shipment_master m ON m.shipment_id = s.id
       WHERE upper(trim(json_extract(s.body, '$.billNo'))) = upper(trim(?)) AND s.state <> 'void' HAVING count(*) > 0`,
    )
    .get(billNo) as { packages: number | null; grossE5: number | null } | undefined;
}

/**
 * Lets what is queued with a bill be checked once more before it leaves, now that the bill states something else; what was held by the check
 * may go where it passes then.
 */
export function checkQueuedOfBill(book: Book, billNo: string): void {
  const of = (kind: string, bill: string): string =>
    `SELECT md.message_guid FROM document d JOIN message_document md ON md.document_id = d.id
     WHERE d.kind = '${kind}' AND d.state = 'queued' AND json_extract(d.body, '$.${bill}') = :billNo`;
  book
    .prepare(
      `UPDATE message SET unfit_at = NULL, checked_with = '' WHERE state IN ('unsigned','queued')
         AND guid IN (${of('CEB603Message', 'InventoryHead.billNo')} UNION ${of('DecMessage', 'DecHead.BillNo')})`,
    )
    .run({ billNo });
}

/** Whether anything was entered of what a master waybill states. */
export const hasStatedMasters = (book: Book): boolean =>
  book.prepare('SELECT 1 FROM shipment_master LIMIT 1').get() !== undefined;

/** Packages and gross weight of the lists and declarations that stand with a bill; what customs sent back is left out. */
export function loadsOfBill(
  book: Book,
  billNo: string,
): readonly { readonly packages: string; readonly gross: string }[] {
  const of = (kind: string, head: string, packages: string, gross: string, bill: string): string =>
    `SELECT coalesce(json_extract(d.body, '$.${head}.${packages}'), '') AS packages, coalesce(json_extract(d.body, '$.${head}.${gross}'), '') AS gross
     FROM document d WHERE d.kind = '${kind}' AND json_extract(d.body, '$.${head}.${bill}') = :billNo AND d.state <> 'rejected' AND ${goes}`;
  return book
    .prepare(
      `${of('CEB603Message', 'InventoryHead', 'packNo', 'grossWeight', 'billNo')}
       UNION ALL ${of('DecMessage', 'DecHead', 'PackNo', 'GrossWet', 'BillNo')}`,
    )
    .all({ billNo }) as { packages: string; gross: string }[];
}
