/** Financing data packs: what of the book goes into one, and the register of what was made and given. */
import type { z } from 'zod';
import type { financingPackRow } from '../../../shared/contract/financing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { FinancingSection } from '../../../shared/finance/data-pack.ts';
import type { Book } from './book.ts';

type PackRow = z.output<typeof financingPackRow>;

/** The first rows of a section and how many there are. */
export interface Limited<R> {
  readonly rows: readonly R[];
  readonly total: number;
}

interface Range {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

function limited<R>(
  book: Book,
  columns: string,
  source: string,
  { from, to, limit }: Range,
  order: string,
): Limited<R> {
  const rows = book
    .prepare(`SELECT ${columns} ${source} ORDER BY ${order} LIMIT :limit`)
    .all({ from, to, limit }) as R[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM (SELECT 1 ${source})`).get({ from, to }) as { n: number };
  return { rows, total: n };
}

export interface FinancingOrder {
  readonly id: number;
  readonly orderNo: string;
  readonly date: string;
  readonly buyer: string;
  readonly country: string;
  readonly currency: string;
  readonly dueMinor: number;
  readonly openMinor: number;
}

/** Orders of the period that were not cancelled as a whole. */
export function financingOrders(book: Book, range: Range): Limited<FinancingOrder> {
  return limited(
    book,
    `id, order_no AS orderNo, order_date AS date, coalesce(nullif(buyer_name, ''), customer, '') AS buyer, country_text AS country, currency,
      due_minor AS dueMinor, open_minor AS openMinor`,
    `FROM sales_order WHERE order_date BETWEEN :from AND :to AND state <> 'cancelled'`,
    range,
    'order_date, id',
  );
}

export interface FinancingDeclaration {
  readonly declarationNo: string;
  readonly mode: string;
  readonly date: string;
  readonly currency: string;
  readonly lines: number;
  readonly fobMinor: number;
  /** Null while a rate is missing. */
  readonly fobFen: number | null;
}

/** Released declarations and lists of the period, by number and currency. */
export function financingDeclarations(book: Book, range: Range): Limited<FinancingDeclaration> {
  return limited(
    book,
    `declaration_no AS declarationNo, min(mode) AS mode, min(export_date) AS date, currency, count(*) AS lines, sum(fob_minor) AS fobMinor,
      iif(count(fob_fen) = count(*), sum(fob_fen), NULL) AS fobFen`,
    `FROM export_line WHERE export_date BETWEEN :from AND :to GROUP BY declaration_no, currency`,
    range,
    'date, declarationNo, currency',
  );
}

export interface FinancingRecord {
  readonly id: number;
  readonly number: string;
  readonly date: string;
  readonly account: string;
  readonly counterparty: string;
  readonly currency: string;
  readonly minor: number;
  readonly allocatedMinor: number;
  readonly toCurrency: string | null;
  readonly toMinor: number | null;
}

/** Receipts, or settlements (结汇), of the period. */
export function financingRecords(book: Book, kind: 'receipt' | 'settlement', range: Range): Limited<FinancingRecord> {
  return limited(
    book,
    `r.id, r.number, r.date, a.number AS account, r.counterparty, r.currency, r.amount_minor AS minor, r.allocated_minor AS allocatedMinor,
      r.to_currency AS toCurrency, r.to_amount_minor AS toMinor`,
    `FROM money_record r JOIN money_account a ON a.id = r.account_id
     WHERE r.kind = '${kind}' AND r.state = 'entered' AND r.date BETWEEN :from AND :to`,
    range,
    'r.date, r.id',
  );
}

/** What is owed by orders, and by declarations that are no order's, of up to a day: by kind, day and currency. */
export function openByDay(
  book: Book,
  to: string,
): { kind: 'order' | 'declaration'; date: string; currency: string; count: number; minor: number }[] {
  return book
    .prepare(
      `SELECT 'order' AS kind, order_date AS date, currency, count(*) AS count, sum(open_minor) AS minor FROM sales_order
         WHERE open_minor > 0 AND order_date <= :to GROUP BY 2, 3
       UNION ALL SELECT 'declaration', export_date, currency, count(*), sum(open_minor) FROM declaration_settled
         WHERE open_minor > 0 AND export_date <= :to GROUP BY 2, 3
       ORDER BY kind DESC, currency, date`,
    )
    .all({ to }) as ReturnType<typeof openByDay>;
}

// Register --------------------------------------------------------------------------------------------------------------------

/** The next number of a pack: RZ-2026-001. A pack that was not finished leaves a gap. */
export const nextPackNumber = (book: Book, year: string): string =>
  `RZ-${year}-${String(book.nextNumber(`financing:${year}`)).padStart(3, '0')}`;

export function insertPack(book: Book, pack: Omit<PackRow, 'id' | 'given'>): number {
  const { consent, sections, ...head } = pack;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO financing_pack (number, bank, purpose, from_on, to_on, sections, consent_name, consent_at, consent_version, consent_sha256, consent_text,
         file_name, files, bytes, list_sha256, made_at)
       VALUES (:number, :bank, :purpose, :from, :to, :sections, :name, :at, :version, :textSha256, :text, :fileName, :files, :bytes, :listSha256, :madeAt)`,
    )
    .run({ ...head, ...consent, text: JSON.stringify(consent.text), sections: JSON.stringify(sections) });
  return Number(lastInsertRowid);
}

/** The newest first, each with what was given of it. */
export function listPacks(book: Book): PackRow[] {
  const packs = book
    .prepare(
      `SELECT id, number, bank, purpose, from_on AS "from", to_on AS "to", sections, consent_name AS name, consent_at AS at,
         consent_version AS version, consent_sha256 AS textSha256, consent_text AS text, file_name AS fileName, files, bytes, list_sha256 AS listSha256, made_at AS madeAt
       FROM financing_pack ORDER BY id DESC`,
    )
    .all() as (Omit<PackRow, 'consent' | 'sections' | 'given'> &
    Omit<PackRow['consent'], 'text'> & { sections: string; text: string })[];
  const given = book
    .prepare(
      `SELECT id, pack_id AS packId, to_whom AS toWhom, given_on AS "on", how, note, noted_at AS notedAt FROM financing_given ORDER BY id`,
    )
    .all() as (PackRow['given'][number] & { packId: number })[];
  return packs.map(({ name, at, version, textSha256, text, sections, ...pack }) => ({
    ...pack,
    sections: JSON.parse(sections) as FinancingSection[],
    consent: { name, at, version, textSha256, text: JSON.parse(text) as string[] },
    given: given.filter(({ packId }) => packId === pack.id).map(({ packId: _, ...one }) => one),
  }));
}

/** Refusal: `FINANCING_UNKNOWN` {id}. */
export function requirePack(book: Book, id: number): PackRow {
  const found = listPacks(book).find((one) => one.id === id);
  if (found === undefined) throw new PortbookError('FINANCING_UNKNOWN', { id }, 'id');
  return found;
}

export function insertGiven(book: Book, packId: number, given: Omit<PackRow['given'][number], 'id'>): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO financing_given (pack_id, to_whom, given_on, how, note, noted_at) VALUES (:packId, :toWhom, :on, :how, :note, :notedAt)`,
    )
    .run({ packId, ...given });
  return Number(lastInsertRowid);
}
