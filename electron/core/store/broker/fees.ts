import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { catalogue, type RequestName } from '../../../../shared/documents/catalogue.ts';
import { partiesOf } from '../../../../shared/documents/parties.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { Book } from '../book.ts';

/** Fee notes (代理费单): what filed documents cost their client, in fen. */

export interface FeeLine {
  readonly documentId: number;
  readonly kind: RequestName;
  readonly mode: string;
  readonly number: string;
  readonly filedOn: string;
  readonly feeFen: number;
}
export interface FeeTariffLine {
  readonly kind: ParsedInputOf<'feeTariff.save'>['rows'][number]['kind'];
  readonly mode: string;
  readonly feeFen: number;
}
/** A document that is due to be charged; `feeFen` null: no line of the tariff fits it. */
export interface Chargeable extends Omit<FeeLine, 'feeFen'> {
  readonly clientCode: string;
  readonly clientName: string;
  readonly feeFen: number | null;
}
export interface FeeNote extends Omit<OutputOf<'feeNotes.list'>['rows'][number], 'total' | 'voidedAt'> {
  readonly totalFen: number;
  readonly voidedAt: string | null;
}

export function feeTariff(book: Book): FeeTariffLine[] {
  return book
    .prepare('SELECT kind, mode, fee_fen AS feeFen FROM fee_tariff ORDER BY kind, mode')
    .all() as FeeTariffLine[];
}

/** Refusal: `FEE_LINE_TWICE` {kind, mode}. */
export function saveFeeTariff(book: Book, lines: readonly FeeTariffLine[]): void {
  book.prepare('DELETE FROM fee_tariff').run();
  const insert = book.prepare(
    'INSERT INTO fee_tariff (kind, mode, fee_fen) VALUES (?, ?, ?) ON CONFLICT (kind, mode) DO NOTHING',
  );
  for (const { kind, mode, feeFen } of lines)
    if (insert.run(kind, mode, feeFen).changes === 0) throw new PortbookError('FEE_LINE_TWICE', { kind, mode });
}

/**
 * Documents of the days (sent, in China's time) that customs has accepted and no live note charges, with the fee of the closest line: of
 * kind and mode, of the kind, of the mode, of all. The client is whose goods are declared, whatever the message calls it.
 * @param clientCode empty: of every client
 */
export function chargeables(book: Book, from: string, until: string, clientCode: string): Chargeable[] {
  const rows = book
    .prepare(
      `SELECT d.id AS documentId, d.kind, d.business_key AS number, date(m.sent_at, '+8 hours') AS filedOn, d.body
       FROM document d JOIN message m ON m.guid = d.message_guid
       WHERE d.state IN ('accepted','released','closed') AND date(m.sent_at, '+8 hours') BETWEEN :from AND :until
         AND d.kind NOT LIKE 'FX%'
         AND NOT EXISTS (SELECT 1 FROM fee_note_line l JOIN fee_note n ON n.id = l.note_id
           WHERE l.document_id = d.id AND n.voided_at IS NULL)
       ORDER BY filedOn, d.id`,
    )
    .iterate({ from, until }) as IterableIterator<{
    documentId: number;
    kind: RequestName;
    number: string;
    filedOn: string;
    body: string;
  }>;
  const tariff = new Map(feeTariff(book).map(({ kind, mode, feeFen }) => [`${kind} ${mode}`, feeFen]));
  const found: Chargeable[] = [];
  for (const { body, ...row } of rows) {
    const { principal, mode } = partiesOf(catalogue[row.kind], JSON.parse(body) as Record<string, unknown>);
    if (principal.code === '' || (clientCode !== '' && principal.code !== clientCode)) continue;
    const lines = [`${row.kind} ${mode}`, `${row.kind} `, ` ${mode}`, ' '];
    const feeFen = lines.map((line) => tariff.get(line)).find((one) => one !== undefined) ?? null;
    found.push({ ...row, mode, clientCode: principal.code, clientName: principal.name, feeFen });
  }
  return found;
}

const notes = `SELECT id, number, client_code AS clientCode, client_name AS clientName, from_on AS "from", to_on AS "to", documents,
  total_fen AS totalFen, drawn_at AS drawnAt, voided_at AS voidedAt, void_reason AS voidReason FROM fee_note`;

export function listFeeNotes(book: Book): FeeNote[] {
  return book.prepare(`${notes} ORDER BY id DESC`).all() as FeeNote[];
}

/** Throws `FEE_NOTE_UNKNOWN` {id}. */
export function requireFeeNote(book: Book, id: number): FeeNote & { readonly lines: readonly FeeLine[] } {
  const note = book.prepare(`${notes} WHERE id = ?`).get(id) as FeeNote | undefined;
  if (note === undefined) throw new PortbookError('FEE_NOTE_UNKNOWN', { id });
  const lines = book
    .prepare(
      `SELECT document_id AS documentId, kind, mode, number, filed_on AS filedOn, fee_fen AS feeFen FROM fee_note_line
       WHERE note_id = ? ORDER BY position`,
    )
    .all(id) as FeeLine[];
  return { ...note, lines };
}

/** Stores a note with its lines, numbered `DLF-yyyy-0001` by the year it is drawn in. */
export function insertFeeNote(
  book: Book,
  client: { readonly code: string; readonly name: string },
  days: { readonly from: string; readonly until: string },
  lines: readonly FeeLine[],
  now: string,
  year: string,
): { id: number; number: string; totalFen: number } {
  const number = `DLF-${year}-${String(book.nextNumber(`fee-note ${year}`)).padStart(4, '0')}`;
  const totalFen = lines.reduce((sum, { feeFen }) => sum + feeFen, 0);
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO fee_note (number, client_code, client_name, from_on, to_on, documents, total_fen, drawn_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(number, client.code, client.name, days.from, days.until, lines.length, totalFen, now);
  const id = Number(lastInsertRowid);
  const insert = book.prepare(
    `INSERT INTO fee_note_line (note_id, position, document_id, kind, mode, number, filed_on, fee_fen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const [at, line] of lines.entries())
    insert.run(id, at + 1, line.documentId, line.kind, line.mode, line.number, line.filedOn, line.feeFen);
  return { id, number, totalFen };
}

/** Refusals: `FEE_NOTE_UNKNOWN` {id}, `FEE_NOTE_VOID` {number}. @returns its number */
export function voidFeeNote(book: Book, id: number, reason: string, now: string): string {
  const { number, voidedAt } = requireFeeNote(book, id);
  if (voidedAt !== null) throw new PortbookError('FEE_NOTE_VOID', { number });
  book.prepare('UPDATE fee_note SET voided_at = ?, void_reason = ? WHERE id = ?').run(now, reason, id);
  return number;
}
