import { createHash } from 'node:crypto';
import type { archiveSubjects } from '../../../shared/contract/obligations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export type ArchiveSubject = (typeof archiveSubjects)[number];

/** A paper on file without its bytes. */
export interface ArchivePaper {
  readonly id: number;
  readonly subjectKind: ArchiveSubject;
  readonly subjectId: string;
  readonly paper: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
  readonly note: string;
  readonly addedAt: string;
  readonly removedAt: string | null;
}

const columns = `p.id, p.subject_kind AS subjectKind, p.subject_id AS subjectId, p.paper, p.file_name AS fileName, p.sha256, p.size,
  p.note, p.added_at AS addedAt, p.removed_at AS removedAt`;

/** Papers of a subject in the order they were added, removed ones too. */
export function papersOf(book: Book, kind: ArchiveSubject, subjectId: string): ArchivePaper[] {
  return book
    .prepare(`SELECT ${columns} FROM archive_paper p WHERE p.subject_kind = ? AND p.subject_id = ? ORDER BY p.id`)
    .all(kind, subjectId) as ArchivePaper[];
}

/**
 * Papers on file that belong to a shipment: its own, those of its declarations and of their tax bills, and those of the registrations the
 * firm stands by today; not the removed ones.
 */
export function papersOfShipment(
  book: Book,
  shipment: { readonly id: number; readonly shipmentNo: string },
): ArchivePaper[] {
  return book
    .prepare(
      `WITH no AS (SELECT platform_no AS n FROM document WHERE shipment_id = :id AND platform_no IS NOT NULL
           UNION SELECT declaration_no FROM export_line WHERE shipment_id = :id),
         subject AS (SELECT 'shipment' AS kind, :shipmentNo AS id UNION ALL SELECT 'declaration', n FROM no
           UNION ALL SELECT 'tax-bill', t.number FROM tax_bill t JOIN no ON no.n = t.declaration_no
           UNION ALL SELECT 'registration', r.number FROM registration r WHERE r.state = 'open')
       SELECT ${columns} FROM subject s JOIN archive_paper p ON p.subject_kind = s.kind AND p.subject_id = s.id
       WHERE p.removed_at IS NULL ORDER BY p.id`,
    )
    .all({ id: shipment.id, shipmentNo: shipment.shipmentNo }) as ArchivePaper[];
}

/** Throws `ARCHIVE_PAPER_MISSING`. */
export function requirePaper(book: Book, id: number): ArchivePaper {
  const row = book.prepare(`SELECT ${columns} FROM archive_paper p WHERE p.id = ?`).get(id) as ArchivePaper | undefined;
  if (row === undefined) throw new PortbookError('ARCHIVE_PAPER_MISSING', { id });
  return row;
}

/** The bytes of a paper, whether they still have their hash or not. */
export function paperBytes(book: Book, id: number): Uint8Array {
  const row = book.prepare('SELECT content FROM archive_paper WHERE id = ?').get(id) as
    | { content: Uint8Array }
    | undefined;
  if (row === undefined) throw new PortbookError('ARCHIVE_PAPER_MISSING', { id });
  return row.content;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Other subjects whose live papers have the same bytes. */
export function subjectsWithHash(book: Book, sha256: string, kind: ArchiveSubject, subjectId: string): string[] {
  const rows = book
    .prepare(
      `SELECT DISTINCT subject_id AS id FROM archive_paper WHERE sha256 = ? AND removed_at IS NULL
         AND NOT (subject_kind = ? AND subject_id = ?) ORDER BY subject_id LIMIT 20`,
    )
    .all(sha256, kind, subjectId) as { id: string }[];
  return rows.map(({ id }) => id);
}

/** Seals a file into the book. Throws `ARCHIVE_PAPER_THERE` {name} when the subject has the same bytes as the same paper. */
export function insertPaper(
  book: Book,
  paper: Pick<ArchivePaper, 'subjectKind' | 'subjectId' | 'paper' | 'fileName' | 'note'> & {
    readonly bytes: Uint8Array;
  },
  at: string,
): { id: number; sha256: string } {
  const { bytes, ...head } = paper;
  const sha256 = sha256Of(bytes);
  const there = papersOf(book, head.subjectKind, head.subjectId).find(
    (one) => one.sha256 === sha256 && one.paper === head.paper && one.removedAt === null,
  );
  if (there !== undefined) throw new PortbookError('ARCHIVE_PAPER_THERE', { name: there.fileName });
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO archive_paper (subject_kind, subject_id, paper, file_name, sha256, size, content, note, added_at)
       VALUES (:subjectKind, :subjectId, :paper, :fileName, :sha256, :size, :content, :note, :at)`,
    )
    .run({ ...head, sha256, size: bytes.length, content: bytes, at });
  return { id: Number(lastInsertRowid), sha256 };
}

export function setPaperRemoved(book: Book, id: number, removedAt: string | null): void {
  book.prepare('UPDATE archive_paper SET removed_at = ? WHERE id = ?').run(removedAt, id);
}

/** Ids of every paper, for checking their hashes one by one. */
export function paperIds(book: Book): number[] {
  return (book.prepare('SELECT id FROM archive_paper ORDER BY id').all() as { id: number }[]).map(({ id }) => id);
}

// Declarations ---------------------------------------------------------------------------------------------------------
/** Codes of the papers each mode requires: `{"9610": ["contract", …]}`. */
export type RequiredPapers = Readonly<Record<string, readonly string[]>>;

export function requiredPapersByMode(figures: {
  readonly papers: readonly { readonly code: string; readonly modes: readonly string[]; readonly required: boolean }[];
}): RequiredPapers {
  const byMode: Record<string, string[]> = {};
  for (const { code, modes, required } of figures.papers)
    for (const mode of modes) {
      byMode[mode] ??= [];
      if (required) byMode[mode].push(code);
    }
  return byMode;
}

export interface ArchivedDeclaration {
  readonly declarationNo: string;
  readonly mode: string;
  readonly exportDate: string;
  readonly lines: number;
  readonly claimedPeriod: string | null;
  readonly papers: number;
  readonly codes: readonly string[];
}

const declarations = `SELECT e.declaration_no AS declarationNo, min(e.mode) AS mode, min(e.export_date) AS exportDate, count(*) AS lines,
    max(e.claimed_period) AS claimedPeriod FROM export_line e`;
/** Required papers a declaration of a mode still lacks, as a count. */
const lacking = `(SELECT count(*) FROM json_each(:required, '$."' || e.mode || '"') r WHERE NOT EXISTS (
    SELECT 1 FROM archive_paper p WHERE p.subject_kind = 'declaration' AND p.subject_id = e.declaration_no
      AND p.removed_at IS NULL AND p.paper = r.value))`;

function withPapers(book: Book, row: Omit<ArchivedDeclaration, 'papers' | 'codes'>): ArchivedDeclaration {
  const live = papersOf(book, 'declaration', row.declarationNo).filter(({ removedAt }) => removedAt === null);
  return { ...row, papers: live.length, codes: [...new Set(live.map(({ paper }) => paper))] };
}

/** Declarations of the export lines by number, with the papers they have. */
export function listDeclarations(
  book: Book,
  required: RequiredPapers,
  filter: { readonly text?: string | undefined; readonly missing: boolean },
  page: { readonly after: string | undefined; readonly limit: number },
) {
  const [after] = decodeCursor(page.after, ['']);
  const text = filter.text?.trim() ?? '';
  const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const given = { required: JSON.stringify(required), like };
  const where = `:required IS NOT NULL AND e.declaration_no LIKE :like ESCAPE '\\' ${filter.missing ? `AND ${lacking} > 0` : ''}`;
  const rows = book
    .prepare(
      `${declarations} WHERE ${where} AND e.declaration_no > :after GROUP BY e.declaration_no ORDER BY e.declaration_no LIMIT :limit`,
    )
    .all({ ...given, after, limit: page.limit }) as Omit<ArchivedDeclaration, 'papers' | 'codes'>[];
  const count = (condition: string, values: Readonly<Record<string, string>>): number =>
    (
      book
        .prepare(`SELECT count(DISTINCT e.declaration_no) AS n FROM export_line e WHERE ${condition}`)
        .get(values) as { n: number }
    ).n;
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => withPapers(book, row)),
    total: count(where, given),
    incomplete: count(`:required IS NOT NULL AND e.claimed_period IS NOT NULL AND ${lacking} > 0`, {
      required: given.required,
    }),
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.declarationNo]) } : {}),
  };
}

/** One declaration of the export lines; undefined where there is none of the number. */
export function findDeclaration(book: Book, declarationNo: string): ArchivedDeclaration | undefined {
  const row = book.prepare(`${declarations} WHERE e.declaration_no = ? GROUP BY e.declaration_no`).get(declarationNo) as
    | Omit<ArchivedDeclaration, 'papers' | 'codes'>
    | undefined;
  return row === undefined ? undefined : withPapers(book, row);
}

/** Declarations that have live papers, by number. */
export function declarationsWithPapers(book: Book): string[] {
  const rows = book
    .prepare(
      `SELECT DISTINCT subject_id AS no FROM archive_paper WHERE subject_kind = 'declaration' AND removed_at IS NULL ORDER BY 1`,
    )
    .all() as { no: string }[];
  return rows.map(({ no }) => no);
}
