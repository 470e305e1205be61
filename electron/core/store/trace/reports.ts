import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { AccessAnswer } from '../../../../shared/lots/access-pack.ts';
import { residueVerdict } from '../../../../shared/lots/findings.ts';
import type { Book } from '../book.ts';
import { requireLot } from './lots.ts';
import { present, requireFarmProduct } from './sites.ts';

/** Test reports (检测报告), limits of destinations (残留限量), and what customs answered when asked. */

export type LabReport = OutputOf<'lots.get'>['reports'][number];
export type ResidueLimit = OutputOf<'residueLimits.list'>['rows'][number];

interface ReportRow {
  id: number;
  lotId: number;
  lot: string;
  productId: number;
  number: string;
  laboratory: string;
  sampledOn: string | null;
  issuedOn: string;
  result: LabReport['result'];
  withdrawnReason: string;
}

/** Reports of lots that stand, last first. Nothing is measured without a destination: the verdict of what was found is unknown. */
export const reportsOf = (book: Book, lots: Iterable<number>, against?: { country: string; on: string }): LabReport[] =>
  everyReportOf(book, lots, against).filter(({ withdrawnReason }) => withdrawnReason === '');

/** The same with those that were withdrawn; each result against the limit of a destination in force on a day. */
export function everyReportOf(
  book: Book,
  lots: Iterable<number>,
  against?: { country: string; on: string },
): LabReport[] {
  const rows = book
    .prepare(
      `SELECT r.id, r.lot_id AS lotId, l.code AS lot, l.product_id AS productId, r.number, r.laboratory, r.sampled_on AS sampledOn,
         r.issued_on AS issuedOn, r.result, r.withdrawn_reason AS withdrawnReason
       FROM lab_report r JOIN lot l ON l.id = r.lot_id WHERE r.lot_id IN (SELECT value FROM json_each(?)) ORDER BY r.issued_on DESC, r.id DESC`,
    )
    .all(JSON.stringify([...lots])) as ReportRow[];
  return rows.map(({ productId, ...row }) => {
    const found = book
      .prepare('SELECT substance, value_e6 AS valueE6 FROM lab_result WHERE report_id = ? ORDER BY substance')
      .all(row.id) as { substance: string; valueE6: number | null }[];
    const results = found.map(({ substance, valueE6 }) => {
      const limit = against === undefined ? undefined : limitOn(book, { ...against, productId, substance });
      const limitE6 = limit?.limitE6;
      return {
        ...present({ substance, valueE6 }),
        isNotFound: valueE6 === null,
        ...(limit === undefined ? {} : { limitE6: limit.limitE6, source: limit.source }),
        verdict: residueVerdict({ substance, valueE6: valueE6 ?? undefined, limitE6 }),
      };
    });
    return { ...present(row), results };
  });
}

function limitOn(
  book: Book,
  wanted: { country: string; productId: number; substance: string; on: string },
): { limitE6: number; source: string } | undefined {
  return book
    .prepare(
      `SELECT limit_e6 AS limitE6, source FROM residue_limit WHERE country = :country AND product_id = :productId AND substance = :substance
         AND from_on <= :on AND (until_on IS NULL OR :on <= until_on) ORDER BY from_on DESC LIMIT 1`,
    )
    .get(wanted) as { limitE6: number; source: string } | undefined;
}

/** Refusals: `LOT_UNKNOWN`, `LAB_REPORT_TAKEN` {number}, `LAB_RESULT_BLANK` {substance}, `LAB_SUBSTANCE_TWICE` {substance}. */
export function insertReport(book: Book, input: ParsedInputOf<'labReports.save'>, now: string): number {
  const { lotId, number, laboratory, sampledOn, issuedOn, result, results } = input;
  requireLot(book, lotId);
  const same = book.prepare('SELECT 1 FROM lab_report WHERE lot_id = ? AND number = ? AND withdrawn_at IS NULL');
  if (same.get(lotId, number) !== undefined) throw new PortbookError('LAB_REPORT_TAKEN', { number }, 'number');
  const names = new Set<string>();
  for (const [at, { substance, valueE6, isNotFound }] of results.entries()) {
    if ((valueE6 === undefined) !== isNotFound)
      throw new PortbookError('LAB_RESULT_BLANK', { substance }, `results.${at}.valueE6`);
    if (names.has(substance.toLowerCase())) throw new PortbookError('LAB_SUBSTANCE_TWICE', { substance }, 'results');
    names.add(substance.toLowerCase());
  }
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO lab_report (lot_id, number, laboratory, sampled_on, issued_on, result, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(lotId, number, laboratory, sampledOn ?? null, issuedOn, result, now);
  const id = Number(lastInsertRowid);
  const insert = book.prepare('INSERT INTO lab_result (report_id, substance, value_e6) VALUES (?, ?, ?)');
  for (const { substance, valueE6 } of results) insert.run(id, substance, valueE6 ?? null);
  return id;
}

/** Refusal: `LAB_REPORT_UNKNOWN` {id}, also for one that was withdrawn. @returns its number and what it said */
export function withdrawReport(
  book: Book,
  id: number,
  reason: string,
  now: string,
): { number: string; lotId: number; result: string } {
  const row = book
    .prepare(
      `UPDATE lab_report SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ? AND withdrawn_at IS NULL
       RETURNING number, lot_id AS lotId, result`,
    )
    .get(now, reason, id) as { number: string; lotId: number; result: string } | undefined;
  if (row === undefined) throw new PortbookError('LAB_REPORT_UNKNOWN', { id }, 'id');
  return row;
}

// Limits ----------------------------------------------------------------------------------------------------------------
export function listLimits(
  book: Book,
  filter: { productId?: number | undefined; country?: string | undefined },
): ResidueLimit[] {
  const rows = book
    .prepare(
      `SELECT m.id, m.country, m.product_id AS productId, f.name_zh AS product, m.substance, m.limit_e6 AS limitE6, m.from_on AS fromOn,
         m.until_on AS untilOn, m.source
       FROM residue_limit m JOIN farm_product f ON f.id = m.product_id
       WHERE (:product = 0 OR m.product_id = :product) AND (:country = '' OR m.country = :country)
       ORDER BY f.name_zh, m.country, m.substance, m.from_on DESC`,
    )
    .all({ product: filter.productId ?? 0, country: filter.country ?? '' }) as ResidueLimit[];
  return rows.map(present);
}

/** Refusals: `FARM_PRODUCT_UNKNOWN`, `FARM_DATES` {from, until}, `RESIDUE_LIMIT_TAKEN` {substance, from}, `RESIDUE_LIMIT_UNKNOWN`. */
export function saveLimit(book: Book, input: ParsedInputOf<'residueLimits.save'>, now: string): number {
  const { id, country, productId, substance, limitE6, fromOn, untilOn, source } = input;
  requireFarmProduct(book, productId);
  if (untilOn !== undefined && untilOn < fromOn)
    throw new PortbookError('FARM_DATES', { from: fromOn, until: untilOn }, 'untilOn');
  if (sameLimit(book, input) !== undefined)
    throw new PortbookError('RESIDUE_LIMIT_TAKEN', { substance, from: fromOn }, 'substance');
  const values = [country, productId, substance, limitE6, fromOn, untilOn ?? null, source];
  if (id !== undefined) {
    const { changes } = book
      .prepare(
        'UPDATE residue_limit SET country = ?, product_id = ?, substance = ?, limit_e6 = ?, from_on = ?, until_on = ?, source = ? WHERE id = ?',
      )
      .run(...values, id);
    if (changes === 0) throw new PortbookError('RESIDUE_LIMIT_UNKNOWN', { id }, 'id');
    return id;
  }
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO residue_limit (country, product_id, substance, limit_e6, from_on, until_on, source, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(...values, now);
  return Number(lastInsertRowid);
}

/** The id of another limit for the same from the same day on. */
export function sameLimit(
  book: Book,
  {
    id,
    country,
    productId,
    substance,
    fromOn,
  }: Pick<ParsedInputOf<'residueLimits.save'>, 'id' | 'country' | 'productId' | 'substance' | 'fromOn'>,
): number | undefined {
  return (
    book
      .prepare(
        'SELECT id FROM residue_limit WHERE country = ? AND product_id = ? AND substance = ? AND from_on = ? AND id <> ?',
      )
      .get(country, productId, substance, fromOn, id ?? 0) as { id: number } | undefined
  )?.id;
}

/** Throws `RESIDUE_LIMIT_UNKNOWN`. */
export function removeLimit(book: Book, id: number): { substance: string; country: string } {
  const row = book.prepare('DELETE FROM residue_limit WHERE id = ? RETURNING substance, country').get(id) as
    | { substance: string; country: string }
    | undefined;
  if (row === undefined) throw new PortbookError('RESIDUE_LIMIT_UNKNOWN', { id }, 'id');
  return row;
}

// Answers ---------------------------------------------------------------------------------------------------------------
/** What customs answered for a product and destination up to a day, last first. */
export function answersOf(
  book: Book,
  productId: number,
  country: string,
  until: string,
): OutputOf<'accessCards.get'>['answers'] {
  const rows = book
    .prepare(
      `SELECT id, asked_on AS askedOn, source, note, answer FROM access_answer
       WHERE product_id = ? AND country = ? AND asked_on <= ? ORDER BY asked_on DESC, id DESC`,
    )
    .all(productId, country, until) as { id: number; askedOn: string; source: string; note: string; answer: string }[];
  return rows.map(({ answer, ...row }) => ({ ...row, answer: JSON.parse(answer) as AccessAnswer }));
}

/** A second answer of one day replaces the first. */
export function saveAnswer(book: Book, input: ParsedInputOf<'accessCards.answer'>, now: string): number {
  const { productId, country, askedOn, source, note, answer } = input;
  requireFarmProduct(book, productId);
  const { id } = book
    .prepare(
      `INSERT INTO access_answer (product_id, country, asked_on, source, answer, note, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (product_id, country, asked_on) DO UPDATE SET source = excluded.source, answer = excluded.answer, note = excluded.note
       RETURNING id`,
    )
    .get(productId, country, askedOn, source, JSON.stringify(answer), note, now) as { id: number };
  return id;
}
