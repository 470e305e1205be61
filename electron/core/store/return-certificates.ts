import type { z } from 'zod';
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { certificateRow } from '../../../shared/contract/return-certificates.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { cnyAmount } from '../../../shared/ledger/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { type CertificateKind, type CertificateState, certificateStates } from '../../../shared/returns/certificate.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { draftByRule } from './posting-rules.ts';
import { repostDocument } from './vouchers.ts';

/** A request as stored: its quantity scaled by 10^5, what was repaid in fen, its kind null until it is handed in. */
export interface Certificate
  extends Omit<z.infer<typeof certificateRow>, 'qty' | 'out' | 'repaidCny' | 'kind' | 'returnId'> {
  readonly qtyE5: number;
  readonly outE5: number;
  readonly repaidFen: number | null;
  readonly kind: CertificateKind | null;
  readonly returnId: number | null;
  /** VAT of the line was claimed back. */
  readonly isRefunded: 0 | 1;
  readonly createdAt: string;
}

const select = `SELECT c.id, c.number, c.export_line_id AS exportLineId, c.return_id AS returnId, c.qty_e5 AS qtyE5, c.reason,
    c.returned_on AS returnedOn, c.state, c.kind, c.repay_way AS repayWay, c.repaid_on AS repaidOn, c.repaid_fen AS repaidFen,
    c.repay_paper AS repayPaper, c.repay_account AS repayAccount, c.handed_on AS handedOn, c.obtained_on AS obtainedOn, c.certificate_no AS certificateNo, c.used_on AS usedOn,
    c.import_declaration_no AS importDeclarationNo, c.void_reason AS voidReason, c.note, c.created_at AS createdAt,
    e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, e.mode, e.hs_code AS hsCode, e.name, e.unit,
    e.qty_e5 AS outE5, e.regime = 'refund' AND e.claimed_period IS NOT NULL AS isRefunded
  FROM return_certificate c JOIN export_line e ON e.id = c.export_line_id`;

/** Newest first, with how many there are of each state. */
export function listCertificates(
  book: Book,
  filter: { readonly state?: CertificateState | undefined; readonly text?: string | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
): {
  rows: Certificate[];
  total: number;
  counts: { state: CertificateState; count: number }[];
  nextCursor?: string;
} {
  const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
  const bind = { state: filter.state ?? '', text: containing(filter.text?.trim() ?? '') };
  const where = `(:text = '%%' OR c.number LIKE :text ESCAPE '\\' OR c.certificate_no LIKE :text ESCAPE '\\'
      OR e.declaration_no LIKE :text ESCAPE '\\' OR e.name LIKE :text ESCAPE '\\')
    AND ((:state = '' AND c.state <> 'void') OR c.state = :state)`;
  const rows = book
    .prepare(`${select} WHERE ${where} AND c.id < :before ORDER BY c.id DESC LIMIT :limit`)
    .all({ ...bind, before, limit: page.limit }) as Certificate[];
  const { n } = book
    .prepare(
      `SELECT count(*) AS n FROM return_certificate c JOIN export_line e ON e.id = c.export_line_id WHERE ${where}`,
    )
    .get(bind) as { n: number };
  const counted = book.prepare('SELECT state, count(*) AS n FROM return_certificate GROUP BY state').all() as {
    state: CertificateState;
    n: number;
  }[];
  const by = new Map(counted.map(({ state, n: count }) => [state, count]));
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    counts: certificateStates.map((state) => ({ state, count: by.get(state) ?? 0 })),
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** All that stand, in the order they were drafted. */
export function standingCertificates(book: Book): Certificate[] {
  return book.prepare(`${select} WHERE c.state <> 'void' ORDER BY c.id`).all() as Certificate[];
}

/** Refusal: `CERTIFICATE_UNKNOWN` {id}. */
export function requireCertificate(book: Book, id: number): Certificate {
  const row = book.prepare(`${select} WHERE c.id = ?`).get(id) as Certificate | undefined;
  if (row === undefined) throw new PortbookError('CERTIFICATE_UNKNOWN', { id }, 'id');
  return row;
}

/** What of a line no standing request asks for, scaled by 10^5; one request may be left out. */
export function leftToCertify(book: Book, exportLineId: number, but = 0): number {
  const row = book
    .prepare(
      `SELECT qty_e5 - coalesce((SELECT sum(c.qty_e5) FROM return_certificate c
         WHERE c.export_line_id = e.id AND c.state <> 'void' AND c.id <> ?), 0) AS leftE5 FROM export_line e WHERE e.id = ?`,
    )
    .get(but, exportLineId) as { leftE5: number } | undefined;
  return row?.leftE5 ?? 0;
}

/** What of a line requests say, or will say, is repaid (已补税), scaled by 10^5: all that stand, or those drafted before one of them. */
export function repaidBefore(book: Book, exportLineId: number, id = Number.MAX_SAFE_INTEGER): number {
  const { sumE5 } = book
    .prepare(
      `SELECT coalesce(sum(qty_e5), 0) AS sumE5 FROM return_certificate
       WHERE export_line_id = ? AND id < ? AND state <> 'void' AND kind IS NOT 'notRefunded'`,
    )
    .get(exportLineId, id) as { sumE5: number };
  return sumE5;
}

/** Stores a draft. Run inside a transaction. Refusals: `CERTIFICATE_UNKNOWN`, `CERTIFICATE_FIXED` {number}, `CERTIFICATE_TOO_MUCH` {left}. */
export function saveCertificate(
  book: Book,
  input: Omit<ParsedInputOf<'returnCertificates.save'>, 'qty' | 'repaidCny'> & {
    readonly qtyE5: number;
    readonly repaidFen: number | null;
  },
  now: string,
): { readonly id: number; readonly number: string } {
  const { id, returnId, ...of } = input;
  const leftE5 = leftToCertify(book, of.exportLineId, id);
  if (of.qtyE5 > leftE5) throw new PortbookError('CERTIFICATE_TOO_MUCH', { left: storedText(leftE5) }, 'qty');
  const values = { ...of, returnId: returnId ?? null, now };
  if (id !== undefined) {
    const { number, state } = requireCertificate(book, id);
    if (state !== 'draft') throw new PortbookError('CERTIFICATE_FIXED', { number }, 'id');
    book
      .prepare(
        `UPDATE return_certificate SET export_line_id = :exportLineId, return_id = :returnId, qty_e5 = :qtyE5, reason = :reason,
           returned_on = :returnedOn, repay_way = :repayWay, repaid_on = :repaidOn, repaid_fen = :repaidFen, repay_paper = :repayPaper, repay_account = :repayAccount,
           import_declaration_no = :importDeclarationNo, note = :note, updated_at = :now WHERE id = :id`,
      )
      .run({ ...values, id });
    return { id, number };
  }
  const year = now.slice(0, 4);
  const number = `BS-${year}-${String(book.nextNumber(`return-certificate:${year}`)).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO return_certificate (number, export_line_id, return_id, qty_e5, reason, returned_on, repay_way, repaid_on, repaid_fen,
         repay_paper, repay_account, import_declaration_no, note, created_at, updated_at)
       VALUES (:number, :exportLineId, :returnId, :qtyE5, :reason, :returnedOn, :repayWay, :repaidOn, :repaidFen,
         :repayPaper, :repayAccount, :importDeclarationNo, :note, :now, :now)`,
    )
    .run({ ...values, number });
  return { id: Number(lastInsertRowid), number };
}

/**
 * Makes the voucher of a repayment what the request says: posted once its day, amount and paper are there, reversed when they are not any more
 * or the request is void. Run inside a transaction. Refusals: those of `postVouchers`, `POSTING_RULE_MISSING`.
 */
export function postRepayment(book: Book, id: number, now: string): void {
  const { number, state, kind, isRefunded, repayWay, repaidOn, repaidFen, repayPaper, repayAccount } =
    requireCertificate(book, id);
  const isToRepay = kind === null ? isRefunded === 1 : kind === 'repaid';
  const isRepaid = isToRepay && state !== 'void' && repaidOn !== null && repaidFen !== null && repayPaper !== '';
  const draft = !isRepaid
    ? undefined
    : draftByRule(book, {
        event: 'refund-repaid',
        date: repaidOn,
        text: `补缴出口退税 ${number} ${repayPaper}`,
        parts: [
          {
            amounts: { refund: cnyAmount(BigInt(repaidFen)) },
            facts: { way: repayWay },
            accounts: { account: repayAccount },
          },
        ],
      });
  try {
    repostDocument(
      book,
      { kind: 'return-certificate', id: String(id) },
      draft === undefined ? [] : [draft],
      now,
      `更正 ${number}`,
    );
  } catch (error) {
    if (!(error instanceof PortbookError) || error.params['account'] !== repayAccount) throw error;
    throw new PortbookError(error.code, error.params, 'repayAccount');
  }
}

/** Puts a request into a state with what goes with it; what belongs to a later state is taken back. Run inside a transaction. */
export function setCertificateState(
  book: Book,
  id: number,
  to: {
    readonly state: CertificateState;
    readonly kind: CertificateKind | null;
    readonly handedOn: string | null;
    readonly obtainedOn: string | null;
    readonly certificateNo: string;
    readonly usedOn: string | null;
    readonly importDeclarationNo: string;
    readonly voidReason: string;
  },
  now: string,
): void {
  book
    .prepare(
      `UPDATE return_certificate SET state = :state, kind = :kind, handed_on = :handedOn, obtained_on = :obtainedOn,
         certificate_no = :certificateNo, used_on = :usedOn, import_declaration_no = :importDeclarationNo, void_reason = :voidReason,
         updated_at = :now WHERE id = :id`,
    )
    .run({ ...to, id, now });
}
