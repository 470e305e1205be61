/** What stands on record of the firm's credit, its pledges, and what of the book is counted as its conduct. */
import { createHash } from 'node:crypto';
import {
  type CreditRecordBody,
  creditRecordBody,
  type PledgeBody,
  pledgeBody,
} from '../../../shared/contract/credit.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';

// Records ---------------------------------------------------------------------------------------------------------------------
export interface CreditRecord {
  readonly id: number;
  readonly number: string;
  readonly body: CreditRecordBody;
  readonly removedAt: string | null;
  /** Papers on file. */
  readonly papers: number;
  readonly updatedAt: string;
}

const recordColumns = `r.id, r.number, r.body, r.removed_at AS removedAt, r.updated_at AS updatedAt,
  (SELECT count(*) FROM archive_paper p WHERE p.subject_kind = 'credit-record' AND p.subject_id = r.number AND p.removed_at IS NULL) AS papers`;
const recordOf = (row: Omit<CreditRecord, 'body'> & { body: string }): CreditRecord => ({
  ...row,
  body: creditRecordBody.parse(JSON.parse(row.body)),
});

/** The newest first; those that were removed last. */
export function listCreditRecords(book: Book): CreditRecord[] {
  const rows = book
    .prepare(`SELECT ${recordColumns} FROM credit_record r ORDER BY r.removed_at IS NOT NULL, r.date DESC, r.id DESC`)
    .all() as Parameters<typeof recordOf>[0][];
  return rows.map(recordOf);
}

/** Refusal: `CREDIT_RECORD_UNKNOWN` {id}. */
export function requireCreditRecord(book: Book, id: number): CreditRecord {
  const row = book.prepare(`SELECT ${recordColumns} FROM credit_record r WHERE r.id = ?`).get(id) as
    | Parameters<typeof recordOf>[0]
    | undefined;
  if (row === undefined) throw new PortbookError('CREDIT_RECORD_UNKNOWN', { id }, 'id');
  return recordOf(row);
}

/**
 * Adds a record, numbered by the year: XY-2026-001, or changes one. Refusals: `CREDIT_RECORD_UNKNOWN` {id}, `CREDIT_RECORD_KIND` {number}
 * where it would become another kind.
 */
export function saveCreditRecord(
  book: Book,
  id: number | undefined,
  body: CreditRecordBody,
  year: string,
  now: string,
): number {
  const { kind, date, validTo } = body;
  const values = { kind, date, validTo, body: JSON.stringify(body), now };
  if (id === undefined) {
    const number = `XY-${year}-${String(book.nextNumber(`credit-record:${year}`)).padStart(3, '0')}`;
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO credit_record (number, kind, date, valid_to, body, created_at, updated_at)
         VALUES (:number, :kind, :date, :validTo, :body, :now, :now)`,
      )
      .run({ ...values, number });
    return Number(lastInsertRowid);
  }
  const before = requireCreditRecord(book, id);
  if (before.body.kind !== kind) throw new PortbookError('CREDIT_RECORD_KIND', { number: before.number }, 'body.kind');
  book
    .prepare(
      'UPDATE credit_record SET kind = :kind, date = :date, valid_to = :validTo, body = :body, updated_at = :now WHERE id = :id',
    )
    .run({ ...values, id });
  return id;
}

export function setCreditRecordRemoved(book: Book, id: number, removedAt: string | null, now: string): void {
  book.prepare('UPDATE credit_record SET removed_at = ?, updated_at = ? WHERE id = ?').run(removedAt, now, id);
}

// Pledges ---------------------------------------------------------------------------------------------------------------------
export interface PledgeRecord {
  readonly id: number;
  readonly number: string;
  readonly templateId: string;
  readonly version: string;
  /** In Chinese, as it is printed and filed. */
  readonly title: string;
  readonly state: 'draft' | 'signed' | 'revoked';
  readonly body: PledgeBody;
  /** What was signed and when; null before. */
  readonly signed: { readonly text: readonly string[]; readonly sha256: string; readonly on: string } | null;
  readonly acceptNo: string | null;
  readonly acceptedOn: string | null;
  readonly updatedAt: string;
}

interface PledgeRow extends Omit<PledgeRecord, 'body' | 'signed'> {
  readonly body: string;
  readonly text: string | null;
  readonly sha256: string | null;
  readonly signedOn: string | null;
}

const pledgeColumns = `id, number, template AS templateId, template_version AS version, title, state, body, text, text_sha256 AS sha256,
  signed_on AS signedOn, accept_no AS acceptNo, accepted_on AS acceptedOn, updated_at AS updatedAt`;

function pledgeOf({ text, sha256, signedOn, ...row }: PledgeRow): PledgeRecord {
  return {
    ...row,
    body: pledgeBody.parse(JSON.parse(row.body)),
    signed:
      text === null || sha256 === null || signedOn === null
        ? null
        : { text: JSON.parse(text) as string[], sha256, on: signedOn },
  };
}

/** The newest first; revoked ones last. */
export function listPledges(book: Book): PledgeRecord[] {
  const rows = book.prepare(`SELECT ${pledgeColumns} FROM credit_pledge ORDER BY state = 'revoked', id DESC`).all();
  return (rows as PledgeRow[]).map(pledgeOf);
}

/** Refusal: `PLEDGE_UNKNOWN` {id}. */
export function requirePledge(book: Book, id: number): PledgeRecord {
  const row = book.prepare(`SELECT ${pledgeColumns} FROM credit_pledge WHERE id = ?`).get(id) as PledgeRow | undefined;
  if (row === undefined) throw new PortbookError('PLEDGE_UNKNOWN', { id }, 'id');
  return pledgeOf(row);
}

/** Opens one of a template, numbered by the year: CN-2026-001, with the signer of the one before. */
export function openPledge(
  book: Book,
  template: { readonly id: string; readonly version: string; readonly title: string },
  year: string,
  now: string,
): number {
  const number = `CN-${year}-${String(book.nextNumber(`credit-pledge:${year}`)).padStart(3, '0')}`;
  const { signer = '' } = listPledges(book).find(({ body }) => body.signer !== '')?.body ?? {};
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO credit_pledge (number, template, template_version, title, body, created_at, updated_at)
       VALUES (:number, :id, :version, :title, :body, :now, :now)`,
    )
    .run({ ...template, number, body: JSON.stringify(pledgeBody.parse({ signer })), now });
  return Number(lastInsertRowid);
}

/** Only of a draft: a trigger refuses it afterwards. */
export function savePledge(book: Book, id: number, body: PledgeBody, now: string): void {
  book.prepare('UPDATE credit_pledge SET body = ?, updated_at = ? WHERE id = ?').run(JSON.stringify(body), now, id);
}

/** A draft of another edition of its template takes the edition in force. */
export function renewPledgeVersion(book: Book, id: number, version: string): void {
  book.prepare(`UPDATE credit_pledge SET template_version = ? WHERE id = ? AND state = 'draft'`).run(version, id);
}

/** The text as it was signed, with the hash of its lines as UTF-8. */
export function signPledge(book: Book, id: number, text: readonly string[], on: string, now: string): void {
  const sha256 = createHash('sha256').update(text.join('\n'), 'utf8').digest('hex');
  book
    .prepare(
      `UPDATE credit_pledge SET state = 'signed', text = ?, text_sha256 = ?, signed_on = ?, updated_at = ? WHERE id = ?`,
    )
    .run(JSON.stringify(text), sha256, on, now, id);
}

/** A draft of its filing is given up by a trigger; what was accepted waits for a deletion. */
export function revokePledge(book: Book, id: number, now: string): void {
  book.prepare(`UPDATE credit_pledge SET state = 'revoked', updated_at = ? WHERE id = ?`).run(now, id);
}

/** Whether the pledge of that number was ever signed; a revoked one was, if it has its text. */
export function isPledgeSigned(book: Book, number: string): boolean {
  return (
    book.prepare('SELECT 1 FROM credit_pledge WHERE number = ? AND signed_on IS NOT NULL').get(number) !== undefined
  );
}

/** Days on which a rating, a certificate or a signed pledge runs out, of those that stand. */
export function endingCredit(
  book: Book,
): { id: number; number: string; title: string; validTo: string; isPledge: boolean }[] {
  const rows = book
    .prepare(
      `SELECT r.id, r.number, coalesce(r.body ->> '$.name', r.body ->> '$.level', '') AS title, r.valid_to AS validTo, 0 AS isPledge
       FROM credit_record r WHERE r.kind <> 'decision' AND r.removed_at IS NULL AND r.valid_to IS NOT NULL
         AND NOT (r.kind = 'rating' AND EXISTS (SELECT 1 FROM credit_record n WHERE n.kind = 'rating' AND n.removed_at IS NULL
           AND n.body ->> '$.authority' = r.body ->> '$.authority' AND n.body ->> '$.authority' <> 'other' AND (n.date, n.id) > (r.date, r.id)))
       UNION ALL
       SELECT id, number, title, body ->> '$.validTo', 1 FROM credit_pledge WHERE state = 'signed' AND body ->> '$.validTo' IS NOT NULL
       ORDER BY 4, 2`,
    )
    .all() as { id: number; number: string; title: string; validTo: string; isPledge: number }[];
  return rows.map(({ isPledge, ...row }) => ({ ...row, isPledge: isPledge === 1 }));
}

// Conduct in the book -----------------------------------------------------------------------------------------------------------
/** A row that counts, and how many there are of its kind in all. */
export interface Counted<R> {
  readonly count: number;
  readonly rows: readonly R[];
}

/** Bills that were unpaid for more than so many months at some time after `from`, up to `on`; the newest first. */
export function longUnpaidBills(
  book: Book,
  { from, on, months }: { readonly from: string; readonly on: string; readonly months: number },
): { id: number; number: string; dueOn: string; paidOn: string | null; amountFen: number }[] {
  // The last day of the month where it has no such day: 31 January and a month is the end of February, not a day in March.
  return book
    .prepare(
      `SELECT id, number, due_on AS dueOn, paid_on AS paidOn, amount_fen AS amountFen FROM tax_bill
       WHERE date(due_on, '+' || :months || ' months', 'floor') < min(coalesce(paid_on, :on), :on) AND coalesce(paid_on, :on) > :from AND due_on <= :on
       ORDER BY due_on DESC, id DESC`,
    )
    .all({ from, on, months: String(months) }) as ReturnType<typeof longUnpaidBills>;
}

/** Bills for late declaration (滞报金) issued after `from`, up to `on`; the newest first. */
export function lateDeclarationBills(
  book: Book,
  from: string,
  on: string,
): { id: number; number: string; issuedOn: string; declarationNo: string; amountFen: number }[] {
  return book
    .prepare(
      `SELECT id, number, issued_on AS issuedOn, declaration_no AS declarationNo, amount_fen AS amountFen FROM tax_bill
       WHERE kind = 'late-declaration' AND issued_on > ? AND issued_on <= ? ORDER BY issued_on DESC, id DESC`,
    )
    .all(from, on) as ReturnType<typeof lateDeclarationBills>;
}

/** Receipts after `from`, up to `on`: what came in and what of it is matched, minor units of the currency; the newest first. */
export function receiptsBetween(
  book: Book,
  from: string,
  on: string,
): { id: number; number: string; date: string; currency: string; minor: number; openMinor: number }[] {
  return book
    .prepare(
      `SELECT id, number, date, currency, amount_minor + fee_minor AS minor, amount_minor + fee_minor - allocated_minor AS openMinor
       FROM money_record WHERE kind = 'receipt' AND state = 'entered' AND date > ? AND date <= ? ORDER BY date DESC, id DESC`,
    )
    .all(from, on) as ReturnType<typeof receiptsBetween>;
}

export interface CountedDocument {
  readonly id: number;
  readonly kind: RequestName;
  readonly number: string;
  readonly version: number;
  readonly day: string;
  readonly info: string;
}

const firstDay = (states: string, pick: 'min' | 'max'): string =>
  `(SELECT ${pick}(date(t.at, '+8 hours')) FROM transition t WHERE t.subject = 'document' AND t.subject_id = CAST(d.id AS TEXT)
    AND t.to_state IN (${states}))`;

function countedDocuments(
  book: Book,
  source: string,
  values: Readonly<Record<string, string>>,
  limit: number,
): Counted<CountedDocument> {
  const rows = book
    .prepare(
      `SELECT d.id, d.kind, d.business_key AS number, d.version, coalesce(d.status_info, '') AS info, f.day FROM (${source}) f
       JOIN document d ON d.id = f.id WHERE f.day > :from AND f.day <= :on ORDER BY f.day DESC, d.id DESC LIMIT :limit`,
    )
    .all({ ...values, limit }) as CountedDocument[];
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM (${source}) f WHERE f.day > :from AND f.day <= :on`)
    .get(values) as { n: number };
  return { count: n, rows };
}

/** Documents that were sent back (退单) after `from`, up to `on`, each once; the newest first, `limit` of them. */
export function rejectedDocuments(book: Book, from: string, on: string, limit: number): Counted<CountedDocument> {
  const source = `SELECT d.id, ${firstDay("'rejected'", 'max')} AS day FROM document d WHERE d.state IN ('rejected','superseded')`;
  return countedDocuments(book, source, { from, on }, limit);
}

/**
 * Documents that changed (改单) or took back (撤单) something filed, accepted after `from`, up to `on`; the newest first. A change or a
 * deletion says so in its appType (2, 3), wherever the head of its message stands; an application to withdraw (撤销申请) by what it is
 * about.
 */
export function amendingDocuments(
  book: Book,
  of: 'corrected' | 'withdrawn',
  { from, on, limit }: { readonly from: string; readonly on: string; readonly limit: number },
): Counted<CountedDocument> {
  const source = `SELECT d.id, ${firstDay("'accepted','released','closed'", 'min')} AS day FROM document d
    WHERE (d.subject_kind IS NOT NULL OR d.id IN (SELECT document_id FROM document_about WHERE purpose IN ('amend','withdraw')))
      AND ((SELECT j.atom FROM json_tree(d.body) j WHERE j.key = 'appType' LIMIT 1) = :appType
        OR (:appType = '3' AND EXISTS (SELECT 1 FROM document_about a WHERE a.document_id = d.id AND a.purpose = 'withdraw')))`;
  return countedDocuments(book, source, { from, on, appType: of === 'corrected' ? '2' : '3' }, limit);
}
