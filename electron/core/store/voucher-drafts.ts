import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { containing } from './like.ts';

type Body = Record<string, unknown>;

/** Vouchers still being typed (暂存), newest first. */
export function listVoucherDrafts(book: Book): { id: number; body: Body; updatedAt: string }[] {
  const rows = book
    .prepare('SELECT id, body, updated_at AS updatedAt FROM voucher_draft ORDER BY updated_at DESC, id DESC')
    .all() as { id: number; body: string; updatedAt: string }[];
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as Body }));
}

/** Keeps what the screen holds, as it is. Refusal: `DRAFT_UNKNOWN` {id}. @returns its id */
export function saveVoucherDraft(book: Book, id: number | undefined, body: Body, now: string): number {
  const text = JSON.stringify(body);
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare('INSERT INTO voucher_draft (body, updated_at) VALUES (?, ?)')
      .run(text, now);
    return Number(lastInsertRowid);
  }
  const { changes } = book.prepare('UPDATE voucher_draft SET body = ?, updated_at = ? WHERE id = ?').run(text, now, id);
  if (changes === 0) throw new PortbookError('DRAFT_UNKNOWN', { id }, 'id');
  return id;
}

/** Takes a draft away; one that is gone already is no matter. */
export function deleteVoucherDraft(book: Book, id: number): void {
  book.prepare('DELETE FROM voucher_draft WHERE id = ?').run(id);
}

/** Vouchers to call up again (模式凭证), last used first. */
export function listVoucherTemplates(book: Book): { name: string; body: Body }[] {
  const rows = book.prepare('SELECT name, body FROM voucher_template ORDER BY used_at DESC, name').all() as {
    name: string;
    body: string;
  }[];
  return rows.map(({ name, body }) => ({ name, body: JSON.parse(body) as Body }));
}

/** Keeps a template by its name; one of the same name is replaced. */
export function saveVoucherTemplate(book: Book, name: string, body: Body, now: string): void {
  book
    .prepare(
      `INSERT INTO voucher_template (name, body, used_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET body = excluded.body, used_at = excluded.used_at`,
    )
    .run(name, JSON.stringify(body), now);
}

export function deleteVoucherTemplate(book: Book, name: string): void {
  book.prepare('DELETE FROM voucher_template WHERE name = ?').run(name);
}

/** Summaries (摘要) that contain the text, most used first. */
export function searchSummaries(book: Book, text: string, limit: number): string[] {
  const like = containing(text.trim());
  const rows = book
    .prepare(`SELECT text FROM summary_text WHERE text LIKE ? ESCAPE '\\' ORDER BY uses DESC, used_at DESC LIMIT ?`)
    .all(like, limit) as { text: string }[];
  return rows.map((row) => row.text);
}

/** Counts the summaries of a voucher typed in. */
export function countSummaries(book: Book, texts: Iterable<string>, now: string): void {
  const count = book.prepare(
    `INSERT INTO summary_text (text, uses, used_at) VALUES (?, 1, ?)
     ON CONFLICT (text) DO UPDATE SET uses = uses + 1, used_at = excluded.used_at`,
  );
  for (const text of new Set(texts)) if (text.trim() !== '') count.run(text.trim(), now);
}
