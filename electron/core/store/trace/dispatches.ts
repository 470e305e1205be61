import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { gramsIn } from '../../../../shared/lots/mass.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { requireParty } from '../parties.ts';
import { present } from './sites.ts';

/** 发运: cartons of lots on their way to a buyer, with what quarantine asks for. */

export type DispatchView = OutputOf<'dispatches.list'>['rows'][number];

/**
 * The customs number of its declaration: as it was entered, or of the released declaration (报关单) that has the dispatch's own number, as
 * one sold in plain words has.
 */
const declarationNo = `coalesce(nullif(d.declaration_no, ''), (SELECT e.declaration_no FROM document o JOIN export_line e ON e.document_id = o.id
    WHERE o.kind = 'DecMessage' AND o.business_key = d.number ORDER BY o.version DESC LIMIT 1), '')`;

const select = `SELECT d.id, d.number, d.on_date AS "on", d.country, d.party_id AS partyId, coalesce(p.name, '') AS buyer,
    coalesce(s.shipment_no, '') AS shipmentNo, ${declarationNo} AS declarationNo, d.transport, d.container_no AS containerNo,
    d.seal_no AS sealNo, d.inspection_no AS inspectionNo, d.inspection_place AS inspectionPlace, d.inspection_on AS inspectionOn,
    d.certificate_no AS certificateNo, d.certificate_on AS certificateOn, d.additional_declaration AS additionalDeclaration,
    d.cold_treatment AS coldTreatment, d.loaded_at AS loadedAt, d.arrived_at AS arrivedAt, d.note,
    (SELECT coalesce(sum(last_no - first_no + 1), 0) FROM lot_carton WHERE dispatch_id = d.id) AS cartons,
    (SELECT coalesce(sum((last_no - first_no + 1) * net_g), 0) FROM lot_carton WHERE dispatch_id = d.id) AS massG,
    (SELECT count(DISTINCT lot_id) FROM lot_carton WHERE dispatch_id = d.id) AS lots,
    (SELECT count(*) FROM lot_reason WHERE dispatch_id = d.id) AS reasons,
    (SELECT count(DISTINCT l.id) FROM lot_carton c JOIN lot l ON l.id = c.lot_id WHERE c.dispatch_id = d.id AND l.held_at IS NOT NULL) AS held
  FROM dispatch d LEFT JOIN party p ON p.id = d.party_id LEFT JOIN shipment s ON s.id = d.shipment_id`;

/** Last first. */
export function listDispatches(book: Book, filter: ParsedInputOf<'dispatches.list'>): OutputOf<'dispatches.list'> {
  const [day, before] = decodeCursor(filter.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const text = filter.text.trim();
  const where = `(:text = '' OR d.number LIKE :like ESCAPE '\\' OR d.declaration_no LIKE :like ESCAPE '\\' OR d.container_no LIKE :like ESCAPE '\\'
    OR d.certificate_no LIKE :like ESCAPE '\\' OR d.party_id IN (SELECT id FROM party WHERE name LIKE :like ESCAPE '\\'))`;
  const only = { text, like: containing(text) };
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (d.on_date, d.id) < (:day, :before) ORDER BY d.on_date DESC, d.id DESC LIMIT :limit`,
    )
    .all({ ...only, day, before, limit: filter.limit }) as DispatchView[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM dispatch d WHERE ${where}`).get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(present),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.on, last.id]) } : {}),
  };
}

/** Throws `DISPATCH_UNKNOWN` {id}. */
export function requireDispatch(book: Book, id: number): DispatchView {
  const row = book.prepare(`${select} WHERE d.id = ?`).get(id) as DispatchView | undefined;
  if (row === undefined) throw new PortbookError('DISPATCH_UNKNOWN', { id }, 'id');
  return present(row);
}

/** Dispatches that cartons of lots are on, last first. */
export function dispatchesOf(book: Book, lots: Iterable<number>): DispatchView[] {
  const rows = book
    .prepare(
      `${select} WHERE d.id IN (SELECT dispatch_id FROM lot_carton WHERE dispatch_id IS NOT NULL AND lot_id IN (SELECT value FROM json_each(?)))
       ORDER BY d.on_date DESC, d.id DESC`,
    )
    .all(JSON.stringify([...lots])) as DispatchView[];
  return rows.map(present);
}

/** Refusals: `DISPATCH_TAKEN` {number}, `PARTY_UNKNOWN`, `SHIPMENT_NO_UNKNOWN` {shipmentNo}, `DISPATCH_UNKNOWN`. */
export function saveDispatch(book: Book, input: Omit<ParsedInputOf<'dispatches.save'>, 'reason'>, now: string): number {
  const { id, number, partyId, shipmentNo } = input;
  if (book.prepare('SELECT 1 FROM dispatch WHERE number = ? AND id <> ?').get(number, id ?? 0) !== undefined)
    throw new PortbookError('DISPATCH_TAKEN', { number }, 'number');
  if (partyId !== undefined) requireParty(book, partyId, 'partyId');
  const shipment =
    shipmentNo === ''
      ? null
      : (book.prepare('SELECT id FROM shipment WHERE shipment_no = ?').get(shipmentNo) as { id: number } | undefined)
          ?.id;
  if (shipment === undefined) throw new PortbookError('SHIPMENT_NO_UNKNOWN', { shipmentNo }, 'shipmentNo');
  const { inspectionOn = null, certificateOn = null, loadedAt = null, arrivedAt = null, ...rest } = input;
  const values = { ...rest, partyId: partyId ?? null, shipment, inspectionOn, certificateOn, loadedAt, arrivedAt, now };
  if (id !== undefined) {
    requireDispatch(book, id);
    book
      .prepare(
        `UPDATE dispatch SET number = :number, on_date = :on, country = :country, party_id = :partyId, shipment_id = :shipment,
           declaration_no = :declarationNo, transport = :transport, container_no = :containerNo, seal_no = :sealNo,
           inspection_no = :inspectionNo, inspection_place = :inspectionPlace, inspection_on = :inspectionOn,
           certificate_no = :certificateNo, certificate_on = :certificateOn, additional_declaration = :additionalDeclaration,
           cold_treatment = :coldTreatment, loaded_at = :loadedAt, arrived_at = :arrivedAt, note = :note, updated_at = :now WHERE id = :id`,
      )
      .run({ ...values, id });
    return id;
  }
  const { id: _none, ...fresh } = values;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO dispatch (number, on_date, country, party_id, shipment_id, declaration_no, transport, container_no, seal_no, inspection_no,
         inspection_place, inspection_on, certificate_no, certificate_on, additional_declaration, cold_treatment, loaded_at, arrived_at, note,
         created_at, updated_at)
       VALUES (:number, :on, :country, :partyId, :shipment, :declarationNo, :transport, :containerNo, :sealNo, :inspectionNo, :inspectionPlace,
         :inspectionOn, :certificateNo, :certificateOn, :additionalDeclaration, :coldTreatment, :loadedAt, :arrivedAt, :note, :now, :now)`,
    )
    .run(fresh);
  return Number(lastInsertRowid);
}

/** Refusal: `DISPATCH_LOADED` {number}: cartons, reasons or temperatures hang on it. */
export function removeDispatch(book: Book, id: number): string {
  const { number } = requireDispatch(book, id);
  const used = book
    .prepare(
      `SELECT 1 FROM lot_carton WHERE dispatch_id = :id UNION ALL SELECT 1 FROM lot_reason WHERE dispatch_id = :id
       UNION ALL SELECT 1 FROM cold_log WHERE dispatch_id = :id LIMIT 1`,
    )
    .get({ id });
  if (used !== undefined) throw new PortbookError('DISPATCH_LOADED', { number }, 'id');
  book.prepare('DELETE FROM dispatch WHERE id = ?').run(id);
  return number;
}

/** Lots with cartons on a dispatch. */
export function lotsOn(book: Book, dispatchIds: readonly number[]): number[] {
  return (
    book
      .prepare(
        'SELECT DISTINCT lot_id AS id FROM lot_carton WHERE dispatch_id IN (SELECT value FROM json_each(?)) ORDER BY 1',
      )
      .all(JSON.stringify(dispatchIds)) as { id: number }[]
  ).map(({ id }) => id);
}

/** Dispatches by their own number, that of their declaration (报关单) or of their shipment (货运). */
export function dispatchesNamed(
  book: Book,
  text: string,
): { kind: 'dispatch' | 'declaration' | 'shipment'; ids: number[] } | undefined {
  const sql = {
    dispatch: 'SELECT id FROM dispatch WHERE number = :text',
    declaration: `SELECT id FROM dispatch WHERE declaration_no = :text UNION
      SELECT d.id FROM export_line e JOIN document o ON o.id = e.document_id AND o.kind = 'DecMessage'
        JOIN dispatch d ON d.number = o.business_key AND d.declaration_no = '' WHERE e.declaration_no = :text`,
    shipment: 'SELECT d.id FROM dispatch d JOIN shipment s ON s.id = d.shipment_id WHERE s.shipment_no = :text',
  } as const;
  for (const kind of ['dispatch', 'declaration', 'shipment'] as const) {
    const rows = book.prepare(sql[kind]).all({ text }) as { id: number }[];
    if (rows.length > 0) return { kind, ids: rows.map(({ id }) => id) };
  }
  return undefined;
}

/** What the book knows of the declaration a dispatch names, and of those of its shipment. */
export function declaredOf(book: Book, dispatch: DispatchView): OutputOf<'dispatches.get'>['declared'] {
  return book
    .prepare(
      `SELECT e.declaration_no AS declarationNo, count(*) AS lines, min(e.export_date) AS exportDate FROM export_line e
       WHERE (:no <> '' AND e.declaration_no = :no)
         OR (:shipment <> '' AND e.shipment_id = (SELECT id FROM shipment WHERE shipment_no = :shipment))
       GROUP BY e.declaration_no ORDER BY e.declaration_no`,
    )
    .all({ no: dispatch.declarationNo, shipment: dispatch.shipmentNo }) as OutputOf<'dispatches.get'>['declared'];
}

/** Kilogram as export lines write it: the code of customs, or the word. */
const kilogram = `('035', '千克', '公斤', 'kg', 'KG')`;

/**
 * Net weight and packages of the declaration of a dispatch: of the document that has its number or that of the declaration, or else the
 * net weight that export lines of the declaration come to where all of them are in kilograms.
 */
export function declaredMassOf(book: Book, dispatch: DispatchView): OutputOf<'dispatches.get'>['declaredMass'] {
  const { number, declarationNo } = dispatch;
  const document = book
    .prepare(
      `SELECT business_key AS number, json_extract(body, '$.DecHead.NetWt') AS net, json_extract(body, '$.DecHead.PackNo') AS packages
       FROM document WHERE kind = 'DecMessage' AND state NOT IN ('withdrawn','superseded') AND id IN (
         SELECT id FROM document WHERE kind = 'DecMessage' AND business_key IN (:number, :no) AND business_key <> ''
         UNION SELECT id FROM document WHERE platform_no = :no AND platform_no <> '') ORDER BY id DESC LIMIT 1`,
    )
    .get({ number, no: declarationNo }) as { number: string; net: string | null; packages: string | null } | undefined;
  const lines = book
    .prepare(
      `SELECT sum(qty_e5) AS qtyE5, min(unit IN ${kilogram}) AS isWeight FROM export_line WHERE :no <> '' AND declaration_no = :no`,
    )
    .get({ no: declarationNo }) as { qtyE5: number | null; isWeight: number | null };
  const ofLines = lines.qtyE5 !== null && lines.isWeight === 1 ? Math.round(lines.qtyE5 / 100) : undefined;
  const massG = gramsIn(String(document?.net ?? '')) ?? ofLines;
  const cartons = /^\d{1,9}$/.test(String(document?.packages ?? '')) ? Number(document?.packages) : undefined;
  if (massG === undefined && cartons === undefined) return undefined;
  // Several dispatches may go under one declaration.
  const loaded = book
    .prepare(
      `SELECT coalesce(sum((c.last_no - c.first_no + 1) * c.net_g), 0) AS loadedG, coalesce(sum(c.last_no - c.first_no + 1), 0) AS loadedCartons
       FROM lot_carton c WHERE c.dispatch_id IN (SELECT id FROM dispatch WHERE id = :id OR (:no <> '' AND declaration_no = :no))`,
    )
    .get({ id: dispatch.id, no: declarationNo }) as { loadedG: number; loadedCartons: number };
  return {
    number: declarationNo === '' ? (document?.number ?? '') : declarationNo,
    ...(massG === undefined ? {} : { massG }),
    ...(cartons === undefined ? {} : { cartons }),
    ...loaded,
  };
}

/** Dispatches with cartons on them, from a day on. */
export function dispatchesFrom(book: Book, on: string): DispatchView[] {
  const rows = book
    .prepare(
      `${select} WHERE d.on_date >= ? AND d.id IN (SELECT dispatch_id FROM lot_carton WHERE dispatch_id IS NOT NULL) ORDER BY d.on_date, d.id`,
    )
    .all(on) as DispatchView[];
  return rows.map(present);
}

/** Ranges of cartons on a dispatch. */
export function rangesOn(book: Book, id: number): number {
  return (book.prepare('SELECT count(*) AS n FROM lot_carton WHERE dispatch_id = ?').get(id) as { n: number }).n;
}
